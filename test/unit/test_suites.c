/* The tables of cipher suites, versions, groups and signature schemes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tls/messages.h"

static const struct {
    uint16_t id;
    tw__kx kx;
    const char *auth;
    uint8_t hash, overhead;
    const char *name;
} suites[] = {
    { 0x000a, TW_KX_RSA, "RSA", 32, 0, "TLS_RSA_WITH_3DES_EDE_CBC_SHA" },
    { 0x0013, TW_KX_DHE, "DSS", 32, 0, "TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA" },
    { 0x0034, TW_KX_DHE, "anon", 32, 0, "TLS_DH_anon_WITH_AES_128_CBC_SHA" },
    { 0x0035, TW_KX_RSA, "RSA", 32, 0, "TLS_RSA_WITH_AES_256_CBC_SHA" },
    { 0x0037, TW_KX_DHE, "", 32, 0, "TLS_DH_RSA_WITH_AES_256_CBC_SHA" },
    { 0x009d, TW_KX_RSA, "RSA", 48, 24, "TLS_RSA_WITH_AES_256_GCM_SHA384" },
    { 0x00ac, TW_KX_PSK, "RSA", 32, 24, "TLS_RSA_PSK_WITH_AES_128_GCM_SHA256" },
    { 0x00b3, TW_KX_PSK, "PSK", 48, 0, "TLS_DHE_PSK_WITH_AES_256_CBC_SHA384" },
    { 0x00ff, TW_KX_UNKNOWN, "", 32, 0, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV" },
    { 0x1301, TW_KX_TLS13, "", 32, 16, "TLS_AES_128_GCM_SHA256" },
    { 0x1302, TW_KX_TLS13, "", 48, 16, "TLS_AES_256_GCM_SHA384" },
    { 0x1303, TW_KX_TLS13, "", 32, 16, "TLS_CHACHA20_POLY1305_SHA256" },
    { 0x1305, TW_KX_TLS13, "", 32, 8, "TLS_AES_128_CCM_8_SHA256" },
    { 0x5600, TW_KX_UNKNOWN, "", 32, 0, "TLS_FALLBACK_SCSV" },
    { 0xc004, TW_KX_ECDHE, "ECDSA", 32, 0, "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA" },
    { 0xc00e, TW_KX_ECDHE, "ECDSA", 32, 0, "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA" },
    { 0xc014, TW_KX_ECDHE, "RSA", 32, 0, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA" },
    { 0xc018, TW_KX_ECDHE, "anon", 32, 0, "TLS_ECDH_anon_WITH_AES_128_CBC_SHA" },
    { 0xc01e, TW_KX_SRP, "RSA", 32, 0, "TLS_SRP_SHA_RSA_WITH_AES_128_CBC_SHA" },
    { 0xc028, TW_KX_ECDHE, "RSA", 48, 0, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384" },
    { 0xc02b, TW_KX_ECDHE, "ECDSA", 32, 24, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" },
    { 0xc02f, TW_KX_ECDHE, "RSA", 32, 24, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" },
    { 0xc09c, TW_KX_RSA, "RSA", 32, 24, "TLS_RSA_WITH_AES_128_CCM" },
    { 0xc0ae, TW_KX_ECDHE, "ECDSA", 32, 16, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8" },
    { 0xcca8, TW_KX_ECDHE, "RSA", 32, 16, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256" },
};

static void test_suites(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(suites); i++) {
        const tw__suite *suite = tw__suite_get(suites[i].id);

        assert_non_null(suite);
        assert_int_equal(suite->id, suites[i].id);
        assert_string_equal(suite->name, suites[i].name);
        assert_int_equal(suite->kx, suites[i].kx);
        assert_string_equal(suite->auth, suites[i].auth);
        assert_int_equal(suite->hash, suites[i].hash);
        assert_int_equal(suite->overhead, suites[i].overhead);
    }
}

/* The search wants the rows sorted, and a row that it does not find is one out of place. */
static void test_every_row_is_found(void **state)
{
    static const uint16_t ids[] = {
#define SUITE(id, kx, auth, hash, overhead, name) id,
#include "catalogue/suites.def"
#undef SUITE
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
        const tw__suite *suite = tw__suite_get(ids[i]);

        assert_true(i == 0 || ids[i] > ids[i - 1]);
        assert_non_null(suite);
        assert_int_equal(suite->id, ids[i]);
        assert_true(suite->hash == 32 || suite->hash == 48 || suite->hash == 64);
    }
}

