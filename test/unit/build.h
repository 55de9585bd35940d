/* Connections for the tests, played from a small notation into facts and verdicts.
 *
 * A play is a line of words, each a frame of its own; "+" before a word keeps it in the frame of the word before.
 * "C:" or "S:" tells who sends, then comes what, with options in parentheses, separated by ";":
 *
 *   hello      ClientHello (C) or ServerHello (S): 13 (TLS 1.3), v= legacy version, s= suites, sv= versions,
 *              g= groups, ks= key share, a= signature algorithms (all in hexadecimal, separated by ","),
 *              sni=, alpn=, psk= (age: from a ticket), session (of 4 bytes), ticket (of 4 bytes, TLS 1.2), x= one more extension; without: nosni, noems, nori, bare (no extensions);
 *              clock= the first bytes of its random,
 *              openssl (with the marks of its hello), down (downgrade sentinel), cookie
 *   retry      HelloRetryRequest (nogroup: without key_share); verify: HelloVerifyRequest
 *   cert       Certificate: names of files in certs/, as in test_chain.h, separated by ","; none: an empty one
 *   ask        CertificateRequest for issuers named like the subjects of these files: a= signature algorithms,
 *              ac= those of certificates (hexadecimal), type= the certificate type
 *   ske        ServerKeyExchange: g= curve, point= bytes, dh= bits;  cke: ClientKeyExchange: psk= identity
 *   cv         CertificateVerify;  this and ske: by= file in certs/ whose key really signs (P-256); 13: as a server
 *              does in TLS 1.3, else as in TLS 1.2
 *   ee fin done nst request eoed ku    the other messages;  status: CertificateStatus with a file's response
 *   raw        a message of these bytes, in hexadecimal
 *   again      the sender's last message once more
 *   ccs        ChangeCipherSpec;  enc, enca, app: encrypted handshake, alert, data of so many bytes
 *   number     the next record is encrypted, and has this number (DTLS)
 *   hole       what comes next lies behind bytes that the capture lacks (tcp)
 *   hidden     an encrypted record of TLS 1.3 with the Certificate of these files; "2+" in front: two bytes longer
 *   fatal, warn     a readable alert of this number;  alert: level and number
 *   sslv2      a ClientHello in SSLv2's format, in hexadecimal; with ",N" N bytes of it are cut off
 *   preamble   what stands before a hello (PROXY protocol);  declined: the answer to a request for TLS; "_" is a blank
 *   said       application data that can be read: of the client's certificate (missing, rejected), or another word
 *   plain      text that is no TLS;  FIN, RST: of TCP
 *   initial handshake 1rtt retry0   packets of QUIC (an Initial of this version, in hexadecimal); versions: Version Negotiation naming these (hexadecimal)
 *   close      CONNECTION_CLOSE with this error (hexadecimal), and a reason phrase: close(128,words)
 *
 * Every message knows: split=N (in N fragments, DTLS only), cut=N (the capture lacks the last N bytes).
 * Words without a side: starttls (the protocol that asked for TLS: ldap or smtp), port (the server's), tcp (its ends tell), dtls, quic, swap (the client is direction 1), notime, all of them in front; wait: so many seconds
 * pass; end: the capture ends so many seconds later.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_TEST_BUILD_H
#define TLSWHY_TEST_BUILD_H

#include "play_messages.h"

/* ---- the events of a connection ---- */

static inline tw_at play_at(const play *p, int dir)
{
    return (tw_at){ .frame = p->frame,
                    .time_us = p->timeless ? 0 : PLAY_TIME + p->waited_us + p->frame * 1000,
                    .dir = dir };
}

static inline void send_fragments(play *p, tw_at at, const GByteArray *message, unsigned n)
{
    guint body = message->len - 4, offset = 0;

    for (unsigned i = 0; i < n; i++) {
        guint len = i + 1 == n ? body - offset : body / n;
        GByteArray *f = g_byte_array_new();
        g_byte_array_append(f, message->data, 4);
        put(f, 2, p->sequence[at.dir]);
        put(f, 3, offset);
        put(f, 3, len);
        g_byte_array_append(f, message->data + 4 + offset, len);
        tw__conn_fragment(p->conn, at, f->data, f->len);
        g_byte_array_unref(f);
        offset += len;
    }
    p->sequence[at.dir]++;
}

