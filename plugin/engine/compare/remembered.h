/* Outlines: what is kept of a handshake to compare others with it. They outlive the facts of its connection. Internal to the
 * engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_OUTLINE_H
#define TLSWHY_OUTLINE_H

#include "compare/contrast.h"
#include "tls/messages.h"

/* A certificate that was seen in the capture, once for all outlines. */
typedef struct {
    GBytes *der;
    char *text; /* who it is for and from, once it was asked for */
} tw_leaf;

/* What a server was seen to send for a name: different certificates, the last one first. */
typedef struct tw_known_certificate {
    const tw_leaf *leaf;
    uint32_t frame;   /* of the last Certificate message with it */
    uint32_t size_13; /* of its body, in TLS 1.3 and with no more extensions than it had */
    struct tw_known_certificate *before;
} tw_known_certificate;

#define TW_KNOWN_EACH 4 /* certificates remembered of one server and name */

/* One handshake, as far as others may be compared with it. */
typedef struct tw_outline {
    char *client, *client_host; /* "192.0.2.7:50000" and the part before the port */
    char *server;               /* "192.0.2.1:443" */
    char *name;                 /* SNI as sent, or NULL */
    uint32_t hello_frame, choice_frame;
    int64_t hello_us;
    GBytes *hello; /* ClientHello without its header */
    bool sslv2;    /* in SSLv2's format when it was sent */
    bool renegotiation, completed;
    uint16_t version, suite, group, scheme; /* agreed; group and scheme 0: not seen */
    bool fallback_scsv;
    uint16_t offered_max;
    tw_leaf *leaf[3];                  /* by tw_side: the certificate that this side sent, lent; NULL: none */
    uint32_t leaf_frame[3];            /* of its Certificate message, also of an empty one; 0: none seen */
    struct tw_outline *before, *after; /* the attempts of one dance */
    tw_verdict *verdict;               /* lent; NULL: it completed */
    tw_conn *conn;                     /* of a failure, lent */
    unsigned number;                   /* of the handshake in it */
} tw_outline;

/* The outlines of one capture; bounded, see contrast.h. */
typedef struct {
    GPtrArray *all; /* tw_outline *, in the order of the capture */
    size_t bytes;
    GHashTable *leaves; /* GBytes -> tw_leaf: every certificate once */
    GHashTable *known;  /* "server|name" -> tw_known_certificate, with those before it */
} tw_outlines;

void tw_outlines_init(tw_outlines *outlines);
void tw_outlines_clear(tw_outlines *outlines);

/* The outline of CONN's handshake at hand, owned by OUTLINES; NULL: there is too little of it, or no room. */
tw_outline *tw_outline_take(tw_outlines *outlines, tw_conn *conn);

/* O, the newest outline, is of no use to anybody. */
void tw_outline_drop(tw_outlines *outlines, const tw_outline *o);

/* The certificates that the server (address and port) of CONN was seen to send for the same name; NULL: none. Lent. */
const tw_known_certificate *tw_outlines_known(const tw_outlines *outlines, const tw_conn *conn);

/* The ClientHello, read anew. Free with tw_hello_free(). */
tw_hello *tw_outline_hello(const tw_outline *outline);

#endif
