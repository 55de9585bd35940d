#!/usr/bin/env python3
"""Whichever way one looks, the same verdicts.

usage: all_doors.py --plugin tlswhy.so [--captures N] [PATTERN...]

For N of the captures here, spread over all folders, what two passes show in JSON is compared with what is seen through
the other doors: one pass with its fields and a custom column; the report after one pass and after two, as text and as
JSON; sharkd, after loading, after loading again, and when frames are asked for once more from the last one on; the same
packets from two interfaces with others between them; and with the same connection of other hosts between them, which a
read filter (-2 -R) takes out; QUIC also on a port where Wireshark takes it for DTLS.
PATTERN: only captures whose path contains it.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import collections
import concurrent.futures
import difflib
import glob
import json
import os
import struct
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "tshark"))
sys.dont_write_bytecode = True

import doors
import expert
import recording
from sharkd import Ended, Sharkd
from world import World

COLUMNS = ["cause", "confidence", "reason"]
HTTPS, DNS_OVER_QUIC = 443, 853
DISCARD = 9                     # the port of the packets between the others
OTHERS = 7                      # the second byte of the addresses that a read filter takes out


def brief(verdict, frame=None):
    return frame or verdict.frame, verdict.cause, verdict.confidence, doors.unescaped(verdict.reason)


def rows(verdicts):
    return ["|".join(map(str, verdict)) for verdict in verdicts]


def differences(door, got, wanted):
    return list(difflib.unified_diff(rows(wanted), rows(got), "two passes, JSON", door, n=0, lineterm=""))


class Look:
    """One capture; each method is a door, and gives what is wrong there as lines."""

    def __init__(self, world, path, label, moved=False):
        self.moved, self.world, self.label, self.options = moved, world, label, {"decode_as": label.get("decode_as")}
        self.capture = path if moved else world.put(path, os.path.join("captures", os.path.relpath(path, HERE)))
        self.path = path
        self.verdicts, self.report = doors.two_passes(world, self.capture, **self.options)
        self.failures = [verdict for verdict in self.verdicts if verdict.cause not in doors.BENIGN]

    def one_pass(self):
        """Fields and a column; where hindsight tells the cause (label "hindsight"), one pass has the frames alone."""
        got = doors.one_pass(self.world, self.capture, **self.options)
        if self.label.get("hindsight"):
            return [] if [v[0] for v in got] == [v.frame for v in self.verdicts] else ["one pass has verdicts on other frames"]
        early = [v for v in self.verdicts if not doors.may_be_late(v) or brief(v) in got]
        found = differences("one pass, fields", got, [brief(v) for v in early])
        reasons = collections.defaultdict(list)
        for verdict in early:
            reasons[verdict.frame].append(verdict.reason)
        column = doors.custom_column(self.world, self.capture, **self.options)
        wanted = {frame: ",".join(texts) for frame, texts in reasons.items()}
        return found + ([] if column == wanted else ["a column shows %r instead of %r" % (column, wanted)])

    def report_of_one_pass(self):
        return [] if doors.report(self.world, self.capture, **self.options) == self.report else ["the report after one pass differs from that after two"]

    def report_in_json(self):
        text = doors.tshark(self.world, self.capture, "-q", "-z", "tlswhy,report:json", **self.options)
        got = [(f["frame"], f["cause"], f["confidence"], f["sender"], f["phase"], f["reason"])
               for line in text.splitlines() if line.startswith("{") for f in json.loads(line).get("failures", [])]
        wanted = [(v.frame, v.cause, v.confidence, v.sender, v.phase, v.reason) for v in self.failures]
        return differences("report, JSON", sorted(got), sorted(wanted))

    def sharkd(self):
        if self.label.get("decode_as"):
            return []           # sharkd takes none
        try:
            return self.ask_sharkd()
        except Ended:
            if self.stock_ends():   # 4.4's does so on Diameter inside TLS
                return []
            raise

    def stock_ends(self):
        """Whether sharkd stops on this capture without the plugin, too."""
        try:
            with Sharkd(self.world, stock=True) as sharkd:
                for _ in range(2):
                    sharkd.ask("load", file=self.capture)
                    sharkd.ask("frames", filter="frame")
                self.dissect_again(sharkd)
        except Ended:
            return True
        return False

    @staticmethod
    def dissect_again(sharkd):
        for frame in range(sharkd.ask("status")["frames"], 0, -1):
            sharkd.ask("frame", frame=frame, proto=True)

    def ask_sharkd(self):
        wanted = self.in_columns()
        with Sharkd(self.world) as sharkd:
            for door in ("sharkd", "sharkd, reloaded"):
                sharkd.ask("load", file=self.capture)
                found = differences(door, columns_of(sharkd), wanted)
                if found:
                    return found
            self.dissect_again(sharkd)
            return differences("sharkd, dissected again", columns_of(sharkd), wanted)

    def in_columns(self):
        """One row a frame, as columns show it."""
        by_frame = collections.defaultdict(list)
        for verdict in self.verdicts:
            by_frame[verdict.frame].append(verdict)
        return [(frame, *(",".join(getattr(v, column) for v in found) for column in COLUMNS)) for frame, found in sorted(by_frame.items())]

    def merged(self):
        """From two interfaces, packets to another host between them."""
        try:
            capture = recording.read(self.path)
        except ValueError:
            return []
        if capture.link != recording.ETHERNET:
            return []
        packets = [one for packet in capture.packets for one in (foreign(packet), packet)]
        path = os.path.join(self.world.folder, "merged", self.capture.replace("/", "_"))
        recording.write(path, capture.with_packets(packets), interfaces=2)
        os.chmod(path, 0o644)
        got, _ = doors.two_passes(self.world, path, **self.options)
        return differences("merged", map(brief, got), [brief(v, 2 * v.frame) for v in self.verdicts])

    def read_filter(self):
        """Takes out the same connection of other hosts, packet by packet: its frames leave no verdict behind."""
        try:
            capture = recording.read(self.path)
        except ValueError:
            return []
        same = ("quic", "diameter")     # their copies would be the same: a connection's ID, or an encrypted Session-Id, says so, not the address
        if capture.link != recording.ETHERNET or not all(map(recording.is_ipv4, capture.packets)) or any(word in self.path for word in same):
            return []
        packets = [one for packet in capture.packets for one in (recording.at_address(packet, OTHERS), packet)]
        path = os.path.join(self.world.folder, "filtered", self.capture.replace("/", "_"))
        recording.write(path, capture.with_packets(packets))
        os.chmod(path, 0o644)
        text = doors.tshark(self.world, path, "-2", "-R", "not ip.addr == 10.%d.0.0/16" % OTHERS, "-Y", "tlswhy.cause", "-T", "fields",
                            "-e", "frame.number", "-e", "tlswhy.cause", "-e", "tlswhy.confidence", **self.options)
        got = [tuple(line.split("\t")) for line in text.splitlines()]
        return differences("read filter", got, [(str(row[0]), *row[1:3]) for row in self.in_columns()])

    def quic_taken_for_dtls(self):
        """QUIC on the port of DNS over QUIC, which Wireshark takes for DTLS and the plugin hands over: once, on the first visit."""
        unknown = "version-no-overlap" in self.path         # of a version that nobody knows, whose packets have no known form
        if self.moved or unknown or "quic" not in os.path.basename(self.path) or ".keys" in self.path:
            return []
        capture = recording.read(self.path)
        path = os.path.join(self.world.folder, "moved", os.path.basename(self.path))
        recording.write(path, capture.with_packets([recording.at_port(packet, HTTPS, DNS_OVER_QUIC) for packet in capture.packets]))
        os.chmod(path, 0o644)
        moved = Look(self.world, path, self.label, moved=True)
        found = differences("on port %d" % DNS_OVER_QUIC, [brief(v)[:3] for v in moved.verdicts], [brief(v)[:3] for v in self.verdicts])
        return found + moved.one_pass() + moved.report_of_one_pass() + moved.sharkd()

    DOORS = [one_pass, report_of_one_pass, report_in_json, sharkd, merged, read_filter, quic_taken_for_dtls]


def columns_of(sharkd):
    shown = sharkd.ask("frames", filter="tlswhy.cause", **{"column%d" % n: "tlswhy.%s:0" % name for n, name in enumerate(COLUMNS)})
    return [(row["num"], *row["c"]) for row in shown]


def foreign(packet):
    """A datagram of nobody here, at the same time."""
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 28, 0, 0, 64, 17, 0, b"\xc0\x00\x02\x09", b"\xc0\x00\x02\x0a")
    data = b"\x02" * 12 + b"\x08\x00" + ip + struct.pack(">HHHH", 50999, DISCARD, 8, 0)
    return recording.Packet(packet.time, data, len(data))


def look(world, path):
    """What is wrong at any door, as lines."""
    label = expert.read(os.path.dirname(path)).get(os.path.basename(path), {})
    try:
        capture = Look(world, path, label)
        return [line for door in Look.DOORS for line in door(capture)]
    except (doors.DoorError, Ended, ValueError) as error:
        return str(error).splitlines() or [repr(error)]


def spread(paths, most):
    return paths if len(paths) <= most else [paths[at * len(paths) // most] for at in range(most)]


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1][7:])
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--captures", type=int, default=320, metavar="N")
    parser.add_argument("patterns", nargs="*")
    arguments = parser.parse_args()
    paths = spread([path for path in sorted(glob.glob(os.path.join(HERE, "*", "*.pcapng")))
                    if not arguments.patterns or any(pattern in path for pattern in arguments.patterns)], arguments.captures)
    if not paths:
        sys.exit("no capture found")
    failed, said = 0, time.monotonic()
    with World(arguments.plugin) as world, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for folder in ("merged", "filtered", "moved"):
            os.mkdir(os.path.join(world.folder, folder), 0o755)
        for n, (path, wrong) in enumerate(zip(paths, pool.map(lambda path: look(world, path), paths))):
            failed += bool(wrong)
            if wrong:
                print("FAIL %s" % os.path.relpath(path, HERE))
                print("".join("     %s\n" % line for line in wrong), end="", flush=True)
            if time.monotonic() - said > 60:
                said = time.monotonic()
                print("doors: %d of %d captures" % (n + 1, len(paths)), flush=True)
    print("%d captures through all doors, %d failed" % (len(paths), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
