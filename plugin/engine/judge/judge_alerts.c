/* Judging alerts that can be read: does it end the handshake, and is it the failure or its echo. See judge.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/judge_internal.h"

#define LEVEL_FATAL 2

/* RFC 8446 6: in TLS 1.3 the level says nothing, and every alert but these two is an error. Before (RFC 5246
 * 7.2.2) a warning may be ignored, and is. */
static bool ends_the_connection(const tw_conn *c, const tw__alert *a)
{
    if (a->number == TW_ALERT_CLOSE_NOTIFY || a->number == TW_ALERT_USER_CANCELED)
        return false;
    if (tw__is_13(c->now->version))
        return true;
    return a->level == LEVEL_FATAL;
}

/* Early data of a resumption may be answered, and all be said, before the client's Finished comes (RFC 8446 2.3). */
bool tw__has_answered_early(const tw_conn *c)
{
    const tw__handshake *h = c->now;
    const tw__flight *server;
    if (c->client_dir < 0 || !h->early || !h->resumed_hint)
        return false;
    server = &h->flight[1 - c->client_dir];
    return server->n_opaque > 1 ||
           (server->finished_frame && (server->n_opaque || c->side[1 - c->client_dir].n_application));
}

/* Canceling or closing in the middle of a handshake ends it all the same. */
static bool ends_the_handshake(const tw_conn *c, const tw__alert *a)
{
    const tw__handshake *h = c->now;
    bool request =
        c->client_dir == 1 - a->at.dir && !c->n_handshakes && tw__odd_of(c, c->client_dir)->cleartext_frame;
    bool first = h->client_hello_frame && !h->complete && !h->renegotiation && c->established != TW_YES &&
                 !tw__has_answered_early(c);
    if (request && a->number == TW_ALERT_CLOSE_NOTIFY) /* what no TLS asked for is answered so (Tomcat) */
        return true;
    return ends_the_connection(c, a) ||
           (first && (a->number == TW_ALERT_CLOSE_NOTIFY || a->number == TW_ALERT_USER_CANCELED));
}

/* The no_renegotiation that DIR sent in this handshake, or NULL; a client may have asked several times. Once data
 * have flowed again it is history. */
const tw__alert *tw__refusal_of(const tw_conn *c, int dir)
{
    const tw__message *first = c->now->n_messages ? &c->now->messages[0] : NULL;
    const tw__seldom *seldom = tw__seldom_of(c);
    uint32_t begun = c->now->renegotiation && first ? first->at.frame : c->now->client_hello_frame;
    for (unsigned i = 0; i < seldom->n_alerts; i++) {
        const tw__alert *a = &seldom->alerts[i];
        if (a->number == TW_ALERT_NO_RENEGOTIATION && a->at.dir == dir && a->at.frame > begun &&
            a->n_application == c->side[0].n_application + c->side[1].n_application)
            return a;
    }
    return NULL;
}

/* After a no_renegotiation warning its receiver may send a fatal alert: the warning is the failure, the fatal alert
 * only its echo. */
static const tw__alert *the_failure(const tw_conn *c, const tw__alert *last)
{
    const tw__alert *refusal = tw__refusal_of(c, 1 - last->at.dir);
    return refusal ? refusal : last;
}

static tw_text notice_text(const tw__case *k)
{
    if (ends_the_connection(k->conn, k->alert))
        return k->alert->after_peer_fin ? TW_TEXT_NOTICE_REACTION : TW_TEXT_NOTICE_UNASKED;
    if (k->alert->number == TW_ALERT_NO_RENEGOTIATION)
        return TW_TEXT_NOTICE_NO_RENEGOTIATION;
    if (k->alert->number == TW_ALERT_UNRECOGNIZED_NAME && tw_values_get(k->values, "server_name"))
        return TW_TEXT_NOTICE_NAME;
    return TW_TEXT_NOTICE_WARNING;
}

static tw_verdict *notice(tw_conn *c, const tw__alert *a)
{
    tw__case *k;
    tw_cause cause = a->number == TW_ALERT_CLOSE_NOTIFY    ? TW_CAUSE_CLOSED_NORMALLY
                     : a->number == TW_ALERT_USER_CANCELED ? TW_CAUSE_CANCELED_BY_USER
                                                           : TW_N_CAUSES;
    if (c->n_notices >= TW_NOTICES_MAX)
        return NULL;
    k = tw__case_open_notice(c, (tw__event)a->number, a->at, a);
    return tw__judge_notice(c, k, cause, cause < TW_N_CAUSES ? TW_TEXT_NOTICE_TITLE : notice_text(k));
}

/* An alert that comes after the other side's FIN is a reaction (OpenSSL sends 50 then, GnuTLS 10, Java 40): in the
 * handshake the close was the failure, later it is only an abrupt end. */
static tw_verdict *judge_reaction(tw_conn *c, const tw__alert *reaction)
{
    int closer = 1 - reaction->at.dir;
    tw_at at = { .frame = c->side[closer].fin_frame, .time_us = c->side[closer].fin_us, .dir = closer };
    const tw__alert *refusal =
        tw__refusal_of(c, closer); /* Go and NSS decline and close, OpenSSL answers both with 40 */
    if (refusal)
        return tw__judge_event(c, (tw__event)refusal->number, refusal->at, refusal);
    if (!tw__in_handshake(c))
        return notice(c, reaction);
    return at.frame ? tw__judge_event(c, TW_EVENT_CLOSE, at, NULL) : tw__note_gap(c, TW_EVENT_CLOSE, reaction->at);
}

