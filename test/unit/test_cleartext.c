/* STARTTLS and its relatives: what asks for an upgrade, what declines it, and the verdict on that.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "connection/cleartext.h"
#include "judge/judge.h"
#include "verdict/verdict_internal.h"

static const char *const no_ends[2];

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
    { "CONNECT server.test:443 HTTP/1.1\r\nHost: server.test:443\r\n\r\n", 0, true },
    { "CONNECT a-name-that-is-longer-than-what-is-kept-of-the-first-bytes.test", 0, true },
    { "CONNECT / HTTP/1.1\r\n\r\n", 0, false }, /* somebody tries out methods */
    { "CONNECT server.test HTTP/1.1\r\n\r\n", 0, false },
    { "CONNECT :443 HTTP/1.1\r\n\r\n", 0, false },
    { "CONNECT", 0, false },
    { "0\x1d\x02\x01\x01w\x18\x80\x16"
      "1.3.6.1.4.1.1466.20037",
      31, true },
    { "0\x1d\x02\x01\x01w\x18\x80\x16"
      "1.3.6.1.4.1.4203.1.11.",
      31, false }, /* another extended operation */
    { "0\x84\x00\x00\x00\x1d\x02\x01\x01w\x84\x00\x00\x00\x18\x80\x16"
      "1.3.6.1.4.1.1466.20037",
      39, true }, /* Windows writes lengths long */
    { "\x03\0\0\x13\x0e\xe0\0\0\0\0\0\x01\0\x08\0\x03\0\0\0", 19, true },
    { "\x03\0\0\x13\x0e\xe0\0\0\0\0\0\x01\0\x08\0\0\0\0\0", 19, false }, /* RDP's own protection */
    { "\x03\0\0\x0b\x06\xe0\0\0\0\0\0", 11, false },
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
    { "E\0\0\0\x10SFATAL\0", 12, true },
    { "HTTP/1.1 403 Forbidden\r\n\r\n", 0, true },
    { "HTTP/1.0 502 Bad Gateway\r\n\r\n", 0, true },
    { "0\x0c\x02\x01\x01x\x07\x0a\x01\x34\x04\0\x04\0", 14, true },
    { "\x03\0\0\x13\x0e\xd0\0\0\0\0\0\x03\0\x08\0\x02\0\0\0", 19, true },
    { "580 Can not initiate TLS negotiation\r\n", 0, true },
    { "HTTP/1.1 200 Connection established\r\n\r\n", 0, false },
    { "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", 0, false },
    { "0\x0c\x02\x01\x01x\x07\x0a\x01\x00\x04\0\x04\0", 14, false },
    { "\x03\0\0\x13\x0e\xd0\0\0\0\0\0\x02\0\x08\0\x01\0\0\0", 19, false },
    { "S", 1, false },
    { "220 2.0.0 Ready to start TLS\r\n", 0, false },
    { "234 AUTH TLS OK\r\n", 0, false },
    { "a1 OK Begin TLS negotiation now\r\n", 0, false },
    { "+OK Begin TLS\r\n", 0, false },
    { "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", 0, false },
    { "4", 0, false },
    { "", 0, false },
};

#define MYSQL_GREETING(version, low, high) "J\0\0\0\n" version "\0\1\0\0\0saltsalt\0" low high

static const row greetings[] = {
    { MYSQL_GREETING("8.0.36", "\xff", "\xf7"), 27, true },
    { MYSQL_GREETING("5.5.5-10.11.6-MariaDB", "\xfe", "\xf7"), 42, true },
    { MYSQL_GREETING("8.0.36", "\xff", "\xff"), 27, false }, /* it has TLS */
    { MYSQL_GREETING("8.0.36", "\xff", ""), 26, false },     /* cut */
    { "J\0\0\0\n8.0.36", 11, false },
    { "220 server.test ESMTP\r\n", 0, false },
    { "", 0, false },
};

static const row proxy_headers[] = {
    { "PROXY TCP4 192.0.2.1 192.0.2.2 50000 443\r\n", 0, true },
    { "PROXY UNKNOWN\r\n", 0, true },
    { "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c", 16, true },
    { "PROXY\r\n", 0, false },
    { "\r\n\r\n", 0, false },
};

