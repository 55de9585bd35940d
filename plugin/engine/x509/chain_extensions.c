/* The extensions of a certificate (RFC 5280 4.2), read from its bytes: the library decodes all of them anew for each
 * question.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509/chain_internal.h"

#include <string.h>

enum {
    TAG_BOOLEAN = 0x01,
    TAG_INTEGER = 0x02,
    TAG_BITS = 0x03,
    TAG_OCTETS = 0x04,
    TAG_OID = 0x06,
    TAG_SEQUENCE = 0x30,
    TAG_KEY_ID = 0x80,
    TAG_CERT_ISSUER = 0xa1,
    TAG_DIRECTORY_NAME = 0xa4,
};

#define OID_BYTES_MAX 8

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

/* Enters the SEQUENCE that VALUE has to be. */
static bool enter_all(der_span value, der_span *content)
{
    return value.data && chain_der_enter(&value, TAG_SEQUENCE, content) && value.len == 0;
}

/* The content of the first element of TAG in SPAN. */
static bool find(der_span span, uint8_t tag, der_span *content)
{
    uint8_t found;

    while (chain_der_next(&span, &found, content, NULL))
        if (found == tag)
            return true;
    return false;
}

bool chain_read_basic_constraints(der_span value, bool *ca, int *path_len)
{
    der_span in, part;

    *path_len = -1;
    if (!enter_all(value, &in))
        return false;
    *ca = chain_der_enter(&in, TAG_BOOLEAN, &part) && part.len == 1 && part.data[0];
    if (!chain_der_enter(&in, TAG_INTEGER, &part))
        return in.len == 0;
    if (in.len > 0 || part.len == 0 || part.len > sizeof(int32_t) || part.data[0] & 0x80)
        return false;
    *path_len = 0;
    for (size_t i = 0; i < part.len; i++)
        *path_len = *path_len << 8 | part.data[i];
    return true;
}

bool chain_read_key_usage(der_span value, unsigned *usage)
{
    der_span bits;

    if (!value.data || !chain_der_enter(&value, TAG_BITS, &bits) || value.len > 0 || bits.len == 0 ||
        bits.data[0] > 7)
        return false;
    *usage = bits.len > 1 ? bits.data[1] : 0; /* in front of it stands how many of the last bits are none */
    if (bits.len > 2)
        *usage |= (unsigned)bits.data[2] << 8;
    return true;
}

bool chain_read_subject_key_id(der_span value, der_span *id)
{
    return value.data && chain_der_enter(&value, TAG_OCTETS, id) && value.len == 0;
}

bool chain_read_authority_key_id(der_span value, der_span *id)
{
    der_span in;

    return enter_all(value, &in) && find(in, TAG_KEY_ID, id);
}

bool chain_read_issuers_issuer(der_span value, der_span *name)
{
    der_span in, names;

    return enter_all(value, &in) && find(in, TAG_CERT_ISSUER, &names) && find(names, TAG_DIRECTORY_NAME, name);
}

bool chain_read_has_feature(der_span value, uint8_t feature)
{
    der_span in, part;

    if (!enter_all(value, &in))
        return false;
    while (chain_der_enter(&in, TAG_INTEGER, &part))
        if (part.len == 1 && part.data[0] == feature)
            return true;
    return false;
}

bool chain_read_purposes(der_span value, der_span *list)
{
    return enter_all(value, list);
}

bool chain_read_purpose(der_span *list, der_span *oid)
{
    return chain_der_enter(list, TAG_OID, oid);
}
