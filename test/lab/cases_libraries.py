"""The table's libraries: the faults with the stacks of libraries.py, each against OpenSSL or another whose secrets we have.

The words are those of cases.py; after a variant stands the alert that this library sends ("-" for none), as in cases_breadth.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import clients as c
import libraries as l
from case import Case
from cases_breadth import with_alerts
from cases_stacks import (C_EXPIRED, CLIENT_FAULTS, CLIENTS, EXPIRED, MISSING, NAME_MISMATCH, NOT_LISTED, REFUSED, REJECTED, SELF, SERVER_FAULTS, SERVERS, UNKNOWN, USAGE,
                          BAD_SIGNATURE, pair)
from programs import NEEDS

NEEDS |= {"BearSSL": ("/usr/include/bearssl.h", "gcc libbearssl-dev"), "BoringSSL": (l.BORING + "/libssl.so", "gcc android-libboringssl-dev"), "Erlang": ("escript", "erlang-ssl"),
          "Haskell tls": ("ghc", "ghc libghc-tls-dev"), "rustls": (l.CRATES + "/rustls-0.20.8", "cargo librust-rustls-dev librust-rustls-pemfile-dev"),
          "Bouncy Castle": ("/usr/share/java/bctls.jar", "libbctls-java openjdk-17-jdk-headless"), "Botan": ("botan", "botan")}
CLIENTS |= {"bear": l.bear_client, "boring": l.boring_client, "erlang": l.erlang_client, "haskell": l.haskell_client, "rustls": l.rustls_client, "bc": l.bc_client, "botan": l.botan_client}
SERVERS |= {"bear": l.bear_server, "boring": l.boring_server, "erlang": l.erlang_server, "haskell": l.haskell_server, "rustls": l.rustls_server, "bc": l.bc_server, "botan": l.botan_server}

CASES = []
ALSO = {MISSING: [MISSING]}      # what the size of an encrypted flight shows
KEEPS_LOG = {"ossl", "python", "boring", "rustls"}
IN_CLEAR = {"haskell"}           # whose alert in TLS 1.3 is not encrypted
SAYS_LITTLE = (40, 42, 46)       # alerts that do not say what is wrong


def add(cause, name, client, server, version, mine={}, theirs={}, **row):
    client, server = pair(client, server, version, mine, theirs)
    CASES.append(Case("%s/%s" % (cause, name), row.pop("truth", cause), client=client, server=server, **({"completes": None} | row)))


def healthy(words, scenario="plain", mine={}, theirs={}, **row):
    for client, server, version, _, name, keys, _ in with_alerts(words):
        seen = {client, server} & KEEPS_LOG                            # else no Finished can be read, and the programs' words must do
        add("healthy", name, client, server, version, mine, theirs, truth="none", keys=keys, scenario=scenario,
            **(dict(completes=True) if seen else dict(client_says="handshake (was )?completed")) | row)


def server_cert(cause, words, theirs={}, **row):
    """The client refuses the server's certificate."""
    scenario, fault, _ = SERVER_FAULTS[cause]
    scenario = row.pop("scenario", scenario)
    for client, server, version, _, name, keys, alert in with_alerts(words):
        may = [cause] + [REJECTED] * (alert in SAYS_LITTLE or alert is None) + ["reset-in-handshake", "closed-in-handshake"] * (alert is None)
        add(cause, name, client, server, version, {}, fault | theirs, keys=keys, scenario=scenario, alert=alert,
            **(dict(best=may, blind=(may + [REJECTED] if client in IN_CLEAR else [REJECTED, REFUSED]) if version == "13" else None) | row))


def client_cert(cause, words, mine={}, **row):
    """The server refuses the client's certificate, or its absence."""
    scenario, fault, _ = CLIENT_FAULTS[cause]
    for client, server, version, _, name, keys, alert in with_alerts(words):
        may = [cause] + ["client-cert-rejected"] * (alert in SAYS_LITTLE or alert is None) + ["reset-in-handshake", "closed-in-handshake"] * (alert is None)
        add(cause, name, client, server, version, fault | mine, dict(trust=("root",), ask="require"), keys=keys, scenario=scenario, alert=alert,
            **(dict(best=may, blind=ALSO.get(cause, []) + ["client-cert-rejected", REFUSED] if version == "13" else None) | row))


