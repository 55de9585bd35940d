"""Services that listen on ports of their own, and their own clients, in the words of servers.py and clients.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import clients
from pki import NAME
from servers import APACHE_VERSION, HOST, span

# ---- Redis

def redis(cert="server", chain=("inter",), trust=("root",), ask=None, version=("12", "13"), tls=True):
    """redis-server, which speaks either TLS or plain text on a port."""
    def command(lab):
        low, high = span(version)
        c = ["redis-server", "--bind", HOST, "--save", "", "--loglevel", "debug", "--daemonize", "no", "--dir", lab.folder]
        if not tls:
            return c + ["--port", str(lab.server_port)]
        return c + ["--port", "0", "--tls-port", str(lab.server_port), "--tls-cert-file", lab.pki.bundle(cert, *chain), "--tls-key-file", lab.pki.key(cert),
                    "--tls-ca-cert-file", lab.pki.bundle(*trust), "--tls-auth-clients", {"require": "yes", "request": "optional", None: "no"}[ask],
                    "--tls-protocols", " ".join(v for k, v in APACHE_VERSION.items() if low <= k <= high)]
    return dict(name="Redis", command=command, steps=())


def redis_cli(trust=("root",), cert=None, chain=(), name=NAME, tls=True, steps=(0.6,)):
    """redis-cli, which looks at the chain and not at the name."""
    def command(lab):
        c = ["redis-cli", "-h", HOST, "-p", str(lab.port)]
        if tls:
            c += ["--tls", "--sni", name, "--cacert", lab.pki.bundle(*trust)]
            c += ["--cert", lab.pki.bundle(cert, *chain), "--key", lab.pki.key(cert)] if cert else []
        return c + ["PING"]
    return dict(name="redis-cli", command=command, steps=steps)


# ---- memcached

def memcached(cert="server", chain=("inter",), trust=("root",), ask=None, version="12", tls=True):
    """memcached; VERSION: the lowest that it speaks."""
    def command(lab):
        c = ["memcached", "-u", "root", "-l", HOST, "-p", str(lab.server_port), "-U", "0", "-vv"]
        if tls:
            c += ["-Z", "-o", ",".join(["ssl_chain_cert=" + lab.pki.bundle(cert, *chain), "ssl_key=" + lab.pki.key(cert), "ssl_ca_cert=" + lab.pki.bundle(*trust),
                                        "ssl_min_version=" + {"12": "2", "13": "3"}[version],
                                        "ssl_verify_mode=" + {"require": "2", "request": "1", None: "0"}[ask]])]
        return c
    return dict(name="memcached", command=command, steps=())
