/* When a recording ended. See clock.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/clock.h"

#include <glib.h>

#define PAUSE_US (5 * 60 * (int64_t)G_USEC_PER_SEC) /* without a single frame: nobody recorded */
#define BACK_US  (60 * (int64_t)G_USEC_PER_SEC)     /* more than interfaces differ: another file begins */

typedef struct {
    uint32_t last; /* frame before the pause */
    int64_t end_us;
} pause;

struct tw__clock {
    GArray *pauses;              /* pause, in the order of frames */
    bool left_out;               /* there were more */
    uint32_t last_frame;         /* 0: none yet */
    int64_t last_us;             /* its time */
    int64_t end_us;              /* the latest one since the last pause */
    int64_t first_us, latest_us; /* of all, and the latest one before that pause */
};

tw__clock *tw__clock_new(void)
{
    tw__clock *c = g_new0(tw__clock, 1);
    c->pauses = g_array_new(FALSE, FALSE, sizeof(pause));
    return c;
}

void tw__clock_free(tw__clock *c)
{
    if (!c)
        return;
    g_array_unref(c->pauses);
    g_free(c);
}

static inline void go_on(tw__clock *c, uint32_t frame, int64_t time_us)
{
    c->last_frame = frame;
    c->last_us = time_us;
    if (time_us > c->end_us)
        c->end_us = time_us;
    else if (time_us < c->first_us)
        c->first_us = time_us;
}

/* Apart, for it is seldom. */
G_GNUC_NO_INLINE static void begin_anew(tw__clock *c, uint32_t frame, int64_t time_us)
{
    pause p = { c->last_frame, c->end_us };
    c->latest_us = MAX(c->latest_us, c->end_us);
    if (c->pauses->len < TW_CLOCK_PAUSES_MAX)
        g_array_append_val(c->pauses, p);
    else
        c->left_out = true;
    c->end_us = time_us;
    go_on(c, frame, time_us);
}

void tw__clock_note(tw__clock *c, uint32_t frame, int64_t time_us)
{
    if (frame <= c->last_frame)
        return;
    if (!c->last_frame)
        c->last_us = c->end_us = c->first_us = c->latest_us = time_us;
    if (time_us - c->last_us > PAUSE_US || c->last_us - time_us > BACK_US)
        begin_anew(c, frame, time_us);
    else
        go_on(c, frame, time_us);
}

void tw__clock_span(const tw__clock *c, int64_t *first_us, int64_t *last_us)
{
    *first_us = c->first_us;
    *last_us = MAX(c->latest_us, c->end_us);
}

bool tw__clock_end_after(const tw__clock *c, uint32_t frame, int64_t *end_us)
{
    guint low = 0, high = c->pauses->len;
    while (low < high) { /* the first pause that is not before FRAME */
        guint middle = low + (high - low) / 2;
        if (g_array_index(c->pauses, pause, middle).last < frame)
            low = middle + 1;
        else
            high = middle;
    }
    *end_us = low < c->pauses->len ? g_array_index(c->pauses, pause, low).end_us : c->end_us;
    return low < c->pauses->len || !c->left_out;
}
