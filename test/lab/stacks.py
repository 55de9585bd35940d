"""More servers and clients, in the words of servers.py and clients.py: nginx, HAProxy, stunnel, Java, Go,
Node.js, NSS, wget, and programs on GnuTLS's C interface.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import base64
import functools
import json
import os
import struct
import subprocess
import sys

import clients
import servers
from pki import NAME
from programs import DEBIAN_13, FIPS, of_debian_13
from servers import APACHE_VERSION, HOST, gnutls_priority, span

JAVA_VERSION = NODE_VERSION = APACHE_VERSION
NSS_VERSION = {"10": "tls1.0", "11": "tls1.1", "12": "tls1.2", "13": "tls1.3"}
ALL_VERSIONS = ("12", "13")


def protocols(version, names):
    low, high = span(version or ALL_VERSIONS)
    return [name for k, name in names.items() if low <= k <= high]


# ---- Servers with a configuration file

NGINX = """
daemon off;
master_process off;
pid {dir}/nginx.pid;
error_log stderr info;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {dir}/tmp;
  proxy_temp_path {dir}/tmp;
  fastcgi_temp_path {dir}/tmp;
  uwsgi_temp_path {dir}/tmp;
  scgi_temp_path {dir}/tmp;
  keepalive_timeout 2;
  ssl_certificate {cert};
  ssl_certificate_key {key};
  ssl_protocols {protocols};
  {trust}
  {extra}
  server {{
    listen {host}:{port} ssl;
    server_name {name};
    {own}
    location / {{ return 200 "hello\\n"; }}
  }}
  {more}
}}
"""


def nginx(cert="server", chain=("inter",), trust=(), ask=None, version=None, extra="", own="", more=""):
    """nginx; EXTRA: lines of its configuration for all servers (or a function of the lab), OWN: of the server, MORE: other servers."""
    def command(lab):
        lines = [] if not trust else ["ssl_client_certificate %s;" % lab.pki.bundle(*trust), "ssl_verify_depth 5;"]
        if ask:
            lines.append("ssl_verify_client %s;" % {"require": "on", "request": "optional"}[ask])
        config = NGINX.format(dir=lab.folder, host=HOST, port=lab.server_port, name=NAME, cert=lab.pki.bundle(cert, *chain),
                              key=lab.pki.key(cert), protocols=" ".join(protocols(version, APACHE_VERSION)), trust="\n".join(lines),
                              extra="".join(lab.filled([extra])), own=own, more=more.format(host=HOST, port=lab.server_port))
        os.makedirs(lab.file("tmp"))                                   # nginx gives it to another user
        return ["nginx", "-e", "stderr", "-c", lab.text("nginx.conf", config)]
    return dict(name="nginx", command=command, steps=())


HAPROXY = """
global
  log stderr format raw local0 debug
  ssl-default-bind-options ssl-min-ver {low} ssl-max-ver {high}
  {extra}
defaults
  mode http
  log global
  option httplog
  timeout connect 2s
  timeout client 3s
  timeout server 2s
  timeout http-keep-alive 2s
frontend lab
  bind {host}:{port} ssl crt {pem} {bind}
  error-log-format "%ci: %[ssl_fc_err_str] / %[ssl_c_err]"
  {frontend}
  http-request return status 200 content-type text/plain string "hello\\n"
"""


def haproxy(cert="server", chain=("inter",), trust=(), ask=None, version=None, bind="", extra="", frontend=""):
    """HAProxy; BIND: more words of its bind line."""
    def command(lab):
        low, high = span(version or ALL_VERSIONS)
        pem = lab.text("haproxy.pem", "".join(open(p).read() for p in (lab.pki.bundle(cert, *chain), lab.pki.key(cert))))
        words = [bind]
        if ask:
            words.append("ca-file %s verify %s" % (lab.pki.bundle(*trust), {"require": "required", "request": "optional"}[ask]))
        config = HAPROXY.format(host=HOST, port=lab.server_port, pem=pem, bind=" ".join(lab.filled(words)), extra=extra, frontend=frontend,
                                low=APACHE_VERSION[low], high=APACHE_VERSION[high])
        return ["haproxy", "-db", "-f", lab.text("haproxy.cfg", config)]
    return dict(name="HAProxy", command=command, steps=())


HAPROXY_FILTER = """
global
  log stderr format raw local0 debug
defaults
  mode tcp
  log global
  timeout connect 2s
  timeout client 3s
  timeout server 2s
