/* The catalogue of alerts: every number, receiver and phase, and literal texts that were seen in real logs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tlswhy/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define LINE_MAX_LENGTH 160 /* what is still readable as one line of the packet details */

static const uint8_t registered[] = { 0,   10,  20,  21,  22,  30,  40,  41,  42,  43,  44, 45, 46,
                                      47,  48,  49,  50,  51,  52,  60,  70,  71,  80,  86, 90, 100,
                                      109, 110, 111, 112, 113, 114, 115, 116, 117, 120, 121 };

static bool is_registered(unsigned number)
{
    return number < 256 && memchr(registered, (int)number, sizeof registered) != NULL;
}

static const tw_side receivers[] = { TW_SIDE_UNKNOWN, TW_CLIENT, TW_SERVER };

/* ---- the tables themselves ---- */

static void alert_rows_are_the_registry(void **state)
{
    (void)state;
    for (unsigned number = 0; number < 256; number++) {
        assert_int_equal(tw_alert_name((uint8_t)number) != NULL, is_registered(number));
        assert_int_equal(tw_alert_rfc((uint8_t)number) != NULL, is_registered(number));
    }
}

typedef struct {
    uint8_t number;
    bool warning;
    const char *name, *rfc, *openssl, *java, *go, *firefox, *chrome, *gnutls, *schannel;
} row;

static const row rows[] = {
#define ALERT(NAME, NUMBER, ...) { .number = NUMBER, __VA_ARGS__ },
#include "catalogue/alerts.def"
#undef ALERT
};

static void alert_rows_ascend_and_follow_their_form(void **state)
{
    (void)state;
    assert_int_equal(G_N_ELEMENTS(rows), sizeof registered);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        assert_int_equal(rows[i].number, registered[i]);
        assert_true(g_str_has_prefix(rows[i].rfc, "RFC ") && strstr(rows[i].rfc, " section "));
        assert_int_equal(strspn(rows[i].name, "abcdefghijklmnopqrstuvwxyz_"), strlen(rows[i].name));
        assert_true(!rows[i].openssl || strstr(rows[i].openssl, "lsv1") ||
                    g_str_has_prefix(rows[i].openssl, "sslv3 alert "));
        assert_true(!rows[i].java || g_str_has_suffix(rows[i].java, "Exception"));
        assert_true(!rows[i].firefox || g_str_has_prefix(rows[i].firefox, "SSL_ERROR_"));
        assert_true(!rows[i].chrome || g_str_has_prefix(rows[i].chrome, "ERR_"));
        assert_true(!rows[i].schannel || strstr(rows[i].schannel, " (0x80"));
    }
}

static const char *const templates[] = {
#define LOG(id, alert, phases, template) template,
#include "catalogue/programs.def"
};

/* A row with a misspelt placeholder would never be printed, and nobody would notice. */
static void templates_use_known_placeholders(void **state)
{
    static const char *const names[] = { "number",  "signed",   "name",      "code",       "reason",
                                         "openssl", "mnemonic", "openssl32", "mnemonic32", "java",
                                         "go",      "firefox",  "chrome",    "gnutls",     "schannel" };
    tw_values *v = tw_values_new();

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        tw_values_set(v, names[i], "x");
    for (size_t i = 0; i < G_N_ELEMENTS(templates); i++)
        assert_true(tw_text_complete(templates[i], v));
    tw_values_free(v);
}

/* ---- all answers ---- */

static void check_line(const char *line)
{
    assert_non_null(strstr(line, ": "));
    assert_null(strpbrk(line, "{}?\n"));
    assert_true(strlen(line) <= LINE_MAX_LENGTH);
}

static void check_logs(uint8_t number, tw_side receiver, tw_phase phase)
{
    GPtrArray *logs = tw_alert_logs(number, receiver, NULL, phase);

    assert_non_null(logs);
    assert_true(logs->len > 0);
    for (guint i = 0; i < logs->len; i++)
        check_line(g_ptr_array_index(logs, i));
    g_ptr_array_unref(logs);
}

