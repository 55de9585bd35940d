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
#define BEGIN  (1000 * SECOND) /* of the connection that is open */

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
    scene s = { account_of(1, "192.0.2.1:50000", 62, BEGIN), g_ptr_array_new_with_free_func(account_free),
                g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL) };
    g_hash_table_add(s.hellos, tw__random_key(s.here));
    return s;
}

/* Of the first one of those that fit. */
static tw__inspection inspection(const scene *s, bool lossy)
{
    const tw__account *found;
    tw__inspection how = tw__inspected_by(s->here, s->namesakes, s->hellos, lossy, &found);
    assert_true(how == TW_NOT_INSPECTED || found == g_ptr_array_index(s->namesakes, 0));
    return how;
}

#define assert_inspection(s, how) assert_int_equal(inspection(s, false), how)

static void scene_free(scene *s)
{
    tw__account_free(s->here);
    g_ptr_array_unref(s->namesakes);
    g_hash_table_destroy(s->hellos);
}

/* The other one is asked and answered while this one waits. */
static tw__account *gateway(uint8_t hello, int64_t begin_us)
{
    tw__account *a = account_of(hello, "198.51.100.7:61000", 64, begin_us);
    a->choice_us = begin_us + SECOND / 4;
    a->last_us = begin_us + SECOND;
    return a;
}

/* At the server, another ClientHello came at that time, for the same name. */
static void one_other(void **state)
{
    scene s = scene_new();
    tw__account *other = gateway(2, BEGIN + SECOND / 2);
    (void)state;
    assert_inspection(&s, TW_NOT_INSPECTED);
    g_ptr_array_add(s.namesakes, other);
    assert_inspection(&s, TW_INSPECTED);
    assert_int_equal(inspection(&s, true), TW_NOT_INSPECTED); /* the one that is looked for may have been lost */
    other->lossy = true;
    assert_inspection(&s, TW_NOT_INSPECTED);
    other->lossy = false;
    s.here->lossy = true;
    assert_inspection(&s, TW_NOT_INSPECTED);
    scene_free(&s);
}

/* Two clients of one server, at the same time: nothing waits for the other one. */
static void at_once(void **state)
{
    scene s = scene_new();
    tw__account *other = gateway(2, BEGIN + SECOND / 2);
    (void)state;
    g_ptr_array_add(s.namesakes, other);
    other->choice_us = BEGIN + SECOND + 1; /* it is answered later than the one that began before it */
    assert_inspection(&s, TW_NOT_INSPECTED);
    other->choice_us = BEGIN + SECOND * 3 / 4;
    other->begin_us = BEGIN - 1; /* nobody asks for a client that has not asked yet */
    assert_inspection(&s, TW_NOT_INSPECTED);
    other->begin_us = BEGIN + 1;
    other->choice_us = BEGIN + SECOND / 8;
    other->last_us = BEGIN + SECOND / 7; /* it ended long before the answer */
    assert_inspection(&s, TW_NOT_INSPECTED);
    scene_free(&s);
}

/* What never got an answer waits for nobody. */
static void unanswered(void **state)
{
    scene s = scene_new();
    (void)state;
    g_ptr_array_add(s.namesakes, gateway(2, BEGIN + SECOND / 2));
    s.here->choice_us = 0;
    assert_inspection(&s, TW_NOT_INSPECTED);
    g_array_index(s.here->lane[TW_OF_SERVER].seen, tw__seen, 0).time_us = BEGIN + SECOND; /* a reset is one */
    g_array_index(s.here->lane[TW_OF_SERVER].seen, tw__seen, 0).flags = TW_TCP_RST;
    assert_inspection(&s, TW_INSPECTED);
    scene_free(&s);
}

static void several_or_later(void **state)
{
    scene s = scene_new();
    (void)state;
    g_ptr_array_add(s.namesakes, gateway(2, BEGIN + SECOND / 2));
    g_ptr_array_add(s.namesakes, gateway(3, BEGIN + 60 * SECOND));
    assert_inspection(&s, TW_INSPECTED);
    g_ptr_array_insert(s.namesakes, 1, gateway(4, BEGIN + SECOND / 2));
    assert_inspection(&s, TW_NOT_INSPECTED);
    scene_free(&s);
}

/* The other ClientHello is that of a second client, whom the open capture shows as well: nobody answers in between, and the
 * server may have certificates of two issuers. */
static void two_clients(void **state)
{
    scene s = scene_new();
    tw__account *other = gateway(2, BEGIN + SECOND / 2);
    (void)state;
    g_ptr_array_add(s.namesakes, other);
    g_hash_table_add(s.hellos, tw__random_key(other));
    assert_inspection(&s, TW_NOT_INSPECTED);
    /* and where one connection goes through as it is, so does what is not there */
    g_ptr_array_add(s.namesakes, gateway(3, BEGIN + SECOND / 2));
    assert_inspection(&s, TW_NOT_INSPECTED);
    scene_free(&s);
}

/* Neither was recorded where the server is: nobody can be between two clients. */
static void at_two_clients(void **state)
{
    scene s = scene_new();
    tw__account *other = gateway(2, BEGIN + SECOND / 2);
    (void)state;
    g_array_index(other->lane[TW_OF_SERVER].seen, tw__seen, 0).hops = 62;
    g_ptr_array_add(s.namesakes, other);
    assert_inspection(&s, TW_NOT_INSPECTED);
    scene_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_other),        cmocka_unit_test(at_once),     cmocka_unit_test(unanswered),
        cmocka_unit_test(several_or_later), cmocka_unit_test(two_clients), cmocka_unit_test(at_two_clients),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
