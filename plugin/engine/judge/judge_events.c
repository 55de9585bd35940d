/* Judging events: does it end the handshake, and which event is the failure. See judge.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/judge_internal.h"
#include "connection/record_sizes.h"
#include "tls/libraries.h"
#include "connection/cleartext.h"
#include "verdict/verdict_internal.h"

#include <string.h>

#define LEVEL_FATAL 2

enum { CLOSE_NOTIFY = 0, USER_CANCELED = 90, NO_RENEGOTIATION = 100, UNRECOGNIZED_NAME = 112 };

/* RFC 8446 6: in TLS 1.3 the level says nothing, and every alert but these two is an error. Before (RFC 5246
 * 7.2.2) a warning may be ignored, and is. */
static bool ends_the_connection(const tw_conn *c, const tw__alert *a)
{
    if (a->number == CLOSE_NOTIFY || a->number == USER_CANCELED)
        return false;
    if (tw__is_13(c->now->version))
        return true;
    return a->level == LEVEL_FATAL;
}

/* Early data of a resumption may be answered, and all be said, before the client's Finished comes (RFC 8446 2.3). */
static bool has_answered_early(const tw_conn *c)
{
    const tw__handshake *h = c->now;
    const tw__flight *server;
    if (c->client_dir < 0 || !h->early || !h->resumed_hint)
        return false;
    server = &h->flight[1 - c->client_dir];
    return server->n_opaque > 1 ||
           (server->finished_frame && (server->n_opaque || c->side[1 - c->client_dir].n_application));
}

/* Canceling or closing in the middle of a handshake ends it all the same. */
static bool ends_the_handshake(const tw_conn *c, const tw__alert *a)
{
    const tw__handshake *h = c->now;
    bool request = c->client_dir == 1 - a->at.dir && !c->n_handshakes && c->side[c->client_dir].cleartext_frame;
    bool first = h->client_hello_frame && !h->complete && !h->renegotiation && c->established != TW_YES &&
                 !has_answered_early(c);
    if (request && a->number == CLOSE_NOTIFY) /* what no TLS asked for is answered so (Tomcat) */
        return true;
    return ends_the_connection(c, a) || (first && (a->number == CLOSE_NOTIFY || a->number == USER_CANCELED));
}

/* The no_renegotiation that DIR sent in this handshake, or NULL; a client may have asked several times. Once data
 * have flowed again it is history. */
static const tw__alert *refusal_of(const tw_conn *c, int dir)
{
    const tw__message *first = c->now->n_messages ? &c->now->messages[0] : NULL;
    uint32_t begun = c->now->renegotiation && first ? first->at.frame : c->now->client_hello_frame;
    for (unsigned i = 0; i < c->n_alerts; i++) {
        const tw__alert *a = &c->alerts[i];
        if (a->number == NO_RENEGOTIATION && a->at.dir == dir && a->at.frame > begun &&
            a->n_application == c->side[0].n_application + c->side[1].n_application)
            return a;
    }
    return NULL;
}

/* After a no_renegotiation warning its receiver may send a fatal alert: the warning is the failure, the fatal alert
 * only its echo. */
static const tw__alert *the_failure(const tw_conn *c, const tw__alert *last)
{
    const tw__alert *refusal = refusal_of(c, 1 - last->at.dir);
    return refusal ? refusal : last;
}

static tw_text notice_text(const tw__case *k)
{
    if (k->alert->after_peer_fin && ends_the_connection(k->conn, k->alert))
        return TW_TEXT_NOTICE_REACTION;
    if (k->alert->number == NO_RENEGOTIATION)
        return TW_TEXT_NOTICE_NO_RENEGOTIATION;
    if (k->alert->number == UNRECOGNIZED_NAME && tw_values_get(k->values, "server_name"))
        return TW_TEXT_NOTICE_NAME;
    return TW_TEXT_NOTICE_WARNING;
}

