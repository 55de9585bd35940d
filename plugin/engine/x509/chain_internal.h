/* What the chain_*.c files share. Nobody else includes this.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_X509_CHAIN_INTERNAL_H
#define TLSWHY_X509_CHAIN_INTERNAL_H

#include "tlswhy/words.h"
#include "x509/chain.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/ocsp.h>
#include <gnutls/x509-ext.h>
#include <gnutls/x509.h>

#define NAME_MAX_BYTES 512 /* longer than any DNS name */

typedef enum {
    CERT_PARSED,
    CERT_MALFORMED, /* the library refuses it */
    CERT_CUT,       /* not whole in the capture */
    CERT_SKIPPED    /* too large to be looked at, or its parts cannot be told apart */
} cert_state;

/* Values of chain_cert.parent beside an index. */
#define PARENT_NONE (-1) /* the issuer is not in the chain */
#define PARENT_SELF (-2) /* it is its own issuer */

typedef struct known_cert known_cert; /* chain_known.c */

typedef struct {
    const uint8_t *data;
    size_t len;
} der_span;

/* The extensions that are looked at (RFC 5280 4.2.1, RFC 7633). */
typedef enum {
    EXTENSION_SUBJECT_KEY_ID,
    EXTENSION_KEY_USAGE,
    EXTENSION_BASIC_CONSTRAINTS,
    EXTENSION_NAME_CONSTRAINTS,
    EXTENSION_AUTHORITY_KEY_ID,
    EXTENSION_EXTENDED_KEY_USAGE,
    EXTENSION_TLS_FEATURE,
    N_EXTENSIONS
} chain_extension;

#define CHAIN_DIGEST 32

typedef struct {
    known_cert *owner;      /* who frees what this one points to, or NULL: itself */
    tw__chain_cache *cache; /* lent, or NULL */
    GBytes *der;
    cert_state state;
    int error; /* GnuTLS's, for CERT_MALFORMED */
    gnutls_x509_crt_t crt;
    int key_kind; /* gnutls_pk_algorithm_t of its key; GNUTLS_PK_UNKNOWN and what is below: not known */
    der_span extensions[N_EXTENSIONS]; /* their values, in DER; those that are absent have no data */
    tw__cert_info info;
    GBytes *subject, *issuer; /* normal forms, see chain_dn_normal() */
    GBytes *ski, *aki;        /* key identifiers, or NULL */
    GBytes *issuers_issuer;   /* who issued the issuer, where the certificate says so, as above; or NULL */
    int version;
    bool has_constraints; /* basicConstraints */
    int path_len;         /* pathLenConstraint, or -1 */

    /* How it hangs together with the others (chain_links.c). */
    uint32_t issuers; /* every certificate of the chain that may have issued it, one bit each */
    int parent;       /* the one that the path takes */
    bool reached;     /* on some path up from the leaf */
    bool in_path;
} chain_cert;

struct tw__chain_cache {
    tw_anonymizer *anonymizer;
    GHashTable *certs;      /* GBytes, the certificate -> known_cert */
    GHashTable *old_certs;  /* likewise, those before */
    GHashTable *signatures; /* GBytes -> tw_tri (chain_verify.c) */
    GHashTable *texts;      /* GBytes, a name in DER -> its text (chain_dn.c) */
};

struct tw__chain {
    tw__chain_cache *cache;
    unsigned n;
    unsigned unexamined;
    bool hidden;                 /* some certificate was not seen or not read, so absence proves nothing */
    unsigned path[TW_CHAIN_MAX]; /* from the leaf upwards */
    unsigned path_n;             /* 0 when the leaf was not read */
    chain_cert certs[];          /* N of them */
};

G_STATIC_ASSERT(TW_CHAIN_MAX <= 32); /* chain_cert.issuers */

/* What one examination is about. */
typedef struct {
    tw__chain *chain;
    tw_side side;
    int64_t at;
    const char *name;
    bool key_exchange_rsa;
    GPtrArray *faults;
} examination;

/* ---- chain_der.c: just enough DER ---- */

/* Takes the next element off the front of IN. WHOLE (may be NULL) includes its header. False at
 * the end and for whatever is not definite-length DER with a one-byte tag. */
bool chain_der_next(der_span *in, uint8_t *tag, der_span *content, der_span *whole);

der_span chain_der_span(GBytes *bytes);

/* The signed part of a certificate, header included. */
bool chain_der_tbs(GBytes *certificate, der_span *tbs);

/* notBefore and notAfter, as the digits stand there. */
bool chain_der_validity(GBytes *certificate, der_span times[2]);

/* The times of the Nth SingleResponse (RFC 6960 4.2.1) of an OCSP response, as the digits stand there; of what is absent,
 * the length is 0. */
typedef struct {
    der_span this_update, next_update, revoked_at;
} der_ocsp_times;

bool chain_der_ocsp_times(GBytes *response, unsigned n, der_ocsp_times *times);

/* An OID, dotted. Caller frees. */
char *chain_der_oid_text(der_span oid);

/* The OID of the curve in the certificate's key, dotted, or NULL. */
char *chain_der_curve_oid(GBytes *certificate);

/* Enters an element of tag WANTED at the front of IN, and takes it off; false: there is another one, or none. */
bool chain_der_enter(der_span *in, uint8_t wanted, der_span *content);

