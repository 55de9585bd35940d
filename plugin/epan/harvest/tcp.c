/* What TCP carries and tells: words in the clear in place of TLS or before it, ends, and the segments themselves.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <epan/packet.h>

#include "compat.h"
#include "connections.h"
#include "harvest/headers.h"
#include "harvest/stream_start.h"
#include "harvest/segments.h"
#include "capture/records.h"
#include "capture/tell_cleartext.h"
#include "connection/cleartext.h"
#include "harvest/tunnel.h"
#include "harvest/walk.h"

#define ALERT_RECORD 7 /* bytes of a record that holds an alert in the clear */

/* How long a TCP segment is, header included, by the IP header before it; where that does not tell: up to the end of
 * the packet. */
static uint32_t segment_length(const field_info *tcp)
{
    uint32_t rest = (uint32_t)tvb_reported_length_remaining(tcp->ds_tvb, tcp->start), whole;
    int header;
    const uint8_t *ip = headers_ip_before(tcp->ds_tvb, tcp->start, &header);
    if (!ip)
        return rest;
    if (ip[0] >> 4 == 6)
        return headers_be(ip + 4, 2) ? MIN(headers_be(ip + 4, 2), rest) : rest;
    whole = headers_be(ip + 2, 2); /* 0: the network card cuts the packet later */
    return whole >= (uint32_t)header && whole - (uint32_t)header <= rest ? whole - (uint32_t)header : rest;
}

/* A TCP segment begins; STREAM is where its header does. */
static void set_tcp_carrier(walk *w, field_info *stream)
{
    const uint8_t *header;
    uint32_t length, header_length;
    if (stream == w->segment.item) {
        walk_carrier(w, w->segment.carrier);
        return;
    }
    walk_carrier(w, (carrier){ .kind = CARRIER_TCP, .stream = TLSWHY_UINT(stream) });
    if (!stream->ds_tvb || tvb_captured_length_remaining(stream->ds_tvb, stream->start) < TCP_HEADER)
        return;
    header = tvb_get_ptr(stream->ds_tvb, stream->start, TCP_HEADER);
    length = segment_length(stream);
    header_length = (uint32_t)(header[12] >> 4) * 4;
    w->carrier.srcport = (uint16_t)headers_be(header, 2);
    w->carrier.dstport = (uint16_t)headers_be(header + 2, 2);
    w->carrier.has_seq = true;
    w->carrier.seq = headers_be(header + 4, 4);
    w->carrier.len = length > header_length ? length - header_length : 0;
    w->carrier.payload = stream->start + (int)header_length;
    w->segment.item = stream;
    w->segment.carrier = w->carrier;
    w->segment.header = (tw_segment){ .frame = w->at.frame,
                                      .time_us = w->at.time_us,
                                      .seq = w->carrier.seq,
                                      .ack = headers_be(header + 8, 4),
                                      .flags = header[13],
                                      .window = (uint16_t)headers_be(header + 14, 2),
                                      .len = w->carrier.len };
}

/* The segment at hand is told before what it carries, once: the tree is walked for TLS first. */
static tw__flow_news tell(walk *w, const field_info *fi)
{
    struct connection *known;
    tw__flow_news news;
    if (!w->carrier.has_seq)
        return TW_FLOW_NOTHING;
    for (unsigned i = 0; i < w->n_told; i++)
        if (w->told[i].item == fi)
            return w->told[i].news;
    known = connections_get(&w->carrier, w->pinfo, w->at.frame, false);
    news = segments_tell(&w->carrier, known, known ? connections_direction(known, &w->carrier, w->pinfo) : 0,
                         &w->segment.header, w->pinfo, fi->ds_tvb, fi->start);
    if (w->n_told < WALK_TOLD_MAX) {
        w->told[w->n_told].item = fi;
        w->told[w->n_told++].news = news;
    }
    return news;
}

void tcp_on_stream(walk *w, field_info *fi)
{
    set_tcp_carrier(w, fi);
    w->repetition = tell(w, fi) == TW_FLOW_SEEN;
    w->frame = fi->ds_tvb;
    w->inside_eap = false;
}

