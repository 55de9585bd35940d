/* The list of causes. See causes.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "causes.h"

#include <stdio.h>
#include <string.h>

#include <epan/packet.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#include "compat.h"
#include "print.h"

#define CLI_NAME "tlswhy,causes"

/* What stands in advice where a verdict would have its values. */
static tw_values *stand_ins(void)
{
    static const struct {
        const char *name, *value;
    } fixed[] = {
        { "server", "SERVER:PORT" },
        { "sname_option", " -servername NAME" },
        { "server_name", "NAME" },
        { "name", "NAME" },
        { "issuer", "ISSUER" },
        { "listed", "CA NAMES" },
        { "aia", "URL" },
        { "hops_word", "time to live" },
        { "foreign_hops", "N" },
        { "large_hello", "N" },
        { "large_packets", "N" },
        { "sender", "sender" },
        { "peer", "peer" },
    };
    tw_values *v = tw_values_new();
    for (unsigned i = 0; i < G_N_ELEMENTS(fixed); i++)
        tw_values_set(v, fixed[i].name, fixed[i].value);
    return v;
}

static void print_as(const print_options *options, tw_text form, const char *template, tw_values *v)
{
    char *text = tw_text_expand(template, v);
    tw_values_set_text(v, "text", text);
    print_text(options, form, v);
    g_free(text);
}

static void print_cause(const print_options *options, tw_cause number, tw_values *v)
{
    const tw_cause_info *cause = tw_cause_get(number);
    tw_values_set_text(v, "cause", cause->id);
    tw_values_set_text(v, "title", cause->title);
    print_text(options, TW_TEXT_HELP_CAUSE_TITLE, v);
    print_as(options, TW_TEXT_HELP_CAUSE_MEANING, cause->meaning, v);
    print_as(options, TW_TEXT_HELP_CAUSE_CONFIRM, tw_cause_confirm(number)->look, v);
    for (const char *const *hint = cause->hints; *hint; hint++)
        print_as(options, TW_TEXT_HELP_CAUSE_HINT, *hint, v);
}

static void causes_draw(void *data)
{
    const print_options *options = data;
    tw_values *v = stand_ins();
    for (int i = 0; i < TW_N_CAUSES; i++) {
        if (i)
            putchar('\n');
        print_cause(options, (tw_cause)i, v);
    }
    tw_values_free(v);
}

static tap_packet_status causes_packet(void *data _U_, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                       const void *tapped _U_, tap_flags_t flags _U_)
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
        fprintf(stderr, "tlswhy: unknown option of the list of causes: %s\n", wrong);
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
