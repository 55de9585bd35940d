/* Escaping, values and templates (words.h), and the words of base.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "words/shared.h"
#include "tlswhy/words.h"

/* ---- tw_escape ---- */

static const struct {
    const char *in;
    gssize len;
    size_t max;
    const char *out;
} escapes[] = {
    { "", -1, 10, "" },
    { NULL, -1, 10, "" },
    { "plain text~", -1, 100, "plain text~" },
    { "a\nb\tc\x7f", -1, 100, "a\\x0ab\\x09c\\x7f" },
    { "a\0b", 3, 100, "a\\x00b" },
    { "\x1b[31m", -1, 100, "\\x1b[31m" },
    { "back\\slash", -1, 100, "back\\x5cslash" },
    { "\\x41", -1, 100, "\\x5cx41" },
    { "b\xc3\xbc"
      "cher \xe4\xb8\xad \xf0\x9f\x94\x92",
      -1, 100,
      "b\xc3\xbc"
      "cher \xe4\xb8\xad \xf0\x9f\x94\x92" },
    { "\xff\xc3", -1, 100, "\\xff\\xc3" },                   /* no UTF-8; cut in a character */
    { "\xc0\xaf", -1, 100, "\\xc0\\xaf" },                   /* overlong */
    { "\xed\xa0\x80", -1, 100, "\\xed\\xa0\\x80" },          /* surrogate */
    { "\xf4\x90\x80\x80", -1, 100, "\\xf4\\x90\\x80\\x80" }, /* beyond Unicode */
    { "\xc3\0\xbc", 3, 100, "\\xc3\\x00\\xbc" },
    { "\xc2\x85", -1, 100, "\\u{0085}" },
    { "\xe2\x80\xae"
      "gpj",
      -1, 100, "\\u{202e}gpj" }, /* right-to-left override */
    { "\xe2\x81\xa6\xd8\x9c", -1, 100, "\\u{2066}\\u{061c}" },
    { "a\xe2\x80\xa8"
      "b",
      -1, 100, "a\\u{2028}b" }, /* line separator */
    { "\xef\xbb\xbf", -1, 100, "\\u{feff}" },
    { "\xf3\xa0\x81\x81", -1, 100, "\\u{e0041}" }, /* tag character */
    { "abcdef", -1, 6, "abcdef" },
    { "abcdefg", -1, 6, "abcdef..." },
    { "abcd\n", -1, 6, "abcd..." },     /* no half escapes */
    { "abc\xc3\xbc", -1, 4, "abc..." }, /* no half characters */
    { "abc", 2, 10, "ab" },
    { "abc", -1, 0, "..." },
};

static void escapes_what_is_not_printable(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(escapes); i++) {
        char *out = tw_escape(escapes[i].in, escapes[i].len, escapes[i].max);

        assert_string_equal(out, escapes[i].out);
        g_free(out);
    }
}

/* Whatever goes in: one line of valid UTF-8 within the bound. */
static void escapes_any_bytes(void **state)
{
    GRand *random = g_rand_new_with_seed(1);

    (void)state;
    for (int round = 0; round < 5000; round++) {
        char in[64], *out;
        gssize len = g_rand_int_range(random, 0, sizeof in);

        for (gssize i = 0; i < len; i++)
            in[i] = (char)g_rand_int_range(random, 0, 256);
        out = tw_escape(in, len, 40);
        assert_true(g_utf8_validate(out, -1, NULL));
        assert_true(strlen(out) <= 43);
        for (const char *p = out; *p; p = g_utf8_next_char(p))
            assert_true(g_unichar_isprint(g_utf8_get_char(p)));
        g_free(out);
    }
    g_rand_free(random);
}

/* ---- values ---- */

static void keeps_values(void **state)
{
    tw_values *v = tw_values_new(), *other = tw_values_new();

    (void)state;
    assert_null(tw_values_get(v, "a"));
    assert_null(tw_values_get(NULL, "a"));
    tw_values_set(v, "a", "1");
    tw_values_set(v, "ab", "2");
    tw_values_setf(v, "c", "%d/%s", 3, "x\n");
    tw_values_set(v, "a", "4");
    assert_string_equal(tw_values_get(v, "a"), "4");
    assert_string_equal(tw_values_get(v, "ab"), "2");
    assert_string_equal(tw_values_get(v, "c"), "3/x\\x0a");
    tw_values_set(v, "a", NULL);
    tw_values_set(v, "none", NULL);
    assert_null(tw_values_get(v, "a"));
    assert_string_equal(tw_values_get(v, "ab"), "2");
    tw_values_set(other, "a", "5");
    tw_values_add_all(v, other);
    tw_values_add_all(v, v);
    tw_values_add_all(v, NULL);
    assert_string_equal(tw_values_get(v, "a"), "5");
    tw_values_free(v);
    tw_values_free(other);
    tw_values_free(NULL);
    tw_values_set(NULL, "a", "b");
}

