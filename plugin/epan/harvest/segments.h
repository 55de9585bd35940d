/* Segments of TCP: their headers, from the connection's first one to the end of its handshake.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_HARVEST_SEGMENTS_H
#define TLSWHY_EPAN_HARVEST_SEGMENTS_H

#include "connections.h"

/* At the opening and closing of a capture file. */
void segments_forget(void);

/* Whether a segment of LINK's stream is still to be told to segments_watch(); LINK NULL: the stream has shown no TLS. */
bool segments_are_wanted(const struct connection *connection);

/* Watches the segment of CARRIER whose TCP header is at OFFSET of TVB; AT: its frame and time. */
void segments_watch(const carrier *c, tw_at at, const packet_info *pinfo, tvbuff_t *tvb, int offset);

/* The stream of CARRIER has shown TLS and is LINK's: what was seen of it is told to its facts, and so is what follows.
 * DIR: of the segment at hand. Harmless when called again. */
void segments_adopt(const carrier *c, struct connection *connection, int dir);

#endif
