"""The table of captures: one row a fault, one variant a pair of programs.

Words that are not explained here are in case.py, servers.py and clients.py; the certificates
are in pki.py; the table goes on in the other cases_*.py, each for what its head says. A variant is
client-server-version, with a star where the file holds its secrets ("ossl-gnutls-13*") and a
plus where it is kept with and without them ("ossl-gnutls-13+").

SPDX-License-Identifier: GPL-2.0-or-later
"""
import clients as c
import derive
import servers as s
from case import Case
from many import Aggregated, Derived, Merged, Several

CASES = []


def case(name, truth, **row):
    CASES.append(Case(name, truth, **row))


def variants(words):
    """"ossl-gnutls-13+ ..." as (client, server, version, detail, name, keys)."""
    for word in words.split():
        keys = {"*": True, "+": "both"}.get(word[-1], False)
        name = word.rstrip("*+")
        client, server, version, *detail = name.split("-")
        yield client, server, version, "-".join(detail), name, keys


# ---- The founding story: Apache asks for a client certificate only for /secure, and gets one of the old CA.

SECURE = "SSLVerifyClient require\nSSLVerifyDepth 5"
STORY = dict(cert="www", chain=(), trust=("new-ca-1", "new-ca-2"), secure=SECURE)
OLD_CERT = dict(trust=("new-ca-1",), cert="alice")
BLIND_RENEGOTIATION = ["client-cert-rejected", "handshake-refused", "session-aborted"]
BLIND_POST_HANDSHAKE = ["none", "closed-normally", "session-aborted", "client-cert-rejected"]
TWO_REQUESTS = (0.3, c.GET % "/index.html", 0.3, c.GET % "/secure/index.html", 0.8)
ASKS_LATE = "Apache asks for a client certificate %s for /secure only; "
RENEGOTIATION, POST_HANDSHAKE = ASKS_LATE % "in a renegotiation", ASKS_LATE % "in post-handshake authentication"
OF_OLD_CA = "the client's is issued by a CA that is not among the two that Apache names"

case("founding-story/apache-renegotiation", "client-cert-issuer-not-listed", keys="both", version="TLS 1.2",
     client=c.curl(version="12", paths=("/secure/index.html",), **OLD_CERT), server=s.apache(version="12", **STORY),
     scenario=RENEGOTIATION + OF_OLD_CA, phase="renegotiation", alert=48, blind=BLIND_RENEGOTIATION,
     client_says="tlsv1 alert unknown ca", server_says="AH02261(.|\n)*AH02276|AH02276(.|\n)*AH02261")
case("founding-story/apache-renegotiation-root-sent", "client-cert-issuer-not-listed", keys=True, version="TLS 1.2",
     client=c.curl(version="12", paths=("/secure/index.html",), chain=("old-ca",), **OLD_CERT), server=s.apache(version="12", **STORY),
     scenario=RENEGOTIATION + OF_OLD_CA + ", and whose certificate the client sends as well", phase="renegotiation", alert=48,
     client_says="tlsv1 alert unknown ca", server_says="AH02261(.|\n)*AH02276|AH02276(.|\n)*AH02261")
case("founding-story/apache-renegotiation-second-request", "client-cert-issuer-not-listed", keys=True, version="TLS 1.2",
     client=c.ossl(version="12", steps=TWO_REQUESTS, extra=("-quiet",), **OLD_CERT), server=s.apache(version="12", **STORY),
     scenario=RENEGOTIATION + OF_OLD_CA + "; one page was fetched before", phase="renegotiation", alert=48,
     client_says="tlsv1 alert unknown ca", server_says="AH02261")
case("founding-story/apache-renegotiation-gnutls", "client-cert-issuer-not-listed", keys=True, version="TLS 1.2",
     client=c.gnutls(version="12", steps=TWO_REQUESTS, **OLD_CERT), server=s.apache(version="12", **STORY),
     scenario=RENEGOTIATION + OF_OLD_CA, phase="renegotiation", alert=48,
     client_says="CA is unknown", server_says="AH02261")
case("founding-story/apache-renegotiation-no-certificate", "client-cert-missing", keys="both", version="TLS 1.2",
     client=c.curl(version="12", trust=("new-ca-1",), paths=("/secure/index.html",)), server=s.apache(version="12", **STORY),
     scenario=RENEGOTIATION + "the client has none", phase="renegotiation", alert=40,
     blind=["client-cert-rejected", "client-cert-missing", "handshake-refused", "session-aborted"],
     client_says="alert handshake failure", server_says="peer did not return a certificate")
case("founding-story/apache-renegotiation-right-certificate", "none", keys="both", version="TLS 1.2",
     client=c.curl(version="12", trust=("new-ca-1",), cert="bob", paths=("/secure/index.html",)),
     server=s.apache(version="12", **STORY), completes=True,
     scenario=RENEGOTIATION + "the client's is issued by one that Apache names", client_says="200 OK")
case("founding-story/apache-post-handshake", "client-cert-issuer-not-listed", keys="both", version="TLS 1.3",
     client=c.curl(version="13", paths=("/secure/index.html",), **OLD_CERT), server=s.apache(version="13", **STORY),
     scenario=POST_HANDSHAKE + OF_OLD_CA, phase="established", alert=48, blind=BLIND_POST_HANDSHAKE,
     client_says="tlsv1 alert unknown ca", server_says="AH02276", label={"phase_ok": ["client-flight"]})
case("founding-story/apache-post-handshake-no-certificate", "client-cert-missing", keys=True, version="TLS 1.3",
     client=c.curl(version="13", trust=("new-ca-1",), paths=("/secure/index.html",)), server=s.apache(version="13", **STORY),
     scenario=POST_HANDSHAKE + "the client has none", phase="established", alert=116,
     client_says="alert certificate required", server_says="AH02263", label={"phase_ok": ["client-flight"]})
case("founding-story/apache-post-handshake-right-certificate", "none", keys=True, version="TLS 1.3",
     client=c.curl(version="13", trust=("new-ca-1",), cert="bob", paths=("/secure/index.html",)),
     server=s.apache(version="13", **STORY), completes=True,
     scenario=POST_HANDSHAKE + "the client's is issued by one that Apache names", client_says="200 OK")

# ---- Healthy connections

LEVEL0 = {"ossl": dict(extra=("-cipher", "DEFAULT@SECLEVEL=0")), "curl": dict(extra=("--ciphers", "DEFAULT@SECLEVEL=0")),
          "gnutls": {}, "apache": dict(extra="SSLCipherSuite DEFAULT@SECLEVEL=0")}
CLIENTS = {"ossl": c.ossl, "gnutls": c.gnutls, "curl": c.curl}
SERVERS = {"ossl": s.ossl, "gnutls": s.gnutls, "apache": s.apache}
WEB = dict(steps=(0.3, c.GET % "/index.html", 0.3))


def healthy(words, scenario, client={}, server={}, **row):
    """CLIENT and SERVER: what is common to these variants; of a program alone: a dict under its name."""
    for client_name, server_name, version, detail, name, keys in variants(words):
        mine = {k: v for k, v in client.items() if k not in CLIENTS} | client.get(client_name, {})
        theirs = {k: v for k, v in server.items() if k not in SERVERS} | server.get(server_name, {})
        if version in ("10", "11"):
            mine, theirs = LEVEL0[client_name] | mine, LEVEL0[server_name] | theirs
        if server_name == "apache" and client_name != "curl":
            mine = WEB | mine
        case("healthy/" + name, "none", keys=keys, scenario=scenario, **({"completes": True} | row),
             client=CLIENTS[client_name](**({"version": version} | mine)),
             server=SERVERS[server_name](**({"version": version} | theirs)))


MUTUAL = dict(client=dict(cert="client", chain=("inter",)), server=dict(trust=("root",), ask="require"))

