/* Streams met last. See slots.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include "door/slots.h"

#include <string.h>

#define SLOT_BITS 12 /* a stream whose slot another one has taken goes the slow way once */
#define SLOTS     (1 << SLOT_BITS)
#define PORTS     4 /* bytes of both */

static slot slots[SLOTS];

/* Bytes of an address of T. */
static unsigned address_length(const simple *t)
{
    return (t->key_len - PORTS) / 2;
}

/* By the ports and the ends of both addresses: Fibonacci hashing, whose highest bits are the best. */
static slot *slot_of(const simple *t)
{
    const uint64_t golden = 0x9e3779b97f4a7c15u;
    const uint8_t *destination = t->key + address_length(t), *ports = destination + address_length(t);
    uint32_t words[3];
    uint64_t hash;
    memcpy(&words[0], destination - sizeof words[0], sizeof words[0]); /* where the source's ends */
    memcpy(&words[1], ports - sizeof words[1], sizeof words[1]);
    memcpy(&words[2], ports, sizeof words[2]);
    hash = (((uint64_t)words[0] << 32 | words[1]) * golden ^ words[2]) * golden;
    return &slots[hash >> (64 - SLOT_BITS)];
}

#define WORD 8

/* Whether LEN bytes, a word and more, are the same; the last words may overlap. */
static inline bool are_same(const uint8_t *one, const uint8_t *two, unsigned len)
{
    unsigned last = len - WORD;
    for (unsigned at = 0; at < last; at += WORD)
        if (memcmp(one + at, two + at, WORD))
            return false;
    return !memcmp(one + last, two + last, WORD);
}

/* Whether PLACE is for the endpoints of T. */
static inline bool is_for(const slot *place, const simple *t)
{
    return place->key_len == t->key_len && are_same(place->key, t->key, t->key_len);
}

static inline bool is_at(const slot *place, const simple *t)
{
    return is_for(place, t) && place->interface == t->interface && place->link_len == t->link_len &&
           are_same(place->link, t->link, t->link_len);
}

slot *slots_find(const simple *t)
{
    slot *place = slot_of(t);
    return is_at(place, t) ? place : NULL;
}

slot *slots_find_reverse(const simple *t)
{
    unsigned n = address_length(t);
    uint8_t key[SIMPLE_KEY_MAX];
    simple reverse = { .key = key, .key_len = t->key_len };
    slot *place;
    memcpy(key, t->key + n, n);
    memcpy(key + n, t->key, n);
    memcpy(key + 2 * n, t->key + 2 * n + 2, 2);
    memcpy(key + 2 * n + 2, t->key + 2 * n, 2);
    place = slot_of(&reverse);
    return is_for(place, &reverse) ? place : NULL;
}

slot *slots_put(const simple *t, uint32_t stream, int dir)
{
    slot *place = slot_of(t);
    *place = (slot){ .stream = stream,
                     .interface = t->interface,
                     .link_len = (uint8_t)t->link_len,
                     .key_len = (uint8_t)t->key_len,
                     .dir = (uint8_t)dir };
    memcpy(place->link, t->link, t->link_len);
    memcpy(place->key, t->key, t->key_len);
    return place;
}

void slots_forget(const simple *t)
{
    slot *reverse = slots_find_reverse(t), *own = slot_of(t);
    if (reverse)
        reverse->key_len = 0;
    if (is_for(own, t))
        own->key_len = 0;
}

void slots_clear(void)
{
    for (unsigned i = 0; i < SLOTS; i++)
        if (slots[i].key_len) /* memory that nobody has touched stays so */
            slots[i].key_len = 0;
}
