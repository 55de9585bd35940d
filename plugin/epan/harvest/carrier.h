/* What carries TLS.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_HARVEST_CARRIER_H
#define TLSWHY_EPAN_HARVEST_CARRIER_H

#include <stdbool.h>
#include <stdint.h>

#include "tlswhy/base.h"

/* KIND with a number of Wireshark's own: tcp.stream, udp.stream, quic.connection.number; conversations of EAP are numbered
 * in eap.c, TLS inside TLS has its carrier's number. */
typedef struct {
    tw_carrier kind;
    uint32_t stream;
    uint16_t srcport, dstport;
    bool has_seq; /* TCP: the segment's place in the stream */
    uint32_t seq, len;
    int payload; /* TCP: offset of the segment's payload in the frame's bytes */
} carrier;

#endif
