"""The table goes on: the rarer faults with the stacks of cases_stacks.py. The words are those of cases.py, and after a
variant stands the alert that this stack sends: "java-ossl-13+=46", "-" for none.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import cases_stacks
from cases_stacks import KEEP_SECRETS, OPENSSL, REFUSED, REJECTED, WEB, pair
from case import Case
from cases import BLIND_CLEAR, variants
from programs import KILL

CASES = []
CLIENT_REJECTED = "client-cert-rejected"
ENDED = ["closed-without-notify", "closed-normally", "none"]


def with_alerts(words):
    """variants(), and the alert."""
    for word in words.split():
        name, _, alert = word.partition("=")
        for row in variants(name):
            yield *row, {"-": None, "": None, "?": 999}[alert] if alert in "-?" else int(alert)


def add(cause, variant, keys, client, server, version, mine, theirs, **row):
    client, server = pair(client, server, version, mine, theirs)
    CASES.append(Case("%s/%s" % (cause, variant), cause, client=client, server=server, keys=keys, **row))


def of(options, program):
    """OPTIONS for all programs, with those that stand under this one's name."""
    names = set(cases_stacks.CLIENTS) | set(cases_stacks.SERVERS)
    return {k: v for k, v in options.items() if k not in names} | options.get(program, {})


# ---- What clients reject about the server's certificate

def server_cert(kind, words, scenario, says, mine={}, theirs={}, best=None, hides=None, **row):
    """HIDES: what an alert that says nothing of the fault (42, 46) leaves as an expert's verdict."""
    cause = "server-cert-" + kind
    for client, server, version, _, name, keys, alert in with_alerts(words):
        may, more = list(best or [cause]), {}
        if hides and alert in (42, 46, 49):
            may += [h for h in hides if h not in may]
        if alert is None:
            before_finished = (client, version) == ("node", "13")
            may += [REJECTED, "closed-in-handshake"] if before_finished else [REJECTED, *ENDED]
            more = dict(reaction=True, blind=may[1:] if version == "13" else None)
            if not before_finished:
                more["label"] = {"optional": True, "phase_ok": ["established", "client-flight", "server-finished"]}
        elif version == "13":
            more = dict(blind=sorted({cause, *BLIND_CLEAR.get(alert, [REJECTED])}) if client in OPENSSL else [REJECTED, REFUSED])
        if (client, version) == ("nss", "12"):                         # after both Finished
            more = dict(blind=[*may, REJECTED, REFUSED, "session-aborted", "closed-normally", "none"])
        add(cause, name, keys, client, server, version, of(mine, client), of(theirs, server), completes=None, scenario=scenario, alert=alert,
            client_says=says, best=may, **(more | row))


UNDER_NO_CA = dict(cert="server-under-no-ca", chain=("no-ca",))
server_cert("chain-incomplete", "java-ossl-12=46 java-ossl-13+=46 go-ossl-12=42 go-ossl-13*=42 nss-ossl-12*=48 nss-ossl-13*=48 mbed-ossl-12=48 wolf-ossl-12=48 wolf-ossl-13+=48 node-ossl-13*=- python-ossl-13+=48 wget-ossl-12=-",
            "the server leaves out its intermediate", "", theirs=dict(chain=()))
server_cert("bad-ca", "java-ossl-12=46 java-ossl-13+=46 go-ossl-12=42 go-ossl-13*=42 nss-ossl-12*=48 nss-ossl-13*=48 mbed-ossl-12=48 wolf-ossl-12=48 wolf-ossl-13+=48 node-ossl-13*=- python-ossl-13+=48",
            "the issuer of the server's leaf is not a CA", "", theirs=UNDER_NO_CA)
server_cert("bad-ca", "java-ossl-12-pathlen=46 go-ossl-13-pathlen*=42 nss-ossl-13-pathlen*=42 mbed-ossl-12-pathlen=48 wolf-ossl-12-pathlen=42 gnutls-ossl-12-pathlen=42",
            "a CA below one that allows none below it", "", theirs=dict(cert="server-too-deep", chain=("below-pathlen", "inter")))
