/* The beginnings of TCP streams. See stream_start.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection/stream_start.h"

#include <string.h>

#include "connection/cleartext.h"

#define RECENT           1024 /* streams whose beginning is remembered, in the slot of their number */
#define UPGRADE_PAYLOADS 64   /* an upgrade is asked for early */

struct tw__starts {
    tw__start *recent[RECENT]; /* NULL: none yet */
};

tw__starts *tw__starts_new(void)
{
    return g_new0(tw__starts, 1);
}

static void clear(tw__start *s)
{
    g_free(s->segments);
    tw__flow_release(&s->flow[0]);
    tw__flow_release(&s->flow[1]);
    memset(s, 0, sizeof *s);
}

void tw__starts_free(tw__starts *starts)
{
    for (unsigned i = 0; starts && i < RECENT; i++)
        if (starts->recent[i]) {
            clear(starts->recent[i]);
            g_free(starts->recent[i]);
        }
    g_free(starts);
}

tw__start *tw__start_of(tw__starts *starts, uint32_t number, bool create)
{
    tw__start **slot = &starts->recent[number % RECENT];
    if (*slot && (*slot)->number == number)
        return *slot;
    if (!create)
        return NULL;
    if (*slot)
        clear(*slot);
    else
        *slot = g_new0(tw__start, 1);
    (*slot)->number = number;
    (*slot)->initiator = -1;
    return *slot;
}

/* ---- segments ---- */

static void keep(tw__start *s, int dir, const tw_segment *segment)
{
    if (s->adopted)
        return;
    if (s->n_segments == TW_START_SEGMENTS) {
        s->overflown = true;
        return;
    }
    if (!s->segments)
        s->segments = g_new(tw__kept_segment, TW_START_SEGMENTS);
    s->segments[s->n_segments].dir = dir;
    s->segments[s->n_segments++].header = *segment;
}

tw__flow_news tw__start_segment(tw__start *s, int dir, const tw_segment *segment)
{
    keep(s, dir, segment);
    if ((segment->flags & (TW_TCP_SYN | TW_TCP_ACK)) == TW_TCP_SYN)
        s->initiator = dir;
    return tw__flow_segment(s->flow, dir, segment);
}

void tw__start_goes_on(tw__start *s, int dir, const tw_segment *segment)
{
    keep(s, dir, segment);
    tw__flow_words(s->flow, dir, segment);
}

void tw__start_name_initiator(const tw__start *s, tw_conn *conn)
{
    if (s && s->initiator >= 0)
        conn->initiator_dir = s->initiator;
}

/* Who ends its direction before a ClientHello comes has not waited for it. */
static void tell_ends(const tw__start *s, tw_conn *conn)
{
    for (int dir = 0; dir < 2; dir++)
        if (s->fin[dir].frame) {
            conn->side[dir].fin_frame = s->fin[dir].frame;
            conn->side[dir].fin_us = s->fin[dir].time_us;
        }
}

static void tell_segments(const tw__start *s, tw_conn *conn)
{
    for (unsigned i = 0; i < s->n_segments; i++)
        tw__tcp_segment(conn->tcp, s->segments[i].dir, &s->segments[i].header);
    for (int dir = 0; s->overflown && dir < 2; dir++)
        tw__tcp_restart(&conn->tcp[dir]);
}

void tw__start_adopt(tw__start *s, tw_conn *conn)
{
    tw__flow none[2] = { { .next = 0 }, { .next = 0 } };
    tw__start_name_initiator(s, conn);
    tw__conn_follow(conn, s && !s->adopted ? s->flow : none);
    if (s && !s->adopted && tw__conn_is_watched(conn))
        tell_segments(s, conn);
    if (s && !s->adopted)
        tell_ends(s, conn);
    if (!s)
        return;
    s->adopted = true;
    g_clear_pointer(&s->segments, g_free);
}

/* ---- words in the clear ---- */

static void note_request(tw__start *s, int dir, uint16_t dstport, const uint8_t *bytes, size_t len, size_t whole)
{
    bool early = s->n_payloads++ < UPGRADE_PAYLOADS && len && tw__may_be_request(bytes[0], whole);
    s->asked = early && tw__starttls_asks(bytes, len);
    if (s->asked)
        s->upgrade = tw__starttls_protocol(bytes, len, dstport);
    s->questioned = early && tw__asks_capabilities(bytes, len);
    s->lacking = false;
    s->asker = dir;
}

static void remember(tw__start *s, tw_at at, const uint8_t *bytes, size_t len)
{
    s->at = at;
    s->len = (uint8_t)MIN(len, TW_CLEARTEXT_MAX);
    memcpy(s->bytes, bytes, s->len);
}

