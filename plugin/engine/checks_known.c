/* Checks of a server's certificate that cannot be read (TLS 1.3 without keys), where another handshake of the capture with
 * the same server, for the same name, showed one that would fill a record of the length seen here. See checks.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "checks.h"
#include "contrast_internal.h"
#include "sizes.h"

static const tw_known_certificate *known_of(const tw_case *k)
{
    const tw_known_certificate *known = NULL;
    int server = tw_conn_dir(k->conn, TW_SERVER);
    if (server >= 0 && tw_is_13(k->h->version) && !k->certificate_message[TW_SERVER])
        known = tw_contrast_known(k->conn->contrast, k->conn);
    return known && tw_is_message_size(k->h->suite, k->h->flight[server].opaque_max, known->size_13) ? known : NULL;
}

/* The leaf alone: what the others of its chain are is not remembered. */
static tw_chain *chain_of(const tw_known_certificate *known)
{
    GPtrArray *ders = g_ptr_array_new();
    tw_chain *chain;
    g_ptr_array_add(ders, known->leaf->der);
    chain = tw_chain_new(ders, false);
    tw_chain_set_partial(chain);
    g_ptr_array_unref(ders);
    return chain;
}

static void add_known(tw_finding *f, const tw_known_certificate *known, const tw_chain *chain)
{
    const tw_cert_info *leaf = tw_chain_cert(chain, 0);
    tw_values_set(f->values, "subject", leaf->subject);
    tw_values_set(f->values, "issuer", leaf->issuer);
    tw_finding_add(f, known->frame, TW_TEXT_EV_KNOWN);
}

bool tw_check_known(const tw_case *k, int arg, tw_finding *f)
{
    const tw_known_certificate *known = known_of(k);
    tw_chain *chain;
    (void)arg;
    if (!known)
        return false;
    chain = chain_of(known);
    add_known(f, known, chain);
    tw_chain_free(chain);
    return true;
}

bool tw_check_known_fault(const tw_case *k, int arg, tw_finding *f)
{
    const tw_known_certificate *known = known_of(k);
    tw_chain *chain = known ? chain_of(known) : NULL;
    GPtrArray *faults =
        chain ? tw_chain_examine(chain, TW_SERVER, k->at.time_us / G_USEC_PER_SEC, k->conn->server_name, false)
              : NULL;
    bool found = false;
    for (unsigned i = 0; faults && i < faults->len && !found; i++) {
        const tw_fault *fault = g_ptr_array_index(faults, i);
        found = fault->kind == (tw_fault_kind)arg;
        if (found)
            tw_values_add_all(f->values, fault->values);
    }
    if (found)
        add_known(f, known, chain);
    if (faults)
        g_ptr_array_unref(faults);
    tw_chain_free(chain);
    return found;
}
