/* Letting Wireshark read what it took for something else. See handover.h.
 *
 * Only a frame that was never dissected before is handed over. What the conversation's next ones are, Wireshark then knows
 * by itself, on this visit and on later ones.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "harvest/handover.h"

#include <epan/conversation.h>
#include <epan/packet.h>

#include "compat.h"
#include "harvest/protocols.h"

/* Dissectors keep what they know of a packet by the depth at which they were called: here, as on later visits, right above
 * the protocol LOWER of the packet. What the depth is now. */
static unsigned enter(packet_info *pinfo, int lower)
{
    unsigned depth = pinfo->curr_layer_num, at = 0;
    for (wmem_list_frame_t *layer = wmem_list_head(pinfo->layers); layer; layer = wmem_list_frame_next(layer)) {
        at++;
        if (GPOINTER_TO_INT(wmem_list_frame_data(layer)) == lower)
            pinfo->curr_layer_num = (uint8_t)at;
    }
    return depth;
}

static void leave(packet_info *pinfo, unsigned depth)
{
    pinfo->curr_layer_num = (uint8_t)depth;
}

/* The dissector finds its place in the frame without what TCP would do for it. */
static void dissect_alone(dissector_handle_t dissector, tvbuff_t *tvb, walk *w, int lower)
{
    guint16 can_desegment = w->pinfo->can_desegment;
    unsigned depth = enter(w->pinfo, lower);
    w->pinfo->can_desegment = 0;
    call_dissector_only(dissector, tvb, w->pinfo, w->tree, NULL);
    w->pinfo->can_desegment = can_desegment;
    leave(w->pinfo, depth);
}

static void free_bytes(void *data)
{
    g_free(data);
}

static tvbuff_t *copy_of(tvbuff_t *parent, GBytes *bytes)
{
    gsize len;
    const void *data = g_bytes_get_data(bytes, &len);
    uint8_t *copy = g_memdup2(data, len);
    tvbuff_t *tvb = tvb_new_child_real_data(parent, copy, (guint)len, (gint)len);
    tvb_set_free_cb(tvb, free_bytes);
    return tvb;
}

/* What came in several segments is read in the frame of the last one, which holds only its end: on later visits, that frame
 * is left to whoever had it. */
void handover_tls(walk *w, tvbuff_t *tvb, GBytes *hello)
{
    dissector_handle_t tls = find_dissector("tls");
    int captured = MIN(tvb_captured_length_remaining(tvb, w->carrier.payload), (int)w->carrier.len);
    bool here;
    if (!tls || captured <= 0)
        return;
    here = tw_begins_with_hello(tvb_get_ptr(tvb, w->carrier.payload, captured), (size_t)captured);
    conversation_set_dissector_from_frame_number(find_or_create_conversation(w->pinfo), w->pinfo->num + !here, tls);
    dissect_alone(tls, here ? tvb_new_subset_length(tvb, w->carrier.payload, captured) : copy_of(tvb, hello), w,
                  protocols.tcp);
}

#define TDS_PORT 1433 /* whose entry in Wireshark's table is the dissector, which has no name */

void handover_tds(walk *w, tvbuff_t *tvb, int captured)
{
    dissector_table_t ports;
    dissector_handle_t tds;
    if (!tw_asks_for_tds(tvb_get_ptr(tvb, w->carrier.payload, captured), (size_t)captured) ||
        proto_is_frame_protocol(w->pinfo->layers, "tds"))
        return;
    ports = find_dissector_table("tcp.port");
    tds = ports ? dissector_get_uint_handle(ports, TDS_PORT) : NULL;
    if (!tds || dissector_handle_get_protocol_index(tds) != protocols.tds)
        return;
    conversation_set_dissector_from_frame_number(find_or_create_conversation(w->pinfo), w->pinfo->num, tds);
    dissect_alone(tds, tvb_new_subset_length(tvb, w->carrier.payload, captured), w, protocols.tcp);
}

void handover_behind_preamble(const walk *w _U_)
{
#if TLSWHY_WS(4, 2) && !TLSWHY_WS(4, 6)
    dissector_table_t ports = find_dissector_table("tcp.port");
    dissector_handle_t tls = find_dissector("tls");
    if (tls && ports && dissector_get_uint_handle(ports, w->carrier.dstport) == tls)
        conversation_set_dissector_from_frame_number(find_or_create_conversation(w->pinfo), w->pinfo->num + 1, tls);
#endif
}

/* The datagram's payload if it BEGINS as what it was not taken for, or NULL. */
static tvbuff_t *disguised(const walk *w, const field_info *udp, bool (*begins)(const uint8_t *bytes, size_t len))
{
    int offset = walk_datagram(w, udp);
    int captured = offset < 0 ? 0 : tvb_captured_length_remaining(udp->ds_tvb, offset);
    if (captured <= 0 || !begins(tvb_get_ptr(udp->ds_tvb, offset, captured), (size_t)captured))
        return NULL;
    return tvb_new_subset_remaining(udp->ds_tvb, offset);
}

/* Wireshark's QUIC takes the whole conversation, with packets before this one of which it knows nothing: on the next visit it
 * would fail on them. So it gets what begins here. */
bool handover_quic(walk *w, const field_info *udp)
{
    heur_dtbl_entry_t *quic = find_heur_dissector_by_unique_short_name("quic");
    tvbuff_t *payload = quic ? disguised(w, udp, tw_begins_quic) : NULL;
    conversation_t *conversation = payload ? find_or_create_conversation(w->pinfo) : NULL;
    dissector_handle_t before, after;
    unsigned depth;
    if (!payload)
        return false;
    before = conversation_get_dissector(conversation, w->pinfo->num);
    depth = enter(w->pinfo, protocols.udp);
    call_heur_dissector_direct(quic, payload, w->pinfo, w->tree, NULL);
    leave(w->pinfo, depth);
    after = conversation_get_dissector(conversation, w->pinfo->num);
    if (after != before) {
        conversation_set_dissector_from_frame_number(conversation, 0, before);
        conversation_set_dissector_from_frame_number(conversation, w->pinfo->num, after);
    }
    return true;
}

bool handover_dtls(walk *w, const field_info *udp)
{
    dissector_handle_t dtls = find_dissector("dtls");
    tvbuff_t *payload = dtls ? disguised(w, udp, tw_begins_with_dtls_hello) : NULL;
    if (!payload)
        return false;
    conversation_set_dissector_from_frame_number(find_or_create_conversation(w->pinfo), w->pinfo->num, dtls);
    dissect_alone(dtls, payload, w, protocols.udp);
    return true;
}

static int protocol_of(wmem_list_frame_t *layer)
{
    return layer ? GPOINTER_TO_INT(wmem_list_frame_data(layer)) : -1;
}

bool handover_is_other(const packet_info *pinfo)
{
    int proto = protocol_of(wmem_list_tail(pinfo->layers));
    return proto >= 0 && proto != protocols.data && proto != protocols.tcp && proto != protocols.udp &&
           proto != protocols.tls;
}
