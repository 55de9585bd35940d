/* TLS in the bytes of TCP that nobody has shown. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CAPTURE_UNSHOWN_H
#define TLSWHY_CAPTURE_UNSHOWN_H

#include "capture/capture_internal.h"

/* Follows the payload P of the segment S, which is new; AT: of the segment. *CONN: the stream's connection, or NULL; where
 * records turn up that no tree has shown, they are told, and *CONN is made if they show that the stream is TLS.
 * START: of the stream, not NULL where *CONN is. */
void tw__follow_bytes(tw__start *start, tw_conn **conn, tw_at at, const tw_segment *s, const tw_payload *p);

#endif
