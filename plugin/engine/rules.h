/* The ordered table of rules. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_RULES_H
#define TLSWHY_RULES_H

#include "checks.h"

#define TW_NO_ALERT 255 /* ends a list of alerts; not registered */
#define TW_SILENT 254   /* in a list: the event is a close, without an alert; not registered */

typedef struct {
    tw_side sender;          /* TW_SIDE_UNKNOWN: either */
    unsigned phases;         /* bits 1 << tw_phase */
    const uint8_t *alerts;   /* ends with TW_NO_ALERT; NULL: any */
    tw_check *check;         /* NULL: holds always */
    int arg;
    tw_cause cause;
    tw_confidence confidence; /* at most */
} tw_rule;

/* The first row whose sender, phase and alert fit and whose check holds gives the cause. The last row holds always. */
extern const tw_rule tw_rules[];
extern const unsigned tw_n_rules;

/* Whether RULE speaks of this sender, phase and alert at all. */
bool tw_rule_applies(const tw_rule *rule, tw_side sender, tw_phase phase, int alert);

#endif
