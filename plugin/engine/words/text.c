/* Values, template expansion and escaping (words.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "words/shared.h"
#include "tlswhy/words.h"

#include <stdio.h>
#include <string.h>

/* ---- escaping ---- */

#define ESCAPE_MAX 16 /* the longest escape is "\u{10ffff}" */
#define DOTS       "..."
#define DN_SPECIAL "\\,+\"<>;=# "

/* The length of an escape at BYTES, or 0: one of ours ("\x1b", "\u{202e}"), or one of RFC 4514 ("\,"),
 * as it stands in every other company's name. */
static size_t escape_length(const char *bytes, size_t len)
{
    size_t i = 3;

    if (len < 2 || bytes[0] != '\\')
        return 0;
    if (strchr(DN_SPECIAL, bytes[1]) && bytes[1])
        return 2;
    if (len < 4)
        return 0;
    if (bytes[1] == 'x')
        return g_ascii_isxdigit(bytes[2]) && g_ascii_isxdigit(bytes[3]) ? 4 : 0;
    if (bytes[1] != 'u' || bytes[2] != '{')
        return 0;
    while (i < len && i < strlen("\\u{10ffff") && g_ascii_isxdigit(bytes[i]))
        i++;
    return i > 3 && i < len && bytes[i] == '}' ? i + 1 : 0;
}

/* GLib counts the bidirectional controls as format characters, so they are not "printable". */
static bool shown_as_is(gunichar c)
{
    GUnicodeType type;

    if (!g_unichar_isprint(c))
        return false;
    type = g_unichar_type(c);
    return type != G_UNICODE_LINE_SEPARATOR && type != G_UNICODE_PARAGRAPH_SEPARATOR && type != G_UNICODE_PRIVATE_USE;
}

static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7f && byte != '\\';
}

/* Writes the shown form of the character at BYTES to OUT (NUL-terminated); returns how many
 * bytes of the input it stands for. */
static size_t shown_form(const char *bytes, size_t len, char out[ESCAPE_MAX])
{
    unsigned char byte = (unsigned char)bytes[0];
    gunichar c;
    size_t width;

    if (byte < 0x80) {
        snprintf(out, ESCAPE_MAX, "\\x%02x", byte);
        return 1;
    }
    c = g_utf8_get_char_validated(bytes, (gssize)MIN(len, 6));
    if (c == (gunichar)-1 || c == (gunichar)-2) {
        snprintf(out, ESCAPE_MAX, "\\x%02x", byte);
        return 1;
    }
    width = (size_t)g_unichar_to_utf8(c, NULL);
    if (shown_as_is(c)) {
        memcpy(out, bytes, width);
        out[width] = '\0';
    } else {
        snprintf(out, ESCAPE_MAX, "\\u{%04x}", c);
    }
    return width;
}

/* OURS: escapes that already stand in the text are kept, so that escaping twice does no harm. */
static char *escape(const char *bytes, size_t len, size_t max, bool ours)
{
    GString *out;
    size_t i = 0;

    while (i < len && i < max && is_plain((unsigned char)bytes[i])) /* nearly all there is */
        i++;
    if (i == len)
        return g_strndup(bytes, len);
    out = g_string_sized_new(MIN(len, max) + sizeof DOTS);
    g_string_append_len(out, bytes, (gssize)i);
    while (i < len) {
        char form[ESCAPE_MAX];
        size_t taken;

        if (is_plain((unsigned char)bytes[i]) && out->len < max) {
            g_string_append_c(out, bytes[i++]);
            continue;
        }
        taken = ours ? escape_length(bytes + i, len - i) : 0;
        if (taken > 0) {
            memcpy(form, bytes + i, taken);
            form[taken] = '\0';
        } else {
            taken = shown_form(bytes + i, len - i, form);
        }
        if (out->len + strlen(form) > max) {
            g_string_append(out, DOTS);
            break;
        }
        g_string_append(out, form);
        i += taken;
    }
    return g_string_free(out, FALSE);
}

char *tw_escape(const char *bytes, gssize len, size_t max)
{
    if (!bytes)
        return g_strdup("");
    return escape(bytes, len < 0 ? strlen(bytes) : (size_t)len, max, false);
}

char *tw_hex(const char *before, const uint8_t *bytes, size_t len)
{
    GString *out = g_string_new(before);
    for (size_t i = 0; i < len; i++)
        g_string_append_printf(out, "%02x", bytes[i]);
    return g_string_free(out, FALSE);
}

/* ---- values ---- */

#define ENTRIES_USUAL  8
#define SENTENCE_USUAL 128

typedef struct {
    const char *name;
    char *value; /* NULL: taken out, though the ones below have it */
} entry;

struct tw_values {
    tw_anonymizer *anonymizer; /* lent, or NULL */
    const tw_values *below;    /* lent, or NULL: what is not set here may be there */
    entry *entries;            /* few, so searched one by one */
    unsigned n_entries, room;
    struct source *source; /* NULL: none */
};

/* tw__values_set_source() */
struct source {
    const char *const *names;
    tw__fill *fill;
    const void *data;
    tw_values *values; /* what it filled; NULL: not yet */
};

tw_values *tw_values_new(void)
{
    return tw_values_new_private(NULL);
}

tw_values *tw_values_new_private(tw_anonymizer *anonymizer)
{
    tw_values *v = g_new0(tw_values, 1);
    v->anonymizer = anonymizer;
    return v;
}

tw_values *tw_values_new_above(const tw_values *below)
{
    tw_values *v = tw_values_new_private(below->anonymizer);
    v->below = below;
    return v;
}

