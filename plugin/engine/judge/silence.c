/* Judging silence. See judge.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/judge_internal.h"
#include "verdict/verdict_internal.h"

static int64_t client_patience(const tw__context *context)
{
    return context->settings.client_patience_us ? context->settings.client_patience_us : TW_CLIENT_PATIENCE_US;
}

static tw_verdict *judge_no_answer(tw_conn *c, int64_t until_us)
{
    tw_at at = { .frame = c->now->client_hello_frame, .time_us = until_us, .dir = 1 - c->client_dir };
    return tw__judge_event(c, TW_EVENT_SILENCE, at, NULL);
}

/* Whether the server has said nothing at all to the ClientHello. */
static bool is_unanswered(const tw_conn *c)
{
    return c->now->client_hello_frame && !c->now->renegotiation && !c->side[1 - c->client_dir].n_records &&
           !tw__conn_has_answered_plainly(c);
}

/* The server spoke before the ClientHello, and not since. */
static bool has_only_greeted(const tw_conn *c)
{
    uint32_t words_frame;
    if (!c->now->client_hello_frame || c->now->renegotiation || c->side[1 - c->client_dir].n_records || c->indirect)
        return false;
    words_frame = tw__odd_of(c, 1 - c->client_dir)->cleartext_frame;
    return words_frame && words_frame < c->now->client_hello_frame;
}

tw_verdict *tw__judge_giving_up(tw_conn *c, tw_at at)
{
    if (c->client_dir < 0 || at.dir != c->client_dir || !is_unanswered(c) ||
        at.time_us - c->now->client_hello_us < client_patience(c->context))
        return NULL;
    return judge_no_answer(c, at.time_us);
}

/* The answer was on its way: the client has acknowledged nothing of it. Words without TLS may have been there before. */
static bool is_answer_crossing(const tw_conn *c)
{
    const tw__flow *server = c->flow ? &c->flow[1 - c->client_dir] : NULL;
    if (tw__odd_of(c, 1 - c->client_dir)->cleartext_frame)
        return false; /* what was said before has come, and stands for an answer */
    return server && c->now->client_hello_frame && !c->now->renegotiation && server->placed &&
           (int32_t)(server->acked - c->now->answer_from) <= 0;
}

/* The client's FIN was recorded before the rest of its ClientHello, which lies before it in the stream: whatever ends the
 * connection later, the client had left. */
static bool has_left_with_hello(const tw_conn *c)
{
    uint32_t fin = c->client_dir >= 0 && c->flow ? c->side[c->client_dir].fin_frame : 0;
    return fin && fin < c->now->client_hello_frame && !c->now->renegotiation;
}

bool tw__leaves_early(const tw_conn *c, tw_at at)
{
    if (has_left_with_hello(c))
        return true;
    return c->client_dir >= 0 && at.dir == c->client_dir && !tw__quic_of(c) && !c->datagram &&
           (is_unanswered(c) || is_answer_crossing(c)) &&
           at.time_us - c->now->client_hello_us < client_patience(c->context);
}

/* On the server's alert A, which the client that left at LEFT_US did not wait for. */
static tw_verdict *note_crossing(tw_conn *c, const tw__alert *a, int64_t left_us)
{
    tw__case *k;
    if (c->n_notices >= TW_NOTICES_MAX)
        return NULL;
    k = tw__case_open_notice(c, (tw__event)a->number, a->at, a);
    tw_values_set_duration(k->values, "after", left_us - c->now->client_hello_us);
    return tw__judge_notice(c, k, TW_N_CAUSES, TW_TEXT_NOTICE_LEFT_CROSSING);
}

tw_verdict *tw__judge_crossing(tw_conn *c, const tw_verdict *v, tw_at at)
{
    const tw__seldom *seldom = tw__seldom_of(c);
    const tw__alert *a = seldom->n_alerts ? &seldom->alerts[seldom->n_alerts - 1] : NULL;
    if (!a || !v->failure || v->alert != a->number || v->frame != a->at.frame || a->at.dir == c->client_dir ||
        !tw__leaves_early(c, at))
        return NULL;
    return note_crossing(c, a, at.time_us);
}

tw_verdict *tw__note_leaving(tw_conn *c, tw__event event, tw_at at)
{
    tw__case *k;
    c->now->failed = true; /* there is nothing more to judge */
    if (has_left_with_hello(c))
        at.time_us = c->now->client_hello_us;
    if (c->n_notices >= TW_NOTICES_MAX)
        return NULL;
    k = tw__case_open_notice(c, event, at, NULL);
    tw_values_set_duration(k->values, "after", at.time_us - c->now->client_hello_us);
    return tw__judge_notice(c, k, TW_N_CAUSES, TW_TEXT_NOTICE_LEFT_EARLY);
}

/* What tw__judge_end() said of a client that left before it was answered. */
static bool is_of_leaving(const tw_conn *c, const tw_verdict *v)
{
    return v->sender == TW_CLIENT && v->alert < 0 && v->frame == c->side[c->client_dir].fin_frame &&
           (v->cause == TW_CAUSE_CLOSED_IN_HANDSHAKE || v->cause == TW_N_CAUSES);
}

