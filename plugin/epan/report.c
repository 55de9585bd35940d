/* The report. See report.h. A listener collects the connections that pass the filter; what it prints comes from their
 * verdicts alone.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report.h"

#include <stdio.h>

#include <epan/packet.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#include "compat.h"
#include "connections.h"
#include "tlswhy/text.h"

#define TAP_NAME "tlswhy"
#define CLI_NAME "tlswhy,report"

typedef struct {
    char *filter;           /* NULL: none */
    GPtrArray *connections; /* connection *, lent, in the order of the capture */
    GHashTable *known;      /* the same, to ask */
} report;

static void report_reset(void *data)
{
    report *r = data;
    g_ptr_array_set_size(r->connections, 0);
    g_hash_table_remove_all(r->known);
}

static void add_connection(report *r, connection *link)
{
    if (g_hash_table_add(r->known, link))
        g_ptr_array_add(r->connections, link);
}

static tap_packet_status report_packet(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                       const void *tapped, tap_flags_t flags _U_)
{
    add_connection(data, (connection *)tapped);
    return TAP_PACKET_REDRAW;
}

/* ---- printing ---- */

static void print_line(tw_text text, const tw_values *v)
{
    char *line = tw_text_expand(tw_text_template(text), v);
    puts(line);
    g_free(line);
}

static void print_texts(tw_text text, const GPtrArray *texts, tw_values *v)
{
    for (unsigned i = 0; texts && i < texts->len; i++) {
        tw_values_set_text(v, "text", g_ptr_array_index(texts, i));
        print_line(text, v);
    }
}

static void print_verdict(const tw_verdict *verdict, tw_values *v)
{
    tw_values_setf(v, "frame", "%u", verdict->frame);
    tw_values_set(v, "cause", tw_cause_get(verdict->cause)->id);
    tw_values_set(v, "confidence", tw_confidence_name(verdict->confidence));
    tw_values_set(v, "sender", tw_side_name(verdict->sender));
    tw_values_set(v, "phase", tw_phase_name(verdict->phase));
    tw_values_set_text(v, "reason", verdict->reason);
    print_line(TW_TEXT_REPORT_FRAME, v);
    print_line(TW_TEXT_REPORT_REASON, v);
    for (unsigned i = 0; i < verdict->n_evidence; i++) {
        tw_values_setf(v, "frame", "%u", verdict->evidence[i].frame);
        tw_values_set_text(v, "text", verdict->evidence[i].text);
        print_line(verdict->evidence[i].frame ? TW_TEXT_REPORT_EVIDENCE : TW_TEXT_REPORT_EVIDENCE_NO_FRAME, v);
    }
    print_texts(TW_TEXT_REPORT_HINT, verdict->hints, v);
}

static void print_connection(const connection *link)
{
    const tw_conn *c = link->conn;
    int client = c->client_dir < 0 ? 0 : c->client_dir;
    tw_values *v = tw_values_new();
    tw_values_set(v, "client", c->address[client]);
    tw_values_set(v, "server", c->address[1 - client]);
    putchar('\n');
    print_line(TW_TEXT_REPORT_ENDPOINTS, v);
    if (c->server_name) {
        tw_values_set(v, "server_name", c->server_name); /* as the client sent it: escaped here */
        print_line(TW_TEXT_REPORT_NAME, v);
    }
    if (c->version && tw_version_name(c->version)) {
        tw_values_set(v, "version", tw_version_name(c->version));
        print_line(TW_TEXT_REPORT_VERSION, v);
    }
    for (unsigned i = 0; i < link->verdicts->len; i++) {
        const tw_verdict *verdict = g_ptr_array_index(link->verdicts, i);
        if (verdict->failure)
            print_verdict(verdict, v);
    }
    tw_values_free(v);
}

static bool has_failed(const connection *link)
{
    for (unsigned i = 0; i < link->verdicts->len; i++)
        if (((const tw_verdict *)g_ptr_array_index(link->verdicts, i))->failure)
            return true;
    return false;
}

