/* A frame that holds one TCP segment behind one IP header without options: its bytes tell all that TCP shows. Or one datagram
 * of UDP.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_DOOR_SIMPLE_H
#define TLSWHY_EPAN_DOOR_SIMPLE_H

#include <stdbool.h>

#include <epan/packet.h>

#include "tlswhy/capture.h"

/* All lent by the frame. */
typedef struct {
    const uint8_t *tcp; /* its header; NULL: it is no simple one */
    const uint8_t *payload;
    const uint8_t *link; /* the frame's beginning */
    const uint8_t *key;  /* addresses and ports, which stand together where there are no IP options */
    unsigned link_len, key_len;
    uint32_t interface;
    uint8_t protocol; /* of IP */
    bool datagram;    /* it is one, of which S holds nothing but ports and length */
    tw_segment s;     /* without frame, time and place */
} simple;

/* The two lengths of a link layer's header, and of a key. */
#define SIMPLE_LINK_MIN 14
#define SIMPLE_LINK_MAX 16
#define SIMPLE_KEY_V4   12
#define SIMPLE_KEY_MAX  36

/* Reads the frame TVB into T. False: it holds no such segment, but, if T says so, a datagram. */
bool simple_read(simple *t, tvbuff_t *tvb, const packet_info *pinfo);

/* Whether the packet's addresses are for Wireshark what they are for T. */
bool simple_is_own(const simple *t, const packet_info *pinfo);

#endif
