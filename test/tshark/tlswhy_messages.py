#!/usr/bin/env python3
"""What the command `tlswhy` answers, in every case that a user can get into.

usage: tlswhy_messages.py tlswhy.so TLSWHY

SPDX-License-Identifier: GPL-2.0-or-later
"""
import bz2
import datetime
import glob
import gzip
import json
import lzma
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import time
import unittest

sys.dont_write_bytecode = True

from world import CAPTURES, ROOT, WorldTest

sys.path.insert(0, os.path.join(ROOT, "test", "lab"))
import derive

FAILED = os.path.join(CAPTURES, "founding-story", "apache-renegotiation.keys.pcapng")
UNRECOGNIZED = sorted(glob.glob(os.path.join(CAPTURES, "sni-unrecognized", "*.pcapng")))[0]
MISMATCH = sorted(glob.glob(os.path.join(CAPTURES, "server-cert-name-mismatch", "gnutls-*.pcapng")))[0]
VERSION = os.path.join(CAPTURES, "version-no-overlap", "curl-apache-10-12.pcapng")
MISSING = sorted(glob.glob(os.path.join(CAPTURES, "client-cert-missing", "*.pcapng")))
NAME = re.compile(rb"[a-z]+\.(?:test|example)") # the SNI is the only name in such a capture
PLUGIN, COMMAND = sys.argv.pop(1), sys.argv.pop(1)


