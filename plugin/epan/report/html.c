/* The report as a page that can be sent: one file of HTML and SVG, without scripts, which needs nothing from elsewhere
 * and, by its own policy (CSP), gets nothing. See parts.h, page.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/page.h"
#include "report/parts.h"

#include <stdio.h>
#include <string.h>

#define OTHERS_SHOWN 50 /* further connections of a group */

void page_text(GString *page, const char *text)
{
    char *escaped = g_markup_escape_text(text, -1);
    g_string_append(page, escaped);
    g_free(escaped);
}

void page_element(GString *page, const char *tag, const char *class, const char *text)
{
    if (class)
        g_string_append_printf(page, "<%s class=\"%s\">", tag, class);
    else
        g_string_append_printf(page, "<%s>", tag);
    page_text(page, text);
    g_string_append_printf(page, "</%s>\n", tag);
}

/* An element with TEXT, filled with V. */
static void put(GString *page, const char *tag, const char *class, tw_text text, const tw_values *v)
{
    char *filled = tw_text_new(text, v);
    page_element(page, tag, class, filled);
    g_free(filled);
}

/* ---- one failure ---- */

static void put_texts(GString *page, const char *class, tw_text heading, const GPtrArray *texts)
{
    if (!texts->len)
        return;
    page_element(page, "h3", NULL, tw_text_template(heading));
    g_string_append_printf(page, PAGE_LIST, class);
    for (unsigned i = 0; i < texts->len; i++)
        page_element(page, "li", NULL, g_ptr_array_index(texts, i));
    g_string_append(page, "</ul>\n");
}

static void put_facts(GString *page, const GPtrArray *facts, tw_values *v)
{
    if (!facts->len)
        return;
    page_element(page, "h3", NULL, tw_text_template(TW_TEXT_PAGE_EVIDENCE));
    g_string_append(page, "<ul>\n");
    for (unsigned i = 0; i < facts->len; i++) {
        const report_fact *fact = g_ptr_array_index(facts, i);
        tw_values_setf(v, "frame", "%u", fact->frame);
        tw_values_set_text(v, "text", fact->text);
        if (fact->frame)
            put(page, "li", NULL, TW_TEXT_PAGE_EVIDENCE_FRAME, v);
        else
            page_element(page, "li", NULL, fact->text);
    }
    g_string_append(page, "</ul>\n");
}

static void put_failure(GString *page, const report_failure *f, tw_values *v)
{
    GPtrArray *hints = g_ptr_array_new();
    tw_values_setf(v, "frame", "%u", f->frame);
    tw_values_set(v, "cause", tw_cause_get(f->cause)->id);
    tw_values_set(v, "confidence", tw_confidence_name(f->confidence));
    tw_values_set(v, "who",
                  tw_text_template(f->sender == TW_CLIENT   ? TW_TEXT_WORD_CLIENT
                                   : f->sender == TW_SERVER ? TW_TEXT_WORD_SERVER
                                                            : TW_TEXT_WORD_ONE_SIDE));
    tw_values_set(v, "phase", tw_phase_name(f->phase));
    page_element(page, "p", "reason", f->reason);
    put(page, "p", "dim", TW_TEXT_PAGE_VERDICT, v);
    put_facts(page, f->facts, v);
    for (unsigned i = 0; i < f->hints->len; i++)
        g_ptr_array_add(hints, g_ptr_array_index(f->hints, i));
    if (*f->command)
        g_ptr_array_add(hints, f->command);
    put_texts(page, "hints", TW_TEXT_PAGE_HINTS, hints);
    put_texts(page, "logs", TW_TEXT_PAGE_LOGS, f->logs);
    g_ptr_array_unref(hints);
}

/* ---- a group ---- */

static const report_failure *first_failure(const report_entry *entry)
{
    return g_ptr_array_index(entry->failures, 0);
}

static void set_ends(tw_values *v, const report_entry *entry)
{
    tw_values_set(v, "client", entry->client);
    tw_values_set(v, "server", entry->server);
    tw_values_setf(v, "frame", "%u", first_failure(entry)->frame);
}

static void put_others(GString *page, const report_group *group, tw_values *v)
{
    unsigned n = group->entries->len;
    if (n < 2)
        return;
    page_element(page, "h3", NULL, tw_text_template(TW_TEXT_PAGE_OTHERS));
    g_string_append(page, "<ul>\n");
    for (unsigned i = 1; i < n && i <= OTHERS_SHOWN; i++) {
        set_ends(v, g_ptr_array_index(group->entries, i));
        put(page, "li", NULL, TW_TEXT_PAGE_OTHER, v);
    }
    g_string_append(page, "</ul>\n");
    if (n - 1 > OTHERS_SHOWN) {
        tw_values_setf(v, "more", "%u", n - 1 - OTHERS_SHOWN);
        put(page, "p", "dim", TW_TEXT_PAGE_MORE, v);
    }
}

