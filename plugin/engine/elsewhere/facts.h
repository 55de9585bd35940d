/* The file of facts: what one capture remembers, for another one to be held against it. Internal to the engine; see
 * tlswhy/elsewhere.h for the border.
 *
 * A file begins with a line that names it and its format, then has the size and the SHA-256 of what follows at TW_FACTS_HEAD:
 * one GVariant of the type FACTS, in the byte order of the machine. Its entries are there so that of many connections only
 * those are read that another capture may have, too.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_ELSEWHERE_FACTS_H
#define TLSWHY_ELSEWHERE_FACTS_H

#include "compare/remembered.h"
#include "elsewhere/account.h"

#define TW_FACTS_MAGIC  "tlswhy-facts-5\n"  /* the number changes with the types below, and with what they mean */
#define TW_FACTS_MAX    (200 * 1024 * 1024) /* bytes of a file */
#define TW_FACTS_DIGEST 32
#define TW_FACTS_HEAD   64 /* of these 15 + 8 + 32 are used; so the rest is aligned */

/* Members in the order of the structs that they stand for. Certificates are numbers in the list of them; -1: none. Names
 * are bytes, and what is empty is not there. */
#define SEEN      "(xuuuuuqqyy)"
#define LANE      "(bbbuua" SEEN "ay)"
#define VERDICT   "(siiiiibuxxsssa(us)asas)"
#define ACCOUNT   "(ssayayayiiuuuuuxxxxxiibyy" LANE LANE "a" VERDICT ")"
#define HANDSHAKE "(ssayuuxaybbbqqqqqiiuu)"
#define ENTRY     "(ttttxxu)"
/* what it is called; its first and last time; how many connections are left out; certificates; an entry for each account */
#define FACTS "(sxxuaaya" ENTRY "a" ACCOUNT "a" HANDSHAKE ")"

/* A segment; it has the layout of SEEN, in which 64 bits are aligned by 8 bytes on every processor. */
typedef struct {
    _Alignas(8) int64_t time_us;
    uint32_t frame, seq, ack, len, hash;
    uint16_t window, ip_id;
    uint8_t flags, hops;
} tw__packed_seen;
G_STATIC_ASSERT(sizeof(tw__packed_seen) == 40);

/* What an account is found by; it has the layout of ENTRY. Hashes, 0: there is none. */
typedef struct {
    _Alignas(8) uint64_t random;
    uint64_t choice, name;
    uint64_t numbers; /* both first sequence numbers of TCP; 0: not known */
    int64_t begin_us, last_us;
    uint32_t flags;
} tw__entry;
G_STATIC_ASSERT(sizeof(tw__entry) == 56);

enum { TW_ENTRY_TLS = 1, TW_ENTRY_LOSSY = 2, TW_ENTRY_REFUSED = 4 };

tw__entry tw__entry_of(const tw__account *account);

/* What a file holds. */
typedef struct {
    char *capture; /* what it is called, escaped */
    int64_t from_us, until_us;
    unsigned n_left_out; /* connections */
    /* once it was used: connections in common; of these, recorded at the same point; verdicts that another connection of it
     * helped; completed connections that are likely inspected, and the first one of them, lent */
    unsigned n_common, n_same_point, n_used, n_inspected;
    const tw_conn *inspected;
    GPtrArray *accounts; /* tw__account *, owned; of what was read, NULL until somebody asks: tw__facts_account() */
    const tw__entry *entries; /* of what was read: as many, lent by INDEX */
    GVariant *index, *packed;
    struct tw__facts_reader *reader;
    GPtrArray *handshakes; /* tw__remembered *, owned: completed ones */
    GPtrArray *leaves;     /* tw__leaf *, owned: their certificates */
    GHashTable *refused;   /* tw__entry.numbers of streams in which an upgrade to TLS was refused */
} tw__facts;

void tw__facts_free(void *facts); /* NULL is fine */

/* The account at PLACE of ACCOUNTS, lent. */
tw__account *tw__facts_account(tw__facts *facts, unsigned place);

/* Those that may be of a connection of HERE, tw__account * of the open capture, or of the same name at the same time; lent
 * each. Caller unrefs. */
GPtrArray *tw__facts_candidates(tw__facts *facts, const GPtrArray *here);

/* Whether in the stream STREAM of SIGHTINGS an upgrade to TLS was refused, as FACTS show it. */
bool tw__facts_has_refused(const tw__facts *facts, const tw__sightings *sightings, uint32_t stream);

/* The file of FACTS, at most about MOST bytes: connections that do not fit are left out, and counted. NUMBER: by which
 * people know a frame. *LEFT_OUT: how many. Of the handshakes the completed ones count. */
GBytes *tw__facts_write(const tw__facts *facts, tw_frame_number *number, size_t most, unsigned *left_out);

/* What FILE holds, or NULL and *TEXT: which text says why not. Verdicts share their lists in POOL. Texts that were written
 * for people are left out where PRIVATE: they hold names. */
tw__facts *tw__facts_read(GBytes *file, tw__pool *pool, const tw__context *context, bool private, tw_text *text);

/* TIMES (int64_t, microseconds) in order, and how far the nearest of them is from US; none: G_MAXINT64. */
void tw__times_sort(GArray *times);
int64_t tw__times_apart(const GArray *times, int64_t us);

#endif
