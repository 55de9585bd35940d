/* What a capture hands to another one, and takes from it. See tlswhy/elsewhere.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tlswhy/elsewhere.h"

#include "capture/capture_internal.h"
#include "compare/contrast.h"
#include "elsewhere/elsewhere.h"

void tw_capture_remember(tw_capture *capture)
{
    if (!capture->sightings)
        capture->sightings = tw__sightings_new();
    tw__sightings_ask(capture->sightings);
}

static int64_t until(const tw_capture *capture, uint32_t frame, int64_t last_us)
{
    int64_t end_us;
    return tw__clock_end_after(capture->clock, frame, &end_us) ? end_us : last_us;
}

static void account_free(void *data)
{
    tw__account_free(data);
}

GPtrArray *tw__accounts_of(const tw_capture *capture)
{
    GPtrArray *accounts = g_ptr_array_new_with_free_func(account_free);
    GHashTable *tls = g_hash_table_new(g_direct_hash, g_direct_equal);
    GHashTableIter streams;
    gpointer number, sighting;
    for (unsigned i = 0; i < capture->connections->len; i++) {
        tw_conn *conn = g_ptr_array_index(capture->connections, i);
        tw__account *a =
            tw__account_of_conn(capture->sightings, conn, until(capture, conn->last_frame, conn->last_us));
        if (a) {
            g_ptr_array_add(accounts, a);
            tw__account_divide(a, capture->sightings, conn->stream, accounts);
        }
        if (conn->carrier == TW_CARRIER_TCP)
            g_hash_table_add(tls, GUINT_TO_POINTER(conn->stream));
    }
    g_hash_table_iter_init(&streams, tw__sightings_streams(capture->sightings));
    while (g_hash_table_iter_next(&streams, &number, &sighting)) {
        tw__account *a = g_hash_table_contains(tls, number) ? NULL : tw__account_of_stream(sighting, 0);
        if (!a)
            continue;
        a->until_us = until(capture, a->last_frame, a->last_us);
        g_ptr_array_add(accounts, a);
        tw__account_divide(a, capture->sightings, GPOINTER_TO_UINT(number), accounts);
    }
    g_hash_table_destroy(tls);
    return accounts;
}

GBytes *tw_capture_facts(tw_capture *capture, const char *name, tw_frame_number *number, unsigned *left_out)
{
    tw__facts facts = { .capture = tw_escape(name, -1, TW_VALUE_MAX) };
    GBytes *file;
    tw_capture_remember(capture);
    facts.n_left_out = tw__sightings_left_out(capture->sightings);
    facts.accounts = tw__accounts_of(capture);
    facts.handshakes = (GPtrArray *)(uintptr_t)tw__contrast_remembered(capture->contrast);
    tw__clock_span(capture->clock, &facts.from_us, &facts.until_us);
    file = tw__facts_write(&facts, number, TW_FACTS_MAX, left_out);
    g_ptr_array_unref(facts.accounts);
    g_free(facts.capture);
    return file;
}

char *tw_capture_use_facts(tw_capture *capture, GBytes *file)
{
    tw_text text;
    tw__facts *facts =
        tw__facts_read(file, capture->context.pool, &capture->context, capture->context.anonymizer != NULL, &text);
    if (!facts)
        return tw_text_new(text, NULL);
    tw_capture_remember(capture);
    if (!capture->others)
        capture->others = g_ptr_array_new_with_free_func(tw__facts_free);
    g_ptr_array_add(capture->others, facts);
    for (unsigned i = 0; i < facts->handshakes->len; i++)
        tw__contrast_add(capture->contrast, g_ptr_array_index(facts->handshakes, i));
    return NULL;
}

GPtrArray *tw_capture_remarks(const tw_capture *capture)
{
    GPtrArray *here, *remarks;
    if (!capture->others)
        return NULL;
    here = tw__accounts_of(capture);
    remarks = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < capture->others->len; i++) {
        char *text = tw__facts_remark(g_ptr_array_index(capture->others, i), here, capture->context.anonymizer);
        if (text)
            g_ptr_array_add(remarks, text);
    }
    g_ptr_array_unref(here);
    return remarks;
}