def hello(cause, words, scenario, mine={}, theirs={}, **row):
    """The server refuses the ClientHello."""
    for client, server, version, _, name, keys, alert in with_alerts(words):
        add(cause, name, client, server, version, mine, theirs, keys=keys, scenario=scenario, alert=alert, **row)


MUTUAL = ("the server asks for a client certificate and accepts it", dict(cert="client-direct"), dict(trust=("root",), ask="require"))
OTHER_SUITE = dict(extra=("-cipher", "ECDHE-ECDSA-CAMELLIA256-SHA384"))

# ---- BearSSL: no TLS 1.3, and no alert about certificates
healthy("bear-ossl-12 ossl-bear-12* python-bear-12")
healthy("ossl-bear-12-mutual bear-ossl-12-mutual", *MUTUAL)
server_cert(EXPIRED, "bear-ossl-12=-", client_says="error 54")
server_cert(UNKNOWN, "bear-ossl-12=-", client_says="error 62")
server_cert(NAME_MISMATCH, "bear-ossl-12=-", client_says="error 56")
client_cert(MISSING, "ossl-bear-12=-", server_says="error")
client_cert(C_EXPIRED, "ossl-bear-12=-", server_says="error 54")
hello("cipher-no-overlap", "ossl-bear-12=40", "the client offers Camellia only", OTHER_SUITE, server_says="alert sent 40")

# ---- BoringSSL
healthy("boring-ossl-13+ ossl-boring-13* boring-boring-12")
healthy("ossl-boring-13-mutual+", *MUTUAL)
server_cert(EXPIRED, "boring-ossl-13+=45", client_says="expired")
server_cert(UNKNOWN, "boring-ossl-12=48", client_says="unable to get")
server_cert(BAD_SIGNATURE, "boring-ossl-12=51", client_says="signature failure")
client_cert(MISSING, "ossl-boring-12=40 ossl-boring-13+=116", server_says="PEER_DID_NOT_RETURN_A_CERTIFICATE")
client_cert(C_EXPIRED, "ossl-boring-13+=45", server_says="expired")
hello("alpn-no-overlap", "ossl-boring-12=120", "the client offers h2, the server http/1.1", dict(extra=("-alpn", "h2")), dict(extra=("-alpn", "http/1.1")), server_says="NO_APPLICATION_PROTOCOL|no application protocol")
hello("sni-unrecognized", "ossl-boring-12=112", "the server has another name only", {}, dict(extra=("-name", "other.test")), server_says="unrecognized name")

# ---- rustls 0.20: one alert for all that is wrong with a certificate
healthy("rustls-ossl-13+ ossl-rustls-12* rustls-rustls-13*")
healthy("ossl-rustls-13-mutual*", *MUTUAL)
server_cert(EXPIRED, "rustls-ossl-12=42 rustls-ossl-13+=42", client_says="CertExpired")
server_cert(UNKNOWN, "rustls-ossl-12=42", client_says="UnknownIssuer")
client_cert(MISSING, "ossl-rustls-12=116 ossl-rustls-13+=116", server_says="NoCertificatesPresented|no certificates")
client_cert(C_EXPIRED, "ossl-rustls-12=40 ossl-rustls-13*=40", server_says="CertExpired")
hello("sni-unrecognized", "ossl-rustls-12=49", "the server has another name only", {}, dict(cert="server-other-name", extra=("name=other.test",)), server_says="no server certificate chain resolved",
      best=["sni-unrecognized", REFUSED])

# ---- Erlang
healthy("erlang-ossl-12 ossl-erlang-13* erlang-erlang-12")
healthy("ossl-erlang-12-mutual", *MUTUAL)
server_cert(EXPIRED, "erlang-ossl-12=45 erlang-ossl-13+=45", client_says="Certificate Expired|expired")
server_cert(UNKNOWN, "erlang-ossl-12=48", client_says="Unknown CA|unknown_ca")
server_cert(NAME_MISMATCH, "erlang-ossl-12=40", client_says="hostname_check_failed")
server_cert(SELF, "erlang-ossl-12=42", client_says="Bad Certificate")
client_cert(MISSING, "ossl-erlang-12=40 ossl-erlang-13+=116", server_says="Alert|alert|certificate_required")
client_cert(C_EXPIRED, "ossl-erlang-12=45", server_says="expired")
hello("cipher-no-overlap", "ossl-erlang-12=71", "the client offers Camellia only", OTHER_SUITE, server_says="insufficient_security|Insufficient Security")

