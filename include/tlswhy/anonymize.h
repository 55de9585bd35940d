/* Reports that can be shared: what names a machine, a person or an organisation is replaced where it enters the texts.
 *
 * It is replaced at its source, not in the finished sentences: a name may be a word of ours ("server"). The same value
 * always gets the same pseudonym, so that a reader still sees what equals what:
 *
 *   host-1                     a DNS name, wherever it stands: SNI, subjectAltName, an attribute of a DN
 *   192.0.2.1, 2001:db8::1     an address (RFC 5737, RFC 3849; then RFC 2544's 198.18.0.0/15)
 *   CN=name-1,O=name-2         a DN keeps its attribute types
 *   identity-1, serial-1,      of a pre-shared key, of a certificate
 *   url-1, file-1              what they say
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_ANONYMIZE_H
#define TLSWHY_ANONYMIZE_H

#include "tlswhy/text.h"

typedef enum {
    TW_PRIVATE_HOST,     /* a DNS name or an address */
    TW_PRIVATE_ENDPOINT, /* "192.0.2.1:443", "[2001:db8::1]:443": the port stays */
    TW_PRIVATE_DN,       /* RFC 4514 */
    TW_PRIVATE_IDENTITY, /* of a pre-shared key */
    TW_PRIVATE_SERIAL,   /* of a certificate: who has the number finds its names in the logs of the CAs */
    TW_PRIVATE_URL,
    TW_PRIVATE_FILE,
    TW_PRIVATE_WORDS /* a line of another protocol: of it the status or command that it begins with stays */
} tw_private;

/* Whether values are replaced from now on. To be set before the first packet: what stands in a verdict stays. Forgets
 * all pseudonyms. */
void tw_anonymize(bool on);
bool tw_anonymizing(void);

/* VALUE (taken over), or its pseudonym; NULL stays NULL. The caller frees the result. */
char *tw_private_text(tw_private kind, char *value);

/* tw_values_set() with VALUE, or with its pseudonym. */
void tw_values_set_private(tw_values *v, const char *name, tw_private kind, const char *value);

#endif
