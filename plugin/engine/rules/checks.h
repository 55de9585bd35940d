/* The predicates behind the rules. Each answers whether its row holds for the finding's case and, if so, leaves there the
 * values, the evidence, and what it blames. ARG is the finding's, and comes from the rule's row. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_RULES_CHECKS_H
#define TLSWHY_RULES_CHECKS_H

#include "case/case.h"

typedef bool tw__check(tw__finding *f);

/* certificates of the sender's peer (checks_certificates.c) */
tw__check tw__check_fault; /* ARG: tw__fault_kind; only possible where another fault explains the alert, too */
tw__check
    tw__check_inescapable_fault; /* likewise, of the leaf itself, so that no verifier that looks for it passes it by */
tw__check tw__check_stale_issuer; /* ARG: tw__fault_kind, of a certificate above the leaf; NSS */
tw__check tw__check_in_date;      /* the chain is readable, and nothing in it is out of date; holds only then */
tw__check tw__check_key_usage;    /* the leaf's keyUsage forbids the key exchange; BoringSSL */
tw__check
    tw__check_encipherment;    /* an RSA leaf without keyEncipherment, where the client's library wants that; NSS */
tw__check tw__check_untrusted; /* the chain is well formed and ends at an issuer outside */
tw__check tw__check_untrusted_hidden; /* likewise, and the client's library may say this alert of an unknown CA */
tw__check tw__check_incomplete;       /* ARG 1: only when the missing certificate is surely an intermediate */
tw__check tw__check_not_listed;       /* client's chain against the CA names of the CertificateRequest */
tw__check tw__check_empty;            /* client sent an empty Certificate message */
tw__check
    tw__check_empty_refused;  /* likewise, and the server has not gone on after it; ARG 1: or only to its Finished */
tw__check tw__check_critical; /* it has a critical extension that no library is known to know */
tw__check tw__check_asked_unseen; /* the client's answer to a CertificateRequest cannot be read */
tw__check
    tw__check_never_asked; /* no client certificate was asked for in this capture, and none sent; or that is settled */
tw__check tw__check_fingerprint;       /* DTLS-SRTP: the peer's certificate is self-signed, as it is meant to be */
tw__check tw__check_certificate_seen;  /* there is a readable certificate of the peer */
tw__check tw__check_certificate_shows; /* likewise; the sentence has {shows}: how much of a fault it has */
tw__check
    tw__check_certificate_unread; /* holds unless the peer sent an empty Certificate, or resumed a session and the alert
                                          cannot be read; says if it is because of encryption that there is none */
tw__check tw__check_unlisted_any; /* client's chain ends outside, and the server named no CA */

/* what a client sees that others do not (checks_client_view.c) */
tw__check tw__check_no_san; /* it names the host by its common name alone, which the client's library ignores */
tw__check
    tw__check_key_unusable; /* the leaf's key makes no signature that the client offers, or is on a curve that it
                                     does not offer */
tw__check tw__check_client_clock; /* by its own clock, which its hello tells, the certificate is not valid yet */

/* the client's certificate against the CertificateRequest (checks_request.c) */
tw__check tw__check_unlisted_signature; /* a signature of its chain is of no algorithm that the server asked for */
/* What was not asked for, with its values for the "also" texts; true: there is such a thing. */
bool tw__request_unlisted_signature(const tw__case *k, tw_values *values);
bool tw__request_unlisted_scheme(const tw__case *k, tw_values *values);
bool tw__request_unlisted_key(const tw__case *k, tw_values *values);

/* a server's certificate that this handshake hides and another one of the capture showed (checks_known.c) */
tw__check tw__check_known;       /* by its size it is the same */
tw__check tw__check_known_fault; /* likewise, and it has the fault ARG */
/* and the keys of all certificates that other handshakes of the capture showed of that server; at most possible where a
 * key of another kind may be what the hello asks for */
tw__check tw__check_key_no_suite;  /* they fit none of the offered suites */
tw__check tw__check_key_no_scheme; /* they can make none of the offered signatures */

/* signatures over the handshake, and stapling (checks_signatures.c) */
tw__check tw__check_signature; /* ServerKeyExchange / CertificateVerify does not verify */
tw__check
    tw__check_signature_good; /* the peer's signature over the handshake does verify: only its chain is left to blame */
tw__check tw__check_signature_good_13; /* likewise, in TLS 1.3, and the chain's last issuer was not sent */
tw__check tw__check_ocsp_revoked;
tw__check tw__check_ocsp_bad;

/* the hellos and what was negotiated (checks_versions.c, checks_algorithms.c, checks_narrow.c, checks_extensions.c,
 * checks_psk.c) */
