/* One capture that has a connection at two points of its path: what is told of it, and how often.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "points.h"

/* The failures that SCRIPT (points.h) has, "cause confidence origin", where one capture has both points. */
static char *told(const char *script, bool nat)
{
    GString *text = g_string_new(NULL);
    points p;
    points_merge(&p, nat);
    points_play(&p, script);
    points_end(&p);
    tw_capture_end(p.at[0].capture); /* again: nothing changes */
    for (guint i = 0; i < p.at[0].verdicts->len; i++) {
        const tw_verdict *v = g_ptr_array_index(p.at[0].verdicts, i);
        const char *origin = tw_origin_name(v->origin), *which;
        assert_null(flaw_of_verdict(v, &which));
        if (v->failure)
            g_string_append_printf(text, "%s%s %s %s", text->len ? "; " : "", tw_cause_get(v->cause)->id,
                                   tw_confidence_name(v->confidence), origin ? origin : "-");
    }
    points_clear(&p);
    return g_string_free(text, FALSE);
}

/* In one stream, what came last is told as its end; else the end that the client saw. */
static void lost_flight(void **state)
{
    const char *script = "open C:hello >S:hello >S:cert(leaf,inter) >S:done wait(9) C:FIN";
    char *text = told(script, false), *translated = told(script, true);
    (void)state;
    assert_string_equal(text, "closed-in-handshake likely between");
    assert_string_equal(translated, "no-answer-to-client-hello likely between");
    g_free(text);
    g_free(translated);
}

static void is_told_once(void **state)
{
    static const struct {
        const char *script, *told;
    } rows[] = {
        { "open C:hello S:alert(40) S:FIN", "handshake-refused possible server" },
        { "open C:hello S:hello S:cert(leaf,inter) S:done C:alert(48) C:FIN",
          "server-cert-unknown-ca likely client" },
        { "open C:hello S:RST", "reset-after-client-hello likely server" },
        { "open C:hello <S:RST wait(2) S:FIN", "reset-after-client-hello likely between" },
        { "open C:hello <S:RST",
          "reset-after-client-hello likely between" }, /* the other interface may be off: by TTL */
        { "open C:hello S:hello S:cert(leaf,inter) S:done <C:RST wait(2) C:ACK",
          "reset-in-handshake likely between" },
        { "open C:hello >S:alert(70) wait(4) C:FIN", "version-no-overlap proven server" },
        { "open |C:hello =S:hello |S:cert(leaf,inter) S:done C:alert(48) C:FIN",
          "server-cert-unknown-ca likely client" },
        { "open C:hello S:hello S:cert(leaf,inter) S:done", "" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        for (int nat = 0; nat < 2; nat++) {
            char *text = told(rows[i].script, nat);
            if (strcmp(text, rows[i].told) != 0)
                fail_msg("%s%s\n    is told as:  %s\n    and not as:  %s\n", rows[i].script,
                         nat ? ", translated" : "", text, rows[i].told);
            g_free(text);
        }
}

/* WORD of SIDE, a message, comes by at both points, its sender's first; EAP carries it, so no segment is noted. */
static void pass_in_eap(points *p, char side, const char *word)
{
    char *name = g_strdup(word);
    GByteArray *bytes = points_payload(p, side, name);
    for (int arrival = 0; arrival < 2; arrival++) {
        point *here = &p->at[(side == 'S') != arrival];
        const char *endpoints[2] = { here->client, "192.0.2.2:1812" };
        tw_at at = { .frame = ++p->at[0].frame, .time_us = p->now_us += POINTS_TRANSIT_US, .dir = side == 'S' };
        if (!here->conn)
            here->conn = tw_capture_connect(here->capture, endpoints, TW_CARRIER_EAP, at.frame, at.time_us);
        tw_tell_time(here->capture, at.frame, at.time_us);
        tw_tell_bytes(here->conn, at, bytes->data, bytes->len);
    }
    g_byte_array_unref(bytes);
    g_free(name);
}

/* A conversation that a proxy of RADIUS forwards under another State: neither of its ends can be told to be the other's. */
static void without_segments(void **state)
{
    points p;
    (void)state;
    points_merge(&p, true);
    pass_in_eap(&p, 'C', "hello");
    pass_in_eap(&p, 'S', "hello");
    points_end(&p);
    assert_int_equal(p.at[0].verdicts->len, 2);
    for (guint i = 0; i < 2; i++)
        assert_int_equal(((tw_verdict *)g_ptr_array_index(p.at[0].verdicts, i))->origin, TW_ORIGIN_UNKNOWN);
    points_clear(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(is_told_once), cmocka_unit_test(lost_flight),
                                        cmocka_unit_test(without_segments) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
