/* When a handshake failed, and which side kept the other waiting. See judge_internal.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/judge_internal.h"

/* What a message from DIR answers that comes after one of the other side. */
static tw_phase answered(const tw__case *k, int dir, bool server_spoke)
{
    if (tw__conn_side(k->conn, dir) == TW_CLIENT)
        return TW_SERVER_FLIGHT;
    return server_spoke ? TW_CLIENT_FLIGHT : TW_CLIENT_HELLO;
}

static void add_wait(tw_times *times, tw_phase phase, int64_t waited_us)
{
    times->took_us[phase] = MAX(times->took_us[phase], 0) + MAX(waited_us, 0);
}

/* Sums up the waits between one side's message and the other side's next one. */
static void add_waits(tw_times *times, const tw__case *k)
{
    const tw__handshake *h = k->h;
    const tw_at *last = NULL;
    bool server_spoke = false;
    for (unsigned i = 0; i < h->n_messages; i++) {
        const tw_at *at = &h->messages[i].at;
        if (last && at->dir != last->dir)
            add_wait(times, answered(k, at->dir, server_spoke), at->time_us - last->time_us);
        server_spoke |= tw__conn_side(k->conn, at->dir) == TW_SERVER;
        last = at;
    }
    if (last && last->dir != k->at.dir && k->phase < TW_N_PHASES)
        add_wait(times, k->phase, k->at.time_us - last->time_us);
}

void tw__verdict_time(tw_verdict *v, const tw__case *k)
{
    const tw_conn *c = k->conn;
    tw_times *times = &v->times;
    times->hello_us = k->h->client_hello_us;
    times->frame_us = times->end_us = k->at.time_us;
    for (unsigned i = 0; i < TW_N_PHASES; i++)
        times->took_us[i] = -1;
    if (k->at.frame == k->h->client_hello_frame)
        times->frame_us = k->h->client_hello_us;
    else if (k->at.frame == c->last_frame)
        times->frame_us = c->last_us;
    if (!k->h->released)
        add_waits(times, k);
}
