/* Harvesting TLS inside TLS. See tunnel.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <epan/packet.h>

#include "compat.h"
#include "harvest/headers.h"
#include "connection/cleartext.h"
#include "capture/records.h"
#include "harvest/tunnel.h"

#define TRIES       16   /* decrypted records of a client in which a tunnel may be asked for and begin */
#define TUNNELS_MAX 1024 /* that are followed at one time; the oldest goes first */

struct tunnel {
    unsigned tries;    /* records of the client that were no beginning */
    bool asked;        /* one of them asked for a tunnel */
    connection *inner; /* NULL: none has begun */
    tw__stream stream[2];
    GList place; /* among those that are followed; data NULL: not there */
};

static GQueue followed = G_QUEUE_INIT;

static void stop_following(tunnel *t)
{
    if (t->place.data)
        g_queue_unlink(&followed, &t->place);
    t->place.data = NULL;
    tw__stream_clear(&t->stream[0]);
    tw__stream_clear(&t->stream[1]);
}

void tunnel_free(tunnel *t)
{
    if (t)
        stop_following(t);
    g_free(t);
}

/* Some of it cannot be read: what is not seen from now on says nothing. */
static void lose(tunnel *t)
{
    t->inner->lost = true;
    stop_following(t);
}

static bool is_client_hello(const uint8_t *bytes, size_t len)
{
    return len >= 11 && bytes[0] == TW_CT_HANDSHAKE && bytes[1] == 3 && bytes[5] == TW_HS_CLIENT_HELLO &&
           bytes[9] == 3 && headers_be(bytes + 6, 3) >= headers_be(bytes + 3, 2) - 4;
}

static carrier inner_carrier(const walk *w)
{
    return (carrier){ .kind = CARRIER_TUNNEL,
                      .stream = w->carrier.stream,
                      .srcport = w->carrier.srcport,
                      .dstport = w->carrier.dstport };
}

static void follow(walk *w, tunnel *t)
{
    carrier c = inner_carrier(w);
    t->inner = connections_get(&c, w->pinfo, true);
    t->inner->conn->indirect = t->inner->conn->inside = t->inner->conn->not_decrypted = true;
    t->place.data = t;
    g_queue_push_tail_link(&followed, &t->place);
    if (followed.length > TUNNELS_MAX)
        lose(followed.head->data);
}

/* A client begins TLS after it has asked for a tunnel, or at once. */
static void look_for_beginning(walk *w, tunnel *t, const uint8_t *bytes, size_t len)
{
    if (is_client_hello(bytes, len) && (t->asked || !t->tries)) {
        follow(w, t);
        return;
    }
    t->asked = t->asked || tw__asks_for_tunnel(bytes, len);
    t->tries++;
}

static tw_at inside(const walk *w, const tunnel *t)
{
    carrier c = inner_carrier(w);
    tw_at at = w->at;
    at.dir = connections_direction(t->inner, &c, w->pinfo);
    return at;
}

static void feed(walk *w, tunnel *t, const uint8_t *bytes, size_t len)
{
    tw_at at = inside(w, t);
    GPtrArray *verdicts = g_ptr_array_new();
    tw__stream_feed(&t->stream[at.dir], t->inner->conn, at, bytes, len, w->settings, verdicts);
    for (unsigned i = 0; i < verdicts->len; i++) {
        tw_verdict *v = g_ptr_array_index(verdicts, i);
        v->ordinal = -1; /* the tree has no node of this alert */
        connections_keep(t->inner, v);
    }
    g_ptr_array_unref(verdicts);
    connections_enforce_budget(t->inner);
    if (t->stream[at.dir].broken)
        lose(t);
}

static void take(walk *w, tunnel *t, const uint8_t *bytes, size_t len)
{
    if (!t->inner && w->at.dir == w->link->conn->client_dir && t->tries < TRIES)
        look_for_beginning(w, t, bytes, len);
    if (t->inner && !t->inner->lost)
        feed(w, t, bytes, len);
}

/* Whether SOURCE is one decrypted record that is neither handshake message nor alert. */
static bool is_application(const walk *w, const struct data_source *source)
{
    tvbuff_t *tvb = get_data_source_tvb(source);
    char *name;
    bool decrypted;
    for (unsigned i = 0; i < w->n_read; i++)
        if (w->read[i] == tvb)
            return false;
    name = TLSWHY_SOURCE_NAME(source);
    decrypted = g_str_has_prefix(name, "Decrypted TLS"); /* not "Reassembled TLS", which holds it once more */
    wmem_free(NULL, name);
    return decrypted;
}

static bool is_of_interest(const walk *w)
{
    const tw_conn *c = w->link->conn;
    const tunnel *t = w->link->tunnel;
    if (!c->n_completed || c->client_dir < 0)
        return false;
    if (!t)
        return w->at.dir == c->client_dir;
    return t->inner ? !t->inner->lost : t->tries < TRIES;
}

void tunnel_records(walk *w)
{
    const GSList *sources = w->pinfo->data_src;
    unsigned n = 0;
    tunnel *t;
    if (!w->n_application || !is_of_interest(w))
        return;
    if (!w->link->tunnel && (!sources || !sources->next))
        return; /* nothing is decrypted */
    if (!w->link->tunnel)
        w->link->tunnel = g_new0(tunnel, 1);
    t = w->link->tunnel;
    for (const GSList *i = sources ? sources->next : NULL; i; i = i->next)
        if (is_application(w, i->data)) {
            tvbuff_t *tvb = get_data_source_tvb(i->data);
            int len = (int)tvb_captured_length(tvb);
            n++;
            if (len > 0)
                take(w, t, tvb_get_ptr(tvb, 0, len), (size_t)len);
        }
    if (t->inner && !t->inner->lost && (n != w->n_application || w->n_read == WALK_READ_MAX))
        lose(t);
}

void tunnel_end(walk *w, bool reset)
{
    tunnel *t = w->link->tunnel;
    const tw_conn *outer = w->link->conn;
    tw_at at;
    if (!t || !t->inner || t->inner->lost)
        return;
    if (outer->side[0].end_lost || outer->side[1].end_lost) {
        lose(t);
        return;
    }
    at = inside(w, t);
    if (reset)
        tw__conn_rst(t->inner->conn, at);
    else
        tw__conn_fin(t->inner->conn, at);
    connections_keep(t->inner, tw__judge_end(t->inner->conn, at, reset, w->settings));
    connections_enforce_budget(t->inner);
}
