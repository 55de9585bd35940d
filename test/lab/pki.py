"""The lab's certificates: a table of what each one is, made by openssl when first asked for.

Everything lives in one temporary folder and is thrown away with it; nothing here is secret.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import base64
import datetime
import os
import re
import subprocess

NAME = "server.test"            # the name that clients ask for
DAY = datetime.timedelta(days=1)

# Extensions by kind of certificate, in openssl's words.
KINDS = {
    "root": ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"],
    "ca": ["basicConstraints=critical,CA:TRUE,pathlen:0", "keyUsage=critical,keyCertSign,cRLSign"],
    "no-ca": ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature"],
    "mail-ca": ["basicConstraints=critical,CA:TRUE,pathlen:0", "keyUsage=critical,keyCertSign,cRLSign", "extendedKeyUsage=emailProtection"],
    "server": ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
               "extendedKeyUsage=serverAuth", "subjectAltName=DNS:" + NAME],
    "other-name": ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
                   "extendedKeyUsage=serverAuth", "subjectAltName=DNS:other.test,DNS:www.other.test"],
    "no-name": ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature", "extendedKeyUsage=serverAuth"],
    "here": ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
             "extendedKeyUsage=serverAuth", "subjectAltName=DNS:" + NAME + ",IP:127.0.0.1"],
    "localhost": ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
                  "extendedKeyUsage=serverAuth", "subjectAltName=DNS:localhost"],
    "client": ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
               "extendedKeyUsage=clientAuth"],
    "client-named": ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
                     "extendedKeyUsage=clientAuth", "subjectAltName=DNS:" + NAME],
    "client-naming": ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
                      "extendedKeyUsage=clientAuth", "authorityKeyIdentifier=keyid,issuer:always"],
    "must-staple": ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
                    "extendedKeyUsage=serverAuth", "subjectAltName=DNS:" + NAME, "tlsfeature=status_request"],
}


def cert(subject, issuer, kind, key="ec", md="sha256", days=(-30, 3650), **more):
    """One row: issuer is another row's name, or "self"; days are counted from now; more: see Pki._make."""
    return dict(subject=subject, issuer=issuer, kind=kind, key=key, md=md, days=days, **more)


EXPIRED, FUTURE = (-400, -35), (400, 800)
CA_DAYS = (-1000, 3650)         # authorities are older than all they have signed

