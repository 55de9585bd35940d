/* Handshakes of one capture held against each other: plays (see build.h) that share a tw__contrast. Each row is a story
 * of several connections; what is expected are the verdicts, and pieces of the evidence that other handshakes gave.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "build.h"
#include "compare/contrast_internal.h"

#define FLIGHT        "S:hello +S:cert(leaf,inter) +S:done "
#define GOOD          "C:hello " FLIGHT "C:cke +C:ccs +C:enc S:ccs +S:enc "
#define GOOD13        "C:hello(13) S:hello(13) +S:ee +S:cert(leaf,inter) +S:cv +S:fin C:fin "
#define OLD_HELLO     "C:hello(v=0302;s=c009,002f) "
#define OLDER         "C:hello(v=0301;s=c009,002f;x=5) "
#define MUTUAL(certs) "C:hello S:hello +S:cert(leaf,inter) +S:ask(root) +S:done C:cert(" certs ") +C:cke +C:ccs "

#define CLIENT_1 "192.0.2.1:50000"
#define CLIENT_2 "192.0.2.9:50001"
#define SERVER_1 "192.0.2.2:443"
#define SERVER_2 "192.0.2.3:443"

typedef struct {
    const char *client, *server, *script;
} connection_row;

typedef struct {
    connection_row connections[4];
    unsigned judged;         /* which of them the rest is about */
    const char *verdict;     /* as verdicts_text() writes it, without the frames */
    const char *evidence[4]; /* each stands in one piece of the evidence of other handshakes */
    const char *not_said;
} story;

typedef struct {
    tw__contrast *contrast;
    GPtrArray *plays;
} capture;

static void free_play(void *p)
{
    play_free(p);
}

/* Frames go on from one connection to the next, as in a capture. */
static capture capture_of(const connection_row *rows, size_t n)
{
    capture c = { tw__contrast_new(), g_ptr_array_new_with_free_func(free_play) };
    uint32_t frame = 0;
    for (size_t i = 0; i < n && rows[i].script; i++) {
        play *p = play_new("");
        tw__contrast_join(c.contrast, &p->context);
        set_end(p->conn, 0, rows[i].client[0] ? g_strdup_printf("%s%zu", rows[i].client, i) : NULL);
        set_end(p->conn, 1, g_strdup(rows[i].server));
        p->frame = frame;
        p->randoms = (unsigned)i * 100;
        play_on(p, rows[i].script);
        frame = p->frame;
        g_ptr_array_add(c.plays, p);
    }
    return c;
}

static void close_capture(capture *c)
{
    tw__contrast_free(c->contrast);
    g_ptr_array_unref(c->plays);
}

static const tw_verdict *verdict_of(const capture *c, unsigned index)
{
    const play *p = g_ptr_array_index(c->plays, index);
    return p->verdicts->len ? g_ptr_array_index(p->verdicts, 0) : NULL;
}

static bool says(const tw_verdict *v, const char *piece)
{
    const tw_evidence *e;
    for (unsigned i = 0; (e = tw_verdict_evidence(v, i)); i++)
        if (strstr(e->text, piece))
            return true;
    return false;
}

static char *all_evidence(const tw_verdict *v)
{
    GString *s = g_string_new(NULL);
    const tw_evidence *e;
    for (unsigned i = 0; (e = tw_verdict_evidence(v, i)); i++)
        g_string_append_printf(s, "\n    %u: %s", e->frame, e->text);
    return g_string_free(s, FALSE);
}

static void check_story(const story *s)
{
    capture c = capture_of(s->connections, G_N_ELEMENTS(s->connections));
    const tw_verdict *v = verdict_of(&c, s->judged);
    const char *which = NULL;
    char *got, *evidence;
    tw__contrast_settle(c.contrast, replace_in_place);
    assert_non_null(v);
    got = g_strdup_printf("%s %s", tw_cause_get(v->cause)->id, tw_confidence_name(v->confidence));
    evidence = all_evidence(v);
    if (strcmp(got, s->verdict) != 0)
        fail_msg("%s gives %s and not %s%s", s->connections[s->judged].script, got, s->verdict, evidence);
    for (unsigned i = 0; i < G_N_ELEMENTS(s->evidence) && s->evidence[i]; i++)
        if (!says(v, s->evidence[i]))
            fail_msg("%s lacks \"%s\":%s", s->connections[s->judged].script, s->evidence[i], evidence);
    if (s->not_said && says(v, s->not_said))
        fail_msg("%s says \"%s\":%s", s->connections[s->judged].script, s->not_said, evidence);
    if (flaw_of_verdict(v, &which))
        fail_msg("%s in \"%s\"", flaw_of_verdict(v, &which), which);
    g_free(got);
    g_free(evidence);
    close_capture(&c);
}

