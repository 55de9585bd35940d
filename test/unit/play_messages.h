/* The messages of plays (build.h): what each word and its options become as bytes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_TEST_PLAY_MESSAGES_H
#define TLSWHY_TEST_PLAY_MESSAGES_H

#include "sign.h"
#include "test_chain.h"

#include "connection/connection.h"
#include "judge/judge.h"
#include "verdict/verdict_internal.h"

#include <gnutls/x509.h>

#define PLAY_TIME    (G_GINT64_CONSTANT(1748736000) * G_USEC_PER_SEC) /* 1 June 2025 */
#define RETRY_SECRET "HelloRetryRequest"                              /* its SHA-256 is the random of a retry */

typedef struct {
    tw_conn *conn;
    bool swapped, timeless;
    int64_t waited_us;
    uint32_t frame;
    unsigned n_alerts; /* of this frame */
    unsigned randoms;  /* used so far: no two hellos are the same */
    uint16_t sequence[2];
    GByteArray *last[2];   /* the last message, by direction */
    GByteArray *said;      /* all messages, one behind the other */
    uint8_t random[2][32]; /* of the last hellos, client's and server's */
    GPtrArray *verdicts;   /* tw_verdict *, in order, without NULL */
    tw__context context;
} play;

/* ---- bytes ---- */

static inline void put(GByteArray *b, unsigned width, uint32_t value)
{
    while (width-- > 0) {
        uint8_t byte = (uint8_t)(value >> 8 * width);
        g_byte_array_append(b, &byte, 1);
    }
}

static inline void put_text(GByteArray *b, const char *text)
{
    g_byte_array_append(b, (const guint8 *)text, (guint)strlen(text));
}

static inline void put_filler(GByteArray *b, unsigned n, uint8_t byte)
{
    while (n-- > 0)
        g_byte_array_append(b, &byte, 1);
}

/* A vector with WIDTH bytes of length: what is put between open and close. */
static inline guint open_vector(GByteArray *b, unsigned width)
{
    put(b, width, 0);
    return b->len;
}

static inline void close_vector(GByteArray *b, unsigned width, guint start)
{
    guint len = b->len - start;

    for (unsigned i = 0; i < width; i++)
        b->data[start - width + i] = (uint8_t)(len >> 8 * (width - 1 - i));
}

static inline void put_hex(GByteArray *b, const char *hex)
{
    for (; g_ascii_isxdigit(hex[0]) && g_ascii_isxdigit(hex[1]); hex += 2)
        put(b, 1, (uint32_t)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1])));
}

/* "1301,c02f" as a vector of 16-bit values. */
static inline void put_list(GByteArray *b, unsigned width, const char *list)
{
    guint start = open_vector(b, width);
    char **items = g_strsplit(list, ",", -1);

    for (char **item = items; *item; item++)
        put(b, 2, (uint32_t)g_ascii_strtoull(*item, NULL, 16));
    g_strfreev(items);
    close_vector(b, width, start);
}

/* ---- options ---- */

static inline bool has(char **options, const char *name)
{
    return g_strv_contains((const gchar *const *)options, name);
}

/* The value of "NAME=", or OTHERWISE. */
static inline const char *option(char **options, const char *name, const char *otherwise)
{
    size_t len = strlen(name);

    for (; *options; options++)
        if (!strncmp(*options, name, len) && (*options)[len] == '=')
            return *options + len + 1;
    return otherwise;
}

static inline uint32_t number_option(char **options, const char *name, unsigned base, uint32_t otherwise)
{
    const char *text = option(options, name, NULL);

    return text ? (uint32_t)g_ascii_strtoull(text, NULL, base) : otherwise;
}

/* ---- extensions ---- */

static inline guint open_extension(GByteArray *b, uint16_t type)
{
    put(b, 2, type);
    return open_vector(b, 2);
}

static inline void put_list_extension(GByteArray *b, uint16_t type, unsigned width, const char *list)
{
    guint start = open_extension(b, type);

    put_list(b, width, list);
    close_vector(b, 2, start);
}

static inline void put_empty_extension(GByteArray *b, uint16_t type)
{
    put(b, 2, type);
    put(b, 2, 0);
}

static inline void put_number_extension(GByteArray *b, uint16_t type, uint32_t number)
{
    put(b, 2, type);
    put(b, 2, 4);
    put(b, 4, number);
}

