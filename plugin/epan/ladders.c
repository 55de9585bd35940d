/* Keeping steps. See ladders.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "ladders.h"

#include "compat.h"

#include <epan/plugin_if.h>

#include "connections.h"

static GHashTable *by_conn;  /* tw_conn * -> GPtrArray of ladder_step *, owned */
static GHashTable *by_frame; /* id -> GPtrArray of ladder_step *, lent */
static bool kept;

static void step_free(void *data)
{
    ladder_step *s = data;
    g_free(s->step.what);
    g_free(s->step.says);
    g_free(s);
}

static GPtrArray *list_of(GHashTable *table, void *key, GDestroyNotify free_step)
{
    GPtrArray *list = g_hash_table_lookup(table, key);
    if (!list) {
        list = g_ptr_array_new_with_free_func(free_step);
        g_hash_table_insert(table, key, list);
    }
    return list;
}

static void on_step(void *data _U_, tw_conn *conn, const tw_step *step)
{
    GPtrArray *ladder = by_conn ? g_hash_table_lookup(by_conn, conn) : NULL;
    ladder_step *s;
    if (!by_conn || (ladder ? ladder->len >= STEPS_MAX : g_hash_table_size(by_conn) >= LADDERS_MAX))
        return;
    s = g_new0(ladder_step, 1);
    s->conn = conn;
    s->step = *step;
    s->step.what = g_strdup(step->what);
    s->step.says = g_strdup(step->says);
    g_ptr_array_add(list_of(by_conn, conn, step_free), s);
    g_ptr_array_add(list_of(by_frame, GUINT_TO_POINTER(step->at.frame), NULL), s);
}

static void unref(void *list)
{
    g_ptr_array_unref(list);
}

void ladders_keep(void)
{
    if (kept)
        return;
    kept = true;
    connections_watch(on_step);
}

/* Whether this is Wireshark with its windows. */
static bool is_gui(void)
{
    ws_info_t *info = NULL;
    plugin_if_get_ws_info(&info);
    return info && info->ws_info_supported;
}

void ladders_init(void)
{
    by_conn = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, unref);
    by_frame = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, unref);
    if (is_gui())
        ladders_keep();
}

void ladders_cleanup(void)
{
    g_clear_pointer(&by_frame, g_hash_table_destroy);
    g_clear_pointer(&by_conn, g_hash_table_destroy);
}

const GPtrArray *ladders_of(const tw_conn *conn)
{
    return by_conn ? g_hash_table_lookup(by_conn, conn) : NULL;
}

const GPtrArray *ladders_in(uint32_t id)
{
    return by_frame ? g_hash_table_lookup(by_frame, GUINT_TO_POINTER(id)) : NULL;
}
