/* IP addresses as text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_WORDS_ADDRESS_H
#define TLSWHY_WORDS_ADDRESS_H

#include <stddef.h>
#include <stdint.h>

#define TW__ADDRESS_MAX 16 /* bytes, of IPv6 */

/* How many bytes the address has that stands in TEXT, 4 or 16, and the bytes; 0: TEXT is no address. */
size_t tw__address_read(const char *text, uint8_t address[TW__ADDRESS_MAX]);

/* An address of LEN 4 or 16 bytes as text, to be freed; NULL for any other length. */
char *tw__address_text(const uint8_t *address, size_t len);

#endif
