/* Where a frame was recorded: on which interface, and on which cable.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_HARVEST_PLACE_H
#define TLSWHY_EPAN_HARVEST_PLACE_H

#include <epan/packet.h>

/* A number for that, of a frame that goes in direction DIR of its stream, and comes from TVB; the other direction has the
 * same one. The engine is told what people call it. */
uint32_t place_of(packet_info *pinfo, tvbuff_t *tvb, int dir);

#endif
