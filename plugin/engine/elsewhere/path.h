/* The same connection at two points of its path: which one is nearer the client, how far the clocks are apart, and what
 * differs between them. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_ELSEWHERE_PATH_H
#define TLSWHY_ELSEWHERE_PATH_H

#include "elsewhere/account.h"

typedef struct {
    const tw__account *near[2]; /* nearer the client, nearer the server */
    /* The server's clock minus the client's, of one packet at both points: at least (of what the client sends) and at
     * most (of what the server sends). Half of what lies between is the transit time. */
    int64_t least_us, most_us;
    int hops; /* between the two; 0: not known */
    /* Its sequence numbers are other ones there: a proxy of TCP has made another connection of it, whose segments, ends
     * and acknowledgments are its own, or a box has renumbered it. */
    bool relayed;
} tw__path;

typedef enum { TW_SAME_POINT, TW_TWO_POINTS, TW_POINTS_UNKNOWN } tw__points;

/* Where A and B, two accounts of one connection, were recorded. PATH is set where they are two points. */
tw__points tw__path_find(tw__path *path, const tw__account *a, const tw__account *b);

/* How far the server's clock is ahead of the client's, and how long one way takes; microseconds. */
int64_t tw__path_ahead(const tw__path *path);
int64_t tw__path_transit(const tw__path *path);

/* What differs. */
typedef enum {
    TW_ALTERED, /* bytes arrived as other ones */
    TW_FORGED,  /* an end, or bytes, arrived that nobody sent */
    TW_LOST,    /* bytes that were sent never arrived */
    TW_LATE,    /* bytes that were sent arrived when their receiver had ended */
} tw__difference_kind;

typedef struct {
    tw__difference_kind kind;
    int lane;               /* who sent it, or seems to have */
    const tw__seen *sent;   /* at the point near its sender; NULL: TW_FORGED */
    const tw__seen *came;   /* at the other point; NULL: TW_LOST */
    int64_t when_us;        /* by the client's clock */
    uint32_t offset, bytes; /* in the stream; TW_LOST: how many */
    int64_t took_us;        /* TW_LATE: on the way */
    uint32_t least, passed; /* TW_LOST: the shortest segment of them; the longest one that arrived */
    bool unwatched;         /* the other recorder may have been off, and what TCP shows speaks for it: likely at
                     most */
    bool disowned;          /* TW_FORGED: what TCP shows is that its sender knows nothing of it */
} tw__difference;

#define TW_DIFFERENCES 6

/* The differences of PATH, in the order of time; returns how many. What the other recorder may have missed is none. */
unsigned tw__path_differences(const tw__path *path, tw__difference found[TW_DIFFERENCES]);

/* Whether what came of LANE to its receiver's point up to TIME_US, by the clock there, and what was acknowledged there, is at
 * both points: else one recorder missed what may have been changed on its way. Where the other point has nothing of LANE,
 * which takes another way there, that counts for nothing. */
bool tw__path_is_compared(const tw__path *path, int lane, int64_t time_us);

/* Whether all that LANE sent is at its receiver's point or was acknowledged: else it is not known what was lost. */
bool tw__path_is_arrived(const tw__path *path, int lane);

/* Whether what LANE sent, early enough, came only when its receiver had ended; then *D is that. */
bool tw__path_is_late(const tw__path *path, int lane, tw__difference *d);

/* Whether the segment of LANE that came to its receiver's point in FRAME is at its sender's point. */
bool tw__path_has_sent(const tw__path *path, int lane, uint32_t frame);

/* Whether segments of TCP are known of A. */
bool tw__account_has_lanes(const tw__account *a);

/* Whether A and B have other sequence numbers, though they are of one connection. */
bool tw__path_is_relayed(const tw__account *a, const tw__account *b);

/* The last end (FIN or RST) of LANE at the point near its sender, or NULL. */
const tw__seen *tw__path_end(const tw__path *path, int lane);

/* Whether all that LANE sent has arrived, and the point near its receiver was recorded for PATIENCE_US more, in which the
 * receiver sent nothing but acknowledgments. */
bool tw__path_is_unanswered(const tw__path *path, int lane, int64_t patience_us);

#endif
