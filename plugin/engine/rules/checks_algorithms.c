/* Checks of cipher suites, groups and signature algorithms: offers and choices. See checks.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/hellos.h"

bool tw__check_suite_choice(tw__finding *f)
{
    const tw__case *k = f->k;
    if (!tw__is_whole_offer(k) || !k->server_hello || !k->server_hello->suites.n ||
        tw__list_has(&k->client_hello->suites, k->server_hello->suites.v[0]))
        return false;
    tw__finding_add(f, tw__hello_frame(k), TW_TEXT_EV_OFFERED_SUITES);
    tw__finding_add(f, tw__choice_frame(k), TW_TEXT_EV_CHOICE);
    tw__cap_if_inner(k, f);
    return true;
}

/* The group that the server chose: key_share in TLS 1.3, the named curve of ServerKeyExchange before. */
static uint16_t chosen_group(const tw__case *k, uint32_t *frame)
{
    tw__server_key_exchange ske;
    const tw__message *m;
    if (k->server_hello && k->server_hello->key_shares.n) {
        *frame = tw__choice_frame(k);
        return k->server_hello->key_shares.v[0];
    }
    if (!k->suite || k->suite->kx != TW_KX_ECDHE || !(m = tw__case_key_exchange(k, &ske)))
        return 0;
    *frame = m->at.frame;
    return ske.group;
}

/* Before TLS 1.3 the certificate stands between the choice of a suite and that of a group: of it a client may say
 * handshake_failure, too. */
static tw_confidence before_key_exchange(const tw__case *k)
{
    return (int)k->event == TW_ALERT_HANDSHAKE_FAILURE ? TW_LIKELY : TW_PROVEN;
}

/* RFC 8446 4.2.7 keeps these code points for TLS 1.2: the curves below secp256r1, secp256k1 and brainpool's first ones. */
static bool is_too_old_for_13(uint16_t group)
{
    return (group >= 1 && group <= 22) || (group >= 26 && group <= 28);
}

/* What is wrong with the server's choice of GROUP in TLS 1.3, or TW_N_TEXTS: a ServerHello answers one of the shares, a
 * HelloRetryRequest asks for another one (RFC 8446 4.2.8). */
static tw_text flaw_of_share(const tw__case *k, uint16_t group)
{
    const tw__hello *choice = k->server_hello, *hello = k->client_hello;
    if (!choice || !choice->key_shares.n)
        return TW_N_TEXTS;
    if (is_too_old_for_13(group))
        return TW_TEXT_EV_GROUP_TOO_OLD;
    if (!hello->key_shares.n || tw__list_has(&hello->key_shares, group) != choice->is_retry ||
        tw__hello_frame(k) > tw__choice_frame(k))
        return TW_N_TEXTS;
    return choice->is_retry ? TW_TEXT_EV_SHARE_AGAIN : TW_TEXT_EV_SHARE_NOT_SENT;
}

bool tw__check_group_choice(tw__finding *f)
{
    const tw__case *k = f->k;
    uint32_t frame = 0;
    uint16_t group = tw__is_whole_offer(k) ? chosen_group(k, &frame) : 0;
    bool offered = group && tw__list_has(&k->client_hello->groups, group);
    tw_text flaw = group ? flaw_of_share(k, group) : TW_N_TEXTS;
    if (!group || !k->client_hello->groups.n || (offered && flaw == TW_N_TEXTS))
        return false;
    if (offered)
        tw__finding_cap(f, TW_LIKELY); /* in its groups */
    tw__set_code(f->values, "group", tw__group_name(group), group);
    if (!offered)
        tw__finding_add(f, tw__hello_frame(k), TW_TEXT_EV_OFFERED_GROUPS);
    tw__finding_add(f, frame, flaw == TW_N_TEXTS ? TW_TEXT_EV_CHOICE : flaw);
    if (!tw__is_13(k->h->version))
        tw__finding_cap(f, before_key_exchange(k));
    tw__cap_if_inner(k, f);
    return true;
}

/* RFC 8446 4.1.4: a HelloRetryRequest that changes nothing in the ClientHello must be refused. wolfSSL sends one without a
 * group where it has none in common. */
bool tw__check_retry_without_group(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__hello *retry = k->server_hello;
    if (!retry || !retry->is_retry || retry->flaw || tw__hello_has(retry, TW_EXT_KEY_SHARE) ||
        tw__hello_has(retry, TW_EXT_COOKIE) || !k->client_hello || !k->client_hello->groups.n)
        return false;
    tw__finding_add(f, tw__hello_frame(k), TW_TEXT_EV_OFFERED_GROUPS);
    tw__finding_add(f, tw__choice_frame(k), TW_TEXT_EV_RETRY_WITHOUT_GROUP);
    return true;
}

/* RFC 8446 4.2.8: each key_share is for a group of supported_groups, and a server may end with illegal_parameter where it
 * is not. Not all look. */
bool tw__check_share_unlisted(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__hello *hello = k->client_hello;
    uint16_t group;
    if (!tw__is_whole_offer(k) || !hello->groups.n)
        return false;
    for (unsigned i = 0; i < hello->key_shares.n; i++) {
        group = hello->key_shares.v[i];
        if (tw__is_grease(group) || tw__list_has(&hello->groups, group))
            continue;
        tw__set_code(f->values, "group", tw__group_name(group), group);
        tw_values_set(f->values, "message", tw__message_name(TW_HS_CLIENT_HELLO));
        tw_values_set_phrase(f->values, "flaw", TW_TEXT_FLAW_SHARE);
        tw__finding_add(f, tw__hello_frame(k), TW_TEXT_EV_SHARE_UNLISTED);
        if (hello->n_psk_identities)
            tw__finding_cap(f, TW_POSSIBLE); /* a binder that does not verify gets the same alert */
        return true;
    }
    return false;
}

