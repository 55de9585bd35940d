/* Connections from bytes: facts in any order, every kind of end, the verdicts and their words.
 *
 * The input is a row of events: a byte whose lowest bit is the direction and whose rest, modulo the number of kinds,
 * is the kind, and then what the kind takes. See seeds.py, which writes it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include "tlswhy/words.h"
#include "capture/capture_internal.h"
#include "judge/judge.h"

#define CONNECTIONS_MAX 8

typedef struct {
    tw_capture *capture;
    tw_conn *conn[CONNECTIONS_MAX];
    unsigned n;
    tw_at at;
} world;

typedef void event(world *w, tw_conn *c, input *in);

static uint32_t frames_number(uint32_t frame)
{
    return frame;
}

static void check(const tw_verdict *v)
{
    char *help;
    must_be_clean(v->reason);
    must_be_clean(v->title);
    const tw_evidence *e, *before = NULL;
    for (unsigned i = 0; (e = tw_verdict_evidence(v, i)); before = e, i++) {
        must_be_clean(e->text);
        g_assert(!before || before->kind <= e->kind);
    }
    for (unsigned i = 0; i < v->hints->len; i++)
        must_be_clean(g_ptr_array_index(v->hints, i));
    for (unsigned i = 0; i < v->logs->len; i++)
        must_be_clean(g_ptr_array_index(v->logs, i));
    g_assert(v->confidence <= TW_PROVEN && v->phase < TW_N_PHASES && v->cause <= TW_N_CAUSES);
    g_assert(!v->failure || v->cause < TW_N_CAUSES);
    help = tw_help_verdict(v, TW_CARRIER_QUIC, frames_number);
    g_assert(g_utf8_validate(help, -1, NULL));
    g_free(help);
}

static void keep(world *w, tw_verdict *v)
{
    if (!v)
        return;
    tw__publish(w->conn[w->n - 1], v);
}

static void on_message(world *w, tw_conn *c, input *in)
{
    size_t len = take_number(in, 2);
    uint8_t *bytes = take_bytes(in, &len);
    tw__conn_message(c, w->at, bytes, len);
    g_free(bytes);
}

static void on_fragment(world *w, tw_conn *c, input *in)
{
    size_t len = take_number(in, 2);
    uint8_t *bytes = take_bytes(in, &len);
    tw__conn_fragment(c, w->at, bytes, len);
    g_free(bytes);
}

static void on_record(world *w, tw_conn *c, input *in)
{
    uint8_t type = take_byte(in);
    tw__conn_record(c, w->at, type, take_number(in, 2), false);
}

static void on_opaque(world *w, tw_conn *c, input *in)
{
    uint8_t type = take_byte(in);
    uint32_t length = take_number(in, 2);
    tw__conn_record(c, w->at, type, length, true);
    keep(w, tw__judge_opaque(c, w->at, type, length));
}

static void on_alert(world *w, tw_conn *c, input *in)
{
    uint8_t level = take_byte(in);
    tw_tell_alert(c, w->at, level, take_byte(in), 0);
}

static void on_plain(world *w, tw_conn *c, input *in)
{
    uint8_t how = take_byte(in);
    size_t len = take_byte(in);
    uint8_t *bytes = take_bytes(in, &len);
    tw__conn_cleartext(c, w->at, bytes, len);
    g_free(bytes);
    if (how % 8 == 1)
        keep(w, tw__judge_cleartext(c, w->at));
    else if (how % 8 == 2)
        keep(w, tw__judge_answer_to_cleartext(c, w->at));
    else if (how % 8 == 3)
        keep(w, tw__judge_declined(c, w->at));
    else if (how % 8 == 4)
        keep(w, tw__judge_closed_on_cleartext(c, w->at, how & 8, how & 16));
}

static void on_preamble(world *w, tw_conn *c, input *in)
{
    size_t len = take_byte(in);
    uint8_t *bytes = take_bytes(in, &len);
    tw__conn_preamble(c, w->at, bytes, len);
    g_free(bytes);
}

static void on_segment(world *w, tw_conn *c, input *in)
{
    tw_segment segment = { .frame = w->at.frame, .time_us = w->at.time_us };
    segment.flags = take_byte(in);
    segment.hops = take_byte(in);
    segment.v6 = segment.hops & 1;
    segment.seq = take_number(in, 4);
    segment.ack = take_number(in, 4);
    segment.len = take_number(in, 2);
    segment.window = (uint16_t)take_number(in, 2);
    segment.ip_id = (uint16_t)take_number(in, 2);
    if (!tw__conn_is_watched(c))
        return;
    if (segment.flags & 0x80) /* none that is looked at: some were lost here */
        tw__tcp_restart(&c->tcp[w->at.dir]);
    tw__tcp_segment(c->tcp, w->at.dir, &segment);
}

static void on_dtls13_record(world *w, tw_conn *c, input *in)
{
    tw__conn_dtls13_record(c, w->at, take_byte(in) & 3);
}

