#!/usr/bin/env python3
"""Who may know whom: an #include or a call that goes up, or around the border, is a failure.

usage: layers.py [--root FOLDER] [--objects FOLDER]

The engine's wings stand in WINGS, the uppermost first; a wing may include and call what stands below it. The engine
knows nothing of Wireshark. What include/tlswhy/ declares begins with tw_, what the engine shares inside with tw__.
--objects: the folder of the engine's compiled files (CMakeFiles/tlswhy_engine.dir), for calls and prefixes; their
symbols see what macros hide from a reader of the text.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import glob
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
WINGS = ["capture", "elsewhere", "judge", "rules", "compare", "case", "verdict", "connection", "tls", "x509", "words"]
LIBRARIES = re.compile(r"<(glib|zlib|gnutls/[a-z0-9-]+|brotli/decode|zstd|std\w+|string|ctype|time|limits|inttypes|errno|math|"
                       r"arpa/inet|netinet/in|sys/\w+|winsock2|ws2tcpip)\.h>")
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"][^>"]+[>"])', re.M)
BORDER, PRIVATE = re.compile(r"tw_(?!_)"), re.compile(r"tw__")


def wing_of(path):
    """The wing that a path of the engine ("x509/chain.h") is in; None for others."""
    return next((part for part in path.split("/")[:-1] if part in WINGS), None)


def goes_up(wing, other):
    return WINGS.index(other) < WINGS.index(wing)


def includes(root):
    """Sentences about the #includes of the engine."""
    for path in sorted(glob.glob(os.path.join(root, "plugin", "engine", "**", "*.[ch]"), recursive=True)):
        name = os.path.relpath(path, root)
        wing = wing_of(os.path.relpath(path, os.path.join(root, "plugin", "engine")))
        if wing is None:
            yield "%s: in none of the wings %s" % (name, ", ".join(WINGS))
            continue
        with open(path, encoding="utf-8") as text:
            for included in INCLUDE.findall(text.read()):
                other = wing_of(included.strip('"'))
                if included.startswith("<") and not LIBRARIES.match(included):
                    yield "%s: %s is no header that the engine may know" % (name, included)
                elif included.startswith('"') and other is None and not included.startswith(('"tlswhy/', '"catalogue/')):
                    yield "%s: %s is neither the border's, nor a catalogue, nor a wing's by its folder" % (name, included)
                elif other and goes_up(wing, other):
                    yield "%s: %s goes up, from %s to %s" % (name, included, wing, other)


def border_of_wireshark(root):
    """Wireshark's half sees the engine through include/tlswhy/ alone."""
    plugin = os.path.join(root, "plugin")
    for path in sorted(glob.glob(os.path.join(plugin, "epan", "**", "*.[ch]"), recursive=True)):
        name = os.path.relpath(path, plugin)
        with open(path, encoding="utf-8") as text:
            for included in INCLUDE.findall(text.read()):
                if wing_of(included.strip('"')):
                    yield "plugin/%s: %s is inside the engine" % (name, included)


def symbols(path):
    """(name, section) of what an object defines for others and, with an empty section, of what it asks for."""
    listed = subprocess.run(["nm", "--format=posix", path], capture_output=True, text=True, check=True).stdout
    for line in listed.splitlines():
        name, kind, *_ = line.split()
        if kind == "U":
            yield name, ""
        elif kind.isupper() and kind not in "WV":
            yield name, kind


def compiled(root, objects):
    """[(file as wing/name, [(symbol, section)])]; a build folder may hold what was compiled from files that are gone."""
    places = {"/".join(path.split(os.sep)[-2:]): path
              for path in sorted(glob.glob(os.path.join(objects, "**", "engine", "*", "*.o"), recursive=True))}
    return [(place, list(symbols(path))) for place, path in places.items()
            if os.path.exists(os.path.join(root, "plugin", "engine", place[:-len(".o")]))]


def calls(files):
    """Sentences about who calls whom. What has no prefix is its wing's own."""
    home = {name: place for place, listed in files for name, section in listed if section}
    for place, listed in files:
        for name, section in listed:
            if section or name not in home:
                continue
            wing, other = wing_of(place), wing_of(home[name])
            if goes_up(wing, other):
                yield "%s: %s() is of %s: a call that goes up" % (place, name, home[name])
            elif wing != other and not name.startswith("tw_"):
                yield "%s: %s() is of %s, and has no prefix for use outside" % (place, name, home[name])


def declared(root):
    """The names in include/tlswhy/."""
    names = set()
    for path in glob.glob(os.path.join(root, "include", "tlswhy", "*.h")):
        with open(path, encoding="utf-8") as text:
            names |= set(re.findall(r"\b\w+\b", re.sub(r"/\*.*?\*/", "", text.read(), flags=re.S)))
    return names


def prefixes(root, files):
    """tw_ is the border's, tw__ the engine's."""
    names = declared(root)
    for name in sorted(n for n in names if PRIVATE.match(n)):
        yield "include/tlswhy: %s bears the engine's own prefix" % name
    for place, listed in files:
        for name, section in listed:
            if section and name in names and not BORDER.match(name):
                yield "%s: %s is declared in include/tlswhy, and does not begin with tw_" % (place, name)
            elif section and name not in names and BORDER.match(name):
                yield "%s: %s is not declared in include/tlswhy, and begins with tw_" % (place, name)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", default=ROOT)
    parser.add_argument("--objects")
    arguments = parser.parse_args()
    found = list(includes(arguments.root)) + list(border_of_wireshark(arguments.root))
    if arguments.objects:
        files = compiled(arguments.root, arguments.objects)
        found += list(calls(files)) + list(prefixes(arguments.root, files)) or ([] if files else [arguments.objects + ": no compiled file"])
    print("".join(line + "\n" for line in found), end="")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
