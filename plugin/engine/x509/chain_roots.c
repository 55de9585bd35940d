/* Roots that the user trusts, from a PEM file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509/chain_internal.h"

struct tw__roots {
    chain_cert *certs;
    unsigned n;
    GHashTable *by_name; /* normal form -> GPtrArray of chain_cert, lent */
};

static void free_list(void *data)
{
    g_ptr_array_unref(data);
}

static GBytes *export_der(gnutls_x509_crt_t crt)
{
    gnutls_datum_t der = { NULL, 0 };
    GBytes *bytes;

    if (gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der) < 0)
        return g_bytes_new(NULL, 0);
    bytes = g_bytes_new(der.data, der.size);
    gnutls_free(der.data);
    return bytes;
}

static void add_root(tw__roots *roots, GBytes *der, tw__chain_cache *cache)
{
    chain_cert *cert = &roots->certs[roots->n++];
    GPtrArray *namesakes;

    chain_cert_parse(cert, der, false, cache);
    if (cert->state != CERT_PARSED)
        return;
    namesakes = g_hash_table_lookup(roots->by_name, cert->subject);
    if (!namesakes) {
        namesakes = g_ptr_array_new();
        g_hash_table_insert(roots->by_name, cert->subject, namesakes);
    }
    g_ptr_array_add(namesakes, cert);
}

static tw__roots *from_pem(const gnutls_datum_t *pem, int *error, tw__chain_cache *cache)
{
    gnutls_x509_crt_t *crts = NULL;
    unsigned n = 0;
    tw__roots *roots;

    *error = gnutls_x509_crt_list_import2(&crts, &n, pem, GNUTLS_X509_FMT_PEM, 0);
    if (*error < 0)
        return NULL;
    roots = g_new0(tw__roots, 1);
    roots->certs = g_new0(chain_cert, n);
    roots->by_name = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, NULL, free_list);
    for (unsigned i = 0; i < n; i++) {
        GBytes *der = export_der(crts[i]);
        add_root(roots, der, cache);
        g_bytes_unref(der);
        gnutls_x509_crt_deinit(crts[i]);
    }
    gnutls_free(crts);
    return roots;
}

tw__roots *tw__roots_load(tw__chain_cache *cache, const char *file, char **error)
{
    GError *failure = NULL;
    gnutls_datum_t pem;
    char *text = NULL;
    gsize len = 0;
    tw__roots *roots;
    int rc;

    if (!g_file_get_contents(file, &text, &len, &failure)) {
        if (error)
            *error = g_strdup(failure->message);
        g_error_free(failure);
        return NULL;
    }
    pem.data = (unsigned char *)text;
    pem.size = (unsigned)MIN(len, G_MAXINT32);
    roots = from_pem(&pem, &rc, cache);
    g_free(text);
    if (!roots && error)
        *error = g_strdup_printf("%s: %s", file, gnutls_strerror(rc));
    return roots;
}

void tw__roots_free(tw__roots *roots)
{
    if (!roots)
        return;
    for (unsigned i = 0; i < roots->n; i++)
        chain_cert_clear(&roots->certs[i]);
    g_hash_table_unref(roots->by_name);
    g_free(roots->certs);
    g_free(roots);
}

static tw_tri issued_by_one(const GPtrArray *namesakes, const chain_cert *cert)
{
    tw_tri result = TW_NO;

    for (guint i = 0; namesakes && i < namesakes->len; i++) {
        tw_tri verified = chain_signed_by(cert, g_ptr_array_index(namesakes, i));
        if (verified == TW_YES)
            return TW_YES;
        if (verified == TW_UNSEEN)
            result = TW_UNSEEN;
    }
    return result;
}

static bool is_one(const GPtrArray *namesakes, const chain_cert *cert)
{
    for (guint i = 0; namesakes && i < namesakes->len; i++) {
        const chain_cert *root = g_ptr_array_index(namesakes, i);
        if (g_bytes_equal(root->der, cert->der))
            return true;
    }
    return false;
}

tw_tri tw__roots_anchor(const tw__roots *roots, const tw__chain *chain)
{
    bool unseen = chain->hidden || chain->path_n == 0;

    if (!roots)
        return TW_UNSEEN;
    for (unsigned i = 0; i < chain->path_n; i++) {
        const chain_cert *cert = &chain->certs[chain->path[i]];
        tw_tri issued = issued_by_one(g_hash_table_lookup(roots->by_name, cert->issuer), cert);
        if (issued == TW_YES || is_one(g_hash_table_lookup(roots->by_name, cert->subject), cert))
            return TW_YES;
        unseen |= issued == TW_UNSEEN;
    }
    return unseen ? TW_UNSEEN : TW_NO;
}
