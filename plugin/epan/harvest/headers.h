/* Headers read from a packet's bytes: fields of them would cost a node on every packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_HARVEST_HEADERS_H
#define TLSWHY_EPAN_HARVEST_HEADERS_H

#include <stdint.h>

#include <epan/packet.h>

#define TCP_HEADER  20 /* without options */
#define UDP_HEADER  8
#define IPV4_HEADER 20 /* without options */
#define IPV6_HEADER 40

enum { HEADERS_TCP = 6, HEADERS_UDP = 17 }; /* IP protocol numbers */

/* The number of N bytes at P, big-endian. */
static inline uint32_t headers_be(const uint8_t *p, unsigned n)
{
    uint32_t value = 0;
    if (n == 2) /* the usual ones, without a loop */
        return (uint32_t)p[0] << 8 | p[1];
    if (n == 4)
        return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    while (n--)
        value = value << 8 | *p++;
    return value;
}

/* The IP header that ends where a header of PROTOCOL begins, at offset AT of TVB, lent; LENGTH: of it
 * with its options. NULL: none is found there (reassembled fragments, IPv6 extension headers, a cut packet). */
const uint8_t *headers_ip_before(tvbuff_t *tvb, int at, uint8_t protocol, int *length);

/* The same, if it is the header that Wireshark took the packet's addresses from. */
const uint8_t *headers_own_ip(const packet_info *pinfo, tvbuff_t *tvb, int at, uint8_t protocol);

/* The TTL or hop limit in the header IP. */
uint8_t headers_hops(const uint8_t *ip);

#endif
