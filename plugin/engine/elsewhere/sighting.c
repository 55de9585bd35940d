/* What is noted of streams and connections. See sighting.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "elsewhere/sighting.h"
#include "case/case.h"
#include "verdict/verdict_internal.h"

#include <string.h>

#define ENDS (TW_TCP_FIN | TW_TCP_RST)

struct tw__sightings {
    GHashTable *streams;           /* number -> tw__sighting */
    tw__sighting *last;            /* the one that was asked for last, of stream LAST_STREAM; NULL: none */
    uint32_t last_stream, highest; /* HIGHEST: number of a stream that is noted */
    GHashTable *papers;            /* tw_conn * -> tw__papers */
    GHashTable *places;            /* key -> tw__place */
    tw__place *last_place;         /* the one that was asked for last, of key LAST_KEY; NULL: none */
    uint32_t last_key;
    GHashTable *openings;     /* numbers of a SYN-ACK -> where it was first seen */
    GHashTable *randoms;      /* the begin of a hello's random -> tw_conn * */
    size_t bytes;             /* of streams and papers */
    GHashTable *left_out;     /* numbers of streams for which there is no room, or no more */
    GQueue done, done_papers; /* streams, and tw_conn *, whose handshake has completed: the oldest ones make room */
    bool asked, twice;
};

void tw__lane_init(tw__lane *lane)
{
    memset(lane, 0, sizeof *lane);
    lane->seen = g_array_sized_new(FALSE, FALSE, sizeof(tw__seen), 8);
    lane->bytes = g_byte_array_new();
}

static void rewritten_clear(void *data)
{
    g_bytes_unref(((tw__rewritten *)data)->bytes);
}

void tw__lane_clear(tw__lane *lane) /* may be clear */
{
    g_clear_pointer(&lane->rewritten, g_array_unref);
    g_clear_pointer(&lane->seen, g_array_unref);
    g_clear_pointer(&lane->bytes, g_byte_array_unref);
}

static void sighting_free(void *data)
{
    tw__sighting *s = data;
    tw__lane_clear(&s->lane[0]);
    tw__lane_clear(&s->lane[1]);
    g_free(s);
}

static void papers_free(void *data)
{
    tw__papers *p = data;
    g_clear_pointer(&p->hello, g_bytes_unref);
    g_clear_pointer(&p->choice, g_bytes_unref);
    g_clear_pointer(&p->leaf[TW_CLIENT], g_bytes_unref);
    g_clear_pointer(&p->leaf[TW_SERVER], g_bytes_unref);
    tw__verdict_free(p->withdrawn);
    g_free(p);
}

static void place_free(void *data)
{
    tw__place *place = data;
    g_free(place->name);
    g_free(place->link);
    g_free(place);
}

tw__sightings *tw__sightings_new(void)
{
    tw__sightings *all = g_new0(tw__sightings, 1);
    all->places = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, place_free);
    all->openings = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    all->randoms = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    all->streams = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, sighting_free);
    all->papers = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, papers_free);
    all->left_out = g_hash_table_new(g_direct_hash, g_direct_equal);
    g_queue_init(&all->done);
    g_queue_init(&all->done_papers);
    return all;
}

void tw__sightings_free(tw__sightings *all)
{
    if (!all)
        return;
    g_hash_table_destroy(all->streams);
    g_hash_table_destroy(all->papers);
    g_hash_table_destroy(all->places);
    g_hash_table_destroy(all->openings);
    g_hash_table_destroy(all->randoms);
    g_hash_table_destroy(all->left_out);
    g_queue_clear(&all->done);
    g_queue_clear(&all->done_papers);
    g_free(all);
}

void tw__sightings_ask(tw__sightings *all)
{
    all->asked = true;
}

bool tw__sightings_are_asked(const tw__sightings *all)
{
    return all->asked;
}

bool tw__sightings_have_twice(const tw__sightings *all)
{
    return all->twice;
}

/* Whether there is room for one more stream or connection beside N of them. */
static bool has_room(const tw__sightings *all, unsigned n)
{
    if (!all->asked && !all->twice)
        return n < TW_TRIAL;
    return all->bytes <= (all->asked ? TW_SIGHTINGS_BYTES : TW_TWICE_BYTES);
}

