/* Harvesting EAP-TLS and its relatives PEAP, TTLS, FAST and TEAP (RFC 5216, RFC 9190), over RADIUS, Diameter and
 * EAPOL. The supplicant is the client.
 *
 * One pair of ports carries many conversations at once, which Wireshark's own TLS takes for one. A conversation is told
 * here by what carries it: in RADIUS by the State attribute that a challenge hands out and the next request brings back
 * (RFC 2865 5.24), and by the identifier that joins a request and its answer; in Diameter by the Session-Id (RFC 6733
 * 8.8); on a link by the supplicant's address.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <epan/to_str.h>

#include <epan/packet.h>

#include "compat.h"
#include "harvest/walk.h"

/* conversations that are followed at one time; the one that has been silent for longest goes first */
#define SESSIONS_MAX 4096

enum { EAP_REQUEST = 1, EAP_RESPONSE = 2, EAP_SUCCESS = 3, EAP_FAILURE = 4 };
enum { TYPE_IDENTITY = 1, TYPE_TLS = 13, TYPE_TTLS = 21, TYPE_PEAP = 25, TYPE_FAST = 43, TYPE_TEAP = 55 };
enum { FLAG_LENGTH = 0x80, FLAG_MORE = 0x40, FLAG_START = 0x20, FLAG_OUTER = 0x10 };
enum { RADIUS_REQUEST = 1, RADIUS_HEADER = 20, ATTRIBUTE_STATE = 24 };
enum { DIAMETER_HEADER = 20, AVP_HEADER = 8, AVP_SESSION_ID = 263 };

#define SUPPLICANT    0 /* direction of the client */
#define AUTHENTICATOR 1

typedef struct {
    uint32_t number; /* stream number of the conversation's TLS */
    tw_conn *conn;   /* lent; NULL: it has shown no TLS yet */
    uint8_t type;    /* EAP type of the TLS */
    bool more[2];    /* the last packet announced more fragments */
    int last_id[2];  /* EAP identifier of the last packet taken, or -1 */
    int last_code[2];
    const char *state; /* key of the State attribute handed out last, or NULL; lent from KEYS */
    GPtrArray *keys;   /* all that it is found by in the table of sessions */
    GList place;       /* among all of them */
} session;

typedef struct {
    uint8_t code, id, type, flags;
    const uint8_t *tls; /* bytes of TLS, or NULL */
    size_t len;
    int dir;
} eap_packet;

static GHashTable *sessions;      /* key, lent from the session -> session, lent */
static GQueue all = G_QUEUE_INIT; /* the sessions, which this owns: the one that spoke last is at the end */
static uint32_t next_number;

static void clear_streams(session *s)
{
    for (int dir = 0; dir < 2; dir++) {
        if (s->conn)
            tw_tell_new_bytes(s->conn, dir);
        s->more[dir] = false;
    }
}

static void session_free(session *s)
{
    for (unsigned i = 0; i < s->keys->len; i++)
        g_hash_table_remove(sessions, g_ptr_array_index(s->keys, i));
    g_ptr_array_unref(s->keys);
    g_queue_unlink(&all, &s->place);
    clear_streams(s);
    g_free(s);
}

void eap_init(void)
{
    sessions = g_hash_table_new(g_str_hash, g_str_equal);
    g_queue_init(&all);
    next_number = 0;
}

void eap_cleanup(void)
{
    while (all.length)
        session_free(all.head->data);
    g_clear_pointer(&sessions, g_hash_table_destroy);
}

static void begin_tls(session *s)
{
    s->number = next_number++;
    clear_streams(s);
    s->conn = NULL;
}

static session *session_new(void)
{
    session *s = g_new0(session, 1);
    begin_tls(s);
    s->last_id[0] = s->last_id[1] = -1;
    s->keys = g_ptr_array_new_with_free_func(g_free);
    s->place.data = s;
    g_queue_push_tail_link(&all, &s->place);
    return s;
}

static void forget(session *s, const char *key)
{
    guint at;
    g_hash_table_remove(sessions, key);
    if (!g_ptr_array_find_with_equal_func(s->keys, key, g_str_equal, &at))
        return;
    if (s->state == g_ptr_array_index(s->keys, at))
        s->state = NULL;
    g_ptr_array_remove_index_fast(s->keys, at); /* KEY may be this very string */
}

/* From now on KEY, which is taken over, leads to S. Returns it as it is kept. */
static const char *remember(char *key, session *s)
{
    void *kept, *before;
    if (g_hash_table_lookup_extended(sessions, key, &kept, &before)) {
        if (before == s) {
            g_free(key);
            return kept;
        }
        forget(before, key);
    }
    g_ptr_array_add(s->keys, key);
    g_hash_table_insert(sessions, key, s);
    return key;
}

/* S speaks: of all others, those that have been silent for longest make room. */
static void touch(session *s)
{
    g_queue_unlink(&all, &s->place);
    g_queue_push_tail_link(&all, &s->place);
    while (all.length > SESSIONS_MAX)
        session_free(all.head->data);
}

