/* Facts of a connection: plays (see build.h), and what is known of the connection afterwards, as one line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "build.h"

static const char *const no_ends[2];

/* ---- facts as text ---- */

static void append_frame(GString *s, const char *name, uint32_t frame)
{
    if (frame)
        g_string_append_printf(s, " %s=%u", name, frame);
}

static void append_word(GString *s, bool holds, const char *word)
{
    if (holds)
        g_string_append_printf(s, " %s", word);
}

/* FLIGHT as " c:ccs=7,fin=8,enc=2": what is not there is left out. */
static void append_flight(GString *s, const char *side, const tw__flight *flight)
{
    if (flight->ccs_frame || flight->finished_frame || flight->n_opaque)
        g_string_append_printf(s, " %s:%u,%u,%u", side, flight->ccs_frame, flight->finished_frame, flight->n_opaque);
}

static void append_handshake(GString *s, const tw_conn *c)
{
    const tw__handshake *h = c->now;
    int client = c->client_dir < 0 ? 0 : c->client_dir;

    append_frame(s, "hello", h->client_hello_frame);
    append_frame(s, "retry", h->retry_frame);
    append_frame(s, "choice", h->server_hello_frame);
    append_frame(s, "done", h->server_done_frame);
    append_frame(s, "asked", tw__seldom_of(c)->hello_request_frame);
    append_flight(s, "c", &h->flight[client]);
    append_flight(s, "s", &h->flight[1 - client]);
    g_string_append_printf(s, " kept=%u", h->n_messages);
    append_word(s, h->resumed_hint, "resumed");
    append_word(s, h->renegotiation, "renegotiation");
    append_word(s, h->complete, "complete");
    append_word(s, h->left_out, "left-out");
}

/* "client=DIR VERSION hello=... c:CCS,FINISHED,OPAQUE s:... kept=MESSAGES words". Caller frees. */
static char *facts_text(const tw_conn *c)
{
    GString *s = g_string_new(NULL);

    g_string_append_printf(s, "client=%d %04x", c->client_dir, c->now->version);
    append_handshake(s, c);
    append_word(s, c->established == TW_YES, "established");
    append_word(s, c->begins_inside, "inside");
    if (c->now->number)
        g_string_append_printf(s, " number=%u", c->now->number);
    g_string_append_printf(s, " completed=%u", c->n_completed);
    return g_string_free(s, FALSE);
}

typedef struct {
    const char *name;
    const char *script;
    const char *facts;
} row;

static void check_row(const row *r)
{
    play *p = play_new(r->script);
    char *facts = facts_text(p->conn);
    char *is = g_strconcat(r->name, ": ", facts, NULL), *should = g_strconcat(r->name, ": ", r->facts, NULL);

    assert_string_equal(is, should);
    g_free(is);
    g_free(should);
    g_free(facts);
    play_free(p);
}

static void check_rows(const row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        check_row(&rows[i]);
}

/* ---- whole handshakes ---- */

#define FULL     "C:hello S:hello +S:cert(leaf,inter) +S:ske +S:done C:cke +C:ccs +C:enc S:ccs +S:enc"
#define CLEAR    "C:hello S:hello +S:cert(leaf,inter) +S:ske +S:done C:cke +C:ccs +C:fin S:ccs +S:fin"
#define FULL13   "C:hello(13) S:hello(13) +S:ccs +S:app(800) C:ccs +C:app(53)"
#define CLEAR13  "C:hello(13) S:hello(13) +S:ee +S:cert(leaf,inter) +S:cv +S:fin C:fin"
#define MUTUAL13 "C:hello(13) S:hello(13) +S:ee +S:ask(root) +S:cert(leaf) +S:cv +S:fin C:cert(client) +C:cv +C:fin"

