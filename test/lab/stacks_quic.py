"""Programs that speak QUIC: nginx, curl and s_client of Debian 13, and ngtcp2's (GnuTLS).

Those of Debian 13 run from a folder that TLSWHY_TRIXIE names, made by
  debootstrap --variant=minbase --include=openssl,nginx-light,curl trixie FOLDER

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os

from clients import HELLO
from pki import NAME
from programs import NEEDS
from servers import HOST
from stacks import nginx as tcp_nginx

TRIXIE = os.environ.get("TLSWHY_TRIXIE", "/srv/trixie")

NEEDS |= {name: (os.path.join(TRIXIE, path), "from Debian 13, see stacks_quic.py") for name, path in (
    ("nginx (QUIC)", "usr/sbin/nginx"), ("curl (QUIC)", "usr/bin/curl"), ("OpenSSL s_client (QUIC)", "usr/bin/openssl"))}
NEEDS |= {"gtlsserver": ("gtlsserver", "ngtcp2-server"), "gtlsclient": ("gtlsclient", "ngtcp2-client")}


def of_trixie(path):
    """A program of Debian 13, with the loader and the libraries that it was built for."""
    return [os.path.join(TRIXIE, "lib64/ld-linux-x86-64.so.2"), "--library-path",
            os.path.join(TRIXIE, "usr/lib/x86_64-linux-gnu"), os.path.join(TRIXIE, path)]


def nginx(**common):
    """nginx with HTTP/3; the same words as stacks.nginx."""
    tcp = tcp_nginx(**common)

    def command(lab):
        config = tcp["command"](lab)[-1]
        text = open(config).read().replace("%s:%d ssl;" % (HOST, lab.server_port), "%s:%d quic reuseport;" % (HOST, lab.server_port))
        lab.text("nginx.conf", text)
        return of_trixie("usr/sbin/nginx") + ["-e", "stderr", "-c", config]
    return dict(name="nginx (QUIC)", command=command, steps=())


def curl(trust=("root",), cert=None, chain=(), name=NAME, check=True, steps=(0.8,), extra=()):
    def command(lab):
        c = of_trixie("usr/bin/curl") + ["-sS", "-v", "--http3-only", "--max-time", "5", "--noproxy", "*",
                                         "--resolve", "%s:%d:%s" % (name, lab.port, HOST)]
        c += ["--cacert", lab.pki.bundle(*trust)] if trust else []
        c += [] if check else ["-k"]
        c += ["--cert", lab.pki.bundle(cert, *chain), "--key", lab.pki.key(cert)] if cert else []
        return c + lab.filled(extra) + ["https://%s:%d/" % (name, lab.port)]
    return dict(name="curl (QUIC)", command=command, steps=steps)


def ossl(trust=("root",), cert=None, chain=(), name=NAME, check=True, alpn="h3", steps=HELLO, extra=()):
    def command(lab):
        c = of_trixie("usr/bin/openssl") + ["s_client", "-quic", "-alpn", alpn, "-connect", "%s:%d" % (HOST, lab.port),
                                            "-keylogfile", lab.keylog]
        c += ["-servername", name] if name else ["-noservername"]
        c += ["-CAfile", lab.pki.bundle(*trust)] if trust else ["-no-CAfile"]
        c += ["-verify_return_error"] + (["-verify_hostname", name] if name else []) if check else []
        c += ["-cert", lab.pki.bundle(cert, *chain), "-key", lab.pki.key(cert)] if cert else []
        return c + lab.filled(extra)
    return dict(name="OpenSSL s_client (QUIC)", command=command, steps=steps)


def gtls_server(cert="server", chain=("inter",), extra=()):
    """ngtcp2's example server; with --verify-client it asks for a certificate."""
    def command(lab):
        return ["gtlsserver", "--no-quic-dump", "--no-http-dump", "-d", lab.folder, *lab.filled(extra), HOST, str(lab.server_port),
                lab.pki.key(cert), lab.pki.bundle(cert, *chain)]
    return dict(name="gtlsserver", command=command, steps=())


def gtls_client(cert=None, chain=(), name=NAME, steps=(0.8,), extra=()):
    """ngtcp2's example client; it does not look at the server's certificate."""
    def command(lab):
        c = ["gtlsclient", "--no-quic-dump", "--no-http-dump", "--exit-on-all-streams-close", "--sni", name]
        c += ["--cert", lab.pki.bundle(cert, *chain), "--key", lab.pki.key(cert)] if cert else []
        return c + lab.filled(extra) + [HOST, str(lab.port), "https://%s/" % name]
    return dict(name="gtlsclient", command=command, steps=steps)
