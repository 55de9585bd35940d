/* Facts of one connection: the order of its messages, alerts and ends. See connection.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection/connection_internal.h"
#include "connection/cleartext.h"

#include <string.h>

tw__handshake *tw__handshake_new(unsigned number, bool renegotiation)
{
    tw__handshake *h = g_new0(tw__handshake, 1);
    h->number = (uint16_t)MIN(number, UINT16_MAX);
    h->renegotiation = renegotiation;
    return h;
}

/* Facts may be added all the same, however late. */
void tw__message_clear(tw__message *m)
{
    g_clear_pointer(&m->hello, tw__hello_free);
    g_clear_pointer(&m->bytes, g_bytes_unref);
}

static void forget_messages(tw__handshake *h)
{
    for (unsigned i = 0; i < h->n_messages; i++)
        tw__message_clear(&h->messages[i]);
    g_clear_pointer(&h->messages, g_free);
    h->n_messages = 0;
}

void tw__handshake_free(tw__handshake *h)
{
    if (!h)
        return;
    forget_messages(h);
    g_free(h);
}

/* What is known of TCP on connections whose own facts were freed: shared, and only read. */
static const tw__tcp forgotten[2] = { { .partial = true }, { .partial = true } };

bool tw__conn_is_watched(const tw_conn *c)
{
    return c->tcp != forgotten;
}

static void forget_tcp(tw_conn *c)
{
    if (tw__conn_is_watched(c))
        g_free(c->tcp);
    c->tcp = (tw__tcp *)(uintptr_t)forgotten;
}

tw_conn *tw__conn_new(bool datagram, const char *const ends[2])
{
    static const tw__context nothing = { .roots = NULL };
    const char *text[2] = { ends[0] ? ends[0] : "", ends[1] ? ends[1] : "" };
    size_t size[2] = { strlen(text[0]) + 1, strlen(text[1]) + 1 };
    tw_conn *c = g_malloc0(sizeof *c + size[0] + size[1]);
    memcpy(c->ends, text[0], size[0]);
    memcpy(c->ends + size[0], text[1], size[1]);
    c->known_ends = (ends[0] ? 1U : 0U) | (ends[1] ? 2U : 0U);
    c->context = &nothing;
    c->client_dir = -1;
    c->initiator_dir = -1;
    c->datagram = datagram;
    c->carrier = datagram ? TW_CARRIER_UDP : TW_CARRIER_TCP;
    c->tcp = g_new0(tw__tcp, 2);
    c->now = tw__handshake_new(0, false);
    return c;
}

const char *tw__conn_end(const tw_conn *c, int dir)
{
    if (!(c->known_ends & 1U << dir))
        return NULL;
    return dir ? c->ends + strlen(c->ends) + 1 : c->ends;
}

void tw__conn_follow(tw_conn *c, tw__flow flow[2])
{
    if (c->flow)
        return;
    c->flow = g_memdup2(flow, 2 * sizeof flow[0]);
    memset(flow, 0, 2 * sizeof flow[0]);
}

static void release_flow(tw_conn *c)
{
    for (int dir = 0; c->flow && dir < 2; dir++)
        tw__flow_release(&c->flow[dir]);
}

const tw__seldom tw__nothing_seldom;
const tw__oddities tw__nothing_odd;

tw__seldom *tw__seldom_for(tw_conn *c)
{
    if (!c->seldom)
        c->seldom = g_new0(tw__seldom, 1);
    return c->seldom;
}

tw__oddities *tw__odd_for(tw_conn *c, int dir)
{
    tw__seldom *seldom = tw__seldom_for(c);
    if (!seldom->odd)
        seldom->odd = g_new0(tw__oddities, 2);
    return &seldom->odd[dir];
}

tw__quic_facts *tw__quic_for(tw_conn *c)
{
    tw__seldom *seldom = tw__seldom_for(c);
    if (!seldom->quic)
        seldom->quic = g_new0(tw__quic_facts, 1);
    return seldom->quic;
}

tw__datagrams *tw__datagrams_for(tw_conn *c)
{
    tw__seldom *seldom = tw__seldom_for(c);
    if (!seldom->datagrams)
        seldom->datagrams = g_new0(tw__datagrams, 1);
    return seldom->datagrams;
}

static void release_fragments(const tw_conn *c)
{
    tw__datagrams *d = tw__seldom_of(c)->datagrams;
    for (int dir = 0; d && dir < 2; dir++)
        g_clear_pointer(&d->fragments[dir], g_ptr_array_unref);
}

