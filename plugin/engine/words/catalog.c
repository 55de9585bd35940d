/* The catalogues of causes and texts as tables. See words.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tlswhy/words.h"

static const tw_cause_info causes[TW_N_CAUSES] = {
#define CAUSE(name, ...) [TW_CAUSE_##name] = { __VA_ARGS__ },
#include "catalogue/causes.def"
#undef CAUSE
};

static const char *const family_names[] = {
    [TW_SERVER_CERTIFICATE] = "server-certificate",
    [TW_CLIENT_CERTIFICATE] = "client-certificate",
    [TW_NEGOTIATION] = "negotiation",
    [TW_MESSAGES] = "messages",
    [TW_NO_ALERT] = "no-alert",
    [TW_SESSION] = "session",
};

G_STATIC_ASSERT(G_N_ELEMENTS(family_names) == TW_N_FAMILIES);

static const char *const texts[TW_N_TEXTS] = {
#define TEXT(name, template) [TW_TEXT_##name] = template,
#include "catalogue/texts.def"
#undef TEXT
};

const tw_cause_info *tw_cause_get(tw_cause cause)
{
    return &causes[cause];
}

const char *tw_family_name(tw_family family)
{
    return (size_t)family < G_N_ELEMENTS(family_names) ? family_names[family] : "unknown";
}

const char *tw_text_template(tw_text text)
{
    return texts[text];
}

char *tw_text_new(tw_text text, const tw_values *v)
{
    return tw_text_expand(texts[text], v);
}

void tw_values_set_phrase(tw_values *v, const char *name, tw_text text)
{
    char *phrase = tw_text_new(text, v);
    tw_values_set_text(v, name, phrase);
    g_free(phrase);
}

void tw_values_set_count(tw_values *v, const char *name, unsigned n, tw_text one, tw_text many)
{
    tw_values *number = tw_values_new();
    char *phrase;
    tw_values_setf(number, "n", "%u", n);
    phrase = tw_text_new(n == 1 ? one : many, number);
    tw_values_set_text(v, name, phrase);
    g_free(phrase);
    tw_values_free(number);
}
