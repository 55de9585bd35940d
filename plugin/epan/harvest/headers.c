/* Headers read from bytes. See headers.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "harvest/headers.h"

#include <stdbool.h>

#define IPV4_HEADER_MAX 60

const uint8_t *headers_ip_before(tvbuff_t *tvb, int at, uint8_t protocol, int *length)
{
    int most = MIN(at, IPV4_HEADER_MAX);
    const uint8_t *end;
    if (most < IPV4_HEADER || tvb_captured_length_remaining(tvb, at - most) < most)
        return NULL;
    end = tvb_get_ptr(tvb, at - most, most) + most;
    for (*length = IPV4_HEADER; *length <= most; *length += 4) {
        const uint8_t *ip = end - *length;
        if (ip[0] == (0x40 | *length / 4) && ip[9] == protocol)
            return ip;
    }
    *length = IPV6_HEADER;
    return most >= IPV6_HEADER && end[-IPV6_HEADER] >> 4 == 6 && end[6 - IPV6_HEADER] == protocol ? end - IPV6_HEADER
                                                                                                  : NULL;
}

const uint8_t *headers_own_ip(const packet_info *pinfo, tvbuff_t *tvb, int at, uint8_t protocol)
{
    int length;
    const uint8_t *ip = headers_ip_before(tvb, at, protocol, &length);
    bool v6 = ip && ip[0] >> 4 == 6;
    unsigned addresses = v6 ? 8 : 12, len = v6 ? 16 : 4;
    int type = v6 ? AT_IPv6 : AT_IPv4;
    if (!ip || pinfo->net_src.type != type || pinfo->net_dst.type != type ||
        memcmp(ip + addresses, pinfo->net_src.data, len) != 0 ||
        memcmp(ip + addresses + len, pinfo->net_dst.data, len) != 0)
        return NULL;
    return ip;
}

uint8_t headers_hops(const uint8_t *ip)
{
    return ip[0] >> 4 == 6 ? ip[7] : ip[8];
}
