/* Which library a hello looks like: the extensions of real hellos, in their order, and hellos that look like none.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tls/libraries.h"

#define END 0xffff

typedef struct {
    const char *name; /* NULL: none */
    bool grease;
    uint16_t extensions[20];
} row;

static const row hellos[] = {
    { "Java", false, { 0, 5, 10, 11, 17, 23, 35, 13, 43, 45, 50, 51, END } },
    { "BoringSSL", true, { 51, 5, 65037, 17613, 10, 51764, 23, 13, 27, 43, 11, 65281, 0, 45, 18, 35, 16, END } },
    { "NSS",
      false,
      { 0, 23, 65281, 10, 11, 35, 16, 5, 34, 18, 51, 43, 13, 45, 28, 27, 65037, END } }, /* Firefox 153 */
    { "NSS", false, { 0, 23, 65281, 10, 11, 13, 28, END } },
    { "Go", false, { 0, 5, 10, 11, 13, 65281, 18, 43, 51, END } },
    { "Go", false, { 0, 11, 65281, 23, 18, 5, 10, 13, 43, 51, END } }, /* 1.24 */
    { "Mbed TLS", false, { 0, 13, 10, 11, 22, 23, 35, END } },
    { "Mbed TLS", false, { 0, 10, 13, 11, 22, 23, 35, END } }, /* 3.6 */
    { "GnuTLS", false, { 5, 10, 11, 13, 22, 23, 35, 51, 43, 65281, 0, 45, 28, END } },
    { "GnuTLS", false, { 43, 11, 13, 22, 65281, 45, 0, 10, 28, 23, 51, 5, 49, 35, END } }, /* 3.8 shuffles */
    { "OpenSSL", false, { 0, 11, 10, 35, 22, 23, 13, 43, 45, 51, END } },
    { "OpenSSL", false, { 0, 11, 10, 35, 22, 23, 13, END } },
    { "OpenSSL", false, { 65281, 0, 11, 10, 16, 22, 23, 13, END } }, /* curl on 3.5 */
    { "OpenSSL", false, { 11, 10, 22, 23, 13, END } },               /* without a name */
    { "wolfSSL", false, { 13, 11, 10, 22, 0, 23, END } },
    { "wolfSSL", false, { 45, 51, 43, 13, 10, 22, 0, END } },
    { "Go", false, { 13172, 0, 5, 10, 11, 13, 65281, 16, 18, END } },          /* 1.7 */
    { NULL, false, { 65281, 0, 23, 13, 5, 13172, 18, 16, 11, 10, END } },      /* Apple's Secure Transport */
    { NULL, false, { 65281, 0, 23, 13, 5, 18, 11, 51, 45, 43, 10, 21, END } }, /* the same with TLS 1.3 */
    { NULL, false, { 65281, 0, 23, 5, 13172, 18, 16, 11, 10, END } },          /* the same with TLS 1.0 alone */
    { NULL, false, { 0, 10, 11, 13, 5, 18, 23, END } },                        /* an older one */
    { NULL, false, { END } },
    { NULL, false, { 0, 10, 13, END } },
    { NULL, false, { 0, 43, 51, 45, 10, 13, END } }, /* Mbed TLS 3.6 with TLS 1.3 alone: no marks */
    { NULL, false, { 22, END } },
};

static const row answers[] = {
    { "OpenSSL", false, { 65281, 0, 11, 35, 16, 23, END } },
    { "OpenSSL", false, { 65281, 11, 35, 5, 22, 23, END } },
    { "GnuTLS", false, { 11, 16, 23, 35, 65281, 28, END } },
    { "Java", false, { 23, 35, 65281, END } },
    { "Go", false, { 35, 65281, 11, END } },
    { "Go", false, { 35, 65281, 23, 16, 11, END } }, /* 1.24 */
    { "Mbed TLS", false, { 65281, 22, 23, 11, END } },
    { "wolfSSL", false, { 22, 35, 11, 65281, 23, END } },
    { NULL, false, { 23, 65281, 11, 35, 16, END } }, /* BoringSSL */
    { NULL, false, { 11, 23, 65281, END } },         /* NSS, or GnuTLS without tickets */
    { NULL, false, { 65281, 23, END } },             /* many, where RSA exchanges the key */
    { NULL, false, { 43, 51, END } },                /* TLS 1.3 */
    { NULL, false, { 51, 43, END } },
    { NULL, false, { END } },
};

