/* Statistics > TLS Failures, and `tshark -z tlswhy,tree[,FILTER]`: what connections did, by cause, server, client, phase
 * and time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_SHOW_STATISTICS_H
#define TLSWHY_EPAN_SHOW_STATISTICS_H

/* Makes the statistic known to menu and -z option; from the protocol's registration. */
void statistics_register(void);

/* At the end of the capture: takes account of what only shows there. After connections_end(). */
void statistics_finish(void);

/* Before the connections of a capture file are freed. */
void statistics_forget(void);

#endif
