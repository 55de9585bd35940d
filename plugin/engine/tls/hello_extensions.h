/* Extensions of the hellos: which ones are read, and into what.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_HELLO_EXTENSIONS_H
#define TLSWHY_HELLO_EXTENSIONS_H

#include "tls/reader.h"

/* Where an extension stands decides what it holds (RFC 8446 4.2). */
typedef enum { TW_IN_CLIENT_HELLO, TW_IN_SERVER_HELLO, TW_IN_RETRY, TW_IN_ENCRYPTED_EXTENSIONS } tw_place;

/* Reads the content of an extension block into HELLO. BLOCK fails where its lengths do. An extension
 * that does not parse becomes the hello's flaw; those behind it are read all the same. */
void tw_hello_read_extensions(tw_hello *hello, tw_reader *block, tw_place place);

#endif
