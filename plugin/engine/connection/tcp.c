/* What TCP's own headers tell. See tcp.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection/tcp.h"

/* Sequence numbers wrap (RFC 9293 3.4). */
static int32_t distance(uint32_t from, uint32_t to)
{
    return (int32_t)(to - from);
}

static void note_hops(tw__tcp *p, const tw_segment *s)
{
    if (!s->hops)
        return;
    if (!p->hops_low || s->hops < p->hops_low)
        p->hops_low = s->hops;
    p->hops_high = MAX(p->hops_high, s->hops);
}

static void note_ack(tw__tcp *p, const tw_segment *s, tw__tcp *peer)
{
    if (!(s->flags & TW_TCP_ACK))
        return;
    if (!p->acks) {
        p->acks = true;
        p->first_ack = p->ack = s->ack;
        p->ack_frame = s->frame;
    } else if (distance(p->ack, s->ack) > 0) {
        p->ack = s->ack;
        p->ack_frame = s->frame;
        peer->n_stuck = 0;
    }
}

/* A keep-alive (RFC 9293 3.8.4) has a byte at most, and one that is long acknowledged. */
static bool is_keep_alive(const tw__tcp *p, const tw_segment *s, const tw__tcp *peer)
{
    return s->len <= 1 && distance(s->seq, p->next_seq) == 1 && peer->acks && distance(s->seq, peer->ack) > 0;
}

static void note_again(tw__tcp *p, const tw_segment *s, const tw__tcp *peer)
{
    if (is_keep_alive(p, s, peer))
        return;
    p->n_repeated++;
    p->repeated_frame = s->frame;
    if (peer->acks && s->seq == peer->ack) {
        p->n_stuck++;
        p->stuck_len = s->len;
        p->stuck_frame = s->frame;
        p->stuck_us = s->time_us;
    }
}

/* One hole is enough: what follows a second one is missing as well. */
static bool fills_hole(tw__tcp *p, const tw_segment *s)
{
    uint32_t end = s->seq + s->len;
    if (p->hole_from == p->hole_to || distance(p->hole_from, end) <= 0 || distance(s->seq, p->hole_to) <= 0)
        return false;
    if (distance(s->seq, p->hole_from) >= 0)
        p->hole_from = distance(end, p->hole_to) > 0 ? end : p->hole_to;
    else if (distance(end, p->hole_to) <= 0)
        p->hole_to = s->seq;
    return true;
}

static void note_new(tw__tcp *p, const tw_segment *s)
{
    if (p->n_payload < TW_TCP_EARLY) {
        p->early[p->n_payload].frame = s->frame;
        p->early[p->n_payload].len = s->len;
    }
    p->n_payload++;
}

static void note_payload(tw__tcp *p, const tw_segment *s, const tw__tcp *peer)
{
    uint32_t seq = tw__payload_seq(s), end = seq + s->len;
    if (!p->n_payload && !p->begins)
        p->first_seq = p->next_seq = peer->acks ? peer->ack : seq;
    if (!p->n_payload && distance(p->next_seq, seq) < 0)
        p->first_seq = p->next_seq = seq; /* an acknowledgement seen too late */
    if (distance(p->next_seq, end) <= 0) {
        if (fills_hole(p, s))
            note_new(p, s);
        else if (s->place == p->place) /* else it was recorded once more on its way */
            note_again(p, s, peer);
        return;
    }
    if (distance(p->next_seq, seq) > 0 && p->hole_from == p->hole_to) {
        p->hole_from = p->next_seq;
        p->hole_to = seq;
    }
    p->next_seq = end;
    note_new(p, s);
}

void tw__tcp_segment(tw__tcp tcp[2], int dir, const tw_segment *s)
{
    tw__tcp *p = &tcp[dir], *peer = &tcp[1 - dir];
    if (!p->n_segments++) {
        p->first_us = s->time_us;
        p->place = s->place;
    }
    if (s->flags & TW_TCP_RST) {
        if (!p->reset.frame)
            p->reset = *s;
        return;
    }
    p->last = *s;
    note_hops(p, s);
    note_ack(p, s, peer);
    if ((s->flags & TW_TCP_SYN) && !p->begins) {
        p->begins = true;
        p->first_seq = p->next_seq = s->seq + 1;
    }
    if (s->len)
        note_payload(p, s, peer);
}

void tw__tcp_restart(tw__tcp *p)
{
    *p = (tw__tcp){ .n_segments = p->n_segments,
                    .partial = true,
                    .first_us = p->first_us,
                    .place = p->place,
                    .hops_low = p->hops_low,
                    .hops_high = p->hops_high,
                    .last = p->last };
}

uint32_t tw__tcp_sent(const tw__tcp *p)
{
    return p->next_seq - p->first_seq;
}

uint32_t tw__tcp_missing(const tw__tcp *p)
{
    return p->hole_to - p->hole_from;
}

bool tw__tcp_would_leave_hole(const tw__tcp *p, uint32_t seq)
{
    return p->n_payload && !p->partial && distance(p->next_seq, seq) > 0;
}

uint32_t tw__tcp_acknowledged(const tw__tcp *p, const tw__tcp *peer)
{
    int32_t n = peer->acks ? distance(p->first_seq, peer->ack) : 0;
    return n > 0 ? MIN((uint32_t)n, tw__tcp_sent(p)) : 0;
}

bool tw__tcp_one_way(const tw__tcp tcp[2], int dir)
{
    const tw__tcp *p = &tcp[dir], *other = &tcp[1 - dir];
    if (!p->n_segments || other->n_segments || p->partial || !p->acks)
        return false;
    return p->begins || p->ack != p->first_ack;
}

bool tw__tcp_is_unopened(const tw__tcp tcp[2], int dir)
{
    const tw__tcp *client = &tcp[dir], *server = &tcp[1 - dir];
    return client->begins && !client->acks && !client->partial && !server->begins && !server->n_payload;
}
