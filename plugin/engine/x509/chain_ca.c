/* Whether the issuers of a chain may issue: basicConstraints, pathLen, keyUsage, name constraints
 * (RFC 5280 6.1.4).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509/chain_internal.h"

#include <string.h>

#include "words/address.h"

#define CONSTRAINTS_MAX_BYTES 8192 /* the library needs the square of their number */
#define CONSTRAINED_NAMES_MAX 1000

static bool lacks_cert_sign(const chain_cert *issuer)
{
    unsigned usage;

    return chain_read_key_usage(issuer->extensions[EXTENSION_KEY_USAGE], &usage) &&
           !(usage & GNUTLS_KEY_KEY_CERT_SIGN);
}

/* The intermediates between the leaf and the one at DEPTH; self-issued ones do not count. */
static unsigned intermediates_below(const tw__chain *chain, unsigned depth)
{
    unsigned count = 0;

    for (unsigned i = 1; i < depth; i++)
        count += !chain->certs[chain->path[i]].info.self_issued;
    return count;
}

static char *path_len_text(int path_len)
{
    tw_values *v = tw_values_new();
    char *text;
    tw_values_setf(v, "limit", "%d", path_len);
    text = tw_text_new(TW_TEXT_WHY_PATH_LEN, v);
    tw_values_free(v);
    return text;
}

/* What forbids the certificate at DEPTH to issue, as text to free, or NULL. A root below version 3
 * has nowhere to say that it is a CA; an intermediate needs to say so. */
static char *why_no_ca(const tw__chain *chain, unsigned depth)
{
    const chain_cert *issuer = &chain->certs[chain->path[depth]];

    if (!issuer->has_constraints && (issuer->version >= 3 || !chain_is_root(issuer)))
        return tw_text_new(TW_TEXT_WHY_NO_CONSTRAINTS, NULL);
    if (issuer->has_constraints && issuer->info.is_ca != TW_YES)
        return tw_text_new(TW_TEXT_WHY_CA_FALSE, NULL);
    if (issuer->path_len >= 0 && intermediates_below(chain, depth) > (unsigned)issuer->path_len)
        return path_len_text(issuer->path_len);
    if (lacks_cert_sign(issuer))
        return tw_text_new(TW_TEXT_WHY_NO_CERT_SIGN, NULL);
    return NULL;
}

/* ---- name constraints ---- */

static gnutls_x509_name_constraints_t read_constraints(const chain_cert *issuer)
{
    gnutls_x509_name_constraints_t constraints = NULL;
    der_span value = issuer->extensions[EXTENSION_NAME_CONSTRAINTS];
    unsigned critical;

    if (!value.data || value.len > CONSTRAINTS_MAX_BYTES || gnutls_x509_name_constraints_init(&constraints) < 0)
        return NULL;
    if (gnutls_x509_crt_get_name_constraints(issuer->crt, constraints, 0, &critical) >= 0)
        return constraints;
    gnutls_x509_name_constraints_deinit(constraints);
    return NULL;
}

static char *address_text(const uint8_t *address, size_t len)
{
    char *text = tw__address_text(address, len);

    return text ? text : tw_text_new(TW_TEXT_AN_ADDRESS, NULL);
}

/* The name shown, if the constraints exclude the subjectAltName at SEQUENCE; *MORE: go on. */
static char *excluded_name(gnutls_x509_name_constraints_t constraints, const chain_cert *cert, unsigned sequence,
                           bool *more)
{
    char buffer[1024];
    size_t size = sizeof buffer;
    unsigned type = 0, critical;
    int rc = gnutls_x509_crt_get_subject_alt_name2(cert->crt, sequence, buffer, &size, &type, &critical);
    gnutls_datum_t name = { (unsigned char *)buffer, (unsigned)size };

    *more = rc != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
    if (rc < 0 || (type != GNUTLS_SAN_DNSNAME && type != GNUTLS_SAN_IPADDRESS))
        return NULL;
    if (gnutls_x509_name_constraints_check(constraints, type, &name))
        return NULL;
    return tw_private_text(chain_anonymizer(cert->cache), TW_PRIVATE_HOST,
                           type == GNUTLS_SAN_IPADDRESS ? address_text((uint8_t *)buffer, size)
                                                        : tw_escape(buffer, (gssize)size, TW_VALUE_MAX / 2));
}

static char *first_excluded(gnutls_x509_name_constraints_t constraints, const chain_cert *cert)
{
    bool more = true;

    for (unsigned i = 0; more && i < CONSTRAINED_NAMES_MAX; i++) {
        char *name = excluded_name(constraints, cert, i, &more);
        if (name)
            return name;
    }
    return NULL;
}

static char *excluded_text(const char *name)
{
    tw_values *v = tw_values_new();
    char *text;
    tw_values_set(v, "name", name);
    text = tw_text_new(TW_TEXT_WHY_EXCLUDED, v);
    tw_values_free(v);
    return text;
}

/* Only the leaf's names are held against the constraints: authorities have no DNS names. */
static char *why_excluded(const tw__chain *chain, unsigned depth)
{
    gnutls_x509_name_constraints_t constraints = read_constraints(&chain->certs[chain->path[depth]]);
    char *name, *why = NULL;

    if (!constraints)
        return NULL;
    name = first_excluded(constraints, &chain->certs[0]);
    if (name)
        why = excluded_text(name);
    g_free(name);
    gnutls_x509_name_constraints_deinit(constraints);
    return why;
}

void chain_check_cas(examination *ex)
{
    const tw__chain *chain = ex->chain;

    for (unsigned depth = 1; depth < chain->path_n; depth++) {
        unsigned which = chain->path[depth];
        char *why = why_no_ca(chain, depth);
        tw_values *values;

        if (!why)
            why = why_excluded(chain, depth);
        if (!why)
            continue;
        values = chain_fault(ex, TW_FAULT_BAD_CA, which)->values;
        tw_values_set(values, "why", why);
        tw_values_set(values, "issued", chain_subject(&chain->certs[chain->path[depth - 1]]));
        g_free(why);
    }
}
