/* Forgetting connections that are over, where a capture goes on for days. See tlswhy/capture.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/capture_internal.h"
#include "judge/judge.h"

#define QUIET_US         (5 * (int64_t)G_USEC_PER_SEC)    /* what comes late behind an end, comes sooner */
#define LEFT_TCP_US      (7440 * (int64_t)G_USEC_PER_SEC) /* NATs have forgotten it as well: RFC 5382, REQ-5 */
#define LEFT_DATAGRAM_US (300 * (int64_t)G_USEC_PER_SEC)  /* RFC 4787, REQ-5 */

/* Whether nothing more is to come on C: it has ended, or its ends have left it without a word, as those of QUIC do. Idle
 * segments (tw_tell_idle()) do not move its time on, but each record that begins does. */
static bool is_quiet(const tw_conn *c, int64_t now_us)
{
    int64_t left_us = c->carrier == TW_CARRIER_TCP ? LEFT_TCP_US : LEFT_DATAGRAM_US;
    return now_us - c->last_us > (tw__conn_is_over(c) ? QUIET_US : left_us);
}

/* Whether nothing can come of C any more, and nobody else holds it. REMEMBERED: those that comparisons point at. */
static bool is_spent(const tw_conn *c, int64_t now_us, GHashTable *remembered)
{
    bool by_itself = c->carrier == TW_CARRIER_TCP || c->carrier == TW_CARRIER_UDP || c->carrier == TW_CARRIER_QUIC;
    return by_itself && !tw__seldom_of(c)->inner && !c->open && is_quiet(c, now_us) &&
           tw_conn_outcome(c) != TW_UNDECIDED && !g_hash_table_contains(remembered, c);
}

/* The first N that are spent leave CONNECTIONS, which stays in its order, for the returned array. */
static GPtrArray *take_out(GPtrArray *connections, unsigned n, int64_t now_us, GHashTable *remembered)
{
    GPtrArray *spent = g_ptr_array_new();
    unsigned kept = 0;
    for (unsigned i = 0; i < connections->len; i++) {
        tw_conn *c = g_ptr_array_index(connections, i);
        if (spent->len < n && is_spent(c, now_us, remembered))
            g_ptr_array_add(spent, c);
        else
            g_ptr_array_index(connections, kept++) = c;
    }
    for (unsigned i = 0; i < spent->len; i++)
        g_ptr_array_index(connections, kept + i) = g_ptr_array_index(spent, i);
    return spent;
}

/* CAPTURE points at none of SPENT any more but in its connections. */
static void let_go(tw_capture *capture, const GPtrArray *spent)
{
    GHashTable *set = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (unsigned i = 0; i < spent->len; i++)
        g_hash_table_add(set, g_ptr_array_index(spent, i));
    tw__forget_closed(capture, set);
    for (unsigned i = capture->negotiated->len; i-- > 0;)
        if (g_hash_table_contains(set, g_ptr_array_index(capture->negotiated, i)))
            g_ptr_array_remove_index(capture->negotiated, i);
    g_hash_table_destroy(set);
}

unsigned tw_capture_forget(tw_capture *capture, int64_t now_us, tw_forget_sink *sink, void *data)
{
    GHashTable *remembered;
    GPtrArray *spent;
    unsigned n = 0, n_spent;
    if (capture->sightings && tw__sightings_are_asked(capture->sightings))
        return 0; /* they know connections by their address in memory */
    if (capture->connections->len < capture->crowded)
        return 0;
    g_clear_pointer(&capture->sightings, tw__sightings_free);
    remembered = tw__contrast_connections(capture->contrast);
    for (unsigned i = 0; i < capture->connections->len; i++)
        n += is_spent(g_ptr_array_index(capture->connections, i), now_us, remembered);
    n = n > TW_SPENT_MAX ? n - TW_SPENT_MAX : 0;
    spent = take_out(capture->connections, n, now_us, remembered);
    n_spent = spent->len;
    let_go(capture, spent);
    if (n_spent)
        sink(data, (tw_conn *const *)spent->pdata, n_spent);
    g_ptr_array_set_size(capture->connections, (int)(capture->connections->len - n_spent)); /* which frees them */
    capture->crowded = capture->connections->len + TW_SPENT_MAX;
    g_ptr_array_unref(spent);
    g_hash_table_destroy(remembered);
    return n_spent;
}
