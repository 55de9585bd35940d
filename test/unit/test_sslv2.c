/* A ClientHello in SSLv2's format: what is read of it, and the verdicts upon it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "case/case.h"
#include "rows.h"

#define CHALLENGE "00112233445566778899aabbccddeeff"
#define SPECS     "00c02f00009c010080" /* two of TLS, one of SSLv2 */

/* type, version, lengths of what follows */
#define HELLO_12 \
    "01" \
    "0303" \
    "0009" \
    "0000" \
    "0010" SPECS CHALLENGE
#define HELLO_2 \
    "01" \
    "0002" \
    "0003" \
    "0000" \
    "0010" \
    "010080" CHALLENGE
#define HELLO_WRONG \
    "01" \
    "0303" \
    "000a" \
    "0000" \
    "0010" SPECS CHALLENGE

static tw__hello *hello_of(const char *script)
{
    play *p = play_new(script);
    const tw__message *m = tw__handshake_find(p->conn->now, TW_HS_CLIENT_HELLO, -1);
    size_t len;
    const uint8_t *body = tw__message_body(m, &len);
    tw__hello *hello;
    assert_non_null(body);
    assert_true(p->conn->now->sslv2);
    hello = tw__client_hello_read(body, len);
    play_free(p);
    return hello;
}

static void is_read_as_of_tls(void **state)
{
    tw__hello *hello = hello_of("C:sslv2(" HELLO_12 ")");
    (void)state;
    assert_null(hello->flaw);
    assert_int_equal(hello->version, TW_TLS12);
    assert_int_equal(hello->suites.n, 2);
    assert_int_equal(hello->suites.v[0], 0xc02f);
    assert_int_equal(hello->suites.v[1], 0x009c);
    assert_int_equal(hello->random[15], 0);
    assert_int_equal(hello->random[17], 0x11);
    assert_int_equal(hello->random[31], 0xff);
    assert_int_equal(hello->n_compression, 1);
    tw__hello_free(hello);
}

static void of_ssl2_itself(void **state)
{
    tw__hello *hello = hello_of("C:sslv2(" HELLO_2 ")");
    (void)state;
    assert_null(hello->flaw);
    assert_int_equal(hello->version, TW_SSL2);
    assert_int_equal(hello->suites.n, 0);
    tw__hello_free(hello);
}

static void wrong_lengths_are_flaws(void **state)
{
    tw__hello *hello = hello_of("C:sslv2(" HELLO_WRONG ")");
    (void)state;
    assert_string_equal(hello->flaw, "random");
    tw__hello_free(hello);
}

static void every_cut(void **state)
{
    const size_t len = strlen(HELLO_12) / 2;
    (void)state;
    for (size_t cut = 1; cut <= len; cut++) {
        char *script = g_strdup_printf("C:sslv2(" HELLO_12 ",%zu)", cut);
        play *p = play_new(script);
        const tw__message *m = tw__handshake_find(p->conn->now, TW_HS_CLIENT_HELLO, -1);
        assert_true(m->cut);
        play_free(p);
        g_free(script);
    }
}

static void is_recognised(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        bool is;
    } rows[] = {
        { "\1\3\1", 3, true },  { "\1\3\3", 3, true },  { "\1\0\2", 3, true },
        { "\1\0\3", 3, false }, { "\4\0\1", 3, false }, { "\1\3", 2, false },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        assert_int_equal(tw_is_sslv2_hello((const uint8_t *)rows[i].bytes, rows[i].len), rows[i].is);
}

static void verdicts(void **state)
{
    static const row rows[] = {
        /* it may be the format, so that nothing is proven of the versions */
        { "C:sslv2(" HELLO_12 ") S:fatal(70)", "version-no-overlap likely server client-hello 2<1" },
        { "C:sslv2(" HELLO_2 ") S:fatal(70)", "version-no-overlap proven server client-hello 2<1" },
        { "C:sslv2(" HELLO_12 ") S:fatal(40)", "renegotiation-insecure possible server client-hello 2<1" },
        { "C:sslv2(" HELLO_12 ") S:RST", "reset-after-client-hello likely server client-hello 2<1" },
        { "C:sslv2(" HELLO_12 ") S:hello(v=0303;s=009c) +S:cert(expired) +S:done C:fatal(45)",
          "server-cert-expired proven client server-flight 3<2" },
        { "C:hello(v=0303;s=c02f,00ff;bare) S:fatal(40)", "sigalg-no-overlap possible server client-hello 2<1" },
        { "C:hello(v=0303;s=009c,00ff;bare) S:fatal(40)", "cipher-no-overlap possible server client-hello 2<1" },
    };
    (void)state;
    check_rows(rows, G_N_ELEMENTS(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_read_as_of_tls),       cmocka_unit_test(of_ssl2_itself),
        cmocka_unit_test(wrong_lengths_are_flaws), cmocka_unit_test(every_cut),
        cmocka_unit_test(is_recognised),           cmocka_unit_test(verdicts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
