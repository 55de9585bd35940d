/* What two captures say of a failure, in words. See elsewhere.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "connection/cleartext.h"
#include "elsewhere/elsewhere.h"
#include "verdict/verdict_internal.h"

#define QUOTED_MAX 48 /* bytes of a line in the clear that are shown */

static const tw__context *context_of(const tw__account *here)
{
    return here->conn->context;
}

static const char *side_name(int lane)
{
    return tw_side_name(lane == TW_OF_CLIENT ? TW_CLIENT : TW_SERVER);
}

static const char *or_this(const tw__account *a)
{
    return a->capture ? a->capture : tw_text_template(TW_TEXT_ELSEWHERE_HERE);
}

/* ---- where the other one was recorded ---- */

static tw_values *values_of(const tw__story *s)
{
    tw_values *v = tw_values_new_private(context_of(s->here)->anonymizer);
    bool near_server = s->path->near[TW_OF_SERVER] == s->there;
    int64_t ahead = tw__path_ahead(s->path) * (near_server ? 1 : -1);
    tw_values_set_private(v, "capture", TW_PRIVATE_FILE, or_this(s->there));
    tw_values_set(v, "side", side_name(near_server ? TW_OF_SERVER : TW_OF_CLIENT));
    tw_values_set_duration(v, "transit", tw__path_transit(s->path));
    tw_values_set_duration(v, "clock", ahead);
    tw_values_set_phrase(v, "apart", ahead >= 0 ? TW_TEXT_ELSEWHERE_AHEAD : TW_TEXT_ELSEWHERE_BEHIND);
    tw_values_set_count(v, "hops", (unsigned)s->path->hops, TW_TEXT_ELSEWHERE_HOP, TW_TEXT_ELSEWHERE_HOPS);
    return v;
}

/* What people call the point where A was recorded, which is one of two in one capture. Caller frees; NULL: nothing. */
static char *point_name(const tw__story *s, const tw__account *a)
{
    const tw__account *other = a == s->here ? s->there : s->here;
    const tw__place *place = tw__place_of(s->sightings, tw__account_place(a)),
                    *beside = tw__place_of(s->sightings, tw__account_place(other));
    bool private = context_of(s->here)->anonymizer != NULL;
    tw_values *v;
    char *text;
    if (!place || (place->interface < 0 && !place->link))
        return NULL;
    v = tw_values_new();
    tw_values_setf(v, "n", "%d", place->interface);
    tw_values_set(v, "name", place->name);
    tw_values_set(v, "link", place->link);
    if (!beside || place->interface != beside->interface)
        text = tw_text_new(place->name && !private ? TW_TEXT_POINT_NAMED : TW_TEXT_POINT, v);
    else
        text = place->link && !private ? tw_text_new(TW_TEXT_POINT_LINK, v) : NULL;
    tw_values_free(v);
    return text;
}

/* Evidence that is seen in FRAME of A. */
static void add_seen(const tw__story *s, tw_verdict *verdict, const tw__account *a, uint32_t frame, tw_text text,
                     tw_values *v)
{
    char *name = s->sightings ? point_name(s, a) : NULL, *what;
    if (!name) {
        tw__verdict_add_elsewhere(verdict, a->capture, frame, text, v);
        return;
    }
    what = tw_text_new(text, v);
    tw_values_set(v, "point", name);
    tw_values_set_text(v, "text", what);
    tw__verdict_add_elsewhere(verdict, NULL, frame, TW_TEXT_ELSEWHERE_AT, v);
    g_free(what);
    g_free(name);
}

/* ---- what differs ---- */

/* The line of LANE's bytes around OFFSET, escaped. */
static char *line_at(const tw__lane *lane, uint32_t offset)
{
    const uint8_t *data = lane->bytes->data;
    uint32_t from = offset, to = offset;
    while (from > 0 && data[from - 1] != '\n' && offset - from < QUOTED_MAX)
        from--;
    while (to < lane->bytes->len && data[to] != '\r' && data[to] != '\n' && data[to] && to - from < 2 * QUOTED_MAX)
        to++;
    return tw_escape((const char *)data + from, to - from, 2 * QUOTED_MAX);
}

