/* What differs between two points of a connection's path. See path.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "elsewhere/path.h"

#define ENDS      (TW_TCP_FIN | TW_TCP_RST)
#define SLACK_US  200              /* of recorders' clocks */
#define AFTER_US  (G_USEC_PER_SEC) /* a recorder that went on for so long has not stopped in between */
#define STRETCHES TW_LANE_BYTES    /* bytes of a lane that are compared */

static const tw__account *sender_of(const tw__path *p, int lane)
{
    return p->near[lane];
}

static const tw__account *receiver_of(const tw__path *p, int lane)
{
    return p->near[1 - lane];
}

/* When what was at the point near LANE's receiver at TIME_US was at the other one at the latest, and the other way: when
 * it arrives at the earliest. By the clocks of these points. */
static int64_t when_sent(const tw__path *p, int lane, int64_t time_us)
{
    return lane == TW_OF_CLIENT ? time_us - p->least_us : time_us + p->most_us;
}

static int64_t when_arriving(const tw__path *p, int lane, int64_t time_us)
{
    return lane == TW_OF_CLIENT ? time_us + p->least_us : time_us - p->most_us;
}

/* TIME_US of the point near the server, or the client, by the client's clock. */
static int64_t by_client(const tw__path *p, bool at_server, int64_t time_us)
{
    return at_server ? time_us - tw__path_ahead(p) : time_us;
}

static int64_t slack(const tw__path *p)
{
    return SLACK_US + tw__path_transit(p) / 4;
}

/* Whether the recorder of A was on at TIME_US, and after it. What opens a connection comes before all else of it, by
 * whatever clock; a recording that lacks that began in its midst. */
static bool covers(const tw__account *a, int64_t time_us)
{
    bool begins = a->lane[0].begins || a->lane[1].begins;
    if (a->lossy || (!begins && time_us < a->begin_us))
        return false;
    if (a->until_us >= time_us + AFTER_US)
        return true;
    for (int lane = 0; lane < 2; lane++) {
        unsigned n = tw__lane_length(&a->lane[lane]);
        if (n && tw__lane_at(&a->lane[lane], n - 1)->time_us > time_us)
            return true;
    }
    return false;
}

/* ---- ends ---- */

/* Whether T, at the point near LANE's receiver, can be S, near its sender. */
static bool may_be(const tw__path *p, int lane, const tw__seen *s, const tw__seen *t)
{
    return when_arriving(p, lane, s->time_us) <= t->time_us + slack(p);
}

/* Whether T has lost as many hops since S as others have. */
static bool is_as_far(const tw__path *p, const tw__seen *s, const tw__seen *t)
{
    return !p->hops || !s->hops || !t->hops || ABS((int)s->hops - (int)t->hops - p->hops) < TW_HOPS_APART;
}

/* Marks which ends of CAME are S, of those that have lost as many hops as others have (FAR), or have not; false: none. */
static bool mark_arrivals(const tw__path *p, int lane, const tw__seen *s, const tw__lane *came, bool far, bool *taken)
{
    bool found = false;
    for (unsigned j = 0; j < tw__lane_length(came); j++) {
        const tw__seen *t = tw__lane_at(came, j);
        if (taken[j] || !(t->flags & ENDS) || !may_be(p, lane, s, t) || is_as_far(p, s, t) != far)
            continue;
        taken[j] = found = true;
        if (!p->relayed)
            break;
    }
    return found;
}

/* Which ends of CAME are those that were sent. What was sent arrives once, unless a proxy makes ends of its own out of it. */
static void mark_sent(const tw__path *p, int lane, const tw__lane *sent, const tw__lane *came, bool *taken)
{
    bool *found = g_new0(bool, tw__lane_length(sent) + 1);
    for (int far = 1; far >= 0; far--) /* first those that look as if they had come all the way */
        for (unsigned i = 0; i < tw__lane_length(sent); i++) {
            const tw__seen *s = tw__lane_at(sent, i);
            if ((s->flags & ENDS) && !found[i])
                found[i] = mark_arrivals(p, lane, s, came, far, taken);
        }
    g_free(found);
}

