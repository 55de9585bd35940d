/* Rules for ends without a fatal alert. See rules.h for the columns.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rows.h"

/* clang-format off */
static const tw__rule rules[] = {
    /* ---- what a client must not take comes before its close: wolfSSL and others say nothing of it ---- */
    { "version-refused-by-client/end", C, ON_SERVER, ENDS, tw__check_version_choice, 0,
      TW_CAUSE_VERSION_REFUSED_BY_CLIENT, TW_LIKELY },
    { "cipher-refused-by-client/end", C, ON_SERVER, ENDS, tw__check_suite_choice, 0,
      TW_CAUSE_CIPHER_REFUSED_BY_CLIENT, TW_LIKELY },
    { "group-refused-by-client/end", C, ON_SERVER, ENDS, tw__check_group_choice, 0, TW_CAUSE_GROUP_REFUSED_BY_CLIENT,
      TW_LIKELY },
    { "group-no-overlap/retry-end", C, ON_SERVER, ENDS, tw__check_retry_without_group, 0, TW_CAUSE_GROUP_NO_OVERLAP,
      TW_LIKELY },
    { "version-refused-by-client/sentinel-end", C, ON_SERVER, ENDS, tw__check_sentinel, 0,
      TW_CAUSE_VERSION_REFUSED_BY_CLIENT, TW_LIKELY },
    { "server-cert-rejected/key-unusable-end", C, ON_SERVER, ENDS, tw__check_key_unusable, 0,
      TW_CAUSE_SERVER_CERT_REJECTED, TW_LIKELY },
    { "message-malformed/end", EITHER, HELLO | AFTER_HELLO, ENDS, tw__check_flaw, 0, TW_CAUSE_MESSAGE_MALFORMED,
      TW_LIKELY },
    /* some read on and stumble over what is in it */
    { "record-overflow/end", EITHER, HELLO | AFTER_HELLO, ENDS, tw__check_overlong, 0, TW_CAUSE_RECORD_OVERFLOW,
      TW_LIKELY },
    { "record-overflow/hidden", EITHER, HELLO | AFTER_HELLO, ENCRYPTED, tw__check_overlong, 0,
      TW_CAUSE_RECORD_OVERFLOW, TW_LIKELY },
    { "message-unexpected/end", C, ON_SERVER, ENDS, tw__check_order, 0, TW_CAUSE_MESSAGE_UNEXPECTED, TW_POSSIBLE },

    /* ---- no fault can be seen ---- */
    { "reset-after-client-hello/end", S, HELLO, RESET, tw__check_no_choice, 0, TW_CAUSE_RESET_AFTER_CLIENT_HELLO,
      TW_LIKELY },
    { "closed-after-client-hello/end", S, HELLO, CLOSED, tw__check_no_choice, 0, TW_CAUSE_CLOSED_AFTER_CLIENT_HELLO,
      TW_LIKELY },
    { "no-answer-to-client-hello/silence", EITHER, HELLO, SILENCE, tw__check_waited, 1,
      TW_CAUSE_NO_ANSWER_TO_CLIENT_HELLO, TW_LIKELY },
    { "reset-in-handshake/end", EITHER, ANY_PHASE, RESET, tw__check_last_message, 0,
      TW_CAUSE_RESET_IN_HANDSHAKE, TW_LIKELY },
    { "closed-in-handshake/end", EITHER, ANY_PHASE, CLOSED, tw__check_last_message, 0,
      TW_CAUSE_CLOSED_IN_HANDSHAKE, TW_LIKELY },
    { "stalled-in-handshake/silence", EITHER, ANY_PHASE, SILENCE, tw__check_waited, 0, TW_CAUSE_STALLED_IN_HANDSHAKE,
      TW_LIKELY },

    /* ---- alerts that end a handshake and are none of its faults ---- */
    /* proven: it is what the alert says */
    { "canceled-by-user/90", EITHER, ANY_PHASE, ALERTS(TW_ALERT_USER_CANCELED), NULL, 0, TW_CAUSE_CANCELED_BY_USER,
      TW_PROVEN },
    { "closed-in-handshake/0", EITHER, ANY_PHASE, ALERTS(TW_ALERT_CLOSE_NOTIFY), tw__check_last_message, 0,
      TW_CAUSE_CLOSED_IN_HANDSHAKE, TW_LIKELY },
};
/* clang-format on */

const tw__rules tw__rules_ends = { rules, G_N_ELEMENTS(rules) };