static const row handshakes[] = {
    { "nothing", "", "client=-1 0000 kept=0 completed=0" },
    { "hello alone", "C:hello", "client=0 0000 hello=1 kept=1 completed=0" },
    { "TLS 1.2", FULL,
      "client=0 0303 hello=1 choice=2 done=2 c:3,3,1 s:4,4,1 kept=6 complete established completed=1" },
    { "TLS 1.2 with keys", CLEAR,
      "client=0 0303 hello=1 choice=2 done=2 c:3,3,0 s:4,4,0 kept=8 complete established completed=1" },
    { "TLS 1.2, answered by the first sender", "swap " FULL,
      "client=1 0303 hello=1 choice=2 done=2 c:3,3,1 s:4,4,1 kept=6 complete established completed=1" },
    { "client's flight only", "C:hello S:hello S:cert(leaf) S:done C:cke C:ccs C:enc",
      "client=0 0303 hello=1 choice=2 done=4 c:6,7,1 kept=5 completed=0" },
    { "resumption", "C:hello S:hello +S:ccs +S:enc C:ccs +C:enc",
      "client=0 0303 hello=1 choice=2 c:3,3,1 s:2,2,1 kept=2 complete established completed=1" },
    { "mutual", "C:hello S:hello S:cert(leaf) S:ask(root) S:done C:cert(client) C:cke C:cv C:ccs C:enc S:ccs S:enc",
      "client=0 0303 hello=1 choice=2 done=5 c:9,10,1 s:11,12,1 kept=8 complete established completed=1" },
    { "TLS 1.3", FULL13,
      "client=0 0304 hello=1 choice=2 done=2 c:3,3,1 s:2,2,1 kept=2 complete established completed=1" },
    { "TLS 1.3 with keys", CLEAR13,
      "client=0 0304 hello=1 choice=2 done=2 c:0,3,0 s:0,2,0 kept=7 complete established completed=1" },
    { "mutual TLS 1.3", MUTUAL13,
      "client=0 0304 hello=1 choice=2 done=2 c:0,3,0 s:0,2,0 kept=10 complete established completed=1" },
    { "TLS 1.3, client's alert after the opaque flight", "C:hello(13) S:hello(13) +S:app(800) C:app(19)",
      "client=0 0304 hello=1 choice=2 c:0,0,1 s:0,0,1 kept=2 completed=0" },
    { "TLS 1.3, an alert padded as Java does", "C:hello(13) S:hello(13) +S:app(800) C:app(35)",
      "client=0 0304 hello=1 choice=2 c:0,0,1 s:0,0,1 kept=2 completed=0" },
    { "TLS 1.3, server's alert after its hello", "C:hello(13) S:hello(13) +S:app(19)",
      "client=0 0304 hello=1 choice=2 s:0,0,1 kept=2 completed=0" },
    { "TLS 1.3 by a PSK", "C:hello(13;psk=ticket) S:hello(13;psk) +S:app(80) C:app(53)",
      "client=0 0304 hello=1 choice=2 done=2 c:0,3,1 s:0,2,1 kept=2 resumed complete established completed=1" },
    { "early data", "C:hello(13;psk=ticket) C:ccs C:app(200) S:hello(13;psk) +S:app(80) C:app(20) C:app(53)",
      "client=0 0304 hello=1 choice=4 done=4 c:2,6,2 s:0,4,1 kept=2 resumed complete established completed=1" },
    { "retry", "C:hello(13) S:retry(ks=17) C:hello(13;ks=17) S:hello(13;ks=17) +S:app(800) C:app(53)",
      "client=0 0304 hello=3 retry=2 choice=4 done=4 c:0,5,1 s:0,4,1 kept=4 complete established completed=1" },
};

static void whole_handshakes(void **state)
{
    (void)state;
    check_rows(handshakes, G_N_ELEMENTS(handshakes));
}

/* ---- more than one handshake ---- */

