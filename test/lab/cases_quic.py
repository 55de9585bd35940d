"""Failures and health over QUIC.

SPDX-License-Identifier: GPL-2.0-or-later
"""
from case import Case
from servers import plain
from stacks_quic import aio_client, aio_server, curl, gtls_client, gtls_server, nginx, ossl

CIPHERS = "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:"
UNSEEN = ["server-cert-unknown-ca", "server-cert-rejected"]   # the close is repeated in an Initial packet, the certificate cannot be read


def quic(name, truth, **more):
    return Case(name, truth, carrier="udp", version="TLS 1.3", **more)


def server_fault(fault, truth, cert, client, alert, **more):
    return [quic("%s/quic-%s-nginx" % (truth, who), truth, client=program(**more.get("client_more", {})), server=nginx(cert=cert, **more.get("server_more", {})),
                 alert=number, keys="both", blind=[truth, *UNSEEN], completes=False, later=more.get("later"),
                 scenario="QUIC: " + fault)
            for (who, program), number in zip(client, alert)]


BOTH = [("curl", curl), ("ossl", ossl)]
V1, V2 = ("v1",), ("v2",)
RISING = ("v2", "v1")           # v2 is dearer, v1 is begun with: compatible version negotiation (RFC 9368 2.3)

CASES = [
    quic("healthy/quic-curl-nginx", "none", client=curl(), server=nginx(), keys="both", scenario="HTTP/3"),
    quic("healthy/quic-ossl-nginx", "none", client=ossl(), server=nginx(), keys="both", scenario="HTTP/3"),
    quic("healthy/quic-gnutls-gnutls", "none", client=gtls_client(), server=gtls_server(), keys="both", scenario="HTTP/3"),
    quic("healthy/quic-gnutls-gnutls-retry", "none", client=gtls_client(), server=gtls_server(extra=["-V"]), keys="both", scenario="the server asks for a token (Retry)"),
    quic("healthy/quic-gnutls-gnutls-moved", "none", client=gtls_client(extra=["--change-local-addr=100ms", "--delay-stream=200ms"], steps=(1.2,)), server=gtls_server(),
         keys="both", scenario="the client moves to another port (connection migration)"),
    quic("healthy/quic-gnutls-nginx", "none", client=gtls_client(), server=nginx(), keys=True, scenario="HTTP/3"),
    *server_fault("unknown ca", "server-cert-unknown-ca", "server-unknown", BOTH, (48, 48), later=4, server_more=dict(chain=("other-inter",))),
    *server_fault("expired", "server-cert-expired", "server-expired", BOTH, (45, 45)),
    *server_fault("self signed", "server-cert-self-signed", "server-self", BOTH, (48, 48), server_more=dict(chain=())),
    *server_fault("name", "server-cert-name-mismatch", "server-other-name", BOTH[1:], (42,)),
    quic("alpn-no-overlap/quic-ossl-gnutls", "alpn-no-overlap", client=ossl(alpn="smtp"), server=gtls_server(), alert=120, scenario="QUIC: no application protocol in common"),
    quic("alpn-no-overlap/quic-ossl-nginx", "alpn-no-overlap", client=ossl(alpn="smtp"), server=nginx(), alert=120, scenario="QUIC: no application protocol in common"),
    quic("cipher-no-overlap/quic-gnutls-gnutls", "cipher-no-overlap", client=gtls_client(extra=["--ciphers=" + CIPHERS + "+AES-128-GCM"]),
         server=gtls_server(extra=["--ciphers=" + CIPHERS + "+AES-256-GCM"]), alert=40, best=["cipher-no-overlap", "handshake-refused"],
         scenario="QUIC: no cipher suite in common"),
    quic("group-no-overlap/quic-gnutls-gnutls", "group-no-overlap", client=gtls_client(extra=["--groups=-GROUP-ALL:+GROUP-SECP521R1"]),
         server=gtls_server(extra=["--groups=-GROUP-ALL:+GROUP-SECP256R1"]), alert=40, best=["group-no-overlap", "handshake-refused"],
         scenario="QUIC: no group in common"),
    quic("client-cert-missing/quic-gnutls-gnutls", "client-cert-missing", client=gtls_client(), server=gtls_server(extra=["--verify-client"]), alert=116, keys=True,
         scenario="QUIC: the server demands a client certificate"),
    quic("version-no-overlap/quic-gnutls-nginx", "version-no-overlap", client=gtls_client(extra=["--version=0xfaceb002"], steps=(1.0,)), server=nginx(), later=4,
         scenario="QUIC: Version Negotiation without a version in common"),
    quic("no-answer-to-client-hello/quic-curl", "no-answer-to-client-hello", client=curl(steps=(4.5,)), server=plain("udp-silence"), patience=6, later=3,
         scenario="QUIC: nobody answers", label={"sender_ok": ["unknown"]}),
    quic("healthy/quic-gnutls-gnutls-v2", "none", client=gtls_client(versions=V2), server=gtls_server(versions=V2), keys="both", completes=True, scenario="QUIC v2"),
    quic("healthy/quic-gnutls-gnutls-v2-retry", "none", client=gtls_client(versions=V2), server=gtls_server(versions=V2, extra=["-V"]), keys="both", completes=True,
         scenario="QUIC v2: the server asks for a token (Retry)"),
    quic("group-no-overlap/quic-gnutls-gnutls-v2", "group-no-overlap", client=gtls_client(versions=V2, extra=["--groups=-GROUP-ALL:+GROUP-SECP521R1"]),
         server=gtls_server(versions=V2, extra=["--groups=-GROUP-ALL:+GROUP-SECP256R1"]), alert=40, best=["group-no-overlap", "handshake-refused"],
         scenario="QUIC v2: no group in common"),
    quic("healthy/quic-gnutls-gnutls-v1-v2", "none", client=gtls_client(versions=RISING), server=gtls_server(versions=RISING), keys="both", completes=True,
         scenario="QUIC: v1 is begun with, the server goes on with v2 (compatible version negotiation)"),
    quic("client-cert-missing/quic-gnutls-gnutls-v1-v2", "client-cert-missing", client=gtls_client(versions=RISING), server=gtls_server(versions=RISING, extra=["--verify-client"]),
         alert=116, keys=True, scenario="QUIC: v1 is begun with, the server goes on with v2, and demands a client certificate"),
    quic("group-no-overlap/quic-gnutls-gnutls-v1-v2", "group-no-overlap", client=gtls_client(versions=RISING, extra=["--groups=-GROUP-ALL:+GROUP-SECP521R1"]),
         server=gtls_server(versions=RISING, extra=["--groups=-GROUP-ALL:+GROUP-SECP256R1"]), alert=40, best=["group-no-overlap", "handshake-refused"],
         scenario="QUIC: v1 is begun with, the server would go on with v2, but there is no group in common"),
    quic("healthy/quic-gnutls-gnutls-v2-v1", "none", client=gtls_client(versions=("v1", "v2")), server=gtls_server(versions=V1), keys="both", completes=True,
         scenario="QUIC: v2 is begun with, the server goes on with v1 (compatible version negotiation)"),
    quic("healthy/quic-gnutls-nginx-v2-v1", "none", client=gtls_client(versions=("v1", "v2")), server=nginx(), keys="both",
         scenario="QUIC: v2 is begun with, which the server does not speak (Version Negotiation), and the client goes on with v1"),
    quic("server-cert-expired/quic-aio-aio-v2", "server-cert-expired", client=aio_client(versions="2"), server=aio_server(cert="server-expired", versions="2"), alert=45, keys="both",
         blind=["server-cert-expired", *UNSEEN], completes=False, later=4, scenario="QUIC v2: expired"),
    quic("server-cert-unknown-ca/quic-aio-aio-v1-v2", "server-cert-unknown-ca", client=aio_client(("other-root", False), versions="21"), server=aio_server(versions="21"), alert=42, keys="both", best=["server-cert-unknown-ca", "server-cert-rejected"],
         blind=UNSEEN, completes=False, later=4, scenario="QUIC: v1 is begun with, the server goes on with v2, and the client trusts another root"),
    quic("server-cert-unknown-ca/quic-aio-aio-same-port", "server-cert-unknown-ca", client=aio_client(("root", False), ("other-root", False), ("root", False), steps=(2.0,)), server=aio_server(), alert=42, keys="both", best=["server-cert-unknown-ca", "server-cert-rejected"],
         blind=UNSEEN, later=4, scenario="QUIC: three connections from one port, the second of which does not trust the server"),
    quic("healthy/quic-aio-aio-moved", "none", client=aio_client(("root", True), steps=(1.5,)), server=aio_server(), keys="both", completes=True,
         scenario="QUIC: the client goes on from another port (connection migration), and closes"),
]
