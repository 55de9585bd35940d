/* From a rule and its finding to a verdict in words. See judge_internal.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "words/shared.h"
#include "case/tcp_evidence.h"
#include "judge/judge_internal.h"
#include "rules/checks.h"
#include "tls/libraries.h"
#include "judge/hints.h"
#include "verdict/verdict_internal.h"

#include "tlswhy/words.h"

#include <string.h>

/* The phrase for a fault that is true but was not what the sender objected to. */
static const tw_text also[TW_N_FAULTS] = {
    [TW_FAULT_MALFORMED] = TW_TEXT_EV_ALSO_MALFORMED,
    [TW_FAULT_CUT] = TW_TEXT_EV_CUT,
    [TW_FAULT_EXPIRED] = TW_TEXT_EV_ALSO_EXPIRED,
    [TW_FAULT_NOT_YET_VALID] = TW_TEXT_EV_ALSO_NOT_YET_VALID,
    [TW_FAULT_NAME_MISMATCH] = TW_TEXT_EV_ALSO_NAME_MISMATCH,
    [TW_FAULT_SELF_SIGNED] = TW_TEXT_EV_ALSO_SELF_SIGNED,
    [TW_FAULT_INCOMPLETE] = TW_TEXT_EV_ALSO_INCOMPLETE,
    [TW_FAULT_UNKNOWN_ISSUER] = TW_N_TEXTS, /* no fault in itself */
    [TW_FAULT_WEAK_KEY] = TW_TEXT_EV_ALSO_WEAK_KEY,
    [TW_FAULT_WEAK_SIGNATURE] = TW_TEXT_EV_ALSO_WEAK_SIGNATURE,
    [TW_FAULT_WRONG_USAGE] = TW_TEXT_EV_ALSO_WRONG_USAGE,
    [TW_FAULT_BAD_CA] = TW_TEXT_EV_ALSO_BAD_CA,
    [TW_FAULT_BAD_SIGNATURE] = TW_TEXT_EV_ALSO_BAD_SIGNATURE,
    [TW_FAULT_WRONG_ORDER] = TW_TEXT_EV_ALSO_WRONG_ORDER,
    [TW_FAULT_NEEDLESS_ROOT] = TW_N_TEXTS, /* harmless */
    [TW_FAULT_UNRELATED_CERT] = TW_TEXT_EV_ALSO_UNRELATED,
    [TW_FAULT_UNKNOWN_CRITICAL] = TW_TEXT_EV_ALSO_CRITICAL,
    [TW_FAULT_NO_SAN] = TW_TEXT_EV_ALSO_NO_SAN,
};

static void add_findings(tw_verdict *v, const tw__finding *f)
{
    v->n_left_out += f->n_left_out;
    for (unsigned i = 0; i < f->n_evidence; i++)
        tw__verdict_take(v, f->evidence[i].capture, f->evidence[i].frame, g_strdup(f->evidence[i].text));
}

/* A missing intermediate that may as well be an unknown root is no finding. */
static bool is_only_possible(const tw__fault *fault)
{
    return fault->kind == TW_FAULT_INCOMPLETE && !fault->certain;
}

/* An issuer outside is none either, but where it explains the event as well as the cause does, both are named. */
static tw_text other_text(const tw__finding *f, const tw__fault *fault)
{
    if (fault == f->fault || is_only_possible(fault))
        return TW_N_TEXTS;
    if (fault->kind == TW_FAULT_UNKNOWN_ISSUER && f->rivals & 1u << TW_FAULT_UNKNOWN_ISSUER)
        return TW_TEXT_EV_ALSO_UNKNOWN_ISSUER;
    return also[fault->kind];
}

static void add_other_faults(tw_verdict *v, const tw__finding *f)
{
    const tw__case *k = f->k;
    const GPtrArray *faults = tw__case_faults(k, k->peer);
    for (unsigned i = 0; faults && i < faults->len; i++) {
        const tw__fault *fault = g_ptr_array_index(faults, i);
        tw_text text = other_text(f, fault);
        if (text == TW_N_TEXTS)
            continue;
        tw_values_set(fault->values, "sender", tw_side_name(k->sender));
        tw__verdict_find(v, tw__case_certificate_message(k, k->peer)->at.frame, text, fault->values);
    }
}

