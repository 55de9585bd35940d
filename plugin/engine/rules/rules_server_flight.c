/* Rules for a client that answers the server's flight. See rules.h for the columns.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rows.h"

/* clang-format off */
static const tw__rule rules[] = {
    /* ---- choices that the client did not offer come before any signature ---- */
    /* proven: no client can go on in a version that it does not know, and nothing is read before it */
    { "version-refused-by-client/choice", C, ON_SERVER,
      ALERTS(TW_ALERT_PROTOCOL_VERSION, TW_ALERT_ILLEGAL_PARAMETER, TW_ALERT_HANDSHAKE_FAILURE),
      tw__check_version_choice, 0, TW_CAUSE_VERSION_REFUSED_BY_CLIENT, TW_PROVEN },
    /* proven: a client looks the suite up among those it offered before it reads on */
    { "cipher-refused-by-client/choice", C, ON_SERVER, ALERTS(TW_ALERT_ILLEGAL_PARAMETER, TW_ALERT_HANDSHAKE_FAILURE),
      tw__check_suite_choice, 0, TW_CAUSE_CIPHER_REFUSED_BY_CLIENT, TW_PROVEN },
    /* Erlang overlooks the suite, and stumbles over a later message */
    { "cipher-refused-by-client/10", C, ON_SERVER, ALERTS(TW_ALERT_UNEXPECTED_MESSAGE), tw__check_suite_choice, 0,
      TW_CAUSE_CIPHER_REFUSED_BY_CLIENT, TW_LIKELY },
    /* proven: a client has no key for a group that it did not offer. For ServerKeyExchange and alert 40 the check
     * lowers it */
    { "group-refused-by-client/choice", C, ON_SERVER, ALERTS(TW_ALERT_ILLEGAL_PARAMETER, TW_ALERT_HANDSHAKE_FAILURE),
      tw__check_group_choice, 0, TW_CAUSE_GROUP_REFUSED_BY_CLIENT, TW_PROVEN },
    { "group-refused-by-client/10", C, ON_SERVER, ALERTS(TW_ALERT_UNEXPECTED_MESSAGE), tw__check_group_choice, 0,
      TW_CAUSE_GROUP_REFUSED_BY_CLIENT, TW_LIKELY },
    /* Haskell; no client can go on with such a group */
    { "group-refused-by-client/80", C, ON_SERVER, ALERTS(TW_ALERT_INTERNAL_ERROR), tw__check_group_choice, 0,
      TW_CAUSE_GROUP_REFUSED_BY_CLIENT, TW_LIKELY },
    { "group-no-overlap/retry", C, ON_SERVER,
      ALERTS(TW_ALERT_ILLEGAL_PARAMETER, TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_UNEXPECTED_MESSAGE),
      tw__check_retry_without_group, 0, TW_CAUSE_GROUP_NO_OVERLAP, TW_LIKELY },
    /* the ServerHello comes before any signature, which may well not verify in such a handshake */
    { "version-refused-by-client/47-sentinel", C, ON_SERVER, ALERTS(TW_ALERT_ILLEGAL_PARAMETER), tw__check_sentinel,
      0, TW_CAUSE_VERSION_REFUSED_BY_CLIENT, TW_LIKELY },

    /* ---- revocation and stapling ---- */
    /* proven: the stapled response says "revoked", and the alert names nothing else; the check lowers 113 where
     * the response has faults of its own */
    { "server-cert-revoked/stapled", C, ON_SERVER,
      ALERTS(TW_ALERT_CERTIFICATE_REVOKED, TW_ALERT_BAD_CERTIFICATE_STATUS_RESPONSE), tw__check_ocsp_revoked, 0,
      TW_CAUSE_SERVER_CERT_REVOKED, TW_PROVEN },
    { "server-cert-revoked/stapled-catch-all", C, ON_SERVER,
      ALERTS(TW_ALERT_BAD_CERTIFICATE, TW_ALERT_CERTIFICATE_UNKNOWN), tw__check_ocsp_revoked, 0,
      TW_CAUSE_SERVER_CERT_REVOKED, TW_LIKELY },
    { "server-cert-revoked/44", C, ON_SERVER, ALERTS(TW_ALERT_CERTIFICATE_REVOKED), NULL, 0,
      TW_CAUSE_SERVER_CERT_REVOKED, TW_LIKELY },
    /* proven: the alert is of the stapled response alone, which is missing or wrong */
    { "server-cert-bad-ocsp/113-response", C, ON_SERVER, ALERTS(TW_ALERT_BAD_CERTIFICATE_STATUS_RESPONSE),
      tw__check_ocsp_bad, 0, TW_CAUSE_SERVER_CERT_BAD_OCSP, TW_PROVEN },
    { "server-cert-bad-ocsp/113", C, ON_SERVER, ALERTS(TW_ALERT_BAD_CERTIFICATE_STATUS_RESPONSE), NULL, 0,
      TW_CAUSE_SERVER_CERT_BAD_OCSP, TW_LIKELY },
    { "server-cert-rejected/fingerprint", C, ON_SERVER,
      ALERTS(TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_BAD_CERTIFICATE, TW_ALERT_CERTIFICATE_UNKNOWN, TW_ALERT_UNKNOWN_CA,
             TW_ALERT_ACCESS_DENIED, TW_ALERT_INTERNAL_ERROR), tw__check_fingerprint, TW_FAULT_SELF_SIGNED,
      TW_CAUSE_SERVER_CERT_REJECTED, TW_LIKELY },

    /* ---- certificate_expired ---- */
    /* whose clock stands in 1970 finds no certificate expired; BoringSSL, rustls and others send 45 of one that is
     * not yet valid. But a random may have such a value by chance, so that neither is proven */
    { "server-cert-not-yet-valid/45-client-clock", C, ON_SERVER, ALERTS(TW_ALERT_CERTIFICATE_EXPIRED),
      tw__check_client_clock, 0, TW_CAUSE_SERVER_CERT_NOT_YET_VALID, TW_LIKELY },
    /* proven: the leaf is on every path, and its own dates force the alert. A revocation list that is out of date,
     * for which OpenSSL sends the same alert, does not matter here; a capture's clock that is ahead needs that too */
    { "server-cert-expired/45-leaf", C, ON_SERVER, ALERTS(TW_ALERT_CERTIFICATE_EXPIRED), tw__check_inescapable_fault,
      TW_FAULT_EXPIRED, TW_CAUSE_SERVER_CERT_EXPIRED, TW_PROVEN },
    /* another path may avoid what is above the leaf (cross-signed), or a revocation list may be out of date */
    { "server-cert-expired/45-above", C, ON_SERVER, ALERTS(TW_ALERT_CERTIFICATE_EXPIRED), tw__check_fault,
      TW_FAULT_EXPIRED, TW_CAUSE_SERVER_CERT_EXPIRED, TW_LIKELY },
    /* where the capture's clock is behind, the certificate may have expired, which is what most mean by this alert;
     * BoringSSL, rustls, wolfSSL, s2n, Erlang */
    { "server-cert-not-yet-valid/45-dates", C, ON_SERVER, ALERTS(TW_ALERT_CERTIFICATE_EXPIRED), tw__check_fault,
      TW_FAULT_NOT_YET_VALID, TW_CAUSE_SERVER_CERT_NOT_YET_VALID, TW_LIKELY },
    { "server-cert-expired/45-in-date", C, ON_SERVER, ALERTS(TW_ALERT_CERTIFICATE_EXPIRED), tw__check_in_date, 0,
      TW_CAUSE_SERVER_CERT_EXPIRED, TW_POSSIBLE },
    { "server-cert-expired/45", C, ON_SERVER, ALERTS(TW_ALERT_CERTIFICATE_EXPIRED), NULL, 0,
      TW_CAUSE_SERVER_CERT_EXPIRED, TW_LIKELY },

    /* ---- unsupported_certificate: Mbed TLS says it of weak keys, Java of weak signatures, Erlang and node-forge
     * of unknown critical extensions ---- */
    /* another parser may take it, and object to its purposes */
    { "server-cert-malformed/43", C, ON_SERVER, ALERTS(TW_ALERT_UNSUPPORTED_CERTIFICATE), tw__check_fault,
      TW_FAULT_MALFORMED, TW_CAUSE_SERVER_CERT_MALFORMED, TW_LIKELY },
    /* proven: libraries that send this alert for purposes check the leaf's extendedKeyUsage; it forbids this role */
    { "server-cert-wrong-usage/43-leaf-purposes", C, ON_SERVER, ALERTS(TW_ALERT_UNSUPPORTED_CERTIFICATE),
      tw__check_inescapable_fault, TW_FAULT_WRONG_USAGE, TW_CAUSE_SERVER_CERT_WRONG_USAGE, TW_PROVEN },
    /* not all look at keyUsage, or at the purposes of a CA, and a CA may have another certificate */
    { "server-cert-wrong-usage/43", C, ON_SERVER, ALERTS(TW_ALERT_UNSUPPORTED_CERTIFICATE), tw__check_fault,
      TW_FAULT_WRONG_USAGE, TW_CAUSE_SERVER_CERT_WRONG_USAGE, TW_LIKELY },
    { "server-cert-weak-key/43", C, ON_SERVER, ALERTS(TW_ALERT_UNSUPPORTED_CERTIFICATE), tw__check_fault,
      TW_FAULT_WEAK_KEY, TW_CAUSE_SERVER_CERT_WEAK_KEY, TW_LIKELY },
    { "server-cert-weak-signature/43", C, ON_SERVER, ALERTS(TW_ALERT_UNSUPPORTED_CERTIFICATE), tw__check_fault,
      TW_FAULT_WEAK_SIGNATURE, TW_CAUSE_SERVER_CERT_WEAK_SIGNATURE, TW_LIKELY },
    { "server-cert-rejected/43-critical", C, ON_SERVER, ALERTS(TW_ALERT_UNSUPPORTED_CERTIFICATE), tw__check_critical,
      0, TW_CAUSE_SERVER_CERT_REJECTED, TW_LIKELY },
    { "server-cert-wrong-usage/43-unseen", C, ON_SERVER, ALERTS(TW_ALERT_UNSUPPORTED_CERTIFICATE), NULL, 0,
      TW_CAUSE_SERVER_CERT_WRONG_USAGE, TW_POSSIBLE },

    /* ---- decode_error ---- */
    /* proven: the DER of the leaf does not hold together, so that no parser takes it */
    { "server-cert-malformed/50-leaf", C, ON_SERVER, ALERTS(TW_ALERT_DECODE_ERROR), tw__check_inescapable_fault,
      TW_FAULT_MALFORMED, TW_CAUSE_SERVER_CERT_MALFORMED, TW_PROVEN },
    /* another parser may take it, and stumble over another message */
    { "server-cert-malformed/50", C, ON_SERVER, ALERTS(TW_ALERT_DECODE_ERROR), tw__check_fault, TW_FAULT_MALFORMED,
      TW_CAUSE_SERVER_CERT_MALFORMED, TW_LIKELY },

    /* ---- decrypt_error and what else is said of a signature ---- */
    /* the signature over the handshake does not verify with the leaf's key, which is this alert's meaning; but a
     * hello or a signature that was changed on the way does the same, with the right key */
    { "server-cert-key-mismatch/51", C, ON_SERVER, ALERTS(TW_ALERT_DECRYPT_ERROR), tw__check_signature, 0,
      TW_CAUSE_SERVER_CERT_KEY_MISMATCH, TW_LIKELY },
    /* Erlang, Botan: for them the signature over a key of such a group does not verify */
    { "group-refused-by-client/51", C, ON_SERVER, ALERTS(TW_ALERT_DECRYPT_ERROR), tw__check_group_choice, 0,
      TW_CAUSE_GROUP_REFUSED_BY_CLIENT, TW_LIKELY },
    /* who cannot verify it cannot go on, whatever the certificate is worth; but rustls 0.20 and callbacks say 40 of
     * certificates. A library that has another one for a signature does not mean it by these. Go 47 or 10, Java 40 */
    { "server-cert-key-mismatch/10-40-47", C, ON_SERVER,
      ALERTS(TW_ALERT_ILLEGAL_PARAMETER, TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_UNEXPECTED_MESSAGE),
      tw__check_signature, 0, TW_CAUSE_SERVER_CERT_KEY_MISMATCH, TW_LIKELY },
    /* proven: the leaf's signature does not verify with the key that its own key identifier names */
    { "server-cert-bad-signature/51-leaf", C, ON_SERVER, ALERTS(TW_ALERT_DECRYPT_ERROR), tw__check_inescapable_fault,
      TW_FAULT_BAD_SIGNATURE, TW_CAUSE_SERVER_CERT_BAD_SIGNATURE, TW_PROVEN },
    /* the peer may know another certificate of that issuer, with another key; OpenSSL says so of revocation lists
     * as well */
    { "server-cert-bad-signature/51", C, ON_SERVER, ALERTS(TW_ALERT_DECRYPT_ERROR), tw__check_fault,
      TW_FAULT_BAD_SIGNATURE, TW_CAUSE_SERVER_CERT_BAD_SIGNATURE, TW_LIKELY },
    /* rustls, here and in the next */
    { "server-cert-weak-signature/51", C, ON_SERVER, ALERTS(TW_ALERT_DECRYPT_ERROR), tw__check_fault,
      TW_FAULT_WEAK_SIGNATURE, TW_CAUSE_SERVER_CERT_WEAK_SIGNATURE, TW_LIKELY },
    { "server-cert-weak-key/51", C, ON_SERVER, ALERTS(TW_ALERT_DECRYPT_ERROR), tw__check_fault, TW_FAULT_WEAK_KEY,
      TW_CAUSE_SERVER_CERT_WEAK_KEY, TW_LIKELY },
    /* TLS 1.3: the client could read this flight, so both sides saw the same hellos, and nothing behind them can be
     * changed on the way; the client knows the key of the issuer that was not sent. Or its revocation list is
     * badly signed */
    { "server-cert-bad-signature/51-signature-good", C, ON_SERVER, ALERTS(TW_ALERT_DECRYPT_ERROR),
      tw__check_signature_good_13, 0, TW_CAUSE_SERVER_CERT_BAD_SIGNATURE, TW_LIKELY },
    /* the two sides saw different handshakes, or the client knows an issuer's key that the capture does not show */
    { "finished-mismatch/51-server-signature-good", C, ON_SERVER, ALERTS(TW_ALERT_DECRYPT_ERROR),
      tw__check_signature_good, 0, TW_CAUSE_FINISHED_MISMATCH, TW_POSSIBLE },

    /* ---- unknown_ca: the path does not end where the sender trusts; a fault inside the path, a missing
     * revocation list and a limit of depth have the same effect ---- */
    /* OpenSSL INVALID_CA */
    { "server-cert-bad-ca/48", C, ON_SERVER, ALERTS(TW_ALERT_UNKNOWN_CA), tw__check_fault, TW_FAULT_BAD_CA,
      TW_CAUSE_SERVER_CERT_BAD_CA, TW_LIKELY },
    /* it may be trusted, and only its revocation list missing */
    { "server-cert-self-signed/48", C, ON_SERVER, ALERTS(TW_ALERT_UNKNOWN_CA), tw__check_fault, TW_FAULT_SELF_SIGNED,
      TW_CAUSE_SERVER_CERT_SELF_SIGNED, TW_LIKELY },
    /* Mbed TLS */
    { "server-cert-bad-signature/48", C, ON_SERVER, ALERTS(TW_ALERT_UNKNOWN_CA), tw__check_fault,
      TW_FAULT_BAD_SIGNATURE, TW_CAUSE_SERVER_CERT_BAD_SIGNATURE, TW_LIKELY },
    { "server-cert-chain-incomplete/48", C, ON_SERVER, ALERTS(TW_ALERT_UNKNOWN_CA), tw__check_incomplete, 1,
      TW_CAUSE_SERVER_CERT_CHAIN_INCOMPLETE, TW_LIKELY },
    /* NSS, here and in the next */
    { "server-cert-expired/48-above", C, ON_SERVER, ALERTS(TW_ALERT_UNKNOWN_CA), tw__check_stale_issuer,
      TW_FAULT_EXPIRED, TW_CAUSE_SERVER_CERT_EXPIRED, TW_LIKELY },
    { "server-cert-not-yet-valid/48-above", C, ON_SERVER, ALERTS(TW_ALERT_UNKNOWN_CA), tw__check_stale_issuer,
      TW_FAULT_NOT_YET_VALID, TW_CAUSE_SERVER_CERT_NOT_YET_VALID, TW_LIKELY },
    { "server-cert-unknown-ca/48", C, ON_SERVER, ALERTS(TW_ALERT_UNKNOWN_CA), tw__check_untrusted, 0,
      TW_CAUSE_SERVER_CERT_UNKNOWN_CA, TW_LIKELY },
    { "server-cert-unknown-ca/48-unread", C, ON_SERVER, ALERTS(TW_ALERT_UNKNOWN_CA), tw__check_certificate_unread, 0,
      TW_CAUSE_SERVER_CERT_UNKNOWN_CA, TW_LIKELY },

    /* ---- what the alert does not say: the certificate's own faults, in the order in which verifiers trip over
     * them. Trust, revocation lists, pins, callbacks and access rules get the same alerts ---- */
    /* NSS */
    { "server-cert-wrong-usage/46-encipherment", C, ON_SERVER, ALERTS(TW_ALERT_CERTIFICATE_UNKNOWN),
      tw__check_encipherment, 0, TW_CAUSE_SERVER_CERT_WRONG_USAGE, TW_LIKELY },
    /* OpenSSL refuses a bad certificate with other alerts, but a verify callback may send this one */
    { "dh-too-small/40-below-1024", C, ON_SERVER, ALERTS(TW_ALERT_HANDSHAKE_FAILURE), tw__check_dh_small, 1024,
      TW_CAUSE_DH_TOO_SMALL, TW_LIKELY },
    { "server-cert-malformed/any-alert", C, ON_SERVER, OF_ANYTHING_OR_HIDDEN, tw__check_fault, TW_FAULT_MALFORMED,
      TW_CAUSE_SERVER_CERT_MALFORMED, TW_LIKELY },
    { "server-cert-bad-ca/any-alert", C, ON_SERVER, OF_ANYTHING_OR_HIDDEN, tw__check_fault, TW_FAULT_BAD_CA,
      TW_CAUSE_SERVER_CERT_BAD_CA, TW_LIKELY },
    { "server-cert-expired/any-alert", C, ON_SERVER, OF_ANYTHING_OR_HIDDEN, tw__check_fault, TW_FAULT_EXPIRED,
      TW_CAUSE_SERVER_CERT_EXPIRED, TW_LIKELY },
    { "server-cert-not-yet-valid/any-alert", C, ON_SERVER, OF_ANYTHING_OR_HIDDEN, tw__check_fault,
      TW_FAULT_NOT_YET_VALID, TW_CAUSE_SERVER_CERT_NOT_YET_VALID, TW_LIKELY },
    { "server-cert-self-signed/any-alert", C, ON_SERVER, OF_ANYTHING_OR_HIDDEN, tw__check_fault, TW_FAULT_SELF_SIGNED,
      TW_CAUSE_SERVER_CERT_SELF_SIGNED, TW_LIKELY },
    /* it takes long to verify, and verifiers look for what stands above as well */
    { "server-cert-bad-signature/any-alert", C, ON_SERVER, OF_ANYTHING_OR_HIDDEN, tw__check_fault,
      TW_FAULT_BAD_SIGNATURE, TW_CAUSE_SERVER_CERT_BAD_SIGNATURE, TW_LIKELY },
    { "server-cert-chain-incomplete/any-alert", C, ON_SERVER, OF_ANYTHING_OR_HIDDEN, tw__check_incomplete, 1,
      TW_CAUSE_SERVER_CERT_CHAIN_INCOMPLETE, TW_LIKELY },
    { "server-cert-weak-signature/any-alert", C, ON_SERVER, OF_ANYTHING_OR_HIDDEN, tw__check_fault,
      TW_FAULT_WEAK_SIGNATURE, TW_CAUSE_SERVER_CERT_WEAK_SIGNATURE, TW_LIKELY },
    { "server-cert-wrong-usage/any-alert", C, ON_SERVER, OF_ANYTHING_OR_HIDDEN, tw__check_fault, TW_FAULT_WRONG_USAGE,
      TW_CAUSE_SERVER_CERT_WRONG_USAGE, TW_LIKELY },
    { "server-cert-bad-ocsp/any-alert", C, ON_SERVER,
      ALERTS(TW_ALERT_BAD_CERTIFICATE, TW_ALERT_CERTIFICATE_UNKNOWN, TW_ALERT_ACCESS_DENIED,
             TW_ALERT_HANDSHAKE_FAILURE), tw__check_ocsp_bad, 0, TW_CAUSE_SERVER_CERT_BAD_OCSP, TW_LIKELY },
    { "server-cert-name-mismatch/any-alert", C, ON_SERVER, OF_ANYTHING_OR_HIDDEN, tw__check_fault,
      TW_FAULT_NAME_MISMATCH, TW_CAUSE_SERVER_CERT_NAME_MISMATCH, TW_LIKELY },
    /* the certificate comes before the signature over the handshake, and trust, a pin or a callback may be what
     * this alert speaks of; Erlang, rustls */
    { "server-cert-key-mismatch/42", C, ON_SERVER, ALERTS(TW_ALERT_BAD_CERTIFICATE), tw__check_signature, 0,
      TW_CAUSE_SERVER_CERT_KEY_MISMATCH, TW_LIKELY },
    { "server-cert-name-mismatch/no-san", C, ON_SERVER, OF_ANYTHING_OR_HIDDEN, tw__check_no_san, 0,
      TW_CAUSE_SERVER_CERT_NAME_MISMATCH, TW_LIKELY },
    { "server-cert-weak-key/42-46", C, ON_SERVER, ALERTS(TW_ALERT_BAD_CERTIFICATE, TW_ALERT_CERTIFICATE_UNKNOWN),
      tw__check_fault, TW_FAULT_WEAK_KEY, TW_CAUSE_SERVER_CERT_WEAK_KEY, TW_LIKELY },
    { "server-cert-rejected/critical", C, ON_SERVER, OF_ANYTHING_OR_HIDDEN, tw__check_critical, 0,
      TW_CAUSE_SERVER_CERT_REJECTED, TW_LIKELY },
    /* the random of a client that does not put its clock there has such a value once in a hundred times */
    { "server-cert-not-yet-valid/client-clock", C, ON_SERVER,
      ALERTS(TW_ALERT_BAD_CERTIFICATE, TW_ALERT_CERTIFICATE_UNKNOWN),
      tw__check_client_clock, 0, TW_CAUSE_SERVER_CERT_NOT_YET_VALID, TW_LIKELY },
    /* trust gets the same alerts */
    { "server-cert-rejected/key-unusable", C, ON_SERVER,
      ALERTS(TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_BAD_CERTIFICATE, TW_ALERT_UNSUPPORTED_CERTIFICATE,
             TW_ALERT_CERTIFICATE_UNKNOWN, TW_ALERT_ILLEGAL_PARAMETER, TW_ALERT_DECRYPT_ERROR,
             TW_ALERT_INSUFFICIENT_SECURITY), tw__check_key_unusable, 0, TW_CAUSE_SERVER_CERT_REJECTED, TW_LIKELY },
    { "server-cert-unknown-ca/42-46", C, ON_SERVER, ALERTS(TW_ALERT_BAD_CERTIFICATE, TW_ALERT_CERTIFICATE_UNKNOWN),
      tw__check_untrusted_hidden, 0, TW_CAUSE_SERVER_CERT_UNKNOWN_CA, TW_LIKELY },
    { "server-cert-rejected/seen", C, ON_SERVER, OF_CERTIFICATES, tw__check_certificate_shows, 0,
      TW_CAUSE_SERVER_CERT_REJECTED, TW_LIKELY },
    { "server-cert-rejected/unread", C, ON_SERVER, OF_CERTIFICATES, tw__check_certificate_unread, 0,
      TW_CAUSE_SERVER_CERT_REJECTED, TW_LIKELY },

    /* ---- the alert cannot be read, nor the certificate: by its size it is one that another handshake showed
     * ---- */
    { "server-cert-expired/encrypted-known", C, ON_SERVER, ENCRYPTED, tw__check_known_fault, TW_FAULT_EXPIRED,
      TW_CAUSE_SERVER_CERT_EXPIRED, TW_LIKELY },
    { "server-cert-not-yet-valid/encrypted-known", C, ON_SERVER, ENCRYPTED, tw__check_known_fault,
      TW_FAULT_NOT_YET_VALID, TW_CAUSE_SERVER_CERT_NOT_YET_VALID, TW_LIKELY },
    { "server-cert-self-signed/encrypted-known", C, ON_SERVER, ENCRYPTED, tw__check_known_fault, TW_FAULT_SELF_SIGNED,
      TW_CAUSE_SERVER_CERT_SELF_SIGNED, TW_LIKELY },
    { "server-cert-name-mismatch/encrypted-known", C, ON_SERVER, ENCRYPTED, tw__check_known_fault,
      TW_FAULT_NAME_MISMATCH, TW_CAUSE_SERVER_CERT_NAME_MISMATCH, TW_LIKELY },
    { "server-cert-rejected/encrypted-known", C, ON_SERVER, ENCRYPTED, tw__check_known, 0,
      TW_CAUSE_SERVER_CERT_REJECTED, TW_LIKELY },
    { "server-cert-rejected/encrypted", C, ON_SERVER, ENCRYPTED, tw__check_certificate_unread, 0,
      TW_CAUSE_SERVER_CERT_REJECTED, TW_LIKELY },

    /* ---- negotiation ---- */
    /* BoringSSL */
    { "server-cert-wrong-usage/47-key-usage", C, ON_SERVER, ALERTS(TW_ALERT_ILLEGAL_PARAMETER), tw__check_key_usage,
      0, TW_CAUSE_SERVER_CERT_WRONG_USAGE, TW_LIKELY },
    { "version-refused-by-client/70", C, ON_SERVER, ALERTS(TW_ALERT_PROTOCOL_VERSION), NULL, 0,
      TW_CAUSE_VERSION_REFUSED_BY_CLIENT, TW_LIKELY },
    /* proven: the alert says "not secure enough", and no limit in use is below 1024 bits; the check lowers it
     * where a weak key or a missing extended master secret would do as well */
    { "dh-too-small/71-below-1024", C, ON_SERVER, ALERTS(TW_ALERT_INSUFFICIENT_SECURITY), tw__check_dh_small, 1024,
      TW_CAUSE_DH_TOO_SMALL, TW_PROVEN },
    { "dh-too-small/below-1024", C, ON_SERVER, ALERTS(TW_ALERT_ILLEGAL_PARAMETER, TW_ALERT_INTERNAL_ERROR),
      tw__check_dh_small, 1024, TW_CAUSE_DH_TOO_SMALL, TW_LIKELY },
    { "dh-too-small/below-2048", C, ON_SERVER,
      ALERTS(TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_ILLEGAL_PARAMETER, TW_ALERT_INSUFFICIENT_SECURITY),
      tw__check_dh_small, 2048, TW_CAUSE_DH_TOO_SMALL, TW_LIKELY },
    /* Botan */
    { "server-cert-weak-key/71", C, ON_SERVER, ALERTS(TW_ALERT_INSUFFICIENT_SECURITY), tw__check_fault,
      TW_FAULT_WEAK_KEY, TW_CAUSE_SERVER_CERT_WEAK_KEY, TW_LIKELY },
    { "renegotiation-insecure/40-server", C, ON_SERVER, ALERTS(TW_ALERT_HANDSHAKE_FAILURE),
      tw__check_no_renegotiation_info, 0, TW_CAUSE_RENEGOTIATION_INSECURE, TW_LIKELY },
    { "ems-required/server", C, ON_SERVER, ALERTS(TW_ALERT_INSUFFICIENT_SECURITY, TW_ALERT_HANDSHAKE_FAILURE),
      tw__check_no_ems, 0, TW_CAUSE_EMS_REQUIRED, TW_POSSIBLE },
    /* proven: the alert is of extensions that were not offered, and there is one */
    { "extension-unsupported/110-unsolicited", C, ON_SERVER, ALERTS(TW_ALERT_UNSUPPORTED_EXTENSION),
      tw__check_unsolicited, 0, TW_CAUSE_EXTENSION_UNSUPPORTED, TW_PROVEN },
    /* a client may overlook the extension (Erlang) and mind another field */
    { "extension-unsupported/unsolicited", C, ON_SERVER,
      ALERTS(TW_ALERT_ILLEGAL_PARAMETER, TW_ALERT_UNEXPECTED_MESSAGE), tw__check_unsolicited, 0,
      TW_CAUSE_EXTENSION_UNSUPPORTED, TW_LIKELY },
    { "extension-unsupported/110", C, ON_SERVER, ALERTS(TW_ALERT_UNSUPPORTED_EXTENSION), NULL, 0,
      TW_CAUSE_EXTENSION_UNSUPPORTED, TW_LIKELY },
    /* proven: it is what the alert says, and the client offered ECH */
    { "ech-required/121-offered", C, ANY_PHASE, ALERTS(TW_ALERT_ECH_REQUIRED), tw__check_ech, 0,
      TW_CAUSE_ECH_REQUIRED, TW_PROVEN },
    { "ech-required/121", C, ANY_PHASE, ALERTS(TW_ALERT_ECH_REQUIRED), NULL, 0, TW_CAUSE_ECH_REQUIRED, TW_LIKELY },

    /* ---- keys ---- */
    { "psk-key-mismatch/client", C, ON_SERVER,
      ALERTS(TW_ALERT_BAD_RECORD_MAC, TW_ALERT_DECRYPT_ERROR, TW_ALERT_ILLEGAL_PARAMETER), tw__check_psk, 1,
      TW_CAUSE_PSK_KEY_MISMATCH, TW_LIKELY },
    { "finished-mismatch/51-server-finished", C, P(SERVER_FINISHED), ALERTS(TW_ALERT_DECRYPT_ERROR), NULL, 0,
      TW_CAUSE_FINISHED_MISMATCH, TW_LIKELY },
    { "finished-mismatch/51-server", C, ON_SERVER, ALERTS(TW_ALERT_DECRYPT_ERROR), tw__check_finished, 0,
      TW_CAUSE_FINISHED_MISMATCH, TW_LIKELY },
    { "server-cert-key-mismatch/51-unseen", C, ON_SERVER, ALERTS(TW_ALERT_DECRYPT_ERROR), NULL, 0,
      TW_CAUSE_SERVER_CERT_KEY_MISMATCH, TW_POSSIBLE },
};
/* clang-format on */

const tw__rules tw__rules_server_flight = { rules, G_N_ELEMENTS(rules) };