# ---- A record that is too long, to a client that says nothing of it
add("record-overflow", "bear-ossl-12", "bear", "ossl", "12", relay="too-long", scenario="a relay between the two: a record says that it is 20480 bytes long", sender="client", phase="server-flight",
    completes=False, reaction=True, best=["record-overflow", "reset-in-handshake", "closed-in-handshake"])

# ---- A certificate without subjectAltName: to some a common name is no name
server_cert(NAME_MISMATCH, "rustls-ossl-12-no-san=42", theirs=dict(cert="server-no-san"), scenario="the server's certificate has a common name and no subjectAltName",
            client_says="CertNotValidForName|UnsupportedNameType|invalid")

# ---- Bouncy Castle's JSSE
healthy("bc-ossl-12 ossl-bc-13* bc-ossl-13+")
healthy("ossl-bc-12-mutual", *MUTUAL)
server_cert(EXPIRED, "bc-ossl-12=46 bc-ossl-13+=46", client_says="expired|certificate_unknown")
server_cert(NAME_MISMATCH, "bc-ossl-12=46", client_says="certificate_unknown")
client_cert(MISSING, "ossl-bc-12=40 ossl-bc-13+=116", server_says="handshake_failure|certificate_required")
client_cert(C_EXPIRED, "ossl-bc-12=46", server_says="certificate_unknown")
hello("version-no-overlap", "ossl-bc-13-12", "the client has TLS 1.3 only, the server TLS 1.2 at most: its alert 70 has the record version 03 04", dict(version="13"), dict(version="12"),
      server_says="protocol_version", unreadable=True, best=["version-no-overlap", "closed-after-client-hello", REFUSED], label={"alert": None})

# ---- Haskell tls
healthy("haskell-ossl-12 ossl-haskell-13*")
healthy("ossl-haskell-12-mutual", *MUTUAL)
server_cert(EXPIRED, "haskell-ossl-12=45 haskell-ossl-13+=45", client_says="expired|Expired")
server_cert(UNKNOWN, "haskell-ossl-12=48", client_says="UnknownC[aA]|unknown CA")
server_cert(SELF, "haskell-ossl-12=48", client_says="unknown CA")
client_cert(C_EXPIRED, "ossl-haskell-12=45", server_says="CertificateExpired|expired")
hello("cipher-no-overlap", "ossl-haskell-12=40", "the client offers Camellia only", OTHER_SUITE, server_says="no cipher in common")

# ---- Botan's programs: the server does not let its port be used again at once, so that each has its own
healthy("botan-ossl-12")
healthy("ossl-botan-12*", port=8441)
healthy("botan-ossl-12-expired", "the server's certificate has expired, of which Botan's program only warns", theirs=dict(cert="server-expired"))
hello("cipher-no-overlap", "ossl-botan-12=40", "the client offers Camellia only", OTHER_SUITE, port=8442)
hello("version-no-overlap", "ossl-botan-11-12=70", "the client has TLS 1.1 at most, the server TLS 1.2 at least", dict(version="11", extra=("-cipher", "DEFAULT@SECLEVEL=0")), dict(version="12"),
      port=8443)
for server, alert, port in (("erlang", 10, None), ("haskell", 50, None), ("botan", None, 8444), ("bear", None, None), ("boring", None, None), ("rustls", None, None)):
    CASES.append(Case("not-tls-from-client/http-%s-any" % server, "not-tls-from-client", client=c.plain("http"), server=SERVERS[server](), scenario="the client speaks HTTP", alert=alert,
                      completes=False, reaction=True, version="", port=port, best=["not-tls-from-client", "none"] if port else None,
                      unreadable=alert is not None, label={"alert": None, "notes": "the alert %d is there; tshark reads it as HTTP" % alert} if alert else {}))