/* The receiver of LANE has ended before T: a proxy lets go of what is left. */
static bool is_reply_to_end(const tw__path *p, int lane, const tw__seen *t)
{
    const tw__lane *own = &receiver_of(p, lane)->lane[1 - lane];
    for (unsigned i = 0; i < tw__lane_length(own); i++)
        if ((tw__lane_at(own, i)->flags & ENDS) && tw__lane_at(own, i)->time_us <= t->time_us)
            return true;
    return false;
}

/* Whether systems send packets with this TTL. */
static bool is_first_ttl(unsigned hops)
{
    return hops == 30 || hops == 32 || hops == 60 || hops == 64 || hops == 128 || hops == 200 || hops == 255;
}

/* Whether T, at the point near LANE's receiver, cannot have passed the other point: what LANE sends has a first TTL there, and
 * loses the same hops in between (or one more or less, on another way), and T would have had a TTL there with which no
 * system begins. What has lost no hop comes from beside the receiver. */
static bool is_from_nearer(const tw__path *p, int lane, const tw__seen *t)
{
    const tw__lane *sent = &sender_of(p, lane)->lane[lane];
    unsigned first = tw__lane_length(sent) ? tw__lane_at(sent, 0)->hops : 0, own = first - (unsigned)p->hops;
    if (!p->hops || p->relayed || !t->hops || first <= (unsigned)p->hops || is_first_ttl(t->hops + (unsigned)p->hops))
        return false;
    for (unsigned i = 0; i < tw__lane_length(sent); i++)
        if (!is_first_ttl(tw__lane_at(sent, i)->hops)) /* the point is not at the sender */
            return false;
    return is_first_ttl(t->hops) || ABS((int)t->hops - (int)own) >= TW_HOPS_APART;
}

/* An end that arrived and was not sent. */
static bool find_forged_end(tw__difference *d, const tw__path *p, int lane)
{
    const tw__lane *sent = &sender_of(p, lane)->lane[lane], *came = &receiver_of(p, lane)->lane[lane];
    bool *taken;
    if (!tw__lane_length(sent)) /* nobody recorded this direction there */
        return false;
    taken = g_new0(bool, tw__lane_length(came) + 1);
    *d = (tw__difference){ .kind = TW_FORGED, .lane = lane };
    mark_sent(p, lane, sent, came, taken);
    for (unsigned j = 0; !d->came && j < tw__lane_length(came); j++) {
        const tw__seen *t = tw__lane_at(came, j);
        if (!(t->flags & ENDS) || taken[j] || (p->relayed && is_reply_to_end(p, lane, t)))
            continue;
        d->unwatched = !covers(sender_of(p, lane), when_sent(p, lane, t->time_us));
        if (d->unwatched && !is_from_nearer(p, lane, t))
            continue;
        d->came = t;
        d->when_us = by_client(p, lane == TW_OF_CLIENT, t->time_us);
    }
    g_free(taken);
    return d->came != NULL;
}

/* ---- bytes ---- */

/* Which of the first STRETCHES bytes of LANE were seen. */
static uint8_t *seen_bytes(const tw__lane *lane)
{
    uint8_t *map = g_malloc0(STRETCHES);
    for (unsigned i = 0; i < tw__lane_length(lane); i++) {
        const tw__seen *s = tw__lane_at(lane, i);
        uint32_t at = tw__lane_offset(lane, s->seq);
        if (!s->len || (s->flags & (TW_TCP_SYN | TW_TCP_RST)) || at >= STRETCHES)
            continue;
        memset(map + at, 1, MIN(s->len, STRETCHES - at));
    }
    return map;
}

/* Up to where all segments of LANE are kept. */
static uint32_t kept_until(const tw__lane *lane)
{
    uint32_t until = 0;
    if (!lane->left_out)
        return STRETCHES;
    for (unsigned i = 0; i < MIN(tw__lane_length(lane), TW_LANE_SEGMENTS); i++) {
        const tw__seen *s = tw__lane_at(lane, i);
        until = MAX(until, tw__lane_offset(lane, s->seq) + s->len);
    }
    return MIN(until, STRETCHES);
}

/* The first segment of LANE that holds OFFSET, or NULL. */
static const tw__seen *holder(const tw__lane *lane, uint32_t offset)
{
    for (unsigned i = 0; i < tw__lane_length(lane); i++) {
        const tw__seen *s = tw__lane_at(lane, i);
        uint32_t at = tw__lane_offset(lane, s->seq);
        if (s->len && !(s->flags & (TW_TCP_SYN | TW_TCP_RST)) && at <= offset && offset - at < s->len)
            return s;
    }
    return NULL;
}

