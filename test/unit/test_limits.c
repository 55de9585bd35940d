/* What lies beyond a bound is left out, and the verdict says so.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rows.h"

/* START, then N times MIDDLE, then END. */
static char *repeated(const char *start, const char *middle, unsigned n, const char *end)
{
    GString *out = g_string_new(start);
    while (n-- > 0)
        g_string_append(out, middle);
    g_string_append(out, end);
    return g_string_free(out, FALSE);
}

static bool says(const tw_verdict *v, const char *text)
{
    const tw_evidence *e;
    for (unsigned i = 0; (e = tw_verdict_evidence(v, i)); i++)
        if (!strcmp(e->text, text))
            return true;
    return false;
}

/* SCRIPT, taken over, ends in one verdict, of which TEXT is evidence as EXPECTED. */
static void check_one(char *script, const char *text, bool expected)
{
    play *p = play_new(script);
    assert_int_equal(p->verdicts->len, 1);
    if (says(g_ptr_array_index(p->verdicts, 0), text) != expected)
        fail_msg("%s \"%s\" after: %.80s", expected ? "lacks" : "should not say", text, script);
    play_free(p);
    g_free(script);
}

static void long_chains(void **state)
{
    (void)state;
    check_one(repeated("C:hello S:hello +S:cert(leaf", ",inter", TW_CHAIN_MAX + 2, ") +S:done C:fatal(48)"),
              "not examined: 3 certificates of this chain", true);
    check_one(repeated("C:hello S:hello +S:cert(leaf", ",inter", TW_CHAIN_MAX - 1, ") +S:done C:fatal(48)"),
              "not examined: 1 certificate of this chain", false);
}

static void long_lists_of_cas(void **state)
{
    (void)state;
    G_STATIC_ASSERT(TW_DNS_MAX + 2 == 0x1f48 / 4); /* the lengths below */
    check_one(repeated("C:hello S:hello +S:cert(leaf,inter) +S:raw(0d001f500101000204031f48", "00023000",
                       TW_DNS_MAX + 2, ") +S:done C:cert(leaf) +C:cke S:fatal(48)"),
              "not examined: 2 more CA names of the CertificateRequest", true);
}

static void long_handshakes(void **state)
{
    const char *text =
        "this handshake is longer than what is kept of one (64 messages of 256 KiB each, 1024 KiB in all): "
        "the rest was not examined";
    (void)state;
    check_one(repeated("C:hello S:hello +S:cert(leaf,inter) ", "S:request ", TW_MESSAGES_MAX, "C:fatal(48)"), text,
              true);
    check_one(repeated("C:hello S:hello +S:cert(leaf,inter) ", "S:request ", 8, "C:fatal(48)"), text, false);
}

static void given_back_messages(void **state)
{
    play *p = play_new("C:hello S:hello +S:cert(expired,inter) +S:done");
    const tw__alert *alert;
    tw_verdict *v;
    (void)state;
    tw__conn_release_messages(p->conn);
    alert = tw__conn_alert(p->conn, (tw_at){ .frame = 9, .time_us = PLAY_TIME, .dir = 0 }, 2, 48, 0);
    v = tw__judge_alert(p->conn, alert);
    assert_true(says(v, tw_text_template(TW_TEXT_EV_RELEASED)));
    assert_int_equal(v->confidence, TW_POSSIBLE);
    tw__verdict_free(v);
    play_free(p);
}

static void many_reactions(void **state)
{
    play *p = play_new("C:hello S:FIN C:fatal(10)");
    tw_verdict *v = g_ptr_array_index(p->verdicts, 0);
    (void)state;
    while (tw_verdict_count(v, TW_EVIDENCE_FINDING) < TW_EVIDENCE_MAX)
        react_to(p, v);
    assert_int_equal(v->n_left_out, 0);
    for (unsigned i = 0; i < 2; i++)
        react_to(p, v);
    assert_true(says(v, "left out: 2 more (limit: 12 findings)"));
    assert_false(says(v, "left out: 1 more (limit: 12 findings)"));
    assert_int_equal(tw_verdict_count(v, TW_EVIDENCE_FINDING), TW_EVIDENCE_MAX);
    assert_int_equal(tw_verdict_count(v, TW_EVIDENCE_LIMIT), 1);
    play_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_chains),         cmocka_unit_test(long_lists_of_cas), cmocka_unit_test(long_handshakes),
        cmocka_unit_test(given_back_messages), cmocka_unit_test(many_reactions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