static inline void send_message(play *p, tw_at at, const GByteArray *b, char **o)
{
    tw__conn_record(p->conn, at, TW_CT_HANDSHAKE, b->len, false);
    if (p->conn->datagram)
        send_fragments(p, at, b, number_option(o, "split", 10, 1));
    else
        tw__conn_message(p->conn, at, b->data, b->len - number_option(o, "cut", 10, 0));
}

static inline void keep_verdict(play *p, tw_verdict *v)
{
    if (v)
        g_ptr_array_add(p->verdicts, v);
}

static inline void send_alert(play *p, tw_at at, uint8_t level, uint8_t number)
{
    const tw__alert *added;

    tw__conn_record(p->conn, at, TW_CT_ALERT, 2, false);
    added = tw__conn_alert(p->conn, at, level, number, p->n_alerts++);
    keep_verdict(p, added ? tw__judge_alert(p->conn, added) : NULL);
}

static inline void send_opaque(play *p, tw_at at, uint8_t type, uint32_t length)
{
    guint n = p->verdicts->len;
    tw_verdict *last = n ? g_ptr_array_index(p->verdicts, n - 1) : NULL, *by;
    tw__conn_record(p->conn, at, type, length, true);
    by = last ? tw__judge_unanswered(p->conn, last, at, type, length) : NULL;
    if (by)
        g_ptr_array_remove_index(p->verdicts, n - 1); /* replaced, as capture/tell.c does */
    keep_verdict(p, by);
    keep_verdict(p, tw__judge_opaque(p->conn, at, type, length));
}

static inline void send_end(play *p, tw_at at, bool reset)
{
    if (reset)
        tw__conn_rst(p->conn, at);
    else
        tw__conn_fin(p->conn, at);
    keep_verdict(p, tw__judge_end(p->conn, at, reset));
}

static inline void send_plain(play *p, tw_at at, const char *text)
{
    tw__conn_cleartext(p->conn, at, (const uint8_t *)text, strlen(text));
    keep_verdict(p, tw__judge_cleartext(p->conn, at));
}

/* What a server says in the session about the client's certificate: it is missing, or rejected; or anything else. */
static inline void send_said(play *p, tw_at at, const char *what)
{
    const char *words = !strcmp(what, "missing")    ? "<title>400 No required SSL certificate was sent</title>"
                        : !strcmp(what, "rejected") ? "<title>400 The SSL certificate error</title>"
                                                    : what;
    tw__conn_record(p->conn, at, TW_CT_APPLICATION, (uint32_t)strlen(words) + 17, true);
    keep_verdict(p, tw__judge_said(p->conn, at, (const uint8_t *)words, strlen(words)));
}

/* What stands before a hello, or the answer of a server that declines an upgrade. */
static inline void send_words(play *p, tw_at at, const char *words, bool declined)
{
    char *text = g_strdelimit(g_strdup(words), "_", ' ');
    if (declined)
        tw__conn_cleartext(p->conn, at, (const uint8_t *)text, strlen(text));
    else
        tw__conn_preamble(p->conn, at, (const uint8_t *)text, strlen(text));
    if (declined)
        keep_verdict(p, tw__judge_declined(p->conn, at));
    g_free(text);
}

/* "1,6b3343cf" */
static inline void send_versions(play *p, tw_at at, const char *list)
{
    char **words = g_strsplit(list, ",", -1);
    uint32_t versions[8];
    unsigned n = 0;

    for (; words[n] && n < G_N_ELEMENTS(versions); n++)
        versions[n] = (uint32_t)g_ascii_strtoull(words[n], NULL, 16);
    tw__conn_quic_negotiation(p->conn, at, versions, n);
    g_strfreev(words);
}

/* "128,words" */
static inline void send_close(play *p, tw_at at, const char *argument)
{
    const char *words = strchr(argument, ',') ? strchr(argument, ',') + 1 : "";
    uint64_t error = g_ascii_strtoull(argument, NULL, 16);

    tw__conn_quic_close(p->conn, at, error, (const uint8_t *)words, strlen(words));
    if (error >> 8 == 1)
        send_alert(p, at, 2, (uint8_t)error);
    else
        keep_verdict(p, tw__judge_end(p->conn, at, false));
}

