/* The catalogues of causes and texts as tables. See words.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tlswhy/words.h"

static const tw_cause_info causes[TW_N_CAUSES] = {
#define CAUSE(name, id, severity, title, reason, plain, meaning, ...) \
    [TW_CAUSE_##name] = { id, severity, title, reason, plain, meaning, { __VA_ARGS__ } },
#include "catalogue/causes.def"
#undef CAUSE
};

static const tw_confirmation confirmations[TW_N_CAUSES] = {
#define CONFIRM(name, filter, look) [TW_CAUSE_##name] = { filter, look },
#include "catalogue/confirm.def"
#undef CONFIRM
};

static const char *const texts[TW_N_TEXTS] = {
#define TEXT(name, template) [TW_TEXT_##name] = template,
#include "catalogue/texts.def"
#undef TEXT
};

const tw_cause_info *tw_cause_get(tw_cause cause)
{
    return &causes[cause];
}

const tw_confirmation *tw_cause_confirm(tw_cause cause)
{
    return &confirmations[cause];
}

const char *tw_text_template(tw_text text)
{
    return texts[text];
}
