/* The menu entries. See menu.h. Help is shown in a text window of Wireshark's own: it needs neither a browser nor
 * installed files, and a command in it can be copied.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "show/menu.h"

#include "compat.h"

#include <epan/funnel.h>
#include <epan/plugin_if.h>

#include "frames.h"
#include "preferences.h"
#include "tlswhy/words.h"

/* Takes over TEXT. */
static void show_window(const char *title, char *text)
{
    const funnel_ops_t *gui = funnel_get_funnel_ops();
    if (gui && gui->new_text_window)
        gui->append_text(TLSWHY_TEXT_WINDOW(gui, title), text); /* appended text is never taken for HTML */
    g_free(text);
}

static uint32_t selected_frame(void)
{
    ws_info_t *info = NULL;
    plugin_if_get_ws_info(&info);
    return info ? info->cf_framenr : 0;
}

/* Help on all verdicts of FRAME that are shown. */
static char *help_on(uint32_t frame)
{
    GString *text = g_string_new(NULL);
    for (const note *n = frames_notes(frames_id_of(frame)); n; n = n->next) {
        char *part =
            n->verdict && preferences_wants(n->verdict) ? tw_help_verdict(n->verdict, frames_number) : g_strdup("");
        g_string_append_printf(text, "%s%s", text->len && *part ? "\n" : "", part);
        g_free(part);
    }
    if (!text->len) {
        g_string_free(text, TRUE);
        return tw_help_no_verdict(frame);
    }
    return g_string_free(text, FALSE);
}

static void show_why(void *data _U_)
{
    show_window(tw_text_template(TW_TEXT_MENU_WHY), help_on(selected_frame()));
}

static void show_causes(void *data _U_)
{
    show_window(tw_text_template(TW_TEXT_MENU_ALL_CAUSES), tw_help_causes());
}

#if TLSWHY_WS(4, 2)
static void show_why_of_packet(void *data, GPtrArray *fields _U_)
{
    show_why(data);
}
#endif

/* An item under Tools, in the protocol's folder. */
static void add_item(tw_text name, funnel_menu_callback callback)
{
    char *path = g_strconcat(tw_text_template(TW_TEXT_PROTOCOL), "/", tw_text_template(name), NULL);
    funnel_register_menu(path, REGISTER_TOOLS_GROUP_UNSORTED, callback, NULL, NULL, FALSE);
    g_free(path);
}

void menu_register(void)
{
    add_item(TW_TEXT_MENU_WHY, show_why);
    add_item(TW_TEXT_MENU_ALL_CAUSES, show_causes);
#if TLSWHY_WS(4, 2)
    funnel_register_packet_menu(tw_text_template(TW_TEXT_MENU_WHY), "tlswhy.cause", show_why_of_packet, NULL, FALSE);
#endif
}
