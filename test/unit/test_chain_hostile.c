/* Damaged and malicious certificates: whatever the bytes, an answer comes, soon, and nothing leaks
 * (the checked build sees to the memory).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "test_chain.h"

#define ROUNDS      3000
#define SECONDS_MAX 20 /* of processor, for what takes 2 at most */

/* The address sanitizer moves a block whenever it grows, which GnuTLS has it do for each name. */
#if defined(__SANITIZE_ADDRESS__)
#define COPIES 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define COPIES 1
#endif
#endif
#ifndef COPIES
#define COPIES TW_CHAIN_MAX
#endif

static const char *const seeds[] = { "leaf",          "inter",     "root",      "limited",  "no_san",
                                     "rsa",           "p384",      "dsa",       "ed25519",  "pss",
                                     "staple",        "email_san", "client",    "leaf_pss", "forever",
                                     "control_names", "nul_san",   "brainpool", "naming" };

static void mutate(GRand *random, GByteArray *der)
{
    for (int i = g_rand_int_range(random, 0, 4); i >= 0; i--) {
        guint at = (guint)g_rand_int_range(random, 0, (gint32)der->len);

        switch (g_rand_int_range(random, 0, 5)) {
        case 0: g_byte_array_set_size(der, at + 1); break;
        case 1: g_byte_array_remove_index(der, at); break;
        case 2: der->data[at] ^= (guint8)(1 << g_rand_int_range(random, 0, 8)); break;
        default: der->data[at] = (guint8)g_rand_int_range(random, 0, 256);
        }
        if (der->len == 0)
            return;
    }
}

/* Every function that takes a chain. */
static void ask_everything(const GPtrArray *ders, bool cut, GBytes *ocsp)
{
    static const uint16_t schemes[] = { 0, 0x0401, 0x0403, 0x0804, 0x0807 };
    tw__chain *chain = tw__chain_new(NULL, ders, cut);
    tw_values *v = tw_values_new();
    uint8_t bytes[64] = { 0x30, 0x3e };

    for (unsigned i = 0; i < tw__chain_length(chain); i++)
        assert_true(g_utf8_validate(tw__chain_cert(chain, i)->subject, -1, NULL));
    for (tw_side side = TW_SIDE_UNKNOWN; side <= TW_SERVER; side++) {
        GPtrArray *faults = tw__chain_examine(chain, side, 1714564800, "good.example", side == TW_SERVER);
        g_ptr_array_unref(faults);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++)
        assert_int_not_equal(tw__chain_leaf_verifies(chain, schemes[i], bytes, 10, bytes, sizeof bytes), TW_YES);
    tw__chain_issued_by_any(chain, ders);
    tw__chain_ends_at_root(chain);
    tw__chain_check_ocsp(chain, ocsp, 1714564800, v);
    tw_values_free(v);
    tw__chain_free(chain);
}

static void survives_mutations(void **state)
{
    GRand *random = g_rand_new_with_seed(20240501);
    GBytes *ocsp = hex_of("good", ".ocsp");

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        GPtrArray *ders = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
        GByteArray *der = der_of(seeds[(size_t)round % G_N_ELEMENTS(seeds)]), *above = der_of("inter");

        mutate(random, der);
        if (round % 3 == 0)
            mutate(random, above);
        g_ptr_array_add(ders, g_byte_array_free_to_bytes(der));
        g_ptr_array_add(ders, g_byte_array_free_to_bytes(above));
        ask_everything(ders, round % 7 == 0, ocsp);
        g_ptr_array_unref(ders);
    }
    g_bytes_unref(ocsp);
    g_rand_free(random);
}

static void survives_truncation(void **state)
{
    GByteArray *der = der_of("leaf");
    GBytes *ocsp = hex_of("good_delegate", ".ocsp");

    (void)state;
    for (guint len = 0; len <= der->len; len++) {
        GPtrArray *ders = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

        g_ptr_array_add(ders, g_bytes_new(der->data, len));
        ask_everything(ders, false, ocsp);
        g_ptr_array_unref(ders);
    }
    g_bytes_unref(ocsp);
    g_byte_array_unref(der);
}

