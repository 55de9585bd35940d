/* Verdicts on what is not said: alerts that cannot be read, servers that end without a word, clients that leave, and what a
 * client's own view explains. Plays, as in test_judge.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenes.h"

static const row opaque[] = {
    { "C:hello(13) S:hello(13) +S:ccs +S:app(800) C:ccs +C:app(19)",
      "server-cert-rejected likely client server-flight 3<2" },
    { "C:hello(13) S:hello(13) +S:ccs +S:app(800) C:ccs +C:app(35)",
      "server-cert-rejected likely client server-flight 3<2" },
    { "C:hello(13) S:hello(13) +S:ccs +S:app(800) C:ccs +C:app(53)", "nothing" },
    { "C:hello(13) S:hello(13) C:app(19)",
      "nothing" }, /* the server's flight was not captured: anything may be before it */
    { "C:hello(13) S:hello(13) +S:ccs +S:app(800) C:ccs +C:app(53) C:app(19)",
      "nothing" }, /* close_notify, most likely */
    { "C:hello(13) S:hello(13) +S:ccs +S:app(800) C:ccs +C:app(61) S:app(19)",
      "client-cert-missing likely server client-flight 4<1" },
    { "C:hello(13) S:hello(13) +S:ccs +S:app(800) C:ccs +C:app(900) S:app(19)",
      "client-cert-rejected likely server client-flight 4<1" },
    { "C:hello(13) S:hello(13) +S:ccs +S:app(800) C:ccs +C:app(53) S:app(19)", "nothing" },
    /* with keys, but a segment is lost: the client's first data are no part of its flight, and show that there was one */
    { "C:hello(13) S:hello(13) +S:ccs +S:ee +S:cert(leaf,inter) +S:cv +S:fin C:ccs +C:fin C:app(230) S:app(19)",
      "nothing" },
    { "C:hello(13) S:hello(13) +S:ccs +S:ee +S:ask +S:cert(leaf,inter) +S:cv +S:fin C:ccs +C:cert(leaf,inter) +C:fin C:app(230) S:app(19)",
      "client-cert-wrong-usage likely server client-flight 5<3" },
    { "C:hello(13) S:hello(13) +S:ccs +S:ee +S:cert(leaf,inter) +S:cv +S:fin C:app(230) S:FIN",
      "(closed-without-notify server established 4)" },
    { "C:hello(13) S:hello(13) +S:ccs +S:app(800) C:FIN S:app(19)",
      "closed-in-handshake likely client server-flight 3<2" },
    { SERVER("leaf,inter") "C:cke +C:ccs +C:enc S:ccs +S:enca", "handshake-refused likely server client-flight 4<3" },
    { DONE "C:app S:enca", "nothing" },
    /* a close_notify is the last word: of two alerts the first was another one */
    { DONE "C:app S:app C:enca S:enca C:enca", "session-aborted likely client established 7<2" },
    { DONE "C:app S:app C:enca C:enca", "nothing" }, /* user_canceled and close_notify look the same */
    /* who is done with the session when a HelloRequest comes is not who refuses it */
    { DONE "C:app S:app S:enc(20) C:enca C:FIN S:FIN", "nothing" },
    { DONE "C:app S:app S:enc(20) C:enca S:enca S:FIN", "renegotiation-refused likely client renegotiation 8<0" },
    { DONE "C:app S:app C:enca S:enca", "nothing" },
    { DONE "S:app S:enca C:app S:enca", "nothing" },
    /* a client that rejects the certificate when both Finished are through (NSS), and one that only closes */
    { "C:hello(x=001c) S:hello +S:cert(expired,inter) +S:done C:cke +C:ccs +C:enc S:ccs +S:enc C:enca S:enca S:FIN C:RST",
      "server-cert-expired possible client server-flight 5<2" }, /* as NSS does */
    { SERVER("expired,inter") "C:cke +C:ccs +C:enc S:ccs +S:enc C:enca S:enca S:FIN C:RST", "nothing" },
    { "C:hello(x=001c) S:hello +S:cert(expired,inter) +S:done C:cke +C:ccs +C:enc S:ccs +S:enc C:enca S:app S:FIN C:RST",
      "server-cert-expired possible client server-flight 5<2" },
    { SERVER("expired,inter") "C:cke +C:ccs +C:enc S:ccs +S:enc C:enca S:app S:FIN C:FIN", "nothing" },
    { SERVER("expired,inter") "C:cke +C:ccs +C:enc S:ccs +S:enc C:enca +C:FIN S:app C:RST",
      "(warning client established 5)" },
    { SERVER("expired,inter") "C:cke +C:ccs +C:enc S:ccs +S:enc C:app C:enca S:app C:RST", "nothing" },
    { DONE "C:enca S:app S:FIN C:RST", "nothing" },
    { DONE "C:enc(200) S:enca", "renegotiation-refused likely server renegotiation 6<0" },
    { DONE "S:enc(20) C:enca S:FIN", "renegotiation-refused likely client renegotiation 6<0" },
};

