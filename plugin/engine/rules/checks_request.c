/* The client's certificate against what the CertificateRequest asks for beside its issuers: types of keys (RFC 5246
 * 7.4.4) and signature algorithms (RFC 8446 4.2.3, 4.3.2). See checks.h.
 *
 * Few servers look: Java (X509TrustManagerImpl) holds the chain against its list, Go the CertificateVerify alone. So a
 * signature that was not asked for is a cause only where nothing closer is found.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/checks.h"
#include "verdict/offers.h"

#include <string.h>

#define SHOWN 6 /* signature algorithms that a sentence bears */

/* ClientCertificateType by the leaf's key (RFC 5246 7.4.4, RFC 8422 5.5). */
static const struct {
    const char *key_type, *name;
    uint8_t type;
} certificate_types[] = {
    { "RSA", "rsa_sign", 1 },      { "RSA-PSS", "rsa_sign", 1 },    { "DSA", "dss_sign", 2 },
    { "ECDSA", "ecdsa_sign", 64 }, { "Ed25519", "ecdsa_sign", 64 }, { "Ed448", "ecdsa_sign", 64 },
};

static bool can_compare(const tw__case *k)
{
    return k->request && !k->request->flaw && tw__case_chain(k, TW_CLIENT) &&
           tw__chain_cert(tw__case_chain(k, TW_CLIENT), 0)->parsed;
}

static void set_asked(tw_values *v, const tw__list *asked)
{
    char *text = tw__list_text(asked, tw__scheme_name, SHOWN);
    tw_values_set_text(v, "asked", text);
    g_free(text);
}

/* The signatures of the chain against signature_algorithms_cert, or signature_algorithms where that is missing. */
bool tw__request_unlisted_signature(const tw__case *k, tw_values *v)
{
    const tw__list *asked;
    const tw__cert_info *cert;
    uint16_t scheme = 0;
    int which;
    if (!can_compare(k))
        return false;
    asked = k->request->sigalgs_cert.n ? &k->request->sigalgs_cert : &k->request->sigalgs;
    which = asked->n ? tw__chain_unlisted_signature(tw__case_chain(k, TW_CLIENT), asked->v, asked->n, &scheme) : -1;
    if (which < 0)
        return false;
    cert = tw__chain_cert(tw__case_chain(k, TW_CLIENT), (unsigned)which);
    tw_values_set(v, "which", which ? "intermediate" : "leaf");
    tw_values_set(v, "subject", cert->subject);
    tw__set_code(v, "algorithm", tw__scheme_name(scheme), scheme);
    set_asked(v, asked);
    return true;
}

/* The client's signature over the handshake against signature_algorithms. */
bool tw__request_unlisted_scheme(const tw__case *k, tw_values *v)
{
    const tw__message *m = tw__handshake_find(k->h, TW_HS_CERTIFICATE_VERIFY, tw__conn_dir(k->conn, TW_CLIENT));
    const uint8_t *signature;
    uint16_t scheme;
    size_t len, signature_len;
    const uint8_t *body = tw__message_body(m, &len);
    if (!can_compare(k) || !body || !k->request->sigalgs.n ||
        !tw__certificate_verify_read(body, len, k->h->version, &scheme, &signature, &signature_len) || !scheme ||
        tw__list_has(&k->request->sigalgs, scheme))
        return false;
    tw__set_code(v, "scheme", tw__scheme_name(scheme), scheme);
    set_asked(v, &k->request->sigalgs);
    return true;
}

/* The leaf's key against certificate_types, which TLS 1.3 no longer has. */
bool tw__request_unlisted_key(const tw__case *k, tw_values *v)
{
    const char *key_type;
    if (!can_compare(k) || !k->request->n_types)
        return false;
    key_type = tw__chain_cert(tw__case_chain(k, TW_CLIENT), 0)->key_type;
    for (unsigned i = 0; i < G_N_ELEMENTS(certificate_types); i++) {
        if (strcmp(certificate_types[i].key_type, key_type) != 0)
            continue;
        tw_values_set(v, "key", key_type);
        tw_values_set(v, "needed", certificate_types[i].name);
        return !memchr(k->request->types, certificate_types[i].type, k->request->n_types);
    }
    return false;
}

bool tw__check_unlisted_signature(tw__finding *f)
{
    const tw__case *k = f->k;
    if (k->peer != TW_CLIENT || !tw__request_unlisted_signature(k, f->values))
        return false;
    f->same_as = TW_TEXT_EV_ALSO_UNLISTED_SIGNATURE;
    tw__finding_add(f, k->request_message->at.frame, TW_TEXT_EV_ASKED_SCHEMES);
    return true;
}
