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

/* When the connections of HERE begin, sorted. */
static GArray *times_of(const GPtrArray *here)
{
    GArray *times = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (unsigned i = 0; i < here->len; i++) {
        const tw__account *a = g_ptr_array_index(here, i);
        if (is_tls(a))
            g_array_append_val(times, a->begin_us);
    }
    tw__times_sort(times);
    return times;
}

/* The connection of FACTS that begins closest to one of HERE. */
static const tw__account *nearest(tw__facts *facts, const GPtrArray *here, int64_t *apart_us)
{
    GArray *times = times_of(here);
    unsigned best = 0;
    *apart_us = G_MAXINT64;
    for (unsigned i = 0; i < facts->accounts->len; i++) {
        const tw__entry *e = &facts->entries[i];
        int64_t us = tw__times_apart(times, e->begin_us);
        if ((e->flags & TW_ENTRY_TLS) && us < *apart_us) {
            best = i;
            *apart_us = us;
        }
    }
    g_array_unref(times);
    return *apart_us < G_MAXINT64 ? tw__facts_account(facts, best) : NULL;
}

static char *nothing_in_common(tw__facts *facts, const GPtrArray *here, tw_values *v)
{
    int64_t us = 0;
    const tw__account *a = nearest(facts, here, &us);
    if (!a || !is_tls(a))
        return tw_text_new(TW_TEXT_FACTS_EMPTY, v);
    tw_values_set_private(v, "client", TW_PRIVATE_ENDPOINT, a->client);
    tw_values_set_private(v, "server", TW_PRIVATE_ENDPOINT, a->server);
    tw_values_set_duration(v, "apart", us);
    return tw_text_new(TW_TEXT_FACTS_NOTHING, v);
}

static char *inspected(const tw__facts *facts, tw_values *v)
{
    tw_values_set_count(v, "connections", facts->n_inspected, TW_TEXT_ONE_CONNECTION, TW_TEXT_N_CONNECTIONS);
    tw_values_set_private(v, "client", TW_PRIVATE_ENDPOINT,
                          tw__conn_end(facts->inspected, facts->inspected->client_dir));
    tw_values_set_private(v, "server", TW_PRIVATE_ENDPOINT,
                          tw__conn_end(facts->inspected, 1 - facts->inspected->client_dir));
    return tw_text_new(TW_TEXT_FACTS_INSPECTED, v);
}

char *tw__facts_remark(tw__facts *facts, const GPtrArray *here, tw_anonymizer *anonymizer)
{
    tw_values *v = tw_values_new_private(anonymizer);
    char *text = NULL;
    tw_values_set_private(v, "capture", TW_PRIVATE_FILE, facts->capture);
    tw_values_set_count(v, "connections", facts->n_left_out, TW_TEXT_ONE_CONNECTION, TW_TEXT_N_CONNECTIONS);
    tw_values_setf(v, "most", "%d", TW_FACTS_MOST_MB);
    if (!facts->n_common && !facts->n_used && !facts->n_left_out && has_tls(here))
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
