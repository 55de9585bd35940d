/* Captures: two of them side by side share nothing, verdicts leave by the sink and are replaced, the budget holds.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "capture/capture_internal.h"
#include "rows.h"
#include "verdict/verdict_internal.h"

/* A capture and the verdicts that stand, "frame cause server-name", in order. */
typedef struct {
    tw_capture *capture;
    GPtrArray *stands; /* const tw_verdict *, lent */
    unsigned replaced;
} recording;

static void on_verdict(void *data, tw_conn *conn, const tw_verdict *v, const tw_verdict *replaced)
{
    recording *r = data;
    (void)conn;
    if (replaced)
        g_ptr_array_remove(r->stands, (gpointer)(uintptr_t)replaced);
    r->replaced += replaced != NULL;
    g_ptr_array_add(r->stands, (gpointer)(uintptr_t)v);
}

static void begin(recording *r, bool anonymize)
{
    tw_settings settings = { .anonymize = anonymize };
    *r = (recording){ .stands = g_ptr_array_new() };
    r->capture = tw_capture_new(&settings, on_verdict, r, NULL);
}

static char *stands(const recording *r)
{
    GString *s = g_string_new(NULL);
    for (unsigned i = 0; i < r->stands->len; i++) {
        const tw_verdict *v = g_ptr_array_index(r->stands, i);
        g_string_append_printf(s, "%s%u %s %s", i ? "; " : "", v->frame, tw_cause_get(v->cause)->id,
                               v->server_name ? v->server_name : "-");
    }
    return g_string_free(s, FALSE);
}

static void must_stand(const recording *r, const char *what)
{
    char *text = stands(r);
    assert_string_equal(text, what);
    g_free(text);
}

static void end(recording *r)
{
    tw_capture_end(r->capture);
    tw_capture_free(r->capture);
    g_ptr_array_unref(r->stands);
}

static tw_conn *connect_over(recording *r, const char *client, tw_carrier carrier)
{
    const char *endpoints[2] = { client, "192.0.2.2:443" };
    return tw_capture_connect(r->capture, endpoints, carrier, 1, PLAY_TIME);
}

static tw_conn *connect(recording *r, const char *client)
{
    return connect_over(r, client, TW_CARRIER_TCP);
}

/* SIDE says the message NAME (build.h). */
static void say(tw_conn *conn, uint32_t frame, char side, const char *name, const char *options)
{
    play *p = play_new("");
    char **list = g_strsplit(options, ";", -1);
    GByteArray *message = message_of(p, side, name, list);
    tw_record r = { .type = TW_CT_HANDSHAKE, .length = message->len, .item = -1 };
    tw_at at = { .frame = frame, .time_us = PLAY_TIME + frame * 1000, .dir = side == 'S' };
    tw_tell_record(conn, at, &r);
    tw_tell_message(conn, at, message->data, message->len);
    g_byte_array_unref(message);
    g_strfreev(list);
    play_free(p);
}

static void say_hello(tw_conn *conn, uint32_t frame, const char *options)
{
    say(conn, frame, 'C', "hello", options);
}

/* A record of direction DIR, encrypted unless it is a ChangeCipherSpec. */
static void send(tw_conn *conn, uint32_t frame, int dir, uint8_t type, uint32_t length)
{
    tw_record r = { .type = type, .length = length, .opaque = type != TW_CT_CCS, .item = -1 };
    tw_tell_record(conn, (tw_at){ .frame = frame, .time_us = PLAY_TIME + frame * 1000, .dir = dir }, &r);
}

static void refuse(tw_conn *conn, uint32_t frame, uint8_t alert)
{
    tw_record r = { .type = TW_CT_ALERT, .length = 2, .item = 0 };
    tw_at at = { .frame = frame, .time_us = PLAY_TIME + frame * 1000, .dir = 1 };
    tw_tell_record(conn, at, &r);
    tw_tell_alert(conn, at, 2, alert, 0);
}

