/* Messages of a handshake in a notation, and what was read of them as text; for test_messages.c.
 *
 * Messages are written in hex; <N ... > is a vector with N bytes of length, 'text' its ASCII bytes, R a random of 32
 * bytes, H that of a HelloRetryRequest, *N N bytes of filler.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_TEST_MESSAGE_NOTATION_H
#define TLSWHY_TEST_MESSAGE_NOTATION_H

#include <stdlib.h>
#include <string.h>

#include "tls/messages.h"

static inline void add_filler(GByteArray *out, size_t n)
{
    static const uint8_t filler = 0x5a;

    while (n-- > 0)
        g_byte_array_append(out, &filler, 1);
}

static inline void add_retry_random(GByteArray *out)
{
    uint8_t digest[32];
    gsize len = sizeof digest;
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);

    g_checksum_update(sum, (const guchar *)"HelloRetryRequest", -1);
    g_checksum_get_digest(sum, digest, &len);
    g_checksum_free(sum);
    g_byte_array_append(out, digest, sizeof digest);
}

static inline const char *add_items(GByteArray *out, const char *p);

/* P stands behind "<". */
static inline const char *add_vector(GByteArray *out, const char *p)
{
    unsigned length_bytes = (unsigned)(*p - '0');
    guint start = out->len;
    size_t len;

    g_byte_array_set_size(out, start + length_bytes);
    p = add_items(out, p + 1);
    assert_int_equal(*p, '>');
    len = out->len - start - length_bytes;
    for (unsigned i = 0; i < length_bytes; i++)
        out->data[start + i] = (uint8_t)(len >> 8 * (length_bytes - 1 - i));
    return p + 1;
}

static inline const char *add_hex(GByteArray *out, const char *p)
{
    uint8_t byte = (uint8_t)(g_ascii_xdigit_value(p[0]) << 4 | g_ascii_xdigit_value(p[1]));

    assert_true(g_ascii_isxdigit(p[0]) && g_ascii_isxdigit(p[1]));
    g_byte_array_append(out, &byte, 1);
    return p + 2;
}

static inline const char *add_text(GByteArray *out, const char *p)
{
    size_t len = strcspn(p, "'");

    g_byte_array_append(out, (const guint8 *)p, (guint)len);
    return p + len + 1;
}

static inline const char *add_items(GByteArray *out, const char *p)
{
    char *end;

    while (*p && *p != '>') {
        if (*p == ' ') {
            p++;
        } else if (*p == '<') {
            p = add_vector(out, p + 1);
        } else if (*p == '\'') {
            p = add_text(out, p + 1);
        } else if (*p == '*') {
            add_filler(out, strtoul(p + 1, &end, 10));
            p = end;
        } else if (*p == 'R') {
            add_filler(out, 32);
            p++;
        } else if (*p == 'H') {
            add_retry_random(out);
            p++;
        } else {
            p = add_hex(out, p);
        }
    }
    return p;
}

static inline GByteArray *bytes_of(const char *notation)
{
    GByteArray *out = g_byte_array_new();

    assert_int_equal(*add_items(out, notation), 0);
    return out;
}

/* ---- what was read, as text ---- */

static inline void say_list(GString *s, const char *name, const tw__list *list)
{
    for (unsigned i = 0; i < list->n; i++)
        g_string_append_printf(s, "%s%s%04x", i ? "," : " ", i ? "" : name, list->v[i]);
}

static inline void say_bytes(GString *s, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        g_string_append_printf(s, "%02x", bytes[i]);
}

static inline void say_blobs(GString *s, const char *name, const GPtrArray *blobs)
{
    for (guint i = 0; i < blobs->len; i++) {
        GBytes *blob = g_ptr_array_index(blobs, i);
        gsize len = 0;
        const uint8_t *bytes = blob ? g_bytes_get_data(blob, &len) : NULL;

        g_string_append_printf(s, "%s%s", i ? "," : " ", i ? "" : name);
        if (blob)
            say_bytes(s, bytes, len);
        else
            g_string_append_c(s, '-');
    }
}

static inline void say_flag(GString *s, const char *name, bool flag)
{
    if (flag)
        g_string_append_printf(s, " %s", name);
}

static inline void say_text(GString *s, const char *name, const char *text)
{
    if (text)
        g_string_append_printf(s, " %s%s", name, text);
}

