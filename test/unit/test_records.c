/* Records and messages cut out of a stream, and EAP-Failure.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "rows.h"
#include "judge/judge.h"
#include "verdict/verdict_internal.h"

/* The messages of SCRIPT's words in one record of type 22, or in several of at most MOST bytes. */
static GByteArray *records_of(const char *script, char side, guint most)
{
    play *p = play_new("");
    GByteArray *messages = g_byte_array_new(), *records = g_byte_array_new();
    char **words = g_strsplit(script, " ", -1);
    for (char **word = words; *word; word++) {
        char *argument = cut_argument(*word);
        char **options = g_strsplit(argument ? argument : "", ";", -1);
        GByteArray *b = message_of(p, side, *word, options);
        g_byte_array_append(messages, b->data, b->len);
        g_byte_array_unref(b);
        g_strfreev(options);
    }
    for (guint at = 0; at < messages->len; at += most) {
        guint n = MIN(most, messages->len - at);
        put(records, 1, 22);
        put(records, 2, 0x0303);
        put(records, 2, n);
        g_byte_array_append(records, messages->data + at, n);
    }
    g_strfreev(words);
    g_byte_array_unref(messages);
    play_free(p);
    return records;
}

/* A play whose connection is of a capture. */
typedef struct {
    tw_capture *capture;
    play *p;
} exchange;

static void on_verdict(void *data, tw_conn *conn, const tw_verdict *v, const tw_verdict *replaced)
{
    play *p = data;
    (void)conn;
    if (replaced)
        g_ptr_array_remove_index(p->verdicts, p->verdicts->len - 1);
    g_ptr_array_add(p->verdicts, tw__verdict_copy(v));
}

static exchange begin_exchange(void)
{
    static const char *const endpoints[2] = { "192.0.2.1:50000", "192.0.2.2:443" };
    tw_settings settings = { 0 };
    exchange x = { .p = play_new("") };
    tw__conn_free(x.p->conn);
    x.capture = tw_capture_new(&settings, on_verdict, x.p, NULL);
    x.p->conn = tw_capture_connect(x.capture, endpoints, TW_CARRIER_EAP, 1, 0);
    return x;
}

static void feed(exchange *x, int dir, const uint8_t *bytes, size_t len, size_t step)
{
    for (size_t at = 0; at < len; at += step) {
        x->p->frame += at == 0;
        tw_tell_bytes(x->p->conn, play_at(x->p, dir), bytes + at, MIN(step, len - at));
    }
}

static char *end_exchange(exchange *x)
{
    char *text = verdicts_text(x->p);
    x->p->conn = NULL; /* the capture's */
    play_free(x->p);
    tw_capture_free(x->capture);
    return text;
}

static void borders_change_nothing(void **state)
{
    static const uint8_t alert[] = { 21, 3, 3, 0, 2, 2, 45 };
    static const guint records[] = { 100000, 16384, 100, 7 };
    static const size_t steps[] = { 60000, 1000, 4, 1 };
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(records); i++)
        for (guint j = 0; j < G_N_ELEMENTS(steps); j++) {
            exchange x = begin_exchange();
            GByteArray *hello = records_of("hello", 'C', MIN(records[i], 16384));
            GByteArray *flight = records_of("hello cert(expired,inter) done", 'S', MIN(records[i], 16384));
            char *text;
            feed(&x, 0, hello->data, hello->len, steps[j]);
            feed(&x, 1, flight->data, flight->len, steps[j]);
            feed(&x, 0, alert, sizeof alert, steps[j]);
            text = end_exchange(&x);
            assert_string_equal(text, "server-cert-expired proven client server-flight 3<2");
            g_free(text);
            g_byte_array_unref(hello);
            g_byte_array_unref(flight);
        }
}

static void hostile_bytes_are_survived(void **state)
{
    GByteArray *hello = records_of("hello", 'C', 50), *flight = records_of("hello cert(leaf,inter) done", 'S', 900);
    GRand *rand = g_rand_new_with_seed(5);
    (void)state;
    for (int i = 0; i < 2000; i++) {
        exchange x = begin_exchange();
        GByteArray *damaged = i % 2 ? hello : flight;
        guint8 *copy = g_memdup2(damaged->data, damaged->len);
        for (int n = 0; n < 4; n++)
            copy[g_rand_int_range(rand, 0, (gint32)damaged->len)] = (guint8)g_rand_int_range(rand, 0, 256);
        feed(&x, 0, i % 2 ? copy : hello->data, hello->len, 37);
        feed(&x, 1, i % 2 ? flight->data : copy, flight->len, 37);
        g_free(copy);
        g_free(end_exchange(&x));
    }
    g_rand_free(rand);
    g_byte_array_unref(hello);
    g_byte_array_unref(flight);
}

