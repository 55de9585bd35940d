/* TCP segments that need no dissection to be told. See idle.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include "door/idle.h"

#include <string.h>

#include <epan/ipproto.h>
#include <wiretap/wtap.h>

#include "connections.h"
#include "frames.h"
#include "harvest/handover.h"
#include "harvest/headers.h"
#include "harvest/place.h"

#define SLOTS    4096 /* a power of two; a stream whose slot another one has taken goes the slow way once */
#define LINK_MIN 14   /* the two lengths that there are */
#define LINK_MAX 16
#define KEY_V4   12
#define KEY_MAX  36
#define PORTS    4

/* Addresses and ports as they stand in the packet, of one direction of a stream. The link layer's header stands with
 * them: a segment that was recorded on two links is of two connections where the user wants that (Wireshark 4.4's preference
 * conversation_deinterlacing_key). */
typedef struct {
    uint32_t stream, interface;
    uint8_t link[LINK_MAX], key[KEY_MAX];
    uint8_t link_len, dir;
    uint8_t key_len; /* 0: nobody is here */
    bool flat;       /* Wireshark reads nothing in its payload that may hold TLS otherwise than as it is */
} slot;

/* The segment at hand, as the packet's bytes show it. */
typedef struct {
    const uint8_t *tcp; /* its header, lent; NULL: it is no simple one */
    const uint8_t *payload;
    const uint8_t *link; /* the frame's beginning */
    const uint8_t *key;  /* addresses and ports, which stand together where there are no IP options */
    unsigned link_len, key_len;
    uint32_t interface;
    slot *unread; /* whose payload it is, if it was told without a tree, in a stream without TLS; NULL: it was not */
    tw_segment s;
} simple;

static slot *slots; /* SLOTS of them; NULL: none yet */
static simple at_hand;

/* Where IP begins behind a link layer's header, and where the type of it stands. */
static const struct {
    int encapsulation;
    unsigned header, type;
} links[] = { { WTAP_ENCAP_ETHERNET, LINK_MIN, 12 }, { WTAP_ENCAP_SLL, LINK_MAX, 14 } };

/* Where the IP header is; 0: not known. */
static unsigned find_ip(const uint8_t *p, unsigned len, const packet_info *pinfo, bool *v6)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(links); i++)
        if (pinfo->rec->rec_header.packet_header.pkt_encap == links[i].encapsulation &&
            len >= links[i].header + IPV6_HEADER) {
            uint32_t type = headers_be(p + links[i].type, 2);
            *v6 = type == 0x86dd;
            return type == 0x0800 || *v6 ? links[i].header : 0;
        }
    return 0;
}

/* Bytes of IP header and payload together; 0: this is not simple. */
static uint32_t ip_length(const uint8_t *ip, bool v6)
{
    if (v6)
        return ip[0] >> 4 == 6 && ip[6] == IP_PROTO_TCP && headers_be(ip + 4, 2) ? IPV6_HEADER + headers_be(ip + 4, 2)
                                                                                 : 0;
    return ip[0] == 0x45 && ip[9] == IP_PROTO_TCP && !(headers_be(ip + 6, 2) & 0x3fff) ? headers_be(ip + 2, 2) : 0;
}

static bool read_simple(tvbuff_t *tvb, const packet_info *pinfo)
{
    unsigned len = tvb_captured_length(tvb), start, header, data;
    const uint8_t *p = tvb_get_ptr(tvb, 0, (int)len), *tcp;
    uint32_t whole;
    bool v6 = false;
    at_hand.tcp = NULL;
    at_hand.unread = NULL;
    if (!(start = find_ip(p, len, pinfo, &v6)))
        return false;
    whole = ip_length(p + start, v6);
    header = v6 ? IPV6_HEADER : IPV4_HEADER;
    if (whole < header + TCP_HEADER || whole > len - start)
        return false;
    tcp = p + start + header;
    data = (unsigned)(tcp[12] >> 4) * 4;
    if (data < TCP_HEADER || header + data > whole)
        return false;
    at_hand.tcp = tcp;
    at_hand.payload = tcp + data;
    at_hand.link = p;
    at_hand.link_len = start;
    at_hand.key = p + start + (v6 ? 8 : 12);
    at_hand.key_len = v6 ? KEY_MAX : KEY_V4;
    at_hand.interface = pinfo->rec->rec_header.packet_header.interface_id;
    at_hand.s = (tw_segment){ .v6 = v6,
                              .hops = p[start + (v6 ? 7 : 8)],
                              .ip_id = v6 ? 0 : (uint16_t)headers_be(p + start + 4, 2),
                              .flags = tcp[13],
                              .window = (uint16_t)headers_be(tcp + 14, 2),
                              .srcport = (uint16_t)headers_be(tcp, 2),
                              .dstport = (uint16_t)headers_be(tcp + 2, 2),
                              .seq = headers_be(tcp + 4, 4),
                              .ack = headers_be(tcp + 8, 4),
                              .len = whole - header - data };
    return true;
}

