/* What is noted of a capture so that another one of the same connections can be held against it: the segments of each TCP
 * stream with their first bytes, and of each connection its hellos and certificates. Nothing of it is made unless
 * somebody asks (tlswhy/elsewhere.h). Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_ELSEWHERE_SIGHTING_H
#define TLSWHY_ELSEWHERE_SIGHTING_H

#include "connection/connection.h"
#include "tlswhy/verdict.h"

/* Bounds for one capture. What lies beyond is left out, and said to be. */
#define TW_SIGHTINGS_BYTES (192 * 1024 * 1024) /* of all streams */
#define TW_LANE_SEGMENTS   128                 /* of one direction; its ends beyond that too, at most twice as many */
#define TW_LANE_BYTES      16384               /* first bytes of one direction */
#define TW_LANE_UNREAD     1024                /* the same of a stream that has shown no TLS */

/* One segment. */
typedef struct {
    int64_t time_us;
    uint32_t frame, seq, ack, len;
    uint32_t hash; /* of its payload, if all of that is there; else 0 */
    uint16_t window, ip_id;
    uint8_t flags, hops;
} tw__seen;

/* One direction of a stream. */
typedef struct {
    bool begins, placed; /* its SYN is there; BASE is known */
    bool left_out;       /* more came than is kept */
    uint32_t isn, base;  /* of its SYN; the number of its first byte */
    GArray *seen;        /* tw__seen, in the order of the capture */
    GByteArray *bytes;   /* by stream offset; 0 where nothing was seen */
} tw__lane;

void tw__lane_init(tw__lane *lane);
void tw__lane_clear(tw__lane *lane);

/* A TCP stream, its lanes by direction. */
typedef struct {
    tw__lane lane[2];
    int initiator; /* direction of its SYN; -1: not seen */
} tw__sighting;

/* What a connection has sent that identifies it, kept when its messages are given back. */
typedef struct {
    GBytes *hello, *choice; /* bodies of ClientHello and ServerHello, or NULL */
    GBytes *leaf[3];        /* by tw_side: its certificate, DER, or NULL */
    uint32_t hello_frame, choice_frame, leaf_frame[3];
    int64_t hello_us, choice_us;
    tw_verdict *withdrawn; /* a failure that was taken back because its sender went on; NULL: none */
} tw__papers;

typedef struct tw__sightings tw__sightings;

tw__sightings *tw__sightings_new(void);
void tw__sightings_free(tw__sightings *sightings); /* NULL is fine */

/* The segment S of direction DIR comes in STREAM; and its payload, CAPTURED bytes of which are there. DONE: a handshake
 * has completed on it, so that only its ends matter. */
void tw__sight_segment(tw__sightings *sightings, uint32_t stream, int dir, const tw_segment *s, bool done);
void tw__sight_payload(tw__sightings *sightings, uint32_t stream, int dir, const tw_segment *s, const uint8_t *bytes,
                       uint32_t captured, bool tls);

/* CONN's messages have come on. */
void tw__sight_messages(tw__sightings *sightings, const tw_conn *conn);

/* VERDICT on CONN, a failure, is taken back. */
void tw__sight_withdrawn(tw__sightings *sightings, const tw_conn *conn, const tw_verdict *verdict);

/* What is known; lent, NULL: nothing. */
const tw__sighting *tw__sighting_of(const tw__sightings *sightings, uint32_t stream);
const tw__papers *tw__papers_of(const tw__sightings *sightings, const tw_conn *conn);

/* All streams: uint32_t -> tw__sighting *, lent. How many streams were left out. */
GHashTable *tw__sightings_streams(const tw__sightings *sightings);
unsigned tw__sightings_left_out(const tw__sightings *sightings);

#endif
