/* Headers read from a packet's bytes: fields of them would cost a node on every packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_HARVEST_HEADERS_H
#define TLSWHY_EPAN_HARVEST_HEADERS_H

#include <stdint.h>

#include <epan/packet.h>

#define TCP_HEADER  20 /* without options */
#define IPV4_HEADER 20 /* without options */
#define IPV6_HEADER 40

/* The number of N bytes at P, big-endian. */
static inline uint32_t headers_be(const uint8_t *p, unsigned n)
{
    uint32_t value = 0;
    while (n--)
        value = value << 8 | *p++;
    return value;
}

/* The IP header that ends where a TCP header begins, at offset TCP of TVB, lent; LENGTH: of it with its options. NULL:
 * none is found there (reassembled fragments, IPv6 extension headers, a cut packet). */
const uint8_t *headers_ip_before(tvbuff_t *tvb, int tcp, int *length);

#endif
