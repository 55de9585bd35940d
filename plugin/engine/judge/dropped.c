/* Ends that say nothing: a server that drops a client for its certificate, a client that leaves when the handshake is
 * through. See judge_internal.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/judge_internal.h"
#include "connection/cleartext.h"
#include "connection/record_sizes.h"
#include "judge/hints.h"
#include "tlswhy/words.h"
#include "verdict/verdict_internal.h"

#define AT_ONCE_US        (5 * G_USEC_PER_SEC) /* who minds a certificate ends so soon */
#define MIDWAY_US         G_USEC_PER_SEC       /* likewise, where the client has more to send: it may be slow */
#define RECORDS_IN_FLIGHT 6                    /* that a client may have sent before it learns that it is dropped */

/* The faults that programs look for, the one that they name first in front; but signatures, which take long to verify, are
 * looked at where nothing else is wrong. */
static const struct {
    tw__fault_kind kind;
    tw_text text;
    bool of_server; /* not all mind it, so that it is worth a notice, and no reason to blame a client's certificate */
} faults[] = {
    { TW_FAULT_MALFORMED, TW_TEXT_FAULT_MALFORMED, false },
    { TW_FAULT_BAD_CA, TW_TEXT_FAULT_BAD_CA, false },
    { TW_FAULT_EXPIRED, TW_TEXT_FAULT_EXPIRED, false },
    { TW_FAULT_NOT_YET_VALID, TW_TEXT_FAULT_NOT_YET_VALID, false },
    { TW_FAULT_WRONG_USAGE, TW_TEXT_FAULT_WRONG_USAGE, false },
    { TW_FAULT_SELF_SIGNED, TW_TEXT_FAULT_SELF_SIGNED, false },
    { TW_FAULT_NAME_MISMATCH, TW_TEXT_FAULT_NAME, false },
    { TW_FAULT_INCOMPLETE, TW_TEXT_FAULT_INCOMPLETE, true },
    { TW_FAULT_UNKNOWN_CRITICAL, TW_TEXT_FAULT_CRITICAL, true },
    { TW_FAULT_WEAK_SIGNATURE, TW_TEXT_FAULT_WEAK_SIGNATURE, true },
    { TW_FAULT_WEAK_KEY, TW_TEXT_FAULT_WEAK_KEY, true },
    { TW_FAULT_BAD_SIGNATURE, TW_TEXT_FAULT_BAD_SIGNATURE, false },
};

/* The index in faults of what is visibly wrong with the certificate of SIDE, or -1. */
static int fault_of(const tw__case *k, tw_side side)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(faults); i++) {
        const tw__fault *fault =
            side == TW_CLIENT && faults[i].of_server ? NULL : tw__case_fault(k, side, faults[i].kind);
        if (fault && (fault->kind != TW_FAULT_INCOMPLETE || fault->certain))
            return (int)i;
    }
    return -1;
}

/* Where the client's certificate can be read and nothing is wrong with it, a server may as well end for another reason. */
tw_confidence tw__most_of_hidden(const tw__case *k)
{
    bool is_sound =
        k->peer == TW_CLIENT && k->h->complete && tw__case_has_chain(k, TW_CLIENT) && fault_of(k, TW_CLIENT) < 0;
    return is_sound ? TW_POSSIBLE : TW_LIKELY;
}

/* Whether the last record of DIR, in the session, may be a close_notify that cannot be read. */
static bool may_have_closed_13(const tw_conn *c, int dir)
{
    uint32_t last = c->side[dir].last_opaque;
    return tw__is_13(c->now->version) && last && tw__may_be_close(c->now, dir, last);
}

/* ---- notices ---- */

/* The phrase for what is wrong with the certificate of SIDE, or NULL. Caller frees. */
static char *fault_text(const tw__case *k, tw_side side)
{
    int place = fault_of(k, side);
    tw_values *values;
    char *text;
    if (place < 0)
        return side == TW_CLIENT && tw__client_flight(k->h, k->conn->client_dir) == TW_FLIGHT_EMPTY_CERTIFICATE
                   ? g_strdup(tw_text_template(TW_TEXT_FAULT_NONE_SENT))
                   : NULL;
    values = tw_values_new_above(tw__case_fault(k, side, faults[place].kind)->values);
    tw_values_set(values, "owner", tw_side_name(side));
    text = tw_text_expand(tw_text_template(faults[place].text), values);
    tw_values_free(values);
    return text;
}

/* The notice on the end of case K, which it closes: PLAIN, or WITH_FAULT where the certificate of SIDE has one. */
static tw_verdict *note_end_after(tw_conn *c, tw__case *k, tw_side side, tw_text plain, tw_text with_fault)
{
    char *fault = fault_text(k, side);
    tw_text text = fault ? with_fault : plain;
    tw_values_set_duration(k->values, "after", k->at.time_us - c->now->complete_us);
    if (fault)
        tw_values_set_text(k->values, "fault", fault);
    g_free(fault);
    return tw__judge_notice(c, k, text == TW_TEXT_NOTICE_LEFT_SILENT ? TW_CAUSE_CLOSED_WITHOUT_NOTIFY : TW_N_CAUSES,
                            text);
}

