/* What the sizes of encrypted records tell (RFC 8446 5.2): an alert, a Finished, a certificate. Padding (5.4) makes
 * them unreliable; JSSE pads every record by 16 bytes and Mbed TLS to a multiple of 16, and that much is allowed for.
 * Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CONNECTION_RECORD_SIZES_H
#define TLSWHY_CONNECTION_RECORD_SIZES_H

#include "connection/connection.h"

typedef enum {
    TW_FLIGHT_UNKNOWN,           /* nothing that is known */
    TW_FLIGHT_FINISHED_ONLY,     /* the server asked for no certificate */
    TW_FLIGHT_EMPTY_CERTIFICATE, /* it did, and the client sent none */
    TW_FLIGHT_CERTIFICATE        /* it did, and the client sent one */
} tw__flight_kind;

/* Whether a TLS 1.3 record of LENGTH in SUITE can be nothing but an alert of a handshake. */
bool tw__is_alert_size(uint16_t suite, uint32_t length);

/* The same of an alert that is padded as Mbed TLS does; an empty Certificate, and EncryptedExtensions, may have that size,
 * too. */
bool tw__is_granular_alert_size(uint16_t suite, uint32_t length);

/* The same without padding: nothing a server sends in its flight is so short, while EncryptedExtensions can have the
 * size of a padded alert. */
bool tw__is_bare_alert_size(uint16_t suite, uint32_t length);

/* Whether a record of LENGTH that DIR sent behind its flight may be a close_notify: padded only where its flight is not
 * known to be without padding ("GET / HTTP/1.0" and an empty line have the size of an alert that JSSE pads). */
bool tw__may_be_close(const tw__handshake *h, int dir, uint32_t length);

/* Whether a record of LENGTH in H's session holds DATA bytes of application data, and no padding. False where the suite
 * is none of AEAD: CBC always pads. */
bool tw__is_data_size(const tw__handshake *h, uint32_t length, uint32_t data);

/* Whether a TLS 1.3 record of LENGTH in SUITE can hold one handshake message with a body of BODY bytes, and no more. */
bool tw__is_message_size(uint16_t suite, uint32_t length, uint32_t body);

/* Whether a TLS 1.3 record of LENGTH in SUITE can be the last one of a client's flight: a Finished, or an empty
 * Certificate with it. A larger flight in one record has no size that would tell. */
bool tw__may_end_flight(uint16_t suite, uint32_t length);

/* TLS 1.3: whether side DIR of H has sent a record behind its Finished, be that one known by its size alone. */
bool tw__says_more(const tw__handshake *h, int dir);

/* What the client's TLS 1.3 flight consists of: by its messages, or else by its records' sizes. */
tw__flight_kind tw__client_flight(const tw__handshake *h, int client_dir);

#endif
