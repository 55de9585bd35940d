/* TCP's bytes as a recorder may hand them over: in order, swapped, lost, twice, acknowledged before they come.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "connection/flow.h"

#define ISN 0xfffffff0u /* sequence numbers wrap in every test */

#define LENGTH 22u

/* Two alerts and a record of data, as a client sends them. */
static const uint8_t bytes[LENGTH] = { 21, 3, 3, 0, 2, 1, 0, 23, 3, 3, 0, 3, 'a', 'b', 'c', 21, 3, 3, 0, 2, 2, 40 };

typedef struct {
    tw__flow flow[2];
    GString *records; /* "type:length type:length" */
    uint32_t frame;
} stream;

static void on_record(void *data, const tw__flow_record *r)
{
    stream *s = data;
    g_string_append_printf(s->records, "%s%u:%u%s", s->records->len ? " " : "", r->type, r->length,
                           r->content ? "*" : "");
}

static tw__flow_news header(stream *s, int dir, uint8_t flags, uint32_t seq, uint32_t ack, uint32_t len)
{
    tw_segment segment = { .frame = ++s->frame, .flags = flags, .seq = seq, .ack = ack, .len = len };
    return tw__flow_segment(s->flow, dir, &segment);
}

static stream *opened(void)
{
    stream *s = g_new0(stream, 1);
    s->records = g_string_new(NULL);
    header(s, 0, TW_TCP_SYN, ISN - 1, 0, 0);
    header(s, 1, TW_TCP_SYN | TW_TCP_ACK, 99, ISN, 0);
    return s;
}

/* Bytes FROM to TO of the client come. */
static tw__flow_news come(stream *s, uint32_t from, uint32_t to)
{
    tw__flow_news news = header(s, 0, TW_TCP_ACK, ISN + from, 100, to - from);
    if (news == TW_FLOW_BYTES)
        tw__flow_payload(&s->flow[0], ISN + from, bytes + from, to - from, to - from, true, on_record, s);
    return news;
}

static void closed(stream *s)
{
    tw__flow_release(&s->flow[0]);
    tw__flow_release(&s->flow[1]);
    g_string_free(s->records, TRUE);
    g_free(s);
}

#define ALL "21:2* 23:3 21:2*"

static void in_order(void **state)
{
    stream *s = opened();
    (void)state;
    for (uint32_t i = 0; i < LENGTH; i++)
        assert_int_equal(come(s, i, i + 1), TW_FLOW_BYTES);
    assert_string_equal(s->records->str, ""); /* a record's header does not come byte by byte */
    closed(s);
    s = opened();
    assert_int_equal(come(s, 0, 9), TW_FLOW_BYTES);
    assert_int_equal(come(s, 9, LENGTH), TW_FLOW_BYTES);
    assert_string_equal(s->records->str, ALL);
    assert_false(tw__flow_lacks(&s->flow[0]));
    assert_false(tw__flow_has_hole(&s->flow[0]));
    closed(s);
}

/* What in front of the first record is missing may be a request for an upgrade, which an answer was an answer to. */
static void unplaced_records_have_no_answer(void **state)
{
    stream *s = opened();
    (void)state;
    assert_true(tw__flow_answers_records(&s->flow[0], ISN));
    come(s, 7, LENGTH);
    assert_false(tw__flow_answers_records(&s->flow[0], ISN));
    closed(s);
    s = opened();
    come(s, 0, LENGTH);
    assert_false(tw__flow_answers_records(&s->flow[0], ISN));
    assert_true(tw__flow_answers_records(&s->flow[0], ISN + LENGTH));
    closed(s);
}

static void swapped(void **state)
{
    stream *s = opened();
    (void)state;
    come(s, 0, 7);
    header(s, 0, TW_TCP_ACK, ISN + 15, 100, 7);
    assert_true(tw__flow_has_hole(&s->flow[0])); /* also before its payload is taken */
    come(s, 15, LENGTH);
    assert_string_equal(s->records->str, "21:2*");
    assert_true(tw__flow_has_hole(&s->flow[0]));
    assert_false(tw__flow_lacks(&s->flow[0])); /* it may have got lost on its way as well */
    assert_int_equal(come(s, 16, 20), TW_FLOW_SEEN);
    come(s, 7, 15);
    assert_string_equal(s->records->str, ALL);
    assert_false(tw__flow_has_hole(&s->flow[0]));
    closed(s);
}