/* ---- the server drops the client ---- */

/* Whether DIR has ended the session itself, either by TCP or by what may be a close_notify. */
static bool has_left(const tw_conn *c, int dir)
{
    const tw__direction *d = &c->side[dir];
    return d->fin_frame || d->rst_frame || d->close_notify_frame || d->n_hidden_alerts ||
           (c->now->complete && may_have_closed_13(c, dir));
}

/* Both Finished are through, and the server has sent nothing since, neither a ticket nor data. */
static bool is_dropped_after(const tw_conn *c, tw_at at)
{
    const tw__handshake *h = c->now;
    return h->complete && !h->flight[at.dir].n_after && h->flight[c->client_dir].n_after <= RECORDS_IN_FLIGHT &&
           at.time_us - h->complete_us < AT_ONCE_US;
}

/* TLS 1.3: the client's flight answers a CertificateRequest. GnuTLS sends each message by itself, and a server that has
 * read the Certificate need not wait for the Finished. */
static bool is_dropped_13(const tw_conn *c, tw_at at)
{
    const tw__handshake *h = c->now;
    tw__flight_kind client = tw__client_flight(h, c->client_dir);
    bool midway = tw__in_handshake(c) && at.time_us - h->client_hello_us < MIDWAY_US &&
                  !tw__is_alert_size(h->suite, c->side[at.dir].last_opaque);
    return (midway || is_dropped_after(c, at)) &&
           (client == TW_FLIGHT_EMPTY_CERTIFICATE || client == TW_FLIGHT_CERTIFICATE);
}

/* TLS 1.2: the server has the client's Certificate, and owes its ChangeCipherSpec. That a server ends when the handshake is
 * through, and leaves the client's words without an answer, says nothing: one that only receives does so. */
static bool is_dropped_12(const tw_conn *c, tw_at at)
{
    const tw__handshake *h = c->now;
    const tw__message *certificate = tw__handshake_find(h, TW_HS_CERTIFICATE, c->client_dir);
    bool sent_all = h->flight[c->client_dir].ccs_frame != 0;
    return tw__in_handshake(c) && certificate && !h->flight[at.dir].ccs_frame &&
           at.time_us - certificate->at.time_us < (sent_all ? AT_ONCE_US : MIDWAY_US);
}

bool tw__is_first_end(const tw_conn *c, tw_at at)
{
    const tw__direction *d = &c->side[at.dir];
    return d->rst_frame ? d->rst_frame == at.frame && !d->fin_frame : d->fin_frame == at.frame;
}

/* Whether the certificate, or that there is none, may be why. */
static bool is_to_blame(const tw__case *k)
{
    return tw__case_sent_none(k, TW_CLIENT) || fault_of(k, TW_CLIENT) >= 0;
}

/* A server that has read all, closes in order, and leaves no word of the client's without an answer has done nothing that
 * a server does not do that has nothing to say, or that a probe looks at. */
static tw_verdict *note_parting(tw_conn *c, tw_at at)
{
    if (c->n_notices >= TW_NOTICES_MAX)
        return NULL;
    tw__seldom_for(c)->parting = at;
    return note_end_after(c, tw__case_open(c, TW_EVENT_DROPPED, at, NULL), TW_CLIENT, TW_TEXT_NOTICE_PARTED,
                          TW_TEXT_NOTICE_PARTED_FAULT);
}

/* Whether the end AT of the server is one that may answer the client's certificate at all. */
static bool may_be_dropping(const tw_conn *c, tw_at at)
{
    const tw__handshake *h = c->now;
    return c->client_dir >= 0 && at.dir != c->client_dir && !h->failed && !h->renegotiation && !h->released &&
           !tw__quic_of(c) && c->n_judged < TW_FAILURES_MAX && !has_left(c, c->client_dir) &&
           tw__gap_of(c) == TW_N_TEXTS && tw__is_first_end(c, at) && !c->side[at.dir].end_lost;
}

tw_verdict *tw__judge_dropping(tw_conn *c, tw_at at)
{
    const tw__handshake *h = c->now;
    bool is_13 = tw__is_13(h->version);
    tw__case *k;
    if (!may_be_dropping(c, at) || !(is_13 ? is_dropped_13(c, at) : is_dropped_12(c, at)))
        return NULL;
    /* to a word of the client a server that accepts it would have said something */
    if (h->complete && c->side[at.dir].fin_frame && !tw__says_more(h, c->client_dir))
        return note_parting(c, at);
    k = tw__case_open(c, TW_EVENT_DROPPED, at, NULL);
    if (is_13 && !h->complete && tw__client_flight(h, c->client_dir) != TW_FLIGHT_EMPTY_CERTIFICATE)
        return tw__judge_case(c, k, TW_POSSIBLE); /* the client has more to say, and may be at fault in it */
    if (is_13 || is_to_blame(k))
        return tw__judge_case(c, k, tw__most_of_hidden(k));
    tw__case_close(k);
    return NULL;
}

