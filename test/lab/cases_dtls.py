"""Failures and health over DTLS.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import subprocess
import time

import check
import clients
import servers
import stacks
from capture import Capture, write_pcapng
from case import Case
from many import Row
from programs import NEEDS, Program
from runner import expect_words
from servers import plain

NEEDS |= {"aiortc": ("/usr/lib/python3/dist-packages/aiortc", "python3-aiortc")}

DTLS12 = ["-dtls1_2"]


def dtls(name, truth, version="DTLS 1.2", **more):
    return Case(name, truth, carrier="udp", version=version, **more)


def ossl_server(extra=(), **more):
    return servers.ossl(extra=[*DTLS12, *extra], echo=False, **more)


def ossl_client(extra=(), **more):
    return clients.ossl(extra=[*DTLS12, *extra], **more)


def gnutls_server(**more):
    return servers.gnutls(extra=["--udp"], **more)


def gnutls_client(**more):
    return clients.gnutls(extra=["--udp"], **more)


class WebRtc(Row):
    """Two peers of webrtc.py on an address of its own; they part from one another as WHAT says."""

    ADDRESS = "192.0.2.1/24"

    def __init__(self, name, scenario, what, says):
        super().__init__(name, scenario)
        self.what, self.client_says, self.server_says = what, says, ""

    def programs(self):
        return ["aiortc"]

    def make(self, lab, captures):
        pcap, log = lab.file("lo.pcap"), lab.file("peers.log")
        subprocess.run(["ip", "addr", "add", self.ADDRESS, "dev", "lo"], check=True)
        try:
            with Capture(pcap, "udp"), Program(["/usr/bin/python3", lab.script("webrtc.py"), self.what], log, lab.keylog, lab.folder) as peers:
                peers.finish(8)
                time.sleep(0.3)
        finally:
            subprocess.run(["ip", "addr", "del", self.ADDRESS, "dev", "lo"], check=False)
        expect_words(self, open(log).read(), "")
        path = self.path(captures)
        write_pcapng(pcap, path)
        packets = check.read(path, lab.port)
        assert any("1" in p["handshakes"] for p in packets), "no ClientHello was recorded"
        return [self.label(file=self.variant + ".pcapng", truth="none", best=["none"], sender="none", phase="none", alert=None, encrypted=False, stream=0,
                           client="aiortc", server="aiortc", client_log=lab.telling(open(log).read()), version="DTLS 1.2")]


SRTP = ["-use_srtp", "SRTP_AEAD_AES_128_GCM"]

def mbed_server(extra=(), **more):
    return stacks.mbed_server(extra=["-dtls", *extra], version="12", **more)


def mbed_client(extra=(), **more):
    return stacks.mbed_client(extra=["-dtls", *extra], version="12", **more)


CASES = [
    dtls("healthy/dtls-mbed-mbed", "none", client=mbed_client(), server=mbed_server(), scenario="DTLS, closed by an encrypted close_notify"),
    dtls("healthy/dtls-mbed-ossl", "none", client=mbed_client(), server=ossl_server(steps=("hello\n", 0.3, "Q\n")), keys="both", scenario="DTLS, closed by an encrypted close_notify", completes=None),
    dtls("healthy/dtls-gnutls-mbed-mutual", "none", client=gnutls_client(cert="client-direct"), server=mbed_server(trust=("root",), ask="require"),
         scenario="DTLS: the server asks for a client certificate and accepts it"),
    dtls("healthy/dtls-ossl-ossl-mutual", "none", client=ossl_client(cert="client-direct"), server=ossl_server(trust=("root",), ask="require"), keys="both", completes=True,
         scenario="DTLS: the server asks for a client certificate and accepts it"),
    dtls("client-cert-expired/dtls-ossl-mbed", "client-cert-expired", client=ossl_client(cert="client-expired"), server=mbed_server(trust=("root",), ask="require"), alert=45,
         scenario="DTLS: client certificate expired"),
    dtls("no-answer-to-client-hello/dtls-ossl-mbed-fragments", "no-answer-to-client-hello", client=ossl_client(extra=["-mtu", "256", "-alpn", ",".join("protocol-%d" % n for n in range(20))], steps=(9,)), server=mbed_server(), sender="server", phase="client-hello",
         scenario="DTLS: the ClientHello comes in fragments, which the server does not put together", patience=10, completes=False, later=6, best=["no-answer-to-client-hello"]),
    dtls("server-cert-expired/dtls-mbed-ossl", "server-cert-expired", client=mbed_client(), server=ossl_server(cert="server-expired"), alert=45, scenario="DTLS: server certificate expired"),
    dtls("client-cert-issuer-not-listed/dtls-ossl-gnutls", "client-cert-issuer-not-listed", client=ossl_client(cert="client-other"), server=servers.gnutls(trust=("root",), ask="require", extra=["--udp"]),
         alert=49, scenario="DTLS: the client's certificate is of a CA that the server does not name"),
    dtls("healthy/dtls-ossl-ossl", "none", client=ossl_client(), server=ossl_server(), keys="both", scenario="DTLS"),
    dtls("healthy/dtls-ossl-ossl-cookie", "none", client=ossl_client(), server=ossl_server(extra=["-listen"]), keys="both", scenario="DTLS with HelloVerifyRequest"),
    dtls("healthy/dtls-ossl-ossl-small", "none", client=ossl_client(extra=["-mtu", "300"]), server=ossl_server(extra=["-mtu", "300"]), keys="both",
         scenario="DTLS, messages in fragments"),
    dtls("healthy/dtls-gnutls-gnutls", "none", client=gnutls_client(), server=gnutls_server(), keys="both", scenario="DTLS"),
    dtls("healthy/dtls-ossl-gnutls", "none", client=ossl_client(), server=gnutls_server(), keys="both", scenario="DTLS"),
    dtls("server-cert-expired/dtls-ossl-ossl", "server-cert-expired", client=ossl_client(), server=ossl_server(cert="server-expired"), alert=45, scenario="DTLS: server certificate expired"),
    dtls("server-cert-expired/dtls-ossl-ossl-small", "server-cert-expired", client=ossl_client(extra=["-mtu", "300"]), server=ossl_server(cert="server-expired", extra=["-mtu", "300"]),
         alert=45, scenario="DTLS: server certificate expired, messages in fragments"),
    dtls("server-cert-unknown-ca/dtls-ossl-ossl", "server-cert-unknown-ca", client=ossl_client(trust=("other-root",)), server=ossl_server(), alert=48,
         scenario="DTLS: the client trusts another root", best=["server-cert-unknown-ca"]),
    dtls("client-cert-missing/dtls-ossl-ossl", "client-cert-missing", client=ossl_client(), server=ossl_server(trust=("root",), ask="require"), alert=40,
         scenario="DTLS: no client certificate"),
    dtls("client-cert-expired/dtls-ossl-ossl", "client-cert-expired", client=ossl_client(cert="client-expired"), server=ossl_server(trust=("root",), ask="require"), alert=45,
         scenario="DTLS: client certificate expired"),
    dtls("server-cert-unknown-ca/dtls-gnutls-gnutls", "server-cert-unknown-ca", client=gnutls_client(trust=("other-root",)), server=gnutls_server(), alert=42,
         best=["server-cert-unknown-ca", "server-cert-rejected"], scenario="DTLS: the client trusts another root"),
    dtls("cipher-no-overlap/dtls-ossl-ossl", "cipher-no-overlap", client=ossl_client(extra=["-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305"]),
         server=ossl_server(extra=["-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"]), alert=40, best=["cipher-no-overlap", "handshake-refused"], scenario="DTLS: no cipher suite in common"),
    WebRtc("healthy/dtls-webrtc", "WebRTC: a data channel, and STUN on the same ports", "good", "answer: hello"),
    WebRtc("healthy/dtls-webrtc-fingerprint", "WebRTC: the session description names another certificate, and the caller leaves after the handshake without a word",
           "fingerprint", "caller connection is failed"),
    dtls("healthy/dtls-ossl-ossl-srtp", "none", client=ossl_client(extra=SRTP, check=False), server=ossl_server(cert="server-self", chain=(), extra=SRTP), keys="both",
         scenario="DTLS-SRTP with a self-signed certificate, as it is meant to be"),
    dtls("server-cert-rejected/dtls-ossl-ossl-srtp", "server-cert-rejected", client=ossl_client(extra=SRTP, name=None), server=ossl_server(cert="server-self", chain=(), extra=SRTP),
         alert=48, sender="client", phase="server-flight", scenario="DTLS-SRTP: the client does not accept the self-signed certificate, as when its fingerprint is another"),
    dtls("no-answer-to-client-hello/dtls-ossl", "no-answer-to-client-hello", client=ossl_client(steps=(4,)), server=plain("udp-silence"), later=3, patience=1,
         scenario="DTLS: nobody answers", label={"sender_ok": ["unknown"]}),
]