void tw_values_free(tw_values *v)
{
    if (!v)
        return;
    for (unsigned i = 0; i < v->n_entries; i++)
        g_free(v->entries[i].value);
    g_free(v->entries);
    if (v->source)
        tw_values_free(v->source->values);
    g_free(v->source);
    g_free(v);
}

void tw__values_set_source(tw_values *v, const char *const *names, tw__fill *fill, const void *data)
{
    v->source = g_new0(struct source, 1);
    v->source->names = names;
    v->source->fill = fill;
    v->source->data = data;
}

static entry *find_in(const tw_values *v, const char *name, size_t name_len)
{
    for (unsigned i = 0; i < v->n_entries; i++) {
        entry *e = &v->entries[i];
        if (e->name[0] == name[0] && strncmp(e->name, name, name_len) == 0 && e->name[name_len] == '\0')
            return e;
    }
    return NULL;
}

static const tw_values *filled(struct source *source, tw_anonymizer *anonymizer)
{
    if (!source->values) {
        source->values = tw_values_new_private(anonymizer);
        source->fill(source->data, source->values);
    }
    return source->values;
}

static const entry *find_in_source(const tw_values *v, const char *name, size_t name_len)
{
    for (const char *const *n = v->source ? v->source->names : NULL; n && *n; n++)
        if (strncmp(*n, name, name_len) == 0 && (*n)[name_len] == '\0')
            return find_in(filled(v->source, v->anonymizer), name, name_len);
    return NULL;
}

/* NULL: it is not set. */
static const char *find(const tw_values *v, const char *name, size_t name_len)
{
    for (; v; v = v->below) {
        const entry *e = find_in(v, name, name_len);
        if (!e)
            e = find_in_source(v, name, name_len);
        if (e)
            return e->value;
    }
    return NULL;
}

/* Takes VALUE. */
static void put(tw_values *v, const char *name, char *value)
{
    entry *e = find_in(v, name, strlen(name));

    if (e) {
        g_free(e->value);
        e->value = value;
        return;
    }
    if (v->n_entries == v->room) {
        v->room = v->room ? 2 * v->room : ENTRIES_USUAL;
        v->entries = g_renew(entry, v->entries, v->room);
    }
    v->entries[v->n_entries++] = (entry){ name, value };
}

static void take_out(tw_values *v, const char *name)
{
    if (find(v, name, strlen(name)))
        put(v, name, NULL);
}

/* A text that an earlier tw_escape() or tw_values_set() cut keeps the form it has. */
static size_t limit_for(const char *value, size_t len)
{
    size_t dots = strlen(DOTS);

    return len <= TW_VALUE_MAX + dots && g_str_has_suffix(value, DOTS) ? TW_VALUE_MAX + dots : TW_VALUE_MAX;
}

void tw_values_set(tw_values *v, const char *name, const char *value)
{
    size_t len;

    if (!v)
        return;
    if (!value) {
        take_out(v, name);
        return;
    }
    len = strlen(value);
    put(v, name, escape(value, len, limit_for(value, len), true));
}

void tw_values_set_text(tw_values *v, const char *name, const char *text)
{
    if (v && text)
        put(v, name, g_strdup(text));
    else if (v)
        take_out(v, name);
}

void tw_values_setf(tw_values *v, const char *name, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    tw_values_set(v, name, text);
    g_free(text);
}

void tw_values_set_duration(tw_values *v, const char *name, int64_t us)
{
    double ms = (double)ABS(us) / 1000;
    if (ms < 1000)
        tw_values_setf(v, name, ms < 10 ? "%.2f ms" : "%.1f ms", ms);
    else
        tw_values_setf(v, name, "%.1f s", ms / 1000);
}

void tw_values_add_all(tw_values *v, const tw_values *from)
{
    if (!v || !from || v == from)
        return;
    tw_values_add_all(v, from->below);
    if (from->source)
        tw_values_add_all(v, filled(from->source, from->anonymizer));
    for (unsigned i = 0; i < from->n_entries; i++) {
        const entry *e = &from->entries[i];
        if (e->value)
            put(v, e->name, g_strdup(e->value));
        else
            take_out(v, e->name);
    }
}

const char *tw_values_get(const tw_values *v, const char *name)
{
    return find(v, name, strlen(name));
}

/* ---- templates ---- */

/* The length of a placeholder "{name}" at TEXT, or 0: a brace that opens none is text. */
static size_t placeholder_length(const char *text)
{
    size_t i = 1;

    if (text[0] != '{')
        return 0;
    while (g_ascii_isalpha(text[i]) || g_ascii_isdigit(text[i]) || text[i] == '_')
        i++;
    return i > 1 && text[i] == '}' ? i + 1 : 0;
}

bool tw_text_complete(const char *template, const tw_values *v)
{
    while ((template = strchr(template, '{'))) {
        size_t len = placeholder_length(template);

        if (len > 0 && !find(v, template + 1, len - 2))
            return false;
        template += len > 0 ? len : 1;
    }
    return true;
}

char *tw_text_expand(const char *template, const tw_values *v)
{
    GString *out = g_string_sized_new(SENTENCE_USUAL);

    while (*template) {
        size_t len = placeholder_length(template);

        if (len > 0) {
            const char *value = find(v, template + 1, len - 2);
            g_string_append(out, value ? value : "?");
            template += len;
        } else {
            len = 1 + strcspn(template + 1, "{");
            g_string_append_len(out, template, (gssize)len);
            template += len;
        }
    }
    return g_string_free(out, FALSE);
}

void tw_values_set_private(tw_values *v, const char *name, tw_private kind, const char *value)
{
    char *text = v ? tw_private_text(v->anonymizer, kind, g_strdup(value)) : NULL;
    tw_values_set(v, name, text);
    g_free(text);
}
