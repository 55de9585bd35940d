/* Streams met last. See slots.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include "door/slots.h"

#include <string.h>

#define SLOTS 4096 /* a power of two; a stream whose slot another one has taken goes the slow way once */
#define PORTS 4    /* bytes of both */

static slot *slots[SLOTS]; /* NULL: nobody was here yet */

static slot **slot_of(const simple *t)
{
    uint32_t hash = 0, word;
    for (unsigned i = 0; i < t->key_len; i += 4) {
        memcpy(&word, t->key + i, 4);
        hash = (hash ^ word) * 0x9e3779b1u;
        hash ^= hash >> 15;
    }
    return &slots[hash & (SLOTS - 1)];
}

/* Whether PLACE is for the endpoints of T. */
static bool is_for(const slot *place, const simple *t)
{
    return place->key_len == t->key_len &&
           (t->key_len == SIMPLE_KEY_V4 ? !memcmp(place->key, t->key, SIMPLE_KEY_V4) /* at once */
                                        : !memcmp(place->key, t->key, t->key_len));
}

static bool is_at(const slot *place, const simple *t)
{
    return is_for(place, t) && place->interface == t->interface && place->link_len == t->link_len &&
           (t->link_len == SIMPLE_LINK_MAX ? !memcmp(place->link, t->link, SIMPLE_LINK_MAX)
                                           : !memcmp(place->link, t->link, SIMPLE_LINK_MIN));
}

slot *slots_find(const simple *t)
{
    slot *place = *slot_of(t);
    return place && is_at(place, t) ? place : NULL;
}

slot *slots_find_reverse(const simple *t)
{
    unsigned n = (t->key_len - PORTS) / 2; /* bytes of an address */
    uint8_t key[SIMPLE_KEY_MAX];
    simple reverse = { .key = key, .key_len = t->key_len };
    slot *place;
    memcpy(key, t->key + n, n);
    memcpy(key + n, t->key, n);
    memcpy(key + 2 * n, t->key + 2 * n + 2, 2);
    memcpy(key + 2 * n + 2, t->key + 2 * n, 2);
    place = *slot_of(&reverse);
    return place && is_for(place, &reverse) ? place : NULL;
}

slot *slots_put(const simple *t, uint32_t stream, int dir)
{
    slot **at = slot_of(t), *place = *at ? *at : g_new(slot, 1);
    *at = place;
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
    slot *reverse = slots_find_reverse(t), *own = *slot_of(t);
    if (reverse)
        reverse->key_len = 0;
    if (own && is_for(own, t))
        own->key_len = 0;
}

void slots_clear(void)
{
    for (unsigned i = 0; i < SLOTS; i++)
        g_clear_pointer(&slots[i], g_free);
}