static bool looks_like_tls(const uint8_t *bytes, unsigned len)
{
    /* BearSSL's alerts to a hello that it does not like have no version */
    bool unversioned = len == ALERT_RECORD && bytes[0] == TW_CT_ALERT && !bytes[1] && !bytes[2] && bytes[4] == 2;
    bool record = bytes[0] >= TW_CT_CCS && bytes[0] <= 24 && (len < 2 || bytes[1] == 3 || unversioned);
    bool ssl2 = len > 2 && (bytes[0] & 0x80) && bytes[2] == TW_HS_CLIENT_HELLO;
    return record || ssl2;
}

static void judge_answer(walk *w)
{
    stream_start_recall(w->connection->facts, &w->carrier, w->at.dir, false);
    tw__tell_answer_to_cleartext(w->connection->facts, w->at);
}

/* nginx reads a header of the PROXY protocol that it does not expect as an HTTP request without TLS. */
static bool takes_header_for_request(const walk *w, const char *answer)
{
    return tw__is_tls_port(w->carrier.srcport) && stream_start_answers_header(&w->carrier) &&
           (g_str_has_prefix(answer, "HTTP/1.1 400 ") || g_str_has_prefix(answer, "HTTP/1.0 400 "));
}

#define ANSWER_MAX 1024 /* bytes of a server's first words that are looked at */

/* A server's first words to a client that sent no TLS: an alert that Wireshark does not take for TLS, or an error in
 * the words of HTTP. */
static void take_answer(walk *w, field_info *fi, int offset)
{
    uint8_t bytes[ANSWER_MAX + 1];
    unsigned len = MIN(w->carrier.len, ANSWER_MAX);
    bool alert;
    if (len < ALERT_RECORD || !walk_bytes(fi, offset, bytes, len))
        return;
    bytes[len] = '\0';
    alert = len == ALERT_RECORD && bytes[0] == TW_CT_ALERT && bytes[1] == 3 && bytes[4] == 2;
    if ((!alert && !tw__is_answer_to_cleartext((const char *)bytes) &&
         !takes_header_for_request(w, (const char *)bytes)) ||
        !walk_connection(w))
        return;
    if (alert) {
        tw_tell_record(w->connection->facts, w->at, &(tw_record){ .type = TW_CT_ALERT, .length = 2, .item = -1 });
        walk_alert(w, bytes[5], bytes[6], -1);
    } else {
        judge_answer(w);
    }
}

/* The client leaves a server that does not offer the upgrade to TLS. */
static void judge_leaving(walk *w)
{
    tw_at at = w->at;
    stream_start_tell_offer(w->connection->facts, &w->carrier, w->at.dir);
    at.dir = 1 - w->at.dir;
    tw__tell_declined(w->connection->facts, at);
}

/* What a server can do, in answer to the question for it. */
static void take_offer(walk *w, field_info *fi, int offset)
{
    uint8_t bytes[ANSWER_MAX];
    unsigned len = MIN(w->carrier.len, ANSWER_MAX);
    if (walk_bytes(fi, offset, bytes, len))
        stream_start_offer(&w->carrier, w->at, bytes, len);
}

/* A payload of a stream that has shown no TLS so far. */
static void take_cleartext(walk *w, field_info *fi, int offset, const uint8_t *bytes, unsigned len)
{
    bool answer = stream_start_answers_question(&w->carrier);
    if (stream_start_answers_cleartext(&w->carrier))
        take_answer(w, fi, offset);
    if (w->connection)
        return;
    if (stream_start_declines_upgrade(&w->carrier, bytes, len) && walk_connection(w)) {
        tw__conn_cleartext(w->connection->facts, w->at, bytes, len);
        tw__tell_declined(w->connection->facts, w->at);
        return;
    }
    if (stream_start_leaves(&w->carrier, bytes, len) && walk_connection(w)) {
        judge_leaving(w);
        return;
    }
    if (!looks_like_tls(bytes, len)) /* TLS that Wireshark did not read is TLS all the same */
        stream_start_cleartext(&w->carrier, w->at, bytes, len);
    if (answer)
        take_offer(w, fi, offset);
}

/* Words recorded behind a ClientHello may have been said before it: then they do not acknowledge it. */
static bool answers_hello(const walk *w)
{
    const tw__flow *own = segments_flow(&w->carrier, w->connection, w->at.dir),
                   *peer = segments_flow(&w->carrier, w->connection, 1 - w->at.dir);
    return !own || (!tw__flow_has_hole(own) && tw__flow_answers_records(peer, w->segment.header.ack));
}

