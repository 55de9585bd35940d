/* Checks of signatures over the handshake (RFC 5246 7.4.3 and 7.4.8, RFC 8446 4.4.3) and of stapled OCSP responses.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/checks.h"
#include "case/transcript.h"
#include "tls/libraries.h"

#include <string.h>

/* A signature covers whole messages. */
static const uint8_t *whole_body(const tw__message *m, size_t *len)
{
    return m && m->cut ? NULL : tw__message_body(m, len);
}

/* ServerKeyExchange signs both randoms and the parameters. */
static tw_tri verify_key_exchange(const tw__case *k, uint16_t *scheme)
{
    tw__server_key_exchange ske;
    const tw__message *m = tw__case_key_exchange(k, &ske);
    GByteArray *data;
    tw_tri answer;
    if (!m || m->cut || !ske.signature || ske.flaw || !k->client_hello || !k->server_hello ||
        !tw__case_chain(k, TW_SERVER))
        return TW_UNSEEN;
    data = g_byte_array_new();
    g_byte_array_append(data, k->client_hello->random, 32);
    g_byte_array_append(data, k->server_hello->random, 32);
    g_byte_array_append(data, ske.params, (guint)ske.params_len);
    answer = tw__chain_leaf_verifies(tw__case_chain(k, TW_SERVER), ske.scheme, data->data, data->len, ske.signature,
                                     ske.signature_len);
    *scheme = ske.scheme;
    g_byte_array_unref(data);
    return answer;
}

static tw_tri verify_13(const tw__case *k, tw_side side, GByteArray *all, uint16_t scheme, const uint8_t *signature,
                        size_t signature_len)
{
    const char *context =
        side == TW_SERVER ? "TLS 1.3, server CertificateVerify" : "TLS 1.3, client CertificateVerify";
    uint8_t content[64 + 40 + TW_HASH_MAX];
    size_t n = 64 + strlen(context) + 1;
    memset(content, ' ', 64);
    memcpy(content + 64, context, strlen(context) + 1);
    tw__suite_hash(k->suite, all->data, all->len, content + n);
    return tw__chain_leaf_verifies(tw__case_chain(k, side), scheme, content, n + k->suite->hash, signature,
                                   signature_len);
}

static tw_tri verify_certificate_verify(const tw__case *k, tw_side side, uint16_t *scheme)
{
    const tw__message *m = tw__handshake_find(k->h, TW_HS_CERTIFICATE_VERIFY, tw__conn_dir(k->conn, side));
    const uint8_t *signature;
    size_t len, signature_len;
    const uint8_t *body = whole_body(m, &len);
    GByteArray *all;
    tw_tri answer = TW_UNSEEN;
    if (!body || !k->suite || !tw__case_chain(k, side) || k->h->left_out ||
        !tw__certificate_verify_read(body, len, k->h->version, scheme, &signature, &signature_len))
        return TW_UNSEEN;
    if (k->conn->datagram || !(all = tw__transcript(k, m, side)))
        return TW_UNSEEN; /* DTLS hashes its own header fields, which are not kept */
    if (tw__is_13(k->h->version))
        answer = verify_13(k, side, all, *scheme, signature, signature_len);
    else if (k->h->version >= TW_TLS10)
        answer =
            tw__chain_leaf_verifies(tw__case_chain(k, side), *scheme, all->data, all->len, signature, signature_len);
    g_byte_array_unref(all);
    return answer;
}

/* Who sent a delegated credential signs with its key and not the certificate's (RFC 9345 4). */
static bool signs_with_another_key(const tw__case *k)
{
    return tw__case_certificates(k, k->peer)->delegated;
}

/* The peer's signature over the handshake, by which message (0: none could be examined). */
static tw_tri examine_signature(const tw__case *k, uint8_t *message, uint16_t *scheme)
{
    tw_tri answer;
    *message = 0;
    if (!tw__case_chain(k, k->peer) || !tw__chain_cert(tw__case_chain(k, k->peer), 0)->parsed)
        return TW_UNSEEN;
    answer = verify_certificate_verify(k, k->peer, scheme);
    if (answer == TW_NO && signs_with_another_key(k))
        return TW_UNSEEN;
    if (answer != TW_UNSEEN)
        *message = TW_HS_CERTIFICATE_VERIFY;
    else if (k->peer == TW_SERVER && (answer = verify_key_exchange(k, scheme)) != TW_UNSEEN)
        *message = TW_HS_SERVER_KEY_EXCHANGE;
    return answer;
}