static bool is_cleartext(const tw__lane *lane, uint32_t offset)
{
    const uint8_t *data = lane->bytes->data;
    return offset < lane->bytes->len && (data[0] < TW_CT_CCS || data[0] > TW_CT_APPLICATION) &&
           g_ascii_isprint(data[offset]);
}

static char *change(const tw__path *p, const tw__difference *d)
{
    const tw__account *sender = p->near[d->lane], *receiver = p->near[1 - d->lane];
    const tw__lane *sent = &sender->lane[d->lane], *came = &receiver->lane[d->lane];
    tw_values *v;
    char *text, *a, *b;
    if (d->lane == TW_OF_CLIENT && sender->hello && receiver->hello && !g_bytes_equal(sender->hello, receiver->hello))
        return tw__hello_change(sender->hello, receiver->hello);
    v = tw_values_new();
    tw_values_setf(v, "offset", "%u", d->offset);
    if (is_cleartext(sent, d->offset)) {
        a = line_at(sent, d->offset);
        b = line_at(came, d->offset);
        tw_values_set_text(v, "was", a);
        tw_values_set_text(v, "is", b);
        g_free(a);
        g_free(b);
        text = tw_text_new(TW_TEXT_CHANGE_WORDS, v);
    } else {
        text = tw_text_new(TW_TEXT_CHANGE_BYTES, v);
    }
    tw_values_free(v);
    return text;
}

static tw_text text_of(const tw__difference *d)
{
    switch (d->kind) {
    case TW_ALTERED: return TW_TEXT_ELSEWHERE_ALTERED;
    case TW_LATE: return TW_TEXT_ELSEWHERE_LATE;
    case TW_FORGED:
        return d->disowned    ? TW_TEXT_ELSEWHERE_DISOWNED
               : d->bytes     ? TW_TEXT_ELSEWHERE_INSERTED
               : d->unwatched ? TW_TEXT_ELSEWHERE_NEARER
                              : TW_TEXT_ELSEWHERE_FORGED;
    default: return d->passed && d->least > d->passed ? TW_TEXT_ELSEWHERE_LOST_LARGE : TW_TEXT_ELSEWHERE_LOST;
    }
}

static unsigned hops_of(const tw__lane *lane)
{
    for (unsigned i = 0; i < tw__lane_length(lane); i++)
        if (!(tw__lane_at(lane, i)->flags & TW_TCP_RST) && tw__lane_at(lane, i)->hops)
            return tw__lane_at(lane, i)->hops;
    return 0;
}

/* Values of D, for evidence and reason. */
static void set_difference(tw_values *v, const tw__story *s, const tw__difference *d)
{
    const tw__account *receiver = s->path->near[1 - d->lane];
    tw_values_set(v, "from", side_name(d->lane));
    tw_values_set(v, "to", side_name(1 - d->lane));
    tw_values_setf(v, "bytes", "%u", d->bytes);
    tw_values_setf(v, "least", "%u", d->least);
    tw_values_setf(v, "passed", "%u", d->passed);
    tw_values_set_duration(v, "took", d->took_us);
    tw_values_setf(v, "offset", "%u", d->offset);
    tw_values_set_private(v, "lacking", TW_PRIVATE_FILE, or_this(s->path->near[d->lane]));
    if (d->kind == TW_ALTERED) {
        char *text = change(s->path, d);
        if (context_of(s->here)->anonymizer) /* words may hold names */
            tw_values_set_phrase(v, "change", TW_TEXT_CHANGE_INSIDE);
        else
            tw_values_set_text(v, "change", text);
        g_free(text);
    }
    if (d->came) {
        bool reset = d->came->flags & TW_TCP_RST;
        tw_values_set_phrase(v, "end", reset ? TW_TEXT_ELSEWHERE_RESET : TW_TEXT_ELSEWHERE_CLOSE);
        tw_values_setf(v, "end_hops", "%u", d->came->hops);
        tw_values_setf(v, "own_hops", "%u", hops_of(&receiver->lane[d->lane]));
    }
}

static void add_difference(const tw__story *s, const tw__difference *d, tw_values *v, tw_verdict *verdict)
{
    const tw__account *at = s->path->near[d->came ? 1 - d->lane : d->lane];
    set_difference(v, s, d);
    add_seen(s, verdict, at, d->came ? d->came->frame : d->sent->frame, text_of(d), v);
}