SHA1 = dict(cert="server-sha1", chain=(), extra=("-cipher", "DEFAULT@SECLEVEL=0"))
MD5 = dict(cert="server-md5", chain=(), extra=("-cipher", "DEFAULT@SECLEVEL=0"))
RSA_ROOT = dict(trust=("rsa-root",))
server_cert("weak-signature", "go-ossl-12=42 go-ossl-13+=42 mbed-ossl-12=46 nss-ossl-13*=46 python-ossl-13+=42", "the server's leaf is signed with SHA-1", "", RSA_ROOT, SHA1)
server_cert("weak-signature", "go-ossl-13-md5*=42 nss-ossl-13-md5*=46 mbed-ossl-12-md5=46", "the server's leaf is signed with MD5", "", RSA_ROOT, MD5)
WEAK = dict(cert="server-weak-key", chain=(), extra=("-cipher", "DEFAULT@SECLEVEL=0"))
server_cert("weak-key", "python-ossl-13+=42 stunnel-ossl-12=42 mbed-ossl-12=43 gnutls-ossl-12=42 gnutls-ossl-13+=42 nss-ossl-13*=46", "the server's key is RSA with 1024 bits", "",
            RSA_ROOT | {"gnutls": dict(trust=("rsa-root",), priority=":%PROFILE_MEDIUM")}, WEAK)
server_cert("malformed", "java-ossl-12=42 go-ossl-12=42 nss-ossl-12=42 mbed-ossl-12=42 wolf-ossl-12=50 node-ossl-12=42 python-ossl-12=42", "a relay between the two: a tag in the server's certificate is wrong", "",
            theirs={}, relay="certificate-malformed")


# ---- What servers reject about the client's certificate

def client_cert(kind, words, scenario, says, mine={}, theirs={}, best=None, hides=None, **row):
    cause = "client-cert-" + kind
    for client, server, version, _, name, keys, alert in with_alerts(words):
        may, more = list(best or [cause]), {}
        if hides and alert in (42, 46, 49):
            may += [h for h in hides if h not in may]
        if alert is None:
            may += [CLIENT_REJECTED, "closed-in-handshake", "reset-in-handshake"] + ENDED * (version == "13")
            more = dict(reaction=True, blind=may[1:] if version == "13" else None, label={"phase_ok": ["server-finished", "established"], "optional": version == "13"})
        elif version == "13":
            more = dict(blind=[CLIENT_REJECTED, REFUSED])
        add(cause, name, keys, client, server, version, of(mine, client), dict(trust=("root",), ask="require") | of(theirs, server), completes=None, scenario=scenario,
            alert=alert, server_says="" if server == "node" or (server, version) == ("nss", "13") else says, best=may, **(more | row))


INCOMPLETE = ["client-cert-chain-incomplete", "client-cert-issuer-not-listed", "client-cert-unknown-ca"]
client_cert("chain-incomplete", "ossl-java-12=46 ossl-java-13+=46 ossl-go-12=42 ossl-go-13*=42 ossl-mbed-12=48 ossl-wolf-12=48 ossl-haproxy-13+=48 ossl-node-12=- python-python-12=48 ossl-stunnel-12=48",
            "the client leaves out its intermediate", "", dict(cert="client"), best=INCOMPLETE)
client_cert("bad-ca", "ossl-java-12=46 ossl-java-13+=46 ossl-go-12=42 ossl-go-13*=42 ossl-nss-12=48 ossl-mbed-12=48 ossl-wolf-12=48 ossl-wolf-13*=48 ossl-haproxy-13+=48 ossl-node-13*=-",
            "the issuer of the client's certificate is not a CA", "", dict(cert="client-under-no-ca", chain=("no-ca",)))
client_cert("bad-signature", "ossl-java-12=46 ossl-java-13+=46 ossl-go-12=42 ossl-go-13*=42 ossl-nss-12=42 ossl-mbed-12=48 ossl-wolf-12=42 ossl-wolf-13*=42 ossl-haproxy-13+=51 ossl-node-12=-",
            "one bit of the signature of the client's certificate is wrong", "", dict(cert="client-bad-signature", chain=("inter",)))
client_cert("malformed", "ossl-java-12=42 ossl-go-12=42 ossl-nss-12=43 ossl-mbed-12=42 ossl-wolf-12=50 ossl-haproxy-12=50 ossl-node-12=50", "a relay between the two: a tag in the client's certificate is wrong", "",
            dict(cert="client-direct"), relay="client-certificate-malformed")