static const row several[] = {
    { "HelloRequest", CLEAR " S:request",
      "client=0 0303 hello=1 choice=2 done=2 asked=5 c:3,3,0 s:4,4,0 kept=9 complete established completed=1" },
    { "HelloRequest, twice", CLEAR " S:request S:request",
      "client=0 0303 hello=1 choice=2 done=2 asked=6 c:3,3,0 s:4,4,0 kept=10 complete established completed=1" },
    { "renegotiation begins", CLEAR " C:hello",
      "client=0 0000 hello=5 kept=1 renegotiation established number=1 completed=1" },
    { "renegotiation asked for by the server", CLEAR " S:request C:hello",
      "client=0 0000 hello=6 asked=5 kept=1 renegotiation established number=1 completed=1" },
    { "renegotiation ends", CLEAR " C:hello S:hello S:done C:cke C:ccs C:fin S:ccs S:fin",
      "client=0 0303 hello=5 choice=6 done=7 c:9,10,0 s:11,12,0 kept=6 renegotiation complete established number=1 completed=2" },
    { "renegotiated twice", CLEAR " C:hello S:hello C:ccs C:fin S:ccs S:fin C:hello",
      "client=0 0000 hello=11 kept=1 renegotiation established number=2 completed=2" },
    { "opaque renegotiation", FULL " C:enc(200) S:enc(1000)",
      "client=0 0303 c:0,0,1 s:0,0,1 kept=0 renegotiation established number=1 completed=1" },
    { "opaque renegotiation ends", FULL " C:enc(200) S:enc(1000) C:enc(100) C:ccs C:enc S:ccs S:enc",
      "client=0 0303 c:8,9,3 s:10,11,2 kept=0 renegotiation complete established number=1 completed=2" },
    { "opaque renegotiation, twice", FULL " C:enc(200) C:ccs C:enc S:ccs S:enc C:enc(200)",
      "client=0 0303 c:0,0,1 kept=0 renegotiation established number=2 completed=2" },
    { "data between", FULL " C:app S:app S:enc(20)",
      "client=0 0303 s:0,0,1 kept=0 renegotiation established number=1 completed=1" },
    { "a new attempt after a failed one", "C:hello S:fatal(70) C:hello",
      "client=0 0000 hello=3 kept=1 number=1 completed=0" },
    { "a new attempt after a warning", "C:hello S:warn(112) S:hello",
      "client=0 0303 hello=1 choice=3 kept=2 completed=0" },
    { "a new hello where the last was answered", "C:hello S:hello C:hello",
      "client=0 0000 hello=3 kept=1 number=1 completed=0" },
    { "a new hello after a retried one was answered", "C:hello(13) S:retry C:hello(13;ks=17) S:hello(13) C:hello(13)",
      "client=0 0000 hello=5 kept=1 number=1 completed=0" },
    { "both ends say hello", "C:hello S:raw(0100000403030000)", "client=0 0000 hello=1 kept=2 completed=0" },
    { "key update", CLEAR13 " C:ku S:nst S:ku",
      "client=0 0304 hello=1 choice=2 done=2 c:0,3,0 s:0,2,0 kept=10 complete established completed=1" },
    { "post-handshake authentication", CLEAR13 " S:ask(root) C:cert(client) C:cv C:fin",
      "client=0 0304 hello=1 choice=2 done=2 c:0,3,0 s:0,2,0 kept=10 complete established completed=1" },
};

static void several_handshakes(void **state)
{
    (void)state;
    check_rows(several, G_N_ELEMENTS(several));
}

/* ---- captures that begin inside, and what is repeated ---- */

