/* Outlines of the handshakes of one capture, and which of them are worth comparing. See contrast.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "contrast_internal.h"
#include "facts_internal.h"
#include "reader.h"
#include "review.h"

#include <string.h>

#define HELLO_MAX 16384 /* bytes of a ClientHello that is remembered */

struct tw_contrast {
    GPtrArray *outlines; /* tw_outline *, all of them, in the order of the capture */
    size_t bytes;
    GHashTable *leaves; /* GBytes -> tw_leaf: every certificate once */
    /* completed handshakes that others are compared with: text -> GPtrArray of lent tw_outline * */
    GHashTable *completed[TW_N_KINSHIPS];
    GHashTable *known; /* "server|name" -> tw_known_certificate, with those before it */
    GHashTable *last;  /* "client|server" -> tw_outline *: its last attempt */
};

static void outline_free(void *data)
{
    tw_outline *o = data;
    g_free(o->client);
    g_free(o->client_host);
    g_free(o->server);
    g_free(o->name);
    g_clear_pointer(&o->hello, g_bytes_unref);
    g_free(o);
}

static void array_free(void *array)
{
    g_ptr_array_unref(array);
}

static void known_free(void *data)
{
    tw_known_certificate *known = data;
    while (known) {
        tw_known_certificate *before = known->before;
        g_free(known);
        known = before;
    }
}

static void leaf_free(void *data)
{
    tw_leaf *leaf = data;
    g_bytes_unref(leaf->der);
    g_free(leaf->text);
    g_free(leaf);
}

tw_contrast *tw_contrast_new(void)
{
    tw_contrast *c = g_new0(tw_contrast, 1);
    c->outlines = g_ptr_array_new_with_free_func(outline_free);
    c->leaves = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, NULL, leaf_free);
    for (int i = 0; i < TW_N_KINSHIPS; i++)
        c->completed[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, array_free);
    c->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, known_free);
    c->last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return c;
}

void tw_contrast_free(tw_contrast *c)
{
    if (!c)
        return;
    g_hash_table_destroy(c->last);
    g_hash_table_destroy(c->known);
    for (int i = 0; i < TW_N_KINSHIPS; i++)
        g_hash_table_destroy(c->completed[i]);
    g_hash_table_destroy(c->leaves);
    g_ptr_array_unref(c->outlines);
    g_free(c);
}

/* ---- taking an outline ---- */

static bool has_room(const tw_contrast *c)
{
    return c->outlines->len < TW_CONTRAST_OUTLINES && c->bytes < TW_CONTRAST_BYTES;
}

/* The one copy of DER that this capture's outlines share. */
static tw_leaf *shared_leaf(tw_contrast *c, GBytes *der)
{
    tw_leaf *known = g_hash_table_lookup(c->leaves, der);
    if (!known) {
        known = g_new0(tw_leaf, 1);
        known->der = g_bytes_new(g_bytes_get_data(der, NULL), g_bytes_get_size(der)); /* it may lie in a message */
        g_hash_table_insert(c->leaves, known->der, known);
        c->bytes += g_bytes_get_size(der) + sizeof *known;
    }
    return known;
}

static char *key_of_known(const char *server, const char *name)
{
    return g_strdup_printf("%s|%s", server, name ? name : "");
}

/* TLS 1.3 puts a context before the list, and extensions behind each certificate (RFC 8446 4.4.2). */
static uint32_t size_in_13(const uint8_t *body, size_t len)
{
    tw_reader r = tw_reader_of(body, len), list = tw_read_vector(&r, 3);
    uint32_t size = 1 + (uint32_t)len;
    for (; list.left; size += 2)
        tw_read_vector(&list, 3);
    return size;
}

/* Takes LEAF out of the list that begins at *AT, or what is one too many. */
static tw_known_certificate *take_out(tw_known_certificate **at, const tw_leaf *leaf)
{
    tw_known_certificate *known;
    for (unsigned n = 1; *at && (*at)->leaf != leaf && n < TW_KNOWN_EACH; n++)
        at = &(*at)->before;
    known = *at;
    if (known)
        *at = known->before;
    return known;
}

