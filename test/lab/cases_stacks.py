"""The table's second part: the same faults with other TLS stacks, each against a program whose secrets we have.

The words are those of cases.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import clients as c
import servers as s
import stacks as k
from case import Case
from cases import BLIND_CLEAR, variants
from many import Several

CASES = []
CLIENTS = {"ossl": c.ossl, "gnutls": c.gnutls, "curl": c.curl, "python": c.python, "java": k.java_client, "go": k.go_client,
           "node": k.node_client, "nss": k.nss_client, "stunnel": k.stunnel_client, "wget": k.wget, "mbed": k.mbed_client, "wolf": k.wolf_client,
           "ossl35": k.ossl35_client, "gnutls38": k.gnutls38_client, "fips": k.fips_client, "go124": k.go124_client}
SERVERS = {"ossl": s.ossl, "gnutls": s.gnutls, "apache": s.apache, "python": s.python, "nginx": k.nginx, "haproxy": k.haproxy,
           "stunnel": k.stunnel_server, "java": k.java_server, "go": k.go_server, "node": k.node_server, "nss": k.nss_server,
           "mbed": k.mbed_server, "wolf": k.wolf_server, "ossl35": k.ossl35_server, "gnutls38": k.gnutls38_server, "nss110": k.nss110_server, "fips": k.fips_server, "go124": k.go124_server}
# These answer requests of HTTP only.
WEB = {"ossl": dict(steps=(0.3, c.GET % "/index.html", 0.3, "Q\n")), "gnutls": dict(steps=(0.3, c.GET % "/index.html", 0.3)),
       "python": dict(extra=("--talk", c.GET % "/index.html"))}
WEB_SERVERS = ("nginx", "haproxy", "apache", "nss")
KEEP_SECRETS = ("java", "stunnel", "nss", "nginx", "haproxy", "mbed", "wolf")        # write no key log: of two of them no Finished can be read
OPENSSL = ("ossl", "curl", "python", "stunnel", "ossl35")                        # clients whose alert in TLS 1.3 is in clear
REJECTED, REFUSED = "server-cert-rejected", "handshake-refused"


def pair(client, server, version, mine, theirs):
    """The two programs, with what each needs to get on with the other."""
    mine, theirs = dict(mine), dict(theirs)
    if server in WEB_SERVERS and client in WEB and "steps" not in mine and "extra" not in mine:
        mine |= WEB[client]
    if client == "wget":
        theirs |= dict(echo=False, extra=("-www",))
    return CLIENTS[client](**({"version": version} | mine)), SERVERS[server](**({"version": version} | theirs))


def add(cause, variant, truth, keys, client, server, version, mine={}, theirs={}, **row):
    client, server = pair(client, server, version, mine, theirs)
    CASES.append(Case("%s/%s" % (cause, variant), truth, client=client, server=server, keys=keys, **row))


# ---- Healthy

def healthy(words, scenario, mine={}, theirs={}, **row):
    for client, server, version, _, name, keys in variants(words):
        if client == "wget":
            theirs = dict(cert="localhost") | theirs
        more = dict(reaction=True, best=["none", "closed-without-notify", "closed-normally"]) if client == "nss" else {}
        add("healthy", name, "none", keys, client, server, version, mine, theirs, scenario=scenario, **({"completes": None if client in KEEP_SECRETS and server in KEEP_SECRETS else True} | more | row))


healthy("curl-nginx-12 ossl-nginx-12 curl-nginx-13+ python-nginx-13+ curl-haproxy-12 python-haproxy-12 curl-haproxy-13+ ossl-haproxy-13*", "plain")
healthy("ossl-stunnel-12 stunnel-ossl-12 ossl-stunnel-13+ stunnel-stunnel-13 stunnel-ossl-13*", "plain")
healthy("java-ossl-12 ossl-java-12 java-ossl-13+ ossl-java-13+ java-java-12 java-java-13 java-gnutls-13*", "plain")
healthy("go-ossl-12 ossl-go-12 go-ossl-13+ ossl-go-13+ go-go-13* go-gnutls-12", "plain")
healthy("node-ossl-12 ossl-node-12 node-ossl-13+ ossl-node-13+ node-node-13*", "plain")
healthy("nss-ossl-12 ossl-nss-12 nss-ossl-13+ ossl-nss-13+ nss-nss-13", "plain")
healthy("python-ossl-12 ossl-python-12 python-ossl-13+ ossl-python-13+ python-go-13*", "plain")
healthy("wget-ossl-12 wget-ossl-13+", "plain")
healthy("mbed-ossl-12 ossl-mbed-12 wolf-ossl-12 ossl-wolf-12 wolf-ossl-13+ ossl-wolf-13+ wolf-wolf-12 gnutls-mbed-12 mbed-go-12", "plain")
MUTUAL = dict(cert="client-direct")
for words in ("ossl-haproxy-12-mutual ossl-haproxy-13-mutual*", "ossl-stunnel-12-mutual curl-nginx-12-mutual curl-nginx-13-mutual*",
              "ossl-java-12-mutual ossl-java-13-mutual+", "java-ossl-12-mutual java-ossl-13-mutual+", "ossl-go-12-mutual go-ossl-13-mutual+ go-go-12-mutual",
              "ossl-node-13-mutual+ node-ossl-12-mutual", "nss-ossl-12-mutual ossl-nss-13-mutual+", "python-python-12-mutual python-python-13-mutual+", "stunnel-ossl-13-mutual*",
              "ossl-mbed-12-mutual mbed-ossl-12-mutual ossl-wolf-13-mutual* wolf-ossl-12-mutual"):
    healthy(words, "the server asks for a client certificate and accepts it", MUTUAL, dict(trust=("root",), ask="require"))


# ---- What these clients reject about the server's certificate

EXPIRED, UNKNOWN, NAME_MISMATCH, SELF, MISMATCH = ("server-cert-" + w for w in ("expired", "unknown-ca", "name-mismatch", "self-signed", "key-mismatch"))
USAGE, BAD_SIGNATURE, FUTURE = "server-cert-wrong-usage", "server-cert-bad-signature", "server-cert-not-yet-valid"
SERVER_FAULTS = {
    EXPIRED: ("the server's leaf has expired", dict(cert="server-expired"), "expired|EXPIRED|validity check failed|current date after"),
    FUTURE: ("the server's leaf is not yet valid", dict(cert="server-future"), "not yet|NotYetValid|expired or is not yet|NOT_YET_VALID|EXPIRED|in the future|current date before"),
    UNKNOWN: ("the client does not know the server's root", dict(cert="server-unknown", chain=("other-inter",)),
              "unable to (find|get|verify)|unknown authority|UNKNOWN_ISSUER|(unknown|known) issuer|not correctly signed|error -188"),
    NAME_MISMATCH: ("the certificate is for another name", dict(cert="server-other-name"),
                    "[Hh]ostname mismatch|Subject checks failed|owner does not match|No (subject alternative|name)|is valid for|ALTNAME_INVALID|BAD_CERT_DOMAIN|No matching host name|host name|expected CN|name mismatch"),
    SELF: ("the server's certificate is self-signed", dict(cert="server-self", chain=()),
           "self-signed|SELF_SIGNED|unable to find|unknown authority|UNKNOWN_ISSUER|UNTRUSTED|CA_CERT_INVALID|not correctly signed|[Ss]elf-signed|error -188"),
    MISMATCH: ("the server signs with a key that is not its certificate's", dict(cert="server-wrong-key"), "bad signature|[Ss]ignature|BAD_SIGNATURE|decrypt"),
    USAGE: ("the server's leaf is for client authentication only", dict(cert="server-client-only-named"), "purpose|[Uu]sage|USAGE|PURPOSE|CERT_TYPE|Ext Key Use"),
    BAD_SIGNATURE: ("one bit of the signature of the server's leaf is wrong", dict(cert="server-bad-signature"), "signature|Signature|SIGNATURE|verification failure|ASN sig error"),
}
OPENSSL_SAYS = {EXPIRED: 45, FUTURE: 42, UNKNOWN: 48, NAME_MISMATCH: 42, SELF: 48, MISMATCH: 51, USAGE: 43, BAD_SIGNATURE: 51}
# the alert by client, cause and version; None: it closes without one
CLIENT_ALERTS = {
    "python": OPENSSL_SAYS, "stunnel": OPENSSL_SAYS | {NAME_MISMATCH: 80},
    "java": {EXPIRED: {"12": 45, "13": 46}, FUTURE: {"12": 42, "13": 46}, UNKNOWN: 46, NAME_MISMATCH: 46, SELF: 46, MISMATCH: 40, USAGE: 46, BAD_SIGNATURE: 42},
    "go": {EXPIRED: 42, FUTURE: 42, UNKNOWN: 42, NAME_MISMATCH: 42, SELF: 42, MISMATCH: {"12": 10, "13": 51}, USAGE: 42, BAD_SIGNATURE: 42},
    "nss": {EXPIRED: 45, FUTURE: 45, UNKNOWN: 48, NAME_MISMATCH: 42, SELF: 42, MISMATCH: 51, USAGE: 46, BAD_SIGNATURE: 42},
    "mbed": {EXPIRED: 45, FUTURE: 46, UNKNOWN: 48, NAME_MISMATCH: 42, SELF: 48, MISMATCH: 51, USAGE: 43, BAD_SIGNATURE: 48},
    "wolf": {EXPIRED: 45, FUTURE: 45, UNKNOWN: 48, NAME_MISMATCH: 42, SELF: 42, MISMATCH: {"12": None, "13": 51}, USAGE: 42, BAD_SIGNATURE: 42},
    "node": {MISMATCH: 51, EXPIRED: None, UNKNOWN: None, NAME_MISMATCH: None, SELF: None, USAGE: None},
    "wget": {MISMATCH: None, EXPIRED: None, UNKNOWN: None, NAME_MISMATCH: None},
}


def server_fault(cause, words, theirs={}, **row):
    scenario, fault, says = SERVER_FAULTS[cause]
    for client, server, version, _, name, keys in variants(words):
        alert = CLIENT_ALERTS.get(client, OPENSSL_SAYS)[cause]
        alert = alert[version] if isinstance(alert, dict) else alert
        more, clear = {}, version == "12" or client in OPENSSL
        if alert is None:
            more = closes_late(client, cause, version)
        elif not clear:
            more = dict(blind=[REJECTED, REFUSED])
        elif version == "13":
            more = dict(blind=sorted({cause, *BLIND_CLEAR[alert]}) if alert != 42 else BLIND_CLEAR[42])
        if client == "nss" and version == "12" and cause != MISMATCH:      # after both Finished
            more = dict(blind=[cause, REJECTED, REFUSED, "session-aborted", "closed-normally", "none"])   # or only a close_notify
        if client in KEEP_SECRETS and server in KEEP_SECRETS and version == "13":
            more = dict(unreadable=True, best=[REJECTED, REFUSED], label={"encrypted": True})
        elif cause == UNKNOWN and alert in (42, 46):                   # which say nothing of trust
            more["best"] = [cause, REJECTED]
        server_side = dict(fault) | theirs
        if client == "wget":
            server_side = dict(cert={EXPIRED: "localhost-expired", UNKNOWN: "localhost-unknown"}.get(cause, fault["cert"]), chain=fault.get("chain", ("inter",)))
        add(cause, name, cause, keys, client, server, version, {}, server_side, **(dict(completes=None, scenario=scenario, alert=alert, client_says=says) | more | row))


def closes_late(client, cause, version):
    """Of clients that look at the certificate after the handshake and then just leave."""
    if cause == MISMATCH or (client, version) == ("node", "13"):       # before its own Finished
        may = [cause, REJECTED, "reset-in-handshake" if cause == MISMATCH else "closed-in-handshake"]
        return dict(best=may, blind=may[1:] if version == "13" else None, reaction=True, completes=False)
    may = [cause, REJECTED, "closed-without-notify", "closed-normally", "none"]
    return dict(best=may, blind=may[1:] if version == "13" else None, reaction=True, label={"optional": True, "phase_ok": ["established", "client-flight", "server-finished"]})


server_fault(EXPIRED, "java-ossl-12 java-ossl-13+ go-ossl-12 go-ossl-13+ nss-ossl-12+ nss-ossl-13+ python-ossl-12 python-ossl-13+ stunnel-ossl-12 stunnel-ossl-13* node-ossl-12 node-ossl-13+ wget-ossl-12 wget-ossl-13+")
server_fault(UNKNOWN, "java-ossl-12 java-ossl-13+ go-ossl-12 go-ossl-13+ nss-ossl-12* nss-ossl-13+ python-ossl-12 python-ossl-13+ stunnel-ossl-12 stunnel-ossl-13+ node-ossl-12 node-ossl-13+ wget-ossl-12")
server_fault(NAME_MISMATCH, "java-ossl-12 java-ossl-13+ go-ossl-12 go-ossl-13+ nss-ossl-12* nss-ossl-13* python-ossl-12 python-ossl-13* stunnel-ossl-12 node-ossl-12 node-ossl-13+ wget-ossl-12 wget-ossl-13*")
server_fault(SELF, "java-ossl-12 java-ossl-13* go-ossl-12 go-ossl-13* nss-ossl-12* python-ossl-13* stunnel-ossl-12 node-ossl-13*")
server_fault(MISMATCH, "java-ossl-12 java-ossl-13+ go-ossl-12 go-ossl-13* nss-ossl-12 nss-ossl-13* python-ossl-13* stunnel-ossl-12 node-ossl-12 wget-ossl-12")
server_fault(USAGE, "java-ossl-12 go-ossl-12 go-ossl-13* nss-ossl-13* python-ossl-13* stunnel-ossl-12")
MAIL_ONLY = "the intermediate's extendedKeyUsage is for mail only"
UNDER_MAIL = dict(cert="server-under-mail", chain=("mail-inter",))
server_fault(USAGE, "go-ossl-12-intermediate go-ossl-13-intermediate* python-ossl-12-intermediate", UNDER_MAIL, scenario=MAIL_ONLY)
server_fault(USAGE, "nss-ossl-13-intermediate*", UNDER_MAIL, scenario=MAIL_ONLY, alert=42, client_says="CA_CERT_INVALID")
healthy("java-ossl-12-mail-ca mbed-ossl-12-mail-ca wolf-ossl-12-mail-ca java-ossl-13-mail-ca*", MAIL_ONLY + ", and the client looks at the leaf's alone",
        theirs=UNDER_MAIL)
server_fault(BAD_SIGNATURE, "java-ossl-12 java-ossl-13* go-ossl-12 nss-ossl-12* python-ossl-12")
server_fault(FUTURE, "java-ossl-12 java-ossl-13* go-ossl-12 nss-ossl-13* python-ossl-12")
server_fault(EXPIRED, "mbed-ossl-12 wolf-ossl-12 wolf-ossl-13+")
server_fault(UNKNOWN, "mbed-ossl-12 wolf-ossl-12 wolf-ossl-13+")
server_fault(NAME_MISMATCH, "mbed-ossl-12 wolf-ossl-12 wolf-ossl-13*")
server_fault(SELF, "mbed-ossl-12 wolf-ossl-12")
server_fault(MISMATCH, "mbed-ossl-12 wolf-ossl-12 wolf-ossl-13*")
server_fault(USAGE, "mbed-ossl-12 wolf-ossl-12")
server_fault(BAD_SIGNATURE, "mbed-ossl-12 wolf-ossl-12")
server_fault(FUTURE, "mbed-ossl-12 wolf-ossl-12")
server_fault(EXPIRED, "curl-nginx-12 curl-nginx-13+ curl-haproxy-12 python-haproxy-13+ ossl-stunnel-12 python-java-12 curl-java-13+ go-go-13* java-java-12 java-java-13 ossl-node-12 python-go-13+ curl-nss-12")
server_fault(UNKNOWN, "curl-nginx-12 python-nginx-13* curl-haproxy-13* java-java-13 java-java-12 go-go-12 ossl-stunnel-13* curl-node-13*")
server_fault(NAME_MISMATCH, "ossl-nginx-12 python-nginx-13+ java-java-13 go-haproxy-13* java-nginx-12")
server_fault(SELF, "curl-nginx-12 python-haproxy-13* ossl-java-13* go-node-12")


# ---- What these servers reject about the client's certificate

MISSING, NOT_LISTED = "client-cert-missing", "client-cert-issuer-not-listed"
C_EXPIRED, C_FUTURE, C_UNKNOWN, C_SELF, C_MISMATCH, C_USAGE = ("client-cert-" + w for w in (
    "expired", "not-yet-valid", "unknown-ca", "self-signed", "key-mismatch", "wrong-usage"))
CLIENT_FAULTS = {
    MISSING: ("the client sends no certificate", {}, "did not return a certificate|Empty (client|server)? ?certificate|didn't provide a certificate|NO_CERTIFICATE|SSL_ERROR|error"),
    NOT_LISTED: ("the client's certificate is of a CA that the server does not name", dict(cert="client-other"), "unable to|unknown authority|not recognized|self.signed|failed / 20|not correctly signed|error -188"),
    C_UNKNOWN: ("the server does not know the client's CA, and names none", dict(cert="client-other"), "unable to|unknown authority|not recognized|self.signed|failed / 20|not correctly signed|error -188"),
    C_EXPIRED: ("the client's certificate has expired", dict(cert="client-expired"), "expired|validity check failed|failed / 10|current date after"),
    C_FUTURE: ("the client's certificate is not yet valid", dict(cert="client-future"), "not yet|NotYetValid|validity|failed / 9|current date before"),
    C_SELF: ("the client's certificate is self-signed", dict(cert="client-self"), "[Ss]elf-signed|unable to|unknown authority|failed / 18|not correctly signed|error -188"),
    C_MISMATCH: ("the client signs with a key that is not its certificate's", dict(cert="client-wrong-key"), "[Ss]ignature|SIGNATURE"),
    C_USAGE: ("the client's certificate is for server authentication only", dict(cert="client-server-only"), "purpose|[Uu]sage|failed / 26"),
}
OPENSSL_SERVER = {MISSING: {"12": 40, "13": 116}, NOT_LISTED: 48, C_UNKNOWN: 48, C_EXPIRED: 45, C_FUTURE: 42, C_SELF: 48, C_MISMATCH: 51, C_USAGE: 43}
SERVER_ALERTS = {
    "java": {MISSING: 42, NOT_LISTED: 46, C_UNKNOWN: 46, C_EXPIRED: 46, C_FUTURE: 46, C_SELF: 46, C_MISMATCH: 40, C_USAGE: 46},
    "go": {MISSING: 42, NOT_LISTED: 42, C_EXPIRED: 42, C_FUTURE: 42, C_SELF: 42, C_MISMATCH: 51, C_USAGE: 42},
    "nss": {MISSING: {"12": 42, "13": 116}, NOT_LISTED: 48, C_EXPIRED: 45, C_FUTURE: 45, C_SELF: 48, C_MISMATCH: 51, C_USAGE: 46},
    "mbed": {MISSING: None, NOT_LISTED: 48, C_EXPIRED: 45, C_FUTURE: 46, C_SELF: 48, C_MISMATCH: None, C_USAGE: 43},
    "wolf": {MISSING: {"12": None, "13": 116}, NOT_LISTED: 48, C_UNKNOWN: 48, C_EXPIRED: 45, C_FUTURE: 45, C_SELF: 42, C_MISMATCH: 51, C_USAGE: 42},
    "node": {MISSING: {"12": 40, "13": 116}, NOT_LISTED: None, C_EXPIRED: None, C_SELF: None, C_MISMATCH: 51},
}


C_UNDER_MAIL = dict(cert="client-under-mail", chain=("mail-inter",))


def client_fault(cause, words, mine={}, **row):
    scenario, fault, says = CLIENT_FAULTS[cause]
    fault = fault | mine
    for client, server, version, _, name, keys in variants(words):
        server_says = "" if server == "node" or (server, version) == ("nss", "13") else says      # which say nothing
        alert = SERVER_ALERTS.get(server, OPENSSL_SERVER)[cause]
        alert = alert[version] if isinstance(alert, dict) else alert
        more = dict(blind=([MISSING] if cause == MISSING else []) + ["client-cert-rejected", REFUSED]) if version == "13" else {}
        if alert is None:
            end = "reset-in-handshake" if server in ("mbed", "wolf") else "closed-in-handshake"      # these leave records unread
            may = [cause, "client-cert-rejected", end] + ["closed-without-notify", "none"] * (version == "13")
            more = dict(best=may, blind=may[1:] if version == "13" else None, reaction=True, label={"phase_ok": ["server-finished", "established"], "optional": version == "13"})
        if client in KEEP_SECRETS and server in KEEP_SECRETS and version == "13":
            more = dict(unreadable=True, best=more["blind"], client_says="[Rr]eceived fatal alert", label={"encrypted": True})
        if cause == C_SELF:
            more["best"] = more.get("best", [C_SELF]) + [NOT_LISTED]
        add(cause, name, cause, keys, client, server, version, fault, dict(trust=("root",), ask="require"),
            **(dict(completes=None, scenario=scenario, alert=alert, server_says=server_says) | more | row))


client_fault(MISSING, "ossl-haproxy-12 curl-haproxy-13+ ossl-stunnel-12 ossl-stunnel-13+ ossl-java-12 ossl-java-13+ ossl-go-12 ossl-go-13+ ossl-nss-12 ossl-nss-13+ python-python-12 python-python-13+ ossl-node-12 ossl-node-13+ java-ossl-12 java-java-13 go-go-13* go-ossl-12 nss-ossl-13* wget-ossl-12")
client_fault(NOT_LISTED, "ossl-haproxy-12 curl-haproxy-13* ossl-stunnel-12 ossl-java-12 ossl-java-13+ ossl-go-12 ossl-go-13+ ossl-nss-12 ossl-nss-13* ossl-node-12 ossl-node-13+ go-ossl-12 go-ossl-13* go-go-13* python-ossl-12")
client_fault(C_UNKNOWN, "python-python-12 python-python-13+ ossl-python-12 go-python-13*")
client_fault(C_EXPIRED, "ossl-haproxy-12 ossl-haproxy-13+ ossl-stunnel-12 ossl-stunnel-13* ossl-java-12 ossl-java-13+ ossl-go-12 ossl-go-13+ ossl-nss-12 ossl-nss-13+ python-python-12 python-python-13* ossl-node-12 ossl-node-13* go-ossl-13* java-ossl-12 java-ossl-13* node-ossl-13*")
client_fault(C_SELF, "ossl-haproxy-12 ossl-java-13* ossl-go-12 python-python-13* ossl-stunnel-12")
client_fault(C_MISMATCH, "ossl-haproxy-12 ossl-java-12 ossl-java-13* ossl-go-12 ossl-go-13* ossl-nss-13* ossl-python-13*")
client_fault(C_USAGE, "ossl-haproxy-12 ossl-java-12 ossl-java-13* ossl-go-12 ossl-go-13* python-python-12")
client_fault(C_USAGE, "ossl-go-12-intermediate python-python-12-intermediate", C_UNDER_MAIL, scenario=MAIL_ONLY)
client_fault(C_USAGE, "ossl-haproxy-13-intermediate*", C_UNDER_MAIL, scenario=MAIL_ONLY, server_says="verify failed")
for client, server, version, _, name, keys in variants("ossl-java-12-unlisted gnutls-java-12-unlisted"):
    add("client-cert-weak-signature", name, "client-cert-weak-signature", keys, client, server, version, dict(cert="client-of-rsa", trust=("root",)),
        dict(trust=("rsa-root",), ask="require", system=("jdk.tls.server.SignatureSchemes=ecdsa_secp256r1_sha256",)), alert=46, completes=None,
        server_says="[Aa]lgorithm constraints|PKIX|signature", scenario="the client's certificate is signed with RSA, and the server asks for ECDSA signatures only")
client_fault(C_FUTURE, "ossl-haproxy-13* ossl-java-13* ossl-go-12 ossl-stunnel-12")


client_fault(MISSING, "ossl-mbed-12 ossl-wolf-12 ossl-wolf-13+")
client_fault(NOT_LISTED, "ossl-mbed-12")
client_fault(C_UNKNOWN, "ossl-wolf-12 ossl-wolf-13*")
client_fault(C_EXPIRED, "ossl-mbed-12 ossl-wolf-12 ossl-wolf-13+")
client_fault(C_FUTURE, "ossl-mbed-12 ossl-wolf-12")
client_fault(C_SELF, "ossl-mbed-12 ossl-wolf-12")
client_fault(C_MISMATCH, "ossl-mbed-12 ossl-wolf-12 ossl-wolf-13*")
client_fault(C_USAGE, "ossl-mbed-12")


# nginx asks, completes the handshake all the same, and answers with an HTTP error: without keys that is a good session.
NGINX_ASKS = [(MISSING, "ossl-nginx-12-said* ossl-nginx-13-said+ curl-nginx-13-said*", None, "sends none", ""),
              (C_EXPIRED, "ossl-nginx-12-said* ossl-nginx-13-said+", "client-expired", "sends an expired one", "expired"),
              (C_UNKNOWN, "ossl-nginx-13-said*", "client-other", "sends one of an unknown CA", "unable to (get|verify)")]
for cause, words, cert, scenario, says in NGINX_ASKS:
    for client, server, version, _, name, keys in variants(words):
        add(cause, name, cause, keys, client, server, version, dict(cert=cert, **WEB.get(client, {})), dict(trust=("root",), ask="require"), blind=["none"],
            best=[cause, NOT_LISTED] if cause == C_UNKNOWN else None, phase="established", completes=None, client_says="400 ", server_says=says,
            scenario="nginx requires a client certificate, the client %s; nginx answers with HTTP's 400 inside" % scenario)


# Java still writes its first message in SSLv2's format when told to (RFC 5246 E.2): some servers read it, some do not.
SSLV2 = dict(extra=("versions=SSLv2Hello,TLSv1.2",))
SSLV2_HELLO = "the client's ClientHello has SSLv2's format, "
healthy("java-gnutls-12-sslv2-hello", SSLV2_HELLO + "which the server reads", SSLV2, phase=None)
add("version-no-overlap", "java-go-12-sslv2-hello", "version-no-overlap", False, "java", "go", "12", SSLV2, scenario=SSLV2_HELLO + "which the server refuses", alert=70,
    server_says="unsupported SSLv2 handshake")
for server in ("ossl", "nginx"):
    add("sigalg-no-overlap", "java-%s-12-sslv2-hello" % server, "sigalg-no-overlap", False, "java", server, "12", SSLV2 | dict(check=False), dict(cert="server-rsa", chain=()), alert=40,
        scenario=SSLV2_HELLO + "which has no signature_algorithms, and the server signs nothing with SHA-1", server_says="no suitable signature algorithm")


# What TLS 1.3 hides of the server's certificate, a client of TLS 1.2 has shown.
CASES.append(Several("server-cert-expired/several-curl-12-java-13", "two clients reject one expired certificate, of which only the first one's handshake shows it",
                     s.apache(cert="server-expired"), [(EXPIRED, 45, c.curl(version="12")), (EXPIRED, 46, k.java_client(version="13"))], keys=False, hidden=(1,)))
CASES.append(Several("server-cert-expired/several-gnutls-13-curl-12", "two clients reject one expired certificate, which only the second one's handshake shows",
                     s.apache(cert="server-expired"), [(EXPIRED, 42, c.gnutls(version="13")), (EXPIRED, 45, c.curl(version="12"))], keys=False, hidden=(0,), hindsight=True))
