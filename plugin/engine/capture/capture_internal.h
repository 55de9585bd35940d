/* A capture from the inside. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CAPTURE_CAPTURE_INTERNAL_H
#define TLSWHY_CAPTURE_CAPTURE_INTERNAL_H

#include "capture/clock.h"
#include "capture/openings.h"
#include "compare/contrast.h"
#include "connection/connection.h"
#include "connection/stream_start.h"
#include "elsewhere/facts.h"
#include "tlswhy/steps.h"
#include "verdict/verdict_internal.h"

/* The records that the newest frame shows. Its segments, which come behind them, hold the same ones. */
typedef struct {
    GArray *records; /* of connections over TCP, in the order of the frame's tree (unshown.c) */
    uint32_t frame;
} tw__shown;

#define TW_CLOSED_MAX 4096 /* connections that are over, and still listened to */

struct tw_capture {
    tw__context context; /* what its connections and their rooms see of it */
    tw_verdict_sink *sink;
    void *sink_data;
    tw_step_watcher *watcher; /* of steps; NULL: nobody */
    void *watcher_data;
    tw__clock *clock;
    tw__contrast *contrast;
    tw__starts *starts;       /* of its TCP streams */
    unsigned unfollowed;      /* TCP streams that look like TLS, and have no connection */
    tw__openings *openings;   /* of TCP streams */
    GPtrArray *connections;   /* tw_conn *, owned, in the order of their beginning */
    GPtrArray *unopened;      /* tw_conn *, owned: they never were any */
    GPtrArray *negotiated;    /* tw_conn *: the last ones of QUIC that saw a Version Negotiation */
    tw__sightings *sightings; /* NULL: the capture goes on and on */
    GPtrArray *others;        /* tw__facts *, owned: what other captures remember; NULL: there is none */
    GQueue open;              /* tw_conn * whose messages are kept, in the order of their beginning (budget.c) */
    size_t open_bytes;
    tw_conn *closed[TW_CLOSED_MAX]; /* those that were over last, in turn; NULL: none (budget.c) */
    unsigned n_closed;              /* so many were ever */
    tw__shown shown;
    unsigned crowded; /* how many connections there must be before forgetting is worth it (forget.c) */
};

/* The capture that CONN is of; NULL: none. */
static inline tw_capture *tw__capture_of(const tw_conn *conn)
{
    return conn->context->capture;
}

/* ---- facts.c ---- */

/* What CAPTURE, which has sightings, says of each connection: tw__account *, owned by the list. */
GPtrArray *tw__accounts_of(const tw_capture *capture);

/* ---- capture.c ---- */

/* CONN has seen a Version Negotiation: a later QUIC connection between the same ends is the client's next try. */
void tw__note_negotiation(tw_conn *conn);

/* Nothing more will come on CONN: judges again its verdicts on a ClientHello that nobody acknowledged. */
void tw__judge_unheard_verdicts(tw_conn *conn);

/* ---- tell.c ---- */

/* RECORD, which no tree shows, is a record of CONN. */
void tw__take_record(tw_conn *conn, tw_at at, const tw_record *record);

/* ---- unshown.c, tell_segment.c ---- */

void tw__shown_init(tw__shown *shown);
void tw__shown_free(tw__shown *shown);

/* RECORD has been told of CONN, which is over TCP: what its segments' bytes show is not told once more. */
void tw__note_shown(tw_conn *conn, tw_at at, const tw_record *record);

/* The first TLS bytes of CONN come: what its stream began with is told. A ClientHello (HELLO) of direction DIR, or
 * something else. Harmless for other carriers. */
void tw__recall_start(tw_conn *conn, int dir, bool hello);

/* Whether BYTES, LEN of a payload that they begin, look like TLS, be it of SSL 2.0 or of a version that there is none of. */
bool tw__looks_like_tls(const uint8_t *bytes, uint32_t len);

/* ---- sink.c ---- */

/* Takes over VERDICT on CONN and lets it out. NULL is fine. */
void tw__publish(tw_conn *conn, tw_verdict *verdict);

/* Puts BY, which it takes over, in the place of VERDICT, and frees that. Returns BY. */
tw_verdict *tw__replace(tw_conn *conn, tw_verdict *verdict, tw_verdict *by);

/* ---- budget.c ---- */

/* CONN may keep messages from now on. */
void tw__begin_keeping(tw_conn *conn);

/* After facts were added to CONN: releases the messages of a connection that is over, and those of the oldest ones while
 * there are more than the bounds allow. */
void tw__enforce_budget(tw_conn *conn);

/* What only a further verdict on CONN would need is not kept any longer. */
void tw__stop_keeping(tw_conn *conn);

/* Those of CONNS (a set of tw_conn *) are freed. */
void tw__forget_closed(tw_capture *capture, GHashTable *conns);

#endif
