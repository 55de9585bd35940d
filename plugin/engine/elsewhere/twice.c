/* One capture that has a connection twice: several were merged, or several interfaces recorded. What was recorded at one
 * point is held against the other, as with two captures. See elsewhere.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "elsewhere/elsewhere.h"
#include "judge/judge_internal.h"
#include "verdict/verdict_internal.h"

#define POINTS_MAX 8 /* of one connection: more of them is something else */

/* ---- which accounts are of one connection ---- */

static void array_free(void *array)
{
    g_ptr_array_unref(array);
}

/* A goes where one of its keys is known already. */
static void sort_in(GHashTable *by_key, GPtrArray *groups, tw__account *a)
{
    char *keys[] = { tw__random_key(a), tw__account_numbers_key(a), tw__choice_key(a) };
    GPtrArray *group = NULL;
    for (unsigned i = 0; i < G_N_ELEMENTS(keys) && !group; i++)
        group = keys[i] ? g_hash_table_lookup(by_key, keys[i]) : NULL;
    if (!group) {
        group = g_ptr_array_new();
        g_ptr_array_add(groups, group);
    }
    g_ptr_array_add(group, a);
    for (unsigned i = 0; i < G_N_ELEMENTS(keys); i++)
        if (keys[i])
            g_hash_table_replace(by_key, keys[i], group);
}

/* GPtrArray of tw__account *, in the order of HERE. */
static GPtrArray *groups_of(const GPtrArray *here)
{
    GHashTable *by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GPtrArray *groups = g_ptr_array_new_with_free_func(array_free);
    for (unsigned i = 0; i < here->len; i++) {
        tw__account *a = g_ptr_array_index(here, i);
        sort_in(by_key, groups, a);
    }
    g_hash_table_destroy(by_key);
    return groups;
}

/* The account of GROUP that is nearest to SIDE. */
static const tw__account *nearest(const GPtrArray *group, int side)
{
    const tw__account *best = g_ptr_array_index(group, 0);
    tw__path path;
    for (unsigned i = 1; i < group->len; i++) {
        const tw__account *a = g_ptr_array_index(group, i);
        if (tw__path_find(&path, best, a) == TW_TWO_POINTS)
            best = path.near[side];
    }
    return best;
}

/* ---- what is told, and where ---- */

/* Where an alert was sent, or where something went wrong on arrival. */
static const tw__account *place_of_end(const tw__story *s)
{
    if (s->alert)
        return s->alert;
    return s->by ? s->path->near[1 - s->by->lane] : s->path->near[TW_OF_CLIENT];
}

/* Who of both tells: who can, and of these the one that has more to say. */
static const tw__account *teller(const tw__story *s)
{
    const tw__account *wanted = place_of_end(s), *other = wanted == s->here ? s->there : s->here;
    if (!wanted->conn || (!wanted->verdict && other->verdict && other->conn))
        return other;
    return wanted;
}

/* The notice on A, in the place of V, that TOLD tells the failure of its connection. */
static tw_verdict *notice(const tw__account *a, const tw_verdict *v, const tw_verdict *told, tw_text text)
{
    tw_conn *c = a->conn;
    tw_at at = { .frame = v->frame,
                 .time_us = v->times.frame_us,
                 .dir = tw__conn_dir(c, v->sender == TW_SERVER ? TW_SERVER : TW_CLIENT) };
    tw__case *k = tw__case_open_notice(c, TW_EVENT_CLOSE, at, NULL);
    tw_verdict *by;
    by = tw__judge_notice(c, k, TW_N_CAUSES, text);
    tw__verdict_find(by, told->frame, TW_TEXT_EV_TOLD_THERE, NULL);
    return by;
}

static const tw_verdict *failure_of(const tw_conn *conn)
{
    const tw_verdict *last = NULL;
    for (const tw_verdict *v = conn->verdicts; v; v = v->next)
        last = v->failure ? v : last;
    return last;
}

/* The failures of A are those that TELLS has. */
static void silence(const tw__account *a, const tw__account *tells, tw_text text, tw__elsewhere_sink *sink)
{
    const tw_verdict *told = failure_of(tells->conn);
    tw__seldom_for(a->conn)->twice = tells->conn;
    for (tw_verdict *v = a->conn->verdicts, *next; told && v; v = next) {
        next = v->next;
        if (v->failure)
            sink(a->conn, v, notice(a, v, told, text));
    }
}

/* Without segments the two may be told apart, or not at all. */
static bool may_tell(const tw__story *s)
{
    return tw__account_has_lanes(s->here) || s->origin != TW_ORIGIN_UNKNOWN;
}

/* How long the recorder of A was on is known by what came there; that the capture goes on may be another one's. */
static void limit(tw__account *a, const tw__sightings *sightings)
{
    const tw__place *place = tw__place_of(sightings, tw__account_place(a));
    if (place && !a->part)
        a->until_us = MIN(a->until_us, MAX(place->last_us, a->last_us));
}

static void unite(const GPtrArray *group, const tw__sightings *sightings, tw__elsewhere_sink *sink)
{
    const tw__account *client = nearest(group, TW_OF_CLIENT), *server = nearest(group, TW_OF_SERVER), *tells;
    tw__path path;
    tw__story story;
    if (client == server || tw__path_find(&path, client, server) != TW_TWO_POINTS ||
        path.near[TW_OF_CLIENT] != client || (!client->conn && !server->conn))
        return;
    tw__story_tell(&story, &path, client->conn ? client : server, client->conn ? server : client);
    story.sightings = sightings;
    if (!may_tell(&story))
        return;
    tells = teller(&story);
    if (tells != story.here) {
        tw__story_tell(&story, &path, tells, story.here);
        story.sightings = sightings;
    }
    tw__story_take(&story, sink);
    for (unsigned i = 0; i < group->len; i++) {
        const tw__account *a = g_ptr_array_index(group, i);
        if (a->conn && a->conn != tells->conn)
            silence(a, tells, tells == client ? TW_TEXT_NOTICE_TWICE_CLIENT : TW_TEXT_NOTICE_TWICE_SERVER, sink);
    }
}

void tw__elsewhere_unite(const GPtrArray *here, const tw__sightings *sightings, tw__elsewhere_sink *sink)
{
    GPtrArray *groups = groups_of(here);
    for (unsigned i = 0; i < groups->len; i++) {
        const GPtrArray *group = g_ptr_array_index(groups, i);
        for (unsigned j = 0; group->len > 1 && j < group->len; j++)
            limit(g_ptr_array_index(group, j), sightings);
        if (group->len > 1 && group->len <= POINTS_MAX)
            unite(group, sightings, sink);
    }
    g_ptr_array_unref(groups);
}