static slot *slot_of(const simple *t)
{
    uint32_t hash = 0, word;
    for (unsigned i = 0; i < t->key_len; i += 4) {
        memcpy(&word, t->key + i, 4);
        hash = (hash ^ word) * 0x9e3779b1u;
        hash ^= hash >> 15;
    }
    return &slots[hash & (SLOTS - 1)];
}

/* Whether PLACE is for the endpoints of T. */
static bool is_for(const slot *place, const simple *t)
{
    return place->key_len == t->key_len && (t->key_len == KEY_V4 ? !memcmp(place->key, t->key, KEY_V4) /* at once */
                                                                 : !memcmp(place->key, t->key, t->key_len));
}

static bool is_at(const slot *place, const simple *t)
{
    return is_for(place, t) && place->interface == t->interface && place->link_len == t->link_len &&
           (t->link_len == LINK_MAX ? !memcmp(place->link, t->link, LINK_MAX)
                                    : !memcmp(place->link, t->link, LINK_MIN));
}

/* T the other way, as far as slot_of() and is_for() ask; KEY: where its key may be written. */
static simple reverse_of(const simple *t, uint8_t key[KEY_MAX])
{
    unsigned n = (t->key_len - PORTS) / 2; /* bytes of an address */
    simple reverse = *t;
    memcpy(key, t->key + n, n);
    memcpy(key + n, t->key, n);
    memcpy(key + 2 * n, t->key + 2 * n + 2, 2);
    memcpy(key + 2 * n + 2, t->key + 2 * n, 2);
    reverse.key = key;
    return reverse;
}

/* Another stream begins between these endpoints: what comes from either is none of the old one's. */
static void forget(const simple *t)
{
    uint8_t key[KEY_MAX];
    simple reverse = reverse_of(t, key);
    if (is_for(slot_of(t), t))
        slot_of(t)->key_len = 0;
    if (is_for(slot_of(&reverse), &reverse))
        slot_of(&reverse)->key_len = 0;
}

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
    at_hand.unread = s->len ? place : NULL;
    place->flat = place->flat && !s->len; /* until the frame has been dissected, if it can be */
    return true;
}

bool idle_segment(tvbuff_t *tvb, packet_info *pinfo)
{
    slot *place;
    if (!read_simple(tvb, pinfo) || !slots)
        return false;
    if (at_hand.s.flags & TW_TCP_SYN) {
        forget(&at_hand);
        return false;
    }
    place = slot_of(&at_hand);
    if (!is_at(place, &at_hand))
        return false;
    at_hand.s.frame = frames_id(pinfo);
    at_hand.s.time_us = frames_time(pinfo);
    tw_tell_time(connections_capture(), at_hand.s.frame, at_hand.s.time_us);
    return tell(tvb, pinfo, place);
}

void idle_dissected(const packet_info *pinfo)
{
    if (at_hand.unread)
        at_hand.unread->flat = handover_reading_of(pinfo) != HANDOVER_OTHER;
}

bool idle_is_bare(void)
{
    return at_hand.tcp && !at_hand.s.len && !(at_hand.s.flags & TW_TCP_FIN);
}

const tw_segment *idle_header(const uint8_t *header, const packet_info *pinfo)
{
    at_hand.s.place = 0;
    return header == at_hand.tcp && pinfo->net_src.data == at_hand.key ? &at_hand.s : NULL;
}

/* Whether what the other direction of STREAM sends is flat. */
static bool is_reverse_flat(uint32_t stream)
{
    uint8_t key[KEY_MAX];
    simple reverse = reverse_of(&at_hand, key);
    const slot *place = slot_of(&reverse);
    return is_for(place, &reverse) && place->stream == stream && place->flat;
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

void idle_remember(const uint8_t *header, const packet_info *pinfo, uint32_t stream, int dir)
{
    slot *place;
    if (header != at_hand.tcp)
        return;
    if (!slots)
        slots = g_new0(slot, SLOTS);
    place = slot_of(&at_hand);
    if (is_at(place, &at_hand) && place->stream == stream && place->dir == dir) {
        place->flat = is_flat(pinfo, place, stream);
        return;
    }
    *place = (slot){ .stream = stream,
                     .interface = at_hand.interface,
                     .link_len = (uint8_t)at_hand.link_len,
                     .key_len = (uint8_t)at_hand.key_len,
                     .dir = (uint8_t)dir,
                     .flat = is_flat(pinfo, NULL, stream) };
    memcpy(place->link, at_hand.link, at_hand.link_len);
    memcpy(place->key, at_hand.key, at_hand.key_len);
}

void idle_forget(void)
{
    g_clear_pointer(&slots, g_free);
    at_hand.tcp = NULL;
    at_hand.unread = NULL;
}
