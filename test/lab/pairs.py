"""Pairs of captures: of one connection at both ends of a path, and of one that fails beside one that works.

The path: client - router, which translates addresses - a bump in the wire (middle.py), where the pair has one - server;
each in a network namespace of its own. Recorded is the cable of each end. How labels look is said at label_of().

SPDX-License-Identifier: GPL-2.0-or-later
"""
import contextlib
import dataclasses
import os
import re
import subprocess
import sys
import time

import check
from capture import Capture, wait_for, write_pcapng
from network import Space, run
from programs import Program
from runner import expect_words, full_name
from servers import HOST

NEEDS = {"ip": "iproute2", "ss": "iproute2", "ethtool": "ethtool", "nft": "nftables", "dumpcap": "wireshark-common", "editcap": "wireshark-common",
         "tshark": "tshark", "openssl": "openssl"}
NETWORKS = {4: ("10.1.0.%d", "10.2.0.%d", "10.3.0.%d", 24), 6: ("2001:db8:1::%d", "2001:db8:2::%d", "2001:db8:3::%d", 64)}
GATE = 8443                     # where a gateway in the router listens for connections to the server's port
ENDS = ("client", "server")


class Wire(Capture):
    """dumpcap on the interface "wire" of a namespace."""

    def __init__(self, space, path, what, snap=0):
        super().__init__(path, what, "wire")
        self.space, self.snap = space, snap

    def command(self):
        words = super().command()
        words[words.index("-s") + 1] = str(self.snap)
        return self.space.command(words)