CERTS = {
    # authorities
    "root": cert("CN=Lab Root", "self", "root", days=CA_DAYS),
    "rsa-root": cert("CN=Lab RSA Root", "self", "root", key="rsa", days=CA_DAYS),
    "other-root": cert("CN=Other Root", "self", "root", days=CA_DAYS),
    "inter": cert("CN=Lab Issuing CA", "root", "ca", days=CA_DAYS),
    "inter-expired": cert("CN=Lab Retired CA", "root", "ca", days=EXPIRED),
    "no-ca": cert("CN=Not a CA", "root", "no-ca", days=CA_DAYS),
    "mail-inter": cert("CN=Lab Mail CA", "root", "mail-ca", days=CA_DAYS),
    "below-pathlen": cert("CN=One CA Too Deep", "inter", "ca", days=CA_DAYS),
    "other-inter": cert("CN=Other Issuing CA", "other-root", "ca", days=CA_DAYS),
    # the story of the founding bug report: three authorities that know nothing of each other
    "old-ca": cert("CN=Old CA", "self", "root", key="rsa", days=CA_DAYS),
    "new-ca-1": cert("CN=New CA 1", "self", "root", key="rsa", days=CA_DAYS),
    "new-ca-2": cert("CN=New CA 2", "self", "root", key="rsa", days=CA_DAYS),
    "www": cert("CN=" + NAME, "new-ca-1", "server", key="rsa"),
    "alice": cert("CN=alice", "old-ca", "client", key="rsa"),
    "bob": cert("CN=bob", "new-ca-2", "client", key="rsa"),
    "numbered": cert("CN=Authority 00000 of the Many That a Server Knows and Names", "self", "root", days=CA_DAYS),
    "gateway-root": cert("CN=Lab Web Gateway CA", "self", "root", days=CA_DAYS),
    # one that is named like a root that has expired, and what it has signed
    "dst-root": cert("O=Digital Signature Trust Co./CN=DST Root CA X3", "self", "root", days=EXPIRED),
    "cross-signed": cert("CN=Lab Cross-Signed Root", "dst-root", "root"),
    # servers
    "gateway": cert("CN=" + NAME, "gateway-root", "server"),
    "gateway-other-name": cert("CN=other.test", "gateway-root", "other-name"),
    "server": cert("CN=" + NAME, "inter", "server"),
    "server-direct": cert("CN=" + NAME, "root", "server"),
    "here": cert("CN=" + NAME, "inter", "here"),           # of clients that ask for an address
    "here-expired": cert("CN=" + NAME, "inter", "here", days=EXPIRED),
    "here-unknown": cert("CN=" + NAME, "other-inter", "here"),
    "localhost": cert("CN=localhost", "inter", "localhost"),
    "localhost-expired": cert("CN=localhost", "inter", "localhost", days=EXPIRED),
    "localhost-unknown": cert("CN=localhost", "other-inter", "localhost"),
    "server-cross": cert("CN=" + NAME, "cross-signed", "server"),
    "server-rsa": cert("CN=" + NAME, "rsa-root", "server", key="rsa"),
    "server-expired": cert("CN=" + NAME, "inter", "server", days=EXPIRED),
    "server-future": cert("CN=" + NAME, "inter", "server", days=FUTURE),
    "server-under-expired": cert("CN=" + NAME, "inter-expired", "server"),
    "server-no-san": cert("CN=" + NAME, "inter", "no-name"),
    "server-other-name": cert("CN=other.test", "inter", "other-name"),
    "server-unknown": cert("CN=" + NAME, "other-inter", "server"),
    "server-self": cert("CN=" + NAME, "self", "server"),
    "server-weak-key": cert("CN=" + NAME, "rsa-root", "server", key="rsa1024"),
    "server-sha1": cert("CN=" + NAME, "rsa-root", "server", key="rsa", md="sha1"),
    "server-md5": cert("CN=" + NAME, "rsa-root", "server", key="rsa", md="md5"),
    "server-client-only": cert("CN=" + NAME, "inter", "client"),
    "server-client-only-named": cert("CN=" + NAME, "inter", "client-named"),
    "server-under-no-ca": cert("CN=" + NAME, "no-ca", "server"),
    "server-under-mail": cert("CN=" + NAME, "mail-inter", "server"),
    "server-too-deep": cert("CN=" + NAME, "below-pathlen", "server"),
    "server-bad-signature": cert("CN=" + NAME, "inter", "server", break_signature=True),
    "server-wrong-key": cert("CN=" + NAME, "inter", "server", wrong_key=True),
    "server-must-staple": cert("CN=" + NAME, "inter", "must-staple"),
    # clients
    "client": cert("CN=carol", "inter", "client"),
    "client-direct": cert("CN=carol", "root", "client"),
    "client-expired": cert("CN=carol", "root", "client", days=EXPIRED),
    "client-of-rsa": cert("CN=carol", "rsa-root", "client"),
    "client-naming": cert("CN=carol", "inter", "client-naming"),
    "client-other-naming": cert("CN=mallory", "other-root", "client-naming"),
    "client-future": cert("CN=carol", "root", "client", days=FUTURE),
    "client-other": cert("CN=mallory", "other-root", "client"),
    "client-self": cert("CN=carol", "self", "client"),
    "client-weak-key": cert("CN=carol", "rsa-root", "client", key="rsa1024"),
    "client-sha1": cert("CN=carol", "rsa-root", "client", key="rsa", md="sha1"),
    "client-server-only": cert("CN=carol", "root", "server"),
    "client-under-no-ca": cert("CN=carol", "no-ca", "client"),
    "client-under-mail": cert("CN=carol", "mail-inter", "client"),
    "client-bad-signature": cert("CN=carol", "inter", "client", break_signature=True),
    "client-wrong-key": cert("CN=carol", "root", "client", wrong_key=True),
}

