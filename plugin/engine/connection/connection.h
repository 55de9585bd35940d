/* What is known of one connection: facts are added in the order of the capture, and are
 * never interpreted here beyond who speaks and how far the handshake has come.
 *
 * A connection has two directions, 0 and 1; which of them is the client's is known once a
 * ClientHello (or a message that only one side sends) has been seen. A connection holds one
 * handshake at a time: a ClientHello after a completed handshake begins a renegotiation
 * (TLS 1.2 and before) or, after a failed one, a new attempt.
 *
 * The few messages that a verdict may need are kept as bytes, within bounds, and given back
 * when the handshake has completed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CONNECTION_CONNECTION_H
#define TLSWHY_CONNECTION_CONNECTION_H

#include "tlswhy/capture.h"
#include "words/shared.h"
#include "x509/chain.h"
#include "tls/messages.h"
#include "connection/flow.h"
#include "connection/tcp.h"
#include "tls/quic.h"

/* Bounds for one connection. What lies beyond sets tw__handshake.left_out. */
#define TW_MESSAGES_MAX        64      /* messages kept of one handshake */
#define TW_HANDSHAKE_MAX_BYTES 1048576 /* bytes kept of one handshake */
#define TW_ALERTS_MAX          8       /* alerts remembered */
#define TW_FAILURES_MAX        64      /* verdicts on one connection */
#define TW_NOTICES_MAX         32      /* notices on one connection */

/* There may be a million connections with a few facts each: in these structs the widest members come first. */

typedef struct {
    tw_at at;
    GBytes *bytes;     /* with the 4-byte header (DTLS: as if never fragmented), or NULL beyond a bound */
    tw__hello *hello;  /* of a hello, once somebody asked (tw__handshake_hello()); NULL: nobody has */
    uint32_t length;   /* of the body, by its header */
    uint8_t type;      /* HandshakeType */
    bool cut;          /* the capture holds fewer bytes than the message has */
    bool in_fragments; /* DTLS: it came in more than one */
} tw__message;

typedef struct {
    tw_at at;
    uint8_t level, number;
    int ordinal; /* n-th alert item of its frame, from 0; -1: it has none */
    bool after_peer_fin;
    uint32_t n_application; /* application records of both sides before it */
} tw__alert;

#define TW_LONG_MESSAGE  65536 /* Wireshark reads none that is as long (packet-tls.c) */
#define TW_CLEARTEXT_MAX 64    /* bytes kept of what is no TLS */

#define TW_HIDDEN_ALERTS_MAX 3 /* counted */

/* One direction of a connection, over all its handshakes. */
typedef struct {
    int64_t fin_us;
    uint32_t fin_frame;          /* 0: not seen */
    uint32_t rst_frame;          /* 0: not seen */
    uint32_t close_notify_frame; /* 0: not seen */
    uint32_t hidden_alert_frame; /* first alert after ChangeCipherSpec that cannot be read; its type can (TLS 1.2) */
    uint32_t n_records;
    uint32_t application_frame;  /* first frame with application data that is no handshake, or 0 */
    uint32_t n_application;      /* application records that were certainly after the handshake */
    uint16_t last_opaque;        /* length of the last record, if that cannot be read; else 0; UINT16_MAX at most */
    uint8_t hops;                /* UDP: of its first datagram, its TTL or hop limit; 0: not known */
    uint8_t n_hidden_alerts : 2; /* TW_HIDDEN_ALERTS_MAX at most */
    bool end_lost : 1;           /* the capture lacks bytes before its FIN or RST */
    bool cut : 1;                /* the capture lacks the ends of packets (snap length) */
    bool begun : 1;              /* TCP: its first payload has come */
    bool unreadable : 1;         /* a record encrypted with keys of the session was shown, and nobody could read it */
} tw__direction;

