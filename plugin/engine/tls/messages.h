/* Handshake messages read from their bytes (RFC 5246 7.4, RFC 8446 4).
 *
 * The engine keeps the raw bytes of the few messages that can matter and reads them when a
 * verdict needs it. Every reader is total: it takes any bytes, reads as far as they make
 * sense, and says in `flaw` where they stopped making sense: NULL, or a literal that names the field
 * or extension ("cipher_suites", "key_share"). What was read before it, and extensions behind it,
 * are there all the same. A message that the capture cut has a flaw, too (but see tw__certificates):
 * whether the peer is to blame only code that knows the message's length can say.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_TLS_MESSAGES_H
#define TLSWHY_TLS_MESSAGES_H

#include "tlswhy/base.h"
#include "words/registries.h"

#define TW_MESSAGE_MAX_BYTES 262144 /* of one message, that are kept or unpacked */

/* HandshakeType, RFC 8446 4 and the TLS registry. */
enum {
    TW_HS_HELLO_REQUEST = 0,
    TW_HS_CLIENT_HELLO = 1,
    TW_HS_SERVER_HELLO = 2,
    TW_HS_HELLO_VERIFY_REQUEST = 3,
    TW_HS_NEW_SESSION_TICKET = 4,
    TW_HS_END_OF_EARLY_DATA = 5,
    TW_HS_HELLO_RETRY_REQUEST = 6,
    TW_HS_ENCRYPTED_EXTENSIONS = 8,
    TW_HS_CERTIFICATE = 11,
    TW_HS_SERVER_KEY_EXCHANGE = 12,
    TW_HS_CERTIFICATE_REQUEST = 13,
    TW_HS_SERVER_HELLO_DONE = 14,
    TW_HS_CERTIFICATE_VERIFY = 15,
    TW_HS_CLIENT_KEY_EXCHANGE = 16,
    TW_HS_FINISHED = 20,
    TW_HS_CERTIFICATE_STATUS = 22,
    TW_HS_KEY_UPDATE = 24,
    TW_HS_COMPRESSED_CERTIFICATE = 25
};

/* Protocol versions as they stand on the wire. */
enum {
    TW_SSL2 = 0x0002,
    TW_SSL3 = 0x0300,
    TW_TLS10 = 0x0301,
    TW_TLS11 = 0x0302,
    TW_TLS12 = 0x0303,
    TW_TLS13 = 0x0304,
    TW_DTLS10 = 0xfeff,
    TW_DTLS12 = 0xfefd,
    TW_DTLS13 = 0xfefc
};

bool tw__version_is_dtls(uint16_t version);

/* The TLS version that VERSION equals in what it can do, so that versions compare with < and >: DTLS 1.0
 * is TLS 1.1, DTLS 1.2 is TLS 1.2, DTLS 1.3 and drafts of TLS 1.3 are TLS 1.3; TLS and SSL versions,
 * unknown ones of major 3 included, are themselves. 0 for what is no version (GREASE). */
uint16_t tw__version_as_tls(uint16_t version);

/* TW_TLS13 for its drafts (0x7fXX, and experiments on the way to it, 0x7eXX and 0xfbXX), else VERSION itself. */
uint16_t tw__version_final(uint16_t version);

/* Lists longer than this are read up to it; `flaw` stays empty, `cut_lists` is set. */
#define TW_LIST_MAX 512

/* A list of 16-bit code points. */
typedef struct {
    uint16_t *v;
    unsigned n;
} tw__list;

bool tw__list_has(const tw__list *list, uint16_t value);

/* ClientHello or ServerHello. What was absent is empty, NULL or false. */
typedef struct {
    bool is_client;
    uint16_t legacy_version;
    uint16_t version; /* ServerHello: what was negotiated. ClientHello: the highest offered (GREASE left out).
                                 Drafts of TLS 1.3 are TW_TLS13 here, and as they were sent in `versions` */
    uint8_t random[32];
    bool is_retry; /* ServerHello that is a HelloRetryRequest */
    unsigned session_id_len;
    tw__list suites;             /* ServerHello: the one chosen */
    tw__list extensions;         /* types, in order */
    tw__list versions;           /* supported_versions, or empty */
    tw__list groups, key_shares; /* key_shares: groups; ServerHello: the one chosen */
    tw__list sigalgs, sigalgs_cert;
    uint8_t compression[8]; /* the first few methods */
    unsigned n_compression; /* how many of them stand there: at most 8 */
    bool sni_present;       /* the extension; a server's is empty */
    char *sni;              /* host_name, raw bytes up to a NUL; escape before showing */
    GPtrArray *alpn;        /* char *, escaped; NULL when absent */
    unsigned ticket_len;    /* ClientHello: of session_ticket (RFC 5077) */
    unsigned n_psk_identities;
    GBytes *psk_identity; /* the first */
    bool psk_external;    /* its age is 0, as of keys that no ticket brought (RFC 8446 4.2.11) */
    int selected_psk;     /* ServerHello: index, or -1 */
    bool ems, has_renegotiation_info;
    bool fallback_scsv, renegotiation_scsv;
    bool cut_lists;
    bool sslv2; /* it came in SSLv2's format; whoever reads it sets this */
    const char *flaw;
} tw__hello;

/* BODY: the message without its 4-byte header. Never NULL; free with tw__hello_free(). */
tw__hello *tw__client_hello_read(const uint8_t *body, size_t len);
tw__hello *tw__server_hello_read(const uint8_t *body, size_t len);
/* Whether RANDOM is that of each HelloRetryRequest (RFC 8446 4.1.3). */
bool tw__is_retry_random(const uint8_t random[32]);
void tw__hello_free(tw__hello *hello);

