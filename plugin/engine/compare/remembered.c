/* What is remembered of handshakes, as their connections hold them. See remembered.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compare/remembered.h"
#include "case/case.h"
#include "connection/connection_internal.h"
#include "tls/reader.h"

#include <string.h>

#define HELLO_MAX 16384 /* bytes of a ClientHello that is remembered */

void tw__remembered_free(void *data)
{
    tw__remembered *o = data;
    g_ref_string_release(o->server);
    g_clear_pointer(&o->name, g_ref_string_release);
    g_free(o);
}

tw__remembered *tw__remembered_new(const char *client, const char *server, const char *name, const uint8_t *hello,
                                   size_t len)
{
    size_t client_size = strlen(client) + 1;
    tw__remembered *o = g_malloc(sizeof *o + len + client_size);
    char *text = (char *)o->hello + len;
    memset(o, 0, sizeof *o);
    memcpy(o->hello, hello, len);
    memcpy(text, client, client_size);
    o->hello_len = (uint32_t)len;
    o->client = text;
    o->server = g_ref_string_new_intern(server); /* few servers have many connections */
    o->name = name ? g_ref_string_new_intern(name) : NULL;
    return o;
}

static void known_free(void *data)
{
    tw__known_certificate *known = *(tw__known_certificate **)data;
    g_free(data);
    while (known) {
        tw__known_certificate *before = known->before;
        g_free(known);
        known = before;
    }
}

static void leaf_free(void *data)
{
    tw__leaf *leaf = data;
    g_bytes_unref(leaf->der);
    g_free(leaf->text);
    g_free(leaf);
}

void tw__memory_init(tw__memory *s)
{
    s->all = g_ptr_array_new_with_free_func(tw__remembered_free);
    s->leaves = g_hash_table_new_full(tw__der_hash, g_bytes_equal, NULL, leaf_free);
    s->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, known_free);
}

void tw__memory_clear(tw__memory *s)
{
    g_hash_table_destroy(s->known);
    g_hash_table_destroy(s->leaves);
    g_ptr_array_unref(s->all);
}

static bool has_room(const tw__memory *s)
{
    return s->all->len < TW_CONTRAST_REMEMBERED && s->bytes < TW_CONTRAST_BYTES;
}

/* The one copy of DER that all remembered handshakes of this capture share. */
static tw__leaf *shared_leaf(tw__memory *s, GBytes *der)
{
    tw__leaf *known = g_hash_table_lookup(s->leaves, der);
    if (!known) {
        known = g_new0(tw__leaf, 1);
        known->der = g_bytes_new(g_bytes_get_data(der, NULL), g_bytes_get_size(der)); /* it may lie in a message */
        g_hash_table_insert(s->leaves, known->der, known);
        s->bytes += g_bytes_get_size(der) + sizeof *known;
    }
    return known;
}

static char *key_of_known(const char *server, const char *name)
{
    return g_strconcat(server, "|", name, NULL);
}

/* TLS 1.3 puts a context before the list, and extensions behind each certificate (RFC 8446 4.4.2). */
static uint32_t size_in_13(const uint8_t *body, size_t len)
{
    tw__reader r = tw__reader_of(body, len), list = tw__read_vector(&r, 3);
    uint32_t size = 1 + (uint32_t)len;
    for (; list.left; size += 2)
        tw__read_vector(&list, 3);
    return size;
}

/* Takes LEAF out of the list that begins at *AT, or what is one too many. */
static tw__known_certificate *take_out(tw__known_certificate **at, const tw__leaf *leaf)
{
    tw__known_certificate *known;
    for (unsigned n = 1; *at && (*at)->leaf != leaf && n < TW_KNOWN_EACH; n++)
        at = &(*at)->before;
    known = *at;
    if (known)
        *at = known->before;
    return known;
}

static tw__known_certificate **known_of(tw__memory *s, const tw__remembered *o)
{
    char *key = key_of_known(o->server, o->name);
    tw__known_certificate **first = g_hash_table_lookup(s->known, key);
    if (first) {
        g_free(key);
        return first;
    }
    first = g_new0(tw__known_certificate *, 1);
    g_hash_table_insert(s->known, key, first);
    return first;
}

static void note_known(tw__memory *s, const tw__remembered *o, bool tls13, const uint8_t *body, size_t len)
{
    tw__known_certificate **first = known_of(s, o), *known = take_out(first, o->leaf[TW_SERVER]);
    if (!known) {
        known = g_new(tw__known_certificate, 1);
        s->bytes += sizeof *known;
    }
    *known = (tw__known_certificate){ o->leaf[TW_SERVER], o->leaf_frame[TW_SERVER],
                                      tls13 ? (uint32_t)len : size_in_13(body, len), *first };
    *first = known;
}

