/* Texts that many verdicts have in common, held once. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_WORDS_SHARED_H
#define TLSWHY_WORDS_SHARED_H

#include "tlswhy/base.h"

/* A list of texts (GRefString *) of which many are the same: each is held once. */
GPtrArray *tw__shared_texts_new(void);
/* Takes over TEXT. */
void tw__add_shared(GPtrArray *texts, char *text);

/* Takes over TEXT and returns the same as a GRefString, one for all who ask for it. NULL gives NULL. */
char *tw__shared_text(char *text);

/* Takes over TEXTS, which must not change any more, and returns the one list for all who have the same. Give it back
 * with tw__shared_list_free(); NULL is fine there. */
GPtrArray *tw__shared_list(GPtrArray *texts);
void tw__shared_list_free(GPtrArray *list);

#endif