static void values_above_others(void **state)
{
    tw_values *below = tw_values_new(), *v, *all = tw_values_new();
    char *text;
    (void)state;
    tw_values_set(below, "a", "1");
    tw_values_set(below, "b", "2");
    tw_values_set(below, "c", "3");
    v = tw_values_new_above(below);
    assert_string_equal(tw_values_get(v, "a"), "1");
    tw_values_set(v, "a", "4");
    tw_values_set(v, "b", NULL);
    text = tw_text_expand("{a}{b}{c}", v);
    assert_string_equal(text, "4?3");
    assert_false(tw_text_complete("{b}", v));
    assert_string_equal(tw_values_get(below, "a"), "1");
    assert_string_equal(tw_values_get(below, "b"), "2");
    tw_values_set(all, "b", "5");
    tw_values_add_all(all, v);
    assert_string_equal(tw_values_get(all, "a"), "4");
    assert_null(tw_values_get(all, "b"));
    assert_string_equal(tw_values_get(all, "c"), "3");
    g_free(text);
    tw_values_free(all);
    tw_values_free(v);
    tw_values_free(below);
}

/* What was escaped once may pass through values again, as when one text is built from others. */
static void does_not_escape_twice(void **state)
{
    static const char *const texts[] = { "a\x1b\\x41", "CN=a\\,b",     "\xe2\x80\xae", "\\",
                                         "\\u{}",      "\\u{1234567}", "\\x4" };
    tw_values *v = tw_values_new();

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        char *once = tw_escape(texts[i], -1, TW_VALUE_MAX);

        tw_values_set(v, "v", once);
        assert_string_equal(tw_values_get(v, "v"), once);
        g_free(once);
    }
    tw_values_free(v);
}

/* "O=Example\\, Inc." reads better than "O=Example\\x5c, Inc.". */
static void keeps_escapes_of_names(void **state)
{
    tw_values *v = tw_values_new();

    (void)state;
    tw_values_set(v, "v", "O=a\\,b\\\\x41\\ \\");
    assert_string_equal(tw_values_get(v, "v"), "O=a\\,b\\\\x41\\ \\x5c");
    tw_values_free(v);
}

static void cuts_long_values_once(void **state)
{
    tw_values *v = tw_values_new();
    char *filler = g_strnfill(TW_VALUE_MAX - 1, 'x'), *full = g_strconcat(filler, "x", NULL),
         *longer = g_strconcat(full, "x", NULL), *control = g_strconcat(filler, "\n", NULL), *cut;

    (void)state;
    tw_values_set(v, "v", full);
    assert_string_equal(tw_values_get(v, "v"), full);
    tw_values_set(v, "v", longer);
    assert_int_equal(strlen(tw_values_get(v, "v")), TW_VALUE_MAX + 3);
    tw_values_set(v, "v", control);
    assert_int_equal(strlen(tw_values_get(v, "v")), TW_VALUE_MAX + 2);
    cut = g_strdup(tw_values_get(v, "v"));
    tw_values_set(v, "v", cut);
    assert_string_equal(tw_values_get(v, "v"), cut);
    g_free(cut);
    g_free(control);
    g_free(longer);
    g_free(full);
    g_free(filler);
    tw_values_free(v);
}

/* ---- lines ---- */

static const struct {
    const char *text;
    unsigned width;
    const char *lines;
} wraps[] = {
    { "", 10, "\n" },
    { "one two", 10, "one two\n" },
    { "one two three", 9, "one two\n  three\n" },
    { "12345 7890", 10, "12345 7890\n" },
    { "12345 78901", 10, "12345\n  78901\n" },
    { "    seen in frame 1: text", 18, "    seen in frame\n      1: text\n" },
    { "a word-that-is-longer b", 6, "a\n  word-that-is-longer\n  b\n" },
    { "   indented", 4, "   indented\n" },
    { "\xc3\xa4\xc3\xa4\xc3\xa4 \xc3\xa4\xc3\xa4 a", 6,
      "\xc3\xa4\xc3\xa4\xc3\xa4 \xc3\xa4\xc3\xa4\n  a\n" }, /* letters, not bytes */
    /* a command to other: a shell joins its lines */
    { "try: openssl s_client -tls1_2 -cipher A </dev/null", 24,
      "try: openssl s_client \\\n  -tls1_2 -cipher A \\\n  </dev/null\n" },
    { "openssl s_client -a", 18, "openssl s_client \\\n  -a\n" },
    { "openssl version and more", 16, "openssl version\n  and more\n" },
    { "\xe4\xb8\xad\xe4\xb8\xad a", 5, "\xe4\xb8\xad\xe4\xb8\xad\n  a\n" }, /* two columns each */
};

static void wraps_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(wraps); i++) {
        char *lines = tw_text_wrap(wraps[i].text, wraps[i].width);

        assert_string_equal(lines, wraps[i].lines);
        g_free(lines);
    }
}

/* ---- templates ---- */

