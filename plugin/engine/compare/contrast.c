/* Which handshakes of one capture are worth comparing. See contrast.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compare/contrast_internal.h"
#include "verdict/verdict_internal.h"

#include <string.h>

struct tw_contrast {
    tw_outlines outlines;
    /* completed handshakes that others are compared with: text -> GPtrArray of lent tw_outline * */
    GHashTable *completed[TW_N_KINSHIPS];
    GHashTable *last; /* "client|server" -> tw_outline *: its last attempt */
};

static void array_free(void *array)
{
    g_ptr_array_unref(array);
}

tw_contrast *tw_contrast_new(void)
{
    tw_contrast *c = g_new0(tw_contrast, 1);
    tw_outlines_init(&c->outlines);
    for (int i = 0; i < TW_N_KINSHIPS; i++)
        c->completed[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, array_free);
    c->last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return c;
}

void tw_contrast_free(tw_contrast *c)
{
    if (!c)
        return;
    g_hash_table_destroy(c->last);
    for (int i = 0; i < TW_N_KINSHIPS; i++)
        g_hash_table_destroy(c->completed[i]);
    tw_outlines_clear(&c->outlines);
    g_free(c);
}

/* ---- the fallback dance ---- */

/* Whether LATER is a retry of the failed EARLIER: soon after it, with a lower version. */
static bool is_fallback(const tw_outline *earlier, const tw_outline *later)
{
    return earlier->verdict && later->hello_frame > earlier->hello_frame && !later->renegotiation &&
           later->hello_us - earlier->hello_us <= TW_FALLBACK_US && later->offered_max &&
           later->offered_max < earlier->offered_max;
}

/* A dance is with one name, as far as there is one (SSL 3.0 has none). */
static bool is_same_name(const tw_outline *a, const tw_outline *b)
{
    return !a->name || !b->name || !strcmp(a->name, b->name);
}

static void join_dance(tw_contrast *c, tw_outline *o)
{
    char *key = g_strdup_printf("%s|%s", o->client_host, o->server);
    tw_outline *last = g_hash_table_lookup(c->last, key);
    if (last && is_fallback(last, o) && is_same_name(last, o)) {
        o->before = last;
        last->after = o;
    }
    if (o->verdict || o->before)
        g_hash_table_replace(c->last, key, o);
    else
        g_free(key);
}

/* ---- who is compared with whom ---- */

static const char *key_of(const tw_outline *o, tw_kinship kinship)
{
    switch (kinship) {
    case TW_SAME_SERVER: return o->server;
    case TW_SAME_NAME: return o->name;
    default: return o->client_host;
    }
}

/* A program that does the same again and again is one example, not eight. */
static bool is_known(const GPtrArray *list, const tw_outline *o)
{
    for (unsigned i = 0; i < list->len; i++) {
        const tw_outline *other = g_ptr_array_index(list, i);
        if (!strcmp(other->client_host, o->client_host) && !strcmp(other->server, o->server) &&
            g_bytes_get_size(other->hello) == g_bytes_get_size(o->hello) && other->suite == o->suite &&
            other->leaf[TW_CLIENT] == o->leaf[TW_CLIENT] && other->leaf[TW_SERVER] == o->leaf[TW_SERVER])
            return true;
    }
    return false;
}

/* Whether O is kept to compare others with it. */
static bool remember(tw_contrast *c, tw_outline *o, tw_kinship kinship)
{
    const char *key = key_of(o, kinship);
    GPtrArray *list = key ? g_hash_table_lookup(c->completed[kinship], key) : NULL;
    if (key && !list) {
        list = g_ptr_array_new();
        g_hash_table_insert(c->completed[kinship], g_strdup(key), list);
    }
    if (!list || list->len >= TW_CONTRAST_EACH || is_known(list, o))
        return false;
    g_ptr_array_add(list, o);
    return true;
}

