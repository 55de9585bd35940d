/* When a recording ended: a capture may be put together of several, and nobody may have recorded for a while.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CLOCK_H
#define TLSWHY_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define TW_CLOCK_PAUSES_MAX 65536 /* of a capture */

typedef struct tw_clock tw_clock;

/* A clock for the frames of a capture; the caller frees it by tw_clock_free() (NULL is fine). */
tw_clock *tw_clock_new(void);
void tw_clock_free(tw_clock *clock);

/* FRAME was captured at TIME_US, in microseconds since 1970. Frames in their order; one that was noted is not noted
 * again. */
void tw_clock_note(tw_clock *clock, uint32_t frame, int64_t time_us);

/* Sets *END_US to the end of the recording that FRAME is in, in microseconds since 1970. False: the capture has more
 * parts than can be told. */
bool tw_clock_end_after(const tw_clock *clock, uint32_t frame, int64_t *end_us);

#endif