healthy("ossl-ossl-12 ossl-gnutls-12* gnutls-ossl-12* gnutls-gnutls-12 ossl-apache-12 curl-apache-12", "plain")
healthy("ossl-ossl-13+ ossl-gnutls-13+ gnutls-ossl-13+ gnutls-gnutls-13* curl-apache-13+ gnutls-apache-13*", "plain")
healthy("ossl-ossl-10 gnutls-ossl-11 ossl-gnutls-11* curl-apache-10", "an old version that both sides accept",
        server={"gnutls": dict(priority=":%COMPAT")})
healthy("ossl-ossl-12-rsa", "RSA certificate and key exchange", client=dict(trust=("rsa-root",), extra=("-cipher", "AES128-SHA")),
        server=dict(cert="server-rsa", chain=()))
healthy("gnutls-ossl-12-dhe", "ephemeral Diffie-Hellman", client=dict(trust=("rsa-root",), priority=":-KX-ALL:+DHE-RSA"),
        server=dict(cert="server-rsa", chain=(), extra=("-dhparam", lambda lab: lab.pki.dh("ffdhe2048"))))
healthy("ossl-ossl-12-mutual* gnutls-ossl-13-mutual+ ossl-gnutls-13-mutual* curl-apache-12-mutual gnutls-gnutls-12-mutual ossl-apache-13-mutual*",
        "the server asks for a client certificate and accepts it", **MUTUAL)
healthy("ossl-ossl-12-no-client-certificate gnutls-gnutls-13-no-client-certificate*", "the server asks for a client certificate and goes on without",
        server=dict(trust=("root",), ask="request"))
healthy("ossl-ossl-13-retry+ ossl-gnutls-13-retry*", "HelloRetryRequest", client=dict(extra=("-groups", "X25519:P-384")),
        server={"ossl": dict(extra=("-groups", "P-384")), "gnutls": dict(priority=":-GROUP-ALL:+GROUP-SECP384R1")})
healthy("gnutls-gnutls-12-resumed gnutls-ossl-12-resumed* gnutls-gnutls-13-resumed*", "a second connection resumes the first",
        client=dict(extra=("--resume",), steps=(0.5, "hello\n", 0.6)), label={"stream": None}, client_says="This is a resumed session")
for version, keys in (("13", "+"), ("12", "")):
    healthy("ossl-ossl-%s-resumed%s" % (version, keys), "a second connection resumes the first, whose ticket it was given",
        client=dict(extra=("-sess_in", lambda lab, version=version: lab.ticket(version))), server=dict(extra=("-num_tickets", "1")), client_says="Reused")
healthy("ossl-ossl-12-npn-resumed", "the same with Next Protocol Negotiation, whose message an abbreviated handshake encrypts",
        client=dict(extra=("-nextprotoneg", "http/1.1", "-sess_in", lambda lab: lab.ticket("12"))),
        server=dict(extra=("-num_tickets", "1", "-nextprotoneg", "http/1.1")), client_says="Reused")
healthy("ossl-ossl-13-early-data*", "0-RTT data in a resumed session",
        client=dict(extra=("-sess_in", lambda lab: lab.ticket("13"), "-early_data", lambda lab: lab.text("early.txt", "hello, early\n"))),
        server=dict(extra=("-early_data", "-num_tickets", "1"), echo=False), client_says="Early data was accepted")
healthy("ossl-ossl-12-renegotiated+ ossl-gnutls-12-renegotiated*", "the client renegotiates and the server agrees",
        client=dict(steps=(0.3, "R\n", 0.4, "hello\n", 0.3, "Q\n")), client_says="RENEGOTIATING",
        server={"ossl": dict(extra=("-client_renegotiation",))})
healthy("gnutls-gnutls-12-renegotiated+", "the client renegotiates and the server agrees",
        client=dict(extra=("--rehandshake",), steps=(0.5, "hello\n", 0.3)), client_says="ReHandshake was completed")
healthy("ossl-ossl-12-expired-accepted ossl-gnutls-13-expired-accepted+ gnutls-ossl-12-expired-accepted curl-apache-13-expired-accepted*",
        "the server's certificate has expired and the client does not mind", client=dict(check=False), server=dict(cert="server-expired"))
healthy("ossl-ossl-12-name-accepted ossl-gnutls-13-name-accepted* curl-apache-12-name-accepted", "the certificate is for another name and the client does not mind",
        client=dict(check=False), server=dict(cert="server-other-name"))
healthy("ossl-apache-12-self-signed-accepted", "the server's certificate is self-signed and the client does not mind",
        client=dict(check=False), server=dict(cert="server-self", chain=()))
healthy("curl-apache-12-keep-alive curl-apache-13-keep-alive*", "three pages over one connection",
        client=dict(paths=("/index.html", "/secure/index.html", "/index.html")), client_says="Re-using existing connection")
healthy("curl-apache-12-not-found", "the page does not exist, which is HTTP's affair", client=dict(paths=("/nothing.html",)), client_says="404 Not Found")
healthy("ossl-ossl-12-killed ossl-gnutls-13-killed*", "the client ends without close_notify", client=dict(steps=c.HELLO + (c.KILL,)), reaction=True,
        best=["none", "closed-without-notify", "closed-normally"])
healthy("ossl-ossl-13-rekeyed*", "the client updates its keys", client=dict(steps=(0.3, "K\n", 0.3, "hello\n", 0.3, "Q\n")), client_says="KEYUPDATE")
healthy("ossl-gnutls-12-alpn gnutls-ossl-13-alpn*", "an application protocol is agreed on",
        client={"ossl": dict(extra=("-alpn", "h2,http/1.1")), "gnutls": dict(extra=("--alpn", "h2", "--alpn", "http/1.1"))},
        server={"ossl": dict(extra=("-alpn", "http/1.1")), "gnutls": dict(extra=("--alpn", "http/1.1"))})
healthy("ossl-ossl-12-alpn-none ossl-gnutls-13-alpn-none*", "the client offers application protocols and the server chooses none", client={"ossl": dict(extra=("-alpn", "h2,http/1.1"))})

healthy("gnutls-ossl-12-no-renegotiation-info", "the client leaves out renegotiation_info and the server does not mind",
        client=dict(priority=":%DISABLE_SAFE_RENEGOTIATION"))

# ---- What clients reject about the server's certificate

REJECTED = "server-cert-rejected"
# What an OpenSSL client's alert, which is in clear in TLS 1.3, still tells where the certificate is not readable.
BLIND_CLEAR = {42: [REJECTED], 43: [REJECTED, "server-cert-wrong-usage"], 45: [REJECTED, "server-cert-expired"],
               44: [REJECTED, "server-cert-revoked"], 48: [REJECTED, "server-cert-unknown-ca"],
               51: [REJECTED, "server-cert-key-mismatch", "server-cert-bad-signature", "handshake-refused", "finished-mismatch"]}
BLIND_HIDDEN = [REJECTED, "handshake-refused"]


def server_cert(cause, words, scenario, alert, ossl_says, gnutls_says, client={}, server={}, best=None, gnutls_best=None, **row):
    """ALERT and OSSL_SAYS are of OpenSSL and curl; GnuTLS says 42 (bad_certificate) to everything."""
    for client_name, server_name, version, detail, name, keys in variants(words):
        gnutls = client_name == "gnutls"
        mine = {k: v for k, v in client.items() if k not in CLIENTS} | client.get(client_name, {})
        theirs = {k: v for k, v in server.items() if k not in SERVERS} | server.get(server_name, {})
        if server_name == "apache" and client_name != "curl":
            mine = WEB | mine
        number = (42 if cause != "server-cert-key-mismatch" else 51) if gnutls else alert
        blind = None
        if version == "13":
            blind = BLIND_HIDDEN if gnutls else sorted({cause, *BLIND_CLEAR[number]}) if number != 42 or cause == "server-cert-weak-key" else BLIND_CLEAR[42]
        case(cause + "/" + name, cause, keys=keys, scenario=scenario, alert=number, blind=blind, best=gnutls and gnutls_best or best,
             client_says=gnutls_says if gnutls else ossl_says, completes=False, **row,
             client=CLIENTS[client_name](**({"version": version} | mine)),
             server=SERVERS[server_name](**({"version": version} | theirs)))


