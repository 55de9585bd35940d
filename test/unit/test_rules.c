/* The table of rules itself: every event has exactly one verdict, no row is dead, every cause has one, and every text
 * that a row can bring is whole.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "build.h"
#include "judge/judge_internal.h"

#define N_EVENTS (TW_EVENT_SAID_REJECTED + 1)

/* Which side can be in which phase, as tw__phase_of() gives them. Ends in silence are said of the side that owes
 * something, so either can stand before a hello. */
static const unsigned possible_phases[] = {
    [TW_SIDE_UNKNOWN] = 1u << TW_BEFORE_HELLO | 1u << TW_ESTABLISHED | 1u << TW_RENEGOTIATION,
    [TW_CLIENT] = 1u << TW_BEFORE_HELLO | 1u << TW_CLIENT_HELLO | 1u << TW_SERVER_FLIGHT | 1u << TW_SERVER_FINISHED |
                  1u << TW_ESTABLISHED | 1u << TW_RENEGOTIATION,
    [TW_SERVER] = 1u << TW_BEFORE_HELLO | 1u << TW_CLIENT_HELLO | 1u << TW_CLIENT_FLIGHT | 1u << TW_ESTABLISHED |
                  1u << TW_RENEGOTIATION,
};

/* ---- the form of the table ---- */

static void lists_of_events_are_sound(void **state)
{
    (void)state;
    const tw__rule *rule;
    for (unsigned i = 0; (rule = tw__rule_at(i)); i++) {
        unsigned n = 0;
        for (const uint16_t *e = rule->events; e && *e != TW_LIST_END; e++) {
            assert_true(*e < N_EVENTS);
            assert_true(*e > 255 || tw_alert_name((uint8_t)*e)); /* no made-up alert */
            for (const uint16_t *before = rule->events; before < e; before++)
                assert_int_not_equal(*before, *e);
            assert_true(++n < 32);
        }
        assert_true(!rule->events || n > 0);
    }
}

static void rows_are_sound(void **state)
{
    (void)state;
    const tw__rule *r;
    for (unsigned i = 0; (r = tw__rule_at(i)); i++) {
        assert_true(r->sender <= TW_SERVER);
        assert_true(r->phases != 0 && r->phases < 1u << TW_N_PHASES);
        assert_true(r->cause < TW_N_CAUSES);
        assert_true(r->confidence <= TW_PROVEN);
        assert_true(r->check || r->arg == 0); /* an argument that nobody reads is a slip */
    }
}

/* An id is its cause's, a slash, and a few words: nobody else has it. */
static void ids_are_sound(void **state)
{
    GHashTable *ids = g_hash_table_new(g_str_hash, g_str_equal);
    const tw__rule *r;
    (void)state;
    for (unsigned i = 0; (r = tw__rule_at(i)); i++) {
        const char *cause = tw_cause_get(r->cause)->id, *what = r->id + strlen(cause) + 1;
        if (!g_str_has_prefix(r->id, cause) || what[-1] != '/' || !*what ||
            what[strspn(what, "abcdefghijklmnopqrstuvwxyz0123456789-")])
            fail_msg("%s is not of the form %s/what", r->id, cause);
        if (!g_hash_table_add(ids, (gpointer)r->id))
            fail_msg("%s is there twice", r->id);
    }
    g_hash_table_unref(ids);
}

static void the_last_row_holds_always(void **state)
{
    const tw__rule *last = NULL;

    (void)state;
    for (unsigned i = 0; tw__rule_at(i); i++)
        last = tw__rule_at(i);
    assert_non_null(last);
    assert_null(last->check);
    for (int side = TW_SIDE_UNKNOWN; side <= TW_SERVER; side++)
        for (int phase = 0; phase < TW_N_PHASES; phase++)
            for (int event = 0; event < N_EVENTS; event++)
                assert_true(tw__rule_applies(last, (tw_side)side, (tw_phase)phase, (tw__event)event));
}

/* ---- no row is dead ---- */

/* Whether EARLIER takes everything that ROW could have for this sender, phase and event. */
static bool shadows(const tw__rule *earlier, const tw__rule *row, tw_side side, tw_phase phase, tw__event event)
{
    bool same = earlier->check == row->check && earlier->arg == row->arg;

    return (!earlier->check || same) && tw__rule_applies(earlier, side, phase, event);
}