static void no_tls_breaks_a_stream(void **state)
{
    exchange x = begin_exchange();
    (void)state;
    feed(&x, 0, (const uint8_t *)"GET / HTTP/1.0\r\n\r\n", 18, 18);
    assert_false(tw_conn_reads_bytes(x.p->conn, 0));
    assert_true(tw_conn_reads_bytes(x.p->conn, 1));
    tw_tell_new_bytes(x.p->conn, 0);
    assert_true(tw_conn_reads_bytes(x.p->conn, 0));
    g_free(end_exchange(&x));
}

/* A record of DTLS 1.2 with a ClientHello's first fragment is one; one byte of its headers changed, it is none. */
static void begins_dtls(void **state)
{
    static const uint8_t hello[] = { 22,   0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 1, 0, 14, /* the record */
                                     1,    0,    0,    9, 0, 0, 0, 0, 0, 0, 0, 2,     /* the fragment: 2 bytes of 9 */
                                     0xfe, 0xfd };
    static const unsigned told[] = { 0, 1, 3, 4, 11, 12, 13, 19, 20, 21, 22, 23, 24, 25 };
    uint8_t changed[sizeof hello];
    (void)state;
    assert_true(tw_begins_with_dtls_hello(hello, sizeof hello));
    for (size_t len = 0; len < sizeof hello; len++)
        assert_false(tw_begins_with_dtls_hello(hello, len));
    for (unsigned i = 0; i < sizeof told / sizeof told[0]; i++) {
        memcpy(changed, hello, sizeof hello);
        changed[told[i]] ^= 0x10;
        assert_false(tw_begins_with_dtls_hello(changed, sizeof changed));
    }
    memcpy(changed, hello, sizeof hello);
    changed[16] = 1; /* the whole is shorter than the fragment */
    assert_false(tw_begins_with_dtls_hello(changed, sizeof changed));
}

static void what_may_begin_datagrams(void **state)
{
    static const uint8_t dtls[] = { 22, 0xfe, 0xfd, 0, 0, 0 }, data[] = { 23, 0xfe, 0xff, 0, 1, 0 },
                         quic[] = { 0xc0, 0, 0, 0, 1, 8 }, negotiation[] = { 0x80, 0, 0, 0, 0, 8 },
                         question[] = { 0xc0, 22, 1, 0, 0, 1 }, answer[] = { 22, 3, 0x81, 0x80, 0, 1 };
    (void)state;
    assert_true(tw_may_begin_datagrams(dtls, sizeof dtls));
    assert_true(tw_may_begin_datagrams(data, sizeof data));
    assert_true(tw_may_begin_datagrams(quic, sizeof quic));
    assert_true(tw_may_begin_datagrams(negotiation, sizeof negotiation));
    assert_false(tw_may_begin_datagrams(question, sizeof question)); /* of DNS */
    assert_false(tw_may_begin_datagrams(answer, sizeof answer));
    assert_false(tw_may_begin_datagrams(dtls, 4));
}

/* SCRIPT, then an EAP-Failure of the server. */
static char *failure_after(const char *script, bool commitment)
{
    play *p = play_new(script);
    char *text;
    tw_verdict *v;
    p->frame++;
    v = tw__judge_eap_failure(p->conn, play_at(p, 1), commitment);
    if (v)
        g_ptr_array_add(p->verdicts, v);
    text = verdicts_text(p);
    play_free(p);
    return text;
}

static void eap_failures(void **state)
{
    static const struct {
        const char *script;
        bool commitment;
        const char *verdicts;
    } rows[] = {
        { "C:hello S:hello +S:cert(leaf) +S:ask(root) +S:done C:cert(expired,inter) +C:cke +C:ccs", true,
          "client-cert-expired possible server client-flight 4<3" },
        { "C:hello S:hello +S:cert(leaf) +S:ask(root) +S:done C:cert() +C:cke +C:ccs", true,
          "client-cert-missing likely server client-flight 4<3" },
        { "C:hello", true, "handshake-refused likely server client-hello 2<1" },
        /* what the tunnel carried was refused, not the tunnel */
        { "C:hello S:hello +S:cert(leaf) +S:done C:cke +C:ccs +C:fin S:ccs +S:fin C:app", true, "nothing" },
        { "C:hello(13) S:hello(13) +S:ee +S:cert(leaf) +S:fin C:fin", false, "nothing" },
        { "C:hello(13) S:hello(13) +S:ee +S:ask(root) +S:cert(leaf) +S:fin C:cert(expired,inter) +C:fin", true,
          "client-cert-expired possible server client-flight 4<3" },
        /* the alert has said it already */
        { "C:hello S:fatal(70)", true, "version-no-overlap proven server client-hello 2<1" },
        { "", true, "nothing" },
    };
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *text = failure_after(rows[i].script, rows[i].commitment);
        assert_string_equal(text, rows[i].verdicts);
        g_free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(borders_change_nothing),   cmocka_unit_test(hostile_bytes_are_survived),
        cmocka_unit_test(no_tls_breaks_a_stream),   cmocka_unit_test(begins_dtls),
        cmocka_unit_test(what_may_begin_datagrams), cmocka_unit_test(eap_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
