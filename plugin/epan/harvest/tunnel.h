/* TLS inside TLS: an HTTPS proxy leads on to a server inside its own TLS (RFC 9110 9.3.6), so that the handshake with that
 * server is application data. Wireshark takes it for more of HTTP. Where it has decrypted it, the records are taken from
 * there, as a connection of its own; nothing of that is decrypted once more.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_HARVEST_TUNNEL_H
#define TLSWHY_EPAN_HARVEST_TUNNEL_H

#include "harvest/walk.h"

typedef struct tunnel tunnel;

/* After the walk of a frame whose TCP connection w->connection is no repetition: takes what Wireshark has decrypted
 * in it. */
void tunnel_records(walk *w);

/* Gives back TUNNEL; NULL is fine. */
void tunnel_free(tunnel *t);

#endif
