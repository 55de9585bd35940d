/* ServerKeyExchange (RFC 5246 7.4.3, RFC 8422 5.4, RFC 4279, RFC 5054) and CertificateVerify
 * (RFC 5246 7.4.8, RFC 8446 4.4.3): what was signed, and the signature.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls/reader.h"
#include "tlswhy/words.h"

enum { NAMED_CURVE = 3 }; /* ECCurveType, RFC 8422 5.4; explicit curves died with it */

/* ---- parameters, by key exchange ---- */

static unsigned bit_size(tw__reader number)
{
    while (number.left > 0 && number.at[0] == 0)
        tw__read_u8(&number);
    if (number.left == 0)
        return 0;
    return (unsigned)(8 * (number.left - 1)) + g_bit_storage(number.at[0]);
}

static void read_dhe(tw__server_key_exchange *out, tw__reader *r)
{
    tw__reader p = tw__read_filled_vector(r, 2);

    if (!r->failed)
        out->dh_bits = bit_size(p);
    tw__read_filled_vector(r, 2); /* g */
    tw__read_filled_vector(r, 2); /* Ys */
}

/* Whether POINT has the length of a point of GROUP (RFC 8422 5.4.1, RFC 7748 5); true of groups unknown here. */
static bool is_point_of(uint16_t group, tw__reader point)
{
    static const struct {
        uint16_t group;
        uint8_t field; /* bytes of a coordinate */
        bool bare;     /* one coordinate, without the byte that names the form */
    } sizes[] = {
        { 19, 24, false }, { 21, 28, false }, { 22, 32, false }, { 23, 32, false },
        { 24, 48, false }, { 25, 66, false }, { 29, 32, true },  { 30, 56, true },
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(sizes); i++)
        if (sizes[i].group == group)
            return sizes[i].bare ? point.left == sizes[i].field
                                 : point.left == 1u + 2 * sizes[i].field || point.left == 1u + sizes[i].field;
    return true;
}

static void read_ecdhe(tw__server_key_exchange *out, tw__reader *r)
{
    if (tw__read_u8(r) != NAMED_CURVE)
        tw__reader_fail(r);
    out->group = tw__read_u16(r);
    if (!is_point_of(out->group, tw__read_filled_vector(r, 1)) && !r->failed)
        out->flaw = "point";
}

/* RSA_EXPORT's short-lived key (RFC 2246 7.4.3); other RSA key exchanges have no such message. */
static void read_rsa(tw__server_key_exchange *out, tw__reader *r)
{
    (void)out;
    tw__read_filled_vector(r, 2);
    tw__read_filled_vector(r, 2);
}

/* RFC 5054 2.8.2: N, g, the salt and B. */
static void read_srp(tw__server_key_exchange *out, tw__reader *r)
{
    (void)out;
    tw__read_filled_vector(r, 2);
    tw__read_filled_vector(r, 2);
    tw__read_filled_vector(r, 1);
    tw__read_filled_vector(r, 2);
}

/* RFC 4279 2: the identity hint. What DHE_PSK and ECDHE_PSK put behind it is nobody's evidence here. */
static void read_psk(tw__server_key_exchange *out, tw__reader *r)
{
    (void)out;
    tw__read_vector(r, 2);
    tw__read_bytes(r, r->left);
}

static const struct {
    void (*read)(tw__server_key_exchange *out, tw__reader *r); /* NULL: has no such message */
    bool is_signed;
} exchanges[] = {
    [TW_KX_UNKNOWN] = { NULL, false },    [TW_KX_RSA] = { read_rsa, true },  [TW_KX_DHE] = { read_dhe, true },
    [TW_KX_ECDHE] = { read_ecdhe, true }, [TW_KX_PSK] = { read_psk, false }, [TW_KX_SRP] = { read_srp, true },
    [TW_KX_TLS13] = { NULL, false },
};

/* ---- signatures ---- */

/* A signature that ends the message; before it, from TLS 1.2 on, its scheme. */
static bool read_signature(tw__reader *r, uint16_t version, uint16_t *scheme, const uint8_t **signature, size_t *len)
{
    uint16_t scheme_read = tw__version_as_tls(version) >= TW_TLS12 ? tw__read_u16(r) : 0;
    tw__reader content = tw__read_filled_vector(r, 2);
    bool parsed = tw__reader_done(r);

    *scheme = parsed ? scheme_read : 0;
    *signature = parsed ? content.at : NULL;
    *len = parsed ? content.left : 0;
    return parsed;
}

/* ---- the messages ---- */

void tw__server_key_exchange_read(const uint8_t *body, size_t len, tw__kx kx, bool anonymous, uint16_t version,
                                  tw__server_key_exchange *out)
{
    tw__reader r = tw__reader_of(body, len);

    *out = (tw__server_key_exchange){ .flaw = NULL };
    if ((size_t)kx >= G_N_ELEMENTS(exchanges) || exchanges[kx].read == NULL) {
        out->flaw = tw_text_template(TW_TEXT_FLAW_KEY_EXCHANGE);
        return;
    }
    exchanges[kx].read(out, &r);
    if (r.failed) {
        out->flaw = "params";
        return;
    }
    out->params = body;
    out->params_len = len - r.left;
    if (out->flaw)
        return;
    if (anonymous || !exchanges[kx].is_signed)
        out->flaw = r.left > 0 ? tw_text_template(TW_TEXT_FLAW_TRAILING) : NULL;
    else if (!read_signature(&r, version, &out->scheme, &out->signature, &out->signature_len))
        out->flaw = "signature";
}

bool tw__certificate_verify_read(const uint8_t *body, size_t len, uint16_t version, uint16_t *scheme,
                                 const uint8_t **signature, size_t *signature_len)
{
    tw__reader r = tw__reader_of(body, len);

    return read_signature(&r, version, scheme, signature, signature_len);
}
