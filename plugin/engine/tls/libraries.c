/* The table of TLS libraries. See libraries.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls/libraries.h"
#include "tlswhy/words.h"
#include "words/registries.h"

#include <string.h>

/* As sent by Java 17, Chromium 156, GnuTLS 3.7 and 3.8 (which shuffles), NSS 3.87 and Firefox 153, Go 1.19 and 1.24,
 * wolfSSL 5.5 and 5.7, Mbed TLS 2.28 and 3.6, OpenSSL 3.0 and 3.5 with their defaults, and answered by their servers (but
 * NSS's answers are in the order of the client); the alerts are those of their verifiers (rules.h names the sources).
 * The first that fits is taken. */
static const tw__library libraries[] = {
    { .name = "Java",
      .alerts = { [TW_FAULT_UNKNOWN_ISSUER] = TW_ALERT_CERTIFICATE_UNKNOWN },
      .client = { .has = { TW_EXT_STATUS_REQUEST_V2 },
                  .signature = { TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_UNEXPECTED_MESSAGE } },
      .server = { .lacks = { TW_EXT_EC_POINT_FORMATS },
                  .order = { { TW_EXT_EXTENDED_MASTER_SECRET, TW_EXT_SESSION_TICKET },
                             { TW_EXT_SESSION_TICKET, TW_EXT_RENEGOTIATION_INFO } },
                  .signature = { TW_ALERT_HANDSHAKE_FAILURE, TW_ALERT_UNEXPECTED_MESSAGE } },
      .leaf_purposes = true },
    { .name = "BoringSSL",
      .alerts = { [TW_FAULT_UNKNOWN_ISSUER] = TW_ALERT_CERTIFICATE_UNKNOWN },
      .key_usage = TW_ALERT_ILLEGAL_PARAMETER,
      .client = { .grease = true, .signature = { TW_ALERT_DECRYPT_ERROR } },
      .ignores_common_names = true }, /* Chromium's verifier */
    { .name = "GnuTLS",
      .alerts = { [TW_FAULT_UNKNOWN_ISSUER] = TW_ALERT_BAD_CERTIFICATE },
      .client = { .has = { TW_EXT_ENCRYPT_THEN_MAC, TW_EXT_RECORD_SIZE_LIMIT },
                  .signature = { TW_ALERT_DECRYPT_ERROR } },
      .server = { .order = { { TW_EXT_EC_POINT_FORMATS, TW_EXT_EXTENDED_MASTER_SECRET },
                             { TW_EXT_EXTENDED_MASTER_SECRET, TW_EXT_SESSION_TICKET },
                             { TW_EXT_SESSION_TICKET, TW_EXT_RENEGOTIATION_INFO } },
                  .signature = { TW_ALERT_DECRYPT_ERROR } } },
    { .name = "NSS",
      .alerts = { [TW_FAULT_EXPIRED] = TW_ALERT_CERTIFICATE_EXPIRED,
                  [TW_FAULT_NAME_MISMATCH] = TW_ALERT_BAD_CERTIFICATE,
                  [TW_FAULT_UNKNOWN_ISSUER] = TW_ALERT_UNKNOWN_CA,
                  [TW_FAULT_BAD_SIGNATURE] = TW_ALERT_BAD_CERTIFICATE },
      .stale_issuer = TW_ALERT_UNKNOWN_CA,
      .encipherment = TW_ALERT_CERTIFICATE_UNKNOWN,
      .client = { .has = { TW_EXT_RECORD_SIZE_LIMIT },
                  .lacks = { TW_EXT_ENCRYPT_THEN_MAC },
                  .signature = { TW_ALERT_DECRYPT_ERROR } },
      .rejects_late = true,
      /* NSS's own verifier (CERT_VerifyCertName in lib/certdb/certdb.c) falls back to the common name; Firefox's does not
       * (mozilla::pkix), and Firefox turns delegated credentials on */
      .stricter = "Firefox",
      .stricter_sends = TW_EXT_DELEGATED_CREDENTIAL },
    { .name = "Go",
      .alerts = { [TW_FAULT_UNKNOWN_ISSUER] = TW_ALERT_BAD_CERTIFICATE },
      .client = { .has = { TW_EXT_STATUS_REQUEST, TW_EXT_SIGNED_CERTIFICATE_TIMESTAMP },
                  .lacks = { TW_EXT_ENCRYPT_THEN_MAC, TW_EXT_COMPRESS_CERTIFICATE, TW_EXT_SESSION_TICKET },
                  .order = { { TW_EXT_STATUS_REQUEST, TW_EXT_SUPPORTED_GROUPS },
                             { TW_EXT_SUPPORTED_GROUPS, TW_EXT_SIGNATURE_ALGORITHMS } }, /* Apple's have others */
                  .signature = { TW_ALERT_UNEXPECTED_MESSAGE, TW_ALERT_ILLEGAL_PARAMETER, TW_ALERT_DECRYPT_ERROR } },
      .ignores_common_names = true,
      .server = { .order = { { TW_EXT_SESSION_TICKET, TW_EXT_RENEGOTIATION_INFO },
                             { TW_EXT_RENEGOTIATION_INFO, TW_EXT_EC_POINT_FORMATS } },
                  /* those before 1.15 say 42, and send no EC point formats */
                  .signature = { TW_ALERT_DECRYPT_ERROR } } },
    { .name = "wolfSSL",
      .alerts = { [TW_FAULT_EXPIRED] = TW_ALERT_CERTIFICATE_EXPIRED,
                  [TW_FAULT_NOT_YET_VALID] = TW_ALERT_CERTIFICATE_EXPIRED,
                  [TW_FAULT_NAME_MISMATCH] = TW_ALERT_BAD_CERTIFICATE,
                  [TW_FAULT_UNKNOWN_ISSUER] = TW_ALERT_UNKNOWN_CA,
                  [TW_FAULT_WRONG_USAGE] = TW_ALERT_BAD_CERTIFICATE },
      .client = { .has = { TW_EXT_ENCRYPT_THEN_MAC },
                  .order = { { TW_EXT_SIGNATURE_ALGORITHMS, TW_EXT_SUPPORTED_GROUPS },
                             { TW_EXT_SUPPORTED_GROUPS, TW_EXT_ENCRYPT_THEN_MAC },
                             { TW_EXT_ENCRYPT_THEN_MAC, TW_EXT_SERVER_NAME } } },
      .server = { .order = { { TW_EXT_EC_POINT_FORMATS, TW_EXT_RENEGOTIATION_INFO },
                             { TW_EXT_RENEGOTIATION_INFO, TW_EXT_EXTENDED_MASTER_SECRET } } },
      .leaf_purposes = true },
    { .name = "Mbed TLS",
      .alerts = { [TW_FAULT_EXPIRED] = TW_ALERT_CERTIFICATE_EXPIRED,
                  [TW_FAULT_NOT_YET_VALID] = TW_ALERT_CERTIFICATE_UNKNOWN,
                  [TW_FAULT_NAME_MISMATCH] = TW_ALERT_BAD_CERTIFICATE,
                  [TW_FAULT_SELF_SIGNED] = TW_ALERT_UNKNOWN_CA,
                  [TW_FAULT_UNKNOWN_ISSUER] = TW_ALERT_UNKNOWN_CA,
                  [TW_FAULT_WEAK_KEY] = TW_ALERT_UNSUPPORTED_CERTIFICATE,
                  [TW_FAULT_WEAK_SIGNATURE] = TW_ALERT_CERTIFICATE_UNKNOWN,
                  [TW_FAULT_WRONG_USAGE] = TW_ALERT_UNSUPPORTED_CERTIFICATE,
                  [TW_FAULT_BAD_SIGNATURE] = TW_ALERT_UNKNOWN_CA },
      .client = { .has = { TW_EXT_ENCRYPT_THEN_MAC },
                  .order = { { TW_EXT_SIGNATURE_ALGORITHMS, TW_EXT_EC_POINT_FORMATS },
                             { TW_EXT_SUPPORTED_GROUPS, TW_EXT_EC_POINT_FORMATS },
                             { TW_EXT_EC_POINT_FORMATS, TW_EXT_ENCRYPT_THEN_MAC } } },
      .server = { .order = { { TW_EXT_RENEGOTIATION_INFO, TW_EXT_EXTENDED_MASTER_SECRET },
                             { TW_EXT_EXTENDED_MASTER_SECRET, TW_EXT_EC_POINT_FORMATS } } },
      .leaf_purposes = true },
    { .name = "OpenSSL",
      .alerts = { [TW_FAULT_EXPIRED] = TW_ALERT_CERTIFICATE_EXPIRED,
                  [TW_FAULT_NOT_YET_VALID] = TW_ALERT_BAD_CERTIFICATE,
                  [TW_FAULT_NAME_MISMATCH] = TW_ALERT_BAD_CERTIFICATE,
                  [TW_FAULT_SELF_SIGNED] = TW_ALERT_UNKNOWN_CA,
                  [TW_FAULT_UNKNOWN_ISSUER] = TW_ALERT_UNKNOWN_CA,
                  [TW_FAULT_WEAK_KEY] = TW_ALERT_BAD_CERTIFICATE,
                  [TW_FAULT_WEAK_SIGNATURE] = TW_ALERT_BAD_CERTIFICATE,
                  [TW_FAULT_WRONG_USAGE] = TW_ALERT_UNSUPPORTED_CERTIFICATE,
                  [TW_FAULT_BAD_SIGNATURE] = TW_ALERT_DECRYPT_ERROR },
      .client = { .has = { TW_EXT_ENCRYPT_THEN_MAC },
                  .order = { { TW_EXT_EC_POINT_FORMATS, TW_EXT_SUPPORTED_GROUPS },
                             { TW_EXT_SUPPORTED_GROUPS, TW_EXT_ENCRYPT_THEN_MAC },
                             { TW_EXT_ENCRYPT_THEN_MAC, TW_EXT_SIGNATURE_ALGORITHMS } },
                  .signature = { TW_ALERT_DECRYPT_ERROR } },
      .server = { .order = { { TW_EXT_RENEGOTIATION_INFO, TW_EXT_EC_POINT_FORMATS },
                             { TW_EXT_EC_POINT_FORMATS, TW_EXT_EXTENDED_MASTER_SECRET } },
                  .signature = { TW_ALERT_DECRYPT_ERROR } } },
};

