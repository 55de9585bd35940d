/* Rules for what is no TLS, and for refusals of QUIC itself. See rules.h for the columns.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rows.h"

/* QUIC's transport errors (RFC 9000 20.1, RFC 9368 8) */
enum {
    QUIC_INTERNAL_ERROR = 0x01,
    QUIC_CONNECTION_REFUSED = 0x02,
    QUIC_TRANSPORT_PARAMETER_ERROR = 0x08,
    QUIC_PROTOCOL_VIOLATION = 0x0a,
    QUIC_INVALID_TOKEN = 0x0b,
    QUIC_VERSION_NEGOTIATION_ERROR = 0x11
};

/* clang-format off */
static const tw__rule rules[] = {
    /* proven: the server's own words decline what the client asked for */
    { "starttls-refused/declined", S, ANY_PHASE, ALERTS(TW_EVENT_DECLINED), tw__check_declined, 0,
      TW_CAUSE_STARTTLS_REFUSED, TW_PROVEN },
    { "not-tls-from-client/proxy-header", S, HELLO,
      ALERTS(TW_ALERT_UNEXPECTED_MESSAGE, TW_ALERT_RECORD_OVERFLOW, TW_ALERT_DECODE_ERROR, TW_EVENT_CLEARTEXT,
             TW_EVENT_CLOSE, TW_EVENT_RESET), tw__check_proxy_header, 0, TW_CAUSE_NOT_TLS_FROM_CLIENT, TW_LIKELY },
    /* proven: no client goes on with an answer that is no TLS */
    { "not-tls-from-server/first-bytes", C, ANY_PHASE, ANY_EVENT, tw__check_cleartext_server, 0,
      TW_CAUSE_NOT_TLS_FROM_SERVER, TW_PROVEN },
    /* proven: who greets so speaks no TLS before it is asked to, and this client asked by a ClientHello */
    { "not-tls-from-server/greeting", S, ANY_PHASE, ALERTS(TW_EVENT_CLOSE, TW_EVENT_RESET, TW_EVENT_SILENCE),
      tw__check_cleartext_server, 0, TW_CAUSE_NOT_TLS_FROM_SERVER, TW_PROVEN },
    /* proven: no TLS server continues after a request that is not TLS; where it only closes, judge_words.c lowers
     * it. Alerts of certificates and names answer something else */
    { "not-tls-from-client/first-bytes", S, ANY_PHASE,
      ALERTS(TW_ALERT_CLOSE_NOTIFY, TW_ALERT_UNEXPECTED_MESSAGE, TW_ALERT_BAD_RECORD_MAC, TW_ALERT_DECRYPTION_FAILED,
             TW_ALERT_RECORD_OVERFLOW, TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_ILLEGAL_PARAMETER, TW_ALERT_DECODE_ERROR,
             TW_ALERT_PROTOCOL_VERSION, TW_ALERT_INSUFFICIENT_SECURITY, TW_ALERT_INTERNAL_ERROR, TW_EVENT_CLEARTEXT,
             TW_EVENT_CLOSE, TW_EVENT_RESET, TW_EVENT_SILENCE), tw__check_cleartext_client, 0,
      TW_CAUSE_NOT_TLS_FROM_CLIENT, TW_PROVEN },

    /* ---- QUIC's own refusals (RFC 9000 6, 20.1) ---- */
    /* proven: the server names its versions, and the client goes on with none of them */
    { "version-no-overlap/quic-negotiation", S, ANY_PHASE, ALERTS(TW_EVENT_NEGOTIATION), tw__check_quic_versions, 0,
      TW_CAUSE_VERSION_NO_OVERLAP, TW_PROVEN },
    { "internal-error/quic", EITHER, ANY_PHASE, CLOSED, tw__check_quic_error, QUIC_INTERNAL_ERROR,
      TW_CAUSE_INTERNAL_ERROR, TW_LIKELY },
    { "handshake-refused/quic-connection-refused", EITHER, ANY_PHASE, CLOSED, tw__check_quic_error,
      QUIC_CONNECTION_REFUSED, TW_CAUSE_HANDSHAKE_REFUSED, TW_LIKELY },
    { "handshake-refused/quic-parameters", EITHER, ANY_PHASE, CLOSED, tw__check_quic_error,
      QUIC_TRANSPORT_PARAMETER_ERROR, TW_CAUSE_HANDSHAKE_REFUSED, TW_LIKELY },
    { "handshake-refused/quic-violation", EITHER, ANY_PHASE, CLOSED, tw__check_quic_error, QUIC_PROTOCOL_VIOLATION,
      TW_CAUSE_HANDSHAKE_REFUSED, TW_LIKELY },
    { "handshake-refused/quic-token", EITHER, ANY_PHASE, CLOSED, tw__check_quic_error, QUIC_INVALID_TOKEN,
      TW_CAUSE_HANDSHAKE_REFUSED, TW_LIKELY },
    { "version-no-overlap/quic-error", EITHER, ANY_PHASE, CLOSED, tw__check_quic_error,
      QUIC_VERSION_NEGOTIATION_ERROR, TW_CAUSE_VERSION_NO_OVERLAP, TW_LIKELY },
};
/* clang-format on */

const tw__rules tw__rules_without_tls = { rules, G_N_ELEMENTS(rules) };
