/* Certificate chains, names and OCSP responses from bytes: certificates, each behind two bytes of length; what is left
 * is taken for a DN and for an OCSP response.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include "x509/chain.h"

static GBytes *take_piece(input *in)
{
    size_t len = take_number(in, 2);
    uint8_t *bytes = take_bytes(in, &len);
    return g_bytes_new_take(bytes, len);
}

static void check_values(const tw_values *values)
{
    static const char *const names[] = { "subject", "issuer", "names", "aia", "why", "oid", "usage" };
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
        if (tw_values_get(values, names[i]))
            must_be_clean(tw_values_get(values, names[i]));
}

static void examine(tw__chain *chain, tw_side side, const char *name)
{
    GPtrArray *faults = tw__chain_examine(chain, side, G_GINT64_CONSTANT(1748736000), name, side == TW_SERVER);
    for (unsigned i = 0; i < faults->len; i++)
        check_values(((tw__fault *)g_ptr_array_index(faults, i))->values);
    g_ptr_array_unref(faults);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t text[] = "signed";
    input in = { data, size };
    unsigned n = take_byte(&in) % 8;
    uint8_t flags = take_byte(&in);
    GPtrArray *ders = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    tw_values *values = tw_values_new();
    tw__chain *chain;
    GBytes *rest;
    char *dn;
    for (unsigned i = 0; i < n; i++)
        g_ptr_array_add(ders, take_piece(&in));
    rest = g_bytes_new(in.at, in.left);
    chain = tw__chain_new(NULL, ders, flags & 1);
    if (flags & 2)
        tw__chain_set_partial(chain);
    examine(chain, TW_SERVER, flags & 4 ? "www.example" : "192.0.2.1");
    examine(chain, TW_CLIENT, NULL);
    tw__chain_issued_by_any(chain, ders);
    tw__chain_leaf_verifies(chain, flags & 8 ? 0x0804 : 0x0403, text, sizeof text, data, MIN(size, 256));
    tw__chain_check_ocsp(chain, rest, G_GINT64_CONSTANT(1748736000), values);
    check_values(values);
    dn = tw__dn_text(NULL, rest);
    must_be_clean(dn);
    g_free(dn);
    g_bytes_unref(rest);
    tw_values_free(values);
    tw__chain_free(chain);
    g_ptr_array_unref(ders);
    return 0;
}
