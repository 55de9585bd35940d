/* What is kept of a connection is bounded, and given back when it is over.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "build.h"

static const char *const no_ends[2];

#define CLEAR "C:hello S:hello +S:cert(leaf,inter) +S:ske +S:done C:cke +C:ccs +C:fin S:ccs +S:fin"

static void send_filler(tw_conn *c, uint32_t frame, uint8_t type, uint32_t length)
{
    GByteArray *b = g_byte_array_new();

    put(b, 4, (uint32_t)type << 24 | length);
    put_filler(b, length, (uint8_t)frame);
    tw__conn_message(c, (tw_at){ .frame = frame, .dir = 1 }, b->data, b->len);
    g_byte_array_unref(b);
}

static void messages_are_bounded(void **state)
{
    play *p = play_new("C:hello");

    (void)state;
    for (uint32_t i = 1; i < TW_MESSAGES_MAX; i++)
        send_filler(p->conn, i + 1, TW_HS_CERTIFICATE_VERIFY, 8);
    assert_int_equal(p->conn->now->n_messages, TW_MESSAGES_MAX);
    assert_false(p->conn->now->left_out);
    send_filler(p->conn, 200, TW_HS_CERTIFICATE_VERIFY, 8);
    assert_int_equal(p->conn->now->n_messages, TW_MESSAGES_MAX);
    assert_true(p->conn->now->left_out);
    play_free(p);
}

/* Beyond the bound a message still counts for the order of things. */
static void order_is_known_beyond_the_bound(void **state)
{
    play *p = play_new("C:hello S:hello");

    (void)state;
    for (uint32_t i = 0; i < TW_MESSAGES_MAX; i++)
        send_filler(p->conn, i + 3, TW_HS_CERTIFICATE_VERIFY, 8);
    p->frame = 100;
    play_on(p, "S:done C:ccs C:fin S:ccs S:fin");
    assert_int_equal(p->conn->now->server_done_frame, 101);
    assert_true(p->conn->now->complete);
    play_free(p);
}

static const struct {
    uint32_t length;
    unsigned n; /* so many of them */
    unsigned with_bytes;
} sizes[] = {
    { TW_MESSAGE_MAX_BYTES - 4, 1, 1 },
    { TW_MESSAGE_MAX_BYTES - 3, 1, 0 },
    { TW_MESSAGE_MAX_BYTES - 4, 4, 4 },
    { TW_MESSAGE_MAX_BYTES - 4, 5, 4 },
};

static unsigned count_bytes(const tw__handshake *h)
{
    unsigned n = 0;

    for (unsigned i = 0; i < h->n_messages; i++)
        n += h->messages[i].bytes != NULL;
    return n;
}

static void bytes_are_bounded(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        tw_conn *c = tw__conn_new(false, no_ends);
        for (unsigned n = 0; n < sizes[i].n; n++)
            send_filler(c, n + 1, TW_HS_CERTIFICATE, sizes[i].length);
        assert_int_equal(c->now->n_messages, sizes[i].n);
        assert_int_equal(count_bytes(c->now), sizes[i].with_bytes);
        assert_int_equal(c->now->left_out, sizes[i].with_bytes < sizes[i].n);
        assert_true(c->now->kept_bytes <= TW_HANDSHAKE_MAX_BYTES);
        tw__conn_free(c);
    }
}

static void alerts_are_bounded(void **state)
{
    tw_conn *c = tw__conn_new(false, no_ends);

    (void)state;
    for (unsigned i = 0; i < 3 * TW_ALERTS_MAX; i++) {
        const tw__alert *a = tw__conn_alert(c, (tw_at){ .frame = i + 1, .dir = 0 }, 1, (uint8_t)(100 + i), i);
        assert_non_null(a);
        assert_int_equal(a->number, 100 + i);
        assert_int_equal(a->ordinal, i);
    }
    assert_int_equal(c->seldom->n_alerts, TW_ALERTS_MAX);
    assert_int_equal(c->seldom->alerts[TW_ALERTS_MAX - 1].number, 100 + 3 * TW_ALERTS_MAX - 1);
    tw__conn_free(c);
}

