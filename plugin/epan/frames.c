/* Frames and their notes. See frames.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "frames.h"

/* Most frames of note are those in which one connection begins: these stand in a list by themselves. */
static GPtrArray *beginnings; /* tw_conn *, lent, ascending by their first frames */
static GHashTable *notes; /* id -> its first note, of the other frames; it goes before a beginning of the same id */
static uint32_t highest;  /* id of a frame of note */
static GArray *dropped;   /* uint32_t ids, ascending */
static struct {           /* the frame that was visited first last */
    uint32_t id, number;
    gint64 offset; /* in the file: two frames of one number differ there */
} newest;

static void notes_free(void *data)
{
    note *next;
    for (note *n = data; n; n = next) {
        next = n->next;
        g_free(n);
    }
}

void frames_init(void)
{
    beginnings = g_ptr_array_new();
    notes = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, notes_free);
    dropped = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    newest.id = newest.number = highest = 0;
}

void frames_cleanup(void)
{
    g_clear_pointer(&notes, g_hash_table_destroy);
    g_clear_pointer(&beginnings, g_ptr_array_unref);
    if (dropped)
        g_array_free(dropped, TRUE);
    dropped = NULL;
}

static uint32_t dropped_at(unsigned i)
{
    return g_array_index(dropped, uint32_t, i);
}

/* How many of the dropped frames come before the one that has NUMBER now: each moved it on by one. */
static unsigned dropped_before(uint32_t number)
{
    unsigned low = 0, high = dropped->len;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (dropped_at(middle) - middle <= number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t frames_id_of(uint32_t number)
{
    return dropped ? number + dropped_before(number) : number;
}

uint32_t frames_id(const packet_info *pinfo)
{
    if (PINFO_FD_VISITED(pinfo))
        return frames_id_of(pinfo->num);
    if (pinfo->num == newest.number) {
        if (pinfo->fd->file_off == newest.offset)
            return newest.id;
        g_array_append_val(dropped, newest.id);
    }
    newest.id = pinfo->num + dropped->len;
    newest.number = pinfo->num;
    newest.offset = pinfo->fd->file_off;
    return newest.id;
}

#define SECONDS_MAX (INT64_MAX / 4 / G_USEC_PER_SEC) /* whatever a file says, differences can be computed */

int64_t frames_time(const packet_info *pinfo)
{
    const nstime_t *t = &pinfo->abs_ts;
    return CLAMP((int64_t)t->secs, -SECONDS_MAX, SECONDS_MAX) * G_USEC_PER_SEC + t->nsecs / 1000;
}

uint32_t frames_number(uint32_t id)
{
    unsigned low = 0, high = dropped ? dropped->len : 0;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (dropped_at(middle) < id)
            low = middle + 1;
        else
            high = middle;
    }
    return dropped && low < dropped->len && dropped_at(low) == id ? 0 : id - low;
}

/* The connection that begins in frame ID, if that stands in BEGINNINGS; else NULL. */
static tw_conn *begins_in(uint32_t id)
{
    unsigned low = 0, high = beginnings->len;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        tw_conn *conn = g_ptr_array_index(beginnings, middle);
        uint32_t first = tw_conn_first_frame(conn);
        if (first == id)
            return conn;
        if (first < id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const note *frames_notes(uint32_t id)
{
    static note alone;
    const note *first;
    if (!notes || id > highest)
        return NULL;
    first = g_hash_table_lookup(notes, GUINT_TO_POINTER(id));
    if (first)
        return first;
    alone.conn = begins_in(id);
    return alone.conn ? &alone : NULL;
}

static note *insert(uint32_t id, tw_conn *conn)
{
    note *added = g_new0(note, 1);
    added->conn = conn;
    highest = MAX(highest, id);
    g_hash_table_insert(notes, GUINT_TO_POINTER(id), added);
    return added;
}

/* The first note of frame ID, in the table from now on; NULL: nothing is noted. */
static note *first_of(uint32_t id)
{
    note *first = g_hash_table_lookup(notes, GUINT_TO_POINTER(id));
    tw_conn *conn = first ? NULL : begins_in(id);
    return conn ? insert(id, conn) : first;
}

/* A new note of frame ID about CONN, the last one of the frame. */
static note *note_new(uint32_t id, tw_conn *conn)
{
    note *last = first_of(id);
    if (!last)
        return insert(id, conn);
    while (last->next)
        last = last->next;
    last->next = g_new0(note, 1);
    last->next->conn = conn;
    return last->next;
}

void frames_note_beginning(uint32_t id, tw_conn *conn)
{
    const note *n = frames_notes(id);
    if (id > highest && id == tw_conn_first_frame(conn)) {
        g_ptr_array_add(beginnings, conn);
        highest = id;
        return;
    }
    while (n && n->conn != conn)
        n = n->next;
    if (!n)
        note_new(id, conn);
}

static note *note_of(const tw_verdict *verdict)
{
    note *n = g_hash_table_lookup(notes, GUINT_TO_POINTER(verdict->frame));
    while (n && n->verdict != verdict)
        n = n->next;
    return n;
}

/* The note for one more verdict on CONN: the one of its beginning, if that keeps the verdicts' order. */
static note *note_for(uint32_t id, tw_conn *conn)
{
    note *found = NULL;
    for (note *n = first_of(id); n; n = n->next) {
        if (n->verdict)
            found = NULL;
        else if (n->conn == conn)
            found = n;
    }
    return found ? found : note_new(id, conn);
}

void frames_note_verdict(tw_conn *conn, const tw_verdict *verdict, const tw_verdict *replaced)
{
    note *before = replaced ? note_of(replaced) : NULL;
    if (before && replaced->frame != verdict->frame) {
        before->verdict = NULL; /* the frame keeps the connection's beginning, which does no harm */
        before = NULL;
    }
    if (!before)
        before = note_for(verdict->frame, conn);
    before->verdict = verdict;
}

/* FIRST, the first note of a frame, without those of CONNS; NULL: none is left. The first one keeps its place, which the
 * table knows. */
static note *without(note *first, GHashTable *conns)
{
    while (first && g_hash_table_contains(conns, first->conn)) {
        note *next = first->next;
        if (!next)
            return NULL; /* the table frees it */
        *first = *next;
        g_free(next);
    }
    for (note *n = first; n && n->next;) {
        note *next = n->next;
        if (g_hash_table_contains(conns, next->conn)) {
            n->next = next->next;
            g_free(next);
        } else {
            n = next;
        }
    }
    return first;
}

static void forget_beginnings(GHashTable *conns)
{
    unsigned n = 0;
    for (unsigned i = 0; i < beginnings->len; i++) {
        tw_conn *conn = g_ptr_array_index(beginnings, i);
        if (!g_hash_table_contains(conns, conn))
            g_ptr_array_index(beginnings, n++) = conn;
    }
    g_ptr_array_set_size(beginnings, (int)n);
}

void frames_forget(tw_conn *const *conns, unsigned n)
{
    GHashTable *set = g_hash_table_new(g_direct_hash, g_direct_equal);
    GHashTableIter iter;
    void *first;
    for (unsigned i = 0; i < n; i++)
        g_hash_table_add(set, conns[i]);
    g_hash_table_iter_init(&iter, notes);
    while (g_hash_table_iter_next(&iter, NULL, &first))
        if (!without(first, set))
            g_hash_table_iter_remove(&iter);
    forget_beginnings(set);
    g_hash_table_destroy(set);
}
