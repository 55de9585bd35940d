/* Checks that look at the certificates of the alert's receiver. See checks.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/checks.h"
#include "tls/compressed.h"
#include "tls/libraries.h"

#include <string.h>

#define LISTED_SHOWN 4 /* CA names of a CertificateRequest that a sentence bears */

#define KIND(kind) (1u << TW_FAULT_##kind)

/* The faults for which a careful verifier rejects a certificate. */
#define BLOCKING \
    (KIND(MALFORMED) | KIND(EXPIRED) | KIND(NOT_YET_VALID) | KIND(NAME_MISMATCH) | KIND(SELF_SIGNED) | \
     KIND(INCOMPLETE) | KIND(WRONG_USAGE) | KIND(BAD_CA) | KIND(BAD_SIGNATURE) | KIND(WEAK_SIGNATURE) | \
     KIND(WEAK_KEY) | KIND(UNKNOWN_CRITICAL) | KIND(NO_SAN))

/* The faults that each alert can mean; alerts that can mean any fault are not listed (rules.h names the sources). */
static const struct {
    uint8_t alert;
    unsigned kinds;
} meanings[] = {
    { TW_ALERT_UNSUPPORTED_CERTIFICATE,
      KIND(MALFORMED) | KIND(WRONG_USAGE) | KIND(WEAK_KEY) | KIND(WEAK_SIGNATURE) | KIND(UNKNOWN_CRITICAL) },
    { TW_ALERT_CERTIFICATE_EXPIRED, KIND(EXPIRED) | KIND(NOT_YET_VALID) },
    { TW_ALERT_UNKNOWN_CA,
      KIND(BAD_CA) | KIND(BAD_SIGNATURE) | KIND(SELF_SIGNED) | KIND(INCOMPLETE) | KIND(UNKNOWN_ISSUER) },
    { TW_ALERT_ILLEGAL_PARAMETER, KIND(WRONG_USAGE) },
    { TW_ALERT_DECODE_ERROR, KIND(MALFORMED) },
    { TW_ALERT_DECRYPT_ERROR, KIND(BAD_SIGNATURE) | KIND(WEAK_SIGNATURE) | KIND(WEAK_KEY) },
    { TW_ALERT_INSUFFICIENT_SECURITY, KIND(WEAK_SIGNATURE) | KIND(WEAK_KEY) },
};

/* The kinds of faults that EVENT may be said of. */
static unsigned meanings_of(tw__event event)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(meanings); i++)
        if ((int)event == meanings[i].alert)
            return meanings[i].kinds;
    return BLOCKING | KIND(UNKNOWN_ISSUER);
}

static void add_leaf(tw__finding *f, tw_side side)
{
    const tw__case *k = f->k;
    const tw__cert_info *leaf = tw__case_chain(k, side) ? tw__chain_cert(tw__case_chain(k, side), 0) : NULL;
    tw_values *keep;
    unsigned above;
    if (!leaf || !leaf->parsed)
        return;
    keep = f->values;
    f->values = tw_values_new_above(keep);
    tw_values_set(f->values, "peer", tw_side_name(side));
    tw_values_set(f->values, "subject", leaf->subject);
    tw_values_set(f->values, "issuer", leaf->issuer);
    above = tw__chain_length(tw__case_chain(k, side)) - 1;
    tw_values_set_count(f->values, "above", above, TW_TEXT_ONE_MORE_CERTIFICATE, TW_TEXT_N_MORE_CERTIFICATES);
    tw__finding_add(f, tw__case_certificate_message(k, side)->at.frame, above ? TW_TEXT_EV_CHAIN : TW_TEXT_EV_LEAF);
    tw_values_free(f->values);
    f->values = keep;
}

