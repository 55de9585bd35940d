/* Showing verdicts. See show.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "show/show.h"

#include <epan/expert.h>

#include "harvest/harvest.h"
#include "preferences.h"
#include "show/long_text.h"

static int proto_tlswhy = -1;
#define FIELD(variable, label, name, type, display, strings, description) static int hf_##variable = -1;
#include "catalogue/fields.def"
static int ett_verdict = -1, ett_evidence = -1;
static expert_field ei_cause[TW_N_CAUSES], ei_warning;

static value_string alert_names[256];
static const value_string level_names[] = { { 1, "warning" }, { 2, "fatal" }, { 0, NULL } };

/* ---- registration ---- */

static void fill_alert_names(void)
{
    unsigned n = 0;
    for (unsigned number = 0; number < 255; number++)
        if (tw_alert_name((uint8_t)number))
            alert_names[n++] = (value_string){ number, tw_alert_name((uint8_t)number) };
    alert_names[n] = (value_string){ 0, NULL };
}

static void register_fields(void)
{
    static hf_register_info hf[] = {
#define FIELD(variable, label, name, type, display, strings, description) \
    { &hf_##variable, { label, name, type, display, strings, 0, description, HFILL } },
#include "catalogue/fields.def"
    };
    fill_alert_names();
    proto_register_field_array(proto_tlswhy, hf, array_length(hf));
}

static int expert_severity(tw_severity severity)
{
    static const int map[] = { [TW_CHAT] = PI_CHAT, [TW_NOTE] = PI_NOTE, [TW_WARN] = PI_WARN, [TW_ERROR] = PI_ERROR };
    return map[severity];
}

static int expert_group(tw_family family)
{
    return family == TW_SERVER_CERTIFICATE || family == TW_CLIENT_CERTIFICATE ? PI_SECURITY : PI_PROTOCOL;
}

static void register_experts(void)
{
    static ei_register_info ei[TW_N_CAUSES + 1];
    for (unsigned i = 0; i < TW_N_CAUSES; i++) {
        const tw_cause_info *cause = tw_cause_get((tw_cause)i);
        ei_cause[i] = (expert_field)EI_INIT;
        ei[i].ids = &ei_cause[i];
        ei[i].eiinfo = (expert_field_info){ wmem_strdup_printf(wmem_epan_scope(), "tlswhy.expert.%s", cause->id),
                                            expert_group(cause->family), expert_severity(cause->severity),
                                            cause->title, EXPFILL };
    }
    ei_warning = (expert_field)EI_INIT;
    ei[TW_N_CAUSES].ids = &ei_warning;
    ei[TW_N_CAUSES].eiinfo = (expert_field_info){ "tlswhy.expert.warning", PI_PROTOCOL, PI_NOTE,
                                                  tw_text_template(TW_TEXT_NOTICE_TITLE), EXPFILL };
    expert_register_field_array(expert_register_protocol(proto_tlswhy), ei, array_length(ei));
}

void show_register(int proto)
{
    static int *ett[] = { &ett_verdict, &ett_evidence };
    proto_tlswhy = proto;
    register_fields();
    proto_register_subtree_array(ett, array_length(ett));
    long_text_register();
    register_experts();
}

/* ---- the alert's own node ---- */

typedef struct {
    unsigned wanted, passed;
    proto_node *found;
} node_search;

static void look_for_alert(proto_node *node, gpointer data)
{
    node_search *search = data;
    field_info *fi = PNODE_FINFO(node);
    if (search->found)
        return;
    if (fi && harvest_is_alert(fi->hfinfo->id) && search->passed++ == search->wanted) {
        search->found = node;
        return;
    }
    proto_tree_children_foreach(node, look_for_alert, search);
}

/* NULL when this visit's tree does not hold it: nobody looks at it then. */
static proto_item *alert_node(proto_tree *tree, int ordinal)
{
    node_search search = { (unsigned)ordinal, 0, NULL };
    if (tree && ordinal >= 0)
        proto_tree_children_foreach(tree, look_for_alert, &search);
    return search.found;
}

/* ---- tree ---- */

static proto_item *add_string(proto_tree *tree, int hf, tvbuff_t *tvb, const char *text)
{
    return long_text_add(tree, hf, tvb, text, NULL);
}

static void add_frame(proto_tree *tree, int hf, tvbuff_t *tvb, uint32_t frame)
{
    uint32_t number = frames_number(frame);
    if (number)
        proto_item_set_generated(proto_tree_add_uint(tree, hf, tvb, 0, 0, number));
}

static void add_alert(proto_tree *tree, tvbuff_t *tvb, const tw_verdict *v)
{
    if (v->encrypted)
        proto_item_set_generated(proto_tree_add_boolean(tree, hf_encrypted, tvb, 0, 0, TRUE));
    if (v->alert < 0)
        return;
    proto_item_set_generated(proto_tree_add_uint(tree, hf_alert, tvb, 0, 0, (uint32_t)v->alert));
    if (v->level >= 0)
        proto_item_set_generated(proto_tree_add_uint(tree, hf_level, tvb, 0, 0, (uint32_t)v->level));
    proto_item_set_generated(proto_tree_add_boolean(tree, hf_encrypted, tvb, 0, 0, FALSE));
    if (tw_alert_rfc((uint8_t)v->alert))
        add_string(tree, hf_rfc, tvb, tw_alert_rfc((uint8_t)v->alert));
}

static void add_evidence(proto_tree *tree, tvbuff_t *tvb, const tw_verdict *v)
{
    const tw_evidence *e;
    for (unsigned i = 0; (e = tw_verdict_evidence(v, i)); i++) {
        uint32_t frame = e->capture ? e->frame : frames_number(e->frame);
        char *where = e->capture ? g_strdup_printf(" (%s, frame %u)", e->capture, frame)
                      : frame    ? g_strdup_printf(" (frame %u)", frame)
                                 : NULL;
        proto_item *item = long_text_add(tree, hf_evidence, tvb, e->text, where);
        if (e->capture)
            add_string(proto_item_add_subtree(item, ett_evidence), hf_evidence_capture, tvb, e->capture);
        else if (frame)
            add_frame(proto_item_add_subtree(item, ett_evidence), hf_evidence_frame, tvb, e->frame);
        g_free(where);
    }
}

static void add_strings(proto_tree *tree, int hf, tvbuff_t *tvb, const GPtrArray *texts)
{
    for (unsigned i = 0; texts && i < texts->len; i++)
        add_string(tree, hf, tvb, g_ptr_array_index(texts, i));
}

/* For a column, which shows the beginning of it at least. */
static void add_summary(proto_tree *tree, tvbuff_t *tvb, const tw_verdict *v)
{
    tw_values *values = tw_values_new();
    char *text;
    tw_values_set_text(values, "title", v->title);
    tw_values_set_text(values, "reason", v->reason);
    text = tw_text_new(TW_TEXT_SUMMARY, values);
    add_string(tree, hf_summary, tvb, text);
    g_free(text);
    tw_values_free(values);
}

static void add_time(proto_tree *tree, int hf, tvbuff_t *tvb, int64_t us)
{
    const nstime_t t = { .secs = (time_t)(us / G_USEC_PER_SEC), .nsecs = (int)(us % G_USEC_PER_SEC) * 1000 };
    proto_item_set_generated(proto_tree_add_time(tree, hf, tvb, 0, 0, &t));
}

static void add_times(proto_tree *tree, tvbuff_t *tvb, const tw_verdict *v)
{
    const int waits[TW_N_PHASES] = { [TW_BEFORE_HELLO] = -1,
                                     [TW_CLIENT_HELLO] = hf_wait_client_hello,
                                     [TW_SERVER_FLIGHT] = hf_wait_server_flight,
                                     [TW_CLIENT_FLIGHT] = hf_wait_client_flight,
                                     [TW_SERVER_FINISHED] = hf_wait_server_finished,
                                     [TW_ESTABLISHED] = hf_wait_established,
                                     [TW_RENEGOTIATION] = hf_wait_renegotiation };
    if (!v->times.hello_us)
        return;
    add_time(tree, hf_duration, tvb, v->times.end_us - v->times.hello_us);
    for (unsigned i = 0; v->waits_us && i < TW_N_PHASES; i++)
        if (waits[i] != -1 && v->waits_us[i] >= 0)
            add_time(tree, waits[i], tvb, v->waits_us[i]);
}

static void add_failure(proto_tree *tree, tvbuff_t *tvb, const tw_verdict *v)
{
    add_string(tree, hf_reason, tvb, v->reason);
    add_string(tree, hf_cause, tvb, tw_cause_get(v->cause)->id);
    add_string(tree, hf_family, tvb, tw_family_name(tw_cause_get(v->cause)->family));
    add_string(tree, hf_confidence, tvb, tw_confidence_name(v->confidence));
    add_string(tree, hf_rule, tvb, v->rule);
    add_string(tree, hf_sender, tvb, tw_side_name(v->sender));
    if (tw_origin_name(v->origin))
        add_string(tree, hf_origin, tvb, tw_origin_name(v->origin));
    add_string(tree, hf_phase, tvb, tw_phase_name(v->phase));
    if (v->server_name)
        add_string(tree, hf_server_name, tvb, v->server_name);
    if (v->version)
        add_string(tree, hf_version, tvb, v->version);
    add_alert(tree, tvb, v);
    add_frame(tree, hf_trigger, tvb, v->trigger);
    add_times(tree, tvb, v);
    add_evidence(tree, tvb, v);
    add_strings(tree, hf_hint, tvb, v->hints);
    add_strings(tree, hf_log, tvb, v->logs);
    add_summary(tree, tvb, v);
}

static void add_notice(proto_tree *tree, tvbuff_t *tvb, const tw_verdict *v)
{
    add_string(tree, hf_notice, tvb, v->reason);
    if (v->sender != TW_SIDE_UNKNOWN)
        add_string(tree, hf_sender, tvb, tw_side_name(v->sender));
    add_alert(tree, tvb, v);
    if (tw_verdict_count(v, TW_EVIDENCE_ELSEWHERE)) /* what it rests on is in another capture */
        add_evidence(tree, tvb, v);
    add_strings(tree, hf_hint, tvb, v->hints);
}

/* An expert item has no bytes of its own: lend it the alert's, so that a click in the Expert Information panel
 * lights them up. */
static void lend_bytes(const proto_node *node)
{
    const field_info *alert = PNODE_FINFO(node);
    for (const proto_node *child = node->last_child; child; child = child->first_child) {
        field_info *fi = PNODE_FINFO(child);
        if (!fi || fi->ds_tvb)
            return;
        fi->ds_tvb = alert->ds_tvb;
        fi->start = alert->start;
        fi->length = alert->length;
    }
}

/* Marks ITEM as the expert item marks the alert's. */
static void mark(proto_item *item, tw_severity severity)
{
    FI_RESET_FLAG(PITEM_FINFO(item), PI_SEVERITY_MASK);
    FI_SET_FLAG(PITEM_FINFO(item), (uint32_t)expert_severity(severity));
}

#define EXPERT_BEFORE 32 /* the most that Wireshark puts before the text: Expert Info (Warning/Security): */

static void add_expert(proto_item *item, packet_info *pinfo, const tw_verdict *v)
{
    char *reason = long_text_begin(v->reason, EXPERT_BEFORE);
    expert_add_info_format(pinfo, item, v->cause < TW_N_CAUSES ? &ei_cause[v->cause] : &ei_warning, "%s", reason);
    g_free(reason);
}

/* The verdict's own item; what it does not show of a long reason stands in the reason's. */
static proto_item *add_verdict(proto_tree *tree, tvbuff_t *tvb, const tw_verdict *v)
{
    const char *name = proto_get_protocol_long_name(find_protocol_by_id(proto_tlswhy));
    char *reason = long_text_begin(v->reason, strlen(name) + strlen(": "));
    proto_item *item = proto_tree_add_protocol_format(tree, proto_tlswhy, tvb, 0, 0, "%s: %s", name, reason);
    proto_item_set_generated(item);
    g_free(reason);
    return item;
}

static void show_verdict(const tw_verdict *v, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    proto_item *node = alert_node(tree, v->ordinal);
    proto_item *item = add_verdict(tree, tvb, v);
    proto_tree *verdict_tree = proto_item_add_subtree(item, ett_verdict);
    if (v->failure)
        add_failure(verdict_tree, tvb, v);
    else
        add_notice(verdict_tree, tvb, v);
    add_expert(node ? node : item, pinfo, v);
    if (node) {
        lend_bytes(node);
        mark(item, v->severity);
    }
    if (v->failure && preferences_info_column())
        col_append_fstr(pinfo->cinfo, COL_INFO, " [%s]", v->title);
}

/* The failure of CONN that a reader of frame ID has before him: the first one behind it. */
static const tw_verdict *failure_behind(const tw_conn *conn, uint32_t id)
{
    const tw_verdict *v = tw_conn_verdicts(conn);
    while (v && !(v->failure && v->frame > id && preferences_wants(v)))
        v = v->next;
    return v;
}

/* At the ClientHello: where its connection fails. */
static void show_outlook(const tw_conn *conn, uint32_t id, tvbuff_t *tvb, proto_tree *tree)
{
    const tw_verdict *v = failure_behind(conn, id);
    tw_values *values;
    proto_item *item;
    char *text;
    if (!v || !tree || !frames_number(v->frame))
        return;
    values = tw_values_new();
    tw_values_setf(values, "frame", "%u", frames_number(v->frame));
    tw_values_set_text(values, "reason", v->reason);
    text = tw_text_new(TW_TEXT_FAILED_IN, values);
    item = proto_tree_add_protocol_format(tree, proto_tlswhy, tvb, 0, 0, "%s: %s", tw_text_template(TW_TEXT_PROTOCOL),
                                          text);
    proto_item_set_generated(item);
    add_frame(proto_item_add_subtree(item, ett_verdict), hf_failed_in, tvb, v->frame);
    g_free(text);
    tw_values_free(values);
}

void show_frame(const note *first, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    for (const note *n = first; n; n = n->next) {
        if (!n->verdict)
            show_outlook(n->conn, frames_id(pinfo), tvb, tree);
        else if (preferences_wants(n->verdict))
            show_verdict(n->verdict, tvb, pinfo, tree);
    }
}
