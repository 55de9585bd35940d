/* The steps of handshakes, for who draws them: each message with what matters in it, records that cannot be read, alerts,
 * ends. Nothing of it leads to a verdict, and without a watcher nothing of it is made.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_STEPS_H
#define TLSWHY_STEPS_H

#include "tlswhy/capture.h"

typedef enum { TW_STEP_MESSAGE, TW_STEP_ENCRYPTED, TW_STEP_ALERT, TW_STEP_END } tw_step_kind;

typedef struct {
    tw_step_kind kind;
    tw_at at;
    char *what; /* "ClientHello" */
    char *says; /* what matters in it, or "" */
} tw_step;

/* Hears of each STEP on CONN, lent for the call. */
typedef void tw_step_watcher(void *data, tw_conn *conn, const tw_step *step);

/* From now on WATCHER hears, with DATA, of each step. To be called before anything is told; again with the same: no
 * change. */
void tw_capture_watch(tw_capture *capture, tw_step_watcher *watcher, void *data);

/* How a step looks to a reader: its two texts in one line. Caller frees. */
char *tw_step_line(const char *what, const char *says);

#endif
