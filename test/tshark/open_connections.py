#!/usr/bin/env python3
"""More connections are open at one time than the plugin keeps the messages of: the oldest gives its messages back, and
its verdict, when it comes all the same, says so.

usage: open_connections.py tlswhy.so

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re
import struct
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), folder) for folder in ("bench", "lab")]
sys.dont_write_bytecode = True

import captures
import derive
from world import WorldTest

PLUGIN = sys.argv.pop(1)
REJECTED = os.path.join("server-cert-expired", "curl-apache-12.pcapng")
FIELDS = ("tlswhy.cause", "tlswhy.confidence", "tlswhy.evidence")


def in_source(path, pattern):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return re.search(pattern, file.read()).group(1)


LIMIT = int(in_source("include/tlswhy/capture.h", r"#define TW_OPEN_MAX\s+(\d+)"))
RELEASED = in_source("plugin/catalogue/texts.def", r'TEXT\(EV_RELEASED, "(.*)"\)')


class OpenConnections(WorldTest):
    PLUGIN = PLUGIN

    def verdict(self, others):
        """[cause, confidence, evidence] of a connection whose alert comes after OTHERS connections have begun."""
        _, packets = captures.read_pcapng(os.path.join(ROOT, "test", "captures", REJECTED))
        mine = captures.Connection(packets, False).copy(0, packets[0][0])
        sender = mine[0][1][34:36]
        alert = max(i for i, p in enumerate(mine) if p[1][34:36] == sender and carries(p))
        path = os.path.join(self.world.folder, "%d.pcap" % others)
        with open(path, "wb") as out:
            out.write(captures.ETHERNET)
            for packet in mine[:alert]:
                put(out, *packet)
            for number in range(1, others + 1):
                put(out, *captures.hello(number, mine[alert][0])[-1])
            put(out, *mine[alert])
        os.chmod(path, 0o644)
        run = self.world.run([self.world.tshark, "-r", path, "-Y", "tlswhy.cause", "-T", "fields"] +
                             [word for field in FIELDS for word in ("-e", field)])
        self.assertEqual(run.stderr, "")
        self.assertEqual(run.stdout.count("\n"), 1, run.stdout)
        return run.stdout.rstrip("\n").split("\t")

    def test_within_the_limit(self):
        cause, confidence, evidence = self.verdict(100)
        self.assertEqual((cause, confidence), ("server-cert-expired", "proven"))
        self.assertNotIn(RELEASED, evidence)

    def test_beyond_the_limit(self):
        cause, confidence, evidence = self.verdict(LIMIT)
        self.assertEqual((cause, confidence), ("server-cert-expired", "possible"))
        self.assertIn(RELEASED, evidence)


def carries(packet):
    _, start, end = derive.payload(packet[1])
    return end > start


def put(out, when, frame, size):
    out.write(struct.pack("<IIII", when // 1000000, when % 1000000, len(frame), size) + frame)


if __name__ == "__main__":
    unittest.main()
