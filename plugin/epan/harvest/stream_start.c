/* The beginnings of TCP streams. See stream_start.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "harvest/stream_start.h"

#include "connection/cleartext.h"

#define RECENT 1024 /* streams whose first bytes are remembered */

/* What is remembered of a recent TCP stream that has shown no TLS yet, in the slot of its stream number. */
static struct {
    bool used;
    uint32_t stream;
    bool opened;         /* its SYN was seen */
    uint16_t initiator;  /* port that sent it */
    unsigned speakers;   /* directions that have sent payload */
    bool asked;          /* the last payload asked for an upgrade to TLS */
    uint16_t asker;      /* port that sent it */
    const char *upgrade; /* the protocol of the last such request, or NULL */
    bool questioned;     /* the last payload asked for the server's capabilities */
    bool lacking;        /* the last payload was an answer to that, without TLS */
    unsigned payloads;
    uint16_t srcport; /* of the first payload */
    /* its sender, alone to have spoken, has ended its direction, having sent less than the header of a record */
    bool left;
    tw_at at;
    uint8_t bytes[TW_CLEARTEXT_MAX];
    uint8_t len;
} recent[RECENT];

void stream_start_forget(void)
{
    memset(recent, 0, sizeof recent);
}

static unsigned recent_slot(const carrier *c)
{
    unsigned slot = c->stream % RECENT;
    if (!recent[slot].used || recent[slot].stream != c->stream) {
        memset(&recent[slot], 0, sizeof recent[slot]);
        recent[slot].used = true;
        recent[slot].stream = c->stream;
    }
    return slot;
}

static bool is_recent(const carrier *c)
{
    unsigned slot = c->stream % RECENT;
    return c->kind == CARRIER_TCP && recent[slot].used && recent[slot].stream == c->stream &&
           c->srcport != c->dstport;
}

void stream_start_end(const carrier *c)
{
    unsigned slot = c->stream % RECENT;
    if (is_recent(c) && recent[slot].speakers == 1 && recent[slot].srcport == c->srcport &&
        recent[slot].payloads == 1 && recent[slot].len < TLS_RECORD_HEADER)
        recent[slot].left = true;
}

bool stream_start_said_nothing(const carrier *c)
{
    return is_recent(c) && recent[c->stream % RECENT].left;
}

void stream_start_open(const carrier *c)
{
    unsigned slot = recent_slot(c);
    recent[slot].opened = true;
    recent[slot].initiator = c->srcport;
}

#define UPGRADE_PAYLOADS 64 /* an upgrade is asked for early */

static void note_request(unsigned slot, const carrier *c, const uint8_t *bytes, size_t len)
{
    recent[slot].asked = recent[slot].payloads < UPGRADE_PAYLOADS && tw__starttls_asks(bytes, len);
    if (recent[slot].asked)
        recent[slot].upgrade = tw__starttls_protocol(bytes, len, c->dstport);
    recent[slot].questioned = recent[slot].payloads < UPGRADE_PAYLOADS && tw__asks_capabilities(bytes, len);
    recent[slot].lacking = false;
    recent[slot].asker = c->srcport;
    recent[slot].payloads++;
}

bool stream_start_declines_upgrade(const carrier *c, const uint8_t *bytes, size_t len)
{
    unsigned slot = c->stream % RECENT;
    return is_recent(c) && recent[slot].asked && recent[slot].asker == c->dstport &&
           tw__starttls_declines(bytes, len);
}

void stream_start_cleartext(const carrier *c, tw_at at, const uint8_t *bytes, size_t len)
{
    unsigned slot = recent_slot(c);
    note_request(slot, c, bytes, len);
    if (recent[slot].speakers) {
        recent[slot].speakers += recent[slot].speakers == 1 && recent[slot].srcport != c->srcport;
        return;
    }
    recent[slot].speakers = 1;
    recent[slot].srcport = c->srcport;
    recent[slot].at = at;
    recent[slot].len = (uint8_t)MIN(len, TW_CLEARTEXT_MAX);
    memcpy(recent[slot].bytes, bytes, recent[slot].len);
}