static inline void put_sni(GByteArray *b, const char *name)
{
    guint extension = open_extension(b, TW_EXT_SERVER_NAME), list = open_vector(b, 2), host;

    put(b, 1, 0);
    host = open_vector(b, 2);
    put_text(b, name);
    close_vector(b, 2, host);
    close_vector(b, 2, list);
    close_vector(b, 2, extension);
}

static inline void put_alpn(GByteArray *b, const char *protocols)
{
    guint extension = open_extension(b, TW_EXT_ALPN), list = open_vector(b, 2);
    char **names = g_strsplit(protocols, ",", -1);

    for (char **name = names; *name; name++) {
        guint start = open_vector(b, 1);
        put_text(b, *name);
        close_vector(b, 1, start);
    }
    g_strfreev(names);
    close_vector(b, 2, list);
    close_vector(b, 2, extension);
}

static inline void put_key_share(GByteArray *b, uint32_t group)
{
    put(b, 2, group);
    put(b, 2, 32);
    put_filler(b, 32, 0x5a);
}

static inline void put_client_key_share(GByteArray *b, uint32_t group)
{
    guint extension = open_extension(b, TW_EXT_KEY_SHARE), list = open_vector(b, 2);

    put_key_share(b, group);
    close_vector(b, 2, list);
    close_vector(b, 2, extension);
}

/* One identity and its binder; always the last extension. */
static inline void put_client_psk(GByteArray *b, const char *identity, uint32_t age)
{
    guint extension = open_extension(b, TW_EXT_PRE_SHARED_KEY), identities = open_vector(b, 2),
          one = open_vector(b, 2);
    guint binders;

    put_text(b, identity);
    close_vector(b, 2, one);
    put(b, 4, age);
    close_vector(b, 2, identities);
    binders = open_vector(b, 2);
    put(b, 1, 32);
    put_filler(b, 32, 0x5a);
    close_vector(b, 2, binders);
    close_vector(b, 2, extension);
}

/* ---- hellos ---- */

#define PLAY_RANDOM 0x5a000000 /* what no clock says */

static inline void put_random(play *p, GByteArray *b, char **o, tw_side side)
{
    put(b, 4, number_option(o, "clock", 16, PLAY_RANDOM + ++p->randoms));
    put_filler(b, 20, 0x5a);
    put_text(b, has(o, "down") ? "DOWNGRD\1" : "nothing!");
    memcpy(p->random[side == TW_SERVER], b->data + b->len - 32, 32);
}

static inline void put_client_extensions(GByteArray *b, char **o, bool tls13)
{
    const char *versions = option(o, "sv", tls13 ? "0304,0303" : NULL), *alpn = option(o, "alpn", NULL);

    if (!has(o, "nosni"))
        put_sni(b, option(o, "sni", "good.example"));
    if (has(o, "openssl"))
        put_list_extension(b, 11, 1, "0000"); /* ec_point_formats */
    put_list_extension(b, TW_EXT_SUPPORTED_GROUPS, 2, option(o, "g", "001d,0017,0018"));
    if (has(o, "openssl"))
        put_empty_extension(b, 22); /* encrypt_then_mac */
    put_list_extension(b, TW_EXT_SIGNATURE_ALGORITHMS, 2, option(o, "a", "0403,0804,0401"));
    if (alpn)
        put_alpn(b, alpn);
    if (!has(o, "noems"))
        put_empty_extension(b, TW_EXT_EXTENDED_MASTER_SECRET);
    if (!has(o, "nori"))
        put_list_extension(b, TW_EXT_RENEGOTIATION_INFO, 1, "");
    if (option(o, "x", NULL))
        put_empty_extension(b, (uint16_t)number_option(o, "x", 16, 0));
    if (has(o, "ticket"))
        put_number_extension(b, TW_EXT_SESSION_TICKET, 0x5a5a5a5a);
    if (versions)
        put_list_extension(b, TW_EXT_SUPPORTED_VERSIONS, 1, versions);
    if (tls13)
        put_client_key_share(b, number_option(o, "ks", 16, 0x1d));
    if (option(o, "psk", NULL))
        put_client_psk(b, option(o, "psk", NULL), has(o, "age") ? 0x5a5a : 0);
}

