/* Verdicts: plays (see build.h), and all verdicts of each as one line. Of every important rule both sides: a play
 * where it fires, and one beside it where it must not.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rows.h"

#define HELLOS               "C:hello S:hello "
#define SERVER(certs)        HELLOS "+S:cert(" certs ") +S:done " /* frames 1 and 2 */
#define ASKED(names)         HELLOS "+S:cert(leaf,inter) +S:ask(" names ") +S:done "
#define CLIENT(names, certs) ASKED(names) "C:cert(" certs ") +C:cke +C:ccs "          /* frame 3 */
#define DONE                 SERVER("leaf,inter") "C:cke +C:ccs +C:enc S:ccs +S:enc " /* frames 1 to 4 */
#define CLEAR                SERVER("leaf,inter") "C:cke +C:ccs +C:fin S:ccs +S:fin "
#define CLEAR13              "C:hello(13) S:hello(13) +S:ee +S:cert(leaf,inter) +S:cv +S:fin C:fin "

#define ECH_RETRY "0800000a0008fe0d000400000000" /* EncryptedExtensions with retry configurations */

/* ---- certificates ---- */

static const row server_certificates[] = {
    /* dates: the alert that names them, and those that hide them */
    { SERVER("expired,inter") "C:fatal(45)", "server-cert-expired proven client server-flight 3<2" },
    { SERVER("leaf,inter") "C:fatal(45)", "server-cert-expired possible client server-flight 3<2" }, /* its clock? */
    { HELLOS "+S:cert(leaf,inter;cut=200) C:fatal(45)", "server-cert-expired likely client server-flight 3<2" },
    { SERVER("future,inter") "C:fatal(45)", "server-cert-not-yet-valid proven client server-flight 3<2" },
    { SERVER("leaf_inter_expired,inter_expired") "C:fatal(45)",
      "server-cert-expired likely client server-flight 3<2" },
    { "C:hello(openssl) S:hello +S:cert(leaf_inter_expired,inter_expired) C:fatal(45)",
      "server-cert-expired likely client server-flight 3<2" }, /* another path may avoid it, and a CRL be what expired */
    { SERVER("expired,inter") "C:fatal(42)", "server-cert-expired likely client server-flight 3<2" },
    { SERVER("expired,inter") "C:fatal(46)", "server-cert-expired likely client server-flight 3<2" },
    { SERVER("expired,inter") "C:fatal(40)", "server-cert-expired likely client server-flight 3<2" },
    { SERVER("expired,inter") "C:fatal(80)", "server-cert-expired likely client server-flight 3<2" },
    { SERVER("future,inter") "C:fatal(46)", "server-cert-not-yet-valid likely client server-flight 3<2" },
    { "C:hello(sni=other.example) S:hello +S:cert(expired,inter) C:fatal(46)",
      "server-cert-expired possible client server-flight 3<2" }, /* the name would do as well */
    { HELLOS "S:cert(expired,inter) S:ske S:done C:fatal(45)",
      "server-cert-expired proven client server-flight 6<3" },
    { "notime " SERVER("expired,inter") "C:fatal(45)", "server-cert-expired likely client server-flight 3<2" },
    { SERVER("expired,inter") "C:fatal(48)", "server-cert-unknown-ca likely client server-flight 3<2" },
    /* an issuer out of date is unknown to NSS (maximum_fragment_length gives it away), and to nobody else known here */
    { "C:hello(x=001c) S:hello +S:cert(leaf_inter_expired,inter_expired) C:fatal(48)",
      "server-cert-expired likely client server-flight 3<2" },
    { SERVER("leaf_inter_expired,inter_expired") "C:fatal(48)",
      "server-cert-expired possible client server-flight 3<2" },
    { "C:hello(openssl) S:hello +S:cert(leaf_inter_expired,inter_expired) C:fatal(48)",
      "server-cert-unknown-ca likely client server-flight 3<2" },
    /* who has an alert of its own for a fault means another by this one */
    { "C:hello(openssl) S:hello +S:cert(expired,inter) C:fatal(45)",
      "server-cert-expired proven client server-flight 3<2" },
    { "C:hello(openssl) S:hello +S:cert(expired,inter) C:fatal(42)",
      "server-cert-rejected likely client server-flight 3<2" },
    { "C:hello(openssl) S:hello +S:cert(expired,inter) C:fatal(80)",
      "server-cert-expired likely client server-flight 3<2" }, /* an application's */
    { "C:hello(openssl;sni=other.example) S:hello +S:cert(expired,inter) C:fatal(42)",
      "server-cert-name-mismatch likely client server-flight 3<2" },
    { "C:hello(openssl;sni=other.example) S:hello +S:cert(self_signed) C:fatal(42)",
      "server-cert-name-mismatch likely client server-flight 3<2" },
    { "C:hello(openssl;sni=other.example) S:hello +S:cert(future,inter) C:fatal(42)",
      "server-cert-not-yet-valid possible client server-flight 3<2" },
    { "C:hello(openssl) S:hello +S:cert(future,inter) C:fatal(42)",
      "server-cert-not-yet-valid likely client server-flight 3<2" },
    { "C:hello(openssl) S:hello +S:cert(~leaf,inter) C:fatal(48)",
      "server-cert-unknown-ca likely client server-flight 3<2" },
    { "C:hello(openssl) S:hello +S:cert(~leaf,inter) C:fatal(51)",
      "server-cert-bad-signature proven client server-flight 3<2" },
    /* trust */
    { SERVER("self_signed") "C:fatal(48)", "server-cert-self-signed likely client server-flight 3<2" },
    { SERVER("self_signed") "C:fatal(42)", "server-cert-self-signed likely client server-flight 3<2" },
    { SERVER("leaf,inter") "C:fatal(48)", "server-cert-unknown-ca likely client server-flight 3<2" },
    { SERVER("leaf,inter,root") "C:fatal(48)", "server-cert-unknown-ca likely client server-flight 3<2" },
    { SERVER("leaf") "C:fatal(48)", "server-cert-unknown-ca likely client server-flight 3<2" },
    { SERVER("leaf,root") "C:fatal(48)", "server-cert-chain-incomplete likely client server-flight 3<2" },
    { SERVER("leaf,inter") "C:fatal(46)", "server-cert-unknown-ca likely client server-flight 3<2" },
    { "C:hello S:hello C:fatal(48)", "server-cert-unknown-ca likely client server-flight 3<2" },
    /* names */
    { "C:hello(sni=other.example) S:hello +S:cert(leaf,inter) C:fatal(46)",
      "server-cert-name-mismatch likely client server-flight 3<2" },
    { "C:hello(sni=a.wild.example) S:hello +S:cert(leaf,inter) C:fatal(46)",
      "server-cert-unknown-ca likely client server-flight 3<2" },
    { "C:hello(nosni) S:hello +S:cert(leaf,inter) C:fatal(46)",
      "server-cert-unknown-ca likely client server-flight 3<2" },
    { "C:hello(sni=other.example) S:hello +S:cert(leaf,inter) C:fatal(48)",
      "server-cert-unknown-ca likely client server-flight 3<2" },
    /* faults inside the chain */
    { SERVER("leaf_not_ca,not_ca") "C:fatal(48)", "server-cert-bad-ca likely client server-flight 3<2" },
    { SERVER("leaf_not_ca,not_ca") "C:fatal(42)", "server-cert-bad-ca likely client server-flight 3<2" },
    { SERVER("~leaf,inter") "C:fatal(51)", "server-cert-bad-signature proven client server-flight 3<2" },
    { SERVER("~leaf,inter") "C:fatal(42)", "server-cert-bad-signature likely client server-flight 3<2" },
    { SERVER("!leaf,inter") "C:fatal(42)", "server-cert-malformed likely client server-flight 3<2" },
    { SERVER("!leaf,inter") "C:fatal(50)", "server-cert-malformed proven client server-flight 3<2" },
    { SERVER("leaf,inter") "C:fatal(50)", "message-malformed likely client server-flight 3<2" },
    { SERVER("client,inter") "C:fatal(43)", "server-cert-wrong-usage proven client server-flight 3<2" },
    { SERVER("client,inter") "C:fatal(42)", "server-cert-wrong-usage likely client server-flight 3<2" },
    { SERVER("leaf_mail,mail") "C:fatal(43)", "server-cert-wrong-usage likely client server-flight 3<2" },
    { SERVER("leaf_mail,mail") "C:fatal(42)", "server-cert-wrong-usage likely client server-flight 3<2" },
    { "C:hello(x=0011) S:hello +S:cert(leaf_mail,mail) +S:done C:fatal(46)",
      "server-cert-unknown-ca likely client server-flight 3<2" }, /* Java, which looks at leaves alone */
    { SERVER("leaf,inter") "C:fatal(43)", "server-cert-wrong-usage possible client server-flight 3<2" },
    { SERVER("encipher,inter") "C:fatal(43)",
      "server-cert-wrong-usage likely client server-flight 3<2" }, /* keyUsage, which few look at */
    { SERVER("rsa1024,inter") "C:fatal(42)", "server-cert-weak-key likely client server-flight 3<2" },
    { SERVER("sha1") "C:fatal(42)", "server-cert-weak-signature likely client server-flight 3<2" },
    /* OCSP */
    { SERVER("staple,inter") "C:fatal(113)", "server-cert-bad-ocsp proven client server-flight 3<2" },
    { SERVER("leaf,inter") "C:fatal(113)", "server-cert-bad-ocsp likely client server-flight 3<2" },
    { HELLOS "+S:cert(rsa,inter) +S:status(revoked) +S:done C:fatal(44)",
      "server-cert-revoked proven client server-flight 3<2" },
    { HELLOS "+S:cert(leaf,inter) +S:status(good) +S:done C:fatal(44)",
      "server-cert-revoked likely client server-flight 3<2" },
    { HELLOS "+S:cert(leaf,inter) +S:status(try_later) +S:done C:fatal(113)",
      "server-cert-bad-ocsp proven client server-flight 3<2" },
    { HELLOS "+S:cert(rsa,inter) +S:status(revoked) +S:done C:fatal(42)",
      "server-cert-revoked likely client server-flight 3<2" },
    /* keyUsage */
    { "C:hello(s=0a0a,c02b) S:hello +S:cert(encipher,inter) +S:done C:fatal(47)",
      "server-cert-wrong-usage likely client server-flight 3<2" }, /* BoringSSL */
    { SERVER("encipher,inter") "C:fatal(47)", "server-cert-wrong-usage possible client server-flight 3<2" },
    { "C:hello(openssl) S:hello +S:cert(encipher,inter) +S:done C:fatal(47)",
      "handshake-refused possible client server-flight 3<2" },
    { SERVER("client,inter") "C:fatal(47)", "handshake-refused possible client server-flight 3<2" },
    /* NSS wants keyEncipherment of every RSA key, and has this alert for nothing else (the other libraries do not) */
    { "C:hello(x=001c) S:hello +S:cert(signs) +S:done C:fatal(46)",
      "server-cert-wrong-usage likely client server-flight 3<2" },
    { "C:hello(13;x=001c) S:hello(13) +S:ee +S:cert(signs) +S:cv +S:fin C:fatal(46)",
      "server-cert-wrong-usage likely client server-flight 3<2" },
    { "C:hello(x=001c) S:hello +S:cert(signs) +S:done C:fatal(48)",
      "server-cert-unknown-ca likely client server-flight 3<2" },
    { SERVER("signs") "C:fatal(46)", "server-cert-unknown-ca likely client server-flight 3<2" },
    { "C:hello(x=001c) S:hello +S:cert(encipher,inter) +S:done C:fatal(46)",
      "server-cert-wrong-usage likely client server-flight 3<2" }, /* digitalSignature, with ECDHE */
    { "C:hello(x=001c) S:hello +S:cert(rsa,inter) +S:done C:fatal(46)",
      "server-cert-rejected likely client server-flight 3<2" }, /* no keyUsage */
    { "C:hello(x=001c) S:hello +S:cert(leaf,inter) +S:done C:fatal(46)",
      "server-cert-rejected likely client server-flight 3<2" }, /* no RSA */
    /* nothing to be found */
    { SERVER("leaf,inter") "C:fatal(49)", "server-cert-rejected likely client server-flight 3<2" },
    { HELLOS "+S:cert(leaf,inter;cut=200) C:fatal(49)", "server-cert-rejected likely client server-flight 3<2" },
    { "C:hello(13) S:hello(13) C:fatal(49)", "server-cert-rejected likely client server-flight 3<2" },
    /* the server's own word about its own certificate is none */
    { SERVER("expired,inter") "S:fatal(80)", "internal-error likely server client-hello 3<1" },
    /* after both Finished, as NSS does */
    { DONE "C:fatal(48)", "server-cert-unknown-ca likely client server-flight 5<2" },
    { DONE "C:app C:fatal(48)", "session-aborted likely client established 6<2" },
};

