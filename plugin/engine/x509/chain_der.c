/* Just enough DER to find what GnuTLS does not hand out: the signed bytes, the curve.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509/chain_internal.h"

enum {
    TAG_INTEGER = 0x02,
    TAG_OCTETS = 0x04,
    TAG_OID = 0x06,
    TAG_TIME = 0x18,
    TAG_LONG = 0x1f,
    CONSTRUCTED = 0x20,
    TAG_SEQUENCE = 0x30,
    TAG_VERSION = 0xa0,
    TAG_RESPONSE_BYTES = 0xa0,
    TAG_NEXT_UPDATE = 0xa0,
    TAG_REVOKED = 0xa1,
    TAG_SALT = 0xa2,
    TAG_EXTENSIONS = 0xa3,
};

#define INDEFINITE       0x80 /* a length that is not DER, but BER */
#define PSS_SALT_DEFAULT 20   /* RFC 4055 3.1 */

/* GnuTLS looks extensions and name parts up one after the other, and libtasn1 reaches the n-th by
 * walking over all before it. Real certificates stay below a few dozen of either. */
#define PARTS_MAX  1000
#define VALUES_MAX TW_NAMES_MAX /* in extension values: alternative names, mostly */
#define DEPTH_MAX  12

der_span chain_der_span(GBytes *bytes)
{
    der_span span = { NULL, 0 };

    span.data = g_bytes_get_data(bytes, &span.len);
    return span;
}

static bool take_length(const uint8_t *p, size_t left, size_t *header, size_t *len)
{
    size_t n = p[1] & 0x7f;

    *header = 2;
    *len = p[1];
    if (p[1] < 0x80)
        return true;
    if (n == 0 || n > sizeof(uint32_t) || left < 2 + n)
        return false;
    *header += n;
    *len = 0;
    for (size_t i = 0; i < n; i++)
        *len = *len << 8 | p[2 + i];
    return true;
}

bool chain_der_next(der_span *in, uint8_t *tag, der_span *content, der_span *whole)
{
    size_t header, len;

    if (in->len < 2 || (in->data[0] & 0x1f) == 0x1f || !take_length(in->data, in->len, &header, &len) ||
        len > in->len - header)
        return false;
    *tag = in->data[0];
    content->data = in->data + header;
    content->len = len;
    if (whole) {
        whole->data = in->data;
        whole->len = header + len;
    }
    in->data += header + len;
    in->len -= header + len;
    return true;
}

bool chain_der_enter(der_span *in, uint8_t wanted, der_span *content)
{
    uint8_t tag;

    return in->len > 0 && in->data[0] == wanted && chain_der_next(in, &tag, content, NULL);
}

bool chain_der_tbs(GBytes *certificate, der_span *tbs)
{
    der_span in = chain_der_span(certificate), outer, content;
    uint8_t tag;

    return chain_der_enter(&in, TAG_SEQUENCE, &outer) && chain_der_next(&outer, &tag, &content, tbs) &&
           tag == TAG_SEQUENCE;
}

#define OID_TEXT_MAX 128 /* longer ones are cut off */

static char *put_number(char *to, uint64_t number)
{
    char digits[20];
    size_t n = 0;

    do
        digits[n++] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    while (n > 0)
        *to++ = digits[--n];
    return to;
}

char *chain_der_oid_text(der_span oid)
{
    char text[OID_TEXT_MAX], *to = text;
    uint64_t arc = 0;

    for (size_t i = 0; i < oid.len && to - text < OID_TEXT_MAX - 24; i++) {
        arc = (arc & (G_MAXUINT64 >> 8)) << 7 | (oid.data[i] & 0x7f);
        if (oid.data[i] & 0x80)
            continue;
        if (to == text) {
            uint64_t first = MIN(arc / 40, 2);
            to = put_number(to, first);
            arc -= 40 * first;
        }
        *to++ = '.';
        to = put_number(to, arc);
        arc = 0;
    }
    return g_strndup(text, (gsize)(to - text));
}

/* The parts of the signed part, from the serial number (0) on, the optional version left out. */
enum { PART_VALIDITY = 3, PART_KEY = 5, PART_EXTENSIONS = 6 };

/* REST: the signed part from the part WANTED on. */
static bool skip_parts(GBytes *certificate, int wanted, der_span *rest)
{
    der_span tbs, content;
    uint8_t tag;

    if (!chain_der_tbs(certificate, &tbs) || !chain_der_enter(&tbs, TAG_SEQUENCE, rest))
        return false;
    if (rest->len > 0 && rest->data[0] == TAG_VERSION && !chain_der_next(rest, &tag, &content, NULL))
        return false;
    for (int part = 0; part < wanted; part++)
        if (!chain_der_next(rest, &tag, &content, NULL))
            return false;
    return true;
}

static bool find_part(GBytes *certificate, int wanted, der_span *content)
{
    der_span rest;

    return skip_parts(certificate, wanted, &rest) && chain_der_enter(&rest, TAG_SEQUENCE, content);
}

bool chain_der_extensions(GBytes *certificate, der_span *list)
{
    der_span rest, content;
    uint8_t tag;

    *list = (der_span){ NULL, 0 };
    if (!skip_parts(certificate, PART_EXTENSIONS, &rest))
        return false;
    while (chain_der_next(&rest, &tag, &content, NULL)) /* unique identifiers come before them */
        if (tag == TAG_EXTENSIONS)
            return chain_der_enter(&content, TAG_SEQUENCE, list);
    return rest.len == 0;
}

