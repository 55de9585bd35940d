/* Connections of the capture file that is open. See connections.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "connections.h"

#include <epan/to_str.h>
#include <wsutil/report_message.h>

#include "door/datagram.h"
#include "door/idle.h"
#include "facts.h"
#include "frames.h"
#include "harvest/tunnel.h"

static tw_capture *capture;
static GPtrArray *all[TW_N_CARRIERS]; /* tw_conn *, lent, in the place of its stream's number; NULL: none */
static GPtrArray *quic_on_udp;        /* tw_conn *, lent: the last one of QUIC in each UDP stream */
static struct {
    uint32_t frame;
    tw_conn *conn;
} last_eap; /* the last connection of EAP that was asked for */
static bool anonymize, hold_certificates;
static tw_step_watcher *watcher; /* of steps; NULL: nobody */
static tw_verdict_sink *follower;
static void *follower_data;

/* What must be known of a connection that is not in a TCP stream (tw_conn_data()): the ends of its first frame, which was sent in
 * direction 0; EAP tells its directions by itself. */
typedef struct {
    address *addresses; /* source and destination, where the ports do not tell the direction; else NULL */
    uint16_t srcport, dstport;
} first_ends;

static bool is_in_stream(tw_carrier kind)
{
    return kind == TW_CARRIER_TCP || kind == TW_CARRIER_TUNNEL;
}

static void free_data(tw_conn *conn)
{
    void *data = tw_conn_data(conn);
    if (is_in_stream(tw_conn_carrier(conn)))
        tunnel_free(data);
    else
        g_free(data);
    tw_conn_set_data(conn, NULL);
}

static void on_verdict(void *data _U_, tw_conn *conn, const tw_verdict *verdict, const tw_verdict *replaced)
{
    frames_note_verdict(conn, verdict, replaced);
    if (follower)
        follower(follower_data, conn, verdict, replaced);
}

void connections_follow(tw_verdict_sink *who, void *data)
{
    follower = who;
    follower_data = data;
}

static tw_settings of_file; /* the settings of the file that is open */

static void open_capture(void)
{
    char *warning = NULL;
    of_file.anonymize = anonymize;
    of_file.certificates = hold_certificates;
    capture = tw_capture_new(&of_file, on_verdict, NULL, &warning);
    tw_capture_watch(capture, watcher, NULL);
    facts_open(capture);
    if (warning)
        report_warning("tlswhy: %s: %s", of_file.trusted_roots, warning);
    g_free(warning);
}

void connections_init(const tw_settings *settings)
{
    of_file = *settings;
    open_capture();
    for (unsigned i = 0; i < TW_N_CARRIERS; i++)
        all[i] = g_ptr_array_new();
    quic_on_udp = g_ptr_array_new();
}

static void forget_all(GPtrArray *of_kind)
{
    for (unsigned i = 0; i < of_kind->len; i++)
        if (g_ptr_array_index(of_kind, i))
            free_data(g_ptr_array_index(of_kind, i));
    g_ptr_array_unref(of_kind);
}

void connections_cleanup(void)
{
    for (unsigned i = 0; i < TW_N_CARRIERS; i++)
        g_clear_pointer(&all[i], forget_all);
    g_clear_pointer(&quic_on_udp, g_ptr_array_unref);
    g_clear_pointer(&capture, tw_capture_free);
    last_eap.conn = NULL;
}

/* A tshark starts its statistics when the file is open already, but before the first packet. */
static void open_capture_again(void)
{
    if (!capture)
        return;
    tw_capture_free(capture);
    open_capture();
}

void connections_anonymize(void)
{
    anonymize = true;
    open_capture_again();
}

void connections_hold_certificates(void)
{
    hold_certificates = true;
    open_capture_again();
}

void connections_watch(tw_step_watcher *who)
{
    watcher = who;
    if (capture)
        tw_capture_watch(capture, watcher, NULL);
}

tw_capture *connections_capture(void)
{
    return capture;
}

void connections_end(void)
{
    if (capture)
        tw_capture_end(capture);
}

/* ---- a new one ---- */

#define HOST_MAX 64 /* the text of an address; what is longer is no IP address, and is cut */

