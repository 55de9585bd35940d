/* Harvesting facts. See harvest.h.
 *
 * Few fields are wanted, because each costs on every packet: the records, where a whole handshake message begins, the
 * alerts, and the stream. What a message says is read by the engine from its bytes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "harvest.h"

#include <wsutil/report_message.h>

#include "compat.h"
#include "connections.h"
#include "headers.h"
#include "segments.h"
#include "tlswhy/plain.h"
#include "walk.h"

#define TLS_RECORD_HEADER     5
#define DTLS_RECORD_HEADER    13
#define HANDSHAKE_HEADER      4
#define DTLS_HANDSHAKE_HEADER 12
#define DTLS_TYPE_CID         25

static harvester on_tcp_stream, on_udp_stream, on_eap, on_tls_record, on_dtls_record, on_tls_message, on_dtls_message,
    on_alert;

static const struct {
    const char *name;
    harvester *take;
} fields[] = {
    { "tcp.stream", on_tcp_stream },
    { "udp.stream", on_udp_stream },
    { "tls.record", on_tls_record },
    { "dtls.record", on_dtls_record },
    { "tls.handshake.type", on_tls_message },
    { "dtls.handshake.type", on_dtls_message },
    { "tls.alert_message", on_alert },
    { "dtls.alert_message", on_alert },
    { "quic.cc.error_code", quic_on_error },
    { "quic.connection.number", quic_on_connection },
    { "eap.code", on_eap },
    { "radius", NULL }, /* the protocol: asking for a field of it would read all its dictionaries */
};

/* hfid -> 1 + index into fields; 0: not wanted. A table, for every item of every tree is looked up. */
static uint8_t *field_of;
static unsigned n_field_of;
static int hf_tcp_stream = -1, hf_udp_stream = -1, hf_quic_connection = -1, hf_quic_error = -1, hf_eap_code = -1,
           hf_radius = -1;
static int proto_tls = -1, proto_dtls = -1, proto_quic = -1;

static harvester *harvester_of(int hfid)
{
    unsigned field = hfid >= 0 && (unsigned)hfid < n_field_of ? field_of[hfid] : 0;
    return field ? fields[field - 1].take : NULL;
}

static void want(GArray *wanted, int hfid, unsigned field)
{
    g_array_append_val(wanted, hfid);
    if ((unsigned)hfid >= n_field_of) {
        field_of = g_realloc(field_of, (gsize)hfid + 1);
        memset(field_of + n_field_of, 0, (size_t)hfid + 1 - n_field_of);
        n_field_of = (unsigned)hfid + 1;
    }
    field_of[hfid] = (uint8_t)(field + 1);
}

/* The fields that are asked for outside of the walk. */
static void keep_id(const char *name, int id)
{
    static const struct {
        const char *name;
        int *id;
    } kept[] = {
        { "tcp.stream", &hf_tcp_stream },
        { "udp.stream", &hf_udp_stream },
        { "quic.connection.number", &hf_quic_connection },
        { "quic.cc.error_code", &hf_quic_error },
        { "eap.code", &hf_eap_code },
        { "radius", &hf_radius },
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(kept); i++)
        if (!strcmp(kept[i].name, name))
            *kept[i].id = id;
}

GArray *harvest_fields(void)
{
    static bool said;
    GArray *wanted = g_array_new(FALSE, FALSE, sizeof(int));
    harvest_forget();
    proto_tls = proto_get_id_by_filter_name("tls");
    proto_dtls = proto_get_id_by_filter_name("dtls");
    proto_quic = proto_get_id_by_filter_name("quic");
    for (unsigned i = 0; i < G_N_ELEMENTS(fields); i++) {
        header_field_info *hf = proto_registrar_get_byname(fields[i].name);
        if (!hf && !said)
            report_warning("tlswhy: this Wireshark has no field %s: what depends on it is not analysed",
                           fields[i].name);
        /* one name may be registered several times */
        for (; hf; hf = hf->same_name_prev_id != -1 ? proto_registrar_get_nth((guint)hf->same_name_prev_id) : NULL) {
            want(wanted, hf->id, i);
            keep_id(fields[i].name, hf->id);
        }
    }
    said = true;
    return wanted;
}

void harvest_forget(void)
{
    g_clear_pointer(&field_of, g_free);
    n_field_of = 0;
}

bool harvest_is_alert(int hfid)
{
    harvester *take = harvester_of(hfid);
    return take && (take == on_alert || take == quic_on_error);
}

