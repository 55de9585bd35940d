"""The table goes on: the rarer faults with the stacks of cases_stacks.py. The words are those of cases.py, and after a
variant stands the alert that this stack sends: "java-ossl-13+=46", "-" for none.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import cases_stacks
import clients as c
import servers as s
from cases_stacks import KEEP_SECRETS, OPENSSL, REFUSED, REJECTED, WEB, pair
from case import Case
from cases import BLIND_CLEAR, variants
from many import Several
from programs import KILL
from stacks import ech_config

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
server_cert("chain-incomplete", "java-ossl-13+=46 go-ossl-12=42 nss-ossl-12*=48 wolf-ossl-12=48",
            "the server leaves out its intermediate", "", theirs=dict(chain=()), best=["server-cert-chain-incomplete", "server-cert-unknown-ca"])
server_cert("bad-ca", "java-ossl-13+=46 go-ossl-12=42 nss-ossl-12*=48 wolf-ossl-12=48",
            "the issuer of the server's leaf is not a CA", "", theirs=UNDER_NO_CA)
server_cert("bad-ca", "wolf-ossl-12-pathlen=42",
            "a CA below one that allows none below it", "", theirs=dict(cert="server-too-deep", chain=("below-pathlen", "inter")))
SHA1 = dict(cert="server-sha1", chain=(), extra=("-cipher", "DEFAULT@SECLEVEL=0"))
MD5 = dict(cert="server-md5", chain=(), extra=("-cipher", "DEFAULT@SECLEVEL=0"))
RSA_ROOT = dict(trust=("rsa-root",))
server_cert("weak-signature", "go-ossl-13+=42 mbed-ossl-12=46", "the server's leaf is signed with SHA-1", "", RSA_ROOT, SHA1)
WEAK = dict(cert="server-weak-key", chain=(), extra=("-cipher", "DEFAULT@SECLEVEL=0"))
server_cert("weak-key", "mbed-ossl-12=43", "the server's key is RSA with 1024 bits", "",
            RSA_ROOT | {"gnutls": dict(trust=("rsa-root",), priority=":%PROFILE_MEDIUM")}, WEAK)
server_cert("malformed", "java-ossl-12=42 go-ossl-12=42 nss-ossl-12=42 wolf-ossl-12=50", "a relay between the two: a tag in the server's certificate is wrong", "",
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
client_cert("chain-incomplete", "ossl-java-13*=46 ossl-go-12=42 ossl-mbed-12=48 ossl-wolf-12=48 ossl-node-12=-",
            "the client leaves out its intermediate", "", dict(cert="client"), best=INCOMPLETE)
client_cert("bad-ca", "ossl-java-13+=46 ossl-go-12=42 ossl-nss-12=48 ossl-wolf-12=48",
            "the issuer of the client's certificate is not a CA", "", dict(cert="client-under-no-ca", chain=("no-ca",)))
client_cert("bad-signature", "ossl-java-13*=46 ossl-go-12=42 ossl-nss-12=42 ossl-mbed-12=48",
            "one bit of the signature of the client's certificate is wrong", "", dict(cert="client-bad-signature", chain=("inter",)))
client_cert("malformed", "ossl-java-12=42 ossl-go-12=42 ossl-nss-12=43 ossl-wolf-12=50", "a relay between the two: a tag in the client's certificate is wrong", "",
            dict(cert="client-direct"), relay="client-certificate-malformed")
client_cert("weak-key", "ossl-mbed-12=43", "the client's key is RSA with 1024 bits", "",
            {"ossl": dict(cert="client-weak-key", extra=("-cipher", "DEFAULT@SECLEVEL=0"))}, dict(trust=("rsa-root",)))


# ---- What a relay has spoilt

CLIENT_SIDE, SERVER_SIDE = dict(sender="client", phase="server-flight"), dict(sender="server", phase="client-hello")


def spoilt(cause, words, relay, scenario, best=None, mine={}, theirs={}, **row):
    for client, server, version, _, name, keys, alert in with_alerts(words):
        add(cause, name, keys, client, server, version, of(mine, client), of(theirs, server), relay=relay, scenario="a relay between the two: " + scenario, alert=alert,
            best=best, completes=False, **({"reaction": True} if alert is None else {} | row) | row)


spoilt("cipher-refused-by-client", "java-ossl-12=47 go-ossl-12=40 wolf-ossl-12=-", "cipher-not-offered", "ServerHello names RC4", **CLIENT_SIDE)
spoilt("cipher-refused-by-client", "nss-ossl-12=47", "cipher-unheard-of", "ServerHello names a suite of export days", **CLIENT_SIDE)
spoilt("version-refused-by-client", "java-ossl-12=70 go-ossl-12=70 wolf-ossl-12=70", "version-too-low", "ServerHello says TLS 1.0", **CLIENT_SIDE)
spoilt("group-refused-by-client", "java-ossl-12=47 go-ossl-12=10 nss-ossl-12=40 wolf-ossl-12=-", "group-not-offered", "ServerKeyExchange names secp192r1", mine={"mbed": dict(extra=("-groups", "secp256r1"))}, **CLIENT_SIDE)
spoilt("message-malformed", "mbed-ossl-12-point=47", "group-not-offered", "ServerKeyExchange names secp192r1, and the point is as long as those of another curve", **CLIENT_SIDE)
spoilt("extension-unsupported", "java-ossl-12=10 go-ossl-12=110 mbed-ossl-12=110", "extension-not-offered", "ServerHello answers an ALPN extension that was not sent", **CLIENT_SIDE)
spoilt("record-overflow", "go-ossl-12=22 nss-ossl-12=22 wolf-ossl-12=22", "too-long", "a record says that it is 20480 bytes long", **CLIENT_SIDE)
spoilt("message-malformed", "ossl-java-12-client-key=40", "client-key-cut", "ClientKeyExchange lacks its last 20 bytes", sender="server", phase="client-flight")
spoilt("message-unexpected", "java-ossl-12=10 mbed-ossl-12=50 wolf-ossl-12=-", "out-of-order", "Certificate comes before ServerHello", **CLIENT_SIDE)
spoilt("message-malformed", "java-ossl-12-server-hello=40 go-ossl-12-server-hello=10 wolf-ossl-12-server-hello=-", "server-hello-malformed",
       "the length of the session id in ServerHello is 240", **CLIENT_SIDE)
AT_FINISHED = dict(sender="server", phase="client-flight")
spoilt("finished-mismatch", "ossl-java-12=51 ossl-go-12=40 ossl-mbed-12=51", "without-ems", "extended_master_secret is taken out of ClientHello", **AT_FINISHED)
spoilt("record-corrupt", "ossl-java-12=20 ossl-mbed-12=20", "client-bit", "one bit of the client's encrypted Finished is wrong",
       best=["record-corrupt", "finished-mismatch"], **AT_FINISHED)
spoilt("extension-missing", "ossl-java-13=109 ossl-go-13=109 ossl-nss-13=109", "without-signature-algorithms", "signature_algorithms is taken out of ClientHello", **SERVER_SIDE)

# The same in TLS 1.3
spoilt("cipher-refused-by-client", "wolf-ossl-13=-", "cipher-not-offered", "ServerHello names RC4", **CLIENT_SIDE)
spoilt("group-refused-by-client", "java-ossl-13=10", "share-not-offered", "the key share of ServerHello is of secp192r1", **CLIENT_SIDE)
spoilt("version-refused-by-client", "java-ossl-any-downgrade=47 go-ossl-any-downgrade=47", "without-13",
       "TLS 1.3 is taken out of ClientHello, and the server's random says that it has it", mine=dict(version=("12", "13")), theirs=dict(version=("12", "13")), **CLIENT_SIDE)
# A client that is told to give up
spoilt("closed-in-handshake", "go-ossl-12-killed=-", "stall-before-done", "ServerHelloDone does not come; the client's program is ended", sender="client",
       phase="server-flight", mine=dict(steps=(1.5, KILL)))


# ---- Revocation, OCSP, policy, programs' own rules

def own_rules(lab):
    """Java's security properties, in a file: what a path must not have."""
    return "java.security.properties=" + lab.text("java.security", "jdk.certpath.disabledAlgorithms=MD2, MD5, SHA1, RSA keySize < 2048\n"
                                                  "jdk.tls.disabledAlgorithms=SSLv3, DH keySize < 2048\njdk.security.legacyAlgorithms=\n")


