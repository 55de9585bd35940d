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

/* DTLS: datagrams may be recorded in another order than they were sent in. The other side's Finished behind an alert that
 * cannot be read shows that this handshake was completed there, before the alert or in spite of it. */
static bool completes_behind(const tw_conn *c, const tw_verdict *v, tw_at at, uint8_t type)
{
    return c->datagram && v->encrypted && at.dir == 1 - tw__conn_dir(c, v->sender) && type == TW_CT_HANDSHAKE &&
           c->now->flight[at.dir].ccs_frame;
}

static bool goes_on(const tw_conn *c, const tw_verdict *v, tw_at at, uint8_t type, uint32_t length)
{
    return c->flow && at.dir == tw__conn_dir(c, v->sender) && !may_be_alert(c, type, length) && type != TW_CT_CCS;
}

tw_verdict *tw__judge_going_on(tw_conn *c, const tw_verdict *v, tw_at at, uint8_t type, uint32_t length)
{
    if (!is_of_an_end(v) || at.frame <= v->frame || !c->now->failed || c->n_notices >= TW_NOTICES_MAX ||
        !(goes_on(c, v, at, type, length) || completes_behind(c, v, at, type)))
        return NULL;
    c->now->failed = false;
    c->n_failed -= c->n_failed > 0;
    return tw__judge_notice(c,
                            tw__case_open_notice(c, TW_EVENT_CLOSE,
                                                 (tw_at){ .frame = v->frame, .time_us = at.time_us, .dir = at.dir },
                                                 NULL),
                            TW_N_CAUSES, TW_TEXT_NOTICE_WENT_ON);
}
