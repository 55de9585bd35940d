/* Showing verdicts: fields, tree items, expert infos, the Info column. From a verdict alone; knows no rule.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_SHOW_SHOW_H
#define TLSWHY_EPAN_SHOW_SHOW_H

#include <epan/packet.h>

#include "frames.h"

/* Registers the protocol's fields, subtrees and expert infos. */
void show_register(int proto);

/* Puts the verdicts of FIRST and the notes behind it in this frame into tree, columns and expert infos. TREE may be
 * NULL. */
void show_frame(const note *first, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

#endif
