/* Who caused an end, by two points of a path. See elsewhere.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "elsewhere/elsewhere.h"

static tw_origin origin_of(tw_side side)
{
    return side == TW_CLIENT ? TW_ORIGIN_CLIENT : side == TW_SERVER ? TW_ORIGIN_SERVER : TW_ORIGIN_UNKNOWN;
}

static int lane_of(tw_side side)
{
    return side == TW_SERVER ? TW_OF_SERVER : TW_OF_CLIENT;
}

static bool is_by_alert(const tw_verdict *v)
{
    return v->alert >= 0 || v->encrypted;
}

/* The account near a side whose verdict is by an alert of that side. */
static const tw__account *own_alert(const tw__path *p)
{
    for (tw_side side = TW_CLIENT; side <= TW_SERVER; side++) {
        const tw__account *a = p->near[lane_of(side)];
        if (a->verdict && a->verdict->sender == side && is_by_alert(a->verdict))
            return a;
    }
    return NULL;
}

/* When the verdict of A was, by the client's clock. */
static int64_t when(const tw__path *p, const tw__account *a)
{
    int64_t us = a->verdict->times.frame_us;
    return a == p->near[TW_OF_SERVER] ? us - tw__path_ahead(p) : us;
}

static const tw__difference *first_of(const tw__story *s, unsigned kinds)
{
    for (unsigned i = 0; i < s->n; i++)
        if (kinds & 1u << s->differences[i].kind)
            return &s->differences[i];
    return NULL;
}

/* Of ends made in between, the one that came to HERE: its verdict is by that one. */
static const tw__difference *made_for(const tw__story *s, const tw__difference *first)
{
    for (unsigned i = 0; first && first->kind == TW_FORGED && i < s->n; i++)
        if (s->differences[i].kind == TW_FORGED && s->path->near[1 - s->differences[i].lane] == s->here)
            return &s->differences[i];
    return first;
}

/* What is lost of the alert's sender. */
static const tw__difference *lost_of(const tw__story *s, int lane)
{
    for (unsigned i = 0; i < s->n; i++)
        if (s->differences[i].kind == TW_LOST && s->differences[i].lane == lane)
            return &s->differences[i];
    return NULL;
}

static void blame_between(tw__story *s, const tw__difference *by)
{
    s->origin = TW_ORIGIN_BETWEEN;
    s->by = by;
}

/* Whoever sends an alert causes the end, unless it was made to before. */
static bool by_alert(tw__story *s, const tw__difference *made)
{
    if (!s->alert || (made && made->when_us <= when(s->path, s->alert)))
        return false;
    s->origin = origin_of(s->alert->verdict->sender);
    s->by = lost_of(s, lane_of(s->alert->verdict->sender));
    return true;
}

/* Whether what V, which is of one of both, says of its sender is at the sender's point as well. */
static bool is_sent_there(const tw__story *s, const tw_verdict *v)
{
    const tw__path *p = s->path;
    int lane = lane_of(v->sender);
    const tw_verdict *own = p->near[lane]->verdict;
    return (own && own->cause == v->cause) || !tw__account_has_lanes(p->near[lane]) ||
           tw__path_has_sent(p, lane, v->frame);
}

/* A side ended that waited for what was on its way. */
static bool by_delay(tw__story *s)
{
    for (int lane = 0; lane < 2; lane++)
        if (tw__path_is_late(s->path, lane, &s->differences[s->n])) {
            blame_between(s, &s->differences[s->n++]);
            return true;
        }
    return false;
}

/* No packet was changed, made or lost in between: what one side sent is its own. */
static void by_agreement(tw__story *s)
{
    const tw_verdict *v = s->here->verdict ? s->here->verdict : s->there->verdict;
    tw_side sender = v ? v->sender : TW_SIDE_UNKNOWN;
    const tw_cause_info *cause = v ? tw_cause_get(v->cause) : NULL;
    if (sender == TW_SIDE_UNKNOWN || s->n)
        return;
    if (is_by_alert(v) || cause->family != TW_NO_ALERT || v->cause == TW_CAUSE_STARTTLS_REFUSED ||
        v->cause == TW_CAUSE_NOT_TLS_FROM_SERVER || v->cause == TW_CAUSE_NOT_TLS_FROM_CLIENT) {
        s->origin = is_sent_there(s, v) ? origin_of(sender) : TW_ORIGIN_UNKNOWN;
    } else if (!tw__path_is_compared(s->path) || by_delay(s)) {
        return; /* it may have ended because of what was lost in between */
    } else if (v->cause == TW_CAUSE_NO_ANSWER_TO_CLIENT_HELLO || v->cause == TW_CAUSE_STALLED_IN_HANDSHAKE) {
        s->unanswered = tw__path_is_unanswered(s->path, lane_of(tw_other_side(sender)), TW_PATIENCE_US);
        s->origin = s->unanswered ? origin_of(sender) : TW_ORIGIN_UNKNOWN;
    } else if (tw__path_end(s->path, lane_of(sender))) {
        s->origin = origin_of(sender);
    }
}

void tw__story_tell(tw__story *s, const tw__path *path, const tw__account *here, const tw__account *there)
{
    const tw__difference *made, *lost;
    *s = (tw__story){ .here = here, .there = there, .path = path };
    s->n = tw__path_differences(path, s->differences);
    s->alert = own_alert(path);
    made = first_of(s, 1u << TW_ALTERED | 1u << TW_FORGED);
    lost = first_of(s, 1u << TW_LOST);
    if (by_alert(s, made))
        return;
    if (made)
        blame_between(s, made_for(s, made));
    else if (lost)
        blame_between(s, lost);
    else
        by_agreement(s);
}
