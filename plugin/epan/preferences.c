/* The preferences. See preferences.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include <epan/prefs.h>

#include "preferences.h"
#include "tlswhy/words.h"

static const char *roots_file = "", *remembered = "";
static tlswhy_pref_bool info_column = TRUE, notices = TRUE;
static int least_confidence = TW_POSSIBLE;
static unsigned silence = TW_PATIENCE_US / G_USEC_PER_SEC;
static unsigned client_patience = TW_CLIENT_PATIENCE_US / G_USEC_PER_SEC;

void preferences_register(int proto)
{
    static const enum_val_t confidences[] = {
        { "possible", "possible", TW_POSSIBLE },
        { "likely", "likely", TW_LIKELY },
        { "proven", "proven", TW_PROVEN },
        { NULL, NULL, 0 },
    };
    module_t *module = prefs_register_protocol(proto, NULL);
    prefs_register_filename_preference(module, "trusted_roots", tw_text_template(TW_TEXT_PREF_ROOTS),
                                       tw_text_template(TW_TEXT_PREF_ROOTS_HELP), &roots_file, FALSE);
    prefs_register_filename_preference(module, "remembered", tw_text_template(TW_TEXT_PREF_REMEMBERED),
                                       tw_text_template(TW_TEXT_PREF_REMEMBERED_HELP), &remembered, FALSE);
    prefs_register_bool_preference(module, "info_column", tw_text_template(TW_TEXT_PREF_INFO),
                                   tw_text_template(TW_TEXT_PREF_INFO_HELP), &info_column);
    prefs_register_bool_preference(module, "notices", tw_text_template(TW_TEXT_PREF_NOTICES),
                                   tw_text_template(TW_TEXT_PREF_NOTICES_HELP), &notices);
    prefs_register_enum_preference(module, "least_confidence", tw_text_template(TW_TEXT_PREF_LEAST),
                                   tw_text_template(TW_TEXT_PREF_LEAST_HELP), &least_confidence, confidences, FALSE);
    prefs_register_uint_preference(module, "silence", tw_text_template(TW_TEXT_PREF_SILENCE),
                                   tw_text_template(TW_TEXT_PREF_SILENCE_HELP), 10, &silence);
    prefs_register_uint_preference(module, "client_patience", tw_text_template(TW_TEXT_PREF_PATIENCE),
                                   tw_text_template(TW_TEXT_PREF_PATIENCE_HELP), 10, &client_patience);
}

tw_settings preferences_settings(void)
{
    return (tw_settings){ .trusted_roots = roots_file,
                          .patience_us = (int64_t)silence * G_USEC_PER_SEC,
                          .client_patience_us = (int64_t)client_patience * G_USEC_PER_SEC };
}

const char *preferences_remembered(void)
{
    return remembered;
}

bool preferences_info_column(void)
{
    return info_column;
}

bool preferences_wants(const tw_verdict *verdict)
{
    return verdict->failure ? (int)verdict->confidence >= least_confidence : notices;
}
