"""A browser, which opens more connections than it needs and tries again what failed.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import contextlib
import os

import check
import servers as s
import stacks as k
from capture import Capture, write_pcapng
from case import VERSION, usual_place
from cases_stacks import REFUSED, REJECTED
from many import Row, verdict
from pki import NAME
from programs import Program
from runner import full_name
from servers import HOST
from stacks import nss_run

QUIET = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
         "--disable-default-apps", "--no-default-browser-check", "--disable-features=OptimizationHints,MediaRouter,AsyncDns,DnsOverHttps", "--password-store=basic"]


def chromium(lab, trust, extra):
    """The command; authorities come from the user's NSS database."""
    store = os.path.join(lab.folder, ".pki", "nssdb")
    os.makedirs(store)
    nss_run("certutil", "-N", "-d", "sql:" + store, "--empty-password")
    for i, name in enumerate(trust):
        nss_run("certutil", "-A", "-d", "sql:" + store, "-n", "ca%d" % i, "-t", "CT,C,", "-i", lab.pki.cert(name))
    return ["chromium", *QUIET, "--user-data-dir=" + lab.file("profile"), "--ssl-key-log-file=" + lab.keylog, "--host-resolver-rules=MAP %s %s" % (NAME, HOST), *extra,
            "--dump-dom", "https://%s:%d/" % (NAME, lab.port)]


class Browser(Row):
    """One page; of its connections those that show ALERT failed, by TRUTH, and the others are healthy."""

    def __init__(self, name, truth, scenario, server, alert=None, trust=("root",), extra=(), best=None, blind=None, keys=False):
        super().__init__(name, scenario)
        self.truth, self.server, self.alert, self.trust, self.extra = truth, server, alert, trust, extra
        self.best, self.blind, self.keys = best or [truth], blind, keys

    def programs(self):
        return ["chromium", "tstclnt", self.server["name"]]

    def make(self, lab, captures):
        pcap = lab.file("lo.pcap")
        with contextlib.ExitStack() as stack:
            lab.start(stack, self.server["command"](lab), lab.file("server.log"), lab.port)
            command = chromium(lab, self.trust, self.extra)
            with Capture(pcap, "tcp port %d" % lab.port):
                client = stack.enter_context(Program(command, lab.file("client.log"), lab.keylog, lab.folder))
                client.finish(25)
        new = lab.file("new.pcapng")
        write_pcapng(pcap, new, lab.keylog if lab.has_keys() else None)
        packets, made = check.read(new, lab.port), []
        for with_keys in {False: [False], True: [True], "both": [True, False]}[self.keys]:
            path = self.path(captures, ".keys.pcapng" if with_keys else ".pcapng")
            write_pcapng(pcap, path, lab.keylog if with_keys else None)
            made.append(self.label(file=os.path.basename(path), verdicts=self.verdicts(packets, check.read(path, lab.port), with_keys), client=full_name("chromium"),
                                   server=full_name(self.server["name"]), version=VERSION[self.variant.split("-")[2]]))
        return made

    def verdicts(self, packets, readable, with_keys):
        found, (sender, phase) = [], usual_place(self.truth)
        for stream in sorted({p["stream"] for p in packets}):
            seen = [a for a in check.alerts(packets, stream) if a[1] == 2]
            if seen[:1] == [(sender, 2, self.alert)]:
                best = self.best if with_keys or self.blind is None else self.blind
                found.append(verdict(stream, dict(truth=self.truth, best=best, sender=sender, phase=phase, alert=self.alert, encrypted=not check.alerts(readable, stream))))
            elif seen:
                raise AssertionError("stream %d: alerts %s" % (stream, seen))
        assert bool(found) == (self.alert is not None), "no alert %s" % self.alert
        return found


def rejected(words, cause, scenario, best=None, trust=("root",), **server):
    for version in words.split():
        keys = {"+": "both", "*": True}.get(version[-1], False)
        version = version.rstrip("+*")
        CASES.append(Browser("%s/chromium-nginx-%s" % (cause, version), cause, scenario, k.nginx(version=version, **server), alert=46, best=best, keys=keys, trust=trust,
                             blind=[REJECTED, REFUSED] if version == "13" else None))


CASES = [Browser("healthy/chromium-nginx-12", "none", "a page", k.nginx(version="12")),
         Browser("healthy/chromium-nginx-13", "none", "a page", k.nginx(version="13"), keys="both"),
         Browser("version-no-overlap/chromium-nginx-12-11", "version-no-overlap", "the server has TLS 1.1 at most", k.nginx(version="11", extra="ssl_ciphers ALL:@SECLEVEL=0;"), alert=70),
         Browser("cipher-no-overlap/chromium-nginx-12", "cipher-no-overlap", "the server has one suite, which the browser does not", k.nginx(version="12", extra="ssl_ciphers ECDHE-ECDSA-AES128-CCM;"),
                 alert=40, best=["cipher-no-overlap", REFUSED])]
CASES += [Browser("server-cert-key-mismatch/chromium-ossl-13", "server-cert-key-mismatch", "the server signs with a key that is not its certificate's; the browser's ClientHello holds GREASE of ECH",
                  s.ossl(version="13", cert="server-wrong-key"), alert=51, best=["server-cert-key-mismatch"], keys=True)]
BROTLI = "; its certificate is compressed with Brotli"
CASES += [Browser("healthy/chromium-nss110-13-brotli", "none", "a page" + BROTLI, k.nss110_server("brotli"), keys=True)]
CASES += [Browser("%s/chromium-nss110-13-brotli" % cause, cause, scenario + BROTLI, k.nss110_server("brotli", cert=cert), alert=46, keys=True)
          for cause, scenario, cert in (("server-cert-expired", "the server's leaf has expired", "server-expired"),
                                        ("server-cert-name-mismatch", "the server is for another name", "server-other-name"))]
rejected("12 13+", "server-cert-expired", "the server's leaf has expired", cert="server-expired")
rejected("12 13*", "server-cert-name-mismatch", "the certificate is for another name", cert="server-other-name")
rejected("12 13+", "server-cert-unknown-ca", "the browser does not know the server's root", best=["server-cert-unknown-ca", REJECTED], cert="server-unknown", chain=("other-inter",))
