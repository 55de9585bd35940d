/* What TCP's own headers show of the path between two endpoints: how far away the answers come from, what was
 * acknowledged, what was sent again and what never came. For ends without an alert it is the only evidence there is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CONNECTION_TCP_H
#define TLSWHY_CONNECTION_TCP_H

#include "tlswhy/capture.h"

#define TW_TCP_EARLY  8
#define TW_HOPS_APART 2 /* ways of one side may differ by a hop */

/* One direction of a connection, as long as it is watched (to the end of its handshake). */
typedef struct {
    unsigned n_segments, n_payload; /* all; those with payload that were not sent before */
    bool begins;                    /* its SYN or SYN-ACK is in the capture */
    bool partial;                   /* some segments were not watched: counts tell nothing */
    int64_t first_us;
    uint32_t place;               /* where its first segment was recorded; 0: not known */
    uint8_t hops_low, hops_high;  /* of its segments without RST; 0: none seen */
    tw_segment last;              /* its last segment without RST; frame 0: none */
    tw_segment reset;             /* its reset; frame 0: none */
    uint32_t first_seq, next_seq; /* of its payload: where it begins, what comes after the last byte seen */
    bool acks;                    /* the next two are known */
    uint32_t first_ack, ack;      /* what it acknowledged first, and at most */
    uint32_t ack_frame;           /* where it did so */
    uint32_t hole_from, hole_to;  /* payload that is not in the capture though later one is; equal: none */
    struct {                      /* of the first payload segments */
        uint32_t frame, len;
    } early[TW_TCP_EARLY];
    unsigned n_repeated; /* segments with nothing new */
    uint32_t repeated_frame;
    unsigned n_stuck;   /* how often the first bytes that its peer has not acknowledged were sent again */
    uint32_t stuck_len; /* of that segment */
    uint32_t stuck_frame;
    int64_t stuck_us; /* when that was sent again last */
} tw__tcp;

/* The sequence number of a segment's first byte of payload: a SYN takes one of its own, and may carry some (TCP Fast Open,
 * RFC 7413). */
static inline uint32_t tw__payload_seq(const tw_segment *segment)
{
    return segment->seq + ((segment->flags & TW_TCP_SYN) != 0);
}

/* Adds SEGMENT of direction DIR to both directions of TCP. */
void tw__tcp_segment(tw__tcp tcp[2], int dir, const tw_segment *segment);

/* Some segments were not watched: what was seen of the bytes so far is forgotten, the rest is partial. */
void tw__tcp_restart(tw__tcp *tcp);

/* Bytes of payload of this direction seen so far, holes counted. */
uint32_t tw__tcp_sent(const tw__tcp *tcp);

/* Bytes that are missing in the capture (tw__tcp.hole_from). */
uint32_t tw__tcp_missing(const tw__tcp *tcp);

/* Whether bytes are missing before a segment that begins at SEQ, and was not added yet. */
bool tw__tcp_would_leave_hole(const tw__tcp *tcp, uint32_t seq);

/* How many bytes of TCP's payload its PEER acknowledged. */
uint32_t tw__tcp_acknowledged(const tw__tcp *tcp, const tw__tcp *peer);

/* Whether the capture holds direction DIR alone, though the other one did speak: DIR acknowledged it. */
bool tw__tcp_one_way(const tw__tcp tcp[2], int dir);

/* Whether the client of direction DIR sent a SYN that was never answered by anything but a reset. */
bool tw__tcp_is_unopened(const tw__tcp tcp[2], int dir);

#endif
