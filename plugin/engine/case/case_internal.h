/* What case.c and case_certificates.c share. Nobody else includes this.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_CASE_CASE_INTERNAL_H
#define TLSWHY_CASE_CASE_INTERNAL_H

#include "case/case.h"

/* Nothing is read by the first; the second frees what was. */
void tw__case_sides_new(tw__case *k);
void tw__case_sides_free(tw__case *k);

#endif
