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
#include "harvest/headers.h"

#define SLOTS    4096 /* a power of two; a connection whose slot another one has taken goes the slow way once */
#define LINK_MAX 16
#define KEY_MAX  36
#define PORTS    4

/* Addresses and ports as they stand in the packet, of one direction of a connection. The link layer's header stands with
 * them: a segment that was recorded on two links is of two connections where the user wants that (Wireshark 4.4's preference
 * conversation_deinterlacing_key). */
typedef struct {
    tw_conn *conn; /* lent; NULL: nobody is here */
    uint32_t interface;
    uint8_t link[LINK_MAX], key[KEY_MAX];
    uint8_t link_len, key_len, dir;
} slot;

/* The segment at hand, as the packet's bytes show it. */
typedef struct {
    const uint8_t *tcp; /* its header, lent; NULL: it is no simple one */
    const uint8_t *payload;
    const uint8_t *link; /* the frame's beginning */
    const uint8_t *key;  /* addresses and ports, which stand together where there are no IP options */
    unsigned link_len, key_len;
    uint32_t interface;
    tw_segment s;
} simple;

static slot *slots; /* SLOTS of them; NULL: none yet */
static simple at_hand;

/* Where IP begins behind a link layer's header, and where the type of it stands. */
static const struct {
    int encapsulation;
    unsigned header, type;
} links[] = { { WTAP_ENCAP_ETHERNET, 14, 12 }, { WTAP_ENCAP_SLL, 16, 14 } };

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
    at_hand.key_len = v6 ? KEY_MAX : 12;
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
    return place->conn && place->key_len == t->key_len && !memcmp(place->key, t->key, t->key_len);
}

static bool is_at(const slot *place, const simple *t)
{
    return is_for(place, t) && place->interface == t->interface && place->link_len == t->link_len &&
           !memcmp(place->link, t->link, t->link_len);
}

/* Another connection begins between these endpoints: what comes from either is none of the old one's. */
static void forget(const simple *t)
{
    unsigned n = (t->key_len - PORTS) / 2; /* bytes of an address */
    uint8_t key[KEY_MAX];
    simple reverse = *t;
    memcpy(key, t->key + n, n);
    memcpy(key + n, t->key, n);
    memcpy(key + 2 * n, t->key + 2 * n + 2, 2);
    memcpy(key + 2 * n + 2, t->key + 2 * n, 2);
    reverse.key = key;
    if (is_for(slot_of(t), t))
        slot_of(t)->conn = NULL;
    if (is_for(slot_of(&reverse), &reverse))
        slot_of(&reverse)->conn = NULL;
}

bool idle_segment(tvbuff_t *tvb, packet_info *pinfo)
{
    const slot *place;
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
    return tw_tell_idle(place->conn, place->dir, &at_hand.s, at_hand.payload, at_hand.s.len);
}

bool idle_is_bare(void)
{
    return at_hand.tcp && !at_hand.s.len && !(at_hand.s.flags & TW_TCP_FIN);
}

void idle_remember(const uint8_t *header, tw_conn *conn, int dir)
{
    slot *place;
    if (header != at_hand.tcp)
        return;
    if (!slots)
        slots = g_new0(slot, SLOTS);
    place = slot_of(&at_hand);
    *place = (slot){ .conn = conn,
                     .interface = at_hand.interface,
                     .link_len = (uint8_t)at_hand.link_len,
                     .key_len = (uint8_t)at_hand.key_len,
                     .dir = (uint8_t)dir };
    memcpy(place->link, at_hand.link, at_hand.link_len);
    memcpy(place->key, at_hand.key, at_hand.key_len);
}

void idle_forget(void)
{
    g_clear_pointer(&slots, g_free);
    at_hand.tcp = NULL;
}
