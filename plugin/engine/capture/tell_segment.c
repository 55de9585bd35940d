/* What is told of TCP's segments: where the bytes of a stream lie, what is said there without TLS, TLS that nobody
 * has shown, and ends. See tlswhy/capture.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/capture_internal.h"
#include "capture/records.h"
#include "capture/tell_unread.h"
#include "capture/unshown.h"
#include "connection/cleartext.h"
#include "judge/judge.h"

#define SSLV2_SERVER_HELLO 4
#define ALERT_RECORD       7       /* bytes of a record that holds an alert in the clear */
#define ANSWER_MAX         1024    /* bytes of a server's first words that are looked at */
#define WINDOW             1048576 /* what is further ahead is no place in this stream: a box in between made it up */

/* A segment and what belongs to it. */
typedef struct {
    tw_capture *capture;
    tw__start *start; /* of its stream; NULL: forgotten */
    tw_conn *conn;    /* NULL: the stream has shown no TLS */
    tw_at at;
    const tw_segment *s;
    const tw_payload *p;
} segment;

static bool is_wanted(const tw_conn *conn)
{
    return !conn->n_completed && (!conn->n_failed || tw__may_be_unheard(conn)) && tw__conn_is_watched(conn);
}

/* A ClientHello in a SYN came before the server had a place for its bytes: it has one from its SYN on. */
static tw__flow_news follow(tw_conn *conn, int dir, const tw_segment *s)
{
    tw__flow *server = conn->client_dir >= 0 ? &conn->flow[1 - conn->client_dir] : NULL;
    bool placed = !server || server->placed;
    tw__flow_news news = tw__flow_segment(conn->flow, dir, s);
    if (!placed && server->placed)
        conn->now->answer_from = server->next;
    return news;
}

/* Of CONN only its ends matter to whoever saw it elsewhere. */
static bool is_done(const tw_conn *conn)
{
    return conn && conn->n_completed && !conn->n_failed;
}

bool tw_capture_wants_place(const tw_capture *capture, uint32_t stream, const tw_conn *conn, const tw_segment *s)
{
    const tw__sightings *all = capture->sightings;
    bool matters = all && (!is_done(conn) || (s->flags & (TW_TCP_FIN | TW_TCP_RST)) || tw__sightings_are_asked(all) ||
                           tw__sightings_have_twice(all));
    return matters && tw__sightings_want(all, stream);
}

bool tw_capture_lacks_place(const tw_capture *capture, uint32_t place)
{
    return !tw__sightings_know_place(capture->sightings, place);
}

void tw_tell_place(tw_capture *capture, uint32_t place, int interface, const char *name, const char *link)
{
    tw__sight_place(capture->sightings, place, interface, name, link);
}

bool tw_tell_segment(tw_capture *capture, uint32_t stream, tw_conn *conn, int dir, const tw_segment *s)
{
    tw__start *start = tw__start_of(capture->starts, stream, !conn);
    if (capture->sightings)
        tw__sight_segment(capture->sightings, stream, dir, s, is_done(conn));
    if (start && (start->opening || (!conn && !start->n_segments)))
        start->opening = tw__openings_segment(capture->openings, stream, dir, s);
    if (!conn)
        return tw__start_segment(start, dir, s) != TW_FLOW_SEEN;
    if (conn->gone)
        return false;
    if (is_wanted(conn))
        tw__tcp_segment(conn->tcp, dir, s);
    return follow(conn, dir, s) != TW_FLOW_SEEN;
}

static bool is_nested(const tw_conn *c)
{
    return tw__seldom_of(c)->inner || tw__seldom_of(c)->outer;
}

/* What comes in direction DIR is data that nobody can read, and whoever could have would have read some of it before. */
static bool is_settled(const tw_conn *c, int dir)
{
    return c->side[dir].n_application && !c->decrypted && !c->n_failed && !c->now->renegotiation && !is_nested(c) &&
           !tw__may_say(c, dir);
}

/* Whether all segments of CONN are kept, with where they were recorded: as long as its handshake goes on, or always. */
static bool are_sighted(const tw_conn *c)
{
    const tw__sightings *all = tw__capture_of(c)->sightings;
    return all && (tw__sightings_are_asked(all) || (!c->now->complete && tw__sightings_want(all, c->stream)));
}

