/* The ordered table of rules. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_RULES_RULES_H
#define TLSWHY_RULES_RULES_H

#include "rules/checks.h"

#define TW_LIST_END 0xffff

typedef struct {
    tw_side sender;         /* TW_SIDE_UNKNOWN: either */
    unsigned phases;        /* bits 1 << tw_phase */
    const uint16_t *events; /* alerts and other tw__event, ends with TW_LIST_END; NULL: any */
    tw__check *check;       /* NULL: holds always */
    int arg;
    tw_cause cause;
    tw_confidence confidence; /* at most */
} tw__rule;

/* The first row whose sender, phase and event fit and whose check holds gives the cause. The last row holds always. */
extern const tw__rule tw__rules[];
extern const unsigned tw__n_rules;

/* Whether RULE holds a handshake against others of the capture. */
bool tw__rule_compares(const tw__rule *rule);

/* Whether RULE speaks of this sender, phase and event at all. */
bool tw__rule_applies(const tw__rule *rule, tw_side sender, tw_phase phase, tw__event event);

#endif
