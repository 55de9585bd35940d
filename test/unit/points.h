/* One TCP connection, recorded at two points of its path.
 *
 * A play is a line of words as in test_segments.c: "open", a message, alert(N), text(...), FIN, RST; wait(N), seconds; DENY, the
 * reset of a TCP that does not know what the other side has acknowledged. In
 * front of a word: ">" it is sent and never arrives, "<" it arrives and nobody sent it, "~" its last byte is another one
 * on arrival, "^" it arrives with another TTL; "?" it arrives, and the recorder there misses it, "!" the recorder where it is
 * sent does; "/" only its first half arrives; "*" it arrives at the word "arrive"; "|" a card cuts it in two after it was recorded, "=" a card puts it together before it is. The client's recorder is at the client, the server's at the server; there are two
 * hops and 6 ms between them, and the server's clock is an hour ahead; or one capture has both points (points_merge()), which
 * are two interfaces of one clock then.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_TEST_POINTS_H
#define TLSWHY_TEST_POINTS_H

#include <stdlib.h>

#include "rows.h"
#include "tlswhy/elsewhere.h"

#define POINTS_TRANSIT_US 6000
#define POINTS_AHEAD_US   (3600 * (int64_t)G_USEC_PER_SEC)

/* One recorder. */
typedef struct point {
    tw_capture *capture;
    tw_conn *conn;
    GPtrArray *verdicts;
    uint32_t frame;
    int64_t latest_us;
    const char *client; /* as it is called here */
    uint32_t stream, place;
    uint32_t snap;                /* bytes of each payload that it keeps; 0: all */
    struct point *numbers, *same; /* who counts frames, and has the connection */
} point;

typedef struct {
    point at[2]; /* the client's, the server's */
    play *builder;
    uint32_t seq[2], got[2]; /* what each side has sent, and has got of the other one: the next number */
    int64_t now_us;
    struct {
        int dir;
        tw_segment s;
        uint8_t *bytes; /* NULL: there is none */
    } late;             /* what is on its way */
    unsigned skip;      /* the server's recorder starts after so many frames */
    unsigned stop;      /* the server's recorder stops after so many frames; 0: it does not */
    int64_t ahead_us;   /* the server's clock */
    bool merged;
} points;

static inline void point_heard(void *data, tw_conn *conn, const tw_verdict *v, const tw_verdict *replaced)
{
    point *p = data;
    (void)conn;
    if (replaced)
        g_ptr_array_remove(p->verdicts, (gpointer)(uintptr_t)replaced);
    g_ptr_array_add(p->verdicts, (gpointer)(uintptr_t)v);
}

static inline tw_conn *point_connect(void *data)
{
    point *p = data;
    const char *endpoints[2] = { p->client, "192.0.2.2:443" };
    if (!p->conn) {
        p->conn = tw_capture_connect(p->capture, endpoints, TW_CARRIER_TCP, 1, p->latest_us);
        tw_tell_stream(p->conn, p->stream);
    }
    return p->conn;
}

static inline void point_take(point *p, int dir, tw_segment s, const uint8_t *bytes)
{
    tw_payload payload = {
        .bytes = bytes, .captured = p->snap ? MIN(p->snap, s.len) : s.len, .connect = point_connect, .data = p->same
    };
    s.frame = ++p->numbers->frame;
    s.place = p->place;
    p->same->latest_us = p->latest_us = MAX(p->latest_us, s.time_us);
    tw_tell_time(p->capture, s.frame, s.time_us);
    tw_tell_segment(p->capture, p->stream, p->same->conn, dir, &s);
    if (s.len || (s.flags & (TW_TCP_FIN | TW_TCP_RST)))
        tw_tell_payload(p->capture, p->stream, p->same->conn, dir, &s, &payload);
}

static inline void point_take_halves(point *p, int dir, tw_segment s, const uint8_t *bytes)
{
    uint32_t half = s.len / 2, rest = s.len - half;
    s.len = half;
    point_take(p, dir, s, bytes);
    s.seq += half;
    s.len = rest;
    s.time_us++;
    point_take(p, dir, s, bytes + half);
}

