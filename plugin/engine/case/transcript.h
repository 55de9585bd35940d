/* What the signatures of a handshake cover: all its messages so far (RFC 5246 7.4.8, RFC 8446 4.4.1). Internal to the
 * engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CASE_TRANSCRIPT_H
#define TLSWHY_CASE_TRANSCRIPT_H

#include "case/case.h"

#define TW_HASH_MAX 48 /* SHA-384, the longest that a TLS 1.3 suite names */

/* The messages before END, which SIDE sent, as they go into the transcript of K: below TLS 1.3 all their bytes; of TLS 1.3
 * likewise, but a first ClientHello that was answered by a HelloRetryRequest is its hash. NULL when one of them is
 * missing in the capture, as far as the messages that must be there can tell. Caller unrefs. */
GByteArray *tw__transcript(const tw__case *k, const tw__message *end, tw_side side);

/* The hash of LEN bytes of DATA by the algorithm of SUITE; `suite->hash` bytes of OUT are filled. */
void tw__suite_hash(const tw__suite *suite, const uint8_t *data, size_t len, uint8_t out[TW_HASH_MAX]);

#endif