def cable(one, name, other, its_name, offload=False):
    """A cable between two namespaces. Without OFFLOAD, what is recorded there is what a wire carries: segments of the
    path's size, with checksums."""
    run("ip", "link", "add", name, "netns", one.name, "type", "veth", "peer", "name", its_name, "netns", other.name)
    for space, interface in ((one, name), (other, its_name)):
        if not offload:
            space.do("ethtool", "-K", interface, "tx", "off", "tso", "off", "gso", "off", "gro", "off", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        space.do("ip", "link", "set", interface, "up")


class Path:
    """Client, router and server, as the Pair PAIR wants them; use with "with"."""

    def __init__(self, pair, lab):
        self.pair, self.lab = pair, lab
        self.family = 6 if pair.ipv6 else 4
        *self.networks, self.bits = NETWORKS[self.family]
        self.server_address = self.networks[1] % 2

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            for name in ("client", "router", "server", "middle"):
                setattr(self, name, stack.enter_context(Space(name)))
            self.build(stack)
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *error):
        self.stack.close()

    def address(self, space, interface, network, number):
        space.do("ip", "addr", "add", "%s/%d" % (network % number, self.bits), "dev", interface, *(["nodad"] if self.family == 6 else []))

    def build(self, stack):
        left, right, back, _ = *self.networks, 0
        offload = self.pair.offload
        cable(self.router, "left", self.client, "wire", offload)
        if self.pair.middle:
            cable(self.router, "right", self.middle, "left")
            cable(self.middle, "right", self.server, "wire")
        else:
            cable(self.router, "right", self.server, "wire", offload)
        for space, interface, network, number in ((self.router, "left", left, 1), (self.client, "wire", left, 2), (self.router, "right", right, 1), (self.server, "wire", right, 2)):
            self.address(space, interface, network, number)
        self.client.do("ip", "-%d" % self.family, "route", "add", "default", "via", left % 1)
        if self.pair.other_way_back:
            cable(self.router, "back", self.server, "back")
            self.address(self.router, "back", back, 1)
            self.address(self.server, "back", back, 2)
            for setting in ("all", "wire"):
                self.server.do("sysctl", "-q", "net.ipv4.conf.%s.rp_filter=0" % setting)
            self.server.do("ip", "route", "add", "default", "via", back % 1, "src", right % 2)
            self.server.do("ip", "route", "del", "10.2.0.0/24", "dev", "wire")
            self.router.do("sysctl", "-q", "net.ipv4.conf.all.rp_filter=0")
            self.router.do("sysctl", "-q", "net.ipv4.conf.back.rp_filter=0")
        else:
            self.server.do("ip", "-%d" % self.family, "route", "add", "default", "via", right % 1)
        self.router.do("sysctl", "-q", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1", "net.ipv4.conf.all.route_localnet=1", "net.ipv4.conf.left.route_localnet=1")
        self.router.do("nft", "-f", "-", input=self.table(), text=True)
        if self.family == 4:
            self.from_loopback()
        if self.pair.middle:
            self.bump(stack)

    def from_loopback(self):
        """Servers of the lab listen on HOST only, and some of its clients go there."""
        carrier = self.pair.carrier
        tables = {self.server: "chain in { type nat hook prerouting priority -100; %s dport %d dnat to %s; }" % (carrier, self.lab.port, HOST),
                  self.client: "chain out { type nat hook output priority -100; ip daddr %s %s dport %d dnat to %s; }\n"
                               "chain over { type nat hook postrouting priority 100; ip saddr 127.0.0.0/8 oifname wire masquerade; }" % (HOST, carrier, self.lab.port, self.server_address)}
        for space, table in tables.items():
            space.do("sysctl", "-q", "net.ipv4.conf.all.route_localnet=1", "net.ipv4.conf.wire.route_localnet=1")
            space.do("nft", "-f", "-", input="table ip lab {\n%s\n}" % table, text=True)

    def table(self):
        """What the router does: it puts its own address in the place of the client's."""
        family, port = {4: "ip", 6: "ip6"}[self.family], self.lab.port
        lines = ["table %s lab {" % family, "chain out { type nat hook postrouting priority 100;"]
        lines += ['oifname "right" masquerade'] if self.pair.nat else []
        lines += ["}", "chain in { type nat hook prerouting priority -100;"]
        lines += ['iifname "left" tcp dport %d dnat to %s:%d' % (port, HOST, GATE)] if self.pair.gateway else []
        lines += ["}", "chain over { type filter hook forward priority 0;", *(rule.replace("PORT", str(port)) for rule in self.pair.rules)]
        return "\n".join(lines + ["}", "}"])

    def bump(self, stack):
        self.middle.do("sysctl", "-q", "net.ipv6.conf.all.disable_ipv6=1")
        deed, *words = self.pair.middle.split() if isinstance(self.pair.middle, str) else self.pair.middle
        command = [sys.executable, self.lab.script("middle.py"), "left", "right", str(self.lab.port), deed, *words]
        program = stack.enter_context(Program(self.middle.command(command), self.lab.file("middle.log"), "/dev/null", self.lab.folder))
        wait_for("the middle to be ready", lambda: "ready" in program.said())

    def words(self, words):
        """The words of a client of the lab, which goes to HOST, with the server's address in its place."""
        bracketed = "[%s]" % self.server_address if self.family == 6 else self.server_address
        return [re.sub(re.escape(HOST) + r"(?=:\d)", bracketed, word).replace(HOST, self.server_address) for word in words]


def listens(space, port, carrier="tcp"):
    return lambda: subprocess.run(space.command(["ss", "-Hln" + carrier[0], "sport", "=", str(port)]), capture_output=True).stdout


@dataclasses.dataclass
class Row:
    """What both kinds of pairs have; see label_of().

    name     folder/variant
    truth    the fault that was configured
    who      who made it fail: client, server, between; none: not to be told; or {end: ...}
    alone    {end: the causes that its capture alone may show}; ["none"]: nothing failed there
    both     the same with the other capture (default: as alone)
    most     {end: the highest confidence there, with both}; default: proven
    says     what a person must be able to read from both
    client_says, server_says  words that the programs' logs must hold
    sees     {end: what check.flow() must show of its capture}
    keys     True: the captures hold the secrets
    port     where the server listens, if not where all do
    carrier  what carries TLS: "tcp" or "udp"
    label    more entries for the label
    """
    name: str
    scenario: str
    truth: str = "none"
    who: object = "none"
    alone: dict = None
    both: dict = None
    most: dict = dataclasses.field(default_factory=dict)
    says: str = "nothing"
    client_says: str = ""
    server_says: str = ""
    sees: dict = dataclasses.field(default_factory=dict)
    keys: bool = False
    kind: str = "same-connection"
    lasts: float = 0
    ends: tuple = ENDS
    port: int = None
    carrier: str = "tcp"
    label: dict = dataclasses.field(default_factory=dict)

    relay = None                                                       # what runner.Lab asks of any row

    def __post_init__(self):
        self.folder, self.variant = self.name.split("/")
        self.alone = self.alone or {end: [self.truth] if self.truth != "none" else ENDED for end in self.ends}
        self.both = {**self.alone, **(self.both or {})}
        if self.truth == "none" and self.kind == "same-connection":
            self.kind = "healthy"

    def label_of(self, end, **programs):
        """The line of labels.jsonl for the capture of one end: "alone", the causes that it may show by itself; "best", those with
        "with", the other capture; "who", the origin that is right then; "most", the highest confidence; "must_say", for people."""
        other = self.ends[1 - self.ends.index(end)]
        truth = self.truth if self.both[end] != ENDED else "none"
        who = self.who[end] if isinstance(self.who, dict) else self.who
        return {"pair": self.variant, "capture": "%s.%s.pcapng" % (self.variant, end), "with": "%s.%s.pcapng" % (self.variant, other), "kind": self.kind,
                "who": who if truth != "none" else "none", "truth": truth, "alone": self.alone[end], "best": self.both[end], "most": self.most.get(end, "proven"),
                "must_say": self.says, "scenario": self.scenario, **programs, "made_by": "test/lab/make_pairs.py " + self.name, **self.label}

    def write(self, lab, captures, pcaps, secrets):
        """The files; gives the labels' first part. PCAPS: {end: pcap file}"""
        os.makedirs(os.path.join(captures, self.folder), exist_ok=True)
        for end, pcap in pcaps.items():
            path = os.path.join(lab.folder, end + ".pcapng")
            write_pcapng(pcap, path, secrets)
            flow = check.flow(check.read(path, lab.port))
            if not re.search(self.sees.get(end, "hs1"), flow):
                raise AssertionError("the %s's capture shows %r, not %r" % (end, flow, self.sees.get(end, "hs1")))
        for end in pcaps:
            os.replace(os.path.join(lab.folder, end + ".pcapng"), os.path.join(captures, self.folder, "%s.%s.pcapng" % (self.variant, end)))


ENDED = ["none", "closed-normally", "closed-without-notify"]


@dataclasses.dataclass
class Pair(Row):
    """One connection from CLIENT to SERVER, recorded at both.

    middle   words of middle.py: deed, moment, arguments
    rules    of nft's chain "forward" in the router, with PORT in the place of the server's port
    gateway  a function of the lab: the command of a program in the router that takes the client's connections, at GATE
    nat      False: the router leaves addresses as they are
    other_way_back  what the server sends takes another cable, which is not recorded
    mtu      of the router's cable to the client, and nobody is told
    clock    {end: seconds that its clock is ahead}
    part     {end: what its recorder kept}: "only 1-4", "without 6" (frames), "snap 96" (bytes of each), "suite 0xc02b" (the
             connection in which the server chose it)
    offload  True: the cards cut segments and fill in checksums, so both are not what the wire carries
    needs    programs that the gateway is
    before, meanwhile  clients that connect first, and at the same time; what they say is not looked at
    """
    client: dict = None
    server: dict = None
    middle: object = None
    rules: tuple = ()
    gateway: object = None
    nat: bool = True
    ipv6: bool = False
    other_way_back: bool = False
    mtu: int = None
    clock: dict = dataclasses.field(default_factory=dict)
    part: dict = dataclasses.field(default_factory=dict)
    offload: bool = False
    needs: tuple = ()
    before: tuple = ()
    meanwhile: tuple = ()

    def programs(self):
        return [self.server["name"], self.client["name"]] + list(self.needs)

    def make(self, lab, captures):
        lab.port = lab.server_port = self.port or lab.port
        pcaps = {end: lab.file(end + ".pcap") for end in ENDS}
        with Path(self, lab) as path, contextlib.ExitStack() as stack:
            self.play(path, lab, stack, pcaps)
        for end, pcap in pcaps.items():
            self.edit(end, pcap)
        logs = [open(lab.file(name + ".log"), errors="replace").read() for name in ENDS]
        if self.server.get("log"):
            logs[1] += open(lab.file(self.server["log"]), errors="replace").read()
        expect_words(self, *logs)
        self.write(lab, captures, pcaps, lab.keylog if self.keys else None)
        programs = dict(client=full_name(self.client["name"]), server=full_name(self.server["name"]), client_log=lab.telling(logs[0]), server_log=lab.telling(logs[1]))
        return [self.label_of(end, **programs) for end in ENDS]

    def play(self, path, lab, stack, pcaps):
        if self.mtu:
            path.router.do("ip", "link", "set", "left", "mtu", str(self.mtu))
            path.router.do("nft", "add table inet quiet; add chain inet quiet out { type filter hook output priority 0; }; add rule inet quiet out ip protocol icmp drop")
        words = self.server["command"](lab)
        server = stack.enter_context(Program(path.server.command(path.words(words) if self.ipv6 else words), lab.file("server.log"), lab.keylog, lab.folder))
        wait_for("the server to listen", listens(path.server, lab.port, self.carrier), 20)
        if self.gateway:
            stack.enter_context(Program(path.router.command(self.gateway(lab, path.server_address)), lab.file("gateway.log"), lab.file("gateway.keys"), lab.folder))
            wait_for("the gateway to listen", listens(path.router, GATE), 20)
        where = "%s port %d" % (self.carrier, lab.port)
        with Wire(path.client, pcaps["client"], where), Wire(path.server, pcaps["server"], where):
            begun = time.monotonic()
            for at, other in enumerate(self.before):
                self.call(path, lab, stack, other, "before%d" % at).finish()
            others = [self.start(path, lab, stack, other, "meanwhile%d" % at) for at, other in enumerate(self.meanwhile)]
            client = self.start(path, lab, stack, self.client, "client")
            for row, other in zip(self.meanwhile, others):
                other.script(row["steps"])
            client.script(self.client["steps"])
            server.script(self.server["steps"])
            time.sleep(max(0, begun + self.lasts - time.monotonic()))
            for program in (client, *others):
                program.finish(0.5 if self.lasts else 4)
            time.sleep(0.15)

    def start(self, path, lab, stack, row, name):
        return stack.enter_context(Program(path.client.command(path.words(row["command"](lab))), lab.file(name + ".log"), lab.keylog, lab.folder))

    def call(self, path, lab, stack, row, name):
        client = self.start(path, lab, stack, row, name)
        client.script(row["steps"])
        return client

    def edit(self, end, pcap):
        """What this end's recorder did: its clock was wrong, it left out a part."""
        what, _, frames = self.part.get(end, "").partition(" ")
        if what == "suite":
            return self.keep_connection(pcap, "tls.handshake.type == 2 && tls.handshake.ciphersuite == " + frames)
        options = {"": [], "only": ["-r"], "without": [], "snap": ["-s", frames]}[what]
        if what or end in self.clock:
            subprocess.run(["editcap", "-F", "pcap", *(["-t", str(self.clock[end])] if end in self.clock else []), *options, pcap, pcap + ".new",
                            *([frames] if what in ("only", "without") else [])], check=True, capture_output=True)
            os.replace(pcap + ".new", pcap)

    @staticmethod
    def keep_connection(pcap, which):
        """Of PCAP, what is of the connection in which the display filter WHICH matches."""
        def tshark(*options):
            return subprocess.run(["tshark", "-n", "-r", pcap, *options], check=True, capture_output=True, text=True).stdout
        streams = set(tshark("-Y", which, "-T", "fields", "-e", "tcp.stream").split())
        if len(streams) != 1:
            raise AssertionError("%d connections with %s" % (len(streams), which))
        tshark("-Y", "tcp.stream == " + streams.pop(), "-F", "pcap", "-w", pcap + ".new")
        os.replace(pcap + ".new", pcap)


@dataclasses.dataclass
class Compared(Row):
    """One connection that fails (BAD: client and server) and one that works (GOOD), both recorded at AT, or each at AT[...].
    GOOD_IPV6: the good one is of another network."""
    bad: tuple = None
    good: tuple = None
    at: object = "client"
    good_ipv6: bool = False
    middle: object = None
    good_middle: object = None
    kind: str = "works"
    ends: tuple = ("bad", "good")

    def __post_init__(self):
        self.alone = {"bad": [self.truth], **(self.alone or {}), "good": ENDED}
        super().__post_init__()

    def programs(self):
        return [row["name"] for row in (*self.bad, *self.good)]

    def make(self, lab, captures):
        lab.port = lab.server_port = self.port or lab.port
        pcaps, labels, folder = {}, [], lab.folder
        for end, (client, server), middle in (("bad", self.bad, self.middle), ("good", self.good, self.good_middle)):
            inner = Pair(name=self.name, scenario=self.scenario, client=client, server=server, middle=middle, lasts=self.lasts if end == "bad" else 0,
                         ipv6=self.good_ipv6 and end == "good")
            at = self.at[end] if isinstance(self.at, dict) else self.at
            lab.folder = os.path.join(folder, end)
            os.makedirs(lab.folder)
            both = {side: lab.file(side + ".pcap") for side in ENDS}
            with Path(inner, lab) as path, contextlib.ExitStack() as stack:
                inner.play(path, lab, stack, both)
            pcaps[end] = both[at]
            logs = [open(lab.file(name + ".log"), errors="replace").read() for name in ENDS]
            if server.get("log"):
                logs[1] += open(lab.file(server["log"]), errors="replace").read()
            if end == "bad":
                expect_words(self, *logs)
            labels.append(self.label_of(end, at=at, client=full_name(client["name"]), server=full_name(server["name"]), client_log=lab.telling(logs[0]), server_log=lab.telling(logs[1])))
        lab.folder = folder
        self.sees.setdefault("good", r"^C hs1; S hs2")
        self.write(lab, captures, pcaps, lab.keylog if self.keys else None)
        return labels