static bool is_reached(unsigned index, tw_side side, tw_phase phase, tw__event event)
{
    if (!(possible_phases[side] & 1u << phase) || !tw__rule_applies(tw__rule_at(index), side, phase, event))
        return false;
    for (unsigned i = 0; i < index; i++)
        if (shadows(tw__rule_at(i), tw__rule_at(index), side, phase, event))
            return false;
    return true;
}

static bool is_reached_by_event(unsigned index, tw__event event)
{
    for (int side = TW_SIDE_UNKNOWN; side <= TW_SERVER; side++)
        for (int phase = 0; phase < TW_N_PHASES; phase++)
            if (is_reached(index, (tw_side)side, (tw_phase)phase, event))
                return true;
    return false;
}

static void every_row_can_be_reached(void **state)
{
    (void)state;
    for (unsigned i = 0; tw__rule_at(i); i++) {
        bool reached = false;
        for (int event = 0; event < N_EVENTS && !reached; event++)
            reached = is_reached_by_event(i, (tw__event)event);
        if (!reached)
            fail_msg("%s is never reached", tw__rule_at(i)->id);
    }
}

/* ---- every cause has a row ---- */

/* Ends that are given as notices or found outside the table, with the reason. */
static const struct {
    tw_cause cause;
    const char *reason;
} without_row[] = {
    { TW_CAUSE_CLOSED_NORMALLY, "close_notify after the handshake is a notice" },
    { TW_CAUSE_CLOSED_WITHOUT_NOTIFY, "no failure: an end that the report only counts" },
    { TW_CAUSE_STARTTLS_REFUSED, "no TLS at all: read from the plain-text protocol" },
};

static bool needs_row(tw_cause cause)
{
    for (size_t i = 0; i < G_N_ELEMENTS(without_row); i++)
        if (without_row[i].cause == cause)
            return false;
    return true;
}

static bool has_row(tw_cause cause)
{
    for (unsigned i = 0; tw__rule_at(i); i++)
        if (tw__rule_at(i)->cause == cause)
            return true;
    return false;
}

static void every_cause_has_a_row(void **state)
{
    (void)state;
    for (int cause = 0; cause < TW_N_CAUSES; cause++)
        if (needs_row((tw_cause)cause) && !has_row((tw_cause)cause))
            fail_msg("no row gives %s", tw_cause_get((tw_cause)cause)->id);
}

/* ---- who can be blamed ---- */

/* A row that names the server's certificate belongs to the client, and the other way round. */
static const struct {
    tw_family family;
    tw_side sender;
} owners[] = {
    { TW_SERVER_CERTIFICATE, TW_CLIENT },
    { TW_CLIENT_CERTIFICATE, TW_SERVER },
};

static void rejecters_are_the_right_ones(void **state)
{
    (void)state;
    for (unsigned i = 0; tw__rule_at(i); i++)
        for (size_t o = 0; o < G_N_ELEMENTS(owners); o++)
            if (tw_cause_get(tw__rule_at(i)->cause)->family == owners[o].family)
                assert_int_equal(tw__rule_at(i)->sender, owners[o].sender);
}

/* ---- every event has exactly one verdict ---- */

#define FLIGHT "C:hello(psk=device-7;alpn=h2) S:hello +S:cert(leaf,inter) +S:ske +S:ask(root,other_root) +S:done "
#define CLEAR  FLIGHT "C:cert(client,inter) +C:cke +C:ccs +C:fin S:ccs +S:fin "
#define CLEAR13 \
    "C:hello(13) S:hello(13) +S:ee +S:ask(root) +S:cert(leaf,inter) +S:cv +S:fin C:cert(client) +C:cv +C:fin "