/* Whether DIR has sent anything, be it that its bytes were only acknowledged. */
static bool has_spoken(const tw_conn *c, int dir)
{
    return c->side[dir].n_records || tw__odd_of(c, dir)->cleartext_frame || c->begins_inside ||
           (c->flow && tw__flow_lacks(&c->flow[dir]));
}

/* A client that only connects and closes is a probe; the server's alert at that refuses nothing. */
static bool answers_nothing(const tw_conn *c, const tw__alert *a)
{
    return c->initiator_dir == 1 - a->at.dir && !has_spoken(c, 1 - a->at.dir);
}

/* The capture begins with an alert that libraries also send upon the FIN of a peer that said nothing. */
static bool may_answer_nothing(const tw_conn *c, const tw__alert *a)
{
    static const uint8_t upon_fin[] = { TW_ALERT_UNEXPECTED_MESSAGE, TW_ALERT_HANDSHAKE_FAILURE,
                                        TW_ALERT_DECODE_ERROR }; /* GnuTLS, Java, OpenSSL */
    return c->carrier == TW_CARRIER_TCP && c->initiator_dir < 0 && !c->now->n_messages &&
           !has_spoken(c, 1 - a->at.dir) && memchr(upon_fin, a->number, sizeof upon_fin);
}

/* These say of anything that it is wrong; all others speak of the handshake. */
static bool is_of_handshake(const tw__alert *a)
{
    static const uint8_t anything[] = { TW_ALERT_UNEXPECTED_MESSAGE, TW_ALERT_BAD_RECORD_MAC,
                                        TW_ALERT_DECRYPTION_FAILED,  TW_ALERT_RECORD_OVERFLOW,
                                        TW_ALERT_HANDSHAKE_FAILURE,  TW_ALERT_ILLEGAL_PARAMETER,
                                        TW_ALERT_DECODE_ERROR,       TW_ALERT_DECRYPT_ERROR,
                                        TW_ALERT_INTERNAL_ERROR };
    return !memchr(anything, a->number, sizeof anything);
}

/* Whether what the capture lacks decides what ALERT answers: in the clear it comes before its sender's ChangeCipherSpec;
 * in a session it may be a reaction to an end that is missing. */
static bool hangs_in_the_air(const tw_conn *c, const tw__alert *a)
{
    const tw__handshake *h = c->now;
    bool in_the_clear = !h->flight[a->at.dir].ccs_frame && !tw__is_13(h->version) && !h->renegotiation;
    if (tw__gap_of(c) == TW_N_TEXTS)
        return false;
    if (h->complete)
        return c->flow && tw__flow_lacks(&c->flow[1 - a->at.dir]) && ends_the_connection(c, a) && !is_of_handshake(a);
    if (!ends_the_connection(c, a))
        return true;
    if (is_of_handshake(a))
        return false;
    return !in_the_clear || (tw__conn_side(c, a->at.dir) == TW_SERVER && !h->server_hello_frame);
}

/* DTLS: what DIR answers is not all there. Its own records have gaps in their numbers; a side encrypts after its
 * ChangeCipherSpec, and nobody sends that without a Finished. The handshake may have completed in what is missing. */
bool tw__lacks_flight(const tw_conn *c, int dir)
{
    const tw__flight *peer = &c->now->flight[1 - dir];
    if (!c->datagram || c->now->renegotiation)
        return false;
    return tw__conn_lacks_records(c, 0) || tw__conn_lacks_records(c, 1) ||
           (peer->ccs_frame && !peer->n_opaque && !peer->finished_frame);
}

/* A close behind bytes that are missing: they may hold what it closes for, a fatal alert or a user_canceled. */
static bool closes_behind_hole(const tw_conn *c, const tw__alert *a)
{
    return a->number == TW_ALERT_CLOSE_NOTIFY && (tw__lacks_flight(c, a->at.dir) || tw__has_hole(c, a->at.dir));
}

/* Who says no word of TLS is objected to for that, and not for its close. */
static bool answers_words(const tw_conn *c, const tw__alert *a)
{
    int other = 1 - a->at.dir;
    return tw__odd_of(c, other)->cleartext_frame && !c->side[other].n_records && ends_the_connection(c, a);
}

tw_verdict *tw__judge_alert(tw_conn *c, const tw__alert *a)
{
    tw_verdict *v;
    if (c->now->failed)
        return NULL;
    if (!ends_the_handshake(c, a) || answers_nothing(c, a))
        return notice(c, a);
    if (may_answer_nothing(c, a) || hangs_in_the_air(c, a) || closes_behind_hole(c, a))
        return tw__note_gap(c, (tw__event)a->number, a->at);
    if (a->after_peer_fin && !answers_words(c, a))
        return judge_reaction(c, a);
    if (a->number != TW_ALERT_CLOSE_NOTIFY && a->number != TW_ALERT_USER_CANCELED &&
        (v = tw__judge_giving_up(c, a->at)))
        return v;
    a = the_failure(c, a);
    return tw__judge_event(c, (tw__event)a->number, a->at, a);
}