/* What few directions show. */
typedef struct {
    uint32_t overlong_frame; /* first record that is longer than the protocol allows, or 0 */
    uint32_t overlong;       /* its length */
    uint32_t overlong_limit; /* what is allowed */
    uint32_t long_frame;     /* first message of TW_LONG_MESSAGE bytes and more, or 0 */
    uint32_t long_length;
    uint32_t first_record;    /* bytes of the record that its first payload begins, when nobody has read it; else 0 */
    uint32_t cleartext_frame; /* of the first payload that is no TLS, or 0 */
    uint8_t long_type;
    uint8_t cleartext_len;
    uint8_t cleartext[TW_CLEARTEXT_MAX]; /* first payload that is no TLS, in the place of TLS */
} tw__oddities;

/* The DTLS records of one direction that came last: bit N is the one N before HIGHEST. */
typedef struct {
    uint64_t highest, bits;
    uint16_t epoch;
    bool begun;
} tw__replay;

/* What only DTLS needs. */
typedef struct {
    GPtrArray
        *fragments[2]; /* the messages whose fragments are being collected, by direction (fragments.c); NULL: none */
    tw__replay replay[2][2]; /* by direction, and by the low bit of the epoch */
} tw__datagrams;

/* One direction within the current handshake. */
typedef struct {
    uint32_t ccs_frame;
    uint32_t finished_frame; /* readable Finished, or the opaque record that must be it */
    uint32_t opaque_frame;   /* first opaque record since the hellos, or 0 */
    /* UINT16_MAX at most: */
    uint16_t opaque_lengths[2]; /* of the first ones */
    uint16_t opaque_max;        /* of the longest */
    uint16_t after_length;      /* of the first record that N_AFTER counts */
    /* UINT8_MAX at most: */
    uint8_t n_opaque;
    uint8_t n_after;     /* records behind both Finished, without alerts */
    uint8_t n_behind;    /* TLS 1.3 that cannot be read: records of data behind what has the size of its Finished */
    bool may_be_through; /* what has the size of its Finished has come (TLS 1.3 that cannot be read) */
} tw__flight;

typedef struct {
    tw__message *messages; /* in order; a further one may move them */
    int64_t client_hello_us, complete_us;
    uint32_t kept_bytes : 22; /* TW_HANDSHAKE_MAX_BYTES at most */
    bool renegotiation : 1;   /* it began on an established connection */
    bool left_out : 1;        /* a bound was passed */
    bool name_read : 1;       /* its ClientHello has been asked for the server's name */
    bool sslv2 : 1;           /* its ClientHello came in SSLv2's format */
    bool released : 1;        /* what messages said was given back: tw__conn_release_messages() */
    bool resumed_hint : 1;    /* ServerHello took up a session or a PSK */
    bool declined : 1;        /* a no_renegotiation answered it */
    bool complete : 1;        /* both Finished are through, as far as the capture can show it */
    bool early : 1;           /* the client sent data before the ServerHello (TLS 1.3) */
    bool failed : 1;          /* a failure verdict has been given */
    tw__flight flight[2];     /* by direction */
    uint32_t answer_from;     /* TCP: where the server's bytes stood when the ClientHello came */
    uint32_t client_hello_frame, retry_frame, server_hello_frame;
    uint32_t server_done_frame; /* ServerHelloDone, or the server's Finished in TLS 1.3 */
    uint16_t version;           /* negotiated (0: no ServerHello yet) */
    uint16_t suite;
    uint16_t number;    /* 0: the first of this connection; UINT16_MAX at most */
    uint8_t n_messages; /* TW_MESSAGES_MAX at most */
} tw__handshake;

typedef struct tw__contrast tw__contrast; /* contrast.h */

/* What the connections of one capture share; the capture owns it (capture/capture.c). */
typedef struct {
    tw_capture *capture; /* lent; NULL: none */
    tw_settings settings;
    tw__roots *roots;          /* trusted roots, or NULL */
    tw_anonymizer *anonymizer; /* NULL: names stay */
    tw__chain_cache *chains;
    tw__pool *pool;
    GHashTable *ders; /* GBytes: the certificates that verdicts hold, each once */
    /* tw__contrast_join(): where handshakes are compared, lent, and what is called there for a completed one; NULL: they
     * are not compared */
    tw__contrast *contrast;
    void (*on_completed)(tw__contrast *contrast, tw_conn *conn);
} tw__context;