static void two_captures_share_nothing(void **state)
{
    recording one, other;
    tw_conn *a, *b;
    (void)state;
    begin(&one, false);
    begin(&other, true);
    a = connect(&one, "192.0.2.1:50000");
    b = connect(&other, "192.0.2.1:50000");
    say_hello(a, 1, "sni=a.example");
    say_hello(b, 1, "sni=b.example");
    refuse(b, 2, 70);
    refuse(a, 2, 112);
    must_stand(&one, "2 sni-unrecognized a.example");
    must_stand(&other, "2 version-no-overlap host-1");
    tw_capture_end(one.capture);
    tw_capture_end(one.capture);
    end(&one);
    refuse(connect(&other, "192.0.2.1:50001"), 3, 70);
    must_stand(&other, "2 version-no-overlap host-1; 3 handshake-refused -");
    end(&other);
}

/* A reaction to an end is evidence of the verdict upon that end, which another one then says. */
static void a_verdict_is_replaced(void **state)
{
    recording r;
    tw_conn *conn;
    const tw_verdict *before;
    (void)state;
    begin(&r, false);
    conn = connect(&r, "192.0.2.1:50000");
    say_hello(conn, 1, "sni=a.example");
    tw_tell_end(conn, (tw_at){ .frame = 2, .time_us = PLAY_TIME + 2000, .dir = 1 }, false);
    must_stand(&r, "2 closed-after-client-hello a.example");
    before = tw_conn_verdicts(conn);
    tw_tell_alert(conn, (tw_at){ .frame = 3, .time_us = PLAY_TIME + 3000, .dir = 0 }, 2, 50, 0);
    assert_int_equal(r.replaced, 1);
    assert_ptr_not_equal(tw_conn_verdicts(conn), before);
    assert_null(tw_conn_verdicts(conn)->next);
    must_stand(&r, "2 closed-after-client-hello a.example");
    assert_int_equal(tw_conn_outcome(conn), TW_FAILED);
    end(&r);
}

/* DTLS: a close_notify that was recorded before the Finished which it follows. */
static void a_finished_behind_an_alert_undoes_it(void **state)
{
    recording r;
    tw_conn *conn;
    (void)state;
    begin(&r, false);
    conn = connect_over(&r, "192.0.2.1:50000", TW_CARRIER_UDP);
    say_hello(conn, 1, "sni=a.example");
    say(conn, 2, 'S', "hello", "");
    say(conn, 2, 'S', "cert", "self_signed");
    say(conn, 2, 'S', "done", "");
    say(conn, 3, 'C', "cke", "");
    send(conn, 3, 0, TW_CT_CCS, 1);
    send(conn, 3, 0, TW_CT_HANDSHAKE, 48);
    send(conn, 4, 0, TW_CT_ALERT, 26);
    must_stand(&r, "4 server-cert-self-signed a.example");
    send(conn, 5, 1, TW_CT_CCS, 1);
    assert_int_equal(r.replaced, 0);
    send(conn, 5, 1, TW_CT_HANDSHAKE, 48);
    assert_int_equal(r.replaced, 1);
    assert_false(tw_conn_verdicts(conn)->failure);
    end(&r);
}

static void answers_about_a_connection(void **state)
{
    recording r;
    tw_conn *conn;
    char *endpoint, *name;
    (void)state;
    begin(&r, false);
    conn = connect(&r, "192.0.2.1:50000");
    assert_int_equal(tw_conn_client_dir(conn), -1);
    assert_int_equal(tw_conn_outcome(conn), TW_UNDECIDED);
    assert_null(tw_conn_version(conn));
    say_hello(conn, 1, "sni=a.example");
    refuse(conn, 2, 40);
    assert_int_equal(tw_conn_client_dir(conn), 0);
    assert_false(tw_conn_completed(conn));
    endpoint = tw_conn_endpoint(conn, 1);
    name = tw_conn_server_name(conn);
    assert_string_equal(endpoint, "192.0.2.2:443");
    assert_string_equal(name, "a.example");
    assert_true(tw_conn_begin_us(conn) == PLAY_TIME);
    g_free(endpoint);
    g_free(name);
    end(&r);
}

static void roots_that_cannot_be_read_are_a_warning(void **state)
{
    tw_settings settings = { .trusted_roots = "/nonexistent/roots.pem" };
    char *warning = NULL;
    tw_capture *capture = tw_capture_new(&settings, on_verdict, NULL, &warning);
    (void)state;
    assert_non_null(warning);
    g_free(warning);
    tw_capture_end(capture);
    tw_capture_free(capture);
    tw_capture_free(NULL);
}

/* ---- forgetting ---- */

