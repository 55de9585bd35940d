/* A client and a server on wolfSSL. See peer.h; -suites are names of wolfSSL, parted by colons, -groups its numbers,
 * parted by commas.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <wolfssl/options.h>

#include <wolfssl/error-ssl.h>
#include <wolfssl/ssl.h>

#include "peer.h"

static WOLFSSL_METHOD *method_of(const options *o)
{
    bool only_12 = !strcmp(o->versions, "12"), only_13 = !strcmp(o->versions, "13");
    if (o->server)
        return only_12   ? wolfTLSv1_2_server_method()
               : only_13 ? wolfTLSv1_3_server_method()
                         : wolfSSLv23_server_method();
    return only_12 ? wolfTLSv1_2_client_method() : only_13 ? wolfTLSv1_3_client_method() : wolfSSLv23_client_method();
}

static void check(int code, const char *what)
{
    char text[WOLFSSL_MAX_ERROR_SZ];
    if (code == WOLFSSL_SUCCESS)
        return;
    printf("%s: error %d: %s\n", what, code, wolfSSL_ERR_error_string((unsigned long)code, text));
    exit(2);
}

static void say_error(WOLFSSL *ssl, int code, const char *what)
{
    char text[WOLFSSL_MAX_ERROR_SZ];
    WOLFSSL_ALERT_HISTORY history;
    int error = wolfSSL_get_error(ssl, code);
    printf("%s: error %d: %s\n", what, error, wolfSSL_ERR_error_string((unsigned long)error, text));
    if (wolfSSL_get_alert_history(ssl, &history) == WOLFSSL_SUCCESS)
        printf("alert sent %d, alert received %d\n", history.last_tx.code, history.last_rx.code);
}

/* -reject */
static int refuse(int good, WOLFSSL_X509_STORE_CTX *store)
{
    (void)good;
    (void)store;
    printf("this program does not like it\n");
    return 0;
}

static const options *chosen; /* of the callbacks, which have no argument of ours */

static unsigned give_psk(WOLFSSL *ssl, const char *hint, char *identity, unsigned identity_max, unsigned char *key,
                         unsigned key_max)
{
    (void)ssl;
    (void)hint;
    snprintf(identity, identity_max, "%s", chosen->identity);
    return read_psk(chosen, key, key_max);
}

static unsigned find_psk(WOLFSSL *ssl, const char *identity, unsigned char *key, unsigned key_max)
{
    (void)ssl;
    return strcmp(identity, chosen->identity) ? 0 : read_psk(chosen, key, key_max);
}

static unsigned give_psk_13(WOLFSSL *ssl, const char *hint, char *identity, unsigned identity_max, unsigned char *key,
                            unsigned key_max, const char **suite)
{
    *suite = "TLS13-AES128-GCM-SHA256";
    return give_psk(ssl, hint, identity, identity_max, key, key_max);
}

static unsigned find_psk_13(WOLFSSL *ssl, const char *identity, unsigned char *key, unsigned key_max,
                            const char **suite)
{
    *suite = "TLS13-AES128-GCM-SHA256";
    return find_psk(ssl, identity, key, key_max);
}

static void set_psk(WOLFSSL_CTX *context, const options *o)
{
    chosen = o;
    if (o->server) {
        wolfSSL_CTX_set_psk_server_callback(context, find_psk);
        wolfSSL_CTX_set_psk_server_tls13_callback(context, find_psk_13);
    } else {
        wolfSSL_CTX_set_psk_client_callback(context, give_psk);
        wolfSSL_CTX_set_psk_client_tls13_callback(context, give_psk_13);
    }
}

