/* Checks of a server's certificate that cannot be read (TLS 1.3 without keys), where another handshake of the capture with
 * the same server, for the same name, showed one that would fill a record of the length seen here. See checks.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/checks.h"
#include "compare/contrast.h"
#include "connection/record_sizes.h"

#include <string.h>

static const tw__known_certificate *known_of(const tw__case *k)
{
    const tw__known_certificate *known = NULL;
    int server = tw__conn_dir(k->conn, TW_SERVER);
    if (server >= 0 && tw__is_13(k->h->version) && !tw__case_certificate_message(k, TW_SERVER))
        known = tw__contrast_known(k->conn->context->contrast, k->conn);
    while (known && !tw__is_message_size(k->h->suite, k->h->flight[server].opaque_max, known->size_13))
        known = known->before;
    return known;
}

/* The leaf alone: what the others of its chain are is not remembered. */
static tw__chain *chain_of(const tw__case *k, const tw__known_certificate *known)
{
    GPtrArray *ders = g_ptr_array_new();
    tw__chain *chain;
    g_ptr_array_add(ders, known->leaf->der);
    chain = tw__chain_new(k->conn->context->chains, ders, false);
    tw__chain_set_partial(chain);
    g_ptr_array_unref(ders);
    return chain;
}

static void add_known(tw__finding *f, const tw__known_certificate *known, const tw__chain *chain)
{
    f->from_others = true;
    const tw__cert_info *leaf = tw__chain_cert(chain, 0);
    tw_values_set(f->values, "subject", leaf->subject);
    tw_values_set(f->values, "issuer", leaf->issuer);
    tw__finding_hold(f, TW_IF_ISSUER_READ);
    tw__finding_add(f, known->frame, TW_TEXT_EV_KNOWN);
}

bool tw__check_known(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__known_certificate *known = known_of(k);
    tw__chain *chain;
    if (!known)
        return false;
    chain = chain_of(k, known);
    add_known(f, known, chain);
    tw__chain_free(chain);
    return true;
}

bool tw__check_known_fault(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__known_certificate *known = known_of(k);
    tw__chain *chain = known ? chain_of(k, known) : NULL;
    GPtrArray *faults =
        chain ? tw__chain_examine(chain, TW_SERVER, k->at.time_us / G_USEC_PER_SEC, k->conn->server_name, false)
              : NULL;
    bool found = false;
    for (unsigned i = 0; faults && i < faults->len && !found; i++) {
        const tw__fault *fault = g_ptr_array_index(faults, i);
        found = fault->kind == (tw__fault_kind)f->arg;
        if (found)
            tw__finding_blame(f, fault);
    }
    if (found)
        add_known(f, known, chain);
    f->fault = NULL; /* it is not of this case */
    if (faults)
        g_ptr_array_unref(faults);
    tw__chain_free(chain);
    return found;
}

/* ---- the server's keys against what the client offers ---- */

typedef struct {
    const char *key;  /* as in tw__cert_info */
    const char *auth; /* as in tw__suite */
    bool (*can_make)(uint16_t scheme);
    uint16_t usual_suites[2], usual_scheme; /* that practically every server with such a key takes; 0: none */
} key_family;

static bool rsa_makes(uint16_t scheme)
{
    return ((scheme & 0xff) == 1 && scheme >> 8 <= 6) ||
           (scheme >= TW_SCHEME_RSA_PSS_RSAE_SHA256 && scheme <= TW_SCHEME_RSA_PSS_RSAE_SHA512);
}

static bool pss_makes(uint16_t scheme)
{
    return scheme >= TW_SCHEME_RSA_PSS_PSS_SHA256 && scheme <= TW_SCHEME_RSA_PSS_PSS_SHA512;
}

static bool ecdsa_makes(uint16_t scheme)
{
    return ((scheme & 0xff) == 3 && scheme >> 8 <= 6) || (scheme >= TW_SCHEME_ECDSA_BRAINPOOLP256R1TLS13_SHA256 &&
                                                          scheme <= TW_SCHEME_ECDSA_BRAINPOOLP512R1TLS13_SHA512);
}

static bool ed25519_makes(uint16_t scheme)
{
    return scheme == TW_SCHEME_ED25519;
}

/* RFC 8446 4.2.3, RFC 5246 7.4.1.4.1; ECDHE with AES-GCM */
static const key_family families[] = {
    { "RSA", "RSA", rsa_makes, { 0xc02f, 0xc030 }, TW_SCHEME_RSA_PKCS1_SHA256 },
    { "RSA-PSS", "RSA", pss_makes, { 0 }, 0 },
    { "ECDSA", "ECDSA", ecdsa_makes, { 0xc02b, 0xc02c }, TW_SCHEME_ECDSA_SECP256R1_SHA256 },
    { "Ed25519", "ECDSA", ed25519_makes, { 0 }, 0 },
};