static char *endpoint(const address *addr, uint16_t port)
{
    char host[HOST_MAX], text[HOST_MAX + sizeof "[]:65535"];
    address_to_str_buf(addr, host, sizeof host);
    if (!port)
        return g_strdup(host);
    g_snprintf(text, sizeof text, strchr(host, ':') ? "[%s]:%u" : "%s:%u", host, port);
    return g_strdup(text);
}

static tw_conn *connect(const carrier *c, packet_info *pinfo, uint32_t frame, bool swap)
{
    char *source = endpoint(&pinfo->src, c->srcport), *destination = endpoint(&pinfo->dst, c->dstport);
    const char *endpoints[2] = { swap ? destination : source, swap ? source : destination };
    tw_conn *conn =
        tw_capture_connect(capture, endpoints, c->kind, frame, (int64_t)pinfo->abs_ts.secs * G_USEC_PER_SEC);
    tw_conn_set_number(
        conn, c->kind == TW_CARRIER_EAP ? -1 : (int64_t)c->stream); /* EAP has numbers that nobody else knows */
    g_free(source);
    g_free(destination);
    return conn;
}

static first_ends *first_ends_of(const carrier *c, packet_info *pinfo)
{
    first_ends *first = g_new0(first_ends, 1);
    if (c->srcport == c->dstport || c->kind == TW_CARRIER_QUIC) {
        first->addresses = wmem_alloc_array(wmem_file_scope(), address, 2);
        copy_address_wmem(wmem_file_scope(), &first->addresses[0], &pinfo->src);
        copy_address_wmem(wmem_file_scope(), &first->addresses[1], &pinfo->dst);
    }
    first->srcport = c->srcport;
    first->dstport = c->dstport;
    return first;
}

static tw_conn *connection_new(const carrier *c, packet_info *pinfo, uint32_t frame, bool swap)
{
    tw_conn *conn = connect(c, pinfo, frame, swap);
    if (c->kind == TW_CARRIER_UDP || c->kind == TW_CARRIER_QUIC) {
        datagram_leave(c->srcport);
        datagram_leave(c->dstport);
    }
    if (!is_in_stream(c->kind))
        tw_conn_set_data(conn, first_ends_of(c, pinfo));
    return conn;
}

/* ---- by carrier ---- */

static tw_conn *find(const carrier *c)
{
    const GPtrArray *of_kind = all[c->kind];
    return c->stream < of_kind->len ? g_ptr_array_index(of_kind, c->stream) : NULL;
}

static void put(const carrier *c, tw_conn *conn)
{
    GPtrArray *of_kind = all[c->kind];
    if (c->stream >= of_kind->len)
        g_ptr_array_set_size(of_kind, (int)c->stream + 1);
    g_ptr_array_index(of_kind, c->stream) = conn;
}

static bool is_numbered(const carrier *c)
{
    return c->kind != TW_CARRIER_NONE && c->stream < G_MAXINT;
}

static tw_conn *note_eap(const carrier *c, uint32_t frame, tw_conn *conn)
{
    if (c->kind == TW_CARRIER_EAP && conn) {
        last_eap.frame = frame;
        last_eap.conn = conn;
    }
    return conn;
}

tw_conn *connections_eap_in(uint32_t frame)
{
    return last_eap.frame == frame ? last_eap.conn : NULL;
}

tw_conn *connections_eap_around(uint32_t frame)
{
    const GPtrArray *eap = capture ? all[TW_CARRIER_EAP] : NULL;
    tw_conn *any = NULL, *around = NULL;
    unsigned n = 0, n_around = 0;
    for (guint i = 0; eap && i < eap->len; i++) {
        tw_conn *conn = g_ptr_array_index(eap, i);
        if (!conn)
            continue;
        any = conn;
        n++;
        if (tw_conn_spans(conn, frame)) {
            around = conn;
            n_around++;
        }
    }
    if (n_around)
        return n_around == 1 ? around : NULL;
    return n == 1 ? any : NULL;
}

tw_conn *connections_get_swapped(const carrier *c, packet_info *pinfo, uint32_t frame, bool swap)
{
    tw_conn *conn = is_numbered(c) ? find(c) : NULL;
    if (!conn && is_numbered(c)) {
        conn = connection_new(c, pinfo, frame, swap);
        put(c, conn);
        frames_note_beginning(frame, conn);
    }
    return note_eap(c, frame, conn);
}

