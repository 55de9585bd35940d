/* Making verdicts. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_VERDICT_INTERNAL_H
#define TLSWHY_VERDICT_INTERNAL_H

#include "rules.h"

/* The verdict that RULE and its finding give in case K. Caller owns it. */
tw_verdict *tw_verdict_from_rule(const tw_case *k, const tw_rule *rule, tw_finding *f);

/* A notice: CAUSE below TW_N_CAUSES names a harmless end, else TEXT is its sentence. Caller owns it. */
tw_verdict *tw_verdict_notice(const tw_case *k, tw_cause cause, tw_text text);

#define TW_VERDICT_EVIDENCE_MAX (TW_EVIDENCE_MAX + TW_LIMITS_MAX + TW_CONTRAST_MAX)

/* Adds evidence seen in FRAME; TEXT is filled with VALUES. False: there is no room. */
bool tw_verdict_add(tw_verdict *v, uint32_t frame, tw_text text, const tw_values *values);

/* Puts BY, which it takes over, in the place of what V says: others hold V itself. */
void tw_verdict_replace(tw_verdict *v, tw_verdict *by);

/* Adds to V that it is the last one of its connection, of LIMIT. */
void tw_verdict_say_last(tw_verdict *v, unsigned limit);

#endif
