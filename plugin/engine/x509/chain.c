/* A chain of certificates: its container, and whom it was issued by.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509/chain_internal.h"

tw__chain *tw__chain_new(tw__chain_cache *cache, const GPtrArray *ders, bool cut)
{
    unsigned sent = ders ? ders->len : 0, n = MIN(sent, TW_CHAIN_MAX);
    tw__chain *chain = g_malloc0(sizeof *chain + n * sizeof chain->certs[0]);

    chain->cache = cache;
    chain->n = n;
    chain->unexamined = sent - chain->n;
    for (unsigned i = 0; i < chain->n; i++) {
        chain_cert *cert = &chain->certs[i];
        if (cut && i + 1 == sent)
            chain_cert_parse(cert, g_ptr_array_index(ders, i), true, cache);
        else
            chain_cert_recall(cert, g_ptr_array_index(ders, i), cache);
        chain->unexamined += cert->state == CERT_SKIPPED;
        chain->hidden |= cert->state != CERT_PARSED;
    }
    chain->hidden |= cut || chain->unexamined > 0;
    chain_link(chain);
    return chain;
}

void tw__chain_set_partial(tw__chain *chain)
{
    chain->hidden = true;
}

void tw__chain_free(tw__chain *chain)
{
    if (!chain)
        return;
    for (unsigned i = 0; i < chain->n; i++)
        chain_cert_release(&chain->certs[i]);
    g_free(chain);
}

bool tw__chain_can_be_read(void)
{
    return true;
}

unsigned tw__chain_length(const tw__chain *chain)
{
    return chain->n;
}

unsigned tw__chain_unexamined(const tw__chain *chain)
{
    return chain->unexamined;
}

const tw__cert_info *tw__chain_cert(const tw__chain *chain, unsigned which)
{
    return which < chain->n ? &chain->certs[which].info : NULL;
}

/* The names of all certificates and of their issuers, and the issuers' issuers as far as they are told; NULL when no
 * certificate was read. */
static GHashTable *names_of(const tw__chain *chain)
{
    GHashTable *names = g_hash_table_new(g_bytes_hash, g_bytes_equal);

    for (unsigned i = 0; i < chain->n; i++) {
        if (chain->certs[i].state != CERT_PARSED)
            continue;
        g_hash_table_add(names, chain->certs[i].subject);
        g_hash_table_add(names, chain->certs[i].issuer);
        if (chain->certs[i].issuers_issuer)
            g_hash_table_add(names, chain->certs[i].issuers_issuer);
    }
    if (g_hash_table_size(names) > 0)
        return names;
    g_hash_table_unref(names);
    return NULL;
}

tw_tri tw__chain_issued_by_any(const tw__chain *chain, const GPtrArray *dns)
{
    GHashTable *names = names_of(chain);
    bool found = false;

    if (!names)
        return TW_UNSEEN;
    for (guint i = 0; dns && i < dns->len && !found; i++) {
        der_span dn = chain_der_span(g_ptr_array_index(dns, i));
        GBytes *normal = chain_dn_normal(dn.data, dn.len);
        found = g_hash_table_contains(names, normal);
        g_bytes_unref(normal);
    }
    g_hash_table_unref(names);
    if (found)
        return TW_YES;
    return chain->hidden ? TW_UNSEEN : TW_NO;
}

bool tw__chain_holds_issuer_of(const tw__chain *chain, const tw__chain *of, unsigned which)
{
    const chain_cert *issued = which < of->n ? &of->certs[which] : NULL;

    for (unsigned i = 1; issued && issued->state == CERT_PARSED && i < chain->n; i++) {
        const chain_cert *cert = &chain->certs[i];
        if (cert->state == CERT_PARSED && !cert->info.self_issued && g_bytes_equal(cert->subject, issued->issuer))
            return true;
    }
    return false;
}

bool tw__chain_ends_at_root(const tw__chain *chain)
{
    const chain_cert *top = chain->path_n ? &chain->certs[chain->path[chain->path_n - 1]] : NULL;

    return top && !chain->hidden && (chain_is_root(top) || chain_names_root(top));
}