static inline bool send_quic(play *p, tw_at at, const char *word, const char *argument)
{
    if (!strcmp(word, "initial"))
        tw__conn_quic_packet(p->conn, at, TW_QUIC_INITIAL,
                             argument && *argument ? (uint32_t)strtoul(argument, NULL, 16) : 1);
    else if (!strcmp(word, "handshake"))
        tw__conn_quic_packet(p->conn, at, TW_QUIC_HANDSHAKE, 1);
    else if (!strcmp(word, "1rtt"))
        tw__conn_quic_packet(p->conn, at, TW_QUIC_ONE_RTT, 0);
    else if (!strcmp(word, "retry0"))
        tw__conn_quic_packet(p->conn, at, TW_QUIC_RETRY, 1);
    else if (!strcmp(word, "versions"))
        send_versions(p, at, argument);
    else if (!strcmp(word, "close"))
        send_close(p, at, argument);
    else
        return false;
    return true;
}

static inline void send_sslv2(play *p, tw_at at, const char *argument)
{
    GByteArray *b = g_byte_array_new();
    const char *cut = strchr(argument, ',');
    char *hex = cut ? g_strndup(argument, (gsize)(cut - argument)) : g_strdup(argument);
    put_hex(b, hex);
    tw__conn_record(p->conn, at, TW_CT_HANDSHAKE, b->len, false);
    tw__conn_sslv2_hello(p->conn, at, b->data, b->len - (cut ? (guint)atoi(cut + 1) : 0), b->len);
    g_free(hex);
    g_byte_array_unref(b);
}

/* The size of the TLS 1.3 record that hides the Certificate of these files: what is put around it is one byte of
 * type and 16 of AEAD. */
static inline uint32_t hidden_size(const char *names)
{
    char *end;
    uint32_t size = 4 + 4 + 1 + 16 + (uint32_t)g_ascii_strtoull(names, &end, 10);
    char **words = g_strsplit(end + (*end == '+'), ",", -1);
    bool cut;

    for (char **word = words; *word; word++) {
        GBytes *der = der_of_word(*word, &cut);
        size += 3 + (uint32_t)g_bytes_get_size(der) + 2;
        g_bytes_unref(der);
    }
    g_strfreev(words);
    return size;
}

/* Records and ends; false if WORD names none. ARGUMENT may be NULL. */
static inline bool send_event(play *p, tw_at at, const char *word, const char *argument)
{
    uint32_t n = argument ? (uint32_t)g_ascii_strtoull(argument, NULL, 10) : 0;

    if (!strcmp(word, "ccs"))
        tw__conn_record(p->conn, at, TW_CT_CCS, 1, false);
    else if (!strcmp(word, "enc"))
        send_opaque(p, at, TW_CT_HANDSHAKE, n ? n : 40);
    else if (!strcmp(word, "enca"))
        send_opaque(p, at, TW_CT_ALERT, n ? n : 26);
    else if (!strcmp(word, "app"))
        send_opaque(p, at, TW_CT_APPLICATION, n ? n : 100);
    else if (!strcmp(word, "number"))
        tw_conn_is_repeated(p->conn, at.dir, 1, n);
    else if (!strcmp(word, "hole"))
        p->conn->flow[at.dir].beyond = p->conn->side[at.dir].end_lost = true;
    else if (!strcmp(word, "hidden"))
        send_opaque(p, at, TW_CT_APPLICATION, hidden_size(argument));
    else if (!strcmp(word, "fatal") || !strcmp(word, "warn"))
        send_alert(p, at, *word == 'f' ? 2 : 1, (uint8_t)n);
    else if (!strcmp(word, "alert"))
        send_alert(p, at, (uint8_t)n, (uint8_t)g_ascii_strtoull(strchr(argument, ',') + 1, NULL, 10));
    else if (!strcmp(word, "plain"))
        send_plain(p, at, argument);
    else if (!strcmp(word, "preamble") || !strcmp(word, "declined"))
        send_words(p, at, argument, *word == 'd');
    else if (!strcmp(word, "said"))
        send_said(p, at, argument);
    else if (!strcmp(word, "sslv2"))
        send_sslv2(p, at, argument);
    else if (!strcmp(word, "FIN") || !strcmp(word, "RST"))
        send_end(p, at, *word == 'R');
    else
        return send_quic(p, at, word, argument);
    return true;
}

