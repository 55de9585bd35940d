/* DTLS handshake messages put together from their fragments (RFC 6347 4.2.3). Fragments are taken in order, as
 * senders send them; a message whose fragments come in another order is not read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tlswhy/facts.h"

#define DTLS_HEADER 12

typedef struct {
    uint8_t type;
    uint32_t length, offset, fragment_length;
    uint16_t sequence;
    const uint8_t *body;
    uint32_t captured; /* of the fragment's body */
} fragment;

static uint32_t be24(const uint8_t *p)
{
    return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

static bool fragment_read(const uint8_t *bytes, size_t captured, fragment *f)
{
    if (captured < DTLS_HEADER)
        return false;
    f->type = bytes[0];
    f->length = be24(bytes + 1);
    f->sequence = (uint16_t)(bytes[4] << 8 | bytes[5]);
    f->offset = be24(bytes + 6);
    f->fragment_length = be24(bytes + 9);
    f->body = bytes + DTLS_HEADER;
    f->captured = (uint32_t)MIN(captured - DTLS_HEADER, f->fragment_length);
    return f->offset <= f->length && f->fragment_length <= f->length - f->offset && f->length <= TW_MESSAGE_MAX_BYTES;
}

static void start(tw_conn *c, int dir, const fragment *f)
{
    uint8_t header[4] = { f->type, (uint8_t)(f->length >> 16), (uint8_t)(f->length >> 8), (uint8_t)f->length };
    g_clear_pointer(&c->fragments[dir].bytes, g_byte_array_unref);
    c->fragments[dir].bytes = g_byte_array_new();
    c->fragments[dir].sequence = f->sequence;
    g_byte_array_append(c->fragments[dir].bytes, header, sizeof header);
}

void tw_conn_fragment(tw_conn *c, tw_at at, const uint8_t *bytes, size_t captured)
{
    fragment f;
    GByteArray *all;
    if (!fragment_read(bytes, captured, &f))
        return;
    if (f.offset == 0)
        start(c, at.dir, &f);
    all = c->fragments[at.dir].bytes;
    if (!all || c->fragments[at.dir].sequence != f.sequence || all->len != 4 + f.offset)
        return;
    g_byte_array_append(all, f.body, f.captured);
    if (f.offset + f.fragment_length == f.length || f.captured < f.fragment_length) {
        tw_conn_message(c, at, all->data, all->len);
        g_clear_pointer(&c->fragments[at.dir].bytes, g_byte_array_unref);
    }
}
