/* Checks of ends without a readable alert: other protocols, silence, sizes of encrypted records. See checks.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/checks.h"

#include "connection/record_sizes.h"
#include "tlswhy/words.h"
#include "connection/cleartext.h"

/* What DIR, of which a payload is in the clear, said there. */
static const tw__oddities *words_of(const tw__case *k, int dir)
{
    return tw__odd_of(k->conn, dir);
}

static void set_bytes(tw__finding *f, int dir)
{
    const tw__oddities *said = words_of(f->k, dir);
    char *words = tw__cleartext_words(said->cleartext, said->cleartext_len);
    tw_values_set_private(f->values, "bytes", TW_PRIVATE_WORDS, words);
    g_free(words);
}

/* Whether the capture holds every byte of both sides from their beginning: else the words may be of another place, such
 * as the greeting of a server that speaks before TLS. */
static bool is_followed(const tw_conn *c)
{
    for (int dir = 0; c->flow && dir < 2; dir++) {
        const tw__flow *flow = &c->flow[dir];
        if (!flow->begins || flow->lost || tw__flow_lacks(flow) || tw__flow_has_hole(flow))
            return false;
    }
    return true;
}

bool tw__check_cleartext_server(tw__finding *f)
{
    const tw__case *k = f->k;
    int server = tw__conn_dir(k->conn, TW_SERVER);
    uint32_t frame;
    if (server < 0 || k->conn->side[server].n_records || !tw__conn_has_answered_plainly(k->conn))
        return false;
    frame = words_of(k, server)->cleartext_frame;
    /* the words may belong to what came before the upgrade, and only stand behind it here */
    if (tw__seldom_of(k->conn)->starttls || !is_followed(k->conn))
        tw__finding_cap(f, TW_LIKELY);
    set_bytes(f, server);
    tw__finding_add(f, frame, TW_TEXT_EV_PLAIN);
    if (k->conn->indirect && frame < k->h->client_hello_frame) {
        tw__finding_cap(f,
                        TW_LIKELY); /* a refusal that comes before is no answer, though the client takes it for one */
        tw__finding_add(f, k->h->client_hello_frame, TW_TEXT_EV_TUNNEL_REFUSED);
    }
    return true;
}

bool tw__check_declined(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__oddities *said = words_of(k, k->dir);
    bool asked = k->at.frame == said->cleartext_frame;
    set_bytes(f, k->dir);
    if (!asked) { /* the client leaves without having asked: that it did so for want of TLS is a guess */
        tw__finding_cap(f, TW_POSSIBLE);
        if (!tw__greets_without_tls(said->cleartext, said->cleartext_len))
            tw_values_set_phrase(f->values, "bytes", TW_TEXT_WITHOUT_STARTTLS);
        tw__finding_add(f, k->at.frame, TW_TEXT_EV_LEAVES);
    }
    tw__finding_add(f, said->cleartext_frame, asked ? TW_TEXT_EV_DECLINED : TW_TEXT_EV_NOT_OFFERED);
    return true;
}

bool tw__check_cleartext_client(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__oddities *said = k->conn->client_dir < 0 ? NULL : words_of(k, k->conn->client_dir);
    if (!said || !said->cleartext_frame || k->h->client_hello_frame || k->conn->n_handshakes)
        return false;
    set_bytes(f, k->conn->client_dir);
    tw__finding_add(f, said->cleartext_frame, TW_TEXT_EV_PLAIN);
    return true;
}

bool tw__check_proxy_header(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__oddities *said = k->conn->client_dir < 0 ? NULL : words_of(k, k->conn->client_dir);
    if (!said || !said->cleartext_frame || k->h->server_hello_frame ||
        !tw__is_proxy_header(said->cleartext, said->cleartext_len))
        return false;
    if (k->event == TW_EVENT_CLOSE || k->event == TW_EVENT_RESET)
        tw__finding_cap(f, TW_POSSIBLE); /* a server that expects the header may close, too */
    set_bytes(f, k->conn->client_dir);
    tw__finding_add(f, said->cleartext_frame, TW_TEXT_EV_PROXY_HEADER);
    tw__finding_hold(f, TW_IF_PROXY_HEADER);
    return true;
}

