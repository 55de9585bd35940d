/* What one capture says of one connection: by accounts, two captures are compared. Internal to the engine.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_ELSEWHERE_ACCOUNT_H
#define TLSWHY_ELSEWHERE_ACCOUNT_H

#include "elsewhere/sighting.h"

enum { TW_OF_CLIENT, TW_OF_SERVER }; /* lanes */

typedef struct {
    const char *capture; /* what the other capture is called, lent; NULL: the one that is open */
    tw_conn *conn;       /* of the open capture; NULL: it is of another one, has shown no TLS, or is a further part */
    bool part;           /* the open capture has it more than once, in one stream; its lanes are owned then */
    char *client, *server;  /* endpoints; NULL: not known */
    char *name;             /* that the client asked for, as sent, or NULL */
    GBytes *hello, *choice; /* bodies of ClientHello and ServerHello, or NULL */
    GBytes *leaf[3];        /* by tw_side: certificates, DER, or NULL */
    uint32_t hello_frame, choice_frame, leaf_frame[3], last_frame;
    int64_t begin_us, hello_us, choice_us, last_us;
    int64_t until_us; /* where the recording that holds it ends */
    tw_carrier carrier;
    tw_outcome outcome;
    uint8_t hops[2];           /* of the first datagram, by TW_OF_CLIENT and TW_OF_SERVER; 0: not known, or not UDP */
    bool lossy;                /* the recorder lost some of it, or a snap length cut it */
    const tw_verdict *verdict; /* its last failure, or NULL; owned where CONN is NULL */
    const tw_verdict *withdrawn; /* a failure that its own capture takes back, or NULL; lent */
    tw__lane lane[2];            /* by TW_OF_CLIENT and TW_OF_SERVER; lent where CAPTURE is NULL */
} tw__account;

void tw__account_free(tw__account *account); /* NULL is fine */

/* Of CONN, whose recording ends at UNTIL_US. */
tw__account *tw__account_of_conn(const tw__sightings *sightings, tw_conn *conn, int64_t until_us);

/* Of a stream that has shown no TLS; NULL: who opened it is not known, or it is nothing to compare. */
tw__account *tw__account_of_stream(const tw__sighting *sighting, int64_t until_us);

/* A, which is new: where the capture has its stream at several points of its path, A is what was recorded at one of them, and
 * the other ones are added to ACCOUNTS. */
void tw__account_divide(tw__account *a, const tw__sightings *sightings, uint32_t stream, GPtrArray *accounts);

/* Where A was recorded, if that is known of all of it; 0: it is not. */
uint32_t tw__account_place(const tw__account *a);

/* The random of the ClientHello, TW_RANDOM bytes, lent; NULL: none was seen. */
#define TW_RANDOM 32
const uint8_t *tw__account_random(const tw__account *account);

/* The same of the ServerHello, if it is no HelloRetryRequest: these have one random. */
const uint8_t *tw__account_choice_random(const tw__account *account);

/* When the server's side answered the ClientHello of A, be it by an end; 0: it did not. */
int64_t tw__account_answered_us(const tw__account *a);

/* By which a stream whose SYNs were seen is known at every point of its path, or NULL. Caller frees. Both sides choose
 * their first sequence numbers at random; address translation leaves them. */
char *tw__numbers_key(const tw__lane *client, const tw__lane *server);

/* The same of A, by the random of its ClientHello, by that of its ServerHello, and by its streams. */
char *tw__random_key(const tw__account *a);
char *tw__choice_key(const tw__account *a);
char *tw__account_numbers_key(const tw__account *a);

/* The offset of SEQ in LANE; of SYN and what else lies before its first byte: 0. */
uint32_t tw__lane_offset(const tw__lane *lane, uint32_t seq);

/* Whether V, which may be NULL, is by an alert, be it one that cannot be read. */
bool tw__is_by_alert(const tw_verdict *v);
/* Whether V is by nothing that came. */
bool tw__is_by_silence(const tw_verdict *v);

/* How many segments are known of LANE; of what does not run over TCP: none. */
static inline unsigned tw__lane_length(const tw__lane *lane)
{
    return lane->seen ? lane->seen->len : 0;
}

static inline const tw__seen *tw__lane_at(const tw__lane *lane, unsigned i)
{
    return &g_array_index(lane->seen, tw__seen, i);
}

#endif