/* Where nobody asks, nearly all streams of a capture: Wireshark numbers them as they come. */
static bool is_behind_trial(const tw__sightings *all, uint32_t stream)
{
    return stream > all->highest && !all->asked && !all->twice && g_hash_table_size(all->streams) >= TW_TRIAL;
}

bool tw__sightings_want(const tw__sightings *all, uint32_t stream)
{
    if (is_behind_trial(all, stream))
        return false;
    return has_room(all, g_hash_table_size(all->streams)) ||
           g_hash_table_contains(all->streams, GUINT_TO_POINTER(stream));
}

/* ---- places ---- */

void tw__sight_place(tw__sightings *all, uint32_t key, int interface, const char *name, const char *link)
{
    tw__place *place = g_new0(tw__place, 1);
    place->interface = interface;
    place->name = g_strdup(name);
    place->link = g_strdup(link);
    g_hash_table_replace(all->places, GUINT_TO_POINTER(key), place);
    all->last_place = NULL;
}

/* Frames of one place come in a row. */
static tw__place *find_place(tw__sightings *all, uint32_t key)
{
    if (!all->last_place || all->last_key != key) {
        all->last_place = g_hash_table_lookup(all->places, GUINT_TO_POINTER(key));
        all->last_key = key;
    }
    return all->last_place;
}

bool tw__sightings_know_place(tw__sightings *all, uint32_t key)
{
    return find_place(all, key) != NULL;
}

const tw__place *tw__place_of(const tw__sightings *all, uint32_t key)
{
    return g_hash_table_lookup(all->places, GUINT_TO_POINTER(key));
}

/* ---- what is there twice ---- */

typedef struct {
    uint32_t stream, place;
    uint8_t hops;
} opening;

/* A SYN-ACK has the numbers of both sides, which the boxes on its way leave. */
static void note_opening(tw__sightings *all, uint32_t stream, const tw_segment *s)
{
    gint64 key = (gint64)((uint64_t)s->seq << 32 | s->ack);
    const opening *known = g_hash_table_lookup(all->openings, &key);
    opening first = { stream, s->place, s->hops };
    if (known)
        all->twice = all->twice || known->stream != stream || known->place != s->place || known->hops != s->hops;
    else if (g_hash_table_size(all->openings) < TW_TRIAL)
        g_hash_table_insert(all->openings, g_memdup2(&key, sizeof key), g_memdup2(&first, sizeof first));
}

static void note_random(tw__sightings *all, const tw_conn *conn, GBytes *hello)
{
    gint64 key;
    gsize len;
    const uint8_t *body = g_bytes_get_data(hello, &len);
    const tw_conn *known;
    if (len < 2 + 32 || tw__is_retry_random(body + 2)) /* the version comes before it */
        return;
    memcpy(&key, body + 2, sizeof key);
    known = g_hash_table_lookup(all->randoms, &key);
    all->twice = all->twice || (known && known != conn);
    if (!known && g_hash_table_size(all->randoms) < 2 * TW_TRIAL)
        g_hash_table_insert(all->randoms, g_memdup2(&key, sizeof key), (gpointer)(uintptr_t)conn);
}

/* ---- streams ---- */

static tw__sighting *sighting_new(void)
{
    tw__sighting *s = g_new0(tw__sighting, 1);
    tw__lane_init(&s->lane[0]);
    tw__lane_init(&s->lane[1]);
    s->initiator = -1;
    return s;
}

static size_t size_of(const tw__sighting *s)
{
    size_t size = sizeof *s;
    for (int i = 0; i < 2; i++) {
        const tw__lane *lane = &s->lane[i];
        size += lane->seen->len * sizeof(tw__seen) + lane->bytes->len;
        for (unsigned j = 0; lane->rewritten && j < lane->rewritten->len; j++)
            size += sizeof(tw__rewritten) + g_bytes_get_size(g_array_index(lane->rewritten, tw__rewritten, j).bytes);
    }
    return size;
}

