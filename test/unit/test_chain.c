/* What is wrong with a chain, by table: certificates of test/unit/certs/ (made by make_certs.sh),
 * the circumstances, and the faults that must come out, no more and no fewer.
 *
 * A chain is written as names of files, leaf first. "~name" is that certificate with its last byte
 * flipped (a wrong signature), "!name" with its front damaged, "name/" the first half of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "test_chain.h"

static const char *const fault_names[] = {
    [TW_FAULT_MALFORMED] = "malformed",
    [TW_FAULT_CUT] = "cut",
    [TW_FAULT_EXPIRED] = "expired",
    [TW_FAULT_NOT_YET_VALID] = "early",
    [TW_FAULT_NAME_MISMATCH] = "name",
    [TW_FAULT_SELF_SIGNED] = "self-signed",
    [TW_FAULT_INCOMPLETE] = "incomplete",
    [TW_FAULT_UNKNOWN_ISSUER] = "unknown",
    [TW_FAULT_WEAK_KEY] = "weak-key",
    [TW_FAULT_WEAK_SIGNATURE] = "weak-signature",
    [TW_FAULT_WRONG_USAGE] = "usage",
    [TW_FAULT_BAD_CA] = "bad-ca",
    [TW_FAULT_BAD_SIGNATURE] = "bad-signature",
    [TW_FAULT_WRONG_ORDER] = "order",
    [TW_FAULT_NEEDLESS_ROOT] = "root",
    [TW_FAULT_UNRELATED_CERT] = "unrelated",
    [TW_FAULT_UNKNOWN_CRITICAL] = "critical",
    [TW_FAULT_NO_SAN] = "no-san",
};

G_STATIC_ASSERT(G_N_ELEMENTS(fault_names) == TW_N_FAULTS);

/* Every fault as "kind number", in the order of the kinds. */
static char *list_faults(const GPtrArray *faults)
{
    GString *out = g_string_new(NULL);

    for (int kind = 0; kind < TW_N_FAULTS; kind++) {
        for (guint i = 0; i < faults->len; i++) {
            const tw__fault *fault = g_ptr_array_index(faults, i);
            if ((int)fault->kind != kind)
                continue;
            g_string_append_printf(out, "%s%s %u", out->len ? ", " : "", fault_names[kind], fault->cert + 1);
            assert_non_null(tw_values_get(fault->values, "subject"));
            assert_non_null(tw_values_get(fault->values, "which"));
        }
    }
    return g_string_free(out, FALSE);
}

#define NOW INT64_C(1714564800) /* 2024-05-01 12:00:00 UTC */

/* ---- faults ---- */

