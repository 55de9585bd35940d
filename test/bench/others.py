#!/usr/bin/env python3
"""What else a person would use on the same capture: time, memory, and how many failures it reports and explains.

usage: others.py --plugin tlswhy.so [--connections N] [--every NTH] [PROGRAM...]

Over test/captures, or every NTH capture of it. "Reports": the program prints for the capture that something went wrong.
"names": what it prints is a cause of the capture's label; an alert or a risk whose name says it counts as that, for either
side. "healthy": captures in which nothing failed, for which it prints the same kind of thing. Time and peak memory: one
run on a capture with N connections of the corpus. Programs that are not installed are left out.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "tshark"))
sys.dont_write_bytecode = True

import captures
from world import CAPTURES, World

# Names of alerts (RFC 8446 6, RFC 5246 7.2) that tell a cause, and how the ids of that cause end or begin.
ALERTS = {
    "unexpected_message": "message-unexpected", "bad_record_mac": "record-corrupt", "record_overflow": "record-overflow",
    "no_certificate": "client-cert-missing", "unsupported_certificate": "cert-wrong-usage",
    "certificate_revoked": "cert-revoked", "certificate_expired": "cert-expired", "unknown_ca": "cert-unknown-ca",
    "decode_error": "message-malformed", "protocol_version": "version-", "internal_error": "internal-error",
    "inappropriate_fallback": "fallback-refused", "user_canceled": "canceled-by-user",
    "no_renegotiation": "renegotiation-refused", "missing_extension": "extension-missing",
    "unsupported_extension": "extension-unsupported", "unrecognized_name": "sni-unrecognized",
    "bad_certificate_status_response": "server-cert-bad-ocsp", "unknown_psk_identity": "psk-unknown-identity",
    "certificate_required": "client-cert-missing", "no_application_protocol": "alpn-no-overlap",
    "ech_required": "ech-required",
}
RISKS = {  # of nDPI
    "expired certificate": "server-cert-expired", "certificate mismatch": "server-cert-name-mismatch",
    "self-signed certificate": "server-cert-self-signed", "obsolete tls": "version-", "weak tls cipher": "cipher-",
}
NORMAL = "close_notify"


def alert_name(text):
    """The IANA name in the words of tshark ("Certificate Expired") or ssldump ("certificate_expired")."""
    return re.sub(r"\W+", "_", text.strip().lower())


def from_alerts(names):
    """(whether it reports a failure, what it names) of the alerts that a program printed."""
    names = {name for name in map(alert_name, names) if name and name != NORMAL}
    return bool(names), {ALERTS[name] for name in names if name in ALERTS}


def from_ssldump(text):
    """An encrypted alert it prints as "Alert" alone, a close as well as a failure."""
    return from_alerts(re.findall(r"^\s+value\s+(\S+)", text, re.M))


def from_tshark(text):
    return from_alerts(part for line in text.splitlines() for part in line.split("\t")[-1].split(","))


def from_ndpi(text):
    """Risks of TLS; it has others, of ports and addresses."""
    risks = [risk.lower() for risk in re.findall(r"\*\* ([^*]+) \*\*", text) if re.search("TLS|certificate", risk, re.I)]
    return bool(risks), {cause for risk in risks for words, cause in RISKS.items() if words in risk}


def from_suricata(text):
    """Of eve.json: alerts and anomalies. Its TLS log holds names and versions, and no failure."""
    events = [event for event in map(json.loads, text.splitlines()) if event["event_type"] in ("alert", "anomaly")]
    return bool(events), set()


def from_tlswhy(text):
    """Of the report's lists ("server-cert-expired: 1 connection ...")."""
    causes = set(re.findall(r"^([a-z0-9-]+): \d+ connection", text, re.M))
    return bool(causes), causes


ALERTS_ONE_LINER = ["-Y", "tls.alert_message", "-T", "fields", "-e", "frame.number", "-e", "ip.src", "-e",
                    "tls.alert_message.desc"]


