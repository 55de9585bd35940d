/* Extensions of the hellos: which ones are read, and into what.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_TLS_HELLO_EXTENSIONS_H
#define TLSWHY_TLS_HELLO_EXTENSIONS_H

#include "tls/reader.h"

/* Where an extension stands decides what it holds (RFC 8446 4.2). */
typedef enum { TW_IN_CLIENT_HELLO, TW_IN_SERVER_HELLO, TW_IN_RETRY, TW_IN_ENCRYPTED_EXTENSIONS } tw__place;

/* Reads the content of an extension block into HELLO. BLOCK fails where its lengths do. An extension
 * that does not parse becomes the hello's flaw; those behind it are read all the same. */
void tw__hello_read_extensions(tw__hello *hello, tw__reader *block, tw__place place);

#endif
