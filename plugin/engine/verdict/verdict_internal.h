/* Making verdicts. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_VERDICT_VERDICT_INTERNAL_H
#define TLSWHY_VERDICT_VERDICT_INTERNAL_H

#include "rules/rules.h"

/* The verdict that RULE and its finding give in case K. Caller owns it. */
tw_verdict *tw__verdict_from_rule(const tw__case *k, const tw__rule *rule, tw__finding *f);

/* A notice: CAUSE below TW_N_CAUSES names a harmless end, else TEXT is its sentence. Caller owns it. */
tw_verdict *tw__verdict_notice(const tw__case *k, tw_cause cause, tw_text text);

/* ---- their evidence (verdict.c); TEXT is filled with VALUES ---- */

#define TW_VERDICT_EVIDENCE_MAX (TW_EVIDENCE_MAX + TW_LIMITS_MAX + TW_CONTRAST_MAX)

/* Adds evidence seen in FRAME. False: there is no room. */
bool tw__verdict_add(tw_verdict *v, uint32_t frame, tw_text text, const tw_values *values);

/* Takes out what other handshakes show. */
void tw__verdict_forget_others(tw_verdict *v);

/* Adds a finding, or counts it among those that are left out. */
void tw__verdict_find(tw_verdict *v, uint32_t frame, tw_text text, const tw_values *values);

/* Adds a finding whose TEXT, which it takes over, is ready; the caller sees to the bound. */
void tw__verdict_take(tw_verdict *v, uint32_t frame, char *text);

/* In the order of the capture, so that evidence reads as a story; stable. */
void tw__verdict_sort(tw_verdict *v);

/* All findings are there: says how many were left out. */
void tw__verdict_end_findings(tw_verdict *v);

/* Adds, after that, what was not looked at. */
void tw__verdict_limit(tw_verdict *v, tw_text text, const tw_values *values);

/* Puts BY, which it takes over, in the place of what V says: others hold V itself. */
void tw__verdict_replace(tw_verdict *v, tw_verdict *by);

/* Adds to V that it is the last one of its connection, of LIMIT. */
void tw__verdict_say_last(tw_verdict *v, unsigned limit);

#endif
