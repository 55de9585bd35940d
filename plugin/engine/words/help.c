/* Help on causes. See words.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tlswhy/verdict.h"

static void add_line(GString *out, tw_text text, const tw_values *values)
{
    char *line = tw_text_expand(tw_text_template(text), values);
    g_string_append(out, line);
    g_string_append_c(out, '\n');
    g_free(line);
}

static void add_heading(GString *out, tw_text text)
{
    g_string_append_c(out, '\n');
    add_line(out, text, NULL);
}

static void add_text(GString *out, const char *text, tw_values *values)
{
    tw_values_set_text(values, "text", text);
    add_line(out, TW_TEXT_HELP_LINE, values);
}

static void add_texts(GString *out, tw_text heading, const GPtrArray *texts, tw_values *values)
{
    if (!texts || !texts->len)
        return;
    add_heading(out, heading);
    for (unsigned i = 0; i < texts->len; i++)
        add_text(out, g_ptr_array_index(texts, i), values);
}

static void add_evidence(GString *out, const tw_verdict *v, tw_frame_number *number, tw_values *values)
{
    const tw_evidence *e;
    for (unsigned i = 0; (e = tw_verdict_evidence(v, i)); i++) {
        uint32_t frame = number(e->frame);
        tw_values_setf(values, "frame", "%u", frame);
        tw_values_set_text(values, "text", e->text);
        add_line(out, frame ? TW_TEXT_HELP_EVIDENCE : TW_TEXT_HELP_LINE, values);
    }
}

/* What Wireshark names otherwise where no TCP carries TLS. */
static const struct {
    tw_carrier carrier;
    const char *in_tcp, *here;
} dialects[] = {
    { TW_CARRIER_UDP, "tls.", "dtls." },
    { TW_CARRIER_QUIC, "tls.alert_message", "quic.cc.error_code" },
};

/* The alternatives of FILTER that do not look at TCP, with HERE for each IN_TCP. Caller frees. */
static char *translate(const char *filter, const char *in_tcp, const char *here)
{
    GString *kept = g_string_new(NULL);
    char **parts = g_strsplit(filter, " || ", -1), *translated;
    for (unsigned i = 0; parts[i]; i++)
        if (!g_str_has_prefix(parts[i], "tcp."))
            g_string_append_printf(kept, "%s%s", kept->len ? " || " : "", parts[i]);
    g_strfreev(parts);
    parts = g_strsplit(kept->str, in_tcp, -1);
    translated = g_strjoinv(here, parts);
    g_strfreev(parts);
    g_string_free(kept, TRUE);
    return translated;
}

/* A cause's FILTER for connections in CARRIER. Caller frees. */
static char *filter_in(tw_carrier carrier, const char *filter)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(dialects); i++)
        if (dialects[i].carrier == carrier)
            return translate(filter, dialects[i].in_tcp, dialects[i].here);
    return g_strdup(filter);
}

static void add_confirmation(GString *out, tw_cause cause, tw_carrier carrier, tw_values *values)
{
    char *filter = filter_in(carrier, tw_cause_get(cause)->filter);
    add_text(out, tw_cause_get(cause)->look, values);
    tw_values_set_text(values, "filter", filter);
    add_line(out, TW_TEXT_HELP_FILTER, values);
    g_free(filter);
}

char *tw_help_verdict(const tw_verdict *v, tw_carrier carrier, tw_frame_number *number)
{
    GString *out = g_string_new(NULL);
    tw_values *values = tw_values_new();
    bool known = v->cause < TW_N_CAUSES;
    tw_values_setf(values, "frame", "%u", number(v->frame));
    tw_values_set(values, "title", v->title);
    add_line(out, TW_TEXT_HELP_TITLE, values);
    add_text(out, v->reason, values);
    if (known) {
        tw_values_set(values, "cause", tw_cause_get(v->cause)->id);
        tw_values_set(values, "confidence", tw_confidence_name(v->confidence));
        add_line(out, v->failure ? TW_TEXT_HELP_CAUSE : TW_TEXT_HELP_NOTICE, values);
        add_heading(out, TW_TEXT_HELP_MEANING);
        add_text(out, tw_cause_get(v->cause)->meaning, values);
        add_heading(out, TW_TEXT_HELP_CONFIRM);
        add_evidence(out, v, number, values);
        add_confirmation(out, v->cause, carrier, values);
    }
    add_texts(out, TW_TEXT_HELP_MEND, v->hints, values);
    add_texts(out, TW_TEXT_HELP_LOGS, v->logs, values);
    tw_values_free(values);
    return g_string_free(out, FALSE);
}

