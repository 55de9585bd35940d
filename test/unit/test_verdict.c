/* What a verdict holds: its words, evidence, alert, name and version. Plays, as in test_judge.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenes.h"

static const struct {
    const char *script;
    const char *reason;
    const char *evidence; /* one line of it, with its frame */
} words[] = {
    { SERVER("expired,inter") "C:fatal(45)",
      "Client rejected server certificate: leaf CN=expired.example,O=tlswhy expired 3 years before this capture, on "
      "2022-05-01 12:00:00 UTC",
      "3 client sent certificate_expired (45), level fatal" },
    { SERVER("self_signed") "C:fatal(48)",
      "Client rejected server certificate: CN=self_signed.example,O=tlswhy is self-signed and the client does not trust it",
      "2 server sent CN=self_signed.example,O=tlswhy, issued by CN=self_signed.example,O=tlswhy" },
    { CLIENT("other_root", "client,inter") "S:fatal(48)",
      "Server rejected client certificate: its issuer CN=Test Intermediate,O=tlswhy is not the one CA name the server "
      "asked for",
      "2 server asked for certificates issued by CN=Other Root,O=tlswhy" },
    { CLIENT("root", "") "S:fatal(40)",
      "Server rejected client: it requires a client certificate, and the client sent none",
      "3 client sent an empty Certificate message" },
    { "C:hello(sni=other.example) S:hello +S:cert(leaf,inter) C:fatal(46)",
      "Client rejected server certificate: the client asked for \"other.example\", the certificate is for good.example, "
      "*.wild.example, 192.0.2.1 and 1 more",
      "2 server sent CN=leaf.example,O=tlswhy, issued by CN=Test Intermediate,O=tlswhy, with 1 more certificate" },
    { "C:hello(v=0302) S:fatal(70)",
      "Server accepts none of the client's protocol versions: the client offers TLS 1.1 at most",
      "1 client offers TLS 1.1 at most, 3 cipher suites, for the name \"good.example\"" },
    { "C:hello(alpn=h2,http/1.1) S:fatal(120)",
      "Server supports none of the client's application protocols: h2, http/1.1",
      "1 client offers the application protocols h2, http/1.1" },
    { "C:hello(13;psk=device-7) S:fatal(115)",
      "Server rejected client's pre-shared key: it does not know the identity \"device-7\"",
      "1 client offers the pre-shared key identity \"device-7\"" },
    { CLEAR "C:hello S:fatal(100)",
      "Server refused to renegotiate: it answered the client's ClientHello with no_renegotiation (100)",
      "5 handshake 2 of this connection: a renegotiation" },
    { "C:hello S:plain(HTTP/1.1_400)",
      "Client gave up: the server answered the ClientHello without TLS: \"HTTP/1.1_400\"",
      "2 first bytes: \"HTTP/1.1_400\"" },
    { "C:hello(s=c02b,009c) S:fatal(40)",
      "Server accepts none of the client's cipher suites: TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, "
      "TLS_RSA_WITH_AES_128_GCM_SHA256",
      "1 client offers TLS 1.2 at most, 2 cipher suites, for the name \"good.example\"" },
};

static bool has_evidence(const tw_verdict *v, const char *line)
{
    bool found = false;

    const tw_evidence *e;
    for (unsigned i = 0; (e = tw_verdict_evidence(v, i)); i++) {
        char *text = g_strdup_printf("%u %s", e->frame, e->text);
        found |= !strcmp(text, line);
        g_free(text);
    }
    return found;
}

static void verdicts_say_what_matters(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        play *p = play_new(words[i].script);
        const tw_verdict *v;
        assert_int_equal(p->verdicts->len, 1);
        v = g_ptr_array_index(p->verdicts, 0);
        assert_string_equal(v->reason, words[i].reason);
        if (!has_evidence(v, words[i].evidence))
            fail_msg("%s lacks evidence: %s", words[i].script, words[i].evidence);
        play_free(p);
    }
}

/* Fields that the line of a verdict does not show. */
static void verdicts_know_their_alert(void **state)
{
    play *p = play_new("C:hello S:warn(112) +S:fatal(40)");
    const tw_verdict *warned, *failed;

    (void)state;
    assert_int_equal(p->verdicts->len, 2);
    warned = g_ptr_array_index(p->verdicts, 0);
    failed = g_ptr_array_index(p->verdicts, 1);
    assert_int_equal(warned->alert, 112);
    assert_int_equal(warned->level, 1);
    assert_int_equal(warned->ordinal, 0);
    assert_int_equal(failed->alert, 40);
    assert_int_equal(failed->level, 2);
    assert_int_equal(failed->ordinal, 1);
    assert_false(failed->encrypted);
    assert_true(failed->logs->len > 0);
    assert_true(failed->hints->len > 0);
    assert_int_equal(p->conn->n_failed, 1);
    play_free(p);
}