static void on_datagram(world *w, tw_conn *c, input *in)
{
    size_t len = take_number(in, 2), at = 0;
    uint8_t *bytes = take_bytes(in, &len);
    tw__quic_kind kind;
    uint32_t version;
    while (tw__quic_next_packet(bytes, len, &at, &kind, &version))
        tw__conn_quic_packet(c, w->at, kind, version);
    g_free(bytes);
}

static void on_negotiation(world *w, tw_conn *c, input *in)
{
    uint32_t versions[TW_QUIC_VERSIONS_MAX];
    unsigned n = take_byte(in) % (TW_QUIC_VERSIONS_MAX + 1);
    for (unsigned i = 0; i < n; i++)
        versions[i] = take_number(in, 4);
    tw__conn_quic_negotiation(c, w->at, versions, n);
}

#define CRYPTO_ERROR 1 /* the high byte of an error that is an alert */

static void on_quic_close(world *w, tw_conn *c, input *in)
{
    uint32_t error = take_number(in, 2);
    size_t len = take_byte(in);
    uint8_t *words = take_bytes(in, &len);
    tw__conn_quic_close(c, w->at, error, words, len);
    g_free(words);
    if (error >> 8 == CRYPTO_ERROR)
        tw_tell_alert(c, w->at, 2, (uint8_t)error, 0);
    else
        keep(w, tw__judge_end(c, w->at, false));
}

static void on_stream(world *w, tw_conn *c, input *in)
{
    size_t len = take_number(in, 2);
    uint8_t *bytes = take_bytes(in, &len);
    tw_tell_bytes(c, w->at, bytes, len);
    g_free(bytes);
}

static void on_eap_failure(world *w, tw_conn *c, input *in)
{
    keep(w, tw__judge_eap_failure(c, w->at, take_byte(in) & 1));
}

static void on_fin(world *w, tw_conn *c, input *in G_GNUC_UNUSED)
{
    tw__conn_fin(c, w->at);
    keep(w, tw__judge_end(c, w->at, false));
}

static void on_rst(world *w, tw_conn *c, input *in G_GNUC_UNUSED)
{
    tw__conn_rst(c, w->at);
    keep(w, tw__judge_end(c, w->at, true));
}

static void on_wait(world *w, tw_conn *c G_GNUC_UNUSED, input *in)
{
    w->at.time_us += (int64_t)take_number(in, 2) * 1000;
}

static void on_give_back(world *w G_GNUC_UNUSED, tw_conn *c, input *in G_GNUC_UNUSED)
{
    tw__conn_release_messages(c);
}

static void on_silence(world *w, tw_conn *c, input *in G_GNUC_UNUSED)
{
    keep(w, tw__judge_silence(c, w->at.time_us));
}

/* The next connection, between the same two machines for an even byte. */
static void on_next(world *w, tw_conn *c G_GNUC_UNUSED, input *in)
{
    uint8_t how = take_byte(in);
    const char *endpoints[2] = { NULL, "198.51.100.1:443" };
    char *client;
    tw_conn *next;
    if (w->n == CONNECTIONS_MAX)
        return;
    endpoints[0] = client = g_strdup_printf("192.0.2.%u:%u", how & 1, 40000 + w->n);
    next = w->conn[w->n++] =
        tw_capture_connect(w->capture, endpoints, how & 2 ? TW_CARRIER_UDP : TW_CARRIER_TCP, 1, 0);
    g_free(client);
    if (how & 16)
        tw__quic_for(next);
    tw__seldom_for(next)->starttls = how & 32 ? "smtp" : NULL;
    next->begins_inside = how & 64;
    next->initiator_dir = how & 4 ? (how & 8) != 0 : -1;
}

static event *const events[] = { on_message,  on_fragment,    on_record,     on_opaque,  on_alert,
                                 on_plain,    on_fin,         on_rst,        on_wait,    on_give_back,
                                 on_silence,  on_next,        on_preamble,   on_segment, on_dtls13_record,
                                 on_datagram, on_negotiation, on_quic_close, on_stream,  on_eap_failure };

static void on_verdict(void *data, tw_conn *conn, const tw_verdict *verdict, const tw_verdict *replaced)
{
    (void)data;
    (void)conn;
    check(verdict);
    if (replaced)
        check(replaced);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = { data, size };
    world w = { .at = { .time_us = G_GINT64_CONSTANT(1748736000000000) } };
    tw_settings settings = { .anonymize = size && data[0] & 128 };
    w.capture = tw_capture_new(&settings, on_verdict, NULL, NULL);
    on_next(&w, NULL, &in);
    while (in.left) {
        uint8_t op = take_byte(&in);
        w.at.frame++;
        w.at.time_us += 1000;
        w.at.dir = op & 1;
        events[(op >> 1) % G_N_ELEMENTS(events)](&w, w.conn[w.n - 1], &in);
    }
    tw_tell_time(w.capture, w.at.frame, w.at.time_us + 60 * G_USEC_PER_SEC);
    tw_capture_end(w.capture);
    tw_capture_free(w.capture);
    return 0;
}
