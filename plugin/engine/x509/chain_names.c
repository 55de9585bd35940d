/* Whether a certificate is for the name that was asked for (RFC 6125, RFC 9525).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509/chain_internal.h"

#include <string.h>

#include "words/address.h"

#define SHOWN_MAX        3  /* names listed in the finding */
#define SHOWN_MAX_BYTES  55 /* of each, so that the count behind them survives TW_VALUE_MAX */
#define OID_COMMON_NAME  "2.5.4.3"
#define COMMON_NAMES_MAX 8

typedef struct {
    const char *dns; /* the name asked for, no dot at its end */
    size_t dns_len;
    uint8_t address[TW__ADDRESS_MAX]; /* or the address */
    size_t address_len;               /* 0: a DNS name */
} reference;

/* What the certificate's names came to. */
typedef struct {
    bool matched;
    bool unknown; /* some name was not looked at */
    unsigned count;
    GString *shown;
    tw_anonymizer *anonymizer;
} outcome;

static reference make_reference(const char *name)
{
    reference ref = { name, strlen(name), { 0 }, 0 };

    ref.address_len = tw__address_read(name, ref.address);
    if (ref.dns_len > 0 && name[ref.dns_len - 1] == '.')
        ref.dns_len--;
    return ref;
}

/* Both A-labels and plain labels are ASCII; anything else matches byte by byte. */
static bool same_text(const char *a, size_t a_len, const char *b, size_t b_len)
{
    return a_len == b_len && a_len > 0 && g_ascii_strncasecmp(a, b, a_len) == 0;
}

/* PATTERN is the certificate's. A NUL inside never matches, since the reference has none. */
static bool dns_matches(const char *pattern, size_t len, const reference *ref)
{
    const char *dot;

    if (memchr(pattern, '\0', len))
        return false;
    if (len > 0 && pattern[len - 1] == '.')
        len--;
    if (len < 3 || pattern[0] != '*' || pattern[1] != '.')
        return same_text(pattern, len, ref->dns, ref->dns_len);
    dot = memchr(ref->dns, '.', ref->dns_len);
    return dot && dot > ref->dns && same_text(pattern + 1, len - 1, dot, ref->dns_len - (size_t)(dot - ref->dns));
}

/* Takes TEXT. */
static void show(outcome *out, char *text)
{
    if (out->count++ < SHOWN_MAX)
        g_string_append_printf(out->shown, "%s%s", out->shown->len ? ", " : "", text);
    g_free(text);
}

static void take_alt_name(outcome *out, const reference *ref, unsigned type, const char *name, size_t len)
{
    char *text = NULL;

    if (type == GNUTLS_SAN_DNSNAME) {
        out->matched |= ref->address_len == 0 && dns_matches(name, len, ref);
        text = tw_escape(name, (gssize)len, SHOWN_MAX_BYTES);
    } else if (type == GNUTLS_SAN_IPADDRESS) {
        out->matched |= len > 0 && len == ref->address_len && memcmp(name, ref->address, len) == 0;
        text = tw__address_text((const uint8_t *)name, len);
    }
    if (text)
        show(out, tw_private_text(out->anonymizer, TW_PRIVATE_HOST, text));
}

static void compare_alt_names(outcome *out, const reference *ref, gnutls_x509_crt_t crt)
{
    for (unsigned i = 0; i < TW_NAMES_MAX && !out->matched; i++) {
        char name[NAME_MAX_BYTES];
        size_t size = sizeof name;
        unsigned type = 0, critical;
        int rc = gnutls_x509_crt_get_subject_alt_name2(crt, i, name, &size, &type, &critical);

        if (rc == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
            return;
        if (rc == GNUTLS_E_SHORT_MEMORY_BUFFER) /* longer than any DNS name */
            continue;
        if (rc < 0) {
            out->unknown = true;
            return;
        }
        take_alt_name(out, ref, type, name, size);
    }
    out->unknown = !out->matched;
}

/* The common name counts where there is no subjectAltName at all. */
static void compare_common_names(outcome *out, const reference *ref, gnutls_x509_crt_t crt)
{
    for (unsigned i = 0; i < COMMON_NAMES_MAX; i++) {
        char name[NAME_MAX_BYTES], *text;
        size_t size = sizeof name;

        if (gnutls_x509_crt_get_dn_by_oid(crt, OID_COMMON_NAME, i, 0, name, &size) < 0)
            return;
        out->matched |= dns_matches(name, size, ref) && (ref->address_len == 0 || name[0] != '*');
        text = tw_private_text(out->anonymizer, TW_PRIVATE_HOST, tw_escape(name, (gssize)size, SHOWN_MAX_BYTES));
        show(out, g_strconcat("CN=", text, NULL));
        g_free(text);
    }
}

static void add_fault(examination *ex, tw__fault_kind kind, const outcome *out, bool has_san)
{
    tw_values *values = chain_fault(ex, kind, 0)->values;
    char *shown;

    tw_values_set_private(values, "name", TW_PRIVATE_HOST, ex->name);
    tw_values_set_text(values, "list", out->shown->str);
    tw_values_setf(values, "more", "%u", out->count > SHOWN_MAX ? out->count - SHOWN_MAX : 0);
    shown = tw_text_new(out->count > SHOWN_MAX ? TW_TEXT_LIST_MORE
                        : out->count           ? TW_TEXT_LIST_ALL
                                               : TW_TEXT_NO_NAMES,
                        values);
    tw_values_set_text(values, "list", shown);
    tw_values_set_phrase(values, "names", has_san ? TW_TEXT_LIST_ALL : TW_TEXT_NAMES_WITHOUT_SAN);
    tw_values_set(values, "list", NULL);
    tw_values_set(values, "more", NULL);
    g_free(shown);
}

void chain_check_name(examination *ex)
{
    outcome out = { .anonymizer = chain_anonymizer(ex->chain->cache) };
    const chain_cert *leaf = &ex->chain->certs[0];
    reference ref;

    if (ex->chain->path_n == 0 || !ex->name || !*ex->name || ex->side == TW_CLIENT)
        return;
    ref = make_reference(ex->name);
    out.shown = g_string_new(NULL);
    if (leaf->info.has_san)
        compare_alt_names(&out, &ref, leaf->crt);
    else
        compare_common_names(&out, &ref, leaf->crt);
    if (!out.matched && !out.unknown)
        add_fault(ex, TW_FAULT_NAME_MISMATCH, &out, leaf->info.has_san);
    else if (out.matched && !leaf->info.has_san)
        add_fault(ex, TW_FAULT_NO_SAN, &out, false);
    g_string_free(out.shown, TRUE);
}