void tw__start_tls(tw__start *s, int dir)
{
    s->tls[dir] = s->tls[dir] || !s->speakers || (s->speakers == 1 && s->speaker != dir);
}

static void note_refusal(tw__start *s, tw_at at, const uint8_t *bytes, size_t len)
{
    s->refused = s->tunnel && s->speaker != at.dir && tw__refuses_tunnel(bytes, len);
    if (s->refused)
        remember(s, at, bytes, len);
}

void tw__start_cleartext(tw__start *s, tw_at at, uint16_t dstport, const uint8_t *bytes, size_t len, size_t whole)
{
    if (s->tls[at.dir])
        return;
    note_request(s, at.dir, dstport, bytes, len, whole);
    if (s->speakers) {
        s->speakers += s->speakers == 1 && s->speaker != at.dir;
        note_refusal(s, at, bytes, len);
        return;
    }
    s->speakers = 1;
    s->speaker = at.dir;
    s->tunnel = tw_asks_for_tunnel(bytes, len);
    remember(s, at, bytes, len);
}

static bool spoke_alone(const tw__start *s, int dir)
{
    return s && s->speakers == 1 && s->speaker == dir;
}

void tw__start_fin(tw__start *s, tw_at at)
{
    if (!s->fin[at.dir].frame)
        s->fin[at.dir] = at;
    if (spoke_alone(s, at.dir) && s->n_payloads == 1 && s->len < TW_RECORD_HEADER)
        s->left = true;
}

bool tw__start_said_nothing(const tw__start *s)
{
    return s && s->left;
}

bool tw__start_answers_cleartext(const tw__start *s, int dir)
{
    return spoke_alone(s, 1 - dir) && s->initiator >= 0;
}

bool tw__start_answers_header(const tw__start *s, int dir)
{
    return tw__start_answers_cleartext(s, dir) && tw__is_proxy_header(s->bytes, s->len);
}

bool tw__start_out_of_turn(const tw__start *s, int dir, uint16_t port)
{
    return tw__start_answers_cleartext(s, dir) && tw__speaks_out_of_turn(s->bytes, s->len, port);
}

bool tw__start_end_answers(const tw__start *s, int dir, uint16_t port)
{
    return tw__start_answers_cleartext(s, dir) && (tw__is_tls_port(port) || tw__start_out_of_turn(s, dir, port));
}

bool tw__start_declines_upgrade(const tw__start *s, int dir, const uint8_t *bytes, size_t len)
{
    return s && s->asked && s->asker != dir && tw__starttls_declines(bytes, len);
}

bool tw__start_answers_question(const tw__start *s, int dir)
{
    return s && s->questioned && s->asker != dir;
}

/* In the place of the stream's first words, which nobody will ask for any more. */
void tw__start_offer(tw__start *s, tw_at at, const uint8_t *bytes, size_t len)
{
    if (!tw__lacks_starttls(bytes, len))
        return;
    s->lacking = true;
    remember(s, at, bytes, len);
}

bool tw__start_leaves(const tw__start *s, int dir, const uint8_t *bytes, size_t len)
{
    if (s && s->lacking && s->asker != dir)
        return !len || tw__says_goodbye(bytes, len);
    return !len && tw__start_answers_cleartext(s, dir) && tw__greets_without_tls(s->bytes, s->len);
}

void tw__start_tell_offer(const tw__start *s, tw_conn *conn, int dir)
{
    tw_at at = s->at;
    at.dir = 1 - dir;
    tw__conn_cleartext(conn, at, s->bytes, s->len);
}

/* ---- what it tells a connection ---- */

void tw__start_recall(const tw__start *s, tw_conn *conn, int dir, bool hello)
{
    if (!s)
        return;
    tw__start_name_initiator(s, conn);
    if (s->upgrade || conn->seldom)
        tw__seldom_for(conn)->starttls = s->upgrade;
    if (hello && s->tunnel)
        conn->indirect = true;
    if (hello && s->refused && s->at.dir != dir) /* the client takes it for the server's answer */
        tw__conn_cleartext(conn, s->at, s->bytes, s->len);
    if (hello && spoke_alone(s, dir) && tw__is_proxy_header(s->bytes, s->len))
        tw__conn_preamble(conn, s->at, s->bytes, s->len);
    /* before a ClientHello both sides may have talked (STARTTLS); only a server that spoke alone speaks no TLS */
    if ((!hello || s->speakers == 1) && tw__start_answers_cleartext(s, dir))
        tw__conn_cleartext(conn, s->at, s->bytes, s->len);
}
