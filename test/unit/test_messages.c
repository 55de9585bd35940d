/* The handshake message readers, by table: a message in a small notation, and what was read from it as
 * one line of text. Then what no table can hold: bounds, every prefix of every message, and mutations.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "message_notation.h"

/* ---- the table ---- */

typedef void message_reader(GString *s, const uint8_t *body, size_t len);

typedef struct {
    const char *what;
    message_reader *read;
    const char *message;
    const char *expected;
} row;

/* The parts that most rows share. */
#define C12      "0303 R <1> <2 c02f> <1 00> " /* a ClientHello up to its extensions */
#define S12      "0303 R <1> c02f 00 "         /* the same of a ServerHello */
#define C12_READ "0303 suites=c02f comp=00"
#define DTLS12   "fefd R <1> <1 aabb> <2 c02f> <1 00> "

static const row rows[] = {
    /* ClientHello: fields */
    { "no extensions", client_hello, "0300 R <1> <2 000a 00ff> <1 00>", "0300 suites=000a,00ff comp=00 scsv" },
    { "session ID and signals", client_hello, "0303 R <1 *32> <2 5600 c02f 00ff> <1 01 00>",
      "0303 sid=32 suites=5600,c02f,00ff comp=01,00 fallback scsv" },
    { "GREASE stays in lists", client_hello, "0303 R <1> <2 1a1a 1301> <1 00> <2 000a <2 <2 2a2a 001d>> dada <2>>",
      "0303 suites=1a1a,1301 comp=00 ext=000a,dada groups=2a2a,001d" },
    { "many compressions", client_hello, "0303 R <1> <2 c02f> <1 *12>",
      "0303 suites=c02f comp=5a,5a,5a,5a,5a,5a,5a,5a" },
    { "empty extension block", client_hello, C12 "<2>", C12_READ },
    { "DTLS cookie", client_hello, DTLS12, "fefd suites=c02f comp=00" },
    { "DTLS before its RFC", client_hello, "0100 R <1> <1> <2 002f> <1 00>", "0100 suites=002f comp=00" },
    /* ClientHello: versions */
    { "newest version", client_hello, C12 "<2 002b <2 <1 7a7a 0303 0304 0302>>>",
      "0304/0303 suites=c02f comp=00 ext=002b versions=7a7a,0303,0304,0302" },
    { "draft version", client_hello, C12 "<2 002b <2 <1 7f17 0303>>>",
      "0304/0303 suites=c02f comp=00 ext=002b versions=7f17,0303" },
    { "GREASE only", client_hello, C12 "<2 002b <2 <1 7a7a>>>", C12_READ " ext=002b versions=7a7a" },
    { "newest DTLS version", client_hello, DTLS12 "<2 002b <2 <1 feff fefc fefd>>>",
      "fefc/fefd suites=c02f comp=00 ext=002b versions=feff,fefc,fefd" },
    { "other family left out", client_hello, DTLS12 "<2 002b <2 <1 0304 feff>>>",
      "feff/fefd suites=c02f comp=00 ext=002b versions=0304,feff" },
    /* ClientHello: extensions */
    { "SNI", client_hello, C12 "<2 0000 <2 <2 00 <2 'a.example'>>>>", C12_READ " ext=0000 sni name=a.example" },
    { "SNI, first host name", client_hello, C12 "<2 0000 <2 <2 07 <2 01> 00 <2 'a'> 00 <2 'b'>>>>",
      C12_READ " ext=0000 sni name=a" },
    { "SNI with NUL", client_hello, C12 "<2 0000 <2 <2 00 <2 'a' 00 'b'>>>>", C12_READ " ext=0000 sni name=a" },
    { "SNI empty", client_hello, C12 "<2 0000 <2>>", C12_READ " ext=0000 sni flaw=server_name" },
    { "SNI empty name", client_hello, C12 "<2 0000 <2 <2 00 <2>>>>", C12_READ " ext=0000 sni flaw=server_name" },
    { "SNI overlong name", client_hello, C12 "<2 0000 <2 <2 00 0004 'abc'>>>",
      C12_READ " ext=0000 sni flaw=server_name" },
    { "ALPN", client_hello, C12 "<2 0010 <2 <2 <1 'h2'> <1 'http/1.1'>>>>", C12_READ " ext=0010 alpn=h2,http/1.1" },
    { "ALPN escaped", client_hello, C12 "<2 0010 <2 <2 <1 1b 'x'>>>>", C12_READ " ext=0010 alpn=\\x1bx" },
    { "ALPN with empty name", client_hello, C12 "<2 0010 <2 <2 <1 'h2'> <1>>>>",
      C12_READ " ext=0010 alpn=h2 flaw=application_layer_protocol_negotiation" },
    { "lists", client_hello, C12 "<2 000a <2 <2 001d 0017>> 000d <2 <2 0403 0804>> 0032 <2 <2 0401>>>",
      C12_READ " ext=000a,000d,0032 groups=001d,0017 sigalgs=0403,0804 sigcert=0401" },
    { "empty groups", client_hello, C12 "<2 000a <2 <2>>>", C12_READ " ext=000a flaw=supported_groups" },
    { "odd groups", client_hello, C12 "<2 000a <2 <2 001d 00>>>",
      C12_READ " ext=000a groups=001d flaw=supported_groups" },
    { "bytes behind groups", client_hello, C12 "<2 000a <2 <2 001d> 00>>",
      C12_READ " ext=000a groups=001d flaw=supported_groups" },
    { "extensions behind a broken one are read", client_hello, C12 "<2 000a <2 0004 001d> 0017 <2>>",
      C12_READ " ext=000a,0017 groups=001d ems flaw=supported_groups" },
    { "empty signature algorithms", client_hello, C12 "<2 000d <2 <2>>>",
      C12_READ " ext=000d flaw=signature_algorithms" },
    { "key shares", client_hello, C12 "<2 0033 <2 <2 4a4a <2 00> 11ec <2 *1216> 001d <2 *32>>>>",
      C12_READ " ext=0033 shares=4a4a,11ec,001d" },
    { "no key share is legal", client_hello, C12 "<2 0033 <2 <2>>>", C12_READ " ext=0033" },
    { "overlong key share", client_hello, C12 "<2 0033 <2 <2 0017 <2 *65> 001d 0020 *31>>>",
      C12_READ " ext=0033 shares=0017 flaw=key_share" },
    { "PSK", client_hello, C12 "<2 0029 <2 <2 <2 'one'> 00000000 <2 'two'> 00000001> <2 <1 *32> <1 *32>>>>",
      C12_READ " ext=0029 psk=2:6f6e65" },
    { "PSK without binders", client_hello, C12 "<2 0029 <2 <2 <2 'one'> 00000000>>>",
      C12_READ " ext=0029 psk=1:6f6e65 flaw=pre_shared_key" },
    { "PSK without age", client_hello, C12 "<2 0029 <2 <2 <2 'one'> 000000> <2 *33>>>",
      C12_READ " ext=0029 flaw=pre_shared_key" },
    { "flags", client_hello, C12 "<2 0017 <2> ff01 <2 <1>> 0023 <2>>", C12_READ " ext=0017,ff01,0023 ems reneg" },
    { "content where none may be", client_hello, C12 "<2 0017 <2 00>>",
      C12_READ " ext=0017 ems flaw=extended_master_secret" },
    { "extension twice", client_hello,
      C12 "<2 0000 <2 <2 00 <2 'a'>>> 0000 <2 <2 00 <2 'b'>>> 000a <2 <2 001d>> 000a <2 <2 0017>>>",
      C12_READ " ext=0000,0000,000a,000a groups=001d,0017 sni name=a" },
    /* ClientHello: broken */
    { "nothing", client_hello, "", "0000 flaw=legacy_version" },
    { "short random", client_hello, "0303 *31", "0303 flaw=random" },
    { "long session ID", client_hello, "0303 R <1 *33> <2 c02f> <1 00>", "0303 sid=33 flaw=session_id" },
    { "cut cookie", client_hello, "fefd R <1> 05 aa", "fefd flaw=cookie" },
    { "no suites", client_hello, "0303 R <1> <2> <1 00>", "0303 flaw=cipher_suites" },
    { "odd suites", client_hello, "0303 R <1> <2 c02f c0> <1 00>", "0303 suites=c02f flaw=cipher_suites" },
    { "cut suites", client_hello, "0303 R <1> 0006 c02f 00ff", "0303 suites=c02f,00ff scsv flaw=cipher_suites" },
    { "no compression", client_hello, "0303 R <1> <2 c02f> <1>", "0303 suites=c02f flaw=compression_methods" },
    { "cut extension block", client_hello, C12 "0010 0017 0000 000a 0008 0006 001d", /* what is there is read */
      C12_READ " ext=0017,000a groups=001d ems flaw=supported_groups" },
    { "overlong extension", client_hello, C12 "<2 0023 0004 00>", C12_READ " ext=0023 flaw=extensions" },
    { "half an extension header", client_hello, C12 "<2 0017 <2> 00>", C12_READ " ext=0017 ems flaw=extensions" },
    { "bytes behind the extensions", client_hello, C12 "<2 0017 <2>> 00", C12_READ " ext=0017 ems flaw=extensions" },
    /* ServerHello */
    { "TLS 1.2 answer", server_hello,
      "0303 R <1 *32> c02f 00 <2 ff01 <2 <1 *24>> 0000 <2> 0010 <2 <2 <1 'h2'>>> 0017 <2>>",
      "0303 sid=32 suites=c02f comp=00 ext=ff01,0000,0010,0017 sni alpn=h2 ems reneg" },
    { "no extensions in answer", server_hello, S12, C12_READ },
    { "TLS 1.3 answer", server_hello, "0303 R <1 *32> 1301 00 <2 0033 <2 001d <2 *32>> 002b <2 0304> 0029 <2 0000>>",
      "0304/0303 sid=32 suites=1301 comp=00 ext=0033,002b,0029 versions=0304 shares=001d selected=0" },
    { "DTLS 1.3 answer", server_hello, "fefd R <1> 1301 00 <2 002b <2 fefc>>",
      "fefc/fefd suites=1301 comp=00 ext=002b versions=fefc" },
    { "draft answer", server_hello, "0303 R <1> 1301 00 <2 002b <2 7f1c>>",
      "0304/0303 suites=1301 comp=00 ext=002b versions=7f1c" },
    { "old draft answer", server_hello, "7f12 R 1301 <2 0033 <2 001d <2 *32>>>",
      "0304/7f12 suites=1301 ext=0033 shares=001d" },
    { "retry", server_hello, "0303 H <1> 1302 00 <2 002b <2 0304> 0033 <2 0017> 002c <2 <2 'cookie'>>>",
      "0304/0303 suites=1302 comp=00 ext=002b,0033,002c versions=0304 shares=0017 retry" },
    { "cut version", server_hello, S12 "<2 002b <2 03>>", C12_READ " ext=002b flaw=supported_versions" },
    { "no suite", server_hello, "0303 R <1> c0", "0303 flaw=cipher_suite" },
    { "no compression in answer", server_hello, "0303 R <1> c02f", "0303 suites=c02f flaw=compression_method" },
    { "cut PSK selection", server_hello, S12 "<2 0029 <2 00>>", C12_READ " ext=0029 flaw=pre_shared_key" },
    /* EncryptedExtensions */
    { "encrypted extensions", encrypted_extensions, "<2 0000 <2> 000a <2 <2 001d>> 0010 <2 <2 <1 'h2'>>>>",
      "0000 ext=0000,000a,0010 groups=001d sni alpn=h2" },
    { "none", encrypted_extensions, "<2>", "0000" },
    { "not even a block", encrypted_extensions, "", "0000 flaw=extensions" },
    { "bytes behind the block", encrypted_extensions, "<2> 00", "0000 flaw=extensions" },
    /* Certificate */
    { "chain", certificates12, "<3 <3 aabb> <3 cc>>", "2 ders=aabb,cc" },
    { "empty chain", certificates12, "<3>", "0" },
    { "empty certificate", certificates12, "<3 <3 aa> <3> <3 bb>>", "2 ders=aa,bb flaw=certificate" },
    { "bytes behind the chain", certificates12, "<3 <3 aa>> 00", "1 ders=aa flaw=certificate_list" },
    { "certificate crosses the end", certificates12, "<3 <3 aa> 000003 bbbb>", "1 ders=aa flaw=certificate" },
    { "half a length", certificates12, "<3 <3 aa> 0000>", "1 ders=aa flaw=certificate" },
    { "cut in a certificate", certificates12, "000010 <3 aa> 000008 bbbb", "2 ders=aa,bbbb cut partial" },
    { "cut in a length", certificates12, "000010 <3 aa> 0000", "1 ders=aa cut" },
    { "cut behind a length", certificates12, "000010 <3 aa> 000008", "1 ders=aa cut" },
    { "cut between certificates", certificates12, "000010 <3 aa>", "1 ders=aa cut" },
    { "cut, and wrong besides", certificates12, "000010 <3 aa> 00000a bbbb", "1 ders=aa cut flaw=certificate" },
    { "cut, and no room for a length", certificates12, "000006 <3 aa> 00", "1 ders=aa cut flaw=certificate" },
    { "cut in the list's length", certificates12, "0000", "0 cut" },
    { "nothing captured", certificates12, "", "0 cut" },
    { "bounded", two_certificates, "<3 <3 aa> <3 bb> <3 cc>>", "2 ders=aa,bb" },
    { "TLS 1.3 chain", certificates13, "<1> <3 <3 aabb> <2 0012 <2 *3> 0005 <2 01 <3 dd>>> <3 cc> <2>>",
      "2 ders=aabb,cc ocsp=dd,-" },
    { "delegated credential", certificates13, "<1> <3 <3 aa> <2 0022 <2 02>> <3 bb> <2>>",
      "2 ders=aa,bb ocsp=-,- delegated" },
    { "the issuer's does not count", certificates13, "<1> <3 <3 aa> <2> <3 bb> <2 0022 <2 02>>>",
      "2 ders=aa,bb ocsp=-,-" },
    { "TLS 1.3 client chain", certificates13, "<1 0102> <3 <3 aa> <2>>", "1 ders=aa ocsp=-" },
    { "TLS 1.3 no chain", certificates13, "<1> <3>", "0" },
    { "other certificate status", certificates13, "<1> <3 <3 aa> <2 0005 <2 02 <3 dd>>>>", "1 ders=aa ocsp=-" },
    { "no extensions", certificates13, "<1> <3 <3 aa>>", "1 ders=aa ocsp=- flaw=certificate extensions" },
    { "extensions cross the end", certificates13, "<1> <3 <3 aa> 0004 000000>",
      "1 ders=aa ocsp=- flaw=certificate extensions" },
    { "broken extension", certificates13, "<1> <3 <3 aa> <2 0005 0009 01 <3 dd>> <3 bb> <2>>",
      "2 ders=aa,bb ocsp=-,- flaw=certificate extensions" },
    { "cut in extensions", certificates13, "00 000030 <3 aa> 0008 0005", "1 ders=aa ocsp=- cut" },
    { "cut before extensions", certificates13, "00 000030 <3 aa>", "1 ders=aa ocsp=- cut" },
    { "cut in the context", certificates13, "05 00", "0 cut" },
    /* CertificateRequest */
    { "SSL 3.0", request_ssl3, "<1 01 02> <2 <2 aa>>", "1 types=01,02 dns=aa" },
    { "TLS 1.1", request_tls11, "<1 01> <2>", "0 types=01" },
    { "DTLS 1.0", request_dtls10, "<1 01> <2 <2 aa> <2 bb>>", "2 types=01 dns=aa,bb" },
    { "TLS 1.2", request_tls12, "<1 01 40> <2 0403 0401> <2 <2 aabb>>", "1 types=01,40 sigalgs=0403,0401 dns=aabb" },
    { "DTLS 1.2", request_dtls12, "<1 01> <2 0403> <2>", "0 types=01 sigalgs=0403" },
    { "TLS 1.3", request_tls13, "<1> <2 000d <2 <2 0403>> 002f <2 <2 <2 aa>>> 0005 <2>>", "1 sigalgs=0403 dns=aa" },
    { "TLS 1.3 draft", request_draft, "<1> <2 000d <2 <2 0403>>>", "0 sigalgs=0403" },
    { "DTLS 1.3", request_dtls13, "<1 07> <2 000d <2 <2 0403>>>", "0 sigalgs=0403" },
    { "TLS 1.1 bytes as TLS 1.2", request_tls12, "<1 01> <2 <2 aa>>",
      "0 types=01 sigalgs=0001 flaw=signature_algorithms" },
    { "no sigalgs", request_tls12, "<1 01> <2> <2>", "0 types=01 flaw=signature_algorithms" },
    { "cut names", request_tls12, "<1 01> <2 0403> 0010 <2 aa> 0004 bb",
      "1 types=01 sigalgs=0403 dns=aa flaw=certificate_authorities" },
    { "empty name", request_tls11, "<1 01> <2 <2> <2 bb>>", "0 types=01 flaw=certificate_authorities" },
    { "bytes behind the names", request_tls11, "<1 01> <2 <2 aa>> 00", "1 types=01 dns=aa flaw=trailing bytes" },
    { "no names", request_tls11, "<1 01>", "0 types=01 flaw=certificate_authorities" },
    { "no types", request_tls11, "05 01", "0 types=01 flaw=certificate_types" },
    { "many types", request_tls11, "<1 *20> <2>", "0 types=5a,5a,5a,5a,5a,5a,5a,5a,5a,5a,5a,5a,5a,5a,5a,5a" },
    { "bytes behind an extension's list", request_tls13, "<1> <2 000d <2 <2 0403> 00>>",
      "0 sigalgs=0403 flaw=signature_algorithms" },
    { "cut block", request_tls13, "00 0020 000d <2 <2 0403>>", "0 sigalgs=0403 flaw=extensions" },
    /* ServerKeyExchange */
    { "DHE", dhe_tls12, "<2 80 *127> <2 02> <2 03> 0401 <2 aabb>", "136 bits=1024 scheme=0401 signature=aabb" },
    { "DHE, zeros in front", dhe_tls12, "<2 0000 01 *63> <2 02> <2 03> 0401 <2 aa>",
      "74 bits=505 scheme=0401 signature=aa" },
    { "DHE, p is 0", dhe_tls12, "<2 0000> <2 02> <2 03> 0401 <2 aa>", "10 scheme=0401 signature=aa" },
    { "DHE before TLS 1.2", dhe_tls10, "<2 ff> <2 02> <2 03> <2 aa>", "9 bits=8 signature=aa" },
    { "DHE cut", dhe_tls12, "<2 ff> <2 02> 0040 03", "0 bits=8 flaw=params" },
    { "DHE, p cut", dhe_tls12, "0100 ffff", "0 flaw=params" },
    { "DHE, no signature", dhe_tls12, "<2 ff> <2 02> <2 03>", "9 bits=8 flaw=signature" },
    { "DHE, bytes behind the signature", dhe_tls12, "<2 ff> <2 02> <2 03> 0401 <2 aa> 00",
      "9 bits=8 flaw=signature" },
    { "DH anonymous", dh_anon, "<2 ff> <2 02> <2 03>", "9 bits=8" },
    { "DH anonymous, and a signature", dh_anon, "<2 ff> <2 02> <2 03> 0401 <2 aa>", "9 bits=8 flaw=trailing bytes" },
    { "ECDHE", ecdhe_tls12, "03 001d <1 *32> 0804 <2 aabb>", "36 group=001d scheme=0804 signature=aabb" },
    { "ECDHE, DTLS 1.2", ecdhe_dtls12, "03 0017 <1 *65> 0403 <2 aa>", "69 group=0017 scheme=0403 signature=aa" },
    { "ECDHE before TLS 1.2", ecdhe_tls11, "03 0017 <1 *65> <2 aa>", "69 group=0017 signature=aa" },
    { "ECDHE, DTLS 1.0", ecdhe_dtls10, "03 0017 <1 *65> <2 aa>", "69 group=0017 signature=aa" },
    { "ECDHE, explicit curve", ecdhe_tls12, "01 001d <1 *32> 0804 <2 aa>", "0 flaw=params" },
    { "ECDHE, no point", ecdhe_tls12, "03 001d <1> 0804 <2 aa>", "0 group=001d flaw=params" },
    { "ECDHE, empty signature", ecdhe_tls12, "03 001d <1 *32> 0804 <2>", "36 group=001d flaw=signature" },
    { "ECDH anonymous", ecdh_anon, "03 001d <1 *32>", "36 group=001d" },
    { "RSA export", rsa_export, "<2 *64> <2 010001> <2 aa>", "71 signature=aa" },
    { "SRP", srp_rsa, "<2 *128> <2 02> <1 *16> <2 *128> 0401 <2 aa>", "280 scheme=0401 signature=aa" },
    { "PSK hint", psk, "<2 'hint'>", "6" },
    { "PSK hint and more", psk, "<2> 03 001d <1 *32>", "38" },
    { "PSK cut", psk, "0005 aa", "0 flaw=params" },
    { "unknown", kx_unknown, "<2 aa>", "0 flaw=key exchange" },
    { "not in TLS 1.3", kx_tls13, "", "0 flaw=key exchange" },
    { "nothing", ecdhe_tls12, "", "0 flaw=params" },
    /* CertificateVerify */
    { "TLS 1.1", verify_tls11, "<2 aabb>", "yes 0000 aabb" },
    { "TLS 1.3", verify_tls13, "0804 <2 aabb>", "yes 0804 aabb" },
    { "empty signature", verify_tls13, "0804 <2>", "no 0000 " },
    { "cut", verify_tls13, "0804 0003 aabb", "no 0000 " },
    { "trailing bytes", verify_tls11, "<2 aa> 00", "no 0000 " },
};