/* What of the client's certificate is not as the server asked for it; the issuer has rules of its own. */
static void add_unasked(tw_verdict *v, const tw__finding *f)
{
    static const struct {
        bool (*holds)(const tw__case *k, tw_values *values);
        uint8_t message;
        tw_text text;
    } rows[] = {
        { tw__request_unlisted_key, TW_HS_CERTIFICATE, TW_TEXT_EV_ALSO_UNLISTED_KEY },
        { tw__request_unlisted_signature, TW_HS_CERTIFICATE, TW_TEXT_EV_ALSO_UNLISTED_SIGNATURE },
        { tw__request_unlisted_scheme, TW_HS_CERTIFICATE_VERIFY, TW_TEXT_EV_ALSO_UNLISTED_SCHEME },
    };
    const tw__case *k = f->k;
    for (unsigned i = 0; k->peer == TW_CLIENT && i < G_N_ELEMENTS(rows); i++) {
        tw_values *values;
        if (rows[i].text == f->same_as)
            continue;
        values = tw_values_new_private(k->conn->context->anonymizer);
        if (rows[i].holds(k, values))
            tw__verdict_find(
                v,
                rows[i].message == TW_HS_CERTIFICATE
                    ? tw__case_certificate_message(k, TW_CLIENT)->at.frame
                    : tw__handshake_find(k->h, rows[i].message, tw__conn_dir(k->conn, TW_CLIENT))->at.frame,
                rows[i].text, values);
        tw_values_free(values);
    }
}

static void add_unexamined(tw_verdict *v, const tw__case *k, tw_values *values)
{
    const tw__chain *chain = tw__case_chain(k, k->peer);
    unsigned n;
    if (k->request && k->request->n_dns > k->request->dns->len) {
        tw_values_set_count(values, "count", k->request->n_dns - k->request->dns->len, TW_TEXT_ONE_MORE_CA,
                            TW_TEXT_N_MORE_CAS);
        tw__verdict_find(v, k->request_message->at.frame, TW_TEXT_EV_UNEXAMINED_CAS, values);
    }
    n = chain ? tw__chain_unexamined(chain) : 0;
    if (!n)
        return;
    tw_values_set_count(values, "count", n, TW_TEXT_ONE_CERTIFICATE, TW_TEXT_N_CERTIFICATES);
    tw__verdict_find(v, tw__case_certificate_message(k, k->peer)->at.frame,
                     tw__chain_can_be_read() ? TW_TEXT_EV_UNEXAMINED : TW_TEXT_EV_NO_GNUTLS, values);
}

/* With a file of trusted roots: does the chain end there? */
static void add_anchor(tw_verdict *v, const tw__case *k, tw_values *values)
{
    const tw__chain *chain = tw__case_chain(k, k->peer);
    tw_tri anchored;
    if (!chain || !k->conn->context->roots)
        return;
    anchored = tw__roots_anchor(k->conn->context->roots, chain);
    if (anchored == TW_UNSEEN)
        return;
    tw_values_set_private(values, "file", TW_PRIVATE_FILE, k->conn->context->settings.trusted_roots);
    tw__verdict_find(v, tw__case_certificate_message(k, k->peer)->at.frame,
                     anchored == TW_YES ? TW_TEXT_EV_ANCHORED : TW_TEXT_EV_NOT_ANCHORED, values);
}

static tw_text text_of_hidden(const tw__case *k)
{
    if (tw__quic_of(k->conn))
        return TW_TEXT_EV_QUIC_HIDDEN;
    if (!tw__is_13(k->h->version))
        return TW_TEXT_EV_ENCRYPTED;
    if (!k->h->complete && (k->sender == TW_CLIENT || k->h->flight[k->dir].n_opaque <= 1))
        return TW_TEXT_EV_SIZE;
    return k->h->flight[k->dir].n_after > 1 ? TW_TEXT_EV_SIZE_TWICE : TW_TEXT_EV_SIZE_SESSION;
}

/* QUIC: what stands in the CONNECTION_CLOSE beside the alert. */
static void add_words(tw_verdict *v, const tw__case *k, tw_values *values)
{
    const tw__quic_facts *q = tw__quic_of(k->conn);
    char *words;
    if (!q || !q->n_words || q->close_frame != k->at.frame)
        return;
    words = tw_escape((const char *)q->words, q->n_words, TW_QUIC_WORDS_MAX);
    tw_values_set_text(values, "words", words);
    tw__verdict_find(v, q->close_frame, TW_TEXT_EV_WORDS, values);
    g_free(words);
}

static void add_quic_close(tw_verdict *v, const tw__case *k, tw_values *values)
{
    const tw__quic_facts *q = tw__quic_of(k->conn);
    tw_values_set(values, "error", tw__quic_error_name(q->error));
    if (!tw__quic_error_name(q->error))
        tw_values_setf(values, "error", "0x%" G_GINT64_MODIFIER "x", q->error);
    tw__verdict_find(v, k->at.frame, TW_TEXT_EV_QUIC_CLOSE, values);
    add_words(v, k, values);
}