/* ---- ends that say nothing ---- */

#define ASKED_13(sent) \
    "C:hello(13) S:hello(13) +S:ee +S:ask +S:cert(leaf,inter) +S:cv +S:fin C:cert(" sent ") +C:fin "
#define ASKING_13      "C:hello(13) S:hello(13) +S:ee +S:ask +S:cert(leaf,inter) +S:cv +S:fin "
#define ASKING_12      "C:hello S:hello +S:cert(leaf,inter) +S:ask +S:done "
#define ASKED_12(sent) "C:hello S:hello +S:cert(leaf,inter) +S:ask +S:done C:cert(" sent ") +C:cke +C:ccs +C:enc "

static const row droppings[] = {
    /* possible: certs/ has none that is expired and for clients */
    /* the server ends right behind the client's flight */
    { ASKED_13("") "C:app S:FIN", "client-cert-missing likely server client-flight 5<3" },
    { ASKED_13("") "S:RST", "client-cert-missing likely server client-flight 4<3" },
    { ASKED_13("") "C:app S:RST", "client-cert-missing likely server client-flight 5<3" },
    { ASKED_13("expired,inter") "C:app S:FIN", "client-cert-expired possible server client-flight 5<3" },
    { ASKED_13("client,inter") "C:app S:FIN", "client-cert-rejected possible server client-flight 5<3" },
    { ASKED_13("client,inter") "C:app S:warn(0) S:FIN",
      "(closed-normally server established 5); client-cert-rejected possible server client-flight 6<3" },
    { "C:hello(13) S:hello(13) +S:app(800) C:app(61) C:app(40) S:FIN",
      "client-cert-missing likely server client-flight 5<1" },
    /* the client's words cross the server's end */
    { ASKED_13("expired,inter") "S:FIN C:app", "client-cert-expired possible server client-flight 4<3" },
    { ASKED_13("expired,inter") "S:FIN C:app C:app S:RST", "client-cert-expired possible server client-flight 4<3" },
    { "C:hello(13) S:hello(13) +S:app(800) C:app(900) S:FIN C:app(40)",
      "client-cert-rejected possible server client-flight 4<1" },
    /* neither side had anything to say, or nobody can tell */
    { ASKED_13("") "S:FIN", "(warning server client-flight 4)" },
    { ASKED_13("expired,inter") "S:FIN C:FIN", "(warning server client-flight 4)" },
    { ASKED_13("expired,inter") "S:FIN C:fatal(50) S:RST",
      "(warning server client-flight 4); (warning client server-flight 5)" },
    { ASKED_13("client,inter") "S:warn(0) S:FIN",
      "(closed-normally server established 4); (warning server client-flight 5)" },
    { "C:hello(13) S:hello(13) +S:app(800) C:app(61) S:FIN", "(warning server client-flight 4)" },
    { "C:hello(13) S:hello(13) +S:app(800) C:app(900) +C:app(100) +C:app(53) S:FIN C:app(19) S:RST",
      "(warning server client-flight 4)" },
    { "C:hello(13) S:hello(13) +S:app(800) C:app(900) S:RST",
      "client-cert-rejected possible server client-flight 4<1" },
    /* it has accepted the client, it comes too late for a refusal, or the client has left */
    { ASKED_13("") "S:app S:FIN", "(closed-without-notify server established 5)" },
    { ASKED_13("") "S:nst S:FIN", "(closed-without-notify server established 5)" },
    { ASKED_13("") "wait(9) S:FIN", "(closed-without-notify server established 4)" },
    { ASKED_13("") "C:FIN S:FIN", "(closed-without-notify client established 4)" },
    { ASKED_13("") "C:app(19) S:FIN", "nothing" },
    { ASKED_13("") "C:app C:app C:app C:app C:app C:app C:app S:FIN",
      "(closed-without-notify server established 11)" },
    /* it did not ask */
    { "C:hello(13) S:hello(13) +S:app(800) C:app(53) S:FIN", "(closed-without-notify server established 4)" },
    { "C:hello(13) S:hello(13) +S:ee +S:cert(leaf,inter) +S:cv +S:fin C:fin S:FIN",
      "(closed-without-notify server established 4)" },
    /* TLS 1.2: a readable fault, or none */
    { ASKED_12("") "S:FIN", "client-cert-missing likely server client-flight 4<3" },
    { ASKED_12("expired,inter") "S:RST", "client-cert-expired possible server client-flight 4<3" },
    { ASKED_12("client,inter") "S:FIN", "closed-in-handshake likely server client-flight 4<3" },
    { ASKED_12("") "wait(9) S:FIN", "closed-in-handshake likely server client-flight 4<3" },
    /* the server ends when it has the Certificate, which GnuTLS sends by itself */
    { ASKING_12 "C:cert() S:FIN C:cke S:RST", "client-cert-missing likely server client-flight 4<3" },
    { ASKING_12 "C:cert(client,inter) S:FIN", "closed-in-handshake likely server client-flight 4<3" },
    { ASKING_12 "C:cert() wait(2) S:FIN", "closed-in-handshake likely server client-flight 4<3" },
    { ASKING_13 "C:cert() S:FIN", "client-cert-missing likely server client-flight 4<3" },
    { "C:hello(13) S:hello(13) +S:app(800) C:app(25) S:FIN C:app(53)",
      "client-cert-missing likely server client-flight 4<1" },
    /* it may look at the certificate when the handshake is through, as OpenLDAP does, or only receive */
    { ASKED_12("expired,inter") "S:ccs +S:enc C:app S:FIN", "(closed-without-notify server established 6)" },
    { ASKED_12("expired,inter") "S:ccs +S:enc C:app S:app S:FIN", "(closed-without-notify server established 7)" },
    { ASKED_12("expired,inter") "S:ccs +S:enc C:app wait(9) S:FIN", "(closed-without-notify server established 6)" },
    { ASKED_12("expired,inter") "S:ccs +S:enc C:app C:enca S:FIN", "nothing" },
    { ASKED_12("expired,inter") "S:ccs +S:enc S:FIN", "(closed-without-notify server established 5)" },
    { ASKED_12("client,inter") "S:ccs +S:enc C:app S:FIN", "(closed-without-notify server established 6)" },
    /* 18 bytes of data have the size of an alert that JSSE pads: not from a client whose Finished was not padded */
    { "tcp C:hello(13) S:hello(13) +S:app(800) C:app(25) +C:app(53) C:app(35) S:app(19) S:RST",
      "client-cert-missing likely server client-flight 5<1" },
    { "tcp C:hello(13) S:hello(13) +S:app(800) C:app(900) +C:app(100) +C:app(69) C:app(35) S:app(19) S:RST",
      "nothing" },
    /* and behind the server's Finished an alert that cannot be read */
    { ASKED_12("expired,inter") "S:ccs +S:enc +S:enca C:app C:FIN",
      "client-cert-expired possible server client-flight 4<3" },
    { ASKED_12("") "S:ccs +S:enc S:enca S:FIN", "client-cert-missing likely server client-flight 5<3" },
    { ASKED_12("client,inter") "S:ccs +S:enc S:enca S:FIN",
      "client-cert-rejected possible server client-flight 5<3" },
    { ASKED_12("client,inter") "S:ccs +S:enc S:enca S:enca S:FIN",
      "client-cert-rejected possible server client-flight 5<3" }, /* gnutls-serv says it twice */
    { ASKED_12("") "S:ccs +S:enc S:app S:enca S:FIN", "nothing" },
    { ASKED_12("") "S:ccs +S:enc C:enca S:enca S:FIN", "nothing" },
    { DONE "S:enca S:FIN", "nothing" },
    /* TLS 1.3, the size of an alert: of whom it comes ends, or goes on */
    { "tcp C:hello(13) S:hello(13) +S:app(800) S:app(19) S:FIN", "handshake-refused likely server client-hello 3<1" },
    { "tcp C:hello(13) S:hello(13) +S:app(800) S:app(19) C:app(53) C:app S:app S:FIN",
      "(closed-without-notify server established 7)" }, /* two bytes of 0.5-RTT data */
    { "tcp C:hello(13) S:hello(13) +S:app(800) S:app(32) S:FIN", "handshake-refused likely server client-hello 3<1" },
    { "tcp C:hello(13;x=002a) S:hello(13) +S:app(800) S:app(19) S:FIN",
      "closed-in-handshake likely server client-hello 4<1" },
    { "tcp C:hello(13) S:hello(13) +S:app(800) C:app(32) C:FIN",
      "server-cert-rejected likely client server-flight 3<2" },
    { "tcp C:hello(13) S:hello(13) +S:app(800) C:app(32) C:app(64) C:app S:app C:FIN",
      "(closed-without-notify client established 7)" }, /* Mbed TLS: an empty Certificate */
    { "tcp C:hello(13) S:hello(13) +S:app(800) C:app(900) S:app(32) S:FIN",
      "client-cert-rejected likely server client-flight 4<1" },
    { "tcp C:hello(13) S:hello(13) +S:app(800) C:app(900) S:app(32) S:hole +S:FIN", "nothing" },
    { "tcp " ASKED_13("") "S:app(32) S:FIN",
      "client-cert-missing likely server client-flight 4<3" }, /* with keys: Mbed TLS sends it under the old ones */
    /* two alerts, the second one behind the end of a client that has said nothing */
    { "tcp C:hello(13) S:hello(13) +S:app(800) C:app(600) +C:app(96) +C:app(53) S:app(19) C:FIN S:app(19) S:FIN",
      "client-cert-rejected possible server client-flight 4<1" },
    { "tcp C:hello(13) S:hello(13) +S:app(800) C:app(600) +C:app(96) +C:app(53) S:app(19) C:FIN S:FIN",
      "client-cert-rejected likely server client-flight 4<1" },
    { "tcp C:hello(13) S:hello(13) +S:app(800) C:app(600) +C:app(96) +C:app(53) S:app(19) S:app(19) S:FIN C:FIN",
      "nothing" },
    { "tcp C:hello(13) S:hello(13) +S:app(800) C:app(600) +C:app(96) +C:app(53) C:app(50) S:app(19) C:FIN S:app(19) S:FIN",
      "nothing" },
    { "tcp C:hello(13) S:hello(13) +S:app(800) C:app(600) +C:app(96) +C:app(53) S:app(19) C:FIN S:app(40) S:FIN",
      "nothing" },
    { "tcp C:hello(13) S:hello(13) +S:app(800) C:app(41) S:app(19) C:app(69) S:FIN",
      "client-cert-missing likely server client-flight 4<1" }, /* the flight of a Java client is still coming */
};

