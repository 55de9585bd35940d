/* Where two recorders stood. See path.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "elsewhere/path.h"

#define KINDS    (TW_TCP_SYN | TW_TCP_FIN | TW_TCP_RST)
#define NOISE_US 20 /* of a recorder's clock: what is closer together is one point */
#define HOPS_MAX 40

/* Of packets that both recorders saw: the time at B minus the time at A, and hops at A minus hops at B. */
typedef struct {
    int64_t least_us, most_us;
    int hops;
    unsigned n;
} both;

/* Whether S can be told from all others of its lane that carry nothing. */
static bool is_single(const tw__lane *lane, const tw__seen *s)
{
    unsigned n = 0;
    for (unsigned i = 0; i < tw__lane_length(lane); i++) {
        const tw__seen *other = tw__lane_at(lane, i);
        n += !other->len && other->seq == s->seq && other->ack == s->ack && other->flags == s->flags;
    }
    return n == 1;
}

static bool is_same(const tw__lane *a, const tw__lane *a_peer, const tw__seen *s, const tw__lane *b,
                    const tw__lane *b_peer, const tw__seen *t)
{
    if ((s->flags & KINDS) != (t->flags & KINDS) || s->len != t->len || s->hash != t->hash ||
        tw__lane_offset(a, s->seq) != tw__lane_offset(b, t->seq))
        return false;
    if (s->len || (s->flags & TW_TCP_SYN))
        return true;
    return !(s->flags & TW_TCP_RST) && tw__lane_offset(a_peer, s->ack) == tw__lane_offset(b_peer, t->ack) &&
           is_single(a, s) && is_single(b, t);
}

static void add(both *m, const tw__seen *s, const tw__seen *t)
{
    int64_t us = t->time_us - s->time_us;
    m->least_us = m->n ? MIN(m->least_us, us) : us;
    m->most_us = m->n ? MAX(m->most_us, us) : us;
    if (!m->n && s->hops && t->hops)
        m->hops = s->hops - t->hops;
    m->n++;
}

/* The packets of one lane that both have. Repetitions are matched in their order. */
static both match(const tw__account *a, const tw__account *b, int lane)
{
    const tw__lane *x = &a->lane[lane], *y = &b->lane[lane];
    bool *taken = g_new0(bool, tw__lane_length(y) + 1);
    both m = { 0, 0, 0, 0 };
    for (unsigned i = 0; i < tw__lane_length(x); i++) {
        const tw__seen *s = tw__lane_at(x, i);
        for (unsigned j = 0; j < tw__lane_length(y); j++) {
            const tw__seen *t = tw__lane_at(y, j);
            if (taken[j] || !is_same(x, &a->lane[1 - lane], s, y, &b->lane[1 - lane], t))
                continue;
            taken[j] = true;
            add(&m, s, t);
            break;
        }
    }
    g_free(taken);
    return m;
}

/* ---- through a proxy of TCP ---- */

bool tw__path_is_relayed(const tw__account *a, const tw__account *b)
{
    for (int lane = 0; lane < 2; lane++)
        if (a->lane[lane].begins && b->lane[lane].begins && a->lane[lane].isn != b->lane[lane].isn)
            return true;
    return false;
}

static const tw__seen *first_bytes(const tw__lane *lane)
{
    for (unsigned i = 0; i < tw__lane_length(lane); i++) {
        const tw__seen *s = tw__lane_at(lane, i);
        if (s->len && !(s->flags & (TW_TCP_SYN | TW_TCP_RST)) && !tw__lane_offset(lane, s->seq))
            return s;
    }
    return NULL;
}

static const tw__seen *first_end(const tw__lane *lane)
{
    for (unsigned i = 0; i < tw__lane_length(lane); i++)
        if (tw__lane_at(lane, i)->flags & (TW_TCP_FIN | TW_TCP_RST))
            return tw__lane_at(lane, i);
    return NULL;
}

/* A proxy opens and acknowledges by itself; what it passes on are bytes, and where a server said nothing, its end. */
static both match_relayed(const tw__account *a, const tw__account *b, int lane)
{
    const tw__seen *s = first_bytes(&a->lane[lane]), *t = first_bytes(&b->lane[lane]);
    both m = { 0, 0, 0, 0 };
    if (lane == TW_OF_SERVER && !s && !t) {
        s = first_end(&a->lane[lane]);
        t = first_end(&b->lane[lane]);
    }
    if (s && t)
        add(&m, s, t);
    return m;
}

/* ---- which one is where ---- */

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

/* 1: A is nearer the client, -1: B is, 0: hops do not tell. */
static int by_hops(const both *of_client, const both *of_server)
{
    int c = of_client->hops, s = -of_server->hops;
    if (ABS(c) > HOPS_MAX || ABS(s) > HOPS_MAX) /* somebody set them anew */
        return 0;
    return sign(c) * sign(s) < 0 ? 0 : sign(c + s);
}

