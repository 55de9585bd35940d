/* Requests to upgrade a plain-text protocol to TLS, and refusals of them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_STARTTLS_H
#define TLSWHY_STARTTLS_H

#include "tlswhy/base.h"

/* Whether BYTES, a segment of a client, ask for TLS: SMTP, IMAP, NNTP and sieve STARTTLS (RFC 3207, 3501, 4642, 5804),
 * POP3 STLS (RFC 2595), FTP AUTH TLS (RFC 4217), XMPP starttls (RFC 6120 5), PostgreSQL SSLRequest. */
bool tw_starttls_asks(const uint8_t *bytes, size_t len);

/* Whether BYTES, the server's answer to that, decline. */
bool tw_starttls_declines(const uint8_t *bytes, size_t len);

#endif
