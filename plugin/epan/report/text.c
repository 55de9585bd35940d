/* The report as text. See report_parts.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/parts.h"

#include "frames.h"

#include <stdio.h>
#include <string.h>

#define CLIENTS_SHOWN 3

static const char *who(tw_side side)
{
    return tw_text_template(side == TW_CLIENT   ? TW_TEXT_WORD_CLIENT
                            : side == TW_SERVER ? TW_TEXT_WORD_SERVER
                                                : TW_TEXT_WORD_ONE_SIDE);
}

/* Sets NAME to TEXT, filled with V. */
static void set_expanded(tw_values *v, const char *name, tw_text text)
{
    char *expanded = tw_text_expand(tw_text_template(text), v);
    tw_values_set_text(v, name, expanded);
    g_free(expanded);
}

static void set_owned(tw_values *v, const char *name, char *value)
{
    tw_values_set(v, name, value);
    g_free(value);
}

static void print_verdict(const print_options *o, const tw_verdict *verdict, tw_values *v)
{
    const tw_evidence *e;
    tw_values_setf(v, "frame", "%u", frames_number(verdict->frame));
    tw_values_set(v, "cause", tw_cause_get(verdict->cause)->id);
    tw_values_set(v, "confidence", tw_confidence_name(verdict->confidence));
    tw_values_set(v, "who", who(verdict->sender));
    tw_values_set(v, "phase", tw_phase_name(verdict->phase));
    tw_values_set_text(v, "reason", verdict->reason);
    print_text(o, TW_TEXT_REPORT_VERDICT, v);
    print_text(o, TW_TEXT_REPORT_REASON, v);
    for (unsigned i = 0; (e = tw_verdict_evidence(verdict, i)); i++) {
        uint32_t frame = frames_number(e->frame);
        tw_values_setf(v, "frame", "%u", frame);
        tw_values_set_text(v, "text", e->text);
        print_text(o, frame ? TW_TEXT_REPORT_EVIDENCE : TW_TEXT_REPORT_EVIDENCE_NO_FRAME, v);
    }
    for (unsigned i = 0; i < verdict->hints->len; i++) {
        tw_values_set_text(v, "text", g_ptr_array_index(verdict->hints, i));
        print_text(o, TW_TEXT_REPORT_HINT, v);
    }
}

static void set_endpoints(tw_values *v, const tw_conn *conn)
{
    set_owned(v, "client", outcome_address(conn, TW_CLIENT, true));
    set_owned(v, "server", outcome_address(conn, TW_SERVER, true));
}

/* The failures of LINK. Caller unrefs. */
static GPtrArray *failures_of(const tw_conn *conn)
{
    GPtrArray *failures = g_ptr_array_new();
    for (const tw_verdict *v = tw_conn_verdicts(conn); v; v = v->next)
        if (v->failure)
            g_ptr_array_add(failures, (gpointer)(uintptr_t)v);
    return failures;
}

/* The ids of all that failed in LINK. */
static void set_causes(tw_values *v, const tw_conn *conn)
{
    GPtrArray *failures = failures_of(conn);
    GString *causes = g_string_new(NULL);
    for (unsigned i = 0; i < failures->len; i++) {
        const tw_verdict *verdict = g_ptr_array_index(failures, i);
        g_string_append_printf(causes, "%s%s", i ? ", " : "", tw_cause_get(verdict->cause)->id);
    }
    tw_values_set_text(v, "causes", causes->str);
    g_string_free(causes, TRUE);
    g_ptr_array_unref(failures);
}

static void set_connections(tw_values *v, unsigned n)
{
    tw_values_set_count(v, "connections", n, TW_TEXT_ONE_CONNECTION, TW_TEXT_N_CONNECTIONS);
}