/* The alert comes after the verdict: it is evidence, and of a client that was answered without TLS its own word. */
static void check_reaction(const char *script, int alert)
{
    play *p = play_new(script);
    tw_verdict *v = g_ptr_array_index(p->verdicts, 0);
    const tw_evidence *e;
    assert_int_equal(p->conn->seldom->n_alerts, 1);
    assert_int_equal(v->alert, -1);
    react_to(p, v);
    assert_int_equal(v->alert, alert);
    e = tw_verdict_evidence(v, tw_verdict_count(v, TW_EVIDENCE_FINDING) - 1);
    assert_string_equal(e->text, "the client reacted with unexpected_message (10)");
    assert_int_equal(e->frame, p->conn->seldom->alerts[0].at.frame);
    play_free(p);
}

static void reactions_are_evidence(void **state)
{
    (void)state;
    check_reaction("C:hello S:plain(220_server.test) S:FIN C:fatal(10)", 10);
    check_reaction("C:hello S:FIN C:fatal(10)", -1);
}

static void ends_have_no_alert(void **state)
{
    play *p = play_new("C:hello S:RST");
    const tw_verdict *v = g_ptr_array_index(p->verdicts, 0);

    (void)state;
    assert_int_equal(v->alert, -1);
    assert_int_equal(v->level, -1);
    assert_int_equal(v->logs->len, 0);
    play_free(p);
}

/* With a file of roots the chain is held against it. */
static void trusted_roots_are_evidence(void **state)
{
    static const struct {
        const char *certs, *line;
    } rows[] = {
        { SERVER("leaf,inter"), "2 the chain ends at a root of roots.pem" },
        { SERVER("self_signed"), "2 the chain ends at a root that is not in roots.pem" },
    };
    char *error = NULL, *file = cert_file("roots", ".pem");
    tw__roots *roots = tw__roots_load(NULL, file, &error);

    (void)state;
    assert_non_null(roots);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        play *p = play_new(rows[i].certs);
        p->context = (tw__context){ .settings.trusted_roots = "roots.pem", .roots = roots };
        play_on(p, "C:fatal(48)");
        assert_true(has_evidence(g_ptr_array_index(p->verdicts, 0), rows[i].line));
        play_free(p);
    }
    tw__roots_free(roots);
    g_free(file);
}

/* What the user calls silence; 0 is the default. */
static void patience_is_a_setting(void **state)
{
    static const struct {
        int64_t patience, client_patience; /* seconds */
        const char *script, *verdicts;
    } rows[] = {
        { 0, 0, "C:hello end(2)", "nothing" },
        { 0, 0, "C:hello end(4)", "no-answer-to-client-hello likely server client-hello 1<1" },
        { 1, 0, "C:hello end(2)", "no-answer-to-client-hello likely server client-hello 1<1" },
        { 10, 0, "C:hello end(4)", "nothing" },
        { 10, 0, SERVER("leaf,inter") "end(4)", "nothing" },
        { 10, 0, SERVER("leaf,inter") "end(11)", "stalled-in-handshake likely client server-flight 2<2" },
        { 0, 0, "C:hello wait(5) C:FIN", "no-answer-to-client-hello likely server client-hello 1<1" },
        { 0, 10, "C:hello wait(5) C:FIN", "(warning client server-flight 2)" },
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        play *p = play_new("");
        char *text;
        p->context.settings.patience_us = rows[i].patience * G_USEC_PER_SEC;
        p->context.settings.client_patience_us = rows[i].client_patience * G_USEC_PER_SEC;
        play_on(p, rows[i].script);
        text = verdicts_text(p);
        if (strcmp(text, rows[i].verdicts) != 0)
            fail_msg("row %zu: %s gives %s", i, rows[i].script, text);
        g_free(text);
        play_free(p);
    }
}

/* The frame of an alert holds neither. */
static void verdicts_know_name_and_version(void **state)
{
    static const struct {
        const char *script, *name, *version;
    } rows[] = {
        { SERVER("leaf,inter") "C:fatal(48)", "good.example", "TLS 1.2" },
        { "C:hello(13) S:hello(13) C:fatal(48)", "good.example", "TLS 1.3" },
        { "C:hello(nosni) S:fatal(40)", NULL, NULL },
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        play *p = play_new(rows[i].script);
        const tw_verdict *v = g_ptr_array_index(p->verdicts, 0);
        if (g_strcmp0(v->server_name, rows[i].name) != 0 || g_strcmp0(v->version, rows[i].version) != 0)
            fail_msg("row %zu: %s, %s", i, v->server_name, v->version);
        play_free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_say_what_matters),      cmocka_unit_test(verdicts_know_their_alert),
        cmocka_unit_test(reactions_are_evidence),         cmocka_unit_test(ends_have_no_alert),
        cmocka_unit_test(trusted_roots_are_evidence),     cmocka_unit_test(patience_is_a_setting),
        cmocka_unit_test(verdicts_know_name_and_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