static void every_alert_receiver_and_phase_has_whole_lines(void **state)
{
    (void)state;
    for (unsigned number = 0; number < 256; number++)
        for (size_t r = 0; r < G_N_ELEMENTS(receivers); r++)
            for (unsigned phase = 0; phase <= TW_N_PHASES; phase++)
                check_logs((uint8_t)number, receivers[r], (tw_phase)phase);
}

/* ---- what certain lines say ---- */

/* The line of PROGRAM, or NULL. Caller frees. */
static char *line_of(const char *program, uint8_t number, tw_side receiver, tw_phase phase)
{
    GPtrArray *logs = tw_alert_logs(number, receiver, NULL, phase);
    char *start = g_strconcat(program, ": ", NULL);
    char *found = NULL;

    for (guint i = 0; i < logs->len; i++) {
        const char *line = g_ptr_array_index(logs, i);

        if (!g_str_has_prefix(line, start))
            continue;
        assert_null(found); /* one line a program */
        found = g_strdup(line + strlen(start));
    }
    g_free(start);
    g_ptr_array_unref(logs);
    return found;
}

typedef struct {
    const char *program;
    uint8_t alert;
    tw_side receiver;
    tw_phase phase;
    const char *text; /* NULL: prints nothing */
} expectation;

static const expectation expected[] = {
    { "OpenSSL", 48, TW_CLIENT, TW_CLIENT_FLIGHT,
      "error:0A000418:SSL routines::tlsv1 alert unknown ca, SSL alert number 48" },
    { "OpenSSL", 40, TW_SIDE_UNKNOWN, TW_CLIENT_HELLO,
      "error:0A000410:SSL routines::sslv3 alert handshake failure, SSL alert number 40 (since 3.2: ssl/tls alert handshake "
      "failure)" },
    { "OpenSSL", 116, TW_CLIENT, TW_CLIENT_FLIGHT,
      "error:0A00045C:SSL routines::tlsv13 alert certificate required, SSL alert number 116" },
    { "OpenSSL", 120, TW_CLIENT, TW_CLIENT_HELLO,
      "error:0A000460:SSL routines::tlsv1 alert no application protocol, SSL alert number 120 (older releases: reason(1120))" },
    { "OpenSSL", 52, TW_SERVER, TW_ESTABLISHED, "error:0A00041C:SSL routines::reason(1052), SSL alert number 52" },
    { "OpenSSL", 200, TW_CLIENT, TW_CLIENT_HELLO, "error:0A0004B0:SSL routines::reason(1200), SSL alert number 200" },
    { "OpenSSL", 0, TW_CLIENT, TW_ESTABLISHED, "no error text; SSL_get_error() returns SSL_ERROR_ZERO_RETURN" },
    { "OpenSSL", 100, TW_SERVER, TW_RENEGOTIATION,
      "error:0A000153:SSL routines::no renegotiation; if it is fatal, error:0A00044C:SSL routines::tlsv1 alert no "
      "renegotiation" },

    { "curl (OpenSSL)", 48, TW_CLIENT, TW_CLIENT_HELLO,
      "(35) ... error:0A000418:SSL routines::tlsv1 alert unknown ca" },
    { "curl (OpenSSL)", 48, TW_CLIENT, TW_CLIENT_FLIGHT,
      "(35) ... error:0A000418:SSL routines::tlsv1 alert unknown ca; in TLS 1.3 exit code 56 instead of 35" },
    { "curl (OpenSSL)", 48, TW_CLIENT, TW_ESTABLISHED,
      "(56) ... error:0A000418:SSL routines::tlsv1 alert unknown ca" },
    { "curl (OpenSSL)", 45, TW_CLIENT, TW_CLIENT_HELLO, "(60) SSL certificate verification failed" },
    { "curl (OpenSSL)", 45, TW_CLIENT, TW_ESTABLISHED,
      "(56) ... error:0A000415:SSL routines::sslv3 alert certificate expired" },
    { "curl (OpenSSL)", 116, TW_CLIENT, TW_CLIENT_FLIGHT,
      "(56) ... error:0A00045C:SSL routines::tlsv13 alert certificate required; exit code 98 if curl was still connecting" },
    { "curl (OpenSSL)", 48, TW_SERVER, TW_SERVER_FLIGHT, NULL },

    { "Firefox", 40, TW_CLIENT, TW_CLIENT_HELLO, "SSL_ERROR_NO_CYPHER_OVERLAP" },
    { "Firefox", 40, TW_CLIENT, TW_CLIENT_FLIGHT, "SSL_ERROR_HANDSHAKE_FAILURE_ALERT" },
    { "Firefox", 116, TW_CLIENT, TW_CLIENT_FLIGHT, "SSL_ERROR_RX_CERTIFICATE_REQUIRED_ALERT" },
    { "Firefox", 115, TW_CLIENT, TW_CLIENT_HELLO, "SSL_ERROR_RX_UNKNOWN_ALERT" },
    { "Firefox", 0, TW_CLIENT, TW_CLIENT_HELLO, "PR_END_OF_FILE_ERROR" },
    { "Firefox", 0, TW_CLIENT, TW_ESTABLISHED, NULL },
    { "Chrome", 40, TW_CLIENT, TW_CLIENT_HELLO, "ERR_SSL_VERSION_OR_CIPHER_MISMATCH" },
    { "Chrome", 40, TW_CLIENT, TW_CLIENT_FLIGHT, "ERR_SSL_PROTOCOL_ERROR" },
    { "Chrome", 116, TW_CLIENT, TW_CLIENT_FLIGHT, "ERR_BAD_SSL_CLIENT_AUTH_CERT" },
    { "Chrome", 70, TW_CLIENT, TW_CLIENT_HELLO, "ERR_SSL_VERSION_OR_CIPHER_MISMATCH" },
    { "Chrome", 80, TW_CLIENT, TW_CLIENT_HELLO, "ERR_SSL_PROTOCOL_ERROR" },
    { "Chrome", 90, TW_CLIENT, TW_ESTABLISHED, NULL },

    { "Apache httpd", 48, TW_SERVER, TW_SERVER_FLIGHT,
      "AH02008: SSL library error 1 in handshake; error:0A000418:SSL routines::tlsv1 alert unknown ca (SSL alert number 48) "
      "(level info)" },
    { "Apache httpd", 0, TW_SERVER, TW_SERVER_FLIGHT,
      "AH02006: SSL handshake stopped: connection was closed (level info)" },
    { "Apache httpd", 48, TW_CLIENT, TW_CLIENT_FLIGHT, NULL },
    { "nginx", 42, TW_SERVER, TW_SERVER_FLIGHT,
      "SSL_do_handshake() failed (SSL: error:0A000412:SSL routines::sslv3 alert bad certificate:SSL alert number 42) (mostly "
      "level info)" },
    { "HAProxy", 48, TW_SERVER, TW_SERVER_FLIGHT,
      "SSL handshake failure (error:0A000418:SSL routines::tlsv1 alert unknown ca); before 2.8 without the parentheses" },
    { "HAProxy", 48, TW_SERVER, TW_ESTABLISHED, NULL },

    { "Java", 40, TW_CLIENT, TW_CLIENT_HELLO,
      "javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure" },
    { "Java", 10, TW_CLIENT, TW_CLIENT_HELLO,
      "javax.net.ssl.SSLProtocolException: Received fatal alert: unexpected_message" },
    { "Java", 20, TW_SERVER, TW_CLIENT_FLIGHT, "javax.net.ssl.SSLException: Received fatal alert: bad_record_mac" },
    { "Java", 121, TW_SERVER, TW_SERVER_FLIGHT,
      "javax.net.ssl.SSLProtocolException: Unknown alert description (121)" },
    { "Java", 200, TW_CLIENT, TW_CLIENT_HELLO,
      "javax.net.ssl.SSLProtocolException: Unknown alert description (-56)" },
    { "Java", 0, TW_SERVER, TW_SERVER_FLIGHT,
      "javax.net.ssl.SSLProtocolException: Received close_notify during handshake" },
    { "Java", 100, TW_CLIENT, TW_RENEGOTIATION,
      "javax.net.ssl.SSLHandshakeException: received handshake warning: no_renegotiation" },

    { "Go", 48, TW_CLIENT, TW_CLIENT_FLIGHT, "remote error: tls: unknown certificate authority" },
    { "Go", 41, TW_CLIENT, TW_CLIENT_FLIGHT, "remote error: tls: alert(41)" },
    { "Go", 1, TW_SIDE_UNKNOWN, TW_CLIENT_HELLO, "remote error: tls: alert(1)" },
    { "Go net/http", 42, TW_SERVER, TW_SERVER_FLIGHT,
      "http: TLS handshake error from ADDRESS: remote error: tls: bad certificate" },
    { "Go net/http", 42, TW_SERVER, TW_ESTABLISHED, NULL },

    { "Python", 48, TW_CLIENT, TW_CLIENT_FLIGHT,
      "ssl.SSLError: [SSL: TLSV1_ALERT_UNKNOWN_CA] tlsv1 alert unknown ca" },
    { "Python", 120, TW_CLIENT, TW_CLIENT_HELLO, "ssl.SSLError: [SSL] tlsv1 alert no application protocol" },
    { "Python", 117, TW_SERVER, TW_SERVER_FLIGHT, "ssl.SSLError: [SSL] unknown error" },
    { "Node.js", 48, TW_CLIENT, TW_CLIENT_FLIGHT, "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA" },
    { "Node.js", 40, TW_CLIENT, TW_CLIENT_HELLO,
      "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE, since OpenSSL 3.2 ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE" },
    { "Node.js", 52, TW_SERVER, TW_SERVER_FLIGHT, "tlsClientError ECONNRESET, socket hang up" },

    { "GnuTLS", 48, TW_CLIENT, TW_CLIENT_FLIGHT,
      "A TLS fatal alert has been received. Received alert [48]: CA is unknown" },
    { "GnuTLS", 113, TW_SERVER, TW_SERVER_FLIGHT,
      "A TLS fatal alert has been received. Received alert [113]: (unknown)" },
    { "GnuTLS", 90, TW_CLIENT, TW_ESTABLISHED,
      "A TLS warning alert has been received. Received alert [90]: User canceled" },
    { "Windows SChannel", 48, TW_CLIENT, TW_CLIENT_FLIGHT,
      "event 36887 \"... The TLS protocol defined fatal alert code is 48.\", status SEC_E_UNTRUSTED_ROOT (0x80090325)" },
    { "Windows SChannel", 112, TW_CLIENT, TW_CLIENT_HELLO,
      "event 36887 \"... The TLS protocol defined fatal alert code is 112.\", status SEC_E_ILLEGAL_MESSAGE (0x80090326)" },
};