bool chain_der_validity(GBytes *certificate, der_span times[2])
{
    der_span validity;
    uint8_t tag;

    return find_part(certificate, PART_VALIDITY, &validity) && chain_der_next(&validity, &tag, &times[0], NULL) &&
           chain_der_next(&validity, &tag, &times[1], NULL);
}

char *chain_der_curve_oid(GBytes *certificate)
{
    der_span key, algorithm, oid, curve;

    if (!find_part(certificate, PART_KEY, &key) || !chain_der_enter(&key, TAG_SEQUENCE, &algorithm) ||
        !chain_der_enter(&algorithm, TAG_OID, &oid) || !chain_der_enter(&algorithm, TAG_OID, &curve))
        return NULL;
    return chain_der_oid_text(curve);
}

int chain_der_pss_salt(GBytes *certificate)
{
    der_span in = chain_der_span(certificate), outer, part, oid, parameters, number;
    uint8_t tag;

    if (!chain_der_enter(&in, TAG_SEQUENCE, &outer) || !chain_der_next(&outer, &tag, &part, NULL) ||
        !chain_der_enter(&outer, TAG_SEQUENCE, &part) || !chain_der_enter(&part, TAG_OID, &oid) ||
        !chain_der_enter(&part, TAG_SEQUENCE, &parameters))
        return -1;
    while (chain_der_next(&parameters, &tag, &part, NULL))
        if (tag == TAG_SALT)
            return chain_der_enter(&part, TAG_INTEGER, &number) && number.len == 1 ? number.data[0] : G_MAXINT;
    return PSS_SALT_DEFAULT;
}

typedef struct {
    unsigned parts, values; /* outside and inside of extension values */
} part_count;

static void count_parts(der_span in, unsigned depth, unsigned *count, part_count *all)
{
    der_span content;
    uint8_t tag;

    while (all->parts <= PARTS_MAX && all->values <= VALUES_MAX && chain_der_next(&in, &tag, &content, NULL)) {
        ++*count;
        if (depth >= DEPTH_MAX)
            continue;
        if (tag == TAG_OCTETS)
            count_parts(content, depth + 1, &all->values, all);
        else if (tag & CONSTRUCTED)
            count_parts(content, depth + 1, count, all);
    }
}

bool chain_der_excessive(GBytes *certificate)
{
    part_count all = { 0, 0 };

    count_parts(chain_der_span(certificate), 0, &all.parts, &all);
    return all.parts > PARTS_MAX || all.values > VALUES_MAX;
}

/* Whether the elements in IN fill it, and so on within. What this reader does not know (indefinite lengths, long tags)
 * may be sound. */
static bool holds_together(der_span in, unsigned depth)
{
    der_span content;
    uint8_t tag;

    while (in.len > 0) {
        if (in.len > 1 && ((in.data[0] & TAG_LONG) == TAG_LONG || in.data[1] == INDEFINITE))
            return true;
        if (!chain_der_next(&in, &tag, &content, NULL))
            return false;
        if (tag & CONSTRUCTED && depth < DEPTH_MAX && !holds_together(content, depth + 1))
            return false;
    }
    return true;
}

bool chain_der_is_sound(GBytes *certificate)
{
    der_span in = chain_der_span(certificate), content;

    if (in.len > 1 && in.data[1] == INDEFINITE)
        return true;
    return find_part(certificate, PART_VALIDITY, &content) && find_part(certificate, PART_KEY, &content) &&
           holds_together(in, 0);
}

bool chain_der_find(der_span span, uint8_t tag, der_span *content)
{
    uint8_t found;

    while (chain_der_next(&span, &found, content, NULL))
        if (found == tag)
            return true;
    return false;
}

/* The content of the responses of an OCSP response: one SingleResponse after the other. */
static bool enter_ocsp_responses(GBytes *response, der_span *responses)
{
    der_span in = chain_der_span(response), outer, bytes, type, basic, part;
    uint8_t tag;

    if (!chain_der_enter(&in, TAG_SEQUENCE, &outer) || !chain_der_find(outer, TAG_RESPONSE_BYTES, &in) ||
        !chain_der_enter(&in, TAG_SEQUENCE, &bytes) || !chain_der_enter(&bytes, TAG_OID, &type) ||
        !chain_der_enter(&bytes, TAG_OCTETS, &in) || !chain_der_enter(&in, TAG_SEQUENCE, &basic) ||
        !chain_der_enter(&basic, TAG_SEQUENCE, &in))
        return false;
    if (in.len > 0 && in.data[0] == TAG_VERSION && !chain_der_next(&in, &tag, &part, NULL))
        return false;
    return chain_der_next(&in, &tag, &part, NULL) && /* responderID */
           chain_der_enter(&in, TAG_TIME, &part) &&  /* producedAt */
           chain_der_enter(&in, TAG_SEQUENCE, responses);
}

bool chain_der_ocsp_times(GBytes *response, unsigned n, der_ocsp_times *times)
{
    der_span responses, single, id, status, next;
    uint8_t tag;

    *times = (der_ocsp_times){ .this_update = { NULL, 0 } };
    if (!enter_ocsp_responses(response, &responses))
        return false;
    for (unsigned i = 0; i <= n; i++)
        if (!chain_der_enter(&responses, TAG_SEQUENCE, &single))
            return false;
    if (!chain_der_enter(&single, TAG_SEQUENCE, &id) || !chain_der_next(&single, &tag, &status, NULL) ||
        !chain_der_enter(&single, TAG_TIME, &times->this_update))
        return false;
    if (tag == TAG_REVOKED && !chain_der_enter(&status, TAG_TIME, &times->revoked_at))
        return false;
    return !chain_der_find(single, TAG_NEXT_UPDATE, &next) || chain_der_enter(&next, TAG_TIME, &times->next_update);
}