static const struct {
    const char *template, *text;
    bool complete;
} templates[] = {
    { "", "", true },
    { "no placeholder", "no placeholder", true },
    { "{a}", "1", true },
    { "{a}{long_name2}{a}", "1{a}1", true }, /* a value is no template */
    { "x {none} y", "x ? y", false },
    { "{empty}.", ".", true },
    { "{", "{", true },
    { "{}", "{}", true },
    { "{a", "{a", true },
    { "{A}", "?", false },
    { "{a b}", "{a b}", true },
    { "{{a}}", "{1}", true },
};

static void expands_templates(void **state)
{
    tw_values *v = tw_values_new();

    (void)state;
    tw_values_set(v, "a", "1");
    tw_values_set(v, "long_name2", "{a}");
    tw_values_set(v, "empty", "");
    for (size_t i = 0; i < G_N_ELEMENTS(templates); i++) {
        char *text = tw_text_expand(templates[i].template, v);

        assert_string_equal(text, templates[i].text);
        assert_int_equal(tw_text_complete(templates[i].template, v), templates[i].complete);
        g_free(text);
    }
    assert_false(tw_text_complete("{a}", NULL));
    assert_true(tw_text_complete("a", NULL));
    tw_values_free(v);
}

/* ---- base.h ---- */

static const struct {
    const char *endpoint, *host, *port;
} endpoints[] = {
    { "192.0.2.1:443", "192.0.2.1", ":443" },
    { "[2001:db8::1]:443", "2001:db8::1", ":443" },
    { "192.0.2.1", "192.0.2.1", NULL },
    { "2001:db8::1", "2001:db8::1", NULL },
    { "02:00:00:00:00:01", "02:00:00:00:00:01", NULL },
    { "[", "[", NULL },
    { "", "", NULL },
};

static void tells_hosts_from_ports(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(endpoints); i++) {
        const char *port = tw_endpoint_port(endpoints[i].endpoint);
        char *host = tw_endpoint_host(endpoints[i].endpoint);
        assert_string_equal(host, endpoints[i].host);
        assert_string_equal(port ? port : "", endpoints[i].port ? endpoints[i].port : "");
        assert_int_equal(port != NULL, endpoints[i].port != NULL);
        g_free(host);
    }
}

static void names_everything(void **state)
{
    (void)state;
    assert_string_equal(tw_side_name(TW_SIDE_UNKNOWN), "unknown");
    assert_string_equal(tw_side_name(TW_CLIENT), "client");
    assert_string_equal(tw_side_name(TW_SERVER), "server");
    assert_string_equal(tw_side_name((tw_side)99), "unknown");
    assert_string_equal(tw_phase_name(TW_BEFORE_HELLO), "before-hello");
    assert_string_equal(tw_phase_name(TW_SERVER_FINISHED), "server-finished");
    assert_string_equal(tw_phase_name(TW_RENEGOTIATION), "renegotiation");
    assert_non_null(tw_phase_name(TW_N_PHASES));
    assert_string_equal(tw_confidence_name(TW_POSSIBLE), "possible");
    assert_string_equal(tw_confidence_name(TW_PROVEN), "proven");
    assert_int_equal(tw_other_side(TW_CLIENT), TW_SERVER);
    assert_int_equal(tw_other_side(TW_SERVER), TW_CLIENT);
    assert_int_equal(tw_other_side(TW_SIDE_UNKNOWN), TW_SIDE_UNKNOWN);
}

/* A list of two texts shared in POOL; the caller gives it back. */
static GPtrArray *list_of(tw__pool *pool, const char *one, const char *other)
{
    GPtrArray *texts = tw__shared_texts_new();
    tw__add_shared(texts, g_strdup(one));
    tw__add_shared(texts, g_strdup(other));
    return tw__shared_list(pool, texts);
}

static void shares_equal_lists(void **state)
{
    tw__pool *pool = tw__pool_new();
    GPtrArray *first = list_of(pool, "one", "two"), *same = list_of(pool, "one", "two"),
              *other = list_of(pool, "two", "one"), *alone = list_of(NULL, "one", "two");
    (void)state;
    assert_ptr_equal(first, same);
    assert_ptr_not_equal(first, other);
    assert_ptr_not_equal(first, alone);
    tw__shared_list_free(pool, first);
    assert_string_equal(g_ptr_array_index(same, 1), "two");
    tw__shared_list_free(pool, same);
    assert_string_equal(g_ptr_array_index(other, 0), "two");
    tw__shared_list_free(pool, other);
    tw__shared_list_free(NULL, alone);
    tw__shared_list_free(pool, NULL);
    tw__pool_free(pool);
    tw__pool_free(NULL);
    assert_null(tw__shared_text(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_what_is_not_printable),
        cmocka_unit_test(escapes_any_bytes),
        cmocka_unit_test(keeps_values),
        cmocka_unit_test(values_above_others),
        cmocka_unit_test(does_not_escape_twice),
        cmocka_unit_test(keeps_escapes_of_names),
        cmocka_unit_test(cuts_long_values_once),
        cmocka_unit_test(wraps_lines),
        cmocka_unit_test(expands_templates),
        cmocka_unit_test(tells_hosts_from_ports),
        cmocka_unit_test(names_everything),
        cmocka_unit_test(shares_equal_lists),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
