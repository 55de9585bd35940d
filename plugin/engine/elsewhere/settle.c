/* Holding accounts against each other, and what verdicts become of it. See elsewhere.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "elsewhere/elsewhere.h"
#include "judge/judge_internal.h"
#include "verdict/verdict_internal.h"

#define HOPS_APART 2 /* two ways may differ by a hop */

/* ---- which accounts are of one connection ---- */

typedef struct {
    GHashTable *by_random;  /* the random as text -> GPtrArray of tw__account * */
    GHashTable *by_numbers; /* "ISN|ISN" -> likewise */
    GHashTable *by_name;    /* that the client asked for -> likewise */
    GHashTable *working;    /* servers and names with a completed handshake, lent */
} places;

static void array_free(void *array)
{
    g_ptr_array_unref(array);
}

static char *random_key(const tw__account *a)
{
    const uint8_t *random = tw__account_random(a);
    GString *key = random ? g_string_new(NULL) : NULL;
    for (unsigned i = 0; random && i < TW_RANDOM; i++)
        g_string_append_printf(key, "%02x", random[i]);
    return key ? g_string_free(key, FALSE) : NULL;
}

static char *numbers_key(const tw__account *a)
{
    return tw__numbers_key(&a->lane[TW_OF_CLIENT], &a->lane[TW_OF_SERVER]);
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

static places places_of(const tw__facts *facts)
{
    places p = { lists_new(), lists_new(), lists_new(), g_hash_table_new(g_str_hash, g_str_equal) };
    for (unsigned i = 0; i < facts->accounts->len; i++) {
        tw__account *a = g_ptr_array_index(facts->accounts, i);
        put(p.by_random, random_key(a), a);
        put(p.by_numbers, numbers_key(a), a);
        put(p.by_name, g_strdup(a->name), a);
    }
    for (unsigned i = 0; i < facts->handshakes->len; i++) {
        const tw__remembered *o = g_ptr_array_index(facts->handshakes, i);
        g_hash_table_add(p.working, o->server);
        if (o->name)
            g_hash_table_add(p.working, o->name);
    }
    return p;
}

static void places_clear(places *p)
{
    g_hash_table_destroy(p->by_random);
    g_hash_table_destroy(p->by_numbers);
    g_hash_table_destroy(p->by_name);
    g_hash_table_destroy(p->working);
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
    const tw__account *a = single(p->by_random, random_key(here), here);
    return a ? a : single(p->by_numbers, numbers_key(here), here);
}

/* ---- verdicts that one capture alone does not give ---- */

/* An end that came to HERE: the one that nobody sent, or any. */
static const tw__seen *end_at(const tw__story *s, int *lane)
{
    bool near_server = s->path->near[TW_OF_SERVER] == s->here;
    int arriving = near_server ? TW_OF_CLIENT : TW_OF_SERVER;
    if (s->by && s->by->kind == TW_FORGED && !s->by->bytes && s->by->lane == arriving) {
        *lane = arriving;
        return s->by->came;
    }
    for (int i = 0; i < 2; i++) {
        *lane = i ? 1 - arriving : arriving;
        for (unsigned j = 0; j < s->here->lane[*lane].seen->len; j++) {
            const tw__seen *seen = tw__lane_at(&s->here->lane[*lane], j);
            if (seen->flags & TW_TCP_RST)
                return seen;
        }
    }
    return NULL;
}

/* Whoever sent the last flight thinks that all is done, be it lost. */
static bool may_be_through(const tw__story *s)
{
    return s->there->outcome == TW_COMPLETED &&
           !(s->by && s->by->kind == TW_LOST && s->path->near[s->by->lane] == s->there);
}

static bool may_be_judged(const tw__story *s)
{
    const tw_conn *c = s->here->conn;
    return c && !s->here->verdict && s->here->outcome == TW_UNDECIDED && !may_be_through(s) && c->client_dir >= 0 &&
           c->now->client_hello_frame && !c->now->complete && s->by && s->origin == TW_ORIGIN_BETWEEN;
}

/* Until when, by the clock of HERE, one of both recordings shows that nothing more came. */
static int64_t watched_until(const tw__story *s)
{
    int64_t ahead = tw__path_ahead(s->path) * (s->path->near[TW_OF_SERVER] == s->here ? 1 : -1);
    return MAX(MAX(s->here->until_us, s->here->last_us), MAX(s->there->until_us, s->there->last_us) + ahead);
}

/* The verdict on a handshake that ended by what was made or lost in between; NULL: it may go on. */
static tw_verdict *judge(const tw__story *s)
{
    tw_conn *c = s->here->conn;
    int lane;
    const tw__seen *end = end_at(s, &lane);
    tw_at at = { 0, 0, 0 };
    if (s->here->withdrawn) {
        c->now->failed = true;
        c->n_failed++;
        return tw__verdict_copy(s->here->withdrawn);
    }
    if (end) {
        at = (tw_at){ end->frame, end->time_us, lane == TW_OF_CLIENT ? c->client_dir : 1 - c->client_dir };
        return tw__judge_event(c, TW_EVENT_RESET, at, NULL, &c->context->settings);
    }
    if (s->by->kind != TW_LOST || watched_until(s) - s->here->hello_us < TW_PATIENCE_US)
        return NULL;
    at = (tw_at){ c->last_frame, watched_until(s), tw__debtor(c) };
    return tw__judge_event(c, TW_EVENT_SILENCE, at, NULL, &c->context->settings);
}

/* What the other capture alone shows is the verdict here, too. */
static tw_verdict *adopt(const tw__account *here, const tw__account *there)
{
    tw_verdict *v = tw__verdict_copy(there->verdict);
    const tw_evidence_list none = { NULL, 0 };
    tw_verdict emptied = *v;
    v->findings = v->limits = v->others = v->elsewhere = none;
    tw__verdict_adopt(v, &emptied, there->capture);
    tw__verdict_free_evidence(&emptied);
    v->frame = here->verdict ? here->verdict->frame : here->last_frame;
    v->trigger = 0;
    v->ordinal = -1;
    v->times = (tw_times){ .frame_us = here->last_us, .hello_us = here->hello_us, .end_us = here->last_us };
    for (int phase = 0; phase < TW_N_PHASES; phase++)
        v->times.took_us[phase] = -1;
    if (here->verdict)
        v->times = here->verdict->times;
    if (!v->server_name && here->verdict && here->verdict->server_name)
        v->server_name = g_ref_string_acquire(here->verdict->server_name);
    return v;
}

static bool is_by_alert(const tw_verdict *v)
{
    return v && (v->alert >= 0 || v->encrypted);
}

/* Words in the clear were changed: the side that got them answers what nobody said. */
static bool is_changed_request(const tw__story *s)
{
    return s->there->verdict && s->there->verdict->cause == TW_CAUSE_STARTTLS_REFUSED && s->by &&
           s->by->kind == TW_ALTERED && (!s->here->verdict || s->here->verdict->cause != TW_CAUSE_STARTTLS_REFUSED);
}

static bool is_to_adopt(const tw__story *s)
{
    if (!s->here->conn || !s->there->verdict)
        return false;
    return (s->alert == s->there && s->by && !is_by_alert(s->here->verdict)) || is_changed_request(s);
}

/* ---- all ---- */

static void give(const tw__account *here, tw_verdict *v, tw__elsewhere_sink *sink)
{
    tw_verdict *before = (tw_verdict *)(uintptr_t)here->verdict;
    for (tw_verdict *notice = here->conn->verdicts; !before && notice; notice = notice->next)
        if (!notice->failure && notice->cause >= TW_N_CAUSES && notice->frame >= here->hello_frame && !notice->next)
            before = notice; /* it says less */
    sink(here->conn, before, v);
}

/* Without segments, what one of both lacks may have been lost to its recorder: only what both have counts. */
static bool have_one_alert(const tw__account *here, const tw__account *there)
{
    const tw_verdict *a = here->verdict, *b = there->verdict;
    return is_by_alert(a) && is_by_alert(b) && a->sender == b->sender && a->alert == b->alert;
}

static void take_story(const tw__account *here, const tw__story *s, tw__elsewhere_sink *sink)
{
    tw_verdict *v = NULL;
    if (is_to_adopt(s))
        v = adopt(here, s->there);
    else if (here->verdict)
        v = tw__verdict_copy(here->verdict);
    else if (may_be_judged(s))
        v = judge(s);
    if (!v)
        return;
    v->origin = s->origin;
    if (s->by && (s->by->kind == TW_ALTERED || s->by->unwatched))
        v->confidence = MIN(v->confidence, TW_LIKELY); /* it rests on what nobody said, or nobody saw */
    tw__story_words(s, v);
    give(here, v, sink);
}

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
    for (unsigned i = 0; i < server->seen->len; i++) {
        const tw__seen *s = tw__lane_at(server, i);
        if (s->flags & TW_TCP_RST)
            *reset = *reset ? *reset : s;
        else if (*own_hops && s->hops != *own_hops) /* they come by several ways */
            return false;
        else
            *own_hops = s->hops;
    }
    return *reset && (*reset)->frame == v->frame && (*reset)->hops && *own_hops &&
           ABS((int)(*reset)->hops - (int)*own_hops) >= HOPS_APART;
}