static void survives_mutated_ocsp(void **state)
{
    static const char *const names[] = { "good", "good_delegate", "revoked", "try_later" };
    GRand *random = g_rand_new_with_seed(7);
    tw__chain *chain = chain_of("leaf inter");

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        GByteArray *bytes = g_bytes_unref_to_array(hex_of(names[round % 4], ".ocsp"));
        tw_values *v = tw_values_new();
        GBytes *response;

        mutate(random, bytes);
        response = g_byte_array_free_to_bytes(bytes);
        tw__chain_check_ocsp(chain, response, 1714564800, v);
        g_bytes_unref(response);
        tw_values_free(v);
    }
    tw__chain_free(chain);
    g_rand_free(random);
}

/* ---- certificates made to be slow ---- */

/* Puts a header of TAG before what OUT has from START on. */
static void wrap(GByteArray *out, guint start, guint8 tag)
{
    guint len = out->len - start;
    guint8 header[5] = { tag, 0x83, (guint8)(len >> 16), (guint8)(len >> 8), (guint8)len };
    guint8 *rest = g_malloc(len + 1);
    guint header_len = 5;

    memcpy(rest, out->data + start, len);
    if (len < 0x80) {
        header[1] = (guint8)len;
        header_len = 2;
    } else if (len < 0x100) {
        header[1] = 0x81;
        header[2] = (guint8)len;
        header_len = 3;
    } else if (len < 0x10000) {
        header[1] = 0x82;
        header[2] = (guint8)(len >> 8);
        header[3] = (guint8)len;
        header_len = 4;
    }
    g_byte_array_set_size(out, start);
    g_byte_array_append(out, header, header_len);
    g_byte_array_append(out, rest, len);
    g_free(rest);
}

static void put(GByteArray *out, const char *bytes, guint len)
{
    g_byte_array_append(out, (const guint8 *)bytes, len);
}

#define PUT(out, literal) put(out, literal, sizeof literal - 1)

typedef struct {
    unsigned name_parts, alt_names, extensions, constraints, purposes, modulus, exponent;
} shape;

static void put_name(GByteArray *out, unsigned parts)
{
    guint start = out->len;

    for (unsigned i = 0; i < parts; i++)
        PUT(out, "\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01x");
    wrap(out, start, 0x30);
}

/* An extension whose value is a sequence of COUNT times ITEM. */
static void put_list(GByteArray *out, char oid_end, const char *item, guint item_len, unsigned count, bool tagged)
{
    guint start = out->len, value;

    if (count == 0)
        return;
    PUT(out, "\x06\x03\x55\x1d");
    put(out, &oid_end, 1);
    value = out->len;
    for (unsigned i = 0; i < count; i++)
        put(out, item, item_len);
    if (tagged)
        wrap(out, value, 0xa0);
    wrap(out, value, 0x30);
    wrap(out, value, 0x04);
    wrap(out, start, 0x30);
}

static void put_extensions(GByteArray *out, const shape *s)
{
    guint start = out->len;

    for (unsigned i = 0; i < s->extensions; i++) {
        char extension[] = "\x30\x0b\x06\x05\x2a\x03\x04\x00\x00\x04\x02\x05\x00";
        extension[7] = (char)(((i >> 7) + 1) | 0x80);
        extension[8] = (char)(i & 0x7f);
        put(out, extension, 13);
    }
    put_list(out, 17, "\x82\x01x", 3, s->alt_names, false);
    put_list(out, 30, "\x30\x03\x82\x01y", 5, s->constraints, true);
    put_list(out, 37, "\x06\x01\x2a", 3, s->purposes, false);
    wrap(out, start, 0x30);
    wrap(out, start, 0xa3);
}

static void put_key(GByteArray *out, const shape *s)
{
    guint start = out->len, bits, key;
    guint8 *filler = g_malloc(65536);

    memset(filler, 0x7f, 65536);
    PUT(out, "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00");
    bits = out->len;
    PUT(out, "\0");
    key = out->len;
    g_byte_array_append(out, filler, s->modulus);
    wrap(out, key, 0x02);
    bits = out->len;
    g_byte_array_append(out, filler, s->exponent);
    wrap(out, bits, 0x02);
    wrap(out, key, 0x30);
    bits = key - 1;
    wrap(out, bits, 0x03);
    wrap(out, start, 0x30);
    g_free(filler);
}

