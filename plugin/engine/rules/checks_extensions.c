/* Checks of names, application protocols and other extensions of the hellos. See checks.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/hellos.h"
#include "tlswhy/words.h"
#include "words/address.h"

#include <string.h>

bool tw__check_alpn(tw__finding *f)
{
    const tw__case *k = f->k;
    if (!k->client_hello || !k->client_hello->alpn || !k->client_hello->alpn->len)
        return false;
    tw__finding_add(f, tw__hello_frame(k), TW_TEXT_EV_OFFERED_ALPN);
    if (!k->client_hello->sni_present)
        tw__finding_cap(f, TW_LIKELY); /* another site of the server may well support one of them */
    tw__cap_if_inner(k, f);
    return true;
}

#define DNS_NAME_MAX 255 /* RFC 1035 2.3.4 */

/* The first character of NAME that no host name has (RFC 952, RFC 1123 2.1), or 0; names beyond ASCII are another matter. */
static char alien_in(const char *name)
{
    for (; *name; name++)
        if (g_ascii_isprint(*name) && !g_ascii_isalnum(*name) && *name != '-' && *name != '.')
            return *name;
    return 0;
}

/* What is odd about the name that the client asked for (RFC 6066 3), or TW_N_TEXTS. */
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
    return alien_in(name) ? TW_TEXT_SNI_CHARACTER : TW_N_TEXTS;
}

static bool add_odd_name(tw__finding *f)
{
    const tw__case *k = f->k;
    tw_text oddity = k->client_hello ? oddity_of(k->client_hello->sni) : TW_N_TEXTS;
    if (oddity == TW_N_TEXTS)
        return false;
    tw_values_setf(f->values, "length", "%u", (unsigned)strlen(k->client_hello->sni));
    tw_values_setf(f->values, "character", "%c", alien_in(k->client_hello->sni));
    tw_values_set_phrase(f->values, "flaw", oddity);
    tw__finding_add(f, tw__hello_frame(k), TW_TEXT_EV_SNI_ODD);
    return true;
}

bool tw__check_sni_odd(tw__finding *f)
{
    const tw__case *k = f->k;
    tw_values_set(f->values, "message", tw__message_name(TW_HS_CLIENT_HELLO));
    if ((int)k->event == TW_ALERT_ILLEGAL_PARAMETER && k->client_hello && k->client_hello->n_psk_identities)
        return false; /* of a binder that does not verify: a ticket comes from a server that took the name */
    return add_odd_name(f);
}

bool tw__check_sni(tw__finding *f)
{
    const tw__case *k = f->k;
    if (!k->client_hello || !k->client_hello->sni_present || !tw__check_offer(f))
        return false;
    add_odd_name(f);
    tw__cap_if_inner(k, f);
    return true;
}

bool tw__check_no_sni(tw__finding *f)
{
    const tw__case *k = f->k;
    if (!k->client_hello || k->client_hello->sni_present || !tw__check_offer(f))
        return false;
    tw__cap_if_inner(k, f);
    return true;
}

/* Mail and other protocols that upgrade do without the name, and so does DTLS. Elsewhere its absence is what is left to
 * see only where the rest of the offer is one that servers take. */
bool tw__check_no_sni_though_usual(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__hello *hello = k->client_hello;
    if (!hello || k->conn->datagram || tw__seldom_of(k->conn)->starttls ||
        tw__version_as_tls(hello->version) < TW_TLS12 || !tw__offers_usual_suites(hello))
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
    tw__finding_add(f, k->peer == TW_CLIENT ? tw__hello_frame(k) : tw__choice_frame(k), text);
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
    if (!tw__is_whole_offer(k))
        return true;
    if (!tw__hello_has(k->client_hello, TW_EXT_ENCRYPTED_CLIENT_HELLO))
        return false;
    tw__finding_add(f, tw__hello_frame(k), TW_TEXT_EV_ECH_WANTED);
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
        tw__finding_add(f, tw__hello_frame(k), TW_TEXT_EV_OFFERS);
        tw__cap_if_inner(k, f);
        return true;
    }
    return false;
}

bool tw__check_unsolicited(tw__finding *f)
{
    const tw__case *k = f->k;
    return tw__is_whole_offer(k) && (first_unsolicited(k, k->server_hello, TW_HS_SERVER_HELLO, f) ||
                                     first_unsolicited(k, k->encrypted_extensions, TW_HS_ENCRYPTED_EXTENSIONS, f));
}

bool tw__check_asked_renegotiation(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__message *hello = k->client_hello_message;
    uint32_t asked = tw__seldom_of(k->conn)->hello_request_frame;
    if (k->sender == TW_CLIENT && asked) {
        tw_values_set(f->values, "message", tw__message_name(TW_HS_HELLO_REQUEST));
        tw__finding_add(f, asked, TW_TEXT_EV_HELLO_REQUEST);
        return !k->server_hello || k->h->complete; /* of the handshake asked for there is nothing yet */
    }
    if (k->sender != TW_SERVER || !k->h->renegotiation || !hello || k->server_hello)
        return false;
    tw_values_set(f->values, "message", tw__message_name(TW_HS_CLIENT_HELLO));
    return true;
}

/* RFC 8446 9.2, for a hello that offers TLS 1.3 without a pre-shared key. */
bool tw__check_no_mandatory_extension(tw__finding *f)
{
    const tw__case *k = f->k;
    static const uint16_t mandatory[] = { TW_EXT_SIGNATURE_ALGORITHMS, TW_EXT_SUPPORTED_GROUPS, TW_EXT_KEY_SHARE };
    const tw__hello *hello = k->client_hello;
    if (!hello || hello->flaw || !tw__offers_13(hello) || hello->n_psk_identities)
        return false;
    for (unsigned i = 0; i < G_N_ELEMENTS(mandatory); i++)
        if (!tw__hello_has(hello, mandatory[i])) {
            tw_values_set(f->values, "extension", tw__extension_name(mandatory[i]));
            tw_values_set(f->values, "message", tw__message_name(TW_HS_CLIENT_HELLO));
            return tw__check_offer(f);
        }
    return false;
}