static tw_verdict *notice(tw_conn *c, const tw__alert *a, const tw_settings *settings)
{
    tw__case *k;
    tw_cause cause = a->number == CLOSE_NOTIFY    ? TW_CAUSE_CLOSED_NORMALLY
                     : a->number == USER_CANCELED ? TW_CAUSE_CANCELED_BY_USER
                                                  : TW_N_CAUSES;
    if (c->n_notices == TW_NOTICES_MAX)
        return NULL;
    k = tw__case_open_notice(c, (tw__event)a->number, a->at, a, settings);
    return tw__judge_notice(c, k, cause, notice_text(k));
}

/* An alert that comes after the other side's FIN is a reaction (OpenSSL sends 50 then, GnuTLS 10, Java 40): in the
 * handshake the close was the failure, later it is only an abrupt end. */
static tw_verdict *judge_reaction(tw_conn *c, const tw__alert *reaction, const tw_settings *settings)
{
    int closer = 1 - reaction->at.dir;
    tw_at at = { c->side[closer].fin_frame, c->side[closer].fin_us, closer };
    const tw__alert *refusal = refusal_of(c, closer); /* Go and NSS decline and close, OpenSSL answers both with 40 */
    if (refusal)
        return tw__judge_event(c, (tw__event)refusal->number, refusal->at, refusal, settings);
    if (!tw__in_handshake(c))
        return notice(c, reaction, settings);
    return at.frame ? tw__judge_event(c, TW_EVENT_CLOSE, at, NULL, settings)
                    : tw__note_gap(c, TW_EVENT_CLOSE, reaction->at, settings);
}

/* A client that only connects and closes is a probe; the server's alert at that refuses nothing. */
static bool answers_nothing(const tw_conn *c, const tw__alert *a)
{
    const tw__direction *other = &c->side[1 - a->at.dir];
    return c->initiator_dir == 1 - a->at.dir && !other->n_records && !other->cleartext_frame && !c->begins_inside;
}

/* These say of anything that it is wrong; all others speak of the handshake. */
static bool is_of_handshake(const tw__alert *a)
{
    static const uint8_t anything[] = { 10, 20, 21, 22, 40, 47, 50, 51, 80 };
    return !memchr(anything, a->number, sizeof anything);
}

/* Whether what the capture lacks decides what ALERT answers: in the clear it comes before its sender's ChangeCipherSpec;
 * in a session it may be a reaction to an end that is missing. */
static bool hangs_in_the_air(const tw_conn *c, const tw__alert *a)
{
    const tw__handshake *h = c->now;
    bool in_the_clear = !h->flight[a->at.dir].ccs_frame && !tw__is_13(h->version) && !h->renegotiation;
    if (tw__gap_of(c) == TW_N_TEXTS)
        return false;
    if (h->complete)
        return c->flow && tw__flow_lacks(&c->flow[1 - a->at.dir]) && ends_the_connection(c, a) && !is_of_handshake(a);
    if (!ends_the_connection(c, a))
        return true;
    if (is_of_handshake(a))
        return false;
    return !in_the_clear || (tw__conn_side(c, a->at.dir) == TW_SERVER && !h->server_hello_frame);
}

/* DTLS: what DIR answers is not all there. Its own records have gaps in their numbers; a side encrypts after its
 * ChangeCipherSpec, and nobody sends that without a Finished. The handshake may have completed in what is missing. */
static bool lacks_flight(const tw_conn *c, int dir)
{
    const tw__flight *peer = &c->now->flight[1 - dir];
    if (!c->datagram || c->now->renegotiation)
        return false;
    return tw__conn_lacks_records(c, 0) || tw__conn_lacks_records(c, 1) ||
           (peer->ccs_frame && !peer->n_opaque && !peer->finished_frame);
}

/* A close behind bytes that are missing: they may hold what it closes for, a fatal alert or a user_canceled. */
static bool closes_behind_hole(const tw_conn *c, const tw__alert *a)
{
    return a->number == CLOSE_NOTIFY && (lacks_flight(c, a->at.dir) || tw__has_hole(c, a->at.dir));
}