/* The content of the first element of TAG in SPAN. */
bool chain_der_find(der_span span, uint8_t tag, der_span *content);

/* The content of the list of extensions; empty where there is none. False: it cannot be found. */
bool chain_der_extensions(GBytes *certificate, der_span *list);

/* The salt length in the parameters of an RSA-PSS signature, or -1 where there are none. */
int chain_der_pss_salt(GBytes *certificate);

/* Whether the elements of the certificate fit into each other: where they do not, no parser of any library reads it. */
bool chain_der_is_sound(GBytes *certificate);

/* Whether the certificate has so many parts that the library's lookups would take noticeable time. */
bool chain_der_excessive(GBytes *certificate);

/* ---- chain_dn.c ---- */

/* A form of the DER Name that is equal for names which RFC 5280 7.1 holds for equal. Never NULL. */
GBytes *chain_dn_normal(const uint8_t *der, size_t len);
char *chain_dn_text(tw__chain_cache *cache, const gnutls_datum_t *der); /* as tw__dn_text() */

/* ---- chain_extensions.c: found in one walk, because the library decodes all of them anew for each question ---- */

/* Takes the next extension off the front of LIST. */
bool chain_extension_next(der_span *list, der_span *oid, bool *critical, der_span *value);

/* Finds those that are looked at; false: the certificate's extensions cannot be told apart. */
bool chain_extensions_find(GBytes *certificate, der_span found[N_EXTENSIONS]);

/* What stands in the value of one of them, as GnuTLS reads it; false or NULL: it is absent, or cannot be read. PATH_LEN: -1 where
 * there is no limit. USAGE: GNUTLS_KEY_*. The caller frees what is returned. */
bool chain_read_basic_constraints(der_span value, bool *ca, int *path_len);
bool chain_read_key_usage(der_span value, unsigned *usage);
GBytes *chain_read_subject_key_id(der_span value);
GBytes *chain_read_authority_key_id(der_span value);
bool chain_read_issuers_issuer(der_span value,
                               der_span *name); /* the Name in authorityCertIssuer (RFC 5280 4.2.1.1) */
bool chain_read_has_feature(der_span value, unsigned feature); /* whether it is there (RFC 7633) */
gnutls_x509_key_purposes_t chain_read_purposes(der_span value);

/* ---- chain_parse.c ---- */

void chain_cert_parse(chain_cert *cert, GBytes *der, bool cut, tw__chain_cache *cache);
tw_anonymizer *chain_anonymizer(const tw__chain_cache *cache); /* of NULL: NULL */
void chain_cert_clear(chain_cert *cert);

/* ---- chain_known.c ---- */

/* As chain_cert_parse(), of a whole certificate, remembered in CACHE; chain_cert_release() frees either. */
void chain_cert_recall(chain_cert *cert, GBytes *der, tw__chain_cache *cache);
void chain_cert_release(chain_cert *cert);

/* SHA-256 of its bytes, made when it is first asked for. */
bool chain_cert_digest(const chain_cert *cert, uint8_t digest[CHAIN_DIGEST]);

/* ---- chain_verify.c ---- */

#define CHAIN_VERIFY_FLAGS (GNUTLS_VERIFY_ALLOW_BROKEN | GNUTLS_VERIFY_ALLOW_SIGN_WITH_SHA1)

/* Whether the signature of CERT verifies with the key of ISSUER. */
tw_tri chain_signed_by(const chain_cert *cert, const chain_cert *issuer);
tw_tri chain_self_signed(const chain_cert *cert); /* whether it names itself as issuer, and its own key did sign it */

/* Keys beyond this could keep the verification busy for hours. */
bool chain_key_is_sane(gnutls_x509_crt_t crt);

/* ---- chain_links.c ---- */

/* Signatures are most of what a verdict costs: they are verified here only where the names and the key identifiers leave a
 * choice. */
void chain_link(tw__chain *chain);

/* ---- faults (chain_fault.c) ---- */

/* Adds a fault with the values that every fault has, or returns the one of this kind that the certificate has already. */
tw__fault *chain_fault(examination *ex, tw__fault_kind kind, unsigned which);
const char *chain_subject(const chain_cert *cert);
/* Whether a certificate that names itself as issuer says by its key identifiers, or shows by its signature, which is verified
 * only then, that its own key signed it. */
bool chain_signs_itself(const chain_cert *cert);
bool chain_is_root(const chain_cert *cert); /* likewise, or the signature cannot be examined */

/* Whether CERT says of its issuer that it is a root, or that it is none. */
bool chain_names_root(const chain_cert *cert);
bool chain_names_intermediate(const chain_cert *cert);

/* ---- one file for each kind of knowledge ---- */

void chain_check_times(examination *ex);
void chain_check_name(examination *ex);
void chain_check_usage(examination *ex);
void chain_check_keys(examination *ex);
void chain_check_cas(examination *ex);
void chain_check_links(examination *ex);
void chain_check_signatures(examination *ex);

/* ---- chain_time.c ---- */

/* UTCTime or GeneralizedTime as RFC 5280 4.1.2.5 has them (RFC 6960 asks for the same), in seconds since 1970, or
 * TW_TIME_UNKNOWN. 9999-12-31 23:59:59 means that there is no end. */
int64_t chain_time_read(der_span text);
void chain_time_set(tw_values *values, const char *name, int64_t t);

#endif
