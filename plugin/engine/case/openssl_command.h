/* The command that makes the same offer as a ClientHello. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_VERDICT_OPENSSL_COMMAND_H
#define TLSWHY_VERDICT_OPENSSL_COMMAND_H

#include "case/case.h"

/* `openssl s_client ...` with the offer of K's client, as one line that a shell takes as it is meant, whatever the
 * client has sent; NULL where OpenSSL cannot make such an offer (SSL 3.0 and older, names that are no printable ASCII)
 * or the server's address is not known. What OpenSSL's names do not reach is left out: LEFT_OUT receives it as a list
 * for people, or NULL. Caller frees both with g_free(). */
char *tw__reproduce(const tw__case *k, char **left_out);

/* The same as short as it can be: what OpenSSL 3 would not do by itself, and of the lists only the one that CAUSE is about;
 * NULL also where CAUSE is not about an offer (versions, suites, groups, signature algorithms, ALPN, the name). */
char *tw__reproduce_shortly(const tw__case *k, tw_cause cause);

/* TEXT as one word for a POSIX shell: in single quotes unless all of it is harmless. NULL: it holds what no terminal
 * should be sent. Caller frees. */
char *tw__posix_word(const char *text);

/* The same for both shells of Windows, in double quotes; NULL also for what one of them would read inside these. */
char *tw__windows_word(const char *text);

#endif
