/* What TCP carries and shows: words in the clear in place of TLS or before it, ends, and the segments themselves.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <epan/packet.h>

#include "compat.h"
#include "connections.h"
#include "door/door.h"
#include "door/idle.h"
#include "harvest/handover.h"
#include "harvest/headers.h"
#include "harvest/place.h"
#include "harvest/walk.h"

/* How long a TCP segment is, header included, by the IP header before it; where that does not tell: up to the end of
 * the packet. */
static uint32_t segment_length(const field_info *tcp)
{
    uint32_t rest = (uint32_t)tvb_reported_length_remaining(tcp->ds_tvb, tcp->start), whole;
    int header;
    const uint8_t *ip = headers_ip_before(tcp->ds_tvb, tcp->start, HEADERS_TCP, &header);
    if (!ip)
        return rest;
    if (ip[0] >> 4 == 6)
        return headers_be(ip + 4, 2) ? MIN(headers_be(ip + 4, 2), rest) : rest;
    whole = headers_be(ip + 2, 2); /* 0: the network card cuts the packet later */
    return whole >= (uint32_t)header && whole - (uint32_t)header <= rest ? whole - (uint32_t)header : rest;
}

static void read_ip(tw_segment *s, const packet_info *pinfo, tvbuff_t *tvb, int tcp)
{
    const uint8_t *ip = headers_own_ip(pinfo, tvb, tcp, HEADERS_TCP);
    if (!ip)
        return;
    s->v6 = ip[0] >> 4 == 6;
    s->hops = headers_hops(ip);
    s->ip_id = s->v6 ? 0 : (uint16_t)headers_be(ip + 4, 2);
}

static bool has_completed(const walk *w)
{
    const tw_conn *known = connections_get(&w->carrier, w->pinfo, w->at.frame, false);
    return known && tw_conn_completed(known);
}

/* What the header at HEADER, where STREAM is, says. */
static tw_segment read_header(walk *w, const field_info *stream, const uint8_t *header)
{
    uint32_t length = segment_length(stream), header_length = (uint32_t)(header[12] >> 4) * 4;
    tw_segment s = { .flags = header[13],
                     .window = (uint16_t)headers_be(header + 14, 2),
                     .srcport = (uint16_t)headers_be(header, 2),
                     .dstport = (uint16_t)headers_be(header + 2, 2),
                     .seq = headers_be(header + 4, 4),
                     .ack = headers_be(header + 8, 4),
                     .len = length > header_length ? length - header_length : 0 };
    read_ip(&s, w->pinfo, stream->ds_tvb, stream->start);
    return s;
}

/* A TCP segment begins; STREAM is where its header does. */
static void set_tcp_carrier(walk *w, field_info *stream)
{
    const uint8_t *header;
    const tw_segment *known;
    tw_segment *s = &w->segment.header;
    if (stream == w->segment.item) {
        walk_carrier(w, w->segment.carrier);
        return;
    }
    walk_carrier(w, (carrier){ .kind = TW_CARRIER_TCP, .stream = TLSWHY_UINT(stream) });
    if (!stream->ds_tvb || tvb_captured_length_remaining(stream->ds_tvb, stream->start) < TCP_HEADER)
        return;
    header = tvb_get_ptr(stream->ds_tvb, stream->start, TCP_HEADER);
    known = door_is_open() ? idle_header(header, w->pinfo) : NULL;
    *s = known ? *known : read_header(w, stream, header);
    s->frame = w->at.frame;
    s->time_us = w->at.time_us;
    w->carrier.srcport = s->srcport;
    w->carrier.dstport = s->dstport;
    w->carrier.has_seq = true;
    w->carrier.seq = s->seq;
    w->carrier.len = s->len;
    w->carrier.payload = stream->start + (header[12] >> 4) * 4;
    w->segment.item = stream;
    w->segment.tvb = stream->ds_tvb;
    w->segment.start = stream->start;
    w->segment.carrier = w->carrier;
    if (!(s->flags & TW_TCP_SYN) && has_completed(w))
        tw_forget_ip(s);
}

/* A SYN by which an endpoint opens a stream. */
static void tell_opening(walk *w)
{
    int length;
    const uint8_t *ip = headers_ip_before(w->segment.tvb, w->segment.start, HEADERS_TCP, &length);
    unsigned at = w->segment.header.v6 ? 8 : 12, len = w->segment.header.v6 ? 16 : 4;
    const uint8_t *addresses[2] = { ip + at, ip + at + len };
    if (ip && w->segment.header.hops) /* else the header before it is not that of the segment */
        tw_tell_opening(connections_capture(), w->carrier.stream, connections_tcp_direction(&w->carrier, w->pinfo),
                        &w->segment.header, addresses);
}