static void rejected_server_certificates(void **state)
{
    (void)state;
    check_rows(server_certificates, G_N_ELEMENTS(server_certificates));
}

static const row client_certificates[] = {
    /* none */
    { CLIENT("root", "") "S:fatal(40)", "client-cert-missing likely server client-flight 4<3" },
    { CLIENT("root", "") "S:fatal(42)", "client-cert-missing proven server client-flight 4<3" },
    { CLIENT("root", "") "S:fatal(48)", "client-cert-missing proven server client-flight 4<3" },
    /* which an optional certificate and a ClientKeyExchange that does not parse get as well */
    { CLIENT("root", "") "S:fatal(50)", "client-cert-missing likely server client-flight 4<3" },
    { CLIENT("root", "") "S:fatal(116)", "client-cert-missing proven server client-flight 4<3" },
    /* a server that goes on did not require it */
    { CLIENT("root", "") "+C:fin S:ccs +S:fin S:fatal(50)", "message-malformed likely server client-flight 5<3" },
    { CLIENT("root", "") "+C:fin S:ccs +S:fin C:app S:app S:fatal(50)",
      "session-aborted likely server established 7<3" },
    { "C:hello(13) S:hello(13) +S:ee +S:ask(root) +S:fin C:cert() +C:fin C:app S:app S:fatal(50)",
      "session-aborted likely server established 6<3" },
    { CLIENT("root", "") "S:fatal(49)", "client-cert-missing likely server client-flight 4<3" },
    { CLIENT("root", "") "S:fatal(80)", "internal-error likely server client-flight 4<3" },
    /* where the master secret is derived, without the extended one: OpenSSL in FIPS mode */
    { "C:hello(noems) S:hello(noems) +S:cert(leaf,inter) +S:done C:cke S:fatal(80)",
      "ems-required possible server client-flight 4<3" },
    { "C:hello S:hello(noems) +S:cert(leaf,inter) +S:done C:cke +C:fatal(80)",
      "ems-required possible client server-flight 3<2" },
    { "C:hello S:hello(noems) +S:cert(leaf,inter) +S:done C:fatal(80)",
      "internal-error likely client server-flight 3<2" },
    { "C:hello S:hello +S:cert(leaf,inter) +S:done C:cke S:fatal(80)",
      "internal-error likely server client-flight 4<3" },
    { "C:hello S:hello(noems) +S:cert(leaf,inter) +S:done C:cke S:fatal(80)",
      "internal-error likely server client-flight 4<3" }, /* its own choice */
    { "C:hello(noems) S:hello(noems) +S:cert(leaf,inter) +S:done C:cke +C:fatal(80)",
      "internal-error likely client server-flight 3<2" }, /* likewise */
    { "C:hello(noems) S:hello(noems) C:fatal(80)", "internal-error likely client server-flight 3<2" },
    { CLIENT("root", "client,inter") "S:fatal(116)", "client-cert-missing likely server client-flight 4<3" },
    { "C:hello(13) S:hello(13) +S:ee +S:ask(root) +S:fin C:cert() +C:fin S:fatal(116)",
      "client-cert-missing proven server client-flight 4<3" },
    { CLEAR13 "S:fatal(116)", "client-cert-missing likely server client-flight 4<3" },
    /* said in the session, in HTTP */
    { CLIENT("root", "") "+C:fin S:ccs +S:fin C:app S:said(missing)",
      "client-cert-missing likely server established 6<3" },
    { CLIENT("root", "") "+C:fin S:ccs +S:fin C:app S:said(hello)", "nothing" },
    { CLIENT("root", "client,inter") "+C:fin S:ccs +S:fin C:app S:said(missing)",
      "client-cert-missing likely server established 6<3" },
    /* who asked for none passes on the page of a server behind it */
    { CLEAR "C:app S:said(missing)", "nothing" },
    { CLEAR "C:app S:said(rejected)", "nothing" },
    /* only the server can mean it */
    { CLIENT("root", "") "+C:fin S:ccs +S:fin S:app C:said(missing)", "nothing" },
    /* a page about such pages */
    { CLIENT("root", "") "+C:fin S:ccs +S:fin S:app S:app S:app S:app S:app S:app S:app S:app S:said(missing)",
      "nothing" },
    { "C:hello S:hello S:said(missing)", "nothing" },
    { CLIENT("root", "expired,inter") "+C:fin S:ccs +S:fin C:app S:said(rejected)",
      "client-cert-expired possible server established 6<3" },
    { CLIENT("other_root", "client,inter") "+C:fin S:ccs +S:fin C:app S:said(rejected)",
      "client-cert-issuer-not-listed likely server established 6<3" },
    { CLIENT("root", "client,inter") "+C:fin S:ccs +S:fin C:app S:said(rejected)",
      "client-cert-rejected likely server established 6<3" },
    /* whom the server asked for */
    { CLIENT("other_root", "client,inter,root") "S:fatal(48)",
      "client-cert-issuer-not-listed likely server client-flight 4<3" },
    { CLIENT("other_root", "naming_top") "S:fatal(48)",
      "client-cert-issuer-not-listed likely server client-flight 4<3" }, /* says that its issuer is a root */
    { CLIENT("other_root", "naming,naming_inter,naming_root") "S:fatal(48)",
      "client-cert-issuer-not-listed likely server client-flight 4<3" },
    /* what was not sent may be an intermediate below the one that was named */
    { CLIENT("other_root", "client,inter") "S:fatal(48)",
      "client-cert-issuer-not-listed likely server client-flight 4<3" },
    { "C:hello S:hello +S:cert(self_signed) +S:ask(root) +S:done C:cert(client) +C:cke +C:ccs S:fatal(48)",
      "client-cert-issuer-not-listed likely server client-flight 4<3" },
    /* and is, where the certificate says so, whoever is named */
    { CLIENT("naming_root", "naming") "S:fatal(48)", "client-cert-chain-incomplete likely server client-flight 4<3" },
    { CLIENT("root", "naming") "S:fatal(48)", "client-cert-chain-incomplete likely server client-flight 4<3" },
    { CLIENT("naming_root", "naming,naming_inter") "S:fatal(48)",
      "client-cert-unknown-ca likely server client-flight 4<3" },
    { CLIENT("other_root", "client,inter") "S:fatal(46)",
      "client-cert-issuer-not-listed likely server client-flight 4<3" },
    { CLIENT("other_root,root", "client,inter") "S:fatal(48)",
      "client-cert-unknown-ca likely server client-flight 4<3" },
    { CLIENT("other_root,inter", "client") "S:fatal(48)", "client-cert-unknown-ca likely server client-flight 4<3" },
    { CLIENT("", "client,inter") "S:fatal(48)", "client-cert-unknown-ca likely server client-flight 4<3" },
    { CLIENT("", "client,inter") "S:fatal(46)", "client-cert-unknown-ca likely server client-flight 4<3" },
    { CLIENT("root", "client,inter") "S:fatal(46)", "client-cert-rejected likely server client-flight 4<3" },
    { CLIENT("root", "self_signed") "S:fatal(48)", "client-cert-self-signed likely server client-flight 4<3" },
    { "C:hello(13) S:hello(13) +S:ee +S:ask(other_root) +S:fin C:cert(client,inter,root) +C:fin S:fatal(48)",
      "client-cert-issuer-not-listed likely server client-flight 4<3" },
    { "C:hello(13) S:hello(13) +S:ee +S:ask(root) +S:fin C:cert(client,inter) +C:fin S:fatal(48)",
      "client-cert-unknown-ca likely server client-flight 4<3" },
    /* what the server asked for beside issuers */
    { CLIENT("root;a=0403", "client,inter") "S:fatal(46)",
      "client-cert-weak-signature likely server client-flight 4<3" }, /* the intermediate's is RSA */
    { CLIENT("root;a=0401", "client,inter") "S:fatal(42)",
      "client-cert-weak-signature likely server client-flight 4<3" },
    { CLIENT("root;a=0403,0401", "client,inter") "S:fatal(42)",
      "client-cert-rejected likely server client-flight 4<3" },
    { CLIENT("root;a=0403", "expired,inter") "S:fatal(42)", "client-cert-expired possible server client-flight 4<3" },
    { CLIENT("root;type=1", "client,inter") "S:fatal(42)", "client-cert-rejected likely server client-flight 4<3" },
    { "C:hello(13) S:hello(13) +S:ee +S:ask(root;a=0403) +S:fin C:cert(client,inter) +C:fin S:fatal(46)",
      "client-cert-weak-signature likely server client-flight 4<3" },
    { "C:hello(13) S:hello(13) +S:ee +S:ask(root;a=0403;ac=0403,0401) +S:fin C:cert(client,inter) +C:fin S:fatal(46)",
      "client-cert-rejected likely server client-flight 4<3" },
    /* the server's chain shows that the client's issuer is an intermediate */
    { CLIENT("root", "client") "S:fatal(48)", "client-cert-chain-incomplete likely server client-flight 4<3" },
    /* its own faults */
    { CLIENT("root", "expired,inter") "S:fatal(45)", "client-cert-expired proven server client-flight 4<3" },
    { CLIENT("root", "client,inter") "S:fatal(45)", "client-cert-expired possible server client-flight 4<3" },
    { CLIENT("root", "future,inter") "S:fatal(45)", "client-cert-not-yet-valid proven server client-flight 4<3" },
    { CLIENT("root", "leaf,inter") "S:fatal(43)", "client-cert-wrong-usage proven server client-flight 4<3" },
    { CLIENT("root", "client_coding,coding") "S:fatal(43)",
      "client-cert-wrong-usage likely server client-flight 4<3" },
    { CLIENT("root", "client_coding,coding") "S:fatal(46)", "client-cert-rejected likely server client-flight 4<3" },
    { CLIENT("root", "!client,inter") "S:fatal(42)", "client-cert-malformed likely server client-flight 4<3" },
    { CLIENT("root", "client,inter") "S:fatal(44)", "client-cert-revoked likely server client-flight 4<3" },
    { CLIENT("root", "client,inter") "S:fatal(51)", "client-cert-key-mismatch possible server client-flight 4<3" },
    { CLIENT("root", "leaf_inter_expired,inter_expired") "S:fatal(48)",
      "client-cert-expired possible server client-flight 4<3" },
    { CLIENT("other_root", "expired,inter") "S:fatal(42)", "client-cert-expired possible server client-flight 4<3" },
    /* once the server has served the client, its certificate is settled */
    { CLIENT("root", "") "+C:fin S:ccs +S:fin C:app S:app S:fatal(49)",
      "session-aborted likely server established 7<3" },
    { CLIENT("root", "client,inter") "+C:fin S:ccs +S:fin C:app S:app S:fatal(42)",
      "session-aborted likely server established 7<3" },
    { CLIENT("root", "client,inter") "+C:fin S:ccs +S:fin C:app S:fatal(42)",
      "client-cert-rejected likely server established 6<3" },
    { "C:hello(13) S:hello(13) +S:ee +S:ask(root) +S:fin C:cert() +C:fin C:app S:app S:fatal(40)",
      "session-aborted likely server established 6<3" },
    { "C:hello(13) S:hello(13) +S:ee +S:ask(root) +S:fin C:cert() +C:fin C:app S:fatal(40)",
      "client-cert-missing likely server client-flight 5<3" },
    /* a client certificate cannot be what the client rejects */
    { CLIENT("root", "expired,inter") "C:fatal(45)", "server-cert-expired possible client server-flight 4<2" },
    /* in the session */
    { CLEAR13 "S:ask(root) C:cert(expired,inter) +C:cv +C:fin S:fatal(45)",
      "client-cert-expired proven server established 6<5" },
};

