/* What becomes of the verdict on a connection that two points show. See elsewhere.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "elsewhere/elsewhere.h"
#include "judge/judge_internal.h"
#include "verdict/verdict_internal.h"

/* An end that came to HERE: the one that nobody sent, or any. */
static const tw__seen *end_at(const tw__story *s, int *lane)
{
    bool near_server = s->path->near[TW_OF_SERVER] == s->here;
    int arriving = near_server ? TW_OF_CLIENT : TW_OF_SERVER;
    if (s->by && s->by->kind == TW_FORGED && !s->by->bytes && s->by->lane == arriving) {
        *lane = arriving;
        return s->by->came;
    }
    for (int i = 0; i < 2; i++) {
        *lane = i ? 1 - arriving : arriving;
        for (unsigned j = 0; j < tw__lane_length(&s->here->lane[*lane]); j++) {
            const tw__seen *seen = tw__lane_at(&s->here->lane[*lane], j);
            if (seen->flags & TW_TCP_RST)
                return seen;
        }
    }
    return NULL;
}

/* Whoever sent the last flight thinks that all is done, be it lost. */
static bool may_be_through(const tw__story *s)
{
    return s->there->outcome == TW_COMPLETED &&
           !(s->by && s->by->kind == TW_LOST && s->path->near[s->by->lane] == s->there);
}

static bool may_be_judged(const tw__story *s)
{
    const tw_conn *c = s->here->conn;
    return c && !s->here->verdict && s->here->outcome == TW_UNDECIDED && !may_be_through(s) && c->client_dir >= 0 &&
           c->now->client_hello_frame && !c->now->complete && s->by && s->origin == TW_ORIGIN_BETWEEN;
}

/* Until when, by the clock of HERE, one of both recordings shows that nothing more came. */
static int64_t watched_until(const tw__story *s)
{
    int64_t ahead = tw__path_ahead(s->path) * (s->path->near[TW_OF_SERVER] == s->here ? 1 : -1);
    return MAX(MAX(s->here->until_us, s->here->last_us), MAX(s->there->until_us, s->there->last_us) + ahead);
}

/* The verdict on a handshake that ended by what was made or lost in between; NULL: it may go on. */
static tw_verdict *judge(const tw__story *s)
{
    tw_conn *c = s->here->conn;
    int lane;
    const tw__seen *end = end_at(s, &lane);
    tw_at at = { .frame = 0 };
    if (s->here->withdrawn) {
        c->now->failed = true;
        c->n_failed++;
        return tw__verdict_copy(s->here->withdrawn);
    }
    if (end) {
        at = (tw_at){ .frame = end->frame,
                      .time_us = end->time_us,
                      .dir = lane == TW_OF_CLIENT ? c->client_dir : 1 - c->client_dir };
        return tw__judge_event(c, TW_EVENT_RESET, at, NULL);
    }
    if (s->by->kind != TW_LOST || watched_until(s) - s->here->hello_us < TW_PATIENCE_US)
        return NULL;
    at = (tw_at){ .frame = c->last_frame, .time_us = watched_until(s), .dir = tw__debtor(c) };
    return tw__judge_event(c, TW_EVENT_SILENCE, at, NULL);
}

/* What the other capture alone shows is the verdict here, too. */
static tw_verdict *adopt(const tw__account *here, const tw__account *there)
{
    tw_verdict *v = tw__verdict_copy(there->verdict);
    g_clear_pointer(&v->evidence, tw__evidence_free);
    tw__verdict_adopt(v, there->verdict, there->capture);
    v->frame = here->verdict ? here->verdict->frame : here->last_frame;
    v->trigger = 0;
    v->ordinal = -1;
    v->times = (tw_times){ .frame_us = here->last_us, .hello_us = here->hello_us, .end_us = here->last_us };
    g_clear_pointer(&v->waits_us, g_free);
    if (here->verdict)
        tw__verdict_time_as(v, here->verdict);
    if (!v->server_name && here->verdict && here->verdict->server_name)
        v->server_name = g_ref_string_acquire(here->verdict->server_name);
    return v;
}

/* Words in the clear were changed: the side that got them answers what nobody said. */
static bool is_changed_request(const tw__story *s)
{
    return s->there->verdict && s->there->verdict->cause == TW_CAUSE_STARTTLS_REFUSED && s->by &&
           s->by->kind == TW_ALTERED && (!s->here->verdict || s->here->verdict->cause != TW_CAUSE_STARTTLS_REFUSED);
}

/* What completed the handshake, as this side sees it, never arrived: the other side still waits for it. */
static bool is_incomplete_there(const tw__story *s)
{
    const tw_verdict *there = s->there->verdict;
    return !s->here->verdict && s->here->outcome == TW_COMPLETED && s->by && s->by->kind == TW_LOST &&
           s->path->near[s->by->lane] == s->here && there && tw_cause_get(there->cause)->family == TW_NO_ALERT;
}

static bool is_to_adopt(const tw__story *s)
{
    if (!s->here->conn || !s->there->verdict)
        return false;
    return (s->alert == s->there && (s->by || s->unheard) && !tw__is_by_alert(s->here->verdict)) ||
           is_changed_request(s) || is_incomplete_there(s);
}

/* ---- all ---- */

void tw__elsewhere_give(const tw__account *here, tw_verdict *v, tw__elsewhere_sink *sink)
{
    tw_verdict *before = (tw_verdict *)(uintptr_t)here->verdict;
    for (tw_verdict *notice = here->conn->verdicts; !before && notice; notice = notice->next)
        if (!notice->failure && notice->cause >= TW_N_CAUSES && notice->frame >= here->hello_frame && !notice->next)
            before = notice; /* it says less */
    sink(here->conn, before, v);
    ((tw__account *)(uintptr_t)here)->verdict = v; /* the one before is gone, and a further capture may look at it */
}

bool tw__story_take(const tw__story *s, tw__elsewhere_sink *sink)
{
    const tw__account *here = s->here;
    tw_verdict *v = NULL;
    if (is_to_adopt(s))
        v = adopt(here, s->there);
    else if (here->verdict)
        v = tw__verdict_copy(here->verdict);
    else if (may_be_judged(s))
        v = judge(s);
    if (!v)
        return false;
    v->origin = s->origin;
    if (s->missed || (s->by && (s->by->kind == TW_ALTERED || s->by->unwatched)))
        v->confidence = MIN(v->confidence, TW_LIKELY); /* it rests on what nobody said, or nobody saw */
    tw__story_words(s, v);
    tw__elsewhere_give(here, v, sink);
    return true;
}
