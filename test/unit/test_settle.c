/* Which connection of another capture one is held against, and what that capture helps where it has another one only.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "compare/remembered.h"
#include "elsewhere/elsewhere.h"
#include "points.h"

#define RESET "open C:hello(sni=a.example) <S:RST"
#define ALERT "open C:hello(sni=a.example) S:alert(40) S:FIN"

/* What another capture is made to hold. */
typedef struct {
    GPtrArray *accounts, *handshakes;
    size_t most; /* bytes of its file; 0: as many as there may be */
    tw__pool *pool;
} other;

static void account_free(void *account)
{
    tw__account_free(account);
}

static other other_new(void)
{
    return (other){ .accounts = g_ptr_array_new_with_free_func(account_free),
                    .handshakes = g_ptr_array_new_with_free_func(tw__remembered_free),
                    .pool = tw__pool_new() };
}

static GBytes *other_file(const other *o)
{
    tw__facts facts = { .capture = (char *)(uintptr_t) "other.pcapng",
                        .accounts = o->accounts,
                        .handshakes = o->handshakes };
    unsigned left_out;
    return tw__facts_write(&facts, point_number, o->most ? o->most : TW_FACTS_MAX, &left_out);
}

static void other_clear(other *o)
{
    g_ptr_array_unref(o->accounts);
    g_ptr_array_unref(o->handshakes);
    tw__pool_free(o->pool);
}

/* The connection of SCRIPT as the server's end has it, N times. */
static void add_seen(other *o, const char *script, unsigned n)
{
    points p;
    GBytes *file;
    unsigned left_out;
    tw_text text;
    points_init(&p);
    points_play(&p, script);
    points_end(&p);
    file = tw_capture_facts(p.at[1].capture, "other.pcapng", point_number, &left_out);
    for (unsigned i = 0; i < n; i++) {
        tw__facts *facts = tw__facts_read(file, o->pool, NULL, false, &text);
        tw__account *a = tw__facts_account(facts, 0);
        a->capture = "other.pcapng"; /* that of FACTS goes with them */
        a->part = true;
        g_ptr_array_add(o->accounts, a);
        g_ptr_array_index(facts->accounts, 0) = NULL;
        g_clear_pointer(&facts->packed, g_variant_unref);
        tw__facts_free(facts);
    }
    points_clear(&p);
    g_bytes_unref(file);
}

/* A handshake with SERVER that completed. */
static void add_working(other *o, const char *server, const char *name)
{
    static const uint8_t hello[40] = { 3, 3 };
    tw__remembered *r = tw__remembered_new("192.0.2.77:50000", server, name, hello, sizeof hello);
    r->completed = true;
    g_ptr_array_add(o->handshakes, r);
}

/* The last failure at the client's end of SCRIPT: "cause origin"; and in *REMARK what there is to say of O as a whole. */
static char *told_with(const other *o, const char *script, char **remark)
{
    points p;
    GBytes *file = other_file(o);
    GPtrArray *remarks;
    char *text = g_strdup("");
    points_init(&p);
    assert_null(tw_capture_use_facts(p.at[0].capture, file));
    points_play(&p, script);
    points_end(&p);
    for (guint i = 0; i < p.at[0].verdicts->len; i++) {
        const tw_verdict *v = g_ptr_array_index(p.at[0].verdicts, i);
        const char *origin = tw_origin_name(v->origin);
        if (!v->failure)
            continue;
        g_free(text);
        text = g_strdup_printf("%s %s", tw_cause_get(v->cause)->id, origin ? origin : "-");
    }
    remarks = tw_capture_remarks(p.at[0].capture);
    *remark = g_strdup(remarks->len ? g_ptr_array_index(remarks, 0) : "");
    g_ptr_array_unref(remarks);
    points_clear(&p);
    g_bytes_unref(file);
    return text;
}

#define assert_told(o, script, expected, remark) assert_told_at(o, script, expected, remark, __LINE__)

static void assert_told_at(other *o, const char *script, const char *expected, const char *remark, int line)
{
    char *said, *text = told_with(o, script, &said);
    if (strcmp(text, expected) != 0 || (*remark ? !strstr(said, remark) : *said))
        fail_msg("line %d: %s\n    remark: %s\n", line, text, said);
    g_free(text);
    g_free(said);
    other_clear(o);
}

/* One account may be it; of two, nobody knows which one. */
static void are_told_apart(void **state)
{
    other o = other_new();
    (void)state;
    add_seen(&o, RESET, 1);
    assert_told(&o, RESET, "reset-after-client-hello between", "");
    o = other_new();
    add_seen(&o, RESET, 2);
    assert_told(&o, RESET, "reset-after-client-hello -", "no connection in common");
}

/* Without a ClientHello there, by TCP's first numbers. */
static void are_found_by_numbers(void **state)
{
    other o = other_new();
    (void)state;
    add_seen(&o, "open >C:hello(sni=a.example) <S:RST", 1);
    assert_told(&o, "open >C:hello(sni=a.example) <S:RST", "reset-after-client-hello between", "");
}

/* A server that works elsewhere: what is said in its name is its own, unless it comes from somewhere else. */
static void works_elsewhere(void **state)
{
    other o = other_new();
    (void)state;
    add_working(&o, "192.0.2.2:443", NULL);
    assert_told(&o, ALERT, "handshake-refused server", "");
    o = other_new();
    add_working(&o, "192.0.2.9:443", "a.example");
    assert_told(&o, ALERT, "handshake-refused server", "");
    o = other_new();
    add_working(&o, "192.0.2.2:443", NULL);
    assert_told(&o, RESET, "reset-after-client-hello between", ""); /* by its TTL */
    o = other_new();
    add_working(&o, "192.0.2.2:443", NULL);
    assert_told(&o, "open C:hello(sni=a.example) S:RST", "reset-after-client-hello -", "");
    o = other_new();
    add_working(&o, "192.0.2.9:443", "b.example");
    assert_told(&o, RESET, "reset-after-client-hello -", "has no TLS connection");
}

/* What there is to say of a capture that does not help. */
static void has_nothing_in_common(void **state)
{
    other o = other_new();
    (void)state;
    assert_told(&o, ALERT, "handshake-refused -", "other.pcapng: it has no TLS connection");
    o = other_new();
    add_seen(&o, "open C:hello(clock=77) S:RST", 1);
    ((tw__account *)g_ptr_array_index(o.accounts, 0))->lane[0].isn++;
    assert_told(&o, ALERT, "handshake-refused -", "no connection in common, and none that helps; nearest in time");
    o = other_new(); /* what is left out may be it */
    add_seen(&o, "open C:hello(clock=77) S:RST", 1);
    o.most = 1;
    assert_told(&o, ALERT, "handshake-refused -", "1 connection left out");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(are_told_apart), cmocka_unit_test(are_found_by_numbers),
                                        cmocka_unit_test(works_elsewhere), cmocka_unit_test(has_nothing_in_common) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