/* Reads LEN bytes that end where their memory ends, so that a sanitizer sees the first byte too many. */
static char *read_exactly(message_reader *read, const uint8_t *bytes, size_t len)
{
    uint8_t *exact = g_malloc(len);
    GString *s = g_string_new(NULL);

    if (len > 0)
        memcpy(exact, bytes, len);
    read(s, exact, len);
    g_free(exact);
    return g_string_free(s, FALSE);
}

static char *read_notation(message_reader *read, const char *message)
{
    GByteArray *bytes = bytes_of(message);
    char *got = read_exactly(read, bytes->data, bytes->len);

    g_byte_array_unref(bytes);
    return got;
}

static void test_rows(void **state)
{
    unsigned wrong = 0;

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *got = read_notation(rows[i].read, rows[i].message);

        if (strcmp(got, rows[i].expected) != 0) {
            print_error("%s (%s):\n  read     %s\n  expected %s\n", rows[i].what, rows[i].message, got,
                        rows[i].expected);
            wrong++;
        }
        g_free(got);
    }
    assert_int_equal(wrong, 0);
}

/* ---- bounds ---- */

/* BEFORE, N times ITEM, AFTER. */
static char *repeat(const char *before, const char *item, unsigned n, const char *after)
{
    GString *s = g_string_new(before);

    while (n-- > 0)
        g_string_append(s, item);
    g_string_append(s, after);
    return g_string_free(s, FALSE);
}

