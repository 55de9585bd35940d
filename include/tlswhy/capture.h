/* A capture: its connections, what may be told of them, and the verdicts that come out.
 *
 * Facts are told in the order of the capture. Telling returns nothing: whatever a fact leads to leaves by the sink. What
 * is told of a connection is judged at once; what only the end can show, in tw_capture_end().
 *
 * A connection has two directions, 0 and 1, which the teller numbers as it likes; which of them is the client's is known
 * once a ClientHello (or a message that only one side sends) has been told.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CAPTURE_H
#define TLSWHY_CAPTURE_H

#include "tlswhy/verdict.h"

typedef struct tw_capture tw_capture;
typedef struct tw_conn tw_conn;

/* Bounds for one capture. */
#define TW_OPEN_MAX       32768              /* connections whose messages are kept at one time */
#define TW_OPEN_MAX_BYTES (64 * 1024 * 1024) /* bytes of these messages */
#define TW_SPENT_MAX      8192               /* connections that are decided and over, in tw_capture_forget() */

#define TW_PATIENCE_US        (3 * G_USEC_PER_SEC)
#define TW_CLIENT_PATIENCE_US G_USEC_PER_SEC

/* What the user may set. */
typedef struct {
    const char *trusted_roots; /* a PEM file, or NULL; lent until the capture is freed */
    int64_t patience_us;       /* silence that is a failure; 0: TW_PATIENCE_US */
    int64_t
        client_patience_us; /* a client that closes sooner has not waited for an answer; 0: TW_CLIENT_PATIENCE_US */
    bool anonymize;         /* pseudonyms in the place of names and addresses */
    bool certificates;      /* verdicts hold the certificates that were sent */
} tw_settings;

/* Hears of each VERDICT on CONN, which stays the engine's and lives until the capture is freed or another one takes its
 * place: then REPLACED is that one, and is freed after the call; else NULL. */
typedef void tw_verdict_sink(void *data, tw_conn *conn, const tw_verdict *verdict, const tw_verdict *replaced);

/* A capture with SETTINGS (copied), whose verdicts go to SINK with DATA. *WARNING, if WARNING is not NULL: why the
 * trusted roots cannot be used (g_free), or NULL. Free with tw_capture_free(). */
tw_capture *tw_capture_new(const tw_settings *settings, tw_verdict_sink *sink, void *data, char **warning);
void tw_capture_free(tw_capture *capture); /* with its connections and verdicts; NULL is fine */

/* FRAME was captured at TIME_US. Frames in their order; one that was told is not noted again. */
void tw_tell_time(tw_capture *capture, uint32_t frame, int64_t time_us);

/* The end: judges the handshakes that never ended, and judges again by what the whole capture shows. Harmless when called
 * again; more may be told after it. */
void tw_capture_end(tw_capture *capture);

/* How many TCP streams look like TLS, and could not be followed: they have no connection. */
unsigned tw_capture_unfollowed(const tw_capture *capture);

/* After the end, the I-th TCP connection to a server of TLS that never opened, with its notice; lent. It counts nowhere. NULL:
 * there are no more. */
const tw_conn *tw_capture_unopened(const tw_capture *capture, unsigned i);

/* While a capture goes on: hears of each VERDICT on CONN that its silence would bring if the capture ended at NOW_US, once
 * for each connection. VERDICT lives for the call; what is told later may bring another one, or none. */
typedef void tw_silence_sink(void *data, tw_conn *conn, const tw_verdict *verdict);
void tw_capture_listen(tw_capture *capture, int64_t now_us, tw_silence_sink *sink, void *data);

/* Where a capture goes on for days: once in a while, forgets the oldest connections over TCP, DTLS and QUIC that are decided,
 * have ended and been quiet, or have been quiet for long, but for the last TW_SPENT_MAX of them. Failures that others are
 * compared with stay (tw__memory is bounded). SINK hears before which N CONNS they are; nobody may point at them after it.
 * Returns how many. */
typedef void tw_forget_sink(void *data, tw_conn *const *conns, unsigned n);
unsigned tw_capture_forget(tw_capture *capture, int64_t now_us, tw_forget_sink *sink, void *data);

/* The pseudonyms of this capture, or NULL where names stay. Lent. */
tw_anonymizer *tw_capture_anonymizer(const tw_capture *capture);