static void print_head(const print_options *o, const report_group *group, tw_values *v)
{
    const tw_conn *first = g_ptr_array_index(group->connections, 0);
    unsigned n = group->connections->len;
    set_causes(v, first);
    set_connections(v, n);
    tw_values_set(v, "server", group->server);
    tw_values_set(v, "first", tw_text_template(n == 1 ? TW_TEXT_REPORT_ONLY : TW_TEXT_REPORT_FIRST));
    tw_values_setf(v, "frame", "%u", frames_number(outcome_failure(first)->frame));
    print_text(o, TW_TEXT_REPORT_GROUP, v);
    set_endpoints(v, first);
    tw_values_set(v, "version", tw_conn_version(first));
    if (tw_values_get(v, "version"))
        set_expanded(v, "version", TW_TEXT_REPORT_VERSION);
    else
        tw_values_set(v, "version", "");
    print_text(o, TW_TEXT_REPORT_ENDPOINTS, v);
}

/* ---- the rest of a group ---- */

typedef struct {
    char *address;
    unsigned count;
} client;

static void client_free(void *data)
{
    g_free(((client *)data)->address);
    g_free(data);
}

static int busier_first(const void *a, const void *b)
{
    const client *one = *(client *const *)a, *other = *(client *const *)b;
    return one->count < other->count ? 1 : one->count > other->count ? -1 : 0;
}

/* The clients of all but the first connection, the busiest first. Caller unrefs. */
static GPtrArray *clients_of(const report_group *group)
{
    GPtrArray *clients = g_ptr_array_new_with_free_func(client_free);
    GHashTable *known = g_hash_table_new(g_str_hash, g_str_equal);
    for (unsigned i = 1; i < group->connections->len; i++) {
        char *host = outcome_address(g_ptr_array_index(group->connections, i), TW_CLIENT, false);
        client *c = g_hash_table_lookup(known, host);
        if (!c) {
            c = g_new0(client, 1);
            c->address = host;
            g_hash_table_insert(known, host, c);
            g_ptr_array_add(clients, c);
        } else {
            g_free(host);
        }
        c->count++;
    }
    g_hash_table_destroy(known);
    g_ptr_array_sort(clients, busier_first);
    return clients;
}

static void print_more(const print_options *o, const report_group *group, tw_values *v)
{
    GPtrArray *clients = clients_of(group);
    GString *shown = g_string_new(NULL);
    for (unsigned i = 0; i < clients->len && i < CLIENTS_SHOWN; i++) {
        const client *c = g_ptr_array_index(clients, i);
        char *text;
        tw_values_set(v, "client", c->address);
        tw_values_setf(v, "count", "%u", c->count);
        text = tw_text_expand(tw_text_template(TW_TEXT_REPORT_CLIENT), v);
        g_string_append_printf(shown, "%s%s", i ? ", " : "", text);
        g_free(text);
    }
    tw_values_set_text(v, "clients", shown->str);
    if (clients->len > CLIENTS_SHOWN) {
        tw_values_setf(v, "more", "%u", clients->len - CLIENTS_SHOWN);
        set_expanded(v, "clients", TW_TEXT_REPORT_OTHER_CLIENTS);
    }
    tw_values_setf(v, "more", "%u", group->connections->len - 1);
    print_text(o, TW_TEXT_REPORT_MORE, v);
    g_string_free(shown, TRUE);
    g_ptr_array_unref(clients);
}

/* A line for each further connection, with its reason where measured times make another sentence of it. */
static void print_each(const print_options *o, const report_group *group, tw_values *v)
{
    GPtrArray *first = failures_of(g_ptr_array_index(group->connections, 0));
    for (unsigned i = 1; i < group->connections->len; i++) {
        GPtrArray *failures = failures_of(g_ptr_array_index(group->connections, i));
        set_endpoints(v, g_ptr_array_index(group->connections, i));
        for (unsigned j = 0; j < failures->len; j++) { /* as many as the first one has: they are in one group */
            const tw_verdict *verdict = g_ptr_array_index(failures, j), *model = g_ptr_array_index(first, j);
            bool same = !strcmp(verdict->reason, model->reason);
            tw_values_setf(v, "frame", "%u", frames_number(verdict->frame));
            tw_values_set_text(v, "reason", verdict->reason);
            print_text(o, same ? TW_TEXT_REPORT_ALSO : TW_TEXT_REPORT_ALSO_REASON, v);
        }
        g_ptr_array_unref(failures);
    }
    g_ptr_array_unref(first);
}