static void rejected_client_certificates(void **state)
{
    (void)state;
    check_rows(client_certificates, G_N_ELEMENTS(client_certificates));
}

/* ---- negotiation ---- */

static const row answers_to_client_hello[] = {
    { "C:hello(v=0302) S:fatal(70)", "version-no-overlap proven server client-hello 2<1" },
    { "C:hello(13;sv=0304) S:fatal(70)", "version-no-overlap proven server client-hello 2<1" },
    { "C:hello(cut=40) S:fatal(70)", "version-no-overlap likely server client-hello 2<1" },
    { "C:hello(v=0301) S:fatal(80)", "version-no-overlap possible server client-hello 2<1" },
    { "C:hello S:fatal(80)", "internal-error likely server client-hello 2<1" },
    { "C:hello(v=0302;s=c02b,5600) S:fatal(86)", "fallback-refused proven server client-hello 2<1" },
    { "C:hello(v=0302) S:fatal(86)", "fallback-refused likely server client-hello 2<1" },
    { "C:hello S:fatal(112)", "sni-unrecognized proven server client-hello 2<1" },
    { "C:hello(nosni) S:fatal(112)", "sni-missing likely server client-hello 2<1" },
    { "C:hello(nosni) S:fatal(40)", "sni-missing possible server client-hello 2<1" },
    { "dtls C:hello(nosni) S:fatal(40)", "handshake-refused possible server client-hello 2<1" },
    { "C:hello(nosni;s=c02b,009c) S:fatal(40)", "cipher-no-overlap possible server client-hello 2<1" },
    { "C:hello(nosni;v=0301) S:fatal(40)", "handshake-refused possible server client-hello 2<1" },
    { "C:hello(nosni;alpn=h2) S:fatal(120)",
      "alpn-no-overlap likely server client-hello 2<1" }, /* the default site's */
    { "C:hello(v=0300;bare) S:fatal(40)", "version-no-overlap possible server client-hello 2<1" },
    { "C:hello(bare) S:fatal(40)", "renegotiation-insecure possible server client-hello 2<1" }, /* nor RFC 5746 */
    { "C:hello S:fatal(40)", "handshake-refused possible server client-hello 2<1" },
    { "C:hello(s=0004,0005) S:fatal(40)", "cipher-no-overlap likely server client-hello 2<1" },
    { "C:hello(s=0004,0005,c02b) S:fatal(40)", "cipher-no-overlap possible server client-hello 2<1" },
    { "C:hello S:fatal(71)", "cipher-no-overlap possible server client-hello 2<1" },
    { "C:hello(noems) S:fatal(71)", "ems-required possible server client-hello 2<1" },
    { "C:hello(g=0019) S:fatal(40)", "group-no-overlap likely server client-hello 2<1" },
    { "C:hello(g=0019,001d) S:fatal(40)", "handshake-refused possible server client-hello 2<1" },
    { "C:hello(a=0807) S:fatal(40)", "sigalg-no-overlap likely server client-hello 2<1" },
    { "C:hello(a=0807,0401) S:fatal(40)", "handshake-refused possible server client-hello 2<1" },
    { "C:hello(alpn=h2,http/1.1) S:fatal(120)", "alpn-no-overlap proven server client-hello 2<1" },
    { "C:hello S:fatal(120)", "alpn-no-overlap likely server client-hello 2<1" },
    { "C:hello(13;psk=device-7) S:fatal(115)", "psk-unknown-identity proven server client-hello 2<1" },
    { "C:hello(13) S:fatal(115)", "psk-unknown-identity likely server client-hello 2<1" },
    { "C:hello(13;psk=device-7) S:fatal(47)", "psk-key-mismatch likely server client-hello 2<1" },
    { "C:hello(13;psk=device-7) S:fatal(51)", "psk-key-mismatch likely server client-hello 2<1" },
    { "C:hello(13) S:retry C:hello(13;ks=17;psk=device-7) S:fatal(51)",
      "psk-key-mismatch likely server client-hello 4<3" },
    { "C:hello(13;psk=device-7) S:fatal(40)", "psk-unknown-identity likely server client-hello 2<1" },
    { "C:hello(13;psk=ticket;age) S:fatal(40)", "cipher-no-overlap possible server client-hello 2<1" },
    { "C:hello(13) S:fatal(47)", "handshake-refused possible server client-hello 2<1" },
    { "C:raw(010000020303) S:fatal(50)", "message-malformed proven server client-hello 2<1" },
    { "C:hello S:fatal(50)", "message-malformed likely server client-hello 2<1" },
    { "C:hello(cut=40) S:fatal(50)", "message-malformed likely server client-hello 2<1" }, /* the capture's lack */
    { "C:hello(13) S:fatal(109)", "extension-missing likely server client-hello 2<1" },
    { "C:hello S:fatal(10)", "message-unexpected likely server client-hello 2<1" },
    { "C:hello S:fatal(22)", "record-overflow likely server client-hello 2<1" },
    { "C:hello S:fatal(60)", "handshake-refused possible server client-hello 2<1" },
    { "C:hello S:fatal(200)", "handshake-refused possible server client-hello 2<1" },
    { "C:hello S:fatal(254)", "handshake-refused possible server client-hello 2<1" },
    { "C:hello S:fatal(255)", "handshake-refused possible server client-hello 2<1" },
    { "swap C:hello S:fatal(112)", "sni-unrecognized proven server client-hello 2<1" },
    { "dtls C:hello S:verify C:hello(cookie) S:fatal(40)", "handshake-refused possible server client-hello 4<3" },
    { "C:hello(13) S:retry C:hello(13;ks=17) S:fatal(112)", "sni-unrecognized proven server client-hello 4<3" },
};

static void refused_client_hellos(void **state)
{
    (void)state;
    check_rows(answers_to_client_hello, G_N_ELEMENTS(answers_to_client_hello));
}

