/* Verdicts by two captures: who caused an end. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_ELSEWHERE_ELSEWHERE_H
#define TLSWHY_ELSEWHERE_ELSEWHERE_H

#include "elsewhere/facts.h"
#include "elsewhere/path.h"

/* How verdicts leave: CONN gets VERDICT, which is taken over, in the place of BEFORE (NULL: one more). */
typedef void tw__elsewhere_sink(tw_conn *conn, tw_verdict *before, tw_verdict *verdict);

/* At the end: holds HERE, tw__account * of all connections of the open capture, against OTHERS, tw__facts *. What changes goes to SINK. May be called again. */
void tw__elsewhere_settle(const GPtrArray *here, const GPtrArray *others, tw__elsewhere_sink *sink);

/* What there is to say of FACTS themselves, after that; NULL: nothing. ANONYMIZER, or NULL. Caller frees. */
char *tw__facts_remark(tw__facts *facts, const GPtrArray *here, tw_anonymizer *anonymizer);

/* ---- origin.c ---- */

/* What two points say of a failure. */
typedef struct {
    const tw__account *here, *there;
    const tw__path *path;
    tw__difference differences[TW_DIFFERENCES];
    unsigned n;
    tw_origin origin;
    const tw__difference *by; /* what shows TW_ORIGIN_BETWEEN, or that an alert was lost; NULL: nothing did */
    const tw__account *alert; /* whose verdict is by an alert of the side that it is near to; NULL: neither */
    bool unanswered;          /* the origin has received all, and says nothing */
    bool unheard;             /* datagrams: the alert is at its sender's point alone */
    bool missed;              /* datagrams: the server answers, and its answer is at its own point alone */
    const tw__sightings
        *sightings; /* where one capture has both points: what it knows of them; NULL: there are two */
} tw__story;

/* PATH's story of HERE and THERE, the two accounts of it. */
void tw__story_tell(tw__story *story, const tw__path *path, const tw__account *here, const tw__account *there);

tw_origin tw__origin_of(tw_side side);

/* Which lane SIDE sends. */
static inline int tw__lane_of(tw_side side)
{
    return side == TW_SERVER ? TW_OF_SERVER : TW_OF_CLIENT;
}

/* ---- datagrams.c ---- */

/* The same where no segments are known (QUIC, DTLS, EAP); the path and the alert of STORY are set. */
void tw__story_of_datagrams(tw__story *story);

/* ---- story.c ---- */

/* Lets VERDICT, which is taken over, out to SINK: on HERE, in the place of its verdict if it has one. */
void tw__elsewhere_give(const tw__account *here, tw_verdict *verdict, tw__elsewhere_sink *sink);

/* The verdict on the connection of STORY by both points goes to SINK. False: there is none. */
bool tw__story_take(const tw__story *story, tw__elsewhere_sink *sink);

/* ---- twice.c ---- */

/* HERE, tw__account * of the open capture, has some connections twice: holds what was recorded at one point against the
 * other, so that the verdict is given once. SIGHTINGS: of the capture. What changes goes to SINK. */
void tw__elsewhere_unite(const GPtrArray *here, const tw__sightings *sightings, tw__elsewhere_sink *sink);

/* ---- elsewhere_words.c ---- */

/* Adds what STORY says to VERDICT, which is of its connection, and its reason. */
void tw__story_words(const tw__story *story, tw_verdict *verdict);

/* VERDICT is on HERE: somebody in between, whose own connection to the server is THERE, answers for the server. */
void tw__inspected_words(const tw__account *here, const tw__account *there, tw_verdict *verdict);

/* The same of a notice, whose sentence says it already. */
void tw__inspected_evidence(const tw__account *here, const tw__account *there, tw_verdict *notice);

/* VERDICT is on HERE; the certificate of THERE, at the same time, has another issuer, which may be the server's second one. */
void tw__other_issuer_words(const tw__account *here, const tw__account *there, tw_verdict *verdict);

/* VERDICT is on HERE, by a reset of HOPS hops in the name of the server, whose other segments have OWN_HOPS; CAPTURE has a
 * handshake with the server that completes. */
void tw__foreign_words(const tw__account *here, const char *capture, unsigned hops, unsigned own_hops,
                       tw_verdict *verdict);

/* ---- hello_change.c ---- */

/* What of a ClientHello, whose body is SENT, is another one on arrival, CAME: text. Caller frees. */
char *tw__hello_change(GBytes *sent, GBytes *came);

/* ---- inspected.c ---- */

typedef enum {
    TW_NOT_INSPECTED,
    TW_OTHER_ISSUER, /* another certificate was there at that time, as a server with several has as well: a notice at most */
    TW_INSPECTED,        /* likely */
    TW_INSPECTED_ISSUER, /* the same, and both certificates are known, by different issuers */
} tw__inspection;

/* Whether somebody in between answers HERE, and made a connection of its own, one of NAMESAKES, tw__account * of another capture
 * with the same server name, in the order of time (NULL: there is none): *FOUND. HELLOS: tw__random_key() of all connections of the open capture. LOSSY:
 * the other capture lost frames at that time, so that HERE itself may have been there. */
tw__inspection tw__inspected_by(const tw__account *here, const GPtrArray *namesakes, const GHashTable *hellos,
                                bool lossy, const tw__account **found);

/* Of these two: whether HERE is what somebody in between asks in the place of THERE; else it is the other way round. */
bool tw__is_asked_for(const tw__account *here, const tw__account *there);

/* The issuer in the certificate DER, as text; HERE has a connection of the open capture. Caller frees; NULL: unread. */
char *tw__issuer_of(const tw__account *here, GBytes *der);

#endif
