/* The readers of handshake messages and of what is no TLS: a byte of parameters, then the body.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include "tls/compressed.h"
#include "tls/messages.h"
#include "connection/cleartext.h"

static const uint16_t versions[] = { TW_SSL3, TW_TLS12, TW_TLS13, TW_DTLS12 };

static void read_hello(tw__hello *(*read)(const uint8_t *, size_t), const uint8_t *body, size_t len)
{
    tw__hello *hello = read(body, len);
    for (unsigned i = 0; hello->alpn && i < hello->alpn->len; i++)
        must_be_clean(g_ptr_array_index(hello->alpn, i));
    tw__hello_free(hello);
}

static void read_server_key_exchange(const uint8_t *body, size_t len, uint8_t flags, uint16_t version)
{
    tw__server_key_exchange ske;
    tw__server_key_exchange_read(body, len, (tw__kx)(flags >> 4), flags & 1, version, &ske);
}

static void read_plain(const uint8_t *body, size_t len)
{
    char *text = g_strndup((const char *)body, len);
    tw__starttls_asks(body, len);
    tw__starttls_declines(body, len);
    tw__is_answer_to_cleartext(text);
    g_free(text);
}

static void read_compressed(const uint8_t *body, size_t len)
{
    GBytes *plain = tw__certificate_uncompress(body, len);
    if (plain)
        g_bytes_unref(plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = { data, size };
    uint8_t flags = take_byte(&in);
    uint16_t version = versions[flags >> 1 & 3], scheme;
    size_t len = in.left, signature_len;
    uint8_t *body = take_bytes(&in, &len);
    const uint8_t *signature;
    read_hello(tw__client_hello_read, body, len);
    read_hello(tw__server_hello_read, body, len);
    read_hello(tw__encrypted_extensions_read, body, len);
    tw__certificates_free(tw__certificates_read(body, len, version == TW_TLS13, 1 + flags));
    tw__certificate_request_free(tw__certificate_request_read(body, len, version));
    read_server_key_exchange(body, len, flags, version);
    tw__certificate_verify_read(body, len, version, &scheme, &signature, &signature_len);
    read_compressed(body, len);
    read_plain(body, len);
    g_free(body);
    return 0;
}
