/* `tshark -z tlswhy,report[:OPTION]...[,FILTER]`: why connections failed, and how many did what.
 *
 * FILTER, a display filter, selects the connections of which it matches any frame (selection.h). OPTIONs, which the command `tlswhy` makes use of:
 *
 *   all           in the text, a line for every failed connection, where otherwise equal failures are one group
 *   json          one JSON object for each failed connection, in a line of its own, and one that counts (json.c)
 *   full          in the text, all that is known of each failure; else what fits into 12 lines
 *   commands      in the text, the whole command that makes the client's offer again; else what of it failed
 *   stored        no report on this capture, but on those that were stored
 *   html          one page of HTML on the standard output
 *   ladder=CARRIER.N  in the place of the report, the steps of one connection: tcp.N or udp.N, by Wireshark's number of
 *                 its stream
 *   anonymize     pseudonyms for names and addresses (words.h), in all verdicts of this process
 *   color         colours, by escape sequences
 *   width=N       columns of a line of text; 80 without it
 *   progress=FD   writes to this file descriptor how far the reading is, from the second second on
 *   size=BYTES    of the capture file, to tell the progress in percent
 *
 * In the environment: TLSWHY_FILE, what the capture is called; TLSWHY_KEYS, a key log (keys.h); TLSWHY_STORE, a file to which the text report on this
 * capture and all counts are appended, in the place of printing them; TLSWHY_COUNTS, a file that receives two numbers, of
 * connections and of failed ones; TLSWHY_COMMENTS, a file that receives packet comments, and TLSWHY_CERTIFICATES, a folder
 * that receives certificates (take_away.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_REPORT_REPORT_H
#define TLSWHY_EPAN_REPORT_REPORT_H

/* Makes the statistic known to the -z option; from the protocol's registration. */
void report_register(void);

#endif
