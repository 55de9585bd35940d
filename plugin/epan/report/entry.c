/* Entries of the report, made from connections. See entry.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/entry.h"

#include "frames.h"
#include "report/outcome.h"
#include "report/unopened.h"

#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>

static void fact_free(void *data)
{
    g_free(((report_fact *)data)->text);
    g_free(data);
}

static void failure_free(void *data)
{
    report_failure *f = data;
    g_free(f->reason);
    g_free(f->offer);
    g_free(f->command);
    g_ptr_array_unref(f->facts);
    g_ptr_array_unref(f->hints);
    g_ptr_array_unref(f->logs);
    g_free(f);
}

void report_entry_free(void *data)
{
    report_entry *e = data;
    g_free(e->file);
    g_free(e->client);
    g_free(e->client_host);
    g_free(e->server);
    g_free(e->label);
    g_free(e->version);
    g_free(e->stream);
    g_ptr_array_unref(e->failures);
    g_free(e);
}

static report_failure *failure_new(void)
{
    report_failure *f = g_new0(report_failure, 1);
    f->facts = g_ptr_array_new_with_free_func(fact_free);
    f->hints = g_ptr_array_new_with_free_func(g_free);
    f->logs = g_ptr_array_new_with_free_func(g_free);
    return f;
}

static void add_fact(report_failure *f, uint32_t frame, bool elsewhere, const char *text)
{
    report_fact *fact = g_new0(report_fact, 1);
    fact->frame = frame;
    fact->elsewhere = elsewhere;
    fact->text = g_strdup(text);
    g_ptr_array_add(f->facts, fact);
}

/* A frame of another capture is named with it. */
static void add_evidence(report_failure *f, const tw_evidence *e)
{
    bool elsewhere = e->kind == TW_EVIDENCE_ELSEWHERE;
    tw_values *values;
    char *text;
    if (!e->capture) {
        add_fact(f, frames_number(e->frame), elsewhere, e->text);
        return;
    }
    values = tw_values_new();
    tw_values_set_text(values, "capture", e->capture);
    tw_values_setf(values, "frame", "%u", e->frame);
    tw_values_set_text(values, "text", e->text);
    text = tw_text_new(e->frame ? TW_TEXT_REPORT_ELSEWHERE : TW_TEXT_REPORT_ELSEWHERE_NO_FRAME, values);
    add_fact(f, 0, elsewhere, text);
    g_free(text);
    tw_values_free(values);
}

static report_failure *failure_of(const tw_verdict *v)
{
    report_failure *f = failure_new();
    const tw_evidence *e;
    unsigned n_hints = v->hints->len - (v->has_command ? 1 : 0);
    f->cause = v->cause;
    f->confidence = v->confidence;
    f->sender = v->sender;
    f->phase = v->phase;
    f->likeness = v->likeness;
    f->frame = frames_number(v->frame);
    f->trigger = frames_number(v->trigger);
    f->time_us = v->times.frame_us;
    f->duration_us = v->times.hello_us ? v->times.end_us - v->times.hello_us : -1;
    f->reason = g_strdup(v->reason);
    f->offer = g_strdup(v->offer ? v->offer : "");
    f->command = g_strdup(v->has_command ? g_ptr_array_index(v->hints, n_hints) : "");
    for (unsigned i = 0; (e = tw_verdict_evidence(v, i)); i++)
        add_evidence(f, e);
    for (unsigned i = 0; i < n_hints; i++)
        g_ptr_array_add(f->hints, g_strdup(g_ptr_array_index(v->hints, i)));
    for (unsigned i = 0; i < v->logs->len; i++)
        g_ptr_array_add(f->logs, g_strdup(g_ptr_array_index(v->logs, i)));
    return f;
}

char *report_stream(const tw_conn *conn)
{
    static const char *const names[] = { [TW_CARRIER_TCP] = "tcp.stream",
                                         [TW_CARRIER_UDP] = "udp.stream",
                                         [TW_CARRIER_QUIC] = "quic.connection.number",
                                         [TW_CARRIER_TUNNEL] = "tcp.stream" };
    const char *name = tw_conn_carrier(conn) == TW_CARRIER_EAP ? NULL : names[tw_conn_carrier(conn)];
    return name && tw_conn_number(conn) >= 0 ? g_strdup_printf("%s eq %" G_GINT64_FORMAT, name, tw_conn_number(conn))
                                             : NULL;
}

static char *or_empty(char *text)
{
    return text ? text : g_strdup("");
}

