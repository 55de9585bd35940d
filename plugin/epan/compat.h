/* Every difference between the Wireshark versions that tlswhy builds against (3.4, 3.6, 4.0, 4.2, 4.4, 4.6),
 * and nothing else. Headers of Wireshark that want its wireshark.h come behind this one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_COMPAT_H
#define TLSWHY_EPAN_COMPAT_H

#include <stdbool.h>
#include <stdint.h>

/* Before 4.0 neither header may be there: then the build says the version (dependencies.cmake). */
#if __has_include(<ws_version.h>)
#include <ws_version.h>
#endif
#if __has_include(<wireshark.h>)
#include <wireshark.h>
#else
#include <glib.h>
#include <ws_attributes.h>
#include <ws_symbol_export.h>
#endif

#define TLSWHY_WS(major, minor) \
    (WIRESHARK_VERSION_MAJOR > (major) || (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

/* The last parameter of a tap's packet callback. */
#if TLSWHY_WS(4, 0)
#define TLSWHY_TAP_FLAGS , tap_flags_t flags _U_
#else
#define TLSWHY_TAP_FLAGS
#endif

/* Opens a text window of the GUI. */
#if TLSWHY_WS(4, 0)
#define TLSWHY_TEXT_WINDOW(gui, title) (gui)->new_text_window((gui)->ops_id, title)
#else
#define TLSWHY_TEXT_WINDOW(gui, title) (gui)->new_text_window(title)
#endif

/* The callback that starts a statistic says since 4.6 whether it could. */
#if TLSWHY_WS(4, 6)
typedef bool tlswhy_stat_init;
#define TLSWHY_STAT_INIT_OK     return true
#define TLSWHY_STAT_INIT_FAILED return false
#else
typedef void tlswhy_stat_init;
#define TLSWHY_STAT_INIT_OK     return
#define TLSWHY_STAT_INIT_FAILED return
#endif

/* What a yes-or-no preference is kept in. */
#if TLSWHY_WS(4, 4)
typedef bool tlswhy_pref_bool;
#else
typedef gboolean tlswhy_pref_bool;
#endif

/* A dissector of no protocol, so that it is no layer of the packet. DESCRIPTION is for Wireshark's list of tables. */
#if TLSWHY_WS(4, 0)
#define TLSWHY_ANONYMOUS_DISSECTOR(dissect, description) \
    create_dissector_handle_with_name_and_description(dissect, -1, NULL, description)
#else
#define TLSWHY_ANONYMOUS_DISSECTOR(dissect, description) create_dissector_handle(dissect, -1)
#endif

/* What a callback of wmem returns. */
#if TLSWHY_WS(4, 2)
typedef bool tlswhy_wmem_bool;
#else
typedef gboolean tlswhy_wmem_bool;
#endif

/* The value of an unsigned integer field. */
#if TLSWHY_WS(4, 2)
#define TLSWHY_UINT(fi) fvalue_get_uinteger((fi)->value)
#else
#define TLSWHY_UINT(fi) fvalue_get_uinteger(&(fi)->value)
#endif

/* The name of an interface of the capture file. */
#if TLSWHY_WS(4, 2)
#define TLSWHY_INTERFACE_NAME(pinfo, id) epan_get_interface_name((pinfo)->epan, id, (pinfo)->rec->section_number)
#else
#define TLSWHY_INTERFACE_NAME(pinfo, id) epan_get_interface_name((pinfo)->epan, id)
#endif

/* The name of a data source, with its length behind it; to be freed by wmem_free(NULL, ). */
#if TLSWHY_WS(4, 6)
#define TLSWHY_SOURCE_NAME(source) get_data_source_description(source)
#else
#define TLSWHY_SOURCE_NAME(source) get_data_source_name(source)
#endif

/* Flow graphs. Debian's packages leave their header out, though the library exports them. What follows is what the header
 * of all these releases declares, as far as it is used here: the library itself makes the items. */
#if __has_include(<epan/sequence_analysis.h>)
#include <epan/sequence_analysis.h>
#define TLSWHY_FLOW_GRAPH
#elif TLSWHY_WS(3, 6) && !TLSWHY_WS(4, 7)
#include <epan/packet_info.h>
#include <epan/tap.h>
#define TLSWHY_FLOW_GRAPH
typedef struct {
    uint32_t frame_number;
    address src_addr;
    uint16_t port_src;
    address dst_addr;
    uint16_t port_dst;
    char *frame_label, *time_str, *comment;
    uint16_t conv_num;
    unsigned fg_color, bg_color;
    tlswhy_pref_bool has_color_filter, display;
    unsigned src_node, dst_node;
    uint16_t line_style;
} seq_analysis_item_t; /* what follows in it is zero */
typedef struct {
    const char *name;
    tlswhy_pref_bool any_addr;
    int nconv;
    GQueue *items;
} seq_analysis_info_t;
WS_DLL_PUBLIC void register_seq_analysis(const char *name, const char *ui_name, const int proto_id,
                                         const char *tap_listener, unsigned tap_flags, tap_packet_cb tap_func);
WS_DLL_PUBLIC seq_analysis_item_t *sequence_analysis_create_sai_with_addresses(packet_info *pinfo,
                                                                               seq_analysis_info_t *sainfo);
#endif

#endif
