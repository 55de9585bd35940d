/* Facts of one connection: what its records show, also those that cannot be read. See connection.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection/connection_internal.h"
#include "connection/record_sizes.h"

/* An encrypted TLS 1.3 Finished is 4 + 32 bytes of hash, a content type and a tag of at least 8; an alert, even one
 * padded to 16 bytes as Java does, stays below. */
#define TW_13_ALERT_MAX 35

#define DTLS13_APPLICATION_EPOCH 3
#define RECORD_CONTENT           16384 /* RFC 8446 5.1 */

/* Before TLS 1.3 a server has no data to send until it has read the client's Finished, whether that was seen or not; over
 * TCP a client may have (False Start, RFC 7918). */
static bool shows_completion(const tw_conn *c, tw_at at)
{
    const tw__handshake *h = c->now;
    return !h->complete && !h->failed && !h->renegotiation && h->server_hello_frame && !tw__is_13(h->version) &&
           (c->datagram || tw__conn_side(c, at.dir) == TW_SERVER);
}

static void note_application(tw_conn *c, tw_at at)
{
    tw__direction *d = &c->side[at.dir];
    if (shows_completion(c, at))
        tw__conn_complete(c);
    if (!d->application_frame)
        d->application_frame = at.frame;
    d->n_application++;
    if (c->now->renegotiation && c->now->declined)
        c->now->complete = true; /* the refusal is lived with: the session goes on */
    if (c->now->complete && c->side[0].n_application > TW_SETTLED_RECORDS &&
        c->side[1].n_application > TW_SETTLED_RECORDS && c->now->n_messages > 2)
        tw__handshake_settle(c->now);
}

/* TLS 1.3 without keys: everything after ServerHello looks like application data. */
static void opaque_13(tw_conn *c, tw_at at, uint32_t length)
{
    tw__handshake *h = c->now;
    tw_side side = tw__conn_side(c, at.dir);
    if (h->complete) {
        note_application(c, at);
        return;
    }
    if (length <= TW_13_ALERT_MAX)
        return;
    if (side == TW_CLIENT && (h->flight[1 - at.dir].n_opaque > 0 || h->flight[1 - at.dir].finished_frame)) {
        /* its own flight can only follow the server's Finished */
        tw__conn_finished(c, (tw_at){ .frame = h->flight[1 - at.dir].opaque_frame, .dir = 1 - at.dir });
        tw__conn_finished(c, at);
    }
}

static void remember_opaque(tw__flight *f, tw_at at, uint32_t length)
{
    uint16_t kept = (uint16_t)MIN(length, UINT16_MAX);
    if (!f->opaque_frame)
        f->opaque_frame = at.frame;
    if (f->n_opaque < G_N_ELEMENTS(f->opaque_lengths))
        f->opaque_lengths[f->n_opaque] = kept;
    f->opaque_max = MAX(f->opaque_max, kept);
    tw__count(&f->n_opaque);
}

/* Where the server agreed to NPN or to a channel ID, the client says that before its Finished, which is then the second
 * message behind its ChangeCipherSpec; in a resumption the server's Finished was there before. */
static bool is_finished_at_last(const tw_conn *c, tw_at at)
{
    static const uint16_t said_before_finished[] = { 13172, 30031, 30032 };
    const tw__handshake *h = c->now;
    const tw__message *m = tw__handshake_find(h, TW_HS_SERVER_HELLO, 1 - at.dir);
    gsize len = 0;
    const uint8_t *bytes = m && m->bytes ? g_bytes_get_data(m->bytes, &len) : NULL;
    tw__hello *hello;
    bool agreed = false;
    if (at.dir != c->client_dir || h->flight[at.dir].n_opaque != 2 || c->side[0].n_application ||
        c->side[1].n_application || len <= TW_HANDSHAKE_HEADER)
        return false;
    hello = tw__server_hello_read(bytes + TW_HANDSHAKE_HEADER, len - TW_HANDSHAKE_HEADER);
    for (unsigned i = 0; i < G_N_ELEMENTS(said_before_finished); i++)
        for (unsigned j = 0; j < hello->extensions.n; j++)
            agreed = agreed || hello->extensions.v[j] == said_before_finished[i];
    tw__hello_free(hello);
    return agreed;
}

