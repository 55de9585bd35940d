/* One connection at two points of its path: who caused the end, and what is said of it at either end.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "points.h"

typedef struct {
    const char *script;  /* points.h */
    const char *told[2]; /* at the client's and at the server's end: "cause confidence origin", or "" */
} both;

static GBytes *facts_at(const char *script, int where, unsigned stop, unsigned skip)
{
    static const char *const names[] = { "client.pcapng", "server.pcapng" };
    points p;
    GBytes *file;
    unsigned left_out;
    points_init(&p);
    p.stop = stop;
    p.skip = skip;
    points_play(&p, script);
    points_end(&p);
    file = tw_capture_facts(p.at[where].capture, names[where], point_number, &left_out);
    points_clear(&p);
    return file;
}

static char *told(const point *p)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < p->verdicts->len; i++) {
        const tw_verdict *v = g_ptr_array_index(p->verdicts, i);
        const char *origin = tw_origin_name(v->origin), *which;
        assert_null(flaw_of_verdict(v, &which));
        if (v->failure)
            g_string_append_printf(text, "%s%s %s %s", text->len ? "; " : "", tw_cause_get(v->cause)->id,
                                   tw_confidence_name(v->confidence), origin ? origin : "-");
    }
    return g_string_free(text, FALSE);
}

static char *elsewhere_of(const tw_verdict *v)
{
    GString *text = g_string_new(NULL);
    const tw_evidence *e;
    for (unsigned i = 0; (e = tw_verdict_evidence(v, i)) && e->kind == TW_EVIDENCE_ELSEWHERE; i++)
        g_string_append_printf(text, "%s\n", e->text);
    return g_string_free(text, FALSE);
}

static void assert_said(const char *script, const tw_verdict *v, const char *evidence, const char *reason)
{
    char *text;
    if (!v)
        fail_msg("%s: nothing is said", script);
    text = elsewhere_of(v);
    if (!strstr(text, evidence) || !strstr(v->reason, reason))
        fail_msg("%s\n    evidence: %s\n    reason: %s\n    lacks: %s / %s\n", script, text, v->reason, evidence,
                 reason);
    g_free(text);
}

/* What is told at WHERE, where the server's recorder misses the first SKIP frames and stops at frame STOP, with the facts of the other end. */
static char *told_by(const char *script, int where, unsigned stop, unsigned skip)
{
    points p;
    GBytes *file = facts_at(script, 1 - where, stop, skip);
    char *text;
    points_init(&p);
    p.stop = stop;
    p.skip = skip;
    assert_null(tw_capture_use_facts(p.at[where].capture, file));
    assert_null(tw_capture_use_facts(p.at[where].capture, file)); /* once more: the first one has told all */
    g_bytes_unref(file);
    points_play(&p, script);
    points_end(&p);
    tw_capture_end(p.at[where].capture); /* again: nothing changes */
    text = told(&p.at[where]);
    points_clear(&p);
    return text;
}

static char *told_at(const char *script, int where, unsigned stop)
{
    return told_by(script, where, stop, 0);
}

