"""Counting what a run of tshark takes: instructions (callgrind), processor time, memory.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re
import subprocess
import sys
import time

import captures

LOOKS = {"tree": ["-Y", "frame"], "none": []}  # whether stock Wireshark builds a protocol tree

# The seed of Wireshark's hash tables, and with it their collisions: several percent from run to run.
SEED = b"unsigned g_random_int(void) { return 0x9e3779b9; }"


class Counter:
    """tshark with the plugin and without it, in one WORLD."""

    def __init__(self, world):
        self.world = world
        self.folder = world.own_folder("bench")
        self.environment = dict(world.environment)
        self.stock = dict(world.environment, WIRESHARK_PLUGIN_DIR=os.path.join(world.folder, "none"))
        self.fix_seed()

    def capture(self, name, write, *arguments, **options):
        path = os.path.join(self.folder, name + ".pcap")
        if not os.path.exists(path):
            write(path, *arguments, **options)
            os.chmod(path, 0o644)
        return path

    def empty(self):
        """A capture without packets."""
        return self.capture("empty", lambda path: open(path, "wb").write(captures.ETHERNET))

    def run(self, command, plugin):
        """(seconds of processor, seconds on the clock, peak KiB, standard error)"""
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, env=self.environment if plugin else self.stock,
                                   **self.world.identity())
        errors = process.stderr.read().decode(errors="replace")
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit("%s: exit status %d\n%s" % (" ".join(command), process.returncode, errors))
        return usage.ru_utime + usage.ru_stime, time.monotonic() - began, usage.ru_maxrss, errors

    def tshark(self, capture, plugin, *options):
        return self.run([self.world.tshark, "-n", "-r", capture, *options], plugin)

    def fix_seed(self):
        library = os.path.join(self.folder, "seed.so")
        subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", library], input=SEED, check=True)
        os.chmod(library, 0o755)
        self.stock["LD_PRELOAD"] = self.environment["LD_PRELOAD"] = library

    def instructions(self, capture, plugin, look, within=()):
        """Of the whole run, or of what happens within the functions of Wireshark that WITHIN names."""
        command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                   *("--toggle-collect=" + name for name in within), self.world.tshark, "-n", "-r", capture]
        errors = self.run(command + LOOKS[look], plugin)[3]
        return int(re.search(r"Collected : (\d+)", errors).group(1))
