/* A TCP connection's bytes. See flow.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection/flow.h"

#include <string.h>

#include "connection/cleartext.h"

#define HEADER      5
#define ALERT       21
#define HANDSHAKE   22
#define APPLICATION 23
#define CONTENT_MAX 65536
#define WINDOW      (1 << 20) /* what a reset acknowledges beyond it is made up */

#define ON_ITS_WAY_US G_USEC_PER_SEC /* no segment is for longer */

typedef struct {
    uint32_t seq, len, captured;
    bool keep;
    uint8_t bytes[];
} waiting;

/* Sequence numbers wrap (RFC 9293 3.4). */
static int32_t distance(uint32_t from, uint32_t to)
{
    return (int32_t)(to - from);
}

/* Where no SYN tells, a direction begins at its first byte that was seen or acknowledged. */
static void place(tw__flow *f, uint32_t seq)
{
    if (!f->placed || (!f->begins && !f->has_bytes)) {
        if (!f->placed)
            f->acked = seq;
        f->next = f->sent = f->not_come = seq;
        f->placed = true;
    }
}

/* Who still acknowledges no more when all that was on its way has come has not got the rest: it was lost there, and not by
 * the recorder. */
static inline void note_ack(tw__flow *f, const tw_segment *s)
{
    if (!f->placed)
        place(f, s->ack);
    if (distance(f->acked, s->ack) > 0)
        f->acked = s->ack;
    if (distance(f->next, f->sent) > 0 && distance(s->ack, f->next) >= 0 &&
        s->time_us - f->sent_us >= ON_ITS_WAY_US) {
        f->not_come = f->sent;
        f->sent = f->next;
    }
}

/* A segment that carries nothing has the number of the byte that its sender will send next. */
static void note_sent(tw__flow *f, const tw_segment *s)
{
    if (!f->placed || distance(f->sent, s->seq) <= 0 || distance(f->not_come, s->seq) <= 0 ||
        distance(f->next, s->seq) >= WINDOW)
        return;
    f->sent = s->seq;
    f->sent_us = s->time_us;
}

/* Who answers a SYN says where it is, be it in the capture or not. */
static void note_beginning(tw__flow *f, uint32_t ack)
{
    if (f->begins || f->has_bytes)
        return;
    place(f, ack);
    f->begins = true;
}

static void note_end(tw__flow *f, uint32_t end)
{
    place(f, end);
    f->ends = true;
    f->end = end;
}

/* The other side has read up to ACK when it goes on. */
static void note_answer(tw__flow *f, uint32_t ack)
{
    if (!f->is_answered || distance(f->answered, ack) > 0)
        f->answered = ack;
    f->is_answered = true;
}

bool tw__flow_waits(const tw__flow *f)
{
    return f->stash && f->stash->waiting.length;
}

static tw__stash *stash_for(tw__flow *f)
{
    if (!f->stash)
        f->stash = g_new0(tw__stash, 1);
    return f->stash;
}

/* The content of the record at hand, as far as it came; NULL: nothing of it is kept. */
static GByteArray *content_of(const tw__flow *f)
{
    return f->stash ? f->stash->content : NULL;
}

/* Whether nothing is kept of F but its record at hand: its segments come one after the other, and are shown so. */
static bool is_orderly(const tw__flow *f)
{
    return !f->stash || (!f->stash->waiting.length && !f->stash->early);
}

static void drop_empty_stash(tw__flow *f)
{
    if (is_orderly(f) && !content_of(f))
        g_clear_pointer(&f->stash, g_free);
}

static void drop_content(tw__flow *f)
{
    if (!content_of(f))
        return;
    g_clear_pointer(&f->stash->content, g_byte_array_unref);
    drop_empty_stash(f);
}

static void drop_stash(tw__flow *f)
{
    if (!f->stash)
        return;
    g_clear_pointer(&f->stash->content, g_byte_array_unref);
    g_clear_pointer(&f->stash->early, g_array_unref);
    g_queue_clear_full(&f->stash->waiting, g_free);
    g_clear_pointer(&f->stash, g_free);
}

static bool is_waiting(const tw__flow *f, uint32_t from, uint32_t to)
{
    for (const GList *i = f->stash ? f->stash->waiting.head : NULL; i; i = i->next) {
        const waiting *w = i->data;
        if (distance(w->seq, from) >= 0 && distance(to, w->seq + w->len) >= 0)
            return true;
    }
    return false;
}

