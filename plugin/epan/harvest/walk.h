/* The state of one walk over a frame's tree, and what the files that harvest share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_HARVEST_WALK_H
#define TLSWHY_EPAN_HARVEST_WALK_H

#include "connections.h"
#include "frames.h"

#define WALK_READ_MAX 32
#define WALK_TOLD_MAX 4 /* TCP segments of a frame */

typedef struct {
    packet_info *pinfo;
    proto_tree *tree;
    carrier carrier;
    tw_conn *connection; /* of the carrier at hand, lent; NULL: none yet */
    tw_at at;
    bool holds_tls;  /* Wireshark has read something in the frame as TLS */
    bool tls;        /* some record, message or alert was met */
    bool repetition; /* this segment has been seen before */
    unsigned alerts; /* alert nodes passed so far */
    tvbuff_t *frame; /* the bytes that hold the TCP segment at hand */
    struct {         /* the TCP segments of this frame that were told */
        const field_info *item;
        bool news;
    } told[WALK_TOLD_MAX];
    unsigned n_told;
    struct {                    /* the last TCP header read: the walk and tcp_segments() ask for the same one */
        const field_info *item; /* NULL: there is no tree */
        tvbuff_t *tvb;
        int start; /* where it is in TVB */
        carrier carrier;
        tw_segment header;
    } segment;
    GBytes *begins;         /* the record of a ClientHello that ends in this segment, and no tree shows; else NULL */
    bool inside_eap;        /* what follows is carried by EAP, and not by this segment's own TLS */
    bool sslv2;             /* the record at hand is one of SSLv2 */
    unsigned n_application; /* application records that hold no handshake message and no alert */
    tvbuff_t
        *put_together; /* what TCP has put together of several segments, of a name that has been asked for; or NULL */
    tvbuff_t **read;   /* the bytes that messages and alerts were read from; WALK_READ_MAX at most */
    unsigned n_read;
    struct { /* the record whose content is being walked */
        bool open;
        tvbuff_t *tvb;
        int content;         /* offset of its content */
        uint8_t type, outer; /* of its content, and as the header has it */
        uint32_t length;
        unsigned epoch; /* DTLS */
    } record;
} walk;

typedef void harvester(walk *w, field_info *fi);

/* The connection of what is being walked, made at the first TLS bytes; NULL outside of any carrier. */
tw_conn *walk_connection(walk *w);

/* What follows in the tree is in another carrier: CARRIER. */
void walk_carrier(walk *w, carrier c);

/* LEN bytes at OFFSET from the beginning of FI, copied to OUT; false: they were not captured. */
bool walk_bytes(const field_info *fi, int offset, uint8_t *out, unsigned len);

/* Where in its buffer begins what the frame's UDP carries, by UDP, its udp.stream; -1: the buffer does not hold the ports. */
int walk_datagram(const walk *w, const field_info *udp);

/* The record at hand is over; OPAQUE: nothing of it could be read. Without one nothing happens. */
void walk_close_record(walk *w, bool opaque);

/* Records (records.c) */
harvester record_on_tls, record_on_dtls, record_on_tls_message, record_on_dtls_message, record_on_alert;
/* What the server's first answers say, where Wireshark has decrypted them. */
void session_words(walk *w);

/* TCP (tcp.c) */
harvester tcp_on_stream; /* tcp.stream */
/* Whether the frame, in which Wireshark shows no TLS, holds one segment, and that is an idle one (tw_tell_idle()): most of
 * those that carry data are. Then it is told, and all is done. STREAMS: the frame's tcp.stream items, or NULL. */
bool tcp_idles(walk *w, const GPtrArray *streams);

/* The segment at hand is told, before what it carries. False: it is a repetition. */
bool tcp_tell_segment(walk *w);
/* Its payload and its end are told, after what it carries: SHOWN: of that, TLS was told; TORN: Wireshark has taken it for TLS that
 * it could not cut into records. */
void tcp_tell_payload(walk *w, bool shown, bool torn);

/* The frame is done with: if it has one segment and no other, those that follow may be idle. */
void tcp_remember(walk *w, const GPtrArray *streams);
/* What TCP itself shows, after what the segments carry; STREAMS: the frame's tcp.stream items, not empty. */
void tcp_segments(walk *w, const GPtrArray *streams);

/* The first bytes that the packet has beside its own ones, and what TCP puts together of several: decrypted ones. NULL: none. */
tvbuff_t *walk_decrypted(const walk *w);

/* ICMP (icmp.c): a frame that holds some. */
void icmp_errors(walk *w, tvbuff_t *frame);

/* DTLS (dtls.c): whether the record that begins with FIRST has the unified header of DTLS 1.3. */
bool dtls_is_unified(uint8_t first);
/* Such a record's epoch is known. */
void dtls13_record(walk *w, uint8_t first);
/* Records of DTLS 1.3 in a datagram that this Wireshark does not read; FI: the frame's udp.stream. */
void dtls13_datagram(walk *w, field_info *fi);

/* QUIC (quic.c) */
harvester quic_on_connection; /* quic.connection.number */
harvester quic_on_error;      /* quic.cc.error_code */
/* The kinds of the frame's QUIC packets, after what can be read in them; FOUND, UDP: the frame's items of
 * quic.connection.number and udp.stream, or NULL. */
void quic_packets(walk *w, const GPtrArray *found, const GPtrArray *udp);

/* EAP (eap.c): the frame's eap.code items, not empty, and its items of RADIUS and of Diameter, NULL or empty for none. */
void eap_packets(walk *w, const GPtrArray *eap, const GPtrArray *radius, const GPtrArray *diameter);
/* At the opening and closing of a capture file. */
void eap_init(void);
void eap_cleanup(void);

#endif
