#!/usr/bin/env python3
"""What the plugin costs: stock tshark and tshark with the plugin, side by side, on the same captures.

usage: bench.py --plugin tlswhy.so [--large MEGABYTES] [--connections N,N,...] [PART...]

Parts (all of them without any):
  instructions   callgrind counts on small fixed captures, without the start of the program; needs valgrind
  large          wall time and peak memory on a large capture of TLS and other traffic
  linear         time for each connection as their number grows
  memory         memory for each connection, of several kinds

The captures are made by captures.py, the same each time; cc is needed, to fix what Wireshark draws by chance. Where
Wireshark builds a protocol tree anyway (a display filter, the GUI) the plugin costs less; in a plain `tshark -r` it
makes Wireshark build that tree, which is most of what it costs there: the column "-Y frame" of stock tshark shows how
much.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import os
import re
import resource
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "tshark"))
sys.dont_write_bytecode = True

import captures
from world import World

LOOKS = {"tree": ["-Y", "frame"], "plain": []}
LIMITS = {"tree": 3.0, "plain": 12.0}

# The seed of Wireshark's hash tables, and with it their collisions: several percent from run to run.
SEED = b"unsigned g_random_int(void) { return 0x9e3779b9; }"


class Bench:
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
        """(seconds of processor, peak KiB, standard error)"""
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

    def instructions(self, capture, plugin, look):
        command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", self.world.tshark, "-n", "-r", capture]
        errors = self.run(command + LOOKS[look], plugin)[3]
        return int(re.search(r"Collected : (\d+)", errors).group(1))


def percent(more, base):
    return 100.0 * (more - base) / base


def instructions(bench, _):
    empty = bench.empty()
    sets = {"TLS with data, 2 % fail": dict(count=300, data=20000, healthy=0.98),
            "mixed with other traffic": dict(count=150, data=20000, healthy=0.98, other=True),
            "handshakes only, 3 in 4 fail": dict(count=300)}
    print("\nInstructions on packets, in millions (callgrind, start of the program taken off)")
    print("  %-30s %-6s %9s %9s %8s %8s" % ("capture", "tree", "stock", "plugin", "more", "goal"))
    for name, options in sets.items():
        capture = bench.capture(re.sub(r"\W", "-", name), captures.write, **options)
        for look in LOOKS:
            counts = [bench.instructions(capture, p, look) - bench.instructions(empty, p, look) for p in (False, True)]
            goal = "" if "only" in name else "%.0f %%" % LIMITS[look]
            print("  %-30s %-6s %9.1f %9.1f %+7.1f%% %8s" % (
                name, "built" if look == "tree" else "no", counts[0] / 1e6, counts[1] / 1e6,
                percent(counts[1], counts[0]), goal), flush=True)


def large(bench, arguments):
    count = max(20000, arguments.large * 1000000 // 15500)
    capture = bench.capture("large", captures.write, count, data=6000, healthy=0.98, other=True)
    print("\nA capture of %d MB, %d TLS connections" % (os.path.getsize(capture) // 1000000, count))
    print("  %-12s %10s %10s %10s %10s" % ("", "wall s", "processor", "peak MB", ""))
    for look, options in LOOKS.items():
        rows = [bench.tshark(capture, plugin, *options) for plugin in (False, True)]
        for row, name in zip(rows, ("stock", "plugin")):
            print("  %-12s %10.1f %10.1f %10.1f   %s" % (name, row[1], row[0], row[2] / 1024, "-Y frame" if options else ""))
        print("  %-12s %+9.1f%% %+9.1f%% %+9.1f%%   goal for memory: 5 %%" % (
            "more", percent(rows[1][1], rows[0][1]), percent(rows[1][0], rows[0][0]), percent(rows[1][2], rows[0][2])),
            flush=True)


def linear(bench, arguments):
    empty = bench.empty()
    start = [bench.tshark(empty, plugin, "-Y", "frame")[0] for plugin in (False, True)]
    print("\nProcessor time for each connection, in ms (one in ten fails; start of the program taken off)")
    print("  %11s %10s %10s" % ("connections", "stock", "plugin"))
    for count in arguments.connections:
        capture = bench.capture("linear-%d" % count, captures.write, count, healthy=0.9)
        times = [bench.tshark(capture, plugin, "-Y", "frame")[0] - start[plugin] for plugin in (False, True)]
        print("  %11d %10.3f %10.3f" % (count, times[0] * 1000 / count, times[1] * 1000 / count), flush=True)


def memory(bench, arguments):
    count = max(arguments.connections)
    kinds = {"only a ClientHello": captures.hello, "completed and closed": captures.finished, "DTLS": captures.dtls,
             "DTLS on one pair of ports": captures.dtls_on_one_pair, "EAP-TLS over RADIUS": captures.eap}
    print("\nMemory beyond stock's, in bytes for each of %d connections; in brackets what stock takes" % count)
    print("  %-28s %16s %16s %16s" % ("", "one pass", "two passes", "with statistics"))
    for name, packets in kinds.items():
        capture = bench.capture(re.sub(r"\W", "-", name), captures.write_copies, packets, count)
        cells = []
        for options in (["-Y", "frame"], ["-2", "-Y", "frame"], ["-Y", "frame", "-z", "tlswhy,tree"]):
            stock, whole = [bench.tshark(capture, plugin, *used)[2] - bench.tshark(bench.empty(), plugin, *used)[2]
                            for plugin, used in ((False, options[:options.index("frame") + 1]), (True, options))]
            cells.append("%6.0f (%6.0f)" % ((whole - stock) * 1024 / count, stock * 1024 / count))
        print("  %-28s %16s %16s %16s" % (name, *cells), flush=True)


PARTS = {"instructions": instructions, "large": large, "linear": linear, "memory": memory}


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1][7:])
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--large", type=int, default=310, metavar="MEGABYTES")
    parser.add_argument("--connections", type=lambda text: [int(n) for n in text.split(",")],
                        default=[1000, 10000, 100000], metavar="N,N,...")
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS])
    arguments = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with World(arguments.plugin) as world:
        bench = Bench(world)
        for part in arguments.parts or PARTS:
            PARTS[part](bench, arguments)


main()
