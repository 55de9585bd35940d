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
static GPtrArray *all[TW_N_CARRIERS]; /* struct connection *, in the place of its stream's number; NULL: none */
static GPtrArray *retired;            /* struct connection *: another one has its number now */
static GPtrArray *quic_on_udp;        /* struct connection *, lent: the last one of QUIC in each UDP stream */
static struct {
    uint32_t frame;
    tw_conn *conn;
} last_eap; /* the last connection of EAP that was asked for */
static bool anonymize, hold_certificates;
static tw_step_watcher *watcher; /* of steps; NULL: nobody */
static tw_verdict_sink *follower;
static void *follower_data;

static void connection_free(void *data)
{
    struct connection *connection = data;
    if (!connection)
        return; /* a stream without TLS */
    if (connection->over_tcp)
        tunnel_free(connection->tunnel);
    g_free(connection);
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
        all[i] = g_ptr_array_new_with_free_func(connection_free);
    quic_on_udp = g_ptr_array_new();
    retired = g_ptr_array_new_with_free_func(connection_free);
}

void connections_cleanup(void)
{
    for (unsigned i = 0; i < TW_N_CARRIERS; i++)
        g_clear_pointer(&all[i], g_ptr_array_unref);
    g_clear_pointer(&quic_on_udp, g_ptr_array_unref);
    g_clear_pointer(&retired, g_ptr_array_unref);
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

static bool is_tcp(const carrier *c)
{
    return c->kind == TW_CARRIER_TCP || c->kind == TW_CARRIER_TUNNEL;
}

static struct connection *connection_new(const carrier *c, packet_info *pinfo, uint32_t frame, bool swap)
{
    struct connection *connection = g_new0(struct connection, 1);
    connection->facts = connect(c, pinfo, frame, swap);
    connection->over_tcp = is_tcp(c);
    if (c->kind == TW_CARRIER_UDP || c->kind == TW_CARRIER_QUIC) {
        datagram_leave(c->srcport);
        datagram_leave(c->dstport);
    }
    if (!connection->over_tcp && (c->srcport == c->dstport || c->kind == TW_CARRIER_QUIC)) {
        connection->first_addresses = wmem_alloc_array(wmem_file_scope(), address, 2);
        copy_address_wmem(wmem_file_scope(), &connection->first_addresses[0], &pinfo->src);
        copy_address_wmem(wmem_file_scope(), &connection->first_addresses[1], &pinfo->dst);
    }
    connection->first_srcport = c->srcport;
    connection->first_dstport = c->dstport;
    return connection;
}

/* ---- by carrier ---- */

static struct connection *find(const carrier *c)
{
    const GPtrArray *of_kind = all[c->kind];
    return c->stream < of_kind->len ? g_ptr_array_index(of_kind, c->stream) : NULL;
}

static void put(const carrier *c, struct connection *connection)
{
    GPtrArray *of_kind = all[c->kind];
    if (c->stream >= of_kind->len)
        g_ptr_array_set_size(of_kind, (int)c->stream + 1);
    g_ptr_array_index(of_kind, c->stream) = connection;
}

static bool is_numbered(const carrier *c)
{
    return c->kind != TW_CARRIER_NONE && c->stream < G_MAXINT;
}

static struct connection *note_eap(const carrier *c, uint32_t frame, struct connection *connection)
{
    if (c->kind == TW_CARRIER_EAP && connection) {
        last_eap.frame = frame;
        last_eap.conn = connection->facts;
    }
    return connection;
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
        const struct connection *c = g_ptr_array_index(eap, i);
        if (!c)
            continue;
        any = c->facts;
        n++;
        if (tw_conn_spans(any, frame)) {
            around = any;
            n_around++;
        }
    }
    if (n_around)
        return n_around == 1 ? around : NULL;
    return n == 1 ? any : NULL;
}

struct connection *connections_get_swapped(const carrier *c, packet_info *pinfo, uint32_t frame, bool swap)
{
    struct connection *connection = is_numbered(c) ? find(c) : NULL;
    if (!connection && is_numbered(c)) {
        connection = connection_new(c, pinfo, frame, swap);
        put(c, connection);
        frames_note_beginning(frame, connection->facts);
    }
    return note_eap(c, frame, connection);
}

struct connection *connections_get(const carrier *c, packet_info *pinfo, uint32_t frame, bool create)
{
    if (create)
        return connections_get_swapped(c, pinfo, frame, is_tcp(c) && connections_tcp_direction(c, pinfo));
    return is_numbered(c) ? note_eap(c, frame, find(c)) : NULL;
}

