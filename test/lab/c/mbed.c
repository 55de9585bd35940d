/* A client and a server on Mbed TLS 2.28. See peer.h; -suites and -groups are names of Mbed TLS, parted by commas.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "peer.h"

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <mbedtls/timing.h>

#define LIST_MAX 32

static char *split(char **rest)
{
    return strsep(rest, ",");
}

static void fail(const char *what, int code)
{
    char text[200];
    mbedtls_strerror(code, text, sizeof text);
    printf("%s: error -0x%04x: %s\n", what, (unsigned)-code, text);
}

static void set_lists(mbedtls_ssl_config *config, const options *o)
{
    static int suites[LIST_MAX + 1];
    static mbedtls_ecp_group_id groups[LIST_MAX + 1];
    static const char *alpn[LIST_MAX + 1];
    char *rest, *word;
    int n = 0;
    for (rest = o->suites ? strdup(o->suites) : NULL; rest && (word = split(&rest)) && n < LIST_MAX;)
        suites[n++] = mbedtls_ssl_get_ciphersuite_id(word);
    if (n)
        mbedtls_ssl_conf_ciphersuites(config, suites);
    n = 0;
    for (rest = o->groups ? strdup(o->groups) : NULL; rest && (word = split(&rest)) && n < LIST_MAX;)
        groups[n++] = mbedtls_ecp_curve_info_from_name(word)->grp_id;
    if (n)
        mbedtls_ssl_conf_curves(config, groups);
    n = 0;
    for (rest = o->alpn ? strdup(o->alpn) : NULL; rest && (word = split(&rest)) && n < LIST_MAX;)
        alpn[n++] = word;
    if (n)
        mbedtls_ssl_conf_alpn_protocols(config, alpn);
}

/* -reject */
static int refuse(void *unused, mbedtls_x509_crt *crt, int depth, uint32_t *flags)
{
    (void)unused;
    (void)crt;
    if (depth == 0) {
        printf("this program does not like it\n");
        *flags |= MBEDTLS_X509_BADCERT_OTHER;
    }
    return 0;
}

static void set_rules(mbedtls_ssl_config *config, const options *o)
{
    static unsigned char psk[64];
    unsigned psk_len = read_psk(o, psk, sizeof psk);
    if (o->reject)
        mbedtls_ssl_conf_verify(config, refuse, NULL);
    if (o->min_dh)
        mbedtls_ssl_conf_dhm_min_bitlen(config, (unsigned)atoi(o->min_dh));
    if (psk_len)
        mbedtls_ssl_conf_psk(config, psk, psk_len, (const unsigned char *)o->identity, strlen(o->identity));
    if (o->secure)
        mbedtls_ssl_conf_legacy_renegotiation(config, MBEDTLS_SSL_LEGACY_BREAK_HANDSHAKE);
    if (o->fallback)
        mbedtls_ssl_conf_fallback(config, MBEDTLS_SSL_IS_FALLBACK);
    if (o->renegotiate)
        mbedtls_ssl_conf_renegotiation(config, MBEDTLS_SSL_RENEGOTIATION_ENABLED);
}

/* -cancel: RFC 5246 7.2.2, user_canceled as a warning and then close_notify */
static int cancel_at_first_flight(mbedtls_ssl_context *ssl)
{
    int code = 0;
    while (!code && ssl->state != MBEDTLS_SSL_CLIENT_CERTIFICATE)
        code = mbedtls_ssl_handshake_step(ssl);
    printf("canceled\n");
    mbedtls_ssl_send_alert_message(ssl, MBEDTLS_SSL_ALERT_LEVEL_WARNING, MBEDTLS_SSL_ALERT_MSG_USER_CANCELED);
    mbedtls_ssl_send_alert_message(ssl, MBEDTLS_SSL_ALERT_LEVEL_WARNING, MBEDTLS_SSL_ALERT_MSG_CLOSE_NOTIFY);
    return code;
}

/* -dtls: the client's socket, or that of the first client that a server hears of. */
static int open_datagrams(const options *o, const char *port)
{
    mbedtls_net_context listener, net;
    int code;
    mbedtls_net_init(&listener);
    mbedtls_net_init(&net);
    if (o->server)
        code = mbedtls_net_bind(&listener, "127.0.0.1", port, MBEDTLS_NET_PROTO_UDP);
    else
        code = mbedtls_net_connect(&net, "127.0.0.1", port, MBEDTLS_NET_PROTO_UDP);
    if (!code && o->server)
        code = mbedtls_net_accept(&listener, &net, NULL, 0, NULL);
    if (code) {
        fail("socket", code);
        exit(2);
    }
    return net.fd;
}

static void check_files(int code, const char *what)
{
    if (code) {
        fail(what, code);
        exit(2);
    }
}

