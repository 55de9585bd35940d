"""Records what passes on loopback while two programs talk, in a network of our own if we may have one.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import ctypes
import os
import re
import signal
import subprocess
import time

CLONE_NEWNET = 0x40000000
QUIET_PORT = 44330              # where the host's own loopback has to be used


def own_network():
    """Moves this process and its children into an empty network; returns the port that servers are to use."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        print("no network namespace (%s): using the host's loopback, port %d" % (os.strerror(ctypes.get_errno()), QUIET_PORT))
        return QUIET_PORT
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    return 443


def wait_for(what, done, timeout=5.0, every=0.02):
    """Waits until done() holds."""
    end = time.monotonic() + timeout
    while not done():
        if time.monotonic() > end:
            raise TimeoutError("timed out: " + what)
        time.sleep(every)


def listening(port):
    """Whether a program listens on PORT (TCP) or has it (UDP) in our network; without connecting, so that nothing is recorded."""
    want = ":%04X" % port
    for table, state in (("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07")):
        for line in open("/proc/self/net/" + table).read().splitlines()[1:]:
            word = line.split()
            if word[1].endswith(want) and word[3] == state:
                return True
    return False


class Capture:
    """dumpcap on LINK; use with "with". Afterwards .path is a plain pcap file."""

    def __init__(self, path, what, link="lo"):
        self.path, self.filter, self.link = path, what, link

    def command(self):
        return ["dumpcap", "-q", "-P", "-i", self.link, "-s", "0", "-f", self.filter, "-w", self.path]

    def __enter__(self):
        self.log = open(self.path + ".log", "w+")
        self.process = subprocess.Popen(self.command(), stdout=subprocess.DEVNULL, stderr=self.log)
        try:
            wait_for("dumpcap to start", lambda: re.search(r"^File: ", open(self.log.name).read(), re.M))
            time.sleep(0.1)
        except BaseException:
            self.process.kill()
            raise
        return self

    def __exit__(self, *error):
        self.stop()

    def stop(self):
        if self.process.poll() is None:
            time.sleep(0.4)                                            # the kernel hands packets over in blocks
            self.process.send_signal(signal.SIGINT)
            self.process.wait(10)
            self.log.close()


def write_pcapng(pcap, out, secrets=None):
    """PCAP as pcapng, which holds nothing about this machine; SECRETS: a key log to put inside."""
    inject = ["--inject-secrets", "tls," + secrets] if secrets else []
    run = subprocess.run(["editcap", "-F", "pcapng", *inject, pcap, out + ".new"], capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError("editcap: " + run.stderr.strip())
    os.replace(out + ".new", out)
