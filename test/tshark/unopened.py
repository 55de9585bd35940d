#!/usr/bin/env python3
"""Connections to servers of TLS that never opened: notices, lines of the report, and where there is nothing to say.

usage: unopened.py tlswhy.so

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os
import re
import sys
import unittest

sys.dont_write_bytecode = True

from world import CAPTURES, WorldTest

PLUGIN = sys.argv.pop(1)
SILENT = "2 connections to 10.2.0.2:443 never opened: SYN unanswered, first frame 1"


class Unopened(WorldTest):
    PLUGIN = PLUGIN

    def tshark(self, name, *arguments):
        capture = self.world.put(os.path.join(CAPTURES, "healthy", "box-syn-%s.pcapng" % name), name + ".pcapng")
        done = self.world.run([self.world.tshark, "-n", "-2", "-r", capture, *arguments])
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def report(self, name, options="", *more):
        return self.tshark(name, *more, "-q", "-z", "tlswhy,report" + options)

    def notices(self, name):
        return re.findall("never opened: (.*)", self.tshark(name, "-Y", "tlswhy", "-T", "fields", "-e", "tlswhy.notice"))

    def test_notices(self):
        self.assertEqual(self.notices("dropped"), ["SYN unanswered (4 times in 3.1 s)"] * 2)
        self.assertEqual(self.notices("reset"), ["SYN reset"] * 3)
        self.assertEqual([n.split(" (")[0] for n in self.notices("unreachable")],
                         ["ICMP communication administratively prohibited", "ICMPv6 communication administratively prohibited"])
        self.assertEqual(self.notices("fast-dropped"), ["SYN unanswered (4 times in 3.0 s)"])     # what the SYN carries is TLS
        self.assertEqual(self.notices("fast-reset"), ["SYN reset"])
        self.assertEqual(self.notices("race") + self.notices("scan"), [])

    def test_report(self):
        text = self.report("dropped")
        self.assertIn(SILENT, text)
        self.assertIn("\n0 connections: 0 failed", text)
        self.assertNotIn("never opened", self.report("race") + self.report("scan"))
        self.assertNotIn("never opened", self.report("dropped", ",tcp.port == 443"))      # a filter chooses connections

    def test_other_reports(self):
        summary = json.loads(self.report("reset", ":json"))["summary"]
        self.assertEqual(summary["unopened"], [{"server": "10.2.0.2:443", "ended": "SYN reset", "connections": 3, "frame": 2}])
        self.assertIn("<p>%s</p>" % SILENT, self.report("dropped", ":html"))
        self.assertNotIn("10.2.0.2", self.report("dropped", ":anonymize"))

    def test_no_failure(self):
        for name in ("dropped", "reset", "unreachable", "fast-dropped", "fast-reset"):
            self.assertEqual(self.tshark(name, "-Y", "tlswhy.cause"), "")


if __name__ == "__main__":
    unittest.main()
