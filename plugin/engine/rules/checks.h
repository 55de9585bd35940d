/* The predicates behind the rules. Each answers whether its row holds for the case and, if so, leaves the values
 * and the evidence in the finding. ARG comes from the rule's row. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CHECKS_H
#define TLSWHY_CHECKS_H

#include "case/case.h"

typedef bool tw_check(const tw_case *k, int arg, tw_finding *f);

/* certificates of the sender's peer (checks_certificates.c) */
tw_check tw_check_fault;        /* ARG: tw_fault_kind; proven whenever it stands in the chain */
tw_check tw_check_sole_fault;   /* likewise, but only likely if another fault would explain the alert as well */
tw_check tw_check_stale_issuer; /* ARG: tw_fault_kind, of a certificate above the leaf; NSS */
tw_check tw_check_in_date;      /* the chain is readable, and nothing in it is out of date; holds only then */
tw_check tw_check_key_usage;    /* the leaf's keyUsage forbids the key exchange; BoringSSL */
tw_check tw_check_encipherment; /* an RSA leaf without keyEncipherment, where the client's library wants that; NSS */
tw_check tw_check_untrusted;    /* the chain is well formed and ends at an issuer outside */
tw_check tw_check_untrusted_hidden; /* likewise, and the client's library may say this alert of an unknown CA */
tw_check tw_check_incomplete;       /* ARG 1: only when the missing certificate is surely an intermediate */
tw_check tw_check_not_listed;       /* client's chain against the CA names of the CertificateRequest */
tw_check tw_check_empty;            /* client sent an empty Certificate message */
tw_check tw_check_asked_unseen;     /* the client's answer to a CertificateRequest cannot be read */
tw_check
    tw_check_never_asked; /* no client certificate was asked for in this capture, and none sent; or that is settled */
tw_check tw_check_fingerprint;        /* DTLS-SRTP: the peer's certificate is self-signed, as it is meant to be */
tw_check tw_check_certificate_seen;   /* there is a readable certificate of the peer */
tw_check tw_check_certificate_unread; /* holds always; says if it is because of encryption that there is none */
tw_check tw_check_signature;          /* ServerKeyExchange / CertificateVerify does not verify */
tw_check
    tw_check_signature_good; /* the peer's signature over the handshake does verify: only its chain is left to blame */
tw_check tw_check_unlisted_any; /* client's chain ends outside, and the server named no CA */

/* the client's certificate against the CertificateRequest (checks_request.c) */
tw_check tw_check_unlisted_signature; /* a signature of its chain is of no algorithm that the server asked for */
/* What was not asked for, with its values for the "also" texts; true: there is such a thing. */
bool tw_request_unlisted_signature(const tw_case *k, tw_values *values);
bool tw_request_unlisted_scheme(const tw_case *k, tw_values *values);
bool tw_request_unlisted_key(const tw_case *k, tw_values *values);

/* a server's certificate that this handshake hides and another one of the capture showed (checks_known.c) */
tw_check tw_check_known;       /* by its size it is the same */
tw_check tw_check_known_fault; /* likewise, and it has the fault ARG */
/* and the keys of all certificates that other handshakes of the capture showed of that server; at most possible where a
 * key of another kind may be what the hello asks for */
tw_check tw_check_key_no_suite;  /* they fit none of the offered suites */
tw_check tw_check_key_no_scheme; /* they can make none of the offered signatures */

/* stapling (checks_signatures.c) */
tw_check tw_check_ocsp_revoked;
tw_check tw_check_ocsp_bad;