/* ---- where time was spent ---- */

#define SLOW_US (G_USEC_PER_SEC / 2) /* what takes less is no news */

/* How long A, which has a ClientHello, shows it without an answer; 0: it shows no answer, or none that is one. */
static int64_t wait_of(const tw__account *a)
{
    int64_t until = tw__account_answered_us(a);
    return a->hello_us && until > a->hello_us ? until - a->hello_us : 0;
}

/* A late answer: how much of that it took at the server. */
static void add_wait(const tw__story *s, tw_values *v, tw_verdict *verdict)
{
    int64_t client = wait_of(s->path->near[TW_OF_CLIENT]), server = wait_of(s->path->near[TW_OF_SERVER]);
    bool forged = s->by && s->by->kind == TW_FORGED; /* then the answers are two */
    if (forged || !server || client < SLOW_US)
        return;
    tw_values_set_duration(v, "at_client", client);
    tw_values_set_duration(v, "at_server", server);
    tw_values_set_duration(v, "between", MAX(client - server, 0));
    add_seen(s, verdict, s->there, s->there->choice_frame ? s->there->choice_frame : s->there->hello_frame,
             TW_TEXT_ELSEWHERE_WAITED, v);
}

/* ---- the reason ---- */

static tw_text reason_of(const tw__story *s)
{
    if (s->missed)
        return TW_TEXT_REASON_MISSED;
    if (s->unheard)
        return TW_TEXT_REASON_UNHEARD;
    if (s->origin != TW_ORIGIN_BETWEEN && s->by)
        return TW_TEXT_REASON_ALERT_LOST;
    if (s->origin != TW_ORIGIN_BETWEEN && !s->unanswered && s->path->relayed)
        return TW_TEXT_REASON_RELAYED;
    if (s->origin != TW_ORIGIN_BETWEEN)
        return s->unanswered  ? TW_TEXT_REASON_UNANSWERED
               : s->sightings ? TW_TEXT_REASON_OWN_HERE
                              : TW_TEXT_REASON_OWN;
    if (s->by->kind == TW_ALTERED)
        return TW_TEXT_REASON_ALTERED;
    if (s->by->kind == TW_LOST)
        return TW_TEXT_REASON_LOST;
    if (s->by->kind == TW_LATE)
        return TW_TEXT_REASON_LATE;
    if (!s->by->bytes && s->path->near[1 - s->by->lane] != s->here)
        return TW_TEXT_REASON_FORGED_THERE;
    return s->by->bytes ? TW_TEXT_REASON_INSERTED : s->by->unwatched ? TW_TEXT_REASON_NEARER : TW_TEXT_REASON_FORGED;
}

static void set_reason(tw_verdict *verdict, tw_text text, tw_values *v)
{
    tw_values_set_text(v, "reason", verdict->reason);
    g_ref_string_release(verdict->reason);
    verdict->reason = tw__shared_text(tw_text_new(text, v));
}

#define SHOWN 3 /* differences */

void tw__story_words(const tw__story *s, tw_verdict *verdict)
{
    tw_values *v = values_of(s);
    const tw__account *server = s->path->near[TW_OF_SERVER];
    uint32_t frame = s->there->hello_frame;
    tw_evidence_list *before = tw__evidence_copy(verdict->evidence);
    tw__verdict_forget(verdict, TW_EVIDENCE_ELSEWHERE);
    if (!frame && tw__account_has_lanes(s->there) && tw__lane_length(&s->there->lane[TW_OF_CLIENT]))
        frame = tw__lane_at(&s->there->lane[TW_OF_CLIENT], 0)->frame;
    add_seen(s, verdict, s->there, frame,
             s->path->relayed                  ? TW_TEXT_ELSEWHERE_RELAYED
             : tw__account_has_lanes(s->there) ? TW_TEXT_ELSEWHERE_SAME
                                               : TW_TEXT_ELSEWHERE_SAME_HELLO,
             v);
    for (unsigned i = 0; i < MIN(s->n, SHOWN); i++)
        add_difference(s, &s->differences[i], v, verdict);
    if (s->missed)
        add_seen(s, verdict, server, server->choice_frame ? server->choice_frame : server->hello_frame,
                 TW_TEXT_ELSEWHERE_ANSWERED, v);
    add_wait(s, v, verdict);
    for (unsigned i = 0; before && i < before->n; i++) {
        const tw_evidence *adopted = &before->items[i];
        if (adopted->kind != TW_EVIDENCE_ELSEWHERE)
            continue;
        tw_values_set_text(v, "text", adopted->text);
        tw__verdict_add_elsewhere(verdict, adopted->capture, adopted->frame, TW_TEXT_ELSEWHERE_ADOPTED, v);
    }
    tw__evidence_free(before);
    if (s->origin != TW_ORIGIN_UNKNOWN) {
        if (s->by)
            set_difference(v, s, s->by);
        tw_values_set(v, "origin", tw_origin_name(s->origin));
        set_reason(verdict, reason_of(s), v);
    }
    tw_values_free(v);
}