static void servers_that_say_nothing(void **state)
{
    (void)state;
    check_rows(droppings, G_N_ELEMENTS(droppings));
}

/* What a client sees, and what of its offer is odd. */
static const row views[] = {
    { "C:hello(13;clock=12c) S:hello(13) +S:ee +S:cert(leaf,inter) +S:fin C:fatal(46)",
      "server-cert-unknown-ca likely client server-flight 3<2" }, /* a random is a random */
    { "C:hello(clock=41a05cf3) S:hello +S:cert(leaf,inter) +S:done C:fatal(46)",
      "server-cert-unknown-ca likely client server-flight 3<2" },
    { "C:hello(clock=12c) S:hello +S:cert(leaf,inter) +S:done C:fatal(48)",
      "server-cert-unknown-ca likely client server-flight 3<2" },
    { "C:hello(clock=12c) S:hello +S:cert(expired,inter) +S:done C:fatal(45)",
      "server-cert-not-yet-valid likely client server-flight 3<2" }, /* what it minds depends on whose clock is right */
    { "C:hello(13;clock=12c) S:hello(13) +S:ee +S:cert(expired,inter) +S:fin C:fatal(45)",
      "server-cert-expired proven client server-flight 3<2" },
    { "C:hello(clock=41a05cf3) S:hello +S:cert(expired,inter) +S:done C:fatal(45)",
      "server-cert-expired proven client server-flight 3<2" },
    { "C:hello(g=001d,0017,0018) S:hello +S:cert(p384,inter) +S:done C:fatal(47)",
      "handshake-refused possible client server-flight 3<2" },
    { "C:hello(sni=no_san.example) S:hello +S:cert(no_san,inter) +S:done C:fatal(46)",
      "server-cert-unknown-ca likely client server-flight 3<2" }, /* nobody who is known to ignore common names */
    { "C:hello(sni=no_san.example;a=0503,0403,0804,0807) S:hello +S:cert(no_san,inter) +S:done C:fatal(42)",
      "server-cert-name-mismatch likely client server-flight 3<2" }, /* rustls, of which no library of the table is known */
    { "C:hello(sni=good.example) S:fatal(50)", "message-malformed likely server client-hello 2<1" },
    { "C:hello(13;g=001d,0017;ks=1a1a) S:fatal(47)", "handshake-refused possible server client-hello 2<1" },
    { "C:hello(v=0303;s=c02b,5600) S:hello(down) +S:cert(leaf,inter) C:fatal(47)",
      "version-refused-by-client likely client server-flight 3<2" },
    { "C:hello(v=0303;s=c02b) S:hello(down) +S:cert(leaf,inter) C:fatal(47)",
      "handshake-refused possible client server-flight 3<2" },
    { "C:hello(13;g=001d,001a) S:retry(ks=1a) C:fatal(47)",
      "group-refused-by-client likely client server-flight 3<2" },
    { "C:hello(13;g=001d,0017;ks=1d) S:hello(13;ks=17) C:fatal(47)",
      "group-refused-by-client likely client server-flight 3<2" },
    { "C:hello(13;g=001d,0017;ks=1d) S:retry(ks=1d) C:fatal(47)",
      "group-refused-by-client likely client server-flight 3<2" },
    { "C:hello(13;g=001d,0017;ks=1d) S:retry(ks=17) C:hello(13;g=001d,0017;ks=17) C:fatal(47)",
      "handshake-refused possible client server-flight 4<2" },
    { "C:hello(13) S:hello(down) +S:cert(leaf,inter) +S:done C:FIN",
      "version-refused-by-client likely client server-flight 3<2" },
    { "C:hello(13) S:hello(down) +S:cert(leaf,inter) +S:done C:cke C:FIN",
      "closed-in-handshake likely client server-flight 4<2" },
    { "C:hello(g=001d,0017) S:hello +S:cert(p384,inter) +S:done C:cke C:RST",
      "reset-in-handshake likely client server-flight 4<2" },
    { "C:hello(sni=my_host.example) S:fatal(47)", "message-malformed likely server client-hello 2<1" },
    { "C:hello(13;sni=my_host.example;psk=x;age) S:fatal(47)", "psk-key-mismatch likely server client-hello 2<1" },
    { "C:hello(sni=good.example) S:fatal(47)", "handshake-refused possible server client-hello 2<1" },
    { "C:hello(sni=good.example:443) S:fatal(50)", "message-malformed likely server client-hello 2<1" },
    { "C:hello(13;g=001d,0018) S:retry(ks=18) C:fatal(47)", "handshake-refused possible client server-flight 3<2" },
    { "dtls C:hello S:verify C:hello(cookie) wait(1) C:again wait(2) C:again wait(4) C:again end(0.1)",
      "stalled-in-handshake likely server client-hello 6<3" },
    { "dtls C:hello S:verify C:hello(cookie) wait(1) C:again end(0.1)", "nothing" },
};

