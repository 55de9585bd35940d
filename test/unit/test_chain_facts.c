/* What a chain tells beside its faults: facts of a certificate, names, handshake signatures, stapled OCSP
 * responses, trusted roots.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test_chain.h"
#include "x509/chain_internal.h"

/* ---- tw__chain_cert ---- */

static const struct {
    const char *name, *key_type;
    unsigned bits;
    const char *curve, *signature;
    tw_tri ca, self_signed;
    bool self_issued, san, staple;
} infos[] = {
    { "leaf", "ECDSA", 256, "secp256r1", "ECDSA-SHA256", TW_NO, TW_NO, false, true, false },
    { "inter", "ECDSA", 256, "secp256r1", "RSA-SHA256", TW_YES, TW_NO, false, false, false },
    { "root", "RSA", 2048, "", "RSA-SHA256", TW_YES, TW_YES, true, false, false },
    { "~root", "RSA", 2048, "", "RSA-SHA256", TW_YES, TW_NO, true, false, false },
    { "rollover", "ECDSA", 256, "secp256r1", "ECDSA-SHA256", TW_YES, TW_NO, true, true, false },
    { "root_weak", "RSA", 1024, "", "RSA-SHA1", TW_YES, TW_YES, true, false, false },
    { "v1_root", "RSA", 2048, "", "RSA-SHA256", TW_UNSEEN, TW_YES, true, false, false },
    { "not_ca", "ECDSA", 256, "secp256r1", "RSA-SHA256", TW_NO, TW_NO, false, false, false },
    { "no_bc", "ECDSA", 256, "secp256r1", "RSA-SHA256", TW_NO, TW_NO, false, false, false },
    { "pss_root", "RSA", 2048, "", "RSA-PSS-SHA256", TW_YES, TW_YES, true, false, false },
    { "pss", "RSA-PSS", 2048, "", "ECDSA-SHA256", TW_NO, TW_NO, false, true, false },
    { "p384", "ECDSA", 384, "secp384r1", "ECDSA-SHA256", TW_NO, TW_NO, false, true, false },
    { "p192", "ECDSA", 192, "secp192r1", "ECDSA-SHA256", TW_NO, TW_NO, false, true, false },
    { "p224", "ECDSA", 224, "secp224r1", "ECDSA-SHA256", TW_NO, TW_NO, false, true, false },
    { "brainpool", "ECDSA", 256, "brainpoolP256r1", "ECDSA-SHA256", TW_NO, TW_NO, false, true, false },
    { "ed25519", "Ed25519", 256, "", "ECDSA-SHA256", TW_NO, TW_NO, false, true, false },
    { "dsa", "DSA", 2048, "", "ECDSA-SHA256", TW_NO, TW_NO, false, true, false },
    { "md5", "ECDSA", 256, "secp256r1", "RSA-MD5", TW_NO, TW_NO, false, true, false },
    { "staple", "ECDSA", 256, "secp256r1", "ECDSA-SHA256", TW_NO, TW_NO, false, true, true },
    { "no_san", "ECDSA", 256, "secp256r1", "ECDSA-SHA256", TW_NO, TW_NO, false, false, false },
};

static void knows_facts(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(infos); i++) {
        tw__chain *chain = chain_of(infos[i].name);
        const tw__cert_info *info = tw__chain_cert(chain, 0);

        assert_true(info->parsed);
        assert_string_equal(info->key_type, infos[i].key_type);
        assert_int_equal(info->key_bits, infos[i].bits);
        assert_string_equal(info->curve, infos[i].curve);
        assert_string_equal(info->sig_algorithm, infos[i].signature);
        assert_int_equal(info->is_ca, infos[i].ca);
        assert_int_equal(chain_self_signed(&chain->certs[0]), infos[i].self_signed);
        assert_int_equal(info->self_issued, infos[i].self_issued);
        assert_int_equal(info->has_san, infos[i].san);
        assert_int_equal(info->must_staple, infos[i].staple);
        assert_true(strlen(info->serial) >= 8);
        tw__chain_free(chain);
    }
}

