/* Headers read from bytes. See headers.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "headers.h"

#define IPV4_HEADER_MAX 60
#define PROTO_TCP       6

uint32_t headers_be(const uint8_t *p, unsigned n)
{
    uint32_t value = 0;
    while (n--)
        value = value << 8 | *p++;
    return value;
}

static bool copy_before(tvbuff_t *tvb, int tcp, int length, uint8_t *out, int n)
{
    if (tcp < length || tvb_captured_length_remaining(tvb, tcp - length) < n)
        return false;
    tvb_memcpy(tvb, out, tcp - length, (size_t)n);
    return true;
}

int headers_ip_before(tvbuff_t *tvb, int tcp, uint8_t ip[IPV6_HEADER])
{
    for (int length = IPV4_HEADER; length <= IPV4_HEADER_MAX; length += 4)
        if (copy_before(tvb, tcp, length, ip, IPV4_HEADER) && ip[0] == (0x40 | length / 4) && ip[9] == PROTO_TCP)
            return length;
    if (copy_before(tvb, tcp, IPV6_HEADER, ip, IPV6_HEADER) && ip[0] >> 4 == 6 && ip[6] == PROTO_TCP)
        return IPV6_HEADER;
    return 0;
}
