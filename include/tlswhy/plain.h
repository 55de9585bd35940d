/* What is said without TLS: requests to upgrade to it, refusals, and how servers answer who forgot it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_PLAIN_H
#define TLSWHY_PLAIN_H

#include "tlswhy/base.h"

/* Whether BYTES, a segment of a client, ask for TLS: SMTP, IMAP, NNTP and sieve STARTTLS (RFC 3207, 3501, 4642, 5804),
 * POP3 STLS (RFC 2595), FTP AUTH TLS (RFC 4217), XMPP starttls (RFC 6120 5), PostgreSQL SSLRequest. */
bool tw_starttls_asks(const uint8_t *bytes, size_t len);

/* What `openssl s_client -starttls` calls the protocol of such a request to PORT; NULL: BYTES are none. The protocols
 * that share the word STARTTLS are told apart by the port (SMTP where it says nothing). Static. */
const char *tw_starttls_protocol(const uint8_t *bytes, size_t len, uint16_t port);

/* Whether BYTES, the server's answer to that, decline. */
bool tw_starttls_declines(const uint8_t *bytes, size_t len);

/* Whether TEXT, a server's first words, says that it expected TLS (an HTTP error in the clear). */
bool tw_is_answer_to_plain(const char *text);

/* Whether a service on PORT speaks TLS from its first byte: then a close is such an answer, too. */
bool tw_is_tls_port(uint16_t port);

#endif
