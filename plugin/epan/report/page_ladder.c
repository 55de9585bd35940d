/* The ladder as a picture: narrow, so that its letters can be read on a phone as well. See page.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/page.h"

#include "frames.h"
#include "report/ladder.h"
#include "report/outcome.h"

#define WIDTH   380 /* of the picture, in its own units: about 11 to a letter's height */
#define LEFT    8   /* where the client's line stands, and from the right edge the server's */
#define LETTERS 50  /* of a line of text between them */
#define LINE    14  /* from line to line */
#define GAP     16  /* from the last line to the next rung's first, with the arrow in it */

typedef struct {
    GString *out;
    int y;
} canvas;

static void put_line(canvas *c, const char *class, const char *text)
{
    c->y += LINE;
    g_string_append_printf(c->out, SVG_TEXT, LEFT + 8, c->y, class);
    page_text(c->out, text);
    g_string_append(c->out, SVG_TEXT_END);
}

/* The next line of TEXT, and where the rest begins. Caller frees. */
static char *take_line(const char **text)
{
    const char *end = *text, *blank = NULL;
    char *line;
    for (unsigned n = 0; *end && n < LETTERS; n++, end = g_utf8_next_char(end))
        if (*end == ' ')
            blank = end;
    if (*end && *end != ' ' && blank)
        end = blank;
    line = g_strndup(*text, (gsize)(end - *text));
    while (*end == ' ')
        end++;
    *text = end;
    return line;
}

static void put_lines(canvas *c, const char *class, const char *text)
{
    while (*text) {
        char *line = take_line(&text);
        put_line(c, class, line);
        g_free(line);
    }
}

static void put_arrow(canvas *c, bool to_server)
{
    int from = to_server ? LEFT : WIDTH - LEFT, to = WIDTH - from, back = to_server ? -7 : 7;
    c->y += 6;
    g_string_append_printf(c->out, SVG_ARROW, from, c->y, to, c->y, to, c->y, back);
    c->y += GAP - 10;
}

static char *place_of(const GArray *rungs, const ladder_rung *rung)
{
    tw_values *v = tw_values_new();
    char *when = ladder_time(rungs, rung), *text;
    tw_values_setf(v, "frame", "%u", frames_number(rung->step->at.frame));
    tw_values_set(v, "time", when);
    text = tw_text_new(*when ? TW_TEXT_PAGE_AT : TW_TEXT_PAGE_AT_UNTIMED, v);
    g_free(when);
    tw_values_free(v);
    return text;
}

static void put_step(canvas *c, const GArray *rungs, const ladder_rung *rung, bool from_client)
{
    char *place = place_of(rungs, rung);
    g_string_append(c->out, SVG_STEP);
    put_lines(c, rung->step->kind == TW_STEP_ALERT ? SVG_CLASS_ALERT : "what", rung->step->what);
    g_string_append_printf(c->out, SVG_TEXT_RIGHT, WIDTH - LEFT - 8, c->y, "dim");
    page_text(c->out, place);
    g_string_append(c->out, SVG_TEXT_END);
    put_lines(c, "says", rung->step->says);
    put_arrow(c, from_client);
    g_string_append(c->out, SVG_GROUP_END);
    g_free(place);
}

static void put_verdict(canvas *c, const tw_verdict *v)
{
    canvas inner = { g_string_new(NULL), c->y + 4 };
    put_lines(&inner, "why", v->reason);
    g_string_append_printf(c->out, SVG_VERDICT, LEFT + 2, c->y + 3, WIDTH - 2 * LEFT - 4, inner.y - c->y + 4);
    g_string_append_len(c->out, inner.out->str, (gssize)inner.out->len);
    g_string_append(c->out, SVG_GROUP_END);
    g_string_free(inner.out, TRUE);
    c->y = inner.y + 10;
}

/* Who is on either side, above their lines. */
static void put_ends(canvas *c)
{
    c->y += LINE;
    g_string_append_printf(c->out, SVG_TEXT, LEFT - 4, c->y, "what");
    page_text(c->out, tw_side_name(TW_CLIENT));
    g_string_append(c->out, SVG_TEXT_END);
    g_string_append_printf(c->out, SVG_TEXT_RIGHT, WIDTH - LEFT + 4, c->y, "what");
    page_text(c->out, tw_side_name(TW_SERVER));
    g_string_append(c->out, SVG_TEXT_END);
    c->y += 4;
}

void page_ladder(GString *page, const tw_conn *conn)
{
    GArray *rungs = ladder_rungs(conn);
    canvas c = { g_string_new(NULL), 0 };
    int top;
    if (!rungs) {
        page_element(page, "p", "dim", tw_text_template(TW_TEXT_PAGE_NO_LADDER));
        g_string_free(c.out, TRUE);
        return;
    }
    put_ends(&c);
    top = c.y;
    for (unsigned i = 0; i < rungs->len; i++) {
        const ladder_rung *rung = &g_array_index(rungs, ladder_rung, i);
        if (rung->verdict)
            put_verdict(&c, rung->verdict);
        else
            put_step(&c, rungs, rung, rung->step->at.dir == outcome_client_dir(conn));
    }
    g_string_append_printf(page, SVG_BEGIN, WIDTH, c.y + 6);
    page_text(page, tw_text_template(TW_TEXT_PAGE_LADDER));
    g_string_append(page, SVG_BEGIN_END);
    g_string_append_printf(page, SVG_LIFELINE, LEFT, top, LEFT, c.y + 4);
    g_string_append_printf(page, SVG_LIFELINE, WIDTH - LEFT, top, WIDTH - LEFT, c.y + 4);
    g_string_append_len(page, c.out->str, (gssize)c.out->len);
    g_string_append(page, SVG_END);
    g_string_free(c.out, TRUE);
    g_array_unref(rungs);
}
