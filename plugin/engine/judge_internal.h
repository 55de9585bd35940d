/* What the files that judge events share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_JUDGE_INTERNAL_H
#define TLSWHY_JUDGE_INTERNAL_H

#include "tlswhy/verdict.h"

/* The verdict on EVENT at AT by the first rule that holds; the handshake has failed then. */
tw_verdict *tw_judge_event(tw_conn *conn, tw_event event, tw_at at, const tw_alert *alert,
                           const tw_settings *settings);

/* A handshake that the capture shows from its ClientHello on, and whose Finished messages are not both through. */
bool tw_in_handshake(const tw_conn *conn);

/* How long a silence is a failure, in microseconds. */
int64_t tw_patience(const tw_settings *settings);

/* The direction that owes the next message of the handshake. */
int tw_debtor(const tw_conn *conn);

/* tw_judge_silence() of a QUIC connection. */
tw_verdict *tw_judge_quic_silence(tw_conn *conn, int64_t end_us, const tw_settings *settings);

#endif
