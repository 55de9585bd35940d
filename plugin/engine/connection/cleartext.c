/* What is said without TLS. See cleartext.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection/cleartext.h"

#include "tlswhy/capture.h"

#include "tlswhy/words.h"

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

/* A message of LDAP (RFC 4511 4.1.1) whose operation has TAG: where its content begins; 0: it is none. */
static size_t ldap_operation(const uint8_t *bytes, size_t len, uint8_t tag)
{
    size_t at = 2;
    if (len < 8 || bytes[0] != 0x30)
        return 0;
    if (bytes[1] & 0x80)
        at += bytes[1] & 0x0f;
    if (at + 2 > len || bytes[at] != 0x02 || bytes[at + 1] > 4)
        return 0;
    at += 2u + bytes[at + 1]; /* the message's number */
    if (at + 2 > len || bytes[at] != tag)
        return 0;
    at += 2u + (bytes[at + 1] & 0x80 ? bytes[at + 1] & 0x0f : 0);
    return at < len ? at : 0;
}

#define LDAP_EXTENDED_REQUEST  0x77
#define LDAP_EXTENDED_RESPONSE 0x78
#define LDAP_STARTTLS          "1.3.6.1.4.1.1466.20037"

static bool is_ldap_starttls(const uint8_t *bytes, size_t len)
{
    size_t at = ldap_operation(bytes, len, LDAP_EXTENDED_REQUEST), oid = sizeof LDAP_STARTTLS - 1;
    return at && at + 2 + oid <= len && bytes[at] == 0x80 && bytes[at + 1] == oid &&
           !memcmp(bytes + at + 2, LDAP_STARTTLS, oid);
}

/* The result code of an ExtendedResponse, or -1. */
static int ldap_result(const uint8_t *bytes, size_t len)
{
    size_t at = ldap_operation(bytes, len, LDAP_EXTENDED_RESPONSE);
    return at && at + 3 <= len && bytes[at] == 0x0a && bytes[at + 1] == 1 ? bytes[at + 2] : -1;
}

/* RDP negotiates in the last 8 bytes of X.224's connection request and confirm ([MS-RDPBCGR] 2.2.1.1.1, 2.2.1.2.2). */
#define RDP_REQUEST  0x01
#define RDP_FAILURE  0x03
#define RDP_TLS      0x0b /* PROTOCOL_SSL, PROTOCOL_HYBRID, PROTOCOL_HYBRID_EX */
#define X224_REQUEST 0xe0
#define X224_CONFIRM 0xd0

static const uint8_t *rdp_negotiation(const uint8_t *bytes, size_t len, uint8_t pdu, uint8_t type)
{
    size_t whole = len >= 4 ? (size_t)bytes[2] << 8 | bytes[3] : 0;
    const uint8_t *last;
    if (whole < 19 || whole > len || bytes[0] != 3 || bytes[5] != pdu)
        return NULL;
    last = bytes + whole - 8;
    return last[0] == type && last[2] == 8 ? last : NULL;
}

static bool is_rdp_request(const uint8_t *bytes, size_t len)
{
    const uint8_t *last = rdp_negotiation(bytes, len, X224_REQUEST, RDP_REQUEST);
    return last && (last[4] & RDP_TLS);
}

/* What a proxy is asked for: "CONNECT HOST:PORT ..." (RFC 9110 9.3.6). */
static bool is_http_connect(const uint8_t *bytes, size_t len)
{
    const uint8_t *host, *end, *port;
    if (len <= 8 || memcmp(bytes, "CONNECT ", 8) != 0)
        return false;
    host = bytes + 8;
    end = memchr(host, ' ', len - 8);
    if (!end)
        return len >= COMMAND_MAX; /* a long name */
    for (port = end; port > host && g_ascii_isdigit((char)port[-1]); port--)
        ;
    return port < end && port > host + 1 && port[-1] == ':';
}

#define REQUEST_MAX 512 /* with commands that follow it; of a tunnel's headers may be more */

/* The first bytes of PostgreSQL's, RDP's and LDAP's request; all others are text. */
bool tw__may_be_request(uint8_t first, size_t whole)
{
    bool begins = !first || first == 3 || first == 0x30 || g_ascii_isprint((char)first);
    return whole <= REQUEST_MAX ? begins : first == 'C';
}

