/* The bounded cursor that all message readers use, and the lists they fill.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls/reader.h"

tw_reader tw_reader_of(const uint8_t *bytes, size_t len)
{
    static const uint8_t nothing[1];

    return (tw_reader){ .at = bytes ? bytes : nothing, .left = bytes ? len : 0 };
}

void tw_reader_fail(tw_reader *r)
{
    r->failed = true;
    r->left = 0;
}

bool tw_reader_done(const tw_reader *r)
{
    return !r->failed && r->left == 0;
}

const uint8_t *tw_read_bytes(tw_reader *r, size_t n)
{
    const uint8_t *bytes = r->at;

    if (r->failed || n > r->left) {
        tw_reader_fail(r);
        return NULL;
    }
    r->at += n;
    r->left -= n;
    return bytes;
}

uint32_t tw_read_number(tw_reader *r, unsigned n)
{
    const uint8_t *bytes = tw_read_bytes(r, n);
    uint32_t number = 0;

    for (unsigned i = 0; bytes && i < n; i++)
        number = number << 8 | bytes[i];
    return number;
}

uint8_t tw_read_u8(tw_reader *r)
{
    const uint8_t *bytes = tw_read_bytes(r, 1);
    return bytes ? bytes[0] : 0;
}

uint16_t tw_read_u16(tw_reader *r)
{
    const uint8_t *bytes = tw_read_bytes(r, 2);
    return bytes ? (uint16_t)(bytes[0] << 8 | bytes[1]) : 0;
}

uint32_t tw_read_u24(tw_reader *r)
{
    return tw_read_number(r, 3);
}

tw_reader tw_read_vector(tw_reader *r, unsigned length_bytes)
{
    size_t len = tw_read_number(r, length_bytes);
    tw_reader content = { .at = r->at, .left = MIN(len, r->left) };

    tw_read_bytes(r, len);
    return content;
}

tw_reader tw_read_filled_vector(tw_reader *r, unsigned length_bytes)
{
    tw_reader content = tw_read_vector(r, length_bytes);

    if (content.left == 0)
        tw_reader_fail(r);
    return content;
}

void tw_reader_require_done(tw_reader *r, const tw_reader *part)
{
    if (!tw_reader_done(part))
        tw_reader_fail(r);
}

bool tw_read_extension(tw_reader *block, uint16_t *type, tw_reader *content)
{
    if (block->left == 0)
        return false;
    *type = tw_read_u16(block);
    *content = tw_read_vector(block, 2);
    /* Of an extension that the bytes end in, what there is is still given. */
    return !block->failed || content->left > 0;
}

GBytes *tw_reader_copy(const tw_reader *r)
{
    return g_bytes_new(r->at, r->left);
}

/* Room for MORE values, in the steps that tw_list_add() counts on. */
static void reserve(tw_list *list, size_t more)
{
    size_t needed = MIN(list->n + more, TW_LIST_MAX), room = 1;

    while (room < needed)
        room *= 2;
    if (needed > list->n)
        list->v = g_renew(uint16_t, list->v, room);
}

void tw_list_add(tw_list *list, uint16_t value, bool *cut)
{
    if (list->n >= TW_LIST_MAX) {
        *cut = true;
        return;
    }
    if ((list->n & (list->n - 1)) == 0) /* full at each power of two */
        list->v = g_renew(uint16_t, list->v, list->n ? 2 * list->n : 1);
    list->v[list->n++] = value;
}

void tw_read_item(tw_reader *r, tw_list *list, bool *cut)
{
    uint16_t value = tw_read_u16(r);

    if (!r->failed)
        tw_list_add(list, value, cut);
}

void tw_read_list(tw_reader *r, unsigned length_bytes, tw_list *list, bool *cut)
{
    tw_reader items = tw_read_filled_vector(r, length_bytes);

    reserve(list, items.left / 2);
    while (items.left > 1 && list->n < TW_LIST_MAX)
        list->v[list->n++] = tw_read_u16(&items);
    while (items.left > 0)
        tw_read_item(&items, list, cut);
    tw_reader_require_done(r, &items);
}

bool tw_list_has(const tw_list *list, uint16_t value)
{
    for (unsigned i = 0; i < list->n; i++) {
        if (list->v[i] == value)
            return true;
    }
    return false;
}
