/* Headers read from a packet's bytes: fields of them would cost a node on every packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_HEADERS_H
#define TLSWHY_HEADERS_H

#include <epan/packet.h>

#define TCP_HEADER  20 /* without options */
#define IPV4_HEADER 20 /* without options */
#define IPV6_HEADER 40

/* The number of N bytes at P, big-endian. */
uint32_t headers_be(const uint8_t *p, unsigned n);

/* The IP header that ends where a TCP header begins, at offset TCP of TVB: its fixed part goes to IP, and its length with
 * options is returned. 0: none is found there (reassembled fragments, IPv6 extension headers, a cut packet). */
int headers_ip_before(tvbuff_t *tvb, int tcp, uint8_t ip[IPV6_HEADER]);

#endif