server_cert("server-cert-expired", "ossl-ossl-12 ossl-gnutls-12 gnutls-ossl-12 gnutls-gnutls-12 curl-apache-12 ossl-ossl-13+ gnutls-gnutls-13+ curl-apache-13*",
            "the server's leaf has expired", 45, "certificate has expired", "expired", server=dict(cert="server-expired"))
server_cert("server-cert-expired", "ossl-gnutls-12-intermediate gnutls-ossl-12-intermediate", "the intermediate has expired", 45,
            "certificate has expired", "expired", server=dict(cert="server-under-expired", chain=("inter-expired",)))
server_cert("server-cert-not-yet-valid", "ossl-gnutls-12 gnutls-ossl-12 ossl-ossl-13* gnutls-gnutls-13*", "the server's leaf is not yet valid", 42,
            "certificate is not yet valid", "not yet (valid|activated)", server=dict(cert="server-future"))
server_cert("server-cert-name-mismatch", "ossl-ossl-12 ossl-gnutls-13+ gnutls-ossl-12 gnutls-gnutls-13+ gnutls-apache-12", "the certificate is for another name", 42,
            "[Hh]ostname mismatch", "name in the certificate does not match", server=dict(cert="server-other-name"))
server_cert("server-cert-unknown-ca", "ossl-ossl-12 ossl-gnutls-12 gnutls-ossl-12 gnutls-gnutls-12 curl-apache-12 ossl-ossl-13+ gnutls-gnutls-13+ curl-apache-13+",
            "the client does not know the server's root", 48, "unable to get( local)? issuer certificate", "issuer is unknown",
            server=dict(cert="server-unknown", chain=("other-inter",)), gnutls_best=["server-cert-unknown-ca", "server-cert-rejected"])
server_cert("server-cert-unknown-ca", "ossl-gnutls-12-root-sent", "the client does not know the server's root, which is in the chain", 48,
            "self-signed certificate in certificate chain", "", server=dict(cert="server-unknown", chain=("other-inter", "other-root")))
server_cert("server-cert-self-signed", "ossl-ossl-12 gnutls-gnutls-12 ossl-apache-12 ossl-gnutls-13+ gnutls-ossl-13*", "the server's certificate is self-signed", 48,
            "self-signed certificate", "issuer is unknown|signer is not a CA", server=dict(cert="server-self", chain=()))
server_cert("server-cert-chain-incomplete", "ossl-ossl-12 ossl-gnutls-12 gnutls-ossl-12 curl-apache-12 ossl-ossl-13*", "the server leaves out its intermediate", 48,
            "unable to get local issuer certificate|unable to verify the first", "issuer is unknown", server=dict(chain=()),
            best=["server-cert-chain-incomplete", "server-cert-unknown-ca"])
server_cert("server-cert-weak-key", "ossl-ossl-12 curl-ossl-13+", "the server's key is RSA with 1024 bits", 42, "EE certificate key too weak|ee key too small", "",
            client=dict(trust=("rsa-root",)),
            server=dict(cert="server-weak-key", chain=(), extra=("-cipher", "DEFAULT@SECLEVEL=0")))
server_cert("server-cert-weak-signature", "ossl-ossl-12 gnutls-ossl-12 ossl-ossl-13*", "the server's leaf is signed with SHA-1", 42,
            "CA signature digest algorithm too weak|CA md too weak", "insecure algorithm", client=dict(trust=("rsa-root",)),
            server=dict(cert="server-sha1", chain=(), extra=("-cipher", "DEFAULT@SECLEVEL=0")))
server_cert("server-cert-weak-signature", "ossl-ossl-12-md5 gnutls-ossl-12-md5", "the server's leaf is signed with MD5", 42,
            "CA signature digest algorithm too weak|CA md too weak", "insecure algorithm", client=dict(trust=("rsa-root",)),
            server=dict(cert="server-md5", chain=(), extra=("-cipher", "DEFAULT@SECLEVEL=0")))
server_cert("server-cert-wrong-usage", "ossl-ossl-12 gnutls-ossl-12 ossl-gnutls-13* gnutls-gnutls-13*", "the server's leaf is for client authentication only", 43,
            "unsuitable certificate purpose|unsupported certificate purpose", "purpose|key usage", client=dict(check=True),
            server=dict(cert="server-client-only"), )
server_cert("server-cert-wrong-usage", "ossl-gnutls-12-intermediate gnutls-ossl-12-intermediate ossl-ossl-13-intermediate*", "the intermediate's extendedKeyUsage is for mail only", 43,
            "unsuitable certificate purpose|unsupported certificate purpose", "purpose|key usage", server=dict(cert="server-under-mail", chain=("mail-inter",)))
server_cert("server-cert-bad-ca", "ossl-ossl-12 ossl-gnutls-12 gnutls-ossl-12 gnutls-gnutls-13*", "the issuer of the server's leaf is not a CA", 48,
            "invalid CA certificate", "signer is not a CA|issuer is not a CA", server=dict(cert="server-under-no-ca", chain=("no-ca",)))
server_cert("server-cert-bad-ca", "ossl-ossl-12-pathlen", "a CA below one that allows none below it", 48,
            "path length constraint exceeded", "", server=dict(cert="server-too-deep", chain=("below-pathlen", "inter")))
server_cert("server-cert-bad-signature", "ossl-ossl-12 gnutls-ossl-12 ossl-ossl-13+ gnutls-ossl-13*", "one bit of the signature of the server's leaf is wrong", 51,
            "certificate signature failure", "invalid signature|signature", server=dict(cert="server-bad-signature"))
server_cert("server-cert-key-mismatch", "ossl-ossl-12 gnutls-ossl-12 ossl-ossl-13+ gnutls-ossl-13* curl-apache-12", "the server signs with a key that is not its certificate's", 51,
            "bad signature", "[Dd]ecrypt|signature", server=dict(cert="server-wrong-key"))
server_cert("server-cert-revoked", "ossl-ossl-12 gnutls-gnutls-12", "the server's leaf is on the client's revocation list", 44, "certificate revoked", "revoked",
            client={"ossl": dict(trust=("root", "inter"), extra=("-crl_check", "-CRL", lambda lab: lab.pki.crl("inter", "server"))),
                    "gnutls": dict(trust=("root", "inter"), extra=("--x509crlfile", lambda lab: lab.pki.crl("inter", "server")))},
            gnutls_best=["server-cert-rejected", "server-cert-unknown-ca"])
server_cert("server-cert-bad-ocsp", "gnutls-ossl-12 gnutls-ossl-13*", "the server's leaf says that an OCSP response must be stapled, and none is", 0, "", "OCSP",
            server=dict(cert="server-must-staple"))

# ---- What servers reject about the client's certificate

CLIENT_HIDDEN = ["client-cert-rejected", "handshake-refused"]


def client_cert(cause, words, scenario, alert, ossl_says, client={}, server={}, **row):
    """ALERT and OSSL_SAYS are of OpenSSL and Apache; gnutls-serv says 49 (access_denied), then 42, to everything."""
    for client_name, server_name, version, detail, name, keys in variants(words):
        gnutls = server_name == "gnutls"
        mine = {k: v for k, v in client.items() if k not in CLIENTS} | client.get(client_name, {})
        theirs = dict(trust=("root",), ask="require") | {k: v for k, v in server.items() if k not in SERVERS} | server.get(server_name, {})
        if server_name == "apache" and client_name != "curl":
            mine = WEB | mine
        more = dict(row)
        number = more.pop("gnutls_alert", 49) if gnutls else alert
        more.pop("gnutls_alert", None)
        blind = None
        if version == "13":
            blind = more.pop("blind", None) or CLIENT_HIDDEN
        case(cause + "/" + name, cause, keys=keys, scenario=scenario, alert=number, blind=blind,
             server_says="" if gnutls else ossl_says, completes=None, **more,
             client=CLIENTS[client_name](**({"version": version} | mine)),
             server=SERVERS[server_name](**({"version": version} | theirs)))


