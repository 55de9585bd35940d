/* Connections that never opened. See unopened.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/unopened.h"

#include <string.h>

#include "connections.h"
#include "frames.h"
#include "report/outcome.h"

#define LINE "(sssuu)"

static void line_free(void *data)
{
    report_unopened *line = data;
    g_free(line->file);
    g_free(line->server);
    g_free(line->ended);
    g_free(line);
}

GPtrArray *report_unopened_new(void)
{
    return g_ptr_array_new_with_free_func(line_free);
}

/* The line of LIST, from its FROM-th on, for such a connection; made if there is none. Takes over SERVER. */
static report_unopened *line_of(GPtrArray *list, guint from, char *server, const char *ended)
{
    report_unopened *line;
    for (guint i = from; i < list->len; i++) {
        line = g_ptr_array_index(list, i);
        if (!strcmp(line->server, server) && !strcmp(line->ended, ended)) {
            g_free(server);
            return line;
        }
    }
    line = g_new0(report_unopened, 1);
    line->server = server;
    line->ended = g_strdup(ended);
    g_ptr_array_add(list, line);
    return line;
}

void report_unopened_collect(GPtrArray *list, const char *file)
{
    const guint from = list->len;
    const tw_conn *conn;
    for (unsigned i = 0; (conn = tw_capture_unopened(connections_capture(), i)); i++) {
        report_unopened *line = line_of(list, from, outcome_address(conn, TW_SERVER, true), tw_conn_unopened(conn));
        const tw_verdict *notice = tw_conn_verdicts(conn);
        if (!line->count++)
            line->frame = notice ? frames_number(notice->frame) : 0;
        if (!line->file)
            line->file = file ? tw_escape(file, -1, TW_VALUE_MAX) : g_strdup("");
    }
}

GVariant *report_unopened_pack(const GPtrArray *list)
{
    GVariantBuilder lines;
    g_variant_builder_init(&lines, G_VARIANT_TYPE(REPORT_UNOPENED_TYPE));
    for (guint i = 0; i < list->len; i++) {
        const report_unopened *line = g_ptr_array_index(list, i);
        g_variant_builder_add(&lines, LINE, line->file, line->server, line->ended, line->count, line->frame);
    }
    return g_variant_builder_end(&lines);
}

void report_unopened_unpack(GPtrArray *list, GVariant *packed)
{
    GVariantIter lines;
    GVariant *each;
    g_variant_iter_init(&lines, packed);
    while ((each = g_variant_iter_next_value(&lines))) {
        report_unopened *line = g_new0(report_unopened, 1);
        g_variant_get(each, LINE, &line->file, &line->server, &line->ended, &line->count, &line->frame);
        g_ptr_array_add(list, line);
        g_variant_unref(each);
    }
}
