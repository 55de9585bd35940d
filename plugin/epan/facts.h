/* Files of facts: what one capture remembers, for the verdicts of another one (tlswhy/elsewhere.h).
 *
 * `tshark -z tlswhy,remember` writes the file that the environment variable TLSWHY_FACTS names; TLSWHY_FILE is what the
 * capture is called. The preference tlswhy.remembered names the files that are used, separated as in a search path.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_FACTS_H
#define TLSWHY_EPAN_FACTS_H

#include "tlswhy/capture.h"

/* Makes the statistic known to the -z option; from the protocol's registration. */
void facts_register(void);

/* CAPTURE is new: it uses the files that the preference names, and notes what is asked for. What cannot be read is
 * reported. */
void facts_open(tw_capture *capture);

/* Prints what there is to say of the other captures as a whole on the standard error output. */
void facts_say(void);

#endif
