#!/usr/bin/env python3
"""`tlswhy --follow`: a line for each failure when it happens, from a slow writer, a file that grows, and a ring buffer.

usage: follow.py tlswhy.so TLSWHY

SPDX-License-Identifier: GPL-2.0-or-later
"""
import glob
import json
import os
import queue
import signal
import struct
import subprocess
import sys
import threading
import time
import unittest

sys.dont_write_bytecode = True

from world import CAPTURES, WorldTest

PLUGIN, COMMAND = sys.argv.pop(1), sys.argv.pop(1)
FAILED = os.path.join(CAPTURES, "founding-story", "apache-renegotiation.keys.pcapng")
EXPIRED = os.path.join(CAPTURES, "server-cert-expired", "curl-apache-12.pcapng")
VERSION = os.path.join(CAPTURES, "version-no-overlap", "curl-apache-10-12.pcapng")
MISSING = sorted(glob.glob(os.path.join(CAPTURES, "client-cert-missing", "*12.pcapng")))[0]
CAUSE = "client-cert-issuer-not-listed"
AT = 15                         # its frame
LATE = 2                        # seconds after its packet, at most
PATIENCE = 60                   # a test's, on a busy machine
PACKET = 6                      # pcapng: type of an Enhanced Packet Block


def blocks(path):
    """[(type, bytes)] of a little-endian pcapng file"""
    with open(path, "rb") as file:
        content = file.read()
    found, at = [], 0
    while at < len(content):
        kind, size = struct.unpack_from("<II", content, at)
        found.append((kind, content[at:at + size]))
        at += size
    return found


def up_to(path, frame):
    """The file as far as FRAME, and the rest."""
    before, after, packets = b"", b"", 0
    for kind, block in blocks(path):
        if packets < frame:
            before += block
        else:
            after += block
        packets += kind == PACKET
    return before, after


def moved(block, seconds):
    """A packet SECONDS later (resolution: microseconds)."""
    high, low = struct.unpack_from("<II", block, 12)
    stamp = (high << 32 | low) + int(seconds * 1000000)
    return block[:12] + struct.pack("<II", stamp >> 32, stamp & 0xffffffff) + block[20:]