tw_conn *connections_find(tw_carrier kind, uint32_t stream)
{
    const carrier c = { .kind = kind, .stream = stream };
    struct connection *connection = capture ? find(&c) : NULL;
    if (capture && kind == TW_CARRIER_UDP && !connection && stream < quic_on_udp->len)
        connection = g_ptr_array_index(quic_on_udp, stream);
    return connection ? connection->facts : NULL;
}

void connections_begin_anew(const carrier *c, const uint8_t *random)
{
    struct connection *connection = find(c);
    if (!connection || !tw_conn_is_another(connection->facts, random))
        return;
    put(c, NULL);
    tw_tell_over(connection->facts);
    g_ptr_array_add(retired, connection);
}

bool connections_any(tw_carrier kind)
{
    return all[kind]->len > 0;
}

/* ---- forgetting ---- */

/* The connection of CONN, which has its number still. */
static struct connection *take(tw_conn *conn)
{
    const carrier c = { .kind = tw_conn_carrier(conn), .stream = (uint32_t)tw_conn_number(conn) };
    struct connection *connection = find(&c);
    if (!connection || connection->facts != conn)
        return NULL;
    put(&c, NULL);
    return connection;
}

static void take_retired(GHashTable *conns)
{
    for (unsigned i = retired->len; i-- > 0;) {
        const struct connection *connection = g_ptr_array_index(retired, i);
        if (g_hash_table_contains(conns, connection->facts))
            g_ptr_array_remove_index_fast(retired, i);
    }
}

static void take_quic(GHashTable *connections)
{
    for (unsigned i = 0; i < quic_on_udp->len; i++)
        if (g_hash_table_contains(connections, g_ptr_array_index(quic_on_udp, i)))
            g_ptr_array_index(quic_on_udp, i) = NULL;
}

void connections_forget(tw_conn *const *conns, unsigned n)
{
    GHashTable *facts = g_hash_table_new(g_direct_hash, g_direct_equal);
    GHashTable *connections = g_hash_table_new_full(g_direct_hash, g_direct_equal, connection_free, NULL);
    frames_forget(conns, n);
    idle_forget();
    for (unsigned i = 0; i < n; i++) {
        struct connection *connection = take(conns[i]);
        if (connection)
            g_hash_table_add(connections, connection);
        else
            g_hash_table_add(facts, conns[i]);
    }
    take_retired(facts);
    take_quic(connections);
    g_hash_table_destroy(connections);
    g_hash_table_destroy(facts);
}

/* ---- QUIC ---- */

void connections_note_quic(uint32_t udp_stream, struct connection *connection)
{
    if (quic_on_udp->len <= udp_stream)
        g_ptr_array_set_size(quic_on_udp, (gint)udp_stream + 1);
    g_ptr_array_index(quic_on_udp, udp_stream) = connection;
}

void connections_lose_quic(uint32_t udp_stream)
{
    struct connection *connection = udp_stream < quic_on_udp->len ? g_ptr_array_index(quic_on_udp, udp_stream) : NULL;
    if (connection)
        tw_tell_lost(connection->facts);
}

/* ---- directions ---- */

/* A connection that may move (RFC 9000 9): by the end that has stayed. */
static int direction_of_moved(const struct connection *connection, const carrier *c, packet_info *pinfo)
{
    const address *first = connection->first_addresses;
    if (c->srcport == connection->first_srcport && addresses_equal(&pinfo->src, &first[0]))
        return 0;
    if (c->srcport == connection->first_dstport && addresses_equal(&pinfo->src, &first[1]))
        return 1;
    return c->dstport == connection->first_srcport && addresses_equal(&pinfo->dst, &first[0]);
}

/* The same for every segment of a stream, whichever came first. */
int connections_tcp_direction(const carrier *c, packet_info *pinfo)
{
    return c->srcport != c->dstport ? c->srcport > c->dstport : cmp_address(&pinfo->src, &pinfo->dst) > 0;
}

int connections_direction(struct connection *connection, const carrier *c, packet_info *pinfo)
{
    if (is_tcp(c))
        return connections_tcp_direction(c, pinfo);
    if (c->kind == TW_CARRIER_QUIC)
        return direction_of_moved(connection, c, pinfo);
    if (c->srcport != c->dstport || !connection->first_addresses)
        return c->srcport == connection->first_srcport ? 0 : 1;
    return addresses_equal(&pinfo->src, &connection->first_addresses[0]) ? 0 : 1;
}
