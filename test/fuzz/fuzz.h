/* What the fuzz targets share. Each target is one file with LLVMFuzzerTestOneInput(): with clang it makes a libFuzzer
 * program, with any compiler one with the driver of driver.c, which the tests run for a while from fixed seeds.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_FUZZ_H
#define TLSWHY_FUZZ_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input, taken off its front. Beyond its end everything is 0 and empty. */
typedef struct {
    const uint8_t *at;
    size_t left;
} input;

static inline uint8_t take_byte(input *in)
{
    if (!in->left)
        return 0;
    in->left--;
    return *in->at++;
}

static inline uint32_t take_number(input *in, unsigned width)
{
    uint32_t value = 0;
    while (width--)
        value = value << 8 | take_byte(in);
    return value;
}

/* At most LEN bytes, as a copy of exactly their length, so that reading past them shows. Free with g_free(). */
static inline uint8_t *take_bytes(input *in, size_t *len)
{
    uint8_t *copy;
    *len = MIN(*len, in->left);
    copy = g_malloc(*len + !*len);
    if (*len)
        memcpy(copy, in->at, *len);
    in->at += *len;
    in->left -= *len;
    return copy;
}

/* Whatever is shown is UTF-8 without control characters. */
static inline void must_be_clean(const char *text)
{
    if (!text || !g_utf8_validate(text, -1, NULL))
        g_error("not UTF-8");
    for (const char *c = text; *c; c++)
        if ((uint8_t)*c < 0x20 || *c == 0x7f)
            g_error("control character in: %s", text);
}

#endif
