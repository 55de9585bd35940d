/* Segments of TCP, played into a capture: what a stream begins with, TLS that no tree shows, words in the clear, ends; and
 * how recorders hand segments over.
 *
 * A play is a line of words: "open" (SYN, SYN-ACK, ACK), SYN of either side, and what the payload of a segment is: a message
 * as in build.h, in a record; alert(N), fatal; text(...), where _ is a space and ~ ends a line; hex(...); FIN, RST. Before
 * a word: "-" the recorder lost it; "*" it comes twice; "<" it comes after the next one of its side, "@" of the other side;
 * "!" its sender has not seen the last one of the other side; "|" it is in two segments; "+" the next word is in the same segment. "port(N)": the server's, in front.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "rows.h"

typedef struct {
    tw_segment header;
    GByteArray *payload;
    int dir;
} sent;

typedef struct {
    tw_capture *capture;
    tw_conn *conn;
    play *builder;
    uint32_t frame, seq[2];
    uint16_t port;
    sent held;         /* payload NULL: none */
    int awaited;       /* HELD comes after the next one of this direction */
    uint32_t last[2];  /* sequence numbers of the last segments */
    GByteArray *begun; /* what "+" goes on with, or NULL */
    GPtrArray *verdicts;
    bool idles;        /* what is idle is told as such */
    unsigned n_idled;  /* that was */
    unsigned n_unread; /* payloads that were, in a stream without TLS */
    bool plain;        /* what its bytes tell is told by them, and Wireshark takes records for TLS */
    unsigned n_plain[TW_PLAIN_WORDS + 1]; /* payloads, by what they were */
    unsigned n_begun;
} scene;

static void on_verdict(void *data, tw_conn *conn, const tw_verdict *v, const tw_verdict *replaced)
{
    scene *s = data;
    (void)conn;
    if (replaced)
        g_ptr_array_remove(s->verdicts, (gpointer)(uintptr_t)replaced);
    g_ptr_array_add(s->verdicts, (gpointer)(uintptr_t)v);
}

static tw_conn *connect(void *data)
{
    scene *s = data;
    const char *endpoints[2] = { "192.0.2.1:50000", "192.0.2.2:4433" };
    if (!s->conn) {
        s->conn = tw_capture_connect(s->capture, endpoints, TW_CARRIER_TCP, 1, PLAY_TIME);
        tw_tell_stream(s->conn, 7);
    }
    return s->conn;
}

/* Whoever reads on gets the whole record, in however many segments it came. */
static void begins(void *data, const uint8_t *bytes, size_t len)
{
    scene *s = data;
    assert_true(tw_begins_with_hello(bytes, len));
    assert_int_equal(len, 5 + (bytes[3] << 8 | bytes[4]));
    s->n_begun++;
}

static void come(scene *s, sent *x)
{
    tw_payload payload = {
        .bytes = x->payload->data, .captured = x->payload->len, .connect = connect, .begin = begins, .data = s
    };
    tw_plain kind = TW_PLAIN_NOT;
    x->header.frame = ++s->frame;
    x->header.time_us = PLAY_TIME + s->frame * 1000;
    tw_tell_time(s->capture, s->frame, x->header.time_us);
    if (s->idles && s->conn && tw_tell_idle(s->conn, x->dir, &x->header, x->payload->data, x->payload->len)) {
        s->n_idled++;
        return;
    }
    if (s->idles && !s->conn &&
        tw_tell_unread(s->capture, 7, x->dir, &x->header, x->payload->data, x->payload->len)) {
        s->n_unread += x->payload->len > 0;
        return;
    }
    if (s->plain && x->payload->len) {
        kind = tw_is_plain(s->capture, 7, s->conn, x->dir, &x->header, x->payload->data, x->payload->len);
        s->n_plain[kind]++;
    }
    tw_tell_segment(s->capture, 7, s->conn, x->dir, &x->header);
    if (kind == TW_PLAIN_RECORDS) {
        connect(s);
        tw_tell_records(s->conn, x->dir, &x->header, x->payload->data, NULL, 0);
        payload.shown = true;
    }
    tw_tell_payload(s->capture, 7, s->conn, x->dir, &x->header, &payload);
}