static void note_known(tw_contrast *c, const tw_outline *o, bool tls13, const uint8_t *body, size_t len)
{
    char *key = key_of_known(o->server, o->name), *stored = NULL;
    void *list = NULL;
    tw_known_certificate *before, *known;
    g_hash_table_steal_extended(c->known, key, (void **)&stored, &list);
    g_free(stored);
    before = list;
    known = take_out(&before, o->leaf[TW_SERVER]);
    if (!known) {
        known = g_new(tw_known_certificate, 1);
        c->bytes += sizeof *known;
    }
    *known = (tw_known_certificate){ o->leaf[TW_SERVER], o->leaf_frame[TW_SERVER],
                                     tls13 ? (uint32_t)len : size_in_13(body, len), before };
    g_hash_table_insert(c->known, key, known);
}

const tw_known_certificate *tw_contrast_known(const tw_contrast *c, const tw_conn *conn)
{
    int dir = tw_conn_dir(conn, TW_SERVER);
    const tw_known_certificate *known;
    char *key;
    if (!c || dir < 0 || !conn->address[dir])
        return NULL;
    key = key_of_known(conn->address[dir], conn->server_name);
    known = g_hash_table_lookup(c->known, key);
    g_free(key);
    return known;
}

static void take_leaf(tw_contrast *c, tw_outline *o, const tw_conn *conn, tw_side side)
{
    const tw_message *m = tw_handshake_find(conn->now, TW_HS_CERTIFICATE, tw_conn_dir(conn, side));
    tw_certificates *list;
    size_t len;
    const uint8_t *body = tw_message_body(m, &len);
    if (!body)
        return;
    list = tw_certificates_read(body, len, tw_is_13(conn->now->version), 1);
    if (!list->cut && !list->flaw) {
        o->leaf_frame[side] = m->at.frame;
        if (list->ders->len)
            o->leaf[side] = shared_leaf(c, g_ptr_array_index(list->ders, 0));
        if (o->leaf[TW_SERVER] && side == TW_SERVER)
            note_known(c, o, tw_is_13(conn->now->version), body, len);
    }
    tw_certificates_free(list);
}

static void take_key_exchange(tw_outline *o, const tw_handshake *h)
{
    const tw_suite *suite = tw_suite_get(h->suite);
    tw_server_key_exchange ske;
    size_t len;
    const uint8_t *body = tw_message_body(tw_handshake_find(h, TW_HS_SERVER_KEY_EXCHANGE, -1), &len);
    if (!body || !suite)
        return;
    tw_server_key_exchange_read(body, len, suite->kx, !strcmp(suite->auth, "anon"), h->version, &ske);
    if (ske.flaw)
        return;
    o->group = ske.group;
    o->scheme = ske.scheme;
}

static void take_signature_13(tw_outline *o, const tw_conn *conn)
{
    const tw_message *m = tw_handshake_find(conn->now, TW_HS_CERTIFICATE_VERIFY, tw_conn_dir(conn, TW_SERVER));
    const uint8_t *signature;
    size_t len, signature_len;
    const uint8_t *body = tw_message_body(m, &len);
    if (body)
        tw_certificate_verify_read(body, len, conn->now->version, &o->scheme, &signature, &signature_len);
}

static void take_choice(tw_outline *o, const tw_conn *conn)
{
    const tw_message *m = tw_handshake_find(conn->now, TW_HS_SERVER_HELLO, -1);
    size_t len;
    const uint8_t *body = tw_message_body(m, &len);
    tw_hello *hello = body ? tw_server_hello_read(body, len) : NULL;
    if (!hello)
        return;
    o->choice_frame = m->at.frame;
    o->version = conn->now->version;
    o->suite = conn->now->suite;
    if (hello->key_shares.n)
        o->group = hello->key_shares.v[0];
    tw_hello_free(hello);
    if (tw_is_13(o->version))
        take_signature_13(o, conn);
    else
        take_key_exchange(o, conn->now);
}

