/* The table of TLS libraries. See libraries.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls/libraries.h"

#include <string.h>

enum {
    SERVER_NAME = 0,
    STATUS_REQUEST = 5,
    GROUPS = 10,
    POINT_FORMATS = 11,
    SCHEMES = 13,
    STATUS_REQUEST_V2 = 17,
    TIMESTAMPS = 18, /* signed_certificate_timestamp */
    ENCRYPT_THEN_MAC = 22,
    EXTENDED_MASTER_SECRET = 23,
    COMPRESS_CERTIFICATE = 27,
    RECORD_SIZE = 28,
    DELEGATED_CREDENTIALS = 34,
    TICKET = 35,
    RENEGOTIATION_INFO = 65281
};

/* As sent by Java 17, Chromium 156, GnuTLS 3.7 and 3.8 (which shuffles), NSS 3.87 and Firefox 153, Go 1.19 and 1.24,
 * wolfSSL 5.5 and 5.7, Mbed TLS 2.28 and 3.6, OpenSSL 3.0 and 3.5 with their defaults, and answered by their servers (but
 * NSS's answers are in the order of the client); the alerts are those of their verifiers (rules.h names the sources).
 * The first that fits is taken. */
static const tw__library libraries[] = {
    { .name = "Java",
      .alerts = { [TW_FAULT_UNKNOWN_ISSUER] = 46 },
      .client = { .has = { STATUS_REQUEST_V2 } },
      .server = { .lacks = { POINT_FORMATS },
                  .order = { { EXTENDED_MASTER_SECRET, TICKET }, { TICKET, RENEGOTIATION_INFO } } },
      .leaf_purposes = true },
    { .name = "BoringSSL",
      .alerts = { [TW_FAULT_UNKNOWN_ISSUER] = 46 },
      .key_usage = 47,
      .client = { .grease = true },
      .ignores_common_names = true }, /* Chromium's verifier */
    { .name = "GnuTLS",
      .alerts = { [TW_FAULT_UNKNOWN_ISSUER] = 42 },
      .client = { .has = { ENCRYPT_THEN_MAC, RECORD_SIZE } },
      .server = { .order = { { POINT_FORMATS, EXTENDED_MASTER_SECRET },
                             { EXTENDED_MASTER_SECRET, TICKET },
                             { TICKET, RENEGOTIATION_INFO } } } },
    { .name = "NSS",
      .alerts = { [TW_FAULT_EXPIRED] = 45,
                  [TW_FAULT_NAME_MISMATCH] = 42,
                  [TW_FAULT_UNKNOWN_ISSUER] = 48,
                  [TW_FAULT_BAD_SIGNATURE] = 42 },
      .stale_issuer = 48,
      .encipherment = 46,
      .client = { .has = { RECORD_SIZE }, .lacks = { ENCRYPT_THEN_MAC } },
      .rejects_late = true },
    { .name = "Go",
      .alerts = { [TW_FAULT_UNKNOWN_ISSUER] = 42 },
      .client = { .has = { STATUS_REQUEST, TIMESTAMPS },
                  .lacks = { ENCRYPT_THEN_MAC, COMPRESS_CERTIFICATE, TICKET },
                  .order = { { STATUS_REQUEST, GROUPS }, { GROUPS, SCHEMES } } }, /* Apple's have others */
      .ignores_common_names = true,
      .server = { .order = { { TICKET, RENEGOTIATION_INFO }, { RENEGOTIATION_INFO, POINT_FORMATS } } } },
    { .name = "wolfSSL",
      .alerts = { [TW_FAULT_EXPIRED] = 45,
                  [TW_FAULT_NOT_YET_VALID] = 45,
                  [TW_FAULT_NAME_MISMATCH] = 42,
                  [TW_FAULT_UNKNOWN_ISSUER] = 48,
                  [TW_FAULT_WRONG_USAGE] = 42 },
      .client = { .has = { ENCRYPT_THEN_MAC },
                  .order = { { SCHEMES, GROUPS }, { GROUPS, ENCRYPT_THEN_MAC }, { ENCRYPT_THEN_MAC, SERVER_NAME } } },
      .server = { .order = { { POINT_FORMATS, RENEGOTIATION_INFO },
                             { RENEGOTIATION_INFO, EXTENDED_MASTER_SECRET } } },
      .leaf_purposes = true },
    { .name = "Mbed TLS",
      .alerts = { [TW_FAULT_EXPIRED] = 45,
                  [TW_FAULT_NOT_YET_VALID] = 46,
                  [TW_FAULT_NAME_MISMATCH] = 42,
                  [TW_FAULT_SELF_SIGNED] = 48,
                  [TW_FAULT_UNKNOWN_ISSUER] = 48,
                  [TW_FAULT_WEAK_KEY] = 43,
                  [TW_FAULT_WEAK_SIGNATURE] = 46,
                  [TW_FAULT_WRONG_USAGE] = 43,
                  [TW_FAULT_BAD_SIGNATURE] = 48 },
      .client = { .has = { ENCRYPT_THEN_MAC },
                  .order = { { SCHEMES, POINT_FORMATS },
                             { GROUPS, POINT_FORMATS },
                             { POINT_FORMATS, ENCRYPT_THEN_MAC } } },
      .server = { .order = { { RENEGOTIATION_INFO, EXTENDED_MASTER_SECRET },
                             { EXTENDED_MASTER_SECRET, POINT_FORMATS } } },
      .leaf_purposes = true },
    { .name = "OpenSSL",
      .alerts = { [TW_FAULT_EXPIRED] = 45,
                  [TW_FAULT_NOT_YET_VALID] = 42,
                  [TW_FAULT_NAME_MISMATCH] = 42,
                  [TW_FAULT_SELF_SIGNED] = 48,
                  [TW_FAULT_UNKNOWN_ISSUER] = 48,
                  [TW_FAULT_WEAK_KEY] = 42,
                  [TW_FAULT_WEAK_SIGNATURE] = 42,
                  [TW_FAULT_WRONG_USAGE] = 43,
                  [TW_FAULT_BAD_SIGNATURE] = 51 },
      .client = { .has = { ENCRYPT_THEN_MAC },
                  .order = { { POINT_FORMATS, GROUPS },
                             { GROUPS, ENCRYPT_THEN_MAC },
                             { ENCRYPT_THEN_MAC, SCHEMES } } },
      .server = { .order = { { RENEGOTIATION_INFO, POINT_FORMATS }, { POINT_FORMATS, EXTENDED_MASTER_SECRET } } } },
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

/* All versions of webpki list ECDSA with P-384 before that with P-256, and both first, as no other library does by default;
 * rustls offers its verifier's list, and nothing else of its hello is a mark: newer versions shuffle it. A program that
 * brings a verifier of its own has another list. */
static bool offers_what_webpki_verifies(const tw__hello *hello)
{
    static const uint16_t webpki[] = { 0x0503, 0x0403 };
    return hello && hello->is_client && !hello->flaw && hello->sigalgs.n > G_N_ELEMENTS(webpki) &&
           !memcmp(hello->sigalgs.v, webpki, sizeof webpki);
}

/* NSS's own verifier (CERT_VerifyCertName in lib/certdb/certdb.c) falls back to the common name; Firefox brings another one
 * (mozilla::pkix), and is the program that turns delegated credentials on. */
const char *tw__ignores_common_names(const tw__hello *hello)
{
    const tw__library *library = tw__library_of(hello);
    if (library && library->ignores_common_names)
        return library->name;
    if (library)
        return !strcmp(library->name, "NSS") && place_of(hello, DELEGATED_CREDENTIALS) >= 0 ? "Firefox" : NULL;
    return offers_what_webpki_verifies(hello) ? "rustls" : NULL;
}