static const row answers_to_server[] = {
    { "C:hello S:hello(v=0301) C:fatal(70)", "version-refused-by-client likely client server-flight 3<2" },
    { "C:hello(13) S:hello(v=0302) C:fatal(70)", "version-refused-by-client proven client server-flight 3<2" },
    { "C:hello(13) S:hello(down) C:fatal(47)", "version-refused-by-client likely client server-flight 3<2" },
    { "C:hello(13) S:hello C:fatal(47)", "handshake-refused possible client server-flight 3<2" },
    { "C:hello(13) S:hello(down) +S:cert(leaf,inter) +S:ske +S:done C:fatal(47)",
      "version-refused-by-client likely client server-flight 3<2" }, /* the sentinel comes first */
    { "C:hello S:hello(down) C:fatal(47)", "handshake-refused possible client server-flight 3<2" }, /* no downgrade */
    { "C:hello S:hello(s=c030) C:fatal(47)", "cipher-refused-by-client proven client server-flight 3<2" },
    { "C:hello S:hello(s=c02f) C:fatal(47)", "handshake-refused possible client server-flight 3<2" },
    { "C:hello(13) S:retry(ks=17) C:fatal(47)", "handshake-refused possible client server-flight 3<2" },
    { "C:hello(13) S:retry(ks=18) C:fatal(47)", "group-refused-by-client proven client server-flight 3<2" },
    { "C:hello(13) S:retry(s=1303) C:fatal(47)", "cipher-refused-by-client proven client server-flight 3<2" },
    { "C:hello S:hello(cut=40) C:fatal(47)", "handshake-refused possible client server-flight 3<2" },
    { "C:hello S:hello(s=fafb) C:fatal(40)", "cipher-refused-by-client proven client server-flight 3<2" },
    { "C:hello(13) S:hello(13;ks=18) C:fatal(47)", "group-refused-by-client proven client server-flight 3<2" },
    { "C:hello S:hello +S:ske(g=0019) C:fatal(47)", "group-refused-by-client proven client server-flight 3<2" },
    { "C:hello S:hello +S:ske(g=0019) C:fatal(40)",
      "group-refused-by-client likely client server-flight 3<2" }, /* or the certificate before it */
    { "C:hello S:hello +S:ske(g=0017) C:fatal(47)", "handshake-refused possible client server-flight 3<2" },
    { "C:hello S:hello +S:ske(g=0017;point=32) C:fatal(47)", "message-malformed likely client server-flight 3<2" },
    { "C:hello S:hello +S:ske(g=0017;point=33) C:fatal(47)", "handshake-refused possible client server-flight 3<2" },
    { "C:hello S:hello +S:ske(g=0017;point=32) C:fatal(40)", "message-malformed likely client server-flight 3<2" },
    { HELLOS "S:done +S:cert(leaf,inter) C:fatal(50)", "message-unexpected likely client server-flight 4<3" },
    { HELLOS "S:cert(leaf,inter) +S:done C:fatal(50)", "message-malformed likely client server-flight 4<3" },
    { "C:hello S:hello C:ske(g=0019) C:fatal(47)",
      "handshake-refused possible client server-flight 4<2" }, /* not its own */
    { "C:hello(s=009e) S:hello(s=009e) +S:ske(dh=512) C:fatal(40)", "dh-too-small likely client server-flight 3<2" },
    { "C:hello(s=009e) S:hello(s=009e) +S:ske(dh=512) C:fatal(71)", "dh-too-small proven client server-flight 3<2" },
    { "C:hello(s=009e) S:hello(s=009e;noems) +S:ske(dh=512) C:fatal(71)",
      "dh-too-small possible client server-flight 3<2" }, /* GnuTLS says so of the extended master secret as well */
    { "C:hello(s=009e) S:hello(s=009e) +S:ske(dh=1024) C:fatal(40)", "dh-too-small likely client server-flight 3<2" },
    { "C:hello(s=009e) S:hello(s=009e) +S:ske(dh=2048) C:fatal(40)",
      "handshake-refused possible client server-flight 3<2" },
    { "C:hello S:hello(nori) C:fatal(40)", "renegotiation-insecure likely client server-flight 3<2" },
    { "C:hello S:hello C:fatal(40)", "handshake-refused possible client server-flight 3<2" },
    { "C:hello S:hello(noems) C:fatal(40)", "ems-required possible client server-flight 3<2" },
    { "C:hello(noems) S:hello(noems) C:fatal(40)",
      "handshake-refused possible client server-flight 3<2" }, /* it has not offered it itself */
    { "C:hello(noems) S:hello(noems) C:fatal(71)", "handshake-refused possible client server-flight 3<2" },
    { "C:hello S:hello(x=1234) C:fatal(110)", "extension-unsupported proven client server-flight 3<2" },
    { "C:hello(x=1234) S:hello(x=1234) C:fatal(110)", "extension-unsupported likely client server-flight 3<2" },
    /* Encrypted Client Hello */
    { "C:hello(13;x=fe0d) S:hello(13) C:fatal(121)", "ech-required proven client server-flight 3<2" },
    { "C:hello(13;x=fe0d) S:hello(13) +S:raw(" ECH_RETRY ") +S:cert(leaf) +S:cv +S:fin C:fin C:fatal(121)",
      "ech-required proven client server-flight 4<2" },
    { "C:hello(13) S:hello(13) C:fatal(121)", "ech-required likely client server-flight 3<2" },
    { "S:hello(13) C:fatal(121)", "ech-required proven client server-flight 2<1" }, /* the hello was not seen */
    { "C:hello(13;x=fe0d) S:hello(13) +S:ee +S:cert(expired,inter) +S:cv +S:fin C:fatal(42)",
      "server-cert-expired likely client server-flight 3<2" }, /* GREASE, as far as can be seen */
    { "C:hello(13;x=fe0d;sni=public.example) S:hello(13) +S:raw(" ECH_RETRY ") +S:cert(leaf,inter) C:fatal(42)",
      "server-cert-name-mismatch likely client server-flight 3<2" },
    /* the signature is over a hello that was read, and does not verify; or it may be over another one */
    { "C:hello(13;x=fe0d) S:hello(13) +S:raw(" ECH_RETRY ") +S:cert(leaf,inter) +S:cv C:fatal(42)",
      "server-cert-key-mismatch likely client server-flight 3<2" },
    { "C:hello(13;x=fe0d) S:hello(13) +S:ee +S:cert(leaf,inter) +S:cv C:fatal(51)",
      "server-cert-key-mismatch likely client server-flight 3<2" },
    { "C:hello(13) S:hello(13) +S:ee +S:cert(leaf,inter) +S:cv C:fatal(51)",
      "server-cert-key-mismatch proven client server-flight 3<2" },
    /* and it takes the whole handshake to tell (the recorder lost EncryptedExtensions) */
    { "C:hello(13) S:hello(13) +S:cert(leaf,inter) +S:cv C:fatal(51)",
      "server-cert-key-mismatch possible client server-flight 3<2" },
    /* a raw public key is no certificate */
    { HELLOS "+S:cert(!leaf) C:fatal(42)", "server-cert-malformed likely client server-flight 3<2" },
    { "C:hello(x=0014) S:hello(x=0014) +S:cert(!leaf) C:fatal(42)",
      "server-cert-rejected likely client server-flight 3<2" },
    /* what the server answered may be the hello that cannot be read */
    { "C:hello(13) S:hello(13;ks=18) C:fatal(47)", "group-refused-by-client proven client server-flight 3<2" },
    { "C:hello(13;x=fe0d) S:hello(13;ks=18) C:fatal(47)", "group-refused-by-client likely client server-flight 3<2" },
    { "C:hello(13;x=fe0d) S:hello(13;s=1303) C:fatal(47)",
      "cipher-refused-by-client likely client server-flight 3<2" },
    { "C:hello(13;x=fe0d) S:hello(s=c030) C:fatal(47)",
      "cipher-refused-by-client proven client server-flight 3<2" }, /* not in TLS 1.2 */
    { "C:hello(13;x=fe0d) S:fatal(112)", "sni-unrecognized likely server client-hello 2<1" },
    /* a PSK that the server of TLS 1.3 took up is the right one: its binder was */
    { "C:hello(13;psk=ticket) S:hello(13;psk) +S:ee +S:fin C:fatal(51)",
      "finished-mismatch likely client server-flight 3<2" },
    { "C:hello(13;psk=ticket) S:hello(13;psk) +S:ee +S:fin C:fatal(20)",
      "record-corrupt likely client server-flight 3<2" },
    { "C:hello(13;psk=device-7) S:hello(13;psk) +S:ee +S:fin C:fin S:fatal(51)",
      "finished-mismatch likely server client-flight 4<3" },
    { "C:hello(13) S:hello(13) +S:ee +S:fin C:fatal(51)", "finished-mismatch likely client server-flight 3<2" },
    { "C:hello(s=00a8) S:hello(s=00a8) +S:done C:cke(psk=device-7) +C:ccs +C:enc S:fatal(20)",
      "psk-key-mismatch likely server client-flight 4<3" },
    { "C:hello(s=00a8) S:hello(s=00a8) +S:done C:cke(psk=device-7) S:fatal(115)",
      "psk-unknown-identity proven server client-flight 4<3" },
    { DONE "C:fatal(51)", "finished-mismatch likely client server-finished 5<2" },
    { SERVER("leaf,inter") "C:cke +C:ccs +C:enc S:fatal(20)", "record-corrupt likely server client-flight 4<3" },
    { SERVER("leaf,inter") "C:cke +C:ccs +C:fin S:fatal(51)", "finished-mismatch likely server client-flight 4<3" },
    { SERVER("leaf,inter") "C:cke +C:ccs +C:enc S:fatal(40)", "finished-mismatch possible server client-flight 4<3" },
    { SERVER("leaf,inter") "C:cke S:fatal(40)", "handshake-refused possible server client-flight 4<3" },
    { CLIENT("root", "client,inter") "+C:enc S:fatal(40)", "handshake-refused possible server client-flight 4<3" },
    { "C:hello S:raw(020000020303) C:fatal(50)", "message-malformed proven client server-flight 3<2" },
};

static void refused_answers_of_the_server(void **state)
{
    (void)state;
    check_rows(answers_to_server, G_N_ELEMENTS(answers_to_server));
}

/* ---- alerts that end nothing, and ends that are no failures ---- */

static const row notices[] = {
    { "C:hello S:warn(112) S:hello", "(warning server client-hello 2)" },
    { "C:hello S:warn(40)", "(warning server client-hello 2)" },
    { "C:hello S:alert(7,40)", "(warning server client-hello 2)" }, /* no level that there is */
    { SERVER("expired,inter") "C:warn(45)", "(warning client server-flight 3)" },
    { SERVER("leaf,inter") "C:warn(41)", "(warning client server-flight 3)" }, /* SSL 3.0: no certificate */
    { "C:hello S:warn(112) S:hello C:fatal(40)",
      "(warning server client-hello 2); handshake-refused possible client server-flight 4<3" },
    { DONE "C:app S:app S:warn(0) C:warn(0)",
      "(closed-normally server established 7); (closed-normally client established 8)" },
    { DONE "C:app S:warn(90) S:warn(0)",
      "(canceled-by-user server established 6); (closed-normally server established 7)" },
    { CLEAR13 "C:app S:alert(2,90)", "(canceled-by-user server established 5)" },
    { CLEAR13 "C:app S:alert(2,0)", "(closed-normally server established 5)" },
    { "C:hello C:warn(90) C:warn(0)", "(canceled-by-user client client-hello 2)" },
    { SERVER("leaf,inter") "C:warn(90) C:warn(0) C:FIN", "(canceled-by-user client server-flight 3)" },
    { SERVER("leaf,inter") "C:warn(0)", "closed-in-handshake likely client server-flight 3<2" },
    { CLEAR13 "C:alert(1,48)",
      "server-cert-unknown-ca likely client server-flight 4<2" }, /* TLS 1.3: the level says nothing */
    { CLEAR13 "C:app S:app C:alert(1,80)", "session-aborted likely client established 6<2" },
    { DONE "C:app S:app C:fatal(80)", "session-aborted likely client established 7<2" },
    { "S:app C:app S:fatal(20)", "record-corrupt likely unknown established 3<0" },
    { "S:app C:app S:warn(0)", "(closed-normally unknown established 3)" },
    { "C:fatal(80)", "internal-error likely unknown before-hello 1<0" },
};

