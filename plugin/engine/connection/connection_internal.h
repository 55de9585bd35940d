/* What the files that gather facts share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_FACTS_INTERNAL_H
#define TLSWHY_FACTS_INTERNAL_H

#include "connection/connection.h"

/* How many protected records each way show that nobody will object to the handshake any more. */
#define TW_SETTLED_RECORDS 8

/* Something was seen of the connection. */
void tw_conn_touch(tw_conn *conn, tw_at at);

/* The Finished of direction AT.dir is through: it was read, or what follows it was seen. */
void tw_conn_finished(tw_conn *conn, tw_at at);

/* HELLO is the ClientHello of H, a handshake of CONN: the first one with SNI names the server. */
void tw_conn_learn_name(tw_conn *conn, tw_handshake *h, const tw_hello *hello);

/* Gives back all messages but the hellos. */
void tw_handshake_settle(tw_handshake *h);

#endif
