/* Segments of streams that have shown no TLS, in which nothing can matter. See tlswhy/capture.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/tell_unread.h"
#include "capture/capture_internal.h"
#include "connection/cleartext.h"

#include <string.h>

#define MAJOR     3 /* of a record's version */
#define MINOR_MAX 4

/* Whether the header of a record may begin at P, in front of END. */
static bool may_begin_record(const uint8_t *p, const uint8_t *end)
{
    return tw__is_record_type(p[0]) && (p + 1 == end || (p[1] == MAJOR && (p + 2 == end || p[2] <= MINOR_MAX)));
}

/* Whether the header of a record, be it that of a protocol that carries TLS, may stand in BYTES, or begin at their end. */
static bool may_hold_record(const uint8_t *bytes, uint32_t len)
{
    const uint8_t *end = bytes + len, *p = bytes;
    if (tw__is_record_type(end[-1]))
        return true;
    while ((p = memchr(p, MAJOR, (size_t)(end - p)))) {
        if (p > bytes && may_begin_record(p - 1, end))
            return true;
        p++;
    }
    return false;
}

bool tw__ends_in_header(const uint8_t *bytes, uint32_t len)
{
    const uint8_t *end = bytes + len;
    return len && (may_begin_record(end - 1, end) || (len > 1 && may_begin_record(end - 2, end)));
}

bool tw__holds_words(const tw__start *start, int dir, const tw_segment *s, const uint8_t *bytes)
{
    const tw__flow *f = &start->flow[dir];
    bool like_sslv2 = s->len > 2 && (bytes[0] & 0x80) && bytes[2] <= 4;
    return f->placed && !start->in_header[dir] && !f->framed && !f->torn && !f->lost && !tw__flow_waits(f) &&
           s->seq == f->next && !like_sslv2 && !tw__looks_like_tls(bytes, s->len) &&
           !may_hold_record(bytes, s->len) && !tw__is_proxy_header(bytes, s->len) && !tw_asks_for_tds(bytes, s->len);
}

/* Whether nobody waits for what direction DIR of START, which has spoken before, goes on with. */
static bool goes_on(const tw__start *start, int dir)
{
    bool waited_for = start->asked || start->questioned || start->lacking || start->refused || start->tunnel ||
                      start->upgrade || start->tls[0] || start->tls[1] || start->adopted || start->opening;
    bool has_spoken = start->speakers == 2 || (start->speakers == 1 && start->speaker == dir);
    return has_spoken && !waited_for && start->flow[dir].has_bytes;
}

/* Whether S, which has a payload, goes on with words, and was told: what tw_tell_segment() and tw_tell_payload() would do with
 * it, without asking what else it may be. */
static bool tell_words(tw_capture *capture, tw__start *start, int dir, const tw_segment *s, const uint8_t *bytes,
                       uint32_t captured)
{
    const tw_at at = { .frame = s->frame, .time_us = s->time_us, .dir = dir };
    if (captured != s->len || !start || !goes_on(start, dir) || !tw__holds_words(start, dir, s, bytes))
        return false;
    if (capture->sightings) {
        tw__sight_segment(capture->sightings, start->number, dir, s, false);
        tw__sight_payload(capture->sightings, start->number, dir, s, bytes, s->len, false);
    }
    tw__start_goes_on(start, dir, s);
    tw__start_cleartext(start, at, s->dstport, bytes, MIN(s->len, TW_CLEARTEXT_MAX), s->len);
    start->in_header[dir] = tw__ends_in_header(bytes, s->len);
    return true;
}

/* Whether S ends its direction, DIR, without being an answer to what the other side has said. */
static bool ends_freely(const tw_capture *capture, const tw__start *start, int dir, const tw_segment *s)
{
    return start && !capture->others && !tw__start_leaves(start, dir, NULL, 0) &&
           !tw__start_end_answers(start, dir, s->srcport);
}

static tw_conn *nobody(void *data)
{
    (void)data;
    return NULL;
}

static void tell_end(tw_capture *capture, uint32_t stream, int dir, const tw_segment *s)
{
    const tw_payload none = { .connect = nobody };
    tw_tell_payload(capture, stream, NULL, dir, s, &none);
}

bool tw_tell_unread(tw_capture *capture, uint32_t stream, int dir, const tw_segment *s, const uint8_t *bytes,
                    uint32_t captured)
{
    tw__start *start = tw__start_of(capture->starts, stream, false);
    bool ends = s->flags & (TW_TCP_FIN | TW_TCP_RST);
    if (s->flags & TW_TCP_SYN)
        return false;
    if (s->len)
        return !ends && tell_words(capture, start, dir, s, bytes, captured);
    if (ends && !ends_freely(capture, start, dir, s))
        return false;
    tw_tell_segment(capture, stream, NULL, dir, s);
    if (ends)
        tell_end(capture, stream, dir, s);
    return true;
}
