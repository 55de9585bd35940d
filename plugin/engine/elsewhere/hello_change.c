/* What of a ClientHello is another one on arrival, in words. See elsewhere.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "elsewhere/elsewhere.h"
#include "tls/messages.h"
#include "words/registries.h"

/* Takes over V. */
static void append_text(GString *list, tw_text form, tw_values *v)
{
    char *text = tw_text_new(form, v);
    g_string_append_printf(list, "%s%s", list->len ? ", " : "", text);
    g_free(text);
    tw_values_free(v);
}

static void append(GString *list, tw_text form, const char *what)
{
    tw_values *v = tw_values_new();
    tw_values_set(v, "what", what);
    append_text(list, form, v);
}

static void append_extensions(GString *list, const tw__list *in, const tw__list *out, tw_text form)
{
    for (unsigned i = 0; i < in->n; i++) {
        const char *name = tw__extension_name(in->v[i]);
        char *number = g_strdup_printf("0x%04x", in->v[i]);
        if (!tw__is_grease(in->v[i]) && !tw__list_has(out, in->v[i]))
            append(list, form, name ? name : number);
        g_free(number);
    }
}

static bool is_equal_list(const tw__list *a, const tw__list *b)
{
    return a->n == b->n && !memcmp(a->v, b->v, a->n * sizeof *a->v);
}

static void append_value(GString *list, tw_text what, const char *was, const char *is)
{
    tw_values *v = tw_values_new();
    tw_values_set_phrase(v, "what", what);
    tw_values_set(v, "was", was);
    tw_values_set(v, "is", is);
    append_text(list, TW_TEXT_CHANGE_VALUE, v);
}

static char *joined(const GPtrArray *texts)
{
    GString *all = g_string_new(NULL);
    for (unsigned i = 0; i < texts->len; i++)
        g_string_append_printf(all, "%s%s", i ? "," : "", (const char *)g_ptr_array_index(texts, i));
    return g_string_free(all, FALSE);
}

/* Extensions that both have, with another content. */
static void append_contents(GString *list, const tw__hello *a, const tw__hello *b)
{
    const struct {
        const tw__list *was, *is;
        uint16_t type;
    } lists[] = {
        { &a->versions, &b->versions, TW_EXT_SUPPORTED_VERSIONS },
        { &a->groups, &b->groups, TW_EXT_SUPPORTED_GROUPS },
        { &a->key_shares, &b->key_shares, TW_EXT_KEY_SHARE },
        { &a->sigalgs, &b->sigalgs, TW_EXT_SIGNATURE_ALGORITHMS },
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(lists); i++)
        if (lists[i].was->n && lists[i].is->n && !is_equal_list(lists[i].was, lists[i].is))
            append(list, TW_TEXT_CHANGE_EXTENSION, tw__extension_name(lists[i].type));
    if (a->sni && b->sni && strcmp(a->sni, b->sni) != 0)
        append_value(list, TW_TEXT_CHANGE_SNI, a->sni, b->sni);
    if (a->alpn && b->alpn) {
        char *was = joined(a->alpn), *is = joined(b->alpn);
        if (strcmp(was, is) != 0)
            append_value(list, TW_TEXT_CHANGE_ALPN, was, is);
        g_free(was);
        g_free(is);
    }
}

char *tw__hello_change(GBytes *sent, GBytes *came)
{
    gsize len;
    const uint8_t *body = g_bytes_get_data(sent, &len);
    tw__hello *a = tw__client_hello_read(body, len), *b;
    GString *list = g_string_new(NULL);
    body = g_bytes_get_data(came, &len);
    b = tw__client_hello_read(body, len);
    append_extensions(list, &a->extensions, &b->extensions, TW_TEXT_CHANGE_REMOVED);
    append_extensions(list, &b->extensions, &a->extensions, TW_TEXT_CHANGE_ADDED);
    if (memcmp(a->random, b->random, sizeof a->random) != 0)
        append(list, TW_TEXT_CHANGE_OTHER, tw_text_template(TW_TEXT_CHANGE_RANDOM));
    if (a->legacy_version != b->legacy_version)
        append(list, TW_TEXT_CHANGE_OTHER, tw_text_template(TW_TEXT_CHANGE_VERSION));
    if (!is_equal_list(&a->suites, &b->suites))
        append(list, TW_TEXT_CHANGE_OTHER, tw_text_template(TW_TEXT_CHANGE_SUITES));
    append_contents(list, a, b);
    if (!list->len)
        append(list, TW_TEXT_CHANGE_OTHER, tw_text_template(TW_TEXT_CHANGE_INSIDE));
    tw__hello_free(a);
    tw__hello_free(b);
    return g_string_free(list, FALSE);
}
