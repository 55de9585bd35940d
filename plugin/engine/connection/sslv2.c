/* The ClientHello in SSLv2's format (RFC 5246 E.2, RFC 6176): it is written anew as TLS has it, for what reads hellos.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls/reader.h"
#include "connection/connection.h"

#include <string.h>

#define CLIENT_HELLO   1
#define SPEC_LEN       3 /* of which the first byte is 0 where the other two are a suite of TLS */
#define RANDOM_LEN     32
#define HANDSHAKE_HEAD 4

bool tw_is_sslv2_hello(const uint8_t *bytes, size_t len)
{
    return len >= 3 && bytes[0] == CLIENT_HELLO && (bytes[1] == 3 || (bytes[1] == 0 && bytes[2] == 2));
}

static void put_number(GByteArray *out, size_t value, unsigned width)
{
    while (width-- > 0) {
        uint8_t byte = (uint8_t)(value >> 8 * width);
        g_byte_array_append(out, &byte, 1);
    }
}

/* A challenge shorter than a random stands at its end. */
static void put_random(GByteArray *out, const uint8_t *challenge, size_t len)
{
    uint8_t random[RANDOM_LEN] = { 0 };
    size_t n = MIN(len, RANDOM_LEN);
    if (n)
        memcpy(random + RANDOM_LEN - n, challenge + (len - n), n);
    g_byte_array_append(out, random, RANDOM_LEN);
}

static void put_suites(GByteArray *out, tw__reader specs)
{
    guint begin = out->len;
    put_number(out, 0, 2);
    while (specs.left >= SPEC_LEN) {
        const uint8_t *spec = tw__read_bytes(&specs, SPEC_LEN);
        if (!spec[0])
            g_byte_array_append(out, spec + 1, 2);
    }
    out->data[begin] = (uint8_t)((out->len - begin - 2) >> 8);
    out->data[begin + 1] = (uint8_t)(out->len - begin - 2);
}

/* The header states a length beyond the end where the capture has cut the hello. */
static void put_length(GByteArray *out, bool cut)
{
    size_t len = out->len - HANDSHAKE_HEAD + cut;
    for (unsigned i = 1; i < HANDSHAKE_HEAD; i++)
        out->data[i] = (uint8_t)(len >> 8 * (HANDSHAKE_HEAD - 1 - i));
}

static void put_fields(GByteArray *out, tw__reader *r, size_t specs_len, size_t id_len, size_t challenge_len)
{
    tw__reader specs = tw__reader_of(tw__read_bytes(r, specs_len), specs_len), challenge;
    tw__read_bytes(r, id_len);
    challenge = tw__reader_of(tw__read_bytes(r, challenge_len), challenge_len);
    if (specs_len % SPEC_LEN || !tw__reader_done(r))
        return; /* the hello ends behind its version: a flaw for whoever reads it */
    put_random(out, challenge.at, challenge.left);
    put_number(out, 0, 1); /* an SSLv2 session is none of TLS */
    put_suites(out, specs);
    put_number(out, 1, 1); /* the null compression: there is no other */
    put_number(out, 0, 1);
}

void tw__conn_sslv2_hello(tw_conn *conn, tw_at at, const uint8_t *bytes, size_t captured, size_t length)
{
    tw__reader r = tw__reader_of(bytes, captured);
    GByteArray *out = g_byte_array_new();
    uint16_t specs_len, id_len;
    put_number(out, (size_t)TW_HS_CLIENT_HELLO << 24, HANDSHAKE_HEAD);
    tw__read_u8(&r);
    put_number(out, tw__read_u16(&r), 2);
    specs_len = tw__read_u16(&r);
    id_len = tw__read_u16(&r);
    put_fields(out, &r, specs_len, id_len, tw__read_u16(&r));
    put_length(out, captured < length);
    tw__conn_message(conn, at, out->data, out->len);
    if (conn->now->client_hello_frame == at.frame)
        conn->now->sslv2 = true;
    g_byte_array_unref(out);
}
