/* ClientHello, ServerHello and EncryptedExtensions (RFC 5246 7.4.1, RFC 6347 4.2.1, RFC 8446 4.1 and 4.3.1).
 *
 * A hello is a sequence of fields, each with a reader; the name of the first that does not parse
 * becomes the flaw, and what was read before it stays.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls/hello_extensions.h"

#include <string.h>

#define SESSION_ID_MAX 32

/* SHA-256 of "HelloRetryRequest", RFC 8446 4.1.3. */
static const uint8_t retry_random[32] = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

bool tw__is_retry_random(const uint8_t random[32])
{
    return memcmp(random, retry_random, sizeof retry_random) == 0;
}

typedef struct {
    const char *name;
    void (*read)(tw__hello *hello, tw__reader *r);
} hello_field;

/* ---- fields of both ---- */

static void read_legacy_version(tw__hello *hello, tw__reader *r)
{
    hello->legacy_version = tw__read_u16(r);
}

static void read_random(tw__hello *hello, tw__reader *r)
{
    const uint8_t *random = tw__read_bytes(r, sizeof hello->random);

    if (random)
        memcpy(hello->random, random, sizeof hello->random);
}

static void read_session_id(tw__hello *hello, tw__reader *r)
{
    tw__reader id = tw__read_vector(r, 1);

    hello->session_id_len = (unsigned)id.left;
    if (id.left > SESSION_ID_MAX)
        tw__reader_fail(r);
}

/* Extensions are optional in hellos (RFC 5246 7.4.1.2), but nothing may follow them. */
static void read_extensions(tw__hello *hello, tw__reader *r, tw__place place)
{
    tw__reader block;

    if (r->left == 0)
        return;
    block = tw__read_vector(r, 2);
    tw__hello_read_extensions(hello, &block, place);
    if (block.failed || r->left > 0)
        tw__reader_fail(r);
}

/* ---- ClientHello ---- */

static void read_cookie(tw__hello *hello, tw__reader *r)
{
    if (tw__version_is_dtls(hello->legacy_version))
        tw__read_vector(r, 1);
}

/* Looks at the whole list, for the signalling values stand at its end and the list kept may be cut. */
static void note_signals(tw__hello *hello, tw__reader suites)
{
    for (size_t i = 0; i + 1 < suites.left; i += 2) {
        uint16_t suite = (uint16_t)(suites.at[i] << 8 | suites.at[i + 1]);

        hello->fallback_scsv |= suite == TW_FALLBACK_SCSV;
        hello->renegotiation_scsv |= suite == TW_RENEGOTIATION_SCSV;
    }
}

static void read_suites(tw__hello *hello, tw__reader *r)
{
    tw__reader again = *r;

    note_signals(hello, tw__read_vector(&again, 2));
    if (hello->legacy_version == TW_SSL2) /* which has ciphers of its own */
        tw__read_vector(r, 2);
    else
        tw__read_list(r, 2, &hello->suites, &hello->cut_lists);
}

static void read_compression_methods(tw__hello *hello, tw__reader *r)
{
    tw__reader methods = tw__read_filled_vector(r, 1);

    hello->n_compression = (unsigned)MIN(methods.left, sizeof hello->compression);
    memcpy(hello->compression, methods.at, hello->n_compression);
}

static void read_client_extensions(tw__hello *hello, tw__reader *r)
{
    read_extensions(hello, r, TW_IN_CLIENT_HELLO);
}

static const hello_field client_fields[] = {
    { "legacy_version", read_legacy_version }, { "random", read_random },
    { "session_id", read_session_id },         { "cookie", read_cookie },
    { "cipher_suites", read_suites },          { "compression_methods", read_compression_methods },
    { "extensions", read_client_extensions },
};

/* ---- ServerHello ---- */

/* Up to draft 21, TLS 1.3 wrote its version in front and had neither session ID nor compression. */
static bool is_draft_server_hello(const tw__hello *hello)
{
    return tw__version_final(hello->legacy_version) != hello->legacy_version;
}

static void read_server_random(tw__hello *hello, tw__reader *r)
{
    read_random(hello, r);
    hello->is_retry = tw__is_retry_random(hello->random);
}

