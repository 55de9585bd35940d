/* Segments that open a stream. See opening.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include "door/opening.h"

#include <string.h>

#include <epan/dissectors/packet-tcp.h>

#include "connections.h"
#include "harvest/place.h"

#define ETHERNET_ADDRESS 6

static uint32_t streams;  /* that Wireshark had met before the frame at hand */
static const slot *other; /* of the direction that it answers; NULL: it answers none */

/* Whether PLACE is on the Ethernet of T, in whatever direction: Wireshark may take what was recorded elsewhere for another
 * stream. */
static bool is_across(const slot *place, const simple *t)
{
    const uint8_t *one = t->link, *two = t->link + ETHERNET_ADDRESS;
    bool is_same = !memcmp(place->link, one, 2 * ETHERNET_ADDRESS);
    bool is_reverse =
        !memcmp(place->link, two, ETHERNET_ADDRESS) && !memcmp(place->link + ETHERNET_ADDRESS, one, ETHERNET_ADDRESS);
    return place->interface == t->interface && place->link_len == SIMPLE_LINK_MIN && t->link_len == SIMPLE_LINK_MIN &&
           (is_same || is_reverse);
}

bool opening_begins(const simple *t)
{
    bool answers = t->s.flags & TW_TCP_ACK, is_bare = !t->s.len && !(t->s.flags & (TW_TCP_FIN | TW_TCP_RST)),
         expected;
    other = slots_find_reverse(t);
    expected = answers ? other && is_across(other, t) : !other && !slots_find(t);
    streams = get_tcp_stream_count();
    if (!expected || !is_bare)
        slots_forget(t);
    return expected && is_bare;
}

/* The stream that T is of. False: Wireshark has not read T as TCP. */
static bool find_stream(const simple *t, packet_info *pinfo, uint32_t *stream)
{
    const struct tcp_analysis *analysis;
    if (!simple_is_own(t, pinfo) || pinfo->ptype != PT_TCP)
        return false;
    if (get_tcp_stream_count() != streams) {
        *stream = streams;
        return true;
    }
    if (other) {
        *stream = other->stream;
        return true;
    }
    analysis = get_tcp_conversation_data(NULL, pinfo); /* nobody remembered it here: the slots are few */
    *stream = analysis ? analysis->stream : 0;
    return analysis != NULL;
}

static void tell(simple *t, tvbuff_t *tvb, packet_info *pinfo, uint32_t stream, int dir)
{
    tw_capture *capture = connections_capture();
    tw_conn *conn = connections_find(TW_CARRIER_TCP, stream);
    const uint8_t *addresses[2] = { t->key, t->key + (t->s.v6 ? 16 : 4) };
    if (tw_capture_wants_place(capture, stream, conn, &t->s))
        t->s.place = place_of(pinfo, tvb, dir);
    tw_tell_segment(capture, stream, conn, dir, &t->s);
    if (!(t->s.flags & TW_TCP_ACK) && t->s.hops)
        tw_tell_opening(capture, stream, dir, &t->s, addresses);
}

void opening_dissected(simple *t, tvbuff_t *tvb, packet_info *pinfo)
{
    const carrier c = { .kind = TW_CARRIER_TCP, .srcport = t->s.srcport, .dstport = t->s.dstport };
    uint32_t stream;
    int dir;
    if (!find_stream(t, pinfo, &stream)) {
        slots_forget(t);
        return;
    }
    dir = connections_tcp_direction(&c, pinfo);
    tell(t, tvb, pinfo, stream, dir);
    if (other && other->stream != stream)
        slots_forget(t);
    slots_put(t, stream, dir)->calm = true;
}
