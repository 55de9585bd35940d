/* `tshark -z tlswhy,report[,FILTER]`: every failed connection in plain text, and a count at the end.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_REPORT_H
#define TLSWHY_REPORT_H

/* Makes the statistic known to the -z option; from the protocol's registration. */
void report_register(void);

#endif