static const row questions[] = {
    { "EHLO client.test\r\n", 0, true },  { "a1 CAPABILITY\r\n", 0, true },          { "CAPA\r\n", 0, true },
    { "HELO client.test\r\n", 0, false }, { "MAIL FROM:<a@example>\r\n", 0, false },
};

static const row lists[] = {
    { "250 server.test\r\n", 0, true },
    { "250-server.test\r\n250-SIZE 100\r\n250 HELP\r\n", 0, true },
    { "* CAPABILITY IMAP4rev1\r\na1 OK done\r\n", 0, true },
    { "+OK\r\nTOP\r\nUIDL\r\n.\r\n", 0, true },
    { "250-server.test\r\n250-STARTTLS\r\n250 HELP\r\n", 0, false },
    { "250-server.test\r\n250-SIZE 100\r\n", 0, false }, /* there is more to come */
    { "* CAPABILITY IMAP4rev1\r\n", 0, false },
    { "+OK\r\nSTLS\r\n.\r\n", 0, false },
    { "500 what?\r\n", 0, false },
    { "", 0, false },
};

static const row farewells[] = {
    { "QUIT\r\n", 0, true },
    { "a2 LOGOUT\r\n", 0, true },
    { "MAIL FROM:<quit@example>\r\n", 0, false },
};

static void check_words(const char *bytes, size_t len, const char *expected)
{
    char *words = tw__cleartext_words((const uint8_t *)bytes, len);
    assert_string_equal(words, expected);
    g_free(words);
}

static void says_what_was_said(void **state)
{
    (void)state;
    check_words("220 server.test ESMTP\r\n221 bye\r\n", 33, "220 server.test ESMTP");
    check_words("\x01\x02", 2, "\\x01\\x02");
    check_words("0\x0c\x02\x01\x01x\x07\x0a\x01\x34\x04\0\x04\0", 14, "LDAP result 52, unavailable");
    check_words("\x03\0\0\x13\x0e\xd0\0\0\0\0\0\x03\0\x08\0\x02\0\0\0", 19,
                "RDP negotiation failure 2, SSL_NOT_ALLOWED_BY_SERVER");
    check_words(MYSQL_GREETING("8.0.36", "\xff", "\xf7"), 27, "MySQL 8.0.36, which does not offer TLS (CLIENT_SSL)");
    check_words("\x1c\0\0\1\xff\x84\x04"
                "Bad handshake",
                20, "MySQL error 1156: Bad handshake");
}

static bool is_out_of_turn_elsewhere(const uint8_t *bytes, size_t len)
{
    return tw__speaks_out_of_turn(bytes, len, 4711);
}

static bool is_out_of_turn_at_home(const uint8_t *bytes, size_t len)
{
    return tw__speaks_out_of_turn(bytes, len, 25);
}

static const row first_words[] = {
    { "EHLO client.test\r\n", 0, true },
    { "GET / HTTP/1.1\r\n", 0, false },
    { "\x16\x03\x01", 0, false },
};

static const row first_words_at_home[] = {
    { "EHLO client.test\r\n", 0, false },
};

