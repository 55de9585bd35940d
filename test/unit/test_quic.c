/* QUIC: headers, closes, and what ends without a close that can be read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "rows.h"

#define HELLOS   "quic C:hello(13) +C:initial S:hello(13) +S:initial +S:handshake "
#define KEYED    HELLOS "+S:ee +S:cert(expired,inter) +S:cv +S:fin +S:handshake "
#define ACCEPTED HELLOS "C:handshake +C:1rtt "

static const row closes[] = {
    { "quic C:hello(13) +C:initial S:close(128)", "cipher-no-overlap possible server client-hello 2<1" },
    { "quic C:hello(13;alpn=h2) +C:initial S:close(178)", "alpn-no-overlap proven server client-hello 2<1" },
    { HELLOS "C:close(130)", "server-cert-unknown-ca likely client server-flight 3<2" },
    { KEYED "C:close(12d)", "server-cert-expired proven client server-flight 3<2" },
    { KEYED "C:close(12d) C:close(12d) C:close(0)", "server-cert-expired proven client server-flight 3<2" },
    { HELLOS
      "+S:ee +S:ask +S:cert(leaf,inter) +S:cv +S:fin +S:handshake C:cert() +C:fin +C:handshake +C:1rtt S:close(174)",
      "client-cert-missing proven server client-flight 4<3" },
    { ACCEPTED "S:1rtt C:close(0)", "nothing" },
    { "quic C:hello(13) +C:initial S:close(2)", "handshake-refused likely server client-hello 2<1" },
    { "quic C:hello(13) +C:initial S:close(1)", "internal-error likely server client-hello 2<1" },
    { "quic C:hello(13) +C:initial S:close(0)", "closed-after-client-hello likely server client-hello 2<1" },
    { HELLOS "C:close(c)", "closed-in-handshake likely client server-flight 3<2" },
    { HELLOS "C:close(4000)", "closed-in-handshake likely client server-flight 3<2" },
};

static void closes_are_alerts(void **state)
{
    (void)state;
    check_rows(closes, G_N_ELEMENTS(closes));
}

static const row silences[] = {
    { "quic C:hello(13) +C:initial wait(1) C:initial end(10)",
      "no-answer-to-client-hello likely server client-hello 1<1" },
    { "quic C:hello(13) +C:initial end(10)", "(warning client server-flight 1)" }, /* nobody sent again */
    { "quic C:hello(13) +C:initial wait(2) C:initial wait(2) C:initial end(0)",
      "no-answer-to-client-hello likely server client-hello 1<1" },
    { "quic C:hello(13) +C:initial end(1)", "nothing" },
    { "quic C:hello(13) +C:initial S:retry0 C:again +C:initial wait(1) C:initial end(10)",
      "stalled-in-handshake likely server client-hello 4<1" },
    { ACCEPTED "end(10)", "nothing" },
    /* the client's side of the capture is missing: nothing can be said */
    { HELLOS "S:1rtt S:1rtt S:1rtt S:1rtt S:1rtt S:1rtt S:1rtt S:1rtt end(10)", "nothing" },
    { HELLOS "end(10)", "(warning client server-flight 2)" },
    { HELLOS "wait(1) S:handshake end(10)", "stalled-in-handshake likely client server-flight 3<2" },
    /* the server still repeats its flight: nobody closed */
    { HELLOS "C:handshake wait(1) S:handshake end(10)", "stalled-in-handshake likely client server-flight 4<2" },
    { HELLOS "C:handshake end(10)", "server-cert-rejected likely client server-flight 3<2" },
    { HELLOS "C:handshake end(1)", "nothing" },
    { KEYED "C:handshake end(10)", "stalled-in-handshake likely client server-flight 3<2" },
};

static void silences_are_honest(void **state)
{
    (void)state;
    check_rows(silences, G_N_ELEMENTS(silences));
}

static const row negotiations[] = {
    { "quic C:initial S:versions(709a50c4) end(10)", "version-no-overlap proven server client-hello 2<0" },
    { "quic C:hello(13) +C:initial S:versions(709a50c4,6b3343cf) end(10)",
      "version-no-overlap proven server client-hello 2<1" },
    { "quic C:hello(13) +C:initial S:versions(6b3343cf) end(1)", "nothing" },
    { "quic C:initial(1a2a3a4a) S:versions(1) end(10)",
      "nothing" }, /* a reserved version: a question for the server's */
    /* the client's own version is among them: a late or forged packet (RFC 9000 6.2) */
    { "quic C:hello(13) +C:initial S:versions(1) S:hello(13) +S:initial C:handshake +C:1rtt end(10)", "nothing" },
};

static void negotiations_of_versions(void **state)
{
    (void)state;
    check_rows(negotiations, G_N_ELEMENTS(negotiations));
}

