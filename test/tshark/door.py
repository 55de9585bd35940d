#!/usr/bin/env python3
"""The plugin before Wireshark's dissectors (plugin/epan/door) says what it says by the old way, in which it wants fields.

usage: door.py DOOR.so WITHOUT.so

The plugin built with TLSWHY_DOOR, and without it.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import itertools
import os
import re
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), "bench")]
sys.dont_write_bytecode = True

import captures
from world import CAPTURES, World, WorldTest

PLUGIN, WITHOUT = sys.argv.pop(1), sys.argv.pop(1)
CHANGED = 'DissectorTable.get("wtap_encap"):set(1, Dissector.get("eth_maybefcs"))\n'
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
LOOKS = [[], ["-2"]]  # Wireshark builds no tree by itself, and one in the second pass
FIELDS = ["-T", "fields", "-e", "frame.number", "-e", "tlswhy.cause", "-e", "tlswhy.confidence", "-e", "tlswhy.reason"]


def some():
    """Paths of captures, one of each kind."""
    kinds = {}
    for folder, _, names in sorted(os.walk(CAPTURES)):
        for name in sorted(names):
            kind = NAMES.match(name)
            if name.endswith(".pcapng") and (kind or os.path.basename(folder) in OF_EACH_KIND):
                kinds.setdefault(kind.group(1) if kind else os.path.basename(folder), []).append(os.path.join(folder, name))
    return [path for paths in kinds.values() for path in paths[-1:]]


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
        """Long transfers, of which most segments lie inside of a record."""
        path = os.path.join(self.world.folder, "bulk.pcap")
        captures.write(path, 6, data=60000, healthy=0.7)
        os.chmod(path, 0o644)
        return path

    def test_takes_the_place(self):
        path = self.world.put(some()[0], "place.pcapng")
        self.assertIn("place: TLS", self.shown(path, "-q", *self.script("who.lua", WHO)))

    def test_calls_whoever_had_the_place(self):
        path = self.world.put(some()[0], "place.pcapng")
        self.assertEqual(self.shown(path, *FIELDS), self.shown(path, *FIELDS, *self.script("changed.lua", CHANGED)))

    def test_the_same_by_both_ways(self):
        paths = [self.world.put(one, "%d.pcapng" % n) for n, one in enumerate(some())] + [self.bulk()]
        with World(WITHOUT) as without:
            for path, look in itertools.product(paths, LOOKS):
                there = without.put(path, os.path.basename(path))
                for what in (FIELDS + ["-z", "tlswhy,report:all:full:width=10000"], []):
                    with self.subTest(path=path, look=look, what=what):
                        self.assertEqual(self.shown(path, *look, *what), self.shown(there, *look, *what, world=without))


if __name__ == "__main__":
    unittest.main()
