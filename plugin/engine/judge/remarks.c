/* What else is worth a remark about certificates and sizes, whatever the rule says. See judge_internal.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection/connection_internal.h"
#include "judge/judge_internal.h"
#include "tlswhy/words.h"
#include "verdict/verdict_internal.h"

#include <string.h>

#define REQUEST_LARGE 16384        /* more than a record: some clients take no more */
#define CHAIN_LARGE   (100 * 1024) /* OpenSSL takes 100 KiB by default (SSL_CTX_set_max_cert_list) */

static const struct {
    const char *subject, *not_after;
    int64_t seconds;
} expired_roots[] = {
#define EXPIRED_ROOT(subject, not_after, seconds) { subject, not_after, seconds },
#include "catalogue/expired_roots.def"
};

/* The chain ends at an issuer that was not sent, and that has expired since. */
static void remark_root(tw_verdict *v, const tw__case *k)
{
    const tw__fault *fault = tw__case_fault(k, k->peer, TW_FAULT_UNKNOWN_ISSUER);
    const char *issuer = fault ? tw_values_get(fault->values, "issuer") : NULL;
    for (unsigned i = 0; issuer && i < G_N_ELEMENTS(expired_roots); i++) {
        if (strcmp(issuer, expired_roots[i].subject) != 0 ||
            k->at.time_us / G_USEC_PER_SEC <= expired_roots[i].seconds)
            continue;
        tw_values_set(fault->values, "not_after", expired_roots[i].not_after);
        tw__verdict_find(v, tw__case_certificate_message(k, k->peer)->at.frame, TW_TEXT_EV_ROOT_EXPIRED,
                         fault->values);
    }
}

static void remark_leaf(tw_verdict *v, const tw__case *k, tw_values *values)
{
    unsigned place = tw__case_leaf_place(k, k->peer);
    if (!place)
        return;
    tw_values_setf(values, "number", "%u", place + 1);
    tw_values_set(values, "subject", tw__chain_cert(tw__case_chain(k, k->peer), place)->subject);
    tw__verdict_find(v, tw__case_certificate_message(k, k->peer)->at.frame, TW_TEXT_EV_LEAF_LATER, values);
}

/* Of what was so long that Wireshark has not read it. */
static void remark_unread(tw_verdict *v, const tw__case *k, tw_values *values)
{
    const tw__oddities *peer = tw__odd_of(k->conn, 1 - k->dir);
    if (!peer->long_frame || tw__handshake_find(k->h, peer->long_type, 1 - k->dir))
        return;
    tw_values_setf(values, "length", "%u", peer->long_length);
    tw_values_set(values, "from", tw_side_name(k->peer));
    tw_values_set(values, "message", tw__message_name(peer->long_type));
    tw__verdict_find(v, peer->long_frame, TW_TEXT_EV_LONG_MESSAGE, values);
}

static void remark_sizes(tw_verdict *v, const tw__case *k, tw_values *values)
{
    const tw__message *chain = tw__case_certificate_message(k, k->peer);
    if (k->request && k->request_message->length > REQUEST_LARGE) {
        tw_values_setf(values, "length", "%u", k->request_message->length);
        tw_values_set_count(values, "count", k->request->n_dns, TW_TEXT_ONE_CA, TW_TEXT_N_CAS);
        tw__verdict_find(v, k->request_message->at.frame, TW_TEXT_EV_REQUEST_LARGE, values);
    }
    if (chain && chain->length > CHAIN_LARGE) {
        tw_values_setf(values, "length", "%u", chain->length);
        tw_values_set(values, "from", tw_side_name(k->peer));
        tw__verdict_find(v, chain->at.frame, TW_TEXT_EV_CHAIN_LARGE, values);
    }
}

/* DTLS: what a server that does not answer may not have put together. */
static void remark_fragments(tw_verdict *v, const tw__case *k, tw_values *values)
{
    const tw__message *hello = k->client_hello_message;
    if (!hello || !hello->in_fragments || k->server_hello || k->event != TW_EVENT_SILENCE)
        return;
    tw_values_setf(values, "length", "%u", hello->length);
    tw__verdict_find(v, hello->at.frame, TW_TEXT_EV_HELLO_FRAGMENTS, values);
}

static bool offers_ticket(const tw__case *k)
{
    const tw__hello *hello = k->client_hello;
    return hello && !hello->flaw && hello->n_psk_identities && hello->psk_identity && !hello->psk_external;
}

/* The session that the client offers to resume, with its LENGTH in bytes; TW_N_TEXTS: none that can be told. A client that
 * has TLS 1.3 invents a session ID (RFC 8446 D.4), and so does one that has a ticket (RFC 5077 3.4). */