/* Who says no word of TLS is objected to for that, and not for its close. */
static bool answers_words(const tw_conn *c, const tw__alert *a)
{
    const tw__direction *other = &c->side[1 - a->at.dir];
    return other->cleartext_frame && !other->n_records && ends_the_connection(c, a);
}

tw_verdict *tw__judge_alert(tw_conn *c, const tw__alert *a, const tw_settings *settings)
{
    tw_verdict *v;
    if (c->now->failed)
        return NULL;
    if (!ends_the_handshake(c, a) || answers_nothing(c, a))
        return notice(c, a, settings);
    if (hangs_in_the_air(c, a) || closes_behind_hole(c, a))
        return tw__note_gap(c, (tw__event)a->number, a->at, settings);
    if (a->after_peer_fin && !answers_words(c, a))
        return judge_reaction(c, a, settings);
    if (a->number != CLOSE_NOTIFY && a->number != USER_CANCELED && (v = tw__judge_giving_up(c, a->at, settings)))
        return v;
    a = the_failure(c, a);
    return tw__judge_event(c, (tw__event)a->number, a->at, a, settings);
}

/* NSS checks the certificate beside the handshake, and rejects it when both Finished are through (TLS 1.2: by an alert
 * that cannot be read). A close_notify looks the same, but a client that closes is done with the connection, and
 * closes it or reads on to its end; one that rejects resets it when the server's data come in. */
static bool is_late_rejection(const tw_conn *c, tw_at at, bool reset)
{
    const tw__handshake *h = c->now;
    const tw__direction *client = &c->side[at.dir];
    return reset && h->complete && !h->failed && !h->number && !tw__is_13(h->version) && at.dir == c->client_dir &&
           client->hidden_alert_frame && !client->fin_frame && !client->application_frame &&
           tw__gap_of(c) == TW_N_TEXTS;
}

/* Only where the certificate has a fault and this client's library rejects late: otherwise the client closed without
 * having read everything. */
static bool may_reject_late(const tw__case *k)
{
    static const tw__fault_kind kinds[] = { TW_FAULT_MALFORMED,   TW_FAULT_BAD_SIGNATURE, TW_FAULT_BAD_CA,
                                            TW_FAULT_EXPIRED,     TW_FAULT_NOT_YET_VALID, TW_FAULT_WRONG_USAGE,
                                            TW_FAULT_SELF_SIGNED, TW_FAULT_NAME_MISMATCH };
    const tw__library *library = tw__library_of(k->client_hello);
    if (!library || !library->rejects_late)
        return false;
    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (tw__case_fault(k, TW_SERVER, kinds[i]))
            return true;
    return false;
}

static tw_verdict *judge_late_rejection(tw_conn *c, tw_at at, const tw_settings *settings)
{
    tw__case *k;
    if (c->n_judged == TW_FAILURES_MAX)
        return NULL;
    at.frame = c->side[at.dir].hidden_alert_frame;
    k = tw__case_open(c, TW_EVENT_ENCRYPTED, at, NULL, settings);
    if (may_reject_late(k))
        return tw__judge_case(c, k, TW_POSSIBLE);
    tw__case_close(k);
    return NULL;
}

static bool has_notified(const tw_conn *c, int dir)
{
    const tw__direction *d = &c->side[dir];
    return d->close_notify_frame || d->n_hidden_alerts ||
           (tw__is_13(c->version) && d->last_opaque && tw__is_alert_size(c->now->suite, d->last_opaque));
}

/* Whether AT ends the session without a close_notify, and before the other side did. */
static bool is_session_without_notify(const tw_conn *c, tw_at at)
{
    const tw__handshake *h = c->now;
    const tw__direction *other = &c->side[1 - at.dir];
    return !c->quic && c->client_dir >= 0 && h->complete && !h->failed && !other->fin_frame && !other->rst_frame &&
           tw__is_first_end(c, at) && !c->side[at.dir].end_lost && tw__gap_of(c) == TW_N_TEXTS &&
           !has_notified(c, at.dir) && !has_notified(c, 1 - at.dir);
}