bool tw__starttls_asks(const uint8_t *bytes, size_t len)
{
    char line[COMMAND_MAX + 1];
    if (len == sizeof postgresql_request && !memcmp(bytes, postgresql_request, len))
        return true;
    if (is_http_connect(bytes, len) || is_ldap_starttls(bytes, len) || is_rdp_request(bytes, len))
        return true;
    if (len > COMMAND_MAX || !line_of(bytes, len, line))
        return false;
    return is_starttls(line) || !strcmp(line, "STLS") || !strcmp(line, "AUTH TLS") || !strcmp(line, "AUTH SSL") ||
           g_str_has_prefix(line, "<STARTTLS ");
}

#define SOCKS4         4
#define SOCKS4_CONNECT 1
#define SOCKS5         5

/* A version and a number of methods; or a version, a command, an address and a name. */
static bool is_socks(const uint8_t *bytes, size_t len)
{
    if (len > 2 && bytes[0] == SOCKS5)
        return len == 2u + bytes[1];
    return len >= 9 && bytes[0] == SOCKS4 && bytes[1] == SOCKS4_CONNECT && !bytes[len - 1];
}

bool tw_asks_for_tunnel(const uint8_t *bytes, size_t len)
{
    return is_http_connect(bytes, len) || is_rdp_request(bytes, len) || is_socks(bytes, len);
}

const char *tw__starttls_protocol(const uint8_t *bytes, size_t len, uint16_t port)
{
    char line[COMMAND_MAX + 1];
    if (!tw__starttls_asks(bytes, len))
        return NULL;
    if (!bytes[0])
        return "postgres";
    if (bytes[0] == 0x30)
        return "ldap";
    if (bytes[0] == 3 || is_http_connect(bytes, len)) /* openssl knows neither */
        return NULL;
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

/* A proxy's status line. 407 only asks for a name and a password, and most clients come back with them. */
static bool is_http_refusal(const char *line)
{
    return (g_str_has_prefix(line, "HTTP/1.0 ") || g_str_has_prefix(line, "HTTP/1.1 ")) && line[9] >= '3' &&
           line[9] <= '5' && strncmp(line + 9, "407", 3) != 0;
}

#define POSTGRESQL_ERROR 'E' /* servers before SSLRequest, and those that are full */

bool tw__starttls_declines(const uint8_t *bytes, size_t len)
{
    char line[COMMAND_MAX + 1];
    if (len == 1 && bytes[0] == 'N')
        return true;
    if (len > 6 && bytes[0] == POSTGRESQL_ERROR && !bytes[1] && !bytes[2])
        return true;
    if (ldap_result(bytes, len) > 0 || rdp_negotiation(bytes, len, X224_CONFIRM, RDP_FAILURE))
        return true;
    line_of(bytes, len, line);
    return is_error_code(line) || is_imap_no(line) || is_http_refusal(line) || g_str_has_prefix(line, "-ERR") ||
           g_str_has_prefix(line, "NO ") || g_str_has_prefix(line, "<FAILURE ");
}

/* What HTTPS servers answer, in the clear, to a request without TLS: Apache httpd AH01996's page, nginx 497, Go
 * net/http. */
static const char *const answers_to_cleartext[] = {
    "speaking plain HTTP to an SSL-enabled server port", "The plain HTTP request was sent to HTTPS port",
    "Client sent an HTTP request to an HTTPS server", "combination of host and port requires TLS", /* Tomcat */
};

bool tw__is_answer_to_cleartext(const char *text)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(answers_to_cleartext); i++)
        if (strstr(text, answers_to_cleartext[i]))
            return true;
    return false;
}

/* nginx's pages of its statuses 496 and 495, which go out as 400 (src/http/ngx_http_special_response.c); the same in
 * HTTP/1 and HTTP/2. */
static const struct {
    const char *title;
    tw__said said;
} pages[] = {
    { "<title>400 No required SSL certificate was sent</title>", TW_SAID_MISSING },
    { "<title>400 The SSL certificate error</title>", TW_SAID_REJECTED },
};

