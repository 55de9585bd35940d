/* Checks of a server's certificate that cannot be read (TLS 1.3 without keys), where another handshake of the capture with
 * the same server, for the same name, showed one that would fill a record of the length seen here. See checks.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "checks.h"
#include "contrast_internal.h"
#include "sizes.h"

#include <string.h>

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

/* ---- the server's key against what the client offers ---- */

typedef struct {
    const char *key;  /* as in tw_cert_info */
    const char *auth; /* as in tw_suite */
    bool (*can_make)(uint16_t scheme);
} key_family;

static bool rsa_makes(uint16_t scheme)
{
    return ((scheme & 0xff) == 1 && scheme >> 8 <= 6) || (scheme >= 0x0804 && scheme <= 0x0806);
}

static bool pss_makes(uint16_t scheme)
{
    return scheme >= 0x0809 && scheme <= 0x080b;
}

static bool ecdsa_makes(uint16_t scheme)
{
    return ((scheme & 0xff) == 3 && scheme >> 8 <= 6) || (scheme >= 0x081a && scheme <= 0x081c);
}

static bool ed25519_makes(uint16_t scheme)
{
    return scheme == 0x0807;
}

/* RFC 8446 4.2.3, RFC 5246 7.4.1.4.1 */
static const key_family families[] = {
    { "RSA", "RSA", rsa_makes },
    { "RSA-PSS", "RSA", pss_makes },
    { "ECDSA", "ECDSA", ecdsa_makes },
    { "Ed25519", "ECDSA", ed25519_makes },
};

/* Of the key that the server showed elsewhere, with that as evidence; NULL: none, or of another kind. */
static const key_family *known_family(const tw_case *k, tw_finding *f)
{
    const tw_known_certificate *known = tw_contrast_known(k->conn->contrast, k->conn);
    tw_chain *chain = known ? chain_of(known) : NULL;
    const key_family *family = NULL;
    for (unsigned i = 0; chain && i < G_N_ELEMENTS(families); i++)
        if (!strcmp(tw_chain_cert(chain, 0)->key_type, families[i].key))
            family = &families[i];
    if (family) {
        tw_values_set(f->values, "key", family->key);
        tw_finding_add(f, known->frame, TW_TEXT_EV_KNOWN_KEY);
    }
    tw_chain_free(chain);
    return family;
}

static bool offers_suite_for(const tw_hello *hello, const key_family *family)
{
    for (unsigned i = 0; i < hello->suites.n; i++) {
        const tw_suite *suite = tw_suite_get(hello->suites.v[i]);
        if (tw_is_signalling(hello->suites.v[i]) || tw_is_grease(hello->suites.v[i]))
            continue;
        if (!suite || !*suite->auth || !strcmp(suite->auth, family->auth))
            return true; /* those of TLS 1.3 go with any key */
    }
    return false;
}

bool tw_check_key_no_suite(const tw_case *k, int arg, tw_finding *f)
{
    const tw_hello *hello = k->client_hello;
    const key_family *family;
    (void)arg;
    if (!hello || hello->flaw || hello->cut_lists || !hello->suites.n || !(family = known_family(k, f)) ||
        offers_suite_for(hello, family))
        return false;
    tw_finding_add(f, k->client_hello_message->at.frame, TW_TEXT_EV_OFFERED_SUITES);
    return true;
}

bool tw_check_key_no_scheme(const tw_case *k, int arg, tw_finding *f)
{
    const tw_hello *hello = k->client_hello;
    const key_family *family;
    (void)arg;
    if (!hello || hello->flaw || hello->cut_lists || !hello->sigalgs.n || !(family = known_family(k, f)))
        return false;
    for (unsigned i = 0; i < hello->sigalgs.n; i++)
        if (family->can_make(hello->sigalgs.v[i]))
            return false;
    tw_finding_add(f, k->client_hello_message->at.frame, TW_TEXT_EV_OFFERED_SIGALGS);
    return true;
}