/* A new connection between ENDPOINTS (by direction, "192.0.2.1:443", copied), first seen in FRAME, at TIME_US (microseconds
 * since 1970). The capture owns it. */
tw_conn *tw_capture_connect(tw_capture *capture, const char *const endpoints[2], tw_carrier carrier, uint32_t frame,
                            int64_t time_us);

/* The number by which people know CONN's stream, and what it is asked back by; -1 where there is none. */
void tw_conn_set_number(tw_conn *conn, int64_t number);
int64_t tw_conn_number(const tw_conn *conn);
tw_carrier tw_conn_carrier(const tw_conn *conn);

/* DATA is kept with CONN, for the program's own use; NULL: nothing, as at first. It is the program that frees it. */
void tw_conn_set_data(tw_conn *conn, void *data);
void *tw_conn_data(const tw_conn *conn);

/* ---- what may be told ---- */

/* TLS content types; the last is that of DTLS records with a connection ID (RFC 9146 3). */
enum { TW_CT_CCS = 20, TW_CT_ALERT = 21, TW_CT_HANDSHAKE = 22, TW_CT_APPLICATION = 23, TW_CT_CID = 25 };

/* Bytes. The largest record is one of TLS 1.2 (RFC 5246 6.2.3); DTLS: RFC 6347 4.1 and 4.2.2. */
enum {
    TW_RECORD_HEADER = 5,
    TW_RECORD_MAX = 16384 + 2048,
    TW_HANDSHAKE_HEADER = 4,
    TW_DTLS_RECORD_HEADER = 13,
    TW_DTLS_HANDSHAKE_HEADER = 12
};

/* A record: TYPE of its content, LENGTH of its fragment. */
typedef struct {
    uint8_t type;
    uint32_t length;
    uint8_t outer; /* TCP: TYPE as its header has it, where that differs (TLS 1.3); else 0 */
    bool opaque;   /* its content cannot be read in this capture; a readable one is followed by what it holds */
    const uint8_t *content; /* of an opaque one, as far as it was captured; or NULL */
    size_t captured;
    int item; /* of an opaque alert: which alert item of its frame, or -1 */
} tw_record;

void tw_tell_record(tw_conn *conn, tw_at at, const tw_record *record);

/* A whole handshake message: BYTES begin with the 4-byte header, CAPTURED of them are there. */
void tw_tell_message(tw_conn *conn, tw_at at, const uint8_t *bytes, size_t captured);

/* A DTLS handshake fragment: BYTES begin with the 12-byte header (RFC 6347 4.2.2), CAPTURED of them are there. */
void tw_tell_fragment(tw_conn *conn, tw_at at, const uint8_t *bytes, size_t captured);

/* Whether BYTES, behind the two bytes of length that an SSLv2 record begins with, are a ClientHello in SSLv2's format. */
bool tw_is_sslv2_hello(const uint8_t *bytes, size_t len);
/* Such a ClientHello (RFC 5246 E.2): CAPTURED of LENGTH are there. */
void tw_tell_sslv2_hello(tw_conn *conn, tw_at at, const uint8_t *bytes, size_t captured, size_t length);

/* A readable alert, the ITEM-th alert item of its frame (-1: it has none). */
void tw_tell_alert(tw_conn *conn, tw_at at, uint8_t level, uint8_t number, int item);

/* Whether DIR has sent a DTLS record of EPOCH and SEQUENCE number before (RFC 6347 4.1.2.6): then the frame was captured
 * twice, or delivered twice, and nothing of it is to be told. It is noted. */
bool tw_conn_is_repeated(tw_conn *conn, int dir, uint16_t epoch, uint64_t sequence);

/* DTLS 1.3: a record whose content cannot be read, with the low two bits of its EPOCH (RFC 9147 4). */
void tw_tell_dtls13_record(tw_conn *conn, tw_at at, unsigned epoch);

/* Whether a datagram that begins with FIRST is DTLS, and none of what may share its ports (RFC 7983 7). */
bool tw_is_dtls(uint8_t first);

/* LEN BYTES of records as they follow each other in direction AT.dir, where nobody has cut them out. */
void tw_tell_bytes(tw_conn *conn, tw_at at, const uint8_t *bytes, size_t len);
/* What is told next by tw_tell_bytes() in direction DIR begins a record; something may be missing before it. */
void tw_tell_new_bytes(tw_conn *conn, int dir);

/* Whether the bytes of direction DIR are still read: false once what came was no TLS. */
bool tw_conn_reads_bytes(const tw_conn *conn, int dir);

