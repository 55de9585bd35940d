/* Words in the clear. See tell_cleartext.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/tell_cleartext.h"

#include "capture/capture_internal.h"
#include "judge/judge.h"

void tw__tell_cleartext(tw_conn *c, tw_at at, const uint8_t *bytes, size_t len)
{
    tw__conn_cleartext(c, at, bytes, len);
    tw__publish(c, tw__judge_cleartext(c, at, &c->context->settings));
}

void tw__tell_answer_to_cleartext(tw_conn *c, tw_at at)
{
    tw__publish(c, tw__judge_answer_to_cleartext(c, at, &c->context->settings));
}

void tw__tell_closed_on_cleartext(tw_conn *c, tw_at at, bool reset, bool tls_port)
{
    tw__publish(c, tw__judge_closed_on_cleartext(c, at, reset, tls_port, &c->context->settings));
}

void tw__tell_declined(tw_conn *c, tw_at at)
{
    tw__publish(c, tw__judge_declined(c, at, &c->context->settings));
}