bool tw__flow_is_old(const tw__flow *f, const tw_segment *s)
{
    uint32_t seq = tw__payload_seq(s);
    return distance(seq + s->len, f->next) >= 0 || is_waiting(f, seq, seq + s->len);
}

/* A SYN says where its direction begins, and what it answers, where the other one did. */
static void note_syn(tw__flow flow[2], int dir, const tw_segment *s)
{
    tw__flow *f = &flow[dir];
    bool answers = s->flags & TW_TCP_ACK;
    f->opens = f->opens || !answers;
    if (!f->begins && !f->has_bytes) {
        place(f, tw__payload_seq(s));
        f->begins = true;
    }
    if (answers)
        note_beginning(&flow[1 - dir], s->ack);
}

/* LEN bytes come from SEQ on that were not there before. */
static inline void note_bytes(tw__flow *f, uint32_t seq, uint32_t len)
{
    f->beyond = distance(f->next, seq) > 0;
    if (distance(seq + len, f->acked) >= 0)
        f->skipped = true;
    if (f->is_answered && distance(seq, f->answered) > 0 && (f->has_bytes || !f->opens))
        f->crossed = true; /* a ClientHello alone is known to come before the first answer */
}

tw__flow_news tw__flow_segment(tw__flow flow[2], int dir, const tw_segment *s)
{
    tw__flow *f = &flow[dir], *peer = &flow[1 - dir];
    uint32_t seq = tw__payload_seq(s);
    f->beyond = false;
    if (s->flags & TW_TCP_RST) { /* its numbers may be anybody's, and its payload is an explanation for people */
        if ((s->flags & TW_TCP_ACK) && peer->placed && distance(peer->acked, s->ack) < WINDOW)
            note_ack(peer, s);
        return TW_FLOW_NOTHING;
    }
    if (s->flags & TW_TCP_SYN)
        note_syn(flow, dir, s);
    if (s->flags & TW_TCP_ACK)
        note_ack(peer, s);
    if (!s->len && !(s->flags & TW_TCP_SYN))
        note_sent(f, s);
    if (s->flags & TW_TCP_FIN)
        note_end(f, s->seq + s->len);
    if ((s->flags & TW_TCP_ACK) && (s->len || (s->flags & TW_TCP_FIN)))
        note_answer(peer, s->ack);
    if (!s->len)
        return TW_FLOW_NOTHING;
    place(f, seq);
    if (tw__flow_is_old(f, s))
        return TW_FLOW_SEEN;
    note_bytes(f, seq, s->len);
    return TW_FLOW_BYTES;
}

/* ---- records ---- */

/* What some servers put into an alert to a hello that they do not like: BearSSL no version, GnuTLS that of DTLS 1.2. */
static bool is_odd_version(const uint8_t *header)
{
    unsigned version = header[1] << 8 | header[2];
    return !version || version == 0xfefd;
}

static bool is_header(const tw__flow *f)
{
    bool version = f->header[1] == 3 || (f->header[0] == ALERT && is_odd_version(f->header));
    return tw__is_record_type(f->header[0]) && version;
}

bool tw__is_misversioned_alert(const uint8_t *bytes)
{
    return bytes[0] == ALERT && is_odd_version(bytes) && !bytes[3] && bytes[4] == 2 &&
           (bytes[5] == 1 || bytes[5] == 2);
}

static bool has_header(const uint8_t *bytes, uint32_t n)
{
    return n >= HEADER && tw__is_record_type(bytes[0]) && bytes[1] == 3 && bytes[2] <= 4;
}

/* Records begin where a segment does, after whatever was said in the clear. */
static bool begins_records(const uint8_t *bytes, uint32_t n)
{
    return has_header(bytes, n) || (n == HEADER + 2 && tw__is_misversioned_alert(bytes));
}

static void begin_record(tw__flow *f, bool keep)
{
    drop_content(f);
    f->record_left = tw__flow_record_length(f);
    if (!is_header(f))
        f->torn = true;
    else if (keep && (f->header[0] == HANDSHAKE || f->header[0] == ALERT))
        stash_for(f)->content = g_byte_array_new();
}

const uint8_t *tw__flow_no_header(const tw__flow *f)
{
    return f->torn && !f->lost && f->n_header == HEADER && !is_header(f) ? f->header : NULL;
}

