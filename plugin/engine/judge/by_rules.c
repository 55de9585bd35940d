/* What every judgement comes down to: a case, the first rule that holds, a verdict. See judge_internal.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compare/contrast.h"
#include "judge/judge_internal.h"
#include "verdict/verdict_internal.h"

tw_verdict *tw__judge_notice(tw_conn *c, tw__case *k, tw_cause cause, tw_text text)
{
    tw_verdict *v = tw__verdict_notice(k, cause, text);
    if (++c->n_notices == TW_NOTICES_MAX)
        tw__verdict_say_last(v, TW_NOTICES_MAX);
    tw__case_close(k);
    return v;
}

tw_verdict *tw__end_notice(tw_conn *c, tw__event event, tw_at at, tw_cause cause, tw_text text)
{
    if (c->n_notices >= TW_NOTICES_MAX)
        return NULL;
    return tw__judge_notice(c, tw__case_open_notice(c, event, at, NULL), cause, text);
}

tw_verdict *tw__judge_by_rules(const tw__case *k, tw_confidence most)
{
    tw__rule_place at = { 0 };
    const tw__rule *rule;
    while ((rule = tw__rule_next(&at, k->sender, k->phase, k->event))) {
        tw__finding f;
        tw_verdict *v = NULL;
        tw__finding_init(&f, k, rule->arg, MIN(rule->confidence, most));
        if (!rule->check || rule->check(&f))
            v = tw__verdict_from_rule(rule, &f);
        tw__finding_clear(&f);
        if (v)
            return v;
    }
    g_assert_not_reached(); /* the last row holds always */
}

tw_verdict *tw__judge_case(tw_conn *c, tw__case *k, tw_confidence most)
{
    tw_verdict *v = tw__judge_by_rules(k, most);
    c->now->failed = true;
    if (++c->n_judged == TW_FAILURES_MAX)
        tw__verdict_say_last(v, TW_FAILURES_MAX);
    tw__contrast_failed(c->context->contrast, k, v);
    tw__case_close(k);
    c->n_failed += v->failure;
    return v;
}

tw_verdict *tw__judge_event(tw_conn *c, tw__event event, tw_at at, const tw__alert *a)
{
    c->now->failed = true;
    if (c->n_judged == TW_FAILURES_MAX)
        return NULL;
    return tw__judge_case(c, tw__case_open(c, event, at, a), TW_PROVEN);
}

bool tw__in_handshake(const tw_conn *c)
{
    const tw__handshake *h = c->now;
    return c->client_dir >= 0 && !h->failed && !h->complete &&
           (h->client_hello_frame || (h->renegotiation && !c->begins_inside));
}
