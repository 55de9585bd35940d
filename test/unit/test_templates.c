/* Templates of the catalogue: each placeholder is known, and whatever fills them is harmless.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tlswhy/words.h"

#define REASON_MAX 200 /* of a template: one sentence */

/* ---- placeholders ---- */

/* All names that code gives values to: whoever adds one adds it here, and to stand_ins.def if a hint has it. */
static const char *const placeholders[] = {
    "sender",
    "late_checkers",
    "leaf",
    "but",
    "side",
    "chains",
    "failures",
    "folder",
    "Sender",
    "peer",
    "alert",
    "server",
    "server_name",
    "version",
    "suite",
    "offered_versions",
    "named_versions",
    "error",
    "words",
    "offered_max",
    "offered_suites",
    "n_suites",
    "alert_name",
    "offered_groups",
    "offered_sigalgs",
    "offered_alpn",
    "sname_option",
    "for_name",
    "message",
    "signed",
    "later",
    "subject",
    "issuer",
    "which",
    "number",
    "not_after",
    "not_before",
    "ago",
    "ahead",
    "name",
    "names",
    "aia",
    "key",
    "algorithm",
    "usage",
    "needed",
    "limiting",
    "asked",
    "why",
    "issued",
    "oid",
    "above",
    "hops_word",
    "hops",
    "reset_hops",
    "foreign_hops",
    "id",
    "reset_id",
    "window",
    "reset_window",
    "hello_bytes",
    "hello_segments",
    "large_hello",
    "acknowledged",
    "sent",
    "times",
    "from",
    "missing",
    "expectation",
    "without",
    "moment",
    "clock",
    "lacks",
    "character",
    "fault",
    "description",
    "stuck",
    "most",
    "most_messages",
    "message_kib",
    "most_kib",
    "large_packets",
    "lasted",
    "since",
    "limit",
    "list",
    "listed",
    "sent",
    "unsent",
    "count",
    "among_cas",
    "limit",
    "more",
    "revoked_at",
    "next_update",
    "this_update",
    "status",
    "ocsp",
    "scheme",
    "dh_bits",
    "group",
    "identity",
    "psk",
    "refusal",
    "check",
    "shows",
    "extension",
    "flaw",
    "length",
    "level",
    "file",
    "bytes",
    "waited",
    "took",
    "after",
    "ended",
    "text",
    "filter",
    "client",
    "frame",
    "cause",
    "confidence",
    "phase",
    "reason",
    "connections",
    "failed",
    "by_cause",
    "completed",
    "undecided",
    "unfollowed",
    "port",
    "port_field",
    "protocol",
    "transport",
    "causes",
    "serial",
    "command",
    "left_out",
    "library",
    "here",
    "missing",
    "outcome",
    "scsv",
    "there",
    "what",
    "title",
    "first",
    "clients",
    "more",
    "who",
    "percent",
    "hint",
    "n",
    "low",
    "high",
    "alerts",
    "receiver",
    "program",
    "time",
    "day",
    "stream",
    "says",
    "length",
    "line",
    "carrier",
    "file",
    "alpn",
    "revised",
    "owner",
    "capture",
    "side",
    "transit",
    "apart",
    "end",
    "end_hops",
    "at_client",
    "at_server",
    "between",
    "own_hops",
    "to",
    "change",
    "least",
    "passed",
    "offset",
    "was",
    "is",
    "origin",
    "other_issuer",
    "point",
    "link",
};

/* The few that a sentence without values may have. */
static const char *const always[] = { "sender", "Sender", "peer", "alert", "alert_name" };

static tw_values *values_of(const char *const *names, size_t n, const char *value)
{
    tw_values *v = tw_values_new();

    for (size_t i = 0; i < n; i++)
        tw_values_set(v, names[i], value);
    return v;
}

typedef void template_user(const char *template, const void *data);

static void each_template(template_user *use, const void *data)
{
    for (int i = 0; i < TW_N_CAUSES; i++) {
        const tw_cause_info *cause = tw_cause_get((tw_cause)i);
        use(cause->reason, data);
        use(cause->plain, data);
        for (const tw_hint *hint = cause->hints; hint->text; hint++)
            use(hint->text, data);
    }
    for (int i = 0; i < TW_N_TEXTS; i++)
        use(tw_text_template((tw_text)i), data);
}

