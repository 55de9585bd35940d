/* What is said without TLS. See plain.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tlswhy/plain.h"

#include <string.h>

#define COMMAND_MAX 64 /* an upgrade request is short */

static const uint8_t postgresql_request[] = { 0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f };

/* The segment as one line of text, without its end; false for anything that is none. */
static bool line_of(const uint8_t *bytes, size_t len, char line[COMMAND_MAX + 1])
{
    size_t n = 0;
    while (n < len && n < COMMAND_MAX && g_ascii_isprint((char)bytes[n])) {
        line[n] = g_ascii_toupper((char)bytes[n]);
        n++;
    }
    line[n] = '\0';
    return n > 0 && (n == len || bytes[n] == '\r' || bytes[n] == '\n');
}

/* "STARTTLS" alone (SMTP, NNTP, sieve), or behind a tag (IMAP). */
static bool is_starttls(const char *line)
{
    const char *word = strchr(line, ' ');
    return !strcmp(line, "STARTTLS") || (word && !strcmp(word + 1, "STARTTLS"));
}

bool tw_starttls_asks(const uint8_t *bytes, size_t len)
{
    char line[COMMAND_MAX + 1];
    if (len == sizeof postgresql_request && !memcmp(bytes, postgresql_request, len))
        return true;
    if (len > COMMAND_MAX || !line_of(bytes, len, line))
        return false;
    return is_starttls(line) || !strcmp(line, "STLS") || !strcmp(line, "AUTH TLS") || !strcmp(line, "AUTH SSL") ||
           g_str_has_prefix(line, "<STARTTLS ");
}

const char *tw_starttls_protocol(const uint8_t *bytes, size_t len, uint16_t port)
{
    char line[COMMAND_MAX + 1];
    if (!tw_starttls_asks(bytes, len))
        return NULL;
    if (!bytes[0])
        return "postgres";
    line_of(bytes, len, line);
    if (strchr(line, '<'))
        return "xmpp";
    if (!strcmp(line, "STLS"))
        return "pop3";
    if (g_str_has_prefix(line, "AUTH "))
        return "ftp";
    if (strcmp(line, "STARTTLS") != 0)
        return "imap";
    return port == 119 ? "nntp" : port == 4190 ? "sieve" : "smtp";
}

/* "454 ..." of SMTP, FTP and NNTP. */
static bool is_error_code(const char *line)
{
    return (line[0] == '4' || line[0] == '5') && g_ascii_isdigit(line[1]) && g_ascii_isdigit(line[2]) &&
           (line[3] == ' ' || line[3] == '-' || !line[3]);
}

/* "TAG NO ..." and "TAG BAD ..." of IMAP. */
static bool is_imap_no(const char *line)
{
    const char *word = strchr(line, ' ');
    return word && (g_str_has_prefix(word + 1, "NO ") || g_str_has_prefix(word + 1, "BAD "));
}

bool tw_starttls_declines(const uint8_t *bytes, size_t len)
{
    char line[COMMAND_MAX + 1];
    if (len == 1 && bytes[0] == 'N')
        return true;
    line_of(bytes, len, line);
    return is_error_code(line) || is_imap_no(line) || g_str_has_prefix(line, "-ERR") ||
           g_str_has_prefix(line, "NO ") || g_str_has_prefix(line, "<FAILURE ");
}

/* What HTTPS servers answer, in the clear, to a request without TLS: Apache httpd AH01996's page, nginx 497, Go net/http. */
static const char *const answers_to_plain[] = {
    "speaking plain HTTP to an SSL-enabled server port",
    "The plain HTTP request was sent to HTTPS port",
    "Client sent an HTTP request to an HTTPS server",
};

bool tw_is_answer_to_plain(const char *text)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(answers_to_plain); i++)
        if (strstr(text, answers_to_plain[i]))
            return true;
    return false;
}

/* Ports that speak TLS from the first byte (IANA: https, nntps, ldaps, dns over TLS, ftps, telnets, imaps, pop3s, sips, ...). */
bool tw_is_tls_port(uint16_t port)
{
    static const uint16_t ports[] = { 443, 465, 563,  636,  853,  989,  990,  992,  993,
                                      994, 995, 3269, 5061, 5671, 6514, 6697, 8443, 8883 };
    for (unsigned i = 0; i < G_N_ELEMENTS(ports); i++)
        if (ports[i] == port)
            return true;
    return false;
}
