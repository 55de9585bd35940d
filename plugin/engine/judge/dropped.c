/* Ends that say nothing: a server that drops a client for its certificate, a client that leaves when the handshake is
 * through. See judge_internal.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/judge_internal.h"
#include "connection/record_sizes.h"
#include "tlswhy/words.h"
#include "verdict/verdict_internal.h"

#define AT_ONCE_US        (5 * G_USEC_PER_SEC) /* a server that minds a certificate ends so soon */
#define RECORDS_IN_FLIGHT 6                    /* that a client may have sent before it learns that it is dropped */

/* The faults that programs look for, the one that they name first in front. */
static const struct {
    tw__fault_kind kind;
    tw_text text; /* of a server's certificate */
} faults[] = {
    { TW_FAULT_MALFORMED, TW_TEXT_FAULT_MALFORMED },
    { TW_FAULT_BAD_SIGNATURE, TW_TEXT_FAULT_BAD_SIGNATURE },
    { TW_FAULT_BAD_CA, TW_TEXT_FAULT_BAD_CA },
    { TW_FAULT_EXPIRED, TW_TEXT_FAULT_EXPIRED },
    { TW_FAULT_NOT_YET_VALID, TW_TEXT_FAULT_NOT_YET_VALID },
    { TW_FAULT_WRONG_USAGE, TW_TEXT_FAULT_WRONG_USAGE },
    { TW_FAULT_SELF_SIGNED, TW_TEXT_FAULT_SELF_SIGNED },
    { TW_FAULT_NAME_MISMATCH, TW_TEXT_FAULT_NAME },
};

/* The index in faults of what is visibly wrong with the certificate of SIDE, or -1. */
static int fault_of(const tw__case *k, tw_side side)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(faults); i++)
        if (tw__case_fault(k, side, faults[i].kind))
            return (int)i;
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
    return tw__is_13(c->now->version) && last && tw__is_alert_size(c->now->suite, last);
}

/* ---- the server drops the client ---- */

/* Whether DIR has ended the session itself, either by TCP or by what may be a close_notify. */
static bool has_left(const tw_conn *c, int dir)
{
    const tw__direction *d = &c->side[dir];
    return d->fin_frame || d->rst_frame || d->close_notify_frame || d->n_hidden_alerts ||
           (c->now->complete && may_have_closed_13(c, dir));
}

/* TLS 1.3: both Finished are through, the server has sent nothing since, neither a ticket nor data, and the client's
 * flight answers a CertificateRequest. */
static bool is_dropped_after_13(const tw_conn *c, tw_at at)
{
    const tw__handshake *h = c->now;
    tw__flight_kind client = tw__client_flight(h, c->client_dir);
    return h->complete && !h->flight[at.dir].n_after && h->flight[c->client_dir].n_after <= RECORDS_IN_FLIGHT &&
           at.time_us - h->complete_us < AT_ONCE_US &&
           (client == TW_FLIGHT_EMPTY_CERTIFICATE || client == TW_FLIGHT_CERTIFICATE);
}

/* TLS 1.2: the client's flight is through, and the server owes its ChangeCipherSpec. */
static bool is_dropped_in_12(const tw_conn *c, tw_at at)
{
    const tw__handshake *h = c->now;
    const tw__message *certificate = tw__handshake_find(h, TW_HS_CERTIFICATE, c->client_dir);
    return tw__in_handshake(c) && certificate && h->flight[c->client_dir].ccs_frame && !h->flight[at.dir].ccs_frame &&
           at.time_us - certificate->at.time_us < AT_ONCE_US;
}

/* Whether the certificate, or that there is none, may be why. */
static bool is_to_blame(const tw__case *k)
{
    const tw__certificates *sent = tw__case_certificates(k, TW_CLIENT);
    return (sent && !sent->ders->len && !sent->flaw && !sent->cut) || fault_of(k, TW_CLIENT) >= 0;
}

tw_verdict *tw__judge_dropping(tw_conn *c, tw_at at, const tw_settings *settings)
{
    const tw__handshake *h = c->now;
    bool is_13 = tw__is_13(h->version);
    tw__case *k;
    if (c->client_dir < 0 || at.dir == c->client_dir || h->failed || h->renegotiation || h->released || c->quic ||
        c->n_judged == TW_FAILURES_MAX || has_left(c, c->client_dir) || tw__gap_of(c) != TW_N_TEXTS ||
        c->side[at.dir].end_lost || !(is_13 ? is_dropped_after_13(c, at) : is_dropped_in_12(c, at)))
        return NULL;
    k = tw__case_open(c, TW_EVENT_DROPPED, at, NULL, settings);
    if (is_13 || is_to_blame(k))
        return tw__judge_case(c, k, tw__most_of_hidden(k));
    tw__case_close(k);
    return NULL;
}

/* ---- the client leaves ---- */

/* Whether DIR has sent nothing behind its Finished but what may be a close_notify. */
static bool has_said_nothing(const tw_conn *c, int dir)
{
    unsigned n = c->now->flight[dir].n_after;
    return n == 0 || (n == 1 && may_have_closed_13(c, dir));
}

/* The phrase for the fault at PLACE of the server's certificate. Caller frees. */
static char *fault_text(const tw__case *k, int place)
{
    const tw__fault *fault = tw__case_fault(k, TW_SERVER, faults[place].kind);
    return tw_text_expand(tw_text_template(faults[place].text), fault->values);
}

tw_verdict *tw__note_leaving_after(tw_conn *c, tw__event event, tw_at at, bool silent, const tw_settings *settings)
{
    const tw__handshake *h = c->now;
    const tw__direction *server = &c->side[1 - at.dir];
    tw__case *k;
    int fault;
    if (at.dir != c->client_dir || !h->complete || h->number || h->failed || c->quic || server->fin_frame ||
        server->rst_frame || server->close_notify_frame || server->n_hidden_alerts || !has_said_nothing(c, at.dir) ||
        c->n_notices == TW_NOTICES_MAX)
        return NULL;
    k = tw__case_open(c, event, at, NULL, settings);
    fault = fault_of(k, TW_SERVER);
    if (fault < 0 && silent) {
        tw__case_close(k);
        return NULL; /* that it says nothing at all is said of it elsewhere */
    }
    tw_values_setf(k->values, "after", "%.1f ms", (double)(at.time_us - h->complete_us) / 1000);
    if (fault >= 0) {
        char *text = fault_text(k, fault);
        tw_values_set_text(k->values, "fault", text);
        g_free(text);
    }
    return tw__judge_notice(c, k, TW_N_CAUSES, fault < 0 ? TW_TEXT_NOTICE_LEFT : TW_TEXT_NOTICE_LEFT_FAULT);
}
