/* The bounded cursor that all message readers use, and the lists they fill.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls/reader.h"

tw__reader tw__reader_of(const uint8_t *bytes, size_t len)
{
    static const uint8_t nothing[1];

    return (tw__reader){ .at = bytes ? bytes : nothing, .left = bytes ? len : 0 };
}

void tw__reader_fail(tw__reader *r)
{
    r->failed = true;
    r->left = 0;
}

bool tw__reader_done(const tw__reader *r)
{
    return !r->failed && r->left == 0;
}

const uint8_t *tw__read_bytes(tw__reader *r, size_t n)
{
    const uint8_t *bytes = r->at;

    if (r->failed || n > r->left) {
        tw__reader_fail(r);
        return NULL;
    }
    r->at += n;
    r->left -= n;
    return bytes;
}

uint32_t tw__read_number(tw__reader *r, unsigned n)
{
    const uint8_t *bytes = tw__read_bytes(r, n);
    uint32_t number = 0;

    for (unsigned i = 0; bytes && i < n; i++)
        number = number << 8 | bytes[i];
    return number;
}

uint8_t tw__read_u8(tw__reader *r)
{
    const uint8_t *bytes = tw__read_bytes(r, 1);
    return bytes ? bytes[0] : 0;
}

uint16_t tw__read_u16(tw__reader *r)
{
    const uint8_t *bytes = tw__read_bytes(r, 2);
    return bytes ? (uint16_t)(bytes[0] << 8 | bytes[1]) : 0;
}

uint32_t tw__read_u24(tw__reader *r)
{
    return tw__read_number(r, 3);
}

tw__reader tw__read_vector(tw__reader *r, unsigned length_bytes)
{
    size_t len = tw__read_number(r, length_bytes);
    tw__reader content = { .at = r->at, .left = MIN(len, r->left) };

    tw__read_bytes(r, len);
    return content;
}

tw__reader tw__read_filled_vector(tw__reader *r, unsigned length_bytes)
{
    tw__reader content = tw__read_vector(r, length_bytes);

    if (content.left == 0)
        tw__reader_fail(r);
    return content;
}

void tw__reader_require_done(tw__reader *r, const tw__reader *part)
{
    if (!tw__reader_done(part))
        tw__reader_fail(r);
}

bool tw__read_extension(tw__reader *block, uint16_t *type, tw__reader *content)
{
    if (block->left == 0)
        return false;
    *type = tw__read_u16(block);
    *content = tw__read_vector(block, 2);
    /* Of an extension that the bytes end in, what there is is still given. */
    return !block->failed || content->left > 0;
}

GBytes *tw__reader_copy(const tw__reader *r)
{
    return g_bytes_new(r->at, r->left);
}

#define ROOM 16 /* of a list that has begun; a power of two, as all that follow */

/* Room for MORE values, in the steps that tw__list_add() counts on. */
static void reserve(tw__list *list, size_t more)
{
    size_t needed = MIN(list->n + more, TW_LIST_MAX), room = ROOM;

    while (room < needed)
        room *= 2;
    if (needed > list->n)
        list->v = g_renew(uint16_t, list->v, room);
}

void tw__list_add(tw__list *list, uint16_t value, bool *cut)
{
    if (list->n >= TW_LIST_MAX) {
        *cut = true;
        return;
    }
    if (!list->n)
        list->v = g_renew(uint16_t, list->v, ROOM);
    else if (list->n >= ROOM && (list->n & (list->n - 1)) == 0) /* full at each power of two */
        list->v = g_renew(uint16_t, list->v, 2 * list->n);
    list->v[list->n++] = value;
}

void tw__read_item(tw__reader *r, tw__list *list, bool *cut)
{
    uint16_t value = tw__read_u16(r);

    if (!r->failed)
        tw__list_add(list, value, cut);
}

void tw__read_list(tw__reader *r, unsigned length_bytes, tw__list *list, bool *cut)
{
    tw__reader items = tw__read_filled_vector(r, length_bytes);

    reserve(list, items.left / 2);
    while (items.left > 1 && list->n < TW_LIST_MAX)
        list->v[list->n++] = tw__read_u16(&items);
    while (items.left > 0)
        tw__read_item(&items, list, cut);
    tw__reader_require_done(r, &items);
}

bool tw__list_has(const tw__list *list, uint16_t value)
{
    for (unsigned i = 0; i < list->n; i++) {
        if (list->v[i] == value)
            return true;
    }
    return false;
}
