/* What a walk over a tree has met so far: its carrier, its record, its alerts. See walk.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"
#include "harvest/headers.h"
#include "harvest/walk.h"

#include "connections.h"

bool walk_bytes(const field_info *fi, int offset, uint8_t *out, unsigned len)
{
    int start = fi->start + offset;
    if (!fi->ds_tvb || start < 0 || tvb_captured_length_remaining(fi->ds_tvb, start) < (int)len)
        return false;
    tvb_memcpy(fi->ds_tvb, out, start, len);
    return true;
}

static bool has_ports_at(const walk *w, const field_info *udp, int offset)
{
    uint8_t ports[4];
    return walk_bytes(udp, offset, ports, sizeof ports) && (guint32)(ports[0] << 8 | ports[1]) == w->pinfo->srcport &&
           (guint32)(ports[2] << 8 | ports[3]) == w->pinfo->destport;
}

/* Wireshark puts the field at the header's beginning or at its end. */
int walk_datagram(const walk *w, const field_info *udp)
{
    if (has_ports_at(w, udp, 0))
        return udp->start + UDP_HEADER;
    return has_ports_at(w, udp, -UDP_HEADER) ? udp->start : -1;
}

void walk_carrier(walk *w, carrier c)
{
    walk_close_record(w, true);
    w->carrier = c;
    w->connection = NULL;
    w->repetition = false;
}

/* What recorders say of a frame's length on the wire may be wrong (Npcap's loopback doubles it); a segment's own
 * length counts. */
static bool is_cut(const walk *w)
{
    if (w->pinfo->fd->cap_len >= w->pinfo->fd->pkt_len)
        return false;
    return !w->carrier.has_seq || !w->segment.tvb ||
           tvb_captured_length_remaining(w->segment.tvb, w->carrier.payload) < (int)w->carrier.len;
}

tvbuff_t *walk_decrypted(const walk *w)
{
    const GSList *sources = w->pinfo->data_src;
    for (const GSList *i = sources ? sources->next : NULL; i; i = i->next) {
        tvbuff_t *tvb = get_data_source_tvb(i->data);
        char *name;
        bool is_own;
        if (tvb == w->put_together)
            continue;
        name = TLSWHY_SOURCE_NAME(i->data);
        is_own = g_str_has_prefix(name, "Reassembled");
        wmem_free(NULL, name);
        if (!is_own)
            return tvb;
    }
    return NULL;
}

/* The connection of the carrier at hand, of which this is the first time that it is asked for in the frame. */
static tw_conn *find_connection(const walk *w)
{
    tw_conn *found = connections_get(&w->carrier, w->pinfo, w->at.frame, false);
    if (!found && (found = connections_get(&w->carrier, w->pinfo, w->at.frame, true)) &&
        w->carrier.kind == TW_CARRIER_TCP)
        tw_tell_stream(found, w->carrier.stream);
    return found;
}

tw_conn *walk_connection(walk *w)
{
    if (!w->connection && (w->connection = find_connection(w))) {
        w->at.dir = connections_direction(w->connection, &w->carrier, w->pinfo);
        if (is_cut(w))
            tw_tell_cut(w->connection, w->at.dir);
    }
    return w->connection;
}

/* What a record behind a hole is depends on what is missing: it is told when that has come (tcp_segments()). */
static bool has_to_wait(walk *w, bool opaque)
{
    return w->carrier.kind == TW_CARRIER_TCP && opaque && walk_connection(w) &&
           tw_conn_waits(w->connection, w->at.dir);
}

void walk_close_record(walk *w, bool opaque)
{
    if (w->record.open && has_to_wait(w, opaque))
        w->record.open = false;
    if (w->record.open && walk_connection(w) && !w->repetition) {
        tw_record r = { .type = w->record.type,
                        .outer = w->record.outer,
                        .length = w->record.length,
                        .opaque = opaque,
                        .item = (int)w->alerts - 1 }; /* an opaque alert's node was the last one passed */
        int captured = opaque ? tvb_captured_length_remaining(w->record.tvb, w->record.content) : 0;
        if (captured > 0) {
            r.captured = MIN((size_t)captured, w->record.length);
            r.content = tvb_get_ptr(w->record.tvb, w->record.content, (int)r.captured);
        }
        w->n_application += opaque && w->record.type == TW_CT_APPLICATION;
        tw_tell_record(w->connection, w->at, &r);
    }
    w->record.open = false;
}
