/* In which phase an alert was sent: what its sender was answering (RFC 5246 7.3, RFC 8446 2).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection/event.h"

static bool among(tw__event alert, const uint8_t *set, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (set[i] == (unsigned)alert)
            return true;
    return false;
}

/* NSS checks the certificate beside the handshake and may reject it after both Finished (TLS 1.2). */
static bool is_late_client_rejection(const tw_conn *c, int dir, tw__event alert)
{
    static const uint8_t certificate_alerts[] = { TW_ALERT_BAD_CERTIFICATE,     TW_ALERT_UNSUPPORTED_CERTIFICATE,
                                                  TW_ALERT_CERTIFICATE_REVOKED, TW_ALERT_CERTIFICATE_EXPIRED,
                                                  TW_ALERT_CERTIFICATE_UNKNOWN, TW_ALERT_UNKNOWN_CA,
                                                  TW_ALERT_ECH_REQUIRED };
    return (alert == TW_EVENT_ENCRYPTED || among(alert, certificate_alerts, sizeof certificate_alerts)) &&
           !c->side[dir].n_application;
}

/* In TLS 1.3 the client's certificate comes after the server's Finished, so that its rejection follows both. A
 * CertificateRequest after the handshake is post-handshake authentication: that belongs to the session. In TLS 1.2
 * programs on GnuTLS look at the certificate behind both Finished, before they say anything. */
static bool is_late_server_rejection(const tw_conn *c, tw__event alert)
{
    static const uint8_t certificate_alerts[] = { TW_ALERT_HANDSHAKE_FAILURE,   TW_ALERT_NO_CERTIFICATE,
                                                  TW_ALERT_BAD_CERTIFICATE,     TW_ALERT_UNSUPPORTED_CERTIFICATE,
                                                  TW_ALERT_CERTIFICATE_REVOKED, TW_ALERT_CERTIFICATE_EXPIRED,
                                                  TW_ALERT_CERTIFICATE_UNKNOWN, TW_ALERT_UNKNOWN_CA,
                                                  TW_ALERT_ACCESS_DENIED,       TW_ALERT_DECODE_ERROR,
                                                  TW_ALERT_DECRYPT_ERROR,       TW_ALERT_CERTIFICATE_REQUIRED };
    const tw__handshake *h = c->now;
    const tw__message *request = tw__handshake_find(h, TW_HS_CERTIFICATE_REQUEST, -1);
    if (!among(alert, certificate_alerts, sizeof certificate_alerts))
        return false;
    if (!tw__is_13(h->version))
        return request && !c->side[1 - c->client_dir].n_application;
    if (c->side[0].n_application && c->side[1].n_application)
        return false; /* a server that answers the client's data has accepted it */
    if (request)
        return request->at.frame <= h->flight[c->client_dir].finished_frame;
    return (int)alert == TW_ALERT_CERTIFICATE_REQUIRED;
}

static bool client_flight_begun(const tw_conn *c)
{
    const tw__handshake *h = c->now;
    const tw__flight *client = &h->flight[c->client_dir];
    if (client->finished_frame || client->opaque_frame)
        return true;
    if (client->ccs_frame && h->version && !tw__is_13(h->version))
        return true;
    return tw__handshake_find(h, TW_HS_CERTIFICATE, c->client_dir) ||
           tw__handshake_find(h, TW_HS_COMPRESSED_CERTIFICATE, c->client_dir) ||
           tw__handshake_find(h, TW_HS_CLIENT_KEY_EXCHANGE, c->client_dir);
}

/* An alert that speaks of the handshake's last record, sent before anything else: it answers the peer's Finished. */
static bool answers_finished(const tw_conn *c, int dir, tw__event alert)
{
    static const uint8_t record_alerts[] = { TW_ALERT_UNEXPECTED_MESSAGE, TW_ALERT_BAD_RECORD_MAC,
                                             TW_ALERT_DECRYPTION_FAILED,  TW_ALERT_ILLEGAL_PARAMETER,
                                             TW_ALERT_DECODE_ERROR,       TW_ALERT_DECRYPT_ERROR };
    return among(alert, record_alerts, sizeof record_alerts) && !c->side[dir].n_application &&
           !c->side[1 - dir].n_application;
}

