/* Compressed certificates (RFC 8879): each algorithm, what is damaged, and what would unpack to more than it says.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rows.h"

#include "tls/compressed.h"

#define PLAIN "The body of a Certificate message, a Certificate message, a message"

/* PLAIN, and 3000 zeros, by each algorithm */
static const struct {
    uint16_t algorithm;
    const char *name, *text, *zeros;
} streams[] = {
    { TW_COMPRESSED_ZLIB, "zlib",
      "789c0bc9485548ca4fa954c84f534854704e2d2ac94ccb4c4e2c4955c84d2d2e4e4c4fd5c12d0c650200219117d5",
      "78daedc13101000000c2a0f54f6d0d0fa000008077030bb80001" },
    { TW_COMPRESSED_BROTLI, "Brotli", "a110028061a4449d5fcd42158626caba904e9061460b78508dd1abd92e1a9f0800",
      "1fb70bf82700e2b140206e0000" },
    { TW_COMPRESSED_ZSTD, "Zstandard",
      "28b52ffd20438d0100940254686520626f6479206f662061204365727469666963617465206d6573736167652c6d657373616765"
      "0100527b3e01",
      "28b52ffd00584d00001000000100b3f30116" },
};

/* The body of a CompressedCertificate that says it unpacks to LENGTH bytes. */
static GByteArray *compressed_message(uint16_t algorithm, uint32_t length, const char *hex)
{
    GByteArray *body = g_byte_array_new();
    guint start;

    put(body, 2, algorithm);
    put(body, 3, length);
    start = open_vector(body, 3);
    put_hex(body, hex);
    close_vector(body, 3, start);
    return body;
}

static GBytes *unpacked(uint16_t algorithm, uint32_t length, const char *hex)
{
    GByteArray *body = compressed_message(algorithm, length, hex);
    GBytes *bytes = tw__certificate_uncompress(body->data, body->len);

    g_byte_array_unref(body);
    return bytes;
}

static void each_algorithm_is_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(streams); i++) {
        GBytes *text = unpacked(streams[i].algorithm, sizeof PLAIN - 1, streams[i].text);
        GBytes *zeros = unpacked(streams[i].algorithm, 3000, streams[i].zeros);

        assert_string_equal(tw__compression_name(streams[i].algorithm), streams[i].name);
        if (tw__compression_is_read(streams[i].algorithm)) {
            assert_non_null(text);
            assert_int_equal(g_bytes_get_size(text), sizeof PLAIN - 1);
            assert_memory_equal(g_bytes_get_data(text, NULL), PLAIN, sizeof PLAIN - 1);
            assert_int_equal(g_bytes_get_size(zeros), 3000);
            g_bytes_unref(text);
            g_bytes_unref(zeros);
        } else {
            assert_null(text);
            assert_null(zeros);
        }
    }
    assert_false(tw__compression_is_read(4));
    assert_null(tw__compression_name(4));
#ifdef TLSWHY_ZLIB
    assert_true(tw__compression_is_read(TW_COMPRESSED_ZLIB));
#endif
#ifdef TLSWHY_BROTLI
    assert_true(tw__compression_is_read(TW_COMPRESSED_BROTLI));
#endif
#ifdef TLSWHY_ZSTD
    assert_true(tw__compression_is_read(TW_COMPRESSED_ZSTD));
#endif
}

static void nothing_unpacks_to_other_than_it_says(void **state)
{
    static const uint32_t lengths[] = {
        0, 1, 66, 68, 2999, 3001, TW_MESSAGE_MAX_BYTES, TW_MESSAGE_MAX_BYTES + 1, 0xffffff
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(streams); i++)
        for (size_t j = 0; j < G_N_ELEMENTS(lengths); j++) {
            if (lengths[j] != 66 && lengths[j] != 68)
                assert_null(unpacked(streams[i].algorithm, lengths[j], streams[i].zeros));
            assert_null(unpacked(streams[i].algorithm, lengths[j] < 3000 ? lengths[j] : 3000, streams[i].text));
        }
}

static void damaged_data_are_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(streams); i++) {
        char *cut = g_strndup(streams[i].text, strlen(streams[i].text) - 8);
        GByteArray *body = compressed_message(streams[i].algorithm, sizeof PLAIN - 1, streams[i].text);

        assert_null(unpacked(streams[i].algorithm, sizeof PLAIN - 1, cut));
        assert_null(unpacked(streams[i].algorithm, sizeof PLAIN - 1, "00000000"));
        assert_null(unpacked(streams[i].algorithm, sizeof PLAIN - 1, ""));
        for (guint len = 0; len < body->len; len++)
            assert_null(tw__certificate_uncompress(body->data, len));
        assert_int_equal(tw__compressed_by(body->data, 1), 0);
        assert_int_equal(tw__compressed_by(body->data, 2), streams[i].algorithm);
        g_byte_array_unref(body);
        g_free(cut);
    }
    assert_null(unpacked(4, sizeof PLAIN - 1, streams[0].text));
}

/* What a verdict says where the certificate does not come out of it. */
static void verdicts_say_what_is_not_read(void **state)
{
    static const struct {
        const char *body, *said;
    } plays[] = {
        { "0001000003000002ffff", "compressed with zlib, and cannot be unpacked" },
        { "0004000003000002ffff", "compressed with 0x0004, which this build of tlswhy does not read" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(plays); i++) {
        char *script = g_strdup_printf("C:hello(13) S:hello(13) +S:ee +S:raw(1900000a%s) C:fatal(42)", plays[i].body);
        play *p = play_new(script);
        const tw_verdict *v = g_ptr_array_index(p->verdicts, 0);
        bool found = false;

        assert_int_equal(v->cause, TW_CAUSE_SERVER_CERT_REJECTED);
        const tw_evidence *e;
        for (unsigned j = 0; (e = tw_verdict_evidence(v, j)); j++)
            found |= strstr(e->text, plays[i].said) != NULL;
        if (!found)
            fail_msg("%s: nothing says \"%s\"", script, plays[i].said);
        play_free(p);
        g_free(script);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_algorithm_is_read),
        cmocka_unit_test(nothing_unpacks_to_other_than_it_says),
        cmocka_unit_test(damaged_data_are_none),
        cmocka_unit_test(verdicts_say_what_is_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