static const row odd[] = {
    { "data first", "C:app S:app", "client=-1 0000 kept=0 established inside completed=0" },
    { "encrypted alert first", "S:enca", "client=-1 0000 kept=0 inside completed=0" },
    { "encrypted handshake first", "S:enc", "client=-1 0000 kept=0 inside completed=0" },
    { "readable alert first", "C:fatal(80)", "client=-1 0000 kept=0 completed=0" },
    { "data, then a hello", "C:app S:app C:hello",
      "client=0 0000 hello=3 kept=1 renegotiation established inside number=1 completed=0" },
    { "ServerHello first", "S:hello", "client=0 0303 choice=1 kept=1 completed=0" },
    { "ServerHello first, by direction 0", "swap S:hello", "client=1 0303 choice=1 kept=1 completed=0" },
    { "Certificate first", "S:cert(leaf)", "client=-1 0000 kept=1 completed=0" },
    { "ServerKeyExchange first", "S:ske", "client=0 0000 kept=1 completed=0" },
    { "CertificateRequest first", "S:ask(root)", "client=0 0000 kept=1 completed=0" },
    { "ServerHelloDone first", "swap S:done", "client=1 0000 done=1 kept=1 completed=0" },
    { "NewSessionTicket first", "S:nst", "client=0 0000 kept=1 completed=0" },
    { "EncryptedExtensions first", "S:ee", "client=0 0000 kept=1 completed=0" },
    { "HelloRequest first", "S:request", "client=0 0000 asked=1 kept=1 completed=0" },
    { "ClientKeyExchange first", "C:cke", "client=0 0000 kept=1 completed=0" },
    { "EndOfEarlyData first", "swap C:eoed", "client=1 0000 kept=1 completed=0" },
    { "hello twice", "C:hello C:again", "client=0 0000 hello=1 kept=1 completed=0" },
    { "flight twice", "C:hello S:hello S:done S:again C:cke C:again",
      "client=0 0303 hello=1 choice=2 done=3 kept=4 completed=0" },
    { "the same bytes from both sides", "C:hello S:hello C:raw(0b000003000000) S:raw(0b000003000000)",
      "client=0 0303 hello=1 choice=2 kept=4 completed=0" },
    { "a header cut in two", "C:raw(0100)", "client=-1 0000 kept=0 completed=0" },
    { "an empty hello", "C:raw(01000000)", "client=0 0000 hello=1 kept=1 completed=0" },
    { "an empty ServerHello", "S:raw(02000000)", "client=0 0000 choice=1 kept=1 completed=0" },
    { "a cut ServerHello", "C:hello S:hello(cut=20)", "client=0 0303 hello=1 choice=2 kept=2 completed=0" },
};

static void odd_captures(void **state)
{
    (void)state;
    check_rows(odd, G_N_ELEMENTS(odd));
}

/* ---- DTLS ---- */

static const row datagrams[] = {
    { "DTLS 1.2",
      "dtls C:hello S:verify C:hello(cookie) S:hello(v=fefd) S:cert(leaf;split=3) S:ske S:done C:cke C:ccs C:enc S:ccs S:enc",
      "client=0 fefd hello=3 retry=2 choice=4 done=7 c:9,10,1 s:11,12,1 kept=8 complete established completed=1" },
    { "in fragments", "dtls C:hello(split=4)", "client=0 0000 hello=1 kept=1 completed=0" },
    { "fragments of no length", "dtls C:hello(split=1000)", "client=0 0000 hello=1 kept=1 completed=0" },
    { "retransmitted flight", "dtls C:hello S:hello(v=fefd) S:done C:again S:again",
      "client=0 fefd hello=1 choice=2 done=3 kept=3 completed=0" },
    { "retransmitted in other fragments", "dtls C:hello C:again(split=3)",
      "client=0 0000 hello=1 kept=1 completed=0" },
};

static void handshakes_over_datagrams(void **state)
{
    (void)state;
    check_rows(datagrams, G_N_ELEMENTS(datagrams));
}

