/* What the user may set: the preferences of the protocol tlswhy.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_PREFERENCES_H
#define TLSWHY_EPAN_PREFERENCES_H

#include "tlswhy/verdict.h"

/* Registers the preferences of protocol PROTO. */
void preferences_register(int proto);

/* When a capture file is opened: takes the preferences over and loads the trusted roots; a file that cannot be used is
 * told as a warning, and the analysis goes on without it. */
void preferences_take(void);

/* When it is closed. */
void preferences_release(void);

/* For the engine; lent, valid from preferences_take() to preferences_release(). */
const tw_settings *preferences_settings(void);

/* Whether the Info column is to tell of failures. */
bool preferences_info_column(void);

/* Whether the user wants to see VERDICT in tree, columns and expert infos. */
bool preferences_wants(const tw_verdict *verdict);

#endif