static const struct {
    const char *chain, *name;
    tw_side side;
    int64_t at;
    bool rsa;
    const char *faults;
} cases[] = {
    /* nothing but an authority that nobody need know */
    { "leaf inter", "good.example", TW_SERVER, NOW, false, "unknown 2" },
    { "leaf inter root", "good.example", TW_SERVER, NOW, false, "unknown 3, root 3" },
    { "leaf_root root", NULL, TW_SERVER, NOW, false, "unknown 2, root 2" },
    /* what is missing */
    { "leaf", NULL, TW_SERVER, NOW, false, "incomplete 1, unknown 1" },
    { "leaf_noaia", NULL, TW_SERVER, NOW, false, "incomplete 1, unknown 1" },
    /* the certificate names its issuer's issuer */
    { "naming", NULL, TW_CLIENT, NOW, false, "incomplete 1" },
    { "naming_top", NULL, TW_CLIENT, NOW, false, "unknown 1" },
    { "naming naming_inter", NULL, TW_CLIENT, NOW, false, "unknown 2" },
    { "leaf root", NULL, TW_SERVER, NOW, false, "incomplete 1, unrelated 2" },
    { "leaf inter2", NULL, TW_SERVER, NOW, false, "incomplete 1, unrelated 2" },
    { "leaf v1_root", NULL, TW_SERVER, NOW, false, "incomplete 1, unrelated 2" },
    { "leaf rsa", NULL, TW_SERVER, NOW, false, "incomplete 1, unknown 1, unrelated 2" },
    { "leaf_deep2 deep2 root", NULL, TW_SERVER, NOW, false, "incomplete 2, unrelated 3" },
    { "leaf_deep2 deep2 deep root", NULL, TW_SERVER, NOW, false, "unknown 4, root 4" },
    { "leaf leaf", NULL, TW_SERVER, NOW, false, "incomplete 1, unknown 1, unrelated 2" },
    { "leaf inter inter", NULL, TW_SERVER, NOW, false, "unknown 2, unrelated 3" },
    { "leaf leaf inter", NULL, TW_SERVER, NOW, false, "unknown 3, unrelated 2" },
    /* two ways up */
    { "leaf inter inter_cross", NULL, TW_SERVER, NOW, false, "unknown 2" },
    { "leaf inter inter_cross other_root", NULL, TW_SERVER, NOW, false, "unknown 2" },
    { "leaf inter_cross other_root", NULL, TW_SERVER, NOW, false, "unknown 3, root 3" },
    /* order */
    { "leaf root inter", NULL, TW_SERVER, NOW, false, "unknown 2, order 2, root 2" },
    { "leaf rsa inter", NULL, TW_SERVER, NOW, false, "unknown 3, unrelated 2" },
    { "inter leaf", NULL, TW_SERVER, NOW, false, "incomplete 1, unknown 1, usage 1, order 2" },
    { "root inter leaf", NULL, TW_SERVER, NOW, false, "self-signed 1, usage 1, order 2, unrelated 3" },
    /* self-signed */
    { "self_signed", "good.example", TW_SERVER, NOW, false, "self-signed 1" },
    { "~self_signed", NULL, TW_SERVER, NOW, false, "self-signed 1, bad-signature 1" },
    { "self_signed inter", NULL, TW_SERVER, NOW, false, "self-signed 1, unrelated 2" },
    { "self_weak", NULL, TW_SERVER, NOW, false, "self-signed 1, weak-key 1" },
    { "rollover", NULL, TW_SERVER, NOW, false, "incomplete 1, unknown 1, usage 1" },
    { "rollover rollover_old", NULL, TW_SERVER, NOW, false, "unknown 2, usage 1, root 2" },
    /* signatures */
    { "~leaf inter", NULL, TW_SERVER, NOW, false, "unknown 2, bad-signature 1" },
    { "leaf ~inter root", NULL, TW_SERVER, NOW, false, "unknown 3, bad-signature 2, root 3" },
    { "leaf inter_twin", NULL, TW_SERVER, NOW, false, "incomplete 1, unknown 1, unrelated 2" },
    { "leaf inter_twin_noski", NULL, TW_SERVER, NOW, false, "unknown 2, bad-signature 1" },
    { "leaf_noids inter_twin", NULL, TW_SERVER, NOW, false, "unknown 2, bad-signature 1" },
    { "leaf inter_twin inter", NULL, TW_SERVER, NOW, false, "unknown 3, unrelated 2" },
    { "leaf_pss pss_root", NULL, TW_SERVER, NOW, false, "unknown 2, root 2" },
    { "leaf_pss32 pss_root", NULL, TW_SERVER, NOW, false, "unknown 2, root 2" },
    { "~leaf_pss pss_root", NULL, TW_SERVER, NOW, false, "unknown 2, root 2" },
    { "~leaf_pss32 pss_root", NULL, TW_SERVER, NOW, false, "unknown 2, bad-signature 1, root 2" },
    { "~md5 root", NULL, TW_SERVER, NOW, false, "unknown 2, weak-signature 1, bad-signature 1, root 2" },
    /* dates */
    { "expired inter", NULL, TW_SERVER, NOW, false, "expired 1, unknown 2" },
    { "expired inter", NULL, TW_SERVER, 1651406400, false, "unknown 2" }, /* the last second */
    { "expired inter", NULL, TW_SERVER, 1651406401, false, "expired 1, unknown 2" },
    { "expired inter", NULL, TW_SERVER, 0, false, "unknown 2" },
    { "future inter", NULL, TW_SERVER, NOW, false, "early 1, unknown 2" },
    { "future inter", NULL, TW_SERVER, 1893456000, false, "unknown 2" },
    { "future inter", NULL, TW_SERVER, 1893455999, false, "early 1, unknown 2" },
    { "forever inter", NULL, TW_SERVER, INT64_C(200000000000), false, "expired 2, unknown 2" },
    { "forever inter", NULL, TW_SERVER, INT64_MAX, false, "expired 1, expired 2, unknown 2" },
    { "old inter", NULL, TW_SERVER, NOW, false, "unknown 2" },
    { "leaf_inter_expired inter_expired root", NULL, TW_SERVER, NOW, false, "expired 2, unknown 3, root 3" },
    { "leaf_root_weak root_weak", NULL, TW_SERVER, NOW, false, "unknown 2, root 2" },
    /* names */
    { "leaf inter", "GOOD.example.", TW_SERVER, NOW, false, "unknown 2" },
    { "leaf inter", "www.good.example", TW_SERVER, NOW, false, "name 1, unknown 2" },
    { "leaf inter", "good.exampl", TW_SERVER, NOW, false, "name 1, unknown 2" },
    { "leaf inter", "leaf.example", TW_SERVER, NOW, false, "name 1, unknown 2" }, /* its common name */
    { "leaf inter", "a.wild.example", TW_SERVER, NOW, false, "unknown 2" },
    { "leaf inter", "xn--bcher-kva.WILD.example", TW_SERVER, NOW, false, "unknown 2" },
    { "leaf inter", "wild.example", TW_SERVER, NOW, false, "name 1, unknown 2" },
    { "leaf inter", ".wild.example", TW_SERVER, NOW, false, "name 1, unknown 2" },
    { "leaf inter", "a.b.wild.example", TW_SERVER, NOW, false, "name 1, unknown 2" },
    { "leaf inter", "192.0.2.1", TW_SERVER, NOW, false, "unknown 2" },
    { "leaf inter", "192.0.2.2", TW_SERVER, NOW, false, "name 1, unknown 2" },
    { "leaf inter", "2001:DB8:0::1", TW_SERVER, NOW, false, "unknown 2" },
    { "leaf inter", "2001:db8::2", TW_SERVER, NOW, false, "name 1, unknown 2" },
    { "leaf inter", "", TW_SERVER, NOW, false, "unknown 2" },
    { "leaf inter", "\x01\xff", TW_SERVER, NOW, false, "name 1, unknown 2" },
    { "client inter", "x.example", TW_CLIENT, NOW, false, "unknown 2" },
    { "no_san inter", "no_san.example", TW_SERVER, NOW, false, "unknown 2, no-san 1" },
    { "no_san inter", "x.example", TW_SERVER, NOW, false, "name 1, unknown 2" },
    { "email_san inter", "email_san.example", TW_SERVER, NOW, false, "name 1, unknown 2" },
    { "nul_san inter", "good.example", TW_SERVER, NOW, false, "name 1, unknown 2" },
    { "partial_wildcard inter", "www.wild.example", TW_SERVER, NOW, false, "name 1, unknown 2" },
    { "partial_wildcard inter", "localhost", TW_SERVER, NOW, false, "name 1, unknown 2" },
    { "many_names inter", "last.example", TW_SERVER, NOW, false, "unknown 2" },
    { "many_names inter", "more.example", TW_SERVER, NOW, false, "name 1, unknown 2" },
    { "empty_subject inter", "good.example", TW_SERVER, NOW, false, "unknown 2" },
    /* usage */
    { "client inter", NULL, TW_CLIENT, NOW, false, "unknown 2" },
    { "client inter", NULL, TW_SERVER, NOW, false, "unknown 2, usage 1" },
    { "client inter", NULL, TW_SIDE_UNKNOWN, NOW, false, "unknown 2" },
    { "leaf inter", NULL, TW_CLIENT, NOW, false, "unknown 2, usage 1" },
    { "any_purpose inter", NULL, TW_CLIENT, NOW, false, "unknown 2" },
    { "any_purpose inter", NULL, TW_SERVER, NOW, false, "unknown 2" },
    { "leaf_mail mail", NULL, TW_SERVER, NOW, false, "unknown 2, usage 2" },
    { "leaf_mail mail", NULL, TW_CLIENT, NOW, false, "unknown 2, usage 1" },
    { "leaf_mail mail", NULL, TW_SIDE_UNKNOWN, NOW, false, "unknown 2" },
    { "sgc inter", NULL, TW_SERVER, NOW, false, "unknown 2" },
    { "sgc inter", NULL, TW_CLIENT, NOW, false, "unknown 2, usage 1" },
    { "other_purpose inter", NULL, TW_SERVER, NOW, false, "unknown 2, usage 1" },
    { "free_use inter", NULL, TW_CLIENT, NOW, false, "unknown 2" },
    { "free_use inter", NULL, TW_SERVER, NOW, true, "unknown 2" },
    { "encipher inter", NULL, TW_SERVER, NOW, true, "unknown 2" },
    { "encipher inter", NULL, TW_SERVER, NOW, false, "unknown 2, usage 1" },
    { "leaf inter", NULL, TW_SERVER, NOW, true, "unknown 2, usage 1" },
    /* weak */
    { "rsa inter", NULL, TW_SERVER, NOW, false, "unknown 2" },
    { "rsa1024 inter", NULL, TW_SERVER, NOW, false, "unknown 2, weak-key 1" },
    { "p224 inter", NULL, TW_SERVER, NOW, false, "unknown 2, weak-key 1" },
    { "p192 inter", NULL, TW_SERVER, NOW, false, "unknown 2, weak-key 1" },
    { "p384 inter", NULL, TW_SERVER, NOW, false, "unknown 2" },
    { "brainpool inter", NULL, TW_SERVER, NOW, false, "unknown 2" },
    { "ed25519 inter", NULL, TW_SERVER, NOW, false, "unknown 2" },
    { "pss inter", NULL, TW_SERVER, NOW, false, "unknown 2" },
    { "dsa inter", NULL, TW_SERVER, NOW, false, "unknown 2" },
    { "sha1 root", NULL, TW_SERVER, NOW, false, "unknown 2, weak-signature 1, root 2" },
    { "md5 root", NULL, TW_SERVER, NOW, false, "unknown 2, weak-signature 1, root 2" },
    { "leaf_inter_sha1 inter_sha1", NULL, TW_SERVER, NOW, false, "unknown 2, weak-signature 2" },
    { "leaf_inter_weak inter_weak", NULL, TW_SERVER, NOW, false, "unknown 2, weak-key 2" },
    /* authorities */
    { "leaf_not_ca not_ca root", NULL, TW_SERVER, NOW, false, "unknown 3, bad-ca 2, root 3" },
    { "leaf_no_bc no_bc", NULL, TW_SERVER, NOW, false, "unknown 2, bad-ca 2" },
    { "leaf_no_sign no_sign", NULL, TW_SERVER, NOW, false, "unknown 2, bad-ca 2" },
    { "leaf_inter2 inter2 inter root", NULL, TW_SERVER, NOW, false, "unknown 4, bad-ca 3, root 4" },
    { "leaf_v1_root v1_root", NULL, TW_SERVER, NOW, false, "unknown 2, root 2" },
    { "leaf_v1_inter v1_inter root", NULL, TW_SERVER, NOW, false, "unknown 3, bad-ca 2, root 3" },
    { "limited_good limited", NULL, TW_SERVER, NOW, false, "unknown 2" },
    { "limited_dns limited", NULL, TW_SERVER, NOW, false, "unknown 2, bad-ca 2" },
    { "limited_ip limited", NULL, TW_SERVER, NOW, false, "unknown 2, bad-ca 2" },
    /* extensions */
    { "unknown_critical inter", NULL, TW_SERVER, NOW, false, "unknown 2, critical 1" },
    { "unknown_plain inter", NULL, TW_SERVER, NOW, false, "unknown 2" },
    /* what cannot be read */
    { "!leaf inter", "x.example", TW_SERVER, NOW, false, "malformed 1" },
    { "leaf !inter", NULL, TW_SERVER, NOW, false, "malformed 2" },
    { "leaf inter/", NULL, TW_SERVER, NOW, false, "cut 2" },
    { "leaf/", "x.example", TW_SERVER, NOW, false, "cut 1" },
    { "", "x.example", TW_SERVER, NOW, false, "" },
};

