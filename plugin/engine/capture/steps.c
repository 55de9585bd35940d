/* Telling steps. See steps.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/steps.h"

#include "case/steps.h"

void tw_capture_watch(tw_capture *capture, tw_step_watcher *watcher, void *data)
{
    capture->watcher = watcher;
    capture->watcher_data = data;
}

/* Takes over STEP. */
static void tell_step(tw_conn *c, tw_step step)
{
    const tw_capture *capture = tw__capture_of(c);
    capture->watcher(capture->watcher_data, c, &step);
    tw__step_clear(&step);
}

static bool is_watched(const tw_conn *c)
{
    return tw__capture_of(c) && tw__capture_of(c)->watcher;
}

tw__steps_mark tw__steps_mark_of(const tw_conn *c)
{
    return (tw__steps_mark){ c->now, c->now->number, c->now->n_messages };
}

void tw__steps_messages(tw_conn *c, tw__steps_mark mark)
{
    const tw__handshake *h = c->now;
    bool same = h == mark.handshake && h->number == mark.number;
    if (!is_watched(c))
        return;
    for (unsigned i = same ? mark.n_messages : 0; i < h->n_messages; i++)
        tell_step(c, tw__step_of_message(c, &h->messages[i]));
}

void tw__steps_record(tw_conn *c, tw_at at, const tw_record *r, uint8_t type)
{
    tw_step step;
    if (!is_watched(c))
        return;
    if (type == TW_CT_CCS && !r->opaque && !tw__is_13(c->now->version) && !c->now->complete)
        tell_step(c, tw__step_of(TW_STEP_MESSAGE, at, TW_TEXT_STEP_CCS));
    else if (r->opaque && type != TW_CT_CCS && tw__step_of_record(c, at, type, r->length, &step))
        tell_step(c, step);
}

void tw__steps_alert(tw_conn *c, tw_at at, uint8_t level, uint8_t number)
{
    if (is_watched(c))
        tell_step(c, tw__step_of_alert(at, level, number));
}

void tw__steps_end(tw_conn *c, tw_at at, bool reset)
{
    if (is_watched(c))
        tell_step(c, tw__step_of(TW_STEP_END, at,
                                 !c->flow ? TW_TEXT_STEP_END
                                 : reset  ? TW_TEXT_STEP_RESET
                                          : TW_TEXT_STEP_FIN));
}