static void what_a_client_sees(void **state)
{
    (void)state;
    check_rows(views, G_N_ELEMENTS(views));
}

static bool is_said_beside(const tw_verdict *v, const char *words)
{
    const tw_evidence *e;
    for (unsigned i = 0; (e = tw_verdict_evidence(v, i)); i++)
        if (strstr(e->text, words))
            return true;
    return false;
}

static bool is_tried(const tw_verdict *v, const char *words)
{
    for (guint i = 0; i < v->hints->len; i++)
        if (strstr(g_ptr_array_index(v->hints, i), words))
            return true;
    return false;
}

static void a_leaf_that_is_not_first_is_remarked(void **state)
{
    play *p = play_new("C:hello S:hello +S:cert(inter,leaf) +S:done C:fatal(42)");
    play *q = play_new("C:hello S:hello +S:cert(leaf,inter) +S:done C:fatal(42)");
    (void)state;
    assert_true(is_said_beside(g_ptr_array_index(p->verdicts, 0), "looks like the leaf"));
    assert_true(is_tried(g_ptr_array_index(p->verdicts, 0), "in order"));
    assert_false(is_tried(g_ptr_array_index(q->verdicts, 0), "in order"));
    assert_false(is_said_beside(g_ptr_array_index(q->verdicts, 0), "looks like the leaf"));
    play_free(p);
    play_free(q);
}

