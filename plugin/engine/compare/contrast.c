/* Which handshakes of one capture are worth comparing. See contrast.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compare/contrast_internal.h"
#include "verdict/verdict_internal.h"

#include <string.h>

struct tw__contrast {
    tw__memory memory;
    /* completed handshakes that others are compared with: of those with one thing in common the first, which the others
     * follow (tw__remembered.next); all lent */
    GHashTable *completed[TW_N_KINSHIPS];
    /* those of them that stand there for their clients alone, which most do, in turn; NULL: none */
    tw__remembered *of_clients[TW_CONTRAST_CLIENTS];
    unsigned n_of_clients; /* so many were ever */
    GHashTable *last;      /* tw__remembered *, lent: of each client (without port) and server the last attempt */
};

tw__contrast *tw__contrast_new(void)
{
    tw__contrast *c = g_new0(tw__contrast, 1);
    tw__memory_init(&c->memory);
    for (int i = 0; i < TW_N_KINSHIPS; i++)
        c->completed[i] = tw__kin_table((tw__kinship)i);
    c->last = tw__pair_table();
    return c;
}

void tw__contrast_free(tw__contrast *c)
{
    if (!c)
        return;
    g_hash_table_destroy(c->last);
    for (int i = 0; i < TW_N_KINSHIPS; i++)
        g_hash_table_destroy(c->completed[i]);
    tw__memory_clear(&c->memory);
    g_free(c);
}

/* ---- the fallback dance ---- */

/* Whether LATER is a retry of the failed EARLIER: soon after it, with a lower version. */
static bool is_fallback(const tw__remembered *earlier, const tw__remembered *later)
{
    return earlier->verdict && later->hello_frame > earlier->hello_frame && !later->renegotiation &&
           later->hello_us - earlier->hello_us <= TW_FALLBACK_US && later->offered_max &&
           later->offered_max < earlier->offered_max;
}

/* The attempts of a fallback are for one name, as far as there is one (SSL 3.0 has none). */
static bool is_same_name(const tw__remembered *a, const tw__remembered *b)
{
    return !a->name || !b->name || g_str_equal(a->name, b->name);
}

static void join_dance(tw__contrast *c, tw__remembered *o)
{
    tw__remembered *last = g_hash_table_lookup(c->last, o);
    if (last && is_fallback(last, o) && is_same_name(last, o)) {
        o->before = last;
        last->after = o;
    }
    if (o->verdict || o->before)
        g_hash_table_add(c->last, o);
}

/* ---- who is compared with whom ---- */

/* The first one of KINSHIP with O; NULL: there is none. */
static tw__remembered *first_with(const tw__contrast *c, const tw__remembered *o, tw__kinship kinship)
{
    return tw__has_kin(o, kinship) ? g_hash_table_lookup(c->completed[kinship], o) : NULL;
}

/* A program that does the same again and again is one example, not eight. */
static bool is_alike(const tw__remembered *a, const tw__remembered *b)
{
    return a->hello_len == b->hello_len && a->suite == b->suite && a->leaf[TW_CLIENT] == b->leaf[TW_CLIENT] &&
           a->leaf[TW_SERVER] == b->leaf[TW_SERVER] && tw__is_same_pair(a, b);
}

/* Whether O is kept to compare others with it. */
static bool remember(tw__contrast *c, tw__remembered *o, tw__kinship kinship)
{
    tw__remembered *last = NULL;
    unsigned n = 0;
    if (!tw__has_kin(o, kinship))
        return false;
    for (tw__remembered *other = first_with(c, o, kinship); other; other = other->next[kinship]) {
        if (++n == TW_CONTRAST_EACH || is_alike(other, o))
            return false;
        last = other;
    }
    if (last)
        last->next[kinship] = o;
    else
        g_hash_table_add(c->completed[kinship], o);
    return true;
}

/* O, which stands there for its client alone, so that nothing else points at it, is no longer remembered. */
static void forget(tw__contrast *c, tw__remembered *o)
{
    tw__remembered *before = first_with(c, o, TW_SAME_CLIENT), *next = o->next[TW_SAME_CLIENT];
    if (before == o) {
        g_hash_table_remove(c->completed[TW_SAME_CLIENT], o);
        if (next)
            g_hash_table_add(c->completed[TW_SAME_CLIENT], next);
    } else {
        while (before->next[TW_SAME_CLIENT] != o)
            before = before->next[TW_SAME_CLIENT];
        before->next[TW_SAME_CLIENT] = next;
    }
    tw__remembered_drop(&c->memory, o);
}

/* What a client has done lately says most of what it does now. */
static void note_for_client(tw__contrast *c, tw__remembered *o)
{
    tw__remembered **place = &c->of_clients[c->n_of_clients++ % TW_CONTRAST_CLIENTS];
    if (*place)
        forget(c, *place);
    *place = o;
}

static void completed(tw__contrast *c, tw_conn *conn)
{
    tw__remembered *o = tw__remembered_take(&c->memory, conn);
    unsigned kept = 0; /* kinships, as bits */
    if (!o)
        return;
    o->completed = true;
    join_dance(c, o);
    for (int kinship = 0; kinship < TW_N_KINSHIPS; kinship++)
        kept |= (unsigned)remember(c, o, (tw__kinship)kinship) << kinship;
    if (o->before)
        return;
    if (!kept)
        tw__remembered_drop(&c->memory, o);
    else if (kept == 1U << TW_SAME_CLIENT)
        note_for_client(c, o);
}

