/* Somebody answers in between: TLS inspection. See elsewhere.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "connection/connection.h"
#include "elsewhere/elsewhere.h"

#define SOON_US (5 * (int64_t)G_USEC_PER_SEC) /* a gateway connects to the server while the client waits */

/* What a system gives its packets; each router takes one. */
static bool is_first_hop(unsigned hops)
{
    return hops == 64 || hops == 128 || hops == 255;
}

/* Whether A was recorded at its server: nothing has taken a hop of what the server sends. Once a handshake has completed,
 * hops are not read (0). */
static bool is_at_server(const tw__account *a)
{
    const tw__lane *server = &a->lane[TW_OF_SERVER];
    unsigned n = 0;
    for (unsigned i = 0; i < server->seen->len; i++) {
        unsigned hops = tw__lane_at(server, i)->hops;
        if (hops && !is_first_hop(hops))
            return false;
        n += hops != 0;
    }
    return n > 0;
}

static bool is_near(const tw__account *here, const tw__account *there)
{
    int64_t us = there->begin_us - here->begin_us;
    return us >= -SOON_US && us <= SOON_US;
}

/* Whether THERE may be what somebody asks of the server in the place of HERE, or the other way. */
static bool is_candidate(const tw__account *here, const tw__account *there)
{
    return there->hello && here->hello && !g_bytes_equal(here->hello, there->hello) && here->server &&
           there->server && !strcmp(here->server, there->server) && here->name && there->name &&
           !strcmp(here->name, there->name) && is_near(here, there);
}

/* One begins while the other waits; what two clients do one after the other is not so. */
static bool is_meanwhile(const tw__account *a, const tw__account *b)
{
    const tw__account *outer = a->begin_us <= b->begin_us ? a : b, *inner = outer == a ? b : a;
    return inner->begin_us <= outer->last_us;
}

/* What a server says first is its choice; of one that was cut short, its last packet. */
static int64_t answered_us(const tw__account *a)
{
    return a->choice_us ? a->choice_us : a->last_us;
}

/* One asks and is answered while the other waits for its answer, and takes up most of that: the answer waits for it. */
static bool is_waited_for(const tw__account *a, const tw__account *b)
{
    const tw__account *outer = a->begin_us <= b->begin_us ? a : b, *inner = outer == a ? b : a;
    int64_t from = outer->hello_us, until = answered_us(outer);
    return from && inner->begin_us >= from && answered_us(inner) <= until &&
           2 * (MIN(inner->last_us, until) - inner->begin_us) >= until - from;
}

char *tw__issuer_of(const tw__account *here, GBytes *der)
{
    GPtrArray *ders = g_ptr_array_new();
    tw__chain *chain;
    char *text;
    g_ptr_array_add(ders, der);
    chain = tw__chain_new(here->conn->context->chains, ders, false);
    text = g_strdup(tw__chain_cert(chain, 0)->issuer);
    tw__chain_free(chain);
    g_ptr_array_unref(ders);
    return text;
}

static bool have_one_issuer(const tw__account *here, const tw__account *there)
{
    GBytes *mine = here->leaf[TW_SERVER], *other = there->leaf[TW_SERVER];
    char *a = mine ? tw__issuer_of(here, mine) : NULL, *b = other ? tw__issuer_of(here, other) : NULL;
    bool same = a && b && !strcmp(a, b);
    g_free(a);
    g_free(b);
    return same;
}

static bool is_same_bytes(GBytes *a, GBytes *b)
{
    return a && b && g_bytes_equal(a, b);
}

/* THERE is a client's own connection, which went through as it is. */
static bool is_common(const tw__account *there, const GHashTable *hellos)
{
    char *key = tw__random_key(there);
    bool common = key && g_hash_table_contains((GHashTable *)(uintptr_t)hellos, key);
    g_free(key);
    return common;
}

bool tw__have_two_issuers(const tw__account *here, const tw__account *there)
{
    return here->leaf[TW_SERVER] && there->leaf[TW_SERVER] && !have_one_issuer(here, there);
}

const tw__account *tw__inspected_by(const tw__account *here, const GPtrArray *namesakes, const GHashTable *hellos)
{
    const tw__account *found = NULL;
    unsigned n = 0;
    for (unsigned i = 0; namesakes && i < namesakes->len; i++) {
        const tw__account *there = g_ptr_array_index(namesakes, i);
        if (is_candidate(here, there)) {
            if (is_common(there, hellos)) /* nobody inspects there what goes to this server */
                return NULL;
            found = there;
            n++;
        }
    }
    if (n != 1 || found->lossy || here->lossy || is_same_bytes(here->leaf[TW_SERVER], found->leaf[TW_SERVER]) ||
        !g_strcmp0(here->client, found->client))
        return NULL;
    if (!is_at_server(found) && !is_at_server(here))
        return NULL;
    if (is_at_server(found) != is_at_server(here))
        return found;
    /* or both ends are one, and two clients of a name with two certificates were there */
    if (is_waited_for(here, found))
        return found;
    return is_meanwhile(here, found) && !have_one_issuer(here, found) ? found : NULL;
}