tw__check tw__check_sslv2;               /* a hello in SSLv2's format, for TLS */
tw__check tw__check_only_old_versions;   /* ARG: highest version */
tw__check tw__check_only_13;             /* client offers TLS 1.3 only */
tw__check tw__check_version_choice;      /* server's choice is not among the client's versions */
tw__check tw__check_sentinel;            /* downgrade sentinel in the ServerHello */
tw__check tw__check_suite_choice;        /* server's suite was not offered */
tw__check tw__check_group_choice;        /* server's group was not offered */
tw__check tw__check_retry_without_group; /* a HelloRetryRequest that names neither a group nor a cookie */
tw__check tw__check_share_unlisted;      /* a key_share is for a group that supported_groups lacks */
tw__check tw__check_suites_weak;         /* all offered suites are such that servers refuse them */
tw__check tw__check_usual_suites;   /* suites that practically every server has are offered, for RSA and ECDSA keys */
tw__check tw__check_groups_rare;    /* no group that servers usually have */
tw__check tw__check_sigalgs_rare;   /* no signature algorithm that servers usually have */
tw__check tw__check_sigalgs_unsaid; /* TLS 1.2 without signature_algorithms */
tw__check tw__check_no_mandatory_extension; /* TLS 1.3 hello without what RFC 8446 9.2 demands */
tw__check tw__check_groups_narrow;  /* usual suites are offered, but not all groups that clients usually have */
tw__check tw__check_sigalgs_narrow; /* likewise of signature algorithms */
tw__check tw__check_offer;          /* ClientHello readable */
tw__check tw__check_alpn;           /* client offers ALPN */
tw__check tw__check_sni;            /* client sent SNI */
tw__check tw__check_sni_odd;        /* the name is none that RFC 6066 knows */
tw__check tw__check_no_sni;         /* client sent a hello without SNI */
tw__check
    tw__check_no_sni_though_usual; /* likewise, in a hello that today's servers would otherwise accept, over TCP from the start */
tw__check tw__check_fallback;              /* TLS_FALLBACK_SCSV */
tw__check tw__check_psk;                   /* PSK offered or negotiated; ARG 1: negotiated below TLS 1.3 */
tw__check tw__check_external_psk;          /* TLS 1.3: client offers a PSK that no ticket brought */
tw__check tw__check_dh_small;              /* ARG: fewer bits than this */
tw__check tw__check_no_renegotiation_info; /* the sender's peer does not indicate RFC 5746 */
tw__check tw__check_no_ems;                /* the sender's peer lacks extended_master_secret */
tw__check tw__check_no_ems_at_key; /* likewise, and the sender had come to the master secret; OpenSSL in FIPS mode */
tw__check tw__check_unsolicited;   /* ServerHello / EncryptedExtensions holds an extension that was not offered */
tw__check tw__check_ech;           /* client sent Encrypted Client Hello, as far as can be seen */
tw__check tw__check_asked_renegotiation; /* the peer asked to renegotiate */

/* other handshakes of the capture with the same server (checks_contrast.c): those that came before, and at the end of the
 * capture (hindsight.c) all of them */
enum {
    TW_LACKS_NOTHING = -1,
    TW_LACKS_VERSION,
    TW_LACKS_SUITE,
    TW_LACKS_GROUP,
    TW_LACKS_SCHEME,
    TW_LACKS_EMS,
    TW_LACKS_RENEGOTIATION_INFO
};
tw__check tw__check_agreed_elsewhere; /* ARG: all that the hello lacks of what was agreed there, for the same name */

/* ends without a readable alert (checks_ends.c) */
tw__check tw__check_cleartext_server; /* the server's first bytes are no TLS, and none came since */
tw__check tw__check_declined;         /* the server's answer to an upgrade request; holds always */
tw__check tw__check_cleartext_client; /* the client's first bytes are no TLS, and no hello came */
tw__check tw__check_proxy_header;     /* a PROXY protocol header came before the hello, and no ServerHello since */
tw__check tw__check_no_choice;        /* no ServerHello yet; how long after the hello */
tw__check tw__check_last_message;     /* which message of the peer came last; holds always */
tw__check tw__check_waited;           /* how long nothing came; ARG 1: only if the server has not answered at all */
tw__check tw__check_flight_empty; /* TLS 1.3, unreadable: the client's flight has the size of an empty Certificate */
tw__check
    tw__check_opaque_hello; /* renegotiation, unreadable: the peer sent one message, the request to renegotiate */

/* QUIC's own (checks_ends.c) */
tw__check tw__check_quic_versions; /* the server's Version Negotiation; holds always */
tw__check tw__check_quic_error;    /* ARG: the transport error of the CONNECTION_CLOSE */

/* messages (checks_messages.c) */
tw__check tw__check_flaw;     /* the trigger does not parse */
tw__check tw__check_overlong; /* a record of the peer is longer than the protocol allows */
tw__check tw__check_order;    /* in one frame, a message of the peer came before one that has to precede it */
tw__check tw__check_finished; /* the peer's Finished is what was answered, and no server's signature that nobody has
                                 checked; ARG 1: and no certificate of its own */

#endif