typedef struct {
    const tw__lane *sent, *came;
    uint8_t *was_sent, *has_come;
    uint32_t until; /* what lies behind is not compared */
} bytes;

/* Whether offsets of both count from the same byte. */
static bool begin_alike(const tw__lane *a, const tw__lane *b)
{
    return (a->begins && b->begins) || (a->placed && b->placed && a->base == b->base);
}

/* A proxy says before the ClientHello for whom it asks (PROXY protocol): what follows has moved. */
static bool has_header(const tw__path *p, int lane)
{
    const tw__account *sender = sender_of(p, lane), *receiver = receiver_of(p, lane);
    const GByteArray *sent = sender->lane[lane].bytes, *came = receiver->lane[lane].bytes;
    return lane == TW_OF_CLIENT && sent->len && came->len && sent->data[0] != came->data[0] && sender->hello &&
           receiver->hello && g_bytes_equal(sender->hello, receiver->hello);
}

static bool compare_begin(bytes *b, const tw__path *p, int lane)
{
    b->sent = &sender_of(p, lane)->lane[lane];
    b->came = &receiver_of(p, lane)->lane[lane];
    if (!begin_alike(b->sent, b->came))
        return false;
    if (p->relayed && has_header(p, lane))
        return false;
    b->was_sent = seen_bytes(b->sent);
    b->has_come = seen_bytes(b->came);
    b->until = MIN(kept_until(b->sent), kept_until(b->came));
    return true;
}

static void compare_end(bytes *b)
{
    g_free(b->was_sent);
    g_free(b->has_come);
}

/* Whether all of the segment of LANE that holds OFFSET is there: what a snap length cut off is not known. */
static bool is_whole_at(const tw__lane *lane, uint32_t offset)
{
    const tw__seen *s = holder(lane, offset);
    return s && s->hash;
}

/* The first byte that is another one on arrival; b->until: none is. */
static uint32_t altered_at(const bytes *b)
{
    uint32_t most = MIN(b->until, MIN(b->sent->bytes->len, b->came->bytes->len));
    for (uint32_t i = 0; i < most; i++)
        if (b->was_sent[i] && b->has_come[i] && b->sent->bytes->data[i] != b->came->bytes->data[i] &&
            is_whole_at(b->sent, i) && is_whole_at(b->came, i))
            return i;
    return b->until;
}

/* The first byte that is in HERE and not in THERE; b->until: none is. */
static uint32_t alone_at(const bytes *b, const uint8_t *here, const uint8_t *there, uint32_t from)
{
    while (from < b->until && (!here[from] || there[from]))
        from++;
    return from;
}

/* How many of the LEN bytes from AT on have come. */
static uint32_t come_of(const bytes *b, uint32_t at, uint32_t len)
{
    uint32_t n = 0;
    for (uint32_t i = at; i < b->until && i - at < len; i++)
        n += b->has_come[i];
    return n;
}

/* What was lost: how much, and of which sizes. A segment that came in part was cut after it was recorded (by the card), so
 * that sizes are not those of the wire. */
static void measure(tw__difference *d, const bytes *b)
{
    bool cut = false;
    d->least = UINT32_MAX;
    for (uint32_t i = d->offset; i < b->until; i++)
        d->bytes += b->was_sent[i] && !b->has_come[i];
    for (unsigned i = 0; i < tw__lane_length(b->sent); i++) {
        const tw__seen *s = tw__lane_at(b->sent, i);
        uint32_t at = tw__lane_offset(b->sent, s->seq), n, most;
        if (!s->len || (s->flags & (TW_TCP_SYN | TW_TCP_RST)) || at >= b->until)
            continue;
        n = come_of(b, at, s->len);
        most = MIN(s->len, b->until - at);
        cut = cut || (n && n < most);
        if (n == most)
            d->passed = MAX(d->passed, s->len);
        else if (!n)
            d->least = MIN(d->least, s->len);
    }
    if (cut)
        d->passed = 0;
}

static bool find_altered(tw__difference *d, const tw__path *p, int lane, const bytes *b)
{
    uint32_t at = altered_at(b);
    if (at == b->until)
        return false;
    *d = (tw__difference){ .kind = TW_ALTERED, .lane = lane, .offset = at };
    d->sent = holder(b->sent, at);
    d->came = holder(b->came, at);
    if (!d->sent || !d->came)
        return false;
    d->when_us = by_client(p, lane == TW_OF_SERVER, d->sent->time_us);
    return true;
}