/* One like GOOD's, but in SSLv2's format */
#define SSLV2_HELLO "C:sslv2(01030300090000001000c02b00c02f00009c00112233445566778899aabbccddeeff) "

/* TLS 1.3 without keys: the server's flight, with the record of the Certificate; then an alert. */
#define HIDDEN(record) "C:hello(13) S:hello(13) +S:app(30) +S:" record " +S:app(95) +S:app(53) C:app(19) "

static const story stories[] = {
    /* ---- a certificate that this handshake hides and another one showed ---- */
    { { { CLIENT_1, SERVER_1, "C:hello S:hello +S:cert(expired,inter) +S:done C:fatal(45)" },
        { CLIENT_2, SERVER_1, HIDDEN("hidden(expired,inter)") } },
      1,
      "server-cert-expired likely",
      { "judging by its size, the encrypted certificate is the one in this frame: CN=expired" },
      NULL },
    { { { CLIENT_1, SERVER_1, "C:hello S:hello +S:cert(expired,inter) +S:done C:fatal(45)" },
        { CLIENT_2, SERVER_1, HIDDEN("hidden(1+expired,inter)") } },
      1,
      "server-cert-rejected likely",
      { NULL },
      "by its size" },
    { { { CLIENT_1, SERVER_2, "C:hello S:hello +S:cert(expired,inter) +S:done C:fatal(45)" },
        { CLIENT_2, SERVER_1, HIDDEN("hidden(expired,inter)") } },
      1,
      "server-cert-rejected likely",
      { NULL },
      "by its size" },
    /* ---- the format of the hello ---- */
    { { { CLIENT_1, SERVER_1, GOOD }, { CLIENT_2, SERVER_1, SSLV2_HELLO "S:fatal(70)" } },
      1,
      "version-no-overlap likely",
      { "difference in versions: there TLS 1.2 at most; here TLS 1.2 at most, in an SSLv2 ClientHello" },
      NULL },
    /* ---- the kind of its key is known from another handshake ---- */
    { { { CLIENT_1, SERVER_1, "C:hello S:hello +S:cert(expired,inter) +S:done C:fatal(45)" },
        { CLIENT_2, SERVER_1, "C:hello(s=c02f,009c) S:fatal(40)" } },
      1,
      "cipher-no-overlap likely",
      { "the server's certificate in this frame has a key of type ECDSA" },
      NULL },
    { { { CLIENT_1, SERVER_1, "C:hello S:hello +S:cert(expired,inter) +S:done C:fatal(45)" },
        { CLIENT_2, SERVER_1, "C:hello(a=0401,0804) S:fatal(40)" } },
      1,
      "sigalg-no-overlap likely",
      { "the server's certificate in this frame has a key of type ECDSA" },
      NULL },
    { { { CLIENT_1, SERVER_1, "C:hello S:hello +S:cert(rsa) +S:done C:fatal(45)" },
        { CLIENT_2, SERVER_1, "C:hello(s=c02f,c02b;a=0401,0403) S:fatal(40)" } },
      1,
      "handshake-refused possible",
      { NULL },
      "certificate in this frame" },
    /* ... as far as it was shown: what else the hello lacks may be why a server with other keys as well refuses it */
    { { { CLIENT_1, SERVER_1, "C:hello S:hello +S:cert(expired,inter) +S:done C:fatal(45)" },
        { CLIENT_2, SERVER_1, "C:hello(s=c02f,009c;g=0018) S:fatal(40)" } },
      1,
      "cipher-no-overlap possible",
      { "the capture does not show whether the server has another certificate, with another type of key" },
      NULL },
    { { { CLIENT_1, SERVER_1, "C:hello S:hello +S:cert(expired,inter) +S:done C:fatal(45)" },
        { CLIENT_2, SERVER_1, "C:hello(a=0804;noems) S:fatal(40)" } },
      1,
      "sigalg-no-overlap possible",
      { "has a key of type ECDSA" },
      NULL },
    /* both kinds were shown, before or later: the hello fits one of them */
    { { { CLIENT_1, SERVER_1, "C:hello S:hello +S:cert(rsa) +S:done C:fatal(45)" },
        { CLIENT_1, SERVER_1, "C:hello S:hello +S:cert(expired,inter) +S:done C:fatal(45)" },
        { CLIENT_2, SERVER_1, "C:hello(s=c02f,009c) S:fatal(40)" } },
      2,
      "cipher-no-overlap possible",
      { NULL },
      "certificate in this frame" },
    { { { CLIENT_1, SERVER_1, "C:hello S:hello +S:cert(expired,inter) +S:done C:fatal(45)" },
        { CLIENT_2, SERVER_1, "C:hello(a=0401,0804) S:fatal(40)" },
        { CLIENT_1, SERVER_1, "C:hello S:hello +S:cert(rsa) +S:done C:fatal(45)" } },
      1,
      "handshake-refused possible",
      { NULL },
      "certificate in this frame" },
    /* both kinds, and the hello fits neither */
    { { { CLIENT_1, SERVER_1, "C:hello S:hello +S:cert(rsa) +S:done C:fatal(45)" },
        { CLIENT_1, SERVER_1, "C:hello S:hello +S:cert(expired,inter) +S:done C:fatal(45)" },
        { CLIENT_2, SERVER_1, "C:hello(a=0402) S:fatal(40)" } },
      2,
      "sigalg-no-overlap likely",
      { "has a key of type RSA", "has a key of type ECDSA" },
      "another kind of key" },
    /* a hidden certificate is looked for among all that the server showed */
    { { { CLIENT_1, SERVER_1, "C:hello S:hello +S:cert(expired,inter) +S:done C:fatal(45)" },
        { CLIENT_1, SERVER_1, "C:hello S:hello +S:cert(rsa) +S:done C:fatal(45)" },
        { CLIENT_2, SERVER_1, HIDDEN("hidden(expired,inter)") } },
      2,
      "server-cert-expired likely",
      { "judging by its size, the encrypted certificate is the one in this frame: CN=expired" },
      NULL },
    { { { CLIENT_1, SERVER_1, GOOD13 }, { CLIENT_2, SERVER_1, HIDDEN("hidden(leaf,inter)") } },
      1,
      "server-cert-rejected likely",
      { "judging by its size, the encrypted certificate is the one in this frame: CN=leaf.example" },
      NULL },
    /* ---- the same server, another client ---- */
    { { { CLIENT_1, SERVER_1, GOOD }, { CLIENT_2, SERVER_1, "C:hello(s=c02b,c02f;alpn=h2) S:fatal(80)" } },
      1,
      "internal-error likely",
      { "192.0.2.1:500000 with this server completed (TLS 1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)",
        "difference in cipher suites: there also TLS_RSA_WITH_AES_128_GCM_SHA256; here nothing more",
        "difference in application protocols: there none; here h2" },
      "difference in groups" },
    /* known only later, all the same */
    { { { CLIENT_2, SERVER_1, "C:hello(sni=other.example) S:fatal(80)" }, { CLIENT_1, SERVER_1, GOOD } },
      0,
      "internal-error likely",
      { "difference in the server name: there good.example; here other.example" },
      "difference in cipher suites" },
    { { { CLIENT_1, SERVER_1, GOOD }, { CLIENT_2, SERVER_1, "C:hello S:fatal(80)" } },
      1,
      "internal-error likely",
      { "no difference in what the client offers" },
      ": there" },
    /* client certificates */
    { { { CLIENT_1, SERVER_1, MUTUAL("client,inter") "+C:enc S:ccs +S:enc" },
        { CLIENT_2, SERVER_1, MUTUAL("") "S:fatal(40)" } },
      1,
      "client-cert-missing likely",
      { "difference in the client certificate: there CN=client.example,O=tlswhy (issued by CN=Test Intermediate,O=tlswhy" },
      NULL },
    { { { CLIENT_1, SERVER_1, MUTUAL("") "+C:enc S:ccs +S:enc" },
        { CLIENT_2, SERVER_1, MUTUAL("expired,inter") "S:fatal(45)" } },
      1,
      "client-cert-expired proven",
      { "difference in the client certificate: there none; here CN=expired" },
      NULL },
    /* the one that differs least is taken */
    { { { CLIENT_1, SERVER_1, GOOD13 },
        { CLIENT_1, SERVER_1, GOOD },
        { CLIENT_2, SERVER_1, "C:hello(g=0017) S:fatal(80)" } },
      2,
      "internal-error likely",
      { "difference in groups: there also x25519, secp384r1; here nothing more" },
      "difference in versions" },
    /* a renegotiation is held against no first handshake */
    { { { CLIENT_1, SERVER_1, GOOD },
        { CLIENT_2, SERVER_1,
          "C:hello S:hello +S:cert(leaf,inter) +S:done C:cke +C:ccs +C:fin S:ccs +S:fin C:hello "
          "S:hello +S:cert(expired,inter) +S:done C:fatal(45)" } },
      1,
      "server-cert-expired proven",
      { NULL },
      "for comparison" },
    /* what failed after all is no example */
    { { { CLIENT_1, SERVER_1,
          "C:hello(13) S:hello(13) +S:ee +S:ask(root) +S:fin C:cert(client,inter) +C:fin S:fatal(48)" },
        { CLIENT_2, SERVER_1, "C:hello S:fatal(80)" } },
      1,
      "internal-error likely",
      { NULL },
      "for comparison" },
    /* ---- by name, by client ---- */
    { { { CLIENT_1, SERVER_2, GOOD }, { CLIENT_2, SERVER_1, "C:hello S:fatal(80)" } },
      1,
      "internal-error likely",
      { "for the same name, with 192.0.2.3:443, completed" },
      NULL },
    { { { CLIENT_1, SERVER_2, GOOD }, { CLIENT_1, SERVER_1, "C:hello(sni=other.example) S:fatal(80)" } },
      1,
      "internal-error likely",
      { "a handshake of the same client with 192.0.2.3:443 completed" },
      "the server certificate" },
    { { { CLIENT_1, SERVER_2, GOOD }, { CLIENT_2, SERVER_1, "C:hello(sni=other.example) S:fatal(80)" } },
      1,
      "internal-error likely",
      { NULL },
      "for comparison" },
    /* ---- the dance ---- */
    { { { CLIENT_1, SERVER_1, "C:hello S:fatal(80)" },
        { CLIENT_1, SERVER_1, OLD_HELLO "S:fatal(80)" },
        { CLIENT_1, SERVER_1, "C:hello(v=0301;s=c009,5600) S:fatal(86)" } },
      2,
      "fallback-refused proven",
      { "had tried before with TLS 1.1 at most",
        "had tried before with TLS 1.2 at most: internal error of the sender" },
      "tried again" },
    { { { CLIENT_1, SERVER_1, "C:hello S:RST" },
        { CLIENT_1, SERVER_1,
          OLD_HELLO "S:hello(v=0302;s=c009) +S:cert(leaf,inter) +S:done C:cke +C:ccs +C:enc S:ccs +S:enc" } },
      0,
      "reset-after-client-hello likely",
      { "tried again with TLS 1.1 at most: it completed" },
      NULL },
    /* none: another client, a higher version, too late, another name */
    { { { CLIENT_1, SERVER_1, "C:hello S:RST" }, { CLIENT_2, SERVER_1, OLD_HELLO "S:RST" } },
      0,
      "reset-after-client-hello likely",
      { NULL },
      "tried again" },
    { { { CLIENT_1, SERVER_1, OLD_HELLO "S:RST" }, { CLIENT_1, SERVER_1, "C:hello S:RST" } },
      0,
      "reset-after-client-hello likely",
      { NULL },
      "tried again" },
    { { { CLIENT_1, SERVER_1, "C:hello S:RST" }, { CLIENT_1, SERVER_1, "wait(40) " OLD_HELLO "S:RST" } },
      0,
      "reset-after-client-hello likely",
      { NULL },
      "tried again" },
    { { { CLIENT_1, SERVER_1, "C:hello S:RST" },
        { CLIENT_1, SERVER_1, "C:hello(v=0302;s=c009;sni=other.example) S:RST" } },
      0,
      "reset-after-client-hello likely",
      { NULL },
      "tried again" },
    /* ---- what the server agreed on before sharpens a refusal ---- */
    { { { CLIENT_1, SERVER_1, GOOD }, { CLIENT_2, SERVER_1, "C:hello(s=c02f,009c) S:fatal(40)" } },
      1,
      "cipher-no-overlap likely",
      { "of these, this hello lacks only TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" },
      NULL },
    { { { CLIENT_1, SERVER_1, GOOD13 }, { CLIENT_2, SERVER_1, "C:hello(13;g=0017,0018;ks=17) S:fatal(40)" } },
      1,
      "group-no-overlap likely",
      { "lacks only x25519" },
      NULL },
    { { { CLIENT_1, SERVER_1, "C:hello S:hello +S:cert(leaf,inter) +S:ske +S:done C:cke +C:ccs +C:enc S:ccs +S:enc" },
        { CLIENT_2, SERVER_1, "C:hello(a=0804,0401) S:fatal(40)" } },
      1,
      "sigalg-no-overlap likely",
      { "lacks only ecdsa_secp256r1_sha256" },
      NULL },
    { { { CLIENT_1, SERVER_1, "C:hello S:hello +S:cert(leaf,inter) +S:ske +S:done C:cke +C:ccs +C:enc S:ccs +S:enc" },
        { CLIENT_2, SERVER_1, "C:hello(noems) S:fatal(40)" } },
      1,
      "ems-required likely",
      { "lacks only extended_master_secret" },
      NULL },
    { { { CLIENT_1, SERVER_1, GOOD }, { CLIENT_2, SERVER_1, "C:hello(nori) S:fatal(40)" } },
      1,
      "renegotiation-insecure likely",
      { "lacks only renegotiation_info" },
      NULL },
    { { { CLIENT_1, SERVER_1, GOOD }, { CLIENT_2, SERVER_1, "C:hello S:fatal(40)" } },
      1,
      "handshake-refused possible",
      { "this hello offers all of these as well" },
      NULL },
    /* likewise what it agrees on only later, once the capture is over */
    { { { CLIENT_2, SERVER_1, "C:hello(s=c02f,009c) S:fatal(40) S:FIN C:FIN" }, { CLIENT_1, SERVER_1, GOOD } },
      0,
      "cipher-no-overlap likely",
      { "of these, this hello lacks only TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" },
      NULL },
    { { { CLIENT_2, SERVER_1, "C:hello(13;g=0017,0018;ks=17) S:fatal(40) S:RST" }, { CLIENT_1, SERVER_1, GOOD13 } },
      0,
      "group-no-overlap likely",
      { "lacks only x25519" },
      NULL },
    { { { CLIENT_2, SERVER_1, "C:hello(noems) S:fatal(40)" },
        { CLIENT_1, SERVER_1,
          "C:hello S:hello +S:cert(leaf,inter) +S:ske +S:done C:cke +C:ccs +C:enc S:ccs +S:enc" } },
      0,
      "ems-required likely",
      { "lacks only extended_master_secret" },
      NULL },
    { { { CLIENT_2, SERVER_1, "C:hello S:fatal(40)" }, { CLIENT_1, SERVER_1, GOOD } },
      0,
      "handshake-refused possible",
      { "this hello offers all of these as well" },
      NULL },
    { { { CLIENT_2, SERVER_1, "C:hello(s=c02f,009c) S:fatal(40)" },
        { CLIENT_1, SERVER_1, "C:hello S:hello +S:cert(expired,inter) +S:done C:fatal(45)" } },
      0,
      "cipher-no-overlap likely",
      { "the server's certificate in this frame has a key of type ECDSA" },
      NULL },
    { { { CLIENT_2, SERVER_1, HIDDEN("hidden(expired,inter)") },
        { CLIENT_1, SERVER_1, "C:hello S:hello +S:cert(expired,inter) +S:done C:fatal(45)" } },
      0,
      "server-cert-expired likely",
      { "judging by its size, the encrypted certificate is the one in this frame: CN=expired" },
      NULL },
    /* of two agreements, the later one leaves nothing to lack */
    { { { CLIENT_1, SERVER_1, GOOD },
        { CLIENT_2, SERVER_1, "C:hello(s=c02f) S:fatal(40)" },
        { CLIENT_1, SERVER_1, "C:hello S:hello(s=c02f) +S:cert(rsa) +S:done C:cke +C:ccs +C:enc S:ccs +S:enc" } },
      1,
      "handshake-refused possible",
      { "this hello offers all of these as well" },
      "lacks only" },
    /* what is proven stays, and what another attempt of the same connection has overtaken */
    { { { CLIENT_2, SERVER_1, "C:hello(v=0302;s=c02f) S:fatal(70)" }, { CLIENT_1, SERVER_1, GOOD } },
      0,
      "version-no-overlap proven",
      { NULL },
      "lacks only" },
    { { { CLIENT_2, SERVER_1, "C:hello(s=c02f,009c) S:fatal(40) C:hello(s=c02f,009d) S:fatal(40)" },
        { CLIENT_1, SERVER_1, GOOD } },
      0,
      "cipher-no-overlap possible",
      { NULL },
      "lacks only" },
    /* a hello without a body, judged again */
    { { { CLIENT_2, SERVER_1, "C:raw(01000000) S:fatal(40)" }, { CLIENT_1, SERVER_1, GOOD } },
      0,
      "message-malformed likely",
      { NULL },
      "lacks only" },
    /* two things are missing, or another site: nothing follows */
    { { { CLIENT_1, SERVER_1, GOOD }, { CLIENT_2, SERVER_1, "C:hello(s=c02c;noems) S:fatal(40)" } },
      1,
      "cipher-no-overlap possible",
      { NULL },
      "lacks only" },
    { { { CLIENT_1, SERVER_1, GOOD }, { CLIENT_2, SERVER_1, "C:hello(s=c02f;sni=other.example) S:fatal(40)" } },
      1,
      "cipher-no-overlap possible",
      { NULL },
      "lacks only" },
};

