/* The end of a capture. See end_of_capture.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "end_of_capture.h"

#include "compat.h"

#include <epan/packet.h>
#include <epan/tap.h>

#include "connections.h"

static void (*after_end)(void);

static void on_end(void)
{
    connections_end();
    after_end();
}

static bool was_reset;

static void watch_reset(void *data _U_)
{
    was_reset = true;
}

static tap_packet_status watch_packet(void *data _U_, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                      const void *tapped _U_ TLSWHY_TAP_FLAGS)
{
    return TAP_PACKET_DONT_REDRAW;
}

static void watch_draw(void *data _U_)
{
    if (!was_reset)
        on_end();
}

/* The listener that was registered last draws first. */
void end_of_capture_watch(void)
{
    static bool watching;
    GString *error;
    if (watching)
        remove_tap_listener(&was_reset);
    error = register_tap_listener("tlswhy", &was_reset, NULL, TL_REQUIRES_NOTHING, watch_reset, watch_packet,
                                  watch_draw, NULL);
    watching = !error;
    if (error)
        g_string_free(error, TRUE);
}

void end_of_capture_register(void (*callback)(void))
{
    after_end = callback;
    register_postseq_cleanup_routine(on_end);
}
