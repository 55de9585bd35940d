/* The statistics. See statistics.h.
 *
 * A tree of Wireshark's only counts up while packets come, but what a connection comes to may change with each of its
 * frames, shows at times only at the end of the capture, and a connection is told of more than once. So each tree has a
 * ledger: under what each connection stands, and the counts, which are written into the tree as they are. That stays
 * right when Wireshark resets the tree and reads all packets again.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "show/statistics.h"

#include "compat.h"

#include <epan/packet.h>
#include <epan/stats_tree.h>

#include "end_of_capture.h"
#include "report/outcome.h"

#define BY_COUNT  (ST_SORT_COL_COUNT << ST_FLG_SRTCOL_SHIFT | ST_FLG_SORT_DESC)
#define NODES_MAX 2000 /* different names below one node; the rest is counted as one: a new node costs time */

/* Under what a connection is counted, as far as that may change. A ledger holds it in the place of a pointer, for there
 * may be a million. */
typedef union {
    struct {
        unsigned result : 2; /* outcome */
        unsigned client : 1; /* direction */
        unsigned named : 1;  /* the server's name is known */
        unsigned sender : 2; /* tw_side; these are of failures only */
        unsigned phase : 8;  /* tw_phase */
        unsigned cause : 16; /* tw_cause */
    };
    guint bits;
} entry;

/* The nodes that always stand there. */
enum { TOP_CONNECTIONS, TOP_BY_CAUSE, TOP_BY_NAME, TOP_BY_SENDER, TOP_BY_SERVER, TOP_BY_CLIENT, TOP_BY_TIME, N_TOPS };

static const tw_text tops[N_TOPS] = {
    [TOP_CONNECTIONS] = TW_TEXT_STAT_CONNECTIONS, [TOP_BY_CAUSE] = TW_TEXT_STAT_BY_CAUSE,
    [TOP_BY_NAME] = TW_TEXT_STAT_BY_NAME,         [TOP_BY_SENDER] = TW_TEXT_STAT_BY_SENDER,
    [TOP_BY_SERVER] = TW_TEXT_STAT_BY_SERVER,     [TOP_BY_CLIENT] = TW_TEXT_STAT_BY_CLIENT,
    [TOP_BY_TIME] = TW_TEXT_STAT_BY_TIME,
};

static const tw_text outcomes[TW_N_OUTCOMES] = {
    [TW_FAILED] = TW_TEXT_STAT_FAILED,
    [TW_COMPLETED] = TW_TEXT_STAT_COMPLETED,
    [TW_UNDECIDED] = TW_TEXT_STAT_UNDECIDED,
};

typedef struct {
    int id;    /* in Wireshark's tree */
    int count; /* what stands there */
    int nodes; /* below it */
} node;

typedef struct {
    stats_tree *tree;
    GHashTable *entries; /* connection -> entry.bits */
    GHashTable *nodes;   /* "parent's id, name" -> node */
    node top[N_TOPS];
} ledger;

static GHashTable *ledgers; /* stats_tree -> ledger */

/* ---- nodes ---- */

/* Adds DELTA to the node NAME below PARENT; returns it. */
static node *count(ledger *l, node *parent, const char *name, bool with_children, int delta)
{
    char *key = g_strdup_printf("%d %s", parent->id, name);
    node *n = g_hash_table_lookup(l->nodes, key);
    if (!n && parent->nodes >= NODES_MAX && name != tw_text_template(TW_TEXT_STAT_OTHERS)) {
        g_free(key);
        return count(l, parent, tw_text_template(TW_TEXT_STAT_OTHERS), with_children, delta);
    }
    if (!n) {
        n = g_new0(node, 1);
        parent->nodes++;
        g_hash_table_insert(l->nodes, key, n);
    } else {
        g_free(key);
    }
    n->count += delta;
    n->id = stats_tree_manip_node_int(MN_SET, l->tree, name, parent->id, with_children, n->count);
    return n;
}

static node *count_top(ledger *l, unsigned top, int delta)
{
    node *n = &l->top[top];
    n->count += delta;
    stats_tree_manip_node_int(MN_SET, l->tree, tw_text_template(tops[top]), 0, true, n->count);
    return n;
}

static void count_outcome(ledger *l, node *parent, tw_outcome result, int delta)
{
    count(l, parent, tw_text_template(outcomes[result]), false, delta);
}

static void count_by_time(ledger *l, int64_t seconds, int delta)
{
    GDateTime *at = g_date_time_new_from_unix_utc(seconds);
    char *hour = at ? g_date_time_format(at, "%Y-%m-%d %H:00") : NULL;
    char *minute = at ? g_date_time_format(at, "%H:%M") : NULL;
    if (hour && minute)
        count(l, count(l, count_top(l, TOP_BY_TIME, delta), hour, true, delta), minute, false, delta);
    g_free(minute);
    g_free(hour);
    g_clear_pointer(&at, g_date_time_unref);
}

