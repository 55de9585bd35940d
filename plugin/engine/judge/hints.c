/* Which hints a verdict gives; a condition is seen here in the case, or a check says that it holds. See hints.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/hints.h"

#include "case/openssl_command.h"
#include "words/shared.h"

/* By the commands of the hints, which go over TCP. */
static bool is_reachable(const tw__case *k)
{
    int server = tw__conn_dir(k->conn, TW_SERVER);
    return k->client_hello && server >= 0 && tw__conn_end(k->conn, server) && !k->conn->indirect &&
           !k->conn->datagram && !tw__quic_of(k->conn);
}

static bool hides_certificate(const tw__case *k)
{
    return tw__is_13(k->h->version) && !tw__case_certificates(k, k->peer);
}

/* What a check found out stands in the finding; what any verdict may ask is answered here. */
static bool holds(tw_condition condition, const tw_verdict *v, const tw__finding *f)
{
    const tw__case *k = f->k;
    switch (condition) {
    case TW_ALWAYS: return true;
    case TW_IF_REACHABLE: return is_reachable(k);
    case TW_IF_NAMED: return k->client_hello && k->client_hello->sni;
    case TW_IF_CERTIFICATE_HIDDEN: return hides_certificate(k);
    case TW_IF_ALERT_HIDDEN: return v->encrypted && !k->conn->not_decrypted;
    case TW_IF_SSLV2: return k->h->sslv2 && !k->h->server_hello_frame;
    case TW_IF_LEAF_LATER: return tw__case_leaf_place(k, k->peer) > 0;
    case TW_IF_PSK: return !tw__finding_has(f, TW_IF_TICKET);
    default: return tw__finding_has(f, condition);
    }
}

/* Those that may come with any cause. */
static const struct {
    tw_condition condition;
    tw_text text;
} of_any_cause[] = {
    { TW_IF_ALERT_HIDDEN, TW_TEXT_HINT_KEYS },
    { TW_IF_SSLV2, TW_TEXT_HINT_SSLV2 },
    { TW_IF_LEAF_LATER, TW_TEXT_HINT_ORDER },
};

static void add(GPtrArray *hints, const char *template, const tw__finding *f)
{
    tw__add_shared(hints, tw_text_expand(template, f->values));
}

/* Where the first handshake of a connection failed, the same hello on a new connection may fail again. */
static bool may_fail_again(const tw_verdict *v, const tw__case *k)
{
    return v->failure && !k->h->renegotiation && !k->h->sslv2 && k->phase != TW_ESTABLISHED;
}

static bool add_command(GPtrArray *hints, const tw_verdict *v, const tw__finding *f)
{
    const tw__case *k = f->k;
    char *left_out = NULL, *command = NULL;
    bool added;
    if (may_fail_again(v, k))
        command = tw__reproduce(k, &left_out);
    added = command != NULL;
    if (command) {
        tw_values_set_text(f->values, "command", command);
        tw_values_set_text(f->values, "left_out", left_out);
        add(hints, tw_text_template(left_out ? TW_TEXT_HINT_REPRODUCE_PART : TW_TEXT_HINT_REPRODUCE), f);
    }
    g_free(command);
    g_free(left_out);
    return added;
}

char *tw__offer_command(const tw_verdict *v, const tw__finding *f)
{
    return may_fail_again(v, f->k) ? tw__reproduce_shortly(f->k, v->cause) : NULL;
}

void tw__hint_alone(tw_verdict *notice, char *text)
{
    GPtrArray *hints = tw__shared_texts_new();
    tw__add_shared(hints, text);
    tw__shared_list_free(notice->pool, notice->hints);
    notice->hints = tw__shared_list(notice->pool, hints);
}

GPtrArray *tw__hints(tw_verdict *v, const tw__finding *f)
{
    GPtrArray *hints = tw__shared_texts_new();
    for (const tw_hint *hint = tw_cause_get(v->cause)->hints; hint->text; hint++)
        if (holds(hint->condition, v, f))
            add(hints, hint->text, f);
    for (unsigned i = 0; i < G_N_ELEMENTS(of_any_cause); i++)
        if (holds(of_any_cause[i].condition, v, f))
            add(hints, tw_text_template(of_any_cause[i].text), f);
    v->has_command = add_command(hints, v, f);
    return tw__shared_list(v->pool, hints);
}
