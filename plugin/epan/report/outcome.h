/* What became of a connection, in the words that the report and the statistics share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_REPORT_OUTCOME_H
#define TLSWHY_EPAN_REPORT_OUTCOME_H

#include "connections.h"

/* Each connection has exactly one. A failure counts more than a completed handshake: an established session may be
 * aborted, or fail to renegotiate. */
typedef enum { OUTCOME_FAILED, OUTCOME_COMPLETED, OUTCOME_UNDECIDED, N_OUTCOMES } outcome;

outcome outcome_of(const connection *link);

/* The verdict that says why LINK failed, the first one if there are several; NULL: it did not fail. Lent. */
const tw_verdict *outcome_failure(const connection *link);

/* The direction of the client. A connection without a known client counts as begun by its first frame's sender. */
int outcome_client_dir(const connection *link);

/* Of that direction's sender: "192.0.2.1:443", or without the PORT "192.0.2.1". Caller frees. */
char *outcome_address_of(const connection *link, int dir, bool port);
/* The same by side. */
char *outcome_address(const connection *link, tw_side side, bool port);

/* The name that the client asked for, escaped; NULL: none, or no verdict needed it. Caller frees. */
char *outcome_server_name(const connection *link);

/* Those that show names of the connection do so in pseudonyms if the values of verdicts are (words.h). */

#endif