/* ---- bytes behind a field ---- */

bool walk_bytes(const field_info *fi, int offset, uint8_t *out, unsigned len)
{
    int start = fi->start + offset;
    if (!fi->ds_tvb || start < 0 || tvb_captured_length_remaining(fi->ds_tvb, start) < (int)len)
        return false;
    tvb_memcpy(fi->ds_tvb, out, start, len);
    return true;
}

/* ---- the carrier ---- */

static void close_record(walk *w, bool opaque);

void walk_carrier(walk *w, carrier c)
{
    close_record(w, true);
    w->carrier = c;
    w->link = NULL;
    w->repetition = false;
}

/* A new transport layer begins: what follows in the tree belongs to it. */
static void set_carrier(walk *w, carrier_kind kind, field_info *stream)
{
    walk_carrier(w, (carrier){ .kind = kind, .stream = TLSWHY_UINT(stream) });
}

/* How long a TCP segment is, header included, by the IP header before it; where that does not tell: up to the end of
 * the packet. */
static uint32_t segment_length(const field_info *tcp)
{
    uint32_t rest = (uint32_t)tvb_reported_length_remaining(tcp->ds_tvb, tcp->start), whole;
    uint8_t ip[IPV6_HEADER];
    int header = headers_ip_before(tcp->ds_tvb, tcp->start, ip);
    if (!header)
        return rest;
    if (ip[0] >> 4 == 6)
        return headers_be(ip + 4, 2) ? MIN(headers_be(ip + 4, 2), rest) : rest;
    whole = headers_be(ip + 2, 2); /* 0: the network card cuts the packet later */
    return whole >= (uint32_t)header && whole - (uint32_t)header <= rest ? whole - (uint32_t)header : rest;
}

/* A TCP segment begins; STREAM is where its header does. Returns its flags. */
static uint8_t set_tcp_carrier(walk *w, field_info *stream)
{
    uint8_t header[TCP_HEADER];
    uint32_t length, header_length;
    set_carrier(w, CARRIER_TCP, stream);
    if (!walk_bytes(stream, 0, header, sizeof header))
        return 0;
    length = segment_length(stream);
    header_length = (uint32_t)(header[12] >> 4) * 4;
    w->carrier.srcport = (uint16_t)headers_be(header, 2);
    w->carrier.dstport = (uint16_t)headers_be(header + 2, 2);
    w->carrier.has_seq = true;
    w->carrier.seq = headers_be(header + 4, 4);
    w->carrier.len = length > header_length ? length - header_length : 0;
    w->carrier.payload = stream->start + (int)header_length;
    return header[13];
}

connection *walk_link(walk *w)
{
    if (!w->link && (w->link = connections_get(&w->carrier, w->pinfo, true))) {
        w->at.dir = connections_direction(w->link, &w->carrier, w->pinfo);
        w->repetition = connections_is_repetition(w->link, &w->carrier, w->at.dir);
        if (w->pinfo->fd->cap_len < w->pinfo->fd->pkt_len)
            w->link->conn->side[w->at.dir].cut = true;
    }
    return w->link;
}

static void judge_opaque(walk *w)
{
    tw_verdict *v = tw_judge_opaque(w->link->conn, w->at, w->record.type, w->record.length, w->settings);
    if (v && w->record.type == TW_CT_ALERT && v->frame == w->at.frame)
        v->ordinal = (int)w->alerts - 1; /* its node was the last alert passed */
    connections_keep(w->link, v);
}

/* A handshake record in the clear that the snap length cut: Wireshark shows no message, the bytes that are there may
 * begin one. */
static bool harvest_cut_record(walk *w)
{
    int captured = tvb_captured_length_remaining(w->record.tvb, w->record.content);
    const tw_conn *c = w->link->conn;
    if (w->record.type != TW_CT_HANDSHAKE || captured >= (int)w->record.length || captured < HANDSHAKE_HEADER ||
        c->now->flight[w->at.dir].ccs_frame || c->now->renegotiation || c->now->complete)
        return false;
    tw_conn_record(w->link->conn, w->at, w->record.type, w->record.length, false);
    tw_conn_message(w->link->conn, w->at, tvb_get_ptr(w->record.tvb, w->record.content, captured), (size_t)captured);
    connections_weigh(w->link);
    return true;
}

