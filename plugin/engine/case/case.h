/* The case under judgement: one event and what its handshake holds.
 *
 * Internal to the engine. Who judges an event opens its case (judge/); the rules' checks look at it and fill a finding.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CASE_CASE_H
#define TLSWHY_CASE_CASE_H

#include "connection/event.h"

typedef struct tw__case_side tw__case_side;

typedef struct {
    tw_conn *conn;
    const tw__handshake *h;
    tw__event event;        /* what is judged */
    tw_at at;               /* its place */
    const tw__alert *alert; /* NULL: the event is no readable alert */
    tw_side sender, peer;
    int dir; /* of the sender */
    tw_phase phase;
    const tw__message *trigger; /* what the sender rejected, or NULL */

    const tw__message *client_hello_message, *server_hello_message;
    const tw__hello *client_hello, *server_hello; /* lent by their messages; NULL, as the next: not seen */
    tw__hello *encrypted_extensions;
    const tw__suite *suite; /* NULL: not chosen or unknown */

    const tw__message *request_message;
    tw__certificate_request *request; /* the server's CertificateRequest, or NULL */

    tw__case_side *side[3]; /* by tw_side: its certificates, read when a rule asks for them */

    tw_values *values; /* what every text of this verdict may use */
} tw__case;

/* What a check is asked, and what it finds: its own values and evidence, and what it blames. CONFIDENCE begins as the
 * rule's and may be lowered. */
typedef struct {
    const tw__case *k;
    int arg; /* of the rule's row */
    tw_confidence confidence;
    const tw__message *answered; /* what the sender was answering, where it is not the case's trigger; else NULL */
    const tw__fault *fault;      /* of the case: what the sender rejected by this finding, or NULL */
    unsigned rivals;             /* the kinds of faults, as bits, that explain the event as well */
    tw_text same_as;             /* the "also" phrase that would say it again, or TW_N_TEXTS */
    bool from_others;            /* the proof is of other handshakes of the capture */
    tw_values *values;
    tw_evidence evidence[TW_EVIDENCE_MAX];
    unsigned n_evidence, n_left_out;
    unsigned conditions; /* of hints, that the check found to hold: bits 1 << tw_condition */
} tw__finding;

/* Opens the case of EVENT at AT; ALERT is its alert, or NULL. Close with tw__case_close(). */
tw__case *tw__case_open(tw_conn *conn, tw__event event, tw_at at, const tw__alert *alert);
/* The same for a notice, which reports the event alone: no message is read. */
tw__case *tw__case_open_notice(tw_conn *conn, tw__event event, tw_at at, const tw__alert *alert);
void tw__case_close(tw__case *k); /* NULL is fine */

void tw__finding_init(tw__finding *f, const tw__case *k, int arg, tw_confidence confidence);
void tw__finding_clear(tw__finding *f);
/* Adds TEXT, filled with the values of finding and case, as evidence seen in FRAME. */
void tw__finding_add(tw__finding *f, uint32_t frame, tw_text text);
/* FAULT, which is of the case, is what the sender rejected: its values become the finding's, and so the conditions
 * that it meets. */
void tw__finding_blame(tw__finding *f, const tw__fault *fault);
/* CONDITION of hints holds, and the values that it vouches for are set; asks whether it does. */
void tw__finding_hold(tw__finding *f, tw_condition condition);
bool tw__finding_has(const tw__finding *f, tw_condition condition);
/* Lowers the confidence to at most C. */
void tw__finding_cap(tw__finding *f, tw_confidence c);

/* The certificates of SIDE in the handshake at hand, lent; each is read when it is asked for, because certificates are
 * most of what a verdict costs. Their message, NULL: none was seen; what it holds, NULL: there is no readable one;
 * their chain, NULL likewise and for an empty message; tw__fault * of that chain, NULL likewise, without
 * those that take signatures as long as nobody has asked for one (tw__case_fault()). */
const tw__message *tw__case_certificate_message(const tw__case *k, tw_side side);
const tw__certificates *tw__case_certificates(const tw__case *k, tw_side side);
tw__chain *tw__case_chain(const tw__case *k, tw_side side);
const GPtrArray *tw__case_faults(const tw__case *k, tw_side side);
/* Whether there is a chain, without building it. */
bool tw__case_has_chain(const tw__case *k, tw_side side);
/* Whether SIDE sent an empty Certificate message, which can be read. */
bool tw__case_sent_none(const tw__case *k, tw_side side);
/* The place of the certificate that looks like SIDE's leaf, where the first one is a CA's; else 0. */
unsigned tw__case_leaf_place(const tw__case *k, tw_side side);

/* The first fault of KIND in the chain of SIDE, or NULL. */
const tw__fault *tw__case_fault(const tw__case *k, tw_side side, tw__fault_kind kind);

/* Whether tw__case_fault() has the answer without verifying a signature. */
bool tw__case_has_examined(const tw__case *k, tw_side side, tw__fault_kind kind);

/* Sets NAME of VALUES to TEXT, or to the code point NUMBER where it has no name. */
void tw__set_code(tw_values *values, const char *name, const char *text, uint16_t number);

/* Reads the ServerKeyExchange, pointing into the message that it returns; NULL when there is none to be read. */
const tw__message *tw__case_key_exchange(const tw__case *k, tw__server_key_exchange *ske);

/* Whether the hello holds extension TYPE; false for NULL. */
bool tw__hello_has(const tw__hello *hello, uint16_t type);

/* Whether the server may have answered another hello than the one that can be read: the client sent Encrypted Client
 * Hello (RFC 9849), in earnest or not, and no retry configurations tell that the server rejected it. */
bool tw__case_may_answer_inner(const tw__case *k);

/* Whether the server resumed a session or took up a pre-shared key, so that it sends no certificate: as it says in TLS 1.3,
 * and before by a ChangeCipherSpec right behind its ServerHello. */
bool tw__case_resumes(const tw__case *k);

/* Protocol version of this handshake: negotiated, else the client's highest offer, else 0. */
uint16_t tw__case_version(const tw__case *k);

/* Name of a handshake message for people ("ClientHello"); static. */
const char *tw__message_name(uint8_t type);

#endif
