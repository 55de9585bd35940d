"""The table's services: each on the port where people run it, which Wireshark may give to another dissector than TLS's.

The words are those of cases.py. Few of these programs write a key log: of what TLS 1.3 encrypts, the logs tell.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import clients as c
import services as v
from case import Case
from cases import BLIND_CLEAR
from cases_stacks import C_EXPIRED, EXPIRED, MISSING, NAME_MISMATCH, NOT_LISTED, REFUSED, REJECTED, SELF, UNKNOWN
from programs import NEEDS

NEEDS |= {"Redis": ("redis-server", "redis-server"), "redis-cli": ("redis-cli", "redis-tools"), "memcached": ("memcached", "memcached")}

CASES = []
# An alert of a server in TLS 1.3 is encrypted, and that it came after a certificate, or none, is all that there is to see.
HIDDEN = dict(unreadable=True, label={"encrypted": True})
HIDDEN_MISSING = dict(HIDDEN, best=[MISSING, "client-cert-rejected", REFUSED])
HIDDEN_REJECTED = dict(HIDDEN, best=["client-cert-rejected", REFUSED])
OLD_CLIENT = dict(version="11", extra=("-cipher", "DEFAULT@SECLEVEL=0"))


def at(port, name, truth, scenario, client, server, **row):
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


DECODED = dict(label={"decode_as": "tcp.port==11211,tls"}, blind_label={"decode_as": None})     # who has the secrets has Wireshark use them
TALK = dict(extra=("--talk", "version\r\n"))
memcached("healthy/python-memcached-12", "none", "the client asks for the version", c.python(version="12", **TALK), v.memcached(), keys="both", client_says="VERSION")
memcached("healthy/python-memcached-13-mutual", "none", "the server asks for a client certificate and accepts it", c.python(cert="client-direct", **TALK), v.memcached(ask="require"), keys="both",
          client_says="VERSION")
memcached("server-cert-name-mismatch/python-memcached-12", NAME_MISMATCH, "the certificate is for another name", c.python(version="12"), v.memcached(cert="server-other-name"), alert=42,
          client_says="Hostname mismatch")
memcached("server-cert-self-signed/ossl-memcached-13", SELF, "the server's certificate is self-signed", c.ossl(), v.memcached(cert="server-self", chain=()), alert=48, keys="both",
          blind=[SELF, UNKNOWN, REJECTED], client_says="self-signed", **DECODED)
memcached("client-cert-missing/python-memcached-13", MISSING, "the client sends no certificate", c.python(**TALK), v.memcached(ask="require"), alert=116, keys="both",
          blind=[MISSING, "client-cert-rejected", REFUSED], client_says="certificate required|reset by peer", **DECODED)
memcached("client-cert-issuer-not-listed/ossl-memcached-12", NOT_LISTED, "the client's certificate is of another CA", c.ossl(version="12", cert="client-other"), v.memcached(ask="require"),
          alert=48, client_says="alert unknown ca", server_says="connection closed")
memcached("version-no-overlap/ossl-memcached-12-13", "version-no-overlap", "the client has TLS 1.2 at most, the server TLS 1.3 at least", c.ossl(version="12"), v.memcached(version="13"), alert=70,
          client_says="alert protocol version")
memcached("not-tls-from-server/ossl-memcached-any", "not-tls-from-server", "the client speaks TLS to a memcached without TLS", c.ossl(), v.memcached(tls=False), completes=False, reaction=True,
          version="", sender="client", phase="server-flight", best=["not-tls-from-server", "closed-after-client-hello", "no-answer-to-client-hello"],
          label={"sender_ok": ["server"], "phase_ok": ["client-hello"]})
