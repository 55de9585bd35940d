/* Which TLS library a client looks like, by the extensions of its hello. It sharpens what an alert may mean, because
 * libraries differ in what they say of the same fault; it never decides alone. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_STACKS_H
#define TLSWHY_STACKS_H

#include "tlswhy/messages.h"

typedef struct {
    const char *name;     /* "OpenSSL" */
    uint8_t unknown_ca;   /* the alert that a client of it sends for a CA it does not trust */
    uint16_t has[3];      /* extensions that it always sends, ends with 0 */
    uint16_t lacks[4];    /* those that it never sends, ends with 0 */
    uint16_t order[3][2]; /* pairs of extensions, the first before the second; ends with 0, 0 */
    bool grease;          /* it offers RFC 8701 values */
    bool rejects_late;    /* TLS 1.2: it rejects a certificate when both Finished are through */
    bool leaf_purposes;   /* it looks at the extendedKeyUsage of the leaf alone, not at that of CAs */
} tw_stack;

/* The library that HELLO looks like; NULL: none of the table, or HELLO is NULL. */
const tw_stack *tw_stack_of(const tw_hello *hello);

#endif
