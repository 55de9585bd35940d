/* A certificate chain as a peer sent it, and what is wrong with it.
 *
 * Only the files of this folder use GnuTLS; without_gnutls.c is in their place where the build has none. It judges the bytes alone: a fault listed here is a
 * property of the certificates, the time and the name, never a guess about what a peer
 * trusts. Parsing happens only when a verdict needs it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_X509_CHAIN_H
#define TLSWHY_X509_CHAIN_H

#include "tlswhy/base.h"
#include "tlswhy/certificate.h"
#include "tlswhy/words.h"

/* Bounds. What lies beyond is counted but not looked at; tw__chain_unexamined() counts it. */
#define TW_CHAIN_MAX      32    /* certificates examined in one chain */
#define TW_CERT_MAX_BYTES 65536 /* bytes of one certificate */
#define TW_NAMES_MAX      5000  /* subjectAltName entries of one certificate */

typedef enum {
    TW_FAULT_MALFORMED,      /* a certificate does not parse as X.509 (DER errors) */
    TW_FAULT_CUT,            /* a certificate is not whole in the capture (snap length): not a fault of the peer */
    TW_FAULT_EXPIRED,        /* notAfter before the capture time: leaf or a non-root above it */
    TW_FAULT_NOT_YET_VALID,  /* notBefore after the capture time */
    TW_FAULT_NAME_MISMATCH,  /* RFC 6125 / 9525; only when a reference name is given */
    TW_FAULT_SELF_SIGNED,    /* the leaf is its own issuer: its key identifiers say so, or its own key verifies it */
    TW_FAULT_INCOMPLETE,     /* leaf's (or an intermediate's) issuer is not in the chain, and evidence says an
                                intermediate is missing: see tw__chain_examine() */
    TW_FAULT_UNKNOWN_ISSUER, /* the top's issuer is outside the chain, or a self-signed root stands at its end.
                                It is what an untrusted CA looks like, and no fault in itself: there unless the leaf
                                is self-signed, INCOMPLETE is certain, or part of the chain was not seen */
    TW_FAULT_WEAK_KEY,       /* RSA/DSA < 2048 bits, EC < 256 (roots left out) */
    TW_FAULT_WEAK_SIGNATURE, /* signed with MD2/MD4/MD5/SHA-1 (self-signed certificates left out) */
    TW_FAULT_WRONG_USAGE,    /* extendedKeyUsage / keyUsage of the leaf does not allow the role or key exchange, or
                                extendedKeyUsage of a CA above it, roots left out, does not allow the role */
    TW_FAULT_BAD_CA, /* an issuer in the chain is not a CA: basicConstraints, pathLen, keyCertSign, name constraints */
    TW_FAULT_BAD_SIGNATURE,    /* a signature does not verify with the issuer's key in the chain */
    TW_FAULT_WRONG_ORDER,      /* linked, but not in the order leaf, issuer, issuer ... (RFC 5246 7.4.2) */
    TW_FAULT_NEEDLESS_ROOT,    /* a root at the end; harmless, a note */
    TW_FAULT_UNRELATED_CERT,   /* a certificate that is in nobody's path, or a copy of another */
    TW_FAULT_UNKNOWN_CRITICAL, /* a critical extension that no implementation in use knows */
    TW_FAULT_NO_SAN, /* the common name matches, and there is no subjectAltName: to those who ignore the one (RFC 9525
                        2) it is for no name */
    TW_N_FAULTS
} tw__fault_kind;

/* What a certificate would have to allow. */
typedef enum {
    TW_NEED_NOTHING,
    TW_NEED_SERVER_AUTH, /* extendedKeyUsage, here and in the next */
    TW_NEED_CLIENT_AUTH,
    TW_NEED_SIGNATURE, /* keyUsage, here and in the next */
    TW_NEED_ENCIPHERMENT
} tw__need;

/* One fault. VALUES hold what texts.def asks for, by fault (all names shown as they are escaped):
 *   every fault:      subject (RFC 4514 DN of the certificate concerned, or its number "certificate 2" when it
 *                     does not parse), which ("leaf", "intermediate", "root"), number ("1" = leaf)
 *   EXPIRED           not_after, captured, ago ("3 days", "2 years")
 *   NOT_YET_VALID     not_before, captured, ahead
 *   NAME_MISMATCH     name (asked for), names ("a.example, *.b.example and 12 more" or "CN=x (no subjectAltName)")
 *   SELF_SIGNED       -
 *   INCOMPLETE        issuer (missing), aia (caIssuers URL, if there is one)
 *   UNKNOWN_ISSUER    issuer (top's issuer), top (top certificate's subject)
 *   WEAK_KEY          key ("1024-bit RSA")
 *   WEAK_SIGNATURE    algorithm ("RSA-SHA1")
 *   WRONG_USAGE       usage (what it allows: "clientAuth", "keyEncipherment"), needed ("serverAuth", "digitalSignature"),
 *                     limiting (the subject again, where it is a CA above the leaf)
 *   BAD_CA            why: one of texts.def's words, already expanded: "basicConstraints say CA:FALSE",
 *                     "it has no basicConstraints", "pathLen 0 is exceeded", "keyUsage lacks keyCertSign",
 *                     "its name constraints exclude www.example"; issued (subject of the certificate it signed)
 *   BAD_SIGNATURE     issuer
 *   MALFORMED         why (GnuTLS's error text)
 *   NO_SAN            as NAME_MISMATCH
 *   UNKNOWN_CRITICAL  oid                                                                              */
