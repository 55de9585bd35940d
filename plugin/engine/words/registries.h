/* Numbers of the IANA registries by name. Alerts have theirs in words.h, for the border has alerts too.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_WORDS_REGISTRIES_H
#define TLSWHY_WORDS_REGISTRIES_H

/* ExtensionType: TW_EXT_SERVER_NAME and so on. */
enum {
#define EXTENSION(id, number, name) TW_EXT_##id = number,
#include "catalogue/extensions.def"
};

/* NamedGroup: TW_GROUP_SECP256R1 and so on. */
enum {
#define GROUP(id, number, name) TW_GROUP_##id = number,
#include "catalogue/groups.def"
};

/* SignatureScheme: TW_SCHEME_RSA_PKCS1_SHA256 and so on. */
enum {
#define SCHEME(id, number, name) TW_SCHEME_##id = number,
#include "catalogue/schemes.def"
};

#endif