static void let_go(scene *s)
{
    sent held = s->held;
    s->held.payload = NULL;
    if (!held.payload)
        return;
    come(s, &held);
    g_byte_array_unref(held.payload);
}

/* A segment of DIR with LEN BYTES, as MARK says. */
static void send(scene *s, int dir, uint8_t flags, const uint8_t *bytes, uint32_t len, char mark)
{
    sent x = { .dir = dir, .payload = g_byte_array_new() };
    bool held = s->held.payload && s->awaited == dir;
    g_byte_array_append(x.payload, bytes, len);
    x.header = (tw_segment){ .flags = flags,
                             .seq = s->seq[dir],
                             .ack = mark == '!' ? s->last[1 - dir] : s->seq[1 - dir],
                             .len = len,
                             .window = 1000,
                             .hops = 60 };
    s->last[dir] = s->seq[dir];
    x.header.srcport = dir ? s->port : 50000;
    x.header.dstport = dir ? 50000 : s->port;
    s->seq[dir] += len + ((flags & (TW_TCP_SYN | TW_TCP_FIN)) != 0);
    if (mark == '<' || mark == '@') {
        s->held = x;
        s->awaited = mark == '@' ? 1 - dir : dir;
        return;
    }
    if (mark != '-')
        come(s, &x);
    if (mark == '*')
        come(s, &x);
    g_byte_array_unref(x.payload);
    if (held)
        let_go(s);
}

static void put_record(GByteArray *b, uint8_t type, const GByteArray *content)
{
    put(b, 1, type);
    put(b, 2, 0x0303);
    put(b, 2, content->len);
    g_byte_array_append(b, content->data, content->len);
}

static void put_spoken(GByteArray *b, const char *text)
{
    char *words = g_strdelimit(g_strdup(text), "_", ' '), **lines = g_strsplit(words, "~", -1);
    char *joined = g_strjoinv("\r\n", lines);
    put_text(b, joined);
    g_free(joined);
    g_strfreev(lines);
    g_free(words);
}

static void put_payload(scene *s, GByteArray *b, char side, const char *name, const char *argument)
{
    char **options = g_strsplit(argument ? argument : "", ";", -1);
    GByteArray *content;
    if (!strcmp(name, "text")) {
        put_spoken(b, argument);
    } else if (!strcmp(name, "hex")) {
        put_hex(b, argument);
    } else if (!strcmp(name, "alert")) {
        put_hex(b, "1503030002"
                   "02");
        put(b, 1, (uint32_t)atoi(argument));
    } else {
        content = message_of(s->builder, side, name, options);
        put_record(b, TW_CT_HANDSHAKE, content);
        g_byte_array_unref(content);
    }
    g_strfreev(options);
}

static uint8_t flags_of(const char *name, int dir)
{
    if (!strcmp(name, "SYN"))
        return dir ? TW_TCP_SYN | TW_TCP_ACK : TW_TCP_SYN;
    if (!strcmp(name, "FIN"))
        return TW_TCP_FIN | TW_TCP_ACK;
    return !strcmp(name, "RST") ? TW_TCP_RST | TW_TCP_ACK : 0;
}

static void play_payload(scene *s, int dir, GByteArray *b, char mark)
{
    if (mark == '|') {
        send(s, dir, TW_TCP_ACK, b->data, b->len / 2, ' ');
        send(s, dir, TW_TCP_ACK, b->data + b->len / 2, b->len - b->len / 2, ' ');
    } else {
        send(s, dir, TW_TCP_ACK, b->data, b->len, mark);
    }
}

