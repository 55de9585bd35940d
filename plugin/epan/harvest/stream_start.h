/* What a TCP stream without TLS (so far) began with is kept for a while: who opened it, the first payload, and the last
 * request for an upgrade to TLS. It tells the roles, and what was said in the place of TLS.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_PRELUDE_H
#define TLSWHY_PRELUDE_H

#include "harvest/carrier.h"
#include "connection/connection.h"

/* At the opening of a capture file. */
void prelude_forget(void);

/* The segment at hand is the SYN of who opens the stream, a payload without TLS, a FIN. */
void prelude_open(const carrier *c);
void prelude_plain(const carrier *c, tw_at at, const uint8_t *bytes, size_t len);
void prelude_end(const carrier *c);

/* Whether who sent such bytes has ended its direction, and they were less than the header of a record, so that there was
 * nothing to object to. */
bool prelude_said_nothing(const carrier *c);

/* Whether this segment declines the upgrade to TLS that its receiver asked for just before. */
bool prelude_declines_upgrade(const carrier *c, const uint8_t *bytes, size_t len);

/* Whether the client that sends this segment (LEN 0: a FIN) leaves a server that does not offer TLS, and has asked for
 * nothing else. If so, prelude_tell_offer() tells CONN, whose segment goes in direction DIR, what the server said. */
bool prelude_leaves(const carrier *c, const uint8_t *bytes, size_t len);
void prelude_tell_offer(tw_conn *conn, const carrier *c, int dir);

/* Whether this segment answers a question for the server's capabilities; BYTES, all of it, are then remembered. */
bool prelude_answers_question(const carrier *c);
void prelude_offer(const carrier *c, tw_at at, const uint8_t *bytes, size_t len);

/* Whether the first bytes of this segment's receiver are out of turn (plain.h). */
bool prelude_out_of_turn(const carrier *c);

/* Whether this segment goes back to who sent such bytes, and its sender has sent no payload of its own before. */
bool prelude_answers_plain(const carrier *c);

/* Whether it does, and these bytes were a header of the PROXY protocol. */
bool prelude_answers_header(const carrier *c);

/* Tells CONN of it, at its first TLS bytes: a ClientHello or something else. DIR is the segment's direction. */
void prelude_recall(tw_conn *conn, const carrier *c, int dir, bool hello);

#endif
