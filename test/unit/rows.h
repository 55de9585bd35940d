/* Plays beside the verdicts that they must give.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_TEST_ROWS_H
#define TLSWHY_TEST_ROWS_H

#include "build.h"

typedef struct {
    const char *script;
    const char *verdicts; /* as verdicts_text() writes them */
} row;

static inline void check_texts(const play *p, const char *script)
{
    for (guint i = 0; i < p->verdicts->len; i++) {
        const char *which = NULL, *flaw = flaw_of_verdict(g_ptr_array_index(p->verdicts, i), &which);
        if (flaw)
            fail_msg("%s: %s in \"%s\"", script, flaw, which);
    }
}

static inline void check_rows(const row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        play *p = play_new(rows[i].script);
        char *text = verdicts_text(p);
        if (strcmp(text, rows[i].verdicts) != 0)
            fail_msg("%s\n    gives    %s\n    and not  %s", rows[i].script, text, rows[i].verdicts);
        check_texts(p, rows[i].script);
        g_free(text);
        play_free(p);
    }
}

#endif