static tw_phase phase_of_server(const tw_conn *c, tw__event alert)
{
    if (c->now->complete && (alert == TW_EVENT_ENCRYPTED || alert == TW_EVENT_FAILURE || alert == TW_EVENT_DROPPED))
        return TW_CLIENT_FLIGHT; /* judged only where the client's flight is what it can answer */
    if (c->now->complete && answers_finished(c, 1 - c->client_dir, alert))
        return TW_CLIENT_FLIGHT;
    if (c->now->complete)
        return is_late_server_rejection(c, alert) ? TW_CLIENT_FLIGHT : TW_ESTABLISHED;
    return client_flight_begun(c) ? TW_CLIENT_FLIGHT : TW_CLIENT_HELLO;
}

/* In a full handshake of TLS 1.2 the server's Finished answers the client's; in a resumption it is part of the flight. */
static bool has_server_finished(const tw__handshake *h, int client, int server)
{
    uint32_t client_ccs = h->flight[client].ccs_frame, server_ccs = h->flight[server].ccs_frame;
    return h->version && !tw__is_13(h->version) && client_ccs && server_ccs && client_ccs < server_ccs;
}

static tw_phase phase_of_client(const tw_conn *c, tw__event alert)
{
    static const uint8_t own_trouble[] = { TW_ALERT_CLOSE_NOTIFY, TW_ALERT_UNEXPECTED_MESSAGE,
                                           TW_ALERT_INTERNAL_ERROR, TW_ALERT_USER_CANCELED };
    const tw__handshake *h = c->now;
    int client = c->client_dir, server = 1 - client;
    if (alert >= TW_EVENT_CLOSE && alert != TW_EVENT_ENCRYPTED && !h->complete)
        return TW_SERVER_FLIGHT; /* of an end it cannot be said which of the server's messages it answers */
    if (h->complete && is_late_client_rejection(c, client, alert))
        return TW_SERVER_FLIGHT;
    if (h->complete && answers_finished(c, client, alert))
        return has_server_finished(h, client, server) ? TW_SERVER_FINISHED : TW_SERVER_FLIGHT;
    if (h->complete)
        return TW_ESTABLISHED;
    if (has_server_finished(h, client, server))
        return TW_SERVER_FINISHED;
    if (h->server_hello_frame || h->retry_frame || c->side[server].n_records ||
        tw__odd_of(c, server)->cleartext_frame || !h->client_hello_frame)
        return TW_SERVER_FLIGHT;
    /* what the server said was lost to the capture, unless it is the client's own trouble */
    return among(alert, own_trouble, sizeof own_trouble) ? TW_CLIENT_HELLO : TW_SERVER_FLIGHT;
}

/* A client that will not renegotiate says so with no_renegotiation, or just refuses. */
static bool refuses_hello_request(const tw_conn *c, tw_side sender, tw__event alert)
{
    static const uint8_t refusals[] = { TW_ALERT_UNEXPECTED_MESSAGE, TW_ALERT_HANDSHAKE_FAILURE };
    return sender == TW_CLIENT && tw__seldom_of(c)->hello_request_frame && among(alert, refusals, sizeof refusals);
}

/* A capture may begin behind the hellos, and its messages tell the roles all the same. */
static bool knows_roles(const tw__handshake *h, tw_side sender)
{
    return h->client_hello_frame || h->server_hello_frame || (sender && h->n_messages);
}

static tw_phase phase_without_hellos(const tw_conn *c)
{
    if (c->client_dir >= 0 && tw__odd_of(c, c->client_dir)->cleartext_frame)
        return TW_CLIENT_HELLO;
    return c->established == TW_YES || c->begins_inside ? TW_ESTABLISHED : TW_BEFORE_HELLO;
}

tw_phase tw__phase_of(const tw_conn *c, tw_side sender, tw__event alert)
{
    const tw__handshake *h = c->now;
    tw_phase phase;
    if (alert == TW_EVENT_DECLINED)
        return TW_BEFORE_HELLO;
    if (alert == TW_EVENT_NEGOTIATION)
        return TW_CLIENT_HELLO; /* it answers one, be it of a version that Wireshark does not read */
    if (h->renegotiation && !h->complete)
        return TW_RENEGOTIATION;
    if (h->complete && ((int)alert == TW_ALERT_NO_RENEGOTIATION || refuses_hello_request(c, sender, alert)))
        return TW_RENEGOTIATION;
    if (alert == TW_EVENT_ABORTED)
        return TW_ESTABLISHED;
    if (!knows_roles(h, sender))
        return phase_without_hellos(c);
    if (sender == TW_SIDE_UNKNOWN)
        return TW_BEFORE_HELLO;
    phase = sender == TW_SERVER ? phase_of_server(c, alert) : phase_of_client(c, alert);
    return h->renegotiation && phase != TW_ESTABLISHED ? TW_RENEGOTIATION : phase;
}