static void free_seldom(tw__seldom *seldom)
{
    if (!seldom)
        return;
    tw__handshake_free(seldom->first);
    g_free(seldom->odd);
    g_free(seldom->alerts);
    g_free(seldom->datagrams);
    g_free(seldom->quic);
    g_free(seldom);
}

void tw__conn_free(tw_conn *c)
{
    if (!c)
        return;
    tw__handshake_free(c->now);
    release_fragments(c);
    free_seldom(c->seldom);
    release_flow(c);
    g_free(c->flow);
    forget_tcp(c);
    g_clear_pointer(&c->server_name, g_ref_string_release);
    g_free(c);
}

bool tw__is_13(uint16_t version)
{
    return version == TW_TLS13 || version == TW_DTLS13;
}

tw_side tw__conn_side(const tw_conn *c, int dir)
{
    if (c->client_dir < 0)
        return TW_SIDE_UNKNOWN;
    return dir == c->client_dir ? TW_CLIENT : TW_SERVER;
}

int tw__conn_dir(const tw_conn *c, tw_side side)
{
    if (c->client_dir < 0 || side == TW_SIDE_UNKNOWN)
        return -1;
    return side == TW_CLIENT ? c->client_dir : 1 - c->client_dir;
}

const tw__message *tw__handshake_find(const tw__handshake *h, uint8_t type, int dir)
{
    for (unsigned i = h->n_messages; i > 0; i--) {
        const tw__message *m = &h->messages[i - 1];
        if (m->type == type && (dir < 0 || m->at.dir == dir))
            return m;
    }
    return NULL;
}

const uint8_t *tw__message_body(const tw__message *m, size_t *len)
{
    gsize n;
    const uint8_t *data;
    *len = 0;
    if (!m || !m->bytes)
        return NULL;
    data = g_bytes_get_data(m->bytes, &n);
    if (n < 4)
        return NULL;
    *len = MIN(n - 4, m->length);
    return data + 4;
}

const tw__hello *tw__handshake_hello(const tw__handshake *h, uint8_t type, int dir)
{
    tw__message *m = (tw__message *)(uintptr_t)tw__handshake_find(h, type, dir);
    size_t len;
    const uint8_t *body = tw__message_body(m, &len);
    if (body && !m->hello)
        m->hello = type == TW_HS_CLIENT_HELLO ? tw__client_hello_read(body, len) : tw__server_hello_read(body, len);
    if (body && m->hello)
        m->hello->sslv2 = type == TW_HS_CLIENT_HELLO && h->sslv2;
    return body ? m->hello : NULL;
}

const tw__hello *tw__handshake_client_hello(const tw__handshake *h, int dir)
{
    return tw__handshake_hello(h, TW_HS_CLIENT_HELLO, dir);
}

void tw__conn_touch(tw_conn *c, tw_at at)
{
    c->last_frame = at.frame;
    c->last_us = at.time_us;
}

void tw__conn_complete(tw_conn *c)
{
    c->now->complete = true;
    c->now->complete_us = c->last_us;
    tw__count(&c->n_completed);
    c->established = TW_YES;
    if (c->context->contrast)
        c->context->on_completed(c->context->contrast, c);
}

void tw__conn_finished(tw_conn *c, tw_at at)
{
    tw__handshake *h = c->now;
    if (!h->flight[at.dir].finished_frame)
        h->flight[at.dir].finished_frame = at.frame;
    if (tw__is_13(h->version) && at.dir == c->client_dir && !h->flight[1 - at.dir].finished_frame)
        h->flight[1 - at.dir].finished_frame =
            MAX(h->flight[1 - at.dir].opaque_frame, 1); /* it has read the server's */
    if (tw__is_13(h->version) && tw__conn_side(c, at.dir) == TW_SERVER && !h->server_done_frame)
        h->server_done_frame = at.frame;
    if (!h->complete && h->flight[0].finished_frame && h->flight[1].finished_frame)
        tw__conn_complete(c);
}

void tw__conn_learn_name(tw_conn *c, tw__handshake *h, const tw__hello *hello)
{
    h->name_read = true;
    if (!c->server_name && hello->sni && *hello->sni)
        c->server_name = g_ref_string_new_intern(hello->sni); /* few servers have many connections */
}

/* Once both sides exchange data freely only the hellos can still matter (to compare with later connections). */
void tw__handshake_settle(tw__handshake *h)
{
    unsigned n = 0;
    for (unsigned i = 0; i < h->n_messages; i++) {
        tw__message *m = &h->messages[i];
        if (m->type == TW_HS_CLIENT_HELLO || m->type == TW_HS_SERVER_HELLO) {
            g_clear_pointer(&m->hello, tw__hello_free);
            h->messages[n++] = *m;
        } else if (m->bytes) {
            h->kept_bytes -= (uint32_t)g_bytes_get_size(m->bytes);
            tw__message_clear(m);
        }
    }
    h->n_messages = (uint8_t)n;
}

