"""Connections through a box that stands between client and server, each in a network namespace of its own.

The box routes, and its rules (nft) reset, drop, rewrite. Recorded is one side's half of the path.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import contextlib
import os
import subprocess
import time

import check
import labels
from capture import Capture, wait_for, write_pcapng
from case import usual_place
from many import Row
from programs import Program
from runner import full_name
from servers import HOST

CLIENT, SERVER = "10.1.0.2", "10.2.0.2"        # the box has the .1 of both
NEEDS = ("ip", "nft")


def run(*command, **more):
    subprocess.run(command, check=True, **more)


class Space:
    """A network namespace; gone at the end of "with"."""

    def __init__(self, name):
        self.name = "tlswhy-%d-%s" % (os.getpid(), name)

    def __enter__(self):
        run("ip", "netns", "add", self.name)
        self.do("ip", "link", "set", "lo", "up")
        return self

    def __exit__(self, *error):
        subprocess.run(["ip", "netns", "del", self.name], check=False)

    def command(self, words):
        return ["ip", "netns", "exec", self.name, *words]

    def do(self, *words, **more):
        run(*self.command(words), **more)


def plug(box, end, network, name):
    """A cable from BOX to END: addresses .1 and .2 of NETWORK; NAME of the interface at both."""
    run("ip", "link", "add", name, "netns", box.name, "type", "veth", "peer", "name", "wire", "netns", end.name)
    box.do("ip", "addr", "add", network % 1 + "/24", "dev", name)
    end.do("ip", "addr", "add", network % 2 + "/24", "dev", "wire")
    for space, wire in ((box, name), (end, "wire")):
        space.do("ip", "link", "set", wire, "up")
    end.do("ip", "route", "add", "default", "via", network % 1)


class Listening(Capture):
    """dumpcap on the cable of a namespace."""

    def __init__(self, space, path, what):
        super().__init__(path, what)
        self.space = space

    def command(self):
        return self.space.command([word if word != "lo" else "wire" for word in super().command()])


class Routed(Row):
    """One connection from the row CLIENT to the row SERVER. RULES: of nft's chain "forward" in the box, with PORT in the
    place of the server's port; MTU: of the box's cable to the client, and no ICMP tells of it; AT: whose half is
    recorded; LASTS: seconds until the client is ended, at least; TRUTH and more are the label's."""

    def __init__(self, name, scenario, truth, client, server, rules=(), mtu=None, at="client", lasts=0, best=None, **more):
        super().__init__(name, scenario)
        self.truth, self.client, self.server = truth, client, server
        self.rules, self.mtu, self.at, self.lasts = rules, mtu, at, lasts
        self.best, self.more = best or [truth], more

    def programs(self):
        return [self.server["name"], self.client["name"], "nft"]

    def table(self, port):
        lines = ["table inet box {", "chain forward { type filter hook forward priority 0;"]
        lines += [rule.replace("PORT", str(port)) for rule in self.rules]
        lines += ["}", "chain output { type filter hook output priority 0;"]
        lines += ["ip protocol icmp drop"] if self.mtu else []
        return "\n".join(lines + ["}", "}"])

    def make(self, lab, captures):
        pcap = lab.file("wire.pcap")
        words = {side: [w.replace(HOST, SERVER) for w in row["command"](lab)] for side, row in (("server", self.server), ("client", self.client))}
        with contextlib.ExitStack() as stack:
            client, box, server = (stack.enter_context(Space(name)) for name in ("client", "box", "server"))
            plug(box, client, "10.1.0.%d", "left")
            plug(box, server, "10.2.0.%d", "right")
            box.do("sysctl", "-q", "net.ipv4.ip_forward=1")
            if self.mtu:
                box.do("ip", "link", "set", "left", "mtu", str(self.mtu))
            box.do("nft", "-f", "-", input=self.table(lab.port), text=True)
            program = stack.enter_context(Program(server.command(words["server"]), lab.file("server.log"), lab.keylog, lab.folder))
            wait_for("the server to listen", lambda: subprocess.run(server.command(["ss", "-Hltn", "sport", "=", str(lab.port)]), capture_output=True).stdout, 20)
            with Listening({"client": client, "server": server}[self.at], pcap, "tcp port %d" % lab.port):
                begun = time.monotonic()
                caller = stack.enter_context(Program(client.command(words["client"]), lab.file("client.log"), lab.keylog, lab.folder))
                caller.script(self.client["steps"])
                program.script(self.server["steps"])
                time.sleep(max(0, begun + self.lasts - time.monotonic()))
                caller.finish(0.5 if self.lasts else 4)
        path = self.path(captures)
        write_pcapng(pcap, path)
        packets = check.read(path, lab.port)
        assert "hs1" in check.flow(packets), "no ClientHello was recorded"
        assert not [a for a in check.alerts(packets) if a[1] == 2], "unexpected fatal alert: " + check.flow(packets)
        sender, phase = usual_place(self.truth)
        return [self.label(file=self.variant + ".pcapng", truth=self.truth, best=self.best, sender=sender, phase=phase, alert=None, encrypted=False, stream=0,
                           client=full_name(self.client["name"]), server=full_name(self.server["name"]), version="", **self.more)]
