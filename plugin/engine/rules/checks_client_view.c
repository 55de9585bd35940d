/* Checks of what a client sees that a capture's reader does not: its clock, the keys that it cannot use, names that it
 * passes over. See checks.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/hellos.h"
#include "tls/libraries.h"
#include "tlswhy/words.h"

#include <string.h>

#define DAY INT64_C(86400)

/* The server's, or NULL. */
static const tw__cert_info *leaf_of(const tw__case *k)
{
    const tw__chain *chain = tw__case_chain(k, TW_SERVER);
    return chain ? tw__chain_cert(chain, 0) : NULL;
}

/* ---- names ---- */

bool tw__check_no_san(tw__finding *f)
{
    const tw__case *k = f->k;
    f->arg = TW_FAULT_NO_SAN;
    if (!tw__check_fault(f))
        return false;
    tw_values_set(f->values, "library", tw__ignores_common_names(k->client_hello));
    tw__finding_add(f, k->client_hello_message->at.frame, TW_TEXT_EV_STACK_NO_COMMON_NAME);
    return true;
}

/* ---- clocks ---- */

/* Where a device without a battery for its clock begins: the epochs of Unix, DOS and GPS, and of this century. How long it
 * may have run since, in days; who has no clock at all counts in the year 1970. */
static const struct {
    int64_t begin;
    unsigned days;
} epochs[] = { { 0, 366 }, { 315532800, 10 }, { 315964800, 3 }, { 946684800, 10 } };

/* RFC 5246 7.4.1.2: the first four bytes of an old client's random are its clock; those of today are random. */
static bool clock_of(const tw__hello *hello, int64_t *clock)
{
    *clock = (int64_t)((uint32_t)hello->random[0] << 24 | (uint32_t)hello->random[1] << 16 |
                       (uint32_t)hello->random[2] << 8 | hello->random[3]);
    for (unsigned i = 0; i < G_N_ELEMENTS(epochs); i++)
        if (*clock >= epochs[i].begin && *clock < epochs[i].begin + epochs[i].days * DAY)
            return true;
    return false;
}

static void set_time(tw_values *values, const char *name, int64_t seconds, const char *format)
{
    GDateTime *date = g_date_time_new_from_unix_utc(seconds);
    char *text = date ? g_date_time_format(date, format) : NULL;
    tw_values_set(values, name, text);
    g_free(text);
    if (date)
        g_date_time_unref(date);
}

bool tw__check_client_clock(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__cert_info *leaf = leaf_of(k);
    int64_t clock;
    if (!k->client_hello || k->client_hello->flaw || tw__version_as_tls(k->client_hello->version) > TW_TLS12 ||
        k->client_hello->sslv2 || !leaf || !leaf->parsed || leaf->not_before == TW_TIME_UNKNOWN ||
        !clock_of(k->client_hello, &clock) || clock >= leaf->not_before)
        return false;
    tw_values_set(f->values, "which", tw_text_template(TW_TEXT_WORD_LEAF));
    tw_values_set(f->values, "subject", leaf->subject);
    set_time(f->values, "not_before", leaf->not_before, "%Y-%m-%d %H:%M:%S UTC");
    set_time(f->values, "clock", clock, "%Y-%m-%d %H:%M:%S UTC");
    tw_values_set_count(f->values, "ahead", (unsigned)((leaf->not_before - clock) / DAY), TW_TEXT_N_DAYS,
                        TW_TEXT_N_DAYS);
    tw_values_set_phrase(f->values, "moment", TW_TEXT_WORD_CLIENT_CLOCK);
    tw__finding_add(f, k->client_hello_message->at.frame, TW_TEXT_EV_CLIENT_CLOCK);
    return true;
}

/* ---- keys ---- */

/* What a key takes of the client's offer: a SignatureScheme, and before TLS 1.3 its curve among the groups (RFC 8422
 * 5.1). */
static const struct {
    const char *type, *curve; /* as in tw__cert_info; "": any */
    uint16_t scheme, scheme_13, group;
} needs[] = {
    { "Ed25519", "", TW_SCHEME_ED25519, TW_SCHEME_ED25519, 0 },
    { "Ed448", "", TW_SCHEME_ED448, TW_SCHEME_ED448, 0 },
    { "ECDSA", "brainpoolP256r1", 0, TW_SCHEME_ECDSA_BRAINPOOLP256R1TLS13_SHA256, TW_GROUP_BRAINPOOLP256R1 },
    { "ECDSA", "brainpoolP384r1", 0, TW_SCHEME_ECDSA_BRAINPOOLP384R1TLS13_SHA384, TW_GROUP_BRAINPOOLP384R1 },
    { "ECDSA", "brainpoolP512r1", 0, TW_SCHEME_ECDSA_BRAINPOOLP512R1TLS13_SHA512, TW_GROUP_BRAINPOOLP512R1 },
    { "ECDSA", "secp256r1", 0, TW_SCHEME_ECDSA_SECP256R1_SHA256, TW_GROUP_SECP256R1 },
    { "ECDSA", "secp384r1", 0, TW_SCHEME_ECDSA_SECP384R1_SHA384, TW_GROUP_SECP384R1 },
    { "ECDSA", "secp521r1", 0, TW_SCHEME_ECDSA_SECP521R1_SHA512, TW_GROUP_SECP521R1 },
};

/* An end of TCP has a name in the sentence, as an alert has; one of QUIC is a CONNECTION_CLOSE for another reason. */
static bool name_end(tw__finding *f)
{
    const tw__case *k = f->k;
    if (k->event != TW_EVENT_CLOSE && k->event != TW_EVENT_RESET)
        return true;
    tw_values_set_phrase(f->values, "alert", k->event == TW_EVENT_RESET ? TW_TEXT_WORD_RST : TW_TEXT_WORD_FIN);
    return !tw__quic_of(k->conn);
}

/* The name of what HELLO lacks of need I, or NULL: nothing. */
static const char *lacking(const tw__hello *hello, unsigned i, bool is_13)
{
    uint16_t scheme = is_13 ? needs[i].scheme_13 : needs[i].scheme;
    if (scheme && hello->sigalgs.n && !tw__list_has(&hello->sigalgs, scheme))
        return tw__scheme_name(scheme);
    if (!is_13 && needs[i].group && hello->groups.n && !tw__list_has(&hello->groups, needs[i].group))
        return tw__group_name(needs[i].group);
    return NULL;
}

bool tw__check_key_unusable(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__hello *hello = k->client_hello;
    const tw__cert_info *leaf = leaf_of(k);
    if (!tw__is_whole_offer(k) || tw__case_may_answer_inner(k) || tw__client_went_on(k) || !leaf || !leaf->parsed)
        return false;
    for (unsigned i = 0; i < G_N_ELEMENTS(needs); i++) {
        const char *lacks;
        if (strcmp(leaf->key_type, needs[i].type) != 0 ||
            (*needs[i].curve && strcmp(leaf->curve, needs[i].curve) != 0))
            continue;
        lacks = lacking(hello, i, tw__is_13(k->h->version));
        if (!lacks || !name_end(f) || !tw__check_certificate_seen(f))
            return false;
        tw_values_set(f->values, "lacks", lacks);
        tw_values_set(f->values, "key", *leaf->curve ? leaf->curve : leaf->key_type);
        tw_values_set_phrase(f->values, "shows", TW_TEXT_WORD_KEY_UNUSABLE);
        tw__finding_add(f, k->client_hello_message->at.frame, TW_TEXT_EV_KEY_UNUSABLE);
        return true;
    }
    return false;
}