static void play_segment(scene *s, char *word)
{
    char mark = strchr("-*<@!|+", *word) ? *word++ : ' ';
    int dir = *word == 'S';
    char *name = word + 2, *argument = cut_argument(name);
    uint8_t flags = flags_of(name, dir);
    if (flags) {
        send(s, dir, flags, s->begun ? s->begun->data : NULL, s->begun ? s->begun->len : 0, mark);
        g_clear_pointer(&s->begun, g_byte_array_unref);
        return;
    }
    if (!s->begun)
        s->begun = g_byte_array_new();
    put_payload(s, s->begun, *word, name, argument);
    if (mark == '+')
        return;
    play_payload(s, dir, s->begun, mark);
    g_clear_pointer(&s->begun, g_byte_array_unref);
}

static void play_all(scene *s, const char *script)
{
    char **words = g_strsplit(script, " ", -1);
    for (char **word = words; *word; word++) {
        if (g_str_has_prefix(*word, "port(")) {
            s->port = (uint16_t)atoi(*word + 5);
        } else if (!strcmp(*word, "open")) {
            send(s, 0, TW_TCP_SYN, NULL, 0, ' ');
            send(s, 1, TW_TCP_SYN | TW_TCP_ACK, NULL, 0, ' ');
            send(s, 0, TW_TCP_ACK, NULL, 0, ' ');
        } else {
            play_segment(s, *word);
        }
    }
    g_strfreev(words);
}

static char *given(const scene *s)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < s->verdicts->len; i++)
        append_verdict(text, g_ptr_array_index(s->verdicts, i));
    return g_string_free(text, FALSE);
}

static void begin(scene *s)
{
    tw_settings settings = { .anonymize = false };
    *s =
        (scene){ .verdicts = g_ptr_array_new(), .builder = play_new(""), .port = 4433, .seq = { 0xffffff00u, 5000 } };
    s->capture = tw_capture_new(&settings, on_verdict, s, NULL);
}

static void end(scene *s)
{
    tw_capture_free(s->capture);
    g_ptr_array_unref(s->verdicts);
    play_free(s->builder);
}

/* Returns how many segments were idle. */
static unsigned check_either_way(const row *r, bool idles, bool plain)
{
    scene s;
    char *text;
    begin(&s);
    s.idles = idles;
    s.plain = plain;
    play_all(&s, r->script);
    let_go(&s);
    tw_tell_time(s.capture, s.frame + 1, PLAY_TIME + 60 * G_USEC_PER_SEC);
    tw_capture_end(s.capture);
    text = given(&s);
    if (strcmp(text, r->verdicts) != 0)
        fail_msg("%s\n    gives    %s\n    and not  %s", r->script, text, r->verdicts);
    g_free(text);
    end(&s);
    return s.n_idled;
}

static void check(const row *r)
{
    check_either_way(r, false, false);
    check_either_way(r, true, false);
    check_either_way(r, true, true);
}

#define ENCRYPTED       "hex(1603030010aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)"
#define ENCRYPTED_ALERT "hex(1503030010aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)"
#define SESSION \
    "open C:hello S:hello S:cert(leaf) S:done C:hex(140303000101) C:" ENCRYPTED " S:hex(140303000101) S:" ENCRYPTED \
    " "

