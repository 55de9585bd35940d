/* Judging what happened on a connection. Internal to the engine; capture/tell.c calls it in the right order.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_JUDGE_JUDGE_H
#define TLSWHY_JUDGE_JUDGE_H

#include "connection/event.h"

/* Judges ALERT, the last one of CONN (RFC 8446 6, RFC 5246 7.2): the verdict that ends the handshake, or a notice
 * for an alert that ends nothing, or NULL for one that adds nothing to a verdict already given.
 * Marks the handshake as failed. The caller owns the result: tw__verdict_free(). */
tw_verdict *tw__judge_alert(tw_conn *conn, const tw__alert *alert);

/* The notice that the server selected none of the application protocols that its client offered (RFC 7301), where the
 * message of TYPE AT, which was added, tells so; else NULL. */
tw_verdict *tw__note_protocols(tw_conn *conn, tw_at at, uint8_t type);

/* Judges a FIN (RESET false) or RST of direction AT.dir, after it was added to CONN: the verdict if that ends a
 * handshake, else NULL. */
tw_verdict *tw__judge_end(tw_conn *conn, tw_at at, bool reset);

/* Judges an opaque record of TYPE and LENGTH, after it was added: the verdict if it must be a fatal alert in the
 * handshake (RFC 8446 5.2: an alert is 2 bytes, a content type and a tag), else NULL. */
tw_verdict *tw__judge_opaque(tw_conn *conn, tw_at at, uint8_t type, uint32_t length);

/* Judges what is no TLS in the place of the server's answer, after tw__conn_cleartext(). */
tw_verdict *tw__judge_cleartext(tw_conn *conn, tw_at at);

/* Judges what the server of a finished handshake says in the session: the LEN decrypted BYTES of a record AT, after it was
 * added. The verdict if they say that the handshake has failed after all (cleartext.h), else NULL. */
tw_verdict *tw__judge_said(tw_conn *conn, tw_at at, const uint8_t *bytes, size_t len);

/* Whether that is worth a look: it stands in the first answers of a session. */
bool tw__may_say(const tw_conn *conn, int dir);

/* Judges the answer or close (cleartext.h) of a server that expected TLS, after tw__conn_cleartext() has told what
 * the client sent. */
tw_verdict *tw__judge_answer_to_cleartext(tw_conn *conn, tw_at at);

/* Judges the FIN or RST (RESET) AT of a server that has said nothing to a client that sent no TLS. TLS_PORT: its port is
 * one for TLS (cleartext.h). */
tw_verdict *tw__judge_closed_on_cleartext(tw_conn *conn, tw_at at, bool reset, bool tls_port);

/* Judges the answer AT by which a server declined an upgrade (cleartext.h), after tw__conn_cleartext() has told it;
 * or where the client leaves (AT, with the server's direction) because the server does not offer one. */
tw_verdict *tw__judge_declined(tw_conn *conn, tw_at at);

/* The notice that Wireshark gives the server's port to another protocol, though CONN's ClientHello is AT. */
tw_verdict *tw__note_unread(tw_conn *conn, tw_at at);

/* The notice AT that CONN never opened; its client sent N_SYN SYNs in the course of WAITED_US. */
tw_verdict *tw__note_unopened(tw_conn *conn, tw_at at, unsigned n_syn, int64_t waited_us);

/* How long a silence is a failure in the capture of CONTEXT, in microseconds: its setting, or TW_PATIENCE_US. */
int64_t tw__patience(const tw__context *context);

/* At the end of the capture, at END_US: the verdict on a handshake that was never finished, or NULL, also for one
 * that is too young to tell (tw__patience()). */
tw_verdict *tw__judge_silence(tw_conn *conn, int64_t end_us);

/* The client of CONN ends at AT: where VERDICT speaks of an alert that had not reached it by then, and it had not
 * waited for long, it left of its own accord: the notice that takes the place of VERDICT. NULL: VERDICT stays. */
tw_verdict *tw__judge_crossing(tw_conn *conn, const tw_verdict *verdict, tw_at at);
/* The same where ALERT comes behind the client's end, of which VERDICT, a notice, speaks. */
tw_verdict *tw__judge_crossed(tw_conn *conn, const tw_verdict *verdict, const tw__alert *alert);

/* CONN's side AT.dir sends a record of TYPE, which was added: where VERDICT, the last one, says that it had ended the
 * handshake or the session by what cannot be read or by its end, or, in DTLS, that its peer had, whose answer is a
 * Finished, that is wrong: the notice that takes its place. NULL: VERDICT stays. */
tw_verdict *tw__judge_going_on(tw_conn *conn, const tw_verdict *verdict, tw_at at, uint8_t type, uint32_t length);

/* CONN's client sends a record of TYPE and LENGTH, which was added: where VERDICT, the last one, is the notice that the
 * server closed before either side had sent data, the client had some: the verdict that takes the place of VERDICT. NULL:
 * VERDICT stays. */
tw_verdict *tw__judge_unanswered(tw_conn *conn, const tw_verdict *verdict, tw_at at, uint8_t type, uint32_t length);

/* Whether CONN, which its client ended in the handshake, is still worth watching: the server has not acknowledged a byte
 * of the ClientHello. */
bool tw__may_be_unheard(const tw_conn *conn);

/* When nothing more will come, while CONN is watched: where VERDICT says that the client closed, but its ClientHello was
 * sent again for as long as a silence must last and never acknowledged, the silence is the failure: the verdict that takes
 * the place of VERDICT. NULL: VERDICT stays. */
tw_verdict *tw__judge_unheard(tw_conn *conn, const tw_verdict *verdict);

/* Judges the EAP-Failure AT by which a server ended EAP (RFC 3748 4.2, RFC 5216 2.1.3): the verdict if the handshake
 * had not got through, or, with COMMITMENT, if the server owed a sign that it had (RFC 9190 2.1.1); else NULL. */
tw_verdict *tw__judge_eap_failure(tw_conn *conn, tw_at at, bool commitment);

#endif
