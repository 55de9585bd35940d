"""Runs one case: server, client, dumpcap; then the checks; then the files.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import contextlib
import os
import re
import subprocess
import time

import check
import labels
from capture import Capture, listening, wait_for, write_pcapng
from case import Case
from pki import NAME, Pki
from programs import Program
from servers import ossl_versions


def first_line(*command):
    run = subprocess.run(command, capture_output=True, text=True)
    return (run.stdout or run.stderr).splitlines()[0]


def versions():
    """The programs' full names, for the labels."""
    openssl = " ".join(first_line("openssl", "version").split()[:2])
    gnutls = first_line("gnutls-cli", "--version").split()[1]
    apache = re.search(r"Apache/([\d.]+)", first_line("apache2", "-v")).group(1)
    curl = first_line("curl", "--version").split()[1]
    return {"OpenSSL s_server": openssl + " s_server", "OpenSSL s_client": openssl + " s_client",
            "gnutls-serv": "gnutls-serv " + gnutls, "gnutls-cli": "gnutls-cli " + gnutls,
            "plain.py": "test/lab/plain.py", "Apache httpd": "Apache httpd %s mod_ssl (%s)" % (apache, openssl), "curl": "curl %s (%s)" % (curl, openssl)}


class Bench:
    """What all cases share: certificates, the port, the programs' names."""

    def __init__(self, folder, port):
        self.folder, self.port = folder, port
        self.pki = Pki(os.path.join(folder, "pki"))
        self.names = versions()

    def run(self, case, captures):
        """Makes the case's capture files; gives their labels."""
        lab = Lab(self, case)
        if not isinstance(case, Case):
            return case.make(lab, captures)
        pcap = lab.record(case)
        client_log, server_log = lab.logs(case)
        expect_words(case, client_log, server_log)
        check.verify(case, self.read_with_keys(lab, pcap))
        made = []
        for file, keys in case.files():
            path = os.path.join(captures, case.folder, file)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            write_pcapng(pcap, path, lab.keylog if keys else None)
            seen = {(side, number) for side, _, number in check.alerts(check.read(path, self.port))}
            hidden = case.alert is not None and not case.unreadable and (case.sender, case.alert) not in seen
            made.append(labels.of(case, file, keys, hidden, client=self.names[case.client["name"]],
                                  server=self.names[case.server["name"]] + (", behind test/lab/relay.py" if case.relay else ""),
                                  client_log=lab.telling(client_log), server_log=lab.telling(server_log)))
        return made

    def read_with_keys(self, lab, pcap):
        path = pcap + ".keys.pcapng"
        write_pcapng(pcap, path, lab.keylog if lab.has_keys() else None)
        return check.read(path, self.port)


class Lab:
    """The surroundings of one case: its folder, its key log, its programs."""

    def __init__(self, bench, case):
        self.bench, self.pki, self.port = bench, bench.pki, bench.port
        self.server_port = bench.port + 8000 if case.relay else bench.port
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
        path = self.file("session.pem")
        command = ["openssl", "s_client", "-connect", "127.0.0.1:%d" % self.port, "-servername", NAME, "-sess_out", path,
                   *ossl_versions(version)]
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
            server = self.start(stack, case.server["command"](self), self.server_log, self.server_port)
            if case.relay:
                self.start(stack, ["python3", self.script("relay.py"), str(self.port), str(self.server_port), case.relay],
                           self.file("relay.log"), self.port)
            command = case.client["command"](self)
            with Capture(pcap, "tcp port %d" % self.port) as capture:
                client = stack.enter_context(Program(command, self.client_log, self.keylog, self.folder))
                client.script(case.client["steps"])
                server.script(case.server["steps"])
                client.script(case.client.get("then", ()))
                if case.stop_capture_first:
                    capture.stop()
                client.finish(case.patience)
                time.sleep(0.15)
        return pcap

    def start(self, stack, command, log, port):
        """A program that is to listen on PORT; it is ended with STACK."""
        wait_for("port %d to be free" % port, lambda: not listening(port))
        program = stack.enter_context(Program(command, log, self.keylog, self.folder))
        wait_for("%s to listen" % command[0], lambda: program.process.poll() is not None or listening(port))
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
