/* Datagrams that need no tree. See datagram.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include "door/datagram.h"

#include <string.h>

#include "harvest/protocols.h"

static const char *const names[] = { "dns", "mdns", "llmnr", "nbns", "ntp" };
static int ids[G_N_ELEMENTS(names)];
static uint8_t theirs[(G_MAXUINT16 + 1) / 8]; /* a bit for each port */

static bool is_one(int protocol)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(ids); i++)
        if (protocol >= 0 && ids[i] == protocol)
            return true;
    return false;
}

static void note_port(const char *table _U_, ftenum_t type _U_, void *key, void *value, void *data _U_)
{
    dissector_handle_t owner = dtbl_entry_get_handle(value);
    unsigned port = GPOINTER_TO_UINT(key);
    if (owner && port <= G_MAXUINT16 && is_one(dissector_handle_get_protocol_index(owner)))
        theirs[port / 8] |= (uint8_t)(1 << port % 8);
}

void datagram_look_up(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
        ids[i] = proto_get_id_by_filter_name(names[i]);
    memset(theirs, 0, sizeof theirs);
    dissector_table_foreach("udp.port", note_port, NULL);
}

void datagram_leave(uint16_t port)
{
    theirs[port / 8] &= (uint8_t) ~(1 << port % 8);
}

static bool is_theirs(uint16_t port)
{
    return theirs[port / 8] >> port % 8 & 1;
}

bool datagram_is_idle(const simple *t)
{
    return (is_theirs(t->s.srcport) || is_theirs(t->s.dstport)) && !tw_may_begin_datagrams(t->payload, t->s.len);
}

static int protocol_of(wmem_list_frame_t *layer)
{
    return layer ? GPOINTER_TO_INT(wmem_list_frame_data(layer)) : -1;
}

void datagram_dissected(const simple *t, const packet_info *pinfo)
{
    wmem_list_frame_t *last = wmem_list_tail(pinfo->layers), *carrier = last ? wmem_list_frame_prev(last) : NULL;
    if (is_one(protocol_of(last)) && protocol_of(carrier) == protocols.udp)
        return;
    datagram_leave(t->s.srcport);
    datagram_leave(t->s.dstport);
}
