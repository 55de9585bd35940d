/* What a TCP stream without TLS (so far) began with is kept for a while: who opened it, the first payload, and the last
 * request for an upgrade to TLS. It tells the roles, and what was said in the place of TLS.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_HARVEST_STREAM_START_H
#define TLSWHY_EPAN_HARVEST_STREAM_START_H

#include "harvest/carrier.h"
#include "connection/connection.h"

/* At the opening of a capture file. */
void stream_start_forget(void);

/* The segment at hand is the SYN of who opens the stream, a payload without TLS, a FIN. */
void stream_start_open(const carrier *c);
void stream_start_cleartext(const carrier *c, tw_at at, const uint8_t *bytes, size_t len);
void stream_start_end(const carrier *c);

/* Whether who sent such bytes has ended its direction, and they were less than the header of a record, so that there was
 * nothing to object to. */
bool stream_start_said_nothing(const carrier *c);

/* Whether this segment declines the upgrade to TLS that its receiver asked for just before. */
bool stream_start_declines_upgrade(const carrier *c, const uint8_t *bytes, size_t len);

/* Whether the client that sends this segment (LEN 0: a FIN) leaves a server that does not offer TLS, and has asked for
 * nothing else. If so, stream_start_tell_offer() tells CONN, whose segment goes in direction DIR, what the server said. */
bool stream_start_leaves(const carrier *c, const uint8_t *bytes, size_t len);
void stream_start_tell_offer(tw_conn *conn, const carrier *c, int dir);

/* Whether this segment answers a question for the server's capabilities; BYTES, all of it, are then remembered. */
bool stream_start_answers_question(const carrier *c);
void stream_start_offer(const carrier *c, tw_at at, const uint8_t *bytes, size_t len);

/* Whether the first bytes of this segment's receiver are out of turn (cleartext.h). */
bool stream_start_out_of_turn(const carrier *c);

/* Whether this segment goes back to who sent such bytes, the first ones of a stream that the capture shows from its SYN on, and its sender has sent no payload of its own before. */
bool stream_start_answers_cleartext(const carrier *c);

/* Whether it does, and these bytes were a header of the PROXY protocol. */
bool stream_start_answers_header(const carrier *c);

/* Tells CONN who opened the stream, if the capture shows it. DIR is the segment's direction. */
void stream_start_name_initiator(tw_conn *conn, const carrier *c, int dir);

/* Tells CONN of it, at its first TLS bytes: a ClientHello or something else. DIR is the segment's direction. */
void stream_start_recall(tw_conn *conn, const carrier *c, int dir, bool hello);

#endif
