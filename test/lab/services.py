"""Services that listen on ports of their own, and their own clients, in the words of servers.py and clients.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import pwd
import subprocess

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


# ---- mosquitto: an MQTT broker

def mosquitto(cert="here", chain=("inter",), trust=("root",), ask=None, psk=None):
    """mosquitto, which both sides let speak TLS 1.3; PSK: identity and key, in place of certificates; without both it speaks plain text."""
    def command(lab):
        lines = ["user root", "log_dest stderr", "log_type all", "allow_anonymous true", "listener %d %s" % (lab.server_port, HOST)]
        if psk:
            lines += ["psk_hint lab", "psk_file " + lab.text("psk.txt", psk + "\n")]
        elif cert:
            lines += ["certfile " + lab.pki.bundle(cert, *chain), "keyfile " + lab.pki.key(cert), "cafile " + lab.pki.bundle(*trust)]
            lines += ["require_certificate true"] if ask else []
        return ["mosquitto", "-c", lab.text("mosquitto.conf", "\n".join(lines) + "\n")]
    return dict(name="mosquitto", command=command, steps=())


def mosquitto_pub(trust=("root",), cert=None, chain=(), psk=None, steps=(0.8,)):
    """mosquitto_pub, which asks for the address that it connects to; PSK: identity and key."""
    def command(lab):
        c = ["mosquitto_pub", "-d", "-h", HOST, "-p", str(lab.port), "-t", "lab", "-m", "hello"]
        if psk:
            identity, key = psk.split(":")
            c += ["--psk", key, "--psk-identity", identity]
        else:
            c += ["--cafile", lab.pki.bundle(*trust)] + (["--cert", lab.pki.bundle(cert, *chain), "--key", lab.pki.key(cert)] if cert else [])
        return c
    return dict(name="mosquitto_pub", command=command, steps=steps)


# ---- nbdkit and libnbd: TLS after a few bytes of NBD

def nbd_folder(lab, side, cert, chain, trust):
    """The files that both programs look for in a folder."""
    folder = lab.file("nbd-" + side)
    os.makedirs(folder)
    os.symlink(lab.pki.bundle(*trust), folder + "/ca-cert.pem")
    if cert:
        os.symlink(lab.pki.bundle(cert, *chain), folder + "/%s-cert.pem" % side)
        os.symlink(lab.pki.key(cert), folder + "/%s-key.pem" % side)
    return folder


def nbdkit(cert="here", chain=("inter",), trust=("root",), ask=None, psk=None, tls=True):
    """nbdkit, on GnuTLS; PSK: identity and key, in place of certificates."""
    def command(lab):
        c = ["nbdkit", "-f", "-v", "-i", HOST, "-p", str(lab.server_port)]
        if tls:
            c += ["--tls=require", "--tls-psk=" + lab.text("psk-server.txt", psk + "\n") if psk else "--tls-certificates=" + nbd_folder(lab, "server", cert, chain, trust)]
            c += ["--tls-verify-peer"] if ask else []
        return c + ["memory", "1M"]
    return dict(name="nbdkit", command=command, steps=())


def nbdinfo(trust=("root",), cert=None, chain=(), psk=None, steps=(0.8,)):
    """nbdinfo of libnbd, on GnuTLS."""
    def command(lab):
        if psk:
            return ["nbdinfo", "nbds://%s@%s:%d/?tls-psk-file=%s" % (psk.split(":")[0], HOST, lab.port, lab.text("psk-client.txt", psk + "\n"))]
        return ["nbdinfo", "nbds://%s:%d/?tls-certificates=%s" % (HOST, lab.port, nbd_folder(lab, "client", cert, chain, trust))]
    return dict(name="nbdinfo", command=command, steps=steps)


# ---- A container registry

REGISTRY = """
version: 0.1
log: {{level: debug}}
storage: {{inmemory: {{}}}}
http:
  addr: {host}:{port}
  {tls}
