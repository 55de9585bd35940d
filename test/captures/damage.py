#!/usr/bin/env python3
"""Captures as networks and recorders leave them: nobody healthy is accused, and nothing wrong is called proven.

usage: damage.py --plugin tlswhy.so [--healthy N] [--failed N] [--seed N] [--keep FOLDER] [PATTERN...]

DAMAGES makes variants of the captures here: frames lost, swapped, doubled, cut, of one direction only, with wrong
clocks. Drawn by SEED, N variants of captures in which nothing failed must get no verdict of a failure, and N of the others
none that is proven and not among what their label allows. How many keep a right verdict, and how many get none, is
counted: to fall silent is no solution either. Variants that fail are kept in FOLDER. PATTERN: only captures whose path
contains it. Exit status 1 if a variant was accused or got a wrong proof.

Only captures of one connection over IPv4 on Ethernet with at most MOST_FRAMES frames are taken, and none that is damaged
already.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import collections
import concurrent.futures
import glob
import os
import random
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "tshark"))
sys.dont_write_bytecode = True

import doors
import expert
import recording
from world import World

MOST_FRAMES = 60
TOGETHER = 60                   # variants of healthy captures in one file
APART = 120 * 1000000           # what lies between them, in microseconds
SNAP_LENGTHS = (64, 90, 128, 200, 320, 500, 1000)
SKEWS = (700, 5000, 80000)      # microseconds

Source = collections.namedtuple("Source", "name label recording")


# ---- damages: each gives (detail, packets) from the packets of a whole capture ----

def lost(packets):
    """The recorder lost a frame."""
    for at in range(len(packets)):
        yield at + 1, packets[:at] + packets[at + 1:]


def burst_lost(packets):
    """It lost three in a row."""
    for at in range(len(packets) - 2):
        yield at + 1, packets[:at] + packets[at + 3:]


def two_lost(packets):
    """It lost two, with one between them."""
    for at in range(len(packets) - 2):
        yield at + 1, packets[:at] + packets[at + 1:at + 2] + packets[at + 3:]


def begins_late(packets):
    for at in range(1, len(packets)):
        yield at + 1, packets[at:]


def stops_early(packets):
    for at in range(1, len(packets)):
        yield at, packets[:at]


def swapped(packets):
    """Two neighbours change places; the clock runs on."""
    for at in range(len(packets) - 1):
        first, second = packets[at:at + 2]
        yield at + 1, packets[:at] + [second._replace(time=first.time), first._replace(time=second.time)] + packets[at + 2:]


def moved_back(packets):
    """A frame is recorded behind the two that follow it."""
    for at in range(len(packets) - 2):
        a, b, c = packets[at:at + 3]
        yield at + 1, packets[:at] + [b._replace(time=a.time), c._replace(time=b.time), a._replace(time=c.time)] + packets[at + 3:]


def with_copies(packets, copy, later):
    return sorted([twin for packet in packets for twin in (packet, copy(packet)._replace(time=packet.time + later))],
                  key=lambda packet: packet.time) # stable: an original stands before its copy


def twice(packets):
    """A mirror port shows each frame on its way in and out: the same, in a VLAN, behind a router, or late."""
    yield "same", with_copies(packets, lambda packet: packet, 2)
    yield "vlan", with_copies(packets, in_vlan, 2)
    yield "hop", with_copies(packets, behind_router, 40)
    yield "late", with_copies(packets, lambda packet: packet, 900)


def in_vlan(packet):
    return packet._replace(data=packet.data[:12] + b"\x81\x00\x00\x07" + packet.data[12:], size=packet.size + 4)


def behind_router(packet):
    data = bytearray(packet.data)
    data[:12] = b"\x02\x00\x00\x00\x00\x0a\x02\x00\x00\x00\x00\x0b"
    data[22] = max(1, data[22] - 1)
    return packet._replace(data=bytes(data))


def one_copied(packets):
    """A frame comes again, 200 ms later, as a retransmission does."""
    for at, packet in enumerate(packets):
        again = packet._replace(time=packet.time + 200000)
        yield at + 1, sorted(packets + [again], key=lambda p: p.time)


def one_way(packets):
    """Only one direction was recorded."""
    first = recording.sender(packets[0])
    yield "client", [packet for packet in packets if recording.sender(packet) == first]
    yield "server", [packet for packet in packets if recording.sender(packet) != first]


def skewed(packets):
    """Two interfaces whose clocks differ, merged by time."""
    first = recording.sender(packets[0])
    for skew in SKEWS:
        for side, of_side in (("client", True), ("server", False)):
            yield "%s-%d" % (side, skew), sorted(
                (packet._replace(time=packet.time - skew) if (recording.sender(packet) == first) == of_side else packet for packet in packets),
                key=lambda packet: packet.time)


def snapped(packets):
    for length in SNAP_LENGTHS:
        yield length, [packet._replace(data=packet.data[:length]) for packet in packets]


def clock(packets):
    """No times at all; a clock that runs backwards."""
    yield "none", [packet._replace(time=0) for packet in packets]
    yield "backwards", [packet._replace(time=2 * packets[0].time - packet.time) for packet in packets]


DAMAGES = [lost, burst_lost, two_lost, begins_late, stops_early, swapped, moved_back, twice, one_copied, one_way, skewed, snapped, clock]


def variants(packets):
    """(name, packets), those that are empty left out."""
    for damage in DAMAGES:
        for detail, changed in damage(packets):
            if changed:
                yield "%s-%s" % (damage.__name__.replace("_", "-"), detail), changed


# ---- what is taken ----

def sources(patterns):
    """(healthy, failed): lists of Source."""
    healthy, failed = [], []
    for folder in sorted(glob.glob(os.path.join(HERE, "*", ""))):
        for name, label in sorted(expert.read(folder).items()):
            path = os.path.join(folder, name)
            short = os.path.relpath(path, HERE)
            if label.get("decode_as") or label.get("verdicts") or label.get("derived_from") or patterns and not any(word in short for word in patterns):
                continue
            try:
                capture = recording.read(path)
            except ValueError:
                continue
            if capture.link != recording.ETHERNET or not 0 < len(capture.packets) <= MOST_FRAMES or not all(map(recording.is_ipv4, capture.packets)):
                continue
            wanted = expert.expected(label)
            if not wanted and not label.get("tolerate"):  # else the verdict on it may say either
                healthy.append(Source(short, label, capture))
            elif wanted and not expert.silence_is_right(wanted[0]):
                failed.append(Source(short, label, capture))
    return healthy, failed


def drawn(taken, most, rand):
    """At most MOST of (source, name, packets), of all sources alike."""
    everything = [(source, name, packets) for source in taken for name, packets in variants(source.recording.packets)]
    return everything if len(everything) <= most else rand.sample(everything, most)


def batches(chosen):
    """Parts of at most TOGETHER, none with one capture twice: its secrets and its session IDs would meet."""
    queues = collections.defaultdict(list)
    for variant in chosen:
        queues[variant[0].name].append(variant)
    while queues:
        batch = [queues[name].pop() for name in list(queues)[:TOGETHER]]
        for name in [name for name, left in queues.items() if not left]:
            del queues[name]
        yield batch


# ---- what is said of it ----

def verdicts(world, path):
    """(frame, cause, confidence) of each failure."""
    text = doors.tshark(world, path, "-2", "-Y", "tlswhy.cause", "-T", "fields", "-e", "frame.number", "-e", "tlswhy.cause", "-e", "tlswhy.confidence")
    found = []
    for line in text.splitlines():
        frame, causes, confidences = line.split("\t")
        found += [(int(frame), cause, confidence) for cause, confidence in zip(causes.split(","), confidences.split(","))
                  if cause not in doors.BENIGN]
    return found


def ask(world, name, capture):
    """The verdicts on CAPTURE, a Recording."""
    path = os.path.join(world.folder, "damaged", name + ".pcapng")
    recording.write(path, capture)
    os.chmod(path, 0o644)
    try:
        return verdicts(world, path)
    finally:
        os.unlink(path)


def joined(batch):
    """(a Recording of all variants of a batch, one after the other and each with addresses of its own; whose each packet is)"""
    packets, owners, secrets, end = [], [], [], None
    for n, (source, _, changed) in enumerate(batch):
        begin = min(packet.time for packet in changed)
        shift = 0 if end is None or begin <= 0 else end + APART - begin
        moved = [recording.at_address(packet._replace(time=packet.time + shift), n) for packet in changed]
        end = max(packet.time for packet in moved)
        packets += moved
        owners += [n] * len(moved)
        secrets += [block for block in source.recording.secrets if block not in secrets]
    return recording.Recording(recording.ETHERNET, packets, secrets), owners


def together(world, number, batch):
    """Which of a batch of variants of healthy captures got a verdict."""
    capture, owners = joined(batch)
    got = ask(world, "batch-%d" % number, capture)
    return [batch[n] for n in sorted({owners[frame - 1] for frame, _, _ in got})]


class Tally:
    """Counts, prints what is wrong, keeps it, and says each minute how far it is."""

    def __init__(self, keep):
        self.keep, self.count, self.accused = keep, collections.Counter(), collections.Counter()
        self.said = time.monotonic()

    def wrong(self, what, variant, got):
        source, name, packets = variant
        self.count[what] += 1
        self.accused[name.rsplit("-", 1)[0]] += what == "accused"
        print("%-8s %s %s: %s" % (what, source.name, name, "; ".join("%s %s (frame %d)" % (cause, confidence, frame)
                                                                      for frame, cause, confidence in got)), flush=True)
        if self.keep:
            os.makedirs(self.keep, exist_ok=True)
            recording.write(os.path.join(self.keep, "%s--%s.pcapng" % (source.name.replace("/", "--").replace(".pcapng", ""), name)),
                            source.recording.with_packets(packets))

    def progress(self, of):
        if time.monotonic() - self.said > 60:
            self.said = time.monotonic()
            print("damage: %d of %d healthy variants, %d of %d failed ones" % (self.count["healthy"], of[0], self.count["failed"], of[1]), flush=True)

    def summary(self):
        c = self.count
        kinds = ", ".join("%s %d" % pair for pair in self.accused.most_common() if pair[1])
        return "%d healthy variants: %d accused%s; %d failed variants: %d wrong proven, %d with a right verdict, %d with none" % (
            c["healthy"], c["accused"], " (%s)" % kinds if kinds else "", c["failed"], c["wrong"], c["kept"], c["silent"])


def look_at_healthy(world, pool, chosen, tally, of):
    parts = list(batches(chosen))
    for batch, suspects in zip(parts, pool.map(lambda part: together(world, *part), enumerate(parts))):
        tally.count["healthy"] += len(batch)
        for n, variant in enumerate(suspects): # alone: among others a later packet may have told that time went by
            got = ask(world, "suspect-%d" % n, variant[0].recording.with_packets(variant[2]))
            if got:
                tally.wrong("accused", variant, got)
        tally.progress(of)


def look_at_failed(world, pool, chosen, tally, of):
    def one(job):
        number, (source, _, packets) = job
        return ask(world, "failed-%d" % number, source.recording.with_packets(packets))
    for variant, got in zip(chosen, pool.map(one, enumerate(chosen))):
        label = variant[0].label
        tally.count["failed"] += 1
        tally.count["silent"] += not got
        tally.count["kept"] += any(cause in label["best"] for _, cause, _ in got)
        bad = [verdict for verdict in got if verdict[2] == "proven" and (verdict[1] not in label["best"] or label.get("unprovable"))]
        if bad:
            tally.wrong("wrong", variant, bad)
        tally.progress(of)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1][7:])
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--healthy", type=int, default=20000, metavar="N")
    parser.add_argument("--failed", type=int, default=5000, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", metavar="FOLDER")
    parser.add_argument("patterns", nargs="*")
    arguments = parser.parse_args()
    rand, tally = random.Random(arguments.seed), Tally(arguments.keep)
    healthy, failed = sources(arguments.patterns)
    chosen = drawn(healthy, arguments.healthy, rand), drawn(failed, arguments.failed, rand)
    if not any(chosen):
        sys.exit("no capture can be damaged")
    of = tuple(map(len, chosen))
    print("%d captures, %d of them healthy; seed %d" % (len(healthy) + len(failed), len(healthy), arguments.seed), flush=True)
    with World(arguments.plugin) as world, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        os.mkdir(os.path.join(world.folder, "damaged"), 0o755)
        look_at_healthy(world, pool, chosen[0], tally, of)
        look_at_failed(world, pool, chosen[1], tally, of)
    print(tally.summary())
    return 1 if tally.count["accused"] or tally.count["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
