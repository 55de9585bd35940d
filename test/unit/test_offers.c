/* What a hello offers, as values for texts and commands.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verdict/offers.h"
#include "tlswhy/words.h"

/* ---- what goes into a command to copy ---- */

static const struct {
    const char *sni;
    const char *option;
} names[] = {
    { "good.example", " -servername good.example" },
    { "under_score.x-1.example", " -servername under_score.x-1.example" },
    { "", "" }, /* the option would take the next word */
    { NULL, "" },
    { "$(reboot)", "" },
    { "a;reboot", "" },
    { "a b", "" },
    { "a\nb", "" },
    { "`id`", "" },
    { "b\xc3\xbc"
      "cher.example",
      "" },
};

static void commands_hold_only_plain_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        tw__hello hello = { .is_client = true, .sni = (char *)names[i].sni };
        tw_values *v = tw_values_new();
        tw__offers_values(&hello, v);
        assert_string_equal(tw_values_get(v, "sname_option"), names[i].option);
        assert_int_equal(tw_values_get(v, "server_name") != NULL, names[i].sni != NULL);
        tw_values_free(v);
    }
}

/* ---- lists ---- */

static const char *name_of(uint16_t value)
{
    static const char *const known[] = { "zero", "one", "two", "three", "four" };

    return value < G_N_ELEMENTS(known) ? known[value] : NULL;
}

static const struct {
    uint16_t values[6];
    unsigned n, most;
    const char *text;
} lists[] = {
    { { 0 }, 0, 4, "" },
    { { 1 }, 1, 4, "one" },
    { { 1, 2, 0x1301 }, 3, 4, "one, two, 0x1301" },
    { { 0, 1, 2, 3, 4 }, 5, 4, "zero, one, two, three and 1 more" },
    { { 0, 1, 2, 3 }, 4, 4, "zero, one, two, three" },
    { { 0x0a0a, 1, 0xfafa }, 3, 4, "one" }, /* GREASE stands for nothing */
    { { 0x0a0a }, 1, 4, "" },
    { { 0, 1, 0x0a0a, 2 }, 4, 2, "zero, one and 1 more" },
};

static void lists_are_short(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        tw__list list = { (uint16_t *)lists[i].values, lists[i].n };
        char *text = tw__list_text(&list, name_of, lists[i].most);
        assert_string_equal(text, lists[i].text);
        g_free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_hold_only_plain_names),
        cmocka_unit_test(lists_are_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