static void streams(void **state)
{
    static const row rows[] = {
        /* TLS that no tree shows, whoever opens and speaks first */
        { "open C:hello S:alert(40)", "handshake-refused possible server client-hello 5<4" },
        { "open |C:hello S:alert(40)", "handshake-refused possible server client-hello 6<5" },
        { "C:hello S:alert(40)", "handshake-refused possible server client-hello 2<1" },
        { "open S:text(INFO_{}~) C:hello S:alert(40)", "handshake-refused possible server client-hello 6<5" },
        { "open C:text(STARTTLS~) S:text(220_go~) C:hello S:alert(40)",
          "handshake-refused possible server client-hello 7<6" },
        { "open S:text(220_mail_ESMTP~) C:text(STARTTLS~) S:text(454_no~)",
          "starttls-refused proven server before-hello 6<0" },
        { "open S:text(220_mail_ESMTP~) C:text(STARTTLS~) -S:text(220_go~) -C:hello S:text(421_lost_connection~)",
          "" },
        { "open C:text(AUTH_SSL~) S:text(234_go~) C:hello S:alert(40)",
          "handshake-refused possible server client-hello 7<6" },
        { "open C:hex(030000130ee000000000000100080003000000) S:hex(030000130ed000000000000200080002000000) C:hello S:alert(40)",
          "handshake-refused possible server client-hello 7<6" },
        /* TCP Fast Open: taken, not taken, never opened */
        { "+C:hello C:SYN S:SYN C:hex() S:alert(40) C:hex() C:FIN",
          "handshake-refused possible server client-hello 4<1" },
        { "+C:hello C:SYN S:SYN C:FIN S:alert(40)", "(warning server client-hello 4)" },
        { "+C:hello C:SYN S:SYN S:hello S:cert(expired,inter) C:alert(45)",
          "server-cert-expired proven client server-flight 5<4" },
        { "+C:hello C:SYN S:SYN C:hex()", "no-answer-to-client-hello likely server client-hello 1<1" },
        { "+C:hello C:SYN S:RST", "" },
        { "+C:hello C:SYN C:SYN", "" },
        /* recorders */
        { "open <C:hello(openssl) C:text(x)", "(warning client server-flight 5)" },
        { "open *C:hello *S:alert(40)", "handshake-refused possible server client-hello 6<4" },
        { "open -C:hello S:alert(40)", "" },
        { "open -C:text(x) C:hello S:alert(40)", "" },
        { "open C:hello -S:hello S:cert(leaf) C:FIN", "(warning client server-flight 6)" },
        { "open C:hello <S:hello S:cert(leaf) C:alert(45)", "server-cert-expired possible client server-flight 7<6" },
        /* words in the place of TLS */
        { "open C:hello S:text(220_mail_ESMTP~)", "not-tls-from-server proven client server-flight 5<0" },
        { "open S:text(220_mail_ESMTP~) C:hello S:text(500_what~) S:FIN",
          "not-tls-from-server proven client server-flight 6<0" },
        /* without a SYN: what follows the hello, and what stands behind bytes that the capture lacks */
        { "C:hello S:text(220_mail_ESMTP~) C:FIN", "not-tls-from-server likely client server-flight 2<0" },
        { "C:hello -S:text(220_mail_ESMTP~) S:text(500_what~) C:FIN", "(warning client server-flight 3)" },
        /* a greeting that TLS does not follow, in any order; and one that it may follow */
        { "open S:text(SSH-2.0-a~) C:hello S:FIN", "not-tls-from-server proven server client-hello 6<5" },
        { "open S:text(SSH-2.0-a~) |C:hello S:RST", "not-tls-from-server proven server client-hello 7<6" },
        { "open S:text(220_mail_ESMTP~) C:hello S:hex()", "not-tls-from-server proven server client-hello 5<5" },
        { "open S:text(220_mail_ESMTP~) C:hello C:FIN", "not-tls-from-server proven client server-flight 6<0" },
        { "open C:hello !S:text(220_mail_ESMTP~)", "not-tls-from-server proven client server-flight 5<0" },
        { "open C:hello !S:text(HTTP/1.1_400_Bad~)", "(warning client server-flight 4)" },
        { "open C:text(EHLO_a~) C:hello !S:text(220_mail_ESMTP~)", "(warning client server-flight 5)" },
        { "open -C:text(EHLO_a~) C:hello !S:text(220_mail_ESMTP~)", "" },
        { "open S:text(INFO_{}~) C:hello S:FIN", "closed-after-client-hello likely server client-hello 6<5" },
        { "open S:text(INFO_{}~) C:hello C:FIN", "(warning client server-flight 6)" },
        { "open S:text(INFO_{}~) C:hello S:hex()", "no-answer-to-client-hello likely server client-hello 5<5" },
        { "open S:text(220_mail_ESMTP~) C:text(STARTTLS~) S:text(220_go~) C:hello S:FIN",
          "closed-after-client-hello likely server client-hello 8<7" },
        { "port(443) open C:text(GET_/_HTTP/1.1~~) S:alert(10)",
          "not-tls-from-client proven server client-hello 5<0" },
        { "port(443) open C:text(GET_/_HTTP/1.1~~) S:FIN", "not-tls-from-client likely server client-hello 5<0" },
        { "open C:text(GET_/_HTTP/1.1~~) S:FIN", "" },
        { "port(443) open C:text(PROXY_TCP4_192.0.2.1_192.0.2.2_1_2~) C:hello S:FIN",
          "not-tls-from-client possible server client-hello 6<5" },
        /* a tunnel or an upgrade that was refused */
        { "open C:text(CONNECT_a.example:443_HTTP/1.1~~) S:text(HTTP/1.1_407_Proxy_Authentication_Required~~) C:hello C:RST",
          "not-tls-from-server likely client server-flight 7<0" },
        { "open C:text(CONNECT_a.example:443_HTTP/1.1~~) S:text(HTTP/1.1_407_Proxy_Authentication_Required~~) "
          "C:text(CONNECT_a.example:443_HTTP/1.1~~) S:text(HTTP/1.1_200_OK~~) C:hello S:alert(40)",
          "handshake-refused possible server client-hello 9<8" },
        { "open C:hex(050100) S:hex(0500) C:hex(05010001c0000202) S:hex(05020001000000000000) C:hello C:FIN",
          "not-tls-from-server likely client server-flight 9<0" },
        { "open C:hex(050100) S:hex(0500) C:hex(05010001c0000202) S:hex(05000001000000000000) C:hello C:FIN",
          "(warning client server-flight 9)" },
        { "open C:text(CONNECT_a.example:443_HTTP/1.1~~) S:text(HTTP/1.1_403_Forbidden~~) C:hello C:RST",
          "starttls-refused proven server before-hello 5<0" },
        /* a header of the PROXY protocol in the hello's segment */
        { "open +C:text(PROXY_TCP4_192.0.2.1_192.0.2.2_1_2~) C:hello S:FIN",
          "not-tls-from-client possible server client-hello 5<4" },
        { "open +C:hex(0d0a0d0a000d0a515549540a2111000cc0000201c000020200010002) C:hello S:alert(10)",
          "not-tls-from-client likely server client-hello 5<4" },
        { "open +C:text(PROXY_TCP4_192.0.2.1_192.0.2.2_1_2~) C:hello S:hello S:cert(expired,inter) C:alert(45)",
          "server-cert-expired proven client server-flight 7<6" },
        /* records that are none of the usual versions, and one that is too long */
        { "open C:hello S:hex(15000000020246) S:FIN", "version-no-overlap proven server client-hello 5<4" },
        { "open C:hello S:hex(15fefd00020246) S:FIN", "version-no-overlap proven server client-hello 5<4" },
        { "open C:hello S:hex(15030400020246) S:FIN", "version-no-overlap proven server client-hello 5<4" },
        { "open C:hello S:hex(16030348014242424242) S:text(BBBB) C:FIN", "(warning client server-flight 7)" },
        /* answers to a request without TLS */
        { "port(8443) open C:text(GET_/_HTTP/1.1~~) S:text(HTTP/1.1_400~~This_combination_of_host_and_port_requires_TLS.) S:FIN",
          "not-tls-from-client proven server client-hello 5<0" },
        { "open C:text(GET_/_HTTP/1.1~~) S:hex(15030300020100) S:FIN",
          "not-tls-from-client proven server client-hello 5<0" },
        { "open C:hex(15030300020100) S:FIN", "" },
        /* ends */
        { "open S:text(INFO_{}~) S:FIN C:hello S:RST", "reset-after-client-hello likely server client-hello 7<6" },
        { "open C:hello S:FIN", "closed-after-client-hello likely server client-hello 5<4" },
        { "open C:hello S:RST", "reset-after-client-hello likely server client-hello 5<4" },
        { "open C:hello -S:hello S:FIN", "(warning server client-hello 5)" },
        { "C:SYN", "" },
        /* what is recorded before what it answers */
        { "open C:hello @S:hello C:FIN", "(warning client server-flight 5)" },
        { "open @C:hello S:alert(40)", "(warning client server-flight 5)" },
        { "open C:hello @S:hello C:alert(40) S:FIN", "handshake-refused possible client server-flight 5<0" },
        /* a client that leaves before it has the answer */
        { "open C:hello !C:FIN", "(warning client server-flight 5)" },
        { "open <C:hello C:FIN S:hello C:RST", "(warning client server-flight 7)" },
        { "open C:hello S:alert(40) !C:FIN", "(warning server client-hello 5)" },
        { "open C:hello S:hello !C:FIN", "(warning client server-flight 6)" },
        { "open S:text(220_mail_ESMTP~) C:hello !C:FIN", "not-tls-from-server proven client server-flight 6<0" },
        { "open C:hello S:alert(40) C:FIN", "handshake-refused possible server client-hello 5<4" },
        /* who goes on has not ended */
        { "open C:hello S:RST S:hello", "(warning server client-hello 5)" },
        /* a wish to renegotiate, and an end of the session that answers it, or crosses it */
        { SESSION "C:" ENCRYPTED " S:" ENCRYPTED_ALERT " S:FIN",
          "renegotiation-refused likely server renegotiation 13<0" },
        { SESSION "C:" ENCRYPTED " !S:" ENCRYPTED_ALERT " S:FIN", "" },
        /* an answer in the format of SSL 2.0 */
        { "open C:hello S:hex(801104000100020000000000000102030405) S:FIN", "(warning server client-hello 6)" },
        /* an answer that is missing */
        { "port(443) open C:text(GET_/_HTTP/1.1~~) -S:text(HTTP/1.1_200_ok~~) S:FIN", "" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        check(&rows[i]);
}

/* What looks like TLS and is not followed is counted, until it turns out to begin with a ClientHello. */
static void counts_what_is_not_followed(void **state)
{
    static const struct {
        const char *script;
        unsigned n;
    } rows[] = { { "open C:hex(16030300a0010000) S:hex(17030300a0)", 1 },
                 { "open |C:hello", 0 },
                 { "open C:text(GET_/~)", 0 },
                 { "open C:hex(1603ff0010)", 0 } };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        scene s;
        begin(&s);
        play_all(&s, rows[i].script);
        if (tw_capture_unfollowed(s.capture) != rows[i].n)
            fail_msg("%s: %u streams are not followed", rows[i].script, tw_capture_unfollowed(s.capture));
        end(&s);
    }
}

#define DATA "hex(1703030010aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)"

static void data_that_nobody_reads_is_idle(void **state)
{
    static const row rows[] = {
        { SESSION "C:" DATA " S:" DATA " S:" DATA " +S:" DATA " S:" DATA " C:" DATA, "" },
        { SESSION "C:" DATA " S:" DATA " |S:" DATA " C:" DATA, "" },
    };
    (void)state;
    assert_int_equal(check_either_way(&rows[0], true, false), 3);
    assert_int_equal(check_either_way(&rows[1], true, false), 3);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        check(&rows[i]);
}

/* How many payloads of SCRIPT, in which there is no TLS, need nobody to read them. */
static unsigned unread_in(const char *script)
{
    scene s;
    unsigned n;
    begin(&s);
    s.idles = true;
    play_all(&s, script);
    n = s.n_unread;
    tw_capture_end(s.capture);
    end(&s);
    return n;
}

static void who_goes_on_without_tls_is_not_read(void **state)
{
    static const struct {
        const char *script;
        unsigned n;
    } rows[] = {
        { "open S:text(greeting) S:text(more) S:text(more)", 2 },
        { "open C:text(question) S:text(answer) C:text(question) S:text(answer) S:text(more)", 3 },
        { "open C:text(question) S:text(answer) C:hex(1603010005) S:text(answer)", 1 }, /* a record's header */
        { "open C:text(question) S:text(answer) C:hex(20202016030120) S:text(answer)",
          1 }, /* the same within the bytes */
        { "open C:text(question) S:text(answer) C:hex(202020202016) S:text(answer)", 1 }, /* its first byte */
        { "open C:text(question) S:text(answer) C:hex(8025010301002000)", 0 },            /* SSLv2 */
        { "open C:text(question) S:text(answer) C:hex(15000000020228)", 0 },              /* an alert of no version */
        { "open C:text(question) S:text(answer) C:hex(1603090005)", 0 }, /* a record of one that is none */
        { "open S:text(220_mail_ESMTP~) C:text(EHLO_me~) S:text(250_STARTTLS~) C:text(STARTTLS~) S:text(220_go~)",
          0 },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (unread_in(rows[i].script) != rows[i].n)
            fail_msg("%s: %u", rows[i].script, unread_in(rows[i].script));
}

static void what_bytes_tell_is_plain(void **state)
{
    static const struct {
        const char *script;
        unsigned records, words, other;
    } rows[] = {
        { "open C:hello S:hello S:cert(leaf) S:done C:alert(45)", 5, 0, 0 },
        { "open |C:hello +S:hello +S:cert(leaf) S:done", 2, 1, 0 },
        { "open C:hello |S:cert(leaf)", 2, 1, 0 },
        { "open C:text(question) S:text(answer) C:hello", 0, 2, 1 }, /* it may be carried by what comes before it */
        { "open C:hex(2016030100) S:text(answer)", 0, 1, 1 },        /* a header within the bytes */
        { "open C:text(20) C:hex(2016) C:hex(030100) C:text(more)", 0, 2, 2 }, /* and between two segments */
        { "open C:hex(8025010301002000)", 0, 0, 1 },                           /* SSLv2 */
        { "open C:hello -S:hello S:cert(leaf)", 1, 0, 1 },                     /* behind a hole */
        { "open C:hello S:hex(1603030005630000aaaa)", 1, 0, 1 },               /* no message that is known */
        { "open C:hello S:hex(16030300080e0000000b0000ff)", 1, 0, 1 },         /* a part of a message */
        /* a Finished holds nothing else; of what comes behind it nobody knows before one could not be read */
        { SESSION "S:" DATA, 9, 0, 0 },
        { "open C:hello S:hello S:cert(leaf) S:done S:" ENCRYPTED_ALERT, 4, 0, 1 },
        { "open C:hello(13) S:hello(13) S:" DATA " S:" DATA " C:" DATA " C:" DATA, 2, 0, 4 },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        scene s;
        begin(&s);
        s.plain = true;
        play_all(&s, rows[i].script);
        if (s.n_plain[TW_PLAIN_RECORDS] != rows[i].records || s.n_plain[TW_PLAIN_WORDS] != rows[i].words ||
            s.n_plain[TW_PLAIN_NOT] != rows[i].other)
            fail_msg("%s: %u, %u, %u", rows[i].script, s.n_plain[TW_PLAIN_RECORDS], s.n_plain[TW_PLAIN_WORDS],
                     s.n_plain[TW_PLAIN_NOT]);
        tw_capture_end(s.capture);
        end(&s);
    }
}

/* A Finished that has been decrypted all the same is told as one: what comes next is the client's answer to it. */
static void a_decrypted_finished_is_told(void **state)
{
    static const uint8_t record[] = { 0x16, 3, 3, 0, 16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
    static const uint8_t finished[16] = { 20, 0, 0, 12 };
    const tw_payload payload = { .bytes = record, .captured = sizeof record, .shown = true };
    scene s;
    tw_segment header;
    (void)state;
    begin(&s);
    s.plain = true;
    play_all(&s, "open C:hello S:hello S:cert(leaf) S:done C:hex(140303000101)");
    header = (tw_segment){
        .flags = TW_TCP_ACK, .frame = ++s.frame, .seq = s.seq[0], .ack = s.seq[1], .len = sizeof record
    };
    assert_int_equal(tw_is_plain(s.capture, 7, s.conn, 0, &header, record, sizeof record), TW_PLAIN_RECORDS);
    tw_tell_segment(s.capture, 7, s.conn, 0, &header);
    tw_tell_records(s.conn, 0, &header, record, finished, sizeof finished);
    tw_tell_decrypted(s.conn);
    tw_tell_payload(s.capture, 7, s.conn, 0, &header, &payload);
    s.seq[0] += sizeof record;
    play_all(&s, "S:FIN");
    assert_int_equal(s.verdicts->len, 1);
    assert_non_null(strstr(((const tw_verdict *)g_ptr_array_index(s.verdicts, 0))->reason, "Finished"));
    /* and from then on only Wireshark can tell */
    assert_int_equal(tw_is_plain(s.capture, 7, s.conn, 0, &header, record, sizeof record), TW_PLAIN_NOT);
    tw_capture_end(s.capture);
    end(&s);
}

/* A session, of which one record of data was idle so far. */
static void begin_idling(scene *s)
{
    begin(s);
    s->idles = true;
    play_all(s, SESSION "C:" DATA " S:" DATA " S:" DATA);
    assert_int_equal(s->n_idled, 1);
}

/* Whoever reads some of a connection may find more in a record than data. */
static void nothing_is_idle_where_some_can_be_read(void **state)
{
    scene s;
    (void)state;
    begin_idling(&s);
    tw_tell_decrypted(s.conn);
    play_all(&s, "S:" DATA " C:" DATA);
    assert_int_equal(s.n_idled, 1);
    tw_capture_end(s.capture);
    end(&s);
}

/* Where a capture has connections at two points, it matters where each record was seen, and when. */
static void nothing_is_idle_where_points_are_compared(void **state)
{
    const tw_segment answer = { .flags = TW_TCP_SYN | TW_TCP_ACK, .seq = 1, .ack = 2 };
    scene s;
    (void)state;
    begin_idling(&s);
    tw_tell_segment(s.capture, 8, NULL, 1, &answer);
    tw_tell_segment(s.capture, 9, NULL, 1, &answer);
    play_all(&s, "S:" DATA " C:" DATA);
    assert_int_equal(s.n_idled, 1);
    tw_capture_end(s.capture);
    end(&s);
}

static void hands_over_once(void **state)
{
    static const char *const scripts[] = { "open C:hello S:hello", "open |C:hello S:hello",
                                           "open S:text(220_mail_ESMTP~) |C:hello S:hello" };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(scripts); i++) {
        scene s;
        begin(&s);
        play_all(&s, scripts[i]);
        if (s.n_begun != 1)
            fail_msg("%s: handed over %u times", scripts[i], s.n_begun);
        end(&s);
    }
}

/* FreeTDS's pre-login: version, encryption, instance, thread. */
static void knows_tds(void **state)
{
    static const uint8_t message[] = { 0x12, 1, 0, 41, 0,  0, 0, 0,    0, 0, 21, 0, 6, 1, 0, 27, 0, 1, 2, 0, 28,
                                       0,    1, 3, 0,  29, 0, 4, 0xff, 9, 0, 0,  0, 0, 0, 1, 0,  0, 0, 0, 0 };
    (void)state;
    assert_true(tw_asks_for_tds(message, sizeof message));
    for (size_t cut = 0; cut < sizeof message; cut++) {
        uint8_t *exact = g_memdup2(message, cut);
        assert_false(tw_asks_for_tds(exact, cut));
        if (cut > 3) {
            exact[3] = (uint8_t)cut; /* its length is right, but what it points to is not there */
            assert_false(tw_asks_for_tds(exact, cut));
        }
        g_free(exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(streams),
                                        cmocka_unit_test(counts_what_is_not_followed),
                                        cmocka_unit_test(who_goes_on_without_tls_is_not_read),
                                        cmocka_unit_test(data_that_nobody_reads_is_idle),
                                        cmocka_unit_test(what_bytes_tell_is_plain),
                                        cmocka_unit_test(a_decrypted_finished_is_told),
                                        cmocka_unit_test(nothing_is_idle_where_some_can_be_read),
                                        cmocka_unit_test(nothing_is_idle_where_points_are_compared),
                                        cmocka_unit_test(hands_over_once),
                                        cmocka_unit_test(knows_tds) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
