/* Sizes of encrypted records. See record_sizes.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection/record_sizes.h"

#define ALERT             2
#define INNER_TYPE        1
#define JSSE_PADDING      16
#define MBED_GRANULARITY  16
#define EMPTY_CERTIFICATE (TW_HANDSHAKE_HEADER + 4) /* no context, no certificates */

/* What protection adds to a TLS 1.3 record. */
static uint32_t overhead(uint16_t suite_id)
{
    const tw__suite *suite = tw__suite_get(suite_id);
    return INNER_TYPE + (suite && suite->overhead ? suite->overhead : 16);
}

static bool is_bare_or_jsse_size(uint32_t length, uint32_t content, uint16_t suite)
{
    uint32_t bare = content + overhead(suite);
    return length == bare || length == bare + JSSE_PADDING;
}

static bool is_granular_size(uint32_t length, uint32_t content, uint16_t suite)
{
    uint32_t tag = overhead(suite) - INNER_TYPE;
    return length == (content + INNER_TYPE + MBED_GRANULARITY - 1) / MBED_GRANULARITY * MBED_GRANULARITY + tag;
}

static bool is_size(uint32_t length, uint32_t content, uint16_t suite)
{
    return is_bare_or_jsse_size(length, content, suite) || is_granular_size(length, content, suite);
}

/* Mbed TLS's padded alert is left out: its empty Certificate has the same size. */
bool tw__is_alert_size(uint16_t suite, uint32_t length)
{
    return is_bare_or_jsse_size(length, ALERT, suite);
}

bool tw__is_granular_alert_size(uint16_t suite, uint32_t length)
{
    return is_granular_size(length, ALERT, suite);
}

bool tw__is_bare_alert_size(uint16_t suite, uint32_t length)
{
    return length == ALERT + overhead(suite);
}

/* Whether a record of DIR has the size that a client's Finished, or its empty Certificate, has without padding. */
static bool is_known_unpadded(const tw__handshake *h, int dir)
{
    const tw__flight *f = &h->flight[dir];
    const tw__suite *suite = tw__suite_get(h->suite);
    uint32_t finished = suite ? TW_HANDSHAKE_HEADER + suite->hash : 0;
    for (unsigned i = 0; suite && i < f->n_opaque && i < G_N_ELEMENTS(f->opaque_lengths); i++) {
        uint32_t content = f->opaque_lengths[i] - overhead(h->suite);
        if (content == finished || content == EMPTY_CERTIFICATE || content == EMPTY_CERTIFICATE + finished)
            return true;
    }
    return false;
}

bool tw__may_be_close(const tw__handshake *h, int dir, uint32_t length)
{
    return tw__is_alert_size(h->suite, length) &&
           (tw__is_bare_alert_size(h->suite, length) || !is_known_unpadded(h, dir));
}

bool tw__is_data_size(const tw__handshake *h, uint32_t length, uint32_t data)
{
    const tw__suite *suite = tw__suite_get(h->suite);
    return suite && suite->overhead && length == data + suite->overhead + (tw__is_13(h->version) ? INNER_TYPE : 0);
}

bool tw__is_message_size(uint16_t suite, uint32_t length, uint32_t body)
{
    return is_size(length, TW_HANDSHAKE_HEADER + body, suite);
}

bool tw__may_end_flight(uint16_t suite_id, uint32_t length)
{
    const tw__suite *suite = tw__suite_get(suite_id);
    uint32_t finished = suite ? TW_HANDSHAKE_HEADER + suite->hash : 0;
    return suite && (is_size(length, finished, suite_id) || is_size(length, EMPTY_CERTIFICATE + finished, suite_id));
}

bool tw__says_more(const tw__handshake *h, int dir)
{
    return tw__handshake_find(h, TW_HS_FINISHED, dir) ? h->flight[dir].n_after : h->flight[dir].n_behind;
}

/* The server's flight can be read, and holds no CertificateRequest. */
static bool is_known_not_asked(const tw__handshake *h, int client)
{
    return tw__handshake_find(h, TW_HS_ENCRYPTED_EXTENSIONS, 1 - client) &&
           !tw__handshake_find(h, TW_HS_CERTIFICATE_REQUEST, 1 - client);
}

/* Of a flight that can be read. */
static tw__flight_kind read_flight(const tw__handshake *h, int dir)
{
    const tw__message *certificate = tw__handshake_find(h, TW_HS_CERTIFICATE, dir);
    if (!certificate)
        return TW_FLIGHT_FINISHED_ONLY;
    return certificate->length <= EMPTY_CERTIFICATE - TW_HANDSHAKE_HEADER ? TW_FLIGHT_EMPTY_CERTIFICATE
                                                                          : TW_FLIGHT_CERTIFICATE;
}

tw__flight_kind tw__client_flight(const tw__handshake *h, int dir)
{
    const tw__suite *suite = tw__suite_get(h->suite);
    const tw__flight *f = &h->flight[dir];
    uint32_t finished;
    if (tw__is_13(h->version) &&
        (tw__handshake_find(h, TW_HS_FINISHED, dir) || tw__handshake_find(h, TW_HS_CERTIFICATE, dir)))
        return read_flight(h, dir);
    if (is_known_not_asked(h, dir))
        return TW_FLIGHT_FINISHED_ONLY;
    if (!suite || !tw__is_13(h->version) || !f->n_opaque)
        return TW_FLIGHT_UNKNOWN;
    finished = TW_HANDSHAKE_HEADER + suite->hash;
    if (is_size(f->opaque_lengths[0], finished, h->suite))
        return TW_FLIGHT_FINISHED_ONLY;
    if (is_size(f->opaque_lengths[0], EMPTY_CERTIFICATE + finished, h->suite))
        return TW_FLIGHT_EMPTY_CERTIFICATE;
    if (is_size(f->opaque_lengths[0], EMPTY_CERTIFICATE, h->suite) && f->n_opaque > 1 &&
        is_size(f->opaque_lengths[1], finished, h->suite))
        return TW_FLIGHT_EMPTY_CERTIFICATE;
    /* alone, so far: what Mbed TLS pads may be an alert */
    if (is_bare_or_jsse_size(f->opaque_lengths[0], EMPTY_CERTIFICATE, h->suite) && f->n_opaque == 1)
        return TW_FLIGHT_EMPTY_CERTIFICATE;
    /* a certificate and its signature are larger than anything else that could come first */
    return f->opaque_lengths[0] > 200 ? TW_FLIGHT_CERTIFICATE : TW_FLIGHT_UNKNOWN;
}
