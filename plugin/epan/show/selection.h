/* The connection that the packet selected in the GUI is of. It is asked of the packet's own tree, so that nothing need be
 * noted of frames.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_SHOW_SELECTION_H
#define TLSWHY_EPAN_SHOW_SELECTION_H

#include "tlswhy/capture.h"

typedef struct {
    uint32_t frame; /* its number; 0: no packet is selected */
    tw_conn *conn;  /* lent; NULL: the packet is of no TLS connection */
    tw_conn *inner; /* lent; the TLS connection inside of it; NULL: none is known */
    char *filter;   /* display filter that leaves this connection, caller frees; NULL: the packet has no stream */
} selection;

selection selection_get(void);

#endif
