/* What TCP's headers tell: plays of segments, and what is known after them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "connection/tcp.h"

#define CLIENT 0
#define SERVER 1

static uint32_t frame;

/* ISN is the first byte of payload less one, so that SYN has 0 and the first byte 1; both sides'. */
static void play(tw__tcp tcp[2], int dir, uint8_t flags, uint32_t seq, uint32_t ack, uint32_t len)
{
    tw_segment s = { .frame = ++frame, .flags = flags, .seq = seq, .ack = ack, .len = len };
    s.hops = (flags & TW_TCP_RST) ? 64 : 52;
    tw__tcp_segment(tcp, dir, &s);
}

static void open_connection(tw__tcp tcp[2], uint32_t first)
{
    memset(tcp, 0, 2 * sizeof *tcp);
    frame = 0;
    play(tcp, CLIENT, TW_TCP_SYN, first - 1, 0, 0);
    play(tcp, SERVER, TW_TCP_SYN | TW_TCP_ACK, first - 1, first, 0);
    play(tcp, CLIENT, TW_TCP_ACK, first, first, 0);
}

/* Sequence numbers wrap in the middle of this test's data. */
#define WRAP 0xffffff00u

static void counts_bytes_and_segments(void **state)
{
    tw__tcp tcp[2];
    (void)state;
    open_connection(tcp, WRAP);
    play(tcp, CLIENT, TW_TCP_ACK, WRAP, WRAP, 1000);
    play(tcp, CLIENT, TW_TCP_ACK, WRAP + 1000, WRAP, 500);
    assert_int_equal(tcp[CLIENT].n_payload, 2);
    assert_int_equal(tcp[CLIENT].early[1].len, 500);
    assert_int_equal(tcp[CLIENT].early[1].frame, 5);
    assert_int_equal(tw__tcp_sent(&tcp[CLIENT]), 1500);
    assert_int_equal(tw__tcp_acknowledged(&tcp[CLIENT], &tcp[SERVER]), 0);
    play(tcp, SERVER, TW_TCP_ACK, WRAP, WRAP + 1000, 0);
    assert_int_equal(tw__tcp_acknowledged(&tcp[CLIENT], &tcp[SERVER]), 1000);
    assert_int_equal(tcp[SERVER].ack_frame, 6);
    play(tcp, SERVER, TW_TCP_ACK, WRAP, WRAP + 1501, 0); /* a FIN counts as a byte */
    assert_int_equal(tw__tcp_acknowledged(&tcp[CLIENT], &tcp[SERVER]), 1500);
    assert_int_equal(tw__tcp_missing(&tcp[CLIENT]), 0);
    assert_int_equal(tcp[CLIENT].n_repeated, 0);
}

static void sees_what_is_sent_again(void **state)
{
    tw__tcp tcp[2];
    (void)state;
    open_connection(tcp, 1);
    play(tcp, SERVER, TW_TCP_ACK, 1, 1, 100);
    play(tcp, CLIENT, TW_TCP_ACK, 1, 101, 0);
    play(tcp, SERVER, TW_TCP_ACK, 101, 1, 1400);
    play(tcp, SERVER, TW_TCP_ACK, 1501, 1, 200);
    assert_int_equal(tcp[SERVER].n_stuck, 0);
    for (int i = 0; i < 3; i++)
        play(tcp, SERVER, TW_TCP_ACK, 101, 1, 1400);
    assert_int_equal(tcp[SERVER].n_repeated, 3);
    assert_int_equal(tcp[SERVER].n_stuck, 3);
    assert_int_equal(tcp[SERVER].stuck_len, 1400);
    assert_int_equal(tcp[SERVER].stuck_frame, 10);
    play(tcp, CLIENT, TW_TCP_ACK, 1, 1701, 0);
    assert_int_equal(tcp[SERVER].n_stuck, 0); /* it got through */
}

static void keep_alives_are_no_repetition(void **state)
{
    tw__tcp tcp[2];
    (void)state;
    open_connection(tcp, 1);
    play(tcp, CLIENT, TW_TCP_ACK, 1, 1, 300);
    play(tcp, SERVER, TW_TCP_ACK, 1, 301, 0);
    play(tcp, CLIENT, TW_TCP_ACK, 300, 1, 1);
    play(tcp, CLIENT, TW_TCP_ACK, 300, 1, 0);
    assert_int_equal(tcp[CLIENT].n_repeated, 0);
    assert_int_equal(tcp[CLIENT].n_payload, 1);
}

