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
    for (unsigned i = 0; i < tw__lane_length(server); i++) {
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
    return is_near(here, there) && there->hello && here->hello && !g_bytes_equal(here->hello, there->hello) &&
           here->server && there->server && !strcmp(here->server, there->server) && here->name && there->name &&
           !strcmp(here->name, there->name);
}

/* Of both, the one whose client waits. */
static const tw__account *outer_of(const tw__account *a, const tw__account *b)
{
    if (is_at_server(a) != is_at_server(b))
        return is_at_server(a) ? b : a;
    return a->begin_us <= b->begin_us ? a : b;
}

/* One asks and is answered while the other waits for its answer, which comes when the first one has ended, or while it goes
 * on. Two clients of one server wait as long as each other: the whole opening of one does not fit into the wait of the other. */
static bool is_waited_for(const tw__account *a, const tw__account *b)
{
    const tw__account *outer = outer_of(a, b), *inner = outer == a ? b : a;
    int64_t until = tw__account_answered_us(outer), got = tw__account_answered_us(inner);
    return until && got && outer->hello_us && inner->begin_us >= outer->hello_us && got <= until &&
           until - inner->last_us <= got - inner->begin_us;
}

/* The same where the clocks may be apart: whether that is as long as it must be. */
static bool may_be_waited_for(const tw__account *a, const tw__account *b)
{
    const tw__account *outer = outer_of(a, b), *inner = outer == a ? b : a;
    int64_t until = tw__account_answered_us(outer), got = tw__account_answered_us(inner);
    return until && got && outer->hello_us && got - inner->begin_us <= until - outer->hello_us;
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

static bool have_two_issuers(const tw__account *here, const tw__account *there)
{
    return here->leaf[TW_SERVER] && there->leaf[TW_SERVER] && !have_one_issuer(here, there);
}

/* What fits HERE. */
typedef struct {
    const tw__account *first;
    unsigned n, n_issuers; /* how many; and how many of these have another issuer */
    bool lossy;            /* what is looked for may have been there */
    bool common;           /* one of them went through as it is: nobody inspects what goes to this server */
} candidates;

static int64_t begin_at(const GPtrArray *accounts, unsigned i)
{
    return ((const tw__account *)g_ptr_array_index(accounts, i))->begin_us;
}

/* The first one of ACCOUNTS, in the order of time, that begins at US or later. */
static unsigned first_from(const GPtrArray *accounts, int64_t us)
{
    unsigned from = 0, to = accounts->len;
    while (from < to) {
        unsigned middle = from + (to - from) / 2;
        if (begin_at(accounts, middle) < us)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* Whether C shows that nobody inspects HERE, whatever else fits. */
static bool is_settled(const candidates *c)
{
    return c->common || (c->n > 1 && c->n_issuers < c->n);
}

static candidates candidates_of(const tw__account *here, const GPtrArray *namesakes, const GHashTable *hellos)
{
    candidates c = { .lossy = here->lossy };
    unsigned i = namesakes ? first_from(namesakes, here->begin_us - SOON_US) : 0;
    for (; namesakes && i < namesakes->len && !is_settled(&c); i++) {
        const tw__account *there = g_ptr_array_index(namesakes, i);
        if (there->begin_us > here->begin_us + SOON_US)
            break;
        if (!is_candidate(here, there))
            continue;
        c.first = c.first ? c.first : there;
        c.n++;
        c.n_issuers += have_two_issuers(here, there);
        c.lossy = c.lossy || there->lossy;
        c.common = c.common || is_common(there, hellos) || !g_strcmp0(here->client, there->client) ||
                   is_same_bytes(here->leaf[TW_SERVER], there->leaf[TW_SERVER]) ||
                   (!is_at_server(there) && !is_at_server(here));
    }
    return c;
}

bool tw__is_asked_for(const tw__account *here, const tw__account *there)
{
    return outer_of(here, there) == there;
}

tw__inspection tw__inspected_by(const tw__account *here, const GPtrArray *namesakes, const GHashTable *hellos,
                                bool lossy, const tw__account **found)
{
    candidates c = candidates_of(here, namesakes, hellos);
    *found = c.first;
    if (!c.n || is_settled(&c))
        return TW_NOT_INSPECTED;
    if (c.n == 1 && !c.lossy && !lossy &&
        (is_waited_for(here, c.first) || (c.n_issuers && may_be_waited_for(here, c.first))))
        return c.n_issuers ? TW_INSPECTED_ISSUER : TW_INSPECTED;
    return c.n_issuers == c.n ? TW_OTHER_ISSUER : TW_NOT_INSPECTED;
}
