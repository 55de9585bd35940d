/* What the user may set: the preferences of the protocol tlswhy.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_PREFERENCES_H
#define TLSWHY_EPAN_PREFERENCES_H

#include "tlswhy/capture.h"

/* Registers the preferences of protocol PROTO. */
void preferences_register(int proto);

/* The settings as they are now, for the engine; strings are lent until the next change of preferences. */
tw_settings preferences_settings(void);

/* The files of facts to use, separated as in a search path; "" where there is none. Lent. */
const char *preferences_remembered(void);

/* Whether the Info column is to tell of failures. */
bool preferences_info_column(void);

/* Whether the user wants to see VERDICT in tree, columns and expert infos. */
bool preferences_wants(const tw_verdict *verdict);

#endif
