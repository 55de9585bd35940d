/* Who looks for open ports: a client with many different connections that did not open.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CAPTURE_SCANS_H
#define TLSWHY_CAPTURE_SCANS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TW_SCAN_PORTS   5 /* of one server that a client tried in vain */
#define TW_SCAN_SERVERS 9 /* on one port */

typedef struct tw__scans tw__scans;

tw__scans *tw__scans_new(void);
void tw__scans_free(tw__scans *scans);

/* CLIENT tried in vain to reach PORT of SERVER; addresses of LEN bytes. */
void tw__scans_add(tw__scans *scans, const uint8_t *client, const uint8_t *server, size_t len, uint16_t port);

/* Whether such an attempt was part of a scan. */
bool tw__scans_has(const tw__scans *scans, const uint8_t *client, const uint8_t *server, size_t len, uint16_t port);

#endif
