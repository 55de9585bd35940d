/* The CertificateRequest message in its three forms: SSL 3.0 to TLS 1.1, TLS 1.2 (RFC 5246 7.4.4) and
 * TLS 1.3 (RFC 8446 4.3.2).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls/reader.h"
#include "tlswhy/words.h"

#include <string.h>

static void read_types(tw__certificate_request *request, tw__reader *r)
{
    tw__reader types = tw__read_vector(r, 1);

    request->n_types = (unsigned)MIN(types.left, sizeof request->types);
    memcpy(request->types, types.at, request->n_types);
}

static void read_sigalgs(tw__certificate_request *request, tw__reader *r)
{
    bool cut = false; /* nobody sends more than TW_LIST_MAX that we could name */

    tw__read_list(r, 2, &request->sigalgs, &cut);
}

static void read_sigalgs_cert(tw__certificate_request *request, tw__reader *r)
{
    bool cut = false;

    tw__read_list(r, 2, &request->sigalgs_cert, &cut);
}

static void read_authorities(tw__certificate_request *request, tw__reader *r)
{
    tw__reader names = tw__read_vector(r, 2);

    while (names.left > 0) {
        tw__reader name = tw__read_filled_vector(&names, 2);

        if (names.failed)
            break;
        if (request->n_dns++ < TW_DNS_MAX)
            g_ptr_array_add(request->dns, tw__reader_copy(&name));
    }
    tw__reader_require_done(r, &names);
}

typedef struct {
    uint16_t type; /* ExtensionType, in TLS 1.3 */
    const char *name;
    void (*read)(tw__certificate_request *request, tw__reader *r);
} request_part;

static const request_part types_part = { 0, "certificate_types", read_types };
static const request_part sigalgs_part = { TW_EXT_SIGNATURE_ALGORITHMS, "signature_algorithms", read_sigalgs };
static const request_part sigalgs_cert_part = { TW_EXT_SIGNATURE_ALGORITHMS_CERT, "signature_algorithms_cert",
                                                read_sigalgs_cert };
static const request_part authorities_part = { TW_EXT_CERTIFICATE_AUTHORITIES, "certificate_authorities",
                                               read_authorities };

static void read_part(tw__certificate_request *request, const request_part *part, tw__reader *r)
{
    if (r->failed)
        return;
    part->read(request, r);
    if (r->failed)
        tw__flaw(&request->flaw, part->name);
}

/* A part that is all of an extension. */
static void read_extension(tw__certificate_request *request, const request_part *part, tw__reader *content)
{
    read_part(request, part, content);
    if (content->left > 0)
        tw__flaw(&request->flaw, part->name);
}

static void read_request13(tw__certificate_request *request, tw__reader *r)
{
    tw__reader block, content;
    uint16_t type;

    tw__read_vector(r, 1); /* certificate_request_context */
    block = tw__read_vector(r, 2);
    while (tw__read_extension(&block, &type, &content)) {
        if (type == sigalgs_part.type)
            read_extension(request, &sigalgs_part, &content);
        else if (type == sigalgs_cert_part.type)
            read_extension(request, &sigalgs_cert_part, &content);
        else if (type == authorities_part.type)
            read_extension(request, &authorities_part, &content);
    }
    if (block.failed || r->failed)
        tw__flaw(&request->flaw, "extensions");
}

static void read_request(tw__certificate_request *request, tw__reader *r, uint16_t tls_version)
{
    read_part(request, &types_part, r);
    if (tls_version >= TW_TLS12)
        read_part(request, &sigalgs_part, r);
    read_part(request, &authorities_part, r);
}

tw__certificate_request *tw__certificate_request_read(const uint8_t *body, size_t len, uint16_t version)
{
    tw__certificate_request *request = g_new0(tw__certificate_request, 1);
    tw__reader r = tw__reader_of(body, len);
    uint16_t tls_version = tw__version_as_tls(version);

    request->dns = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    if (tls_version >= TW_TLS13)
        read_request13(request, &r);
    else
        read_request(request, &r, tls_version);
    if (!tw__reader_done(&r))
        tw__flaw(&request->flaw, tw_text_template(TW_TEXT_FLAW_TRAILING));
    return request;
}

void tw__certificate_request_free(tw__certificate_request *request)
{
    if (request == NULL)
        return;
    g_free(request->sigalgs.v);
    g_free(request->sigalgs_cert.v);
    g_ptr_array_unref(request->dns);
    g_free(request);
}