static void set_signature(const tw__case *k, tw__finding *f, uint8_t message, uint16_t scheme)
{
    const tw__cert_info *leaf = tw__chain_cert(tw__case_chain(k, k->peer), 0);
    const char *name = tw__scheme_name(scheme);
    tw_values_set(f->values, "message", tw__message_name(message));
    tw_values_set(f->values, "signed", tw__message_name(message)); /* says as well that it was examined */
    tw_values_set(f->values, "subject", leaf->subject);
    tw_values_set(f->values, "scheme", name ? name : leaf->key_type);
}

/* A library that has another alert for a signature that does not verify would have sent that one: then the signature, which
 * takes long to verify, is not what this one speaks of. */
static bool may_mean_signature(const tw__case *k)
{
    return (int)k->event == TW_ALERT_DECRYPT_ERROR ||
           tw__may_say_of_signature(k->sender == TW_CLIENT ? k->client_hello : k->server_hello, (uint8_t)k->event);
}

static bool signature_is(const tw__case *k, tw__finding *f, tw_tri wanted, tw_text text)
{
    uint16_t scheme = 0;
    uint8_t message;
    if (examine_signature(k, &message, &scheme) != wanted)
        return false;
    set_signature(k, f, message, scheme);
    tw__finding_add(f, tw__handshake_find(k->h, message, tw__conn_dir(k->conn, k->peer))->at.frame, text);
    return true;
}

bool tw__check_signature(tw__finding *f)
{
    const tw__case *k = f->k;
    if (!may_mean_signature(k) || !signature_is(k, f, TW_NO, TW_TEXT_EV_SIGNATURE_BAD))
        return false;
    /* the key is another one where the leaf is not the first certificate, for which this alert may be */
    if ((tw__case_may_answer_inner(k) || tw__case_leaf_place(k, k->peer)) && (int)k->event != TW_ALERT_DECRYPT_ERROR)
        return false;
    if (tw__case_may_answer_inner(k)) { /* then it signs the hello that cannot be read (RFC 9849 6.1.6) */
        tw__finding_cap(f, TW_LIKELY);
        tw__finding_add(f, k->client_hello_message->at.frame, TW_TEXT_EV_ECH_SIGNED);
    }
    if (tw__case_fault(k, k->peer, TW_FAULT_BAD_SIGNATURE)) /* the chain's explains the alert as well */
        tw__finding_cap(f, TW_POSSIBLE);
    return true;
}

bool tw__check_signature_good(tw__finding *f)
{
    const tw__case *k = f->k;
    return signature_is(k, f, TW_YES, TW_TEXT_EV_SIGNATURE_GOOD);
}

bool tw__check_signature_good_13(tw__finding *f)
{
    const tw__case *k = f->k;
    return tw__is_13(k->h->version) && tw__case_fault(k, k->peer, TW_FAULT_UNKNOWN_ISSUER) &&
           tw__check_signature_good(f);
}

/* The response stapled for the server's leaf: in CertificateStatus (RFC 6066 8) or in the Certificate entry. */
static GBytes *stapled(const tw__case *k, uint32_t *frame)
{
    const tw__message *m = tw__handshake_find(k->h, TW_HS_CERTIFICATE_STATUS, -1);
    size_t len;
    const uint8_t *body = whole_body(m, &len);
    const tw__certificates *c = tw__case_certificates(k, TW_SERVER);
    if (c && c->ocsp && c->ocsp->len && g_ptr_array_index(c->ocsp, 0)) {
        *frame = tw__case_certificate_message(k, TW_SERVER)->at.frame;
        return g_bytes_ref(g_ptr_array_index(c->ocsp, 0));
    }
    if (!body || len < 4 || body[0] != 1)
        return NULL;
    *frame = m->at.frame;
    return g_bytes_new(body + 4, MIN(len - 4, (size_t)(body[1] << 16 | body[2] << 8 | body[3])));
}