static void stories_are_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(stories); i++)
        check_story(&stories[i]);
}

/* Nothing is compared, and nothing breaks, where addresses are unknown. */
/* A hello of more than one segment, where another one of the same server had a shorter one. */
static void lengths_of_hellos(void **state)
{
    char *name = g_strnfill(1400, 'a');
    char *rejected = g_strdup_printf("C:hello(sni=%s) S:RST", name);
    char *refused = g_strdup_printf("C:hello(sni=%s) S:fatal(80)", name);
    const connection_row rows[] = { { CLIENT_1, SERVER_1, GOOD },
                                    { CLIENT_2, SERVER_1, rejected },
                                    { CLIENT_2, SERVER_1, refused },
                                    { CLIENT_2, SERVER_1, "C:hello(alpn=h2) S:RST" } };
    const char *text = "difference in the length of the ClientHello: there ";
    capture c = capture_of(rows, G_N_ELEMENTS(rows));
    (void)state;
    tw__contrast_settle(c.contrast, replace_in_place);
    assert_true(says(verdict_of(&c, 1), text));
    assert_false(says(verdict_of(&c, 2), text)); /* the alert shows that it came through */
    assert_false(says(verdict_of(&c, 3), text));
    close_capture(&c);
    g_free(name);
    g_free(rejected);
    g_free(refused);
}