bool tw__check_no_choice(tw__finding *f)
{
    const tw__case *k = f->k;
    if (k->h->server_hello_frame || k->h->retry_frame)
        return false;
    if (k->at.time_us > k->h->client_hello_us)
        tw_values_set_duration(f->values, "after", k->at.time_us - k->h->client_hello_us);
    return true;
}

/* Nothing shows what the sender minded: then it is said how far the handshake had come. */
bool tw__check_last_message(tw__finding *f)
{
    const tw__case *k = f->k;
    for (unsigned i = 0; i < k->h->n_messages; i++) {
        const tw__message *m = &k->h->messages[i];
        if (m->at.dir != k->dir && m->at.frame <= k->at.frame)
            f->answered = m;
    }
    if (f->answered)
        tw_values_set(f->values, "message", tw__message_name(f->answered->type));
    return true;
}

/* Since the last handshake message of this handshake, or since the hello. */
bool tw__check_waited(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__quic_facts *quic = tw__quic_of(k->conn);
    const tw__message *last = k->h->n_messages ? &k->h->messages[k->h->n_messages - 1] : NULL;
    if (f->arg && (k->h->server_hello_frame || k->h->retry_frame || (quic && quic->retry_frame)))
        return false;
    if (last && k->at.time_us > last->at.time_us)
        tw_values_set_duration(f->values, "waited", k->at.time_us - last->at.time_us);
    return tw__check_last_message(f);
}

bool tw__check_flight_empty(tw__finding *f)
{
    const tw__case *k = f->k;
    if (tw__case_certificates(k, TW_CLIENT) ||
        tw__client_flight(k->h, k->conn->client_dir) != TW_FLIGHT_EMPTY_CERTIFICATE)
        return false;
    tw_values_set_phrase(f->values, "sent", TW_TEXT_WORD_NONE);
    tw__finding_add(f, k->h->flight[k->conn->client_dir].opaque_frame, TW_TEXT_EV_EMPTY_FLIGHT);
    return true;
}

bool tw__check_opaque_hello(tw__finding *f)
{
    const tw__case *k = f->k;
    int client = k->conn->client_dir;
    if (client < 0 || k->h->flight[1 - k->dir].n_opaque != 1 || k->h->flight[k->dir].n_opaque > 1 ||
        k->h->flight[client].ccs_frame)
        return false;
    tw_values_set(f->values, "message",
                  tw__message_name(k->sender == TW_SERVER ? TW_HS_CLIENT_HELLO : TW_HS_HELLO_REQUEST));
    return true;
}

static void append_version(GString *list, uint32_t version)
{
    const char *name = tw__quic_version_name(version);
    g_string_append(list, list->len ? ", " : "");
    if (name)
        g_string_append(list, name);
    else
        g_string_append_printf(list, "0x%08x", version);
}

bool tw__check_quic_versions(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__quic_facts *q = tw__quic_of(k->conn);
    GString *asked = g_string_new(NULL), *named = g_string_new(NULL);
    append_version(asked, q->version);
    for (unsigned i = 0; i < q->n_offers; i++)
        append_version(named, q->offers[i]);
    tw_values_set(f->values, "offered_versions", asked->str);
    tw_values_set(f->values, "named_versions", named->str);
    tw__finding_add(f, q->negotiation_frame, TW_TEXT_EV_NEGOTIATION);
    g_string_free(asked, TRUE);
    g_string_free(named, TRUE);
    return true;
}

bool tw__check_quic_error(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__quic_facts *q = tw__quic_of(k->conn);
    if (!q || !q->has_error || q->error != (uint64_t)f->arg)
        return false;
    tw_values_set(f->values, "alert", tw__quic_error_name(q->error));
    return true;
}
