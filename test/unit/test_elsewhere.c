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

static GBytes *facts_at(const char *script, int where, unsigned stop)
{
    static const char *const names[] = { "client.pcapng", "server.pcapng" };
    points p;
    GBytes *file;
    unsigned left_out;
    points_init(&p);
    p.stop = stop;
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

/* What is told at WHERE, with the facts of the other end. */
static char *told_at(const char *script, int where, unsigned stop)
{
    points p;
    GBytes *file = facts_at(script, 1 - where, stop);
    char *text;
    points_init(&p);
    p.stop = stop;
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

/* A recorder that had stopped says nothing of what was sent later. */
static void stopped(void **state)
{
    char *text = told_at("open C:hello S:RST", 0, 4);
    (void)state;
    assert_string_equal(text, "reset-after-client-hello likely -");
    g_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(who_did_it), cmocka_unit_test(stopped) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