static void without_addresses(void **state)
{
    const connection_row rows[] = { { "", SERVER_1, GOOD }, { "", SERVER_1, "C:hello S:fatal(80)" } };
    capture c = capture_of(rows, G_N_ELEMENTS(rows));
    (void)state;
    tw__contrast_settle(c.contrast, replace_in_place);
    assert_int_equal(tw_verdict_count(verdict_of(&c, 1), TW_EVIDENCE_OTHER), 0);
    close_capture(&c);
}

static void settling_twice_changes_nothing(void **state)
{
    const connection_row rows[] = { { CLIENT_2, SERVER_1, "C:hello(s=c02b) S:fatal(80)" },
                                    { CLIENT_1, SERVER_1, GOOD } };
    capture c = capture_of(rows, G_N_ELEMENTS(rows));
    char *once, *twice;
    (void)state;
    assert_int_equal(tw_verdict_count(verdict_of(&c, 0), TW_EVIDENCE_OTHER), 0);
    tw__contrast_settle(c.contrast, replace_in_place);
    once = all_evidence(verdict_of(&c, 0));
    tw__contrast_settle(c.contrast, replace_in_place);
    twice = all_evidence(verdict_of(&c, 0));
    assert_true(tw_verdict_count(verdict_of(&c, 0), TW_EVIDENCE_OTHER) > 0);
    assert_string_equal(once, twice);
    g_free(once);
    g_free(twice);
    close_capture(&c);
}

