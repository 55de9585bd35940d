/* Records and messages out of a stream's bytes. See records.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/records.h"

#include "judge/judge_internal.h"

#define RECORD_HEADER    5
#define RECORD_MAX       (16384 + 2048) /* RFC 5246 6.2.3 */
#define HANDSHAKE_HEADER 4
#define ALERT_LENGTH     2
#define HEARTBEAT        24

typedef struct {
    tw__stream *s;
    tw_conn *conn;
    tw_at at;
    const tw_settings *settings;
    GPtrArray *verdicts;
    unsigned alerts;
} feeding;

void tw__stream_clear(tw__stream *s)
{
    g_clear_pointer(&s->bytes, g_byte_array_unref);
    g_clear_pointer(&s->messages, g_byte_array_unref);
    s->broken = false;
}

static void keep(feeding *f, tw_verdict *v)
{
    if (v)
        g_ptr_array_add(f->verdicts, v);
}

/* Before TLS 1.3 everything behind ChangeCipherSpec is encrypted; TLS 1.3 has a content type of its own for that. */
static bool is_encrypted(const feeding *f, uint8_t type)
{
    const tw__handshake *h = f->conn->now;
    bool protected_12 = h->version && !tw__is_13(h->version) && (h->flight[f->at.dir].ccs_frame || h->complete);
    return type == TW_CT_APPLICATION || (protected_12 && type != TW_CT_CCS);
}

static void take_messages(feeding *f, const uint8_t *content, uint32_t length)
{
    GByteArray *all = f->s->messages;
    guint at = 0;
    if (!all)
        all = f->s->messages = g_byte_array_new();
    g_byte_array_append(all, content, length);
    while (all->len - at >= HANDSHAKE_HEADER) {
        const uint8_t *p = all->data + at;
        guint size = HANDSHAKE_HEADER + ((guint)p[1] << 16 | (guint)p[2] << 8 | p[3]);
        if (size > TW_MESSAGE_MAX_BYTES) {
            f->s->broken = true;
            return;
        }
        if (all->len - at < size)
            break;
        tw__conn_message(f->conn, f->at, p, size);
        at += size;
    }
    g_byte_array_remove_range(all, 0, at);
}

static void take_alert(feeding *f, const uint8_t *content)
{
    const tw__alert *added = tw__conn_alert(f->conn, f->at, content[0], content[1], (int)f->alerts++);
    if (added)
        keep(f, tw__judge_alert(f->conn, added, f->settings));
}

static void take_record(feeding *f, uint8_t type, const uint8_t *content, uint32_t length)
{
    bool encrypted = is_encrypted(f, type);
    tw__conn_record(f->conn, f->at, type, length, encrypted);
    if (encrypted)
        keep(f, tw__judge_opaque(f->conn, f->at, type, length, f->settings));
    else if (type == TW_CT_HANDSHAKE)
        take_messages(f, content, length);
    else if (type == TW_CT_ALERT && length == ALERT_LENGTH)
        take_alert(f, content);
}

void tw__stream_feed(tw__stream *s, tw_conn *conn, tw_at at, const uint8_t *bytes, size_t len,
                     const tw_settings *settings, GPtrArray *verdicts)
{
    feeding f = { s, conn, at, settings, verdicts, 0 };
    guint done = 0;
    if (s->broken)
        return;
    if (!s->bytes)
        s->bytes = g_byte_array_new();
    g_byte_array_append(s->bytes, bytes, (guint)MIN(len, G_MAXUINT16));
    while (!s->broken && s->bytes->len - done >= RECORD_HEADER) {
        const uint8_t *p = s->bytes->data + done;
        uint32_t length = (uint32_t)p[3] << 8 | p[4];
        if (p[0] < TW_CT_CCS || p[0] > HEARTBEAT || p[1] != 3 || length > RECORD_MAX) {
            s->broken = true;
            break;
        }
        if (s->bytes->len - done < RECORD_HEADER + length)
            break;
        take_record(&f, p[0], p + RECORD_HEADER, length);
        done += RECORD_HEADER + length;
    }
    g_byte_array_remove_range(s->bytes, 0, done);
}

tw_verdict *tw__judge_eap_failure(tw_conn *c, tw_at at, bool commitment, const tw_settings *settings)
{
    bool owed = commitment && c->now->complete && !c->now->failed && tw__is_13(c->now->version) &&
                c->client_dir >= 0 && !c->side[at.dir].n_application;
    if (!tw__in_handshake(c) && !owed)
        return NULL;
    if (at.dir == c->client_dir)
        return NULL;
    return tw__judge_event(c, TW_EVENT_FAILURE, at, NULL, settings);
}
