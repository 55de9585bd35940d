/* Help on causes: every cause has its way to confirm it, and help on a verdict holds all that the verdict knows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "build.h"
#include "tlswhy/words.h"

static uint32_t same_number(uint32_t frame)
{
    return frame;
}

static void every_cause_can_be_confirmed(void **state)
{
    (void)state;
    for (int i = 0; i < TW_N_CAUSES; i++) {
        const tw_cause_info *cause = tw_cause_get((tw_cause)i);
        if (!cause->look || !*cause->look || !cause->filter || !*cause->filter)
            fail_msg("%s lacks filter or look", cause->id);
        if (!g_str_is_ascii(cause->look) || strpbrk(cause->look, "{}?\n") || !g_ascii_isupper(*cause->look))
            fail_msg("%s: %s", cause->id, cause->look);
        if (g_str_has_suffix(cause->look, "."))
            fail_msg("%s: %s ends in a full stop", cause->id, cause->look);
    }
}

static void all_causes_are_listed(void **state)
{
    char *text = tw_help_causes();

    (void)state;
    for (int i = 0; i < TW_N_CAUSES; i++) {
        const tw_cause_info *cause = tw_cause_get((tw_cause)i);
        char *block = g_strdup_printf("%s: %s\n  Meaning: %s\n  To confirm: %s\n  Display filter: %s\n", cause->id,
                                      cause->title, cause->meaning, cause->look, cause->filter);
        if (!strstr(text, block))
            fail_msg("the list lacks: %s", block);
        g_free(block);
    }
    assert_null(strstr(text, "\n\n\n"));
    g_free(text);
}

static void must_hold(const char *help, const char *text)
{
    if (!strstr(help, text))
        fail_msg("help lacks \"%s\":\n%s", text, help);
}

static void help_holds_what_the_verdict_knows(void **state)
{
    play *p = play_new("C:hello S:hello +S:cert(expired,inter) +S:done C:fatal(45)");
    const tw_verdict *v = g_ptr_array_index(p->verdicts, 0);
    char *help = tw_help_verdict(v, TW_CARRIER_TCP, same_number);

    (void)state;
    assert_true(g_str_has_prefix(help, "Frame 3: server certificate expired\n"));
    must_hold(help, v->reason);
    must_hold(help, "Cause server-cert-expired, proven.");
    must_hold(help, "\n\nWhat it means\n");
    must_hold(help, tw_cause_get(v->cause)->meaning);
    must_hold(help, "\n\nHow to confirm it\n  Frame ");
    must_hold(help, tw_cause_get(v->cause)->look);
    assert_true(tw_verdict_count(v, TW_EVIDENCE_FINDING) > 0 && v->hints->len > 0 && v->logs->len > 0);
    const tw_evidence *e;
    for (unsigned i = 0; (e = tw_verdict_evidence(v, i)); i++)
        must_hold(help, e->text);
    for (unsigned i = 0; i < v->hints->len; i++)
        must_hold(help, g_ptr_array_index(v->hints, i));
    for (unsigned i = 0; i < v->logs->len; i++)
        must_hold(help, g_ptr_array_index(v->logs, i));
    g_free(help);
    play_free(p);
}

/* Wireshark names what carries a handshake otherwise where no TCP does. */
static void display_filters_fit_the_carrier(void **state)
{
    static const struct {
        const char *line;
        tw_carrier carrier;
        const char *filter;
    } rows[] = {
        { "C:hello S:hello +S:cert(expired,inter) +S:done C:fatal(45)", TW_CARRIER_UDP,
          "dtls.handshake.certificate" },
        { "C:hello S:hello +S:cert(expired,inter) +S:done C:fatal(45)", TW_CARRIER_TUNNEL,
          "tls.handshake.certificate" },
        { "C:hello S:fatal(40)", TW_CARRIER_UDP, "dtls.handshake || dtls.alert_message" },
        { "C:hello S:fatal(40)", TW_CARRIER_QUIC, "tls.handshake || quic.cc.error_code" },
        { "C:hello S:RST", TW_CARRIER_TCP, "tls.handshake.type == 1 || tcp.flags.reset == 1" },
        { "C:hello S:RST", TW_CARRIER_QUIC, "tls.handshake.type == 1" },
    };

    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        play *p = play_new(rows[i].line);
        char *help = tw_help_verdict(g_ptr_array_index(p->verdicts, 0), rows[i].carrier, same_number);
        char *line = g_strdup_printf("\n  Display filter: %s\n", rows[i].filter);
        must_hold(help, line);
        g_free(line);
        g_free(help);
        play_free(p);
    }
}

/* A warning has no cause, and says so by having no sections about one. */
static void help_on_a_notice_is_short(void **state)
{
    play *p = play_new("C:hello S:warn(112)");
    const tw_verdict *v = g_ptr_array_index(p->verdicts, 0);
    char *help = tw_help_verdict(v, TW_CARRIER_TCP, same_number);

    (void)state;
    assert_false(v->failure);
    must_hold(help, v->reason);
    assert_null(strstr(help, "How to confirm it"));
    assert_null(strstr(help, "What to do"));
    g_free(help);
    play_free(p);
}

static void a_frame_without_a_verdict_gets_a_filter(void **state)
{
    char *some = tw_help_no_verdict(7, false), *none = tw_help_no_verdict(0, false);

    (void)state;
    must_hold(some, "Frame 7 ");
    must_hold(some, "tlswhy.cause");
    must_hold(none, "tlswhy.cause");
    assert_null(strstr(none, "Frame 0"));
    g_free(some);
    g_free(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cause_can_be_confirmed),
        cmocka_unit_test(all_causes_are_listed),
        cmocka_unit_test(help_holds_what_the_verdict_knows),
        cmocka_unit_test(display_filters_fit_the_carrier),
        cmocka_unit_test(help_on_a_notice_is_short),
        cmocka_unit_test(a_frame_without_a_verdict_gets_a_filter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
