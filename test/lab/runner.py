"""Runs one case: server, client, dumpcap; then the checks; then the files.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import contextlib
import functools
import os
import re
import signal
import subprocess
import sys
import time

import check
import labels
import relay
from capture import Capture, listening, wait_for, write_pcapng
from case import Case
from pki import NAME, Pki
from programs import DEBIAN_13, Program, of_debian_13
from servers import ossl_versions


def number(*command):
    """The first word with dots and digits that a program says of itself."""
    run = subprocess.run(command, capture_output=True, text=True)
    return re.search(r"\d+\.\d[\w.]*", run.stdout + run.stderr).group(0)


@functools.lru_cache(None)
def full_name(program):
    """A program's name with its version, for the labels."""
    openssl = "OpenSSL " + number("openssl", "version")
    return {
        "OpenSSL s_server": lambda: openssl + " s_server", "OpenSSL s_client": lambda: openssl + " s_client",
        "gnutls-serv": lambda: "gnutls-serv " + number("gnutls-serv", "--version"),
        "gnutls-cli": lambda: "gnutls-cli " + number("gnutls-cli", "--version"),
        "gnutls_app.py": lambda: "GnuTLS %s through test/lab/gnutls_app.py" % number("gnutls-cli", "--version"),
        "Apache httpd": lambda: "Apache httpd %s mod_ssl (%s)" % (number("apache2", "-v"), openssl),
        "nginx": lambda: "nginx %s (%s)" % (number("nginx", "-v"), openssl),
        "HAProxy": lambda: "HAProxy %s (%s)" % (number("haproxy", "-v"), openssl),
        "stunnel": lambda: "stunnel %s (%s)" % (number("stunnel4", "-version"), openssl),
        "curl": lambda: "curl %s (%s)" % (number("curl", "--version"), openssl),
        "wget": lambda: "wget %s (GnuTLS %s)" % (number("wget", "--version"), number("gnutls-cli", "--version")),
        "Java": lambda: "Java %s JSSE" % number("java", "-version"), "Go": lambda: "Go %s crypto/tls" % number("go", "version"),
        "Node.js": lambda: "Node.js %s" % number("node", "--version"),
        "Python ssl": lambda: "Python %s ssl (%s)" % (number(sys.executable, "--version"), openssl),
        "Mbed TLS": lambda: "Mbed TLS %s through test/lab/c/mbed.c" % package_version("libmbedtls-dev"),
        "wolfSSL": lambda: "wolfSSL %s through test/lab/c/wolf.c" % package_version("libwolfssl-dev"),
        "OpenSSL 3.5 s_server": lambda: "OpenSSL %s s_server" % number(*of_debian_13(["openssl", "version"])),
        "OpenSSL 3.5 s_client": lambda: "OpenSSL %s s_client" % number(*of_debian_13(["openssl", "version"])),
        "NSS 3.110": lambda: "NSS %s through test/lab/c/nss.c" % package_version("libnss3", root=DEBIAN_13),
        "gnutls-serv 3.8": lambda: "gnutls-serv " + number(*of_debian_13(["gnutls-serv", "--version"])),
        "gnutls-cli 3.8": lambda: "gnutls-cli " + number(*of_debian_13(["gnutls-cli", "--version"])),
        "OpenSSL 3.5 FIPS s_server": lambda: "OpenSSL %s s_server in FIPS mode" % number(*of_debian_13(["openssl", "version"])),
        "OpenSSL 3.5 FIPS s_client": lambda: "OpenSSL %s s_client in FIPS mode" % number(*of_debian_13(["openssl", "version"])),
        "Go 1.24": lambda: "Go %s crypto/tls" % number(DEBIAN_13 + "/usr/lib/go-1.24/bin/go", "version"), "chromium": lambda: "Chromium " + number("chromium", "--version"),
        "selfserv": lambda: "NSS %s selfserv" % nss_version(), "tstclnt": lambda: "NSS %s tstclnt" % nss_version(),
        "Redis": lambda: "Redis %s (%s)" % (number("redis-server", "--version"), openssl), "redis-cli": lambda: "redis-cli %s (%s)" % (number("redis-cli", "--version"), openssl),
        "memcached": lambda: "memcached %s (%s)" % (number("memcached", "--version"), openssl),
        "mosquitto": lambda: "mosquitto %s (%s)" % (number("mosquitto", "-h"), openssl), "mosquitto_pub": lambda: "mosquitto_pub %s (%s)" % (number("mosquitto_pub", "--help"), openssl),
        "nbdkit": lambda: "nbdkit %s (GnuTLS %s)" % (number("nbdkit", "--version"), number("gnutls-cli", "--version")),
        "nbdinfo": lambda: "nbdinfo %s (GnuTLS %s)" % (number("nbdinfo", "--version"), number("gnutls-cli", "--version")),
        "docker-registry": lambda: "docker-registry " + package_version("docker-registry"), "NATS": lambda: "nats-server " + number("nats-server", "--version"),
        "Exim": lambda: "Exim %s (GnuTLS %s)" % (number("exim4", "-bV"), number("gnutls-cli", "--version")),
        "MariaDB": lambda: "MariaDB %s (%s)" % (package_version("mariadb-server-core"), openssl), "mariadb": lambda: "mariadb of MariaDB %s (%s)" % (package_version("mariadb-client-core"), openssl),
        "RabbitMQ": lambda: "RabbitMQ %s (Erlang/OTP %s)" % (package_version("rabbitmq-server"), package_version("erlang-ssl")),
        "slapd": lambda: "OpenLDAP %s slapd (GnuTLS %s)" % (package_version("slapd"), number("gnutls-cli", "--version")), "ldapsearch": lambda: "ldapsearch %s (GnuTLS %s)" % (package_version("ldap-utils"), number("gnutls-cli", "--version")),
        "BearSSL": lambda: "BearSSL %s through test/lab/c/bear.c" % package_version("libbearssl-dev"),
        "BoringSSL": lambda: "BoringSSL of Android %s through test/lab/c/boring.c" % package_version("android-libboringssl"),
        "Erlang": lambda: "Erlang/OTP %s ssl through test/lab/erlang/peer.escript" % package_version("erlang-ssl").removeprefix("1:"),
        "Haskell tls": lambda: "Haskell tls %s through test/lab/haskell/Peer.hs" % package_version("libghc-tls-dev"),
        "rustls": lambda: "rustls %s through test/lab/rust/peer.rs" % package_version("librust-rustls-dev"),
        "Bouncy Castle": lambda: "Bouncy Castle %s JSSE through test/lab/java/Peer.java" % package_version("libbctls-java"), "Botan": lambda: "Botan " + number("botan", "version"),
    }.get(program, lambda: "test/lab/" + program)()


