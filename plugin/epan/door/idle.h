/* TCP segments that need no tree to be told: they carry nothing, or go on with data that nobody can read, of a connection
 * whose handshake is complete, or of a stream that has shown no TLS and that Wireshark leaves unread. They are known by the
 * packet's bytes alone, where a segment of the same stream and direction came before in just such a packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_DOOR_IDLE_H
#define TLSWHY_EPAN_DOOR_IDLE_H

#include <stdbool.h>

#include <epan/packet.h>

#include "tlswhy/capture.h"

/* The frame TVB, before it is dissected for the first time. True: it is such a segment, and has been told. */
bool idle_segment(tvbuff_t *tvb, packet_info *pinfo);

/* Whether the frame that idle_segment() was asked for last is a segment without payload, in which only TCP can show anything. */
bool idle_is_bare(void);

/* Whether the frame that idle_segment() was asked for last can be told only when it has been dissected, be it that Wireshark gave
 * up. */
bool idle_waits(void);

/* The same frame TVB, if it is idle, has been dissected. Where it does not wait, and Wireshark gave up, this may be left out: the
 * next segment of its stream is not idle then. TREE: the one that Wireshark built, or NULL. */
void idle_dissected(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

/* What the same frame's TCP header says, lent, if that is at HEADER, and the packet's addresses are those in front of it, without
 * frame, time and place. NULL: it is another one, or the frame is none that can be read so. */
const tw_segment *idle_header(const uint8_t *header, const packet_info *pinfo);

/* Wireshark has found that the frame's only TCP header is at HEADER, lent, and that the segment is of STREAM in direction DIR:
 * its neighbours may be idle. */
void idle_remember(const uint8_t *header, const packet_info *pinfo, uint32_t stream, int dir);

/* Connections are given back, or the file is closed. */
void idle_forget(void);

#endif
