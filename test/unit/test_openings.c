/* Connections that never opened. A play is a line of words: "T:WORD" at T tenths of a second, with the WORDs "SYN(n)", of the
 * client's N-th connection to 192.0.2.7:443; "SYN(n,server,port)"; "A(n)" SYN-ACK; "ACK(n)" of the client; "R(n)" reset by the
 * server; "ICMP(n,code)"; "V6(n)", a SYN over IPv6.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tlswhy/capture.h"

#define BEGIN_US (INT64_C(1700000000) * 1000000)
#define LATER_US (60 * INT64_C(1000000))

typedef struct {
    tw_capture *capture;
    GString *said;
    uint32_t frame;
    struct {
        unsigned server;
        uint16_t port;
        bool v6;
    } streams[64];
} scene;

static void on_verdict(void *data, tw_conn *conn, const tw_verdict *v, const tw_verdict *replaced)
{
    scene *s = data;
    (void)replaced;
    assert_false(v->failure);
    assert_int_equal(v->cause, TW_N_CAUSES);
    assert_non_null(tw_conn_unopened(conn));
    g_string_append_printf(s->said, "%s%u %s", s->said->len ? "; " : "", v->frame, tw_conn_unopened(conn));
}

static void addresses_of(const scene *s, unsigned n, uint8_t client[16], uint8_t server[16])
{
    memset(client, 0, 16);
    memset(server, 0, 16);
    memcpy(client, (uint8_t[]){ 192, 0, 2, 1 }, 4);
    memcpy(server, (uint8_t[]){ 192, 0, 2, (uint8_t)s->streams[n].server }, 4);
}

static void come(scene *s, unsigned n, int64_t time_us, int dir, uint8_t flags)
{
    tw_segment header = { .frame = ++s->frame,
                          .time_us = time_us,
                          .flags = flags,
                          .hops = 64,
                          .v6 = s->streams[n].v6,
                          .seq = dir ? 7 : 1000 + n,
                          .srcport = dir ? s->streams[n].port : (uint16_t)(50000 + n),
                          .dstport = dir ? (uint16_t)(50000 + n) : s->streams[n].port };
    uint8_t client[16], server[16];
    const uint8_t *addresses[] = { client, server };
    addresses_of(s, n, client, server);
    tw_tell_time(s->capture, s->frame, time_us);
    tw_tell_segment(s->capture, n, NULL, dir, &header);
    if (flags == TW_TCP_SYN)
        tw_tell_opening(s->capture, n, dir, &header, addresses);
}

/* With as little of TCP as there must be. */
static void error(scene *s, unsigned n, int64_t time_us, uint8_t code)
{
    uint8_t icmp[8 + 20 + 8] = { 3, code }, client[16], server[16], *ip = icmp + 8, *tcp = ip + 20;
    addresses_of(s, n, client, server);
    ip[0] = 0x45;
    ip[9] = 6;
    memcpy(ip + 12, client, 4);
    memcpy(ip + 16, server, 4);
    memcpy(tcp,
           (uint8_t[]){ (uint8_t)((50000 + n) >> 8), (uint8_t)(50000 + n), (uint8_t)(s->streams[n].port >> 8),
                        (uint8_t)s->streams[n].port, 0, 0, (uint8_t)((1000 + n) >> 8), (uint8_t)(1000 + n) },
           8);
    tw_tell_time(s->capture, ++s->frame, time_us);
    tw_tell_icmp(s->capture, s->frame, time_us, icmp, sizeof icmp);
    for (size_t cut = 0; cut < sizeof icmp; cut++) { /* what is cut says nothing, and is read no farther */
        uint8_t *exact = g_memdup2(icmp, cut);
        tw_tell_icmp(s->capture, s->frame, time_us, exact, cut);
        g_free(exact);
    }
}

static void open_stream(scene *s, unsigned n, int64_t at, bool v6, const unsigned *more, unsigned n_more)
{
    if (!s->streams[n].port) {
        s->streams[n].server = n_more > 0 ? more[0] : 7;
        s->streams[n].port = (uint16_t)(n_more > 1 ? more[1] : 443);
        s->streams[n].v6 = v6;
    }
    come(s, n, at, 0, TW_TCP_SYN);
}

static void play_word(scene *s, const char *word)
{
    char **parts = g_strsplit_set(word, ":(,)", -1);
    int64_t at = BEGIN_US + atoi(parts[0]) * INT64_C(100000);
    unsigned n = (unsigned)atoi(parts[2]), more[2] = { 0 }, n_more = 0;
    for (unsigned i = 3; parts[i] && *parts[i] && n_more < 2; i++)
        more[n_more++] = (unsigned)atoi(parts[i]);
    if (!strcmp(parts[1], "SYN") || !strcmp(parts[1], "V6"))
        open_stream(s, n, at, parts[1][0] == 'V', more, n_more);
    else if (!strcmp(parts[1], "A"))
        come(s, n, at, 1, TW_TCP_SYN | TW_TCP_ACK);
    else if (!strcmp(parts[1], "ACK"))
        come(s, n, at, 0, TW_TCP_ACK);
    else if (!strcmp(parts[1], "R"))
        come(s, n, at, 1, TW_TCP_RST | TW_TCP_ACK);
    else
        error(s, n, at, (uint8_t)more[0]);
    g_strfreev(parts);
}

