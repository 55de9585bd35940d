/* STARTTLS and its relatives: what asks for an upgrade, what declines it, and the verdict on that.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tlswhy/plain.h"
#include "tlswhy/verdict.h"

typedef struct {
    const char *bytes;
    size_t len; /* 0: a string */
    bool expected;
} row;

static const row requests[] = {
    { "STARTTLS\r\n", 0, true },
    { "starttls\r\n", 0, true },
    { "a1 STARTTLS\r\n", 0, true },
    { "STLS\r\n", 0, true },
    { "AUTH TLS\r\n", 0, true },
    { "AUTH SSL\r\n", 0, true },
    { "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", 0, true },
    { "\0\0\0\x08\x04\xd2\x16\x2f", 8, true },
    { "\0\0\0\x08\x04\xd2\x16\x30", 8, false }, /* PostgreSQL's GSSENCRequest */
    { "EHLO starttls.example\r\n", 0, false },
    { "MAIL FROM:<STARTTLS@example>\r\n", 0, false },
    { "AUTH PLAIN\r\n", 0, false },
    { "GET /STARTTLS HTTP/1.1\r\n", 0, false },
    { "\x16\x03\x01", 0, false },
    { "", 0, false },
};

static const row refusals[] = {
    { "454 4.7.0 TLS not available\r\n", 0, true },
    { "502 5.5.1 Command not implemented\r\n", 0, true },
    { "534-Policy\r\n", 0, true },
    { "500\r\n", 0, true },
    { "a1 NO TLS is not configured\r\n", 0, true },
    { "a1 BAD Unknown command\r\n", 0, true },
    { "-ERR Unknown command.\r\n", 0, true },
    { "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>", 0, true },
    { "NO \"no TLS\"\r\n", 0, true },
    { "N", 1, true },
    { "S", 1, false },
    { "220 2.0.0 Ready to start TLS\r\n", 0, false },
    { "234 AUTH TLS OK\r\n", 0, false },
    { "a1 OK Begin TLS negotiation now\r\n", 0, false },
    { "+OK Begin TLS\r\n", 0, false },
    { "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", 0, false },
    { "4", 0, false },
    { "", 0, false },
};

static void check(const row *rows, size_t n, bool (*ask)(const uint8_t *, size_t))
{
    for (size_t i = 0; i < n; i++) {
        size_t len = rows[i].len ? rows[i].len : strlen(rows[i].bytes);
        uint8_t *exact = g_memdup2(rows[i].bytes, len); /* so that a sanitizer sees a read behind the end */
        if (ask(exact, len) != rows[i].expected)
            fail_msg("row %zu: %s", i, rows[i].bytes);
        g_free(exact);
    }
}

static void recognises_requests(void **state)
{
    (void)state;
    check(requests, G_N_ELEMENTS(requests), tw_starttls_asks);
}

static void names_the_protocol_as_openssl_does(void **state)
{
    static const struct {
        const char *bytes;
        uint16_t port;
        const char *name;
    } rows[] = {
        { "STARTTLS\r\n", 587, "smtp" },   { "STARTTLS\r\n", 119, "nntp" },
        { "STARTTLS\r\n", 4190, "sieve" }, { "a1 STARTTLS\r\n", 143, "imap" },
        { "STLS\r\n", 110, "pop3" },       { "AUTH TLS\r\n", 21, "ftp" },
        { "EHLO x\r\n", 25, NULL },        { "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", 5222, "xmpp" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *name = tw_starttls_protocol((const uint8_t *)rows[i].bytes, strlen(rows[i].bytes), rows[i].port);
        if (g_strcmp0(name, rows[i].name))
            fail_msg("%s: %s", rows[i].bytes, name);
    }
    assert_string_equal(tw_starttls_protocol((const uint8_t *)"\0\0\0\x08\x04\xd2\x16\x2f", 8, 5432), "postgres");
}

static void recognises_refusals(void **state)
{
    (void)state;
    check(refusals, G_N_ELEMENTS(refusals), tw_starttls_declines);
}

static void a_refusal_is_the_servers_before_any_hello(void **state)
{
    static const char answer[] = "454 TLS not available";
    static const tw_settings settings = { 0 };
    tw_conn *c = tw_conn_new(false);
    tw_at at = { 7, 1000, 1 };
    tw_verdict *v;
    (void)state;
    tw_conn_plain(c, at, (const uint8_t *)answer, strlen(answer));
    v = tw_judge_declined(c, at, &settings);
    assert_non_null(v);
    assert_true(v->failure);
    assert_int_equal(v->cause, TW_CAUSE_STARTTLS_REFUSED);
    assert_int_equal(v->confidence, TW_PROVEN);
    assert_int_equal(v->sender, TW_SERVER);
    assert_int_equal(v->phase, TW_BEFORE_HELLO);
    assert_string_equal(v->reason, "Server refused to start TLS: \"454 TLS not available\"");
    tw_verdict_free(v);
    assert_null(tw_judge_declined(c, at, &settings));
    tw_conn_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recognises_requests),
        cmocka_unit_test(names_the_protocol_as_openssl_does),
        cmocka_unit_test(recognises_refusals),
        cmocka_unit_test(a_refusal_is_the_servers_before_any_hello),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
