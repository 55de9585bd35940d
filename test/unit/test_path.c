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
static void play(tw_path path[2], int dir, uint8_t flags, uint32_t seq, uint32_t ack, uint32_t len)
{
    tw_segment s = { .frame = ++frame, .flags = flags, .seq = seq, .ack = ack, .len = len };
    s.hops = (flags & TW_TCP_RST) ? 64 : 52;
    tw_path_segment(path, dir, &s);
}

static void open_connection(tw_path path[2], uint32_t first)
{
    memset(path, 0, 2 * sizeof *path);
    frame = 0;
    play(path, CLIENT, TW_TCP_SYN, first - 1, 0, 0);
    play(path, SERVER, TW_TCP_SYN | TW_TCP_ACK, first - 1, first, 0);
    play(path, CLIENT, TW_TCP_ACK, first, first, 0);
}

/* Sequence numbers wrap in the middle of this test's data. */
#define WRAP 0xffffff00u

static void counts_bytes_and_segments(void **state)
{
    tw_path path[2];
    (void)state;
    open_connection(path, WRAP);
    play(path, CLIENT, TW_TCP_ACK, WRAP, WRAP, 1000);
    play(path, CLIENT, TW_TCP_ACK, WRAP + 1000, WRAP, 500);
    assert_int_equal(path[CLIENT].n_payload, 2);
    assert_int_equal(path[CLIENT].early[1].len, 500);
    assert_int_equal(path[CLIENT].early[1].frame, 5);
    assert_int_equal(tw_path_sent(&path[CLIENT]), 1500);
    assert_int_equal(tw_path_acknowledged(&path[CLIENT], &path[SERVER]), 0);
    play(path, SERVER, TW_TCP_ACK, WRAP, WRAP + 1000, 0);
    assert_int_equal(tw_path_acknowledged(&path[CLIENT], &path[SERVER]), 1000);
    assert_int_equal(path[SERVER].ack_frame, 6);
    play(path, SERVER, TW_TCP_ACK, WRAP, WRAP + 1501, 0); /* a FIN counts as a byte */
    assert_int_equal(tw_path_acknowledged(&path[CLIENT], &path[SERVER]), 1500);
    assert_int_equal(tw_path_missing(&path[CLIENT]), 0);
    assert_int_equal(path[CLIENT].n_repeated, 0);
}

static void sees_what_is_sent_again(void **state)
{
    tw_path path[2];
    (void)state;
    open_connection(path, 1);
    play(path, SERVER, TW_TCP_ACK, 1, 1, 100);
    play(path, CLIENT, TW_TCP_ACK, 1, 101, 0);
    play(path, SERVER, TW_TCP_ACK, 101, 1, 1400);
    play(path, SERVER, TW_TCP_ACK, 1501, 1, 200);
    assert_int_equal(path[SERVER].n_stuck, 0);
    for (int i = 0; i < 3; i++)
        play(path, SERVER, TW_TCP_ACK, 101, 1, 1400);
    assert_int_equal(path[SERVER].n_repeated, 3);
    assert_int_equal(path[SERVER].n_stuck, 3);
    assert_int_equal(path[SERVER].stuck_len, 1400);
    assert_int_equal(path[SERVER].stuck_frame, 10);
    play(path, CLIENT, TW_TCP_ACK, 1, 1701, 0);
    assert_int_equal(path[SERVER].n_stuck, 0); /* it got through */
}

static void keep_alives_are_no_repetition(void **state)
{
    tw_path path[2];
    (void)state;
    open_connection(path, 1);
    play(path, CLIENT, TW_TCP_ACK, 1, 1, 300);
    play(path, SERVER, TW_TCP_ACK, 1, 301, 0);
    play(path, CLIENT, TW_TCP_ACK, 300, 1, 1);
    play(path, CLIENT, TW_TCP_ACK, 300, 1, 0);
    assert_int_equal(path[CLIENT].n_repeated, 0);
    assert_int_equal(path[CLIENT].n_payload, 1);
}

