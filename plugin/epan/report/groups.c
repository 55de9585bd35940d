/* Equal failures as groups. See report_parts.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/parts.h"

static void group_free(void *data)
{
    report_group *group = data;
    g_ptr_array_unref(group->connections);
    g_free(group->server);
    g_free(group);
}

static char *server_of(const tw_conn *conn)
{
    char *name = tw_conn_server_name(conn);
    return name ? name : outcome_address(conn, TW_SERVER, true);
}

/* What must be the same in a group. */
static char *key_of(const tw_conn *conn, const char *server)
{
    GString *key = g_string_new(server);
    for (const tw_verdict *v = tw_conn_verdicts(conn); v; v = v->next) {
        if (v->failure)
            g_string_append_printf(key, "\n%d %d %d %d %" G_GINT64_MODIFIER "x", v->cause, v->confidence, v->sender,
                                   v->phase, v->likeness);
    }
    return g_string_free(key, FALSE);
}

/* GLib's sort is stable: what is equal stays in the order of the capture. */
static int larger_first(const void *a, const void *b)
{
    const report_group *one = *(report_group *const *)a, *other = *(report_group *const *)b;
    return one->connections->len < other->connections->len   ? 1
           : one->connections->len > other->connections->len ? -1
                                                             : 0;
}

GPtrArray *report_groups(const GPtrArray *connections)
{
    GPtrArray *groups = g_ptr_array_new_with_free_func(group_free);
    GHashTable *by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (unsigned i = 0; i < connections->len; i++) {
        tw_conn *conn = g_ptr_array_index(connections, i);
        char *server, *key;
        report_group *group;
        if (tw_conn_outcome(conn) != TW_FAILED)
            continue;
        server = server_of(conn);
        key = key_of(conn, server);
        group = g_hash_table_lookup(by_key, key);
        if (!group) {
            group = g_new0(report_group, 1);
            group->server = g_strdup(server);
            group->connections = g_ptr_array_new();
            g_ptr_array_add(groups, group);
            g_hash_table_insert(by_key, g_strdup(key), group);
        }
        g_ptr_array_add(group->connections, conn);
        g_free(key);
        g_free(server);
    }
    g_hash_table_destroy(by_key);
    g_ptr_array_sort(groups, larger_first);
    return groups;
}
