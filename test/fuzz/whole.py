#!/usr/bin/env python3
"""Damaged captures through the whole program: tshark with a plugin that was built with the sanitizers.

usage: whole.py --plugin tlswhy.so [--seconds N] [--seed N] [--keep FOLDER] [PATTERN...]

Each round takes a capture and damages it in one way: random bytes (editcap -E), cut short at some byte, a field of a
handshake message changed, or packets of randpkt. A report of a sanitizer, a critical warning, a dissector bug or a run
of more than two minutes is a find; the capture is kept in FOLDER. The plugin: cmake -DCMAKE_C_FLAGS="-fsanitize=address,
undefined -fno-omit-frame-pointer" -DTLSWHY_HARDENING=OFF. Exit status 1 if something was found.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import glob
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), folder) for folder in ("doors", "bench", "lab")]
sys.dont_write_bytecode = True

import captures
import derive
from world import CAPTURES, World

BAD = re.compile(r"AddressSanitizer|runtime error|CRITICAL|Dissector bug|LeakSanitizer|Segmentation", re.I)


def bytes_changed(rand, source, out):
    subprocess.run(["editcap", "-E", rand.choice(("0.001", "0.01", "0.05")), "--seed", str(rand.randrange(1 << 30)), source,
                    out], check=True, capture_output=True)


def cut_short(rand, source, out):
    data = open(source, "rb").read()
    open(out, "wb").write(data[:rand.randrange(24, len(data))])


def handshake_fields(rand, source, out):
    """One or a few bytes near the start of a TLS handshake record: types, lengths, versions."""
    link, packets = captures.read_pcapng(source)
    for packet in packets:
        frame = bytearray(packet[1])
        if captures.is_ipv4_tcp(frame):
            _, start, end = derive.payload(frame)
            if end - start > 12 and frame[start] in (20, 21, 22, 23) and rand.random() < 0.5:
                for _ in range(rand.randrange(1, 4)):
                    at = start + min(int(rand.expovariate(0.03)), end - start - 1)
                    if at < len(frame):
                        frame[at] = rand.choice((0, 1, 2, 0x7F, 0x80, 0xFF, frame[at] ^ 1 << rand.randrange(8)))
                packet[1] = bytes(frame)
    with open(out, "wb") as file:
        file.write(captures.ETHERNET[:20] + struct.pack("<I", link))
        for when, data, size in packets:
            file.write(struct.pack("<IIII", when // 1000000, when % 1000000, len(data), size) + data)


def random_packets(rand, _, out):
    subprocess.run(["randpkt", "-b", "1000", "-c", "50", "-t", rand.choice(("tcp", "ip", "udp", "eth")), out], check=True,
                   capture_output=True)


DAMAGES = [bytes_changed, cut_short, handshake_fields, handshake_fields, bytes_changed, random_packets]


def sanitizers():
    found = [subprocess.run(["gcc", "-print-file-name=" + name], capture_output=True, text=True).stdout.strip()
             for name in ("libasan.so", "libubsan.so")]
    return ":".join(path for path in found if os.path.isabs(path))


def look(world, path):
    """What is wrong, or None."""
    environment = dict(world.environment, UBSAN_OPTIONS="print_stacktrace=1")
    try:
        run = world.run([world.tshark, "-2", "-r", path, "-V", "-z", "tlswhy,report"], env=environment)
    except subprocess.TimeoutExpired:
        return "no end after two minutes"
    if BAD.search(run.stderr) or run.returncode < 0:
        return "exit status %d\n%s" % (run.returncode, run.stderr[:4000])
    return None


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1][7:])
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", default="fuzz-finds")
    parser.add_argument("patterns", nargs="*")
    arguments = parser.parse_args()
    rand, end, rounds, found = random.Random(arguments.seed), time.monotonic() + arguments.seconds, 0, 0
    paths = sorted(p for p in glob.glob(os.path.join(CAPTURES, "*", "*.pcapng"))
                   if not arguments.patterns or any(word in p for word in arguments.patterns))
    with World(arguments.plugin, preload=sanitizers()) as world:
        while time.monotonic() < end:
            source, damage = rand.choice(paths), rand.choice(DAMAGES)
            out = os.path.join(world.folder, "damaged.pcap")
            damage(rand, source, out)
            os.chmod(out, 0o644)
            wrong = look(world, out)
            rounds += 1
            if wrong:
                found += 1
                os.makedirs(arguments.keep, exist_ok=True)
                shutil.copy(out, os.path.join(arguments.keep, "%d-%d.pcap" % (arguments.seed, rounds)))
                print("round %d, %s of %s: %s" % (rounds, damage.__name__, os.path.relpath(source, CAPTURES), wrong), flush=True)
    print("%d damaged captures, %d finds (seed %d)" % (rounds, found, arguments.seed))
    sys.exit(bool(found))


main()
