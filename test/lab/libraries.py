"""TLS libraries for which Debian has no such program as openssl: the lab's own small ones, in the words of servers.py and clients.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import functools
import os
import subprocess

from pki import NAME
from servers import HOST, span
from stacks import c_words, java_client, java_server

BORING = "/usr/lib/x86_64-linux-gnu/android"
CRATES = "/usr/share/cargo/registry"                # where Debian's packages of Rust put their sources
JARS = ":".join("/usr/share/java/%s.jar" % jar for jar in ("bctls", "bcprov", "bcutil"))


def built(lab, name, command, **env):
    """The program NAME in the bench's folder, made once for all cases by COMMAND(path)."""
    path = os.path.join(lab.bench.folder, name)
    if not os.path.exists(path):
        words = command(path)
        run = subprocess.run(words, capture_output=True, text=True, cwd=lab.bench.folder,
                             env={"PATH": "/usr/bin:/bin", "HOME": lab.bench.folder, "LC_ALL": "C.UTF-8"} | env)
        if run.returncode:
            raise RuntimeError("%s: %s" % (words[0], (run.stdout + run.stderr).strip()[-600:]))
    return path


def bear_program(lab):
    return built(lab, "bear-peer", lambda path: ["cc", "-O1", "-o", path, lab.script("c/bear.c"), "-lbearssl"])


def boring_program(lab):
    return built(lab, "boring-peer", lambda path: ["cc", "-O1", "-o", path, lab.script("c/boring.c"), "-I/usr/include/android", "-L" + BORING,
                                                   "-Wl,-rpath," + BORING, "-lssl", "-lcrypto"])


def haskell_program(lab):
    return built(lab, "haskell-peer", lambda path: ["ghc", "-O0", "-outputdir", path + ".d", "-o", path, lab.script("haskell/Peer.hs")])


def rust_program(lab):
    """cargo builds in the folder of the sources that it is given: a copy."""
    folder = os.path.join(lab.bench.folder, "rust")
    if not os.path.exists(folder):
        os.makedirs(folder)
        for name in ("Cargo.toml", "peer.rs"):
            with open(lab.script("rust/" + name)) as source, open(os.path.join(folder, name), "w") as copy:
                copy.write(source.read())
    config = ["--config", 'source.crates-io.replace-with="debian"', "--config", 'source.debian.directory="%s"' % CRATES]
    return built(lab, "rust/target/debug/peer", lambda path: ["/usr/bin/cargo", "build", "--offline", "--manifest-path", folder + "/Cargo.toml", *config],
                 RUSTC="/usr/bin/rustc", CARGO_TARGET_DIR=folder + "/target")


# ---- In C, with the options of c/peer.h

def c_server(name, program, cert="server", chain=("inter",), trust=(), ask=None, version=None, extra=()):
    def command(lab):
        return [program(lab), "server", str(lab.server_port)] + c_words(lab, cert, chain, trust, version, extra) + (["-ask", ask] if ask else [])
    return dict(name=name, command=command, steps=())


def c_client(name, program, trust=("root",), cert=None, chain=(), version=None, host=NAME, steps=(1,), extra=()):
    def command(lab):
        return [program(lab), "client", str(lab.port)] + c_words(lab, cert, chain, trust, version, extra) + ["-name", host]
    return dict(name=name, command=command, steps=steps)


bear_server, bear_client = functools.partial(c_server, "BearSSL", bear_program), functools.partial(c_client, "BearSSL", bear_program)
boring_server, boring_client = functools.partial(c_server, "BoringSSL", boring_program), functools.partial(c_client, "BoringSSL", boring_program)


# ---- In other languages, with key=value

def words_of(lab, cert, chain, trust, version, versions):
    """VERSIONS: how the language calls them."""
    c = ["trust=" + lab.pki.bundle(*trust)] if trust else []
    c += ["cert=" + lab.pki.bundle(cert, *chain), "key=" + lab.pki.key(cert)] if cert else []
    if version:
        low, high = span(version)
        c += ["versions=" + ",".join(versions[v] for v in ("12", "13") if low <= v <= high)]
    return c


def peer_server(name, program, versions, cert="server", chain=("inter",), trust=(), ask=None, version=None, extra=()):
    def command(lab):
        return [*program(lab), "server", str(lab.server_port), *words_of(lab, cert, chain, trust, version, versions), *(["ask=" + ask] if ask else []), *lab.filled(extra)]
    return dict(name=name, command=command, steps=())


def peer_client(name, program, versions, trust=("root",), cert=None, chain=(), version=None, host=NAME, steps=(6,), extra=()):
    def command(lab):
        return [*program(lab), "client", str(lab.port), "name=" + host, *words_of(lab, cert, chain, trust, version, versions), *lab.filled(extra)]
    return dict(name=name, command=command, steps=steps)


NUMBERS = {"12": "12", "13": "13"}
PEERS = {"erlang": ("Erlang", lambda lab: ["escript", lab.script("erlang/peer.escript")], {"12": "tlsv1.2", "13": "tlsv1.3"}),
         "haskell": ("Haskell tls", lambda lab: [haskell_program(lab)], NUMBERS), "rustls": ("rustls", lambda lab: [rust_program(lab)], NUMBERS)}
erlang_server, erlang_client = functools.partial(peer_server, *PEERS["erlang"]), functools.partial(peer_client, *PEERS["erlang"])
haskell_server, haskell_client = functools.partial(peer_server, *PEERS["haskell"]), functools.partial(peer_client, *PEERS["haskell"])
rustls_server, rustls_client = functools.partial(peer_server, *PEERS["rustls"]), functools.partial(peer_client, *PEERS["rustls"])


# ---- Bouncy Castle: java/Peer.java with its providers before Java's own

PROVIDERS = """
security.provider.1=org.bouncycastle.jce.provider.BouncyCastleProvider
security.provider.2=org.bouncycastle.jsse.provider.BouncyCastleJsseProvider
security.provider.3=SUN
security.provider.4=SunRsaSign
security.provider.5=SunEC
security.provider.6=SunJCE
ssl.KeyManagerFactory.algorithm=PKIX
ssl.TrustManagerFactory.algorithm=PKIX
"""


def with_bouncy_castle(row):
    def command(lab):
        java, *words = row["command"](lab)
        return [java, "-cp", JARS, "-Djava.security.properties=" + lab.text("java-%s.security" % row["side"], PROVIDERS), *words]
    return dict(name="Bouncy Castle", command=command, steps=row["steps"])


def bc_server(**options):
    return with_bouncy_castle(java_server(**options) | dict(side="server"))


def bc_client(**options):
    return with_bouncy_castle(java_client(**options) | dict(side="client"))


# ---- Botan's own programs, of TLS 1.2 at most; the client only warns of a certificate, and goes on

def botan_server(cert="server", chain=("inter",), version="12", extra=()):
    return dict(name="Botan", steps=(), command=lambda lab: [
        "botan", "tls_server", lab.pki.bundle(cert, *chain), lab.pki.key(cert), "--port=%d" % lab.server_port, *lab.filled(extra)])


def botan_client(trust=("root",), version="12", host=HOST, steps=(0.6, "hello\n", 0.6), extra=()):
    return dict(name="Botan", steps=steps, command=lambda lab: [
        "botan", "tls_client", host, "--port=%d" % lab.port, "--skip-system-cert-store", "--trusted-cas=" + lab.pki.bundle(*trust), *lab.filled(extra)])