NO_CERT = "did not return a certificate"
client_cert("client-cert-missing", "ossl-ossl-12 gnutls-ossl-12 curl-apache-12", "the client sends no certificate", 40, NO_CERT)
client_cert("client-cert-missing", "ossl-gnutls-12 gnutls-gnutls-12", "the client sends no certificate", 40, NO_CERT, gnutls_alert=50)
client_cert("client-cert-missing", "ossl-ossl-13+ gnutls-ossl-13* ossl-gnutls-13+ gnutls-gnutls-13* curl-apache-13+", "the client sends no certificate", 116, NO_CERT,
            gnutls_alert=116, blind=["client-cert-missing", "client-cert-rejected", "handshake-refused"])
client_cert("client-cert-issuer-not-listed", "ossl-ossl-12 ossl-gnutls-12 curl-apache-12 ossl-ossl-13+ ossl-gnutls-13* curl-apache-13*",
            "the client's certificate is of a CA that the server does not name", 48, "unable to get( local)? issuer|unable to verify", client=dict(cert="client-other"))
client_cert("client-cert-expired", "ossl-ossl-12 gnutls-ossl-12 ossl-gnutls-12 curl-apache-12 ossl-ossl-13+ gnutls-ossl-13* ossl-apache-13+",
            "the client's certificate has expired", 45, "certificate has expired", client=dict(cert="client-expired"))
client_cert("client-cert-not-yet-valid", "ossl-ossl-12 ossl-gnutls-12 gnutls-apache-12 ossl-ossl-13*", "the client's certificate is not yet valid", 42,
            "not yet valid", client=dict(cert="client-future"))
client_cert("client-cert-unknown-ca", "ossl-ossl-12 gnutls-ossl-12 ossl-ossl-13*", "the server does not know the client's CA, and names none", 48,
            "unable to get( local)? issuer|unable to verify", client=dict(cert="client-other"),
            server=dict(trust=(), extra=("-verifyCAfile", lambda lab: lab.pki.cert("root"))))
client_cert("client-cert-unknown-ca", "curl-apache-12 curl-apache-13*", "the server names the client's CA, but does not trust it", 48,
            "unable to get( local)? issuer|unable to verify", client=dict(cert="client-other"),
            server=dict(extra=lambda lab: 'SSLCADNRequestFile "%s"' % lab.pki.cert("other-root")))
client_cert("client-cert-self-signed", "ossl-ossl-12 ossl-gnutls-12 curl-apache-12 ossl-ossl-13*", "the client's certificate is self-signed", 48, "self-signed certificate",
            client=dict(cert="client-self"), best=["client-cert-self-signed", "client-cert-issuer-not-listed"])
client_cert("client-cert-chain-incomplete", "ossl-ossl-12 curl-apache-12 ossl-gnutls-12 ossl-ossl-13*", "the client leaves out its intermediate", 48,
            "unable to get( local)? issuer|unable to verify", client=dict(cert="client"),
            best=["client-cert-chain-incomplete", "client-cert-issuer-not-listed", "client-cert-unknown-ca"])
# The server's own chain tells nothing of the client's here: whether a CA that was not sent is an intermediate below a listed one, the bytes show where the
# certificate names its issuer's issuer, or the issuer was sent.
OF_ANOTHER_CA = dict(cert="server-rsa", chain=())
NOT_LINKED = "unable to get( local)? issuer|unable to verify|self-signed certificate in certificate chain"
client_cert("client-cert-chain-incomplete", "ossl-ossl-12-other-hierarchy", "the client leaves out its intermediate, and the server's certificate is of another CA", 48,
            NOT_LINKED, client=dict(cert="client", trust=("rsa-root",)), server=OF_ANOTHER_CA, best=["client-cert-chain-incomplete", "client-cert-issuer-not-listed", "client-cert-unknown-ca"])
client_cert("client-cert-chain-incomplete", "ossl-ossl-12-named gnutls-ossl-13-named*", "the client leaves out its intermediate, whose own issuer its certificate names", 48,
            NOT_LINKED, client=dict(cert="client-naming", trust=("rsa-root",)), server=OF_ANOTHER_CA)
client_cert("client-cert-issuer-not-listed", "ossl-ossl-12-named", "the client's certificate is of a root that the server does not name, and says so", 48,
            NOT_LINKED, client=dict(cert="client-other-naming"))
client_cert("client-cert-issuer-not-listed", "ossl-ossl-12-root-sent ossl-ossl-13-root-sent*", "the client's chain ends at a root that the server does not name", 48,
            NOT_LINKED, client=dict(cert="client-other", chain=("other-root",)))
client_cert("client-cert-weak-key", "ossl-ossl-12 gnutls-ossl-12", "the client's key is RSA with 1024 bits", 42, "key too weak|key too small",
            client={"ossl": dict(cert="client-weak-key", extra=("-cipher", "DEFAULT@SECLEVEL=0")), "gnutls": dict(cert="client-weak-key")},
            server=dict(trust=("rsa-root",)))
client_cert("client-cert-weak-signature", "gnutls-ossl-12 ossl-gnutls-12 gnutls-ossl-13*", "the client's certificate is signed with SHA-1", 42, "too weak",
            client={"ossl": dict(cert="client-sha1", extra=("-cipher", "DEFAULT@SECLEVEL=0")), "gnutls": dict(cert="client-sha1")},
            server=dict(trust=("rsa-root",)))
client_cert("client-cert-wrong-usage", "ossl-ossl-12 curl-apache-12 ossl-ossl-13* gnutls-ossl-13*", "the client's certificate is for server authentication only", 43,
            "unsuitable certificate purpose|unsupported certificate purpose", client=dict(cert="client-server-only"))
client_cert("client-cert-bad-ca", "ossl-ossl-12 ossl-gnutls-12 ossl-ossl-13*", "the issuer of the client's certificate is not a CA", 48,
            "invalid CA certificate", client=dict(cert="client-under-no-ca", chain=("no-ca",)))
client_cert("client-cert-bad-signature", "ossl-ossl-12 ossl-gnutls-12 ossl-ossl-13*", "one bit of the signature of the client's certificate is wrong", 51,
            "certificate signature failure", client=dict(cert="client-bad-signature", chain=("inter",)))
client_cert("client-cert-key-mismatch", "ossl-ossl-12 ossl-gnutls-12 ossl-ossl-13*", "the client signs with a key that is not its certificate's", 51,
            "bad signature", client=dict(cert="client-wrong-key"), gnutls_alert=51)
client_cert("client-cert-revoked", "ossl-ossl-12 curl-apache-12 ossl-ossl-13*", "the client's certificate is on the server's revocation list", 44, "certificate revoked",
            client=dict(cert="client-direct"), 
            server={"ossl": dict(extra=("-crl_check", "-CRL", lambda lab: lab.pki.crl("root", "client-direct"))),
                    "apache": dict(extra=lambda lab: 'SSLCARevocationCheck leaf\nSSLCARevocationFile "%s"' % lab.pki.crl("root", "client-direct"))})

# ---- What servers find wrong in the hello


def hello(cause, variant, scenario, alert, client, server, **row):
    case(cause + "/" + variant, cause, scenario=scenario, alert=alert, client=client, server=server, **row)


REFUSED = "handshake-refused"
hello("version-no-overlap", "ossl-ossl-11-12", "the client has TLS 1.1 at most, the server TLS 1.2 at least", 70, c.ossl(version="11", **LEVEL0["ossl"]),
      s.ossl(version=("12", "13")), server_says="unsupported protocol")
hello("version-no-overlap", "gnutls-ossl-11-12", "the client has TLS 1.1 at most, the server TLS 1.2 at least", 70, c.gnutls(version="11"),
      s.ossl(version=("12", "13")), server_says="unsupported protocol")