client_cert("weak-key", "ossl-mbed-12=43 ossl-haproxy-12=42 ossl-haproxy-13*=42 ossl-stunnel-12=42", "the client's key is RSA with 1024 bits", "",
            {"ossl": dict(cert="client-weak-key", extra=("-cipher", "DEFAULT@SECLEVEL=0"))}, dict(trust=("rsa-root",)))


# ---- What a relay has spoilt

CLIENT_SIDE, SERVER_SIDE = dict(sender="client", phase="server-flight"), dict(sender="server", phase="client-hello")


def spoilt(cause, words, relay, scenario, best=None, mine={}, theirs={}, **row):
    for client, server, version, _, name, keys, alert in with_alerts(words):
        add(cause, name, keys, client, server, version, of(mine, client), of(theirs, server), relay=relay, scenario="a relay between the two: " + scenario, alert=alert,
            best=best, completes=False, **({"reaction": True} if alert is None else {} | row) | row)


spoilt("cipher-refused-by-client", "java-ossl-12=47 go-ossl-12=40 mbed-ossl-12=47 wolf-ossl-12=-", "cipher-not-offered", "ServerHello names RC4", **CLIENT_SIDE)
spoilt("cipher-refused-by-client", "nss-ossl-12=?", "cipher-unheard-of", "ServerHello names a suite of export days", **CLIENT_SIDE)
spoilt("version-refused-by-client", "java-ossl-12=70 go-ossl-12=70 nss-ossl-12=70 mbed-ossl-12=70 wolf-ossl-12=70", "version-too-low", "ServerHello says TLS 1.0", **CLIENT_SIDE)
spoilt("group-refused-by-client", "java-ossl-12=47 go-ossl-12=10 nss-ossl-12=40 mbed-ossl-12=47 wolf-ossl-12=-", "group-not-offered", "ServerKeyExchange names secp192r1", mine={"mbed": dict(extra=("-groups", "secp256r1"))}, **CLIENT_SIDE)
spoilt("message-malformed", "mbed-ossl-12-point=47", "group-not-offered", "ServerKeyExchange names secp192r1, and the point is as long as those of another curve", **CLIENT_SIDE)
spoilt("extension-unsupported", "java-ossl-12=10 go-ossl-12=110 nss-ossl-12=110 mbed-ossl-12=110 wolf-ossl-12=110", "extension-not-offered", "ServerHello answers an ALPN extension that was not sent", **CLIENT_SIDE)
spoilt("record-overflow", "go-ossl-12=22 nss-ossl-12=22 wolf-ossl-12=22", "too-long", "a record says that it is 20480 bytes long", **CLIENT_SIDE)
spoilt("message-unexpected", "java-ossl-12=10 go-ossl-12=10 nss-ossl-12=10 mbed-ossl-12=50 wolf-ossl-12=-", "out-of-order", "Certificate comes before ServerHello", **CLIENT_SIDE)
spoilt("message-malformed", "java-ossl-12-server-hello=40 go-ossl-12-server-hello=10 nss-ossl-12-server-hello=50 mbed-ossl-12-server-hello=50 wolf-ossl-12-server-hello=-", "server-hello-malformed",
       "the length of the session id in ServerHello is 240", **CLIENT_SIDE)
spoilt("message-malformed", "ossl-java-12=40 ossl-go-12=10 ossl-nss-12=47 ossl-mbed-12=50 ossl-wolf-12=-", "hello-malformed", "the length of the session id in ClientHello is 240", **SERVER_SIDE)
AT_FINISHED = dict(sender="server", phase="client-flight")
spoilt("finished-mismatch", "ossl-java-12=51 ossl-go-12=40 ossl-nss-12=51 ossl-mbed-12=51 ossl-wolf-12=51", "without-ems", "extended_master_secret is taken out of ClientHello", **AT_FINISHED)
spoilt("record-corrupt", "ossl-java-12=20 ossl-go-12=20 ossl-nss-12=20 ossl-mbed-12=20 ossl-wolf-12=20", "client-bit", "one bit of the client's encrypted Finished is wrong",
       best=["record-corrupt", "finished-mismatch"], **AT_FINISHED)
spoilt("extension-missing", "ossl-java-13=109 ossl-go-13=109 ossl-nss-13=109 ossl-node-13=109", "without-signature-algorithms", "signature_algorithms is taken out of ClientHello", **SERVER_SIDE)

