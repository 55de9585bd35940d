/* Connections for the tests, played from a small notation into facts and verdicts.
 *
 * A play is a line of words, each a frame of its own; "+" before a word keeps it in the frame of the word before.
 * "C:" or "S:" tells who sends, then comes what, with options in parentheses, parted by ";":
 *
 *   hello      ClientHello (C) or ServerHello (S): 13 (TLS 1.3), v= legacy version, s= suites, sv= versions,
 *              g= groups, ks= key share, a= signature algorithms (all in hexadecimal, parted by ","),
 *              sni=, alpn=, psk= (age: from a ticket), x= one more extension; without: nosni, noems, nori, bare (no extensions);
 *              clock= the first bytes of its random,
 *              openssl (with the marks of its hello), down (downgrade sentinel), cookie
 *   retry      HelloRetryRequest; verify: HelloVerifyRequest
 *   cert       Certificate: names of files in certs/, as in test_chain.h, parted by ","; none: an empty one
 *   ask        CertificateRequest for issuers named like the subjects of these files: a= signature algorithms,
 *              ac= those of certificates (hexadecimal), type= the certificate type
 *   ske        ServerKeyExchange: g= curve, point= bytes, dh= bits;  cke: ClientKeyExchange: psk= identity
 *   ee cv fin done nst request eoed ku    the other messages;  status: CertificateStatus with a file's response
 *   raw        a message of these bytes, in hexadecimal
 *   again      the sender's last message once more
 *   ccs        ChangeCipherSpec;  enc, enca, app: encrypted handshake, alert, data of so many bytes
 *   fatal, warn     a readable alert of this number;  alert: level and number
 *   sslv2      a ClientHello in SSLv2's format, in hexadecimal; with ",N" N bytes of it are cut off
 *   preamble   what stands before a hello (PROXY protocol);  declined: the answer to a request for TLS; "_" is a blank
 *   said       application data that can be read: of the client's certificate (missing, rejected), or another word;  plain      text that is no TLS;  FIN, RST: of TCP
 *   initial handshake 1rtt retry0   packets of QUIC (an Initial of this version, in hexadecimal); versions: Version Negotiation naming these (hexadecimal)
 *   close      CONNECTION_CLOSE with this error (hexadecimal), and a reason phrase: close(128,words)
 *
 * Every message knows: split=N (in N fragments, DTLS only), cut=N (the capture lacks the last N bytes).
 * Words without a side: tcp (its ends tell), dtls, quic, swap (the client is direction 1), notime, all of them in front; wait: so many seconds
 * pass; end: the capture ends so many seconds later.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_TEST_BUILD_H
#define TLSWHY_TEST_BUILD_H

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
    GByteArray *last[2]; /* the last message, by direction */
    GPtrArray *verdicts; /* tw_verdict *, in order, without NULL */
    tw_settings settings;
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

static inline void put_random(play *p, GByteArray *b, char **o, bool downgraded)
{
    put(b, 4, number_option(o, "clock", 16, PLAY_RANDOM + ++p->randoms));
    put_filler(b, 20, 0x5a);
    put_text(b, downgraded ? "DOWNGRD\1" : "nothing!");
}