class Programs:
    """name: (command on a capture, reader of what it prints, whether with the plugin)"""

    def __init__(self, world):
        self.world, self.log = world, world.own_folder("suricata")
        tshark = world.tshark
        self.all = {
            "ssldump": (lambda path: ["ssldump", "-n", "-d", "-r", path], from_ssldump),
            "ndpiReader": (lambda path: ["ndpiReader", "-v", "2", "-i", path], from_ndpi),
            "suricata": (lambda path: ["suricata", "-r", path, "-l", self.log, "-k", "none"], from_suricata),
            "tshark alerts": (lambda path: [tshark, "-n", "-r", path, *ALERTS_ONE_LINER], self.alerts_by_name),
            "tlswhy": (lambda path: [tshark, "-n", "-q", "-r", path, "-z", "tlswhy,report"], from_tlswhy),
        }
        self.descriptions = dict(re.findall(r"^V\ttls\.alert_message\.desc\t(\d+)\t([^\n]+)$",
                                            world.run([tshark, "-G", "values"]).stdout, re.M))

    def alerts_by_name(self, text):
        """The one-liner prints numbers; who reads it looks them up."""
        return from_tshark(re.sub(r"(?<=[\t,])\d+(?=[,\n])", lambda number: self.descriptions.get(number[0], "alert"), text))

    def installed(self, name):
        return shutil.which(self.all[name][0]("x")[0]) is not None

    def run(self, name, path):
        """(seconds, peak KiB, what it printed)"""
        environment = dict(self.world.environment)
        if name != "tlswhy":
            environment["WIRESHARK_PLUGIN_DIR"] = os.path.join(self.world.folder, "none")
        out = os.path.join(self.world.folder, "printed")
        began = time.monotonic()
        with open(out, "wb") as file:
            process = subprocess.Popen(self.all[name][0](path), cwd=self.world.folder, env=environment, stdout=file,
                                       stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self.world.identity())
            usage = os.wait4(process.pid, 0)[2]
        seconds = time.monotonic() - began
        process.returncode = 0
        eve = os.path.join(self.log, "eve.json")
        if name == "suricata" and os.path.exists(eve):
            os.replace(eve, out)
        with open(out, encoding="utf-8", errors="replace") as file:
            return seconds, usage.ru_maxrss, file.read()


def is_named(named, label):
    """One of the names fits one of the causes that are right for the label."""
    return any(cause == name or cause.endswith("-" + name) or (name.endswith("-") and cause.startswith(name))
               for cause in label["best"] for name in named)


def labels():
    for path in sorted(glob.glob(os.path.join(CAPTURES, "*", "labels.jsonl"))):
        with open(path, encoding="utf-8") as file:
            for label in map(json.loads, file):
                label["path"] = os.path.join(os.path.dirname(path), label["file"])
                yield label


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1][7:])
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--connections", type=int, default=5000)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("programs", nargs="*")
    arguments = parser.parse_args()
    corpus = [label for label in labels() if "truth" in label and not label.get("decode_as")][::arguments.every]
    failed = sum(label["truth"] != "none" for label in corpus)
    with World(arguments.plugin) as world:
        programs = Programs(world)
        large = os.path.join(world.folder, "large.pcap")
        captures.write(large, arguments.connections)
        os.chmod(large, 0o644)
        print("%d captures with a failure, %d without; a capture of %d connections (%d MB)" % (
            failed, len(corpus) - failed, arguments.connections, os.path.getsize(large) // 1000000))
        print("  %-14s %9s %9s %9s %9s %9s" % ("", "reports", "names", "healthy", "seconds", "peak MB"), flush=True)
        for name in arguments.programs or programs.all:
            if not programs.installed(name):
                print("  %-14s is not installed" % name)
                continue
            reports = names = healthy = 0
            for label in corpus:
                _, _, printed = programs.run(name, world.put(label["path"], "one.pcapng"))
                reported, named = programs.all[name][1](printed)
                if label["truth"] == "none":
                    healthy += reported
                else:
                    reports += reported
                    names += is_named(named, label)
            seconds, peak, _ = programs.run(name, large)
            print("  %-14s %9d %9d %9d %9.1f %9.0f" % (name, reports, names, healthy, seconds, peak / 1024), flush=True)


main()