# The same in TLS 1.3
spoilt("cipher-refused-by-client", "java-ossl-13=? go-ossl-13=? nss-ossl-13=? wolf-ossl-13=? gnutls-ossl-13=? ossl-ossl-13=?", "cipher-not-offered", "ServerHello names RC4", **CLIENT_SIDE)
spoilt("version-refused-by-client", "java-ossl-13=? go-ossl-13=? nss-ossl-13=? wolf-ossl-13=? gnutls-ossl-13=? ossl-ossl-13=?", "version-not-offered", "ServerHello names TLS 1.1", **CLIENT_SIDE)
spoilt("group-refused-by-client", "java-ossl-13=? go-ossl-13=? nss-ossl-13=? wolf-ossl-13=? gnutls-ossl-13=? ossl-ossl-13=?", "share-not-offered", "the key share of ServerHello is of secp192r1", **CLIENT_SIDE)
spoilt("extension-unsupported", "java-ossl-13=? go-ossl-13=? nss-ossl-13=? wolf-ossl-13=? gnutls-ossl-13=? ossl-ossl-13=?", "extension-not-offered", "ServerHello answers an ALPN extension that was not sent", **CLIENT_SIDE)
spoilt("version-refused-by-client", "java-ossl-any-downgrade=? go-ossl-any-downgrade=? nss-ossl-any-downgrade=? ossl-ossl-any-downgrade=? gnutls-ossl-any-downgrade=? wolf-ossl-any-downgrade=?", "without-13",
       "TLS 1.3 is taken out of ClientHello, and the server's random says that it has it", mine=dict(version=("12", "13")), theirs=dict(version=("12", "13")), **CLIENT_SIDE)
# A client that is told to give up
spoilt("closed-in-handshake", "java-ossl-12-killed=- go-ossl-12-killed=- nss-ossl-12-killed=-", "stall-before-done", "ServerHelloDone does not come; the client's program is ended", sender="client",
       phase="server-flight", mine=dict(steps=(1.5, KILL)))


# ---- Revocation, OCSP, policy, programs' own rules

def own_rules(lab):
    """Java's security properties, in a file: what a path must not have."""
    return "java.security.properties=" + lab.text("java.security", "jdk.certpath.disabledAlgorithms=MD2, MD5, SHA1, RSA keySize < 2048\n"
                                                  "jdk.tls.disabledAlgorithms=SSLv3, DH keySize < 2048\njdk.security.legacyAlgorithms=\n")


JAVA_RULES = {"java": dict(trust=("rsa-root",), system=(own_rules,))}
server_cert("weak-key", "java-ossl-12=? java-ossl-13+=?", "the server's key is RSA with 1024 bits", "", JAVA_RULES, WEAK)
server_cert("weak-key", "wolf-ossl-12=? wolf-ossl-13*=?", "the server's key is RSA with 1024 bits", "", {"wolf": dict(trust=("rsa-root",), extra=("-min-key", "2048"))}, WEAK)
client_cert("weak-key", "ossl-java-12=? ossl-java-13+=?", "the client's key is RSA with 1024 bits", "", {"ossl": dict(cert="client-weak-key", extra=("-cipher", "DEFAULT@SECLEVEL=0"))},
            dict(trust=("rsa-root",), system=(own_rules,)))


def revoked(leaf):
    crl, der = (lambda lab: lab.pki.crl("root", leaf)), (lambda lab: lab.pki.crl_der("root", leaf))
    return {"java": dict(extra=(lambda lab: "crl=" + crl(lab),)), "nss": dict(crl=der), "mbed": dict(extra=("-crl", crl)), "wolf": dict(extra=("-crl", crl)),
            "node": dict(extra={"crl": crl}), "haproxy": dict(bind=lambda lab: "crl-file " + crl(lab)), "stunnel": dict(extra=(lambda lab: "CRLfile = " + crl(lab),)),
            "gnutls": dict(extra=("--x509crlfile", crl))}


server_cert("revoked", "java-ossl-12=? java-ossl-13+=? nss-ossl-12*=? nss-ossl-13*=? mbed-ossl-12=? wolf-ossl-12=? wolf-ossl-13+=? stunnel-ossl-13+=?", "the server's leaf is on the client's revocation list", "",
            revoked("server-direct"), dict(cert="server-direct", chain=()), hides=[REJECTED])
