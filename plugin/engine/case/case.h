/* The case under judgement: one alert and everything of its handshake, read once.
 *
 * Internal to the engine. judge.c opens a case, the rules' checks look at it and fill a finding.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CASE_H
#define TLSWHY_CASE_H

#include "tlswhy/verdict.h"

typedef struct {
    tw_conn *conn;
    const tw_handshake *h;
    tw_event event;        /* what is judged */
    tw_at at;              /* its place */
    const tw_alert *alert; /* NULL: the event is no readable alert */
    const tw_settings *settings;
    tw_side sender, peer;
    int dir; /* of the sender */
    tw_phase phase;
    const tw_message *trigger; /* what the sender rejected, or NULL */

    const tw_message *client_hello_message, *server_hello_message;
    tw_hello *client_hello, *server_hello, *encrypted_extensions; /* NULL: not seen */
    const tw_suite *suite;                                        /* NULL: not chosen or unknown */

    const tw_message *request_message;
    tw_certificate_request *request; /* the server's CertificateRequest, or NULL */

    /* by tw_side; the certificates of the handshake at hand */
    const tw_message *certificate_message[3];
    tw_certificates *certificates[3]; /* NULL: no readable Certificate message */
    tw_chain *chain[3];               /* NULL likewise, and for an empty message */
    GPtrArray *faults[3];             /* tw_fault *, for each chain */

    tw_values *values; /* what every text of this verdict may use */
} tw_case;

/* What a check found: its own values and evidence. CONFIDENCE begins as the rule's and may be lowered. */
typedef struct {
    const tw_case *k;
    tw_confidence confidence;
    tw_values *values;
    tw_evidence evidence[TW_EVIDENCE_MAX];
    unsigned n_evidence, n_left_out;
} tw_finding;

/* Opens the case of EVENT at AT; ALERT is its alert, or NULL. Close with tw_case_close(). */
tw_case *tw_case_open(tw_conn *conn, tw_event event, tw_at at, const tw_alert *alert, const tw_settings *settings);
/* The same for a notice, which tells the event alone: no message is read. */
tw_case *tw_case_open_notice(tw_conn *conn, tw_event event, tw_at at, const tw_alert *alert,
                             const tw_settings *settings);
void tw_case_close(tw_case *k); /* NULL is fine */

void tw_finding_init(tw_finding *f, const tw_case *k, tw_confidence confidence);
void tw_finding_clear(tw_finding *f);
/* Adds TEXT, filled with the values of finding and case, as evidence seen in FRAME. */
void tw_finding_add(tw_finding *f, uint32_t frame, tw_text text);
/* Lowers the confidence to at most C. */
void tw_finding_cap(tw_finding *f, tw_confidence c);

/* The first fault of KIND in the chain of SIDE, or NULL. */
const tw_fault *tw_case_fault(const tw_case *k, tw_side side, tw_fault_kind kind);

/* Sets NAME of VALUES to TEXT, or to the code point NUMBER where it has no name. */
void tw_set_code(tw_values *values, const char *name, const char *text, uint16_t number);

/* The body of message M as far as it was captured (LEN: how far); NULL for NULL and for what was not kept. Lent. */
const uint8_t *tw_message_body(const tw_message *m, size_t *len);

/* Reads the ServerKeyExchange, pointing into the message that it returns; NULL when there is none to be read. */
const tw_message *tw_case_key_exchange(const tw_case *k, tw_server_key_exchange *ske);

/* Whether the hello holds extension TYPE; false for NULL. */
bool tw_hello_has(const tw_hello *hello, uint16_t type);

/* Whether the server may have answered another hello than the one that can be read: the client sent Encrypted Client
 * Hello (RFC 9849), in earnest or not, and no retry configurations tell that the server rejected it. */
bool tw_case_may_answer_inner(const tw_case *k);

/* Protocol version of this handshake: negotiated, else the client's highest offer, else 0. */
uint16_t tw_case_version(const tw_case *k);

/* Name of a handshake message for people ("ClientHello"); static. */
const char *tw_message_name(uint8_t type);

#endif
