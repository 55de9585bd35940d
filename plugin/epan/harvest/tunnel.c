/* Harvesting TLS inside TLS. See tunnel.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <epan/packet.h>

#include "compat.h"
#include "harvest/headers.h"
#include "harvest/tunnel.h"

#define TRIES       16   /* decrypted records of a client in which a tunnel may be asked for and begin */
#define TUNNELS_MAX 1024 /* that are followed at one time; the oldest goes first */

struct tunnel {
    unsigned tries; /* records of the client that were no beginning */
    bool asked;     /* one of them asked for a tunnel */
    bool lost;      /* what is not seen of INNER says nothing */
    tw_conn *inner; /* NULL: none has begun */
    GList place;    /* among those that are followed; data NULL: not there */
};

static GQueue followed = G_QUEUE_INIT;

static void stop_following(tunnel *t)
{
    if (t->place.data)
        g_queue_unlink(&followed, &t->place);
    t->place.data = NULL;
    for (int dir = 0; t->inner && dir < 2; dir++)
        tw_tell_new_bytes(t->inner, dir);
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
    t->lost = true;
    tw_tell_lost(t->inner);
    stop_following(t);
}

static carrier inner_carrier(const walk *w)
{
    return (carrier){ .kind = TW_CARRIER_TUNNEL,
                      .stream = w->carrier.stream,
                      .srcport = w->carrier.srcport,
                      .dstport = w->carrier.dstport };
}

static void follow(walk *w, tunnel *t)
{
    carrier c = inner_carrier(w);
    t->inner = connections_get(&c, w->pinfo, w->at.frame, true);
    tw_tell_inside(w->connection, t->inner);
    t->place.data = t;
    g_queue_push_tail_link(&followed, &t->place);
    if (followed.length > TUNNELS_MAX)
        lose(followed.head->data);
}

/* A client begins TLS after it has asked for a tunnel, or at once. */
static void look_for_beginning(walk *w, tunnel *t, const uint8_t *bytes, size_t len)
{
    if (tw_begins_with_hello(bytes, len) && (t->asked || !t->tries)) {
        follow(w, t);
        return;
    }
    t->asked = t->asked || tw_asks_for_tunnel(bytes, len);
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
    tw_tell_bytes(t->inner, at, bytes, len);
    if (!tw_conn_reads_bytes(t->inner, at.dir))
        lose(t);
}

static void take(walk *w, tunnel *t, const uint8_t *bytes, size_t len)
{
    if (!t->inner && w->at.dir == tw_conn_client_dir(w->connection) && t->tries < TRIES)
        look_for_beginning(w, t, bytes, len);
    if (t->inner && !t->lost)
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
    const tw_conn *c = w->connection;
    const tunnel *t = tw_conn_data(c);
    if (!tw_conn_completed(c) || tw_conn_client_dir(c) < 0)
        return false;
    if (!t)
        return w->at.dir == tw_conn_client_dir(c);
    return t->inner ? !t->lost : t->tries < TRIES;
}

void tunnel_records(walk *w)
{
    const GSList *sources = w->pinfo->data_src;
    unsigned n = 0;
    tunnel *t;
    if (!w->n_application || !is_of_interest(w))
        return;
    t = tw_conn_data(w->connection);
    if (!t && (!sources || !sources->next))
        return; /* nothing is decrypted */
    if (!t)
        tw_conn_set_data(w->connection, t = g_new0(tunnel, 1));
    for (const GSList *i = sources ? sources->next : NULL; i; i = i->next)
        if (is_application(w, i->data)) {
            tvbuff_t *tvb = get_data_source_tvb(i->data);
            int len = (int)tvb_captured_length(tvb);
            n++;
            if (len > 0)
                take(w, t, tvb_get_ptr(tvb, 0, len), (size_t)len);
        }
    if (t->inner && !t->lost && (n != w->n_application || w->n_read == WALK_READ_MAX))
        lose(t);
}