/* the hellos and what was negotiated (checks_negotiation.c) */
tw_check tw_check_sslv2;             /* a hello in SSLv2's format, for TLS */
tw_check tw_check_only_old_versions; /* ARG: highest version */
tw_check tw_check_only_13;           /* client offers TLS 1.3 only */
tw_check tw_check_version_choice;    /* server's choice is not among the client's versions */
tw_check tw_check_sentinel;          /* downgrade sentinel in the ServerHello */
tw_check tw_check_suite_choice;      /* server's suite was not offered */
tw_check tw_check_group_choice;      /* server's group was not offered */
tw_check tw_check_suites_weak;       /* all offered suites are such that servers refuse them */
tw_check tw_check_usual_suites;   /* suites that practically every server has are offered, for RSA and ECDSA keys */
tw_check tw_check_groups_rare;    /* no group that servers usually have */
tw_check tw_check_sigalgs_rare;   /* no signature algorithm that servers usually have */
tw_check tw_check_sigalgs_unsaid; /* TLS 1.2 without signature_algorithms */
tw_check tw_check_no_mandatory_extension; /* TLS 1.3 hello without what RFC 8446 9.2 demands */
tw_check tw_check_one_group;              /* TLS 1.3 only, and a single group */
tw_check tw_check_offer;                  /* ClientHello readable */
tw_check tw_check_alpn;                   /* client offers ALPN */
tw_check tw_check_sni;                    /* client sent SNI */
tw_check tw_check_no_sni;                 /* client sent a hello without SNI */
tw_check tw_check_no_sni_though_modern;  /* likewise, but the hello has extensions (SSL 3.0 hellos cannot have SNI) */
tw_check tw_check_fallback;              /* TLS_FALLBACK_SCSV */
tw_check tw_check_psk;                   /* PSK offered or negotiated; ARG 1: negotiated below TLS 1.3 */
tw_check tw_check_external_psk;          /* TLS 1.3: client offers a PSK that no ticket brought */
tw_check tw_check_dh_small;              /* ARG: fewer bits than this */
tw_check tw_check_no_renegotiation_info; /* the sender's peer does not indicate RFC 5746 */
tw_check tw_check_no_ems;                /* the sender's peer lacks extended_master_secret */
tw_check tw_check_no_ems_at_key; /* likewise, and the sender had come to the master secret; OpenSSL in FIPS mode */
tw_check tw_check_unsolicited;   /* ServerHello / EncryptedExtensions holds an extension that was not offered */
tw_check tw_check_ech;           /* client sent Encrypted Client Hello, as far as can be seen */
tw_check tw_check_asked_renegotiation; /* the peer asked to renegotiate */

/* other handshakes of the capture with the same server (checks_contrast.c): those that came before, and at the end of the
 * capture (review.h) all of them */
enum {
    TW_LACKS_NOTHING = -1,
    TW_LACKS_VERSION,
    TW_LACKS_SUITE,
    TW_LACKS_GROUP,
    TW_LACKS_SCHEME,
    TW_LACKS_EMS,
    TW_LACKS_RENEGOTIATION_INFO
};
tw_check tw_check_agreed_elsewhere; /* ARG: all that the hello lacks of what was agreed there, for the same name */

/* ends without a readable alert (checks_ends.c) */
tw_check tw_check_plain_server; /* the server's first bytes are no TLS, and none came since */
tw_check tw_check_declined;     /* the server's answer to an upgrade request; holds always */
tw_check tw_check_plain_client; /* the client's first bytes are no TLS, and no hello came */
tw_check tw_check_proxy_header; /* a PROXY protocol header came before the hello, and no ServerHello since */
tw_check tw_check_no_choice;    /* no ServerHello yet; how long after the hello */
tw_check tw_check_waited;       /* how long nothing came; ARG 1: only if the server has not answered at all */
tw_check tw_check_flight_empty; /* TLS 1.3, unreadable: the client's flight has the size of an empty Certificate */
tw_check tw_check_opaque_hello; /* renegotiation, unreadable: the peer sent one message, the request to renegotiate */

/* QUIC's own (checks_ends.c) */
tw_check tw_check_quic_versions; /* the server's Version Negotiation; holds always */
tw_check tw_check_quic_error;    /* ARG: the transport error of the CONNECTION_CLOSE */

/* messages (checks_messages.c) */
tw_check tw_check_flaw;     /* the trigger does not parse */
tw_check tw_check_order;    /* in one frame, a message of the peer came before one that has to precede it */
tw_check tw_check_finished; /* the peer's Finished is what was answered; ARG 1: and no certificate of its own */

#endif
