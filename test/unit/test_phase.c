/* What the sender of an event was answering: plays (see build.h), then one question each.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "build.h"

#define FLIGHT   "C:hello S:hello +S:cert(leaf,inter) +S:ske +S:done"
#define FULL     FLIGHT " C:cke +C:ccs +C:enc S:ccs +S:enc"
#define CLEAR    FLIGHT " C:cke +C:ccs +C:fin S:ccs +S:fin"
#define RESUMED  "C:hello S:hello +S:ccs +S:enc C:ccs +C:enc"
#define FLIGHT13 "C:hello(13) S:hello(13) +S:ee +S:ask(root) +S:cert(leaf) +S:cv +S:fin"
#define MUTUAL13 FLIGHT13 " C:cert(client) +C:cv +C:fin"
#define CLEAR13  "C:hello(13) S:hello(13) +S:ee +S:cert(leaf,inter) +S:cv +S:fin C:fin"

typedef struct {
    const char *script;
    tw_side sender;
    int event;
    tw_phase phase;
} row;

static void check_rows(const row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        play *p = play_new(rows[i].script);
        tw_phase phase = tw__phase_of(p->conn, rows[i].sender, (tw__event)rows[i].event);
        if (phase != rows[i].phase)
            fail_msg("%s: %s %d: %s, not %s", rows[i].script, tw_side_name(rows[i].sender), rows[i].event,
                     tw_phase_name(phase), tw_phase_name(rows[i].phase));
        play_free(p);
    }
}

/* ---- in the first handshake ---- */

static const row flights[] = {
    { "", TW_SIDE_UNKNOWN, 40, TW_BEFORE_HELLO },
    { "C:hello", TW_SERVER, 40, TW_CLIENT_HELLO },
    { "C:hello", TW_SERVER, 112, TW_CLIENT_HELLO },
    { "C:hello", TW_CLIENT, 90, TW_CLIENT_HELLO },
    { "swap C:hello", TW_SERVER, 40, TW_CLIENT_HELLO },
    { "C:hello S:hello", TW_CLIENT, 70, TW_SERVER_FLIGHT },
    { "C:hello S:hello", TW_SERVER, 40, TW_CLIENT_HELLO }, /* still the hello that it answers */
    { "C:hello S:hello +S:cert(leaf)", TW_CLIENT, 48, TW_SERVER_FLIGHT },
    { FLIGHT, TW_CLIENT, 46, TW_SERVER_FLIGHT },
    { FLIGHT, TW_SERVER, 80, TW_CLIENT_HELLO },
    { FLIGHT " C:cert()", TW_SERVER, 40, TW_CLIENT_FLIGHT },
    { FLIGHT " C:cke", TW_SERVER, 40, TW_CLIENT_FLIGHT },
    { FLIGHT " C:cke", TW_CLIENT, 46, TW_SERVER_FLIGHT },
    { FLIGHT " C:cke C:ccs", TW_SERVER, 20, TW_CLIENT_FLIGHT },
    { FLIGHT " C:cke C:ccs C:enc", TW_SERVER, 20, TW_CLIENT_FLIGHT },
    { FLIGHT " C:cke C:ccs C:fin", TW_SERVER, 51, TW_CLIENT_FLIGHT },
    { FLIGHT " C:cke C:ccs C:enc", TW_CLIENT, 90, TW_SERVER_FLIGHT },
    { FLIGHT " C:cke C:ccs C:enc S:ccs", TW_CLIENT, 20, TW_SERVER_FINISHED },
    { FLIGHT " C:cke C:ccs C:fin S:ccs S:fin", TW_CLIENT, 51, TW_SERVER_FINISHED },
    { "C:hello S:hello S:ccs", TW_CLIENT, 20, TW_SERVER_FLIGHT }, /* resumption: its Finished is part of the flight */
    { "C:hello S:hello S:ccs S:fin", TW_CLIENT, 51, TW_SERVER_FLIGHT },
    { RESUMED, TW_CLIENT, 51, TW_SERVER_FLIGHT },
    { RESUMED, TW_SERVER, 51, TW_CLIENT_FLIGHT },
    { RESUMED, TW_SERVER, 80, TW_ESTABLISHED },
};

static void flights_of_tls_12(void **state)
{
    (void)state;
    check_rows(flights, G_N_ELEMENTS(flights));
}