static inline void play_message(play *p, tw_at at, char side, const char *word, char **options)
{
    GByteArray *b;

    if (!strcmp(word, "again")) {
        p->sequence[at.dir]--;
        send_message(p, at, p->last[at.dir], options);
        return;
    }
    b = message_of(p, side, word, options);
    g_clear_pointer(&p->last[at.dir], g_byte_array_unref);
    p->last[at.dir] = b;
    g_byte_array_append(p->said, b->data, b->len);
    send_message(p, at, b, options);
}

/* Parts "cert(leaf,inter)" behind its name; NULL if there is no argument. */
static inline char *cut_argument(char *word)
{
    char *argument = strchr(word, '(');

    if (!argument)
        return NULL;
    *argument++ = '\0';
    argument[strlen(argument) - 1] = '\0';
    return argument;
}

/* WORD: "S:cert(leaf,inter)". */
static inline void play_word(play *p, char *word)
{
    bool same_frame = *word == '+';
    char side = word[same_frame];
    char *name = word + same_frame + 2, *argument = cut_argument(name);
    char **options = g_strsplit(argument ? argument : "", ";", -1);
    tw_at at;

    if (!same_frame) {
        p->frame++;
        p->n_alerts = 0;
    }
    at = play_at(p, (side == 'S') != p->swapped);
    if (!send_event(p, at, name, argument))
        play_message(p, at, side, name, options);
    g_strfreev(options);
}

/* The protocol WORD, which ends in ")". */
static inline const char *starttls_word(const char *word)
{
    static const char *const protocols[] = { "ldap", "smtp" };
    for (size_t i = 0; i < G_N_ELEMENTS(protocols); i++)
        if (g_str_has_prefix(word, protocols[i]))
            return protocols[i];
    return NULL;
}

#define ENDS_ROOM 128 /* for longer ends than it was made with */

/* The end of direction DIR is TEXT, which is taken over; NULL: it is not known. */
static inline void set_end(tw_conn *conn, int dir, char *text)
{
    const char *end[2] = { tw__conn_end(conn, 0), tw__conn_end(conn, 1) };
    tw_conn *other;
    end[dir] = text;
    other = tw__conn_new(false, end);
    memcpy(conn->ends, other->ends, strlen(other->ends) + strlen(strchr(other->ends, 0) + 1) + 2);
    conn->known_ends = other->known_ends;
    tw__conn_free(other);
    g_free(text);
}

/* The server's port is another one. */
static inline void play_port(play *p, const char *word)
{
    set_end(p->conn, !p->swapped, g_strdup_printf("192.0.2.2:%d", atoi(word)));
}

/* A word without a side; false if it is none. */
static inline bool play_setting(play *p, const char *word)
{
    int64_t us = strchr(word, '(') ? (int64_t)(g_ascii_strtod(strchr(word, '(') + 1, NULL) * G_USEC_PER_SEC) : 0;

    if (!strcmp(word, "swap"))
        p->swapped = true;
    else if (!strcmp(word, "notime"))
        p->timeless = true;
    else if (g_str_has_prefix(word, "starttls("))
        tw__seldom_for(p->conn)->starttls = starttls_word(word + strlen("starttls("));
    else if (g_str_has_prefix(word, "port("))
        play_port(p, word + strlen("port("));
    else if (g_str_has_prefix(word, "wait("))
        p->waited_us += us;
    else if (g_str_has_prefix(word, "end("))
        keep_verdict(p, tw__judge_silence(p->conn, p->conn->last_us + us));
    else
        return !*word || !strcmp(word, "tcp") || !strcmp(word, "dtls") || !strcmp(word, "quic");
    return true;
}

static inline void free_verdict(void *verdict)
{
    tw__verdict_free(verdict);
}

/* What a capture does where one verdict takes the place of another: here it stays where it is in the play. */
static inline tw_verdict *replace_in_place(tw_conn *conn, tw_verdict *v, tw_verdict *by)
{
    tw_verdict former = *v;
    (void)conn;
    *v = *by;
    *by = former;
    tw__verdict_free(by);
    return v;
}

/* The first alert of P comes after V once more. */
static inline void react_to(play *p, tw_verdict *v)
{
    tw_verdict *by = tw__verdict_with_reaction(v, p->conn, &p->conn->seldom->alerts[0]);
    if (by)
        replace_in_place(p->conn, v, by);
}

