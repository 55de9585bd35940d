/* A TCP connection's bytes, followed segment by segment in both directions: which ones the capture holds, which ones the
 * other side acknowledged though they are not there, and where the TLS records lie in them. So what a recorder lost,
 * swapped or saw twice is known, and a record is found even where it came out of the order that Wireshark can follow.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CONNECTION_FLOW_H
#define TLSWHY_CONNECTION_FLOW_H

#include <glib.h>

#include "connection/tcp.h"

/* Bounds for one direction. */
#define TW_FLOW_WAITING_MAX   32    /* segments that wait for earlier ones */
#define TW_FLOW_WAITING_BYTES 65536 /* of them */
#define TW_FLOW_EARLY_MAX     16    /* records that were shown before the ones in front of them came */
#define TW_FLOW_ENDED_MAX     16    /* records that an idle segment ends */

/* Whether BYTE may be a record's type: change_cipher_spec to heartbeat. */
static inline bool tw__is_record_type(uint8_t byte)
{
    return byte >= TW_CT_CCS && byte <= 24;
}

/* A record cut out of the bytes. CONTENT is lent, LENGTH bytes; NULL: it was not kept, or the capture lacks some of it. */
typedef struct {
    uint8_t type;
    uint32_t length;
    const uint8_t *content;
} tw__flow_record;

typedef struct {
    uint8_t type;
    uint32_t length;
} tw__shown_record;

/* What is kept of a direction's bytes. */
typedef struct {
    GByteArray *content;   /* of the record at hand, as far as it came; NULL: nothing of it is kept */
    GQueue waiting;        /* segments behind a hole, in order */
    GArray *early;         /* tw__shown_record: records shown though earlier bytes had not come; NULL: none */
    uint32_t waiting_size; /* bytes of WAITING */
} tw__stash;

#define TW_NOT_FRAMED 0xffffffu /* where the next handshake message begins is not known */

/* One direction. There may be two million of them. */
typedef struct {
    tw__stash *stash;           /* NULL: nothing is kept */
    int64_t sent_us;            /* when SENT was said */
    uint32_t next;              /* comes after the bytes that are there without a hole */
    uint32_t framed_at;         /* where its first record begins */
    uint32_t acked;             /* up to where the other side acknowledged them */
    uint32_t sent;              /* up to where its own segments without payload say that it has sent */
    uint32_t not_come;          /* up to where they say so, and the other side has not got it */
    uint32_t answered;          /* up to where it had read them when it sent something in its turn */
    uint32_t end;               /* where it ends */
    uint32_t message_left : 24; /* what is still to come of the handshake message at hand (long_messages.c) */
    uint32_t n_header : 3;      /* bytes of HEADER that are there */
    bool begins : 1;            /* its SYN is in the capture: NEXT began at the connection's beginning */
    bool ends : 1;              /* its FIN is in the capture: END is known */
    bool opens : 1;             /* it opened the connection */
    bool placed : 1;            /* NEXT and ACKED are known */
    bool has_bytes : 1;         /* some payload has been followed */
    bool framed : 1;            /* its TLS records are followed */
    bool torn : 1;              /* no longer followed: something came that is no record */
    bool lost : 1;              /* bytes are missing for good */
    bool beyond : 1;            /* the segment at hand lies behind a hole */
    bool is_answered : 1;       /* ANSWERED is known */
    bool
        skipped : 1; /* new bytes had been acknowledged before: Wireshark takes them for a repetition, and dissects none */
    bool
        crossed : 1; /* bytes came after what answers them: the order between the directions is not that of the wire */
    bool unread : 1;      /* what a record held could not be read, though it should have been */
    uint8_t header[5];    /* of the record at hand */
    uint16_t record_left; /* bytes of it that are still to come */
} tw__flow;

/* The length of the record at hand, whose header is there. */
static inline uint16_t tw__flow_record_length(const tw__flow *f)
{
    return (uint16_t)(f->header[3] << 8 | f->header[4]);
}

/* The five bytes in the place of a record's header that are none, so that the records of F end there; lent, or NULL: it is
 * still followed, or is not followed for another reason. */