/* ---- somebody in between ---- */

static void add_inspected(const tw__account *here, const tw__account *there, tw_verdict *verdict, tw_values *v)
{
    GBytes *mine = here->leaf[TW_SERVER], *other = there->leaf[TW_SERVER];
    tw_values_set_private(v, "capture", TW_PRIVATE_FILE, or_this(there));
    tw_values_set_private(v, "client", TW_PRIVATE_ENDPOINT, there->client ? there->client : "");
    tw__verdict_add_elsewhere(
        verdict, there->capture, there->hello_frame,
        tw__is_asked_for(here, there) ? TW_TEXT_ELSEWHERE_ASKED_FOR : TW_TEXT_ELSEWHERE_OTHER_HELLO, v);
    if (mine && other) {
        char *a = tw__issuer_of(here, mine), *b = tw__issuer_of(here, other);
        tw_values_set_text(v, "issuer", a);
        tw_values_set_text(v, "other_issuer", b);
        tw__verdict_add_elsewhere(verdict, there->capture, there->leaf_frame[TW_SERVER],
                                  g_strcmp0(a, b) ? TW_TEXT_ELSEWHERE_ISSUERS : TW_TEXT_ELSEWHERE_ISSUER, v);
        g_free(a);
        g_free(b);
    }
    if (there->verdict) {
        tw_values_set_text(v, "text", there->verdict->reason);
        tw__verdict_add_elsewhere(verdict, there->capture, there->verdict->frame, TW_TEXT_ELSEWHERE_ADOPTED, v);
    }
}

void tw__inspected_words(const tw__account *here, const tw__account *there, tw_verdict *verdict)
{
    tw_values *v = tw_values_new_private(context_of(here)->anonymizer);
    add_inspected(here, there, verdict, v);
    set_reason(verdict, tw__is_asked_for(here, there) ? TW_TEXT_REASON_ASKED_FOR : TW_TEXT_REASON_INSPECTED, v);
    tw_values_free(v);
}

void tw__inspected_evidence(const tw__account *here, const tw__account *there, tw_verdict *notice)
{
    tw_values *v = tw_values_new_private(context_of(here)->anonymizer);
    add_inspected(here, there, notice, v);
    tw_values_free(v);
}

void tw__other_issuer_words(const tw__account *here, const tw__account *there, tw_verdict *verdict)
{
    tw_values *v = tw_values_new_private(context_of(here)->anonymizer);
    char *a = tw__issuer_of(here, here->leaf[TW_SERVER]), *b = tw__issuer_of(here, there->leaf[TW_SERVER]);
    tw_values_set_text(v, "issuer", a);
    tw_values_set_text(v, "other_issuer", b);
    tw__verdict_add_elsewhere(verdict, there->capture, there->leaf_frame[TW_SERVER], TW_TEXT_ELSEWHERE_TWO_ISSUERS,
                              v);
    g_free(a);
    g_free(b);
    tw_values_free(v);
}

void tw__foreign_words(const tw__account *here, const char *capture, unsigned hops, unsigned own_hops,
                       tw_verdict *verdict)
{
    tw_values *v = tw_values_new_private(context_of(here)->anonymizer);
    tw_values_set_private(v, "capture", TW_PRIVATE_FILE, capture);
    tw_values_setf(v, "end_hops", "%u", hops);
    tw_values_setf(v, "own_hops", "%u", own_hops);
    set_reason(verdict, TW_TEXT_REASON_FOREIGN, v);
    tw_values_free(v);
}
