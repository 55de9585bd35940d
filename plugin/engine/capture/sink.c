/* Where verdicts leave the engine. See capture_internal.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/capture_internal.h"

void tw__publish(tw_conn *c, tw_verdict *v)
{
    const tw_capture *capture = tw__capture_of(c);
    tw_verdict **last = &c->verdicts;
    if (!v)
        return;
    while (*last)
        last = &(*last)->next;
    *last = v;
    capture->sink(capture->sink_data, c, v, NULL);
}

tw_verdict *tw__replace(tw_conn *c, tw_verdict *v, tw_verdict *by)
{
    const tw_capture *capture = tw__capture_of(c);
    tw_verdict **at = &c->verdicts;
    while (*at != v)
        at = &(*at)->next;
    by->next = v->next;
    *at = by;
    tw__contrast_replaced(capture->contrast, v, by);
    capture->sink(capture->sink_data, c, by, v);
    tw__verdict_free(v);
    return by;
}
