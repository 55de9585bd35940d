/* From a line of a log to its alert: each line that the catalogue says programs print, each sign, and lines that were seen.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tlswhy/log_lines.h"
#include "words/log_lines.h"
#include "words/programs.h"

static tw_log_reader *reader;

static int open_reader(void **state)
{
    (void)state;
    reader = tw_log_reader_new();
    return 0;
}

static int close_reader(void **state)
{
    (void)state;
    tw_log_reader_free(reader);
    return 0;
}

static bool names(const tw_log_line *line, uint8_t alert)
{
    return line->n_alerts && memchr(line->alerts, alert, line->n_alerts);
}

/* ---- the way back from what programs print ---- */

/* TEXT is what PROGRAM prints where RECEIVER gets ALERT. "EOF" alone says nothing. */
static void must_lead_back(const char *text, uint8_t alert, tw_side receiver)
{
    tw_log_line line;
    if (!strcmp(text, "EOF"))
        return;
    if (!tw_log_read(reader, text, &line))
        fail_msg("not recognised, for %u: %s", alert, text);
    if (line.n_alerts && !names(&line, alert))
        fail_msg("%u, and not %u: %s", line.alerts[0], alert, text);
    if (receiver != TW_SIDE_UNKNOWN && tw_log_sender(&line) == receiver &&
        tw_alert_meaning(alert, tw_other_side(receiver))) /* else it never comes in there */
        fail_msg("sent by its receiver (%u): %s", alert, text);
}

static void every_line_of_every_program_leads_back(void **state)
{
    static const char *const libraries[] = { NULL, "Mbed TLS", "wolfSSL" };
    (void)state;
    for (unsigned alert = 0; alert < 256; alert++)
        for (unsigned phase = 0; phase < TW_N_PHASES; phase++)
            for (unsigned receiver = 0; receiver < 3; receiver++)
                for (unsigned l = 0; l < G_N_ELEMENTS(libraries); l++) {
                    GPtrArray *lines = tw_alert_logs((uint8_t)alert, receiver, libraries[l], phase);
                    for (unsigned i = 0; i < lines->len; i++)
                        must_lead_back(strstr(g_ptr_array_index(lines, i), ": ") + 2, (uint8_t)alert, receiver);
                    g_ptr_array_unref(lines);
                }
}

/* ---- each sign ---- */

#define ANY      (-1)
#define UNNAMED  (-2)
#define RECEIVED TW_LOG_RECEIVED
#define SENT     TW_LOG_SENT
#define ENDED    TW_LOG_ENDED
#define EITHER   TW_LOG_EITHER

static const struct {
    int alert;
    tw_log_how how;
    const char *template;
} signs[] = {
#define SIGN(id, alert, how, template, truth) { alert, how, template },
#include "catalogue/log_lines.def"
};

static void check_sign(unsigned row, uint8_t alert, const tw_values *v)
{
    char *text;
    tw_log_line line;
    if (!tw_text_complete(signs[row].template, v))
        return;
    text = tw_text_expand(signs[row].template, v);
    if (!tw_log_read(reader, text, &line))
        fail_msg("not recognised: %s", text);
    if (line.how != signs[row].how)
        fail_msg("%d, and not %d: %s", line.how, signs[row].how, text);
    if (signs[row].alert != UNNAMED && line.how != TW_LOG_ENDED && !names(&line, alert))
        fail_msg("not %u: %s", alert, text);
    g_free(text);
}

static void every_sign_is_recognised(void **state)
{
    (void)state;
    for (unsigned alert = 0; alert < 256; alert++) {
        tw_values *v = tw__alert_values((uint8_t)alert);
        tw_values_setf(v, "reason_number", "%u", 1000 + alert);
        for (unsigned row = 0; row < G_N_ELEMENTS(signs); row++)
            if (signs[row].alert == ANY || signs[row].alert == (int)alert || signs[row].alert == UNNAMED)
                check_sign(row, (uint8_t)alert, v);
        tw_values_free(v);
    }
}

/* ---- lines that were seen in logs ---- */

