/* A client and a server on BearSSL, which speaks TLS 1.2 at most. See peer.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "peer.h"

#include <bearssl.h>

#define LIST_MAX 8

/* The objects of a PEM file: what they are called, and their bytes. */
typedef struct {
    char *name;
    unsigned char *bytes;
    size_t length;
} object;

static void append(void *own, const void *bytes, size_t length)
{
    object *o = own;
    o->bytes = realloc(o->bytes, o->length + length);
    memcpy(o->bytes + o->length, bytes, length);
    o->length += length;
}

static size_t read_pem(const char *path, object *found)
{
    br_pem_decoder_context decoder;
    unsigned char text[32768];
    FILE *file = fopen(path, "rb");
    size_t length = file ? fread(text, 1, sizeof text, file) : 0, at = 0, n = 0;
    br_pem_decoder_init(&decoder);
    while (at < length && n < LIST_MAX) {
        at += br_pem_decoder_push(&decoder, text + at, length - at);
        switch (br_pem_decoder_event(&decoder)) {
        case BR_PEM_BEGIN_OBJ:
            found[n] = (object){ .name = strdup(br_pem_decoder_name(&decoder)) };
            br_pem_decoder_setdest(&decoder, append, &found[n]);
            break;
        case BR_PEM_END_OBJ: n++; break;
        case BR_PEM_ERROR: at = length; break;
        }
    }
    if (file)
        fclose(file);
    return n;
}

/* The names and keys of the authorities in PATH. */
static size_t read_anchors(const char *path, br_x509_trust_anchor *anchors)
{
    object certificates[LIST_MAX];
    size_t n = path ? read_pem(path, certificates) : 0;
    for (size_t i = 0; i < n; i++) {
        br_x509_decoder_context *decoder = malloc(sizeof *decoder);
        object *name = calloc(1, sizeof *name);
        br_x509_decoder_init(decoder, append, name);
        br_x509_decoder_push(decoder, certificates[i].bytes, certificates[i].length);
        anchors[i] = (br_x509_trust_anchor){ .dn = { name->bytes, name->length },
                                             .flags = BR_X509_TA_CA,
                                             .pkey = *br_x509_decoder_get_pkey(decoder) };
    }
    return n;
}

static br_skey_decoder_context *read_key(const char *path)
{
    br_skey_decoder_context *decoder = malloc(sizeof *decoder);
    object found[LIST_MAX];
    size_t n = read_pem(path, found);
    br_skey_decoder_init(decoder);
    if (n)
        br_skey_decoder_push(decoder, found[0].bytes, found[0].length);
    return decoder;
}

static size_t read_chain(const char *path, br_x509_certificate *chain)
{
    object found[LIST_MAX];
    size_t n = read_pem(path, found);
    for (size_t i = 0; i < n; i++)
        chain[i] = (br_x509_certificate){ found[i].bytes, found[i].length };
    return n;
}

static int take(void *own, unsigned char *bytes, size_t length)
{
    ssize_t n = read(*(int *)own, bytes, length);
    return n > 0 ? (int)n : -1;
}

static int give(void *own, const unsigned char *bytes, size_t length)
{
    ssize_t n = write(*(int *)own, bytes, length);
    return n > 0 ? (int)n : -1;
}

static void talk(br_ssl_engine_context *engine, int fd, bool server)
{
    br_sslio_context io;
    char buffer[1024];
    int n;
    br_sslio_init(&io, engine, take, &fd, give, &fd);
    if (!server) {
        br_sslio_write_all(&io, "hello\n", 6);
        br_sslio_flush(&io);
    }
    while ((n = br_sslio_read(&io, buffer, sizeof buffer)) > 0) {
        printf("handshake was completed; read %d bytes\n", n);
        if (!server)
            break;
        br_sslio_write_all(&io, buffer, (size_t)n);
        br_sslio_flush(&io);
    }
    n = br_ssl_engine_last_error(engine);
    if (n)
        printf("error %d: alert %s %d\n", n,
               n >= BR_ERR_SEND_FATAL_ALERT   ? "sent"
               : n >= BR_ERR_RECV_FATAL_ALERT ? "received"
                                              : "-",
               n & 255);
    else
        br_sslio_close(&io);
    close(fd);
}

static void be_client(const options *o, const br_x509_trust_anchor *anchors, size_t n_anchors)
{
    static br_ssl_client_context client;
    static br_x509_minimal_context judge;
    static unsigned char buffer[BR_SSL_BUFSIZE_BIDI];
    static br_x509_certificate chain[LIST_MAX];
    br_ssl_client_init_full(&client, &judge, anchors, n_anchors);
    br_ssl_engine_set_buffer(&client.eng, buffer, sizeof buffer, 1);
    if (o->cert)
        br_ssl_client_set_single_ec(&client, chain, read_chain(o->cert, chain),
                                    br_skey_decoder_get_ec(read_key(o->key)), BR_KEYTYPE_SIGN, 0, &br_ec_all_m15,
                                    br_ecdsa_i31_sign_asn1);
    br_ssl_client_reset(&client, o->name, 0);
    talk(&client.eng, open_socket(o), false);
}

static void be_server(const options *o, const br_x509_trust_anchor *anchors, size_t n_anchors)
{
    static br_ssl_server_context server;
    static br_x509_minimal_context judge;
    static unsigned char buffer[BR_SSL_BUFSIZE_BIDI];
    static br_x509_certificate chain[LIST_MAX];
    br_ssl_server_init_full_ec(&server, chain, read_chain(o->cert, chain), BR_KEYTYPE_EC,
                               br_skey_decoder_get_ec(read_key(o->key)));
    br_ssl_engine_set_versions(&server.eng, BR_TLS12, BR_TLS12);
    br_ssl_engine_set_buffer(&server.eng, buffer, sizeof buffer, 1);
    br_ssl_engine_set_default_ecdsa(&server.eng); /* of the client's signature */
    if (o->ask) {
        br_x509_minimal_init(&judge, &br_sha256_vtable, anchors, n_anchors);
        br_x509_minimal_set_ecdsa(&judge, &br_ec_all_m15, br_ecdsa_i31_vrfy_asn1);
        br_x509_minimal_set_hash(&judge, br_sha256_ID, &br_sha256_vtable);
        br_ssl_engine_set_x509(&server.eng, &judge.vtable);
        br_ssl_server_set_trust_anchor_names_alt(&server, anchors, n_anchors);
    }
    br_ssl_server_reset(&server);
    talk(&server.eng, open_socket(o), true);
}

int main(int argc, char **argv)
{
    static br_x509_trust_anchor anchors[LIST_MAX];
    options o = read_options(argc, argv);
    size_t n = read_anchors(o.trust, anchors);
    if (o.server)
        be_server(&o, anchors, n);
    else
        be_client(&o, anchors, n);
    return 0;
}