/* The end itself, where it is no readable alert. */
static void add_event(tw_verdict *v, const tw__case *k, tw_values *values)
{
    bool reset = k->event == TW_EVENT_RESET;
    if (v->encrypted)
        tw__verdict_find(v, k->at.frame, text_of_hidden(k), values);
    if (k->event == TW_EVENT_FAILURE)
        tw__verdict_find(v, k->at.frame, TW_TEXT_EV_EAP_FAILURE, values);
    if (k->event == TW_EVENT_DROPPED)
        tw__verdict_find(v, k->at.frame, TW_TEXT_EV_DROPPED, values);
    if (k->event == TW_EVENT_SAID_MISSING || k->event == TW_EVENT_SAID_REJECTED)
        tw__verdict_find(v, k->at.frame, TW_TEXT_EV_SAID, values);
    if (k->event == TW_EVENT_SILENCE)
        tw__verdict_find(v, k->at.frame, TW_TEXT_EV_SILENCE, values);
    if (!reset && k->event != TW_EVENT_CLOSE)
        return;
    if (tw__quic_of(k->conn)) {
        add_quic_close(v, k, values);
        return;
    }
    tw_values_set(values, "ended", tw_text_template(reset ? TW_TEXT_WORD_RESET : TW_TEXT_WORD_CLOSED));
    tw__verdict_find(v, k->at.frame, TW_TEXT_EV_END, values);
}

static void add_alerts(tw_verdict *v, const tw__case *k, tw_values *values)
{
    uint32_t asked = tw__seldom_of(k->conn)->hello_request_frame;
    if (k->h->renegotiation && k->client_hello_message) {
        if (asked && k->sender == TW_SERVER)
            tw__verdict_find(v, asked, TW_TEXT_EV_HELLO_REQUEST, values);
        tw_values_setf(values, "number", "%u", k->h->number + 1);
        tw__verdict_find(v, k->client_hello_message->at.frame, TW_TEXT_EV_RENEGOTIATION, values);
    }
    if (k->conn->inside && k->client_hello_message)
        tw__verdict_find(v, k->client_hello_message->at.frame, TW_TEXT_EV_INSIDE, values);
    if (!k->alert) {
        add_event(v, k, values);
        return;
    }
    tw_values_set(values, "level", tw_alert_level_name(k->alert->level));
    if (!tw_alert_level_name(k->alert->level))
        tw_values_setf(values, "level", "%u", k->alert->level);
    tw__verdict_find(v, k->alert->at.frame, tw__quic_of(k->conn) ? TW_TEXT_EV_QUIC_ALERT : TW_TEXT_EV_ALERT, values);
    add_words(v, k, values);
}

/* What was not looked at, or is no longer known. A message that is no longer known may be what would speak against
 * the verdict. */
static void add_limits(tw_verdict *v, const tw__case *k, tw_values *values)
{
    tw__verdict_end_findings(v);
    if (k->h->released) {
        tw__verdict_limit(v, TW_TEXT_EV_RELEASED, values);
        v->confidence = TW_POSSIBLE;
    } else if (k->h->left_out) {
        tw_values_setf(values, "most_messages", "%d", TW_MESSAGES_MAX);
        tw_values_setf(values, "message_kib", "%d", TW_MESSAGE_MAX_BYTES / 1024);
        tw_values_setf(values, "most_kib", "%d", TW_HANDSHAKE_MAX_BYTES / 1024);
        tw__verdict_limit(v, TW_TEXT_EV_LEFT_OUT, values);
    }
}

static const char *reason_of(const tw_cause_info *cause, const tw_values *values)
{
    return tw_text_complete(cause->reason, values) ? cause->reason : cause->plain;
}

/* FNV-1a */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (const char *c = text; *c; c++)
        hash = (hash ^ (uint8_t)*c) * UINT64_C(0x100000001b3);
    return hash;
}

/* Of what the reason, which TEMPLATE and VALUES make, would be without the times that were measured. */
static uint64_t likeness_of(const char *reason, const char *template, const tw_values *values)
{
    static const struct {
        const char *name, *place;
    } measured[] = { { "after", "{after}" }, { "waited", "{waited}" }, { "ago", "{ago}" }, { "ahead", "{ahead}" } };
    tw_values *fixed = NULL;
    uint64_t hash;
    char *text;
    for (unsigned i = 0; i < G_N_ELEMENTS(measured); i++)
        if (strstr(template, measured[i].place)) {
            fixed = fixed ? fixed : tw_values_new_above(values);
            tw_values_set(fixed, measured[i].name, NULL);
        }
    if (!fixed)
        return hash_of(reason);
    text = tw_text_expand(template, fixed);
    hash = hash_of(text);
    g_free(text);
    tw_values_free(fixed);
    return hash;
}