hello("version-no-overlap", "ossl-gnutls-11-12", "the client has TLS 1.1 at most, the server TLS 1.2 at least", 70, c.ossl(version="11", **LEVEL0["ossl"]),
      s.gnutls(version=("12", "13")), server_says="unsupported version", unreadable=True,
      best=["version-no-overlap", "closed-after-client-hello", "not-tls-from-server", REFUSED],
      label={"alert": None, "sender_ok": ["client"], "phase_ok": ["server-flight"],
             "notes": "GnuTLS sends alert 70 in a record of version 0xfefd, which is DTLS's: Wireshark and OpenSSL take it for something else"})
hello("version-no-overlap", "curl-apache-10-12", "the client has TLS 1.0 only, the server TLS 1.2 at least", 70, c.curl(version="10", **LEVEL0["curl"]),
      s.apache(version=("12", "13")), client_says="alert protocol version")
hello("version-no-overlap", "ossl-apache-13-12", "the client has TLS 1.3 only, the server TLS 1.2 at most", 70, c.ossl(version="13"), s.apache(version="12"))
hello("version-no-overlap", "ossl-gnutls-13-12", "the client has TLS 1.3 only, the server TLS 1.2 at most", 40, c.ossl(version="13"), s.gnutls(version="12"),
      best=["version-no-overlap", REFUSED, "cipher-no-overlap"])
hello("version-no-overlap", "gnutls-ossl-12-13", "the client has TLS 1.2 only, the server TLS 1.3 only", 70, c.gnutls(version="12"), s.ossl(version="13"))

EC, RSA = "ECDHE-ECDSA-", "ECDHE-RSA-"
for_ciphers = dict(best=["cipher-no-overlap", REFUSED])
hello("cipher-no-overlap", "ossl-ossl-12", "ChaCha20 only against AES only", 40, c.ossl(version="12", extra=("-cipher", EC + "CHACHA20-POLY1305")),
      s.ossl(version="12", extra=("-cipher", EC + "AES128-GCM-SHA256")), server_says="no shared cipher", **for_ciphers)
hello("cipher-no-overlap", "ossl-gnutls-12", "ChaCha20 only against AES only", 40, c.ossl(version="12", extra=("-cipher", EC + "CHACHA20-POLY1305")),
      s.gnutls(version="12", priority=":-CHACHA20-POLY1305"), server_says="No supported cipher suites", **for_ciphers)
hello("cipher-no-overlap", "curl-apache-12-key-type", "the client has RSA suites only, the server an ECDSA key", 40,
      c.curl(version="12", extra=("--ciphers", RSA + "AES128-GCM-SHA256")), s.apache(version="12"), client_says="handshake failure",
      server_says="no shared cipher", **for_ciphers)
hello("cipher-no-overlap", "gnutls-ossl-13", "ChaCha20 only against AES only", 40, c.gnutls(version="13", priority=":-CIPHER-ALL:+CHACHA20-POLY1305"),
      s.ossl(version="13", extra=("-ciphersuites", "TLS_AES_128_GCM_SHA256")), server_says="no shared cipher", **for_ciphers)
hello("cipher-no-overlap", "ossl-gnutls-13", "ChaCha20 only against AES only", 40, c.ossl(version="13", extra=("-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256")),
      s.gnutls(version="13", priority=":-CHACHA20-POLY1305"), **for_ciphers)

groups = dict(best=["group-no-overlap", REFUSED])
hello("group-no-overlap", "ossl-ossl-13", "X25519 only against P-384 only", 40, c.ossl(version="13", extra=("-groups", "X25519")),
      s.ossl(version="13", extra=("-groups", "P-384")), server_says="no suitable key share", **groups)
hello("group-no-overlap", "gnutls-ossl-13", "X25519 only against P-384 only", 40, c.gnutls(version="13", priority=":-GROUP-ALL:+GROUP-X25519"),
      s.ossl(version="13", extra=("-groups", "P-384")), server_says="no suitable key share", **groups)
hello("group-no-overlap", "ossl-gnutls-13", "X25519 only against P-384 only", 40, c.ossl(version="13", extra=("-groups", "X25519")),
      s.gnutls(version="13", priority=":-GROUP-ALL:+GROUP-SECP384R1"), **groups)
hello("group-no-overlap", "ossl-ossl-12", "X25519 only against P-384 only", 40, c.ossl(version="12", trust=("rsa-root",), extra=("-groups", "X25519", "-cipher", "ECDHE")),
      s.ossl(version="12", cert="server-rsa", chain=(), extra=("-groups", "P-384")), server_says="no shared cipher",
      best=["group-no-overlap", REFUSED, "cipher-no-overlap"])

sigalgs = dict(best=["sigalg-no-overlap", REFUSED])
hello("sigalg-no-overlap", "ossl-ossl-13", "the client has RSA signatures only, the server an ECDSA key", 40,
      c.ossl(version="13", extra=("-sigalgs", "rsa_pss_rsae_sha256:rsa_pkcs1_sha256")), s.ossl(version="13"),
      server_says="no suitable signature algorithm", **sigalgs)
hello("sigalg-no-overlap", "gnutls-ossl-12", "the client has RSA signatures only, the server an ECDSA key", 40,
      c.gnutls(version="12", priority=":-SIGN-ALL:+SIGN-RSA-SHA256"), s.ossl(version="12"),
      server_says="no shared cipher", best=["sigalg-no-overlap", REFUSED, "cipher-no-overlap"])
hello("sigalg-no-overlap", "gnutls-gnutls-13", "the client has RSA signatures only, the server an ECDSA key", 40,
      c.gnutls(version="13", priority=":-SIGN-ALL:+SIGN-RSA-PSS-RSAE-SHA256:+SIGN-RSA-SHA256"), s.gnutls(version="13"), **sigalgs)

hello("alpn-no-overlap", "ossl-ossl-12", "h2 only against http/1.1 only", 120, c.ossl(version="12", extra=("-alpn", "h2")),
      s.ossl(version="12", extra=("-alpn", "http/1.1")), server_says="no application protocol")
hello("alpn-no-overlap", "gnutls-ossl-13", "h2 only against http/1.1 only", 120, c.gnutls(version="13", extra=("--alpn", "h2")),
      s.ossl(version="13", extra=("-alpn", "http/1.1")), keys="both", server_says="no application protocol")
hello("alpn-no-overlap", "ossl-gnutls-13", "h2 only against http/1.1 only", 120, c.ossl(version="13", extra=("-alpn", "h2")),
      s.gnutls(version="13", extra=("--alpn", "http/1.1", "--alpn-fatal")))

hello("sni-unrecognized", "ossl-ossl-12", "the server has another name and insists on it", 112, c.ossl(version="12", name="wrong.test"),
      s.ossl(version="12", extra=("-servername", "right.test", "-servername_fatal", "-cert2", lambda lab: lab.pki.cert("server"), "-key2", lambda lab: lab.pki.key("server"))))
hello("sni-unrecognized", "gnutls-ossl-13", "the server has another name and insists on it", 112, c.gnutls(version="13", name="wrong.test"),
      s.ossl(version="13", extra=("-servername", "right.test", "-servername_fatal", "-cert2", lambda lab: lab.pki.cert("server"), "-key2", lambda lab: lab.pki.key("server"))))
hello("sni-unrecognized", "ossl-gnutls-12", "the server has another name and insists on it", 112, c.ossl(version="12", name="wrong.test"),
      s.gnutls(version="12", extra=("--sni-hostname", "right.test", "--sni-hostname-fatal")))

hello("fallback-refused", "ossl-ossl-12", "the client says that it fell back; the server has TLS 1.3", 86, c.ossl(version="12", extra=("-fallback_scsv",)),
      s.ossl(), server_says="inappropriate fallback")