static tw__hello *hello_of(char *notation)
{
    GByteArray *bytes = bytes_of(notation);
    tw__hello *hello = tw__client_hello_read(bytes->data, bytes->len);

    g_byte_array_unref(bytes);
    g_free(notation);
    return hello;
}

static void test_long_lists_are_cut(void **state)
{
    tw__hello *hello = hello_of(repeat("0303 R <1> <2 ", "c02f ", TW_LIST_MAX, "00ff> <1 00>"));

    (void)state;
    assert_int_equal(hello->suites.n, TW_LIST_MAX);
    assert_true(hello->cut_lists);
    assert_true(hello->renegotiation_scsv); /* though it stands beyond the bound */
    assert_null(hello->flaw);
    tw__hello_free(hello);

    hello = hello_of(repeat(C12 "<2 0033 <2 <2 ", "001d <2 00> ", TW_LIST_MAX, ">>>"));
    assert_int_equal(hello->key_shares.n, TW_LIST_MAX);
    assert_false(hello->cut_lists);
    tw__hello_free(hello);

    hello = hello_of(repeat(C12 "<2 0010 <2 <2 ", "<1 'h2'> ", TW_LIST_MAX + 1, ">>>"));
    assert_int_equal(hello->alpn->len, TW_LIST_MAX);
    assert_true(hello->cut_lists);
    tw__hello_free(hello);

    hello = hello_of(repeat(C12 "<2 ", "0023 <2> ", TW_LIST_MAX + 1, ">"));
    assert_int_equal(hello->extensions.n, TW_LIST_MAX);
    assert_true(hello->cut_lists);
    tw__hello_free(hello);
}

