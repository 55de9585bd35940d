/* `tshark -l -q -r - -z tlswhy,follow[:OPTION]...[,FILTER]`: a line for each failure as soon as its frame, or the silence
 * that it is, was captured; at the end, the counts. OPTIONs are json, anonymize and color (report.h).
 *
 * A silence counts when the capture's clock has passed the limit. What comes later may revise what was said: then a second
 * line says so.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_REPORT_FOLLOW_H
#define TLSWHY_EPAN_REPORT_FOLLOW_H

/* Makes the statistic known to the -z option; from the protocol's registration. */
void follow_register(void);

#endif
