/* TLS, DTLS and QUIC that Wireshark takes for something else, because its tables give the port to another protocol: from here on
 * it reads the conversation as what it is, as by "Decode As", and so decrypts it where it can.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_HARVEST_HANDOVER_H
#define TLSWHY_EPAN_HARVEST_HANDOVER_H

#include "harvest/walk.h"

/* The TCP stream at hand is TLS: the record of its HELLO ends in the segment's payload, which is at W's carrier's place in
 * TVB. */
void handover_tls(walk *w, tvbuff_t *tvb, GBytes *hello);

/* The payload of a segment, of CAPTURED bytes at the place of W's carrier in TVB, may ask a Microsoft SQL server for TLS,
 * on a port that Wireshark does not know: from here on it reads the conversation, and the TLS in it. */
void handover_tds(walk *w, tvbuff_t *tvb, int captured);

/* The segment at hand is a header of the PROXY protocol, to a port of TLS: TLS follows. Wireshark 4.2 and 4.4 give what
 * follows to their dissector of that protocol without end ("Dissector bug, protocol PROXY"), and no post-dissector is asked
 * about such frames; the others need no help. */
void handover_behind_preamble(const walk *w);

/* The frame, which Wireshark took for DTLS, may be QUIC; UDP: its udp.stream. True: it is, and is read now. */
bool handover_quic(walk *w, const field_info *udp);

/* The frame, which Wireshark took for something else, may be the beginning of DTLS; UDP: its udp.stream. True: it is, and it
 * and what follows are read now. */
bool handover_dtls(walk *w, const field_info *udp);

/* Whether Wireshark took what TCP or UDP carries in this frame for another protocol. */
bool handover_is_other(const packet_info *pinfo);

#endif
