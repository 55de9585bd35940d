/* A cursor over untrusted bytes that cannot leave them.
 *
 * The first read that asks for more than there is fails the reader for good: from then on every
 * read gives 0 or NULL, so a message is read straight down and `failed` is asked once. Used by the
 * handshake message readers (hello.c and the like); no part of the engine's contract.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_TLS_READER_H
#define TLSWHY_TLS_READER_H

#include "tls/messages.h"

typedef struct {
    const uint8_t *at; /* never NULL */
    size_t left;
    bool failed; /* and then left is 0 */
} tw__reader;

tw__reader tw__reader_of(const uint8_t *bytes, size_t len); /* BYTES may be NULL if LEN is 0 */
void tw__reader_fail(tw__reader *r);

/* Nothing went wrong and nothing is left over. */
bool tw__reader_done(const tw__reader *r);

const uint8_t *tw__read_bytes(tw__reader *r, size_t n); /* NULL when there are fewer */
uint32_t tw__read_number(tw__reader *r, unsigned n);    /* of N bytes, at most 4 */
uint8_t tw__read_u8(tw__reader *r);
uint16_t tw__read_u16(tw__reader *r);
uint32_t tw__read_u24(tw__reader *r);

/* A vector (RFC 8446 3.4): LENGTH_BYTES (1 to 3) of length, then the content, given as a reader of its
 * own. If the length says more than there is, R fails, and the content is what there is: a list can
 * be read as far as it goes, and whoever needs the whole asks R. */
tw__reader tw__read_vector(tw__reader *r, unsigned length_bytes);

/* The same for content that must not be empty (opaque x<1..n>): R fails if it is. */
tw__reader tw__read_filled_vector(tw__reader *r, unsigned length_bytes);

/* Fails R unless PART, a vector of it, was read to its end. */
void tw__reader_require_done(tw__reader *r, const tw__reader *part);

/* The next extension (type, content) of an extension block; false at its end. */
bool tw__read_extension(tw__reader *block, uint16_t *type, tw__reader *content);

GBytes *tw__reader_copy(const tw__reader *r); /* what is left, as bytes of its own */

/* Appends VALUE; beyond TW_LIST_MAX it sets *CUT instead. */
void tw__list_add(tw__list *list, uint16_t value, bool *cut);

/* Appends one code point; R fails if there is none. */
void tw__read_item(tw__reader *r, tw__list *list, bool *cut);

/* Appends the code points of a vector that holds at least one of them; R fails if it does not. */
void tw__read_list(tw__reader *r, unsigned length_bytes, tw__list *list, bool *cut);

/* The first flaw of a message is the one that is reported. */
static inline void tw__flaw(const char **flaw, const char *what)
{
    if (*flaw == NULL)
        *flaw = what;
}

#endif
