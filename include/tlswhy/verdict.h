/* Verdicts: what ended a handshake, and why.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_VERDICT_H
#define TLSWHY_VERDICT_H

#include "tlswhy/words.h"

#define TW_EVIDENCE_MAX  12 /* findings of one verdict */
#define TW_CONTRAST_MAX  8  /* and of what other handshakes show */
#define TW_ELSEWHERE_MAX 8  /* and of what another capture shows of the same connection */

/* What evidence is of, in the order to show it. */
typedef enum {
    TW_EVIDENCE_ELSEWHERE = 0, /* what another capture shows of the same connection */
    TW_EVIDENCE_FINDING,       /* of this handshake, in the order of the frames */
    TW_EVIDENCE_LIMIT,         /* what was left out or not looked at */
    TW_EVIDENCE_OTHER          /* what other handshakes show */
} tw_evidence_kind;

typedef struct {
    tw_evidence_kind kind;
    uint32_t frame;      /* 0: no single frame */
    char *text;          /* a GRefString in a verdict */
    const char *capture; /* the other capture that FRAME is of, lent; NULL: it is of this one */
} tw_evidence;

typedef struct {
    unsigned n;
    tw_evidence items[]; /* in the order to show it */
} tw_evidence_list;

/* When a handshake failed, microseconds since 1970. */
typedef struct {
    int64_t frame_us; /* the frame that the verdict stands on */
    int64_t hello_us; /* the ClientHello; 0: none was seen */
    int64_t end_us;   /* the end of it all: a silence goes on beyond its frame */
} tw_times;

/* One verdict, or a notice (no failure). Its strings are GRefStrings and its lists shared (words.h): the same ones come
 * again and again. A large capture has many of these, so the wide members stand first and the small ones are as wide as
 * their values. */
struct tw_verdict {
    struct tw_verdict *next; /* on the same connection, in order; NULL: the last one */
    char *server_name;       /* that the client asked for, escaped; NULL: none */
    char *version;           /* that the server chose ("TLS 1.2"); NULL: none yet */
    char *reason;            /* one sentence */
    const char *title;       /* short form, lent from the catalogue */
    const char *rule;        /* id of the rule that gave it, static (rules.h); NULL in a notice */
    struct tw_pool *pool;    /* where the next two are shared; the engine's */
    GPtrArray *hints;        /* char * */
    GPtrArray *logs;
    char *offer; /* the command that makes again what of the client's offer failed; NULL: none did, or it cannot */
    GPtrArray *certificates[2]; /* GBytes, DER: what the server and the client sent, leaf first; NULL: not asked for
                                   (tw_settings), none was sent, or none can be read */
    tw_evidence_list *evidence; /* NULL: none, as in most notices */
    int64_t *waits_us; /* [TW_N_PHASES]: how long one side kept the other waiting, by what it answered (the server a
                          ClientHello, the client the server's flight, ...), -1: it was not seen; NULL: none was, or a
                          notice */
    tw_times times;
    uint64_t likeness;   /* the same for reasons that differ in measured times only; 0 in a notice */
    uint32_t frame;      /* the frame that it stands on */
    uint32_t trigger;    /* frame of the message that the sender rejected, or 0 */
    int ordinal;         /* which alert item of that frame, or -1 */
    unsigned n_left_out; /* findings beyond TW_EVIDENCE_MAX */
    int16_t alert;       /* 0..255, or -1: no alert */
    int16_t level;
    tw_cause cause : 8; /* TW_N_CAUSES in a notice that no cause describes */
    tw_confidence confidence : 4;
    tw_severity severity : 4;
    tw_side sender : 4;
    tw_origin origin : 4; /* who caused the end, where another capture tells it */
    tw_phase phase : 4;
    bool failure : 1; /* false: a notice; cause may still tell which end it is */
    bool encrypted : 1;
    bool has_command : 1; /* the last hint is the command that makes the whole offer again */
    bool from_others : 1; /* the cause rests on other handshakes of the capture */
};

/* Some compilers take enumerations as signed. */
G_STATIC_ASSERT(TW_N_CAUSES < 1 << 7);
G_STATIC_ASSERT(TW_N_PHASES < 1 << 3);

/* V's evidence in the order to show it. NTH from 0; NULL: no more. */
static inline const tw_evidence *tw_verdict_evidence(const tw_verdict *v, unsigned nth)
{
    return v->evidence && nth < v->evidence->n ? &v->evidence->items[nth] : NULL;
}

/* How much of it is of KIND. */
static inline unsigned tw_verdict_count(const tw_verdict *v, tw_evidence_kind kind)
{
    const tw_evidence *e;
    unsigned n = 0;
    for (unsigned i = 0; (e = tw_verdict_evidence(v, i)); i++)
        n += e->kind == kind;
    return n;
}

#endif
