/* ICMP errors, found in a frame's bytes: a quote may be too short for Wireshark to show a TCP segment, and fields of ICMP would
 * cost on every packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "harvest/walk.h" /* first: the next one does not compile alone with Wireshark 3.4 */

#include <epan/ipproto.h>

#include "connections.h"
#include "harvest/headers.h"

#define ICMP_HEADER   8
#define ICMP_SEARCHED 512 /* bytes of a frame that are searched for it */

/* Whether TCP in IP may be quoted at P. */
static bool quotes_tcp(const uint8_t *p)
{
    return p[0] >> 4 == 4 ? (p[0] & 15) * 4 >= IPV4_HEADER && p[9] == IP_PROTO_TCP
                          : p[0] >> 4 == 6 && p[6] == IP_PROTO_TCP;
}

/* What is no quote of a SYN that waits for its answer, the engine leaves alone. */
void icmp_errors(walk *w, tvbuff_t *frame)
{
    int captured = (int)MIN(tvb_captured_length(frame), ICMP_SEARCHED);
    const uint8_t *bytes = tvb_get_ptr(frame, 0, captured);
    for (int at = 0; at + ICMP_HEADER + IPV4_HEADER <= captured; at++)
        if ((bytes[at] == 1 || bytes[at] == 3) && quotes_tcp(bytes + at + ICMP_HEADER))
            tw_tell_icmp(connections_capture(), w->at.frame, w->at.time_us, bytes + at, (size_t)(captured - at));
}
