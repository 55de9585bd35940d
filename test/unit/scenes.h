/* Beginnings of plays (build.h) that many rows share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_TEST_SCENES_H
#define TLSWHY_TEST_SCENES_H

#include "rows.h"

#define HELLOS               "C:hello S:hello "
#define SERVER(certs)        HELLOS "+S:cert(" certs ") +S:done " /* frames 1 and 2 */
#define ASKED(names)         HELLOS "+S:cert(leaf,inter) +S:ask(" names ") +S:done "
#define CLIENT(names, certs) ASKED(names) "C:cert(" certs ") +C:cke +C:ccs "          /* frame 3 */
#define DONE                 SERVER("leaf,inter") "C:cke +C:ccs +C:enc S:ccs +S:enc " /* frames 1 to 4 */
#define CLEAR                SERVER("leaf,inter") "C:cke +C:ccs +C:fin S:ccs +S:fin "
#define CLEAR13              "C:hello(13) S:hello(13) +S:ee +S:cert(leaf,inter) +S:cv +S:fin C:fin "

#define ECH_RETRY "0800000a0008fe0d000400000000" /* EncryptedExtensions with retry configurations */

#endif