static void certain_lines_are_as_in_real_logs(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        const expectation *e = &expected[i];
        char *text = line_of(e->program, e->alert, e->receiver, e->phase);

        if (!e->text)
            assert_null(text);
        else
            assert_string_equal(text ? text : "(no line)", e->text);
        g_free(text);
    }
}

/* ---- order, names, labels, levels ---- */

static void check_order(tw_side receiver, const char *library, const char *const *programs)
{
    GPtrArray *logs = tw_alert_logs(48, receiver, library, TW_SERVER_FLIGHT);
    guint i;

    for (i = 0; programs[i]; i++) {
        assert_true(i < logs->len);
        assert_true(g_str_has_prefix(g_ptr_array_index(logs, i), programs[i]));
    }
    assert_int_equal(i, logs->len);
    g_ptr_array_unref(logs);
}

static void programs_come_in_the_order_of_the_role(void **state)
{
    static const char *const client[] = { "OpenSSL:", "curl (OpenSSL):", "Firefox:", "Chrome:", "Java:",
                                          "Go:",      "Python:",         "Node.js:", "GnuTLS:", "Windows SChannel:",
                                          NULL };
    static const char *const server[] = { "OpenSSL:", "Apache httpd:",     "nginx:",   "HAProxy:",
                                          "Java:",    "Go net/http:",      "Node.js:", "Python:",
                                          "GnuTLS:",  "Windows SChannel:", NULL };
    static const char *const unknown[] = { "OpenSSL:", "Java:", "Go:", "GnuTLS:", "Windows SChannel:", NULL };

    (void)state;
    check_order(TW_CLIENT, NULL, client);
    check_order(TW_SERVER, NULL, server);
    check_order(TW_SIDE_UNKNOWN, NULL, unknown);
}

