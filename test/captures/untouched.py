#!/usr/bin/env python3
"""Wireshark's own output is the same with the plugin and without it: the list of packets, and all details.

usage: untouched.py --plugin tlswhy.so [--each NTH] [PATTERN...]

Compares for every capture (or every NTH, or those whose path contains a PATTERN) what a plain tshark prints, and -T pdml
without what the plugin added there. The plugin's note in the column Info is turned off. Two things are meant to differ:
TLS that Wireshark reads only because the plugin hands it over (harvest/handover.c): TLS or QUIC is new in a frame then,
and its stream is left out; and the few lines of the list in which stock Wireshark itself says more when it builds a tree,
as it does for any display filter (SOCKS): there the plugin's are to be those that it prints then.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import difflib
import glob
import os
import sys
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tshark"))
sys.dont_write_bytecode = True

from world import CAPTURES, World

QUIET = ["-o", "tlswhy.info_column:FALSE"]
SHOWN = 6
HANDED_OVER = {"tls", "quic"}


def is_ours(element):
    return (element.get("name") or "").startswith("tlswhy") or any(
        (child.get("name") or "").startswith("tlswhy.expert") for child in element)


def strip(element):
    for child in list(element):
        if is_ours(child):
            element.remove(child)
        else:
            strip(child)
    if not len(element):
        element.text = None  # what stood before the first child


def details(text):
    """{number of frame: (streams, protocols, lines)}"""
    frames = {}
    for packet in ElementTree.fromstring(text).iter("packet"):
        strip(packet)
        ElementTree.indent(packet)
        lines = [line for line in ElementTree.tostring(packet, encoding="unicode").splitlines() if line.strip()]
        streams = {(field.get("name"), field.get("show")) for field in packet.iter("field")
                   if field.get("name") in ("tcp.stream", "udp.stream")}
        frames[len(frames) + 1] = streams, {proto.get("name") for proto in packet.iter("proto")}, lines
    return frames


class Comparison:
    def __init__(self, world):
        self.world = world
        self.stock = dict(world.environment, WIRESHARK_PLUGIN_DIR=os.path.join(world.folder, "none"))

    def both(self, path, *options):
        """What stock prints, and what the plugin makes of it."""
        command = [self.world.tshark, "-n", "-r", path]
        return (self.world.run(command + list(options), env=self.stock).stdout,
                self.world.run(command + QUIET + list(options)).stdout)

    def differences(self, path):
        stock, plugin = (details(text) for text in self.both(path, "-T", "pdml"))
        if set(stock) != set(plugin):
            yield "%d frames, with the plugin %d" % (len(stock), len(plugin))
            return
        streams = set().union(*(plugin[n][0] for n in plugin if (plugin[n][1] - stock[n][1]) & HANDED_OVER))
        handed = {n for n in plugin if plugin[n][0] & streams}
        for number in sorted(set(stock) - handed):
            if stock[number] != plugin[number]:
                yield "frame %d:" % number
                yield from list(difflib.unified_diff(stock[number][2], plugin[number][2], n=0))[2:2 + SHOWN]
        yield from self.differing_lines(path, handed)

    def differing_lines(self, path, handed):
        stock, plugin = (text.splitlines() for text in self.both(path))
        if stock != plugin:
            stock = self.both(path, "-Y", "frame")[0].splitlines()
        for number, (one, other) in enumerate(zip(stock, plugin), 1):
            if one != other and number not in handed:
                yield from ("frame %d in the list:" % number, "-" + one, "+" + other)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1][7:])
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--each", type=int, default=1)
    parser.add_argument("patterns", nargs="*")
    arguments = parser.parse_args()
    paths = sorted(path for path in glob.glob(os.path.join(CAPTURES, "*", "*.pcapng"))
                   if not arguments.patterns or any(pattern in path for pattern in arguments.patterns))[::arguments.each]
    failed = 0
    with World(arguments.plugin) as world:
        comparison = Comparison(world)
        for path in paths:
            differences = list(comparison.differences(world.put(path, "one.pcapng")))
            if differences:
                failed += 1
                print("%s\n    %s" % (os.path.relpath(path, CAPTURES), "\n    ".join(differences[:4 * SHOWN])), flush=True)
    print("%d captures, %d of them shown otherwise with the plugin" % (len(paths), failed))
    return 1 if failed or not paths else 0


sys.exit(main())
