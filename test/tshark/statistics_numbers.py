#!/usr/bin/env python3
"""The statistics' numbers against a count of the fields, on one capture made of many.

usage: statistics_numbers.py tlswhy.so

SPDX-License-Identifier: GPL-2.0-or-later
"""
import collections
import glob
import json
import os
import re
import sys
import unittest

sys.dont_write_bytecode = True

import doors
from world import CAPTURES, WorldTest, differing

PLUGIN = sys.argv.pop(1)
FIELDS = ["frame.number", "tcp.stream", "udp.stream", "ip.src", "ip.dst", "tcp.srcport", "tcp.dstport", "udp.srcport", "udp.dstport",
          "tls.handshake.type", "dtls.handshake.type", "tls.handshake.extensions_server_name",
          "dtls.handshake.extensions_server_name"]
SIGNS = ["tls.record", "dtls.record", "quic", "tlswhy"]  # of a connection that counts
CLIENT_HELLO = "1"

OTHERS = re.compile(r"/((eap|derived|diameter|https-proxy|openvpn|socks|stunnel-inner|tsql)\b|[^/]*-moved\b)[^/]*$")


def first_of_folders(version):
    """One capture of each cause, and a dozen of those in which nothing failed. Not of EAP and what else carries TLS, whose
    connections cannot be counted by streams and records, nor of QUIC that moves to another port; none that was derived,
    which may lack what tells the client; and none that this VERSION of Wireshark reads otherwise: what lies behind a bug
    of a dissector is lost to all."""
    known = differing(version)
    paths = [path for path in sorted(glob.glob(os.path.join(CAPTURES, "*", "*.pcapng")))
             if not OTHERS.search(path) and os.path.relpath(path, CAPTURES) not in known]
    healthy = [path for path in paths if os.sep + "healthy" + os.sep in path]
    firsts = {os.path.dirname(path): path for path in reversed(paths)}
    return sorted(set(firsts.values()) | set(healthy[::len(healthy) // 12]))


class Connection:
    """What the fields of its frames say."""

    def __init__(self):
        self.verdicts = []
        self.name = self.hello = self.first = None
        self.counts = False

    def take(self, row):
        forth = (row["ip.src"], row["tcp.srcport"] or row["udp.srcport"])
        back = (row["ip.dst"], row["tcp.dstport"] or row["udp.dstport"])
        self.first = self.first or (forth, back)
        self.counts = self.counts or any(row[sign] for sign in SIGNS)
        if CLIENT_HELLO in (row["tls.handshake.type"] + row["dtls.handshake.type"]).split(",") and not self.hello:
            self.hello = (forth, back)
        self.name = self.name or row["tls.handshake.extensions_server_name"] or row["dtls.handshake.extensions_server_name"]


def tree_of(text):
    """{path: count} of the statistics' plain text, where one blank more is one level deeper."""
    found, path = {}, []
    for line in text.split("\n"):
        row = re.match(r"( *)(\S.*?) {2,}(\d+) ", line)
        if row:
            path = path[:len(row.group(1))] + [row.group(2)]
            found[tuple(path)] = int(row.group(3))
    return found


def tree_of_nodes(nodes, path=()):
    found = {}
    for node in nodes:
        found[path + (node["name"],)] = node["count"]
        found.update(tree_of_nodes(node.get("sub", []), path + (node["name"],)))
    return found


def without_zeros(tree):
    return {path: count for path, count in tree.items() if count}


def below(tree, *path):
    return collections.Counter({key[len(path)]: count for key, count in tree.items()
                                if len(key) == len(path) + 1 and key[:len(path)] == path})


class Statistics(WorldTest):
    PLUGIN = PLUGIN

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        parts = [cls.world.put(path, "part-%d.pcapng" % number) for number, path in enumerate(first_of_folders(cls.world.version))]
        cls.capture = os.path.join(cls.world.folder, "tmp", "merged.pcapng")
        cls.world.run(["mergecap", "-w", cls.capture, *parts])
        cls.connections = cls.count_fields()
        cls.tree = cls.read_tree("-z", "tlswhy,tree")

    @classmethod
    def count_fields(cls):
        rows = cls.world.run([cls.world.tshark, "-2", "-n", "-r", cls.capture, "-Y", "tcp or udp",
                              "-T", "fields", "-E", "separator=|", *(part for name in FIELDS + SIGNS for part in ("-e", name))])
        connections, by_frame = collections.defaultdict(Connection), {}
        for line in rows.stdout.splitlines():
            row = dict(zip(FIELDS + SIGNS, line.split("|")))
            connection = connections[row["tcp.stream"], row["udp.stream"]]
            connection.take(row)
            by_frame[int(row["frame.number"])] = connection
        for verdict in doors.two_passes(cls.world, cls.capture)[0]:
            if verdict.cause not in doors.BENIGN:
                by_frame[verdict.frame].verdicts.append(verdict)
        return [connection for connection in connections.values() if connection.counts]

    @classmethod
    def read_tree(cls, *options):
        return tree_of(cls.world.run([cls.world.tshark, "-q", "-n", "-r", cls.capture, *options]).stdout)

    def failed(self):
        return [connection for connection in self.connections if connection.verdicts]

    def test_there_is_something_to_count(self):
        self.assertGreater(len(self.failed()), 60)
        self.assertGreater(self.tree["Connections", "Completed"], 5)

    def test_connections(self):
        self.assertEqual(self.tree["Connections",], len(self.connections))
        self.assertEqual(self.tree["Connections", "Failed"], len(self.failed()))

    def test_parts_add_up(self):
        """Every node with nodes below it is their sum."""
        for path in self.tree:
            parts = below(self.tree, *path)
            if parts:
                self.assertEqual(self.tree[path], sum(parts.values()), path)
        for top in below(self.tree):
            whole = ("Connections",) if top.startswith("Connections") else ("Connections", "Failed")
            self.assertEqual(self.tree[top,], self.tree[whole], top)

    def test_report_agrees(self):
        report = self.world.run([self.world.tshark, "-q", "-n", "-r", self.capture, "-z", "tlswhy,report:width=10000"]).stdout
        self.assertEqual(re.search(r"^\d+ connections?: \d+ failed, \d+ completed, \d+ undecided", report, re.M).group(), "%d connections: %d failed, %d completed, %d undecided" % tuple(
            self.tree[path] for path in (("Connections",), ("Connections", "Failed"), ("Connections", "Completed"),
                                         ("Connections", "Undecided"))))
        table = {cause: int(count) for count, cause in re.findall(r"^ +(\d+) +([a-z0-9-]+)$", report, re.M)}
        # a cause that a later handshake has refuted stays at zero: Wireshark's tree gives no node up
        self.assertEqual(table, +below(self.tree, "Causes of failures"))

    def test_causes(self):
        self.assertEqual(below(self.tree, "Causes of failures"),
                         collections.Counter(connection.verdicts[0].cause for connection in self.failed()))

    def test_senders_and_phases(self):
        counted = collections.Counter((connection.verdicts[0].sender, connection.verdicts[0].phase) for connection in self.failed())
        tree = {path[1:]: count for path, count in self.tree.items()
                if path[0] == "Failed, by rejecting side and phase" and len(path) == 3}
        self.assertEqual(tree, counted)

    def test_server_names(self):
        counted = collections.Counter(connection.name or "(no server name)" for connection in self.failed())
        self.assertEqual(below(self.tree, "Failed, by server name"), counted)

    def test_servers_and_clients(self):
        """The client is who sent the ClientHello, or else whose frame came first."""
        servers, clients = collections.Counter(), collections.Counter()
        for connection in self.connections:
            client, server = connection.hello or connection.first
            servers[":".join(server)] += 1
            clients[client[0]] += 1
        self.assertEqual(below(self.tree, "Connections, by server"), servers)
        self.assertEqual(below(self.tree, "Connections, by client"), clients)

    def test_two_passes(self):
        self.assertEqual(without_zeros(self.read_tree("-2", "-z", "tlswhy,tree")), without_zeros(self.tree))

    def test_filter(self):
        tree = self.read_tree("-2", "-z", 'tlswhy,tree,tlswhy.cause == "client-cert-missing"')
        with_cause = [connection for connection in self.failed() if "client-cert-missing" in [verdict.cause for verdict in connection.verdicts]]
        self.assertEqual(tree["Connections",], len(with_cause))
        self.assertEqual(tree["Connections", "Failed"], len(with_cause))

    def test_sharkd(self):
        """It asks for the same statistic twice, and for that of another capture: nothing is counted twice."""
        empty = os.path.join(self.world.folder, "tmp", "none.pcapng")
        self.world.run([self.world.tshark, "-r", self.capture, "-c", "1", "-w", empty])
        requests = [("load", {"file": self.capture}), ("tap", {"tap0": "stat:tlswhy"}), ("tap", {"tap0": "stat:tlswhy"}),
                    ("load", {"file": empty}), ("tap", {"tap0": "stat:tlswhy"})]
        lines = "".join(json.dumps({"jsonrpc": "2.0", "id": number + 1, "method": method, "params": parameters}) + "\n"
                        for number, (method, parameters) in enumerate(requests))
        script = os.path.join(self.world.folder, "tmp", "requests")
        with open(script, "w", encoding="utf-8") as out:
            out.write(lines)
        os.chmod(script, 0o644)
        done = self.world.run(["sh", "-c", "sharkd - <" + script])
        answers = [json.loads(line)["result"] for line in done.stdout.splitlines() if line.startswith("{")]
        trees = [without_zeros(tree_of_nodes(answer["taps"][0]["stats"])) for answer in answers if "taps" in answer]
        self.assertEqual(trees, [without_zeros(self.tree)] * 2 + [{}])


if __name__ == "__main__":
    unittest.main()
