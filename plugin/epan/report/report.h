/* `tshark -z tlswhy,report[:OPTION]...[,FILTER]`: why connections failed, and how many did what.
 *
 * FILTER, a display filter, chooses frames; a connection counts when the filter matches the frame where it begins or one
 * that a verdict stands on. OPTIONs, which the command `tlswhy` makes use of:
 *
 *   all           in the text, a line for every failed connection, where otherwise equal failures are one group
 *   json          one JSON object for each failed connection, in a line of its own (report_json.c documents it);
 *                 the line that counts goes to the standard error output
 *   anonymize     pseudonyms for names and addresses (words.h), in all verdicts of this process
 *   color         colours, by escape sequences
 *   width=N       columns of a line of text; 80 without it
 *   progress=FD   writes to this file descriptor how far the reading is, from the second second on
 *   size=BYTES    of the capture file, to tell the progress in percent
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_REPORT_REPORT_H
#define TLSWHY_EPAN_REPORT_REPORT_H

/* Makes the statistic known to the -z option; from the protocol's registration. */
void report_register(void);

#endif