hello("fallback-refused", "gnutls-gnutls-11", "the client says that it fell back; the server has TLS 1.3", 86, c.gnutls(version="11", priority=":%FALLBACK_SCSV"),
      s.gnutls(version=("11", "13")))
hello("fallback-refused", "ossl-apache-12", "the client says that it fell back; the server has TLS 1.3", 86, c.ossl(version="12", extra=("-fallback_scsv",)),
      s.apache(), server_says="inappropriate fallback")

hello("dh-too-small", "ossl-ossl-12", "the server's group has 1536 bits", 40, c.ossl(version="12", trust=("rsa-root",), extra=("-cipher", "DHE")),
      s.ossl(version="12", cert="server-rsa", chain=(), extra=("-cipher", "DHE@SECLEVEL=0", "-dhparam", lambda lab: lab.pki.dh("modp_1536"))),
      sender="client", phase="server-flight", client_says="dh key too small")
hello("dh-too-small", "curl-ossl-12", "the server's group has 1536 bits", 40, c.curl(version="12", trust=("rsa-root",), extra=("--ciphers", "DHE")),
      s.ossl(version="12", cert="server-rsa", chain=(), extra=("-cipher", "DHE@SECLEVEL=0", "-dhparam", lambda lab: lab.pki.dh("modp_1536"))),
      sender="client", phase="server-flight", client_says="dh key too small")
hello("dh-too-small", "gnutls-ossl-12", "the server's group has 1536 bits", 71, c.gnutls(version="12", trust=("rsa-root",), priority=":-KX-ALL:+DHE-RSA", extra=("--dh-bits", "2048")),
      s.ossl(version="12", cert="server-rsa", chain=(), extra=("-cipher", "DHE@SECLEVEL=0", "-dhparam", lambda lab: lab.pki.dh("modp_1536"))),
      sender="client", phase="server-flight")
