/* Evidence from TCP's headers and from time. See tcp_evidence.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "case/tcp_evidence.h"

#define LARGE   512  /* what passes where larger segments are lost is smaller (RFC 791: 576 with headers) */
#define RECORDS 0x40 /* headers of the records around a hello */

static void set_hops(tw__finding *f, const tw__tcp *p)
{
    tw_values_set(f->values, "hops_word", tw_text_template(p->reset.v6 ? TW_TEXT_WORD_HOP_LIMIT : TW_TEXT_WORD_TTL));
    tw_values_setf(f->values, "reset_hops", "%u", p->reset.hops);
    tw_values_setf(f->values, "hops", "%u", p->hops_low);
    if (p->hops_low == p->hops_high)
        return;
    tw_values_setf(f->values, "low", "%u", p->hops_low);
    tw_values_setf(f->values, "high", "%u", p->hops_high);
    tw_values_set_phrase(f->values, "hops", TW_TEXT_RANGE);
}

/* A box in between that resets in the name of another has its own hop limit, and knows neither the other's IP
 * Identification nor its window. */
static void whose_reset(const tw__case *k, tw__finding *f)
{
    const tw__tcp *p = &k->conn->tcp[k->dir];
    bool foreign;
    if (!p->reset.frame || !p->reset.hops || !p->hops_low)
        return;
    foreign = p->reset.hops + TW_HOPS_APART <= p->hops_low || p->reset.hops >= p->hops_high + TW_HOPS_APART;
    set_hops(f, p);
    tw_values_setf(f->values, "window", "%u", p->last.window);
    tw_values_setf(f->values, "reset_window", "%u", p->reset.window);
    tw_values_setf(f->values, "id", "0x%04x", p->last.ip_id);
    tw_values_setf(f->values, "reset_id", "0x%04x", p->reset.ip_id);
    if (foreign) {
        tw_values_set(f->values, "foreign_hops", tw_values_get(f->values, "reset_hops"));
        tw__finding_hold(f, TW_IF_RESET_FOREIGN);
    }
    tw__finding_add(f, p->reset.frame,
                    !foreign      ? TW_TEXT_EV_RESET_OWN
                    : p->reset.v6 ? TW_TEXT_EV_RESET_FOREIGN_V6
                                  : TW_TEXT_EV_RESET_FOREIGN);
}

#define SEGMENT_MAX 1460 /* on Ethernet; what is longer in a capture was cut by the network card only after it */

/* The segments in which the ClientHello went out. */
typedef struct {
    unsigned first, n; /* N 0: not known */
    uint32_t before;   /* bytes that its side sent before it: a request for an upgrade, a pre-login */
} hello_place;

static hello_place place_of_hello(const tw__case *k)
{
    const tw__tcp *p = &k->conn->tcp[k->conn->client_dir];
    const tw__message *hello = k->client_hello_message;
    hello_place place = { 0, 0, 0 };
    uint32_t size = 0, least = TW_RECORD_HEADER + TW_HANDSHAKE_HEADER + hello->length;
    unsigned last = 0, n = MIN(p->n_payload, TW_TCP_EARLY);
    while (last < n && p->early[last].frame != hello->at.frame)
        last++;
    if (k->h->sslv2 || p->partial || tw__tcp_missing(p) || last == n) /* SSLv2: the length is not as it was sent */
        return place;
    for (place.first = last + 1; place.first && size < least; place.first--)
        size += p->early[place.first - 1].len;
    if (size >= least && size <= least + RECORDS)
        place.n = last + 1 - place.first;
    for (unsigned i = 0; place.n && i < place.first; i++)
        place.before += p->early[i].len;
    return place;
}

static void hello_size(const tw__case *k, tw__finding *f, const hello_place *place)
{
    const tw__tcp *p = &k->conn->tcp[k->conn->client_dir];
    const tw__message *hello = k->client_hello_message;
    if (k->h->sslv2) /* the length is not as it was sent */
        return;
    tw_values_setf(f->values, "hello_bytes", "%u", hello->length + 4);
    if (!place->n)
        return;
    if (p->early[place->first].len > SEGMENT_MAX)
        tw_values_set_phrase(f->values, "hello_segments", TW_TEXT_MORE_SEGMENTS);
    else
        tw_values_set_count(f->values, "hello_segments", place->n, TW_TEXT_ONE_SEGMENT, TW_TEXT_N_SEGMENTS);
    tw__finding_add(f, hello->at.frame, TW_TEXT_EV_HELLO_SIZE);
    if (place->n > 1 || p->early[place->first].len > SEGMENT_MAX) {
        tw_values_set(f->values, "large_hello", tw_values_get(f->values, "hello_bytes"));
        tw__finding_hold(f, TW_IF_LARGE_HELLO);
    }
}

