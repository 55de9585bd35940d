/* Segments told from their bytes. See plain.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include "harvest/plain.h"

#include "connections.h"
#include "frames.h"
#include "harvest/protocols.h"
#include "harvest/walk.h"

/* Whether PROTO may hold TLS that is told of in its own way, or a segment of its own. */
static bool is_carrier(int proto)
{
    return proto == protocols.tcp || proto == protocols.udp || proto == protocols.tls || proto == protocols.dtls ||
           proto == protocols.quic || proto == protocols.eap || proto == protocols.icmp ||
           proto == protocols.icmpv6 || proto == protocols.diameter || proto == protocols.radius;
}

static int protocol_of(wmem_list_frame_t *layer)
{
    return GPOINTER_TO_INT(wmem_list_frame_data(layer));
}

/* From the last layer back to TCP, which is near. */
plain_reading plain_reading_of(const packet_info *pinfo)
{
    wmem_list_frame_t *layer = wmem_list_tail(pinfo->layers);
    plain_reading found = { .none = true, .alone = true };
    int proto = -1;
    for (int next; layer && (next = protocol_of(layer)) != protocols.tcp; layer = wmem_list_frame_prev(layer)) {
        found.alone = found.alone && (proto == -1 || !is_carrier(proto));
        proto = next;
    }
    if (proto == -1 || !layer) {
        found.alone = layer != NULL;
        return found;
    }
    found.none = false;
    found.tls = proto == protocols.tls;
    found.alone = found.alone && (found.tls || !is_carrier(proto));
    found.flat = found.alone && (proto == protocols.data || proto == protocols.http);
    return found;
}

static void tell_records(walk *w, const uint8_t *payload)
{
    tw_conn *connection = walk_connection(w);
    tvbuff_t *decrypted = walk_decrypted(w);
    guint len = decrypted ? tvb_captured_length(decrypted) : 0;
    if (!connection)
        return;
    if (tw_begins_with_hello(payload, w->carrier.len))
        frames_note_beginning(w->at.frame, connection);
    tw_tell_records(connection, w->at.dir, &w->segment.header, payload,
                    len ? tvb_get_ptr(decrypted, 0, (int)len) : NULL, len);
    if (decrypted)
        tw_tell_decrypted(connection);
}

void plain_dissected(const simple *t, tw_plain kind, bool tls, uint32_t stream, tvbuff_t *tvb, packet_info *pinfo,
                     proto_tree *tree)
{
    bool shown = kind == TW_PLAIN_RECORDS && tls;
    walk w = { .pinfo = pinfo,
               .tree = tree,
               .at = { .frame = t->s.frame, .time_us = t->s.time_us },
               .carrier = { .kind = TW_CARRIER_TCP,
                            .stream = stream,
                            .srcport = t->s.srcport,
                            .dstport = t->s.dstport,
                            .has_seq = true,
                            .seq = t->s.seq,
                            .len = t->s.len,
                            .payload = (int)(t->payload - t->link) },
               .segment = { .tvb = tvb, .start = (int)(t->tcp - t->link), .header = t->s } };
    if (!simple_is_own(t, pinfo)) /* it carries another packet */
        return;
    if (tcp_tell_segment(&w) && shown)
        tell_records(&w, t->payload);
    w.connection = connections_get(&w.carrier, pinfo, w.at.frame, false);
    tcp_tell_payload(&w, shown, false);
}
