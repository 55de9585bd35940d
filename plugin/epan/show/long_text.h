/* Texts that are longer than what Wireshark shows of an item (ITEM_LABEL_LENGTH, 240 bytes): it would cut them off.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_SHOW_LONG_TEXT_H
#define TLSWHY_EPAN_SHOW_LONG_TEXT_H

#include <epan/packet.h>

/* Registers what the items below belong to. */
void long_text_register(void);

/* Adds field HF with the value TEXT as a generated item to TREE. What of it does not fit stands in items below it, in
 * order; the field's value is whole. SUFFIX stands behind the text, or behind its first part; NULL: nothing does. */
proto_item *long_text_add(proto_tree *tree, int hf, tvbuff_t *tvb, const char *text, const char *suffix);

/* TEXT, or as much of it as fits behind BEFORE, a label's beginning of so many bytes, and " ...". Caller frees with
 * g_free(). */
char *long_text_begin(const char *text, size_t before);

#endif
