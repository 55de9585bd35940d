/* Where packets come in. See door.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

#include "door/door.h"

#include <epan/epan.h>
#include <epan/epan_dissect.h>
#include <epan/exceptions.h>
#include <epan/prefs-int.h>
#include <epan/prefs.h>
#include <wiretap/wtap.h>

#include "door/datagram.h"
#include "door/idle.h"
#include "tlswhy/words.h"

#define TABLE  "wtap_encap"
#define PLACES 512 /* more than Wireshark knows */

static dissector_handle_t handle;
/* Whose they are, by the value in the table; NULL: nobody's. These stay for as long as Wireshark runs: a handle that comes
 * later may be a script's, which goes when the scripts are loaded again. */
static dissector_handle_t places[PLACES];
static bool is_open;
static const door_owner *whose;
static GArray *wanted, *of_tcp; /* fields of any packet, and of one that can show nothing but TCP */
static epan_dissect_t own;      /* its tree is handed on where there is none */
static wtap_rec no_record;
static proto_tree *at_hand; /* of the packet at hand; NULL: it does not matter */

/* The packet is done. */
static tlswhy_wmem_bool leave(wmem_allocator_t *pool _U_, wmem_cb_event_t event _U_, void *tree)
{
    at_hand = NULL;
    if (tree == own.tree) {
        own.pi.rec = &no_record;
        epan_dissect_reset(&own);
    }
    return false;
}

/* A tree with the wanted fields in it: TREE, or one of our own. */
static proto_tree *prime(packet_info *pinfo, proto_tree *tree)
{
    static epan_dissect_t named; /* only its tree counts */
    if (!tree) {
        if (!own.tree)
            epan_dissect_init(&own, pinfo->epan, TRUE, FALSE);
        tree = own.tree;
        PTREE_DATA(tree)->pinfo = pinfo;
    }
    named.tree = tree;
    epan_dissect_prime_with_hfid_array(&named, idle_is_bare() ? of_tcp : wanted);
    wmem_register_callback(pinfo->pool, leave, tree);
    return tree;
}

/* Frames within a frame have been decided upon with it: the layers begin with the frame itself. */
static bool is_frame(const packet_info *pinfo)
{
    return wmem_list_count(pinfo->layers) == 1;
}

/* Where a dissector gave up, Wireshark says of which protocol the packet is that it could not read. */
static void tell(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const char *proto = pinfo->current_proto;
    whose->dissected(tvb, pinfo, tree);
    pinfo->current_proto = proto;
}

/* Calls REAL, and the owner behind it, also where it gave up. */
static int dissect_and_tell(dissector_handle_t real, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    volatile int len = 0;
    TRY
    {
        len = call_dissector_only(real, tvb, pinfo, at_hand ? at_hand : tree, data);
    }
    FINALLY
    {
        tell(tvb, pinfo, tree);
    }
    ENDTRY;
    return len;
}

static int dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    dissector_handle_t real = pinfo->match_uint < PLACES ? places[pinfo->match_uint] : NULL;
    bool is_own = is_open && is_frame(pinfo); /* closed: somebody gave a place back to the door */
    bool is_first = is_own && !PINFO_FD_VISITED(pinfo);
    int len;
    if (is_first)
        at_hand = idle_segment(tvb, pinfo) ? NULL : prime(pinfo, tree);
    pinfo->can_desegment = pinfo->saved_can_desegment; /* a call in between changes nothing */
    if (!real)
        return 0;
    if (is_own && (at_hand || idle_waits() || whose->shows(pinfo)))
        return dissect_and_tell(real, tvb, pinfo, tree, data);
    len = call_dissector_only(real, tvb, pinfo, tree, data);
    if (is_first)
        idle_dissected(tvb, pinfo, tree);
    return len;
}

void door_register(void)
{
    handle = TLSWHY_ANONYMOUS_DISSECTOR(dissect, tw_text_template(TW_TEXT_PROTOCOL)); /* no layer of the packet */
}

static void note_owner(const char *table _U_, ftenum_t type _U_, void *key, void *value, void *data _U_)
{
    if (GPOINTER_TO_UINT(key) < PLACES)
        places[GPOINTER_TO_UINT(key)] = dtbl_entry_get_handle(value);
}

void door_note_owners(void)
{
    dissector_table_foreach(TABLE, note_owner, NULL);
}

/* Whether the place KEY is as it was at the start; else *DATA is made false. */
static void look(const char *table _U_, ftenum_t type _U_, void *key, void *value, void *data)
{
    bool *is_free = data;
    unsigned place = GPOINTER_TO_UINT(key);
    dissector_handle_t owner = place < PLACES ? places[place] : NULL;
    dissector_handle_t now = dtbl_entry_get_handle(value), initial = dtbl_entry_get_initial_handle(value);
    if (!owner || (now != owner && now != handle) || (initial != owner && initial != handle))
        *is_free = false;
}

static bool is_free(void)
{
    bool found = true;
    dissector_table_foreach(TABLE, look, &found);
    return found;
}

/* Gives the places of one to the other. */
static void pass_on(bool to_door)
{
    dissector_table_t table = find_dissector_table(TABLE);
    for (unsigned i = 0; i < PLACES; i++)
        if (places[i] && dissector_get_uint_handle(table, i) == (to_door ? places[i] : handle))
            dissector_add_uint(TABLE, i, to_door ? handle : places[i]);
}

/* Whether the user has all frames read as DOCSIS, for which nobody looks into the table. */
static bool is_bypassed(void)
{
    module_t *module = prefs_find_module("frame");
    pref_t *pref = module ? prefs_find_preference(module, "force_docsis_encap") : NULL;
    return pref && prefs_get_bool_value(pref, pref_current);
}

bool door_open(const door_owner *owner, GArray *fields, int stream)
{
    door_close();
    is_open = TLSWHY_DOOR && !is_bypassed() && is_free();
    if (!is_open)
        return false;
    pass_on(true);
    datagram_look_up();
    whose = owner;
    wanted = fields;
    of_tcp = g_array_new(FALSE, FALSE, sizeof stream);
    if (stream != -1)
        g_array_append_val(of_tcp, stream);
    return true;
}

bool door_is_open(void)
{
    return is_open;
}

void door_close(void)
{
    idle_forget();
    if (!is_open)
        return;
    pass_on(false); /* whoever has taken a place since then keeps it */
    is_open = false;
    g_array_free(wanted, TRUE);
    g_array_free(of_tcp, TRUE);
    if (own.tree)
        epan_dissect_cleanup(&own);
    own.tree = at_hand = NULL;
}

proto_tree *door_tree(proto_tree *tree)
{
    return is_open ? at_hand : tree;
}
