/* Checks that hold the client's offers against the server's choices. See checks.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/checks.h"
#include "tlswhy/words.h"
#include "words/address.h"

#include <string.h>

static uint32_t hello_frame(const tw__case *k)
{
    return k->client_hello_message ? k->client_hello_message->at.frame : 0;
}

static uint32_t choice_frame(const tw__case *k)
{
    return k->server_hello_message ? k->server_hello_message->at.frame : 0;
}

static bool offers_13(const tw__hello *hello)
{
    return tw__list_has(&hello->versions, TW_TLS13) || tw__list_has(&hello->versions, TW_DTLS13);
}

/* To say that something was not offered takes the whole hello. */
static bool is_whole_offer(const tw__case *k)
{
    return k->client_hello && !k->client_hello->flaw && !k->client_hello->cut_lists;
}

bool tw__check_offer(tw__finding *f)
{
    const tw__case *k = f->k;
    if (!k->client_hello || k->client_hello->flaw)
        return false;
    tw__finding_add(f, hello_frame(k), TW_TEXT_EV_OFFERS);
    return true;
}

/* What the server chose, or refused, may stand in the hello that cannot be read. */
static void cap_if_inner(const tw__case *k, tw__finding *f)
{
    if (!tw__case_may_answer_inner(k))
        return;
    tw__finding_cap(f, TW_LIKELY);
    tw__finding_add(f, hello_frame(k), TW_TEXT_EV_ECH_OFFERED);
}

/* ---- versions ---- */

/* It may be the format, or the versions. */
bool tw__check_sslv2(tw__finding *f)
{
    const tw__case *k = f->k;
    return k->h->sslv2 && k->client_hello && k->client_hello->version != TW_SSL2 && tw__check_offer(f);
}

bool tw__check_only_old_versions(tw__finding *f)
{
    const tw__case *k = f->k;
    if (!k->client_hello || k->conn->datagram || k->client_hello->version > f->arg)
        return false;
    return tw__check_offer(f);
}

bool tw__check_only_13(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__hello *hello = k->client_hello;
    if (!hello || !offers_13(hello))
        return false;
    for (unsigned i = 0; i < hello->versions.n; i++)
        if (!tw__is_13(hello->versions.v[i]) && !tw__is_grease(hello->versions.v[i]) && hello->versions.v[i] < 0x7f00)
            return false;
    return tw__check_offer(f);
}

/* RFC 8446 9.2, for a hello that offers TLS 1.3 without a pre-shared key. */
bool tw__check_no_mandatory_extension(tw__finding *f)
{
    const tw__case *k = f->k;
    static const uint16_t mandatory[] = { TW_EXT_SIGNATURE_ALGORITHMS, TW_EXT_SUPPORTED_GROUPS, TW_EXT_KEY_SHARE };
    const tw__hello *hello = k->client_hello;
    if (!hello || hello->flaw || !offers_13(hello) || hello->n_psk_identities)
        return false;
    for (unsigned i = 0; i < G_N_ELEMENTS(mandatory); i++)
        if (!tw__hello_has(hello, mandatory[i])) {
            tw_values_set(f->values, "extension", tw__extension_name(mandatory[i]));
            tw_values_set(f->values, "message", tw__message_name(TW_HS_CLIENT_HELLO));
            return tw__check_offer(f);
        }
    return false;
}

/* The suites of TLS 1.3 are few and everywhere: if a hello offers one group, that group is the likeliest cause. */
bool tw__check_one_group(tw__finding *f)
{
    const tw__case *k = f->k;
    unsigned real = 0;
    for (unsigned i = 0; k->client_hello && i < k->client_hello->groups.n; i++)
        real += !tw__is_grease(k->client_hello->groups.v[i]);
    if (real != 1 || !tw__check_only_13(f))
        return false;
    tw__finding_add(f, hello_frame(k), TW_TEXT_EV_OFFERED_GROUPS);
    return true;
}

/* Without supported_versions a hello names only its highest version: a lower choice may be in its range. */
bool tw__check_version_choice(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__hello *hello = k->client_hello;
    if (!is_whole_offer(k) || !k->h->version)
        return false;
    if (hello->versions.n ? tw__list_has(&hello->versions, k->h->version)
                          : k->conn->datagram || k->h->version <= hello->legacy_version)
        return false;
    tw__finding_add(f, hello_frame(k), TW_TEXT_EV_OFFERS);
    tw__finding_add(f, choice_frame(k), TW_TEXT_EV_CHOICE);
    cap_if_inner(k, f);
    return true;
}

