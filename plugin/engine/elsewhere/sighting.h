/* What is noted of a capture so that another one of the same connections can be held against it: the segments of each TCP
 * stream with their first bytes, and of each connection its hellos and certificates. That is done where somebody asks for
 * it (tlswhy/elsewhere.h), and where one capture has the same connection twice, for several were merged, or several
 * interfaces recorded: the first streams are noted to find that out. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_ELSEWHERE_SIGHTING_H
#define TLSWHY_ELSEWHERE_SIGHTING_H

#include "connection/connection.h"
#include "tlswhy/elsewhere.h"
#include "tlswhy/verdict.h"

/* Bounds for one capture. What lies beyond is left out, and said to be: first handshakes that completed, the oldest ones. */
#define TW_SIGHTINGS_BYTES (TW_FACTS_MOST_MB * 1000 * 1000) /* of all streams */
#define TW_TWICE_BYTES     (64 * 1024 * 1024)               /* the same where nobody asked for them */
#define TW_TRIAL           64    /* streams that are noted before anything shows whether it is of use */
#define TW_LANE_SEGMENTS   128   /* of one direction; its ends beyond that too, at most twice as many */
#define TW_LANE_BYTES      16384 /* first bytes of one direction */
#define TW_LANE_UNREAD     1024  /* the same of a stream that has shown no TLS */

/* One segment. */
typedef struct {
    int64_t time_us;
    uint32_t frame, seq, ack, len;
    uint32_t hash; /* of its payload, if all of that is there; else 0 */
    uint16_t window, ip_id;
    uint8_t flags, hops;
    uint32_t place; /* where it was recorded (tw_segment) */
} tw__seen;

/* Payload that came again and was another one. */
typedef struct {
    uint32_t frame, at; /* AT: in the stream */
    GBytes *bytes;
} tw__rewritten;

/* One direction of a stream. */
typedef struct {
    bool begins, placed; /* its SYN is there; BASE is known */
    bool left_out;       /* more came than is kept */
    bool acknowledged;   /* up to END; while it is noted */
    uint32_t isn, base;  /* of its SYN; the number of its first byte */
    uint32_t end;        /* the number behind the last byte that is noted */
    GArray *seen;        /* tw__seen, in the order of the capture */
    GByteArray *bytes;   /* by stream offset; 0 where nothing was seen */
    GArray *rewritten;   /* tw__rewritten; NULL: none was */
} tw__lane;

void tw__lane_init(tw__lane *lane);
void tw__lane_clear(tw__lane *lane);

/* A TCP stream, its lanes by direction. */
typedef struct {
    tw__lane lane[2];
    int initiator; /* direction of its SYN; -1: not seen */
    bool done;     /* its handshake has completed */
} tw__sighting;

/* What a connection has sent that identifies it, kept when its messages are given back. */
typedef struct {
    GBytes *hello, *choice; /* bodies of ClientHello and ServerHello, or NULL */
    GBytes *leaf[3];        /* by tw_side: its certificate, DER, or NULL */
    uint32_t hello_frame, choice_frame, leaf_frame[3];
    int64_t hello_us, choice_us;
    bool done;             /* its handshake has completed */
    tw_verdict *withdrawn; /* a failure that was taken back because its sender went on; NULL: none */
} tw__papers;

typedef struct tw__sightings tw__sightings;

tw__sightings *tw__sightings_new(void);
void tw__sightings_free(tw__sightings *sightings); /* NULL is fine */

/* Somebody asks for them all. Whether somebody did. */
void tw__sightings_ask(tw__sightings *sightings);
bool tw__sightings_are_asked(const tw__sightings *sightings);

/* Whether STREAM is noted, or would be. */
bool tw__sightings_want(const tw__sightings *sightings, uint32_t stream);

/* Whether a connection was seen that the capture has twice. */
bool tw__sightings_have_twice(const tw__sightings *sightings);

/* Where frames were recorded: what people call it. INTERFACE: its number; -1: not known. NAME: of the interface; LINK: the
 * two ends of the cable; NULL: not known. */
typedef struct {
    int interface;
    char *name, *link;
    int64_t last_us; /* of what was seen there */
} tw__place;

/* PLACE is a new one, or NULL: it is not known yet. */
void tw__sight_place(tw__sightings *sightings, uint32_t place, int interface, const char *name, const char *link);
const tw__place *tw__place_of(const tw__sightings *sightings, uint32_t place);
bool tw__sightings_know_place(tw__sightings *sightings, uint32_t place);

/* The segment S of direction DIR comes in STREAM; and its payload, CAPTURED bytes of which are there. DONE: a handshake
 * has completed on it, so that only its ends matter, and whether what completed it arrives. */
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

/* S by the points of its path where the capture has it, each a tw__sighting *, owned by the list; NULL: it is one. */
GPtrArray *tw__sighting_parts(const tw__sighting *s);

/* All streams: uint32_t -> tw__sighting *, lent. How many streams were left out. */
GHashTable *tw__sightings_streams(const tw__sightings *sightings);
unsigned tw__sightings_left_out(const tw__sightings *sightings);

#endif
