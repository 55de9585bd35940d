/* A client and a server on BoringSSL, as Android's tools of Debian have it. See peer.h; -suites and -groups are names of
 * BoringSSL, parted by colons.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "peer.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

static void check(int good, const char *what)
{
    if (good)
        return;
    printf("%s: error\n", what);
    ERR_print_errors_fp(stdout);
    exit(2);
}

static void keep_secrets(const SSL *ssl, const char *line)
{
    FILE *log = fopen(getenv("SSLKEYLOGFILE"), "a");
    (void)ssl;
    if (log) {
        fprintf(log, "%s\n", line);
        fclose(log);
    }
}

static void say_alert(const SSL *ssl, int where, int value)
{
    (void)ssl;
    if (where & SSL_CB_ALERT)
        printf("alert %s: %s, %s\n", where & SSL_CB_READ ? "received" : "sent", SSL_alert_type_string_long(value),
               SSL_alert_desc_string_long(value));
}

static int choose_alpn(SSL *ssl, const uint8_t **out, uint8_t *out_length, const uint8_t *in, unsigned length,
                       void *own)
{
    const char *name = own;
    (void)ssl;
    return SSL_select_next_proto((uint8_t **)out, out_length, (const uint8_t *)name, (unsigned)strlen(name), in,
                                 length) == OPENSSL_NPN_NEGOTIATED
               ? SSL_TLSEXT_ERR_OK
               : SSL_TLSEXT_ERR_ALERT_FATAL;
}

/* One protocol as ALPN has it on the wire: its length before it. */
static char *alpn_bytes(const char *name)
{
    char *bytes = malloc(strlen(name) + 2);
    sprintf(bytes, "%c%s", (char)strlen(name), name);
    return bytes;
}

static int insist_on_name(SSL *ssl, int *alert, void *own)
{
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    *alert = SSL_AD_UNRECOGNIZED_NAME;
    return name && !strcmp(name, own) ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

static SSL_CTX *context_of(const options *o)
{
    SSL_CTX *context = SSL_CTX_new(TLS_method());
    int mode = SSL_VERIFY_NONE;
    SSL_CTX_set_keylog_callback(context, keep_secrets);
    SSL_CTX_set_info_callback(context, say_alert);
    SSL_CTX_set_min_proto_version(context, strcmp(o->versions, "13") ? TLS1_2_VERSION : TLS1_3_VERSION);
    SSL_CTX_set_max_proto_version(context, strcmp(o->versions, "12") ? TLS1_3_VERSION : TLS1_2_VERSION);
    if (o->trust)
        check(SSL_CTX_load_verify_locations(context, o->trust, NULL), "trust");
    if (o->cert) {
        check(SSL_CTX_use_certificate_chain_file(context, o->cert), "certificate");
        check(SSL_CTX_use_PrivateKey_file(context, o->key, SSL_FILETYPE_PEM), "key");
    }
    if (o->server ? o->ask != NULL : !o->no_check)
        mode = SSL_VERIFY_PEER;
    if (o->ask && !strcmp(o->ask, "require"))
        mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    SSL_CTX_set_verify(context, mode, NULL);
    if (o->ask && o->trust)
        SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(o->trust));
    if (o->suites)
        check(SSL_CTX_set_strict_cipher_list(context, o->suites), "suites");
    if (o->groups)
        check(SSL_CTX_set1_curves_list(context, o->groups), "groups");
    if (o->alpn && o->server)
        SSL_CTX_set_alpn_select_cb(context, choose_alpn, alpn_bytes(o->alpn));
    else if (o->alpn)
        SSL_CTX_set_alpn_protos(context, (const uint8_t *)alpn_bytes(o->alpn), (unsigned)strlen(o->alpn) + 1);
    if (o->server && o->name) {
        SSL_CTX_set_tlsext_servername_callback(context, insist_on_name);
        SSL_CTX_set_tlsext_servername_arg(context, (void *)o->name);
    }
    return context;
}

int main(int argc, char **argv)
{
    options o = read_options(argc, argv);
    SSL *ssl = SSL_new(context_of(&o));
    char buffer[1024];
    int fd, code;
    if (!o.server && o.name) {
        check(SSL_set_tlsext_host_name(ssl, o.name), "name");
        if (!o.no_check)
            check(X509_VERIFY_PARAM_set1_host(SSL_get0_param(ssl), o.name, strlen(o.name)), "name");
    }
    fd = open_socket(&o);
    SSL_set_fd(ssl, fd);
    code = o.server ? SSL_accept(ssl) : SSL_connect(ssl);
    if (code != 1) {
        long why = SSL_get_verify_result(ssl);
        ERR_print_errors_fp(stdout);
        if (why != X509_V_OK)
            printf("verify: %s\n", X509_verify_cert_error_string(why));
        close(fd);
        return 1;
    }
    printf("handshake was completed: %s, %s\n", SSL_get_version(ssl), SSL_get_cipher(ssl));
    if (!o.server)
        SSL_write(ssl, "hello\n", 6);
    while ((code = SSL_read(ssl, buffer, sizeof buffer)) > 0) {
        printf("read %d bytes\n", code);
        if (!o.server)
            break;
        SSL_write(ssl, buffer, code);
    }
    if (code < 0)
        ERR_print_errors_fp(stdout);
    SSL_shutdown(ssl);
    close(fd);
    return 0;
}
