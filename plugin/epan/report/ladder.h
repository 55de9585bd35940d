/* The ladder of one connection: its steps, and its failures at their place.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_REPORT_LADDER_H
#define TLSWHY_EPAN_REPORT_LADDER_H

#include "report/print.h"
#include "tlswhy/steps.h"

/* One of these is there. */
typedef struct {
    const tw_step *step;
    const tw_verdict *verdict;
} ladder_rung;

/* The rungs of CONN, from above (GArray of ladder_rung, what they point to is lent; caller unrefs). NULL: no steps were
 * kept. */
GArray *ladder_rungs(const tw_conn *conn);

/* Seconds since the first step of RUNGS, as "0.003950"; "" where the capture has no times. Caller frees. */
char *ladder_time(const GArray *rungs, const ladder_rung *rung);

/* Prints the ladder that OPTIONS ask for. */
void ladder_print(const print_options *options);

#endif