static void test_many_names_are_counted(void **state)
{
    char *notation = repeat("<1 01> <2 ", "<2 aa> ", TW_DNS_MAX + 3, ">");
    GByteArray *bytes = bytes_of(notation);
    tw__certificate_request *request = tw__certificate_request_read(bytes->data, bytes->len, TW_TLS11);

    (void)state;
    assert_int_equal(request->n_dns, TW_DNS_MAX + 3);
    assert_int_equal(request->dns->len, TW_DNS_MAX);
    assert_null(request->flaw);
    tw__certificate_request_free(request);
    g_byte_array_unref(bytes);
    g_free(notation);
}

static void test_list_has(void **state)
{
    tw__hello *hello = hello_of(g_strdup("0303 R <1> <2 c02f c030> <1 00>"));

    (void)state;
    assert_true(tw__list_has(&hello->suites, 0xc030));
    assert_false(tw__list_has(&hello->suites, 0xc031));
    assert_false(tw__list_has(&hello->groups, 0));
    tw__hello_free(hello);
}

static void test_free_of_nothing(void **state)
{
    (void)state;
    tw__hello_free(NULL);
    tw__certificates_free(NULL);
    tw__certificate_request_free(NULL);
}

/* ---- any bytes ---- */

static bool is_told_as_broken(const char *text)
{
    return strstr(text, "flaw=") || strstr(text, "cut") || g_str_has_prefix(text, "no ");
}

