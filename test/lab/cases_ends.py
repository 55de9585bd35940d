"""The table's third part: the ways in which connections end, good and bad, and faults that only an own
program makes. The words are those of cases.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import clients as c
import servers as s
import stacks as k
from case import Case
from cases import variants
from cases_stacks import CLIENTS, SERVERS, WEB, pair

CASES = []
ENDED = ["none", "closed-without-notify", "closed-normally"]
REFUSED = "handshake-refused"


def add(cause, variant, truth, keys, client, server, **row):
    CASES.append(Case("%s/%s" % (cause, variant), truth, client=client, server=server, keys=keys, **row))


def py_client(version, *words, steps=(2,), **more):
    return c.python(version=version, extra=words, steps=steps, **more)


def py_server(version, *words, **more):
    return s.python(version=version, extra=words or ("--end", "answer"), **more)


# ---- Healthy: every way to end, between two programs of which one follows the other's lead

def ending(detail, scenario, client=(), server=(), versions="12 13+", clean=False, peer="python", steps=(2,)):
    """Python's client with CLIENT's options against PEER, which has SERVER's if it is Python's; CLEAN: with close_notify."""
    for version in versions.split():
        keys = {"+": "both", "*": True}.get(version[-1], False)
        version = version.rstrip("+*")
        theirs = py_server(version, *server) if peer == "python" else s.ossl(version=version)
        add("healthy", "python-%s-%s-%s" % (peer, version, detail), "none", keys, py_client(version, *client, steps=steps), theirs, completes=True,
            scenario=scenario, reaction=not clean, best=["none", "closed-normally"] if clean else ENDED, client_says="ended with|error")


ending("client-first", "the client sends close_notify and waits for the server's", ("--end", "notify"), clean=True)
ending("client-first-at-once", "the client sends close_notify and FIN at once", ("--end", "notify-first"), clean=True)
ending("server-first", "the server sends close_notify first, the client answers with its own", ("--end", "answer"), ("--end", "notify-first"), clean=True)
ending("client-fin", "the client closes without close_notify", ("--end", "fin"))
ending("server-fin", "the server closes without close_notify", ("--end", "answer"), ("--end", "fin"))
ending("client-rst", "the client resets when it has its answer", ("--end", "rst"))
ending("server-rst", "the server resets when it has answered", ("--end", "answer"), ("--end", "rst"))
ending("half-closed", "the client closes its half with close_notify, the server sends one more line", ("--end", "half"), ("--parting", "--end", "notify-first"), clean=True)
ending("probe-notify", "the client closes with close_notify after the handshake, without data", ("--stop", "done", "--end", "notify-first"), clean=True)
ending("probe-fin", "the client closes after the handshake, without data and without close_notify", ("--stop", "done", "--end", "fin"))
ending("probe-rst", "the client resets after the handshake, without data", ("--stop", "done", "--wait", "0.2", "--end", "rst"))
ending("one-way", "only the client sends data", ("--no-read", "--end", "notify-first", "--talk", "one\n", "two\n", "three\n"), ("--no-answer", "--end", "answer"), clean=True)
ending("server-speaks", "the server speaks first", (), ("--speak-first", "--end", "answer"), clean=True)
ending("idle", "nothing for 6 s but TCP's keep-alive, then the client closes", ("--keep-alive", "--wait", "6.3", "--end", "notify"), clean=True, steps=(9,))
ending("idle-fin", "nothing for 6 s but TCP's keep-alive, then the client closes without close_notify", ("--keep-alive", "--wait", "6.3", "--end", "fin"), steps=(9,), versions="12 13*")
ending("client-fin", "the client closes without close_notify, and OpenSSL's server answers with an alert of its own", ("--end", "fin"), peer="ossl")
ending("probe-fin", "the client closes after the handshake, without data and without close_notify", ("--stop", "done", "--end", "fin"), peer="ossl", versions="12+ 13+")
ending("talk", "ten lines to and fro", ("--talk", *"abcdefghij"), (), clean=True, versions="12* 13*")

add("healthy", "plain-ossl-12-connects-only", "none", False, py_client("12", "--stop", "connect", "--end", "fin"), s.ossl(version="12"),
    scenario="the client connects and closes without a word, as a probe does", best=ENDED, completes=False, reaction=True)
for version, keys in (("12", False), ("13", "both")):
    for fault, why in (("server-expired", "has expired"), ("server-other-name", "is for another name"), ("server-self", "is self-signed")):
        chain = () if fault == "server-self" else ("inter",)
        for end, how in (("notify-first", "with close_notify"), ("fin", "without close_notify")):
            if fault == "server-self" and end == "fin":
                continue
            add("healthy", "python-ossl-%s-%s-accepted-%s" % (version, fault.removeprefix("server-"), "notify" if end == "notify-first" else end), "none", keys,
                py_client(version, "--stop", "done", "--end", end, check=False), s.ossl(version=version, cert=fault, chain=chain), completes=True, reaction=end == "fin",
                scenario="the server's certificate %s; the client does not look at it, and closes %s and without data" % (why, how),
                best=["none", "closed-normally"] if end == "notify-first" else ENDED, client_says="ended with")
    for server in ("nginx", "haproxy", "apache"):
        client, program = pair("ossl", server, version, dict(steps=(0.3, c.GET % "/index.html", 4.5, "Q\n")), {})
        add("healthy", "ossl-%s-%s-server-times-out" % (server, version), "none", True if version == "13" else False, client, program, completes=True, reaction=True, best=ENDED,
            scenario="the connection is kept alive until the server has had enough and closes it", client_says="200 (OK|ok)|HTTP/1.1 [24]0")


# ---- Healthy: resumption and HelloRetryRequest by stack

def one_ticket(version):
    return ("-sess_in", lambda lab: lab.ticket(version))


def former_ticket(version, *options):
    return ("-sess_in", lambda lab: lab.old_ticket(version, *options), *options)


# A session of a server that has since been given another certificate, and has forgotten its keys or sessions: the full handshake fails.
for name, version, options, keys, server, what in (
        ("ossl-ossl-12-ticket-unknown", "12", (), False, s.ossl, "ticket"), ("ossl-ossl-12-session-unknown", "12", ("-no_ticket",), False, s.ossl, "session ID"),
        ("ossl-ossl-13-ticket-unknown", "13", (), "both", s.ossl, "ticket"), ("ossl-gnutls-13-ticket-unknown", "13", (), True, s.gnutls, "ticket")):
    add("server-cert-expired", name, "server-cert-expired", keys, c.ossl(version=version, extra=former_ticket(version, *options)), server(cert="server-expired", version=version),
        alert=45, blind=["server-cert-expired", "server-cert-rejected", REFUSED], completes=None, client_says="certificate has expired",
        scenario="the server does not know the %s of the session that the client offers to resume, and its new certificate has expired" % what)
add("client-cert-missing", "ossl-ossl-13-ticket-unknown", "client-cert-missing", True, c.ossl(version="13", extra=former_ticket("13")), s.ossl(version="13", ask="require", trust=("root",)),
    alert=116, completes=None, server_says="peer did not return a certificate",
    scenario="the server does not know the ticket of the session that the client offers to resume, and wants a certificate now")

P384 = {"nginx": dict(extra="ssl_ecdh_curve secp384r1;"), "haproxy": dict(bind="curves P-384"), "go": dict(extra=("-curve", "24")), "java": dict(system=("jdk.tls.namedGroups=secp384r1",)),
        "node": dict(extra={"ecdhCurve": "P-384"}), "python": dict(extra=("--curve", "secp384r1", "--end", "answer")), "nss": dict(extra=("-I", "P384")), "stunnel": dict(extra=("curves = P-384",)),
        "apache": dict(extra="SSLOpenSSLConfCmd Groups P-384")}

for server in ("nginx", "haproxy", "stunnel", "java", "go", "node"):
    for version, keys in (("12", False), ("13", "both")):
        client, program = pair("ossl", server, version, dict(extra=one_ticket(version), steps=WEB["ossl"]["steps"] if server in ("nginx", "haproxy") else c.HELLO + ("Q\n",)), {})
        add("healthy", "ossl-%s-%s-resumed" % (server, version), "none", keys, client, program, completes=True, client_says="Reused",
            scenario="a second connection resumes the first, whose ticket it was given")
for server in P384:
    client, program = pair("ossl", server, "13", dict(extra=("-groups", "X25519:P-384"), steps=WEB["ossl"]["steps"] if server in ("nginx", "haproxy", "apache", "nss") else c.HELLO + ("Q\n",)), P384[server])
    add("healthy", "ossl-%s-13-retry" % server, "none", True, client, program, completes=True, scenario="HelloRetryRequest")
for client, server in (("java", "ossl"), ("nss", "ossl")):                  # these send one key share only
    add("healthy", "%s-ossl-13-retry" % client, "none", "both", CLIENTS[client](version="13"), s.ossl(version="13", extra=("-groups", "P-384")), completes=True, reaction=client == "nss",
        best=ENDED, scenario="HelloRetryRequest")
add("healthy", "nss-ossl-12-renegotiated", "none", "both", k.nss_client(version="12", extra=("-r", "1")), s.ossl(version="12", extra=("-client_renegotiation",)), completes=True,
    reaction=True, best=ENDED, scenario="the client renegotiates and the server agrees")


# ---- The server wants a name

ONE_NAME = {"python": dict(extra=("--sni", "right.test", "--end", "answer")), "go": dict(extra=("-sni", "right.test")), "haproxy": dict(bind="strict-sni"),
            "nginx": dict(own="", extra="", more="server {{ listen {host}:{port} ssl default_server; ssl_reject_handshake on; }}"),
            "java": dict(extra=("sni=right.test",))}
for name, cause, why in (("wrong.test", "sni-unrecognized", "a name that the server does not have"), (None, "sni-missing", "no name, and the server needs one")):
    for client, server, version, _, variant, keys in variants("ossl-nginx-12 ossl-nginx-13 gnutls-nginx-13 ossl-haproxy-12 ossl-haproxy-13 gnutls-haproxy-13 ossl-python-12 ossl-python-13 gnutls-python-12 "
                                                              "ossl-go-12 ossl-go-13" + (" ossl-java-12 ossl-java-13" if name else "")):
        best = [cause] if server != "haproxy" else [cause, REFUSED]
        add(cause, variant, cause, keys, *pair(client, server, version, dict(name=name, check=False), ONE_NAME[server]), scenario="the client asks for " + why, best=best,
            alert=112, completes=False)



# ---- The extended master secret is required

NO_EMS, ONLY_EMS = dict(priority=":%NO_SESSION_HASH"), dict(system=("jdk.tls.allowLegacyMasterSecret=false",))
add("ems-required", "gnutls-java-12", "ems-required", False, c.gnutls(version="12", **NO_EMS), k.java_server(version="12", **ONLY_EMS), alert=40, phase="client-hello", sender="server",
    completes=False, scenario="the client leaves out extended_master_secret, the server requires it", server_says="[Ee]xtended [Mm]aster [Ss]ecret", best=["ems-required", REFUSED])
add("ems-required", "java-gnutls-12", "ems-required", False, k.java_client(version="12", **ONLY_EMS), s.gnutls(version="12", **NO_EMS), alert=40, phase="server-flight", sender="client",
    completes=False, scenario="the server leaves out extended_master_secret, the client requires it", client_says="[Ee]xtended [Mm]aster [Ss]ecret", best=["ems-required", REFUSED])


# ---- Upgrades refused, by protocol

UPGRADE = dict(phase="before-hello", sender="server", completes=False, version="", reaction=True)
# s_client goes on with a ClientHello although it was refused
GOES_ON = dict(UPGRADE, best=["starttls-refused", "not-tls-from-server"], label={"sender_ok": ["client"], "phase_ok": ["server-flight", "client-hello"]})
for protocol, words in (("ldap", "ldap"), ("ftp", "ftp"), ("nntp", "nntp")):
    add("starttls-refused", "ossl-%s-any" % protocol, "starttls-refused", False, c.ossl(extra=("-starttls", words), steps=(0.8,)), s.plain(protocol + "-refuses"),
        scenario="the client asks for TLS, the server declines", **GOES_ON)
add("starttls-refused", "ossl-mysql-any-lacking", "starttls-refused", False, c.ossl(extra=("-starttls", "mysql"), steps=(0.8,)), s.plain("mysql-lacks"),
    scenario="the server does not offer TLS (no CLIENT_SSL), the client leaves", **UPGRADE)
add("starttls-refused", "curl-smtp-any-leaves", "starttls-refused", False, c.curl_mail("smtp", "--ssl-reqd"), s.plain("smtp-leaves"),
    scenario="the server does not offer STARTTLS, the client leaves", **UPGRADE)
add("starttls-refused", "curl-connect-any", "starttls-refused", False, c.curl_through_proxy(), s.plain("connect-refuses"), scenario="the proxy refuses CONNECT", **UPGRADE)
add("starttls-refused", "rdp-any", "starttls-refused", False, c.plain("rdp"), s.plain("rdp-refuses"), scenario="an RDP client asks for TLS, the server refuses it", **UPGRADE)
add("healthy", "curl-connect-any-password", "none", False, c.curl_through_proxy(), s.plain("connect-asks-password"), completes=False, version="", reaction=True, best=ENDED,
    scenario="the proxy asks for a password, which the client may bring with its next connection")
add("healthy", "curl-smtp-any-plain", "none", False, c.curl_mail("smtp"), s.plain("smtp-leaves"), completes=False, version="", reaction=True, best=ENDED,
    scenario="the server does not offer STARTTLS, and the client does without")
add("not-tls-from-client", "smtp-go-any", "not-tls-from-client", False, c.plain("ehlo-first"), SERVERS["go"](), scenario="the client speaks SMTP", completes=False, version="", reaction=True,
    sender="server", phase="client-hello")
# A header of the PROXY protocol (haproxy's proxy-protocol.txt) before the ClientHello, for servers that do not expect it and for one that does.
for server in ("nginx", "haproxy", "apache"):
    add("not-tls-from-client", "curl-%s-any-proxy-header" % server, "not-tls-from-client", False, c.curl(extra=("--haproxy-protocol",), steps=(0.8,)), SERVERS[server](), completes=False,
        version="", reaction=True, sender="server", phase="client-hello", scenario="a PROXY protocol header before the ClientHello, to a server that does not expect it")
for version in ("12", "13"):
    add("healthy", "curl-haproxy-%s-proxy-header" % version, "none", "both", c.curl(version=version, extra=("--haproxy-protocol",), steps=(0.8,)),
        SERVERS["haproxy"](version=version, bind="accept-proxy"), completes=None, scenario="a PROXY protocol header before the ClientHello, to a server that expects it")
for what in ("ftp", "imap", "mysql"):
    for client in ("ossl", "java"):
        add("not-tls-from-server", "%s-%s-any" % (client, what), "not-tls-from-server", False, CLIENTS[client](), s.plain(what), sender="client", phase="server-flight", completes=False, version="",
            reaction=True, scenario="the server speaks %s" % what.upper(), alert=10 if client == "java" else None)


# ---- Canceled

CANCEL = dict(extra=("cancel=1200",))
add("canceled-by-user", "java-silence-any", "canceled-by-user", False, k.java_client(**CANCEL), s.plain("silence"), alert=90, warning=True, sender="client", phase="client-hello", completes=False,
    scenario="the server does not answer; the client's program closes the connection in the handshake", client_says="canceled",
    best=["canceled-by-user", "no-answer-to-client-hello"], label={"phase_ok": ["server-flight"]}, version="")
add("canceled-by-user", "java-ossl-12", "canceled-by-user", False, k.java_client(version="12", **CANCEL), s.ossl(version="12"), relay="stall-before-done", alert=90, warning=True, sender="client",
    phase="server-flight", completes=False, scenario="ServerHelloDone does not come; the client's program closes the connection in the handshake", client_says="canceled")
add("canceled-by-user", "java-ossl-13", "canceled-by-user", "both", k.java_client(version="13", **CANCEL), s.ossl(version="13"), relay="stall-after-server-hello", alert=90, warning=True,
    sender="client", phase="server-flight", completes=False, scenario="nothing comes after ServerHello; the client's program closes the connection in the handshake", client_says="canceled",
    blind_label={"tolerate": ["closed-in-handshake", "server-cert-rejected", REFUSED]})
add("canceled-by-user", "python-java-12-by-server", "canceled-by-user", False, py_client("12", "--stop", "flight", "--wait", "3", "--end", "fin", steps=(5,)),
    k.java_server(version="12", **CANCEL), alert=90, warning=True, sender="server", phase="client-hello", completes=False, server_says="canceled",
    scenario="the client does not go on after the server's flight; the server's program closes the connection in the handshake", label={"phase_ok": ["client-flight", "server-flight"]})


# ---- Resets and closes in the handshake, by each side

for end, cause in (("rst", "reset-in-handshake"), ("fin", "closed-in-handshake")):
    how = {"rst": "resets", "fin": "closes"}[end]
    for version, keys in (("12", False), ("13", "both")):
        for server in ("ossl", "gnutls"):
            add(cause, "python-%s-%s-by-client" % (server, version), cause, keys, py_client(version, "--stop", "flight", "--wait", "0.2", "--end", end), SERVERS[server](version=version),
                sender="client", phase="server-flight", completes=False, reaction=True, client_says="ended with", scenario="the client %s when it has the server's flight" % how)
    for client in ("ossl", "gnutls"):
        add(cause, "%s-python-12-by-server" % client, cause, False, CLIENTS[client](version="12"), py_server("12", "--stop", "flight", "--wait", "0.2", "--end", end),
            sender="server", phase="client-flight", completes=False, reaction=True, server_says="ended with", scenario="the server %s when it has the client's flight" % how)
    early = {"rst": "reset-after-client-hello", "fin": "closed-after-client-hello"}[end]
    for client in ("java", "go", "node", "nss"):
        add(early, "%s-python-any" % client, early, False, CLIENTS[client](), py_server(None, "--stop", "hello", "--end", end), completes=False, reaction=True, version="",
            scenario="the server %s when it has the ClientHello" % how)
for client in ("curl", "java", "gnutls"):
    add("closed-after-client-hello", "%s-haproxy-any" % client, "closed-after-client-hello", False, CLIENTS[client](), k.haproxy_filter("reject"), completes=False, reaction=True, version="",
        scenario="a proxy closes when it has seen the ClientHello")
for client in ("curl", "gnutls"):
    add("no-answer-to-client-hello", "%s-haproxy-any" % client, "no-answer-to-client-hello", False, CLIENTS[client](steps=()), k.haproxy_filter("silent-drop"), completes=False, reaction=True,
        version="", later=6, patience=0.2, stop_capture_first=True, scenario="a proxy drops the connection without a word; another connection is made 6 s later",
        best=["no-answer-to-client-hello"], label={"sender_ok": ["unknown"]})


# ---- Alerts of a program's own choice

# nobody sees whether the program has a rule of its own or just another set of authorities
SERVER_REFUSED, CLIENT_REFUSED = (["%s-cert-rejected" % side, "%s-cert-unknown-ca" % side] for side in ("server", "client"))

for version, keys in (("12", "both"), ("13", "both")):
    for alert, best, blind in ((49, ["session-aborted"], ["session-aborted"]), (80, ["internal-error", "session-aborted"], ["session-aborted"])):
        for client in ("ossl", "gnutls"):
            truth = "session-aborted" if alert == 49 else "internal-error"
            add(truth, "%s-gnutls-%s-established" % (client, version), truth, keys, CLIENTS[client](version=version), k.gnutls_app(alert, version=version), completes=True,
                sender="server", phase="established", alert=alert, best=best, server_says="ends the session with alert",
                blind=blind + ["none", "closed-normally", "closed-without-notify"], label={"phase_ok": ["client-flight"]} if version == "13" else {},
                scenario="the server's program ends the established connection with alert %d" % alert)
    add("client-cert-missing", "gnutls-gnutls-%s-silent" % version, "client-cert-missing", keys if version == "13" else False, CLIENTS["gnutls"](version=version), k.gnutls_app("require", version=version), completes=None if version == "13" else False,
        sender="server", phase="client-flight", reaction=True, best=["client-cert-missing"], blind=["client-cert-missing", "client-cert-rejected", *ENDED] if version == "13" else None, server_says="ertificate",
        scenario="the client sends no certificate; the server's program ends without an alert")
    for alert in (40, 49):
        for client in ("ossl", "gnutls"):
            add(REFUSED, "%s-python-%s-%d" % (client, version, alert), REFUSED, False, CLIENTS[client](version=version),
                py_server(version, "--sni", "nobody.test", "--sni-alert", str(alert), "--end", "answer"), alert=alert, completes=False, server_says="asked for name server.test",
                scenario="the server's program looks at the ClientHello and answers with alert %d" % alert,
                best=[REFUSED, "sni-unrecognized" if alert == 49 else "cipher-no-overlap"])
    for client in ("ossl", "go"):
        add("internal-error", "%s-go-%s" % (client, version), "internal-error", False, CLIENTS[client](version=version), k.go_server(version=version, extra=("-fail",)), alert=80, completes=False,
            server_says="problem of its own", sender="server", phase="client-hello", scenario="the server's program fails when it looks at the ClientHello")
    hidden = ["handshake-refused"]
    add("server-cert-rejected", "go-ossl-" + version, "server-cert-rejected", keys, k.go_client(version=version, extra=("-reject",)), s.ossl(version=version), alert=42, completes=False,
        client_says="does not like it", scenario="the client's program has a rule of its own against the certificate", best=SERVER_REFUSED, blind=["server-cert-rejected"] + hidden if version == "13" else None)
    add("server-cert-rejected", "java-ossl-" + version, "server-cert-rejected", keys, k.java_client(version=version, extra=("reject=yes",)), s.ossl(version=version), alert=46, completes=False,
        client_says="does not like it", scenario="the client's program has a rule of its own against the certificate", best=SERVER_REFUSED, blind=["server-cert-rejected"] + hidden if version == "13" else None)
    WITH_CERT = dict(version=version, cert="client-direct")
    for client in ("ossl", "gnutls"):
        add("client-cert-rejected", "%s-go-%s" % (client, version), "client-cert-rejected", keys, CLIENTS[client](**WITH_CERT), k.go_server(version=version, trust=("root",), ask="require", extra=("-reject",)),
            alert=42, server_says="does not like it", scenario="the server's program has a rule of its own against the certificate", best=CLIENT_REFUSED, blind=["client-cert-rejected"] + hidden if version == "13" else None)
        add("client-cert-rejected", "%s-java-%s" % (client, version), "client-cert-rejected", keys, CLIENTS[client](**WITH_CERT), k.java_server(version=version, ask="require", extra=("reject=yes",)),
            alert=46, server_says="does not like it", scenario="the server's program has a rule of its own against the certificate", best=CLIENT_REFUSED, blind=["client-cert-rejected"] + hidden if version == "13" else None)


# ---- What the other stacks find wrong in the hello

def hello(cause, words, scenario, alert, mine, theirs, best=None, blind=None, **row):
    """MINE, THEIRS: by program; of all programs: under "". BLIND: where the alert comes after ServerHello."""
    for client, server, version, _, name, keys in variants(words):
        number = alert.get(server, alert[""]) if isinstance(alert, dict) else alert
        add(cause, name, cause, keys, *pair(client, server, version, mine.get(client, mine.get("", {})), theirs.get(server, theirs.get("", {}))), scenario=scenario, alert=number,
            best=best, blind=blind if version == "13" and server in ("go", "java", "node") else None, completes=False, **row)


ANY = ("nginx", "haproxy", "stunnel", "java", "go", "node", "nss", "python")
hello("version-no-overlap", " ".join("ossl-%s-12-13" % x for x in ANY) + " gnutls-go-12-13 java-ossl-12-13 go-ossl-12-13 node-ossl-12-13 nss-ossl-12-13 python-ossl-12-13", "the client has TLS 1.2 only, the server TLS 1.3 only", 70,
      {}, {"": dict(version="13")})
hello("version-no-overlap", " ".join("ossl-%s-13-12" % x for x in ANY) + " gnutls-nginx-13-12 java-ossl-13-12 go-ossl-13-12 node-java-13-12 nss-ossl-13-12", "the client has TLS 1.3 only, the server TLS 1.2 only", 70,
      {}, {"": dict(version="12")})
AES = "ECDHE-ECDSA-AES128-GCM-SHA256"
CHACHA = {"ossl": dict(extra=("-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305")), "gnutls": dict(priority=":-CIPHER-ALL:+CHACHA20-POLY1305"), "curl": dict(extra=("--ciphers", "ECDHE-ECDSA-CHACHA20-POLY1305"))}
hello("cipher-no-overlap", " ".join("ossl-%s-12" % x for x in ANY if x != "nss") + " gnutls-java-12 gnutls-go-12 curl-haproxy-12", "ChaCha20 only against AES only", 40, CHACHA, {
    "nginx": dict(extra="ssl_ciphers %s;" % AES), "haproxy": dict(bind="ciphers " + AES), "stunnel": dict(extra=("ciphers = " + AES,)), "java": dict(extra=("ciphers=TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",)),
    "go": dict(extra=("-suite", "0xc02b")), "node": dict(extra={"ciphers": AES}), "python": dict(extra=("--ciphers", AES, "--end", "answer"))}, best=["cipher-no-overlap", REFUSED])
X25519 = {"ossl": dict(extra=("-groups", "X25519")), "gnutls": dict(priority=":-GROUP-ALL:+GROUP-X25519")}
hello("group-no-overlap", " ".join("ossl-%s-13" % x for x in P384) + " gnutls-go-13 gnutls-java-13 gnutls-nginx-13", "X25519 only against P-384 only", {"": 40, "java": 10}, X25519, P384, best=["group-no-overlap", REFUSED])
hello("alpn-no-overlap", "ossl-nginx-12 ossl-nginx-13 ossl-java-12 ossl-java-13+ ossl-go-12 ossl-go-13+ ossl-node-12 ossl-node-13* gnutls-java-12 gnutls-go-13*", "the client offers an application protocol that the server does not have", 120,
      {"ossl": dict(extra=("-alpn", "xmpp-client")), "gnutls": dict(extra=("--alpn", "xmpp-client"))},
      {"java": dict(extra=("alpn=http/1.1",)), "go": dict(extra=("-alpn", "http/1.1")), "node": dict(extra={"ALPNProtocols": ["http/1.1"]})},
      blind=["alpn-no-overlap", REFUSED])
hello("sigalg-no-overlap", " ".join("ossl-%s-13" % x for x in ("nginx", "haproxy", "go", "node", "nss")) + " ossl-java-13+", "the client has RSA signatures only, the server an ECDSA key", 40,
      {"ossl": dict(extra=("-sigalgs", "rsa_pss_rsae_sha256:rsa_pkcs1_sha256"))}, {}, best=["sigalg-no-overlap", REFUSED])
for server in ANY:
    add("not-tls-from-client", "http-%s-any" % server, "not-tls-from-client", False, c.plain("http"), SERVERS[server](), scenario="the client speaks HTTP", completes=False, version="", reaction=True,
        label={"sender_ok": ["client", "unknown"]} if server == "nss" else {})                       # it waits for more, and the client leaves
for client in ("java", "go", "node", "nss", "python", "wget"):
    add("not-tls-from-server", "%s-http-any" % client, "not-tls-from-server", False, CLIENTS[client](), s.plain("http"), scenario="the server speaks HTTP", completes=False, version="", reaction=True,
        sender="client", phase="server-flight")


# ---- Encrypted Client Hello that the server knows nothing of

add("ech-required", "nss-ossl-13", "ech-required", "both", k.nss_client(version="13", extra=("-N", k.ech_config("server.test"))), s.ossl(version="13"), alert=121, sender="client", phase="server-flight",
    client_says="ECH was rejected", scenario="the client insists on Encrypted Client Hello, the server does not have it", blind=["ech-required", "server-cert-rejected", REFUSED, "session-aborted", "none", "closed-normally"])
