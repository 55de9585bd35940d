/* Harvesting QUIC: its connections by Wireshark's number of them (they outlive addresses and ports), its closes, and the
 * kinds of its packets, which the headers tell without keys. See walk.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <epan/packet.h>

#include "compat.h"
#include "harvest/walk.h"

#define DATAGRAM_MAX 65535
#define UDP_HEADER   8
#define CRYPTO_ERROR 1 /* above the alert's number: RFC 9001 4.8 */
#define LEVEL_FATAL  2 /* the only one that QUIC has */
#define CLOSE_MAX    (3 * 8 + TW_QUIC_WORDS_MAX)

static carrier quic_carrier(const walk *w, field_info *fi)
{
    return (carrier){ .kind = CARRIER_QUIC,
                      .stream = TLSWHY_UINT(fi),
                      .srcport = (uint16_t)w->pinfo->srcport,
                      .dstport = (uint16_t)w->pinfo->destport };
}

void quic_on_connection(walk *w, field_info *fi)
{
    walk_carrier(w, quic_carrier(w, fi));
}

/* Error code, type of the frame at fault, reason phrase (RFC 9000 19.19). */
void quic_on_error(walk *w, field_info *fi)
{
    unsigned ordinal = w->alerts++;
    uint8_t bytes[CLOSE_MAX];
    int captured = fi->ds_tvb ? tvb_captured_length_remaining(fi->ds_tvb, fi->start) : 0;
    unsigned len = (unsigned)CLAMP(captured, 0, CLOSE_MAX);
    size_t at = 0;
    uint64_t error, frame_type, n_words = 0;
    if (w->carrier.kind != CARRIER_QUIC || !walk_bytes(fi, 0, bytes, len) ||
        !tw__quic_varint(bytes, len, &at, &error) || !walk_link(w))
        return;
    if (!tw__quic_varint(bytes, len, &at, &frame_type) || !tw__quic_varint(bytes, len, &at, &n_words))
        n_words = 0;
    tw__conn_quic_close(w->link->conn, w->at, error, bytes + at, (size_t)MIN(n_words, len - at));
    if (error >> 8 == CRYPTO_ERROR)
        walk_alert(w, LEVEL_FATAL, (uint8_t)error, (int)ordinal);
    else
        connections_keep(w->link, tw__judge_end(w->link->conn, w->at, false, w->settings));
}

/* The versions behind the two connection IDs of a Version Negotiation packet (RFC 9000 17.2.1). */
static void version_negotiation(walk *w, const uint8_t *bytes, size_t len)
{
    uint32_t versions[TW_QUIC_VERSIONS_MAX];
    unsigned n = 0;
    size_t at = 5;
    for (unsigned id = 0; id < 2; id++) {
        if (at >= len)
            return;
        at += 1 + (size_t)bytes[at];
    }
    for (; n < TW_QUIC_VERSIONS_MAX && at + 4 <= len; at += 4)
        versions[n++] =
            (uint32_t)bytes[at] << 24 | (uint32_t)bytes[at + 1] << 16 | (uint32_t)bytes[at + 2] << 8 | bytes[at + 3];
    tw__conn_quic_negotiation(w->link->conn, w->at, versions, n);
    connections_note_negotiation(w->link);
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

static void datagram(walk *w, const field_info *fi)
{
    unsigned len = datagram_length(fi);
    const uint8_t *bytes = len ? tvb_get_ptr(fi->ds_tvb, fi->start, (int)len) : NULL;
    tw__quic_kind kind;
    uint32_t version;
    size_t at = 0, begin = 0;
    while (bytes && tw__quic_next_packet(bytes, len, &at, &kind, &version)) {
        if (!begin && kind != TW_QUIC_ONE_RTT && !walk_link(w))
            return; /* a connection is made at its first long header */
        if (!w->link)
            return;
        if (kind == TW_QUIC_NEGOTIATION)
            version_negotiation(w, bytes + begin, len - begin);
        else
            tw__conn_quic_packet(w->link->conn, w->at, kind, version);
        begin = at;
    }
}

void quic_packets(walk *w, const GPtrArray *found, const GPtrArray *udp)
{
    field_info *stream = udp ? g_ptr_array_index(udp, udp->len - 1) : NULL;
    if (!found && stream)
        connections_lose_quic(TLSWHY_UINT(stream));
    for (unsigned i = 0; found && i < found->len; i++) {
        field_info *fi = g_ptr_array_index(found, i);
        walk_carrier(w, quic_carrier(w, fi));
        w->link = connections_get(&w->carrier, w->pinfo, false);
        if (w->link)
            w->at.dir = connections_direction(w->link, &w->carrier, w->pinfo);
        datagram(w, fi);
        if (w->link && stream)
            connections_note_quic(TLSWHY_UINT(stream), w->link);
    }
}
