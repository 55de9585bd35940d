/* Judging ends: a close, a reset, EAP's failure. See judge.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/judge_internal.h"
#include "connection/record_sizes.h"
#include "tls/libraries.h"

/* NSS checks the certificate beside the handshake, and rejects it when both Finished are through (TLS 1.2: by an alert
 * that cannot be read). A close_notify looks the same, but a client that closes is done with the connection, and
 * closes it or reads on to its end; one that rejects resets it when the server's data come in. */
static bool is_late_rejection(const tw_conn *c, tw_at at, bool reset)
{
    const tw__handshake *h = c->now;
    const tw__direction *client = &c->side[at.dir];
    return reset && h->complete && !h->failed && !h->number && !tw__is_13(h->version) && at.dir == c->client_dir &&
           client->hidden_alert_frame && !client->fin_frame && !client->application_frame &&
           tw__gap_of(c) == TW_N_TEXTS;
}

/* Only where the certificate has a fault and this client's library rejects late: otherwise the client closed without
 * having read everything. */
static bool may_reject_late(const tw__case *k)
{
    static const tw__fault_kind kinds[] = { TW_FAULT_MALFORMED,     TW_FAULT_BAD_CA,       TW_FAULT_EXPIRED,
                                            TW_FAULT_NOT_YET_VALID, TW_FAULT_WRONG_USAGE,  TW_FAULT_SELF_SIGNED,
                                            TW_FAULT_NAME_MISMATCH, TW_FAULT_BAD_SIGNATURE };
    const tw__library *library = tw__library_of(k->client_hello);
    if (!library || !library->rejects_late)
        return false;
    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (tw__case_fault(k, TW_SERVER, kinds[i]))
            return true;
    return false;
}

static tw_verdict *judge_late_rejection(tw_conn *c, tw_at at)
{
    tw__case *k;
    if (c->n_judged == TW_FAILURES_MAX)
        return NULL;
    at.frame = c->side[at.dir].hidden_alert_frame;
    k = tw__case_open(c, TW_EVENT_ENCRYPTED, at, NULL);
    if (may_reject_late(k))
        return tw__judge_case(c, k, TW_POSSIBLE);
    tw__case_close(k);
    return NULL;
}

static bool has_notified(const tw_conn *c, int dir)
{
    const tw__direction *d = &c->side[dir];
    return d->close_notify_frame || d->n_hidden_alerts ||
           (tw__is_13(c->version) && d->last_opaque && tw__is_alert_size(c->now->suite, d->last_opaque));
}

/* Whether AT ends the session without a close_notify, and before the other side did. */
static bool is_session_without_notify(const tw_conn *c, tw_at at)
{
    const tw__handshake *h = c->now;
    const tw__direction *other = &c->side[1 - at.dir];
    return !tw__quic_of(c) && c->client_dir >= 0 && h->complete && !h->failed && !other->fin_frame &&
           !other->rst_frame && tw__is_first_end(c, at) && !c->side[at.dir].end_lost && tw__gap_of(c) == TW_N_TEXTS &&
           !has_notified(c, at.dir) && !has_notified(c, 1 - at.dir);
}

/* Without keys the alerts of TLS 1.3 look like data, and padding (RFC 8446 5.4) may hide their size. */
static tw_confidence certainty_of_silence(const tw_conn *c, tw_at at)
{
    return tw__is_13(c->version) && c->side[at.dir].last_opaque ? TW_LIKELY : TW_PROVEN;
}

static tw_verdict *note_end_of_session(tw_conn *c, tw__event event, tw_at at)
{
    bool silent = is_session_without_notify(c, at);
    tw_verdict *v = NULL;
    if (tw__is_first_end(c, at) && !c->side[at.dir].end_lost && tw__gap_of(c) == TW_N_TEXTS)
        v = tw__note_leaving_after(c, event, at, silent);
    if (!v && silent)
        v = tw__end_notice(c, event, at, TW_CAUSE_CLOSED_WITHOUT_NOTIFY, TW_TEXT_NOTICE_TITLE);
    if (v && v->cause == TW_CAUSE_CLOSED_WITHOUT_NOTIFY)
        v->confidence = certainty_of_silence(c, at);
    return v;
}

/* Whether the end AT shows that the record under suspicion was a fatal alert. */
static bool ends_suspect(tw_conn *c, tw_at at, bool reset)
{
    if (!c->suspect.frame || !c->now->renegotiation)
        return at.dir == c->suspect.dir || reset || tw__in_handshake(c) || !tw__is_13(c->now->version);
    if (at.dir != c->suspect.dir)
        return true;
    c->now->failed = true; /* its sender is done with the session, as far as can be told */
    c->suspect.frame = 0;
    return false;
}

/* Where Wireshark has skipped segments it cannot decrypt what follows, be the keys there or not: the closer's last records
 * of TLS 1.3 may say that it cancels. */
static bool hides_reason(const tw_conn *c, int dir)
{
    return c->flow && (c->flow[0].skipped || c->flow[1].skipped) && tw__is_13(c->now->version) &&
           c->now->flight[dir].n_opaque;
}

tw_verdict *tw__judge_end(tw_conn *c, tw_at at, bool reset)
{
    const tw__alert *refusal;
    tw__event event = reset ? TW_EVENT_RESET : TW_EVENT_CLOSE;
    tw_verdict *v;
    if (tw__is_unopened(c))
        return NULL;
    /* bytes that are missing before its end were sent behind the record: it was not the last one */
    if (!c->side[at.dir].end_lost && ends_suspect(c, at, reset) && (v = tw__judge_suspect(c, TW_LIKELY)))
        return v;
    if ((v = tw__judge_dropping(c, at)))
        return v;
    if (is_late_rejection(c, at, reset) && (v = judge_late_rejection(c, at)))
        return v;
    if (!tw__in_handshake(c) || tw__has_answered_early(c))
        return note_end_of_session(c, event, at);
    if (tw__gap_of(c) != TW_N_TEXTS || c->side[at.dir].end_lost || hides_reason(c, at.dir))
        return tw__note_gap(c, event, at);
    if (tw__leaves_early(c, at))
        return tw__note_leaving(c, event, at);
    refusal = tw__refusal_of(c, 1 - at.dir);
    if (!refusal)
        refusal = tw__refusal_of(c, at.dir); /* the side that declines may close as well */
    if (refusal)
        return tw__judge_event(c, (tw__event)refusal->number, refusal->at, refusal);
    v = tw__judge_giving_up(c, at);
    return v ? v : tw__judge_event(c, event, at, NULL);
}

tw_verdict *tw__judge_eap_failure(tw_conn *c, tw_at at, bool commitment)
{
    bool owed = commitment && c->now->complete && !c->now->failed && tw__is_13(c->now->version) &&
                c->client_dir >= 0 && !c->side[at.dir].n_application;
    if (!tw__in_handshake(c) && !owed)
        return NULL;
    if (at.dir == c->client_dir)
        return NULL;
    return tw__judge_event(c, TW_EVENT_FAILURE, at, NULL);
}