static inline void say_alpn(GString *s, const GPtrArray *alpn)
{
    if (alpn == NULL)
        return;
    g_string_append(s, " alpn=");
    for (guint i = 0; i < alpn->len; i++)
        g_string_append_printf(s, "%s%s", i ? "," : "", (const char *)g_ptr_array_index(alpn, i));
}

static inline void say_psk(GString *s, const tw__hello *hello)
{
    gsize len;
    const uint8_t *identity;

    if (hello->selected_psk >= 0)
        g_string_append_printf(s, " selected=%d", hello->selected_psk);
    if (hello->psk_identity == NULL)
        return;
    identity = g_bytes_get_data(hello->psk_identity, &len);
    g_string_append_printf(s, " psk=%u:", hello->n_psk_identities);
    say_bytes(s, identity, len);
}

static inline void say_hello(GString *s, const tw__hello *hello)
{
    g_string_append_printf(s, "%04x", hello->version);
    if (hello->legacy_version != hello->version)
        g_string_append_printf(s, "/%04x", hello->legacy_version);
    if (hello->session_id_len)
        g_string_append_printf(s, " sid=%u", hello->session_id_len);
    say_list(s, "suites=", &hello->suites);
    for (unsigned i = 0; i < hello->n_compression; i++)
        g_string_append_printf(s, "%s%02x", i ? "," : " comp=", hello->compression[i]);
    say_list(s, "ext=", &hello->extensions);
    say_list(s, "versions=", &hello->versions);
    say_list(s, "groups=", &hello->groups);
    say_list(s, "shares=", &hello->key_shares);
    say_list(s, "sigalgs=", &hello->sigalgs);
    say_list(s, "sigcert=", &hello->sigalgs_cert);
    say_flag(s, "sni", hello->sni_present);
    say_text(s, "name=", hello->sni);
    say_alpn(s, hello->alpn);
    say_psk(s, hello);
    say_flag(s, "ems", hello->ems);
    say_flag(s, "reneg", hello->has_renegotiation_info);
    say_flag(s, "fallback", hello->fallback_scsv);
    say_flag(s, "scsv", hello->renegotiation_scsv);
    say_flag(s, "retry", hello->is_retry);
    say_flag(s, "cut", hello->cut_lists);
    say_text(s, "flaw=", hello->flaw);
}

static inline void say_free_hello(GString *s, tw__hello *hello)
{
    say_hello(s, hello);
    tw__hello_free(hello);
}

static inline void client_hello(GString *s, const uint8_t *body, size_t len)
{
    say_free_hello(s, tw__client_hello_read(body, len));
}

static inline void server_hello(GString *s, const uint8_t *body, size_t len)
{
    say_free_hello(s, tw__server_hello_read(body, len));
}

static inline void encrypted_extensions(GString *s, const uint8_t *body, size_t len)
{
    say_free_hello(s, tw__encrypted_extensions_read(body, len));
}

/* The first certificate alone is what the list has first, where that is whole and without a flaw. */
static inline void check_leaf(const uint8_t *body, size_t len, bool tls13)
{
    tw__certificates *c = tw__certificates_read(body, len, tls13, 1);
    GBytes *leaf;

    assert_int_equal(tw__leaf_read(body, len, tls13, &leaf), !c->cut && !c->flaw);
    assert_int_equal(leaf != NULL, !c->cut && !c->flaw && c->ders->len);
    if (leaf)
        assert_true(g_bytes_equal(leaf, g_ptr_array_index(c->ders, 0)));
    g_clear_pointer(&leaf, g_bytes_unref);
    tw__certificates_free(c);
}

static inline void say_certificates(GString *s, const uint8_t *body, size_t len, bool tls13, unsigned max)
{
    tw__certificates *c = tw__certificates_read(body, len, tls13, max);

    check_leaf(body, len, tls13);
    assert_int_equal(c->ders->len, c->ocsp->len);
    assert_true(!c->partial || c->cut);
    g_string_append_printf(s, "%u", c->ders->len);
    say_blobs(s, "ders=", c->ders);
    if (tls13)
        say_blobs(s, "ocsp=", c->ocsp);
    say_flag(s, "delegated", c->delegated);
    say_flag(s, "cut", c->cut);
    say_flag(s, "partial", c->partial);
    say_text(s, "flaw=", c->flaw);
    tw__certificates_free(c);
}

static inline void certificates12(GString *s, const uint8_t *body, size_t len)
{
    say_certificates(s, body, len, false, 10);
}