/* Fragments as hexadecimal: type, length, sequence, offset, fragment length, body. */
static const struct {
    const char *name;
    const char *fragments[4];
    unsigned kept;
} fragment_rows[] = {
    { "whole",
      { "0e000000"
        "0000"
        "000000"
        "000000" },
      1 },
    { "two halves",
      { "10000004"
        "0001"
        "000000"
        "000002"
        "aabb",
        "10000004"
        "0001"
        "000002"
        "000002"
        "ccdd" },
      1 },
    { "second half first",
      { "10000004"
        "0001"
        "000002"
        "000002"
        "ccdd",
        "10000004"
        "0001"
        "000000"
        "000002"
        "aabb" },
      1 },
    { "in the middle of another message",
      { "10000004"
        "0001"
        "000000"
        "000002"
        "aabb",
        "14000001"
        "0002"
        "000000"
        "000001"
        "ee",
        "10000004"
        "0001"
        "000002"
        "000002"
        "ccdd" },
      2 },
    { "overlapping, from the end",
      { "10000004"
        "0001"
        "000003"
        "000001"
        "dd",
        "10000004"
        "0001"
        "000001"
        "000002"
        "bbcc",
        "10000004"
        "0001"
        "000000"
        "000002"
        "aabb" },
      1 },
    { "first half twice",
      { "10000004"
        "0001"
        "000000"
        "000002"
        "aabb",
        "10000004"
        "0001"
        "000000"
        "000002"
        "aabb",
        "10000004"
        "0001"
        "000002"
        "000002"
        "ccdd" },
      1 },
    { "second half of another message",
      { "10000004"
        "0001"
        "000000"
        "000002"
        "aabb",
        "10000004"
        "0002"
        "000002"
        "000002"
        "ccdd" },
      0 },
    { "a gap",
      { "10000006"
        "0001"
        "000000"
        "000002"
        "aabb",
        "10000006"
        "0001"
        "000004"
        "000002"
        "eeff" },
      0 },
    { "beyond its end",
      { "10000002"
        "0001"
        "000001"
        "000002"
        "aabb" },
      0 },
    { "offset beyond its end",
      { "10000002"
        "0001"
        "000003"
        "000000" },
      0 },
    { "cut by the capture",
      { "10000004"
        "0001"
        "000000"
        "000004"
        "aabb" },
      1 },
    { "cut in its header",
      { "10000004"
        "0001"
        "000000"
        "0000" },
      0 },
    { "huge",
      { "10ffffff"
        "0001"
        "000000"
        "000002"
        "aabb" },
      0 },
};

static void send_hex_fragment(tw_conn *c, uint32_t frame, const char *hex)
{
    GByteArray *b = g_byte_array_new();

    put_hex(b, hex);
    tw__conn_fragment(c, (tw_at){ .frame = frame, .dir = 0 }, b->data, b->len);
    g_byte_array_unref(b);
}

static void fragments_make_messages(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(fragment_rows); i++) {
        tw_conn *c = tw__conn_new(true, no_ends);
        for (unsigned n = 0; n < 4 && fragment_rows[i].fragments[n]; n++)
            send_hex_fragment(c, n + 1, fragment_rows[i].fragments[n]);
        if (c->now->n_messages != fragment_rows[i].kept)
            fail_msg("%s: %u", fragment_rows[i].name, c->now->n_messages);
        tw__conn_free(c);
    }
}

/* What was put together is the message as if it had never been in fragments. */
static void fragments_lose_no_byte(void **state)
{
    play *whole = play_new("dtls S:cert(leaf,inter)"), *parts = play_new("dtls S:cert(leaf,inter;split=7)");
    const tw__message *a = tw__handshake_find(whole->conn->now, TW_HS_CERTIFICATE, -1);
    const tw__message *b = tw__handshake_find(parts->conn->now, TW_HS_CERTIFICATE, -1);

    (void)state;
    assert_non_null(a);
    assert_non_null(b);
    assert_true(g_bytes_equal(a->bytes, b->bytes));
    assert_false(b->cut);
    assert_int_equal(g_bytes_get_size(b->bytes), b->length + 4);
    play_free(whole);
    play_free(parts);
}

/* ---- directions and ends ---- */

static void ends_are_remembered_once(void **state)
{
    play *p = play_new(FULL " C:app S:warn(0) S:FIN C:FIN S:FIN C:RST S:RST");
    const tw__direction *client = &p->conn->side[0], *server = &p->conn->side[1];

    (void)state;
    assert_int_equal(client->application_frame, 5);
    assert_int_equal(server->application_frame, 0);
    assert_int_equal(server->close_notify_frame, 6);
    assert_int_equal(client->close_notify_frame, 0);
    assert_int_equal(server->fin_frame, 7);
    assert_int_equal(client->fin_frame, 8);
    assert_int_equal(client->rst_frame, 10);
    assert_int_equal(server->rst_frame, 11);
    assert_true(server->fin_us == PLAY_TIME + 7000);
    assert_int_equal(p->conn->last_frame, 11);
    play_free(p);
}

