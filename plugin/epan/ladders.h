/* The steps of handshakes (tlswhy/steps.h), kept for who draws them: by connection for the report, by frame for the Flow
 * Graph. They are kept within bounds, and only where somebody may draw them: in Wireshark's GUI, which asks too late, and
 * where a statistic asks before the first packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_LADDERS_H
#define TLSWHY_EPAN_LADDERS_H

#include "tlswhy/steps.h"

#define LADDERS_MAX 20000 /* connections of one file whose steps are kept */
#define STEPS_MAX   100   /* steps of each */

typedef struct {
    tw_conn *conn; /* lent */
    tw_step step;
} ladder_step;

/* At the opening of a capture file, before connections_init(), and at its closing. */
void ladders_init(void);
void ladders_cleanup(void);

/* From now on steps are kept, in the file that is open and in the next ones. */
void ladders_keep(void);

/* The steps (const ladder_step *) of CONN, and those of all connections in frame ID (frames.h), in their order; lent. NULL:
 * there are none. */
const GPtrArray *ladders_of(const tw_conn *conn);
const GPtrArray *ladders_in(uint32_t id);

#endif