static unsigned n_of_server(const tw__contrast *contrast, const tw_conn *conn)
{
    unsigned n = 0;
    for (const tw__remembered *o = tw__contrast_of_server(contrast, conn); o; o = o->next[TW_SAME_SERVER])
        n++;
    return n;
}

/* Far more handshakes than are kept; the bounds hold and what was kept is still compared. */
static void many_handshakes(void **state)
{
    tw__contrast *contrast = tw__contrast_new();
    play *last = NULL;
    (void)state;
    for (unsigned i = 0; i < TW_CONTRAST_REMEMBERED + 100; i++) {
        if (last)
            play_free(last);
        last = play_new("");
        tw__contrast_join(contrast, &last->context);
        last->frame = i * 10;
        set_end(last->conn, 0, g_strdup_printf("10.%u.%u.1:5000", i / 250, i % 250));
        play_on(last, "C:hello S:hello +S:done C:cke +C:ccs +C:enc S:ccs +S:enc ");
    }
    assert_int_equal(n_of_server(contrast, last->conn), TW_CONTRAST_EACH);
    tw__contrast_settle(contrast, replace_in_place);
    play_free(last);
    tw__contrast_free(contrast);
    tw__contrast_free(NULL);
    tw__contrast_settle(NULL, replace_in_place);
}