tw__said tw__says_of_certificate(const uint8_t *bytes, size_t len)
{
    const uint8_t *end = bytes + len, *tag = len ? memchr(bytes, '<', len) : NULL;
    while (tag) {
        for (unsigned i = 0; i < G_N_ELEMENTS(pages); i++)
            if ((size_t)(end - tag) >= strlen(pages[i].title) && !memcmp(tag, pages[i].title, strlen(pages[i].title)))
                return pages[i].said;
        tag = memchr(tag + 1, '<', (size_t)(end - tag - 1));
    }
    return TW_SAID_NOTHING;
}

/* Ports that speak TLS from the first byte (IANA: https, nntps, ldaps, dns over TLS, ftps, telnets, imaps, pop3s,
 * sips, ...). */
bool tw__is_tls_port(uint16_t port)
{
    static const uint16_t ports[] = { 443, 465, 563,  636,  853,  989,  990,  992,  993,
                                      994, 995, 3269, 5061, 5671, 6514, 6697, 8443, 8883 };
    for (unsigned i = 0; i < G_N_ELEMENTS(ports); i++)
        if (ports[i] == port)
            return true;
    return false;
}

bool tw__is_ldaps_port(uint16_t port)
{
    return port == 636 || port == 3269;
}

bool tw__is_ldap_unbind(const uint8_t bytes[5])
{
    static const uint8_t begin[] = { 0x30, TW_LDAP_UNBIND - 2, 0x02, 1 }; /* a sequence, with a number of one byte */
    return !memcmp(bytes, begin, sizeof begin);
}

/* ---- servers that do not offer it ---- */

bool tw__is_greeting(const uint8_t *bytes, size_t len)
{
    static const char *const greetings[] = { "SSH-", "220 ", "220-",  "421 ",   "554 ",       "200 ", "201 ",
                                             "+OK",  "-ERR", "* OK ", "* BYE ", "* PREAUTH ", "RFB 0" };
    for (unsigned i = 0; i < G_N_ELEMENTS(greetings); i++)
        if (len > strlen(greetings[i]) && !memcmp(bytes, greetings[i], strlen(greetings[i])))
            return true;
    return false;
}

/* A greeting of MySQL or MariaDB, protocol 10: a zero-terminated version, 4 bytes of thread, 8 of salt, a filler, then
 * the capabilities. Returns their lower half, or -1. */
#define MYSQL_HEADER     4
#define MYSQL_PROTOCOL   10
#define MYSQL_CLIENT_SSL 0x0800

static int mysql_capabilities(const uint8_t *bytes, size_t len)
{
    const uint8_t *end;
    size_t at;
    if (len < MYSQL_HEADER + 2 || bytes[2] || bytes[3] || bytes[4] != MYSQL_PROTOCOL || !g_ascii_isdigit(bytes[5]))
        return -1;
    end = memchr(bytes + MYSQL_HEADER + 1, 0, len - MYSQL_HEADER - 1);
    if (!end)
        return -1;
    at = (size_t)(end - bytes) + 1 + 4 + 8 + 1;
    return at + 2 <= len ? bytes[at] | bytes[at + 1] << 8 : -1;
}

bool tw__greets_without_tls(const uint8_t *bytes, size_t len)
{
    int capabilities = mysql_capabilities(bytes, len);
    return capabilities >= 0 && !(capabilities & MYSQL_CLIENT_SSL);
}

/* ---- PROXY protocol (haproxy's proxy-protocol.txt), versions 1 and 2 ---- */

static const uint8_t proxy2[] = { '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n' };

bool tw__is_proxy_header(const uint8_t *bytes, size_t len)
{
    static const char *const words[] = { "PROXY TCP4 ", "PROXY TCP6 ", "PROXY UNKNOWN" };
    if (!len || (bytes[0] != proxy2[0] && bytes[0] != 'P')) /* nearly always */
        return false;
    if (len >= sizeof proxy2 && !memcmp(bytes, proxy2, sizeof proxy2))
        return true;
    for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
        if (len >= strlen(words[i]) && !memcmp(bytes, words[i], strlen(words[i])))
            return true;
    return false;
}

#define PROXY2_HEADER 16
#define PROXY1_MAX    107

size_t tw__proxy_header_size(const uint8_t *bytes, size_t len)
{
    const uint8_t *end;
    size_t size;
    if (!tw__is_proxy_header(bytes, len))
        return 0;
    if (bytes[0] == 'P') {
        end = memchr(bytes, '\n', MIN(len, PROXY1_MAX));
        return end ? (size_t)(end - bytes) + 1 : 0;
    }
    size = len < PROXY2_HEADER ? len + 1 : PROXY2_HEADER + ((size_t)bytes[14] << 8 | bytes[15]);
    return size <= len ? size : 0;
}

