/* A stream that its capture has twice, taken apart by where its segments were recorded. See sighting.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "elsewhere/sighting.h"

#include <string.h>

#define PLACES_MAX 8
#define APART      4 /* two packets that were surely forwarded, or more that may have been sent again */

/* The places of one stream. */
typedef struct {
    const tw__sighting *s;
    uint32_t key[PLACES_MAX];
    bool ways[PLACES_MAX][2]; /* which directions it has */
    unsigned same[PLACES_MAX]
                 [PLACES_MAX]; /* how sure it is that packets of both are the same ones; 0: they have none */
    unsigned point[PLACES_MAX];
    unsigned n, n_points;
} survey;

static const tw__seen *seen_at(const tw__lane *lane, unsigned i)
{
    return &g_array_index(lane->seen, tw__seen, i);
}

static unsigned place_of(const survey *v, const tw__seen *s)
{
    unsigned i = 0;
    while (i < v->n && v->key[i] != s->place)
        i++;
    return i;
}

/* False: they are not known, or too many. */
static bool find_places(survey *v)
{
    for (int dir = 0; dir < 2; dir++)
        for (unsigned i = 0; i < v->s->lane[dir].seen->len; i++) {
            const tw__seen *s = seen_at(&v->s->lane[dir], i);
            unsigned place = place_of(v, s);
            if (!s->place || place == PLACES_MAX)
                return false;
            if (place == v->n)
                v->key[v->n++] = s->place;
            v->ways[place][dir] = true;
        }
    return v->n > 1;
}

/* How sure it is that S and T are one packet: routers take a hop, and a sender numbers its packets. 0: they are not. */
static unsigned sameness(const tw__seen *s, const tw__seen *t)
{
    if (s->place == t->place || s->flags != t->flags || s->seq != t->seq || s->ack != t->ack || s->len != t->len ||
        s->window != t->window || s->ip_id != t->ip_id || s->hash != t->hash)
        return 0;
    return s->ip_id || s->hops != t->hops ? 2 : 1;
}

static void find_same(survey *v, const tw__lane *lane)
{
    for (unsigned i = 0; i < lane->seen->len; i++)
        for (unsigned j = i + 1; j < lane->seen->len; j++) {
            const tw__seen *s = seen_at(lane, i), *t = seen_at(lane, j);
            unsigned a = place_of(v, s), b = place_of(v, t), how = sameness(s, t);
            v->same[a][b] += how;
            v->same[b][a] += how;
        }
}

/* Whether PLACE can be at POINT: no packet comes by twice. */
static bool may_be_at(const survey *v, unsigned place, unsigned point)
{
    for (unsigned i = 0; i < place; i++)
        if (v->point[i] == point && v->same[i][place])
            return false;
    return true;
}

/* Each direction may have its own way to one point. False: then it is not known which of them belong together. */
static bool find_points(survey *v)
{
    unsigned n_halves = 0;
    for (unsigned i = 0; i < v->n; i++) {
        v->point[i] = 0;
        while (v->point[i] < v->n_points && !may_be_at(v, i, v->point[i]))
            v->point[i]++;
        if (v->point[i] == v->n_points)
            v->n_points++;
        n_halves += v->ways[i][0] != v->ways[i][1];
    }
    return v->n_points > 1 && n_halves <= 2;
}

/* What a router sends on comes by packet after packet; what is sent again on another way, once. */
static bool are_apart(const survey *v)
{
    unsigned same[PLACES_MAX][PLACES_MAX] = { { 0 } };
    for (unsigned i = 0; i < v->n; i++)
        for (unsigned j = 0; j < v->n; j++)
            same[v->point[i]][v->point[j]] += v->same[i][j];
    for (unsigned a = 0; a < v->n_points; a++)
        for (unsigned b = a + 1; b < v->n_points; b++)
            if (same[a][b] < APART)
                return false;
    return true;
}

/* ---- the parts ---- */

static void put(GByteArray *bytes, uint32_t at, const uint8_t *from, uint32_t len)
{
    guint before = bytes->len;
    if (at + len > before) {
        g_byte_array_set_size(bytes, at + len);
        memset(bytes->data + before, 0, at + len - before);
    }
    memcpy(bytes->data + at, from, len);
}

static const tw__rewritten *rewritten_in(const tw__lane *lane, uint32_t frame)
{
    for (unsigned i = 0; lane->rewritten && i < lane->rewritten->len; i++)
        if (g_array_index(lane->rewritten, tw__rewritten, i).frame == frame)
            return &g_array_index(lane->rewritten, tw__rewritten, i);
    return NULL;
}

/* The payload of S, of LANE, as it was where S was. */
static void put_payload(GByteArray *bytes, const tw__lane *lane, const tw__seen *s)
{
    const tw__rewritten *again = rewritten_in(lane, s->frame);
    uint32_t at = s->seq - lane->base;
    if (!s->len || (s->flags & (TW_TCP_SYN | TW_TCP_RST)) || !lane->placed)
        return;
    if (again)
        put(bytes, again->at, g_bytes_get_data(again->bytes, NULL), (uint32_t)g_bytes_get_size(again->bytes));
    else if (at < lane->bytes->len)
        put(bytes, at, lane->bytes->data + at, MIN(s->len, lane->bytes->len - at));
}

static void fill(tw__lane *part, const survey *v, const tw__lane *lane, unsigned point)
{
    tw__lane_init(part);
    part->placed = lane->placed;
    part->left_out = lane->left_out;
    part->isn = lane->isn;
    part->base = lane->base;
    for (unsigned i = 0; i < lane->seen->len; i++) {
        const tw__seen *s = seen_at(lane, i);
        if (v->point[place_of(v, s)] != point)
            continue;
        part->begins = part->begins || (s->flags & TW_TCP_SYN);
        g_array_append_vals(part->seen, s, 1);
        put_payload(part->bytes, lane, s);
    }
}

static void part_free(void *data)
{
    tw__sighting *part = data;
    tw__lane_clear(&part->lane[0]);
    tw__lane_clear(&part->lane[1]);
    g_free(part);
}

GPtrArray *tw__sighting_parts(const tw__sighting *s)
{
    survey v = { .s = s };
    GPtrArray *parts;
    if (!find_places(&v))
        return NULL;
    find_same(&v, &s->lane[0]);
    find_same(&v, &s->lane[1]);
    if (!find_points(&v) || !are_apart(&v))
        return NULL;
    parts = g_ptr_array_new_with_free_func(part_free);
    for (unsigned point = 0; point < v.n_points; point++) {
        tw__sighting *part = g_new0(tw__sighting, 1);
        fill(&part->lane[0], &v, &s->lane[0], point);
        fill(&part->lane[1], &v, &s->lane[1], point);
        part->initiator = s->initiator;
        g_ptr_array_add(parts, part);
    }
    return parts;
}
