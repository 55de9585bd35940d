/* Pseudonyms (words.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tlswhy/words.h"

static tw_anonymizer *anonymizer; /* of the test at hand; NULL: none */

static void begin(void)
{
    tw_anonymizer_free(anonymizer);
    anonymizer = tw_anonymizer_new();
}

static void end(void)
{
    g_clear_pointer(&anonymizer, tw_anonymizer_free);
}

static void expect(tw_private kind, const char *value, const char *pseudonym)
{
    char *text = tw_private_text(anonymizer, kind, g_strdup(value));

    if (value)
        assert_string_equal(text, pseudonym);
    else
        assert_null(text);
    g_free(text);
}

static void off_unless_asked_for(void **state)
{
    (void)state;
    expect(TW_PRIVATE_HOST, "www.example.com", "www.example.com");
    expect(TW_PRIVATE_DN, "CN=alice", "CN=alice");
}

/* In this order: numbers count up. */
static const struct {
    tw_private kind;
    const char *value, *pseudonym;
} rows[] = {
    { TW_PRIVATE_HOST, NULL, NULL },
    { TW_PRIVATE_HOST, "", "" },
    { TW_PRIVATE_HOST, "www.example.com", "host-1" },
    { TW_PRIVATE_HOST, "mail.example.com", "host-2" },
    { TW_PRIVATE_HOST, "WWW.Example.com", "host-1" },
    { TW_PRIVATE_HOST, "www.example.com.", "host-1." },
    { TW_PRIVATE_HOST, "*.example.com", "*.host-3" },
    { TW_PRIVATE_HOST, "example.com", "host-3" },
    { TW_PRIVATE_HOST, "\x1b[31m", "host-4" },
    { TW_PRIVATE_HOST, "10.1.2.3", "192.0.2.1" },
    { TW_PRIVATE_HOST, "fd00::7", "2001:db8::1" },
    { TW_PRIVATE_ENDPOINT, "10.1.2.3:443", "192.0.2.1:443" },
    { TW_PRIVATE_ENDPOINT, "10.1.2.4:50000", "192.0.2.2:50000" },
    { TW_PRIVATE_ENDPOINT, "[fd00::7]:443", "[2001:db8::1]:443" },
    { TW_PRIVATE_ENDPOINT, "[fd00::8]:443", "[2001:db8::2]:443" },
    { TW_PRIVATE_DN, "CN=www.example.com", "CN=host-1" },
    { TW_PRIVATE_DN, "CN=*.example.com,O=Acme\\, Inc.,C=DE", "CN=*.host-3,O=name-1,C=name-2" },
    { TW_PRIVATE_DN, "CN=alice+UID=7,O=acme\\, inc.", "CN=name-3+UID=name-4,O=name-1" },
    { TW_PRIVATE_DN, "CN=a\\=b=c", "CN=name-5" },
    { TW_PRIVATE_DN, "(unreadable name)", "name-6" },
    { TW_PRIVATE_DN, "CN=10.1.2.3", "CN=192.0.2.1" },
    { TW_PRIVATE_DN, "CN=end\\", "CN=name-7" },
    { TW_PRIVATE_IDENTITY, "sensor-17", "identity-1" },
    { TW_PRIVATE_SERIAL, "0a1b2c", "serial-1" },
    { TW_PRIVATE_URL, "http://pki.example.com/ca.crt", "url-1" },
    { TW_PRIVATE_FILE, "/home/alice/roots.pem", "file-1" },
    { TW_PRIVATE_WORDS, "HTTP/1.1 400 Bad Request", "HTTP/1.1 words-1" },
    { TW_PRIVATE_WORDS, "220 mail.example.com ESMTP", "220 words-2" },
    { TW_PRIVATE_WORDS, "SSH-2.0-OpenSSH_9.2", "SSH-2.0 words-3" },
    { TW_PRIVATE_WORDS, "QUIT", "QUIT" },
    { TW_PRIVATE_WORDS, "QUITTER", "words-4" },
    { TW_PRIVATE_WORDS, "192.0.2.7 says no", "words-5" },
    { TW_PRIVATE_WORDS, "hello, alice", "words-6" },
};

static void same_value_same_pseudonym(void **state)
{
    (void)state;
    begin();
    for (int again = 0; again < 2; again++)
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
            expect(rows[i].kind, rows[i].value, rows[i].pseudonym);
    begin();
    expect(TW_PRIVATE_HOST, "other.example.com", "host-1");
    end();
}

static void addresses_do_not_run_out(void **state)
{
    static const struct {
        unsigned n;
        const char *pseudonym;
    } some[] = { { 254, "192.0.2.254:1" },
                 { 255, "198.51.100.1:1" },
                 { 762, "203.0.113.254:1" },
                 { 763, "198.18.0.0:1" },
                 { 763 + 256, "198.18.1.0:1" },
                 { 763 + 65536, "198.19.0.0:1" },
                 { 763 + 131071, "198.19.255.255:1" },
                 { 763 + 131072, "address-131835:1" } };
    size_t next = 0;

    (void)state;
    begin();
    for (unsigned n = 1; next < G_N_ELEMENTS(some); n++) {
        char *text = tw_private_text(anonymizer, TW_PRIVATE_ENDPOINT,
                                     g_strdup_printf("10.%u.%u.%u:1", n >> 16, n >> 8 & 255, n & 255));

        if (n == some[next].n)
            assert_string_equal(text, some[next++].pseudonym);
        g_free(text);
    }
    end();
}

static void values_take_part(void **state)
{
    tw_values *v = tw_values_new(), *copy;

    (void)state;
    tw_values_set_private(v, "name", TW_PRIVATE_HOST, "a\n");
    assert_string_equal(tw_values_get(v, "name"), "a\\x0a");
    tw_values_free(v);
    begin();
    v = tw_values_new_private(anonymizer);
    tw_values_set_private(v, "name", TW_PRIVATE_HOST, "a\n");
    assert_string_equal(tw_values_get(v, "name"), "host-1");
    copy = tw_values_new_above(v);
    tw_values_set_private(copy, "other", TW_PRIVATE_HOST, "b");
    assert_string_equal(tw_values_get(copy, "other"), "host-2");
    tw_values_free(copy);
    tw_values_set_private(v, "name", TW_PRIVATE_HOST, NULL);
    assert_null(tw_values_get(v, "name"));
    tw_values_free(v);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(off_unless_asked_for),
        cmocka_unit_test(same_value_same_pseudonym),
        cmocka_unit_test(addresses_do_not_run_out),
        cmocka_unit_test(values_take_part),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
