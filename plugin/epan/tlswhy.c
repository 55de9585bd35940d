/* The plugin: protocol, and what is done with a packet that has been dissected: harvest, judge and show.
 *
 * Facts are harvested on the first visit of a frame, when the wanted fields are there; verdicts are kept with their
 * frames and shown on every visit.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#define WS_BUILD_DLL
#include "compat.h"

#include <epan/packet.h>
#include <epan/tap.h>

#include "report/causes.h"
#include "report/follow.h"
#include "report/log.h"
#include "connections.h"
#include "door/door.h"
#include "door/idle.h"
#include "end_of_capture.h"
#include "facts.h"
#include "frames.h"
#include "harvest/harvest.h"
#include "ladders.h"
#include "show/flow.h"
#include "show/menu.h"
#include "preferences.h"
#include "report/report.h"
#include "show/show.h"
#include "show/statistics.h"
#include "harvest/walk.h"

WS_DLL_PUBLIC_DEF const char plugin_version[] = TLSWHY_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;
WS_DLL_PUBLIC void plugin_register(void);
WS_DLL_PUBLIC uint32_t plugin_describe(void);

#define NAME "tlswhy"

static int proto_tlswhy = -1;
static int tap_tlswhy = -1;
static dissector_handle_t handle;

static void file_closed(void)
{
    door_close();
    set_postdissector_wanted_hfids(handle, NULL);
    harvest_forget();
    statistics_forget();
    eap_cleanup();
    connections_cleanup();
    ladders_cleanup();
    frames_cleanup();
}

static bool is_told(const note *first, const note *n)
{
    while (first->conn != n->conn)
        first = first->next;
    return first != n;
}

/* Listeners hear of a connection where it begins and where a verdict stands, once for each frame. */
static void tell_listeners(const note *first, packet_info *pinfo)
{
    if (!have_tap_listener(tap_tlswhy))
        return;
    for (const note *n = first; n; n = n->next)
        if (!is_told(first, n) && !tw_conn_unopened(n->conn))
            tap_queue_packet(tap_tlswhy, pinfo, n->conn);
}

static void first_visit(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    proto_tree *harvested = door_tree(tree);
    if (harvested)
        harvest_frame(tvb, pinfo, harvested);
    else
        idle_dissected(tvb, pinfo, tree);
}

/* Whether there is something to show of the frame at hand. */
static bool shows(const packet_info *pinfo)
{
    return flow_prepare() || frames_notes(frames_id(pinfo));
}

static void dissected(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const note *first;
    bool is_drawn = flow_prepare();
    if (!PINFO_FD_VISITED(pinfo))
        first_visit(tvb, pinfo, tree);
    first = frames_notes(frames_id(pinfo));
    if (first) {
        pinfo->current_proto = NAME; /* whose expert items these are; Wireshark puts back what it was */
        show_frame(first, tvb, pinfo, tree);
        tell_listeners(first, pinfo);
    }
    if (is_drawn)
        flow_frame(first, pinfo);
}

/* The old way: a post-dissector, for which Wireshark builds a tree of every packet. */
static int dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    if (!door_is_open())
        dissected(tvb, pinfo, tree);
    return (int)tvb_captured_length(tvb);
}

/* No post-dissector but where one is needed: Wireshark would call it for every packet. */
static void want(GArray *fields)
{
    static bool is_registered;
    if (!is_registered)
        register_postdissector(handle);
    is_registered = true;
    set_postdissector_wanted_hfids(handle, fields);
}

/* A capture file is opened: see that trees hold the fields, where they may matter or, if that cannot be, by asking for them
 * everywhere. */
static void file_opened(void)
{
    static const door_owner owner = { shows, dissected };
    tw_settings settings = preferences_settings();
    GArray *fields;
    frames_init();
    ladders_init();
    connections_init(&settings);
    eap_init();
    fields = harvest_fields();
    if (!proto_is_protocol_enabled(find_protocol_by_id(proto_tlswhy)))
        g_array_free(fields, TRUE);
    else if (!door_open(&owner, fields, harvest_tcp_stream()))
        want(fields);
}

/* A protocol in name only, on and off with PROTOCOL. Any other would be a layer of every packet, which costs some 450
 * instructions each time. */
static int helper_of(int protocol)
{
    return proto_register_protocol_in_name_only(tw_text_template(TW_TEXT_POST_DISSECTOR), "tlswhy.postdissector",
                                                "tlswhy.postdissector", protocol, FT_PROTOCOL);
}

static void register_protocol(void)
{
    proto_tlswhy = proto_register_protocol(tw_text_template(TW_TEXT_PROTOCOL), NAME, NAME);
    show_register(proto_tlswhy);
    tap_tlswhy = register_tap("tlswhy");
    handle = register_dissector(NAME, dissect, helper_of(proto_tlswhy));
    register_init_routine(file_opened);
    register_cleanup_routine(file_closed);
    end_of_capture_register(statistics_finish);
    door_register();
    preferences_register(proto_tlswhy);
    report_register();
    facts_register();
    menu_register();
    causes_register();
    log_register();
    follow_register();
    statistics_register();
    flow_register(proto_tlswhy);
}

void plugin_register(void)
{
    static proto_plugin plugin;
    plugin.register_protoinfo = register_protocol;
    plugin.register_handoff = door_note_owners;
    proto_register_plugin(&plugin);
}

uint32_t plugin_describe(void)
{
    return 1; /* WS_PLUGIN_DESC_DISSECTOR, which 4.0 does not define */
}
