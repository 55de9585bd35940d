/* Printing texts. See print.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/print.h"

#include <stdio.h>
#include <string.h>

#define WIDTH_DEFAULT 80
#define WIDTH_MIN     40
#define WIDTH_MAX     10000

/* ---- options ---- */

typedef struct {
    const char *name;
    size_t flag; /* offset of a bool in print_options, or */
    bool (*read)(print_options *options, const char *value);
} option;

/* All of TEXT as a decimal number. */
static bool number(const char *text, int64_t min, int64_t max, int64_t *out)
{
    return g_ascii_string_to_signed(text, 10, min, max, out, NULL);
}

static bool read_width(print_options *options, const char *value)
{
    int64_t width;
    if (!number(value, 1, INT32_MAX, &width))
        return false;
    options->width = (unsigned)CLAMP(width, WIDTH_MIN, WIDTH_MAX);
    return true;
}

static bool read_progress(print_options *options, const char *value)
{
    int64_t fd;
    if (!number(value, 0, INT16_MAX, &fd))
        return false;
    options->progress_fd = (int)fd;
    return true;
}

static bool read_size(print_options *options, const char *value)
{
    return number(value, 0, INT64_MAX, &options->size);
}

/* "tcp.N" or "udp.N" */
static bool read_ladder(print_options *options, const char *value)
{
    int64_t stream;
    options->ladder.udp = g_str_has_prefix(value, "udp.");
    if ((!options->ladder.udp && !g_str_has_prefix(value, "tcp.")) || !number(value + 4, 0, G_MAXINT, &stream))
        return false;
    options->ladder.wanted = true;
    options->ladder.stream = (uint32_t)stream;
    return true;
}

static const option known[] = {
    { "all", offsetof(print_options, all), NULL },
    { "anonymize", offsetof(print_options, anonymize), NULL },
    { "commands", offsetof(print_options, commands), NULL },
    { "full", offsetof(print_options, full), NULL },
    { "stored", offsetof(print_options, stored), NULL },
    { "color", offsetof(print_options, color), NULL },
    { "html", offsetof(print_options, html), NULL },
    { "json", offsetof(print_options, json), NULL },
    { "ladder=", 0, read_ladder },
    { "progress=", 0, read_progress },
    { "size=", 0, read_size },
    { "width=", 0, read_width },
};

static bool read_option(print_options *options, const char *text)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
        if (known[i].read && g_str_has_prefix(text, known[i].name))
            return known[i].read(options, text + strlen(known[i].name));
        if (!known[i].read && !strcmp(text, known[i].name)) {
            *(bool *)((char *)options + known[i].flag) = true;
            return true;
        }
    }
    return false;
}

bool print_options_read(print_options *options, const char *arg, char **error)
{
    const char *comma = strchr(arg, ',');
    char *all = comma ? g_strndup(arg, (size_t)(comma - arg)) : g_strdup(arg);
    char **each = g_strsplit(all, ":", -1);
    *error = NULL;
    *options = (print_options){ .width = WIDTH_DEFAULT, .progress_fd = -1 };
    options->filter = comma && comma[1] ? g_strdup(comma + 1) : NULL;
    for (unsigned i = 0; each[i] && !*error; i++)
        if (i == 0 ? *each[0] != '\0' : !read_option(options, each[i])) /* before the first colon there is nothing */
            *error = g_strdup(each[i]);
    g_strfreev(each);
    g_free(all);
    return !*error;
}

void print_options_clear(print_options *options)
{
    g_clear_pointer(&options->filter, g_free);
}

/* ---- printing ---- */

/* How a text looks on a terminal: parameters of SGR, or NULL. */
static const char *style_of(tw_text text)
{
    switch (text) {
    case TW_TEXT_REPORT_GROUP:
    case TW_TEXT_HELP_CAUSE_TITLE: return "1;31"; /* bold red */
    case TW_TEXT_REPORT_REASON: return "1";       /* bold */
    case TW_TEXT_REPORT_HINT:
    case TW_TEXT_REPORT_OFFER:
    case TW_TEXT_REPORT_NONE:
    case TW_TEXT_HELP_CAUSE_HINT: return "32"; /* green */
    default: return NULL;
    }
}

void print_text(const print_options *options, tw_text text, const tw_values *values)
{
    const char *style = options->color ? style_of(text) : NULL;
    char *expanded = tw_text_expand(tw_text_template(text), values);
    char *lines = tw_text_wrap(expanded, options->width);
    if (style)
        printf("\x1b[%sm%.*s\x1b[0m\n", style, (int)strlen(lines) - 1, lines);
    else
        fputs(lines, stdout);
    g_free(lines);
    g_free(expanded);
}

void print_error(tw_text text, const char *about)
{
    tw_values *v = tw_values_new();
    char *line;
    tw_values_set(v, "text", about);
    line = tw_text_new(text, v);
    fprintf(stderr, "%s\n", line);
    g_free(line);
    tw_values_free(v);
}
