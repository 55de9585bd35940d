/* Headers read from bytes. See headers.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "harvest/headers.h"

#include <epan/ipproto.h>

#define IPV4_HEADER_MAX 60

const uint8_t *headers_ip_before(tvbuff_t *tvb, int tcp, int *length)
{
    int most = MIN(tcp, IPV4_HEADER_MAX);
    const uint8_t *end;
    if (most < IPV4_HEADER || tvb_captured_length_remaining(tvb, tcp - most) < most)
        return NULL;
    end = tvb_get_ptr(tvb, tcp - most, most) + most;
    for (*length = IPV4_HEADER; *length <= most; *length += 4) {
        const uint8_t *ip = end - *length;
        if (ip[0] == (0x40 | *length / 4) && ip[9] == IP_PROTO_TCP)
            return ip;
    }
    *length = IPV6_HEADER;
    return most >= IPV6_HEADER && end[-IPV6_HEADER] >> 4 == 6 && end[6 - IPV6_HEADER] == IP_PROTO_TCP
               ? end - IPV6_HEADER
               : NULL;
}