static tw_conn *complete_over(recording *r, tw_carrier carrier, bool over)
{
    tw_conn *conn = connect_over(r, "192.0.2.1:50000", carrier);
    conn->n_completed = 1;
    conn->now->complete = true;
    conn->last_us = PLAY_TIME;
    if (over)
        conn->side[0].rst_frame = 1;
    tw__stop_keeping(conn);
    return conn;
}

static tw_conn *complete(recording *r, bool over)
{
    return complete_over(r, TW_CARRIER_TCP, over);
}

static void note_forgotten(void *data, tw_conn *const *conns, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        g_ptr_array_add(data, conns[i]);
}

static unsigned forget(recording *r, int64_t later_us, GPtrArray *gone)
{
    g_ptr_array_set_size(gone, 0);
    return tw_capture_forget(r->capture, PLAY_TIME + later_us, note_forgotten, gone);
}

/* Those that are decided and over, the oldest ones; never a failure that others are compared with, one that is open or was
 * heard of just now. */
static void forgets_what_is_over(void **state)
{
    const int64_t minute = 60 * (int64_t)G_USEC_PER_SEC;
    recording r;
    tw_conn *failed, *lasting, *first;
    GPtrArray *gone = g_ptr_array_new();
    (void)state;
    begin(&r, false);
    failed = connect(&r, "192.0.2.1:50001");
    say_hello(failed, 1, "sni=a.example");
    refuse(failed, 2, 112);
    failed->side[0].rst_frame = 3;
    lasting = complete(&r, false);
    first = complete(&r, true);
    for (unsigned i = 1; i < TW_SPENT_MAX; i++)
        complete(&r, true);
    assert_int_equal(forget(&r, minute, gone), 0);
    for (unsigned i = 0; i < TW_SPENT_MAX; i++)
        complete(&r, true);
    assert_int_equal(forget(&r, 0, gone), 0); /* just now */
    for (unsigned i = 0; i < TW_SPENT_MAX; i++)
        complete(&r, true);
    assert_int_equal(forget(&r, minute, gone), 2 * TW_SPENT_MAX);
    assert_int_equal(gone->len, 2 * TW_SPENT_MAX);
    assert_ptr_equal(g_ptr_array_index(gone, 0), first);
    assert_int_equal(r.capture->connections->len, TW_SPENT_MAX + 2);
    assert_ptr_equal(g_ptr_array_index(r.capture->connections, 0), failed);
    assert_ptr_equal(g_ptr_array_index(r.capture->connections, 1), lasting);
    assert_int_equal(forget(&r, minute, gone), 0);
    must_stand(&r, "2 sni-unrecognized a.example");
    g_ptr_array_unref(gone);
    end(&r);
}

/* Those without an end of their own: once NATs have forgotten them as well. */
static void forgets_what_was_left(void **state)
{
    const int64_t minute = 60 * (int64_t)G_USEC_PER_SEC;
    recording r;
    tw_conn *lasting, *datagrams;
    GPtrArray *gone = g_ptr_array_new();
    (void)state;
    begin(&r, false);
    complete_over(&r, TW_CARRIER_EAP, false);
    lasting = complete(&r, false);
    datagrams = complete_over(&r, TW_CARRIER_UDP, false);
    for (unsigned i = 1; i < 2 * TW_SPENT_MAX; i++)
        complete_over(&r, TW_CARRIER_QUIC, false);
    assert_int_equal(forget(&r, 4 * minute, gone), 0);
    for (unsigned i = 0; i < TW_SPENT_MAX; i++)
        complete(&r, false);
    assert_int_equal(forget(&r, 6 * minute, gone), TW_SPENT_MAX);
    assert_ptr_equal(g_ptr_array_index(gone, 0), datagrams);
    for (unsigned i = 0; i < TW_SPENT_MAX; i++)
        complete(&r, false);
    assert_int_equal(forget(&r, 130 * minute, gone), 2 * TW_SPENT_MAX + 1);
    assert_ptr_equal(g_ptr_array_index(gone, 0), lasting);
    g_ptr_array_unref(gone);
    end(&r);
}

