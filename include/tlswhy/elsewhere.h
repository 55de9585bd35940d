/* Two captures: what one remembers goes to a file of facts, and the verdicts of another one use it.
 *
 * The same connection may have been captured at another point of its path: then what was sent there and never came here
 * (or the other way), ends that nobody sent and bytes that differ show who caused an end. Or the other capture holds a
 * handshake with the same server that completed: then it is compared, as those of one capture are.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_ELSEWHERE_H
#define TLSWHY_ELSEWHERE_H

#include "tlswhy/capture.h"

#define TW_FACTS_MOST_MB 200 /* of one capture; what lies beyond is left out, and said to be */

/* CAPTURE will be asked for its facts: what another one may be held against is noted. Before anything is told. */
void tw_capture_remember(tw_capture *capture);

/* The facts of CAPTURE, called NAME, after tw_capture_end(): at most TW_FACTS_MOST_MB. *LEFT_OUT: how many connections did not fit.
 * NUMBER: by which people know a frame. Caller frees. */
GBytes *tw_capture_facts(tw_capture *capture, const char *name, tw_frame_number *number, unsigned *left_out);

/* CAPTURE's verdicts use FACTS, those of another capture (any bytes). Before anything is told. NULL, or why they cannot be
 * used: g_free(). */
char *tw_capture_use_facts(tw_capture *capture, GBytes *facts);

/* What there is to say of the other captures as a whole, after tw_capture_end(): that one has nothing in common with this
 * one, or is the same; char *, or NULL where there is none. Caller unrefs. */
GPtrArray *tw_capture_remarks(const tw_capture *capture);

#endif
