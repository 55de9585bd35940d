/* The small words that every other header of tlswhy uses: sides, phases, confidence.
 *
 * Plain C11 and GLib. Nothing below include/tlswhy/ or plugin/engine/ knows Wireshark.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_BASE_H
#define TLSWHY_BASE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* What GLib 2.66 (Debian 11) lacks. */
#if !GLIB_CHECK_VERSION(2, 68, 0)
static inline gpointer g_memdup2(gconstpointer bytes, gsize len)
{
    return bytes && len ? memcpy(g_malloc(len), bytes, len) : NULL;
}
#endif

/* WORD goes into HASH, which begins as TW_HASH_BEGIN. For tables that nobody can fill at will with what meets in them:
 * FNV-1a by words, without a secret. */
#define TW_HASH_BEGIN 0xcbf29ce484222325u
static inline uint64_t tw_hash_word(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x100000001b3u;
    return hash ^ hash >> 32;
}

/* Three answers, not two: a capture may not hold what would answer the question. */
typedef enum { TW_UNSEEN = 0, TW_NO, TW_YES } tw_tri;

/* TLS roles. The client is the side that sent the ClientHello, whatever the ports. */
typedef enum { TW_SIDE_UNKNOWN = 0, TW_CLIENT, TW_SERVER } tw_side;

/* What carries a connection. */
typedef enum {
    TW_CARRIER_NONE = 0,
    TW_CARRIER_TCP,
    TW_CARRIER_UDP, /* DTLS */
    TW_CARRIER_QUIC,
    TW_CARRIER_EAP,    /* its records are told by tw_tell_bytes() */
    TW_CARRIER_TUNNEL, /* another TLS connection, inside of which nothing is decrypted; likewise */
    TW_N_CARRIERS
} tw_carrier;

/* What the sender of an alert (or of a close) was answering. */
typedef enum {
    TW_BEFORE_HELLO = 0,
    TW_CLIENT_HELLO,
    TW_SERVER_FLIGHT,
    TW_CLIENT_FLIGHT,
    TW_SERVER_FINISHED,
    TW_ESTABLISHED,
    TW_RENEGOTIATION,
    TW_N_PHASES
} tw_phase;

typedef enum { TW_POSSIBLE = 0, TW_LIKELY, TW_PROVEN } tw_confidence;

/* Who caused an end, where two captures tell it. */
typedef enum { TW_ORIGIN_UNKNOWN = 0, TW_ORIGIN_CLIENT, TW_ORIGIN_SERVER, TW_ORIGIN_BETWEEN } tw_origin;

/* Where and when a fact was seen. */
typedef struct {
    int64_t time_us; /* capture time, microseconds since 1970; 0 when the capture has none */
    uint32_t frame;
    int dir; /* 0 or 1 */
} tw_at;

/* What a cause is worth to a reader; the Wireshark half maps it to expert severities. */
typedef enum { TW_CHAT = 0, TW_NOTE, TW_WARN, TW_ERROR } tw_severity;

/* The words that the display filters know ("client", "server-flight", "proven", ...).
 * Static strings, never NULL. */
const char *tw_side_name(tw_side side);
const char *tw_phase_name(tw_phase phase);
const char *tw_confidence_name(tw_confidence confidence);
const char *tw_origin_name(tw_origin origin); /* NULL: not known */

/* Endpoints are written "192.0.2.1:443" and "[2001:db8::1]:443", or as a bare address where there is no port (a link's
 * address; port 0). Where the port's colon stands in ENDPOINT; NULL: it has no port. */
const char *tw_endpoint_port(const char *endpoint);
/* The address alone, without brackets. Caller frees. */
char *tw_endpoint_host(const char *endpoint);

/* The other TLS role; TW_SIDE_UNKNOWN stays itself. */
tw_side tw_other_side(tw_side side);

#endif
