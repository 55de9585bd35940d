/* Accounts of connections. See account.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "elsewhere/account.h"

#include <string.h>

#include "verdict/verdict_internal.h"

void tw__account_free(tw__account *a)
{
    if (!a)
        return;
    g_free(a->client);
    g_free(a->server);
    g_free(a->name);
    g_clear_pointer(&a->hello, g_bytes_unref);
    g_clear_pointer(&a->choice, g_bytes_unref);
    g_clear_pointer(&a->leaf[TW_CLIENT], g_bytes_unref);
    g_clear_pointer(&a->leaf[TW_SERVER], g_bytes_unref);
    if (a->capture)
        tw__verdict_free((tw_verdict *)(uintptr_t)a->verdict);
    if (a->capture || a->part) {
        tw__lane_clear(&a->lane[0]);
        tw__lane_clear(&a->lane[1]);
    }
    g_free(a);
}

static GBytes *another(GBytes *bytes)
{
    return bytes ? g_bytes_ref(bytes) : NULL;
}

static void take_papers(tw__account *a, const tw__papers *p)
{
    a->hello = another(p->hello);
    a->choice = another(p->choice);
    a->hello_frame = p->hello_frame;
    a->choice_frame = p->choice_frame;
    a->hello_us = p->hello_us;
    a->choice_us = p->choice_us;
    a->withdrawn = p->withdrawn;
    for (int side = TW_CLIENT; side <= TW_SERVER; side++) {
        a->leaf[side] = another(p->leaf[side]);
        a->leaf_frame[side] = p->leaf_frame[side];
    }
}

static bool is_payload(const tw__seen *s)
{
    return s->len && !(s->flags & TW_TCP_RST);
}

/* Up to where LANE is known from its first byte on, without a gap; and in *END where its last segment ends. */
static uint32_t known_until(const tw__lane *lane, uint32_t *end)
{
    uint32_t until = 0;
    bool grows = true;
    *end = 0;
    while (grows) { /* segments come nearly in order */
        grows = false;
        for (unsigned i = 0; i < tw__lane_length(lane); i++) {
            const tw__seen *s = tw__lane_at(lane, i);
            uint32_t at = tw__lane_offset(lane, s->seq);
            if (!is_payload(s))
                continue;
            *end = MAX(*end, at + s->len);
            if (at <= until && at + s->len > until) {
                until = at + s->len;
                grows = true;
            }
        }
    }
    return until;
}

/* Whether the other side acknowledged bytes of LANE that are not there. Where segments were left out, the last ones kept are
 * its end. */
static bool lacks(const tw__lane *lane, const tw__lane *other)
{
    uint32_t until, end, acked = 0;
    if (!lane->placed)
        return false;
    for (unsigned i = 0; i < tw__lane_length(other); i++) {
        const tw__seen *s = tw__lane_at(other, i);
        if ((s->flags & TW_TCP_ACK) && !(s->flags & (TW_TCP_SYN | TW_TCP_RST)))
            acked = MAX(acked, tw__lane_offset(lane, s->ack));
    }
    until = known_until(lane, &end);
    if (until < MIN(end, acked))
        return true;
    return !lane->left_out && !other->left_out && acked > end + 1; /* a FIN has a number of its own */
}

static void take_lanes(tw__account *a, const tw__sighting *s, int client)
{
    a->lane[TW_OF_CLIENT] = s->lane[client];
    a->lane[TW_OF_SERVER] = s->lane[1 - client];
    a->lossy = a->lossy || lacks(&a->lane[0], &a->lane[1]) || lacks(&a->lane[1], &a->lane[0]);
}

/* To the microsecond, where something tells. */
static void begin(tw__account *a)
{
    if (a->hello_us)
        a->begin_us = a->hello_us;
    if (tw__lane_length(&a->lane[TW_OF_CLIENT]))
        a->begin_us = tw__lane_at(&a->lane[TW_OF_CLIENT], 0)->time_us;
}

static const tw_verdict *last_failure(const tw_conn *conn)
{
    const tw_verdict *last = NULL;
    for (const tw_verdict *v = conn->verdicts; v; v = v->next)
        if (v->failure)
            last = v;
    return last;
}

