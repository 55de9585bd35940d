/* TCP connections that were asked for and did not open: their SYN was not answered, was reset, or an ICMP error came back.
 * Those to servers of TLS are worth a notice, for a user who looks for a failed handshake finds none.
 *
 * Not worth one are scans, and the losers of a race between several addresses of one server (Happy Eyeballs, RFC 8305).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CAPTURE_OPENINGS_H
#define TLSWHY_CAPTURE_OPENINGS_H

#include "tlswhy/capture.h"

#define TW_OPENINGS_MAX 16384 /* that wait for their answer at one time; beyond it is a flood, and nothing is said */

typedef struct tw__openings tw__openings;

/* What a capture's streams wait for; free with tw__openings_free() (NULL is fine). */
tw__openings *tw__openings_new(void);
void tw__openings_free(tw__openings *openings);

/* A SYN of STREAM in direction DIR, between addresses of LEN 4 or 16 bytes: by the client, to the server. */
void tw__openings_syn(tw__openings *openings, uint32_t stream, int dir, const tw_segment *segment,
                      const uint8_t *const addresses[2], size_t len);

/* Any other segment of STREAM. Returns whether the stream still waits to be opened. */
bool tw__openings_segment(tw__openings *openings, uint32_t stream, int dir, const tw_segment *segment);

/* An ICMP error AT, whose CAPTURED bytes begin with its header, answers a SYN that it quotes, if there is one. */
void tw__openings_icmp(tw__openings *openings, tw_at at, const uint8_t *icmp, size_t captured);

/* At the end of CAPTURE: adds the connections worth a notice to those that never opened, with their notice. */
void tw__openings_judge(tw__openings *openings, tw_capture *capture);

#endif
