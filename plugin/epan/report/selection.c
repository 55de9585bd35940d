/* Connections by a display filter. See selection.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/selection.h"

#include <epan/epan_dissect.h>
#include <epan/packet.h>
#include <epan/tap.h>

#include "compat.h"
#include "connections.h"
#include "frames.h"
#include "harvest/harvest.h"

struct selection {
    GHashTable *streams; /* uint64_t: kind and number of those of which a frame matched */
    GHashTable *eap;     /* tw_conn *: EAP has no numbers that a frame would show */
};

static uint64_t key_of(tw_carrier kind, uint32_t stream)
{
    return (uint64_t)kind << 32 | stream;
}

static void select_stream(tw_carrier kind, uint32_t stream, void *data)
{
    selection *s = data;
    uint64_t key = key_of(kind, stream);
    if (!g_hash_table_contains(s->streams, &key))
        g_hash_table_add(s->streams, g_memdup2(&key, sizeof key));
}

static tap_packet_status on_match(void *data, packet_info *pinfo, epan_dissect_t *edt,
                                  const void *tapped _U_ TLSWHY_TAP_FLAGS)
{
    selection *s = data;
    tw_conn *eap = connections_eap_in(frames_id(pinfo));
    harvest_streams(edt->tree, select_stream, s);
    if (eap)
        g_hash_table_add(s->eap, eap);
    return TAP_PACKET_DONT_REDRAW;
}

static void selection_reset(void *data)
{
    selection *s = data;
    g_hash_table_remove_all(s->streams);
    g_hash_table_remove_all(s->eap);
}

static void selection_free(void *data)
{
    selection *s = data;
    g_hash_table_destroy(s->streams);
    g_hash_table_destroy(s->eap);
    g_free(s);
}

selection *selection_new(const char *filter, GString **error)
{
    selection *s = g_new0(selection, 1);
    /* naming the fields has Wireshark keep them, in each pass */
    char *with_streams =
        g_strdup_printf("(%s) && (frame || tcp.stream || udp.stream || quic.connection.number)", filter);
    s->streams = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    s->eap = g_hash_table_new(g_direct_hash, g_direct_equal);
    /* the filter alone, so that what is said of a wrong one is about what was given */
    *error = register_tap_listener("frame", s, filter, TL_REQUIRES_NOTHING, NULL, on_match, NULL, NULL);
    if (!*error) {
        remove_tap_listener(s);
        *error = register_tap_listener("frame", s, with_streams, TL_REQUIRES_NOTHING, selection_reset, on_match, NULL,
                                       selection_free);
    }
    g_free(with_streams);
    if (!*error)
        return s;
    selection_free(s);
    return NULL;
}

bool selection_holds(const selection *s, const tw_conn *conn)
{
    tw_carrier kind = tw_conn_carrier(conn) == TW_CARRIER_TUNNEL ? TW_CARRIER_TCP : tw_conn_carrier(conn);
    uint64_t key;
    if (!s || g_hash_table_contains(s->eap, conn))
        return true;
    key = key_of(kind, (uint32_t)tw_conn_number(conn));
    return tw_conn_number(conn) >= 0 && g_hash_table_contains(s->streams, &key);
}
