#!/usr/bin/env python3
"""What the command `tlswhy` writes beside its report: packet comments in a copy of the capture, certificates as PEM files.

usage: take_away.py tlswhy.so TLSWHY

SPDX-License-Identifier: GPL-2.0-or-later
"""
import glob
import lzma
import os
import re
import shutil
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True

from world import CAPTURES, WorldTest

KEYED = os.path.join(CAPTURES, "founding-story", "apache-renegotiation.keys.pcapng")
EXPIRED = os.path.join(CAPTURES, "server-cert-expired", "curl-apache-12.pcapng")
SEVERAL = sorted(glob.glob(os.path.join(CAPTURES, "several-causes", "*.pcapng")))
PLUGIN, COMMAND = sys.argv.pop(1), sys.argv.pop(1)


class TakeAway(WorldTest):
    PLUGIN, COMMAND = PLUGIN, COMMAND

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keyed, cls.expired = cls.world.put(KEYED, "keyed.pcapng"), cls.world.put(EXPIRED, "expired.pcapng")
        cls.out = cls.world.own_folder("out")

    def run_command(self, *arguments):
        return self.world.run([self.command, *arguments])

    def new(self, name):
        return os.path.join(self.out, "%s-%s" % (self.id().split(".")[-1], name))

    def assert_refused(self, done, message):
        self.assertIn(message, done.stderr)
        self.assertEqual((done.returncode, done.stdout), (2, ""))

    def edited(self, source, *options):
        path = self.new("edited-%d.pcapng" % len(os.listdir(self.out)))
        done = self.world.run(["editcap", *options, source, path])
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return path

    def comments(self, capture):
        """{frame: all its comments}, as a Wireshark without the plugin shows them."""
        done = self.world.run([self.world.tshark, "-n", "-r", capture, "-Y", "frame.comment", "-T", "fields", "-e", "frame.number",
                               "-e", "frame.comment", "-E", "aggregator=\x1e"],
                              env=dict(self.world.environment, WIRESHARK_PLUGIN_DIR="/nonexistent"))
        self.assertEqual(done.returncode, 0)
        rows = (line.split("\t", 1) for line in done.stdout.split("\n") if line)
        return {frame: "|".join(self.whole(texts.split("\x1e"))) for frame, texts in rows}

    def whole(self, texts):
        """Without the single lines of longer comments, which Wireshark 4.4 shows before the whole."""
        found = []
        for text in texts:
            lines = text.split("\\n")
            if len(lines) > 1 and found[-len(lines):] == lines:
                del found[-len(lines):]
                if found[-1:] == lines[:1]:
                    del found[-1]
            found.append(text)
        return found

    # ---- comments ----

    def test_comments(self):
        """Also in a capture that holds keys, which stay."""
        for source, frame, first in ((self.keyed, "15", "tlswhy: client-cert-issuer-not-listed, likely: Server rejected client "
                                      "certificate: its issuer CN=Old CA is not among the 2 CA names the server asked for"),
                                     (self.expired, "8", "tlswhy: server-cert-expired, proven: Client rejected server")):
            with self.subTest(source):
                copy = self.new("%s-copy" % frame)
                done = self.run_command("--annotate", copy, source)
                self.assertEqual((done.returncode, done.stderr),
                                 (1, "tlswhy: %s: a copy, packets with comments on them: 1\n" % copy))
                self.assertEqual(done.stdout, self.run_command(source).stdout)
                self.assertEqual(list(self.comments(copy)), [frame])
                self.assertTrue(self.comments(copy)[frame].startswith(first), self.comments(copy))
                self.assertIn("\\nframe %s: " % frame, self.comments(copy)[frame])
                self.assertIn("\\ntry: ", self.comments(copy)[frame])
                self.assertEqual(self.run_command(copy).stdout, done.stdout)

    def test_comments_that_are_there_stay(self):
        before = self.edited(self.edited(self.expired, "-a", "3:of frame 3", "-a", "8:old, with a \\ \tand\na second line"),
                             "-a", "1:of frame 1")
        copy = self.new("copy")
        self.assertEqual(self.run_command("--annotate", copy, before).returncode, 1)
        found = self.comments(copy)
        self.assertEqual((found["1"], found["3"]), ("of frame 1", "of frame 3"))
        self.assertRegex(found["8"], r"^old, with a \\\\? \\tand\\na second line(\||\\n\\n)tlswhy: server-cert-expired, ")

    def test_several_verdicts_on_a_packet(self):
        """Where one packet has two verdicts, both stand in its comment; and each verdict of the capture is somewhere."""
        merged = self.new("merged.pcapng")
        self.assertEqual(self.world.run(["mergecap", "-w", merged, *[self.world.put(path, os.path.basename(path)) for path in SEVERAL[:4]
                                                                    if ".keys." not in path], self.expired]).returncode, 0)
        copy = self.new("copy")
        self.run_command("--annotate", copy, merged)
        lines = self.world.run([self.world.tshark, "-n", "-2", "-r", merged, "-Y", "tlswhy.cause", "-T", "fields", "-e", "frame.number",
                                "-e", "tlswhy.cause"]).stdout.splitlines()
        found = self.comments(copy)
        expected = {frame: causes.split(",") for frame, causes in (line.split("\t") for line in lines)}
        self.assertEqual(set(found), set(expected))
        for frame, causes in expected.items():
            self.assertEqual(re.findall(r"tlswhy: ([a-z0-9-]+), ", found[frame]), causes)

    def test_pcap_compressed_and_cut(self):
        pcap = self.edited(self.expired, "-F", "pcap")
        packed, cut = self.new("packed.pcap.xz"), self.new("cut.pcap")
        with open(pcap, "rb") as whole:
            content = whole.read()
        for path, part in ((packed, lzma.compress(content)), (cut, content[:-3])):
            with open(path, "wb") as out:
                out.write(part)
            os.chmod(path, 0o644)
        for path in (pcap, packed) if shutil.which("xz") else (pcap,):
            self.assertEqual(self.run_command("--annotate", path + ".copy", path).returncode, 1)
            self.assertEqual(list(self.comments(path + ".copy")), ["8"])
        done = self.run_command("--annotate", cut + ".copy", cut)
        self.assertIn("the capture is incomplete", done.stderr)
        self.assertEqual((done.returncode, list(self.comments(cut + ".copy"))), (2, ["8"]))

    def test_more_comments_than_an_argument_list_holds(self):
        merged = self.new("merged.pcapng")
        self.assertEqual(self.world.run(["mergecap", "-a", "-w", merged, *[self.expired] * 400]).returncode, 0)
        done = self.world.run(["sh", "-c", 'ulimit -s 1024; exec "$0" --annotate "$1" "$2"', self.command, self.new("copy"), merged])
        self.assertRegex(done.stderr, r"packets with comments on them: \d+\n$")
        self.assertEqual(len(self.comments(self.new("copy"))), int(re.search(r"them: (\d+)", done.stderr).group(1)))

    def test_nothing_is_written_over(self):
        with open(self.expired, "rb") as file:
            before = file.read()
        self.assert_refused(self.run_command("--annotate", self.expired, self.expired), "is there already, and is not written over\n")
        self.assert_refused(self.run_command("--annotate", self.expired, self.keyed), "is there already, and is not written over\n")
        with open(self.expired, "rb") as file:
            self.assertEqual(file.read(), before)

    def test_wrong_usage(self):
        out = self.new("never")
        for arguments, message in ((("--annotate", out, self.expired, self.keyed), "--annotate takes one capture"),
                                   (("--annotate", out, "-"), "--annotate needs a file, which it reads twice"),
                                   (("--annotate", out, "--anonymize", self.expired), "--annotate does not go with --anonymize"),
                                   (("--certificates", out, "--anonymize", self.expired), "--certificates does not go with --anonymize"),
                                   (("--annotate", out, "--follow", self.expired), "do not go with --follow"),
                                   (("--certificates", self.expired, self.expired), "is no folder, and cannot be made"),
                                   (("--certificates", "/", self.expired), "no permission to write there")):
            with self.subTest(arguments):
                self.assert_refused(self.run_command(*arguments), message)
        self.assertFalse(os.path.exists(out))
        done = self.run_command("--annotate", os.path.join(self.out, "none", "out"), self.expired)
        self.assertEqual(done.returncode, 2)
        self.assertIn("cannot be written\n", done.stderr)

    # ---- certificates ----

    def pems(self, folder):
        found = {}
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                found[name] = file.read()
        return found

    def subjects(self, folder, name):
        """Of each certificate of a file, as openssl reads it."""
        text = self.pems(folder)[name]
        return [subprocess.run(["openssl", "x509", "-noout", "-subject", "-nameopt", "RFC2253"], input=block, text=True, capture_output=True,
                               check=True).stdout.strip() for block in re.findall(r"-----BEGIN.*?-----END CERTIFICATE-----\n", text, re.S)]

    def test_certificates(self):
        folder = self.new("pem")
        done = self.run_command("--certificates", folder, self.keyed)
        self.assertEqual(done.returncode, 1)
        self.assertIn("2 chains of certificates in %s\n" % folder, done.stderr)
        self.assertEqual(list(self.pems(folder)), ["keyed-frame-15-client.pem", "keyed-frame-15-server.pem"])
        self.assertIn("# sent by the client in one failed handshake of %s, first in that of frame 15, tcp.stream eq 0, "
                      "client-cert-issuer-not-listed: " % self.keyed, self.pems(folder)["keyed-frame-15-client.pem"])
        if shutil.which("openssl"):
            self.assertEqual(self.subjects(folder, "keyed-frame-15-client.pem"), ["subject=CN=alice"])
            self.assertEqual(self.subjects(folder, "keyed-frame-15-server.pem"), ["subject=CN=server.test", "subject=CN=New CA 1"])

    def test_a_file_that_is_there_stays(self):
        folder = self.new("pem")
        self.run_command("--certificates", folder, self.expired)
        first = self.pems(folder)
        self.run_command("--certificates", folder, self.expired)        # the same again
        self.assertEqual(self.pems(folder), first)
        (name,) = first
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write("mine")
        self.run_command("--certificates", folder, self.expired)
        self.assertEqual(self.pems(folder), {name: "mine", name.replace(".pem", "-2.pem"): first[name]})

    def test_equal_chains_are_one_file(self):
        merged = self.new("merged.pcapng")
        other = self.edited(self.expired, "-t", "5")
        tcp = self.world.run(["mergecap", "-w", merged, self.expired, other])
        self.assertEqual(tcp.returncode, 0)
        folder = self.new("pem")
        self.run_command("--certificates", folder, merged, self.expired)
        self.assertEqual(len([name for name in self.pems(folder) if name.startswith("expired")]), 1)

    def test_names_of_files_are_safe(self):
        for name, stem in (("..pcapng", "capture"), ("$(id);`x` y.pcap", "__id___x__y"), ("-rf.pcapng", "_rf"), ("a\nb.pcapng", "a_b"),
                           ("x" * 150 + ".pcapng", "x" * 60)):
            capture, folder = self.world.put(EXPIRED, name), self.new(stem)
            self.run_command("--certificates", folder, "--", capture)
            with self.subTest(name):
                self.assertEqual(list(self.pems(folder)), [stem + "-frame-8-server.pem"])


if __name__ == "__main__":
    unittest.main()
