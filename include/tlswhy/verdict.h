/* Verdicts: what ended a handshake, and why.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_VERDICT_H
#define TLSWHY_VERDICT_H

#include "tlswhy/words.h"

#define TW_EVIDENCE_MAX 12 /* findings of one verdict */
#define TW_LIMITS_MAX   3  /* and what it says of limits that were passed */
#define TW_CONTRAST_MAX 8  /* further evidence, from other handshakes (contrast.h) */

typedef struct {
    uint32_t frame; /* 0: no single frame */
    char *text;     /* a GRefString in a verdict */
} tw_evidence;

/* One verdict, or a notice (an alert that ends nothing). Its strings are GRefStrings and its lists shared (words.h): the
 * same ones come again and again. */
struct tw_verdict {
    char *server_name; /* that the client asked for, escaped; NULL: none */
    char *version;     /* that the server chose ("TLS 1.2"); NULL: none yet */
    char *reason;      /* one sentence */
    const char *title; /* short form, lent from the catalogue */
    const char *rule;  /* id of the rule that gave it, static (rules.h); NULL in a notice */
    GHashTable *pool;  /* where the next two are shared; the engine's */
    GPtrArray *hints;  /* char * */
    GPtrArray *logs;
    tw_evidence *evidence;
    uint64_t likeness; /* the same for reasons that differ in measured times only; 0 in a notice */
    tw_cause cause;    /* TW_N_CAUSES in a notice that no cause describes */
    tw_confidence confidence;
    tw_severity severity;
    tw_side sender;
    tw_phase phase;
    uint32_t frame;   /* the frame that it stands on */
    int ordinal;      /* which alert item of that frame, or -1 */
    uint32_t trigger; /* frame of the message that the sender rejected, or 0 */
    int alert;        /* 0..255, or -1: no alert */
    int level;
    unsigned n_left_out; /* findings beyond TW_EVIDENCE_MAX */
    uint8_t n_evidence;
    uint8_t n_found; /* how many are findings of this handshake; what is left out follows */
    uint8_t n_own;   /* both together; what other handshakes show follows */
    bool failure;    /* false: a notice; cause may still tell which end it is */
    bool encrypted;
    bool from_others;        /* the cause rests on other handshakes of the capture */
    struct tw_verdict *next; /* on the same connection, in order; NULL: the last one */
};

#endif
