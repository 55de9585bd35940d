/* Somebody answers in between: TLS inspection. See elsewhere.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "elsewhere/elsewhere.h"

#define SOON_US (5 * (int64_t)G_USEC_PER_SEC) /* a gateway connects to the server while the client waits */

/* What a system gives its packets; each router takes one. */
static bool is_first_hop(unsigned hops)
{
    return hops == 64 || hops == 128 || hops == 255;
}

/* Whether A was recorded at its server: nothing has taken a hop of what the server sends, and something of what comes. */
static bool is_at_server(const tw__account *a)
{
    const tw__lane *server = &a->lane[TW_OF_SERVER];
    for (unsigned i = 0; i < server->seen->len; i++)
        if (!is_first_hop(tw__lane_at(server, i)->hops))
            return false;
    return server->seen->len > 0;
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

static bool is_same_bytes(GBytes *a, GBytes *b)
{
    return a && b && g_bytes_equal(a, b);
}

const tw__account *tw__inspected_by(const tw__account *here, const GPtrArray *namesakes)
{
    const tw__account *found = NULL;
    unsigned n = 0;
    for (unsigned i = 0; namesakes && i < namesakes->len; i++) {
        const tw__account *there = g_ptr_array_index(namesakes, i);
        if (is_candidate(here, there)) {
            found = there;
            n++;
        }
    }
    if (n != 1 || found->lossy || here->lossy || is_same_bytes(here->leaf[TW_SERVER], found->leaf[TW_SERVER]) ||
        !g_strcmp0(here->client, found->client))
        return NULL;
    return is_at_server(found) != is_at_server(here) ? found : NULL; /* two clients may get two certificates */
}
