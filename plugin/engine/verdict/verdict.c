/* Verdicts as such: their evidence, in order and bounded. See verdict.h and verdict_internal.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "words/shared.h"
#include "verdict/verdict_internal.h"

#include <string.h>

void tw__verdict_free(tw_verdict *v)
{
    if (!v)
        return;
    g_clear_pointer(&v->server_name, g_ref_string_release);
    g_clear_pointer(&v->version, g_ref_string_release);
    g_clear_pointer(&v->reason, g_ref_string_release);
    tw__shared_list_free(v->pool, v->hints);
    tw__shared_list_free(v->pool, v->logs);
    for (unsigned i = 0; i < v->n_evidence; i++)
        g_ref_string_release(v->evidence[i].text);
    g_free(v->evidence);
    g_free(v);
}

static char *another(char *text)
{
    return text ? g_ref_string_acquire(text) : NULL;
}

static GPtrArray *another_list(tw__pool *pool, GPtrArray *list)
{
    return pool ? tw__shared_list(pool, g_ptr_array_ref(list)) : g_ptr_array_ref(list);
}

tw_verdict *tw__verdict_copy(const tw_verdict *v)
{
    tw_verdict *copy = g_memdup2(v, sizeof *v);
    copy->next = NULL;
    copy->server_name = another(v->server_name);
    copy->version = another(v->version);
    copy->reason = another(v->reason);
    copy->hints = another_list(v->pool, v->hints);
    copy->logs = another_list(v->pool, v->logs);
    copy->evidence = g_memdup2(v->evidence, v->n_evidence * sizeof *v->evidence);
    for (unsigned i = 0; i < v->n_evidence; i++)
        copy->evidence[i].text = another(v->evidence[i].text);
    return copy;
}

static void set_evidence(tw_evidence *e, uint32_t frame, char *text)
{
    *e = (tw_evidence){ frame, tw__shared_text(text) };
}

/* Before the one at index AT. */
static void insert_evidence(tw_verdict *v, unsigned at, uint32_t frame, char *text)
{
    v->evidence = g_renew(tw_evidence, v->evidence, v->n_evidence + 1);
    memmove(v->evidence + at + 1, v->evidence + at, (v->n_evidence - at) * sizeof *v->evidence);
    set_evidence(&v->evidence[at], frame, text);
    v->n_evidence++;
}

void tw__verdict_take(tw_verdict *v, uint32_t frame, char *text)
{
    insert_evidence(v, v->n_evidence, frame, text);
}

void tw__verdict_forget_others(tw_verdict *v)
{
    while (v->n_evidence > v->n_own)
        g_ref_string_release(v->evidence[--v->n_evidence].text);
}

bool tw__verdict_add(tw_verdict *v, uint32_t frame, tw_text text, const tw_values *values)
{
    if (v->n_evidence == TW_VERDICT_EVIDENCE_MAX)
        return false;
    tw__verdict_take(v, frame, tw_text_expand(tw_text_template(text), values));
    return true;
}

void tw__verdict_find(tw_verdict *v, uint32_t frame, tw_text text, const tw_values *values)
{
    if (v->n_evidence == TW_EVIDENCE_MAX)
        v->n_left_out++;
    else
        tw__verdict_add(v, frame, text, values);
}

void tw__verdict_sort(tw_verdict *v)
{
    for (unsigned i = 1; i < v->n_evidence; i++)
        for (unsigned j = i; j > 0 && v->evidence[j - 1].frame > v->evidence[j].frame; j--) {
            tw_evidence swap = v->evidence[j];
            v->evidence[j] = v->evidence[j - 1];
            v->evidence[j - 1] = swap;
        }
}

void tw__verdict_limit(tw_verdict *v, tw_text text, const tw_values *values)
{
    tw__verdict_add(v, 0, text, values);
    v->n_own = v->n_evidence;
}

static char *left_out_text(const tw_verdict *v)
{
    tw_values *values = tw_values_new();
    char *text;
    tw_values_setf(values, "count", "%u", v->n_left_out);
    tw_values_setf(values, "limit", "%u", TW_EVIDENCE_MAX);
    text = tw_text_expand(tw_text_template(TW_TEXT_EV_MORE_FINDINGS), values);
    tw_values_free(values);
    return text;
}

void tw__verdict_end_findings(tw_verdict *v)
{
    v->n_found = v->n_evidence;
    if (v->n_left_out)
        tw__verdict_take(v, 0, left_out_text(v));
    v->n_own = v->n_evidence;
}

void tw__verdict_say_last(tw_verdict *v, unsigned limit)
{
    tw_values *values = tw_values_new();
    tw_values_setf(values, "limit", "%u", limit);
    tw__verdict_limit(v, TW_TEXT_EV_LAST_VERDICT, values);
    tw_values_free(values);
}

/* One more finding after the limits were told: in its place, or counted among those that are left out. */
static void add_late(tw_verdict *v, uint32_t frame, tw_text text, const tw_values *values)
{
    unsigned at = v->n_found;
    if (v->n_found < TW_EVIDENCE_MAX) {
        while (at > 0 && v->evidence[at - 1].frame > frame)
            at--;
        insert_evidence(v, at, frame, tw_text_expand(tw_text_template(text), values));
        v->n_found++;
    } else if (v->n_left_out++) {
        g_ref_string_release(v->evidence[v->n_found].text);
        set_evidence(&v->evidence[v->n_found], 0, left_out_text(v));
    } else {
        insert_evidence(v, v->n_found, 0, left_out_text(v));
    }
    v->n_own = v->n_evidence;
}

tw_verdict *tw__verdict_with_reaction(const tw_verdict *before, const tw_conn *c, const tw__alert *a)
{
    tw_values *values;
    tw_verdict *v;
    char *label;
    if (!before->failure || before->alert >= 0 || before->encrypted || !a->number)
        return NULL;
    v = tw__verdict_copy(before);
    tw__verdict_forget_others(v); /* contrast.h adds them again, at the end */
    values = tw_values_new();
    label = tw_alert_label(a->number);
    tw_values_set(values, "sender", tw_side_name(tw__conn_side(c, a->at.dir)));
    tw_values_set(values, "alert", label);
    add_late(v, a->at.frame, TW_TEXT_EV_REACTION, values);
    g_free(label);
    tw_values_free(values);
    if (v->cause != TW_CAUSE_NOT_TLS_FROM_SERVER || v->sender != tw__conn_side(c, a->at.dir))
        return v;
    v->alert = a->number;
    v->level = a->level;
    tw__shared_list_free(v->pool, v->logs);
    v->logs = tw__shared_list(v->pool, tw_alert_logs(a->number, tw_other_side(v->sender), NULL, v->phase));
    return v;
}