static void set_trust(WOLFSSL_CTX *context, const options *o)
{
    int mode = WOLFSSL_VERIFY_NONE;
    if (o->trust)
        check(wolfSSL_CTX_load_verify_locations(context, o->trust, NULL), "trust");
    if (o->server ? o->ask != NULL : !o->no_check)
        mode = WOLFSSL_VERIFY_PEER;
    if (o->ask && !strcmp(o->ask, "require"))
        mode |= WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    wolfSSL_CTX_set_verify(context, mode, o->reject ? refuse : NULL);
    if (o->crl) {
        check(wolfSSL_CTX_EnableCRL(context, WOLFSSL_CRL_CHECK), "revocation lists");
        check(wolfSSL_CTX_LoadCRLFile(context, o->crl, WOLFSSL_FILETYPE_PEM), "revocation list");
    }
    if (o->min_key)
        check(wolfSSL_CTX_SetMinRsaKey_Sz(context, (short)atoi(o->min_key)), "shortest key");
    if (o->min_dh)
        check(wolfSSL_CTX_SetMinDhKey_Sz(context, (word16)atoi(o->min_dh)), "smallest group");
}

int main(int argc, char **argv)
{
    options o = read_options(argc, argv);
    WOLFSSL_CTX *context;
    WOLFSSL *ssl;
    char buffer[1024];
    int fd, code;
    wolfSSL_Init();
    context = wolfSSL_CTX_new(method_of(&o));
    set_trust(context, &o);
    if (o.cert) {
        check(wolfSSL_CTX_use_certificate_chain_file(context, o.cert), "certificate");
        check(wolfSSL_CTX_use_PrivateKey_file(context, o.key, WOLFSSL_FILETYPE_PEM), "key");
    }
    if (o.psk)
        set_psk(context, &o);
    if (o.stapling && !o.server)
        check(wolfSSL_CTX_EnableOCSPStapling(context), "stapling");
    if (o.suites)
        check(wolfSSL_CTX_set_cipher_list(context, o.suites), "suites");
    ssl = wolfSSL_new(context);
    for (char *rest = o.groups ? strdup(o.groups) : NULL, *word; rest && (word = strsep(&rest, ","));) {
        check(wolfSSL_UseSupportedCurve(ssl, (word16)atoi(word)), "group");
        if (!o.server && strcmp(o.versions, "12"))
            wolfSSL_UseKeyShare(ssl, (word16)atoi(word));
    }
    if (!o.server && o.name) {
        check(wolfSSL_UseSNI(ssl, WOLFSSL_SNI_HOST_NAME, o.name, (unsigned short)strlen(o.name)), "name");
        if (!o.no_check)
            check(wolfSSL_check_domain_name(ssl, o.name), "name");
    }
    if (o.server && o.name) {
        check(wolfSSL_UseSNI(ssl, WOLFSSL_SNI_HOST_NAME, o.name, (unsigned short)strlen(o.name)), "name");
        wolfSSL_SNI_SetOptions(ssl, WOLFSSL_SNI_HOST_NAME, WOLFSSL_SNI_ABORT_ON_ABSENCE);
    }
    if (o.stapling && !o.server)
        check(wolfSSL_UseOCSPStapling(ssl, WOLFSSL_CSR_OCSP, 0), "stapling");
    if (o.alpn)
        check(wolfSSL_UseALPN(ssl, (char *)o.alpn, (unsigned)strlen(o.alpn), WOLFSSL_ALPN_FAILED_ON_MISMATCH),
              "alpn");
    fd = open_socket(&o);
    wolfSSL_set_fd(ssl, fd);
    code = o.server ? wolfSSL_accept(ssl) : wolfSSL_connect(ssl);
    if (code != WOLFSSL_SUCCESS) {
        say_error(ssl, code, "handshake");
        close(fd);
        return 1;
    }
    printf("handshake was completed: %s, %s\n", wolfSSL_get_version(ssl), wolfSSL_get_cipher(ssl));
    if (!o.server)
        wolfSSL_write(ssl, "hello\n", 6);
    while ((code = wolfSSL_read(ssl, buffer, sizeof buffer)) > 0) {
        printf("read %d bytes\n", code);
        if (!o.server)
            break;
        wolfSSL_write(ssl, buffer, code);
    }
    if (code < 0)
        say_error(ssl, code, "read");
    wolfSSL_shutdown(ssl);
    close(fd);
    return 0;
}
