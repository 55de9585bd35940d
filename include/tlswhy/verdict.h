/* Verdicts: what ended a handshake, and why.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_VERDICT_H
#define TLSWHY_VERDICT_H

#include "tlswhy/catalog.h"
#include "tlswhy/chain.h"
#include "tlswhy/facts.h"

#define TW_EVIDENCE_MAX 12

typedef struct {
    uint32_t frame; /* 0: no single frame */
    char *text;
} tw_evidence;

/* One verdict, or a notice (an alert that ends nothing). Owns its strings. */
typedef struct {
    bool failure;            /* false: a notice; cause may still tell which end it is */
    tw_cause cause;          /* TW_N_CAUSES in a notice that no cause describes */
    tw_confidence confidence;
    tw_severity severity;
    tw_side sender;
    tw_phase phase;
    uint32_t frame;          /* the frame that it stands on */
    unsigned ordinal;        /* which alert item of that frame */
    uint32_t trigger;        /* frame of the message that the sender rejected, or 0 */
    int alert;               /* 0..255, or -1: no alert */
    int level;
    bool encrypted;
    char *reason;            /* one sentence */
    const char *title;       /* short form, lent from the catalogue */
    GPtrArray *hints;        /* char * */
    GPtrArray *logs;         /* char * */
    tw_evidence evidence[TW_EVIDENCE_MAX];
    unsigned n_evidence;
} tw_verdict;

void tw_verdict_free(tw_verdict *verdict); /* NULL is fine */

/* What the user may set. */
typedef struct {
    const tw_roots *roots;   /* trusted roots, or NULL */
    const char *roots_file;
} tw_settings;

/* Judges ALERT, the last one of CONN (RFC 8446 6, RFC 5246 7.2): the verdict that ends the handshake, or a notice
 * for an alert that ends nothing, or NULL for one that adds nothing to a verdict already given.
 * Marks the handshake as failed. The caller owns the result: tw_verdict_free(). */
tw_verdict *tw_judge_alert(tw_conn *conn, const tw_alert *alert, const tw_settings *settings);

/* What the sender of an alert at this point of CONN was answering (fields.md of the contract, RFC 8446 2). */
tw_phase tw_phase_of(const tw_conn *conn, tw_side sender, int alert);

#endif
