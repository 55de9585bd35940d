/* What the small programs of the lab on C libraries share: options, sockets, one connection.
 *
 *   PROGRAM client|server PORT [-cert FILE -key FILE] [-trust FILE] [-ask request|require] [-versions 12|13|12-13]
 *           [-name NAME] [-no-check] [-suites LIST] [-groups LIST] [-alpn LIST] [-crl FILE] [-psk HEX -identity NAME]
 *           [-min-key BITS] [-min-dh BITS] [-reject] [-secure] [-fallback] [-cancel] [-renegotiate] [-stapling] [-dtls] [-end-alert NUMBER]
 *
 * -reject: the program's own callback refuses whatever certificate comes; -secure: only with renegotiation_info;
 * -stapling: the client asks for a stapled OCSP response, and looks at it; -name of a server: the one that it insists on;
 * -cancel: gives up when it has the other side's first flight; -end-alert: says so, when the handshake is done.
 *
 * A client sends a line and reads the answer; a server serves one connection, and answers each line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LAB_PEER_H
#define LAB_PEER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
    bool server;
    int port;
    const char *cert, *key, *trust, *ask, *versions, *name, *suites, *groups, *alpn, *crl, *psk, *identity;
    const char *min_key, *min_dh, *end_alert;
    bool no_check, reject, secure, fallback, cancel, renegotiate, stapling, dtls;
} options;

static inline options read_options(int argc, char **argv)
{
    options o = { .versions = "12-13" };
    const struct {
        const char *word;
        const char **value;
    } known[] = { { "-cert", &o.cert },       { "-key", &o.key },           { "-trust", &o.trust },
                  { "-ask", &o.ask },         { "-versions", &o.versions }, { "-name", &o.name },
                  { "-suites", &o.suites },   { "-groups", &o.groups },     { "-alpn", &o.alpn },
                  { "-crl", &o.crl },         { "-psk", &o.psk },           { "-identity", &o.identity },
                  { "-min-key", &o.min_key }, { "-min-dh", &o.min_dh },     { "-end-alert", &o.end_alert } };
    const struct {
        const char *word;
        bool *value;
    } flags[] = { { "-no-check", &o.no_check }, { "-reject", &o.reject }, { "-secure", &o.secure },
                  { "-fallback", &o.fallback }, { "-cancel", &o.cancel }, { "-renegotiate", &o.renegotiate },
                  { "-stapling", &o.stapling }, { "-dtls", &o.dtls } };
    if (argc < 3) {
        fprintf(stderr, "usage: %s client|server PORT [options]\n", argv[0]);
        exit(2);
    }
    o.server = !strcmp(argv[1], "server");
    o.port = atoi(argv[2]);
    for (int i = 3; i < argc; i++) {
        bool found = false;
        for (unsigned k = 0; k < sizeof flags / sizeof *flags; k++)
            if (!strcmp(argv[i], flags[k].word))
                *flags[k].value = found = true;
        for (unsigned k = 0; !found && i + 1 < argc && k < sizeof known / sizeof *known; k++)
            if (!strcmp(argv[i], known[k].word)) {
                *known[k].value = argv[++i];
                found = true;
            }
        if (!found) {
            fprintf(stderr, "%s: unknown option %s\n", argv[0], argv[i]);
            exit(2);
        }
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    return o;
}

/* The bytes of -psk. */
static inline unsigned read_psk(const options *o, unsigned char *bytes, unsigned max)
{
    unsigned n = 0;
    for (const char *p = o->psk; p && p[0] && p[1] && n < max; p += 2) {
        char pair[3] = { p[0], p[1], 0 };
        bytes[n++] = (unsigned char)strtoul(pair, NULL, 16);
    }
    return n;
}

/* A socket to talk through: the client's, or the first that a server accepts. */
static inline int open_socket(const options *o)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((unsigned short)o->port) };
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (o->server) {
        if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 4)) {
            perror("listen");
            exit(2);
        }
        return accept(fd, NULL, NULL);
    }
    if (connect(fd, (struct sockaddr *)&address, sizeof address)) {
        perror("connect");
        exit(2);
    }
    return fd;
}

#endif
