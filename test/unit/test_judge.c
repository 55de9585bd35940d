/* Verdicts: plays (see build.h), and all verdicts of each as one line. Of every important rule both sides: a play
 * where it fires, and one beside it where it must not.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenes.h"

/* ---- certificates ---- */

static const row server_certificates[] = {
    /* dates: the alert that names them, and those that hide them */
    { SERVER("expired,inter") "C:fatal(45)", "server-cert-expired proven client server-flight 3<2" },
    { SERVER("leaf,inter") "C:fatal(45)", "server-cert-expired possible client server-flight 3<2" }, /* its clock? */
    { HELLOS "+S:cert(leaf,inter;cut=200) C:fatal(45)", "server-cert-expired likely client server-flight 3<2" },
    { SERVER("future,inter") "C:fatal(45)", "server-cert-not-yet-valid likely client server-flight 3<2" },
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
    /* who has got one, or asked for none, passes on the page of a server behind it */
    { CLIENT("root", "client,inter") "+C:fin S:ccs +S:fin C:app S:said(missing)", "nothing" },
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
    { CLIENT("root", "future,inter") "S:fatal(45)", "client-cert-not-yet-valid likely server client-flight 4<3" },
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
    /* programs on GnuTLS look when the handshake is through */
    { CLIENT("root", "client,inter") "+C:fin S:ccs +S:fin C:app S:fatal(42)",
      "client-cert-rejected likely server client-flight 6<3" },
    { CLIENT("root", "expired,inter") "+C:fin S:ccs +S:fin S:fatal(42)",
      "client-cert-expired possible server client-flight 5<3" },
    { CLIENT("root", "") "+C:fin S:ccs +S:fin S:fatal(42)", "client-cert-missing likely server client-flight 5<3" },
    { CLIENT("root", "") "+C:fin S:ccs +S:fin S:fatal(40)", "client-cert-missing likely server client-flight 5<3" },
    { CLIENT("root", "") "+C:fin S:ccs +S:fin S:app S:fatal(42)", "session-aborted likely server established 6<3" },
    { CLIENT("root", "") "+C:fin S:ccs +S:fin S:fatal(80)", "session-aborted likely server established 5<3" },
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
    { "C:hello(g=0019,001d) S:fatal(40)", "group-no-overlap possible server client-hello 2<1" }, /* no secp256r1 */
    { "C:hello(g=001d,0017,0018) S:fatal(40)", "handshake-refused possible server client-hello 2<1" },
    { "C:hello(g=001d,0017;s=002f) S:fatal(40)", "cipher-no-overlap possible server client-hello 2<1" },
    { "C:hello(13;sv=0304;g=001d,0017) S:fatal(40)", "group-no-overlap possible server client-hello 2<1" },
    { "C:hello(13;sv=0304;a=0804,0403) S:fatal(40)", "sigalg-no-overlap possible server client-hello 2<1" },
    { "C:hello(a=0804,0403) S:fatal(47)", "handshake-refused possible server client-hello 2<1" },
    { "C:hello(a=0807) S:fatal(40)", "sigalg-no-overlap likely server client-hello 2<1" },
    { "C:hello(a=0807,0401) S:fatal(40)",
      "sigalg-no-overlap possible server client-hello 2<1" }, /* for RSA keys only */
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
    /* a retry that changes nothing: the server found no group to name. A group or a cookie changes something */
    { "C:hello(13) S:retry(nogroup) C:fatal(47)", "group-no-overlap likely client server-flight 3<2" },
    { "tcp C:hello(13) S:retry(nogroup) C:FIN", "group-no-overlap likely client server-flight 3<2" },
    { "C:hello(13) S:retry(nogroup;x=002c) C:fatal(47)", "handshake-refused possible client server-flight 3<2" },
    { "C:hello(13) S:retry(ks=17) C:fatal(47)", "handshake-refused possible client server-flight 3<2" },
    { "C:hello(13) S:retry(ks=19) C:fatal(47)", "group-refused-by-client proven client server-flight 3<2" },
    { "C:hello(13) S:retry(s=1303) C:fatal(47)", "cipher-refused-by-client proven client server-flight 3<2" },
    { "C:hello S:hello(cut=40) C:fatal(47)", "handshake-refused possible client server-flight 3<2" },
    { "C:hello S:hello(s=fafb) C:fatal(40)", "cipher-refused-by-client proven client server-flight 3<2" },
    { "C:hello(13) S:hello(13;ks=19) C:fatal(47)", "group-refused-by-client proven client server-flight 3<2" },
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
      "server-cert-key-mismatch likely client server-flight 3<2" },
    /* OpenSSL says 51 of that: what it rejects is the certificate */
    { "C:hello(13;openssl) S:hello(13) +S:ee +S:cert(leaf,inter) +S:cv C:fatal(51)",
      "server-cert-key-mismatch likely client server-flight 3<2" },
    { "C:hello(13;openssl) S:hello(13) +S:ee +S:cert(future,inter) +S:cv C:fatal(42)",
      "server-cert-not-yet-valid likely client server-flight 3<2" },
    /* and where the library is not known the certificate comes first, too */
    { "C:hello(13) S:hello(13) +S:ee +S:cert(future,inter) +S:cv C:fatal(42)",
      "server-cert-not-yet-valid likely client server-flight 3<2" },
    { "C:hello(13) S:hello(13) +S:ee +S:cert(leaf,inter) +S:cv C:fatal(42)",
      "server-cert-key-mismatch likely client server-flight 3<2" },
    /* but not behind alerts that are no certificate's */
    { "C:hello(13) S:hello(13) +S:ee +S:cert(future,inter) +S:cv C:fatal(40)",
      "server-cert-key-mismatch likely client server-flight 3<2" },
    /* what takes a signature to see is looked for where nothing else is wrong */
    { "C:hello(13) S:hello(13) +S:ee +S:cert(~leaf,inter) C:fatal(42)",
      "server-cert-bad-signature likely client server-flight 3<2" },
    { "C:hello(13) S:hello(13) +S:ee +S:cert(~future,inter) C:fatal(42)",
      "server-cert-not-yet-valid likely client server-flight 3<2" },
    /* and it takes the whole handshake to tell (the recorder lost EncryptedExtensions) */
    { "C:hello(13) S:hello(13) +S:cert(leaf,inter) +S:cv C:fatal(51)",
      "server-cert-key-mismatch possible client server-flight 3<2" },
    /* a raw public key is no certificate */
    { HELLOS "+S:cert(!leaf) C:fatal(42)", "server-cert-malformed likely client server-flight 3<2" },
    { "C:hello(x=0014) S:hello(x=0014) +S:cert(!leaf) C:fatal(42)",
      "server-cert-rejected likely client server-flight 3<2" },
    /* what the server answered may be the hello that cannot be read */
    { "C:hello(13) S:hello(13;ks=19) C:fatal(47)", "group-refused-by-client proven client server-flight 3<2" },
    { "C:hello(13;x=fe0d) S:hello(13;ks=19) C:fatal(47)", "group-refused-by-client likely client server-flight 3<2" },
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
    { "C:hello S:hello +S:cert(leaf,inter) +S:ske +S:ask(root) +S:done C:cert(client) +C:cke +C:cv(by=client) +C:ccs "
      "S:fatal(51)", /* no certificate is bad where a hello was changed on the way */
      "finished-mismatch possible server client-flight 4<3" },
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rejected_server_certificates),
        cmocka_unit_test(rejected_client_certificates),
        cmocka_unit_test(refused_client_hellos),
        cmocka_unit_test(refused_answers_of_the_server),
        cmocka_unit_test(one_verdict_for_one_failure),
        cmocka_unit_test(refused_renegotiations),
        cmocka_unit_test(self_signed_certificates_known_by_fingerprint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