/* The same message again (a retransmitted DTLS flight, a frame seen twice) is no new fact. */
static bool is_repetition(const tw__handshake *h, tw_at at, const uint8_t *bytes, size_t len)
{
    for (unsigned i = 0; i < h->n_messages; i++) {
        const tw__message *m = &h->messages[i];
        gsize have = 0;
        const void *data = m->bytes ? g_bytes_get_data(m->bytes, &have) : NULL;
        if (m->at.dir == at.dir && data && have == len && bytes[0] != TW_HS_HELLO_REQUEST &&
            !memcmp(data, bytes, len))
            return true;
    }
    return false;
}

void tw__conn_go_on(tw_conn *c, tw__handshake *next)
{
    tw__seldom *seldom = tw__seldom_for(c);
    if (!seldom->first)
        seldom->first = c->now;
    else
        tw__handshake_free(c->now);
    c->now = next;
}

static void begin_handshake(tw_conn *c, bool renegotiation)
{
    tw__conn_go_on(c, tw__handshake_new(c->now->number + 1U, renegotiation));
}

/* The first record of a client, after the answer to it: one direction was recorded late. */
static bool is_recorded_late(const tw_conn *c, tw_at at)
{
    const tw__handshake *h = c->now;
    return !h->number && !h->client_hello_frame && h->server_hello_frame && c->client_dir == at.dir &&
           c->side[at.dir].n_records <= 1;
}

/* Whether a ClientHello begins a new handshake, rather than the first one or the answer to a retry request. */
static bool begins_anew(const tw_conn *c, tw_at at)
{
    const tw__handshake *h = c->now;
    if (is_recorded_late(c, at) || (c->disordered && !h->complete && !h->failed))
        return false;
    if (h->complete || h->failed || (c->established == TW_YES && !h->client_hello_frame && !h->renegotiation))
        return true;
    if (h->retry_frame && !h->server_hello_frame)
        return false;
    return h->client_hello_frame && h->server_hello_frame;
}

static void client_hello(tw_conn *c, tw_at at)
{
    if (c->client_dir >= 0 && c->client_dir != at.dir && c->now->client_hello_frame)
        return; /* both ends say hello: the second one is a message out of place */
    c->disordered = c->disordered || (c->datagram && is_recorded_late(c, at)); /* of TCP the numbers tell */
    if (begins_anew(c, at))
        begin_handshake(c, c->established == TW_YES && !c->now->failed);
    if (c->client_dir < 0 || !c->now->renegotiation)
        c->client_dir = at.dir;
    if (c->flow)
        c->now->answer_from = c->flow[1 - at.dir].next;
    if (!c->now->client_hello_frame) /* the answer to a retry request begins none */
        tw__count(&c->n_handshakes);
    c->now->client_hello_frame = at.frame;
    c->now->client_hello_us = at.time_us;
}

static void server_hello(tw_conn *c, tw_at at, const tw__hello *hello)
{
    if (c->client_dir < 0)
        c->client_dir = 1 - at.dir;
    if (hello->is_retry) {
        c->now->retry_frame = at.frame;
    } else {
        c->now->server_hello_frame = at.frame;
        c->now->version = hello->version;
        c->now->suite = hello->suites.n ? hello->suites.v[0] : 0;
        c->now->resumed_hint = hello->selected_psk >= 0;
        c->now->early = tw__is_13(hello->version) && c->client_dir >= 0 && c->side[c->client_dir].n_application;
        c->version = hello->version;
    }
}

#define MESSAGES_STEP 4 /* room grows by so many behind the first one, which may stay alone */