static void close_record(walk *w, bool opaque)
{
    if (w->record.open && walk_link(w) && !w->repetition && !(opaque && harvest_cut_record(w))) {
        tw_conn_record(w->link->conn, w->at, w->record.type, w->record.length, opaque);
        if (opaque)
            judge_opaque(w);
        if (opaque && w->record.type == TW_CT_ALERT)
            connections_weigh(w->link);
    }
    w->record.open = false;
}

static void on_tcp_stream(walk *w, field_info *fi)
{
    set_tcp_carrier(w, fi);
    w->frame = fi->ds_tvb;
    w->inside_eap = false;
}

/* EAP within TLS (Diameter and RADIUS over TLS). The TLS that it carries comes next, and harvest_eap.c sees to it. */
static void on_eap(walk *w, field_info *fi _U_)
{
    w->inside_eap = true;
}

/* Behind EAP in the tree: what EAP carries has been put together or decrypted, while another record of the connection
 * stands in the segment itself. */
static bool is_of_eap(walk *w, const field_info *fi)
{
    w->inside_eap = w->inside_eap && fi->ds_tvb != w->frame;
    return w->inside_eap;
}

static void on_udp_stream(walk *w, field_info *fi)
{
    set_carrier(w, CARRIER_UDP, fi);
    /* the field's place differs between versions; of nested layers the innermost one carries the TLS */
    w->carrier.srcport = (uint16_t)w->pinfo->srcport;
    w->carrier.dstport = (uint16_t)w->pinfo->destport;
}

/* ---- records and what they hold ---- */

static void open_record(walk *w, field_info *fi, const uint8_t *header, unsigned header_len)
{
    close_record(w, true);
    w->record.open = true;
    w->record.tvb = fi->ds_tvb;
    w->record.content = fi->start + (int)header_len;
    w->record.type = header[0];
    w->record.length = headers_be(header + header_len - 2, 2);
    if (w->record.type == TW_CT_CCS)
        close_record(w, false);
}

/* The first record of a connection shows whether another protocol's packets carry the TLS: TDS, OpenVPN, also over UDP. */
static void note_carried(walk *w, const field_info *fi)
{
    tw_conn *c = w->link->conn;
    if (c->side[0].n_records || c->side[1].n_records)
        return;
    if (w->carrier.kind == CARRIER_UDP)
        c->datagram = false;
    c->indirect = c->indirect || w->carrier.kind == CARRIER_UDP ||
                  (w->carrier.kind == CARRIER_TCP && fi->ds_tvb == w->frame && fi->start != w->carrier.payload);
}

static void on_tls_record(walk *w, field_info *fi)
{
    uint8_t header[TLS_RECORD_HEADER];
    if (!walk_bytes(fi, 0, header, sizeof header))
        return;
    open_record(w, fi, header, sizeof header);
    if (w->record.open && walk_link(w))
        note_carried(w, fi);
}

static void on_dtls_record(walk *w, field_info *fi)
{
    uint8_t header[DTLS_RECORD_HEADER];
    if (walk_bytes(fi, 0, header, 1) && dtls_is_unified(header[0])) {
        close_record(w, true);
        dtls13_record(w, header[0]);
        return;
    }
    if (!walk_bytes(fi, 0, header, sizeof header))
        return;
    open_record(w, fi, header, sizeof header);
    w->record.epoch = headers_be(header + 3, 2);
    if (header[0] == DTLS_TYPE_CID && walk_link(w)) {
        w->record.type = dtls_type_behind_cid(w);
        w->record.length = (uint32_t)MAX(fi->length, 0);
    }
}

/* The record's content can be read: say so before what it holds. */
static bool readable(walk *w, uint8_t type)
{
    if (!walk_link(w) || w->repetition)
        return false;
    if (w->record.open) {
        w->record.type = type; /* TLS 1.3: the inner type */
        close_record(w, false);
    }
    return true;
}

static void on_tls_message(walk *w, field_info *fi)
{
    uint8_t header[HANDSHAKE_HEADER];
    int captured;
    if (!walk_bytes(fi, 0, header, sizeof header) || !readable(w, TW_CT_HANDSHAKE))
        return;
    if (header[0] == TW_HS_CLIENT_HELLO && !w->link->conn->n_handshakes)
        connections_recall(w->link, &w->carrier, w->at.dir, true);
    captured = MIN(tvb_captured_length_remaining(fi->ds_tvb, fi->start),
                   (int)(HANDSHAKE_HEADER + headers_be(header + 1, 3)));
    tw_conn_message(w->link->conn, w->at, tvb_get_ptr(fi->ds_tvb, fi->start, captured), (size_t)captured);
    connections_weigh(w->link);
}

