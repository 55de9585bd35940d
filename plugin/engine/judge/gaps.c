/* What a capture lacks, so that what is not seen proves nothing; and whose silence it is. See judge_internal.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/judge_internal.h"

#define AGAIN_US (20 * 1000) /* what is sent so soon after a message is a part of its flight */

/* The snap length may have cut off the messages that are missing. */
static bool is_blind(const tw_conn *c)
{
    return (c->side[0].cut || c->side[1].cut) && (c->client_dir < 0 || c->side[1 - c->client_dir].n_records);
}

/* Whether its segments are still watched. */
static bool is_young(const tw_conn *c)
{
    return !c->n_completed && !c->n_failed;
}

/* The other side acknowledged bytes of DIR that are not there. */
static bool is_unrecorded(const tw_conn *c, int dir)
{
    const tw__tcp *p = &c->tcp[dir], *peer = &c->tcp[1 - dir];
    uint32_t seen = tw__tcp_missing(p) ? p->hole_from : p->next_seq;
    if (c->flow)
        return tw__flow_lacks(&c->flow[dir]);
    return is_young(c) && (p->begins || p->n_payload) && peer->acks && (int32_t)(peer->ack - seen) > 1; /* 1: a FIN */
}

static bool is_disordered(const tw_conn *c)
{
    return c->disordered || (c->flow && (c->flow[0].crossed || c->flow[1].crossed));
}

static bool is_holed(const tw__flow *f)
{
    return tw__flow_lacks(f) || tw__flow_has_hole(f) || f->skipped;
}

/* Records of an inner connection are found in what Wireshark has dissected of the outer one. */
static bool lacks_outer_bytes(const tw_conn *c)
{
    const tw_conn *outer = tw__seldom_of(c)->outer;
    const tw__flow *flow = outer ? outer->flow : NULL;
    return flow && (is_holed(&flow[0]) || is_holed(&flow[1]));
}

/* To the ClientHello the server answered with what is neither a record of TLS nor read as words: SSL 2.0. */
static bool sends_no_records(const tw_conn *c)
{
    const tw__flow *server = c->flow ? &c->flow[1 - c->client_dir] : NULL;
    return server && c->now->client_hello_frame && server->has_bytes && !server->framed &&
           (int32_t)(server->next - c->now->answer_from) > 0;
}

/* The server spoke, but its ServerHello was not read: Wireshark leaves segments that come out of order, or that look
 * like repetitions, without a look at what they hold. */
static bool is_unread(const tw_conn *c)
{
    const tw__handshake *h = c->now;
    const tw__direction *server = &c->side[1 - c->client_dir];
    const tw__oddities *odd = tw__odd_of(c, 1 - c->client_dir);
    const tw__flight *flight = &h->flight[1 - c->client_dir];
    if (h->renegotiation || h->server_hello_frame || tw__quic_of(c))
        return false;
    if (!server->n_records && !odd->cleartext_frame && sends_no_records(c))
        return true;
    if (!server->n_records)
        return odd->first_record && tw__tcp_sent(&c->tcp[1 - c->client_dir]) >= odd->first_record;
    if (h->retry_frame)
        return MAX(flight->opaque_frame, server->application_frame) > h->client_hello_frame;
    return flight->ccs_frame || flight->opaque_frame || server->application_frame ||
           tw__handshake_find(h, TW_HS_CERTIFICATE, 1 - c->client_dir);
}

/* DTLS: a client encrypts, so that a server has answered it, of which nothing is there. */
static bool is_datagram_one_way(const tw_conn *c)
{
    return c->datagram && c->client_dir >= 0 && !c->side[1 - c->client_dir].n_records &&
           c->now->flight[c->client_dir].ccs_frame;
}

tw_text tw__gap_of(const tw_conn *c)
{
    const tw_conn *outer = tw__seldom_of(c)->outer;
    if (is_young(c) && c->client_dir >= 0 &&
        (tw__tcp_one_way(c->tcp, c->client_dir) || tw__tcp_one_way(c->tcp, 1 - c->client_dir)))
        return TW_TEXT_NOTICE_ONE_WAY;
    if (is_datagram_one_way(c))
        return TW_TEXT_NOTICE_ONE_WAY;
    if (is_blind(c))
        return TW_TEXT_NOTICE_CUT;
    if (c->flow && (c->flow[0].unread || c->flow[1].unread))
        return TW_TEXT_NOTICE_UNREAD;
    if (is_unrecorded(c, 0) || is_unrecorded(c, 1) || lacks_outer_bytes(c))
        return TW_TEXT_NOTICE_UNRECORDED;
    if (is_disordered(c) || (outer && is_disordered(outer)))
        return TW_TEXT_NOTICE_DISORDER;
    return c->client_dir >= 0 && is_unread(c) ? TW_TEXT_NOTICE_UNREAD : TW_N_TEXTS;
}

bool tw__is_unopened(const tw_conn *c)
{
    return c->client_dir >= 0 && is_young(c) && tw__conn_is_watched(c) && tw__tcp_is_unopened(c->tcp, c->client_dir);
}

bool tw__has_hole(const tw_conn *c, int dir)
{
    return c->flow ? tw__flow_has_hole(&c->flow[dir]) : is_young(c) && tw__tcp_missing(&c->tcp[dir]);
}

/* TCP sends again what is not acknowledged (RFC 6298 5.4). */
static bool is_left_alone(const tw__tcp tcp[2], int dir)
{
    const tw__tcp *p = &tcp[dir], *peer = &tcp[1 - dir];
    return p->n_payload && !p->partial && !peer->partial && !p->n_repeated &&
           tw__tcp_acknowledged(p, peer) < tw__tcp_sent(p);
}

bool tw__is_filtered(const tw_conn *c)
{
    const tw__quic_facts *quic = tw__quic_of(c);
    const tw__handshake *h = c->now;
    const tw__message *last = h->n_messages ? &h->messages[h->n_messages - 1] : NULL;
    if (is_left_alone(c->tcp, 0) || is_left_alone(c->tcp, 1))
        return true;
    if (quic && last && quic->last_dir != last->at.dir)
        return false; /* the other side acknowledged it */
    return (c->datagram || quic) && last && c->last_us - last->at.time_us < AGAIN_US;
}

static tw_verdict *note(tw_conn *c, tw__event event, tw_at at, tw_text text)
{
    c->now->failed = true; /* or nobody can tell: there is nothing more to judge */
    return tw__end_notice(c, event, at, TW_N_CAUSES, text);
}

tw_verdict *tw__note_gap(tw_conn *c, tw__event event, tw_at at)
{
    tw_text gap = tw__gap_of(c);
    return note(c, event, at, gap == TW_N_TEXTS ? TW_TEXT_NOTICE_UNRECORDED : gap);
}

tw_verdict *tw__note_filtered(tw_conn *c, int64_t end_us)
{
    return note(c, TW_EVENT_SILENCE, (tw_at){ .frame = c->last_frame, .time_us = end_us, .dir = c->client_dir },
                TW_TEXT_NOTICE_FILTERED);
}

int64_t tw__patience(const tw__context *context)
{
    return context->settings.patience_us ? context->settings.patience_us : TW_PATIENCE_US;
}

int tw__debtor(const tw_conn *c)
{
    const tw__handshake *h = c->now;
    const tw__message *last = &h->messages[h->n_messages - 1];
    int server = 1 - c->client_dir;
    bool done = h->server_done_frame || h->flight[server].n_opaque || h->flight[server].finished_frame ||
                last->at.frame == h->retry_frame;
    return last->at.dir == server && !done ? server : 1 - last->at.dir;
}