static void finds_and_fills_holes(void **state)
{
    tw_path path[2];
    (void)state;
    open_connection(path, 1);
    play(path, SERVER, TW_TCP_ACK, 2001, 1, 300);
    assert_int_equal(tw_path_missing(&path[SERVER]), 2000);
    play(path, SERVER, TW_TCP_ACK, 1, 1, 1000);
    assert_int_equal(tw_path_missing(&path[SERVER]), 1000);
    assert_int_equal(path[SERVER].n_repeated, 0);
    play(path, SERVER, TW_TCP_ACK, 1501, 1, 500);
    assert_int_equal(tw_path_missing(&path[SERVER]), 500);
    play(path, SERVER, TW_TCP_ACK, 1001, 1, 500);
    assert_int_equal(tw_path_missing(&path[SERVER]), 0);
    play(path, SERVER, TW_TCP_ACK, 1, 1, 1000);
    assert_int_equal(path[SERVER].n_repeated, 1);
    assert_int_equal(path[SERVER].n_payload, 4);
}

/* Without the beginning, what is seen first is the beginning, unless the other side has acknowledged less. */
static void begins_in_the_middle(void **state)
{
    tw_path path[2] = { 0 };
    (void)state;
    frame = 0;
    play(path, SERVER, TW_TCP_ACK, 5000, 1, 300);
    assert_int_equal(tw_path_missing(&path[SERVER]), 0);
    memset(path, 0, sizeof path);
    play(path, CLIENT, TW_TCP_ACK, 1, 5000, 300);
    play(path, SERVER, TW_TCP_ACK, 6000, 301, 300);
    assert_int_equal(tw_path_missing(&path[SERVER]), 1000);
    tw_path_restart(&path[SERVER]);
    assert_int_equal(tw_path_missing(&path[SERVER]), 0);
    assert_true(path[SERVER].partial);
    play(path, SERVER, TW_TCP_ACK, 9000, 301, 300);
    assert_int_equal(tw_path_sent(&path[SERVER]), 4300);
}

static void sees_a_hole_coming(void **state)
{
    tw_path path[2];
    (void)state;
    open_connection(path, 1);
    assert_false(tw_path_would_leave_hole(&path[SERVER], 1));
    play(path, SERVER, TW_TCP_ACK, 1, 1, 300);
    assert_false(tw_path_would_leave_hole(&path[SERVER], 301));
    assert_false(tw_path_would_leave_hole(&path[SERVER], 1));
    assert_true(tw_path_would_leave_hole(&path[SERVER], 302));
    tw_path_restart(&path[SERVER]);
    assert_false(tw_path_would_leave_hole(&path[SERVER], 302));
}

static void knows_whose_reset(void **state)
{
    tw_path path[2];
    (void)state;
    open_connection(path, 1);
    play(path, SERVER, TW_TCP_RST, 1, 1, 0);
    play(path, SERVER, TW_TCP_RST, 1, 1, 0);
    assert_int_equal(path[SERVER].hops_low, 52);
    assert_int_equal(path[SERVER].hops_high, 52);
    assert_int_equal(path[SERVER].reset.hops, 64);
    assert_int_equal(path[SERVER].reset.frame, 4);
    assert_int_equal(path[SERVER].last.frame, 2);
}

static void recognises_one_way_captures(void **state)
{
    tw_path path[2] = { 0 };
    (void)state;
    frame = 0;
    play(path, CLIENT, TW_TCP_SYN, 0, 0, 0);
    assert_false(tw_path_one_way(path, CLIENT)); /* nobody answered, perhaps */
    play(path, CLIENT, TW_TCP_ACK, 1, 1, 0);
    assert_true(tw_path_one_way(path, CLIENT));
    assert_false(tw_path_one_way(path, SERVER));
    memset(path, 0, sizeof path);
    play(path, CLIENT, TW_TCP_ACK, 1, 1, 300);
    assert_false(tw_path_one_way(path, CLIENT)); /* the rest may not have come yet */
    play(path, CLIENT, TW_TCP_ACK, 301, 900, 0);
    assert_true(tw_path_one_way(path, CLIENT));
    open_connection(path, 1);
    assert_false(tw_path_one_way(path, CLIENT));
    assert_false(tw_path_one_way(path, SERVER));
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
    return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
