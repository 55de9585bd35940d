/* What is told of a connection: added to its facts, then judged, in this order. See tlswhy/capture.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/capture_internal.h"
#include "capture/plain.h"
#include "capture/steps.h"
#include "judge/judge.h"

/* ---- records ---- */

/* A handshake record in the clear that the snap length cut: it shows no message, but the bytes that are there may begin
 * one. */
static bool take_cut_record(tw_conn *c, tw_at at, const tw_record *r)
{
    if (r->type != TW_CT_HANDSHAKE || !r->content || r->captured >= r->length || r->captured < TW_HANDSHAKE_HEADER ||
        c->now->flight[at.dir].ccs_frame || c->now->renegotiation || c->now->complete)
        return false;
    tw__conn_record(c, at, r->type, r->length, false);
    tw_tell_message(c, at, r->content, r->captured);
    return true;
}

static void judge_opaque(tw_conn *c, tw_at at, const tw_record *r, uint8_t type)
{
    tw_verdict *v;
    v = tw__judge_opaque(c, at, type, r->length);
    if (v && type == TW_CT_ALERT && v->frame == at.frame)
        v->ordinal = r->item;
    tw__publish(c, v);
}

/* Of a record with a connection ID, which is encrypted, the handshake's order tells the type: the first one behind
 * ChangeCipherSpec is the Finished. */
static uint8_t type_of(const tw_conn *c, int dir, uint8_t type)
{
    const tw__flight *f = &c->now->flight[dir];
    if (type != TW_CT_CID)
        return type;
    return f->ccs_frame && !f->finished_frame ? TW_CT_HANDSHAKE : TW_CT_APPLICATION;
}

static tw_verdict *last_verdict(const tw_conn *c)
{
    tw_verdict *last = c->verdicts;
    while (last && last->next)
        last = last->next;
    return last;
}

static void withdraw(tw_conn *c, tw_verdict *v, tw_verdict *by)
{
    if (!by)
        return;
    if (tw__capture_of(c)->sightings)
        tw__sight_withdrawn(tw__capture_of(c)->sightings, c, v);
    tw__replace(c, v, by);
}

void tw__take_record(tw_conn *c, tw_at at, const tw_record *r)
{
    tw_verdict *last;
    uint8_t type = type_of(c, at.dir, r->type);
    if (r->opaque && take_cut_record(c, at, r))
        return;
    tw__conn_record(c, at, type, r->length, r->opaque);
    tw__steps_record(c, at, r, type);
    if ((last = last_verdict(c)))
        withdraw(c, last, tw__judge_going_on(c, last, at, type, r->length));
    if ((last = last_verdict(c)))
        withdraw(c, last, tw__judge_unanswered(c, last, at, type, r->length));
    if (!r->opaque)
        return;
    judge_opaque(c, at, r, type);
    if (type == TW_CT_ALERT)
        tw__enforce_budget(c);
}

void tw_tell_record(tw_conn *c, tw_at at, const tw_record *r)
{
    if (c->gone)
        return;
    tw__note_shown(c, at, r);
    tw__note_unreadable(c, at, r);
    tw__take_record(c, at, r);
}

void tw_tell_dtls13_record(tw_conn *c, tw_at at, unsigned epoch)
{
    tw__conn_dtls13_record(c, at, epoch);
}

/* ---- what they hold ---- */

static void note_messages(const tw_conn *c)
{
    if (tw__capture_of(c)->sightings)
        tw__sight_messages(tw__capture_of(c)->sightings, c);
}

/* What another capture of the connection is known by. */
static bool identifies(uint8_t type)
{
    return type == TW_HS_CLIENT_HELLO || type == TW_HS_SERVER_HELLO || type == TW_HS_CERTIFICATE;
}

void tw_tell_message(tw_conn *c, tw_at at, const uint8_t *bytes, size_t captured)
{
    tw__steps_mark mark = tw__steps_mark_of(c);
    if (c->gone)
        return;
    if (bytes[0] == TW_HS_CLIENT_HELLO && !c->n_handshakes)
        tw__recall_start(c, at.dir, true);
    tw__conn_message(c, at, bytes, captured);
    if (identifies(bytes[0]))
        note_messages(c);
    tw__steps_messages(c, mark);
    if (captured && (bytes[0] == TW_HS_SERVER_HELLO || bytes[0] == TW_HS_ENCRYPTED_EXTENSIONS))
        tw__publish(c, tw__note_protocols(c, at, bytes[0]));
    tw__enforce_budget(c);
}

