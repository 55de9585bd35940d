#!/usr/bin/env python3
"""What each preference does, and that it has a help text.

usage: preferences.py tlswhy.so

SPDX-License-Identifier: GPL-2.0-or-later
"""
import glob
import os
import re
import sys
import unittest

sys.dont_write_bytecode = True

from world import CAPTURES, ROOT, WorldTest

PLUGIN = sys.argv.pop(1)


def first_of(folder):
    return sorted(glob.glob(os.path.join(CAPTURES, folder, "*.pcapng")))[0]


class Preferences(WorldTest):
    PLUGIN = PLUGIN

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.issuer = cls.world.put(os.path.join(CAPTURES, "founding-story", "apache-renegotiation-root-sent.keys.pcapng"),
                                   "issuer.pcapng")
        cls.proven = cls.world.put(os.path.join(CAPTURES, "server-cert-expired", "curl-apache-12.pcapng"), "proven.pcapng")
        cls.likely = cls.world.put(os.path.join(CAPTURES, "founding-story", "apache-renegotiation.pcapng"),
                                   "likely.pcapng")
        cls.silent = cls.world.put(first_of("no-answer-to-client-hello"), "silent.pcapng")
        cls.healthy = cls.world.put(os.path.join(CAPTURES, "healthy", "curl-apache-13-expired-accepted.keys.pcapng"),
                                    "healthy.pcapng")

    def run_tshark(self, capture, *settings, arguments=()):
        options = [part for setting in settings for part in ("-o", "tlswhy." + setting)]
        return self.world.run([self.world.tshark, "-n", "-2", *options, "-r", capture, *arguments])

    def lines(self, capture, *settings, arguments=()):
        done = self.run_tshark(capture, *settings, arguments=arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.splitlines()

    def count(self, expression, capture, *settings):
        return len(self.lines(capture, *settings, arguments=("-Y", expression)))

    def test_info_column(self):
        told = re.compile(r"\[client certificate's CA is not in the server's list\]$")
        self.assertEqual(len([line for line in self.lines(self.issuer) if told.search(line)]), 1)
        self.assertEqual([line for line in self.lines(self.issuer, "info_column:FALSE") if told.search(line)], [])

    def test_notices(self):
        self.assertGreater(self.count("tlswhy.notice", self.healthy), 0)
        self.assertEqual(self.count("tlswhy", self.healthy, "notices:FALSE"), 0)
        self.assertEqual(self.count("tlswhy.cause", self.proven, "notices:FALSE"), 1)

    def test_least_confidence(self):
        for capture, least, shown in ((self.likely, "possible", 1), (self.likely, "likely", 1), (self.likely, "proven", 0),
                                      (self.proven, "proven", 1)):
            with self.subTest((capture, least)):
                self.assertEqual(self.count("tlswhy.cause", capture, "least_confidence:" + least), shown)

    def test_the_report_counts_all(self):
        report = self.lines(self.likely, "least_confidence:proven", arguments=("-q", "-z", "tlswhy,report"))
        self.assertRegex("\n".join(report), r"(?m)^1 connection: 1 failed")

    def test_silence(self):
        self.assertEqual(self.count('tlswhy.cause == "no-answer-to-client-hello"', self.silent), 1)
        self.assertEqual(self.count('tlswhy.cause == "no-answer-to-client-hello"', self.silent, "silence:100000",
                                    "client_patience:100000"), 0)

    def test_trusted_roots(self):
        done = self.run_tshark(self.proven, "trusted_roots:/absent.pem")
        self.assertRegex(done.stderr, r"tlswhy: /absent\.pem: \w+")
        self.assertEqual(done.returncode, 0)

    def test_each_has_a_help_text_and_stands_in_the_readme(self):
        settings = self.world.run([self.world.tshark, "-G", "currentprefs"]).stdout
        names = re.findall(r"^#?tlswhy\.(\w+):", settings, re.M)
        with open(os.path.join(ROOT, "README"), encoding="utf-8") as readme:
            table = re.search(r"\| preference \|.*?\n\n", readme.read(), re.S).group()
        told = re.findall(r"^\| `tlswhy\.(\w+)` \|", table, re.M)
        self.assertEqual(sorted(names), sorted(told))
        for name in names:
            with self.subTest(name):
                described = re.search(r"(?m)^# [^\n]{40,}\n(?:# [^\n]*\n){0,2}#?tlswhy\.%s:" % name, settings)
                self.assertTrue(described)


if __name__ == "__main__":
    unittest.main()
