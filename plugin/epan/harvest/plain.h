/* Segments that are told from their bytes when Wireshark has dissected them, without a tree: of what it has read only the layers
 * count.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_HARVEST_PLAIN_H
#define TLSWHY_EPAN_HARVEST_PLAIN_H

#include "door/simple.h"

/* What Wireshark has read in the payload of a frame's last TCP segment. */
typedef struct {
    bool none; /* nothing (yet: it may wait for what comes next) */
    bool flat; /* nobody's data, or HTTP: if TLS comes, then as it is */
    bool tls;  /* TLS, as it is */
    bool
        alone; /* the frame has one segment, and nothing that might carry TLS in another way, or as another protocol's */
} plain_reading;
plain_reading plain_reading_of(const packet_info *pinfo);

/* The frame TVB, which is T, of STREAM, has been dissected, and TLS been read in it, or not. KIND: what it is, not
 * TW_PLAIN_NOT. TREE: Wireshark's own, or NULL: TLS that it has taken for something else is shown there. */
void plain_dissected(const simple *t, tw_plain kind, bool tls, uint32_t stream, tvbuff_t *tvb, packet_info *pinfo,
                     proto_tree *tree);

#endif