/* RFC 8446 4.1.3: the last eight bytes of a downgraded ServerHello's random. A server puts them there for every client
 * of TLS 1.2, too; only one that offered more minds, or that could have: it says so by TLS_FALLBACK_SCSV. */
bool tw__check_sentinel(tw__finding *f)
{
    const tw__case *k = f->k;
    static const uint8_t sentinel[] = { 0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44 };
    const tw__hello *choice = k->server_hello;
    if (!choice || !k->client_hello || tw__is_13(k->h->version) ||
        (tw__version_as_tls(k->client_hello->version) <= tw__version_as_tls(k->h->version) &&
         !k->client_hello->fallback_scsv) ||
        memcmp(choice->random + 24, sentinel, sizeof sentinel) != 0 || choice->random[31] > 1)
        return false;
    tw__finding_add(f, hello_frame(k), k->client_hello->fallback_scsv ? TW_TEXT_EV_FALLBACK : TW_TEXT_EV_OFFERS);
    tw__finding_add(f, choice_frame(k), TW_TEXT_EV_SENTINEL);
    return true;
}

bool tw__check_fallback(tw__finding *f)
{
    const tw__case *k = f->k;
    if (!k->client_hello || !k->client_hello->fallback_scsv)
        return false;
    tw__finding_add(f, hello_frame(k), TW_TEXT_EV_FALLBACK);
    return true;
}

/* ---- cipher suites, groups, signature algorithms ---- */

bool tw__check_suite_choice(tw__finding *f)
{
    const tw__case *k = f->k;
    if (!is_whole_offer(k) || !k->server_hello || !k->server_hello->suites.n ||
        tw__list_has(&k->client_hello->suites, k->server_hello->suites.v[0]))
        return false;
    tw__finding_add(f, hello_frame(k), TW_TEXT_EV_OFFERED_SUITES);
    tw__finding_add(f, choice_frame(k), TW_TEXT_EV_CHOICE);
    cap_if_inner(k, f);
    return true;
}

