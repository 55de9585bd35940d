/* Records and messages out of a stream's bytes. See records.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/records.h"
#include "capture/capture_internal.h"

#include <string.h>

#include "case/case.h"

#define ALERT_LENGTH 2
#define HEARTBEAT    24

/* One direction. */
struct tw__stream {
    GByteArray *bytes;    /* a record that is not whole yet, or NULL */
    GByteArray *messages; /* a handshake message that is not whole yet, or NULL */
    bool broken;          /* what came was no TLS: the rest is not read */
    uint32_t frame;       /* of the last bytes */
    int alerts;           /* alert records in that frame */
};

static void clear(tw__stream *s)
{
    g_clear_pointer(&s->bytes, g_byte_array_unref);
    g_clear_pointer(&s->messages, g_byte_array_unref);
    s->broken = false;
}

void tw__streams_free(tw__stream *streams)
{
    if (!streams)
        return;
    clear(&streams[0]);
    clear(&streams[1]);
    g_free(streams);
}

static tw__stream *stream_of(tw_conn *c, int dir)
{
    tw__seldom *seldom = tw__seldom_for(c);
    if (!seldom->streams)
        seldom->streams = g_new0(tw__stream, 2);
    return &seldom->streams[dir];
}

void tw_tell_new_bytes(tw_conn *c, int dir)
{
    clear(stream_of(c, dir));
}

bool tw_conn_reads_bytes(const tw_conn *c, int dir)
{
    const tw__stream *streams = tw__seldom_of(c)->streams;
    return !streams || !streams[dir].broken;
}

bool tw__has_changed_cipher(const tw_conn *c, int dir)
{
    const tw__handshake *h = c->now;
    return h->flight[dir].ccs_frame && (h->version || !h->retry_frame);
}

/* TLS 1.3 has a content type of its own for what is encrypted. */
static bool is_encrypted(const tw_conn *c, int dir, uint8_t type)
{
    const tw__handshake *h = c->now;
    bool protected_12 = !tw__is_13(h->version) && (tw__has_changed_cipher(c, dir) || h->renegotiation);
    return type == TW_CT_APPLICATION || (protected_12 && type != TW_CT_CCS);
}

static void take_messages(tw_conn *c, tw__stream *s, tw_at at, const uint8_t *content, uint32_t length)
{
    GByteArray *all = s->messages;
    guint done = 0;
    if (!all)
        all = s->messages = g_byte_array_new();
    g_byte_array_append(all, content, length);
    while (all->len - done >= TW_HANDSHAKE_HEADER) {
        const uint8_t *p = all->data + done;
        guint size = tw__message_size(p);
        if (size > TW_MESSAGE_MAX_BYTES) {
            s->broken = true;
            return;
        }
        if (all->len - done < size)
            break;
        tw_tell_message(c, at, p, size);
        done += size;
    }
    g_byte_array_remove_range(all, 0, done);
}

static void take_record(tw_conn *c, tw__stream *s, tw_at at, uint8_t type, const uint8_t *content, uint32_t length)
{
    tw_record r = { .type = type, .length = length, .opaque = is_encrypted(c, at.dir, type), .item = -1 };
    tw__take_record(c, at, &r);
    if (r.opaque)
        return;
    if (type == TW_CT_HANDSHAKE)
        take_messages(c, s, at, content, length);
    else if (type == TW_CT_ALERT && length == ALERT_LENGTH)
        tw_tell_alert(c, at, content[0], content[1], c->inside ? -1 : s->alerts++); /* no tree shows an inner one */
}

static bool is_record_header(const uint8_t *p, uint32_t length)
{
    return p[0] >= TW_CT_CCS && p[0] <= HEARTBEAT && p[1] == 3 && length <= TW_RECORD_MAX;
}