void tw_tell_fragment(tw_conn *c, tw_at at, const uint8_t *bytes, size_t captured)
{
    tw__steps_mark mark = tw__steps_mark_of(c);
    tw__conn_fragment(c, at, bytes, captured);
    note_messages(c);
    tw__steps_messages(c, mark);
    tw__enforce_budget(c);
}

void tw_tell_sslv2_hello(tw_conn *c, tw_at at, const uint8_t *bytes, size_t captured, size_t length)
{
    tw__steps_mark mark = tw__steps_mark_of(c);
    if (c->gone)
        return;
    tw__conn_record(c, at, TW_CT_HANDSHAKE, (uint32_t)length, false);
    tw__conn_sslv2_hello(c, at, bytes, captured, length);
    tw__steps_messages(c, mark);
    tw__enforce_budget(c);
}

/* An alert that comes after a verdict upon an end is a reaction to that end, and evidence. */
static void take_reaction(tw_conn *c, const tw__alert *a)
{
    tw_verdict *last = last_verdict(c), *by;
    by = last ? tw__verdict_with_reaction(last, c, a) : NULL;
    if (last && !by)
        by = tw__judge_crossed(c, last, a);
    if (by)
        tw__replace(c, last, by);
}

void tw_tell_alert(tw_conn *c, tw_at at, uint8_t level, uint8_t number, int item)
{
    const tw__alert *added;
    if (c->gone)
        return;
    if (!c->n_handshakes)
        tw__recall_start(c, at.dir, false);
    added = tw__conn_alert(c, at, level, number, item);
    if (!added)
        return;
    tw__steps_alert(c, at, level, number);
    take_reaction(c, added);
    tw__publish(c, tw__judge_alert(c, added));
    tw__enforce_budget(c);
}

void tw_tell_session(tw_conn *c, tw_at at, const uint8_t *bytes, size_t len)
{
    tw__publish(c, tw__judge_said(c, at, bytes, len));
}

bool tw_wants_session(const tw_conn *c, int dir)
{
    return !c->gone && tw__may_say(c, dir);
}

/* ---- ends ---- */

void tw_tell_end(tw_conn *c, tw_at at, bool reset)
{
    tw_verdict *last = last_verdict(c);
    if (c->gone)
        return;
    if (last)
        withdraw(c, last, tw__judge_crossing(c, last, at));
    if (reset)
        tw__conn_rst(c, at);
    else
        tw__conn_fin(c, at);
    tw__steps_end(c, at, reset);
    tw__publish(c, tw__judge_end(c, at, reset));
    tw__enforce_budget(c);
}

void tw_tell_eap_failure(tw_conn *c, tw_at at, bool commitment)
{
    tw__publish(c, tw__judge_eap_failure(c, at, commitment));
}

void tw_tell_over(tw_conn *c)
{
    if (!c->now->complete && !c->now->failed)
        return; /* the end of the capture may still tell something */
    tw__judge_unheard_verdicts(c);
    if (!c->datagram) /* there a message may come again, and has to be known */
        tw__conn_forget_messages(c);
    tw__stop_keeping(c);
}

/* ---- what limits the view ---- */

void tw_tell_cut(tw_conn *c, int dir)
{
    c->side[dir].cut = true;
}

bool tw_wants_hops(const tw_conn *c, int dir)
{
    return !c->side[dir].hops;
}

void tw_tell_hops(tw_conn *c, int dir, uint8_t hops)
{
    if (tw_wants_hops(c, dir))
        c->side[dir].hops = hops;
}

void tw_tell_carried(tw_conn *c, bool datagrams)
{
    if (c->side[0].n_records || c->side[1].n_records)
        return;
    c->carried = c->indirect = true;
    if (datagrams)
        c->datagram = false;
}

#define DTLS_FIRST 20
#define DTLS_LAST  63

bool tw_is_dtls(uint8_t first)
{
    return first >= DTLS_FIRST && first <= DTLS_LAST;
}

void tw_tell_decrypted(tw_conn *c)
{
    c->decrypted = true;
}

void tw_tell_lost(tw_conn *c)
{
    c->lost = true;
}
