/* What a client offers, in words. See offers.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict/offers.h"

#include "words/shared.h"
#include "tlswhy/words.h"

#define SHOWN 4 /* names of a list that a sentence bears */

static char *with_more(GString *list, unsigned more)
{
    tw_values *v;
    char *text;
    if (!more)
        return g_string_free(list, FALSE);
    v = tw_values_new();
    tw_values_set_text(v, "list", list->str);
    tw_values_setf(v, "more", "%u", more);
    text = tw_text_expand(tw_text_template(TW_TEXT_LIST_MORE), v);
    tw_values_free(v);
    g_string_free(list, TRUE);
    return text;
}

char *tw__list_text(const tw__list *list, const char *(*name_of)(uint16_t), unsigned most)
{
    GString *s = g_string_new(NULL);
    unsigned shown = 0, more = 0;
    for (unsigned i = 0; i < list->n; i++) {
        const char *name;
        if (tw__is_grease(list->v[i]))
            continue;
        if (shown == most) {
            more++;
            continue;
        }
        name = name_of(list->v[i]);
        if (shown++)
            g_string_append(s, ", ");
        if (name)
            g_string_append(s, name);
        else
            g_string_append_printf(s, "0x%04x", list->v[i]);
    }
    return with_more(s, more);
}

static void set_list(tw_values *v, const char *key, const tw__list *list, const char *(*name_of)(uint16_t))
{
    char *text;
    if (!list->n)
        return;
    text = tw__list_text(list, name_of, SHOWN);
    tw_values_set_text(v, key, *text ? text : NULL);
    g_free(text);
}

/* Versions: the list where there is one, else "up to X" is all that a hello says. */
static void set_versions(tw_values *v, const tw__hello *hello)
{
    const char *max = tw__version_name(hello->version);
    tw_values_set(v, "offered_max", max);
    if (hello->versions.n)
        set_list(v, "offered_versions", &hello->versions, tw__version_name);
    else if (max)
        tw_values_set_phrase(v, "offered_versions", hello->sslv2 ? TW_TEXT_AT_MOST_SSLV2 : TW_TEXT_AT_MOST);
}

static void set_suites(tw_values *v, const tw__hello *hello)
{
    tw__list real = { g_new(uint16_t, hello->suites.n + 1), 0 };
    for (unsigned i = 0; i < hello->suites.n; i++)
        if (!tw__is_signalling(hello->suites.v[i]) && !tw__is_grease(hello->suites.v[i]))
            real.v[real.n++] = hello->suites.v[i];
    tw_values_set_count(v, "n_suites", real.n, TW_TEXT_ONE_SUITE, TW_TEXT_N_SUITES);
    set_list(v, "offered_suites", &real, tw__suite_name);
    g_free(real.v);
}

static void set_alpn(tw_values *v, const tw__hello *hello)
{
    GString *s;
    if (!hello->alpn || !hello->alpn->len)
        return;
    s = g_string_new(NULL);
    for (unsigned i = 0; i < hello->alpn->len && i < SHOWN; i++)
        g_string_append_printf(s, "%s%s", i ? ", " : "", (const char *)g_ptr_array_index(hello->alpn, i));
    {
        char *text = with_more(s, hello->alpn->len > SHOWN ? hello->alpn->len - SHOWN : 0);
        tw_values_set_text(v, "offered_alpn", text);
        g_free(text);
    }
}

static bool is_plain_name(const char *name)
{
    if (!*name)
        return false;
    for (; *name; name++)
        if (!g_ascii_isalnum(*name) && *name != '.' && *name != '-' && *name != '_')
            return false;
    return true;
}

static void set_name(tw_values *v, const tw__hello *hello)
{
    char *text;
    if (hello->sni) {
        /* into a command to copy goes only what a shell takes literally */
        if (is_plain_name(hello->sni))
            tw_values_setf(v, "sname_option", " -servername %s", tw_values_get(v, "server_name"));
        else
            tw_values_set(v, "sname_option", "");
    } else {
        tw_values_set(v, "sname_option", "");
    }
    text = tw_text_expand(tw_text_template(hello->sni ? TW_TEXT_EV_FOR_NAME : TW_TEXT_EV_NO_NAME), v);
    tw_values_set_text(v, "for_name", text);
    g_free(text);
}

void tw__offers_brief(const tw__hello *hello, tw_values *v)
{
    set_versions(v, hello);
    set_alpn(v, hello);
    if (hello->sni)
        tw_values_set_private(v, "server_name", TW_PRIVATE_HOST, hello->sni);
}

static void fill(const void *data, tw_values *v)
{
    const tw__hello *hello = data;
    tw__offers_brief(hello, v);
    set_suites(v, hello);
    set_list(v, "offered_groups", &hello->groups, tw__group_name);
    set_list(v, "offered_sigalgs", &hello->sigalgs, tw__scheme_name);
    set_name(v, hello);
}

void tw__offers_values(const tw__hello *hello, tw_values *v)
{
    static const char *const names[] = {
        "offered_max",    "offered_versions", "offered_alpn", "n_suites", "offered_suites",
        "offered_groups", "offered_sigalgs",  "sname_option", "for_name", NULL
    };
    if (hello->sni) /* at once: pseudonyms have the order in which the names are come upon */
        tw_values_set_private(v, "server_name", TW_PRIVATE_HOST, hello->sni);
    tw__values_set_source(v, names, fill, hello);
}
