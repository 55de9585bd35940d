/* Checks that hold the versions which the client offers against the server's choice. See checks.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/hellos.h"

bool tw__check_offer(tw__finding *f)
{
    const tw__case *k = f->k;
    if (!k->client_hello || k->client_hello->flaw)
        return false;
    tw__finding_add(f, tw__hello_frame(k), TW_TEXT_EV_OFFERS);
    return true;
}

/* It may be the format, or the versions. */
bool tw__check_sslv2(tw__finding *f)
{
    const tw__case *k = f->k;
    return k->h->sslv2 && k->client_hello && k->client_hello->version != TW_SSL2 && tw__check_offer(f);
}

bool tw__check_only_old_versions(tw__finding *f)
{
    const tw__case *k = f->k;
    if (!k->client_hello || k->conn->datagram || k->client_hello->version > f->arg)
        return false;
    return tw__check_offer(f);
}

bool tw__check_only_13(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__hello *hello = k->client_hello;
    if (!hello || !tw__offers_13(hello))
        return false;
    for (unsigned i = 0; i < hello->versions.n; i++)
        if (!tw__is_13(hello->versions.v[i]) && !tw__is_grease(hello->versions.v[i]) && hello->versions.v[i] < 0x7f00)
            return false;
    return tw__check_offer(f);
}

/* Without supported_versions a hello names only its highest version: a lower choice may be in its range. */
bool tw__check_version_choice(tw__finding *f)
{
    const tw__case *k = f->k;
    const tw__hello *hello = k->client_hello;
    if (!tw__is_whole_offer(k) || !k->h->version)
        return false;
    if (hello->versions.n ? tw__list_has(&hello->versions, k->h->version)
                          : k->conn->datagram || k->h->version <= hello->legacy_version)
        return false;
    tw__finding_add(f, tw__hello_frame(k), TW_TEXT_EV_OFFERS);
    tw__finding_add(f, tw__choice_frame(k), TW_TEXT_EV_CHOICE);
    tw__cap_if_inner(k, f);
    return true;
}

/* RFC 8446 4.1.3: the last eight bytes of a downgraded ServerHello's random. A server puts them there for every client
 * of TLS 1.2, too; only one that offered more minds, or that could have: it says so by TLS_FALLBACK_SCSV. It looks before it
 * goes on. */
bool tw__check_sentinel(tw__finding *f)
{
    const tw__case *k = f->k;
    static const uint8_t sentinel[] = { 0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44 };
    const tw__hello *choice = k->server_hello;
    if (!choice || !k->client_hello || tw__is_13(k->h->version) || tw__client_went_on(k) ||
        (tw__version_as_tls(k->client_hello->version) <= tw__version_as_tls(k->h->version) &&
         !k->client_hello->fallback_scsv) ||
        memcmp(choice->random + 24, sentinel, sizeof sentinel) != 0 || choice->random[31] > 1)
        return false;
    tw__finding_add(f, tw__hello_frame(k), k->client_hello->fallback_scsv ? TW_TEXT_EV_FALLBACK : TW_TEXT_EV_OFFERS);
    tw__finding_add(f, tw__choice_frame(k), TW_TEXT_EV_SENTINEL);
    return true;
}

bool tw__check_fallback(tw__finding *f)
{
    const tw__case *k = f->k;
    if (!k->client_hello || !k->client_hello->fallback_scsv)
        return false;
    tw__finding_add(f, tw__hello_frame(k), TW_TEXT_EV_FALLBACK);
    return true;
}
