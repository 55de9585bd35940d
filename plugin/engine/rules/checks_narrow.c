/* Checks of offers that somebody has made narrower than libraries do by themselves. See checks.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compare/contrast.h"
#include "rules/hellos.h"

/* What the clients of all libraries have by default that tls/libraries.c knows; aioquic's lack secp384r1. */
static const uint16_t usual_groups[] = { TW_GROUP_SECP256R1, TW_GROUP_SECP384R1 };
static const uint16_t usual_schemes[] = { TW_SCHEME_RSA_PKCS1_SHA256, TW_SCHEME_ECDSA_SECP256R1_SHA256 };

/* The first of USUAL that LIST lacks; 0: none. */
static uint16_t lacking(const tw__list *list, const uint16_t usual[2])
{
    for (unsigned i = 0; i < 2; i++)
        if (!tw__list_has(list, usual[i]))
            return usual[i];
    return 0;
}

/* Then the suites are no reason to refuse; those of TLS 1.3 are few and everywhere. */
static bool offers_usual_suites(const tw__hello *hello)
{
    static const uint16_t of_13[] = { 0x1301, 0x1302 };
    if (tw__offers_usual_suites(hello))
        return true;
    return tw__list_has(&hello->versions, TW_TLS13) &&
           (tw__list_has(&hello->suites, of_13[0]) || tw__list_has(&hello->suites, of_13[1]));
}

/* Whether the offer is usual but for LIST, of which it lacks one of USUAL, that NAME_OF names. */
static bool is_narrow(tw__finding *f, const tw__list *list, const uint16_t usual[2], const char *(*name_of)(uint16_t),
                      tw_text offered)
{
    const tw__case *k = f->k;
    uint16_t lacks = list->n ? lacking(list, usual) : 0;
    if (!lacks || !tw__is_whole_offer(k) || !offers_usual_suites(k->client_hello))
        return false;
    tw_values_set(f->values, "lacks", name_of(lacks));
    tw__finding_add(f, tw__hello_frame(k), offered);
    tw__finding_add(f, tw__hello_frame(k), TW_TEXT_EV_NARROW);
    return true;
}

bool tw__check_groups_narrow(tw__finding *f)
{
    const tw__hello *hello = f->k->client_hello;
    return hello && is_narrow(f, &hello->groups, usual_groups, tw__group_name, TW_TEXT_EV_OFFERED_GROUPS);
}

/* Of a key that other handshakes of the capture showed, a row above says whether it can sign so: here it can. */
bool tw__check_sigalgs_narrow(tw__finding *f)
{
    const tw__hello *hello = f->k->client_hello;
    return hello && !tw__contrast_known(f->k->conn->context->contrast, f->k->conn) &&
           is_narrow(f, &hello->sigalgs, usual_schemes, tw__scheme_name, TW_TEXT_EV_OFFERED_SIGALGS);
}
