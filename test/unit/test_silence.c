/* A client that leaves before its ClientHello was ever heard: the close was not the failure; and when a wait begins.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "build.h"

#define CLIENT 0
#define SERVER 1
#define LENGTH 200 /* of the ClientHello's segment */

/* A segment of DIR, SECONDS after the hello; sequence numbers begin at 1. */
static void segment(play *p, int dir, double seconds, uint8_t flags, uint32_t ack, uint32_t len)
{
    tw_segment s = { .frame = ++p->frame, .flags = flags, .seq = 1, .ack = ack, .len = len };
    s.time_us = p->conn->now->client_hello_us + (int64_t)(seconds * G_USEC_PER_SEC);
    tw__tcp_segment(p->conn->tcp, dir, &s);
}

/* The client says hello and closes; nothing is acknowledged so far. */
static play *left_early(void)
{
    play *p = play_new("C:hello");
    segment(p, CLIENT, 0, TW_TCP_ACK, 1, LENGTH);
    play_on(p, "C:FIN");
    assert_int_equal(p->verdicts->len, 1);
    return p;
}

static const char *judged_again(play *p)
{
    tw_verdict *v = g_ptr_array_index(p->verdicts, 0);
    tw_verdict *by = tw__judge_unheard(p->conn, v);
    if (by)
        replace_in_place(p->conn, v, by);
    return v->cause == TW_N_CAUSES ? "left early" : tw_cause_get(v->cause)->id;
}

static void sent_again_and_never_acknowledged(void **state)
{
    play *p = left_early();
    tw_verdict *v = g_ptr_array_index(p->verdicts, 0);
    uint32_t frame = v->frame;
    (void)state;
    assert_int_equal(v->cause, TW_N_CAUSES); /* a notice */
    assert_false(v->failure);
    segment(p, CLIENT, 1, TW_TCP_ACK | TW_TCP_FIN, 1, LENGTH);
    assert_string_equal(judged_again(p), "left early"); /* not for long enough */
    segment(p, CLIENT, 3.5, TW_TCP_ACK | TW_TCP_FIN, 1, LENGTH);
    assert_string_equal(judged_again(p), "no-answer-to-client-hello");
    assert_int_equal(v->frame, frame);
    assert_int_equal(v->sender, TW_SERVER);
    assert_int_equal(v->phase, TW_CLIENT_HELLO);
    assert_true(strstr(v->reason, "3.5 s") != NULL);
    assert_string_equal(judged_again(p), "no-answer-to-client-hello");
    play_free(p);
}

static void acknowledged_after_all(void **state)
{
    play *p = left_early();
    (void)state;
    segment(p, CLIENT, 1, TW_TCP_ACK | TW_TCP_FIN, 1, LENGTH);
    segment(p, SERVER, 1.1, TW_TCP_ACK, 1 + LENGTH, 0);
    segment(p, CLIENT, 5, TW_TCP_ACK | TW_TCP_FIN, 1, LENGTH);
    assert_false(tw__may_be_unheard(p->conn));
    assert_string_equal(judged_again(p), "left early");
    play_free(p);
}

static void never_sent_again(void **state)
{
    play *p = left_early();
    (void)state;
    segment(p, CLIENT, 5, TW_TCP_ACK | TW_TCP_FIN, 1, 0);
    assert_string_equal(judged_again(p), "left early");
    play_free(p);
}

static void no_longer_watched(void **state)
{
    play *p = left_early();
    (void)state;
    segment(p, CLIENT, 5, TW_TCP_ACK | TW_TCP_FIN, 1, LENGTH);
    tw__conn_release_messages(p->conn);
    assert_string_equal(judged_again(p), "left early");
    play_free(p);
}

static void its_end_crosses_an_alert(void **state)
{
    play *p = left_early();
    const tw_verdict *v = g_ptr_array_index(p->verdicts, 0);
    const tw__alert *alert;
    tw_verdict *by;
    (void)state;
    play_on(p, "S:fatal(40)");
    alert = &p->conn->seldom->alerts[0];
    by = tw__judge_crossed(p->conn, v, alert);
    assert_non_null(by);
    assert_false(by->failure);
    assert_int_equal(by->frame, alert->at.frame);
    assert_non_null(strstr(by->reason, "handshake_failure (40)"));
    assert_null(tw__judge_crossed(p->conn, by, alert)); /* once */
    tw__verdict_free(by);
    play_free(p);
}

static void the_close_of_a_server_stays(void **state)
{
    play *p = play_new("C:hello S:FIN");
    (void)state;
    segment(p, CLIENT, 0, TW_TCP_ACK, 1, LENGTH);
    segment(p, CLIENT, 5, TW_TCP_ACK, 1, LENGTH);
    assert_false(tw__may_be_unheard(p->conn));
    assert_string_equal(judged_again(p), "closed-after-client-hello");
    play_free(p);
}

static const char *judged_after(play *p, double seconds)
{
    int64_t end_us = p->conn->now->client_hello_us + (int64_t)(seconds * G_USEC_PER_SEC);
    tw_verdict *v = tw__judge_silence(p->conn, end_us);
    const char *cause = v ? v->cause == TW_N_CAUSES ? "notice" : tw_cause_get(v->cause)->id : "none";
    tw__verdict_free(v);
    return cause;
}

/* What was lost on its way and is sent again can only be answered from then on. */
static void the_wait_begins_anew(void **state)
{
    play *p = play_new("C:hello");
    (void)state;
    segment(p, CLIENT, 0, TW_TCP_ACK, 1, LENGTH);
    segment(p, SERVER, 0, TW_TCP_ACK, 1, 0);
    segment(p, CLIENT, 2.5, TW_TCP_ACK, 1, LENGTH);
    assert_string_equal(judged_after(p, 3.5), "none");
    assert_string_equal(judged_after(p, 5.6), "no-answer-to-client-hello");
    play_free(p);
}

static void in_vain_is_in_vain(void **state)
{
    play *p = play_new("C:hello");
    (void)state;
    segment(p, CLIENT, 0, TW_TCP_ACK, 1, LENGTH);
    segment(p, SERVER, 0, TW_TCP_ACK, 1, 0);
    for (double seconds = 0.5; seconds < 3; seconds *= 2)
        segment(p, CLIENT, seconds, TW_TCP_ACK, 1, LENGTH);
    assert_string_equal(judged_after(p, 3.5), "no-answer-to-client-hello");
    play_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sent_again_and_never_acknowledged),
        cmocka_unit_test(acknowledged_after_all),
        cmocka_unit_test(never_sent_again),
        cmocka_unit_test(no_longer_watched),
        cmocka_unit_test(its_end_crosses_an_alert),
        cmocka_unit_test(the_close_of_a_server_stays),
        cmocka_unit_test(the_wait_begins_anew),
        cmocka_unit_test(in_vain_is_in_vain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
