/* When the capture ended, as a connection saw it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CLOCK_H
#define TLSWHY_CLOCK_H

#include <stdint.h>

/* Frame FRAME was captured at TIME_US, in microseconds since 1970. Frames in their order. */
void clock_note(uint32_t frame, int64_t time_us);

/* The end of the recording that frame FRAME is in, in microseconds since 1970: of the capture, or of a part of it where
 * several were put together, or where nobody recorded for a while. */
int64_t clock_end_after(uint32_t frame);

/* Forgets the file. */
void clock_forget(void);

#endif
