/* Segments of TCP. See segments.h.
 *
 * A stream's first segments are kept until it shows TLS; after its handshake nobody asks any more.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "harvest/segments.h"

#include "connection/connection.h"
#include "harvest/headers.h"
#include "judge/judge.h"

#define STREAMS 1024 /* recent ones, in the slot of their number */
#define KEPT    8    /* segments of each: a greeting and a ClientHello in several segments fit */

static struct {
    bool used, overflown;
    uint32_t stream;
    uint16_t srcport;              /* of the first segment */
    struct connection *connection; /* NULL: it has shown no TLS yet */
    int dir;                       /* with CONNECTION: the direction of the first segment */
    unsigned n;
    struct {
        bool forth; /* from that port */
        tw_segment segment;
    } kept[KEPT];
    tw__flow flow[2]; /* from that port, and to it, until it has shown TLS */
} streams[STREAMS];

static void clear(unsigned slot)
{
    tw__flow_release(&streams[slot].flow[0]);
    tw__flow_release(&streams[slot].flow[1]);
    memset(&streams[slot], 0, sizeof streams[slot]);
}

void segments_forget(void)
{
    for (unsigned slot = 0; slot < STREAMS; slot++)
        clear(slot);
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
        clear(slot);
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

static void watch(const carrier *c, tw_segment *s, const packet_info *pinfo, tvbuff_t *tvb, int offset)
{
    unsigned slot = slot_of(c);
    struct connection *connection = streams[slot].connection;
    bool wanted = connection ? is_wanted(connection->facts) : streams[slot].n < KEPT;
    if (!wanted) {
        streams[slot].overflown = true;
        return;
    }
    read_ip(s, pinfo, tvb, offset);
    if (connection)
        tw__tcp_segment(connection->facts->tcp,
                        streams[slot].srcport == c->srcport ? streams[slot].dir : 1 - streams[slot].dir, s);
    else
        keep(slot, c, s);
}

tw__flow_news segments_tell(const carrier *c, struct connection *connection, int dir, tw_segment *s,
                            const packet_info *pinfo, tvbuff_t *tvb, int offset)
{
    unsigned slot;
    if (connection)
        segments_adopt(c, connection, dir);
    if (!connection || !connection->watched || is_wanted(connection->facts))
        watch(c, s, pinfo, tvb, offset);
    if (connection)
        return tw__flow_segment(connection->facts->flow, dir, s);
    slot = slot_of(c);
    if (c->srcport == c->dstport)
        return s->len ? TW_FLOW_BYTES : TW_FLOW_NOTHING;
    return tw__flow_segment(streams[slot].flow, streams[slot].srcport != c->srcport, s);
}

tw__flow *segments_flow(const carrier *c, struct connection *connection, int dir)
{
    unsigned slot = c->stream % STREAMS;
    if (connection)
        return connection->facts->flow ? &connection->facts->flow[dir] : NULL;
    return is_known(c) && c->srcport != c->dstport ? &streams[slot].flow[streams[slot].srcport != c->srcport] : NULL;
}

/* The bytes become CONNECTION's own. */
static void adopt_flow(unsigned slot, const carrier *c, struct connection *connection, int dir)
{
    bool forth_is_0 = (streams[slot].srcport == c->srcport) == (dir == 0);
    tw__flow flow[2] = { streams[slot].flow[!forth_is_0], streams[slot].flow[forth_is_0] };
    memset(streams[slot].flow, 0, sizeof streams[slot].flow);
    tw__conn_follow(connection->facts, flow);
}

void segments_adopt(const carrier *c, struct connection *connection, int dir)
{
    unsigned slot = c->stream % STREAMS;
    if (connection->watched)
        return;
    if (c->srcport == c->dstport) {
        tw__flow none[2] = { { .next = 0 }, { .next = 0 } };
        tw__conn_follow(connection->facts, none);
        return;
    }
    connection->watched = true;
    if (!is_known(c)) /* the capture begins with TLS */
        slot = slot_of(c);
    adopt_flow(slot, c, connection, dir);
    if (!tw__conn_is_watched(connection->facts))
        return;
    streams[slot].connection = connection;
    streams[slot].dir = streams[slot].srcport == c->srcport ? dir : 1 - dir;
    for (unsigned i = 0; i < streams[slot].n; i++)
        tw__tcp_segment(connection->facts->tcp,
                        streams[slot].kept[i].forth ? streams[slot].dir : 1 - streams[slot].dir,
                        &streams[slot].kept[i].segment);
    if (streams[slot].overflown)
        restart(connection->facts);
}