/* A connection of CLIENT with SERVER, at number I of the capture, completes. */
static play *play_completed(tw__contrast *contrast, const char *client, const char *server, unsigned i)
{
    play *p = play_new("");
    tw__contrast_join(contrast, &p->context);
    p->frame = i * 10;
    set_end(p->conn, 0, g_strdup(client));
    set_end(p->conn, 1, g_strdup(server));
    play_on(p, "C:hello S:hello +S:done C:cke +C:ccs +C:enc S:ccs +S:enc ");
    return p;
}

/* Of handshakes that only their clients' are compared with the last ones stay, and those of a client still follow each
 * other. */
static void clients_are_remembered_lately(void **state)
{
    tw__contrast *contrast = tw__contrast_new();
    unsigned n = 0;
    (void)state;
    for (unsigned i = 0; i < TW_CONTRAST_EACH + 3 * TW_CONTRAST_CLIENTS; i++) {
        /* each client comes again 1,500 connections later, to the other server */
        char *client = g_strdup_printf("10.%u.%u.1:%u", i % 1500 / 250, i % 250, 1024 + i % 50000);
        play *p = play_completed(contrast, client, i / 1500 % 2 ? "192.0.2.2:443" : "192.0.2.3:443", i);
        play_free(p);
        g_free(client);
    }
    for (unsigned i = 0; i < tw__contrast_remembered(contrast)->len; i++) {
        const tw__remembered *o = g_ptr_array_index(tw__contrast_remembered(contrast), i);
        assert_true(!i || o->hello_frame > n);
        n = o->hello_frame;
    }
    assert_int_equal(tw__contrast_remembered(contrast)->len, 2 * TW_CONTRAST_EACH + TW_CONTRAST_CLIENTS);
    tw__contrast_free(contrast);
}

/* A client that does the same again and again is one example, and leaves room for others. */
static void repetitions_leave_room(void **state)
{
    tw__contrast *contrast = tw__contrast_new();
    (void)state;
    for (unsigned i = 0; i < TW_CONTRAST_REMEMBERED + 100; i++) {
        play *p = play_new("");
        tw__contrast_join(contrast, &p->context);
        p->frame = i * 10;
        set_end(p->conn, 0, g_strdup_printf("10.0.0.%u:%u", i < TW_CONTRAST_REMEMBERED ? 1 : 2, 1024 + i));
        play_on(p, "C:hello S:hello +S:done C:cke +C:ccs +C:enc S:ccs +S:enc ");
        if (i + 1 == TW_CONTRAST_REMEMBERED + 100)
            assert_int_equal(n_of_server(contrast, p->conn), 2);
        play_free(p);
    }
    tw__contrast_free(contrast);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stories_are_told),
        cmocka_unit_test(lengths_of_hellos),
        cmocka_unit_test(without_addresses),
        cmocka_unit_test(settling_twice_changes_nothing),
        cmocka_unit_test(many_handshakes),
        cmocka_unit_test(repetitions_leave_room),
        cmocka_unit_test(clients_are_remembered_lately),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