bool stream_start_answers_question(const carrier *c)
{
    unsigned slot = c->stream % RECENT;
    return is_recent(c) && recent[slot].questioned && recent[slot].asker == c->dstport;
}

/* In the place of the stream's first bytes, which nobody will ask for any more. */
void stream_start_offer(const carrier *c, tw_at at, const uint8_t *bytes, size_t len)
{
    unsigned slot = c->stream % RECENT;
    if (!tw__lacks_starttls(bytes, len))
        return;
    recent[slot].lacking = true;
    recent[slot].at = at;
    recent[slot].len = (uint8_t)MIN(len, TW_CLEARTEXT_MAX);
    memcpy(recent[slot].bytes, bytes, recent[slot].len);
}

bool stream_start_leaves(const carrier *c, const uint8_t *bytes, size_t len)
{
    unsigned slot = c->stream % RECENT;
    if (!is_recent(c))
        return false;
    if (recent[slot].lacking && recent[slot].asker != c->srcport)
        return !len || tw__says_goodbye(bytes, len);
    return !len && stream_start_answers_cleartext(c) && tw__greets_without_tls(recent[slot].bytes, recent[slot].len);
}

void stream_start_tell_offer(tw_conn *conn, const carrier *c, int dir)
{
    unsigned slot = c->stream % RECENT;
    tw_at at = recent[slot].at;
    at.dir = 1 - dir;
    tw__conn_cleartext(conn, at, recent[slot].bytes, recent[slot].len);
}

bool stream_start_out_of_turn(const carrier *c)
{
    unsigned slot = c->stream % RECENT;
    return stream_start_answers_cleartext(c) &&
           tw__speaks_out_of_turn(recent[slot].bytes, recent[slot].len, c->srcport);
}

bool stream_start_answers_cleartext(const carrier *c)
{
    unsigned slot = c->stream % RECENT;
    return is_recent(c) && recent[slot].opened && recent[slot].speakers == 1 && recent[slot].srcport == c->dstport;
}

bool stream_start_answers_header(const carrier *c)
{
    unsigned slot = c->stream % RECENT;
    return stream_start_answers_cleartext(c) && tw__is_proxy_header(recent[slot].bytes, recent[slot].len);
}

/* The stream's first bytes, if the other side of the segment at hand sent them. */
static void recall_cleartext(tw_conn *conn, const carrier *c, int dir)
{
    unsigned slot = c->stream % RECENT;
    tw_at at = recent[slot].at;
    at.dir = 1 - dir;
    if (stream_start_answers_cleartext(c))
        tw__conn_cleartext(conn, at, recent[slot].bytes, recent[slot].len);
}

void stream_start_name_initiator(tw_conn *conn, const carrier *c, int dir)
{
    unsigned slot = c->stream % RECENT;
    if (is_recent(c) && recent[slot].opened)
        conn->initiator_dir = recent[slot].initiator == c->srcport ? dir : 1 - dir;
}

void stream_start_recall(tw_conn *conn, const carrier *c, int dir, bool hello)
{
    unsigned slot = c->stream % RECENT;
    if (!is_recent(c))
        return;
    stream_start_name_initiator(conn, c, dir);
    conn->starttls = recent[slot].upgrade;
    if (hello && recent[slot].speakers && tw_asks_for_tunnel(recent[slot].bytes, recent[slot].len))
        conn->indirect = true;
    if (hello && recent[slot].speakers == 1 && recent[slot].srcport == c->srcport &&
        tw__is_proxy_header(recent[slot].bytes, recent[slot].len)) {
        tw_at at = recent[slot].at;
        at.dir = dir;
        tw__conn_preamble(conn, at, recent[slot].bytes, recent[slot].len);
    }
    /* before a ClientHello both sides may have talked (STARTTLS); only a server that spoke alone speaks no TLS */
    if (!hello || recent[slot].speakers == 1)
        recall_cleartext(conn, c, dir);
}