/* What few connections have. */
typedef struct {
    tw__oddities *odd;          /* of both directions; see tw__odd_of(), tw__odd_for() */
    tw__datagrams *datagrams;   /* of DTLS; NULL: none has come */
    tw__handshake *first;       /* before those that came later (only its summary); NULL: there was no other */
    tw__quic_facts *quic;       /* of QUIC, which has packets in place of records (quic.h) */
    tw__alert *alerts;          /* TW_ALERTS_MAX at most */
    struct tw__stream *streams; /* both directions of tw_tell_bytes(); NULL: that was never called */
    tw_conn *inner;             /* tw_tell_inside(), lent; NULL: none */
    tw_conn *outer;             /* whose data hold its records, or NULL; lives as long */
    const tw_conn
        *twice; /* the capture has it at another point of its path, too, where it is told; NULL: it has not */
    void *data; /* tw_conn_set_data() */
    const char *unopened; /* why its stream never opened, static; NULL: it did */
    const char
        *starttls; /* OpenSSL's name of the protocol in which an upgrade was asked for, static; NULL: none seen */
    tw_at
        parting; /* the server's FIN behind a client's certificate, until the client says something; frame 0: none */
    uint32_t hello_request_frame; /* the last HelloRequest, or 0 */
    uint8_t n_alerts;             /* in ALERTS */
} tw__seldom;

/* There may be a million of them: what few have stands apart, and the widest members come first. */
struct tw_conn {
    const tw__context *context; /* lent, never NULL */
    tw__seldom *seldom;         /* NULL: it has nothing of it; see tw__seldom_of(), tw__seldom_for() */
    /* of the room capture/ */
    tw_verdict *verdicts; /* on it, owned, in order, by next */
    GList *open;          /* its place among those whose messages are kept; NULL: it has none */
    int64_t begin_us;     /* when it was first seen */
    uint32_t stream;      /* its number */
    uint32_t budgeted;    /* bytes that it has part in the capture's sum */
    /* of this room */
    char *server_name; /* GRefString; from the first ClientHello with SNI, as sent; NULL: none, or not read yet */
    tw__tcp *tcp;      /* of both directions; TCP. Once it is given back (tw__conn_is_watched()): partial ones */
    tw__flow *flow;    /* TCP: the bytes of both directions; NULL: not TCP, or gone */
    tw__handshake *now;
    tw__direction side[2]; /* by direction */
    tw_at suspect;         /* a record that may be a fatal alert, unless its sender goes on; frame 0: none */
    int64_t last_us;
    uint32_t first_frame; /* in which it was first seen; set by who made it */
    uint32_t last_frame;  /* of which something was told */
    uint16_t version;     /* last negotiated version, or 0 */
    uint16_t n_failed;
    uint8_t n_judged, n_notices; /* verdicts of either kind that were given */
    uint8_t n_handshakes;        /* ClientHellos that began one; UINT8_MAX at most, as of the next */
    uint8_t n_completed;
    uint8_t carrier;         /* tw_carrier */
    uint8_t established;     /* tw_tri: a handshake completed, or data shows that one must have */
    int8_t client_dir;       /* 0, 1 or -1: not known */
    int8_t initiator_dir;    /* who opened the TCP connection, or -1: the client, as long as no hello shows it */
    unsigned known_ends : 2; /* of which directions ENDS holds one, as bits */
    bool numbered : 1;       /* people know its stream by that */
    bool closed : 1;         /* it is among those that were over last (capture/budget.c) */
    bool gone : 1;           /* it was, long ago, and nothing failed: what still comes is ignored */
    bool lost : 1;           /* tw_tell_lost() */
    bool datagram : 1;       /* DTLS */
    bool silence_told : 1;   /* tw_capture_listen() */
    bool disordered : 1;     /* an answer stands before what it answers */
    bool begins_inside : 1;  /* the capture does not hold the connection's beginning */
    bool indirect : 1;  /* another protocol carries the TLS or leads to it, which openssl s_client can not play */
    bool carried : 1;   /* another protocol's packets carry the TLS, so that what else they hold is no answer to it */
    bool inside : 1;    /* another TLS connection carries it */
    bool decrypted : 1; /* tw_tell_decrypted() */
    bool
        not_decrypted : 1; /* its records are taken from where Wireshark's own TLS does not look: keys would not help */
    char ends[];           /* tw__conn_end() of direction 0, and behind it that of direction 1 */
};

