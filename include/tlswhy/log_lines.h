/* From a line in a program's log to the alert behind it (catalogue/log_lines.def): the way back from what
 * tw_alert_logs() gives.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_LOG_LINES_H
#define TLSWHY_LOG_LINES_H

#include "tlswhy/words.h"

typedef enum {
    TW_LOG_RECEIVED, /* the other side sent the alert */
    TW_LOG_SENT,     /* the log's own side found the fault, and sends the alert as a rule */
    TW_LOG_ENDED,    /* an end without a fatal alert */
    TW_LOG_EITHER    /* the line is written in several of these cases */
} tw_log_how;

#define TW_LOG_ALERTS_MAX 12

/* What a line says. Its strings are static. */
typedef struct {
    tw_log_how how;
    int program;                       /* whose line it is: an id of the catalogue, for comparing */
    tw_side side;                      /* whose log it is, if the line or the program shows it */
    const char *truth;                 /* what is behind this very line; empty: nothing more than the alert */
    unsigned n_alerts;                 /* 0: the line does not say which */
    uint8_t alerts[TW_LOG_ALERTS_MAX]; /* one of these */
} tw_log_line;

/* Knows the lines; there is no need for more than one. Free with tw_log_reader_free(). */
typedef struct tw_log_reader tw_log_reader;
tw_log_reader *tw_log_reader_new(void);
void tw_log_reader_free(tw_log_reader *reader); /* NULL is fine */

/* Whether TEXT, any bytes up to the NUL, is a line of a failed handshake; if so, *LINE is what it says. */
bool tw_log_read(const tw_log_reader *reader, const char *text, tw_log_line *line);

/* Who sent the alert of LINE, if the line or the alert shows it. */
tw_side tw_log_sender(const tw_log_line *line);

/* What ALERT means where SENDER sent it, static; NULL: nothing is known, or that side does not send it. */
const char *tw_alert_meaning(uint8_t alert, tw_side sender);

/* Explains LINE, text by text, to TELL with DATA: alert, sender, receiver, what it means and often means in truth, how to
 * capture the proof. */
void tw_log_explain(const tw_log_line *line, tw_help_line *tell, void *data);

#endif