/* A later try of the same client is not held against a connection that is forgotten. */
static void forgets_who_was_told_the_versions(void **state)
{
    static const uint8_t negotiation[] = { 0xc0, 0, 0, 0, 0, 1, 1, 1, 2, 0, 0, 0, 1 }; /* RFC 9000 17.2.1 */
    const int64_t minute = 60 * (int64_t)G_USEC_PER_SEC;
    GPtrArray *gone = g_ptr_array_new();
    recording r;
    tw_conn *told;
    (void)state;
    begin(&r, false);
    told = complete_over(&r, TW_CARRIER_QUIC, false);
    tw_tell_quic_datagram(told, (tw_at){ .frame = 1, .time_us = PLAY_TIME, .dir = 1 }, negotiation,
                          sizeof negotiation);
    tw__stop_keeping(told);
    assert_int_equal(r.capture->negotiated->len, 1);
    for (unsigned i = 0; i < 2 * TW_SPENT_MAX; i++)
        complete_over(&r, TW_CARRIER_QUIC, false);
    assert_true(forget(&r, 10 * minute, gone) > 0);
    assert_ptr_equal(g_ptr_array_index(gone, 0), told);
    assert_int_equal(r.capture->negotiated->len, 0);
    complete_over(&r, TW_CARRIER_QUIC, false);
    g_ptr_array_unref(gone);
    end(&r);
}

/* Both ends of CONN, whose handshake is complete, have said that they leave. */
static void close_both(tw_conn *conn, uint32_t stream)
{
    tw_tell_stream(conn, stream);
    for (int dir = 0; dir < 2; dir++)
        tw_tell_end(conn, (tw_at){ .frame = stream + 1, .time_us = PLAY_TIME, .dir = dir }, false);
}

/* Whether a segment that carries something new is news to CONN, of STREAM. */
static bool hears(recording *r, tw_conn *conn, uint32_t stream)
{
    tw_segment s = { .frame = 2 * TW_CLOSED_MAX, .time_us = PLAY_TIME, .seq = 1, .len = 1, .flags = TW_TCP_ACK };
    return tw_tell_segment(r->capture, stream, conn, 0, &s);
}

/* The same, and it is known who did so first, without a close_notify: there is something to say of it. */
static void close_silently(tw_conn *conn, uint32_t stream)
{
    conn->client_dir = 0;
    close_both(conn, stream);
    assert_non_null(tw_conn_verdicts(conn));
    assert_false(tw_conn_verdicts(conn)->failure);
}

/* Who was over before so many others is listened to no longer, unless it failed. */
static void listens_to_those_that_were_over_last(void **state)
{
    const tw_payload none = { .bytes = NULL };
    const tw_segment reset = { .frame = 2 * TW_CLOSED_MAX, .time_us = PLAY_TIME, .flags = TW_TCP_RST };
    recording r;
    tw_conn *failed, *first, *second, *third;
    uint32_t stream = 4;
    (void)state;
    begin(&r, false);
    failed = connect(&r, "192.0.2.1:50001");
    say_hello(failed, 1, "sni=a.example");
    refuse(failed, 2, 112);
    close_both(failed, 0);
    close_both(first = complete(&r, false), 1);
    close_silently(second = complete(&r, false), 2);
    close_both(third = complete(&r, false), 3);
    for (; stream < TW_CLOSED_MAX + 3; stream++)
        close_both(complete(&r, false), stream);
    assert_true(failed->flow != NULL);
    assert_false(hears(&r, first, 1));
    assert_false(hears(&r, second, 2));
    assert_true(hears(&r, third, 3));
    tw_tell_payload(r.capture, 1, first, 0, &reset, &none);
    refuse(first, 2 * TW_CLOSED_MAX, 42);
    say_hello(first, 2 * TW_CLOSED_MAX, "sni=b.example");
    tw_capture_end(r.capture);
    must_stand(&r, "2 sni-unrecognized a.example; 3 closed-without-notify -");
    end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forgets_what_is_over),
        cmocka_unit_test(forgets_what_was_left),
        cmocka_unit_test(forgets_who_was_told_the_versions),
        cmocka_unit_test(listens_to_those_that_were_over_last),
        cmocka_unit_test(two_captures_share_nothing),
        cmocka_unit_test(a_verdict_is_replaced),
        cmocka_unit_test(a_finished_behind_an_alert_undoes_it),
        cmocka_unit_test(answers_about_a_connection),
        cmocka_unit_test(roots_that_cannot_be_read_are_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