/* A repeated alert is no new one; the other side's, another level or number is. */
static void repeated_alerts_are_told_apart(void **state)
{
    static const struct {
        int dir;
        uint8_t level, number;
        bool is_new;
    } sent[] = {
        { 0, 1, 100, true }, { 0, 1, 100, false }, { 1, 1, 100, true },
        { 0, 2, 100, true }, { 0, 2, 40, true },   { 0, 2, 40, false },
    };
    tw_conn *c = tw__conn_new(false, no_ends);

    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(sent); i++) {
        tw_at at = { .frame = i + 1, .dir = sent[i].dir };
        assert_int_equal(tw__conn_alert(c, at, sent[i].level, sent[i].number, 0) != NULL, sent[i].is_new);
    }
    tw__conn_free(c);
}

/* Once data flows freely only the hellos stay. */
static void bytes_are_given_back(void **state)
{
    play *p = play_new(CLEAR);

    (void)state;
    assert_true(p->conn->now->n_messages > 2);
    for (int i = 0; i < 10; i++)
        play_on(p, "C:app S:app");
    assert_int_equal(p->conn->now->n_messages, 2);
    assert_non_null(tw__handshake_find(p->conn->now, TW_HS_CLIENT_HELLO, 0));
    assert_non_null(tw__handshake_find(p->conn->now, TW_HS_SERVER_HELLO, 1));
    play_free(p);
}

#define DTLS_DONE "dtls C:hello S:hello +S:cert(leaf) +S:ske +S:done C:cke +C:ccs +C:enc S:ccs +S:enc "
#define DTLS_FAIL "dtls C:hello S:fatal(40) "

/* After which events nothing more will be judged. */
static const struct {
    const char *script;
    bool over;
} endings[] = {
    { CLEAR, false },
    { CLEAR " C:FIN", false },
    { CLEAR " C:FIN S:FIN", true },
    { CLEAR " S:RST", true },
    { "C:hello C:FIN S:FIN", true },
    { "C:hello S:fatal(40)", false },
    { DTLS_DONE, false },
    { DTLS_DONE "C:warn(0)", true },
    { DTLS_DONE "S:enca(26)", true },
    { DTLS_DONE "C:app(40)", false },
    { DTLS_FAIL, false }, /* the ClientHello may come again, and has to be known for what it is */
    { "dtls C:hello S:warn(112)", false },
};

static void ends_are_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        play *p = play_new(endings[i].script);
        if (tw__conn_is_over(p->conn) != endings[i].over)
            fail_msg("%s: %s", endings[i].script, endings[i].over ? "not over" : "over");
        play_free(p);
    }
}

/* What is let go leaves no bytes and no messages; what comes late all the same does no harm. */
static void what_is_over_is_let_go(void **state)
{
    static const char *const scripts[] = { CLEAR " C:FIN S:FIN", "", "C:hello S:fatal(40) S:RST",
                                           CLEAR " C:hello S:hello C:RST" };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(scripts); i++) {
        play *p = play_new(scripts[i]);
        bool completed = p->conn->n_completed;
        tw__conn_forget_messages(p->conn);
        assert_int_equal(p->conn->now->n_messages, 0);
        assert_int_equal(tw__conn_kept_bytes(p->conn), 0);
        assert_int_equal(p->conn->n_completed, completed);
        play_on(p, "S:fatal(80) C:FIN S:RST C:app S:app C:hello");
        tw__conn_forget_messages(p->conn);
        play_free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_bounded),
        cmocka_unit_test(order_is_known_beyond_the_bound),
        cmocka_unit_test(bytes_are_bounded),
        cmocka_unit_test(alerts_are_bounded),
        cmocka_unit_test(repeated_alerts_are_told_apart),
        cmocka_unit_test(bytes_are_given_back),
        cmocka_unit_test(ends_are_told),
        cmocka_unit_test(what_is_over_is_let_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
