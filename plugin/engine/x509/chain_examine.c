/* Everything that is wrong with a chain: runs the checks, and makes those of what does not parse.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509/chain_internal.h"

#include <string.h>

/* Extensions that implementations in use know: these may be critical. */
static const char *const known_extensions[] = {
    "2.5.29.9",                /* subjectDirectoryAttributes */
    "2.5.29.14",               /* subjectKeyIdentifier */
    "2.5.29.15",               /* keyUsage */
    "2.5.29.17",               /* subjectAltName */
    "2.5.29.18",               /* issuerAltName */
    "2.5.29.19",               /* basicConstraints */
    "2.5.29.30",               /* nameConstraints */
    "2.5.29.31",               /* cRLDistributionPoints */
    "2.5.29.32",               /* certificatePolicies */
    "2.5.29.33",               /* policyMappings */
    "2.5.29.35",               /* authorityKeyIdentifier */
    "2.5.29.36",               /* policyConstraints */
    "2.5.29.37",               /* extKeyUsage */
    "2.5.29.46",               /* freshestCRL */
    "2.5.29.54",               /* inhibitAnyPolicy */
    "1.3.6.1.5.5.7.1.1",       /* authorityInfoAccess */
    "1.3.6.1.5.5.7.1.11",      /* subjectInfoAccess */
    "1.3.6.1.5.5.7.1.14",      /* proxyCertInfo */
    "1.3.6.1.5.5.7.1.24",      /* TLS feature */
    "1.3.6.1.5.5.7.48.1.5",    /* OCSP no check */
    "1.3.6.1.4.1.11129.2.4.2", /* signed certificate timestamps */
    "2.16.840.1.113730.1.1",   /* Netscape certificate type */
};

static void free_fault(void *data)
{
    tw__fault *fault = data;

    tw_values_free(fault->values);
    g_free(fault);
}

static void add_malformed(examination *ex, unsigned which)
{
    const chain_cert *cert = &ex->chain->certs[which];
    tw__fault *fault = chain_fault(ex, TW_FAULT_MALFORMED, which);

    tw_values_set(fault->values, "why", gnutls_strerror(cert->error));
    fault->certain = !chain_der_is_sound(cert->der);
}

static void check_parsed(examination *ex)
{
    for (unsigned i = 0; i < ex->chain->n; i++) {
        const chain_cert *cert = &ex->chain->certs[i];
        if (cert->state == CERT_CUT)
            chain_fault(ex, TW_FAULT_CUT, i);
        else if (cert->state == CERT_MALFORMED)
            add_malformed(ex, i);
    }
}

static bool is_known_extension(const char *oid)
{
    for (size_t i = 0; i < G_N_ELEMENTS(known_extensions); i++)
        if (strcmp(oid, known_extensions[i]) == 0)
            return true;
    return false;
}

static void check_extensions_of(examination *ex, unsigned which)
{
    const chain_cert *cert = &ex->chain->certs[which];

    der_span list, oid, value;
    bool critical, unknown = false;

    if (!chain_der_extensions(cert->der, &list))
        return;
    while (!unknown && chain_extension_next(&list, &oid, &critical, &value)) {
        char *text = critical ? chain_der_oid_text(oid) : NULL;
        unknown = text && !is_known_extension(text) && (which == 0 || !chain_is_root(cert));
        if (unknown)
            tw_values_set(chain_fault(ex, TW_FAULT_UNKNOWN_CRITICAL, which)->values, "oid", text);
        g_free(text);
    }
}

static void check_extensions(examination *ex)
{
    for (unsigned i = 0; i < ex->chain->path_n; i++)
        check_extensions_of(ex, ex->chain->path[i]);
}

GPtrArray *tw__chain_examine_unverified(tw__chain *chain, tw_side side, int64_t at, const char *name,
                                        bool key_exchange_rsa)
{
    examination ex = { chain, side, at, name, key_exchange_rsa, g_ptr_array_new_with_free_func(free_fault) };

    check_parsed(&ex);
    chain_check_times(&ex);
    chain_check_name(&ex);
    chain_check_usage(&ex);
    chain_check_keys(&ex);
    chain_check_cas(&ex);
    chain_check_links(&ex);
    check_extensions(&ex);
    return ex.faults;
}

void tw__chain_examine_signatures(tw__chain *chain, GPtrArray *faults)
{
    examination ex = { .chain = chain, .faults = faults };

    chain_check_signatures(&ex);
}

bool tw__fault_takes_signatures(tw__fault_kind kind)
{
    return kind == TW_FAULT_BAD_SIGNATURE;
}

GPtrArray *tw__chain_examine(tw__chain *chain, tw_side side, int64_t at, const char *name, bool key_exchange_rsa)
{
    GPtrArray *faults = tw__chain_examine_unverified(chain, side, at, name, key_exchange_rsa);

    tw__chain_examine_signatures(chain, faults);
    return faults;
}
