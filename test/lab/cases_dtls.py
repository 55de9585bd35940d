"""Failures and health over DTLS.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import clients
import servers
from case import Case
from servers import plain

DTLS12 = ["-dtls1_2"]


def dtls(name, truth, version="DTLS 1.2", **more):
    return Case("dtls/" + name, truth, carrier="udp", version=version, **more)


def ossl_server(extra=(), **more):
    return servers.ossl(extra=[*DTLS12, *extra], echo=False, **more)


def ossl_client(extra=(), **more):
    return clients.ossl(extra=[*DTLS12, *extra], **more)


def gnutls_server(**more):
    return servers.gnutls(extra=["--udp"], **more)


def gnutls_client(**more):
    return clients.gnutls(extra=["--udp"], **more)


CASES = [
    dtls("ossl-ossl-healthy", "none", client=ossl_client(), server=ossl_server(), keys="both", scenario="DTLS"),
    dtls("ossl-ossl-healthy-cookie", "none", client=ossl_client(), server=ossl_server(extra=["-listen"]), keys="both", scenario="DTLS with HelloVerifyRequest"),
    dtls("ossl-ossl-healthy-small", "none", client=ossl_client(extra=["-mtu", "300"]), server=ossl_server(extra=["-mtu", "300"]), keys="both",
         scenario="DTLS, messages in fragments"),
    dtls("gnutls-gnutls-healthy", "none", client=gnutls_client(), server=gnutls_server(), keys="both", scenario="DTLS"),
    dtls("ossl-gnutls-healthy", "none", client=ossl_client(), server=gnutls_server(), keys="both", scenario="DTLS"),
    dtls("ossl-ossl-expired", "server-cert-expired", client=ossl_client(), server=ossl_server(cert="server-expired"), alert=45, scenario="DTLS: server certificate expired"),
    dtls("ossl-ossl-expired-small", "server-cert-expired", client=ossl_client(extra=["-mtu", "300"]), server=ossl_server(cert="server-expired", extra=["-mtu", "300"]),
         alert=45, scenario="DTLS: server certificate expired, messages in fragments"),
    dtls("ossl-ossl-unknown-ca", "server-cert-unknown-ca", client=ossl_client(trust=("other-root",)), server=ossl_server(), alert=48,
         scenario="DTLS: the client trusts another root", best=["server-cert-unknown-ca"]),
    dtls("ossl-ossl-client-missing", "client-cert-missing", client=ossl_client(), server=ossl_server(trust=("root",), ask="require"), alert=40,
         scenario="DTLS: no client certificate"),
    dtls("ossl-ossl-client-expired", "client-cert-expired", client=ossl_client(cert="client-expired"), server=ossl_server(trust=("root",), ask="require"), alert=45,
         scenario="DTLS: client certificate expired"),
    dtls("gnutls-gnutls-unknown-ca", "server-cert-unknown-ca", client=gnutls_client(trust=("other-root",)), server=gnutls_server(), alert=42,
         best=["server-cert-unknown-ca", "server-cert-rejected"], scenario="DTLS: the client trusts another root"),
    dtls("ossl-ossl-ciphers", "cipher-no-overlap", client=ossl_client(extra=["-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305"]),
         server=ossl_server(extra=["-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"]), alert=40, best=["cipher-no-overlap", "handshake-refused"], scenario="DTLS: no cipher suite in common"),
    dtls("ossl-silence", "no-answer-to-client-hello", client=ossl_client(steps=(4,)), server=plain("udp-silence"), later=3, patience=1,
         scenario="DTLS: nobody answers", label={"sender_ok": ["unknown"]}),
]