/* ---- the packet ---- */

static bool is_tls_type(uint8_t type)
{
    return type == TYPE_TLS || type == TYPE_TTLS || type == TYPE_PEAP || type == TYPE_FAST || type == TYPE_TEAP;
}

/* Where the TLS bytes begin behind the flags: a length, and in TEAP the length of outer TLVs, may come first. */
static void find_tls(eap_packet *p, const uint8_t *bytes, size_t len)
{
    size_t at = 6u + (p->flags & FLAG_LENGTH ? 4u : 0u) + (p->type == TYPE_TEAP && p->flags & FLAG_OUTER ? 4u : 0u);
    if ((p->flags & FLAG_START) || at >= len)
        return;
    p->tls = bytes + at;
    p->len = len - at;
}

static bool read_packet(const field_info *fi, eap_packet *p)
{
    int captured = fi->ds_tvb ? tvb_captured_length_remaining(fi->ds_tvb, fi->start) : 0;
    const uint8_t *bytes;
    size_t len;
    if (captured < 4)
        return false;
    bytes = tvb_get_ptr(fi->ds_tvb, fi->start, captured);
    len = MIN((size_t)captured, (size_t)bytes[2] << 8 | bytes[3]);
    *p = (eap_packet){ .code = bytes[0], .id = bytes[1] };
    p->dir = p->code == EAP_RESPONSE ? SUPPLICANT : AUTHENTICATOR;
    if (len < 5 || p->code > EAP_RESPONSE)
        return true;
    p->type = bytes[4];
    if (!is_tls_type(p->type) || len < 6)
        return true;
    p->flags = bytes[5];
    find_tls(p, bytes, len);
    return true;
}

/* ---- which conversation ---- */

/* The key that the State attribute makes, or NULL. */
static char *state_of(const uint8_t *radius, size_t len)
{
    for (size_t at = RADIUS_HEADER; at + 2 <= len && radius[at + 1] >= 2 && at + radius[at + 1] <= len;
         at += radius[at + 1])
        if (radius[at] == ATTRIBUTE_STATE)
            return tw_hex("state ", radius + at + 2, radius[at + 1] - 2u);
    return NULL;
}

static char *request_key(packet_info *pinfo, uint8_t id, bool request)
{
    char *client = address_to_str(NULL, request ? &pinfo->src : &pinfo->dst);
    char *server = address_to_str(NULL, request ? &pinfo->dst : &pinfo->src);
    char *key = g_strdup_printf("radius %s %u %s %u %u", client, request ? pinfo->srcport : pinfo->destport, server,
                                request ? pinfo->destport : pinfo->srcport, id);
    wmem_free(NULL, client);
    wmem_free(NULL, server);
    return key;
}

/* Takes over STATE. What was handed out before is history. */
static void hand_out(session *s, char *state)
{
    if (s->state && strcmp(s->state, state) != 0)
        forget(s, s->state);
    s->state = remember(state, s);
}

static session *radius_session(packet_info *pinfo, const uint8_t *radius, size_t len)
{
    bool request = radius[0] == RADIUS_REQUEST;
    char *state = state_of(radius, len), *key = request_key(pinfo, radius[1], request);
    session *s = request && state ? g_hash_table_lookup(sessions, state) : NULL;
    if (!s && (!request || state)) /* the answer to a request, or a request again */
        s = g_hash_table_lookup(sessions, key);
    if (!s)
        s = session_new(); /* a request without State begins a conversation */
    touch(s);
    remember(key, s);
    if (state)
        hand_out(s, state);
    return s;
}

/* The key that the Session-Id of a Diameter message makes, or NULL. It is the same at every hop; AVPs begin at multiples of
 * four (RFC 6733 4.1). */
static char *session_id_of(const uint8_t *bytes, size_t len)
{
    for (size_t at = DIAMETER_HEADER; at + AVP_HEADER <= len;) {
        uint32_t code =
            (uint32_t)bytes[at] << 24 | (uint32_t)bytes[at + 1] << 16 | (uint32_t)bytes[at + 2] << 8 | bytes[at + 3];
        size_t size = (size_t)bytes[at + 5] << 16 | (size_t)bytes[at + 6] << 8 | bytes[at + 7];
        if (size < AVP_HEADER || size > len - at)
            return NULL;
        if (code == AVP_SESSION_ID)
            return tw_hex("session ", bytes + at + AVP_HEADER, size - AVP_HEADER);
        at += (size + 3) & ~(size_t)3;
    }
    return NULL;
}

