/* Frames by an id of their own, and what is noted of each.
 *
 * A read filter (tshark -2 -R, the Open dialog) drops frames after they were dissected, and Wireshark gives the number of a
 * dropped one to the next. So facts and verdicts hold ids, which count every frame that was dissected; numbers are for
 * showing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_FRAMES_H
#define TLSWHY_EPAN_FRAMES_H

#include <epan/packet.h>

#include "tlswhy/capture.h"

/* That a connection or one of its handshakes begins in a frame, or that a verdict stands on it. */
typedef struct note {
    tw_conn *conn;
    const tw_verdict *verdict; /* lent; NULL: the connection, or a handshake, begins here */
    struct note *next;         /* of the same frame */
} note;

/* At the opening and closing of a capture file. */
void frames_init(void);
void frames_cleanup(void);

/* The id of the frame at hand. On its first visit it gets one. */
uint32_t frames_id(const packet_info *pinfo);

/* When it was captured, in microseconds since 1970. */
int64_t frames_time(const packet_info *pinfo);

/* The number of frame ID; 0 for 0 and for a frame that the read filter dropped. */
uint32_t frames_number(uint32_t id);

/* The first note of frame ID, lent until notes are asked for again. NULL: nothing is noted. */
const note *frames_notes(uint32_t id);

/* The id of the frame that Wireshark shows as NUMBER. */
uint32_t frames_id_of(uint32_t number);

/* CONN begins in frame ID, or one of its handshakes does. */
void frames_note_beginning(uint32_t id, tw_conn *conn);

/* VERDICT on CONN stands on its frame, in the place of REPLACED (NULL: of none). */
void frames_note_verdict(tw_conn *conn, const tw_verdict *verdict, const tw_verdict *replaced);

/* Nothing is noted of the N CONNS any more. */
void frames_forget(tw_conn *const *conns, unsigned n);

#endif
