/* Where packets come in. A field that a post-dissector wants makes Wireshark build a tree for every packet of the file, also
 * where nobody looks at one. So nothing is wanted: a dissector of our own takes the places in the table by which frames are
 * read ("wtap_encap"), and calls the one whose place it is. For a packet that may matter it asks for the fields, or hands
 * on a tree of its own where there is none; most packets lie inside of a TLS record, and get neither.
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

/* At the opening of a capture file: from now on the trees of packets that may matter hold FIELDS, which becomes the door's,
 * or STREAM, one of them, where there can be nothing else.
 * False: the user, or somebody else, has changed a place or reads frames in another way; nothing was taken, and FIELDS is the
 * caller's. */
bool door_open(GArray *fields, int stream);

/* Whether it has taken places. */
bool door_is_open(void);

/* At its closing: everybody has his place again. Harmless when the door is not open. */
void door_close(void);

/* The tree to harvest from, lent until the packet is done; TREE: the one that Wireshark built, or NULL. NULL: there is
 * nothing to harvest, and idle_dissected() is to be called. */
proto_tree *door_tree(proto_tree *tree);

#endif