/* Whether it matters where the segments of CONN were recorded: somebody holds its points against each other. */
static bool are_placed(const tw_conn *c)
{
    const tw__sightings *all = tw__capture_of(c)->sightings;
    return all && tw__sightings_have_twice(all) && tw__sightings_want(all, c->stream);
}

/* Whether S, which carries nothing, was told. Like tell_data() it stands apart: most segments go on with a record, and do not
 * pay for what others need. */
G_GNUC_NO_INLINE static bool tell_bare(tw_conn *c, int dir, const tw_segment *s)
{
    const tw_payload none = { .bytes = NULL };
    bool ends = s->flags & (TW_TCP_FIN | TW_TCP_RST), sighted = are_sighted(c);
    if (sighted && !s->place)
        return false;
    if (c->now->complete && !sighted && !ends)
        tw__flow_segment(c->flow, dir, s);
    else
        tw_tell_segment(tw__capture_of(c), c->stream, c, dir, s);
    if (ends)
        tw_tell_payload(tw__capture_of(c), c->stream, c, dir, s, &none);
    return true;
}

static void nothing(void *data, const tw__flow_record *record)
{
    (void)data;
    (void)record;
}

/* Whether the payload of S, BYTES, does nothing but end and begin records of data, and was told. */
G_GNUC_NO_INLINE static bool tell_data(tw_conn *c, int dir, const tw_segment *s, const uint8_t *bytes)
{
    const tw_at at = { .frame = s->frame, .time_us = s->time_us, .dir = dir };
    uint32_t ended[TW_FLOW_ENDED_MAX];
    int n = tw__flow_idles(&c->flow[dir], s, bytes, ended);
    if (n < 0 || (n && (!is_settled(c, dir) || are_placed(c))))
        return false;
    if (n && tw__capture_of(c)->sightings)
        tw__sight_segment(tw__capture_of(c)->sightings, c->stream, dir, s, is_done(c));
    tw__flow_segment(c->flow, dir, s);
    for (int i = 0; i < n; i++)
        tw__take_record(c, at,
                        &(tw_record){ .type = TW_CT_APPLICATION, .length = ended[i], .opaque = true, .item = -1 });
    tw__flow_payload(&c->flow[dir], s->seq, bytes, s->len, s->len, false, nothing, NULL);
    return true;
}

bool tw_tell_idle(tw_conn *conn, int dir, const tw_segment *s, const uint8_t *bytes, uint32_t captured)
{
    if (!conn->flow || (s->flags & TW_TCP_SYN))
        return false;
    if (!s->len)
        return tell_bare(conn, dir, s);
    if ((s->flags & (TW_TCP_FIN | TW_TCP_RST)) || !conn->now->complete || !conn->side[dir].begun || conn->carried ||
        captured < s->len || are_sighted(conn))
        return false;
    return tw__flow_goes_on(conn->flow, dir, s) || tell_data(conn, dir, s, bytes);
}

void tw_tell_opening(tw_capture *capture, uint32_t stream, int dir, const tw_segment *s,
                     const uint8_t *const addresses[2])
{
    tw__openings_syn(capture->openings, stream, dir, s, addresses, s->v6 ? 16 : 4);
    tw__start_of(capture->starts, stream, true)->opening = true;
}

void tw_tell_icmp(tw_capture *capture, uint32_t frame, int64_t time_us, const uint8_t *icmp, size_t captured)
{
    tw__openings_icmp(capture->openings, (tw_at){ .frame = frame, .time_us = time_us, .dir = 0 }, icmp, captured);
}

void tw_tell_stream(tw_conn *conn, uint32_t stream)
{
    tw__start *start = tw__start_of(tw__capture_of(conn)->starts, stream, false);
    if (start && start->like_tls && !start->adopted)
        tw__capture_of(conn)->unfollowed--;
    conn->stream = stream;
    tw__start_adopt(start, conn);
}

unsigned tw_capture_unfollowed(const tw_capture *capture)
{
    return capture->unfollowed;
}

bool tw_conn_waits(const tw_conn *conn, int dir)
{
    return conn->flow && conn->flow[dir].framed && conn->flow[dir].beyond;
}

