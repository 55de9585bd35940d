/* Checks of single messages: do they parse, what was answered. See checks.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/checks.h"

/* Of the key exchanges whose message is always the same. */
static const char *flaw_of_key_exchange(const tw__case *k)
{
    tw__server_key_exchange ske;
    if (!k->suite || (k->suite->kx != TW_KX_ECDHE && k->suite->kx != TW_KX_DHE) || !tw__case_key_exchange(k, &ske))
        return NULL;
    return ske.flaw;
}

/* The client's half of a key exchange stands in a vector of its own (RFC 5246 7.4.7, RFC 8422 5.7); of keys alone, for what
 * a PSK brings with it is of several parts. */
static const char *flaw_of_client_key(const tw__case *k, const tw__message *m)
{
    size_t len, width;
    const uint8_t *body = tw__message_body(m, &len);
    if (!k->suite || !body ||
        (k->suite->kx != TW_KX_ECDHE && k->suite->kx != TW_KX_DHE && k->suite->kx != TW_KX_RSA) ||
        k->h->version < TW_TLS10)
        return NULL;
    width = k->suite->kx == TW_KX_ECDHE ? 1 : 2;
    if (len == 0 && tw__case_certificates(k, TW_CLIENT))
        return NULL; /* the certificate may hold the key (RFC 5246 7.4.7.2) */
    if (len < width || len != width + (width == 1 ? body[0] : (size_t)(body[0] << 8 | body[1])))
        return tw_text_template(TW_TEXT_FLAW_CLIENT_KEY);
    return NULL;
}

static const char *flaw_of(const tw__case *k, const tw__message *m)
{
    if (m->cut || !m->bytes)
        return NULL; /* the capture's lack, not the peer's */
    switch (m->type) {
    case TW_HS_CLIENT_HELLO: return k->client_hello ? k->client_hello->flaw : NULL;
    case TW_HS_SERVER_HELLO: return k->server_hello ? k->server_hello->flaw : NULL;
    case TW_HS_ENCRYPTED_EXTENSIONS: return k->encrypted_extensions ? k->encrypted_extensions->flaw : NULL;
    case TW_HS_CERTIFICATE: return tw__case_certificates(k, k->peer) ? tw__case_certificates(k, k->peer)->flaw : NULL;
    case TW_HS_SERVER_KEY_EXCHANGE: return flaw_of_key_exchange(k);
    case TW_HS_CLIENT_KEY_EXCHANGE: return flaw_of_client_key(k, m);
    case TW_HS_CERTIFICATE_REQUEST: return k->request ? k->request->flaw : NULL;
    default: return NULL;
    }
}

bool tw__check_flaw(tw__finding *f)
{
    const tw__case *k = f->k;
    for (unsigned i = 0; i < k->h->n_messages; i++) {
        const tw__message *m = &k->h->messages[i];
        const char *flaw = m->at.dir != k->dir ? flaw_of(k, m) : NULL;
        if (!flaw)
            continue;
        tw_values_set(f->values, "message", tw__message_name(m->type));
        tw_values_set(f->values, "flaw", flaw);
        tw__finding_add(f, m->at.frame, TW_TEXT_EV_FLAW);
        return true;
    }
    return false;
}

/* Where a message stands in the flights of its side (RFC 5246 7.3, RFC 8446 2); 0: anywhere. */
static unsigned place_of(uint8_t type)
{
    static const uint8_t in_order[] = {
        TW_HS_CLIENT_HELLO,       TW_HS_SERVER_HELLO,        TW_HS_CERTIFICATE,
        TW_HS_CERTIFICATE_STATUS, TW_HS_SERVER_KEY_EXCHANGE, TW_HS_CERTIFICATE_REQUEST,
        TW_HS_SERVER_HELLO_DONE,  TW_HS_CLIENT_KEY_EXCHANGE, TW_HS_CERTIFICATE_VERIFY,
        TW_HS_FINISHED,
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(in_order); i++)
        if (in_order[i] == type)
            return i + 1;
    return 0;
}

/* Before TLS 1.3. Segments that overtook each other look like that as well, so it needs two messages of one frame. */
bool tw__check_order(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__message *last = NULL;
    if (k->conn->datagram || tw__is_13(k->h->version))
        return false;
    for (unsigned i = 0; i < k->h->n_messages; i++) {
        const tw__message *m = &k->h->messages[i];
        unsigned place = m->at.dir != k->dir ? place_of(m->type) : 0;
        if (!place)
            continue;
        if (last && place < place_of(last->type) && m->at.frame == last->at.frame) {
            tw_values_set(f->values, "message", tw__message_name(last->type));
            tw_values_set(f->values, "later", tw__message_name(m->type));
            tw__finding_add(f, last->at.frame, TW_TEXT_EV_ORDER);
            return true;
        }
        last = m;
    }
    return false;
}

/* The server may have signed the handshake before its Finished; where that signature verifies, a row above this one
 * holds. */
static bool has_unexamined_signature(const tw__case *k)
{
    bool is_readable = k->encrypted_extensions || !tw__is_13(k->h->version);
    if (k->h->resumed_hint)
        return false;
    return tw__case_certificate_message(k, TW_SERVER) || !is_readable;
}

bool tw__check_finished(tw__finding *f)
{
    const tw__case *k = f->k;
    if (f->arg && (k->request || tw__case_certificates(k, k->peer) || tw__is_13(k->h->version)))
        return false;
    if (!f->arg && k->peer == TW_SERVER && has_unexamined_signature(k))
        return false;
    return k->h->flight[1 - k->dir].finished_frame != 0;
}

bool tw__check_overlong(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__oddities *peer = tw__odd_of(k->conn, 1 - k->dir);
    if (!peer->overlong)
        return false;
    tw_values_setf(f->values, "length", "%u", peer->overlong);
    tw_values_setf(f->values, "limit", "%u", peer->overlong_limit);
    tw__finding_add(f, peer->overlong_frame, TW_TEXT_EV_OVERLONG);
    return true;
}
