/* Equal failures as groups. See parts.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/parts.h"

static void group_free(void *data)
{
    report_group *group = data;
    g_ptr_array_unref(group->entries);
    g_free(group);
}

/* What must be the same in a group. */
static char *key_of(const report_entry *entry, bool private)
{
    GString *key = g_string_new(entry->label);
    if (private)
        g_string_append_printf(key, "\n%s", entry->file);
    for (unsigned i = 0; i < entry->failures->len; i++) {
        const report_failure *f = g_ptr_array_index(entry->failures, i);
        g_string_append_printf(key, "\n%d %d %d %d %" G_GINT64_MODIFIER "x", f->cause, f->confidence, f->sender,
                               f->phase, f->likeness);
    }
    return g_string_free(key, FALSE);
}

/* GLib's sort is stable: what is equal stays in the order of the captures. */
static int larger_first(const void *a, const void *b)
{
    const report_group *one = *(report_group *const *)a, *other = *(report_group *const *)b;
    return one->entries->len < other->entries->len ? 1 : one->entries->len > other->entries->len ? -1 : 0;
}

GPtrArray *report_groups(const GPtrArray *entries, bool private)
{
    GPtrArray *groups = g_ptr_array_new_with_free_func(group_free);
    GHashTable *by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (unsigned i = 0; i < entries->len; i++) {
        char *key = key_of(g_ptr_array_index(entries, i), private);
        report_group *group = g_hash_table_lookup(by_key, key);
        if (!group) {
            group = g_new0(report_group, 1);
            group->entries = g_ptr_array_new();
            g_ptr_array_add(groups, group);
            g_hash_table_insert(by_key, g_strdup(key), group);
        }
        g_ptr_array_add(group->entries, g_ptr_array_index(entries, i));
        g_free(key);
    }
    g_hash_table_destroy(by_key);
    g_ptr_array_sort(groups, larger_first);
    return groups;
}
