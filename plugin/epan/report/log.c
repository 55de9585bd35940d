/* Lines of programs' logs, explained. See log.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/log.h"

#include <stdio.h>
#include <string.h>

#include <epan/packet.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#include "compat.h"
#include "report/print.h"
#include "tlswhy/log_lines.h"

#define CLI_NAME     "tlswhy,log"
#define LOG_LINE_MAX 16384 /* bytes; what is longer counts as several lines */
#define KINDS_MAX    1000  /* different lines that are told apart */
#define SHOWN_MAX    300   /* bytes of a line that are shown */

typedef struct {
    tw_log_line line;
    char *shown; /* the first one, escaped */
    unsigned count;
} kind;

static void kind_free(void *data)
{
    g_free(((kind *)data)->shown);
    g_free(data);
}

static bool is_same(const tw_log_line *a, const tw_log_line *b)
{
    return a->how == b->how && a->program == b->program && a->side == b->side && a->truth == b->truth &&
           a->n_alerts == b->n_alerts && !memcmp(a->alerts, b->alerts, a->n_alerts);
}

static void count_line(GPtrArray *kinds, const tw_log_line *line, const char *text)
{
    kind *added;
    for (unsigned i = 0; i < kinds->len; i++) {
        kind *k = g_ptr_array_index(kinds, i);
        if (is_same(&k->line, line)) {
            k->count++;
            return;
        }
    }
    if (kinds->len == KINDS_MAX)
        return;
    added = g_new0(kind, 1);
    added->line = *line;
    added->shown = tw_escape(text, -1, SHOWN_MAX);
    added->count = 1;
    g_ptr_array_add(kinds, added);
}

/* The lines of INPUT that are known, by kind. Caller unrefs. */
static GPtrArray *read_lines(FILE *input)
{
    GPtrArray *kinds = g_ptr_array_new_with_free_func(kind_free);
    tw_log_reader *reader = tw_log_reader_new();
    char text[LOG_LINE_MAX];
    while (fgets(text, sizeof text, input)) {
        tw_log_line line;
        g_strstrip(text);
        if (tw_log_read(reader, text, &line))
            count_line(kinds, &line, text);
    }
    tw_log_reader_free(reader);
    return kinds;
}

static void print_line(tw_text form, const tw_values *values, void *options)
{
    print_text(options, form, values);
}

static void print_kind(const kind *k, print_options *options)
{
    tw_values *v = tw_values_new();
    tw_values_set_text(v, "text", k->shown);
    tw_values_setf(v, "count", "%u", k->count);
    print_text(options, TW_TEXT_LOG_LINE, v);
    if (k->count > 1)
        print_text(options, TW_TEXT_LOG_MORE, v);
    tw_log_explain(&k->line, print_line, options);
    tw_values_free(v);
}

static void log_draw(void *options)
{
    GPtrArray *kinds = read_lines(stdin);
    for (unsigned i = 0; i < kinds->len; i++) {
        if (i)
            putchar('\n');
        print_kind(g_ptr_array_index(kinds, i), options);
    }
    if (!kinds->len)
        fprintf(stderr, "%s\n", tw_text_template(TW_TEXT_LOG_NOTHING));
    g_ptr_array_unref(kinds);
}

static tap_packet_status log_packet(void *data _U_, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                    const void *tapped _U_ TLSWHY_TAP_FLAGS)
{
    return TAP_PACKET_DONT_REDRAW;
}

static void log_free(void *data)
{
    print_options_clear(data);
    g_free(data);
}

static tlswhy_stat_init log_init(const char *arg, void *userdata _U_)
{
    print_options *options = g_new0(print_options, 1);
    char *wrong;
    GString *error;
    if (!print_options_read(options, arg + strlen(CLI_NAME), &wrong)) {
        print_error(TW_TEXT_ERROR_LOG_OPTION, wrong);
        g_free(wrong);
        log_free(options);
        TLSWHY_STAT_INIT_FAILED;
    }
    error = register_tap_listener("tlswhy", options, NULL, TL_REQUIRES_NOTHING, NULL, log_packet, log_draw, log_free);
    if (error) {
        g_string_free(error, TRUE);
        log_free(options);
        TLSWHY_STAT_INIT_FAILED;
    }
    TLSWHY_STAT_INIT_OK;
}

void log_register(void)
{
    static stat_tap_ui ui = { REGISTER_TOOLS_GROUP_UNSORTED, NULL, CLI_NAME, log_init, 0, NULL };
    register_stat_tap_ui(&ui, NULL);
}
