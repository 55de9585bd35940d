/* Datagrams that need no tree: those of DNS and its like, which carry no other protocol, on ports that Wireshark gives to
 * them and over which no connection has come.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_DOOR_DATAGRAM_H
#define TLSWHY_EPAN_DOOR_DATAGRAM_H

#include "door/simple.h"

/* At the opening of a capture file: looks up which ports are theirs. */
void datagram_look_up(void);

/* Whether T, which holds a datagram, is such a one, before it is dissected. */
bool datagram_is_idle(const simple *t);

/* T, which was, has been dissected: where Wireshark has read another protocol in it, the next ones on its ports are none. */
void datagram_dissected(const simple *t, const packet_info *pinfo);

/* A connection comes over UDP, with that PORT at one of its ends: what else comes there is left to the tree. */
void datagram_leave(uint16_t port);

#endif
