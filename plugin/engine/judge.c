/* Judging an alert: does it end the handshake, which event is the failure, which rule holds. See verdict.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict_internal.h"

#define LEVEL_WARNING 1
#define LEVEL_FATAL 2

enum { CLOSE_NOTIFY = 0, USER_CANCELED = 90, NO_RENEGOTIATION = 100, UNRECOGNIZED_NAME = 112 };

/* RFC 8446 6: in TLS 1.3 the level says nothing, and every alert but these two is an error. Before (RFC 5246
 * 7.2.2) a warning may be ignored, and is. */
static bool ends_the_connection(const tw_conn *c, const tw_alert *a)
{
    if (a->number == CLOSE_NOTIFY || a->number == USER_CANCELED)
        return false;
    if (tw_is_13(c->now->version))
        return true;
    return a->level == LEVEL_FATAL;
}

/* Canceling or closing in the middle of a handshake ends it all the same. */
static bool ends_the_handshake(const tw_conn *c, const tw_alert *a)
{
    const tw_handshake *h = c->now;
    bool in_handshake = h->client_hello_frame && !h->complete && !h->renegotiation && c->established != TW_YES;
    return ends_the_connection(c, a) || (in_handshake && (a->number == CLOSE_NOTIFY || a->number == USER_CANCELED));
}

/* Who is told by a warning that there will be no renegotiation may end with a fatal alert of its own: the
 * refusal is the failure, the fatal alert only its echo. */
static const tw_alert *the_failure(const tw_conn *c, const tw_alert *last)
{
    for (unsigned i = 0; i < c->n_alerts; i++) {
        const tw_alert *a = &c->alerts[i];
        if (a != last && a->number == NO_RENEGOTIATION && a->at.dir != last->at.dir)
            return a;
    }
    return last;
}

static tw_text notice_text(const tw_case *k)
{
    if (k->alert->after_peer_fin && ends_the_connection(k->conn, k->alert))
        return TW_TEXT_NOTICE_REACTION;
    if (k->alert->number == NO_RENEGOTIATION)
        return TW_TEXT_NOTICE_NO_RENEGOTIATION;
    if (k->alert->number == UNRECOGNIZED_NAME && tw_values_get(k->values, "server_name"))
        return TW_TEXT_NOTICE_NAME;
    return TW_TEXT_NOTICE_WARNING;
}

static tw_verdict *notice(tw_conn *c, const tw_alert *a, const tw_settings *settings)
{
    tw_case *k = tw_case_open(c, a->at, a, settings);
    tw_cause cause = a->number == CLOSE_NOTIFY    ? TW_CAUSE_CLOSED_NORMALLY
                     : a->number == USER_CANCELED ? TW_CAUSE_CANCELED_BY_USER
                                                  : TW_N_CAUSES;
    tw_verdict *v = tw_verdict_notice(k, cause, notice_text(k));
    tw_case_close(k);
    return v;
}

static tw_verdict *first_rule_that_holds(const tw_case *k)
{
    for (unsigned i = 0; i < tw_n_rules; i++) {
        const tw_rule *rule = &tw_rules[i];
        tw_finding f;
        tw_verdict *v = NULL;
        if (!tw_rule_applies(rule, k->sender, k->phase, k->alert ? k->alert->number : -1))
            continue;
        tw_finding_init(&f, k, rule->confidence);
        if (!rule->check || rule->check(k, rule->arg, &f))
            v = tw_verdict_from_rule(k, rule, &f);
        tw_finding_clear(&f);
        if (v)
            return v;
    }
    g_assert_not_reached(); /* the last row holds always */
}

static tw_verdict *judge(tw_conn *c, tw_at at, const tw_alert *a, const tw_settings *settings)
{
    tw_case *k = tw_case_open(c, at, a, settings);
    tw_verdict *v = first_rule_that_holds(k);
    tw_case_close(k);
    c->now->failed = true;
    c->n_failed += v->failure;
    return v;
}

/* An alert that comes after the other side's FIN is a reaction (OpenSSL sends 50 then, GnuTLS 10, Java 40): in the
 * handshake the close was the failure, later it is only an abrupt end. */
static tw_verdict *judge_close(tw_conn *c, const tw_alert *reaction, const tw_settings *settings)
{
    int closer = 1 - reaction->at.dir;
    tw_at at = { c->side[closer].fin_frame, c->side[closer].fin_us, closer };
    if (c->client_dir >= 0 && !c->now->complete && c->now->client_hello_frame)
        return judge(c, at, NULL, settings);
    return notice(c, reaction, settings);
}

tw_verdict *tw_judge_alert(tw_conn *c, const tw_alert *a, const tw_settings *settings)
{
    if (c->now->failed)
        return NULL;
    if (!ends_the_handshake(c, a))
        return notice(c, a, settings);
    if (a->after_peer_fin)
        return judge_close(c, a, settings);
    a = the_failure(c, a);
    return judge(c, a->at, a, settings);
}