/* LEN decrypted BYTES of the session: what a server says in its first answers about the handshake. */
void tw_tell_session(tw_conn *conn, tw_at at, const uint8_t *bytes, size_t len);
/* Whether that is worth telling of direction DIR. */
bool tw_wants_session(const tw_conn *conn, int dir);

/* The end of a direction, where no TCP segment shows it: that of a stream or, RESET, its being torn down. */
void tw_tell_end(tw_conn *conn, tw_at at, bool reset);

/* EAP-Failure (RFC 3748 4.2); COMMITMENT: the method owes a sign that it got through (RFC 9190 2.1.1). */
void tw_tell_eap_failure(tw_conn *conn, tw_at at, bool commitment);

/* UDP: the TTL or hop limit with which a datagram of direction DIR came; that of its first one is kept. */
void tw_tell_hops(tw_conn *conn, int dir, uint8_t hops);
/* Whether that is not known yet. */
bool tw_wants_hops(const tw_conn *conn, int dir);

/* QUIC: the LEN bytes of a datagram, whose packets may be coalesced (RFC 9000 12.2), after what can be read in them. */
void tw_tell_quic_datagram(tw_conn *conn, tw_at at, const uint8_t *bytes, size_t len);
/* Whether a packet that begins with FIRST has a long header: before one no connection is known. */
bool tw_is_quic_long_header(uint8_t first);
/* QUIC: a CONNECTION_CLOSE: LEN BYTES from its error code on (RFC 9000 19.19), the ITEM-th alert item of its frame. */
void tw_tell_quic_close(tw_conn *conn, tw_at at, const uint8_t *bytes, size_t len, int item);

/* The snap length cut packets of direction DIR. */
void tw_tell_cut(tw_conn *conn, int dir);

/* Another protocol's packets (DATAGRAM: in UDP) carry the records, so that what else they hold is no answer to them. To be
 * told with the first record; later it is not noted. */
void tw_tell_carried(tw_conn *conn, bool datagrams);

/* The ClientHello that was told last stands where Wireshark's tables give the port to another protocol: a notice says so. */
void tw_tell_other_port(tw_conn *conn, tw_at at);

/* Something of CONN that is encrypted can be read in this capture: what comes may be more than it seems. */
void tw_tell_decrypted(tw_conn *conn);

/* Some of the connection could not be read: neither its silence nor its end says anything. */
void tw_tell_lost(tw_conn *conn);

/* Nothing more will come. */
void tw_tell_over(tw_conn *conn);

/* ---- TCP ---- */

/* Flags (RFC 9293 3.1). */
enum { TW_TCP_FIN = 0x01, TW_TCP_SYN = 0x02, TW_TCP_RST = 0x04, TW_TCP_ACK = 0x10 };

/* The headers of one segment. */
typedef struct {
    int64_t time_us; /* capture time, microseconds since 1970 */
    uint32_t frame;
    uint32_t seq, ack, len; /* LEN: of the payload */
    uint32_t place;         /* by which what was recorded at one place is known (tw_tell_place()); 0: it is not */
    uint16_t srcport, dstport;
    uint16_t window;
    uint16_t ip_id; /* IPv4 Identification */
    uint8_t hops;   /* TTL or hop limit; 0: the IP header is not at hand */
    uint8_t flags;
    bool v6;
} tw_segment;

/* S, of a connection that has completed: where its packet went is of no use any more. */
static inline void tw_forget_ip(tw_segment *s)
{
    s->v6 = false;
    s->hops = 0;
    s->ip_id = 0;
}

/* Whether it is of use to say where S, of STREAM, was recorded. CONN: of the stream; NULL: it has shown no TLS so far. */
bool tw_capture_wants_place(const tw_capture *capture, uint32_t stream, const tw_conn *conn, const tw_segment *s);
/* Whether nothing is known of PLACE yet. */
bool tw_capture_lacks_place(const tw_capture *capture, uint32_t place);

/* What people call PLACE, before a segment of it is told. INTERFACE: the number of the interface; -1: not known; NAME: what
 * it is called; LINK: which cable of a network it is (two MAC addresses); NULL: not known. */
void tw_tell_place(tw_capture *capture, uint32_t place, int interface, const char *name, const char *link);

