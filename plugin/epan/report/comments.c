/* Verdicts for packet comments. See take_away.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/take_away.h"

#include <stdio.h>

#include <glib/gstdio.h>

#include "frames.h"
#include "report/parts.h"

static void put_line(FILE *out, tw_text form, const tw_values *v)
{
    char *text = tw_text_new(form, v);
    for (const char *c = text; *c; c++)
        fprintf(out, *c == '\\' ? "\\\\" : "%c", *c);
    g_free(text);
}

static void put_more(FILE *out, tw_text form, uint32_t frame, const char *text)
{
    tw_values *v = tw_values_new();
    tw_values_setf(v, "frame", "%u", frame);
    tw_values_set_text(v, "text", text);
    fputs("\\n", out);
    put_line(out, form, v);
    tw_values_free(v);
}

static void put_verdict(FILE *out, const tw_verdict *verdict)
{
    tw_values *v = tw_values_new();
    const tw_evidence *e;
    tw_values_set(v, "cause", tw_cause_get(verdict->cause)->id);
    tw_values_set(v, "confidence", tw_confidence_name(verdict->confidence));
    tw_values_set_text(v, "reason", verdict->reason);
    fprintf(out, "%u\t", frames_number(verdict->frame));
    put_line(out, TW_TEXT_COMMENT, v);
    for (unsigned i = 0; (e = tw_verdict_evidence(verdict, i)); i++)
        put_more(out, frames_number(e->frame) ? TW_TEXT_COMMENT_EVIDENCE : TW_TEXT_COMMENT_EVIDENCE_NO_FRAME,
                 frames_number(e->frame), e->text);
    if (verdict->hints->len)
        put_more(out, TW_TEXT_COMMENT_HINT, 0, g_ptr_array_index(verdict->hints, 0));
    fputc('\n', out);
    tw_values_free(v);
}

void take_comments(const GPtrArray *connections, const char *path)
{
    FILE *out = g_fopen(path, "w");
    if (!out) {
        print_error(TW_TEXT_ERROR_CANNOT_WRITE, path);
        return;
    }
    for (unsigned i = 0; i < connections->len; i++)
        for (const tw_verdict *v = tw_conn_verdicts(g_ptr_array_index(connections, i)); v; v = v->next)
            if (v->failure && frames_number(v->frame))
                put_verdict(out, v);
    if (fclose(out))
        print_error(TW_TEXT_ERROR_CANNOT_WRITE, path);
}