frontend lab
  bind {host}:{port}
  tcp-request inspect-delay 2s
  tcp-request content {action} if {{ req.ssl_hello_type 1 }}
"""


def haproxy_filter(action):
    """HAProxy in front of nothing: it looks at the ClientHello and does ACTION."""
    return dict(name="HAProxy", steps=(), command=lambda lab: [
        "haproxy", "-db", "-f", lab.text("haproxy.cfg", HAPROXY_FILTER.format(host=HOST, port=lab.server_port, action=action))])


def stunnel_lines(lab, version):
    low, high = span(version or ALL_VERSIONS)
    return ["foreground = yes", "debug = info", "syslog = no", "output = /dev/stderr", "pid =", "sslVersionMin = " + APACHE_VERSION[low],
            "sslVersionMax = " + APACHE_VERSION[high]]


def stunnel_server(cert="server", chain=("inter",), trust=(), ask=None, version=None, extra=()):
    """stunnel in front of cat; EXTRA: lines of its service."""
    def command(lab):
        lines = stunnel_lines(lab, version) + [
            "[lab]", "accept = %s:%d" % (HOST, lab.server_port), "cert = " + lab.pki.bundle(cert, *chain), "key = " + lab.pki.key(cert),
            "exec = /bin/cat", "execArgs = cat"]
        lines += ["CAfile = " + lab.pki.bundle(*trust)] if trust else []
        lines += {"require": ["verifyChain = yes"], "request": ["verify = 1"], None: []}[ask]
        return ["stunnel4", lab.text("stunnel.conf", "\n".join(lines + lab.filled(extra)) + "\n")]
    return dict(name="stunnel", command=command, steps=())


def stunnel_client(trust=("root",), cert=None, chain=(), version=None, name=NAME, check=True, steps=(0.3, "hello\n", 0.4), extra=()):
    """stunnel between its own standard input and a server."""
    def command(lab):
        lines = stunnel_lines(lab, version) + ["client = yes", "connect = %s:%d" % (HOST, lab.port)]
        lines += ["sni = " + name] if name else []
        if check:
            lines += ["verifyChain = yes", "CAfile = " + lab.pki.bundle(*trust)] + (["checkHost = " + name] if name else [])
        lines += ["cert = " + lab.pki.bundle(cert, *chain), "key = " + lab.pki.key(cert)] if cert else []
        return ["stunnel4", lab.text("stunnel-client.conf", "\n".join(lines + lab.filled(extra)) + "\n")]
    return dict(name="stunnel", command=command, steps=steps)


# ---- Java

def java_words(lab, cert, chain, trust, version, extra):
    c = ["trust=" + lab.pki.bundle(*trust)] if trust else []
    c += ["store=" + lab.pki.p12(cert, *chain)] if cert else []
    c += ["versions=" + ",".join(protocols(version, JAVA_VERSION))] if version else []
    return c + lab.filled(extra)


def java(lab, system):
    return ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", *["-D" + p for p in lab.filled(system)], lab.script("java/Peer.java")]


def java_server(cert="server", chain=("inter",), trust=(), ask=None, version=None, extra=(), system=()):
    """java/Peer.java; SYSTEM: Java's system properties."""
    def command(lab):
        c = java(lab, system) + ["server", str(lab.server_port)] + java_words(lab, cert, chain, trust, version, extra)
        return c + (["ask=" + ask] if ask else [])
    return dict(name="Java", command=command, steps=())


def java_client(trust=("root",), cert=None, chain=(), version=None, name=NAME, check=True, steps=(8,), extra=(), system=()):
    def command(lab):
        c = java(lab, system) + ["client", str(lab.port)] + java_words(lab, cert, chain, trust, version, extra)
        return c + (["name=" + name] if name else []) + ([] if check else ["check=no"])
    return dict(name="Java", command=command, steps=steps)


# ---- Go

def go_program(lab, go="go"):
    """Builds go/peer.go once for all cases."""
    path = os.path.join(lab.bench.folder, "go-peer" + go.replace("/", "-"))
    if not os.path.exists(path):
        run = subprocess.run([go, "build", "-o", path, lab.script("go/peer.go")], capture_output=True, text=True, cwd=lab.bench.folder,
                             env={"PATH": os.environ["PATH"], "HOME": lab.bench.folder, "GOCACHE": os.path.join(lab.bench.folder, "go-cache"),
                                  "GOFLAGS": "-mod=mod", "GO111MODULE": "auto", "CGO_ENABLED": "0"})
        if run.returncode:
            raise RuntimeError("go build: " + run.stderr.strip())
    return path


