/* What became of a connection, as the report and the statistics need it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_REPORT_OUTCOME_H
#define TLSWHY_EPAN_REPORT_OUTCOME_H

#include "tlswhy/capture.h"

/* The verdict that says why CONN failed, the first one if there are several; NULL: it did not fail. Lent. */
const tw_verdict *outcome_failure(const tw_conn *conn);

/* The direction of the client. A connection without a known client counts as begun by its first frame's sender. */
int outcome_client_dir(const tw_conn *conn);

/* The endpoint of that direction: "192.0.2.1:443", or without the PORT "192.0.2.1". Caller frees. */
char *outcome_address_of(const tw_conn *conn, int dir, bool port);
/* The same by side. */
char *outcome_address(const tw_conn *conn, tw_side side, bool port);

#endif