client_cert("revoked", "ossl-java-12=? ossl-java-13+=? ossl-nss-12=? ossl-mbed-12=? ossl-wolf-12=? ossl-wolf-13*=? ossl-haproxy-13+=? ossl-gnutls-12=?", "the client's certificate is on the server's revocation list", "",
            dict(cert="client-direct"), revoked("client-direct"), hides=[CLIENT_REJECTED])
STAPLES = {"java": dict(extra=("stapling=yes",), system=("jdk.tls.client.enableStatusRequestExtension=true",)), "wolf": dict(extra=("-stapling",)), "gnutls": {}}


def stapled(state, of_cert="server"):
    return dict(extra=("-status_file", lambda lab: lab.pki.ocsp(of_cert, state)))


server_cert("revoked", "java-ossl-12-stapled=? java-ossl-13-stapled+=? gnutls-ossl-12-stapled=? gnutls-ossl-13-stapled+=? wolf-ossl-12-stapled=?", "the stapled OCSP response says that the server's leaf is revoked", "",
            STAPLES, stapled("revoked"))
server_cert("bad-ocsp", "java-ossl-12-other=? java-ossl-13-other+=? gnutls-ossl-13-other*=? wolf-ossl-12-other=? wolf-ossl-13-other*=?", "the stapled OCSP response is of another certificate", "",
            STAPLES, stapled("good", "localhost"))
server_cert("bad-ocsp", "java-ossl-12-unknown=? java-ossl-13-unknown*=? gnutls-ossl-12-unknown=? wolf-ossl-12-unknown=?", "the stapled OCSP response says that the server's leaf is unknown", "",
            STAPLES, stapled("unknown"))
OWN_RULE = "the %s's program has a rule of its own against the certificate"
server_cert("rejected", "mbed-ossl-12=? wolf-ossl-12=? wolf-ossl-13+=?", OWN_RULE % "client", "does not like it", dict(extra=("-reject",)), best=[REJECTED, "server-cert-unknown-ca"])
server_cert("rejected", "stunnel-ossl-12-pinned=? stunnel-ossl-13-pinned+=?", "the client knows the server by another certificate", "", dict(extra=("verifyPeer = yes",), trust=("localhost", "inter", "root")),
            best=[REJECTED, "server-cert-unknown-ca"])
client_cert("rejected", "ossl-mbed-12=? ossl-wolf-12=? ossl-wolf-13+=?", OWN_RULE % "server", "does not like it", dict(cert="client-direct"), dict(extra=("-reject",)), best=[CLIENT_REJECTED, "client-cert-unknown-ca"])


# ---- Negotiation

def hello(cause, words, scenario, mine={}, theirs={}, **row):
    for client, server, version, _, name, keys, alert in with_alerts(words):
        add(cause, name, keys, client, server, {"any": None, "all": ("12", "13")}.get(version, version), of(mine, client), of(theirs, server), scenario=scenario, alert=alert,
            **({"completes": False} | ({"reaction": True} if alert is None else {}) | row))


DHE = dict(cert="server-rsa", chain=(), extra=("-cipher", "DHE@SECLEVEL=0", "-dhparam", lambda lab: lab.pki.dh("modp_1536")))
hello("dh-too-small", "java-ossl-12=? wolf-ossl-12=? mbed-ossl-12=?", "the server's group has 1536 bits", {
    "java": dict(trust=("rsa-root",), system=(own_rules,)), "wolf": dict(trust=("rsa-root",), extra=("-min-dh", "2048", "-suites", "DHE-RSA-AES128-GCM-SHA256")),
    "mbed": dict(trust=("rsa-root",), extra=("-min-dh", "2048", "-suites", "TLS-DHE-RSA-WITH-AES-128-GCM-SHA256"))}, DHE, **CLIENT_SIDE)
SMALL = dict(cert="server-rsa", chain=(), extra=("-cipher", "DHE@SECLEVEL=0", "-dhparam", lambda lab: lab.pki.dh("512")))
hello("dh-too-small", "java-ossl-12-512=? nss-ossl-12-512=? gnutls-ossl-12-512=? mbed-ossl-12-512=?", "the server's group has 512 bits", {
    "": {}, "java": dict(trust=("rsa-root",)), "nss": dict(trust=("rsa-root",)), "gnutls": dict(trust=("rsa-root",), priority=":-KX-ALL:+DHE-RSA"),
    "mbed": dict(trust=("rsa-root",), extra=("-suites", "TLS-DHE-RSA-WITH-AES-128-GCM-SHA256"))}, SMALL, **CLIENT_SIDE)
