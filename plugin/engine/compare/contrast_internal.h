/* What stands behind contrast.h: which outlines are compared, and how two of them differ. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CONTRAST_INTERNAL_H
#define TLSWHY_CONTRAST_INTERNAL_H

#include "case/case.h"
#include "compare/remembered.h"

/* Every outline: tw_outline *, lent, in the order of the capture. */
const GPtrArray *tw_contrast_outlines(const tw_contrast *contrast);

/* Gives the verdict of the failure O its evidence from other handshakes anew. */
void tw_contrast_compare(const tw_contrast *contrast, const tw_outline *o);

/* The case K has ended in VERDICT, which is kept for tw_contrast_settle(); gets evidence from what came before. */
void tw_contrast_failed(tw_contrast *contrast, const tw_case *k, tw_verdict *verdict);

/* Completed handshakes with the server (address and port) of CONN: tw_outline *, lent, or NULL. */
const GPtrArray *tw_contrast_of_server(const tw_contrast *contrast, const tw_conn *conn);

/* The certificates that the server (address and port) of CONN was seen to send for the same name; NULL: none. Lent. */
const tw_known_certificate *tw_contrast_known(const tw_contrast *contrast, const tw_conn *conn);

/* How a comparison came about. */
typedef enum { TW_SAME_SERVER, TW_SAME_NAME, TW_SAME_CLIENT, TW_N_KINSHIPS } tw_kinship;

/* An outline with its ClientHello read anew, for comparisons. */
typedef struct {
    const tw_outline *o;
    tw_hello *hello;
    tw_values *offers;
} tw_view;

tw_view tw_view_of(const tw_outline *outline);
void tw_view_clear(tw_view *view);

/* The number of differences that tw_contrast_words() would list. */
unsigned tw_contrast_distance(const tw_view *here, const tw_outline *there);

/* Adds to HERE's verdict the evidence that THERE gives, and how the two differ. */
void tw_contrast_words(const tw_outline *here, const tw_outline *there, tw_kinship kinship);

/* Adds to OUTLINE's verdict the other attempts of its dance. */
void tw_contrast_dance(const tw_outline *outline);

#endif