static void alerts_know_of_the_peers_fin(void **state)
{
    play *p = play_new("C:hello S:FIN S:warn(0) C:warn(90)");

    (void)state;
    assert_false(p->conn->seldom->alerts[0].after_peer_fin);
    assert_true(p->conn->seldom->alerts[1].after_peer_fin);
    play_free(p);
}

static void roles_and_directions_agree(void **state)
{
    tw_conn *c = tw__conn_new(false, no_ends);

    (void)state;
    assert_int_equal(tw__conn_side(c, 0), TW_SIDE_UNKNOWN);
    assert_int_equal(tw__conn_dir(c, TW_CLIENT), -1);
    for (c->client_dir = 0; c->client_dir < 2; c->client_dir++) {
        assert_int_equal(tw__conn_side(c, c->client_dir), TW_CLIENT);
        assert_int_equal(tw__conn_side(c, 1 - c->client_dir), TW_SERVER);
        assert_int_equal(tw__conn_dir(c, TW_CLIENT), c->client_dir);
        assert_int_equal(tw__conn_dir(c, TW_SERVER), 1 - c->client_dir);
        assert_int_equal(tw__conn_dir(c, TW_SIDE_UNKNOWN), -1);
    }
    tw__conn_free(c);
}

static void the_last_message_of_a_type_is_found(void **state)
{
    play *p = play_new("C:hello(13) S:retry C:hello(13;ks=17) S:hello(13) S:cert(leaf) C:cert(client)");
    const tw__handshake *h = p->conn->now;

    (void)state;
    assert_int_equal(tw__handshake_find(h, TW_HS_CLIENT_HELLO, -1)->at.frame, 3);
    assert_int_equal(tw__handshake_find(h, TW_HS_CERTIFICATE, -1)->at.frame, 6);
    assert_int_equal(tw__handshake_find(h, TW_HS_CERTIFICATE, 1)->at.frame, 5);
    assert_null(tw__handshake_find(h, TW_HS_FINISHED, -1));
    assert_null(tw__handshake_find(h, TW_HS_CLIENT_HELLO, 1));
    play_free(p);
}

/* ClientHellos that began a handshake: the answer to a retry request began none. */
static const struct {
    const char *script;
    unsigned n;
} counts[] = {
    { "", 0 },
    { "C:hello", 1 },
    { "C:hello C:again", 1 },
    { "C:hello(13) S:retry C:hello(13;ks=17)", 1 },
    { "dtls C:hello S:verify C:hello(cookie)", 1 },
    { "C:hello S:fatal(70) C:hello(v=0302)", 2 },
    { CLEAR " C:hello", 2 },
};

static void handshakes_are_counted(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        play *p = play_new(counts[i].script);
        if (p->conn->n_handshakes != counts[i].n)
            fail_msg("%s: %u handshakes", counts[i].script, p->conn->n_handshakes);
        play_free(p);
    }
}

static void cut_messages_are_marked(void **state)
{
    play *p = play_new("C:hello(cut=1) S:hello");

    (void)state;
    assert_true(tw__handshake_find(p->conn->now, TW_HS_CLIENT_HELLO, -1)->cut);
    assert_false(tw__handshake_find(p->conn->now, TW_HS_SERVER_HELLO, -1)->cut);
    play_free(p);
}

static void nothing_is_freed_without_harm(void **state)
{
    (void)state;
    tw__conn_free(NULL);
    tw__conn_free(tw__conn_new(false, no_ends));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_handshakes),
        cmocka_unit_test(several_handshakes),
        cmocka_unit_test(odd_captures),
        cmocka_unit_test(handshakes_over_datagrams),
        cmocka_unit_test(fragments_make_messages),
        cmocka_unit_test(fragments_lose_no_byte),
        cmocka_unit_test(ends_are_remembered_once),
        cmocka_unit_test(alerts_know_of_the_peers_fin),
        cmocka_unit_test(roles_and_directions_agree),
        cmocka_unit_test(the_last_message_of_a_type_is_found),
        cmocka_unit_test(handshakes_are_counted),
        cmocka_unit_test(cut_messages_are_marked),
        cmocka_unit_test(nothing_is_freed_without_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
