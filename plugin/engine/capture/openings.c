/* Connections that did not open. See openings.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/openings.h"

#include <string.h>

#include "capture/capture_internal.h"
#include "capture/scans.h"
#include "connection/cleartext.h"
#include "judge/judge.h"
#include "words/address.h"

#define RACE_US  (3 * (int64_t)G_USEC_PER_SEC) /* who opened another connection so soon did not need this one */
#define AGAIN_US (G_USEC_PER_SEC / 5)          /* a SYN that comes sooner is the same one, recorded twice */
#define RECENT   64                            /* openings that are looked at, the last ones */

#define PROTO_TCP          6
#define ICMP_HEADER        8
#define ICMP_UNREACHABLE   3 /* RFC 792 */
#define ICMP_TOO_LARGE     4 /* its code, no fault */
#define ICMPV6_UNREACHABLE 1 /* RFC 4443 3.1 */

enum { CLIENT, SERVER };

typedef struct {
    GList link; /* in the queue of those that wait */
    uint32_t stream;
    uint16_t port[2];
    uint8_t address[2][TW__ADDRESS_MAX]; /* zeros behind them */
    uint8_t len;                         /* of an address */
    int dir;                             /* of the SYN */
    uint32_t seq;
    uint32_t frame; /* of the first SYN */
    int64_t first_us, last_us;
    unsigned n_syn;
    tw_at end;        /* the reset or the error; frame 0: none came */
    const char *what; /* the words for it */
    bool raced;       /* another connection opened in its place */
    bool told;
} opening;

/* One that opened. */
typedef struct {
    int64_t time_us;
    uint16_t port;
    uint8_t client[TW__ADDRESS_MAX], server[TW__ADDRESS_MAX];
    uint8_t len;
} opened;

struct tw__openings {
    GQueue waiting;        /* opening *, owned, in the order of their first SYN */
    GHashTable *of_stream; /* stream -> the one of WAITING */
    opened recent[RECENT]; /* a ring */
    unsigned n_opened;
    bool flooded; /* there were more than TW_OPENINGS_MAX */
};

tw__openings *tw__openings_new(void)
{
    tw__openings *o = g_new0(tw__openings, 1);
    g_queue_init(&o->waiting);
    o->of_stream = g_hash_table_new(g_direct_hash, g_direct_equal);
    return o;
}

void tw__openings_free(tw__openings *o)
{
    if (!o)
        return;
    for (GList *link; (link = g_queue_pop_head_link(&o->waiting));)
        g_free(link->data);
    g_hash_table_destroy(o->of_stream);
    g_free(o);
}

/* ---- races ---- */

/* A host asks under its address of the other family as well: that is taken for the same client. To the same address
 * nobody races. */
static bool is_race(const opening *loser, const opened *winner)
{
    if (loser->port[SERVER] != winner->port || ABS(winner->time_us - loser->first_us) > RACE_US)
        return false;
    if (loser->len != winner->len)
        return true;
    return !memcmp(loser->address[CLIENT], winner->client, TW__ADDRESS_MAX) &&
           memcmp(loser->address[SERVER], winner->server, TW__ADDRESS_MAX) != 0;
}

static void note_opened(tw__openings *o, const opening *x, int64_t time_us)
{
    opened *winner = &o->recent[o->n_opened++ % RECENT];
    unsigned n = 0;
    *winner = (opened){ .time_us = time_us, .port = x->port[SERVER], .len = x->len };
    memcpy(winner->client, x->address[CLIENT], TW__ADDRESS_MAX);
    memcpy(winner->server, x->address[SERVER], TW__ADDRESS_MAX);
    for (GList *link = o->waiting.tail; link && n < RECENT; link = link->prev, n++)
        if (is_race(link->data, winner))
            ((opening *)link->data)->raced = true;
}

static bool lost_race(const tw__openings *o, const opening *x)
{
    for (unsigned i = 0; i < MIN(o->n_opened, RECENT); i++)
        if (is_race(x, &o->recent[i]))
            return true;
    return false;
}

/* ---- what comes ---- */

static opening *find(const tw__openings *o, uint32_t stream)
{
    return g_hash_table_lookup(o->of_stream, GUINT_TO_POINTER(stream));
}

