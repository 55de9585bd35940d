/* What the files that gather facts share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CONNECTION_CONNECTION_INTERNAL_H
#define TLSWHY_CONNECTION_CONNECTION_INTERNAL_H

#include "connection/connection.h"

/* How many protected records each way show that nobody will object to the handshake any more. */
#define TW_SETTLED_RECORDS 8

/* One more, as long as there is room to count. */
static inline void tw__count(uint8_t *n)
{
    *n = (uint8_t)(*n + (*n < UINT8_MAX));
}

/* Something was seen of the connection. */
void tw__conn_touch(tw_conn *conn, tw_at at);

/* What CONN has that only DTLS needs; made where it has not. */
tw__datagrams *tw__datagrams_for(tw_conn *conn);

/* The Finished of direction AT.dir is through: it was read, or what follows it was seen. */
void tw__conn_finished(tw_conn *conn, tw_at at);

/* HELLO is the ClientHello of H, a handshake of CONN: the first one with SNI names the server. */
void tw__conn_learn_name(tw_conn *conn, tw__handshake *h, const tw__hello *hello);

/* The handshake at hand is complete, as far as the capture can show it. */
void tw__conn_complete(tw_conn *conn);

/* The NUMBER-th handshake of its connection; freed by tw__handshake_free(), where NULL is fine. */
tw__handshake *tw__handshake_new(unsigned number, bool renegotiation);
void tw__handshake_free(tw__handshake *h);
/* Frees what M holds: that it was there is still known, what it said is not. */
void tw__message_clear(tw__message *m);

/* NEXT, which CONN takes over, is its handshake at hand from now on. */
void tw__conn_go_on(tw_conn *conn, tw__handshake *next);

/* Gives back all messages but the hellos. */
void tw__handshake_settle(tw__handshake *h);

#endif