/* The outline of CONN's handshake at hand, owned by C; NULL: there is too little of it, or no room. */
static tw_outline *take_outline(tw_contrast *c, tw_conn *conn)
{
    int client = tw_conn_dir(conn, TW_CLIENT);
    const tw_message *m = client < 0 ? NULL : tw_handshake_find(conn->now, TW_HS_CLIENT_HELLO, client);
    size_t len;
    const uint8_t *body = tw_message_body(m, &len);
    tw_hello *hello;
    tw_outline *o;
    if (!m || !body || m->cut || len > HELLO_MAX || !conn->address[0] || !conn->address[1] || !has_room(c))
        return NULL;
    hello = tw_client_hello_read(body, len);
    tw_conn_learn_name(conn, conn->now, hello);
    o = g_new0(tw_outline, 1);
    o->client = g_strdup(conn->address[client]);
    o->client_host = tw_endpoint_host(o->client);
    o->server = g_strdup(conn->address[1 - client]);
    o->name = g_strdup(hello->sni);
    o->hello_frame = m->at.frame;
    o->hello_us = m->at.time_us;
    o->hello = g_bytes_new(body, len);
    o->sslv2 = conn->now->sslv2;
    o->renegotiation = conn->now->renegotiation;
    o->fallback_scsv = hello->fallback_scsv;
    o->offered_max = tw_version_as_tls(hello->version);
    tw_hello_free(hello);
    take_choice(o, conn);
    for (tw_side side = TW_CLIENT; side <= TW_SERVER; side++)
        take_leaf(c, o, conn, side);
    c->bytes += len + sizeof *o;
    g_ptr_array_add(c->outlines, o);
    return o;
}

tw_hello *tw_outline_hello(const tw_outline *o)
{
    gsize len;
    const uint8_t *body = g_bytes_get_data(o->hello, &len);
    tw_hello *hello = tw_client_hello_read(body, len);
    hello->sslv2 = o->sslv2;
    return hello;
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

/* O, the newest outline, is of no use to anybody. */
static void drop(tw_contrast *c, const tw_outline *o)
{
    c->bytes -= g_bytes_get_size(o->hello) + sizeof *o;
    g_ptr_array_remove_index(c->outlines, c->outlines->len - 1);
}

void tw_contrast_completed(tw_contrast *c, tw_conn *conn)
{
    tw_outline *o = c ? take_outline(c, conn) : NULL;
    bool needed;
    if (!o)
        return;
    o->completed = true;
    join_dance(c, o);
    needed = o->before;
    for (int kinship = 0; kinship < TW_N_KINSHIPS; kinship++)
        needed = remember(c, o, (tw_kinship)kinship) || needed;
    if (!needed)
        drop(c, o);
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

static void forget_evidence(tw_verdict *v)
{
    while (v->n_evidence > v->n_own)
        g_ref_string_release(v->evidence[--v->n_evidence].text);
}

static void compare(const tw_contrast *c, const tw_outline *o)
{
    forget_evidence(o->verdict);
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
    for (unsigned i = c->outlines->len; i > 0; i--) {
        tw_outline *o = g_ptr_array_index(c->outlines, i - 1);
        if (o != failed && o->completed && o->hello_frame == failed->hello_frame &&
            !strcmp(o->client, failed->client))
            o->completed = false;
    }
}

void tw_contrast_failed(tw_contrast *c, const tw_case *k, tw_verdict *v)
{
    tw_outline *o;
    if (!c || v->severity < TW_ERROR || !k->client_hello || !(o = take_outline(c, k->conn)))
        return;
    o->verdict = v;
    o->conn = k->conn;
    o->number = k->h->number;
    if (k->h->complete)
        withdraw(c, o);
    if (!o->renegotiation)
        join_dance(c, o);
    compare(c, o);
}

void tw_contrast_settle(tw_contrast *c)
{
    for (unsigned i = 0; c && i < c->outlines->len; i++) {
        const tw_outline *o = g_ptr_array_index(c->outlines, i);
        if (o->verdict)
            tw_review(c, o);
    }
    for (unsigned i = 0; c && i < c->outlines->len; i++) {
        const tw_outline *o = g_ptr_array_index(c->outlines, i);
        if (o->verdict)
            compare(c, o);
    }
}
