/* Connections that never opened, as the report shows them: one line for each server and what came of the SYNs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_REPORT_UNOPENED_H
#define TLSWHY_EPAN_REPORT_UNOPENED_H

#include <stdint.h>

#include <glib.h>

typedef struct {
    char *file; /* "": not known */
    char *server;
    char *ended; /* "SYN unanswered" */
    uint32_t count;
    uint32_t frame; /* of the first one's notice; 0: none that is shown */
} report_unopened;

/* An empty list of such lines. Caller unrefs. */
GPtrArray *report_unopened_new(void);

/* Appends those of the capture that is open, of FILE (as it is to be shown, or NULL). */
void report_unopened_collect(GPtrArray *list, const char *file);

/* LIST as a variant, floating, of this type; and back, appended to LIST. */
#define REPORT_UNOPENED_TYPE "a(sssuu)"
GVariant *report_unopened_pack(const GPtrArray *list);
void report_unopened_unpack(GPtrArray *list, GVariant *packed);

#endif