/* DIR's bytes up to NEXT have come. */
static inline void points_got(points *p, int dir, uint32_t from, uint32_t next)
{
    if (p->got[1 - dir] == from)
        p->got[1 - dir] = next;
}

static inline void points_arrive(points *p)
{
    int where = 1 - p->late.dir;
    p->late.s.time_us = p->now_us + (where ? p->ahead_us : 0);
    point_take(&p->at[where], p->late.dir, p->late.s, p->late.bytes);
    points_got(p, p->late.dir, p->late.s.seq, p->late.s.seq + p->late.s.len);
    g_clear_pointer(&p->late.bytes, g_free);
}

static inline bool points_miss(points *p, int where)
{
    if (where && p->skip) {
        p->skip--;
        return true;
    }
    return where && p->stop && p->at[1].frame >= p->stop;
}

static inline void points_send(points *p, int dir, uint8_t flags, const GByteArray *bytes, char mark)
{
    uint32_t len = bytes ? bytes->len : 0;
    tw_segment s = { .flags = flags,
                     .seq = p->seq[dir],
                     .ack = p->got[dir],
                     .len = len,
                     .window = 1000,
                     .srcport = dir ? 443 : 50000,
                     .dstport = dir ? 50000 : 443 };
    uint8_t *copy = g_memdup2(bytes ? bytes->data : NULL, len);
    for (int arrival = 0; arrival < 2; arrival++) {
        int where = arrival ? 1 - dir : dir;
        if (mark == (arrival ? '>' : '<') || mark == (arrival ? '?' : '!') || points_miss(p, where))
            continue;
        s.time_us = p->now_us + (arrival ? POINTS_TRANSIT_US : 0) + (where ? p->ahead_us : 0);
        s.hops = arrival ? 62 : 64;
        if (arrival && (mark == '^' || mark == '<'))
            s.hops = 55;
        if (arrival && mark == '~')
            copy[len - 1] ^= 1;
        if (arrival && mark == '/')
            s.len = len / 2;
        if (arrival && mark == '*') {
            p->late.dir = dir;
            p->late.s = s;
            p->late.bytes = g_memdup2(copy, len);
            continue;
        }
        if (mark == (arrival ? '|' : '='))
            point_take_halves(&p->at[where], dir, s, copy);
        else
            point_take(&p->at[where], dir, s, copy);
    }
    g_free(copy);
    p->now_us += 2 * POINTS_TRANSIT_US + 1000;
    if (mark == '<') {
        points_got(p, dir, p->seq[dir], p->seq[dir] + len);
        return;
    }
    if (mark == '/' && p->got[1 - dir] == p->seq[dir])
        p->got[1 - dir] += len / 2;
    else if (mark != '>' && mark != '*' && (p->got[1 - dir] == p->seq[dir] || (flags & TW_TCP_SYN)))
        p->got[1 - dir] = p->seq[dir] + len + ((flags & (TW_TCP_SYN | TW_TCP_FIN)) != 0);
    p->seq[dir] += len + ((flags & (TW_TCP_SYN | TW_TCP_FIN)) != 0);
}

static inline void points_words(GByteArray *b, const char *text)
{
    for (const char *c = text; *c; c++)
        put_text(b, *c == '_' ? " " : *c == '|' ? "\r\n" : (char[]){ *c, 0 });
}

static inline GByteArray *points_payload(points *p, char side, char *name)
{
    char *argument = strchr(name, '('), **options;
    GByteArray *b = g_byte_array_new(), *content;
    if (argument) {
        *argument++ = 0;
        argument[strlen(argument) - 1] = 0;
    }
    options = g_strsplit(argument ? argument : "", ";", -1);
    if (!strcmp(name, "text")) {
        points_words(b, argument);
    } else if (!strcmp(name, "alert")) {
        put_hex(b, "150303000202");
        put(b, 1, (uint32_t)atoi(argument));
    } else {
        content = message_of(p->builder, side, name, options);
        put(b, 1, TW_CT_HANDSHAKE);
        put(b, 2, 0x0303);
        put(b, 2, content->len);
        g_byte_array_append(b, content->data, content->len);
        g_byte_array_unref(content);
    }
    g_strfreev(options);
    return b;
}