JAVA_RULES = {"java": dict(trust=("rsa-root",), system=(own_rules,))}
# The server's RSA key is for signatures alone, as all exchanges with forward secrecy want it; NSS wants more.
server_cert("wrong-usage", "nss-ossl-13-signatures+=46", "the server's RSA key is for signatures alone", "INADEQUATE_KEY_USAGE", RSA_ROOT, dict(cert="server-rsa", chain=()),
            best=["server-cert-wrong-usage", REJECTED])
server_cert("wrong-usage", "nss-ossl-12-signatures*=46", "the server's RSA key is for signatures alone", "INADEQUATE_KEY_USAGE", RSA_ROOT, dict(cert="server-rsa", chain=()),
            best=["server-cert-wrong-usage", REJECTED])
server_cert("wrong-usage", "nss-ossl-12-static=46", "static RSA key exchange, and the server's RSA key is for signatures alone", "INADEQUATE_KEY_USAGE", RSA_ROOT,
            dict(cert="server-rsa", chain=(), extra=("-cipher", "kRSA")))
server_cert("weak-key", "java-ossl-13+=46", "the server's key is RSA with 1024 bits", "", JAVA_RULES, WEAK)
server_cert("weak-key", "wolf-ossl-12=42", "the server's key is RSA with 1024 bits", "", {"wolf": dict(trust=("rsa-root",), extra=("-min-key", "2048"))}, WEAK)
client_cert("weak-key", "ossl-java-13*=46", "the client's key is RSA with 1024 bits", "", {"ossl": dict(cert="client-weak-key", extra=("-cipher", "DEFAULT@SECLEVEL=0"))},
            dict(trust=("rsa-root",), system=(own_rules,)))