tw__account *tw__account_of_conn(const tw__sightings *all, tw_conn *conn, int64_t until_us)
{
    int client = conn->client_dir >= 0 ? conn->client_dir : conn->initiator_dir;
    const tw__sighting *s = conn->carrier == TW_CARRIER_TCP ? tw__sighting_of(all, conn->stream) : NULL;
    const tw__papers *p = tw__papers_of(all, conn);
    tw__account *a;
    if (client < 0)
        return NULL;
    a = g_new0(tw__account, 1);
    a->conn = conn;
    a->carrier = conn->carrier;
    a->hops[TW_OF_CLIENT] = conn->side[client].hops;
    a->hops[TW_OF_SERVER] = conn->side[1 - client].hops;
    a->client = g_strdup(tw__conn_end(conn, client));
    a->server = g_strdup(tw__conn_end(conn, 1 - client));
    a->name = g_strdup(conn->server_name);
    a->last_frame = conn->last_frame;
    a->begin_us = conn->begin_us;
    a->last_us = conn->last_us;
    a->until_us = until_us;
    a->verdict = last_failure(conn);
    a->outcome = a->verdict ? TW_FAILED : conn->n_completed ? TW_COMPLETED : TW_UNDECIDED;
    a->lossy = conn->lost;
    if (s)
        take_lanes(a, s, client);
    if (p)
        take_papers(a, p);
    begin(a);
    return a;
}

tw__account *tw__account_of_stream(const tw__sighting *s, int64_t until_us)
{
    tw__account *a;
    const tw__seen *last;
    if (s->initiator < 0 || !s->lane[0].begins || !s->lane[1].begins)
        return NULL;
    a = g_new0(tw__account, 1);
    a->carrier = TW_CARRIER_TCP;
    a->outcome = TW_UNDECIDED;
    take_lanes(a, s, s->initiator);
    a->begin_us = tw__lane_at(&a->lane[TW_OF_CLIENT], 0)->time_us;
    last = tw__lane_at(&a->lane[TW_OF_CLIENT], tw__lane_length(&a->lane[TW_OF_CLIENT]) - 1);
    a->last_us = last->time_us;
    a->last_frame = last->frame;
    a->until_us = until_us;
    return a;
}

/* ---- several points in one capture ---- */

static bool holds_frame(const tw__account *a, uint32_t frame)
{
    for (int lane = 0; lane < 2; lane++)
        for (unsigned i = 0; i < tw__lane_length(&a->lane[lane]); i++)
            if (tw__lane_at(&a->lane[lane], i)->frame == frame)
                return true;
    return false;
}

#define HEADERS 9 /* of a record, and of a message */

/* The ClientHello that stands in the first record of A, or NULL. */
static GBytes *read_hello(const tw__account *a)
{
    const GByteArray *bytes = a->lane[TW_OF_CLIENT].bytes;
    const uint8_t *b = bytes->data;
    uint32_t len;
    if (bytes->len < HEADERS || b[0] != TW_CT_HANDSHAKE || b[1] != 3 || b[5] != TW_HS_CLIENT_HELLO)
        return NULL;
    len = (uint32_t)b[6] << 16 | (uint32_t)b[7] << 8 | b[8];
    return len <= bytes->len - HEADERS && len + 4 <= ((uint32_t)b[3] << 8 | b[4]) ? g_bytes_new(b + HEADERS, len)
                                                                                  : NULL;
}

/* What TCP shows of A, and where its recorder was on for the last time. */
static void take_part(tw__account *a, const tw__sightings *all, tw__sighting *part, int client)
{
    a->part = true;
    a->lossy = false;
    a->until_us = a->last_us = 0;
    take_lanes(a, part, client);
    memset(part->lane, 0, sizeof part->lane); /* it has gone to A */
    for (int lane = 0; lane < 2; lane++)
        for (unsigned i = 0; i < tw__lane_length(&a->lane[lane]); i++) {
            const tw__seen *s = tw__lane_at(&a->lane[lane], i);
            const tw__place *place = tw__place_of(all, s->place);
            if (s->time_us >= a->last_us)
                a->last_frame = s->frame;
            a->last_us = MAX(a->last_us, s->time_us);
            a->until_us = MAX(a->until_us, place ? place->last_us : s->time_us);
        }
    a->hello_us = 0;
    begin(a);
}

/* A further part of what A is. */
static tw__account *part_of(const tw__account *a, const tw__sightings *all, tw__sighting *part, int client)
{
    tw__account *other = g_new0(tw__account, 1);
    other->client = g_strdup(a->client);
    other->server = g_strdup(a->server);
    other->name = g_strdup(a->name);
    other->carrier = a->carrier;
    other->outcome = TW_UNDECIDED;
    take_part(other, all, part, client);
    other->hello = read_hello(other);
    return other;
}

/* Which of PARTS holds what A's verdict stands on, or its ClientHello. */
static unsigned main_part(const tw__account *a, const GPtrArray *parts)
{
    uint32_t frame = a->verdict ? a->verdict->frame : a->hello_frame;
    for (unsigned i = 0; i < parts->len; i++) {
        const tw__sighting *s = g_ptr_array_index(parts, i);
        const tw__account probe = { .lane = { s->lane[0], s->lane[1] } };
        if (holds_frame(&probe, frame))
            return i;
    }
    return 0;
}

