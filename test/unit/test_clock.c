/* The end of a recording, as a connection saw it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/clock.h"

#define SECOND INT64_C(1000000)
#define YEAR   (365 * 86400 * SECOND)

static int64_t end_after(const tw__clock *clock, uint32_t frame)
{
    int64_t end;
    assert_true(tw__clock_end_after(clock, frame, &end));
    return end;
}

static void ends_with_the_latest_frame(void **state)
{
    tw__clock *clock = tw__clock_new();
    (void)state;
    tw__clock_note(clock, 1, YEAR);
    assert_int_equal(end_after(clock, 1), YEAR);
    tw__clock_note(clock, 2, YEAR + 9 * SECOND);
    tw__clock_note(clock, 3, YEAR + 8 * SECOND); /* interfaces differ */
    tw__clock_note(clock, 4, YEAR + 299 * SECOND);
    assert_int_equal(end_after(clock, 1), YEAR + 299 * SECOND);
    tw__clock_free(clock);
}

static void a_pause_ends_a_recording(void **state)
{
    tw__clock *clock = tw__clock_new();
    (void)state;
    tw__clock_note(clock, 1, YEAR);
    tw__clock_note(clock, 2, YEAR + 5 * SECOND);
    tw__clock_note(clock, 3, 2 * YEAR);
    tw__clock_note(clock, 4, 2 * YEAR + 7 * SECOND);
    tw__clock_note(clock, 5, SECOND); /* another file */
    tw__clock_note(clock, 6, 2 * SECOND);
    for (uint32_t frame = 1; frame <= 2; frame++)
        assert_int_equal(end_after(clock, frame), YEAR + 5 * SECOND);
    for (uint32_t frame = 3; frame <= 4; frame++)
        assert_int_equal(end_after(clock, frame), 2 * YEAR + 7 * SECOND);
    for (uint32_t frame = 5; frame <= 6; frame++)
        assert_int_equal(end_after(clock, frame), 2 * SECOND);
    tw__clock_free(clock);
}

static void notes_frames_once(void **state)
{
    tw__clock *clock = tw__clock_new();
    (void)state;
    tw__clock_note(clock, 1, YEAR);
    tw__clock_note(clock, 2, YEAR + SECOND);
    tw__clock_note(clock, 1, 3 * YEAR);
    assert_int_equal(end_after(clock, 2), YEAR + SECOND);
    tw__clock_free(clock);
}

static void tells_nothing_beyond_its_bound(void **state)
{
    tw__clock *clock = tw__clock_new();
    int64_t end;
    (void)state;
    for (uint32_t frame = 1; frame <= TW_CLOCK_PAUSES_MAX + 2; frame++)
        tw__clock_note(clock, frame, frame % 2 ? YEAR : SECOND);
    assert_int_equal(end_after(clock, 1), YEAR);
    assert_int_equal(end_after(clock, 2), SECOND);
    assert_false(tw__clock_end_after(clock, TW_CLOCK_PAUSES_MAX + 1, &end));
    tw__clock_free(clock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_with_the_latest_frame),
        cmocka_unit_test(a_pause_ends_a_recording),
        cmocka_unit_test(notes_frames_once),
        cmocka_unit_test(tells_nothing_beyond_its_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