/* Whether a record of the client, behind the server's FIN, is data: neither an alert nor a part of its flight. */
static bool is_speech(const tw_conn *c, uint8_t type, uint32_t length)
{
    const tw__direction *client = &c->side[c->client_dir];
    if (type != TW_CT_APPLICATION)
        return false;
    return !client->last_opaque ||
           (!tw__is_alert_size(c->now->suite, length) && !tw__is_granular_alert_size(c->now->suite, length) &&
            (!tw__may_end_flight(c->now->suite, length) || c->now->flight[c->client_dir].n_behind));
}

tw_verdict *tw__judge_unanswered(tw_conn *c, const tw_verdict *v, tw_at at, uint8_t type, uint32_t length)
{
    tw_at parting = tw__seldom_of(c)->parting;
    tw__case *k;
    if (!parting.frame || v->failure || v->frame != parting.frame || at.dir != c->client_dir || c->now->failed ||
        c->now->released || c->n_judged == TW_FAILURES_MAX || tw__gap_of(c) != TW_N_TEXTS ||
        !is_speech(c, type, length))
        return NULL;
    tw__seldom_for(c)->parting.frame = 0;
    k = tw__case_open(c, TW_EVENT_DROPPED, parting, NULL);
    return tw__judge_case(c, k, tw__most_of_hidden(k));
}

/* ---- the client leaves ---- */

/* Whether DIR has sent nothing behind its Finished but what may be a close_notify. */
static bool has_said_nothing(const tw_conn *c, int dir)
{
    unsigned n = c->now->flight[dir].n_after;
    return n == 0 || (n == 1 && may_have_closed_13(c, dir));
}

static bool speaks_ldap(const tw_conn *c)
{
    const char *server = c->client_dir >= 0 ? tw__conn_end(c, 1 - c->client_dir) : NULL;
    const char *port = server ? tw_endpoint_port(server) : NULL;
    return g_strcmp0(tw__seldom_of(c)->starttls, "ldap") == 0 ||
           (port && tw__is_ldaps_port((uint16_t)g_ascii_strtoull(port + 1, NULL, 10)));
}

/* A client of LDAP says that it leaves (RFC 4511 4.3): in a record of its own or, where it has ended TLS without a word,
 * in the clear. The text of it; TW_N_TEXTS: DIR has not said so, or more. */
static tw_text farewell(const tw_conn *c, int dir)
{
    const tw__flight *f = &c->now->flight[dir];
    const uint8_t *plain = c->flow ? tw__flow_no_header(&c->flow[dir]) : NULL;
    bool alone = f->n_after == 1 || (f->n_after == 2 && may_have_closed_13(c, dir));
    if (!speaks_ldap(c))
        return TW_N_TEXTS;
    if (has_said_nothing(c, dir) && plain && tw__is_ldap_unbind(plain))
        return TW_TEXT_WORD_BUT_PLAIN_UNBIND;
    return alone && tw__is_data_size(c->now, f->after_length, TW_LDAP_UNBIND) ? TW_TEXT_WORD_BUT_UNBIND : TW_N_TEXTS;
}

/* Whether the server had ended the session before. */
static bool has_been_left(const tw_conn *c, int dir)
{
    const tw__direction *server = &c->side[1 - dir];
    return server->fin_frame || server->rst_frame || server->close_notify_frame || server->n_hidden_alerts;
}

tw_verdict *tw__note_leaving_after(tw_conn *c, tw__event event, tw_at at, bool silent)
{
    const tw__handshake *h = c->now;
    tw_text but;
    tw__case *k;
    tw_verdict *v;
    char *hint;
    if (at.dir != c->client_dir || !h->complete || h->number || h->failed || tw__quic_of(c) ||
        c->n_notices >= TW_NOTICES_MAX)
        return NULL;
    but = farewell(c, at.dir);
    if (but == TW_N_TEXTS && (has_been_left(c, at.dir) || !has_said_nothing(c, at.dir)))
        return NULL;
    k = tw__case_open(c, event, at, NULL);
    tw_values_set_text(k->values, "but", but == TW_N_TEXTS ? "" : tw_text_template(but));
    if (fault_of(k, TW_SERVER) < 0 && silent && at.time_us - h->complete_us > AT_ONCE_US) {
        tw__case_close(k);
        return NULL; /* it had another reason, and its end is one like others */
    }
    hint = tw_text_expand(tw_text_template(TW_TEXT_HINT_LEFT), k->values);
    v = note_end_after(c, k, TW_SERVER, silent ? TW_TEXT_NOTICE_LEFT_SILENT : TW_TEXT_NOTICE_LEFT,
                       TW_TEXT_NOTICE_LEFT_FAULT);
    tw__hint_alone(v, hint);
    return v;
}
