/* Records of TLS and DTLS in the walk, and what can be read in them: messages, alerts, a session's first words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <epan/packet.h>

#include "compat.h"
#include "connections.h"
#include "frames.h"
#include "harvest/headers.h"
#include "harvest/walk.h"

#define CLIENT_HELLO 1

static void open_record(walk *w, field_info *fi, const uint8_t *header, unsigned header_len)
{
    walk_close_record(w, true);
    w->record.open = true;
    w->record.tvb = fi->ds_tvb;
    w->record.content = fi->start + (int)header_len;
    w->record.type = w->record.outer = header[0];
    w->record.length = headers_be(header + header_len - 2, 2);
    if (w->record.type == TW_CT_CCS)
        walk_close_record(w, false);
}

static bool is_behind_preamble(const walk *w, const field_info *fi)
{
    int len = fi->start - w->carrier.payload;
    return len > 0 && tw_is_preamble(tvb_get_ptr(fi->ds_tvb, w->carrier.payload, len), (size_t)len);
}

/* Whether a record is what TCP carries: it begins a segment's payload, or what was put together of several segments. */
static bool is_payload(walk *w, const field_info *fi)
{
    const GSList *i = w->pinfo->data_src;
    char *name;
    bool reassembled;
    if (fi->ds_tvb == w->frame)
        return fi->start == w->carrier.payload || is_behind_preamble(w, fi);
    while (i && get_data_source_tvb(i->data) != fi->ds_tvb)
        i = i->next;
    if (!i)
        return true; /* not known */
    name = TLSWHY_SOURCE_NAME(i->data);
    reassembled = g_str_has_prefix(name, "Reassembled TCP");
    wmem_free(NULL, name);
    if (reassembled)
        w->put_together = fi->ds_tvb;
    return reassembled && fi->start == 0;
}

/* The first record of a connection shows whether another protocol's packets carry the TLS: TDS, OpenVPN, also over UDP. */
static void note_carried(walk *w, const field_info *fi)
{
    bool datagrams = w->carrier.kind == TW_CARRIER_UDP;
    if (datagrams || (w->carrier.kind == TW_CARRIER_TCP && !is_payload(w, fi)))
        tw_tell_carried(w->connection, datagrams);
}

#define SSLV2_LONG  0x80 /* in the first byte: two bytes of length */
#define SSLV2_HEAD  2
#define SSLV2_HELLO 3 /* the mark of its ClientHello */

/* A record of SSLv2: a ClientHello is all that is looked at. The item of its message's type is none of a TLS message. */
static void on_sslv2(walk *w, field_info *fi)
{
    uint8_t bytes[SSLV2_HEAD + SSLV2_HELLO];
    int length = fi->length - SSLV2_HEAD, captured;
    walk_close_record(w, true);
    w->sslv2 = true;
    if (!walk_bytes(fi, 0, bytes, sizeof bytes) || !tw_is_sslv2_hello(bytes + SSLV2_HEAD, SSLV2_HELLO) ||
        length < SSLV2_HELLO || !walk_connection(w) || w->repetition)
        return;
    captured = MIN(tvb_captured_length_remaining(fi->ds_tvb, fi->start + SSLV2_HEAD), length);
    tw_tell_sslv2_hello(w->connection, w->at, tvb_get_ptr(fi->ds_tvb, fi->start + SSLV2_HEAD, captured),
                        (size_t)captured, (size_t)length);
}

void record_on_tls(walk *w, field_info *fi)
{
    uint8_t header[TW_RECORD_HEADER];
    w->sslv2 = false;
    if (!walk_bytes(fi, 0, header, sizeof header))
        return;
    if (header[0] & SSLV2_LONG) {
        on_sslv2(w, fi);
        return;
    }
    open_record(w, fi, header, sizeof header);
    if (w->record.open && walk_connection(w))
        note_carried(w, fi);
}

/* A frame that was captured twice says nothing new. */
static bool is_old_record(walk *w, const uint8_t *header)
{
    uint16_t epoch = (uint16_t)headers_be(header + 3, 2);
    uint64_t sequence = (uint64_t)headers_be(header + 5, 2) << 32 | headers_be(header + 7, 4);
    if (header[0] == TW_CT_CID || !walk_connection(w))
        return false;
    return tw_conn_is_repeated(w->connection, w->at.dir, epoch, sequence);
}

