/* The report as JSON Lines: each failed connection is one object, in the order of the capture. The names stay:
 *
 *   client, server    {address, port}, of the TLS roles (no port where there is none: EAP on a link); server.name: what the client asked for (SNI), if known
 *   version           negotiated, if there is one: "TLS 1.2"
 *   stream            display filter that selects the connection: "tcp.stream eq 3"
 *   revised           true: what was said of the connection before no longer holds (--follow)
 *   completed         whether a handshake completed on this connection before it failed
 *   file              of the environment variable TLSWHY_FILE, if it is set: with several captures, which one it was
 *   failures          [...], in the order in which they were found; each has:
 *     frame, trigger            the frame that the verdict stands on; that of the message which was rejected, if any
 *     cause, title, confidence, rule, sender, phase, reason as the display filter fields tlswhy.*
 *     time, epoch               when: ISO 8601 in UTC, and seconds since 1970
 *     duration                  seconds from the ClientHello to the end
 *     phases                    seconds that one side kept the other waiting, by what it answered (the phase)
 *     alert                     {number, name, level, rfc}, if one can be read; {encrypted: true}, if one was inferred
 *     origin                    client, server, between: who caused the end, where two captures tell it
 *     evidence                  [{frame, text}], without frame where there is no single one; with capture, the frame is
 *                               of that one
 *     certificates              {server, client}: what each of them sent, the leaf first, each with subject, issuer,
 *                               names (subjectAltName), not_before, not_after (ISO 8601), serial, sha256; without the
 *                               last one where names are pseudonyms
 *     hints, logs               [text]: what to do; what programs print at the receiver's side
 *
 * The last object has nothing but summary: connections, failed, completed, undecided, by_cause {id: connections};
 * not_followed, TCP streams that look like TLS, of which nothing is known; and unopened, [{file, server, ended,
 * connections, frame}], those that never opened.
 *
 * What is not known is left out, never null. Strings are escaped as everywhere (words.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/parts.h"

#include "connections.h"
#include "frames.h"
#include "tlswhy/certificate.h"

#include <stdio.h>
#include <string.h>

#include <wsutil/json_dumper.h>

static void put_string(json_dumper *d, const char *name, const char *value)
{
    if (!value)
        return;
    json_dumper_set_member_name(d, name);
    json_dumper_value_string(d, value);
}

static void put_number(json_dumper *d, const char *name, unsigned value)
{
    json_dumper_set_member_name(d, name);
    json_dumper_value_anyf(d, "%u", value);
}

static void put_bool(json_dumper *d, const char *name, bool value)
{
    json_dumper_set_member_name(d, name);
    json_dumper_value_anyf(d, value ? "true" : "false");
}

static void put_strings(json_dumper *d, const char *name, const GPtrArray *texts)
{
    json_dumper_set_member_name(d, name);
    json_dumper_begin_array(d);
    for (unsigned i = 0; i < texts->len; i++)
        json_dumper_value_string(d, g_ptr_array_index(texts, i));
    json_dumper_end_array(d);
}

static void put_endpoint(json_dumper *d, const char *name, const tw_conn *conn, tw_side side)
{
    char *host = outcome_address(conn, side, false), *endpoint = outcome_address(conn, side, true);
    const char *port = tw_endpoint_port(endpoint);
    char *server_name = side == TW_SERVER ? tw_conn_server_name(conn) : NULL;
    json_dumper_set_member_name(d, name);
    json_dumper_begin_object(d);
    put_string(d, "address", host);
    if (port)
        put_number(d, "port", (unsigned)g_ascii_strtoull(port + 1, NULL, 10));
    put_string(d, "name", server_name);
    json_dumper_end_object(d);
    g_free(server_name);
    g_free(endpoint);
    g_free(host);
}

static void put_seconds(json_dumper *d, const char *name, int64_t us)
{
    json_dumper_set_member_name(d, name);
    json_dumper_value_anyf(d, "%s%" G_GINT64_FORMAT ".%06d", us < 0 ? "-" : "", ABS(us) / G_USEC_PER_SEC,
                           (int)(ABS(us) % G_USEC_PER_SEC));
}

static void put_times(json_dumper *d, const tw_verdict *v)
{
    const tw_times *times = &v->times;
    char *when = report_time(times->frame_us, true), *iso;
    when[strcspn(when, " ")] = 'T';
    iso = g_strconcat(when, "Z", NULL);
    put_string(d, "time", iso);
    put_seconds(d, "epoch", times->frame_us);
    g_free(iso);
    g_free(when);
    if (!times->hello_us)
        return;
    put_seconds(d, "duration", times->end_us - times->hello_us);
    json_dumper_set_member_name(d, "phases");
    json_dumper_begin_object(d);
    for (unsigned i = 0; v->waits_us && i < TW_N_PHASES; i++)
        if (v->waits_us[i] >= 0)
            put_seconds(d, tw_phase_name((tw_phase)i), v->waits_us[i]);
    json_dumper_end_object(d);
}

static void put_alert(json_dumper *d, const tw_verdict *v)
{
    if (v->alert < 0 && !v->encrypted)
        return;
    json_dumper_set_member_name(d, "alert");
    json_dumper_begin_object(d);
    if (v->alert >= 0) {
        put_number(d, "number", (unsigned)v->alert);
        put_string(d, "name", tw_alert_name((uint8_t)v->alert));
        put_string(d, "level", v->level >= 0 ? tw_alert_level_name((uint8_t)v->level) : NULL);
        put_string(d, "rfc", tw_alert_rfc((uint8_t)v->alert));
    }
    if (v->encrypted)
        put_bool(d, "encrypted", true);
    json_dumper_end_object(d);
}

static void put_evidence(json_dumper *d, const tw_verdict *v)
{
    const tw_evidence *e;
    json_dumper_set_member_name(d, "evidence");
    json_dumper_begin_array(d);
    for (unsigned i = 0; (e = tw_verdict_evidence(v, i)); i++) {
        json_dumper_begin_object(d);
        put_string(d, "capture", e->capture);
        if (e->capture ? e->frame : frames_number(e->frame))
            put_number(d, "frame", e->capture ? e->frame : frames_number(e->frame));
        put_string(d, "text", e->text);
        json_dumper_end_object(d);
    }
    json_dumper_end_array(d);
}

/* SECONDS since 1970 as ISO 8601, unless they are not known. */
static void put_date(json_dumper *d, const char *name, int64_t seconds)
{
    GDateTime *date = seconds == TW_TIME_UNKNOWN ? NULL : g_date_time_new_from_unix_utc(seconds);
    char *text = date ? g_date_time_format(date, "%Y-%m-%dT%H:%M:%SZ") : NULL;
    put_string(d, name, text);
    g_free(text);
    g_clear_pointer(&date, g_date_time_unref);
}