def revoked(leaf):
    crl, der = (lambda lab: lab.pki.crl("root", leaf)), (lambda lab: lab.pki.crl_der("root", leaf))
    return {"java": dict(extra=(lambda lab: "crl=" + crl(lab),)), "nss": dict(crl=der), "mbed": dict(extra=("-crl", crl)), "wolf": dict(extra=("-crl", crl)),
            "haproxy": dict(bind=lambda lab: "crl-file " + crl(lab)), "stunnel": dict(extra=(lambda lab: "CRLfile = " + crl(lab),)),
            "gnutls": dict(extra=("--x509crlfile", crl))}


server_cert("revoked", "java-ossl-13+=44 nss-ossl-12*=44 wolf-ossl-12=44", "the server's leaf is on the client's revocation list", "",
            revoked("server-direct"), dict(cert="server-direct", chain=()), hides=[REJECTED])
client_cert("revoked", "ossl-java-13+=46 ossl-nss-12=44 ossl-mbed-12=44", "the client's certificate is on the server's revocation list", "",
            dict(cert="client-direct"), revoked("client-direct"), hides=[CLIENT_REJECTED])
STAPLES = {"java": dict(extra=("stapling=yes",), system=("jdk.tls.client.enableStatusRequestExtension=true",)), "wolf": dict(extra=("-stapling",)), "gnutls": {}}


def stapled(state, of_cert="server"):
    return dict(extra=("-status_file", lambda lab: lab.pki.ocsp(of_cert, state)))


