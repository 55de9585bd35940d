/* Connections and verdicts of the capture file that is open. See connections.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "connections.h"

#include <epan/to_str.h>

#include "harvest/stream_start.h"
#include "harvest/segments.h"
#include "compare/contrast.h"
#include "capture/clock.h"
#include "connection/cleartext.h"
#include "harvest/tunnel.h"

static GPtrArray *links[N_CARRIERS]; /* connection *, in the place of its stream's number; NULL: none */
static GHashTable *frames;           /* frame number -> its first note */
static tw__contrast *contrast;
static GQueue open = G_QUEUE_INIT; /* connections whose messages are kept, in the order of their beginning */
static size_t open_bytes;
static const tw_settings *file_settings;
static GPtrArray *retired; /* connection *: over, but their verdicts stay */
static bool dtls13;
static tw__clock *recording;
static GPtrArray *quic_on_udp; /* connection *, lent: the last one of QUIC in each UDP stream */
static GPtrArray *negotiated;  /* connection *, lent: the last QUIC ones that saw a Version Negotiation */

#define NEGOTIATED_MAX 256 /* the next try comes soon */

static void connection_free(void *data)
{
    connection *link = data;
    if (!link)
        return; /* a stream without TLS */
    tunnel_free(link->tunnel);
    tw__conn_free(link->conn);
    g_free(link);
}

static void notes_free(void *data)
{
    note *next;
    for (note *n = data; n; n = next) {
        next = n->next_of_frame;
        tw_verdict_free(n->verdict);
        g_free(n);
    }
}

void connections_init(const tw_settings *settings)
{
    file_settings = settings;
    for (unsigned i = 0; i < N_CARRIERS; i++)
        links[i] = g_ptr_array_new_with_free_func(connection_free);
    g_queue_init(&open);
    open_bytes = 0;
    frames = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, notes_free);
    contrast = tw__contrast_new();
    negotiated = g_ptr_array_new();
    quic_on_udp = g_ptr_array_new();
    retired = g_ptr_array_new_with_free_func(connection_free);
    dtls13 = false;
    recording = tw__clock_new();
    stream_start_forget();
    segments_forget();
}

void connections_cleanup(void)
{
    segments_forget();
    g_clear_pointer(&contrast, tw__contrast_free);
    g_queue_clear(&open);
    for (unsigned i = 0; i < N_CARRIERS; i++)
        g_clear_pointer(&links[i], g_ptr_array_unref);
    g_clear_pointer(&negotiated, g_ptr_array_unref);
    g_clear_pointer(&quic_on_udp, g_ptr_array_unref);
    g_clear_pointer(&retired, g_ptr_array_unref);
    g_clear_pointer(&frames, g_hash_table_destroy);
    g_clear_pointer(&recording, tw__clock_free);
}

/* A new note of FRAME about LINK, the last one of the frame. */
static note *note_new(uint32_t frame, connection *link)
{
    note *last = g_hash_table_lookup(frames, GUINT_TO_POINTER(frame)), *added = g_new0(note, 1);
    added->link = link;
    while (last && last->next_of_frame)
        last = last->next_of_frame;
    if (last)
        last->next_of_frame = added;
    else
        g_hash_table_insert(frames, GUINT_TO_POINTER(frame), added);
    return added;
}

/* The note for one more verdict on FRAME about LINK: the one of LINK's beginning, if it keeps the verdicts' order. */
static note *note_for_verdict(uint32_t frame, connection *link)
{
    note *found = NULL;
    for (note *n = g_hash_table_lookup(frames, GUINT_TO_POINTER(frame)); n; n = n->next_of_frame) {
        if (n->verdict)
            found = NULL;
        else if (n->link == link)
            found = n;
    }
    return found ? found : note_new(frame, link);
}

const note *connections_frame(uint32_t frame)
{
    return frames ? g_hash_table_lookup(frames, GUINT_TO_POINTER(frame)) : NULL;
}

static char *endpoint(const address *addr, uint16_t port)
{
    char *host = address_to_str(NULL, addr);
    char *text = !port ? g_strdup(host) : g_strdup_printf(strchr(host, ':') ? "[%s]:%u" : "%s:%u", host, port);
    wmem_free(NULL, host);
    return text;
}