tw_conn *connections_get(const carrier *c, packet_info *pinfo, uint32_t frame, bool create)
{
    if (create)
        return connections_get_swapped(c, pinfo, frame, is_in_stream(c->kind) && connections_tcp_direction(c, pinfo));
    return is_numbered(c) ? note_eap(c, frame, find(c)) : NULL;
}

tw_conn *connections_find(tw_carrier kind, uint32_t stream)
{
    const carrier c = { .kind = kind, .stream = stream };
    tw_conn *conn = capture ? find(&c) : NULL;
    if (capture && kind == TW_CARRIER_UDP && !conn && stream < quic_on_udp->len)
        conn = g_ptr_array_index(quic_on_udp, stream);
    return conn;
}

void connections_begin_anew(const carrier *c, const uint8_t *random)
{
    tw_conn *conn = find(c);
    if (!conn || !tw_conn_is_another(conn, random))
        return;
    put(c, NULL);
    tw_tell_over(conn);
    free_data(conn);
}

bool connections_any(tw_carrier kind)
{
    return all[kind]->len > 0;
}

/* ---- forgetting ---- */

/* CONN has its number no longer, unless another one has it already. */
static void take(tw_conn *conn)
{
    const carrier c = { .kind = tw_conn_carrier(conn), .stream = (uint32_t)tw_conn_number(conn) };
    if (find(&c) == conn)
        put(&c, NULL);
}

static void take_quic(GHashTable *conns)
{
    for (unsigned i = 0; i < quic_on_udp->len; i++)
        if (g_hash_table_contains(conns, g_ptr_array_index(quic_on_udp, i)))
            g_ptr_array_index(quic_on_udp, i) = NULL;
}

void connections_forget(tw_conn *const *conns, unsigned n)
{
    GHashTable *set = g_hash_table_new(g_direct_hash, g_direct_equal);
    frames_forget(conns, n);
    idle_forget();
    for (unsigned i = 0; i < n; i++) {
        g_hash_table_add(set, conns[i]);
        take(conns[i]);
        free_data(conns[i]);
    }
    take_quic(set);
    g_hash_table_destroy(set);
}

/* ---- QUIC ---- */

void connections_note_quic(uint32_t udp_stream, tw_conn *conn)
{
    if (quic_on_udp->len <= udp_stream)
        g_ptr_array_set_size(quic_on_udp, (gint)udp_stream + 1);
    g_ptr_array_index(quic_on_udp, udp_stream) = conn;
}

void connections_lose_quic(uint32_t udp_stream)
{
    tw_conn *conn = udp_stream < quic_on_udp->len ? g_ptr_array_index(quic_on_udp, udp_stream) : NULL;
    if (conn)
        tw_tell_lost(conn);
}

/* ---- directions ---- */

/* A connection that may move (RFC 9000 9): by the end that has stayed. */
static int direction_of_moved(const first_ends *first, const carrier *c, packet_info *pinfo)
{
    if (c->srcport == first->srcport && addresses_equal(&pinfo->src, &first->addresses[0]))
        return 0;
    if (c->srcport == first->dstport && addresses_equal(&pinfo->src, &first->addresses[1]))
        return 1;
    return c->dstport == first->srcport && addresses_equal(&pinfo->dst, &first->addresses[0]);
}

/* The same for every segment of a stream, whichever came first. */
int connections_tcp_direction(const carrier *c, packet_info *pinfo)
{
    return c->srcport != c->dstport ? c->srcport > c->dstport : cmp_address(&pinfo->src, &pinfo->dst) > 0;
}

int connections_direction(const tw_conn *conn, const carrier *c, packet_info *pinfo)
{
    const first_ends *first = tw_conn_data(conn);
    if (is_in_stream(c->kind))
        return connections_tcp_direction(c, pinfo);
    if (c->kind == TW_CARRIER_QUIC)
        return direction_of_moved(first, c, pinfo);
    if (c->srcport != c->dstport || !first->addresses)
        return c->srcport == first->srcport ? 0 : 1;
    return addresses_equal(&pinfo->src, &first->addresses[0]) ? 0 : 1;
}
