/* The connections that a display filter selects: whole ones, of which it matches any frame.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_REPORT_SELECTION_H
#define TLSWHY_EPAN_REPORT_SELECTION_H

#include "tlswhy/capture.h"

typedef struct selection selection;

/* Listens to FILTER from now on. NULL, and *ERROR (g_string_free): the filter is wrong. Lives as long as Wireshark's
 * listeners, which own it. */
selection *selection_new(const char *filter, GString **error);

/* Whether a frame of CONN has matched so far; SELECTION NULL, which is no filter: yes. */
bool selection_holds(const selection *selection, const tw_conn *conn);

#endif