/* Plays more of the same connection. */
static inline void play_on(play *p, const char *script)
{
    char **words = g_strsplit(script, " ", -1);

    for (char **word = words; *word; word++)
        if (!play_setting(p, *word))
            play_word(p, *word);
    g_strfreev(words);
}

/* A connection of SCRIPT's kind, before it is played. */
static inline play *play_begin(const char *script)
{
    static const char *const ends[2] = { "192.0.2.1:50000", "192.0.2.2:443" };
    play *p = g_new0(play, 1);

    p->conn = tw__conn_new(g_str_has_prefix(script, "dtls "), ends);
    p->conn = g_realloc(p->conn, sizeof *p->conn + ENDS_ROOM);
    p->conn->context = &p->context;
    if (g_str_has_prefix(script, "quic "))
        tw__quic_for(p->conn);
    if (g_str_has_prefix(script, "tcp "))
        tw__conn_follow(p->conn, (tw__flow[2]){ { .begins = true }, { .begins = true } });
    p->said = g_byte_array_new();
    p->verdicts = g_ptr_array_new_with_free_func(free_verdict);
    return p;
}

static inline play *play_new(const char *script)
{
    play *p = play_begin(script);

    play_on(p, script);
    return p;
}

static inline void play_free(play *p)
{
    tw__conn_free(p->conn);
    g_ptr_array_unref(p->verdicts);
    g_byte_array_unref(p->said);
    for (int dir = 0; dir < 2; dir++)
        g_clear_pointer(&p->last[dir], g_byte_array_unref);
    g_free(p);
}

/* ---- verdicts as text ---- */

/* "CAUSE CONFIDENCE SENDER PHASE FRAME<TRIGGER"; a notice stands in parentheses and has no confidence or trigger. */
static inline void append_verdict(GString *s, const tw_verdict *v)
{
    const char *id = v->cause < TW_N_CAUSES ? tw_cause_get(v->cause)->id : "warning";

    g_string_append(s, s->len ? "; " : "");
    if (v->failure)
        g_string_append_printf(s, "%s %s %s %s %u<%u", id, tw_confidence_name(v->confidence), tw_side_name(v->sender),
                               tw_phase_name(v->phase), v->frame, v->trigger);
    else
        g_string_append_printf(s, "(%s %s %s %u)", id, tw_side_name(v->sender), tw_phase_name(v->phase), v->frame);
}

/* All verdicts of the play, separated by "; "; "nothing" if there is none. Caller frees. */
static inline char *verdicts_text(const play *p)
{
    GString *s = g_string_new(NULL);

    for (guint i = 0; i < p->verdicts->len; i++)
        append_verdict(s, g_ptr_array_index(p->verdicts, i));
    if (!s->len)
        g_string_append(s, "nothing");
    return g_string_free(s, FALSE);
}

/* ---- what every text for people must be ---- */

/* What is wrong with TEXT as a line for people, or NULL. */
static inline const char *flaw_of_line(const char *text)
{
    if (!text || !*text)
        return "empty";
    if (!g_utf8_validate(text, -1, NULL))
        return "no UTF-8";
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return "control character";
    if (strpbrk(text, "{}?"))
        return "placeholder left over";
    if (strstr(text, "(null)"))
        return "a NULL";
    if (strstr(text, "  ") || g_str_has_prefix(text, " ") || g_str_has_suffix(text, " "))
        return "stray blanks";
    return NULL;
}

static inline const char *flaw_of_lines(const GPtrArray *lines, const char **which)
{
    const char *flaw = NULL;

    for (guint i = 0; !flaw && i < lines->len; i++)
        flaw = flaw_of_line(*which = g_ptr_array_index(lines, i));
    return flaw;
}

/* What is wrong with any text of V, or NULL; WHICH: the text. */
static inline const char *flaw_of_verdict(const tw_verdict *v, const char **which)
{
    const char *flaw = flaw_of_line(*which = v->reason);

    if (!flaw)
        flaw = flaw_of_line(*which = v->title);
    if (!flaw)
        flaw = flaw_of_lines(v->hints, which);
    if (!flaw)
        flaw = flaw_of_lines(v->logs, which);
    const tw_evidence *e;
    for (unsigned i = 0; !flaw && (e = tw_verdict_evidence(v, i)); i++)
        flaw = flaw_of_line(*which = e->text);
    return flaw;
}

#endif
