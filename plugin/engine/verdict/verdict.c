/* Verdicts as such: their evidence, in order and bounded. See verdict.h and verdict_internal.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "words/shared.h"
#include "verdict/verdict_internal.h"

#include <string.h>

static void free_list(tw_evidence_list *list)
{
    for (unsigned i = 0; i < list->n; i++)
        g_ref_string_release(list->items[i].text);
    g_free(list->items);
    *list = (tw_evidence_list){ NULL, 0 };
}

void tw__verdict_free_evidence(tw_verdict *v)
{
    free_list(&v->findings);
    free_list(&v->limits);
    free_list(&v->others);
    free_list(&v->elsewhere);
}

void tw__verdict_free(tw_verdict *v)
{
    if (!v)
        return;
    g_clear_pointer(&v->server_name, g_ref_string_release);
    g_clear_pointer(&v->version, g_ref_string_release);
    g_clear_pointer(&v->reason, g_ref_string_release);
    g_clear_pointer(&v->offer, g_ref_string_release);
    tw__shared_list_free(v->pool, v->hints);
    tw__shared_list_free(v->pool, v->logs);
    tw__verdict_free_evidence(v);
    g_free(v->waits_us);
    for (unsigned i = 0; i < G_N_ELEMENTS(v->certificates); i++)
        g_clear_pointer(&v->certificates[i], g_ptr_array_unref);
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

static tw_evidence_list another_evidence(const tw_evidence_list *list)
{
    tw_evidence_list copy = { g_memdup2(list->items, list->n * sizeof *list->items), list->n };
    for (unsigned i = 0; i < list->n; i++)
        copy.items[i].text = another(list->items[i].text);
    return copy;
}

static int64_t *another_waits(const int64_t *waits_us)
{
    return g_memdup2(waits_us, TW_N_PHASES * sizeof *waits_us);
}

tw_verdict *tw__verdict_copy(const tw_verdict *v)
{
    tw_verdict *copy = g_memdup2(v, sizeof *v);
    copy->next = NULL;
    copy->server_name = another(v->server_name);
    copy->version = another(v->version);
    copy->reason = another(v->reason);
    copy->offer = another(v->offer);
    copy->hints = another_list(v->pool, v->hints);
    copy->logs = another_list(v->pool, v->logs);
    for (unsigned i = 0; i < G_N_ELEMENTS(v->certificates); i++)
        copy->certificates[i] = v->certificates[i] ? g_ptr_array_ref(v->certificates[i]) : NULL;
    copy->waits_us = another_waits(v->waits_us);
    copy->findings = another_evidence(&v->findings);
    copy->limits = another_evidence(&v->limits);
    copy->others = another_evidence(&v->others);
    copy->elsewhere = another_evidence(&v->elsewhere);
    return copy;
}

void tw__verdict_time_as(tw_verdict *v, const tw_verdict *other)
{
    v->times = other->times;
    g_free(v->waits_us);
    v->waits_us = another_waits(other->waits_us);
}

/* Takes TEXT over. */
static void append(tw_evidence_list *list, uint32_t frame, char *text)
{
    list->items = g_renew(tw_evidence, list->items, list->n + 1);
    list->items[list->n++] = (tw_evidence){ frame, tw__shared_text(text), NULL };
}

static char *expand(tw_text text, const tw_values *values)
{
    return tw_text_expand(tw_text_template(text), values);
}

void tw__verdict_take(tw_verdict *v, uint32_t frame, char *text)
{
    append(&v->findings, frame, text);
}

void tw__verdict_find(tw_verdict *v, uint32_t frame, tw_text text, const tw_values *values)
{
    if (v->findings.n == TW_EVIDENCE_MAX)
        v->n_left_out++;
    else
        append(&v->findings, frame, expand(text, values));
}