static void ends_that_are_no_failures(void **state)
{
    (void)state;
    check_rows(notices, G_N_ELEMENTS(notices));
}

/* ---- one verdict for one failure ---- */

static const row once[] = {
    { "C:hello S:fatal(40) C:fatal(10)", "handshake-refused possible server client-hello 2<1" },
    { SERVER("expired,inter") "C:fatal(45) S:fatal(80)", "server-cert-expired proven client server-flight 3<2" },
    { SERVER("expired,inter") "C:fatal(45) +C:fatal(46)", "server-cert-expired proven client server-flight 3<2" },
    { SERVER("expired,inter") "C:fatal(45) C:fatal(45)", "server-cert-expired proven client server-flight 3<2" },
    { SERVER("expired,inter") "C:fatal(45) C:warn(0) C:FIN S:FIN S:RST",
      "server-cert-expired proven client server-flight 3<2" },
    { "C:hello S:fatal(40) S:FIN C:RST", "handshake-refused possible server client-hello 2<1" },
    { "C:hello S:fatal(40) end(10)", "handshake-refused possible server client-hello 2<1" },
    { "C:hello S:FIN C:FIN S:RST", "closed-after-client-hello likely server client-hello 2<1" },
    /* another attempt is another failure */
    { "C:hello S:fatal(70) C:hello(v=0301) S:fatal(112)",
      "version-no-overlap proven server client-hello 2<1; sni-unrecognized proven server client-hello 4<3" },
};

static void one_verdict_for_one_failure(void **state)
{
    (void)state;
    check_rows(once, G_N_ELEMENTS(once));
}

/* ---- renegotiation ---- */

static const row renegotiations[] = {
    { CLEAR "C:hello S:warn(100)", "(warning server renegotiation 6)" },
    { CLEAR "C:hello S:warn(100) C:fatal(40)",
      "(warning server renegotiation 6); renegotiation-refused proven server renegotiation 6<5" },
    { CLEAR "S:request C:warn(100) S:fatal(40)",
      "(warning client renegotiation 6); renegotiation-refused proven client renegotiation 6<5" },
    { CLEAR "C:hello S:warn(100) S:FIN C:fatal(40)",
      "(warning server renegotiation 6); renegotiation-refused proven server renegotiation 6<5" },
    { CLEAR "S:request C:warn(100) C:FIN S:fatal(40)",
      "(warning client renegotiation 6); (closed-without-notify client established 7); "
      "renegotiation-refused proven client renegotiation 6<5" },
    { CLEAR "C:hello S:fatal(100)", "renegotiation-refused proven server renegotiation 6<5" },
    { CLEAR "C:hello S:fatal(40)", "renegotiation-refused likely server renegotiation 6<5" },
    { CLEAR "C:hello S:fatal(10)", "renegotiation-refused likely server renegotiation 6<5" },
    { CLEAR "C:hello(nori) S:fatal(40)", "renegotiation-insecure likely server renegotiation 6<5" },
    { CLEAR "S:request C:fatal(40)", "renegotiation-refused likely client renegotiation 6<5" },
    { CLEAR "S:request C:app C:fatal(80)", "session-aborted likely client established 7<5" },
    { CLEAR "C:hello S:hello +S:cert(expired,inter) C:fatal(45)",
      "server-cert-expired proven client renegotiation 7<6" },
    { CLEAR "S:request C:hello S:hello +S:cert(leaf) +S:ask(root) +S:done C:cert() S:fatal(40)",
      "client-cert-missing likely server renegotiation 9<8" },
    /* a refusal that was lived with is not the cause of what comes in a later handshake */
    { CLEAR "C:hello S:warn(100) C:fatal(40) C:hello S:hello C:fatal(80)",
      "(warning server renegotiation 6); renegotiation-refused proven server renegotiation 6<5; "
      "internal-error likely client server-flight 10<9" },
    /* and the decliner's own later alert is its own */
    { CLEAR "C:hello S:warn(100) S:fatal(80)",
      "(warning server renegotiation 6); renegotiation-refused likely server renegotiation 7<5" },
};

static void refused_renegotiations(void **state)
{
    (void)state;
    check_rows(renegotiations, G_N_ELEMENTS(renegotiations));
}

/* ---- ends without an alert ---- */

static const row ends[] = {
    { "C:hello S:FIN", "closed-after-client-hello likely server client-hello 2<1" },
    { "C:hello S:RST", "reset-after-client-hello likely server client-hello 2<1" },
    { "C:hello C:FIN", "(warning client server-flight 2)" },
    { "C:hello wait(5) C:FIN", "no-answer-to-client-hello likely server client-hello 1<1" },
    { "C:hello wait(5) C:RST", "no-answer-to-client-hello likely server client-hello 1<1" },
    { "C:hello wait(5) S:FIN", "closed-after-client-hello likely server client-hello 2<1" },
    { "C:hello S:hello S:FIN", "closed-in-handshake likely server client-hello 3<1" },
    { SERVER("leaf,inter") "C:cke S:RST", "reset-in-handshake likely server client-flight 4<3" },
    { SERVER("leaf,inter") "C:FIN", "closed-in-handshake likely client server-flight 3<2" },
    /* who closes at what must not be taken has that reason */
    { "C:hello(13) S:hello(v=0302) C:FIN", "version-refused-by-client likely client server-flight 3<2" },
    { "C:hello S:hello(s=c030) C:FIN", "cipher-refused-by-client likely client server-flight 3<2" },
    { "C:hello S:hello(s=c030) S:FIN", "closed-in-handshake likely server client-hello 3<1" },
    { "C:hello S:hello +S:ske(g=0019) C:RST", "group-refused-by-client likely client server-flight 3<2" },
    { "C:hello S:hello +S:ske(g=0017;point=32) C:RST", "message-malformed likely client server-flight 3<2" },
    { "C:hello S:cert(leaf,inter) +S:hello C:RST", "message-unexpected possible client server-flight 3<2" },
    { "C:hello S:cert(leaf,inter) S:hello C:RST",
      "reset-in-handshake likely client server-flight 4<2" }, /* two segments may have overtaken each other */
    { DONE "C:FIN", "(closed-without-notify client established 5)" },
    { DONE "C:app S:app S:RST", "(closed-without-notify server established 7)" },
    { DONE "C:app S:app S:RST S:RST S:RST", "(closed-without-notify server established 7)" },
    { DONE "C:app S:app S:FIN S:FIN", "(closed-without-notify server established 7)" },
    { DONE "C:app C:enca C:FIN S:FIN", "nothing" },
    { DONE "C:app C:enca S:FIN", "nothing" }, /* the client has closed the session */
    { DONE "S:enca C:FIN", "nothing" },
    { "C:app S:app S:RST", "nothing" },
    { "C:hello end(1)", "nothing" }, /* too young to tell */
    { "C:hello end(10)", "no-answer-to-client-hello likely server client-hello 1<1" },
    { SERVER("leaf,inter") "end(10)", "stalled-in-handshake likely client server-flight 2<2" },
    { SERVER("leaf,inter") "C:cke end(10)", "stalled-in-handshake likely server client-flight 3<3" },
    { DONE "end(10)", "nothing" },
    { "dtls C:hello wait(1) C:again end(10)", "no-answer-to-client-hello likely server client-hello 1<1" },
    { "dtls C:hello end(10)", "(warning client server-flight 1)" }, /* nobody sent again: a filtered capture */
    { "C:hello(13) wait(2) C:fatal(22)", "no-answer-to-client-hello likely server client-hello 1<1" },
    /* the ServerHello was not read: the handshake went well, or nobody can tell */
    { "C:hello C:cke +C:ccs +C:enc S:ccs +S:enc C:app S:app S:enca S:FIN C:FIN", "nothing" },
    { "C:hello(13) C:ccs +C:app(53) C:app(30) S:app(300) C:FIN", "(warning client server-flight 5)" },
    { "C:hello(13) S:retry +S:ccs C:hello(13) S:app(300) C:app(53) C:FIN", "(warning client server-flight 6)" },
    { "C:hello S:cert(leaf,inter) C:FIN", "(warning client server-flight 3)" },
    /* of the server's data the client's Finished was a condition, though it was not read */
    { "C:hello S:hello +S:cert(leaf,inter) +S:done S:ccs +S:enc C:app S:app C:FIN S:FIN",
      "(closed-without-notify client established 6)" },
    /* the answers were recorded before what they answer */
    { "dtls S:verify S:hello +S:done S:nst +S:ccs +S:enc C:hello(cookie) C:cke +C:ccs +C:enc C:enca", "nothing" },
    /* who has sent data is through with the handshake, whatever was missed */
    { "dtls C:hello C:cke +C:ccs +C:enc C:app C:enca", "nothing" },
    { "C:hello(13) S:hello(13) S:app(1200) C:fin C:app(35)", "nothing" },
    /* NPN's message comes before the client's Finished, which is no renegotiation */
    { "C:hello S:hello(x=3374) +S:ccs +S:enc(40) C:ccs +C:enc(64) +C:enc(40) S:app S:app C:FIN S:FIN",
      "(closed-without-notify client established 6)" },
    /* early data may be answered, and all be said, before the client's Finished */
    { "C:hello(13;psk=5) +C:app(80) S:hello(13;psk) +S:ee +S:fin S:app(50) S:warn(0) S:FIN",
      "(closed-normally server client-hello 4)" },
    { "C:hello(13;psk=5) +C:app(80) S:hello(13;psk) +S:app(30) +S:app(53) S:app(50) S:app(19) S:FIN", "nothing" },
    { "C:hello(13;psk=5) +C:app(80) S:hello(13;psk) +S:app(30) +S:app(53) S:app(50) S:FIN C:FIN", "nothing" },
    /* a Finished of DTLS comes again when the answer to it is late */
    { "dtls C:hello S:hello +S:cert(leaf,inter) +S:done C:cke +C:ccs +C:enc S:ccs +S:enc C:enc C:app S:enc S:enca C:enca",
      "nothing" },
    /* an alert after the other side's FIN is a reaction: the close was the failure */
    { "C:hello S:FIN C:fatal(10)", "closed-after-client-hello likely server client-hello 2<1" },
    { SERVER("leaf,inter") "C:FIN S:fatal(50)", "closed-in-handshake likely client server-flight 3<2" },
    { DONE "C:app C:FIN S:fatal(50)",
      "(closed-without-notify client established 6); (warning server established 7)" },
    { DONE "C:app C:FIN S:warn(0)",
      "(closed-without-notify client established 6); (closed-normally server established 7)" },
    /* no TLS */
    { "C:hello S:plain(HTTP/1.1_400_Bad_Request)", "not-tls-from-server proven client server-flight 2<0" },
    { "C:hello S:plain(SSH-2.0-x) S:FIN", "not-tls-from-server proven client server-flight 2<0" },
    { "C:hello S:hello S:plain(x)", "nothing" },
    { "C:plain(GET_/) S:fatal(10)", "not-tls-from-client proven server client-hello 2<0" },
};