bool tcp_tell_segment(walk *w)
{
    tw_conn *conn = connections_get(&w->carrier, w->pinfo, w->at.frame, false);
    tw_capture *capture = connections_capture();
    tw_segment *s = &w->segment.header;
    int dir = connections_tcp_direction(&w->carrier, w->pinfo);
    bool news;
    if (tw_capture_wants_place(capture, w->carrier.stream, conn, s))
        s->place = place_of(w->pinfo, w->segment.tvb, dir);
    news = tw_tell_segment(capture, w->carrier.stream, conn, dir, s);
    if ((s->flags & (TW_TCP_SYN | TW_TCP_ACK)) == TW_TCP_SYN)
        tell_opening(w);
    return news;
}

/* The tree is walked for TLS first: the segment FI may have been told. False: it is a repetition. */
static bool tell_once(walk *w, const field_info *fi)
{
    bool news;
    if (!w->carrier.has_seq)
        return true;
    for (unsigned i = 0; i < w->n_told; i++)
        if (w->told[i].item == fi)
            return w->told[i].news;
    news = tcp_tell_segment(w);
    if (w->n_told < WALK_TOLD_MAX) {
        w->told[w->n_told].item = fi;
        w->told[w->n_told++].news = news;
    }
    return news;
}

void tcp_on_stream(walk *w, field_info *fi)
{
    set_tcp_carrier(w, fi);
    w->repetition = !tell_once(w, fi);
    w->frame = fi->ds_tvb;
    w->inside_eap = false;
}

static tw_conn *connect(void *data)
{
    walk *w = data;
    return walk_connection(w);
}

static void begin(void *data, const uint8_t *bytes, size_t len)
{
    walk *w = data;
    g_clear_pointer(&w->begins, g_bytes_unref);
    w->begins = g_bytes_new(bytes, len);
}

void tcp_tell_payload(walk *w, bool shown, bool torn)
{
    tvbuff_t *tvb = w->segment.tvb;
    int captured = MIN(tvb_captured_length_remaining(tvb, w->carrier.payload), (int)w->carrier.len);
    tw_payload payload = { .shown = shown, .torn = torn, .connect = connect, .begin = begin, .data = w };
    bool unread = !shown && captured > 0;
    payload.other = unread && handover_is_other(w->pinfo);
    if (captured > 0) {
        payload.bytes = tvb_get_ptr(tvb, w->carrier.payload, captured);
        payload.captured = (uint32_t)captured;
    }
    if (unread && tw_is_preamble(payload.bytes, payload.captured))
        handover_behind_preamble(w);
    tw_tell_payload(connections_capture(), w->carrier.stream, w->connection,
                    connections_tcp_direction(&w->carrier, w->pinfo), &w->segment.header, &payload);
    if (captured > 0 && !w->connection)
        handover_tds(w, tvb, captured);
    if (w->begins)
        handover_tls(w, tvb, w->begins);
    g_clear_pointer(&w->begins, g_bytes_unref);
}

/* Whether the frame has one segment and no other, which is at hand now. */
static bool is_only_one(walk *w, const GPtrArray *streams)
{
    if (!streams || streams->len != 1)
        return false;
    set_tcp_carrier(w, g_ptr_array_index(streams, 0));
    return w->carrier.has_seq;
}

/* The next segments of its stream may be idle. */
static void remember(const walk *w)
{
    if (door_is_open())
        idle_remember(tvb_get_ptr(w->segment.tvb, w->segment.start, TCP_HEADER), w->pinfo, w->carrier.stream,
                      connections_tcp_direction(&w->carrier, w->pinfo));
}

void tcp_remember(walk *w, const GPtrArray *streams)
{
    if (is_only_one(w, streams))
        remember(w);
}

bool tcp_idles(walk *w, const GPtrArray *streams)
{
    tw_conn *known = is_only_one(w, streams) ? connections_get(&w->carrier, w->pinfo, w->at.frame, false) : NULL;
    tvbuff_t *tvb = w->segment.tvb;
    int captured;
    if (!known)
        return false;
    captured = MAX(tvb_captured_length_remaining(tvb, w->carrier.payload), 0);
    if (!tw_tell_idle(known, connections_tcp_direction(&w->carrier, w->pinfo), &w->segment.header,
                      captured ? tvb_get_ptr(tvb, w->carrier.payload, captured) : NULL, (uint32_t)captured))
        return false;
    remember(w);
    return true;
}

/* What TCP itself shows, after what the segment carries. */
void tcp_segments(walk *w, const GPtrArray *streams)
{
    for (unsigned i = 0; i < streams->len; i++) {
        field_info *fi = g_ptr_array_index(streams, i);
        set_tcp_carrier(w, fi);
        if (!w->carrier.has_seq)
            continue;
        tell_once(w, fi);
        if (!w->carrier.len && !(w->segment.header.flags & (TW_TCP_FIN | TW_TCP_RST)))
            continue;
        w->connection = connections_get(&w->carrier, w->pinfo, w->at.frame, false);
        tcp_tell_payload(w, w->tls, w->holds_tls && !w->tls);
    }
}
