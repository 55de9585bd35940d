/* Making verdicts. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_VERDICT_INTERNAL_H
#define TLSWHY_VERDICT_INTERNAL_H

#include "rules/rules.h"

/* The verdict that RULE and its finding give in case K. Caller owns it. */
tw_verdict *tw_verdict_from_rule(const tw_case *k, const tw_rule *rule, tw_finding *f);

/* A notice: CAUSE below TW_N_CAUSES names a harmless end, else TEXT is its sentence. Caller owns it. */
tw_verdict *tw_verdict_notice(const tw_case *k, tw_cause cause, tw_text text);

/* ---- their evidence (verdict.c); TEXT is filled with VALUES ---- */

#define TW_VERDICT_EVIDENCE_MAX (TW_EVIDENCE_MAX + TW_LIMITS_MAX + TW_CONTRAST_MAX)

/* Adds evidence seen in FRAME. False: there is no room. */
bool tw_verdict_add(tw_verdict *v, uint32_t frame, tw_text text, const tw_values *values);

/* Takes out what other handshakes show. */
void tw_verdict_forget_others(tw_verdict *v);

/* Adds a finding, or counts it among those that are left out. */
void tw_verdict_find(tw_verdict *v, uint32_t frame, tw_text text, const tw_values *values);

/* Adds a finding whose TEXT, which it takes over, is ready; the caller sees to the bound. */
void tw_verdict_take(tw_verdict *v, uint32_t frame, char *text);

/* In the order of the capture, so that evidence reads as a story; stable. */
void tw_verdict_sort(tw_verdict *v);

/* All findings are there: says how many were left out. */
void tw_verdict_end_findings(tw_verdict *v);

/* Adds, after that, what was not looked at. */
void tw_verdict_limit(tw_verdict *v, tw_text text, const tw_values *values);

/* Puts BY, which it takes over, in the place of what V says: others hold V itself. */
void tw_verdict_replace(tw_verdict *v, tw_verdict *by);

/* Adds to V that it is the last one of its connection, of LIMIT. */
void tw_verdict_say_last(tw_verdict *v, unsigned limit);

#endif