/* The group that the server chose: key_share in TLS 1.3, the named curve of ServerKeyExchange before. */
static uint16_t chosen_group(const tw__case *k, uint32_t *frame)
{
    tw__server_key_exchange ske;
    const tw__message *m;
    if (k->server_hello && k->server_hello->key_shares.n) {
        *frame = choice_frame(k);
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

bool tw__check_group_choice(tw__finding *f)
{
    const tw__case *k = f->k;
    uint32_t frame = 0;
    uint16_t group = is_whole_offer(k) ? chosen_group(k, &frame) : 0;
    bool offered = group && tw__list_has(&k->client_hello->groups, group);
    bool too_old = k->server_hello && k->server_hello->key_shares.n && is_too_old_for_13(group);
    if (!group || !k->client_hello->groups.n || (offered && !too_old))
        return false;
    if (offered)
        tw__finding_cap(f, TW_LIKELY); /* for TLS 1.2 */
    tw__set_code(f->values, "group", tw__group_name(group), group);
    if (!offered)
        tw__finding_add(f, hello_frame(k), TW_TEXT_EV_OFFERED_GROUPS);
    tw__finding_add(f, frame, too_old ? TW_TEXT_EV_GROUP_TOO_OLD : TW_TEXT_EV_CHOICE);
    if (!tw__is_13(k->h->version))
        tw__finding_cap(f, before_key_exchange(k));
    cap_if_inner(k, f);
    return true;
}

/* RFC 8446 4.2.8: each key_share is for a group of supported_groups, and a server may end with illegal_parameter where it
 * is not. Not all look. */
bool tw__check_share_unlisted(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__hello *hello = k->client_hello;
    uint16_t group;
    if (!is_whole_offer(k) || !hello->groups.n)
        return false;
    for (unsigned i = 0; i < hello->key_shares.n; i++) {
        group = hello->key_shares.v[i];
        if (tw__is_grease(group) || tw__list_has(&hello->groups, group))
            continue;
        tw__set_code(f->values, "group", tw__group_name(group), group);
        tw_values_set(f->values, "message", tw__message_name(TW_HS_CLIENT_HELLO));
        tw_values_set_phrase(f->values, "flaw", TW_TEXT_FLAW_SHARE);
        tw__finding_add(f, hello_frame(k), TW_TEXT_EV_SHARE_UNLISTED);
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
    tw__finding_add(f, hello_frame(k), TW_TEXT_EV_OFFERED_SUITES);
    if (real)
        tw__finding_add(f, hello_frame(k), TW_TEXT_EV_WEAK_OFFER);
    return true;
}

static bool any_of(const tw__list *list, const uint16_t *usual, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (tw__list_has(list, usual[i]))
            return true;
    return false;
}

static bool offers_usual_suites(const tw__hello *hello)
{
    static const uint16_t rsa[] = { 0xc02f, 0xc030 }, ecdsa[] = { 0xc02b, 0xc02c }; /* ECDHE with AES-GCM */
    return any_of(&hello->suites, rsa, G_N_ELEMENTS(rsa)) && any_of(&hello->suites, ecdsa, G_N_ELEMENTS(ecdsa));
}

bool tw__check_usual_suites(tw__finding *f)
{
    const tw__case *k = f->k;
    return k->client_hello && offers_usual_suites(k->client_hello) && tw__check_offer(f);
}

bool tw__check_groups_rare(tw__finding *f)
{
    const tw__case *k = f->k;
    static const uint16_t usual[] = { 23 /* secp256r1 */, 29 /* x25519 */ };
    const tw__hello *hello = k->client_hello;
    if (!hello || !hello->groups.n || any_of(&hello->groups, usual, G_N_ELEMENTS(usual)))
        return false;
    tw__finding_add(f, hello_frame(k), TW_TEXT_EV_OFFERED_GROUPS);
    return true;
}

bool tw__check_sigalgs_rare(tw__finding *f)
{
    const tw__case *k = f->k;
    /* what an RSA key, the usual one, signs with in every version */
    static const uint16_t rsa[] = { 0x0401, 0x0501, 0x0601, 0x0804, 0x0805, 0x0806, 0x0201 };
    const tw__hello *hello = k->client_hello;
    if (!hello || !hello->sigalgs.n || any_of(&hello->sigalgs, rsa, G_N_ELEMENTS(rsa)))
        return false;
    tw__finding_add(f, hello_frame(k), TW_TEXT_EV_OFFERED_SIGALGS);
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
    if (!is_whole_offer(k) || hello->version != TW_TLS12 || tw__hello_has(hello, TW_EXT_SIGNATURE_ALGORITHMS) ||
        !has_ephemeral_suite(hello))
        return false;
    tw__finding_add(f, hello_frame(k), TW_TEXT_EV_NO_SIGALGS);
    return true;
}

/* ---- names, protocols, extensions ---- */

bool tw__check_alpn(tw__finding *f)
{
    const tw__case *k = f->k;
    if (!k->client_hello || !k->client_hello->alpn || !k->client_hello->alpn->len)
        return false;
    tw__finding_add(f, hello_frame(k), TW_TEXT_EV_OFFERED_ALPN);
    if (!k->client_hello->sni_present)
        tw__finding_cap(f, TW_LIKELY); /* another site of the server may well support one of them */
    cap_if_inner(k, f);
    return true;
}

#define DNS_NAME_MAX 255 /* RFC 1035 2.3.4 */

/* What is odd about the name that the client asked for (RFC 6066 3, RFC 952), or TW_N_TEXTS. */
static tw_text oddity_of(const char *name)
{
    uint8_t address[TW__ADDRESS_MAX];
    size_t len = name ? strlen(name) : 0;
    if (!len)
        return TW_N_TEXTS;
    if (len > DNS_NAME_MAX)
        return TW_TEXT_SNI_LONG;
    if (tw__address_read(name, address))
        return TW_TEXT_SNI_ADDRESS;
    if (name[len - 1] == '.')
        return TW_TEXT_SNI_DOT;
    return strchr(name, '_') ? TW_TEXT_SNI_UNDERSCORE : TW_N_TEXTS;
}

static bool add_odd_name(tw__finding *f)
{
    const tw__case *k = f->k;
    tw_text oddity = k->client_hello ? oddity_of(k->client_hello->sni) : TW_N_TEXTS;
    if (oddity == TW_N_TEXTS)
        return false;
    tw_values_setf(f->values, "length", "%u", (unsigned)strlen(k->client_hello->sni));
    tw_values_set_phrase(f->values, "flaw", oddity);
    tw__finding_add(f, hello_frame(k), TW_TEXT_EV_SNI_ODD);
    return true;
}

bool tw__check_sni_odd(tw__finding *f)
{
    tw_values_set(f->values, "message", tw__message_name(TW_HS_CLIENT_HELLO));
    return add_odd_name(f);
}

bool tw__check_sni(tw__finding *f)
{
    const tw__case *k = f->k;
    if (!k->client_hello || !k->client_hello->sni_present || !tw__check_offer(f))
        return false;
    add_odd_name(f);
    cap_if_inner(k, f);
    return true;
}

bool tw__check_no_sni(tw__finding *f)
{
    const tw__case *k = f->k;
    if (!k->client_hello || k->client_hello->sni_present || !tw__check_offer(f))
        return false;
    cap_if_inner(k, f);
    return true;
}

/* Mail and other protocols that upgrade do without the name, and so does DTLS. Elsewhere its absence is what is left to
 * see only where the rest of the offer is one that servers take. */
bool tw__check_no_sni_though_usual(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__hello *hello = k->client_hello;
    if (!hello || k->conn->datagram || k->conn->starttls || tw__version_as_tls(hello->version) < TW_TLS12 ||
        !offers_usual_suites(hello))
        return false;
    return tw__check_no_sni(f);
}

/* The hello of the sender's peer. */
static const tw__hello *peer_hello(const tw__case *k)
{
    return k->peer == TW_CLIENT ? k->client_hello : k->server_hello;
}

static bool peer_lacks(const tw__case *k, bool has, tw_text text, tw__finding *f)
{
    if (!peer_hello(k) || peer_hello(k)->flaw || has || tw__is_13(tw__case_version(k)))
        return false;
    tw__finding_add(f, k->peer == TW_CLIENT ? hello_frame(k) : choice_frame(k), text);
    return true;
}

bool tw__check_no_renegotiation_info(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__hello *hello = peer_hello(k);
    return peer_lacks(k, hello && (hello->has_renegotiation_info || hello->renegotiation_scsv),
                      TW_TEXT_EV_NO_RENEGOTIATION_INFO, f);
}

/* A client that has not offered it cannot require it. */
bool tw__check_no_ems(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__hello *hello = peer_hello(k);
    if (k->sender == TW_CLIENT && k->client_hello && !k->client_hello->flaw && !k->client_hello->ems)
        return false;
    return peer_lacks(k, hello && hello->ems, TW_TEXT_EV_NO_EMS, f);
}

/* OpenSSL's FIPS provider (tls1-prf-ems-check) derives no master secret without it. So either side
 * ends behind the ClientKeyExchange, with what OpenSSL says of any trouble within. */
bool tw__check_no_ems_at_key(tw__finding *f)
{
    const tw__case *k = f->k;
    bool at_key = tw__handshake_find(k->h, TW_HS_CLIENT_KEY_EXCHANGE, tw__conn_dir(k->conn, TW_CLIENT)) &&
                  !k->h->flight[k->dir].ccs_frame;
    if (!at_key || !k->client_hello || k->client_hello->ems != (k->sender == TW_CLIENT) || !tw__check_no_ems(f))
        return false;
    tw__finding_add(f, k->at.frame, TW_TEXT_EV_NO_EMS_AT_KEY);
    return true;
}

/* The alert alone says it; what was offered and answered shows why. A client that rejects so offered it in earnest, by
 * the name that stands in clear (RFC 9849 6.1.6); any other client may only have sent GREASE. */
bool tw__check_ech(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__hello *answer = k->encrypted_extensions;
    if (!is_whole_offer(k))
        return true;
    if (!tw__hello_has(k->client_hello, TW_EXT_ENCRYPTED_CLIENT_HELLO))
        return false;
    tw__finding_add(f, hello_frame(k), TW_TEXT_EV_ECH_WANTED);
    if (answer && !answer->flaw)
        tw__finding_add(f, tw__handshake_find(k->h, TW_HS_ENCRYPTED_EXTENSIONS, -1)->at.frame,
                        tw__hello_has(answer, TW_EXT_ENCRYPTED_CLIENT_HELLO) ? TW_TEXT_EV_ECH_RETRY
                                                                             : TW_TEXT_EV_ECH_NONE);
    return true;
}

static bool first_unsolicited(const tw__case *k, const tw__hello *answer, uint8_t message, tw__finding *f)
{
    for (unsigned i = 0; answer && i < answer->extensions.n; i++) {
        uint16_t type = answer->extensions.v[i];
        bool solicited = tw__list_has(&k->client_hello->extensions, type) ||
                         (type == TW_EXT_RENEGOTIATION_INFO && k->client_hello->renegotiation_scsv) ||
                         (type == TW_EXT_COOKIE && answer->is_retry);
        if (solicited)
            continue;
        tw__set_code(f->values, "extension", tw__extension_name(type), type);
        tw_values_set(f->values, "message", tw__message_name(message));
        tw__finding_add(f, hello_frame(k), TW_TEXT_EV_OFFERS);
        cap_if_inner(k, f);
        return true;
    }
    return false;
}

bool tw__check_unsolicited(tw__finding *f)
{
    const tw__case *k = f->k;
    return is_whole_offer(k) && (first_unsolicited(k, k->server_hello, TW_HS_SERVER_HELLO, f) ||
                                 first_unsolicited(k, k->encrypted_extensions, TW_HS_ENCRYPTED_EXTENSIONS, f));
}

/* ---- pre-shared keys, Diffie-Hellman, renegotiation ---- */

static void add_identity(tw__finding *f, const uint8_t *bytes, size_t len, uint32_t frame)
{
    char *identity = tw_escape((const char *)bytes, (gssize)len, TW_VALUE_MAX);
    tw_values_set_private(f->values, "identity", TW_PRIVATE_IDENTITY, identity);
    g_free(identity);
    tw__finding_add(f, frame, TW_TEXT_EV_PSK_IDENTITY);
}

/* A ticket is what the server gave the client to resume a session, and no name of a key. */
static void add_offered_identity(const tw__case *k, tw__finding *f)
{
    gsize len;
    const uint8_t *identity;
    if (!k->client_hello || !k->client_hello->psk_identity)
        return;
    identity = g_bytes_get_data(k->client_hello->psk_identity, &len);
    if (!k->client_hello->psk_external) {
        tw_values_setf(f->values, "length", "%u", (unsigned)len);
        tw__finding_add(f, hello_frame(k), TW_TEXT_EV_TICKET);
        return;
    }
    add_identity(f, identity, len, hello_frame(k));
}

/* A server of TLS 1.3 that took a pre-shared key up has found its binder right: then the keys are the same. */
bool tw__check_psk(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__message *exchange = tw__handshake_find(k->h, TW_HS_CLIENT_KEY_EXCHANGE, -1);
    bool psk_suite = k->suite && k->suite->kx == TW_KX_PSK;
    size_t len;
    const uint8_t *body = tw__message_body(exchange, &len);
    if (!psk_suite && (f->arg || !k->client_hello || !k->client_hello->n_psk_identities))
        return false;
    if (psk_suite && body && len > 2)
        add_identity(f, body + 2, MIN(len - 2, (size_t)(body[0] << 8 | body[1])), exchange->at.frame);
    else
        add_offered_identity(k, f);
    tw_values_set(f->values, "check", tw__is_13(tw__case_version(k)) ? "binder" : "Finished");
    return true;
}

bool tw__check_external_psk(tw__finding *f)
{
    const tw__case *k = f->k;
    if (!k->client_hello || !k->client_hello->psk_external)
        return false;
    add_offered_identity(k, f);
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

bool tw__check_asked_renegotiation(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__message *hello = k->client_hello_message;
    if (k->sender == TW_CLIENT && k->h->hello_request_frame) {
        tw_values_set(f->values, "message", tw__message_name(TW_HS_HELLO_REQUEST));
        tw__finding_add(f, k->h->hello_request_frame, TW_TEXT_EV_HELLO_REQUEST);
        return !k->server_hello || k->h->complete; /* of the handshake asked for there is nothing yet */
    }
    if (k->sender != TW_SERVER || !k->h->renegotiation || !hello || k->server_hello)
        return false;
    tw_values_set(f->values, "message", tw__message_name(TW_HS_CLIENT_HELLO));
    return true;
}