static void end_record(tw__flow *f, tw__flow_sink *sink, void *data)
{
    tw__flow_record r = { f->header[0], tw__flow_record_length(f), NULL };
    const GByteArray *content = content_of(f);
    if (content && content->len == r.length)
        r.content = content->data;
    f->n_header = 0;
    sink(data, &r);
    drop_content(f);
}

static uint32_t take_header(tw__flow *f, const uint8_t *bytes, uint32_t n, bool keep)
{
    uint32_t part = MIN(n, (uint32_t)HEADER - f->n_header);
    memcpy(f->header + f->n_header, bytes, part);
    f->n_header = (f->n_header + part) & 7;
    if (f->n_header == HEADER)
        begin_record(f, keep);
    return part;
}

static uint32_t take_content(tw__flow *f, const uint8_t *bytes, uint32_t n)
{
    uint16_t part = (uint16_t)MIN(n, f->record_left);
    GByteArray *content = content_of(f);
    if (content && part && content->len + part <= CONTENT_MAX)
        g_byte_array_append(content, bytes, part);
    f->record_left = (uint16_t)(f->record_left - part);
    return part;
}

/* N bytes that the snap length cut off. */
static void skip(tw__flow *f, uint32_t n, tw__flow_sink *sink, void *data)
{
    if (!n || !f->framed || f->torn)
        return;
    if (f->n_header < HEADER || n > f->record_left) {
        f->torn = f->unread = true; /* where the next record begins was cut off as well */
        return;
    }
    drop_content(f);
    f->record_left = (uint16_t)(f->record_left - n);
    if (!f->record_left)
        end_record(f, sink, data);
}

/* Takes the record that BYTES hold from its beginning to its end, without a copy of it. Its length, header included; 0: there is
 * none. */
static uint32_t take_whole(tw__flow *f, const uint8_t *bytes, uint32_t n, bool keep, tw__flow_sink *sink, void *data)
{
    uint32_t length = n >= HEADER ? (uint32_t)bytes[3] << 8 | bytes[4] : 0;
    bool kept = keep && (bytes[0] == HANDSHAKE || bytes[0] == ALERT);
    if (f->n_header || !has_header(bytes, n) || n - HEADER < length)
        return 0;
    sink(data, &(tw__flow_record){ bytes[0], length, kept ? bytes + HEADER : NULL });
    return HEADER + length;
}

static void take(tw__flow *f, uint32_t seq, const uint8_t *bytes, uint32_t n, bool keep, tw__flow_sink *sink,
                 void *data)
{
    /* a header of the PROXY protocol may stand in front of the first record, in the same segment */
    uint32_t before = f->framed ? 0 : (uint32_t)tw__proxy_header_size(bytes, n);
    seq += before;
    bytes += before;
    n -= before;
    if (!f->framed && begins_records(bytes, n)) {
        f->framed = true;
        f->framed_at = seq;
    }
    while (f->framed && !f->torn && n) {
        uint32_t part = take_whole(f, bytes, n, keep, sink, data), whole = part;
        if (!whole)
            part = f->n_header < HEADER ? take_header(f, bytes, n, keep) : take_content(f, bytes, n);
        bytes += part;
        n -= part;
        if (!whole && !f->torn && f->n_header == HEADER && !f->record_left)
            end_record(f, sink, data);
    }
}

/* ---- order ---- */

/* What of a segment comes right behind the bytes that are there. */
static void go_on(tw__flow *f, uint32_t seq, const uint8_t *bytes, uint32_t captured, uint32_t len, bool keep,
                  tw__flow_sink *sink, void *data)
{
    uint32_t old = (uint32_t)MAX(distance(seq, f->next), 0);
    if (old >= len)
        return;
    f->next = seq + len;
    f->has_bytes = true;
    if (captured > old)
        take(f, seq + old, bytes + old, captured - old, keep, sink, data);
    skip(f, len - MAX(captured, old), sink, data);
}

static void lose(tw__flow *f)
{
    f->lost = f->torn = true;
    drop_stash(f);
}

static int by_place(const void *a, const void *b, void *data)
{
    const waiting *x = a, *y = b;
    (void)data;
    return distance(y->seq, x->seq) < 0 ? -1 : x->seq != y->seq;
}