static void finds_faults(void **state)
{
    unsigned wrong = 0;

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        tw__chain *chain = chain_of(cases[i].chain);
        GPtrArray *faults = tw__chain_examine(chain, cases[i].side, cases[i].at, cases[i].name, cases[i].rsa);
        char *listed = list_faults(faults);

        if (strcmp(listed, cases[i].faults) != 0) {
            print_error("[%s] for %s at %" G_GINT64_FORMAT ": %s\n    not: %s\n", cases[i].chain,
                        cases[i].name ? cases[i].name : "-", cases[i].at, listed, cases[i].faults);
            wrong++;
        }
        g_free(listed);
        g_ptr_array_unref(faults);
        tw__chain_free(chain);
    }
    assert_int_equal(wrong, 0);
}

/* The first step finds none of what takes signatures, and the second one nothing else. */
static void verifies_last(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        tw__chain *chain = chain_of(cases[i].chain);
        GPtrArray *faults =
            tw__chain_examine_unverified(chain, cases[i].side, cases[i].at, cases[i].name, cases[i].rsa);
        unsigned before = faults->len;

        tw__chain_examine_signatures(chain, faults);
        for (unsigned n = 0; n < faults->len; n++)
            assert_int_equal(tw__fault_takes_signatures(((tw__fault *)g_ptr_array_index(faults, n))->kind),
                             n >= before);
        g_ptr_array_unref(faults);
        tw__chain_free(chain);
    }
}