/* The names that the server asked for, as values "listed" and "among_cas". */
static void set_listed(tw__finding *f)
{
    const tw__certificate_request *r = f->k->request;
    GString *s;
    if (!r || !r->dns->len)
        return;
    s = g_string_new(NULL);
    for (unsigned i = 0; i < r->dns->len && i < LISTED_SHOWN; i++) {
        char *dn = tw__dn_text(f->k->conn->context->chains, g_ptr_array_index(r->dns, i));
        g_string_append_printf(s, "%s%s", i ? "; " : "", dn);
        g_free(dn);
    }
    tw_values_set_text(f->values, "list", s->str);
    tw_values_setf(f->values, "more", "%u", r->n_dns > LISTED_SHOWN ? r->n_dns - LISTED_SHOWN : 0);
    if (r->n_dns > LISTED_SHOWN) {
        char *text = tw_text_expand(tw_text_template(TW_TEXT_LIST_MORE), f->values);
        g_string_assign(s, text);
        g_free(text);
    }
    tw_values_set_text(f->values, "listed", s->str);
    tw_values_set_count(f->values, "among_cas", r->n_dns, TW_TEXT_THE_ONE_CA, TW_TEXT_AMONG_CAS);
    tw__finding_hold(f, TW_IF_CAS_LISTED);
    g_string_free(s, TRUE);
}

static void add_request(tw__finding *f)
{
    if (!f->k->request || f->k->peer != TW_CLIENT)
        return;
    tw__finding_add(f, f->k->request_message->at.frame,
                    f->k->request->dns->len ? TW_TEXT_EV_REQUEST : TW_TEXT_EV_REQUEST_ANY);
}

static bool found(tw__finding *f, const tw__fault *fault)
{
    if (!fault)
        return false;
    tw__finding_blame(f, fault);
    set_listed(f);
    add_request(f);
    add_leaf(f, f->k->peer);
    return true;
}

/* Java, Mbed TLS and wolfSSL look for purposes in the leaf alone. Of the servers that say 46 of a certificate, Java is
 * the usual one, and those that heed the purposes of a CA have other alerts. */
static bool heeds_purposes_of_cas(const tw__case *k)
{
    const tw__library *library = k->peer == TW_SERVER ? tw__library_of(k->client_hello) : NULL;
    if (library)
        return !library->leaf_purposes;
    return k->sender == TW_CLIENT || (int)k->event != TW_ALERT_CERTIFICATE_UNKNOWN;
}

/* Whether the alert is one that a library's own verifier chooses; an application may end with any other. */
static bool is_verifiers_alert(tw__event event)
{
    static const uint8_t alerts[] = { TW_ALERT_BAD_CERTIFICATE,     TW_ALERT_UNSUPPORTED_CERTIFICATE,
                                      TW_ALERT_CERTIFICATE_EXPIRED, TW_ALERT_CERTIFICATE_UNKNOWN,
                                      TW_ALERT_UNKNOWN_CA,          TW_ALERT_DECRYPT_ERROR };
    for (unsigned i = 0; i < G_N_ELEMENTS(alerts); i++)
        if ((int)event == alerts[i])
            return true;
    return false;
}

/* A library that has an alert of its own for this fault would have sent it: this alert means another fault. */
static bool means_another(const tw__case *k, const tw__fault *fault)
{
    const tw__library *library =
        k->peer == TW_SERVER && is_verifiers_alert(k->event) ? tw__library_of(k->client_hello) : NULL;
    uint8_t own = library ? tw__library_alert(library, fault) : 0;
    return own && (int)k->event != own;
}

static bool ignores_common_names(const tw__case *k)
{
    return k->peer == TW_SERVER && tw__ignores_common_names(k->client_hello);
}

/* The fault of KIND, where the alert may be said of it, or NULL. */
static const tw__fault *explaining(const tw__case *k, tw__fault_kind kind)
{
    const tw__fault any = { .kind = kind }, *fault;
    if (tw__fault_takes_signatures(kind) && means_another(k, &any)) /* they take long */
        return NULL;
    fault = tw__case_fault(k, k->peer, kind);
    if (!fault || means_another(k, fault) || (kind == TW_FAULT_NO_SAN && !ignores_common_names(k)) ||
        (kind == TW_FAULT_WRONG_USAGE && fault->cert > 0 && !heeds_purposes_of_cas(k)))
        return NULL;
    return fault;
}

/* The client's chain leads to none of the CAs that the server named. */
static bool is_not_listed(const tw__case *k)
{
    return k->peer == TW_CLIENT && k->request && tw__case_chain(k, TW_CLIENT) && k->request->dns->len &&
           k->request->n_dns <= k->request->dns->len && !tw__chain_unexamined(tw__case_chain(k, TW_CLIENT)) &&
           tw__chain_issued_by_any(tw__case_chain(k, TW_CLIENT), k->request->dns) == TW_NO;
}

