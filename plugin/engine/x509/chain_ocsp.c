/* Stapled OCSP responses (RFC 6960).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509/chain_internal.h"

#include <string.h>

#define RESPONSE_MAX_BYTES 65536
#define SINGLES_MAX        100
#define SIGNERS_MAX        4

static const struct {
    int status;
    const char *name;
} statuses[] = {
    { GNUTLS_OCSP_RESP_MALFORMEDREQUEST, "malformedRequest" },
    { GNUTLS_OCSP_RESP_INTERNALERROR, "internalError" },
    { GNUTLS_OCSP_RESP_TRYLATER, "tryLater" },
    { GNUTLS_OCSP_RESP_SIGREQUIRED, "sigRequired" },
    { GNUTLS_OCSP_RESP_UNAUTHORIZED, "unauthorized" },
};

/* One SingleResponse. */
typedef struct {
    unsigned status;
    int64_t this_update, next_update, revoked_at;
} single;

static const char *status_name(int status)
{
    for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++)
        if (statuses[i].status == status)
            return statuses[i].name;
    return "unknown";
}

static gnutls_ocsp_resp_t import(GBytes *bytes)
{
    der_span der = chain_der_span(bytes);
    gnutls_datum_t datum = { (unsigned char *)(uintptr_t)der.data, (unsigned)der.len };
    gnutls_ocsp_resp_t response = NULL;

    if (der.len > RESPONSE_MAX_BYTES || chain_der_excessive(bytes) || gnutls_ocsp_resp_init(&response) < 0)
        return NULL;
    if (gnutls_ocsp_resp_import(response, &datum) >= 0)
        return response;
    gnutls_ocsp_resp_deinit(response);
    return NULL;
}

static void read_times(GBytes *bytes, unsigned n, single *out)
{
    der_ocsp_times times;

    out->this_update = out->next_update = out->revoked_at = TW_TIME_UNKNOWN;
    if (!chain_der_ocsp_times(bytes, n, &times))
        return;
    out->this_update = chain_time_read(times.this_update);
    out->next_update = chain_time_read(times.next_update);
    out->revoked_at = chain_time_read(times.revoked_at);
}

/* BYTES: of RESPONSE, for the times. */
static bool find_single(gnutls_ocsp_resp_t response, GBytes *bytes, gnutls_x509_crt_t leaf, single *out)
{
    for (unsigned i = 0; i < SINGLES_MAX; i++) {
        if (gnutls_ocsp_resp_get_single(response, i, NULL, NULL, NULL, NULL, &out->status, NULL, NULL, NULL, NULL) <
            0)
            return false;
        if (gnutls_ocsp_resp_check_crt(response, i, leaf) < 0)
            continue;
        read_times(bytes, i, out);
        return true;
    }
    return false;
}

/* ---- its signature ---- */

static bool same_key(gnutls_x509_crt_t a, gnutls_x509_crt_t b)
{
    uint8_t id[2][64];
    size_t size[2] = { sizeof id[0], sizeof id[1] };

    return gnutls_x509_crt_get_key_id(a, 0, id[0], &size[0]) >= 0 &&
           gnutls_x509_crt_get_key_id(b, 0, id[1], &size[1]) >= 0 && size[0] == size[1] &&
           memcmp(id[0], id[1], size[0]) == 0;
}

/* TW_YES also for a responder whose certificate comes along and was signed by ISSUER. */
static tw_tri signed_by_issuer(gnutls_ocsp_resp_t response, gnutls_x509_crt_t issuer)
{
    const unsigned bad = GNUTLS_OCSP_VERIFY_SIGNATURE_FAILURE | GNUTLS_OCSP_VERIFY_SIGNER_KEYUSAGE_ERROR |
                         GNUTLS_OCSP_VERIFY_UNTRUSTED_SIGNER | GNUTLS_OCSP_VERIFY_SIGNER_NOT_FOUND;
    unsigned verdict = 0;

    if (gnutls_ocsp_resp_verify_direct(response, issuer, &verdict,
                                       CHAIN_VERIFY_FLAGS | GNUTLS_VERIFY_DISABLE_TIME_CHECKS) < 0)
        return TW_UNSEEN;
    if (verdict == 0)
        return TW_YES;
    return verdict & bad ? TW_NO : TW_UNSEEN;
}

/* What a certificate that came along shows, once ISSUER itself did not match. The issuer may have two
 * certificates with one key (cross-signing), which the library holds for two authorities; and it says
 * "untrusted" also of a responder that it could not examine. */
