/* The command that makes a client's offer again: whatever the client sent, a shell takes it as it is meant.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "build.h"
#include "case/openssl_command.h"

#define COMMAND "openssl s_client -connect 192.0.2.2:443 "
#define CURVES  "-groups X25519:P-256:P-384 -sigalgs ECDSA+SHA256:rsa_pss_rsae_sha256:RSA+SHA256"
#define END     " </dev/null"

typedef struct {
    const char *script;
    const char *command; /* NULL: no hint gives one */
} row;

static const row commands[] = {
    { "C:hello S:fatal(40)", COMMAND "-servername good.example -tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256:"
                                     "ECDHE-RSA-AES128-GCM-SHA256:AES128-GCM-SHA256:@SECLEVEL=0 " CURVES END },
    { "C:hello(13) S:fatal(40)", COMMAND "-servername good.example -min_protocol TLSv1.2 -max_protocol TLSv1.3 "
                                         "-cipher ECDHE-ECDSA-AES128-GCM-SHA256:@SECLEVEL=0 "
                                         "-ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384 " CURVES END },
    { "C:hello(13;sv=0304) S:fatal(40)", COMMAND
      "-servername good.example -tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384 " CURVES END },
    { "C:hello(v=0301;s=002f,5600;nosni) S:fatal(40)",
      COMMAND "-noservername -tls1 -cipher AES128-SHA:@SECLEVEL=0 " CURVES " -fallback_scsv" END },
    { "dtls C:hello(s=002f) S:fatal(40)",
      COMMAND "-servername good.example -dtls1_2 -cipher AES128-SHA:@SECLEVEL=0 " CURVES END },
    { "C:hello(s=002f;alpn=h2,http/1.1) S:fatal(120)",
      COMMAND "-servername good.example -tls1_2 -cipher AES128-SHA:@SECLEVEL=0 " CURVES " -alpn h2,http/1.1" END },
    { "C:hello(s=002f;alpn=$(reboot)) S:fatal(120)",
      COMMAND "-servername good.example -tls1_2 -cipher AES128-SHA:@SECLEVEL=0 " CURVES " -alpn '$(reboot)'" END },
    { "C:hello(s=002f;sni=a'b`reboot`\"$x\\) S:fatal(40)",
      COMMAND "-servername 'a'\\''b`reboot`\"$x\\' -tls1_2 -cipher AES128-SHA:@SECLEVEL=0 " CURVES END },
    { "C:hello(s=002f) S:hello(s=002f) +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(client,inter) +C:cke S:fatal(48)",
      COMMAND "-servername good.example -tls1_2 -cipher AES128-SHA:@SECLEVEL=0 " CURVES
              " -cert CERTIFICATE.pem -key KEY.pem" END },
    /* QUIC: OpenSSL asks for the protocols */
    { "quic C:hello(13;sv=0304;alpn=hq-interop) +C:initial S:close(178)",
      COMMAND "-servername good.example -quic -ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384 " CURVES
              " -alpn hq-interop" END },
    { "quic C:hello(13;sv=0304) +C:initial S:close(178)", NULL },
    /* GREASE is left out, what OpenSSL has no name for is told */
    { "C:hello(s=0a0a,002f) S:fatal(40)",
      COMMAND "-servername good.example -tls1_2 -cipher AES128-SHA:@SECLEVEL=0 " CURVES END },
    { "C:hello(s=0004,002f) S:fatal(40)",
      COMMAND "-servername good.example -tls1_2 -cipher AES128-SHA:@SECLEVEL=0 " CURVES END },
    /* what cannot be put on a command line */
    { "C:hello(sni=a\tb) S:fatal(40)", NULL },
    { "C:hello(sni=\xc3\xa4) S:fatal(40)", NULL },
    { "C:hello(v=0300;s=002f) S:fatal(40)", NULL },
    { "C:hello(cut=20) S:fatal(40)", NULL },
    { "C:hello(13;g=11ec) S:fatal(40)", NULL }, /* OpenSSL 3.0 has no such group, and would offer others */
    /* an established session needs more than a hello */
    { "C:hello S:hello +S:cert(leaf,inter) +S:done C:cke +C:ccs +C:enc S:ccs +S:enc C:app C:fatal(80)", NULL },
};

static const char *command_of(const play *p)
{
    const tw_verdict *v = p->verdicts->len ? g_ptr_array_index(p->verdicts, 0) : NULL;
    for (guint i = 0; v && i < v->hints->len; i++) {
        const char *hint = g_ptr_array_index(v->hints, i);
        const char *command = strstr(hint, ": openssl s_client -connect ");
        if (g_str_has_prefix(hint, "Make the same offer") && command)
            return command + 2;
    }
    return NULL;
}

