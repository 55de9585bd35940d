"""Starts and stops the programs that talk, and keeps what they say.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import shutil
import subprocess
import time

KILL = "\0kill"                 # a step: end the program as a crash would

# The root folder of a Debian 13 (debootstrap), whose programs are run from here where it is.
DEBIAN_13 = os.environ.get("LAB_DEBIAN_13", "/nowhere")

FIPS = "/usr/lib/x86_64-linux-gnu/ossl-modules/fips.so"

# by the name of a client or server: what has to be installed (a program or a file), and the package of Debian 12 that has it
NEEDS = {
    "OpenSSL s_server": ("openssl", "openssl"), "OpenSSL s_client": ("openssl", "openssl"),
    "gnutls-serv": ("gnutls-serv", "gnutls-bin"), "gnutls-cli": ("gnutls-cli", "gnutls-bin"), "gnutls_app.py": ("gnutls-cli", "gnutls-bin"),
    "Apache httpd": ("apache2", "apache2"), "nginx": ("nginx", "nginx"), "HAProxy": ("haproxy", "haproxy"), "stunnel": ("stunnel4", "stunnel4"),
    "curl": ("curl", "curl"), "wget": ("wget", "wget"), "Java": ("java", "openjdk-17-jdk-headless"), "Go": ("go", "golang-go"),
    "Node.js": ("node", "nodejs"), "nft": ("nft", "nftables"), "selfserv": ("selfserv", "libnss3-tools"), "tstclnt": ("tstclnt", "libnss3-tools"),
    "OpenSSL 3.5 s_server": (DEBIAN_13 + "/usr/bin/openssl", "openssl of Debian 13"), "OpenSSL 3.5 s_client": (DEBIAN_13 + "/usr/bin/openssl", "openssl of Debian 13"),
    "OpenSSL 3.5 FIPS s_server": (DEBIAN_13 + FIPS, "openssl-provider-fips of Debian 13"), "OpenSSL 3.5 FIPS s_client": (DEBIAN_13 + FIPS, "openssl-provider-fips of Debian 13"),
    "gnutls-serv 3.8": (DEBIAN_13 + "/usr/bin/gnutls-serv", "gnutls-bin of Debian 13"), "gnutls-cli 3.8": (DEBIAN_13 + "/usr/bin/gnutls-cli", "gnutls-bin of Debian 13"),
    "NSS 3.110": (DEBIAN_13 + "/usr/include/nss/sslexp.h", "libnss3-dev libbrotli-dev libzstd-dev of Debian 13"),
    "Go 1.24": (DEBIAN_13 + "/usr/lib/go-1.24/bin/go", "golang-1.24-go of Debian 13"), "chromium": ("chromium", "chromium"),
    "Mbed TLS": ("/usr/include/mbedtls/ssl.h", "gcc libmbedtls-dev"), "wolfSSL": ("/usr/include/wolfssl/ssl.h", "gcc libwolfssl-dev"),
}


def lacking(names):
    """[(program, package)] of what NAMES need and what is not here."""
    return sorted({NEEDS[n] for n in names if n in NEEDS and not (shutil.which(NEEDS[n][0]) or os.path.exists(NEEDS[n][0]))})


def of_debian_13(command):
    """COMMAND with the program of this name (of usr/bin, or with its path) in DEBIAN_13, and that one's libraries."""
    path = command[0] if "/" in command[0] else "usr/bin/" + command[0]
    return [DEBIAN_13 + "/lib64/ld-linux-x86-64.so.2", "--library-path", DEBIAN_13 + "/usr/lib/x86_64-linux-gnu",
            os.path.join(DEBIAN_13, path), *command[1:]]


class Program:
    """One running program with its log; use with "with", which ends it."""

    def __init__(self, command, log, keylog, cwd):
        self.command, self.log = command, log
        self.env = {"PATH": os.environ["PATH"], "HOME": cwd, "LC_ALL": "C", "SSLKEYLOGFILE": keylog}
        self.cwd = cwd

    def __enter__(self):
        self.out = open(self.log, "wb")
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=self.out, stderr=subprocess.STDOUT,
                                        env=self.env, cwd=self.cwd, start_new_session=True)       # Apache signals its whole group
        return self

    def script(self, steps):
        """Numbers are pauses in seconds, strings are typed. Stops early if the program has ended."""
        for step in steps:
            if step == KILL:
                self.process.kill()
                self.process.wait()
            elif isinstance(step, (int, float)):
                end = time.monotonic() + step
                while time.monotonic() < end and self.process.poll() is None:
                    time.sleep(0.02)
            elif self.process.poll() is None:
                try:
                    self.process.stdin.write(step.encode())
                    self.process.stdin.flush()
                except BrokenPipeError:
                    return

    def finish(self, timeout=4.0):
        """Closes its input and waits; ends it after TIMEOUT."""
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.terminate()
            self.process.wait(5)

    def __exit__(self, *error):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdin.close()
        self.out.close()

    def said(self):
        return open(self.log, errors="replace").read()