/* A segment comes in stream STREAM, which the teller numbers, in direction DIR of it; CONN: its connection, or NULL as long
 * as it has shown no TLS. To be told before anything that the segment carries. False: it is a repetition, and nothing of
 * what it carries is to be told. */
bool tw_tell_segment(tw_capture *capture, uint32_t stream, tw_conn *conn, int dir, const tw_segment *segment);

/* The same for a segment that carries nothing; or, on a connection that has completed, does nothing but go on with records:
 * of application data, if it begins one; of data that nobody can read, if it ends one. BYTES (lent): CAPTURED bytes of its
 * payload. None of its TLS has been told. True: it was told, with its records, and is done with. False: it is another one,
 * and nothing has been told. */
bool tw_tell_idle(tw_conn *conn, int dir, const tw_segment *segment, const uint8_t *bytes, uint32_t captured);

/* The same in STREAM, which has shown no TLS so far: a segment that carries nothing; or one whose sender goes on with what it
 * has said, in which neither TLS nor anything that asks for it or declines it can stand. */
bool tw_tell_unread(tw_capture *capture, uint32_t stream, int dir, const tw_segment *segment, const uint8_t *bytes,
                    uint32_t captured);

/* How a segment with payload is told, before anything of it has been. */
typedef enum {
    TW_PLAIN_NOT, /* by what Wireshark shows in it */
    /* by tw_tell_segment(); if Wireshark takes it for TLS, tw_tell_records(); and tw_tell_payload(), as shown if it does */
    TW_PLAIN_RECORDS,
    TW_PLAIN_WORDS /* no record ends in it: by tw_tell_segment() and tw_tell_payload() */
} tw_plain;

/* That of SEGMENT, in direction DIR of STREAM, whose payload is BYTES, CAPTURED of which are there. CONN: of the stream, or NULL.
 * Records are plain that are in the clear, or which nobody can read: others of the same direction were shown before that
 * could not be; and the Finished before TLS 1.3, whether it can be decrypted or not. */
tw_plain tw_is_plain(const tw_capture *capture, uint32_t stream, const tw_conn *conn, int dir,
                     const tw_segment *segment, const uint8_t *bytes, uint32_t captured);

/* The records that end in SEGMENT's payload, BYTES, which are plain, and what they hold. DECRYPTED: LEN bytes of one that has been
 * decrypted all the same; NULL: none has been. */
void tw_tell_records(tw_conn *conn, int dir, const tw_segment *segment, const uint8_t *bytes,
                     const uint8_t *decrypted, size_t len);

/* The same segment is a SYN without ACK, of an endpoint that opens STREAM: ADDRESSES of source and destination, 4 bytes each
 * or, as the segment says, 16. */
void tw_tell_opening(tw_capture *capture, uint32_t stream, int dir, const tw_segment *segment,
                     const uint8_t *const addresses[2]);

/* FRAME, at TIME_US, holds an ICMP or ICMPv6 error: CAPTURED bytes from its header on, with what it quotes. No segment in
 * it is to be told. */
void tw_tell_icmp(tw_capture *capture, uint32_t frame, int64_t time_us, const uint8_t *icmp, size_t captured);

/* A stream that no tree shows as TLS is TLS from here on: LEN BYTES are the record of its ClientHello, lent. */
typedef void tw_beginner(void *data, const uint8_t *bytes, size_t len);

/* Makes the connection of the segment's stream by tw_capture_connect() and tw_tell_stream(), if it has none. */
typedef tw_conn *tw_connector(void *data);

typedef struct {
    const uint8_t *bytes; /* the payload, CAPTURED bytes of which are there; NULL: none */
    uint32_t captured;
    bool shown; /* the frame's tree shows some TLS, which has been told */
    bool torn;  /* it shows TLS that Wireshark could not cut into records */
    bool other; /* it shows another protocol in the place of TLS */
    tw_connector *connect;
    tw_beginner *begin; /* NULL: nobody wants to know */
    void *data;         /* of CONNECT and BEGIN */
} tw_payload;

/* The same segment's payload and end, after all that its frame's tree shows has been told. */
void tw_tell_payload(tw_capture *capture, uint32_t stream, tw_conn *conn, int dir, const tw_segment *segment,
                     const tw_payload *payload);

/* CONN, a new one, is in STREAM: what was seen there is its own, and so is what follows. DIR counts as there. */
void tw_tell_stream(tw_conn *conn, uint32_t stream);