static void on_dtls_message(walk *w, field_info *fi)
{
    uint8_t header[DTLS_HANDSHAKE_HEADER], random[32];
    int captured;
    if (!walk_bytes(fi, 0, header, sizeof header))
        return;
    if (header[0] == TW_HS_CLIENT_HELLO && !headers_be(header + 6, 3) && w->record.open && !w->record.epoch &&
        walk_bytes(fi, DTLS_HANDSHAKE_HEADER + 2, random, sizeof random)) {
        connections_begin_anew(&w->carrier, random);
        w->link = NULL;
    }
    if (!readable(w, TW_CT_HANDSHAKE))
        return;
    captured = MIN(tvb_captured_length_remaining(fi->ds_tvb, fi->start),
                   (int)(DTLS_HANDSHAKE_HEADER + headers_be(header + 9, 3)));
    tw_conn_fragment(w->link->conn, w->at, tvb_get_ptr(fi->ds_tvb, fi->start, captured), (size_t)captured);
    connections_weigh(w->link);
    if (w->link->conn->now->version == TW_DTLS13)
        connections_note_dtls13();
}

void walk_alert(walk *w, uint8_t level, uint8_t number, int ordinal)
{
    const tw_alert *added;
    if (!w->link->conn->n_handshakes)
        connections_recall(w->link, &w->carrier, w->at.dir, false);
    added = tw_conn_alert(w->link->conn, w->at, level, number, ordinal);
    if (!added)
        return;
    if (w->link->verdicts->len)
        tw_verdict_add_reaction(g_ptr_array_index(w->link->verdicts, w->link->verdicts->len - 1), w->link->conn,
                                added);
    connections_keep(w->link, tw_judge_alert(w->link->conn, added, w->settings));
    connections_weigh(w->link);
}

/* An alert is two bytes; behind anything longer that was not decrypted Wireshark shows an encrypted one. */
static void on_alert(walk *w, field_info *fi)
{
    uint8_t alert[2];
    unsigned ordinal = w->alerts++;
    if ((w->record.open && fi->ds_tvb == w->record.tvb && w->record.length != sizeof alert) ||
        fi->length != sizeof alert)
        return;
    if (!walk_bytes(fi, 0, alert, sizeof alert) || !readable(w, TW_CT_ALERT))
        return;
    walk_alert(w, alert[0], alert[1], (int)ordinal);
}

/* ---- the walk ---- */

static void visit(walk *w, const proto_node *parent)
{
    for (proto_node *node = parent->first_child; node; node = node->next) {
        field_info *fi = PNODE_FINFO(node);
        harvester *take = fi ? harvester_of(fi->hfinfo->id) : NULL;
        bool lower = take == on_tcp_stream || take == on_udp_stream || take == on_eap;
        if (take && (lower || !is_of_eap(w, fi))) {
            take(w, fi);
            w->tls = w->tls || !lower;
        }
        if (node->first_child)
            visit(w, node);
    }
}

/* What the frame holds, by its layers. */
typedef struct {
    bool tls; /* or DTLS */
    bool quic;
} holdings;

static holdings holdings_of(packet_info *pinfo)
{
    holdings found = { false, false };
    for (wmem_list_frame_t *layer = wmem_list_head(pinfo->layers); layer; layer = wmem_list_frame_next(layer)) {
        int proto = GPOINTER_TO_INT(wmem_list_frame_data(layer));
        found.tls = found.tls || proto == proto_tls || proto == proto_dtls;
        found.quic = found.quic || proto == proto_quic;
    }
    return found;
}

static bool looks_like_tls(const uint8_t *bytes, unsigned len)
{
    bool record = bytes[0] >= TW_CT_CCS && bytes[0] <= 24 && (len < 2 || bytes[1] == 3);
    bool ssl2 = len > 2 && (bytes[0] & 0x80) && bytes[2] == TW_HS_CLIENT_HELLO;
    return record || ssl2;
}

static void judge_answer(walk *w)
{
    connections_recall(w->link, &w->carrier, w->at.dir, false);
    connections_keep(w->link, tw_judge_answer_to_plain(w->link->conn, w->at, w->settings));
}

/* nginx reads a header of the PROXY protocol that it does not expect as an HTTP request without TLS. */
static bool takes_header_for_request(const walk *w, const char *answer)
{
    return tw_is_tls_port(w->carrier.srcport) && connections_answers_header(&w->carrier) &&
           (g_str_has_prefix(answer, "HTTP/1.1 400 ") || g_str_has_prefix(answer, "HTTP/1.0 400 "));
}

