/* Verdicts on ends: alerts that end nothing, ends that are no failures, and those that are. As test_judge.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenes.h"

/* ---- alerts that end nothing, and ends that are no failures ---- */

static const row notices[] = {
    /* DTLS: the capture lacks the server's ChangeCipherSpec, and so its Finished */
    { "dtls " SERVER("leaf,inter") "C:cke +C:ccs +C:enc S:enca", "(warning server client-flight 4)" },
    /* DTLS: the server's flight is there in part, or records before the alert are missing by their numbers */
    { "dtls " SERVER("leaf,inter") "C:cke +C:ccs +C:enc S:nst +S:ccs C:enca", "(warning client server-finished 5)" },
    { "dtls " SERVER("leaf,inter") "C:cke +C:ccs +C:enc S:nst C:number(2) +C:warn(0)",
      "(warning client server-flight 5)" },
    { "dtls " SERVER(
          "leaf,inter") "C:cke +C:ccs +C:number(0) +C:enc S:ccs +S:number(0) +S:enc(20) C:number(1) +C:enca",
      "nothing" },
    { "dtls " SERVER(
          "leaf,inter") "C:cke +C:ccs +C:number(0) +C:enc S:cert(leaf;split=3;cut=9) C:number(2) +C:warn(0)",
      "(warning client server-flight 5)" },
    { "dtls " SERVER("leaf,inter") "C:cke +C:ccs +C:number(0) +C:enc C:number(1) +C:warn(0)",
      "closed-in-handshake likely client server-flight 4<2" },
    { "dtls C:hello(cookie) C:cke +C:ccs +C:enc C:enca", "nothing" }, /* one way */
    /* what is missing before a close may be why it closes */
    { "tcp " SERVER("leaf,inter") "C:warn(0)", "closed-in-handshake likely client server-flight 3<2" },
    { "tcp " SERVER("leaf,inter") "C:hole +C:warn(0)", "(warning client server-flight 3)" },
    { "C:hello S:warn(112) S:hello", "(warning server client-hello 2)" },
    { "C:hello S:warn(40)", "(warning server client-hello 2)" },
    { "C:hello S:alert(7,40)", "(warning server client-hello 2)" }, /* no level that there is */
    { SERVER("expired,inter") "C:warn(45)", "(warning client server-flight 3)" },
    { SERVER("leaf,inter") "C:warn(41)", "(warning client server-flight 3)" }, /* SSL 3.0: no certificate */
    { "C:hello S:warn(112) S:hello C:fatal(40)",
      "(warning server client-hello 2); handshake-refused possible client server-flight 4<3" },
    { DONE "C:app S:app S:warn(0) C:warn(0)",
      "(closed-normally server established 7); (closed-normally client established 8)" },
    { DONE "C:app S:warn(90) S:warn(0)",
      "(canceled-by-user server established 6); (closed-normally server established 7)" },
    { CLEAR13 "C:app S:alert(2,90)", "(canceled-by-user server established 5)" },
    { CLEAR13 "C:app S:alert(2,0)", "(closed-normally server established 5)" },
    { "C:hello C:warn(90) C:warn(0)", "(canceled-by-user client client-hello 2)" },
    { SERVER("leaf,inter") "C:warn(90) C:warn(0) C:FIN", "(canceled-by-user client server-flight 3)" },
    { SERVER("leaf,inter") "C:warn(0)", "closed-in-handshake likely client server-flight 3<2" },
    { CLEAR13 "C:alert(1,48)",
      "server-cert-unknown-ca likely client server-flight 4<2" }, /* TLS 1.3: the level says nothing */
    { CLEAR13 "C:app S:app C:alert(1,80)", "session-aborted likely client established 6<2" },
    { DONE "C:app S:app C:fatal(80)", "session-aborted likely client established 7<2" },
    { "S:app C:app S:fatal(20)", "record-corrupt likely unknown established 3<0" },
    { "S:app C:app S:warn(0)", "(closed-normally unknown established 3)" },
    { "C:fatal(80)", "internal-error likely unknown before-hello 1<0" },
    /* the capture begins with what OpenSSL sends upon a FIN as well */
    { "S:fatal(50)", "(warning unknown before-hello 1)" },
    { "C:raw(01000000) S:fatal(50)", "message-malformed proven server client-hello 2<1" },
};