const tw__known_certificate *tw__memory_known(const tw__memory *s, const tw_conn *conn)
{
    int dir = tw__conn_dir(conn, TW_SERVER);
    tw__known_certificate *const *first;
    char *key;
    if (dir < 0 || !tw__conn_end(conn, dir))
        return NULL;
    key = key_of_known(tw__conn_end(conn, dir), conn->server_name);
    first = g_hash_table_lookup(s->known, key);
    g_free(key);
    return first ? *first : NULL;
}

static void take_leaf(tw__memory *s, tw__remembered *o, const tw_conn *conn, tw_side side)
{
    const tw__message *m = tw__handshake_find(conn->now, TW_HS_CERTIFICATE, tw__conn_dir(conn, side));
    bool tls13 = tw__is_13(conn->now->version);
    GBytes *leaf;
    size_t len;
    const uint8_t *body = tw__message_body(m, &len);
    if (!body)
        return;
    if (tw__leaf_read(body, len, tls13, &leaf)) {
        o->leaf_frame[side] = m->at.frame;
        if (leaf)
            o->leaf[side] = shared_leaf(s, leaf);
        if (leaf && side == TW_SERVER)
            note_known(s, o, tls13, body, len);
    }
    g_clear_pointer(&leaf, g_bytes_unref);
}

static void take_key_exchange(tw__remembered *o, const tw__handshake *h)
{
    const tw__suite *suite = tw__suite_get(h->suite);
    tw__server_key_exchange ske;
    size_t len;
    const uint8_t *body = tw__message_body(tw__handshake_find(h, TW_HS_SERVER_KEY_EXCHANGE, -1), &len);
    if (!body || !suite)
        return;
    tw__server_key_exchange_read(body, len, suite->kx, !strcmp(suite->auth, "anon"), h->version, &ske);
    if (ske.flaw)
        return;
    o->group = ske.group;
    o->scheme = ske.scheme;
}

static void take_signature_13(tw__remembered *o, const tw_conn *conn)
{
    const tw__message *m = tw__handshake_find(conn->now, TW_HS_CERTIFICATE_VERIFY, tw__conn_dir(conn, TW_SERVER));
    const uint8_t *signature;
    size_t len, signature_len;
    const uint8_t *body = tw__message_body(m, &len);
    if (body)
        tw__certificate_verify_read(body, len, conn->now->version, &o->scheme, &signature, &signature_len);
}

static void take_choice(tw__remembered *o, const tw_conn *conn)
{
    const tw__hello *hello = tw__handshake_hello(conn->now, TW_HS_SERVER_HELLO, -1);
    if (!hello)
        return;
    o->choice_frame = tw__handshake_find(conn->now, TW_HS_SERVER_HELLO, -1)->at.frame;
    o->version = conn->now->version;
    o->suite = conn->now->suite;
    if (hello->key_shares.n)
        o->group = hello->key_shares.v[0];
    if (tw__is_13(o->version))
        take_signature_13(o, conn);
    else
        take_key_exchange(o, conn->now);
}

tw__remembered *tw__remembered_take(tw__memory *s, tw_conn *conn)
{
    int client = tw__conn_dir(conn, TW_CLIENT);
    const tw__message *m = client < 0 ? NULL : tw__handshake_find(conn->now, TW_HS_CLIENT_HELLO, client);
    size_t len;
    const uint8_t *body = tw__message_body(m, &len);
    const tw__hello *hello;
    tw__remembered *o;
    if (!m || !body || m->cut || len > HELLO_MAX || !tw__conn_end(conn, 0) || !tw__conn_end(conn, 1) || !has_room(s))
        return NULL;
    hello = tw__handshake_client_hello(conn->now, client);
    tw__conn_learn_name(conn, conn->now, hello);
    o = tw__remembered_new(tw__conn_end(conn, client), tw__conn_end(conn, 1 - client), hello->sni, body, len);
    o->context = conn->context;
    o->hello_frame = m->at.frame;
    o->hello_us = m->at.time_us;
    o->sslv2 = conn->now->sslv2;
    o->renegotiation = conn->now->renegotiation;
    o->fallback_scsv = hello->fallback_scsv;
    o->offered_max = tw__version_as_tls(hello->version);
    take_choice(o, conn);
    for (tw_side side = TW_CLIENT; side <= TW_SERVER; side++)
        take_leaf(s, o, conn, side);
    s->bytes += len + sizeof *o;
    g_ptr_array_add(s->all, o);
    return o;
}

tw__hello *tw__remembered_hello(const tw__remembered *o)
{
    tw__hello *hello = tw__client_hello_read(o->hello, o->hello_len);
    hello->sslv2 = o->sslv2;
    return hello;
}

void tw__remembered_drop(tw__memory *s, tw__remembered *o)
{
    s->bytes -= o->hello_len + sizeof *o;
    if (g_ptr_array_index(s->all, s->all->len - 1) == o)
        g_ptr_array_remove_index(s->all, s->all->len - 1);
    else
        g_ptr_array_remove(s->all, o);
}