/* A failure, and what has not come to an end, matter more than handshakes that completed. */
static bool make_room(tw__sightings *all)
{
    while (all->asked && all->bytes > TW_SIGHTINGS_BYTES && all->done.length) {
        gpointer stream = g_queue_pop_head(&all->done);
        all->bytes -= size_of(g_hash_table_lookup(all->streams, stream));
        all->last = NULL;
        g_hash_table_remove(all->streams, stream);
        g_hash_table_add(all->left_out, stream);
    }
    return all->asked && all->bytes <= TW_SIGHTINGS_BYTES;
}

static tw__sighting *stream_of(tw__sightings *all, uint32_t stream, bool create)
{
    tw__sighting *s;
    if (is_behind_trial(all, stream))
        return NULL;
    s = all->last && all->last_stream == stream ? all->last
                                                : g_hash_table_lookup(all->streams, GUINT_TO_POINTER(stream));
    if (s)
        all->last = s, all->last_stream = stream;
    if (s || !create)
        return s;
    if (g_hash_table_contains(all->left_out, GUINT_TO_POINTER(stream)))
        return NULL;
    if (!has_room(all, g_hash_table_size(all->streams)) && !make_room(all)) {
        if (all->asked)
            g_hash_table_add(all->left_out, GUINT_TO_POINTER(stream));
        return NULL;
    }
    s = sighting_new();
    all->bytes += sizeof *s;
    g_hash_table_insert(all->streams, GUINT_TO_POINTER(stream), s);
    all->highest = MAX(all->highest, stream);
    return s;
}

static void place(tw__lane *lane, const tw_segment *s)
{
    if ((s->flags & TW_TCP_SYN) && !lane->begins) {
        lane->begins = lane->placed = true;
        lane->isn = s->seq;
        lane->base = lane->end = s->seq + 1;
    } else if (!lane->placed && s->len) {
        lane->placed = true;
        lane->base = lane->end = s->seq;
    }
}

/* Whether S, of LANE, shows that what was noted of OTHER, the answering direction, has come. */
static bool acknowledges(const tw_segment *s, const tw__lane *other)
{
    return (s->flags & TW_TCP_ACK) && !(s->flags & (TW_TCP_SYN | TW_TCP_RST)) && other->placed &&
           (int32_t)(s->ack - other->end) >= 0;
}

/* What a segment that comes behind the handshake says of it: that bytes of it come again, or have come. The rest of it is
 * taken off. False: nothing. */
static bool take_late(tw__seen *seen, const tw_segment *s, const tw__lane *lane, const tw__lane *other)
{
    int32_t again = s->len && lane->placed && !lane->acknowledged ? (int32_t)(lane->end - s->seq) : 0;
    seen->len = again > 0 ? MIN(s->len, (uint32_t)again) : 0;
    return seen->len || (!other->acknowledged && acknowledges(s, other));
}

/* S was noted; LATE: for what it says of the handshake. */
static void note_progress(const tw_segment *s, tw__lane *lane, tw__lane *other, bool late)
{
    uint32_t end = tw__payload_seq(s) + s->len;
    if (s->len && !late && (int32_t)(end - lane->end) > 0) {
        lane->end = end;
        lane->acknowledged = false;
    }
    other->acknowledged = other->acknowledged || acknowledges(s, other);
}

/* Apart, for most segments are of streams that are not noted. */
G_GNUC_NO_INLINE static void note_segment(tw__sightings *all, tw__sighting *sighting, uint32_t stream, int dir,
                                          const tw_segment *s, bool done)
{
    bool end = s->flags & ENDS;
    tw__lane *lane = &sighting->lane[dir], *other = &sighting->lane[1 - dir];
    tw__seen seen = { s->time_us, s->frame, s->seq,   s->ack,  s->len,  0,
                      s->window,  s->ip_id, s->flags, s->hops, s->place };
    place(lane, s);
    if ((s->flags & (TW_TCP_SYN | TW_TCP_ACK)) == TW_TCP_SYN)
        sighting->initiator = dir;
    if (done && !sighting->done) {
        sighting->done = true;
        g_queue_push_tail(&all->done, GUINT_TO_POINTER(stream));
    }
    if (done && !end)
        lane->left_out = true;
    if ((done && !end && !take_late(&seen, s, lane, other)) ||
        lane->seen->len >= (end ? 2 * TW_LANE_SEGMENTS : TW_LANE_SEGMENTS)) {
        lane->left_out = true;
        return;
    }
    note_progress(s, lane, other, done && !end);
    g_array_append_val(lane->seen, seen);
    all->bytes += sizeof seen;
}

