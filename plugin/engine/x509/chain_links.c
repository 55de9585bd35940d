/* How the certificates of a chain hang together, and what is wrong with that.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509/chain_internal.h"

#define TRIES_MAX 8 /* namesakes whose keys are tried for one certificate */

/* ---- who issued whom ---- */

static bool ids_differ(const chain_cert *cert, const chain_cert *issuer)
{
    return cert->aki && issuer->ski && !g_bytes_equal(cert->aki, issuer->ski);
}

static bool may_have_issued(const chain_cert *issuer, const chain_cert *cert)
{
    return issuer != cert && issuer->state == CERT_PARSED && g_bytes_equal(cert->issuer, issuer->subject) &&
           !g_bytes_equal(cert->der, issuer->der);
}

/* How good a parent it is; 0: none at all. Where the names agree and the signature does not, the
 * key identifiers tell a damaged certificate from another authority of the same name. */
static int parent_rank(const chain_cert *cert, const chain_cert *issuer, tw_tri verified)
{
    if (verified == TW_YES)
        return 3;
    if (ids_differ(cert, issuer))
        return 0;
    return verified == TW_UNSEEN ? 2 : 1;
}

static void consider(tw__chain *chain, chain_cert *cert, unsigned which, tw_tri verified, int *best)
{
    int rank = parent_rank(cert, &chain->certs[which], verified);

    if (rank > 1 || (rank == 1 && cert->issuers == 0))
        cert->issuers |= UINT32_C(1) << which;
    if (rank <= *best)
        return;
    *best = rank;
    cert->parent = (int)which;
}

/* The certificates behind INDEX come first: that is where the issuer belongs. */
static void find_parent(tw__chain *chain, unsigned which)
{
    chain_cert *cert = &chain->certs[which];
    unsigned tries = 0;
    int best = 0;

    for (unsigned step = 1; step < chain->n; step++) {
        unsigned other = (which + step) % chain->n;
        const chain_cert *issuer = &chain->certs[other];
        if (!may_have_issued(issuer, cert))
            continue;
        consider(chain, cert, other, tries < TRIES_MAX ? chain_signed_by(cert, issuer) : TW_UNSEEN, &best);
        tries++;
    }
}

/* A certificate that names itself as issuer: if its key did not sign it, it is issued by a namesake (key rollover), or
 * damaged. */
static bool may_be_its_own(const chain_cert *cert)
{
    return cert->info.self_issued && (!ids_differ(cert, cert) || chain_self_signed(cert) == TW_YES);
}

/* How many of the others may have issued WHICH; *LAST: the last of them. */
static unsigned count_issuers(const tw__chain *chain, unsigned which, unsigned *last)
{
    unsigned count = 0;

    for (unsigned i = 0; i < chain->n; i++) {
        if (!may_have_issued(&chain->certs[i], &chain->certs[which]))
            continue;
        *last = i;
        count++;
    }
    return count;
}

static void find_issuer(tw__chain *chain, unsigned which)
{
    chain_cert *cert = &chain->certs[which];
    unsigned last = 0, issuers;

    if (cert->state != CERT_PARSED)
        return;
    issuers = count_issuers(chain, which, &last);
    if (issuers == 1 && !cert->info.self_issued && !ids_differ(cert, &chain->certs[last])) {
        cert->issuers = UINT32_C(1) << last;
        cert->parent = (int)last;
        return;
    }
    if (issuers > 0 && chain_self_signed(cert) != TW_YES)
        find_parent(chain, which);
    if (cert->parent == PARENT_NONE && may_be_its_own(cert))
        cert->parent = PARENT_SELF;
}

/* Everything that some path from the leaf reaches: cross-signed issuers are no strays. */
static void mark_reached(tw__chain *chain)
{
    uint32_t todo = 1, done = 0;

    while (todo) {
        unsigned which = (unsigned)g_bit_nth_lsf(todo, -1);
        todo &= ~(UINT32_C(1) << which);
        done |= UINT32_C(1) << which;
        chain->certs[which].reached = true;
        todo |= chain->certs[which].issuers & ~done;
    }
}

void chain_link(tw__chain *chain)
{
    int which = 0;

    for (unsigned i = 0; i < chain->n; i++)
        find_issuer(chain, i);
    if (chain->n == 0 || chain->certs[0].state != CERT_PARSED)
        return;
    mark_reached(chain);
    while (which >= 0 && !chain->certs[which].in_path) {
        chain->certs[which].in_path = true;
        chain->path[chain->path_n++] = (unsigned)which;
        which = chain->certs[which].parent;
    }
}

/* ---- what is wrong with it ---- */

static const chain_cert *parent_of(const tw__chain *chain, const chain_cert *cert)
{
    return cert->parent == PARENT_SELF ? cert : &chain->certs[cert->parent];
}

/* Certain where the key identifiers say that it is this key and no other that is meant: else the peer may know another
 * certificate of that name. */
static void add_bad_signature(examination *ex, unsigned which)
{
    const chain_cert *cert = &ex->chain->certs[which];
    const chain_cert *issuer = parent_of(ex->chain, cert);
    tw__fault *fault = chain_fault(ex, TW_FAULT_BAD_SIGNATURE, which);

    fault->certain = cert->aki && issuer->ski && g_bytes_equal(cert->aki, issuer->ski);
    tw_values_set(fault->values, "issuer", cert->info.issuer);
}

/* Nobody looks at the signature of a root above the leaf: the peer has its own copy, or does not trust it. */
void chain_check_signatures(examination *ex)
{
    const tw__chain *chain = ex->chain;

    for (unsigned i = 0; i < chain->path_n; i++) {
        const chain_cert *cert = &chain->certs[chain->path[i]];
        if (cert->parent == PARENT_NONE || (i > 0 && cert->parent == PARENT_SELF))
            continue;
        if (chain_signed_by(cert, parent_of(chain, cert)) == TW_NO)
            add_bad_signature(ex, chain->path[i]);
    }
}

