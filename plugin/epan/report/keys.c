/* A key log's lines name the random of a ClientHello. See keys.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/keys.h"

#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>

#include <epan/epan_dissect.h>
#include <epan/packet.h>
#include <epan/tap.h>

#include "compat.h"
#include "report/print.h"

#define RANDOM_BYTES   32
#define LINE_MAX_BYTES 4096

typedef struct {
    char *path;
    GHashTable *randoms; /* char *: in hexadecimal digits */
    int fields[2];       /* the randoms of hellos, of TLS and DTLS */
    bool other;          /* a line names something else than a random */
    bool hellos, found;
} keys;

/* "CLIENT_RANDOM <random> <secret>", and labels of TLS 1.3; "RSA <of the premaster secret> <premaster secret>". */
static void take_line(keys *k, const char *line)
{
    char **words = g_strsplit_set(line, " \t\r\n", 3);
    bool is_key = words[0] && words[1] && words[2] && *words[0] != '#';
    if (is_key && strlen(words[1]) == 2 * RANDOM_BYTES)
        g_hash_table_add(k->randoms, g_ascii_strdown(words[1], -1));
    else if (is_key)
        k->other = true;
    g_strfreev(words);
}

static void read_log(keys *k)
{
    FILE *in = g_fopen(k->path, "r");
    char line[LINE_MAX_BYTES];
    while (in && fgets(line, sizeof line, in))
        take_line(k, line);
    if (in)
        fclose(in);
}

static void look_up(keys *k, const field_info *fi)
{
    char *text;
    if (tvb_captured_length_remaining(fi->ds_tvb, fi->start) < RANDOM_BYTES)
        return;
    text = tw_hex("", tvb_get_ptr(fi->ds_tvb, fi->start, RANDOM_BYTES), RANDOM_BYTES);
    k->hellos = true;
    k->found = k->found || g_hash_table_contains(k->randoms, text);
    g_free(text);
}

static tap_packet_status on_hello(void *data, packet_info *pinfo _U_, epan_dissect_t *edt,
                                  const void *tapped _U_ TLSWHY_TAP_FLAGS)
{
    keys *k = data;
    for (unsigned i = 0; i < G_N_ELEMENTS(k->fields); i++) {
        const GPtrArray *items = k->fields[i] < 0 ? NULL : proto_get_finfo_ptr_array(edt->tree, k->fields[i]);
        for (unsigned j = 0; items && j < items->len; j++)
            look_up(k, g_ptr_array_index(items, j));
    }
    return TAP_PACKET_DONT_REDRAW;
}

static void keys_draw(void *data)
{
    const keys *k = data;
    if (k->hellos && !k->found && !k->other && g_hash_table_size(k->randoms))
        print_error(TW_TEXT_KEYS_OF_OTHERS, k->path);
}

static void keys_free(void *data)
{
    keys *k = data;
    g_hash_table_destroy(k->randoms);
    g_free(k->path);
    g_free(k);
}

void keys_watch(const char *path)
{
    static const char *const names[] = { "tls.handshake.random", "dtls.handshake.random" };
    keys *k = g_new0(keys, 1);
    GString *error;
    k->path = g_strdup(path);
    k->randoms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
        k->fields[i] = proto_registrar_get_id_byname(names[i]);
    read_log(k);
    error = register_tap_listener("frame", k, "tls.handshake.random || dtls.handshake.random", TL_REQUIRES_NOTHING,
                                  NULL, on_hello, keys_draw, keys_free);
    if (!error)
        return;
    g_string_free(error, TRUE);
    keys_free(k);
}