hello("fallback-refused", "ossl-go-12=? ossl-nss-12=? ossl-wolf-12=? ossl-haproxy-12=? gnutls-go-12=?", "the client says that it fell back; the server has TLS 1.3", {
    "ossl": dict(extra=("-fallback_scsv",)), "gnutls": dict(priority=":%FALLBACK_SCSV")}, dict(version=("12", "13")))
hello("fallback-refused", "gnutls-mbed-11=? mbed-ossl-12=? nss-ossl-12=?", "the client says that it fell back; the server has a higher version", {
    "gnutls": dict(priority=":%FALLBACK_SCSV"), "mbed": dict(extra=("-fallback",)), "nss": dict(extra=("-K",))}, {"mbed": dict(version="12"), "ossl": dict(version=("12", "13"))})
hello("sni-missing", "ossl-nginx-12=? gnutls-nginx-13=? ossl-haproxy-12=? gnutls-haproxy-13=? ossl-wolf-12=? ossl-wolf-13=? ossl-gnutls-12=?", "the client asks for no name, and the server insists on one",
      dict(name=None, check=False), {"nginx": dict(own="ssl_reject_handshake on;"), "haproxy": dict(bind="strict-sni"), "wolf": dict(extra=("-name", "server.test")),
                                     "gnutls": dict(extra=("--sni-hostname", "right.test", "--sni-hostname-fatal"))})
hello("sni-unrecognized", "ossl-wolf-12=? gnutls-wolf-13=? ossl-nginx-13=? gnutls-haproxy-12=?", "the server does not have the client's name", dict(name="wrong.test", check=False), {
    "nginx": dict(own="ssl_reject_handshake on;"), "haproxy": dict(bind="strict-sni"), "wolf": dict(extra=("-name", "server.test"))})
KEY, OTHER_KEY = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
OSSL_PSK = ("-cipher", "PSK-AES128-GCM-SHA256", "-ciphersuites", "TLS_AES_128_GCM_SHA256")
MBED_PSK, WOLF_PSK = ("-suites", "TLS-PSK-WITH-AES-128-GCM-SHA256"), ("-suites", "PSK-AES128-GCM-SHA256:TLS13-AES128-GCM-SHA256")


def psk(key, identity):
    return {"ossl": dict(extra=("-psk", key, "-psk_identity", identity, *OSSL_PSK)), "mbed": dict(trust=(), extra=("-psk", key, "-identity", identity, *MBED_PSK)),
            "wolf": dict(trust=(), extra=("-psk", key, "-identity", identity, *WOLF_PSK)), "gnutls": dict(priority=":-KX-ALL:+PSK", extra=("--pskusername", identity, "--pskkey", key)),
            "nss": dict(extra=("-z", "0x%s:%s" % (key, identity)))}