class Command(WorldTest):
    PLUGIN, COMMAND = PLUGIN, COMMAND

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
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
        self.assertRegex(done.stdout, r"(?m)^1 connection: 1 failed, 0 completed, 0 undecided\n +1 client-cert-issuer-not-listed$")
        self.assertEqual((done.returncode, done.stderr), (1, ""))

    def test_no_failure(self):
        no_packets = self.part_of_failed("healthy.pcapng", self.first_packet_offset())
        done = self.run_command(no_packets)
        self.assertRegex(done.stdout, r"(?m)^0 connections: 0 failed")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_ladder(self):
        done = self.run_command("--ladder", "tcp:0", self.failed)
        self.assertIn("Handshakes of TCP stream 0: client 127.0.0.1:36552, server 127.0.0.1:443\n", done.stdout)
        self.assertIn("  0.011246 <--- server alert unknown_ca (48): level fatal (frame 15)\n  why: Server rejected client",
                      done.stdout)
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertIn("No TLS was seen in UDP stream 3.", self.run_command("--ladder=udp:3", self.failed).stdout)
        for wrong in ("3", "tcp:", "tcp:x", "tcp:1:2", "sctp:1"):
            self.assert_refused(self.run_command("--ladder", wrong, self.failed), "--ladder needs tcp:N or udp:N")
        self.assert_refused(self.run_command("--ladder", "tcp:0", self.failed, self.failed), "--ladder takes one capture")

    def page(self, *arguments):
        path = os.path.join(self.world.own_folder("page-%d" % len(os.listdir(self.world.folder))), "page.html")
        done = self.run_command("--html", path, *arguments)
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertIn("connections: 1, failed: 1", done.stdout)
        with open(path, encoding="utf-8") as page:
            return page.read()

    def test_page(self):
        """Well formed, so that nothing of it can be taken for another thing; nothing is fetched, nothing runs."""
        page = self.page(self.failed)
        for text in ("its issuer CN=Old CA is not among the 2 CA names", "of the CAs CN=New CA 1; CN=New CA 2",
                     "Use a client certificate that was issued by", "alert unknown_ca (48)", "frame 14: client sent CN=alice"):
            self.assertIn(text, page)
        self.assertEqual(page.count("<svg "), 1)
        self.assertEqual(re.findall(r"(?i)<script|<link|<img|<iframe|\bsrc=|\bhref=|@import|url\(|\bon\w+=", page), [])
        self.assertIn("default-src 'none'", page)

    def test_page_without_failures(self):
        """An all-clear is only said of what was followed to its end, as in the report."""
        for name, clear in (("curl-nginx-12", "found."), ("derived-only-hello", "found, but 1 connection could not be followed")):
            path = os.path.join(self.world.own_folder(name), "page.html")
            self.run_command("--html", path, self.world.put(os.path.join(CAPTURES, "healthy", name + ".pcapng"), name + ".pcapng"))
            with open(path, encoding="utf-8") as page:
                self.assertIn('<p class="reason">No failed TLS handshake ' + clear, page.read())

    def test_some_unfollowed(self):
        """Beside a failure, too, it is said that a stream looked like TLS and could not be followed."""
        folder = self.world.own_folder("half")
        capture, page = os.path.join(folder, "half.pcap"), os.path.join(folder, "page.html")
        derive.to_pcap(os.path.join(CAPTURES, "server-cert-expired", "curl-apache-12.pcapng"), capture)
        head, packets = derive.read_pcap(capture)
        another = derive.moved(packets, packets[-1][0] + 1000000, 443, 50999)
        at = next(i for i, p in enumerate(another) if p[1][derive.payload(p[1])[1]:][:1] == b"\x16")
        when, frame, size = another[at]
        begin = derive.payload(frame)[1] + 40
        half = bytearray(frame[:begin])
        half[16:18] = (begin - 14).to_bytes(2, "big")
        derive.write_pcap(capture, head, packets + another[:at] + [[when, bytes(half), begin]])
        os.chmod(capture, 0o644)
        said = "1 connection more looked like TLS, and could not be followed"
        self.assertIn(said, self.run_command(capture).stdout)
        self.run_command("--html", page, capture)
        with open(page, encoding="utf-8") as text:
            self.assertIn(said, text.read())

    def test_page_of_hostile_names(self):
        with open(MISMATCH, "rb") as capture:
            content = capture.read()
        path = self.file("markup.pcapng", content.replace(b"server.test", b"<b>&amp;'\"."))
        page = self.page(path)
        self.assertIn("&lt;b&gt;&amp;amp;&apos;&quot;.", page)
        self.assertNotIn("<b>", page)

    def test_page_with_pseudonyms(self):
        page = self.page("--anonymize", self.failed)
        self.assertEqual(re.findall(r"server\.test|Old CA|alice|127\.0\.0\.1|failed\.pcapng", page), [])
        self.assertIn("capture-1", page)

    def first_packet_offset(self):
        """Of a little-endian pcapng file: the blocks before the first enhanced packet."""
        with open(self.failed, "rb") as whole:
            content = whole.read()
        offset = 0
        while int.from_bytes(content[offset:offset + 4], "little") != 6:
            offset += int.from_bytes(content[offset + 4:offset + 8], "little")
        return offset

    def hostile(self, path, name):
        """A copy of a capture, with an escape sequence where NAME begins."""
        with open(path, "rb") as capture:
            content = capture.read()
        self.assertIn(name, content)
        return self.file("hostile.pcapng", content.replace(name, b"\x1b[31m" + name[5:]))

    def test_names_from_the_wire_cannot_steer_anything(self):
        """In the SNI and in the names of a certificate; report, JSON and statistics."""
        with open(UNRECOGNIZED, "rb") as capture:
            unrecognized = NAME.search(capture.read()).group()
        for path, name in ((UNRECOGNIZED, unrecognized), (MISMATCH, b"server.test"), (MISMATCH, b"other.test")):
            hostile = self.hostile(path, name)
            for output in (self.run_command(hostile).stdout, self.run_command("--json", hostile).stdout,
                           self.world.run([self.world.tshark, "-q", "-n", "-r", hostile, "-z", "tlswhy,tree"]).stdout):
                with self.subTest(capture=path, name=name):
                    self.assertNotIn("\x1b", output)
            self.assertIn("\\x1b[31m", self.run_command(hostile).stdout)
            objects = [json.loads(line) for line in self.run_command("--json", hostile).stdout.splitlines()]
            self.assertIn("\\x1b[31m", json.dumps(objects, ensure_ascii=False).replace("\\\\", "\\"))

    def merged(self, *paths):
        """One capture made of several."""
        parts = [self.world.put(path, "part-%d.pcapng" % number) for number, path in enumerate(paths)]
        whole = os.path.join(self.world.folder, "tmp", "merged.pcapng")
        self.assertEqual(self.world.run(["mergecap", "-w", whole, *parts]).stderr, "")
        return whole

    def test_a_port_may_be_0(self):
        """The client's, in every TCP header of a capture: no program uses it, and nothing keeps a capture from having it."""
        fields = [self.world.tshark, "-n", "-r", MISMATCH, "-c", "1", "-T", "fields", "-e", "tcp.srcport", "-e", "tcp.dstport"]
        client, server = map(int, subprocess.run(fields, capture_output=True, text=True).stdout.split())
        with open(MISMATCH, "rb") as capture:
            whole = capture.read()
        for ports in (client, server), (server, client):
            whole = whole.replace(struct.pack(">HH", *ports), struct.pack(">HH", *(0 if port == client else port for port in ports)))
        capture = self.file("port-0.pcapng", whole)
        for arguments in [], ["--json"], ["--anonymize"], ["--all"]:
            done = self.run_command(*arguments, capture)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("server-cert-name-mismatch", done.stdout)
        done = self.world.run([self.world.tshark, "-q", "-n", "-r", capture, "-z", "tlswhy,tree"])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"(?m)^ server-cert-name-mismatch +1 ")

    def test_equal_failures_are_one_group(self):
        capture = self.merged(MISSING[0], *MISSING, FAILED)
        total = r"(?m)^(\d+) connections: (\d+) failed,"
        grouped, listed = self.run_command(capture).stdout, self.run_command("--all", capture).stdout
        heads = re.findall(r"(?m)^(\S+): (\d+) connections? to \S+, (?:first )?at\s+frame (\d+)$", grouped)
        self.assertEqual(sum(int(count) for _, count, _ in heads), int(re.search(total, grouped).group(2)))
        self.assertLess(len(heads), int(re.search(total, grouped).group(2)))
        counts = [int(count) for _, count, _ in heads]
        self.assertEqual(counts, sorted(counts, reverse=True))
        self.assertRegex(grouped, r"(?m)^  and %d more like it, from 127\.0\.0\.1 \(%d\)$" % (counts[0] - 1, counts[0] - 1))
        self.assertNotRegex(listed, r"more like it")
        self.assertEqual(len(re.findall(r"(?m)^  (?:[0-9 :.-]+, frame \d+: )?\S+:\d+ -> \S+:\d+", listed)), sum(counts))

    def test_lines_fit_80_columns(self):
        for arguments in ([self.merged(*MISSING, FAILED)], ["--causes"], ["--help"]):
            for line in self.run_command(*arguments).stdout.splitlines():
                self.assertTrue(len(line) <= 80 or " " not in line.strip().removesuffix(" \\"), line)

    def test_json(self):
        done = self.run_command("--json", self.failed)
        found = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual((len(found), done.returncode, done.stderr), (2, 1, ""))
        one, failure = found[0], found[0]["failures"][0]
        self.assertEqual(found[1], {"summary": {"connections": 1, "failed": 1, "completed": 0, "undecided": 0,
                                                "not_followed": 0, "by_cause": {"client-cert-issuer-not-listed": 1}, "unopened": []}})
        self.assertEqual(sorted(one), ["client", "completed", "failures", "file", "server", "stream", "version"])
        self.assertEqual((one["file"], one["version"], one["completed"]), (self.failed, "TLS 1.2", True))
        self.assertEqual(one["server"], {"address": "127.0.0.1", "port": 443, "name": "server.test"})
        self.assertEqual(one["client"]["address"], "127.0.0.1")
        self.assertEqual(sorted(failure), ["alert", "cause", "certificates", "confidence", "duration", "epoch", "evidence", "frame", "hints", "logs",
                                           "phase", "phases", "reason", "rule", "sender", "time", "title", "trigger"])
        self.assert_times(failure, 15)
        self.assertEqual(failure["cause"], "client-cert-issuer-not-listed")
        self.assertEqual(failure["alert"], {"number": 48, "name": "unknown_ca", "level": "fatal", "rfc": "RFC 8446 section 6.2"})
        self.assertEqual((failure["sender"], failure["phase"], failure["confidence"]), ("server", "renegotiation", "likely"))
        self.assertIn({"frame": 14, "text": "client sent CN=alice, issued by CN=Old CA"}, failure["evidence"])
        sent = failure["certificates"]
        self.assertEqual([one["subject"] for one in sent["server"] + sent["client"]], ["CN=server.test", "CN=New CA 1", "CN=alice"])
        self.assertEqual(sorted(sent["client"][0]), ["issuer", "names", "not_after", "not_before", "serial", "sha256", "subject"])
        self.assertEqual((sent["server"][0]["names"], sent["client"][0]["issuer"]), (["server.test"], "CN=Old CA"))
        for date in ("not_before", "not_after"):
            self.assertRegex(sent["client"][0][date], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def assert_times(self, failure, frame):
        """As stock tshark has them, of the renegotiation in FAILED."""
        lines = self.world.run([self.world.tshark, "-n", "-r", self.failed, "-T", "fields", "-e", "frame.time_epoch"]).stdout.split()
        of_frame = lambda number: float(lines[number - 1])
        self.assertAlmostEqual(failure["epoch"], of_frame(frame), 5)
        parsed = datetime.datetime.strptime(failure["time"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=datetime.timezone.utc)
        self.assertAlmostEqual(parsed.timestamp(), failure["epoch"], 5)
        self.assertAlmostEqual(failure["duration"], of_frame(frame) - of_frame(12), 5)
        self.assertAlmostEqual(failure["phases"]["client-hello"], of_frame(13) - of_frame(12), 5)
        self.assertAlmostEqual(failure["phases"]["server-flight"], of_frame(14) - of_frame(13), 5)

    def test_a_failure_takes_at_most_12_lines(self):
        whole = self.merged(*[path for path in sorted(glob.glob(os.path.join(CAPTURES, "*", "*.pcapng")))[::40]])
        for block in self.run_command(whole).stdout.split("\n\n")[1:-1]:
            failures = max(1, len(re.findall(r"(?m)^  [0-9:.-]+, frame \d+: \S+, ", block)))
            self.assertLessEqual(block.count("\n") + 1, 12 * failures, block)

    def test_full_and_commands(self):
        plain, full, commands = (self.run_command(*options, self.world.put(VERSION, "version.pcapng")).stdout
                                 for options in ([], ["--full"], ["--commands"]))
        self.assertRegex(plain, r"same offer: openssl s_client -connect \S+ -servername \\\n\s+server.test -tls1 ")
        self.assertRegex(plain, r"(?m)^\d+ more facts, hints and log lines: --full$")
        self.assertNotIn("--full", full)
        for text in full, commands:
            self.assertIn("try: Make the same offer by hand", text)
        self.assertGreater(full.count("log: "), plain.count("log: "))

    def test_the_log_is_the_receivers(self):
        """The library that its hello tells: of the client that was rejected, of the server that was."""
        for path, programs in (("client-cert-missing/java-ossl-12", {"Java"}),
                               ("server-cert-name-mismatch/gnutls-apache-12",
                                {"OpenSSL", "Apache httpd", "nginx", "HAProxy", "Node.js", "Python"})):
            done = self.run_command("--json", self.world.put(os.path.join(CAPTURES, path + ".pcapng"), "log.pcapng"))
            logs = json.loads(done.stdout.splitlines()[0])["failures"][0]["logs"]
            self.assertEqual({line.split(":")[0] for line in logs}, programs)

    def test_json_without_failures(self):
        done = self.run_command("--json", "--filter=frame.number == 1 and udp", self.failed)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(json.loads(done.stdout)["summary"]["connections"], 0)

    def test_anonymize(self):
        """Nothing that names somebody is left, in text and JSON; and what was equal still is."""
        of_each_cause = {os.path.dirname(path): path for path in sorted(glob.glob(os.path.join(CAPTURES, "*", "*.pcapng")))}
        capture = self.merged(FAILED, *of_each_cause.values())
        for mode in ([], ["--json"], ["--all"]):
            done = self.run_command("--anonymize", *mode, "--filter=ip.addr == 127.0.0.1", capture)
            with self.subTest(mode):
                self.assertEqual(done.returncode, 1)
                self.assertNotRegex(done.stdout, r"127\.0|\.test|localhost|Old CA|New CA|alice|Lab |merged")
                self.assertIn("192.0.2.1", done.stdout)
                self.assertIn("host-1", done.stdout)
        listed = re.search(r"its issuer (CN=name-\d+) is not among.*?certificates issued by (CN=name-\d+); (CN=name-\d+)"
                           r".*?issued by (CN=name-\d+)", self.run_command("--anonymize", "--full", self.failed).stdout.replace(
                               "\n      ", " "), re.S).groups()
        self.assertEqual((listed[0], len(set(listed))), (listed[3], 3))

    def test_causes(self):
        """Every cause of the catalogue, with the advice that a verdict gives."""
        done = self.run_command("--causes")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        ids = re.findall(r"(?m)^([a-z0-9-]+): ", done.stdout)
        self.assertEqual(len(ids), len(set(ids)))
        self.assertTrue({cause for cause in os.listdir(CAPTURES) if "-" in cause} - {"founding-story", "several-causes"} <= set(ids))
        filters = re.compile(r"(?m)^  Display filter: .*(?:\n    .*)*")  # these have braces of their own
        self.assertEqual(len(filters.findall(done.stdout)), done.stdout.count("\n  Meaning: "))
        self.assertNotRegex(filters.sub("", done.stdout), r"[{}]|\?")
        self.assert_refused(self.run_command("--causes", self.failed), "tlswhy: --causes takes no capture\n")

    def test_standard_input(self):
        done = self.world.run(["sh", "-c", 'exec "$0" - <"$1"', self.command, self.failed])
        self.assertRegex(done.stdout, r"(?m)^1 connection: 1 failed")
        self.assertEqual((done.returncode, done.stderr), (1, ""))

    def test_compressed(self):
        with open(self.failed, "rb") as whole:
            packed = self.file("failed.pcapng.gz", gzip.compress(whole.read()))
        self.assertEqual(self.run_command(packed).stdout, self.run_command(self.failed).stdout)

    def on_terminal(self, words, **variables):
        """Output and messages of WORDS, as a shell reads them, as they come to a terminal."""
        environment = dict(self.world.environment, SHELL="/bin/sh", **{"TERM": "xterm", **variables})
        return self.world.run(["script", "-qec", words, "/dev/null"], env=environment).stdout.replace("\r\n", "\n")

    def test_terminal(self):
        plain = self.run_command(self.failed).stdout
        command = self.command + " " + self.failed
        coloured = self.on_terminal("stty cols 100; " + command)
        self.assertIn("\x1b[1;31mclient-cert-issuer-not-listed: ", coloured)
        self.assertGreater(max(len(line) for line in coloured.splitlines()), 85)
        for variables in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            with self.subTest(variables):
                shown = self.on_terminal(command, **variables)
                self.assertNotIn("\x1b", shown)
                self.assertEqual(shown.split(), plain.split())

    def test_progress(self):
        """Of a slow reading, on a terminal only: what comes after a second of waiting."""
        whole = self.merged(*[MISMATCH] * 150)
        half = os.path.getsize(whole) // 2
        self.assertGreater(half, 1 << 17) # more than a pipe holds: who writes on has a reader
        slow = "(head -c %d; sleep 2; cat) <%s | %s -" % (half, whole, self.command)
        shown = self.on_terminal(slow)
        self.assertRegex(shown, r"\x1b\[Ktlswhy: frame \d+\s\x1b\[K")
        self.assertEqual(self.world.run(["sh", "-c", slow]).stderr, "")

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
        self.assertRegex(done.stderr, r"^tlswhy: %s: the capture is incomplete: [^\n]*cut short[^\n]*\n$" % path)
        self.assertEqual(done.returncode, 2)

    def test_several_files(self):
        missing = self.world.put(MISSING[0], "missing.pcapng")
        done = self.run_command(self.failed, "absent.pcapng", missing, self.failed)
        self.assertEqual((done.returncode, done.stderr), (2, "tlswhy: absent.pcapng: no such file\n"))
        self.assertRegex(done.stdout, r"(?m)^client-cert-issuer-not-listed: 2 connections to server.test, first at frame 15$")
        self.assertIn("and 1 more like it, from 127.0.0.1 (1)\n", done.stdout)
        again = self.world.put(FAILED, "again.pcapng")
        self.assertIn("and 1 more like it, from 127.0.0.1 (1), in 2 files\n", self.run_command(self.failed, again).stdout)
        self.assertRegex(done.stdout, r"in\s+%s\n" % re.escape(missing))
        self.assertRegex(done.stdout, r"(?m)^3 connections: 3 failed, 0 completed, 0 undecided\n +2 client-cert-issuer-not-listed\n +1 client-cert-missing$")
        self.assertRegex(self.run_command("--all", self.failed, missing).stdout, r"in\s+%s\n" % re.escape(missing))
        objects = [json.loads(line) for line in self.run_command("--json", self.failed, missing).stdout.splitlines()]
        self.assertEqual([one.get("file") for one in objects], [self.failed, missing, None])
        self.assertEqual(objects[2]["summary"]["failed"], 2)

    def test_name_with_blanks_and_dash(self):
        self.world.put(FAILED, "-a b.pcapng")
        done = self.run_command("--", "-a b.pcapng")
        self.assertEqual((done.returncode, done.stderr), (1, ""))

    def test_filter(self):
        """It selects whole connections, from any of their frames: SYN, acknowledgement or record."""
        capture = self.merged(FAILED, MISMATCH)
        streams = self.world.run([self.world.tshark, "-n", "-r", capture, "-T", "fields", "-e", "tcp.stream"]).stdout.split()
        self.assertEqual(set(streams), {"0", "1"})
        for stream in ("0", "1"):
            frames = [number for number, of in enumerate(streams, 1) if of == stream]
            for frame in (frames[0], frames[2], frames[len(frames) // 2], frames[-1]):
                done = self.run_command("--json", "--filter", "frame.number == %d" % frame, capture)
                found = [json.loads(line) for line in done.stdout.splitlines()]
                with self.subTest(frame):
                    self.assertEqual(found[0]["stream"], "tcp.stream eq " + stream)
                    self.assertEqual((len(found), done.returncode, done.stderr), (2, 1, ""))
        for other in ("frame.number == 100000", "udp or icmp"): # neither binds closer than what is added to it
            done = self.run_command("--filter", other, capture)
            self.assertRegex(done.stdout, r"(?m)^0 connections: 0 failed")
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_filter_of_other_carriers(self):
        for name in ("eap", "quic", "dtls"):
            capture = sorted(glob.glob(os.path.join(CAPTURES, "*", name + "-*.pcapng")))[0]
            path = self.world.put(capture, name + ".pcapng")
            with self.subTest(capture):
                self.assertRegex(self.run_command("--filter", "frame.number == 3", path).stdout, r"(?m)^1 connection: 1 failed")
                self.assertRegex(self.run_command("--filter", "icmp", path).stdout, r"(?m)^0 connections: 0 failed")

    def test_invalid_filter(self):
        self.assert_refused(self.run_command("--filter=tls ==", self.failed), 'tlswhy: invalid filter "tls ==": ')

    def test_keys(self):
        keys = self.file("keys.log", b"# none\n")
        self.assertEqual(self.run_command("--keys=" + keys, self.failed).returncode, 1)
        self.assert_refused(self.run_command("--keys", "absent.log", self.failed),
                            "tlswhy: absent.log: cannot read the key log: no such file\n")

    def test_keys_of_other_connections(self):
        with open(self.failed, "rb") as capture:
            key = re.search(rb"CLIENT_RANDOM [0-9a-fA-F]{64} [0-9a-fA-F]+\n", capture.read()).group()
        right = self.file("right.log", b"# comment\n" + key.upper())
        wrong = self.file("wrong.log", b"CLIENT_RANDOM " + b"ab" * 32 + b" " + b"cd" * 48 + b"\n")
        unknown = self.file("unknown.log", b"RSA " + b"ab" * 8 + b" " + b"cd" * 48 + b"\n") # by the premaster secret
        for keys, said in ((right, ""), (unknown, ""), (wrong, "tlswhy: %s: %s: the key log holds no key for this capture\n" % (
                self.failed, wrong))):
            done = self.run_command("--keys", keys, self.failed)
            self.assertEqual((done.returncode, done.stderr), (1, said))

    def test_keys_that_are_none(self):
        for name, content, words in (("notes", b"some text\n", "holds no keys"), ("empty", b"", "holds no keys")):
            keys = self.file(name, content)
            done = self.run_command("--keys", keys, self.failed)
            self.assertEqual((done.returncode, done.stderr), (1, "tlswhy: %s: %s\n" % (keys, words)))
        self.assert_refused(self.run_command("--keys", self.world.home, self.failed),
                            "tlswhy: %s: cannot read the key log: it is a directory\n" % self.world.home)

    def test_options_after_the_file(self):
        done = self.run_command(self.failed, "--json", "--filter", "tcp")
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertEqual(done.stdout, self.run_command("--json", "--filter=tcp", self.failed).stdout)
        self.assert_refused(self.run_command(self.failed, "--frobnicate"), "tlswhy: unknown option: --frobnicate\n")

    def test_compressed_by_others(self):
        with open(self.failed, "rb") as whole:
            content = whole.read()
        expected = self.run_command(self.failed).stdout
        for name, module in (("xz", lzma), ("bzip2", bz2)):
            packed = self.file("failed.pcapng." + name, module.compress(content))
            with self.subTest(name):
                if shutil.which(name):
                    done = self.run_command(packed)
                    self.assertEqual((done.returncode, done.stdout, done.stderr), (1, expected, ""))
                without = self.world.own_folder("without-" + name)
                for program in ("sh", "tshark", "sed", "grep", "od", "tr", "mktemp", "rm", "cat", "awk", "wc"):
                    os.symlink(shutil.which(program), os.path.join(without, program))
                done = self.run_command(packed, env=dict(self.world.environment, PATH=without))
                self.assert_refused(done, "tlswhy: %s: is compressed with %s, which Wireshark does not read: install %s, or unpack it\n"
                                    % (packed, name, name))

    def test_a_signal_ends_tshark_at_once(self):
        for how in (signal.SIGINT, signal.SIGTERM):
            slow = subprocess.Popen(["sh", "-c", "mkfifo tmp/slow-%d; exec 3<>tmp/slow-%d; exec %s tmp/slow-%d" % (how, how, self.command, how)],
                                    cwd=self.world.folder, env=self.world.environment, start_new_session=True, **self.world.identity())
            running = lambda: subprocess.run(["pgrep", "-s", str(slow.pid), "tshark"], capture_output=True).stdout
            until = time.monotonic() + 30
            while not running() and time.monotonic() < until:
                time.sleep(0.1)
            with self.subTest(how):
                self.assertTrue(running())
                slow.send_signal(how)
                self.assertEqual(slow.wait(3), 2)
                self.assertFalse(running())

    def test_names_of_files_cannot_steer_anything(self):
        done = self.run_command("no\x1b[31mthing.pcap")
        self.assertEqual((done.returncode, done.stderr), (2, "tlswhy: no?[31mthing.pcap: no such file\n"))

    def log(self, text):
        return self.run_command("--log", text)

    def test_log(self):
        for text, words in (("SSL alert number 48", "unknown_ca (48)"),
                            ("Re-negotiation handshake failed: Not accepted by client!?", "rejected the client's certificate"),
                            ("javax.net.ssl.SSLHandshakeException: Received fatal alert: bad_certificate", "bad_certificate (42)"),
                            ("event 36887 code 48", "Windows SChannel"), ("ERR_BAD_SSL_CLIENT_AUTH_CERT", "the server sent it")):
            done = self.log(text)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn(words, " ".join(done.stdout.split()))
            self.assertIn("tcpdump", done.stdout)

    def test_log_of_nothing(self):
        for text in ("nothing", "", "$(touch pwned) `touch pwned` '\"; touch pwned", "-", "%s%n\\c"):
            done = self.log(text)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn("No line is of a failed TLS handshake", done.stderr)
        self.assertFalse(os.path.exists(os.path.join(self.world.folder, "pwned")))

    def test_log_is_escaped(self):
        self.assertIn("\\x1b[31m SSL alert number 48", self.log("\x1b[31m SSL alert number 48").stdout)

    def test_a_whole_log(self):
        path = self.file("error.log", (b"2026/11/24 [info] started\n" + b"2026/11/24 SSL_do_handshake() failed (SSL: error:0A000418:SSL routines::"
                                       b"tlsv1 alert unknown ca:SSL alert number 48) while SSL handshaking\n") * 500 + b"\0\xff" * 50000)
        done = self.world.run(["sh", "-c", 'exec "$0" --log - <"$1"', self.command, path])
        self.assertEqual((done.returncode, done.stderr, done.stdout.count("unknown_ca (48)")), (0, "", 1))
        self.assertIn("Lines like it: 500", done.stdout)

    def test_plugin_not_loaded(self):
        done = self.run_command(self.failed, env=dict(self.world.environment, WIRESHARK_PLUGIN_DIR=self.world.home))
        self.assert_refused(done, "does not load the plugin tlswhy.so")
        self.assertIn("another version of Wireshark", done.stderr)

    def test_no_tshark(self):
        done = self.run_command(self.failed, env=dict(self.world.environment, TSHARK="/absent/tshark"))
        self.assert_refused(done, "tlswhy: tshark is not installed")


if __name__ == "__main__":
    unittest.main()
