#!/usr/bin/env python3
"""Verdicts while the capture still runs: tshark on loopback, and the command at the end of a pipe.

usage: live.py tlswhy.so TLSWHY

Real handshakes in a network of our own, one that completes and one that fails. The verdict on the second must be there
before the capture ends, and none on the first. Where nothing can be captured (neither root nor user namespaces, or a
dumpcap that is for others) the status is 77.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lab"))
sys.dont_write_bytecode = True

from capture import listening, wait_for
from world import NOBODY, WorldTest

CANNOT = 77
PORT = 443
CAUSE = "server-cert-self-signed"
INSIDE = "--inside"             # this process is in a network of its own
CAPABILITIES = "+net_raw,+net_admin"
# A user who may capture; for root, tshark would not load the plugin.
CAPTURER = ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups", "--inh-caps", CAPABILITIES,
            "--ambient-caps", CAPABILITIES] if os.getuid() == 0 else []
NEEDS = ("openssl", "dumpcap", "ip", "unshare", "setpriv")
SECONDS = 30


def own_network(arguments):
    """Runs this program again in an empty network, as the same user."""
    user = [] if os.getuid() == 0 else ["--user", "--map-user=%d" % os.getuid(), "--keep-caps"]
    return subprocess.run(["unshare", *user, "--net", sys.executable, os.path.abspath(__file__), INSIDE, *arguments]).returncode


def has_packet_socket():
    with open("/proc/net/packet") as table:
        return len(table.readlines()) > 1  # the first line names the columns


class Running:
    """A program of the world, whose lines can be waited for; use with "with"."""

    def __init__(self, world, command, privileged=True, **options):
        self.process = subprocess.Popen([*(CAPTURER if privileged else []), *command], cwd=world.folder, env=world.environment,
                                        encoding="utf-8", errors="replace", start_new_session=True, **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
                                        **({} if privileged else world.identity()))
        self.lines, self.errors = queue.Queue(), []
        self.readers = [threading.Thread(target=self.read, args=(stream, put)) for stream, put in
                        ((self.process.stdout, self.lines.put), (self.process.stderr, self.errors.append))
                        if stream]
        for reader in self.readers:
            reader.start()

    def read(self, stream, put):
        for line in stream:
            put(line.rstrip("\n"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)  # its children, too, hold its pipes open
        except ProcessLookupError:
            pass
        self.end()

    def said(self):
        return "\n".join(self.errors)

    def end(self, how=None):
        """Gives its exit status, after the signal HOW."""
        if how:
            self.process.send_signal(how)
        status = self.process.wait(SECONDS)
        for reader in self.readers:
            reader.join()
        for stream in filter(None, (self.process.stdout, self.process.stderr)):
            stream.close()
        return status

    def rest(self):
        """The lines that nobody waited for."""
        return [self.lines.get() for _ in range(self.lines.qsize())]

    def wait_until_capturing(self):
        """What tshark says of it differs between versions; the socket is there in all of them, and works a moment later."""
        wait_for("the capture to begin", lambda: has_packet_socket() or self.process.poll() is not None, SECONDS)
        if self.process.poll() is not None:
            raise unittest.SkipTest("capturing is not permitted here: " + self.said())
        time.sleep(0.3)


class Live(WorldTest):
    PLUGIN = COMMAND = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.command = cls.world.put(cls.COMMAND, "tlswhy")
        cls.folder = cls.world.own_folder("server")
        cls.certificate, cls.key = (os.path.join(cls.folder, name) for name in ("certificate.pem", "key.pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=server.test", "-days", "2", "-addext",
                        "subjectAltName=DNS:server.test", "-keyout", cls.key, "-out", cls.certificate], check=True, capture_output=True)
        cls.server = subprocess.Popen(["openssl", "s_server", "-accept", str(PORT), "-cert", cls.certificate, "-key", cls.key, "-quiet"],
                                      stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        cls.addClassCleanup(cls.server.wait)
        cls.addClassCleanup(cls.server.kill)
        wait_for("s_server to listen", lambda: listening(PORT))

    def connect(self, *options):
        """An s_client's exit status."""
        return subprocess.run(["openssl", "s_client", "-connect", "127.0.0.1:%d" % PORT, "-servername", "server.test", "-tls1_2",
                               "-verify_return_error", *options], input="Q\n", text=True, capture_output=True, timeout=SECONDS).returncode

    def succeed(self):
        self.assertEqual(self.connect("-CAfile", self.certificate), 0)

    def fail_to_connect(self):
        self.assertNotEqual(self.connect("-no-CAfile"), 0)

    def tshark(self, *options, **more):
        return Running(self.world, [self.world.tshark, "-n", "-i", "lo", "-f", "tcp port %d" % PORT, *options], **more)

    def test_verdict_comes_before_the_capture_ends(self):
        with self.tshark("-l", "-Y", "tlswhy.cause", "-T", "fields", "-e", "tlswhy.cause", "-e", "tlswhy.confidence") as tshark:
            tshark.wait_until_capturing()
            self.succeed()
            self.fail_to_connect()
            line = tshark.lines.get(timeout=SECONDS)
            self.assertIsNone(tshark.process.poll(), "the capture had ended: " + tshark.said())
            self.succeed()
            tshark.end(signal.SIGINT)
            self.assertEqual([line, *tshark.rest()], [CAUSE + "\tlikely"], tshark.said())

    def test_report_at_the_end_of_a_live_capture(self):
        with self.tshark("-q", "-z", "tlswhy,report") as tshark:
            tshark.wait_until_capturing()
            self.succeed()
            self.fail_to_connect()
            time.sleep(1)                                              # the kernel hands packets over in blocks
            tshark.end(signal.SIGINT)
            self.assertIn("2 connections: 1 failed, 1 completed, 0 undecided", tshark.rest(), tshark.said())

    def tcpdump(self, **more):
        return Running(self.world, ["tcpdump", "-i", "lo", "-w", "-", "tcp port %d" % PORT], **more)

    def pipe(self, capturer, *options):
        """What the command says of a capture that comes through a pipe while CAPTURER makes it."""
        reading, writing = os.pipe()
        with capturer(*options, stdout=writing) as capture:
            os.close(writing)
            with Running(self.world, [self.command, "-"], privileged=False, stdin=reading) as command:
                os.close(reading)
                capture.wait_until_capturing()
                self.succeed()
                self.fail_to_connect()
                time.sleep(1)
                self.assertIsNone(command.process.poll(), "the command did not wait: " + command.said())
                capture.end(signal.SIGINT)
                status = command.end()
                return status, command.rest(), command.said()

    def check_pipe(self, capturer, *options):
        status, lines, errors = self.pipe(capturer, *options)
        self.assertIn("2 connections: 1 failed, 1 completed, 0 undecided", lines, errors)
        self.assertEqual((status, errors), (1, ""))

    def test_pipe(self):
        for form in ("pcapng", "pcap"):
            with self.subTest(form=form):
                self.check_pipe(self.tshark, "-w", "-", "-F", form)

    @unittest.skipUnless(shutil.which("tcpdump"), "not installed: tcpdump")
    def test_pipe_of_tcpdump(self):
        self.check_pipe(self.tcpdump)


def main():
    absent = [program for program in NEEDS if not shutil.which(program)]
    if absent:
        print("not installed: " + ", ".join(absent))
        return CANNOT
    if sys.argv[1] != INSIDE:
        if subprocess.run(["unshare", *([] if os.getuid() == 0 else ["--user"]), "--net", "true"], capture_output=True).returncode:
            print("no network of its own for this test: neither root nor user namespaces")
            return CANNOT
        return own_network(sys.argv[1:])
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    Live.PLUGIN, Live.COMMAND = sys.argv[2:4]
    result = unittest.main(argv=sys.argv[:1] + sys.argv[4:], exit=False, warnings="ignore").result
    for test, why in result.skipped:
        print("%s: skipped: %s" % (test, why))
    return 1 if not result.wasSuccessful() else CANNOT if result.skipped else 0


if __name__ == "__main__":
    sys.exit(main())