static void knows_names_and_dates(void **state)
{
    tw__chain *chain = chain_of("expired forever old empty_subject !leaf leaf/");

    (void)state;
    assert_string_equal(tw__chain_cert(chain, 0)->subject, "CN=expired.example,O=tlswhy");
    assert_string_equal(tw__chain_cert(chain, 0)->issuer, "CN=Test Intermediate,O=tlswhy");
    assert_int_equal(tw__chain_cert(chain, 0)->not_before, 1609459200);
    assert_int_equal(tw__chain_cert(chain, 0)->not_after, 1651406400);
    assert_true(tw__chain_cert(chain, 1)->not_after == INT64_C(253402300799));
    assert_true(tw__chain_cert(chain, 2)->not_before == INT64_C(-631152000));
    assert_true(tw__chain_cert(chain, 4)->not_before == TW_TIME_UNKNOWN);
    assert_string_equal(tw__chain_cert(chain, 3)->subject, "");
    assert_false(tw__chain_cert(chain, 4)->parsed);
    assert_string_equal(tw__chain_cert(chain, 4)->subject, "");
    assert_string_equal(tw__chain_cert(chain, 5)->serial, "");
    assert_int_equal(tw__chain_length(chain), 6);
    assert_null(tw__chain_cert(chain, 6));
    tw__chain_free(chain);
    tw__chain_free(NULL);
}

/* ---- bounds ---- */

static tw__chain *chain_of_copies(const char *name, unsigned n)
{
    GPtrArray *ders = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    bool cut;
    tw__chain *chain;

    for (unsigned i = 0; i < n; i++)
        g_ptr_array_add(ders, der_of_word(name, &cut));
    chain = tw__chain_new(NULL, ders, false);
    g_ptr_array_unref(ders);
    return chain;
}

static void bounds_chains(void **state)
{
    tw__chain *chain = chain_of_copies("leaf", 500);
    GPtrArray *faults = tw__chain_examine(chain, TW_SERVER, 1714564800, NULL, false);

    (void)state;
    assert_int_equal(tw__chain_length(chain), TW_CHAIN_MAX);
    assert_int_equal(tw__chain_unexamined(chain), 500 - TW_CHAIN_MAX);
    assert_int_equal(faults->len, 0); /* the issuer may stand further on */
    g_ptr_array_unref(faults);
    tw__chain_free(chain);
}

static void skips_what_is_too_large(void **state)
{
    static const uint8_t byte[] = { 1 };
    GPtrArray *ders = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    tw__chain *chain;
    GPtrArray *faults;

    (void)state;
    g_ptr_array_add(ders, g_bytes_new_take(g_malloc0(TW_CERT_MAX_BYTES + 1), TW_CERT_MAX_BYTES + 1));
    g_ptr_array_add(ders, g_bytes_new(NULL, 0));
    chain = tw__chain_new(NULL, ders, false);
    faults = tw__chain_examine(chain, TW_SERVER, 1714564800, "x", true);
    assert_int_equal(tw__chain_length(chain), 2);
    assert_int_equal(tw__chain_unexamined(chain), 1);
    assert_int_equal(faults->len, 1);
    assert_int_equal(((tw__fault *)g_ptr_array_index(faults, 0))->cert, 1);
    assert_int_equal(tw__chain_leaf_verifies(chain, 0x0401, byte, 1, byte, 1), TW_UNSEEN);
    g_ptr_array_unref(faults);
    tw__chain_free(chain);
    g_ptr_array_unref(ders);
    chain = tw__chain_new(NULL, NULL, false);
    assert_int_equal(tw__chain_length(chain), 0);
    assert_null(tw__chain_cert(chain, 0));
    tw__chain_free(chain);
}

/* ---- names ---- */

/* SEQUENCE { SET { SEQUENCE { O, value } } SET { SEQUENCE { CN, value } } } with a string type each */
static const char test_root_utf8[] = "0%1\x0f"
                                     "0\x0d\x06\x03\x55\x04\x0a\x0c\x06"
                                     "tlswhy"
                                     "1\x12"
                                     "0\x10\x06\x03\x55\x04\x03\x0c\x09"
                                     "Test Root";
static const char test_root_printable[] = "0%1\x0f"
                                          "0\x0d\x06\x03\x55\x04\x0a\x13\x06"
                                          "TLSWHY"
                                          "1\x12"
                                          "0\x10\x06\x03\x55\x04\x03\x13\x09"
                                          "test root";
static const char test_root_spaces[] = "0(1\x11"
                                       "0\x0f\x06\x03\x55\x04\x0a\x0c\x08"
                                       " tlswhy "
                                       "1\x13"
                                       "0\x11\x06\x03\x55\x04\x03\x0c\x0a"
                                       "Test  Root";
static const char test_root_bmp[] = "0.1\x0f"
                                    "0\x0d\x06\x03\x55\x04\x0a\x0c\x06"
                                    "tlswhy"
                                    "1\x1b"
                                    "0\x19\x06\x03\x55\x04\x03\x1e\x12"
                                    "\0T\0e\0s\0t\0 \0R\0o\0o\0t";