/* An issuer that nobody in the capture knows is no fault, but may be what is objected to. */
static bool is_mere_doubt(const tw__fault *fault)
{
    return fault->kind == TW_FAULT_UNKNOWN_ISSUER || (fault->kind == TW_FAULT_INCOMPLETE && !fault->certain);
}

/* The names that the server asked for are another reason, except for a chain whose fault is where it ends. */
static bool is_also_unlisted(const tw__case *k, tw__fault_kind kind)
{
    return kind != TW_FAULT_SELF_SIGNED && kind != TW_FAULT_INCOMPLETE && is_not_listed(k) &&
           meanings_of(k->event) & KIND(UNKNOWN_ISSUER);
}

/* Of two faults that explain the alert alike, each is only possible; verdict_from_rule.c names the other one. What takes
 * signatures to see counts where a row above has asked for it. */
static void weigh_others(tw__finding *f, tw__fault_kind kind)
{
    const tw__case *k = f->k;
    for (unsigned i = 0; i < TW_N_FAULTS; i++) {
        bool rivals =
            i != kind && meanings_of(k->event) & 1u << i && tw__case_has_examined(k, k->peer, (tw__fault_kind)i);
        const tw__fault *other = rivals ? explaining(k, (tw__fault_kind)i) : NULL;
        if (!other)
            continue;
        f->rivals |= 1u << i;
        tw__finding_cap(f, is_mere_doubt(other) ? TW_LIKELY : TW_POSSIBLE);
    }
    if (is_also_unlisted(k, kind))
        tw__finding_cap(f, TW_POSSIBLE);
}

bool tw__check_fault(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__fault *fault = explaining(k, (tw__fault_kind)f->arg);
    if (!fault)
        return false;
    weigh_others(f, fault->kind);
    return found(f, fault);
}

/* Whether nobody who looks for this kind of fault can overlook it, or know better: it is the leaf's own, not one of a
 * certificate above it, which another path may avoid. */
static bool is_inescapable(const tw__fault *fault)
{
    if (fault->cert > 0)
        return false;
    switch (fault->kind) {
    case TW_FAULT_MALFORMED:
    case TW_FAULT_BAD_SIGNATURE: return fault->certain;
    case TW_FAULT_WRONG_USAGE: return fault->need == TW_NEED_SERVER_AUTH || fault->need == TW_NEED_CLIENT_AUTH;
    default: return true;
    }
}

bool tw__check_inescapable_fault(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__fault *fault = tw__case_fault(k, k->peer, (tw__fault_kind)f->arg);
    return fault && is_inescapable(fault) && tw__check_fault(f);
}

/* NSS takes an issuer that is out of date for one that it does not know; whether others do is not known. */
bool tw__check_stale_issuer(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__fault *fault = tw__case_fault(k, k->peer, (tw__fault_kind)f->arg);
    const tw__library *library = k->peer == TW_SERVER ? tw__library_of(k->client_hello) : NULL;
    if (!fault || fault->cert == 0 || (library && (int)k->event != library->stale_issuer))
        return false;
    if (!library)
        tw__finding_cap(f, TW_POSSIBLE);
    weigh_others(f, fault->kind);
    return found(f, fault);
}

/* Nothing that was sent is out of date: then the sender's clock is wrong, or something that was not sent is out of date. */
bool tw__check_in_date(tw__finding *f)
{
    const tw__case *k = f->k;
    static const tw__fault_kind kinds[] = { TW_FAULT_EXPIRED, TW_FAULT_NOT_YET_VALID, TW_FAULT_CUT,
                                            TW_FAULT_MALFORMED };
    const tw__chain *chain = tw__case_chain(k, k->peer);
    if (!chain || tw__case_certificate_message(k, k->peer)->at.time_us <= 0 || tw__chain_unexamined(chain))
        return false;
    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (tw__case_fault(k, k->peer, kinds[i]))
            return false;
    add_leaf(f, k->peer);
    tw__finding_add(f, tw__case_certificate_message(k, k->peer)->at.frame, TW_TEXT_EV_IN_DATE);
    return true;
}

/* The leaf's keyUsage is what forbids the key exchange, not its extendedKeyUsage. */
static bool is_key_usage(const tw__fault *fault)
{
    return fault->cert == 0 && (fault->need == TW_NEED_SIGNATURE || fault->need == TW_NEED_ENCIPHERMENT);
}

