/* Files of facts, which may come from anybody: they are read, and a capture is held against them.
 *
 * The first byte of the input says how: its lowest bit, with pseudonyms; the next one, the rest of the input stands behind
 * a file's checksum, which is made to fit. Else the rest changes the facts of a connection that the capture has, too:
 * two bytes of place and one that is added to what stands there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include "capture/capture_internal.h"
#include "tlswhy/elsewhere.h"

#include <stdlib.h>

static void on_verdict(void *data, tw_conn *conn, const tw_verdict *verdict, const tw_verdict *replaced)
{
    const tw_evidence *e;
    (void)data;
    (void)conn;
    (void)replaced;
    must_be_clean(verdict->reason);
    for (unsigned i = 0; (e = tw_verdict_evidence(verdict, i)); i++)
        must_be_clean(e->text);
}

static GBytes *file_of(const uint8_t *data, size_t size)
{
    GByteArray *file = g_byte_array_new();
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    uint8_t digest[TW_FACTS_DIGEST];
    gsize len = sizeof digest;
    uint64_t length = size;
    g_checksum_update(sum, data, (gssize)size);
    g_checksum_get_digest(sum, digest, &len);
    g_checksum_free(sum);
    g_byte_array_append(file, (const uint8_t *)TW_FACTS_MAGIC, strlen(TW_FACTS_MAGIC));
    g_byte_array_append(file, (const uint8_t *)&length, sizeof length);
    g_byte_array_append(file, digest, sizeof digest);
    while (file->len < TW_FACTS_HEAD)
        g_byte_array_append(file, (const uint8_t *)"", 1);
    g_byte_array_append(file, data, (guint)size);
    return g_byte_array_free_to_bytes(file);
}

typedef struct {
    tw_capture *capture;
    tw_conn *conn;
    uint32_t frame, seq[2];
    bool near_server;
} scene;

static tw_conn *connect(void *data)
{
    static const char *const endpoints[2] = { "192.0.2.1:50000", "192.0.2.2:443" };
    scene *s = data;
    if (!s->conn) {
        s->conn = tw_capture_connect(s->capture, endpoints, TW_CARRIER_TCP, 1, 1);
        tw_tell_stream(s->conn, 7);
    }
    return s->conn;
}

static void send(scene *s, int dir, uint8_t flags, const uint8_t *bytes, uint32_t len)
{
    tw_segment segment = {
        .frame = ++s->frame, .flags = flags, .seq = s->seq[dir], .ack = s->seq[1 - dir], .len = len
    };
    tw_payload payload = { .bytes = bytes, .captured = len, .connect = connect, .data = s };
    segment.time_us = G_GINT64_CONSTANT(1748736000000000) + s->frame * 5000;
    segment.hops = dir ^ s->near_server ? 62 : 64;
    tw_tell_time(s->capture, s->frame, segment.time_us);
    tw_tell_segment(s->capture, 7, s->conn, dir, &segment);
    if (len || (flags & TW_TCP_RST))
        tw_tell_payload(s->capture, 7, s->conn, dir, &segment, &payload);
    s->seq[dir] += len + ((flags & TW_TCP_SYN) != 0);
}

/* The server is nearer to where the facts are from: HOPS tells it. */
static void play(scene *s, bool near_server)
{
    static const uint8_t hello[] = { 22, 3,  1,  0,  45, 1,  0,  0,  41, 3,  3,  1,  2,    3,    4,  5,  6,
                                     7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19,   20,   21, 22, 23,
                                     24, 25, 26, 27, 28, 29, 30, 31, 32, 0,  0,  2,  0xc0, 0x2f, 1,  0 };
    s->near_server = near_server;
    send(s, 0, TW_TCP_SYN, NULL, 0);
    send(s, 1, TW_TCP_SYN | TW_TCP_ACK, NULL, 0);
    send(s, 0, TW_TCP_ACK, hello, sizeof hello);
    send(s, 1, TW_TCP_RST, NULL, 0);
}

static uint32_t frames_number(uint32_t frame)
{
    return frame;
}

static void begin(scene *s, bool anonymize)
{
    tw_settings settings = { .anonymize = anonymize };
    *s = (scene){ .seq = { 1000, 2000 } };
    s->capture = tw_capture_new(&settings, on_verdict, NULL, NULL);
}

static void end(scene *s)
{
    tw_tell_time(s->capture, s->frame + 1, G_GINT64_CONSTANT(1748736060000000));
    tw_capture_end(s->capture);
}

/* The facts of the same connection, changed by IN. */
static GBytes *changed(input *in)
{
    scene s;
    GBytes *file, *result;
    gsize len;
    uint8_t *body;
    unsigned left_out;
    begin(&s, false);
    tw_capture_remember(s.capture);
    play(&s, true);
    end(&s);
    file = tw_capture_facts(s.capture, "other", frames_number, &left_out);
    tw_capture_free(s.capture);
    body = g_bytes_unref_to_data(file, &len);
    while (in->left >= 3) {
        uint32_t place = take_number(in, 2);
        body[TW_FACTS_HEAD + place % (len - TW_FACTS_HEAD)] += take_byte(in);
    }
    result = file_of(body + TW_FACTS_HEAD, len - TW_FACTS_HEAD);
    g_free(body);
    return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = { data, size };
    uint8_t how = take_byte(&in);
    GBytes *file = how & 2 ? file_of(in.at, in.left) : changed(&in);
    GPtrArray *remarks;
    char *error;
    scene s;
    begin(&s, how & 1);
    error = tw_capture_use_facts(s.capture, file);
    if (error) /* what is made to fit is read */
        abort();
    g_free(tw_capture_use_facts(s.capture, file)); /* a second capture, which shows the same */
    g_bytes_unref(file);
    play(&s, false);
    end(&s);
    remarks = tw_capture_remarks(s.capture);
    g_clear_pointer(&remarks, g_ptr_array_unref);
    tw_capture_free(s.capture);
    return 0;
}
