"""The servers of the lab: each function gives what to run for one server program.

What they have in common is said in the same words for all:
  cert     the row of pki.CERTS that the server presents
  chain    rows sent above it
  trust    authorities for client certificates
  ask      None, "request" or "require": whether the server asks for a client certificate
  version  "10" to "13", or a pair of them: lowest and highest
  extra    arguments of that very program (for Apache: lines of its configuration)
  steps    what is typed into it, when the client has done its own steps

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import sys

HOST = "127.0.0.1"

OSSL_VERSION = {"10": "TLSv1", "11": "TLSv1.1", "12": "TLSv1.2", "13": "TLSv1.3"}
GNUTLS_VERSION = {"10": "VERS-TLS1.0", "11": "VERS-TLS1.1", "12": "VERS-TLS1.2", "13": "VERS-TLS1.3"}


def span(version):
    """("12", "13") of "12".."13" or one alone."""
    return version if isinstance(version, tuple) else (version, version)


def ossl_versions(version):
    if version is None:
        return []
    low, high = span(version)
    return ["-min_protocol", OSSL_VERSION[low], "-max_protocol", OSSL_VERSION[high]]


def gnutls_priority(version, more=""):
    """A priority string with exactly these versions; MORE is appended."""
    if version is None:
        return "NORMAL" + more
    low, high = span(version)
    return "NORMAL:-VERS-TLS-ALL" + "".join(":+" + GNUTLS_VERSION[v] for v in ("10", "11", "12", "13") if low <= v <= high) + more


def ossl(cert="server", chain=("inter",), trust=(), ask=None, version=None, extra=(), echo=True, steps=()):
    """openssl s_server."""
    def command(lab):
        c = ["openssl", "s_server", "-accept", "%s:%d" % (HOST, lab.server_port), "-keylogfile", lab.keylog]
        if cert:
            c += ["-cert", lab.pki.cert(cert), "-key", lab.pki.key(cert)]
            if chain:
                c += ["-cert_chain", lab.pki.bundle(*chain)]
        else:
            c += ["-nocert"]
        if trust:
            c += ["-CAfile", lab.pki.bundle(*trust)]
        if ask:
            c += ["-Verify" if ask == "require" else "-verify", "5", "-verify_return_error"]
        return c + ossl_versions(version) + (["-rev"] if echo else []) + lab.filled(extra)
    return dict(name="OpenSSL s_server", command=command, steps=steps)


def gnutls(cert="server", chain=("inter",), trust=(), ask=None, version=None, priority="", extra=()):
    """gnutls-serv."""
    def command(lab):
        c = ["gnutls-serv", "--echo", "-p", str(lab.server_port), "--priority", gnutls_priority(version, priority)]
        if cert:
            c += ["--x509certfile", lab.pki.bundle(cert, *chain), "--x509keyfile", lab.pki.key(cert)]
        if trust:
            c += ["--x509cafile", lab.pki.bundle(*trust)]
        c += {"require": ["--require-client-cert", "--verify-client-cert"], "request": ["--verify-client-cert"],
              None: ["--disable-client-cert"]}[ask]
        return c + lab.filled(extra)
    return dict(name="gnutls-serv", command=command, steps=())


APACHE = """
ServerRoot "{dir}"
PidFile "{dir}/httpd.pid"
DefaultRuntimeDir "{dir}"
Mutex posixsem
ServerName {name}
User www-data
Group www-data
Listen {host}:{port}
LoadModule mpm_prefork_module {modules}/mod_mpm_prefork.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule ssl_module {modules}/mod_ssl.so
LogLevel ssl:debug
ErrorLog "{dir}/error.log"
ErrorLogFormat "[%-m:%l] %M"
ServerTokens Prod
DocumentRoot "{dir}/htdocs"
KeepAlive On
KeepAliveTimeout 2
SSLEngine on
SSLCertificateFile "{cert}"
SSLCertificateKeyFile "{key}"
SSLProtocol {protocol}
SSLSessionCache none
{trust}
{extra}
<Location "/secure">
{secure}
</Location>
"""

APACHE_VERSION = {"10": "TLSv1", "11": "TLSv1.1", "12": "TLSv1.2", "13": "TLSv1.3"}
APACHE_MODULES = "/usr/lib/apache2/modules"


def apache(cert="server", chain=("inter",), trust=(), ask=None, version=("12", "13"), secure="", extra="", workers=1):
    """Apache httpd with mod_ssl; SECURE holds for /secure only. Runs from a folder of its own."""
    def command(lab):
        htdocs = os.path.join(lab.folder, "htdocs")
        os.makedirs(os.path.join(htdocs, "secure"), exist_ok=True)
        for page, text in (("index.html", "hello\n"), ("secure/index.html", "hello, friend\n")):
            with open(os.path.join(htdocs, page), "w") as f:
                f.write(text)
        low, high = span(version)
        lines = [extra]
        if ask:
            lines += ["SSLVerifyClient " + {"require": "require", "request": "optional"}[ask], "SSLVerifyDepth 5"]
        config = APACHE.format(
            dir=lab.folder, host=HOST, port=lab.server_port, name="server.test", modules=APACHE_MODULES,
            cert=lab.pki.bundle(cert, *chain), key=lab.pki.key(cert),
            protocol=" ".join("+" + v for k, v in APACHE_VERSION.items() if low <= k <= high),
            trust='SSLCACertificateFile "%s"' % lab.pki.bundle(*trust) if trust else "",
            extra="\n".join(lab.filled(lines)), secure=secure)
        path = os.path.join(lab.folder, "httpd.conf")
        with open(path, "w") as f:
            f.write(config)
        return ["apache2", "-X" if workers == 1 else "-DFOREGROUND", "-f", path]
    return dict(name="Apache httpd", command=command, steps=(), log="error.log")


PY_VERSION = {"10": "TLSv1", "11": "TLSv1_1", "12": "TLSv1_2", "13": "TLSv1_3"}


def pytls_words(lab, cert, chain, trust, version, extra):
    """The options of pytls.py that both sides have."""
    c = ["--trust", lab.pki.bundle(*trust)] if trust else []
    c += ["--cert", lab.pki.bundle(cert, *chain), lab.pki.key(cert)] if cert else []
    c += ["--versions", *(PY_VERSION[v] for v in span(version))] if version else []
    return c + lab.filled(extra)


def python(cert="server", chain=("inter",), trust=(), ask=None, version=None, extra=("--end", "answer"), steps=()):
    """Python's ssl module."""
    def command(lab):
        c = [sys.executable, lab.script("pytls.py"), "server", str(lab.server_port), *pytls_words(lab, cert, chain, trust, version, extra)]
        return c + (["--ask", ask] if ask else [])
    return dict(name="Python ssl", command=command, steps=steps)


def plain(what):
    """A few lines of Python that do not speak TLS: a row of plain.py."""
    return dict(name="plain.py", steps=(),
                command=lambda lab: [sys.executable, lab.script("plain.py"), "server", str(lab.server_port), what])