/* Most libraries do not look; BoringSSL does, and has an alert of its own for it. */
bool tw__check_key_usage(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__fault *fault = tw__case_fault(k, k->peer, TW_FAULT_WRONG_USAGE);
    const tw__library *library = k->peer == TW_SERVER ? tw__library_of(k->client_hello) : NULL;
    if (!fault || !is_key_usage(fault) || (library && (int)k->event != library->key_usage))
        return false;
    if (!library)
        tw__finding_cap(f, TW_POSSIBLE);
    return found(f, fault);
}

/* What would be wrong with the leaf's usage if its key were to decrypt. Caller unrefs. */
static GPtrArray *faults_if_decrypting(const tw__case *k)
{
    int64_t seconds = tw__case_certificate_message(k, TW_SERVER)->at.time_us / G_USEC_PER_SEC;
    return tw__chain_examine(tw__case_chain(k, TW_SERVER), TW_SERVER, seconds, NULL, true);
}

/* NSS's own verifier wants keyEncipherment of a server's RSA key, also where it only signs (CERT_CheckKeyUsage in
 * lib/certdb/certdb.c; Firefox has another one), and its alert says nothing but that usages do not fit. */
bool tw__check_encipherment(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__library *library = tw__library_of(k->client_hello);
    GPtrArray *faults;
    bool holds = false;
    if (!library || (int)k->event != library->encipherment || !tw__case_chain(k, TW_SERVER) ||
        strcmp(tw__chain_cert(tw__case_chain(k, TW_SERVER), 0)->key_type, "RSA") != 0 ||
        tw__case_fault(k, TW_SERVER, TW_FAULT_WRONG_USAGE))
        return false;
    faults = faults_if_decrypting(k);
    for (unsigned i = 0; i < faults->len && !holds; i++) {
        const tw__fault *fault = g_ptr_array_index(faults, i);
        if (fault->kind != TW_FAULT_WRONG_USAGE || !is_key_usage(fault))
            continue;
        holds = found(f, fault);
        tw_values_set(f->values, "library", library->name);
        f->fault = NULL; /* it is one only to this client */
        tw__finding_add(f, k->client_hello_message->at.frame, TW_TEXT_EV_STACK_ENCIPHERMENT);
    }
    g_ptr_array_unref(faults);
    return holds;
}

/* A certificate of the other side's chain may be the very one that is missing: it shows that the issuer is an
 * intermediate. */
static bool issuer_is_known_intermediate(const tw__case *k, const tw__fault *fault)
{
    const tw__chain *other;
    if (k->request && tw__case_chain(k, TW_CLIENT) && k->peer == TW_CLIENT &&
        tw__chain_issued_by_any(tw__case_chain(k, TW_CLIENT), k->request->dns) == TW_YES)
        return false; /* a server that asks for certificates of this CA has the CA's own */
    other = tw__case_chain(k, k->sender);
    return other && tw__chain_holds_issuer_of(other, tw__case_chain(k, k->peer), fault->cert);
}

bool tw__check_incomplete(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__fault *fault = tw__case_fault(k, k->peer, TW_FAULT_INCOMPLETE);
    if (!fault)
        return false;
    weigh_others(f, fault->kind);
    if (issuer_is_known_intermediate(k, fault))
        return found(f, fault);
    if (f->arg && !fault->certain)
        return false;
    tw__finding_cap(f, fault->certain ? TW_LIKELY : TW_POSSIBLE);
    return found(f, fault);
}

bool tw__check_untrusted(tw__finding *f)
{
    const tw__case *k = f->k;
    return found(f, tw__case_fault(k, k->peer, TW_FAULT_UNKNOWN_ISSUER));
}

/* A library that has an alert of its own for an unknown CA would have sent it: this alert means something else. */
bool tw__check_untrusted_hidden(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__library *library = tw__library_of(k->client_hello);
    if (!tw__check_untrusted(f))
        return false;
    if (!library)
        return true;
    tw_values_set(f->values, "library", library->name);
    tw__finding_add(f, k->client_hello_message->at.frame, TW_TEXT_EV_STACK_CATCH_ALL);
    return k->alert && library->alerts[TW_FAULT_UNKNOWN_ISSUER] == k->alert->number;
}

