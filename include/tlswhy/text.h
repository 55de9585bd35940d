/* Templates and the values that fill them.
 *
 * Every sentence that a person reads stands in a catalogue (causes.def, texts.def,
 * alerts.def) as a template with named placeholders: "its issuer {issuer} is not among
 * the {count} CA names". A finding brings the values. Whatever comes out of a capture
 * passes tw_escape() on its way into the values, so no text ever holds a control
 * character, a terminal escape or a bidirectional override.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_TEXT_H
#define TLSWHY_TEXT_H

#include "tlswhy/base.h"

/* Longest value taken from a capture, in bytes after escaping; longer ones end in "...". */
#define TW_VALUE_MAX 200

/* A small set of named strings. Owns its strings. */
typedef struct tw_values tw_values;

tw_values *tw_values_new(void);
void tw_values_free(tw_values *v); /* NULL is fine */
tw_values *tw_values_copy(const tw_values *v);

/* Sets NAME (a literal of ours, lent) to VALUE (copied, escaped, cut at TW_VALUE_MAX).
 * A later value replaces an earlier one; a NULL value removes the name. */
void tw_values_set(tw_values *v, const char *name, const char *value);
void tw_values_setf(tw_values *v, const char *name, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* The same for a text of ours that is whole sentences: not escaped, not cut. */
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

/* A list of texts (GRefString *) of which many are the same: each is held once. */
GPtrArray *tw__shared_texts_new(void);
/* Takes over TEXT. */
void tw__add_shared(GPtrArray *texts, char *text);

/* Takes over TEXT and returns the same as a GRefString, one for all who ask for it. NULL gives NULL. */
char *tw__shared_text(char *text);

/* Takes over TEXTS, which must not change any more, and returns the one list for all who have the same. Give it back
 * with tw__shared_list_free(); NULL is fine there. */
GPtrArray *tw__shared_list(GPtrArray *texts);
void tw__shared_list_free(GPtrArray *list);

#endif
