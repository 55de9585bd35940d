/* When the capture ended. See clock.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "clock.h"

#include <glib.h>

#define PAUSE_US (5 * 60 * (int64_t)G_USEC_PER_SEC) /* without a single frame: nobody recorded */
#define BACK_US  (60 * (int64_t)G_USEC_PER_SEC)     /* more than interfaces differ: another file begins */

typedef struct {
    uint32_t last; /* frame before the pause */
    int64_t end_us;
} pause;

static GArray *pauses; /* pause, in the order of frames; NULL: none */
static uint32_t last_frame;
static int64_t last_us, end_us; /* of the last frame; the latest one since the last pause */

void clock_note(uint32_t frame, int64_t time_us)
{
    if (frame <= last_frame)
        return; /* seen before */
    if (last_frame && (time_us - last_us > PAUSE_US || last_us - time_us > BACK_US)) {
        pause p = { last_frame, end_us };
        if (!pauses)
            pauses = g_array_new(FALSE, FALSE, sizeof p);
        g_array_append_val(pauses, p);
        end_us = time_us;
    }
    end_us = last_frame ? MAX(end_us, time_us) : time_us;
    last_frame = frame;
    last_us = time_us;
}

int64_t clock_end_after(uint32_t frame)
{
    guint low = 0, high = pauses ? pauses->len : 0;
    while (low < high) { /* the first pause that is not before FRAME */
        guint middle = low + (high - low) / 2;
        if (g_array_index(pauses, pause, middle).last < frame)
            low = middle + 1;
        else
            high = middle;
    }
    return pauses && low < pauses->len ? g_array_index(pauses, pause, low).end_us : end_us;
}

void clock_forget(void)
{
    if (pauses)
        g_array_unref(pauses);
    pauses = NULL;
    last_frame = 0;
    last_us = end_us = 0;
}
