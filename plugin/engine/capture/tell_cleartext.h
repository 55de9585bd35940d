/* What is told of words in the clear, in the place of TLS or before it. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CAPTURE_TELL_CLEARTEXT_H
#define TLSWHY_CAPTURE_TELL_CLEARTEXT_H

#include "connection/connection.h"

/* No TLS in the place of the server's answer. */
void tw__tell_cleartext(tw_conn *conn, tw_at at, const uint8_t *bytes, size_t len);

/* After tw__conn_cleartext() has told what the client sent: the answer of a server that expected TLS; its FIN or RST
 * (RESET), TLS_PORT: its port is one for TLS; the answer by which it declines an upgrade. */
void tw__tell_answer_to_cleartext(tw_conn *conn, tw_at at);
void tw__tell_closed_on_cleartext(tw_conn *conn, tw_at at, bool reset, bool tls_port);
void tw__tell_declined(tw_conn *conn, tw_at at);

#endif
