/* Reading QUIC's headers. See quic.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls/quic.h"

#include <string.h>

#define VERSION_2 0x6b3343cf /* RFC 9369 */
#define CID_MAX   20

typedef struct {
    const uint8_t *bytes;
    uint8_t len;
} cid;

bool tw__quic_varint(const uint8_t *bytes, size_t len, size_t *at, uint64_t *value)
{
    size_t n;
    if (*at >= len)
        return false;
    n = (size_t)1 << (bytes[*at] >> 6);
    if (len - *at < n)
        return false;
    *value = bytes[*at] & 0x3f;
    for (size_t i = 1; i < n; i++)
        *value = *value << 8 | bytes[*at + i];
    *at += n;
    return true;
}

tw__quic_kind tw__quic_kind_of(uint8_t first, uint32_t version)
{
    static const tw__quic_kind v1[] = { TW_QUIC_INITIAL, TW_QUIC_ZERO_RTT, TW_QUIC_HANDSHAKE, TW_QUIC_RETRY };
    static const tw__quic_kind v2[] = { TW_QUIC_RETRY, TW_QUIC_INITIAL, TW_QUIC_ZERO_RTT, TW_QUIC_HANDSHAKE };
    unsigned type = first >> 4 & 3;
    if (!(first & TW__QUIC_LONG_HEADER))
        return TW_QUIC_ONE_RTT;
    if (!version)
        return TW_QUIC_NEGOTIATION;
    return version == VERSION_2 ? v2[type] : v1[type];
}

static bool read_cid(const uint8_t *bytes, size_t len, size_t *at, cid *id)
{
    if (*at >= len || bytes[*at] > CID_MAX || len - *at - 1 < bytes[*at])
        return false;
    id->len = bytes[*at];
    id->bytes = bytes + *at + 1;
    *at += 1 + (size_t)id->len;
    return true;
}

/* All packets of a datagram go to one connection ID (RFC 9000 12.2); anything else is padding. */
static bool is_to(const cid *first, const uint8_t *bytes, size_t len)
{
    return len >= first->len && !memcmp(bytes, first->bytes, first->len);
}

static bool destination_of(const uint8_t *datagram, size_t len, cid *id)
{
    size_t at = 5;
    return len > at && (datagram[0] & TW__QUIC_LONG_HEADER) && read_cid(datagram, len, &at, id);
}

/* Behind the version and the connection IDs: a token (Initial), then the length of the rest. */
static bool skip_rest(const uint8_t *bytes, size_t len, size_t *at, tw__quic_kind kind)
{
    uint64_t n;
    if (kind == TW_QUIC_RETRY || kind == TW_QUIC_NEGOTIATION) {
        *at = len; /* these stand alone */
        return true;
    }
    if (kind == TW_QUIC_INITIAL) {
        if (!tw__quic_varint(bytes, len, at, &n) || n > len - *at)
            return false;
        *at += (size_t)n;
    }
    if (!tw__quic_varint(bytes, len, at, &n))
        return false;
    *at += (size_t)MIN(n, len - *at);
    return true;
}

bool tw__quic_next_packet(const uint8_t *datagram, size_t len, size_t *at, tw__quic_kind *kind, uint32_t *version)
{
    const uint8_t *p = datagram + *at;
    size_t left = len - *at, offset = 5;
    cid first = { datagram, 0 }, own;
    if (*at >= len)
        return false;
    destination_of(datagram, len, &first);
    if (!(p[0] & TW__QUIC_LONG_HEADER)) {
        if (*at && !is_to(&first, p + 1, left - 1))
            return false;
        *version = 0;
        *kind = TW_QUIC_ONE_RTT;
        *at = len; /* it has no length: nothing can follow */
        return true;
    }
    if (left < offset)
        return false;
    *version = (uint32_t)p[1] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 8 | p[4];
    *kind = tw__quic_kind_of(p[0], *version);
    if (!read_cid(p, left, &offset, &own) || own.len != first.len || !is_to(&first, own.bytes, own.len) ||
        !read_cid(p, left, &offset, &own))
        return false;
    if (!skip_rest(p, left, &offset, *kind))
        offset = left; /* cut or damaged: its header stands */
    *at += offset;
    return true;
}

const char *tw__quic_error_name(uint64_t error)
{
    static const char *const names[] = {
        "NO_ERROR",
        "INTERNAL_ERROR",
        "CONNECTION_REFUSED",
        "FLOW_CONTROL_ERROR",
        "STREAM_LIMIT_ERROR",
        "STREAM_STATE_ERROR",
        "FINAL_SIZE_ERROR",
        "FRAME_ENCODING_ERROR",
        "TRANSPORT_PARAMETER_ERROR",
        "CONNECTION_ID_LIMIT_ERROR",
        "PROTOCOL_VIOLATION",
        "INVALID_TOKEN",
        "APPLICATION_ERROR",
        "CRYPTO_BUFFER_EXCEEDED",
        "KEY_UPDATE_ERROR",
        "AEAD_LIMIT_REACHED",
        "NO_VIABLE_PATH",
        "VERSION_NEGOTIATION_ERROR", /* RFC 9368 */
    };
    return error < G_N_ELEMENTS(names) ? names[error] : NULL;
}

bool tw__quic_is_reserved(uint32_t version)
{
    return (version & 0x0f0f0f0f) == 0x0a0a0a0a;
}

const char *tw__quic_version_name(uint32_t version)
{
    switch (version) {
    case 1: return "QUIC v1";
    case VERSION_2: return "QUIC v2";
    default: return NULL;
    }
}