static void ends_without_an_alert(void **state)
{
    (void)state;
    check_rows(ends, G_N_ELEMENTS(ends));
}

/* ---- alerts that cannot be read ---- */

/* DTLS-SRTP: a certificate is self-signed by design, and so that is never what is wrong with it. */
static const row fingerprints[] = {
    { "dtls C:hello(x=e) S:hello +S:cert(self_signed) +S:done C:fatal(48)",
      "server-cert-rejected likely client server-flight 3<2" },
    { "dtls C:hello(x=e) S:hello +S:cert(self_signed) +S:done C:fatal(42)",
      "server-cert-rejected likely client server-flight 3<2" },
    { "dtls C:hello(x=e) S:hello +S:cert(expired) +S:done C:fatal(45)",
      "server-cert-expired proven client server-flight 3<2" },
    { "dtls C:hello(x=e) S:hello +S:cert(leaf,inter) +S:done C:fatal(48)",
      "server-cert-unknown-ca likely client server-flight 3<2" },
    { "dtls C:hello S:hello +S:cert(self_signed) +S:done C:fatal(48)",
      "server-cert-self-signed likely client server-flight 3<2" },
    { "C:hello(x=e) S:hello +S:cert(self_signed) +S:done C:fatal(48)",
      "server-cert-self-signed likely client server-flight 3<2" },
    { "dtls C:hello(x=e) S:hello +S:cert(self_signed) +S:ask +S:done C:cert(self_signed) +C:cke S:fatal(48)",
      "client-cert-rejected likely server client-flight 4<3" },
};

static void self_signed_certificates_known_by_fingerprint(void **state)
{
    (void)state;
    check_rows(fingerprints, G_N_ELEMENTS(fingerprints));
}

static const row opaque[] = {
    { "C:hello(13) S:hello(13) +S:ccs +S:app(800) C:ccs +C:app(19)",
      "server-cert-rejected likely client server-flight 3<2" },
    { "C:hello(13) S:hello(13) +S:ccs +S:app(800) C:ccs +C:app(35)",
      "server-cert-rejected likely client server-flight 3<2" },
    { "C:hello(13) S:hello(13) +S:ccs +S:app(800) C:ccs +C:app(53)", "nothing" },
    { "C:hello(13) S:hello(13) C:app(19)",
      "nothing" }, /* the server's flight was not captured: anything may be before it */
    { "C:hello(13) S:hello(13) +S:ccs +S:app(800) C:ccs +C:app(53) C:app(19)",
      "nothing" }, /* close_notify, most likely */
    { "C:hello(13) S:hello(13) +S:ccs +S:app(800) C:ccs +C:app(61) S:app(19)",
      "client-cert-missing likely server client-flight 4<1" },
    { "C:hello(13) S:hello(13) +S:ccs +S:app(800) C:ccs +C:app(900) S:app(19)",
      "client-cert-rejected likely server client-flight 4<1" },
    { "C:hello(13) S:hello(13) +S:ccs +S:app(800) C:ccs +C:app(53) S:app(19)", "nothing" },
    /* with keys, but a segment is lost: the client's first data are no part of its flight, and show that there was one */
    { "C:hello(13) S:hello(13) +S:ccs +S:ee +S:cert(leaf,inter) +S:cv +S:fin C:ccs +C:fin C:app(230) S:app(19)",
      "nothing" },
    { "C:hello(13) S:hello(13) +S:ccs +S:ee +S:ask +S:cert(leaf,inter) +S:cv +S:fin C:ccs +C:cert(leaf,inter) +C:fin C:app(230) S:app(19)",
      "client-cert-wrong-usage likely server client-flight 5<3" },
    { "C:hello(13) S:hello(13) +S:ccs +S:ee +S:cert(leaf,inter) +S:cv +S:fin C:app(230) S:FIN",
      "(closed-without-notify server established 4)" },
    { "C:hello(13) S:hello(13) +S:ccs +S:app(800) C:FIN S:app(19)",
      "closed-in-handshake likely client server-flight 3<2" },
    { SERVER("leaf,inter") "C:cke +C:ccs +C:enc S:ccs +S:enca", "handshake-refused likely server client-flight 4<3" },
    { DONE "C:app S:enca", "nothing" },
    /* a close_notify is the last word: of two alerts the first was another one */
    { DONE "C:app S:app C:enca S:enca C:enca", "session-aborted likely client established 7<2" },
    { DONE "C:app S:app C:enca C:enca", "nothing" }, /* user_canceled and close_notify look the same */
    /* who is done with the session when a HelloRequest comes is not who refuses it */
    { DONE "C:app S:app S:enc(20) C:enca C:FIN S:FIN", "nothing" },
    { DONE "C:app S:app S:enc(20) C:enca S:enca S:FIN", "renegotiation-refused likely client renegotiation 8<0" },
    { DONE "C:app S:app C:enca S:enca", "nothing" },
    { DONE "S:app S:enca C:app S:enca", "nothing" },
    /* a client that rejects the certificate when both Finished are through (NSS), and one that only closes */
    { "C:hello(x=001c) S:hello +S:cert(expired,inter) +S:done C:cke +C:ccs +C:enc S:ccs +S:enc C:enca S:enca S:FIN C:RST",
      "server-cert-expired possible client server-flight 5<2" }, /* as NSS does */
    { SERVER("expired,inter") "C:cke +C:ccs +C:enc S:ccs +S:enc C:enca S:enca S:FIN C:RST", "nothing" },
    { "C:hello(x=001c) S:hello +S:cert(expired,inter) +S:done C:cke +C:ccs +C:enc S:ccs +S:enc C:enca S:app S:FIN C:RST",
      "server-cert-expired possible client server-flight 5<2" },
    { SERVER("expired,inter") "C:cke +C:ccs +C:enc S:ccs +S:enc C:enca S:app S:FIN C:FIN", "nothing" },
    { SERVER("expired,inter") "C:cke +C:ccs +C:enc S:ccs +S:enc C:enca +C:FIN S:app C:RST",
      "(warning client established 5)" },
    { SERVER("expired,inter") "C:cke +C:ccs +C:enc S:ccs +S:enc C:app C:enca S:app C:RST", "nothing" },
    { DONE "C:enca S:app S:FIN C:RST", "nothing" },
    { DONE "C:enc(200) S:enca", "renegotiation-refused likely server renegotiation 6<0" },
    { DONE "S:enc(20) C:enca S:FIN", "renegotiation-refused likely client renegotiation 6<0" },
};

/* ---- ends that say nothing ---- */

#define ASKED_13(sent) \
    "C:hello(13) S:hello(13) +S:ee +S:ask +S:cert(leaf,inter) +S:cv +S:fin C:cert(" sent ") +C:fin "
#define ASKED_12(sent) "C:hello S:hello +S:cert(leaf,inter) +S:ask +S:done C:cert(" sent ") +C:cke +C:ccs +C:enc "

