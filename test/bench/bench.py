#!/usr/bin/env python3
"""What the plugin costs: stock tshark and tshark with the plugin, side by side, on the same captures.

usage: bench.py --plugin tlswhy.so [--large MEGABYTES] [--connections N,N,...] [PART...]

Parts (all of them without any):
  instructions   callgrind counts on five small fixed captures, without the start of the program; needs valgrind
  large          wall time and peak memory on a large capture of TLS and other traffic
  linear         time for each connection as their number grows
  memory         memory for each connection, of several kinds
  others         what other programs take for the same captures, and what they say (others.py)

The captures are made by captures.py, the same each time; cc is needed, to fix what Wireshark draws by chance. Where
Wireshark builds a protocol tree anyway (a display filter, colours of packets that are shown) the plugin costs less; in a
plain `tshark -r`, and where Wireshark opens a file, it makes Wireshark build that tree for packets that may matter to a
verdict (plugin/epan/door), which is most of what it costs there; with -DTLSWHY_DOOR=OFF for all packets.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import os
import re
import resource
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "tshark"))
sys.dont_write_bytecode = True

import captures
from counting import LOOKS, Counter
from world import World


def percent(more, base):
    return 100.0 * (more - base) / base


# name: (how captures.py writes it, with what; percent more that are the goal with a tree and without one)
SETS = {
    "bulk TLS": (captures.write, [16], dict(data=300000, healthy=1.0), {"tree": 3, "none": 5}),
    "half of it no TLS": (captures.write, [100], dict(data=20000, healthy=0.98, other=True), {"tree": 4, "none": 6}),
    "20 KB each, 2 % fail": (captures.write, [100], dict(data=20000, healthy=0.98), {"tree": 6, "none": 9}),
    "nearly all fail": (captures.write, [300], {}, {"tree": 80, "none": 100}),
    "ten failures, again and again": (captures.write_copies, [captures.repeated, 300], {}, {"tree": 35, "none": None}),
}


def verdicts_in(bench, capture):
    """(packets, verdicts); the second of two passes shows those as well that came later than the packet they are on."""
    rows = bench.world.run([bench.world.tshark, "-n", "-2", "-r", capture, "-T", "fields", "-e", "tlswhy.cause"]).stdout.splitlines()
    return len(rows), sum(len(row.split(",")) for row in rows if row)


def instructions(bench, _):
    empty = bench.empty()
    start = {(look, plugin): bench.instructions(empty, plugin, look) for look in LOOKS for plugin in (False, True)}
    print("\nInstructions on packets (callgrind, start of the program taken off): in millions, and more for each packet and verdict")
    print("  %-30s %-5s %9s %9s %8s %6s %9s %9s" % ("capture", "tree", "stock", "plugin", "more", "goal", "packet", "verdict"))
    for name, (write, positional, options, goals) in SETS.items():
        capture = bench.capture(re.sub(r"\W", "-", name), write, *positional, **options)
        packets, verdicts = verdicts_in(bench, capture)
        for look in LOOKS:
            counts = [bench.instructions(capture, p, look) - start[look, p] for p in (False, True)]
            more = counts[1] - counts[0]
            print("  %-30s %-5s %9.1f %9.1f %+7.1f%% %6s %9.0f %9s" % (
                name, "yes" if look == "tree" else "no", counts[0] / 1e6, counts[1] / 1e6, percent(counts[1], counts[0]),
                "%d %%" % goals[look] if goals[look] else "", more / packets,
                "%.0f" % (more / verdicts) if verdicts > packets / 50 else ""), flush=True)


def large(bench, arguments):
    count = max(20000, arguments.large * 1000000 // 15500)
    capture = bench.capture("large", captures.write, count, data=6000, healthy=0.98, other=True)
    print("\nA capture of %d MB, %d TLS connections" % (os.path.getsize(capture) // 1000000, count))
    print("  %-12s %10s %10s %10s %10s" % ("", "wall s", "processor", "peak MB", ""))
    for options in LOOKS.values():
        rows = [bench.tshark(capture, plugin, *options) for plugin in (False, True)]
        for row, name in zip(rows, ("stock", "plugin")):
            print("  %-12s %10.1f %10.1f %10.1f   %s" % (name, row[1], row[0], row[2] / 1024, "-Y frame" if options else ""))
        print("  %-12s %+9.1f%% %+9.1f%% %+9.1f%%   goal for memory: 2 %%" % (
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


def taken(bench, capture, options):
    """What stock takes for CAPTURE, in bytes, and what the plugin takes more; the start of the program is taken off."""
    stock, whole = [bench.tshark(capture, plugin, *used)[2] - bench.tshark(bench.empty(), plugin, *used)[2]
                    for plugin, used in ((False, options[:options.index("frame") + 1]), (True, options))]
    return stock * 1024, (whole - stock) * 1024


def print_memory(name, count, cells, note=""):
    """CELLS: what stock takes for COUNT connections, and what the plugin takes more, for each way to read a capture."""
    texts = ["%6.0f (%6.0f)" % (more / count, stock / count) for stock, more in cells]
    print("  %-28s %11d %16s %16s %16s   %s" % (name, count, *texts, note), flush=True)


def memory(bench, arguments):
    most = max(arguments.connections)
    few = most // 10 or 1  # the time that Wireshark takes for fragments of DTLS grows with the square of their number
    kinds = {"only a ClientHello": (captures.hello, most), "twice as many of them": (captures.hello, 2 * most),
             "completed and closed": (captures.finished, most),
             "DTLS": (captures.dtls, few), "DTLS on one pair of ports": (captures.dtls_on_one_pair, few),
             "EAP-TLS over RADIUS": (captures.eap, few)}
    found = {}
    print("\nMemory beyond stock's, in bytes for each connection; in brackets what stock takes")
    print("  %-28s %11s %16s %16s %16s" % ("", "connections", "one pass", "two passes", "with statistics"))
    for name, (packets, count) in kinds.items():
        capture = bench.capture(re.sub(r"\W", "-", name), captures.write_copies, packets, count)
        found[name] = [taken(bench, capture, options)
                       for options in (["-Y", "frame"], ["-2", "-Y", "frame"], ["-Y", "frame", "-z", "tlswhy,tree"])]
        print_memory(name, count, found[name])
    print_memory("the second half of them", most,
                 [(after[0] - before[0], after[1] - before[1]) for before, after
                  in zip(found["only a ClientHello"], found["twice as many of them"])], "the messages of the oldest are gone")


def others(_, arguments):
    print(flush=True)
    subprocess.run([sys.executable, os.path.join(HERE, "others.py"), "--plugin", arguments.plugin, "--every", "10"], check=True)


PARTS = {"instructions": instructions, "large": large, "linear": linear, "memory": memory, "others": others}


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
        bench = Counter(world)
        for part in arguments.parts or PARTS:
            PARTS[part](bench, arguments)


main()