/* A peer takes the first certificate for the leaf, and what it minds there is said so. */
static void a_leaf_that_is_not_first_is_named(void **state)
{
    play *p = play_new("C:hello S:hello +S:cert(inter,leaf) +S:done C:fatal(43)");
    play *q = play_new("C:hello S:hello +S:cert(encipher,inter) +S:done C:fatal(43)");
    const char *reason = ((tw_verdict *)g_ptr_array_index(p->verdicts, 0))->reason;
    (void)state;
    assert_non_null(strstr(reason, "(first, in the place of the leaf CN="));
    assert_null(strstr(((tw_verdict *)g_ptr_array_index(q->verdicts, 0))->reason, "in the place of"));
    play_free(p);
    play_free(q);
}

/* Of an end that says nothing: how far the handshake had come. */
static void ends_name_the_last_message(void **state)
{
    static const struct {
        const char *script, *words;
    } plays[] = {
        { "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) S:done C:FIN", "closed-in-handshake 3: ServerHelloDone" },
        { "C:hello S:hello S:cert(leaf,inter) S:ask(root) C:RST", "reset-in-handshake 4: CertificateRequest" },
        { "C:hello S:hello S:cert(leaf,inter) C:RST", "reset-in-handshake 3: Certificate" },
        { "C:hello S:hello S:cert(leaf,inter) +S:done end(60)", "stalled-in-handshake 3: ServerHelloDone" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(plays); i++) {
        play *p = play_new(plays[i].script);
        const tw_verdict *v = g_ptr_array_index(p->verdicts, 0);
        char *said =
            g_strdup_printf("%s %u: %s", tw_cause_get(v->cause)->id, v->trigger, strchr(plays[i].words, ':') + 2);
        assert_string_equal(said, plays[i].words);
        if (!strstr(v->reason, strchr(plays[i].words, ':') + 2))
            fail_msg("%s: %s", plays[i].script, v->reason);
        g_free(said);
        play_free(p);
    }
}

/* A session that is resumed has no certificate that could be rejected. */
static void resumptions_are_told(void **state)
{
    static const struct {
        const char *script, *cause, *words;
    } plays[] = {
        { "C:hello(13;psk=x;age) S:hello(13;psk) +S:app(100) C:app(19)", "handshake-refused", "resumes a session" },
        { "C:hello S:hello +S:ccs +S:enc C:enca", "handshake-refused", "resumes a session" },
        { "C:hello(13;psk=x;age) S:hello(13;psk) +S:app(100) C:fatal(48)", "server-cert-unknown-ca",
          "resumes a session" },
        { "C:hello S:hello +S:ccs +S:enc C:fatal(20)", "record-corrupt", "resumes a session" },
        { "C:hello(13;psk=session1;age) S:hello(13) +S:app(800) C:app(19)", "server-cert-rejected",
          "by a ticket of 8 bytes; the server does not resume it" },
        { "C:hello(13;psk=session1;age) S:hello +S:cert(expired,inter) C:fatal(45)", "server-cert-expired",
          "ticket of 8 bytes; the server does not" },
        { "C:hello(ticket;session) S:hello +S:cert(expired,inter) +S:done C:fatal(45)", "server-cert-expired",
          "ticket of 4 bytes; the server does not" },
        { "C:hello(session) S:hello +S:cert(expired,inter) +S:done C:fatal(45)", "server-cert-expired",
          "session ID of 4 bytes; the server does not" },
        { "C:hello(13;session) S:hello +S:cert(expired,inter) +S:done C:fatal(45)", "server-cert-expired", NULL },
        { "C:hello S:hello +S:cert(expired,inter) +S:done C:fatal(45)", "server-cert-expired", NULL },
        { "C:hello(13;psk=x) S:hello(13) +S:cert(expired,inter) C:fatal(45)", "server-cert-expired", NULL },
        { "C:hello(ticket) S:hello +S:ccs +S:enc C:fatal(20)", "record-corrupt", "resumes a session" },
        { "C:hello S:hello +S:cert(leaf,inter) +S:done C:cke +C:ccs +C:enc S:ccs +S:enc C:fatal(20)",
          "record-corrupt", NULL },
        { "C:hello(13;psk=x;age) S:fatal(80)", "internal-error", "offers to resume" },
        { "C:hello(13;psk=x;age) S:RST", "reset-after-client-hello", "offers to resume" },
        { "C:hello(13;psk=x) S:fatal(80)", "internal-error", NULL },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(plays); i++) {
        play *p = play_new(plays[i].script);
        const tw_verdict *v = g_ptr_array_index(p->verdicts, 0);
        assert_string_equal(tw_cause_get(v->cause)->id, plays[i].cause);
        if (is_said_beside(v, plays[i].words ? plays[i].words : "resume") != (plays[i].words != NULL))
            fail_msg("%s", plays[i].script);
        play_free(p);
    }
}

/* Whether a Certificate of 64 KiB is remarked, after the server's record FIRST of the same handshake. */
static bool is_found_long(const char *script, const uint8_t *first, uint32_t first_len)
{
    static const uint8_t begin[] = { TW_HS_CERTIFICATE, 1, 0, 0, 0, 0, 0, 0 };
    play *p = play_new(script);
    bool is_said;
    if (first_len)
        tw__conn_framed(p->conn, play_at(p, 1), TW_CT_HANDSHAKE, first, first_len);
    tw__conn_framed(p->conn, play_at(p, 1), TW_CT_HANDSHAKE, begin, sizeof begin);
    play_on(p, "C:fatal(47)");
    is_said = is_said_beside(g_ptr_array_index(p->verdicts, 0), "65536 bytes; it was not examined");
    play_free(p);
    return is_said;
}

static void long_messages_are_measured(void **state)
{
    static const uint8_t whole[] = { TW_HS_SERVER_HELLO, 0, 0, 1, 7 }, part[] = { TW_HS_CERTIFICATE, 0, 0, 8, 1, 2 };
    (void)state;
    assert_true(is_found_long("tcp C:hello S:hello", NULL, 0));
    assert_true(is_found_long("tcp C:hello S:hello", whole, sizeof whole));
    assert_false(is_found_long("tcp C:hello S:hello", part, sizeof part)); /* it goes on */
    assert_false(is_found_long("tcp C:hello S:hello", part, 2));           /* a header in two records */
    assert_false(is_found_long("tcp C:hello S:hello", NULL, 5));           /* it was not kept */
    assert_false(is_found_long("tcp C:hello S:hello S:ccs", NULL, 0));     /* encrypted */
}

/* The notice that SCRIPT gets, whose last message is of TYPE, or NULL. Caller frees. */
static tw_verdict *protocols_after(const char *script, uint8_t type)
{
    play *p = play_new(script);
    tw_verdict *v = tw__note_protocols(p->conn, play_at(p, 1), type);
    play_free(p);
    return v;
}

static void no_protocol_is_a_notice(void **state)
{
    tw_verdict *v = protocols_after("C:hello(alpn=h2) S:hello", TW_HS_SERVER_HELLO);
    (void)state;
    assert_non_null(v);
    assert_false(v->failure);
    assert_non_null(strstr(v->reason, "h2"));
    tw__verdict_free(v);
    assert_null(protocols_after("C:hello S:hello", TW_HS_SERVER_HELLO));
    assert_null(protocols_after("C:hello(alpn=h2) S:hello(x=0010)", TW_HS_SERVER_HELLO));
    assert_null(protocols_after("C:hello(13;alpn=h2) S:hello(13)", TW_HS_SERVER_HELLO));
    v = protocols_after("C:hello(13;alpn=h2) S:hello(13) +S:ee", TW_HS_ENCRYPTED_EXTENSIONS);
    assert_non_null(v);
    tw__verdict_free(v);
}

/* A ticket is no name of a key, and nothing to show. */
static void tickets_are_not_identities(void **state)
{
    play *named = play_new("C:hello(13;psk=device-7) S:fatal(47)");
    play *ticket = play_new("C:hello(13;psk=device-7;age) S:fatal(47)");
    const tw_verdict *a = g_ptr_array_index(named->verdicts, 0), *b = g_ptr_array_index(ticket->verdicts, 0);
    (void)state;
    assert_non_null(strstr(a->reason, "device-7"));
    assert_null(strstr(b->reason, "device-7"));
    assert_string_equal(b->rule, "psk-key-mismatch/hello");
    assert_string_equal(a->reason, "Server found that the pre-shared keys differ: the binder made with the identity "
                                   "\"device-7\" does not verify");
    assert_string_equal(b->reason,
                        "Server refused to resume the client's session: the binder made with the ticket of 8 "
                        "bytes does not verify");
    assert_non_null(strstr(g_ptr_array_index(a->hints, 0), "Compare the key on both sides"));
    assert_non_null(strstr(g_ptr_array_index(b->hints, 0), "forget its sessions"));
    play_free(named);
    play_free(ticket);
}

/* A client that leaves when both Finished are through has accused nobody. */
static const struct {
    const char *script, *words;
} leavings[] = {
    { SERVER("expired,inter") "C:cke +C:ccs +C:enc S:ccs +S:enc C:FIN", "expired on" },
    { SERVER("expired,inter") "C:cke +C:ccs +C:enc S:ccs +S:enc C:enca C:FIN", "expired on" },
    { SERVER("self_signed") "C:cke +C:ccs +C:enc S:ccs +S:enc C:RST", "self-signed" },
    { "C:hello(sni=other.example) S:hello +S:cert(leaf,inter) +S:done C:cke +C:ccs +C:enc S:ccs +S:enc C:FIN",
      "asked for \"other.example\"" },
    { SERVER("unknown_critical,inter") "C:cke +C:ccs +C:enc S:ccs +S:enc C:FIN", "critical extension" },
    { SERVER("rsa1024,inter") "C:cke +C:ccs +C:enc S:ccs +S:enc C:enca C:FIN", "1024-bit RSA key" },
    { SERVER("leaf,root") "C:cke +C:ccs +C:enc S:ccs +S:enc C:FIN", "no certificate of the issuer" },
    { DONE "C:enca C:FIN", "health checks" },
    { DONE "C:FIN", "without close_notify" },
    { DONE "wait(20) C:FIN", NULL },
    { "C:hello(13) S:hello(13) +S:app(800) C:app(53) C:app(19) C:FIN", "health checks" },
    /* LDAP's farewell, by its size: before the end, upon which the server may end first */
    { "starttls(ldap) " SERVER("expired,inter") "C:cke +C:ccs +C:enc S:ccs +S:enc C:app(31) C:enca C:FIN",
      "a record of 7 bytes, the size of an LDAP unbind; the server's leaf" },
    { "starttls(ldap) " DONE "C:app(31) S:enca S:FIN C:FIN", "size of an LDAP unbind: so do health checks" },
    { "starttls(ldap) C:hello(13) S:hello(13) +S:app(800) C:app(53) C:app(24) C:app(19) C:FIN", "LDAP unbind" },
    { "starttls(ldap) C:hello(13) S:hello(13) +S:app(800) C:app(53) C:app(24) C:app(24) C:FIN", NULL },
    { "starttls(ldap) " DONE "C:app(38) C:enca C:FIN", NULL },
    { "port(636) " DONE "C:app(31) C:enca C:FIN", "LDAP unbind" },
    { "port(993) " DONE "C:app(31) C:enca C:FIN", NULL },
    { DONE "C:app(31) C:enca C:FIN", NULL },
    /* with data; at the server's end */
    { SERVER("expired,inter") "C:cke +C:ccs +C:enc S:ccs +S:enc C:app C:enca C:FIN", NULL },
    { SERVER("expired,inter") "C:cke +C:ccs +C:enc S:ccs +S:enc S:enca S:FIN C:FIN", NULL },
};

static void clients_that_leave_are_noticed(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(leavings); i++) {
        play *p = play_new(leavings[i].script);
        const tw_verdict *v = p->verdicts->len ? g_ptr_array_index(p->verdicts, p->verdicts->len - 1) : NULL;
        bool is_noticed = v && !v->failure && strstr(v->reason, "left ");
        if (leavings[i].words ? !is_noticed || !strstr(v->reason, leavings[i].words) : is_noticed)
            fail_msg("%s: %s", leavings[i].script, v ? v->reason : "nothing");
        play_free(p);
    }
}

static void alerts_that_cannot_be_read(void **state)
{
    (void)state;
    check_rows(opaque, G_N_ELEMENTS(opaque));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alerts_that_cannot_be_read),
        cmocka_unit_test(servers_that_say_nothing),
        cmocka_unit_test(what_a_client_sees),
        cmocka_unit_test(tickets_are_not_identities),
        cmocka_unit_test(a_leaf_that_is_not_first_is_remarked),
        cmocka_unit_test(a_leaf_that_is_not_first_is_named),
        cmocka_unit_test(ends_name_the_last_message),
        cmocka_unit_test(no_protocol_is_a_notice),
        cmocka_unit_test(resumptions_are_told),
        cmocka_unit_test(long_messages_are_measured),
        cmocka_unit_test(clients_that_leave_are_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