CONFIG = """
[ca]
default_ca = lab
[lab]
database = {dir}/index.txt
serial = {dir}/serial
new_certs_dir = {dir}
unique_subject = no
email_in_dn = no
policy = anything
[anything]
organizationName = optional
commonName = supplied
[req]
distinguished_name = dn
[dn]
[ext]
{ext}
"""


class Pki:
    """Makes rows of CERTS in a folder; asks openssl only for what is used."""

    def __init__(self, folder):
        self.folder = folder
        self.now = datetime.datetime.now(datetime.timezone.utc)
        os.makedirs(folder, exist_ok=True)
        open(self._path("index.txt"), "w").close()
        self._text("serial", "1001\n")

    def cert(self, name):
        """The path of the certificate NAME (PEM)."""
        path = self._path(name + ".crt")
        if not os.path.exists(path):
            self._make(name)
        return path

    def key(self, name):
        """The path of its private key (PEM)."""
        self.cert(name)
        return self._path(name + ".key")

    def bundle(self, *names):
        """The path of a file with the certificates NAMES, in this order."""
        path = self._path("bundle-" + "-".join(names) + ".pem")
        if not os.path.exists(path):
            self._text(path, "".join(open(self.cert(n)).read() for n in names))
        return path

    def many(self, n):
        """The path of a file with N certificates that differ in their names alone: for a list of CAs, as their signatures are not good."""
        der = pem_to_der(self.cert("numbered"))
        return self._text("many-%d.pem" % n, "".join(der_to_pem(der.replace(b"00000", b"%05d" % i), "CERTIFICATE") for i in range(n)))

    def p12(self, name, *chain):
        """The path of a PKCS #12 file with the certificate, its key and the chain; password "secret", nickname "peer"."""
        path = self._path("-".join((name, *chain)) + ".p12")
        if not os.path.exists(path):
            self._openssl("pkcs12", "-export", "-in", self.bundle(name, *chain), "-inkey", self.key(name), "-name", "peer",
                          "-passout", "pass:secret", "-out", path)
        return path

    def dh(self, group):
        """The path of Diffie-Hellman parameters: a named group, or "512" for parameters made afresh."""
        path = self._path("dh-%s.pem" % group)
        if not os.path.exists(path):
            if group.isdigit():
                self._openssl("dhparam", "-dsaparam", "-out", path, group)
            else:
                self._openssl("genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:" + group, "-out", path)
        return path

    def crl(self, issuer, *revoked):
        """The path of ISSUER's revocation list, with REVOKED on it."""
        path = self._path("%s.crl" % "-".join((issuer, *revoked)))
        if os.path.exists(path):
            return path
        config = self._config([])
        for name in revoked:
            self._openssl("ca", "-config", config, "-cert", self.cert(issuer), "-keyfile", self.key(issuer),
                          "-md", "sha256", "-revoke", self.cert(name))
        self._openssl("ca", "-config", config, "-cert", self.cert(issuer), "-keyfile", self.key(issuer),
                      "-md", "sha256", "-gencrl", "-crldays", "3650", "-out", path)
        return path

    def crl_der(self, issuer, *revoked):
        """The same in DER."""
        path = self.crl(issuer, *revoked)
        self._openssl("crl", "-in", path, "-outform", "DER", "-out", path + ".der")
        return path + ".der"

    def ocsp(self, name, state):
        """The path of an OCSP response (DER) about NAME: "good", "revoked", "unknown", or "old", which was good until yesterday."""
        path = self._path("%s-%s.ocsp" % (name, state))
        issuer = CERTS[name]["issuer"]
        serial = self._openssl("x509", "-in", self.cert(name), "-noout", "-serial").decode().strip().split("=")[1]
        row = [{"revoked": "R"}.get(state, "V"), self._date(1000)[2:], self._date(-5)[2:] if state == "revoked" else "", serial, "unknown", "/CN=x"]
        index = self._text("ocsp.txt", "" if state == "unknown" else "\t".join(row) + "\n")
        self._openssl("ocsp", "-index", index, "-CA", self.cert(issuer), "-rsigner", self.cert(issuer), "-rkey", self.key(issuer), "-issuer", self.cert(issuer),
                      "-cert", self.cert(name), "-ndays", "-1" if state == "old" else "7", "-respout", path)
        return path

    # ---- how a row is made

    def _make(self, name):
        row = CERTS[name]
        if row["issuer"] != "self":
            self.cert(row["issuer"])
        key, request, out = (self._path(name + end) for end in (".key", ".csr", ".crt"))
        self._new_key(row["key"], key)
        config = self._config(KINDS[row["kind"]])
        self._openssl("req", "-new", "-config", config, "-key", key, "-subj", "/" + row["subject"], "-out", request)
        issuer = ["-selfsign", "-keyfile", key] if row["issuer"] == "self" else [
            "-cert", self.cert(row["issuer"]), "-keyfile", self.key(row["issuer"])]
        self._openssl("ca", "-batch", "-notext", "-config", config, *issuer, "-md", row["md"], "-extensions", "ext",
                      "-startdate", self._date(row["days"][0]), "-enddate", self._date(row["days"][1]),
                      "-in", request, "-out", out)
        if row.get("break_signature"):
            der = bytearray(pem_to_der(out))
            der[-5] ^= 0x01
            self._text(out, der_to_pem(der, "CERTIFICATE"))
        if row.get("wrong_key"):
            self._swap_private_part(key)

    def _new_key(self, kind, path):
        if kind == "ec":
            self._openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path)
        else:
            self._openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:" + (kind[3:] or "2048"), "-out", path)

    def _swap_private_part(self, path):
        """Leaves an EC key that claims the old public point but signs with another secret number.

        openssl compares public parts only, so a program starts with it, and signs in vain."""
        other = path + ".other"
        self._new_key("ec", other)
        mine, theirs = (bytearray(self._openssl("pkcs8", "-nocrypt", "-topk8", "-in", p, "-outform", "DER")) for p in (path, other))
        at = mine.index(b"\x02\x01\x01\x04\x20") + 5                   # ECPrivateKey: version 1, OCTET STRING of 32
        mine[at:at + 32] = theirs[at:at + 32]
        self._text(path, der_to_pem(mine, "PRIVATE KEY"))

    def _config(self, extensions):
        return self._text("openssl.cnf", CONFIG.format(dir=self.folder, ext="\n".join(extensions)))

    def _date(self, days):
        return (self.now + days * DAY).strftime("%Y%m%d%H%M%SZ")

    def _openssl(self, *args):
        run = subprocess.run(["openssl", *args], capture_output=True)
        if run.returncode:
            raise RuntimeError("openssl %s: %s" % (" ".join(args), run.stderr.decode(errors="replace").strip()))
        return run.stdout

    def _path(self, name):
        return os.path.join(self.folder, name)

    def _text(self, name, text):
        path = self._path(name)
        with open(path, "w") as f:
            f.write(text)
        return path


def pem_to_der(path):
    body = re.search(r"-----BEGIN [^-]+-----(.*?)-----END", open(path).read(), re.S).group(1)
    return base64.b64decode(body)


def der_to_pem(der, label):
    text = base64.encodebytes(bytes(der)).decode()
    return "-----BEGIN %s-----\n%s-----END %s-----\n" % (label, text, label)