static const struct {
    const char *text, *program;
    int alert; /* UNNAMED: none is named */
    tw_log_how how;
    tw_side sender;
} seen[] = {
    { "[Tue Nov 24 10:00:00 2026] [ssl:error] [client 192.0.2.7:4711] AH02261: Re-negotiation handshake failed: Not "
      "accepted by client!?",
      "Apache httpd", UNNAMED, EITHER, TW_SIDE_UNKNOWN },
    { "2026/11/24 10:00:00 [info] 7#7: *1 SSL_do_handshake() failed (SSL: error:0A000418:SSL routines::tlsv1 alert "
      "unknown ca:SSL alert number 48) while SSL handshaking, client: 192.0.2.7",
      "nginx", 48, RECEIVED, TW_CLIENT },
    { "SSL_do_handshake() failed (SSL: error:14094416:SSL routines:ssl3_read_bytes:sslv3 alert certificate "
      "unknown:SSL alert number 46) while SSL handshaking to upstream, client: 192.0.2.7",
      "nginx", 46, RECEIVED, TW_SERVER },
    { "SSL alert number 48", "OpenSSL", 48, RECEIVED, TW_SIDE_UNKNOWN },
    { "routines:ssl3_read_bytes:reason(1115):SSL alert number 115", "OpenSSL", 115, RECEIVED, TW_SERVER },
    { "curl: (35) OpenSSL/3.0.19: error:0A000410:SSL routines::sslv3 alert handshake failure", "curl (OpenSSL)", 40,
      RECEIVED, TW_SERVER },
    { "curl: (60) SSL certificate problem: unable to get local issuer certificate", "curl (OpenSSL)", 48, SENT,
      TW_CLIENT },
    { "javax.net.ssl.SSLHandshakeException: Received fatal alert: bad_certificate", "Java", 42, RECEIVED,
      TW_SIDE_UNKNOWN },
    { "javax.net.ssl.SSLHandshakeException: (certificate_required) Received fatal alert: certificate_required",
      "Java", 116, RECEIVED, TW_SERVER },
    { "PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException", "Java", 46, SENT,
      TW_SIDE_UNKNOWN },
    { "http: TLS handshake error from 192.0.2.7:1: remote error: tls: unknown certificate authority", "Go net/http",
      48, RECEIVED, TW_CLIENT },
    { "http: TLS handshake error from 192.0.2.7:1: remote error: tls: unknown certificate", "Go net/http", 46,
      RECEIVED, TW_CLIENT },
    { "http: TLS handshake error from 192.0.2.7:1: EOF", "Go net/http", UNNAMED, ENDED, TW_SIDE_UNKNOWN },
    { "SSL_ERROR_BAD_CERT_ALERT", "Firefox", 42, RECEIVED, TW_SERVER },
    { "net::ERR_BAD_SSL_CLIENT_AUTH_CERT", "Chrome", 116, RECEIVED, TW_SERVER },
    { "A fatal alert was received from the remote endpoint. The TLS protocol defined fatal alert code is 48.",
      "Windows SChannel", 48, RECEIVED, TW_SIDE_UNKNOWN },
    { "Event 36887, code 4", "Windows SChannel", UNNAMED, RECEIVED, TW_SIDE_UNKNOWN },
    { "event 36887 code 48", "Windows SChannel", 48, RECEIVED, TW_SIDE_UNKNOWN },
    { "A fatal alert was generated and sent to the remote endpoint. The TLS protocol defined fatal error code is 40.",
      "Windows SChannel", 40, SENT, TW_SIDE_UNKNOWN },
    { "*** Received alert [48]: CA is unknown", "GnuTLS", 48, RECEIVED, TW_SIDE_UNKNOWN },
    { "mbedtls_ssl_handshake returned -0x7780", "Mbed TLS", UNNAMED, RECEIVED, TW_SIDE_UNKNOWN },
    { "wolfSSL_connect error -313, received alert fatal error", "wolfSSL", UNNAMED, RECEIVED, TW_SERVER },
    { "received fatal alert: UnknownCA", "rustls", 48, RECEIVED, TW_SIDE_UNKNOWN },
    { "TLS client: In state wait_cert_cr at ssl_handshake.erl:2121 generated CLIENT ALERT: Fatal - Unknown CA",
      "Erlang", 48, SENT, TW_CLIENT },
    { "TLS server: In state certify received CLIENT ALERT: Fatal - Bad Certificate", "Erlang", 42, RECEIVED,
      TW_CLIENT },
    { "Authentication failed because the remote party sent a TLS alert: 'UnknownCA'.", ".NET", 48, RECEIVED,
      TW_SIDE_UNKNOWN },
    { "ssl.SSLError: [SSL: TLSV1_ALERT_UNKNOWN_CA] tlsv1 alert unknown ca (_ssl.c:1007)", "Python", 48, RECEIVED,
      TW_SIDE_UNKNOWN },
    { "postfix/smtpd[99]: warning: TLS library problem: error:0A000418:SSL routines::tlsv1 alert unknown ca:"
      "../ssl/record/rec_layer_s3.c:1586:SSL alert number 48:",
      "Postfix", 48, RECEIVED, TW_CLIENT },
};

