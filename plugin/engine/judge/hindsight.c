/* Verdicts judged again when the whole capture is known. See tw__contrast_settle().
 *
 * The connection's facts have been freed. For a refused hello, and for a server's flight that cannot be read, the
 * remembered handshake holds all that the rules need. So the handshake is laid out again from it, and goes through
 * the same rules, which now find the later handshakes as well.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compare/contrast.h"
#include "connection/connection_internal.h"
#include "judge/judge_internal.h"
#include "verdict/verdict_internal.h"

#include <string.h>

#define HEADER 4 /* of a handshake message */

/* The server refused the hello before it chose anything. */
static bool is_refusal(const tw__remembered *o)
{
    const tw_verdict *v = o->verdict;
    return v->sender == TW_SERVER && v->phase == TW_CLIENT_HELLO && v->alert >= 0 && !o->choice_frame;
}

/* The client rejected, unreadably, a flight that cannot be read; what is known of its certificate stays the best there
 * is. */
static bool is_hidden_rejection(const tw__remembered *o)
{
    const tw_verdict *v = o->verdict;
    return v->sender == TW_CLIENT && v->phase == TW_SERVER_FLIGHT && v->encrypted && tw__is_13(o->version) &&
           !o->leaf_frame[TW_SERVER] && !v->from_others;
}

/* Whether the capture went on to show something of O's server. */
static bool knows_more(const tw__contrast *c, const tw__remembered *o)
{
    const tw__remembered *other = tw__contrast_of_server(c, o->conn);
    const tw__known_certificate *known = tw__contrast_known(c, o->conn);
    if (known && known->frame > o->hello_frame)
        return true;
    while (other && other->hello_frame <= o->hello_frame)
        other = other->next[TW_SAME_SERVER];
    return other != NULL;
}

static bool may_change(const tw__contrast *c, const tw__remembered *o)
{
    const tw_verdict *v = o->verdict;
    return v->confidence < TW_PROVEN && !tw_verdict_count(v, TW_EVIDENCE_LIMIT) && !o->renegotiation &&
           o->conn->now->number == o->number && (is_refusal(o) || is_hidden_rejection(o)) && knows_more(c, o);
}

/* With its bytes. */
static tw__message client_hello_of(const tw__remembered *o, tw_at at)
{
    uint8_t *bytes = g_malloc0(HEADER + o->hello_len); /* nobody looks at the header */
    memcpy(bytes + HEADER, o->hello, o->hello_len);
    return (tw__message){ .at = at,
                          .type = TW_HS_CLIENT_HELLO,
                          .bytes = g_bytes_new_take(bytes, HEADER + o->hello_len),
                          .length = o->hello_len };
}

#define MESSAGES 2

/* Sets the MESSAGES of O's handshake, which the caller clears; returns how many there are. */
static unsigned lay_out(const tw__remembered *o, tw__message messages[MESSAGES])
{
    int client = tw__conn_dir(o->conn, TW_CLIENT);
    tw_at hello = { .frame = o->hello_frame, .time_us = o->hello_us, .dir = client },
          choice = { .frame = o->choice_frame, .time_us = o->hello_us, .dir = 1 - client };
    messages[0] = client_hello_of(o, hello);
    messages[1] =
        (tw__message){ .at = choice, .type = TW_HS_SERVER_HELLO }; /* that it was there is all that is known */
    return o->choice_frame ? 2 : 1;
}

/* The verdict on O's handshake by what is known now. It uses the time of the hello, which is close enough. */
static tw_verdict *judge_again(const tw__remembered *o)
{
    const tw_verdict *v = o->verdict;
    tw__handshake *now = o->conn->now, again = *now;
    tw_at at = { .frame = v->frame, .time_us = o->hello_us, .dir = tw__conn_dir(o->conn, v->sender) };
    tw__alert alert = { .at = at, .level = (uint8_t)v->level, .number = (uint8_t)v->alert, .ordinal = v->ordinal };
    tw__message messages[MESSAGES];
    bool readable = v->alert >= 0;
    tw_verdict *result;
    tw__case *k;
    again.n_messages = lay_out(o, messages);
    again.messages = messages;
    again.released = false;
    o->conn->now = &again;
    k = tw__case_open(o->conn, readable ? (tw__event)v->alert : TW_EVENT_ENCRYPTED, at, readable ? &alert : NULL);
    k->phase = v->phase;
    result = tw__judge_by_rules(k, TW_PROVEN);
    tw__case_close(k);
    o->conn->now = now;
    tw__verdict_time_as(result, v);
    for (unsigned i = 0; i < again.n_messages; i++)
        tw__message_clear(&messages[i]);
    return result;
}

/* What O's verdict would be by what is known now, where that rests on other handshakes of the capture, or the old one did;
 * NULL: the old one stays. What is proven stays. */
static tw_verdict *reviewed(const tw__contrast *c, const tw__remembered *o)
{
    tw_verdict *v;
    if (!may_change(c, o))
        return NULL;
    v = judge_again(o);
    if (v->from_others || o->verdict->from_others)
        return v;
    tw__verdict_free(v);
    return NULL;
}

static bool have_same_evidence(const tw_verdict *a, const tw_verdict *b)
{
    const tw_evidence *one, *other;
    unsigned i = 0;
    do {
        one = tw_verdict_evidence(a, i);
        other = tw_verdict_evidence(b, i++);
        if (!one || !other)
            return one == other;
    } while (one->frame == other->frame && one->text == other->text); /* the same text is the same pointer */
    return false;
}

void tw__contrast_settle(tw__contrast *c, tw__replacing *replace)
{
    const GPtrArray *all = c ? tw__contrast_remembered(c) : NULL;
    for (unsigned i = 0; all && i < all->len; i++) {
        tw__remembered *o = g_ptr_array_index(all, i);
        tw_verdict *v = o->verdict ? reviewed(c, o) : NULL;
        if (v)
            o->verdict = replace(o->conn, o->verdict, v);
    }
    for (unsigned i = 0; all && i < all->len; i++) {
        tw__remembered *o = g_ptr_array_index(all, i);
        tw_verdict *before = o->verdict;
        if (!before)
            continue;
        o->verdict = tw__verdict_copy(before);
        tw__contrast_compare(c, o);
        if (have_same_evidence(before, o->verdict)) {
            tw__verdict_free(o->verdict);
            o->verdict = before;
        } else {
            o->verdict = replace(o->conn, before, o->verdict);
        }
    }
}
