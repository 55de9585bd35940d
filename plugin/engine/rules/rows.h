/* The words in which rows are written. For the rules_*.c alone.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_RULES_ROWS_H
#define TLSWHY_RULES_ROWS_H

#include "rules/rules.h"

/* ---- senders ---- */

#define C      TW_CLIENT
#define S      TW_SERVER
#define EITHER TW_SIDE_UNKNOWN

/* ---- phases ---- */

#define P(phase)  (1u << TW_##phase)
#define ANY_PHASE ((1u << TW_N_PHASES) - 1)
#define HELLO     P(CLIENT_HELLO)
/* where the server's (client's) certificate can be what is being answered */
#define ON_SERVER   (P(SERVER_FLIGHT) | P(SERVER_FINISHED) | P(RENEGOTIATION))
#define ON_CLIENT   (P(CLIENT_FLIGHT) | P(RENEGOTIATION) | P(ESTABLISHED))
#define AFTER_HELLO (P(SERVER_FLIGHT) | P(CLIENT_FLIGHT) | P(SERVER_FINISHED) | P(RENEGOTIATION))

/* ---- events ---- */

#define ALERTS(...) \
    (const uint16_t[]) \
    { \
        __VA_ARGS__, TW_LIST_END \
    }
#define ANY_EVENT NULL
#define CLOSED    ALERTS(TW_EVENT_CLOSE)
#define RESET     ALERTS(TW_EVENT_RESET)
#define ENDS      ALERTS(TW_EVENT_CLOSE, TW_EVENT_RESET)
#define SILENCE   ALERTS(TW_EVENT_SILENCE)
#define ENCRYPTED ALERTS(TW_EVENT_ENCRYPTED)
#define UNSAID    ALERTS(TW_EVENT_ENCRYPTED, TW_EVENT_FAILURE, TW_EVENT_DROPPED)

/* The alerts behind which libraries hide any fault of a certificate: GnuTLS and Go 42, Java and Chromium 46, GnuTLS
 * servers 49; wpa_supplicant 80 and an OpenSSL callback 40, which mean anything else as well. */
#define CATCH_ALL \
    TW_ALERT_BAD_CERTIFICATE, TW_ALERT_CERTIFICATE_UNKNOWN, TW_ALERT_ACCESS_DENIED, TW_ALERT_HANDSHAKE_FAILURE, \
        TW_ALERT_INTERNAL_ERROR
#define OF_ANYTHING_OR_HIDDEN ALERTS(CATCH_ALL, TW_EVENT_ENCRYPTED)
#define OF_ANYTHING_OR_UNSAID \
    ALERTS(CATCH_ALL, TW_EVENT_ENCRYPTED, TW_EVENT_FAILURE, TW_EVENT_DROPPED, TW_EVENT_SAID_REJECTED)

/* The alerts that speak of certificates. */
#define SAYS_CERTIFICATE \
    TW_ALERT_NO_CERTIFICATE, TW_ALERT_BAD_CERTIFICATE, TW_ALERT_UNSUPPORTED_CERTIFICATE, \
        TW_ALERT_CERTIFICATE_REVOKED, TW_ALERT_CERTIFICATE_EXPIRED, TW_ALERT_CERTIFICATE_UNKNOWN, \
        TW_ALERT_UNKNOWN_CA, TW_ALERT_ACCESS_DENIED
#define OF_CERTIFICATES           ALERTS(SAYS_CERTIFICATE)
#define OF_CERTIFICATES_OR_UNSAID ALERTS(SAYS_CERTIFICATE, TW_EVENT_ENCRYPTED, TW_EVENT_FAILURE, TW_EVENT_DROPPED)

/* The alerts with which servers refuse an offer. */
#define REFUSALS \
    ALERTS(TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_INSUFFICIENT_SECURITY, TW_ALERT_ILLEGAL_PARAMETER, \
           TW_ALERT_UNEXPECTED_MESSAGE, TW_ALERT_INTERNAL_ERROR)

#endif
