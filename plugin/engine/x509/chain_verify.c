/* Signatures: of certificates, and of handshake messages by the leaf's key.
 *
 * The question is whether a signature is right, not whether it is strong, so the library is told to
 * allow weak algorithms. What it still will not examine (an unknown algorithm, one that the
 * system's policy or FIPS mode takes away) is TW_UNSEEN.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509/chain_internal.h"
#include "words/registries.h"

#include <gnutls/crypto.h>
#include <string.h>

#define MODULUS_MAX_BITS   16384
#define EXPONENT_MAX_BYTES 8
#define HASH_MAX_BYTES     64

static bool hash(gnutls_digest_algorithm_t digest, const void *data, size_t len, uint8_t out[HASH_MAX_BYTES])
{
    return gnutls_hash_get_len(digest) <= HASH_MAX_BYTES && gnutls_hash_fast(digest, data, len, out) >= 0;
}

/* GnuTLS reports a digest that it does not have (MD2) as a wrong signature. */
static bool can_hash(gnutls_sign_algorithm_t algorithm)
{
    gnutls_digest_algorithm_t digest = gnutls_sign_get_hash_algorithm(algorithm);
    uint8_t out[HASH_MAX_BYTES];

    if (algorithm == GNUTLS_SIGN_EDDSA_ED25519 || algorithm == GNUTLS_SIGN_EDDSA_ED448)
        return true; /* no digest of their own */
    return gnutls_hash_get_len(digest) > 0 && hash(digest, "", 0, out);
}

static tw_tri answer(int rc, bool examinable)
{
    if (rc >= 0)
        return TW_YES;
    return rc == GNUTLS_E_PK_SIG_VERIFY_FAILED && examinable ? TW_NO : TW_UNSEEN;
}

static bool rsa_is_sane(gnutls_x509_crt_t crt)
{
    gnutls_datum_t modulus = { NULL, 0 }, exponent = { NULL, 0 };
    bool sane = false;

    if (gnutls_x509_crt_get_pk_rsa_raw(crt, &modulus, &exponent) >= 0)
        sane = modulus.size <= MODULUS_MAX_BITS / 8 + 1 && exponent.size <= EXPONENT_MAX_BYTES + 1;
    gnutls_free(modulus.data);
    gnutls_free(exponent.data);
    return sane;
}

static bool dsa_is_sane(gnutls_x509_crt_t crt)
{
    gnutls_datum_t part[4] = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
    bool sane = gnutls_x509_crt_get_pk_dsa_raw(crt, &part[0], &part[1], &part[2], &part[3]) >= 0;

    for (size_t i = 0; i < G_N_ELEMENTS(part); i++) {
        sane = sane && part[i].size <= MODULUS_MAX_BITS / 16;
        gnutls_free(part[i].data);
    }
    return sane;
}

static bool is_sane(gnutls_x509_crt_t crt, int kind)
{
    switch (kind) {
    case GNUTLS_PK_RSA:
    case GNUTLS_PK_RSA_PSS: return rsa_is_sane(crt);
    case GNUTLS_PK_DSA: return dsa_is_sane(crt);
    default: return true;
    }
}

bool chain_key_is_sane(gnutls_x509_crt_t crt)
{
    unsigned bits;

    return is_sane(crt, gnutls_x509_crt_get_pk_algorithm(crt, &bits));
}

static bool same_family(gnutls_pk_algorithm_t key, gnutls_pk_algorithm_t signature)
{
    if (key == GNUTLS_PK_RSA && signature == GNUTLS_PK_RSA_PSS)
        return true;
    return key == signature;
}

/* A key of one kind never made a signature of another. UNSEEN: they do fit, or the key is unknown. */
static tw_tri fits(int key, gnutls_sign_algorithm_t algorithm)
{
    gnutls_pk_algorithm_t wanted = gnutls_sign_get_pk_algorithm(algorithm);

    if (key <= 0 || wanted == GNUTLS_PK_UNKNOWN)
        return TW_UNSEEN;
    return same_family((gnutls_pk_algorithm_t)key, wanted) ? TW_YES : TW_NO;
}

