/* What a TCP stream began with, kept for a while: who opened it, its first segments and bytes, the first words in the
 * clear, and the last request for an upgrade to TLS. It shows the roles, and what was said in the place of TLS.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CONNECTION_STREAM_START_H
#define TLSWHY_CONNECTION_STREAM_START_H

#include "connection/connection.h"

#define TW_START_SEGMENTS 8 /* kept of each: a greeting and a ClientHello in several segments fit */

typedef struct {
    int dir;
    tw_segment header;
} tw__kept_segment;

typedef struct {
    uint32_t number;   /* of the stream */
    bool like_tls;     /* a payload looked like a record of TLS */
    bool adopted;      /* it has shown TLS: FLOW and SEGMENTS have gone to its connection */
    bool opening;      /* it waits for an answer to its SYN (capture/openings.h) */
    int initiator;     /* direction of its SYN; -1: the capture does not show it */
    unsigned speakers; /* directions that have sent words in the clear */
    int speaker;       /* the first of them */
    bool tunnel;       /* the first words asked for a tunnel */
    bool refused;      /* the last payload refused it */
    tw_at fin[2];      /* frame 0: none seen */
    bool asked;        /* the last payload asked for an upgrade to TLS */
    bool questioned;   /* the last payload asked for the server's capabilities */
    bool lacking;      /* the last payload was an answer to that, without TLS */
    int asker;         /* direction of the last payload */
    bool in_header[2]; /* directions whose last payload ends with what may begin a record's header, or was cut */
    bool tls[2]; /* directions whose first payload is TLS, though nobody has read it: what follows goes on with it */
    const char *upgrade; /* the protocol of the last request for an upgrade (tw__starttls_protocol()), or NULL */
    unsigned n_payloads;
    bool left; /* who spoke first, and alone, has ended its direction, having sent less than the header of a record */
    /* the first words or, LACKING or REFUSED, the answer */
    tw_at at;
    uint8_t bytes[TW_CLEARTEXT_MAX];
    uint8_t len;
    /* until it has shown TLS */
    tw__flow flow[2];
    tw__kept_segment *segments; /* NULL: none, or its connection has them */
    unsigned n_segments;        /* TW_START_SEGMENTS at most */
    bool overflown;             /* there were more */
} tw__start;

typedef struct tw__starts tw__starts;

/* The starts of a capture's recent streams; free with tw__starts_free() (NULL is fine). */
tw__starts *tw__starts_new(void);
void tw__starts_free(tw__starts *starts);

/* What is known of the stream NUMBER; NULL, if not CREATE: nothing (any more). Valid until another is made. */
tw__start *tw__start_of(tw__starts *starts, uint32_t number, bool create);

/* The segment SEGMENT comes in direction DIR, before the stream has shown TLS. */
tw__flow_news tw__start_segment(tw__start *start, int dir, const tw_segment *segment);

/* The same with its payload, which goes on with words in the clear, in order (tw__flow_words()). */
void tw__start_goes_on(tw__start *start, int dir, const tw_segment *segment);

/* Tells CONN who opened the stream, if the capture shows it. */
void tw__start_name_initiator(const tw__start *start, tw_conn *conn);

/* CONN is in the stream: segments and bytes become its own. START NULL: nothing was seen. */
void tw__start_adopt(tw__start *start, tw_conn *conn);

/* What START tells CONN at its first TLS bytes: a ClientHello (HELLO) of direction DIR, or something else. */
void tw__start_recall(const tw__start *start, tw_conn *conn, int dir, bool hello);

/* ---- words in the clear; all may be asked of NULL ---- */

/* The payload of DIR is TLS that nobody has read: unless DIR has said something before, the following ones are no words. */
void tw__start_tls(tw__start *start, int dir);

/* A payload AT without TLS, of WHOLE bytes, to DSTPORT: LEN BYTES begin it. */
void tw__start_cleartext(tw__start *start, tw_at at, uint16_t dstport, const uint8_t *bytes, size_t len,
                         size_t whole);

/* A FIN. */
void tw__start_fin(tw__start *start, tw_at at);

/* Whether who spoke first has ended its direction, with so few bytes that there was nothing to object to. */
bool tw__start_said_nothing(const tw__start *start);

/* Whether a segment of direction DIR goes back to who sent the first words in a stream that the capture shows from its SYN
 * on, and its sender has said nothing before. */
bool tw__start_answers_cleartext(const tw__start *start, int dir);

/* Whether it does, and these words were a header of the PROXY protocol. */
bool tw__start_answers_header(const tw__start *start, int dir);

/* Whether it does, and these words were out of turn at a server on PORT (cleartext.h). */
bool tw__start_out_of_turn(const tw__start *start, int dir, uint16_t port);

/* Whether an end of direction DIR, from PORT, may be what a server of TLS says to them: it is expected to speak it, or they were
 * out of turn. */
bool tw__start_end_answers(const tw__start *start, int dir, uint16_t port);

/* Whether BYTES of direction DIR decline the upgrade to TLS that their receiver asked for just before. */
bool tw__start_declines_upgrade(const tw__start *start, int dir, const uint8_t *bytes, size_t len);

/* Whether a segment of direction DIR answers a question for the server's capabilities; BYTES, all of the answer, are then
 * remembered. */
bool tw__start_answers_question(const tw__start *start, int dir);
void tw__start_offer(tw__start *start, tw_at at, const uint8_t *bytes, size_t len);

/* Whether the client that sends BYTES (LEN 0: a FIN) in direction DIR leaves a server that does not offer TLS, and has
 * asked for nothing else. tw__start_tell_offer() tells CONN what the server said. */
bool tw__start_leaves(const tw__start *start, int dir, const uint8_t *bytes, size_t len);
void tw__start_tell_offer(const tw__start *start, tw_conn *conn, int dir);

#endif
