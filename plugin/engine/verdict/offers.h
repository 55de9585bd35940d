/* What a client offers, as values for texts. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_VERDICT_OFFERS_H
#define TLSWHY_VERDICT_OFFERS_H

#include "tls/messages.h"
#include "tlswhy/words.h"

/* Sets offered_versions, offered_max, offered_suites, n_suites, offered_groups, offered_sigalgs, offered_alpn,
 * server_name, sname_option and for_name, those that HELLO has; most of them when a text asks for them. HELLO is lent as long
 * as VALUES live. */
void tw__offers_values(const tw__hello *hello, tw_values *values);

/* Of these offered_versions, offered_max, offered_alpn and server_name alone: the rest takes ten times as long. */
void tw__offers_brief(const tw__hello *hello, tw_values *values);

/* "a, b, c and 12 more" of the names that NAME_OF gives (numbers as 0xNNNN where it gives NULL), GREASE
 * left out. Caller frees. */
char *tw__list_text(const tw__list *list, const char *(*name_of)(uint16_t), unsigned most);

#endif