static void read_server_session_id(tw__hello *hello, tw__reader *r)
{
    if (!is_draft_server_hello(hello))
        read_session_id(hello, r);
}

static void read_suite(tw__hello *hello, tw__reader *r)
{
    tw__read_item(r, &hello->suites, &hello->cut_lists);
}

static void read_compression_method(tw__hello *hello, tw__reader *r)
{
    if (is_draft_server_hello(hello))
        return;
    hello->compression[0] = tw__read_u8(r);
    hello->n_compression = r->failed ? 0 : 1;
}

static void read_server_extensions(tw__hello *hello, tw__reader *r)
{
    read_extensions(hello, r, hello->is_retry ? TW_IN_RETRY : TW_IN_SERVER_HELLO);
}

static const hello_field server_fields[] = {
    { "legacy_version", read_legacy_version },         { "random", read_server_random },
    { "session_id", read_server_session_id },          { "cipher_suite", read_suite },
    { "compression_method", read_compression_method }, { "extensions", read_server_extensions },
};

/* ---- the versions they mean ---- */

/* The newest of supported_versions that stands for a version of the same family; 0 if there is none. */
static uint16_t newest_offered(const tw__hello *hello)
{
    bool dtls = tw__version_is_dtls(hello->legacy_version);
    uint16_t newest = 0;

    for (unsigned i = 0; i < hello->versions.n; i++) {
        uint16_t version = hello->versions.v[i];

        if (tw__version_is_dtls(version) == dtls && tw__version_as_tls(version) > tw__version_as_tls(newest))
            newest = version;
    }
    return newest;
}

static void note_version(tw__hello *hello)
{
    uint16_t version = 0;

    if (hello->is_client)
        version = newest_offered(hello);
    else if (hello->versions.n > 0)
        version = hello->versions.v[0];
    hello->version = tw__version_final(version ? version : hello->legacy_version);
}

/* ---- the messages ---- */

static tw__hello *hello_new(bool is_client)
{
    tw__hello *hello = g_new0(tw__hello, 1);

    hello->is_client = is_client;
    hello->selected_psk = -1;
    return hello;
}

static void read_fields(tw__hello *hello, tw__reader *r, const hello_field *fields, size_t n)
{
    for (size_t i = 0; i < n && !r->failed; i++) {
        fields[i].read(hello, r);
        if (r->failed)
            tw__flaw(&hello->flaw, fields[i].name);
    }
}

tw__hello *tw__client_hello_read(const uint8_t *body, size_t len)
{
    tw__reader r = tw__reader_of(body, len);
    tw__hello *hello = hello_new(true);

    read_fields(hello, &r, client_fields, G_N_ELEMENTS(client_fields));
    note_version(hello);
    return hello;
}

tw__hello *tw__server_hello_read(const uint8_t *body, size_t len)
{
    tw__reader r = tw__reader_of(body, len);
    tw__hello *hello = hello_new(false);

    read_fields(hello, &r, server_fields, G_N_ELEMENTS(server_fields));
    note_version(hello);
    return hello;
}

tw__hello *tw__encrypted_extensions_read(const uint8_t *body, size_t len)
{
    tw__reader r = tw__reader_of(body, len);
    tw__hello *hello = hello_new(false);
    tw__reader block = tw__read_vector(&r, 2);

    tw__hello_read_extensions(hello, &block, TW_IN_ENCRYPTED_EXTENSIONS);
    if (block.failed || !tw__reader_done(&r))
        tw__flaw(&hello->flaw, "extensions");
    return hello;
}

void tw__hello_free(tw__hello *hello)
{
    if (hello == NULL)
        return;
    g_free(hello->suites.v);
    g_free(hello->extensions.v);
    g_free(hello->versions.v);
    g_free(hello->groups.v);
    g_free(hello->key_shares.v);
    g_free(hello->sigalgs.v);
    g_free(hello->sigalgs_cert.v);
    g_free(hello->sni);
    g_clear_pointer(&hello->alpn, g_ptr_array_unref);
    g_clear_pointer(&hello->psk_identity, g_bytes_unref);
    g_free(hello);
}
