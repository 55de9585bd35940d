/* Remembered handshakes: what is kept of each to compare others with it. They outlive the facts of their connections.
 * Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_COMPARE_REMEMBERED_H
#define TLSWHY_COMPARE_REMEMBERED_H

#include "connection/connection.h"
#include "tls/messages.h"

/* A certificate that was seen in the capture, stored once. */
typedef struct {
    GBytes *der;
    char *text; /* who it is for and from, once it was asked for */
} tw__leaf;

/* What a server was seen to send for a name: different certificates, the last one first. */
typedef struct tw__known_certificate {
    const tw__leaf *leaf;
    uint32_t frame;   /* of the last Certificate message with it */
    uint32_t size_13; /* of its body, in TLS 1.3 and with no more extensions than it had */
    struct tw__known_certificate *before;
} tw__known_certificate;

#define TW_KNOWN_EACH 4 /* certificates remembered of one server and name */

/* What two handshakes may have in common, so that they are worth comparing; what says most comes first. */
typedef enum { TW_SAME_SERVER, TW_SAME_NAME, TW_SAME_CLIENT, TW_N_KINSHIPS } tw__kinship;

/* One handshake, as far as others may be compared with it. There may be thousands: it is one block, with the widest members
 * first. */
typedef struct tw__remembered {
    const char *client;         /* "192.0.2.7:50000", in this block */
    char *server;               /* "192.0.2.1:443"; a GRefString, as the next one */
    char *name;                 /* SNI as sent, or NULL */
    const char *capture;        /* what the other capture is called that it is of, lent; NULL: it is of this one */
    const tw__context *context; /* of its capture, lent */
    struct tw__remembered *next[TW_N_KINSHIPS]; /* the next completed one with this in common; NULL: there is none */
    struct tw__remembered *before, *after;      /* the attempts of one dance */
    tw__leaf *leaf[3];   /* by tw_side: the certificate that this side sent, lent; NULL: none */
    tw_verdict *verdict; /* lent; NULL: it completed */
    tw_conn *conn;       /* of a failure, lent */
    int64_t hello_us;
    uint32_t leaf_frame[3]; /* of its Certificate message, also of an empty one; 0: none seen */
    uint32_t hello_frame, choice_frame;
    unsigned number;                        /* of the handshake in its connection */
    uint16_t version, suite, group, scheme; /* agreed; group and scheme 0: not seen */
    uint16_t offered_max;
    bool sslv2 : 1; /* its ClientHello was in SSLv2's format when it was sent */
    bool renegotiation : 1;
    bool completed : 1;
    bool fallback_scsv : 1;
    uint32_t hello_len;
    uint8_t hello[]; /* ClientHello without its header, HELLO_LEN bytes */
} tw__remembered;

/* Bounds for one capture. What lies beyond is not compared. */
#define TW_CONTRAST_REMEMBERED 8192              /* handshakes remembered */
#define TW_CONTRAST_BYTES      (8 * 1024 * 1024) /* bytes of their messages */

/* The memory of one capture. */
typedef struct {
    GPtrArray *all; /* tw__remembered *, in the order of the capture */
    size_t bytes;
    GHashTable *leaves; /* GBytes -> tw__leaf: every certificate once */
    GHashTable *known;  /* "server|name" -> where its last tw__known_certificate is, with those before it */
} tw__memory;

/* A handshake of CLIENT and SERVER that began with HELLO (LEN bytes, without the header), for NAME (NULL: none); all of it is
 * copied, and the rest is empty. Free with tw__remembered_free(), unless a memory owns it. */
tw__remembered *tw__remembered_new(const char *client, const char *server, const char *name, const uint8_t *hello,
                                   size_t len);
void tw__remembered_free(void *remembered);

void tw__memory_init(tw__memory *memory);
void tw__memory_clear(tw__memory *memory);

/* What is remembered of CONN's handshake at hand, owned by MEMORY; NULL: there is too little of it, or no room. */
tw__remembered *tw__remembered_take(tw__memory *memory, tw_conn *conn);

/* O is of no use to anybody, and nothing points at it. */
void tw__remembered_drop(tw__memory *memory, tw__remembered *o);

/* The certificates that the server (address and port) of CONN was seen to send for the same name; NULL: none. Lent. */
const tw__known_certificate *tw__memory_known(const tw__memory *memory, const tw_conn *conn);

/* The ClientHello, read anew. Free with tw__hello_free(). */
tw__hello *tw__remembered_hello(const tw__remembered *remembered);

#endif