/* Rows whose message is whole, and whose reader looks at all of it. */
static bool is_whole(const row *r)
{
    return !is_told_as_broken(r->expected) && r->read != two_certificates && r->read != psk;
}

/* A hello may end where its extensions begin. */
static bool may_end_here(const row *r, const char *text)
{
    return (r->read == client_hello || r->read == server_hello) && strstr(text, "suites=") && !strstr(text, "ext=");
}

/* The front of a message is never read as if it were a whole one. */
static void test_prefixes(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        GByteArray *bytes = bytes_of(rows[i].message);

        for (guint len = 0; len < bytes->len; len++) {
            char *got = read_exactly(rows[i].read, bytes->data, len);

            if (is_whole(&rows[i]) && !is_told_as_broken(got) && !may_end_here(&rows[i], got))
                fail_msg("%s: the first %u bytes read as %s", rows[i].what, len, got);
            g_free(got);
        }
        g_byte_array_unref(bytes);
    }
}

static void mutate(GRand *rand, GByteArray *bytes)
{
    static const uint8_t favourites[] = { 0x00, 0x01, 0x02, 0x7f, 0x80, 0xff };
    guint at = bytes->len ? (guint)g_rand_int_range(rand, 0, (gint32)bytes->len) : 0;

    switch (bytes->len ? g_rand_int_range(rand, 0, 6) : 5) {
    case 0: bytes->data[at] ^= (uint8_t)(1 << g_rand_int_range(rand, 0, 8)); break;
    case 1: bytes->data[at] = favourites[g_rand_int_range(rand, 0, G_N_ELEMENTS(favourites))]; break;
    case 2: bytes->data[at] = (uint8_t)(bytes->data[at] + (g_rand_boolean(rand) ? 1 : -1)); break;
    case 3: g_byte_array_set_size(bytes, at); break;
    case 4: g_byte_array_remove_index(bytes, at); break;
    default: add_filler(bytes, (size_t)g_rand_int_range(rand, 1, 5)); break;
    }
}

/* Each mutation goes to the reader it is meant for, and to one it is not. */
static void test_mutations(void **state)
{
    GRand *rand = g_rand_new_with_seed(20240229);

    (void)state;
    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
            GByteArray *bytes = bytes_of(rows[i].message);
            size_t other = (size_t)g_rand_int_range(rand, 0, G_N_ELEMENTS(rows));

            for (int n = g_rand_int_range(rand, 1, 5); n > 0; n--)
                mutate(rand, bytes);
            g_free(read_exactly(rows[i].read, bytes->data, bytes->len));
            g_free(read_exactly(rows[other].read, bytes->data, bytes->len));
            g_byte_array_unref(bytes);
        }
    }
    g_rand_free(rand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_long_lists_are_cut),
        cmocka_unit_test(test_many_names_are_counted),
        cmocka_unit_test(test_list_has),
        cmocka_unit_test(test_free_of_nothing),
        cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_mutations),
    };

    return cmocka_run_group_tests_name("messages", tests, NULL, NULL);
}
