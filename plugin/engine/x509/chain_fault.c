/* Making the faults of a chain.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509/chain_internal.h"

/* Only a self-signed certificate may say which key it has and not which one signed it (RFC 5280 4.2.1.1). */
static bool names_own_key(const chain_cert *cert)
{
    if (!cert->info.self_issued || !cert->ski)
        return false;
    return cert->aki ? g_bytes_equal(cert->aki, cert->ski) : !cert->extensions[EXTENSION_AUTHORITY_KEY_ID].data;
}

bool chain_signs_itself(const chain_cert *cert)
{
    return names_own_key(cert) || chain_self_signed(cert) == TW_YES;
}

bool chain_is_root(const chain_cert *cert)
{
    return cert->parent == PARENT_SELF && (names_own_key(cert) || chain_self_signed(cert) != TW_NO);
}

const char *chain_subject(const chain_cert *cert)
{
    return *cert->info.subject ? cert->info.subject : tw_text_template(TW_TEXT_NO_SUBJECT);
}

static tw__fault *find(const examination *ex, tw__fault_kind kind, unsigned which)
{
    for (guint i = 0; i < ex->faults->len; i++) {
        tw__fault *fault = g_ptr_array_index(ex->faults, i);
        if (fault->kind == kind && fault->cert == which)
            return fault;
    }
    return NULL;
}

tw__fault *chain_fault(examination *ex, tw__fault_kind kind, unsigned which)
{
    const chain_cert *cert = &ex->chain->certs[which];
    tw__fault *fault = find(ex, kind, which);

    if (fault)
        return fault;
    fault = g_new0(tw__fault, 1);
    fault->kind = kind;
    fault->cert = which;
    fault->values = tw_values_new_private(chain_anonymizer(ex->chain->cache));
    if (*cert->info.subject)
        tw_values_set(fault->values, "subject", cert->info.subject);
    else
        tw_values_set_count(fault->values, "subject", which + 1, TW_TEXT_CERTIFICATE_1, TW_TEXT_CERTIFICATE_N);
    tw_values_set_phrase(fault->values, "which",
                         which == 0                    ? TW_TEXT_WORD_LEAF
                         : cert->parent == PARENT_SELF ? TW_TEXT_WORD_ROOT
                                                       : TW_TEXT_WORD_INTERMEDIATE);
    tw_values_setf(fault->values, "number", "%u", which + 1);
    g_ptr_array_add(ex->faults, fault);
    return fault;
}
