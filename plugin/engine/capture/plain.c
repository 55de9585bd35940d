/* Segments that can be told from their bytes, without what Wireshark shows of them: records in the clear, those that nobody
 * can read, and words without TLS. See tlswhy/capture.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/plain.h"
#include "capture/capture_internal.h"
#include "capture/records.h"
#include "capture/tell_unread.h"

#include <string.h>

#define ALERT_LENGTH 2

/* ---- what is encrypted ---- */

/* Whether Wireshark shows no content of a record of TYPE and LENGTH that DIR sends now, for it is encrypted; an alert of two bytes
 * it shows wherever it comes. CHANGED: a ChangeCipherSpec stands before it that has not been told yet. */
static bool is_hidden(const tw_conn *c, int dir, uint8_t type, uint32_t length, bool changed)
{
    const tw__handshake *h = c->now;
    if (type == TW_CT_ALERT)
        return length != ALERT_LENGTH;
    if (type == TW_CT_HANDSHAKE)
        return changed || tw__has_changed_cipher(c, dir) || h->renegotiation || h->complete;
    return type != TW_CT_CCS;
}

void tw__note_unreadable(tw_conn *c, tw_at at, const tw_record *r)
{
    const tw__handshake *h = c->now; /* before a ServerHello, it may be early data, which has keys of its own */
    if (r->opaque && h->server_hello_frame && is_hidden(c, at.dir, r->type, r->length, false))
        c->side[at.dir].unreadable = true;
}

/* ---- before it is told ---- */

typedef struct {
    const tw_conn *conn; /* NULL: none yet */
    int dir;
    bool plain;
    bool changed;  /* a ChangeCipherSpec has been met */
    bool finished; /* and a Finished */
    unsigned n;    /* records met so far */
} question;

/* Those of the handshake in the clear. */
static bool is_known(uint8_t type)
{
    static const uint8_t known[] = { TW_HS_CLIENT_HELLO,      TW_HS_SERVER_HELLO,        TW_HS_NEW_SESSION_TICKET,
                                     TW_HS_CERTIFICATE,       TW_HS_SERVER_KEY_EXCHANGE, TW_HS_CERTIFICATE_REQUEST,
                                     TW_HS_SERVER_HELLO_DONE, TW_HS_CERTIFICATE_VERIFY,  TW_HS_CLIENT_KEY_EXCHANGE,
                                     TW_HS_CERTIFICATE_STATUS };
    return memchr(known, type, sizeof known) != NULL;
}

/* Whether CONTENT is messages from its beginning to its end. */
static bool holds_messages(const uint8_t *content, uint32_t length)
{
    while (length >= TW_HANDSHAKE_HEADER && is_known(content[0])) {
        uint32_t size = tw__message_size(content);
        if (size > length)
            return false;
        if (size == length)
            return true;
        content += size;
        length -= size;
    }
    return false;
}

/* Whether a handshake record in the clear may come now. */
static bool has_place_for(const question *q, const tw__flow_record *r)
{
    const tw__handshake *h = q->conn ? q->conn->now : NULL;
    bool is_first = !q->conn && !q->n && r->content && r->content[0] == TW_HS_CLIENT_HELLO;
    return is_first || (h && !h->failed && !tw__is_13(h->version));
}

/* Whether it is the Finished of a version before TLS 1.3, behind its sender's ChangeCipherSpec: it holds nothing else, be it
 * decrypted or not. */
static bool is_finished(const question *q, const tw__flow_record *r)
{
    const tw__handshake *h = q->conn->now;
    const tw__flight *flight = &h->flight[q->dir];
    return r->type == TW_CT_HANDSHAKE && h->version && !tw__is_13(h->version) && !h->complete && !h->renegotiation &&
           (flight->ccs_frame || q->changed) && !flight->finished_frame && !flight->n_opaque && !q->finished;
}

static bool is_plain_record(question *q, const tw__flow_record *r)
{
    if (r->type == TW_CT_CCS)
        return q->conn && r->length == 1;
    if (q->conn && is_hidden(q->conn, q->dir, r->type, r->length, q->changed))
        return q->conn->side[q->dir].unreadable || (q->finished = is_finished(q, r));
    if (r->type == TW_CT_ALERT)
        return q->conn && r->content;
    return r->type == TW_CT_HANDSHAKE && r->content && has_place_for(q, r) && holds_messages(r->content, r->length);
}

static void ask(void *data, const tw__flow_record *r)
{
    question *q = data;
    q->plain = q->plain && is_plain_record(q, r);
    q->changed = q->changed || r->type == TW_CT_CCS;
    q->n++;
}

static bool is_direct(const tw_conn *c)
{
    const tw__seldom *s = tw__seldom_of(c);
    return c->flow && !c->decrypted && !c->not_decrypted && !c->carried && !c->indirect && !c->inside && !s->inner &&
           !s->outer && !c->now->sslv2;
}

