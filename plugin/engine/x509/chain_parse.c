/* One certificate: bytes to facts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509/chain_internal.h"

#include <string.h>

#define SERIAL_MAX     128
#define STATUS_REQUEST 5 /* RFC 7633, RFC 6066 */

static const struct {
    gnutls_pk_algorithm_t pk;
    const char *name;
} key_types[] = {
    { GNUTLS_PK_RSA, "RSA" },           { GNUTLS_PK_RSA_PSS, "RSA-PSS" },
    { GNUTLS_PK_DSA, "DSA" },           { GNUTLS_PK_DH, "DH" },
    { GNUTLS_PK_ECDSA, "ECDSA" },       { GNUTLS_PK_EDDSA_ED25519, "Ed25519" },
    { GNUTLS_PK_EDDSA_ED448, "Ed448" }, { GNUTLS_PK_ECDH_X25519, "X25519" },
    { GNUTLS_PK_GOST_01, "GOST" },      { GNUTLS_PK_GOST_12_256, "GOST" },
    { GNUTLS_PK_GOST_12_512, "GOST" },
};

/* Curves by OID: the library may not know them all. */
static const struct {
    const char *oid, *name;
    unsigned bits;
} curves[] = {
    { "1.2.840.10045.3.1.7", "secp256r1", 256 },
    { "1.3.132.0.34", "secp384r1", 384 },
    { "1.3.132.0.35", "secp521r1", 521 },
    { "1.2.840.10045.3.1.1", "secp192r1", 192 },
    { "1.3.132.0.33", "secp224r1", 224 },
    { "1.3.132.0.10", "secp256k1", 256 },
    { "1.3.132.0.31", "secp192k1", 192 },
    { "1.3.132.0.32", "secp224k1", 224 },
    { "1.3.36.3.3.2.8.1.1.3", "brainpoolP192r1", 192 },
    { "1.3.36.3.3.2.8.1.1.5", "brainpoolP224r1", 224 },
    { "1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1", 256 },
    { "1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1", 384 },
    { "1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1", 512 },
};

static void read_times(chain_cert *cert)
{
    der_span times[2];

    if (chain_der_validity(cert->der, times)) {
        cert->info.not_before = chain_time_read(times[0]);
        cert->info.not_after = chain_time_read(times[1]);
    }
}

static void read_names(chain_cert *cert)
{
    gnutls_datum_t subject = { NULL, 0 }, issuer = { NULL, 0 };

    gnutls_x509_crt_get_raw_dn(cert->crt, &subject);
    gnutls_x509_crt_get_raw_issuer_dn(cert->crt, &issuer);
    cert->subject = chain_dn_normal(subject.data, subject.size);
    cert->issuer = chain_dn_normal(issuer.data, issuer.size);
    cert->info.subject = chain_dn_text(cert->cache, &subject);
    cert->info.issuer = chain_dn_text(cert->cache, &issuer);
    cert->info.self_issued = g_bytes_equal(cert->subject, cert->issuer);
    gnutls_free(subject.data);
    gnutls_free(issuer.data);
}

static void read_serial(chain_cert *cert)
{
    uint8_t serial[SERIAL_MAX];
    size_t size = sizeof serial;

    if (gnutls_x509_crt_get_serial(cert->crt, serial, &size) < 0)
        size = 0;
    g_free(cert->info.serial);
    cert->info.serial = tw_hex("", serial, size);
}

/* Whether the key is one on a curve that is known here. */
static bool read_curve(chain_cert *cert)
{
    char *oid = chain_der_curve_oid(cert->der);
    bool known = false;

    for (size_t i = 0; oid && !known && i < G_N_ELEMENTS(curves); i++) {
        known = strcmp(oid, curves[i].oid) == 0;
        if (!known)
            continue;
        g_strlcpy(cert->info.curve, curves[i].name, sizeof cert->info.curve);
        g_strlcpy(cert->info.key_type, "ECDSA", sizeof cert->info.key_type);
        cert->info.key_bits = curves[i].bits;
    }
    g_free(oid);
    return known;
}

/* The library takes long to read a key; whether it knows the curve, and the point lies on it, shows when it verifies. */
static void read_key(chain_cert *cert)
{
    unsigned bits = 0;

    cert->key_kind = GNUTLS_PK_ECDSA;
    if (read_curve(cert))
        return;
    cert->key_kind = gnutls_x509_crt_get_pk_algorithm(cert->crt, &bits);
    g_strlcpy(cert->info.key_type, "unknown", sizeof cert->info.key_type);
    for (size_t i = 0; i < G_N_ELEMENTS(key_types); i++)
        if (cert->key_kind == (int)key_types[i].pk)
            g_strlcpy(cert->info.key_type, key_types[i].name, sizeof cert->info.key_type);
    cert->info.key_bits = cert->key_kind >= 0 ? bits : 0;
}

