/* The file of facts: what one capture remembers, for another one to be held against it. Internal to the engine; see
 * tlswhy/elsewhere.h for the border.
 *
 * A file begins with a line that names it and its format, then has the size and the SHA-256 of what follows: one
 * GVariant of the type FACTS, in the byte order of the machine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_ELSEWHERE_FACTS_H
#define TLSWHY_ELSEWHERE_FACTS_H

#include "compare/remembered.h"
#include "elsewhere/account.h"

#define TW_FACTS_MAGIC  "tlswhy-facts-2\n"  /* the number changes with the types below, and with what they mean */
#define TW_FACTS_MAX    (200 * 1024 * 1024) /* bytes of a file */
#define TW_FACTS_DIGEST 32

/* Members in the order of the structs that they stand for. Certificates are numbers in the list of them; -1: none. Names
 * are bytes, and what is empty is not there. */
#define SEEN      "(xuuuuuqqyy)"
#define LANE      "(bbbuua" SEEN "ay)"
#define VERDICT   "(siiiiibuxxsssa(us)asas)"
#define ACCOUNT   "(ssayayayiiuuuuuxxxxxiib" LANE LANE "a" VERDICT ")"
#define HANDSHAKE "(ssayuuxaybbbqqqqqiiuu)"
/* what it is called; its first and last time; how many connections are left out */
#define FACTS "(sxxuaaya" ACCOUNT "a" HANDSHAKE ")"

/* What a file holds. */
typedef struct {
    char *capture; /* what it is called, escaped */
    int64_t from_us, until_us;
    unsigned n_left_out; /* connections */
    /* once it was used: connections in common; of these, recorded at the same point; verdicts that another connection of it
     * helped; completed connections that are likely inspected, and the first one of them, lent */
    unsigned n_common, n_same_point, n_used, n_inspected;
    const tw_conn *inspected;
    GPtrArray *accounts;   /* tw__account *, owned */
    GPtrArray *handshakes; /* tw__remembered *, owned: completed ones */
    GPtrArray *leaves;     /* tw__leaf *, owned: their certificates */
    GHashTable *refused;   /* "ISN|ISN": their streams in which an upgrade to TLS was refused */
} tw__facts;

void tw__facts_free(void *facts); /* NULL is fine */

/* Whether in the stream STREAM of SIGHTINGS an upgrade to TLS was refused, as FACTS show it. */
bool tw__facts_has_refused(const tw__facts *facts, const tw__sightings *sightings, uint32_t stream);

/* The file of FACTS, at most about MOST bytes: connections that do not fit are left out, and counted. NUMBER: by which
 * people know a frame. *LEFT_OUT: how many. Of the handshakes the completed ones count. */
GBytes *tw__facts_write(const tw__facts *facts, tw_frame_number *number, size_t most, unsigned *left_out);

/* What FILE holds, or NULL and *TEXT: which text says why not. Verdicts share their lists in POOL. Texts that were written
 * for people are left out where PRIVATE: they hold names. */
tw__facts *tw__facts_read(GBytes *file, tw__pool *pool, const tw__context *context, bool private, tw_text *text);

#endif
