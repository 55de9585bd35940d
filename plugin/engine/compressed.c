/* CompressedCertificate. See compressed.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compressed.h"

#include <gio/gio.h>

#include "reader.h"
#include "tlswhy/facts.h"

#define ZLIB 1

static bool inflate_into(const uint8_t *data, size_t len, uint8_t *out, size_t out_len)
{
    GConverter *zlib = G_CONVERTER(g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB));
    gsize consumed = 0, produced = 0, written;
    GConverterResult result = G_CONVERTER_CONVERTED;
    for (written = 0; result == G_CONVERTER_CONVERTED && written < out_len; written += produced) {
        result = g_converter_convert(zlib, data, len, out + written, out_len - written, G_CONVERTER_INPUT_AT_END,
                                     &consumed, &produced, NULL);
        if (result == G_CONVERTER_ERROR)
            break;
        data += consumed;
        len -= consumed;
    }
    g_object_unref(zlib);
    return result != G_CONVERTER_ERROR && written == out_len;
}

GBytes *tw_certificate_uncompress(const uint8_t *body, size_t len)
{
    tw_reader r = tw_reader_of(body, len), compressed;
    uint16_t algorithm = tw_read_u16(&r);
    uint32_t length = tw_read_u24(&r);
    uint8_t *out;
    compressed = tw_read_vector(&r, 3);
    if (r.failed || algorithm != ZLIB || length > TW_MESSAGE_MAX_BYTES)
        return NULL;
    out = g_malloc(length + 1);
    if (inflate_into(compressed.at, compressed.left, out, length))
        return g_bytes_new_take(out, length);
    g_free(out);
    return NULL;
}
