/* Chains for the tests, from the files that make_certs.sh made. TW_TEST_CERTS (environment) tells where
 * they are if not beside this file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_TEST_CHAIN_H
#define TLSWHY_TEST_CHAIN_H

#include "x509/chain.h"

#include <string.h>

static inline char *cert_file(const char *name, const char *suffix)
{
    const char *dir = g_getenv("TW_TEST_CERTS");
    char *here = g_path_get_dirname(__FILE__);
    char *file = dir ? g_strconcat(dir, "/", name, suffix, NULL) : g_strconcat(here, "/certs/", name, suffix, NULL);

    g_free(here);
    return file;
}

static inline void read_cert_file(const char *name, const char *suffix, char **text)
{
    char *file = cert_file(name, suffix);

    if (!g_file_get_contents(file, text, NULL, NULL))
        g_error("cannot read %s", file);
    g_free(file);
}

/* The bytes between the BEGIN and END lines. */
static inline GByteArray *der_of(const char *name)
{
    char *pem = NULL, *start, *end;
    gsize len;
    guchar *der;

    read_cert_file(name, ".pem", &pem);
    start = strstr(pem, "-----\n") + 6;
    end = strstr(start, "-----END");
    *end = '\0';
    der = g_base64_decode(start, &len);
    g_free(pem);
    return g_byte_array_new_take(der, len);
}

/* A file of hexadecimal digits. */
static inline GBytes *hex_of(const char *name, const char *suffix)
{
    char *text = NULL;
    GByteArray *out = g_byte_array_new();

    read_cert_file(name, suffix, &text);
    for (const char *p = text; g_ascii_isxdigit(p[0]) && g_ascii_isxdigit(p[1]); p += 2) {
        guint8 byte = (guint8)(g_ascii_xdigit_value(p[0]) << 4 | g_ascii_xdigit_value(p[1]));
        g_byte_array_append(out, &byte, 1);
    }
    g_free(text);
    return g_byte_array_free_to_bytes(out);
}

static inline GBytes *der_of_word(const char *word, bool *cut)
{
    char mark = word[0];
    char *name = g_strdup(word + (mark == '~' || mark == '!'));
    GByteArray *der;

    *cut = g_str_has_suffix(name, "/");
    name[strcspn(name, "/")] = '\0';
    der = der_of(name);
    g_free(name);
    if (mark == '~')
        der->data[der->len - 1] ^= 1;
    if (mark == '!')
        der->data[4] ^= 0xff;
    if (*cut)
        g_byte_array_set_size(der, der->len / 2);
    return g_byte_array_free_to_bytes(der);
}

/* A chain of the certificates that WORDS names (see test_chain.c). */
static inline tw__chain *chain_of(const char *words)
{
    GPtrArray *ders = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    char **list = g_strsplit(words, " ", -1);
    bool cut = false;
    tw__chain *chain;

    for (char **word = list; *word && **word; word++)
        g_ptr_array_add(ders, der_of_word(*word, &cut));
    chain = tw__chain_new(NULL, ders, cut);
    g_strfreev(list);
    g_ptr_array_unref(ders);
    return chain;
}

#endif