/* GnuTLS takes the salt of RSA-PSS to be as long as the digest, or as the key says; a signature with
 * another one looks wrong to it. SALT < 0: no length is given. */
static bool usual_salt(gnutls_sign_algorithm_t algorithm, int salt)
{
    return gnutls_sign_get_pk_algorithm(algorithm) != GNUTLS_PK_RSA_PSS || salt < 0 ||
           (unsigned)salt == gnutls_hash_get_len(gnutls_sign_get_hash_algorithm(algorithm));
}

/* The salt length that an RSA-PSS key prescribes, or -1. */
static int salt_of_key(gnutls_x509_crt_t crt, int kind)
{
    gnutls_x509_spki_t spki;
    gnutls_digest_algorithm_t digest = GNUTLS_DIG_UNKNOWN;
    unsigned salt = 0;
    int rc;

    if (kind != GNUTLS_PK_RSA_PSS || gnutls_x509_spki_init(&spki) < 0)
        return -1;
    rc = gnutls_x509_crt_get_spki(crt, spki, 0);
    if (rc >= 0)
        rc = gnutls_x509_spki_get_rsa_pss_params(spki, &digest, &salt);
    gnutls_x509_spki_deinit(spki);
    return rc >= 0 && digest != GNUTLS_DIG_UNKNOWN ? (int)MIN(salt, G_MAXINT) : -1;
}

static tw_tri verify(const chain_cert *signer, gnutls_sign_algorithm_t algorithm, const gnutls_datum_t *data,
                     const gnutls_datum_t *signature)
{
    tw_tri fit = fits(signer->key_kind, algorithm);
    gnutls_pubkey_t key;
    int rc;

    if (fit != TW_YES)
        return fit;
    if (!is_sane(signer->crt, signer->key_kind) || gnutls_pubkey_init(&key) < 0)
        return TW_UNSEEN;
    rc = gnutls_pubkey_import_x509(key, signer->crt, 0);
    if (rc < 0) {
        gnutls_pubkey_deinit(key);
        return TW_UNSEEN;
    }
    rc = gnutls_pubkey_verify_data2(key, algorithm, CHAIN_VERIFY_FLAGS, data, signature);
    gnutls_pubkey_deinit(key);
    return answer(rc, can_hash(algorithm) && usual_salt(algorithm, salt_of_key(signer->crt, signer->key_kind)));
}

static tw_tri signed_by(const chain_cert *cert, const chain_cert *issuer)
{
    int algorithm = gnutls_x509_crt_get_signature_algorithm(cert->crt);
    uint8_t bytes[MODULUS_MAX_BITS / 8];
    size_t size = sizeof bytes;
    gnutls_datum_t data, signature = { bytes, 0 };
    der_span tbs;
    tw_tri verified;

    if (algorithm <= 0 || !chain_der_tbs(cert->der, &tbs) ||
        gnutls_x509_crt_get_signature(cert->crt, (char *)bytes, &size) < 0)
        return TW_UNSEEN;
    data.data = (unsigned char *)(uintptr_t)tbs.data;
    data.size = (unsigned)tbs.len;
    signature.size = (unsigned)size;
    verified = verify(issuer, (gnutls_sign_algorithm_t)algorithm, &data, &signature);
    if (verified == TW_NO && !usual_salt((gnutls_sign_algorithm_t)algorithm, chain_der_pss_salt(cert->der)))
        return TW_UNSEEN;
    return verified;
}

/* ---- answers already found ---- */

/* Certificates come again: a client that fails to connect tries again. An answer is kept under the hashes of both. */
#define MEMO_MAX 4096

static GBytes *memo_key(const chain_cert *cert, const chain_cert *issuer)
{
    uint8_t key[2 * CHAIN_DIGEST];

    if (!chain_cert_digest(cert, key) || !chain_cert_digest(issuer, key + CHAIN_DIGEST))
        return NULL;
    return g_bytes_new(key, sizeof key);
}