static tw_text ocsp_text(tw__ocsp_verdict v)
{
    switch (v) {
    case TW_OCSP_UNREADABLE: return TW_TEXT_OCSP_UNREADABLE;
    case TW_OCSP_OTHER_CERT: return TW_TEXT_OCSP_OTHER_CERT;
    case TW_OCSP_EXPIRED: return TW_TEXT_OCSP_EXPIRED;
    case TW_OCSP_NOT_YET_VALID: return TW_TEXT_OCSP_NOT_YET_VALID;
    case TW_OCSP_BAD_SIGNATURE: return TW_TEXT_OCSP_BAD_SIGNATURE;
    case TW_OCSP_ERROR_STATUS: return TW_TEXT_OCSP_ERROR_STATUS;
    case TW_OCSP_UNKNOWN: return TW_TEXT_OCSP_UNKNOWN;
    case TW_OCSP_UNEXAMINED:
    case TW_OCSP_GOOD:
    case TW_OCSP_REVOKED:
    case TW_OCSP_REVOKED_IN_DOUBT: break;
    }
    return TW_N_TEXTS;
}

/* What is wrong with stapling, as value "ocsp"; TW_OCSP_GOOD also when nothing was stapled and nothing had to be. */
static tw__ocsp_verdict ask_ocsp(const tw__case *k, tw__finding *f, uint32_t *frame)
{
    GBytes *response = stapled(k, frame);
    tw__ocsp_verdict v = TW_OCSP_GOOD;
    tw_text text = TW_N_TEXTS;
    if (tw__case_chain(k, TW_SERVER) && response) {
        v = tw__chain_check_ocsp(tw__case_chain(k, TW_SERVER), response,
                                 tw__case_certificate_message(k, TW_SERVER)->at.time_us / G_USEC_PER_SEC, f->values);
        text = ocsp_text(v);
    } else if (tw__case_chain(k, TW_SERVER) && tw__chain_cert(tw__case_chain(k, TW_SERVER), 0)->must_staple) {
        v = TW_OCSP_UNREADABLE;
        text = TW_TEXT_OCSP_MISSING;
        *frame = tw__case_certificate_message(k, TW_SERVER)->at.frame;
    }
    if (text != TW_N_TEXTS) {
        char *words = tw_text_expand(tw_text_template(text), f->values);
        tw_values_set_text(f->values, "ocsp", words);
        g_free(words);
    }
    if (response)
        g_bytes_unref(response);
    return v;
}

bool tw__check_ocsp_revoked(tw__finding *f)
{
    const tw__case *k = f->k;
    uint32_t frame = 0;
    tw__ocsp_verdict v = ask_ocsp(k, f, &frame);
    if (v != TW_OCSP_REVOKED && v != TW_OCSP_REVOKED_IN_DOUBT)
        return false;
    if (v == TW_OCSP_REVOKED_IN_DOUBT && (int)k->event == TW_ALERT_BAD_CERTIFICATE_STATUS_RESPONSE)
        tw__finding_cap(f, TW_LIKELY); /* then that may be what is wrong with the response */
    tw_values_set(f->values, "subject", tw__chain_cert(tw__case_chain(k, TW_SERVER), 0)->subject);
    tw__finding_add(f, frame, TW_TEXT_EV_OCSP_REVOKED);
    return true;
}

bool tw__check_ocsp_bad(tw__finding *f)
{
    const tw__case *k = f->k;
    uint32_t frame = 0;
    tw__ocsp_verdict v = ask_ocsp(k, f, &frame);
    if (v == TW_OCSP_GOOD || v == TW_OCSP_REVOKED || v == TW_OCSP_REVOKED_IN_DOUBT || v == TW_OCSP_UNEXAMINED)
        return false;
    tw__finding_add(f, frame, TW_TEXT_EV_OCSP);
    return true;
}