static char *about_frame(uint32_t frame, tw_text text)
{
    tw_values *values = tw_values_new();
    char *said;
    tw_values_setf(values, "frame", "%u", frame);
    said = tw_text_new(frame ? text : TW_TEXT_HELP_NO_FRAME, values);
    tw_values_free(values);
    return said;
}

char *tw_help_no_verdict(uint32_t frame, bool of_connection)
{
    return about_frame(frame, of_connection ? TW_TEXT_HELP_NO_FAILURE : TW_TEXT_HELP_NO_VERDICT);
}

char *tw_help_no_stream(uint32_t frame)
{
    return about_frame(frame, TW_TEXT_HELP_NO_CONNECTION);
}

/* What stands in advice where a verdict would have its values. */
static tw_values *stand_ins(void)
{
    static const struct {
        const char *name, *value;
    } fixed[] = {
#define STAND_IN(name, value) { name, value },
#include "catalogue/stand_ins.def"
    };
    tw_values *v = tw_values_new();
    for (unsigned i = 0; i < G_N_ELEMENTS(fixed); i++)
        tw_values_set(v, fixed[i].name, fixed[i].value);
    tw_values_set(v, "expectation", tw_text_template(TW_TEXT_WORD_EXPECTS_CHAIN));
    tw_values_set(v, "description", tw_text_template(TW_TEXT_WORD_DESCRIPTION));
    tw_values_set_text(v, "late_checkers", tw_text_template(TW_TEXT_WORD_LATE_CHECKERS));
    return v;
}

typedef struct {
    tw_help_line *line;
    void *data;
    tw_values *values;
} teller;

static void tell_text(const teller *t, tw_text form, const char *template)
{
    char *text = tw_text_expand(template, t->values);
    tw_values_set_text(t->values, "text", text);
    t->line(form, t->values, t->data);
    g_free(text);
}

static void tell_cause(const teller *t, tw_cause number)
{
    const tw_cause_info *cause = tw_cause_get(number);
    tw_values_set_text(t->values, "cause", cause->id);
    tw_values_set_text(t->values, "title", cause->title);
    tw_values_set_text(t->values, "filter", cause->filter);
    t->line(TW_TEXT_HELP_CAUSE_TITLE, t->values, t->data);
    tell_text(t, TW_TEXT_HELP_CAUSE_MEANING, cause->meaning);
    tell_text(t, TW_TEXT_HELP_CAUSE_CONFIRM, cause->look);
    t->line(TW_TEXT_HELP_FILTER, t->values, t->data);
    for (const tw_hint *hint = cause->hints; hint->text; hint++)
        tell_text(t, TW_TEXT_HELP_CAUSE_HINT, hint->text);
}

void tw_help_cause(tw_cause cause, tw_help_line *line, void *data)
{
    teller t = { line, data, stand_ins() };
    tell_cause(&t, cause);
    tw_values_free(t.values);
}

static void append_line(tw_text form, const tw_values *values, void *out)
{
    add_line(out, form, values);
}

char *tw_help_causes(void)
{
    GString *out = g_string_new(NULL);
    for (unsigned i = 0; i < TW_N_CAUSES; i++) {
        if (i)
            g_string_append_c(out, '\n');
        tw_help_cause((tw_cause)i, append_line, out);
    }
    return g_string_free(out, FALSE);
}