static const row flights13[] = {
    { "C:hello(13)", TW_SERVER, 40, TW_CLIENT_HELLO },
    { "C:hello(13) S:retry", TW_CLIENT, 47, TW_SERVER_FLIGHT },
    { "C:hello(13) S:retry", TW_SERVER, 40, TW_CLIENT_HELLO },
    { "C:hello(13) S:retry C:hello(13;ks=17)", TW_SERVER, 40, TW_CLIENT_HELLO },
    { "C:hello(13) S:hello(13)", TW_CLIENT, 47, TW_SERVER_FLIGHT },
    { "C:hello(13) S:hello(13) +S:app(800)", TW_CLIENT, TW_EVENT_ENCRYPTED, TW_SERVER_FLIGHT },
    { "C:hello(13) S:hello(13) +S:app(800) C:ccs", TW_CLIENT, 48, TW_SERVER_FLIGHT },
    { "C:hello(13) C:ccs S:hello(13)", TW_SERVER, 40, TW_CLIENT_HELLO }, /* a ChangeCipherSpec that means nothing */
    { FLIGHT13, TW_CLIENT, 42, TW_SERVER_FLIGHT },
    { FLIGHT13 " C:cert()", TW_SERVER, 116, TW_CLIENT_FLIGHT },
    { FLIGHT13 " C:cert() C:fin", TW_SERVER, 116, TW_CLIENT_FLIGHT },
    { MUTUAL13, TW_SERVER, 48, TW_CLIENT_FLIGHT },
    { MUTUAL13, TW_SERVER, 51, TW_CLIENT_FLIGHT },
    { MUTUAL13 " S:nst", TW_SERVER, 42, TW_CLIENT_FLIGHT },
    { MUTUAL13, TW_SERVER, 80, TW_ESTABLISHED },
    { CLEAR13, TW_SERVER, 116, TW_CLIENT_FLIGHT }, /* its meaning leaves nothing else, even unseen */
    { CLEAR13, TW_SERVER, 42, TW_ESTABLISHED },    /* there is no certificate to reject */
    { CLEAR13, TW_CLIENT, 40, TW_ESTABLISHED },
    { CLEAR13, TW_SERVER, 51, TW_CLIENT_FLIGHT },
    { CLEAR13 " C:app S:app", TW_SERVER, 51, TW_ESTABLISHED },
    { CLEAR13 " S:ask(root) C:cert(client) C:cv C:fin", TW_SERVER, 48, TW_ESTABLISHED }, /* post-handshake */
    { CLEAR13 " S:ask(root) C:cert() C:fin", TW_SERVER, 42, TW_ESTABLISHED },
};

static void flights_of_tls_13(void **state)
{
    (void)state;
    check_rows(flights13, G_N_ELEMENTS(flights13));
}

/* ---- after it ---- */

static const row later[] = {
    { FULL, TW_SERVER, 0, TW_ESTABLISHED },
    { FULL, TW_CLIENT, 0, TW_ESTABLISHED },
    { FULL, TW_CLIENT, 40, TW_ESTABLISHED },
    { FULL " C:app S:app", TW_CLIENT, 20, TW_ESTABLISHED },
    { FULL " C:app S:app", TW_SERVER, 20, TW_ESTABLISHED },
    { FULL, TW_SERVER, 20, TW_CLIENT_FLIGHT }, /* nothing came since: it can only mean the Finished */
    { FULL, TW_CLIENT, 20, TW_SERVER_FINISHED },
    { FULL, TW_CLIENT, 46, TW_SERVER_FLIGHT }, /* NSS verifies the certificate beside the handshake */
    { FULL, TW_CLIENT, 48, TW_SERVER_FLIGHT },
    { FULL " S:app", TW_CLIENT, 48, TW_SERVER_FLIGHT },
    { FULL " C:app", TW_CLIENT, 48, TW_ESTABLISHED }, /* it has trusted it by then */
    { FULL, TW_SERVER, 48, TW_ESTABLISHED },
    { FULL, TW_CLIENT, 100, TW_RENEGOTIATION },
    { CLEAR " S:request", TW_CLIENT, 100, TW_RENEGOTIATION },
    { CLEAR " S:request", TW_CLIENT, 40, TW_RENEGOTIATION },
    { CLEAR " S:request", TW_CLIENT, 80, TW_ESTABLISHED },
    { CLEAR " S:request", TW_SERVER, 40, TW_ESTABLISHED },
    { CLEAR " C:hello", TW_SERVER, 100, TW_RENEGOTIATION },
    { CLEAR " C:hello", TW_SERVER, 40, TW_RENEGOTIATION },
    { CLEAR " S:request C:hello S:hello S:cert(leaf) S:ask(root) S:done C:cert()", TW_SERVER, 40, TW_RENEGOTIATION },
    { FULL " C:enc(200)", TW_SERVER, TW_EVENT_ENCRYPTED, TW_RENEGOTIATION },
    { FULL " C:enc(200) S:enc(900) C:ccs C:enc S:ccs S:enc C:app S:app", TW_CLIENT, 80, TW_ESTABLISHED },
    { CLEAR " C:hello S:hello S:done C:cke C:ccs C:fin S:ccs S:fin C:app S:app", TW_SERVER, 80, TW_ESTABLISHED },
    { "C:hello S:fatal(70) C:hello", TW_SERVER, 70, TW_CLIENT_HELLO }, /* a new attempt is no renegotiation */
};