static inline void points_word(points *p, char *word)
{
    char mark = strchr("><~^?!|=/*", *word) ? *word++ : ' ';
    int dir = *word == 'S';
    char *name = word + 2;
    GByteArray *bytes;
    if (g_str_has_prefix(word, "wait(")) {
        p->now_us += atoi(word + 5) * (int64_t)G_USEC_PER_SEC;
    } else if (!strcmp(word, "open")) {
        points_send(p, 0, TW_TCP_SYN, NULL, ' ');
        points_send(p, 1, TW_TCP_SYN | TW_TCP_ACK, NULL, ' ');
        points_send(p, 0, TW_TCP_ACK, NULL, ' ');
    } else if (!strcmp(word, "arrive")) {
        points_arrive(p);
    } else if (!strcmp(name, "DENY")) {
        p->seq[dir] = p->got[1 - dir];
        points_send(p, dir, TW_TCP_RST, NULL, mark);
    } else if (!strcmp(name, "FIN") || !strcmp(name, "RST") || !strcmp(name, "ACK")) {
        uint8_t flag = !strcmp(name, "ACK") ? 0 : !strcmp(name, "FIN") ? TW_TCP_FIN : TW_TCP_RST;
        points_send(p, dir, flag | TW_TCP_ACK, NULL, mark);
    } else {
        bytes = points_payload(p, *word, name);
        points_send(p, dir, TW_TCP_ACK, bytes, mark);
        g_byte_array_unref(bytes);
    }
}

static inline void point_init(point *p, const char *client)
{
    tw_settings settings = { .anonymize = false };
    *p = (point){ .verdicts = g_ptr_array_new(), .client = client, .stream = 7 };
    p->numbers = p->same = p;
    p->capture = tw_capture_new(&settings, point_heard, p, NULL);
}

static inline void points_init(points *p)
{
    *p = (points){
        .builder = play_new(""), .seq = { 0xffffff00u, 5000 }, .now_us = PLAY_TIME, .ahead_us = POINTS_AHEAD_US
    };
    point_init(&p->at[0], "192.0.2.1:50000");
    point_init(&p->at[1], "198.51.100.7:61234"); /* behind network address translation */
    tw_capture_remember(p->at[0].capture);
    tw_capture_remember(p->at[1].capture);
}

/* One capture of both; NAT: the server's point has another address of the client, and so another stream. */
static inline void points_merge(points *p, bool nat)
{
    *p = (points){ .builder = play_new(""), .seq = { 0xffffff00u, 5000 }, .now_us = PLAY_TIME, .merged = true };
    point_init(&p->at[0], "192.0.2.1:50000");
    p->at[1] = (point){ .capture = p->at[0].capture, .client = "198.51.100.7:61234", .stream = nat ? 8 : 7 };
    p->at[1].same = nat ? &p->at[1] : &p->at[0];
    p->at[1].numbers = &p->at[0];
    for (uint32_t i = 0; i < 2; i++) {
        p->at[i].place = i + 1;
        tw_tell_place(p->at[0].capture, i + 1, (int)i, i ? "eth1" : "eth0", NULL);
    }
}

static inline void points_play(points *p, const char *script)
{
    char **words = g_strsplit(script, " ", -1);
    for (char **word = words; *word; word++)
        points_word(p, *word);
    g_strfreev(words);
}

static inline void points_end(points *p)
{
    for (int i = 0; i < (p->merged ? 1 : 2); i++) {
        int64_t until_us = i && p->stop ? p->at[1].latest_us : p->now_us + 20 * (int64_t)G_USEC_PER_SEC;
        if (i && !p->stop)
            until_us += p->ahead_us;
        tw_tell_time(p->at[i].capture, p->at[i].frame + 1, until_us);
        tw_capture_end(p->at[i].capture);
    }
}

static inline void points_clear(points *p)
{
    for (int i = 0; i < (p->merged ? 1 : 2); i++) {
        tw_capture_free(p->at[i].capture);
        g_ptr_array_unref(p->at[i].verdicts);
    }
    g_free(p->late.bytes);
    play_free(p->builder);
}

static inline uint32_t point_number(uint32_t frame)
{
    return frame;
}

#endif