static const char *const scenes[] = {
    "",
    "C:app S:app ",
    "S:enca ",
    "C:hello ",
    "C:hello(bare) ",
    "C:hello(cut=40) ",
    "C:raw(01000000) ",
    "C:hello(nosni;noems;nori;s=0005;g=0019;a=0807;v=0301) ",
    "C:hello(13;psk=device-7) ",
    "dtls C:hello S:verify ",
    "S:hello +S:cert(leaf) ",
    "S:cert(leaf) +S:ske ",
    "C:cke ",
    "C:hello S:hello(nori;noems;x=1234;s=fafb) ",
    "C:hello(13) S:retry ",
    "C:hello S:raw(02000000) ",
    "C:hello S:hello(cut=40) ",
    "C:hello S:hello(v=1234) +S:ske(g=9999) ",
    FLIGHT,
    "swap " FLIGHT,
    FLIGHT "C:cert(expired) +C:cke ",
    FLIGHT "C:cert() +C:cke +C:ccs +C:enc ",
    CLEAR,
    CLEAR "C:app S:app ",
    CLEAR "S:request ",
    CLEAR "C:hello ",
    CLEAR "C:enc(200) ",
    CLEAR13,
    CLEAR13 "C:app S:app ",
    "C:hello(13) S:hello(13) +S:ccs +S:app(800) C:ccs +C:app(61) ",
    "C:hello(s=009e) S:hello(s=009e) +S:cert(!leaf,~inter) +S:ske(dh=512) ",
    "C:hello(s=00a8) S:hello(s=00a8) C:cke(psk=device-7) ",
    "C:hello(sni=other.example) S:hello +S:cert(self_weak,leaf_not_ca,not_ca,unknown_critical) +S:status(revoked) ",
    "C:hello S:hello +S:cert(staple,inter_weak) +S:done ",
    "C:hello(x=001c) S:hello +S:cert(leaf_inter_expired,inter_expired) +S:done ",
    "C:hello(s=0a0a,c02b) S:hello +S:cert(encipher,inter) +S:done ",
    FLIGHT "C:cert(sha1) +C:cke ",
};

static void check_verdict(const char *scene, unsigned event, const tw_verdict *v)
{
    const char *which = NULL, *flaw = flaw_of_verdict(v, &which);

    if (flaw)
        fail_msg("%s%u: %s in \"%s\"", scene, event, flaw, which);
    assert_true(v->cause <= TW_N_CAUSES);
    assert_true(v->phase < TW_N_PHASES);
    assert_true(!v->failure || v->cause < TW_N_CAUSES);
    assert_true(tw_verdict_count(v, TW_EVIDENCE_FINDING) <= TW_EVIDENCE_MAX);
    assert_true(!v->failure || tw_verdict_count(v, TW_EVIDENCE_FINDING) > 0);
}

/* After SCENE, one alert. Exactly one verdict comes of it, whoever sends it and at whatever level. */
static void check_alert(const char *scene, char side, uint8_t level, uint8_t number, unsigned *seen)
{
    play *p = play_new(scene);
    char *word = g_strdup_printf("%c:alert(%u,%u)", side, level, number);
    unsigned before = p->verdicts->len;
    const tw_verdict *v;

    play_on(p, word);
    assert_int_equal(p->verdicts->len, before + 1);
    v = g_ptr_array_index(p->verdicts, before);
    check_verdict(scene, number, v);
    seen[v->sender] |= 1u << v->phase;
    g_free(word);
    play_free(p);
}

/* One for each phase, without certificates: those take time. */
static const char *const all_phases[] = {
    "",
    "C:app S:app ",
    "C:plain(GET) ",
    "C:hello ",
    "S:hello ",
    "C:hello S:hello ",
    "C:hello S:hello C:cke ",
    "C:hello S:hello C:cke C:ccs S:ccs ",
    "C:hello S:hello C:ccs C:enc S:ccs S:enc C:app S:app ",
    "C:hello S:hello C:ccs C:fin S:ccs S:fin C:hello ",
    "C:hello(13) S:hello(13) S:fin C:fin ",
};

/* Where nobody has shown a role, the phase follows from what was seen; a renegotiation always has its roles. */
static void check_all_seen(const unsigned seen[3])
{
    assert_int_equal(seen[TW_SIDE_UNKNOWN], 1u << TW_BEFORE_HELLO | 1u << TW_ESTABLISHED);
    assert_int_equal(seen[TW_CLIENT] | 1u << TW_BEFORE_HELLO, possible_phases[TW_CLIENT]);
    assert_int_equal(seen[TW_SERVER] | 1u << TW_BEFORE_HELLO, possible_phases[TW_SERVER]);
}

static void every_alert_has_one_verdict_in_every_phase(void **state)
{
    unsigned seen[3] = { 0, 0, 0 };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(all_phases); i++)
        for (unsigned number = 0; number < 256; number++)
            for (const char *side = "CS"; *side; side++)
                check_alert(all_phases[i], *side, 2, (uint8_t)number, seen);
    check_all_seen(seen);
}

