/* Segments told from their bytes. See plain.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include "harvest/plain.h"

#include "connections.h"
#include "frames.h"
#include "harvest/protocols.h"
#include "harvest/walk.h"

/* Whether PROTO, which is not TLS, may hold some that is told of in its own way, or a segment of its own. */
static bool is_carrier(int proto)
{
    const int carriers[] = { protocols.tcp,  protocols.udp,    protocols.dtls,     protocols.quic,  protocols.eap,
                             protocols.icmp, protocols.icmpv6, protocols.diameter, protocols.radius };
    for (unsigned i = 0; i < G_N_ELEMENTS(carriers); i++)
        if (proto == carriers[i])
            return true;
    return false;
}

plain_reading plain_reading_of(const packet_info *pinfo)
{
    plain_reading found = { .alone = true };
    unsigned above = 0; /* layers above TCP, itself counted */
    for (wmem_list_frame_t *layer = wmem_list_head(pinfo->layers); layer; layer = wmem_list_frame_next(layer)) {
        int proto = GPOINTER_TO_INT(wmem_list_frame_data(layer));
        if (!above && proto != protocols.tcp)
            continue;
        if (above == 1 && proto == protocols.tls)
            found.tls = true;
        else if (above && (is_carrier(proto) || (proto == protocols.tls && !found.tls)))
            found.alone = false;
        above++;
    }
    found.alone = found.alone && above;
    return found;
}

static void tell_records(walk *w, const uint8_t *payload)
{
    const struct connection *connection = walk_connection(w);
    if (!connection)
        return;
    if (tw_begins_with_hello(payload, w->carrier.len))
        frames_note_beginning(w->at.frame, connection->facts);
    tw_tell_records(connection->facts, w->at.dir, &w->segment.header, payload);
    if (walk_has_decrypted(w))
        tw_tell_decrypted(connection->facts);
}

void plain_dissected(const simple *t, tw_plain kind, uint32_t stream, tvbuff_t *tvb, packet_info *pinfo)
{
    plain_reading reading = plain_reading_of(pinfo);
    bool shown = kind == TW_PLAIN_RECORDS && reading.tls;
    walk w = { .pinfo = pinfo,
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
