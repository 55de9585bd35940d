/* The catalogue of causes and the other texts: complete, and of one form.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "tlswhy/words.h"

#define TITLE_MAX  60  /* characters that the Info column has room for */
#define REASON_MAX 200 /* of a template: one sentence */

/* ---- the list ---- */

/* Filters and scripts rely on these: an id may come, none may go or change. */
static const char *const ids[] = {
    "server-cert-expired",
    "server-cert-not-yet-valid",
    "server-cert-name-mismatch",
    "server-cert-unknown-ca",
    "server-cert-self-signed",
    "server-cert-chain-incomplete",
    "server-cert-revoked",
    "server-cert-weak-key",
    "server-cert-weak-signature",
    "server-cert-wrong-usage",
    "server-cert-bad-ca",
    "server-cert-bad-signature",
    "server-cert-malformed",
    "server-cert-key-mismatch",
    "server-cert-bad-ocsp",
    "server-cert-rejected",
    "client-cert-missing",
    "client-cert-issuer-not-listed",
    "client-cert-expired",
    "client-cert-not-yet-valid",
    "client-cert-unknown-ca",
    "client-cert-self-signed",
    "client-cert-chain-incomplete",
    "client-cert-revoked",
    "client-cert-weak-key",
    "client-cert-weak-signature",
    "client-cert-wrong-usage",
    "client-cert-bad-ca",
    "client-cert-bad-signature",
    "client-cert-malformed",
    "client-cert-key-mismatch",
    "client-cert-rejected",
    "version-no-overlap",
    "version-refused-by-client",
    "cipher-no-overlap",
    "cipher-refused-by-client",
    "group-no-overlap",
    "group-refused-by-client",
    "sigalg-no-overlap",
    "dh-too-small",
    "alpn-no-overlap",
    "sni-unrecognized",
    "sni-missing",
    "psk-unknown-identity",
    "psk-key-mismatch",
    "fallback-refused",
    "renegotiation-refused",
    "renegotiation-insecure",
    "ems-required",
    "extension-missing",
    "extension-unsupported",
    "ech-required",
    "message-unexpected",
    "message-malformed",
    "record-overflow",
    "record-corrupt",
    "finished-mismatch",
    "internal-error",
    "handshake-refused",
    "not-tls-from-client",
    "not-tls-from-server",
    "starttls-refused",
    "reset-after-client-hello",
    "closed-after-client-hello",
    "no-answer-to-client-hello",
    "reset-in-handshake",
    "closed-in-handshake",
    "stalled-in-handshake",
    "session-aborted",
    "closed-without-notify",
    "closed-normally",
    "canceled-by-user",
};

static bool is_listed(const char *id)
{
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++)
        if (!strcmp(ids[i], id))
            return true;
    return false;
}

static void ids_are_the_list(void **state)
{
    (void)state;
    assert_int_equal(TW_N_CAUSES, G_N_ELEMENTS(ids));
    for (int i = 0; i < TW_N_CAUSES; i++)
        if (!is_listed(tw_cause_get((tw_cause)i)->id))
            fail_msg("%s is not in the list", tw_cause_get((tw_cause)i)->id);
}

