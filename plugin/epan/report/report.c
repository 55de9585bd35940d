/* The report: collects the connections that pass the filter, and prints what their verdicts say. See report.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/report.h"

#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>

#include <epan/packet.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#include "compat.h"
#include "connections.h"
#include "end_of_capture.h"
#include "facts.h"
#include "ladders.h"
#include "report/keys.h"
#include "report/ladder.h"
#include "report/parts.h"
#include "report/selection.h"
#include "report/take_away.h"
#include "tlswhy/words.h"

#define TAP_NAME "tlswhy"
#define CLI_NAME "tlswhy,report"

typedef struct {
    print_options options;
    GPtrArray *connections; /* tw_conn *, lent, in the order of the capture */
    GHashTable *known;      /* the same, to ask */
    selection *selected;    /* NULL: all */
    report_progress *progress;
} report;

static void report_reset(void *data)
{
    report *r = data;
    g_ptr_array_set_size(r->connections, 0);
    g_hash_table_remove_all(r->known);
}

static tap_packet_status report_packet(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                       const void *tapped TLSWHY_TAP_FLAGS)
{
    report *r = data;
    tw_conn *conn = (tw_conn *)(uintptr_t)tapped;
    if (g_hash_table_add(r->known, conn))
        g_ptr_array_add(r->connections, conn);
    return TAP_PACKET_REDRAW;
}

/* What comes from and goes to the command, by environment variables: names of files may hold what separates options. */
static const char *given(const char *name)
{
    const char *value = g_getenv(name);
    return value && *value ? value : NULL;
}

/* How many connections there were, and how many failed, for the command. */
void report_tell_counts(const report_counts *counts)
{
    FILE *out = given("TLSWHY_COUNTS") ? g_fopen(given("TLSWHY_COUNTS"), "w") : NULL;
    if (!out)
        return;
    fprintf(out, "%u %u\n", counts->connections, counts->outcomes[TW_FAILED]);
    fclose(out);
}

/* Those that the filter selects are left. */
static void keep_selected(const report *r)
{
    for (unsigned i = r->connections->len; i-- > 0;)
        if (!selection_holds(r->selected, g_ptr_array_index(r->connections, i)))
            g_ptr_array_remove_index(r->connections, i);
}

/* A filter chooses frames of connections, and these never were any. */
static void collect(const report *r, GPtrArray *entries, GPtrArray *unopened, report_counts *counts)
{
    if (!r->options.filter)
        report_unopened_collect(unopened, given("TLSWHY_FILE"));
    counts->captures = 1;
    counts->unfollowed = tw_capture_unfollowed(connections_capture());
    for (unsigned i = 0; i < r->connections->len; i++) {
        const tw_conn *conn = g_ptr_array_index(r->connections, i);
        report_count(counts, conn);
        if (!r->options.json && tw_conn_outcome(conn) == TW_FAILED)
            g_ptr_array_add(entries, report_entry_new(conn, given("TLSWHY_FILE")));
    }
}

/* What goes into files of its own. */
static void take_away(const report *r)
{
    if (given("TLSWHY_COMMENTS"))
        take_comments(r->connections, given("TLSWHY_COMMENTS"));
    if (given("TLSWHY_CERTIFICATES"))
        take_certificates(r->connections, given("TLSWHY_FILE"), given("TLSWHY_CERTIFICATES"));
}

/* A report on this capture, on those that were stored, or into the store. */
static void report_draw(void *data)
{
    report *r = data;
    GPtrArray *entries = g_ptr_array_new_with_free_func(report_entry_free);
    GPtrArray *unopened = report_unopened_new();
    report_counts counts = { 0 };
    const char *store = given("TLSWHY_STORE");
    report_progress_end(r->progress);
    if (r->options.stored && store) {
        report_load(store, entries, unopened, &counts);
    } else {
        keep_selected(r);
        collect(r, entries, unopened, &counts);
        take_away(r);
    }
    if (r->options.json && !r->options.stored)
        report_print_json(r->connections, given("TLSWHY_FILE"));
    if (store && !r->options.stored)
        report_store(store, entries, unopened, &counts);
    else if (r->options.json)
        report_print_summary(&counts, unopened);
    else if (r->options.ladder.wanted)
        ladder_print(&r->options);
    else if (r->options.html)
        report_print_html(r->connections, entries, unopened, &counts);
    else
        report_print_text(&r->options, entries, unopened, &counts);
    facts_say();
    report_tell_counts(&counts);
    g_ptr_array_unref(unopened);
    g_ptr_array_unref(entries);
}

static void report_free(void *data)
{
    report *r = data;
    print_options_clear(&r->options);
    g_ptr_array_unref(r->connections);
    g_hash_table_destroy(r->known);
    g_free(r);
}

static report *report_new(const print_options *options)
{
    report *r = g_new0(report, 1);
    r->options = *options;
    r->connections = g_ptr_array_new();
    r->known = g_hash_table_new(g_direct_hash, g_direct_equal);
    if (options->anonymize)
        connections_anonymize();
    if (options->json || given("TLSWHY_CERTIFICATES"))
        connections_hold_certificates();
    if (options->html || options->ladder.wanted)
        ladders_keep();
    return r;
}

/* What is wrong with the filter, or NULL. */
static GString *listen(report *r)
{
    GString *error = NULL;
    if (r->options.filter)
        r->selected = selection_new(r->options.filter, &error);
    if (error)
        return error;
    return register_tap_listener(TAP_NAME, r, NULL, TL_REQUIRES_NOTHING, report_reset, report_packet, report_draw,
                                 report_free);
}

static tlswhy_stat_init report_init(const char *arg, void *userdata _U_)
{
    print_options options;
    char *wrong;
    report *r;
    GString *error;
    if (!print_options_read(&options, arg + strlen(CLI_NAME), &wrong)) {
        print_error(TW_TEXT_ERROR_REPORT_OPTION, wrong);
        g_free(wrong);
        print_options_clear(&options);
        TLSWHY_STAT_INIT_FAILED;
    }
    r = report_new(&options);
    error = listen(r);
    if (error) {
        fprintf(stderr, "tlswhy: %s\n", error->str);
        g_string_free(error, TRUE);
        report_free(r);
        TLSWHY_STAT_INIT_FAILED;
    }
    if (given("TLSWHY_KEYS"))
        keys_watch(given("TLSWHY_KEYS"));
    end_of_capture_watch();
    if (options.progress_fd >= 0)
        r->progress = report_progress_new(options.progress_fd, options.size);
    TLSWHY_STAT_INIT_OK;
}

void report_register(void)
{
    static stat_tap_ui ui = { REGISTER_TOOLS_GROUP_UNSORTED, NULL, CLI_NAME, report_init, 0, NULL };
    register_stat_tap_ui(&ui, NULL);
}
