/* CompressedCertificate. See compressed.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls/compressed.h"

#include <string.h>

#ifdef TLSWHY_ZLIB
#include <zlib.h>
#endif
#ifdef TLSWHY_BROTLI
#include <brotli/decode.h>
#endif
#ifdef TLSWHY_ZSTD
#include <zstd.h>
#endif

#include "tls/reader.h"
#include "tls/messages.h"

/* Unpacks DATA, which must give OUT_LEN bytes; OUT has room for one more. False: it is not that. */
typedef bool unpack(const uint8_t *data, size_t len, uint8_t *out, size_t out_len);

#ifdef TLSWHY_ZLIB
static bool unpack_zlib(const uint8_t *data, size_t len, uint8_t *out, size_t out_len)
{
    uLongf written = (uLongf)out_len + 1;
    return uncompress(out, &written, data, (uLong)len) == Z_OK && written == out_len;
}
#endif

#ifdef TLSWHY_BROTLI
static bool unpack_brotli(const uint8_t *data, size_t len, uint8_t *out, size_t out_len)
{
    size_t written = out_len;
    return BrotliDecoderDecompress(len, data, &written, out) == BROTLI_DECODER_RESULT_SUCCESS && written == out_len;
}
#endif

#ifdef TLSWHY_ZSTD
static bool unpack_zstd(const uint8_t *data, size_t len, uint8_t *out, size_t out_len)
{
    size_t written = ZSTD_decompress(out, out_len, data, len);
    return !ZSTD_isError(written) && written == out_len;
}
#endif

static const struct {
    uint16_t id;
    const char *name;
    unpack *read; /* NULL: this build does not */
} algorithms[] = {
#ifdef TLSWHY_ZLIB
    { TW_COMPRESSED_ZLIB, "zlib", unpack_zlib },
#else
    { TW_COMPRESSED_ZLIB, "zlib", NULL },
#endif
#ifdef TLSWHY_BROTLI
    { TW_COMPRESSED_BROTLI, "Brotli", unpack_brotli },
#else
    { TW_COMPRESSED_BROTLI, "Brotli", NULL },
#endif
#ifdef TLSWHY_ZSTD
    { TW_COMPRESSED_ZSTD, "Zstandard", unpack_zstd },
#else
    { TW_COMPRESSED_ZSTD, "Zstandard", NULL },
#endif
};

static unpack *reader_of(uint16_t algorithm)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(algorithms); i++)
        if (algorithms[i].id == algorithm)
            return algorithms[i].read;
    return NULL;
}

const char *tw__compression_name(uint16_t algorithm)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(algorithms); i++)
        if (algorithms[i].id == algorithm)
            return algorithms[i].name;
    return NULL;
}

bool tw__compression_is_read(uint16_t algorithm)
{
    return reader_of(algorithm) != NULL;
}

uint16_t tw__compressed_by(const uint8_t *body, size_t len)
{
    tw__reader r = tw__reader_of(body, len);
    uint16_t algorithm = tw__read_u16(&r);
    return r.failed ? 0 : algorithm;
}

GBytes *tw__certificate_uncompress(const uint8_t *body, size_t len)
{
    tw__reader r = tw__reader_of(body, len), compressed;
    unpack *read = reader_of(tw__read_u16(&r));
    uint32_t length = tw__read_u24(&r);
    uint8_t *out;
    compressed = tw__read_vector(&r, 3);
    if (r.failed || !read || length > TW_MESSAGE_MAX_BYTES)
        return NULL;
    out = g_malloc(length + 1);
    if (read(compressed.at, compressed.left, out, length))
        return g_bytes_new_take(out, length);
    g_free(out);
    return NULL;
}
