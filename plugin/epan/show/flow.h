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

/* Whether a graph was asked for; then the steps are kept that it will draw. Before a frame is harvested. */
bool flow_prepare(void);

/* Hands the steps and the verdicts (FIRST: the notes) of the frame to the graphs, if some are asked for. */
void flow_frame(const note *first, packet_info *pinfo);

#endif
