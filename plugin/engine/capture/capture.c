/* A capture: what its connections share, their beginning, and the end of it all. See tlswhy/capture.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/capture_internal.h"
#include "capture/records.h"
#include "elsewhere/elsewhere.h"
#include "judge/judge.h"

#include <string.h>

/* With what this room keeps of it. */
static void conn_free(void *data)
{
    tw_conn *c = data;
    for (tw_verdict *v = c->verdicts, *next; v; v = next) {
        next = v->next;
        tw__verdict_free(v);
    }
    tw__streams_free(tw__seldom_of(c)->streams);
    tw__conn_free(c);
}

#define NEGOTIATED_MAX 256 /* the next try of a QUIC client that was told the server's versions comes soon */

tw_capture *tw_capture_new(const tw_settings *settings, tw_verdict_sink *sink, void *data, char **warning)
{
    tw_capture *capture = g_new0(tw_capture, 1);
    tw__context *context = &capture->context;
    char *error = NULL;
    context->capture = capture;
    context->settings = *settings;
    context->anonymizer = settings->anonymize ? tw_anonymizer_new() : NULL;
    context->chains = tw__chain_cache_new(context->anonymizer);
    context->pool = tw__pool_new();
    context->ders = g_hash_table_new_full(tw__der_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    if (settings->trusted_roots && *settings->trusted_roots)
        context->roots = tw__roots_load(context->chains, settings->trusted_roots, &error);
    if (warning)
        *warning = error;
    else
        g_free(error);
    capture->sink = sink;
    capture->sink_data = data;
    capture->crowded = 2 * TW_SPENT_MAX;
    capture->clock = tw__clock_new();
    capture->contrast = tw__contrast_new();
    tw__contrast_join(capture->contrast, context);
    capture->sightings = tw__sightings_new();
    capture->starts = tw__starts_new();
    capture->openings = tw__openings_new();
    tw__shown_init(&capture->shown);
    capture->unopened = g_ptr_array_new_with_free_func(conn_free);
    capture->connections = g_ptr_array_new_with_free_func(conn_free);
    capture->negotiated = g_ptr_array_new();
    g_queue_init(&capture->open);
    return capture;
}

void tw_capture_free(tw_capture *capture)
{
    if (!capture)
        return;
    g_queue_clear(&capture->open);
    tw__sightings_free(capture->sightings);
    g_ptr_array_unref(capture->negotiated);
    tw__contrast_free(capture->contrast);
    g_ptr_array_unref(capture->connections);
    g_clear_pointer(&capture->others, g_ptr_array_unref);
    tw__starts_free(capture->starts);
    tw__openings_free(capture->openings);
    tw__shown_free(&capture->shown);
    g_ptr_array_unref(capture->unopened);
    tw__clock_free(capture->clock);
    tw__roots_free(capture->context.roots);
    tw__chain_cache_free(capture->context.chains);
    tw__pool_free(capture->context.pool);
    g_hash_table_destroy(capture->context.ders);
    tw_anonymizer_free(capture->context.anonymizer);
    g_free(capture);
}

/* A client that was told the server's versions tries again from the same port. */
static void note_next_try(const tw_capture *capture, const tw_conn *c)
{
    for (unsigned i = 0; i < capture->negotiated->len; i++) {
        tw_conn *before = g_ptr_array_index(capture->negotiated, i);
        if (g_str_equal(tw__conn_end(before, 0), tw__conn_end(c, 0)) &&
            g_str_equal(tw__conn_end(before, 1), tw__conn_end(c, 1)))
            tw__quic_of(before)->gone_on = true;
    }
}

tw_conn *tw_capture_connect(tw_capture *capture, const char *const endpoints[2], tw_carrier carrier, uint32_t frame,
                            int64_t time_us)
{
    tw_conn *c = tw__conn_new(carrier == TW_CARRIER_UDP, endpoints);
    c->context = &capture->context;
    c->first_frame = frame;
    c->begin_us = time_us;
    c->carrier = carrier;
    c->inside = carrier == TW_CARRIER_TUNNEL;
    c->indirect = c->not_decrypted = carrier == TW_CARRIER_EAP || carrier == TW_CARRIER_TUNNEL;
    if (carrier == TW_CARRIER_QUIC) {
        tw__quic_for(c);
        note_next_try(capture, c);
    }
    g_ptr_array_add(capture->connections, c);
    tw__begin_keeping(c);
    return c;
}

void tw__note_negotiation(tw_conn *c)
{
    GPtrArray *negotiated = tw__capture_of(c)->negotiated;
    if (negotiated->len == NEGOTIATED_MAX)
        g_ptr_array_remove_index(negotiated, 0);
    g_ptr_array_add(negotiated, c);
}

const tw_conn *tw_capture_unopened(const tw_capture *capture, unsigned i)
{
    return i < capture->unopened->len ? g_ptr_array_index(capture->unopened, i) : NULL;
}

void tw_tell_time(tw_capture *capture, uint32_t frame, int64_t time_us)
{
    tw__clock_note(capture->clock, frame, time_us);
}

tw_anonymizer *tw_capture_anonymizer(const tw_capture *capture)
{
    return capture->context.anonymizer;
}

/* ---- the end ---- */

void tw__judge_unheard_verdicts(tw_conn *c)
{
    for (tw_verdict *v = c->verdicts; v && tw__may_be_unheard(c); v = v->next) {
        tw_verdict *by = tw__judge_unheard(c, v);
        if (by)
            v = tw__replace(c, v, by);
    }
}

static void finish(tw_conn *c)
{
    int64_t end_us;
    tw_verdict *v;
    if (c->lost || c->gone || !tw__clock_end_after(tw__capture_of(c)->clock, c->last_frame, &end_us))
        return;
    tw__judge_unheard_verdicts(c);
    v = tw__judge_silence(c, end_us);
    tw__publish(c, v);
    if (v)
        tw__stop_keeping(c);
}

static void give(tw_conn *c, tw_verdict *before, tw_verdict *v)
{
    if (before)
        tw__replace(c, before, v);
    else
        tw__publish(c, v);
}

static void settle_elsewhere(const tw_capture *capture)
{
    GPtrArray *here = tw__accounts_of(capture);
    tw__elsewhere_settle(here, capture->others, give);
    g_ptr_array_unref(here);
}

/* What the capture has twice. */
static void unite(const tw_capture *capture)
{
    GPtrArray *here = tw__accounts_of(capture);
    tw__elsewhere_unite(here, capture->sightings, give);
    g_ptr_array_unref(here);
}

void tw_capture_end(tw_capture *capture)
{
    for (unsigned i = 0; i < capture->connections->len; i++)
        finish(g_ptr_array_index(capture->connections, i));
    tw__contrast_settle(capture->contrast, tw__replace);
    tw__openings_judge(capture->openings, capture);
    if (capture->sightings && tw__sightings_have_twice(capture->sightings))
        unite(capture);
    if (capture->others)
        settle_elsewhere(capture);
}

/* ---- while it goes on ---- */

/* The verdict of C's silence, if the capture ended now; C stays as it is. Caller frees. */
static tw_verdict *try_silence(tw_conn *c, int64_t now_us)
{
    const tw__handshake before = *c->now;
    const uint16_t n_failed = c->n_failed;
    const uint8_t n_judged = c->n_judged, n_notices = c->n_notices;
    tw__context *context = &tw__capture_of(c)->context;
    tw_verdict *v;
    context->contrast = NULL; /* nobody shall remember it */
    v = tw__judge_silence(c, now_us);
    context->contrast = tw__capture_of(c)->contrast;
    c->now->failed = before.failed;
    c->n_failed = n_failed;
    c->n_judged = n_judged;
    c->n_notices = n_notices;
    return v;
}

void tw_capture_listen(tw_capture *capture, int64_t now_us, tw_silence_sink *sink, void *data)
{
    for (GList *open = capture->open.head; open; open = open->next) {
        tw_conn *c = open->data;
        tw_verdict *v = c->lost || c->silence_told ? NULL : try_silence(c, now_us);
        if (v && v->failure) {
            c->silence_told = true;
            sink(data, c, v);
        }
        tw__verdict_free(v);
    }
}
