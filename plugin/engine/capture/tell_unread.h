/* What a stream without TLS carries. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CAPTURE_TELL_UNREAD_H
#define TLSWHY_CAPTURE_TELL_UNREAD_H

#include "connection/stream_start.h"

/* Whether S goes on with what direction DIR of START has sent, and BYTES, all of its payload, hold no part of a record, and
 * nothing by which Wireshark would have to be told of TLS. */
bool tw__holds_words(const tw__start *start, int dir, const tw_segment *s, const uint8_t *bytes);

/* Whether the header of a record may begin in the last bytes of BYTES. */
bool tw__ends_in_header(const uint8_t *bytes, uint32_t len);

#endif