static void put_certificate(json_dumper *d, GBytes *der)
{
    tw_certificate *c = tw_certificate_read(der, tw_capture_anonymizer(connections_capture()));
    json_dumper_begin_object(d);
    put_string(d, "subject", c->subject);
    put_string(d, "issuer", c->issuer);
    put_strings(d, "names", c->names);
    put_date(d, "not_before", c->not_before);
    put_date(d, "not_after", c->not_after);
    put_string(d, "serial", c->serial);
    put_string(d, "sha256", c->sha256);
    json_dumper_end_object(d);
    tw_certificate_free(c);
}

static void put_certificates(json_dumper *d, const tw_verdict *v)
{
    static const char *const sides[] = { "server", "client" };
    if (!v->certificates[0] && !v->certificates[1])
        return;
    json_dumper_set_member_name(d, "certificates");
    json_dumper_begin_object(d);
    for (unsigned side = 0; side < G_N_ELEMENTS(sides); side++) {
        const GPtrArray *sent = v->certificates[side];
        if (!sent)
            continue;
        json_dumper_set_member_name(d, sides[side]);
        json_dumper_begin_array(d);
        for (unsigned i = 0; i < sent->len; i++)
            put_certificate(d, g_ptr_array_index(sent, i));
        json_dumper_end_array(d);
    }
    json_dumper_end_object(d);
}

