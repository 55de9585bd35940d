/* The selected packet's connection. See selection.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "show/selection.h"

#include "compat.h"

#include <epan/epan_dissect.h>
#include <epan/plugin_if.h>

#include <cfile.h>

#include "connections.h"
#include "frames.h"

/* The closest first: the stream of QUIC stays the same where its addresses change. */
static const struct {
    const char *field;
    tw_carrier kind;
} streams[] = {
    { "quic.connection.number", TW_CARRIER_QUIC },
    { "tcp.stream", TW_CARRIER_TCP },
    { "udp.stream", TW_CARRIER_UDP },
};

/* The number in the innermost item of FIELD. NUMBER: NULL is fine. */
static bool find_number(proto_tree *tree, const char *field, uint32_t *number)
{
    header_field_info *hf = proto_registrar_get_byname(field);
    GPtrArray *found = hf ? proto_find_finfo(tree, hf->id) : NULL;
    bool any = found && found->len;
    if (any && number)
        *number = TLSWHY_UINT((field_info *)g_ptr_array_index(found, found->len - 1));
    if (found)
        g_ptr_array_free(found, TRUE);
    return any;
}

static void *look(capture_file *file, void *data)
{
    selection *s = data;
    if (!file->current_frame || !file->edt || !file->edt->tree)
        return NULL;
    s->frame = file->current_frame->num;
    for (unsigned i = 0; i < G_N_ELEMENTS(streams) && !s->conn; i++) {
        uint32_t stream;
        if (!find_number(file->edt->tree, streams[i].field, &stream))
            continue;
        s->conn = connections_find(streams[i].kind, stream);
        if (!s->filter || s->conn) {
            g_free(s->filter);
            s->filter = g_strdup_printf("%s == %u", streams[i].field, stream);
        }
        if (streams[i].kind == TW_CARRIER_TCP)
            s->inner = connections_find(TW_CARRIER_TUNNEL, stream);
    }
    if (!s->conn && find_number(file->edt->tree, "eap.code", NULL))
        s->conn = connections_eap_around(frames_id_of(s->frame));
    return NULL;
}

selection selection_get(void)
{
    selection s = { 0, NULL, NULL, NULL };
    plugin_if_get_capture_file(look, &s);
    return s;
}