uint8_t tw__library_alert(const tw__library *library, const tw__fault *fault)
{
    if (fault->kind == TW_FAULT_EXPIRED && fault->cert > 0 && library->stale_issuer)
        return library->stale_issuer;
    return library->alerts[fault->kind];
}

/* The place of extension TYPE, or -1. */
static int place_of(const tw__hello *hello, uint16_t type)
{
    for (unsigned i = 0; i < hello->extensions.n; i++)
        if (hello->extensions.v[i] == type)
            return (int)i;
    return -1;
}

static bool has_grease(const tw__hello *hello)
{
    for (unsigned i = 0; i < hello->suites.n; i++)
        if (tw__is_grease(hello->suites.v[i]))
            return true;
    return false;
}

static bool is_pair(const uint16_t order[2])
{
    return order[0] || order[1];
}

static bool fits(const tw__habits *habits, const tw__hello *hello)
{
    if (has_grease(hello) != habits->grease)
        return false;
    for (unsigned i = 0; i < G_N_ELEMENTS(habits->has) && habits->has[i]; i++)
        if (place_of(hello, habits->has[i]) < 0)
            return false;
    for (unsigned i = 0; i < G_N_ELEMENTS(habits->lacks) && habits->lacks[i]; i++)
        if (place_of(hello, habits->lacks[i]) >= 0)
            return false;
    for (unsigned i = 0; i < G_N_ELEMENTS(habits->order) && is_pair(habits->order[i]); i++) {
        int first = place_of(hello, habits->order[i][0]), second = place_of(hello, habits->order[i][1]);
        if (first < 0 || second < first)
            return false;
    }
    return true;
}