static void completed(tw_contrast *c, tw_conn *conn)
{
    tw_outline *o = tw_outline_take(&c->outlines, conn);
    bool needed;
    if (!o)
        return;
    o->completed = true;
    join_dance(c, o);
    needed = o->before;
    for (int kinship = 0; kinship < TW_N_KINSHIPS; kinship++)
        needed = remember(c, o, (tw_kinship)kinship) || needed;
    if (!needed)
        tw_outline_drop(&c->outlines, o);
}

void tw_contrast_join(tw_contrast *c, tw_conn *conn)
{
    conn->contrast = c;
    conn->on_completed = completed;
}

const tw_known_certificate *tw_contrast_known(const tw_contrast *c, const tw_conn *conn)
{
    return c ? tw_outlines_known(&c->outlines, conn) : NULL;
}

const GPtrArray *tw_contrast_outlines(const tw_contrast *c)
{
    return c->outlines.all;
}

const GPtrArray *tw_contrast_of_server(const tw_contrast *c, const tw_conn *conn)
{
    int dir = tw_conn_dir(conn, TW_SERVER);
    return c && dir >= 0 && conn->address[dir] ? g_hash_table_lookup(c->completed[TW_SAME_SERVER], conn->address[dir])
                                               : NULL;
}

/* Of one connection there is nothing to learn about itself. */
static bool may_compare(const tw_outline *here, const tw_outline *there)
{
    return there->completed && there->renegotiation == here->renegotiation &&
           strcmp(there->client, here->client) != 0;
}

/* Whether A is closer to HERE in the capture than B. */
static bool is_nearer(const tw_outline *here, const tw_outline *a, const tw_outline *b)
{
    return ABS((int64_t)a->hello_frame - here->hello_frame) < ABS((int64_t)b->hello_frame - here->hello_frame);
}

/* The completed handshake that differs least. */
static const tw_outline *closest(const tw_contrast *c, const tw_outline *here, tw_kinship kinship)
{
    const char *key = key_of(here, kinship);
    const GPtrArray *list = key ? g_hash_table_lookup(c->completed[kinship], key) : NULL;
    const tw_outline *best = NULL;
    unsigned least = 0;
    tw_view view;
    if (!list)
        return NULL;
    view = tw_view_of(here);
    for (unsigned i = 0; i < list->len; i++) {
        const tw_outline *there = g_ptr_array_index(list, i);
        unsigned distance;
        if (!may_compare(here, there))
            continue;
        distance = tw_contrast_distance(&view, there);
        if (!best || distance < least || (distance == least && is_nearer(here, there, best))) {
            best = there;
            least = distance;
        }
    }
    tw_view_clear(&view);
    return best;
}

/* ---- evidence ---- */

void tw_contrast_compare(const tw_contrast *c, const tw_outline *o)
{
    tw_verdict_forget_others(o->verdict);
    tw_contrast_dance(o);
    for (int kinship = 0; kinship < TW_N_KINSHIPS; kinship++) {
        const tw_outline *there = closest(c, o, (tw_kinship)kinship);
        if (there) {
            tw_contrast_words(o, there, (tw_kinship)kinship);
            return;
        }
    }
}

/* What was taken for completed has failed after all: a client certificate refused, say, after a TLS 1.3 Finished. */
static void withdraw(tw_contrast *c, const tw_outline *failed)
{
    for (unsigned i = c->outlines.all->len; i > 0; i--) {
        tw_outline *o = g_ptr_array_index(c->outlines.all, i - 1);
        if (o != failed && o->completed && o->hello_frame == failed->hello_frame &&
            !strcmp(o->client, failed->client))
            o->completed = false;
    }
}

void tw_contrast_failed(tw_contrast *c, const tw_case *k, tw_verdict *v)
{
    tw_outline *o;
    if (!c || v->severity < TW_ERROR || !k->client_hello || !(o = tw_outline_take(&c->outlines, k->conn)))
        return;
    o->verdict = v;
    o->conn = k->conn;
    o->number = k->h->number;
    if (k->h->complete)
        withdraw(c, o);
    if (!o->renegotiation)
        join_dance(c, o);
    tw_contrast_compare(c, o);
}
