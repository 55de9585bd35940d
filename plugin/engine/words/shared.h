/* Texts that many verdicts have in common, held once; and those that are put into words when they are asked for. Internal to
 * the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_WORDS_SHARED_H
#define TLSWHY_WORDS_SHARED_H

#include "tlswhy/words.h"

/* A list of texts (GRefString *) of which many are the same: each is held once. */
GPtrArray *tw__shared_texts_new(void);
/* Takes over TEXT. */
void tw__add_shared(GPtrArray *texts, char *text);

/* Takes over TEXT and returns the same as a GRefString, one for all that ask for it. NULL gives NULL. */
char *tw__shared_text(char *text);

/* The lists of one capture's verdicts: each is held once. */
typedef struct tw_pool tw__pool;
tw__pool *tw__pool_new(void);
void tw__pool_free(tw__pool *pool); /* when none of its lists is left; NULL is fine */

/* Takes over TEXTS, which must not change any more, and returns the one list in POOL for all who have the same (POOL
 * NULL: TEXTS). Give it back with tw__shared_list_free() and the same POOL; a NULL list is fine there. */
GPtrArray *tw__shared_list(tw__pool *pool, GPtrArray *texts);
void tw__shared_list_free(tw__pool *pool, GPtrArray *list);
/* The list that tw_alert_logs() gives, likewise; the same few alerts come again and again. */
GPtrArray *tw__shared_logs(tw__pool *pool, uint8_t number, tw_side receiver, const char *library, tw_phase phase);

/* A hash of DER (GBytes), a certificate, for tables that hold each once: of its end, where its signature is. */
guint tw__der_hash(gconstpointer der);

/* Values that few texts bear and that take long to put into words: FILL sets them, when one of NAMES (NULL at the end) is
 * looked for that V itself has not. All is lent, as long as V lives; V has one source at most. */
typedef void tw__fill(const void *data, tw_values *values);
void tw__values_set_source(tw_values *v, const char *const *names, tw__fill *fill, const void *data);

#endif
