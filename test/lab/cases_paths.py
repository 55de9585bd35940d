"""The table's fourth part: what happens on the way (network.py), and captures that hold a part of it.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import clients as c
import derive
import derive_streams
import servers as s
import unopened
from many import Derived
from network import Routed
from programs import KILL
from unopened import Unopened

CASES = []
LONG = ("-alpn", ",".join("a-protocol-of-the-lab-%04d" % i for i in range(60)))        # a ClientHello of two segments
FAR = "tcp sport PORT ip ttl set 52"                                                    # as if the server were 12 hops away
FROM_CLIENT = "tcp dport PORT tcp flags & psh == psh "


def routed(name, scenario, **row):
    CASES.append(Routed(name, scenario, name.split("/")[0], row.pop("client"), row.pop("server"), **row))


for words, client in (("ossl", c.ossl(steps=(0.5,))), ("gnutls", c.gnutls(steps=(0.5,)))):
    routed("reset-after-client-hello/%s-box-any" % words, "a box between the two answers the ClientHello with a reset; the server is 12 hops farther away",
           client=client, server=s.ossl(), rules=(FAR, FROM_CLIENT + "reject with tcp reset"))
routed("reset-after-client-hello/ossl-box-any-near", "a box between the two answers the ClientHello with a reset",
       client=c.ossl(steps=(0.5,)), server=s.ossl(), rules=(FROM_CLIENT + "reject with tcp reset",))
SENDER = dict(sender_ok=["unknown"])
for words, client in (("ossl", c.ossl(steps=())), ("gnutls", c.gnutls(steps=()))):
    routed("no-answer-to-client-hello/%s-box-any-dropped" % words, "a box between the two drops the ClientHello, which is sent again and again",
           client=client, server=s.ossl(), rules=(FROM_CLIENT + "drop",), lasts=7, **SENDER)
routed("no-answer-to-client-hello/ossl-box-any-dropped-left", "a box between the two drops the ClientHello, and the client is ended soon; TCP sends it again and again",
       client=c.ossl(steps=(0.4, KILL)), server=s.ossl(), rules=(FROM_CLIENT + "drop",), lasts=7, best=["no-answer-to-client-hello", "closed-in-handshake"],
       hindsight=True, **SENDER)
routed("no-answer-to-client-hello/ossl-box-any-second-segment", "a box between the two drops the second segment of a large ClientHello",
       client=c.ossl(steps=(), extra=LONG), server=s.ossl(), rules=(FROM_CLIENT + "drop",), lasts=7, **SENDER)
routed("no-answer-to-client-hello/ossl-box-any-mtu", "the cable to the client takes 300 bytes, the server is not told: its flight is lost, seen at the client",
       client=c.ossl(version="13", steps=()), server=s.ossl(version="13"), mtu=300, lasts=7, **SENDER)
for version in ("12", "13"):
    routed("stalled-in-handshake/ossl-box-%s-mtu" % version, "the cable to the client takes 700 bytes, the server is not told: its flight is lost, seen at the server",
           client=c.ossl(version=version, steps=()), server=s.ossl(version=version, chain=("inter",)), mtu=700, at="server", lasts=7, best=["stalled-in-handshake", "closed-in-handshake"], phase_ok=["client-flight", "client-hello", "server-flight"],
           sender_ok=["client", "server", "unknown"])

HEALTHY = dict(truth="none", best=["none", "closed-without-notify", "closed-normally"], sender="none", phase="none", alert=None)
CASES += [
    Derived("healthy/derived-only-client", "healthy/ossl-ossl-12", derive.only_client, **HEALTHY),
    Derived("healthy/derived-only-server", "healthy/ossl-ossl-12", derive.only_server, **HEALTHY),
    Derived("healthy/derived-only-client-13", "healthy/ossl-ossl-13", derive.only_client, **HEALTHY),
    Derived("server-cert-expired/derived-only-client", "server-cert-expired/ossl-ossl-12", derive.only_client, best=["server-cert-expired"]),
    Derived("healthy/derived-only-hello", "healthy/ossl-ossl-12", derive.only_hello, **HEALTHY),
    Derived("healthy/derived-only-flights", "healthy/ossl-ossl-12", derive.only_flights, **HEALTHY),
    Derived("healthy/derived-put-together", "healthy/ossl-ossl-12", derive.put_together, **HEALTHY),
    Derived("healthy/derived-renamed-quic", "healthy/quic-curl-nginx", derive.renamed, **HEALTHY),
    Derived("healthy/derived-overtaken", "healthy/ossl-ossl-12", derive.overtaken, **HEALTHY),
    Derived("healthy/derived-late-probe", "healthy/plain-ossl-12-connects-only", derive.last_words, **HEALTHY),
    Derived("healthy/derived-left-before-alert", "cipher-no-overlap/ossl-ossl-12", derive_streams.left_before_answer, **HEALTHY),
    Derived("healthy/derived-inside-renegotiation", "healthy/ossl-ossl-12-renegotiated", derive_streams.inside_renegotiation, **HEALTHY),
    Derived("healthy/derived-words-late", "healthy/ossl-ossl-12-smtp", derive_streams.last_words_late, **HEALTHY),
    Derived("cipher-no-overlap/derived-only-server", "cipher-no-overlap/ossl-bear-12", derive.only_server,
            best=["cipher-no-overlap", "handshake-refused"], sender_ok=["server", "unknown"], phase_ok=["client-hello", "before-hello"]),
    Derived("healthy/derived-overtaken-13", "healthy/ossl-ossl-13", derive.overtaken, **HEALTHY),
]

# Connections to a server of TLS that never open, and their healthy twins: a race that another address wins, and a scan.
RACE = ("--resolve", "server.example:443:%s,%s" % (unopened.IPV6, unopened.SERVER), "-k")
CASES += [
    Unopened("healthy/box-syn-dropped", "a box drops the SYNs of two clients", [unopened.curl(), unopened.curl()], ["tcp dport 443 drop"]),
    Unopened("healthy/box-syn-reset", "a box resets the SYNs of three clients, the third of which tries port 80 as well",
             [unopened.curl(), unopened.curl(), unopened.curl("--url", "http://%s/" % unopened.SERVER)], ["tcp dport { 80, 443 } reject with tcp reset"]),
    Unopened("healthy/box-syn-unreachable", "a box answers SYNs by ICMP and ICMPv6 errors", [unopened.curl(), unopened.curl(address="[%s]" % unopened.IPV6)],
             ["tcp dport 443 reject with icmpx type admin-prohibited"]),
    Unopened("healthy/box-syn-race", "the server is not reached by IPv6, and curl has soon opened a connection by IPv4 (Happy Eyeballs)",
             [unopened.curl(*RACE, address="server.example")], ["ip6 daddr fd00:2::2 drop"], listens=443),
    Unopened("healthy/box-syn-scan", "a scan: most ports are closed, some are filtered", [unopened.scanner()], ["tcp dport { 443, 993 } drop"]),
    Unopened("healthy/box-syn-fast-dropped", "a box drops the SYNs of a client of TCP Fast Open, the first of which carries its ClientHello, to a port of Redis",
             [unopened.fast_curl(6379)], ["tcp dport 6379 drop"]),
    Unopened("healthy/box-syn-fast-reset", "a box resets the SYN of a client of TCP Fast Open, which carries its ClientHello",
             [unopened.fast_curl(8899)], ["tcp dport 8899 reject with tcp reset"]),
    Unopened("healthy/fast-curl-python", "TCP Fast Open: the server takes the ClientHello from the SYN", [unopened.fast_curl(443, "-k")], listens=443, fast=True),
    Unopened("healthy/fast-curl-ossl-declined", "TCP Fast Open: the server leaves what the SYN carries, and the client sends its ClientHello again",
             [unopened.fast_curl(8899, "-k")], listens=8899),
]
for port, words in ((443, ""), (6379, "-other-port")):
    CASES.append(Unopened("server-cert-unknown-ca/fast-curl-python" + words, "TCP Fast Open: the SYN carries the ClientHello of a client that trusts another root",
                          [unopened.fast_curl(port)], listens=port, fast=True, truth="server-cert-unknown-ca", best=["server-cert-unknown-ca"], sender="client",
                          phase="server-flight", alert=48, stream=0))

