/* Checks of pre-shared keys. See checks.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/hellos.h"
#include "tlswhy/words.h"

static void add_identity(tw__finding *f, const uint8_t *bytes, size_t len, uint32_t frame)
{
    char *identity = tw_escape((const char *)bytes, (gssize)len, TW_VALUE_MAX);
    tw_values_set_private(f->values, "identity", TW_PRIVATE_IDENTITY, identity);
    g_free(identity);
    tw_values_set_phrase(f->values, "psk", TW_TEXT_WORD_PSK_IDENTITY);
    tw__finding_add(f, frame, TW_TEXT_EV_PSK_IDENTITY);
}

/* A ticket is what the server gave the client to resume a session, and no name of a key. */
static void add_offered_identity(const tw__case *k, tw__finding *f)
{
    gsize len;
    const uint8_t *identity;
    if (!k->client_hello || !k->client_hello->psk_identity)
        return;
    identity = g_bytes_get_data(k->client_hello->psk_identity, &len);
    if (!k->client_hello->psk_external) {
        tw_values_setf(f->values, "length", "%u", (unsigned)len);
        tw_values_set_phrase(f->values, "psk", TW_TEXT_WORD_PSK_TICKET);
        tw__finding_hold(f, TW_IF_TICKET);
        tw__finding_add(f, tw__hello_frame(k), TW_TEXT_EV_TICKET);
        return;
    }
    add_identity(f, identity, len, tw__hello_frame(k));
}

/* A server of TLS 1.3 that took a pre-shared key up has found its binder right: then the keys are the same. */
bool tw__check_psk(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__message *exchange = tw__handshake_find(k->h, TW_HS_CLIENT_KEY_EXCHANGE, -1);
    bool psk_suite = k->suite && k->suite->kx == TW_KX_PSK;
    size_t len;
    const uint8_t *body = tw__message_body(exchange, &len);
    if (!psk_suite && (f->arg || !k->client_hello || !k->client_hello->n_psk_identities))
        return false;
    if (psk_suite && body && len > 2)
        add_identity(f, body + 2, MIN(len - 2, (size_t)(body[0] << 8 | body[1])), exchange->at.frame);
    else
        add_offered_identity(k, f);
    tw_values_set(f->values, "check", tw__is_13(tw__case_version(k)) ? "binder" : "Finished");
    tw_values_set_phrase(f->values, "refusal",
                         tw__finding_has(f, TW_IF_TICKET) ? TW_TEXT_WORD_NOT_RESUMED : TW_TEXT_WORD_KEYS_DIFFER);
    return true;
}

bool tw__check_external_psk(tw__finding *f)
{
    const tw__case *k = f->k;
    if (!k->client_hello || !k->client_hello->psk_external)
        return false;
    add_offered_identity(k, f);
    return true;
}
