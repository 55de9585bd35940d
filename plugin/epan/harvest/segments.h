/* Segments of TCP: their headers, from the connection's first one to the end of its handshake, and the bytes that they
 * carry.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_HARVEST_SEGMENTS_H
#define TLSWHY_EPAN_HARVEST_SEGMENTS_H

#include "connection/flow.h"
#include "connections.h"

/* At the opening and closing of a capture file. */
void segments_forget(void);

/* The segment S of CARRIER comes, whose TCP header is at OFFSET of TVB; CONNECTION: its connection, which it goes through in
 * direction DIR, or NULL: the stream has shown no TLS. */
tw__flow_news segments_tell(const carrier *c, struct connection *connection, int dir, tw_segment *s,
                            const packet_info *pinfo, tvbuff_t *tvb, int offset);

/* The bytes of its direction, or NULL: they are not followed. Valid until CONNECTION changes. */
tw__flow *segments_flow(const carrier *c, struct connection *connection, int dir);

/* The stream of CARRIER has shown TLS and is CONNECTION's: what was seen of it is told to its facts, and so is what follows.
 * DIR: of the segment at hand. Harmless when called again. */
void segments_adopt(const carrier *c, struct connection *connection, int dir);

#endif