static void put_group(GString *page, const report_group *group, const tw_conn *conn)
{
    const report_entry *first = g_ptr_array_index(group->entries, 0);
    unsigned n = group->entries->len;
    tw_values *v = tw_values_new();
    g_string_append(page, "<article>\n");
    page_element(page, "h2", NULL, tw_cause_get(first_failure(first)->cause)->title);
    set_ends(v, first);
    tw_values_set_count(v, "connections", n, TW_TEXT_ONE_CONNECTION, TW_TEXT_N_CONNECTIONS);
    tw_values_set(v, "server", first->label);
    tw_values_set(v, "first", tw_text_template(n == 1 ? TW_TEXT_REPORT_ONLY : TW_TEXT_REPORT_FIRST));
    put(page, "p", "dim", TW_TEXT_PAGE_GROUP, v);
    for (unsigned i = 0; i < first->failures->len; i++)
        put_failure(page, g_ptr_array_index(first->failures, i), v);
    page_element(page, "h3", NULL, tw_text_template(TW_TEXT_PAGE_LADDER));
    set_ends(v, first);
    put(page, "p", "dim", n == 1 ? TW_TEXT_PAGE_LADDER_OF : TW_TEXT_PAGE_LADDER_FIRST, v);
    page_ladder(page, conn);
    put_others(page, group, v);
    g_string_append(page, "</article>\n");
    tw_values_free(v);
}

/* ---- the whole ---- */

static void put_head(GString *page)
{
    g_string_append(page, PAGE_HEAD);
    page_element(page, "title", NULL, tw_text_template(TW_TEXT_PAGE_TITLE));
    g_string_append(page, PAGE_BODY);
}

static void put_cause(GString *page, tw_cause cause, unsigned n)
{
    char *number = g_strdup_printf("%u", n);
    g_string_append(page, "<tr>");
    page_element(page, "td", NULL, tw_cause_get(cause)->title);
    page_element(page, "td", "n", number);
    g_string_append(page, "</tr>\n");
    g_free(number);
}

/* The causes, the most frequent first. */
static void put_causes(GString *page, const report_counts *counts)
{
    unsigned left[TW_N_CAUSES], most;
    memcpy(left, counts->causes, sizeof left);
    g_string_append(page, "<table>\n<tr>");
    page_element(page, "th", NULL, tw_text_template(TW_TEXT_PAGE_CAUSE));
    page_element(page, "th", "n", tw_text_template(TW_TEXT_PAGE_COUNT));
    g_string_append(page, "</tr>\n");
    do {
        most = 0;
        for (unsigned i = 1; i < TW_N_CAUSES; i++)
            if (left[i] > left[most])
                most = i;
        if (!left[most])
            break;
        put_cause(page, (tw_cause)most, left[most]);
        left[most] = 0;
    } while (true);
    g_string_append(page, "</table>\n");
}

static void put_total(GString *page, const report_counts *counts, tw_values *v)
{
    tw_values_set_count(v, "connections", counts->connections, TW_TEXT_ONE_CONNECTION, TW_TEXT_N_CONNECTIONS);
    tw_values_setf(v, "failed", "%u", counts->outcomes[TW_FAILED]);
    tw_values_setf(v, "completed", "%u", counts->outcomes[TW_COMPLETED]);
    tw_values_setf(v, "undecided", "%u", counts->outcomes[TW_UNDECIDED]);
    put(page, "p", NULL, TW_TEXT_REPORT_TOTAL, v);
}

/* report_entry -> the connection that it was made of: one for each failed one, in their order. */
static GHashTable *connections_of(const GPtrArray *connections, const GPtrArray *entries)
{
    GHashTable *table = g_hash_table_new(g_direct_hash, g_direct_equal);
    unsigned n = 0;
    for (unsigned i = 0; i < connections->len && n < entries->len; i++) {
        tw_conn *conn = g_ptr_array_index(connections, i);
        if (tw_conn_outcome(conn) == TW_FAILED)
            g_hash_table_insert(table, g_ptr_array_index(entries, n++), conn);
    }
    return table;
}

static void put_unopened(GString *page, const GPtrArray *unopened)
{
    for (guint i = 0; i < unopened->len; i++) {
        tw_values *v = report_unopened_values(g_ptr_array_index(unopened, i), false);
        put(page, "p", NULL, TW_TEXT_REPORT_UNOPENED, v);
        tw_values_free(v);
    }
}

void report_print_html(const GPtrArray *connections, const GPtrArray *entries, const GPtrArray *unopened,
                       const report_counts *counts)
{
    GString *page = g_string_new(NULL);
    GPtrArray *groups = report_groups(entries, false);
    GHashTable *conns = connections_of(connections, entries);
    tw_values *v = tw_values_new();
    put_head(page);
    page_element(page, "h1", NULL, tw_text_template(TW_TEXT_PAGE_TITLE));
    tw_values_set(v, "version", TLSWHY_VERSION);
    tw_values_set(v, "file", g_getenv("TLSWHY_FILE"));
    if (tw_values_get(v, "file") && *tw_values_get(v, "file"))
        put(page, "p", "dim", TW_TEXT_PAGE_FILE, v);
    put_total(page, counts, v);
    if (groups->len)
        put_causes(page, counts);
    else
        put(page, "p", "reason", report_none(counts, v), v);
    if (groups->len && report_lacks_some(counts, v))
        put(page, "p", NULL, TW_TEXT_REPORT_UNFOLLOWED, v);
    for (unsigned i = 0; i < groups->len; i++) {
        const report_group *group = g_ptr_array_index(groups, i);
        put_group(page, group, g_hash_table_lookup(conns, g_ptr_array_index(group->entries, 0)));
    }
    put_unopened(page, unopened);
    put(page, "p", "dim", TW_TEXT_PAGE_MADE, v);
    g_string_append(page, PAGE_END);
    fputs(page->str, stdout);
    tw_values_free(v);
    g_hash_table_destroy(conns);
    g_ptr_array_unref(groups);
    g_string_free(page, TRUE);
}