bool tw__check_unlisted_any(tw__finding *f)
{
    const tw__case *k = f->k;
    if (k->request && k->request->n_dns)
        return false;
    return tw__check_untrusted(f);
}

/* The CA that the chain ends at may be an intermediate below one that was named, and its certificate what the client
 * left out: the server would say the same. */
static void weigh_unsent(tw__finding *f)
{
    const tw__fault *unknown = tw__case_fault(f->k, TW_CLIENT, TW_FAULT_UNKNOWN_ISSUER);
    if (tw__chain_ends_at_root(tw__case_chain(f->k, TW_CLIENT)))
        return;
    tw__finding_cap(f, TW_LIKELY);
    if (!unknown)
        return;
    tw_values_set(f->values, "unsent", tw_values_get(unknown->values, "issuer"));
    tw__finding_hold(f, TW_IF_ISSUER_UNSENT);
    tw__finding_add(f, tw__case_certificate_message(f->k, TW_CLIENT)->at.frame, TW_TEXT_EV_UNSENT);
}

bool tw__check_not_listed(tw__finding *f)
{
    const tw__case *k = f->k;
    if (!is_not_listed(k))
        return false;
    set_listed(f);
    tw_values_set(f->values, "issuer", tw__chain_cert(tw__case_chain(k, TW_CLIENT), 0)->issuer);
    tw__finding_hold(f, TW_IF_ISSUER_READ);
    tw_values_set(f->values, "subject", tw__chain_cert(tw__case_chain(k, TW_CLIENT), 0)->subject);
    tw__finding_add(f, k->request_message->at.frame, TW_TEXT_EV_LISTED);
    add_leaf(f, TW_CLIENT);
    weigh_unsent(f);
    return true;
}

bool tw__check_empty(tw__finding *f)
{
    const tw__case *k = f->k;
    if (!tw__case_sent_none(k, TW_CLIENT))
        return false;
    set_listed(f);
    add_request(f);
    tw_values_set_phrase(f->values, "sent", TW_TEXT_WORD_NONE);
    tw__finding_add(f, tw__case_certificate_message(k, TW_CLIENT)->at.frame, TW_TEXT_EV_NO_CERTIFICATE);
    return true;
}

/* A server of TLS 1.2 that has sent its own ChangeCipherSpec has gone on without a certificate: it asked for one that it
 * does not require, or its program looks only when the handshake is through (GnuTLS), and has said nothing before. */
bool tw__check_empty_refused(tw__finding *f)
{
    const tw__case *k = f->k;
    bool went_on = !tw__is_13(k->h->version) && k->h->flight[k->dir].ccs_frame;
    if (went_on && (!f->arg || k->conn->side[k->dir].n_application))
        return false;
    if (went_on)
        tw__finding_cap(f, TW_LIKELY);
    return tw__check_empty(f);
}

bool tw__check_asked_unseen(tw__finding *f)
{
    const tw__case *k = f->k;
    if (tw__case_certificates(k, TW_CLIENT))
        return false;
    set_listed(f);
    add_request(f);
    return k->request || k->h->renegotiation || tw__is_13(k->h->version); /* else the request could be read */
}

/* A server that has answered the client's data has accepted the certificate that came before them, or the lack of one;
 * one asked for later (RFC 8446 4.6.2) is another matter. */
bool tw__check_never_asked(tw__finding *f)
{
    const tw__case *k = f->k;
    bool served = k->conn->side[0].n_application && k->conn->side[1].n_application;
    uint32_t finished = k->h->flight[1 - k->dir].finished_frame;
    if (!k->request)
        return served || !tw__case_certificates(k, TW_CLIENT);
    return served && k->request_message->at.frame <= finished;
}

bool tw__check_certificate_seen(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__cert_info *leaf = tw__case_chain(k, k->peer) ? tw__chain_cert(tw__case_chain(k, k->peer), 0) : NULL;
    if (!leaf)
        return false;
    if (leaf->parsed) {
        tw_values_set(f->values, "subject", leaf->subject);
        tw_values_set(f->values, "issuer", leaf->issuer);
        tw__finding_hold(f, TW_IF_ISSUER_READ);
    }
    set_listed(f);
    add_request(f);
    add_leaf(f, k->peer);
    return true;
}

