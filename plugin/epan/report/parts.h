/* What the report_*.c files share: one report from the connections that were collected.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_REPORT_PARTS_H
#define TLSWHY_EPAN_REPORT_PARTS_H

#include "report/outcome.h"
#include "report/print.h"

/* Connections that failed in the same way: the same causes on the same sides and in the same phases, for reasons that
 * differ in measured times at most, at the same server (by its name, else by its address). */
typedef struct {
    char *server;
    GPtrArray *connections; /* const tw_conn *, lent, in the order of the capture */
} report_group;

/* The groups (report_group *) of those of CONNECTIONS that failed, the largest first, equal ones in the order of the
 * capture. Caller unrefs. */
GPtrArray *report_groups(const GPtrArray *connections);

/* Print the failed ones of CONNECTIONS. */
void report_print_text(const print_options *options, const GPtrArray *connections);
void report_print_json(const GPtrArray *connections);

/* The line that counts CONNECTIONS, without a newline. Caller frees. */
char *report_total(const GPtrArray *connections);

/* Writes to FD, once a second, how far the reading of a file of SIZE bytes (0: not known) is. Lives as long as Wireshark's
 * listeners, which own it; NULL if it cannot be. */
typedef struct report_progress report_progress;
report_progress *report_progress_new(int fd, int64_t size);
void report_progress_end(report_progress *progress); /* wipes out what was written; NULL is fine */

#endif