static void hello_arrival(const tw__case *k, tw__finding *f, const hello_place *place)
{
    int client = k->conn->client_dir;
    const tw__tcp *p = &k->conn->tcp[client], *server = &k->conn->tcp[1 - client];
    uint32_t all = tw__tcp_acknowledged(p, server), sent = tw__tcp_sent(p) - place->before;
    uint32_t acknowledged = all - MIN(all, place->before);
    if (!server->n_segments || !sent || p->partial)
        return;
    tw_values_setf(f->values, "acknowledged", "%u", acknowledged);
    tw_values_setf(f->values, "sent", "%u", sent);
    tw__finding_add(f, acknowledged ? server->ack_frame : k->client_hello_message->at.frame,
                    acknowledged == sent ? TW_TEXT_EV_HELLO_ACKNOWLEDGED
                    : acknowledged       ? TW_TEXT_EV_HELLO_PARTLY
                                         : TW_TEXT_EV_HELLO_UNACKNOWLEDGED);
    if (!p->n_repeated || acknowledged == sent)
        return;
    tw_values_set_count(f->values, "times", p->n_repeated, TW_TEXT_ONCE, TW_TEXT_N_TIMES);
    tw__finding_add(f, p->repeated_frame, TW_TEXT_EV_HELLO_REPEATED);
}

static void large_lost(tw__finding *f, uint32_t bytes)
{
    if (bytes <= LARGE)
        return;
    tw_values_setf(f->values, "large_packets", "%u", bytes);
    tw__finding_hold(f, TW_IF_LARGE_LOST);
}

/* What SIDE sent and its peer did not get. */
static void lost(const tw__case *k, tw__finding *f, int dir)
{
    const tw__tcp *p = &k->conn->tcp[dir], *peer = &k->conn->tcp[1 - dir];
    uint32_t missing = tw__tcp_missing(p);
    bool unacknowledged = missing && peer->acks && (int32_t)(p->hole_from - peer->ack) >= 0;
    tw_values_set(f->values, "from", tw_side_name(tw__conn_side(k->conn, dir)));
    if (unacknowledged) {
        tw_values_setf(f->values, "missing", "%u", missing);
        tw__finding_add(f, p->last.frame, TW_TEXT_EV_LOST);
        large_lost(f, missing);
    } else if (p->n_stuck && (dir != k->conn->client_dir || k->h->server_hello_frame)) {
        tw_values_setf(f->values, "stuck", "%u", p->stuck_len);
        tw_values_set_count(f->values, "times", p->n_stuck, TW_TEXT_ONCE, TW_TEXT_N_TIMES);
        tw__finding_add(f, p->stuck_frame, TW_TEXT_EV_STUCK);
        large_lost(f, p->stuck_len);
    }
}

/* Time limits are round numbers, and fire a little late. */
static bool is_round(int64_t us, unsigned *limit)
{
    static const unsigned limits[] = { 5, 10, 15, 20, 30, 60, 120 };
    for (unsigned i = 0; i < G_N_ELEMENTS(limits); i++) {
        int64_t off = us - (int64_t)limits[i] * G_USEC_PER_SEC;
        *limit = limits[i];
        if (off >= -G_USEC_PER_SEC / 20 && off <= G_USEC_PER_SEC / 2)
            return true;
    }
    return false;
}

static void time_limit(const tw__case *k, tw__finding *f)
{
    const tw__tcp *p = &k->conn->tcp[k->conn->client_dir];
    const struct {
        int64_t us;
        tw_text since;
    } begins[] = { { k->h->client_hello_us, TW_TEXT_WORD_SINCE_HELLO },
                   { p->begins ? p->first_us : 0, TW_TEXT_WORD_SINCE_OPEN } };
    for (unsigned i = 0; i < G_N_ELEMENTS(begins); i++) {
        unsigned limit;
        if (!begins[i].us || !is_round(k->at.time_us - begins[i].us, &limit))
            continue;
        tw_values_setf(f->values, "limit", "%u", limit);
        tw_values_setf(f->values, "lasted", "%.1f", (double)(k->at.time_us - begins[i].us) / G_USEC_PER_SEC);
        tw_values_set(f->values, "since", tw_text_template(begins[i].since));
        tw__finding_add(f, k->at.frame, TW_TEXT_EV_TIME_LIMIT);
        return;
    }
}

void tw__tcp_evidence(const tw__case *k, tw__finding *f)
{
    int client = k->conn->client_dir;
    if (tw__tcp_one_way(k->conn->tcp, k->dir))
        tw__finding_add(f, k->at.frame, TW_TEXT_EV_ONE_WAY);
    if (client < 0 || k->conn->n_completed ||
        (k->event != TW_EVENT_CLOSE && k->event != TW_EVENT_RESET && k->event != TW_EVENT_SILENCE))
        return;
    if (k->event == TW_EVENT_RESET)
        whose_reset(k, f);
    if (k->client_hello_message && !k->h->server_hello_frame && !k->h->renegotiation) {
        const hello_place place = place_of_hello(k);
        hello_size(k, f, &place);
        hello_arrival(k, f, &place);
    }
    lost(k, f, 1 - client);
    lost(k, f, client);
    if (k->event == TW_EVENT_CLOSE || k->event == TW_EVENT_RESET)
        time_limit(k, f);
}