static void offers_become_commands(void **state)
{
    (void)state;
#ifdef G_OS_WIN32
    skip(); /* the quotes are others */
#endif
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        play *p = play_new(commands[i].script);
        if (g_strcmp0(command_of(p), commands[i].command))
            fail_msg("%s\n    gives    %s\n    and not  %s", commands[i].script, command_of(p), commands[i].command);
        play_free(p);
    }
}

/* The other hints' commands go over TCP. */
static void no_command_over_tcp_for_dtls(void **state)
{
    static const struct {
        const char *script;
        unsigned n;
    } plays[] = { { "C:hello S:hello S:cert(leaf,inter) S:done C:fatal(48)", 2 },
                  { "dtls C:hello S:hello S:cert(leaf,inter) S:done C:fatal(48)", 1 } };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(plays); i++) {
        play *p = play_new(plays[i].script);
        const tw_verdict *v = g_ptr_array_index(p->verdicts, 0);
        unsigned n = 0;
        for (guint j = 0; j < v->hints->len; j++)
            n += strstr(g_ptr_array_index(v->hints, j), "openssl s_client -connect ") != NULL;
        assert_int_equal(n, plays[i].n);
        play_free(p);
    }
}

static void what_is_left_out_is_told(void **state)
{
    play *p = play_new("C:hello(s=0004,002f;g=001d,11ec) S:fatal(40)");
    const tw_verdict *v = g_ptr_array_index(p->verdicts, 0);
    const char *last = g_ptr_array_index(v->hints, v->hints->len - 1);
    (void)state;
    if (!strstr(last, "(without TLS_RSA_WITH_RC4_128_MD5, X25519MLKEM768, which OpenSSL 3.0"))
        fail_msg("%s", last);
    play_free(p);
}

/* A real shell reads every word back as it was. */
static void a_shell_reads_the_word(void **state)
{
    static const char *const words[] = {
        "plain.example", "",     "a b", "'",     "''", "a'b'c", "\"",    "$HOME", "$(reboot)",
        "`x`",           "\\",   "\\'", "!!",    "*",  "?",     "~root", "-n",    "#x",
        "a;b&c|d",       "<x>y", "[1]", "{a,b}", "=x", "%s",    "a\\nb", "x=1",   "'; rm -rf '"
    };
    (void)state;
#ifdef G_OS_WIN32
    skip(); /* there is none */
#endif
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        char *quoted = tw__posix_word(words[i]), *script, *output = NULL;
        const char *argv[] = { "sh", "-c", NULL, NULL };
        int status = -1;
        assert_non_null(quoted);
        script = g_strdup_printf("printf '<%%s>' %s", quoted);
        argv[2] = script;
        assert_true(
            g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL, &status, NULL));
        g_free(script);
        script = g_strdup_printf("<%s>", words[i]);
        if (strcmp(output, script) != 0)
            fail_msg("a shell reads %s as %s", quoted, output);
        g_free(script);
        g_free(output);
        g_free(quoted);
    }
}

static void windows_has_quotes_of_its_own(void **state)
{
    static const char *const words[][2] = {
        { "plain.example:443", "plain.example:443" },
        { "", "\"\"" },
        { "a b", "\"a b\"" },
        { "h2,http/1.1", "\"h2,http/1.1\"" },
        { "DEFAULT@SECLEVEL=0", "\"DEFAULT@SECLEVEL=0\"" },
        { "a&b|c", "\"a&b|c\"" },
        { "it's", "\"it's\"" },
        { "%PATH%", NULL },
        { "a\"b", NULL },
        { "$(reboot)", NULL },
        { "a`b", NULL },
        { "a\\", NULL },
        { "a!b", NULL },
        { "a\nb", NULL },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        char *quoted = tw__windows_word(words[i][0]);
        if (g_strcmp0(quoted, words[i][1]) != 0)
            fail_msg("%s becomes %s", words[i][0], quoted ? quoted : "nothing");
        g_free(quoted);
    }
}

static void no_word_for_what_a_terminal_obeys(void **state)
{
    char *longest = g_strnfill(300, 'a');
    (void)state;
    assert_null(tw__posix_word("a\nb"));
    assert_null(tw__posix_word("\x1b[2J"));
    assert_null(tw__posix_word("\xe2\x80\xae"));
    assert_null(tw__posix_word("\x7f"));
    assert_null(tw__posix_word(longest));
    g_free(longest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offers_become_commands),        cmocka_unit_test(no_command_over_tcp_for_dtls),
        cmocka_unit_test(what_is_left_out_is_told),      cmocka_unit_test(a_shell_reads_the_word),
        cmocka_unit_test(windows_has_quotes_of_its_own), cmocka_unit_test(no_word_for_what_a_terminal_obeys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