/* Up to where A shows that LANE was acknowledged by TIME_US. */
static uint32_t acknowledged_until(const tw__account *a, int lane, int64_t time_us)
{
    const tw__lane *answer = &a->lane[1 - lane];
    uint32_t until = 0;
    for (unsigned i = 0; i < tw__lane_length(answer); i++) {
        const tw__seen *s = tw__lane_at(answer, i);
        if (s->time_us <= time_us && (s->flags & TW_TCP_ACK) && !(s->flags & (TW_TCP_SYN | TW_TCP_RST)))
            until = MAX(until, tw__lane_offset(&a->lane[lane], s->ack));
    }
    return until;
}

/* Whether A shows that the byte at OFFSET of LANE was acknowledged. */
static bool is_acknowledged(const tw__account *a, int lane, uint32_t offset)
{
    return acknowledged_until(a, lane, G_MAXINT64) > offset;
}

/* TCP acknowledges what comes: then one of both recorders missed it, and nobody in between has lost it. A proxy acknowledges
 * by itself what it has not passed on yet. */
static bool has_come_all_the_same(const tw__path *p, int lane, uint32_t offset)
{
    return is_acknowledged(receiver_of(p, lane), lane, offset) ||
           (!p->relayed && is_acknowledged(sender_of(p, lane), lane, offset));
}

#define REPETITIONS 2

/* The sender of LANE has sent the byte at OFFSET again and again, and got no acknowledgment. */
static bool is_repeated_in_vain(const tw__path *p, int lane, uint32_t offset)
{
    const tw__account *sender = sender_of(p, lane), *receiver = receiver_of(p, lane);
    const tw__lane *sent = &sender->lane[lane], *answer = &sender->lane[1 - lane];
    unsigned n = 0;
    if (sender->lossy || receiver->lossy || p->relayed || !tw__lane_length(answer))
        return false;
    for (unsigned i = 0; i < tw__lane_length(sent); i++) {
        const tw__seen *s = tw__lane_at(sent, i);
        uint32_t at = tw__lane_offset(sent, s->seq);
        n += s->len && !(s->flags & (TW_TCP_SYN | TW_TCP_RST)) && at <= offset && offset - at < s->len;
    }
    return n > REPETITIONS;
}

static bool find_lost(tw__difference *d, const tw__path *p, int lane, const bytes *b)
{
    uint32_t at = alone_at(b, b->was_sent, b->has_come, 0);
    const tw__seen *s = at < b->until ? holder(b->sent, at) : NULL;
    bool covered = s && covers(receiver_of(p, lane), when_arriving(p, lane, s->time_us));
    if (!s || has_come_all_the_same(p, lane, at) || (!covered && !is_repeated_in_vain(p, lane, at)))
        return false;
    *d = (tw__difference){ .kind = TW_LOST, .lane = lane, .sent = s, .offset = at, .unwatched = !covered };
    d->when_us = by_client(p, lane == TW_OF_SERVER, s->time_us);
    measure(d, b);
    return true;
}

/* Whether bytes behind OFFSET were sent: then those at OFFSET were sent as well, and the recorder missed them. */
static bool was_sent_all_the_same(const bytes *b, uint32_t offset)
{
    uint32_t behind = offset;
    while (behind < b->until && !b->was_sent[behind])
        behind++;
    return behind < b->until;
}

/* The sender of LANE answers what acknowledges its byte at OFFSET as TCP answers where no such byte was ever sent: by a
 * reset that acknowledges nothing and begins where the acknowledgment ends (RFC 9293, 3.5.2). To a segment with data that
 * comes too late it answers so as well. */
static bool is_disowned(const tw__path *p, int lane, uint32_t offset)
{
    const tw__account *sender = sender_of(p, lane);
    const tw__lane *own = &sender->lane[lane], *other = &sender->lane[1 - lane];
    for (unsigned i = 0; i < tw__lane_length(other); i++) {
        const tw__seen *s = tw__lane_at(other, i);
        if (s->len || !(s->flags & TW_TCP_ACK) || (s->flags & (TW_TCP_SYN | TW_TCP_RST)) ||
            tw__lane_offset(own, s->ack) <= offset)
            continue;
        for (unsigned j = 0; j < tw__lane_length(own); j++) {
            const tw__seen *t = tw__lane_at(own, j);
            if ((t->flags & (TW_TCP_RST | TW_TCP_ACK)) == TW_TCP_RST && t->seq == s->ack && t->time_us >= s->time_us)
                return true;
        }
    }
    return false;
}

