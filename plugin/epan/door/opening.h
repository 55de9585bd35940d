/* Segments by which endpoints open a stream. Of which stream one is, only Wireshark says, when it has dissected it: a new one
 * is the next of those that it counts, and an answer is of the stream that it answers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_DOOR_OPENING_H
#define TLSWHY_EPAN_DOOR_OPENING_H

#include "door/slots.h"

/* The frame T, which has a SYN, before it is dissected: what was remembered of its endpoints is forgotten. True: it needs no
 * tree, and opening_dissected() tells it. */
bool opening_begins(const simple *t);

/* The same frame TVB has been dissected. */
void opening_dissected(simple *t, tvbuff_t *tvb, packet_info *pinfo);

#endif
