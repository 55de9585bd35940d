/* Rules for what any side may find wrong, and what is left when no other row holds. See rules.h for the columns.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rows.h"

/* clang-format off */
static const tw__rule rules[] = {
    /* ---- messages and records; Java says 40, Mbed TLS 50 of a message in the wrong place ---- */
    /* proven: the alert says that a message does not parse, and there is one that does not */
    { "message-malformed/50-flaw", EITHER, AFTER_HELLO, ALERTS(TW_ALERT_DECODE_ERROR), tw__check_flaw, 0,
      TW_CAUSE_MESSAGE_MALFORMED, TW_PROVEN },
    /* the sender may object to an earlier message */
    { "message-malformed/flaw", EITHER, AFTER_HELLO,
      ALERTS(TW_ALERT_ILLEGAL_PARAMETER, TW_ALERT_UNEXPECTED_MESSAGE, TW_ALERT_HANDSHAKE_FAILURE), tw__check_flaw, 0,
      TW_CAUSE_MESSAGE_MALFORMED, TW_LIKELY },
    { "message-unexpected/order", EITHER, AFTER_HELLO, ALERTS(TW_ALERT_UNEXPECTED_MESSAGE, TW_ALERT_DECODE_ERROR),
      tw__check_order, 0, TW_CAUSE_MESSAGE_UNEXPECTED, TW_LIKELY },
    { "record-corrupt/20-21", EITHER, ANY_PHASE, ALERTS(TW_ALERT_BAD_RECORD_MAC, TW_ALERT_DECRYPTION_FAILED), NULL, 0,
      TW_CAUSE_RECORD_CORRUPT, TW_LIKELY },
    { "record-overflow/22-length", EITHER, ANY_PHASE, ALERTS(TW_ALERT_RECORD_OVERFLOW), tw__check_overlong, 0,
      TW_CAUSE_RECORD_OVERFLOW, TW_LIKELY },
    { "record-overflow/22", EITHER, ANY_PHASE, ALERTS(TW_ALERT_RECORD_OVERFLOW), NULL, 0, TW_CAUSE_RECORD_OVERFLOW,
      TW_LIKELY },
    { "extension-missing/109", EITHER, ANY_PHASE, ALERTS(TW_ALERT_MISSING_EXTENSION), NULL, 0,
      TW_CAUSE_EXTENSION_MISSING, TW_LIKELY },
    { "message-unexpected/10", EITHER, HELLO | AFTER_HELLO | P(BEFORE_HELLO), ALERTS(TW_ALERT_UNEXPECTED_MESSAGE),
      NULL, 0, TW_CAUSE_MESSAGE_UNEXPECTED, TW_LIKELY },
    { "message-malformed/50-30", EITHER, HELLO | AFTER_HELLO,
      ALERTS(TW_ALERT_DECODE_ERROR, TW_ALERT_DECOMPRESSION_FAILURE), NULL, 0, TW_CAUSE_MESSAGE_MALFORMED, TW_LIKELY },
    { "ems-required/80-at-key", EITHER, P(SERVER_FLIGHT) | P(CLIENT_FLIGHT), ALERTS(TW_ALERT_INTERNAL_ERROR),
      tw__check_no_ems_at_key, 0, TW_CAUSE_EMS_REQUIRED, TW_POSSIBLE },
    { "internal-error/80-117", EITHER, HELLO | AFTER_HELLO | P(BEFORE_HELLO),
      ALERTS(TW_ALERT_INTERNAL_ERROR, TW_ALERT_GENERAL_ERROR), NULL, 0, TW_CAUSE_INTERNAL_ERROR, TW_LIKELY },

    /* ---- nothing closer ---- */
    { "handshake-refused/unsaid", EITHER, ANY_PHASE, UNSAID, NULL, 0, TW_CAUSE_HANDSHAKE_REFUSED, TW_LIKELY },
    { "session-aborted/any", EITHER, P(ESTABLISHED), ANY_EVENT, NULL, 0, TW_CAUSE_SESSION_ABORTED, TW_LIKELY },
    { "handshake-refused/any", EITHER, ANY_PHASE, ANY_EVENT, NULL, 0, TW_CAUSE_HANDSHAKE_REFUSED, TW_POSSIBLE },
};
/* clang-format on */

const tw__rules tw__rules_any_side = { rules, G_N_ELEMENTS(rules) };