/* The conversation of the message of MESSAGES, Diameter's in this frame, that EAP stands in; NULL: in none of them. */
static session *diameter_session(const GPtrArray *messages, const field_info *eap)
{
    char *key = NULL;
    session *s;
    for (unsigned i = 0; !key && i < messages->len; i++) {
        const field_info *fi = g_ptr_array_index(messages, i);
        int captured = fi->ds_tvb ? tvb_captured_length_remaining(fi->ds_tvb, fi->start) : 0;
        int at = captured < DIAMETER_HEADER ? 0 : tvb_raw_offset(fi->ds_tvb) + fi->start;
        int inside = tvb_raw_offset(eap->ds_tvb) + eap->start - at;
        const uint8_t *bytes;
        size_t len;
        if (captured < DIAMETER_HEADER)
            continue;
        bytes = tvb_get_ptr(fi->ds_tvb, fi->start, captured);
        len = MIN((size_t)captured, (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 | bytes[3]);
        if (inside > 0 && (size_t)inside < len)
            key = session_id_of(bytes, len);
    }
    if (!key)
        return NULL;
    s = g_hash_table_lookup(sessions, key);
    if (!s)
        s = session_new();
    touch(s);
    remember(key, s);
    return s;
}

static bool is_group(const address *a)
{
    return a->len > 0 && ((const uint8_t *)a->data)[0] & 1;
}

/* The supplicant's address. A wired authenticator may send to the PAE group address: then it answers whoever spoke last. */
static session *link_session(packet_info *pinfo, const eap_packet *p)
{
    const address *a = p->dir == SUPPLICANT ? &pinfo->dl_src : &pinfo->dl_dst;
    char *key = p->dir == AUTHENTICATOR && is_group(a) ? g_strdup("last") : address_to_str(NULL, a);
    session *s = g_hash_table_lookup(sessions, key);
    bool begins = p->code == EAP_REQUEST && p->type == TYPE_IDENTITY && s && s->last_code[AUTHENTICATOR] != p->code;
    if (!s || begins)
        s = session_new();
    touch(s);
    remember(g_strdup(key), s);
    remember(g_strdup("last"), s);
    wmem_free(NULL, key);
    return s;
}

/* ---- facts ---- */

static tw_conn *conn_of(walk *w, session *s, int dir, bool create)
{
    carrier c = { .kind = TW_CARRIER_EAP,
                  .stream = s->number,
                  .srcport = (uint16_t)w->pinfo->srcport,
                  .dstport = (uint16_t)w->pinfo->destport };
    walk_carrier(w, c);
    if (create)
        w->connection = connections_get_swapped(&w->carrier, w->pinfo, w->at.frame, dir != SUPPLICANT);
    else
        w->connection = connections_get(&w->carrier, w->pinfo, w->at.frame, false);
    s->conn = w->connection;
    w->at.dir = dir;
    return s->conn;
}

static void take_tls(walk *w, session *s, const eap_packet *p)
{
    tw_conn *conn = conn_of(w, s, p->dir, true);
    if (!conn)
        return;
    if (!s->more[p->dir])
        tw_tell_new_bytes(conn, p->dir); /* a lost fragment must not shift what comes later */
    s->more[p->dir] = p->flags & FLAG_MORE;
    tw_tell_bytes(conn, w->at, p->tls, p->len);
}

/* EAP-Success or EAP-Failure: nothing more will be said. */
static void take_end(walk *w, session *s, const eap_packet *p)
{
    tw_conn *conn = conn_of(w, s, AUTHENTICATOR, false);
    if (conn && p->code == EAP_FAILURE)
        tw_tell_eap_failure(conn, w->at, s->type == TYPE_TLS);
    if (conn)
        tw_tell_over(conn);
    clear_streams(s);
}

static void take_packet(walk *w, session *s, const eap_packet *p)
{
    if (s->last_id[p->dir] == p->id && s->last_code[p->dir] == p->code)
        return; /* a retransmission, or the same packet on the way through a proxy */
    s->last_id[p->dir] = p->id;
    s->last_code[p->dir] = p->code;
    if (p->flags & FLAG_START)
        begin_tls(s);
    if (is_tls_type(p->type))
        s->type = p->type;
    if (p->tls)
        take_tls(w, s, p);
    if (p->code == EAP_SUCCESS || p->code == EAP_FAILURE)
        take_end(w, s, p);
}

void eap_packets(walk *w, const GPtrArray *eap, const GPtrArray *radius, const GPtrArray *diameter)
{
    eap_packet p;
    const field_info *first = g_ptr_array_index(eap, 0),
                     *message = radius && radius->len ? g_ptr_array_index(radius, 0) : NULL;
    int captured = message && message->ds_tvb ? tvb_captured_length_remaining(message->ds_tvb, message->start) : 0;
    session *s;
    if (!read_packet(first, &p))
        return;
    if (captured >= RADIUS_HEADER) {
        const uint8_t *bytes = tvb_get_ptr(message->ds_tvb, message->start, captured);
        size_t len = MIN((size_t)captured, (size_t)bytes[2] << 8 | bytes[3]);
        s = radius_session(w->pinfo, bytes, len);
    } else if (diameter && diameter->len) {
        s = diameter_session(diameter, first); /* whose it is that has no Session-Id is not known */
    } else {
        s = link_session(w->pinfo, &p);
    }
    if (s)
        take_packet(w, s, &p);
}
