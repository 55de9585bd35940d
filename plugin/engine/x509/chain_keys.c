/* Weak keys and weak signatures, and signatures that the peer did not ask for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509/chain_internal.h"
#include "words/registries.h"

#include <string.h>

static const struct {
    const char *type;
    unsigned least_bits;
} key_limits[] = {
    { "RSA", 2048 },
    { "RSA-PSS", 2048 },
    { "DSA", 2048 },
    { "ECDSA", 256 },
};

/* By OID, because libraries drop the names along with the algorithms. */
static const struct {
    const char *oid, *name;
} weak_signatures[] = {
    { "1.2.840.113549.1.1.2", "RSA-MD2" }, { "1.2.840.113549.1.1.3", "RSA-MD4" },
    { "1.2.840.113549.1.1.4", "RSA-MD5" }, { "1.2.840.113549.1.1.5", "RSA-SHA1" },
    { "1.3.14.3.2.2", "RSA-MD4" },         { "1.3.14.3.2.3", "RSA-MD5" },
    { "1.3.14.3.2.4", "RSA-MD4" },         { "1.3.14.3.2.29", "RSA-SHA1" },
    { "1.3.14.3.2.27", "DSA-SHA1" },       { "1.2.840.10040.4.3", "DSA-SHA1" },
    { "1.2.840.10045.4.1", "ECDSA-SHA1" },
};

/* A peer has its own copy of a root. */
static void check_key(examination *ex, unsigned which)
{
    const chain_cert *cert = &ex->chain->certs[which];
    const tw__cert_info *info = &cert->info;

    for (size_t i = 0; i < G_N_ELEMENTS(key_limits); i++) {
        if (strcmp(info->key_type, key_limits[i].type) != 0 || info->key_bits == 0 ||
            info->key_bits >= key_limits[i].least_bits || (which > 0 && chain_is_root(cert)))
            continue;
        tw_values_setf(chain_fault(ex, TW_FAULT_WEAK_KEY, which)->values, "key", "%u-bit %s", info->key_bits,
                       info->key_type);
    }
}

/* Nobody relies on the signature of a self-signed certificate. */
static void check_signature(examination *ex, unsigned which)
{
    const chain_cert *cert = &ex->chain->certs[which];
    char oid[64];
    size_t size = sizeof oid;

    if (gnutls_x509_crt_get_signature_oid(cert->crt, oid, &size) < 0)
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(weak_signatures); i++)
        if (strcmp(oid, weak_signatures[i].oid) == 0 && !chain_is_root(cert))
            tw_values_set(chain_fault(ex, TW_FAULT_WEAK_SIGNATURE, which)->values, "algorithm",
                          weak_signatures[i].name);
}

void chain_check_keys(examination *ex)
{
    for (unsigned i = 0; i < ex->chain->path_n; i++) {
        check_key(ex, ex->chain->path[i]);
        check_signature(ex, ex->chain->path[i]);
    }
}

/* ---- by SignatureScheme (RFC 8446 4.2.3) ---- */

static const struct {
    gnutls_sign_algorithm_t algorithm;
    uint16_t schemes[2]; /* any of them stands for it; the first is shown */
} schemes_of[] = {
    { GNUTLS_SIGN_RSA_SHA1, { TW_SCHEME_RSA_PKCS1_SHA1 } },
    { GNUTLS_SIGN_RSA_SHA256, { TW_SCHEME_RSA_PKCS1_SHA256 } },
    { GNUTLS_SIGN_RSA_SHA384, { TW_SCHEME_RSA_PKCS1_SHA384 } },
    { GNUTLS_SIGN_RSA_SHA512, { TW_SCHEME_RSA_PKCS1_SHA512 } },
    { GNUTLS_SIGN_RSA_PSS_SHA256, { TW_SCHEME_RSA_PSS_PSS_SHA256, TW_SCHEME_RSA_PSS_RSAE_SHA256 } },
    { GNUTLS_SIGN_RSA_PSS_SHA384, { TW_SCHEME_RSA_PSS_PSS_SHA384, TW_SCHEME_RSA_PSS_RSAE_SHA384 } },
    { GNUTLS_SIGN_RSA_PSS_SHA512, { TW_SCHEME_RSA_PSS_PSS_SHA512, TW_SCHEME_RSA_PSS_RSAE_SHA512 } },
    { GNUTLS_SIGN_ECDSA_SHA1, { TW_SCHEME_ECDSA_SHA1 } },
    { GNUTLS_SIGN_ECDSA_SHA256, { TW_SCHEME_ECDSA_SECP256R1_SHA256, TW_SCHEME_ECDSA_BRAINPOOLP256R1TLS13_SHA256 } },
    { GNUTLS_SIGN_ECDSA_SHA384, { TW_SCHEME_ECDSA_SECP384R1_SHA384, TW_SCHEME_ECDSA_BRAINPOOLP384R1TLS13_SHA384 } },
    { GNUTLS_SIGN_ECDSA_SHA512, { TW_SCHEME_ECDSA_SECP521R1_SHA512, TW_SCHEME_ECDSA_BRAINPOOLP512R1TLS13_SHA512 } },
    { GNUTLS_SIGN_EDDSA_ED25519, { TW_SCHEME_ED25519 } },
    { GNUTLS_SIGN_EDDSA_ED448, { TW_SCHEME_ED448 } },
};

/* Both schemes that stand for the signature of CERT; NULL: it has none. */
static const uint16_t *schemes_for(const chain_cert *cert)
{
    int algorithm = gnutls_x509_crt_get_signature_algorithm(cert->crt);

    for (size_t i = 0; i < G_N_ELEMENTS(schemes_of); i++)
        if ((int)schemes_of[i].algorithm == algorithm)
            return schemes_of[i].schemes;
    return NULL;
}

static bool lists_any(const uint16_t *listed, unsigned n, const uint16_t *schemes)
{
    for (unsigned i = 0; i < n; i++)
        if (listed[i] && (listed[i] == schemes[0] || listed[i] == schemes[1]))
            return true;
    return false;
}

int tw__chain_unlisted_signature(const tw__chain *chain, const uint16_t *schemes, unsigned n, uint16_t *scheme)
{
    for (unsigned i = 0; i < chain->path_n; i++) {
        const chain_cert *cert = &chain->certs[chain->path[i]];
        const uint16_t *own = schemes_for(cert);

        if (!own || lists_any(schemes, n, own) || chain_is_root(cert))
            continue;
        *scheme = own[0];
        return (int)chain->path[i];
    }
    return -1;
}