/* A connection of the other capture that is another one: what of HERE it shows. */
static void use_other(const tw__account *here, const places *p, const tw__facts *facts, tw__elsewhere_sink *sink,
                      const tw__account *gateway)
{
    const tw__seen *reset;
    unsigned own_hops;
    tw_verdict *v;
    bool works = works_elsewhere(here, p), foreign = works && is_foreign_reset(here, &reset, &own_hops);
    if (!gateway && !foreign && !(works && is_told_by_sender(here->verdict)))
        return;
    v = tw__verdict_copy(here->verdict);
    v->origin = gateway || foreign ? TW_ORIGIN_BETWEEN : v->sender == TW_SERVER ? TW_ORIGIN_SERVER : TW_ORIGIN_CLIENT;
    if (gateway)
        tw__inspected_words(here, gateway, v);
    else if (foreign)
        tw__foreign_words(here, facts->capture, reset->hops, own_hops, v);
    give(here, v, sink);
}

static void hold_against(const tw__account *here, const places *p, tw__facts *facts, tw__elsewhere_sink *sink)
{
    const tw__account *there = find(p, here);
    tw__path path;
    tw__story story;
    const tw__account *gateway = NULL;
    if (there) {
        tw__points points = tw__path_find(&path, here, there);
        facts->n_common++;
        facts->n_same_point += points == TW_SAME_POINT;
        if (points != TW_TWO_POINTS || (!tw__account_has_lanes(here) && !have_one_alert(here, there)))
            return;
        tw__story_tell(&story, &path, here, there);
        take_story(here, &story, sink);
        return;
    }
    facts->n_used += works_elsewhere(here, p);
    if (!here->verdict)
        return;
    gateway = here->name ? tw__inspected_by(here, g_hash_table_lookup(p->by_name, here->name)) : NULL;
    facts->n_used += gateway != NULL;
    use_other(here, p, facts, sink, gateway);
}

static bool is_settled(const tw__account *a)
{
    return a->verdict && (a->verdict->origin != TW_ORIGIN_UNKNOWN || a->verdict->elsewhere.n);
}

static void hold_all(const GPtrArray *here, tw__facts *facts, tw__elsewhere_sink *sink)
{
    places p = places_of(facts);
    facts->n_common = facts->n_same_point = facts->n_used = 0;
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
