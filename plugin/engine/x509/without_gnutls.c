/* chain.h and tlswhy/certificate.h where the build has no GnuTLS: certificates are counted, and none is read. It takes the
 * place of all other files of this folder.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tlswhy/certificate.h"
#include "x509/chain.h"

struct tw__chain {
    unsigned n;
    unsigned sent;
    tw__cert_info unread; /* what is known of each */
};

struct tw__chain_cache {
    tw_anonymizer *anonymizer;
};

tw__chain_cache *tw__chain_cache_new(tw_anonymizer *anonymizer)
{
    tw__chain_cache *cache = g_new0(tw__chain_cache, 1);
    cache->anonymizer = anonymizer;
    return cache;
}

void tw__chain_cache_free(tw__chain_cache *cache)
{
    g_free(cache);
}

tw__chain *tw__chain_new(tw__chain_cache *cache, const GPtrArray *ders, bool cut)
{
    tw__chain *chain = g_new0(tw__chain, 1);
    (void)cache;
    (void)cut;
    chain->sent = ders ? ders->len : 0;
    chain->n = MIN(chain->sent, TW_CHAIN_MAX);
    chain->unread.subject = chain->unread.issuer = chain->unread.serial = (char *)"";
    chain->unread.not_before = chain->unread.not_after = TW_TIME_UNKNOWN;
    chain->unread.is_ca = TW_UNSEEN;
    return chain;
}

void tw__chain_set_partial(tw__chain *chain)
{
    (void)chain;
}

void tw__chain_free(tw__chain *chain)
{
    g_free(chain);
}

bool tw__chain_can_be_read(void)
{
    return false;
}

unsigned tw__chain_length(const tw__chain *chain)
{
    return chain->n;
}

unsigned tw__chain_unexamined(const tw__chain *chain)
{
    return chain->sent;
}

const tw__cert_info *tw__chain_cert(const tw__chain *chain, unsigned which)
{
    return which < chain->n ? &chain->unread : NULL;
}

GPtrArray *tw__chain_examine_unverified(tw__chain *chain, tw_side side, int64_t at, const char *name,
                                        bool key_exchange_rsa)
{
    (void)chain;
    (void)side;
    (void)at;
    (void)name;
    (void)key_exchange_rsa;
    return g_ptr_array_new();
}

void tw__chain_examine_signatures(tw__chain *chain, GPtrArray *faults)
{
    (void)chain;
    (void)faults;
}

bool tw__fault_takes_signatures(tw__fault_kind kind)
{
    (void)kind;
    return false;
}

GPtrArray *tw__chain_examine(tw__chain *chain, tw_side side, int64_t at, const char *name, bool key_exchange_rsa)
{
    return tw__chain_examine_unverified(chain, side, at, name, key_exchange_rsa);
}

tw_tri tw__chain_issued_by_any(const tw__chain *chain, const GPtrArray *dns)
{
    (void)chain;
    (void)dns;
    return TW_UNSEEN;
}

bool tw__chain_holds_issuer_of(const tw__chain *chain, const tw__chain *of, unsigned which)
{
    (void)chain;
    (void)of;
    (void)which;
    return false;
}

bool tw__chain_ends_at_root(const tw__chain *chain)
{
    (void)chain;
    return false;
}

int tw__chain_unlisted_signature(const tw__chain *chain, const uint16_t *schemes, unsigned n, uint16_t *scheme)
{
    (void)chain;
    (void)schemes;
    (void)n;
    (void)scheme;
    return -1;
}

char *tw__dn_text(tw__chain_cache *cache, GBytes *der)
{
    (void)cache;
    (void)der;
    return tw_text_new(TW_TEXT_UNREADABLE_NAME, NULL);
}

tw_tri tw__chain_leaf_verifies(const tw__chain *chain, uint16_t scheme, const uint8_t *data, size_t len,
                               const uint8_t *signature, size_t signature_len)
{
    (void)chain;
    (void)scheme;
    (void)data;
    (void)len;
    (void)signature;
    (void)signature_len;
    return TW_UNSEEN;
}

tw__ocsp_verdict tw__chain_check_ocsp(const tw__chain *chain, GBytes *response, int64_t at, tw_values *values)
{
    (void)chain;
    (void)response;
    (void)at;
    (void)values;
    return TW_OCSP_UNEXAMINED;
}

tw__roots *tw__roots_load(tw__chain_cache *cache, const char *file, char **error)
{
    (void)cache;
    if (error)
        *error = g_strdup_printf("%s: %s", file, tw_text_template(TW_TEXT_NO_GNUTLS));
    return NULL;
}

void tw__roots_free(tw__roots *roots)
{
    (void)roots;
}

tw_tri tw__roots_anchor(const tw__roots *roots, const tw__chain *chain)
{
    (void)roots;
    (void)chain;
    return TW_UNSEEN;
}

tw_certificate *tw_certificate_read(GBytes *der, tw_anonymizer *anonymizer)
{
    tw_certificate *c = g_new0(tw_certificate, 1);
    c->sha256 = anonymizer ? NULL : g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, der);
    c->names = g_ptr_array_new_with_free_func(g_free);
    c->not_before = c->not_after = TW_TIME_UNKNOWN;
    return c;
}

void tw_certificate_free(tw_certificate *c)
{
    if (!c)
        return;
    g_free(c->sha256);
    g_ptr_array_unref(c->names);
    g_free(c);
}
