"""Clients whose connections are not opened: what a box on the way does to their SYNs. And some whose SYN carries their
ClientHello (TCP Fast Open, RFC 7413), with which the connection may open.

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


# a server that takes the ClientHello from a SYN (TCP_FASTOPEN is 23)
FAST = """
import socket, ssl, sys
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(*sys.argv[2:4])
with socket.create_server(("%s", int(sys.argv[1]))) as listener:
    listener.setsockopt(socket.IPPROTO_TCP, 23, 5)
    while True:
        try:
            with context.wrap_socket(listener.accept()[0], server_side=True) as s:
                s.recv(1000)
                s.sendall(b"HTTP/1.0 200 OK\\r\\n\\r\\nhello")
                s.unwrap()
        except OSError as error:
            print("error:", error, flush=True)
""" % SERVER


def curl(*more, address=SERVER, lasts="4"):
    """One attempt, which is given up after LASTS seconds."""
    return dict(name="curl", words=["curl", "-sS", "--connect-timeout", lasts, *more, "https://%s/" % address])


def fast_curl(port, *more):
    return curl("--tcp-fastopen", *more, address="%s:%d" % (SERVER, port))


def scanner():
    return dict(name="", words=[sys.executable, "-c", SCAN])


class Unopened(Row):
    """CLIENTS come one after the other, through a box with RULES of nft; LISTENS: the port that a server is on, which takes
    a ClientHello from a SYN if it is FAST; MORE replaces entries of the label."""

    def __init__(self, name, scenario, clients, rules=(), listens=None, fast=False, **more):
        super().__init__(name, scenario)
        self.clients, self.rules, self.listens, self.fast, self.more = clients, rules, listens, fast, more

    def programs(self):
        return ["nft", *(c["name"] for c in self.clients)]

    def connect(self, box, client, server):
        plug(box, client, "10.1.0.%d", "left")
        plug(box, server, "10.2.0.%d", "right")
        for end, wire, n in ((client, "left", 1), (server, "right", 2)):
            box.do("ip", "addr", "add", "fd00:%d::1/64" % n, "dev", wire, "nodad")
            end.do("ip", "addr", "add", "fd00:%d::2/64" % n, "dev", "wire", "nodad")
            end.do("ip", "route", "add", "default", "via", "fd00:%d::1" % n)
            end.do("sysctl", "-q", "net.ipv4.tcp_fastopen=0x207")     # as client and server, and without a cookie
        box.do("sysctl", "-q", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
        box.do("nft", "-f", "-", text=True, input="\n".join(
            ["table inet box {", "chain forward { type filter hook forward priority 0;", *self.rules, "}", "}"]))

    def serve(self, lab, server):
        port, files = str(self.listens), (lab.pki.cert("server"), lab.pki.key("server"))
        words = ["openssl", "s_server", "-accept", port, "-cert", files[0], "-key", files[1], "-www"]
        if self.fast:
            words = [sys.executable, "-c", FAST, port, *files]
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
        nothing = dict(truth="none", best=["none", "closed-without-notify", "closed-normally"], sender="none", phase="none", alert=None, encrypted=False,
                       stream=None, server="", version="")
        return [self.label(file=self.variant + ".pcapng", client=", ".join(names), **{**nothing, **self.more})]
