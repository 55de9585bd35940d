/* Holding accounts against each other, and what verdicts become of it. See elsewhere.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "elsewhere/elsewhere.h"
#include "judge/judge_internal.h"
#include "verdict/verdict_internal.h"

/* ---- which accounts are of one connection ---- */

#define AROUND_US (5 * (int64_t)G_USEC_PER_SEC)

typedef struct {
    int64_t from_us, to_us;
} span;

typedef struct {
    GHashTable *by_random;  /* the random as text -> GPtrArray of tw__account * */
    GHashTable *by_numbers; /* "ISN|ISN" -> likewise */
    GHashTable *by_choice;  /* the ServerHello's random -> likewise */
    GHashTable *by_name;    /* that the client asked for -> likewise */
    GHashTable *working;    /* servers and names with a completed handshake, lent */
    GHashTable *hellos;     /* the randoms of the open capture */
    GArray *lossy;          /* span: when the other capture lost frames, in their order, apart from each other */
} places;

static void array_free(void *array)
{
    g_ptr_array_unref(array);
}

static void put(GHashTable *table, char *key, tw__account *a)
{
    GPtrArray *list = key ? g_hash_table_lookup(table, key) : NULL;
    if (key && !list) {
        list = g_ptr_array_new();
        g_hash_table_insert(table, g_strdup(key), list);
    }
    if (list)
        g_ptr_array_add(list, a);
    g_free(key);
}

static GHashTable *lists_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, array_free);
}

static int by_begin(const void *a, const void *b)
{
    const tw__account *x = *(tw__account *const *)a, *y = *(tw__account *const *)b;
    return (x->begin_us > y->begin_us) - (x->begin_us < y->begin_us);
}

static void sort_by_time(void *name, void *accounts, void *unused)
{
    (void)name;
    (void)unused;
    g_ptr_array_sort(accounts, by_begin);
}

static int by_from(const void *a, const void *b)
{
    const span *x = a, *y = b;
    return (x->from_us > y->from_us) - (x->from_us < y->from_us);
}

/* While what is lossy in FACTS went on, and around. */
static GArray *spans_of(const tw__facts *facts)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(span)), *apart = g_array_new(FALSE, FALSE, sizeof(span));
    for (unsigned i = 0; i < facts->accounts->len; i++) {
        const tw__entry *e = &facts->entries[i];
        span s = { CLAMP(e->begin_us, 0, G_MAXINT64 / 4) - AROUND_US,
                   CLAMP(e->last_us, 0, G_MAXINT64 / 4) + AROUND_US };
        if (e->flags & TW_ENTRY_LOSSY)
            g_array_append_val(all, s);
    }
    g_array_sort(all, by_from);
    for (unsigned i = 0; i < all->len; i++) {
        const span *s = &g_array_index(all, span, i);
        span *last = apart->len ? &g_array_index(apart, span, apart->len - 1) : NULL;
        if (last && s->from_us <= last->to_us)
            last->to_us = MAX(last->to_us, s->to_us);
        else
            g_array_append_vals(apart, s, 1);
    }
    g_array_unref(all);
    return apart;
}

static places places_of(tw__facts *facts, const GPtrArray *here)
{
    GPtrArray *candidates = tw__facts_candidates(facts, here);
    places p = { lists_new(),
                 lists_new(),
                 lists_new(),
                 lists_new(),
                 g_hash_table_new(g_str_hash, g_str_equal),
                 g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                 spans_of(facts) };
    for (unsigned i = 0; i < here->len; i++) {
        char *key = tw__random_key(g_ptr_array_index(here, i));
        if (key)
            g_hash_table_add(p.hellos, key);
    }
    for (unsigned i = 0; i < candidates->len; i++) {
        tw__account *a = g_ptr_array_index(candidates, i);
        put(p.by_random, tw__random_key(a), a);
        put(p.by_numbers, tw__account_numbers_key(a), a);
        put(p.by_choice, tw__choice_key(a), a);
        put(p.by_name, g_strdup(a->name), a);
    }
    g_hash_table_foreach(p.by_name, sort_by_time, NULL);
    for (unsigned i = 0; i < facts->handshakes->len; i++) {
        const tw__remembered *o = g_ptr_array_index(facts->handshakes, i);
        g_hash_table_add(p.working, o->server);
        if (o->name)
            g_hash_table_add(p.working, o->name);
    }
    g_ptr_array_unref(candidates);
    return p;
}

static void places_clear(places *p)
{
    g_hash_table_destroy(p->by_random);
    g_hash_table_destroy(p->by_numbers);
    g_hash_table_destroy(p->by_choice);
    g_hash_table_destroy(p->by_name);
    g_hash_table_destroy(p->working);
    g_hash_table_destroy(p->hellos);
    g_array_unref(p->lossy);
}