static void check(const char *script, const char *expected)
{
    tw_settings settings = { .anonymize = false };
    scene s = { .said = g_string_new(NULL) };
    char **words = g_strsplit(script, " ", -1);
    s.capture = tw_capture_new(&settings, on_verdict, &s, NULL);
    for (char **word = words; *word; word++)
        play_word(&s, *word);
    tw_tell_time(s.capture, s.frame + 1, BEGIN_US + LATER_US);
    tw_capture_end(s.capture);
    tw_capture_end(s.capture); /* nothing is said twice */
    if (strcmp(s.said->str, expected) != 0)
        fail_msg("%s: \"%s\"", script, s.said->str);
    tw_capture_free(s.capture);
    g_string_free(s.said, TRUE);
    g_strfreev(words);
}

static void what_never_opened(void **state)
{
    static const struct {
        const char *script, *expected;
    } rows[] = {
        { "0:SYN(0) 10:SYN(0) 30:SYN(0)", "1 SYN unanswered" },
        { "0:SYN(0) 1:R(0)", "2 SYN reset" },
        { "0:SYN(0) 1:ICMP(0,13)", "2 ICMP communication administratively prohibited" },
        { "0:SYN(0) 1:ICMP(0,77)", "2 ICMP destination unreachable" },
        /* too large is another matter; one SYN may have been nobody's wish; twice in a frame's time is once */
        { "0:SYN(0) 1:ICMP(0,4)", "" },
        { "0:SYN(0)", "" },
        { "0:SYN(0) 0:SYN(0) 1:SYN(0)", "" },
        /* it opened after all; the capture holds one direction */
        { "0:SYN(0) 10:SYN(0) 30:SYN(0) 31:A(0)", "" },
        { "0:SYN(0) 1:R(0) 5:SYN(0) 6:A(0)", "" },
        { "0:SYN(0) 10:SYN(0) 11:ACK(0)", "" },
        /* no port of TLS */
        { "0:SYN(0,7,80) 1:R(0)", "" },
        /* a race: to another address, before or after, over the other version of IP */
        { "0:SYN(0) 3:SYN(1,8) 4:A(1) 10:SYN(0) 30:SYN(0)", "" },
        { "0:SYN(1,8) 3:A(1) 4:SYN(0) 5:R(0)", "" },
        { "0:V6(0) 3:SYN(1) 4:A(1) 10:V6(0) 30:V6(0)", "" },
        { "0:SYN(1,8) 1:A(1) 50:SYN(0) 51:R(0)", "4 SYN reset" },
        { "0:SYN(1) 1:A(1) 4:SYN(0) 5:R(0)", "4 SYN reset" }, /* the same server, one time this and one time that */
        { "0:SYN(1,8,80) 1:A(1) 4:SYN(0) 5:R(0)", "4 SYN reset" },
        /* scans, of ports and of servers */
        { "0:SYN(0) 0:R(0) 1:SYN(1,7,22) 1:R(1) 2:SYN(2,7,80) 2:R(2) 3:SYN(3,7,110) 3:R(3) 4:SYN(4,7,993) 4:R(4)",
          "" },
        { "0:SYN(0,10) 0:R(0) 0:SYN(1,11) 0:R(1) 0:SYN(2,12) 0:R(2) 0:SYN(3,13) 0:R(3) 0:SYN(4,14) 0:R(4) "
          "0:SYN(5,15) 0:R(5) 0:SYN(6,16) 0:R(6) 0:SYN(7,17) 0:R(7) 0:SYN(8,18) 0:R(8)",
          "" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        check(rows[i].script, rows[i].expected);
}

/* Beyond the bound nothing is said. */
static void floods(void **state)
{
    tw_settings settings = { .anonymize = false };
    scene s = { .said = g_string_new(NULL) };
    static const uint8_t address[4] = { 0 };
    const uint8_t *addresses[] = { address, address };
    (void)state;
    s.capture = tw_capture_new(&settings, on_verdict, &s, NULL);
    for (uint32_t i = 0; i < 20000; i++) {
        tw_segment header = { .frame = i + 1, .time_us = BEGIN_US, .flags = TW_TCP_SYN, .dstport = 443, .seq = i };
        tw_tell_segment(s.capture, i, NULL, 0, &header);
        tw_tell_opening(s.capture, i, 0, &header, addresses);
        header.flags = TW_TCP_RST;
        tw_tell_segment(s.capture, i, NULL, 1, &header);
    }
    tw_capture_end(s.capture);
    assert_string_equal(s.said->str, "");
    tw_capture_free(s.capture);
    g_string_free(s.said, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_never_opened), cmocka_unit_test(floods) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
