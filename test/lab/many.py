"""Captures of several connections, and captures derived from others.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import contextlib
import json
import os
import time

import check
import derive
from capture import Capture, write_pcapng
from case import VERSION, usual_place
from programs import Program
from runner import full_name

CLIENT_PORTS = 50001            # of merged connections, which may not share one


def labelled(captures, name):
    """The label of a capture that is there already."""
    folder, variant = name.split("/")
    for line in open(os.path.join(captures, folder, "labels.jsonl")):
        label = json.loads(line)
        if label["file"] == variant + ".pcapng":
            return label
    raise LookupError("no capture %s to derive from: make it first" % name)


def verdict(stream, label):
    """An entry of "verdicts" from the label of one connection."""
    return {"stream": stream, "proto": "tcp", **{k: label[k] for k in ("truth", "best", "sender", "phase", "alert", "encrypted")}}


class Row:
    """What make.py and labels.py know of any row; make() gives the files and their labels."""

    relay = None

    def __init__(self, name, scenario):
        self.name, self.scenario = name, scenario
        self.folder, self.variant = name.split("/")

    def programs(self):
        return []

    def label(self, **more):
        return {**more, "scenario": self.scenario, "made_by": "test/lab/make.py " + self.name}

    def path(self, captures, end=".pcapng"):
        os.makedirs(os.path.join(captures, self.folder), exist_ok=True)
        return os.path.join(captures, self.folder, self.variant + end)


class Several(Row):
    """Several clients of one server at once; parts: (truth, alert, client) each; HIDDEN: streams whose alert is encrypted;
    HINDSIGHT: only later connections show the causes of earlier ones."""

    def __init__(self, name, scenario, server, parts, keys, hidden=(), hindsight=False):
        super().__init__(name, scenario)
        self.server, self.parts, self.keys, self.hidden = server, parts, keys, hidden
        self.more = {"hindsight": True} if hindsight else {}

    def programs(self):
        return [self.server["name"], *(client["name"] for _, _, client in self.parts)]

    def make(self, lab, captures):
        pcap = lab.file("lo.pcap")
        with contextlib.ExitStack() as stack:
            server = lab.start(stack, self.server["command"](lab), lab.file("server.log"), lab.port)
            commands = [client["command"](lab) for _, _, client in self.parts]
            with Capture(pcap, "tcp port %d" % lab.port):
                clients = []
                for i, command in enumerate(commands):
                    clients.append(stack.enter_context(Program(command, lab.file("client%d.log" % i), lab.keylog, lab.folder)))
                    time.sleep(0.06)
                steps = [client["steps"] for _, _, client in self.parts]
                for at in range(max(map(len, steps))):                 # all type at the same time
                    for client, mine in zip(clients, steps):
                        client.script([x for x in mine[at:at + 1] if isinstance(x, str)])
                    time.sleep(max([x for mine in steps for x in mine[at:at + 1] if not isinstance(x, str)], default=0))
                for client in clients:
                    client.finish()
        path, new = self.path(captures, ".keys.pcapng" if self.keys else ".pcapng"), lab.file("new.pcapng")
        write_pcapng(pcap, new, lab.keylog if self.keys else None)
        packets, verdicts = check.read(new, lab.port), []
        for stream, (truth, alert, _) in enumerate(self.parts):
            sender, phase = usual_place(truth)
            seen = [a for a in check.alerts(packets, stream) if a[1] == 2]
            hidden = stream in self.hidden
            expected = [(sender, 2, alert)] if alert and not hidden else []
            if seen[:1] != expected:
                raise AssertionError("stream %d: alerts %s, not %s" % (stream, seen, expected))
            if alert:
                verdicts.append(verdict(stream, dict(truth=truth, best=[truth], sender=sender, phase=phase, alert=alert, encrypted=hidden)))
        write_pcapng(pcap, path, lab.keylog if self.keys else None)
        return [self.label(**self.more, file=os.path.basename(path), verdicts=verdicts, client=", ".join(full_name(c["name"]) for _, _, c in self.parts),
                           server=full_name(self.server["name"]), version=VERSION[self.variant[-2:]])]


class Merged(Row):
    """Captures laid over each other: each begins at the same time, with a client port of its own."""

    def __init__(self, name, scenario, sources):
        super().__init__(name, scenario)
        self.sources = sources

    def lay(self, head, connections):
        return head, sorted((p for packets in connections for p in packets), key=lambda p: p[0])

    def make(self, lab, captures):
        merged, verdicts = [], []
        for stream, source in enumerate(self.sources):
            pcap = lab.file("%d.pcap" % stream)
            derive.to_pcap(os.path.join(captures, source + ".pcapng"), pcap)
            head, packets = derive.read_pcap(pcap)
            begin = packets[0][0] if not merged else begin
            merged.append(derive.moved(packets, begin + 50 * stream, lab.port, CLIENT_PORTS + stream))
            label = labelled(captures, source)
            if label["truth"] != "none":
                verdicts.append(verdict(stream, label))
        derive.write_pcap(lab.file("merged.pcap"), *self.lay(head, merged))
        write_pcapng(lab.file("merged.pcap"), self.path(captures))
        return [self.label(file=self.variant + ".pcapng", verdicts=verdicts, derived_from=self.sources)]


class Aggregated(Merged):
    """The n-th packets of all connections in one 802.11 frame (A-MSDU), so that connections share frames."""

    def lay(self, head, connections):
        return derive.wireless(head), derive.aggregate(connections)


class Derived(Row):
    """One capture, changed by a function of derive.py; "more" replaces entries of its label."""

    def __init__(self, name, source, change, **more):
        super().__init__(name, "")
        self.source, self.change, self.more = source, change, more

    def make(self, lab, captures):
        label = labelled(captures, self.source)
        derive.to_pcap(os.path.join(captures, self.source + ".pcapng"), lab.file("source.pcap"))
        head, packets = derive.read_pcap(lab.file("source.pcap"))
        changed = self.change(packets)
        assert changed != packets, "nothing was changed"
        derive.write_pcap(lab.file("changed.pcap"), head, changed)
        write_pcapng(lab.file("changed.pcap"), self.path(captures))
        if label["alert"] is not None:
            seen = check.alerts(check.read(self.path(captures), lab.port))
            assert any(number == label["alert"] for _, _, number in seen), "the alert is gone: %s" % seen
        why = " ".join(self.change.__doc__.split())
        return [{**label, **self.more, "file": self.variant + ".pcapng", "scenario": label["scenario"] + "; derived: " + why,
                 "derived_from": self.source, "made_by": "test/lab/make.py " + self.name}]
