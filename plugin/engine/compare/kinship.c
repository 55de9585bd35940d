/* What handshakes have in common, as keys of tables. See contrast_internal.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compare/contrast_internal.h"

#include <string.h>

/* The part of O's client before the port, LEN bytes, without the brackets of IPv6. */
static const char *client_host(const tw__remembered *o, size_t *len)
{
    const char *port = tw_endpoint_port(o->client);
    bool brackets = port && o->client[0] == '[';
    *len = (port ? (size_t)(port - o->client) : strlen(o->client)) - 2u * brackets;
    return o->client + brackets;
}

static guint client_hash(gconstpointer key)
{
    size_t len;
    const char *host = client_host(key, &len);
    guint hash = 5381;
    for (size_t i = 0; i < len; i++)
        hash = hash * 33 + (guint8)host[i];
    return hash;
}

static gboolean is_same_client(gconstpointer one, gconstpointer other)
{
    size_t len[2];
    const char *host[2] = { client_host(one, &len[0]), client_host(other, &len[1]) };
    return len[0] == len[1] && !memcmp(host[0], host[1], len[0]);
}

static guint server_hash(gconstpointer key)
{
    return g_str_hash(((const tw__remembered *)key)->server);
}

static gboolean is_same_server(gconstpointer one, gconstpointer other)
{
    return g_str_equal(((const tw__remembered *)one)->server, ((const tw__remembered *)other)->server);
}

static guint name_hash(gconstpointer key)
{
    return g_str_hash(((const tw__remembered *)key)->name);
}

static gboolean is_same_name(gconstpointer one, gconstpointer other)
{
    return g_str_equal(((const tw__remembered *)one)->name, ((const tw__remembered *)other)->name);
}

static guint pair_hash(gconstpointer key)
{
    return client_hash(key) * 31 + server_hash(key);
}

gboolean tw__is_same_pair(gconstpointer one, gconstpointer other)
{
    return is_same_client(one, other) && is_same_server(one, other);
}

bool tw__has_kin(const tw__remembered *o, tw__kinship kinship)
{
    return kinship != TW_SAME_NAME || o->name;
}

GHashTable *tw__kin_table(tw__kinship kinship)
{
    switch (kinship) {
    case TW_SAME_SERVER: return g_hash_table_new(server_hash, is_same_server);
    case TW_SAME_NAME: return g_hash_table_new(name_hash, is_same_name);
    default: return g_hash_table_new(client_hash, is_same_client);
    }
}

GHashTable *tw__pair_table(void)
{
    return g_hash_table_new(pair_hash, tw__is_same_pair);
}
