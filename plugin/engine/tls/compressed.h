/* CompressedCertificate (RFC 8879) back to a Certificate message. Internal to the engine.
 *
 * zlib is always read; Brotli and Zstandard where the build found their libraries (TLSWHY_BROTLI, TLSWHY_ZSTD).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_TLS_COMPRESSED_H
#define TLSWHY_TLS_COMPRESSED_H

#include "tlswhy/base.h"

/* CertificateCompressionAlgorithm, RFC 8879 7.3. */
enum { TW_COMPRESSED_ZLIB = 1, TW_COMPRESSED_BROTLI = 2, TW_COMPRESSED_ZSTD = 3 };

/* BODY: the message without its 4-byte header. The body of the Certificate message, or NULL when the algorithm is not
 * read, the data are damaged, or the result is not as long as it says or longer than TW_MESSAGE_MAX_BYTES. No more
 * than that is ever unpacked. The caller unrefs. */
GBytes *tw__certificate_uncompress(const uint8_t *body, size_t len);

/* The algorithm that BODY names; 0: it does not say. */
uint16_t tw__compressed_by(const uint8_t *body, size_t len);

/* Its name for people ("Brotli"); static, or NULL when it is none of RFC 8879. */
const char *tw__compression_name(uint16_t algorithm);

/* Whether this build reads it. */
bool tw__compression_is_read(uint16_t algorithm);

#endif