static const row droppings[] = {
    /* possible: certs/ has none that is expired and for clients */
    /* the server ends right behind the client's flight */
    { ASKED_13("") "S:FIN", "client-cert-missing likely server client-flight 4<3" },
    { ASKED_13("") "C:app S:RST", "client-cert-missing likely server client-flight 5<3" },
    { ASKED_13("expired,inter") "S:FIN", "client-cert-expired possible server client-flight 4<3" },
    { ASKED_13("client,inter") "S:FIN", "client-cert-rejected possible server client-flight 4<3" },
    { ASKED_13("client,inter") "S:warn(0) S:FIN",
      "(closed-normally server established 4); client-cert-rejected possible server client-flight 5<3" },
    { "C:hello(13) S:hello(13) +S:app(800) C:app(61) S:FIN", "client-cert-missing likely server client-flight 4<1" },
    { "C:hello(13) S:hello(13) +S:app(800) C:app(900) S:RST",
      "client-cert-rejected possible server client-flight 4<1" },
    /* it has accepted the client, it comes too late for a refusal, or the client has left */
    { ASKED_13("") "S:app S:FIN", "(closed-without-notify server established 5)" },
    { ASKED_13("") "S:nst S:FIN", "(closed-without-notify server established 5)" },
    { ASKED_13("") "wait(9) S:FIN", "(closed-without-notify server established 4)" },
    { ASKED_13("") "C:FIN S:FIN", "(closed-without-notify client established 4)" },
    { ASKED_13("") "C:app(19) S:FIN", "nothing" },
    { ASKED_13("") "C:app C:app C:app C:app C:app C:app C:app S:FIN",
      "(closed-without-notify server established 11)" },
    /* it did not ask */
    { "C:hello(13) S:hello(13) +S:app(800) C:app(53) S:FIN", "(closed-without-notify server established 4)" },
    { "C:hello(13) S:hello(13) +S:ee +S:cert(leaf,inter) +S:cv +S:fin C:fin S:FIN",
      "(closed-without-notify server established 4)" },
    /* TLS 1.2: a readable fault, or none */
    { ASKED_12("") "S:FIN", "client-cert-missing likely server client-flight 4<3" },
    { ASKED_12("expired,inter") "S:RST", "client-cert-expired possible server client-flight 4<3" },
    { ASKED_12("client,inter") "S:FIN", "closed-in-handshake likely server client-flight 4<3" },
    { ASKED_12("") "wait(9) S:FIN", "closed-in-handshake likely server client-flight 4<3" },
    /* and behind the server's Finished an alert that cannot be read */
    { ASKED_12("expired,inter") "S:ccs +S:enc +S:enca C:app C:FIN",
      "client-cert-expired possible server client-flight 4<3" },
    { ASKED_12("") "S:ccs +S:enc S:enca S:FIN", "client-cert-missing likely server client-flight 5<3" },
    { ASKED_12("client,inter") "S:ccs +S:enc S:enca S:FIN",
      "client-cert-rejected possible server client-flight 5<3" },
    { ASKED_12("client,inter") "S:ccs +S:enc S:enca S:enca S:FIN",
      "client-cert-rejected possible server client-flight 5<3" }, /* gnutls-serv says it twice */
    { ASKED_12("") "S:ccs +S:enc S:app S:enca S:FIN", "nothing" },
    { ASKED_12("") "S:ccs +S:enc C:enca S:enca S:FIN", "nothing" },
    { DONE "S:enca S:FIN", "nothing" },
    /* TLS 1.3, the size of an alert: of whom it comes ends, or goes on */
    { "tcp C:hello(13) S:hello(13) +S:app(800) S:app(19) S:FIN", "handshake-refused likely server client-hello 3<1" },
    { "tcp C:hello(13) S:hello(13) +S:app(800) S:app(19) C:app(53) C:app S:app S:FIN",
      "(closed-without-notify server established 7)" }, /* two bytes of 0.5-RTT data */
    { "tcp C:hello(13) S:hello(13) +S:app(800) S:app(32) S:FIN", "handshake-refused likely server client-hello 3<1" },
    { "tcp C:hello(13;x=002a) S:hello(13) +S:app(800) S:app(19) S:FIN",
      "closed-in-handshake likely server client-hello 4<1" },
    { "tcp C:hello(13) S:hello(13) +S:app(800) C:app(32) C:FIN",
      "server-cert-rejected likely client server-flight 3<2" },
    { "tcp C:hello(13) S:hello(13) +S:app(800) C:app(32) C:app(64) C:app S:app C:FIN",
      "(closed-without-notify client established 7)" }, /* Mbed TLS: an empty Certificate */
    { "tcp C:hello(13) S:hello(13) +S:app(800) C:app(900) S:app(32) S:FIN",
      "client-cert-rejected likely server client-flight 4<1" },
    { "tcp " ASKED_13("") "S:app(32) S:FIN",
      "client-cert-missing likely server client-flight 4<3" }, /* with keys: Mbed TLS sends it under the old ones */
    { "tcp C:hello(13) S:hello(13) +S:app(800) C:app(41) S:app(19) C:app(69) S:FIN",
      "client-cert-missing likely server client-flight 4<1" }, /* the flight of a Java client is still coming */
};

static void servers_that_say_nothing(void **state)
{
    (void)state;
    check_rows(droppings, G_N_ELEMENTS(droppings));
}

/* What a client sees, and what of its offer is odd. */
static const row views[] = {
    { "C:hello(13;clock=12c) S:hello(13) +S:ee +S:cert(leaf,inter) +S:fin C:fatal(46)",
      "server-cert-unknown-ca likely client server-flight 3<2" }, /* a random is a random */
    { "C:hello(clock=41a05cf3) S:hello +S:cert(leaf,inter) +S:done C:fatal(46)",
      "server-cert-unknown-ca likely client server-flight 3<2" },
    { "C:hello(clock=12c) S:hello +S:cert(leaf,inter) +S:done C:fatal(48)",
      "server-cert-unknown-ca likely client server-flight 3<2" },
    { "C:hello(clock=12c) S:hello +S:cert(expired,inter) +S:done C:fatal(45)",
      "server-cert-expired proven client server-flight 3<2" },
    { "C:hello(g=001d,0017,0018) S:hello +S:cert(p384,inter) +S:done C:fatal(47)",
      "handshake-refused possible client server-flight 3<2" },
    { "C:hello(sni=no_san.example) S:hello +S:cert(no_san,inter) +S:done C:fatal(46)",
      "server-cert-unknown-ca likely client server-flight 3<2" }, /* nobody who is known to ignore common names */
    { "C:hello(sni=good.example) S:fatal(50)", "message-malformed likely server client-hello 2<1" },
    { "C:hello(13;g=001d,0017;ks=1a1a) S:fatal(47)", "handshake-refused possible server client-hello 2<1" },
    { "C:hello(v=0303;s=c02b,5600) S:hello(down) +S:cert(leaf,inter) C:fatal(47)",
      "version-refused-by-client likely client server-flight 3<2" },
    { "C:hello(v=0303;s=c02b) S:hello(down) +S:cert(leaf,inter) C:fatal(47)",
      "handshake-refused possible client server-flight 3<2" },
    { "C:hello(13;g=001d,001a) S:retry(ks=1a) C:fatal(47)",
      "group-refused-by-client likely client server-flight 3<2" },
    { "C:hello(13;g=001d,0018) S:retry(ks=18) C:fatal(47)", "handshake-refused possible client server-flight 3<2" },
    { "dtls C:hello S:verify C:hello(cookie) wait(1) C:again wait(2) C:again wait(4) C:again end(0.1)",
      "stalled-in-handshake likely server client-hello 6<3" },
    { "dtls C:hello S:verify C:hello(cookie) wait(1) C:again end(0.1)", "nothing" },
};

static void what_a_client_sees(void **state)
{
    (void)state;
    check_rows(views, G_N_ELEMENTS(views));
}

static bool is_said_beside(const tw_verdict *v, const char *words)
{
    const tw_evidence *e;
    for (unsigned i = 0; (e = tw_verdict_evidence(v, i)); i++)
        if (strstr(e->text, words))
            return true;
    return false;
}

static void a_leaf_that_is_not_first_is_remarked(void **state)
{
    play *p = play_new("C:hello S:hello +S:cert(inter,leaf) +S:done C:fatal(42)");
    play *q = play_new("C:hello S:hello +S:cert(leaf,inter) +S:done C:fatal(42)");
    (void)state;
    assert_true(is_said_beside(g_ptr_array_index(p->verdicts, 0), "looks like the leaf"));
    assert_false(is_said_beside(g_ptr_array_index(q->verdicts, 0), "looks like the leaf"));
    play_free(p);
    play_free(q);
}

/* The notice that SCRIPT gets, whose last message is of TYPE, or NULL. Caller frees. */
static tw_verdict *protocols_after(const char *script, uint8_t type)
{
    play *p = play_new(script);
    tw_verdict *v = tw__note_protocols(p->conn, play_at(p, 1), type, &p->settings);
    play_free(p);
    return v;
}

static void no_protocol_is_a_notice(void **state)
{
    tw_verdict *v = protocols_after("C:hello(alpn=h2) S:hello", TW_HS_SERVER_HELLO);
    (void)state;
    assert_non_null(v);
    assert_false(v->failure);
    assert_non_null(strstr(v->reason, "h2"));
    tw__verdict_free(v);
    assert_null(protocols_after("C:hello S:hello", TW_HS_SERVER_HELLO));
    assert_null(protocols_after("C:hello(alpn=h2) S:hello(x=0010)", TW_HS_SERVER_HELLO));
    assert_null(protocols_after("C:hello(13;alpn=h2) S:hello(13)", TW_HS_SERVER_HELLO));
    v = protocols_after("C:hello(13;alpn=h2) S:hello(13) +S:ee", TW_HS_ENCRYPTED_EXTENSIONS);
    assert_non_null(v);
    tw__verdict_free(v);
}

/* A ticket is no name of a key, and nothing to show. */
static void tickets_are_not_identities(void **state)
{
    play *named = play_new("C:hello(13;psk=device-7) S:fatal(47)");
    play *ticket = play_new("C:hello(13;psk=device-7;age) S:fatal(47)");
    const tw_verdict *a = g_ptr_array_index(named->verdicts, 0), *b = g_ptr_array_index(ticket->verdicts, 0);
    (void)state;
    assert_non_null(strstr(a->reason, "device-7"));
    assert_null(strstr(b->reason, "device-7"));
    assert_string_equal(b->rule, "psk-key-mismatch/hello");
    play_free(named);
    play_free(ticket);
}

/* A client that leaves when both Finished are through has accused nobody. */
static const struct {
    const char *script, *words;
} leavings[] = {
    { SERVER("expired,inter") "C:cke +C:ccs +C:enc S:ccs +S:enc C:FIN", "expired on" },
    { SERVER("expired,inter") "C:cke +C:ccs +C:enc S:ccs +S:enc C:enca C:FIN", "expired on" },
    { SERVER("self_signed") "C:cke +C:ccs +C:enc S:ccs +S:enc C:RST", "self-signed" },
    { "C:hello(sni=other.example) S:hello +S:cert(leaf,inter) +S:done C:cke +C:ccs +C:enc S:ccs +S:enc C:FIN",
      "asked for \"other.example\"" },
    { DONE "C:enca C:FIN", "health checks" },
    { "C:hello(13) S:hello(13) +S:app(800) C:app(53) C:app(19) C:FIN", "health checks" },
    /* with data; at the server's end */
    { SERVER("expired,inter") "C:cke +C:ccs +C:enc S:ccs +S:enc C:app C:enca C:FIN", NULL },
    { SERVER("expired,inter") "C:cke +C:ccs +C:enc S:ccs +S:enc S:enca S:FIN C:FIN", NULL },
};

static void clients_that_leave_are_noticed(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(leavings); i++) {
        play *p = play_new(leavings[i].script);
        const tw_verdict *v = p->verdicts->len ? g_ptr_array_index(p->verdicts, p->verdicts->len - 1) : NULL;
        bool is_noticed = v && !v->failure && v->cause == TW_N_CAUSES && strstr(v->reason, "left ");
        if (leavings[i].words ? !is_noticed || !strstr(v->reason, leavings[i].words) : is_noticed)
            fail_msg("%s: %s", leavings[i].script, v ? v->reason : "nothing");
        play_free(p);
    }
}

static void alerts_that_cannot_be_read(void **state)
{
    (void)state;
    check_rows(opaque, G_N_ELEMENTS(opaque));
}

