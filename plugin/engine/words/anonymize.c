/* Pseudonyms. See words.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tlswhy/words.h"

#include <string.h>

#include "words/address.h"

static GHashTable *pseudonyms; /* value in small letters -> pseudonym; NULL: nothing is replaced */
static GHashTable *numbers;    /* "host" -> how many there are, and so for every series */

void tw_anonymize(bool on)
{
    g_clear_pointer(&pseudonyms, g_hash_table_destroy);
    g_clear_pointer(&numbers, g_hash_table_destroy);
    if (!on)
        return;
    pseudonyms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    numbers = g_hash_table_new(g_str_hash, g_str_equal);
}

bool tw_anonymizing(void)
{
    return pseudonyms != NULL;
}

/* The next number of SERIES, a literal; from 1. */
static unsigned next_number(const char *series)
{
    unsigned n = GPOINTER_TO_UINT(g_hash_table_lookup(numbers, series)) + 1;
    g_hash_table_insert(numbers, (gpointer)(uintptr_t)series, GUINT_TO_POINTER(n));
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

static char *new_host(const char *name)
{
    uint8_t address[TW__ADDRESS_MAX];
    switch (tw__address_read(name, address)) {
    case 0: return g_strdup_printf("host-%u", next_number("host"));
    case 4: return unused_ipv4(next_number("192.0.2"));
    default: return g_strdup_printf("2001:db8::%x", next_number("2001:db8::"));
    }
}

/* The pseudonym of VALUE, lent; SERIES NULL: it is a host. */
static const char *pseudonym(const char *value, const char *series)
{
    char *key = g_ascii_strdown(value, -1);
    const char *known = g_hash_table_lookup(pseudonyms, key);
    char *made;
    if (known) {
        g_free(key);
        return known;
    }
    made = series ? g_strdup_printf("%s-%u", series, next_number(series)) : new_host(key);
    g_hash_table_insert(pseudonyms, key, made);
    return made;
}

/* A wildcard keeps its star, a name its final dot. */
static char *host(const char *name)
{
    size_t star = g_str_has_prefix(name, "*.") ? 2 : 0, len = strlen(name);
    bool dot = len > star + 1 && name[len - 1] == '.';
    char *bare = g_strndup(name + star, len - star - dot);
    char *text = g_strdup_printf("%.*s%s%s", (int)star, name, pseudonym(bare, NULL), dot ? "." : "");
    g_free(bare);
    return text;
}

static char *endpoint(const char *text)
{
    const char *port = tw_endpoint_port(text);
    char *address = tw_endpoint_host(text);
    char *result =
        g_strdup_printf(port && text[0] == '[' ? "[%s]%s" : "%s%s", pseudonym(address, NULL), port ? port : "");
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

static void append_attribute_value(GString *out, const char *value)
{
    char *text = looks_like_host(value) ? host(value) : g_strdup(pseudonym(value, "name"));
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

static char *dn(const char *text)
{
    GString *out = g_string_new(NULL);
    while (*text) {
        size_t len = attribute_length(text);
        const char *equals = memchr(text, '=', len);
        size_t type = equals ? (size_t)(equals - text) + 1 : 0;
        char *value = g_strndup(text + type, len - type);
        g_string_append_len(out, text, (gssize)type);
        append_attribute_value(out, value);
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

static char *words(const char *line)
{
    size_t len = harmless_length(line);
    const char *rest = line + len + strspn(line + len, " -");
    if (!*rest)
        return g_strdup(line);
    return g_strdup_printf("%.*s%s%s", (int)len, line, len ? " " : "", pseudonym(rest, "words"));
}

static char *replacement(tw_private kind, const char *value)
{
    switch (kind) {
    case TW_PRIVATE_HOST: return host(value);
    case TW_PRIVATE_ENDPOINT: return endpoint(value);
    case TW_PRIVATE_DN: return dn(value);
    case TW_PRIVATE_IDENTITY: return g_strdup(pseudonym(value, "identity"));
    case TW_PRIVATE_SERIAL: return g_strdup(pseudonym(value, "serial"));
    case TW_PRIVATE_URL: return g_strdup(pseudonym(value, "url"));
    case TW_PRIVATE_FILE: return g_strdup(pseudonym(value, "file"));
    case TW_PRIVATE_WORDS: return words(value);
    }
    return g_strdup("?");
}

char *tw_private_text(tw_private kind, char *value)
{
    char *text;
    if (!pseudonyms || !value || !*value)
        return value;
    text = replacement(kind, value);
    g_free(value);
    return text;
}

void tw_values_set_private(tw_values *v, const char *name, tw_private kind, const char *value)
{
    char *text = tw_private_text(kind, g_strdup(value));
    tw_values_set(v, name, text);
    g_free(text);
}
