/* What to do about a verdict.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_JUDGE_HINTS_H
#define TLSWHY_JUDGE_HINTS_H

#include "case/case.h"

/* The hints of V's cause and those of any cause whose condition holds, filled with the values of F; a shared list
 * (words/shared.h). V has its cause, alert and phase. */
GPtrArray *tw__hints(tw_verdict *v, const tw__finding *f);

/* NOTICE, which has none so far, has the hint TEXT, which is taken over. */
void tw__hint_alone(tw_verdict *notice, char *text);

/* The command for V->offer, or NULL. Caller frees. */
char *tw__offer_command(const tw_verdict *v, const tw__finding *f);

#endif