tw_verdict *tw__judge_crossed(tw_conn *c, const tw_verdict *v, const tw__alert *a)
{
    const tw__direction *client = &c->side[MAX(c->client_dir, 0)];
    bool left = c->client_dir >= 0 && v->cause == TW_N_CAUSES && is_of_leaving(c, v);
    if (!left || a->at.dir == c->client_dir || a->number == TW_ALERT_CLOSE_NOTIFY || c->now->server_hello_frame)
        return NULL;
    return note_crossing(c, a, client->fin_us);
}

bool tw__may_be_unheard(const tw_conn *c)
{
    const tw__tcp *client, *server;
    if (c->client_dir < 0 || !c->side[c->client_dir].fin_frame || !tw__conn_is_watched(c) || !is_unanswered(c) ||
        tw__gap_of(c) != TW_N_TEXTS)
        return false;
    client = &c->tcp[c->client_dir];
    server = &c->tcp[1 - c->client_dir];
    return !client->partial && !server->n_payload && !tw__tcp_acknowledged(client, server);
}

tw_verdict *tw__judge_unheard(tw_conn *c, const tw_verdict *v)
{
    const tw__tcp *client = &c->tcp[MAX(c->client_dir, 0)];
    tw_verdict *again;
    tw__case *k;
    if (!tw__may_be_unheard(c) || !is_of_leaving(c, v) || !client->n_repeated ||
        client->last.time_us - c->now->client_hello_us < tw__patience(c->context))
        return NULL;
    k = tw__case_open(c, TW_EVENT_SILENCE,
                      (tw_at){ .frame = v->frame, .time_us = client->last.time_us, .dir = 1 - c->client_dir }, NULL);
    again = tw__judge_by_rules(k, TW_PROVEN);
    tw__case_close(k);
    return again;
}

/* DTLS: the client sends its hello with the cookie again and again (RFC 6347 4.2.4), and has no answer to any. */
static bool is_repeated_in_vain(const tw_conn *c)
{
    const tw__handshake *h = c->now;
    const tw__message *last = h->n_messages ? &h->messages[h->n_messages - 1] : NULL;
    return c->datagram && h->retry_frame && !h->server_hello_frame && last && last->at.dir == c->client_dir &&
           last->type == TW_HS_CLIENT_HELLO && c->last_frame > last->at.frame;
}

#define IN_VAIN 3 /* times that something is sent again before its receiver is known not to answer it */

/* When direction DIR, which is to be answered, last said what it said at FROM_US: what was lost on its way cannot have been
 * answered. Sent again and again, it counts from its first time. */
static int64_t asked_us(const tw_conn *c, int dir, int64_t from_us)
{
    const tw__tcp *p = &c->tcp[dir];
    return p->n_stuck && p->n_stuck < IN_VAIN ? MAX(from_us, p->stuck_us) : from_us;
}

/* Whether the silence after the last handshake message is one that a verdict may be built on. */
static bool has_stalled(const tw_conn *c, int64_t end_us)
{
    const tw__handshake *h = c->now;
    int64_t since_us = is_repeated_in_vain(c) ? h->client_hello_us : c->last_us;
    if (!h->n_messages || (!h->server_hello_frame && !h->retry_frame) ||
        end_us - asked_us(c, 1 - tw__debtor(c), since_us) < tw__patience(c->context))
        return false;
    /* DTLS 1.3: the client's Finished or its alert, which looks the same here */
    return c->now->version != TW_DTLS13 || !c->now->flight[c->client_dir].n_opaque;
}

/* For so long that one would have come. */
static bool lacks_answer(const tw_conn *c, int64_t end_us)
{
    return (is_unanswered(c) || has_only_greeted(c)) &&
           end_us - asked_us(c, c->client_dir, c->now->client_hello_us) >= tw__patience(c->context);
}

tw_verdict *tw__judge_silence(tw_conn *c, int64_t end_us)
{
    bool ended = c->side[0].fin_frame || c->side[1].fin_frame || c->side[0].rst_frame || c->side[1].rst_frame;
    bool no_answer;
    if (tw__quic_of(c))
        return tw__judge_quic_silence(c, end_us);
    if (tw__is_unopened(c))
        return NULL;
    if (c->suspect.frame && (ended || !tw__in_handshake(c) || end_us - c->last_us < tw__patience(c->context)))
        return ended ? tw__judge_suspect(c, TW_LIKELY) : NULL;
    if (c->suspect.frame) /* nobody goes on, and nobody ends */
        return tw__judge_suspect(c, TW_POSSIBLE);
    if (!tw__in_handshake(c) || c->now->renegotiation || ended)
        return NULL;
    if (tw__gap_of(c) != TW_N_TEXTS)
        return tw__note_gap(c, TW_EVENT_SILENCE,
                            (tw_at){ .frame = c->last_frame, .time_us = end_us, .dir = c->client_dir });
    no_answer = lacks_answer(c, end_us);
    if (!no_answer && !has_stalled(c, end_us))
        return NULL;
    if (tw__is_filtered(c))
        return tw__note_filtered(c, end_us);
    if (no_answer)
        return judge_no_answer(c, end_us);
    return tw__judge_event(c, TW_EVENT_SILENCE,
                           (tw_at){ .frame = c->last_frame, .time_us = end_us, .dir = tw__debtor(c) }, NULL);
}