static void ends_that_are_no_failures(void **state)
{
    (void)state;
    check_rows(notices, G_N_ELEMENTS(notices));
}

/* ---- ends without an alert ---- */

static const row ends[] = {
    { "C:hello S:FIN", "closed-after-client-hello likely server client-hello 2<1" },
    { "C:hello S:RST", "reset-after-client-hello likely server client-hello 2<1" },
    { "C:hello C:FIN", "(warning client server-flight 2)" },
    { "C:hello wait(5) C:FIN", "no-answer-to-client-hello likely server client-hello 1<1" },
    { "C:hello wait(5) C:RST", "no-answer-to-client-hello likely server client-hello 1<1" },
    { "C:hello wait(5) S:FIN", "closed-after-client-hello likely server client-hello 2<1" },
    { "C:hello S:hello S:FIN", "closed-in-handshake likely server client-hello 3<1" },
    { SERVER("leaf,inter") "C:cke S:RST", "reset-in-handshake likely server client-flight 4<3" },
    { SERVER("leaf,inter") "C:FIN", "closed-in-handshake likely client server-flight 3<2" },
    /* who closes at what must not be taken has that reason */
    { "C:hello(13) S:hello(v=0302) C:FIN", "version-refused-by-client likely client server-flight 3<2" },
    { "C:hello S:hello(s=c030) C:FIN", "cipher-refused-by-client likely client server-flight 3<2" },
    { "C:hello S:hello(s=c030) S:FIN", "closed-in-handshake likely server client-hello 3<1" },
    { "C:hello S:hello +S:ske(g=0019) C:RST", "group-refused-by-client likely client server-flight 3<2" },
    { "C:hello S:hello +S:ske(g=0017;point=32) C:RST", "message-malformed likely client server-flight 3<2" },
    { "C:hello S:cert(leaf,inter) +S:hello C:RST", "message-unexpected possible client server-flight 3<2" },
    { "C:hello S:cert(leaf,inter) S:hello C:RST",
      "reset-in-handshake likely client server-flight 4<3" }, /* two segments may have overtaken each other */
    { DONE "C:FIN", "(closed-without-notify client established 5)" },
    { DONE "C:app S:app S:RST", "(closed-without-notify server established 7)" },
    { DONE "C:app S:app S:RST S:RST S:RST", "(closed-without-notify server established 7)" },
    { DONE "C:app S:app S:FIN S:FIN", "(closed-without-notify server established 7)" },
    { DONE "C:app C:enca C:FIN S:FIN", "nothing" },
    { DONE "C:app C:enca S:FIN", "nothing" }, /* the client has closed the session */
    { DONE "S:enca C:FIN", "nothing" },
    { "C:app S:app S:RST", "nothing" },
    { "C:hello end(1)", "nothing" }, /* too young to tell */
    { "C:hello end(10)", "no-answer-to-client-hello likely server client-hello 1<1" },
    { SERVER("leaf,inter") "end(10)", "stalled-in-handshake likely client server-flight 2<2" },
    { SERVER("leaf,inter") "C:cke end(10)", "stalled-in-handshake likely server client-flight 3<3" },
    { DONE "end(10)", "nothing" },
    { "dtls C:hello wait(1) C:again end(10)", "no-answer-to-client-hello likely server client-hello 1<1" },
    { "dtls C:hello end(10)", "(warning client server-flight 1)" }, /* nobody sent again: a filtered capture */
    { "C:hello(13) wait(2) C:fatal(22)", "no-answer-to-client-hello likely server client-hello 1<1" },
    /* the ServerHello was not read: the handshake went well, or nobody can tell */
    { "C:hello C:cke +C:ccs +C:enc S:ccs +S:enc C:app S:app S:enca S:FIN C:FIN", "nothing" },
    { "C:hello(13) C:ccs +C:app(53) C:app(30) S:app(300) C:FIN", "(warning client server-flight 5)" },
    { "C:hello(13) S:retry +S:ccs C:hello(13) S:app(300) C:app(53) C:FIN", "(warning client server-flight 6)" },
    { "C:hello S:cert(leaf,inter) C:FIN", "(warning client server-flight 3)" },
    /* of the server's data the client's Finished was a condition, though it was not read */
    { "C:hello S:hello +S:cert(leaf,inter) +S:done S:ccs +S:enc C:app S:app C:FIN S:FIN",
      "(closed-without-notify client established 6)" },
    /* the answers were recorded before what they answer */
    { "dtls S:verify S:hello +S:done S:nst +S:ccs +S:enc C:hello(cookie) C:cke +C:ccs +C:enc C:enca", "nothing" },
    /* who has sent data is through with the handshake, whatever was missed */
    { "dtls C:hello C:cke +C:ccs +C:enc C:app C:enca", "nothing" },
    { "C:hello(13) S:hello(13) S:app(1200) C:fin C:app(35)", "nothing" },
    /* NPN's message comes before the client's Finished, which is no renegotiation */
    { "C:hello S:hello(x=3374) +S:ccs +S:enc(40) C:ccs +C:enc(64) +C:enc(40) S:app S:app C:FIN S:FIN",
      "(closed-without-notify client established 6)" },
    /* early data may be answered, and all be said, before the client's Finished */
    { "C:hello(13;psk=5) +C:app(80) S:hello(13;psk) +S:ee +S:fin S:app(50) S:warn(0) S:FIN",
      "(closed-normally server client-hello 4)" },
    { "C:hello(13;psk=5) +C:app(80) S:hello(13;psk) +S:app(30) +S:app(53) S:app(50) S:app(19) S:FIN", "nothing" },
    { "C:hello(13;psk=5) +C:app(80) S:hello(13;psk) +S:app(30) +S:app(53) S:app(50) S:FIN C:FIN", "nothing" },
    /* a Finished of DTLS comes again when the answer to it is late */
    { "dtls C:hello S:hello +S:cert(leaf,inter) +S:done C:cke +C:ccs +C:enc S:ccs +S:enc C:enc C:app S:enc S:enca C:enca",
      "nothing" },
    /* an alert after the other side's FIN is a reaction: the close was the failure */
    { "C:hello S:FIN C:fatal(10)", "closed-after-client-hello likely server client-hello 2<1" },
    { SERVER("leaf,inter") "C:FIN S:fatal(50)", "closed-in-handshake likely client server-flight 3<2" },
    { DONE "C:app C:FIN S:fatal(50)",
      "(closed-without-notify client established 6); (warning server established 7)" },
    { DONE "C:app C:FIN S:warn(0)",
      "(closed-without-notify client established 6); (closed-normally server established 7)" },
    /* no TLS */
    { "C:hello S:plain(HTTP/1.1_400_Bad_Request)", "not-tls-from-server proven client server-flight 2<0" },
    { "C:hello S:plain(SSH-2.0-x) S:FIN", "not-tls-from-server proven client server-flight 2<0" },
    { "C:hello S:hello S:plain(x)", "nothing" },
    { "C:plain(GET_/) S:fatal(10)", "not-tls-from-client proven server client-hello 2<0" },
};

static void ends_without_an_alert(void **state)
{
    (void)state;
    check_rows(ends, G_N_ELEMENTS(ends));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_that_are_no_failures),
        cmocka_unit_test(ends_without_an_alert),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
