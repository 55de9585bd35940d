/* What an expert looks for where nobody said why: who sent the reset, how large the ClientHello was and whether it
 * arrived, what was lost on the way, whether a time limit ran out. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CASE_TCP_EVIDENCE_H
#define TLSWHY_CASE_TCP_EVIDENCE_H

#include "case/case.h"

/* Adds it to the finding of a close, a reset or silence (of any event: that the capture is one-way), with the values
 * that hints of these causes ask for. */
void tw__tcp_evidence(const tw__case *k, tw__finding *f);

#endif
