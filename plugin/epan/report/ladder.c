/* The ladder of a connection, as text. See ladder.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/ladder.h"

#include "connections.h"
#include "frames.h"
#include "ladders.h"
#include "report/outcome.h"

#include <stdio.h>

static const tw_verdict *next_failure(const tw_verdict *v)
{
    while (v && !v->failure)
        v = v->next;
    return v;
}

/* In the order of the frames that they stand on. */
static int by_frame(const void *a, const void *b)
{
    uint32_t one = (*(const tw_verdict *const *)a)->frame, other = (*(const tw_verdict *const *)b)->frame;
    return (one > other) - (one < other);
}

GArray *ladder_rungs(const tw_conn *conn)
{
    const GPtrArray *steps = ladders_of(conn);
    GPtrArray *failures;
    GArray *rungs;
    unsigned told = 0;
    if (!steps)
        return NULL;
    failures = g_ptr_array_new();
    rungs = g_array_new(FALSE, TRUE, sizeof(ladder_rung));
    for (const tw_verdict *v = next_failure(tw_conn_verdicts(conn)); v; v = next_failure(v->next))
        g_ptr_array_add(failures, (void *)(uintptr_t)v);
    g_ptr_array_sort(failures, by_frame);
    for (unsigned i = 0; i <= steps->len; i++) {
        const ladder_step *s = i < steps->len ? g_ptr_array_index(steps, i) : NULL;
        ladder_rung rung = { s ? &s->step : NULL, NULL };
        for (; told < failures->len; told++) {
            ladder_rung verdict = { NULL, g_ptr_array_index(failures, told) };
            if (s && s->step.at.frame <= verdict.verdict->frame)
                break;
            g_array_append_val(rungs, verdict);
        }
        if (s)
            g_array_append_val(rungs, rung);
    }
    g_ptr_array_unref(failures);
    return rungs;
}

char *ladder_time(const GArray *rungs, const ladder_rung *rung)
{
    int64_t first = 0;
    for (unsigned i = 0; i < rungs->len && !first; i++) {
        const tw_step *s = g_array_index(rungs, ladder_rung, i).step;
        first = s ? s->at.time_us : 0;
    }
    if (!rung->step || !first || !rung->step->at.time_us)
        return g_strdup("");
    return g_strdup_printf("%.6f", (double)(rung->step->at.time_us - first) / G_USEC_PER_SEC);
}

static void print_rung(const print_options *o, const tw_conn *conn, const GArray *rungs, const ladder_rung *rung)
{
    tw_values *v = tw_values_new();
    bool client;
    char *when = ladder_time(rungs, rung), *line;
    if (rung->verdict) {
        tw_values_setf(v, "frame", "%u", frames_number(rung->verdict->frame));
        tw_values_set_text(v, "reason", rung->verdict->reason);
        print_text(o, TW_TEXT_LADDER_WHY, v);
    } else {
        client = rung->step->at.dir == outcome_client_dir(conn);
        line = tw_step_line(rung->step->what, rung->step->says);
        tw_values_setf(v, "frame", "%u", frames_number(rung->step->at.frame));
        tw_values_set_text(v, "time", when);
        tw_values_set_text(v, "line", line);
        print_text(o, client ? TW_TEXT_LADDER_CLIENT : TW_TEXT_LADDER_SERVER, v);
        g_free(line);
    }
    g_free(when);
    tw_values_free(v);
}

static void print_ladder(const print_options *o, const tw_conn *conn, tw_text title, tw_values *v)
{
    GArray *rungs = ladder_rungs(conn);
    char *client = outcome_address(conn, TW_CLIENT, true), *server = outcome_address(conn, TW_SERVER, true);
    tw_values_set(v, "client", client);
    tw_values_set(v, "server", server);
    print_text(o, rungs ? title : TW_TEXT_LADDER_NONE, v);
    if (rungs)
        putchar('\n');
    for (unsigned i = 0; rungs && i < rungs->len; i++)
        print_rung(o, conn, rungs, &g_array_index(rungs, ladder_rung, i));
    if (rungs)
        g_array_unref(rungs);
    g_free(server);
    g_free(client);
}

void ladder_print(const print_options *o)
{
    const tw_conn *conn = connections_find(o->ladder.udp ? TW_CARRIER_UDP : TW_CARRIER_TCP, o->ladder.stream);
    const tw_conn *inner = o->ladder.udp ? NULL : connections_find(TW_CARRIER_TUNNEL, o->ladder.stream);
    tw_values *v = tw_values_new();
    tw_values_set(v, "carrier", o->ladder.udp ? "UDP" : "TCP");
    tw_values_setf(v, "stream", "%u", o->ladder.stream);
    if (conn)
        print_ladder(o, conn, TW_TEXT_LADDER_TITLE, v);
    else
        print_text(o, connections_any(TW_CARRIER_EAP) ? TW_TEXT_LADDER_NONE_EAP : TW_TEXT_LADDER_NONE, v);
    if (inner) {
        putchar('\n');
        print_ladder(o, inner, TW_TEXT_LADDER_INNER, v);
    }
    tw_values_free(v);
}
