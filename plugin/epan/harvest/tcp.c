/* What TCP carries and tells: words in the clear in place of TLS or before it, ends, and the segments themselves.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <epan/packet.h>

#include "compat.h"
#include "connections.h"
#include "harvest/headers.h"
#include "harvest/stream_start.h"
#include "harvest/segments.h"
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

/* A TCP segment begins; STREAM is where its header does. Returns its flags. */
static uint8_t set_tcp_carrier(walk *w, field_info *stream)
{
    const uint8_t *header;
    uint32_t length, header_length;
    if (stream == w->segment.item) {
        walk_carrier(w, w->segment.carrier);
        return w->segment.flags;
    }
    walk_carrier(w, (carrier){ .kind = CARRIER_TCP, .stream = TLSWHY_UINT(stream) });
    if (!stream->ds_tvb || tvb_captured_length_remaining(stream->ds_tvb, stream->start) < TCP_HEADER)
        return 0;
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
    w->segment.flags = header[13];
    return header[13];
}

void tcp_on_stream(walk *w, field_info *fi)
{
    set_tcp_carrier(w, fi);
    w->frame = fi->ds_tvb;
    w->inside_eap = false;
}

static bool looks_like_tls(const uint8_t *bytes, unsigned len)
{
    bool record = bytes[0] >= TW_CT_CCS && bytes[0] <= 24 && (len < 2 || bytes[1] == 3);
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
    } else if (!looks_like_tls(bytes, len) && !w->connection->facts->n_failed &&
               !tw__tcp_missing(&w->connection->facts->tcp[w->at.dir])) {
        tw__tell_cleartext(w->connection->facts, w->at, bytes, len);
    }
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
    connections_check_end(w->connection, &w->carrier, w->at.dir);
    tw_tell_end(w->connection->facts, w->at, reset);
    tunnel_end(w, reset);
}

/* What TCP itself tells, after what the segment carries. */
void tcp_segments(walk *w, const GPtrArray *streams)
{
    for (unsigned i = 0; i < streams->len; i++) {
        field_info *fi = g_ptr_array_index(streams, i);
        uint8_t flags = set_tcp_carrier(w, fi);
        struct connection *known;
        bool bare = !w->carrier.len && !(flags & (TW_TCP_SYN | TW_TCP_FIN | TW_TCP_RST));
        if (!w->carrier.has_seq)
            continue;
        known = connections_get(&w->carrier, w->pinfo, w->at.frame, false);
        w->connection = bare ? NULL : known;
        if (w->connection) {
            w->at.dir = connections_direction(w->connection, &w->carrier, w->pinfo);
            segments_adopt(&w->carrier, w->connection, w->at.dir);
        }
        if (segments_are_wanted(known))
            segments_watch(&w->carrier, w->at, w->pinfo, fi->ds_tvb, fi->start);
        if (bare)
            continue;
        take_payload(w, fi);
        take_end(w, flags);
    }
}