static tw_plain ask_for_records(const tw__flow *f, const tw_conn *conn, int dir, const tw_segment *s,
                                const uint8_t *bytes)
{
    question q = { .conn = conn, .dir = dir, .plain = true };
    if (!tw__flow_cut(f, s, bytes, ask, &q) || !q.plain)
        return TW_PLAIN_NOT;
    return q.n ? TW_PLAIN_RECORDS : TW_PLAIN_WORDS;
}

/* Whether S is in the midst of a ClientHello, be it the first one or another. */
static bool goes_on_with_hello(const tw__flow *f)
{
    const GByteArray *content = f->stash ? f->stash->content : NULL;
    return f->n_header && content && content->len && content->data[0] == TW_HS_CLIENT_HELLO;
}

/* Whether a stream that has shown no TLS begins with a ClientHello in F, of which BYTES are a part. */
static bool begins_with_hello(const tw__flow *f, const uint8_t *bytes, uint32_t len)
{
    return goes_on_with_hello(f) || (!f->has_bytes && len > TW_RECORD_HEADER && bytes[0] == TW_CT_HANDSHAKE &&
                                     bytes[TW_RECORD_HEADER] == TW_HS_CLIENT_HELLO);
}

static tw_plain of_connection(const tw_conn *c, int dir, const tw_segment *s, const uint8_t *bytes)
{
    return is_direct(c) && !goes_on_with_hello(&c->flow[dir]) ? ask_for_records(&c->flow[dir], c, dir, s, bytes)
                                                              : TW_PLAIN_NOT;
}

static tw_plain of_start(const tw__start *start, int dir, const tw_segment *s, const uint8_t *bytes)
{
    const tw__flow *f = &start->flow[dir];
    if (start->adopted)
        return TW_PLAIN_NOT;
    if (tw__holds_words(start, dir, s, bytes))
        return TW_PLAIN_WORDS;
    return !start->speakers && begins_with_hello(f, bytes, s->len) ? ask_for_records(f, NULL, dir, s, bytes)
                                                                   : TW_PLAIN_NOT;
}

tw_plain tw_is_plain(const tw_capture *capture, uint32_t stream, const tw_conn *conn, int dir, const tw_segment *s,
                     const uint8_t *bytes, uint32_t captured)
{
    const tw__start *start = conn ? NULL : tw__start_of(capture->starts, stream, false);
    if (!s->len || captured != s->len || (s->flags & (TW_TCP_SYN | TW_TCP_RST)))
        return TW_PLAIN_NOT;
    if (conn)
        return of_connection(conn, dir, s, bytes);
    return start ? of_start(start, dir, s, bytes) : TW_PLAIN_NOT;
}

/* ---- telling it ---- */

typedef struct {
    tw_conn *conn;
    tw_at at;
    int item;                /* of the last alert in the frame; -1: none so far */
    const uint8_t *finished; /* decrypted, LEN bytes; NULL: it is not */
    size_t len;
} telling;

static void tell_messages(const telling *t, const uint8_t *content, size_t length)
{
    for (size_t done = 0, size; done < length; done += size) {
        size = tw__message_size(content + done);
        tw_tell_message(t->conn, t->at, content + done, size);
    }
}

static void tell(void *data, const tw__flow_record *r)
{
    telling *t = data;
    tw_record record = { .type = r->type, .outer = r->type, .length = r->length };
    bool hidden = is_hidden(t->conn, t->at.dir, r->type, r->length, false);
    bool finished = hidden && t->finished && r->type == TW_CT_HANDSHAKE;
    record.opaque = hidden && !finished;
    t->item += r->type == TW_CT_ALERT;
    record.item = t->item;
    tw_tell_record(t->conn, t->at, &record);
    if (finished)
        tw_tell_message(t->conn, t->at, t->finished, t->len);
    else if (!hidden && r->type == TW_CT_ALERT && r->content)
        tw_tell_alert(t->conn, t->at, r->content[0], r->content[1], t->item);
    else if (!hidden && r->type == TW_CT_HANDSHAKE && r->content)
        tell_messages(t, r->content, r->length);
}

void tw_tell_records(tw_conn *conn, int dir, const tw_segment *s, const uint8_t *bytes, const uint8_t *decrypted,
                     size_t len)
{
    bool finished = decrypted && len >= TW_HANDSHAKE_HEADER && decrypted[0] == TW_HS_FINISHED &&
                    tw__message_size(decrypted) == len;
    telling t = { .conn = conn, .at = { .frame = s->frame, .time_us = s->time_us, .dir = dir }, .item = -1 };
    if (finished) {
        t.finished = decrypted;
        t.len = len;
    }
    if (!conn->gone)
        tw__flow_cut(&conn->flow[dir], s, bytes, tell, &t);
}