/* "cause-id 3, other-id 1": how many failed connections each cause has, by the first verdict of each. */
static char *by_cause(const report *r)
{
    unsigned count[TW_N_CAUSES] = { 0 };
    GString *s = g_string_new(NULL);
    for (unsigned i = 0; i < r->connections->len; i++) {
        const connection *link = g_ptr_array_index(r->connections, i);
        for (unsigned j = 0; j < link->verdicts->len; j++) {
            const tw_verdict *verdict = g_ptr_array_index(link->verdicts, j);
            if (verdict->failure) {
                count[verdict->cause]++;
                break;
            }
        }
    }
    for (unsigned i = 0; i < TW_N_CAUSES; i++)
        if (count[i])
            g_string_append_printf(s, "%s%s %u", s->len ? ", " : "", tw_cause_get((tw_cause)i)->id, count[i]);
    return g_string_free(s, FALSE);
}

static void print_total(const report *r, unsigned failed, unsigned completed)
{
    tw_values *v = tw_values_new();
    char *causes = by_cause(r);
    tw_values_setf(v, "connections", "%u connection%s", r->connections->len, r->connections->len == 1 ? "" : "s");
    tw_values_setf(v, "failed", "%u", failed);
    tw_values_setf(v, "completed", "%u", completed);
    tw_values_setf(v, "undecided", "%u", r->connections->len - failed - completed);
    tw_values_set_text(v, "causes", causes);
    if (failed) {
        char *text = tw_text_expand(tw_text_template(TW_TEXT_REPORT_BY_CAUSE), v);
        tw_values_set_text(v, "by_cause", text);
        g_free(text);
    } else {
        tw_values_set(v, "by_cause", "");
        print_line(TW_TEXT_REPORT_NONE, v);
    }
    putchar('\n');
    print_line(TW_TEXT_REPORT_TOTAL, v);
    g_free(causes);
    tw_values_free(v);
}

static void print_title(const report *r)
{
    tw_values *v = tw_values_new();
    char *filter = NULL;
    tw_values_set(v, "filter", r->filter);
    if (r->filter)
        filter = tw_text_expand(tw_text_template(TW_TEXT_REPORT_FILTER), v);
    tw_values_set_text(v, "filter", filter ? filter : "");
    print_line(TW_TEXT_REPORT_TITLE, v);
    g_free(filter);
    tw_values_free(v);
}

static void report_draw(void *data)
{
    const report *r = data;
    unsigned failed = 0, completed = 0;
    connections_finish(NULL);
    print_title(r);
    for (unsigned i = 0; i < r->connections->len; i++) {
        const connection *link = g_ptr_array_index(r->connections, i);
        if (has_failed(link)) {
            failed++;
            print_connection(link);
        } else if (link->conn->n_completed) {
            completed++;
        }
    }
    print_total(r, failed, completed);
}

static void report_free(void *data)
{
    report *r = data;
    g_free(r->filter);
    g_ptr_array_unref(r->connections);
    g_hash_table_destroy(r->known);
    g_free(r);
}

static tlswhy_stat_init report_init(const char *arg, void *userdata _U_)
{
    const char *filter = g_str_has_prefix(arg, CLI_NAME ",") ? arg + strlen(CLI_NAME ",") : NULL;
    report *r = g_new0(report, 1);
    GString *error;
    r->filter = g_strdup(filter);
    r->connections = g_ptr_array_new();
    r->known = g_hash_table_new(g_direct_hash, g_direct_equal);
    error = register_tap_listener(TAP_NAME, r, filter, TL_REQUIRES_NOTHING, report_reset, report_packet, report_draw,
                                  report_free);
    if (error) {
        fprintf(stderr, "tlswhy: %s\n", error->str);
        g_string_free(error, TRUE);
        report_free(r);
        TLSWHY_STAT_INIT_FAILED;
    }
    TLSWHY_STAT_INIT_OK;
}

void report_register(void)
{
    static stat_tap_ui ui = { REGISTER_TOOLS_GROUP_UNSORTED, NULL, CLI_NAME, report_init, 0, NULL };
    register_stat_tap_ui(&ui, NULL);
}