report_entry *report_entry_new(const tw_conn *conn, const char *file)
{
    report_entry *e = g_new0(report_entry, 1);
    char *name = tw_conn_server_name(conn);
    const char *version = tw_conn_version(conn);
    e->file = or_empty(file ? tw_escape(file, -1, TW_VALUE_MAX) : NULL);
    e->client = outcome_address(conn, TW_CLIENT, true);
    e->client_host = outcome_address(conn, TW_CLIENT, false);
    e->server = outcome_address(conn, TW_SERVER, true);
    e->label = name ? name : g_strdup(e->server);
    e->version = g_strdup(version ? version : "");
    e->stream = or_empty(report_stream(conn));
    e->failures = g_ptr_array_new_with_free_func(failure_free);
    for (const tw_verdict *v = tw_conn_verdicts(conn); v; v = v->next)
        if (v->failure)
            g_ptr_array_add(e->failures, failure_of(v));
    return e;
}

/* ---- counts ---- */

void report_count(report_counts *counts, const tw_conn *conn)
{
    const tw_verdict *failure = outcome_failure(conn);
    if (tw_conn_is_twice(conn) || tw_conn_unopened(conn))
        return;
    counts->connections++;
    counts->outcomes[tw_conn_outcome(conn)]++;
    if (failure && failure->cause < TW_N_CAUSES)
        counts->causes[failure->cause]++;
}

void report_counts_add(report_counts *sum, const report_counts *counts)
{
    sum->captures += counts->captures;
    sum->connections += counts->connections;
    sum->unfollowed += counts->unfollowed;
    for (unsigned i = 0; i < TW_N_OUTCOMES; i++)
        sum->outcomes[i] += counts->outcomes[i];
    for (unsigned i = 0; i < TW_N_CAUSES; i++)
        sum->causes[i] += counts->causes[i];
}

/* ---- entries in a file, for one report on several captures ---- */

#define FACT    "(ubs)"
#define FAILURE "(iiiituuxxsssa" FACT "asas)"
#define ENTRY   "(sssssssa" FAILURE ")"
#define PART    "(aua" ENTRY REPORT_UNOPENED_TYPE ")" /* of one capture: counts, entries, what never opened */

static GVariant *pack_strings(const GPtrArray *texts)
{
    return g_variant_new_strv((const char *const *)texts->pdata, texts->len);
}

static GVariant *pack_failure(const report_failure *f)
{
    GVariantBuilder facts;
    g_variant_builder_init(&facts, G_VARIANT_TYPE("a" FACT));
    for (unsigned i = 0; i < f->facts->len; i++) {
        const report_fact *fact = g_ptr_array_index(f->facts, i);
        g_variant_builder_add(&facts, FACT, fact->frame, fact->elsewhere, fact->text);
    }
    return g_variant_new("(iiiituuxxsss@a" FACT "@as@as)", (int)f->cause, (int)f->confidence, (int)f->sender,
                         (int)f->phase, f->likeness, f->frame, f->trigger, f->time_us, f->duration_us, f->reason,
                         f->offer, f->command, g_variant_builder_end(&facts), pack_strings(f->hints),
                         pack_strings(f->logs));
}

static GVariant *pack_entry(const report_entry *e)
{
    GVariantBuilder failures;
    g_variant_builder_init(&failures, G_VARIANT_TYPE("a" FAILURE));
    for (unsigned i = 0; i < e->failures->len; i++)
        g_variant_builder_add_value(&failures, pack_failure(g_ptr_array_index(e->failures, i)));
    return g_variant_new("(sssssss@a" FAILURE ")", e->file, e->client, e->client_host, e->server, e->label,
                         e->version, e->stream, g_variant_builder_end(&failures));
}

static GVariant *pack_part(const GPtrArray *entries, const GPtrArray *unopened, const report_counts *counts)
{
    GVariantBuilder list;
    g_variant_builder_init(&list, G_VARIANT_TYPE("a" ENTRY));
    for (unsigned i = 0; i < entries->len; i++)
        g_variant_builder_add_value(&list, pack_entry(g_ptr_array_index(entries, i)));
    return g_variant_ref_sink(g_variant_new(
        "(@au@a" ENTRY "@" REPORT_UNOPENED_TYPE ")",
        g_variant_new_fixed_array(G_VARIANT_TYPE_UINT32, counts, sizeof *counts / sizeof(uint32_t), sizeof(uint32_t)),
        g_variant_builder_end(&list), report_unopened_pack(unopened)));
}

