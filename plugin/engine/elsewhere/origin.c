/* Who caused an end, by two points of a path. See elsewhere.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "elsewhere/elsewhere.h"

tw_origin tw__origin_of(tw_side side)
{
    return side == TW_CLIENT ? TW_ORIGIN_CLIENT : side == TW_SERVER ? TW_ORIGIN_SERVER : TW_ORIGIN_UNKNOWN;
}

/* The account near a side whose verdict is by an alert of that side. */
static const tw__account *own_alert(const tw__path *p)
{
    for (tw_side side = TW_CLIENT; side <= TW_SERVER; side++) {
        const tw__account *a = p->near[tw__lane_of(side)];
        if (tw__is_by_alert(a->verdict) && a->verdict->sender == side)
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

/* Whether what SIDE had got by TIME_US, by the clock of its point, is known at both points: who ends may have been made to. */
static bool is_free(const tw__story *s, tw_side side, int64_t time_us)
{
    return tw__path_is_compared(s->path, tw__lane_of(tw_other_side(side)), time_us);
}

/* Whether the alert of V has a proven reason in what its sender's peer sent, as it is at that one's point. */
static bool is_explained_there(const tw__story *s, const tw_verdict *v)
{
    const tw_verdict *peer = s->path->near[tw__lane_of(tw_other_side(v->sender))]->verdict;
    return tw__is_by_alert(peer) && peer->sender == v->sender && peer->alert == v->alert &&
           peer->confidence == TW_PROVEN;
}

/* Whoever sends an alert causes the end, unless it was made to before. */
static bool by_alert(tw__story *s, const tw__difference *made)
{
    const tw_verdict *v = s->alert ? s->alert->verdict : NULL;
    if (!v || (made && made->when_us <= when(s->path, s->alert)))
        return false;
    s->by = lost_of(s, tw__lane_of(v->sender));
    if (is_free(s, v->sender, v->times.frame_us) || is_explained_there(s, v))
        s->origin = tw__origin_of(v->sender);
    return true;
}

/* Whether what V, which is of one of both, says of its sender is at the sender's point as well. */
static bool is_sent_there(const tw__story *s, const tw_verdict *v)
{
    const tw__path *p = s->path;
    int lane = tw__lane_of(v->sender);
    const tw_verdict *own = p->near[lane]->verdict;
    return (own && own->cause == v->cause) || tw__path_has_sent(p, lane, v->frame);
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

/* Who said what V stands on, where it is something that was said. */
static tw_side speaker_of(const tw_verdict *v)
{
    switch (v->cause) {
    case TW_CAUSE_NOT_TLS_FROM_SERVER: return TW_SERVER;
    case TW_CAUSE_NOT_TLS_FROM_CLIENT: return TW_CLIENT;
    case TW_CAUSE_STARTTLS_REFUSED: return v->sender;
    default: return tw__is_by_alert(v) || tw_cause_get(v->cause)->family != TW_NO_ALERT ? v->sender : TW_SIDE_UNKNOWN;
    }
}

/* No packet was changed, made or lost in between: what one side sent is its own. */
static void by_agreement(tw__story *s)
{
    const tw_verdict *v = s->here->verdict ? s->here->verdict : s->there->verdict;
    tw_side sender = v ? v->sender : TW_SIDE_UNKNOWN, speaker = v ? speaker_of(v) : TW_SIDE_UNKNOWN;
    if (sender == TW_SIDE_UNKNOWN || s->n)
        return;
    if (speaker != TW_SIDE_UNKNOWN) {
        if (!is_free(s, sender, G_MAXINT64))
            return;
        s->origin = speaker != sender || is_sent_there(s, v) ? tw__origin_of(speaker) : TW_ORIGIN_UNKNOWN;
    } else if (!tw__path_is_arrived(s->path, TW_OF_CLIENT) || !tw__path_is_arrived(s->path, TW_OF_SERVER) ||
               by_delay(s)) {
        return; /* it may have ended because of what was lost in between */
    } else if (tw__is_by_silence(v)) {
        s->unanswered = tw__path_is_unanswered(s->path, tw__lane_of(tw_other_side(sender)), TW_PATIENCE_US);
        s->origin = s->unanswered ? tw__origin_of(sender) : TW_ORIGIN_UNKNOWN;
    } else if (tw__path_end(s->path, tw__lane_of(sender))) {
        s->origin = tw__origin_of(sender);
    }
}

void tw__story_tell(tw__story *s, const tw__path *path, const tw__account *here, const tw__account *there)
{
    const tw__difference *made, *lost;
    *s = (tw__story){ .here = here, .there = there, .path = path };
    s->alert = own_alert(path);
    if (!tw__account_has_lanes(here)) {
        tw__story_of_datagrams(s);
        return;
    }
    s->n = tw__path_differences(path, s->differences);
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
