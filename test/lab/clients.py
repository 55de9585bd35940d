"""The clients of the lab: each function gives what to run for one client program.

The common words are those of servers.py, and
  name     the name asked for in SNI and checked in the certificate (None: no SNI, no check)
  check    False: the client goes on whatever the certificate is
  steps    what is typed: strings, and pauses in seconds; "then": after the server's steps

SPDX-License-Identifier: GPL-2.0-or-later
"""
import sys

from pki import NAME
from programs import KILL
from servers import HOST, gnutls_priority, ossl_versions, pytls_words, span

HELLO = (0.3, "hello\n", 0.3)
GET = "GET %s HTTP/1.1\r\nHost: " + NAME + "\r\n\r\n"


def ossl(trust=("root",), cert=None, chain=(), version=None, name=NAME, check=True, steps=HELLO + ("Q\n",), then=(), extra=()):
    """openssl s_client."""
    def command(lab):
        c = ["openssl", "s_client", "-connect", "%s:%d" % (HOST, lab.port), "-keylogfile", lab.keylog]
        c += ["-servername", name] if name else ["-noservername"]
        c += ["-CAfile", lab.pki.bundle(*trust)] if trust else ["-no-CAfile"]
        c += ["-no-CApath", "-no-CAstore"]
        if check:
            c += ["-verify_return_error"] + (["-verify_hostname", name] if name else [])
        if cert:
            c += ["-cert", lab.pki.cert(cert), "-key", lab.pki.key(cert)]
            c += ["-cert_chain", lab.pki.bundle(*chain)] if chain else []
        return c + ossl_versions(version) + lab.filled(extra)
    return dict(name="OpenSSL s_client", command=command, steps=steps, then=then)


def gnutls(trust=("root",), cert=None, chain=(), version=None, name=NAME, check=True, priority="", steps=HELLO, extra=()):
    """gnutls-cli."""
    def command(lab):
        c = ["gnutls-cli", "-p", str(lab.port), "--priority", gnutls_priority(version, priority)]
        c += ["--sni-hostname", name, "--verify-hostname", name] if name else ["--disable-sni"]
        c += ["--x509cafile", lab.pki.bundle(*trust)] if trust else []
        c += [] if check else ["--insecure"]
        if cert:
            c += ["--x509certfile", lab.pki.bundle(cert, *chain), "--x509keyfile", lab.pki.key(cert)]
        return c + lab.filled(extra) + [HOST]
    return dict(name="gnutls-cli", command=command, steps=steps)


def curl(trust=("root",), cert=None, chain=(), version=None, name=NAME, check=True, paths=("/",), steps=(0.4,), extra=()):
    """curl, built on OpenSSL."""
    def command(lab):
        c = ["curl", "-sS", "-v", "--http1.1", "--max-time", "5", "--noproxy", "*",
             "--resolve", "%s:%d:%s" % (name, lab.port, HOST)]
        c += ["--cacert", lab.pki.bundle(*trust)] if trust else []
        c += [] if check else ["-k"]
        if cert:
            c += ["--cert", lab.pki.bundle(cert, *chain), "--key", lab.pki.key(cert)]
        if version:
            low, high = span(version)
            c += ["--tlsv1." + low[1], "--tls-max", "1." + high[1]]
        return c + lab.filled(extra) + ["https://%s:%d%s" % (name, lab.port, path) for path in paths]
    return dict(name="curl", command=command, steps=steps)


def curl_mail(protocol, *extra):
    """curl that only asks for something without consequence."""
    return dict(name="curl", steps=(0.4,),
                command=lambda lab: ["curl", "-sS", "-v", "--max-time", "5", "--noproxy", "*", *lab.filled(extra), "%s://%s:%d" % (protocol, HOST, lab.port), "-X", "NOOP"])


def plain_curl():
    """curl that speaks HTTP without TLS to the server's port."""
    return dict(name="curl", steps=(0.4,), command=lambda lab: ["curl", "-sS", "-v", "--max-time", "5", "--noproxy", "*", "http://%s:%d/" % (HOST, lab.port)])


def curl_through_proxy():
    """curl that asks the server of the case for a connection to another one."""
    return dict(name="curl", steps=(0.4,),
                command=lambda lab: ["curl", "-sS", "-v", "--max-time", "5", "-x", "http://%s:%d" % (HOST, lab.port), "https://%s/" % NAME])


def python(trust=("root",), cert=None, chain=(), version=None, name=NAME, check=True, steps=(0.8,), extra=()):
    """Python's ssl module."""
    def command(lab):
        c = [sys.executable, lab.script("pytls.py"), "client", str(lab.port), *pytls_words(lab, cert, chain, trust, version, extra)]
        return c + (["--name", name] if name else []) + ([] if check else ["--no-check"])
    return dict(name="Python ssl", command=command, steps=steps)


def plain(what):
    """A few lines of Python that do not speak TLS: a row of plain.py."""
    return dict(name="plain.py", steps=(),
                command=lambda lab: [sys.executable, lab.script("plain.py"), "client", str(lab.port), what])