/* What there is to say of the peer's certificate where no fault of it explains the event. */
static tw_text word_for_faults(const tw__finding *f)
{
    const tw__case *k = f->k;
    tw_text word = TW_TEXT_WORD_NO_FAULT;
    for (unsigned i = 0; i < TW_N_FAULTS; i++) {
        const tw__fault *fault = BLOCKING & 1u << i ? tw__case_fault(k, k->peer, (tw__fault_kind)i) : NULL;
        if (fault && means_another(k, fault))
            return TW_TEXT_WORD_OTHER_FAULTS;
        if (fault && fault != f->fault && explaining(k, (tw__fault_kind)i) && !is_mere_doubt(fault))
            word = TW_TEXT_WORD_UNUSUAL_FAULTS;
    }
    return word;
}

bool tw__check_certificate_shows(tw__finding *f)
{
    if (!tw__check_certificate_seen(f))
        return false;
    tw_values_set(f->values, "shows", tw_text_template(word_for_faults(f)));
    return true;
}

/* A verifier must refuse a critical extension that it does not know (RFC 5280 4.2). */
bool tw__check_critical(tw__finding *f)
{
    const tw__fault *fault = explaining(f->k, TW_FAULT_UNKNOWN_CRITICAL);
    char *words;
    if (!fault || !tw__check_certificate_seen(f))
        return false;
    weigh_others(f, fault->kind);
    tw__finding_blame(f, fault);
    words = tw_text_expand(tw_text_template(TW_TEXT_WORD_CRITICAL), f->values);
    tw_values_set_text(f->values, "shows", words);
    g_free(words);
    return true;
}

/* In WebRTC and SIP with DTLS-SRTP the certificates are self-signed, and known by the fingerprint that the session
 * description states (RFC 5763 5, RFC 8827 6.5). Where it differs, verifiers send the alert of an unknown CA. */
bool tw__check_fingerprint(tw__finding *f)
{
    const tw__case *k = f->k;
    if (!k->conn->datagram || !k->client_hello || !tw__list_has(&k->client_hello->extensions, TW_EXT_USE_SRTP))
        return false;
    f->fault = tw__case_fault(k, k->peer, (tw__fault_kind)f->arg); /* which is none here, and not to be told again */
    if (!f->fault)
        return false;
    tw_values_set(f->values, "expectation", tw_text_template(TW_TEXT_WORD_EXPECTS_FINGERPRINT));
    tw_values_set(f->values, "description", tw_text_template(TW_TEXT_WORD_DESCRIPTION));
    tw__finding_hold(f, TW_IF_FINGERPRINTS);
    tw__finding_add(f, k->client_hello_message->at.frame, TW_TEXT_EV_SRTP);
    return tw__check_certificate_shows(f);
}

/* A CompressedCertificate that did not become a certificate (RFC 8879). */
static void add_compressed(const tw__case *k, tw__finding *f)
{
    const tw__message *m = tw__handshake_find(k->h, TW_HS_COMPRESSED_CERTIFICATE, 1 - k->dir);
    size_t len;
    const uint8_t *body = tw__message_body(m, &len);
    uint16_t algorithm = body ? tw__compressed_by(body, len) : 0;
    if (!algorithm || m->cut || tw__case_certificates(k, k->peer))
        return;
    tw__set_code(f->values, "algorithm", tw__compression_name(algorithm), algorithm);
    tw__finding_add(f, m->at.frame,
                    tw__compression_is_read(algorithm) ? TW_TEXT_EV_COMPRESSED_BAD : TW_TEXT_EV_COMPRESSED);
}

bool tw__check_certificate_unread(tw__finding *f)
{
    const tw__case *k = f->k;
    bool resumes = k->peer == TW_SERVER && tw__case_resumes(k);
    if (tw__case_sent_none(k, k->peer) || (resumes && k->event == TW_EVENT_ENCRYPTED))
        return false; /* an alert of certificates may be of the one that is remembered (BoringSSL looks at it again) */
    add_compressed(k, f);
    if (tw__is_13(k->h->version) && !resumes && !tw__case_certificates(k, k->peer) &&
        k->h->flight[1 - k->dir].n_opaque)
        tw__finding_add(f, k->h->flight[1 - k->dir].opaque_frame, TW_TEXT_EV_UNREADABLE);
    return true;
}