void tw__contrast_join(tw__contrast *c, tw__context *context)
{
    context->contrast = c;
    context->on_completed = completed;
}

void tw__contrast_add(tw__contrast *c, tw__remembered *o)
{
    for (int kinship = 0; kinship < TW_N_KINSHIPS; kinship++)
        remember(c, o, (tw__kinship)kinship);
}

const tw__known_certificate *tw__contrast_known(const tw__contrast *c, const tw_conn *conn)
{
    return c ? tw__memory_known(&c->memory, conn) : NULL;
}

GHashTable *tw__contrast_connections(const tw__contrast *c)
{
    GHashTable *found = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (unsigned i = 0; i < c->memory.all->len; i++) {
        const tw__remembered *o = g_ptr_array_index(c->memory.all, i);
        if (o->conn)
            g_hash_table_add(found, o->conn);
    }
    return found;
}

const GPtrArray *tw__contrast_remembered(const tw__contrast *c)
{
    return c->memory.all;
}

const tw__remembered *tw__contrast_of_server(const tw__contrast *c, const tw_conn *conn)
{
    int dir = tw__conn_dir(conn, TW_SERVER);
    const tw__remembered key = { .server = (char *)(uintptr_t)(dir >= 0 ? tw__conn_end(conn, dir) : NULL) };
    return c && key.server ? first_with(c, &key, TW_SAME_SERVER) : NULL;
}

/* Of one connection there is nothing to learn about itself. */
static bool may_compare(const tw__remembered *here, const tw__remembered *there)
{
    if (!there->completed || there->renegotiation != here->renegotiation)
        return false;
    if (!there->capture)
        return strcmp(there->client, here->client) != 0;
    return there->hello_len != here->hello_len || memcmp(there->hello, here->hello, here->hello_len) != 0;
}

/* Whether A is closer to HERE in the capture than B, and no stranger to it. */
static bool is_nearer(const tw__remembered *here, const tw__remembered *a, const tw__remembered *b)
{
    if (a->capture || b->capture)
        return !a->capture && b->capture;
    return ABS((int64_t)a->hello_frame - here->hello_frame) < ABS((int64_t)b->hello_frame - here->hello_frame);
}

/* Of the N handshakes of LIST the one that differs least from HERE. */
static const tw__remembered *least_different(const tw__view *here, const tw__remembered *const *list, unsigned n)
{
    const tw__remembered *best = list[0];
    unsigned least = tw__contrast_distance(here, best);
    for (unsigned i = 1; i < n; i++) {
        unsigned distance = tw__contrast_distance(here, list[i]);
        if (distance < least || (distance == least && is_nearer(here->o, list[i], best))) {
            best = list[i];
            least = distance;
        }
    }
    return best;
}

/* The completed handshakes that O is compared with, into FOUND; returns how many. */
static unsigned find_comparable(const tw__contrast *c, const tw__remembered *o, tw__kinship kinship,
                                const tw__remembered *found[TW_CONTRAST_EACH])
{
    unsigned n = 0;
    for (const tw__remembered *other = first_with(c, o, kinship); other; other = other->next[kinship])
        if (may_compare(o, other))
            found[n++] = other;
    return n;
}

/* ---- evidence ---- */

/* HELLO: O's, lent; NULL: it is read anew. */
static void compare(const tw__contrast *c, const tw__remembered *o, const tw__hello *hello)
{
    const tw__remembered *found[TW_CONTRAST_EACH];
    unsigned n = 0;
    int kinship = 0;
    tw__view here;
    tw__verdict_forget(o->verdict, TW_EVIDENCE_OTHER);
    tw__contrast_dance(o);
    while (kinship < TW_N_KINSHIPS && !(n = find_comparable(c, o, (tw__kinship)kinship, found)))
        kinship++;
    if (!n)
        return;
    here = tw__view_of(o, hello);
    tw__contrast_words(&here, n > 1 ? least_different(&here, found, n) : found[0], (tw__kinship)kinship);
    tw__view_clear(&here);
}

void tw__contrast_compare(const tw__contrast *c, const tw__remembered *o)
{
    compare(c, o, NULL);
}

/* What was taken for completed has failed after all: a client certificate refused, say, after a TLS 1.3 Finished. */
static void withdraw(tw__contrast *c, const tw__remembered *failed)
{
    for (unsigned i = c->memory.all->len; i > 0; i--) {
        tw__remembered *o = g_ptr_array_index(c->memory.all, i - 1);
        if (o != failed && o->completed && o->hello_frame == failed->hello_frame &&
            !strcmp(o->client, failed->client))
            o->completed = false;
    }
}

void tw__contrast_replaced(tw__contrast *c, const tw_verdict *v, tw_verdict *by)
{
    for (unsigned i = c->memory.all->len; i > 0; i--) {
        tw__remembered *o = g_ptr_array_index(c->memory.all, i - 1);
        if (o->verdict == v) {
            o->verdict = by->failure ? by : NULL; /* else it was none after all */
            return;
        }
    }
}

void tw__contrast_failed(tw__contrast *c, const tw__case *k, tw_verdict *v)
{
    tw__remembered *o;
    if (!c || v->severity < TW_ERROR || !k->client_hello || !(o = tw__remembered_take(&c->memory, k->conn)))
        return;
    o->verdict = v;
    o->conn = k->conn;
    o->number = k->h->number;
    if (k->h->complete)
        withdraw(c, o);
    if (!o->renegotiation)
        join_dance(c, o);
    compare(c, o, k->client_hello);
}