const uint8_t *tw__flow_no_header(const tw__flow *f);

/* What a segment has that is new. */
typedef enum {
    TW_FLOW_NOTHING, /* no payload */
    TW_FLOW_SEEN,    /* it was there before */
    TW_FLOW_BYTES
} tw__flow_news;

typedef void tw__flow_sink(void *data, const tw__flow_record *record);

/* The segment S of direction DIR comes; its payload follows by tw__flow_payload(), when what Wireshark shows of it has
 * been told. */
tw__flow_news tw__flow_segment(tw__flow flow[2], int dir, const tw_segment *s);

/* Its payload of LEN bytes, CAPTURED of which are there. KEEP: the contents of records are wanted. The records that are
 * whole now go to SINK with DATA. */
void tw__flow_payload(tw__flow *f, uint32_t seq, const uint8_t *bytes, uint32_t captured, uint32_t len, bool keep,
                      tw__flow_sink *sink, void *data);

/* In place of both for a segment S, without SYN, FIN and RST, whose payload goes on with a record, none of which is kept, and
 * does not end it. False: it does something else, and nothing was done. */
bool tw__flow_goes_on(tw__flow flow[2], int dir, const tw_segment *s);

/* The same for a payload without records that goes on, in order, with others of that kind. */
void tw__flow_words(tw__flow flow[2], int dir, const tw_segment *s);

/* How many records the payload of S, BYTES, none of which is kept, ends, if they hold application data, and what it begins is
 * a record of data; ENDED: their lengths. -1: it does something else. */
int tw__flow_idles(const tw__flow *f, const tw_segment *s, const uint8_t *bytes, uint32_t ended[TW_FLOW_ENDED_MAX]);

/* Cuts the records that S makes whole, which goes on with F, out of its payload BYTES, and gives them to SINK with DATA; F stays
 * as it is. False: S does not go on with F in order, or what comes is no record; some may have been given. */
bool tw__flow_cut(const tw__flow *f, const tw_segment *s, const uint8_t *bytes, tw__flow_sink *sink, void *data);

/* A record that was shown, and is not one of those that the segment at hand made whole. */
void tw__flow_shown_early(tw__flow *f, uint8_t type, uint32_t length);

/* Whether a record was shown so; each is asked for once. */
bool tw__flow_was_shown(tw__flow *f, uint8_t type, uint32_t length);

/* Whether the payload of S, in F, was there before. */
bool tw__flow_is_old(const tw__flow *f, const tw_segment *s);

/* Whether BYTES, seven of them, are a record that holds an alert, with a version that no TLS has: BearSSL's and GnuTLS's to
 * a hello that they do not like. */
bool tw__is_misversioned_alert(const uint8_t *bytes);

/* Whether bytes of F are not in the capture that were sent for certain: the other side acknowledged them, or a segment
 * without payload goes on behind them. Those of the latter kind may still come, or turn out to have been lost on their way. */
bool tw__flow_lacks(const tw__flow *f);

/* Whether the other side acknowledged the end of F (its FIN takes a number of its own), be it in the capture or not. */
bool tw__flow_has_ended(const tw__flow *f);

/* Whether segments of F wait for earlier ones. */
bool tw__flow_waits(const tw__flow *f);

/* How far SEQ lies behind the bytes that are there: negative for bytes that were there before, 0 for the next one. */
int32_t tw__flow_ahead(const tw__flow *f, uint32_t seq);

/* Whether the other side acknowledged what comes before SEQ and more. */
bool tw__flow_is_behind(const tw__flow *f, uint32_t seq);

/* Whether a segment that acknowledges up to ACK came after the first record of F. Where that one is not placed, for bytes in
 * front of it are missing, this is not known: false. */
bool tw__flow_answers_records(const tw__flow *f, uint32_t ack);

/* Whether bytes of F are missing before what comes now. */
bool tw__flow_has_hole(const tw__flow *f);

/* Bytes that are kept of F. */
size_t tw__flow_kept(const tw__flow *f);

/* Gives them back: contents are no longer wanted. */
void tw__flow_release(tw__flow *f);

#endif
