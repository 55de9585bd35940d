/* The rules: which alert, from which side, in which phase, with which proof in the capture, means which cause.
 *
 * The first row that holds wins, so the order is the order in which peers object, the closest cause first and the
 * generic one of each family last. "proven" stands only where a check finds the fault in the bytes, or where
 * the alert has no other meaning and the offer it refuses is there to see. What libraries send was read in
 * their sources; the names stand beside the rows:
 *   OpenSSL ssl/statem/statem_lib.c (x509table), BoringSSL ssl/ssl_x509.cc, NSS lib/ssl/ssl3con.c
 *   (ssl3_SendAlertForCertError), GnuTLS lib/alert.c, Go crypto/tls, JDK sun/security/ssl/CertificateMessage.java,
 *   Mbed TLS library/ssl_tls.c, wolfSSL src/internal.c, rustls src/error.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rules.h"

#define ALERTS(...) \
    (const uint16_t[]) \
    { \
        __VA_ARGS__, TW_LIST_END \
    }
#define ANY_ALERT NULL
#define CLOSED    ALERTS(TW_EVENT_CLOSE)
#define RESET     ALERTS(TW_EVENT_RESET)
#define ENDS      ALERTS(TW_EVENT_CLOSE, TW_EVENT_RESET)
#define SILENCE   ALERTS(TW_EVENT_SILENCE)
#define ENCRYPTED ALERTS(TW_EVENT_ENCRYPTED)
#define REFUSED   ALERTS(TW_EVENT_FAILURE)
#define UNSAID    ALERTS(TW_EVENT_ENCRYPTED, TW_EVENT_FAILURE)

#define C      TW_CLIENT
#define S      TW_SERVER
#define EITHER TW_SIDE_UNKNOWN

#define P(phase)  (1u << TW_##phase)
#define ANY_PHASE ((1u << TW_N_PHASES) - 1)
#define HELLO     P(CLIENT_HELLO)
/* where the server's (client's) certificate can be what is being answered */
#define ON_SERVER   (P(SERVER_FLIGHT) | P(SERVER_FINISHED) | P(RENEGOTIATION))
#define ON_CLIENT   (P(CLIENT_FLIGHT) | P(RENEGOTIATION) | P(ESTABLISHED))
#define AFTER_HELLO (P(SERVER_FLIGHT) | P(CLIENT_FLIGHT) | P(SERVER_FINISHED) | P(RENEGOTIATION))

/* The alerts behind which libraries hide any fault of a certificate: GnuTLS and Go 42, Java and Chromium 46,
 * GnuTLS servers 49; wpa_supplicant 80 and an OpenSSL callback 40, which mean anything else as well. */
#define CATCH_ALL        ALERTS(42, 46, 49)
#define CATCH_ANYTHING   ALERTS(40, 80)
#define FINGERPRINT      ALERTS(40, 42, 46, 48, 49, 80)
#define SAYS_CERTIFICATE ALERTS(41, 42, 43, 44, 45, 46, 48, 49)

/* The alerts with which servers refuse an offer: Java says 10 of groups, old servers 47 of suites, OpenSSL 80 of what
 * its security level forbids. */
#define REFUSALS ALERTS(40, 71, 47, 10, 80)

/* The faults of a certificate, in the order in which verifiers trip over them: parsing, the path and its
 * signatures, dates, usage, then trust and the name. Behind a catch-all alert a fault that every verifier rejects
 * is proven if it is the only one; one that depends on policy or on trust is likely. */
