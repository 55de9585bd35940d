/* Simple frames. See simple.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include "door/simple.h"

#include <string.h>

#include <epan/ipproto.h>
#include <wiretap/wtap.h>

#include "harvest/headers.h"

/* Where IP begins behind a link layer's header, and where the type of it stands. */
static const struct {
    int encapsulation;
    unsigned header, type;
} links[] = { { WTAP_ENCAP_ETHERNET, SIMPLE_LINK_MIN, 12 }, { WTAP_ENCAP_SLL, SIMPLE_LINK_MAX, 14 } };

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

bool simple_read(simple *t, tvbuff_t *tvb, const packet_info *pinfo)
{
    unsigned len = tvb_captured_length(tvb), start, header, data;
    const uint8_t *p = tvb_get_ptr(tvb, 0, (int)len), *tcp;
    uint32_t whole;
    bool v6 = false;
    t->tcp = NULL;
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
    t->tcp = tcp;
    t->payload = tcp + data;
    t->link = p;
    t->link_len = start;
    t->key = p + start + (v6 ? 8 : 12);
    t->key_len = v6 ? SIMPLE_KEY_MAX : SIMPLE_KEY_V4;
    t->interface = pinfo->rec->rec_header.packet_header.interface_id;
    t->s = (tw_segment){ .v6 = v6,
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

/* Wireshark has its own copy of IPv6's. */
bool simple_is_own(const simple *t, const packet_info *pinfo)
{
    int len = t->s.v6 ? 16 : 4, type = t->s.v6 ? AT_IPv6 : AT_IPv4;
    const address *src = &pinfo->net_src, *dst = &pinfo->net_dst;
    return t->tcp && src->type == type && dst->type == type &&
           (src->data == t->key || !memcmp(src->data, t->key, (size_t)len)) &&
           (dst->data == t->key + len || !memcmp(dst->data, t->key + len, (size_t)len));
}
