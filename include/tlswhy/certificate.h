/* A certificate, for those who list it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CERTIFICATE_H
#define TLSWHY_CERTIFICATE_H

#include "tlswhy/words.h"

/* A date that cannot be read. */
#define TW_TIME_UNKNOWN INT64_MIN

/* What stands in it. Names are escaped, or pseudonyms; NULL: it cannot be read. */
typedef struct {
    char *subject, *issuer;        /* RFC 4514 */
    char *serial;                  /* hexadecimal */
    char *sha256;                  /* of its bytes, hexadecimal; NULL with pseudonyms, which it would undo */
    GPtrArray *names;              /* char *: DNS names and addresses of its subjectAltName */
    int64_t not_before, not_after; /* seconds since 1970, or TW_TIME_UNKNOWN */
} tw_certificate;

/* Reads DER. ANONYMIZER: whose pseudonyms take the place of names, lent, or NULL. Never NULL: of what is no certificate,
 * only the SHA-256 is known. Free with tw_certificate_free(). */
tw_certificate *tw_certificate_read(GBytes *der, tw_anonymizer *anonymizer);
void tw_certificate_free(tw_certificate *certificate); /* NULL is fine */

#endif
