#!/usr/bin/env python3
"""A guard of what the plugin costs: instructions on one small capture, against the figure in test/bench/figures.

usage: guard.py [--update] PLUGIN.so BUILD-TYPE

What is counted is what the plugin adds to dissection; reading the file and the start of the program are left out. The
same programs take the same number of instructions, whatever else the machine does; other releases of Wireshark, GLib,
GnuTLS, libc and the compiler take others, so each line of the file names them, and where no line does, there is nothing
to compare with. More than SLACK above the figure is a failure. A commit that raises a figure (--update) says why; one
that lowers it should take the figure along.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import platform
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "tshark"))
sys.dont_write_bytecode = True

import captures
from counting import Counter
from world import World

FIGURES = os.path.join(HERE, "figures")
SLACK = 0.02
CANNOT_RUN = 77
DISSECTION = ["prime_epan_dissect_with_postdissector_wanted_hfids", "epan_dissect_run_with_taps", "epan_dissect_reset"]
# Captures that come later change nothing here.
CONNECTIONS = ["healthy/" + name for name in (
    "curl-apache-12", "curl-apache-13", "curl-apache-12-mutual", "curl-haproxy-12", "gnutls-gnutls-12", "gnutls-ossl-13",
    "go-ossl-12", "go-ossl-13", "java-java-12", "java-java-13", "nss-ossl-12", "ossl-ossl-12", "ossl-ossl-13", "java-ossl-12-mutual",
    "ossl-ossl-12-resumed", "python-python-12-probe-notify", "rustls-ossl-13", "ossl-ossl-12-smtp")]
CONNECTIONS += ["server-cert-expired/curl-apache-12", "alpn-no-overlap/ossl-java-12"]


def found(pattern, text):
    match = re.search(pattern, text)
    return match.group(1) if match else "unknown"


def processor():
    """What valgrind offers to libc, which has other functions for other processors."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as info:
            return "avx2" if re.search(r"\bavx2\b", info.read()) else "plain"
    except OSError:
        return "unknown"


def key(world, plugin, build):
    """What the figure depends on, without spaces."""
    version = " ".join(world.run([world.tshark, "--version"]).stdout.split())
    running = version[version.find("Running on"):]
    comment = subprocess.run(["readelf", "-p", ".comment", plugin], capture_output=True, text=True, check=True).stdout
    return "wireshark-%s,glib-%s,gnutls-%s,libc-%s,gcc-%s,%s,%s-%s" % (
        found(r"(\d+\.\d+\.\d+)", version), found(r"GLib ([\d.]+\d)", running), found(r"GnuTLS ([\d.]+\d)", running),
        platform.libc_ver()[1], found(r"GCC: .* ([\d.]+)\n", comment), build, platform.machine(), processor())


def figures():
    with open(FIGURES, encoding="utf-8") as lines:
        return dict(line.split() for line in lines if line.strip() and not line.startswith("#"))


def update(name, count):
    with open(FIGURES, encoding="utf-8") as lines:
        kept = [line for line in lines if not line.startswith(name + " ")]
    with open(FIGURES, "w", encoding="utf-8") as out:
        out.writelines(kept + ["%s %d\n" % (name, count)])


def count_of(counter):
    capture = counter.capture("guarded", captures.write, len(CONNECTIONS), data=6000, names=CONNECTIONS)
    with_plugin, stock = [counter.instructions(capture, plugin, "tree", DISSECTION) for plugin in (True, False)]
    return with_plugin - stock


def main():
    updates, (plugin, build) = "--update" in sys.argv, sys.argv[-2:]
    missing = [program for program in ("valgrind", "cc", "readelf") if not shutil.which(program)]
    if missing:
        print("cannot run: %s is not installed" % ", ".join(missing))
        return CANNOT_RUN
    with World(plugin) as world:
        name = key(world, plugin, build)
        figure = int(figures().get(name, 0))
        if not figure and not updates:
            print("cannot run: test/bench/figures has no line for %s" % name)
            return CANNOT_RUN
        count = count_of(Counter(world))
    if updates:
        update(name, count)
    print("%s: %d instructions; the figure is %d (%+.1f %%)" % (name, count, figure or count, 100 * (count / (figure or count) - 1)))
    if not updates and count > figure * (1 + SLACK):
        print("That is more than %d %% above it. If there is a reason: guard.py --update, and say it in the commit." % (SLACK * 100))
        return 1
    if count < figure * (1 - SLACK):
        print("The figure may be lowered: guard.py --update")
    return 0


sys.exit(main())
