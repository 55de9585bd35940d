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

/* What Wireshark has read in the frame at hand; nothing that is alone, if it carries another packet. */
static plain_reading read_at_hand(const packet_info *pinfo)
{
    return simple_is_own(&at_hand, pinfo) ? plain_reading_of(pinfo) : (plain_reading){ .none = false };
}

/* Whether what the other direction of PLACE's stream sends is flat. */
static bool is_reverse_flat(const slot *place)
{
    const slot *reverse = slots_find_reverse(&at_hand);
    return reverse && reverse->stream == place->stream && reverse->flat;
}

/* The payload at hand, of PLACE, was read so. Where Wireshark has read nothing of it, the same dissector reads the one direction
 * and the other, and may wait for more of what it has been told of. */
static void note_reading(slot *place, const plain_reading *reading)
{
    if (reading->none) {
        place->flat = place->flat || is_reverse_flat(place);
        place->calm = place->calm && plain.kind;
    } else {
        place->flat = reading->flat;
        place->calm = reading->alone;
    }
}

/* The plain segment at hand. Of a stream with TLS nobody asks what else it holds. */
static void tell_plain(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const plain_reading *reading)
{
    plain_dissected(&at_hand, plain.kind, reading->tls, plain.place->stream, tvb, pinfo, tree);
    if (!reading->tls)
        note_reading(plain.place, reading);
}

bool idle_waits(void)
{
    return unread || opens || is_datagram || plain.kind;
}

void idle_dissected(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    if (opens)
        opening_dissected(&at_hand, tvb, pinfo);
    if (unread || plain.kind) {
        plain_reading reading = read_at_hand(pinfo);
        if (unread)
            unread->flat = reading.none || reading.flat;
        else
            tell_plain(tvb, pinfo, tree, &reading);
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

void idle_remember(const uint8_t *header, const packet_info *pinfo, uint32_t stream, int dir)
{
    slot *place;
    if (header != at_hand.tcp)
        return;
    place = slots_find(&at_hand);
    if (!place || place->stream != stream || place->dir != dir)
        place = slots_put(&at_hand, stream, dir);
    if (at_hand.s.len) {
        plain_reading reading = read_at_hand(pinfo);
        note_reading(place, &reading);
    }
}

void idle_forget(void)
{
    slots_clear();
    at_hand.tcp = NULL;
    unread = NULL;
    opens = is_datagram = false;
    plain.kind = TW_PLAIN_NOT;
}
