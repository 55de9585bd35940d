/* TLS that nobody has shown: Wireshark leaves unread what comes out of order, or is acknowledged before it comes, and
 * streams that it takes for something else. See unshown.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/unshown.h"

#include "capture/records.h"
#include "judge/judge.h"

#define SHOWN_MAX 128 /* records of a frame */

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

void tw__note_shown(tw_conn *c, tw_at at, const tw_record *r)
{
    tw__shown_record shown = { r->outer ? r->outer : r->type, r->length };
    if (!c->flow)
        return;
    if (!c->shown)
        c->shown = g_array_new(FALSE, FALSE, sizeof shown);
    if (c->shown_frame != at.frame)
        g_array_set_size(c->shown, 0);
    c->shown_frame = at.frame;
    if (c->shown->len < SHOWN_MAX)
        g_array_append_val(c->shown, shown);
}

/* The N-th record that FRAME shows, and has not been found in the bytes so far; type 0: it has. NULL: there are no more. */
static tw__shown_record *shown_of(const tw_conn *c, uint32_t frame, guint n)
{
    bool any = c && c->shown && c->shown_frame == frame && n < c->shown->len;
    return any ? &g_array_index(c->shown, tw__shown_record, n) : NULL;
}

static bool is_shown(const reading *r, const tw__flow_record *record)
{
    tw__shown_record *s;
    for (guint i = 0; (s = shown_of(r->conn, r->at.frame, i)); i++)
        if (s->type == record->type && s->length == record->length) {
            s->type = 0;
            return true;
        }
    return shown_of(r->conn, r->at.frame, SHOWN_MAX - 1) || tw__flow_was_shown(r->flow, record->type, record->length);
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
    tw__shown_record *s;
    for (guint i = 0; (s = shown_of(r->conn, r->at.frame, i)); i++)
        if (s->type) {
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
    if (f->framed && !f->torn && f->n_header == TW_RECORD_HEADER && f->record_length > TW_RECORD_MAX)
        tw__conn_begins_record(c, at, f->header[0], f->record_length);
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