int main(int argc, char **argv)
{
    options o = read_options(argc, argv);
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context random;
    mbedtls_ssl_config config;
    mbedtls_ssl_context ssl;
    mbedtls_x509_crt own, trust;
    mbedtls_x509_crl crl;
    mbedtls_pk_context key;
    mbedtls_net_context net;
    mbedtls_timing_delay_context timer;
    unsigned char buffer[1024];
    int code;
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&random);
    mbedtls_ssl_config_init(&config);
    mbedtls_ssl_init(&ssl);
    mbedtls_x509_crt_init(&own);
    mbedtls_x509_crt_init(&trust);
    mbedtls_pk_init(&key);
    check_files(mbedtls_ctr_drbg_seed(&random, mbedtls_entropy_func, &entropy, NULL, 0), "random");
    check_files(mbedtls_ssl_config_defaults(&config, o.server ? MBEDTLS_SSL_IS_SERVER : MBEDTLS_SSL_IS_CLIENT,
                                            o.dtls ? MBEDTLS_SSL_TRANSPORT_DATAGRAM : MBEDTLS_SSL_TRANSPORT_STREAM,
                                            MBEDTLS_SSL_PRESET_DEFAULT),
                "config");
    mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &random);
    if (o.trust) {
        check_files(mbedtls_x509_crt_parse_file(&trust, o.trust), "trust");
        mbedtls_x509_crl_init(&crl);
        if (o.crl)
            check_files(mbedtls_x509_crl_parse_file(&crl, o.crl), "revocation list");
        mbedtls_ssl_conf_ca_chain(&config, &trust, o.crl ? &crl : NULL);
    }
    if (o.cert) {
        check_files(mbedtls_x509_crt_parse_file(&own, o.cert), "certificate");
        check_files(mbedtls_pk_parse_keyfile(&key, o.key, NULL), "key");
        check_files(mbedtls_ssl_conf_own_cert(&config, &own, &key), "certificate and key");
    }
    if (o.server)
        mbedtls_ssl_conf_authmode(&config, !o.ask                      ? MBEDTLS_SSL_VERIFY_NONE
                                           : !strcmp(o.ask, "require") ? MBEDTLS_SSL_VERIFY_REQUIRED
                                                                       : MBEDTLS_SSL_VERIFY_OPTIONAL);
    else
        mbedtls_ssl_conf_authmode(&config, o.no_check ? MBEDTLS_SSL_VERIFY_NONE : MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_min_version(&config, MBEDTLS_SSL_MAJOR_VERSION_3,
                                 MBEDTLS_SSL_MINOR_VERSION_1 + (o.versions[1] > '2' ? 2 : o.versions[1] - '0'));
    mbedtls_ssl_conf_max_version(&config, MBEDTLS_SSL_MAJOR_VERSION_3,
                                 MBEDTLS_SSL_MINOR_VERSION_1 +
                                     (strrchr(o.versions, '1')[1] > '2' ? 2 : strrchr(o.versions, '1')[1] - '0'));
    set_lists(&config, &o);
    set_rules(&config, &o);
    check_files(mbedtls_ssl_setup(&ssl, &config), "setup");
    if (!o.server)
        mbedtls_ssl_set_hostname(&ssl, o.name);
    if (o.dtls) {
        mbedtls_ssl_conf_read_timeout(&config, 3000);
        mbedtls_ssl_set_timer_cb(&ssl, &timer, mbedtls_timing_set_delay, mbedtls_timing_get_delay);
        if (o.server)
            mbedtls_ssl_conf_dtls_cookies(&config, NULL, NULL, NULL);
        net.fd = open_datagrams(&o, argv[2]);
    } else {
        net.fd = open_socket(&o);
    }
    mbedtls_ssl_set_bio(&ssl, &net, mbedtls_net_send, mbedtls_net_recv, mbedtls_net_recv_timeout);
    if (o.cancel) {
        code = cancel_at_first_flight(&ssl);
        close(net.fd);
        return code;
    }
    code = mbedtls_ssl_handshake(&ssl);
    if (code) {
        uint32_t flags = mbedtls_ssl_get_verify_result(&ssl);
        char text[512];
        fail("handshake", code);
        if (flags && flags != (uint32_t)-1 &&
            mbedtls_x509_crt_verify_info(text, sizeof text, "verify error: ", flags) > 0)
            printf("%s", text);
        close(net.fd);
        return 1;
    }
    printf("handshake was completed: %s, %s\n", mbedtls_ssl_get_version(&ssl), mbedtls_ssl_get_ciphersuite(&ssl));
    if (o.renegotiate && (code = mbedtls_ssl_renegotiate(&ssl)))
        fail("renegotiation", code);
    if (!o.server && !code)
        mbedtls_ssl_write(&ssl, (const unsigned char *)"hello\n", 6);
    while ((code = mbedtls_ssl_read(&ssl, buffer, sizeof buffer)) > 0) {
        printf("read %d bytes\n", code);
        if (o.end_alert)
            mbedtls_ssl_send_alert_message(&ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL, (unsigned char)atoi(o.end_alert));
        if (!o.server || o.end_alert)
            break;
        mbedtls_ssl_write(&ssl, buffer, (size_t)code);
    }
    if (code < 0 && code != MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY)
        fail("read", code);
    if (!o.end_alert)
        mbedtls_ssl_close_notify(&ssl);
    close(net.fd);
    return 0;
}
