#!/usr/bin/env python3
"""The profile "TLS Troubleshooting" opens without a warning, and every filter that ships compiles: those of its buttons
and colours, and those of the help.

usage: profile.py tlswhy.so

SPDX-License-Identifier: GPL-2.0-or-later
"""
import glob
import os
import re
import sys
import unittest

sys.dont_write_bytecode = True

from catalogue import CAUSES
from world import CAPTURES, ROOT, WorldTest

NAME = "TLS Troubleshooting"
PROFILE = os.path.join(ROOT, "plugin", "profile")
FAILED = os.path.join(CAPTURES, "founding-story", "apache-renegotiation-root-sent.keys.pcapng")
HEALTHY = sorted(glob.glob(os.path.join(CAPTURES, "healthy", "*.pcapng")))[0]
PROVEN = os.path.join(CAPTURES, "server-cert-expired", "curl-apache-12.pcapng")
PLUGIN = sys.argv.pop(1)


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


def buttons():
    """{label: filter}"""
    rows = re.findall(r'^"TRUE","([^"]+)","([^"]+)","[^"]*"$', read("plugin", "profile", "dfilter_buttons"), re.M)
    return {label: expression.replace("\\x22", '"') for label, expression in rows}


def colours():
    """{name: filter}"""
    return dict(re.findall(r"^@([^@]+)@([^@]+)@\[[\d,]+\]\[[\d,]+\]$", read("plugin", "profile", "colorfilters"), re.M))


def confirmations():
    """{cause: filter}"""
    return {cause.id: cause.filter for cause in CAUSES.values()}


def lines(name):
    """Of a file of the profile, those that count."""
    return [line for line in read("plugin", "profile", name).splitlines() if line and not line.startswith("#")]


class Profile(WorldTest):
    PLUGIN = PLUGIN

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for file in os.listdir(PROFILE):
            cls.world.put(os.path.join(PROFILE, file), os.path.join("share", "profiles", NAME, file))
        cls.failed = cls.world.put(FAILED, "failed.pcapng")
        cls.healthy = cls.world.put(HEALTHY, "healthy.pcapng")
        cls.proven = cls.world.put(PROVEN, "proven.pcapng")

    def tshark(self, *arguments, profile=True):
        """With the profile among the global ones of Wireshark's data folder, from where -C copies it."""
        environment = dict(self.world.environment, WIRESHARK_DATA_DIR=os.path.join(self.world.folder, "share"))
        done = self.world.run([self.world.tshark, "-n", *(["-C", NAME] if profile else []), *arguments], env=environment)
        said = [line for line in done.stderr.splitlines() if "Running as user" not in line]
        self.assertEqual((done.returncode, said), (0, []))
        return done.stdout

    def frames(self, expression, capture=None):
        output = self.tshark("-r", capture or self.failed, "-Y", expression, "-T", "fields", "-e", "frame.number")
        return output.split()

    def compile(self, named):
        """tshark refuses a filter that it cannot compile; all at once, and one by one to tell which."""
        done = self.world.run([self.world.tshark, "-r", self.healthy, "-c", "1", "-Y",
                               " || ".join("(%s)" % one for one in named.values())])
        if done.returncode == 0:
            return
        for name, expression in named.items():
            with self.subTest(name):
                self.tshark("-r", self.healthy, "-c", "1", "-Y", expression, profile=False)

    def test_opens_without_warnings(self):
        """tshark tells of what it does not know in preferences; with --color, in colours as well."""
        self.assertIn("is not among the 2 CA names", self.tshark("--color", "-r", self.failed))

    def test_columns(self):
        row = self.tshark("-r", self.failed, "-Y", "tlswhy.cause", "-T", "tabs").rstrip("\n").split("\t")
        self.assertEqual([cell for cell in row if cell in ("server.test", "TLS 1.2")], ["server.test", "TLS 1.2"])
        self.assertRegex(row[-3], "^client certificate's CA is not in the server's list: Server rejected client certificate")
        self.assertNotIn("[", row[-2])  # the reason has its own column, so Info is left alone

    def test_every_column_has_a_width(self):
        self.assertEqual(re.findall(r'"(%[^"]+?)(?::0:R)?"', read("plugin", "profile", "preferences")),
                         re.findall(r'"(%[^"]+)"', read("plugin", "profile", "recent")))

    def test_fits_a_small_window(self):
        """Of 1180 pixels the list's own scroll bar and map take 50."""
        widths = {column: int(width) for column, width in re.findall(r'"(%[^"]+)", "(\d+)"', read("plugin", "profile", "recent"))}
        self.assertEqual(list(widths)[-1], "%Cus:tlswhy.version")
        self.assertLessEqual(sum(widths.values()) - widths["%Cus:tlswhy.version"], 1130)
        self.assertGreaterEqual(widths["%Cus:tlswhy.summary"], 440)  # the longest titles, in letters of 8.5 pixels

    def test_buttons(self):
        self.assertEqual(len(buttons()), len(lines("dfilter_buttons")))
        self.compile(buttons())
        found = {label for label, expression in buttons().items() if "15" in self.frames(expression)}
        self.assertEqual(found, {"All failures", "Certificates", "Rejected by//Server", "Handshakes"})
        self.assertEqual(self.frames(buttons()["Proven"]), [])
        self.assertEqual(self.frames(buttons()["Proven"], self.proven), ["8"])
        self.assertEqual(self.frames(buttons()["All failures"], self.healthy), [])

    def test_colours(self):
        self.assertEqual(len(colours()), len(lines("colorfilters")))
        self.compile(colours())
        first = next(name for name, expression in colours().items() if "15" in self.frames(expression))
        self.assertEqual(first, "TLS handshake failed")
        self.assertEqual(self.frames(colours()["TLS handshake failed"], self.healthy), [])

    def test_filters_of_the_help(self):
        self.assertGreater(len(confirmations()), 50)
        self.compile(confirmations())


if __name__ == "__main__":
    unittest.main()