def package_version(package, root="/"):
    return number("dpkg-query", "--root=" + root, "-W", "-f", "${Version}", package).removeprefix("2:")


def nss_version():
    return package_version("libnss3-tools")


class Bench:
    """What all cases share: certificates, the port, the programs' names."""

    def __init__(self, folder, port):
        self.folder, self.port = folder, port
        self.pki = Pki(os.path.join(folder, "pki"))

    def run(self, case, captures):
        """Makes the case's capture files; gives their labels."""
        lab = Lab(self, case)
        if not isinstance(case, Case):
            return case.make(lab, captures)
        pcap = lab.record(case)
        client_log, server_log = lab.logs(case)
        expect_words(case, client_log, server_log)
        all_read = self.read_with_keys(lab, pcap)
        check.verify(case, all_read)
        made = []
        for file, keys in case.files():
            path = os.path.join(captures, case.folder, file)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            write_pcapng(pcap, path, lab.keylog if keys else None)
            hidden = False
            if case.alert is not None and not case.unreadable:
                packets = all_read if keys or not lab.has_keys() else check.read(path, lab.recorded)
                hidden = (case.sender, case.alert) not in {(side, number) for side, _, number in check.alerts(packets)}
            made.append(labels.of(case, file, keys, hidden, client=full_name(case.client["name"]),
                                  server=full_name(case.server["name"]) + (", behind test/lab/relay.py" if case.relay else ""),
                                  client_log=lab.telling(client_log), server_log=lab.telling(server_log)))
        return made

    def read_with_keys(self, lab, pcap):
        path = pcap + ".keys.pcapng"
        write_pcapng(pcap, path, lab.keylog if lab.has_keys() else None)
        return check.read(path, lab.recorded)