static GBytes *make_cert(const shape *s, unsigned serial)
{
    GByteArray *out = g_byte_array_new();
    guint8 number = (guint8)(serial & 0x7f);

    PUT(out, "\xa0\x03\x02\x01\x02\x02\x01");
    g_byte_array_append(out, &number, 1);
    PUT(out, "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00");
    put_name(out, s->name_parts);
    PUT(out, "\x30\x1e\x17\x0d"
             "200101000000Z"
             "\x17\x0d"
             "400101000000Z");
    put_name(out, s->name_parts);
    put_key(out, s);
    put_extensions(out, s);
    wrap(out, 0, 0x30);
    PUT(out, "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00");
    {
        guint start = out->len;
        guint8 *filler = g_malloc0(s->modulus + 1);

        filler[1] = 0x11;
        g_byte_array_append(out, filler, s->modulus + 1);
        wrap(out, start, 0x03);
        g_free(filler);
    }
    wrap(out, 0, 0x30);
    return g_byte_array_free_to_bytes(out);
}

static const struct {
    const char *what;
    shape s;
    bool parsed;
} shapes[] = {
    { "plain", { 1, 1, 1, 1, 1, 256, 3 }, true },
    { "long names", { 2000, 1, 1, 1, 1, 256, 3 }, false },
    { "names just allowed", { 120, 1, 1, 1, 1, 256, 3 }, true },
    { "many alternative names", { 1, 20000, 1, 1, 1, 256, 3 }, false },
    { "alternative names just allowed", { 1, 4900, 1, 1, 1, 256, 3 }, true },
    { "many extensions", { 1, 1, 4800, 1, 1, 256, 3 }, false },
    { "extensions just allowed", { 1, 1, 230, 1, 1, 256, 3 }, true },
    { "many constraints", { 1, 1, 1, 12000, 1, 256, 3 }, false },
    { "names and constraints", { 1, 1700, 1, 1500, 1, 256, 3 }, true },
    { "many purposes", { 1, 1, 1, 1, 20000, 256, 3 }, false },
    { "purposes just allowed", { 1, 1, 1, 1, 4900, 256, 3 }, true },
    { "long modulus", { 1, 1, 1, 1, 1, 30000, 3 }, true },
    { "long exponent", { 1, 1, 1, 1, 1, 2048, 60000 }, true },
    { "the longest that are tried", { 1, 1, 1, 1, 1, 2048, 8 }, true },
};

/* In TW_TEST_SLOWNESS: how many times as long as a processor whatever stands for one here takes. */
static double seconds_max(void)
{
    const char *slowness = g_getenv("TW_TEST_SLOWNESS");
    return slowness ? SECONDS_MAX * g_ascii_strtod(slowness, NULL) : SECONDS_MAX;
}

static void is_never_slow(void **state)
{
    GBytes *ocsp = hex_of("good", ".ocsp");

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        GPtrArray *ders = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
        clock_t start; /* of the processor: others may keep the machine busy */
        double seconds;
        tw__chain *chain;

        for (unsigned k = 0; k < COPIES; k++)
            g_ptr_array_add(ders, make_cert(&shapes[i].s, k));
        chain = tw__chain_new(NULL, ders, false);
        assert_int_equal(tw__chain_cert(chain, 0)->parsed, shapes[i].parsed);
        assert_int_equal(tw__chain_unexamined(chain), shapes[i].parsed ? 0 : COPIES);
        tw__chain_free(chain);
        start = clock();
        ask_everything(ders, false, ocsp);
        seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        print_message("%s, %u bytes: %.2f s\n", shapes[i].what, (unsigned)g_bytes_get_size(ders->pdata[0]), seconds);
        assert_true(seconds < seconds_max());
        g_ptr_array_unref(ders);
    }
    g_bytes_unref(ocsp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(survives_mutations),
        cmocka_unit_test(survives_truncation),
        cmocka_unit_test(survives_mutated_ocsp),
        cmocka_unit_test(is_never_slow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