server_cert("revoked", "java-ossl-12-stapled=113 gnutls-ossl-12-stapled=42", "the stapled OCSP response says that the server's leaf is revoked", "",
            STAPLES, stapled("revoked"))
server_cert("bad-ocsp", "gnutls-ossl-13-other*=42 wolf-ossl-12-other=113", "the stapled OCSP response is of another certificate", "",
            STAPLES, stapled("good", "localhost"))
server_cert("bad-ocsp", "java-ossl-12-unknown=113", "the stapled OCSP response says that the server's leaf is unknown", "",
            STAPLES, stapled("unknown"))
OWN_RULE = "the %s's program has a rule of its own against the certificate"
server_cert("rejected", "mbed-ossl-12=49 wolf-ossl-13*=42", OWN_RULE % "client", "does not like it", dict(extra=("-reject",)), best=[REJECTED, "server-cert-unknown-ca"])
server_cert("rejected", "stunnel-ossl-12-pinned=42", "the client knows the server by another certificate", "", dict(extra=("verifyPeer = yes",), trust=("localhost", "inter", "root")),
            best=[REJECTED, "server-cert-unknown-ca"])
client_cert("rejected", "ossl-mbed-12=49 ossl-wolf-13+=42", OWN_RULE % "server", "does not like it", dict(cert="client-direct"), dict(extra=("-reject",)), best=[CLIENT_REJECTED, "client-cert-unknown-ca"])


# ---- Negotiation

def hello(cause, words, scenario, mine={}, theirs={}, **row):
    for client, server, version, _, name, keys, alert in with_alerts(words):
        add(cause, name, keys, client, server, {"any": None, "all": ("12", "13")}.get(version, version), of(mine, client), of(theirs, server), scenario=scenario, alert=alert,
            **({"completes": False} | ({"reaction": True} if alert is None else {}) | row))


DHE = dict(cert="server-rsa", chain=(), extra=("-cipher", "DHE@SECLEVEL=0", "-dhparam", lambda lab: lab.pki.dh("modp_1536")))
hello("dh-too-small", "java-ossl-12=71 wolf-ossl-12=40 mbed-ossl-12=47", "the server's group has 1536 bits", {
    "java": dict(trust=("rsa-root",), system=(own_rules,)), "wolf": dict(trust=("rsa-root",), extra=("-min-dh", "2048", "-suites", "DHE-RSA-AES128-GCM-SHA256")),
    "mbed": dict(trust=("rsa-root",), extra=("-min-dh", "2048", "-suites", "TLS-DHE-RSA-WITH-AES-128-GCM-SHA256"))}, DHE, **CLIENT_SIDE)
hello("fallback-refused", "ossl-go-12=86 ossl-nss-12=86", "the client says that it fell back; the server has TLS 1.3", {
    "ossl": dict(extra=("-fallback_scsv",)), "gnutls": dict(priority=":%FALLBACK_SCSV")}, dict(version=("12", "13")))
hello("fallback-refused", "gnutls-mbed-11=86", "the client says that it fell back; the server has a higher version", {
    "gnutls": dict(priority=":%FALLBACK_SCSV"), "mbed": dict(extra=("-fallback",)), "nss": dict(extra=("-K",))}, {"mbed": dict(version=("11", "12")), "ossl": dict(version=("12", "13"))})
hello("sni-missing", "ossl-wolf-12=40", "the client asks for no name, and the server insists on one",
      dict(name=None, check=False), {"nginx": dict(own="ssl_reject_handshake on;"), "haproxy": dict(bind="strict-sni"), "wolf": dict(extra=("-name", "server.test"))})
hello("sni-unrecognized", "ossl-wolf-12=112", "the server does not have the client's name", dict(name="wrong.test", check=False), {
    "nginx": dict(own="ssl_reject_handshake on;"), "haproxy": dict(bind="strict-sni"), "wolf": dict(extra=("-name", "server.test"))})