/* The first payload of a direction of a TLS connection, and what comes before TLS in others. */
static void take_payload(walk *w, field_info *fi)
{
    uint8_t bytes[TW_CLEARTEXT_MAX];
    unsigned len = MIN(w->carrier.len, TW_CLEARTEXT_MAX);
    int offset = w->carrier.payload - fi->start;
    if (!len || (w->connection && w->connection->payload[w->at.dir]))
        return;
    if (w->connection)
        w->connection->payload[w->at.dir] = true;
    if (w->tls || !walk_bytes(fi, offset, bytes, len))
        return;
    if (!w->connection) {
        take_cleartext(w, fi, offset, bytes, len);
    } else if (len >= TLS_RECORD_HEADER && looks_like_tls(bytes, len)) {
        w->connection->facts->side[w->at.dir].first_record = TLS_RECORD_HEADER + headers_be(bytes + 3, 2);
    } else if (!looks_like_tls(bytes, len) && !w->connection->facts->n_failed && answers_hello(w)) {
        tw__tell_cleartext(w->connection->facts, w->at, bytes, len);
    }
}

#define WINDOW (1 << 20) /* what is further ahead is no place in this stream: a box in between made it up */

/* Bytes are missing before the end at hand. */
static bool is_end_lost(const walk *w)
{
    const tw__flow *flow = segments_flow(&w->carrier, w->connection, w->at.dir);
    int32_t ahead = flow ? tw__flow_ahead(flow, w->carrier.seq + w->carrier.len) : 0;
    return flow && (flow->lost || (ahead > 0 && ahead < WINDOW));
}

/* A reset behind the expected byte ends nothing (RFC 9293 3.10.7.4). */
static bool is_stray(const walk *w, bool reset)
{
    const tw__flow *flow = segments_flow(&w->carrier, w->connection, w->at.dir);
    return reset && flow && !w->connection->facts->side[w->at.dir].fin_frame &&
           tw__flow_is_behind(flow, w->carrier.seq);
}

static void take_end(walk *w, uint8_t flags)
{
    bool reset = flags & TW_TCP_RST;
    if ((flags & (TW_TCP_SYN | TW_TCP_ACK)) == TW_TCP_SYN)
        stream_start_open(&w->carrier);
    if (!(flags & (TW_TCP_FIN | TW_TCP_RST)))
        return;
    if (!w->connection && !reset && stream_start_leaves(&w->carrier, NULL, 0) && walk_connection(w)) {
        judge_leaving(w);
        return;
    }
    if (!w->connection && stream_start_answers_cleartext(&w->carrier) && !stream_start_said_nothing(&w->carrier) &&
        (tw__is_tls_port(w->carrier.srcport) || stream_start_out_of_turn(&w->carrier)) && walk_connection(w)) {
        stream_start_recall(w->connection->facts, &w->carrier, w->at.dir, false);
        tw__tell_closed_on_cleartext(w->connection->facts, w->at, reset, tw__is_tls_port(w->carrier.srcport));
        return;
    }
    if (!w->connection) {
        stream_start_end(&w->carrier);
        return;
    }
    if (is_stray(w, reset))
        return;
    if (is_end_lost(w))
        tw_tell_end_lost(w->connection->facts, w->at.dir);
    tw_tell_end(w->connection->facts, w->at, reset);
    tunnel_end(w, reset);
}

/* ---- records that Wireshark does not show ---- */

typedef struct {
    walk *w;
    tw__flow *flow;
    GArray *unshown; /* unshown_record; NULL: none */
} reading;

typedef struct {
    tw__flow_record record;
    uint8_t *content;
} unshown_record;

static bool is_shown(walk *w, tw__flow *flow, const tw__flow_record *record)
{
    for (unsigned i = 0; i < w->n_shown; i++)
        if (w->shown[i].stream == w->carrier.stream && w->shown[i].type == record->type &&
            w->shown[i].length == record->length) {
            w->shown[i].type = 0;
            return true;
        }
    return w->n_shown == WALK_SHOWN_MAX || tw__flow_was_shown(flow, record->type, record->length);
}

