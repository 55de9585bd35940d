/* Reading and writing files of facts. See facts.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>

#include <epan/packet.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>
#include <wsutil/report_message.h>

#include "connections.h"
#include "end_of_capture.h"
#include "facts.h"
#include "frames.h"
#include "preferences.h"
#include "report/print.h"
#include "tlswhy/elsewhere.h"

#define CLI_NAME "tlswhy,remember"
#define MOST     (256 * 1024 * 1024) /* bytes of a file that is read; what is written is smaller */

static bool remembers;

/* ---- reading ---- */

/* NULL: *WHY says why not, g_free(). */
static GBytes *read_file(const char *path, char **why)
{
    GStatBuf status;
    GError *error = NULL;
    char *data;
    gsize len;
    if (g_stat(path, &status)) {
        *why = g_strdup(g_strerror(errno));
        return NULL;
    }
    if (!S_ISREG(status.st_mode) || status.st_size > MOST) {
        *why = tw_text_new(TW_TEXT_FACTS_NONE, NULL);
        return NULL;
    }
    if (!g_file_get_contents(path, &data, &len, &error)) { /* not mapped: somebody may cut it short later */
        *why = g_strdup(error->message);
        g_error_free(error);
        return NULL;
    }
    return g_bytes_new_take(data, len);
}

static void use(tw_capture *capture, const char *path)
{
    char *why = NULL;
    GBytes *bytes = read_file(path, &why);
    if (bytes)
        why = tw_capture_use_facts(capture, bytes);
    if (why)
        report_warning("tlswhy: %s: %s", path, why);
    g_free(why);
    g_clear_pointer(&bytes, g_bytes_unref);
}

void facts_open(tw_capture *capture)
{
    char **paths = g_strsplit(preferences_remembered(), G_SEARCHPATH_SEPARATOR_S, -1);
    if (remembers)
        tw_capture_remember(capture);
    for (char **path = paths; *path; path++)
        if (**path)
            use(capture, *path);
    g_strfreev(paths);
}

void facts_say(void)
{
    GPtrArray *remarks = tw_capture_remarks(connections_capture());
    for (unsigned i = 0; remarks && i < remarks->len; i++)
        fprintf(stderr, "%s\n", (const char *)g_ptr_array_index(remarks, i));
    g_clear_pointer(&remarks, g_ptr_array_unref);
}

/* ---- writing ---- */

static const char *given(const char *name)
{
    const char *value = g_getenv(name);
    return value && *value ? value : NULL;
}

static void say_left_out(unsigned n)
{
    tw_values *values = tw_values_new();
    char *text;
    tw_values_set_count(values, "connections", n, TW_TEXT_ONE_CONNECTION, TW_TEXT_N_CONNECTIONS);
    tw_values_setf(values, "most", "%d", TW_FACTS_MOST_MB);
    text = tw_text_new(TW_TEXT_FACTS_LEFT_OUT, values);
    fprintf(stderr, "%s\n", text);
    g_free(text);
    tw_values_free(values);
}

static void remember_draw(void *data _U_)
{
    const char *path = given("TLSWHY_FACTS"), *name = given("TLSWHY_FILE") ? given("TLSWHY_FILE") : "-";
    char *called = g_path_get_basename(name);
    GError *error = NULL;
    unsigned left_out = 0;
    GBytes *bytes = path ? tw_capture_facts(connections_capture(), called, frames_number, &left_out) : NULL;
    gsize len;
    const char *data_of = bytes ? g_bytes_get_data(bytes, &len) : NULL;
    if (!path) {
        print_error(TW_TEXT_ERROR_FACTS_FILE, "TLSWHY_FACTS");
    } else if (!g_file_set_contents_full(path, data_of, (gssize)len, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error)) {
        fprintf(stderr, "tlswhy: %s\n", error->message);
        g_error_free(error);
    } else if (left_out) {
        say_left_out(left_out);
    }
    g_clear_pointer(&bytes, g_bytes_unref);
    g_free(called);
}

static tap_packet_status remember_packet(void *data _U_, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                         const void *tapped _U_ TLSWHY_TAP_FLAGS)
{
    return TAP_PACKET_DONT_REDRAW;
}

static tlswhy_stat_init remember_init(const char *arg _U_, void *userdata _U_)
{
    GString *error = register_tap_listener("tlswhy", &remembers, NULL, TL_REQUIRES_NOTHING, NULL, remember_packet,
                                           remember_draw, NULL);
    if (error) {
        g_string_free(error, TRUE);
        TLSWHY_STAT_INIT_FAILED;
    }
    remembers = true;
    if (connections_capture())
        tw_capture_remember(connections_capture());
    end_of_capture_watch();
    TLSWHY_STAT_INIT_OK;
}

void facts_register(void)
{
    static stat_tap_ui ui = { REGISTER_TOOLS_GROUP_UNSORTED, NULL, CLI_NAME, remember_init, 0, NULL };
    register_stat_tap_ui(&ui, NULL);
}
