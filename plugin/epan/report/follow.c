/* Failures as they happen. See follow.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/follow.h"

#include <stdio.h>
#include <string.h>

#include <epan/packet.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#include "compat.h"
#include "connections.h"
#include "end_of_capture.h"
#include "report/parts.h"
#include "report/selection.h"

#define CLI_NAME "tlswhy,follow"

/* What was said of a connection. */
typedef struct {
    tw_cause cause;
    bool silence; /* no verdict of the engine's, which would hear more */
} said;

typedef struct {
    tw_conn *conn;
    const tw_verdict *verdict;
    bool waited; /* for a frame that the filter matches */
} pending;

typedef struct {
    print_options options;
    GHashTable *said;    /* tw_conn -> said */
    GHashTable *silent;  /* tw_conn * that only a silence was said of */
    GHashTable *known;   /* tw_conn *, all of them */
    selection *selected; /* those that the filter selects so far; NULL: all */
    GArray *pending;     /* of the frame at hand */
    report_counts counts;
    report_counts gone;  /* what became of connections that were forgotten */
    int64_t listened_us; /* by the capture's clock */
} follower;

/* ---- lines ---- */

static void set_owned(tw_values *v, const char *name, char *value)
{
    tw_values_set(v, name, value);
    g_free(value);
}

static void set_server(tw_values *v, const tw_conn *conn)
{
    char *name = tw_conn_server_name(conn);
    set_owned(v, "server", outcome_address(conn, TW_SERVER, true));
    if (name) {
        tw_values_set(v, "server_name", name);
        tw_values_set_phrase(v, "server", TW_TEXT_FOLLOW_NAMED);
    }
    g_free(name);
}

static char *iso_time(int64_t time_us)
{
    char *text = report_time(time_us, true), *iso;
    text[strcspn(text, " ")] = 'T';
    iso = g_strconcat(text, "Z", NULL);
    g_free(text);
    return iso;
}

static void print_line(tw_text form, const tw_values *v)
{
    char *text = tw_text_new(form, v);
    puts(text);
    g_free(text);
}

/* VERDICT NULL: CONN did not fail after all. */
static void print_verdict(const follower *f, const tw_conn *conn, const tw_verdict *verdict, bool revised)
{
    tw_values *v;
    if (f->options.json) {
        report_print_verdict(conn, verdict, revised);
        fflush(stdout);
        return;
    }
    v = tw_values_new();
    set_owned(v, "time", iso_time(verdict ? verdict->times.frame_us : f->listened_us));
    set_owned(v, "client", outcome_address(conn, TW_CLIENT, true));
    set_server(v, conn);
    tw_values_set(v, "revised", "");
    if (revised)
        tw_values_set_phrase(v, "revised", TW_TEXT_FOLLOW_REVISED);
    if (verdict) {
        tw_values_set(v, "cause", tw_cause_get(verdict->cause)->id);
        tw_values_set(v, "confidence", tw_confidence_name(verdict->confidence));
        tw_values_set_text(v, "reason", verdict->reason);
    }
    print_line(verdict ? TW_TEXT_FOLLOW_LINE : TW_TEXT_FOLLOW_WENT_ON, v);
    fflush(stdout);
    tw_values_free(v);
}

/* What is new of CONN: a first word, or another cause than the one that was said. */
static void tell_end(follower *f, tw_conn *conn, const tw_verdict *verdict, bool silence)
{
    said *before = g_hash_table_lookup(f->said, conn);
    bool again = before && before->silence && before->cause == verdict->cause;
    if (!verdict->failure)
        return;
    if (!again)
        print_verdict(f, conn, verdict, before && before->silence);
    if (!before) {
        before = g_new0(said, 1);
        g_hash_table_insert(f->said, conn, before);
    }
    before->cause = verdict->cause;
    before->silence = silence;
    if (silence)
        g_hash_table_add(f->silent, conn);
    else
        g_hash_table_remove(f->silent, conn);
}

/* ---- what comes ---- */

static void on_verdict(void *data, tw_conn *conn, const tw_verdict *verdict, const tw_verdict *replaced)
{
    follower *f = data;
    pending new_one = { conn, verdict, false };
    for (unsigned i = 0; i < f->pending->len; i++) {
        pending *p = &g_array_index(f->pending, pending, i);
        if (p->verdict == replaced && replaced) {
            p->verdict = verdict;
            return;
        }
    }
    if (!replaced) {
        g_array_append_val(f->pending, new_one);
    } else if (verdict->failure &&
               (verdict->cause != replaced->cause || verdict->confidence != replaced->confidence) &&
               g_hash_table_contains(f->said, conn)) {
        print_verdict(f, conn, verdict, true);
    }
}

static void on_silence(void *data, tw_conn *conn, const tw_verdict *verdict)
{
    follower *f = data;
    if (selection_holds(f->selected, conn))
        tell_end(f, conn, verdict, true);
}

/* Tells what is pending. With a filter, the word that a connection matches may come behind the frame. */
static void flush(follower *f)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < f->pending->len; i++) {
        pending p = g_array_index(f->pending, pending, i);
        if (selection_holds(f->selected, p.conn)) {
            tell_end(f, p.conn, p.verdict, false);
        } else if (!p.waited) {
            p.waited = true;
            g_array_index(f->pending, pending, kept++) = p;
        }
    }
    g_array_set_size(f->pending, kept);
}

