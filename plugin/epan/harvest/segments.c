/* Segments of TCP. See segments.h.
 *
 * A stream's first segments are kept until it shows TLS; after its handshake nobody asks any more.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "harvest/segments.h"

#include "harvest/headers.h"
#include "judge/judge.h"

#define STREAMS 1024 /* recent ones, in the slot of their number */
#define KEPT    8    /* segments of each: a greeting and a ClientHello in several segments fit */

static struct {
    bool used, overflown;
    uint32_t stream;
    uint16_t srcport;              /* of the first segment */
    struct connection *connection; /* NULL: it has shown no TLS yet */
    int dir;                       /* with LINK: the direction of the first segment */
    unsigned n;
    struct {
        bool forth; /* from that port */
        tw_segment segment;
    } kept[KEPT];
} streams[STREAMS];

void segments_forget(void)
{
    memset(streams, 0, sizeof streams);
}

/* The IP header before the segment, if it is the one that Wireshark took the addresses from. */
static void read_ip(tw_segment *s, const packet_info *pinfo, tvbuff_t *tvb, int tcp)
{
    int length;
    const uint8_t *ip = headers_ip_before(tvb, tcp, &length);
    bool v6 = ip && ip[0] >> 4 == 6;
    unsigned addresses = v6 ? 8 : 12, len = v6 ? 16 : 4;
    int type = v6 ? AT_IPv6 : AT_IPv4;
    if (!ip || pinfo->net_src.type != type || pinfo->net_dst.type != type ||
        memcmp(ip + addresses, pinfo->net_src.data, len) != 0 ||
        memcmp(ip + addresses + len, pinfo->net_dst.data, len) != 0)
        return;
    s->v6 = v6;
    s->hops = ip[v6 ? 7 : 8];
    s->ip_id = v6 ? 0 : (uint16_t)headers_be(ip + 4, 2);
}

static bool read_segment(tw_segment *s, const carrier *c, tw_at at, const packet_info *pinfo, tvbuff_t *tvb, int tcp)
{
    uint8_t header[TCP_HEADER];
    if (tcp < 0 || tvb_captured_length_remaining(tvb, tcp) < TCP_HEADER)
        return false;
    tvb_memcpy(tvb, header, tcp, sizeof header);
    *s = (tw_segment){ .frame = at.frame,
                       .time_us = at.time_us,
                       .seq = headers_be(header + 4, 4),
                       .ack = headers_be(header + 8, 4),
                       .flags = header[13],
                       .window = (uint16_t)headers_be(header + 14, 2),
                       .len = c->len };
    read_ip(s, pinfo, tvb, tcp);
    return true;
}

static bool is_known(const carrier *c)
{
    unsigned slot = c->stream % STREAMS;
    return streams[slot].used && streams[slot].stream == c->stream;
}

static void restart(tw_conn *conn)
{
    if (!tw__conn_is_watched(conn))
        return;
    tw__tcp_restart(&conn->tcp[0]);
    tw__tcp_restart(&conn->tcp[1]);
}

/* The slot of the stream; a stream that was there before is no longer watched. */
static unsigned slot_of(const carrier *c)
{
    unsigned slot = c->stream % STREAMS;
    if (!is_known(c)) {
        if (streams[slot].connection)
            restart(streams[slot].connection->facts);
        memset(&streams[slot], 0, sizeof streams[slot]);
        streams[slot].used = true;
        streams[slot].stream = c->stream;
        streams[slot].srcport = c->srcport;
    }
    return slot;
}

static void keep(unsigned slot, const carrier *c, const tw_segment *segment)
{
    unsigned n = streams[slot].n++;
    streams[slot].kept[n].segment = *segment;
    streams[slot].kept[n].forth = streams[slot].srcport == c->srcport;
}

static bool is_wanted(const tw_conn *conn)
{
    return !conn->n_completed && (!conn->n_failed || tw__may_be_unheard(conn)) && tw__conn_is_watched(conn);
}

bool segments_are_wanted(const struct connection *connection)
{
    return !connection || !connection->watched || is_wanted(connection->facts);
}

void segments_watch(const carrier *c, tw_at at, const packet_info *pinfo, tvbuff_t *tvb, int offset)
{
    unsigned slot = slot_of(c);
    struct connection *connection = streams[slot].connection;
    tw_segment segment;
    bool wanted = connection ? is_wanted(connection->facts) : streams[slot].n < KEPT;
    if (!wanted) {
        streams[slot].overflown = true;
        return;
    }
    if (!read_segment(&segment, c, at, pinfo, tvb, offset))
        return;
    if (connection)
        tw__tcp_segment(connection->facts->tcp,
                        streams[slot].srcport == c->srcport ? streams[slot].dir : 1 - streams[slot].dir, &segment);
    else
        keep(slot, c, &segment);
}

void segments_adopt(const carrier *c, struct connection *connection, int dir)
{
    unsigned slot = c->stream % STREAMS;
    if (connection->watched || c->srcport == c->dstport)
        return;
    connection->watched = true;
    if (!tw__conn_is_watched(connection->facts))
        return;
    if (!is_known(c)) /* the capture begins with TLS */
        slot = slot_of(c);
    streams[slot].connection = connection;
    streams[slot].dir = streams[slot].srcport == c->srcport ? dir : 1 - dir;
    for (unsigned i = 0; i < streams[slot].n; i++)
        tw__tcp_segment(connection->facts->tcp,
                        streams[slot].kept[i].forth ? streams[slot].dir : 1 - streams[slot].dir,
                        &streams[slot].kept[i].segment);
    if (streams[slot].overflown)
        restart(connection->facts);
}
