/* TLS taken from the bytes of a stream, for carriers whose conversations Wireshark's own TLS cannot tell apart: records
 * and messages are cut out, told to the connection, and what ends a handshake is judged. Nothing is decrypted.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CAPTURE_RECORDS_H
#define TLSWHY_CAPTURE_RECORDS_H

#include "tlswhy/verdict.h"

/* One direction. Zero it to begin; tw__stream_clear() gives its memory back and begins anew. */
typedef struct {
    GByteArray *bytes;    /* a record that is not whole yet, or NULL */
    GByteArray *messages; /* a handshake message that is not whole yet, or NULL */
    bool broken;          /* what came was no TLS: the rest is not read */
} tw__stream;

void tw__stream_clear(tw__stream *s);

/* Takes LEN more BYTES of AT.dir (RFC 8446 5.1, RFC 5246 6.2). Verdicts are appended to VERDICTS (tw_verdict *, the
 * caller's). */
void tw__stream_feed(tw__stream *s, tw_conn *conn, tw_at at, const uint8_t *bytes, size_t len,
                     const tw_settings *settings, GPtrArray *verdicts);

/* Judges the EAP-Failure AT by which a server ended EAP (RFC 3748 4.2, RFC 5216 2.1.3): the verdict if the handshake
 * had not got through, or, with COMMITMENT, if the server owed a sign that it had (RFC 9190 2.1.1); else NULL. */
tw_verdict *tw__judge_eap_failure(tw_conn *conn, tw_at at, bool commitment, const tw_settings *settings);

#endif
