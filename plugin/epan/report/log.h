/* `tshark -z tlswhy,log[:OPTION]...`: reads lines of programs' logs from the standard input, and explains those of failed
 * handshakes, equal ones once. OPTIONs are color and width=N (print.h). The packets that are read do not matter.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_REPORT_LOG_H
#define TLSWHY_EPAN_REPORT_LOG_H

/* Makes the statistic known to the -z option; from the protocol's registration. */
void log_register(void);

#endif