"""


def registry(cert="server", chain=("inter",), trust=("root",), ask=None, version="12", tls=True):
    """docker-registry, in Go; VERSION: the lowest that it speaks."""
    def command(lab):
        words = ["certificate: " + lab.pki.bundle(cert, *chain), "key: " + lab.pki.key(cert), "minimumtls: tls1." + version[1]]
        words += ["clientcas: [%s]" % lab.pki.bundle(*trust)] if ask else []
        config = REGISTRY.format(host=HOST, port=lab.server_port, tls="tls: {%s}" % ", ".join(words) if tls else "")
        return ["docker-registry", "serve", lab.text("registry.yml", config)]
    return dict(name="docker-registry", command=command, steps=())


# ---- NATS: the server greets in plain text, and TLS begins after that

def nats(cert="server", chain=("inter",), trust=("root",), ask=None):
    """nats-server, in Go."""
    def command(lab):
        c = ["nats-server", "-DV", "-a", HOST, "-p", str(lab.server_port), "--tls", "--tlscert", lab.pki.bundle(cert, *chain), "--tlskey", lab.pki.key(cert)]
        return c + (["--tlsverify", "--tlscacert", lab.pki.bundle(*trust)] if ask else [])
    return dict(name="NATS", command=command, steps=())


# ---- Exim

EXIM = """
primary_hostname = {name}
local_interfaces = {host}
daemon_smtp_ports = {port}
spool_directory = {dir}
log_file_path = {dir}/%slog
log_selector = +all
host_lookup =
acl_smtp_rcpt = accept
{tls}
"""


def exim(cert="server", chain=("inter",), trust=("root",), ask=None, priority="NORMAL", tls=True):
    """Exim, on GnuTLS."""
    def command(lab):
        user = pwd.getpwnam("Debian-exim")
        os.makedirs(lab.file("exim"))
        key = lab.text("exim/key", open(lab.pki.key(cert)).read())
        for path in (lab.file("exim"), key):
            os.chown(path, user.pw_uid, user.pw_gid)                   # it leaves root behind before it reads its key
        lines = ["tls_advertise_hosts = *", "tls_certificate = " + lab.pki.bundle(cert, *chain), "tls_privatekey = " + key, "tls_require_ciphers = " + priority]
        if ask:
            lines += ["tls_verify_certificates = " + lab.pki.bundle(*trust), {"require": "tls_verify_hosts = *", "request": "tls_try_verify_hosts = *"}[ask]]
        config = EXIM.format(name=NAME, host=HOST, port=lab.server_port, dir=lab.file("exim"), tls="\n".join(lines if tls else ["tls_advertise_hosts ="]))
        return ["exim4", "-C", lab.text("exim.conf", config), "-bdf", "-q1h"]
    return dict(name="Exim", command=command, steps=(), log="exim/mainlog")


# ---- MariaDB: TLS after a greeting of the server and a request of the client

def mariadb_tables(lab):
    """A folder with the tables that a server needs, made once."""
    folder = os.path.join(lab.bench.folder, "mariadb")
    if not os.path.exists(folder):
        subprocess.run(["mariadb-install-db", "--no-defaults", "--datadir=" + folder, "--user=root", "--skip-test-db", "--auth-root-authentication-method=normal"],
                       check=True, capture_output=True)
    return folder


def mariadb(cert="here", chain=("inter",), trust=("root",), version=("12", "13"), ciphers=None, tls=True):
    """mariadbd, on OpenSSL, which looks at a client's certificate if it sends one."""
    def command(lab):
        low, high = span(version)
        c = ["mariadbd", "--no-defaults", "--user=root", "--datadir=" + mariadb_tables(lab), "--bind-address=" + HOST, "--port=%d" % lab.server_port, "--socket=" + lab.file("sock"),
             "--pid-file=" + lab.file("pid"), "--log-warnings=4", "--skip-name-resolve", "--innodb-log-file-size=4M"]
        if tls:
            c += ["--ssl-cert=" + lab.pki.bundle(cert, *chain), "--ssl-key=" + lab.pki.key(cert), "--ssl-ca=" + lab.pki.bundle(*trust),
                  "--tls-version=" + ",".join(v for k, v in APACHE_VERSION.items() if low <= k <= high)]
            c += ["--ssl-cipher=" + ciphers] if ciphers else []
        return c
    return dict(name="MariaDB", command=command, steps=())


def mariadb_client(trust=("root",), cert=None, chain=(), version=("12", "13"), steps=(1,), ciphers=None):
    """MariaDB's own client, which asks for the address that it connects to."""
    def command(lab):
        low, high = span(version)
        c = ["mariadb", "--no-defaults", "-h", HOST, "-P", str(lab.port), "-u", "root", "--protocol=tcp", "--ssl", "--ssl-verify-server-cert", "--ssl-ca=" + lab.pki.bundle(*trust),
             "--tls-version=" + ",".join(v for k, v in APACHE_VERSION.items() if low <= k <= high)]
        c += ["--ssl-cert=" + lab.pki.bundle(cert, *chain), "--ssl-key=" + lab.pki.key(cert)] if cert else []
        return c + (["--ssl-cipher=" + ciphers] if ciphers else []) + ["-e", "SHOW STATUS LIKE 'Ssl_version'"]
    return dict(name="mariadb", command=command, steps=steps)


