/* From Wireshark's tree to facts: a table of fields, and one ordered walk on the first visit of a frame.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_HARVEST_HARVEST_H
#define TLSWHY_EPAN_HARVEST_HARVEST_H

#include <stdbool.h>

#include <epan/packet.h>

#include "harvest/carrier.h"

/* Finds the fields by name. Returns the ids to ask for with set_postdissector_wanted_hfids() (the caller's; a new
 * array each time). A field that this Wireshark lacks is left out, and said once on the console. */
GArray *harvest_fields(void);

/* The id of tcp.stream, after that; -1: there is none. */
int harvest_tcp_stream(void);

/* At the closing of a capture file. */
void harvest_forget(void);

/* The alert nodes in the walk's order carry ordinals, the same for harvest and show. */
bool harvest_is_alert(int hfid);

/* Each stream that a frame's TREE names, to SEEN with DATA. */
typedef void stream_seen(tw_carrier kind, uint32_t stream, void *data);
void harvest_streams(proto_tree *tree, stream_seen *seen, void *data);

/* Takes the facts out of a frame's tree, and tells them. */
void harvest_frame(tvbuff_t *frame, packet_info *pinfo, proto_tree *tree);

#endif
