/* What the checks of the hellos have in common. Internal to rules.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLSWHY_RULES_HELLOS_H
#define TLSWHY_RULES_HELLOS_H

#include "rules/checks.h"

/* The frames of the ClientHello and of the ServerHello of K; 0: there is none. */
uint32_t tw__hello_frame(const tw__case *k);
uint32_t tw__choice_frame(const tw__case *k);

/* Whether the client's offer is known as a whole: to say that something was not offered takes that. */
bool tw__is_whole_offer(const tw__case *k);

/* Whether the client of TLS 1.2 or before took what the server chose, and sent its ClientKeyExchange. */
bool tw__client_went_on(const tw__case *k);

/* What the server chose, or refused, may stand in an inner hello (ECH) that cannot be read: then F is at most likely, and
 * says so. */
void tw__cap_if_inner(const tw__case *k, tw__finding *f);

/* Whether HELLO offers suites that practically every server has, for RSA and ECDSA keys (checks_algorithms.c). */
bool tw__offers_usual_suites(const tw__hello *hello);

/* Whether HELLO offers TLS 1.3 or DTLS 1.3. */
bool tw__offers_13(const tw__hello *hello);

#endif
