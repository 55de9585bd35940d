/* When a recording ended: a capture may be put together of several, and nobody may have recorded for a while.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CAPTURE_CLOCK_H
#define TLSWHY_CAPTURE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define TW_CLOCK_PAUSES_MAX 65536 /* of a capture */

typedef struct tw__clock tw__clock;

/* A clock for the frames of a capture; the caller frees it by tw__clock_free() (NULL is fine). */
tw__clock *tw__clock_new(void);
void tw__clock_free(tw__clock *clock);

/* FRAME was captured at TIME_US, in microseconds since 1970. Frames in their order; one that was noted is not noted
 * again. */
void tw__clock_note(tw__clock *clock, uint32_t frame, int64_t time_us);

/* The first and the last time that was noted; 0: none was. */
void tw__clock_span(const tw__clock *clock, int64_t *first_us, int64_t *last_us);

/* Sets *END_US to the end of the recording that FRAME is in, in microseconds since 1970. False: the capture has more
 * parts than can be told. */
bool tw__clock_end_after(const tw__clock *clock, uint32_t frame, int64_t *end_us);

#endif
