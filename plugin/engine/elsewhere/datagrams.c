/* Who caused an end where no segments are known: QUIC, DTLS, EAP. What one point lacks its recorder may have missed, for nothing
 * tells what was acknowledged; so only what the other side itself shows of it counts. See elsewhere.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "elsewhere/elsewhere.h"

/* The alert of a side, at its own point. */
static void by_alert(tw__story *s)
{
    const tw_verdict *own = s->alert->verdict;
    const tw__account *peer = s->alert == s->here ? s->there : s->here;
    bool heard = tw__is_by_alert(peer->verdict);
    if (heard && (peer->verdict->sender != own->sender || peer->verdict->alert != own->alert))
        return; /* which one came first is not known */
    if (!heard && peer->verdict && !tw__is_by_silence(peer->verdict))
        return; /* it ended by something else there */
    s->origin = tw__origin_of(own->sender);
    s->unheard = !heard;
}

/* What one side said is at both points, though not in an alert: the versions that a server has, EAP-Failure. */
static bool is_said_at_both(const tw_verdict *a, const tw_verdict *b)
{
    return a && b && a->sender == b->sender && a->sender != TW_SIDE_UNKNOWN && a->cause == b->cause &&
           !tw__is_by_alert(a) && !tw__is_by_alert(b) && tw_cause_get(a->cause)->family != TW_NO_ALERT;
}

static bool owes(const tw_verdict *v, tw_side side)
{
    return v && v->sender == side;
}

/* Whether A has anything of the server. */
static bool answers(const tw__account *a)
{
    return a->choice_us || a->hops[TW_OF_SERVER];
}

/* The client waits for an answer to its ClientHello, which came to the server's point. */
static void by_silence(tw__story *s)
{
    const tw__account *client = s->path->near[TW_OF_CLIENT], *server = s->path->near[TW_OF_SERVER];
    if (!client->verdict || client->verdict->cause != TW_CAUSE_NO_ANSWER_TO_CLIENT_HELLO || client->lossy ||
        server->lossy)
        return;
    if (answers(client))
        return;
    if (answers(server) && server->outcome != TW_COMPLETED && !owes(server->verdict, TW_SERVER)) {
        s->origin = TW_ORIGIN_BETWEEN;
        s->missed = true;
    } else if (!answers(server) && server->verdict && server->verdict->cause == TW_CAUSE_NO_ANSWER_TO_CLIENT_HELLO) {
        s->origin = TW_ORIGIN_SERVER;
        s->unanswered = true;
    }
}

void tw__story_of_datagrams(tw__story *s)
{
    if (s->alert)
        by_alert(s);
    else if (is_said_at_both(s->here->verdict, s->there->verdict))
        s->origin = tw__origin_of(s->here->verdict->sender);
    else
        by_silence(s);
}
