/* TCP segments that need no dissection to be told. See idle.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include "door/idle.h"

#include "connections.h"
#include "door/datagram.h"
#include "door/opening.h"
#include "door/slots.h"
#include "frames.h"
#include "harvest/handover.h"
#include "harvest/place.h"
#include "harvest/plain.h"

/* The segment at hand, as the packet's bytes show it. */
static simple at_hand;
/* Whose payload it is, if it was told without a tree, in a stream without TLS; NULL: it was not. */
static slot *unread;
/* It opens a stream, and is told when it has been dissected. */
static bool opens;
/* It is none, but a datagram in which there is nothing to tell. */
static bool is_datagram;
/* It is told from its bytes when it has been dissected, as a segment of PLACE. */
static struct {
    tw_plain kind;
    slot *place;
} plain;

/* Whether the segment at hand, of PLACE, was told. */
static bool tell(tvbuff_t *tvb, packet_info *pinfo, slot *place)
{
    tw_capture *capture = connections_capture();
    tw_conn *conn = connections_find(TW_CARRIER_TCP, place->stream);
    tw_segment *s = &at_hand.s;
    if (!conn && s->len && !place->flat)
        return false;
    if ((!conn || !s->len) && tw_capture_wants_place(capture, place->stream, conn, s))
        s->place = place_of(pinfo, tvb, place->dir);
    if (conn && tw_conn_completed(conn))
        tw_forget_ip(s);
    if (conn)
        return tw_tell_idle(conn, place->dir, s, at_hand.payload, s->len);
    if (!tw_tell_unread(capture, place->stream, place->dir, s, at_hand.payload, s->len))
        return false;
    unread = s->len ? place : NULL;
    place->flat = place->flat && !s->len; /* until the frame has been dissected, if it can be */
    return true;
}

/* Whether the segment at hand, of PLACE, can be told from its bytes. */
static bool find_plain(slot *place)
{
    const tw_conn *conn = connections_find(TW_CARRIER_TCP, place->stream);
    const tw_segment *s = &at_hand.s;
    if (!conn && !place->calm)
        return false;
    plain.kind = tw_is_plain(connections_capture(), place->stream, conn, place->dir, s, at_hand.payload, s->len);
    plain.place = place;
    return plain.kind != TW_PLAIN_NOT;
}

static void tell_time(const packet_info *pinfo)
{
    at_hand.s.frame = frames_id(pinfo);
    at_hand.s.time_us = frames_time(pinfo);
    tw_tell_time(connections_capture(), at_hand.s.frame, at_hand.s.time_us);
}

bool idle_segment(tvbuff_t *tvb, packet_info *pinfo)
{
    slot *place;
    unread = NULL;
    opens = false;
    plain.kind = TW_PLAIN_NOT;
    is_datagram = false;
    if (!simple_read(&at_hand, tvb, pinfo)) {
        if ((is_datagram = at_hand.datagram && datagram_is_idle(&at_hand)))
            tell_time(pinfo);
        return is_datagram;
    }
    if (at_hand.s.flags & TW_TCP_SYN) {
        if ((opens = opening_begins(&at_hand)))
            tell_time(pinfo);
        return opens;
    }
    if (!(place = slots_find(&at_hand)))
        return false;
    tell_time(pinfo);
    return tell(tvb, pinfo, place) || find_plain(place);
}

void idle_dissected(tvbuff_t *tvb, packet_info *pinfo)
{
    if (unread)
        unread->flat = handover_reading_of(pinfo) != HANDOVER_OTHER;
    if (opens)
        opening_dissected(&at_hand, tvb, pinfo);
    if (plain.kind) {
        uint32_t stream = plain.place->stream;
        plain_dissected(&at_hand, plain.kind, stream, tvb, pinfo);
        idle_remember(at_hand.tcp, pinfo, stream, plain.place->dir);
    }
    if (is_datagram)
        datagram_dissected(&at_hand, pinfo);
    unread = NULL;
    opens = is_datagram = false;
    plain.kind = TW_PLAIN_NOT;
}

bool idle_is_bare(void)
{
    return at_hand.tcp && !at_hand.s.len && !(at_hand.s.flags & TW_TCP_FIN);
}

const tw_segment *idle_header(const uint8_t *header, const packet_info *pinfo)
{
    at_hand.s.place = 0;
    return header == at_hand.tcp && simple_is_own(&at_hand, pinfo) ? &at_hand.s : NULL;
}

/* Whether what the other direction of STREAM sends is flat. */
static bool is_reverse_flat(uint32_t stream)
{
    const slot *place = slots_find_reverse(&at_hand);
    return place && place->stream == stream && place->flat;
}

/* Whether what the direction at hand of STREAM sends is, PLACE being its slot, or NULL: a new one. Where Wireshark has read
 * nothing of it, the same dissector reads the one direction and the other. */
static bool is_flat(const packet_info *pinfo, const slot *place, uint32_t stream)
{
    handover_reading reading = at_hand.s.len ? handover_reading_of(pinfo) : HANDOVER_NONE;
    if (reading != HANDOVER_NONE)
        return reading == HANDOVER_FLAT;
    if (place && place->flat)
        return true;
    return at_hand.s.len && is_reverse_flat(stream);
}

/* Whether it is calm. Where Wireshark has read nothing of it, it may wait for more. */
static bool is_calm(const packet_info *pinfo, const slot *place)
{
    bool was_calm = place && place->calm;
    if (!at_hand.s.len)
        return was_calm;
    if (handover_reading_of(pinfo) == HANDOVER_NONE)
        return was_calm && plain.kind;
    return plain_reading_of(pinfo).alone;
}

void idle_remember(const uint8_t *header, const packet_info *pinfo, uint32_t stream, int dir)
{
    slot *place;
    bool flat, calm;
    if (header != at_hand.tcp)
        return;
    place = slots_find(&at_hand);
    if (place && (place->stream != stream || place->dir != dir))
        place = NULL;
    flat = is_flat(pinfo, place, stream);
    calm = is_calm(pinfo, place);
    if (!place)
        place = slots_put(&at_hand, stream, dir);
    place->flat = flat;
    place->calm = calm;
}

void idle_forget(void)
{
    slots_clear();
    at_hand.tcp = NULL;
    unread = NULL;
    opens = is_datagram = false;
    plain.kind = TW_PLAIN_NOT;
}