void record_on_dtls(walk *w, field_info *fi)
{
    uint8_t header[TW_DTLS_RECORD_HEADER];
    if (walk_bytes(fi, 0, header, 1) && dtls_is_unified(header[0])) {
        walk_close_record(w, true);
        dtls13_record(w, header[0]);
        return;
    }
    if (!walk_bytes(fi, 0, header, sizeof header))
        return;
    walk_close_record(w, true);
    w->repetition = is_old_record(w, header);
    open_record(w, fi, header, sizeof header);
    w->record.epoch = headers_be(header + 3, 2);
    if (header[0] == TW_CT_CID && walk_connection(w)) {
        w->record.length = (uint32_t)MAX(fi->length, 0);
    }
}

/* The record's content can be read, in TVB: say so before what it holds. */
static bool readable(walk *w, uint8_t type, tvbuff_t *tvb)
{
    if (!walk_connection(w) || w->repetition)
        return false;
    if (w->n_read < WALK_READ_MAX && (!w->n_read || w->read[w->n_read - 1] != tvb))
        w->read[w->n_read++] = tvb;
    if (w->record.open) {
        w->record.type = type; /* TLS 1.3: the inner type */
        walk_close_record(w, false);
    }
    return true;
}

void record_on_tls_message(walk *w, field_info *fi)
{
    uint8_t header[TW_HANDSHAKE_HEADER];
    int captured;
    if (w->sslv2 || !walk_bytes(fi, 0, header, sizeof header) || !readable(w, TW_CT_HANDSHAKE, fi->ds_tvb))
        return;
    if (header[0] == CLIENT_HELLO)
        frames_note_beginning(w->at.frame, w->connection);
    captured = MIN(tvb_captured_length_remaining(fi->ds_tvb, fi->start),
                   (int)(TW_HANDSHAKE_HEADER + headers_be(header + 1, 3)));
    tw_tell_message(w->connection, w->at, tvb_get_ptr(fi->ds_tvb, fi->start, captured), (size_t)captured);
}

void record_on_dtls_message(walk *w, field_info *fi)
{
    uint8_t header[TW_DTLS_HANDSHAKE_HEADER], random[32];
    int captured;
    if (!walk_bytes(fi, 0, header, sizeof header))
        return;
    if (header[0] == CLIENT_HELLO && !headers_be(header + 6, 3) && w->record.open && !w->record.epoch &&
        walk_bytes(fi, TW_DTLS_HANDSHAKE_HEADER + 2, random, sizeof random)) {
        connections_begin_anew(&w->carrier, random);
        w->connection = NULL;
        if (!connections_get(&w->carrier, w->pinfo, w->at.frame, false))
            w->repetition = false; /* the next connection's numbers begin at 0 again */
    }
    if (!readable(w, TW_CT_HANDSHAKE, fi->ds_tvb))
        return;
    captured = MIN(tvb_captured_length_remaining(fi->ds_tvb, fi->start),
                   (int)(TW_DTLS_HANDSHAKE_HEADER + headers_be(header + 9, 3)));
    tw_tell_fragment(w->connection, w->at, tvb_get_ptr(fi->ds_tvb, fi->start, captured), (size_t)captured);
}

/* An alert is two bytes; behind anything longer that was not decrypted Wireshark shows an encrypted one. */
void record_on_alert(walk *w, field_info *fi)
{
    uint8_t alert[2];
    unsigned ordinal = w->alerts++;
    if ((w->record.open && fi->ds_tvb == w->record.tvb && w->record.length != sizeof alert) ||
        fi->length != sizeof alert)
        return;
    if (!walk_bytes(fi, 0, alert, sizeof alert) || !readable(w, TW_CT_ALERT, fi->ds_tvb))
        return;
    tw_tell_alert(w->connection, w->at, alert[0], alert[1], (int)ordinal);
}

/* What the server's first answers say, where Wireshark has decrypted them: then the packet has more than its own bytes. */
void session_words(walk *w)
{
    const GSList *sources = w->pinfo->data_src;
    if (!sources || !sources->next || !tw_wants_session(w->connection, w->at.dir))
        return;
    for (const GSList *i = sources->next; i; i = i->next) {
        tvbuff_t *tvb = get_data_source_tvb(i->data);
        int len = tvb ? (int)tvb_captured_length(tvb) : 0;
        if (len > 0)
            tw_tell_session(w->connection, w->at, tvb_get_ptr(tvb, 0, len), (size_t)len);
    }
}
