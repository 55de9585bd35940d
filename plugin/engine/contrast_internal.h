/* The outlines behind contrast.h, and how two of them differ. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CONTRAST_INTERNAL_H
#define TLSWHY_CONTRAST_INTERNAL_H

#include "case.h"
#include "tlswhy/contrast.h"

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

/* A handshake of CONN has completed. CONTRAST NULL: nothing happens. */
void tw_contrast_completed(tw_contrast *contrast, tw_conn *conn);

/* The case K has ended in VERDICT, which is kept for tw_contrast_settle(); gets evidence from what came before. */
void tw_contrast_failed(tw_contrast *contrast, const tw_case *k, tw_verdict *verdict);

/* Completed handshakes with the server (address and port) of CONN: tw_outline *, lent, or NULL. */
const GPtrArray *tw_contrast_of_server(const tw_contrast *contrast, const tw_conn *conn);

/* The certificates that the server (address and port) of CONN was seen to send for the same name; NULL: none. Lent. */
const tw_known_certificate *tw_contrast_known(const tw_contrast *contrast, const tw_conn *conn);

/* The ClientHello, read anew. Free with tw_hello_free(). */
tw_hello *tw_outline_hello(const tw_outline *outline);

/* How a comparison came about. */
typedef enum { TW_SAME_SERVER, TW_SAME_NAME, TW_SAME_CLIENT, TW_N_KINSHIPS } tw_kinship;

/* An outline with its ClientHello read anew, for comparisons. */
typedef struct {
    const tw_outline *o;
    tw_hello *hello;
    tw_values *offers;
} tw_view;

tw_view tw_view_of(const tw_outline *outline);
void tw_view_clear(tw_view *view);

/* The number of differences that tw_contrast_words() would list. */
unsigned tw_contrast_distance(const tw_view *here, const tw_outline *there);

/* Adds to HERE's verdict the evidence that THERE gives, and how the two differ. */
void tw_contrast_words(const tw_outline *here, const tw_outline *there, tw_kinship kinship);

/* Adds to OUTLINE's verdict the other attempts of its dance. */
void tw_contrast_dance(const tw_outline *outline);

#endif