#define ANSWER_MAX 1024 /* bytes of a server's first words that are looked at */

/* A server's first words to a client that sent no TLS: an alert that Wireshark does not take for TLS, or an error in
 * the words of HTTP. */
static void harvest_answer(walk *w, field_info *fi, int offset)
{
    uint8_t bytes[ANSWER_MAX + 1];
    unsigned len = MIN(w->carrier.len, ANSWER_MAX);
    bool alert;
    if (len < TLS_RECORD_HEADER + 2 || !walk_bytes(fi, offset, bytes, len))
        return;
    bytes[len] = '\0';
    alert = len == TLS_RECORD_HEADER + 2 && bytes[0] == TW_CT_ALERT && bytes[1] == 3 && bytes[4] == 2;
    if ((!alert && !tw_is_answer_to_plain((const char *)bytes) &&
         !takes_header_for_request(w, (const char *)bytes)) ||
        !walk_link(w))
        return;
    if (alert) {
        tw_conn_record(w->link->conn, w->at, TW_CT_ALERT, 2, false);
        walk_alert(w, bytes[5], bytes[6], -1);
    } else {
        judge_answer(w);
    }
}

/* The client leaves a server that does not offer the upgrade to TLS. */
static void judge_leaving(walk *w)
{
    tw_at at = w->at;
    connections_tell_offer(w->link, &w->carrier, w->at.dir);
    at.dir = 1 - w->at.dir;
    connections_keep(w->link, tw_judge_declined(w->link->conn, at, w->settings));
}

/* What a server can do, in answer to the question for it. */
static void harvest_offer(walk *w, field_info *fi, int offset)
{
    uint8_t bytes[ANSWER_MAX];
    unsigned len = MIN(w->carrier.len, ANSWER_MAX);
    if (walk_bytes(fi, offset, bytes, len))
        connections_remember_offer(&w->carrier, w->at, bytes, len);
}

/* A payload of a stream that has shown no TLS so far. */
static void harvest_plain(walk *w, field_info *fi, int offset, const uint8_t *bytes, unsigned len)
{
    bool answer = connections_answers_question(&w->carrier);
    if (connections_answers_plain(&w->carrier))
        harvest_answer(w, fi, offset);
    if (w->link)
        return;
    if (connections_declines_upgrade(&w->carrier, bytes, len) && walk_link(w)) {
        tw_conn_plain(w->link->conn, w->at, bytes, len);
        connections_keep(w->link, tw_judge_declined(w->link->conn, w->at, w->settings));
        return;
    }
    if (connections_leaves(&w->carrier, bytes, len) && walk_link(w)) {
        judge_leaving(w);
        return;
    }
    if (!looks_like_tls(bytes, len)) /* TLS that Wireshark did not read is TLS all the same */
        connections_remember_plain(&w->carrier, w->at, bytes, len);
    if (answer)
        harvest_offer(w, fi, offset);
}

/* The first payload of a direction of a TLS connection, and what comes before TLS in others. */
static void harvest_payload(walk *w, field_info *fi)
{
    uint8_t bytes[TW_PLAIN_MAX];
    unsigned len = MIN(w->carrier.len, TW_PLAIN_MAX);
    int offset = w->carrier.payload - fi->start;
    if (!len || (w->link && w->link->payload[w->at.dir]))
        return;
    if (w->link)
        w->link->payload[w->at.dir] = true;
    if (w->tls || !walk_bytes(fi, offset, bytes, len))
        return;
    if (!w->link) {
        harvest_plain(w, fi, offset, bytes, len);
    } else if (!looks_like_tls(bytes, len) && !w->link->conn->n_failed &&
               !tw_path_missing(&w->link->conn->path[w->at.dir])) {
        tw_conn_plain(w->link->conn, w->at, bytes, len);
        connections_keep(w->link, tw_judge_plain(w->link->conn, w->at, w->settings));
    }
}