void tw_tell_inside(tw_conn *conn, tw_conn *inner)
{
    tw__seldom_for(conn)->inner = inner;
    tw__seldom_for(inner)->outer = conn;
}

void tw__recall_start(tw_conn *conn, int dir, bool hello)
{
    if (conn->flow && tw__capture_of(conn))
        tw__start_recall(tw__start_of(tw__capture_of(conn)->starts, conn->stream, false), conn, dir, hello);
}

static bool connects(segment *t)
{
    if (!t->conn)
        t->conn = t->p->connect(t->p->data);
    return t->conn != NULL;
}

/* ---- words in the clear ---- */

/* A ClientHello, or a ServerHello that chooses SSL 2.0. */
static bool is_sslv2(const uint8_t *bytes, uint32_t len)
{
    return len > 2 && (bytes[0] & 0x80) &&
           (bytes[2] == TW_HS_CLIENT_HELLO ||
            (len > 6 && bytes[2] == SSLV2_SERVER_HELLO && !bytes[5] && bytes[6] == 2));
}

bool tw__looks_like_tls(const uint8_t *bytes, uint32_t len)
{
    bool misversioned = len == ALERT_RECORD && tw__is_misversioned_alert(bytes);
    bool record = bytes[0] >= TW_CT_CCS && bytes[0] <= 24 && (len < 2 || bytes[1] == 3 || misversioned);
    return record || is_sslv2(bytes, len);
}

/* nginx reads a header of the PROXY protocol that it does not expect as an HTTP request without TLS. */
static bool takes_header_for_request(const segment *t, const char *answer)
{
    return tw__is_tls_port(t->s->srcport) && tw__start_answers_header(t->start, t->at.dir) &&
           (g_str_has_prefix(answer, "HTTP/1.1 400 ") || g_str_has_prefix(answer, "HTTP/1.0 400 "));
}

/* A server's first words to a client that sent no TLS: an alert that Wireshark does not take for TLS, or an error in
 * the words of HTTP. */
static void take_answer(segment *t)
{
    const uint8_t *bytes = t->p->bytes;
    uint32_t len = MIN(t->s->len, ANSWER_MAX);
    char *text;
    bool alert;
    if (len < ALERT_RECORD || t->p->captured < len)
        return;
    text = g_strndup((const char *)bytes, len);
    alert = len == ALERT_RECORD && bytes[0] == TW_CT_ALERT && bytes[1] == 3 && bytes[4] == 2;
    if ((alert || tw__is_answer_to_cleartext(text) || takes_header_for_request(t, text)) && connects(t)) {
        if (alert) {
            tw__take_record(t->conn, t->at, &(tw_record){ .type = TW_CT_ALERT, .length = 2, .item = -1 });
            tw_tell_alert(t->conn, t->at, bytes[5], bytes[6], -1);
        } else {
            tw__start_recall(t->start, t->conn, t->at.dir, false);
            tw__publish(t->conn, tw__judge_answer_to_cleartext(t->conn, t->at));
        }
    }
    g_free(text);
}

/* The client leaves a server that does not offer the upgrade to TLS. */
static void judge_leaving(segment *t)
{
    tw_at at = t->at;
    at.dir = 1 - at.dir;
    tw__start_tell_offer(t->start, t->conn, t->at.dir);
    tw__publish(t->conn, tw__judge_declined(t->conn, at));
}

/* The rest of its ClientHello may make a connection of it; or it never comes, or was cut off. */
static void note_like_tls(segment *t, uint32_t len)
{
    const uint8_t *p = t->p->bytes;
    uint32_t length = len < TW_RECORD_HEADER ? 0 : (uint32_t)p[3] << 8 | p[4];
    if (t->start->like_tls || !length || length > TW_RECORD_MAX || p[0] < TW_CT_CCS || p[0] > TW_CT_APPLICATION ||
        p[1] != 3 || p[2] > 4)
        return;
    t->start->like_tls = true;
    t->capture->unfollowed++;
}

