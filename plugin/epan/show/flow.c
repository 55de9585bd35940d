/* The Flow Graph. See flow.h. A graph of Wireshark's has an arrow with a label for each item, and a comment beside it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "show/flow.h"

#include "compat.h"

#include <epan/tap.h>
#include <epan/to_str.h>

#include "connections.h"
#include "ladders.h"
#include "preferences.h"

#ifdef TLSWHY_FLOW_GRAPH

#define ARROW        1
#define ARROW_BOLD   2
#define LABEL_LENGTH 60 /* letters on an arrow; the comment has all */

/* One item of a graph: a step or a verdict. */
typedef struct {
    const tw_conn *conn;
    bool from_client; /* the frame is */
    const ladder_step *step;
    const tw_verdict *verdict;
} rung;

static int tap_flow = -1;

/* The beginning of TEXT, as much as fits on an arrow. Caller frees. */
static char *label(const char *text)
{
    char *begin;
    if (g_utf8_strlen(text, -1) <= LABEL_LENGTH)
        return g_strdup(text);
    begin = g_utf8_substring(text, 0, LABEL_LENGTH);
    text = begin;
    begin = g_strconcat(text, "...", NULL);
    g_free((char *)(uintptr_t)text);
    return begin;
}

/* In a capture of one machine with itself both ends have one address: then their roles tell the two lines apart. */
static void name_ends(seq_analysis_item_t *item, const tw_conn *conn, bool from_client)
{
    address *ends[2] = { &item->src_addr, &item->dst_addr };
    if (!conn || !addresses_equal(ends[0], ends[1]))
        return;
    for (unsigned i = 0; i < 2; i++) {
        char *host = address_to_str(NULL, ends[i]);
        char *name = g_strdup_printf("%s %s", host, tw_side_name((i == 0) == from_client ? TW_CLIENT : TW_SERVER));
        address named;
        set_address(&named, AT_STRINGZ, (int)strlen(name) + 1, name);
        free_address(ends[i]);
        copy_address(ends[i], &named);
        g_free(name);
        wmem_free(NULL, host);
    }
}

/* 0xRRGGBB; those of the profile. */
static void paint(seq_analysis_item_t *item, const rung *r)
{
    static const unsigned background[] = {
        [TW_STEP_MESSAGE] = 0xebfceb,
        [TW_STEP_ENCRYPTED] = 0xf1f1ff,
        [TW_STEP_ALERT] = 0xf4b8b8,
        [TW_STEP_END] = 0xd7d7d7,
    };
    item->has_color_filter = true;
    item->bg_color = r->step ? background[r->step->step.kind] : 0xa40000;
    item->fg_color = r->step ? 0x12272e : 0xffffff;
}

/* An empty item of the graph INFO. Of a frame without network addresses (EAP over LAN) Wireshark makes none, unless the graph
 * is asked for "Network" addresses: such a frame is lent those that it has. */
static seq_analysis_item_t *new_item(seq_analysis_info_t *info, packet_info *pinfo)
{
    const address source = pinfo->net_src, destination = pinfo->net_dst;
    seq_analysis_item_t *item;
    if (source.type == AT_NONE || destination.type == AT_NONE) {
        copy_address_shallow(&pinfo->net_src, &pinfo->src);
        copy_address_shallow(&pinfo->net_dst, &pinfo->dst);
    }
    item = sequence_analysis_create_sai_with_addresses(pinfo, info);
    pinfo->net_src = source;
    pinfo->net_dst = destination;
    return item;
}

static tap_packet_status add_rung(void *graph, packet_info *pinfo, epan_dissect_t *edt _U_,
                                  const void *tapped TLSWHY_TAP_FLAGS)
{
    seq_analysis_info_t *info = graph;
    const rung *r = tapped;
    seq_analysis_item_t *item = new_item(info, pinfo);
    char *line;
    if (!item)
        return TAP_PACKET_DONT_REDRAW;
    name_ends(item, r->conn, r->from_client);
    item->frame_number = pinfo->num;
    item->port_src = (uint16_t)pinfo->srcport;
    item->port_dst = (uint16_t)pinfo->destport;
    line = r->step ? tw_step_line(r->step->step.what, r->step->step.says) : g_strdup(r->verdict->reason);
    item->frame_label = label(r->step ? line : r->verdict->title);
    item->comment = line;
    item->line_style = r->step ? ARROW : ARROW_BOLD;
    item->display = true;
    paint(item, r);
    g_queue_push_tail(info->items, item);
    return TAP_PACKET_REDRAW;
}

static void queue(packet_info *pinfo, rung r)
{
    rung *copy = wmem_new(pinfo->pool, rung);
    *copy = r;
    tap_queue_packet(tap_flow, pinfo, copy);
}

static void queue_step(packet_info *pinfo, const ladder_step *s)
{
    queue(pinfo, (rung){ s->conn, s->step.at.dir == tw_conn_client_dir(s->conn), s, NULL });
}

/* Whether the frame at hand is the client's: by its steps, else by its ports. */
static bool is_from_client(const tw_conn *conn, const GPtrArray *steps, const packet_info *pinfo)
{
    char *client, *port;
    bool is;
    for (unsigned i = 0; steps && i < steps->len; i++) {
        const ladder_step *s = g_ptr_array_index(steps, i);
        if (s->conn == conn)
            return s->step.at.dir == tw_conn_client_dir(conn);
    }
    client = tw_conn_endpoint(conn, MAX(tw_conn_client_dir(conn), 0));
    port = g_strdup_printf(":%u", pinfo->srcport);
    is = g_str_has_suffix(client, port);
    g_free(port);
    g_free(client);
    return is;
}

bool flow_prepare(void)
{
    bool is_drawn = have_tap_listener(tap_flow);
    if (is_drawn)
        ladders_keep();
    return is_drawn;
}

void flow_frame(const note *first, packet_info *pinfo)
{
    const GPtrArray *steps = ladders_in(frames_id(pinfo));
    for (unsigned i = 0; steps && i < steps->len; i++)
        queue_step(pinfo, g_ptr_array_index(steps, i));
    for (const note *n = first; n; n = n->next)
        if (n->verdict && n->verdict->failure && preferences_wants(n->verdict))
            queue(pinfo, (rung){ n->conn, is_from_client(n->conn, steps, pinfo), NULL, n->verdict });
}

void flow_register(int proto)
{
    tap_flow = register_tap("tlswhy_flow");
    register_seq_analysis("tlswhy", tw_text_template(TW_TEXT_FLOW_TITLE), proto, "tlswhy_flow", TL_REQUIRES_NOTHING,
                          add_rung);
}

#else

void flow_register(int proto _U_)
{
}

bool flow_prepare(void)
{
    return false;
}

void flow_frame(const note *first _U_, packet_info *pinfo _U_)
{
}

#endif
