/* From what carries TLS in a frame to the engine's connection, and which way the frame goes. Owns the capture of the file
 * that is open.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_CONNECTIONS_H
#define TLSWHY_EPAN_CONNECTIONS_H

#include <epan/packet.h>

#include "harvest/carrier.h"
#include "tlswhy/capture.h"
#include "tlswhy/steps.h"

/* At the opening and closing of a capture file. A warning about SETTINGS is reported. */
void connections_init(const tw_settings *settings);
void connections_cleanup(void);

/* From now on names and addresses are replaced by pseudonyms. To be called before the first packet of a file. */
void connections_anonymize(void);
/* From now on verdicts hold the certificates that were sent. Likewise. */
void connections_hold_certificates(void);

/* From now on WATCHER hears of the steps of handshakes, in this file and the next ones. */
void connections_watch(tw_step_watcher *watcher);
/* Hears of each verdict as it comes (tw_verdict_sink); NULL: nobody. One listener. */
void connections_follow(tw_verdict_sink *follower, void *data);

/* The capture of the file that is open; NULL: none is. */
tw_capture *connections_capture(void);

/* The connection of CARRIER; made (and noted for this frame) if there is none yet and CREATE says so, else NULL. FRAME: the
 * frame's id (frames.h). */
tw_conn *connections_get(const carrier *c, packet_info *pinfo, uint32_t frame, bool create);
/* The same, and SWAP: the frame goes in direction 1. */
tw_conn *connections_get_swapped(const carrier *c, packet_info *pinfo, uint32_t frame, bool swap);

/* The connection that carrier KIND counts as STREAM, lent; NULL: there is none. */
tw_conn *connections_find(tw_carrier kind, uint32_t stream);

/* The connection of EAP that frame FRAME, the newest one, is of; NULL: it is of none. */
tw_conn *connections_eap_in(uint32_t frame);
/* The connection of EAP that FRAME, a packet of EAP, must be of: the only one, or the only one that lasted then. NULL: it
 * cannot be told, for one pair of ports carries many at once. */
tw_conn *connections_eap_around(uint32_t frame);

/* A connection whose ClientHello has another random than RANDOM (32 bytes) is over: the next one between the same ports
 * begins. For carriers without a beginning of their own. */
void connections_begin_anew(const carrier *c, const uint8_t *random);

/* 0 or 1: which way this frame goes. */
int connections_direction(const tw_conn *conn, const carrier *c, packet_info *pinfo);

/* The same for a segment of TCP, whose stream may have no connection yet. */
int connections_tcp_direction(const carrier *c, packet_info *pinfo);

/* Whether there is any connection of KIND. */
bool connections_any(tw_carrier kind);

/* CONN, of QUIC, was seen in this UDP stream. */
void connections_note_quic(uint32_t udp_stream, tw_conn *conn);

/* A packet of QUIC there which Wireshark counts to no connection: it may be of the last one, whose silence then says
 * nothing. */
void connections_lose_quic(uint32_t udp_stream);

/* The N CONNS, over TCP, DTLS and QUIC, are forgotten: nothing here and in frames.h points at them any more. */
void connections_forget(tw_conn *const *conns, unsigned n);

/* The end of the capture. Harmless when called again, or without one. */
void connections_end(void);

#endif