static const char test_rook[] = "0%1\x0f"
                                "0\x0d\x06\x03\x55\x04\x0a\x0c\x06"
                                "tlswhy"
                                "1\x12"
                                "0\x10\x06\x03\x55\x04\x03\x0c\x09"
                                "Test Rook";
static const char test_type[] = "0%1\x0f"
                                "0\x0d\x06\x03\x55\x04\x0b\x0c\x06"
                                "tlswhy"
                                "1\x12"
                                "0\x10\x06\x03\x55\x04\x03\x0c\x09"
                                "Test Root";
static const char broken[] = "0%1\x0f"
                             "0\x0d\x06\x03\x55";

#define DN(name) name, sizeof name - 1

static const struct {
    const char *chain, *dn;
    size_t len;
    tw_tri issued;
} issued[] = {
    { "leaf inter", DN(test_root_utf8), TW_YES },
    { "leaf inter", DN(test_root_printable), TW_YES },
    { "leaf inter", DN(test_root_spaces), TW_YES },
    { "leaf inter", DN(test_root_bmp), TW_YES },
    { "root", DN(test_root_utf8), TW_YES },
    { "leaf inter", DN(test_rook), TW_NO },
    { "leaf inter", DN(test_type), TW_NO },
    { "leaf inter", DN(broken), TW_NO },
    { "leaf inter", "", 0, TW_NO },
    { "leaf", DN(test_root_utf8), TW_NO },
    { "leaf inter/", DN(test_root_utf8), TW_UNSEEN },
    { "!leaf inter", DN(test_root_utf8), TW_YES },
    { "!leaf", DN(test_root_utf8), TW_UNSEEN },
    { "", DN(test_root_utf8), TW_UNSEEN },
};

static void compares_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(issued); i++) {
        tw__chain *chain = chain_of(issued[i].chain);
        GPtrArray *dns = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

        g_ptr_array_add(dns, g_bytes_new_static(DN(test_rook)));
        g_ptr_array_add(dns, g_bytes_new_static(issued[i].dn, issued[i].len));
        assert_int_equal(tw__chain_issued_by_any(chain, dns), issued[i].issued);
        g_ptr_array_unref(dns);
        tw__chain_free(chain);
    }
}

static const char comma[] = "0\x17"
                            "1\x15"
                            "0\x13\x06\x03\x55\x04\x0a\x0c\x0c"
                            "Example, \x1b\\x";

static const struct {
    const char *dn;
    size_t len;
    const char *text;
} texts[] = {
    { DN(test_root_utf8), "CN=Test Root,O=tlswhy" },
    { DN(test_root_bmp), "CN=Test Root,O=tlswhy" },
    { DN(comma), "O=Example\\, \\x1b\\\\x" },
    { DN("0\0"), "" },
    { DN(broken), "(unreadable name)" },
    { "", 0, "(unreadable name)" },
    { DN("\xff\xff\xff"), "(unreadable name)" },
};

static void shows_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        GBytes *der = g_bytes_new_static(texts[i].dn, texts[i].len);
        char *text = tw__dn_text(NULL, der);

        assert_string_equal(text, texts[i].text);
        g_free(text);
        g_bytes_unref(der);
    }
}

/* ---- handshake signatures ---- */