const tw__library *tw__library_of(const tw__hello *hello)
{
    if (!hello || hello->flaw || hello->cut_lists)
        return NULL;
    for (unsigned i = 0; i < G_N_ELEMENTS(libraries); i++) {
        const tw__habits *habits = hello->is_client ? &libraries[i].client : &libraries[i].server;
        bool told = habits->grease || habits->has[0] || is_pair(habits->order[0]);
        if (told && fits(habits, hello))
            return &libraries[i];
    }
    return NULL;
}

bool tw__may_say_of_signature(const tw__hello *hello, uint8_t alert)
{
    const tw__library *library = tw__library_of(hello);
    const tw__habits *habits = !library ? NULL : hello->is_client ? &library->client : &library->server;
    if (!habits || !habits->signature[0])
        return true;
    for (unsigned i = 0; i < G_N_ELEMENTS(habits->signature); i++)
        if (habits->signature[i] == alert)
            return true;
    return false;
}

/* All versions of webpki list ECDSA with P-384 before that with P-256, and both first, as no other library does by default;
 * rustls offers its verifier's list, and nothing else of its hello is a mark: newer versions shuffle it. A program that
 * brings a verifier of its own has another list. */
static bool offers_what_webpki_verifies(const tw__hello *hello)
{
    static const uint16_t webpki[] = { TW_SCHEME_ECDSA_SECP384R1_SHA384, TW_SCHEME_ECDSA_SECP256R1_SHA256 };
    return hello && hello->is_client && !hello->flaw && hello->sigalgs.n > G_N_ELEMENTS(webpki) &&
           !memcmp(hello->sigalgs.v, webpki, sizeof webpki);
}

const char *tw__ignores_common_names(const tw__hello *hello)
{
    const tw__library *library = tw__library_of(hello);
    if (library && library->ignores_common_names)
        return library->name;
    if (library)
        return library->stricter && place_of(hello, library->stricter_sends) >= 0 ? library->stricter : NULL;
    return offers_what_webpki_verifies(hello) ? "rustls" : NULL;
}