static void every_registered_alert_has_one_verdict_in_every_scene(void **state)
{
    unsigned seen[3] = { 0, 0, 0 };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(scenes); i++)
        for (unsigned number = 0; number < 256; number++)
            if (tw_alert_name((uint8_t)number))
                for (const char *side = "CS"; *side; side++)
                    check_alert(scenes[i], *side, 2, (uint8_t)number, seen);
}

/* The warnings that matter, and levels that do not exist. */
static void levels_change_no_texts(void **state)
{
    static const uint8_t numbers[] = { 0, 41, 90, 100, 112, 200 };
    unsigned seen[3] = { 0, 0, 0 };

    (void)state;
    for (size_t scene = 0; scene < G_N_ELEMENTS(all_phases); scene++)
        for (size_t i = 0; i < sizeof numbers; i++)
            for (unsigned level = 0; level < 256; level += level < 3 ? 1 : 63)
                check_alert(all_phases[scene], "CS"[i % 2], (uint8_t)level, numbers[i], seen);
}

/* ---- every row that holds can say so ---- */

/* The phrases that name a fault beside the cause. */
static const struct {
    tw__fault_kind kind;
    tw_text text;
} others[] = {
    { TW_FAULT_MALFORMED, TW_TEXT_EV_ALSO_MALFORMED },
    { TW_FAULT_EXPIRED, TW_TEXT_EV_ALSO_EXPIRED },
    { TW_FAULT_NOT_YET_VALID, TW_TEXT_EV_ALSO_NOT_YET_VALID },
    { TW_FAULT_NAME_MISMATCH, TW_TEXT_EV_ALSO_NAME_MISMATCH },
    { TW_FAULT_SELF_SIGNED, TW_TEXT_EV_ALSO_SELF_SIGNED },
    { TW_FAULT_INCOMPLETE, TW_TEXT_EV_ALSO_INCOMPLETE },
    { TW_FAULT_WEAK_KEY, TW_TEXT_EV_ALSO_WEAK_KEY },
    { TW_FAULT_WEAK_SIGNATURE, TW_TEXT_EV_ALSO_WEAK_SIGNATURE },
    { TW_FAULT_WRONG_USAGE, TW_TEXT_EV_ALSO_WRONG_USAGE },
    { TW_FAULT_BAD_CA, TW_TEXT_EV_ALSO_BAD_CA },
    { TW_FAULT_BAD_SIGNATURE, TW_TEXT_EV_ALSO_BAD_SIGNATURE },
    { TW_FAULT_UNKNOWN_CRITICAL, TW_TEXT_EV_ALSO_CRITICAL },
    { TW_FAULT_NO_SAN, TW_TEXT_EV_ALSO_NO_SAN },
    { TW_FAULT_UNKNOWN_ISSUER, TW_TEXT_EV_ALSO_UNKNOWN_ISSUER },
};

static bool has_evidence(const tw_verdict *v, const char *text)
{
    const tw_evidence *e;
    for (unsigned i = 0; (e = tw_verdict_evidence(v, i)); i++)
        if (!strcmp(e->text, text))
            return true;
    return false;
}

/* What is blamed is not named as something else as well. */
static void check_blame(const char *scene, const tw__rule *rule, const tw__finding *f, const tw_verdict *v)
{
    for (size_t i = 0; f->fault && i < G_N_ELEMENTS(others); i++) {
        char *text = others[i].kind == f->fault->kind
                         ? tw_text_expand(tw_text_template(others[i].text), f->fault->values)
                         : NULL;
        if (text && has_evidence(v, text))
            fail_msg("%s%u: %s says of its own fault \"%s\"", scene, f->k->event, rule->id, text);
        g_free(text);
    }
}

/* Not the first row that holds but each of them: texts that a scene would never show are whole as well. */
static void check_rows(const char *scene, tw__case *k)
{
    const tw__rule *rule;
    for (unsigned i = 0; (rule = tw__rule_at(i)); i++) {
        tw__finding f;
        if (!tw__rule_applies(rule, k->sender, k->phase, k->event))
            continue;
        tw__finding_init(&f, k, rule->arg, rule->confidence);
        if (!rule->check || rule->check(&f)) {
            tw_verdict *v = tw__verdict_from_rule(rule, &f);
            assert_true(v->confidence <= rule->confidence);
            check_verdict(scene, k->event, v);
            check_blame(scene, rule, &f, v);
            tw__verdict_free(v);
        }
        tw__finding_clear(&f);
    }
}