void tw__sight_segment(tw__sightings *all, uint32_t stream, int dir, const tw_segment *s, bool done)
{
    tw__sighting *sighting = stream_of(all, stream, true);
    tw__place *at = s->place ? find_place(all, s->place) : NULL;
    if ((s->flags & (TW_TCP_SYN | TW_TCP_ACK)) == (TW_TCP_SYN | TW_TCP_ACK))
        note_opening(all, stream, s);
    if (at)
        at->last_us = MAX(at->last_us, s->time_us);
    if (sighting)
        note_segment(all, sighting, stream, dir, s, done);
}

/* Never 0. By words: every payload that is noted comes by here. */
static uint32_t hash_of(const uint8_t *bytes, size_t len)
{
    uint64_t hash = TW_HASH_BEGIN, word;
    size_t rest = len % sizeof word;
    const uint8_t *end = bytes + len - rest;
    for (; bytes < end; bytes += sizeof word) {
        memcpy(&word, bytes, sizeof word);
        hash = tw_hash_word(hash, word);
    }
    word = 0;
    memcpy(&word, bytes, rest);
    hash = tw_hash_word(hash, word);
    return (uint32_t)hash ? (uint32_t)hash : 1;
}

static bool is_empty(const uint8_t *bytes, uint32_t len)
{
    for (uint32_t i = 0; i < len; i++)
        if (bytes[i])
            return false;
    return true;
}

/* LEN bytes at AT of LANE, all of which are there already, are other ones in FRAME. */
static void note_rewritten(tw__sightings *all, tw__lane *lane, uint32_t frame, uint32_t at, const uint8_t *bytes,
                           uint32_t len)
{
    tw__rewritten again = { frame, at, NULL };
    if (!memcmp(lane->bytes->data + at, bytes, len))
        return;
    if (!lane->rewritten) {
        lane->rewritten = g_array_new(FALSE, FALSE, sizeof again);
        g_array_set_clear_func(lane->rewritten, rewritten_clear);
    }
    again.bytes = g_bytes_new(bytes, len);
    g_array_append_val(lane->rewritten, again);
    all->bytes += sizeof again + len;
}

/* What came first stays: a repetition that differs is another one's. */
static void put_bytes(tw__sightings *all, tw__lane *lane, uint32_t frame, uint32_t at, const uint8_t *bytes,
                      uint32_t len, uint32_t most)
{
    guint before = lane->bytes->len;
    if (at >= most)
        return;
    len = MIN(len, most - at);
    if (at + len > before) {
        all->bytes += at + len - before;
        g_byte_array_set_size(lane->bytes, at + len);
        memset(lane->bytes->data + before, 0, at + len - before);
    }
    if (at >= before || is_empty(lane->bytes->data + at, len))
        memcpy(lane->bytes->data + at, bytes, len);
    else if (at + len > before && before > at)
        memcpy(lane->bytes->data + before, bytes + (before - at), at + len - before);
    else
        note_rewritten(all, lane, frame, at, bytes, len);
}

void tw__sight_payload(tw__sightings *all, uint32_t stream, int dir, const tw_segment *s, const uint8_t *bytes,
                       uint32_t captured, bool tls)
{
    tw__sighting *sighting = stream_of(all, stream, false);
    tw__lane *lane = sighting ? &sighting->lane[dir] : NULL;
    tw__seen *last = lane && lane->seen->len ? &g_array_index(lane->seen, tw__seen, lane->seen->len - 1) : NULL;
    if (!last || last->frame != s->frame || last->seq != s->seq || last->len != s->len || !lane->placed || !captured)
        return;
    if (captured == s->len)
        last->hash = hash_of(bytes, captured);
    put_bytes(all, lane, s->frame, tw__payload_seq(s) - lane->base, bytes, captured,
              tls ? TW_LANE_BYTES : TW_LANE_UNREAD);
}

/* ---- connections ---- */