/* ---- values ---- */

static const struct {
    const char *chain, *name;
    tw_side side;
    tw__fault_kind kind;
    const char *template, *text;
} values[] = {
    { "expired inter", NULL, TW_SERVER, TW_FAULT_EXPIRED,
      "{which} {number} {subject}: {not_after}, {captured}, {ago}",
      "leaf 1 CN=expired.example,O=tlswhy: 2022-05-01 12:00:00 UTC, 2024-05-01 12:00:00 UTC, 2 years" },
    { "future inter", NULL, TW_SERVER, TW_FAULT_NOT_YET_VALID, "{not_before}, {captured}, {ahead}",
      "2030-01-01 00:00:00 UTC, 2024-05-01 12:00:00 UTC, 5 years" },
    { "leaf_inter_expired inter_expired", NULL, TW_SERVER, TW_FAULT_EXPIRED, "{which} {number} {ago}",
      "intermediate 2 4 months" },
    { "leaf inter", "x.example", TW_SERVER, TW_FAULT_NAME_MISMATCH, "{name}: {names}",
      "x.example: good.example, *.wild.example, 192.0.2.1 and 1 more" },
    { "many_names inter", "x.example", TW_SERVER, TW_FAULT_NAME_MISMATCH, "{names}",
      "n0.example, n1.example, n2.example and 398 more" },
    { "no_san inter", "x.example", TW_SERVER, TW_FAULT_NAME_MISMATCH, "{names}",
      "CN=no_san.example (no subjectAltName)" },
    { "nul_san inter", "x.example", TW_SERVER, TW_FAULT_NAME_MISMATCH, "{names}", "good.example\\x00.evil.example" },
    { "control_names inter", "x.example", TW_SERVER, TW_FAULT_NAME_MISMATCH, "{names}", "\\x1b[31m.examp" },
    { "email_san inter", "x.example", TW_SERVER, TW_FAULT_NAME_MISMATCH, "{names}", "no names" },
    { "leaf", NULL, TW_SERVER, TW_FAULT_INCOMPLETE, "{issuer} {aia}",
      "CN=Test Intermediate,O=tlswhy http://ca.example/inter.crt" },
    { "leaf_noaia", NULL, TW_SERVER, TW_FAULT_INCOMPLETE, "{aia}", "?" },
    { "leaf_noaia root", NULL, TW_SERVER, TW_FAULT_INCOMPLETE, "{issuer}", "CN=Test Intermediate,O=tlswhy" },
    { "naming", NULL, TW_CLIENT, TW_FAULT_INCOMPLETE, "{issuer}", "CN=Naming Intermediate,O=tlswhy" },
    { "leaf inter", NULL, TW_SERVER, TW_FAULT_UNKNOWN_ISSUER, "{issuer} / {top}",
      "CN=Test Root,O=tlswhy / CN=Test Intermediate,O=tlswhy" },
    { "leaf inter root", NULL, TW_SERVER, TW_FAULT_NEEDLESS_ROOT, "{which} {number}", "root 3" },
    { "rsa1024 inter", NULL, TW_SERVER, TW_FAULT_WEAK_KEY, "{key}", "1024-bit RSA" },
    { "p192 inter", NULL, TW_SERVER, TW_FAULT_WEAK_KEY, "{key}", "192-bit ECDSA" },
    { "sha1 root", NULL, TW_SERVER, TW_FAULT_WEAK_SIGNATURE, "{algorithm}", "RSA-SHA1" },
    { "client inter", NULL, TW_SERVER, TW_FAULT_WRONG_USAGE, "{usage} {needed}", "clientAuth serverAuth" },
    { "leaf_mail mail", NULL, TW_SERVER, TW_FAULT_WRONG_USAGE, "{limiting}: {usage} {needed}",
      "CN=Mail CA,O=tlswhy: emailProtection, clientAuth serverAuth" },
    { "other_purpose inter", NULL, TW_CLIENT, TW_FAULT_WRONG_USAGE, "{usage} {needed}",
      "codeSigning, 1.2.3.4.5 clientAuth" },
    { "encipher inter", NULL, TW_SERVER, TW_FAULT_WRONG_USAGE, "{usage} {needed}",
      "keyEncipherment, dataEncipherment digitalSignature" },
    { "leaf_not_ca not_ca", NULL, TW_SERVER, TW_FAULT_BAD_CA, "{why} {issued}",
      "basicConstraints say CA:FALSE CN=leaf_not_ca.example,O=tlswhy" },
    { "leaf_no_bc no_bc", NULL, TW_SERVER, TW_FAULT_BAD_CA, "{why}", "it has no basicConstraints" },
    { "leaf_no_sign no_sign", NULL, TW_SERVER, TW_FAULT_BAD_CA, "{why}", "keyUsage lacks keyCertSign" },
    { "leaf_inter2 inter2 inter", NULL, TW_SERVER, TW_FAULT_BAD_CA, "{why}", "pathLen 0 is exceeded" },
    { "limited_dns limited", NULL, TW_SERVER, TW_FAULT_BAD_CA, "{why}",
      "its name constraints exclude www.forbidden.example" },
    { "limited_ip limited", NULL, TW_SERVER, TW_FAULT_BAD_CA, "{why}", "its name constraints exclude 192.0.2.1" },
    { "~leaf inter", NULL, TW_SERVER, TW_FAULT_BAD_SIGNATURE, "{issuer}", "CN=Test Intermediate,O=tlswhy" },
    { "leaf !inter", NULL, TW_SERVER, TW_FAULT_MALFORMED, "{subject}", "certificate 2" },
    { "unknown_critical inter", NULL, TW_SERVER, TW_FAULT_UNKNOWN_CRITICAL, "{oid}", "1.2.3.4.5" },
};

