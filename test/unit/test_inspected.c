/* Who may be somebody that answers in between, and who is another client.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "elsewhere/elsewhere.h"

#define SECOND G_USEC_PER_SEC

/* A connection by what identifies its ClientHello, with the TTL that its server's segments have. */
static tw__account *account_of(uint8_t hello, const char *client, uint8_t hops, int64_t begin_us)
{
    tw__account *a = g_new0(tw__account, 1);
    uint8_t body[2 + TW_RANDOM];
    tw__seen seen = { .time_us = begin_us, .hops = hops };
    memset(body, hello, sizeof body);
    a->hello = g_bytes_new(body, sizeof body);
    a->client = g_strdup(client);
    a->server = g_strdup("192.0.2.2:443");
    a->name = g_strdup("a.example");
    a->begin_us = a->hello_us = begin_us;
    a->choice_us = a->last_us = begin_us + SECOND;
    a->part = true; /* its lanes are its own */
    tw__lane_init(&a->lane[TW_OF_CLIENT]);
    tw__lane_init(&a->lane[TW_OF_SERVER]);
    g_array_append_val(a->lane[TW_OF_SERVER].seen, seen);
    return a;
}

static void account_free(void *account)
{
    tw__account_free(account);
}

typedef struct {
    tw__account *here;
    GPtrArray *namesakes;
    GHashTable *hellos; /* of the open capture */
} scene;

static scene scene_new(void)
{
    scene s = { account_of(1, "192.0.2.1:50000", 62, 0), g_ptr_array_new_with_free_func(account_free),
                g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL) };
    g_hash_table_add(s.hellos, tw__random_key(s.here));
    return s;
}

static const tw__account *found(const scene *s)
{
    return tw__inspected_by(s->here, s->namesakes, s->hellos);
}

static void scene_free(scene *s)
{
    tw__account_free(s->here);
    g_ptr_array_unref(s->namesakes);
    g_hash_table_destroy(s->hellos);
}

/* At the server, another ClientHello came at that time, for the same name. */
static void one_other(void **state)
{
    scene s = scene_new();
    tw__account *other = account_of(2, "198.51.100.7:61000", 64, SECOND / 2);
    (void)state;
    assert_null(found(&s));
    g_ptr_array_add(s.namesakes, other);
    assert_ptr_equal(found(&s), other);
    other->lossy = true; /* the one that is looked for may have been lost */
    assert_null(found(&s));
    scene_free(&s);
}

static void several_or_later(void **state)
{
    scene s = scene_new();
    (void)state;
    g_ptr_array_add(s.namesakes, account_of(2, "198.51.100.7:61000", 64, 60 * SECOND));
    assert_null(found(&s));
    g_ptr_array_add(s.namesakes, account_of(3, "198.51.100.7:61001", 64, SECOND / 2));
    assert_non_null(found(&s));
    g_ptr_array_add(s.namesakes, account_of(4, "198.51.100.7:61002", 64, SECOND / 2));
    assert_null(found(&s));
    scene_free(&s);
}

/* The other ClientHello is that of a second client, whom the open capture shows as well: nobody answers in between, and the
 * server may have certificates of two issuers. */
static void two_clients(void **state)
{
    scene s = scene_new();
    tw__account *other = account_of(2, "198.51.100.7:61000", 64, SECOND / 2);
    (void)state;
    g_ptr_array_add(s.namesakes, other);
    g_hash_table_add(s.hellos, tw__random_key(other));
    assert_null(found(&s));
    /* and where one connection goes through as it is, so does what is not there */
    g_ptr_array_add(s.namesakes, account_of(3, "198.51.100.7:61001", 64, SECOND / 2));
    assert_null(found(&s));
    scene_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_other),
        cmocka_unit_test(several_or_later),
        cmocka_unit_test(two_clients),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