static void finds_and_fills_holes(void **state)
{
    tw__tcp tcp[2];
    (void)state;
    open_connection(tcp, 1);
    play(tcp, SERVER, TW_TCP_ACK, 2001, 1, 300);
    assert_int_equal(tw__tcp_missing(&tcp[SERVER]), 2000);
    play(tcp, SERVER, TW_TCP_ACK, 1, 1, 1000);
    assert_int_equal(tw__tcp_missing(&tcp[SERVER]), 1000);
    assert_int_equal(tcp[SERVER].n_repeated, 0);
    play(tcp, SERVER, TW_TCP_ACK, 1501, 1, 500);
    assert_int_equal(tw__tcp_missing(&tcp[SERVER]), 500);
    play(tcp, SERVER, TW_TCP_ACK, 1001, 1, 500);
    assert_int_equal(tw__tcp_missing(&tcp[SERVER]), 0);
    play(tcp, SERVER, TW_TCP_ACK, 1, 1, 1000);
    assert_int_equal(tcp[SERVER].n_repeated, 1);
    assert_int_equal(tcp[SERVER].n_payload, 4);
}

/* Without the beginning, what is seen first is the beginning, unless the other side has acknowledged less. */
static void begins_in_the_middle(void **state)
{
    tw__tcp tcp[2] = { 0 };
    (void)state;
    frame = 0;
    play(tcp, SERVER, TW_TCP_ACK, 5000, 1, 300);
    assert_int_equal(tw__tcp_missing(&tcp[SERVER]), 0);
    memset(tcp, 0, sizeof tcp);
    play(tcp, CLIENT, TW_TCP_ACK, 1, 5000, 300);
    play(tcp, SERVER, TW_TCP_ACK, 6000, 301, 300);
    assert_int_equal(tw__tcp_missing(&tcp[SERVER]), 1000);
    tw__tcp_restart(&tcp[SERVER]);
    assert_int_equal(tw__tcp_missing(&tcp[SERVER]), 0);
    assert_true(tcp[SERVER].partial);
    play(tcp, SERVER, TW_TCP_ACK, 9000, 301, 300);
    assert_int_equal(tw__tcp_sent(&tcp[SERVER]), 4300);
}

static void sees_a_hole_coming(void **state)
{
    tw__tcp tcp[2];
    (void)state;
    open_connection(tcp, 1);
    assert_false(tw__tcp_would_leave_hole(&tcp[SERVER], 1));
    play(tcp, SERVER, TW_TCP_ACK, 1, 1, 300);
    assert_false(tw__tcp_would_leave_hole(&tcp[SERVER], 301));
    assert_false(tw__tcp_would_leave_hole(&tcp[SERVER], 1));
    assert_true(tw__tcp_would_leave_hole(&tcp[SERVER], 302));
    tw__tcp_restart(&tcp[SERVER]);
    assert_false(tw__tcp_would_leave_hole(&tcp[SERVER], 302));
}

static void knows_whose_reset(void **state)
{
    tw__tcp tcp[2];
    (void)state;
    open_connection(tcp, 1);
    play(tcp, SERVER, TW_TCP_RST, 1, 1, 0);
    play(tcp, SERVER, TW_TCP_RST, 1, 1, 0);
    assert_int_equal(tcp[SERVER].hops_low, 52);
    assert_int_equal(tcp[SERVER].hops_high, 52);
    assert_int_equal(tcp[SERVER].reset.hops, 64);
    assert_int_equal(tcp[SERVER].reset.frame, 4);
    assert_int_equal(tcp[SERVER].last.frame, 2);
}

static void recognises_one_way_captures(void **state)
{
    tw__tcp tcp[2] = { 0 };
    (void)state;
    frame = 0;
    play(tcp, CLIENT, TW_TCP_SYN, 0, 0, 0);
    assert_false(tw__tcp_one_way(tcp, CLIENT)); /* nobody answered, perhaps */
    play(tcp, CLIENT, TW_TCP_ACK, 1, 1, 0);
    assert_true(tw__tcp_one_way(tcp, CLIENT));
    assert_false(tw__tcp_one_way(tcp, SERVER));
    memset(tcp, 0, sizeof tcp);
    play(tcp, CLIENT, TW_TCP_ACK, 1, 1, 300);
    assert_false(tw__tcp_one_way(tcp, CLIENT)); /* the rest may not have come yet */
    play(tcp, CLIENT, TW_TCP_ACK, 301, 900, 0);
    assert_true(tw__tcp_one_way(tcp, CLIENT));
    open_connection(tcp, 1);
    assert_false(tw__tcp_one_way(tcp, CLIENT));
    assert_false(tw__tcp_one_way(tcp, SERVER));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_bytes_and_segments),
        cmocka_unit_test(sees_what_is_sent_again),
        cmocka_unit_test(keep_alives_are_no_repetition),
        cmocka_unit_test(finds_and_fills_holes),
        cmocka_unit_test(begins_in_the_middle),
        cmocka_unit_test(sees_a_hole_coming),
        cmocka_unit_test(knows_whose_reset),
        cmocka_unit_test(recognises_one_way_captures),
    };
    return cmocka_run_group_tests_name("tcp", tests, NULL, NULL);
}
