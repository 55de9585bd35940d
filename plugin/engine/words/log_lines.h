/* What the catalogue knows of programs beside their lines. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_WORDS_LOG_LINES_H
#define TLSWHY_WORDS_LOG_LINES_H

#include "tlswhy/log_lines.h"

/* The program of LINE, for people. */
const char *tw__log_program(const tw_log_line *line);

/* What else is to be known where that program received the alert, or NULL. */
const char *tw__log_truth(const tw_log_line *line);

/* How that program writes the keys of its sessions, or NULL. */
const char *tw__log_keys(const tw_log_line *line);

#endif