/* ---- what a verdict says ---- */

static const struct {
    const char *script;
    const char *reason;
    const char *evidence; /* one line of it, with its frame */
} words[] = {
    { SERVER("expired,inter") "C:fatal(45)",
      "Client rejected server certificate: leaf CN=expired.example,O=tlswhy expired 3 years before this capture, on "
      "2022-05-01 12:00:00 UTC",
      "3 client sent certificate_expired (45), level fatal" },
    { SERVER("self_signed") "C:fatal(48)",
      "Client rejected server certificate: CN=self_signed.example,O=tlswhy is self-signed and the client does not trust it",
      "2 server sent CN=self_signed.example,O=tlswhy, issued by CN=self_signed.example,O=tlswhy" },
    { CLIENT("other_root", "client,inter") "S:fatal(48)",
      "Server rejected client certificate: its issuer CN=Test Intermediate,O=tlswhy is not among the 1 CA names the server "
      "asked for",
      "2 server asked for certificates issued by CN=Other Root,O=tlswhy" },
    { CLIENT("root", "") "S:fatal(40)",
      "Server rejected client: it requires a client certificate, and the client sent none",
      "3 client sent an empty Certificate message" },
    { "C:hello(sni=other.example) S:hello +S:cert(leaf,inter) C:fatal(46)",
      "Client rejected server certificate: the client asked for \"other.example\", the certificate is for good.example, "
      "*.wild.example, 192.0.2.1 and 1 more",
      "2 server sent CN=leaf.example,O=tlswhy, issued by CN=Test Intermediate,O=tlswhy, with 1 more certificate" },
    { "C:hello(v=0302) S:fatal(70)",
      "Server accepts none of the client's protocol versions: the client offers TLS 1.1 at most",
      "1 client offers TLS 1.1 at most, 3 cipher suites, for the name \"good.example\"" },
    { "C:hello(alpn=h2,http/1.1) S:fatal(120)",
      "Server supports none of the client's application protocols: h2, http/1.1",
      "1 client offers the application protocols h2, http/1.1" },
    { "C:hello(13;psk=device-7) S:fatal(115)",
      "Server rejected client's pre-shared key: it does not know the identity \"device-7\"",
      "1 client offers the pre-shared key identity \"device-7\"" },
    { CLEAR "C:hello S:fatal(100)",
      "Server refused to renegotiate: it answered the client's ClientHello with no_renegotiation (100)",
      "5 handshake 2 of this connection: a renegotiation" },
    { "C:hello S:plain(HTTP/1.1_400)",
      "Client gave up: the server answered the ClientHello without TLS: \"HTTP/1.1_400\"",
      "2 first bytes: \"HTTP/1.1_400\"" },
    { "C:hello(s=c02b,009c) S:fatal(40)",
      "Server accepts none of the client's cipher suites: TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, "
      "TLS_RSA_WITH_AES_128_GCM_SHA256",
      "1 client offers TLS 1.2 at most, 2 cipher suites, for the name \"good.example\"" },
};

static bool has_evidence(const tw_verdict *v, const char *line)
{
    bool found = false;

    const tw_evidence *e;
    for (unsigned i = 0; (e = tw_verdict_evidence(v, i)); i++) {
        char *text = g_strdup_printf("%u %s", e->frame, e->text);
        found |= !strcmp(text, line);
        g_free(text);
    }
    return found;
}

static void verdicts_say_what_matters(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        play *p = play_new(words[i].script);
        const tw_verdict *v;
        assert_int_equal(p->verdicts->len, 1);
        v = g_ptr_array_index(p->verdicts, 0);
        assert_string_equal(v->reason, words[i].reason);
        if (!has_evidence(v, words[i].evidence))
            fail_msg("%s lacks evidence: %s", words[i].script, words[i].evidence);
        play_free(p);
    }
}

/* Fields that the line of a verdict does not show. */
static void verdicts_know_their_alert(void **state)
{
    play *p = play_new("C:hello S:warn(112) +S:fatal(40)");
    const tw_verdict *warned, *failed;

    (void)state;
    assert_int_equal(p->verdicts->len, 2);
    warned = g_ptr_array_index(p->verdicts, 0);
    failed = g_ptr_array_index(p->verdicts, 1);
    assert_int_equal(warned->alert, 112);
    assert_int_equal(warned->level, 1);
    assert_int_equal(warned->ordinal, 0);
    assert_int_equal(failed->alert, 40);
    assert_int_equal(failed->level, 2);
    assert_int_equal(failed->ordinal, 1);
    assert_false(failed->encrypted);
    assert_true(failed->logs->len > 0);
    assert_true(failed->hints->len > 0);
    assert_int_equal(p->conn->n_failed, 1);
    play_free(p);
}

/* The alert comes after the verdict: it is evidence, and of a client that was answered without TLS its own word. */
static void check_reaction(const char *script, int alert)
{
    play *p = play_new(script);
    tw_verdict *v = g_ptr_array_index(p->verdicts, 0);
    assert_int_equal(p->conn->n_alerts, 1);
    assert_int_equal(v->alert, -1);
    react_to(p, v);
    assert_int_equal(v->alert, alert);
    assert_string_equal(v->findings.items[v->findings.n - 1].text, "the client reacted with unexpected_message (10)");
    assert_int_equal(v->findings.items[v->findings.n - 1].frame, p->conn->alerts[0].at.frame);
    play_free(p);
}

static void reactions_are_evidence(void **state)
{
    (void)state;
    check_reaction("C:hello S:plain(220_server.test) S:FIN C:fatal(10)", 10);
    check_reaction("C:hello S:FIN C:fatal(10)", -1);
}

static void ends_have_no_alert(void **state)
{
    play *p = play_new("C:hello S:RST");
    const tw_verdict *v = g_ptr_array_index(p->verdicts, 0);

    (void)state;
    assert_int_equal(v->alert, -1);
    assert_int_equal(v->level, -1);
    assert_int_equal(v->logs->len, 0);
    play_free(p);
}

/* With a file of roots the chain is held against it. */
static void trusted_roots_are_evidence(void **state)
{
    static const struct {
        const char *certs, *line;
    } rows[] = {
        { SERVER("leaf,inter"), "2 the chain ends at a root of roots.pem" },
        { SERVER("self_signed"), "2 the chain ends at a root that is not in roots.pem" },
    };
    char *error = NULL, *file = cert_file("roots", ".pem");
    tw__roots *roots = tw__roots_load(NULL, file, &error);

    (void)state;
    assert_non_null(roots);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        play *p = play_new(rows[i].certs);
        tw__context context = { .settings.trusted_roots = "roots.pem", .roots = roots };
        p->conn->context = &context;
        play_on(p, "C:fatal(48)");
        assert_true(has_evidence(g_ptr_array_index(p->verdicts, 0), rows[i].line));
        play_free(p);
    }
    tw__roots_free(roots);
    g_free(file);
}

/* What the user calls silence; 0 is the default. */
static void patience_is_a_setting(void **state)
{
    static const struct {
        int64_t patience, client_patience; /* seconds */
        const char *script, *verdicts;
    } rows[] = {
        { 0, 0, "C:hello end(2)", "nothing" },
        { 0, 0, "C:hello end(4)", "no-answer-to-client-hello likely server client-hello 1<1" },
        { 1, 0, "C:hello end(2)", "no-answer-to-client-hello likely server client-hello 1<1" },
        { 10, 0, "C:hello end(4)", "nothing" },
        { 10, 0, SERVER("leaf,inter") "end(4)", "nothing" },
        { 10, 0, SERVER("leaf,inter") "end(11)", "stalled-in-handshake likely client server-flight 2<2" },
        { 0, 0, "C:hello wait(5) C:FIN", "no-answer-to-client-hello likely server client-hello 1<1" },
        { 0, 10, "C:hello wait(5) C:FIN", "(warning client server-flight 2)" },
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        play *p = play_new("");
        char *text;
        p->settings.patience_us = rows[i].patience * G_USEC_PER_SEC;
        p->settings.client_patience_us = rows[i].client_patience * G_USEC_PER_SEC;
        play_on(p, rows[i].script);
        text = verdicts_text(p);
        if (strcmp(text, rows[i].verdicts) != 0)
            fail_msg("row %zu: %s gives %s", i, rows[i].script, text);
        g_free(text);
        play_free(p);
    }
}

/* The frame of an alert holds neither. */
static void verdicts_know_name_and_version(void **state)
{
    static const struct {
        const char *script, *name, *version;
    } rows[] = {
        { SERVER("leaf,inter") "C:fatal(48)", "good.example", "TLS 1.2" },
        { "C:hello(13) S:hello(13) C:fatal(48)", "good.example", "TLS 1.3" },
        { "C:hello(nosni) S:fatal(40)", NULL, NULL },
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        play *p = play_new(rows[i].script);
        const tw_verdict *v = g_ptr_array_index(p->verdicts, 0);
        if (g_strcmp0(v->server_name, rows[i].name) != 0 || g_strcmp0(v->version, rows[i].version) != 0)
            fail_msg("row %zu: %s, %s", i, v->server_name, v->version);
        play_free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rejected_server_certificates),
        cmocka_unit_test(rejected_client_certificates),
        cmocka_unit_test(refused_client_hellos),
        cmocka_unit_test(refused_answers_of_the_server),
        cmocka_unit_test(ends_that_are_no_failures),
        cmocka_unit_test(one_verdict_for_one_failure),
        cmocka_unit_test(refused_renegotiations),
        cmocka_unit_test(ends_without_an_alert),
        cmocka_unit_test(self_signed_certificates_known_by_fingerprint),
        cmocka_unit_test(alerts_that_cannot_be_read),
        cmocka_unit_test(servers_that_say_nothing),
        cmocka_unit_test(what_a_client_sees),
        cmocka_unit_test(tickets_are_not_identities),
        cmocka_unit_test(a_leaf_that_is_not_first_is_remarked),
        cmocka_unit_test(no_protocol_is_a_notice),
        cmocka_unit_test(clients_that_leave_are_noticed),
        cmocka_unit_test(verdicts_say_what_matters),
        cmocka_unit_test(verdicts_know_their_alert),
        cmocka_unit_test(reactions_are_evidence),
        cmocka_unit_test(ends_have_no_alert),
        cmocka_unit_test(trusted_roots_are_evidence),
        cmocka_unit_test(patience_is_a_setting),
        cmocka_unit_test(verdicts_know_name_and_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
