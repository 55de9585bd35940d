/* Rules for a server that answers the client's flight. See rules.h for the columns.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rows.h"

/* clang-format off */
static const tw__rule rules[] = {
    /* ---- the client sent none; rustls says 116 in TLS 1.2 as well, GnuTLS 50, Go and NSS 42, Java 42 or 40,
     * node-forge 47 ---- */
    { "session-aborted/certificate-settled", S, P(ESTABLISHED),
      ALERTS(TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_NO_CERTIFICATE, TW_ALERT_BAD_CERTIFICATE,
             TW_ALERT_UNSUPPORTED_CERTIFICATE, TW_ALERT_CERTIFICATE_REVOKED, TW_ALERT_CERTIFICATE_EXPIRED,
             TW_ALERT_CERTIFICATE_UNKNOWN, TW_ALERT_UNKNOWN_CA, TW_ALERT_ACCESS_DENIED, TW_ALERT_DECODE_ERROR,
             TW_ALERT_CERTIFICATE_REQUIRED), tw__check_never_asked, 0, TW_CAUSE_SESSION_ABORTED, TW_LIKELY },
    /* proven: the alert is of a certificate, none was sent, and the server has not gone on without one */
    { "client-cert-missing/empty", S, ON_CLIENT,
      ALERTS(TW_ALERT_CERTIFICATE_REQUIRED, TW_ALERT_NO_CERTIFICATE, TW_ALERT_BAD_CERTIFICATE,
             TW_ALERT_UNSUPPORTED_CERTIFICATE, TW_ALERT_CERTIFICATE_UNKNOWN, TW_ALERT_UNKNOWN_CA),
      tw__check_empty_refused, 1, TW_CAUSE_CLIENT_CERT_MISSING, TW_PROVEN },
    /* an optional certificate, and a ClientKeyExchange or a Finished that is refused, look alike; 49 may be an
     * access rule */
    { "client-cert-missing/empty-any-alert", S, ON_CLIENT,
      ALERTS(TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_ILLEGAL_PARAMETER, TW_ALERT_ACCESS_DENIED, TW_ALERT_DECODE_ERROR),
      tw__check_empty_refused, 0, TW_CAUSE_CLIENT_CERT_MISSING, TW_LIKELY },
    /* programs on GnuTLS, when the handshake is through */
    { "client-cert-missing/empty-behind-finished", S, ON_CLIENT,
      ALERTS(TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_ACCESS_DENIED), tw__check_empty_refused, 1,
      TW_CAUSE_CLIENT_CERT_MISSING, TW_LIKELY },
    { "client-cert-missing/116-41", S, ON_CLIENT, ALERTS(TW_ALERT_CERTIFICATE_REQUIRED, TW_ALERT_NO_CERTIFICATE),
      NULL, 0, TW_CAUSE_CLIENT_CERT_MISSING, TW_LIKELY },
    /* nginx lets any client pass and says so in HTTP; but a server behind this one may say it of its own
     * connection */
    { "client-cert-missing/said-empty", S, ANY_PHASE, ALERTS(TW_EVENT_SAID_MISSING), tw__check_empty, 0,
      TW_CAUSE_CLIENT_CERT_MISSING, TW_LIKELY },
    { "client-cert-missing/said", S, ANY_PHASE, ALERTS(TW_EVENT_SAID_MISSING), NULL, 0, TW_CAUSE_CLIENT_CERT_MISSING,
      TW_LIKELY },
    { "client-cert-missing/hidden-size", S, ON_CLIENT, UNSAID, tw__check_flight_empty, 0,
      TW_CAUSE_CLIENT_CERT_MISSING, TW_LIKELY },
    { "client-cert-missing/hidden", S, ON_CLIENT, UNSAID, tw__check_empty, 0, TW_CAUSE_CLIENT_CERT_MISSING,
      TW_LIKELY },
    { "client-cert-revoked/44-seen", S, ON_CLIENT, ALERTS(TW_ALERT_CERTIFICATE_REVOKED), tw__check_certificate_seen,
      0, TW_CAUSE_CLIENT_CERT_REVOKED, TW_LIKELY },
    { "client-cert-revoked/44", S, ON_CLIENT, ALERTS(TW_ALERT_CERTIFICATE_REVOKED), NULL, 0,
      TW_CAUSE_CLIENT_CERT_REVOKED, TW_LIKELY },
    { "client-cert-rejected/fingerprint", S, ON_CLIENT,
      ALERTS(TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_BAD_CERTIFICATE, TW_ALERT_CERTIFICATE_UNKNOWN, TW_ALERT_UNKNOWN_CA,
             TW_ALERT_ACCESS_DENIED, TW_ALERT_INTERNAL_ERROR), tw__check_fingerprint, TW_FAULT_SELF_SIGNED,
      TW_CAUSE_CLIENT_CERT_REJECTED, TW_LIKELY },

    /* ---- certificate_expired ---- */
    /* proven: the leaf is on every path, and its own dates force the alert. A revocation list that is out of date,
     * for which OpenSSL sends the same alert, does not matter here; a capture's clock that is ahead needs that too */
    { "client-cert-expired/45-leaf", S, ON_CLIENT, ALERTS(TW_ALERT_CERTIFICATE_EXPIRED), tw__check_inescapable_fault,
      TW_FAULT_EXPIRED, TW_CAUSE_CLIENT_CERT_EXPIRED, TW_PROVEN },
    /* another path may avoid what is above the leaf (cross-signed), or a revocation list may be out of date */
    { "client-cert-expired/45-above", S, ON_CLIENT, ALERTS(TW_ALERT_CERTIFICATE_EXPIRED), tw__check_fault,
      TW_FAULT_EXPIRED, TW_CAUSE_CLIENT_CERT_EXPIRED, TW_LIKELY },
    /* where the capture's clock is behind, the certificate may have expired, which is what most mean by this alert;
     * BoringSSL, rustls, wolfSSL, s2n, Erlang */
    { "client-cert-not-yet-valid/45-dates", S, ON_CLIENT, ALERTS(TW_ALERT_CERTIFICATE_EXPIRED), tw__check_fault,
      TW_FAULT_NOT_YET_VALID, TW_CAUSE_CLIENT_CERT_NOT_YET_VALID, TW_LIKELY },
    { "client-cert-expired/45-in-date", S, ON_CLIENT, ALERTS(TW_ALERT_CERTIFICATE_EXPIRED), tw__check_in_date, 0,
      TW_CAUSE_CLIENT_CERT_EXPIRED, TW_POSSIBLE },
    { "client-cert-expired/45", S, ON_CLIENT, ALERTS(TW_ALERT_CERTIFICATE_EXPIRED), NULL, 0,
      TW_CAUSE_CLIENT_CERT_EXPIRED, TW_LIKELY },

    /* ---- unsupported_certificate: Mbed TLS says it of weak keys, Java of weak signatures, Erlang and node-forge
     * of unknown critical extensions ---- */
    /* another parser may take it, and object to its purposes */
    { "client-cert-malformed/43", S, ON_CLIENT, ALERTS(TW_ALERT_UNSUPPORTED_CERTIFICATE), tw__check_fault,
      TW_FAULT_MALFORMED, TW_CAUSE_CLIENT_CERT_MALFORMED, TW_LIKELY },
    /* proven: libraries that send this alert for purposes check the leaf's extendedKeyUsage; it forbids this role */
    { "client-cert-wrong-usage/43-leaf-purposes", S, ON_CLIENT, ALERTS(TW_ALERT_UNSUPPORTED_CERTIFICATE),
      tw__check_inescapable_fault, TW_FAULT_WRONG_USAGE, TW_CAUSE_CLIENT_CERT_WRONG_USAGE, TW_PROVEN },
    /* not all look at keyUsage, or at the purposes of a CA, and a CA may have another certificate */
    { "client-cert-wrong-usage/43", S, ON_CLIENT, ALERTS(TW_ALERT_UNSUPPORTED_CERTIFICATE), tw__check_fault,
      TW_FAULT_WRONG_USAGE, TW_CAUSE_CLIENT_CERT_WRONG_USAGE, TW_LIKELY },
    { "client-cert-weak-key/43", S, ON_CLIENT, ALERTS(TW_ALERT_UNSUPPORTED_CERTIFICATE), tw__check_fault,
      TW_FAULT_WEAK_KEY, TW_CAUSE_CLIENT_CERT_WEAK_KEY, TW_LIKELY },
    { "client-cert-weak-signature/43", S, ON_CLIENT, ALERTS(TW_ALERT_UNSUPPORTED_CERTIFICATE), tw__check_fault,
      TW_FAULT_WEAK_SIGNATURE, TW_CAUSE_CLIENT_CERT_WEAK_SIGNATURE, TW_LIKELY },
    { "client-cert-rejected/43-critical", S, ON_CLIENT, ALERTS(TW_ALERT_UNSUPPORTED_CERTIFICATE), tw__check_critical,
      0, TW_CAUSE_CLIENT_CERT_REJECTED, TW_LIKELY },
    { "client-cert-wrong-usage/43-unseen", S, ON_CLIENT, ALERTS(TW_ALERT_UNSUPPORTED_CERTIFICATE), NULL, 0,
      TW_CAUSE_CLIENT_CERT_WRONG_USAGE, TW_POSSIBLE },

    /* ---- decode_error ---- */
    /* proven: the DER of the leaf does not hold together, so that no parser takes it */
    { "client-cert-malformed/50-leaf", S, ON_CLIENT, ALERTS(TW_ALERT_DECODE_ERROR), tw__check_inescapable_fault,
      TW_FAULT_MALFORMED, TW_CAUSE_CLIENT_CERT_MALFORMED, TW_PROVEN },
    /* another parser may take it, and stumble over another message */
    { "client-cert-malformed/50", S, ON_CLIENT, ALERTS(TW_ALERT_DECODE_ERROR), tw__check_fault, TW_FAULT_MALFORMED,
      TW_CAUSE_CLIENT_CERT_MALFORMED, TW_LIKELY },

    /* ---- decrypt_error and what else is said of a signature ---- */
    /* the signature over the handshake does not verify with the leaf's key, which is this alert's meaning; but a
     * hello or a signature that was changed on the way does the same, with the right key */
    { "client-cert-key-mismatch/51", S, ON_CLIENT, ALERTS(TW_ALERT_DECRYPT_ERROR), tw__check_signature, 0,
      TW_CAUSE_CLIENT_CERT_KEY_MISMATCH, TW_LIKELY },
    /* who cannot verify it cannot go on, whatever the certificate is worth; but rustls 0.20 and callbacks say 40 of
     * certificates. A library that has another one for a signature does not mean it by these. Go 47 or 10, Java 40 */
    { "client-cert-key-mismatch/10-40-47", S, ON_CLIENT,
      ALERTS(TW_ALERT_ILLEGAL_PARAMETER, TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_UNEXPECTED_MESSAGE),
      tw__check_signature, 0, TW_CAUSE_CLIENT_CERT_KEY_MISMATCH, TW_LIKELY },
    /* proven: the leaf's signature does not verify with the key that its own key identifier names */
    { "client-cert-bad-signature/51-leaf", S, ON_CLIENT, ALERTS(TW_ALERT_DECRYPT_ERROR), tw__check_inescapable_fault,
      TW_FAULT_BAD_SIGNATURE, TW_CAUSE_CLIENT_CERT_BAD_SIGNATURE, TW_PROVEN },
    /* the peer may know another certificate of that issuer, with another key; OpenSSL says so of revocation lists
     * as well */
    { "client-cert-bad-signature/51", S, ON_CLIENT, ALERTS(TW_ALERT_DECRYPT_ERROR), tw__check_fault,
      TW_FAULT_BAD_SIGNATURE, TW_CAUSE_CLIENT_CERT_BAD_SIGNATURE, TW_LIKELY },
    /* rustls, here and in the next */
    { "client-cert-weak-signature/51", S, ON_CLIENT, ALERTS(TW_ALERT_DECRYPT_ERROR), tw__check_fault,
      TW_FAULT_WEAK_SIGNATURE, TW_CAUSE_CLIENT_CERT_WEAK_SIGNATURE, TW_LIKELY },
    { "client-cert-weak-key/51", S, ON_CLIENT, ALERTS(TW_ALERT_DECRYPT_ERROR), tw__check_fault, TW_FAULT_WEAK_KEY,
      TW_CAUSE_CLIENT_CERT_WEAK_KEY, TW_LIKELY },
    /* the two sides saw different handshakes, or the server knows an issuer's key that the capture does not show */
    { "finished-mismatch/51-client-signature-good", S, ON_CLIENT, ALERTS(TW_ALERT_DECRYPT_ERROR),
      tw__check_signature_good, 0, TW_CAUSE_FINISHED_MISMATCH, TW_POSSIBLE },

    /* ---- unknown_ca: the path does not end where the sender trusts; a fault inside the path, a missing
     * revocation list and a limit of depth have the same effect ---- */
    /* OpenSSL INVALID_CA */
    { "client-cert-bad-ca/48", S, ON_CLIENT, ALERTS(TW_ALERT_UNKNOWN_CA), tw__check_fault, TW_FAULT_BAD_CA,
      TW_CAUSE_CLIENT_CERT_BAD_CA, TW_LIKELY },
    /* it may be trusted, and only its revocation list missing */
    { "client-cert-self-signed/48", S, ON_CLIENT, ALERTS(TW_ALERT_UNKNOWN_CA), tw__check_fault, TW_FAULT_SELF_SIGNED,
      TW_CAUSE_CLIENT_CERT_SELF_SIGNED, TW_LIKELY },
    /* Mbed TLS */
    { "client-cert-bad-signature/48", S, ON_CLIENT, ALERTS(TW_ALERT_UNKNOWN_CA), tw__check_fault,
      TW_FAULT_BAD_SIGNATURE, TW_CAUSE_CLIENT_CERT_BAD_SIGNATURE, TW_LIKELY },
    { "client-cert-chain-incomplete/48", S, ON_CLIENT, ALERTS(TW_ALERT_UNKNOWN_CA), tw__check_incomplete, 1,
      TW_CAUSE_CLIENT_CERT_CHAIN_INCOMPLETE, TW_LIKELY },
    /* a server may trust more than it lists */
    { "client-cert-issuer-not-listed/48", S, ON_CLIENT, ALERTS(TW_ALERT_UNKNOWN_CA), tw__check_not_listed, 0,
      TW_CAUSE_CLIENT_CERT_ISSUER_NOT_LISTED, TW_LIKELY },
    /* NSS, here and in the next */
    { "client-cert-expired/48-above", S, ON_CLIENT, ALERTS(TW_ALERT_UNKNOWN_CA), tw__check_stale_issuer,
      TW_FAULT_EXPIRED, TW_CAUSE_CLIENT_CERT_EXPIRED, TW_LIKELY },
    { "client-cert-not-yet-valid/48-above", S, ON_CLIENT, ALERTS(TW_ALERT_UNKNOWN_CA), tw__check_stale_issuer,
      TW_FAULT_NOT_YET_VALID, TW_CAUSE_CLIENT_CERT_NOT_YET_VALID, TW_LIKELY },
    { "client-cert-unknown-ca/48", S, ON_CLIENT, ALERTS(TW_ALERT_UNKNOWN_CA), tw__check_untrusted, 0,
      TW_CAUSE_CLIENT_CERT_UNKNOWN_CA, TW_LIKELY },
    { "client-cert-unknown-ca/48-unread", S, ON_CLIENT, ALERTS(TW_ALERT_UNKNOWN_CA), tw__check_certificate_unread, 0,
      TW_CAUSE_CLIENT_CERT_UNKNOWN_CA, TW_LIKELY },

    /* ---- what the alert does not tell, or nothing that can be read: the certificate's own faults, in the order
     * in which verifiers trip over them. Trust, revocation lists, depth, callbacks and access rules get the same.
     * An EAP server may refuse without an alert (RFC 5216 2.1.3), and FreeRADIUS often does; nginx lets any
     * client pass, and answers its requests so ---- */
    { "client-cert-malformed/any-alert", S, ON_CLIENT, OF_ANYTHING_OR_UNSAID, tw__check_fault, TW_FAULT_MALFORMED,
      TW_CAUSE_CLIENT_CERT_MALFORMED, TW_LIKELY },
    { "client-cert-bad-ca/any-alert", S, ON_CLIENT, OF_ANYTHING_OR_UNSAID, tw__check_fault, TW_FAULT_BAD_CA,
      TW_CAUSE_CLIENT_CERT_BAD_CA, TW_LIKELY },
    { "client-cert-expired/any-alert", S, ON_CLIENT, OF_ANYTHING_OR_UNSAID, tw__check_fault, TW_FAULT_EXPIRED,
      TW_CAUSE_CLIENT_CERT_EXPIRED, TW_LIKELY },
    { "client-cert-not-yet-valid/any-alert", S, ON_CLIENT, OF_ANYTHING_OR_UNSAID, tw__check_fault,
      TW_FAULT_NOT_YET_VALID, TW_CAUSE_CLIENT_CERT_NOT_YET_VALID, TW_LIKELY },
    { "client-cert-self-signed/any-alert", S, ON_CLIENT, OF_ANYTHING_OR_UNSAID, tw__check_fault, TW_FAULT_SELF_SIGNED,
      TW_CAUSE_CLIENT_CERT_SELF_SIGNED, TW_LIKELY },
    /* it takes long to verify, and verifiers look for what stands above as well */
    { "client-cert-bad-signature/any-alert", S, ON_CLIENT, OF_ANYTHING_OR_UNSAID, tw__check_fault,
      TW_FAULT_BAD_SIGNATURE, TW_CAUSE_CLIENT_CERT_BAD_SIGNATURE, TW_LIKELY },
    { "client-cert-chain-incomplete/any-alert", S, ON_CLIENT, OF_ANYTHING_OR_UNSAID, tw__check_incomplete, 1,
      TW_CAUSE_CLIENT_CERT_CHAIN_INCOMPLETE, TW_LIKELY },
    { "client-cert-weak-signature/any-alert", S, ON_CLIENT, OF_ANYTHING_OR_UNSAID, tw__check_fault,
      TW_FAULT_WEAK_SIGNATURE, TW_CAUSE_CLIENT_CERT_WEAK_SIGNATURE, TW_LIKELY },
    { "client-cert-wrong-usage/any-alert", S, ON_CLIENT, OF_ANYTHING_OR_UNSAID, tw__check_fault, TW_FAULT_WRONG_USAGE,
      TW_CAUSE_CLIENT_CERT_WRONG_USAGE, TW_LIKELY },
    /* the certificate comes before the signature over the handshake, and trust, a pin or a callback may be what
     * this alert speaks of; Erlang, rustls */
    { "client-cert-key-mismatch/42", S, ON_CLIENT, ALERTS(TW_ALERT_BAD_CERTIFICATE), tw__check_signature, 0,
      TW_CAUSE_CLIENT_CERT_KEY_MISMATCH, TW_LIKELY },
    { "client-cert-issuer-not-listed/any-alert", S, ON_CLIENT,
      ALERTS(TW_ALERT_BAD_CERTIFICATE, TW_ALERT_CERTIFICATE_UNKNOWN, TW_ALERT_ACCESS_DENIED,
             TW_ALERT_ILLEGAL_PARAMETER, TW_ALERT_HANDSHAKE_FAILURE, TW_EVENT_ENCRYPTED, TW_EVENT_FAILURE,
             TW_EVENT_DROPPED, TW_EVENT_SAID_REJECTED),
      tw__check_not_listed, 0, TW_CAUSE_CLIENT_CERT_ISSUER_NOT_LISTED, TW_LIKELY },
    { "client-cert-weak-key/42-46", S, ON_CLIENT, ALERTS(TW_ALERT_BAD_CERTIFICATE, TW_ALERT_CERTIFICATE_UNKNOWN),
      tw__check_fault, TW_FAULT_WEAK_KEY, TW_CAUSE_CLIENT_CERT_WEAK_KEY, TW_LIKELY },
    /* not all servers mind, and nobody says it */
    { "client-cert-weak-key/unsaid", S, ON_CLIENT,
      ALERTS(TW_ALERT_ACCESS_DENIED, TW_EVENT_ENCRYPTED, TW_EVENT_FAILURE, TW_EVENT_DROPPED, TW_EVENT_SAID_REJECTED),
      tw__check_fault, TW_FAULT_WEAK_KEY, TW_CAUSE_CLIENT_CERT_WEAK_KEY, TW_POSSIBLE },
    /* Botan */
    { "client-cert-weak-key/71", S, ON_CLIENT, ALERTS(TW_ALERT_INSUFFICIENT_SECURITY), tw__check_fault,
      TW_FAULT_WEAK_KEY, TW_CAUSE_CLIENT_CERT_WEAK_KEY, TW_LIKELY },
    /* Java */
    { "client-cert-weak-signature/unlisted", S, ON_CLIENT,
      ALERTS(TW_ALERT_BAD_CERTIFICATE, TW_ALERT_CERTIFICATE_UNKNOWN), tw__check_unlisted_signature, 0,
      TW_CAUSE_CLIENT_CERT_WEAK_SIGNATURE, TW_LIKELY },
    { "client-cert-rejected/critical", S, ON_CLIENT, OF_ANYTHING_OR_UNSAID, tw__check_critical, 0,
      TW_CAUSE_CLIENT_CERT_REJECTED, TW_LIKELY },
    { "client-cert-unknown-ca/42-46", S, ON_CLIENT, ALERTS(TW_ALERT_BAD_CERTIFICATE, TW_ALERT_CERTIFICATE_UNKNOWN),
      tw__check_unlisted_any, 0, TW_CAUSE_CLIENT_CERT_UNKNOWN_CA, TW_LIKELY },
    { "client-cert-rejected/seen", S, ON_CLIENT, OF_CERTIFICATES_OR_UNSAID, tw__check_certificate_shows, 0,
      TW_CAUSE_CLIENT_CERT_REJECTED, TW_LIKELY },
    { "client-cert-rejected/unread", S, ON_CLIENT, OF_CERTIFICATES, tw__check_certificate_unread, 0,
      TW_CAUSE_CLIENT_CERT_REJECTED, TW_LIKELY },
    { "client-cert-rejected/encrypted-unseen", S, ON_CLIENT, ENCRYPTED, tw__check_asked_unseen, 0,
      TW_CAUSE_CLIENT_CERT_REJECTED, TW_LIKELY },
    /* a server may drop a client for what it never says: judge/dropped.c lowers what stands above, too, where the
     * certificate shows no fault */
    { "client-cert-rejected/dropped-unseen", S, ON_CLIENT, ALERTS(TW_EVENT_DROPPED), tw__check_asked_unseen, 0,
      TW_CAUSE_CLIENT_CERT_REJECTED, TW_POSSIBLE },
    { "client-cert-rejected/said", S, ANY_PHASE, ALERTS(TW_EVENT_SAID_REJECTED), NULL, 0,
      TW_CAUSE_CLIENT_CERT_REJECTED, TW_LIKELY },

    /* ---- negotiation and keys ---- */
    { "client-cert-wrong-usage/47-key-usage", S, ON_CLIENT, ALERTS(TW_ALERT_ILLEGAL_PARAMETER), tw__check_key_usage,
      0, TW_CAUSE_CLIENT_CERT_WRONG_USAGE, TW_LIKELY },
    { "psk-key-mismatch/server", S, ON_CLIENT,
      ALERTS(TW_ALERT_BAD_RECORD_MAC, TW_ALERT_DECRYPT_ERROR, TW_ALERT_ILLEGAL_PARAMETER), tw__check_psk, 1,
      TW_CAUSE_PSK_KEY_MISMATCH, TW_LIKELY },
    { "client-cert-key-mismatch/51-unexamined", S, ON_CLIENT, ALERTS(TW_ALERT_DECRYPT_ERROR),
      tw__check_certificate_seen, 0, TW_CAUSE_CLIENT_CERT_KEY_MISMATCH, TW_POSSIBLE },
    { "finished-mismatch/51-client", S, P(CLIENT_FLIGHT) | P(RENEGOTIATION), ALERTS(TW_ALERT_DECRYPT_ERROR), NULL, 0,
      TW_CAUSE_FINISHED_MISMATCH, TW_LIKELY },
    /* a message that does not parse comes before the Finished; Java */
    { "message-malformed/40-client-flight", S, P(CLIENT_FLIGHT) | P(RENEGOTIATION),
      ALERTS(TW_ALERT_HANDSHAKE_FAILURE), tw__check_flaw, 0, TW_CAUSE_MESSAGE_MALFORMED, TW_LIKELY },
    /* Go */
    { "finished-mismatch/40-client", S, P(CLIENT_FLIGHT) | P(RENEGOTIATION), ALERTS(TW_ALERT_HANDSHAKE_FAILURE),
      tw__check_finished, 1, TW_CAUSE_FINISHED_MISMATCH, TW_POSSIBLE },
};
/* clang-format on */

const tw__rules tw__rules_client_flight = { rules, G_N_ELEMENTS(rules) };
