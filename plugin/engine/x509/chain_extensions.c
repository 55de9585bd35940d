/* The extensions of a certificate (RFC 5280 4.2), found in one walk over its bytes, for the library decodes all of them anew for
 * each question. What their values say, the library reads, but for an AuthorityKeyIdentifier.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509/chain_internal.h"

#include <string.h>

#include <gnutls/x509-ext.h>

enum {
    TAG_BOOLEAN = 0x01,
    TAG_OCTETS = 0x04,
    TAG_OID = 0x06,
    TAG_SEQUENCE = 0x30,
    TAG_KEY_ID = 0x80, /* this and the next: of AuthorityKeyIdentifier */
    TAG_CERT_ISSUER = 0xa1,
    TAG_DIRECTORY_NAME = 0xa4,
};

#define OID_BYTES_MAX 8
#define KEY_ID_MAX    128

static const struct {
    uint8_t len, oid[OID_BYTES_MAX];
} oids[N_EXTENSIONS] = {
    [EXTENSION_SUBJECT_KEY_ID] = { 3, { 0x55, 0x1d, 14 } }, /* 2.5.29.14 */
    [EXTENSION_KEY_USAGE] = { 3, { 0x55, 0x1d, 15 } },
    [EXTENSION_BASIC_CONSTRAINTS] = { 3, { 0x55, 0x1d, 19 } },
    [EXTENSION_NAME_CONSTRAINTS] = { 3, { 0x55, 0x1d, 30 } },
    [EXTENSION_AUTHORITY_KEY_ID] = { 3, { 0x55, 0x1d, 35 } },
    [EXTENSION_EXTENDED_KEY_USAGE] = { 3, { 0x55, 0x1d, 37 } },
    [EXTENSION_TLS_FEATURE] = { 8, { 0x2b, 6, 1, 5, 5, 7, 1, 24 } }, /* 1.3.6.1.5.5.7.1.24 */
};

/* ---- the list ---- */

bool chain_extension_next(der_span *list, der_span *oid, bool *critical, der_span *value)
{
    der_span extension, flag;

    if (!chain_der_enter(list, TAG_SEQUENCE, &extension) || !chain_der_enter(&extension, TAG_OID, oid))
        return false;
    *critical = chain_der_enter(&extension, TAG_BOOLEAN, &flag) && flag.len == 1 && flag.data[0];
    return chain_der_enter(&extension, TAG_OCTETS, value);
}

static int kind_of(der_span oid)
{
    for (int i = 0; i < N_EXTENSIONS; i++)
        if (oid.len == oids[i].len && memcmp(oid.data, oids[i].oid, oid.len) == 0)
            return i;
    return -1;
}

bool chain_extensions_find(GBytes *certificate, der_span found[N_EXTENSIONS])
{
    der_span list, oid, value;
    bool critical;

    if (!chain_der_extensions(certificate, &list))
        return false;
    while (chain_extension_next(&list, &oid, &critical, &value)) {
        int kind = kind_of(oid);
        if (kind >= 0 && !found[kind].data)
            found[kind] = value;
    }
    return list.len == 0;
}

/* ---- their values ---- */

static gnutls_datum_t datum_of(der_span value)
{
    return (gnutls_datum_t){ (unsigned char *)(uintptr_t)value.data, (unsigned)value.len };
}

bool chain_read_basic_constraints(der_span value, bool *ca, int *path_len)
{
    gnutls_datum_t datum = datum_of(value);
    unsigned is_ca = 0;

    *path_len = -1;
    if (!value.data || gnutls_x509_ext_import_basic_constraints(&datum, &is_ca, path_len) < 0)
        return false;
    *ca = is_ca;
    return true;
}

bool chain_read_key_usage(der_span value, unsigned *usage)
{
    gnutls_datum_t datum = datum_of(value);

    return value.data && gnutls_x509_ext_import_key_usage(&datum, usage) >= 0;
}

/* Takes ID, which the library made. */
static GBytes *take_id(gnutls_datum_t id)
{
    GBytes *taken = id.size > 0 && id.size <= KEY_ID_MAX ? g_bytes_new(id.data, id.size) : NULL;

    gnutls_free(id.data);
    return taken;
}

GBytes *chain_read_subject_key_id(der_span value)
{
    gnutls_datum_t datum = datum_of(value), id = { NULL, 0 };

    return value.data && gnutls_x509_ext_import_subject_key_id(&datum, &id) >= 0 ? take_id(id) : NULL;
}

/* The library takes a hundred times as long, as it makes a tree of the names beside it first. */
GBytes *chain_read_authority_key_id(der_span value)
{
    der_span in, id;

    if (!value.data || !chain_der_find(value, TAG_SEQUENCE, &in) || !chain_der_find(in, TAG_KEY_ID, &id))
        return NULL;
    return id.len > 0 && id.len <= KEY_ID_MAX ? g_bytes_new(id.data, id.len) : NULL;
}

/* The library has this name as text only. */
bool chain_read_issuers_issuer(der_span value, der_span *name)
{
    der_span in, names;

    return value.data && chain_der_find(value, TAG_SEQUENCE, &in) && chain_der_find(in, TAG_CERT_ISSUER, &names) &&
           chain_der_find(names, TAG_DIRECTORY_NAME, name);
}

bool chain_read_has_feature(der_span value, unsigned feature)
{
    gnutls_datum_t datum = datum_of(value);
    gnutls_x509_tlsfeatures_t features;
    unsigned one;
    bool found = false;

    if (!value.data || gnutls_x509_tlsfeatures_init(&features) < 0)
        return false;
    if (gnutls_x509_ext_import_tlsfeatures(&datum, features, 0) >= 0)
        for (unsigned i = 0; !found && gnutls_x509_tlsfeatures_get(features, i, &one) >= 0; i++)
            found = one == feature;
    gnutls_x509_tlsfeatures_deinit(features);
    return found;
}

gnutls_x509_key_purposes_t chain_read_purposes(der_span value)
{
    gnutls_datum_t datum = datum_of(value);
    gnutls_x509_key_purposes_t purposes;

    if (!value.data || gnutls_x509_key_purpose_init(&purposes) < 0)
        return NULL;
    if (gnutls_x509_ext_import_key_purposes(&datum, purposes, 0) >= 0)
        return purposes;
    gnutls_x509_key_purpose_deinit(purposes);
    return NULL;
}
