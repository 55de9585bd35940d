/* Certificates that were read already: a server shows the same ones in each connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "words/shared.h"
#include "x509/chain_internal.h"

#include <gnutls/crypto.h>
#include <string.h>

#define KNOWN_MAX       32   /* in each of two tables */
#define KNOWN_MAX_BYTES 8192 /* larger ones are read anew each time */

struct known_cert {
    unsigned references; /* of chains, and of the tables */
    bool has_digest;
    uint8_t digest[CHAIN_DIGEST];
    chain_cert cert;
};

static void unref(gpointer data)
{
    known_cert *known = data;

    if (--known->references > 0)
        return;
    chain_cert_clear(&known->cert);
    g_free(known);
}

tw__chain_cache *tw__chain_cache_new(tw_anonymizer *anonymizer)
{
    tw__chain_cache *cache = g_new0(tw__chain_cache, 1);
    cache->anonymizer = anonymizer;
    cache->certs = g_hash_table_new_full(tw__der_hash, g_bytes_equal, NULL, unref);
    cache->old_certs = g_hash_table_new_full(tw__der_hash, g_bytes_equal, NULL, unref);
    cache->signatures = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    cache->texts = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, g_free);
    return cache;
}

void tw__chain_cache_free(tw__chain_cache *cache)
{
    if (!cache)
        return;
    g_hash_table_destroy(cache->certs);
    g_hash_table_destroy(cache->old_certs);
    g_hash_table_destroy(cache->signatures);
    g_hash_table_destroy(cache->texts);
    g_free(cache);
}

tw_anonymizer *chain_anonymizer(const tw__chain_cache *cache)
{
    return cache ? cache->anonymizer : NULL;
}

/* When the table is full it becomes the old one, out of which what comes again is taken over: CAs stay. */
static void add(tw__chain_cache *cache, known_cert *known)
{
    known->references++; /* before the oldest go, of which it may be one */
    if (g_hash_table_size(cache->certs) >= KNOWN_MAX) {
        GHashTable *oldest = cache->old_certs;
        cache->old_certs = cache->certs;
        cache->certs = oldest;
        g_hash_table_remove_all(oldest);
    }
    g_hash_table_insert(cache->certs, known->cert.der, known);
}

static known_cert *find(tw__chain_cache *cache, GBytes *der)
{
    known_cert *known = g_hash_table_lookup(cache->certs, der);

    if (known)
        return known;
    known = g_hash_table_lookup(cache->old_certs, der);
    if (!known) {
        known = g_new0(known_cert, 1);
        chain_cert_parse(&known->cert, der, false, cache);
    }
    add(cache, known);
    return known;
}

void chain_cert_recall(chain_cert *cert, GBytes *der, tw__chain_cache *cache)
{
    known_cert *known;

    if (!cache || g_bytes_get_size(der) > KNOWN_MAX_BYTES) {
        chain_cert_parse(cert, der, false, cache);
        return;
    }
    known = find(cache, der);
    known->references++;
    *cert = known->cert;
    cert->owner = known;
}

void chain_cert_release(chain_cert *cert)
{
    if (cert->owner)
        unref(cert->owner);
    else
        chain_cert_clear(cert);
}

bool chain_cert_digest(const chain_cert *cert, uint8_t digest[CHAIN_DIGEST])
{
    der_span der = chain_der_span(cert->der);
    known_cert *owner = cert->owner;

    if (owner && owner->has_digest) {
        memcpy(digest, owner->digest, CHAIN_DIGEST);
        return true;
    }
    if (gnutls_hash_fast(GNUTLS_DIG_SHA256, der.data, der.len, digest) < 0)
        return false;
    if (owner) {
        memcpy(owner->digest, digest, CHAIN_DIGEST);
        owner->has_digest = true;
    }
    return true;
}