/* TLS 1.2 and before, after ChangeCipherSpec: the content type stays readable. */
static void opaque_12(tw_conn *c, tw_at at, uint8_t type, uint32_t length)
{
    tw__handshake *h = c->now;
    if (type == TW_CT_HANDSHAKE && h->flight[at.dir].ccs_frame && !h->flight[at.dir].finished_frame) {
        tw__conn_finished(c, at);
    } else if (type == TW_CT_HANDSHAKE && h->complete && !is_finished_at_last(c, at)) {
        /* an encrypted message after the handshake: its content is hidden, that it renegotiates is not */
        tw__handshake *next = tw__handshake_new(h->number + 1U, true);
        next->version = h->version;
        next->suite = h->suite;
        tw__conn_go_on(c, next);
        c->seldom->hello_request_frame = 0; /* this answers it */
        remember_opaque(&next->flight[at.dir], at, length);
    }
}

/* DTLS sends its Finished again when the answer to it does not come. */
static bool is_finished_again(const tw_conn *c, tw_at at, uint8_t type, uint32_t length)
{
    const tw__flight *f = &c->now->flight[at.dir];
    return c->datagram && type == TW_CT_HANDSHAKE && c->now->complete && f->n_opaque &&
           length == f->opaque_lengths[0];
}

static void opaque_record(tw_conn *c, tw_at at, uint8_t type, uint32_t length)
{
    bool early = type == TW_CT_APPLICATION && !c->now->server_hello_frame && !c->now->renegotiation;
    if (is_finished_again(c, at, type, length) || (early && tw__conn_side(c, at.dir) == TW_CLIENT))
        return; /* 0-RTT data: no part of the handshake's order */
    remember_opaque(&c->now->flight[at.dir], at, length);
    if (tw__is_13(c->now->version))
        opaque_13(c, at, length);
    else
        opaque_12(c, at, type, length);
}

/* Before ChangeCipherSpec a handshake record that shows no message only holds a part of one. */
static bool is_encrypted_handshake(const tw_conn *c, tw_at at, uint8_t type)
{
    return type == TW_CT_HANDSHAKE && (c->now->flight[at.dir].ccs_frame || c->now->renegotiation || c->now->complete);
}

/* The side that answers with TLS to a side that does not speak it is the server; the SYN shows it for certain. */
static void learn_client_by_cleartext(tw_conn *c, tw_at at)
{
    if (c->client_dir < 0 && tw__odd_of(c, 1 - at.dir)->cleartext_frame)
        c->client_dir = c->initiator_dir >= 0 ? c->initiator_dir : 1 - at.dir;
}

/* TLS 1.3: a second alert, behind the end of a peer that left without a word (GnuTLS: 49, then 42). */
static bool may_be_second_alert(const tw_conn *c, tw_at at, uint32_t length)
{
    const tw__handshake *h = c->now;
    return tw__is_13(h->version) && h->complete && c->side[1 - at.dir].fin_frame && !tw__says_more(h, 1 - at.dir) &&
           h->flight[at.dir].n_after == 1 && tw__is_alert_size(h->suite, length);
}

/* After a fatal alert its sender says nothing more; its receiver may, until it reads it. */
static void clear_suspect(tw_conn *c, tw_at at, uint8_t type, uint32_t length)
{
    if (at.dir == c->suspect.dir && type != TW_CT_ALERT && !may_be_second_alert(c, at, length))
        c->suspect.frame = 0;
}

/* The longest fragment that a record may have, with what protection adds (RFC 5246 6.2.3, RFC 8446 5.2). */
static void note_length(tw_conn *c, tw_at at, uint32_t length, bool opaque)
{
    uint32_t limit = RECORD_CONTENT + (!opaque ? 0 : tw__is_13(c->now->version) ? 256 : 2048);
    tw__oddities *odd;
    if (length <= limit || tw__odd_of(c, at.dir)->overlong)
        return;
    odd = tw__odd_for(c, at.dir);
    odd->overlong_frame = at.frame;
    odd->overlong = length;
    odd->overlong_limit = limit;
}

void tw__conn_begins_record(tw_conn *c, tw_at at, uint8_t type, uint32_t length)
{
    note_length(c, at, length, type == TW_CT_APPLICATION || c->now->flight[at.dir].ccs_frame);
}

/* TLS 1.3: where the flight of a side ends that cannot be read, and what comes behind. */
static void count_behind(tw_conn *c, tw_at at, uint8_t type, uint32_t length)
{
    tw__flight *f = &c->now->flight[at.dir];
    if (type != TW_CT_APPLICATION || !c->now->server_hello_frame || !tw__is_13(c->now->version))
        return;
    if (f->may_be_through)
        tw__count(&f->n_behind);
    f->may_be_through = f->may_be_through || tw__may_end_flight(c->now->suite, length);
}

