/* Judging records that cannot be read: which of them may be an alert. See judge.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/judge_internal.h"
#include "connection/record_sizes.h"

/* Of a server that has said nothing against the client's certificate before, the record answers it. */
static bool answers_certificate(const tw_conn *c)
{
    tw__flight_kind client = tw__client_flight(c->now, c->client_dir);
    return client == TW_FLIGHT_EMPTY_CERTIFICATE || client == TW_FLIGHT_CERTIFICATE;
}

/* Behind the record came another one of that size: two bytes of data and a close_notify look like two alerts. */
static bool is_doubled(const tw_conn *c)
{
    return tw__is_13(c->now->version) && c->now->complete && c->now->flight[c->suspect.dir].n_after > 1;
}

tw_verdict *tw__judge_suspect(tw_conn *c, tw_confidence most)
{
    const tw__handshake *h = c->now;
    tw_at at = c->suspect;
    tw__case *k;
    if (!at.frame || h->failed || c->n_judged == TW_FAILURES_MAX || tw__gap_of(c) != TW_N_TEXTS)
        return NULL;
    if (is_doubled(c))
        most = TW_POSSIBLE;
    c->suspect.frame = 0;
    if (h->complete && tw__is_13(h->version) && !answers_certificate(c))
        return NULL;
    k = tw__case_open(c, TW_EVENT_ENCRYPTED, at, NULL);
    return tw__judge_case(c, k, MIN(most, tw__most_of_hidden(k)));
}

/* What a record of TLS 1.3 that cannot be read is, by its size and its place. */
typedef enum { NO_ALERT, MAY_BE_ALERT, IS_ALERT } reading;

static bool offers_early_data(const tw_conn *c)
{
    return tw__hello_has(tw__handshake_client_hello(c->now, c->client_dir), TW_EXT_EARLY_DATA);
}

/* Instead of the client's Finished. What Mbed TLS pads has the size of its empty Certificate, and two bytes of early data
 * that of an alert: how it goes on tells. */
static reading read_13_of_client(const tw_conn *c, tw_at at, uint32_t length)
{
    const tw__handshake *h = c->now;
    if (h->complete || h->flight[at.dir].n_opaque != 1 || !h->flight[1 - at.dir].n_opaque)
        return NO_ALERT;
    if (tw__is_alert_size(h->suite, length))
        return offers_early_data(c) ? MAY_BE_ALERT : IS_ALERT;
    return tw__is_granular_alert_size(h->suite, length) ? MAY_BE_ALERT : NO_ALERT;
}

/* Inside the server's own flight, or as the first thing after a client's flight that answers a CertificateRequest. Two
 * bytes of data have that size, too, and may come before the client's Finished (0.5-RTT data); EncryptedExtensions that
 * of a padded alert. */
static reading read_13_of_server(const tw_conn *c, tw_at at, uint32_t length)
{
    const tw__handshake *h = c->now;
    bool first = !h->complete && h->flight[at.dir].n_opaque <= 1;
    bool has_size = first ? tw__is_bare_alert_size(h->suite, length)
                          : tw__is_alert_size(h->suite, length) || tw__is_granular_alert_size(h->suite, length);
    if (!has_size || h->early || offers_early_data(c))
        return NO_ALERT;
    if (!h->complete)
        return h->flight[1 - at.dir].n_opaque ? NO_ALERT : MAY_BE_ALERT;
    return c->side[at.dir].n_application <= 1 && (c->flow || answers_certificate(c)) ? MAY_BE_ALERT : NO_ALERT;
}

/* After a close_notify its sender says nothing more (RFC 5246 7.2.1), so that the first of two alerts was none. A
 * user_canceled may stand before it, and a refusal to renegotiate: but to a warning nobody answers by an alert. */
static bool is_second_alert(const tw_conn *c, tw_at at)
{
    const tw__handshake *h = c->now;
    const tw__direction *own = &c->side[at.dir], *peer = &c->side[1 - at.dir];
    return h->complete && !h->number && own->n_hidden_alerts == 2 &&
           peer->hidden_alert_frame > own->hidden_alert_frame;
}

/* The client answers the server's HelloRequest by an alert: it may refuse, or be done with the session by chance. */
static bool may_be_done(const tw_conn *c, tw_at at)
{
    const tw__handshake *h = c->now;
    return h->renegotiation && at.dir == c->client_dir && h->flight[1 - at.dir].n_opaque == 1 &&
           !h->flight[at.dir].n_opaque && !h->flight[at.dir].ccs_frame;
}