static char *text_of_fault(const GPtrArray *faults, tw__fault_kind kind, const char *template)
{
    for (guint i = 0; i < faults->len; i++) {
        const tw__fault *fault = g_ptr_array_index(faults, i);
        if (fault->kind == kind)
            return tw_text_expand(template, fault->values);
    }
    return g_strdup("(no such fault)");
}

static void fills_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        tw__chain *chain = chain_of(values[i].chain);
        GPtrArray *faults = tw__chain_examine(chain, values[i].side, NOW, values[i].name, false);
        char *text = text_of_fault(faults, values[i].kind, values[i].template);

        assert_string_equal(text, values[i].text);
        g_free(text);
        g_ptr_array_unref(faults);
        tw__chain_free(chain);
    }
}

/* What rules ask for beside the kind. */
static const struct {
    const char *chain;
    tw_side side;
    tw__fault_kind kind;
    bool certain;
    tw__need need;
} facts[] = {
    { "leaf", TW_SERVER, TW_FAULT_INCOMPLETE, false, TW_NEED_NOTHING },
    { "leaf_noaia", TW_SERVER, TW_FAULT_INCOMPLETE, false, TW_NEED_NOTHING },
    { "leaf_noaia root", TW_SERVER, TW_FAULT_INCOMPLETE, true, TW_NEED_NOTHING },
    { "naming", TW_CLIENT, TW_FAULT_INCOMPLETE, true, TW_NEED_NOTHING },
    { "!leaf inter", TW_SERVER, TW_FAULT_MALFORMED, true, TW_NEED_NOTHING },
    { "~leaf inter", TW_SERVER, TW_FAULT_BAD_SIGNATURE, true, TW_NEED_NOTHING },
    { "client inter", TW_SERVER, TW_FAULT_WRONG_USAGE, false, TW_NEED_SERVER_AUTH },
    { "leaf inter", TW_CLIENT, TW_FAULT_WRONG_USAGE, false, TW_NEED_CLIENT_AUTH },
    { "encipher inter", TW_SERVER, TW_FAULT_WRONG_USAGE, false, TW_NEED_SIGNATURE },
};