static void wait_for_earlier(tw__flow *f, uint32_t seq, const uint8_t *bytes, uint32_t captured, uint32_t len,
                             bool keep)
{
    const tw__stash *before = f->stash;
    tw__stash *stash;
    waiting *w;
    if (tw__flow_waits(f) &&
        (before->waiting.length >= TW_FLOW_WAITING_MAX || before->waiting_size + captured > TW_FLOW_WAITING_BYTES)) {
        lose(f); /* nobody waits so long for a frame that was only swapped */
        f->next = seq + len;
        return;
    }
    w = g_malloc(sizeof *w + captured);
    *w = (waiting){ .seq = seq, .len = len, .captured = captured, .keep = keep };
    memcpy(w->bytes, bytes, captured);
    stash = stash_for(f);
    g_queue_insert_sorted(&stash->waiting, w, by_place, NULL);
    stash->waiting_size += captured;
}

static void take_waiting(tw__flow *f, tw__flow_sink *sink, void *data)
{
    while (tw__flow_waits(f)) {
        waiting *w = g_queue_peek_head(&f->stash->waiting);
        if (distance(f->next, w->seq) > 0)
            return;
        g_queue_pop_head(&f->stash->waiting);
        f->stash->waiting_size -= w->captured;
        go_on(f, w->seq, w->bytes, w->captured, w->len, w->keep, sink, data);
        g_free(w);
    }
    drop_empty_stash(f);
}

void tw__flow_payload(tw__flow *f, uint32_t seq, const uint8_t *bytes, uint32_t captured, uint32_t len, bool keep,
                      tw__flow_sink *sink, void *data)
{
    f->beyond = false;
    if (f->lost) {
        f->next = distance(f->next, seq + len) > 0 ? seq + len : f->next;
        return;
    }
    if (distance(f->next, seq) > 0) {
        wait_for_earlier(f, seq, bytes, captured, len, keep);
        return;
    }
    go_on(f, seq, bytes, captured, len, keep, sink, data);
    take_waiting(f, sink, data);
}

/* What N BYTES, where a record begins, have of its length: 0: they begin no record of application data, or less than a header. */
static uint32_t application_length(const uint8_t *bytes, uint32_t n)
{
    bool application = n >= HEADER && bytes[0] == APPLICATION && bytes[1] == 3 && bytes[2] <= 4;
    return application ? (uint32_t)bytes[3] << 8 | bytes[4] : 0;
}

/* Whether what comes in F, right behind what is there, is cut into records, and nothing is kept of them. */
static bool is_only_cut(const tw__flow *f, const tw_segment *s)
{
    return s->seq == f->next && f->framed && !f->torn && !f->lost && !f->stash;
}

/* The payload of S comes right behind what is there. */
static inline void follow_on(tw__flow flow[2], int dir, const tw_segment *s)
{
    tw__flow *f = &flow[dir], *peer = &flow[1 - dir];
    if (s->flags & TW_TCP_ACK) {
        note_ack(peer, s);
        note_answer(peer, s->ack);
    }
    note_bytes(f, s->seq, s->len);
    f->next += s->len;
}

bool tw__flow_goes_on(tw__flow flow[2], int dir, const tw_segment *s)
{
    tw__flow *f = &flow[dir];
    if (s->len >= f->record_left || f->n_header != HEADER || !is_only_cut(f, s))
        return false;
    follow_on(flow, dir, s);
    f->record_left = (uint16_t)(f->record_left - s->len);
    return true;
}

void tw__flow_words(tw__flow flow[2], int dir, const tw_segment *s)
{
    follow_on(flow, dir, s);
}

int tw__flow_idles(const tw__flow *f, const tw_segment *s, const uint8_t *bytes, uint32_t ended[TW_FLOW_ENDED_MAX])
{
    uint32_t at = 0, length;
    int n = 0;
    if (!is_only_cut(f, s))
        return -1;
    if (f->n_header) {
        if (f->n_header != HEADER || f->header[0] != APPLICATION || s->len < f->record_left)
            return -1;
        ended[n++] = tw__flow_record_length(f);
        at = f->record_left;
    }
    for (; at < s->len; at += HEADER + length) {
        if (!(length = application_length(bytes + at, s->len - at)))
            return -1;
        if (s->len - at - HEADER < length)
            return n;
        if (n == TW_FLOW_ENDED_MAX)
            return -1;
        ended[n++] = length;
    }
    return n;
}

