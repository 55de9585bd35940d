/* When a capture has been read to its end. Wireshark has no one way to say so:
 *
 *   Wireshark, sharkd and tshark -2 call the post-sequence routines, and reset their listeners before they read;
 *   a tshark of one pass does neither: all that it does at the end is to draw. Wireshark draws more than once while a
 * capture
 *   goes on.
 *
 * So the end is where the post-sequence routine is called, or where a listener that was never reset draws.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_EPAN_END_OF_CAPTURE_H
#define TLSWHY_EPAN_END_OF_CAPTURE_H

/* From the protocol's registration. CALLBACK is called at each end, after everything was judged. */
void end_of_capture_register(void (*callback)(void));

/* A statistic that shows what only the end tells has been started: sees to it that the end is noticed before it draws. */
void end_of_capture_watch(void);

#endif
