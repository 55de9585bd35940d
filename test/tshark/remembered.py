#!/usr/bin/env python3
"""The preference tlswhy.remembered: verdicts show what another capture shows, from files of facts that `tlswhy --remember`
wrote; what is no such file, or a damaged one, or one of another version, is refused with a message, and the rest is as
without it.

usage: remembered.py tlswhy.so TLSWHY

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import sys
import unittest

sys.dont_write_bytecode = True

from world import CAPTURES, ROOT, WorldTest

PLUGIN, COMMAND = sys.argv.pop(1), sys.argv.pop(1)
PAIRS = os.path.join(ROOT, "test", "pairs")
MAGIC = b"tlswhy-facts-"
FIELDS = ["frame.number", "tlswhy.cause", "tlswhy.confidence", "tlswhy.origin", "tlswhy.reason", "tlswhy.evidence", "tlswhy.evidence.capture"]


class Remembered(WorldTest):
    PLUGIN, COMMAND = PLUGIN, COMMAND

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client, cls.server = (cls.world.put(os.path.join(PAIRS, "reset", "curl-nginx-12-hello-client.%s.pcapng" % end), end + ".pcapng")
                                  for end in ("client", "server"))
        cls.works = cls.world.put(os.path.join(PAIRS, "works", "ossl-ossl-12-version.good.pcapng"), "works.pcapng")
        cls.folder = cls.world.own_folder("facts")
        cls.facts = cls.remember(cls.server)

    @classmethod
    def remember(cls, capture):
        facts = os.path.join(cls.folder, os.path.basename(capture) + ".facts")
        done = cls.world.run([cls.command, "--remember", facts, capture])
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), done
        return facts

    def spoil(self, name, change):
        """A file of facts with CHANGE (a function of its bytes)."""
        with open(self.facts, "rb") as file:
            data = change(file.read())
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(data)
        os.chmod(path, 0o644)
        return path

    def tell(self, capture, *remembered):
        """(rows of FIELDS of the frames with a cause, what tshark says)"""
        options = ["-o", "tlswhy.remembered:" + ":".join(remembered)] if remembered else []
        done = self.world.run([self.world.tshark, "-n", "-2", *options, "-r", capture, "-Y", "tlswhy.cause", "-T", "fields", "-E", "separator=/t",
                               *(part for field in FIELDS for part in ("-e", field))])
        self.assertEqual(done.returncode, 0)
        return [line.split("\t") for line in done.stdout.splitlines()], done.stderr

    def test_evidence_from_there(self):
        rows, said = self.tell(self.client, self.facts)
        self.assertEqual(said, "")
        self.assertEqual([row[:4] for row in rows], [["5", "reset-after-client-hello", "likely", "between"]])
        self.assertIn("The reset was made in between: the server has not sent it", rows[0][4])
        self.assertIn("the same connection, recorded nearer the server (1 hop)", rows[0][5])
        self.assertEqual(rows[0][6], "server.pcapng")

    def test_several(self):
        rows, said = self.tell(self.client, self.remember(self.works), self.facts)
        self.assertEqual((rows[0][3], said), ("between", ""))

    def test_refused(self):
        alone = self.tell(self.client)
        self.assertEqual(alone[1], "")
        no_facts = "it is no file of facts: tlswhy --remember FACTS CAPTURE makes one"
        damaged = "it is damaged: make it again with tlswhy --remember FACTS CAPTURE"
        version = "it was made by another version of tlswhy: make it again with this one"
        refused = {self.server: no_facts, self.folder: no_facts, os.path.join(self.folder, "missing"): "No such file or directory",
                   self.spoil("empty", lambda data: b""): no_facts,
                   self.spoil("cut", lambda data: data[:-100]): damaged,
                   self.spoil("changed", lambda data: data[:200] + bytes([data[200] ^ 1]) + data[201:]): damaged,
                   self.spoil("longer", lambda data: data + b"more"): damaged,
                   self.spoil("newer", lambda data: MAGIC + b"9" + data[len(MAGIC) + 1:]): version}
        for path, why in refused.items():
            with self.subTest(os.path.basename(path)):
                rows, said = self.tell(self.client, path)
                self.assertEqual(rows, alone[0])
                self.assertIn("tlswhy: %s: %s" % (path, why), said)

    def test_one_of_two_is_refused(self):
        cut = self.spoil("half", lambda data: data[:len(data) // 2])
        rows, said = self.tell(self.client, cut, self.facts)
        self.assertEqual(rows[0][3], "between")
        self.assertIn(cut, said)

    def test_private_and_bounded(self):
        """What a capture shows is nobody else's business."""
        self.assertEqual(os.stat(self.facts).st_mode & 0o777, 0o600)

    def test_nothing_else_changes(self):
        """Captures that have nothing to do with the facts are told as they are without them."""
        for folder, name in (("server-cert-expired", "curl-apache-12.pcapng"), ("founding-story", "apache-renegotiation.keys.pcapng"),
                             ("healthy", "curl-apache-13-expired-accepted.keys.pcapng")):
            with self.subTest(name):
                capture = self.world.put(os.path.join(CAPTURES, folder, name), name)
                self.assertEqual(self.tell(capture, self.facts), self.tell(capture))


if __name__ == "__main__":
    unittest.main()