def go_words(lab, cert, chain, trust, version, extra):
    c = ["-trust", lab.pki.bundle(*trust)] if trust else []
    c += ["-cert", lab.pki.bundle(cert, *chain), "-key", lab.pki.key(cert)] if cert else []
    if version:
        low, high = span(version)
        c += ["-min", "0x030" + str(int(low[1]) + 1), "-max", "0x030" + str(int(high[1]) + 1)]
    return c + lab.filled(extra)


def go_server(cert="server", chain=("inter",), trust=(), ask=None, version=None, extra=()):
    """go/peer.go."""
    def command(lab):
        c = [go_program(lab), "server", str(lab.server_port)] + go_words(lab, cert, chain, trust, version, extra)
        return c + (["-ask", ask] if ask else [])
    return dict(name="Go", command=command, steps=())


def go_client(trust=("root",), cert=None, chain=(), version=None, name=NAME, check=True, steps=(3,), extra=()):
    def command(lab):
        c = [go_program(lab), "client", str(lab.port)] + go_words(lab, cert, chain, trust, version, extra)
        return c + (["-name", name] if name else []) + ([] if check else ["-no-check"])
    return dict(name="Go", command=command, steps=steps)


# ---- Of Debian 13: an OpenSSL and a Go with hybrid post-quantum groups, and the latter with Encrypted Client Hello

def newer(program, name):
    """The same program of Debian 13."""
    def of_options(**options):
        row = program(**options)
        return row | dict(name=name, command=lambda lab: of_debian_13(row["command"](lab)))
    return of_options


gnutls38_server, gnutls38_client = newer(servers.gnutls, "gnutls-serv 3.8"), newer(clients.gnutls, "gnutls-cli 3.8")
ossl35_server, ossl35_client = newer(servers.ossl, "OpenSSL 3.5 s_server"), newer(clients.ossl, "OpenSSL 3.5 s_client")


FIPS_CONFIG = """
openssl_conf = init
.include {fips}
[init]
providers = providers
alg_section = algorithms
[providers]
fips = fips_sect
base = base
[base]
activate = 1
[algorithms]
default_properties = fips=yes
"""


def in_fips_mode(program, name):
    """The same program of Debian 13 with its FIPS provider, which insists on the extended master secret."""
    def of_options(**options):
        row = program(**options)

        def command(lab):
            module = lab.file("fips.cnf")
            if not os.path.exists(module):
                subprocess.run(of_debian_13(["openssl", "fipsinstall", "-quiet", "-ems_check", "-module", DEBIAN_13 + FIPS, "-out", module]), check=True)
            return ["env", "OPENSSL_CONF=" + lab.text("openssl-fips.cnf", FIPS_CONFIG.format(fips=module)), "OPENSSL_MODULES=" + os.path.dirname(DEBIAN_13 + FIPS),
                    *of_debian_13(row["command"](lab))]
        return row | dict(name=name, command=command)
    return of_options


fips_server, fips_client = in_fips_mode(servers.ossl, "OpenSSL 3.5 FIPS s_server"), in_fips_mode(clients.ossl, "OpenSSL 3.5 FIPS s_client")


def go124_client(**options):
    row = go_client(**options)
    return row | dict(name="Go 1.24", command=lambda lab: [go_program(lab, DEBIAN_13 + "/usr/lib/go-1.24/bin/go"), *row["command"](lab)[1:]])


def go124_server(**options):
    row = go_server(**options)
    return row | dict(name="Go 1.24", command=lambda lab: [go_program(lab, DEBIAN_13 + "/usr/lib/go-1.24/bin/go"), *row["command"](lab)[1:]])


# ---- Node.js

def node_options(lab, cert, chain, trust, version, extra):
    o = {"ca": lab.pki.bundle(*trust)} if trust else {}
    if cert:
        o |= {"cert": lab.pki.bundle(cert, *chain), "key": lab.pki.key(cert)}
    if version:
        low, high = span(version)
        o |= {"minVersion": NODE_VERSION[low], "maxVersion": NODE_VERSION[high]}
    return o | extra


def node_server(cert="server", chain=("inter",), trust=(), ask=None, version=None, extra={}):
    """node/peer.js; EXTRA: options of Node's tls.createServer."""
    def command(lab):
        o = node_options(lab, cert, chain, trust, version, extra)
        o |= {"requestCert": True, "rejectUnauthorized": ask == "require"} if ask else {}
        return ["node", "--tls-keylog=" + lab.keylog, lab.script("node/peer.js"), "server", str(lab.server_port), json.dumps(o)]
    return dict(name="Node.js", command=command, steps=())


