/* Of many connections in a file of facts, those that the open capture may have, too. See facts.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "elsewhere/facts.h"

#define SOON_US \
    (5 * (int64_t)G_USEC_PER_SEC) /* what is the same name's at another time is not compared: inspected.c */

/* Never 0. */
static uint64_t hash_of(const void *data, size_t len)
{
    const uint8_t *at = data;
    uint64_t hash = TW_HASH_BEGIN, word;
    for (size_t i = 0; i < len; i += sizeof word) {
        word = 0;
        memcpy(&word, at + i, MIN(sizeof word, len - i));
        hash = tw_hash_word(hash, word);
    }
    return hash ? hash : 1;
}

static uint64_t numbers_of(const tw__lane *client, const tw__lane *server)
{
    return client->begins && server->begins ? (uint64_t)client->isn << 32 | server->isn : 0;
}

tw__entry tw__entry_of(const tw__account *a)
{
    const uint8_t *random = tw__account_random(a), *choice = tw__account_choice_random(a);
    tw__entry e = { .begin_us = a->begin_us, .last_us = a->last_us };
    e.random = random ? hash_of(random, TW_RANDOM) : 0;
    e.choice = choice ? hash_of(choice, TW_RANDOM) : 0;
    e.name = a->name ? hash_of(a->name, strlen(a->name)) : 0;
    e.numbers = numbers_of(&a->lane[TW_OF_CLIENT], &a->lane[TW_OF_SERVER]);
    e.flags = (a->client && a->server ? TW_ENTRY_TLS : 0) | (a->lossy ? TW_ENTRY_LOSSY : 0) |
              (a->verdict && a->verdict->cause == TW_CAUSE_STARTTLS_REFUSED ? TW_ENTRY_REFUSED : 0);
    return e;
}

bool tw__facts_has_refused(const tw__facts *facts, const tw__sightings *sightings, uint32_t stream)
{
    const tw__sighting *s = g_hash_table_size(facts->refused) ? tw__sighting_of(sightings, stream) : NULL;
    uint64_t numbers = s && s->initiator >= 0 ? numbers_of(&s->lane[s->initiator], &s->lane[1 - s->initiator]) : 0;
    return numbers && g_hash_table_contains(facts->refused, &numbers);
}

/* ---- what the open capture asks for ---- */

typedef struct {
    tw__entry *entries;                      /* of the open capture */
    GHashTable *randoms, *choices, *numbers; /* members of ENTRIES, lent */
    GHashTable *names; /* hash, lent -> GArray of int64_t: when connections with that name begin, sorted */
} wanted;

static void array_free(void *array)
{
    g_array_unref(array);
}

static int by_time(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

void tw__times_sort(GArray *times)
{
    g_array_sort(times, by_time);
}

int64_t tw__times_apart(const GArray *times, int64_t us)
{
    unsigned from = 0, to = times->len;
    int64_t after = G_MAXINT64, before = G_MAXINT64;
    us = CLAMP(us, 0, G_MAXINT64 / 4); /* as a file says it */
    while (from < to) {
        unsigned middle = from + (to - from) / 2;
        if (g_array_index(times, int64_t, middle) < us)
            from = middle + 1;
        else
            to = middle;
    }
    if (from < times->len)
        after = g_array_index(times, int64_t, from) - us;
    if (from)
        before = us - g_array_index(times, int64_t, from - 1);
    return MIN(after, before);
}

static void want_name(wanted *w, const tw__entry *e)
{
    GArray *times = g_hash_table_lookup(w->names, &e->name);
    if (!times) {
        times = g_array_new(FALSE, FALSE, sizeof e->begin_us);
        g_hash_table_insert(w->names, (gpointer)(uintptr_t)&e->name, times);
    }
    g_array_append_val(times, e->begin_us);
}

static wanted wanted_of(const GPtrArray *here)
{
    wanted w = { g_new0(tw__entry, here->len + 1), g_hash_table_new(g_int64_hash, g_int64_equal),
                 g_hash_table_new(g_int64_hash, g_int64_equal), g_hash_table_new(g_int64_hash, g_int64_equal),
                 g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, array_free) };
    GHashTableIter all;
    gpointer times;
    for (unsigned i = 0; i < here->len; i++) {
        tw__entry *e = &w.entries[i];
        *e = tw__entry_of(g_ptr_array_index(here, i));
        if (e->random)
            g_hash_table_add(w.randoms, &e->random);
        if (e->choice)
            g_hash_table_add(w.choices, &e->choice);
        if (e->numbers)
            g_hash_table_add(w.numbers, &e->numbers);
        if (e->name)
            want_name(&w, e);
    }
    g_hash_table_iter_init(&all, w.names);
    while (g_hash_table_iter_next(&all, NULL, &times))
        tw__times_sort(times);
    return w;
}

static void wanted_clear(wanted *w)
{
    g_hash_table_destroy(w->randoms);
    g_hash_table_destroy(w->choices);
    g_hash_table_destroy(w->numbers);
    g_hash_table_destroy(w->names);
    g_free(w->entries);
}

static bool is_wanted(const wanted *w, const tw__entry *e)
{
    const GArray *times;
    if ((e->random && g_hash_table_contains(w->randoms, &e->random)) ||
        (e->choice && g_hash_table_contains(w->choices, &e->choice)) ||
        (e->numbers && g_hash_table_contains(w->numbers, &e->numbers)))
        return true;
    times = e->name ? g_hash_table_lookup(w->names, &e->name) : NULL;
    return times && tw__times_apart(times, e->begin_us) <= SOON_US;
}

GPtrArray *tw__facts_candidates(tw__facts *facts, const GPtrArray *here)
{
    GPtrArray *found = g_ptr_array_new();
    wanted w = wanted_of(here);
    for (unsigned i = 0; i < facts->accounts->len; i++)
        if (is_wanted(&w, &facts->entries[i]))
            g_ptr_array_add(found, tw__facts_account(facts, i));
    wanted_clear(&w);
    return found;
}
