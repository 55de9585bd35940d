/* The preferences. See preferences.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <wireshark.h>

#include <epan/prefs.h>
#include <wsutil/report_message.h>

#include "compat.h"
#include "preferences.h"

static const char *roots_file = "";
static tlswhy_pref_bool info_column = TRUE, notices = TRUE;
static int least_confidence = TW_POSSIBLE;
static unsigned silence = TW_PATIENCE_US / G_USEC_PER_SEC;
static unsigned client_patience = TW_CLIENT_PATIENCE_US / G_USEC_PER_SEC;

static tw_settings settings;
static tw__roots *roots;

void preferences_register(int proto)
{
    static const enum_val_t confidences[] = {
        { "possible", "possible", TW_POSSIBLE },
        { "likely", "likely", TW_LIKELY },
        { "proven", "proven", TW_PROVEN },
        { NULL, NULL, 0 },
    };
    module_t *module = prefs_register_protocol(proto, NULL);
    prefs_register_filename_preference(
        module, "trusted_roots", "Trusted roots (PEM file)",
        "Certificates that the failing side is supposed to trust. With it, a verdict says whether a chain ends at one "
        "of them. The file is only read.",
        &roots_file, FALSE);
    prefs_register_bool_preference(
        module, "info_column", "Tell failures in the Info column",
        "Adds the cause in brackets to the Info column of a frame that ends a handshake, as in "
        "\"Alert (Level: Fatal, Description: Unknown CA) [server left out an intermediate certificate]\".",
        &info_column);
    prefs_register_bool_preference(
        module, "notices", "Show what is no failure",
        "Also shows alerts that end nothing (warnings, close_notify) and closes without close_notify. They never count "
        "as failures.",
        &notices);
    prefs_register_enum_preference(
        module, "least_confidence", "Show causes that are at least",
        "Leaves out, in packet details, columns and expert infos, the verdicts that are less certain. Proven: bytes in "
        "this capture establish the cause. Likely: it fits best. Possible: it is one of several. Report and statistics "
        "always count all.",
        &least_confidence, confidences, FALSE);
    prefs_register_uint_preference(
        module, "silence", "Silence that is a failure (seconds)",
        "A handshake that stops, with neither alert nor close, has failed when the capture goes on for this long. "
        "0: the default, 3 seconds. Raise it where servers or people are slow.",
        10, &silence);
    prefs_register_uint_preference(
        module, "client_patience", "Client gave up waiting after (seconds)",
        "A client that closes an unanswered connection has waited in vain if it did so for this long; sooner, it "
        "changed its mind. 0: the default, 1 second.",
        10, &client_patience);
}

static void load_roots(void)
{
    char *error = NULL;
    if (!roots_file || !*roots_file)
        return;
    roots = tw__roots_load(roots_file, &error);
    if (!roots) {
        report_warning("tlswhy: %s: %s", roots_file, error);
        g_free(error);
    }
}

void preferences_take(void)
{
    load_roots();
    settings = (tw_settings){ .roots = roots,
                              .roots_file = roots_file,
                              .patience_us = (int64_t)silence * G_USEC_PER_SEC,
                              .client_patience_us = (int64_t)client_patience * G_USEC_PER_SEC };
}

void preferences_release(void)
{
    settings = (tw_settings){ 0 };
    g_clear_pointer(&roots, tw__roots_free);
}

const tw_settings *preferences_settings(void)
{
    return &settings;
}

bool preferences_info_column(void)
{
    return info_column;
}

bool preferences_wants(const tw_verdict *verdict)
{
    return verdict->failure ? (int)verdict->confidence >= least_confidence : notices;
}
