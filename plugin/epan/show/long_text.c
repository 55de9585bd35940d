/* Long texts. See long_text.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "show/long_text.h"

#include <string.h>

#define LABEL_MAX (ITEM_LABEL_LENGTH - 1)
#define PART_MIN  60     /* a shorter part, for the sake of a blank, makes too many of them */
#define MORE      " ..." /* there is more below */

static int ett_rest = -1;

void long_text_register(void)
{
    static int *ett[] = { &ett_rest };
    proto_register_subtree_array(ett, array_length(ett));
}

/* Bytes of TEXT that stand in ROOM bytes: up to a blank or, in a long word, up to a separator or a character. */
static size_t part_of(const char *text, size_t room)
{
    size_t n = strlen(text), at;
    if (n <= room)
        return n;
    for (at = room; at > PART_MIN && text[at] != ' '; at--)
        ;
    if (text[at] == ' ')
        return at;
    for (at = room; at > PART_MIN && !strchr(":;,/", text[at - 1]); at--)
        ;
    if (at > PART_MIN)
        return at;
    return (size_t)(g_utf8_find_prev_char(text, text + room + 1) - text);
}

static void add_rest(proto_item *item, tvbuff_t *tvb, const char *rest)
{
    proto_tree *tree = proto_item_add_subtree(item, ett_rest);
    while (*rest) {
        size_t n = part_of(rest, LABEL_MAX);
        proto_item *part;
        proto_tree_add_subtree_format(tree, tvb, 0, 0, ett_rest, &part, "%.*s", (int)n, rest);
        proto_item_set_generated(part);
        rest += n + (rest[n] == ' ');
    }
}

proto_item *long_text_add(proto_tree *tree, int hf, tvbuff_t *tvb, const char *text, const char *suffix)
{
    const char *name = proto_registrar_get_nth((guint)hf)->name;
    size_t others = strlen(name) + strlen(": ") + (suffix ? strlen(suffix) : 0), n;
    proto_item *item;
    if (others + strlen(text) <= LABEL_MAX) {
        item = proto_tree_add_string(tree, hf, tvb, 0, 0, text);
        if (suffix)
            proto_item_append_text(item, "%s", suffix);
        proto_item_set_generated(item);
        return item;
    }
    n = part_of(text, LABEL_MAX - others - strlen(MORE));
    item = proto_tree_add_string_format(tree, hf, tvb, 0, 0, text, "%s: %.*s" MORE "%s", name, (int)n, text,
                                        suffix ? suffix : "");
    proto_item_set_generated(item);
    if (item)
        add_rest(item, tvb, text + n + (text[n] == ' '));
    return item;
}

char *long_text_begin(const char *text, size_t before)
{
    size_t n;
    if (before + strlen(text) <= LABEL_MAX)
        return g_strdup(text);
    n = part_of(text, LABEL_MAX - before - strlen(MORE));
    return g_strdup_printf("%.*s" MORE, (int)n, text);
}