void tw__openings_syn(tw__openings *o, uint32_t stream, int dir, const tw_segment *s,
                      const uint8_t *const addresses[2], size_t len)
{
    opening *x = find(o, stream);
    if (x) {
        if (dir != x->dir || s->time_us - x->last_us < AGAIN_US)
            return;
        x->n_syn++;
        x->last_us = s->time_us;
        return;
    }
    if (len > TW__ADDRESS_MAX || o->waiting.length == TW_OPENINGS_MAX) {
        o->flooded = true;
        return;
    }
    x = g_new0(opening, 1);
    *x = (opening){ .stream = stream,
                    .port = { s->srcport, s->dstport },
                    .len = (uint8_t)len,
                    .dir = dir,
                    .seq = s->seq,
                    .frame = s->frame,
                    .first_us = s->time_us,
                    .last_us = s->time_us,
                    .n_syn = 1 };
    memcpy(x->address[CLIENT], addresses[CLIENT], len);
    memcpy(x->address[SERVER], addresses[SERVER], len);
    x->raced = lost_race(o, x);
    x->link.data = x;
    g_queue_push_tail_link(&o->waiting, &x->link);
    g_hash_table_insert(o->of_stream, GUINT_TO_POINTER(stream), x);
}

static void end(opening *x, tw_at at, const char *what)
{
    if (x->end.frame)
        return;
    x->end = at;
    x->what = what;
}

bool tw__openings_segment(tw__openings *o, uint32_t stream, int dir, const tw_segment *s)
{
    opening *x = find(o, stream);
    if (!x)
        return false;
    if ((s->flags & (TW_TCP_SYN | TW_TCP_ACK)) == TW_TCP_SYN && dir == x->dir)
        return true;
    if (s->flags & TW_TCP_RST) { /* of the client's own: it has given up */
        if (dir != x->dir)
            end(x, (tw_at){ .frame = s->frame, .time_us = s->time_us, .dir = dir },
                tw_text_template(TW_TEXT_WORD_SYN_RESET));
        return true;
    }
    g_hash_table_remove(o->of_stream, GUINT_TO_POINTER(stream)); /* the client would not go on without an answer */
    g_queue_unlink(&o->waiting, &x->link);
    note_opened(o, x, s->time_us);
    g_free(x);
    return false;
}

/* ---- ICMP ---- */

static const struct {
    uint8_t family, code;
    const char *words;
} unreachable[] = {
#define UNREACHABLE(family, code, words) { family, code, words },
#include "catalogue/unreachable.def"
};

static const char *words_of(uint8_t family, uint8_t code)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(unreachable); i++)
        if (unreachable[i].family == family && unreachable[i].code == code)
            return unreachable[i].words;
    return tw_text_template(TW_TEXT_WORD_UNREACHABLE);
}

/* Whether the bytes at IP, of LEN, quote the SYN of X; at least ports and sequence number are quoted (RFC 792). */
static bool quotes(const opening *x, const uint8_t *ip, size_t len)
{
    size_t size = len ? (ip[0] >> 4 == 6 ? 40 : (size_t)(ip[0] & 15) * 4) : 0;
    size_t at = x->len == 16 ? 8 : 12;
    const uint8_t *tcp = ip + size;
    if (!size || len < size + 8 || (ip[0] >> 4 == 6) != (x->len == 16) || ip[x->len == 16 ? 6 : 9] != PROTO_TCP ||
        size < at + 2 * (size_t)x->len)
        return false;
    return !memcmp(ip + at, x->address[CLIENT], x->len) && !memcmp(ip + at + x->len, x->address[SERVER], x->len) &&
           (tcp[0] << 8 | tcp[1]) == x->port[CLIENT] && (tcp[2] << 8 | tcp[3]) == x->port[SERVER] &&
           ((uint32_t)tcp[4] << 24 | (uint32_t)tcp[5] << 16 | (uint32_t)tcp[6] << 8 | tcp[7]) == x->seq;
}

void tw__openings_icmp(tw__openings *o, tw_at at, const uint8_t *icmp, size_t captured)
{
    uint8_t family;
    unsigned n = 0;
    if (captured <= ICMP_HEADER)
        return;
    family = icmp[ICMP_HEADER] >> 4;
    if (icmp[0] != (family == 6 ? ICMPV6_UNREACHABLE : ICMP_UNREACHABLE) ||
        (family == 4 && icmp[1] == ICMP_TOO_LARGE))
        return;
    for (GList *link = o->waiting.tail; link && n < RECENT; link = link->prev, n++) {
        opening *x = link->data;
        if (quotes(x, icmp + ICMP_HEADER, captured - ICMP_HEADER)) {
            at.dir = 1 - x->dir;
            end(x, at, words_of(family, icmp[1]));
            return;
        }
    }
}

