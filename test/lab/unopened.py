"""Clients whose connections are not opened: what a box on the way does to their SYNs.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import contextlib
import sys
import time

from capture import wait_for, write_pcapng
from many import Row
from network import Listening, SERVER, Space, plug
from programs import Program
from runner import full_name

IPV6 = "fd00:2::2"              # of the server; the client is fd00:1::2

# one look at each port, as a scanner takes it
SCAN = """
import socket
for port in (21, 22, 25, 80, 110, 143, 443, 465, 636, 853, 993, 995, 8443):
    with socket.socket() as s:
        s.settimeout(0.3)
        s.connect_ex(("%s", port))
""" % SERVER


def curl(*more, address=SERVER, lasts="4"):
    """One attempt, which is given up after LASTS seconds."""
    return dict(name="curl", words=["curl", "-sS", "--connect-timeout", lasts, *more, "https://%s/" % address])


def scanner():
    return dict(name="", words=[sys.executable, "-c", SCAN])


class Unopened(Row):
    """CLIENTS come one after the other, through a box with RULES of nft; LISTENS: the server is there, on port 443, by
    plain TCP."""

    def __init__(self, variant, scenario, clients, rules, listens=False):
        super().__init__("healthy/" + variant, scenario)
        self.clients, self.rules, self.listens = clients, rules, listens

    def programs(self):
        return ["nft", *(c["name"] for c in self.clients)]

    def connect(self, box, client, server):
        plug(box, client, "10.1.0.%d", "left")
        plug(box, server, "10.2.0.%d", "right")
        for end, wire, n in ((client, "left", 1), (server, "right", 2)):
            box.do("ip", "addr", "add", "fd00:%d::1/64" % n, "dev", wire, "nodad")
            end.do("ip", "addr", "add", "fd00:%d::2/64" % n, "dev", "wire", "nodad")
            end.do("ip", "route", "add", "default", "via", "fd00:%d::1" % n)
        box.do("sysctl", "-q", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
        box.do("nft", "-f", "-", text=True, input="\n".join(
            ["table inet box {", "chain forward { type filter hook forward priority 0;", *self.rules, "}", "}"]))

    def serve(self, lab, server):
        words = ["openssl", "s_server", "-accept", "443", "-cert", lab.pki.cert("server"), "-key", lab.pki.key("server"), "-www"]
        return Program(server.command(words), lab.file("server.log"), lab.keylog, lab.folder)

    def make(self, lab, captures):
        pcap = lab.file("wire.pcap")
        with contextlib.ExitStack() as stack:
            client, box, server = (stack.enter_context(Space(name)) for name in ("client", "box", "server"))
            self.connect(box, client, server)
            if self.listens:
                stack.enter_context(self.serve(lab, server))
                time.sleep(0.5)
            with Listening(client, pcap, "tcp or icmp or icmp6[0] < 128"):
                for i, row in enumerate(self.clients):
                    with Program(client.command(row["words"]), lab.file("client%d.log" % i), lab.keylog, lab.folder) as program:
                        wait_for("the client to give up", lambda p=program: p.process.poll() is not None, 20)
        write_pcapng(pcap, self.path(captures))
        names = sorted({full_name(c["name"]) for c in self.clients if c["name"]})
        return [self.label(file=self.variant + ".pcapng", truth="none", best=["none", "closed-without-notify", "closed-normally"], sender="none",
                           phase="none", alert=None, encrypted=False, stream=None, client=", ".join(names), server="", version="")]