typedef bool fits_family(const tw__hello *hello, const key_family *family);

static bool offers_suite_for(const tw__hello *hello, const key_family *family)
{
    for (unsigned i = 0; i < hello->suites.n; i++) {
        const tw__suite *suite = tw__suite_get(hello->suites.v[i]);
        if (tw__is_signalling(hello->suites.v[i]) || tw__is_grease(hello->suites.v[i]))
            continue;
        if (!suite || !*suite->auth || !strcmp(suite->auth, family->auth))
            return true; /* those of TLS 1.3 go with any key */
    }
    return false;
}

static bool offers_scheme_for(const tw__hello *hello, const key_family *family)
{
    for (unsigned i = 0; i < hello->sigalgs.n; i++)
        if (family->can_make(hello->sigalgs.v[i]))
            return true;
    return false;
}

static const key_family *family_of(const tw__case *k, const tw__known_certificate *known)
{
    tw__chain *chain = chain_of(k, known);
    const key_family *family = NULL;
    for (unsigned i = 0; i < G_N_ELEMENTS(families); i++)
        if (!strcmp(tw__chain_cert(chain, 0)->key_type, families[i].key))
            family = &families[i];
    tw__chain_free(chain);
    return family;
}

/* Whether practically every server with a key of FAMILY's kind accepts HELLO. */
static bool is_usual_for(const tw__hello *hello, const key_family *family)
{
    bool suites = tw__list_has(&hello->suites, family->usual_suites[0]) ||
                  tw__list_has(&hello->suites, family->usual_suites[1]);
    bool groups = tw__list_has(&hello->groups, 23 /* secp256r1 */) || tw__list_has(&hello->groups, 29 /* x25519 */);
    return family->usual_scheme && suites && groups && tw__list_has(&hello->sigalgs, family->usual_scheme) &&
           hello->ems && (hello->has_renegotiation_info || hello->renegotiation_scsv) && hello->sni_present;
}

/* A server may have certificates with keys of several kinds, of which the capture shows those that others were sent.
 * Only where the hello suits a further kind as well, and holds nothing else to refuse, does the refusal show that the
 * server has no such key. */
static void weigh_single(const tw__hello *hello, const key_family *seen, uint32_t frame, tw__finding *f)
{
    bool refuted = false;
    for (unsigned i = 0; i < G_N_ELEMENTS(families); i++)
        refuted = refuted || (&families[i] != seen && is_usual_for(hello, &families[i]));
    if (!refuted)
        tw__finding_cap(f, TW_POSSIBLE);
    tw__finding_add(f, frame, TW_TEXT_EV_KNOWN_KEY_ALONE);
}

static bool is_among(const key_family *family, const key_family *const *list, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (list[i] == family)
            return true;
    return false;
}

/* Whether the server showed keys elsewhere (they are the evidence), and the hello fits none of them. */
static bool fits_no_key(const tw__case *k, fits_family *fits, tw__finding *f)
{
    const tw__hello *hello = k->client_hello;
    const tw__known_certificate *last = tw__contrast_known(k->conn->context->contrast, k->conn);
    const key_family *seen[TW_KNOWN_EACH];
    unsigned n = 0;
    for (const tw__known_certificate *known = last; known; known = known->before) {
        const key_family *family = family_of(k, known);
        if (!family || fits(hello, family))
            return false;
        if (is_among(family, seen, n))
            continue;
        seen[n++] = family;
        tw_values_set(f->values, "key", family->key);
        tw__finding_add(f, known->frame, TW_TEXT_EV_KNOWN_KEY);
    }
    f->from_others = n > 0;
    if (n == 1)
        weigh_single(hello, seen[0], last->frame, f);
    return n > 0;
}

static bool is_whole(const tw__hello *hello)
{
    return hello && !hello->flaw && !hello->cut_lists;
}

bool tw__check_key_no_suite(tw__finding *f)
{
    const tw__case *k = f->k;
    if (!is_whole(k->client_hello) || !k->client_hello->suites.n || !fits_no_key(k, offers_suite_for, f))
        return false;
    tw__finding_add(f, k->client_hello_message->at.frame, TW_TEXT_EV_OFFERED_SUITES);
    return true;
}

bool tw__check_key_no_scheme(tw__finding *f)
{
    const tw__case *k = f->k;
    if (!is_whole(k->client_hello) || !k->client_hello->sigalgs.n || !fits_no_key(k, offers_scheme_for, f))
        return false;
    tw__finding_add(f, k->client_hello_message->at.frame, TW_TEXT_EV_OFFERED_SIGALGS);
    return true;
}
