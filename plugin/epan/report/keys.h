/* Whether a key log has to do with a capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_REPORT_KEYS_H
#define TLSWHY_EPAN_REPORT_KEYS_H

/* At the end of the capture, says on the standard error when the key log PATH (SSLKEYLOGFILE) holds no key for any ClientHello
 * of it. To be called before the first packet. */
void keys_watch(const char *path);

#endif
