/* Help on causes: what a verdict means, how to confirm it, how to mend it. Plain text, one paragraph to a line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_HELP_H
#define TLSWHY_HELP_H

#include "tlswhy/verdict.h"

/* Help on VERDICT, with its values. Caller frees with g_free(). */
char *tw_help_verdict(const tw_verdict *verdict);

/* Help on a frame that ends no handshake. Caller frees with g_free(). */
char *tw_help_no_verdict(uint32_t frame);

/* A line of a help text: VALUES, lent, fill the template of FORM. */
typedef void tw_help_line(tw_text form, const tw_values *values, void *data);

/* Help on CAUSE: id, title, meaning, how to confirm, what to do, line by line to LINE with DATA. Where advice has a
 * value of a verdict, words in capitals stand. */
void tw_help_cause(tw_cause cause, tw_help_line *line, void *data);

/* The same of all causes, as one text. Caller frees with g_free(). */
char *tw_help_causes(void);

#endif
