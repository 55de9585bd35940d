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
/* What is to be done with it when it has been dissected. */
static struct {
    enum waiting_for {
        NOTHING,
        UNREAD,   /* it was told, in a stream without TLS, if Wireshark reads none */
        PLAIN,    /* it is told from its bytes */
        OPENING,  /* it opens a stream */
        DATAGRAM, /* it is none, but a datagram in which there is nothing to tell */
    } what;
    slot *place;   /* UNREAD, PLAIN: that it is of */
    tw_plain kind; /* PLAIN */
} waiting;

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
    if (s->len) {
        waiting.what = UNREAD;
        waiting.place = place;
    }
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
    waiting.kind = tw_is_plain(connections_capture(), place->stream, conn, place->dir, s, at_hand.payload, s->len);
    waiting.place = place;
    if (waiting.kind != TW_PLAIN_NOT)
        waiting.what = PLAIN;
    return waiting.what == PLAIN;
}

static void tell_time(const packet_info *pinfo)
{
    at_hand.s.frame = frames_id(pinfo);
    at_hand.s.time_us = frames_time(pinfo);
    tw_tell_time(connections_capture(), at_hand.s.frame, at_hand.s.time_us);
}

/* The frame at hand is WHAT, if it IS. */
static bool wait_for(bool is, enum waiting_for what, const packet_info *pinfo)
{
    if (!is)
        return false;
    waiting.what = what;
    tell_time(pinfo);
    return true;
}

bool idle_segment(tvbuff_t *tvb, packet_info *pinfo)
{
    slot *place;
    waiting.what = NOTHING;
    if (!simple_read(&at_hand, tvb, pinfo))
        return wait_for(at_hand.datagram && datagram_is_idle(&at_hand), DATAGRAM, pinfo);
    if (at_hand.s.flags & TW_TCP_SYN)
        return wait_for(opening_begins(&at_hand), OPENING, pinfo);
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
        place->calm = place->calm && waiting.what == PLAIN;
    } else {
        place->flat = reading->flat;
        place->calm = reading->alone;
    }
}

/* The plain segment at hand. Of a stream with TLS nobody asks what else it holds. Apart, for most frames hold none. */
G_GNUC_NO_INLINE static void tell_plain(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    plain_reading reading = read_at_hand(pinfo);
    plain_dissected(&at_hand, waiting.kind, reading.tls, waiting.place->stream, tvb, pinfo, tree);
    if (!reading.tls)
        note_reading(waiting.place, &reading);
}

static void note_unread(const packet_info *pinfo)
{
    plain_reading reading = read_at_hand(pinfo);
    waiting.place->flat = reading.none || reading.flat;
}

bool idle_waits(void)
{
    return waiting.what != NOTHING && waiting.what != UNREAD;
}

void idle_dissected(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    switch (waiting.what) {
    case NOTHING: break;
    case UNREAD: note_unread(pinfo); break;
    case PLAIN: tell_plain(tvb, pinfo, tree); break;
    case OPENING: opening_dissected(&at_hand, tvb, pinfo); break;
    case DATAGRAM: datagram_dissected(&at_hand, pinfo); break;
    }
    waiting.what = NOTHING;
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
    waiting.what = NOTHING;
}
