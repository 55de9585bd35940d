/* One failure in the text of the report: within a number of lines what matters most, in the order of reading. See parts.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/parts.h"

#include <string.h>

#define LINES_MAX   12 /* of a failure, with its head */
#define LONG_LINES  4  /* a text of more lines leaves no room for others */
#define NOT_SO_SOON 10 /* by how much such a text comes later */

/* Something to say beside the reason. */
typedef struct {
    tw_text form;
    uint32_t frame;
    const char *text;
    unsigned rank;  /* the lower, the sooner it is taken */
    unsigned lines; /* that it fills */
    bool taken;
} item;

static void set_item(tw_values *v, const item *it)
{
    tw_values_setf(v, "frame", "%u", it->frame);
    tw_values_set_text(v, "text", it->text);
}

static unsigned lines_of(const print_options *o, const item *it, tw_values *v)
{
    char *text, *lines;
    unsigned n = 0;
    set_item(v, it);
    text = tw_text_new(it->form, v);
    lines = tw_text_wrap(text, o->width);
    for (const char *c = lines; *c; c++)
        n += *c == '\n';
    g_free(lines);
    g_free(text);
    return n;
}

static void add(GArray *items, tw_text form, uint32_t frame, const char *text, unsigned rank)
{
    item it = { form, frame, text, rank, 0, false };
    if (*text)
        g_array_append_val(items, it);
}

/* What was rejected and by what comes before what else was seen; the first advice and the receiver's own log before more
 * of them. */
static GArray *items_of(const print_options *o, const report_failure *f)
{
    GArray *items = g_array_new(FALSE, TRUE, sizeof(item));
    for (unsigned i = 0; i < f->facts->len; i++) {
        const report_fact *fact = g_ptr_array_index(f->facts, i);
        unsigned rank = fact->elsewhere             ? i ? 1 : 3
                        : !fact->frame              ? 8
                        : fact->frame == f->frame   ? 1
                        : fact->frame == f->trigger ? 4
                                                    : 6;
        add(items, fact->frame ? TW_TEXT_REPORT_EVIDENCE : TW_TEXT_REPORT_EVIDENCE_NO_FRAME, fact->frame, fact->text,
            rank);
    }
    for (unsigned i = 0; i < f->hints->len; i++)
        add(items, TW_TEXT_REPORT_HINT, 0, g_ptr_array_index(f->hints, i), i == 0 ? 2 : i == 1 ? 5 : 8);
    if (o->commands || o->full)
        add(items, TW_TEXT_REPORT_HINT, 0, f->command, 0);
    else
        add(items, TW_TEXT_REPORT_OFFER, 0, f->offer, 3);
    for (unsigned i = 0; i < f->logs->len; i++)
        add(items, TW_TEXT_REPORT_LOG, 0, g_ptr_array_index(f->logs, i), i == 0 ? 3 : 7);
    return items;
}

/* The next one to take, or NULL. */
static item *next(GArray *items)
{
    item *best = NULL;
    for (unsigned i = 0; i < items->len; i++) {
        item *it = &g_array_index(items, item, i);
        if (it->rank != G_MAXUINT && (!best || it->rank < best->rank))
            best = it;
    }
    return best;
}

/* Takes what fits into LINES; returns how many do not. */
static unsigned take(const print_options *o, GArray *items, unsigned lines, tw_values *v)
{
    unsigned left_out = 0;
    item *it;
    for (unsigned i = 0; i < items->len; i++) {
        item *each = &g_array_index(items, item, i);
        each->lines = lines_of(o, each, v);
        if (each->lines > LONG_LINES && each->rank)
            each->rank += NOT_SO_SOON;
    }
    while ((it = next(items))) {
        bool fits = o->full || !it->rank || it->lines <= lines;
        it->taken = fits;
        if (fits && it->rank) /* a command that was asked for takes no room from others */
            lines -= MIN(lines, it->lines);
        left_out += !fits;
        it->rank = G_MAXUINT;
    }
    return left_out;
}

unsigned report_print_failure(const print_options *o, const report_failure *f, unsigned lines_above, tw_values *v)
{
    GArray *items = items_of(o, f);
    item reason = { TW_TEXT_REPORT_REASON, 0, f->reason, 0, 0, true };
    unsigned used, left_out;
    tw_values_set_text(v, "reason", f->reason);
    used = lines_above + lines_of(o, &reason, v);
    print_text(o, TW_TEXT_REPORT_REASON, v);
    left_out = take(o, items, used < LINES_MAX ? LINES_MAX - used : 0, v);
    for (unsigned i = 0; i < items->len; i++) {
        const item *it = &g_array_index(items, item, i);
        if (!it->taken)
            continue;
        set_item(v, it);
        print_text(o, it->form, v);
    }
    g_array_unref(items);
    return left_out;
}
