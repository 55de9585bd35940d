/* Verdicts: what ended a handshake, and why.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_VERDICT_H
#define TLSWHY_VERDICT_H

#include "tlswhy/words.h"
#include "x509/chain.h"
#include "connection/connection.h"

#define TW_EVIDENCE_MAX 12 /* findings of one verdict */
#define TW_LIMITS_MAX   3  /* and what it says of limits that were passed */
#define TW_CONTRAST_MAX 8  /* further evidence, from other handshakes (contrast.h) */

/* What is judged: an alert (0 to 255, its number), or an end without a readable alert. */
typedef enum {
    TW_EVENT_CLOSE = 256,  /* FIN */
    TW_EVENT_RESET,        /* RST */
    TW_EVENT_SILENCE,      /* nothing more, to the end of the capture */
    TW_EVENT_ENCRYPTED,    /* a record that must be an alert, and cannot be read */
    TW_EVENT_ABORTED,      /* likewise, in a session: two alerts of one side, of which the first is no close_notify */
    TW_EVENT_DECLINED,     /* the server declined an upgrade to TLS */
    TW_EVENT_CLEARTEXT,    /* the server answered with something that is no TLS */
    TW_EVENT_NEGOTIATION,  /* QUIC: the server named its versions, and the client spoke none of them */
    TW_EVENT_FAILURE,      /* EAP: the server answered with EAP-Failure */
    TW_EVENT_SAID_MISSING, /* in the session, the server said in HTTP that it wants a client certificate */
    TW_EVENT_SAID_REJECTED /* likewise, that it does not accept the one that it got */
} tw__event;

typedef struct {
    uint32_t frame; /* 0: no single frame */
    char *text;     /* a GRefString in a verdict */
} tw_evidence;

/* One verdict, or a notice (an alert that ends nothing). Its strings are GRefStrings and its lists shared (words.h): the
 * same ones come again and again. */
struct tw_verdict {
    char *server_name; /* that the client asked for, escaped; NULL: none */
    char *version;     /* that the server chose ("TLS 1.2"); NULL: none yet */
    char *reason;      /* one sentence */
    const char *title; /* short form, lent from the catalogue */
    GPtrArray *hints;  /* char * */
    GPtrArray *logs;
    tw_evidence *evidence;
    uint64_t likeness; /* the same for reasons that differ in measured times only; 0 in a notice */
    tw_cause cause;    /* TW_N_CAUSES in a notice that no cause describes */
    tw_confidence confidence;
    tw_severity severity;
    tw_side sender;
    tw_phase phase;
    uint32_t frame;   /* the frame that it stands on */
    int ordinal;      /* which alert item of that frame, or -1 */
    uint32_t trigger; /* frame of the message that the sender rejected, or 0 */
    int alert;        /* 0..255, or -1: no alert */
    int level;
    unsigned n_left_out; /* findings beyond TW_EVIDENCE_MAX */
    uint8_t n_evidence;
    uint8_t n_found; /* how many are findings of this handshake; what is left out follows */
    uint8_t n_own;   /* both together; what other handshakes show follows */
    bool failure;    /* false: a notice; cause may still tell which end it is */
    bool encrypted;
    bool from_others; /* the cause rests on other handshakes of the capture */
};

/* ALERT of CONN came after VERDICT, which was given upon an end without one: it is a reaction to that end, and
 * evidence. What a client says of an answer that is no TLS is that verdict's alert as well. */
void tw__verdict_add_reaction(tw_verdict *verdict, const tw_conn *conn, const tw__alert *alert);

void tw_verdict_free(tw_verdict *verdict); /* NULL is fine */

/* What the user may set. */
typedef struct {
    const tw__roots *roots; /* trusted roots, or NULL */
    const char *roots_file;
    int64_t patience_us;        /* silence that is a failure; 0: TW_PATIENCE_US */
    int64_t client_patience_us; /* who gives up sooner has not waited for an answer; 0: TW_CLIENT_PATIENCE_US */
} tw_settings;