static inline void put_client_hello(play *p, GByteArray *b, char **o)
{
    bool tls13 = has(o, "13");
    guint start;

    put(b, 2, number_option(o, "v", 16, p->conn->datagram ? TW_DTLS12 : TW_TLS12));
    put_random(p, b, o, TW_CLIENT);
    put(b, 1, has(o, "session") ? 4 : 0);
    put_filler(b, has(o, "session") ? 4 : 0, 0x5a);
    if (p->conn->datagram)
        put(b, has(o, "cookie") ? 2 : 1, has(o, "cookie") ? 0x01aa : 0);
    put_list(b, 2, option(o, "s", tls13 ? "1301,1302,c02b" : "c02b,c02f,009c"));
    put(b, 2, 0x0100);
    if (has(o, "bare"))
        return;
    start = open_vector(b, 2);
    put_client_extensions(b, o, tls13);
    close_vector(b, 2, start);
}

static inline void put_server_extensions(GByteArray *b, char **o, bool tls13, bool retry)
{
    guint start;

    if (tls13) {
        start = open_extension(b, TW_EXT_SUPPORTED_VERSIONS);
        put(b, 2, number_option(o, "sv", 16, TW_TLS13));
        close_vector(b, 2, start);
    }
    if (tls13 && !has(o, "nogroup")) {
        start = open_extension(b, TW_EXT_KEY_SHARE);
        if (retry)
            put(b, 2, number_option(o, "ks", 16, 0x17));
        else
            put_key_share(b, number_option(o, "ks", 16, 0x1d));
        close_vector(b, 2, start);
    }
    if (!tls13 && !has(o, "noems"))
        put_empty_extension(b, TW_EXT_EXTENDED_MASTER_SECRET);
    if (!tls13 && !has(o, "nori"))
        put_list_extension(b, TW_EXT_RENEGOTIATION_INFO, 1, "");
    if (has(o, "psk")) {
        put(b, 4, (uint32_t)TW_EXT_PRE_SHARED_KEY << 16 | 2);
        put(b, 2, 0);
    }
    if (option(o, "x", NULL))
        put_empty_extension(b, (uint16_t)number_option(o, "x", 16, 0));
}

static inline void put_hello_of_server(play *p, GByteArray *b, char **o, bool retry)
{
    bool tls13 = retry || has(o, "13");
    guint start;

    put(b, 2, number_option(o, "v", 16, p->conn->datagram ? TW_DTLS12 : TW_TLS12));
    if (retry) {
        char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, RETRY_SECRET, -1);
        put_hex(b, digest);
        g_free(digest);
    } else {
        put_random(p, b, o, TW_SERVER);
    }
    put(b, 1, 0);
    put(b, 2, number_option(o, "s", 16, tls13 ? 0x1301 : 0xc02b));
    put(b, 1, 0);
    start = open_vector(b, 2);
    put_server_extensions(b, o, tls13, retry);
    close_vector(b, 2, start);
}

static inline void put_server_hello(play *p, GByteArray *b, char **o)
{
    put_hello_of_server(p, b, o, false);
}

static inline void put_retry(play *p, GByteArray *b, char **o)
{
    put_hello_of_server(p, b, o, true);
}

/* ---- the other messages ---- */

/* The list that stands in front of the options, or NULL. */
static inline const char *list_of(char **options)
{
    return *options && !strchr(*options, '=') ? *options : NULL;
}

static inline void put_certificates(play *p, GByteArray *b, char **o)
{
    bool tls13 = tw__is_13(p->conn->now->version), cut;
    char **words = g_strsplit(list_of(o) ? list_of(o) : "", ",", -1);
    guint list;

    put(b, tls13 ? 1 : 0, 0); /* context */
    list = open_vector(b, 3);
    for (char **word = words; *word && **word; word++) {
        GBytes *der = der_of_word(*word, &cut);
        gsize len;
        const void *data = g_bytes_get_data(der, &len);
        put(b, 3, (uint32_t)len);
        g_byte_array_append(b, data, (guint)len);
        put(b, tls13 ? 2 : 0, 0); /* extensions */
        g_bytes_unref(der);
    }
    close_vector(b, 3, list);
    g_strfreev(words);
}

