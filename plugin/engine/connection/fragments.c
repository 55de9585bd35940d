/* DTLS handshake messages put together from their fragments (RFC 6347 4.2.3), which come in any order, several messages
 * at a time, and overlap where a flight was sent again in other pieces.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "connection/connection_internal.h"

#define DTLS_HEADER   12
#define HEADER        4
#define PENDING_MAX   8      /* messages of one direction under way at once */
#define INTERVALS_MAX 32     /* gaps remembered of one message */
#define BYTES_MAX     131072 /* of all messages of one direction under way at once */

typedef struct {
    uint8_t type;
    uint32_t length, offset, fragment_length;
    uint16_t sequence;
    const uint8_t *body;
    uint32_t captured; /* of the fragment's body */
} fragment;

/* A message under way: what has come of it, as intervals in order that do not touch. */
typedef struct {
    uint16_t sequence;
    uint8_t type;
    uint32_t length;
    uint8_t *bytes; /* with the 4-byte header */
    struct {
        uint32_t from, to;
    } have[INTERVALS_MAX];
    unsigned n;
} pending;

static uint32_t be24(const uint8_t *p)
{
    return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

static bool fragment_read(const uint8_t *bytes, size_t captured, fragment *f)
{
    if (captured < DTLS_HEADER)
        return false;
    f->type = bytes[0];
    f->length = be24(bytes + 1);
    f->sequence = (uint16_t)(bytes[4] << 8 | bytes[5]);
    f->offset = be24(bytes + 6);
    f->fragment_length = be24(bytes + 9);
    f->body = bytes + DTLS_HEADER;
    f->captured = (uint32_t)MIN(captured - DTLS_HEADER, f->fragment_length);
    return f->offset <= f->length && f->fragment_length <= f->length - f->offset && f->length <= BYTES_MAX;
}

static void pending_free(void *data)
{
    pending *p = data;
    g_free(p->bytes);
    g_free(p);
}

static uint32_t bytes_of(const GPtrArray *all)
{
    uint32_t sum = 0;
    for (unsigned i = 0; i < all->len; i++)
        sum += ((const pending *)g_ptr_array_index(all, i))->length;
    return sum;
}

static pending *pending_of(tw_conn *c, int dir, const fragment *f)
{
    tw__datagrams *datagrams = tw__datagrams_for(c);
    GPtrArray *all = datagrams->fragments[dir];
    uint8_t header[HEADER] = { f->type, (uint8_t)(f->length >> 16), (uint8_t)(f->length >> 8), (uint8_t)f->length };
    pending *p;
    if (!all)
        all = datagrams->fragments[dir] = g_ptr_array_new_with_free_func(pending_free);
    for (unsigned i = 0; i < all->len; i++) {
        p = g_ptr_array_index(all, i);
        if (p->sequence == f->sequence && p->type == f->type && p->length == f->length)
            return p;
    }
    while (all->len && (all->len >= PENDING_MAX || bytes_of(all) + f->length > BYTES_MAX))
        g_ptr_array_remove_index(all, 0); /* the oldest one will not be completed any more */
    p = g_new0(pending, 1);
    p->sequence = f->sequence;
    p->type = f->type;
    p->length = f->length;
    p->bytes = g_malloc0(HEADER + f->length);
    memcpy(p->bytes, header, HEADER);
    g_ptr_array_add(all, p);
    return p;
}

/* Adds an interval, and joins it with those that it touches. */
static void add_interval(pending *p, uint32_t from, uint32_t to)
{
    unsigned at = 0, end;
    while (at < p->n && p->have[at].to < from)
        at++;
    for (end = at; end < p->n && p->have[end].from <= to; end++) {
        from = MIN(from, p->have[end].from);
        to = MAX(to, p->have[end].to);
    }
    if (at == end && p->n == INTERVALS_MAX)
        return; /* as if it had not come */
    memmove(&p->have[at + 1], &p->have[end], (p->n - end) * sizeof p->have[0]);
    p->n = p->n - (end - at) + 1;
    p->have[at].from = from;
    p->have[at].to = to;
}

/* How much there is of the message from its beginning on. */
static uint32_t prefix_of(const pending *p)
{
    return p->n && p->have[0].from == 0 ? p->have[0].to : 0;
}

/* Of the message that F completed, if it was new. */
static void note_fragments(tw_conn *c, tw_at at, const fragment *f)
{
    tw__handshake *h = c->now;
    tw__message *last = h->n_messages ? &h->messages[h->n_messages - 1] : NULL;
    if (last && last->at.frame == at.frame && last->at.dir == at.dir && last->type == f->type)
        last->in_fragments = f->fragment_length < f->length;
}

static void deliver(tw_conn *c, tw_at at, const fragment *f, pending *p)
{
    GPtrArray *all = tw__seldom_of(c)->datagrams->fragments[at.dir];
    bool cut = f->captured < f->fragment_length; /* by the snap length: the rest will not come */
    uint32_t prefix = prefix_of(p);
    if (prefix < p->length && !cut)
        return;
    g_ptr_array_set_free_func(all, NULL);
    g_ptr_array_remove(all, p);
    g_ptr_array_set_free_func(all, pending_free);
    if (prefix || !p->length)
        tw__conn_message(c, at, p->bytes, HEADER + (size_t)prefix);
    note_fragments(c, at, f);
    pending_free(p);
}

void tw__conn_fragment(tw_conn *c, tw_at at, const uint8_t *bytes, size_t captured)
{
    fragment f;
    pending *p;
    if (!fragment_read(bytes, captured, &f))
        return;
    p = pending_of(c, at.dir, &f);
    memcpy(p->bytes + HEADER + f.offset, f.body, f.captured);
    if (f.captured)
        add_interval(p, f.offset, f.offset + f.captured);
    deliver(c, at, &f, p);
}