static void read_signature_algorithm(chain_cert *cert)
{
    int algorithm = gnutls_x509_crt_get_signature_algorithm(cert->crt);
    const char *name = algorithm > 0 ? gnutls_sign_get_name((gnutls_sign_algorithm_t)algorithm) : NULL;
    char oid[64];
    size_t size = sizeof oid;

    if (!name && gnutls_x509_crt_get_signature_oid(cert->crt, oid, &size) >= 0)
        name = oid;
    g_strlcpy(cert->info.sig_algorithm, name ? name : "unknown", sizeof cert->info.sig_algorithm);
}

static void read_basic_constraints(chain_cert *cert)
{
    der_span value = cert->extensions[EXTENSION_BASIC_CONSTRAINTS];
    int path_len;
    bool ca;

    cert->path_len = -1;
    if (chain_read_basic_constraints(value, &ca, &path_len)) {
        cert->has_constraints = true;
        cert->info.is_ca = ca ? TW_YES : TW_NO;
        cert->path_len = ca ? path_len : -1;
    } else if (!value.data && cert->version >= 3) {
        cert->info.is_ca = TW_NO;
    }
}

static void read_issuers_issuer(chain_cert *cert)
{
    der_span name;

    if (chain_read_issuers_issuer(cert->extensions[EXTENSION_AUTHORITY_KEY_ID], &name))
        cert->issuers_issuer = chain_dn_normal(name.data, name.len);
}

static bool has_alt_names(gnutls_x509_crt_t crt)
{
    unsigned critical, type;
    char buffer[4];
    size_t size = sizeof buffer;

    return gnutls_x509_crt_get_subject_alt_name2(crt, 0, buffer, &size, &type, &critical) !=
           GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
}

static void read_facts(chain_cert *cert)
{
    cert->info.parsed = true;
    cert->version = gnutls_x509_crt_get_version(cert->crt);
    read_times(cert);
    read_names(cert);
    read_serial(cert);
    read_key(cert);
    read_signature_algorithm(cert);
    read_basic_constraints(cert);
    cert->info.must_staple = chain_read_has_feature(cert->extensions[EXTENSION_TLS_FEATURE], STATUS_REQUEST);
    cert->info.has_san = has_alt_names(cert->crt);
    cert->ski = chain_read_subject_key_id(cert->extensions[EXTENSION_SUBJECT_KEY_ID]);
    cert->aki = chain_read_authority_key_id(cert->extensions[EXTENSION_AUTHORITY_KEY_ID]);
    read_issuers_issuer(cert);
}

static void import(chain_cert *cert)
{
    gsize size;
    const void *data = g_bytes_get_data(cert->der, &size);
    gnutls_datum_t der = { (unsigned char *)(uintptr_t)data, (unsigned)size };

    cert->error = gnutls_x509_crt_init(&cert->crt);
    if (cert->error >= 0)
        cert->error = gnutls_x509_crt_import(cert->crt, &der, GNUTLS_X509_FMT_DER);
    if (cert->error >= 0 && !chain_extensions_find(cert->der, cert->extensions)) {
        cert->state = CERT_SKIPPED;
        return;
    }
    if (cert->error >= 0) {
        cert->state = CERT_PARSED;
        read_facts(cert);
        return;
    }
    cert->state = CERT_MALFORMED;
    if (cert->crt)
        gnutls_x509_crt_deinit(cert->crt);
    cert->crt = NULL;
}

void chain_cert_parse(chain_cert *cert, GBytes *der, bool cut, tw__chain_cache *cache)
{
    cert->cache = cache;
    cert->der = g_bytes_ref(der);
    cert->parent = PARENT_NONE;
    cert->path_len = -1;
    cert->info.not_before = cert->info.not_after = TW_TIME_UNKNOWN;
    cert->info.serial = g_strdup("");
    if (cut)
        cert->state = CERT_CUT;
    else if (g_bytes_get_size(der) > TW_CERT_MAX_BYTES || chain_der_excessive(der))
        cert->state = CERT_SKIPPED;
    else
        import(cert);
    if (!cert->info.subject) {
        cert->info.subject = g_strdup("");
        cert->info.issuer = g_strdup("");
    }
}

static void unref_bytes(GBytes *bytes)
{
    if (bytes)
        g_bytes_unref(bytes);
}

void chain_cert_clear(chain_cert *cert)
{
    unref_bytes(cert->der);
    unref_bytes(cert->subject);
    unref_bytes(cert->issuer);
    unref_bytes(cert->ski);
    unref_bytes(cert->aki);
    unref_bytes(cert->issuers_issuer);
    g_free(cert->info.subject);
    g_free(cert->info.issuer);
    g_free(cert->info.serial);
    if (cert->crt)
        gnutls_x509_crt_deinit(cert->crt);
}
