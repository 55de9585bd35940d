/* What there is to say of another capture as a whole. See elsewhere.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "elsewhere/elsewhere.h"

static bool is_tls(const tw__account *a)
{
    return a->client && a->server;
}

static bool has_tls(const GPtrArray *accounts)
{
    for (unsigned i = 0; i < accounts->len; i++)
        if (is_tls(g_ptr_array_index(accounts, i)))
            return true;
    return false;
}

/* The connection of FACTS that begins closest to one of HERE. */
static const tw__account *nearest(const tw__facts *facts, const GPtrArray *here, int64_t *apart_us)
{
    const tw__account *best = NULL;
    for (unsigned i = 0; i < facts->accounts->len; i++) {
        const tw__account *there = g_ptr_array_index(facts->accounts, i);
        for (unsigned j = 0; is_tls(there) && j < MIN(here->len, 1024); j++) {
            const tw__account *a = g_ptr_array_index(here, j);
            int64_t us = ABS(a->begin_us - there->begin_us);
            if (is_tls(a) && (!best || us < *apart_us)) {
                best = there;
                *apart_us = us;
            }
        }
    }
    return best;
}

static char *nothing_in_common(const tw__facts *facts, const GPtrArray *here, tw_values *v)
{
    int64_t us = 0;
    const tw__account *a = nearest(facts, here, &us);
    if (!a)
        return tw_text_new(TW_TEXT_FACTS_EMPTY, v);
    tw_values_set_private(v, "client", TW_PRIVATE_ENDPOINT, a->client);
    tw_values_set_private(v, "server", TW_PRIVATE_ENDPOINT, a->server);
    tw_values_set_duration(v, "apart", us);
    return tw_text_new(TW_TEXT_FACTS_NOTHING, v);
}

static char *inspected(const tw__facts *facts, tw_values *v)
{
    tw_values_set_count(v, "connections", facts->n_inspected, TW_TEXT_ONE_CONNECTION, TW_TEXT_N_CONNECTIONS);
    tw_values_set_private(v, "client", TW_PRIVATE_ENDPOINT, facts->inspected->address[facts->inspected->client_dir]);
    tw_values_set_private(v, "server", TW_PRIVATE_ENDPOINT,
                          facts->inspected->address[1 - facts->inspected->client_dir]);
    return tw_text_new(TW_TEXT_FACTS_INSPECTED, v);
}

char *tw__facts_remark(const tw__facts *facts, const GPtrArray *here, tw_anonymizer *anonymizer)
{
    tw_values *v = tw_values_new_private(anonymizer);
    char *text = NULL;
    tw_values_set_private(v, "capture", TW_PRIVATE_FILE, facts->capture);
    tw_values_set_count(v, "connections", facts->n_left_out, TW_TEXT_ONE_CONNECTION, TW_TEXT_N_CONNECTIONS);
    tw_values_setf(v, "most", "%d", TW_FACTS_MOST_MB);
    if (!facts->n_common && !facts->n_used && has_tls(here))
        text = nothing_in_common(facts, here, v);
    else if (facts->n_common && facts->n_common == facts->n_same_point)
        text = tw_text_new(TW_TEXT_FACTS_SAME, v);
    else if (facts->n_left_out)
        text = tw_text_new(TW_TEXT_FACTS_INCOMPLETE, v);
    else if (facts->n_inspected)
        text = inspected(facts, v);
    tw_values_free(v);
    return text;
}
