/* Making verdicts. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_VERDICT_VERDICT_INTERNAL_H
#define TLSWHY_VERDICT_VERDICT_INTERNAL_H

#include "connection/connection.h"
#include "tlswhy/verdict.h"

void tw__verdict_free(tw_verdict *v); /* NULL is fine */

/* Caller owns it. */
tw_verdict *tw__verdict_copy(const tw_verdict *v);

/* Gives V the times and waits of OTHER. */
void tw__verdict_time_as(tw_verdict *v, const tw_verdict *other);

/* ALERT of CONN came after V, which was given upon an end without one: it is a reaction to that end, and evidence. What a
 * client says of an answer that is no TLS is that verdict's alert as well. The verdict that takes the place of V, which the
 * caller owns; NULL: V stays. */
tw_verdict *tw__verdict_with_reaction(const tw_verdict *v, const tw_conn *conn, const tw__alert *alert);

/* ---- their evidence (verdict.c); TEXT is filled with VALUES ---- */

/* Adds a finding, or counts it among those that are left out. */
void tw__verdict_find(tw_verdict *v, uint32_t frame, tw_text text, const tw_values *values);

/* Adds a finding whose TEXT is ready and taken over; the caller sees to the bound. CAPTURE, lent: the other one that FRAME
 * is of, or NULL. */
void tw__verdict_take(tw_verdict *v, const char *capture, uint32_t frame, char *text);

/* In the order of the capture, so that evidence reads as a story; stable. */
void tw__verdict_sort(tw_verdict *v);

/* All findings are there: says how many were left out. */
void tw__verdict_end_findings(tw_verdict *v);

/* Adds what was not looked at. */
void tw__verdict_limit(tw_verdict *v, tw_text text, const tw_values *values);

/* Adds what another handshake shows, of the other capture CAPTURE (lent) or of this one (NULL), as long as there are fewer
 * than TW_CONTRAST_MAX of these. */
void tw__verdict_add_other(tw_verdict *v, const char *capture, uint32_t frame, tw_text text, const tw_values *values);

/* Adds what is seen of the same connection in CAPTURE (lent; NULL: in this one, beside another one), as long as there are
 * fewer than TW_ELSEWHERE_MAX of these. */
void tw__verdict_add_elsewhere(tw_verdict *v, const char *capture, uint32_t frame, tw_text text,
                               const tw_values *values);
/* The same with all evidence of FROM, a verdict of CAPTURE. */
void tw__verdict_adopt(tw_verdict *v, const tw_verdict *from, const char *capture);

/* Takes out all that is of KIND. */
void tw__verdict_forget(tw_verdict *v, tw_evidence_kind kind);

/* The caller owns the copy, which is NULL where LIST is. */
tw_evidence_list *tw__evidence_copy(const tw_evidence_list *list);
void tw__evidence_free(tw_evidence_list *list); /* NULL is fine */

/* Adds to V that it is the last one of its connection, of LIMIT. */
void tw__verdict_say_last(tw_verdict *v, unsigned limit);

#endif