/* Whether S goes on with F as it was sent, and was not acknowledged before. */
static bool is_next(const tw__flow *f, const tw_segment *s)
{
    return f->placed && !f->torn && !f->lost && is_orderly(f) && !f->skipped && !f->unread && s->seq == f->next &&
           distance(s->seq + s->len, f->acked) < 0;
}

/* The end of the record at hand, whose header is there. */
static void cut_rest(const tw__flow *f, const uint8_t *bytes, tw__flow_sink *sink, void *data)
{
    tw__flow_record r = { f->header[0], tw__flow_record_length(f), NULL };
    const GByteArray *content = content_of(f);
    uint8_t *whole = NULL;
    if (content && content->len + f->record_left == r.length) {
        whole = g_malloc(r.length);
        memcpy(whole, content->data, content->len);
        memcpy(whole + content->len, bytes, f->record_left);
        r.content = whole;
    }
    sink(data, &r);
    g_free(whole);
}

bool tw__flow_cut(const tw__flow *f, const tw_segment *s, const uint8_t *bytes, tw__flow_sink *sink, void *data)
{
    uint32_t at = f->n_header ? f->record_left : 0, len = s->len;
    if (!is_next(f, s) || (f->n_header && f->n_header < HEADER))
        return false;
    if (f->n_header && len < at)
        return true;
    if (f->n_header)
        cut_rest(f, bytes, sink, data);
    for (uint32_t length; at < len && has_header(bytes + at, len - at); at += HEADER + length) {
        length = (uint32_t)bytes[at + 3] << 8 | bytes[at + 4];
        if (len - at - HEADER < length)
            return true;
        sink(data, &(tw__flow_record){ bytes[at], length, bytes + at + HEADER });
    }
    return at == len || (len - at < HEADER && f->framed);
}

/* ---- what was shown ---- */

void tw__flow_shown_early(tw__flow *f, uint8_t type, uint32_t length)
{
    tw__shown_record r = { type, length };
    tw__stash *stash;
    if (f->torn || !f->framed)
        return;
    stash = stash_for(f);
    if (!stash->early)
        stash->early = g_array_new(FALSE, FALSE, sizeof r);
    if (stash->early->len < TW_FLOW_EARLY_MAX)
        g_array_append_val(stash->early, r);
    else
        f->torn = true;
}

bool tw__flow_was_shown(tw__flow *f, uint8_t type, uint32_t length)
{
    GArray *early = f->stash ? f->stash->early : NULL;
    for (guint i = 0; early && i < early->len; i++) {
        const tw__shown_record *r = &g_array_index(early, tw__shown_record, i);
        if (r->type == type && r->length == length) {
            g_array_remove_index(early, i);
            return true;
        }
    }
    return false;
}

/* ---- what is missing ---- */

bool tw__flow_lacks(const tw__flow *f)
{
    return f->lost || f->unread ||
           (f->placed && (distance(f->next, f->acked) > 1 || distance(f->next, f->sent) > 1)); /* 1: a FIN */
}

bool tw__flow_has_ended(const tw__flow *f)
{
    if (f->ends)
        return distance(f->end, f->acked) > 0;
    return !f->lost && !tw__flow_waits(f) && (f->begins || f->has_bytes) && distance(f->next, f->acked) == 1;
}

int32_t tw__flow_ahead(const tw__flow *f, uint32_t seq)
{
    return f->placed ? distance(f->next, seq) : 0;
}

bool tw__flow_is_behind(const tw__flow *f, uint32_t seq)
{
    return f->placed && distance(seq, f->acked) > 0;
}

bool tw__flow_answers_records(const tw__flow *f, uint32_t ack)
{
    return f->framed ? distance(f->framed_at, ack) > 0 : !tw__flow_has_hole(f);
}

bool tw__flow_has_hole(const tw__flow *f)
{
    return f->lost || f->beyond || tw__flow_waits(f);
}

size_t tw__flow_kept(const tw__flow *f)
{
    const GByteArray *content = content_of(f);
    return (f->stash ? f->stash->waiting_size : 0) + (content ? content->len : 0);
}

void tw__flow_release(tw__flow *f)
{
    if (tw__flow_waits(f))
        lose(f);
    drop_stash(f);
}