/* rustls 0.20, 1.2 alone; shuffled, as newer ones send it. */
static void webpki_is_known_by_its_schemes(void **state)
{
    static const uint16_t rows[][12] = { { 43, 11, 10, 13, 23, 5, 0, 18, 35, END },
                                         { 0, 35, 23, 10, 13, 11, 5, 43, 51, END } };
    static const struct {
        uint16_t schemes[3];
        bool known;
    } lists[] = { { { 0x0503, 0x0403, 0x0807 }, true }, { { 0x0403, 0x0503, 0x0807 }, false } };
    (void)state;
    assert_null(tw__ignores_common_names(NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        for (size_t j = 0; j < G_N_ELEMENTS(lists); j++) {
            uint16_t extensions[12], schemes[3], suites[] = { 0x1302 };
            tw__hello hello = {
                .is_client = true, .extensions = { extensions, 0 }, .suites = { suites, 1 }, .sigalgs = { schemes, 3 }
            };
            memcpy(schemes, lists[j].schemes, sizeof schemes);
            while ((extensions[hello.extensions.n] = rows[i][hello.extensions.n]) != END)
                hello.extensions.n++;
            assert_int_equal(g_strcmp0(tw__ignores_common_names(&hello), "rustls") == 0, lists[j].known);
            assert_null(tw__library_of(&hello));
            hello.sigalgs.n = 1;
            assert_null(tw__ignores_common_names(&hello));
        }
}

/* Firefox is NSS with another verifier. */
static void firefox_is_known_by_delegated_credentials(void **state)
{
    uint16_t extensions[] = { 0, 23, 65281, 10, 11, 16, 5, 34, 51, 43, 13, 45, 28 }, suites[] = { 0x1301 };
    tw__hello hello = { .is_client = true,
                        .extensions = { extensions, G_N_ELEMENTS(extensions) },
                        .suites = { suites, 1 } };
    (void)state;
    assert_string_equal(tw__library_of(&hello)->name, "NSS");
    assert_string_equal(tw__ignores_common_names(&hello), "Firefox");
    extensions[7] = 18;
    assert_string_equal(tw__library_of(&hello)->name, "NSS");
    assert_null(tw__ignores_common_names(&hello));
}

static void check(const row *rows, size_t n, bool client)
{
    for (size_t i = 0; i < n; i++) {
        uint16_t extensions[20], suites[] = { 0x0a0a, 0xc02b };
        tw__hello hello = { .is_client = client, .extensions = { extensions, 0 }, .suites = { suites, 2 } };
        const tw__library *library;
        if (!rows[i].grease)
            hello.suites = (tw__list){ suites + 1, 1 };
        while (rows[i].extensions[hello.extensions.n] != END) {
            extensions[hello.extensions.n] = rows[i].extensions[hello.extensions.n];
            hello.extensions.n++;
        }
        library = tw__library_of(&hello);
        if (g_strcmp0(library ? library->name : NULL, rows[i].name))
            fail_msg("row %zu is taken for %s and not %s", i, library ? library->name : "none", rows[i].name);
        hello.flaw = "extensions";
        assert_null(tw__library_of(&hello));
    }
}

/* Go 1.24: of the signature of a server's ServerKeyExchange or CertificateVerify, and of a client's. */
static void what_is_said_of_a_signature(void **state)
{
    static const struct {
        bool client;
        uint16_t extensions[11];
        uint8_t alert;
        bool may;
    } rows[] = {
        { true, { 0, 11, 65281, 23, 18, 5, 10, 13, 43, 51, END }, TW_ALERT_ILLEGAL_PARAMETER, true },
        { true, { 0, 11, 65281, 23, 18, 5, 10, 13, 43, 51, END }, TW_ALERT_UNEXPECTED_MESSAGE, true },
        { true, { 0, 11, 65281, 23, 18, 5, 10, 13, 43, 51, END }, TW_ALERT_DECRYPT_ERROR, true },
        { true, { 0, 11, 65281, 23, 18, 5, 10, 13, 43, 51, END }, TW_ALERT_BAD_CERTIFICATE, false },
        { false, { 35, 65281, 23, 16, 11, END }, TW_ALERT_DECRYPT_ERROR, true },
        { false, { 35, 65281, 23, 16, 11, END }, TW_ALERT_BAD_CERTIFICATE, false },
        { true, { 13, 11, 10, 22, 0, 23, END }, TW_ALERT_BAD_CERTIFICATE, true }, /* wolfSSL: it varies */
        { true, { 0, 10, 13, END }, TW_ALERT_BAD_CERTIFICATE, true },             /* who knows */
    };
    (void)state;
    assert_true(tw__may_say_of_signature(NULL, TW_ALERT_BAD_CERTIFICATE));
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        uint16_t extensions[11], suites[] = { 0xc02b };
        tw__hello hello = { .is_client = rows[i].client, .extensions = { extensions, 0 }, .suites = { suites, 1 } };
        while ((extensions[hello.extensions.n] = rows[i].extensions[hello.extensions.n]) != END)
            hello.extensions.n++;
        assert_int_equal(tw__may_say_of_signature(&hello, rows[i].alert), rows[i].may);
    }
}

static void libraries_are_known_by_their_hellos(void **state)
{
    (void)state;
    check(hellos, G_N_ELEMENTS(hellos), true);
    check(answers, G_N_ELEMENTS(answers), false);
    assert_null(tw__library_of(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(libraries_are_known_by_their_hellos),
                                        cmocka_unit_test(what_is_said_of_a_signature),
                                        cmocka_unit_test(webpki_is_known_by_its_schemes),
                                        cmocka_unit_test(firefox_is_known_by_delegated_credentials) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
