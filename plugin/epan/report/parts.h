/* What the files of the report share: one report from the entries that were collected.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_REPORT_PARTS_H
#define TLSWHY_EPAN_REPORT_PARTS_H

#include "report/entry.h"
#include "report/outcome.h"
#include "report/print.h"
#include "report/unopened.h"

/* Connections that failed in the same way: the same causes on the same sides and in the same phases, for reasons that
 * differ in measured times at most, at the same server (by its name, else by its address). */
typedef struct {
    GPtrArray *entries; /* const report_entry *, lent, in the order of the captures */
} report_group;

/* The groups (report_group *) of ENTRIES, the largest first, equal ones in the order of the captures. PRIVATE: the same
 * pseudonym in two captures is not the same server. Caller unrefs. */
GPtrArray *report_groups(const GPtrArray *entries, bool private);

/* Prints ENTRIES, the lines UNOPENED and what COUNTS counts. */
void report_print_text(const print_options *options, const GPtrArray *entries, const GPtrArray *unopened,
                       const report_counts *counts);

/* Prints one object for each failed one of CONNECTIONS, of FILE (or NULL); and the one that counts. */
void report_print_json(const GPtrArray *connections, const char *file);
void report_print_summary(const report_counts *counts, const GPtrArray *unopened);

/* Prints a page on ENTRIES, which were made of the failed ones of CONNECTIONS, in their order, and on the lines UNOPENED. */
void report_print_html(const GPtrArray *connections, const GPtrArray *entries, const GPtrArray *unopened,
                       const report_counts *counts);

/* Prints one object for CONN with VERDICT alone; REVISED: in the place of what was said of it before, and then
 * VERDICT may be NULL: it did not fail. */
void report_print_verdict(const tw_conn *conn, const tw_verdict *verdict, bool revised);

/* Nothing failed: the text that says so, of what was followed to its end alone. Sets in V what the text needs. */
tw_text report_none(const report_counts *counts, tw_values *v);

/* Something failed: whether there are streams beside the connections that look like TLS, and were not followed. Sets in V
 * what TW_TEXT_REPORT_UNFOLLOWED needs. */
bool report_lacks_some(const report_counts *counts, tw_values *v);

/* The values of the text on a line of what never opened; SEVERAL captures: with its file. Caller frees. */
tw_values *report_unopened_values(const report_unopened *line, bool several);
/* Prints the lines UNOPENED. */
void report_print_unopened(const print_options *options, bool several, const GPtrArray *unopened);

/* Prints the lines that count, without failures. */
void report_print_total(const print_options *options, const report_counts *counts);

/* Prints what of FAILURE fits into its lines, beside those that stand above it. Returns how much was left out. */
unsigned report_print_failure(const print_options *options, const report_failure *failure, unsigned lines_above,
                              tw_values *v);

/* How many connections there were, and how many failed, to the file that TLSWHY_COUNTS in the environment names. */
void report_tell_counts(const report_counts *counts);

/* TIME_US as time of day, "14:03:07.123456"; with the DAY before it. UTC. Caller frees. */
char *report_time(int64_t time_us, bool day);

/* Writes to FD, once a second, how far the reading of a file of SIZE bytes (0: not known) is. Lives as long as Wireshark's
 * listeners, which own it; NULL if it cannot be. */
typedef struct report_progress report_progress;
report_progress *report_progress_new(int fd, int64_t size);
void report_progress_end(report_progress *progress); /* wipes out what was written; NULL is fine */

#endif
