/* A connection that never opened. See judge.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/judge_internal.h"

tw_verdict *tw__note_unopened(tw_conn *c, tw_at at, unsigned n_syn, int64_t waited_us)
{
    tw__case *k = tw__case_open_notice(c, TW_EVENT_SILENCE, at, NULL);
    tw_values_set(k->values, "ended", tw__seldom_of(c)->unopened);
    tw_values_setf(k->values, "count", "%u", n_syn);
    tw_values_set_duration(k->values, "waited", waited_us);
    return tw__judge_notice(c, k, TW_N_CAUSES, n_syn > 1 ? TW_TEXT_NOTICE_UNOPENED_AGAIN : TW_TEXT_NOTICE_UNOPENED);
}
