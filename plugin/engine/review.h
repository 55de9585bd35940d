/* What later handshakes of a capture say about the cause of an earlier failure. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_REVIEW_H
#define TLSWHY_REVIEW_H

#include "contrast_internal.h"

/* Judges the failure O of C again, and puts the new verdict in the place of the old one (the pointer stays) where it
 * rests on other handshakes of the capture, or the old one did. What is proven stays. */
void tw_review(const tw_contrast *c, const tw_outline *o);

#endif
