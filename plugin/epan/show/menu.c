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
#include "show/selection.h"
#include "tlswhy/words.h"

/* Takes over TEXT. */
static void show_window(const char *title, char *text)
{
    const funnel_ops_t *gui = funnel_get_funnel_ops();
    if (gui && gui->new_text_window)
        gui->append_text(TLSWHY_TEXT_WINDOW(gui, title), text); /* appended text is never taken for HTML */
    g_free(text);
}

static void add_help(GString *text, const tw_conn *conn, const tw_verdict *v)
{
    char *part = tw_help_verdict(v, tw_conn_carrier(conn), frames_number);
    g_string_append_printf(text, "%s%s", text->len ? "\n" : "", part);
    g_free(part);
}

static void add_help_on_failures(GString *text, const tw_conn *conn)
{
    for (const tw_verdict *v = conn ? tw_conn_verdicts(conn) : NULL; v; v = v->next)
        if (v->failure && preferences_wants(v))
            add_help(text, conn, v);
}

/* Help on all verdicts of the selected frame that are shown; where it has none, on the failures of its connection. */
static char *help_on(const selection *s)
{
    GString *text = g_string_new(NULL);
    for (const note *n = frames_notes(frames_id_of(s->frame)); n; n = n->next)
        if (n->verdict && preferences_wants(n->verdict))
            add_help(text, n->conn, n->verdict);
    if (!text->len) {
        add_help_on_failures(text, s->conn);
        add_help_on_failures(text, s->inner);
    }
    if (!text->len) {
        g_string_free(text, TRUE);
        return tw_help_no_verdict(s->frame, s->conn != NULL);
    }
    return g_string_free(text, FALSE);
}

static void show_why(void *data _U_)
{
    selection s = selection_get();
    show_window(tw_text_template(TW_TEXT_MENU_WHY), help_on(&s));
    g_free(s.filter);
}

/* What the filter hides, links of the evidence do not reach: this one leaves all of them. */
static void show_connection(void *data _U_)
{
    selection s = selection_get();
    if (s.filter)
        plugin_if_apply_filter(s.filter, TRUE);
    else
        show_window(tw_text_template(TW_TEXT_MENU_SHOW), tw_help_no_stream(s.frame));
    g_free(s.filter);
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

static void show_connection_of_packet(void *data, GPtrArray *fields _U_)
{
    show_connection(data);
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
    add_item(TW_TEXT_MENU_SHOW, show_connection);
    add_item(TW_TEXT_MENU_ALL_CAUSES, show_causes);
#if TLSWHY_WS(4, 2)
    funnel_register_packet_menu(tw_text_template(TW_TEXT_MENU_WHY), "tlswhy", show_why_of_packet, NULL, FALSE);
    funnel_register_packet_menu(tw_text_template(TW_TEXT_MENU_SHOW), "tlswhy", show_connection_of_packet, NULL,
                                FALSE);
#endif
}
