#!/usr/bin/env python3
"""What stands in the tree can be filtered for: "Prepare as Filter" on any item of a verdict finds its frame again.

usage: filters.py tlswhy.so

Every value that a field of tlswhy has in the captures is written as the filter that Wireshark makes of it, and must
find the frame it came from.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import glob
import json
import os
import re
import sys

sys.dont_write_bytecode = True

import doors
from world import CAPTURES, World

NUMBERS = ("FT_UINT8", "FT_FRAMENUM", "FT_BOOLEAN", "FT_RELATIVE_TIME")
STEP = 4  # every fourth folder of captures ...
ALWAYS = ["founding-story/apache-renegotiation.keys.pcapng",
          "healthy/curl-apache-13-expired-accepted.keys.pcapng",
          "record-corrupt/ossl-ossl-12-server.keys.pcapng",
          "session-aborted/ossl-gnutls-13-established.keys.pcapng"]  # ... and these are enough for every field ...
OF_TWO_CAPTURES = {"tlswhy.origin", "tlswhy.evidence.capture"}       # ... but for those of --with (pairs/run.py)


def fields(world):
    """{name: type} of the registered fields, the expert infos left out: they have no value."""
    rows = (line.split("\t") for line in world.run([world.tshark, "-G", "fields"]).stdout.splitlines())
    return {row[2]: row[3] for row in rows if row[0] == "F" and row[2].startswith("tlswhy.") and
            not row[2].startswith("tlswhy.expert.")}


def written(kind, value):
    """VALUE as Wireshark writes it into a filter."""
    if kind in NUMBERS:
        return value
    return '"%s"' % value.replace("\\", "\\\\").replace('"', '\\"')


def values(layers, name):
    found = []
    for key, value in layers:
        if key == name and isinstance(value, str):
            found.append(value)
        elif isinstance(value, list) and value and isinstance(value[0], tuple):
            found += values(value, name)
    return found


def items(world, capture):
    """(frame, layers) of each frame with a verdict or a notice."""
    text = doors.tshark(world, capture, "-2", "-Y", "tlswhy", "-T", "json", "-J", "frame tlswhy")
    for packet in json.JSONDecoder(object_pairs_hook=doors.Pairs).decode(text):
        layers = packet.one("_source").one("layers")
        yield layers.one("frame").one("frame.number"), layers


def found_by(world, capture, expression):
    """The frames that EXPRESSION leaves."""
    return doors.tshark(world, capture, "-2", "-Y", expression, "-T", "fields", "-e", "frame.number").split()


def check(world, capture, kinds, seen):
    """Differences of one capture: all filters of each frame at once, and one by one only where that fails."""
    made = {}
    for frame, layers in items(world, capture):
        made[frame] = ["%s == %s" % (name, written(kind, value)) for name, kind in kinds.items()
                       for value in values(layers, name)]
        seen.update(one.split()[0] for one in made[frame])
    if not made:
        return []
    every = " || ".join("(frame.number == %s && %s)" % (frame, " && ".join(["tlswhy"] + made[frame])) for frame in made)
    lost = set(made) - set(found_by(world, capture, every))
    return ["%s frame %s is not found by: %s" % (os.path.basename(capture), frame, one) for frame in sorted(lost)
            for one in made[frame] if frame not in found_by(world, capture, one)]


def main():
    problems, seen = [], set()
    with World(sys.argv[1]) as world:
        kinds = fields(world)
        folders = sorted(set(map(os.path.dirname, glob.glob(os.path.join(CAPTURES, "*", "*.pcap*")))))
        paths = [sorted(glob.glob(os.path.join(folder, "*.pcap*")))[0] for folder in folders[::STEP]]
        for number, path in enumerate(paths + [os.path.join(CAPTURES, name) for name in ALWAYS]):
            capture = world.put(path, "capture-%d%s" % (number, os.path.splitext(path)[1]))
            problems += check(world, capture, kinds, seen)
    problems += ["no capture has a %s, so it was not tried" % name for name in sorted(set(kinds) - seen - OF_TWO_CAPTURES)]
    print("\n".join(problems) or "%d fields filter back to their frames" % len(seen))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