def node_client(trust=("root",), cert=None, chain=(), version=None, name=NAME, check=True, steps=(1.5,), extra={}):
    def command(lab):
        o = node_options(lab, cert, chain, trust, version, extra) | ({"servername": name} if name else {})
        o |= {} if check else {"rejectUnauthorized": False}
        return ["node", "--tls-keylog=" + lab.keylog, lab.script("node/peer.js"), "client", str(lab.port), json.dumps(o)]
    return dict(name="Node.js", command=command, steps=steps)


# ---- NSS

def nss_run(*command):
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError("%s: %s" % (" ".join(command), run.stderr.strip()))


def nss_store(lab, side, cert, chain, trust, crl=None):
    """A certificate database; the certificate's nickname is "peer"."""
    folder = "sql:" + lab.file("nss-" + side)
    os.makedirs(lab.file("nss-" + side))
    nss_run("certutil", "-N", "-d", folder, "--empty-password")
    for i, name in enumerate(trust):
        nss_run("certutil", "-A", "-d", folder, "-n", "ca%d" % i, "-t", "CT,C,", "-i", lab.pki.cert(name))
    for i, name in enumerate(chain):
        if name not in trust:
            nss_run("certutil", "-A", "-d", folder, "-n", "chain%d" % i, "-t", ",,", "-i", lab.pki.cert(name))
    if cert:
        nss_run("pk12util", "-i", lab.pki.p12(cert), "-d", folder, "-W", "secret", "-K", "")
    if crl:
        nss_run("crlutil", "-I", "-d", folder, "-i", crl(lab))
    return folder


def nss_server(cert="server", chain=("inter",), trust=(), ask=None, version=None, extra=(), env=(), crl=None):
    """selfserv of NSS; ENV: its variables, CRL: a revocation list."""
    def command(lab):
        c = ["env", *env, "selfserv", "-d", nss_store(lab, "server", cert, chain, trust, crl), "-e" if not cert.endswith("rsa") else "-n", "peer", "-p", str(lab.server_port),
             "-V", ":".join(NSS_VERSION[v] for v in span(version or ALL_VERSIONS)), "-v", "-G"]
        return c + {None: [], "request": ["-r"], "require": ["-r", "-r"]}[ask] + lab.filled(extra)
    return dict(name="selfserv", command=command, steps=())


def nss_client(trust=("root",), cert=None, chain=(), version=None, name=NAME, check=True, steps=(0.4, "GET / HTTP/1.0\r\n\r\n", 0.6), extra=(),
               env=(), crl=None):
    """tstclnt of NSS; ENV: its variables, CRL: a revocation list."""
    def command(lab):
        c = ["env", *env, "tstclnt", "-h", HOST, "-p", str(lab.port), "-d", nss_store(lab, "client", cert, chain, trust, crl), "-4", "-v", "-G",
             "-V", ":".join(NSS_VERSION[v] for v in span(version or ALL_VERSIONS))]
        c += ["-a", name] if name else []
        c += ["-n", "peer"] if cert else []
        return c + ([] if check else ["-o"]) + lab.filled(extra)
    return dict(name="tstclnt", command=command, steps=steps)


def nss110_program(lab):
    """Builds c/nss.c once for all cases, against the NSS of Debian 13."""
    path = os.path.join(lab.bench.folder, "nss110-peer")
    if not os.path.exists(path):
        run = subprocess.run(["cc", "-O1", "-o", path, lab.script("c/nss.c"), "-I" + DEBIAN_13 + "/usr/include/nss", "-I" + DEBIAN_13 + "/usr/include/nspr",
                              "-idirafter", DEBIAN_13 + "/usr/include", "-L" + DEBIAN_13 + "/usr/lib/x86_64-linux-gnu", "-lssl3", "-lnss3", "-lnspr4", "-lbrotlienc",
                              "-lzstd", "-Wl,--allow-shlib-undefined"], capture_output=True, text=True)
        if run.returncode:
            raise RuntimeError("cc: " + run.stderr.strip())
    return path


def nss110_server(algorithm, cert="server", chain=("inter",), version="13"):
    """c/nss.c, which compresses its certificate with ALGORITHM."""
    return dict(name="NSS 3.110", steps=(), command=lambda lab: of_debian_13([
        nss110_program(lab), str(lab.server_port), nss_store(lab, "server", cert, chain, ()), algorithm]))


