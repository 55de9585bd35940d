"""The table's services: each on the port where people run it, which Wireshark may give to another dissector than TLS's.

The words are those of cases.py. Few of these programs write a key log: of what TLS 1.3 encrypts, the logs tell.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import clients as c
import services as v
from case import Case
from cases import BLIND_CLEAR
from cases_breadth import KEY_OR_ID
from cases_stacks import C_EXPIRED, EXPIRED, MISSING, NAME_MISMATCH, NOT_LISTED, REFUSED, REJECTED, SELF, UNKNOWN, closes_late
from programs import NEEDS

NEEDS |= {"Redis": ("redis-server", "redis-server"), "redis-cli": ("redis-cli", "redis-tools"), "memcached": ("memcached", "memcached"),
          "mosquitto": ("mosquitto", "mosquitto"), "mosquitto_pub": ("mosquitto_pub", "mosquitto-clients"), "nbdkit": ("nbdkit", "nbdkit"),
          "nbdinfo": ("nbdinfo", "libnbd-bin"), "docker-registry": ("docker-registry", "docker-registry"), "NATS": ("nats-server", "nats-server"),
          "Exim": ("exim4", "exim4-daemon-light"), "MariaDB": ("mariadbd", "mariadb-server-core"), "mariadb": ("mariadb", "mariadb-client-core"),
          "slapd": ("slapd", "slapd"), "ldapsearch": ("ldapsearch", "ldap-utils"),
          "RabbitMQ": ("/usr/lib/rabbitmq/bin/rabbitmq-server", "rabbitmq-server")}

CASES = []
FOLLOWED = (25, 3306, 5671, 8883)            # ports where Wireshark reads TLS by itself
# An alert of a server in TLS 1.3 is encrypted, and that it came after a certificate, or none, is all that there is to see.
HIDDEN = dict(unreadable=True, label={"encrypted": True})
HIDDEN_MISSING = dict(HIDDEN, best=[MISSING, "client-cert-rejected", REFUSED])
HIDDEN_REJECTED = dict(HIDDEN, best=["client-cert-rejected", REFUSED])
OLD_CLIENT = dict(version="11", extra=("-cipher", "DEFAULT@SECLEVEL=0"))


def at(port, name, truth, scenario, client, server, **row):
    """A row. Where Wireshark would not come upon the TLS, who has its secrets decodes the port as TLS."""
    if row.get("keys") and port not in FOLLOWED:
        row["label"] = {"decode_as": "tcp.port==%d,tls" % port} | row.get("label", {})
        row["blind_label"] = {"decode_as": None}
    CASES.append(Case(name, truth, scenario=scenario, client=client, server=server, port=port, **({"completes": None} | row)))


# ---- Redis, on what Wireshark takes for RESP

def redis(name, truth, scenario, client, server, **row):
    at(6379, name, truth, "Redis: " + scenario, client, server, **row)


ASKS_12, ASKS_13 = dict(ask="require", version="12"), dict(ask="require", version="13")
TWICE = dict(attempts=2)         # redis-cli tries again when it could not connect
redis("healthy/rediscli-redis-13", "none", "redis-cli says PING", v.redis_cli(), v.redis(), client_says="PONG")
redis("healthy/rediscli-redis-12-mutual", "none", "the server asks for a client certificate and accepts it", v.redis_cli(cert="client-direct"), v.redis(**ASKS_12), client_says="PONG")
redis("server-cert-expired/rediscli-redis-12", EXPIRED, "the server's leaf has expired", v.redis_cli(), v.redis(cert="server-expired", version="12"), alert=45,
      client_says="certificate verify failed", server_says="certificate expired", **TWICE)
redis("server-cert-unknown-ca/rediscli-redis-13", UNKNOWN, "the client does not know the server's root", v.redis_cli(trust=("other-root",)), v.redis(), alert=48, best=[UNKNOWN, REJECTED],
      client_says="certificate verify failed", server_says="unknown ca", **TWICE)
redis("client-cert-missing/rediscli-redis-12", MISSING, "the client sends no certificate, and Redis wants one unless told otherwise", v.redis_cli(), v.redis(**ASKS_12), alert=40,
      server_says="peer did not return a certificate", **TWICE)
redis("client-cert-missing/rediscli-redis-13", MISSING, "the client sends no certificate, and Redis wants one unless told otherwise", v.redis_cli(), v.redis(**ASKS_13),
      server_says="peer did not return a certificate", **HIDDEN_MISSING)
redis("client-cert-expired/rediscli-redis-12", C_EXPIRED, "the client's certificate has expired", v.redis_cli(cert="client-expired"), v.redis(**ASKS_12), alert=45,
      server_says="certificate verify failed", **TWICE)
redis("version-no-overlap/ossl-redis-11", "version-no-overlap", "the client has TLS 1.1 at most, the server TLS 1.2 at least", c.ossl(**OLD_CLIENT), v.redis(), alert=70,
      server_says="unsupported protocol")
redis("not-tls-from-client/rediscli-redis-any", "not-tls-from-client", "redis-cli without --tls, to a server with TLS, which resets", v.redis_cli(tls=False), v.redis(), completes=False,
      reaction=True, version="", best=["not-tls-from-client", "none"], server_says="wrong version number")
redis("no-answer-to-client-hello/rediscli-redis-any", "no-answer-to-client-hello", "redis-cli --tls to a server without TLS, which waits for the end of a line", v.redis_cli(), v.redis(tls=False),
      completes=False, reaction=True, version="", best=["no-answer-to-client-hello", "not-tls-from-server"], patience=5.5)


# ---- memcached

def memcached(name, truth, scenario, client, server, **row):
    at(11211, name, truth, "memcached: " + scenario, client, server, **row)


TALK = dict(extra=("--talk", "version\r\n"))
memcached("healthy/python-memcached-12", "none", "the client asks for the version", c.python(version="12", **TALK), v.memcached(), keys="both", client_says="VERSION")
memcached("healthy/python-memcached-13-mutual", "none", "the server asks for a client certificate and accepts it", c.python(cert="client-direct", **TALK), v.memcached(ask="require"), keys="both",
          client_says="VERSION")
memcached("server-cert-name-mismatch/python-memcached-12", NAME_MISMATCH, "the certificate is for another name", c.python(version="12"), v.memcached(cert="server-other-name"), alert=42,
          client_says="Hostname mismatch")
memcached("server-cert-self-signed/ossl-memcached-13", SELF, "the server's certificate is self-signed", c.ossl(), v.memcached(cert="server-self", chain=()), alert=48, keys="both",
          blind=[SELF, UNKNOWN, REJECTED], client_says="self-signed")
memcached("client-cert-missing/python-memcached-13", MISSING, "the client sends no certificate", c.python(**TALK), v.memcached(ask="require"), alert=116, keys="both",
          blind=[MISSING, "client-cert-rejected", REFUSED], client_says="certificate required|reset by peer")
memcached("client-cert-issuer-not-listed/ossl-memcached-12", NOT_LISTED, "the client's certificate is of another CA", c.ossl(version="12", cert="client-other"), v.memcached(ask="require"),
          alert=48, client_says="alert unknown ca", server_says="connection closed")
memcached("version-no-overlap/ossl-memcached-12-13", "version-no-overlap", "the client has TLS 1.2 at most, the server TLS 1.3 at least", c.ossl(version="12"), v.memcached(version="13"), alert=70,
          client_says="alert protocol version")
memcached("not-tls-from-server/ossl-memcached-any", "not-tls-from-server", "the client speaks TLS to a memcached without TLS", c.ossl(), v.memcached(tls=False), completes=False, reaction=True,
          version="", sender="client", phase="server-flight", best=["not-tls-from-server", "closed-after-client-hello", "no-answer-to-client-hello"],
          label={"sender_ok": ["server"], "phase_ok": ["client-hello"]})


# ---- mosquitto

def mosquitto(name, truth, scenario, client, server, **row):
    at(8883, name, truth, "mosquitto: " + scenario, client, server, **row)


MINE, OTHER_KEY, NOBODY = "lab:0123456789abcdef", "lab:fedcba9876543210", "nobody:0123456789abcdef"
mosquitto("healthy/mosquittopub-mosquitto-13-psk", "none", "both have the pre-shared key", v.mosquitto_pub(psk=MINE), v.mosquitto(psk=MINE), server_says="PUBLISH")
mosquitto("healthy/mosquittopub-mosquitto-13-mutual", "none", "the server asks for a client certificate and accepts it", v.mosquitto_pub(cert="client-direct"),
          v.mosquitto(ask="require"), server_says="PUBLISH")
mosquitto("psk-key-mismatch/mosquittopub-mosquitto-13", "psk-key-mismatch", "the two sides have different keys", v.mosquitto_pub(psk=OTHER_KEY), v.mosquitto(psk=MINE), alert=47,
          best=["psk-key-mismatch", "psk-unknown-identity"], server_says="binder does not verify")
mosquitto("psk-unknown-identity/mosquittopub-mosquitto-13", "psk-unknown-identity", "the server does not know the client's identity", v.mosquitto_pub(psk=NOBODY), v.mosquitto(psk=MINE), alert=40,
          best=["psk-unknown-identity", "psk-key-mismatch", REFUSED], server_says="no suitable signature algorithm")
mosquitto("server-cert-expired/mosquittopub-mosquitto-13", EXPIRED, "the server's leaf has expired", v.mosquitto_pub(), v.mosquitto(cert="here-expired"), alert=45,
          best=[EXPIRED, REJECTED], server_says="certificate expired")
mosquitto("server-cert-name-mismatch/mosquittopub-mosquitto-13", NAME_MISMATCH, "the client asks for an address, and the certificate is for a name", v.mosquitto_pub(),
          v.mosquitto(cert="server"), alert=80, best=[NAME_MISMATCH, REJECTED, "internal-error"])
mosquitto("client-cert-missing/mosquittopub-mosquitto-13", MISSING, "the client sends no certificate", v.mosquitto_pub(), v.mosquitto(ask="require"),
          server_says="peer did not return a certificate", **HIDDEN_MISSING)
mosquitto("client-cert-expired/mosquittopub-mosquitto-13", C_EXPIRED, "the client's certificate has expired", v.mosquitto_pub(cert="client-expired"), v.mosquitto(ask="require"),
          server_says="certificate verify failed", **HIDDEN_REJECTED)
mosquitto("not-tls-from-client/mqtt-mosquitto-any", "not-tls-from-client", "the client speaks MQTT to a port with TLS", c.plain("mqtt"), v.mosquitto(), completes=False, reaction=True, version="",
          best=["not-tls-from-client", "none"], server_says="wrong version number|unknown protocol|unsupported")
at(1883, "reset-after-client-hello/mosquittopub-mosquitto-any", "reset-after-client-hello", "mosquitto: mosquitto_pub with TLS, to a port without it", v.mosquitto_pub(), v.mosquitto(cert=None),
   completes=False, version="", best=["reset-after-client-hello", "not-tls-from-server"])


# ---- nbdkit

def nbdkit(name, truth, scenario, client, server, **row):
    at(10809, name, truth, "nbdkit: " + scenario, client, server, **row)


nbdkit("healthy/nbdinfo-nbdkit-13", "none", "plain", v.nbdinfo(), v.nbdkit(), keys="both", client_says="export-size")
nbdkit("healthy/nbdinfo-nbdkit-13-psk", "none", "both have the pre-shared key", v.nbdinfo(psk=MINE), v.nbdkit(psk=MINE), keys="both", client_says="export-size")
nbdkit("healthy/nbdinfo-nbdkit-13-mutual", "none", "the server asks for a client certificate and accepts it", v.nbdinfo(cert="client-direct"), v.nbdkit(ask="require"), client_says="export-size")
# GnuTLS says nothing when it refuses, and these two just leave: of what TLS 1.3 encrypts, an expert sees who left and when.
def nbd_client_leaves(cause):
    return dict(best=[cause, REJECTED, "reset-in-handshake"], blind=[REJECTED, "reset-in-handshake"], completes=False, client_says="Error in the certificate verification")


def server_leaves(cause, says):
    return dict(best=[cause, "client-cert-rejected"], blind=[cause] * (cause == MISSING) + ["client-cert-rejected", "reset-in-handshake"], label={"phase_ok": ["established", "server-finished"]},
                server_says=says)


nbdkit("server-cert-expired/nbdinfo-nbdkit-13", EXPIRED, "the server's leaf has expired", v.nbdinfo(), v.nbdkit(cert="here-expired"), keys="both", **nbd_client_leaves(EXPIRED))
nbdkit("server-cert-unknown-ca/nbdinfo-nbdkit-13", UNKNOWN, "the client does not know the server's root", v.nbdinfo(trust=("other-root",)), v.nbdkit(), keys="both", **nbd_client_leaves(UNKNOWN))
nbdkit("client-cert-missing/nbdinfo-nbdkit-13", MISSING, "the client sends no certificate", v.nbdinfo(), v.nbdkit(ask="require"), keys="both", **server_leaves(MISSING, "Error in the certificate"))
nbdkit("client-cert-expired/nbdinfo-nbdkit-13", C_EXPIRED, "the client's certificate has expired", v.nbdinfo(cert="client-expired"), v.nbdkit(ask="require"), keys="both",
       **server_leaves(C_EXPIRED, "Error in the certificate verification"))
nbdkit("psk-unknown-identity/nbdinfo-nbdkit-13", "psk-unknown-identity", "the server does not know the client's identity, and closes", v.nbdinfo(psk=NOBODY), v.nbdkit(psk=MINE),
       best=["psk-unknown-identity", "closed-after-client-hello"], completes=False, server_says="illegal parameter")
nbdkit("starttls-refused/nbdinfo-nbdkit-any", "starttls-refused", "the server has no TLS, and says so in NBD", v.nbdinfo(), v.nbdkit(tls=False), completes=False, version="",
       best=["starttls-refused", "none"], server_says="NBD_REP_ERR_POLICY")


# ---- A container registry

def registry(name, truth, scenario, client, server, **row):
    at(5000, name, truth, "a container registry: " + scenario, client, server, **row)


V2 = dict(paths=("/v2/",))
registry("healthy/curl-registry-13", "none", "curl asks for /v2/", c.curl(**V2), v.registry(), keys="both", client_says="200 OK")
registry("healthy/curl-registry-12-mutual", "none", "the server asks for a client certificate and accepts it", c.curl(cert="client-direct", version="12", **V2), v.registry(ask="require"),
         client_says="200 OK")
registry("server-cert-unknown-ca/curl-registry-12", UNKNOWN, "the client does not know the server's root", c.curl(version="12", **V2), v.registry(cert="server-unknown", chain=("other-inter",)),
         alert=48, client_says="unable to get")
registry("server-cert-name-mismatch/curl-registry-13", NAME_MISMATCH, "the certificate is for another name", c.curl(**V2), v.registry(cert="server-other-name"), keys="both",
         client_says="no alternative certificate subject name matches", **closes_late("curl", NAME_MISMATCH, "13"))
registry("client-cert-missing/curl-registry-13", MISSING, "the client sends no certificate", c.curl(**V2), v.registry(ask="require"), alert=42, keys="both",
         blind=[MISSING, "client-cert-rejected", REFUSED], server_says="didn't provide a certificate")
registry("client-cert-expired/curl-registry-12", C_EXPIRED, "the client's certificate has expired", c.curl(cert="client-expired", version="12", **V2), v.registry(ask="require"), alert=42,
         server_says="expired")
registry("version-no-overlap/curl-registry-12-13", "version-no-overlap", "the client has TLS 1.2 at most, the server TLS 1.3 at least", c.curl(version="12", **V2), v.registry(version="13"), alert=70,
         server_says="client offered only unsupported versions")
registry("not-tls-from-client/http-registry-any", "not-tls-from-client", "the client speaks HTTP", c.plain("http"), v.registry(), completes=False, reaction=True, version="",
         client_says="HTTP request to an HTTPS server")
registry("not-tls-from-server/curl-registry-any", "not-tls-from-server", "the server speaks HTTP", c.curl(**V2), v.registry(tls=False), completes=False, reaction=True, version="",
         sender="client", phase="server-flight", client_says="wrong version number")


# ---- NATS

def nats(name, truth, scenario, client, server, **row):
    at(4222, name, truth, "NATS: " + scenario, client, server, **row)


GREETED = dict(extra=("--greeted", "--talk", "PING\r\n"))
nats("healthy/python-nats-12", "none", "plain", c.python(version="12", **GREETED), v.nats(), keys="both", client_says="PONG")
nats("healthy/python-nats-13-mutual", "none", "the server asks for a client certificate and accepts it", c.python(cert="client-direct", **GREETED), v.nats(ask="require"), client_says="PONG")
nats("server-cert-expired/python-nats-12", EXPIRED, "the server's leaf has expired", c.python(version="12", **GREETED), v.nats(cert="server-expired"), alert=45, server_says="expired certificate")
nats("server-cert-unknown-ca/python-nats-13", UNKNOWN, "the client does not know the server's root", c.python(trust=("other-root",), **GREETED), v.nats(), alert=48, keys="both",
     blind=[UNKNOWN, REJECTED], server_says="TLS handshake error")
nats("client-cert-missing/python-nats-13", MISSING, "the client sends no certificate", c.python(**GREETED), v.nats(ask="require"), alert=42, keys="both",
     blind=[MISSING, "client-cert-rejected", REFUSED], server_says="didn't provide a certificate")
nats("client-cert-expired/python-nats-12", C_EXPIRED, "the client's certificate has expired", c.python(version="12", cert="client-expired", **GREETED), v.nats(ask="require"), alert=42,
     server_says="expired")
# nats-server, greeted by a ClientHello, greets in plain text, and then answers in TLS
nats("not-tls-from-server/ossl-nats-any", "not-tls-from-server", "the client does not wait for the greeting", c.ossl(), v.nats(), completes=False, reaction=True, version="", sender="client",
     phase="server-flight", client_says="wrong version number")


# ---- Exim

def exim(name, truth, scenario, client, server, **row):
    at(25, name, truth, "Exim: " + scenario, client, server, **row)


START, TALKS = dict(extra=("-starttls", "smtp")), dict(steps=(0.5, "EHLO client.test\r\n", 0.4, "QUIT\r\n", 0.4))
exim("healthy/ossl-exim-12", "none", "STARTTLS", c.ossl(version="12", **START, **TALKS), v.exim(), keys="both")
exim("healthy/gnutls-exim-13-mutual", "none", "the server asks for a client certificate and accepts it", c.gnutls(cert="client-direct", extra=("--starttls-proto", "smtp"), **TALKS),
     v.exim(ask="require"), keys="both")
exim("server-cert-expired/curl-exim-12", EXPIRED, "the server's leaf has expired", c.curl_mail("smtp", "--ssl-reqd", "--tls-max", "1.2", "--cacert", lambda lab: lab.pki.bundle("root")),
     v.exim(cert="here-expired"), alert=45, client_says="expired")
exim("server-cert-unknown-ca/ossl-exim-13", UNKNOWN, "the client does not know the server's root", c.ossl(trust=("other-root",), **START), v.exim(), alert=48, keys="both",
     blind=[UNKNOWN, REJECTED])
BEHIND = dict(label={"phase_ok": ["server-finished", "established"]})         # Exim's alert stands behind its Finished
exim("client-cert-missing/ossl-exim-12", MISSING, "the client sends no certificate", c.ossl(version="12", **START, **TALKS), v.exim(ask="require"), keys="both", alert=50,
     best=[MISSING], blind=[MISSING, "client-cert-rejected"], server_says="[Cc]ertificate", **BEHIND)
exim("client-cert-missing/ossl-exim-13", MISSING, "the client sends no certificate", c.ossl(**START, **TALKS), v.exim(ask="require"), keys="both", alert=116,
     blind=[MISSING, "client-cert-rejected", REFUSED], server_says="Certificate is required")
exim("client-cert-expired/ossl-exim-12", C_EXPIRED, "the client's certificate has expired", c.ossl(version="12", cert="client-expired", **START, **TALKS), v.exim(ask="require"), keys="both",
     alert=42, blind=[C_EXPIRED, "client-cert-rejected"], server_says="[Cc]ertificate", **BEHIND)
exim("cipher-no-overlap/ossl-exim-12", "cipher-no-overlap", "the client offers CHACHA20 only, the server AES only", c.ossl(version="12", extra=("-starttls", "smtp", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305")),
     v.exim(priority="NORMAL:-CHACHA20-POLY1305"), alert=40)
exim("starttls-refused/ossl-exim-any", "starttls-refused", "the server has no TLS", c.ossl(**START), v.exim(tls=False), completes=False, version="", phase="before-hello",
     best=["starttls-refused", "not-tls-from-server"], label={"sender_ok": ["client"], "phase_ok": ["server-flight", "client-hello"]})      # s_client goes on all the same


# ---- MariaDB

def mariadb(name, truth, scenario, client, server, **row):
    at(3306, name, truth, "MariaDB: " + scenario, client, server, **row)


mariadb("healthy/mariadb-mariadb-12", "none", "its own client asks which TLS it has", v.mariadb_client(version="12"), v.mariadb(), client_says="TLSv1.2", reaction=True, best=["none", "closed-normally", "closed-without-notify"])
mariadb("healthy/mariadb-mariadb-13-mutual", "none", "the client shows a certificate", v.mariadb_client(cert="client-direct"), v.mariadb(), client_says="TLSv1.3", reaction=True,
        best=["none", "closed-normally", "closed-without-notify"])
mariadb("server-cert-expired/mariadb-mariadb-12", EXPIRED, "the server's leaf has expired", v.mariadb_client(version="12"), v.mariadb(cert="here-expired"), alert=45, client_says="expired|verif")
mariadb("server-cert-unknown-ca/mariadb-mariadb-13", UNKNOWN, "the client does not know the server's root", v.mariadb_client(trust=("other-root",)), v.mariadb(), alert=48, best=[UNKNOWN, REJECTED],
        client_says="certificate|verif")
mariadb("version-no-overlap/mariadb-mariadb-12", "version-no-overlap", "the client has TLS 1.2 at most, the server TLS 1.3 only", v.mariadb_client(version="12"), v.mariadb(version="13"), alert=70,
        client_says="protocol version")
mariadb("cipher-no-overlap/mariadb-mariadb-12", "cipher-no-overlap", "the client has CHACHA20 only, the server AES only", v.mariadb_client(version="12", ciphers="ECDHE-ECDSA-CHACHA20-POLY1305"),
        v.mariadb(version="12", ciphers="ECDHE-ECDSA-AES128-GCM-SHA256"), alert=40, client_says="handshake failure")
mariadb("client-cert-expired/mariadb-mariadb-12", C_EXPIRED, "the client's certificate has expired", v.mariadb_client(version="12", cert="client-expired"), v.mariadb(), alert=45, best=[C_EXPIRED])
mariadb("starttls-refused/mariadb-mariadb-any", "starttls-refused", "the server has no TLS, and the client wants it", v.mariadb_client(), v.mariadb(tls=False), completes=False, version="", sender="server", phase="before-hello",
        label={"sender_ok": ["client"]}, client_says="SSL")


# ---- RabbitMQ

def rabbitmq(name, truth, scenario, client, server, **row):
    at(5671, name, truth, "RabbitMQ: " + scenario, client, server, **row)


SAYS_AMQP = dict(steps=(0.5, v.AMQP, 0.6))
rabbitmq("healthy/ossl-rabbitmq-13", "none", "the client says AMQP, the server answers", c.ossl(version="13", **SAYS_AMQP), v.rabbitmq(), keys=True, reaction=True, best=["none", "closed-normally", "closed-without-notify"],
         client_says="RabbitMQ|product")
rabbitmq("healthy/gnutls-rabbitmq-12-mutual", "none", "the server asks for a client certificate and accepts it", c.gnutls(version="12", cert="client-direct", **SAYS_AMQP), v.rabbitmq(ask="require"), reaction=True,
         best=["none", "closed-normally", "closed-without-notify"], client_says="RabbitMQ|product")
rabbitmq("server-cert-expired/ossl-rabbitmq-12", EXPIRED, "the server's leaf has expired", c.ossl(version="12", **SAYS_AMQP), v.rabbitmq(cert="server-expired"), alert=45, client_says="expired", server_says="[Cc]ertificate [Ee]xpired")


# ---- Services that never answer: their process is stopped, the kernel takes the connection

def frozen(port, variant, what, client, server, **row):
    at(port, "no-answer-to-client-hello/" + variant, "no-answer-to-client-hello", what + ": the process of the server is stopped", client, server, frozen=True, completes=False, patience=7, version="", **row)


frozen(6379, "rediscli-redis-any-frozen", "Redis", v.redis_cli(steps=(7,)), v.redis())
frozen(11211, "ossl-memcached-any-frozen", "memcached", c.ossl(steps=(7,)), v.memcached())
frozen(8883, "mosquittopub-mosquitto-any-frozen", "mosquitto", v.mosquitto_pub(steps=(7,)), v.mosquitto())
frozen(5000, "curl-registry-any-frozen", "a container registry", c.curl(extra=("--max-time", "7"), steps=(7,)), v.registry())


# ---- OpenLDAP

def ldap(name, truth, scenario, client, server, port=636, **row):
    at(port, name, truth, "OpenLDAP: " + scenario, client, server, **row)


# ldapsearch looks at the certificate when the handshake is through, and leaves; after StartTLS it says in the clear that it does.
LEAVES = dict(best=[EXPIRED, REJECTED, "closed-without-notify", "none"], client_says="Can't contact LDAP server|Connect error", label={"optional": True, "phase_ok": ["established"]})
UPGRADED = dict(upgrade=True)
UNBIND = dict(extra=("--unbind", "--no-read", "--end", "notify-first"))
ldap("healthy/ldapsearch-slapd-13", "none", "ldapsearch reads the root entry", v.ldapsearch(), v.slapd(), keys="both", client_says="supportedControl")
ldap("healthy/ldapsearch-slapd-13-starttls", "none", "ldapsearch asks for StartTLS, and reads the root entry", v.ldapsearch(**UPGRADED), v.slapd(**UPGRADED), port=389, client_says="supportedControl")
ldap("healthy/python-slapd-13-unbind", "none", "a probe says nothing but that it leaves", c.python(version="13", **UNBIND), v.slapd(cert="server"), keys="both", server_says="UNBIND")
ldap("healthy/python-slapd-12-unbind", "none", "a probe says nothing but that it leaves", c.python(version="12", **UNBIND), v.slapd(cert="server"), server_says="UNBIND")
ldap("server-cert-expired/python-slapd-12-unbind", EXPIRED, "a client that does not mind says nothing but that it leaves", c.python(version="12", check=False, **UNBIND), v.slapd(cert="server-expired"),
     server_says="UNBIND", **{**LEAVES, "client_says": "", "best": ["none", EXPIRED]})
ldap("server-cert-expired/ldapsearch-slapd-13", EXPIRED, "the server's leaf has expired", v.ldapsearch(), v.slapd(cert="here-expired"), keys=True, **LEAVES)
ldap("server-cert-expired/ldapsearch-slapd-13-starttls", EXPIRED, "the server's leaf has expired", v.ldapsearch(**UPGRADED), v.slapd(cert="here-expired", upgrade=True), port=389, keys="both", **LEAVES)
