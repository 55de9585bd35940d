/* Simple frames. See simple.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include "door/simple.h"

#include <string.h>

#include <wiretap/wtap.h>

#include "harvest/headers.h"

#define ETHERTYPE_V4 0x0800
#define ETHERTYPE_V6 0x86dd

/* Bytes of the link layer's header, which ends with the type of what comes behind it; 0: it is another one. */
static unsigned link_length(const packet_info *pinfo)
{
    int encapsulation = pinfo->rec->rec_header.packet_header.pkt_encap;
    return encapsulation == WTAP_ENCAP_ETHERNET ? SIMPLE_LINK_MIN
           : encapsulation == WTAP_ENCAP_SLL    ? SIMPLE_LINK_MAX
                                                : 0;
}

/* Bytes behind the header IP; 0: it is no simple one. */
static uint32_t read_v4(simple *t, const uint8_t *ip)
{
    uint32_t whole = headers_be(ip + 2, 2);
    if (ip[0] != 0x45 || headers_be(ip + 6, 2) & 0x3fff || whole < IPV4_HEADER)
        return 0;
    t->key = ip + 12;
    t->key_len = SIMPLE_KEY_V4;
    t->protocol = ip[9];
    t->s.v6 = false;
    t->s.hops = ip[8];
    t->s.ip_id = (uint16_t)headers_be(ip + 4, 2);
    return whole - IPV4_HEADER;
}

static uint32_t read_v6(simple *t, const uint8_t *ip)
{
    if (ip[0] >> 4 != 6)
        return 0;
    t->key = ip + 8;
    t->key_len = SIMPLE_KEY_MAX;
    t->protocol = ip[6];
    t->s.v6 = true;
    t->s.hops = ip[7];
    t->s.ip_id = 0;
    return headers_be(ip + 4, 2);
}

/* The header TCP and LEN bytes with it are there. */
static bool read_tcp(simple *t, const uint8_t *tcp, uint32_t len)
{
    uint32_t header = (uint32_t)(tcp[12] >> 4) * 4;
    if (header < TCP_HEADER || header > len)
        return false;
    t->tcp = tcp;
    t->payload = tcp + header;
    t->s.srcport = (uint16_t)headers_be(tcp, 2);
    t->s.dstport = (uint16_t)headers_be(tcp + 2, 2);
    t->s.seq = headers_be(tcp + 4, 4);
    t->s.ack = headers_be(tcp + 8, 4);
    t->s.flags = tcp[13];
    t->s.window = (uint16_t)headers_be(tcp + 14, 2);
    t->s.len = len - header;
    t->s.place = 0;
    return true;
}

/* The same of the header UDP; whether LEN is what it says. */
static bool read_udp(simple *t, const uint8_t *udp, uint32_t len)
{
    if (len < UDP_HEADER || headers_be(udp + 4, 2) != len)
        return false;
    t->payload = udp + UDP_HEADER;
    t->s.srcport = (uint16_t)headers_be(udp, 2);
    t->s.dstport = (uint16_t)headers_be(udp + 2, 2);
    t->s.len = len - UDP_HEADER;
    return true;
}

bool simple_read(simple *t, tvbuff_t *tvb, const packet_info *pinfo)
{
    unsigned len = tvb_captured_length(tvb), header;
    const uint8_t *p = tvb_get_ptr(tvb, 0, (int)len);
    uint32_t type, rest;
    t->tcp = NULL;
    t->datagram = false;
    t->link = p;
    t->link_len = link_length(pinfo);
    t->interface = pinfo->rec->rec_header.packet_header.interface_id;
    if (!t->link_len || len < t->link_len + IPV6_HEADER)
        return false;
    p += t->link_len;
    type = headers_be(p - 2, 2);
    header = t->link_len + (type == ETHERTYPE_V6 ? IPV6_HEADER : IPV4_HEADER);
    rest = type == ETHERTYPE_V4 ? read_v4(t, p) : type == ETHERTYPE_V6 ? read_v6(t, p) : 0;
    if (!rest || rest > len - header)
        return false;
    if (t->protocol == HEADERS_UDP)
        t->datagram = read_udp(t, t->link + header, rest);
    return t->protocol == HEADERS_TCP && rest >= TCP_HEADER && read_tcp(t, t->link + header, rest);
}

/* Wireshark has its own copy of IPv6's. */
bool simple_is_own(const simple *t, const packet_info *pinfo)
{
    int len = t->s.v6 ? 16 : 4, type = t->s.v6 ? AT_IPv6 : AT_IPv4;
    const address *src = &pinfo->net_src, *dst = &pinfo->net_dst;
    return t->tcp && src->type == type && dst->type == type &&
           (src->data == t->key || !memcmp(src->data, t->key, (size_t)len)) &&
           (dst->data == t->key + len || !memcmp(dst->data, t->key + len, (size_t)len));
}