/* Counts all that E says of CONN, DELTA times. */
static void count_entry(ledger *l, const tw_conn *conn, entry e, int delta)
{
    char *server = outcome_address_of(conn, 1 - (int)e.client, true);
    char *client = outcome_address_of(conn, (int)e.client, false);
    char *name = e.named ? tw_conn_server_name(conn) : NULL;
    tw_outcome result = (tw_outcome)e.result;
    count_outcome(l, count_top(l, TOP_CONNECTIONS, delta), result, delta);
    count_outcome(l, count(l, count_top(l, TOP_BY_SERVER, delta), server, true, delta), result, delta);
    count_outcome(l, count(l, count_top(l, TOP_BY_CLIENT, delta), client, true, delta), result, delta);
    if (result == TW_FAILED) {
        count(l, count_top(l, TOP_BY_CAUSE, delta), tw_cause_get((tw_cause)e.cause)->id, false, delta);
        count(l, count_top(l, TOP_BY_NAME, delta), name ? name : tw_text_template(TW_TEXT_STAT_NO_NAME), false,
              delta);
        count(l, count(l, count_top(l, TOP_BY_SENDER, delta), tw_side_name((tw_side)e.sender), true, delta),
              tw_phase_name((tw_phase)e.phase), false, delta);
        count_by_time(l, tw_conn_begin_us(conn) / G_USEC_PER_SEC, delta);
    }
    g_free(name);
    g_free(client);
    g_free(server);
}

/* ---- the ledger ---- */

static entry entry_of(const tw_conn *conn)
{
    const tw_verdict *failure = outcome_failure(conn);
    entry e = { .bits = 0 };
    e.result = tw_conn_outcome(conn) & 3;
    e.client = outcome_client_dir(conn) == 1;
    e.named = tw_conn_has_server_name(conn);
    if (failure) {
        e.cause = failure->cause & 0xffff;
        e.sender = failure->sender & 3;
        e.phase = failure->phase & 0xff;
    }
    return e;
}

/* Takes CONN as it is now, in the place of what was known of it. */
static void enter(ledger *l, tw_conn *conn)
{
    entry e = entry_of(conn);
    void *before;
    if (g_hash_table_lookup_extended(l->entries, conn, NULL, &before)) {
        entry old = { .bits = GPOINTER_TO_UINT(before) };
        count_entry(l, conn, old, -1);
        g_hash_table_remove(l->entries, conn);
    }
    if (tw_conn_unopened(conn) || tw_conn_is_twice(conn))
        return; /* as the end of the capture has shown; what it has twice counts once */
    count_entry(l, conn, e, 1);
    g_hash_table_insert(l->entries, conn, GUINT_TO_POINTER(e.bits));
}

static void ledger_free(void *data)
{
    ledger *l = data;
    g_hash_table_destroy(l->entries);
    g_hash_table_destroy(l->nodes);
    g_free(l);
}

static ledger *ledger_new(stats_tree *tree)
{
    ledger *l = g_new0(ledger, 1);
    l->tree = tree;
    l->entries = g_hash_table_new(g_direct_hash, g_direct_equal);
    l->nodes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return l;
}

void statistics_finish(void)
{
    GHashTableIter all;
    void *l;
    if (!ledgers)
        return;
    g_hash_table_iter_init(&all, ledgers);
    while (g_hash_table_iter_next(&all, NULL, &l)) {
        GList *links = g_hash_table_get_keys(((ledger *)l)->entries);
        for (GList *i = links; i; i = i->next)
            enter(l, i->data);
        g_list_free(links);
    }
}

/* ---- Wireshark's side ---- */

/* A new tree, or one that has been emptied. */
static void tree_init(stats_tree *tree)
{
    ledger *l = ledger_new(tree);
    for (unsigned i = 0; i < N_TOPS; i++)
        l->top[i].id = stats_tree_create_node(tree, tw_text_template(tops[i]), 0, STAT_DT_INT, true);
    for (unsigned i = 0; i <= TOP_BY_CAUSE; i++) /* whatever the others count to */
        stats_tree_manip_node_int(MN_SET_FLAGS, tree, tw_text_template(tops[i]), 0, true, ST_FLG_SORT_TOP);
    for (unsigned i = 0; i < TW_N_OUTCOMES; i++)
        count_outcome(l, &l->top[TOP_CONNECTIONS], (tw_outcome)i, 0);
    if (!ledgers)
        ledgers = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, ledger_free);
    g_hash_table_insert(ledgers, tree, l);
    end_of_capture_watch();
}

static tap_packet_status tree_packet(stats_tree *tree, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                     const void *tapped TLSWHY_TAP_FLAGS)
{
    ledger *l = ledgers ? g_hash_table_lookup(ledgers, tree) : NULL;
    if (l)
        enter(l, (tw_conn *)(uintptr_t)tapped);
    return TAP_PACKET_REDRAW;
}

static void tree_cleanup(stats_tree *tree)
{
    if (ledgers)
        g_hash_table_remove(ledgers, tree);
}

/* The nodes stay: Wireshark's tree has them still, at zero, until it is freed or made anew. */
static void forget(ledger *l)
{
    GHashTableIter all;
    void *n;
    g_hash_table_remove_all(l->entries);
    for (unsigned i = 0; i < N_TOPS; i++)
        l->top[i].count = 0;
    g_hash_table_iter_init(&all, l->nodes);
    while (g_hash_table_iter_next(&all, NULL, &n))
        ((node *)n)->count = 0;
}

void statistics_forget(void)
{
    GHashTableIter all;
    void *l;
    if (!ledgers)
        return;
    g_hash_table_iter_init(&all, ledgers);
    while (g_hash_table_iter_next(&all, NULL, &l))
        forget(l);
}

/* At the end of the program, which cleans no tree up. */
static void forget_all(void)
{
    g_clear_pointer(&ledgers, g_hash_table_destroy);
}

void statistics_register(void)
{
    register_shutdown_routine(forget_all);
    stats_tree_register_plugin("tlswhy", "tlswhy", tw_text_template(TW_TEXT_STAT_TITLE), BY_COUNT, tree_packet,
                               tree_init, tree_cleanup);
}
