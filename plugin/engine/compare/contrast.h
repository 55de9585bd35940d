/* What the other handshakes of a capture say about one that failed.
 *
 * Where the same server (by address and port, or by the name asked for) completed a handshake with somebody else, or
 * the same client with another server, what differed is often the whole answer. Kept of each handshake is:
 * who, when, the hellos and the certificates as they were sent; it outlives the facts of its connection.
 *
 * A client that tries again with a lower version after a failure falls back (RFC 7507): its attempts are tied together.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_COMPARE_CONTRAST_H
#define TLSWHY_COMPARE_CONTRAST_H

#include "case/case.h"
#include "compare/remembered.h"

#define TW_CONTRAST_EACH    8    /* completed handshakes compared, for one server, name or client */
#define TW_CONTRAST_CLIENTS 2048 /* remembered for their clients alone: the last ones */

#define TW_FALLBACK_US (30 * G_USEC_PER_SEC) /* a later attempt does not belong to the same fallback */

tw__contrast *tw__contrast_new(void);

/* Before the verdicts that it has seen are freed, or after: it does not touch them. NULL is fine. */
void tw__contrast_free(tw__contrast *contrast);

/* The connections that share CONTEXT take part in CONTRAST (not NULL), from before their first messages. Everything else
 * happens as their facts are added and their ends judged: evidence from handshakes that came before is part of the verdict at
 * once. */
void tw__contrast_join(tw__contrast *contrast, tw__context *context);

/* Puts BY in the place of VERDICT on CONN and takes over both. Returns the one that stands there now. */
typedef tw_verdict *tw__replacing(tw_conn *conn, tw_verdict *verdict, tw_verdict *by);

/* O, a completed handshake of another capture, lent, is compared, too. */
void tw__contrast_add(tw__contrast *contrast, tw__remembered *o);

/* VERDICT is to be freed, and BY stands in its place. */
void tw__contrast_replaced(tw__contrast *contrast, const tw_verdict *verdict, tw_verdict *by);

/* All that is remembered: tw__remembered *, lent, in the order of the capture. */
const GPtrArray *tw__contrast_remembered(const tw__contrast *contrast);

/* Gives the verdict of the failure O its evidence from other handshakes anew. */
void tw__contrast_compare(const tw__contrast *contrast, const tw__remembered *o);

/* The case K has ended in VERDICT, which is kept for tw__contrast_settle(); gets evidence from what came before. */
void tw__contrast_failed(tw__contrast *contrast, const tw__case *k, tw_verdict *verdict);

/* The first completed handshake with the server (address and port) of CONN, lent; the others are its NEXT with the same server.
 * NULL: there is none. */
const tw__remembered *tw__contrast_of_server(const tw__contrast *contrast, const tw_conn *conn);

/* The certificates that the server (address and port) of CONN was seen to send for the same name; NULL: none. Lent. */
const tw__known_certificate *tw__contrast_known(const tw__contrast *contrast, const tw_conn *conn);

/* The connections (tw_conn *) of failures that it points at. Caller unrefs. */
GHashTable *tw__contrast_connections(const tw__contrast *contrast);

/* At the end of the capture, while all verdicts and their connections still live: adds what later handshakes show, and
 * judges again, by them as well, what is not proven; what changes goes through REPLACE. May be called again. NULL is
 * fine. */
void tw__contrast_settle(tw__contrast *contrast, tw__replacing *replace);

#endif