typedef struct {
    tw__fault_kind kind;
    unsigned cert; /* certificate in the chain as sent, 0 = leaf */
    bool certain;  /* INCOMPLETE: the missing certificate is surely an intermediate, and no root that was left out on
                       purpose. MALFORMED: the DER itself does not hold together, so that nobody can read it.
                       BAD_SIGNATURE: the key identifiers show that no other key is meant */
    tw__need need; /* WRONG_USAGE */
    tw_values *values;
} tw__fault;

/* Facts of one certificate that negotiation rules and evidence use. Strings are escaped, and empty (not NULL)
 * when the certificate was not parsed. */
typedef struct {
    bool parsed;
    char *subject, *issuer; /* RFC 4514, escaped; "" for an empty DN */
    char *serial;           /* hex */
    int64_t not_before, not_after;
    char key_type[16]; /* "RSA", "RSA-PSS", "ECDSA", "Ed25519", "DSA", ... */
    unsigned key_bits;
    char curve[24]; /* for ECDSA: "secp256r1"; else "" */
    char sig_algorithm[40];
    tw_tri is_ca;
    bool self_issued; /* subject == issuer */
    bool has_san;     /* a subjectAltName: without one, some peers refuse what the common name allows */
    bool must_staple; /* TLS feature extension 5 (RFC 7633) */
} tw__cert_info;

typedef struct tw__chain tw__chain;

/* What the chains of one capture share: certificates that were read, signatures that were verified, pseudonyms. Wherever
 * one is asked for, NULL stands for nothing shared. */
typedef struct tw__chain_cache tw__chain_cache;

/* ANONYMIZER, lent, or NULL. Free with tw__chain_cache_free() when no chain and no roots made with it are left. */
tw__chain_cache *tw__chain_cache_new(tw_anonymizer *anonymizer);
void tw__chain_cache_free(tw__chain_cache *cache); /* NULL is fine */

/* DERS: the certificates as sent, leaf first, GBytes (referenced). CUT: the last one was not captured
 * whole. Never NULL; a certificate that does not parse is kept as such. Free with tw__chain_free(). */
tw__chain *tw__chain_new(tw__chain_cache *cache, const GPtrArray *ders, bool cut);

/* The peer sent more certificates than DERS had (the capture ends between two of them): what is not in
 * the chain may have been sent all the same. tw__chain_new() sees to CUT and to the bounds itself. */
void tw__chain_set_partial(tw__chain *chain);
void tw__chain_free(tw__chain *chain);

bool tw__chain_can_be_read(void); /* false: this build has no GnuTLS, so that all of every chain is unexamined */
unsigned tw__chain_length(const tw__chain *chain);     /* certificates held, at most TW_CHAIN_MAX */
unsigned tw__chain_unexamined(const tw__chain *chain); /* those beyond it, beyond TW_CERT_MAX_BYTES, or of absurdly
                                                        many parts (the latter two are held, not parsed) */
const tw__cert_info *tw__chain_cert(const tw__chain *chain, unsigned which); /* lent; NULL beyond the end */

/* What is wrong with CHAIN as the certificate of SIDE at unix time AT (seconds).
 * NAME: the reference name (SNI) or NULL: DNS name or IP literal. KEY_EXCHANGE_RSA: the leaf's key
 * decrypts (static RSA key exchange) rather than signs. Every fault is listed, in no order of
 * importance; one entry for each certificate and kind.
 *
 * AT <= 0: the time is not known, and no dates are judged. NAME is not looked at for TW_CLIENT, usage not for
 * TW_SIDE_UNKNOWN. All but MALFORMED, CUT, WRONG_ORDER and UNRELATED_CERT are said only of certificates on the
 * path from the leaf upwards; dates, keys and signatures of a root above the leaf are left alone, because the
 * peer trusts its own copy of it.
 *
 * Where the path ends without a root, bytes alone cannot tell whether an intermediate was left out or the peer
 * lacks a root. What stands for which:
 *   a CA certificate was sent that no path reaches, and nothing on the path names it as its issuer (the root
 *   without the intermediate, the intermediate of another hierarchy), or the topmost certificate says that its issuer
 *   was issued by yet another one (authorityCertIssuer): INCOMPLETE, certain
 *   the topmost one says that its issuer is its own: UNKNOWN_ISSUER
 *   nothing but the leaf: INCOMPLETE, possible (with aia, if it says where its issuer is to be had; public CAs
 *   never issue from a root, but private ones do), and UNKNOWN_ISSUER
 *   leaf and intermediates: UNKNOWN_ISSUER. An AIA URL in the topmost is no sign of anything here: the
 *   intermediates below public roots have one, too
 *   part of the chain was cut, damaged or not examined: neither
 *
 * A certificate of the right name whose key does not verify the signature is a damaged link (BAD_SIGNATURE),
 * unless the key identifiers (AKI and SKI) show that another key is meant: then that issuer is missing. Where
 * several could be the issuer (cross-signing), all count as reached; the path takes the first behind that
 * verifies.
 * Caller frees with g_ptr_array_unref() (elements free themselves). */
