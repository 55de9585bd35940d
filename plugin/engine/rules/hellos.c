/* See hellos.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/hellos.h"

uint32_t tw__hello_frame(const tw__case *k)
{
    return k->client_hello_message ? k->client_hello_message->at.frame : 0;
}

uint32_t tw__choice_frame(const tw__case *k)
{
    return k->server_hello_message ? k->server_hello_message->at.frame : 0;
}

bool tw__is_whole_offer(const tw__case *k)
{
    return k->client_hello && !k->client_hello->flaw && !k->client_hello->cut_lists;
}

bool tw__client_went_on(const tw__case *k)
{
    return tw__handshake_find(k->h, TW_HS_CLIENT_KEY_EXCHANGE, tw__conn_dir(k->conn, TW_CLIENT)) != NULL;
}

void tw__cap_if_inner(const tw__case *k, tw__finding *f)
{
    if (!tw__case_may_answer_inner(k))
        return;
    tw__finding_cap(f, TW_LIKELY);
    tw__finding_add(f, tw__hello_frame(k), TW_TEXT_EV_ECH_OFFERED);
}

bool tw__offers_13(const tw__hello *hello)
{
    return tw__list_has(&hello->versions, TW_TLS13) || tw__list_has(&hello->versions, TW_DTLS13);
}
