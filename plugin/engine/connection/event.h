/* What can be judged of a connection, and what its sender was answering. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CONNECTION_EVENT_H
#define TLSWHY_CONNECTION_EVENT_H

#include "connection/connection.h"

/* What is judged: an alert (0 to 255, its number), or an end without a readable alert. */
typedef enum {
    TW_EVENT_CLOSE = 256,  /* FIN */
    TW_EVENT_RESET,        /* RST */
    TW_EVENT_SILENCE,      /* nothing more, to the end of the capture */
    TW_EVENT_ENCRYPTED,    /* a record that must be an alert, and cannot be read */
    TW_EVENT_ABORTED,      /* likewise, in a session: two alerts of one side, of which the first is no close_notify */
    TW_EVENT_DECLINED,     /* the server declined an upgrade to TLS */
    TW_EVENT_CLEARTEXT,    /* the server answered with something that is no TLS */
    TW_EVENT_NEGOTIATION,  /* QUIC: the server named its versions, and the client spoke none of them */
    TW_EVENT_DROPPED,      /* the server ended, by FIN or RST, right behind the client's certificate */
    TW_EVENT_FAILURE,      /* EAP: the server answered with EAP-Failure */
    TW_EVENT_SAID_MISSING, /* in the session, the server said in HTTP that it wants a client certificate */
    TW_EVENT_SAID_REJECTED /* likewise, that it does not accept the one that it got */
} tw__event;

/* What the sender of an alert at this point of CONN was answering (RFC 8446 2). */
tw_phase tw__phase_of(const tw_conn *conn, tw_side sender, tw__event event);

#endif
