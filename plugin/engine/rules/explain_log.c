/* What is behind a line of a log: what the catalogue says of its alert, and which causes the rules know. See
 * tlswhy/log_lines.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rules.h"
#include "words/log_lines.h"

#define CAUSES_MAX 6 /* more are no help */

/* ---- phrases ---- */

/* Sets NAME to LIST, with "or" before the last one, or with the number of those beyond MAX. */
static void set_list(tw_values *v, const char *name, const GPtrArray *list, unsigned max)
{
    unsigned n = list->len > max ? max : MAX(list->len - 1, 1);
    GString *all = g_string_new(NULL);
    for (unsigned i = 0; i < n; i++)
        g_string_append_printf(all, "%s%s", i ? ", " : "", (const char *)g_ptr_array_index(list, i));
    tw_values_set_text(v, name, all->str);
    if (list->len > n) {
        tw_values_set_text(v, "list", all->str);
        tw_values_set_text(v, "more", g_ptr_array_index(list, list->len - 1));
        if (list->len > max)
            tw_values_setf(v, "more", "%u", list->len - max);
        tw_values_set_phrase(v, name, list->len > max ? TW_TEXT_LIST_MORE : TW_TEXT_LOG_OR);
    }
    g_string_free(all, TRUE);
}

static void set_alerts(tw_values *v, const tw_log_line *line)
{
    GPtrArray *labels = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < line->n_alerts; i++)
        g_ptr_array_add(labels, tw_alert_label(line->alerts[i]));
    if (labels->len)
        set_list(v, "alerts", labels, TW_LOG_ALERTS_MAX);
    else
        tw_values_set_phrase(v, "alerts", TW_TEXT_LOG_UNNAMED);
    g_ptr_array_unref(labels);
}

static void set_filter(tw_values *v, const tw_log_line *line)
{
    tw_side sender = tw_log_sender(line);
    GString *filter = g_string_new(NULL);
    if (line->n_alerts == 1)
        g_string_append_printf(filter, "tlswhy.alert == %u", line->alerts[0]);
    if (line->n_alerts > 1)
        g_string_append_printf(filter, "%s in {", "tlswhy.alert");
    for (unsigned i = 0; i < line->n_alerts && line->n_alerts > 1; i++)
        g_string_append_printf(filter, "%s%u", i ? ", " : "", line->alerts[i]);
    if (line->n_alerts > 1)
        g_string_append_c(filter, '}');
    if (line->n_alerts && sender != TW_SIDE_UNKNOWN)
        g_string_append_printf(filter, " && tlswhy.sender == \"%s\"", tw_side_name(sender));
    if (filter->len)
        tw_values_set_text(v, "filter", filter->str);
    else
        tw_values_set_phrase(v, "filter",
                             line->how == TW_LOG_ENDED ? TW_TEXT_LOG_FILTER_ENDED : TW_TEXT_LOG_FILTER_ANY);
    g_string_free(filter, TRUE);
}

/* ---- causes ---- */

static bool speaks_of(const tw__rule *rule, uint8_t alert, tw_side sender)
{
    bool fits = rule->sender == sender || (rule->sender == TW_SIDE_UNKNOWN && sender != TW_SIDE_UNKNOWN);
    for (const uint16_t *e = rule->events; fits && e && *e != TW_LIST_END; e++)
        if (*e == alert)
            return true;
    return false;
}

static void add_cause(GPtrArray *causes, tw_cause cause)
{
    const char *id = tw_cause_get(cause)->id;
    if (tw_cause_get(cause)->family == TW_SESSION)
        return; /* no failed handshake */
    for (unsigned i = 0; i < causes->len; i++)
        if (g_ptr_array_index(causes, i) == id)
            return;
    g_ptr_array_add(causes, (gpointer)(uintptr_t)id);
}

/* The causes for which rules know the alert of LINE from its sender, in the order of the rules. */
static void tell_causes(const tw_log_line *line, tw_values *v, tw_help_line *tell, void *data)
{
    GPtrArray *causes = g_ptr_array_new();
    const tw__rule *rule;
    for (unsigned place = 0; line->n_alerts == 1 && (rule = tw__rule_at(place)); place++)
        if (speaks_of(rule, line->alerts[0], tw_log_sender(line)))
            add_cause(causes, rule->cause);
    if (causes->len > 1) {
        set_list(v, "causes", causes, CAUSES_MAX);
        tell(TW_TEXT_LOG_CAUSES, v, data);
    }
    g_ptr_array_unref(causes);
}

/* ---- the whole ---- */

static tw_text head_of(const tw_log_line *line)
{
    bool known = line->side != TW_SIDE_UNKNOWN;
    switch (line->how) {
    case TW_LOG_RECEIVED: return known ? TW_TEXT_LOG_RECEIVED : TW_TEXT_LOG_RECEIVED_EITHER;
    case TW_LOG_SENT: return known ? TW_TEXT_LOG_SENT : TW_TEXT_LOG_SENT_EITHER;
    case TW_LOG_ENDED: return known ? TW_TEXT_LOG_ENDED : TW_TEXT_LOG_ENDED_EITHER;
    default: return known ? TW_TEXT_LOG_OF_ANYTHING : TW_TEXT_LOG_OF_ANYTHING_EITHER;
    }
}

static void tell_text(tw_text form, const char *text, tw_values *v, tw_help_line *tell, void *data)
{
    if (!text || !*text)
        return;
    tw_values_set_text(v, "text", text);
    tell(form, v, data);
}

/* What the alert means. A line of several alerts says no more than what they have in common. */
static void tell_meaning(const tw_log_line *line, tw_values *v, tw_help_line *tell, void *data)
{
    tw_side sender = tw_log_sender(line);
    if (line->n_alerts != 1 || *line->truth)
        return;
    if (sender != TW_SIDE_UNKNOWN) {
        tell_text(TW_TEXT_LOG_MEANS, tw_alert_meaning(line->alerts[0], sender), v, tell, data);
        return;
    }
    for (tw_side side = TW_CLIENT; side <= TW_SERVER; side++) {
        tw_values_set(v, "sender", tw_side_name(side));
        tell_text(TW_TEXT_LOG_IF_SENT_BY, tw_alert_meaning(line->alerts[0], side), v, tell, data);
    }
}

void tw_log_explain(const tw_log_line *line, tw_help_line *tell, void *data)
{
    tw_values *v = tw_values_new();
    set_alerts(v, line);
    set_filter(v, line);
    tw_values_set(v, "program", tw__log_program(line));
    tw_values_set(v, "receiver", tw_side_name(line->side));
    tw_values_set(v, "sender", tw_side_name(tw_log_sender(line)));
    tell(head_of(line), v, data);
    tell_meaning(line, v, tell, data);
    tell_text(TW_TEXT_LOG_TRUTH, line->truth, v, tell, data);
    tell_text(TW_TEXT_LOG_TRUTH, tw__log_truth(line), v, tell, data);
    tell_causes(line, v, tell, data);
    tell(TW_TEXT_LOG_CAPTURE, v, data);
    tell(TW_TEXT_LOG_FILTER, v, data);
    tell_text(TW_TEXT_LOG_KEYS, tw__log_keys(line), v, tell, data);
    tw_values_free(v);
}