static void ids_are_unique(void **state)
{
    (void)state;
    for (int i = 0; i < TW_N_CAUSES; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(tw_cause_get((tw_cause)i)->id, tw_cause_get((tw_cause)k)->id);
}

/* SERVER_CERT_EXPIRED is "server-cert-expired". */
static void check_id(const char *name, const char *id)
{
    char *lower = g_ascii_strdown(name, -1);

    g_strdelimit(lower, "_", '-');
    assert_string_equal(lower, id);
    assert_int_equal(strspn(id, "abcdefghijklmnopqrstuvwxyz-"), strlen(id));
    assert_true(*id != '-' && !g_str_has_suffix(id, "-") && !strstr(id, "--"));
    g_free(lower);
}

static void ids_follow_their_names(void **state)
{
    (void)state;
#define CAUSE(name, ...) check_id(#name, tw_cause_get(TW_CAUSE_##name)->id);
#include "catalogue/causes.def"
#undef CAUSE
}

/* ---- the form of single texts ---- */

static bool begins_with_any(const char *text, const char *const *beginnings)
{
    for (; *beginnings; beginnings++)
        if (g_str_has_prefix(text, *beginnings))
            return true;
    return false;
}

/* What is wrong with TEXT as one line, or NULL. */
static const char *flaw_of(const char *text)
{
    if (!text || !*text)
        return "empty";
    if (!g_str_is_ascii(text) || strpbrk(text, "\n\t?"))
        return "odd character";
    if (strstr(text, "  ") || *text == ' ' || g_str_has_suffix(text, " "))
        return "stray blanks";
    return g_str_has_suffix(text, ".") ? "full stop" : NULL;
}

static void check_text(const char *id, const char *what, const char *text)
{
    const char *flaw = flaw_of(text);

    if (flaw)
        fail_msg("%s of %s: %s: %s", what, id, flaw, text ? text : "NULL");
}

static void every_cause_has_its_texts(void **state)
{
    (void)state;
    for (int i = 0; i < TW_N_CAUSES; i++) {
        const tw_cause_info *cause = tw_cause_get((tw_cause)i);
        check_text(cause->id, "title", cause->title);
        check_text(cause->id, "reason", cause->reason);
        check_text(cause->id, "plain", cause->plain);
        check_text(cause->id, "meaning", cause->meaning);
        check_text(cause->id, "filter", cause->filter);
        check_text(cause->id, "look", cause->look);
        assert_true(cause->severity <= TW_ERROR && cause->family < TW_N_FAMILIES);
    }
}

static void titles_are_short(void **state)
{
    (void)state;
    for (int i = 0; i < TW_N_CAUSES; i++) {
        const char *title = tw_cause_get((tw_cause)i)->title;
        if (strlen(title) > TITLE_MAX || strchr(title, '{'))
            fail_msg("too long or not fixed: %s", title);
    }
}

/* Who did what. */
static void reasons_begin_with_who(void **state)
{
    static const char *const beginnings[] = {
        "{Sender} ", "Client ", "Server ", "Server's side ", "Handshake ", NULL
    };

    (void)state;
    for (int i = 0; i < TW_N_CAUSES; i++) {
        const tw_cause_info *cause = tw_cause_get((tw_cause)i);
        if (!begins_with_any(cause->reason, beginnings) || !begins_with_any(cause->plain, beginnings))
            fail_msg("%s: %s / %s", cause->id, cause->reason, cause->plain);
        assert_true(strlen(cause->reason) <= REASON_MAX);
    }
}

/* Whoever rejected the certificate is the subject. */
static void reasons_fit_their_families(void **state)
{
    static const struct {
        tw_family family;
        const char *begin;
    } rows[] = {
        { TW_SERVER_CERTIFICATE, "Client rejected server" },
        { TW_CLIENT_CERTIFICATE, "Server rejected client" },
    };

    (void)state;
    for (int i = 0; i < TW_N_CAUSES; i++) {
        const tw_cause_info *cause = tw_cause_get((tw_cause)i);
        for (size_t r = 0; r < G_N_ELEMENTS(rows); r++)
            if (cause->family == rows[r].family) {
                assert_true(g_str_has_prefix(cause->reason, rows[r].begin));
                assert_true(g_str_has_prefix(cause->plain, rows[r].begin));
            }
    }
}

/* The list of causes shows them as they are, and no failure leaves a reader without advice. */
static void meanings_are_fixed_and_failures_have_hints(void **state)
{
    (void)state;
    for (int i = 0; i < TW_N_CAUSES; i++) {
        const tw_cause_info *cause = tw_cause_get((tw_cause)i);
        assert_null(strpbrk(cause->meaning, "{}"));
        if (cause->severity >= TW_WARN)
            assert_non_null(cause->hints[0].text);
    }
}

static void must_be_a_sentence(const char *text)
{
    static const char *const terms[] = { "keyUsage", "user_canceled", "close_notify" }; /* which keep their letters */
    bool term = false;

    for (size_t i = 0; i < G_N_ELEMENTS(terms); i++)
        term |= g_str_has_prefix(text, terms[i]);
    if (!term && !g_ascii_isupper(text[0]))
        fail_msg("begins with a small letter: %s", text);
    if (strchr(".!?,;:", text[strlen(text) - 1]))
        fail_msg("ends in a mark: %s", text);
}

static void texts_of_causes_have_one_form(void **state)
{
    (void)state;
    for (int i = 0; i < TW_N_CAUSES; i++) {
        const tw_cause_info *cause = tw_cause_get((tw_cause)i);
        must_be_a_sentence(cause->meaning);
        must_be_a_sentence(cause->look);
        for (const tw_hint *hint = cause->hints; hint->text; hint++)
            must_be_a_sentence(hint->text);
    }
}

static void hints_are_sound(void **state)
{
    (void)state;
    for (int i = 0; i < TW_N_CAUSES; i++) {
        const tw_cause_info *cause = tw_cause_get((tw_cause)i);
        assert_null(cause->hints[TW_HINTS_MAX].text);
        for (const tw_hint *hint = cause->hints; hint->text; hint++)
            check_text(cause->id, "hint", hint->text);
        for (unsigned n = 1; n < TW_HINTS_MAX; n++)
            assert_true(cause->hints[n - 1].text || !cause->hints[n].text);
    }
}

/* What a hint needs beside what every verdict has, its condition vouches for. */
static const struct {
    tw_condition condition;
    const char *names[4];
} vouched[] = {
    { TW_ALWAYS, { NULL } },
    { TW_IF_REACHABLE, { "server", "sname_option" } },
    { TW_IF_NAMED, { "server_name" } },
    { TW_IF_ISSUER_READ, { "issuer" } },
    { TW_IF_AIA, { "aia" } },
    { TW_IF_CA_LIMITS, { "limiting", "needed" } },
    { TW_IF_CAS_LISTED, { "listed" } },
    { TW_IF_ISSUER_UNSENT, { "unsent" } },
    { TW_IF_FINGERPRINTS, { "description" } },
    { TW_IF_CERTIFICATE_HIDDEN, { NULL } },
    { TW_IF_ALERT_HIDDEN, { NULL } },
    { TW_IF_SSLV2, { NULL } },
    { TW_IF_PROXY_HEADER, { NULL } },
    { TW_IF_RESET_FOREIGN, { "hops_word", "foreign_hops" } },
    { TW_IF_PSK, { NULL } },
    { TW_IF_TICKET, { NULL } },
    { TW_IF_LARGE_HELLO, { "large_hello" } },
    { TW_IF_LEAF_LATER, { NULL } },
    { TW_IF_LARGE_LOST, { "large_packets" } },
};

static void conditions_vouch_for_their_hints(void **state)
{
    (void)state;
    assert_int_equal(TW_N_CONDITIONS, G_N_ELEMENTS(vouched));
    for (int i = 0; i < TW_N_CAUSES; i++)
        for (const tw_hint *hint = tw_cause_get((tw_cause)i)->hints; hint->text; hint++) {
            tw_values *v = tw_values_new();
            assert_int_equal(vouched[hint->condition].condition, hint->condition);
            tw_values_set(v, "sender", "x");
            tw_values_set(v, "peer", "x");
            tw_values_set(v, "expectation", "x");
            tw_values_set(v, "late_checkers", "x");
            for (const char *const *name = vouched[hint->condition].names; *name; name++)
                tw_values_set(v, *name, "x");
            if (!tw_text_complete(hint->text, v))
                fail_msg("its condition does not vouch for its values: %s", hint->text);
            tw_values_free(v);
        }
}

/* Nobody is told of an error where none happened. */
static const struct {
    const char *id;
    tw_severity severity;
} mild[] = {
    { "closed-normally", TW_CHAT },
    { "closed-without-notify", TW_CHAT },
    { "canceled-by-user", TW_NOTE },
    { "session-aborted", TW_WARN },
};

static void severities_fit(void **state)
{
    (void)state;
    for (int i = 0; i < TW_N_CAUSES; i++) {
        const tw_cause_info *cause = tw_cause_get((tw_cause)i);
        tw_severity severity = TW_ERROR;
        for (size_t m = 0; m < G_N_ELEMENTS(mild); m++)
            if (!strcmp(mild[m].id, cause->id))
                severity = mild[m].severity;
        assert_int_equal(cause->severity, severity);
    }
}

/* ---- other texts ---- */

static void texts_are_sound(void **state)
{
    (void)state;
    for (int i = 0; i < TW_N_TEXTS; i++) {
        const char *text = tw_text_template((tw_text)i);
        assert_true(text && *text);
        assert_true(g_str_is_ascii(text));
        assert_null(strpbrk(text, "\n\t?"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_the_list),
        cmocka_unit_test(ids_are_unique),
        cmocka_unit_test(ids_follow_their_names),
        cmocka_unit_test(every_cause_has_its_texts),
        cmocka_unit_test(titles_are_short),
        cmocka_unit_test(reasons_begin_with_who),
        cmocka_unit_test(reasons_fit_their_families),
        cmocka_unit_test(meanings_are_fixed_and_failures_have_hints),
        cmocka_unit_test(texts_of_causes_have_one_form),
        cmocka_unit_test(hints_are_sound),
        cmocka_unit_test(conditions_vouch_for_their_hints),
        cmocka_unit_test(severities_fit),
        cmocka_unit_test(texts_are_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