static void lost(void **state)
{
    stream *s = opened();
    (void)state;
    come(s, 0, 7);
    come(s, 15, LENGTH);
    header(s, 1, TW_TCP_ACK, 100, ISN + LENGTH, 0);
    assert_true(tw__flow_lacks(&s->flow[0])); /* the other side got them */
    assert_string_equal(s->records->str, "21:2*");
    closed(s);
}

static void twice(void **state)
{
    stream *s = opened();
    (void)state;
    come(s, 0, 15);
    assert_int_equal(come(s, 0, 15), TW_FLOW_SEEN);
    assert_int_equal(come(s, 3, 9), TW_FLOW_SEEN);
    assert_int_equal(come(s, 7, LENGTH), TW_FLOW_BYTES); /* again, with more */
    assert_string_equal(s->records->str, ALL);
    closed(s);
}

static void acknowledged_before_it_comes(void **state)
{
    stream *s = opened();
    (void)state;
    header(s, 1, TW_TCP_ACK, 100, ISN + LENGTH, 0);
    assert_true(tw__flow_lacks(&s->flow[0]));
    come(s, 0, LENGTH);
    assert_false(tw__flow_lacks(&s->flow[0]));
    assert_string_equal(s->records->str, ALL);
    closed(s);
}

/* A segment without payload goes on behind bytes that the recorder lost, or has not recorded yet. */
static void gone_on_behind_what_is_missing(void **state)
{
    stream *s = opened();
    (void)state;
    come(s, 0, 7);
    header(s, 0, TW_TCP_ACK, ISN + 7, 100, 0);
    assert_false(tw__flow_lacks(&s->flow[0]));
    header(s, 0, TW_TCP_ACK, ISN + 8, 100, 0); /* behind its FIN */
    assert_false(tw__flow_lacks(&s->flow[0]));
    header(s, 0, TW_TCP_RST, ISN + LENGTH, 100, 0); /* may be made up */
    assert_false(tw__flow_lacks(&s->flow[0]));
    header(s, 0, TW_TCP_ACK, ISN + LENGTH, 100, 0);
    assert_true(tw__flow_lacks(&s->flow[0]));
    come(s, 7, LENGTH);
    assert_false(tw__flow_lacks(&s->flow[0]));
    closed(s);
}

/* They were lost on the way: their receiver goes on without them. */
static void gone_on_behind_what_never_came(void **state)
{
    stream *s = opened();
    tw_segment late = { .flags = TW_TCP_ACK, .ack = ISN + 7, .seq = 100, .time_us = G_USEC_PER_SEC };
    (void)state;
    come(s, 0, 7);
    header(s, 0, TW_TCP_ACK, ISN + LENGTH, 100, 0);
    header(s, 1, TW_TCP_ACK, 100, ISN + 7, 0); /* it may have crossed them */
    assert_true(tw__flow_lacks(&s->flow[0]));
    tw__flow_segment(s->flow, 1, &late);
    assert_false(tw__flow_lacks(&s->flow[0]));
    header(s, 0, TW_TCP_ACK, ISN + LENGTH, 100, 0);
    assert_false(tw__flow_lacks(&s->flow[0]));
    late.ack = ISN + LENGTH; /* sent again, and not recorded */
    tw__flow_segment(s->flow, 1, &late);
    assert_true(tw__flow_lacks(&s->flow[0]));
    closed(s);
}

static void a_fin_counts_as_a_byte(void **state)
{
    stream *s = opened();
    (void)state;
    come(s, 0, LENGTH);
    header(s, 1, TW_TCP_ACK, 100, ISN + LENGTH + 1, 0);
    assert_false(tw__flow_lacks(&s->flow[0]));
    closed(s);
}

/* An acknowledgement alone may be swapped with what it acknowledges; what is sent in its turn may not. */
static void answered_before_it_comes(void **state)
{
    stream *s = opened();
    (void)state;
    header(s, 1, TW_TCP_ACK, 100, ISN + 7, 0);
    come(s, 0, 7);
    assert_false(s->flow[0].crossed);
    header(s, 1, TW_TCP_ACK, 100, ISN + 15, 3);
    assert_false(s->flow[0].crossed); /* it may still have got lost */
    come(s, 7, 15);
    assert_true(s->flow[0].crossed);
    assert_false(s->flow[1].crossed);
    closed(s);
}