/* EncryptedExtensions, as a hello that has extensions only (version 0). */
tw__hello *tw__encrypted_extensions_read(const uint8_t *body, size_t len);

/* Certificate, RFC 5246 7.4.2 and RFC 8446 4.4.2. */
typedef struct {
    GPtrArray *ders;  /* GBytes; empty for an empty Certificate */
    GPtrArray *ocsp;  /* GBytes or NULL for each certificate (TLS 1.3 status_request entries); same length */
    bool delegated;   /* a delegated credential (RFC 9345) came with the leaf: its key signs the handshake */
    bool cut;         /* the bytes end before the list's length says: cut by the capture, nobody's fault */
    bool partial;     /* the last of `ders` is the front of a certificate (then `cut` is set, too): this,
                           not `cut`, is what tw__chain_new() asks for */
    const char *flaw; /* lengths that contradict each other; the certificate concerned is left out */
} tw__certificates;

/* LEN bytes were captured. MAX_CERTS bounds memory (further ones are left out, flaw stays NULL). */
tw__certificates *tw__certificates_read(const uint8_t *body, size_t len, bool tls13, unsigned max_certs);
void tw__certificates_free(tw__certificates *c);

/* The same for the first certificate alone: false where the list is cut, or has a flaw up to its end. *LEAF is NULL where the list
 * is empty, else to be unreferenced, and its bytes are those of BODY. */
bool tw__leaf_read(const uint8_t *body, size_t len, bool tls13, GBytes **leaf);

/* CertificateRequest, RFC 5246 7.4.4 and RFC 8446 4.3.2. */
typedef struct {
    uint8_t types[16];
    unsigned n_types;
    tw__list sigalgs, sigalgs_cert;
    GPtrArray *dns; /* GBytes: DER Names; empty means any */
    unsigned n_dns; /* how many there are, also beyond the bound */
    const char *flaw;
} tw__certificate_request;

#define TW_DNS_MAX 2000
tw__certificate_request *tw__certificate_request_read(const uint8_t *body, size_t len, uint16_t version);
void tw__certificate_request_free(tw__certificate_request *r);

/* ServerKeyExchange. PARAMS points into BODY: the signed part (RFC 5246 7.4.3, RFC 8422 5.4). */
typedef enum { TW_KX_UNKNOWN, TW_KX_RSA, TW_KX_DHE, TW_KX_ECDHE, TW_KX_PSK, TW_KX_SRP, TW_KX_TLS13 } tw__kx;

typedef struct {
    const uint8_t *params; /* NULL when they do not parse */
    size_t params_len;
    unsigned dh_bits;         /* size of p for DHE, else 0 */
    uint16_t group;           /* named curve for ECDHE, else 0 */
    uint16_t scheme;          /* SignatureScheme, 0 below TLS 1.2 or when anonymous */
    const uint8_t *signature; /* NULL when there is none */
    size_t signature_len;
    const char *flaw;
} tw__server_key_exchange;

/* PSK: the identity hint is passed over and params are the whole message. Key exchanges that have no such
 * message (TW_KX_UNKNOWN, TW_KX_TLS13) give a flaw. */
void tw__server_key_exchange_read(const uint8_t *body, size_t len, tw__kx kx, bool anonymous, uint16_t version,
                                  tw__server_key_exchange *out);

/* CertificateVerify: scheme (0 below TLS 1.2) and signature; false (and 0, NULL, 0) when it does not parse. */
bool tw__certificate_verify_read(const uint8_t *body, size_t len, uint16_t version, uint16_t *scheme,
                                 const uint8_t **signature, size_t *signature_len);

/* What a cipher suite needs: key exchange, the server key's type ("RSA", "ECDSA", "DSS", "" for any or none),
 * PRF hash size for TLS 1.2/1.3. Signalling values and exotic key exchanges (KRB5, GOST): TW_KX_UNKNOWN.
 * Static DH and ECDH: TW_KX_DHE and TW_KX_ECDHE with the auth of the certificate's key ("" for DH keys,
 * "ECDSA" for EC keys); no ServerKeyExchange comes with them. Every PSK and SRP kind: TW_KX_PSK, TW_KX_SRP. */
typedef struct {
    uint16_t id;
    tw__kx kx;
    const char *auth; /* "RSA", "ECDSA", "DSS", "anon", "PSK", "" */
    uint8_t hash;     /* 32 or 48: SHA-256 or SHA-384 (64 for AEGIS-256 alone) */
    uint8_t overhead; /* bytes that AEAD record protection adds (explicit nonce and tag; in TLS 1.3 the tag, without
                          the content type byte); 0 for CBC and stream ciphers */
    const char *name; /* "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" */
} tw__suite;
const tw__suite *tw__suite_get(uint16_t id); /* NULL when unknown */

/* Names for people; static, or NULL when unknown. */
const char *tw__suite_name(uint16_t id);
const char *tw__version_name(uint16_t version); /* "TLS 1.2", "DTLS 1.0" */
const char *tw__group_name(uint16_t group);     /* "x25519" */
const char *tw__scheme_name(uint16_t scheme);   /* "rsa_pss_rsae_sha256" */
const char *tw__extension_name(uint16_t type);  /* "server_name" */

/* Cipher suites that are none, but signals to the server. */
enum { TW_RENEGOTIATION_SCSV = 0x00ff /* RFC 5746 */, TW_FALLBACK_SCSV = 0x5600 /* RFC 7507 */ };
bool tw__is_signalling(uint16_t suite);

/* RFC 8701 code points, which stand for nothing. */
bool tw__is_grease(uint16_t value);

#endif
