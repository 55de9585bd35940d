/* Two captures of one connection without segments: the points are told by hops or by times, and what one point lacks its
 * recorder may have missed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "points.h"

typedef struct {
    const char *words;   /* words as in points.h; marks: ">", and "?" for who records where it arrives */
    bool hops;           /* these are known */
    const char *told[2]; /* at the client's and at the server's end: "cause confidence origin", or "" */
    const char *reason;  /* what the client's has in it */
} script;

/* A datagram of side DIR comes by at one point, or at both. */
static void pass(points *p, const char *word, bool hops)
{
    bool lost = *word == '>' || *word == '?';
    char side = lost ? word[1] : *word, *name = g_strdup(word + 2 + lost);
    int dir = side == 'S';
    GByteArray *bytes = points_payload(p, side, name);
    for (int arrival = 0; arrival < (lost ? 1 : 2); arrival++) {
        int where = arrival ? 1 - dir : dir;
        point *here = &p->at[where];
        const char *endpoints[2] = { here->client, "192.0.2.2:1812" };
        tw_at at = { .frame = ++here->frame,
                     .time_us = p->now_us + (arrival ? POINTS_TRANSIT_US : 0) + (where ? p->ahead_us : 0),
                     .dir = dir };
        if (!here->conn)
            here->conn = tw_capture_connect(here->capture, endpoints, TW_CARRIER_EAP, at.frame, at.time_us);
        tw_tell_time(here->capture, at.frame, at.time_us);
        if (hops)
            tw_tell_hops(here->conn, dir, arrival ? 61 : 64);
        tw_tell_bytes(here->conn, at, bytes->data, bytes->len);
    }
    p->now_us += 2 * POINTS_TRANSIT_US + 1000;
    g_byte_array_unref(bytes);
    g_free(name);
}

static void play_script(points *p, const script *r)
{
    char **words = g_strsplit(r->words, " ", -1);
    for (char **word = words; *word; word++)
        pass(p, *word, r->hops);
    g_strfreev(words);
}

static GBytes *facts_at(const script *r, int where)
{
    points p;
    GBytes *file;
    unsigned left_out;
    points_init(&p);
    play_script(&p, r);
    points_end(&p);
    file = tw_capture_facts(p.at[where].capture, "other.pcapng", point_number, &left_out);
    points_clear(&p);
    return file;
}

static void check(const script *r, int where)
{
    points p;
    GBytes *file = facts_at(r, 1 - where);
    GString *text = g_string_new(NULL);
    const tw_verdict *v = NULL;
    points_init(&p);
    assert_null(tw_capture_use_facts(p.at[where].capture, file));
    play_script(&p, r);
    points_end(&p);
    for (guint i = 0; i < p.at[where].verdicts->len; i++) {
        const char *origin;
        v = g_ptr_array_index(p.at[where].verdicts, i);
        origin = tw_origin_name(v->origin);
        g_string_append_printf(text, "%s %s %s", tw_cause_get(v->cause)->id, tw_confidence_name(v->confidence),
                               origin ? origin : "-");
    }
    if (strcmp(text->str, r->told[where]) != 0 || (v && !where && !strstr(v->reason, r->reason)))
        fail_msg("%s, %s\n    is told as:  %s (%s)\n    and not as:  %s (%s)\n", r->words,
                 where ? "server" : "client", text->str, v ? v->reason : "", r->told[where], r->reason);
    g_string_free(text, TRUE);
    points_clear(&p);
    g_bytes_unref(file);
}

static void are_told(void **state)
{
    static const script rows[] = {
        { "C:hello S:alert(40)",
          false,
          { "handshake-refused possible server", "handshake-refused possible server" },
          "both captures" },
        { "C:hello S:alert(40)",
          true,
          { "handshake-refused possible server", "handshake-refused possible server" },
          "both captures" },
        { "C:hello S:hello S:cert(leaf,inter) S:done C:alert(48)",
          false,
          { "server-cert-unknown-ca likely client", "server-cert-unknown-ca likely client" },
          "both captures" },
        { "C:hello >S:alert(40)",
          true,
          { "handshake-refused possible server", "handshake-refused possible server" },
          "did not come to the other point" },
        { "C:hello >S:alert(40)",
          false,
          { "no-answer-to-client-hello likely -", "handshake-refused possible -" },
          "" }, /* which one is where? */
        { "C:hello >S:hello >S:cert(leaf,inter) >S:done",
          true,
          { "no-answer-to-client-hello likely between", "stalled-in-handshake likely between" },
          "its answer did not come" },
        { "C:hello >S:hello", true, { "no-answer-to-client-hello likely -", "stalled-in-handshake likely -" }, "" },
        { "C:hello",
          true,
          { "no-answer-to-client-hello likely server", "no-answer-to-client-hello likely server" },
          "said nothing" },
        { "C:hello", false, { "no-answer-to-client-hello likely -", "no-answer-to-client-hello likely -" }, "" },
        /* one begins behind the ClientHello */
        { "?C:hello S:hello S:cert(leaf,inter) S:done C:alert(48)",
          true,
          { "server-cert-unknown-ca likely client", "server-cert-unknown-ca likely client" },
          "both captures" },
        { "C:hello S:hello S:cert(leaf,inter) S:done >C:alert(48)",
          false,
          { "server-cert-unknown-ca likely client", "server-cert-unknown-ca likely client" },
          "the other point" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        for (int where = 0; where < 2; where++)
            check(&rows[i], where);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(are_told) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