class Follow(WorldTest):
    PLUGIN, COMMAND = PLUGIN, COMMAND

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.failed = cls.world.put(FAILED, "failed.pcapng")

    def start(self, *arguments):
        process = subprocess.Popen([self.command, "--follow", *arguments], cwd=os.path.join(self.world.folder, "tmp"), env=self.world.environment,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
                                   **self.world.identity())
        lines = queue.Queue()
        reader = threading.Thread(target=lambda: [lines.put(line.decode().rstrip("\n")) for line in process.stdout])
        reader.start()
        self.addCleanup(self.stop, process, reader)
        return process, lines

    def stop(self, process, reader):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        reader.join()
        for stream in process.stdin, process.stdout, process.stderr:
            stream.close()

    def write(self, process, content):
        process.stdin.write(content)
        process.stdin.flush()

    def rest(self, process, lines):
        """After the end of the input."""
        process.stdin.close()
        status = process.wait(PATIENCE)
        time.sleep(0.2)
        return status, [lines.get() for _ in range(lines.qsize())]

    def warm_up(self, process, content):
        """tshark's own start takes long where others are busy: what counts begins when it reads."""
        self.write(process, content)
        time.sleep(4)

    def test_a_line_within_two_seconds_of_its_packet(self):
        process, lines = self.start("-")
        before, after = up_to(self.failed, AT - 1)
        self.warm_up(process, before)
        self.assertEqual(lines.qsize(), 0)
        self.write(process, after)
        began = time.monotonic()
        line = lines.get(timeout=PATIENCE)
        self.assertLess(time.monotonic() - began, LATE)
        self.assertRegex(line, r"^2026-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z 127\.0\.0\.1:\d+ -> server\.test \(127\.0\.0\.1:443\): %s, likely: Server rejected" % CAUSE)
        self.assertIsNone(process.poll())
        status, rest = self.rest(process, lines)
        self.assertEqual((status, rest), (1, ["1 connection: 1 failed, 0 completed, 0 undecided", "     1 " + CAUSE]))

    def silent(self):
        """A ClientHello, and then its acknowledgement, 1 and 10 seconds later."""
        fifth = [block for kind, block in blocks(self.failed) if kind == PACKET][4]
        return up_to(self.failed, 4)[0], [moved(fifth, seconds) for seconds in (1, 10)]

    def test_silence_counts_by_the_captures_clock(self):
        process, lines = self.start("-", "--json")
        hello, later = self.silent()
        self.warm_up(process, hello + later[0])
        self.assertEqual([lines.get() for _ in range(lines.qsize())], [])
        self.write(process, later[1])
        told = json.loads(lines.get(timeout=PATIENCE))
        self.assertIn(told["failures"][0]["cause"], ("no-answer-to-client-hello", "stalled-in-handshake"))
        self.assertNotIn("revised", told)
        self.write(process, up_to(self.failed, 4)[1])  # it goes on after all, and fails later
        revised = json.loads(lines.get(timeout=PATIENCE))
        self.assertEqual((revised["revised"], revised["failures"][0]["cause"]), (True, CAUSE))

    def test_json(self):
        process, lines = self.start("--json", "-")
        with open(self.failed, "rb") as whole:
            self.write(process, whole.read())
        status, rest = self.rest(process, lines)
        objects = [json.loads(line) for line in rest]
        self.assertEqual(status, 1)
        self.assertEqual(objects[0]["failures"][0]["cause"], CAUSE)
        self.assertEqual(objects[1]["summary"]["failed"], 1)

    def test_a_file_that_grows_until_interrupted(self):
        before, after = up_to(self.failed, AT - 1)
        path = os.path.join(self.world.folder, "tmp", "grows.pcapng")
        with open(path, "wb") as out:
            out.write(before)
            os.chmod(path, 0o644)
            process, lines = self.start("grows.pcapng")
            time.sleep(4)
            out.write(after)
            out.flush()
            self.assertIn(CAUSE, lines.get(timeout=PATIENCE))
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(PATIENCE), 1)
        self.assertEqual(lines.get(timeout=PATIENCE), "1 connection: 1 failed, 0 completed, 0 undecided")

    def test_the_files_of_a_ring_buffer(self):
        """One after the other, as they come; dumpcap writes pcapng or pcap."""
        for kind in ("pcapng", "pcap"):
            parts = []
            for number, capture in enumerate((VERSION, EXPIRED, MISSING), 1):
                parts.append(os.path.join(self.world.folder, "tmp", "part_%d.%s" % (number, kind)))
                source = self.world.put(capture, "source.pcapng")
                self.assertEqual(self.world.run(["sh", "-c", 'exec tshark -r "$0" -F "$1" -w - >"$2"', source, kind, parts[-1]]).returncode, 0)
            ring = [os.path.join(self.world.folder, "tmp", "ring_%05d.%s" % (number, kind)) for number in (1, 2, 3)]
            os.rename(parts[0], ring[0])
            os.rename(parts[1], ring[1])
            process, lines = self.start("ring_*." + kind)
            with self.subTest(kind):
                self.assertIn("version-no-overlap", lines.get(timeout=PATIENCE))
                self.assertIn("server-cert-expired", lines.get(timeout=PATIENCE))
                os.rename(parts[2], ring[2])            # the next one comes while it follows
                self.assertIn("client-cert-missing", lines.get(timeout=PATIENCE))
                process.send_signal(signal.SIGINT)
                self.assertEqual(process.wait(PATIENCE), 1)
                self.assertIn("3 failed", lines.get(timeout=PATIENCE))

    def test_wrong_usage(self):
        for arguments, words in ((["a", "b"], "takes one capture"), (["absent.pcapng"], "no such file"), (["-i", "lo", "a"], "an interface or a capture")):
            done = self.world.run([self.command, "--follow", *arguments])
            self.assertEqual(done.returncode, 2)
            self.assertIn(words, done.stderr)


if __name__ == "__main__":
    unittest.main()