static void check_order(examination *ex)
{
    for (unsigned i = 1; i < ex->chain->path_n; i++) {
        if (ex->chain->path[i] < ex->chain->path[i - 1]) {
            chain_fault(ex, TW_FAULT_WRONG_ORDER, ex->chain->path[i]);
            return;
        }
    }
}

static bool is_copy(const tw__chain *chain, const chain_cert *cert)
{
    for (unsigned i = 0; i < chain->n; i++)
        if (&chain->certs[i] != cert && g_bytes_equal(chain->certs[i].der, cert->der))
            return true;
    return false;
}

/* A certificate below the first one shows that the first one is not the leaf. */
static void check_strays(examination *ex)
{
    for (unsigned i = 1; i < ex->chain->n; i++) {
        const chain_cert *cert = &ex->chain->certs[i];
        if (cert->state != CERT_PARSED || cert->in_path || (cert->reached && !is_copy(ex->chain, cert)))
            continue;
        if (cert->issuers & 1 && !is_copy(ex->chain, cert))
            chain_fault(ex, TW_FAULT_WRONG_ORDER, i);
        else
            chain_fault(ex, TW_FAULT_UNRELATED_CERT, i);
    }
}

/* Before version 3 nothing in a certificate says "CA"; what signed itself is taken for one. */
static bool looks_like_ca(const chain_cert *cert)
{
    return cert->info.is_ca == TW_YES || (cert->version < 3 && chain_self_signed(cert) == TW_YES);
}

static bool names_an_issuer(const tw__chain *chain, const chain_cert *cert)
{
    for (unsigned i = 0; i < chain->path_n; i++)
        if (g_bytes_equal(chain->certs[chain->path[i]].issuer, cert->subject))
            return true;
    return false;
}

/* A CA certificate that leads nowhere was sent to be the issuer of something. One with a name that is
 * looked for is another matter: that issuer is there, but with another key. */
static bool has_stray_ca(const tw__chain *chain)
{
    for (unsigned i = 1; i < chain->n; i++) {
        const chain_cert *cert = &chain->certs[i];
        if (cert->state == CERT_PARSED && !cert->reached && !(cert->issuers & 1) && looks_like_ca(cert) &&
            !is_copy(chain, cert) && !names_an_issuer(chain, cert))
            return true;
    }
    return false;
}

static void set_aia(tw_values *values, const chain_cert *cert)
{
    gnutls_datum_t url = { NULL, 0 };
    unsigned critical;

    for (unsigned i = 0; i < 16; i++) {
        int rc = gnutls_x509_crt_get_authority_info_access(cert->crt, i, GNUTLS_IA_CAISSUERS_URI, &url, &critical);
        if (rc == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE) /* there are no more */
            return;
        if (rc < 0)
            continue;
        char *text = tw_escape((const char *)url.data, (gssize)url.size, TW_VALUE_MAX);
        tw_values_set_private(values, "aia", TW_PRIVATE_URL, text);
        g_free(text);
        gnutls_free(url.data);
        return;
    }
}

static void add_incomplete(examination *ex, unsigned top, bool certain)
{
    const chain_cert *cert = &ex->chain->certs[top];
    tw__fault *fault = chain_fault(ex, TW_FAULT_INCOMPLETE, top);

    fault->certain = certain;
    tw_values_set(fault->values, "issuer", cert->info.issuer);
    set_aia(fault->values, cert);
}

static void add_unknown_issuer(examination *ex, unsigned top)
{
    tw_values *values = chain_fault(ex, TW_FAULT_UNKNOWN_ISSUER, top)->values;

    tw_values_set(values, "issuer", ex->chain->certs[top].info.issuer);
    tw_values_set(values, "top", chain_subject(&ex->chain->certs[top]));
}

bool chain_names_root(const chain_cert *cert)
{
    return cert->issuers_issuer && g_bytes_equal(cert->issuers_issuer, cert->issuer);
}

bool chain_names_intermediate(const chain_cert *cert)
{
    return cert->issuers_issuer && !g_bytes_equal(cert->issuers_issuer, cert->issuer);
}

/* Where the path ends without a root, either the peer's store or the message lacks the next one. */
static void check_missing(examination *ex, unsigned top)
{
    if (ex->chain->hidden)
        return;
    if (has_stray_ca(ex->chain) || chain_names_intermediate(&ex->chain->certs[top])) {
        add_incomplete(ex, top, true);
        return;
    }
    if (ex->chain->path_n == 1 && !chain_names_root(&ex->chain->certs[top]))
        add_incomplete(ex, top, false);
    add_unknown_issuer(ex, top);
}

static void check_top(examination *ex)
{
    const tw__chain *chain = ex->chain;
    unsigned top = chain->path[chain->path_n - 1];
    const chain_cert *cert = &chain->certs[top];

    if (cert->parent == PARENT_NONE) {
        check_missing(ex, top);
    } else if (top == 0 && chain_signs_itself(cert)) {
        chain_fault(ex, TW_FAULT_SELF_SIGNED, top);
    } else {
        add_unknown_issuer(ex, top);
        if (top > 0)
            chain_fault(ex, TW_FAULT_NEEDLESS_ROOT, top);
    }
}

void chain_check_links(examination *ex)
{
    if (ex->chain->path_n == 0)
        return;
    check_order(ex);
    check_top(ex);
    if (!ex->chain->hidden)
        check_strays(ex);
}
