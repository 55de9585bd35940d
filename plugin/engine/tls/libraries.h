/* Which TLS library a peer looks like, by the extensions of its hello. It sharpens what an alert may mean, because
 * libraries differ in what they say of the same fault, and tells whose lines the log holds; it never decides alone.
 * Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_TLS_LIBRARIES_H
#define TLSWHY_TLS_LIBRARIES_H

#include "x509/chain.h"
#include "tls/messages.h"

/* Which hellos are of one side of a library, and what that side says; all zeros: none. */
typedef struct {
    uint16_t has[3];      /* extensions that it always sends, ends with 0 */
    uint16_t lacks[4];    /* those that it never sends, ends with 0 */
    uint16_t order[3][2]; /* pairs of extensions, the first before the second; ends with 0, 0 */
    bool grease;          /* it offers RFC 8701 values */
    uint8_t signature
        [3]; /* the alerts for a signature over the handshake that does not verify, ends with 0; none: it varies */
} tw__habits;

typedef struct {
    const char *name;            /* "OpenSSL" */
    uint8_t alerts[TW_N_FAULTS]; /* what a client of it says of a fault; of UNKNOWN_ISSUER, when it does not trust
                                    the CA; 0: it varies */
    uint8_t stale_issuer;        /* what it says of an expired certificate above the leaf; 0: as of the leaf */
    uint8_t key_usage;           /* what it says of a leaf whose keyUsage forbids the key exchange; 0: nothing */
    uint8_t encipherment;        /* what it says of an RSA leaf whose keyUsage lacks keyEncipherment, whatever the
                                    key exchange; 0: it does not want that */
    tw__habits client;           /* of its ClientHello */
    tw__habits server;           /* of its ServerHello; in TLS 1.3 they say nothing */
    bool rejects_late;           /* TLS 1.2: it rejects a certificate when both Finished are through */
    bool ignores_common_names; /* a certificate without subjectAltName is for no name to it, nor to the programs that
                                    use it most */
    const char *stricter; /* a program of it that brings a verifier of its own, to which such a certificate is for no
                                  name either; NULL: none is known */
    uint16_t stricter_sends; /* the extension by which that program is told from others */
    bool leaf_purposes;      /* it looks at the extendedKeyUsage of the leaf alone, not at that of CAs */
} tw__library;

/* What a client of LIBRARY says of FAULT; 0: it varies. */
uint8_t tw__library_alert(const tw__library *library, const tw__fault *fault);

/* The library that HELLO, a ClientHello or a ServerHello, looks like; NULL: none of the table, or HELLO is NULL. */
const tw__library *tw__library_of(const tw__hello *hello);

/* Whether who sent HELLO, a ClientHello or a ServerHello, may say ALERT of a signature over the handshake that does not verify;
 * true as well where its library is not known, or HELLO is NULL. */
bool tw__may_say_of_signature(const tw__hello *hello, uint8_t alert);

/* The name of what HELLO looks like, where to such a client a certificate without subjectAltName is for no name: its library,
 * Firefox, or rustls, which offers what its verifier webpki verifies. NULL: others, or HELLO is NULL. */
const char *tw__ignores_common_names(const tw__hello *hello);

#endif
