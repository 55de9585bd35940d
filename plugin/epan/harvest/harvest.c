/* Harvesting facts. See harvest.h.
 *
 * Few fields are wanted, because each costs on every packet: the records, where a whole handshake message begins, the
 * alerts, and the stream. What a message says is read by the engine from its bytes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "harvest/harvest.h"

#include <wsutil/report_message.h>

#include "compat.h"
#include "connections.h"
#include "harvest/handover.h"
#include "harvest/headers.h"
#include "harvest/protocols.h"
#include "harvest/tunnel.h"
#include "harvest/walk.h"

static harvester on_udp_stream, on_eap;

static const struct {
    const char *name;
    harvester *take;
} fields[] = {
    { "tcp.stream", tcp_on_stream },
    { "udp.stream", on_udp_stream },
    { "tls.record", record_on_tls },
    { "dtls.record", record_on_dtls },
    { "tls.handshake.type", record_on_tls_message },
    { "dtls.handshake.type", record_on_dtls_message },
    { "tls.alert_message", record_on_alert },
    { "dtls.alert_message", record_on_alert },
    { "quic.cc.error_code", quic_on_error },
    { "quic.connection.number", quic_on_connection },
    { "eap.code", on_eap },
    /* the protocols: asking for a field of them would read all their dictionaries */
    { "radius", NULL },
    { "diameter", NULL },
};

/* hfid -> 1 + index into fields; 0: not wanted. A table, for every item of every tree is looked up. */
static uint8_t *field_of;
static unsigned n_field_of;
static int hf_tcp_stream = -1, hf_udp_stream = -1, hf_quic_connection = -1, hf_quic_error = -1, hf_eap_code = -1,
           hf_radius = -1, hf_diameter = -1;

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
        { "diameter", &hf_diameter },
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(kept); i++)
        if (!strcmp(kept[i].name, name))
            *kept[i].id = id;
}

static void warn_of_missing(const char *name)
{
    tw_values *v = tw_values_new();
    char *text;
    tw_values_set(v, "name", name);
    text = tw_text_new(TW_TEXT_ERROR_NO_FIELD, v);
    report_warning("%s", text);
    g_free(text);
    tw_values_free(v);
}

GArray *harvest_fields(void)
{
    static bool said;
    GArray *wanted = g_array_new(FALSE, FALSE, sizeof(int));
    harvest_forget();
    protocols_look_up();
    for (unsigned i = 0; i < G_N_ELEMENTS(fields); i++) {
        header_field_info *hf = proto_registrar_get_byname(fields[i].name);
        if (!hf && !said)
            warn_of_missing(fields[i].name);
        /* one name may be registered several times */
        for (; hf; hf = hf->same_name_prev_id != -1 ? proto_registrar_get_nth((guint)hf->same_name_prev_id) : NULL) {
            want(wanted, hf->id, i);
            keep_id(fields[i].name, hf->id);
        }
    }
    said = true;
    return wanted;
}

int harvest_tcp_stream(void)
{
    return hf_tcp_stream;
}

void harvest_forget(void)
{
    g_clear_pointer(&field_of, g_free);
    n_field_of = 0;
}

bool harvest_is_alert(int hfid)
{
    harvester *take = harvester_of(hfid);
    return take && (take == record_on_alert || take == quic_on_error);
}

/* EAP within TLS (Diameter and RADIUS over TLS). The TLS that it carries comes next, and eap.c sees to it. */
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
    walk_carrier(w, (carrier){ .kind = TW_CARRIER_UDP, .stream = TLSWHY_UINT(fi) });
    /* the field's place differs between versions; of nested layers the innermost one carries the TLS */
    w->carrier.srcport = (uint16_t)w->pinfo->srcport;
    w->carrier.dstport = (uint16_t)w->pinfo->destport;
}

/* ---- the walk ---- */

static void visit(walk *w, const proto_node *parent)
{
    for (proto_node *node = parent->first_child; node; node = node->next) {
        field_info *fi = PNODE_FINFO(node);
        harvester *take = fi ? harvester_of(fi->hfinfo->id) : NULL;
        bool lower = take == tcp_on_stream || take == on_udp_stream || take == on_eap;
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
    bool dtls;
    bool quic;
    bool udp;
    bool icmp; /* or ICMPv6 */
} holdings;

static holdings holdings_of(packet_info *pinfo)
{
    holdings found = { .tls = false };
    for (wmem_list_frame_t *layer = wmem_list_head(pinfo->layers); layer; layer = wmem_list_frame_next(layer)) {
        int proto = GPOINTER_TO_INT(wmem_list_frame_data(layer));
        if (proto == protocols.tls)
            found.tls = true;
        else if (proto == protocols.dtls)
            found.tls = found.dtls = true;
        else if (proto == protocols.quic)
            found.quic = true;
        else if (proto == protocols.udp)
            found.udp = true;
        else if (proto == protocols.icmp || proto == protocols.icmpv6)
            found.icmp = true;
    }
    return found;
}

/* The items of field HFID, or NULL: there are none. */
static const GPtrArray *items(proto_tree *tree, int hfid)
{
    const GPtrArray *found = hfid != -1 ? proto_get_finfo_ptr_array(tree, hfid) : NULL;
    return found && found->len ? found : NULL;
}

void harvest_streams(proto_tree *tree, stream_seen *seen, void *data)
{
    const struct {
        tw_carrier kind;
        int hfid;
    } kinds[] = { { TW_CARRIER_TCP, hf_tcp_stream },
                  { TW_CARRIER_UDP, hf_udp_stream },
                  { TW_CARRIER_QUIC, hf_quic_connection } };
    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++) {
        const GPtrArray *found = tree ? items(tree, kinds[i].hfid) : NULL;
        for (unsigned j = 0; found && j < found->len; j++)
            seen(kinds[i].kind, TLSWHY_UINT((field_info *)g_ptr_array_index(found, j)), data);
    }
}