/* The one account under KEY, taken over, beside HERE; NULL: none, or several. */
static const tw__account *single(GHashTable *table, char *key, const tw__account *here)
{
    const GPtrArray *list = key ? g_hash_table_lookup(table, key) : NULL;
    const tw__account *found = NULL;
    unsigned n = 0;
    for (unsigned i = 0; list && i < list->len; i++)
        if (g_ptr_array_index(list, i) != here) {
            found = g_ptr_array_index(list, i);
            n++;
        }
    g_free(key);
    return n == 1 ? found : NULL;
}

static const tw__account *find(const places *p, const tw__account *here)
{
    const tw__account *a = single(p->by_random, tw__random_key(here), here);
    if (!a)
        a = single(p->by_numbers, tw__account_numbers_key(here), here);
    return a ? a : single(p->by_choice, tw__choice_key(here), here); /* one began behind the ClientHello */
}

/* ---- all ---- */

/* Whether the origin of V is its sender, where nothing but a comparison with what works says so. */
static bool is_told_by_sender(const tw_verdict *v)
{
    switch (v->cause) {
    case TW_CAUSE_RESET_AFTER_CLIENT_HELLO:
    case TW_CAUSE_RESET_IN_HANDSHAKE:
    case TW_CAUSE_CLOSED_AFTER_CLIENT_HELLO:
    case TW_CAUSE_CLOSED_IN_HANDSHAKE:
    case TW_CAUSE_NO_ANSWER_TO_CLIENT_HELLO:
    case TW_CAUSE_STALLED_IN_HANDSHAKE: return false;
    default: return v->sender != TW_SIDE_UNKNOWN;
    }
}

/* Whether the other capture holds a completed handshake with the server of HERE, by address or name. */
static bool works_elsewhere(const tw__account *here, const places *p)
{
    return (here->server && g_hash_table_contains(p->working, here->server)) ||
           (here->name && g_hash_table_contains(p->working, here->name));
}

/* A reset with other hops than its sender's other segments, of a server that is seen to complete handshakes elsewhere. */
static bool is_foreign_reset(const tw__account *here, const tw__seen **reset, unsigned *own_hops)
{
    const tw__lane *server = &here->lane[TW_OF_SERVER];
    const tw_verdict *v = here->verdict;
    *reset = NULL;
    *own_hops = 0;
    if (here->carrier != TW_CARRIER_TCP || v->sender != TW_SERVER || v->alert >= 0 || !server->seen)
        return false;
    for (unsigned i = 0; i < tw__lane_length(server); i++) {
        const tw__seen *s = tw__lane_at(server, i);
        if (s->flags & TW_TCP_RST)
            *reset = *reset ? *reset : s;
        else if (*own_hops && s->hops != *own_hops) /* they come by several ways */
            return false;
        else
            *own_hops = s->hops;
    }
    return *reset && (*reset)->frame == v->frame && (*reset)->hops && *own_hops &&
           ABS((int)(*reset)->hops - (int)*own_hops) >= TW_HOPS_APART;
}

/* A connection of the other capture that is another one. */
typedef struct {
    tw__inspection how;
    const tw__account *by; /* whose it may be that somebody in between made */
} gateway;

/* What of HERE, which failed, it shows. */
static void use_other(const tw__account *here, const places *p, const tw__facts *facts, tw__elsewhere_sink *sink,
                      const gateway *g)
{
    const tw__seen *reset = NULL;
    unsigned own_hops = 0;
    tw_verdict *v;
    bool works = works_elsewhere(here, p), foreign = works && is_foreign_reset(here, &reset, &own_hops),
         told = works && g->how == TW_NOT_INSPECTED && is_told_by_sender(here->verdict),
         inspected = g->how >= TW_INSPECTED;
    if (g->how == TW_NOT_INSPECTED && !foreign && !told)
        return;
    v = tw__verdict_copy(here->verdict);
    if (inspected || foreign)
        v->origin = TW_ORIGIN_BETWEEN;
    else if (told)
        v->origin = v->sender == TW_SERVER ? TW_ORIGIN_SERVER : TW_ORIGIN_CLIENT;
    if (inspected) /* no more than likely, and so is a verdict with this origin */
        v->confidence = MIN(v->confidence, TW_LIKELY);
    if (inspected)
        tw__inspected_words(here, g->by, v);
    else if (foreign)
        tw__foreign_words(here, facts->capture, reset->hops, own_hops, v);
    else if (g->how == TW_OTHER_ISSUER)
        tw__other_issuer_words(here, g->by, v);
    tw__elsewhere_give(here, v, sink);
}