static void who_did_it(void **state)
{
    static const both rows[] = {
        /* both captures agree */
        { "open C:hello S:alert(40) S:FIN",
          { "handshake-refused possible server", "handshake-refused possible server" } },
        { "open C:hello S:hello S:cert(leaf,inter) S:done C:alert(48) C:FIN",
          { "server-cert-unknown-ca likely client", "server-cert-unknown-ca likely client" } },
        { "open C:hello S:RST",
          { "reset-after-client-hello likely server", "reset-after-client-hello likely server" } },
        { "open C:hello S:ACK wait(9) C:FIN",
          { "no-answer-to-client-hello likely server", "no-answer-to-client-hello likely server" } },
        /* a reset that nobody sent */
        { "open C:hello <S:RST", { "reset-after-client-hello likely between", "" } },
        { "open C:hello S:hello S:cert(leaf,inter) S:done <C:RST", { "", "reset-in-handshake likely between" } },
        /* what never arrived */
        { "open C:hello >S:hello >S:cert(leaf,inter) >S:done wait(9) C:FIN",
          { "no-answer-to-client-hello likely between", "closed-in-handshake likely between" } },
        { "open C:hello >S:alert(70) wait(4) C:FIN",
          { "version-no-overlap proven server", "version-no-overlap proven server" } },
        /* what came when its receiver had left */
        { "open C:hello *S:hello wait(4) C:FIN arrive",
          { "no-answer-to-client-hello likely between", "closed-in-handshake likely between" } },
        /* an alert that its sender's TCP does not know, though the recorder there missed what it answers */
        { "open >C:hello <S:alert(40) C:FIN S:DENY", { "handshake-refused possible between", "" } },
        { "open ?C:hello !S:alert(40) C:FIN", { "handshake-refused possible -", "" } },
        /* what was changed */
        { "open C:hello ~S:hello S:cert(leaf,inter) S:done C:alert(47) C:FIN",
          { "message-malformed likely between", "handshake-refused possible between" } },
        /* segments that are cut or put together are no loss, nor are those that a recorder misses: they are acknowledged */
        { "open C:hello |S:hello |S:cert(leaf,inter) S:done C:alert(48) C:FIN",
          { "server-cert-unknown-ca likely client", "server-cert-unknown-ca likely client" } },
        { "open =C:hello =S:hello |S:cert(leaf,inter) =S:done |C:alert(48) C:FIN",
          { "server-cert-unknown-ca likely client", "server-cert-unknown-ca likely client" } },
        { "open C:hello |S:hello =S:cert(leaf,inter) S:done C:ACK wait(9) S:RST",
          { "reset-in-handshake likely server", "reset-in-handshake likely server" } },
        { "open C:hello S:hello ?S:cert(leaf,inter) S:done C:ACK wait(9) S:RST",
          { "", "reset-in-handshake likely server" } },
        { "open C:hello S:hello !S:cert(leaf,inter) S:done C:ACK wait(9) S:RST",
          { "reset-in-handshake likely server", "" } },
        { "open ?C:hello S:hello S:cert(leaf,inter) S:done C:ACK wait(9) S:RST",
          { "reset-in-handshake likely server", "" } },
        /* what a recorder misses may have been changed, and who rejects it was made to; who sends it is known where both have it */
        { "open C:hello !S:hello S:cert(leaf,inter) S:done C:alert(47) C:FIN",
          { "handshake-refused possible -", "handshake-refused possible -" } },
        { "open C:hello S:hello !S:cert(expired,inter) S:done C:alert(45) C:FIN",
          { "server-cert-expired proven -", "server-cert-expired likely -" } },
        { "open C:hello S:hello ?S:cert(expired,inter) S:done C:alert(45) C:FIN",
          { "server-cert-expired likely client", "server-cert-expired proven client" } },
        { "open C:hello !S:text(HTTP/1.1_403_Forbidden|) C:ACK C:FIN", { "not-tls-from-server proven -", "" } },
        { "open C:hello S:text(HTTP/1.1_403_Forbidden|) C:ACK C:FIN",
          { "not-tls-from-server proven server", "not-tls-from-server proven server" } },
        /* nothing failed */
        { "open C:hello S:hello S:cert(leaf,inter) S:done", { "", "" } },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        for (int where = 0; where < 2; where++) {
            char *text = told_at(rows[i].script, where, 0);
            if (strcmp(text, rows[i].told[where]) != 0)
                fail_msg("%s\n    at the %s: %s\n    and not      %s\n", rows[i].script, where ? "server" : "client",
                         text, rows[i].told[where]);
            g_free(text);
        }
}

/* What is said of it: a part of the evidence from the other end, and of the reason. */
static void what_is_said(void **state)
{
    static const struct {
        const char *script;
        int where;
        const char *evidence, *reason;
    } rows[] = {
        { "open C:hello <S:RST", 0,
          "a reset of the server arrives (TTL 55, its other segments 62), which the server has not sent",
          "The reset was made in between: the server has not sent it" },
        { "open C:hello S:alert(40) S:FIN", 0,
          "recorded nearer the server (2 hops): one way takes 6.00 ms, the clock is 3600.0 s ahead",
          "It comes from the server itself: both captures have it" },
        { "open C:hello S:alert(40) S:FIN", 1,
          "recorded nearer the client (2 hops): one way takes 6.00 ms, the clock is 3600.0 s behind",
          "It comes from the server itself: both captures have it" },
        { "open C:hello <S:alert(40) C:FIN", 0, "7 bytes of the server arrive (TTL 55, its other segments 62)",
          "7 bytes were put in between" },
        { "open C:hello S:hello >S:cert(leaf,inter) S:done wait(9) C:FIN", 0, "segments of ",
          "were lost in between" },
        { "open C:hello S:hello /S:cert(leaf,inter) wait(9) C:FIN", 0,
          " bytes that the server sends never arrive at the client, from offset ", "were lost in between" },
        { "open C:hello >S:alert(70) wait(4) C:FIN", 0, "7 bytes that the server sends never arrive at the client",
          "What the server said of it was lost in between: 7 bytes" },
        { "open C:hello S:ACK wait(9) C:FIN", 0, "recorded nearer the server",
          "All of it arrived at the server, which said nothing" },
        { "open C:hello *S:hello wait(4) C:FIN arrive", 1,
          "what the server sends takes 4.0 s to the client, which has ended before",
          "What the server sent took 4.0 s in between, and came too late" },
        { "open >C:hello <S:alert(40) C:FIN S:DENY", 0, "of which the server knows nothing",
          "7 bytes were put in between, which the server has not sent" },
        { "open C:hello wait(2) S:alert(40) S:FIN", 0,
          "the answer to the ClientHello takes 2.0 s: 2.0 s at the server, 12.0 ms in between",
          "It comes from the server itself" },
        { "open C:hello ~S:hello S:cert(leaf,inter) S:done C:alert(47) C:FIN", 0,
          "what the server sent is changed on arrival: bytes from offset",
          "Something in between changed what the server sent" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        GBytes *file = facts_at(rows[i].script, 1 - rows[i].where, 0, 0);
        const tw_verdict *v = NULL;
        points p;
        points_init(&p);
        assert_null(tw_capture_use_facts(p.at[rows[i].where].capture, file));
        points_play(&p, rows[i].script);
        points_end(&p);
        for (guint j = 0; j < p.at[rows[i].where].verdicts->len; j++)
            if (((const tw_verdict *)g_ptr_array_index(p.at[rows[i].where].verdicts, j))->failure)
                v = g_ptr_array_index(p.at[rows[i].where].verdicts, j);
        assert_said(rows[i].script, v, rows[i].evidence, rows[i].reason);
        points_clear(&p);
        g_bytes_unref(file);
    }
}

/* A snap length leaves out bytes, and changes none. */
static void cut_short(void **state)
{
    const char *script = "open C:hello S:hello S:cert(leaf,inter) S:done C:alert(48) C:FIN";
    GBytes *file;
    char *text;
    points p;
    unsigned left_out;
    (void)state;
    points_init(&p);
    p.at[1].snap = 30;
    points_play(&p, script);
    points_end(&p);
    file = tw_capture_facts(p.at[1].capture, "server.pcapng", point_number, &left_out);
    points_clear(&p);
    points_init(&p);
    assert_null(tw_capture_use_facts(p.at[0].capture, file));
    points_play(&p, script);
    points_end(&p);
    text = told(&p.at[0]);
    assert_string_equal(text, "server-cert-unknown-ca likely client");
    g_free(text);
    points_clear(&p);
    g_bytes_unref(file);
}

/* A recorder that had stopped says nothing of what was sent later; but hops do. */
static void stopped(void **state)
{
    char *text = told_at("open C:hello S:RST", 0, 4);
    (void)state;
    assert_string_equal(text, "reset-after-client-hello likely -");
    g_free(text);
    text = told_at("open C:hello <S:RST", 0, 4); /* TTL 55 here would be 57 there */
    assert_string_equal(text, "reset-after-client-hello likely between");
    g_free(text);
}

/* A recorder that came late, with the ClientHello: offsets are known all the same, by the same sequence numbers. */
static void started(void **state)
{
    const char *lost = "open C:hello S:hello >S:cert(leaf,inter) >S:done wait(9) C:FIN",
               *fine = "open C:hello S:hello S:cert(leaf,inter) S:done C:FIN";
    char *text = told_by(lost, 0, 0, 3);
    (void)state;
    assert_string_equal(text, "closed-in-handshake likely between");
    g_free(text);
    text = told_by(lost, 1, 0, 3);
    assert_string_equal(text, "closed-in-handshake likely between");
    g_free(text);
    text = told_by(fine, 1, 0, 3);
    assert_string_equal(text, "closed-in-handshake likely client");
    g_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(who_did_it), cmocka_unit_test(what_is_said),
                                        cmocka_unit_test(stopped), cmocka_unit_test(started),
                                        cmocka_unit_test(cut_short) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