/* Whether what came, D, was not sent. What its receiver acknowledges, the sender's recorder may have missed. */
static bool is_not_sent(tw__difference *d, const tw__path *p, int lane, const bytes *b)
{
    d->disowned = is_disowned(p, lane, d->offset);
    d->unwatched = d->disowned || is_acknowledged(sender_of(p, lane), lane, d->offset) ||
                   !covers(sender_of(p, lane), when_sent(p, lane, d->came->time_us));
    if (d->disowned)
        return true;
    return !was_sent_all_the_same(b, d->offset) && (!d->unwatched || is_from_nearer(p, lane, d->came));
}

static bool find_inserted(tw__difference *d, const tw__path *p, int lane, const bytes *b)
{
    uint32_t at = alone_at(b, b->has_come, b->was_sent, 0);
    const tw__seen *t = at < b->until ? holder(b->came, at) : NULL;
    if (!t)
        return false;
    *d = (tw__difference){ .kind = TW_FORGED, .lane = lane, .came = t, .offset = at, .bytes = t->len };
    if (!is_not_sent(d, p, lane, b))
        return false;
    d->when_us = by_client(p, lane == TW_OF_CLIENT, t->time_us);
    return true;
}

/* ---- all ---- */

static unsigned of_lane(const tw__path *p, int lane, tw__difference *found)
{
    unsigned n = find_forged_end(found, p, lane);
    bytes b;
    if (!compare_begin(&b, p, lane))
        return n;
    if (find_altered(&found[n], p, lane, &b)) {
        n++; /* what lies behind may have moved */
    } else {
        n += find_lost(&found[n], p, lane, &b);
        n += find_inserted(&found[n], p, lane, &b);
    }
    compare_end(&b);
    return n;
}

static int by_time(const void *a, const void *b)
{
    const tw__difference *x = a, *y = b;
    return (x->when_us > y->when_us) - (x->when_us < y->when_us);
}

unsigned tw__path_differences(const tw__path *p, tw__difference found[TW_DIFFERENCES])
{
    unsigned n;
    if (!tw__account_has_lanes(p->near[0]) || !tw__account_has_lanes(p->near[1]))
        return 0;
    n = of_lane(p, TW_OF_CLIENT, found);
    n += of_lane(p, TW_OF_SERVER, found + n);
    qsort(found, n, sizeof *found, by_time);
    return n;
}

static bool is_silent(const tw__lane *lane)
{
    for (unsigned i = 0; i < tw__lane_length(lane); i++)
        if (tw__lane_at(lane, i)->len && !(tw__lane_at(lane, i)->flags & TW_TCP_RST))
            return false;
    return true;
}

static const tw__seen *first_end(const tw__lane *lane)
{
    for (unsigned i = 0; i < tw__lane_length(lane); i++)
        if (tw__lane_at(lane, i)->flags & ENDS)
            return tw__lane_at(lane, i);
    return NULL;
}

#define LATE_US (G_USEC_PER_SEC / 2) /* beyond what other packets take */

bool tw__path_is_late(const tw__path *p, int lane, tw__difference *d)
{
    const tw__lane *sent = &sender_of(p, lane)->lane[lane], *came = &receiver_of(p, lane)->lane[lane];
    const tw__seen *end = first_end(&receiver_of(p, lane)->lane[1 - lane]);
    if (!end || p->relayed || !begin_alike(sent, came)) /* the clock of a proxy's connections is not that exact */
        return false;
    for (unsigned i = 0; i < tw__lane_length(sent); i++) {
        const tw__seen *s = tw__lane_at(sent, i), *t = s->len ? holder(came, tw__lane_offset(sent, s->seq)) : NULL;
        int64_t due = when_arriving(p, lane, s->time_us);
        if (!t || t->time_us <= end->time_us || end->time_us - due < LATE_US)
            continue;
        *d = (tw__difference){ .kind = TW_LATE, .lane = lane, .sent = s, .came = t, .unwatched = true };
        d->took_us = t->time_us - due + tw__path_transit(p);
        d->when_us = by_client(p, lane == TW_OF_CLIENT, end->time_us);
        return true;
    }
    return false;
}

