/* The streams that were met last, by the endpoints that stand in a simple frame.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_DOOR_SLOTS_H
#define TLSWHY_EPAN_DOOR_SLOTS_H

#include "door/simple.h"

/* Addresses and ports as they stand in the packet, of one direction of a stream. The link layer's header stands with
 * them: a segment that was recorded on two links is of two connections where the user wants that (Wireshark 4.4's preference
 * conversation_deinterlacing_key). */
typedef struct {
    uint32_t stream, interface;
    uint8_t link[SIMPLE_LINK_MAX], key[SIMPLE_KEY_MAX];
    uint8_t link_len, dir;
    uint8_t key_len; /* 0: nobody is here */
    bool flat : 1;   /* Wireshark reads nothing in its payload that may hold TLS otherwise than as it is */
    bool calm : 1;   /* what Wireshark has read of its payload so far, if any, holds no TLS */
} slot;

/* What T's direction was remembered as, on T's link, lent. NULL: it was not, or another stream has taken its place. */
slot *slots_find(const simple *t);

/* What the other direction of T's endpoints was remembered as, on whatever link, lent; or NULL. */
slot *slots_find_reverse(const simple *t);

/* The place for T's direction, from now on that of S, lent. */
slot *slots_put(const simple *t, uint32_t stream, int dir);

/* Another stream begins between T's endpoints: what comes from either is none of the old one's. */
void slots_forget(const simple *t);

/* Forgets all. */
void slots_clear(void);

#endif