/* Whether records of direction DIR have to wait, for bytes in front of them are missing: what cannot be read is not
 * to be told of them now. */
bool tw_conn_waits(const tw_conn *conn, int dir);

/* INNER, carried inside CONN, ends with it. Their directions are the same. */
void tw_tell_inside(tw_conn *conn, tw_conn *inner);

/* ---- what bytes say before anything is told ---- */

/* Whether BYTES begin a record that holds a ClientHello. */
bool tw_begins_with_hello(const uint8_t *bytes, size_t len);

/* Whether BYTES, a datagram, begin with a record of DTLS that holds a ClientHello, or its first fragment, and nothing else. */
bool tw_begins_with_dtls_hello(const uint8_t *bytes, size_t len);

/* Whether BYTES, a segment's payload, are the message in which a client of Microsoft SQL says whether it wants TLS, which
 * then comes inside such messages ([MS-TDS] 2.2.6.5). */
bool tw_asks_for_tds(const uint8_t *bytes, size_t len);

/* Whether BYTES, a datagram, begin with a packet of a client of QUIC version 1 or 2 (RFC 9000 17.2, RFC 9369 3.2). */
bool tw_begins_quic(const uint8_t *bytes, size_t len);

/* Whether BYTES, a datagram, may be the first that is seen of a connection: of DTLS before 1.3, or of QUIC with a long header,
 * where a version of the IETF ends with another byte than 0, and that of Version Negotiation is 0 (RFC 9000 17.2.1). A
 * message of DNS has the high byte of the number of its questions there, which is 0. */
bool tw_may_begin_datagrams(const uint8_t *bytes, size_t len);

/* Whether BYTES, what stands in front of the first record of a connection, are no packet of a protocol that carries
 * it, but a header of the PROXY protocol. */
bool tw_is_preamble(const uint8_t *bytes, size_t len);

/* Whether BYTES, the first ones of a connection, ask a proxy for a tunnel (HTTP CONNECT; SOCKS 4 and 5, RFC 1928), or a
 * server for what `openssl s_client` cannot ask for (RDP). */
bool tw_asks_for_tunnel(const uint8_t *bytes, size_t len);

/* ---- what may be asked, for the report ---- */

/* Each connection has exactly one. A failure counts more than a completed handshake: an established session may be
 * aborted, or fail to renegotiate. */
typedef enum { TW_FAILED, TW_COMPLETED, TW_UNDECIDED, TW_N_OUTCOMES } tw_outcome;
tw_outcome tw_conn_outcome(const tw_conn *conn);

/* Whether CONN, after tw_capture_end(), is one that its capture has twice, recorded at another point of its path: what is
 * to be said of it is said on the other one. */
bool tw_conn_is_twice(const tw_conn *conn);

/* Whether a handshake of it completed. */
bool tw_conn_completed(const tw_conn *conn);

/* The direction of the client; -1: not known. */
int tw_conn_client_dir(const tw_conn *conn);

/* What came of its SYN, static, in words ("SYN unanswered"); NULL: it was opened. */
const char *tw_conn_unopened(const tw_conn *conn);

/* In which frame it was first seen, and when, in microseconds since 1970. */
uint32_t tw_conn_first_frame(const tw_conn *conn);
int64_t tw_conn_begin_us(const tw_conn *conn);
/* Whether FRAME lies between that frame and the last one that was told of it. */
bool tw_conn_spans(const tw_conn *conn, uint32_t frame);

/* The endpoint of direction DIR, as it was given, or its pseudonym. Caller frees. */
char *tw_conn_endpoint(const tw_conn *conn, int dir);

/* The name that the client asked for, escaped, or its pseudonym; NULL: none, or no verdict needed it. Caller frees. */
char *tw_conn_server_name(const tw_conn *conn);
bool tw_conn_has_server_name(const tw_conn *conn);

/* The version that the server chose last ("TLS 1.2"), static; NULL: none. */
const char *tw_conn_version(const tw_conn *conn);

/* Its first verdict or notice, lent; the others are its next. NULL: none. */
const tw_verdict *tw_conn_verdicts(const tw_conn *conn);

/* DTLS: whether a ClientHello with RANDOM (32 bytes) begins another connection between the same ports. */
bool tw_conn_is_another(const tw_conn *conn, const uint8_t random[32]);

/* Whether it has come to speak DTLS 1.3. */
bool tw_conn_is_dtls13(const tw_conn *conn);

#endif
