/* What is said without TLS: requests to upgrade to it, refusals, and how servers answer a client that did not use it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CONNECTION_CLEARTEXT_H
#define TLSWHY_CONNECTION_CLEARTEXT_H

#include "tlswhy/base.h"

/* Whether BYTES, a segment of a client, ask for TLS: SMTP, IMAP, NNTP and sieve STARTTLS (RFC 3207, 3501, 4642, 5804),
 * POP3 STLS (RFC 2595), FTP AUTH TLS (RFC 4217), XMPP starttls (RFC 6120 5), LDAP StartTLS (RFC 4511 4.14), HTTP
 * CONNECT (RFC 9110 9.3.6), RDP's negotiation request, PostgreSQL SSLRequest. */
bool tw__starttls_asks(const uint8_t *bytes, size_t len);

/* Whether a segment of WHOLE bytes, the first of which is FIRST, may do that, or ask what a server can do: most that carry data
 * can not. */
bool tw__may_be_request(uint8_t first, size_t whole);

/* What `openssl s_client -starttls` calls the protocol of such a request to PORT; NULL: BYTES are none, or of a protocol
 * that it does not know (RDP, a tunnel). The protocols that share the word STARTTLS are distinguished by the port (SMTP
 * where it says nothing). Static. */
const char *tw__starttls_protocol(const uint8_t *bytes, size_t len, uint16_t port);

/* Whether BYTES, the server's answer to that, decline. */
bool tw__starttls_declines(const uint8_t *bytes, size_t len);

/* Whether TEXT, a server's first words, says that it expected TLS (an HTTP error in the clear). */
bool tw__is_answer_to_cleartext(const char *text);

/* What a server says in HTTP, inside a session, about the client's certificate: it lacks one, or does not accept it
 * (nginx ssl_verify_client, which lets the handshake pass). */
typedef enum { TW_SAID_NOTHING, TW_SAID_MISSING, TW_SAID_REJECTED } tw__said;
tw__said tw__says_of_certificate(const uint8_t *bytes, size_t len);

/* Whether a service on PORT speaks TLS from its first byte: then a close is such an answer, too. */
bool tw__is_tls_port(uint16_t port);

/* LDAP, by which a client takes leave: a message of 7 bytes (RFC 4511 4.3), whose first five BYTES show what it is. */
#define TW_LDAP_UNBIND 7
bool tw__is_ldap_unbind(const uint8_t bytes[5]);

/* Whether a service on PORT speaks LDAP over TLS from its first byte. */
bool tw__is_ldaps_port(uint16_t port);

/* Whether BYTES, a server's greeting, show that it does not offer TLS (MySQL and MariaDB without CLIENT_SSL). */
bool tw__greets_without_tls(const uint8_t *bytes, size_t len);

/* Whether BYTES are the greeting of a protocol in which a server speaks first and TLS begins, if at all, after a request of
 * the client: SSH (RFC 4253 4.2), SMTP, FTP and NNTP, POP3, IMAP, RFB. */
bool tw__is_greeting(const uint8_t *bytes, size_t len);

/* Whether BYTES begin with a header of the PROXY protocol, which only a server that is set up for it understands. */
bool tw__is_proxy_header(const uint8_t *bytes, size_t len);

/* How many bytes the header of the PROXY protocol takes that BYTES begin with; 0: they begin with none, or not all of
 * it. */
size_t tw__proxy_header_size(const uint8_t *bytes, size_t len);

/* Whether BYTES, a proxy's answer, refuse the tunnel that it was asked for (HTTP CONNECT; SOCKS 4 and 5, RFC 1928 3, 6). */
bool tw__refuses_tunnel(const uint8_t *bytes, size_t len);

/* Whether BYTES, the first ones of a connection to PORT, are a command of a protocol whose server has to speak first
 * (SMTP, LMTP), though not to its own port. */
bool tw__speaks_out_of_turn(const uint8_t *bytes, size_t len, uint16_t port);

/* A client may ask what a server can do before it asks for TLS (SMTP EHLO, IMAP CAPABILITY, POP3 CAPA). Whether BYTES
 * are such a question, the whole of an answer that does not offer TLS, and a client's farewell. */
bool tw__asks_capabilities(const uint8_t *bytes, size_t len);
bool tw__lacks_starttls(const uint8_t *bytes, size_t len);
bool tw__says_goodbye(const uint8_t *bytes, size_t len);

/* BYTES in words: what they say in their protocol, else their first line (escaped). Caller frees with g_free(). */
char *tw__cleartext_words(const uint8_t *bytes, size_t len);

#endif