bool tw_is_preamble(const uint8_t *bytes, size_t len)
{
    return len && tw__proxy_header_size(bytes, len) == len;
}

/* ---- tunnels ---- */

#define SOCKS5_NO_METHOD 0xff
#define SOCKS4_GRANTED   0x5a
#define SOCKS4_REPLY     8

bool tw__refuses_tunnel(const uint8_t *bytes, size_t len)
{
    char line[COMMAND_MAX + 1];
    if (len >= 2 && bytes[0] == SOCKS5)
        return len == 2 ? bytes[1] == SOCKS5_NO_METHOD : len >= 10 && bytes[1] && !bytes[2];
    if (len == SOCKS4_REPLY && !bytes[0])
        return bytes[1] > SOCKS4_GRANTED && bytes[1] <= SOCKS4_GRANTED + 3;
    line_of(bytes, len, line);
    return (g_str_has_prefix(line, "HTTP/1.0 ") || g_str_has_prefix(line, "HTTP/1.1 ")) && line[9] >= '3' &&
           line[9] <= '5';
}

/* IANA: lmtp (by custom), smtp, submission, and what stands in for smtp. */
static bool is_mail_port(uint16_t port)
{
    return port == 24 || port == 25 || port == 587 || port == 2525;
}

bool tw__speaks_out_of_turn(const uint8_t *bytes, size_t len, uint16_t port)
{
    char line[COMMAND_MAX + 1];
    return !is_mail_port(port) && line_of(bytes, len, line) &&
           (g_str_has_prefix(line, "EHLO ") || g_str_has_prefix(line, "HELO ") || g_str_has_prefix(line, "LHLO "));
}

/* ---- what a server can do ---- */

static const char *behind_tag(const char *line)
{
    const char *word = strchr(line, ' ');
    return word ? word + 1 : "";
}

bool tw__asks_capabilities(const uint8_t *bytes, size_t len)
{
    char line[COMMAND_MAX + 1];
    return len <= COMMAND_MAX && line_of(bytes, len, line) &&
           (g_str_has_prefix(line, "EHLO ") || g_str_has_prefix(line, "LHLO ") || !strcmp(line, "CAPA") ||
            !strcmp(behind_tag(line), "CAPABILITY"));
}

bool tw__says_goodbye(const uint8_t *bytes, size_t len)
{
    char line[COMMAND_MAX + 1];
    return len <= COMMAND_MAX && line_of(bytes, len, line) &&
           (!strcmp(line, "QUIT") || !strcmp(behind_tag(line), "LOGOUT"));
}

/* SMTP: "250-" lines and one "250 "; IMAP: "* CAPABILITY" and "TAG OK"; POP3: "+OK" and a list that ends in ".". */
static bool is_whole_list(const char *text)
{
    const char *last;
    if (!g_str_has_suffix(text, "\r\n"))
        return false;
    if (g_str_has_prefix(text, "+OK"))
        return g_str_has_suffix(text, "\r\n.\r\n");
    if (g_str_has_prefix(text, "* CAPABILITY "))
        return strstr(text, " OK ") != NULL;
    last = text + strlen(text) - 2;
    while (last > text && last[-1] != '\n')
        last--;
    return g_str_has_prefix(text, "250") && g_str_has_prefix(last, "250 ");
}

bool tw__lacks_starttls(const uint8_t *bytes, size_t len)
{
    char *text = g_ascii_strup(len ? (const char *)bytes : "", (gssize)len);
    bool lacks = is_whole_list(text) && !strstr(text, "STARTTLS") && !strstr(text, "STLS");
    g_free(text);
    return lacks;
}

/* ---- in words ---- */

static const char *rdp_failure(uint8_t code)
{
    static const char *const names[] = { NULL,
                                         "SSL_REQUIRED_BY_SERVER",
                                         "SSL_NOT_ALLOWED_BY_SERVER",
                                         "SSL_CERT_NOT_ON_SERVER",
                                         "INCONSISTENT_FLAGS",
                                         "HYBRID_REQUIRED_BY_SERVER",
                                         "SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER" };
    return code < G_N_ELEMENTS(names) && names[code] ? names[code] : tw_text_template(TW_TEXT_UNKNOWN_CODE);
}