KEY, OTHER_KEY = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
OSSL_PSK = ("-cipher", "PSK-AES128-GCM-SHA256", "-ciphersuites", "TLS_AES_128_GCM_SHA256")
MBED_PSK, WOLF_PSK = ("-suites", "TLS-PSK-WITH-AES-128-GCM-SHA256"), ("-suites", "PSK-AES128-GCM-SHA256:TLS13-AES128-GCM-SHA256")


def psk(key, identity):
    return {"ossl": dict(extra=("-psk", key, "-psk_identity", identity, *OSSL_PSK)), "mbed": dict(trust=(), extra=("-psk", key, "-identity", identity, *MBED_PSK)),
            "wolf": dict(trust=(), extra=("-psk", key, "-identity", identity, *WOLF_PSK)), "gnutls": dict(priority=":-KX-ALL:+PSK", extra=("--pskusername", identity, "--pskkey", key))}


KEEPER = {name: dict(row, cert=None, chain=()) for name, row in psk(KEY, "lab").items()}
KEEPER["ossl"] = dict(cert=None, extra=("-psk", KEY, "-psk_identity", "lab", *OSSL_PSK))
KEY_OR_ID = ["psk-key-mismatch", "psk-unknown-identity", "record-corrupt", "finished-mismatch"]
IN_12 = dict(phase="client-flight", best=KEY_OR_ID)
hello("psk-key-mismatch", "ossl-mbed-12=20", "the two sides have different keys", psk(OTHER_KEY, "lab"), KEEPER, **IN_12)
hello("psk-unknown-identity", "ossl-mbed-12=115", "the server does not know the client's identity", psk(KEY, "nobody"), KEEPER, phase="client-flight")
hello("psk-unknown-identity", "ossl-ossl-13=40", "the server does not know the client's identity", psk(KEY, "nobody"), KEEPER, best=["psk-unknown-identity", "psk-key-mismatch", REFUSED])
WITHOUT_INFO = {"gnutls": dict(priority=":%DISABLE_SAFE_RENEGOTIATION")}
REQUIRE_INFO = {"java": dict(system=("sun.security.ssl.allowLegacyHelloMessages=false",)), "mbed": dict(extra=("-secure",)), "nss": dict(env=("NSS_SSL_REQUIRE_SAFE_NEGOTIATION=1",))}
hello("renegotiation-insecure", "gnutls-java-12=40 gnutls-mbed-12=40 gnutls-nss-12=40", "the client leaves out renegotiation_info, the server requires it", WITHOUT_INFO, REQUIRE_INFO, best=["renegotiation-insecure", REFUSED])
hello("renegotiation-insecure", "java-gnutls-12=40", "the server leaves out renegotiation_info, the client requires it", REQUIRE_INFO, WITHOUT_INFO, best=["renegotiation-insecure", REFUSED],
      **CLIENT_SIDE)
WITHOUT_EMS = {"gnutls": dict(priority=":%NO_SESSION_HASH"), "ossl": dict(extra=("-legacy_server_connect",))}
REQUIRE_EMS = {"java": dict(system=("jdk.tls.allowLegacyMasterSecret=false",))}
hello("ems-required", "go-java-12=40", "the client has no extended master secret, the server requires it", WITHOUT_EMS, REQUIRE_EMS, best=["ems-required", REFUSED])
FORCE_EMS = {"gnutls38": dict(priority=":%FORCE_SESSION_HASH")}
hello("ems-required", "gnutls-gnutls38-12=71", "the client leaves out extended_master_secret, the server requires it", WITHOUT_EMS, FORCE_EMS, best=["ems-required", REFUSED])
hello("ems-required", "gnutls38-gnutls-12=71", "the server leaves out extended_master_secret, the client requires it", FORCE_EMS, WITHOUT_EMS, best=["ems-required", REFUSED],
      **CLIENT_SIDE)
