/* The catalogues: causes, alerts and every text a person reads, as data.
 *
 * causes.def, confirm.def, texts.def, alerts.def and programs.def are the sources; catalog*.c turns them
 * into tables. Nothing else in tlswhy holds a sentence for people.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CATALOG_H
#define TLSWHY_CATALOG_H

#include "tlswhy/base.h"
#include "tlswhy/text.h"

/* ---- causes (causes.def) ---- */

typedef enum {
#define CAUSE(name, id, severity, title, reason, plain, meaning, ...) TW_CAUSE_##name,
#include "catalogue/causes.def"
#undef CAUSE
    TW_N_CAUSES
} tw_cause;

#define TW_HINTS_MAX 4

typedef struct {
    const char *id; /* "server-cert-expired": for ever */
    tw_severity severity;
    const char *title;                   /* short form for the Info column: "server certificate expired" */
    const char *reason;                  /* template of the full sentence, with the values that matter */
    const char *plain;                   /* template of the sentence when those values are not known */
    const char *meaning;                 /* one line for the list of causes */
    const char *hints[TW_HINTS_MAX + 1]; /* templates, NULL-terminated; one whose values are missing is left out */
} tw_cause_info;

const tw_cause_info *tw_cause_get(tw_cause cause); /* never NULL below TW_N_CAUSES */

/* How to see it with one's own eyes (confirm.def). */
typedef struct {
    const char *filter; /* display filter: the packets to look at */
    const char *look;   /* what to find there */
} tw_confirmation;

const tw_confirmation *tw_cause_confirm(tw_cause cause); /* never NULL below TW_N_CAUSES */

/* ---- evidence and other phrases (texts.def) ---- */

typedef enum {
#define TEXT(name, template) TW_TEXT_##name,
#include "catalogue/texts.def"
#undef TEXT
    TW_N_TEXTS
} tw_text;

const char *tw_text_template(tw_text text);

/* ---- alerts (alerts.def) and what programs print for them (programs.def) ---- */

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

#endif