/* A payload of a stream that has shown no TLS so far; the first LEN bytes of it. */
static void take_cleartext(segment *t, uint32_t len)
{
    const uint8_t *bytes = t->p->bytes;
    uint32_t offered = MIN(t->s->len, ANSWER_MAX);
    bool answer = tw__start_answers_question(t->start, t->at.dir);
    if (tw__start_answers_cleartext(t->start, t->at.dir))
        take_answer(t);
    if (t->conn)
        return;
    if (tw__start_declines_upgrade(t->start, t->at.dir, bytes, len) && connects(t)) {
        tw__conn_cleartext(t->conn, t->at, bytes, len);
        tw__publish(t->conn, tw__judge_declined(t->conn, t->at));
        return;
    }
    if (tw__start_leaves(t->start, t->at.dir, bytes, len) && connects(t)) {
        judge_leaving(t);
        return;
    }
    note_like_tls(t, len);
    /* TLS that nobody read is TLS all the same, and what follows goes on with it */
    if (tw__looks_like_tls(bytes, len))
        tw__start_tls(t->start, t->at.dir);
    else
        tw__start_cleartext(t->start, t->at, t->s->dstport, bytes, len, t->s->len);
    if (answer && t->p->captured >= offered)
        tw__start_offer(t->start, t->at, bytes, offered);
}

/* Without a SYN, the first bytes that are seen of a side may be from the midst of what it said; they are its next ones where
 * its peer had read up to them when it spoke. */
static bool comes_next(const segment *t)
{
    const tw__flow *own = &t->conn->flow[t->at.dir];
    return own->begins || !own->is_answered || own->answered == tw__payload_seq(t->s);
}

/* Words recorded behind a ClientHello may have been said before it: then they do not acknowledge it. */
static bool answers_hello(const segment *t)
{
    const tw__flow *own = &t->conn->flow[t->at.dir], *peer = &t->conn->flow[1 - t->at.dir];
    return !tw__flow_has_hole(own) && comes_next(t) && tw__flow_answers_records(peer, t->s->ack);
}

/* The first bytes of a server are a greeting, and those of its client a ClientHello: in whatever order they were sent, one
 * speaks TLS and the other does not. */
static bool greets(const segment *t)
{
    const tw_conn *c = t->conn;
    const tw__flow *client = &c->flow[1 - t->at.dir];
    return c->client_dir == 1 - t->at.dir && tw__conn_is_watched(c) && c->tcp[0].begins && c->tcp[1].begins &&
           tw__payload_seq(t->s) == c->tcp[t->at.dir].first_seq && client->framed &&
           client->framed_at == c->tcp[c->client_dir].first_seq &&
           tw__is_greeting(t->p->bytes, MIN(t->s->len, t->p->captured));
}

/* The first payload of a direction of a TLS connection, and what comes before TLS in others. */
static void take_first(segment *t)
{
    uint32_t len = MIN(MIN(t->s->len, t->p->captured), TW_CLEARTEXT_MAX);
    const uint8_t *bytes = t->p->bytes;
    size_t size = 0;
    tw__direction *side = t->conn ? &t->conn->side[t->at.dir] : NULL;
    if (side && side->begun)
        return;
    if (side)
        side->begun = true;
    if (t->conn && !t->conn->now->server_hello_frame && len && (size = tw__proxy_header_size(bytes, t->p->captured)))
        tw__conn_preamble(t->conn, t->at, bytes, size);
    if (t->p->shown || !len || size)
        return;
    if (!side) {
        take_cleartext(t, len);
    } else if (len >= TW_RECORD_HEADER && tw__looks_like_tls(bytes, len) && !is_sslv2(bytes, len)) {
        tw__odd_for(t->conn, t->at.dir)->first_record = TW_RECORD_HEADER + ((uint32_t)bytes[3] << 8 | bytes[4]);
    } else if (!tw__looks_like_tls(bytes, len) && !t->conn->n_failed && (answers_hello(t) || greets(t))) {
        tw__conn_cleartext(t->conn, t->at, bytes, len);
        tw__publish(t->conn, tw__judge_cleartext(t->conn, t->at));
    }
}

/* ---- ends ---- */

