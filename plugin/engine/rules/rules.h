/* The rules: which alert, from which side, in which phase, with which proof in the capture, means which cause.
 *
 * The rows stand in the rules_*.c, a block for each sender and phase; rules.c has the order of the blocks. The first
 * row that holds wins, so the order is the order in which peers object, the closest cause first and the generic one
 * of each family last. Rows are written out, so that grep finds the rule behind a cause, an alert
 * (TW_ALERT_UNKNOWN_CA) or an id.
 *
 * A row's id is that of its cause, a slash, and what makes it another row than the others of that cause: the alert's
 * number or another event, and the circumstance ("server-cert-expired/45-leaf"). It is stable: verdicts carry it
 * (tlswhy.rule), and so do tests and reports of errors. Where a row changes its meaning it gets another one.
 *
 * "proven" means that the bytes show the fault, and that nothing that a capture cannot show would make this sender
 * send this alert here. What no capture shows: trust stores, revocation lists (OpenSSL says 48 where it has none, 45
 * where it is out of date, 51 where its signature is bad), limits of depth, pins and verify callbacks, other sites of
 * the server and its other certificates, access rules, whether a certificate that was asked for is required. That the
 * other side received what was captured is taken for granted, but not behind decrypt_error (51), which is what TLS says
 * where it did not: a bad signature over the handshake may be one over other messages. So a
 * certificate's fault is at most likely behind 40, 42, 46, 48, 49 and 80, which are said of all that, whatever the
 * bytes show; behind 43, 45, 50, 51, 44 and 113 it is proven where the fault itself forces the alert. Beside each row
 * that says "proven" stands why nothing else brings the same. A check lowers what its row says where the case at hand
 * has another explanation; of two faults that explain the alert alike each is possible. But signatures are verified
 * where a row that asks for them is reached, so behind a row above it a wrong one is neither seen nor named.
 *
 * What libraries send was read in their sources; the names stand beside the rows:
 *   OpenSSL ssl/statem/statem_lib.c (x509table), BoringSSL ssl/ssl_x509.cc, NSS lib/ssl/ssl3con.c
 *   (ssl3_SendAlertForCertError), GnuTLS lib/alert.c, Go crypto/tls, JDK sun/security/ssl/CertificateMessage.java,
 *   Mbed TLS library/ssl_tls.c, wolfSSL src/internal.c, rustls src/error.
 *
 * Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_RULES_RULES_H
#define TLSWHY_RULES_RULES_H

#include "rules/checks.h"

#define TW_LIST_END 0xffff

typedef struct {
    const char *id;
    tw_side sender;         /* TW_SIDE_UNKNOWN: either */
    unsigned phases;        /* bits 1 << tw_phase */
    const uint16_t *events; /* alerts and other tw__event, ends with TW_LIST_END; NULL: any */
    tw__check *check;       /* NULL: holds always */
    int arg;
    tw_cause cause;
    tw_confidence confidence; /* at most */
} tw__rule;

/* A block of rows. */
typedef struct {
    const tw__rule *rows;
    unsigned n;
} tw__rules;

extern const tw__rules tw__rules_without_tls, tw__rules_ends, tw__rules_renegotiation, tw__rules_server_flight,
    tw__rules_client_hello, tw__rules_client_flight, tw__rules_any_side;

/* The row at PLACE of all, or NULL beyond the last one, which holds always. */
const tw__rule *tw__rule_at(unsigned place);

/* Where a walk over the rows is; zeros: at the first one. */
typedef struct {
    unsigned block, row;
} tw__rule_place;

/* The next row that speaks of this sender, phase and event, or NULL. */
const tw__rule *tw__rule_next(tw__rule_place *at, tw_side sender, tw_phase phase, tw__event event);

/* Whether RULE speaks of this sender, phase and event at all. */
bool tw__rule_applies(const tw__rule *rule, tw_side sender, tw_phase phase, tw__event event);

#endif