static void free_content(void *data)
{
    g_free(((unshown_record *)data)->content);
}

static void collect_unshown(void *data, const tw__flow_record *record)
{
    reading *r = data;
    unshown_record u = { *record, NULL };
    if (is_shown(r->w, r->flow, record))
        return;
    u.record.content = u.content = record->content ? g_memdup2(record->content, record->length) : NULL;
    if (!r->unshown) {
        r->unshown = g_array_new(FALSE, FALSE, sizeof u);
        g_array_set_clear_func(r->unshown, free_content);
    }
    g_array_append_val(r->unshown, u);
}

/* What the tree shows though the bytes in front of it have not come. */
static void note_early(walk *w, tw__flow *flow)
{
    for (unsigned i = 0; i < w->n_shown; i++)
        if (w->shown[i].type && w->shown[i].stream == w->carrier.stream) {
            tw__flow_shown_early(flow, w->shown[i].type, w->shown[i].length);
            w->shown[i].type = 0;
        }
}

/* A stream that has shown no TLS begins with this record: it does if that is a ClientHello. */
static bool makes_connection(walk *w, const tw__flow_record *r)
{
    return r->type == TW_CT_HANDSHAKE && r->content && r->length > HANDSHAKE_HEADER + 2 &&
           r->content[0] == TW_HS_CLIENT_HELLO && r->content[4] == 3 &&
           headers_be(r->content + 1, 3) + HANDSHAKE_HEADER >= r->length && walk_connection(w);
}

/* Wireshark leaves unread what comes out of order, or is acknowledged before it comes. */
static void read_unshown(walk *w, const GArray *unshown)
{
    for (guint i = 0; i < unshown->len; i++) {
        const tw__flow_record *record = &g_array_index(unshown, unshown_record, i).record;
        if ((!w->connection && !makes_connection(w, record)) || w->connection->facts->carried)
            continue;
        if (record->content && record->type == TW_CT_HANDSHAKE && !w->connection->facts->n_handshakes)
            stream_start_recall(w->connection->facts, &w->carrier, w->at.dir,
                                record->content[0] == TW_HS_CLIENT_HELLO);
        if (!tw__tell_found_record(w->connection->facts, w->at, record))
            segments_flow(&w->carrier, w->connection, w->at.dir)->unread = true;
    }
}

static void follow_bytes(walk *w, const field_info *fi)
{
    int captured = MIN(tvb_captured_length_remaining(fi->ds_tvb, w->carrier.payload), (int)w->carrier.len);
    reading r = { w, segments_flow(&w->carrier, w->connection, w->at.dir), NULL };
    bool keep = !w->connection || !w->connection->facts->now->complete;
    if (!r.flow)
        return;
    captured = MAX(captured, 0);
    tw__flow_payload(r.flow, w->carrier.seq,
                     captured ? tvb_get_ptr(fi->ds_tvb, w->carrier.payload, captured) : (const uint8_t *)"",
                     (uint32_t)captured, w->carrier.len, keep, collect_unshown, &r);
    note_early(w, r.flow);
    if (r.unshown) {
        read_unshown(w, r.unshown);
        g_array_unref(r.unshown);
    }
}

/* What TCP itself tells, after what the segment carries. */
void tcp_segments(walk *w, const GPtrArray *streams)
{
    for (unsigned i = 0; i < streams->len; i++) {
        field_info *fi = g_ptr_array_index(streams, i);
        tw__flow_news news;
        uint8_t flags;
        set_tcp_carrier(w, fi);
        if (!w->carrier.has_seq)
            continue;
        news = tell(w, fi);
        flags = w->segment.header.flags;
        if (!w->carrier.len && !(flags & (TW_TCP_SYN | TW_TCP_FIN | TW_TCP_RST)))
            continue;
        w->connection = connections_get(&w->carrier, w->pinfo, w->at.frame, false);
        if (w->connection)
            w->at.dir = connections_direction(w->connection, &w->carrier, w->pinfo);
        if (news == TW_FLOW_BYTES)
            follow_bytes(w, fi);
        if (news == TW_FLOW_BYTES)
            take_payload(w, fi);
        take_end(w, flags);
    }
}