static void harvest_end(walk *w, uint8_t flags)
{
    bool reset = flags & TW_TCP_RST;
    if ((flags & (TW_TCP_SYN | TW_TCP_ACK)) == TW_TCP_SYN)
        connections_remember_open(&w->carrier);
    if (!(flags & (TW_TCP_FIN | TW_TCP_RST)))
        return;
    if (!w->link && !reset && connections_leaves(&w->carrier, NULL, 0) && walk_link(w)) {
        judge_leaving(w);
        return;
    }
    if (!w->link && connections_answers_plain(&w->carrier) &&
        (tw_is_tls_port(w->carrier.srcport) || connections_out_of_turn(&w->carrier)) && walk_link(w)) {
        connections_recall(w->link, &w->carrier, w->at.dir, false);
        connections_keep(w->link, tw_judge_closed_on_plain(w->link->conn, w->at, reset,
                                                           tw_is_tls_port(w->carrier.srcport), w->settings));
        return;
    }
    if (!w->link)
        return;
    connections_check_end(w->link, &w->carrier, w->at.dir);
    if (reset)
        tw_conn_rst(w->link->conn, w->at);
    else
        tw_conn_fin(w->link->conn, w->at);
    connections_keep(w->link, tw_judge_end(w->link->conn, w->at, reset, w->settings));
    connections_weigh(w->link);
}

/* The items of field HFID, or NULL: there are none. */
static const GPtrArray *items(proto_tree *tree, int hfid)
{
    const GPtrArray *found = hfid != -1 ? proto_get_finfo_ptr_array(tree, hfid) : NULL;
    return found && found->len ? found : NULL;
}

/* What TCP itself tells, after what the segment carries. */
static void harvest_segments(walk *w, proto_tree *tree)
{
    const GPtrArray *streams = items(tree, hf_tcp_stream);
    for (unsigned i = 0; streams && i < streams->len; i++) {
        field_info *fi = g_ptr_array_index(streams, i);
        uint8_t flags = set_tcp_carrier(w, fi);
        bool bare = !w->carrier.len && !(flags & (TW_TCP_SYN | TW_TCP_FIN | TW_TCP_RST));
        if (!w->carrier.has_seq)
            continue;
        w->link = bare ? NULL : connections_get(&w->carrier, w->pinfo, false);
        if (w->link) {
            w->at.dir = connections_direction(w->link, &w->carrier, w->pinfo);
            segments_adopt(&w->carrier, w->link, w->at.dir);
        }
        segments_watch(&w->carrier, w->at, w->pinfo, fi->ds_tvb, fi->start);
        if (bare)
            continue;
        harvest_payload(w, fi);
        harvest_end(w, flags);
    }
}

/* What the server's first answers say, where Wireshark has decrypted them: then the packet has more than its own bytes. */
static void harvest_session(walk *w)
{
    const GSList *sources = w->pinfo->data_src;
    if (!sources || !sources->next || !tw_may_say(w->link->conn, w->at.dir))
        return;
    for (const GSList *i = sources->next; i; i = i->next) {
        tvbuff_t *tvb = get_data_source_tvb(i->data);
        int len = tvb ? tvb_captured_length(tvb) : 0;
        if (len > 0)
            connections_keep(w->link,
                             tw_judge_said(w->link->conn, w->at, tvb_get_ptr(tvb, 0, len), (size_t)len, w->settings));
    }
}

void harvest_frame(packet_info *pinfo, proto_tree *tree, const tw_settings *settings)
{
    walk w = { .pinfo = pinfo, .settings = settings, .at = { .frame = pinfo->num } };
    holdings holds = holdings_of(pinfo);
    const GPtrArray *eap = items(tree, hf_eap_code);
    w.at.time_us = (int64_t)pinfo->abs_ts.secs * G_USEC_PER_SEC + pinfo->abs_ts.nsecs / 1000;
    connections_note_time(w.at.time_us);
    if (eap) {
        eap_packets(&w, eap, items(tree, hf_radius));
        if (!items(tree, hf_tcp_stream))
            return; /* the only TLS is within EAP, though Wireshark's own tree may call it the datagram's */
        walk_carrier(&w, (carrier){ .kind = CARRIER_NONE });
    }
    if (holds.tls || (holds.quic && items(tree, hf_quic_error))) {
        visit(&w, tree);
        close_record(&w, true);
        if (w.link && w.carrier.kind == CARRIER_TCP && !w.repetition)
            harvest_session(&w);
    } else if (connections_know_dtls13()) {
        const GPtrArray *udp = items(tree, hf_udp_stream);
        if (udp)
            dtls13_datagram(&w, g_ptr_array_index(udp, udp->len - 1));
    }
    if (holds.quic)
        quic_packets(&w, tree, hf_quic_connection);
    harvest_segments(&w, tree);
}
