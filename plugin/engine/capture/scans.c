/* Who looks for open ports. See scans.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/scans.h"

#include <glib.h>

struct tw__scans {
    GHashTable *tried;  /* GBytes of client, server and port */
    GHashTable *counts; /* GBytes of client and server, or of client and port -> how many different ones there are */
};

tw__scans *tw__scans_new(void)
{
    tw__scans *s = g_new0(tw__scans, 1);
    s->tried = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    s->counts = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    return s;
}

void tw__scans_free(tw__scans *s)
{
    g_hash_table_destroy(s->tried);
    g_hash_table_destroy(s->counts);
    g_free(s);
}

/* SERVER may be NULL, PORT 0. */
static GBytes *key(const uint8_t *client, const uint8_t *server, size_t len, uint16_t port)
{
    GByteArray *b = g_byte_array_new();
    g_byte_array_append(b, client, (guint)len);
    if (server)
        g_byte_array_append(b, server, (guint)len);
    g_byte_array_append(b, (const uint8_t *)&port, sizeof port);
    return g_byte_array_free_to_bytes(b);
}

static guint count_of(const tw__scans *s, GBytes *what)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(s->counts, what));
}

static void count(tw__scans *s, GBytes *what)
{
    guint n = count_of(s, what);
    g_hash_table_replace(s->counts, what, GUINT_TO_POINTER(n + 1));
}

void tw__scans_add(tw__scans *s, const uint8_t *client, const uint8_t *server, size_t len, uint16_t port)
{
    if (!g_hash_table_add(s->tried, key(client, server, len, port)))
        return;
    count(s, key(client, server, len, 0));
    count(s, key(client, NULL, len, port));
}

bool tw__scans_has(const tw__scans *s, const uint8_t *client, const uint8_t *server, size_t len, uint16_t port)
{
    GBytes *ports = key(client, server, len, 0), *servers = key(client, NULL, len, port);
    bool has = count_of(s, ports) >= TW_SCAN_PORTS || count_of(s, servers) >= TW_SCAN_SERVERS;
    g_bytes_unref(ports);
    g_bytes_unref(servers);
    return has;
}