/* HOLDS, of which Wireshark has taken one protocol for another. FOREIGN: it has taken DTLS for one that it knows. */
static holdings undisguised(walk *w, holdings holds, bool *foreign)
{
    const GPtrArray *streams = holds.udp || holds.dtls ? items(w->tree, hf_udp_stream) : NULL;
    const field_info *udp = streams ? g_ptr_array_index(streams, streams->len - 1) : NULL;
    *foreign = false;
    if (udp && holds.dtls && !holds.quic && handover_quic(w, udp)) /* DNS over QUIC, RFC 9250 4.1.1 */
        return (holdings){ .tls = true, .quic = true };
    if (udp && holds.udp && !holds.tls && !holds.quic) {
        bool other = handover_is_other(w->pinfo); /* by what it has shown so far */
        holds.tls = handover_dtls(w, udp);
        *foreign = other && holds.tls;
    }
    return holds;
}

static void tell_decrypted(walk *w, const GPtrArray *streams)
{
    for (unsigned i = 0; streams && i < streams->len; i++) {
        const carrier c = { .kind = TW_CARRIER_TCP,
                            .stream = TLSWHY_UINT((field_info *)g_ptr_array_index(streams, i)) };
        tw_conn *known = connections_get(&c, w->pinfo, w->at.frame, false);
        if (known)
            tw_tell_decrypted(known);
    }
}

/* What stands in the records that the walk has met, as far as Wireshark has decrypted them. */
static void decrypted(walk *w, const GPtrArray *streams)
{
    if (walk_decrypted(w))
        tell_decrypted(w, streams);
    if (!w->connection || w->carrier.kind != TW_CARRIER_TCP || w->repetition)
        return;
    session_words(w);
    if (streams && streams->len == 1) /* else it is not known whose bytes are decrypted */
        tunnel_records(w);
}

/* How far the datagram has come. */
static void hops(const walk *w, const GPtrArray *udp)
{
    const field_info *fi = udp ? g_ptr_array_index(udp, udp->len - 1) : NULL;
    int payload = fi ? walk_datagram(w, fi) : -1;
    const uint8_t *ip = payload < 0 ? NULL : headers_own_ip(w->pinfo, fi->ds_tvb, payload - UDP_HEADER, HEADERS_UDP);
    if (ip)
        tw_tell_hops(w->connection, w->at.dir, headers_hops(ip));
}

void harvest_frame(tvbuff_t *frame, packet_info *pinfo, proto_tree *tree)
{
    tvbuff_t *read[WALK_READ_MAX];
    walk w = { .pinfo = pinfo, .tree = tree, .at = { .frame = frames_id(pinfo) }, .read = read };
    holdings holds = holdings_of(pinfo);
    bool foreign;
    const GPtrArray *streams = items(tree, hf_tcp_stream), *eap;
    w.at.time_us = frames_time(pinfo);
    tw_tell_time(connections_capture(), w.at.frame, w.at.time_us);
    if (holds.icmp) { /* what it quotes was told before */
        icmp_errors(&w, frame);
        return;
    }
    if (!holds.tls && !holds.udp && tcp_idles(&w, streams))
        return;
    eap = items(tree, hf_eap_code);
    holds = undisguised(&w, holds, &foreign);
    if (eap) {
        eap_packets(&w, eap, items(tree, hf_radius), items(tree, hf_diameter));
        if (!streams)
            return; /* the only TLS is within EAP, though Wireshark's own tree may call it the datagram's */
        walk_carrier(&w, (carrier){ .kind = TW_CARRIER_NONE });
    }
    w.holds_tls = holds.tls;
    if (holds.tls || (holds.quic && items(tree, hf_quic_error))) {
        visit(&w, tree);
        walk_close_record(&w, true);
        decrypted(&w, streams);
        if (foreign && w.connection)
            tw_tell_other_port(w.connection, w.at);
    } else if (connections_any(TW_CARRIER_UDP)) {
        const GPtrArray *udp = items(tree, hf_udp_stream);
        if (udp)
            dtls13_datagram(&w, g_ptr_array_index(udp, udp->len - 1));
    }
    if (holds.quic)
        quic_packets(&w, items(tree, hf_quic_connection), items(tree, hf_udp_stream));
    if (w.connection && (w.carrier.kind == TW_CARRIER_UDP || w.carrier.kind == TW_CARRIER_QUIC) &&
        tw_wants_hops(w.connection, w.at.dir))
        hops(&w, items(tree, hf_udp_stream));
    if (!streams)
        return;
    tcp_segments(&w, streams);
    tcp_remember(&w, streams);
}
