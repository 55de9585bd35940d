/* Harvesting what DTLS has of its own: connection IDs (RFC 9146), and the records of DTLS 1.3 (RFC 9147), which Wireshark
 * reads only since 4.4. Their contents cannot be read without keys; that they come, and in which epoch, tells how far
 * the handshake has got. See walk.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <epan/packet.h>

#include "compat.h"
#include "harvest/walk.h"

#define UNIFIED     0x20 /* 001CSLEE */
#define UNIFIED_SET 0xe0
#define WITH_CID    0x10
#define SEQUENCE_16 0x08
#define WITH_LENGTH 0x04
#define EPOCH       0x03

bool dtls_is_unified(uint8_t first)
{
    return (first & UNIFIED_SET) == UNIFIED;
}

void dtls13_record(walk *w, uint8_t first)
{
    if (walk_connection(w))
        tw_tell_dtls13_record(w->connection, w->at, first & EPOCH);
}

/* A datagram may hold several records; the length of a connection ID is not known here, so that only the first one of
 * a datagram with one is looked at. */
static void records(walk *w, const uint8_t *bytes, size_t len)
{
    size_t at = 0;
    while (at < len && dtls_is_unified(bytes[at])) {
        uint8_t first = bytes[at];
        size_t header = 1 + (first & SEQUENCE_16 ? 2 : 1);
        dtls13_record(w, first);
        if ((first & WITH_CID) || !(first & WITH_LENGTH) || len - at < header + 2)
            return;
        at += header + 2 + ((size_t)bytes[at + header] << 8 | bytes[at + header + 1]);
    }
}

void dtls13_datagram(walk *w, field_info *fi)
{
    carrier c = { .kind = TW_CARRIER_UDP,
                  .stream = TLSWHY_UINT(fi),
                  .srcport = (uint16_t)w->pinfo->srcport,
                  .dstport = (uint16_t)w->pinfo->destport };
    int offset = walk_datagram(w, fi);
    int captured = offset < 0 ? 0 : tvb_captured_length_remaining(fi->ds_tvb, offset);
    const uint8_t *bytes;
    walk_carrier(w, c);
    w->connection = connections_get(&w->carrier, w->pinfo, w->at.frame, false);
    if (!w->connection || captured <= 0)
        return;
    w->at.dir = connections_direction(w->connection, &w->carrier, w->pinfo);
    bytes = tvb_get_ptr(fi->ds_tvb, offset, captured);
    if (tw_conn_is_dtls13(w->connection))
        records(w, bytes, (size_t)captured);
    else if (tw_is_dtls(bytes[0]))
        tw_tell_lost(w->connection);
}
