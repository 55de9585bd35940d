/* Texts of the catalogue on the standard output: wrapped, and in colour if the reader can see it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_REPORT_PRINT_H
#define TLSWHY_EPAN_REPORT_PRINT_H

#include "tlswhy/words.h"

/* How one statistic prints, and what else its options ask for. */
typedef struct {
    bool json, all, anonymize; /* of the report */
    bool full, commands;       /* all that is known of a failure; the whole commands */
    bool stored;               /* what earlier reports have stored, in the place of this capture */
    bool html;                 /* of the report: a page */
    struct {
        bool wanted, udp;
        uint32_t stream; /* tcp.stream, udp.stream */
    } ladder;            /* of the report: that of one connection in its place */
    bool color;          /* with escape sequences (ECMA-48 SGR) */
    unsigned width;      /* columns */
    int progress_fd;     /* of the report: where its progress goes, or -1 */
    int64_t size;        /* bytes of the capture file, or 0: not known */
    char *filter;        /* display filter, or NULL */
} print_options;

/* Reads what follows a statistic's name in the argument of -z: "[:OPTION]...[,FILTER]". False: an option is unknown or
 * has no proper value; it is named in *ERROR (caller frees). What OPTIONS hold is freed by print_options_clear(). */
bool print_options_read(print_options *options, const char *arg, char **error);
void print_options_clear(print_options *options);

/* Prints TEXT filled with VALUES, as a paragraph. */
void print_text(const print_options *options, tw_text text, const tw_values *values);

/* Prints TEXT to standard error; its {text} is ABOUT. */
void print_error(tw_text text, const char *about);

#endif
