/* Statistics > Flow Graph, type "TLS Handshakes", and `tshark -z flow,tlswhy,standard`: the steps of handshakes, and
 * verdicts at their place.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_SHOW_FLOW_H
#define TLSWHY_EPAN_SHOW_FLOW_H

#include <epan/packet.h>

#include "frames.h"

/* Makes the graph known; from the registration of protocol PROTO. Nothing where this Wireshark's graphs are not known. */
void flow_register(int proto);

/* Sees to it that the steps are kept which a graph that was asked for will draw; before a frame is harvested. */
void flow_prepare(void);

/* Hands the steps and the verdicts (FIRST: the notes) of the frame to the graphs that are open. */
void flow_frame(const note *first, packet_info *pinfo);

#endif
