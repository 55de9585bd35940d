/* Facts that only QUIC has: kinds of packets, Version Negotiation, Retry, closes. See connection.h and quic.h.
 *
 * Without keys only the Initial packets can be read, but every header tells its packet's kind, and that tells how far
 * the handshake has come: a client can protect a short header only when it has accepted the server's flight
 * (RFC 9001 4.1.1, 5.7).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "connection/connection_internal.h"

#define CRYPTO_ERROR 0x100

static bool is_crypto_error(uint64_t error)
{
    return error >> 8 == CRYPTO_ERROR >> 8;
}

static void from_client(tw_conn *c, int dir)
{
    if (c->client_dir < 0)
        c->client_dir = dir;
}

/* A packet of the Handshake space: what the TLS facts call an opaque part of the flight. */
static void handshake_packet(tw_conn *c, tw_at at)
{
    tw__flight *f = &c->now->flight[at.dir];
    if (!f->opaque_frame)
        f->opaque_frame = at.frame;
    tw__count(&f->n_opaque);
}

static void one_rtt_packet(tw_conn *c, tw_at at)
{
    tw__quic_facts *q = tw__quic_of(c);
    const tw__handshake *h = c->now;
    int server = 1 - at.dir;
    q->n_one_rtt[at.dir]++;
    if (h->complete) {
        if (q->n_one_rtt[0] > TW_SETTLED_RECORDS && q->n_one_rtt[1] > TW_SETTLED_RECORDS)
            tw__handshake_settle(c->now);
        return;
    }
    if (tw__conn_side(c, at.dir) != TW_CLIENT || !h->server_hello_frame)
        return;
    if (!h->flight[server].finished_frame)
        tw__conn_finished(
            c, (tw_at){ .frame = MAX(h->flight[server].opaque_frame, h->server_hello_frame), .dir = server });
    tw__conn_finished(c, at);
}

void tw__conn_quic_packet(tw_conn *c, tw_at at, tw__quic_kind kind, uint32_t version)
{
    tw__quic_facts *q = tw__quic_for(c);
    tw__conn_touch(c, at);
    c->side[at.dir].n_records++;
    q->last_kind = kind;
    q->last_dir = at.dir;
    switch (kind) {
    case TW_QUIC_INITIAL:
        if (tw__conn_side(c, at.dir) == TW_SERVER)
            break;
        q->version = version;
        q->client_frame = at.frame;
        q->client_us = at.time_us;
        break;
    case TW_QUIC_HANDSHAKE: handshake_packet(c, at); break;
    case TW_QUIC_RETRY:
        from_client(c, 1 - at.dir);
        q->retry_frame = at.frame;
        break;
    case TW_QUIC_ONE_RTT: one_rtt_packet(c, at); break;
    case TW_QUIC_ZERO_RTT: from_client(c, at.dir); break;
    case TW_QUIC_NEGOTIATION: break;
    }
}

void tw__conn_quic_negotiation(tw_conn *c, tw_at at, const uint32_t *versions, unsigned n_versions)
{
    tw__quic_facts *q = tw__quic_for(c);
    tw__conn_quic_packet(c, at, TW_QUIC_NEGOTIATION, 0);
    from_client(c, 1 - at.dir);
    if (q->negotiation_frame)
        return;
    q->negotiation_frame = at.frame;
    q->n_offers = MIN(n_versions, TW_QUIC_VERSIONS_MAX);
    memcpy(q->offers, versions, q->n_offers * sizeof versions[0]);
}

void tw__conn_quic_close(tw_conn *c, tw_at at, uint64_t error, const uint8_t *words, size_t n_words)
{
    tw__quic_facts *q = tw__quic_for(c);
    tw__conn_touch(c, at);
    if (q->close_frame)
        return;
    q->close_frame = at.frame;
    q->n_words = (uint8_t)MIN(n_words, TW_QUIC_WORDS_MAX);
    memcpy(q->words, words, q->n_words);
    if (is_crypto_error(error))
        return;
    q->has_error = true;
    q->error = error;
    tw__conn_fin(c, at);
}
