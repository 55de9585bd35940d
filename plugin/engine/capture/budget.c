/* How much is kept of the connections that are open at one time. See capture_internal.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/capture_internal.h"
#include "judge/judge.h"

void tw__begin_keeping(tw_conn *c)
{
    g_queue_push_tail(&tw__capture_of(c)->open, c);
    c->open = tw__capture_of(c)->open.tail;
}

void tw__stop_keeping(tw_conn *c)
{
    tw_capture *capture = tw__capture_of(c);
    tw__conn_release_messages(c);
    capture->open_bytes -= c->budgeted;
    c->budgeted = 0;
    if (c->open)
        g_queue_delete_link(&capture->open, c->open);
    c->open = NULL;
}

/* Whether what still comes on C, which was over long ago, can change nothing: all that is said of it is that its handshake
 * was good, and perhaps how it ended. */
static bool may_go(const tw_conn *c)
{
    const tw__seldom *seldom = tw__seldom_of(c);
    return tw__conn_is_over(c) && c->flow && c->now->complete && tw_conn_outcome(c) == TW_COMPLETED && !c->open &&
           !seldom->inner && !seldom->outer;
}

/* What comes late, comes soon: segments of a connection that was over before many others are no longer waited for. */
static void note_closed(tw_conn *c)
{
    tw_capture *capture = tw__capture_of(c);
    tw_conn **place = &capture->closed[capture->n_closed % TW_CLOSED_MAX], *before = *place;
    if (c->closed)
        return;
    if (before)
        before->closed = false;
    if (before && may_go(before))
        tw__conn_leave(before);
    c->closed = true;
    *place = c;
    capture->n_closed++;
}

void tw__forget_closed(tw_capture *capture, GHashTable *conns)
{
    for (unsigned i = 0; i < TW_CLOSED_MAX; i++)
        if (g_hash_table_contains(conns, capture->closed[i]))
            capture->closed[i] = NULL;
}

void tw__enforce_budget(tw_conn *c)
{
    tw_capture *capture = tw__capture_of(c);
    size_t kept = tw__conn_kept_bytes(c);
    if (tw__conn_is_over(c)) {
        tw_tell_over(c);
        note_closed(c);
        return;
    }
    capture->open_bytes += kept - c->budgeted;
    c->budgeted = (uint32_t)kept; /* TW_HANDSHAKE_MAX_BYTES, twice at most */
    if (kept && !c->open)
        tw__begin_keeping(c); /* a new handshake */
    while (capture->open.length > TW_OPEN_MAX ||
           (capture->open_bytes > TW_OPEN_MAX_BYTES && capture->open.length > 1))
        tw__stop_keeping(capture->open.head->data);
}
