/* `tshark -z tlswhy,causes[:OPTION]...`: the catalogue of causes, for people: id, meaning, how to confirm, what to
 * do. OPTIONs are color and width=N (print.h). The packets that are read do not matter.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_REPORT_CAUSES_H
#define TLSWHY_EPAN_REPORT_CAUSES_H

/* Makes the statistic known to the -z option; from the protocol's registration. */
void causes_register(void);

#endif
