/* Where packets come in. A field that a post-dissector wants makes Wireshark build a tree for every packet of the file, also
 * where nobody looks at one. So nothing is wanted: a dissector of our own takes the places in the table by which frames are
 * read ("wtap_encap"), and calls the one whose place it is. For a packet that may matter it asks for the fields, or hands
 * on a tree of its own where there is none; most packets lie inside of a TLS record, and get neither. Nor does it need a
 * post-dissector, which Wireshark would call for every packet: where there is something to harvest or to show, the door
 * says so when the packet has been dissected.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_DOOR_DOOR_H
#define TLSWHY_EPAN_DOOR_DOOR_H

#include <stdbool.h>

#include <epan/packet.h>

/* Once, when dissectors are registered. */
void door_register(void);

/* Once, when all of Wireshark's own have taken their places, and before scripts are loaded. */
void door_note_owners(void);

/* Whose packets come in. */
typedef struct {
    /* Whether there is something to show of a packet, before it is dissected; else DISSECTED may be left out. */
    bool (*shows)(const packet_info *pinfo);
    /* The frame TVB has been dissected, as far as Wireshark could. TREE: Wireshark's, or NULL. */
    void (*dissected)(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);
} door_owner;

/* At the opening of a capture file: from now on OWNER, static, is called, and the trees of packets that may matter hold FIELDS,
 * which becomes the door's, or STREAM, one of them, where there can be nothing else.
 * False: the user, or somebody else, has changed a place or reads frames in another way; nothing was taken, and FIELDS is the
 * caller's. */
bool door_open(const door_owner *owner, GArray *fields, int stream);

/* Whether it has taken places. */
bool door_is_open(void);

/* At its closing: everybody has his place again. Harmless when the door is not open. */
void door_close(void);

/* On a frame's first visit: the tree to harvest from, lent until the packet is done; TREE: the one that Wireshark built, or
 * NULL. NULL: there is nothing to harvest, and idle_dissected() is to be called. */
proto_tree *door_tree(proto_tree *tree);

#endif
