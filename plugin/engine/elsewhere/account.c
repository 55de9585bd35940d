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
    if (a->capture) {
        tw__verdict_free((tw_verdict *)(uintptr_t)a->verdict);
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

/* Whether the other side acknowledged bytes of LANE that are not there. */
static bool lacks(const tw__lane *lane, const tw__lane *other)
{
    uint32_t next = 0, acked = 0;
    if (!lane->placed || lane->left_out || other->left_out)
        return false;
    for (unsigned i = 0; i < lane->seen->len; i++) {
        const tw__seen *s = tw__lane_at(lane, i);
        uint32_t at = tw__lane_offset(lane, s->seq);
        if (s->len && !(s->flags & TW_TCP_RST) && at + s->len > next)
            next = at + s->len;
    }
    for (unsigned i = 0; i < other->seen->len; i++) {
        const tw__seen *s = tw__lane_at(other, i);
        if ((s->flags & TW_TCP_ACK) && !(s->flags & (TW_TCP_SYN | TW_TCP_RST)))
            acked = MAX(acked, tw__lane_offset(lane, s->ack));
    }
    return acked > next + 1; /* a FIN has a number of its own */
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
    const GArray *seen = a->lane[TW_OF_CLIENT].seen;
    if (a->hello_us)
        a->begin_us = a->hello_us;
    if (seen && seen->len)
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
    a->client = g_strdup(conn->address[client]);
    a->server = g_strdup(conn->address[1 - client]);
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
    last = tw__lane_at(&a->lane[TW_OF_CLIENT], a->lane[TW_OF_CLIENT].seen->len - 1);
    a->last_us = last->time_us;
    a->last_frame = last->frame;
    a->until_us = until_us;
    return a;
}

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

uint32_t tw__lane_offset(const tw__lane *lane, uint32_t seq)
{
    int32_t at = (int32_t)(seq - lane->base);
    return at > 0 ? (uint32_t)at : 0;
}