/* Connections of which only a silence was said, and which then completed. */
static void look_at_silent(follower *f)
{
    GHashTableIter iter;
    void *conn;
    g_hash_table_iter_init(&iter, f->silent);
    while (g_hash_table_iter_next(&iter, &conn, NULL)) {
        if (tw_conn_outcome(conn) != TW_COMPLETED)
            continue;
        print_verdict(f, conn, NULL, true);
        g_hash_table_remove(f->said, conn);
        g_hash_table_iter_remove(&iter);
    }
}

/* What is known of these for the counts alone is counted now. */
static void on_forgotten(void *data, tw_conn *const *conns, unsigned n)
{
    follower *f = data;
    for (unsigned i = 0; i < n; i++) {
        if (g_hash_table_contains(f->known, conns[i]) && selection_holds(f->selected, conns[i]))
            report_count(&f->gone, conns[i]);
        g_hash_table_remove(f->known, conns[i]);
        g_hash_table_remove(f->said, conns[i]);
        g_hash_table_remove(f->silent, conns[i]);
    }
    connections_forget(conns, n);
}

static tap_packet_status on_frame(void *data, packet_info *pinfo, epan_dissect_t *edt _U_,
                                  const void *tapped _U_ TLSWHY_TAP_FLAGS)
{
    follower *f = *(follower **)data;
    int64_t now = (int64_t)pinfo->abs_ts.secs * G_USEC_PER_SEC + pinfo->abs_ts.nsecs / 1000;
    flush(f);
    if (now - f->listened_us >= G_USEC_PER_SEC / 2 && connections_capture()) { /* a line within two seconds */
        f->listened_us = now;
        look_at_silent(f);
        tw_capture_listen(connections_capture(), now, on_silence, f);
        if (!f->pending->len)
            tw_capture_forget(connections_capture(), now, on_forgotten, f);
    }
    return TAP_PACKET_DONT_REDRAW;
}

static tap_packet_status on_connection(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                       const void *tapped TLSWHY_TAP_FLAGS)
{
    follower *f = data;
    g_hash_table_add(f->known, (void *)(uintptr_t)tapped);
    return TAP_PACKET_DONT_REDRAW;
}

static void follow_draw(void *data)
{
    follower *f = data;
    GPtrArray *unopened;
    GHashTableIter iter;
    void *conn;
    flush(f); /* what the end of the capture has told */
    look_at_silent(f);
    f->counts = f->gone;
    f->counts.captures = 1;
    g_hash_table_iter_init(&iter, f->known);
    while (g_hash_table_iter_next(&iter, &conn, NULL))
        if (selection_holds(f->selected, conn))
            report_count(&f->counts, conn);
    unopened = report_unopened_new();
    if (!f->options.filter)
        report_unopened_collect(unopened, NULL);
    if (f->options.json) {
        report_print_summary(&f->counts, unopened);
    } else {
        report_print_unopened(&f->options, false, unopened);
        report_print_total(&f->options, &f->counts);
    }
    g_ptr_array_unref(unopened);
    report_tell_counts(&f->counts);
    fflush(stdout);
}

static void follow_free(void *data)
{
    follower *f = data;
    connections_follow(NULL, NULL);
    print_options_clear(&f->options);
    g_hash_table_destroy(f->said);
    g_hash_table_destroy(f->silent);
    g_hash_table_destroy(f->known);
    g_array_unref(f->pending);
    g_free(f);
}

static follower *follower_new(const print_options *options)
{
    follower *f = g_new0(follower, 1);
    f->options = *options;
    f->said = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    f->silent = g_hash_table_new(g_direct_hash, g_direct_equal);
    f->known = g_hash_table_new(g_direct_hash, g_direct_equal);
    f->pending = g_array_new(FALSE, FALSE, sizeof(pending));
    if (options->anonymize)
        connections_anonymize();
    if (options->json)
        connections_hold_certificates();
    return f;
}

static tlswhy_stat_init follow_init(const char *arg, void *userdata _U_)
{
    static follower *of_frames; /* the listener on frames needs an address of its own */
    print_options options;
    char *wrong;
    GString *error;
    if (!print_options_read(&options, arg + strlen(CLI_NAME), &wrong)) {
        print_error(TW_TEXT_ERROR_FOLLOW_OPTION, wrong);
        g_free(wrong);
        print_options_clear(&options);
        TLSWHY_STAT_INIT_FAILED;
    }
    of_frames = follower_new(&options);
    error = register_tap_listener("tlswhy", of_frames, NULL, TL_REQUIRES_NOTHING, NULL, on_connection, follow_draw,
                                  follow_free);
    if (!error)
        error = register_tap_listener("frame", &of_frames, NULL, TL_REQUIRES_NOTHING, NULL, on_frame, NULL, NULL);
    if (!error && options.filter) /* the last one is asked first */
        of_frames->selected = selection_new(options.filter, &error);
    if (error) {
        fprintf(stderr, "tlswhy: %s\n", error->str);
        g_string_free(error, TRUE);
        TLSWHY_STAT_INIT_FAILED;
    }
    connections_follow(on_verdict, of_frames);
    end_of_capture_watch();
    TLSWHY_STAT_INIT_OK;
}

void follow_register(void)
{
    static stat_tap_ui ui = { REGISTER_TOOLS_GROUP_UNSORTED, NULL, CLI_NAME, follow_init, 0, NULL };
    register_stat_tap_ui(&ui, NULL);
}
