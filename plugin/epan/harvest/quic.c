/* Harvesting QUIC: its connections by Wireshark's number of them (they outlive addresses and ports), its closes, and the
 * kinds of its packets, which the headers tell without keys. See walk.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <epan/packet.h>

#include "compat.h"
#include "harvest/headers.h"
#include "harvest/walk.h"

#define DATAGRAM_MAX 65535
#define CLOSE_MAX    256 /* bytes of a CONNECTION_CLOSE that are looked at */

static carrier quic_carrier(const walk *w, field_info *fi)
{
    return (carrier){ .kind = TW_CARRIER_QUIC,
                      .stream = TLSWHY_UINT(fi),
                      .srcport = (uint16_t)w->pinfo->srcport,
                      .dstport = (uint16_t)w->pinfo->destport };
}

void quic_on_connection(walk *w, field_info *fi)
{
    walk_carrier(w, quic_carrier(w, fi));
}

void quic_on_error(walk *w, field_info *fi)
{
    unsigned item = w->alerts++;
    int captured = fi->ds_tvb ? tvb_captured_length_remaining(fi->ds_tvb, fi->start) : 0;
    int len = CLAMP(captured, 0, CLOSE_MAX);
    if (w->carrier.kind == TW_CARRIER_QUIC && len && walk_connection(w))
        tw_tell_quic_close(w->connection, w->at, tvb_get_ptr(fi->ds_tvb, fi->start, len), (size_t)len, (int)item);
}

/* The datagram begins where FI stands, and its length is in the UDP header just before. */
static unsigned datagram_length(const field_info *fi)
{
    int captured = fi->ds_tvb ? tvb_captured_length_remaining(fi->ds_tvb, fi->start) : 0;
    uint8_t length[2];
    unsigned whole = DATAGRAM_MAX;
    if (walk_bytes(fi, -4, length, sizeof length))
        whole = (unsigned)length[0] << 8 | length[1];
    return (unsigned)CLAMP(captured, 0, (int)(whole > UDP_HEADER ? whole - UDP_HEADER : 0));
}

/* A connection is made at its first long header. */
static void datagram(walk *w, const field_info *fi)
{
    unsigned len = datagram_length(fi);
    const uint8_t *bytes = len ? tvb_get_ptr(fi->ds_tvb, fi->start, (int)len) : NULL;
    if (!bytes || (!w->connection && (!tw_is_quic_long_header(bytes[0]) || !walk_connection(w))))
        return;
    tw_tell_quic_datagram(w->connection, w->at, bytes, len);
}

void quic_packets(walk *w, const GPtrArray *found, const GPtrArray *udp)
{
    field_info *stream = udp ? g_ptr_array_index(udp, udp->len - 1) : NULL;
    if (!found && stream)
        connections_lose_quic(TLSWHY_UINT(stream));
    for (unsigned i = 0; found && i < found->len; i++) {
        field_info *fi = g_ptr_array_index(found, i);
        walk_carrier(w, quic_carrier(w, fi));
        w->connection = connections_get(&w->carrier, w->pinfo, w->at.frame, false);
        if (w->connection)
            w->at.dir = connections_direction(w->connection, &w->carrier, w->pinfo);
        datagram(w, fi);
        if (w->connection && stream)
            connections_note_quic(TLSWHY_UINT(stream), w->connection);
    }
}
