/* Judging words in the clear, and what a server says behind the handshake. See judge.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/judge_internal.h"
#include "connection/cleartext.h"

tw_verdict *tw__judge_cleartext(tw_conn *c, tw_at at)
{
    if (c->client_dir < 0 || at.dir == c->client_dir || c->now->failed || !c->now->client_hello_frame ||
        c->side[at.dir].n_records || c->carried)
        return NULL;
    if (!tw__odd_of(c, c->client_dir)->cleartext_frame) /* else the server answers that */
        at.dir = c->client_dir;                         /* it is the client that cannot go on */
    return tw__judge_event(c, TW_EVENT_CLEARTEXT, at, NULL);
}

tw_verdict *tw__judge_answer_to_cleartext(tw_conn *c, tw_at at)
{
    if (c->client_dir < 0 || c->now->failed || c->n_handshakes || !tw__odd_of(c, c->client_dir)->cleartext_frame)
        return NULL;
    return tw__judge_event(c, TW_EVENT_CLEARTEXT, at, NULL);
}

tw_verdict *tw__judge_closed_on_cleartext(tw_conn *c, tw_at at, bool reset, bool tls_port)
{
    if (c->client_dir < 0 || c->now->failed || c->n_handshakes || !tw__odd_of(c, c->client_dir)->cleartext_frame)
        return NULL;
    return tw__judge_case(c, tw__case_open(c, reset ? TW_EVENT_RESET : TW_EVENT_CLOSE, at, NULL),
                          tls_port ? TW_LIKELY : TW_POSSIBLE); /* anything else closes upon such words, too */
}

#define FIRST_ANSWERS 8 /* application records of the server in which it may say what it missed in the handshake */

/* A server that asked for no certificate passes on what a server behind it says. */
bool tw__may_say(const tw_conn *c, int dir)
{
    return tw__conn_side(c, dir) == TW_SERVER && c->now->complete && !c->now->failed && !c->now->renegotiation &&
           c->side[dir].n_application <= FIRST_ANSWERS && tw__handshake_find(c->now, TW_HS_CERTIFICATE_REQUEST, dir);
}

/* A server that has got a certificate passes it on as well when it says that none was sent. */
static bool is_of_another(tw_conn *c, tw_at at, tw__said said)
{
    tw__case *k = said == TW_SAID_MISSING ? tw__case_open(c, TW_EVENT_SAID_MISSING, at, NULL) : NULL;
    bool has_one = k && tw__case_has_chain(k, TW_CLIENT);
    if (k)
        tw__case_close(k);
    return has_one;
}

tw_verdict *tw__judge_said(tw_conn *c, tw_at at, const uint8_t *bytes, size_t len)
{
    tw__said said = tw__may_say(c, at.dir) ? tw__says_of_certificate(bytes, len) : TW_SAID_NOTHING;
    if (said == TW_SAID_NOTHING || is_of_another(c, at, said))
        return NULL;
    return tw__judge_event(c, said == TW_SAID_MISSING ? TW_EVENT_SAID_MISSING : TW_EVENT_SAID_REJECTED, at, NULL);
}

tw_verdict *tw__judge_declined(tw_conn *c, tw_at at)
{
    if (c->now->failed || c->n_handshakes || tw__has_hole(c, at.dir) || tw__has_hole(c, 1 - at.dir) ||
        (c->flow && (tw__flow_lacks(&c->flow[0]) || tw__flow_lacks(&c->flow[1]))))
        return NULL; /* what answers the request, and the ClientHello, may be among what is missing */
    c->client_dir = 1 - at.dir;
    return tw__judge_event(c, TW_EVENT_DECLINED, at, NULL);
}