class Lab:
    """The surroundings of one case: its folder, its key log, its programs."""

    def __init__(self, bench, case):
        self.bench, self.pki = bench, bench.pki
        self.recorded = (isinstance(case, Case) and case.port) or bench.port
        self.port = self.server_port = self.recorded                   # where the client goes, where the server is
        if case.relay in relay.CLIENT_SIDE:
            self.port += 8000
        elif case.relay:
            self.server_port += 8000
        self.folder = os.path.join(bench.folder, case.name.replace("/", "_"))
        os.makedirs(self.folder)
        os.chmod(self.folder, 0o755)
        self.keylog = self.file("keys.log")

    def script(self, name):
        return os.path.join(os.path.dirname(os.path.abspath(__file__)), name)

    def file(self, name):
        return os.path.join(self.folder, name)

    def filled(self, arguments):
        """Arguments may be functions of the lab, such as the path of a certificate."""
        return [str(a(self)) if callable(a) else a for a in arguments]

    def text(self, name, content):
        with open(self.file(name), "w") as f:
            f.write(content)
        return self.file(name)

    def ticket(self, version):
        """A session file, got from the case's own server by a connection that is not recorded."""
        return self.session(self.port, *ossl_versions(version))

    def old_ticket(self, version, *options):
        """The same from the server as it was before: with a good certificate, and other keys and sessions."""
        port = self.port + 1000
        command = ["openssl", "s_server", "-accept", "127.0.0.1:%d" % port, "-cert", self.pki.cert("server"), "-key", self.pki.key("server"), "-rev"]
        with Program(command, self.file("before.log"), self.keylog + ".before", self.folder):
            wait_for("the former server to listen", lambda: listening(port))
            return self.session(port, *ossl_versions(version), *options)

    def session(self, port, *options):
        path = self.file("session.pem")
        command = ["openssl", "s_client", "-connect", "127.0.0.1:%d" % port, "-servername", NAME, "-sess_out", path, *options]
        with Program(command, self.file("ticket.log"), self.keylog, self.folder) as client:
            client.script((0.3, "hello\n", 0.3, "Q\n"))
            client.finish()
        return path

    def has_keys(self):
        return os.path.exists(self.keylog) and os.path.getsize(self.keylog) > 0

    def record(self, case):
        """Plays the case under dumpcap; gives the pcap file."""
        pcap = self.file("lo.pcap")
        self.client_log, self.server_log = self.file("client.log"), self.file("server.log")
        with contextlib.ExitStack() as stack:
            server = self.start(stack, case.server["command"](self), self.server_log, self.server_port, case.server.get("starts", 20))
            if case.relay:
                self.start(stack, [sys.executable, self.script("relay.py"), str(self.port), str(self.server_port), case.relay],
                           self.file("relay.log"), self.port)
            command = case.client["command"](self)
            if case.frozen:
                server.process.send_signal(signal.SIGSTOP)
                stack.callback(server.process.send_signal, signal.SIGCONT)
            if case.later:
                self.neighbour(stack)
            with Capture(pcap, {"tcp": "tcp port %d", "udp": "port %d"}[case.carrier] % self.recorded) as capture:
                client = stack.enter_context(Program(command, self.client_log, self.keylog, self.folder))
                client.script(case.client["steps"])
                server.script(case.server["steps"])
                client.script(case.client.get("then", ()))
                if case.later:
                    time.sleep(case.later)
                    self.visit_neighbour()
                if case.stop_capture_first:
                    capture.stop()
                client.finish(case.patience)
                time.sleep(0.15)
        return pcap

    def neighbour(self, stack):
        """Another server, on the same port of another address."""
        command = ["openssl", "s_server", "-accept", "%s:%d" % (OTHER_HOST, self.bench.port), "-cert", self.pki.cert("server"),
                   "-key", self.pki.key("server"), "-cert_chain", self.pki.bundle("inter"), "-rev"]
        server = stack.enter_context(Program(command, self.file("neighbour.log"), self.file("other.log"), self.folder))
        wait_for("the neighbour to listen", lambda: "ACCEPT" in server.said())

    def visit_neighbour(self):
        command = ["openssl", "s_client", "-connect", "%s:%d" % (OTHER_HOST, self.bench.port), "-servername", NAME,
                   "-CAfile", self.pki.bundle("root"), "-verify_return_error"]
        with Program(command, self.file("visitor.log"), self.file("other.log"), self.folder) as client:
            client.script((0.3, "hello\n", 0.3, "Q\n"))
            client.finish()

    def start(self, stack, command, log, port, patience=20):
        """A program that is to listen on PORT within PATIENCE seconds; it is ended with STACK."""
        wait_for("port %d to be free" % port, lambda: not listening(port))
        program = stack.enter_context(Program(command, log, self.keylog, self.folder))
        wait_for("%s to listen" % command[0], lambda: program.process.poll() is not None or listening(port), patience)
        if program.process.poll() is not None:
            raise RuntimeError("%s did not start: %s" % (command[0], program.said().strip()[-300:]))
        return program

    def logs(self, case):
        client, server = (open(p, errors="replace").read() for p in (self.client_log, self.server_log))
        if case.server.get("log"):
            server += open(self.file(case.server["log"]), errors="replace").read()
        return client, server

    def telling(self, text):
        """The lines of a log that a person would quote."""
        lines = []
        for line in text.splitlines():
            line = re.sub(r"^[0-9A-F]{12,16}:", "", line.strip()).replace(self.folder, "DIR").replace(self.pki.folder, "PKI")
            if TELLING.search(line) and not NOISE.search(line) and line not in lines:
                lines.append(line)
        return " | ".join(lines)[:900]


OTHER_HOST = "127.0.0.2"

TELLING = re.compile(r"error|alert|fatal|verif|reject|refus|curl: |\*\*\*|Status:|renegotiat|rehandshake|re-auth|reauth|"
                     r"handshake was completed|200 OK|403 Forbidden|resumed|Reused|Early data|no peer|http request|closed by|"
                     r"reset by|timed out|HTTP/1|unexpected|wrong version|STARTTLS|not trusted", re.I)
NOISE = re.compile(r"Verification(: OK| error: ?$)|Secure Renegotiation IS|Extended master|^verify (depth|return)|^Verify return code|"
                   r"CA names|Early data was not|^\* TLSv1|Verified peer|ALPN|no peer certificate|set default paths|"
                   r"^\[ssl:(?!error)(?!.*(SSL Library Error|AH0(2276|2039|2008|2042|1996)))", re.I)


def expect_words(case, client_log, server_log):
    for who, words, log in (("client", case.client_says, client_log), ("server", case.server_says, server_log)):
        if words and not re.search(words, log):
            raise AssertionError("the %s's log lacks %r: %s" % (who, words, log.strip()[-600:] or "(nothing)"))