static tw_text offered_session(const tw__case *k, unsigned *length)
{
    const tw__hello *hello = k->client_hello;
    if (!hello || hello->flaw)
        return TW_N_TEXTS;
    if (offers_ticket(k)) {
        *length = (unsigned)g_bytes_get_size(hello->psk_identity);
        return TW_TEXT_WORD_PSK_TICKET;
    }
    if (hello->ticket_len) {
        *length = hello->ticket_len;
        return TW_TEXT_WORD_PSK_TICKET;
    }
    *length = hello->session_id_len;
    return *length && !tw__is_13(hello->version) ? TW_TEXT_WORD_SESSION_ID : TW_N_TEXTS;
}

/* Whether the server makes a full handshake, as its flight shows. */
static bool makes_full_handshake(const tw__case *k)
{
    const tw__hello *hello = k->server_hello;
    int server = tw__conn_dir(k->conn, TW_SERVER);
    if (!hello || hello->flaw || hello->is_retry || server < 0 || tw__case_resumes(k))
        return false;
    return tw__is_13(k->h->version) ? hello->selected_psk < 0
                                    : tw__handshake_find(k->h, TW_HS_CERTIFICATE, server) != NULL;
}

/* A session that was not resumed: what fails in the full handshake may have been so for long, without anybody asking. */
static void remark_full_handshake(tw_verdict *v, const tw__case *k, tw_values *values)
{
    unsigned length;
    tw_text session;
    if (k->h->number || k->phase == TW_ESTABLISHED || !makes_full_handshake(k) ||
        (session = offered_session(k, &length)) == TW_N_TEXTS)
        return;
    tw_values_setf(values, "length", "%u", length);
    tw_values_set_phrase(values, "psk", session);
    tw__verdict_find(v, k->h->server_hello_frame, TW_TEXT_EV_NOT_RESUMED, values);
}

/* A session that is resumed may be what fails: of a ticket that was refused without a word, or taken up. */
static void remark_session(tw_verdict *v, const tw__case *k, tw_values *values)
{
    bool refused = k->sender == TW_SERVER && k->phase == TW_CLIENT_HELLO && offers_ticket(k);
    bool resumes =
        k->phase != TW_ESTABLISHED && tw__case_resumes(k) && !(k->client_hello && k->client_hello->psk_external);
    if (refused && !k->server_hello && v->cause != TW_CAUSE_PSK_KEY_MISMATCH &&
        v->cause != TW_CAUSE_PSK_UNKNOWN_IDENTITY) {
        tw_values_setf(values, "length", "%u", (unsigned)g_bytes_get_size(k->client_hello->psk_identity));
        tw__verdict_find(v, k->client_hello_message->at.frame, TW_TEXT_EV_TICKET, values);
    }
    if (resumes)
        tw__verdict_find(v, k->h->server_hello_frame, TW_TEXT_EV_RESUMES, values);
}

void tw__add_remarks(tw_verdict *v, const tw__case *k)
{
    tw_values *values = tw_values_new_private(k->conn->context->anonymizer);
    remark_root(v, k);
    remark_leaf(v, k, values);
    remark_sizes(v, k, values);
    remark_unread(v, k, values);
    remark_fragments(v, k, values);
    remark_session(v, k, values);
    remark_full_handshake(v, k, values);
    tw_values_free(values);
}

static bool offers_protocols(tw_conn *c)
{
    const tw__hello *hello = tw__handshake_client_hello(c->now, c->client_dir);
    if (hello)
        tw__conn_learn_name(c, c->now, hello);
    return hello && hello->alpn && hello->alpn->len;
}

static bool is_without_protocol(const tw__hello *answer)
{
    return answer && !answer->flaw && !answer->is_retry && !tw__hello_has(answer, TW_EXT_ALPN);
}

/* Whether the server's answer of TYPE can be read, and chooses none. */
static bool chooses_no_protocol(const tw_conn *c, uint8_t type)
{
    size_t len;
    const uint8_t *body;
    tw__hello *answer;
    bool none;
    if (type == TW_HS_SERVER_HELLO)
        return is_without_protocol(tw__handshake_hello(c->now, type, -1));
    body = tw__message_body(tw__handshake_find(c->now, type, -1), &len);
    answer = body ? tw__encrypted_extensions_read(body, len) : NULL;
    none = is_without_protocol(answer);
    tw__hello_free(answer);
    return none;
}

/* Where the choice can be read: in the ServerHello, in TLS 1.3 in EncryptedExtensions. Nearly every handshake comes by
 * here, so a case is opened only where there is something to say. */
tw_verdict *tw__note_protocols(tw_conn *c, tw_at at, uint8_t type)
{
    bool tells = type == (tw__is_13(c->now->version) ? TW_HS_ENCRYPTED_EXTENSIONS : TW_HS_SERVER_HELLO);
    if (!tells || c->client_dir < 0 || at.dir == c->client_dir || c->now->number || c->now->failed ||
        c->n_notices >= TW_NOTICES_MAX || !offers_protocols(c) || !chooses_no_protocol(c, type))
        return NULL;
    return tw__judge_notice(c, tw__case_open(c, TW_EVENT_SILENCE, at, NULL), TW_N_CAUSES, TW_TEXT_NOTICE_ALPN_NONE);
}