/* Bytes are missing before the end at hand, on FLOW. */
static bool is_end_lost(const segment *t, const tw__flow *flow)
{
    int32_t ahead = tw__flow_ahead(flow, t->s->seq + t->s->len);
    bool after_fin = t->conn ? t->conn->side[t->at.dir].fin_frame != 0 : t->start->fin[t->at.dir].frame != 0;
    return flow->lost || (ahead > after_fin && ahead < WINDOW);
}

/* A reset behind the expected byte ends nothing (RFC 9293 3.10.7.4). */
static bool is_stray(const segment *t)
{
    return (t->s->flags & TW_TCP_RST) && !t->conn->side[t->at.dir].fin_frame &&
           tw__flow_is_behind(&t->conn->flow[t->at.dir], t->s->seq);
}

static void end_inner(const tw_conn *outer, tw_at at, bool reset)
{
    tw_conn *inner = tw__seldom_of(outer)->inner;
    if (!inner || inner->lost)
        return;
    if (outer->side[0].end_lost || outer->side[1].end_lost)
        tw_tell_lost(inner);
    else
        tw_tell_end(inner, at, reset);
}

static void end_connection(segment *t, bool reset)
{
    if (is_stray(t))
        return;
    if (is_end_lost(t, &t->conn->flow[t->at.dir]))
        t->conn->side[t->at.dir].end_lost = true;
    tw_tell_end(t->conn, t->at, reset);
    end_inner(t->conn, t->at, reset);
}

/* A server of TLS closes upon words without TLS. */
static bool closes_on_cleartext(const segment *t)
{
    return tw__start_end_answers(t->start, t->at.dir, t->s->srcport) && !tw__start_said_nothing(t->start) &&
           !is_end_lost(t, &t->start->flow[t->at.dir]) && !tw__flow_lacks(&t->start->flow[t->at.dir]);
}

/* Words in the clear that another capture shows to have been changed on their way: its verdict is on this stream, too. */
static bool is_refused_elsewhere(const segment *t, uint32_t stream)
{
    const GPtrArray *others = t->capture->others;
    for (unsigned i = 0; others && i < others->len; i++)
        if (tw__facts_has_refused(g_ptr_array_index(others, i), t->capture->sightings, stream))
            return true;
    return false;
}

static void take_end(segment *t, uint32_t stream)
{
    bool reset = t->s->flags & TW_TCP_RST;
    if (!(t->s->flags & (TW_TCP_FIN | TW_TCP_RST)))
        return;
    if (t->conn) {
        end_connection(t, reset);
    } else if (!reset && tw__start_leaves(t->start, t->at.dir, NULL, 0) && connects(t)) {
        judge_leaving(t);
    } else if (closes_on_cleartext(t) && connects(t)) {
        tw__start_recall(t->start, t->conn, t->at.dir, false);
        tw__publish(t->conn, tw__judge_closed_on_cleartext(t->conn, t->at, reset, tw__is_tls_port(t->s->srcport)));
    } else if (!is_refused_elsewhere(t, stream) || !connects(t)) {
        if (t->start && !reset)
            tw__start_fin(t->start, t->at);
    }
}

void tw_tell_payload(tw_capture *capture, uint32_t stream, tw_conn *conn, int dir, const tw_segment *s,
                     const tw_payload *p)
{
    const tw_at at = { .frame = s->frame, .time_us = s->time_us, .dir = dir };
    segment t = { .capture = capture, .conn = conn, .at = at, .s = s, .p = p };
    t.start = tw__start_of(capture->starts, stream, !conn);
    if (capture->sightings && p->captured)
        tw__sight_payload(capture->sightings, stream, dir, s, p->bytes, p->captured, conn != NULL);
    if (conn && conn->gone)
        return;
    if (s->len && !(s->flags & TW_TCP_RST) && !tw__flow_is_old(conn ? &conn->flow[dir] : &t.start->flow[dir], s)) {
        tw__follow_bytes(t.start, &t.conn, t.at, s, p);
        if (t.conn && p->captured < s->len)
            tw_tell_cut(t.conn, dir);
        take_first(&t);
        if (!t.conn)
            t.start->in_header[dir] = p->captured < s->len || tw__ends_in_header(p->bytes, p->captured);
        if (p->torn && t.conn && t.conn->carried) /* the packets that carry it are not put together */
            t.conn->flow[dir].unread = true;
    }
    take_end(&t, stream);
}
