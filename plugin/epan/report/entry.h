/* A failed connection as the report shows it, free of the capture that it was found in: reports on several captures are
 * one report.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_REPORT_ENTRY_H
#define TLSWHY_EPAN_REPORT_ENTRY_H

#include "tlswhy/capture.h"

typedef struct {
    uint32_t frame; /* 0: no single one */
    bool elsewhere; /* of another capture, or of what two of them show: it comes first */
    char *text;
} report_fact;

typedef struct {
    tw_cause cause;
    tw_confidence confidence;
    tw_side sender;
    tw_phase phase;
    uint64_t likeness;
    uint32_t frame, trigger;
    int64_t time_us, duration_us; /* duration -1: no ClientHello was seen */
    char *reason;
    char *offer;      /* the short command; "" if there is none */
    char *command;    /* the hint with the whole one; "" likewise */
    GPtrArray *facts; /* report_fact */
    GPtrArray *hints; /* char *, without the command */
    GPtrArray *logs;  /* char * */
} report_failure;

typedef struct {
    char *file;                 /* "" : not known */
    char *client, *client_host; /* with and without port */
    char *server, *label;       /* address; name, else address */
    char *version;              /* "": none was chosen */
    char *stream;               /* display filter that selects it, "tcp.stream eq 3"; "" */
    GPtrArray *failures;        /* report_failure */
} report_entry;

/* How many connections came to what; over all captures. */
typedef struct {
    unsigned captures, connections;
    unsigned unfollowed; /* TCP streams that look like TLS, and are no connection */
    unsigned outcomes[TW_N_OUTCOMES];
    unsigned causes[TW_N_CAUSES]; /* of failed ones, by the first verdict of each */
} report_counts;

/* Of CONN, which failed, in FILE (as it is to be shown, or NULL). */
report_entry *report_entry_new(const tw_conn *conn, const char *file);
void report_entry_free(void *entry);

/* The display filter that selects CONN's stream, or NULL. Caller frees. */
char *report_stream(const tw_conn *conn);

void report_count(report_counts *counts, const tw_conn *conn);
void report_counts_add(report_counts *sum, const report_counts *counts);

/* Appends ENTRIES, the lines UNOPENED (unopened.h) and COUNTS to the file PATH; reads all that was appended to it (adding to
 * them). False: it cannot be. */
bool report_store(const char *path, const GPtrArray *entries, const GPtrArray *unopened, const report_counts *counts);
bool report_load(const char *path, GPtrArray *entries, GPtrArray *unopened, report_counts *counts);

#endif
