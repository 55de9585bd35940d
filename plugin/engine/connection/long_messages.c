/* Messages of 64 KiB and more: Wireshark takes them for encrypted ones and puts none of them together, so that their
 * headers, in the bytes that TCP carries, are all there is to see of them. See connection.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection/connection_internal.h"

/* Whether the handshake records of DIR are in the clear, and have been from the first one on. */
static bool is_clear(const tw_conn *c, int dir)
{
    const tw__handshake *h = c->now;
    return h->client_hello_frame && !h->number && !h->complete && !h->flight[dir].ccs_frame && !c->begins_inside;
}

static void note_long(tw_conn *c, tw_at at, uint8_t type, uint32_t length)
{
    bool may_be_long = type == TW_HS_CERTIFICATE || type == TW_HS_CERTIFICATE_REQUEST;
    tw__oddities *odd;
    if (length < TW_LONG_MESSAGE || !may_be_long || tw__odd_of(c, at.dir)->long_frame)
        return;
    odd = tw__odd_for(c, at.dir);
    odd->long_frame = at.frame;
    odd->long_length = length;
    odd->long_type = type;
}

void tw__conn_framed(tw_conn *c, tw_at at, uint8_t content_type, const uint8_t *content, uint32_t length)
{
    tw__flow *f = &c->flow[at.dir];
    uint32_t done = MIN(f->message_left, length);
    if (content_type != TW_CT_HANDSHAKE || f->message_left == TW_NOT_FRAMED)
        return;
    if (!is_clear(c, at.dir) || !content) {
        f->message_left = TW_NOT_FRAMED;
        return;
    }
    f->message_left -= done;
    while (length - done >= TW_HANDSHAKE_HEADER) {
        const uint8_t *p = content + done;
        uint32_t size = (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
        note_long(c, at, p[0], size);
        done += TW_HANDSHAKE_HEADER;
        f->message_left = size - MIN(size, length - done);
        done += MIN(size, length - done);
    }
    if (done < length)
        f->message_left = TW_NOT_FRAMED; /* a header in two records */
}
