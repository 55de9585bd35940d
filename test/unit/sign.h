/* Signatures of the plays (build.h), with keys of certs/.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_TEST_SIGN_H
#define TLSWHY_TEST_SIGN_H

#include "test_chain.h"

#include <gnutls/abstract.h>

/* Appends to B the signature over DATA by NAME.key: ECDSA with SHA-256. */
static inline void sign_with(const char *name, const uint8_t *data, size_t len, GByteArray *b)
{
    char *pem = NULL;
    gnutls_datum_t text, in = { (uint8_t *)data, (unsigned)len }, signature = { NULL, 0 };
    gnutls_privkey_t key;

    read_cert_file(name, ".key", &pem);
    text = (gnutls_datum_t){ (uint8_t *)pem, (unsigned)strlen(pem) };
    gnutls_privkey_init(&key);
    if (gnutls_privkey_import_x509_raw(key, &text, GNUTLS_X509_FMT_PEM, NULL, 0) ||
        gnutls_privkey_sign_data2(key, GNUTLS_SIGN_ECDSA_SHA256, 0, &in, &signature))
        g_error("%s.key does not sign", name);
    g_byte_array_append(b, signature.data, signature.size);
    gnutls_free(signature.data);
    gnutls_privkey_deinit(key);
    g_free(pem);
}

#endif