static void a_known_receiver_has_the_lines_of_its_library_alone(void **state)
{
    static const char *const openssl[] = { "OpenSSL:", "Apache httpd:", "nginx:", "HAProxy:",
                                           "Node.js:", "Python:",       NULL };
    static const char *const java[] = { "Java:", NULL }, *const wolfssl[] = { "wolfSSL:", NULL };
    GPtrArray *silent;

    (void)state;
    check_order(TW_SERVER, "OpenSSL", openssl);
    check_order(TW_CLIENT, "Java", java);
    check_order(TW_SERVER, "wolfSSL", wolfssl);
    silent = tw_alert_logs(48, TW_SERVER, "Go", TW_ESTABLISHED);
    assert_int_equal(silent->len, 0);
    g_ptr_array_unref(silent);
}

static void names_and_sources(void **state)
{
    (void)state;
    assert_string_equal(tw_alert_name(48), "unknown_ca");
    assert_string_equal(tw_alert_rfc(48), "RFC 8446 section 6.2");
    assert_string_equal(tw_alert_name(52), "too_many_cids_requested");
    assert_string_equal(tw_alert_rfc(52), "RFC 9147 section 9");
    assert_string_equal(tw_alert_name(117), "general_error");
    assert_string_equal(tw_alert_rfc(117), "RFC 9846 section 6.2");
    assert_string_equal(tw_alert_name(121), "ech_required");
    assert_string_equal(tw_alert_rfc(121), "RFC 9849 section 5");
    assert_null(tw_alert_name(1));
    assert_null(tw_alert_rfc(200));
}

static void labels_and_levels(void **state)
{
    char *known = tw_alert_label(48);
    char *unknown = tw_alert_label(200);

    (void)state;
    assert_string_equal(known, "unknown_ca (48)");
    assert_string_equal(unknown, "unassigned alert (200)");
    g_free(known);
    g_free(unknown);
    assert_string_equal(tw_alert_level_name(1), "warning");
    assert_string_equal(tw_alert_level_name(2), "fatal");
    assert_null(tw_alert_level_name(0));
    assert_null(tw_alert_level_name(3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alert_rows_are_the_registry),
        cmocka_unit_test(alert_rows_ascend_and_follow_their_form),
        cmocka_unit_test(templates_use_known_placeholders),
        cmocka_unit_test(every_alert_receiver_and_phase_has_whole_lines),
        cmocka_unit_test(certain_lines_are_as_in_real_logs),
        cmocka_unit_test(programs_come_in_the_order_of_the_role),
        cmocka_unit_test(a_known_receiver_has_the_lines_of_its_library_alone),
        cmocka_unit_test(names_and_sources),
        cmocka_unit_test(labels_and_levels),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
