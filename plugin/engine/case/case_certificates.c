/* The certificates of a case, read when a rule asks for them. See case.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "case/case_internal.h"
#include "connection/connection_internal.h"
#include "tls/compressed.h"

#define CERTIFICATES_READ 200 /* certificates taken from one message; chain.h bounds what is examined */

struct tw__case_side {
    bool is_read; /* so far as to know of the next two */
    const tw__message *message;
    tw__certificates *certificates;
    tw__chain *chain;
    GPtrArray *faults;
    bool verified; /* FAULTS has what takes signatures, too */
};

void tw__case_sides_new(tw__case *k)
{
    for (tw_side side = TW_CLIENT; side <= TW_SERVER; side++)
        k->side[side] = g_new0(tw__case_side, 1);
}

void tw__case_sides_free(tw__case *k)
{
    for (tw_side side = TW_CLIENT; side <= TW_SERVER; side++) {
        tw__case_side *s = k->side[side];
        tw__certificates_free(s->certificates);
        tw__chain_free(s->chain);
        if (s->faults)
            g_ptr_array_unref(s->faults);
        g_free(s);
    }
}

static GBytes *body_bytes(const tw__message *m)
{
    size_t len;
    const uint8_t *body = tw__message_body(m, &len);
    return body ? g_bytes_new(body, len) : NULL;
}

static GBytes *uncompressed(const tw__message *m)
{
    size_t len;
    const uint8_t *body = tw__message_body(m, &len);
    return body ? tw__certificate_uncompress(body, len) : NULL;
}

/* Then it may be a raw public key (RFC 7250), or OpenPGP (RFC 6091). */
static bool is_of_another_type(const tw__case *k, tw_side side)
{
    uint16_t type = side == TW_SERVER ? TW_EXT_SERVER_CERTIFICATE_TYPE : TW_EXT_CLIENT_CERTIFICATE_TYPE;
    return tw__hello_has(k->server_hello, type) || tw__hello_has(k->encrypted_extensions, type) ||
           tw__hello_has(k->server_hello, TW_EXT_CERT_TYPE);
}

static tw__case_side *read_side(const tw__case *k, tw_side side)
{
    tw__case_side *s = k->side[side];
    int dir = s->is_read || is_of_another_type(k, side) ? -1 : tw__conn_dir(k->conn, side);
    const tw__message *m = dir < 0 ? NULL : tw__handshake_find(k->h, TW_HS_CERTIFICATE, dir);
    const tw__message *compressed = dir < 0 || m ? NULL : tw__handshake_find(k->h, TW_HS_COMPRESSED_CERTIFICATE, dir);
    GBytes *bytes = compressed ? uncompressed(compressed) : body_bytes(m);
    gsize len;
    const uint8_t *body;
    s->is_read = true;
    if (!bytes)
        return s;
    body = g_bytes_get_data(bytes, &len);
    s->message = m ? m : compressed;
    s->certificates = tw__certificates_read(body, len, tw__is_13(k->h->version), CERTIFICATES_READ);
    g_bytes_unref(bytes);
    return s;
}

const tw__message *tw__case_certificate_message(const tw__case *k, tw_side side)
{
    return side == TW_SIDE_UNKNOWN ? NULL : read_side(k, side)->message;
}

const tw__certificates *tw__case_certificates(const tw__case *k, tw_side side)
{
    return side == TW_SIDE_UNKNOWN ? NULL : read_side(k, side)->certificates;
}

bool tw__case_has_chain(const tw__case *k, tw_side side)
{
    const tw__certificates *certificates = tw__case_certificates(k, side);
    return certificates && certificates->ders->len > 0;
}

bool tw__case_sent_none(const tw__case *k, tw_side side)
{
    const tw__certificates *sent = tw__case_certificates(k, side);
    return sent && !sent->ders->len && !sent->flaw && !sent->cut;
}

unsigned tw__case_leaf_place(const tw__case *k, tw_side side)
{
    const tw__chain *chain = tw__case_chain(k, side);
    if (!chain || tw__chain_cert(chain, 0)->is_ca != TW_YES)
        return 0;
    for (unsigned i = 1; i < tw__chain_length(chain); i++) {
        const tw__cert_info *cert = tw__chain_cert(chain, i);
        if (cert->parsed && cert->is_ca != TW_YES && cert->has_san)
            return i;
    }
    return 0;
}

tw__chain *tw__case_chain(const tw__case *k, tw_side side)
{
    tw__case_side *s = k->side[side];
    if (!tw__case_has_chain(k, side))
        return NULL;
    if (s->chain)
        return s->chain;
    s->chain = tw__chain_new(k->conn->context->chains, s->certificates->ders, s->certificates->partial);
    if ((s->message->cut || s->certificates->cut) && !s->certificates->partial)
        tw__chain_set_partial(s->chain);
    return s->chain;
}

const GPtrArray *tw__case_faults(const tw__case *k, tw_side side)
{
    const char *name = side == TW_SERVER ? k->conn->server_name : NULL;
    bool rsa = side == TW_SERVER && k->suite && k->suite->kx == TW_KX_RSA;
    tw__chain *chain = tw__case_chain(k, side);
    tw__case_side *s = k->side[side];
    if (chain && !s->faults)
        s->faults = tw__chain_examine_unverified(chain, side, s->message->at.time_us / G_USEC_PER_SEC, name, rsa);
    return chain ? s->faults : NULL;
}

static const GPtrArray *verified(const tw__case *k, tw_side side)
{
    const GPtrArray *faults = tw__case_faults(k, side);
    tw__case_side *s = k->side[side];
    if (!faults || s->verified)
        return faults;
    tw__chain_examine_signatures(s->chain, s->faults);
    s->verified = true;
    return faults;
}

bool tw__case_has_examined(const tw__case *k, tw_side side, tw__fault_kind kind)
{
    return !tw__fault_takes_signatures(kind) || (k->side[side] && k->side[side]->verified);
}

const tw__fault *tw__case_fault(const tw__case *k, tw_side side, tw__fault_kind kind)
{
    const GPtrArray *faults = tw__fault_takes_signatures(kind) ? verified(k, side) : tw__case_faults(k, side);
    for (unsigned i = 0; faults && i < faults->len; i++) {
        const tw__fault *fault = g_ptr_array_index(faults, i);
        if (fault->kind == kind)
            return fault;
    }
    return NULL;
}