static void lines_that_were_seen(void **state)
{
    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(seen); i++) {
        tw_log_line line;
        if (!strcmp(seen[i].text, "Event 36887, code 4")) { /* no words of SChannel */
            assert_false(tw_log_read(reader, seen[i].text, &line));
            continue;
        }
        if (!tw_log_read(reader, seen[i].text, &line))
            fail_msg("not recognised: %s", seen[i].text);
        if (line.how != seen[i].how || strcmp(tw__log_program(&line), seen[i].program) != 0 ||
            tw_log_sender(&line) != seen[i].sender ||
            (seen[i].alert == UNNAMED ? line.n_alerts != 0 : !names(&line, (uint8_t)seen[i].alert)))
            fail_msg("%s, %d, sender %d, %u alerts: %s", tw__log_program(&line), line.how, tw_log_sender(&line),
                     line.n_alerts, seen[i].text);
    }
}

static void other_lines_are_none(void **state)
{
    static const char *const others[] = { "",
                                          "a",
                                          "GET / HTTP/1.1",
                                          "Started nginx",
                                          "\xff\xfe\x01",
                                          "code is 48",
                                          "alert number",
                                          "TLSv1.3, TLS handshake, Client hello (1):" };
    tw_log_line line;
    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(others); i++)
        if (tw_log_read(reader, others[i], &line))
            fail_msg("recognised: %s", others[i]);
}

/* ---- what is said of them ---- */

static void append(tw_text form, const tw_values *values, void *out)
{
    char *text = tw_text_new(form, values);
    assert_null(strchr(text, '?'));
    g_string_append(out, text);
    g_string_append_c(out, '\n');
    g_free(text);
}

static void every_sign_is_explained(void **state)
{
    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(seen); i++) {
        GString *out = g_string_new(NULL);
        tw_log_line line;
        if (tw_log_read(reader, seen[i].text, &line)) {
            tw_log_explain(&line, append, out);
            assert_non_null(strstr(out->str, "tcpdump"));
            assert_non_null(strstr(out->str, seen[i].program));
        }
        g_string_free(out, TRUE);
    }
}

/* What people ask most: each fatal alert has a meaning from at least one side. */
static void every_usual_alert_has_a_meaning(void **state)
{
    static const uint8_t usual[] = { 10, 20, 22, 40, 42,  43,  44,  45,  46,  47,  48,  49,  50, 51,
                                     70, 71, 80, 86, 100, 109, 110, 112, 113, 115, 116, 120, 121 };
    (void)state;
    for (unsigned i = 0; i < sizeof usual; i++)
        assert_true(tw_alert_meaning(usual[i], TW_CLIENT) || tw_alert_meaning(usual[i], TW_SERVER));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_of_every_program_leads_back),
        cmocka_unit_test(every_sign_is_recognised),
        cmocka_unit_test(lines_that_were_seen),
        cmocka_unit_test(other_lines_are_none),
        cmocka_unit_test(every_sign_is_explained),
        cmocka_unit_test(every_usual_alert_has_a_meaning),
    };
    return cmocka_run_group_tests(tests, open_reader, close_reader);
}
