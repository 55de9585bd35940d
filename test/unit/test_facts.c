/* The file of facts: written, read back the same, and refused where it is not whole.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "elsewhere/facts.h"
#include "points.h"

static GBytes *facts_of(const char *script)
{
    points p;
    GBytes *file;
    unsigned left_out = 1;
    points_init(&p);
    points_play(&p, script);
    points_end(&p);
    file = tw_capture_facts(p.at[1].capture, "server.pcapng", point_number, &left_out);
    assert_int_equal(left_out, 0);
    points_clear(&p);
    return file;
}

static tw__facts *read_back(GBytes *file, tw__pool *pool, tw_text *text)
{
    return tw__facts_read(file, pool, NULL, false, text);
}

static void come_back(void **state)
{
    GBytes *file = facts_of("open C:hello(sni=a.example) S:hello S:cert(leaf,inter) C:alert(48) C:FIN");
    tw__pool *pool = tw__pool_new();
    tw_text text;
    tw__facts *facts = read_back(file, pool, &text);
    const tw__account *a;
    (void)state;
    assert_non_null(facts);
    assert_string_equal(facts->capture, "server.pcapng");
    assert_int_equal(facts->accounts->len, 1);
    a = tw__facts_account(facts, 0);
    assert_string_equal(a->client, "198.51.100.7:61234");
    assert_string_equal(a->server, "192.0.2.2:443");
    assert_string_equal(a->name, "a.example");
    assert_int_equal(a->outcome, TW_FAILED);
    assert_int_equal(a->hello_frame, 4);
    assert_non_null(a->leaf[TW_SERVER]);
    assert_non_null(tw__account_random(a));
    assert_non_null(a->verdict);
    assert_int_equal(a->verdict->alert, 48);
    assert_int_equal(a->verdict->sender, TW_CLIENT);
    assert_int_equal(a->lane[TW_OF_CLIENT].seen->len, 5);
    assert_true(a->lane[TW_OF_CLIENT].begins);
    assert_int_equal(tw__lane_at(&a->lane[TW_OF_CLIENT], 0)->hops, 62);
    assert_int_equal(a->lane[TW_OF_CLIENT].bytes->data[0], 22);
    assert_false(a->lossy);
    tw__facts_free(facts);
    tw__pool_free(pool);
    g_bytes_unref(file);
}

static void expect_refused(const uint8_t *data, size_t len, tw_text expected)
{
    GBytes *file = g_bytes_new(data, len);
    tw__pool *pool = tw__pool_new();
    tw_text text = TW_N_TEXTS;
    assert_null(read_back(file, pool, &text));
    assert_int_equal(text, expected);
    tw__pool_free(pool);
    g_bytes_unref(file);
}

static void are_refused(void **state)
{
    GBytes *file = facts_of("open C:hello S:RST");
    gsize len;
    const uint8_t *data = g_bytes_get_data(file, &len);
    uint8_t *copy = g_memdup2(data, len);
    (void)state;
    expect_refused(data, 0, TW_TEXT_FACTS_NONE);
    expect_refused((const uint8_t *)"\x0a\x0d\x0d\x0a, a capture", 14, TW_TEXT_FACTS_NONE);
    for (gsize cut = 13; cut < len; cut += 7)
        expect_refused(data, cut, TW_TEXT_FACTS_DAMAGED);
    for (gsize at = strlen(TW_FACTS_MAGIC); at < len; at += 11) {
        copy[at] ^= 0x10;
        expect_refused(copy, len, TW_TEXT_FACTS_DAMAGED);
        copy[at] ^= 0x10;
    }
    copy[13] = '9';
    expect_refused(copy, len, TW_TEXT_FACTS_VERSION);
    g_free(copy);
    g_bytes_unref(file);
}

/* What does not fit is left out, and counted. */
static void are_bounded(void **state)
{
    GBytes *file = facts_of("open C:hello S:RST"), *less;
    tw__pool *pool = tw__pool_new();
    tw_text text;
    tw__facts *whole = read_back(file, pool, &text);
    unsigned left_out = 0;
    (void)state;
    assert_non_null(tw__facts_account(whole, 0));
    less = tw__facts_write(whole, point_number, 100, &left_out);
    assert_int_equal(left_out, 1);
    assert_true(g_bytes_get_size(less) < 200);
    g_bytes_unref(less);
    tw__facts_free(whole);
    tw__pool_free(pool);
    g_bytes_unref(file);
}

static tw__account *account_of(tw_outcome outcome, uint32_t frame)
{
    static const uint8_t bytes[400] = { 3, 3 };
    tw__account *a = g_new0(tw__account, 1);
    a->part = true;
    a->outcome = outcome;
    a->hello_frame = frame;
    a->client = g_strdup("192.0.2.1:50000");
    a->server = g_strdup("192.0.2.2:443");
    a->hello = g_bytes_new(bytes, sizeof bytes);
    return a;
}

static void account_free(void *account)
{
    tw__account_free(account);
}

/* Of many, a failure that comes late is kept, then what did not come to an end. */
static void failures_come_first(void **state)
{
    tw__facts many = { .capture = (char *)(uintptr_t) "many.pcapng", .handshakes = g_ptr_array_new() }, *read;
    tw__pool *pool = tw__pool_new();
    unsigned left_out = 0;
    tw_text text;
    GBytes *file;
    (void)state;
    many.accounts = g_ptr_array_new_with_free_func(account_free);
    for (uint32_t i = 1; i <= 20; i++)
        g_ptr_array_add(many.accounts, account_of(i == 20 ? TW_FAILED : i == 19 ? TW_UNDECIDED : TW_COMPLETED, i));
    file = tw__facts_write(&many, point_number, 3000, &left_out);
    read = read_back(file, pool, &text);
    assert_non_null(read);
    assert_true(read->accounts->len >= 3 && read->accounts->len <= 10);
    assert_int_equal(left_out, 20 - read->accounts->len);
    assert_int_equal(tw__facts_account(read, 0)->hello_frame, 20);
    assert_int_equal(tw__facts_account(read, 1)->hello_frame, 19);
    assert_int_equal(tw__facts_account(read, 2)->hello_frame, 1);
    tw__facts_free(read);
    g_ptr_array_unref(many.accounts);
    g_ptr_array_unref(many.handshakes);
    tw__pool_free(pool);
    g_bytes_unref(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(come_back),
        cmocka_unit_test(are_refused),
        cmocka_unit_test(are_bounded),
        cmocka_unit_test(failures_come_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