def ech_config(public_name):
    """An ECHConfigList (RFC 9849, version 0xfe0d) for a key that nobody has, as tstclnt wants it."""
    x25519, hkdf_sha256, aes_128_gcm = 0x0020, 0x0001, 0x0001
    key = bytes([9]) + bytes(31)                                       # the base point: a valid public key
    name = public_name.encode()
    body = struct.pack(">BHH", 7, x25519, len(key)) + key + struct.pack(">HHH", 4, hkdf_sha256, aes_128_gcm)
    body += struct.pack(">BB", 0, len(name)) + name + struct.pack(">H", 0)
    config = struct.pack(">HH", 0xfe0d, len(body)) + body
    return base64.b64encode(struct.pack(">H", len(config)) + config).decode()


# ---- Mbed TLS and wolfSSL, which have no programs of their own in Debian

C_LIBRARIES = {"mbed": ["-lmbedtls", "-lmbedx509", "-lmbedcrypto"], "wolf": ["-lwolfssl"]}
C_NAMES = {"mbed": "Mbed TLS", "wolf": "wolfSSL"}


def c_program(lab, which):
    """Builds c/mbed.c or c/wolf.c once for all cases."""
    path = os.path.join(lab.bench.folder, which + "-peer")
    if not os.path.exists(path):
        run = subprocess.run(["cc", "-O1", "-o", path, lab.script("c/%s.c" % which), *C_LIBRARIES[which]], capture_output=True, text=True)
        if run.returncode:
            raise RuntimeError("cc: " + run.stderr.strip())
    return path


def c_words(lab, cert, chain, trust, version, extra):
    c = ["-trust", lab.pki.bundle(*trust)] if trust else []
    c += ["-cert", lab.pki.bundle(cert, *chain), "-key", lab.pki.key(cert)] if cert else []
    return c + (["-versions", "-".join(dict.fromkeys(span(version)))] if version else []) + lab.filled(extra)


def c_server(which, cert="server", chain=("inter",), trust=(), ask=None, version=None, extra=()):
    def command(lab):
        c = [c_program(lab, which), "server", str(lab.server_port)] + c_words(lab, cert, chain, trust, version, extra)
        return c + (["-ask", ask] if ask else [])
    return dict(name=C_NAMES[which], command=command, steps=())


def c_client(which, trust=("root",), cert=None, chain=(), version=None, name=NAME, check=True, steps=(1,), extra=()):
    def command(lab):
        c = [c_program(lab, which), "client", str(lab.port)] + c_words(lab, cert, chain, trust, version, extra)
        return c + (["-name", name] if name else []) + ([] if check else ["-no-check"])
    return dict(name=C_NAMES[which], command=command, steps=steps)


mbed_server, mbed_client = functools.partial(c_server, "mbed"), functools.partial(c_client, "mbed")
wolf_server, wolf_client = functools.partial(c_server, "wolf"), functools.partial(c_client, "wolf")


# ---- wget, and a program on GnuTLS's C interface

def wget(trust=("root",), cert=None, chain=(), version=None, name="localhost", check=True, steps=(0.8,), extra=()):
    """wget, built on GnuTLS; it can ask for no other name than that of this machine, which /etc/hosts must have."""
    def command(lab):
        c = ["wget", "-4", "-d", "--no-hsts", "--tries", "1", "--timeout", "3", "--no-proxy", "-O", lab.file("page")]
        c += ["--ca-certificate", lab.pki.bundle(*trust)] if trust else []
        c += [] if check else ["--no-check-certificate"]
        c += ["--certificate", lab.pki.bundle(cert, *chain), "--private-key", lab.pki.key(cert)] if cert else []
        c += ["--secure-protocol", "TLSv1_" + span(version)[0][1]] if version else []
        return c + lab.filled(extra) + ["https://%s:%d/" % (name, lab.port)]
    return dict(name="wget", command=command, steps=steps)


def gnutls_app(alert, cert="server", chain=("inter",), version=None, priority=""):
    """A server that ends the connection with ALERT when it has read something; "require": see gnutls_app.py."""
    return dict(name="gnutls_app.py", steps=(), command=lambda lab: [
        sys.executable, lab.script("gnutls_app.py"), str(lab.server_port), gnutls_priority(version, priority),
        lab.pki.bundle(cert, *chain), lab.pki.key(cert), str(alert)])
