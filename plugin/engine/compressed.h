/* CompressedCertificate (RFC 8879) back to a Certificate message. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_COMPRESSED_H
#define TLSWHY_COMPRESSED_H

#include "tlswhy/base.h"

/* BODY: the message without its 4-byte header. The body of the Certificate message, or NULL when the algorithm is
 * not zlib, the data are damaged, or the result is longer than it says or than TW_MESSAGE_MAX_BYTES. */
GBytes *tw_certificate_uncompress(const uint8_t *body, size_t len);

#endif