/* Nothing failed, but both certificates show that the client does not talk with the server, or may not. */
static void note_inspection(const tw__account *here, const gateway *g, tw__elsewhere_sink *sink)
{
    tw_conn *c = here->conn;
    tw_at at = { .frame = here->leaf_frame[TW_SERVER],
                 .time_us = here->choice_us,
                 .dir = tw__conn_dir(c, TW_SERVER) };
    tw_text text = g->how == TW_OTHER_ISSUER       ? TW_TEXT_NOTICE_OTHER_ISSUER
                   : tw__is_asked_for(here, g->by) ? TW_TEXT_NOTICE_ASKED_FOR
                                                   : TW_TEXT_NOTICE_INSPECTED;
    tw_verdict *v;
    for (v = c->verdicts; v; v = v->next)
        if (tw_verdict_count(v, TW_EVIDENCE_ELSEWHERE) || c->n_notices >= TW_NOTICES_MAX)
            return;
    v = tw__end_notice(c, TW_EVENT_SILENCE, at, TW_N_CAUSES, text);
    if (!v)
        return;
    if (g->how == TW_OTHER_ISSUER)
        tw__other_issuer_words(here, g->by, v);
    else
        tw__inspected_evidence(here, g->by, v);
    sink(c, NULL, v);
}

/* Whether the other capture lost frames while HERE began. */
static bool lost_around(const places *p, const tw__account *here)
{
    unsigned from = 0, to = p->lossy->len;
    while (from < to) {
        unsigned middle = from + (to - from) / 2;
        if (g_array_index(p->lossy, span, middle).to_us < here->begin_us)
            from = middle + 1;
        else
            to = middle;
    }
    return from < p->lossy->len && g_array_index(p->lossy, span, from).from_us <= here->begin_us;
}

/* HERE is not in the other capture. */
static void hold_against_others(const tw__account *here, const places *p, tw__facts *facts, tw__elsewhere_sink *sink)
{
    gateway g = { TW_NOT_INSPECTED, NULL };
    if (here->name)
        g.how = tw__inspected_by(here, g_hash_table_lookup(p->by_name, here->name), p->hellos, lost_around(p, here),
                                 &g.by);
    facts->n_used += works_elsewhere(here, p) + (g.how != TW_NOT_INSPECTED);
    if (here->verdict) {
        use_other(here, p, facts, sink, &g);
    } else if (here->outcome == TW_COMPLETED && (g.how == TW_INSPECTED_ISSUER || g.how == TW_OTHER_ISSUER)) {
        facts->inspected = g.how == TW_INSPECTED_ISSUER && !facts->inspected ? here->conn : facts->inspected;
        facts->n_inspected += g.how == TW_INSPECTED_ISSUER;
        note_inspection(here, &g, sink);
    }
}

static void hold_against(const tw__account *here, const places *p, tw__facts *facts, tw__elsewhere_sink *sink)
{
    const tw__account *there = find(p, here);
    tw__path path;
    tw__story story;
    if (there) {
        tw__points points = tw__path_find(&path, here, there);
        facts->n_common++;
        facts->n_same_point += points == TW_SAME_POINT;
        if (points != TW_TWO_POINTS)
            return;
        tw__story_tell(&story, &path, here, there);
        if (tw__account_has_lanes(here) || story.origin != TW_ORIGIN_UNKNOWN)
            tw__story_take(&story, sink);
        return;
    }
    hold_against_others(here, p, facts, sink);
}

static bool is_settled(const tw__account *a)
{
    return a->verdict &&
           (a->verdict->origin != TW_ORIGIN_UNKNOWN || tw_verdict_count(a->verdict, TW_EVIDENCE_ELSEWHERE));
}

static void hold_all(const GPtrArray *here, tw__facts *facts, tw__elsewhere_sink *sink)
{
    places p = places_of(facts, here);
    facts->n_common = facts->n_same_point = facts->n_used = facts->n_inspected = 0;
    facts->inspected = NULL;
    for (unsigned i = 0; i < here->len; i++) {
        const tw__account *a = g_ptr_array_index(here, i);
        if (a->conn && !is_settled(a))
            hold_against(a, &p, facts, sink);
        else if (a->conn)
            facts->n_used++;
    }
    places_clear(&p);
}

void tw__elsewhere_settle(const GPtrArray *here, const GPtrArray *others, tw__elsewhere_sink *sink)
{
    for (unsigned i = 0; i < others->len; i++)
        hold_all(here, g_ptr_array_index(others, i), sink);
}