static void put_failure(json_dumper *d, const tw_verdict *v)
{
    json_dumper_begin_object(d);
    put_number(d, "frame", frames_number(v->frame));
    put_string(d, "cause", tw_cause_get(v->cause)->id);
    put_string(d, "title", v->title);
    put_string(d, "confidence", tw_confidence_name(v->confidence));
    put_string(d, "rule", v->rule);
    put_string(d, "sender", tw_side_name(v->sender));
    put_string(d, "origin", tw_origin_name(v->origin));
    put_string(d, "phase", tw_phase_name(v->phase));
    put_string(d, "reason", v->reason);
    put_times(d, v);
    put_alert(d, v);
    if (frames_number(v->trigger))
        put_number(d, "trigger", frames_number(v->trigger));
    put_evidence(d, v);
    put_certificates(d, v);
    put_strings(d, "hints", v->hints);
    put_strings(d, "logs", v->logs);
    json_dumper_end_object(d);
}

/* Of CONN alone VERDICT, unless that is NULL. */
static void put_connection(json_dumper *d, const tw_conn *conn, const char *file, const tw_verdict *only,
                           bool revised)
{
    char *stream = report_stream(conn);
    json_dumper_begin_object(d);
    put_string(d, "file", file);
    put_endpoint(d, "client", conn, TW_CLIENT);
    put_endpoint(d, "server", conn, TW_SERVER);
    put_string(d, "version", tw_conn_version(conn));
    put_string(d, "stream", stream);
    put_bool(d, "completed", tw_conn_completed(conn));
    if (revised)
        put_bool(d, "revised", true);
    json_dumper_set_member_name(d, "failures");
    json_dumper_begin_array(d);
    if (only)
        put_failure(d, only);
    for (const tw_verdict *v = only || revised ? NULL : tw_conn_verdicts(conn); v; v = v->next)
        if (v->failure)
            put_failure(d, v);
    json_dumper_end_array(d);
    json_dumper_end_object(d);
    g_free(stream);
}

void report_print_json(const GPtrArray *connections, const char *file)
{
    for (unsigned i = 0; i < connections->len; i++) {
        json_dumper dumper = { .output_file = stdout };
        if (tw_conn_outcome(g_ptr_array_index(connections, i)) != TW_FAILED)
            continue;
        put_connection(&dumper, g_ptr_array_index(connections, i), file, NULL, false);
        json_dumper_finish(&dumper); /* ends the line */
    }
}

void report_print_verdict(const tw_conn *conn, const tw_verdict *verdict, bool revised)
{
    json_dumper dumper = { .output_file = stdout };
    put_connection(&dumper, conn, NULL, verdict, revised);
    json_dumper_finish(&dumper);
}

static void put_unopened(json_dumper *d, const GPtrArray *unopened)
{
    json_dumper_set_member_name(d, "unopened");
    json_dumper_begin_array(d);
    for (guint i = 0; i < unopened->len; i++) {
        const report_unopened *line = g_ptr_array_index(unopened, i);
        json_dumper_begin_object(d);
        put_string(d, "file", *line->file ? line->file : NULL);
        put_string(d, "server", line->server);
        put_string(d, "ended", line->ended);
        put_number(d, "connections", line->count);
        put_number(d, "frame", line->frame);
        json_dumper_end_object(d);
    }
    json_dumper_end_array(d);
}

void report_print_summary(const report_counts *counts, const GPtrArray *unopened)
{
    json_dumper dumper = { .output_file = stdout }, *d = &dumper;
    json_dumper_begin_object(d);
    json_dumper_set_member_name(d, "summary");
    json_dumper_begin_object(d);
    put_number(d, "connections", counts->connections);
    put_number(d, "failed", counts->outcomes[TW_FAILED]);
    put_number(d, "completed", counts->outcomes[TW_COMPLETED]);
    put_number(d, "undecided", counts->outcomes[TW_UNDECIDED]);
    put_number(d, "not_followed", counts->unfollowed);
    json_dumper_set_member_name(d, "by_cause");
    json_dumper_begin_object(d);
    for (unsigned i = 0; i < TW_N_CAUSES; i++)
        if (counts->causes[i])
            put_number(d, tw_cause_get((tw_cause)i)->id, counts->causes[i]);
    json_dumper_end_object(d);
    put_unopened(d, unopened);
    json_dumper_end_object(d);
    json_dumper_end_object(d);
    json_dumper_finish(d);
}