static void must_be_complete(const char *template, const void *values)
{
    if (!tw_text_complete(template, values))
        fail_msg("unknown placeholder in: %s", template);
}

static void templates_use_known_placeholders(void **state)
{
    tw_values *v = values_of(placeholders, G_N_ELEMENTS(placeholders), "x");

    (void)state;
    each_template(must_be_complete, v);
    tw_values_free(v);
}

/* A brace that opens no placeholder, as in "{ subject}", would be shown as it is. */
static void must_have_no_brace(const char *template, const void *values)
{
    char *text = tw_text_expand(template, values);

    if (strpbrk(text, "{}?"))
        fail_msg("half a placeholder in: %s", template);
    g_free(text);
}

static void templates_have_no_half_placeholders(void **state)
{
    tw_values *v = values_of(placeholders, G_N_ELEMENTS(placeholders), "x");

    (void)state;
    each_template(must_have_no_brace, v);
    tw_values_free(v);
}

static void plain_sentences_need_no_values(void **state)
{
    tw_values *v = values_of(always, G_N_ELEMENTS(always), "x");

    (void)state;
    for (int i = 0; i < TW_N_CAUSES; i++)
        must_be_complete(tw_cause_get((tw_cause)i)->plain, v);
    tw_values_free(v);
}

/* ---- hostile values ---- */

static const char *const hostile[] = {
    "\x1b[31mred\x1b]0;title\x07", /* terminal escapes */
    "line\r\nline\x7f\x08",
    "\xc2\x9b"
    "31m", /* CSI as one C1 character */
    "\xe2\x80\xae"
    "gpj.exe\xe2\x81\xa6",      /* bidirectional controls */
    "\xff\xc0\xaf\xed\xa0\x80", /* no UTF-8 */
    "%s%n$(reboot)`id`",
};

static void must_be_harmless(const char *template, const void *values)
{
    char *text = tw_text_expand(template, values);

    assert_true(g_utf8_validate(text, -1, NULL));
    for (const char *c = text; *c; c = g_utf8_next_char(c)) {
        gunichar u = g_utf8_get_char(c);
        assert_true(u >= 0x20 && u != 0x7f && !(u >= 0x80 && u < 0xa0));
        assert_true(g_unichar_type(u) != G_UNICODE_FORMAT && g_unichar_type(u) != G_UNICODE_CONTROL);
    }
    g_free(text);
}

static void hostile_values_become_harmless(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(hostile); i++) {
        tw_values *v = values_of(placeholders, G_N_ELEMENTS(placeholders), hostile[i]);
        each_template(must_be_harmless, v);
        tw_values_free(v);
    }
}

/* What looks like a placeholder in a peer's name stays as it is. */
static void values_are_not_expanded_again(void **state)
{
    tw_values *v = tw_values_new();
    char *text;

    (void)state;
    tw_values_set(v, "subject", "CN={issuer}");
    tw_values_set(v, "issuer", "secret");
    text = tw_text_expand("{subject}", v);
    assert_string_equal(text, "CN={issuer}");
    g_free(text);
    tw_values_free(v);
}

static void long_values_make_no_long_lines(void **state)
{
    char *longest = g_strnfill(100000, 'x');
    tw_values *v = values_of(placeholders, G_N_ELEMENTS(placeholders), longest);
    char *text = tw_text_expand(tw_cause_get(TW_CAUSE_SERVER_CERT_EXPIRED)->reason, v);

    (void)state;
    assert_true(strlen(text) < 5 * TW_VALUE_MAX + REASON_MAX);
    g_free(text);
    g_free(longest);
    tw_values_free(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(templates_use_known_placeholders), cmocka_unit_test(templates_have_no_half_placeholders),
        cmocka_unit_test(plain_sentences_need_no_values),   cmocka_unit_test(hostile_values_become_harmless),
        cmocka_unit_test(values_are_not_expanded_again),    cmocka_unit_test(long_values_make_no_long_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
