/* Pseudonyms. See words.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tlswhy/words.h"

#include <string.h>

#include "words/address.h"

struct tw_anonymizer {
    GHashTable *pseudonyms; /* value in small letters -> pseudonym */
    GHashTable *numbers;    /* "host" -> how many there are, and so for every series */
};

tw_anonymizer *tw_anonymizer_new(void)
{
    tw_anonymizer *a = g_new(tw_anonymizer, 1);
    a->pseudonyms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    a->numbers = g_hash_table_new(g_str_hash, g_str_equal);
    return a;
}

void tw_anonymizer_free(tw_anonymizer *a)
{
    if (!a)
        return;
    g_hash_table_destroy(a->pseudonyms);
    g_hash_table_destroy(a->numbers);
    g_free(a);
}

/* The next number of SERIES, a literal; from 1. */
static unsigned next_number(tw_anonymizer *a, const char *series)
{
    unsigned n = GPOINTER_TO_UINT(g_hash_table_lookup(a->numbers, series)) + 1;
    g_hash_table_insert(a->numbers, (gpointer)(uintptr_t)series, GUINT_TO_POINTER(n));
    return n;
}

/* The n-th address that no machine has: 192.0.2.1 and on, 198.51.100.1, 203.0.113.1, then 198.18.0.0/15. */
static char *unused_ipv4(unsigned n)
{
    static const char *const nets[] = { "192.0.2", "198.51.100", "203.0.113" };
    const unsigned named = (unsigned)G_N_ELEMENTS(nets) * 254;
    unsigned rest = n - 1;
    if (rest < named)
        return g_strdup_printf("%s.%u", nets[rest / 254], rest % 254 + 1);
    rest -= named;
    if (rest < 1u << 17)
        return g_strdup_printf("198.%u.%u.%u", 18 + (rest >> 16), rest >> 8 & 255, rest & 255);
    return g_strdup_printf("address-%u", n);
}

static char *new_host(tw_anonymizer *a, const char *name)
{
    uint8_t address[TW__ADDRESS_MAX];
    switch (tw__address_read(name, address)) {
    case 0: return g_strdup_printf("host-%u", next_number(a, "host"));
    case 4: return unused_ipv4(next_number(a, "192.0.2"));
    default: return g_strdup_printf("2001:db8::%x", next_number(a, "2001:db8::"));
    }
}

/* The pseudonym of VALUE, lent; SERIES NULL: it is a host. */
static const char *pseudonym(tw_anonymizer *a, const char *value, const char *series)
{
    char *key = g_ascii_strdown(value, -1);
    const char *known = g_hash_table_lookup(a->pseudonyms, key);
    char *made;
    if (known) {
        g_free(key);
        return known;
    }
    made = series ? g_strdup_printf("%s-%u", series, next_number(a, series)) : new_host(a, key);
    g_hash_table_insert(a->pseudonyms, key, made);
    return made;
}

/* A wildcard keeps its star, a name its final dot. */
static char *host(tw_anonymizer *a, const char *name)
{
    size_t star = g_str_has_prefix(name, "*.") ? 2 : 0, len = strlen(name);
    bool dot = len > star + 1 && name[len - 1] == '.';
    char *bare = g_strndup(name + star, len - star - dot);
    char *text = g_strdup_printf("%.*s%s%s", (int)star, name, pseudonym(a, bare, NULL), dot ? "." : "");
    g_free(bare);
    return text;
}

static char *endpoint(tw_anonymizer *a, const char *text)
{
    const char *port = tw_endpoint_port(text);
    char *address = tw_endpoint_host(text);
    char *result =
        g_strdup_printf(port && text[0] == '[' ? "[%s]%s" : "%s%s", pseudonym(a, address, NULL), port ? port : "");
    g_free(address);
    return result;
}

/* ---- distinguished names ---- */

static bool looks_like_host(const char *value)
{
    bool dot = false;
    for (const char *c = value; *c; c++) {
        if (!g_ascii_isalnum(*c) && !strchr(".-_*:", *c))
            return false;
        dot |= *c == '.' || *c == ':';
    }
    return dot;
}

static void append_attribute_value(tw_anonymizer *a, GString *out, const char *value)
{
    char *text = looks_like_host(value) ? host(a, value) : g_strdup(pseudonym(a, value, "name"));
    g_string_append(out, text);
    g_free(text);
}

/* Where the attribute at TEXT ends: at an unescaped separator (RFC 4514 section 2). */
static size_t attribute_length(const char *text)
{
    size_t i = 0;
    while (text[i] && text[i] != ',' && text[i] != '+')
        i += text[i] == '\\' && text[i + 1] ? 2 : 1;
    return i;
}

static char *dn(tw_anonymizer *a, const char *text)
{
    GString *out = g_string_new(NULL);
    while (*text) {
        size_t len = attribute_length(text);
        const char *equals = memchr(text, '=', len);
        size_t type = equals ? (size_t)(equals - text) + 1 : 0;
        char *value = g_strndup(text + type, len - type);
        g_string_append_len(out, text, (gssize)type);
        append_attribute_value(a, out, value);
        g_free(value);
        text += len;
        if (*text)
            g_string_append_c(out, *text++);
    }
    return g_string_free(out, FALSE);
}

/* ---- a line of another protocol ---- */

/* The status or the command that LINE begins with, which names nobody: its length, or 0. */
static size_t harmless_length(const char *line)
{
    static const char *const known[] = { "HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "SSH-2.0", "GET",      "POST", "HEAD",
                                         "PUT",      "OPTIONS",  "CONNECT",  "PRI",     "EHLO",     "HELO", "AUTH",
                                         "QUIT",     "USER",     "PASS",     "NICK",    "STARTTLS", "+OK",  "-ERR" };
    size_t digits = strspn(line, "0123456789");
    if (digits && (line[digits] == ' ' || line[digits] == '-'))
        return digits;
    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
        size_t len = strlen(known[i]);
        if (g_str_has_prefix(line, known[i]) && (line[len] == ' ' || line[len] == '-' || !line[len]))
            return len;
    }
    return 0;
}

static char *words(tw_anonymizer *a, const char *line)
{
    size_t len = harmless_length(line);
    const char *rest = line + len + strspn(line + len, " -");
    if (!*rest)
        return g_strdup(line);
    return g_strdup_printf("%.*s%s%s", (int)len, line, len ? " " : "", pseudonym(a, rest, "words"));
}

static char *replacement(tw_anonymizer *a, tw_private kind, const char *value)
{
    switch (kind) {
    case TW_PRIVATE_HOST: return host(a, value);
    case TW_PRIVATE_ENDPOINT: return endpoint(a, value);
    case TW_PRIVATE_DN: return dn(a, value);
    case TW_PRIVATE_IDENTITY: return g_strdup(pseudonym(a, value, "identity"));
    case TW_PRIVATE_SERIAL: return g_strdup(pseudonym(a, value, "serial"));
    case TW_PRIVATE_URL: return g_strdup(pseudonym(a, value, "url"));
    case TW_PRIVATE_FILE: return g_strdup(pseudonym(a, value, "file"));
    case TW_PRIVATE_WORDS: return words(a, value);
    }
    return g_strdup("?");
}

char *tw_private_text(tw_anonymizer *a, tw_private kind, char *value)
{
    char *text;
    if (!a || !value || !*value)
        return value;
    text = replacement(a, kind, value);
    g_free(value);
    return text;
}