/* Escaped; NULL: none. */
static char *server_name_of(const tw_conn *conn)
{
    char *name = tw_private_text(conn->context->anonymizer, TW_PRIVATE_HOST, g_strdup(conn->server_name));
    char *shown = name ? tw_escape(name, -1, TW_VALUE_MAX) : NULL;
    g_free(name);
    return shown;
}

/* The TLS library that SIDE looks like, or NULL. */
static const char *library_of(const tw__case *k, tw_side side)
{
    const tw__library *library = tw__library_of(side == TW_CLIENT ? k->client_hello : k->server_hello);
    return library ? library->name : NULL;
}

static tw_verdict *verdict_new(const tw__case *k)
{
    tw_verdict *v = g_new0(tw_verdict, 1);
    v->pool = k->conn->context->pool;
    v->sender = k->sender;
    v->phase = k->phase;
    v->frame = k->at.frame;
    v->trigger = k->trigger ? k->trigger->at.frame : 0;
    v->alert = v->level = v->ordinal = -1;
    v->encrypted = k->event == TW_EVENT_ENCRYPTED || k->event == TW_EVENT_ABORTED;
    v->server_name = tw__shared_text(server_name_of(k->conn));
    v->version = tw__shared_text(g_strdup(tw_values_get(k->values, "version")));
    tw__verdict_time(v, k);
    if (k->alert) {
        v->ordinal = k->alert->ordinal;
        v->alert = k->alert->number;
        v->level = k->alert->level;
        v->logs = tw__shared_logs(v->pool, k->alert->number, k->peer, library_of(k, k->peer), k->phase);
    } else {
        v->logs = tw__shared_list(v->pool, tw__shared_texts_new());
    }
    return v;
}

/* Those of SIDE that were captured whole, or NULL. */
static GPtrArray *certificates_of(const tw__case *k, tw_side side)
{
    const tw__certificates *sent = tw__case_certificates(k, side);
    unsigned n = sent ? sent->ders->len - (sent->partial && sent->ders->len ? 1 : 0) : 0;
    GPtrArray *held = n ? g_ptr_array_new_full(n, (GDestroyNotify)g_bytes_unref) : NULL;
    for (unsigned i = 0; i < n; i++) {
        GBytes *der = g_ptr_array_index(sent->ders, i), *known = g_hash_table_lookup(k->conn->context->ders, der);
        if (!known)
            g_hash_table_add(k->conn->context->ders, g_bytes_ref(known = der));
        g_ptr_array_add(held, g_bytes_ref(known));
    }
    return held;
}

static void hold_certificates(tw_verdict *v, const tw__case *k)
{
    if (!k->conn->context->settings.certificates)
        return;
    v->certificates[0] = certificates_of(k, TW_SERVER);
    v->certificates[1] = certificates_of(k, TW_CLIENT);
}

tw_verdict *tw__verdict_from_rule(const tw__rule *rule, tw__finding *f)
{
    const tw__case *k = f->k;
    const tw_cause_info *cause = tw_cause_get(rule->cause);
    tw_verdict *v = verdict_new(k);
    tw__tcp_evidence(k, f);
    tw__verdict_add_waits(v, k);
    v->failure = cause->severity >= TW_WARN;
    v->cause = rule->cause;
    v->rule = rule->id;
    v->from_others = f->from_others;
    if (f->answered)
        v->trigger = f->answered->at.frame;
    v->confidence = f->confidence;
    v->severity = cause->severity;
    v->title = cause->title;
    v->reason = tw__shared_text(tw_text_expand(reason_of(cause, f->values), f->values));
    v->likeness = likeness_of(v->reason, reason_of(cause, f->values), f->values);
    add_alerts(v, k, f->values);
    add_findings(v, f);
    add_unexamined(v, k, f->values);
    add_anchor(v, k, f->values);
    add_other_faults(v, f);
    add_unasked(v, f);
    tw__add_remarks(v, k);
    tw__verdict_sort(v);
    add_limits(v, k, f->values);
    v->hints = tw__hints(v, f);
    v->offer = tw__shared_text(tw__offer_command(v, f));
    hold_certificates(v, k);
    return v;
}

tw_verdict *tw__verdict_notice(const tw__case *k, tw_cause cause, tw_text text)
{
    tw_verdict *v = verdict_new(k);
    v->cause = cause;
    v->severity = cause < TW_N_CAUSES ? tw_cause_get(cause)->severity : TW_NOTE;
    v->title = cause < TW_N_CAUSES ? tw_cause_get(cause)->title : tw_text_template(TW_TEXT_NOTICE_TITLE);
    v->reason = tw__shared_text(tw_text_expand(
        cause < TW_N_CAUSES && text == TW_TEXT_NOTICE_TITLE ? tw_cause_get(cause)->plain : tw_text_template(text),
        k->values));
    v->hints = tw__shared_list(v->pool, tw__shared_texts_new());
    return v;
}
