/* Lines for terminals. See words.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tlswhy/words.h"

#include <string.h>

#define HANG 2 /* columns that further lines are indented by */

/* Begins a command to copy, up to the end of the text: its lines are joined by a shell, too. */
#define COMMAND "openssl s_client"
#define JOIN    " \\"

static unsigned columns(const char *text, size_t len)
{
    unsigned n = 0;
    for (const char *c = text; c < text + len; c = g_utf8_next_char(c)) {
        gunichar u = g_utf8_get_char(c);
        n += g_unichar_iszerowidth(u) ? 0 : g_unichar_iswide(u) ? 2 : 1;
    }
    return n;
}

char *tw_text_wrap(const char *text, unsigned width)
{
    size_t indent = strspn(text, " ");
    unsigned column = (unsigned)indent;
    GString *out = g_string_new_len(text, (gssize)indent);
    const char *word = text + indent;
    bool begun = false; /* this line has a word */
    bool command = false;
    while (*word) {
        size_t len = strcspn(word, " ");
        unsigned wide = columns(word, len), join = command && word[len] ? strlen(JOIN) : 0;
        if (begun && column + 1 + wide + join > width) {
            g_string_append_printf(out, "%s\n%*s", command ? JOIN : "", (int)indent + HANG, "");
            column = (unsigned)indent + HANG;
            begun = false;
        }
        if (begun)
            g_string_append_c(out, ' ');
        g_string_append_len(out, word, (gssize)len);
        column += wide + begun;
        command = command || g_str_has_prefix(word, COMMAND);
        begun = true;
        word += len;
        word += strspn(word, " ");
    }
    g_string_append_c(out, '\n');
    return g_string_free(out, FALSE);
}