/* As above, of OpenSSL's names. */
static void test_openssl_names_are_sorted(void **state)
{
    static const uint16_t of_suites[] = {
#define OPENSSL_SUITE(id, name) id,
#include "catalogue/openssl.def"
    };
    static const uint16_t of_groups[] = {
#define OPENSSL_GROUP(id, name) id,
#include "catalogue/openssl.def"
    };
    static const uint16_t of_schemes[] = {
#define OPENSSL_SCHEME(id, name) id,
#include "catalogue/openssl.def"
    };

    (void)state;
    for (size_t i = 1; i < G_N_ELEMENTS(of_suites); i++)
        assert_true(of_suites[i] > of_suites[i - 1]);
    for (size_t i = 1; i < G_N_ELEMENTS(of_groups); i++)
        assert_true(of_groups[i] > of_groups[i - 1]);
    for (size_t i = 1; i < G_N_ELEMENTS(of_schemes); i++)
        assert_true(of_schemes[i] > of_schemes[i - 1]);
}

static void test_unknown_suites(void **state)
{
    static const uint16_t ids[] = { 0x0a0a, 0xfafa, 0x1308, 0x00c8, 0xffff };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++)
        assert_null(tw__suite_get(ids[i]));
}

static void test_versions(void **state)
{
    static const struct {
        uint16_t version, as_tls, final;
        bool dtls;
        const char *name;
    } versions[] = {
        { TW_SSL2, TW_SSL2, TW_SSL2, false, "SSL 2.0" },
        { TW_SSL3, TW_SSL3, TW_SSL3, false, "SSL 3.0" },
        { TW_TLS12, TW_TLS12, TW_TLS12, false, "TLS 1.2" },
        { TW_TLS13, TW_TLS13, TW_TLS13, false, "TLS 1.3" },
        { 0x0305, 0x0305, 0x0305, false, NULL },
        { 0x7f1c, TW_TLS13, TW_TLS13, false, "TLS 1.3 (draft)" },
        { 0xfb1a, TW_TLS13, TW_TLS13, false, "TLS 1.3 (draft)" }, /* Facebook's */
        { TW_DTLS10, TW_TLS11, TW_DTLS10, true, "DTLS 1.0" },
        { TW_DTLS12, TW_TLS12, TW_DTLS12, true, "DTLS 1.2" },
        { TW_DTLS13, TW_TLS13, TW_DTLS13, true, "DTLS 1.3" },
        { 0x0100, TW_TLS11, 0x0100, true, "DTLS 1.0 (before RFC 4347)" },
        { 0x7a7a, 0, 0x7a7a, false, NULL },
        { 0, 0, 0, false, NULL },
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(versions); i++) {
        const char *name = tw__version_name(versions[i].version);

        assert_int_equal(tw__version_as_tls(versions[i].version), versions[i].as_tls);
        assert_int_equal(tw__version_final(versions[i].version), versions[i].final);
        assert_int_equal(tw__version_is_dtls(versions[i].version), versions[i].dtls);
        assert_string_equal(name ? name : "-", versions[i].name ? versions[i].name : "-");
    }
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(tw__group_name(23), "secp256r1");
    assert_string_equal(tw__group_name(29), "x25519");
    assert_string_equal(tw__group_name(0x0100), "ffdhe2048");
    assert_string_equal(tw__group_name(0x11ec), "X25519MLKEM768");
    assert_null(tw__group_name(0x0a0a));
    assert_string_equal(tw__scheme_name(0x0804), "rsa_pss_rsae_sha256");
    assert_string_equal(tw__scheme_name(0x0201), "rsa_pkcs1_sha1");
    assert_string_equal(tw__scheme_name(0x0905), "mldsa65");
    assert_null(tw__scheme_name(0));
}

static void test_grease(void **state)
{
    unsigned n = 0;

    (void)state;
    for (unsigned value = 0; value <= 0xffff; value++)
        n += tw__is_grease((uint16_t)value);
    assert_int_equal(n, 16);
    assert_true(tw__is_grease(0x0a0a) && tw__is_grease(0xfafa));
    assert_false(tw__is_grease(0x0a1a));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_suites),
        cmocka_unit_test(test_every_row_is_found),
        cmocka_unit_test(test_openssl_names_are_sorted),
        cmocka_unit_test(test_unknown_suites),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_grease),
    };

    return cmocka_run_group_tests_name("suites", tests, NULL, NULL);
}
