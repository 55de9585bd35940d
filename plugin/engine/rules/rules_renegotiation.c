/* Rules for renegotiations, and for alerts in a session that cannot be read. See rules.h for the columns.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rows.h"

/* clang-format off */
static const tw__rule rules[] = {
    /* ---- declined (RFC 5246 7.2.2); BoringSSL and Go send 100 fatal, wolfSSL and Java 10 ---- */
    /* proven: the peer asked, and the alert says no to nothing else */
    { "renegotiation-refused/100-asked", EITHER, ANY_PHASE, ALERTS(TW_ALERT_NO_RENEGOTIATION),
      tw__check_asked_renegotiation, 0, TW_CAUSE_RENEGOTIATION_REFUSED, TW_PROVEN },
    { "renegotiation-refused/100", EITHER, ANY_PHASE, ALERTS(TW_ALERT_NO_RENEGOTIATION), NULL, 0,
      TW_CAUSE_RENEGOTIATION_REFUSED, TW_LIKELY },
    { "renegotiation-insecure/again", EITHER, P(RENEGOTIATION),
      ALERTS(TW_ALERT_UNEXPECTED_MESSAGE, TW_ALERT_HANDSHAKE_FAILURE), tw__check_no_renegotiation_info, 0,
      TW_CAUSE_RENEGOTIATION_INSECURE, TW_LIKELY },
    { "renegotiation-refused/asked", EITHER, P(RENEGOTIATION),
      ALERTS(TW_ALERT_UNEXPECTED_MESSAGE, TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_INTERNAL_ERROR),
      tw__check_asked_renegotiation, 0, TW_CAUSE_RENEGOTIATION_REFUSED, TW_LIKELY },
    { "renegotiation-refused/encrypted", EITHER, P(RENEGOTIATION), ENCRYPTED, tw__check_opaque_hello, 0,
      TW_CAUSE_RENEGOTIATION_REFUSED, TW_LIKELY },

    /* ---- two alerts of one side in a session, of which the first was no close_notify ---- */
    { "session-aborted/encrypted", EITHER, P(ESTABLISHED), ALERTS(TW_EVENT_ABORTED), NULL, 0,
      TW_CAUSE_SESSION_ABORTED, TW_LIKELY },
};
/* clang-format on */

const tw__rules tw__rules_renegotiation = { rules, G_N_ELEMENTS(rules) };
