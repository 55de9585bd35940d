#!/usr/bin/env python3
"""What the command `tlswhy` answers, in every case that a user can get into.

usage: tlswhy_messages.py tlswhy.so TLSWHY

SPDX-License-Identifier: GPL-2.0-or-later
"""
import glob
import os
import re
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "doors"))
sys.dont_write_bytecode = True

from world import CAPTURES, World

FAILED = os.path.join(CAPTURES, "founding-story", "apache-renegotiation.keys.pcapng")
UNRECOGNIZED = sorted(glob.glob(os.path.join(CAPTURES, "sni-unrecognized", "*.pcapng")))[0]
NAME = re.compile(rb"[a-z]+\.(?:test|example)") # the SNI is the only name in such a capture
PLUGIN, COMMAND = sys.argv.pop(1), sys.argv.pop(1)


class Command(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World(PLUGIN)
        cls.world.__enter__()
        cls.addClassCleanup(cls.world.__exit__)
        cls.command = cls.world.put(COMMAND, "tlswhy")
        cls.failed = cls.world.put(FAILED, "failed.pcapng")

    def file(self, name, content):
        path = os.path.join(self.world.folder, name)
        with open(path, "wb") as out:
            out.write(content)
        return path

    def part_of_failed(self, name, count):
        with open(self.failed, "rb") as whole:
            return self.file(name, whole.read(count))

    def run_command(self, *arguments, **options):
        return self.world.run([self.command, *arguments], **options)

    def assert_refused(self, done, message):
        self.assertIn(message, done.stderr)
        self.assertEqual((done.returncode, done.stdout), (2, ""))

    def test_failure(self):
        done = self.run_command(self.failed)
        self.assertRegex(done.stdout, r"(?m)^\d+ connections?: [1-9]\d* failed \(client-cert-issuer-not-listed")
        self.assertEqual((done.returncode, done.stderr), (1, ""))

    def test_no_failure(self):
        no_packets = self.part_of_failed("healthy.pcapng", self.first_packet_offset())
        done = self.run_command(no_packets)
        self.assertRegex(done.stdout, r"(?m)^0 connections: 0 failed")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def first_packet_offset(self):
        """Of a little-endian pcapng file: the blocks before the first enhanced packet."""
        with open(self.failed, "rb") as whole:
            content = whole.read()
        offset = 0
        while int.from_bytes(content[offset:offset + 4], "little") != 6:
            offset += int.from_bytes(content[offset + 4:offset + 8], "little")
        return offset

    def test_names_from_the_wire_cannot_steer_the_terminal(self):
        """A server name with an escape sequence in it: shown, never sent to the terminal as it is."""
        with open(UNRECOGNIZED, "rb") as capture:
            content = capture.read()
        name = NAME.search(content).group()
        hostile = b"\x1b[31m" + name[5:]
        done = self.run_command(self.file("hostile.pcapng", content.replace(name, hostile)))
        self.assertEqual(done.returncode, 1)
        self.assertIn("\\x1b[31m", done.stdout)
        self.assertNotIn("\x1b", done.stdout)

    def test_help(self):
        done = self.run_command("--help")
        self.assertIn("Usage: tlswhy", done.stdout)
        self.assertEqual(done.returncode, 0)

    def test_version(self):
        done = self.run_command("--version")
        self.assertRegex(done.stdout, r"^tlswhy (\d+\.\d+\.\d+) \(plugin \1, tshark \d+\.\d+\.\d+\)\n$")
        self.assertEqual(done.returncode, 0)

    def test_no_arguments(self):
        self.assert_refused(self.run_command(), "Usage: tlswhy")

    def test_unknown_option(self):
        self.assert_refused(self.run_command("--frobnicate"), "tlswhy: unknown option: --frobnicate\n")

    def test_option_without_value(self):
        self.assert_refused(self.run_command("--keys"), "tlswhy: --keys needs a value\n")

    def test_no_such_file(self):
        self.assert_refused(self.run_command("absent.pcapng"), "tlswhy: absent.pcapng: no such file\n")

    def test_folder(self):
        self.assert_refused(self.run_command("."), "tlswhy: .: is a directory\n")

    def test_unreadable(self):
        path = self.file("secret.pcapng", b"secret")
        os.chmod(path, 0)
        self.assert_refused(self.run_command(path), "tlswhy: %s: no permission to read it\n" % path)

    def test_empty(self):
        path = self.file("empty.pcapng", b"")
        self.assert_refused(self.run_command(path), "tlswhy: %s: is empty\n" % path)

    def test_no_capture(self):
        for name, content in (("passwd", b"root:x:0:0:root:/root:/bin/bash\n" * 20), ("note.txt", b"hello\n"),
                              ("program", b"\x7fELF" + bytes(60)), ("image.png", b"\x89PNG\r\n\x1a\n" + bytes(60))):
            path = self.file(name, content)
            with self.subTest(name):
                self.assert_refused(self.run_command(path),
                                    "tlswhy: %s: not a capture file that Wireshark can read\n" % path)

    def test_truncated(self):
        path = self.part_of_failed("cut.pcapng", os.path.getsize(self.failed) - 10)
        done = self.run_command(path)
        self.assertRegex(done.stdout, r"(?m)^\d+ connections?: [1-9]\d* failed")
        self.assertRegex(done.stderr, r"^tlswhy: %s: [^\n]*cut short[^\n]*\n$" % path)
        self.assertEqual(done.returncode, 1)

    def test_several_files(self):
        done = self.run_command(self.failed, "absent.pcapng", self.failed)
        self.assertEqual(done.stdout.count("== %s ==\n" % self.failed), 2)
        self.assertIn("tlswhy: absent.pcapng: no such file\n", done.stderr)
        self.assertEqual(done.returncode, 2)

    def test_name_with_blanks_and_dash(self):
        self.world.put(FAILED, "-a b.pcapng")
        done = self.run_command("--", "-a b.pcapng")
        self.assertEqual((done.returncode, done.stderr), (1, ""))

    def test_filter(self):
        done = self.run_command("--filter", "frame.number == 1", self.failed)
        self.assertRegex(done.stdout, r"(?m)^\d+ connections?: 0 failed")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_invalid_filter(self):
        self.assert_refused(self.run_command("--filter=tls ==", self.failed), 'tlswhy: invalid filter "tls ==": ')

    def test_keys(self):
        keys = self.file("keys.log", b"# none\n")
        self.assertEqual(self.run_command("--keys=" + keys, self.failed).returncode, 1)
        self.assert_refused(self.run_command("--keys", "absent.log", self.failed),
                            "tlswhy: absent.log: cannot read the key log\n")

    def test_plugin_not_loaded(self):
        done = self.run_command(self.failed, env=dict(self.world.environment, WIRESHARK_PLUGIN_DIR=self.world.home))
        self.assert_refused(done, "does not load the plugin tlswhy.so")
        self.assertIn("another version of Wireshark", done.stderr)

    def test_no_tshark(self):
        done = self.run_command(self.failed, env=dict(self.world.environment, TSHARK="/absent/tshark"))
        self.assert_refused(done, "tlswhy: tshark is not installed")


if __name__ == "__main__":
    unittest.main()
