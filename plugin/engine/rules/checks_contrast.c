/* Checks that hold the client's offer against what the server agreed on in another handshake. See checks.h.
 *
 * A server that once agreed on some version, suite, group and signature algorithm would have done so again: if a hello
 * lacks exactly one of them, that one is what was refused; if it lacks none, the reason lies elsewhere. Only handshakes
 * for the same name are held against each other, because each site of a server may have rules of its own.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/checks.h"
#include "compare/contrast.h"
#include "tlswhy/words.h"

#define LACKS(dimension) (1u << (dimension))
#define UNKNOWN          (1u << 31)

/* What both sides of a comparison say of it. */
typedef struct {
    const tw__hello *here;
    tw__hello *there;
    const tw__remembered *agreed;
} pair;

static bool offers_version(const tw__hello *hello, uint16_t version)
{
    if (hello->versions.n)
        return tw__list_has(&hello->versions, version);
    return tw__version_is_dtls(version) == tw__version_is_dtls(hello->legacy_version) &&
           tw__version_as_tls(version) <= tw__version_as_tls(hello->legacy_version);
}

static bool equal_lists(const tw__list *a, const tw__list *b)
{
    for (unsigned i = 0; i < a->n; i++)
        if (!tw__is_grease(a->v[i]) && !tw__list_has(b, a->v[i]))
            return false;
    for (unsigned i = 0; i < b->n; i++)
        if (!tw__is_grease(b->v[i]) && !tw__list_has(a, b->v[i]))
            return false;
    return true;
}

/* Whether VALUE, which the other handshake used, is in LIST; where it was not seen only equal lists tell. */
static unsigned lacking(uint16_t value, bool needed, const tw__list *list, const tw__list *other, unsigned bit)
{
    if (!needed || !other->n)
        return 0;
    if (value && list->n)
        return tw__list_has(list, value) ? 0 : bit;
    return equal_lists(list, other) ? 0 : UNKNOWN;
}

static bool indicates_renegotiation(const tw__hello *hello)
{
    return hello->has_renegotiation_info || hello->renegotiation_scsv;
}

/* The dimensions of the agreement that HERE lacks, as bits; UNKNOWN: not known. */
static unsigned lacks(const pair *p)
{
    const tw__remembered *agreed = p->agreed;
    const tw__suite *suite = tw__suite_get(agreed->suite);
    bool tls13 = tw__is_13(agreed->version);
    unsigned bits = 0;
    if (!suite)
        return UNKNOWN;
    bits |= offers_version(p->here, agreed->version) ? 0 : LACKS(TW_LACKS_VERSION);
    bits |= tw__list_has(&p->here->suites, agreed->suite) ? 0 : LACKS(TW_LACKS_SUITE);
    bits |= lacking(agreed->group, tls13 || suite->kx == TW_KX_ECDHE, &p->here->groups, &p->there->groups,
                    LACKS(TW_LACKS_GROUP));
    bits |= lacking(agreed->scheme,
                    tls13 || (tw__version_as_tls(agreed->version) >= TW_TLS12 &&
                              (suite->kx == TW_KX_ECDHE || suite->kx == TW_KX_DHE)),
                    &p->here->sigalgs, &p->there->sigalgs, LACKS(TW_LACKS_SCHEME));
    if (!tls13 && p->there->ems && !p->here->ems)
        bits |= LACKS(TW_LACKS_EMS);
    if (!tls13 && indicates_renegotiation(p->there) && !indicates_renegotiation(p->here))
        bits |= LACKS(TW_LACKS_RENEGOTIATION_INFO);
    return bits;
}

static void set_missing(tw_values *v, const tw__remembered *agreed, int dimension)
{
    switch (dimension) {
    case TW_LACKS_VERSION: tw__set_code(v, "missing", tw__version_name(agreed->version), agreed->version); break;
    case TW_LACKS_SUITE: tw__set_code(v, "missing", tw__suite_get(agreed->suite)->name, agreed->suite); break;
    case TW_LACKS_GROUP: tw__set_code(v, "missing", tw__group_name(agreed->group), agreed->group); break;
    case TW_LACKS_SCHEME: tw__set_code(v, "missing", tw__scheme_name(agreed->scheme), agreed->scheme); break;
    case TW_LACKS_EMS: tw_values_set(v, "missing", "extended_master_secret"); break;
    default: tw_values_set(v, "missing", "renegotiation_info");
    }
}

/* Evidence in values of its own: {version} and {suite} of the case stay what they are. */
static void add_agreement(tw__finding *f, const tw__remembered *agreed, int dimension)
{
    tw_values *keep = f->values;
    f->values = tw_values_new_above(keep);
    tw__set_code(f->values, "version", tw__version_name(agreed->version), agreed->version);
    tw_values_set(f->values, "suite", tw__suite_get(agreed->suite)->name);
    tw_values_set_private(f->values, "client", TW_PRIVATE_ENDPOINT, agreed->client);
    if (dimension != TW_LACKS_NOTHING)
        set_missing(f->values, agreed, dimension);
    tw__finding_add(f, agreed->choice_frame,
                    dimension == TW_LACKS_NOTHING ? TW_TEXT_EV_AGREED_ALL : TW_TEXT_EV_AGREED);
    if (agreed->capture && f->n_evidence)
        f->evidence[f->n_evidence - 1].capture = agreed->capture;
    tw_values_free(f->values);
    f->values = keep;
}

static bool is_comparable(const tw__case *k, const tw__remembered *o)
{
    return o->completed && !o->renegotiation && o->choice_frame && !g_strcmp0(o->name, k->client_hello->sni) &&
           (o->capture || o->hello_frame != k->client_hello_message->at.frame);
}

bool tw__check_agreed_elsewhere(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__remembered *other = tw__contrast_of_server(k->conn->context->contrast, k->conn), *fitting = NULL;
    const tw__hello *here = k->client_hello;
    if (!other || !here || here->flaw || here->cut_lists || k->h->renegotiation)
        return false;
    for (; other; other = other->next[TW_SAME_SERVER]) {
        pair p = { .here = here, .agreed = other };
        unsigned bits;
        if (!is_comparable(k, p.agreed))
            continue;
        p.there = tw__remembered_hello(p.agreed);
        bits = p.there->flaw ? UNKNOWN : lacks(&p);
        tw__hello_free(p.there);
        if (!bits && f->arg != TW_LACKS_NOTHING)
            return false; /* with another agreement nothing is missing */
        if (!fitting && bits == (f->arg == TW_LACKS_NOTHING ? 0 : LACKS(f->arg)))
            fitting = p.agreed;
    }
    if (!fitting)
        return false;
    f->from_others = true;
    add_agreement(f, fitting, f->arg);
    return tw__check_offer(f);
}