static const char *ldap_name(int result)
{
    switch (result) {
    case 1: return "operationsError";
    case 2: return "protocolError";
    case 10: return "referral";
    case 50: return "insufficientAccessRights";
    case 52: return "unavailable";
    case 53: return "unwillingToPerform";
    default: return "refused";
    }
}

/* The first line, or all there is. */
static char *first_line(const uint8_t *bytes, size_t len)
{
    size_t n = 0;
    while (n < len && bytes[n] != '\r' && bytes[n] != '\n')
        n++;
    return tw_escape((const char *)bytes, (gssize)(n ? n : len), TW_VALUE_MAX);
}

/* FORM with its code NUMBER and the LEN bytes of TEXT, up to a NUL. */
static char *code_text(tw_text form, unsigned number, const char *text, gssize len)
{
    char *whole = len < 0 ? g_strdup(text) : g_strndup(text, (gsize)len), *said;
    tw_values *v = tw_values_new();
    tw_values_setf(v, "number", "%u", number);
    tw_values_set_text(v, "text", whole);
    said = tw_text_new(form, v);
    tw_values_free(v);
    g_free(whole);
    return said;
}

char *tw__cleartext_words(const uint8_t *bytes, size_t len)
{
    const uint8_t *rdp = rdp_negotiation(bytes, len, X224_CONFIRM, RDP_FAILURE);
    int result = ldap_result(bytes, len), capabilities = mysql_capabilities(bytes, len);
    if (rdp)
        return code_text(TW_TEXT_RDP_FAILURE, rdp[4], rdp_failure(rdp[4]), -1);
    if (result > 0)
        return code_text(TW_TEXT_LDAP_RESULT, (unsigned)result, ldap_name(result), -1);
    if (capabilities >= 0)
        return code_text(capabilities & MYSQL_CLIENT_SSL ? TW_TEXT_MYSQL : TW_TEXT_MYSQL_WITHOUT_TLS, 0,
                         (const char *)bytes + MYSQL_HEADER + 1, (gssize)(len - MYSQL_HEADER - 1));
    if (len > MYSQL_HEADER + 4 && !bytes[1] && !bytes[2] && bytes[MYSQL_HEADER] == 0xff && bytes[0] < 0xff)
        return code_text(TW_TEXT_MYSQL_ERROR, (unsigned)(bytes[5] | bytes[6] << 8), (const char *)bytes + 7,
                         (gssize)(len - 7));
    if (len > 6 && bytes[0] == POSTGRESQL_ERROR && !bytes[1] && !bytes[2])
        return code_text(TW_TEXT_POSTGRESQL_ERROR, 0, (const char *)bytes + 5, (gssize)(len - 5));
    if (len >= sizeof proxy2 && !memcmp(bytes, proxy2, sizeof proxy2))
        return tw_text_new(TW_TEXT_PROXY2, NULL);
    return first_line(bytes, len);
}

/* [MS-TDS] 2.2.3.1, 2.2.6.5 */
#define TDS_HEADER     8
#define TDS_PRELOGIN   0x12
#define TDS_LAST       1
#define TDS_OPTION     5 /* bytes of a token with the place of its value */
#define TDS_VERSION    0
#define TDS_ENCRYPTION 1
#define TDS_END        0xff

bool tw_asks_for_tds(const uint8_t *bytes, size_t len)
{
    const uint8_t *body = bytes + TDS_HEADER;
    bool asks = false;
    size_t n;
    if (len < TDS_HEADER + TDS_OPTION || bytes[0] != TDS_PRELOGIN || bytes[1] != TDS_LAST ||
        (size_t)(bytes[2] << 8 | bytes[3]) != len || body[0] != TDS_VERSION)
        return false;
    n = len - TDS_HEADER;
    for (size_t i = 0; i < n; i += TDS_OPTION) {
        size_t at, size;
        if (body[i] == TDS_END)
            return asks;
        if (n - i < TDS_OPTION)
            return false;
        at = (size_t)body[i + 1] << 8 | body[i + 2];
        size = (size_t)body[i + 3] << 8 | body[i + 4];
        if (at + size > n)
            return false;
        asks = asks || (body[i] == TDS_ENCRYPTION && size == 1);
    }
    return false;
}