hello("ems-required", "gnutls-fips-12=80", "the client leaves out extended_master_secret, the server in FIPS mode requires it", WITHOUT_EMS, {}, best=["ems-required", "internal-error"],
      server_says="ems not enabled", phase="client-flight")
hello("ems-required", "fips-gnutls-12=80", "the server leaves out extended_master_secret, the client in FIPS mode requires it", {}, WITHOUT_EMS, best=["ems-required", "internal-error"],
      client_says="ems not enabled", **CLIENT_SIDE)
ASKS = {"ossl": dict(steps=(0.3, "R\n", 0.6)), "gnutls": dict(extra=("--rehandshake",), steps=(0.6,)), "java": dict(extra=("renegotiate=yes",))}
DECLINES = dict(phase="renegotiation", completes=None)
NO_NSS, NO_JAVA = dict(env=("NSS_SSL_ENABLE_RENEGOTIATION=0",)), dict(system=("jdk.tls.rejectClientInitiatedRenegotiation=true",))
hello("renegotiation-refused", "ossl-go-12*=10 ossl-java-12*=40 ossl-wolf-12*=10", "the client asks for a renegotiation and the server declines", ASKS, {"java": NO_JAVA}, **DECLINES)
hello("renegotiation-refused", "ossl-nss-12*=100 ossl-mbed-12*=100", "the client asks for a renegotiation and the server declines", ASKS, {"nss": NO_NSS}, warning=True,
      blind=["renegotiation-refused", "session-aborted", *ENDED], **DECLINES)
LINGERS = dict(steps=(2,))
hello("renegotiation-refused", "go-ossl-12-by-client*=100",
      "the server asks for a renegotiation and the client declines", {"nss": NO_NSS | LINGERS, "go": LINGERS, "mbed": LINGERS, "wolf": LINGERS, "java": dict(steps=(3,))},
      {"ossl": dict(echo=False, steps=(0.6, "r\n", 0.6))}, warning=True, sender="client", **DECLINES)


# ---- Programs that end what goes well

hello("session-aborted", "ossl-mbed-12*=49", "the server's program ends the established connection with alert 49", {}, dict(extra=("-end-alert", "49")), phase="established", completes=None,
      blind=["session-aborted", *ENDED])
hello("canceled-by-user", "mbed-ossl-12=90", "the client's program gives up when it has the server's flight", dict(extra=("-cancel",)), warning=True, **CLIENT_SIDE)


# ---- OpenSSL 3.5 and Go 1.24, whose first key share is X25519MLKEM768

def healthy(words, scenario, mine={}, theirs={}, **row):
    for client, server, version, _, name, keys, _ in with_alerts(words):
        client, server = pair(client, server, version, of(mine, client), of(theirs, server))
        CASES.append(Case("healthy/" + name, "none", client=client, server=server, keys=keys, scenario=scenario, **({"completes": True} | row)))


healthy("ossl35-ossl35-13+ ossl35-go124-13* go124-ossl35-13", "plain, with a hybrid group where both have it")
healthy("ossl35-ossl-13-retry*", "HelloRetryRequest: the server has none of the groups that the client sent shares of", theirs=dict(extra=("-groups", "P-384")))
healthy("ossl35-ossl35-12", "plain")
healthy("fips-fips-12 fips-fips-13", "both in FIPS mode")
server_cert("expired", "ossl35-ossl35-13+=45 go124-ossl35-13*=42", "the server's leaf has expired", "expired", theirs=dict(cert="server-expired"))
server_cert("unknown-ca", "ossl35-ossl35-13*=48", "the client does not know the server's root", "unable to", theirs=dict(cert="server-unknown", chain=("other-inter",)))
server_cert("name-mismatch", "ossl35-ossl35-12=42", "the certificate is for another name", "ostname mismatch", theirs=dict(cert="server-other-name"))
server_cert("key-mismatch", "ossl35-ossl-13+=51", "the server signs with a key that is not its certificate's", "bad signature", theirs=dict(cert="server-wrong-key"))

