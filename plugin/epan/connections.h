/* Which connection a frame belongs to, its facts, and the verdicts kept for each frame. Owns and frees all of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_CONNECTIONS_H
#define TLSWHY_EPAN_CONNECTIONS_H

#include <epan/packet.h>

#include "harvest/carrier.h"
#include "tlswhy/verdict.h"

/* A connection with what the Wireshark half must know of it. There may be a million: widest members first. */
typedef struct connection {
    tw_conn *conn;
    struct note *verdicts; /* in order, by next_of_link; NULL: none */
    struct tunnel *tunnel; /* TLS inside this TLS (tunnel.h); NULL: nobody has looked for it */
    GList *open;           /* its place among the connections whose messages are kept; NULL: it has none */
    /* of the first frame seen, source and destination, where the ports do not tell; else NULL */
    address *first_addresses;
    time_t first_time;
    struct { /* TCP: what has been seen of the stream, as one range (enough for repetitions) */
        uint32_t from, to;
    } covered[2];
    uint16_t first_srcport, first_dstport; /* of the first frame seen: direction 0 */
    uint32_t kept;                         /* bytes that it has part in connections' sum */
    bool covers[2];                        /* the range is known */
    bool watched;                          /* TCP: the segments before the first TLS bytes were told (segments.h) */
    bool payload[2];                       /* TCP: a first payload has been seen in this direction */
    bool lost;                             /* some of it could not be read: neither silence nor end say anything */
} connection;

/* What is kept of one frame: that a connection begins there, or that a verdict stands on it, or both. */
typedef struct note {
    connection *link;
    tw_verdict *verdict; /* or NULL */
    struct note *next_of_frame, *next_of_link;
} note;

/* Bounds for one capture. */
#define CONNECTIONS_OPEN_MAX   32768              /* connections whose messages are kept at one time */
#define CONNECTIONS_OPEN_BYTES (64 * 1024 * 1024) /* bytes of these messages */

/* At the opening and closing of a capture file; SETTINGS stay the caller's and live until then. */
void connections_init(const tw_settings *settings);
void connections_cleanup(void);

/* The connection of CARRIER; made (and noted for this frame) if there is none yet and CREATE says so, else NULL. */
connection *connections_get(const carrier *c, packet_info *pinfo, bool create);

/* A connection whose ClientHello has another random than RANDOM (32 bytes) is over: the next one between the same ports
 * begins. For carriers without a beginning of their own. */
void connections_begin_anew(const carrier *c, const uint8_t *random);

/* Whether any connection has come to speak DTLS 1.3. */
bool connections_know_dtls13(void);
void connections_note_dtls13(void);

/* 0 or 1: which way this frame goes. */
int connections_direction(connection *link, const carrier *c, packet_info *pinfo);

/* Whether this TCP segment brings nothing that has not been seen (a retransmission, a frame captured twice). */
bool connections_is_repetition(connection *link, const carrier *c, int dir);

/* After facts were added to LINK: gives back the messages of a connection that is over, and those of the oldest ones
 * while there are more than the bounds allow. */
void connections_enforce_budget(connection *link);

/* LINK's carrier says that nothing more will come: gives back all that only a verdict would need. */
void connections_release_messages(connection *link);

/* Notes when a frame was captured: a silence lasts as long as somebody records. */
void connections_note_time(tw_at at);

/* At the end of the capture: judges the handshakes that never ended. Harmless when called again. */
void connections_finish(void);

/* Before the FIN or RST at hand is told: notes if the capture lacks what DIR sent before it. */
void connections_check_end(connection *link, const carrier *c, int dir);

/* LINK, of QUIC, was seen in this UDP stream. */
void connections_note_quic(uint32_t udp_stream, connection *link);

/* A packet of QUIC there which Wireshark counts to no connection: it may be of the last one, whose silence then says
 * nothing. */
void connections_lose_quic(uint32_t udp_stream);

/* LINK has seen a Version Negotiation: a later QUIC connection between the same ports is the client's next try. */
void connections_note_negotiation(connection *link);

/* Takes over VERDICT and keeps it with its frame. NULL is fine. */
void connections_keep(connection *link, tw_verdict *verdict);

/* The first note of FRAME, lent; the others are its next_of_frame. NULL: nothing is noted. */
const note *connections_frame(uint32_t frame);

#endif