bool report_store(const char *path, const GPtrArray *entries, const GPtrArray *unopened, const report_counts *counts)
{
    GVariant *part = pack_part(entries, unopened, counts);
    uint64_t size = g_variant_get_size(part);
    FILE *out = g_fopen(path, "ab");
    bool done = out && fwrite(&size, sizeof size, 1, out) == 1 && fwrite(g_variant_get_data(part), size, 1, out) == 1;
    if (out && fclose(out))
        done = false;
    g_variant_unref(part);
    return done;
}

static void unpack_strings(GPtrArray *into, GVariantIter *iter)
{
    char *text;
    while (g_variant_iter_next(iter, "s", &text))
        g_ptr_array_add(into, text);
    g_variant_iter_free(iter);
}

static report_failure *unpack_failure(GVariant *packed)
{
    report_failure *f = failure_new();
    GVariantIter *facts, *hints, *logs;
    int cause, confidence, sender, phase;
    uint32_t frame;
    gboolean elsewhere;
    const char *text;
    g_variant_get(packed, FAILURE, &cause, &confidence, &sender, &phase, &f->likeness, &f->frame, &f->trigger,
                  &f->time_us, &f->duration_us, &f->reason, &f->offer, &f->command, &facts, &hints, &logs);
    f->cause = (tw_cause)CLAMP(cause, 0, TW_N_CAUSES - 1);
    f->confidence = (tw_confidence)confidence;
    f->sender = (tw_side)sender;
    f->phase = (tw_phase)phase;
    while (g_variant_iter_next(facts, "(ub&s)", &frame, &elsewhere, &text))
        add_fact(f, frame, elsewhere, text);
    g_variant_iter_free(facts);
    unpack_strings(f->hints, hints);
    unpack_strings(f->logs, logs);
    return f;
}

static report_entry *unpack_entry(GVariant *packed)
{
    report_entry *e = g_new0(report_entry, 1);
    GVariantIter *failures;
    GVariant *failure;
    e->failures = g_ptr_array_new_with_free_func(failure_free);
    g_variant_get(packed, ENTRY, &e->file, &e->client, &e->client_host, &e->server, &e->label, &e->version,
                  &e->stream, &failures);
    while ((failure = g_variant_iter_next_value(failures))) {
        g_ptr_array_add(e->failures, unpack_failure(failure));
        g_variant_unref(failure);
    }
    g_variant_iter_free(failures);
    return e;
}

static void unpack_part(GBytes *bytes, GPtrArray *entries, GPtrArray *unopened, report_counts *counts)
{
    GVariant *part = g_variant_ref_sink(g_variant_new_from_bytes(G_VARIANT_TYPE(PART), bytes, FALSE));
    GVariant *numbers = g_variant_get_child_value(part, 0), *list = g_variant_get_child_value(part, 1),
             *never = g_variant_get_child_value(part, 2);
    gsize n;
    const void *data = g_variant_get_fixed_array(numbers, &n, sizeof(uint32_t));
    if (n == sizeof *counts / sizeof(uint32_t)) {
        report_counts of_part;
        memcpy(&of_part, data, sizeof of_part);
        report_counts_add(counts, &of_part);
    }
    for (gsize i = 0; i < g_variant_n_children(list); i++) {
        GVariant *entry = g_variant_get_child_value(list, i);
        report_entry *e = unpack_entry(entry);
        if (e->failures->len)
            g_ptr_array_add(entries, e);
        else
            report_entry_free(e);
        g_variant_unref(entry);
    }
    report_unopened_unpack(unopened, never);
    g_variant_unref(never);
    g_variant_unref(list);
    g_variant_unref(numbers);
    g_variant_unref(part);
}

bool report_load(const char *path, GPtrArray *entries, GPtrArray *unopened, report_counts *counts)
{
    GMappedFile *file = g_mapped_file_new(path, FALSE, NULL);
    GBytes *all = file ? g_mapped_file_get_bytes(file) : NULL;
    gsize left;
    const uint8_t *at = all ? g_bytes_get_data(all, &left) : NULL;
    uint64_t size;
    while (at && left >= sizeof size) {
        GBytes *part;
        memcpy(&size, at, sizeof size);
        at += sizeof size;
        left -= sizeof size;
        if (size > left)
            break;
        part = g_bytes_new(at, size);
        unpack_part(part, entries, unopened, counts);
        g_bytes_unref(part);
        at += size;
        left -= size;
    }
    g_clear_pointer(&all, g_bytes_unref);
    g_clear_pointer(&file, g_mapped_file_unref);
    return at != NULL;
}
