/* Who goes on has not ended: a verdict that says so is withdrawn. See judge.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection/record_sizes.h"
#include "judge/judge_internal.h"

/* A readable alert says what it says, whatever follows; and what is sent in the clear, or said in the session, ends
 * nothing. */
static bool is_of_an_end(const tw_verdict *v)
{
    return v->failure && v->alert < 0 && v->sender != TW_SIDE_UNKNOWN &&
           (v->encrypted || v->cause == TW_CAUSE_CLOSED_IN_HANDSHAKE || v->cause == TW_CAUSE_RESET_IN_HANDSHAKE ||
            v->cause == TW_CAUSE_CLOSED_AFTER_CLIENT_HELLO || v->cause == TW_CAUSE_RESET_AFTER_CLIENT_HELLO);
}

/* An alert may be followed by another one: a close_notify behind a fatal one. */
static bool may_be_alert(const tw_conn *c, uint8_t type, uint32_t length)
{
    return type == TW_CT_ALERT || (tw__is_13(c->now->version) && tw__is_alert_size(c->now->suite, length));
}

tw_verdict *tw__judge_going_on(tw_conn *c, const tw_verdict *v, tw_at at, uint8_t type, uint32_t length,
                               const tw_settings *settings)
{
    if (!c->flow || !is_of_an_end(v) || at.dir != tw__conn_dir(c, v->sender) || at.frame <= v->frame ||
        may_be_alert(c, type, length) || type == TW_CT_CCS || !c->now->failed || c->n_notices == TW_NOTICES_MAX)
        return NULL;
    c->now->failed = false;
    c->n_failed -= c->n_failed > 0;
    return tw__judge_notice(
        c, tw__case_open_notice(c, TW_EVENT_CLOSE, (tw_at){ v->frame, at.time_us, at.dir }, NULL, settings),
        TW_N_CAUSES, TW_TEXT_NOTICE_WENT_ON);
}