static void remember(GHashTable *memo, GBytes *key, tw_tri answer)
{
    if (g_hash_table_size(memo) >= MEMO_MAX)
        g_hash_table_remove_all(memo);
    g_hash_table_insert(memo, key, GINT_TO_POINTER(answer));
}

tw_tri chain_signed_by(const chain_cert *cert, const chain_cert *issuer)
{
    GHashTable *memo = cert->cache ? cert->cache->signatures : NULL;
    GBytes *key = memo ? memo_key(cert, issuer) : NULL;
    gpointer known;
    tw_tri answer;

    if (key && g_hash_table_lookup_extended(memo, key, NULL, &known)) {
        g_bytes_unref(key);
        return (tw_tri)GPOINTER_TO_INT(known);
    }
    answer = signed_by(cert, issuer);
    if (key)
        remember(memo, key, answer);
    return answer;
}

tw_tri chain_self_signed(const chain_cert *cert)
{
    return cert->info.self_issued ? chain_signed_by(cert, cert) : TW_NO;
}

/* ---- handshake signatures ---- */

/* The algorithms without a curve: TLS 1.2 lets any curve go with any hash. */
static const struct {
    uint16_t scheme;
    gnutls_sign_algorithm_t algorithm;
} schemes[] = {
    { TW_SCHEME_RSA_PKCS1_MD5, GNUTLS_SIGN_RSA_MD5 },
    { TW_SCHEME_RSA_PKCS1_SHA1, GNUTLS_SIGN_RSA_SHA1 },
    { TW_SCHEME_DSA_SHA1, GNUTLS_SIGN_DSA_SHA1 },
    { TW_SCHEME_ECDSA_SHA1, GNUTLS_SIGN_ECDSA_SHA1 },
    { TW_SCHEME_RSA_PKCS1_SHA224, GNUTLS_SIGN_RSA_SHA224 },
    { TW_SCHEME_DSA_SHA224, GNUTLS_SIGN_DSA_SHA224 },
    { TW_SCHEME_ECDSA_SHA224, GNUTLS_SIGN_ECDSA_SHA224 },
    { TW_SCHEME_RSA_PKCS1_SHA256, GNUTLS_SIGN_RSA_SHA256 },
    { TW_SCHEME_DSA_SHA256, GNUTLS_SIGN_DSA_SHA256 },
    { TW_SCHEME_ECDSA_SECP256R1_SHA256, GNUTLS_SIGN_ECDSA_SHA256 },
    { TW_SCHEME_RSA_PKCS1_SHA384, GNUTLS_SIGN_RSA_SHA384 },
    { TW_SCHEME_DSA_SHA384, GNUTLS_SIGN_DSA_SHA384 },
    { TW_SCHEME_ECDSA_SECP384R1_SHA384, GNUTLS_SIGN_ECDSA_SHA384 },
    { TW_SCHEME_RSA_PKCS1_SHA512, GNUTLS_SIGN_RSA_SHA512 },
    { TW_SCHEME_DSA_SHA512, GNUTLS_SIGN_DSA_SHA512 },
    { TW_SCHEME_ECDSA_SECP521R1_SHA512, GNUTLS_SIGN_ECDSA_SHA512 },
    { TW_SCHEME_RSA_PSS_RSAE_SHA256, GNUTLS_SIGN_RSA_PSS_SHA256 },
    { TW_SCHEME_RSA_PSS_RSAE_SHA384, GNUTLS_SIGN_RSA_PSS_SHA384 },
    { TW_SCHEME_RSA_PSS_RSAE_SHA512, GNUTLS_SIGN_RSA_PSS_SHA512 },
    { TW_SCHEME_ED25519, GNUTLS_SIGN_EDDSA_ED25519 },
    { TW_SCHEME_ED448, GNUTLS_SIGN_EDDSA_ED448 },
    { TW_SCHEME_RSA_PSS_PSS_SHA256, GNUTLS_SIGN_RSA_PSS_SHA256 },
    { TW_SCHEME_RSA_PSS_PSS_SHA384, GNUTLS_SIGN_RSA_PSS_SHA384 },
    { TW_SCHEME_RSA_PSS_PSS_SHA512, GNUTLS_SIGN_RSA_PSS_SHA512 },
    { TW_SCHEME_ECDSA_BRAINPOOLP256R1TLS13_SHA256, GNUTLS_SIGN_ECDSA_SHA256 }, /* the brainpool curves (RFC 8734) */
    { TW_SCHEME_ECDSA_BRAINPOOLP384R1TLS13_SHA384, GNUTLS_SIGN_ECDSA_SHA384 },
    { TW_SCHEME_ECDSA_BRAINPOOLP512R1TLS13_SHA512, GNUTLS_SIGN_ECDSA_SHA512 },
};

