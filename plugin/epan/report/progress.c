/* How far the reading is, once a second. See parts.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/parts.h"

#include <string.h>

#ifdef _WIN32
#include <io.h>
#define write _write
#else
#include <unistd.h>
#endif

#include "compat.h"

#include <epan/tap.h>

#define WIPE "\r\x1b[K" /* to the line's begin, and erase it (ECMA-48 EL) */

struct report_progress {
    int fd;
    int64_t size;
    int64_t next_us; /* when to write next, by the monotonic clock */
    bool shown;
};

static void put(const report_progress *p, const char *text)
{
    if (write(p->fd, text, (unsigned)strlen(text)) < 0)
        return; /* nobody there to see it: no harm */
}

static void show(report_progress *p, const packet_info *pinfo)
{
    tw_values *v = tw_values_new();
    char *text;
    tw_values_setf(v, "frame", "%u", pinfo->num);
    tw_values_set(v, "percent", "");
    if (p->size > 0) {
        tw_values_setf(v, "percent", "%d", (int)(CLAMP(pinfo->fd->file_off, 0, p->size) * 100 / p->size));
        text = tw_text_expand(tw_text_template(TW_TEXT_REPORT_PERCENT), v);
        tw_values_set_text(v, "percent", text);
        g_free(text);
    }
    text = tw_text_expand(tw_text_template(TW_TEXT_REPORT_PROGRESS), v);
    put(p, WIPE);
    put(p, text);
    g_free(text);
    tw_values_free(v);
    p->shown = true;
}

static tap_packet_status on_frame(void *data, packet_info *pinfo, epan_dissect_t *edt _U_,
                                  const void *tapped _U_ TLSWHY_TAP_FLAGS)
{
    report_progress *p = data;
    int64_t now;
    if (pinfo->num % 64)
        return TAP_PACKET_DONT_REDRAW;
    now = g_get_monotonic_time();
    if (now < p->next_us)
        return TAP_PACKET_DONT_REDRAW;
    p->next_us = now + G_USEC_PER_SEC;
    show(p, pinfo);
    return TAP_PACKET_DONT_REDRAW;
}

report_progress *report_progress_new(int fd, int64_t size)
{
    report_progress *p = g_new0(report_progress, 1);
    GString *error;
    p->fd = fd;
    p->size = size;
    p->next_us = g_get_monotonic_time() + G_USEC_PER_SEC;
    error = register_tap_listener("frame", p, NULL, TL_REQUIRES_NOTHING, NULL, on_frame, NULL, g_free);
    if (error) {
        g_string_free(error, TRUE);
        g_clear_pointer(&p, g_free);
    }
    return p;
}

void report_progress_end(report_progress *p)
{
    if (p && p->shown)
        put(p, WIPE);
    if (p)
        p->shown = false;
}