/* A server of TLS 1.2 that sends an alert right behind its Finished, when the client has not left, has looked at the
 * client's certificate, or at the lack of one, only then: GnuTLS, Exim. How it ends tells whether the alert was one. */
static bool answers_certificate_12(const tw_conn *c, tw_at at)
{
    const tw__handshake *h = c->now;
    const tw__direction *client = &c->side[1 - at.dir];
    return tw__conn_side(c, at.dir) == TW_SERVER && h->complete && !h->number && !c->datagram &&
           !h->flight[at.dir].n_after && !client->n_hidden_alerts && !client->close_notify_frame &&
           tw__handshake_find(h, TW_HS_CERTIFICATE_REQUEST, at.dir) &&
           tw__handshake_find(h, TW_HS_CERTIFICATE, 1 - at.dir);
}

/* The server ends the session before it has the client's wish to renegotiate: it has acknowledged less than was sent. */
static bool crosses_wish(const tw_conn *c, tw_at at)
{
    const tw__handshake *h = c->now;
    const tw__flow *client = c->flow ? &c->flow[c->client_dir] : NULL;
    return h->renegotiation && at.dir != c->client_dir && h->flight[c->client_dir].n_opaque == 1 &&
           !h->flight[at.dir].n_opaque && client && client->placed && (int32_t)(client->next - client->acked) > 0;
}

/* DTLS: a side encrypts after its ChangeCipherSpec. */
static bool lacks_ccs(const tw_conn *c, int dir)
{
    return c->datagram && !c->now->renegotiation && !c->now->flight[dir].ccs_frame;
}

/* TLS 1.2 and before: the type of a record that holds an alert can be read. */
static tw_verdict *judge_opaque_alert(tw_conn *c, tw_at at)
{
    tw_verdict *v;
    if (tw__in_handshake(c) && (lacks_ccs(c, at.dir) || tw__lacks_flight(c, at.dir)))
        return tw__note_gap(c, TW_EVENT_ENCRYPTED, at);
    if (tw__in_handshake(c) && may_be_done(c, at)) {
        c->suspect = at;
        return NULL;
    }
    if (tw__in_handshake(c) && crosses_wish(c, at)) {
        c->now->failed = true; /* the session is over, and nobody refused anything */
        return NULL;
    }
    if (c->now->renegotiation && at.dir != c->suspect.dir && (v = tw__judge_suspect(c, TW_LIKELY)))
        return v;
    if (tw__in_handshake(c)) /* a side that has sent data has finished the handshake, whatever the capture missed */
        return c->side[at.dir].n_application && !c->now->renegotiation
                   ? NULL
                   : tw__judge_event(c, TW_EVENT_ENCRYPTED, at, NULL);
    if (answers_certificate_12(c, at)) {
        if (!c->suspect.frame)
            c->suspect = at;
        return NULL;
    }
    if (!is_second_alert(c, at))
        return NULL;
    at.frame = c->side[at.dir].hidden_alert_frame;
    return tw__judge_event(c, TW_EVENT_ABORTED, at, NULL);
}

/* The end tells whether it was an alert. What answers a record of that size may be a close_notify in return. */
static void suspect(tw_conn *c, tw_at at)
{
    const tw__direction *peer = &c->side[1 - at.dir];
    if (peer->n_application && tw__may_be_close(c->now, 1 - at.dir, peer->last_opaque))
        return;
    c->suspect = at;
}

tw_verdict *tw__judge_opaque(tw_conn *c, tw_at at, uint8_t type, uint32_t length)
{
    const tw__handshake *h = c->now;
    reading what;
    if (type != (tw__is_13(h->version) ? TW_CT_APPLICATION : TW_CT_ALERT))
        return NULL;
    if (c->client_dir < 0 || h->failed || (!h->client_hello_frame && (!h->renegotiation || c->begins_inside)) ||
        c->side[1 - at.dir].fin_frame || tw__gap_of(c) != TW_N_TEXTS || tw__has_hole(c, at.dir))
        return NULL;
    if (!tw__is_13(h->version))
        return judge_opaque_alert(c, at);
    what = at.dir == c->client_dir ? read_13_of_client(c, at, length) : read_13_of_server(c, at, length);
    if (what == IS_ALERT || (what == MAY_BE_ALERT && !c->flow)) /* what is no TCP has no end that would tell */
        return tw__judge_event(c, TW_EVENT_ENCRYPTED, at, NULL);
    if (what == MAY_BE_ALERT)
        suspect(c, at);
    return NULL;
}
