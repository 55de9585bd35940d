/* Distinguished names: as text, and in a form that can be compared.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509/chain_internal.h"

#include <string.h>

#define DN_MAX_BYTES 16384 /* longer names are compared byte by byte and not shown */

enum {
    TAG_UTF8 = 0x0c,
    TAG_PRINTABLE = 0x13,
    TAG_TELETEX = 0x14,
    TAG_IA5 = 0x16,
    TAG_VISIBLE = 0x1a,
    TAG_UNIVERSAL = 0x1c,
    TAG_BMP = 0x1e,
};

/* Text of fixed-width characters as UTF-8. */
static char *from_wide(der_span in, size_t width)
{
    GString *out = g_string_new(NULL);

    for (size_t i = 0; i + width <= in.len; i += width) {
        gunichar c = 0;
        for (size_t k = 0; k < width; k++)
            c = c << 8 | in.data[i + k];
        g_string_append_unichar(out, g_unichar_validate(c) && c ? c : 0xfffd);
    }
    return g_string_free(out, FALSE);
}

/* NULL for what is not text. */
static char *string_as_utf8(uint8_t tag, der_span in)
{
    switch (tag) {
    case TAG_UTF8:
        return g_utf8_validate((const char *)in.data, (gssize)in.len, NULL) ? g_strndup((const char *)in.data, in.len)
                                                                            : NULL;
    case TAG_PRINTABLE:
    case TAG_TELETEX: /* what is meant is Latin-1 wherever it is used */
    case TAG_IA5:
    case TAG_VISIBLE: return from_wide(in, 1);
    case TAG_BMP: return from_wide(in, 2);
    case TAG_UNIVERSAL: return from_wide(in, 4);
    default: return NULL;
    }
}

static char *fold_case(const char *text)
{
    char *normal, *folded;

    if (g_str_is_ascii(text))
        return g_ascii_strdown(text, -1);
    normal = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
    folded = g_utf8_casefold(normal ? normal : text, -1);
    g_free(normal);
    return folded;
}

/* Case, composition and the amount of white space do not matter (RFC 5280 7.1, RFC 4518). */
static char *fold(const char *text)
{
    char *folded = fold_case(text);
    char *to = folded;
    bool space = false;

    for (const char *from = g_strstrip(folded); *from; from++) {
        bool blank = *from == ' ' || *from == '\t';
        if (!blank || !space)
            *to++ = *from;
        space = blank;
    }
    *to = '\0';
    return folded;
}

/* Each part goes with its length, so that no two names meet in one form by accident. */
static void append_part(GByteArray *out, uint8_t kind, const void *data, size_t len)
{
    uint32_t len32 = (uint32_t)len;

    g_byte_array_append(out, &kind, 1);
    g_byte_array_append(out, (const guint8 *)&len32, sizeof len32);
    g_byte_array_append(out, data, (guint)len);
}

static bool append_attribute(GByteArray *out, der_span attribute)
{
    der_span type, value;
    uint8_t type_tag, value_tag;
    char *text, *folded;

    if (!chain_der_next(&attribute, &type_tag, &type, NULL) || !chain_der_next(&attribute, &value_tag, &value, NULL))
        return false;
    append_part(out, type_tag, type.data, type.len);
    text = string_as_utf8(value_tag, value);
    if (!text) {
        append_part(out, value_tag, value.data, value.len);
        return true;
    }
    folded = fold(text);
    append_part(out, TAG_UTF8, folded, strlen(folded));
    g_free(folded);
    g_free(text);
    return true;
}

static bool append_name(GByteArray *out, der_span in)
{
    der_span rdns, rdn, attribute;
    uint8_t tag;

    if (!chain_der_next(&in, &tag, &rdns, NULL))
        return false;
    while (chain_der_next(&rdns, &tag, &rdn, NULL)) {
        append_part(out, tag, NULL, 0);
        while (chain_der_next(&rdn, &tag, &attribute, NULL))
            if (!append_attribute(out, attribute))
                return false;
        if (rdn.len > 0)
            return false;
    }
    return rdns.len == 0;
}

GBytes *chain_dn_normal(const uint8_t *der, size_t len)
{
    GByteArray *out;
    der_span in = { der, len };

    if (len > DN_MAX_BYTES)
        return g_bytes_new(der, len);
    out = g_byte_array_new();
    if (!append_name(out, in)) {
        g_byte_array_unref(out);
        return g_bytes_new(der, len);
    }
    return g_byte_array_free_to_bytes(out);
}

static char *unreadable(void)
{
    return tw_text_new(TW_TEXT_UNREADABLE_NAME, NULL);
}

/* TEXT is RFC 4514, where a backslash goes with the character behind it: such pairs stay as they are. */
static char *escape_dn(const char *text, size_t len)
{
    GString *out = g_string_new(NULL);
    size_t i = 0;

    while (i < len && out->len < TW_VALUE_MAX) {
        const char *next = memchr(text + i, '\\', len - i);
        size_t run = next ? (size_t)(next - text) - i : len - i;
        char *shown = tw_escape(text + i, (gssize)run, TW_VALUE_MAX - out->len);
        g_string_append(out, shown);
        g_free(shown);
        i += run;
        if (next && i + 1 < len && g_ascii_isprint(text[i + 1]))
            g_string_append_len(out, text + i, 2);
        i += next ? 2 : 0;
    }
    if (i < len && !g_str_has_suffix(out->str, "..."))
        g_string_append(out, "...");
    return g_string_free(out, FALSE);
}

static char *make_text(const gnutls_datum_t *der, tw_anonymizer *anonymizer)
{
    gnutls_datum_t text = { NULL, 0 };
    char *shown;

    if (der->size == 2 && memcmp(der->data, "0\0", 2) == 0)
        return g_strdup(""); /* the empty name is no error, but the library says so */
    if (der->size < 2 || der->size > DN_MAX_BYTES || gnutls_x509_rdn_get2(der, &text, 0) < 0)
        return unreadable();
    shown = escape_dn((const char *)text.data, text.size);
    gnutls_free(text.data);
    return tw_private_text(anonymizer, TW_PRIVATE_DN, shown);
}

#define TEXTS_MAX 256 /* names whose text is held */

/* The issuer of one certificate is the subject of the next, and a server asks all its clients for the same ones. */
char *chain_dn_text(tw__chain_cache *cache, const gnutls_datum_t *der)
{
    GBytes *key = cache ? g_bytes_new(der->data, der->size) : NULL;
    const char *known = key ? g_hash_table_lookup(cache->texts, key) : NULL;
    char *text = known ? g_strdup(known) : make_text(der, chain_anonymizer(cache));

    if (key && !known && g_hash_table_size(cache->texts) < TEXTS_MAX)
        g_hash_table_insert(cache->texts, g_bytes_ref(key), g_strdup(text));
    g_clear_pointer(&key, g_bytes_unref);
    return text;
}

char *tw__dn_text(tw__chain_cache *cache, GBytes *der)
{
    gsize len;
    const void *data = g_bytes_get_data(der, &len);
    gnutls_datum_t datum = { (unsigned char *)(uintptr_t)data, (unsigned)MIN(len, G_MAXUINT) };

    return chain_dn_text(cache, &datum);
}
