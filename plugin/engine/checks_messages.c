/* Checks of single messages: do they parse, what was answered. See checks.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "checks.h"

static const char *flaw_of(const tw_case *k, const tw_message *m)
{
    if (m->cut || !m->bytes)
        return NULL; /* the capture's lack, not the peer's */
    switch (m->type) {
    case TW_HS_CLIENT_HELLO: return k->client_hello ? k->client_hello->flaw : NULL;
    case TW_HS_SERVER_HELLO: return k->server_hello ? k->server_hello->flaw : NULL;
    case TW_HS_ENCRYPTED_EXTENSIONS: return k->encrypted_extensions ? k->encrypted_extensions->flaw : NULL;
    case TW_HS_CERTIFICATE: return k->certificates[k->peer] ? k->certificates[k->peer]->flaw : NULL;
    case TW_HS_CERTIFICATE_REQUEST: return k->request ? k->request->flaw : NULL;
    default: return NULL;
    }
}

bool tw_check_flaw(const tw_case *k, int arg, tw_finding *f)
{
    (void)arg;
    for (unsigned i = 0; i < k->h->messages->len; i++) {
        const tw_message *m = g_ptr_array_index(k->h->messages, i);
        const char *flaw = m->at.dir != k->dir ? flaw_of(k, m) : NULL;
        if (!flaw)
            continue;
        tw_values_set(f->values, "message", tw_message_name(m->type));
        tw_values_set(f->values, "flaw", flaw);
        tw_finding_add(f, m->at.frame, TW_TEXT_EV_FLAW);
        return true;
    }
    return false;
}

bool tw_check_finished(const tw_case *k, int arg, tw_finding *f)
{
    (void)arg;
    (void)f;
    return k->h->flight[1 - k->dir].finished_frame != 0;
}