extern const tw__seldom tw__nothing_seldom;
extern const tw__oddities tw__nothing_odd;

/* What CONN has of that, never NULL; not to be kept. */
static inline const tw__seldom *tw__seldom_of(const tw_conn *conn)
{
    return conn->seldom ? conn->seldom : &tw__nothing_seldom;
}

/* The same, to be written: CONN has it from now on. */
tw__seldom *tw__seldom_for(tw_conn *conn);

/* The same for direction DIR. */
static inline const tw__oddities *tw__odd_of(const tw_conn *conn, int dir)
{
    return conn->seldom && conn->seldom->odd ? &conn->seldom->odd[dir] : &tw__nothing_odd;
}

tw__oddities *tw__odd_for(tw_conn *conn, int dir);

/* NULL: CONN is not QUIC. */
static inline tw__quic_facts *tw__quic_of(const tw_conn *conn)
{
    return conn->seldom ? conn->seldom->quic : NULL;
}

/* CONN is QUIC from now on; never NULL. */
tw__quic_facts *tw__quic_for(tw_conn *conn);

/* Alone, until something sets its context. ENDS, by direction, are copied; NULL: not known. */
tw_conn *tw__conn_new(bool datagram, const char *const ends[2]);
/* The end of direction DIR, "192.0.2.1:443", lent; NULL: it is not known. */
const char *tw__conn_end(const tw_conn *conn, int dir);
void tw__conn_free(tw_conn *conn); /* NULL is fine */

/* A record: CONTENT_TYPE as on the wire, LENGTH of its fragment. OPAQUE: its content cannot be
 * read in this capture (encrypted). A readable one is followed by the calls for what it holds. */
void tw__conn_record(tw_conn *conn, tw_at at, uint8_t content_type, uint32_t length, bool opaque);

/* The CONTENT of a record has come by TCP, be it shown or not; NULL: it was not kept. */
void tw__conn_framed(tw_conn *conn, tw_at at, uint8_t content_type, const uint8_t *content, uint32_t length);

/* The header of a record has come that announces LENGTH bytes; the rest of it may never come. */
void tw__conn_begins_record(tw_conn *conn, tw_at at, uint8_t content_type, uint32_t length);

/* A whole handshake message: BYTES begin with the 4-byte header, CAPTURED of them are there. */
void tw__conn_message(tw_conn *conn, tw_at at, const uint8_t *bytes, size_t captured);

/* Such a ClientHello (RFC 5246 E.2): BYTES as above, CAPTURED of LENGTH are there. It is kept as TLS would have it. */
void tw__conn_sslv2_hello(tw_conn *conn, tw_at at, const uint8_t *bytes, size_t captured, size_t length);

/* A DTLS handshake fragment: BYTES begin with the 12-byte header (RFC 6347 4.2.2), CAPTURED of them are there. A message
 * goes on to tw__conn_message() when all of it is there, or when the rest was cut off. */
void tw__conn_fragment(tw_conn *conn, tw_at at, const uint8_t *bytes, size_t captured);

/* A readable alert, the ORDINAL-th alert item of its frame. Returns what is kept of it, valid until the next one comes, or NULL
 * when it is a repetition. Of more than TW_ALERTS_MAX the oldest is forgotten. */
const tw__alert *tw__conn_alert(tw_conn *conn, tw_at at, uint8_t level, uint8_t number, int ordinal);

/* The first payload of a direction is no TLS: BYTES begin it. For the answer to a ClientHello, and for what a client
 * sent before a TLS record came back. */
void tw__conn_cleartext(tw_conn *conn, tw_at at, const uint8_t *bytes, size_t len);