/* What servers of today refuse by default: no encryption, export strength, RC4, DES, no authentication. */
static bool is_weak_suite(uint16_t id)
{
    static const char *const marks[] = { "_NULL_",    "EXPORT",  "_RC4_", "_anon_",
                                         "_DES_CBC_", "_DES40_", "_RC2_", "_IDEA_" };
    const tw__suite *suite = tw__suite_get(id);
    for (unsigned i = 0; suite && i < G_N_ELEMENTS(marks); i++)
        if (strstr(suite->name, marks[i]))
            return true;
    return suite && suite->kx == TW_KX_PSK;
}

bool tw__check_suites_weak(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__hello *hello = k->client_hello;
    unsigned real = 0;
    if (!hello || hello->flaw)
        return false;
    for (unsigned i = 0; i < hello->suites.n; i++) {
        uint16_t id = hello->suites.v[i];
        if (tw__is_signalling(id) || tw__is_grease(id))
            continue;
        if (!is_weak_suite(id))
            return false;
        real++;
    }
    tw__finding_add(f, tw__hello_frame(k), TW_TEXT_EV_OFFERED_SUITES);
    if (real)
        tw__finding_add(f, tw__hello_frame(k), TW_TEXT_EV_WEAK_OFFER);
    return true;
}

static bool any_of(const tw__list *list, const uint16_t *usual, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (tw__list_has(list, usual[i]))
            return true;
    return false;
}

bool tw__offers_usual_suites(const tw__hello *hello)
{
    static const uint16_t rsa[] = { 0xc02f, 0xc030 }, ecdsa[] = { 0xc02b, 0xc02c }; /* ECDHE with AES-GCM */
    return any_of(&hello->suites, rsa, G_N_ELEMENTS(rsa)) && any_of(&hello->suites, ecdsa, G_N_ELEMENTS(ecdsa));
}

bool tw__check_usual_suites(tw__finding *f)
{
    const tw__case *k = f->k;
    return k->client_hello && tw__offers_usual_suites(k->client_hello) && tw__check_offer(f);
}

bool tw__check_groups_rare(tw__finding *f)
{
    const tw__case *k = f->k;
    static const uint16_t usual[] = { 23 /* secp256r1 */, 29 /* x25519 */ };
    const tw__hello *hello = k->client_hello;
    if (!hello || !hello->groups.n || any_of(&hello->groups, usual, G_N_ELEMENTS(usual)))
        return false;
    tw__finding_add(f, tw__hello_frame(k), TW_TEXT_EV_OFFERED_GROUPS);
    return true;
}

bool tw__check_sigalgs_rare(tw__finding *f)
{
    const tw__case *k = f->k;
    /* what an RSA key, the usual one, signs with in every version */
    static const uint16_t rsa[] = { TW_SCHEME_RSA_PKCS1_SHA256,    TW_SCHEME_RSA_PKCS1_SHA384,
                                    TW_SCHEME_RSA_PKCS1_SHA512,    TW_SCHEME_RSA_PSS_RSAE_SHA256,
                                    TW_SCHEME_RSA_PSS_RSAE_SHA384, TW_SCHEME_RSA_PSS_RSAE_SHA512,
                                    TW_SCHEME_RSA_PKCS1_SHA1 };
    const tw__hello *hello = k->client_hello;
    if (!hello || !hello->sigalgs.n || any_of(&hello->sigalgs, rsa, G_N_ELEMENTS(rsa)))
        return false;
    tw__finding_add(f, tw__hello_frame(k), TW_TEXT_EV_OFFERED_SIGALGS);
    return true;
}

static bool has_ephemeral_suite(const tw__hello *hello)
{
    for (unsigned i = 0; i < hello->suites.n; i++) {
        const tw__suite *suite = tw__suite_get(hello->suites.v[i]);
        if (suite && (suite->kx == TW_KX_DHE || suite->kx == TW_KX_ECDHE))
            return true;
    }
    return false;
}

/* RFC 5246 7.4.1.4.1: that means SHA-1, which OpenSSL 3 and Go sign with no more. Suites without ephemeral keys sign
 * nothing. */
bool tw__check_sigalgs_unsaid(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__hello *hello = k->client_hello;
    if (!tw__is_whole_offer(k) || hello->version != TW_TLS12 || tw__hello_has(hello, TW_EXT_SIGNATURE_ALGORITHMS) ||
        !has_ephemeral_suite(hello))
        return false;
    tw__finding_add(f, tw__hello_frame(k), TW_TEXT_EV_NO_SIGALGS);
    return true;
}

static bool lacks_ems(const tw__case *k)
{
    return k->client_hello && k->server_hello && k->client_hello->ems && !k->server_hello->ems;
}

bool tw__check_dh_small(tw__finding *f)
{
    const tw__case *k = f->k;
    tw__server_key_exchange ske;
    const tw__message *m;
    if (!k->suite || k->suite->kx != TW_KX_DHE || !(m = tw__case_key_exchange(k, &ske)))
        return false;
    if (!ske.dh_bits || ske.dh_bits >= (unsigned)f->arg)
        return false;
    tw_values_setf(f->values, "dh_bits", "%u", ske.dh_bits);
    if (lacks_ems(k) || tw__case_fault(k, TW_SERVER, TW_FAULT_WEAK_KEY))
        tw__finding_cap(f, TW_POSSIBLE); /* which GnuTLS and Botan call insufficient_security as well */
    tw__finding_add(f, m->at.frame, TW_TEXT_EV_DH);
    return true;
}
