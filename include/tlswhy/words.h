/* Words: templates and the values that fill them, the catalogue of causes, texts and alerts, help, pseudonyms.
 *
 * Every sentence that a person reads stands in plugin/catalogue/ as a template with named placeholders: "its issuer
 * {issuer} is not among the {count} CA names". A finding brings the values. Whatever comes out of a capture passes
 * tw_escape() on its way into the values, so no text ever holds a control character, a terminal escape or a
 * bidirectional override.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_WORDS_H
#define TLSWHY_WORDS_H

#include "tlswhy/base.h"

/* ---- templates and values ---- */

/* Longest value taken from a capture, in bytes after escaping; longer ones end in "...". */
#define TW_VALUE_MAX 200

/* A small set of named strings. Owns its strings. */
typedef struct tw_values tw_values;

typedef struct tw_anonymizer tw_anonymizer; /* pseudonyms: see the end of this file */

tw_values *tw_values_new(void);
/* What is set with tw_values_set_private() becomes a pseudonym of ANONYMIZER, lent, which those above keep; NULL: it
 * stays. */
tw_values *tw_values_new_private(tw_anonymizer *anonymizer);
void tw_values_free(tw_values *v); /* NULL is fine */
/* What is not set in it is that of BELOW, lent, which it leaves as it is. */
tw_values *tw_values_new_above(const tw_values *below);

/* Sets NAME (a literal of ours, lent) to VALUE (copied, escaped, cut at TW_VALUE_MAX).
 * A later value replaces an earlier one; a NULL value removes the name. */
