"""Programs that speak QUIC: nginx, curl and s_client of Debian 13, ngtcp2's (GnuTLS) of Debian 12 and 13, and aioquic.

Those of Debian 13 run from a folder that LAB_DEBIAN_13 names, made by
  debootstrap --variant=minbase --include=openssl,nginx-light,curl,ngtcp2-client,ngtcp2-server,python3-aioquic trixie FOLDER
Only there do they speak QUIC v2 (RFC 9369).

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os

from clients import HELLO
from pki import NAME
from programs import DEBIAN_13, NEEDS, of_debian_13
from servers import HOST
from stacks import nginx as tcp_nginx

NEEDS |= {name: (os.path.join(DEBIAN_13, path), "from Debian 13, see stacks_quic.py") for name, path in (
    ("nginx (QUIC)", "usr/sbin/nginx"), ("curl (QUIC)", "usr/bin/curl"), ("OpenSSL s_client (QUIC)", "usr/bin/openssl"),
    ("gtlsserver (Debian 13)", "usr/sbin/gtlsserver"), ("gtlsclient (Debian 13)", "usr/bin/gtlsclient"), ("aioquic", "usr/lib/python3/dist-packages/aioquic"))}
NEEDS |= {"gtlsserver": ("gtlsserver", "ngtcp2-server"), "gtlsclient": ("gtlsclient", "ngtcp2-client")}


def nginx(**common):
    """nginx with HTTP/3; the same words as stacks.nginx."""
    tcp = tcp_nginx(**common)

    def command(lab):
        config = tcp["command"](lab)[-1]
        text = open(config).read().replace("%s:%d ssl;" % (HOST, lab.server_port), "%s:%d quic reuseport;" % (HOST, lab.server_port))
        lab.text("nginx.conf", text)
        return of_debian_13(["usr/sbin/nginx", "-e", "stderr", "-c", config])
    return dict(name="nginx (QUIC)", command=command, steps=())


def curl(trust=("root",), cert=None, chain=(), name=NAME, check=True, steps=(0.8,), extra=()):
    def command(lab):
        c = of_debian_13(["curl"]) + ["-sS", "-v", "--http3-only", "--max-time", "5", "--noproxy", "*",
                                         "--resolve", "%s:%d:%s" % (name, lab.port, HOST)]
        c += ["--cacert", lab.pki.bundle(*trust)] if trust else []
        c += [] if check else ["-k"]
        c += ["--cert", lab.pki.bundle(cert, *chain), "--key", lab.pki.key(cert)] if cert else []
        return c + lab.filled(extra) + ["https://%s:%d/" % (name, lab.port)]
    return dict(name="curl (QUIC)", command=command, steps=steps)


def ossl(trust=("root",), cert=None, chain=(), name=NAME, check=True, alpn="h3", steps=HELLO, extra=()):
    def command(lab):
        c = of_debian_13(["openssl"]) + ["s_client", "-quic", "-alpn", alpn, "-connect", "%s:%d" % (HOST, lab.port),
                                            "-keylogfile", lab.keylog]
        c += ["-servername", name] if name else ["-noservername"]
        c += ["-CAfile", lab.pki.bundle(*trust)] if trust else ["-no-CAfile"]
        c += ["-verify_return_error"] + (["-verify_hostname", name] if name else []) if check else []
        c += ["-cert", lab.pki.bundle(cert, *chain), "-key", lab.pki.key(cert)] if cert else []
        return c + lab.filled(extra)
    return dict(name="OpenSSL s_client (QUIC)", command=command, steps=steps)


def gtls(side, versions):
    """The program's name and its first words; VERSIONS, if any, are of Debian 13: the client begins with the last of them."""
    if not versions:
        return side, [side]
    c = of_debian_13([{"gtlsserver": "usr/sbin/", "gtlsclient": "usr/bin/"}[side] + side]) + ["--preferred-versions=" + ",".join(versions), "--available-versions=" + ",".join(versions)]
    return side + " (Debian 13)", c + (["--version=" + versions[-1]] if side == "gtlsclient" else [])


def gtls_server(cert="server", chain=("inter",), versions=(), extra=()):
    """ngtcp2's example server; with --verify-client it asks for a certificate."""
    name, words = gtls("gtlsserver", versions)

    def command(lab):
        return [*words, "--no-quic-dump", "--no-http-dump", "-d", lab.folder, *lab.filled(extra), HOST, str(lab.server_port),
                lab.pki.key(cert), lab.pki.bundle(cert, *chain)]
    return dict(name=name, command=command, steps=())


def gtls_client(cert=None, chain=(), name=NAME, versions=(), steps=(0.8,), extra=()):
    """ngtcp2's example client; it does not look at the server's certificate."""
    program, words = gtls("gtlsclient", versions)

    def command(lab):
        c = [*words, "--no-quic-dump", "--no-http-dump", "--exit-on-all-streams-close", "--sni", name]
        c += ["--cert", lab.pki.bundle(cert, *chain), "--key", lab.pki.key(cert)] if cert else []
        return c + lab.filled(extra) + [HOST, str(lab.port), "https://%s/" % name]
    return dict(name=program, command=command, steps=steps)


def aioquic(lab, *words):
    python = of_debian_13(["python3"])
    return ["env", "PYTHONHOME=" + os.path.join(DEBIAN_13, "usr"), *python, lab.script("aio.py"), *words]


def aio_server(cert="server", chain=("inter",), versions=("1", "2")):
    """The dearest version first."""
    return dict(name="aioquic", steps=(), command=lambda lab: aioquic(
        lab, "server", str(lab.server_port), lab.pki.bundle(cert, *chain), lab.pki.key(cert), ",".join(versions)))


def aio_client(*connections, versions=("1", "2"), name=NAME, steps=(1.0,)):
    """CONNECTIONS, one after the other from the same port: (trust, moves) each. The last version is begun with."""
    return dict(name="aioquic", steps=steps, command=lambda lab: aioquic(
        lab, "client", str(lab.port), name, ",".join(versions),
        *[lab.pki.bundle(trust) + (":moves" if moves else "") for trust, moves in connections or [("root", False)]]))
