/* What certificates may be used for: extendedKeyUsage and keyUsage (RFC 5280 4.2.1.3, 4.2.1.12). An extension
 * that is absent allows everything. The purposes of a CA limit all that it issues: RFC 5280 does not say so, but most
 * verifiers do. They take a CA's from its own certificate, so that of a root, which they have, is left alone.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509/chain_internal.h"

#include <string.h>

#define PURPOSES_MAX 64

enum { FOR_SERVER = 1, FOR_CLIENT = 2 };

static const struct {
    const char *oid, *name;
    unsigned allows;
} purposes[] = {
    { GNUTLS_KP_TLS_WWW_SERVER, "serverAuth", FOR_SERVER },
    { GNUTLS_KP_TLS_WWW_CLIENT, "clientAuth", FOR_CLIENT },
    { GNUTLS_KP_ANY, "anyExtendedKeyUsage", FOR_SERVER | FOR_CLIENT },
    { "2.16.840.1.113730.4.1", "nsSGC", FOR_SERVER },
    { "1.3.6.1.4.1.311.10.3.3", "msSGC", FOR_SERVER },
    { GNUTLS_KP_CODE_SIGNING, "codeSigning", 0 },
    { GNUTLS_KP_EMAIL_PROTECTION, "emailProtection", 0 },
    { GNUTLS_KP_TIME_STAMPING, "timeStamping", 0 },
    { GNUTLS_KP_OCSP_SIGNING, "OCSPSigning", 0 },
    { GNUTLS_KP_IPSEC_IKE, "ipsecIKE", 0 },
    { "1.3.6.1.4.1.311.20.2.2", "msSmartcardLogin", 0 },
};

static const struct {
    unsigned bit;
    const char *name;
} usages[] = {
    { GNUTLS_KEY_DIGITAL_SIGNATURE, "digitalSignature" },
    { GNUTLS_KEY_NON_REPUDIATION, "nonRepudiation" },
    { GNUTLS_KEY_KEY_ENCIPHERMENT, "keyEncipherment" },
    { GNUTLS_KEY_DATA_ENCIPHERMENT, "dataEncipherment" },
    { GNUTLS_KEY_KEY_AGREEMENT, "keyAgreement" },
    { GNUTLS_KEY_KEY_CERT_SIGN, "keyCertSign" },
    { GNUTLS_KEY_CRL_SIGN, "cRLSign" },
};

static void append_name(GString *list, const char *name)
{
    if (list->len > 0)
        g_string_append(list, ", ");
    g_string_append(list, name);
}

/* What OID allows; its name goes to LIST. */
static unsigned purpose(const char *oid, GString *list)
{
    for (size_t i = 0; i < G_N_ELEMENTS(purposes); i++) {
        if (strcmp(purposes[i].oid, oid) == 0) {
            append_name(list, purposes[i].name);
            return purposes[i].allows;
        }
    }
    append_name(list, oid);
    return 0;
}

/* False when the extension is absent or cannot be read to its end: then nothing is forbidden. */
static bool read_purposes(const chain_cert *cert, unsigned *allowed, GString *list)
{
    gnutls_x509_key_purposes_t stated = chain_read_purposes(cert->extensions[EXTENSION_EXTENDED_KEY_USAGE]);
    gnutls_datum_t oid;
    unsigned n = 0;

    if (!stated)
        return false;
    for (; n < PURPOSES_MAX && gnutls_x509_key_purpose_get(stated, n, &oid) >= 0; n++)
        *allowed |= purpose((const char *)oid.data, list);
    gnutls_x509_key_purpose_deinit(stated);
    return n > 0 && n < PURPOSES_MAX;
}

static void add_fault(examination *ex, unsigned which, const char *usage, tw__need need)
{
    static const char *const words[] = {
        [TW_NEED_SERVER_AUTH] = "serverAuth",
        [TW_NEED_CLIENT_AUTH] = "clientAuth",
        [TW_NEED_SIGNATURE] = "digitalSignature",
        [TW_NEED_ENCIPHERMENT] = "keyEncipherment",
    };
    tw__fault *fault = chain_fault(ex, TW_FAULT_WRONG_USAGE, which);

    fault->need = need;
    tw_values_set(fault->values, "usage", *usage ? usage : tw_text_template(TW_TEXT_WORD_NOTHING));
    tw_values_set(fault->values, "needed", words[need]);
    if (which > 0)
        /* cppcheck-suppress arrayIndexOutOfBoundsCond ; it is of chain.path, whose entries are places in certs */
        tw_values_set(fault->values, "limiting", chain_subject(&ex->chain->certs[which]));
}

static bool check_extended(examination *ex, unsigned which)
{
    unsigned allowed = 0, needed = ex->side == TW_CLIENT ? FOR_CLIENT : FOR_SERVER;
    GString *list = g_string_new(NULL);
    const chain_cert *cert = &ex->chain->certs[which];
    bool wrong = read_purposes(cert, &allowed, list) && !(allowed & needed) && (which == 0 || !chain_is_root(cert));

    if (wrong)
        add_fault(ex, which, list->str, ex->side == TW_CLIENT ? TW_NEED_CLIENT_AUTH : TW_NEED_SERVER_AUTH);
    g_string_free(list, TRUE);
    return wrong;
}

/* A client always signs; a server's key decrypts only in the static RSA key exchange. */
static void check_key_usage(examination *ex)
{
    bool decrypts = ex->side == TW_SERVER && ex->key_exchange_rsa;
    unsigned needed = decrypts ? GNUTLS_KEY_KEY_ENCIPHERMENT : GNUTLS_KEY_DIGITAL_SIGNATURE;
    der_span value = ex->chain->certs[0].extensions[EXTENSION_KEY_USAGE];
    unsigned usage;
    GString *list;

    if (!chain_read_key_usage(value, &usage) || usage & needed)
        return;
    list = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(usages); i++)
        if (usage & usages[i].bit)
            append_name(list, usages[i].name);
    add_fault(ex, 0, list->str, decrypts ? TW_NEED_ENCIPHERMENT : TW_NEED_SIGNATURE);
    g_string_free(list, TRUE);
}

void chain_check_usage(examination *ex)
{
    const tw__chain *chain = ex->chain;

    if (chain->path_n == 0 || ex->side == TW_SIDE_UNKNOWN)
        return;
    if (!check_extended(ex, 0))
        check_key_usage(ex);
    for (unsigned depth = 1; depth < chain->path_n; depth++)
        check_extended(ex, chain->path[depth]);
}