static void words_are_escaped_evidence(void **state)
{
    play *p = play_new("quic C:hello(13) +C:initial S:close(128,no\tsuch\x1b[1m)");
    bool found = false;
    (void)state;
    assert_int_equal(p->verdicts->len, 1);
    const tw_evidence *e;
    for (unsigned i = 0; (e = tw_verdict_evidence(p->verdicts->pdata[0], i)); i++)
        found = found || strstr(e->text, "\"no\\x09such\\x1B[1m\"") || strstr(e->text, "\"no\\x09such\\x1b[1m\"");
    assert_true(found);
    play_free(p);
}

static void a_next_try_forgives_a_negotiation(void **state)
{
    play *p = play_new("quic C:hello(13) +C:initial S:versions(6b3343cf)");
    (void)state;
    tw__quic_of(p->conn)->gone_on = true;
    play_on(p, "end(10)");
    assert_int_equal(p->verdicts->len, 0);
    play_free(p);
}

/* ---- headers ---- */

static const struct {
    const char *datagram; /* hexadecimal */
    const char *kinds;
} headers[] = {
    { "c000000001 02aabb 01cc 00 03 010203", "I" },
    { "c000000001 02aabb 01cc 02ffff 4003 010203", "I" },
    { "c000000001 02aabb 01cc 00 03 010203 e000000001 02aabb 01cc 02 0102", "IH" },
    { "c000000001 02aabb 01cc 00 03 010203 e000000001 02aabb 01cc 02 0102 40aabb 0102", "IH1" },
    { "d06b3343cf 02aabb 01cc 00 03 010203 f06b3343cf 02aabb 01cc 02 0102", "IH" },
    { "f000000001 02aabb 01cc 0102030405", "R" },
    { "c06b3343cf 02aabb 01cc 0102030405", "R" },
    { "d000000001 02aabb 01cc 01 01", "0" },
    { "8000000000 02aabb 01cc 00000001", "V" },
    { "40aabb0102", "1" },
    /* padding behind the last packet, and packets of another connection, are none */
    { "c000000001 02aabb 01cc 00 03 010203 0000000000", "I" },
    { "c000000001 02aabb 01cc 00 03 010203 40aabc0102", "I" },
    { "c000000001 02aabb 01cc 00 03 010203 e000000001 02aabc 01cc 02 0102", "I" },
    /* cut: the header stands */
    { "c000000001 02aabb 01cc 00 44d0 010203", "I" },
    { "c000000001 02aabb 01cc 44d0 010203", "I" },
    { "c000000001 02aabb 01", "" },
    { "c000000001 15aabb", "" },
    { "c000", "" },
    { "", "" },
};

static void headers_of_packets(void **state)
{
    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(headers); i++) {
        static const char names[] = { 'I', '0', 'H', 'R', 'V', '1' };
        GByteArray *b = g_byte_array_new();
        GString *kinds = g_string_new(NULL);
        tw__quic_kind kind;
        uint32_t version;
        size_t at = 0;
        char **words = g_strsplit(headers[i].datagram, " ", -1);
        uint8_t *exact;
        for (char **word = words; *word; word++)
            put_hex(b, *word);
        exact = g_memdup2(b->data, b->len); /* nothing behind it: a read too far is seen */
        while (tw__quic_next_packet(exact, b->len, &at, &kind, &version))
            g_string_append_c(kinds, names[kind]);
        assert_string_equal(kinds->str, headers[i].kinds);
        g_free(exact);
        g_strfreev(words);
        g_byte_array_unref(b);
        g_string_free(kinds, TRUE);
    }
}

static void integers_of_variable_length(void **state)
{
    static const uint8_t bytes[] = { 0x25, 0x7b, 0xbd, 0x9d, 0x7f, 0x3e, 0x7d, 0xc2,
                                     0x19, 0x7c, 0x5e, 0xff, 0x14, 0xe8, 0x8c };
    static const uint64_t values[] = { 37, 15293, 494878333,
                                       G_GUINT64_CONSTANT(151288809941952652) }; /* RFC 9000 A.1 */
    size_t at = 0;
    uint64_t value;
    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(values); i++) {
        assert_true(tw__quic_varint(bytes, sizeof bytes, &at, &value));
        assert_int_equal(value, values[i]);
    }
    assert_false(tw__quic_varint(bytes, sizeof bytes, &at, &value));
    at = 7;
    assert_false(tw__quic_varint(bytes, sizeof bytes - 1, &at, &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closes_are_alerts),
        cmocka_unit_test(silences_are_honest),
        cmocka_unit_test(negotiations_of_versions),
        cmocka_unit_test(words_are_escaped_evidence),
        cmocka_unit_test(a_next_try_forgives_a_negotiation),
        cmocka_unit_test(headers_of_packets),
        cmocka_unit_test(integers_of_variable_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
