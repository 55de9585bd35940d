"""Failures and health of TLS that another protocol carries: TDS, OpenVPN, Diameter with EAP, SOCKS, and TLS itself.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import contextlib
import os
import sys
import time

import check
from capture import Capture, listening, wait_for, write_pcapng
from case import usual_place
from many import Row
from pki import NAME
from programs import NEEDS, Program
from runner import expect_words, full_name
from servers import HOST

NEEDS |= {"OpenVPN": ("openvpn", "openvpn"), "tsql": ("tsql", "freetds-bin")}

PORT = "PORT"                   # stands for it in the words of a command
SILENT = "closed-in-handshake"  # FreeTDS and OpenVPN reject without an alert: an expert sees that, and the fault beside it


class Carried(Row):
    """One client of one server on PORT. BEHIND: a second server, whose own part of the way is not recorded. ALERT: the
    first that must be read with keys, if it is not UNREADABLE for stock tshark; KEYS: they go into the file. Two "verdicts" of one capture come as a list."""

    def __init__(self, name, truth, scenario, port, server, client, behind=None, transport="tcp", alert=None, keys=False, best=None,
                 client_says="", server_says="", patience=5, unreadable=False, **more):
        super().__init__(name, scenario)
        self.truth, self.port, self.server, self.client, self.behind = truth, port, server, client, behind
        self.transport, self.alert, self.keys, self.best = transport, alert, keys, best or [truth]
        self.client_says, self.server_says, self.patience, self.unreadable, self.more = client_says, server_says, patience, unreadable, more

    def programs(self):
        return [self.server["name"], self.client["name"]]

    def play(self, lab, pcap):
        with contextlib.ExitStack() as stack:
            for row, port in [(self.server, self.port)] + [(self.behind, self.port + BEHIND)] * bool(self.behind):
                wait_for("port %d to be free" % port, lambda: not listening(port))
                log = lab.file("server.log" if row is self.server else "behind.log")
                program = stack.enter_context(Program(row["command"](lab, port), log, lab.keylog, lab.folder))
                wait_for("%s to listen" % row["name"], lambda: program.process.poll() is not None or listening(port), 20)
                if program.process.poll() is not None:
                    raise RuntimeError("%s did not start: %s" % (row["name"], program.said().strip()[-300:]))
            with Capture(pcap, "%s port %d" % (self.transport, self.port)):
                client = stack.enter_context(Program(self.client["command"](lab, self.port), lab.file("client.log"), lab.keylog, lab.folder))
                client.script(self.client.get("steps", ()))
                client.finish(self.patience)
                time.sleep(0.3)

    def make(self, lab, captures):
        pcap = lab.file("lo.pcap")
        self.play(lab, pcap)
        client_log, server_log = (open(lab.file(n), errors="replace").read() for n in ("client.log", "server.log"))
        expect_words(self, client_log, server_log)
        path = self.path(captures, ".keys.pcapng" if self.keys else ".pcapng")
        write_pcapng(pcap, path, lab.keylog if self.keys else None)
        seen = [number for packet in check.read(path, self.port) for _, number in packet["alerts"] if number]
        if seen[:1] != ([self.alert] if self.alert is not None and not self.unreadable else []):
            raise AssertionError("alerts %s, not %s" % (seen, self.alert))
        sender, phase = usual_place(self.truth)
        label = dict(truth=self.truth, best=self.best, sender=sender, phase=phase, alert=self.alert, encrypted=False,
                     stream=0 if self.transport == "tcp" else None)
        return [self.label(file=os.path.basename(path), **{**label, **self.more}, client=full_name(self.client["name"]),
                           server=full_name(self.server["name"]), client_log=lab.telling(client_log), server_log=lab.telling(server_log))]


def python(script, *words):
    """A server of the lab in Python: words may be functions of the lab."""
    return dict(name=script, command=lambda lab, port: [sys.executable, lab.script(script), *[str(port) if w is PORT else w for w in lab.filled(words)]])


def chain(cert, *above):
    return lambda lab: lab.pki.bundle(cert, *above)


def key(cert):
    return lambda lab: lab.pki.key(cert)


# ---- TDS ----

def tds(cert="server", *how, above=("inter",)):
    return python("tds.py", PORT, chain(cert, *above), key(cert), *how)


def tsql(trust="root"):
    def command(lab, port):
        conf = lab.text("freetds.conf", "[lab]\nhost = %s\nport = %d\ntds version = 7.4\nencryption = require\nca file = %s\n"
                        "check certificate hostname = no\n" % (HOST, port, lab.pki.bundle(trust)))
        return ["tsql", "-I", conf, "-S", "lab", "-U", "lab", "-P", "password"]
    return dict(name="tsql", command=command)


# ---- a ClientHello in two segments, on a port that Wireshark gives to another protocol ----

def pieces(name, truth, cert, trust, **more):
    def words(*those):
        return lambda lab, port: [sys.executable, lab.script("pytls.py"), *lab.filled(those[:1]), str(port), *lab.filled(those[1:])]
    server = dict(name="pytls.py", command=words("server", "--versions", "TLSv1_3", "TLSv1_3", "--cert", chain(cert, "inter"), key(cert)))
    client = dict(name="pytls.py", command=words("client", "--versions", "TLSv1_3", "TLSv1_3", "--trust", chain(trust), "--pieces", "2", "--alpn",
                                                 *["a-protocol-of-the-lab-%04d" % i for i in range(60)]))
    return Carried(name, truth, "the ClientHello is in two segments, on a port that Wireshark gives to another protocol", 6379, server, client, keys=True, **more)


# ---- OpenVPN ----

def openvpn_server(cert="server", above=("inter",), version="1.2", proto="udp"):
    def command(lab, port):
        return ["openvpn", "--dev", "null", "--tls-server", "--dh", "none", "--local", HOST, "--port", str(port),
                "--proto", "tcp-server" if proto == "tcp" else "udp", "--ca", lab.pki.bundle("root", "inter"), "--cert", lab.pki.bundle(cert, *above),
                "--key", lab.pki.key(cert), "--tls-version-max", version, "--verb", "3"]
    return dict(name="OpenVPN", command=command)


def openvpn_client(trust="root", cert="client", above=("inter",), proto="udp"):
    def command(lab, port):
        return ["openvpn", "--dev", "null", "--tls-client", "--nobind", "--remote", HOST, str(port), "--proto", "tcp-client" if proto == "tcp" else "udp",
                "--ca", lab.pki.bundle(trust), "--cert", lab.pki.bundle(cert, *above), "--key", lab.pki.key(cert), "--connect-retry-max", "2", "--connect-retry", "4",
                "--hand-window", "4", "--verb", "3"]
    return dict(name="OpenVPN", command=command, steps=(5.5 if proto == "udp" else 2.0,))


def openvpn(name, truth, scenario, server=None, client=None, proto="udp", **more):
    return Carried(name, truth, "OpenVPN over %s: %s" % (proto.upper(), scenario), 1194, openvpn_server(proto=proto, **server or {}),
                   openvpn_client(proto=proto, **client or {}), transport=proto, patience=1, **more)


# ---- tunnels ----

BEHIND = 8000                   # how far above a port the server behind it listens


def proxy(what, cert=None, above=("inter",), port=443):
    return python("proxy.py", PORT, str(port + BEHIND), what, *([chain(cert, *above), key(cert)] if cert else []))


def s_server(cert="server", above=("inter",), extra=()):
    return dict(name="OpenSSL s_server", command=lambda lab, port: ["openssl", "s_server", "-accept", "%s:%d" % (HOST, port), "-cert", lab.pki.cert(cert), "-key",
                                                                   lab.pki.key(cert), *(["-cert_chain", lab.pki.bundle(*above)] if above else []), "-keylogfile",
                                                                   lab.keylog, "-www", *extra])


def curl(*words, trust="root", name=NAME):
    def command(lab, port):
        return ["curl", "-sS", "-v", "--max-time", "4", "--noproxy", "", "--cacert", lab.pki.bundle(trust), *lab.filled(words), "https://%s/" % name]
    return dict(name="curl", command=command)


def https_proxy(trust="root", port=443):
    return ["--resolve", "%s:%d:%s" % (NAME, port, HOST), "--proxy", "https://%s:%d" % (NAME, port), "--proxy-cacert", lambda lab: lab.pki.bundle(trust)]


def inner(name, truth, scenario, server, *words, port=443, **more):
    """The handshake with the server beyond an HTTPS proxy; stock Wireshark does not read it."""
    return Carried(name, truth, "through an HTTPS proxy, TLS in TLS: " + scenario, port, proxy("http", "server", port=port),
                   curl(*https_proxy(port=port), *words), behind=server, keys=True, unreadable=True, **more)


def through_stunnel(*words):
    """s_client in a tunnel that leads to PORT."""
    def command(lab, port):
        conf = lab.text("stunnel.conf", "foreground = yes\npid =\n[out]\nclient = yes\naccept = %s:%d\nconnect = %s:%d\nsni = %s\n" % (
            HOST, port + BEHIND + 1, HOST, port, NAME))
        client = "openssl s_client -connect %s:%d -servername %s -CAfile %s -verify_return_error %s" % (HOST, port + BEHIND + 1, NAME, lab.pki.bundle("root"), " ".join(words))
        return ["sh", "-c", "stunnel4 %s & sleep 0.6; %s </dev/null; sleep 0.2; kill $!" % (conf, client)]
    return dict(name="stunnel", command=command, steps=(2.0,))


SOCKS_PORT = 1080


def diameter(name, truth, scenario, *inner_trusts, **more):
    words = [PORT, chain("server", "inter"), key("server"), chain("root")]
    return Carried(name, truth, "EAP-TLS in Diameter over TLS: " + scenario, 5868, python("diameter.py", "server", *words),
                   python("diameter.py", "client", *words, *map(chain, inner_trusts)), keys=True, stream=None, **more)


CASES = [
    diameter("healthy/diameter-eap", "none", "both handshakes are good", "root", client_says="EAP Success"),
    diameter("server-cert-unknown-ca/diameter-eap", "server-cert-unknown-ca", "the supplicant trusts another root", "other-root", alert=48, client_says="unable to get (local )?issuer"),
    diameter("server-cert-unknown-ca/diameter-eap-two", "server-cert-unknown-ca", "two supplicants take turns, and the second trusts another root", "root", "other-root", alert=48, unreadable=True,
             client_says="unable to get (local )?issuer"),
    Carried("healthy/tsql", "none", "TDS: TLS within pre-login packets", 1433, tds(), tsql(), client_says="Login failed"),
    Carried("server-cert-unknown-ca/tsql", "server-cert-unknown-ca", "TDS: the client trusts another root", 1433, tds(), tsql("other-root"), best=[SILENT]),
    Carried("server-cert-expired/tsql", "server-cert-expired", "TDS: the server's certificate has expired", 1433, tds("server-expired"), tsql(), best=[SILENT, "server-cert-expired"]),
    Carried("healthy/tsql-other-port", "none", "TDS on a port of its own, as a named instance has it", 14330, tds(), tsql(), client_says="Login failed"),
    Carried("server-cert-expired/tsql-other-port", "server-cert-expired", "TDS on a port of its own: the server's certificate has expired", 14330,
            tds("server-expired"), tsql(), best=[SILENT, "server-cert-expired"]),
    Carried("reset-after-client-hello/tsql", "reset-after-client-hello", "TDS: the server resets the connection upon the ClientHello", 1433, tds("server", "reset"), tsql()),
    pieces("healthy/pytls-redis-pieces-13", "none", "server", trust="root", client_says="handshake completed"),
    pieces("server-cert-expired/pytls-redis-pieces-13", "server-cert-expired", "server-expired", trust="root", alert=45, client_says="certificate has expired"),
    openvpn("healthy/openvpn-udp", "none", "a good handshake", client_says="Peer Connection Initiated"),
    openvpn("healthy/openvpn-tcp", "none", "a good handshake", proto="tcp", client_says="Peer Connection Initiated"),
    openvpn("server-cert-unknown-ca/openvpn-udp", "server-cert-unknown-ca", "the client trusts another root", client=dict(trust="other-root"), best=["stalled-in-handshake"]),
    openvpn("server-cert-unknown-ca/openvpn-tcp", "server-cert-unknown-ca", "the client trusts another root", client=dict(trust="other-root"), proto="tcp", best=[SILENT]),
    openvpn("server-cert-expired/openvpn-udp", "server-cert-expired", "the server's certificate has expired", server=dict(cert="server-expired"), best=["stalled-in-handshake", "server-cert-expired"]),
    openvpn("client-cert-expired/openvpn-tcp", "client-cert-expired", "the client's certificate has expired", client=dict(cert="client-expired", above=()), proto="tcp", best=[SILENT, "client-cert-expired"]),
    Carried("healthy/socks", "none", "through a SOCKS proxy", SOCKS_PORT, proxy("socks", port=SOCKS_PORT), curl("--socks5-hostname", "%s:%d" % (HOST, SOCKS_PORT)),
            behind=s_server(), client_says="200 ok"),
    Carried("server-cert-expired/socks", "server-cert-expired", "through a SOCKS proxy: the server's certificate has expired", SOCKS_PORT, proxy("socks", port=SOCKS_PORT),
            curl("--socks5-hostname", "%s:%d" % (HOST, SOCKS_PORT), "--tls-max", "1.2"), behind=s_server("server-expired"), alert=45),
    Carried("healthy/https-proxy", "none", "through an HTTPS proxy: TLS in TLS", 443, proxy("http", "server"), curl(*https_proxy()), behind=s_server(),
            keys=True, client_says="200 ok"),
    Carried("server-cert-unknown-ca/https-proxy-itself", "server-cert-unknown-ca", "the HTTPS proxy's own certificate is of an unknown CA", 443,
            proxy("http", "server"), curl(*https_proxy("other-root")), behind=s_server(), alert=48),
    inner("healthy/https-proxy-inner-12", "none", "both handshakes are good", s_server(), "--tls-max", "1.2", client_says="200 ok"),
    inner("server-cert-expired/https-proxy-inner-12", "server-cert-expired", "the server's certificate has expired", s_server("server-expired"), "--tls-max", "1.2", alert=45,
          client_says="certificate expired"),
    inner("server-cert-expired/https-proxy-inner", "server-cert-expired", "the server's certificate has expired", s_server("server-expired"), alert=45, client_says="certificate expired"),
    inner("server-cert-unknown-ca/https-proxy-inner-8443-12", "server-cert-unknown-ca", "the client trusts another root", s_server("server-unknown", ()), "--tls-max", "1.2", port=8443, alert=48,
          client_says="unknown CA"),
    inner("client-cert-missing/https-proxy-inner-12", "client-cert-missing", "the server demands a client certificate", s_server(extra=("-Verify", "5")), "--tls-max", "1.2", alert=40,
          server_says="", client_says="handshake failure"),
    Carried("server-cert-expired/stunnel-inner-12", "server-cert-expired", "through stunnel, TLS in TLS: the server's certificate has expired", 443, proxy("plain", "server"),
            through_stunnel("-tls1_2"), behind=s_server("server-expired"), keys=True, alert=45, unreadable=True, client_says="certificate has expired"),
]
