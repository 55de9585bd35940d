/* What the files that judge events share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_JUDGE_JUDGE_INTERNAL_H
#define TLSWHY_JUDGE_JUDGE_INTERNAL_H

#include "judge/judge.h"
#include "rules/rules.h"

/* ---- verdict_from_rule.c ---- */

/* The verdict that RULE and its finding give. Caller owns it. */
tw_verdict *tw__verdict_from_rule(const tw__rule *rule, tw__finding *f);

/* A notice: CAUSE below TW_N_CAUSES names a harmless end. TEXT is its sentence, TW_TEXT_NOTICE_TITLE: that of CAUSE. Caller
 * owns it. */
tw_verdict *tw__verdict_notice(const tw__case *k, tw_cause cause, tw_text text);

/* ---- by_rules.c ---- */

/* The verdict on K, which it closes, by the first rule that holds, worth MOST at most; the handshake has failed then. */
tw_verdict *tw__judge_case(tw_conn *conn, tw__case *k, tw_confidence most);

/* The same for EVENT at AT; NULL: the connection has as many as are kept. */
tw_verdict *tw__judge_event(tw_conn *conn, tw__event event, tw_at at, const tw__alert *alert);

/* The verdict of the first rule that holds in case K, worth MOST at most. */
tw_verdict *tw__judge_by_rules(const tw__case *k, tw_confidence most);

/* A handshake that the capture shows from its ClientHello on, and whose Finished messages are not both through. */
bool tw__in_handshake(const tw_conn *conn);

/* A notice on K, which it closes, of CAUSE and TEXT as above. */
tw_verdict *tw__judge_notice(tw_conn *conn, tw__case *k, tw_cause cause, tw_text text);

/* A notice on EVENT at AT, of CAUSE and TEXT as above; NULL: the connection has as many as are kept. */
tw_verdict *tw__end_notice(tw_conn *conn, tw__event event, tw_at at, tw_cause cause, tw_text text);

/* ---- remarks.c ---- */

/* Adds to V what is worth a remark about certificates and sizes in K. */
void tw__add_remarks(tw_verdict *v, const tw__case *k);

/* ---- dropped.c ---- */

/* How sure a verdict on K can be at most, whose event is an end or an alert that cannot be read. */
tw_confidence tw__most_of_hidden(const tw__case *k);

/* Whether AT is the first end of its direction: FIN and RST come again, and one behind the other. */
bool tw__is_first_end(const tw_conn *conn, tw_at at);

/* The verdict on a server that ends, at AT, right behind the client's certificate, before it has sent a ticket or data;
 * NULL: it does not. TLS 1.3: a FIN before the client has sent data, too, is a notice (conn->parting). */
tw_verdict *tw__judge_dropping(tw_conn *conn, tw_at at);

/* The notice on a client that leaves, by EVENT at AT, when both Finished are through and it has sent nothing: so do
 * programs that look at the certificate only then, and probes. SILENT: it sent no close_notify either. NULL: it does not
 * leave so, or another notice says more. */
tw_verdict *tw__note_leaving_after(tw_conn *conn, tw__event event, tw_at at, bool silent);

/* ---- gaps.c ---- */

/* The direction that owes the next message: the server until its flight is done, otherwise the side that did not
 * speak last. */
int tw__debtor(const tw_conn *conn);

/* What the capture lacks of what either side sent (missing, unread, cut off, not captured at all), so that what is
 * not seen proves nothing: the notice that says so, or TW_N_TEXTS: nothing. It is asked before every ending. */
tw_text tw__gap_of(const tw_conn *conn);

/* Whether TCP has not even opened the connection: the ClientHello is in its SYN (TCP Fast Open). Its end and its silence are
 * then no matter of TLS; what is said of connections that never opened is said of it as well (capture/openings.h). */
bool tw__is_unopened(const tw_conn *conn);

/* Whether what DIR sends now comes behind bytes that are missing: then what it is is not known. */
bool tw__has_hole(const tw_conn *conn, int dir);

/* That notice, once. */
tw_verdict *tw__note_gap(tw_conn *conn, tw__event event, tw_at at);

/* Whether a filter has left packets out of the capture. A side that waits in vain sends again: over TCP what is not
 * acknowledged (RFC 6298 5.4), in DTLS (RFC 6347 4.2.4) and in QUIC (RFC 9002 6.2) the last flight; here neither side
 * did. */
bool tw__is_filtered(const tw_conn *conn);

/* The notice that says so, at the end of the capture, END_US. */
tw_verdict *tw__note_filtered(tw_conn *conn, int64_t end_us);

/* ---- judge_alerts.c ---- */

/* The no_renegotiation that DIR sent in this handshake, or NULL; lent. */
const tw__alert *tw__refusal_of(const tw_conn *conn, int dir);

/* Whether the server has answered early data before the client's Finished: its close is then no failure. */
bool tw__has_answered_early(const tw_conn *conn);

/* Over DTLS: whether what DIR answers is not all in the capture. */
bool tw__lacks_flight(const tw_conn *conn, int dir);

/* ---- silence.c, quic_silence.c, judge_opaque.c ---- */

/* The client ends, at AT, what was never answered though it waited: the silence was the failure. NULL: it was not. */
tw_verdict *tw__judge_giving_up(tw_conn *conn, tw_at at);

/* The verdict on a record that may be a fatal alert (conn->suspect), now that nothing followed it, worth MOST at most;
 * NULL: there is none. */
tw_verdict *tw__judge_suspect(tw_conn *conn, tw_confidence most);

/* Whether the client ends, at AT, what was not answered yet, and had not waited for long: browsers open more connections
 * than they need. The notice that says so. */
bool tw__leaves_early(const tw_conn *conn, tw_at at);
tw_verdict *tw__note_leaving(tw_conn *conn, tw__event event, tw_at at);

/* tw__judge_silence() of a QUIC connection. */
tw_verdict *tw__judge_quic_silence(tw_conn *conn, int64_t end_us);

/* ---- times.c ---- */

/* Sets the times of V by case K. */
void tw__verdict_time(tw_verdict *v, const tw__case *k);

/* Sums up for V the waits between one side's message and the other side's next one. */
void tw__verdict_add_waits(tw_verdict *v, const tw__case *k);

#endif