static const row tunnels[] = {
    { "CONNECT server.test:443 HTTP/1.1\r\n\r\n", 0, true },
    { "\x05\x02\x00\x02", 4, true }, /* SOCKS 5 */
    { "\x05\x02\x00", 3, false },
    { "\x05\x00", 2, false },
    { "\x04\x01\x01\xbb\xc0\x00\x02\x01\x00", 9, true }, /* SOCKS 4 */
    { "\x04\x02\x01\xbb\xc0\x00\x02\x01\x00", 9, false },
    { "EHLO client.test\r\n", 0, false },
    { "GET / HTTP/1.1\r\n", 0, false },
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

static void hears_what_is_said_of_certificates(void **state)
{
    static const char missing[] =
        "HTTP/1.1 400 Bad Request\r\n\r\n<html>\r\n<head><title>400 No required SSL certificate "
        "was sent</title></head>\r\n",
                      rejected[] = "<html>\r\n<head><title>400 The SSL certificate error</title></head>",
                      other[] = "<html>\r\n<head><title>400 Bad Request</title></head>",
                      talk[] = "No required SSL certificate was sent";
    (void)state;
    assert_int_equal(tw__says_of_certificate((const uint8_t *)missing, strlen(missing)), TW_SAID_MISSING);
    assert_int_equal(tw__says_of_certificate((const uint8_t *)rejected, strlen(rejected)), TW_SAID_REJECTED);
    assert_int_equal(tw__says_of_certificate((const uint8_t *)other, strlen(other)), TW_SAID_NOTHING);
    assert_int_equal(tw__says_of_certificate((const uint8_t *)talk, strlen(talk)), TW_SAID_NOTHING);
    assert_int_equal(tw__says_of_certificate((const uint8_t *)missing, 50), TW_SAID_NOTHING);
    assert_int_equal(tw__says_of_certificate(NULL, 0), TW_SAID_NOTHING);
}

static void recognises_tunnels(void **state)
{
    (void)state;
    check(tunnels, G_N_ELEMENTS(tunnels), tw_asks_for_tunnel);
}

static void recognises_requests(void **state)
{
    (void)state;
    check(requests, G_N_ELEMENTS(requests), tw__starttls_asks);
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
        const char *name = tw__starttls_protocol((const uint8_t *)rows[i].bytes, strlen(rows[i].bytes), rows[i].port);
        if (g_strcmp0(name, rows[i].name))
            fail_msg("%s: %s", rows[i].bytes, name);
    }
    assert_string_equal(tw__starttls_protocol((const uint8_t *)"\0\0\0\x08\x04\xd2\x16\x2f", 8, 5432), "postgres");
}

static void recognises_refusals(void **state)
{
    (void)state;
    check(refusals, G_N_ELEMENTS(refusals), tw__starttls_declines);
}

static void a_refusal_is_the_servers_before_any_hello(void **state)
{
    static const char answer[] = "454 TLS not available";
    tw_conn *c = tw__conn_new(false, no_ends);
    tw_at at = { .frame = 7, .time_us = 1000, .dir = 1 };
    tw_verdict *v;
    (void)state;
    tw__conn_cleartext(c, at, (const uint8_t *)answer, strlen(answer));
    v = tw__judge_declined(c, at);
    assert_non_null(v);
    assert_true(v->failure);
    assert_int_equal(v->cause, TW_CAUSE_STARTTLS_REFUSED);
    assert_int_equal(v->confidence, TW_PROVEN);
    assert_int_equal(v->sender, TW_SERVER);
    assert_int_equal(v->phase, TW_BEFORE_HELLO);
    assert_string_equal(v->reason, "Server refused to start TLS: \"454 TLS not available\"");
    tw__verdict_free(v);
    assert_null(tw__judge_declined(c, at));
    tw__conn_free(c);
}

static void recognises_what_servers_lack(void **state)
{
    (void)state;
    check(greetings, G_N_ELEMENTS(greetings), tw__greets_without_tls);
    check(questions, G_N_ELEMENTS(questions), tw__asks_capabilities);
    check(lists, G_N_ELEMENTS(lists), tw__lacks_starttls);
    check(farewells, G_N_ELEMENTS(farewells), tw__says_goodbye);
}

static void recognises_what_comes_before_tls(void **state)
{
    (void)state;
    check(proxy_headers, G_N_ELEMENTS(proxy_headers), tw__is_proxy_header);
    check(first_words, G_N_ELEMENTS(first_words), is_out_of_turn_elsewhere);
    check(first_words_at_home, G_N_ELEMENTS(first_words_at_home), is_out_of_turn_at_home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recognises_requests),
        cmocka_unit_test(recognises_tunnels),
        cmocka_unit_test(hears_what_is_said_of_certificates),
        cmocka_unit_test(names_the_protocol_as_openssl_does),
        cmocka_unit_test(recognises_refusals),
        cmocka_unit_test(recognises_what_servers_lack),
        cmocka_unit_test(recognises_what_comes_before_tls),
        cmocka_unit_test(says_what_was_said),
        cmocka_unit_test(a_refusal_is_the_servers_before_any_hello),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
