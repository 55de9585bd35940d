/* Segments of TCP whose bytes say all that there is to read. Internal to the engine; see tw_is_plain().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CAPTURE_PLAIN_H
#define TLSWHY_CAPTURE_PLAIN_H

#include "connection/connection.h"

/* A RECORD has been shown, AT: if it could not be read, nobody has the keys of its direction. */
void tw__note_unreadable(tw_conn *conn, tw_at at, const tw_record *record);

#endif