static connection *connection_new(const carrier *c, packet_info *pinfo)
{
    connection *link = g_new0(connection, 1);
    link->conn = tw__conn_new(c->kind == CARRIER_UDP);
    tw__contrast_join(contrast, link->conn);
    if (c->srcport == c->dstport || c->kind == CARRIER_QUIC) {
        link->first_addresses = wmem_alloc_array(wmem_file_scope(), address, 2);
        copy_address_wmem(wmem_file_scope(), &link->first_addresses[0], &pinfo->src);
        copy_address_wmem(wmem_file_scope(), &link->first_addresses[1], &pinfo->dst);
    }
    link->first_srcport = c->srcport;
    link->first_dstport = c->dstport;
    if (c->kind == CARRIER_QUIC)
        tw__conn_set_quic(link->conn);
    link->first_time = pinfo->abs_ts.secs;
    link->conn->address[0] = endpoint(&pinfo->src, c->srcport);
    link->conn->address[1] = endpoint(&pinfo->dst, c->dstport);
    return link;
}

void connections_note_quic(uint32_t udp_stream, connection *link)
{
    if (quic_on_udp->len <= udp_stream)
        g_ptr_array_set_size(quic_on_udp, (gint)udp_stream + 1);
    g_ptr_array_index(quic_on_udp, udp_stream) = link;
}

void connections_lose_quic(uint32_t udp_stream)
{
    connection *link = udp_stream < quic_on_udp->len ? g_ptr_array_index(quic_on_udp, udp_stream) : NULL;
    if (link)
        link->lost = true;
}

void connections_note_negotiation(connection *link)
{
    if (negotiated->len == NEGOTIATED_MAX)
        g_ptr_array_remove_index(negotiated, 0);
    g_ptr_array_add(negotiated, link);
}

/* Two of QUIC. */
static bool have_same_ends(const connection *a, const connection *b)
{
    return a->first_srcport == b->first_srcport && a->first_dstport == b->first_dstport &&
           addresses_equal(&a->first_addresses[0], &b->first_addresses[0]) &&
           addresses_equal(&a->first_addresses[1], &b->first_addresses[1]);
}

/* A client that was told the server's versions tries again from the same port. */
static void note_next_try(const connection *link)
{
    for (unsigned i = 0; i < negotiated->len; i++) {
        connection *before = g_ptr_array_index(negotiated, i);
        if (before != link && have_same_ends(link, before))
            before->conn->quic->gone_on = true;
    }
}

static connection *find(const carrier *c)
{
    const GPtrArray *all = links[c->kind];
    return c->stream < all->len ? g_ptr_array_index(all, c->stream) : NULL;
}

static void put(const carrier *c, connection *link)
{
    GPtrArray *all = links[c->kind];
    if (c->stream >= all->len)
        g_ptr_array_set_size(all, (int)c->stream + 1);
    g_ptr_array_index(all, c->stream) = link;
}

static void begin_keeping(connection *link)
{
    g_queue_push_tail(&open, link);
    link->open = open.tail;
}

connection *connections_get(const carrier *c, packet_info *pinfo, bool create)
{
    connection *link;
    if (c->kind == CARRIER_NONE || c->stream >= G_MAXINT)
        return NULL;
    link = find(c);
    if (link || !create)
        return link;
    link = connection_new(c, pinfo);
    put(c, link);
    begin_keeping(link);
    if (c->kind == CARRIER_QUIC)
        note_next_try(link);
    note_new(pinfo->num, link);
    return link;
}

static void stop_keeping(connection *link)
{
    tw__conn_release_messages(link->conn);
    open_bytes -= link->kept;
    link->kept = 0;
    if (link->open)
        g_queue_delete_link(&open, link->open);
    link->open = NULL;
}

/* Nothing more will come. */
static void judge_unheard(connection *link)
{
    for (note *n = link->verdicts; n && tw__may_be_unheard(link->conn); n = n->next_of_link)
        tw__judge_unheard(link->conn, n->verdict, file_settings);
}

void connections_release_messages(connection *link)
{
    if (!link->conn->now->complete && !link->conn->now->failed)
        return; /* the end of the capture may still tell something */
    judge_unheard(link);
    stop_keeping(link);
    if (!link->conn->datagram) /* there a message may come again, and has to be known */
        tw__conn_forget_messages(link->conn);
}

void connections_enforce_budget(connection *link)
{
    size_t kept = tw__conn_kept_bytes(link->conn);
    if (tw__conn_is_over(link->conn)) {
        connections_release_messages(link);
        return;
    }
    open_bytes += kept - link->kept;
    link->kept = (uint32_t)kept; /* TW_HANDSHAKE_MAX_BYTES, twice at most */
    if (kept && !link->open)
        begin_keeping(link); /* a new handshake */
    while (open.length > CONNECTIONS_OPEN_MAX || (open_bytes > CONNECTIONS_OPEN_BYTES && open.length > 1))
        stop_keeping(open.head->data);
}