KEEPER = {name: dict(row, cert=None, chain=()) if name != "nss" else row for name, row in psk(KEY, "lab").items()}
KEEPER["ossl"] = dict(cert=None, extra=("-psk", KEY, "-psk_identity", "lab", *OSSL_PSK))
KEY_OR_ID = ["psk-key-mismatch", "psk-unknown-identity", "record-corrupt", "finished-mismatch"]
IN_12 = dict(phase="client-flight", best=KEY_OR_ID)
hello("psk-key-mismatch", "ossl-mbed-12=? ossl-wolf-12=? mbed-ossl-12=? wolf-ossl-12=?", "the two sides have different keys", psk(OTHER_KEY, "lab"), KEEPER, **IN_12)
hello("psk-key-mismatch", "ossl-wolf-13=? wolf-ossl-13=? ossl-nss-13=?", "the two sides have different keys", psk(OTHER_KEY, "lab"), KEEPER, best=["psk-key-mismatch", "psk-unknown-identity"])
hello("psk-unknown-identity", "ossl-mbed-12=? ossl-wolf-12=? gnutls-mbed-12=?", "the server does not know the client's identity", psk(KEY, "nobody"), KEEPER, phase="client-flight")
hello("psk-unknown-identity", "ossl-wolf-13=? ossl-ossl-13=? ossl-nss-13=?", "the server does not know the client's identity", psk(KEY, "nobody"), KEEPER, best=["psk-unknown-identity", "psk-key-mismatch", REFUSED])
WITHOUT_INFO = {"gnutls": dict(priority=":%DISABLE_SAFE_RENEGOTIATION")}
REQUIRE_INFO = {"java": dict(system=("sun.security.ssl.allowLegacyHelloMessages=false",)), "mbed": dict(extra=("-secure",)), "nss": dict(env=("NSS_SSL_REQUIRE_SAFE_NEGOTIATION=1",))}
hello("renegotiation-insecure", "gnutls-java-12=? gnutls-mbed-12=? gnutls-nss-12=?", "the client leaves out renegotiation_info, the server requires it", WITHOUT_INFO, REQUIRE_INFO, best=["renegotiation-insecure", REFUSED])
hello("renegotiation-insecure", "java-gnutls-12=? mbed-gnutls-12=? nss-gnutls-12=?", "the server leaves out renegotiation_info, the client requires it", REQUIRE_INFO, WITHOUT_INFO, best=["renegotiation-insecure", REFUSED],
      **CLIENT_SIDE)
WITHOUT_EMS = {"gnutls": dict(priority=":%NO_SESSION_HASH"), "ossl": dict(extra=("-legacy_server_connect",))}
REQUIRE_EMS = {"gnutls": dict(priority=":%FORCE_SESSION_HASH"), "java": dict(system=("jdk.tls.allowLegacyMasterSecret=false",))}
hello("ems-required", "gnutls-java-12=? go-gnutls-12=? go-java-12=?", "the client has no extended master secret, the server requires it", WITHOUT_EMS, REQUIRE_EMS, best=["ems-required", REFUSED])
hello("ems-required", "java-go-12=? gnutls-go-12=? java-gnutls-12=?", "the server has no extended master secret, the client requires it", REQUIRE_EMS, WITHOUT_EMS, best=["ems-required", REFUSED], **CLIENT_SIDE)
ASKS = {"ossl": dict(steps=(0.3, "R\n", 0.6)), "gnutls": dict(extra=("--rehandshake",), steps=(0.6,)), "java": dict(extra=("renegotiate=yes",))}
DECLINES = dict(phase="renegotiation", completes=None)
hello("renegotiation-refused", "ossl-go-12*=? ossl-nss-12*=? ossl-java-12*=? ossl-mbed-12*=? ossl-wolf-12*=? ossl-nginx-12*=? ossl-haproxy-12*=? gnutls-go-12*=?", "the client asks for a renegotiation and the server declines",
      ASKS, {"nss": dict(env=("NSS_SSL_ENABLE_RENEGOTIATION=0",)), "java": dict(system=("jdk.tls.rejectClientInitiatedRenegotiation=true",))}, **DECLINES)
OSSL_ASKS = {"ossl": dict(echo=False, steps=(0.6, "r\n", 0.6))}
hello("renegotiation-refused", "go-ossl-12-by-client*=? nss-ossl-12-by-client*=? mbed-ossl-12-by-client*=? wolf-ossl-12-by-client*=? java-ossl-12-by-client*=?", "the server asks for a renegotiation and the client declines",
      {"nss": dict(env=("NSS_SSL_ENABLE_RENEGOTIATION=0",), steps=(2,)), "go": dict(steps=(2,)), "mbed": dict(steps=(2,)), "wolf": dict(steps=(2,)), "java": dict(steps=(3,))}, OSSL_ASKS, sender="client", **DECLINES)


# ---- Programs that end what goes well

hello("session-aborted", "ossl-mbed-12+=? gnutls-mbed-12*=?", "the server's program ends the established connection with alert 49", {}, dict(extra=("-end-alert", "49")), phase="established", completes=None,
      blind=["session-aborted", *ENDED])
hello("canceled-by-user", "mbed-ossl-12=?", "the client's program gives up when it has the server's flight", dict(extra=("-cancel",)), warning=True, **CLIENT_SIDE)
hello("canceled-by-user", "ossl-mbed-12=?", "the server's program gives up when it has sent its flight", {}, dict(extra=("-cancel",)), warning=True, label={"phase_ok": ["client-flight"]})