static void after_the_handshake(void **state)
{
    (void)state;
    check_rows(later, G_N_ELEMENTS(later));
}

/* ---- captures that begin inside ---- */

static const row inside[] = {
    { "C:app", TW_SIDE_UNKNOWN, 20, TW_ESTABLISHED },
    { "C:app S:app", TW_SIDE_UNKNOWN, 0, TW_ESTABLISHED },
    { "S:enca", TW_SIDE_UNKNOWN, 40, TW_ESTABLISHED },
    { "S:enc", TW_SIDE_UNKNOWN, 40, TW_ESTABLISHED },
    { "C:app S:app C:hello", TW_SERVER, 100, TW_RENEGOTIATION },
    { "S:hello S:cert(leaf)", TW_CLIENT, 48, TW_SERVER_FLIGHT },
    { "S:cert(leaf)", TW_SIDE_UNKNOWN, 48, TW_BEFORE_HELLO },
    { "S:cert(leaf) +S:ske +S:done", TW_CLIENT, 48, TW_SERVER_FLIGHT },
    { "C:cke", TW_SERVER, 40, TW_CLIENT_FLIGHT },
};

static void captures_that_begin_inside(void **state)
{
    (void)state;
    check_rows(inside, G_N_ELEMENTS(inside));
}

/* ---- DTLS ---- */

static const row datagrams[] = {
    { "dtls C:hello", TW_SERVER, 40, TW_CLIENT_HELLO },
    { "dtls C:hello S:verify", TW_CLIENT, 70, TW_SERVER_FLIGHT },
    { "dtls C:hello S:verify C:hello(cookie)", TW_SERVER, 40, TW_CLIENT_HELLO },
    { "dtls C:hello S:hello(v=fefd) S:cert(leaf;split=3)", TW_CLIENT, 48, TW_SERVER_FLIGHT },
    { "dtls C:hello S:hello(v=fefd) S:done C:cke C:ccs C:enc", TW_SERVER, 20, TW_CLIENT_FLIGHT },
    { "dtls C:hello S:hello(v=fefd) S:done C:cke C:ccs C:enc S:ccs", TW_CLIENT, 20, TW_SERVER_FINISHED },
};

static void phases_over_datagrams(void **state)
{
    (void)state;
    check_rows(datagrams, G_N_ELEMENTS(datagrams));
}

/* ---- ends without an alert ---- */

static const row ends[] = {
    { "C:hello", TW_SERVER, TW_EVENT_RESET, TW_CLIENT_HELLO },
    { "C:hello", TW_SERVER, TW_EVENT_CLOSE, TW_CLIENT_HELLO },
    { "C:hello", TW_SERVER, TW_EVENT_SILENCE, TW_CLIENT_HELLO },
    { FLIGHT, TW_SERVER, TW_EVENT_CLOSE, TW_CLIENT_HELLO },
    { FLIGHT " C:cke", TW_SERVER, TW_EVENT_RESET, TW_CLIENT_FLIGHT },
    { FLIGHT, TW_CLIENT, TW_EVENT_CLOSE, TW_SERVER_FLIGHT },
    { FLIGHT " C:cke C:ccs C:enc S:ccs", TW_CLIENT, TW_EVENT_RESET, TW_SERVER_FLIGHT },
};

static void ends_without_an_alert(void **state)
{
    (void)state;
    check_rows(ends, G_N_ELEMENTS(ends));
}

/* ---- every event has a phase ---- */

static const char *const scripts[] = {
    "",   "C:hello",        "S:hello",          "C:app",  "S:enca", "S:ske", FLIGHT,
    FULL, CLEAR " C:hello", FULL " C:enc(200)", MUTUAL13,
};

static void every_event_has_a_phase(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(scripts); i++) {
        play *p = play_new(scripts[i]);
        bool known = p->conn->client_dir >= 0;
        for (int event = 0; event <= TW_EVENT_SAID_REJECTED; event++)
            for (int side = known ? TW_CLIENT : TW_SIDE_UNKNOWN; side <= (known ? TW_SERVER : TW_SIDE_UNKNOWN);
                 side++)
                assert_true(tw__phase_of(p->conn, (tw_side)side, (tw__event)event) < TW_N_PHASES);
        play_free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flights_of_tls_12),       cmocka_unit_test(flights_of_tls_13),
        cmocka_unit_test(after_the_handshake),     cmocka_unit_test(captures_that_begin_inside),
        cmocka_unit_test(phases_over_datagrams),   cmocka_unit_test(ends_without_an_alert),
        cmocka_unit_test(every_event_has_a_phase),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
