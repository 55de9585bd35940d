#!/usr/bin/env python3
"""Damaged captures through the whole program: tshark with a plugin that was built with the sanitizers.

usage: whole.py --plugin tlswhy.so [--seconds N] [--seed N] [--cuts STEP] [--keep FOLDER] [PATTERN...]

Each round takes some captures, gives each addresses of its own, damages each in one way, and shows them to tshark as one
file: random bytes (editcap -E), a field of a handshake message changed, packets lost, doubled, moved or cut by a snap
length, the file cut short at some byte, or packets of randpkt. With --cuts each capture, the small ones first, ends at
every STEP-th byte of its packets instead. A report of a sanitizer, a critical warning, a dissector bug or a run of more
than two minutes is a find; the file is kept in FOLDER. The plugin: cmake -DCMAKE_C_FLAGS="-fsanitize=address,undefined
-fno-omit-frame-pointer" -DTLSWHY_HARDENING=OFF. Exit status 1 if something was found.

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
sys.path[:0] = [os.path.join(os.path.dirname(HERE), folder) for folder in ("tshark", "bench", "lab")]
sys.dont_write_bytecode = True

import captures
import derive
from world import CAPTURES, World

BAD = re.compile(r"AddressSanitizer|runtime error|CRITICAL|Dissector bug|LeakSanitizer|Segmentation", re.I)
DISSECTOR_BUG = re.compile(r"Dissector bug, [^\n]*")
TOGETHER, CUTS_TOGETHER = 6, 60  # captures in one file


def packets_of(data):
    """(start of its block, length of the block, start of its bytes, captured length) of each packet in a pcapng file."""
    at, found = 0, []
    while at + 32 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if kind == 6:
            found.append((at, length, at + 28, struct.unpack_from("<I", data, at + 20)[0]))
        at += length
    return found


def payload_of(frame):
    """Where in FRAME the bytes behind TCP or UDP begin; of other link types a guess."""
    if captures.is_ipv4_tcp(frame):
        return derive.payload(frame)[1]
    return min(42, len(frame) // 2)


def apart(data, number):
    """Other addresses for the packets of IPv4, the same for the whole capture."""
    for _, _, start, length in packets_of(data):
        if captures.is_ipv4_tcp(data[start:start + length]):
            for at in (start + 27, start + 31):
                struct.pack_into(">H", data, at, number)


def store(out, data):
    with open(out, "wb") as file:
        file.write(data)


def load(path):
    with open(path, "rb") as file:
        return bytearray(file.read())


def bytes_changed(rand, source, out):
    part = rand.choice((0.001, 0.01, 0.05))
    done = subprocess.run(["editcap", "-E", str(part), "--seed", str(rand.randrange(1 << 30)), source, out], capture_output=True)
    if not done.returncode:
        return
    # before 4.2 editcap cannot write a capture with secrets
    data = load(source)
    for _, _, start, length in packets_of(data):
        for at in range(start, start + length):
            if rand.random() < part:
                data[at] = rand.randrange(256)
    store(out, data)


def cut_in_packet(data, packet, kept):
    """The capture ends within that packet, of which KEPT bytes were captured."""
    block, _, start, _ = packets_of(data)[packet]
    body = data[block + 8:start + kept] + bytes(-kept % 4)
    struct.pack_into("<I", body, 12, kept)
    length = struct.pack("<I", len(body) + 12)
    return data[:block] + struct.pack("<I", 6) + length + body + length


def cut_short(rand, source, out):
    data = load(source)
    packet, (_, _, _, length) = rand.choice(list(enumerate(packets_of(data))))
    store(out, cut_in_packet(data, packet, rand.randrange(1, length)))


def snapped(rand, source, out):
    """Every packet is cut at the same length."""
    data, most = load(source), rand.randrange(40, 400)
    for block, _, start, length in packets_of(data):
        struct.pack_into("<I", data, block + 20, min(length, most))
    store(out, data)


def handshake_fields(rand, source, out):
    """One or a few bytes near the start of a record, packet or message: types, lengths, versions."""
    data = load(source)
    for _, _, start, length in packets_of(data):
        begin = payload_of(data[start:start + length])
        if length - begin <= 12 or rand.random() < 0.5:
            continue
        for _ in range(rand.randrange(1, 4)):
            at = start + begin + min(int(rand.expovariate(0.03)), length - begin - 1)
            data[at] = rand.choice((0, 1, 2, 0x7F, 0x80, 0xFF, data[at] ^ 1 << rand.randrange(8)))
    store(out, data)


def packets_moved(rand, source, out):
    """Lost, doubled, in another order."""
    data = load(source)
    found = packets_of(data)
    blocks = [data[block:block + length] for block, length, _, _ in found]
    for _ in range(rand.randrange(1, 4)):
        which, where = rand.randrange(len(blocks)), rand.randrange(len(blocks))
        block = blocks[which]
        if rand.random() < 0.6 and len(blocks) > 1:
            del blocks[which]
        if rand.random() < 0.6:
            blocks.insert(where, block)
    store(out, data[:found[0][0]] + b"".join(blocks))


def random_packets(rand, _, out):
    made = out + ".pcap"
    subprocess.run(["randpkt", "-b", "1000", "-c", "50", "-t", rand.choice(("tcp", "ip", "udp", "eth")), made], check=True,
                   capture_output=True)
    subprocess.run(["editcap", "-F", "pcapng", made, out], check=True, capture_output=True)


DAMAGES = [bytes_changed, cut_short, handshake_fields, packets_moved, snapped, handshake_fields, bytes_changed, random_packets]


def sanitizers():
    found = [subprocess.run(["gcc", "-print-file-name=" + name], capture_output=True, text=True).stdout.strip()
             for name in ("libasan.so", "libubsan.so")]
    return ":".join(path for path in found if os.path.isabs(path))


def bugs_of_wireshark(world, environment, path, bugs):
    """The dissector bugs that stock shows of PATH; those of BUGS that it does not show are looked for with TLS on their ports:
    the plugin has Wireshark read TLS where it takes it for something else."""
    def stock(*options):
        return world.run([world.tshark, "-2", "-r", path, *options], env=dict(
            environment, WIRESHARK_PLUGIN_DIR=os.path.join(world.folder, "none")))

    own = set(DISSECTOR_BUG.findall(stock("-V").stderr))
    frames = [number for bug in set(bugs) - own for number in re.findall(r"in packet (\d+)", bug)]
    if frames:
        ports = set(stock("-Y", "frame.number in {%s}" % ",".join(frames), "-T", "fields", "-e", "tcp.dstport", "-e",
                          "tcp.srcport").stdout.split())
        for port in ports:
            own |= set(DISSECTOR_BUG.findall(stock("-V", "-d", "tcp.port==%s,tls" % port).stderr))
    return own


def look(world, path):
    """What is wrong, or None."""
    environment = dict(world.environment, UBSAN_OPTIONS="print_stacktrace=1")
    try:
        run = world.run([world.tshark, "-2", "-r", path, "-V", "-z", "tlswhy,report", "-z", "tlswhy,tree"], env=environment)
    except subprocess.TimeoutExpired:
        return "no end after two minutes"
    bugs = DISSECTOR_BUG.findall(run.stderr)
    if (bugs and not BAD.search(DISSECTOR_BUG.sub("", run.stderr))
            and set(bugs) <= bugs_of_wireshark(world, environment, path, bugs)):
        return None
    if BAD.search(run.stderr) or run.returncode < 0:
        return "exit status %d\n%s" % (run.returncode, run.stderr[:4000])
    return None


class Finds:
    def __init__(self, folder):
        self.folder, self.n = folder, 0

    def look(self, world, path, name):
        os.chmod(path, 0o644)
        wrong = look(world, path)
        if wrong:
            self.n += 1
            os.makedirs(self.folder, exist_ok=True)
            shutil.copy(path, os.path.join(self.folder, name + ".pcapng"))
            print("%s: %s" % (name, wrong), flush=True)


def at_random(world, paths, arguments, finds, end):
    rand, done = random.Random(arguments.seed), 0
    one, damaged, out = (os.path.join(world.folder, name) for name in ("one.pcapng", "damaged.pcapng", "all.pcapng"))
    while time.monotonic() < end:
        whole = bytearray()
        for number in range(TOGETHER):
            data = load(rand.choice(paths))
            apart(data, number)
            store(one, data)
            rand.choice(DAMAGES)(rand, one, damaged)
            whole += load(damaged)
        if rand.random() < 0.3:
            del whole[rand.randrange(len(whole) * 2 // 3, len(whole)):]
        store(out, whole)
        done += TOGETHER
        finds.look(world, out, "seed-%d-%d" % (arguments.seed, done))
    return done


def at_every_byte(world, paths, arguments, finds, end):
    out, done = os.path.join(world.folder, "cut.pcapng"), 0
    cuts = [(path, packet, kept) for path in paths for packet, (_, _, _, length) in enumerate(packets_of(load(path)))
            for kept in range(1, length)][arguments.seed % arguments.cuts::arguments.cuts]
    while done < len(cuts) and time.monotonic() < end:
        group = cuts[done:done + CUTS_TOGETHER]
        whole = bytearray()
        for number, (path, packet, kept) in enumerate(group):
            data = cut_in_packet(load(path), packet, kept)
            apart(data, number)
            whole += data
        store(out, whole)
        done += len(group)
        finds.look(world, out, "cuts-%d-%d" % (arguments.cuts, done))
    print("%d of %d cuts" % (done, len(cuts)))
    return done


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1][7:])
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cuts", type=int, metavar="STEP")
    parser.add_argument("--keep", default="fuzz-finds")
    parser.add_argument("patterns", nargs="*")
    arguments = parser.parse_args()
    finds = Finds(arguments.keep)
    paths = sorted((p for p in glob.glob(os.path.join(CAPTURES, "*", "*.pcapng"))
                    if not arguments.patterns or any(word in p for word in arguments.patterns)), key=os.path.getsize)
    with World(arguments.plugin, preload=sanitizers()) as world:
        rounds = (at_every_byte if arguments.cuts else at_random)(world, paths, arguments, finds,
                                                                      time.monotonic() + arguments.seconds)
    print("%d damaged captures, %d finds (seed %d)" % (rounds, finds.n, arguments.seed))
    sys.exit(bool(finds.n))


main()