/* What the client sends is seen near it first; so all of its packets show a greater difference than those of the server. */
static int by_time(const both *of_client, const both *of_server)
{
    if (of_client->least_us - of_server->most_us > 2 * NOISE_US)
        return 1;
    return of_server->least_us - of_client->most_us > 2 * NOISE_US ? -1 : 0;
}

/* A way that only one of both recorded, or that nothing came, says nothing of times. */
static void fill(both *m, const both *other)
{
    if (!m->n)
        *m = (both){ other->least_us, other->most_us, 0, 0 };
}

bool tw__account_has_lanes(const tw__account *a)
{
    return tw__lane_length(&a->lane[0]) || tw__lane_length(&a->lane[1]);
}

/* The first datagram of LANE, of which US is the time at B minus the time at A. */
static both of_datagrams(const tw__account *a, const tw__account *b, int lane, int64_t us)
{
    bool known = a->hops[lane] && b->hops[lane];
    return (both){ us, us, known ? a->hops[lane] - b->hops[lane] : 0, 1 };
}

/* Without segments (QUIC, DTLS, EAP) it is the hellos that both have, or what a server says in the place of its own. */
static tw__points find_by_hellos(tw__path *path, const tw__account *a, const tw__account *b)
{
    both of_client = { 0, 0, 0, 0 }, of_server = { 0, 0, 0, 0 };
    int order;
    if (a->hello_us && b->hello_us)
        of_client = of_datagrams(a, b, TW_OF_CLIENT, b->hello_us - a->hello_us);
    if (a->choice_us && b->choice_us)
        of_server = of_datagrams(a, b, TW_OF_SERVER, b->choice_us - a->choice_us);
    else if (tw__is_by_alert(a->verdict) && tw__is_by_alert(b->verdict) && a->verdict->sender == TW_SERVER &&
             b->verdict->sender == TW_SERVER)
        of_server = of_datagrams(a, b, TW_OF_SERVER, b->verdict->times.frame_us - a->verdict->times.frame_us);
    order = by_hops(&of_client, &of_server);
    if (!order && of_client.n && of_server.n)
        order = by_time(&of_client, &of_server);
    if (!order)
        return of_client.n && of_server.n && !of_client.hops && !of_server.hops ? TW_SAME_POINT : TW_POINTS_UNKNOWN;
    fill(&of_client, &of_server);
    fill(&of_server, &of_client);
    if (order > 0)
        *path = (tw__path){ { a, b }, of_client.least_us, of_server.most_us, 0, false };
    else
        *path = (tw__path){ { b, a }, -of_client.most_us, -of_server.least_us, 0, false };
    path->hops = ABS(of_client.hops) <= HOPS_MAX ? ABS(of_client.hops) : 0;
    return TW_TWO_POINTS;
}

tw__points tw__path_find(tw__path *path, const tw__account *a, const tw__account *b)
{
    both of_client, of_server;
    int order;
    bool relayed;
    if (!tw__account_has_lanes(a) && !tw__account_has_lanes(b))
        return find_by_hellos(path, a, b);
    if (!tw__account_has_lanes(a) || !tw__account_has_lanes(b))
        return TW_POINTS_UNKNOWN;
    relayed = tw__path_is_relayed(a, b);
    of_client = relayed ? match_relayed(a, b, TW_OF_CLIENT) : match(a, b, TW_OF_CLIENT);
    of_server = relayed ? match_relayed(a, b, TW_OF_SERVER) : match(a, b, TW_OF_SERVER);
    if (!of_client.n && !of_server.n)
        return TW_POINTS_UNKNOWN;
    order = by_hops(&of_client, &of_server);
    if (!order && of_client.n && of_server.n)
        order = by_time(&of_client, &of_server);
    if (!order)
        return relayed || !of_client.n || !of_server.n || of_client.hops || of_server.hops ? TW_POINTS_UNKNOWN
                                                                                           : TW_SAME_POINT;
    fill(&of_client, &of_server);
    fill(&of_server, &of_client);
    if (order > 0)
        *path = (tw__path){ { a, b }, of_client.least_us, of_server.most_us, 0, relayed };
    else
        *path = (tw__path){ { b, a }, -of_client.most_us, -of_server.least_us, 0, relayed };
    path->hops = ABS(of_client.hops) <= HOPS_MAX ? ABS(of_client.hops) : 0;
    return TW_TWO_POINTS;
}

int64_t tw__path_ahead(const tw__path *p)
{
    return (p->least_us + p->most_us) / 2;
}

int64_t tw__path_transit(const tw__path *p)
{
    return MAX((p->least_us - p->most_us) / 2, 0);
}