static const struct {
    const char *leaf;
    uint16_t scheme;
    const char *signature;
    tw_tri verifies;
} signatures[] = {
    { "rsa", 0x0101, "rsa_md5", TW_YES },
    { "rsa", 0x0201, "rsa_sha1", TW_YES },
    { "rsa", 0x0401, "rsa_sha256", TW_YES },
    { "rsa", 0x0501, "rsa_sha384", TW_YES },
    { "rsa", 0x0601, "rsa_sha512", TW_YES },
    { "rsa", 0x0804, "rsa_pss_sha256", TW_YES },
    { "rsa", 0x0805, "rsa_pss_sha384", TW_YES },
    { "rsa", 0x0806, "rsa_pss_sha512", TW_YES },
    { "pss", 0x0809, "pss_sha256", TW_YES },
    { "p384", 0x0203, "p384_sha1", TW_YES },
    { "p384", 0x0403, "p384_sha256", TW_YES },
    { "p384", 0x0503, "p384_sha384", TW_YES },
    { "p384", 0x0603, "p384_sha512", TW_YES },
    { "dsa", 0x0202, "dsa_sha1", TW_YES },
    { "dsa", 0x0402, "dsa_sha256", TW_YES },
    { "ed25519", 0x0807, "ed25519", TW_YES },
    { "rsa", 0, "rsa_md5_sha1", TW_YES },
    { "p384", 0, "p384_sha1", TW_YES },
    { "dsa", 0, "dsa_sha1", TW_YES },
    /* another hash, another form, another key */
    { "rsa", 0x0401, "rsa_sha1", TW_NO },
    { "rsa", 0x0804, "rsa_sha256", TW_NO },
    { "rsa", 0x0401, "rsa_pss_sha256", TW_NO },
    { "rsa", 0, "rsa_sha1", TW_NO },
    { "rsa", 0, "p384_sha1", TW_NO },
    { "rsa1024", 0x0401, "rsa_sha256", TW_NO },
    { "p384", 0x0403, "p384_sha384", TW_NO },
    { "p384", 0x0403, "rsa_sha256", TW_NO }, /* no DER at all */
    { "leaf", 0x0403, "p384_sha256", TW_NO },
    { "ed25519", 0x0807, "rsa_sha256", TW_NO },
    { "ed25519", 0x0403, "p384_sha256", TW_NO },
    { "rsa", 0x0403, "p384_sha256", TW_NO },
    { "dsa", 0x0402, "dsa_sha1", TW_NO },
    /* what cannot be examined */
    { "rsa", 0x0708, "rsa_sha256", TW_UNSEEN },
    { "rsa", 0xffff, "rsa_sha256", TW_UNSEEN },
    { "!rsa", 0x0401, "rsa_sha256", TW_UNSEEN },
    { "rsa/", 0x0401, "rsa_sha256", TW_UNSEEN },
    { "brainpool", 0x0403, "p384_sha256", TW_UNSEEN },
    { "ed25519", 0, "ed25519", TW_UNSEEN },
    { "", 0x0401, "rsa_sha256", TW_UNSEEN },
};

static tw_tri leaf_verifies(const char *leaf, uint16_t scheme, const char *signature, const char *data)
{
    tw__chain *chain = chain_of(leaf);
    GBytes *bytes = hex_of(signature, ".sig");
    gsize len;
    const uint8_t *sig = g_bytes_get_data(bytes, &len);
    tw_tri result = tw__chain_leaf_verifies(chain, scheme, (const uint8_t *)data, strlen(data), sig, len);

    g_bytes_unref(bytes);
    tw__chain_free(chain);
    return result;
}