/* Without keys the alerts of TLS 1.3 look like data, and padding (RFC 8446 5.4) may hide their size. */
static tw_verdict *note_without_notify(tw_conn *c, tw__event event, tw_at at, const tw_settings *settings)
{
    tw_verdict *v = tw__end_notice(c, event, at, TW_CAUSE_CLOSED_WITHOUT_NOTIFY, TW_TEXT_NOTICE_TITLE, settings);
    if (v)
        v->confidence = tw__is_13(c->version) && c->side[at.dir].last_opaque ? TW_LIKELY : TW_PROVEN;
    return v;
}

static tw_verdict *note_end_of_session(tw_conn *c, tw__event event, tw_at at, const tw_settings *settings)
{
    bool silent = is_session_without_notify(c, at);
    tw_verdict *v = NULL;
    if (tw__is_first_end(c, at) && !c->side[at.dir].end_lost && tw__gap_of(c) == TW_N_TEXTS)
        v = tw__note_leaving_after(c, event, at, silent, settings);
    return v || !silent ? v : note_without_notify(c, event, at, settings);
}

/* Of a server that has said nothing against the client's certificate before, the record answers it. */
static bool answers_certificate(const tw_conn *c)
{
    tw__flight_kind client = tw__client_flight(c->now, c->client_dir);
    return client == TW_FLIGHT_EMPTY_CERTIFICATE || client == TW_FLIGHT_CERTIFICATE;
}

tw_verdict *tw__judge_suspect(tw_conn *c, tw_confidence most, const tw_settings *settings)
{
    const tw__handshake *h = c->now;
    tw_at at = c->suspect;
    tw__case *k;
    if (!at.frame || h->failed || c->n_judged == TW_FAILURES_MAX || tw__gap_of(c) != TW_N_TEXTS)
        return NULL;
    c->suspect.frame = 0;
    if (h->complete && tw__is_13(h->version) && !answers_certificate(c))
        return NULL;
    k = tw__case_open(c, TW_EVENT_ENCRYPTED, at, NULL, settings);
    return tw__judge_case(c, k, MIN(most, tw__most_of_hidden(k)));
}

/* Whether the end AT shows that the record under suspicion was a fatal alert. */
static bool ends_suspect(tw_conn *c, tw_at at, bool reset)
{
    if (!c->suspect.frame || !c->now->renegotiation)
        return at.dir == c->suspect.dir || reset || tw__in_handshake(c) || !tw__is_13(c->now->version);
    if (at.dir != c->suspect.dir)
        return true;
    c->now->failed = true; /* its sender is done with the session, as far as can be told */
    c->suspect.frame = 0;
    return false;
}

/* Where Wireshark has skipped segments it cannot decrypt what follows, be the keys there or not: the closer's last records
 * of TLS 1.3 may say that it cancels. */
static bool hides_reason(const tw_conn *c, int dir)
{
    return c->flow && (c->flow[0].skipped || c->flow[1].skipped) && tw__is_13(c->now->version) &&
           c->now->flight[dir].n_opaque;
}

tw_verdict *tw__judge_end(tw_conn *c, tw_at at, bool reset, const tw_settings *settings)
{
    const tw__alert *refusal;
    tw__event event = reset ? TW_EVENT_RESET : TW_EVENT_CLOSE;
    tw_verdict *v;
    if (ends_suspect(c, at, reset) && (v = tw__judge_suspect(c, TW_LIKELY, settings)))
        return v;
    if ((v = tw__judge_dropping(c, at, settings)))
        return v;
    if (is_late_rejection(c, at, reset) && (v = judge_late_rejection(c, at, settings)))
        return v;
    if (!tw__in_handshake(c) || has_answered_early(c))
        return note_end_of_session(c, event, at, settings);
    if (tw__gap_of(c) != TW_N_TEXTS || c->side[at.dir].end_lost || hides_reason(c, at.dir))
        return tw__note_gap(c, event, at, settings);
    if (tw__leaves_early(c, at, settings))
        return tw__note_leaving(c, event, at, settings);
    refusal = refusal_of(c, 1 - at.dir);
    if (!refusal)
        refusal = refusal_of(c, at.dir); /* the side that declines may close as well */
    if (refusal)
        return tw__judge_event(c, (tw__event)refusal->number, refusal->at, refusal, settings);
    v = tw__judge_giving_up(c, at, settings);
    return v ? v : tw__judge_event(c, event, at, NULL, settings);
}

