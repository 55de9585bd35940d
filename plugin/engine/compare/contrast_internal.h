/* How two remembered handshakes differ. Internal to this folder.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_COMPARE_CONTRAST_INTERNAL_H
#define TLSWHY_COMPARE_CONTRAST_INTERNAL_H

#include "compare/contrast.h"

/* ---- kinship.c ---- */

/* Sets of tw__remembered *, lent, one of those that have KINSHIP with each other, or the client (without port) and the server
 * in common. Of KINSHIP only those may be looked up there for whom tw__has_kin() holds. Caller unrefs. */
GHashTable *tw__kin_table(tw__kinship kinship);
GHashTable *tw__pair_table(void);

/* Whether O has what KINSHIP is about. */
bool tw__has_kin(const tw__remembered *o, tw__kinship kinship);

/* Whether two tw__remembered * have the client (without port) and the server in common. */
gboolean tw__is_same_pair(gconstpointer one, gconstpointer other);

/* ---- contrast_words.c ---- */

/* What is remembered of a handshake, with its ClientHello, for comparisons. */
typedef struct {
    const tw__remembered *o;
    const tw__hello *hello;
    tw__hello *own; /* HELLO, where it was read anew; else NULL */
    tw_values *offers;
} tw__view;

/* HELLO: the ClientHello, lent; NULL: it is read anew. */
tw__view tw__view_of(const tw__remembered *remembered, const tw__hello *hello);
void tw__view_clear(tw__view *view);

/* The number of differences that tw__contrast_words() would list. */
unsigned tw__contrast_distance(const tw__view *here, const tw__remembered *there);

/* Adds to the verdict of HERE the evidence that THERE gives, and how the two differ. */
void tw__contrast_words(const tw__view *here, const tw__remembered *there, tw__kinship kinship);

/* Adds to REMEMBERED's verdict the other attempts of its fallback. */
void tw__contrast_dance(const tw__remembered *remembered);

#endif