GPtrArray *tw__chain_examine(tw__chain *chain, tw_side side, int64_t at, const char *name, bool key_exchange_rsa);

/* The same in two steps: what can be said before the issuers' signatures are verified, which takes a hundred times as long as
 * all the rest; and what those add to it. */
GPtrArray *tw__chain_examine_unverified(tw__chain *chain, tw_side side, int64_t at, const char *name,
                                        bool key_exchange_rsa);
void tw__chain_examine_signatures(tw__chain *chain, GPtrArray *faults);

/* Whether faults of KIND come by the second step. */
bool tw__fault_takes_signatures(tw__fault_kind kind);

/* Whether any certificate of the chain is issued by one of DNS (GBytes: DER Names, as in
 * CertificateRequest), or is itself named so, or says that its issuer is issued by one. TW_UNSEEN when nothing could be
 * parsed. */
tw_tri tw__chain_issued_by_any(const tw__chain *chain, const GPtrArray *dns);

/* Whether CHAIN holds, above its leaf, a certificate of the issuer that certificate WHICH of OF names, other than a
 * root. */
bool tw__chain_holds_issuer_of(const tw__chain *chain, const tw__chain *of, unsigned which);

/* Whether the chain is seen to end at a root: that was sent, or the topmost certificate says that its issuer is one
 * (authorityCertIssuer). False: nothing shows what the issuer of the topmost one is. */
bool tw__chain_ends_at_root(const tw__chain *chain);

/* The first certificate on the path from the leaf upwards, roots left out, whose signature is made with none of the N
 * SCHEMES (TLS SignatureScheme); *SCHEME: the one it is made with. -1: there is none. A signature whose algorithm has no
 * SignatureScheme counts as none. */
int tw__chain_unlisted_signature(const tw__chain *chain, const uint16_t *schemes, unsigned n, uint16_t *scheme);

/* A DER Name as escaped RFC 4514 text, as CACHE has it or shall have it; "(unreadable name)" if it does not parse. Caller
 * frees. */
char *tw__dn_text(tw__chain_cache *cache, GBytes *der);

/* Whether SIGNATURE over DATA verifies with the leaf's key. SCHEME is a TLS SignatureScheme (RFC 8446
 * 4.2.3) or, below TLS 1.2, 0: MD5+SHA-1 for RSA, SHA-1 for the rest. TW_UNSEEN: could not be examined
 * (unknown scheme, unparsed leaf), never a guess. */
tw_tri tw__chain_leaf_verifies(const tw__chain *chain, uint16_t scheme, const uint8_t *data, size_t len,
                               const uint8_t *signature, size_t signature_len);

/* A stapled OCSP response (RFC 6960) held against the chain at time AT. */
typedef enum {
    TW_OCSP_GOOD,
    TW_OCSP_REVOKED,
    TW_OCSP_REVOKED_IN_DOUBT, /* by a response that is out of date, or whose signature the chain does not suffice to check */
    TW_OCSP_UNKNOWN,
    TW_OCSP_UNREADABLE,
    TW_OCSP_OTHER_CERT,
    TW_OCSP_EXPIRED,
    TW_OCSP_NOT_YET_VALID,
    TW_OCSP_BAD_SIGNATURE,
    TW_OCSP_ERROR_STATUS,
    TW_OCSP_UNEXAMINED /* the leaf was not read, so there is nothing to hold it against */
} tw__ocsp_verdict;

/* The order: UNREADABLE, ERROR_STATUS, OTHER_CERT, BAD_SIGNATURE (only if the leaf's issuer is in the chain),
 * REVOKED and REVOKED_IN_DOUBT, EXPIRED, NOT_YET_VALID, UNKNOWN, GOOD. AT <= 0: no dates are judged.
 * VALUES (may be NULL) receives: status, this_update, next_update, revoked_at, serial, certificate as they apply. */
tw__ocsp_verdict tw__chain_check_ocsp(const tw__chain *chain, GBytes *response, int64_t at, tw_values *values);

/* Roots of a PEM file (trusted roots preference); NULL and *ERROR set (g_free) when it cannot be read. */
typedef struct tw__roots tw__roots;
tw__roots *tw__roots_load(tw__chain_cache *cache, const char *file, char **error);
void tw__roots_free(tw__roots *roots);
/* Whether the chain's top, or a certificate of it, is or is issued by one of ROOTS. */
tw_tri tw__roots_anchor(const tw__roots *roots, const tw__chain *chain);

#endif