static inline void put_client_extensions(GByteArray *b, char **o, bool tls13)
{
    const char *versions = option(o, "sv", tls13 ? "0304,0303" : NULL), *alpn = option(o, "alpn", NULL);

    if (!has(o, "nosni"))
        put_sni(b, option(o, "sni", "good.example"));
    if (has(o, "openssl"))
        put_list_extension(b, 11, 1, "0000"); /* ec_point_formats */
    put_list_extension(b, TW_EXT_SUPPORTED_GROUPS, 2, option(o, "g", "001d,0017"));
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
    put_random(p, b, o, false);
    put(b, 1, 0); /* no session */
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
        put_random(p, b, o, has(o, "down"));
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

static inline void put_signature(GByteArray *b, uint32_t scheme)
{
    put(b, 2, scheme);
    put(b, 2, 4);
    put_filler(b, 4, 0x5a);
}

static inline void put_server_key_exchange(play *p, GByteArray *b, char **o)
{
    unsigned bytes = number_option(o, "dh", 10, 0) / 8;
    unsigned point = number_option(o, "point", 10, number_option(o, "g", 16, 0x1d) == 0x17 ? 65 : 32);

    (void)p;
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
    if (!has(o, "unsigned"))
        put_signature(b, 0x0403);
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
    { "cv", TW_HS_CERTIFICATE_VERIFY, "0403000430303030" },
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

/* ---- the events of a connection ---- */

static inline tw_at play_at(const play *p, int dir)
{
    return (tw_at){ p->frame, p->timeless ? 0 : PLAY_TIME + p->waited_us + p->frame * 1000, dir };
}

static inline void send_fragments(play *p, tw_at at, const GByteArray *message, unsigned n)
{
    guint body = message->len - 4, offset = 0;

    for (unsigned i = 0; i < n; i++) {
        guint len = i + 1 == n ? body - offset : body / n;
        GByteArray *f = g_byte_array_new();
        g_byte_array_append(f, message->data, 4);
        put(f, 2, p->sequence[at.dir]);
        put(f, 3, offset);
        put(f, 3, len);
        g_byte_array_append(f, message->data + 4 + offset, len);
        tw__conn_fragment(p->conn, at, f->data, f->len);
        g_byte_array_unref(f);
        offset += len;
    }
    p->sequence[at.dir]++;
}

static inline void send_message(play *p, tw_at at, const GByteArray *b, char **o)
{
    tw__conn_record(p->conn, at, TW_CT_HANDSHAKE, b->len, false);
    if (p->conn->datagram)
        send_fragments(p, at, b, number_option(o, "split", 10, 1));
    else
        tw__conn_message(p->conn, at, b->data, b->len - number_option(o, "cut", 10, 0));
}

static inline void keep_verdict(play *p, tw_verdict *v)
{
    if (v)
        g_ptr_array_add(p->verdicts, v);
}

static inline void send_alert(play *p, tw_at at, uint8_t level, uint8_t number)
{
    const tw__alert *added;

    tw__conn_record(p->conn, at, TW_CT_ALERT, 2, false);
    added = tw__conn_alert(p->conn, at, level, number, p->n_alerts++);
    keep_verdict(p, added ? tw__judge_alert(p->conn, added, &p->settings) : NULL);
}

static inline void send_opaque(play *p, tw_at at, uint8_t type, uint32_t length)
{
    tw__conn_record(p->conn, at, type, length, true);
    keep_verdict(p, tw__judge_opaque(p->conn, at, type, length, &p->settings));
}

static inline void send_end(play *p, tw_at at, bool reset)
{
    if (reset)
        tw__conn_rst(p->conn, at);
    else
        tw__conn_fin(p->conn, at);
    keep_verdict(p, tw__judge_end(p->conn, at, reset, &p->settings));
}

static inline void send_plain(play *p, tw_at at, const char *text)
{
    tw__conn_cleartext(p->conn, at, (const uint8_t *)text, strlen(text));
    keep_verdict(p, tw__judge_cleartext(p->conn, at, &p->settings));
}

/* What a server says in the session about the client's certificate: it is missing, or rejected; or anything else. */
static inline void send_said(play *p, tw_at at, const char *what)
{
    const char *words = !strcmp(what, "missing")    ? "<title>400 No required SSL certificate was sent</title>"
                        : !strcmp(what, "rejected") ? "<title>400 The SSL certificate error</title>"
                                                    : what;
    tw__conn_record(p->conn, at, TW_CT_APPLICATION, (uint32_t)strlen(words) + 17, true);
    keep_verdict(p, tw__judge_said(p->conn, at, (const uint8_t *)words, strlen(words), &p->settings));
}

/* What stands before a hello, or the answer of a server that declines an upgrade. */
static inline void send_words(play *p, tw_at at, const char *words, bool declined)
{
    char *text = g_strdelimit(g_strdup(words), "_", ' ');
    if (declined)
        tw__conn_cleartext(p->conn, at, (const uint8_t *)text, strlen(text));
    else
        tw__conn_preamble(p->conn, at, (const uint8_t *)text, strlen(text));
    if (declined)
        keep_verdict(p, tw__judge_declined(p->conn, at, &p->settings));
    g_free(text);
}

/* "1,6b3343cf" */
static inline void send_versions(play *p, tw_at at, const char *list)
{
    char **words = g_strsplit(list, ",", -1);
    uint32_t versions[8];
    unsigned n = 0;

    for (; words[n] && n < G_N_ELEMENTS(versions); n++)
        versions[n] = (uint32_t)g_ascii_strtoull(words[n], NULL, 16);
    tw__conn_quic_negotiation(p->conn, at, versions, n);
    g_strfreev(words);
}

/* "128,words" */
static inline void send_close(play *p, tw_at at, const char *argument)
{
    const char *words = strchr(argument, ',') ? strchr(argument, ',') + 1 : "";
    uint64_t error = g_ascii_strtoull(argument, NULL, 16);

    tw__conn_quic_close(p->conn, at, error, (const uint8_t *)words, strlen(words));
    if (error >> 8 == 1)
        send_alert(p, at, 2, (uint8_t)error);
    else
        keep_verdict(p, tw__judge_end(p->conn, at, false, &p->settings));
}

static inline bool send_quic(play *p, tw_at at, const char *word, const char *argument)
{
    if (!strcmp(word, "initial"))
        tw__conn_quic_packet(p->conn, at, TW_QUIC_INITIAL,
                             argument && *argument ? (uint32_t)strtoul(argument, NULL, 16) : 1);
    else if (!strcmp(word, "handshake"))
        tw__conn_quic_packet(p->conn, at, TW_QUIC_HANDSHAKE, 1);
    else if (!strcmp(word, "1rtt"))
        tw__conn_quic_packet(p->conn, at, TW_QUIC_ONE_RTT, 0);
    else if (!strcmp(word, "retry0"))
        tw__conn_quic_packet(p->conn, at, TW_QUIC_RETRY, 1);
    else if (!strcmp(word, "versions"))
        send_versions(p, at, argument);
    else if (!strcmp(word, "close"))
        send_close(p, at, argument);
    else
        return false;
    return true;
}

static inline void send_sslv2(play *p, tw_at at, const char *argument)
{
    GByteArray *b = g_byte_array_new();
    const char *cut = strchr(argument, ',');
    char *hex = cut ? g_strndup(argument, (gsize)(cut - argument)) : g_strdup(argument);
    put_hex(b, hex);
    tw__conn_record(p->conn, at, TW_CT_HANDSHAKE, b->len, false);
    tw__conn_sslv2_hello(p->conn, at, b->data, b->len - (cut ? (guint)atoi(cut + 1) : 0), b->len);
    g_free(hex);
    g_byte_array_unref(b);
}

/* Records and ends; false if WORD names none. ARGUMENT may be NULL. */
static inline bool send_event(play *p, tw_at at, const char *word, const char *argument)
{
    uint32_t n = argument ? (uint32_t)g_ascii_strtoull(argument, NULL, 10) : 0;

    if (!strcmp(word, "ccs"))
        tw__conn_record(p->conn, at, TW_CT_CCS, 1, false);
    else if (!strcmp(word, "enc"))
        send_opaque(p, at, TW_CT_HANDSHAKE, n ? n : 40);
    else if (!strcmp(word, "enca"))
        send_opaque(p, at, TW_CT_ALERT, n ? n : 26);
    else if (!strcmp(word, "app"))
        send_opaque(p, at, TW_CT_APPLICATION, n ? n : 100);
    else if (!strcmp(word, "fatal") || !strcmp(word, "warn"))
        send_alert(p, at, *word == 'f' ? 2 : 1, (uint8_t)n);
    else if (!strcmp(word, "alert"))
        send_alert(p, at, (uint8_t)n, (uint8_t)g_ascii_strtoull(strchr(argument, ',') + 1, NULL, 10));
    else if (!strcmp(word, "plain"))
        send_plain(p, at, argument);
    else if (!strcmp(word, "preamble") || !strcmp(word, "declined"))
        send_words(p, at, argument, *word == 'd');
    else if (!strcmp(word, "said"))
        send_said(p, at, argument);
    else if (!strcmp(word, "sslv2"))
        send_sslv2(p, at, argument);
    else if (!strcmp(word, "FIN") || !strcmp(word, "RST"))
        send_end(p, at, *word == 'R');
    else
        return send_quic(p, at, word, argument);
    return true;
}

static inline void play_message(play *p, tw_at at, char side, const char *word, char **options)
{
    GByteArray *b;

    if (!strcmp(word, "again")) {
        p->sequence[at.dir]--;
        send_message(p, at, p->last[at.dir], options);
        return;
    }
    b = message_of(p, side, word, options);
    g_clear_pointer(&p->last[at.dir], g_byte_array_unref);
    p->last[at.dir] = b;
    send_message(p, at, b, options);
}

/* Parts "cert(leaf,inter)" behind its name; NULL if there is no argument. */
static inline char *cut_argument(char *word)
{
    char *argument = strchr(word, '(');

    if (!argument)
        return NULL;
    *argument++ = '\0';
    argument[strlen(argument) - 1] = '\0';
    return argument;
}

/* WORD: "S:cert(leaf,inter)". */
static inline void play_word(play *p, char *word)
{
    bool same_frame = *word == '+';
    char side = word[same_frame];
    char *name = word + same_frame + 2, *argument = cut_argument(name);
    char **options = g_strsplit(argument ? argument : "", ";", -1);
    tw_at at;

    if (!same_frame) {
        p->frame++;
        p->n_alerts = 0;
    }
    at = play_at(p, (side == 'S') != p->swapped);
    if (!send_event(p, at, name, argument))
        play_message(p, at, side, name, options);
    g_strfreev(options);
}

/* A word without a side; false if it is none. */
static inline bool play_setting(play *p, const char *word)
{
    int64_t us = strchr(word, '(') ? (int64_t)(g_ascii_strtod(strchr(word, '(') + 1, NULL) * G_USEC_PER_SEC) : 0;

    if (!strcmp(word, "swap"))
        p->swapped = true;
    else if (!strcmp(word, "notime"))
        p->timeless = true;
    else if (g_str_has_prefix(word, "wait("))
        p->waited_us += us;
    else if (g_str_has_prefix(word, "end("))
        keep_verdict(p, tw__judge_silence(p->conn, p->conn->last_us + us, &p->settings));
    else
        return !*word || !strcmp(word, "tcp") || !strcmp(word, "dtls") || !strcmp(word, "quic");
    return true;
}

static inline void free_verdict(void *verdict)
{
    tw__verdict_free(verdict);
}

/* What a capture does where one verdict takes the place of another: here it stays where it is in the play. */
static inline tw_verdict *replace_in_place(tw_conn *conn, tw_verdict *v, tw_verdict *by)
{
    tw_verdict former = *v;
    (void)conn;
    *v = *by;
    *by = former;
    tw__verdict_free(by);
    return v;
}

/* The first alert of P comes after V once more. */
static inline void react_to(play *p, tw_verdict *v)
{
    tw_verdict *by = tw__verdict_with_reaction(v, p->conn, &p->conn->alerts[0]);
    if (by)
        replace_in_place(p->conn, v, by);
}

/* Plays more of the same connection. */
static inline void play_on(play *p, const char *script)
{
    char **words = g_strsplit(script, " ", -1);

    for (char **word = words; *word; word++)
        if (!play_setting(p, *word))
            play_word(p, *word);
    g_strfreev(words);
}

static inline play *play_new(const char *script)
{
    play *p = g_new0(play, 1);

    p->conn = tw__conn_new(g_str_has_prefix(script, "dtls "));
    if (g_str_has_prefix(script, "quic "))
        tw__conn_set_quic(p->conn);
    if (g_str_has_prefix(script, "tcp "))
        tw__conn_follow(p->conn, (tw__flow[2]){ { .begins = true }, { .begins = true } });
    p->conn->address[0] = g_strdup("192.0.2.1:50000");
    p->conn->address[1] = g_strdup("192.0.2.2:443");
    p->verdicts = g_ptr_array_new_with_free_func(free_verdict);
    play_on(p, script);
    return p;
}

static inline void play_free(play *p)
{
    tw__conn_free(p->conn);
    g_ptr_array_unref(p->verdicts);
    for (int dir = 0; dir < 2; dir++)
        g_clear_pointer(&p->last[dir], g_byte_array_unref);
    g_free(p);
}

/* ---- verdicts as text ---- */

/* "CAUSE CONFIDENCE SENDER PHASE FRAME<TRIGGER"; a notice stands in parentheses and has no confidence or trigger. */
static inline void append_verdict(GString *s, const tw_verdict *v)
{
    const char *id = v->cause < TW_N_CAUSES ? tw_cause_get(v->cause)->id : "warning";

    g_string_append(s, s->len ? "; " : "");
    if (v->failure)
        g_string_append_printf(s, "%s %s %s %s %u<%u", id, tw_confidence_name(v->confidence), tw_side_name(v->sender),
                               tw_phase_name(v->phase), v->frame, v->trigger);
    else
        g_string_append_printf(s, "(%s %s %s %u)", id, tw_side_name(v->sender), tw_phase_name(v->phase), v->frame);
}

/* All verdicts of the play, parted by "; "; "nothing" if there is none. Caller frees. */
static inline char *verdicts_text(const play *p)
{
    GString *s = g_string_new(NULL);

    for (guint i = 0; i < p->verdicts->len; i++)
        append_verdict(s, g_ptr_array_index(p->verdicts, i));
    if (!s->len)
        g_string_append(s, "nothing");
    return g_string_free(s, FALSE);
}

/* ---- what every text for people must be ---- */

/* What is wrong with TEXT as a line for people, or NULL. */
static inline const char *flaw_of_line(const char *text)
{
    if (!text || !*text)
        return "empty";
    if (!g_utf8_validate(text, -1, NULL))
        return "no UTF-8";
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return "control character";
    if (strpbrk(text, "{}?"))
        return "placeholder left over";
    if (strstr(text, "(null)"))
        return "a NULL";
    if (strstr(text, "  ") || g_str_has_prefix(text, " ") || g_str_has_suffix(text, " "))
        return "stray blanks";
    return NULL;
}

static inline const char *flaw_of_lines(const GPtrArray *lines, const char **which)
{
    const char *flaw = NULL;

    for (guint i = 0; !flaw && i < lines->len; i++)
        flaw = flaw_of_line(*which = g_ptr_array_index(lines, i));
    return flaw;
}

/* What is wrong with any text of V, or NULL; WHICH: the text. */
static inline const char *flaw_of_verdict(const tw_verdict *v, const char **which)
{
    const char *flaw = flaw_of_line(*which = v->reason);

    if (!flaw)
        flaw = flaw_of_line(*which = v->title);
    if (!flaw)
        flaw = flaw_of_lines(v->hints, which);
    if (!flaw)
        flaw = flaw_of_lines(v->logs, which);
    const tw_evidence *e;
    for (unsigned i = 0; !flaw && (e = tw_verdict_evidence(v, i)); i++)
        flaw = flaw_of_line(*which = e->text);
    return flaw;
}

#endif