static const tw__fault *fault_of(const GPtrArray *faults, tw__fault_kind kind)
{
    for (guint i = 0; i < faults->len; i++)
        if (((const tw__fault *)g_ptr_array_index(faults, i))->kind == kind)
            return g_ptr_array_index(faults, i);
    return NULL;
}

static void fills_facts(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(facts); i++) {
        tw__chain *chain = chain_of(facts[i].chain);
        GPtrArray *faults = tw__chain_examine(chain, facts[i].side, NOW, NULL, false);
        const tw__fault *fault = fault_of(faults, facts[i].kind);
        assert_non_null(fault);
        if (fault->certain != facts[i].certain || fault->need != facts[i].need)
            fail_msg("%s: certain %d, need %d", facts[i].chain, fault->certain, fault->need);
        g_ptr_array_unref(faults);
        tw__chain_free(chain);
    }
}

static void knows_issuers_of_other_chains(void **state)
{
    tw__chain *of = chain_of("client"), *with = chain_of("leaf inter"), *without = chain_of("leaf root");
    (void)state;
    assert_true(tw__chain_holds_issuer_of(with, of, 0));
    assert_false(tw__chain_holds_issuer_of(without, of, 0));
    assert_false(tw__chain_holds_issuer_of(with, of, 1));
    tw__chain_free(of);
    tw__chain_free(with);
    tw__chain_free(without);
}

/* A capture that ends between two certificates proves no absence. */
static void partial_chain_lacks_nothing(void **state)
{
    tw__chain *chain = chain_of("leaf root");
    GPtrArray *faults;

    (void)state;
    tw__chain_set_partial(chain);
    faults = tw__chain_examine(chain, TW_SERVER, NOW, NULL, false);
    assert_int_equal(faults->len, 0);
    g_ptr_array_unref(faults);
    tw__chain_free(chain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_faults),
        cmocka_unit_test(verifies_last),
        cmocka_unit_test(fills_values),
        cmocka_unit_test(fills_facts),
        cmocka_unit_test(knows_issuers_of_other_chains),
        cmocka_unit_test(partial_chain_lacks_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
