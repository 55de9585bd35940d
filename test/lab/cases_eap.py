"""Failures and health inside EAP, over RADIUS and on a wired link.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import contextlib
import subprocess

import time

import check
from capture import Capture, wait_for, write_pcapng
from case import usual_place
from many import Row
from programs import Program
from runner import expect_words
from stacks_eap import RADIUS_PORT, eapol_test, freeradius, hostapd, wpa_supplicant


class Eap(Row):
    """One authentication. alert, sender: what must be seen; None: no alert. client_says, server_says: words of the logs."""

    keys = False

    def __init__(self, name, truth, scenario, client, server, alert=None, best=None, client_says="", server_says="", wired=False, **label):
        super().__init__(name, scenario)
        self.truth, self.client, self.server, self.alert = truth, client, server, alert
        self.best, self.client_says, self.server_says, self.wired, self.more = best or [truth], client_says, server_says, wired, label

    def programs(self):
        return [self.server["name"], self.client["name"]]

    def play(self, lab, clients, pcap):
        link = ["ap", "sta"] if self.wired else []
        with contextlib.ExitStack() as stack:
            if link:
                subprocess.run(["ip", "link", "add", "ap", "type", "veth", "peer", "name", "sta"], check=True)
                stack.callback(subprocess.run, ["ip", "link", "del", "ap"])
                for end in link:
                    subprocess.run(["ip", "link", "set", end, "up"], check=True)
            with Capture(pcap, "ether proto 0x888e" if link else "udp port %d" % RADIUS_PORT, link[1] if link else "lo"):
                server = stack.enter_context(Program(self.server["command"](lab), lab.file("server.log"), lab.keylog, lab.folder))
                wait_for("the server", lambda: server.process.poll() is not None or
                         ("Ready to process" in server.said() if not link else "AP-ENABLED" in server.said()), 20)
                if server.process.poll() is not None:
                    raise RuntimeError("%s did not start: %s" % (self.server["name"], server.said().strip()[-300:]))
                running = []
                for i, client in enumerate(clients):
                    running.append(stack.enter_context(Program(client["command"](lab), lab.file("client%d.log" % i), lab.keylog, lab.folder)))
                if link:
                    time.sleep(2.5)
                for program in running:
                    program.finish(8)
                time.sleep(0.15)

    def make(self, lab, captures):
        pcap = lab.file("eap.pcap")
        self.play(lab, [self.client], pcap)
        client_log, server_log = (open(lab.file(n), errors="replace").read() for n in ("client0.log", "server.log"))
        expect_words(self, client_log, server_log)
        new = lab.file("new.pcapng")
        write_pcapng(pcap, new)
        sender, phase = usual_place(self.truth)
        seen = [number for packet in check.read(new, RADIUS_PORT) for _, number in packet["alerts"] if number]
        if seen[:1] != ([self.alert] if self.alert is not None else []):
            raise AssertionError("alerts %s, not %s" % (seen, self.alert))
        write_pcapng(pcap, self.path(captures))
        return [self.label(file=self.variant + ".pcapng", truth=self.truth, best=self.best, sender=sender, phase=phase, alert=self.alert,
                           encrypted=False, stream=None, client=self.client["name"], server=self.server["name"],
                           client_log=lab.telling(client_log), server_log=lab.telling(server_log), **self.more)]


class Together(Eap):
    """Several supplicants at once, all through one pair of ports of the RADIUS server."""

    def __init__(self, name, scenario, server, parts):
        super().__init__(name, "none", scenario, parts[0][1], server)
        self.parts = parts

    def make(self, lab, captures):
        pcap = lab.file("eap.pcap")
        self.play(lab, [client for _, client in self.parts], pcap)
        write_pcapng(pcap, self.path(captures))
        verdicts = []
        for truth, _ in self.parts:
            if truth != "none":
                sender, phase = usual_place(truth)
                verdicts.append(dict(stream=None, proto="udp", truth=truth, best=[truth], sender=sender, phase=phase, alert=None, encrypted=False))
        return [self.label(file=self.variant + ".pcapng", verdicts=verdicts, client=self.client["name"], server=self.server["name"])]



CASES = [
    Eap("healthy/eap-eapol_test-freeradius-tls", "none", "EAP-TLS over RADIUS", eapol_test(), freeradius(), client_says="SUCCESS"),
    Eap("healthy/eap-eapol_test-freeradius-tls-13", "none", "EAP-TLS over RADIUS, TLS 1.3", eapol_test(version="13"), freeradius(version=("1.3", "1.3")), client_says="SUCCESS"),
    Eap("healthy/eap-eapol_test-freeradius-peap", "none", "PEAP over RADIUS", eapol_test("PEAP"), freeradius(default="peap"), client_says="SUCCESS"),
    Eap("healthy/eap-eapol_test-freeradius-ttls", "none", "EAP-TTLS over RADIUS", eapol_test("TTLS"), freeradius(default="ttls"), client_says="SUCCESS"),
    Eap("server-cert-unknown-ca/eap-eapol_test-freeradius", "server-cert-unknown-ca", "EAP-TLS: the supplicant trusts another root",
        eapol_test(trust=("other-root",)), freeradius(), alert=48, client_says="unable to get (local )?issuer"),
    Eap("server-cert-unknown-ca/eap-eapol_test-freeradius-peap", "server-cert-unknown-ca", "PEAP: the supplicant trusts another root",
        eapol_test("PEAP", trust=("other-root",)), freeradius(default="peap"), alert=48),
    Eap("server-cert-unknown-ca/eap-eapol_test-freeradius-ttls", "server-cert-unknown-ca", "EAP-TTLS: the supplicant trusts another root",
        eapol_test("TTLS", trust=("other-root",)), freeradius(default="ttls"), alert=48),
    Eap("server-cert-expired/eap-eapol_test-freeradius", "server-cert-expired", "PEAP: the server's certificate has expired",
        eapol_test("PEAP"), freeradius(cert="server-expired", default="peap"), alert=45),
    Eap("client-cert-expired/eap-eapol_test-freeradius", "client-cert-expired", "EAP-TLS: the supplicant's certificate has expired",
        eapol_test(cert="client-expired", chain=()), freeradius(), best=["client-cert-expired", "client-cert-rejected"], server_says="expired"),
    Eap("client-cert-unknown-ca/eap-eapol_test-freeradius", "client-cert-unknown-ca", "EAP-TLS: the supplicant's certificate is of another CA",
        eapol_test(cert="client-other", chain=()), freeradius(),
        best=["client-cert-issuer-not-listed", "client-cert-unknown-ca", "client-cert-rejected"]),
    Eap("healthy/eap-wpa_supplicant-hostapd-tls", "none", "EAP-TLS on a wired link", wpa_supplicant(), hostapd(), wired=True, client_says="CTRL-EVENT-EAP-SUCCESS"),
    Eap("healthy/eap-wpa_supplicant-hostapd-peap", "none", "PEAP on a wired link", wpa_supplicant("PEAP"), hostapd(), wired=True, client_says="CTRL-EVENT-EAP-SUCCESS"),
    Eap("server-cert-unknown-ca/eap-wpa_supplicant-hostapd", "server-cert-unknown-ca", "EAP-TLS on a wired link: the supplicant trusts another root",
        wpa_supplicant(trust=("other-root",)), hostapd(), wired=True, alert=48),
    Eap("client-cert-expired/eap-wpa_supplicant-hostapd", "client-cert-expired", "EAP-TLS on a wired link: the supplicant's certificate has expired",
        wpa_supplicant(cert="client-expired", chain=()), hostapd(), wired=True, best=["client-cert-expired", "client-cert-rejected"]),
    Together("server-cert-unknown-ca/eap-eapol_test-freeradius-together", "three supplicants at the same time", freeradius(), [
        ("none", eapol_test()), ("server-cert-unknown-ca", eapol_test(trust=("other-root",), mac="02:00:00:00:00:02")),
        ("none", eapol_test(mac="02:00:00:00:00:03"))]),
]
