/* TLS that nobody has shown: Wireshark leaves unread what comes out of order, or is acknowledged before it comes, and
 * streams that it takes for something else. See unshown.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/unshown.h"

#include "capture/records.h"
#include "judge/judge.h"

#define SHOWN_MAX 128 /* records of a frame that are known; where there are more, all are taken for shown */

typedef struct {
    const tw_conn *conn;
    tw__shown_record record; /* type 0: it has been found in the bytes */
} shown_record;

typedef struct {
    tw_conn *conn; /* NULL: none yet */
    tw__flow *flow;
    tw_at at;
    GArray *unshown; /* unshown_record; NULL: none */
} reading;

typedef struct {
    tw__flow_record record;
    uint8_t *content;
} unshown_record;

void tw__shown_init(tw__shown *s)
{
    s->records = g_array_new(FALSE, FALSE, sizeof(shown_record));
}

void tw__shown_free(tw__shown *s)
{
    g_array_unref(s->records);
}

void tw__note_shown(tw_conn *c, tw_at at, const tw_record *r)
{
    tw__shown *s = &tw__capture_of(c)->shown;
    shown_record shown = { c, { r->outer ? r->outer : r->type, r->length } };
    if (!c->flow)
        return;
    if (s->frame != at.frame)
        g_array_set_size(s->records, 0);
    s->frame = at.frame;
    if (s->records->len < SHOWN_MAX)
        g_array_append_val(s->records, shown);
}

/* The records that the frame at hand shows; NULL: none that may be R's. */
static GArray *shown_in(const reading *r)
{
    const tw__shown *s = r->conn ? &tw__capture_of(r->conn)->shown : NULL;
    return s && s->frame == r->at.frame && s->records->len ? s->records : NULL;
}

/* The N-th of SHOWN, if it is R's and has not been found in the bytes so far; else NULL. */
static tw__shown_record *nth_of(const reading *r, const GArray *shown, guint n)
{
    shown_record *s = &g_array_index(shown, shown_record, n);
    return s->conn == r->conn && s->record.type ? &s->record : NULL;
}

static bool is_shown(const reading *r, const tw__flow_record *record)
{
    const GArray *shown = shown_in(r);
    for (guint i = 0; shown && i < shown->len; i++) {
        tw__shown_record *s = nth_of(r, shown, i);
        if (s && s->type == record->type && s->length == record->length) {
            s->type = 0;
            return true;
        }
    }
    return (shown && shown->len == SHOWN_MAX) || tw__flow_was_shown(r->flow, record->type, record->length);
}

static void free_content(void *data)
{
    g_free(((unshown_record *)data)->content);
}

static void collect_unshown(void *data, const tw__flow_record *record)
{
    reading *r = data;
    unshown_record u = { *record, NULL };
    if (r->conn)
        tw__conn_framed(r->conn, r->at, record->type, record->content, record->length);
    if (is_shown(r, record))
        return;
    u.record.content = u.content = record->content ? g_memdup2(record->content, record->length) : NULL;
    if (!r->unshown) {
        r->unshown = g_array_new(FALSE, FALSE, sizeof u);
        g_array_set_clear_func(r->unshown, free_content);
    }
    g_array_append_val(r->unshown, u);
}

/* What the tree shows though the bytes in front of it have not come. */
static void note_early(const reading *r)
{
    const GArray *shown = shown_in(r);
    for (guint i = 0; shown && i < shown->len; i++) {
        tw__shown_record *s = nth_of(r, shown, i);
        if (!s)
            continue;
        tw__flow_shown_early(r->flow, s->type, s->length);
        s->type = 0;
    }
}

/* A stream that has shown no TLS begins with this record: it does if that is a ClientHello. */
static bool begins_tls(const tw__flow_record *r)
{
    const uint8_t *p = r->content;
    return r->type == TW_CT_HANDSHAKE && p && r->length > TW_HANDSHAKE_HEADER + 2 && p[0] == TW_HS_CLIENT_HELLO &&
           p[4] == 3 && ((uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]) + TW_HANDSHAKE_HEADER >= r->length;
}

void tw_tell_other_port(tw_conn *conn, tw_at at)
{
    if (!conn->indirect)
        tw__publish(conn, tw__note_unread(conn, at));
}

/* Who has begun to read the stream reads on with its first record, which nobody has as it was sent: it may have come in
 * several segments. */
static void pass_on(const tw__flow_record *r, const tw_payload *p)
{
    const uint8_t header[] = { r->type, 3, 1, (uint8_t)(r->length >> 8), (uint8_t)r->length };
    GByteArray *record = g_byte_array_sized_new((guint)sizeof header + r->length);
    g_byte_array_append(record, header, sizeof header);
    g_byte_array_append(record, r->content, r->length);
    p->begin(p->data, record->data, record->len);
    g_byte_array_unref(record);
}

static void tell_unread(const reading *r, tw_conn **conn, tw_at at, const tw_payload *p)
{
    const tw__flow_record *first = NULL;
    for (guint i = 0; i < r->unshown->len; i++) {
        const tw__flow_record *record = &g_array_index(r->unshown, unshown_record, i).record;
        if (!*conn && begins_tls(record) && (*conn = p->connect(p->data)))
            first = record;
        if (*conn && !(*conn)->carried && !tw__tell_found_record(*conn, at, record))
            (*conn)->flow[at.dir].unread = true;
    }
    if (first && p->other)
        tw_tell_other_port(*conn, at);
    if (first && p->begin)
        pass_on(first, p);
}

/* A record that is too long may never be whole, and Wireshark shows none of it. */
static void note_overlong(tw_conn *c, tw_at at)
{
    const tw__flow *f = &c->flow[at.dir];
    if (f->framed && !f->torn && f->n_header == TW_RECORD_HEADER && tw__flow_record_length(f) > TW_RECORD_MAX)
        tw__conn_begins_record(c, at, f->header[0], tw__flow_record_length(f));
}

void tw__follow_bytes(tw__start *start, tw_conn **conn, tw_at at, const tw_segment *s, const tw_payload *p)
{
    tw_conn *c = *conn;
    reading r = { c, c ? &c->flow[at.dir] : &start->flow[at.dir], at, NULL };
    bool keep = !c || !c->now->complete;
    tw__flow_payload(r.flow, tw__payload_seq(s), p->captured ? p->bytes : (const uint8_t *)"", p->captured, s->len,
                     keep, collect_unshown, &r);
    note_early(&r);
    if (c)
        note_overlong(c, at);
    if (r.unshown) {
        tell_unread(&r, conn, at, p);
        g_array_unref(r.unshown);
    }
}
