/* What outlives the report: verdicts for packet comments, and the certificates of failed handshakes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_REPORT_TAKE_AWAY_H
#define TLSWHY_EPAN_REPORT_TAKE_AWAY_H

#include <glib.h>

/* Writes to the file PATH each failure of CONNECTIONS (tw_conn *), one a line: number of its frame, tab, text; backslashes,
 * and the ends of the text's own lines, as a shell's printf %b reads them. */
void take_comments(const GPtrArray *connections, const char *path);

/* Writes each chain of certificates that was sent in a failed handshake of CONNECTIONS into a PEM file of its own in FOLDER,
 * and says how many there are. Files are called after FILE, the capture (or NULL), and the first frame of such a failure;
 * none that is there already is changed. */
void take_certificates(const GPtrArray *connections, const char *file, const char *folder);

#endif