static gnutls_sign_algorithm_t algorithm_of_scheme(uint16_t scheme)
{
    for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++)
        if (schemes[i].scheme == scheme)
            return schemes[i].algorithm;
    return GNUTLS_SIGN_UNKNOWN;
}

/* TLS 1.0 and 1.1 with RSA: MD5 and SHA-1, one behind the other, without a DigestInfo. */
static tw_tri verify_md5_sha1(const chain_cert *signer, const gnutls_datum_t *data, const gnutls_datum_t *signature)
{
    uint8_t both[2 * HASH_MAX_BYTES];
    gnutls_datum_t digest = { both, 16 + 20 };
    gnutls_pubkey_t key;
    int rc;

    if (!hash(GNUTLS_DIG_MD5, data->data, data->size, both) ||
        !hash(GNUTLS_DIG_SHA1, data->data, data->size, both + 16) || !is_sane(signer->crt, signer->key_kind) ||
        gnutls_pubkey_init(&key) < 0)
        return TW_UNSEEN;
    rc = gnutls_pubkey_import_x509(key, signer->crt, 0);
    if (rc < 0) {
        gnutls_pubkey_deinit(key);
        return TW_UNSEEN;
    }
    rc = gnutls_pubkey_verify_hash2(key, GNUTLS_SIGN_UNKNOWN, CHAIN_VERIFY_FLAGS | GNUTLS_VERIFY_USE_TLS1_RSA,
                                    &digest, signature);
    gnutls_pubkey_deinit(key);
    return answer(rc, true);
}

static tw_tri verify_old(const chain_cert *signer, const gnutls_datum_t *data, const gnutls_datum_t *signature)
{
    switch (signer->key_kind) {
    case GNUTLS_PK_RSA: return verify_md5_sha1(signer, data, signature);
    case GNUTLS_PK_DSA: return verify(signer, GNUTLS_SIGN_DSA_SHA1, data, signature);
    case GNUTLS_PK_ECDSA: return verify(signer, GNUTLS_SIGN_ECDSA_SHA1, data, signature);
    default: return TW_UNSEEN;
    }
}

tw_tri tw__chain_leaf_verifies(const tw__chain *chain, uint16_t scheme, const uint8_t *data, size_t len,
                               const uint8_t *signature, size_t signature_len)
{
    gnutls_datum_t signed_data = { (unsigned char *)(uintptr_t)data, (unsigned)len };
    gnutls_datum_t signature_data = { (unsigned char *)(uintptr_t)signature, (unsigned)signature_len };
    gnutls_sign_algorithm_t algorithm;
    const chain_cert *leaf = &chain->certs[0];

    if (chain->n == 0 || leaf->state != CERT_PARSED || len > G_MAXINT32 || signature_len > UINT16_MAX)
        return TW_UNSEEN;
    if (scheme == 0)
        return verify_old(leaf, &signed_data, &signature_data);
    algorithm = algorithm_of_scheme(scheme);
    return algorithm == GNUTLS_SIGN_UNKNOWN ? TW_UNSEEN : verify(leaf, algorithm, &signed_data, &signature_data);
}
