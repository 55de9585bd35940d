/* Making the faults of a chain.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509/chain_internal.h"

bool chain_is_root(const chain_cert *cert)
{
    return cert->parent == PARENT_SELF && cert->link != TW_NO;
}

const char *chain_subject(const chain_cert *cert)
{
    return *cert->info.subject ? cert->info.subject : "a certificate without a subject name";
}

static bool is_known(const examination *ex, tw__fault_kind kind, unsigned index)
{
    for (guint i = 0; i < ex->faults->len; i++) {
        const tw__fault *fault = g_ptr_array_index(ex->faults, i);
        if (fault->kind == kind && fault->index == index)
            return true;
    }
    return false;
}

tw_values *chain_fault(examination *ex, tw__fault_kind kind, unsigned index)
{
    const chain_cert *cert = &ex->chain->certs[index];
    tw__fault *fault;

    if (is_known(ex, kind, index))
        return NULL;
    fault = g_new0(tw__fault, 1);
    fault->kind = kind;
    fault->index = index;
    fault->values = tw_values_new();
    if (*cert->info.subject)
        tw_values_set(fault->values, "subject", cert->info.subject);
    else
        tw_values_setf(fault->values, "subject", "certificate %u", index + 1);
    tw_values_set(fault->values, "which", index == 0 ? "leaf" : chain_is_root(cert) ? "root" : "intermediate");
    tw_values_setf(fault->values, "number", "%u", index + 1);
    g_ptr_array_add(ex->faults, fault);
    return fault->values;
}