static void print_group(const print_options *o, const report_group *group)
{
    GPtrArray *failures = failures_of(g_ptr_array_index(group->connections, 0));
    tw_values *v = tw_values_new();
    putchar('\n');
    print_head(o, group, v);
    if (o->all)
        print_each(o, group, v);
    else if (group->connections->len > 1)
        print_more(o, group, v);
    for (unsigned i = 0; i < failures->len; i++)
        print_verdict(o, g_ptr_array_index(failures, i), v);
    g_ptr_array_unref(failures);
    tw_values_free(v);
}

/* ---- the whole ---- */

static void print_title(const print_options *o)
{
    tw_values *v = tw_values_new();
    tw_values_set(v, "filter", o->filter);
    if (o->filter)
        set_expanded(v, "filter", o->anonymize ? TW_TEXT_REPORT_FILTERED : TW_TEXT_REPORT_FILTER);
    else
        tw_values_set(v, "filter", "");
    print_text(o, TW_TEXT_REPORT_TITLE, v);
    tw_values_free(v);
}

/* "cause-id 3, other-id 1": how many connections each cause has, by the first verdict of each. */
static char *by_cause(const GPtrArray *connections)
{
    unsigned count[TW_N_CAUSES] = { 0 };
    GString *s = g_string_new(NULL);
    for (unsigned i = 0; i < connections->len; i++) {
        const tw_verdict *failure = outcome_failure(g_ptr_array_index(connections, i));
        if (failure)
            count[failure->cause]++;
    }
    for (unsigned i = 0; i < TW_N_CAUSES; i++)
        if (count[i])
            g_string_append_printf(s, "%s%s %u", s->len ? ", " : "", tw_cause_get((tw_cause)i)->id, count[i]);
    return g_string_free(s, FALSE);
}

/* The values of the counting line. Caller frees. */
static tw_values *total_values(const GPtrArray *connections)
{
    unsigned count[TW_N_OUTCOMES] = { 0 };
    tw_values *v = tw_values_new();
    char *causes = by_cause(connections);
    for (unsigned i = 0; i < connections->len; i++)
        count[tw_conn_outcome(g_ptr_array_index(connections, i))]++;
    set_connections(v, connections->len);
    tw_values_setf(v, "failed", "%u", count[TW_FAILED]);
    tw_values_setf(v, "completed", "%u", count[TW_COMPLETED]);
    tw_values_setf(v, "undecided", "%u", count[TW_UNDECIDED]);
    tw_values_set_text(v, "causes", causes);
    tw_values_set(v, "by_cause", "");
    if (*causes)
        set_expanded(v, "by_cause", TW_TEXT_REPORT_BY_CAUSE);
    g_free(causes);
    return v;
}

char *report_total(const GPtrArray *connections)
{
    tw_values *v = total_values(connections);
    char *text = tw_text_expand(tw_text_template(TW_TEXT_REPORT_TOTAL), v);
    tw_values_free(v);
    return text;
}

void report_print_text(const print_options *options, const GPtrArray *connections)
{
    GPtrArray *groups = report_groups(connections);
    tw_values *v = total_values(connections);
    print_title(options);
    for (unsigned i = 0; i < groups->len; i++)
        print_group(options, g_ptr_array_index(groups, i));
    if (!groups->len)
        print_text(options, TW_TEXT_REPORT_NONE, v);
    putchar('\n');
    print_text(options, TW_TEXT_REPORT_TOTAL, v);
    tw_values_free(v);
    g_ptr_array_unref(groups);
}