static inline void certificates13(GString *s, const uint8_t *body, size_t len)
{
    say_certificates(s, body, len, true, 10);
}

static inline void two_certificates(GString *s, const uint8_t *body, size_t len)
{
    say_certificates(s, body, len, false, 2);
}

static inline void say_request(GString *s, const uint8_t *body, size_t len, uint16_t version)
{
    tw__certificate_request *request = tw__certificate_request_read(body, len, version);

    g_string_append_printf(s, "%u", request->n_dns);
    for (unsigned i = 0; i < request->n_types; i++)
        g_string_append_printf(s, "%s%02x", i ? "," : " types=", request->types[i]);
    say_list(s, "sigalgs=", &request->sigalgs);
    say_blobs(s, "dns=", request->dns);
    say_text(s, "flaw=", request->flaw);
    tw__certificate_request_free(request);
}

#define REQUEST(function, version) \
    static void function(GString *s, const uint8_t *body, size_t len) \
    { \
        say_request(s, body, len, version); \
    }
REQUEST(request_ssl3, TW_SSL3)
REQUEST(request_tls11, TW_TLS11)
REQUEST(request_dtls10, TW_DTLS10)
REQUEST(request_tls12, TW_TLS12)
REQUEST(request_dtls12, TW_DTLS12)
REQUEST(request_tls13, TW_TLS13)
REQUEST(request_draft, 0x7f17)
REQUEST(request_dtls13, TW_DTLS13)

static inline void say_exchange(GString *s, const uint8_t *body, size_t len, tw__kx kx, bool anonymous,
                                uint16_t version)
{
    tw__server_key_exchange out;

    tw__server_key_exchange_read(body, len, kx, anonymous, version, &out);
    assert_true(out.params == NULL || out.params == body);
    g_string_append_printf(s, "%zu", out.params ? out.params_len : 0);
    if (out.dh_bits)
        g_string_append_printf(s, " bits=%u", out.dh_bits);
    if (out.group)
        g_string_append_printf(s, " group=%04x", out.group);
    if (out.scheme)
        g_string_append_printf(s, " scheme=%04x", out.scheme);
    if (out.signature) {
        g_string_append(s, " signature=");
        say_bytes(s, out.signature, out.signature_len);
    }
    say_text(s, "flaw=", out.flaw);
}

#define EXCHANGE(function, kx, anonymous, version) \
    static void function(GString *s, const uint8_t *body, size_t len) \
    { \
        say_exchange(s, body, len, kx, anonymous, version); \
    }
EXCHANGE(dhe_tls10, TW_KX_DHE, false, TW_TLS10)
EXCHANGE(dhe_tls12, TW_KX_DHE, false, TW_TLS12)
EXCHANGE(dh_anon, TW_KX_DHE, true, TW_TLS12)
EXCHANGE(ecdhe_tls11, TW_KX_ECDHE, false, TW_TLS11)
EXCHANGE(ecdhe_dtls10, TW_KX_ECDHE, false, TW_DTLS10)
EXCHANGE(ecdhe_tls12, TW_KX_ECDHE, false, TW_TLS12)
EXCHANGE(ecdhe_dtls12, TW_KX_ECDHE, false, TW_DTLS12)
EXCHANGE(ecdh_anon, TW_KX_ECDHE, true, TW_TLS12)
EXCHANGE(rsa_export, TW_KX_RSA, false, TW_TLS10)
EXCHANGE(srp_rsa, TW_KX_SRP, false, TW_TLS12)
EXCHANGE(psk, TW_KX_PSK, false, TW_TLS12)
EXCHANGE(kx_unknown, TW_KX_UNKNOWN, false, TW_TLS12)
EXCHANGE(kx_tls13, TW_KX_TLS13, false, TW_TLS13)

static inline void say_verify(GString *s, const uint8_t *body, size_t len, uint16_t version)
{
    uint16_t scheme;
    const uint8_t *signature;
    size_t signature_len;
    bool parsed = tw__certificate_verify_read(body, len, version, &scheme, &signature, &signature_len);

    g_string_append_printf(s, "%s %04x ", parsed ? "yes" : "no", scheme);
    say_bytes(s, signature, signature_len);
}

static inline void verify_tls11(GString *s, const uint8_t *body, size_t len)
{
    say_verify(s, body, len, TW_TLS11);
}

static inline void verify_tls13(GString *s, const uint8_t *body, size_t len)
{
    say_verify(s, body, len, TW_TLS13);
}

#endif