bool tw__path_has_sent(const tw__path *p, int lane, uint32_t frame)
{
    const tw__lane *sent = &sender_of(p, lane)->lane[lane], *came = &receiver_of(p, lane)->lane[lane];
    if (!begin_alike(sent, came))
        return false;
    for (unsigned i = 0; i < tw__lane_length(came); i++) {
        const tw__seen *t = tw__lane_at(came, i);
        if (t->frame == frame)
            return t->len && holder(sent, tw__lane_offset(came, t->seq));
    }
    return false;
}

/* Where the bytes of LANE end that have come by TIME_US. */
static uint32_t end_of(const tw__lane *lane, int64_t time_us)
{
    uint32_t end = 0;
    for (unsigned i = 0; i < tw__lane_length(lane); i++) {
        const tw__seen *s = tw__lane_at(lane, i);
        if (s->time_us <= time_us && s->len && !(s->flags & (TW_TCP_SYN | TW_TCP_RST)))
            end = MAX(end, tw__lane_offset(lane, s->seq) + s->len);
    }
    return end;
}

/* Up to which offset of LANE its receiver has bytes by TIME_US, as what it acknowledges shows, too. */
static uint32_t come_until(const tw__path *p, int lane, int64_t time_us)
{
    const tw__account *receiver = receiver_of(p, lane);
    uint32_t acked = acknowledged_until(receiver, lane, time_us),
             end =
                 MAX(end_of(&sender_of(p, lane)->lane[lane], G_MAXINT64), end_of(&receiver->lane[lane], G_MAXINT64));
    if (acked == end + 1) /* a FIN has a number of its own */
        acked = end;
    return MAX(acked, end_of(&receiver->lane[lane], time_us));
}

bool tw__path_is_compared(const tw__path *p, int lane, int64_t time_us)
{
    uint32_t until = come_until(p, lane, time_us), at = 0;
    bytes b;
    if (!until || !tw__lane_length(&sender_of(p, lane)->lane[lane]) || (p->relayed && has_header(p, lane)))
        return true;
    if (!compare_begin(&b, p, lane))
        return false;
    until = MIN(until, b.until);
    while (at < until && b.was_sent[at] && b.has_come[at])
        at++;
    compare_end(&b);
    return at == until;
}

bool tw__path_is_arrived(const tw__path *p, int lane)
{
    const tw__lane *sent = &sender_of(p, lane)->lane[lane];
    uint32_t at = 0;
    bytes b;
    bool all;
    if (is_silent(sent))
        return true;
    if (p->relayed) /* a proxy acknowledges by itself */
        return begin_alike(sent, &receiver_of(p, lane)->lane[lane]);
    if (!compare_begin(&b, p, lane))
        return false;
    while (at < b.until && (!b.was_sent[at] || b.has_come[at] || has_come_all_the_same(p, lane, at)))
        at++;
    all = at == b.until;
    compare_end(&b);
    return all;
}

/* ---- what happened at one point ---- */

const tw__seen *tw__path_end(const tw__path *p, int lane)
{
    const tw__lane *l = &sender_of(p, lane)->lane[lane];
    for (unsigned i = tw__lane_length(l); i > 0; i--)
        if (tw__lane_at(l, i - 1)->flags & ENDS)
            return tw__lane_at(l, i - 1);
    return NULL;
}

bool tw__path_is_unanswered(const tw__path *p, int lane, int64_t patience_us)
{
    const tw__account *receiver = receiver_of(p, lane);
    const tw__lane *answer = &receiver->lane[1 - lane], *came = &receiver->lane[lane];
    int64_t last_us = 0;
    for (unsigned i = 0; i < tw__lane_length(came); i++)
        if (tw__lane_at(came, i)->len)
            last_us = MAX(last_us, tw__lane_at(came, i)->time_us);
    for (unsigned i = 0; i < tw__lane_length(answer); i++) {
        const tw__seen *s = tw__lane_at(answer, i);
        if (s->time_us > last_us && (s->len || (s->flags & ENDS)))
            return false;
    }
    return last_us && !receiver->lossy && receiver->until_us - last_us >= patience_us;
}