static size_t size_of_papers(const tw__papers *p)
{
    GBytes *const parts[] = { p->hello, p->choice, p->leaf[TW_CLIENT], p->leaf[TW_SERVER] };
    size_t size = sizeof *p;
    for (unsigned i = 0; i < G_N_ELEMENTS(parts); i++)
        size += parts[i] ? g_bytes_get_size(parts[i]) : 0;
    return size;
}

static bool make_room_for_papers(tw__sightings *all)
{
    while (all->asked && !make_room(all) && all->done_papers.length) {
        gpointer conn = g_queue_pop_head(&all->done_papers);
        all->bytes -= size_of_papers(g_hash_table_lookup(all->papers, conn));
        g_hash_table_remove(all->papers, conn);
    }
    return all->asked && all->bytes <= TW_SIGHTINGS_BYTES;
}

static tw__papers *papers_of(tw__sightings *all, const tw_conn *conn)
{
    tw__papers *p = g_hash_table_lookup(all->papers, conn);
    if (!p && (has_room(all, g_hash_table_size(all->papers)) || make_room_for_papers(all))) {
        p = g_new0(tw__papers, 1);
        all->bytes += sizeof *p;
        g_hash_table_insert(all->papers, (gpointer)(uintptr_t)conn, p);
    }
    return p;
}

static void take_hello(tw__sightings *all, const tw_conn *conn, GBytes **kept, uint32_t *frame, int64_t *time_us,
                       const tw__message *m)
{
    size_t len;
    const uint8_t *body = tw__message_body(m, &len);
    if (*kept || !body || m->cut)
        return;
    *kept = g_bytes_new(body, len);
    *frame = m->at.frame;
    *time_us = m->at.time_us;
    all->bytes += len;
    note_random(all, conn, *kept);
}

static void take_leaf(tw__sightings *all, tw__papers *p, const tw_conn *conn, tw_side side)
{
    const tw__message *m = tw__handshake_find(conn->now, TW_HS_CERTIFICATE, tw__conn_dir(conn, side));
    size_t len;
    const uint8_t *body = p->leaf[side] || !m ? NULL : tw__message_body(m, &len);
    GBytes *leaf;
    if (!body)
        return;
    if (tw__leaf_read(body, len, tw__is_13(conn->now->version), &leaf) && leaf) {
        p->leaf[side] = g_bytes_new(g_bytes_get_data(leaf, NULL), g_bytes_get_size(leaf));
        p->leaf_frame[side] = m->at.frame;
        all->bytes += g_bytes_get_size(leaf);
    }
    g_clear_pointer(&leaf, g_bytes_unref);
}

void tw__sight_messages(tw__sightings *all, const tw_conn *conn)
{
    tw__papers *p = conn->client_dir < 0 || conn->now->number ? NULL : papers_of(all, conn);
    if (!p)
        return;
    take_hello(all, conn, &p->hello, &p->hello_frame, &p->hello_us,
               tw__handshake_find(conn->now, TW_HS_CLIENT_HELLO, conn->client_dir));
    take_hello(all, conn, &p->choice, &p->choice_frame, &p->choice_us,
               tw__handshake_find(conn->now, TW_HS_SERVER_HELLO, 1 - conn->client_dir));
    take_leaf(all, p, conn, TW_SERVER);
    take_leaf(all, p, conn, TW_CLIENT);
    if (conn->n_completed && !p->done) {
        p->done = true;
        g_queue_push_tail(&all->done_papers, (gpointer)(uintptr_t)conn);
    }
}

void tw__sight_withdrawn(tw__sightings *all, const tw_conn *conn, const tw_verdict *v)
{
    tw__papers *p = v->failure ? papers_of(all, conn) : NULL;
    if (p && !p->withdrawn)
        p->withdrawn = tw__verdict_copy(v);
}

/* ---- what is known ---- */

const tw__sighting *tw__sighting_of(const tw__sightings *all, uint32_t stream)
{
    return g_hash_table_lookup(all->streams, GUINT_TO_POINTER(stream));
}

const tw__papers *tw__papers_of(const tw__sightings *all, const tw_conn *conn)
{
    return g_hash_table_lookup(all->papers, conn);
}

GHashTable *tw__sightings_streams(const tw__sightings *all)
{
    return all->streams;
}

unsigned tw__sightings_left_out(const tw__sightings *all)
{
    return g_hash_table_size(all->left_out);
}
