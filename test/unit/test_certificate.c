/* A certificate as a list of what stands in it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test_chain.h"
#include "tlswhy/certificate.h"

static tw_certificate *read_one(const char *word, tw_anonymizer *anonymizer)
{
    bool cut;
    GBytes *der = der_of_word(word, &cut);
    tw_certificate *c = tw_certificate_read(der, anonymizer);
    g_bytes_unref(der);
    return c;
}

static void lists_what_stands_in_it(void **state)
{
    tw_certificate *c = read_one("leaf", NULL);
    tw__chain *chain = chain_of("leaf");
    const tw__cert_info *info = tw__chain_cert(chain, 0);
    (void)state;
    assert_string_equal(c->subject, info->subject);
    assert_string_equal(c->issuer, info->issuer);
    assert_string_equal(c->serial, info->serial);
    assert_int_equal(c->not_before, info->not_before);
    assert_int_equal(c->not_after, info->not_after);
    assert_true(c->not_before < c->not_after);
    assert_int_equal(strlen(c->sha256), 64);
    assert_int_equal(c->names->len, 4);
    assert_string_equal(g_ptr_array_index(c->names, 0), "good.example");
    assert_string_equal(g_ptr_array_index(c->names, 2), "192.0.2.1");
    tw__chain_free(chain);
    tw_certificate_free(c);
}

static void has_no_names_without_san(void **state)
{
    tw_certificate *c = read_one("no_san", NULL);
    (void)state;
    assert_int_equal(c->names->len, 0);
    assert_non_null(c->subject);
    tw_certificate_free(c);
}

static void of_what_is_none_knows_the_fingerprint(void **state)
{
    tw_certificate *c = read_one("!leaf", NULL);
    (void)state;
    assert_null(c->subject);
    assert_null(c->issuer);
    assert_null(c->serial);
    assert_non_null(c->sha256);
    assert_int_equal(c->names->len, 0);
    assert_true(c->not_before == TW_TIME_UNKNOWN && c->not_after == TW_TIME_UNKNOWN);
    tw_certificate_free(c);
}

/* Serial number and fingerprint lead to the certificate in public logs. */
static void pseudonyms_hide_all_that_names(void **state)
{
    tw_anonymizer *anonymizer = tw_anonymizer_new();
    tw_certificate *c = read_one("leaf", anonymizer);
    (void)state;
    assert_null(strstr(c->subject, "example"));
    assert_null(strstr(g_ptr_array_index(c->names, 0), "example"));
    assert_string_equal(c->serial, "serial-1");
    assert_null(c->sha256);
    tw_certificate_free(c);
    tw_anonymizer_free(anonymizer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_what_stands_in_it),
        cmocka_unit_test(has_no_names_without_san),
        cmocka_unit_test(of_what_is_none_knows_the_fingerprint),
        cmocka_unit_test(pseudonyms_hide_all_that_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
