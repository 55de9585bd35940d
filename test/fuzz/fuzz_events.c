/* Connections from bytes: facts in any order, every kind of end, the verdicts and their words.
 *
 * The input is a row of events: a byte whose lowest bit is the direction and whose rest, modulo the number of kinds,
 * is the kind, and then what the kind takes. See seeds.py, which writes it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include "tlswhy/chain.h"
#include "tlswhy/contrast.h"
#include "tlswhy/verdict.h"

#define CONNECTIONS_MAX 8

typedef struct {
    tw_contrast *contrast;
    tw_conn *conn[CONNECTIONS_MAX];
    unsigned n;
    GPtrArray *verdicts;
    tw_settings settings;
    tw_at at;
} world;

typedef void event(world *w, tw_conn *c, input *in);

static void check(const tw_verdict *v)
{
    must_be_clean(v->reason);
    must_be_clean(v->title);
    g_assert(v->n_evidence == 0 || v->evidence);
    for (unsigned i = 0; i < v->n_evidence; i++)
        must_be_clean(v->evidence[i].text);
    for (unsigned i = 0; i < v->hints->len; i++)
        must_be_clean(g_ptr_array_index(v->hints, i));
    for (unsigned i = 0; i < v->logs->len; i++)
        must_be_clean(g_ptr_array_index(v->logs, i));
    g_assert(v->confidence <= TW_PROVEN && v->phase < TW_N_PHASES && v->cause <= TW_N_CAUSES);
    g_assert(!v->failure || v->cause < TW_N_CAUSES);
}

static void keep(world *w, tw_verdict *v)
{
    if (!v)
        return;
    check(v);
    g_ptr_array_add(w->verdicts, v);
}

static void on_message(world *w, tw_conn *c, input *in)
{
    size_t len = take_number(in, 2);
    uint8_t *bytes = take_bytes(in, &len);
    tw_conn_message(c, w->at, bytes, len);
    g_free(bytes);
}

static void on_fragment(world *w, tw_conn *c, input *in)
{
    size_t len = take_number(in, 2);
    uint8_t *bytes = take_bytes(in, &len);
    tw_conn_fragment(c, w->at, bytes, len);
    g_free(bytes);
}

static void on_record(world *w, tw_conn *c, input *in)
{
    uint8_t type = take_byte(in);
    tw_conn_record(c, w->at, type, take_number(in, 2), false);
}

static void on_opaque(world *w, tw_conn *c, input *in)
{
    uint8_t type = take_byte(in);
    uint32_t length = take_number(in, 2);
    tw_conn_record(c, w->at, type, length, true);
    keep(w, tw_judge_opaque(c, w->at, type, length, &w->settings));
}

static void on_alert(world *w, tw_conn *c, input *in)
{
    uint8_t level = take_byte(in);
    const tw_alert *a = tw_conn_alert(c, w->at, level, take_byte(in), 0);
    if (a)
        keep(w, tw_judge_alert(c, a, &w->settings));
}

static void on_plain(world *w, tw_conn *c, input *in)
{
    uint8_t how = take_byte(in);
    size_t len = take_byte(in);
    uint8_t *bytes = take_bytes(in, &len);
    tw_conn_plain(c, w->at, bytes, len);
    g_free(bytes);
    if (how % 4 == 1)
        keep(w, tw_judge_plain(c, w->at, &w->settings));
    else if (how % 4 == 2)
        keep(w, tw_judge_answer_to_plain(c, w->at, &w->settings));
    else if (how % 4 == 3)
        keep(w, tw_judge_declined(c, w->at, &w->settings));
}

static void on_fin(world *w, tw_conn *c, input *in G_GNUC_UNUSED)
{
    tw_conn_fin(c, w->at);
    keep(w, tw_judge_end(c, w->at, false, &w->settings));
}

static void on_rst(world *w, tw_conn *c, input *in G_GNUC_UNUSED)
{
    tw_conn_rst(c, w->at);
    keep(w, tw_judge_end(c, w->at, true, &w->settings));
}

static void on_wait(world *w, tw_conn *c G_GNUC_UNUSED, input *in)
{
    w->at.time_us += (int64_t)take_number(in, 2) * 1000;
}

static void on_give_back(world *w G_GNUC_UNUSED, tw_conn *c, input *in G_GNUC_UNUSED)
{
    tw_conn_give_back(c);
}

static void on_silence(world *w, tw_conn *c, input *in G_GNUC_UNUSED)
{
    keep(w, tw_judge_silence(c, w->at.time_us, &w->settings));
}

/* The next connection, between the same two machines for an even byte. */
static void on_next(world *w, tw_conn *c G_GNUC_UNUSED, input *in)
{
    uint8_t how = take_byte(in);
    tw_conn *next;
    if (w->n == CONNECTIONS_MAX)
        return;
    next = w->conn[w->n++] = tw_conn_new(how & 2);
    next->contrast = w->contrast;
    next->initiator_dir = how & 4 ? (how & 8) != 0 : -1;
    next->address[0] = g_strdup_printf("192.0.2.%u:%u", how & 1, 40000 + w->n);
    next->address[1] = g_strdup("198.51.100.1:443");
}

static event *const events[] = { on_message, on_fragment, on_record, on_opaque,    on_alert,   on_plain,
                                 on_fin,     on_rst,      on_wait,   on_give_back, on_silence, on_next };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = { data, size };
    world w = { .contrast = tw_contrast_new(), .at = { 0, G_GINT64_CONSTANT(1748736000000000), 0 } };
    w.verdicts = g_ptr_array_new_with_free_func((GDestroyNotify)tw_verdict_free);
    on_next(&w, NULL, &in);
    while (in.left) {
        uint8_t op = take_byte(&in);
        w.at.frame++;
        w.at.time_us += 1000;
        w.at.dir = op & 1;
        events[(op >> 1) % G_N_ELEMENTS(events)](&w, w.conn[w.n - 1], &in);
    }
    for (unsigned i = 0; i < w.n; i++)
        keep(&w, tw_judge_silence(w.conn[i], w.at.time_us + 60 * G_USEC_PER_SEC, &w.settings));
    tw_contrast_settle(w.contrast);
    for (unsigned i = 0; i < w.verdicts->len; i++)
        check(g_ptr_array_index(w.verdicts, i));
    for (unsigned i = 0; i < w.n; i++)
        tw_conn_free(w.conn[i]);
    tw_contrast_free(w.contrast);
    g_ptr_array_unref(w.verdicts);
    tw_chain_forget();
    return 0;
}
