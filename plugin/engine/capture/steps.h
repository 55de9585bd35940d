/* Steps leave the engine here, where somebody watches. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CAPTURE_STEPS_H
#define TLSWHY_CAPTURE_STEPS_H

#include "capture/capture_internal.h"

/* How far CONN's messages have come; to be taken before something is told. */
typedef struct {
    const tw__handshake *handshake;
    unsigned number, n_messages;
} tw__steps_mark;

tw__steps_mark tw__steps_mark_of(const tw_conn *conn);

/* The messages that came after MARK. */
void tw__steps_messages(tw_conn *conn, tw__steps_mark mark);
/* A record that cannot be read, or ChangeCipherSpec. */
void tw__steps_record(tw_conn *conn, tw_at at, const tw_record *record, uint8_t type);
void tw__steps_alert(tw_conn *conn, tw_at at, uint8_t level, uint8_t number);
void tw__steps_end(tw_conn *conn, tw_at at, bool reset);

#endif
