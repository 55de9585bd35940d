/* The order of the blocks of rules. See rules.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rules.h"

/* What is no TLS, and plain ends, come first: they have no alert. A refused renegotiation comes before the contents
 * of its messages. Of the three blocks in the middle, each is for one sender and phase, but for some rows that hold
 * in any phase. */
static const tw__rules *const blocks[] = {
    &tw__rules_without_tls,  &tw__rules_ends,          &tw__rules_renegotiation, &tw__rules_server_flight,
    &tw__rules_client_hello, &tw__rules_client_flight, &tw__rules_any_side,
};

const tw__rule *tw__rule_at(unsigned place)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(blocks); i++) {
        if (place < blocks[i]->n)
            return &blocks[i]->rows[place];
        place -= blocks[i]->n;
    }
    return NULL;
}

const tw__rule *tw__rule_next(tw__rule_place *at, tw_side sender, tw_phase phase, tw__event event)
{
    for (; at->block < G_N_ELEMENTS(blocks); at->block++, at->row = 0)
        while (at->row < blocks[at->block]->n) {
            const tw__rule *rule = &blocks[at->block]->rows[at->row++];
            if (tw__rule_applies(rule, sender, phase, event))
                return rule;
        }
    return NULL;
}

bool tw__rule_applies(const tw__rule *rule, tw_side sender, tw_phase phase, tw__event event)
{
    if (rule->sender != TW_SIDE_UNKNOWN && rule->sender != sender)
        return false;
    if (!(rule->phases & (1u << phase)))
        return false;
    if (!rule->events)
        return true;
    for (const uint16_t *e = rule->events; *e != TW_LIST_END; e++)
        if (*e == (unsigned)event)
            return true;
    return false;
}
