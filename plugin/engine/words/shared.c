/* Texts held once. See shared.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "words/shared.h"

#include <string.h>

#define LOGS_MAX 96 /* alerts whose lines are held; of further ones they are made anew each time */

typedef struct {
    uint8_t number;
    tw_side receiver;
    tw_phase phase;
    const char *library; /* static */
    GPtrArray *lines;
} known_logs;

struct tw_pool {
    GHashTable *lists; /* GPtrArray of shared texts -> how many have it */
    known_logs logs[LOGS_MAX];
    unsigned n_logs;
};

static void release(void *text)
{
    g_ref_string_release(text);
}

GPtrArray *tw__shared_texts_new(void)
{
    return g_ptr_array_new_with_free_func(release);
}

void tw__add_shared(GPtrArray *texts, char *text)
{
    g_ptr_array_add(texts, tw__shared_text(text));
}

char *tw__shared_text(char *text)
{
    char *shared = text ? g_ref_string_new_intern(text) : NULL;
    g_free(text);
    return shared;
}

/* The same text is the same pointer. */
static guint list_hash(const void *list)
{
    const GPtrArray *texts = list;
    guint hash = texts->len;
    for (unsigned i = 0; i < texts->len; i++)
        hash = hash * 31 + g_direct_hash(g_ptr_array_index(texts, i));
    return hash;
}

static gboolean list_equal(const void *a, const void *b)
{
    const GPtrArray *one = a, *other = b;
    return one->len == other->len &&
           (!one->len || !memcmp(one->pdata, other->pdata, one->len * sizeof one->pdata[0]));
}

tw__pool *tw__pool_new(void)
{
    tw__pool *pool = g_new0(tw__pool, 1);
    pool->lists = g_hash_table_new(list_hash, list_equal);
    return pool;
}

void tw__pool_free(tw__pool *pool)
{
    if (!pool)
        return;
    for (unsigned i = 0; i < pool->n_logs; i++)
        tw__shared_list_free(pool, pool->logs[i].lines);
    g_hash_table_destroy(pool->lists);
    g_free(pool);
}

GPtrArray *tw__shared_list(tw__pool *pool, GPtrArray *texts)
{
    void *known = NULL, *users = NULL;
    if (!pool)
        return texts;
    if (g_hash_table_lookup_extended(pool->lists, texts, &known, &users)) {
        g_ptr_array_unref(texts);
        texts = known;
    }
    g_hash_table_insert(pool->lists, texts, GUINT_TO_POINTER(GPOINTER_TO_UINT(users) + 1));
    return texts;
}

void tw__shared_list_free(tw__pool *pool, GPtrArray *list)
{
    unsigned users = pool && list ? GPOINTER_TO_UINT(g_hash_table_lookup(pool->lists, list)) : 0;
    if (users > 1) {
        g_hash_table_insert(pool->lists, list, GUINT_TO_POINTER(users - 1));
        return;
    }
    if (users)
        g_hash_table_remove(pool->lists, list);
    if (list)
        g_ptr_array_unref(list);
}

static GPtrArray *find_logs(const tw__pool *pool, const known_logs *wanted)
{
    for (unsigned i = 0; i < pool->n_logs; i++) {
        const known_logs *l = &pool->logs[i];
        if (l->number == wanted->number && l->receiver == wanted->receiver && l->phase == wanted->phase &&
            !g_strcmp0(l->library, wanted->library))
            return l->lines;
    }
    return NULL;
}

GPtrArray *tw__shared_logs(tw__pool *pool, uint8_t number, tw_side receiver, const char *library, tw_phase phase)
{
    known_logs logs = { number, receiver, phase, library, NULL };
    GPtrArray *lines = pool ? find_logs(pool, &logs) : NULL;
    if (lines)
        return tw__shared_list(pool, g_ptr_array_ref(lines));
    lines = tw__shared_list(pool, tw_alert_logs(number, receiver, library, phase));
    if (pool && pool->n_logs < LOGS_MAX) {
        logs.lines = tw__shared_list(pool, g_ptr_array_ref(lines));
        pool->logs[pool->n_logs++] = logs;
    }
    return lines;
}

guint tw__der_hash(gconstpointer der)
{
    gsize len;
    const uint8_t *bytes = g_bytes_get_data((GBytes *)(uintptr_t)der, &len);
    uint64_t word[2] = { 0, 0 };
    if (len)
        memcpy(word, bytes + len - MIN(len, sizeof word), MIN(len, sizeof word));
    return (guint)tw_hash_word(tw_hash_word(TW_HASH_BEGIN, word[0]), word[1]);
}