# Certificates that are compressed (RFC 8879): OpenSSL 3.5 offers zlib and zstd, and prefers zlib; a browser brotli (cases_browser.py)
ZLIB, ZSTD = dict(extra=("-cert_comp",)), dict(algorithm="zstd")
healthy("ossl35-ossl35-13-zlib*", "the server's certificate is compressed with zlib", theirs=ZLIB)
healthy("ossl35-nss110-13-zstd*", "the server's certificate is compressed with Zstandard", theirs=ZSTD)
server_cert("expired", "ossl35-ossl35-13-zlib*=45", "the server's leaf has expired; it is compressed with zlib", "expired", theirs=ZLIB | dict(cert="server-expired"))
server_cert("expired", "ossl35-nss110-13-zstd*=45", "the server's leaf has expired; it is compressed with Zstandard", "expired", theirs=ZSTD | dict(cert="server-expired"))
server_cert("name-mismatch", "ossl35-nss110-13-zstd*=42", "the certificate is for another name; it is compressed with Zstandard", "ostname mismatch", theirs=ZSTD | dict(cert="server-other-name"))

client_cert("missing", "ossl-ossl35-13+=116 ossl35-go124-13*=116", "the client sends no certificate", "", blind=["client-cert-missing", CLIENT_REJECTED, REFUSED])
client_cert("expired", "ossl-go124-12=45", "the client's certificate has expired", "expired", dict(cert="client-expired"))
client_cert("unknown-ca", "ossl-go124-13*=48", "the server does not know the client's CA", "unknown authority", dict(cert="client-other"), best=["client-cert-unknown-ca", "client-cert-issuer-not-listed"])
hello("group-no-overlap", "ossl35-ossl-13=40", "a hybrid group only, against classic ones only", dict(extra=("-groups", "X25519MLKEM768")), {}, best=["group-no-overlap", REFUSED])
hello("group-no-overlap", "ossl-wolf-13-retry=47", "ffdhe8192 only, which the server does not have: it asks for another ClientHello, and names no group", dict(extra=("-groups", "ffdhe8192")), {}, best=["group-no-overlap", REFUSED], **CLIENT_SIDE)
hello("version-no-overlap", "ossl35-ossl35-13-12=70", "the client has TLS 1.3 only, the server TLS 1.2 at most", {}, dict(version="12"))
hello("psk-key-mismatch", "ossl-ossl35-13=51", "the two sides have different keys", psk(OTHER_KEY, "lab"), {"ossl35": dict(extra=("-psk", KEY, "-psk_identity", "lab", *OSSL_PSK))},
      best=["psk-key-mismatch", "psk-unknown-identity"])
hello("ech-required", "go124-ossl-13+=121", "the client insists on Encrypted Client Hello, the server does not have it", dict(extra=("-ech", ech_config("server.test"))), {},
      blind=["ech-required", REJECTED, REFUSED, "session-aborted", *ENDED], completes=None, **CLIENT_SIDE)


# ---- What only other connections with the server show

RSA_SUITES = ("-cipher", "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384")
CASES.append(Several("several-causes/refused-then-not-12", "a server refuses two clients and then serves a third, whose handshake shows what the two lack", s.ossl(version="12", extra=("-groups", "X25519:P-256")), [
    ("cipher-no-overlap", 40, c.ossl(version="12", extra=RSA_SUITES, steps=(0.3,))),
    ("group-no-overlap", 40, c.ossl(version="12", extra=("-groups", "P-521", "-cipher", "ECDHE"), steps=(0.3,))),
    ("none", None, c.gnutls(version="12"))], keys=False, hindsight=True))