void tw_tell_bytes(tw_conn *c, tw_at at, const uint8_t *bytes, size_t len)
{
    tw__stream *s = stream_of(c, at.dir);
    guint done = 0;
    if (s->broken)
        return;
    if (s->frame != at.frame)
        s->alerts = 0;
    s->frame = at.frame;
    if (!s->bytes)
        s->bytes = g_byte_array_new();
    g_byte_array_append(s->bytes, bytes, (guint)MIN(len, G_MAXUINT16));
    while (!s->broken && s->bytes->len - done >= TW_RECORD_HEADER) {
        const uint8_t *p = s->bytes->data + done;
        uint32_t length = (uint32_t)p[3] << 8 | p[4];
        if (!is_record_header(p, length)) {
            s->broken = true;
            break;
        }
        if (s->bytes->len - done < TW_RECORD_HEADER + length)
            break;
        take_record(c, s, at, p[0], p + TW_RECORD_HEADER, length);
        done += TW_RECORD_HEADER + length;
    }
    g_byte_array_remove_range(s->bytes, 0, done);
}

/* Where the beginning was missed, a record may be encrypted though nothing that was seen says so. */
static bool begins_message(const tw__flow_record *r)
{
    return r->content && r->length >= TW_HANDSHAKE_HEADER &&
           strcmp(tw__message_name(r->content[0]), "message") != 0 && !r->content[1];
}

bool tw__tell_found_record(tw_conn *c, tw_at at, const tw__flow_record *r)
{
    tw_record record = {
        .type = r->type, .length = r->length, .opaque = is_encrypted(c, at.dir, r->type), .item = -1
    };
    tw__stream *s = stream_of(c, at.dir);
    if (!record.opaque && (r->type == TW_CT_HANDSHAKE || r->type == TW_CT_ALERT) && r->length && !r->content)
        return false;
    if (!record.opaque && r->type == TW_CT_HANDSHAKE && !s->messages && !begins_message(r))
        return false;
    tw__take_record(c, at, &record);
    if (!record.opaque && r->type == TW_CT_HANDSHAKE)
        take_messages(c, s, at, r->content, r->length);
    else if (!record.opaque && r->type == TW_CT_ALERT && r->length == ALERT_LENGTH)
        tw_tell_alert(c, at, r->content[0], r->content[1], -1);
    if (s->messages && !s->messages->len)
        g_clear_pointer(&s->messages, g_byte_array_unref);
    return !s->broken;
}

bool tw_begins_with_hello(const uint8_t *bytes, size_t len)
{
    uint32_t record, message;
    if (len < TW_RECORD_HEADER + TW_HANDSHAKE_HEADER + 2 || bytes[0] != TW_CT_HANDSHAKE || bytes[1] != 3 ||
        bytes[5] != TW_HS_CLIENT_HELLO || bytes[9] != 3)
        return false;
    record = (uint32_t)bytes[3] << 8 | bytes[4];
    message = (uint32_t)bytes[6] << 16 | (uint32_t)bytes[7] << 8 | bytes[8];
    return message + TW_HANDSHAKE_HEADER >= record;
}

#define DTLS_MAJOR 0xfe

bool tw_begins_with_dtls_hello(const uint8_t *bytes, size_t len)
{
    const uint8_t *message = bytes + TW_DTLS_RECORD_HEADER;
    uint32_t record, whole, fragment;
    if (len < TW_DTLS_RECORD_HEADER + TW_DTLS_HANDSHAKE_HEADER + 2 || bytes[0] != TW_CT_HANDSHAKE ||
        bytes[1] != DTLS_MAJOR || bytes[3] || bytes[4] || message[0] != TW_HS_CLIENT_HELLO)
        return false;
    record = (uint32_t)bytes[11] << 8 | bytes[12];
    whole = (uint32_t)message[1] << 16 | (uint32_t)message[2] << 8 | message[3];
    fragment = (uint32_t)message[9] << 16 | (uint32_t)message[10] << 8 | message[11];
    return !message[6] && !message[7] && !message[8] && message[TW_DTLS_HANDSHAKE_HEADER] == DTLS_MAJOR &&
           fragment <= whole && fragment + TW_DTLS_HANDSHAKE_HEADER == record;
}

bool tw_may_begin_datagrams(const uint8_t *bytes, size_t len)
{
    static const uint8_t negotiation[4] = { 0 };
    if (len < 5)
        return false;
    if (tw_is_quic_long_header(bytes[0]) && (bytes[4] || !memcmp(bytes + 1, negotiation, sizeof negotiation)))
        return true;
    return tw_is_dtls(bytes[0]) && bytes[1] == DTLS_MAJOR;
}