/* What a record of TLS 1.3 that cannot be read is, by its size and its place. */
typedef enum { NO_ALERT, MAY_BE_ALERT, IS_ALERT } reading;

static bool offers_early_data(const tw_conn *c)
{
    size_t len;
    const tw__message *m = tw__handshake_find(c->now, TW_HS_CLIENT_HELLO, c->client_dir);
    const uint8_t *body = tw__message_body(m, &len);
    tw__hello *hello = body ? tw__client_hello_read(body, len) : NULL;
    bool offers = tw__hello_has(hello, TW_EXT_EARLY_DATA);
    tw__hello_free(hello);
    return offers;
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
static tw_verdict *judge_opaque_alert(tw_conn *c, tw_at at, const tw_settings *settings)
{
    tw_verdict *v;
    if (tw__in_handshake(c) && (lacks_ccs(c, at.dir) || lacks_flight(c, at.dir)))
        return tw__note_gap(c, TW_EVENT_ENCRYPTED, at, settings);
    if (tw__in_handshake(c) && may_be_done(c, at)) {
        c->suspect = at;
        return NULL;
    }
    if (tw__in_handshake(c) && crosses_wish(c, at)) {
        c->now->failed = true; /* the session is over, and nobody refused anything */
        return NULL;
    }
    if (c->now->renegotiation && at.dir != c->suspect.dir && (v = tw__judge_suspect(c, TW_LIKELY, settings)))
        return v;
    if (tw__in_handshake(c)) /* a side that has sent data has finished the handshake, whatever the capture missed */
        return c->side[at.dir].n_application && !c->now->renegotiation
                   ? NULL
                   : tw__judge_event(c, TW_EVENT_ENCRYPTED, at, NULL, settings);
    if (answers_certificate_12(c, at)) {
        if (!c->suspect.frame)
            c->suspect = at;
        return NULL;
    }
    if (!is_second_alert(c, at))
        return NULL;
    at.frame = c->side[at.dir].hidden_alert_frame;
    return tw__judge_event(c, TW_EVENT_ABORTED, at, NULL, settings);
}

/* The end tells whether it was an alert. What answers a record of that size may be a close_notify in return. */
static void suspect(tw_conn *c, tw_at at)
{
    const tw__direction *peer = &c->side[1 - at.dir];
    if (peer->n_application && tw__is_alert_size(c->now->suite, peer->last_opaque))
        return;
    c->suspect = at;
}

tw_verdict *tw__judge_opaque(tw_conn *c, tw_at at, uint8_t type, uint32_t length, const tw_settings *settings)
{
    const tw__handshake *h = c->now;
    reading what;
    if (c->client_dir < 0 || h->failed || (!h->client_hello_frame && (!h->renegotiation || c->begins_inside)) ||
        c->side[1 - at.dir].fin_frame || tw__gap_of(c) != TW_N_TEXTS || tw__has_hole(c, at.dir))
        return NULL;
    if (!tw__is_13(h->version))
        return type == TW_CT_ALERT ? judge_opaque_alert(c, at, settings) : NULL;
    if (type != TW_CT_APPLICATION)
        return NULL;
    what = at.dir == c->client_dir ? read_13_of_client(c, at, length) : read_13_of_server(c, at, length);
    if (what == IS_ALERT || (what == MAY_BE_ALERT && !c->flow)) /* what is no TCP has no end that would tell */
        return tw__judge_event(c, TW_EVENT_ENCRYPTED, at, NULL, settings);
    if (what == MAY_BE_ALERT)
        suspect(c, at);
    return NULL;
}

tw_verdict *tw__judge_cleartext(tw_conn *c, tw_at at, const tw_settings *settings)
{
    if (c->client_dir < 0 || at.dir == c->client_dir || c->now->failed || !c->now->client_hello_frame ||
        c->side[at.dir].n_records || c->carried)
        return NULL;
    if (!c->side[c->client_dir].cleartext_frame) /* else the server answers that */
        at.dir = c->client_dir;                  /* it is the client that cannot go on */
    return tw__judge_event(c, TW_EVENT_CLEARTEXT, at, NULL, settings);
}

tw_verdict *tw__judge_answer_to_cleartext(tw_conn *c, tw_at at, const tw_settings *settings)
{
    if (c->client_dir < 0 || c->now->failed || c->n_handshakes || !c->side[c->client_dir].cleartext_frame)
        return NULL;
    return tw__judge_event(c, TW_EVENT_CLEARTEXT, at, NULL, settings);
}

tw_verdict *tw__judge_closed_on_cleartext(tw_conn *c, tw_at at, bool reset, bool tls_port,
                                          const tw_settings *settings)
{
    if (c->client_dir < 0 || c->now->failed || c->n_handshakes || !c->side[c->client_dir].cleartext_frame)
        return NULL;
    return tw__judge_case(c, tw__case_open(c, reset ? TW_EVENT_RESET : TW_EVENT_CLOSE, at, NULL, settings),
                          tls_port ? TW_LIKELY : TW_POSSIBLE); /* anything else closes upon such words, too */
}

#define FIRST_ANSWERS 8 /* application records of the server in which it may say what it missed in the handshake */

/* A server that asked for no certificate passes on what a server behind it says. */
bool tw__may_say(const tw_conn *c, int dir)
{
    return tw__conn_side(c, dir) == TW_SERVER && c->now->complete && !c->now->failed && !c->now->renegotiation &&
           c->side[dir].n_application <= FIRST_ANSWERS && tw__handshake_find(c->now, TW_HS_CERTIFICATE_REQUEST, dir);
}

tw_verdict *tw__judge_said(tw_conn *c, tw_at at, const uint8_t *bytes, size_t len, const tw_settings *settings)
{
    tw__said said = tw__may_say(c, at.dir) ? tw__says_of_certificate(bytes, len) : TW_SAID_NOTHING;
    if (said == TW_SAID_NOTHING)
        return NULL;
    return tw__judge_event(c, said == TW_SAID_MISSING ? TW_EVENT_SAID_MISSING : TW_EVENT_SAID_REJECTED, at, NULL,
                           settings);
}

tw_verdict *tw__judge_declined(tw_conn *c, tw_at at, const tw_settings *settings)
{
    if (c->now->failed || c->n_handshakes || tw__has_hole(c, at.dir) || tw__has_hole(c, 1 - at.dir) ||
        (c->flow && (tw__flow_lacks(&c->flow[0]) || tw__flow_lacks(&c->flow[1]))))
        return NULL; /* what answers the request, and the ClientHello, may be among what is missing */
    c->client_dir = 1 - at.dir;
    return tw__judge_event(c, TW_EVENT_DECLINED, at, NULL, settings);
}

tw_verdict *tw__judge_eap_failure(tw_conn *c, tw_at at, bool commitment, const tw_settings *settings)
{
    bool owed = commitment && c->now->complete && !c->now->failed && tw__is_13(c->now->version) &&
                c->client_dir >= 0 && !c->side[at.dir].n_application;
    if (!tw__in_handshake(c) && !owed)
        return NULL;
    if (at.dir == c->client_dir)
        return NULL;
    return tw__judge_event(c, TW_EVENT_FAILURE, at, NULL, settings);
}