static tw_tri signed_by_signer(gnutls_ocsp_resp_t response, gnutls_x509_crt_t signer, gnutls_x509_crt_t issuer)
{
    if (same_key(signer, issuer))
        return signed_by_issuer(response, signer);
    return gnutls_x509_crt_check_issuer(signer, issuer) ? TW_UNSEEN : TW_NO;
}

static tw_tri signed_by_any(gnutls_ocsp_resp_t response, gnutls_x509_crt_t issuer)
{
    gnutls_x509_crt_t *signers = NULL;
    size_t n = 0;
    tw_tri result = TW_NO;

    if (gnutls_ocsp_resp_get_certs(response, &signers, &n) < 0)
        return TW_NO;
    for (size_t i = 0; i < n; i++) {
        if (i < SIGNERS_MAX && result == TW_NO)
            result = signed_by_signer(response, signers[i], issuer);
        gnutls_x509_crt_deinit(signers[i]);
    }
    gnutls_free(signers);
    return result;
}

static bool is_out_of_date(const single *one, int64_t at)
{
    return at > 0 && one->next_update != TW_TIME_UNKNOWN && at > one->next_update;
}

/* Without the issuer in the chain nobody can tell. */
static bool badly_signed(const tw__chain *chain, gnutls_ocsp_resp_t response)
{
    int parent = chain->certs[0].parent;
    gnutls_x509_crt_t issuer;

    if (parent == PARENT_NONE)
        return false;
    issuer = chain->certs[parent == PARENT_SELF ? 0 : parent].crt;
    return chain_key_is_sane(issuer) && signed_by_issuer(response, issuer) == TW_NO &&
           signed_by_any(response, issuer) == TW_NO;
}

/* ---- the verdict ---- */

static void set_single(tw_values *values, const single *one)
{
    static const char *const names[] = { "good", "revoked", "unknown" };

    tw_values_set(values, "status", one->status < G_N_ELEMENTS(names) ? names[one->status] : "unknown");
    chain_time_set(values, "this_update", one->this_update);
    if (one->next_update != TW_TIME_UNKNOWN)
        chain_time_set(values, "next_update", one->next_update);
    if (one->status == GNUTLS_OCSP_CERT_REVOKED)
        chain_time_set(values, "revoked_at", one->revoked_at);
}

/* A revocation stands, however old the response is. */
static tw__ocsp_verdict judge(const tw__chain *chain, const single *one, int64_t at)
{
    if (one->status == GNUTLS_OCSP_CERT_REVOKED)
        return is_out_of_date(one, at) || chain->certs[0].parent == PARENT_NONE ? TW_OCSP_REVOKED_IN_DOUBT
                                                                                : TW_OCSP_REVOKED;
    if (is_out_of_date(one, at))
        return TW_OCSP_EXPIRED;
    if (at > 0 && one->this_update != TW_TIME_UNKNOWN && at < one->this_update)
        return TW_OCSP_NOT_YET_VALID;
    return one->status == GNUTLS_OCSP_CERT_GOOD ? TW_OCSP_GOOD : TW_OCSP_UNKNOWN;
}

/* BYTES: of RESPONSE. */
static tw__ocsp_verdict check(const tw__chain *chain, gnutls_ocsp_resp_t response, GBytes *bytes, int64_t at,
                              tw_values *values)
{
    int status = gnutls_ocsp_resp_get_status(response);
    single one;

    if (status != GNUTLS_OCSP_RESP_SUCCESSFUL) {
        tw_values_set(values, "status", status_name(status));
        return TW_OCSP_ERROR_STATUS;
    }
    if (!find_single(response, bytes, chain->certs[0].crt, &one))
        return TW_OCSP_OTHER_CERT;
    set_single(values, &one);
    if (badly_signed(chain, response))
        return TW_OCSP_BAD_SIGNATURE;
    return judge(chain, &one, at);
}

tw__ocsp_verdict tw__chain_check_ocsp(const tw__chain *chain, GBytes *response, int64_t at, tw_values *values)
{
    gnutls_ocsp_resp_t parsed;
    tw__ocsp_verdict verdict;

    if (chain->n == 0 || chain->certs[0].state != CERT_PARSED)
        return TW_OCSP_UNEXAMINED;
    tw_values_set(values, "certificate", chain_subject(&chain->certs[0]));
    tw_values_set_private(values, "serial", TW_PRIVATE_SERIAL, chain->certs[0].info.serial);
    parsed = import(response);
    if (!parsed)
        return TW_OCSP_UNREADABLE;
    verdict = check(chain, parsed, response, at, values);
    gnutls_ocsp_resp_deinit(parsed);
    return verdict;
}