/* ---- the end ---- */

static char *endpoint(const opening *x, int side)
{
    char *host = tw__address_text(x->address[side], x->len);
    char *text = g_strdup_printf(x->len == 16 ? "[%s]:%u" : "%s:%u", host ? host : "", x->port[side]);
    g_free(host);
    return text;
}

/* The servers that have spoken TLS in CAPTURE, or were spoken to so. Caller destroys. */
static GHashTable *servers_of(const tw_capture *capture)
{
    GHashTable *servers = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < capture->connections->len; i++) {
        const tw_conn *c = g_ptr_array_index(capture->connections, i);
        if (c->carrier == TW_CARRIER_TCP && c->client_dir >= 0 && c->n_handshakes)
            g_hash_table_add(servers, (gpointer)(uintptr_t)tw__conn_end(c, 1 - c->client_dir));
    }
    return servers;
}

/* Whether the SYN of X was sent again, and for so long that an answer would have come. */
static bool is_unanswered(const opening *x, const tw_capture *capture)
{
    int64_t end_us;
    return x->n_syn > 1 && tw__clock_end_after(capture->clock, x->frame, &end_us) &&
           end_us - x->first_us >= tw__patience(&capture->context);
}

static const char *words_of_end(const opening *x)
{
    return x->what ? x->what : tw_text_template(TW_TEXT_WORD_SYN_UNANSWERED);
}

static void tell_unopened(opening *x, tw_capture *capture, char *const endpoints[2])
{
    const char *by_dir[2] = { endpoints[x->dir ? SERVER : CLIENT], endpoints[x->dir ? CLIENT : SERVER] };
    tw_conn *conn = tw__conn_new(false, by_dir);
    tw_at at = x->end.frame ? x->end : (tw_at){ .frame = x->frame, .time_us = x->first_us, .dir = 1 - x->dir };
    conn->context = &capture->context;
    conn->first_frame = x->frame;
    conn->begin_us = x->first_us;
    tw_conn_set_number(conn, x->stream);
    conn->carrier = TW_CARRIER_TCP;
    conn->client_dir = x->dir;
    tw__seldom_for(conn)->unopened = words_of_end(x);
    x->told = true;
    g_ptr_array_add(capture->unopened, conn);
    tw__publish(conn, tw__note_unopened(conn, at, x->n_syn, x->last_us - x->first_us));
}

static void judge(opening *x, tw_capture *capture, GHashTable *servers, const tw__scans *scans)
{
    char *endpoints[2];
    if (x->told || x->raced || (!x->end.frame && !is_unanswered(x, capture)))
        return;
    endpoints[CLIENT] = endpoint(x, CLIENT);
    endpoints[SERVER] = endpoint(x, SERVER);
    if ((tw__is_tls_port(x->port[SERVER]) || g_hash_table_contains(servers, endpoints[SERVER])) &&
        !tw__scans_has(scans, x->address[CLIENT], x->address[SERVER], x->len, x->port[SERVER]))
        tell_unopened(x, capture, endpoints);
    g_free(endpoints[CLIENT]);
    g_free(endpoints[SERVER]);
}

/* A ClientHello in a SYN (TCP Fast Open) makes a connection of TLS of what never opened: it is told as that alone. */
static void mark_fast(const tw__openings *o, const tw_capture *capture)
{
    for (guint i = 0; i < capture->connections->len; i++) {
        tw_conn *c = g_ptr_array_index(capture->connections, i);
        const opening *x = c->carrier == TW_CARRIER_TCP ? find(o, c->stream) : NULL;
        if (x && x->told && c->client_dir == x->dir && !c->side[1 - x->dir].n_records)
            tw__seldom_for(c)->unopened = words_of_end(x);
    }
}

void tw__openings_judge(tw__openings *o, tw_capture *capture)
{
    GHashTable *servers;
    tw__scans *scans;
    if (o->flooded || !o->waiting.length)
        return;
    servers = servers_of(capture);
    scans = tw__scans_new();
    for (GList *link = o->waiting.head; link; link = link->next) {
        const opening *x = link->data;
        tw__scans_add(scans, x->address[CLIENT], x->address[SERVER], x->len, x->port[SERVER]);
    }
    for (GList *link = o->waiting.head; link; link = link->next)
        judge(link->data, capture, servers, scans);
    mark_fast(o, capture);
    tw__scans_free(scans);
    g_hash_table_destroy(servers);
}
