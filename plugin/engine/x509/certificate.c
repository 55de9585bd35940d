/* One certificate as a list of what stands in it. See tlswhy/certificate.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tlswhy/certificate.h"

#include "words/address.h"
#include "x509/chain_internal.h"

/* The escaped text of a name, or NULL: it is of another kind. */
static char *name_text(unsigned type, const char *name, size_t len)
{
    if (type == GNUTLS_SAN_DNSNAME)
        return tw_escape(name, (gssize)len, TW_VALUE_MAX);
    return type == GNUTLS_SAN_IPADDRESS ? tw__address_text((const uint8_t *)name, len) : NULL;
}

static void read_alt_names(tw_certificate *c, gnutls_x509_crt_t crt, tw_anonymizer *anonymizer)
{
    for (unsigned i = 0; i < TW_NAMES_MAX; i++) {
        char name[NAME_MAX_BYTES], *text;
        size_t size = sizeof name;
        unsigned type = 0, critical;
        int rc = gnutls_x509_crt_get_subject_alt_name2(crt, i, name, &size, &type, &critical);
        if (rc == GNUTLS_E_SHORT_MEMORY_BUFFER)
            continue;
        text = rc < 0 ? NULL : name_text(type, name, size);
        if (text)
            g_ptr_array_add(c->names, tw_private_text(anonymizer, TW_PRIVATE_HOST, text));
        if (rc < 0)
            return;
    }
}

/* NULL for what is empty in CERT, which was not read then. */
static char *known(const chain_cert *cert, const char *text)
{
    return cert->state == CERT_PARSED ? g_strdup(text) : NULL;
}

tw_certificate *tw_certificate_read(GBytes *der, tw_anonymizer *anonymizer)
{
    tw_certificate *c = g_new0(tw_certificate, 1);
    tw__chain_cache *cache = tw__chain_cache_new(anonymizer);
    chain_cert cert = { 0 };
    chain_cert_parse(&cert, der, false, cache);
    c->subject = known(&cert, cert.info.subject);
    c->issuer = known(&cert, cert.info.issuer);
    c->serial = tw_private_text(anonymizer, TW_PRIVATE_SERIAL, known(&cert, cert.info.serial));
    c->sha256 = anonymizer ? NULL : g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, der);
    c->names = g_ptr_array_new_with_free_func(g_free);
    c->not_before = c->not_after = TW_TIME_UNKNOWN;
    if (cert.state == CERT_PARSED) {
        c->not_before = cert.info.not_before;
        c->not_after = cert.info.not_after;
        read_alt_names(c, cert.crt, anonymizer);
    }
    chain_cert_clear(&cert);
    tw__chain_cache_free(cache);
    return c;
}

void tw_certificate_free(tw_certificate *c)
{
    if (!c)
        return;
    g_free(c->subject);
    g_free(c->issuer);
    g_free(c->serial);
    g_free(c->sha256);
    g_ptr_array_unref(c->names);
    g_free(c);
}