/* HELLO, which it takes over: what the message says, if that is known. */
static void remember_message(tw_conn *c, tw_at at, const uint8_t *bytes, size_t captured, tw__hello *hello)
{
    tw__handshake *h = c->now;
    tw__message *m;
    if (h->n_messages >= TW_MESSAGES_MAX) {
        h->left_out = true;
        tw__hello_free(hello);
        return;
    }
    if (!h->n_messages)
        h->messages = g_renew(tw__message, h->messages, 1);
    else if (h->n_messages % MESSAGES_STEP == 1 || h->released)
        h->messages = g_renew(tw__message, h->messages, h->n_messages + MESSAGES_STEP);
    m = &h->messages[h->n_messages++];
    *m = (tw__message){ .at = at, .type = bytes[0] };
    m->length = (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    m->cut = captured < (size_t)m->length + 4;
    if (captured <= TW_MESSAGE_MAX_BYTES && h->kept_bytes + captured <= TW_HANDSHAKE_MAX_BYTES) {
        m->bytes = g_bytes_new(bytes, captured);
        m->hello = hello;
        h->kept_bytes += (uint32_t)captured;
    } else {
        h->left_out = true;
        tw__hello_free(hello);
    }
}

/* The messages that only one role sends tell the roles when the hellos were not captured. */
static void learn_roles(tw_conn *c, tw_at at, uint8_t type)
{
    if (c->client_dir >= 0)
        return;
    if (type == TW_HS_SERVER_HELLO_DONE || type == TW_HS_SERVER_KEY_EXCHANGE || type == TW_HS_CERTIFICATE_REQUEST ||
        type == TW_HS_NEW_SESSION_TICKET || type == TW_HS_ENCRYPTED_EXTENSIONS || type == TW_HS_HELLO_REQUEST)
        c->client_dir = 1 - at.dir;
    else if (type == TW_HS_CLIENT_KEY_EXCHANGE || type == TW_HS_END_OF_EARLY_DATA)
        c->client_dir = at.dir;
}

/* Whom a client that has been refused already wanted. */
static void learn_name_late(tw_conn *c, const uint8_t *bytes, size_t captured)
{
    tw__hello *hello = tw__client_hello_read(bytes + 4, captured - 4);
    tw__conn_learn_name(c, c->now, hello);
    tw__hello_free(hello);
}

void tw__conn_message(tw_conn *c, tw_at at, const uint8_t *bytes, size_t captured)
{
    tw__hello *hello = NULL;
    tw__conn_touch(c, at);
    if (captured < 4 || is_repetition(c->now, at, bytes, captured))
        return;
    if (bytes[0] == TW_HS_CLIENT_HELLO && c->now->failed && !c->n_handshakes)
        learn_name_late(c, bytes, captured); /* the upgrade was declined: a hello all the same changes nothing else */
    else if (bytes[0] == TW_HS_CLIENT_HELLO)
        client_hello(c, at);
    else if (bytes[0] == TW_HS_SERVER_HELLO)
        server_hello(c, at, hello = tw__server_hello_read(bytes + 4, captured - 4));
    else if (bytes[0] == TW_HS_HELLO_VERIFY_REQUEST)
        c->now->retry_frame = at.frame;
    else if (bytes[0] == TW_HS_HELLO_REQUEST)
        tw__seldom_for(c)->hello_request_frame = at.frame;
    learn_roles(c, at, bytes[0]);
    remember_message(c, at, bytes, captured, hello);
    if (bytes[0] == TW_HS_SERVER_HELLO_DONE)
        c->now->server_done_frame = at.frame;
    else if (bytes[0] == TW_HS_FINISHED)
        tw__conn_finished(c, at);
}

static uint32_t n_application(const tw_conn *c)
{
    return c->side[0].n_application + c->side[1].n_application;
}

/* DIR's FIN may be missing in the capture, but not in what acknowledges it. */
static bool has_ended(const tw_conn *c, int dir)
{
    return c->side[dir].fin_frame || (c->flow && tw__flow_has_ended(&c->flow[dir]));
}

/* Room for one more. */
static tw__alert *add_alert(tw__seldom *seldom)
{
    if (seldom->n_alerts == TW_ALERTS_MAX) /* the oldest ones say least about what ends now */
        memmove(seldom->alerts, seldom->alerts + 1, sizeof seldom->alerts[0] * --seldom->n_alerts);
    else
        seldom->alerts = g_renew(tw__alert, seldom->alerts, seldom->n_alerts + 1);
    return &seldom->alerts[seldom->n_alerts++];
}

const tw__alert *tw__conn_alert(tw_conn *c, tw_at at, uint8_t level, uint8_t number, int ordinal)
{
    const tw__seldom *before = tw__seldom_of(c);
    tw__alert *a;
    tw__conn_touch(c, at);
    if (c->client_dir < 0)
        c->client_dir = c->initiator_dir;
    for (unsigned i = 0; i < before->n_alerts; i++) {
        a = &before->alerts[i];
        if (a->at.dir == at.dir && a->number == number && a->level == level &&
            a->at.frame > c->now->client_hello_frame)
            return NULL;
    }
    if (number == TW_ALERT_CLOSE_NOTIFY && !c->side[at.dir].close_notify_frame)
        c->side[at.dir].close_notify_frame = at.frame;
    a = add_alert(tw__seldom_for(c));
    *a = (tw__alert){ at, level, number, ordinal, has_ended(c, 1 - at.dir), n_application(c) };
    c->now->declined = c->now->declined || number == TW_ALERT_NO_RENEGOTIATION;
    return a;
}

bool tw__conn_has_answered_plainly(const tw_conn *c)
{
    const tw__oddities *words = c->client_dir < 0 ? NULL : tw__odd_of(c, 1 - c->client_dir);
    if (!words || !words->cleartext_frame)
        return false;
    return c->indirect || !c->now->client_hello_frame || words->cleartext_frame > c->now->client_hello_frame ||
           tw__is_greeting(words->cleartext, words->cleartext_len) ||
           tw__greets_without_tls(words->cleartext, words->cleartext_len);
}

void tw__conn_preamble(tw_conn *c, tw_at at, const uint8_t *bytes, size_t len)
{
    tw__oddities *odd;
    if (tw__odd_of(c, at.dir)->cleartext_frame)
        return;
    odd = tw__odd_for(c, at.dir);
    odd->cleartext_frame = at.frame;
    odd->cleartext_len = (uint8_t)MIN(len, TW_CLEARTEXT_MAX);
    memcpy(odd->cleartext, bytes, odd->cleartext_len);
}

void tw__conn_cleartext(tw_conn *c, tw_at at, const uint8_t *bytes, size_t len)
{
    if (tw__odd_of(c, at.dir)->cleartext_frame || c->side[at.dir].n_records)
        return;
    tw__conn_preamble(c, at, bytes, len);
    if (c->client_dir < 0) /* until a ClientHello shows otherwise: its peer speaks TLS, so it should have as well */
        c->client_dir = c->initiator_dir >= 0 ? c->initiator_dir : at.dir;
}

void tw__conn_fin(tw_conn *c, tw_at at)
{
    tw__conn_touch(c, at);
    if (!c->side[at.dir].fin_frame) {
        c->side[at.dir].fin_frame = at.frame;
        c->side[at.dir].fin_us = at.time_us;
    }
}

void tw__conn_rst(tw_conn *c, tw_at at)
{
    tw__conn_touch(c, at);
    if (!c->side[at.dir].rst_frame)
        c->side[at.dir].rst_frame = at.frame;
}

static bool has_alert_of_end(const tw__direction *d)
{
    return d->close_notify_frame || d->n_hidden_alerts;
}

bool tw__conn_is_over(const tw_conn *c)
{
    bool ended = (c->side[0].fin_frame && c->side[1].fin_frame) || c->side[0].rst_frame || c->side[1].rst_frame;
    if (c->datagram) /* an alert after a good handshake ends it; after a failed one the flights may come again */
        return c->now->complete && (has_alert_of_end(&c->side[0]) || has_alert_of_end(&c->side[1]));
    return ended && (c->now->failed || c->now->complete);
}

/* That the messages were there is still known; what they said is not. */
static void release_messages(tw__handshake *h)
{
    for (unsigned i = 0; i < h->n_messages; i++) {
        tw__message *m = &h->messages[i];
        h->released = h->released || m->bytes;
        tw__message_clear(m);
    }
    h->kept_bytes = 0;
}

void tw__conn_release_messages(tw_conn *c)
{
    tw__handshake *h[] = { c->now, tw__seldom_of(c)->first };
    forget_tcp(c);
    release_flow(c);
    for (unsigned i = 0; i < G_N_ELEMENTS(h) && h[i]; i++) {
        release_messages(h[i]);
        if (h[i]->released && h[i]->messages) /* nobody expects many more */
            h[i]->messages = g_renew(tw__message, h[i]->messages, h[i]->n_messages);
    }
    release_fragments(c);
}

void tw__conn_forget_messages(tw_conn *c)
{
    tw__handshake *h[] = { c->now, tw__seldom_of(c)->first };
    for (unsigned i = 0; i < G_N_ELEMENTS(h) && h[i]; i++) {
        release_messages(h[i]);
        forget_messages(h[i]);
    }
}

void tw__conn_leave(tw_conn *c)
{
    release_flow(c);
    g_clear_pointer(&c->flow, g_free);
    c->gone = true;
}

size_t tw__conn_kept_bytes(const tw_conn *c)
{
    const tw__handshake *first = tw__seldom_of(c)->first;
    size_t flows = c->flow ? tw__flow_kept(&c->flow[0]) + tw__flow_kept(&c->flow[1]) : 0;
    return flows + c->now->kept_bytes + (first ? first->kept_bytes : 0);
}