/* Whether such words of the server stand for an answer to the ClientHello: they came behind it, refuse the tunnel to the
 * server, or greet as no server of TLS does. Others may lead to TLS (NATS). */
bool tw__conn_has_answered_plainly(const tw_conn *conn);

/* What a client sent right before its ClientHello, in the same direction (PROXY protocol). */
void tw__conn_preamble(tw_conn *conn, tw_at at, const uint8_t *bytes, size_t len);

/* DTLS 1.3: a record whose content cannot be read, with the low two bits of its EPOCH (RFC 9147 4): 2 belongs to the
 * handshake, 3 to what follows it. */
void tw__conn_dtls13_record(tw_conn *conn, tw_at at, unsigned epoch);

/* Whether the capture lacks DTLS records of DIR: those of an encrypted epoch are numbered from 0 on (RFC 6347 4.1), and the
 * last ones of them are remembered; or a message of its is in fragments, not all of which have come. */
bool tw__conn_lacks_records(const tw_conn *conn, int dir);

/* QUIC: a packet of KIND and VERSION (0 in a short header), after the calls for what can be read in it. */
void tw__conn_quic_packet(tw_conn *conn, tw_at at, tw__quic_kind kind, uint32_t version);

/* QUIC: a Version Negotiation packet that names these versions. */
void tw__conn_quic_negotiation(tw_conn *conn, tw_at at, const uint32_t *versions, unsigned n_versions);

/* QUIC: a CONNECTION_CLOSE with the reason phrase WORDS (as sent) and transport error ERROR (RFC 9000 20.1). Call it
 * before tw__conn_alert() where the error is a CRYPTO_ERROR. */
void tw__conn_quic_close(tw_conn *conn, tw_at at, uint64_t error, const uint8_t *words, size_t n_words);

/* The end of a direction. */
void tw__conn_fin(tw_conn *conn, tw_at at);
void tw__conn_rst(tw_conn *conn, tw_at at);

/* Gives back what the messages and segments of CONN said: it is over, or too many others are open. Sets released. */
void tw__conn_release_messages(tw_conn *conn);

/* The same of the messages alone, and it is forgotten that they were there. */
void tw__conn_forget_messages(tw_conn *conn);

/* Gives back what the segments of CONN are followed by: nothing of it will be listened to. Sets gone. */
void tw__conn_leave(tw_conn *conn);

/* CONN goes over TCP, whose bytes so far were FLOW (both directions), which becomes empty. */
void tw__conn_follow(tw_conn *conn, tw__flow flow[2]);

/* Whether CONN's segments are still to be added to its tcp. */
bool tw__conn_is_watched(const tw_conn *conn);

/* Bytes of messages that are kept of CONN. */
size_t tw__conn_kept_bytes(const tw_conn *conn);

/* Whether the connection has ended, and with it everything that a verdict could need its messages for. */
bool tw__conn_is_over(const tw_conn *conn);

/* The role of direction DIR. */
tw_side tw__conn_side(const tw_conn *conn, int dir);
/* The direction of SIDE, or -1. */
int tw__conn_dir(const tw_conn *conn, tw_side side);

/* The last message of TYPE that DIR (-1: either) sent in this handshake, or NULL. */
const tw__message *tw__handshake_find(const tw__handshake *h, uint8_t type, int dir);

/* The body of message M as far as it was captured (LEN: how far); NULL for NULL and for what was not kept. Lent. */
const uint8_t *tw__message_body(const tw__message *m, size_t *len);

/* The last ClientHello or ServerHello (TYPE) that DIR (-1: either) sent in this handshake, read once, lent until the
 * handshake's messages are given back. NULL: there is none, or its bytes are not there. */
const tw__hello *tw__handshake_hello(const tw__handshake *h, uint8_t type, int dir);
/* The same for a ClientHello. */
const tw__hello *tw__handshake_client_hello(const tw__handshake *h, int dir);

/* TLS 1.3 or DTLS 1.3. */
bool tw__is_13(uint16_t version);

#endif