void tw__account_divide(tw__account *a, const tw__sightings *all, uint32_t stream, GPtrArray *accounts)
{
    const tw__sighting *s = a->carrier == TW_CARRIER_TCP ? tw__sighting_of(all, stream) : NULL;
    GPtrArray *parts = s && a->lane[0].seen ? tw__sighting_parts(s) : NULL;
    int client = s && a->lane[TW_OF_CLIENT].seen == s->lane[1].seen;
    unsigned chosen;
    if (!parts)
        return;
    chosen = main_part(a, parts);
    for (unsigned i = 0; i < parts->len; i++)
        if (i != chosen)
            g_ptr_array_add(accounts, part_of(a, all, g_ptr_array_index(parts, i), client));
    take_part(a, all, g_ptr_array_index(parts, chosen), client);
    if (a->hello && !holds_frame(a, a->hello_frame)) {
        g_bytes_unref(a->hello);
        a->hello = read_hello(a);
    }
    g_ptr_array_unref(parts);
}

uint32_t tw__account_place(const tw__account *a)
{
    for (int lane = 0; lane < 2; lane++)
        if (tw__lane_length(&a->lane[lane]))
            return tw__lane_at(&a->lane[lane], 0)->place;
    return 0;
}

/* ---- what is asked of it ---- */

#define RANDOM_AT     2  /* in a ClientHello's body: the version comes before */
#define RANDOM_IN_TCP 11 /* in a record: its header, and that of the message */

const uint8_t *tw__account_random(const tw__account *a)
{
    const GByteArray *bytes = a->lane[TW_OF_CLIENT].bytes;
    gsize len = 0;
    const uint8_t *hello = a->hello ? g_bytes_get_data(a->hello, &len) : NULL;
    if (hello)
        return len >= RANDOM_AT + TW_RANDOM ? hello + RANDOM_AT : NULL;
    /* the rest of a ClientHello may never have come */
    if (bytes && bytes->len >= RANDOM_IN_TCP + TW_RANDOM && bytes->data[0] == TW_CT_HANDSHAKE &&
        bytes->data[1] == 3 && bytes->data[5] == TW_HS_CLIENT_HELLO)
        return bytes->data + RANDOM_IN_TCP;
    return NULL;
}

const uint8_t *tw__account_choice_random(const tw__account *a)
{
    gsize len = 0;
    const uint8_t *choice = a->choice ? g_bytes_get_data(a->choice, &len) : NULL;
    return len >= RANDOM_AT + TW_RANDOM && !tw__is_retry_random(choice + RANDOM_AT) ? choice + RANDOM_AT : NULL;
}

int64_t tw__account_answered_us(const tw__account *a)
{
    const tw__lane *server = &a->lane[TW_OF_SERVER];
    if (a->choice_us)
        return a->choice_us;
    for (unsigned i = 0; i < tw__lane_length(server); i++) {
        const tw__seen *s = tw__lane_at(server, i);
        if (s->time_us > a->hello_us && (s->len || (s->flags & (TW_TCP_FIN | TW_TCP_RST))))
            return s->time_us;
    }
    return 0;
}

bool tw__is_by_alert(const tw_verdict *v)
{
    return v && (v->alert >= 0 || v->encrypted);
}

bool tw__is_by_silence(const tw_verdict *v)
{
    return v->cause == TW_CAUSE_NO_ANSWER_TO_CLIENT_HELLO || v->cause == TW_CAUSE_STALLED_IN_HANDSHAKE;
}

uint32_t tw__lane_offset(const tw__lane *lane, uint32_t seq)
{
    int32_t at = (int32_t)(seq - lane->base);
    return at > 0 ? (uint32_t)at : 0;
}

char *tw__numbers_key(const tw__lane *client, const tw__lane *server)
{
    return client->begins && server->begins ? g_strdup_printf("%u|%u", client->isn, server->isn) : NULL;
}

char *tw__random_key(const tw__account *a)
{
    const uint8_t *random = tw__account_random(a);
    return random ? tw_hex("", random, TW_RANDOM) : NULL;
}

char *tw__choice_key(const tw__account *a)
{
    const uint8_t *random = tw__account_choice_random(a);
    return random ? tw_hex("", random, TW_RANDOM) : NULL;
}

char *tw__account_numbers_key(const tw__account *a)
{
    return tw__numbers_key(&a->lane[TW_OF_CLIENT], &a->lane[TW_OF_SERVER]);
}
