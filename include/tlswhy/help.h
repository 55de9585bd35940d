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

/* All causes: id, title, meaning, how to confirm. Caller frees with g_free(). */
char *tw_help_causes(void);

#endif
