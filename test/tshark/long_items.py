#!/usr/bin/env python3
"""No item of a verdict is longer than Wireshark shows (240 bytes): what does not fit stands in items below it. And the list
of expert items says whose they are.

usage: long_items.py tlswhy.so [--each N]

Looks at every N-th capture (default 40), and at those that are known for long texts.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import glob
import os
import re
import sys
import unittest
import xml.etree.ElementTree as tree

sys.dont_write_bytecode = True

from world import CAPTURES, WorldTest

PLUGIN = sys.argv.pop(1)
EACH = 40
if "--each" in sys.argv:
    at = sys.argv.index("--each")
    EACH = int(sys.argv[at + 1])
    del sys.argv[at:at + 2]

SHOWN = 239
LONG = ["server-cert-expired/ossl-ossl-12", "client-cert-missing/ossl-ossl-12-many-cas", "several-causes/refused-then-not-12", "several-causes/two-keys-12",
        "healthy/python-ossl-12-other-name-accepted-fin", "server-cert-expired/ldapsearch-slapd-13-starttls.keys", "client-cert-expired/ossl-node-13.keys",
        "no-answer-to-client-hello/gnutls-haproxy-any"]
CUT = re.compile(r"\[truncated\]|\[…\]|…$")


class LongItems(WorldTest):
    PLUGIN = PLUGIN

    def captures(self):
        every = sorted(glob.glob(os.path.join(CAPTURES, "*", "*.pcap*")))
        return [os.path.join(CAPTURES, name + ".pcapng") for name in LONG] + every[::EACH]

    def verdicts(self, path):
        """The items of verdicts, and the expert items that repeat them, as PDML has them."""
        name = self.world.put(path, "long" + os.path.splitext(path)[1])
        done = self.world.run([self.world.tshark, "-n", "-2", "-r", name, "-Y", "tlswhy", "-T", "pdml"])
        self.assertEqual(done.returncode, 0, done.stderr)
        packets = tree.fromstring(done.stdout)
        for packet in packets.iter("packet"):
            yield from (p for p in packet.iter("proto") if p.get("name") == "tlswhy")
            yield from (f for f in packet.iter("field") if f.get("name") == "_ws.expert" and any(c.get("name", "").startswith("tlswhy.expert") for c in f.iter("field")))

    def test_nothing_is_cut(self):
        n_split = 0
        for path in self.captures():
            for verdict in self.verdicts(path):
                for item in verdict.iter():
                    shown = item.get("showname") or (item.get("show") if item.get("name") == "" else "") or ""
                    with self.subTest(capture=path, item=shown):
                        self.assertIsNone(CUT.search(shown))
                        self.assertLessEqual(len(shown.encode()), SHOWN)
                    if not re.match(r"tlswhy\.(?!expert)", item.get("name") or "") or " ..." not in shown:
                        continue
                    first = re.sub(r" \.\.\.( \([^()]*\))?$", "", shown.split(": ", 1)[1])
                    rest = [child.get("show") for child in item if child.get("name") == ""]
                    with self.subTest(capture=path, item=shown):
                        self.assertEqual(re.sub(r"\s", "", first + "".join(rest)), re.sub(r"\s", "", item.get("show")))
                    n_split += bool(rest)
        self.assertGreater(n_split, 10)

    def test_expert_items_are_of_the_plugin(self):
        """Wireshark notes the protocol of the dissector that it called last."""
        name = self.world.put(os.path.join(CAPTURES, "server-cert-expired", "curl-apache-12.pcapng"), "expert.pcapng")
        shown = self.world.run([self.world.tshark, "-n", "-q", "-r", name, "-z", "expert"]).stdout
        self.assertRegex(shown, r"(?m)^ +1 +Security +tlswhy +Client rejected server certificate")


if __name__ == "__main__":
    unittest.main()
