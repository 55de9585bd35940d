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

/* The value of an unsigned integer field. */
#if TLSWHY_WS(4, 2)
#define TLSWHY_UINT(fi) fvalue_get_uinteger((fi)->value)
#else
#define TLSWHY_UINT(fi) fvalue_get_uinteger(&(fi)->value)
#endif

/* The name of a data source, with its length behind it; to be freed by wmem_free(NULL, ). */
#if TLSWHY_WS(4, 6)
#define TLSWHY_SOURCE_NAME(source) get_data_source_description(source)
#else
#define TLSWHY_SOURCE_NAME(source) get_data_source_name(source)
#endif

#endif
