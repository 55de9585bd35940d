/* What is told of QUIC. See tlswhy/capture.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/capture_internal.h"
#include "judge/judge.h"

#define CRYPTO_ERROR 1 /* above the alert's number: RFC 9001 4.8 */
#define LEVEL_FATAL  2 /* the only one that QUIC has */

bool tw_is_quic_long_header(uint8_t first)
{
    return first & TW__QUIC_LONG_HEADER;
}

#define FIXED_BIT   0x40
#define INITIAL_MIN 1200 /* a client's datagram with an Initial packet has at least as many bytes: RFC 9000 14.1 */
#define QUIC_V1     0x00000001u
#define QUIC_V2     0x6b3343cfu

bool tw_begins_quic(const uint8_t *p, size_t len)
{
    uint32_t version;
    uint8_t initial;
    if (len < INITIAL_MIN || (p[0] & (TW__QUIC_LONG_HEADER | FIXED_BIT)) != (TW__QUIC_LONG_HEADER | FIXED_BIT))
        return false;
    version = (uint32_t)p[1] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 8 | p[4];
    initial = version == QUIC_V2 ? 1 : 0;
    return (version == QUIC_V1 || version == QUIC_V2) && (p[0] >> 4 & 3) == initial;
}

/* The versions behind the two connection IDs of a Version Negotiation packet (RFC 9000 17.2.1). */
static void negotiation(tw_conn *c, tw_at at, const uint8_t *bytes, size_t len)
{
    uint32_t versions[TW_QUIC_VERSIONS_MAX];
    unsigned n = 0;
    size_t i = 5;
    for (unsigned id = 0; id < 2; id++) {
        if (i >= len)
            return;
        i += 1 + (size_t)bytes[i];
    }
    for (; n < TW_QUIC_VERSIONS_MAX && i + 4 <= len; i += 4)
        versions[n++] =
            (uint32_t)bytes[i] << 24 | (uint32_t)bytes[i + 1] << 16 | (uint32_t)bytes[i + 2] << 8 | bytes[i + 3];
    tw__conn_quic_negotiation(c, at, versions, n);
    tw__note_negotiation(c);
}

void tw_tell_quic_datagram(tw_conn *c, tw_at at, const uint8_t *bytes, size_t len)
{
    tw__quic_kind kind;
    uint32_t version;
    size_t end = 0, begin = 0;
    while (tw__quic_next_packet(bytes, len, &end, &kind, &version)) {
        if (kind == TW_QUIC_NEGOTIATION)
            negotiation(c, at, bytes + begin, len - begin);
        else
            tw__conn_quic_packet(c, at, kind, version);
        begin = end;
    }
}

void tw_tell_quic_close(tw_conn *c, tw_at at, const uint8_t *bytes, size_t len, int item)
{
    size_t i = 0;
    uint64_t error, frame_type, n_words = 0;
    if (!tw__quic_varint(bytes, len, &i, &error))
        return;
    if (!tw__quic_varint(bytes, len, &i, &frame_type) || !tw__quic_varint(bytes, len, &i, &n_words))
        n_words = 0;
    tw__conn_quic_close(c, at, error, bytes + i, (size_t)MIN(n_words, len - i));
    if (error >> 8 == CRYPTO_ERROR)
        tw_tell_alert(c, at, LEVEL_FATAL, (uint8_t)error, item);
    else
        tw__publish(c, tw__judge_end(c, at, false));
}