static void verifies_signatures(void **state)
{
    unsigned wrong = 0;

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(signatures); i++) {
        tw_tri result = leaf_verifies(signatures[i].leaf, signatures[i].scheme, signatures[i].signature, "tlswhy");
        tw_tri other = leaf_verifies(signatures[i].leaf, signatures[i].scheme, signatures[i].signature, "tlswhi");

        if (result != signatures[i].verifies || other == TW_YES || (result == TW_YES && other != TW_NO)) {
            print_error("%s %04x %s: %d %d\n", signatures[i].leaf, signatures[i].scheme, signatures[i].signature,
                        result, other);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

/* ---- OCSP ---- */

#define Y2001 INT64_C(1000000000)
#define Y2060 INT64_C(2850000000)
#define Y2200 INT64_C(7260000000)

static const struct {
    const char *chain, *response;
    int64_t at;
    tw__ocsp_verdict verdict;
} ocsps[] = {
    { "leaf inter", "good", Y2060, TW_OCSP_GOOD },
    { "leaf inter", "good", 0, TW_OCSP_GOOD },
    { "leaf", "good", Y2060, TW_OCSP_GOOD },
    { "leaf inter", "good", Y2001, TW_OCSP_NOT_YET_VALID },
    { "leaf inter", "good", Y2200, TW_OCSP_EXPIRED },
    { "leaf inter", "good_delegate", Y2060, TW_OCSP_GOOD },
    { "leaf inter", "good_nocert", Y2060, TW_OCSP_BAD_SIGNATURE }, /* nobody knows who signed it */
    { "leaf inter", "foreign_signer", Y2060, TW_OCSP_BAD_SIGNATURE },
    { "leaf inter_cross", "good", Y2060, TW_OCSP_GOOD },
    { "leaf", "foreign_signer", Y2060, TW_OCSP_GOOD }, /* no issuer to hold it against */
    { "rsa inter", "revoked", Y2060, TW_OCSP_REVOKED },
    { "rsa inter", "revoked", Y2200, TW_OCSP_REVOKED_IN_DOUBT },
    { "p384 inter", "unknown", Y2060, TW_OCSP_UNKNOWN },
    { "leaf inter", "revoked", Y2060, TW_OCSP_OTHER_CERT },
    { "leaf_noaia inter", "good", Y2060, TW_OCSP_OTHER_CERT },
    { "leaf inter", "try_later", Y2060, TW_OCSP_ERROR_STATUS },
    { "!leaf inter", "good", Y2060, TW_OCSP_UNEXAMINED },
    { "", "good", Y2060, TW_OCSP_UNEXAMINED },
};

static void judges_ocsp(void **state)
{
    unsigned wrong = 0;

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(ocsps); i++) {
        tw__chain *chain = chain_of(ocsps[i].chain);
        GBytes *response = hex_of(ocsps[i].response, ".ocsp");
        tw__ocsp_verdict verdict = tw__chain_check_ocsp(chain, response, ocsps[i].at, NULL);

        if (verdict != ocsps[i].verdict) {
            print_error("%s, %s, %" G_GINT64_FORMAT ": %d\n", ocsps[i].chain, ocsps[i].response, ocsps[i].at,
                        verdict);
            wrong++;
        }
        g_bytes_unref(response);
        tw__chain_free(chain);
    }
    assert_int_equal(wrong, 0);
}

static void fills_ocsp_values(void **state)
{
    tw__chain *chain = chain_of("rsa inter");
    GBytes *response = hex_of("revoked", ".ocsp"), *broken_response = g_bytes_new_static("0\x03\x0a\x01", 4),
           *later = hex_of("try_later", ".ocsp");
    tw_values *v = tw_values_new();

    (void)state;
    tw__chain_check_ocsp(chain, response, Y2060, v);
    assert_string_equal(tw_values_get(v, "status"), "revoked");
    assert_string_equal(tw_values_get(v, "revoked_at"), "2023-06-01 00:00:00 UTC");
    assert_string_equal(tw_values_get(v, "certificate"), "CN=rsa.example,O=tlswhy");
    assert_string_equal(tw_values_get(v, "serial"), tw__chain_cert(chain, 0)->serial);
    assert_non_null(tw_values_get(v, "this_update"));
    assert_non_null(tw_values_get(v, "next_update"));
    assert_int_equal(tw__chain_check_ocsp(chain, later, Y2060, v), TW_OCSP_ERROR_STATUS);
    assert_string_equal(tw_values_get(v, "status"), "tryLater");
    assert_int_equal(tw__chain_check_ocsp(chain, broken_response, Y2060, v), TW_OCSP_UNREADABLE);
    tw_values_free(v);
    g_bytes_unref(later);
    g_bytes_unref(broken_response);
    g_bytes_unref(response);
    tw__chain_free(chain);
}

/* ---- roots ---- */

static const struct {
    const char *chain;
    tw_tri anchored;
} anchors[] = {
    { "leaf inter", TW_YES },     { "leaf inter root", TW_YES },
    { "leaf_root", TW_YES },      { "leaf inter_cross", TW_YES },
    { "root", TW_YES },           { "leaf", TW_NO },
    { "leaf ~inter", TW_NO },     { "leaf_v1_root v1_root", TW_NO },
    { "self_signed", TW_NO },     { "leaf inter/", TW_UNSEEN },
    { "!leaf inter", TW_UNSEEN }, { "", TW_UNSEEN },
};

static void anchors_chains(void **state)
{
    char *file = cert_file("roots", ".pem"), *error = NULL;
    tw__roots *roots = tw__roots_load(NULL, file, &error);

    (void)state;
    assert_non_null(roots);
    assert_null(error);
    for (size_t i = 0; i < G_N_ELEMENTS(anchors); i++) {
        tw__chain *chain = chain_of(anchors[i].chain);

        assert_int_equal(tw__roots_anchor(roots, chain), anchors[i].anchored);
        assert_int_equal(tw__roots_anchor(NULL, chain), TW_UNSEEN);
        tw__chain_free(chain);
    }
    tw__roots_free(roots);
    tw__roots_free(NULL);
    g_free(file);
}

static void reports_unreadable_roots(void **state)
{
    static const char *const names[][2] = { { "none", ".pem" }, { "good", ".ocsp" } };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        char *file = cert_file(names[i][0], names[i][1]), *error = NULL;

        assert_null(tw__roots_load(NULL, file, NULL));
        assert_null(tw__roots_load(NULL, file, &error));
        assert_non_null(strstr(error, names[i][0]));
        g_free(error);
        g_free(file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_facts),
        cmocka_unit_test(knows_names_and_dates),
        cmocka_unit_test(bounds_chains),
        cmocka_unit_test(skips_what_is_too_large),
        cmocka_unit_test(compares_names),
        cmocka_unit_test(shows_names),
        cmocka_unit_test(verifies_signatures),
        cmocka_unit_test(judges_ocsp),
        cmocka_unit_test(fills_ocsp_values),
        cmocka_unit_test(anchors_chains),
        cmocka_unit_test(reports_unreadable_roots),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
