/* The report as text. See parts.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/parts.h"

#include <stdio.h>
#include <stdlib.h>
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

/* ---- times ---- */

char *report_time(int64_t time_us, bool day)
{
    GDateTime *when = g_date_time_new_from_unix_utc(time_us / G_USEC_PER_SEC);
    char *seconds, *text;
    if (!when)
        return g_strdup("?");
    seconds = g_date_time_format(when, day ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S");
    text = g_strdup_printf("%s.%06d", seconds, (int)(time_us % G_USEC_PER_SEC));
    g_free(seconds);
    g_date_time_unref(when);
    return text;
}

static bool is_same_day(int64_t a_us, int64_t b_us)
{
    const int64_t day_us = 24 * 3600 * (int64_t)G_USEC_PER_SEC;
    return a_us / day_us == b_us / day_us;
}

/* ---- what is the same for all of a group ---- */

typedef struct {
    const print_options *options;
    int64_t day_us;    /* a time of the day that the title names */
    bool several;      /* captures: each failure names its own */
    unsigned left_out; /* texts, so far */
} page;

static const report_failure *first_failure(const report_entry *e)
{
    return g_ptr_array_index(e->failures, 0);
}

/* The ids of all that failed in E. */
static void set_causes(tw_values *v, const report_entry *e)
{
    GString *causes = g_string_new(NULL);
    for (unsigned i = 0; i < e->failures->len; i++) {
        const report_failure *f = g_ptr_array_index(e->failures, i);
        g_string_append_printf(causes, "%s%s", i ? ", " : "", tw_cause_get(f->cause)->id);
    }
    tw_values_set_text(v, "causes", causes->str);
    g_string_free(causes, TRUE);
}

static void set_connections(tw_values *v, unsigned n)
{
    tw_values_set_count(v, "connections", n, TW_TEXT_ONE_CONNECTION, TW_TEXT_N_CONNECTIONS);
}

static void set_time(tw_values *v, const page *p, const report_failure *f)
{
    set_owned(v, "time", report_time(f->time_us, !is_same_day(f->time_us, p->day_us)));
}

/* Prints TEXT; returns how many lines that were. */
static unsigned print_lines(const page *p, tw_text text, const tw_values *v)
{
    char *expanded = tw_text_new(text, v), *lines = tw_text_wrap(expanded, p->options->width);
    unsigned n = 0;
    for (const char *c = lines; *c; c++)
        n += *c == '\n';
    g_free(lines);
    g_free(expanded);
    print_text(p->options, text, v);
    return n;
}

/* The endpoints of E, and of what capture it is where there are several. */
static void set_endpoints(tw_values *v, const page *p, const report_entry *e)
{
    tw_values_set(v, "client", e->client);
    tw_values_set(v, "server", e->server);
    tw_values_set(v, "version", e->version);
    if (*e->version)
        set_expanded(v, "version", TW_TEXT_REPORT_VERSION);
    tw_values_set(v, "stream", e->stream);
    if (*e->stream)
        set_expanded(v, "stream", TW_TEXT_REPORT_STREAM);
    tw_values_set_text(v, "file", "");
    if (p->several && *e->file) {
        tw_values_set_text(v, "file", e->file);
        set_expanded(v, "file", TW_TEXT_REPORT_FILE);
    }
}

static unsigned print_head(const page *p, const report_group *group, tw_values *v)
{
    const report_entry *first = g_ptr_array_index(group->entries, 0);
    unsigned n = group->entries->len, lines;
    set_causes(v, first);
    set_connections(v, n);
    tw_values_set(v, "server", first->label);
    tw_values_set(v, "first", tw_text_template(n == 1 ? TW_TEXT_REPORT_ONLY : TW_TEXT_REPORT_FIRST));
    tw_values_setf(v, "frame", "%u", first_failure(first)->frame);
    lines = print_lines(p, TW_TEXT_REPORT_GROUP, v);
    set_endpoints(v, p, first);
    return lines + print_lines(p, TW_TEXT_REPORT_ENDPOINTS, v);
}

/* How sure, who, when: one line. */
static unsigned print_verdict(const page *p, const report_failure *f, bool several, tw_values *v)
{
    set_time(v, p, f);
    tw_values_setf(v, "frame", "%u", f->frame);
    tw_values_set(v, "cause", tw_cause_get(f->cause)->id);
    tw_values_set(v, "confidence", tw_confidence_name(f->confidence));
    tw_values_set(v, "who", who(f->sender));
    tw_values_set(v, "phase", tw_phase_name(f->phase));
    tw_values_set(v, "after", "");
    if (f->duration_us >= 0) {
        tw_values_setf(v, "after", "%.3f", (double)f->duration_us / G_USEC_PER_SEC);
        set_expanded(v, "after", TW_TEXT_REPORT_AFTER);
    }
    return print_lines(p, several ? TW_TEXT_REPORT_VERDICT_OF_SEVERAL : TW_TEXT_REPORT_VERDICT, v);
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
    for (unsigned i = 1; i < group->entries->len; i++) {
        const report_entry *e = g_ptr_array_index(group->entries, i);
        client *c = g_hash_table_lookup(known, e->client_host);
        if (!c) {
            c = g_new0(client, 1);
            c->address = g_strdup(e->client_host);
            g_hash_table_insert(known, c->address, c);
            g_ptr_array_add(clients, c);
        }
        c->count++;
    }
    g_hash_table_destroy(known);
    g_ptr_array_sort(clients, busier_first);
    return clients;
}

/* How many captures the failures of GROUP are of: those of one stand together. */
static unsigned n_files(const report_group *group)
{
    const char *last = NULL;
    unsigned n = 0;
    for (unsigned i = 0; i < group->entries->len; i++) {
        const char *file = ((const report_entry *)g_ptr_array_index(group->entries, i))->file;
        n += !last || strcmp(file, last) != 0;
        last = file;
    }
    return n;
}

static unsigned print_more(const page *p, const report_group *group, tw_values *v)
{
    GPtrArray *clients = clients_of(group);
    GString *shown = g_string_new(NULL);
    unsigned lines;
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
    tw_values_setf(v, "more", "%u", group->entries->len - 1);
    tw_values_set_text(v, "file", "");
    if (p->several && n_files(group) > 1) {
        tw_values_setf(v, "count", "%u", n_files(group));
        set_expanded(v, "file", TW_TEXT_REPORT_FILES);
    }
    lines = print_lines(p, TW_TEXT_REPORT_MORE, v);
    g_string_free(shown, TRUE);
    g_ptr_array_unref(clients);
    return lines;
}

/* A line for each further connection, with its reason where measured times make another sentence of it. */
static void print_each(const page *p, const report_group *group, tw_values *v)
{
    const report_entry *first = g_ptr_array_index(group->entries, 0);
    for (unsigned i = 1; i < group->entries->len; i++) {
        const report_entry *e = g_ptr_array_index(group->entries, i);
        set_endpoints(v, p, e);
        for (unsigned j = 0; j < e->failures->len; j++) { /* as many as the first one has: they are in one group */
            const report_failure *f = g_ptr_array_index(e->failures, j),
                                 *model = g_ptr_array_index(first->failures, j);
            bool same = !strcmp(f->reason, model->reason);
            set_time(v, p, f);
            tw_values_setf(v, "frame", "%u", f->frame);
            tw_values_set_text(v, "reason", f->reason);
            print_text(p->options, same ? TW_TEXT_REPORT_ALSO : TW_TEXT_REPORT_ALSO_REASON, v);
        }
    }
}

static void print_group(page *p, const report_group *group)
{
    const report_entry *first = g_ptr_array_index(group->entries, 0);
    tw_values *v = tw_values_new();
    unsigned lines;
    putchar('\n');
    lines = print_head(p, group, v);
    if (p->options->all)
        print_each(p, group, v);
    else if (group->entries->len > 1)
        lines += print_more(p, group, v);
    for (unsigned i = 0; i < first->failures->len; i++) {
        const report_failure *f = g_ptr_array_index(first->failures, i);
        unsigned of_verdict = print_verdict(p, f, first->failures->len > 1, v);
        p->left_out += report_print_failure(p->options, f, (i ? 0 : lines) + of_verdict, v);
    }
    tw_values_free(v);
}

/* ---- the whole ---- */

static void print_title(const page *p, bool has_day)
{
    const print_options *o = p->options;
    tw_values *v = tw_values_new();
    tw_values_set(v, "filter", o->filter);
    if (o->filter)
        set_expanded(v, "filter", o->anonymize ? TW_TEXT_REPORT_FILTERED : TW_TEXT_REPORT_FILTER);
    else
        tw_values_set(v, "filter", "");
    tw_values_set(v, "day", "");
    if (has_day) {
        char *day = report_time(p->day_us, true);
        day[strcspn(day, " ")] = '\0';
        tw_values_set(v, "day", day);
        set_expanded(v, "day", TW_TEXT_REPORT_DAY);
        g_free(day);
    }
    print_text(o, TW_TEXT_REPORT_TITLE, v);
    tw_values_free(v);
}

typedef struct {
    tw_cause cause;
    unsigned n;
} counted;

static int more_first(const void *a, const void *b)
{
    const counted *one = a, *other = b;
    return one->n != other->n ? (one->n < other->n ? 1 : -1) : (int)one->cause - (int)other->cause;
}

/* How many connections each cause has, the most frequent first. */
static void print_causes(const print_options *o, const report_counts *counts, tw_values *v)
{
    counted causes[TW_N_CAUSES];
    for (unsigned i = 0; i < TW_N_CAUSES; i++)
        causes[i] = (counted){ (tw_cause)i, counts->causes[i] };
    qsort(causes, TW_N_CAUSES, sizeof *causes, more_first);
    for (unsigned i = 0; i < TW_N_CAUSES && causes[i].n; i++) {
        tw_values_setf(v, "count", "%6u", causes[i].n);
        tw_values_set(v, "cause", tw_cause_get(causes[i].cause)->id);
        print_text(o, TW_TEXT_REPORT_CAUSE, v);
    }
}

void report_print_total(const print_options *o, const report_counts *counts)
{
    tw_values *v = tw_values_new();
    set_connections(v, counts->connections);
    tw_values_setf(v, "failed", "%u", counts->outcomes[TW_FAILED]);
    tw_values_setf(v, "completed", "%u", counts->outcomes[TW_COMPLETED]);
    tw_values_setf(v, "undecided", "%u", counts->outcomes[TW_UNDECIDED]);
    print_text(o, TW_TEXT_REPORT_TOTAL, v);
    print_causes(o, counts, v);
    tw_values_free(v);
}

tw_text report_none(const report_counts *counts, tw_values *v)
{
    unsigned n = counts->unfollowed + counts->outcomes[TW_UNDECIDED];
    tw_values_set_count(v, "unfollowed", n, TW_TEXT_ONE_CONNECTION, TW_TEXT_N_CONNECTIONS);
    return n ? TW_TEXT_REPORT_NONE_FOLLOWED : TW_TEXT_REPORT_NONE;
}

bool report_lacks_some(const report_counts *counts, tw_values *v)
{
    tw_values_set_count(v, "unfollowed", counts->unfollowed, TW_TEXT_ONE_CONNECTION, TW_TEXT_N_CONNECTIONS);
    return counts->unfollowed > 0;
}

tw_values *report_unopened_values(const report_unopened *line, bool several)
{
    tw_values *v = tw_values_new();
    set_connections(v, line->count);
    tw_values_set_text(v, "server", line->server);
    tw_values_set_text(v, "ended", line->ended);
    tw_values_setf(v, "frame", "%u", line->frame);
    tw_values_set_text(v, "file", several ? line->file : "");
    if (several && *line->file)
        set_expanded(v, "file", TW_TEXT_REPORT_FILE);
    return v;
}

void report_print_unopened(const print_options *options, bool several, const GPtrArray *unopened)
{
    for (guint i = 0; i < unopened->len; i++) {
        tw_values *v = report_unopened_values(g_ptr_array_index(unopened, i), several);
        if (!i)
            putchar('\n');
        print_text(options, TW_TEXT_REPORT_UNOPENED, v);
        tw_values_free(v);
    }
}

void report_print_text(const print_options *options, const GPtrArray *entries, const GPtrArray *unopened,
                       const report_counts *counts)
{
    GPtrArray *groups = report_groups(entries, options->anonymize);
    page p = { options, 0, counts->captures > 1, 0 };
    tw_values *v = tw_values_new();
    if (entries->len)
        p.day_us = first_failure(g_ptr_array_index(entries, 0))->time_us;
    print_title(&p, entries->len > 0);
    for (unsigned i = 0; i < groups->len; i++)
        print_group(&p, g_ptr_array_index(groups, i));
    if (!groups->len)
        print_text(options, report_none(counts, v), v);
    report_print_unopened(options, p.several, unopened);
    putchar('\n');
    if (groups->len && report_lacks_some(counts, v))
        print_text(options, TW_TEXT_REPORT_UNFOLLOWED, v);
    if (p.left_out) {
        tw_values_setf(v, "count", "%u", p.left_out);
        print_text(options, TW_TEXT_REPORT_LEFT_OUT, v);
    }
    report_print_total(options, counts);
    tw_values_free(v);
    g_ptr_array_unref(groups);
}
