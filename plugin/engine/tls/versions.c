/* How protocol versions compare, and which code points stand for nothing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls/messages.h"

/* 0x0100 is what OpenSSL wrote for DTLS before RFC 4347; some VPNs (AnyConnect) never stopped. */
enum { DTLS_BEFORE_RFC = 0x0100 };

bool tw__version_is_dtls(uint16_t version)
{
    return version >> 8 == 0xfe || version == DTLS_BEFORE_RFC;
}

uint16_t tw__version_final(uint16_t version)
{
    switch (version >> 8) {
    case 0x7e: /* Google's */
    case 0x7f:
    case 0xfb: /* Facebook's */ return TW_TLS13;
    default: return version;
    }
}

uint16_t tw__version_as_tls(uint16_t version)
{
    unsigned age = 0xffU - (version & 0xffU);

    if (version == DTLS_BEFORE_RFC || version == TW_DTLS10)
        return TW_TLS11; /* RFC 4347 is TLS 1.1 over datagrams; there is no DTLS 1.1 */
    if (tw__version_is_dtls(version))
        return (uint16_t)(TW_TLS10 + age);
    version = tw__version_final(version);
    return version >> 8 == 0x03 || version == TW_SSL2 ? version : 0;
}

bool tw__is_signalling(uint16_t suite)
{
    return suite == TW_RENEGOTIATION_SCSV || suite == TW_FALLBACK_SCSV;
}

bool tw__is_grease(uint16_t value)
{
    return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}