#define CERTIFICATE_FAULTS(side, phases, events, most, KIND) \
    { side, phases, events, tw__check_sole_fault, TW_FAULT_MALFORMED, TW_CAUSE_##KIND##_MALFORMED, most }, \
        { side, phases, events, tw__check_sole_fault, TW_FAULT_BAD_SIGNATURE, TW_CAUSE_##KIND##_BAD_SIGNATURE, most }, \
        { side, phases, events, tw__check_sole_fault, TW_FAULT_BAD_CA, TW_CAUSE_##KIND##_BAD_CA, most }, \
        { side, phases, events, tw__check_sole_fault, TW_FAULT_EXPIRED, TW_CAUSE_##KIND##_EXPIRED, most }, \
        { side, phases, events, tw__check_sole_fault, TW_FAULT_NOT_YET_VALID, TW_CAUSE_##KIND##_NOT_YET_VALID, most }, \
        { side, phases, events, tw__check_fault, TW_FAULT_SELF_SIGNED, TW_CAUSE_##KIND##_SELF_SIGNED, TW_LIKELY }, \
        { side, phases, events, tw__check_incomplete, 1, TW_CAUSE_##KIND##_CHAIN_INCOMPLETE, TW_LIKELY }, \
        { side, phases, events, tw__check_fault, TW_FAULT_WEAK_SIGNATURE, TW_CAUSE_##KIND##_WEAK_SIGNATURE, TW_LIKELY }, \
    { \
        side, phases, events, tw__check_fault, TW_FAULT_WRONG_USAGE, TW_CAUSE_##KIND##_WRONG_USAGE, TW_LIKELY \
    }

/* An alert with one meaning: the fault it names, proven where it is found. */
#define CERTIFICATE_ALERTS(side, phases, KIND) \
    { side, phases, ALERTS(45), tw__check_fault, TW_FAULT_EXPIRED, TW_CAUSE_##KIND##_EXPIRED, TW_PROVEN }, \
        { side,     phases, ALERTS(45), tw__check_fault, TW_FAULT_NOT_YET_VALID, TW_CAUSE_##KIND##_NOT_YET_VALID, \
          TW_PROVEN }, \
        { side, phases, ALERTS(45), tw__check_in_date, 0, TW_CAUSE_##KIND##_EXPIRED, TW_POSSIBLE }, \
        { side, phases, ALERTS(45), NULL, 0, TW_CAUSE_##KIND##_EXPIRED, TW_LIKELY }, \
        { side, phases, ALERTS(43), tw__check_fault, TW_FAULT_MALFORMED, TW_CAUSE_##KIND##_MALFORMED, TW_PROVEN }, \
        { side, phases, ALERTS(43), tw__check_fault, TW_FAULT_WRONG_USAGE, TW_CAUSE_##KIND##_WRONG_USAGE, TW_PROVEN }, \
        { side, phases, ALERTS(43), tw__check_fault, TW_FAULT_WEAK_KEY, TW_CAUSE_##KIND##_WEAK_KEY, TW_LIKELY }, /* Mbed TLS */ \
        { side,     phases, ALERTS(43), tw__check_fault, TW_FAULT_WEAK_SIGNATURE, TW_CAUSE_##KIND##_WEAK_SIGNATURE, \
          TW_LIKELY }, /* Java */ \
        { side, phases, ALERTS(43), NULL, 0, TW_CAUSE_##KIND##_WRONG_USAGE, TW_POSSIBLE }, \
        { side, phases, ALERTS(50), tw__check_fault, TW_FAULT_MALFORMED, TW_CAUSE_##KIND##_MALFORMED, TW_PROVEN }, /* Go sends 47 or 10, Java 40, OpenSSL and most others 51 */ \
        { \
            side,     phases, ALERTS(51, 47, 40, 10, 42), tw__check_signature, 0, TW_CAUSE_##KIND##_KEY_MISMATCH, \
            TW_PROVEN \
        }, \
        { side,     phases, ALERTS(51), tw__check_fault, TW_FAULT_BAD_SIGNATURE, TW_CAUSE_##KIND##_BAD_SIGNATURE, \
          TW_PROVEN }, \
        { side,     phases, ALERTS(51), tw__check_fault, TW_FAULT_WEAK_SIGNATURE, TW_CAUSE_##KIND##_WEAK_SIGNATURE, \
          TW_LIKELY }, /* rustls */ \
    { \
        side, phases, ALERTS(51), tw__check_signature_good, 0, TW_CAUSE_##KIND##_BAD_SIGNATURE, TW_LIKELY \
    }

/* unknown_ca: the path does not end where the sender trusts. A fault inside the path has the same effect. */
#define UNKNOWN_CA_ALERT(side, phases, KIND) \
    { \
        side, phases, ALERTS(48), tw__check_fault, TW_FAULT_BAD_CA, TW_CAUSE_##KIND##_BAD_CA, TW_PROVEN \
    }, /* OpenSSL INVALID_CA */ \
        { side,     phases, ALERTS(48), tw__check_fault, TW_FAULT_BAD_SIGNATURE, TW_CAUSE_##KIND##_BAD_SIGNATURE, \
          TW_PROVEN }, /* Mbed TLS */ \
        { \
            side, phases, ALERTS(48), tw__check_fault, TW_FAULT_SELF_SIGNED, TW_CAUSE_##KIND##_SELF_SIGNED, TW_PROVEN \
        }, \
    { \
        side, phases, ALERTS(48), tw__check_incomplete, 1, TW_CAUSE_##KIND##_CHAIN_INCOMPLETE, TW_LIKELY \
    }

#define STALE_ISSUER(side, phases, KIND) \
    { side, phases, ALERTS(48), tw__check_stale_issuer, TW_FAULT_EXPIRED, TW_CAUSE_##KIND##_EXPIRED, TW_LIKELY }, \
    { \
        side, phases, ALERTS(48), tw__check_stale_issuer, TW_FAULT_NOT_YET_VALID, TW_CAUSE_##KIND##_NOT_YET_VALID, \
            TW_LIKELY \
    }

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
const tw__rule tw__rules[] = {
    /* ---- no TLS ---- */
    { S, ANY_PHASE, ALERTS(TW_EVENT_DECLINED), tw__check_declined, 0, TW_CAUSE_STARTTLS_REFUSED, TW_PROVEN },
    { S, HELLO, ALERTS(10, 22, 50, TW_EVENT_CLEARTEXT, TW_EVENT_CLOSE, TW_EVENT_RESET), tw__check_proxy_header, 0, TW_CAUSE_NOT_TLS_FROM_CLIENT, TW_LIKELY },
    { C, ANY_PHASE, ANY_ALERT, tw__check_cleartext_server, 0, TW_CAUSE_NOT_TLS_FROM_SERVER, TW_PROVEN },
    { S, ANY_PHASE, ANY_ALERT, tw__check_cleartext_client, 0, TW_CAUSE_NOT_TLS_FROM_CLIENT, TW_PROVEN },

    /* ---- QUIC's own refusals (RFC 9000 6, 20.1) ---- */
    { S, ANY_PHASE, ALERTS(TW_EVENT_NEGOTIATION), tw__check_quic_versions, 0, TW_CAUSE_VERSION_NO_OVERLAP, TW_PROVEN },
    { EITHER, ANY_PHASE, CLOSED, tw__check_quic_error, QUIC_INTERNAL_ERROR, TW_CAUSE_INTERNAL_ERROR, TW_LIKELY },
    { EITHER, ANY_PHASE, CLOSED, tw__check_quic_error, QUIC_CONNECTION_REFUSED, TW_CAUSE_HANDSHAKE_REFUSED, TW_LIKELY },
    { EITHER, ANY_PHASE, CLOSED, tw__check_quic_error, QUIC_TRANSPORT_PARAMETER_ERROR, TW_CAUSE_HANDSHAKE_REFUSED, TW_LIKELY },
    { EITHER, ANY_PHASE, CLOSED, tw__check_quic_error, QUIC_PROTOCOL_VIOLATION, TW_CAUSE_HANDSHAKE_REFUSED, TW_LIKELY },
    { EITHER, ANY_PHASE, CLOSED, tw__check_quic_error, QUIC_INVALID_TOKEN, TW_CAUSE_HANDSHAKE_REFUSED, TW_LIKELY },
    { EITHER, ANY_PHASE, CLOSED, tw__check_quic_error, QUIC_VERSION_NEGOTIATION_ERROR, TW_CAUSE_VERSION_NO_OVERLAP, TW_LIKELY },

    /* ---- ends without an alert: wolfSSL says nothing of a message that it can not take ---- */
    { C, ON_SERVER, ENDS, tw__check_version_choice, 0, TW_CAUSE_VERSION_REFUSED_BY_CLIENT, TW_LIKELY },
    { C, ON_SERVER, ENDS, tw__check_suite_choice, 0, TW_CAUSE_CIPHER_REFUSED_BY_CLIENT, TW_LIKELY },
    { C, ON_SERVER, ENDS, tw__check_group_choice, 0, TW_CAUSE_GROUP_REFUSED_BY_CLIENT, TW_LIKELY },
    { EITHER, HELLO | AFTER_HELLO, ENDS, tw__check_flaw, 0, TW_CAUSE_MESSAGE_MALFORMED, TW_LIKELY },
    { C, ON_SERVER, ENDS, tw__check_order, 0, TW_CAUSE_MESSAGE_UNEXPECTED, TW_POSSIBLE },
    { S, HELLO, RESET, tw__check_no_choice, 0, TW_CAUSE_RESET_AFTER_CLIENT_HELLO, TW_LIKELY },
    { S, HELLO, CLOSED, tw__check_no_choice, 0, TW_CAUSE_CLOSED_AFTER_CLIENT_HELLO, TW_LIKELY },
    { EITHER, HELLO, SILENCE, tw__check_waited, 1, TW_CAUSE_NO_ANSWER_TO_CLIENT_HELLO, TW_LIKELY },
    { EITHER, ANY_PHASE, RESET, NULL, 0, TW_CAUSE_RESET_IN_HANDSHAKE, TW_LIKELY },
    { EITHER, ANY_PHASE, CLOSED, NULL, 0, TW_CAUSE_CLOSED_IN_HANDSHAKE, TW_LIKELY },
    { EITHER, ANY_PHASE, SILENCE, tw__check_waited, 0, TW_CAUSE_STALLED_IN_HANDSHAKE, TW_LIKELY },

    /* ---- alerts that cannot be read; an EAP server may refuse without one (RFC 5216 2.1.3), and FreeRADIUS often does ---- */
    { EITHER, P(RENEGOTIATION), ENCRYPTED, tw__check_opaque_hello, 0, TW_CAUSE_RENEGOTIATION_REFUSED, TW_LIKELY },
    { EITHER, P(ESTABLISHED), ALERTS(TW_EVENT_ABORTED), NULL, 0, TW_CAUSE_SESSION_ABORTED, TW_LIKELY },
    CERTIFICATE_FAULTS(C, ON_SERVER, ENCRYPTED, TW_LIKELY, SERVER_CERT),
    { C, ON_SERVER, ENCRYPTED, tw__check_fault, TW_FAULT_NAME_MISMATCH, TW_CAUSE_SERVER_CERT_NAME_MISMATCH, TW_LIKELY },
    { C, ON_SERVER, ENCRYPTED, tw__check_known_fault, TW_FAULT_EXPIRED, TW_CAUSE_SERVER_CERT_EXPIRED, TW_LIKELY },
    { C, ON_SERVER, ENCRYPTED, tw__check_known_fault, TW_FAULT_NOT_YET_VALID, TW_CAUSE_SERVER_CERT_NOT_YET_VALID, TW_LIKELY },
    { C, ON_SERVER, ENCRYPTED, tw__check_known_fault, TW_FAULT_SELF_SIGNED, TW_CAUSE_SERVER_CERT_SELF_SIGNED, TW_LIKELY },
    { C, ON_SERVER, ENCRYPTED, tw__check_known_fault, TW_FAULT_NAME_MISMATCH, TW_CAUSE_SERVER_CERT_NAME_MISMATCH, TW_LIKELY },
    { C, ON_SERVER, ENCRYPTED, tw__check_known, 0, TW_CAUSE_SERVER_CERT_REJECTED, TW_LIKELY },
    { C, ON_SERVER, ENCRYPTED, tw__check_certificate_unread, 0, TW_CAUSE_SERVER_CERT_REJECTED, TW_LIKELY },
    { S, ON_CLIENT, UNSAID, tw__check_flight_empty, 0, TW_CAUSE_CLIENT_CERT_MISSING, TW_LIKELY },
    { S, ON_CLIENT, UNSAID, tw__check_empty, 0, TW_CAUSE_CLIENT_CERT_MISSING, TW_LIKELY },
    CERTIFICATE_FAULTS(S, ON_CLIENT, UNSAID, TW_LIKELY, CLIENT_CERT),
    { S, ON_CLIENT, REFUSED, tw__check_not_listed, 0, TW_CAUSE_CLIENT_CERT_ISSUER_NOT_LISTED, TW_LIKELY },
    { S, ON_CLIENT, UNSAID, tw__check_certificate_seen, 0, TW_CAUSE_CLIENT_CERT_REJECTED, TW_LIKELY },
    { S, ON_CLIENT, ENCRYPTED, tw__check_asked_unseen, 0, TW_CAUSE_CLIENT_CERT_REJECTED, TW_LIKELY },
    { EITHER, ANY_PHASE, UNSAID, NULL, 0, TW_CAUSE_HANDSHAKE_REFUSED, TW_LIKELY },

    /* ---- what a server says in the session: nginx lets any client pass, and answers its requests so ---- */
    { S, ANY_PHASE, ALERTS(TW_EVENT_SAID_MISSING), tw__check_empty, 0, TW_CAUSE_CLIENT_CERT_MISSING, TW_PROVEN },
    { S, ANY_PHASE, ALERTS(TW_EVENT_SAID_MISSING), NULL, 0, TW_CAUSE_CLIENT_CERT_MISSING, TW_LIKELY },
    CERTIFICATE_FAULTS(S, ANY_PHASE, ALERTS(TW_EVENT_SAID_REJECTED), TW_PROVEN, CLIENT_CERT),
    { S, ANY_PHASE, ALERTS(TW_EVENT_SAID_REJECTED), tw__check_not_listed, 0, TW_CAUSE_CLIENT_CERT_ISSUER_NOT_LISTED, TW_LIKELY },
    { S, ANY_PHASE, ALERTS(TW_EVENT_SAID_REJECTED), NULL, 0, TW_CAUSE_CLIENT_CERT_REJECTED, TW_LIKELY },

    /* ---- ends that are no faults ---- */
    { EITHER, ANY_PHASE, ALERTS(90), NULL, 0, TW_CAUSE_CANCELED_BY_USER, TW_PROVEN },
    { EITHER, ANY_PHASE, ALERTS(0), NULL, 0, TW_CAUSE_CLOSED_IN_HANDSHAKE, TW_LIKELY },

    /* ---- renegotiation declined (RFC 5246 7.2.2); BoringSSL and Go send 100 fatal, wolfSSL and Java 10 ---- */
    { EITHER, ANY_PHASE, ALERTS(100), tw__check_asked_renegotiation, 0, TW_CAUSE_RENEGOTIATION_REFUSED, TW_PROVEN },
    { EITHER, ANY_PHASE, ALERTS(100), NULL, 0, TW_CAUSE_RENEGOTIATION_REFUSED, TW_LIKELY },
    { EITHER, P(RENEGOTIATION), ALERTS(10, 40), tw__check_no_renegotiation_info, 0, TW_CAUSE_RENEGOTIATION_INSECURE, TW_LIKELY },
    { EITHER, P(RENEGOTIATION), ALERTS(10, 40, 80), tw__check_asked_renegotiation, 0, TW_CAUSE_RENEGOTIATION_REFUSED, TW_LIKELY },

    /* ---- client answers the server's flight: choices that it did not offer come before any signature ---- */
    { C, ON_SERVER, ALERTS(70, 47, 40), tw__check_version_choice, 0, TW_CAUSE_VERSION_REFUSED_BY_CLIENT, TW_PROVEN },
    { C, ON_SERVER, ALERTS(47, 40, 10), tw__check_suite_choice, 0, TW_CAUSE_CIPHER_REFUSED_BY_CLIENT, TW_PROVEN },
    { C, ON_SERVER, ALERTS(47, 40, 10), tw__check_group_choice, 0, TW_CAUSE_GROUP_REFUSED_BY_CLIENT, TW_PROVEN },

    /* ---- client answers the server's flight: certificate ---- */
    { C, ON_SERVER, ALERTS(44, 113), tw__check_ocsp_revoked, 0, TW_CAUSE_SERVER_CERT_REVOKED, TW_PROVEN },
    { C, ON_SERVER, ALERTS(42, 46), tw__check_ocsp_revoked, 0, TW_CAUSE_SERVER_CERT_REVOKED, TW_LIKELY },
    { C, ON_SERVER, ALERTS(44), NULL, 0, TW_CAUSE_SERVER_CERT_REVOKED, TW_LIKELY },
    { C, ON_SERVER, ALERTS(113), tw__check_ocsp_bad, 0, TW_CAUSE_SERVER_CERT_BAD_OCSP, TW_PROVEN },
    { C, ON_SERVER, ALERTS(113), NULL, 0, TW_CAUSE_SERVER_CERT_BAD_OCSP, TW_LIKELY },
    { C, ON_SERVER, FINGERPRINT, tw__check_fingerprint, TW_FAULT_SELF_SIGNED, TW_CAUSE_SERVER_CERT_REJECTED, TW_LIKELY },
    CERTIFICATE_ALERTS(C, ON_SERVER, SERVER_CERT),
    UNKNOWN_CA_ALERT(C, ON_SERVER, SERVER_CERT),
    STALE_ISSUER(C, ON_SERVER, SERVER_CERT),
    { C, ON_SERVER, ALERTS(48), tw__check_untrusted, 0, TW_CAUSE_SERVER_CERT_UNKNOWN_CA, TW_LIKELY },
    { C, ON_SERVER, ALERTS(48), tw__check_certificate_unread, 0, TW_CAUSE_SERVER_CERT_UNKNOWN_CA, TW_LIKELY },
    { C, ON_SERVER, ALERTS(46), tw__check_encipherment, 0, TW_CAUSE_SERVER_CERT_WRONG_USAGE, TW_LIKELY }, /* NSS */
    CERTIFICATE_FAULTS(C, ON_SERVER, CATCH_ALL, TW_PROVEN, SERVER_CERT),
    { C, ON_SERVER, ALERTS(40), tw__check_dh_small, 1024, TW_CAUSE_DH_TOO_SMALL, TW_PROVEN }, /* a certificate that it minds, OpenSSL refuses with others */
    CERTIFICATE_FAULTS(C, ON_SERVER, CATCH_ANYTHING, TW_LIKELY, SERVER_CERT),
    { C, ON_SERVER, ALERTS(42, 46, 49, 40), tw__check_ocsp_bad, 0, TW_CAUSE_SERVER_CERT_BAD_OCSP, TW_LIKELY },
    { C, ON_SERVER, ALERTS(42, 46, 49, 40, 80), tw__check_fault, TW_FAULT_NAME_MISMATCH, TW_CAUSE_SERVER_CERT_NAME_MISMATCH, TW_LIKELY },
    { C, ON_SERVER, ALERTS(42, 46), tw__check_fault, TW_FAULT_WEAK_KEY, TW_CAUSE_SERVER_CERT_WEAK_KEY, TW_LIKELY },
    { C, ON_SERVER, ALERTS(42, 46), tw__check_untrusted_hidden, 0, TW_CAUSE_SERVER_CERT_UNKNOWN_CA, TW_LIKELY },
    { C, ON_SERVER, SAYS_CERTIFICATE, tw__check_certificate_seen, 0, TW_CAUSE_SERVER_CERT_REJECTED, TW_LIKELY },
    { C, ON_SERVER, SAYS_CERTIFICATE, tw__check_certificate_unread, 0, TW_CAUSE_SERVER_CERT_REJECTED, TW_LIKELY },

    /* ---- client answers the server's flight: negotiation ---- */
    { C, ON_SERVER, ALERTS(47), tw__check_key_usage, 0, TW_CAUSE_SERVER_CERT_WRONG_USAGE, TW_LIKELY },
    { C, ON_SERVER, ALERTS(47), tw__check_sentinel, 0, TW_CAUSE_VERSION_REFUSED_BY_CLIENT, TW_LIKELY },
    { C, ON_SERVER, ALERTS(70), NULL, 0, TW_CAUSE_VERSION_REFUSED_BY_CLIENT, TW_LIKELY },
    { C, ON_SERVER, ALERTS(47, 71, 80), tw__check_dh_small, 1024, TW_CAUSE_DH_TOO_SMALL, TW_PROVEN },
    { C, ON_SERVER, ALERTS(40, 47, 71), tw__check_dh_small, 2048, TW_CAUSE_DH_TOO_SMALL, TW_LIKELY },
    { C, ON_SERVER, ALERTS(40), tw__check_no_renegotiation_info, 0, TW_CAUSE_RENEGOTIATION_INSECURE, TW_LIKELY },
    { C, ON_SERVER, ALERTS(71, 40), tw__check_no_ems, 0, TW_CAUSE_EMS_REQUIRED, TW_POSSIBLE },
    { C, ON_SERVER, ALERTS(110, 47, 10), tw__check_unsolicited, 0, TW_CAUSE_EXTENSION_UNSUPPORTED, TW_PROVEN },
    { C, ON_SERVER, ALERTS(110), NULL, 0, TW_CAUSE_EXTENSION_UNSUPPORTED, TW_LIKELY },
    { C, ANY_PHASE, ALERTS(121), tw__check_ech, 0, TW_CAUSE_ECH_REQUIRED, TW_PROVEN },
    { C, ANY_PHASE, ALERTS(121), NULL, 0, TW_CAUSE_ECH_REQUIRED, TW_LIKELY },
    { C, ON_SERVER, ALERTS(20, 51, 47), tw__check_psk, 1, TW_CAUSE_PSK_KEY_MISMATCH, TW_LIKELY },
    { C, P(SERVER_FINISHED), ALERTS(51), NULL, 0, TW_CAUSE_FINISHED_MISMATCH, TW_LIKELY },
    { C, ON_SERVER, ALERTS(51), tw__check_finished, 0, TW_CAUSE_FINISHED_MISMATCH, TW_LIKELY },
    { C, ON_SERVER, ALERTS(51), NULL, 0, TW_CAUSE_SERVER_CERT_KEY_MISMATCH, TW_POSSIBLE },

    /* ---- server answers the ClientHello ---- */
    { S, HELLO, ALERTS(70), tw__check_sslv2, 0, TW_CAUSE_VERSION_NO_OVERLAP, TW_LIKELY }, /* Go */
    { S, HELLO, ALERTS(70), tw__check_offer, 0, TW_CAUSE_VERSION_NO_OVERLAP, TW_PROVEN },
    { S, HELLO, ALERTS(70), NULL, 0, TW_CAUSE_VERSION_NO_OVERLAP, TW_LIKELY },
    { S, HELLO, ALERTS(86), tw__check_fallback, 0, TW_CAUSE_FALLBACK_REFUSED, TW_PROVEN },
    { S, HELLO, ALERTS(86), NULL, 0, TW_CAUSE_FALLBACK_REFUSED, TW_LIKELY },
    { S, HELLO, ALERTS(112), tw__check_sni, 0, TW_CAUSE_SNI_UNRECOGNIZED, TW_PROVEN },
    { S, HELLO, ALERTS(112), tw__check_no_sni, 0, TW_CAUSE_SNI_MISSING, TW_PROVEN },
    { S, HELLO, ALERTS(112), NULL, 0, TW_CAUSE_SNI_UNRECOGNIZED, TW_LIKELY },
    { S, ANY_PHASE, ALERTS(120), tw__check_alpn, 0, TW_CAUSE_ALPN_NO_OVERLAP, TW_PROVEN },
    { S, ANY_PHASE, ALERTS(120), NULL, 0, TW_CAUSE_ALPN_NO_OVERLAP, TW_LIKELY },
    { S, ANY_PHASE, ALERTS(115), tw__check_psk, 0, TW_CAUSE_PSK_UNKNOWN_IDENTITY, TW_PROVEN },
    { S, ANY_PHASE, ALERTS(115), NULL, 0, TW_CAUSE_PSK_UNKNOWN_IDENTITY, TW_LIKELY },
    { S, HELLO, ALERTS(50, 47, 10), tw__check_flaw, 0, TW_CAUSE_MESSAGE_MALFORMED, TW_PROVEN },
    { S, HELLO, ALERTS(40), tw__check_flaw, 0, TW_CAUSE_MESSAGE_MALFORMED, TW_LIKELY }, /* Java */
    { S, HELLO, ALERTS(47, 51), tw__check_psk, 0, TW_CAUSE_PSK_KEY_MISMATCH, TW_LIKELY }, /* 47: OpenSSL 3.0, GnuTLS, Java, wolfSSL; 51: OpenSSL 3.5, BoringSSL, NSS, Go, rustls, Mbed TLS */
    { S, HELLO, REFUSALS, tw__check_agreed_elsewhere, TW_LACKS_VERSION, TW_CAUSE_VERSION_NO_OVERLAP, TW_LIKELY },
    { S, HELLO, REFUSALS, tw__check_agreed_elsewhere, TW_LACKS_SUITE, TW_CAUSE_CIPHER_NO_OVERLAP, TW_LIKELY },
    { S, HELLO, REFUSALS, tw__check_agreed_elsewhere, TW_LACKS_GROUP, TW_CAUSE_GROUP_NO_OVERLAP, TW_LIKELY },
    { S, HELLO, REFUSALS, tw__check_agreed_elsewhere, TW_LACKS_SCHEME, TW_CAUSE_SIGALG_NO_OVERLAP, TW_LIKELY },
    { S, HELLO, ALERTS(40, 71), tw__check_agreed_elsewhere, TW_LACKS_EMS, TW_CAUSE_EMS_REQUIRED, TW_LIKELY },
    { S, HELLO, ALERTS(40), tw__check_agreed_elsewhere, TW_LACKS_RENEGOTIATION_INFO, TW_CAUSE_RENEGOTIATION_INSECURE, TW_LIKELY },
    { S, HELLO, ALERTS(40, 71), tw__check_key_no_suite, 0, TW_CAUSE_CIPHER_NO_OVERLAP, TW_LIKELY },
    { S, HELLO, ALERTS(40, 71), tw__check_key_no_scheme, 0, TW_CAUSE_SIGALG_NO_OVERLAP, TW_LIKELY },
    { S, HELLO, ALERTS(40, 71), tw__check_agreed_elsewhere, TW_LACKS_NOTHING, TW_CAUSE_HANDSHAKE_REFUSED, TW_POSSIBLE },
    { S, HELLO, ALERTS(40, 71, 47), tw__check_suites_weak, 0, TW_CAUSE_CIPHER_NO_OVERLAP, TW_LIKELY },
    { S, HELLO, ALERTS(40, 10), tw__check_groups_rare, 0, TW_CAUSE_GROUP_NO_OVERLAP, TW_LIKELY }, /* 10: Java, TLS 1.3 */
    { S, HELLO, ALERTS(40), tw__check_sigalgs_rare, 0, TW_CAUSE_SIGALG_NO_OVERLAP, TW_LIKELY },
    { S, HELLO, ALERTS(40), tw__check_external_psk, 0, TW_CAUSE_PSK_UNKNOWN_IDENTITY, TW_LIKELY }, /* OpenSSL goes on with certificates, and has none */
    { S, HELLO, ALERTS(71), tw__check_no_ems, 0, TW_CAUSE_EMS_REQUIRED, TW_POSSIBLE }, /* GnuTLS */
    { S, HELLO, ALERTS(109, 40), tw__check_no_mandatory_extension, 0, TW_CAUSE_EXTENSION_MISSING, TW_LIKELY },
    { S, HELLO, ALERTS(40), tw__check_no_renegotiation_info, 0, TW_CAUSE_RENEGOTIATION_INSECURE, TW_POSSIBLE },
    { S, HELLO, ALERTS(40), tw__check_sigalgs_unsaid, 0, TW_CAUSE_SIGALG_NO_OVERLAP, TW_POSSIBLE }, /* OpenSSL 3, Go; with an EC key OpenSSL calls it "no shared cipher" */
    { S, HELLO, ALERTS(40, 10), tw__check_one_group, 0, TW_CAUSE_GROUP_NO_OVERLAP, TW_POSSIBLE },
    { S, HELLO, ALERTS(40), tw__check_only_13, 0, TW_CAUSE_HANDSHAKE_REFUSED, TW_POSSIBLE },
    { S, HELLO, ALERTS(40), tw__check_no_sni_though_modern, 0, TW_CAUSE_SNI_MISSING, TW_POSSIBLE },
    { S, HELLO, ALERTS(40), tw__check_usual_suites, 0, TW_CAUSE_HANDSHAKE_REFUSED, TW_POSSIBLE },
    { S, HELLO, ALERTS(40, 71), tw__check_offer, 0, TW_CAUSE_CIPHER_NO_OVERLAP, TW_POSSIBLE },
    { S, HELLO, ALERTS(80), tw__check_only_old_versions, TW_TLS11, TW_CAUSE_VERSION_NO_OVERLAP, TW_POSSIBLE }, /* OpenSSL 3 */

    /* ---- server answers the client's flight ---- */
    { S, P(ESTABLISHED), ALERTS(40, 41, 42, 43, 44, 45, 46, 48, 49), tw__check_never_asked, 0, TW_CAUSE_SESSION_ABORTED, TW_LIKELY },
    { S, ON_CLIENT, ALERTS(116, 40, 41, 42, 43, 46, 48, 49, 50), tw__check_empty, 0, TW_CAUSE_CLIENT_CERT_MISSING, TW_PROVEN },
    { S, ON_CLIENT, ALERTS(116, 41), NULL, 0, TW_CAUSE_CLIENT_CERT_MISSING, TW_LIKELY },
    { S, ON_CLIENT, ALERTS(44), tw__check_certificate_seen, 0, TW_CAUSE_CLIENT_CERT_REVOKED, TW_LIKELY },
    { S, ON_CLIENT, ALERTS(44), NULL, 0, TW_CAUSE_CLIENT_CERT_REVOKED, TW_LIKELY },
    { S, ON_CLIENT, FINGERPRINT, tw__check_fingerprint, TW_FAULT_SELF_SIGNED, TW_CAUSE_CLIENT_CERT_REJECTED, TW_LIKELY },
    CERTIFICATE_ALERTS(S, ON_CLIENT, CLIENT_CERT),
    UNKNOWN_CA_ALERT(S, ON_CLIENT, CLIENT_CERT),
    { S, ON_CLIENT, ALERTS(48), tw__check_not_listed, 0, TW_CAUSE_CLIENT_CERT_ISSUER_NOT_LISTED, TW_PROVEN },
    STALE_ISSUER(S, ON_CLIENT, CLIENT_CERT),
    { S, ON_CLIENT, ALERTS(48), tw__check_untrusted, 0, TW_CAUSE_CLIENT_CERT_UNKNOWN_CA, TW_LIKELY },
    { S, ON_CLIENT, ALERTS(48), tw__check_certificate_unread, 0, TW_CAUSE_CLIENT_CERT_UNKNOWN_CA, TW_LIKELY },
    CERTIFICATE_FAULTS(S, ON_CLIENT, CATCH_ALL, TW_PROVEN, CLIENT_CERT),
    CERTIFICATE_FAULTS(S, ON_CLIENT, CATCH_ANYTHING, TW_LIKELY, CLIENT_CERT),
    { S, ON_CLIENT, ALERTS(42, 46, 49, 47, 40), tw__check_not_listed, 0, TW_CAUSE_CLIENT_CERT_ISSUER_NOT_LISTED, TW_LIKELY },
    { S, ON_CLIENT, ALERTS(42, 46), tw__check_fault, TW_FAULT_WEAK_KEY, TW_CAUSE_CLIENT_CERT_WEAK_KEY, TW_LIKELY },
    { S, ON_CLIENT, ALERTS(42, 46), tw__check_unlisted_signature, 0, TW_CAUSE_CLIENT_CERT_WEAK_SIGNATURE, TW_LIKELY }, /* Java */
    { S, ON_CLIENT, ALERTS(42, 46), tw__check_unlisted_any, 0, TW_CAUSE_CLIENT_CERT_UNKNOWN_CA, TW_LIKELY },
    { S, ON_CLIENT, SAYS_CERTIFICATE, tw__check_certificate_seen, 0, TW_CAUSE_CLIENT_CERT_REJECTED, TW_LIKELY },
    { S, ON_CLIENT, SAYS_CERTIFICATE, tw__check_certificate_unread, 0, TW_CAUSE_CLIENT_CERT_REJECTED, TW_LIKELY },
    { S, ON_CLIENT, ALERTS(47), tw__check_key_usage, 0, TW_CAUSE_CLIENT_CERT_WRONG_USAGE, TW_LIKELY },
    { S, ON_CLIENT, ALERTS(20, 51, 47), tw__check_psk, 1, TW_CAUSE_PSK_KEY_MISMATCH, TW_LIKELY },
    { S, ON_CLIENT, ALERTS(51), tw__check_certificate_seen, 0, TW_CAUSE_CLIENT_CERT_KEY_MISMATCH, TW_POSSIBLE },
    { S, P(CLIENT_FLIGHT) | P(RENEGOTIATION), ALERTS(51), NULL, 0, TW_CAUSE_FINISHED_MISMATCH, TW_LIKELY },

    { S, P(CLIENT_FLIGHT) | P(RENEGOTIATION), ALERTS(40), tw__check_finished, 1, TW_CAUSE_FINISHED_MISMATCH, TW_POSSIBLE }, /* Go */

    /* ---- what any side may find wrong with messages and records; Java says 40, Mbed TLS 50 of a message in the wrong place ---- */
    { EITHER, AFTER_HELLO, ALERTS(50, 47, 10), tw__check_flaw, 0, TW_CAUSE_MESSAGE_MALFORMED, TW_PROVEN },
    { EITHER, AFTER_HELLO, ALERTS(40), tw__check_flaw, 0, TW_CAUSE_MESSAGE_MALFORMED, TW_LIKELY },
    { EITHER, AFTER_HELLO, ALERTS(10, 50), tw__check_order, 0, TW_CAUSE_MESSAGE_UNEXPECTED, TW_LIKELY },
    { EITHER, ANY_PHASE, ALERTS(20, 21), NULL, 0, TW_CAUSE_RECORD_CORRUPT, TW_LIKELY },
    { EITHER, ANY_PHASE, ALERTS(22), NULL, 0, TW_CAUSE_RECORD_OVERFLOW, TW_LIKELY },
    { EITHER, ANY_PHASE, ALERTS(109), NULL, 0, TW_CAUSE_EXTENSION_MISSING, TW_LIKELY },
    { EITHER, HELLO | AFTER_HELLO | P(BEFORE_HELLO), ALERTS(10), NULL, 0, TW_CAUSE_MESSAGE_UNEXPECTED, TW_LIKELY },
    { EITHER, HELLO | AFTER_HELLO, ALERTS(50, 30), NULL, 0, TW_CAUSE_MESSAGE_MALFORMED, TW_LIKELY },
    { EITHER, P(SERVER_FLIGHT) | P(CLIENT_FLIGHT), ALERTS(80), tw__check_no_ems_at_key, 0, TW_CAUSE_EMS_REQUIRED, TW_POSSIBLE },
    { EITHER, HELLO | AFTER_HELLO | P(BEFORE_HELLO), ALERTS(80, 117), NULL, 0, TW_CAUSE_INTERNAL_ERROR, TW_LIKELY },

    /* ---- nothing closer ---- */
    { EITHER, P(ESTABLISHED), ANY_ALERT, NULL, 0, TW_CAUSE_SESSION_ABORTED, TW_LIKELY },
    { EITHER, ANY_PHASE, ANY_ALERT, NULL, 0, TW_CAUSE_HANDSHAKE_REFUSED, TW_POSSIBLE },
};
/* clang-format on */
const unsigned tw__n_rules = G_N_ELEMENTS(tw__rules);

bool tw__rule_applies(const tw__rule *rule, tw_side sender, tw_phase phase, tw__event event)
{
    if (rule->sender != TW_SIDE_UNKNOWN && rule->sender != sender)
        return false;
    if (!(rule->phases & (1u << phase)))
        return false;
    if (!rule->events)
        return true;
    for (const uint16_t *e = rule->events; *e != TW_LIST_END; e++)
        if (*e == (unsigned)event)
            return true;
    return false;
}

bool tw__rule_compares(const tw__rule *rule)
{
    return rule->check == tw__check_agreed_elsewhere || rule->check == tw__check_key_no_suite ||
           rule->check == tw__check_key_no_scheme || rule->check == tw__check_known ||
           rule->check == tw__check_known_fault;
}
