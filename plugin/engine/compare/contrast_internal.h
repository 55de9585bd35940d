/* What stands behind contrast.h: which handshakes are compared, and how two of them differ. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_COMPARE_CONTRAST_INTERNAL_H
#define TLSWHY_COMPARE_CONTRAST_INTERNAL_H

#include "case/case.h"
#include "compare/remembered.h"

/* All that is remembered: tw__remembered *, lent, in the order of the capture. */
const GPtrArray *tw__contrast_remembered(const tw__contrast *contrast);

/* Gives the verdict of the failure O its evidence from other handshakes anew. */
void tw__contrast_compare(const tw__contrast *contrast, const tw__remembered *o);

/* The case K has ended in VERDICT, which is kept for tw__contrast_settle(); gets evidence from what came before. */
void tw__contrast_failed(tw__contrast *contrast, const tw__case *k, tw_verdict *verdict);

/* Completed handshakes with the server (address and port) of CONN: tw__remembered *, lent, or NULL. */
const GPtrArray *tw__contrast_of_server(const tw__contrast *contrast, const tw_conn *conn);

/* The certificates that the server (address and port) of CONN was seen to send for the same name; NULL: none. Lent. */
const tw__known_certificate *tw__contrast_known(const tw__contrast *contrast, const tw_conn *conn);

/* How a comparison came about. */
typedef enum { TW_SAME_SERVER, TW_SAME_NAME, TW_SAME_CLIENT, TW_N_KINSHIPS } tw__kinship;

/* What is remembered of a handshake, with its ClientHello read anew, for comparisons. */
typedef struct {
    const tw__remembered *o;
    tw__hello *hello;
    tw_values *offers;
} tw__view;

tw__view tw__view_of(const tw__remembered *remembered);
void tw__view_clear(tw__view *view);

/* The number of differences that tw__contrast_words() would list. */
unsigned tw__contrast_distance(const tw__view *here, const tw__remembered *there);

/* Adds to HERE's verdict the evidence that THERE gives, and how the two differ. */
void tw__contrast_words(const tw__remembered *here, const tw__remembered *there, tw__kinship kinship);

/* Adds to REMEMBERED's verdict the other attempts of its fallback. */
void tw__contrast_dance(const tw__remembered *remembered);

#endif