/* The subject of a certificate file, as a DER Name. */
static inline void put_subject(GByteArray *b, const char *name)
{
    GByteArray *der = der_of(name);
    gnutls_datum_t data = { der->data, der->len }, dn = { NULL, 0 };
    gnutls_x509_crt_t crt;
    guint start = open_vector(b, 2);

    gnutls_x509_crt_init(&crt);
    if (gnutls_x509_crt_import(crt, &data, GNUTLS_X509_FMT_DER) || gnutls_x509_crt_get_raw_dn(crt, &dn))
        g_error("cannot read the subject of %s", name);
    g_byte_array_append(b, dn.data, dn.size);
    close_vector(b, 2, start);
    gnutls_free(dn.data);
    gnutls_x509_crt_deinit(crt);
    g_byte_array_unref(der);
}

static inline void put_subjects(GByteArray *b, const char *names)
{
    guint list = open_vector(b, 2);
    char **words = g_strsplit(names, ",", -1);

    for (char **word = words; *word && **word; word++)
        put_subject(b, *word);
    g_strfreev(words);
    close_vector(b, 2, list);
}

static inline void put_request(play *p, GByteArray *b, char **o)
{
    const char *names = list_of(o);
    guint extensions, one;

    if (!tw__is_13(p->conn->now->version)) {
        put(b, 2, 0x0100 | number_option(o, "type", 10, 64)); /* ecdsa_sign */
        put_list(b, 2, option(o, "a", "0403,0401"));
        put_subjects(b, names ? names : "");
        return;
    }
    put(b, 1, 0);
    extensions = open_vector(b, 2);
    put_list_extension(b, TW_EXT_SIGNATURE_ALGORITHMS, 2, option(o, "a", "0403,0804,0401"));
    if (option(o, "ac", NULL))
        put_list_extension(b, TW_EXT_SIGNATURE_ALGORITHMS_CERT, 2, option(o, "ac", NULL));
    if (names) {
        one = open_extension(b, TW_EXT_CERTIFICATE_AUTHORITIES);
        put_subjects(b, names);
        close_vector(b, 2, one);
    }
    close_vector(b, 2, extensions);
}

/* ecdsa_secp256r1_sha256 over DATA by the key that "by=" names; without: four bytes that sign nothing. */
static inline void put_signature(GByteArray *b, char **o, const uint8_t *data, size_t len)
{
    const char *by = option(o, "by", NULL);
    guint start;

    put(b, 2, 0x0403);
    start = open_vector(b, 2);
    if (by)
        sign_with(by, data, len, b);
    else
        put_filler(b, 4, 0x30);
    close_vector(b, 2, start);
}

static inline void put_server_key_exchange(play *p, GByteArray *b, char **o)
{
    unsigned bytes = number_option(o, "dh", 10, 0) / 8;
    unsigned point = number_option(o, "point", 10, number_option(o, "g", 16, 0x1d) == 0x17 ? 65 : 32);
    guint params = b->len;

    if (bytes) {
        put(b, 2, bytes);
        put_filler(b, bytes, 0xff);
        put(b, 3, 0x000102); /* g */
        put(b, 2, bytes);
        put_filler(b, bytes, 0x5a);
    } else {
        put(b, 1, 3); /* named curve */
        put(b, 2, number_option(o, "g", 16, 0x1d));
        put(b, 1, point);
        put_filler(b, point, 0x5a);
    }
    if (!has(o, "unsigned")) { /* RFC 5246 7.4.3: both randoms and the parameters */
        GByteArray *data = g_byte_array_new();
        g_byte_array_append(data, p->random[0], sizeof p->random);
        g_byte_array_append(data, b->data + params, b->len - params);
        put_signature(b, o, data->data, data->len);
        g_byte_array_unref(data);
    }
}

/* A server's in TLS 1.3, with a suite of SHA-256 (RFC 8446 4.4.3). */
static inline void put_signature_13(play *p, GByteArray *b, char **o)
{
    static const char context[] = "TLS 1.3, server CertificateVerify";
    GByteArray *data = g_byte_array_new();
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 hash[32];
    gsize len = sizeof hash;

    put_filler(data, 64, ' ');
    g_byte_array_append(data, (const guint8 *)context, sizeof context);
    g_checksum_update(sum, p->said->data, (gssize)p->said->len);
    g_checksum_get_digest(sum, hash, &len);
    g_byte_array_append(data, hash, (guint)len);
    put_signature(b, o, data->data, data->len);
    g_checksum_free(sum);
    g_byte_array_unref(data);
}

