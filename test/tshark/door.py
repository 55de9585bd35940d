#!/usr/bin/env python3
"""The plugin before Wireshark's dissectors (plugin/epan/door) says what it says by the old way, in which it wants fields.

usage: door.py DOOR.so WITHOUT.so

The plugin built with TLSWHY_DOOR, and without it.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import itertools
import os
import random
import re
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), folder) for folder in ("bench", "captures")]
sys.dont_write_bytecode = True

import captures
import damage
import recording
from world import CAPTURES, World, WorldTest

PLUGIN, WITHOUT = sys.argv.pop(1), sys.argv.pop(1)
CHANGED = 'DissectorTable.get("wtap_encap"):set(1, Dissector.get("eth_maybefcs"))\n'
A_SCRIPTS = """local proto = Proto("scripts", "A script's")
function proto.dissector(tvb, pinfo, tree) return Dissector.get("eth_maybefcs"):call(tvb, pinfo, tree) end
DissectorTable.get("wtap_encap"):add(1, proto)
"""
WHO = """local tap = Listener.new("frame")
function tap.draw() end
local said = false
function tap.packet()
    if not said then print("place: " .. tostring(DissectorTable.get("wtap_encap"):get_dissector(1))) end
    said = true
end
"""
OF_EACH_KIND = ["founding-story", "healthy", "several-causes"]
NAMES = re.compile(r"^(dtls-|quic-|eap-|openvpn-|curl-)")
OVER_IPV6 = ["lost/ossl-ossl-12-mtu-ipv6.client.pcapng", "lost/ossl-ossl-12-mtu-ipv6.server.pcapng"]  # verdicts that rest on TCP
DAMAGED = ["healthy/curl-apache", "healthy/java-ossl", "founding-story", "server-cert-expired/curl", "client-cert-missing/", "reset-"]
VARIANTS = 120
FIELDS = ["-T", "fields", "-e", "frame.number", "-e", "tlswhy.cause", "-e", "tlswhy.confidence", "-e", "tlswhy.reason"]
REPORT = ["-z", "tlswhy,report:all:full:width=10000"]
ON_DNS = ["-d", "udp.port==1-65535,dns"]
LOOKS = [FIELDS + REPORT, ["-2"] + FIELDS + REPORT, []]  # a tree of Wireshark's own in the first pass, in the second, in none


def some():
    """Paths of captures, one of each kind."""
    kinds = {}
    for folder, _, names in sorted(os.walk(CAPTURES)):
        for name in sorted(names):
            kind = NAMES.match(name)
            if name.endswith(".pcapng") and (kind or os.path.basename(folder) in OF_EACH_KIND):
                kinds.setdefault(kind.group(1) if kind else os.path.basename(folder), []).append(os.path.join(folder, name))
    return [path for paths in kinds.values() for path in paths[-1:]]


def over_ipv6():
    return [os.path.join(os.path.dirname(CAPTURES), "pairs", path) for path in OVER_IPV6]


class Door(WorldTest):
    PLUGIN = PLUGIN

    def script(self, name, text):
        path = os.path.join(self.world.folder, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        os.chmod(path, 0o644)
        return ["-X", "lua_script:" + path]

    def shown(self, path, *options, world=None):
        world = world or self.world
        done = world.run([world.tshark, "-n", "-r", path, *options])
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def bulk(self):
        """Long transfers, of which most segments lie inside of a record, and between them what is no TLS."""
        path = os.path.join(self.world.folder, "bulk.pcap")
        captures.write(path, 6, data=60000, healthy=0.7, other=True)
        os.chmod(path, 0o644)
        return path

    def test_takes_the_place(self):
        path = self.world.put(some()[0], "place.pcapng")
        self.assertIn("place: TLS", self.shown(path, "-q", *self.script("who.lua", WHO)))

    def test_leaves_a_place_that_another_has(self):
        path = self.world.put(some()[0], "place.pcapng")
        for name, text in (("changed.lua", CHANGED), ("scripts.lua", A_SCRIPTS)):
            with self.subTest(name):
                script = self.script(name, text)
                self.assertEqual(self.shown(path, *FIELDS), self.shown(path, *FIELDS, *script))
                self.assertNotIn("place: TLS", self.shown(path, "-q", *script, *self.script("who.lua", WHO)))

    def compare(self, paths, *options):
        with World(WITHOUT) as without:
            for path, look in itertools.product(paths, LOOKS):
                there = without.put(path, os.path.basename(path))
                with self.subTest(path=path, look=look):
                    self.assertEqual(self.shown(path, *look, *options), self.shown(there, *look, *options, world=without))

    def test_the_same_by_both_ways(self):
        self.compare([self.world.put(one, "%d.pcapng" % n) for n, one in enumerate(some() + over_ipv6())] + [self.bulk()])

    def test_the_same_where_dns_has_all_ports(self):
        over_udp = [path for path in some() if os.path.basename(path).startswith(("dtls-", "quic-"))]
        self.assertEqual(len(over_udp), 2)
        self.compare([self.world.put(one, "udp-%d.pcapng" % n) for n, one in enumerate(over_udp)], *ON_DNS)

    def test_the_same_of_damaged_captures(self):
        healthy, failed = damage.sources(DAMAGED)
        paths = []
        for batch in damage.batches(damage.drawn(healthy + failed, VARIANTS, random.Random(1))):
            paths.append(os.path.join(self.world.folder, "damaged-%d.pcapng" % len(paths)))
            recording.write(paths[-1], damage.joined(batch)[0])
            os.chmod(paths[-1], 0o644)
        self.assertTrue(paths)
        self.compare(paths)


if __name__ == "__main__":
    unittest.main()
