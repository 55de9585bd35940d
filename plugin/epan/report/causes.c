/* The list of causes. See causes.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/causes.h"

#include <stdio.h>
#include <string.h>

#include <epan/packet.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#include "compat.h"
#include "report/print.h"
#include "tlswhy/words.h"

#define CLI_NAME "tlswhy,causes"

static void print_line(tw_text form, const tw_values *values, void *options)
{
    print_text(options, form, values);
}

static void causes_draw(void *data)
{
    for (unsigned i = 0; i < TW_N_CAUSES; i++) {
        if (i)
            putchar('\n');
        tw_help_cause((tw_cause)i, print_line, data);
    }
}

static tap_packet_status causes_packet(void *data _U_, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                       const void *tapped _U_ TLSWHY_TAP_FLAGS)
{
    return TAP_PACKET_DONT_REDRAW;
}

static void causes_free(void *data)
{
    print_options_clear(data);
    g_free(data);
}

static tlswhy_stat_init causes_init(const char *arg, void *userdata _U_)
{
    print_options *options = g_new0(print_options, 1);
    char *wrong;
    GString *error;
    if (!print_options_read(options, arg + strlen(CLI_NAME), &wrong)) {
        print_error(TW_TEXT_ERROR_CAUSES_OPTION, wrong);
        g_free(wrong);
        causes_free(options);
        TLSWHY_STAT_INIT_FAILED;
    }
    error = register_tap_listener("tlswhy", options, NULL, TL_REQUIRES_NOTHING, NULL, causes_packet, causes_draw,
                                  causes_free);
    if (error) {
        g_string_free(error, TRUE);
        causes_free(options);
        TLSWHY_STAT_INIT_FAILED;
    }
    TLSWHY_STAT_INIT_OK;
}

void causes_register(void)
{
    static stat_tap_ui ui = { REGISTER_TOOLS_GROUP_UNSORTED, NULL, CLI_NAME, causes_init, 0, NULL };
    register_stat_tap_ui(&ui, NULL);
}