hello("internal-error", "ossl-ossl-12-before-hello", "the client's own settings leave it no cipher suite: it sends an alert in place of a ClientHello", 80,
      c.ossl(version="12", extra=("-sigalgs", "rsa_pkcs1_sha256", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256")), s.ossl(version="12"),
      sender="client", phase="before-hello", client_says="no ciphers available", best=["internal-error", REFUSED])

# ---- Pre-shared keys

PSK = ("-psk", "0123456789abcdef", "-psk_identity", "lab")
OTHER_PSK = ("-psk", "fedcba9876543210", "-psk_identity", "lab")
SHA256 = ("-ciphersuites", "TLS_AES_128_GCM_SHA256")
KEY_OR_ID = ["psk-key-mismatch", "psk-unknown-identity", "record-corrupt", "finished-mismatch"]
psk = lambda pairs: (lambda lab: lab.text("psk.txt", pairs))
hello("psk-key-mismatch", "ossl-ossl-12", "the two sides have different keys", 20, c.ossl(version="12", extra=OTHER_PSK + ("-cipher", "PSK")),
      s.ossl(version="12", cert=None, extra=PSK + ("-cipher", "PSK", "-nocert")), phase="client-flight", best=KEY_OR_ID)
hello("psk-key-mismatch", "ossl-ossl-13", "the two sides have different keys", 47, c.ossl(version="13", extra=OTHER_PSK + SHA256),
      s.ossl(version="13", extra=PSK + SHA256), server_says="binder does not verify",
      best=["psk-key-mismatch", "psk-unknown-identity"])
hello("psk-key-mismatch", "gnutls-gnutls-12", "the two sides have different keys", 20,
      c.gnutls(version="12", priority=":-KX-ALL:+PSK", extra=("--pskusername", "lab", "--pskkey", "fedcba9876543210")),
      s.gnutls(version="12", cert=None, priority=":-KX-ALL:+PSK", extra=("--pskpasswd", psk("lab:0123456789abcdef\n"))), phase="client-flight", best=KEY_OR_ID)
hello("psk-unknown-identity", "gnutls-gnutls-12", "the server does not know the client's identity", 20,
      c.gnutls(version="12", priority=":-KX-ALL:+PSK", extra=("--pskusername", "nobody", "--pskkey", "fedcba9876543210")),
      s.gnutls(version="12", cert=None, priority=":-KX-ALL:+PSK", extra=("--pskpasswd", psk("lab:0123456789abcdef\n"))), phase="client-flight", best=KEY_OR_ID)

# ---- Renegotiation

hello("renegotiation-refused", "ossl-ossl-12", "the client asks for a renegotiation and the server declines", 100,
      c.ossl(version="12", steps=(0.3, "R\n", 0.6)), s.ossl(version="12"), keys="both", phase="renegotiation", warning=True,
      blind=["renegotiation-refused", "session-aborted", "closed-without-notify", "closed-normally"], client_says="RENEGOTIATING")
hello("renegotiation-refused", "gnutls-ossl-12", "the client asks for a renegotiation and the server declines", 100,
      c.gnutls(version="12", extra=("--rehandshake",), steps=(0.6,)), s.ossl(version="12"), keys=True, phase="renegotiation", warning=True)
hello("renegotiation-refused", "ossl-apache-12", "the client asks for a renegotiation and the server declines", 100,
      c.ossl(version="12", steps=(0.3, "R\n", 0.6)), s.apache(version="12"), keys=True, phase="renegotiation", warning=True)
hello("renegotiation-refused", "ossl-ossl-12-by-client", "the server asks for a renegotiation and the client declines", 100,
      c.ossl(version="12", steps=(0.3, "hello\n", 0.3), then=(0.4, "Q\n"), extra=("-no_renegotiation",)), s.ossl(version="12", echo=False, steps=("r\n", 0.4)),
      keys=True, phase="renegotiation", warning=True, sender="client")
hello("renegotiation-insecure", "gnutls-gnutls-12", "the client leaves out renegotiation_info, the server requires it", 40,
      c.gnutls(version="12", priority=":%DISABLE_SAFE_RENEGOTIATION"), s.gnutls(version="12", priority=":%SAFE_RENEGOTIATION"))
hello("renegotiation-insecure", "ossl-gnutls-12", "the server leaves out renegotiation_info, the client requires it", 40,
      c.ossl(version="12"), s.gnutls(version="12", priority=":%DISABLE_SAFE_RENEGOTIATION"), sender="client", phase="server-flight",
      client_says="unsafe legacy renegotiation disabled")

# ---- One side does not speak TLS, or does not answer

# GnuTLS sends alert 10 here, but tshark has taken the connection for HTTP by then
NOT_READ = dict(unreadable=True, label={"alert": None, "notes": "GnuTLS sends alert 10; tshark reads it as HTTP"})

for words in ("plain-ossl-12 http", "plain-gnutls-12 http", "plain-apache-12 http", "plain-ossl-12 smtp", "plain-gnutls-12 ssh"):
    pair, what = words.split()
    server = pair.split("-")[1]
    hello("not-tls-from-client", "%s-%s-%s" % (what, server, "any"), "the client speaks %s" % what.upper(), 10 if server == "gnutls" else None,
          c.plain(what), SERVERS[server](), completes=False, version="", reaction=True, **(NOT_READ if (server, what) == ("gnutls", "http") else {}))
for client in ("ossl", "gnutls", "curl"):
    for what in ("http", "smtp", "ssh"):
        if (client, what) not in (("curl", "smtp"), ("gnutls", "ssh")):
            hello("not-tls-from-server", "%s-%s-any" % (client, what), "the server speaks %s" % what.upper(), 10 if client == "gnutls" else None,
                  CLIENTS[client](), s.plain(what), sender="client", phase="server-flight", completes=False, version="", reaction=True,
                  **(NOT_READ if (client, what) == ("gnutls", "http") else {}))
for client in ("ossl", "gnutls", "curl"):
    hello("closed-after-client-hello", client + "-close-any", "the server closes when it has the ClientHello", None, CLIENTS[client](), s.plain("close"),
          completes=False, version="", reaction=True)
for client in ("ossl", "gnutls"):
    hello("reset-after-client-hello", client + "-reset-any", "the server resets when it has the ClientHello", None, CLIENTS[client](), s.plain("reset"),
          completes=False, version="")
# A young handshake is no failure: something must show that time went by.
SILENT = dict(truth="no-answer-to-client-hello", completes=False, version="", label={"sender_ok": ["unknown"]}, server=s.plain("silence"))
case("no-answer-to-client-hello/ossl-silence-any", scenario="the server never answers; another connection is made 6 s later", client=c.ossl(steps=()), later=6,
     patience=0.2, stop_capture_first=True, **SILENT)
case("no-answer-to-client-hello/gnutls-silence-any", scenario="the server never answers; another connection is made 6 s later", client=c.gnutls(steps=()), later=6,
     patience=0.2, stop_capture_first=True, **SILENT)
case("no-answer-to-client-hello/python-silence-any-keep-alive", scenario="the server never answers; the client's TCP keeps asking whether it is there",
     client=c.python(extra=("--keep-alive",), steps=(7.5,)), patience=0.2, stop_capture_first=True, **SILENT)
case("no-answer-to-client-hello/curl-silence-any", scenario="the server never answers; the client gives up after 7 s", client=c.curl(extra=("--max-time", "7"), steps=()),
     patience=8, client_says="timed out", **SILENT)
case("no-answer-to-client-hello/ossl-silence-any-client-fin", scenario="the server never answers; the client gives up after 5 s", client=c.ossl(steps=(5.2, c.KILL)), **SILENT)
case("no-answer-to-client-hello/python-silence-any-client-rst", scenario="the server never answers; the client resets after 5 s",
     client=c.python(extra=("--stop", "hello", "--wait", "5.2", "--end", "rst"), steps=(6,)), client_says="ended with rst", **SILENT)
# s_client goes on with a ClientHello although it was refused
GOES_ON = dict(best=["starttls-refused", "not-tls-from-server"], label={"sender_ok": ["client"], "phase_ok": ["server-flight"]})
for protocol in ("smtp", "imap", "pop3"):
    hello("starttls-refused", "ossl-%s-any" % protocol, "the client asks for STARTTLS, the server declines", None, c.ossl(extra=("-starttls", protocol), steps=(0.8,)),
          s.plain(protocol + "-refuses"), phase="before-hello", completes=False, version="", **GOES_ON)
hello("starttls-refused", "ossl-smtp-any-lacking", "the server does not offer STARTTLS; the client asks all the same", None, c.ossl(extra=("-starttls", "smtp"), steps=(0.8,)),
      s.plain("smtp-lacks"), phase="before-hello", completes=False, version="", **GOES_ON)
hello("starttls-refused", "gnutls-smtp-any", "the client asks for STARTTLS, the server declines", None, c.gnutls(extra=("--starttls-proto", "smtp"), steps=(0.8,)),
      s.plain("smtp-refuses"), phase="before-hello", completes=False, version="", reaction=True)
hello("starttls-refused", "ossl-postgres-any", "the client asks for TLS, the server says no", None, c.ossl(extra=("-starttls", "postgres"), steps=(0.8,)),
      s.plain("postgres-refuses"), phase="before-hello", completes=False, version="")
healthy("ossl-ossl-12-smtp ossl-gnutls-13-smtp*", "TLS after STARTTLS", client=dict(extra=("-starttls", "smtp")), relay="smtp")
server_cert("server-cert-expired", "ossl-ossl-12-smtp gnutls-ossl-12-smtp", "the server's leaf has expired, after STARTTLS", 45, "certificate has expired", "expired",
            client={"ossl": dict(extra=("-starttls", "smtp")), "gnutls": dict(extra=("--starttls-proto", "smtp"))}, server=dict(cert="server-expired"), relay="smtp")

# ---- What a relay has spoilt on the way


def spoilt(cause, variant, relay, scenario, alert, sender, phase, client=None, server=None, **row):
    client_name, server_name, version, *_ = variant.split("-")
    case(cause + "/" + variant, cause, relay=relay, scenario="a relay between the two: " + scenario, alert=alert, sender=sender, phase=phase,
         client=client or CLIENTS[client_name](version=version), server=server or SERVERS[server_name](version=version), **row)


FROM_SERVER, FROM_CLIENT, OF_HELLO, AT_FINISH = ("client", "server-flight"), ("server", "client-flight"), ("server", "client-hello"), ("client", "server-finished")
spoilt("server-cert-malformed", "ossl-ossl-12", "certificate-malformed", "a tag in the server's certificate is wrong", 42, *FROM_SERVER)
spoilt("server-cert-malformed", "gnutls-ossl-12", "certificate-malformed", "a tag in the server's certificate is wrong", 42, *FROM_SERVER)
spoilt("client-cert-malformed", "ossl-ossl-12", "client-certificate-malformed", "a tag in the client's certificate is wrong", 50, *FROM_CLIENT,
       client=c.ossl(version="12", cert="client-direct"), server=s.ossl(version="12", trust=("root",), ask="require"))
spoilt("client-cert-malformed", "ossl-gnutls-12", "client-certificate-malformed", "a tag in the client's certificate is wrong", 42, *FROM_CLIENT,
       client=c.ossl(version="12", cert="client-direct"), server=s.gnutls(version="12", trust=("root",), ask="require"))
for client in ("ossl", "gnutls"):
    spoilt("cipher-refused-by-client", client + "-ossl-12", "cipher-not-offered", "ServerHello names RC4", 40 if client == "gnutls" else 47, *FROM_SERVER)
spoilt("version-refused-by-client", "ossl-ossl-12", "version-too-low", "ServerHello says TLS 1.0", 70, *FROM_SERVER)
spoilt("version-refused-by-client", "gnutls-ossl-12", "version-too-low", "ServerHello says TLS 1.0", 70, *FROM_SERVER)
for client in ("ossl", "gnutls"):
    spoilt("group-refused-by-client", client + "-ossl-12", "group-not-offered", "ServerKeyExchange names secp192r1", 40 if client == "gnutls" else 47, *FROM_SERVER)
    spoilt("extension-unsupported", client + "-ossl-12", "extension-not-offered", "ServerHello answers an ALPN extension that was not sent", 110, *FROM_SERVER)
    spoilt("record-overflow", client + "-ossl-12", "too-long", "a record says that it is 20480 bytes long", 22, *FROM_SERVER)
    spoilt("message-unexpected", client + "-ossl-12", "out-of-order", "Certificate comes before ServerHello", 10, *FROM_SERVER)
    spoilt("message-malformed", client + "-ossl-12-server-hello", "server-hello-malformed", "the length of the session id in ServerHello is 240",
           47 if client == "gnutls" else 50, *FROM_SERVER)
for server in ("ossl", "gnutls"):
    spoilt("message-malformed", "ossl-%s-12" % server, "hello-malformed", "the length of the session id in ClientHello is 240", 50, *OF_HELLO)
    spoilt("finished-mismatch", "ossl-%s-12" % server, "without-ems", "extended_master_secret is taken out of ClientHello", 51, *FROM_CLIENT)
    spoilt("record-corrupt", "ossl-%s-12" % server, "client-bit", "one bit of the client's encrypted Finished is wrong", 20, *FROM_CLIENT,
           best=["record-corrupt", "finished-mismatch"])
    spoilt("extension-missing", "ossl-%s-13" % server, "without-signature-algorithms", "signature_algorithms is taken out of ClientHello",
           40 if server == "gnutls" else 109, *OF_HELLO, best=["extension-missing", "sigalg-no-overlap", REFUSED] if server == "gnutls" else None)
for client in ("ossl", "gnutls"):
    spoilt("record-corrupt", client + "-ossl-12-server", "server-bit", "one bit of the server's encrypted Finished is wrong", 20, *AT_FINISH, keys="both",
           best=["record-corrupt", "finished-mismatch"], blind_label={"optional": True}, blind=["handshake-refused", "record-corrupt", "finished-mismatch"])
for client in ("ossl", "gnutls"):
    spoilt("closed-in-handshake", client + "-ossl-12", "fin-after-server-hello", "the server's side closes after ServerHello", None, "server", "client-hello", reaction=True)
    spoilt("closed-in-handshake", client + "-ossl-12-client-flight", "fin-at-client-flight", "the server's side closes when it has the client's flight", None, *FROM_CLIENT, reaction=True)
    spoilt("reset-in-handshake", client + "-ossl-12-client-flight", "rst-at-client-flight", "the server's side resets when it has the client's flight", None, *FROM_CLIENT, reaction=True)
spoilt("reset-in-handshake", "ossl-gnutls-13", "rst-after-server-hello", "the server's side resets after ServerHello", None, *OF_HELLO)
spoilt("closed-in-handshake", "ossl-ossl-12-by-client", "stall-before-done", "ServerHelloDone does not come; the client gives up", None, "client", "server-flight",
       client=c.ossl(version="12", steps=(1.5, c.KILL)))
AFTER_SILENCE = ["stalled-in-handshake", "closed-in-handshake"]
BY_CLIENT = {"sender_ok": ["client", "unknown"], "phase_ok": ["server-flight"]}
NO_END = dict(patience=0.2, stop_capture_first=True, label={"sender_ok": ["unknown"]}, completes=False)
spoilt("stalled-in-handshake", "ossl-ossl-12", "stall-at-client-flight", "the server's side never answers the client's flight; another connection is made 6 s later", None, *FROM_CLIENT,
       client=c.ossl(version="12", steps=()), later=6, **NO_END)
spoilt("stalled-in-handshake", "gnutls-gnutls-12-before-done", "stall-before-done", "ServerHelloDone does not come; another connection is made 6 s later", None, *OF_HELLO,
       client=c.gnutls(version="12", steps=()), later=6, **NO_END)
spoilt("stalled-in-handshake", "ossl-gnutls-13-after-server-hello", "stall-after-server-hello", "nothing comes after ServerHello; another connection is made 6 s later", None, *OF_HELLO,
       client=c.ossl(version="13", steps=()), later=6, keys="both", **NO_END)
spoilt("stalled-in-handshake", "python-ossl-12-keep-alive", "stall-at-client-flight", "the server's side never answers the client's flight; the client's TCP keeps asking", None, *FROM_CLIENT,
       client=c.python(version="12", extra=("--keep-alive",), steps=(7.5,)), **NO_END)
spoilt("stalled-in-handshake", "ossl-ossl-12-client-fin", "stall-at-client-flight", "the server's side never answers the client's flight; the client closes after 5 s", None, *FROM_CLIENT,
       client=c.ossl(version="12", steps=(5.2, c.KILL)), best=AFTER_SILENCE, label=BY_CLIENT, completes=False)
spoilt("stalled-in-handshake", "python-ossl-12-client-rst", "stall-before-done", "ServerHelloDone does not come; the client resets after 5 s", None, *OF_HELLO,
       client=c.python(version="12", extra=("--stop", "flight", "--wait", "5.2", "--end", "rst"), steps=(6.5,)),
       best=["stalled-in-handshake", "reset-in-handshake"], label=BY_CLIENT, completes=False)
case("stalled-in-handshake/python-ossl-12-by-client", "stalled-in-handshake", scenario="the client never answers the server's flight; another connection is made 6 s later", later=6,
     client=c.python(version="12", extra=("--stop", "flight", "--end", "stall"), steps=()), server=s.ossl(version="12"), sender="client", phase="server-flight", **NO_END)
case("stalled-in-handshake/python-ossl-13-by-client", "stalled-in-handshake", scenario="the client never answers the server's flight; another connection is made 6 s later", later=6,
     client=c.python(version="13", extra=("--stop", "flight", "--end", "stall"), steps=()), server=s.ossl(version="13"), sender="client", phase="server-flight", keys="both", **NO_END)

# ---- Several connections at once, and what networks and recorders do to captures

WITH_CERT = dict(trust=("root",), cert="client-direct")
LINGER = (0.3, "GET /index.html HTTP/1.1\r\nHost: server.test\r\n\r\n", 0.8, "Q\n")


def six(version, missing, keys):
    return dict(keys=keys, server=s.apache(version=version, trust=("root",), ask="require", workers=8), parts=[
        ("none", None, c.ossl(version=version, steps=LINGER, **WITH_CERT)),
        ("client-cert-missing", missing, c.ossl(version=version, steps=LINGER)),
        ("none", None, c.gnutls(version=version, steps=LINGER[:3], **WITH_CERT)),
        ("client-cert-expired", 45, c.ossl(version=version, steps=LINGER, trust=("root",), cert="client-expired")),
        ("none", None, c.curl(version=version, paths=("/index.html",), **WITH_CERT)),
        ("server-cert-unknown-ca", 48, c.ossl(version=version, steps=LINGER, trust=("other-root",), cert="client-direct"))])


CASES.append(Several("several-causes/six-apache-12", "six clients of one Apache, three of which fail", **six("12", 40, False)))
CASES.append(Several("several-causes/six-apache-13", "six clients of one Apache, three of which fail", **six("13", 116, True)))
CASES.append(Aggregated("several-causes/one-frame-12", "three connections, packet by packet in the same 802.11 frames (A-MSDU)", [
    "version-no-overlap/ossl-ossl-11-12", "alpn-no-overlap/ossl-ossl-12", "server-cert-expired/ossl-gnutls-12"]))
CASES.append(Merged("several-causes/interleaved-12", "six connections made one by one, laid over each other packet by packet", [
    "healthy/ossl-ossl-12", "server-cert-expired/ossl-gnutls-12", "client-cert-missing/ossl-ossl-12",
    "healthy/gnutls-gnutls-12", "version-no-overlap/ossl-apache-13-12", "healthy/curl-apache-12-mutual"]))

CASES += [
    Derived("server-cert-expired/derived-doubled", "server-cert-expired/ossl-gnutls-12", derive.double_everything),
    Derived("healthy/derived-doubled", "healthy/gnutls-gnutls-12", derive.double_everything),
    Derived("client-cert-missing/derived-alert-again", "client-cert-missing/ossl-ossl-12", derive.retransmit_alert),
    Derived("server-cert-unknown-ca/derived-alert-again", "server-cert-unknown-ca/ossl-ossl-12", derive.retransmit_alert),
    Derived("client-cert-issuer-not-listed/derived-small-segments", "client-cert-issuer-not-listed/ossl-ossl-12", derive.split),
    Derived("server-cert-expired/derived-small-segments", "server-cert-expired/curl-apache-12", derive.split),
    Derived("healthy/derived-small-segments", "healthy/curl-apache-12-mutual", derive.split),
    Derived("server-cert-chain-incomplete/derived-out-of-order", "server-cert-chain-incomplete/ossl-ossl-12", derive.split_and_shuffle),
    Derived("server-cert-unknown-ca/derived-out-of-order", "server-cert-unknown-ca/ossl-gnutls-12-root-sent", derive.split_and_shuffle,
            best=["server-cert-unknown-ca", "server-cert-rejected"]),     # Wireshark does not put it in order unless told to
    Derived("server-cert-expired/derived-started-late", "server-cert-expired/ossl-ossl-12", derive.without_start,
            best=["server-cert-expired", "server-cert-rejected", "handshake-refused"], sender_ok=["unknown"],
            phase_ok=["before-hello", "client-hello", "client-flight", "established"]),
    Derived("server-cert-expired/derived-lost-flight", "server-cert-expired/ossl-gnutls-12", derive.without_server_flight,
            best=["server-cert-expired", "server-cert-rejected"], phase_ok=["client-hello"]),
    Derived("server-cert-expired/derived-cut-short", "server-cert-expired/ossl-gnutls-12", derive.short,
            best=["server-cert-expired", "server-cert-rejected"], phase_ok=["client-hello"]),
]
