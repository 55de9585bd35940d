/* Verdicts as such: their evidence, in order and bounded. See verdict.h and verdict_internal.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "words/shared.h"
#include "verdict/verdict_internal.h"

#include <string.h>

void tw__evidence_free(tw_evidence_list *list)
{
    for (unsigned i = 0; list && i < list->n; i++)
        g_ref_string_release(list->items[i].text);
    g_free(list);
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
    tw__evidence_free(v->evidence);
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

static size_t evidence_size(unsigned n)
{
    return sizeof(tw_evidence_list) + n * sizeof(tw_evidence);
}

tw_evidence_list *tw__evidence_copy(const tw_evidence_list *list)
{
    tw_evidence_list *copy = list ? g_memdup2(list, evidence_size(list->n)) : NULL;
    for (unsigned i = 0; copy && i < copy->n; i++)
        g_ref_string_acquire(copy->items[i].text);
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
    copy->evidence = tw__evidence_copy(v->evidence);
    return copy;
}

void tw__verdict_time_as(tw_verdict *v, const tw_verdict *other)
{
    v->times = other->times;
    g_free(v->waits_us);
    v->waits_us = another_waits(other->waits_us);
}

/* Where what is of KIND ends in V's evidence. */
static unsigned end_of(const tw_verdict *v, tw_evidence_kind kind)
{
    unsigned i = 0;
    while (v->evidence && i < v->evidence->n && v->evidence->items[i].kind <= kind)
        i++;
    return i;
}

/* Takes over the text of E, which becomes the one at PLACE. */
static void insert(tw_verdict *v, unsigned place, tw_evidence e)
{
    unsigned n = v->evidence ? v->evidence->n : 0;
    tw_evidence *at;
    v->evidence = g_realloc(v->evidence, evidence_size(n + 1));
    v->evidence->n = n + 1;
    at = &v->evidence->items[place];
    memmove(at + 1, at, (n - place) * sizeof *at);
    e.text = tw__shared_text(e.text);
    *at = e;
}

/* Takes over the text of E, which becomes the last one of its kind. */
static void append(tw_verdict *v, tw_evidence e)
{
    insert(v, end_of(v, e.kind), e);
}

static char *expand(tw_text text, const tw_values *values)
{
    return tw_text_expand(tw_text_template(text), values);
}

void tw__verdict_take(tw_verdict *v, const char *capture, uint32_t frame, char *text)
{
    append(v, (tw_evidence){ TW_EVIDENCE_FINDING, frame, text, capture });
}

void tw__verdict_find(tw_verdict *v, uint32_t frame, tw_text text, const tw_values *values)
{
    if (tw_verdict_count(v, TW_EVIDENCE_FINDING) == TW_EVIDENCE_MAX)
        v->n_left_out++;
    else
        tw__verdict_take(v, NULL, frame, expand(text, values));
}

void tw__verdict_sort(tw_verdict *v)
{
    unsigned first = end_of(v, TW_EVIDENCE_ELSEWHERE), end = end_of(v, TW_EVIDENCE_FINDING);
    for (unsigned i = first + 1; i < end; i++)
        for (unsigned j = i; j > first && v->evidence->items[j - 1].frame > v->evidence->items[j].frame; j--) {
            tw_evidence swap = v->evidence->items[j];
            v->evidence->items[j] = v->evidence->items[j - 1];
            v->evidence->items[j - 1] = swap;
        }
}

void tw__verdict_limit(tw_verdict *v, tw_text text, const tw_values *values)
{
    append(v, (tw_evidence){ TW_EVIDENCE_LIMIT, 0, expand(text, values), NULL });
}

void tw__verdict_add_other(tw_verdict *v, const char *capture, uint32_t frame, tw_text text, const tw_values *values)
{
    if (tw_verdict_count(v, TW_EVIDENCE_OTHER) < TW_CONTRAST_MAX)
        append(v, (tw_evidence){ TW_EVIDENCE_OTHER, frame, expand(text, values), capture });
}

/* Takes over TEXT. */
static void take_elsewhere(tw_verdict *v, const char *capture, uint32_t frame, char *text)
{
    append(v, (tw_evidence){ TW_EVIDENCE_ELSEWHERE, frame, text, capture });
}

static bool has_room_elsewhere(const tw_verdict *v)
{
    return tw_verdict_count(v, TW_EVIDENCE_ELSEWHERE) < TW_ELSEWHERE_MAX;
}

void tw__verdict_add_elsewhere(tw_verdict *v, const char *capture, uint32_t frame, tw_text text,
                               const tw_values *values)
{
    if (has_room_elsewhere(v))
        take_elsewhere(v, capture, frame, expand(text, values));
}

void tw__verdict_adopt(tw_verdict *v, const tw_verdict *from, const char *capture)
{
    const tw_evidence *e;
    for (unsigned i = 0; (e = tw_verdict_evidence(from, i)) && has_room_elsewhere(v); i++)
        take_elsewhere(v, capture, e->frame, g_strdup(e->text));
}

void tw__verdict_forget(tw_verdict *v, tw_evidence_kind kind)
{
    unsigned n = v->evidence ? v->evidence->n : 0, kept = 0;
    for (unsigned i = 0; i < n; i++) {
        tw_evidence *e = &v->evidence->items[i];
        if (e->kind == kind)
            g_ref_string_release(e->text);
        else
            v->evidence->items[kept++] = *e;
    }
    if (n)
        v->evidence->n = kept;
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
        insert(v, end_of(v, TW_EVIDENCE_FINDING), (tw_evidence){ TW_EVIDENCE_LIMIT, 0, left_out_text(v), NULL });
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
        tw_evidence *said = &v->evidence->items[end_of(v, TW_EVIDENCE_FINDING)];
        g_ref_string_release(said->text);
        said->text = tw__shared_text(left_out_text(v));
    } else {
        tw__verdict_end_findings(v);
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
    tw__verdict_forget(v, TW_EVIDENCE_OTHER); /* contrast.h adds them again, at the end */
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