static inline void put_certificate_verify(play *p, GByteArray *b, char **o)
{
    if (has(o, "13"))
        put_signature_13(p, b, o);
    else
        put_signature(b, o, p->said->data, p->said->len);
}

static inline void put_client_key_exchange(play *p, GByteArray *b, char **o)
{
    const char *identity = option(o, "psk", NULL);
    guint start = open_vector(b, identity ? 2 : 1);

    (void)p;
    put_text(b, identity ? identity : "point");
    close_vector(b, identity ? 2 : 1, start);
}

static inline void put_status(play *p, GByteArray *b, char **o)
{
    GBytes *response = hex_of(list_of(o), ".ocsp");
    gsize len;
    const void *data = g_bytes_get_data(response, &len);

    (void)p;
    put(b, 1, 1); /* ocsp */
    put(b, 3, (uint32_t)len);
    g_byte_array_append(b, data, (guint)len);
    g_bytes_unref(response);
}

/* A body that no rule reads, or that is always the same. */
static const struct {
    const char *word;
    uint8_t type;
    const char *body;
} play_fixed[] = {
    { "ee", TW_HS_ENCRYPTED_EXTENSIONS, "0000" },
    { "fin", TW_HS_FINISHED, "000102030405060708090a0b" },
    { "done", TW_HS_SERVER_HELLO_DONE, "" },
    { "nst", TW_HS_NEW_SESSION_TICKET, "000000000000" },
    { "request", TW_HS_HELLO_REQUEST, "" },
    { "eoed", TW_HS_END_OF_EARLY_DATA, "" },
    { "ku", TW_HS_KEY_UPDATE, "00" },
    { "verify", TW_HS_HELLO_VERIFY_REQUEST, "feff01aa" },
};

static const struct {
    const char *word;
    char side; /* 0: either */
    uint8_t type;
    void (*put)(play *p, GByteArray *b, char **o);
} play_built[] = {
    { "hello", 'C', TW_HS_CLIENT_HELLO, put_client_hello },
    { "hello", 'S', TW_HS_SERVER_HELLO, put_server_hello },
    { "retry", 0, TW_HS_SERVER_HELLO, put_retry },
    { "cert", 0, TW_HS_CERTIFICATE, put_certificates },
    { "ask", 0, TW_HS_CERTIFICATE_REQUEST, put_request },
    { "ske", 0, TW_HS_SERVER_KEY_EXCHANGE, put_server_key_exchange },
    { "cv", 0, TW_HS_CERTIFICATE_VERIFY, put_certificate_verify },
    { "cke", 0, TW_HS_CLIENT_KEY_EXCHANGE, put_client_key_exchange },
    { "status", 0, TW_HS_CERTIFICATE_STATUS, put_status },
};

static inline GByteArray *message_new(uint8_t type)
{
    GByteArray *b = g_byte_array_new();

    put(b, 4, (uint32_t)type << 24);
    return b;
}

static inline GByteArray *built_message(play *p, char side, const char *word, char **o)
{
    for (size_t i = 0; i < G_N_ELEMENTS(play_built); i++) {
        GByteArray *b;
        if (strcmp(word, play_built[i].word) != 0 || (play_built[i].side && play_built[i].side != side))
            continue;
        b = message_new(play_built[i].type);
        play_built[i].put(p, b, o);
        return b;
    }
    return NULL;
}

static inline GByteArray *fixed_message(const char *word)
{
    for (size_t i = 0; i < G_N_ELEMENTS(play_fixed); i++) {
        GByteArray *b;
        if (strcmp(word, play_fixed[i].word) != 0)
            continue;
        b = message_new(play_fixed[i].type);
        put_hex(b, play_fixed[i].body);
        return b;
    }
    return NULL;
}

/* The message that WORD names. */
static inline GByteArray *message_of(play *p, char side, const char *word, char **o)
{
    GByteArray *b;

    if (!strcmp(word, "raw")) {
        b = g_byte_array_new();
        put_hex(b, *o);
        return b;
    }
    b = built_message(p, side, word, o);
    if (!b)
        b = fixed_message(word);
    if (!b)
        g_error("no such word in a play: %s", word);
    close_vector(b, 3, 4);
    return b;
}

#endif
