#!/usr/bin/env python3
"""`tlswhy --follow` for a long time: what it needs for many connections, beside a tshark without the plugin.

usage: soak.py tlswhy.so [--connections N]

Copies of a handshake that completed, one of DTLS in each DATAGRAMS_EACH, and of one that failed, in each FAILED_EACH, follow
each other 10 ms apart through a pipe; nothing is written to disk. Each has numbers and randoms of its own: what a capture has
twice, the plugin holds against each other, for which it keeps more (TW_TWICE_BYTES).

What the plugin adds to stock tshark's memory must not grow with their number: connections that are decided and over are
forgotten but for the last ones (TW_SPENT_MAX), and what is kept of those that failed is stated. 200,000 connections take about
20 minutes on an idle core; a test on demand.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import os
import struct
import subprocess
import sys
import threading

sys.path.insert(1, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bench"))
sys.dont_write_bytecode = True

import captures
from world import World

COMPLETED = "healthy/curl-apache-13"
FAILED = "server-cert-expired/curl-apache-12"
FAILED_EACH = 1000
DATAGRAMS_EACH = 20
SPACING = 10000                 # microseconds from one connection to the next
SPENT_MAX = 8192                # TW_SPENT_MAX of include/tlswhy/capture.h
EACH = 1024                     # bytes that a connection may take, at most, as long as it is remembered
FAILURE = 16384                 # and one that failed


def write(out, connections):
    completed, failed = captures.named([COMPLETED, FAILED])
    out.write(captures.ETHERNET)
    for number in range(connections):
        begin = captures.BEGIN + number * SPACING
        if number % FAILED_EACH == FAILED_EACH - 1:
            packets = failed.copy(number, begin, number)
        elif number % DATAGRAMS_EACH == 0:
            packets = captures.dtls(number, begin)
        else:
            packets = completed.copy(number, begin, number)
        for when, frame, size in packets:
            out.write(struct.pack("<IIII", when // 1000000, when % 1000000, len(frame), size) + frame)
    out.close()


def run(world, connections, *arguments):
    """Bytes that tshark needed at most, and the last lines of its output."""
    read, write_end = os.pipe()
    writer = threading.Thread(target=write, args=(os.fdopen(write_end, "wb"), connections))
    process = subprocess.Popen([world.tshark, "-q", "-n", "-r", "-", *arguments], stdin=read, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True, env=world.environment, cwd=world.folder, **world.identity())
    os.close(read)
    writer.start()
    output = process.stdout.read()
    _, _, usage = os.wait4(process.pid, 0)
    writer.join()
    return usage.ru_maxrss * 1024, output.splitlines()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("plugin")
    parser.add_argument("--connections", type=int, default=200000)
    options = parser.parse_args()
    n, failed = options.connections, options.connections // FAILED_EACH
    with World(options.plugin) as world:
        mine, output = run(world, n, "-l", "-z", "tlswhy,follow")
        world.environment["WIRESHARK_PLUGIN_DIR"] = os.path.join(world.folder, "none")
        stock, _ = run(world, n, "-z", "io,stat,0")
    total = "%d connections: %d failed, %d completed, 0 undecided" % (n, failed, n - failed)
    bound = 2 * SPENT_MAX * EACH + failed * FAILURE + (8 << 20)
    print("%d connections: stock tshark needs %.0f MiB, the plugin adds %.1f MiB, at most %.1f are allowed" % (
        n, stock / (1 << 20), (mine - stock) / (1 << 20), bound / (1 << 20)))
    if total not in output:
        sys.exit("the counts are not %r, but:\n%s" % (total, "\n".join(output[-4:])))
    lines = sum(" server-cert-expired, " in line for line in output)
    if lines != failed:
        sys.exit("%d lines of failures, not %d" % (lines, failed))
    if mine - stock > bound:
        sys.exit("memory grows with the number of connections")


if __name__ == "__main__":
    main()
