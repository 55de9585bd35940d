/* What is worth saying of a message or record, in a few words. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CASE_STEPS_H
#define TLSWHY_CASE_STEPS_H

#include "connection/connection.h"
#include "tlswhy/steps.h"

/* MESSAGE of CONN's handshake. Free what it holds with tw__step_clear(). */
tw_step tw__step_of_message(const tw_conn *conn, const tw__message *message);

/* A record of TYPE at AT, LENGTH long, that cannot be read, after it was added to CONN's facts. False: it is not worth a
 * step. */
bool tw__step_of_record(const tw_conn *conn, tw_at at, uint8_t type, uint32_t length, tw_step *step);

tw_step tw__step_of_alert(tw_at at, uint8_t level, uint8_t number);
tw_step tw__step_of(tw_step_kind kind, tw_at at, tw_text what);

void tw__step_clear(tw_step *step);

#endif
