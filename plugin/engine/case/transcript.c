/* See transcript.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "case/transcript.h"

#include "connection/tcp.h"

#define BIT(type) (UINT32_C(1) << (type)) /* of the types below 32, which are all that matter here */

/* What the recorder lost is not known to be missing, but some messages are sent for certain. Those before SIDE's
 * CertificateVerify, as bits by their sender. */
typedef struct {
    uint32_t client, server;
} expected;

static expected expected_of_13(tw_side side)
{
    expected e = { BIT(TW_HS_CLIENT_HELLO), BIT(TW_HS_SERVER_HELLO) | BIT(TW_HS_ENCRYPTED_EXTENSIONS) };
    if (side == TW_CLIENT) {
        e.client |= BIT(TW_HS_CERTIFICATE);
        e.server |= BIT(TW_HS_CERTIFICATE_REQUEST) | BIT(TW_HS_CERTIFICATE_VERIFY) | BIT(TW_HS_FINISHED);
    }
    e.server |= BIT(TW_HS_CERTIFICATE);
    return e;
}

/* Below TLS 1.3 only clients send one. */
static expected expected_before_13(const tw__case *k)
{
    expected e = { BIT(TW_HS_CLIENT_HELLO) | BIT(TW_HS_CERTIFICATE) | BIT(TW_HS_CLIENT_KEY_EXCHANGE),
                   BIT(TW_HS_SERVER_HELLO) | BIT(TW_HS_CERTIFICATE) | BIT(TW_HS_CERTIFICATE_REQUEST) |
                       BIT(TW_HS_SERVER_HELLO_DONE) };
    if (k->suite->kx != TW_KX_RSA)
        e.server |= BIT(TW_HS_SERVER_KEY_EXCHANGE);
    return e;
}

static uint32_t bit_of(const tw__message *m)
{
    uint8_t type = m->type == TW_HS_COMPRESSED_CERTIFICATE ? TW_HS_CERTIFICATE : m->type;
    return type < 32 ? BIT(type) : 0;
}

/* A request to renegotiate may come before it; or it was one of SSL 2.0, and is no message. */
static bool begins_with_hello(const tw__handshake *h)
{
    const tw__message *m = NULL;
    for (unsigned i = 0; i < h->n_messages && (!m || m->type == TW_HS_HELLO_REQUEST); i++)
        m = &h->messages[i];
    return m && m->type == TW_HS_CLIENT_HELLO;
}

static bool is_whole(const tw__case *k, const tw__message *end, tw_side side)
{
    expected e = tw__is_13(k->h->version) ? expected_of_13(side) : expected_before_13(k);
    int client = tw__conn_dir(k->conn, TW_CLIENT);
    if (!begins_with_hello(k->h))
        return false;
    for (unsigned dir = 0; k->conn->tcp && dir < 2; dir++)
        if (tw__tcp_missing(&k->conn->tcp[dir]))
            return false;
    for (unsigned i = 0; i < k->h->n_messages && &k->h->messages[i] != end; i++) {
        const tw__message *m = &k->h->messages[i];
        if (m->at.dir == client)
            e.client &= ~bit_of(m);
        else
            e.server &= ~bit_of(m);
    }
    return !e.client && !e.server;
}

void tw__suite_hash(const tw__suite *suite, const uint8_t *data, size_t len, uint8_t out[TW_HASH_MAX])
{
    GChecksum *sum = g_checksum_new(suite->hash == TW_HASH_MAX ? G_CHECKSUM_SHA384 : G_CHECKSUM_SHA256);
    gsize size = TW_HASH_MAX;
    g_checksum_update(sum, data, (gssize)len);
    g_checksum_get_digest(sum, out, &size);
    g_checksum_free(sum);
}

static void replace_first_hello(const tw__case *k, GByteArray *all)
{
    const tw__message *first = &k->h->messages[0];
    uint8_t replacement[4 + TW_HASH_MAX] = { 254, 0, 0, k->suite->hash };
    gsize len = g_bytes_get_size(first->bytes);
    tw__suite_hash(k->suite, all->data, len, replacement + 4);
    g_byte_array_remove_range(all, 0, (guint)len);
    g_byte_array_prepend(all, replacement, 4 + k->suite->hash);
}

/* RFC 5246 7.4.1.1; RFC 8446 4.6: of what follows a handshake, only post-handshake authentication goes on with it. */
static bool stays_out(const tw__case *k, uint8_t type)
{
    return type == TW_HS_HELLO_REQUEST ||
           (tw__is_13(k->h->version) && (type == TW_HS_NEW_SESSION_TICKET || type == TW_HS_KEY_UPDATE));
}

GByteArray *tw__transcript(const tw__case *k, const tw__message *end, tw_side side)
{
    GByteArray *all;
    if (!k->suite || !is_whole(k, end, side))
        return NULL;
    all = g_byte_array_new();
    for (unsigned i = 0; &k->h->messages[i] != end; i++) {
        const tw__message *m = &k->h->messages[i];
        gsize len;
        const void *data;
        if (stays_out(k, m->type))
            continue;
        if (!m->bytes || m->cut) {
            g_byte_array_unref(all);
            return NULL;
        }
        data = g_bytes_get_data(m->bytes, &len);
        g_byte_array_append(all, data, (guint)len);
    }
    if (tw__is_13(k->h->version) && k->h->retry_frame)
        replace_first_hello(k, all);
    return all;
}
