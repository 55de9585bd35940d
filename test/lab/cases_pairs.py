"""The table of pairs (pairs.py). The words are those of cases.py; what happens on the way is in middle.py and gateway.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import sys

import cases_dtls as d
import clients as c
import servers as s
import services as v
import stacks as k
import stacks_quic as q
from pairs import ENDED, GATE, Compared, Pair

PAIRS = []
RESET_AFTER, RESET_IN, SILENT, STALLED = "reset-after-client-hello", "reset-in-handshake", "no-answer-to-client-hello", "stalled-in-handshake"
CLOSED_AFTER, CLOSED_IN, REFUSED, REJECTED = "closed-after-client-hello", "closed-in-handshake", "handshake-refused", "server-cert-rejected"
UNKNOWN_CA, EXPIRED, STARTTLS = "server-cert-unknown-ca", "server-cert-expired", "starttls-refused"
LONG = ("-alpn", ",".join("a-protocol-of-the-lab-%04d" % i for i in range(60)))        # a ClientHello of two segments
BIG = ("inter", "root", "other-inter", "other-root")                                    # a flight of more than one full segment
START = ("-starttls", "smtp")
MAIL = dict(steps=(0.5, "EHLO client.test\r\n", 0.4, "QUIT\r\n", 0.4))


def pair(name, scenario, **row):
    PAIRS.append(Pair(name, scenario, **row))


def ends(client, server):
    """What the client's capture alone may show, and the server's."""
    return {"client": client if isinstance(client, list) else [client], "server": server if isinstance(server, list) else [server]}


# ---- A reset made on the way

LEFT_AT_ONCE, BOTH_RESET = ends(RESET_AFTER, [*ENDED, RESET_AFTER]), ends(RESET_AFTER, RESET_AFTER)   # at the server, the client left at once
MADE_BETWEEN = dict(who="between", says="neither end sent the reset that the other got first")
pair("reset/ossl-ossl-13-hello-both", "a box between the two sees the ClientHello and sends a reset to both", truth=RESET_AFTER, alone=LEFT_AT_ONCE, both=BOTH_RESET, **MADE_BETWEEN,
     client=c.ossl(version="13", steps=(0.5,)), server=s.ossl(version="13"), middle="reset hello both 61", sees={"client": "hs1; S RST", "server": "hs1; C RST"})
pair("reset/curl-nginx-12-hello-client", "a box between the two sees the ClientHello and sends a reset to the client, whose own stack then resets what the server answers",
     truth=RESET_AFTER, who="between", says="the server sent no reset; the one that it got is the reaction of the client, which had been reset already", alone=ends(RESET_AFTER, [*ENDED, RESET_AFTER, RESET_IN]), both=ends(RESET_AFTER, [RESET_AFTER, RESET_IN]),
     client=c.curl(version="12"), server=k.nginx(version="12"), middle="reset hello client 55", client_says="reset by peer", sees={"client": "^C hs1; S RST", "server": "^C hs1; (S hs2.*)?C RST"})
pair("reset/gnutls-ossl-12-hello-stays", "a firewall between the two answers the ClientHello with a reset, and does not let it pass", truth=RESET_AFTER, who="between",
     says="the ClientHello never arrived at the server, and the server sent no reset", alone=ends(RESET_AFTER, ENDED), both=ends(RESET_AFTER, ["none", RESET_AFTER, SILENT]),
     client=c.gnutls(version="12", steps=(0.5,)), server=s.ossl(version="12"), rules=("tcp dport PORT tcp flags & psh == psh reject with tcp reset",),
     sees={"client": "^C hs1; S RST", "server": "^(?!.*hs1)"})
pair("reset/ossl-gnutls-12-client-flight", "a box between the two resets both when the client's second flight passes", truth=RESET_IN, **MADE_BETWEEN,
     client=c.ossl(version="12", steps=(0.5,)), server=s.gnutls(version="12"), middle="reset client-flight both 58", sees={"client": "S RST", "server": "C RST"})
pair("reset/ossl-ossl-13-flight-stays", "a box between the two resets both when the server's flight passes, which it keeps", truth=RESET_IN, who="between",
     says="the server's flight never arrived at the client; neither end sent the reset that the other got", alone=ends([RESET_AFTER, RESET_IN], RESET_IN),
     client=c.ossl(version="13", steps=(0.5,)), server=s.ossl(version="13"), middle="reset answer both 64 stays", sees={"client": "^C hs1; S RST", "server": "hs2.*C RST"})
pair("reset/curl-ossl-12-server-only", "a box between the two resets the server alone when the client's second flight passes", truth=RESET_IN, who="between",
     says="the client sent no reset", alone=ends([STALLED, RESET_IN, CLOSED_IN], RESET_IN), both=ends([RESET_IN, STALLED, CLOSED_IN], RESET_IN), lasts=3,
     client=c.curl(version="12"), server=s.ossl(version="12"), middle="reset client-flight server 64", sees={"server": "C RST"})
pair("reset/ossl-ossl-13-one-direction", "a box between the two resets both; what the server sends takes another way, and is not in its capture", truth=RESET_AFTER,
     who=dict(client="none", server="between"), label=dict(who_also=["between"]), says="the client did not send the reset that the server got; whether the server sent that of the client its capture cannot tell",
     most=dict(client="likely"), alone=LEFT_AT_ONCE, both=BOTH_RESET,
     client=c.ossl(version="13", steps=(0.5,)), server=s.ossl(version="13"), middle="reset hello both 61", other_way_back=True, sees={"client": "hs1; S RST", "server": "hs1; C RST"})
pair("reset/ossl-python-13-by-the-server", "the server itself resets when it has the ClientHello", truth=RESET_AFTER, who="server", label=dict(control=True),
     says="the server itself sent the reset: it is in its own capture, too", client=c.ossl(version="13", steps=(0.5,)),
     server=s.python(version="13", extra=("--stop", "hello", "--end", "rst")), sees={"client": "^C hs1; S RST", "server": "^C hs1; S RST"})
pair("reset/gnutls-python-12-by-the-server", "the server itself resets when it has the client's second flight", truth=RESET_IN, who="server", label=dict(control=True),
     says="the server itself sent the reset: it is in its own capture, too", client=c.gnutls(version="12", steps=(0.5,)),
     server=s.python(version="12", extra=("--stop", "flight", "--end", "rst")), sees={"client": "hs2.*S RST", "server": "hs2.*S RST"})
CANNOT_TELL = dict(truth=RESET_AFTER, client=c.ossl(version="13", steps=(0.5,)), server=s.python(version="13", extra=("--stop", "hello", "--end", "rst")), most=dict(client="likely"), sees={"client": "^C hs1; S RST", "server": "^C hs1$"})
pair("reset/ossl-python-13-by-the-server-cut", "the server itself resets when it has the ClientHello; its recording ended before", who=dict(client="none", server="server"), label=dict(who_also=["server"]), alone=ends(RESET_AFTER, ["none"]),
     both=ends(RESET_AFTER, ["none", RESET_AFTER]), part={"server": "only 1-4"}, says="the server's capture ends with the ClientHello: it cannot tell what the server sent", **CANNOT_TELL)
pair("reset/ossl-python-13-by-the-server-frame-lost", "the server itself resets when it has the ClientHello; its recorder lost that frame, the last", who=dict(client="none", server="server"),
     label=dict(who_also=["server", "between"]), alone=ends(RESET_AFTER, ["none"]), both=ends(RESET_AFTER, ["none", RESET_AFTER]), part={"server": "without 6"},
     says="the server's capture has no reset: nothing after the ClientHello shows that it was recorded to its end, so no more than likely", **CANNOT_TELL)

pair("reset/ossl-ossl-12-fin-client", "a box between the two sees the ClientHello and sends a FIN to the client", truth=CLOSED_AFTER, who="between", says="the server sent no FIN", alone=ends([CLOSED_AFTER, CLOSED_IN, RESET_AFTER, RESET_IN], ["none", RESET_AFTER, RESET_IN, CLOSED_IN]),
     client=c.ossl(version="12", steps=(0.6,)), server=s.ossl(version="12"), middle="fin hello client 60", sees={"client": "^C hs1; S FIN"})
pair("reset/ossl-ossl-12-fin-stays", "a box between the two answers the ClientHello with a FIN, and does not let it pass", truth=CLOSED_AFTER, who="between", says="the server got no ClientHello, and sent no FIN", alone=ends([CLOSED_AFTER, CLOSED_IN], ENDED),
     both=ends([CLOSED_AFTER, CLOSED_IN], ["none", CLOSED_AFTER, CLOSED_IN]), client=c.ossl(version="12", steps=(0.6,)), server=s.ossl(version="12"), middle="fin hello client 64 stays", sees={"client": "^C hs1; S FIN", "server": "^(?!.*hs1)"})
MADE_ALERT = dict(truth=REFUSED, who="between", says="the server sent no alert", client=c.ossl(version="12", steps=(0.6,)), server=s.ossl(version="12"))
pair("reset/ossl-ossl-12-alert-stays", "a box between the two answers the ClientHello with handshake_failure and a FIN, and does not let it pass", alone=ends([REFUSED, "cipher-no-overlap"], ENDED),
     both=ends([REFUSED, "cipher-no-overlap"], ["none", REFUSED]), middle="alert hello client 60 stays", sees={"client": "^C hs1; S alert2/40", "server": "^(?!.*hs1)"}, most=dict(client="likely"), **MADE_ALERT)
pair("reset/ossl-ossl-13-alert-passes", "a box between the two sends the client handshake_failure and a FIN when its ClientHello passes", alone=ends([REFUSED, "cipher-no-overlap"], [RESET_IN, CLOSED_IN, RESET_AFTER]), most=dict(client="likely"),
     middle="alert hello client 60", sees={"client": "^C hs1; S alert2/40"}, **{**MADE_ALERT, "client": c.ossl(version="13", steps=(0.6,)), "server": s.ossl(version="13")})
pair("reset/curl-nginx-12-page", "a box between the two answers the ClientHello with a page that says why it does not let it pass", truth="not-tls-from-server", who="between", says="the server sent no page", alone=ends("not-tls-from-server", ENDED),
     both=ends("not-tls-from-server", ["none", "not-tls-from-server"]), client=c.curl(version="12"), server=k.nginx(version="12"), middle="page hello client 60 stays", sees={"client": "^C hs1", "server": "^(?!.*hs1)"})
pair("reset/ossl-ossl-13-snap-at-server", "a box between the two resets both; the server's recorder keeps 96 bytes of each packet", truth=RESET_AFTER, alone=LEFT_AT_ONCE, both=ends(RESET_AFTER, [RESET_AFTER, RESET_IN]), part={"server": "snap 96"}, **MADE_BETWEEN,
     client=c.ossl(version="13", steps=(0.6,)), server=s.ossl(version="13"), middle="reset hello both 61", sees={"client": "hs1; S RST", "server": ""})

# ---- Segments that do not arrive

LEFT = dict(lasts=7, client=c.ossl(version="13", steps=()), server=s.ossl(version="13"))
pair("lost/ossl-ossl-13-hello", "a box between the two drops the ClientHello", truth=SILENT, who="between", says="the ClientHello never arrived at the server",
     alone=ends(SILENT, ENDED), both=ends(SILENT, ["none", SILENT]), middle="drop hello", **LEFT, sees={"server": "^(?!.*hs1)"})
pair("lost/ossl-ossl-13-hello-second-segment", "a box between the two drops the second segment of a large ClientHello", truth=SILENT, who="between",
     says="the second segment of the ClientHello never arrived at the server", alone=ends(SILENT, ["none", SILENT, STALLED, CLOSED_IN]), middle="drop hello-rest", lasts=7,
     client=c.ossl(version="13", steps=(), extra=LONG), server=s.ossl(version="13"), sees={"server": "^(?!.*hs1)"})
pair("lost/ossl-nginx-12-hello-second-segment", "a box between the two drops the second segment of a large ClientHello", truth=SILENT, who="between",
     says="the second segment of the ClientHello never arrived at the server", alone=ends(SILENT, ["none", SILENT, STALLED, CLOSED_IN]), middle="drop hello-rest", lasts=7,
     client=c.ossl(version="12", steps=(), extra=LONG), server=k.nginx(version="12"), sees={"server": "^(?!.*hs1)"})
MTU = dict(truth=SILENT, who="between", says="the server's segments of more than 1400 bytes never arrived at the client", lasts=7,
           alone=ends([SILENT, STALLED, CLOSED_IN], [STALLED, CLOSED_IN, SILENT]))
pair("lost/ossl-ossl-12-mtu", "a tunnel on the way takes 1400 bytes, and the server is not told", middle="longer server 1400", **MTU,
     client=c.ossl(version="12", steps=()), server=s.ossl(version="12", chain=BIG))
pair("lost/gnutls-gnutls-13-mtu", "a tunnel on the way takes 1400 bytes, and the server is not told", middle="longer server 1400", **MTU,
     client=c.gnutls(version="13", steps=()), server=s.gnutls(version="13", cert="server-rsa", chain=("rsa-root",)))
pair("lost/ossl-ossl-12-mtu-ipv6", "a tunnel on the way takes 1400 bytes, and the server is not told: IPv6", middle="longer server 1400", ipv6=True, **MTU,
     client=c.ossl(version="12", steps=()), server=s.ossl(version="12", chain=BIG))
pair("lost/curl-nginx-12-mtu-of-router", "the router's cable to the client takes 1300 bytes, and its ICMP is filtered", mtu=1300, **{**MTU, "says": "the server's segments of more than 1300 bytes never arrived at the client"},
     client=c.curl(version="12"), server=k.nginx(version="12", chain=BIG))
pair("lost/ossl-ossl-12-mtu-client-flight", "a tunnel on the way takes 1400 bytes, and the client is not told: its certificates are lost", middle="longer client 1400",
     truth=STALLED, who="between", says="the client's segments of more than 1400 bytes never arrived at the server", lasts=7, alone=ends([STALLED, CLOSED_IN], [STALLED, CLOSED_IN, "none"]),
     client=c.ossl(version="12", steps=(), cert="client", chain=BIG), server=s.ossl(version="12", ask="require", trust=("root",)))
pair("lost/ossl-ossl-12-server-flight", "a box between the two drops all that the server answers", truth=SILENT, who="between", says="the server did answer: its ServerHello never arrived at the client",
     alone=ends(SILENT, [STALLED, CLOSED_IN, SILENT]), middle="drop server", lasts=7, client=c.ossl(version="12", steps=()), server=s.ossl(version="12"), sees={"client": "^C hs1", "server": "hs2"})
ALSO_BETWEEN = dict(label=dict(who_also=["between"]), lasts=7)
pair("lost/ossl-ossl-12-alert-of-server", "the server refuses the version, and its alert is lost", truth="version-no-overlap", who="server", **ALSO_BETWEEN,
     says="the server did answer: its alert protocol_version never arrived at the client", alone=ends(["none", SILENT, CLOSED_AFTER], "version-no-overlap"),
     both=ends(["version-no-overlap", SILENT, CLOSED_AFTER], "version-no-overlap"), middle="drop server-alert",
     client=c.ossl(version="12", steps=()), server=s.ossl(version="13"), server_says="unsupported protocol", sees={"client": "^(?!.*alert)", "server": "S alert2/70"})
pair("lost/ossl-ossl-12-alert-of-server-certificate", "the server wants a certificate of the client, which sends none; the server's alert is lost", truth="client-cert-missing", who="server",
     says="the server did answer: its alert never arrived at the client", alone=ends(["none", STALLED, CLOSED_IN, "client-cert-missing"], "client-cert-missing"),
     both=ends(["client-cert-missing", STALLED, CLOSED_IN], "client-cert-missing"), middle="drop server-alert", **ALSO_BETWEEN,
     client=c.ossl(version="12", steps=()), server=s.ossl(version="12", ask="require", trust=("root",)), server_says="peer did not return a certificate", sees={"client": "^(?!.*alert)", "server": "S alert2/40"})
pair("lost/curl-ossl-12-alert-of-client", "the client does not know the server's root, and its alert is lost", truth=UNKNOWN_CA, who="client", **{**ALSO_BETWEEN, "lasts": 3},
     says="the client did say why: its alert unknown_ca never arrived at the server", alone=ends([UNKNOWN_CA, REJECTED], ["none", RESET_IN, CLOSED_IN, STALLED]),
     both=ends([UNKNOWN_CA, REJECTED], [UNKNOWN_CA, REJECTED, RESET_IN, CLOSED_IN, STALLED]), middle="drop client-alert",
     client=c.curl(version="12", trust=("other-root",)), server=s.ossl(version="12"), client_says="self-signed certificate|unable to get", sees={"client": "C alert2/48", "server": "^(?!.*alert)"})

pair("lost/ossl-ossl-12-mtu-late-at-server", "a tunnel on the way takes 1400 bytes, and the server is not told; the server's recording begins with the ClientHello", middle="longer server 1400", part={"server": "only 4-1000"}, **MTU,
     client=c.ossl(version="12", steps=()), server=s.ossl(version="12", chain=BIG))
pair("lost/ossl-ossl-13-client-flight", "a box between the two drops the client's second flight, with its certificate: the client thinks that all is done", truth=STALLED, who="between", says="what the client sent in its second flight never arrived at the server", lasts=7,
     alone=ends(["none", STALLED], ["none", STALLED]), middle="drop client-flight", client=c.ossl(version="13", steps=(), cert="client", chain=("inter",)), server=s.ossl(version="13", ask="require", trust=("root",)), sees={"server": "hs2"})
pair("lost/curl-nginx-12-late", "what the server sends takes 3 s longer; the client waits for 2 s", truth=SILENT, who="between", says="the answer takes 3 s in between, and arrives when the client has left", lasts=4, alone=ends([SILENT, CLOSED_AFTER], [CLOSED_IN, STALLED]),
     middle="delay server 3", client=c.curl(version="12", extra=("--max-time", "2")), server=k.nginx(version="12"))

# ---- One recording begins when the ClientHello has passed

LATE = dict(part={"server": "only 5-1000"}, sees={"server": "^S hs2"})
pair("agree/ossl-ossl-12-late-at-server", "the client does not know the server's root; the server's recording begins behind the ClientHello", truth=UNKNOWN_CA, who="client", says="both captures have the client's alert",
     alone=ends([UNKNOWN_CA, REJECTED], ["none", UNKNOWN_CA, REJECTED]), both=ends([UNKNOWN_CA, REJECTED], ["none", UNKNOWN_CA, REJECTED]), client=c.ossl(version="12", trust=("other-root",), steps=(0.5,)), server=s.ossl(version="12"), **LATE)
pair("reset/ossl-ossl-12-late-at-server", "a box between the two resets both when the client's second flight passes; the server's recording begins behind the ClientHello", truth=RESET_IN, **MADE_BETWEEN,
     alone=ends([RESET_IN, STALLED], ["none", RESET_IN]), both=ends([RESET_IN, STALLED], ["none", RESET_IN]), client=c.ossl(version="12", steps=(0.5,)), server=s.ossl(version="12"), middle="reset client-flight both 58", **LATE)
pair("healthy/ossl-ossl-12-late-at-server", "a good handshake; the server's recording begins behind the ClientHello", client=c.ossl(version="12"), server=s.ossl(version="12"), **LATE)

# ---- Without TCP

UDP = dict(carrier="udp", label=dict(datagrams=True))
NO_ANSWER = dict(**UDP, rules=('iifname "right" udp sport PORT drop',), lasts=7)
OTHER_CIPHER = dict(client=q.gtls_client(extra=["--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM"], steps=(1.0,)),
                    server=q.gtls_server(extra=["--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-256-GCM"]))
NO_CIPHER = ["cipher-no-overlap", REFUSED]
pair("healthy/dtls-ossl-ossl", "a good handshake over DTLS", client=d.ossl_client(steps=(0.6,)), server=d.ossl_server(), **UDP)
pair("healthy/quic-gnutls-gnutls", "a good handshake over QUIC", client=q.gtls_client(), server=q.gtls_server(), **UDP)
pair("healthy/dtls-ossl-ossl-clock", "a good handshake over DTLS; the server's clock is an hour ahead", client=d.ossl_client(steps=(0.6,)), server=d.ossl_server(), clock={"server": 3600}, **UDP)
pair("agree/dtls-ossl-ossl-unknown-ca", "DTLS: the client does not know the server's root", truth=UNKNOWN_CA, who="client", says="both captures agree: the client rejects the certificate",
     alone=ends([UNKNOWN_CA, REJECTED], [UNKNOWN_CA, REJECTED]), client=d.ossl_client(trust=("other-root",), extra=("-verify_return_error",), steps=(0.6,)), server=d.ossl_server(), **UDP)
pair("agree/quic-gnutls-gnutls-cipher", "QUIC: no cipher suite in common", truth="cipher-no-overlap", who="server", says="both captures agree: the server refuses", alone=ends(NO_CIPHER, NO_CIPHER), **OTHER_CIPHER, **UDP)
pair("agree/dtls-ossl-silence", "DTLS: nobody answers at the server", truth=SILENT, who="server", says="the ClientHello arrived at the server, which said nothing", alone=ends(SILENT, SILENT), lasts=7,
     client=d.ossl_client(steps=()), server=s.plain("udp-silence"), **UDP)
pair("lost/dtls-ossl-ossl-answer", "a router drops all that the server answers over DTLS", truth=SILENT, who="between", says="the server did answer: its ServerHello never arrived at the client",
     alone=ends(SILENT, [STALLED, SILENT, "none"]), client=d.ossl_client(steps=()), server=d.ossl_server(), sees={"client": "^C hs1", "server": "hs"}, **NO_ANSWER)
pair("lost/quic-gnutls-gnutls-answer", "a router drops all that the server answers over QUIC", truth=SILENT, who="between", says="the server did answer: its ServerHello never arrived at the client",
     alone=ends(SILENT, [STALLED, SILENT, "none"]), client=q.gtls_client(steps=()), server=q.gtls_server(), **NO_ANSWER)
pair("lost/quic-gnutls-gnutls-alert", "QUIC: no cipher suite in common, and a router drops all that the server answers", truth="cipher-no-overlap", who="server",
     says="the server did answer: its alert never arrived at the client", alone=ends(SILENT, NO_CIPHER), both=ends([SILENT, *NO_CIPHER], NO_CIPHER),
     **{**NO_ANSWER, **OTHER_CIPHER, "client": dict(OTHER_CIPHER["client"], steps=()), "label": dict(datagrams=True, who_also=["between"])})

# ---- Bytes that are changed on the way

pair("changed/ossl-ossl-12-random", "a byte of the client's random is changed on the way, so the server signs what the client did not send", truth="finished-mismatch", who="between",
     says="the random of the ClientHello differs", alone=ends(["server-cert-key-mismatch", "finished-mismatch", REFUSED], ["server-cert-key-mismatch", "finished-mismatch", REFUSED, REJECTED]),
     client=c.ossl(version="12", steps=(0.5,)), server=s.ossl(version="12"), middle="flip hello 20", sees={"client": "C alert2/51", "server": "C alert2/51"})
pair("changed/ossl-ossl-any-versions", "the extension supported_versions is made unknown on the way, so the server chooses TLS 1.2", truth="version-refused-by-client", who="between",
     says="the extension supported_versions (43) of the ClientHello was removed on the way", alone=ends(["version-refused-by-client", "message-malformed", REFUSED], ["version-refused-by-client", "message-malformed", REFUSED]),
     client=c.ossl(version=("12", "13"), steps=(0.5,)), server=s.ossl(version=("12", "13")), middle="put hello 0x002b00050403040303 0x3a3a00050403040303",
     client_says="inappropriate fallback", sees={"client": "C alert2/47", "server": "C alert2/47"})
pair("changed/gnutls-ossl-any-versions-removed", "a proxy of TCP removes the extension supported_versions", truth="version-refused-by-client", who="between",
     says="the extension supported_versions (43) of the ClientHello was removed on the way", alone=ends(["version-refused-by-client", "message-malformed", REFUSED], ["version-refused-by-client", "message-malformed", REFUSED]),
     client=c.gnutls(version=("12", "13"), steps=(0.5,)), server=s.ossl(version=("12", "13")), sees={"client": "C alert2/", "server": "C alert2/"},
     gateway=lambda lab, server: [sys.executable, lab.script("relay.py"), str(GATE), "%s:%d" % (server, lab.port), "without-13"])
pair("changed/curl-nginx-12-name", "the name in the ClientHello is changed on the way", truth="sni-unrecognized", who="between", says="SNI: server.test at the client, other7.test at the server",
     client=c.curl(version="12"), server=k.nginx(version="12", more="server {{ listen {host}:{port} ssl default_server; ssl_reject_handshake on; }}"),
     middle="put hello server.test other7.test", sees={"client": "S alert2/112", "server": "S alert2/112"})
pair("changed/gnutls-gnutls-13-alpn", "the application protocol in the ClientHello is changed on the way", truth="alpn-no-overlap", who="between", says="ALPN: http/1.1 at the client, http/9.9 at the server",
     client=c.gnutls(version="13", extra=("--alpn", "http/1.1"), steps=(0.5,)), server=s.gnutls(version="13", extra=("--alpn", "http/1.1", "--alpn-fatal")),
     middle="put hello http/1.1 http/9.9", sees={"client": "S alert2/120", "server": "S alert2/120"})
pair("changed/curl-ossl-12-signature", "a byte of the server's signature is changed on the way", truth="server-cert-key-mismatch", who="between", most=dict(server="likely"),
     says="the ServerKeyExchange differs", alone=ends(["server-cert-key-mismatch", "finished-mismatch", REFUSED], ["server-cert-key-mismatch", "finished-mismatch", REFUSED, REJECTED]),
     client=c.curl(version="12"), server=s.ossl(version="12"), middle="flip answer -12", sees={"client": "C alert2/51", "server": "C alert2/51"})
pair("changed/ossl-ossl-12-finished", "a byte of the client's encrypted Finished is changed on the way", truth="record-corrupt", who="between", says="a byte of the client's encrypted Finished was changed on the way",
     alone=ends(["record-corrupt", "finished-mismatch", REFUSED], ["record-corrupt", "finished-mismatch", REFUSED]), client=c.ossl(version="12", steps=(0.5,)), server=s.ossl(version="12"),
     middle="flip client-flight -1", server_says="bad record mac", sees={"client": "S alert2/20", "server": "S alert2/20"})

# ---- STARTTLS

pair("starttls/curl-exim-any-offer-masked", "a firewall masks STARTTLS in the server's answer to EHLO", truth=STARTTLS, who="between", port=25, says="the server offers STARTTLS; it was masked (XXXXXXXX) on the way",
     alone=ends(STARTTLS, [*ENDED, STARTTLS]), both=ends(STARTTLS, [STARTTLS, "none"]), client=c.curl_mail("smtp", "--ssl-reqd"), server=v.exim(), middle="put server STARTTLS XXXXXXXX",
     client_says="STARTTLS|SSL", sees={"client": "^(?!.*hs1)", "server": "^(?!.*hs1)"})
pair("starttls/ossl-exim-any-command-masked", "a firewall masks the client's command STARTTLS; the client sends its ClientHello all the same", truth=STARTTLS, who="between", port=25,
     says="the client sent STARTTLS, the server got XXXXXXXX and declined that", alone=ends([STARTTLS, "not-tls-from-server"], [STARTTLS, "not-tls-from-client", "not-tls-from-server", *ENDED]),
     both=ends([STARTTLS, "not-tls-from-server"], [STARTTLS, "not-tls-from-client", "not-tls-from-server", "none"]), client=c.ossl(extra=START, steps=(1,)), server=v.exim(),
     middle="put client STARTTLS XXXXXXXX", sees={"client": "", "server": ""})
pair("starttls/gnutls-exim-any-command-masked", "a firewall masks the client's command STARTTLS", truth=STARTTLS, who="between", port=25,
     says="the client sent STARTTLS, the server got XXXXXXXX and declined that", alone=ends([STARTTLS, "not-tls-from-server"], [STARTTLS, "not-tls-from-client", "not-tls-from-server", *ENDED]),
     both=ends([STARTTLS, "not-tls-from-server"], [STARTTLS, "not-tls-from-client", "not-tls-from-server", "none"]), client=c.gnutls(extra=("--starttls-proto", "smtp"), steps=(1,)), server=v.exim(),
     middle="put client STARTTLS XXXXXXXX", sees={"client": "", "server": ""})
pair("starttls/curl-exim-any-by-the-server", "the server itself has no TLS", truth=STARTTLS, who="server", port=25, says="both captures agree: the server itself offers no STARTTLS",
     label=dict(control=True), client=c.curl_mail("smtp", "--ssl-reqd"), server=v.exim(tls=False), sees={"client": "^(?!.*hs1)", "server": "^(?!.*hs1)"})

# ---- Failures on which both captures agree

AGREE = dict(label=dict(agree=True))
pair("agree/ossl-ossl-13-unknown-ca", "the client does not know the server's root", truth=UNKNOWN_CA, who="client", says="both captures agree", keys=True, **AGREE,
     client=c.ossl(version="13", trust=("other-root",), steps=(0.5,)), server=s.ossl(version="13"), client_says="unable to get|self-signed")
pair("agree/curl-nginx-12-expired", "the server's leaf has expired", truth=EXPIRED, who="client", says="both captures agree", **AGREE,
     client=c.curl(version="12"), server=k.nginx(version="12", cert="server-expired"), client_says="expired", sees={"client": "C alert2/45", "server": "C alert2/45"})
pair("agree/gnutls-gnutls-12-cipher", "the client offers CHACHA20 only, the server AES only", truth="cipher-no-overlap", who="server", says="both captures agree", **AGREE,
     client=c.gnutls(version="12", priority=":-CIPHER-ALL:+CHACHA20-POLY1305", steps=(0.5,)), server=s.gnutls(version="12", priority=":-CHACHA20-POLY1305"), sees={"client": "S alert2/40", "server": "S alert2/40"})
pair("agree/java-ossl-12-name", "the server's certificate is for another name; no address is translated", truth="server-cert-name-mismatch", who="client", says="both captures agree", nat=False, **AGREE,
     alone=ends(["server-cert-name-mismatch", REJECTED], ["server-cert-name-mismatch", REJECTED]), client=k.java_client(version="12"), server=s.ossl(version="12", cert="server-other-name"),
     sees={"client": "C alert2/46", "server": "C alert2/46"})
pair("agree/ossl-nginx-12-version-1h", "the server refuses the version; the server's clock is an hour ahead", truth="version-no-overlap", who="server", says="both captures agree; the clocks are 3600 s apart",
     clock={"server": 3600}, **AGREE, client=c.ossl(version="12", steps=(0.5,)), server=k.nginx(version="13"), sees={"client": "S alert2/70", "server": "S alert2/70"})
pair("agree/curl-ossl-12-expired-one-direction", "the server's leaf has expired; what the server sends takes another way, and is not in its capture", truth=EXPIRED, who="client", says="the client's alert is in both captures",
     alone=ends(EXPIRED, [EXPIRED, REJECTED]), other_way_back=True, **AGREE, client=c.curl(version="12"), server=s.ossl(version="12", cert="server-expired"), sees={"client": "C alert2/45", "server": "^(?!.*S hs)"})

pair("agree/curl-ossl-12-expired-offload", "the server's leaf has expired; cards cut its flight into segments and put them together, so both recorders have other ones", truth=EXPIRED, who="client", says="both captures agree", offload=True, **AGREE,
     client=c.curl(version="12"), server=s.ossl(version="12", cert="server-expired", chain=BIG), sees={"client": "C alert2/45", "server": "C alert2/45"})
pair("agree/curl-ossl-12-expired-missed", "the server's leaf has expired; the client's recorder misses a segment of the server's flight, which the client has acknowledged", truth=EXPIRED, who="client",
     says="both captures agree; no segment was lost on the way", label=dict(agree=True, who_also=["none"]), part={"client": "without 8"}, alone=ends(["none", EXPIRED, REJECTED], EXPIRED), both=ends([EXPIRED, REJECTED, "none"], EXPIRED),
     client=c.curl(version="12"), server=s.ossl(version="12", cert="server-expired", chain=BIG), sees={"client": "C alert2/45", "server": "C alert2/45"})

SHORT = dict(truth=EXPIRED, who="client", says="both captures agree; a snap length changes nothing", label=dict(agree=True, who_also=["none"]), client=c.curl(version="12"), server=k.nginx(version="12", cert="server-expired"))
pair("agree/curl-nginx-12-expired-short-at-client", "the server's leaf has expired; the client's recorder keeps 96 bytes of each packet", alone=ends([EXPIRED, REJECTED], EXPIRED), both=ends([EXPIRED, REJECTED], [EXPIRED, REJECTED]),
     part={"client": "snap 96"}, sees={"client": "", "server": "C alert2/45"}, **SHORT)
pair("agree/curl-nginx-12-expired-short-at-server", "the server's leaf has expired; the server's recorder keeps 96 bytes of each packet", alone=ends(EXPIRED, [EXPIRED, REJECTED]), both=ends([EXPIRED, REJECTED], [EXPIRED, REJECTED]),
     part={"server": "snap 96"}, sees={"client": "C alert2/45", "server": ""}, **SHORT)

# ---- Somebody answers in between

TRUSTS_GATEWAY = ("root", "gateway-root")


def inspecting(*options, cert="gateway", chain=("gateway-root",), trust=None):
    def command(lab, server):
        words = [sys.executable, lab.script("gateway.py"), str(GATE), "%s:%d" % (server, lab.port), lab.pki.bundle(cert, *chain), lab.pki.key(cert), *options]
        return words + (["--trust", lab.pki.bundle(*trust)] if trust else [])
    return command


def inspected(name, scenario, **row):
    row.setdefault("who", "between")
    pair("inspected/" + name, scenario, kind="inspected", **row)


inspected("curl-ossl-12-unknown-gateway", "a gateway answers with a certificate of its own authority, which the client does not know", truth=UNKNOWN_CA, alone=ends([UNKNOWN_CA, REJECTED], ENDED),
          label=dict(who_also=["client"]), says="issuer at the client CN=Lab Web Gateway CA, at the server CN=Lab Issuing CA", client=c.curl(version="12"), server=s.ossl(version="12"), gateway=inspecting(),
          client_says="self-signed certificate", sees={"client": "C alert2/48", "server": "hs2"})
inspected("gnutls-nginx-12-other-name", "a gateway that the client trusts answers with a certificate for another name", truth="server-cert-name-mismatch",
          alone=ends(["server-cert-name-mismatch", REJECTED], ENDED), label=dict(who_also=["client"]), says="subject at the client CN=other.test, at the server CN=server.test",
          client=c.gnutls(version="12", trust=TRUSTS_GATEWAY, steps=(0.5,)), server=k.nginx(version="12"), gateway=inspecting(cert="gateway-other-name"), sees={"client": "C alert2/", "server": "hs2"})
inspected("curl-ossl-12-server-expired", "the server's certificate has expired; the gateway, which found that, resets the client's connection", truth=EXPIRED, alone=ends(RESET_AFTER, EXPIRED),
          both=ends([RESET_AFTER, EXPIRED], EXPIRED), says="the reset did not come from the server: the gateway's own connection there ended with certificate_expired",
          client=c.curl(version="12", trust=TRUSTS_GATEWAY), server=s.ossl(version="12", cert="server-expired"), gateway=inspecting(trust=("root",)), sees={"client": "^C hs1; S RST", "server": "C alert2/45"})
inspected("ossl-ossl-12-server-expired-alert", "the server's certificate has expired; the gateway, which found that, sends the client handshake_failure", truth=EXPIRED, alone=ends(REFUSED, EXPIRED),
          both=ends([REFUSED, EXPIRED], EXPIRED), says="the alert did not come from the server: the gateway's own connection there ended with certificate_expired",
          client=c.ossl(version="12", trust=TRUSTS_GATEWAY, steps=(0.5,)), server=s.ossl(version="12", cert="server-expired"), gateway=inspecting("--refuses", "40", trust=("root",)),
          sees={"client": "S alert2/40", "server": "C alert2/45"})
inspected("curl-ossl-13-old-gateway", "the gateway speaks TLS 1.2 with servers, this one TLS 1.3 only", truth="version-no-overlap", alone=ends(RESET_AFTER, "version-no-overlap"),
          both=ends([RESET_AFTER, "version-no-overlap"], "version-no-overlap"), says="the client offers TLS 1.3, the ClientHello at the server TLS 1.2 only: it is not the client's",
          client=c.curl(version="13", trust=TRUSTS_GATEWAY), server=s.ossl(version="13"), gateway=inspecting("--version", "12"), sees={"client": "^C hs1; S RST", "server": "S alert2/70"})
inspected("curl-ossl-12-client-certificate", "the server wants a certificate of the client, the gateway has none", truth="client-cert-missing", alone=ends([RESET_AFTER, CLOSED_AFTER], "client-cert-missing"),
          both=ends([RESET_AFTER, CLOSED_AFTER, "client-cert-missing"], "client-cert-missing"), says="the ClientHello at the server is not the client's: the gateway has no certificate of the client",
          client=c.curl(version="12", trust=TRUSTS_GATEWAY, cert="client", chain=("inter",)), server=s.ossl(version="12", ask="require", trust=("root",)), gateway=inspecting("--refuses", "fin"),
          sees={"client": "^C hs1; S FIN", "server": "S alert2/40"})

inspected("curl-ossl-12-two-at-once", "two clients at once go through a gateway whose authority one does not know: which of both connections at the server is whose cannot be told", truth=UNKNOWN_CA,
          alone=ends([UNKNOWN_CA, REJECTED], ENDED), who="none", label=dict(who_also=["client", "between"]), says="issuer at the client CN=Lab Web Gateway CA, at the server CN=Lab Issuing CA: a gateway, or a server with several certificates",
          client=c.curl(version="12"), server=s.ossl(version="12"), meanwhile=(c.curl(version="12", trust=TRUSTS_GATEWAY),), gateway=inspecting(), client_says="self-signed certificate", sees={"client": "C alert2/48", "server": "hs2"})
inspected("curl-ossl-12-lossy", "a gateway answers with a certificate of its own authority; the server's recorder lost a frame, so the client's own connection may have been there as well", truth=UNKNOWN_CA,
          alone=ends([UNKNOWN_CA, REJECTED], ENDED), who="none", label=dict(who_also=["client", "between"]), says="issuer at the client CN=Lab Web Gateway CA, at the server CN=Lab Issuing CA: a gateway, or a server with several certificates",
          client=c.curl(version="12"), server=s.ossl(version="12"), gateway=inspecting(), part={"server": "without 8"}, client_says="self-signed certificate", sees={"client": "C alert2/48", "server": "hs2"})

NGINX_GATE = """
daemon off; master_process off; pid {dir}/gate.pid; error_log stderr info;
events {{ }}
http {{
  access_log off; client_body_temp_path {dir}/gate; proxy_temp_path {dir}/gate; fastcgi_temp_path {dir}/gate; uwsgi_temp_path {dir}/gate; scgi_temp_path {dir}/gate;
  server {{
    listen 127.0.0.1:{gate} ssl; ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate {cert}; ssl_certificate_key {key};
    location / {{ proxy_pass https://{server}:{port}; proxy_ssl_protocols TLSv1.2 TLSv1.3; proxy_ssl_server_name on; proxy_ssl_name server.test; proxy_ssl_verify on; proxy_ssl_verify_depth 3; proxy_ssl_trusted_certificate {trust}; }}
  }}
}}
"""
HAPROXY_GATE = """
defaults
  mode tcp
  timeout connect 5s
  timeout client 5s
  timeout server 5s
listen lab
  bind 127.0.0.1:{gate}
  server lab {server}:{port}
"""


def nginx_gate(lab, server):
    """nginx, which ends TLS and begins it anew."""
    config = NGINX_GATE.format(dir=lab.folder, gate=GATE, server=server, port=lab.port, cert=lab.pki.bundle("gateway", "gateway-root"), key=lab.pki.key("gateway"), trust=lab.pki.bundle("root"))
    return ["nginx", "-c", lab.text("gate.conf", config), "-e", "stderr"]


def haproxy_gate(lab, server):
    """HAProxy, which passes on what TCP carries."""
    return ["haproxy", "-db", "-f", lab.text("gate.cfg", HAPROXY_GATE.format(gate=GATE, server=server, port=lab.port))]


inspected("curl-nginx-13-502", "a reverse proxy ends the client's TLS and says 502, because the server's certificate has expired; with the server it closes without a word", truth=EXPIRED,
          alone=ends(ENDED, [*ENDED, EXPIRED]), keys=True,
          needs=("nginx",), says="the ClientHello at the server is the proxy's", client=c.curl(version="13", trust=TRUSTS_GATEWAY), server=s.ossl(version="13", cert="server-expired"), gateway=nginx_gate,
          client_says="502", sees={"client": "hs2"})
pair("healthy/curl-nginx-12-gateway", "a gateway that the client trusts asks the server first, and answers with a certificate of its own", kind="inspected", gateway=inspecting(),
     client=c.curl(version="12", trust=TRUSTS_GATEWAY), server=k.nginx(version="12"), client_says="200 OK", says="issuer at the client CN=Lab Web Gateway CA, at the server CN=Lab Issuing CA; both connections work",
     label=dict(notice="omething in between.*likely TLS inspection"))
pair("healthy/curl-nginx-12-inspected", "a reverse proxy that the client trusts ends TLS and begins it anew; it answers before it asks the server", kind="inspected", needs=("nginx",), gateway=nginx_gate,
     client=c.curl(version="12", trust=TRUSTS_GATEWAY), server=k.nginx(version="12"), client_says="200 OK", says="issuer at the client CN=Lab Web Gateway CA, at the server CN=Lab Issuing CA; both connections work",
     label=dict(notice="another issuer"))
pair("reset/ossl-python-13-by-the-server-behind-haproxy", "the server itself resets when it has the ClientHello; a load balancer of TCP stands before it", truth=RESET_AFTER, who="server",
     needs=("HAProxy",), label=dict(control=True, l4=True), says="the server itself sent the reset (other ports and sequence numbers, the same ClientHello)", alone=ends([RESET_AFTER, CLOSED_AFTER], RESET_AFTER),
     client=c.ossl(version="13", steps=(0.5,)), server=s.python(version="13", extra=("--stop", "hello", "--end", "rst")), gateway=haproxy_gate, sees={"client": "^C hs1; S (RST|FIN)", "server": "^C hs1; S RST"})

# ---- Healthy at both ends

TALKS = dict(client=c.ossl(version="13"), server=s.ossl(version="13"))
HTTP = dict(client=c.curl(version="12"), server=k.nginx(version="12"), client_says="200 OK")
pair("healthy/ossl-ossl-13-nat", "a router puts its address in the place of the client's", **TALKS)
pair("healthy/curl-nginx-12-clock-1h", "the server's clock is an hour ahead", clock={"server": 3600}, **HTTP)
pair("healthy/ossl-ossl-13-late-at-client", "the client's recording begins when the server has answered", part={"client": "only 7-1000"}, sees={"client": ""}, **TALKS)
pair("healthy/curl-nginx-12-cut-at-server", "the server's recording ends after the server's flight", part={"server": "only 1-7"}, sees={"server": "^C hs1; S hs2"}, **HTTP)
pair("healthy/ossl-ossl-13-cut-at-server", "the server's recording ends after the ClientHello", part={"server": "only 1-4"}, sees={"server": "^C hs1$"}, **TALKS)
pair("healthy/curl-nginx-12-short-at-client", "the client's recorder keeps 96 bytes of each packet", part={"client": "snap 96"}, sees={"client": ""}, **HTTP)
pair("healthy/curl-nginx-12-one-direction", "what the server sends takes another way, and is not in its capture", other_way_back=True, **HTTP)
pair("healthy/ossl-ossl-12-offload", "the server's card cuts its flight into segments and fills in checksums", offload=True, client=c.ossl(version="12"), server=s.ossl(version="12", chain=BIG))
pair("healthy/curl-nginx-13-haproxy", "a load balancer of TCP stands before the server: other ports and sequence numbers, the same ClientHello", needs=("HAProxy",), gateway=haproxy_gate,
     client=c.curl(version="13"), server=k.nginx(version="13"), client_says="200 OK")
pair("healthy/curl-nginx-13-inspected", "a reverse proxy that the client trusts ends TLS and begins it anew", kind="inspected", needs=("nginx",), gateway=nginx_gate, keys=True,
     client=c.curl(version="13", trust=TRUSTS_GATEWAY), server=k.nginx(version="13"), client_says="200 OK", says="issuer at the client CN=Lab Web Gateway CA, at the server CN=Lab Issuing CA; both connections work")
pair("healthy/ossl-exim-13-starttls", "STARTTLS", port=25, client=c.ossl(extra=START, **MAIL), server=v.exim(), client_says="^250|\n250")
pair("healthy/gnutls-nginx-12-mutual", "both show a certificate", client=c.gnutls(version="12", cert="client-direct", steps=(0.3, c.GET % "/", 0.4)), server=k.nginx(version="12", ask="require", trust=("root",)), client_says="200 OK")
pair("healthy/curl-nginx-12-two-clients", "two clients at once", meanwhile=(c.curl(version="12"), c.ossl(version="12", steps=(0.2, c.GET % "/", 0.3, "Q\n"))), **HTTP)
pair("healthy/ossl-ossl-13-lost-once", "the ClientHello is lost on the way and sent again", middle="drop hello 1", **TALKS)
pair("healthy/curl-nginx-12-twice", "the way doubles what the client sends", middle="twice client", **HTTP)
pair("healthy/ossl-ossl-13-slow", "what the server sends takes 0.3 s longer", middle="delay server 0.3", client=c.ossl(version="13", steps=(1.5, "hello\n", 0.8, "Q\n")), server=s.ossl(version="13"))
pair("healthy/ossl-ossl-12-ipv6", "IPv6", ipv6=True, client=c.ossl(version="12"), server=s.ossl(version="12"))

pair("healthy/curl-nginx-12-wrong-sequence", "a box between the two sends the client a reset whose sequence number is wrong: nobody heeds it", middle="reset hello client 61 passes 900000", **HTTP)
pair("healthy/curl-nginx-12-in-window", "a box between the two sends the client a reset with a sequence number that is not the next one: it asks back and goes on", middle="reset hello client 61 passes 50", **HTTP)
pair("healthy/curl-nginx-12-short-at-both", "both recorders keep 96 bytes of each packet", part={"client": "snap 96", "server": "snap 96"}, sees={"client": "", "server": ""}, **HTTP)
pair("healthy/curl-nginx-13-flight-lost-once", "the client's second flight is lost once and sent again", middle="drop client-flight 1", client=c.curl(version="13"), server=k.nginx(version="13"), client_says="200 OK")

# ---- One that works

def compared(name, scenario, truth, bad, good, **row):
    row.setdefault("who", "server")
    PAIRS.append(Compared("works/" + name, scenario, truth=truth, bad=bad, good=good, **row))


OSSL = s.ossl(version="12")
compared("ossl-ossl-12-version", "one client speaks TLS 1.1 at most", "version-no-overlap", (c.ossl(version="11", steps=(0.5,), extra=("-cipher", "ALL:@SECLEVEL=0")), OSSL), (c.ossl(version="12"), OSSL),
         says="version: TLS 1.1 in the bad one, TLS 1.2 in the good one", sees={"bad": "S alert2/70"})
compared("gnutls-nginx-12-cipher", "one client offers CBC only, the server GCM only", "cipher-no-overlap", (c.gnutls(version="12", priority=":-CIPHER-ALL:+AES-128-CBC", steps=(0.5,)), k.nginx(version="12", extra="ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256;")),
         (c.gnutls(version="12", steps=(0.5,)), k.nginx(version="12", extra="ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256;")), alone={"bad": ["cipher-no-overlap", REFUSED]},
         says="cipher suites: the good one also offers TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, which the server chose", sees={"bad": "S alert2/40"})
S13 = s.ossl(version="13", extra=("-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"))
compared("ossl-ossl-13-cipher", "one client offers AES only, the server CHACHA20 only", "cipher-no-overlap", (c.ossl(version="13", steps=(0.5,), extra=("-ciphersuites", "TLS_AES_128_GCM_SHA256")), S13), (c.ossl(version="13"), S13), at="server",
         alone={"bad": ["cipher-no-overlap", REFUSED]}, says="cipher suites: the good one also offers TLS_CHACHA20_POLY1305_SHA256, which the server chose", sees={"bad": "S alert2/40"})
compared("curl-nginx-12-intermediate", "one server does not send its intermediate certificate", "server-cert-chain-incomplete", (c.curl(version="12"), k.nginx(version="12", chain=())), (c.curl(version="12"), k.nginx(version="12")), who="client",
         alone={"bad": ["server-cert-chain-incomplete", UNKNOWN_CA]}, label=dict(who_also=["server"]), says="certificates: the good server sends CN=Lab Issuing CA as well", sees={"bad": "C alert2/48"})
ONE_NAME = k.nginx(version="13", more="server {{ listen {host}:{port} ssl default_server; ssl_reject_handshake on; }}")
compared("ossl-nginx-13-name", "one client asks for a name that the server does not have", "sni-unrecognized", (c.ossl(version="13", name="wrong.test", check=False, steps=(0.5,)), ONE_NAME), (c.ossl(version="13", steps=(0.3, c.GET % "/", 0.3, "Q\n")), ONE_NAME),
         says="SNI: bad one wrong.test, good one server.test", sees={"bad": "S alert2/112"})
compared("ossl-nginx-13-no-name", "one client names no server", "sni-missing", (c.ossl(version="13", name=None, check=False, steps=(0.5,)), ONE_NAME), (c.ossl(version="13", steps=(0.3, c.GET % "/", 0.3, "Q\n")), ONE_NAME), at="server",
         says="SNI: the bad one sends none, the good one server.test", sees={"bad": "S alert2/112"})
MUTUAL = s.ossl(version="12", ask="require", trust=("root",))
compared("ossl-ossl-12-client-certificate", "one client sends no certificate", "client-cert-missing", (c.ossl(version="12", steps=(0.5,)), MUTUAL), (c.ossl(version="12", cert="client", chain=("inter",)), MUTUAL),
         says="client certificate: none in the bad one, CN=carol in the good one", sees={"bad": "S alert2/40"})
MUTUAL_13 = s.ossl(version="13", ask="require", trust=("root",))
compared("ossl-ossl-13-client-certificate", "one client sends no certificate", "client-cert-missing", (c.ossl(version="13", steps=(0.5,)), MUTUAL_13), (c.ossl(version="13", cert="client", chain=("inter",)), MUTUAL_13), keys=True, at="server",
         says="client certificate: none in the bad one, CN=carol in the good one", sees={"bad": "hs2"}, server_says="peer did not return a certificate")
compared("gnutls-gnutls-12-renewed", "the certificate of the server is renewed", EXPIRED, (c.gnutls(version="12", steps=(0.5,)), s.gnutls(version="12", cert="server-expired")), (c.gnutls(version="12"), s.gnutls(version="12")), who="client",
         alone={"bad": [EXPIRED, REJECTED]}, says="server certificate: notAfter is past in the bad one", sees={"bad": "C alert2/"})
compared("gnutls-gnutls-13-alpn", "one client offers h2 only, the server http/1.1 only", "alpn-no-overlap", (c.gnutls(version="13", extra=("--alpn", "h2"), steps=(0.5,)), s.gnutls(version="13", extra=("--alpn", "http/1.1", "--alpn-fatal"))),
         (c.gnutls(version="13", extra=("--alpn", "http/1.1")), s.gnutls(version="13", extra=("--alpn", "http/1.1", "--alpn-fatal"))), says="ALPN: the good one offers http/1.1", sees={"bad": "S alert2/120"})
compared("ossl-ossl-13-group", "one client offers X25519 only, the server P-384 only", "group-no-overlap", (c.ossl(version="13", steps=(0.5,), extra=("-groups", "X25519")), s.ossl(version="13", extra=("-groups", "P-384"))),
         (c.ossl(version="13", extra=("-groups", "X25519:P-384")), s.ossl(version="13", extra=("-groups", "P-384"))), alone={"bad": ["group-no-overlap", REFUSED]}, says="groups: the good one also offers secp384r1, which the server chose", sees={"bad": "S alert2/40"})
compared("curl-ossl-any-http", "one client speaks plain HTTP", "not-tls-from-client", (c.plain_curl(), s.ossl(version=("12", "13"), echo=False, extra=("-www",))), (c.curl(version=("12", "13")), s.ossl(version=("12", "13"), echo=False, extra=("-www",))),
         says="the bad one speaks plain HTTP, the good one TLS", sees={"bad": "^(?!.*hs1)"})
compared("ossl-ossl-13-filtered-name", "a box on the way resets connections to one name; recorded at the client", RESET_AFTER, (c.ossl(version="13", steps=(0.5,)), s.ossl(version="13")), (c.ossl(version="13", name="other.test", check=False), s.ossl(version="13")),
         middle="reset hello client 52", who="none", label=dict(who_also=["between"]), says="SNI: bad one server.test, good one other.test; the offers are else equal; only the TTL shows who sent the reset", most=dict(bad="likely"), sees={"bad": "^C hs1; S RST"})

TWO_CERTIFICATES = s.ossl(version="12", extra=("-dcert", lambda lab: lab.pki.cert("server-rsa"), "-dkey", lambda lab: lab.pki.key("server-rsa")))
compared("ossl-ossl-12-two-certificates", "a server has certificates of two authorities; one client gets that which it does not trust, another client the other one, seen at the server", UNKNOWN_CA,
         (c.ossl(version="12", trust=("rsa-root",), steps=(0.5,), extra=("-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256")), TWO_CERTIFICATES),
         (c.ossl(version="12", trust=("rsa-root",), extra=("-cipher", "ECDHE-RSA-AES128-GCM-SHA256")), TWO_CERTIFICATES), who="client", alone={"bad": [UNKNOWN_CA, REJECTED]}, at={"bad": "client", "good": "server"},
         says="nobody answers in between: other clients get another certificate of the same server", sees={"bad": "C alert2/48"})

TWO_KEYS = k.nginx(version="12", extra=lambda lab: "ssl_certificate %s; ssl_certificate_key %s;" % (lab.pki.cert("server-rsa"), lab.pki.key("server-rsa")))
pair("inspected/curl-nginx-12-nobody-two-certificates", "two ordinary clients at once; the server has certificates of two authorities, and one client does not trust that which it gets. Each recorder has one of both connections", kind="works",
     truth=UNKNOWN_CA, who="client", alone=ends([UNKNOWN_CA, REJECTED], ENDED), says="nobody answers in between: other clients get another certificate of the same server", label=dict(who_also=["none"]),
     meanwhile=(c.curl(version="12", trust=("rsa-root",), extra=("--ciphers", "ECDHE-RSA-AES128-GCM-SHA256")),), server=TWO_KEYS,
     client=c.curl(version="12", trust=("rsa-root",), extra=("--ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256")), part={"client": "suite 0xc02b", "server": "suite 0xc02f"}, sees={"client": "C alert2/48", "server": "hs2"})

# ---- Nothing in common

for name, row in (("reset/ossl-ossl-13-hello-both", dict(truth=RESET_AFTER)), ("agree/curl-nginx-12-expired", dict(truth=EXPIRED, sees={"bad": "C alert2/45"}))):
    of = next(p for p in PAIRS if p.name == name)
    PAIRS.append(Compared("apart/" + of.variant, of.scenario + "; the other capture is of another network and server", bad=(of.client, of.server), middle=of.middle, good_ipv6=True, kind="nothing-in-common",
                          good=(c.ossl(version="12", name="other.test"), s.ossl(version="12", cert="server-other-name")), at={"bad": "client", "good": "server"}, says="no connection in common", most=dict(bad="likely" if of.middle else "proven"),
                          who="none" if of.middle else "client", label=dict(who_also=["none"]), **row))