#define TW_PATIENCE_US        (3 * G_USEC_PER_SEC)
#define TW_CLIENT_PATIENCE_US G_USEC_PER_SEC

/* Judges ALERT, the last one of CONN (RFC 8446 6, RFC 5246 7.2): the verdict that ends the handshake, or a notice
 * for an alert that ends nothing, or NULL for one that adds nothing to a verdict already given.
 * Marks the handshake as failed. The caller owns the result: tw_verdict_free(). */
tw_verdict *tw__judge_alert(tw_conn *conn, const tw__alert *alert, const tw_settings *settings);

/* Judges a FIN (RESET false) or RST of direction AT.dir, after it was added to CONN: the verdict if that ends a
 * handshake, else NULL. */
tw_verdict *tw__judge_end(tw_conn *conn, tw_at at, bool reset, const tw_settings *settings);

/* Judges an opaque record of TYPE and LENGTH, after it was added: the verdict if it must be a fatal alert in the
 * handshake (RFC 8446 5.2: an alert is 2 bytes, a content type and a tag), else NULL. */
tw_verdict *tw__judge_opaque(tw_conn *conn, tw_at at, uint8_t type, uint32_t length, const tw_settings *settings);

/* Whether the capture lacks bytes between what DIR sent so far in the first handshake and a segment that begins at SEQ
 * (TCP): then an opaque record in that segment is better not judged. */
bool tw__lacks_bytes_before(const tw_conn *conn, int dir, uint32_t seq);

/* Judges what is no TLS in the place of the server's answer, after tw__conn_cleartext(). */
tw_verdict *tw__judge_cleartext(tw_conn *conn, tw_at at, const tw_settings *settings);

/* Judges what the server of a finished handshake says in the session: the LEN decrypted BYTES of a record AT, after it was
 * added. The verdict if they say that the handshake has failed after all (cleartext.h), else NULL. */
tw_verdict *tw__judge_said(tw_conn *conn, tw_at at, const uint8_t *bytes, size_t len, const tw_settings *settings);

/* Whether that is worth a look: it stands in the first answers of a session. */
bool tw__may_say(const tw_conn *conn, int dir);

/* Judges the answer or close (cleartext.h) of a server that expected TLS, after tw__conn_cleartext() has told what the client
 * sent. */
tw_verdict *tw__judge_answer_to_cleartext(tw_conn *conn, tw_at at, const tw_settings *settings);

/* Judges the FIN or RST (RESET) AT of a server that has said nothing to a client that sent no TLS. TLS_PORT: its port is
 * one for TLS (cleartext.h). */
tw_verdict *tw__judge_closed_on_cleartext(tw_conn *conn, tw_at at, bool reset, bool tls_port,
                                          const tw_settings *settings);

/* Judges the answer AT by which a server declined an upgrade (cleartext.h), after tw__conn_cleartext() has told it; or where the
 * client leaves (AT, with the server's direction) because the server does not offer one. */
tw_verdict *tw__judge_declined(tw_conn *conn, tw_at at, const tw_settings *settings);

/* At the end of the capture, at END_US: the verdict on a handshake that was never finished, or NULL, also for one
 * that is too young to tell (the settings' patience). */
tw_verdict *tw__judge_silence(tw_conn *conn, int64_t end_us, const tw_settings *settings);

/* Whether CONN, which its client ended in the handshake, is still worth watching: the server has not acknowledged a byte
 * of the ClientHello. */
bool tw__may_be_unheard(const tw_conn *conn);

/* When nothing more will come, while CONN is watched: where VERDICT says that the client closed, but its ClientHello was
 * sent again for as long as a silence must last and never acknowledged, the silence is the failure, and VERDICT says so. */
void tw__judge_unheard(tw_conn *conn, tw_verdict *verdict, const tw_settings *settings);

/* What the sender of an alert at this point of CONN was answering (RFC 8446 2). */
tw_phase tw__phase_of(const tw_conn *conn, tw_side sender, tw__event event);

#endif
