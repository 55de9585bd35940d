/* Judging QUIC at the end of the capture: what TCP would have shown by an end. See judge.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/judge_internal.h"

#define CAPTURED_WELL 8 /* one side's packets that show a session, though the other side's were not captured */

/* The server named its versions, and the client, which speaks none of them, gave up. */
static bool is_version_refused(const tw_conn *c)
{
    const tw__quic_facts *q = tw__quic_of(c);
    if (!q->negotiation_frame || q->gone_on || c->now->server_hello_frame || q->retry_frame)
        return false;
    for (unsigned i = 0; i < q->n_offers; i++)
        if (q->offers[i] == q->version)
            return false; /* it speaks this one: the packet was late or forged (RFC 9000 6.2) */
    return q->n_offers > 0;
}

/* Without keys a rejection cannot be read: the client answered the server's flight by a packet of the Handshake
 * space, never sent what only a client that accepted could send, and the server stopped repeating its flight. */
static bool is_hidden_rejection(const tw_conn *c)
{
    const tw__quic_facts *q = tw__quic_of(c);
    const tw__handshake *h = c->now;
    return h->server_hello_frame && h->flight[1 - c->client_dir].opaque_frame && q->last_dir == c->client_dir &&
           q->last_kind == TW_QUIC_HANDSHAKE && !tw__handshake_find(h, TW_HS_ENCRYPTED_EXTENSIONS, -1);
}

tw_verdict *tw__judge_quic_silence(tw_conn *c, int64_t end_us)
{
    const tw__quic_facts *q = tw__quic_of(c);
    int server;
    tw_at at;
    if (c->now->failed || q->close_frame || c->client_dir < 0)
        return NULL;
    server = 1 - c->client_dir;
    if (q->negotiation_frame && tw__quic_is_reserved(q->version))
        return NULL; /* it wanted to know the server's versions, and does */
    if (tw__in_handshake(c) && !c->side[server].n_records &&
        end_us - c->now->client_hello_us >= tw__patience(c->context)) {
        if (tw__is_filtered(c))
            return tw__note_filtered(c, end_us);
        at = (tw_at){ .frame = c->now->client_hello_frame, .time_us = end_us, .dir = server };
        return tw__judge_event(c, TW_EVENT_SILENCE, at, NULL);
    }
    if (end_us - c->last_us < tw__patience(c->context))
        return NULL;
    if (is_version_refused(c))
        return tw__judge_event(c, TW_EVENT_NEGOTIATION,
                               (tw_at){ .frame = q->negotiation_frame, .time_us = q->client_us, .dir = server },
                               NULL);
    if (!tw__in_handshake(c) || q->gone_on || q->n_one_rtt[server] >= CAPTURED_WELL)
        return NULL;
    at = (tw_at){ .frame = c->last_frame, .time_us = end_us, .dir = c->client_dir };
    if (is_hidden_rejection(c))
        return tw__judge_event(c, TW_EVENT_ENCRYPTED, at, NULL);
    if (!c->now->n_messages)
        return NULL;
    if (tw__is_filtered(c))
        return tw__note_filtered(c, end_us);
    at.dir = tw__debtor(c);
    return tw__judge_event(c, TW_EVENT_SILENCE, at, NULL);
}
