/* TLS taken from the bytes of a stream, where nobody has cut them into records: records and messages are cut out and
 * told to the connection. Nothing is decrypted. Internal to the engine; from outside it is tw_tell_bytes().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CAPTURE_RECORDS_H
#define TLSWHY_CAPTURE_RECORDS_H

#include "connection/connection.h"

typedef struct tw__stream tw__stream;

/* Bytes of the handshake message that begins with HEADER, that included. */
static inline uint32_t tw__message_size(const uint8_t header[TW_HANDSHAKE_HEADER])
{
    return TW_HANDSHAKE_HEADER + ((uint32_t)header[1] << 16 | (uint32_t)header[2] << 8 | header[3]);
}

/* Whether DIR of CONN has changed its cipher: before TLS 1.3 all that comes behind it is encrypted (RFC 5246 7.1). The
 * ChangeCipherSpec by which a HelloRetryRequest is answered changes none: hello is said again. */
bool tw__has_changed_cipher(const tw_conn *conn, int dir);

/* Gives back both directions of a connection (conn->streams); NULL is fine. */
void tw__streams_free(tw__stream *streams);

/* Takes one RECORD that was found in TCP's bytes, of which nothing was told yet. False: what it holds, which is not
 * encrypted, cannot be read. */
bool tw__tell_found_record(tw_conn *conn, tw_at at, const tw__flow_record *record);

#endif