static void ended_unseen(void **state)
{
    stream *s = opened();
    (void)state;
    come(s, 0, LENGTH);
    assert_false(tw__flow_has_ended(&s->flow[0]));
    header(s, 1, TW_TCP_ACK, 100, ISN + LENGTH + 1, 7);
    assert_true(tw__flow_has_ended(&s->flow[0]));
    assert_false(tw__flow_lacks(&s->flow[0]));
    closed(s);
}

static void begun_late(void **state)
{
    stream *s = g_new0(stream, 1);
    (void)state;
    s->records = g_string_new(NULL);
    header(s, 1, TW_TCP_ACK, 100, ISN + 7, 0);
    assert_int_equal(come(s, 7, 15), TW_FLOW_BYTES);
    assert_string_equal(s->records->str, "23:3");
    assert_false(tw__flow_lacks(&s->flow[0]));
    closed(s);
}

static void shown_before_it_is_whole(void **state)
{
    stream *s = opened();
    (void)state;
    come(s, 0, 7);
    come(s, 15, LENGTH);
    tw__flow_shown_early(&s->flow[0], 21, 2);
    assert_true(tw__flow_was_shown(&s->flow[0], 21, 2));
    assert_false(tw__flow_was_shown(&s->flow[0], 21, 2));
    closed(s);
}

static void nobody_waits_for_ever(void **state)
{
    stream *s = opened();
    (void)state;
    come(s, 0, 7);
    for (uint32_t i = 0; i < 2 * TW_FLOW_WAITING_MAX; i++) {
        header(s, 0, TW_TCP_ACK, ISN + 100 + i, 100, 1);
        tw__flow_payload(&s->flow[0], ISN + 100 + i, bytes, 1, 1, true, on_record, s);
    }
    assert_true(tw__flow_has_hole(&s->flow[0]));
    assert_true(tw__flow_lacks(&s->flow[0]));
    assert_int_equal(tw__flow_kept(&s->flow[0]), 0);
    closed(s);
}

static void cut_by_the_snap_length(void **state)
{
    stream *s = opened();
    (void)state;
    header(s, 0, TW_TCP_ACK, ISN, 100, LENGTH);
    tw__flow_payload(&s->flow[0], ISN, bytes, 13, 15, true, on_record, s);
    assert_string_equal(s->records->str, "21:2* 23:3");
    tw__flow_payload(&s->flow[0], ISN + 15, bytes + 15, 7, 7, true, on_record, s);
    assert_string_equal(s->records->str, ALL);
    closed(s);
}

/* As come(), by way of tw__flow_goes_on() where that is enough; whether an idle segment may hold those bytes. */
static bool idle(stream *s, uint32_t from, uint32_t to)
{
    tw_segment segment = { .flags = TW_TCP_ACK, .seq = ISN + from, .ack = 100, .len = to - from };
    uint32_t ended[TW_FLOW_ENDED_MAX];
    int n;
    if (tw__flow_goes_on(s->flow, 0, &segment))
        return true;
    n = tw__flow_idles(&s->flow[0], &segment, bytes + from, ended);
    come(s, from, to);
    return n >= 0;
}

static void the_middle_of_a_record_is_idle(void **state)
{
    stream *s = opened();
    (void)state;
    assert_false(idle(s, 0, 9));   /* a record, and some of the next one's header */
    assert_false(idle(s, 9, 12));  /* its rest */
    assert_true(idle(s, 12, 13));  /* the first of three bytes */
    assert_false(idle(s, 12, 13)); /* once more */
    assert_true(idle(s, 13, 14));
    assert_true(idle(s, 14, 15)); /* the last one */
    assert_false(idle(s, 15, 20));
    assert_false(idle(s, 20, 21)); /* an alert's content is kept */
    assert_false(idle(s, 21, LENGTH));
    assert_string_equal(s->records->str, ALL);
    closed(s);
}

static void the_beginning_of_a_record_of_data_is_idle(void **state)
{
    stream *s = opened();
    (void)state;
    assert_false(idle(s, 0, 7));
    assert_false(idle(s, 7, 11));  /* not all of its header */
    assert_false(idle(s, 11, 15)); /* and its end */
    assert_false(idle(s, 15, LENGTH));
    assert_string_equal(s->records->str, ALL);
    closed(s);
    s = opened();
    assert_false(idle(s, 0, 7));
    assert_true(idle(s, 7, 14));
    assert_true(idle(s, 14, 15));
    assert_false(idle(s, 15, 21)); /* an alert */
    assert_false(idle(s, 21, LENGTH));
    assert_string_equal(s->records->str, ALL);
    closed(s);
}

