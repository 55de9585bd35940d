/* What a walk over a tree has met so far: its carrier, its record, its alerts. See walk.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "harvest/walk.h"

#include "connections.h"
#include "harvest/stream_start.h"

bool walk_bytes(const field_info *fi, int offset, uint8_t *out, unsigned len)
{
    int start = fi->start + offset;
    if (!fi->ds_tvb || start < 0 || tvb_captured_length_remaining(fi->ds_tvb, start) < (int)len)
        return false;
    tvb_memcpy(fi->ds_tvb, out, start, len);
    return true;
}

void walk_carrier(walk *w, carrier c)
{
    walk_close_record(w, true);
    w->carrier = c;
    w->link = NULL;
    w->repetition = false;
}

connection *walk_link(walk *w)
{
    if (!w->link && (w->link = connections_get(&w->carrier, w->pinfo, true))) {
        w->at.dir = connections_direction(w->link, &w->carrier, w->pinfo);
        w->repetition = connections_is_repetition(w->link, &w->carrier, w->at.dir);
        if (w->pinfo->fd->cap_len < w->pinfo->fd->pkt_len)
            w->link->conn->side[w->at.dir].cut = true;
    }
    return w->link;
}

static void judge_opaque(walk *w)
{
    tw_verdict *v;
    if (w->carrier.has_seq && tw__lacks_bytes_before(w->link->conn, w->at.dir, w->carrier.seq))
        return; /* what is missing tells what this record is */
    v = tw__judge_opaque(w->link->conn, w->at, w->record.type, w->record.length, w->settings);
    if (v && w->record.type == TW_CT_ALERT && v->frame == w->at.frame)
        v->ordinal = (int)w->alerts - 1; /* its node was the last alert passed */
    connections_keep(w->link, v);
}

/* A handshake record in the clear that the snap length cut: Wireshark shows no message, the bytes that are there may
 * begin one. */
static bool read_cut_record(walk *w)
{
    int captured = tvb_captured_length_remaining(w->record.tvb, w->record.content);
    const tw_conn *c = w->link->conn;
    if (w->record.type != TW_CT_HANDSHAKE || captured >= (int)w->record.length || captured < HANDSHAKE_HEADER ||
        c->now->flight[w->at.dir].ccs_frame || c->now->renegotiation || c->now->complete)
        return false;
    tw__conn_record(w->link->conn, w->at, w->record.type, w->record.length, false);
    tw__conn_message(w->link->conn, w->at, tvb_get_ptr(w->record.tvb, w->record.content, captured), (size_t)captured);
    connections_enforce_budget(w->link);
    return true;
}

void walk_close_record(walk *w, bool opaque)
{
    if (w->record.open && walk_link(w) && !w->repetition && !(opaque && read_cut_record(w))) {
        tw__conn_record(w->link->conn, w->at, w->record.type, w->record.length, opaque);
        w->n_application += opaque && w->record.type == TW_CT_APPLICATION;
        if (opaque)
            judge_opaque(w);
        if (opaque && w->record.type == TW_CT_ALERT)
            connections_enforce_budget(w->link);
    }
    w->record.open = false;
}

void walk_alert(walk *w, uint8_t level, uint8_t number, int ordinal)
{
    const tw__alert *added;
    const note *last;
    if (!w->link->conn->n_handshakes)
        stream_start_recall(w->link->conn, &w->carrier, w->at.dir, false);
    added = tw__conn_alert(w->link->conn, w->at, level, number, ordinal);
    if (!added)
        return;
    last = w->link->verdicts;
    while (last && last->next_of_link)
        last = last->next_of_link;
    if (last)
        tw__verdict_add_reaction(last->verdict, w->link->conn, added);
    connections_keep(w->link, tw__judge_alert(w->link->conn, added, w->settings));
    connections_enforce_budget(w->link);
}