TWO_KEYS = s.ossl(version="12", extra=("-dcert", lambda lab: lab.pki.cert("server-rsa"), "-dkey", lambda lab: lab.pki.key("server-rsa"), "-groups", "P-384"))
CASES.append(Several("several-causes/two-keys-12", "a server with an ECDSA and an RSA certificate; a client with suites for the latter alone lacks the server's group", TWO_KEYS, [
    ("server-cert-unknown-ca", 48, c.ossl(version="12", trust=("other-root",), steps=(0.3,))),
    ("group-no-overlap", 40, c.ossl(version="12", trust=("rsa-root",), steps=(0.3,), extra=(*RSA_SUITES, "-groups", "X25519"))),
    ("none", None, c.ossl(version="12", trust=("rsa-root",), extra=RSA_SUITES))], keys=False, hindsight=True))


# ---- What people need to read beside the alert

def without_battery(client):
    """The client on a device whose clock begins in 1970."""
    return dict(client, command=lambda lab: ["faketime", "-f", "@1970-01-01 00:10:00", *client["command"](lab)])


for server in ("ossl", "gnutls"):
    client, program = pair("mbed", server, "12", {}, {})
    CASES.append(Case("server-cert-not-yet-valid/mbed-%s-12-clock" % server, "server-cert-not-yet-valid", client=without_battery(client), server=program, alert=46, completes=None,
                      scenario="the client's clock says that it is 1970", client_says="validity starts in the future", best=["server-cert-not-yet-valid"]))
spoilt("server-cert-wrong-usage", "ossl-ossl-12-order=43 gnutls-ossl-12-order=42", "leaf-last", "the server's certificates come in reverse order, the leaf last",
       best=["server-cert-wrong-usage", "server-cert-name-mismatch", REJECTED, "server-cert-unknown-ca"], **CLIENT_SIDE)
CROSS = dict(cert="server-cross", chain=("cross-signed",))
server_cert("expired", "ossl-ossl-12-root=45", "the chain ends below a root of the client's that has expired (named like DST Root CA X3)", "certificate has expired", dict(trust=("dst-root",)), CROSS)
server_cert("unknown-ca", "gnutls-ossl-12-root=42", "the chain ends below a root that the client does not have, and that has expired (named like DST Root CA X3)", "", {}, CROSS)
for word, name, stacks in (("dot", "server.test.", "ossl-java-12-%s=47"), ("port", "server.test:443", "ossl-java-13-%s=47 ossl-gnutls-12-%s=47"),
                            ("underscore", "my_host.test", "ossl-java-12-%s=47 ossl-gnutls-13-%s=47"), ("address", "2001:db8::1", "ossl-gnutls-12-%s=47")):
    hello("message-malformed", stacks.replace("%s", word), "the client asks for a name that is no host name: " + name, dict(name=name, check=False))
MANY_CAS = dict(extra=("-Verify", "5", "-CAfile", lambda lab: lab.pki.many(900)))
hello("client-cert-missing", "ossl-ossl-12-many-cas=40", "the server names 900 CAs, and the client has no certificate", {}, MANY_CAS, phase="client-flight")
hello("reset-in-handshake", "mbed-ossl-12-many-cas=-", "the server names 900 CAs, in a CertificateRequest that is longer than what the client takes", {}, MANY_CAS, **CLIENT_SIDE)
hello("handshake-refused", "ossl-ossl-12-long-chain=47 ossl-ossl-13-long-chain*=47", "the server sends 250 certificates, of more than 100 KiB", {},
      dict(chain=(), extra=("-cert_chain", lambda lab: lab.pki.many(250))), client_says="excessive message size", **CLIENT_SIDE)
client, program = pair("ossl", "ossl", "12", {}, dict(cert="server-direct", chain=(), extra=("-cert_chain", lambda lab: lab.pki.many(160))))
CASES.append(Case("healthy/ossl-ossl-12-long-chain", "none", client=client, server=program, completes=True, scenario="the server sends 160 certificates, of more than 64 KiB"))