/* N bytes of either direction, which acknowledge the other's up to ACK, come in one stream by way of tw__flow_goes_on(), and in
 * the other the usual way. */
static void go_on_twice(stream *s, stream *t, int dir, uint32_t n, uint32_t ack, bool goes_on)
{
    static const uint8_t data[100] = { 0 };
    const tw__flow *f = &t->flow[dir];
    tw_segment segment = { .flags = TW_TCP_ACK, .seq = f->next, .ack = ack, .len = n };
    assert_int_equal(tw__flow_goes_on(s->flow, dir, &segment), goes_on);
    if (!goes_on)
        tw__flow_segment(s->flow, dir, &segment);
    tw__flow_segment(t->flow, dir, &segment);
    if (!goes_on)
        tw__flow_payload(&s->flow[dir], segment.seq, data, n, n, false, on_record, s);
    tw__flow_payload(&t->flow[dir], segment.seq, data, n, n, false, on_record, t);
    assert_memory_equal(s->flow, t->flow, sizeof s->flow);
}

static void what_goes_on_is_noted_like_any_other(void **state)
{
    static const uint8_t begin[] = { 23, 3, 3, 0, 90 };
    stream *both[2] = { opened(), opened() };
    (void)state;
    for (int i = 0; i < 2; i++)
        for (int dir = 0; dir < 2; dir++) {
            header(both[i], dir, TW_TCP_ACK, dir ? 100 : ISN, dir ? ISN + 5 : 100, sizeof begin);
            tw__flow_payload(&both[i]->flow[dir], dir ? 100 : ISN, begin, sizeof begin, sizeof begin, false,
                             on_record, both[i]);
        }
    go_on_twice(both[0], both[1], 0, 10, 105, true);
    go_on_twice(both[0], both[1], 1, 10, ISN + 15, true);
    go_on_twice(both[0], both[1], 0, 10, 100, true);      /* it had not got the answer, which came first */
    go_on_twice(both[0], both[1], 1, 10, ISN + 60, true); /* what is to come was acknowledged before */
    go_on_twice(both[0], both[1], 0, 69, 125, true);
    go_on_twice(both[0], both[1], 0, 1, 125, false); /* the record's last byte */
    assert_string_equal(both[0]->records->str, "23:90");
    closed(both[0]);
    closed(both[1]);
}

static void nothing_behind_a_hole_is_idle(void **state)
{
    stream *s = opened();
    (void)state;
    assert_false(idle(s, 0, 12));
    assert_false(idle(s, 13, 14));
    assert_false(idle(s, 12, 13)); /* something waits */
    assert_false(idle(s, 14, LENGTH));
    assert_string_equal(s->records->str, ALL);
    closed(s);
}

static void words_come_before_records(void **state)
{
    stream *s = opened();
    static const uint8_t word[] = "STARTTLS\r\n";
    (void)state;
    header(s, 0, TW_TCP_ACK, ISN - 10, 100, 10);
    s->flow[0].next = ISN - 10;
    tw__flow_payload(&s->flow[0], ISN - 10, word, 10, 10, true, on_record, s);
    come(s, 0, LENGTH);
    assert_string_equal(s->records->str, ALL);
    assert_false(tw__flow_answers_records(&s->flow[0], ISN));
    assert_true(tw__flow_answers_records(&s->flow[0], ISN + 1));
    closed(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_order),
        cmocka_unit_test(unplaced_records_have_no_answer),
        cmocka_unit_test(swapped),
        cmocka_unit_test(lost),
        cmocka_unit_test(twice),
        cmocka_unit_test(acknowledged_before_it_comes),
        cmocka_unit_test(gone_on_behind_what_is_missing),
        cmocka_unit_test(gone_on_behind_what_never_came),
        cmocka_unit_test(a_fin_counts_as_a_byte),
        cmocka_unit_test(answered_before_it_comes),
        cmocka_unit_test(ended_unseen),
        cmocka_unit_test(begun_late),
        cmocka_unit_test(shown_before_it_is_whole),
        cmocka_unit_test(nobody_waits_for_ever),
        cmocka_unit_test(cut_by_the_snap_length),
        cmocka_unit_test(words_come_before_records),
        cmocka_unit_test(the_middle_of_a_record_is_idle),
        cmocka_unit_test(the_beginning_of_a_record_of_data_is_idle),
        cmocka_unit_test(what_goes_on_is_noted_like_any_other),
        cmocka_unit_test(nothing_behind_a_hole_is_idle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