void tw__verdict_sort(tw_verdict *v)
{
    tw_evidence *e = v->findings.items;
    for (unsigned i = 1; i < v->findings.n; i++)
        for (unsigned j = i; j > 0 && e[j - 1].frame > e[j].frame; j--) {
            tw_evidence swap = e[j];
            e[j] = e[j - 1];
            e[j - 1] = swap;
        }
}

void tw__verdict_limit(tw_verdict *v, tw_text text, const tw_values *values)
{
    append(&v->limits, 0, expand(text, values));
}

void tw__verdict_add_other(tw_verdict *v, uint32_t frame, tw_text text, const tw_values *values)
{
    if (v->others.n < TW_CONTRAST_MAX)
        append(&v->others, frame, expand(text, values));
}

void tw__verdict_name_capture(tw_verdict *v, const char *capture)
{
    v->others.items[v->others.n - 1].capture = capture;
}

void tw__verdict_add_elsewhere(tw_verdict *v, const char *capture, uint32_t frame, tw_text text,
                               const tw_values *values)
{
    if (v->elsewhere.n == TW_ELSEWHERE_MAX)
        return;
    append(&v->elsewhere, frame, expand(text, values));
    v->elsewhere.items[v->elsewhere.n - 1].capture = capture;
}

void tw__verdict_adopt(tw_verdict *v, const tw_verdict *from, const char *capture)
{
    const tw_evidence *e;
    for (unsigned i = 0; (e = tw_verdict_evidence(from, i)) && v->elsewhere.n < TW_ELSEWHERE_MAX; i++) {
        append(&v->elsewhere, e->frame, g_strdup(e->text));
        v->elsewhere.items[v->elsewhere.n - 1].capture = capture;
    }
}

void tw__verdict_forget_others(tw_verdict *v)
{
    free_list(&v->others);
}

static char *left_out_text(const tw_verdict *v)
{
    tw_values *values = tw_values_new();
    char *text;
    tw_values_setf(values, "count", "%u", v->n_left_out);
    tw_values_setf(values, "limit", "%u", TW_EVIDENCE_MAX);
    text = expand(TW_TEXT_EV_MORE_FINDINGS, values);
    tw_values_free(values);
    return text;
}

/* How many were left out stands first among the limits. */
void tw__verdict_end_findings(tw_verdict *v)
{
    if (v->n_left_out)
        append(&v->limits, 0, left_out_text(v));
}

void tw__verdict_say_last(tw_verdict *v, unsigned limit)
{
    tw_values *values = tw_values_new();
    tw_values_setf(values, "limit", "%u", limit);
    tw__verdict_limit(v, TW_TEXT_EV_LAST_VERDICT, values);
    tw_values_free(values);
}

/* One more finding after the limits were reported. */
static void find_late(tw_verdict *v, uint32_t frame, tw_text text, const tw_values *values)
{
    tw__verdict_find(v, frame, text, values);
    tw__verdict_sort(v);
    if (v->n_left_out > 1) {
        g_ref_string_release(v->limits.items[0].text);
        v->limits.items[0].text = tw__shared_text(left_out_text(v));
    } else if (v->n_left_out) {
        append(&v->limits, 0, left_out_text(v));
        for (unsigned i = v->limits.n - 1; i > 0; i--) {
            tw_evidence swap = v->limits.items[i];
            v->limits.items[i] = v->limits.items[i - 1];
            v->limits.items[i - 1] = swap;
        }
    }
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
    find_late(v, a->at.frame, TW_TEXT_EV_REACTION, values);
    g_free(label);
    tw_values_free(values);
    if (v->cause != TW_CAUSE_NOT_TLS_FROM_SERVER || v->sender != tw__conn_side(c, a->at.dir))
        return v;
    v->alert = a->number;
    v->level = a->level;
    tw__shared_list_free(v->pool, v->logs);
    v->logs = tw__shared_logs(v->pool, a->number, tw_other_side(v->sender), NULL, v->phase);
    return v;
}
