/* What Wireshark calls the protocols that the harvest asks for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_HARVEST_PROTOCOLS_H
#define TLSWHY_EPAN_HARVEST_PROTOCOLS_H

/* Ids, as they stand in a packet's layers; -1: this Wireshark does not have the protocol. */
typedef struct {
    int data, diameter, dtls, eap, http, icmp, icmpv6, quic, radius, tcp, tds, tls, udp;
} protocol_ids;

/* Valid while a file is open. */
extern protocol_ids protocols;

/* Looks them up; once per file, for plugins may be loaded anew between two. */
void protocols_look_up(void);

#endif