/* A connection that may move (RFC 9000 9): by the end that has stayed. */
static int direction_of_moved(const connection *link, const carrier *c, packet_info *pinfo)
{
    if (c->srcport == link->first_srcport && addresses_equal(&pinfo->src, &link->first_addresses[0]))
        return 0;
    if (c->srcport == link->first_dstport && addresses_equal(&pinfo->src, &link->first_addresses[1]))
        return 1;
    return c->dstport == link->first_srcport && addresses_equal(&pinfo->dst, &link->first_addresses[0]);
}

#define RANDOM_AT  6 /* in a ClientHello: header and version come before */
#define RANDOM_LEN 32

static bool has_random(const tw__handshake *h, const uint8_t *random)
{
    const tw__message *hello = h ? tw__handshake_find(h, TW_HS_CLIENT_HELLO, -1) : NULL;
    gsize len = 0;
    const uint8_t *bytes = hello && hello->bytes ? g_bytes_get_data(hello->bytes, &len) : NULL;
    return bytes && len >= RANDOM_AT + RANDOM_LEN && !memcmp(bytes + RANDOM_AT, random, RANDOM_LEN);
}

void connections_begin_anew(const carrier *c, const uint8_t *random)
{
    connection *link = find(c);
    const tw_conn *conn = link ? link->conn : NULL;
    if (!conn || has_random(conn->now, random) || has_random(conn->first, random) ||
        !(conn->established == TW_YES || conn->now->failed || conn->now->server_hello_frame))
        return;
    put(c, NULL);
    connections_release_messages(link);
    g_ptr_array_add(retired, link);
}

bool connections_know_dtls13(void)
{
    return dtls13;
}

void connections_note_dtls13(void)
{
    dtls13 = true;
}

int connections_direction(connection *link, const carrier *c, packet_info *pinfo)
{
    if (c->kind == CARRIER_QUIC)
        return direction_of_moved(link, c, pinfo);
    if (c->srcport != c->dstport || !link->first_addresses)
        return c->srcport == link->first_srcport ? 0 : 1;
    return addresses_equal(&pinfo->src, &link->first_addresses[0]) ? 0 : 1;
}

bool connections_is_repetition(connection *link, const carrier *c, int dir)
{
    uint32_t end = c->seq + c->len;
    if (!c->has_seq || !c->len)
        return false;
    if (!link->covers[dir]) {
        link->covers[dir] = true;
        link->covered[dir].from = c->seq;
        link->covered[dir].to = end;
        return false;
    }
    if ((int32_t)(c->seq - link->covered[dir].from) >= 0 && (int32_t)(end - link->covered[dir].to) <= 0)
        return true;
    if (c->seq == link->covered[dir].to || (int32_t)(c->seq - link->covered[dir].to) < 0) {
        if ((int32_t)(end - link->covered[dir].to) > 0)
            link->covered[dir].to = end;
    } else { /* a gap: what fills it later is new, so only the part behind it counts as seen */
        link->covered[dir].from = c->seq;
        link->covered[dir].to = end;
    }
    return false;
}

void connections_check_end(connection *link, const carrier *c, int dir)
{
    if (c->has_seq && link->covers[dir] && c->seq + c->len != link->covered[dir].to)
        link->conn->side[dir].end_lost = true;
}

void connections_keep(connection *link, tw_verdict *verdict)
{
    note *n, **last = &link->verdicts;
    if (!verdict)
        return;
    n = note_for_verdict(verdict->frame, link);
    n->verdict = verdict;
    while (*last)
        last = &(*last)->next_of_link;
    *last = n;
}

void connections_note_time(tw_at at)
{
    tw__clock_note(recording, at.frame, at.time_us);
}

/* LINK may be NULL: no connection has this number. */
static void finish(connection *link)
{
    int64_t end_us;
    tw_verdict *v;
    if (!link || link->lost || !tw__clock_end_after(recording, link->conn->last_frame, &end_us))
        return;
    judge_unheard(link);
    v = tw__judge_silence(link->conn, end_us, file_settings);
    connections_keep(link, v);
    if (v)
        stop_keeping(link);
}

void connections_finish(void)
{
    if (!frames)
        return;
    for (unsigned kind = 0; kind < N_CARRIERS; kind++)
        for (unsigned i = 0; i < links[kind]->len; i++)
            finish(g_ptr_array_index(links[kind], i));
    for (unsigned i = 0; i < retired->len; i++)
        finish(g_ptr_array_index(retired, i));
    tw__contrast_settle(contrast);
}