# ---- RabbitMQ: AMQP over TLS from the first byte

RABBITMQ = """
listeners.tcp = none
listeners.ssl.default = {host}:{port}
ssl_options.certfile = {cert}
ssl_options.keyfile = {key}
ssl_options.cacertfile = {trust}
ssl_options.verify = {verify}
ssl_options.fail_if_no_peer_cert = {required}
{versions}
log.console = true
log.console.level = debug
"""
AMQP = "AMQP\0\0\x09\x01"          # what a client says first; the server answers with its name


def rabbitmq(cert="server", chain=("inter",), trust=("root",), ask=None, version=("12", "13")):
    """rabbitmq-server, on Erlang's ssl."""
    def command(lab):
        low, high = span(version)
        versions = ["tlsv1." + word[1] for word in ("12", "13") if low <= word <= high]
        config = RABBITMQ.format(host=HOST, port=lab.server_port, cert=lab.pki.bundle(cert, *chain), key=lab.pki.key(cert), trust=lab.pki.bundle(*trust),
                                 verify="verify_peer" if ask else "verify_none", required="true" if ask == "require" else "false",
                                 versions="\n".join("ssl_options.versions.%d = %s" % (at + 1, v) for at, v in enumerate(versions)))
        for folder in ("mnesia", "log", "schema"):
            os.makedirs(lab.file(folder), exist_ok=True)
        settings = {"RABBITMQ_CONFIG_FILE": lab.text("rabbitmq.conf", config).removesuffix(".conf"), "RABBITMQ_NODENAME": "lab@localhost", "RABBITMQ_MNESIA_BASE": lab.file("mnesia"),
                    "RABBITMQ_LOG_BASE": lab.file("log"), "RABBITMQ_LOGS": "-", "RABBITMQ_SCHEMA_DIR": lab.file("schema"), "RABBITMQ_ENABLED_PLUGINS_FILE": lab.text("plugins", "[].\n"),
                    "RABBITMQ_GENERATED_CONFIG_DIR": lab.file("schema"), "RABBITMQ_CONF_ENV_FILE": "/dev/null", "RABBITMQ_PID_FILE": lab.file("pid")}
        alone = ["unshare", "--pid", "--fork", "--kill-child"]         # Erlang's epmd goes with it
        return [*alone, "env", *("%s=%s" % setting for setting in settings.items()), "/usr/lib/rabbitmq/bin/rabbitmq-server"]
    return dict(name="RabbitMQ", command=command, steps=(), starts=120)


# ---- OpenLDAP: LDAP over TLS from the first byte, or upgraded by StartTLS

def slapd(cert="here", chain=("inter",), trust=("root",), ask=None, upgrade=False):
    """slapd, on GnuTLS, which serves nothing but its root entry; UPGRADE: TLS begins after StartTLS."""
    def command(lab):
        lines = ["TLSCertificateFile " + lab.pki.bundle(cert, *chain), "TLSCertificateKeyFile " + lab.pki.key(cert), "TLSCACertificateFile " + lab.pki.bundle(*trust),
                 "TLSVerifyClient " + {"require": "demand", "request": "try", None: "never"}[ask]]
        return ["slapd", "-d", "stats", "-h", "%s://%s:%d/" % ("ldap" if upgrade else "ldaps", HOST, lab.server_port), "-f", lab.text("slapd.conf", "\n".join(lines) + "\n")]
    return dict(name="slapd", command=command, steps=())


def ldapsearch(trust=("root",), cert=None, chain=(), host=HOST, upgrade=False, words=("-s", "base", "+"), steps=(0.8,)):
    """ldapsearch, on GnuTLS, which looks at the certificate when the handshake is through; it compares the name with that of the host."""
    def command(lab):
        settings = ["LDAPTLS_CACERT=" + lab.pki.bundle(*trust), "LDAPTLS_REQCERT=demand"]
        settings += ["LDAPTLS_CERT=" + lab.pki.bundle(cert, *chain), "LDAPTLS_KEY=" + lab.pki.key(cert)] if cert else []
        url = "%s://%s:%d/" % ("ldap" if upgrade else "ldaps", host, lab.port)
        return ["env", *settings, "SSLKEYLOGFILE=" + lab.keylog, "ldapsearch", "-H", url, "-x", "-LLL", *(["-ZZ"] if upgrade else []), *words]
    return dict(name="ldapsearch", command=command, steps=steps)