void tw_values_set(tw_values *v, const char *name, const char *value);
void tw_values_setf(tw_values *v, const char *name, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* The same for a time of US microseconds, without its sign, in milliseconds or seconds: "0.25 ms", "31.5 ms", "2.0 s". */
void tw_values_set_duration(tw_values *v, const char *name, int64_t us);

/* The same for a text of the catalogue: not escaped, not cut. */
void tw_values_set_text(tw_values *v, const char *name, const char *text);

/* Copies every value of FROM into V. */
void tw_values_add_all(tw_values *v, const tw_values *from);

/* Lends the value, or NULL. */
const char *tw_values_get(const tw_values *v, const char *name);

/* Whether every placeholder of TEMPLATE has a value in V (NULL counts as empty). */
bool tw_text_complete(const char *template, const tw_values *v);

/* TEMPLATE with its placeholders replaced; a placeholder without a value becomes "?"
 * (tests forbid that for shipped texts). Caller frees with g_free(). */
char *tw_text_expand(const char *template, const tw_values *v);

/* TEXT in lines of at most WIDTH columns, each ended by a newline, broken at blanks only (a longer word keeps its line).
 * The lines after the first are indented two columns further than the first. Those of a command to copy end in a
 * backslash, by which a shell joins them. Caller frees with g_free(). */
char *tw_text_wrap(const char *text, unsigned width);

/* Untrusted bytes as one line of printable UTF-8: control characters, invalid UTF-8,
 * U+0080..U+009F, bidirectional controls and the backslash are shown as \xNN or \u{NNNN}; 
 * at most MAX bytes, then "...". LEN < 0: up to the NUL. Caller frees with g_free(). */
char *tw_escape(const char *bytes, gssize len, size_t max);

/* The LEN bytes at BYTES as lower-case hexadecimal digits, two a byte, behind BEFORE. Caller frees with g_free(). */
char *tw_hex(const char *before, const uint8_t *bytes, size_t len);

/* ---- causes (causes.def) ---- */

typedef enum {
#define CAUSE(name, ...) TW_CAUSE_##name,
#include "catalogue/causes.def"
#undef CAUSE
    TW_N_CAUSES
} tw_cause;

/* What a cause is about. */
typedef enum {
    TW_SERVER_CERTIFICATE, /* the client rejected it */
    TW_CLIENT_CERTIFICATE, /* the server rejected or missed it */
    TW_NEGOTIATION,        /* the two sides have no version, suite, name, key or extension in common */
    TW_MESSAGES,           /* a message or record that its receiver could not take, or a refusal without a word */
    TW_NO_ALERT,           /* no TLS, no answer, or an end without an alert */
    TW_SESSION,            /* an end after the handshake */
    TW_N_FAMILIES
} tw_family;

/* "server-certificate", "negotiation", ...: the words that display filters know. Static, never NULL. */
const char *tw_family_name(tw_family family);

/* When a hint is given (hints.c sees it in the case, or a check says so). Each but the first vouches for the
 * placeholders named here. */
typedef enum {
    TW_ALWAYS = 0,
    TW_IF_REACHABLE, /* server, sname_option: the server's own address is known, and a command can go there over TCP */
    TW_IF_NAMED,     /* server_name: the client asked for a name */
    TW_IF_ISSUER_READ,        /* issuer: the certificate's issuer can be read */
    TW_IF_AIA,                /* aia: the certificate says where its issuer's can be had */
    TW_IF_CA_LIMITS,          /* limiting, needed: a CA's extendedKeyUsage limits what is below it */
    TW_IF_CAS_LISTED,         /* listed: the server named CAs */
    TW_IF_ISSUER_UNSENT,      /* unsent: the chain may end at an intermediate of a CA that the server named */
    TW_IF_FINGERPRINTS,       /* description: DTLS-SRTP, where certificates are known by their fingerprints */
    TW_IF_CERTIFICATE_HIDDEN, /* TLS 1.3 encrypts the certificate, and the keys are missing */
    TW_IF_ALERT_HIDDEN,       /* the alert is encrypted, and the keys are missing */
    TW_IF_SSLV2,              /* the client began with a ClientHello of SSL 2.0 */
    TW_IF_PROXY_HEADER,       /* the client began with a header of the PROXY protocol */
    TW_IF_RESET_FOREIGN,      /* hops_word, foreign_hops: the reset is not its sender's */
    TW_IF_PSK,                /* the pre-shared key is no ticket */
    TW_IF_TICKET,             /* the pre-shared key is a ticket, by which the client resumes a session */
    TW_IF_LARGE_HELLO,        /* large_hello: the ClientHello does not fit into one segment */
    TW_IF_LEAF_LATER,         /* the first certificate is a CA's, and the leaf comes later */
    TW_IF_LARGE_LOST,         /* large_packets: large segments do not arrive */
    TW_N_CONDITIONS
} tw_condition;

typedef struct {
    tw_condition condition;
    const char *text; /* template */
} tw_hint;

#define TW_HINTS_MAX 5

typedef struct {
    const char *id; /* "server-cert-expired": for ever */
    tw_family family;
    tw_severity severity;
    bool late;                       /* one pass may be too early to show it */
    const char *title;               /* short form for the Info column: "server certificate expired" */
    const char *reason;              /* template of the full sentence, with the values that matter */
    const char *plain;               /* template of the sentence when those values are not known */
    const char *meaning;             /* one line for the list of causes */
    const char *filter;              /* display filter: the packets that show it */
    const char *look;                /* what to find there */
    tw_hint hints[TW_HINTS_MAX + 1]; /* what to do; the last one's text is NULL */
} tw_cause_info;

const tw_cause_info *tw_cause_get(tw_cause cause); /* never NULL below TW_N_CAUSES */

/* ---- evidence and other phrases (texts.def) ---- */

typedef enum {
#define TEXT(name, template) TW_TEXT_##name,
#include "catalogue/texts.def"
#undef TEXT
    TW_N_TEXTS
} tw_text;

const char *tw_text_template(tw_text text);

/* The template of TEXT, expanded with V (NULL counts as empty). Caller frees with g_free(). */
char *tw_text_new(tw_text text, const tw_values *v);

/* Sets NAME of V to TEXT, expanded with V as it is. */
void tw_values_set_phrase(tw_values *v, const char *name, tw_text text);

/* Sets NAME of V to ONE if N is 1, else to MANY, whose placeholder {n} is N. */
void tw_values_set_count(tw_values *v, const char *name, unsigned n, tw_text one, tw_text many);

/* ---- alerts (alerts.def) and what programs print for them (programs.def) ---- */

/* AlertDescription (the TLS Alerts registry), by name. */
enum {
#define ALERT(NAME, NUMBER, ...) TW_ALERT_##NAME = NUMBER,
#include "catalogue/alerts.def"
#undef ALERT
};

/* IANA name of alert NUMBER ("unknown_ca"), without the "_RESERVED" of retired ones; NULL if it is not registered. */
const char *tw_alert_name(uint8_t number);

/* Where it is defined ("RFC 8446 section 6.2"), or NULL. */
const char *tw_alert_rfc(uint8_t number);

/* "unknown_ca (48)"; "unassigned alert (200)" for what is not registered. Caller frees. */
char *tw_alert_label(uint8_t number);

/* "warning", "fatal" or NULL. */
const char *tw_alert_level_name(uint8_t level);

/* What well-known programs print on the RECEIVER's side for alert NUMBER: an array of strings
 * "Program: text", most common programs of that role first. LIBRARY: the TLS library that the receiver looks like
 * ("OpenSSL"), for the lines of its programs alone; NULL: any. PHASE: some programs print another
 * text when the alert answers the ClientHello, or when their handshake is over already. RECEIVER unknown: the
 * libraries only. Alerts that are usually warnings (close_notify, user_canceled, no_renegotiation) have few lines,
 * because few programs report them; numbers that are not registered have generic ones. Empty where the programs of
 * LIBRARY print nothing, never without one. Caller frees with g_ptr_array_unref(). */
GPtrArray *tw_alert_logs(uint8_t number, tw_side receiver, const char *library, tw_phase phase);

/* ---- help on causes: what a verdict means, how to confirm it, what to do; plain text, one paragraph to a line ---- */

typedef struct tw_verdict tw_verdict; /* verdict.h */

/* The number that people know the frame FRAME of a verdict by; 0: they do not see it. */
typedef uint32_t tw_frame_number(uint32_t frame);

/* Help on VERDICT, with its values, of a connection in CARRIER, whose display filters have names of their own. Caller frees
 * with g_free(). */
char *tw_help_verdict(const tw_verdict *verdict, tw_carrier carrier, tw_frame_number *number);

/* Help on FRAME (by its number), which has no verdict; OF_CONNECTION: it is of a TLS connection, none of whose handshakes
 * failed. Caller frees with g_free(). */
char *tw_help_no_verdict(uint32_t frame, bool of_connection);
/* The same where it has no stream, by which its connection could be shown. */
char *tw_help_no_stream(uint32_t frame);

/* A line of a help text: VALUES, lent, fill the template of FORM. */
typedef void tw_help_line(tw_text form, const tw_values *values, void *data);

/* Help on CAUSE: id, title, meaning, how to confirm, what to do, line by line to LINE with DATA. Where advice has a
 * value of a verdict, words in capitals stand. */
void tw_help_cause(tw_cause cause, tw_help_line *line, void *data);

/* The same of all causes, as one text. Caller frees with g_free(). */
char *tw_help_causes(void);

/* ---- pseudonyms, for reports that can be shared ----
 *
 * A name is replaced where it enters the texts, not in the finished sentences, for it may be a word of ours ("server").
 * The same value always gets the same pseudonym, so that a reader still sees what equals what:
 *
 *   host-1                     a DNS name, wherever it stands: SNI, subjectAltName, an attribute of a DN
 *   192.0.2.1, 2001:db8::1     an address (RFC 5737, RFC 3849; then RFC 2544's 198.18.0.0/15)
 *   CN=name-1,O=name-2         a DN keeps its attribute types
 *   identity-1, serial-1,      of a pre-shared key, of a certificate
 *   url-1, file-1              what they say */

typedef enum {
    TW_PRIVATE_HOST,     /* a DNS name or an address */
    TW_PRIVATE_ENDPOINT, /* "192.0.2.1:443", "[2001:db8::1]:443": the port stays */
    TW_PRIVATE_DN,       /* RFC 4514 */
    TW_PRIVATE_IDENTITY, /* of a pre-shared key */
    TW_PRIVATE_SERIAL,   /* of a certificate: with the number its names can be found in the logs of the CAs */
    TW_PRIVATE_URL,
    TW_PRIVATE_FILE,
    TW_PRIVATE_WORDS /* a line of another protocol: of it the status or command that it begins with stays */
} tw_private;

tw_anonymizer *tw_anonymizer_new(void);
void tw_anonymizer_free(tw_anonymizer *anonymizer); /* NULL is fine */

/* The pseudonym of VALUE (taken over), or VALUE where ANONYMIZER is NULL; NULL stays NULL. The caller frees the result. */
char *tw_private_text(tw_anonymizer *anonymizer, tw_private kind, char *value);

/* tw_values_set() with VALUE, or with its pseudonym. */
void tw_values_set_private(tw_values *v, const char *name, tw_private kind, const char *value);

#endif