static void count_after(tw_conn *c, tw_at at, uint8_t type, uint32_t length)
{
    tw__flight *f = &c->now->flight[at.dir];
    if (!c->now->complete || type == TW_CT_ALERT || type == TW_CT_CCS)
        return;
    if (!f->n_after)
        f->after_length = (uint16_t)MIN(length, UINT16_MAX);
    tw__count(&f->n_after);
}

/* LENGTH: of a record that cannot be read, else 0. */
static void note_hidden(tw_conn *c, tw_at at, uint8_t type, uint32_t length)
{
    tw__direction *d = &c->side[at.dir];
    d->last_opaque = (uint16_t)MIN(length, UINT16_MAX);
    if (!length)
        return;
    count_behind(c, at, type, length);
    if (type != TW_CT_ALERT)
        return;
    if (!d->n_hidden_alerts)
        d->hidden_alert_frame = at.frame;
    if (d->n_hidden_alerts < TW_HIDDEN_ALERTS_MAX)
        d->n_hidden_alerts++;
}

void tw__conn_record(tw_conn *c, tw_at at, uint8_t type, uint32_t length, bool opaque)
{
    tw__conn_touch(c, at);
    clear_suspect(c, at, type, length);
    note_length(c, at, length, opaque);
    c->side[at.dir].n_records++;
    count_after(c, at, type, length);
    note_hidden(c, at, type, opaque ? length : 0);
    learn_client_by_cleartext(c, at);
    if (type == TW_CT_CCS) {
        if (!c->now->flight[at.dir].ccs_frame)
            c->now->flight[at.dir].ccs_frame = at.frame;
        return;
    }
    if (c->now->number == 0 && !c->now->client_hello_frame && !c->now->server_hello_frame &&
        c->established != TW_YES) {
        if (type == TW_CT_APPLICATION || opaque)
            c->begins_inside = true;
        if (type == TW_CT_APPLICATION)
            c->established = TW_YES;
    }
    if (opaque && (is_encrypted_handshake(c, at, type) || tw__is_13(c->now->version)))
        opaque_record(c, at, type, length);
    else if (type == TW_CT_APPLICATION)
        note_application(c, at);
}

#define REPLAY_BITS 64

bool tw_conn_is_repeated(tw_conn *c, int dir, uint16_t epoch, uint64_t sequence)
{
    tw__replay *r;
    uint64_t behind;
    r = &tw__datagrams_for(c)->replay[dir][epoch & 1];
    if (!r->begun || r->epoch != epoch || sequence > r->highest) {
        bool anew = !r->begun || r->epoch != epoch || sequence - r->highest >= REPLAY_BITS;
        r->bits = anew ? 1 : r->bits << (sequence - r->highest) | 1;
        r->highest = sequence;
        r->epoch = epoch;
        r->begun = true;
        return false;
    }
    behind = r->highest - sequence;
    if (behind >= REPLAY_BITS)
        return false; /* a new connection counts from 0 again */
    if (r->bits >> behind & 1)
        return true;
    r->bits |= UINT64_C(1) << behind;
    return false;
}

/* The numbers of epoch 0 jump where a server keeps no state before the cookie has come back (RFC 6347 4.2.1). */
static bool has_gap(const tw__replay *r)
{
    bool full = r->highest >= REPLAY_BITS - 1;
    return r->begun && r->epoch && r->bits != (full ? UINT64_MAX : (UINT64_C(2) << r->highest) - 1);
}

bool tw__conn_lacks_records(const tw_conn *c, int dir)
{
    const tw__datagrams *d = tw__seldom_of(c)->datagrams;
    return d && (has_gap(&d->replay[dir][0]) || has_gap(&d->replay[dir][1]) ||
                 (d->fragments[dir] && d->fragments[dir]->len));
}

void tw__conn_dtls13_record(tw_conn *c, tw_at at, unsigned epoch)
{
    tw__handshake *h = c->now;
    int client = c->client_dir;
    tw__conn_touch(c, at);
    c->side[at.dir].n_records++;
    if (!h->server_hello_frame || client < 0)
        return;
    if (!h->flight[at.dir].opaque_frame)
        h->flight[at.dir].opaque_frame = at.frame;
    tw__count(&h->flight[at.dir].n_opaque);
    /* epoch 3 needs the server's Finished; the server uses it to acknowledge the client's */
    if (epoch != DTLS13_APPLICATION_EPOCH || h->complete || (at.dir != client && !h->flight[client].n_opaque))
        return;
    tw__conn_finished(c, (tw_at){ .frame = h->flight[1 - at.dir].opaque_frame, .dir = 1 - at.dir });
    tw__conn_finished(c, at);
}
