/* Rules for a server that answers the ClientHello. See rules.h for the columns.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rows.h"

/* clang-format off */
static const tw__rule rules[] = {
    /* ---- alerts that name what is refused ---- */
    /* Go refuses the format */
    { "version-no-overlap/70-sslv2", S, HELLO, ALERTS(TW_ALERT_PROTOCOL_VERSION), tw__check_sslv2, 0,
      TW_CAUSE_VERSION_NO_OVERLAP, TW_LIKELY },
    /* proven: the alert has no other meaning, and the versions that it refuses are there to see */
    { "version-no-overlap/70-offer", S, HELLO, ALERTS(TW_ALERT_PROTOCOL_VERSION), tw__check_offer, 0,
      TW_CAUSE_VERSION_NO_OVERLAP, TW_PROVEN },
    { "version-no-overlap/70", S, HELLO, ALERTS(TW_ALERT_PROTOCOL_VERSION), NULL, 0, TW_CAUSE_VERSION_NO_OVERLAP,
      TW_LIKELY },
    /* proven: it is what the alert answers to TLS_FALLBACK_SCSV, which is there */
    { "fallback-refused/86-scsv", S, HELLO, ALERTS(TW_ALERT_INAPPROPRIATE_FALLBACK), tw__check_fallback, 0,
      TW_CAUSE_FALLBACK_REFUSED, TW_PROVEN },
    { "fallback-refused/86", S, HELLO, ALERTS(TW_ALERT_INAPPROPRIATE_FALLBACK), NULL, 0, TW_CAUSE_FALLBACK_REFUSED,
      TW_LIKELY },
    /* proven: the alert is of the name, which is there; whether the server knows any other name is not said */
    { "sni-unrecognized/112-name", S, HELLO, ALERTS(TW_ALERT_UNRECOGNIZED_NAME), tw__check_sni, 0,
      TW_CAUSE_SNI_UNRECOGNIZED, TW_PROVEN },
    /* a Go server without any certificate says so whatever the name */
    { "sni-missing/112", S, HELLO, ALERTS(TW_ALERT_UNRECOGNIZED_NAME), tw__check_no_sni, 0, TW_CAUSE_SNI_MISSING,
      TW_LIKELY },
    { "sni-unrecognized/112", S, HELLO, ALERTS(TW_ALERT_UNRECOGNIZED_NAME), NULL, 0, TW_CAUSE_SNI_UNRECOGNIZED,
      TW_LIKELY },
    /* proven: the alert is of the protocols, which are there. Without SNI it is the default site that refuses,
     * and the check lowers it */
    { "alpn-no-overlap/120-offer", S, ANY_PHASE, ALERTS(TW_ALERT_NO_APPLICATION_PROTOCOL), tw__check_alpn, 0,
      TW_CAUSE_ALPN_NO_OVERLAP, TW_PROVEN },
    { "alpn-no-overlap/120", S, ANY_PHASE, ALERTS(TW_ALERT_NO_APPLICATION_PROTOCOL), NULL, 0,
      TW_CAUSE_ALPN_NO_OVERLAP, TW_LIKELY },
    /* proven: the alert is of the identity, which is there */
    { "psk-unknown-identity/115-identity", S, ANY_PHASE, ALERTS(TW_ALERT_UNKNOWN_PSK_IDENTITY), tw__check_psk, 0,
      TW_CAUSE_PSK_UNKNOWN_IDENTITY, TW_PROVEN },
    { "psk-unknown-identity/115", S, ANY_PHASE, ALERTS(TW_ALERT_UNKNOWN_PSK_IDENTITY), NULL, 0,
      TW_CAUSE_PSK_UNKNOWN_IDENTITY, TW_LIKELY },
    /* proven: the alert says that a message does not parse, there is one alone, and it does not */
    { "message-malformed/50-hello", S, HELLO, ALERTS(TW_ALERT_DECODE_ERROR), tw__check_flaw, 0,
      TW_CAUSE_MESSAGE_MALFORMED, TW_PROVEN },
    /* a server may pass over an extension that it does not know, and mind another field; 40: Java */
    { "message-malformed/hello", S, HELLO,
      ALERTS(TW_ALERT_ILLEGAL_PARAMETER, TW_ALERT_UNEXPECTED_MESSAGE, TW_ALERT_HANDSHAKE_FAILURE), tw__check_flaw, 0,
      TW_CAUSE_MESSAGE_MALFORMED, TW_LIKELY },
    /* F5, Go and others look at the name's form, and so do Java and GnuTLS, which say 47; a server that does not may
     * mind another field */
    { "message-malformed/sni", S, HELLO,
      ALERTS(TW_ALERT_DECODE_ERROR, TW_ALERT_UNEXPECTED_MESSAGE, TW_ALERT_ILLEGAL_PARAMETER), tw__check_sni_odd, 0,
      TW_CAUSE_MESSAGE_MALFORMED, TW_LIKELY },
    /* a server need not look, and mind another field */
    { "message-malformed/47-share", S, HELLO, ALERTS(TW_ALERT_ILLEGAL_PARAMETER), tw__check_share_unlisted, 0,
      TW_CAUSE_MESSAGE_MALFORMED, TW_LIKELY },
    /* 47: OpenSSL 3.0, GnuTLS, Java, wolfSSL; 51: OpenSSL 3.5, BoringSSL, NSS, Go, rustls, Mbed TLS */
    { "psk-key-mismatch/hello", S, HELLO, ALERTS(TW_ALERT_ILLEGAL_PARAMETER, TW_ALERT_DECRYPT_ERROR), tw__check_psk,
      0, TW_CAUSE_PSK_KEY_MISMATCH, TW_LIKELY },

    /* ---- what this hello lacks, compared with a handshake that the server completed; Java says 10 of groups, old
     * servers 47 of suites, OpenSSL 80 of what its security level forbids ---- */
    { "version-no-overlap/compared", S, HELLO, REFUSALS, tw__check_agreed_elsewhere, TW_LACKS_VERSION,
      TW_CAUSE_VERSION_NO_OVERLAP, TW_LIKELY },
    { "cipher-no-overlap/compared", S, HELLO, REFUSALS, tw__check_agreed_elsewhere, TW_LACKS_SUITE,
      TW_CAUSE_CIPHER_NO_OVERLAP, TW_LIKELY },
    { "group-no-overlap/compared", S, HELLO, REFUSALS, tw__check_agreed_elsewhere, TW_LACKS_GROUP,
      TW_CAUSE_GROUP_NO_OVERLAP, TW_LIKELY },
    { "sigalg-no-overlap/compared", S, HELLO, REFUSALS, tw__check_agreed_elsewhere, TW_LACKS_SCHEME,
      TW_CAUSE_SIGALG_NO_OVERLAP, TW_LIKELY },
    { "ems-required/compared", S, HELLO, ALERTS(TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_INSUFFICIENT_SECURITY),
      tw__check_agreed_elsewhere, TW_LACKS_EMS, TW_CAUSE_EMS_REQUIRED, TW_LIKELY },
    { "renegotiation-insecure/compared", S, HELLO, ALERTS(TW_ALERT_HANDSHAKE_FAILURE), tw__check_agreed_elsewhere,
      TW_LACKS_RENEGOTIATION_INFO, TW_CAUSE_RENEGOTIATION_INSECURE, TW_LIKELY },
    { "cipher-no-overlap/known-key", S, HELLO, ALERTS(TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_INSUFFICIENT_SECURITY),
      tw__check_key_no_suite, 0, TW_CAUSE_CIPHER_NO_OVERLAP, TW_LIKELY },
    { "sigalg-no-overlap/known-key", S, HELLO, ALERTS(TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_INSUFFICIENT_SECURITY),
      tw__check_key_no_scheme, 0, TW_CAUSE_SIGALG_NO_OVERLAP, TW_LIKELY },
    { "handshake-refused/lacks-nothing", S, HELLO, ALERTS(TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_INSUFFICIENT_SECURITY),
      tw__check_agreed_elsewhere, TW_LACKS_NOTHING, TW_CAUSE_HANDSHAKE_REFUSED, TW_POSSIBLE },

    /* ---- what servers of today refuse ---- */
    { "cipher-no-overlap/weak-suites", S, HELLO,
      ALERTS(TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_INSUFFICIENT_SECURITY, TW_ALERT_ILLEGAL_PARAMETER),
      tw__check_suites_weak, 0, TW_CAUSE_CIPHER_NO_OVERLAP, TW_LIKELY },
    /* 10: Java, TLS 1.3 */
    { "group-no-overlap/rare-groups", S, HELLO, ALERTS(TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_UNEXPECTED_MESSAGE),
      tw__check_groups_rare, 0, TW_CAUSE_GROUP_NO_OVERLAP, TW_LIKELY },
    { "sigalg-no-overlap/rare-schemes", S, HELLO, ALERTS(TW_ALERT_HANDSHAKE_FAILURE), tw__check_sigalgs_rare, 0,
      TW_CAUSE_SIGALG_NO_OVERLAP, TW_LIKELY },
    /* OpenSSL falls back to certificates, and the server has none */
    { "psk-unknown-identity/40-external", S, HELLO, ALERTS(TW_ALERT_HANDSHAKE_FAILURE), tw__check_external_psk, 0,
      TW_CAUSE_PSK_UNKNOWN_IDENTITY, TW_LIKELY },
    /* Erlang */
    { "sigalg-no-overlap/71-unsaid", S, HELLO, ALERTS(TW_ALERT_INSUFFICIENT_SECURITY), tw__check_sigalgs_unsaid, 0,
      TW_CAUSE_SIGALG_NO_OVERLAP, TW_POSSIBLE },
    /* GnuTLS */
    { "ems-required/71-hello", S, HELLO, ALERTS(TW_ALERT_INSUFFICIENT_SECURITY), tw__check_no_ems, 0,
      TW_CAUSE_EMS_REQUIRED, TW_POSSIBLE },
    /* Erlang says 47 and 71 */
    { "extension-missing/hello", S, HELLO,
      ALERTS(TW_ALERT_MISSING_EXTENSION, TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_ILLEGAL_PARAMETER,
             TW_ALERT_INSUFFICIENT_SECURITY), tw__check_no_mandatory_extension, 0, TW_CAUSE_EXTENSION_MISSING,
      TW_LIKELY },
    { "version-no-overlap/40-ssl3", S, HELLO, ALERTS(TW_ALERT_HANDSHAKE_FAILURE), tw__check_only_old_versions,
      TW_SSL3, TW_CAUSE_VERSION_NO_OVERLAP, TW_POSSIBLE },
    { "renegotiation-insecure/40-hello", S, HELLO, ALERTS(TW_ALERT_HANDSHAKE_FAILURE),
      tw__check_no_renegotiation_info, 0, TW_CAUSE_RENEGOTIATION_INSECURE, TW_POSSIBLE },
    /* OpenSSL 3, Go; with an EC key OpenSSL calls it "no shared cipher" */
    { "sigalg-no-overlap/40-unsaid", S, HELLO, ALERTS(TW_ALERT_HANDSHAKE_FAILURE), tw__check_sigalgs_unsaid, 0,
      TW_CAUSE_SIGALG_NO_OVERLAP, TW_POSSIBLE },
    /* a certificate that the server lacks, an extension, or a policy may be meant, but these lists were made so */
    { "group-no-overlap/narrow", S, HELLO, ALERTS(TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_UNEXPECTED_MESSAGE),
      tw__check_groups_narrow, 0, TW_CAUSE_GROUP_NO_OVERLAP, TW_POSSIBLE },
    { "sigalg-no-overlap/narrow", S, HELLO, ALERTS(TW_ALERT_HANDSHAKE_FAILURE), tw__check_sigalgs_narrow, 0,
      TW_CAUSE_SIGALG_NO_OVERLAP, TW_POSSIBLE },
    { "handshake-refused/40-only-13", S, HELLO, ALERTS(TW_ALERT_HANDSHAKE_FAILURE), tw__check_only_13, 0,
      TW_CAUSE_HANDSHAKE_REFUSED, TW_POSSIBLE },
    { "sni-missing/40-usual-offer", S, HELLO, ALERTS(TW_ALERT_HANDSHAKE_FAILURE), tw__check_no_sni_though_usual, 0,
      TW_CAUSE_SNI_MISSING, TW_POSSIBLE },
    { "handshake-refused/40-usual-suites", S, HELLO, ALERTS(TW_ALERT_HANDSHAKE_FAILURE), tw__check_usual_suites, 0,
      TW_CAUSE_HANDSHAKE_REFUSED, TW_POSSIBLE },
    { "cipher-no-overlap/offer", S, HELLO, ALERTS(TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_INSUFFICIENT_SECURITY),
      tw__check_offer, 0, TW_CAUSE_CIPHER_NO_OVERLAP, TW_POSSIBLE },
    /* OpenSSL 3 */
    { "version-no-overlap/80-old-versions", S, HELLO, ALERTS(TW_ALERT_INTERNAL_ERROR), tw__check_only_old_versions,
      TW_TLS11, TW_CAUSE_VERSION_NO_OVERLAP, TW_POSSIBLE },
};
/* clang-format on */

const tw__rules tw__rules_client_hello = { rules, G_N_ELEMENTS(rules) };