/* In the phases in which the scene could have been judged, and in all others its sender can be in. */
static void check_phases(const char *scene, play *p, int dir, int number)
{
    tw__alert alert = { play_at(p, dir), 2, (uint8_t)number, 0, false, 0 };
    tw__case *k = tw__case_open(p->conn, (tw__event)number, alert.at, number < 256 ? &alert : NULL);

    for (int phase = 0; phase < TW_N_PHASES; phase++) {
        k->phase = (tw_phase)phase;
        if (possible_phases[k->sender] & 1u << phase)
            check_rows(scene, k);
    }
    tw__case_close(k);
}

static void every_row_that_holds_has_whole_texts(void **state)
{
    (void)state;
    for (size_t scene = 0; scene < G_N_ELEMENTS(scenes); scene++) {
        play *p = play_new(scenes[scene]);
        for (int number = 0; number < 256; number++)
            if (tw_alert_name((uint8_t)number))
                for (int dir = 0; dir < 2; dir++)
                    check_phases(scenes[scene], p, dir, number);
        play_free(p);
    }
}

/* The same for ends without a readable alert; something plain must have come for TW_EVENT_DECLINED and
 * TW_EVENT_CLEARTEXT, which test_judge.c plays. */
static void every_end_has_whole_texts(void **state)
{
    (void)state;
    for (size_t scene = 0; scene < G_N_ELEMENTS(scenes); scene++) {
        play *p = play_new(scenes[scene]);
        for (int event = TW_EVENT_CLOSE; event < N_EVENTS && p->conn->client_dir >= 0; event++)
            for (int dir = 0; dir < 2; dir++)
                if (event < TW_EVENT_DECLINED || event >= TW_EVENT_FAILURE)
                    check_phases(scenes[scene], p, dir, event);
        play_free(p);
    }
}

/* ---- hostile peers ---- */

/* Names with terminal escapes, and with what looks like a placeholder. */
static const char *const hostile[] = {
    "C:hello(sni=\x1b[31m{subject}\x07) S:alert(2,112)",
    "C:hello(alpn=\x1b]0;x\x07,{alert}) S:alert(2,120)",
    "C:hello(13;psk=\x1b[2J\xe2\x80\xae{identity}) S:alert(2,115)",
    "C:hello(sni=\xff\xfe\x80) S:hello +S:cert(leaf,inter) C:alert(2,46)",
    "C:hello(sni=x\x1b.example) S:hello +S:cert(control_names,nul_san) C:alert(2,46)",
    "C:hello S:plain(\x1b[31m{bytes}\x07)",
};

static void check_no_control(const char *text)
{
    assert_true(g_utf8_validate(text, -1, NULL));
    for (const char *c = text; *c; c++)
        assert_true((unsigned char)*c >= 0x20 && *c != 0x7f);
    assert_null(strstr(text, "\xe2\x80\xae"));
}

static void no_byte_of_a_peer_does_harm(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(hostile); i++) {
        play *p = play_new(hostile[i]);
        assert_int_equal(p->verdicts->len, 1);
        for (guint n = 0; n < p->verdicts->len; n++) {
            const tw_verdict *v = g_ptr_array_index(p->verdicts, n);
            check_no_control(v->reason);
            for (guint h = 0; h < v->hints->len; h++)
                check_no_control(g_ptr_array_index(v->hints, h));
            const tw_evidence *e;
            for (unsigned n_shown = 0; (e = tw_verdict_evidence(v, n_shown)); n_shown++)
                check_no_control(e->text);
        }
        play_free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_of_events_are_sound),
        cmocka_unit_test(rows_are_sound),
        cmocka_unit_test(ids_are_sound),
        cmocka_unit_test(the_last_row_holds_always),
        cmocka_unit_test(every_row_can_be_reached),
        cmocka_unit_test(every_cause_has_a_row),
        cmocka_unit_test(rejecters_are_the_right_ones),
        cmocka_unit_test(every_alert_has_one_verdict_in_every_phase),
        cmocka_unit_test(every_registered_alert_has_one_verdict_in_every_scene),
        cmocka_unit_test(levels_change_no_texts),
        cmocka_unit_test(every_row_that_holds_has_whole_texts),
        cmocka_unit_test(every_end_has_whole_texts),
        cmocka_unit_test(no_byte_of_a_peer_does_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
