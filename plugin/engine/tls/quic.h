/* What QUIC puts in the place of TLS records, alerts and TCP's ends (RFC 9000, RFC 9001).
 *
 * The handshake messages in CRYPTO frames are told by tw__conn_message(), a CRYPTO_ERROR by tw__conn_alert(): both are
 * TLS. What is only QUIC's own is told here: which kinds of packets each side sends (their headers can be read without
 * keys), and closes that carry no alert.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_TLS_QUIC_H
#define TLSWHY_TLS_QUIC_H

#include "tlswhy/base.h"

#define TW__QUIC_LONG_HEADER 0x80 /* in the first byte; RFC 8999 5.1 */

/* Kinds of packets (RFC 9000 17). */
typedef enum {
    TW_QUIC_INITIAL,
    TW_QUIC_ZERO_RTT,
    TW_QUIC_HANDSHAKE,
    TW_QUIC_RETRY,
    TW_QUIC_NEGOTIATION, /* Version Negotiation */
    TW_QUIC_ONE_RTT      /* short header */
} tw__quic_kind;

#define TW_QUIC_VERSIONS_MAX 16  /* versions remembered of a Version Negotiation packet */
#define TW_QUIC_WORDS_MAX    160 /* bytes remembered of a reason phrase */

/* What a connection remembers of it; a part of tw_conn. */
typedef struct {
    uint32_t version;                      /* of the client's Initial packets, or 0 */
    uint32_t client_frame;                 /* last Initial of the client */
    int64_t client_us;                     /* its time */
    uint32_t negotiation_frame;            /* Version Negotiation, or 0 */
    uint32_t offers[TW_QUIC_VERSIONS_MAX]; /* versions that it names */
    unsigned n_offers;
    bool gone_on;            /* the client tried again in another connection */
    uint32_t retry_frame;    /* Retry, or 0 */
    unsigned n_one_rtt[2];   /* packets with a short header, by direction */
    tw__quic_kind last_kind; /* of the last packet seen */
    int last_dir;
    uint32_t close_frame;             /* first CONNECTION_CLOSE whose reason can be read, or 0 */
    bool has_error;                   /* a close without an alert: */
    uint64_t error;                   /* its transport error code */
    uint8_t words[TW_QUIC_WORDS_MAX]; /* its reason phrase, as sent */
    uint8_t n_words;
} tw__quic_facts;

/* Kind of the packet whose first byte is FIRST, of VERSION (0 where the header is short). */
tw__quic_kind tw__quic_kind_of(uint8_t first, uint32_t version);

/* Walks the packets that are coalesced in the LEN bytes of a datagram (RFC 9000 12.2). Begin with *AT = 0; true: the
 * packet's kind and version (0 in a short header) are set, and *AT stands behind it. What follows the last packet and
 * is none (padding) ends the walk. */
bool tw__quic_next_packet(const uint8_t *datagram, size_t len, size_t *at, tw__quic_kind *kind, uint32_t *version);

/* An integer of variable length at *AT (RFC 9000 16); false: it is not all there. */
bool tw__quic_varint(const uint8_t *bytes, size_t len, size_t *at, uint64_t *value);

/* Whether VERSION is one that no server speaks: a client that asks for it wants to learn the server's (RFC 9000 15). */
bool tw__quic_is_reserved(uint32_t version);

/* Name of a version ("QUIC v1", "QUIC v2": RFC 9000, RFC 9369), or NULL. */
const char *tw__quic_version_name(uint32_t version);

/* Name of a transport error code ("CONNECTION_REFUSED", RFC 9000 20.1), or NULL. */
const char *tw__quic_error_name(uint64_t error);

#endif
