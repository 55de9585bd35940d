/* The programs of programs.def, and how they spell alerts. Internal to the words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_WORDS_PROGRAMS_H
#define TLSWHY_WORDS_PROGRAMS_H

#include "tlswhy/words.h"

typedef enum {
#define PROGRAM(id, label, library) TW_PROGRAM_##id,
#include "catalogue/programs.def"
    TW_N_PROGRAMS
} tw__program;

/* Its name for people, static. */
const char *tw__program_label(tw__program id);

/* The values that the templates of programs.def have for alert NUMBER. Caller frees. */
tw_values *tw__alert_values(uint8_t number);

#endif
