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

static int64_t *no_waits(void)
{
    int64_t *waits_us = g_new(int64_t, TW_N_PHASES);
    for (unsigned i = 0; i < TW_N_PHASES; i++)
        waits_us[i] = -1;
    return waits_us;
}

static void add_wait(tw_verdict *v, tw_phase phase, int64_t waited_us)
{
    if (!v->waits_us)
        v->waits_us = no_waits();
    v->waits_us[phase] = MAX(v->waits_us[phase], 0) + MAX(waited_us, 0);
}

void tw__verdict_add_waits(tw_verdict *v, const tw__case *k)
{
    const tw__handshake *h = k->h;
    const tw_at *last = NULL;
    bool server_spoke = false;
    if (h->released)
        return;
    for (unsigned i = 0; i < h->n_messages; i++) {
        const tw_at *at = &h->messages[i].at;
        if (last && at->dir != last->dir)
            add_wait(v, answered(k, at->dir, server_spoke), at->time_us - last->time_us);
        server_spoke |= tw__conn_side(k->conn, at->dir) == TW_SERVER;
        last = at;
    }
    if (last && last->dir != k->at.dir && k->phase < TW_N_PHASES)
        add_wait(v, k->phase, k->at.time_us - last->time_us);
}

void tw__verdict_time(tw_verdict *v, const tw__case *k)
{
    const tw_conn *c = k->conn;
    tw_times *times = &v->times;
    times->hello_us = k->h->client_hello_us;
    times->frame_us = times->end_us = k->at.time_us;
    if (k->at.frame == k->h->client_hello_frame)
        times->frame_us = k->h->client_hello_us;
    else if (k->at.frame == c->last_frame)
        times->frame_us = c->last_us;
}
