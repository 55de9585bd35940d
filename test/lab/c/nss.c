/* A server on NSS 3.110, which compresses its certificate (RFC 8879) with an algorithm that the program brings along.
 *
 *   PROGRAM PORT DATABASE brotli|zstd
 *
 * The certificate's nickname in the database is "peer". It serves one connection after the other, and answers the first
 * thing that comes with a page.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <brotli/encode.h>
#include <nspr.h>
#include <nss.h>
#include <pk11pub.h>
#include <secerr.h>
#include <ssl.h>
#include <sslexp.h>
#include <sslproto.h>
#include <zstd.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char page[] = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n";

static SECStatus set_output(SECItem *output, const void *bytes, size_t len)
{
    if (!len || !SECITEM_AllocItem(NULL, output, (unsigned)len))
        return SECFailure;
    memcpy(output->data, bytes, len);
    return SECSuccess;
}

static SECStatus encode_brotli(const SECItem *input, SECItem *output)
{
    size_t len = BrotliEncoderMaxCompressedSize(input->len);
    uint8_t *bytes = malloc(len);
    BROTLI_BOOL done = BrotliEncoderCompress(BROTLI_DEFAULT_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC,
                                             input->len, input->data, &len, bytes);
    SECStatus status = done ? set_output(output, bytes, len) : SECFailure;
    free(bytes);
    return status;
}

static SECStatus encode_zstd(const SECItem *input, SECItem *output)
{
    size_t room = ZSTD_compressBound(input->len);
    uint8_t *bytes = malloc(room);
    size_t len = ZSTD_compress(bytes, room, input->data, input->len, ZSTD_CLEVEL_DEFAULT);
    SECStatus status = ZSTD_isError(len) ? SECFailure : set_output(output, bytes, len);
    free(bytes);
    return status;
}

/* No client sends a certificate here. */
static SECStatus decode_none(const SECItem *input, unsigned char *output, size_t room, size_t *used)
{
    (void)input;
    (void)output;
    (void)room;
    (void)used;
    return SECFailure;
}

static const SSLCertificateCompressionAlgorithm algorithms[] = {
    { 2, "brotli", encode_brotli, decode_none },
    { 3, "zstd", encode_zstd, decode_none },
};

static void check(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "%s: error %d %s\n", what, PR_GetError(), PR_ErrorToName(PR_GetError()));
    exit(2);
}

static PRFileDesc *listen_on(unsigned short port)
{
    PRFileDesc *listener = PR_OpenTCPSocket(PR_AF_INET);
    PRSocketOptionData reuse = { .option = PR_SockOpt_Reuseaddr, .value.reuse_addr = PR_TRUE };
    PRNetAddr address;
    PR_SetSocketOption(listener, &reuse);
    PR_InitializeNetAddr(PR_IpAddrLoopback, port, &address);
    check(PR_Bind(listener, &address) == PR_SUCCESS && PR_Listen(listener, 8) == PR_SUCCESS, "listen");
    return listener;
}

static PRFileDesc *secure(PRFileDesc *socket, const char *algorithm)
{
    CERTCertificate *cert = PK11_FindCertFromNickname("peer", NULL);
    SECKEYPrivateKey *key = cert ? PK11_FindKeyByAnyCert(cert, NULL) : NULL;
    PRFileDesc *fd = SSL_ImportFD(NULL, socket);
    check(key && SSL_ConfigServerCert(fd, cert, key, NULL, 0) == SECSuccess, "certificate");
    for (unsigned i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
        SSLCertificateCompressionAlgorithm one = algorithms[i]; /* NSS's macro wants a bare name */
        if (!strcmp(one.name, algorithm))
            check(SSL_SetCertificateCompressionAlgorithm(fd, one) == SECSuccess, algorithm);
    }
    SSL_ResetHandshake(fd, PR_TRUE);
    CERT_DestroyCertificate(cert);
    SECKEY_DestroyPrivateKey(key);
    return fd;
}

static void serve(PRFileDesc *socket, const char *algorithm)
{
    PRFileDesc *fd = secure(socket, algorithm);
    char bytes[4096];
    if (PR_Recv(fd, bytes, sizeof bytes, 0, PR_SecondsToInterval(3)) > 0)
        PR_Send(fd, page, sizeof page - 1, 0, PR_INTERVAL_NO_TIMEOUT);
    else
        printf("error %s\n", PR_ErrorToName(PR_GetError()));
    PR_Close(fd);
}

int main(int argc, char **argv)
{
    PRFileDesc *listener;
    if (argc != 4) {
        fprintf(stderr, "usage: %s PORT DATABASE brotli|zstd\n", argv[0]);
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    check(NSS_Init(argv[2]) == SECSuccess, argv[2]);
    check(NSS_SetDomesticPolicy() == SECSuccess && SSL_ConfigServerSessionIDCache(0, 0, 0, NULL) == SECSuccess,
          "settings");
    listener = listen_on((unsigned short)atoi(argv[1]));
    for (;;) {
        PRFileDesc *socket = PR_Accept(listener, NULL, PR_INTERVAL_NO_TIMEOUT);
        check(socket, "accept");
        serve(socket, argv[3]);
    }
}
