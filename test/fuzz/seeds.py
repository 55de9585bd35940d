#!/usr/bin/env python3
"""Inputs for the fuzz targets, from the captures: seeds.py FOLDER [EVERY_NTH]

Writes FOLDER/events, chain, facts, messages and texts. Of each connection the readable part: records, messages, alerts, ends.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import glob
import os
import struct
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, "test", "bench"), os.path.join(ROOT, "test", "lab")]
sys.dont_write_bytecode = True

import captures
import derive

MESSAGE, FRAGMENT, RECORD, OPAQUE, ALERT, PLAIN, FINISH, RESET = range(8)
SEGMENT = 13
QUIC = 16                # in the byte that begins a connection
CCS, ALERTS, HANDSHAKE, APPLICATION = range(20, 24)
CERTIFICATE, STATUS = 11, 22
MOST = 60000             # bytes of one input
ALIKE = 2                # messages of one type and about one length


class Direction:
    def __init__(self, number):
        self.number, self.next, self.records, self.messages, self.opaque = number, None, b"", b"", False


class Story:
    """One connection as the byte-coded events of fuzz_events.c, and its messages."""

    def __init__(self):
        self.events, self.messages = bytearray(b"\0"), []

    def event(self, kind, direction, rest=b""):
        self.events += bytes([kind << 1 | direction.number]) + rest

    def record(self, direction, kind, body):
        if kind == HANDSHAKE and not direction.opaque:
            self.event(RECORD, direction, bytes([kind]) + struct.pack(">H", len(body)))
            direction.messages += body
            while len(direction.messages) >= 4:
                end = 4 + int.from_bytes(direction.messages[1:4], "big")
                if len(direction.messages) < end:
                    break
                message, direction.messages = direction.messages[:end], direction.messages[end:]
                self.event(MESSAGE, direction, struct.pack(">H", min(end, 65535)) + message[:65535])
                self.messages.append(message)
        elif kind == ALERTS and len(body) == 2 and not direction.opaque:
            self.event(ALERT, direction, body)
        elif kind == CCS:
            self.event(RECORD, direction, bytes([kind]) + struct.pack(">H", len(body)))
            direction.opaque = True
        else:
            self.event(OPAQUE, direction, bytes([kind]) + struct.pack(">H", len(body)))

    def payload(self, direction, data):
        direction.records += data
        while len(direction.records) >= 5:
            kind, major, length = direction.records[0], direction.records[1], struct.unpack(">H", direction.records[3:5])[0]
            if kind not in range(CCS, APPLICATION + 1) or major != 3:
                part = direction.records[:64]
                self.event(PLAIN, direction, bytes([1, len(part)]) + part)
                direction.records = b""
            elif len(direction.records) < 5 + length:
                return
            else:
                self.record(direction, kind, direction.records[5:5 + length])
                direction.records = direction.records[5 + length:]


def stories(path):
    _, packets = captures.read_pcapng(path)
    found, directions = {}, {}
    for _, frame, _ in packets:
        if not captures.is_ipv4_tcp(frame) or not captures.is_whole(frame):
            continue
        tcp, start, end = derive.payload(frame)
        ports, flags = frame[26:34] + frame[tcp:tcp + 4], frame[tcp + 13]
        key = frozenset((frame[26:30] + frame[tcp:tcp + 2], frame[30:34] + frame[tcp + 2:tcp + 4]))
        story = found.setdefault(key, Story())
        numbers = directions.setdefault(key, {})
        direction = numbers.setdefault(ports, Direction(len(numbers) & 1))
        sequence, acknowledged = struct.unpack_from(">II", frame, tcp + 4)
        story.event(SEGMENT, direction, bytes([flags & 127, frame[22]]) + struct.pack(
            ">IIHHH", sequence, acknowledged, end - start, *struct.unpack_from(">H", frame, tcp + 14),
            *struct.unpack_from(">H", frame, 18)))
        if end > start and direction.next in (None, sequence):
            story.payload(direction, frame[start:end])
        direction.next = sequence + end - start + bool(flags & captures.SYN)
        if flags & 4:
            story.event(RESET, direction)
        elif flags & captures.FIN:
            story.event(FINISH, direction)
    return found.values()


def certificates(message):
    """The DERs of a Certificate message before TLS 1.3."""
    at, out = 7, []
    while at + 3 <= len(message):
        size = int.from_bytes(message[at:at + 3], "big")
        out.append(message[at + 3:at + 3 + size])
        at += 3 + size
    return [der for der in out if der[:1] == b"\x30"][:7]


def write(folder, kind, known, data):
    if len(data) > MOST or data in known:
        return
    known.add(data)
    os.makedirs(os.path.join(folder, kind), exist_ok=True)
    with open(os.path.join(folder, kind, "%04d" % len(known)), "wb") as out:
        out.write(data)


def main():
    folder, step = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1
    known = {kind: set() for kind in ("events", "chain", "facts", "messages", "texts")}
    shapes = {}
    paths = sorted(glob.glob(os.path.join(ROOT, "test", "captures", "*", "*.pcapng")))
    for path in [p for p in paths if ".keys." not in p][::step]:
        for story in stories(path):
            write(folder, "events", known["events"], bytes(story.events))
            if len(known["events"]) % 16 == 0:
                write(folder, "events", known["events"], bytes([QUIC]) + bytes(story.events[1:]))
            for message in story.messages:
                shape = message[0], len(message) // 32
                shapes[shape] = shapes.get(shape, 0) + 1
                for flags in (2, 4, 2 | 2 << 4) if shapes[shape] <= ALIKE else ():
                    write(folder, "messages", known["messages"], bytes([flags]) + message[4:])
                    write(folder, "facts", known["facts"], message[4:100])
                ders = certificates(message) if message[0] == CERTIFICATE else []
                if ders:
                    data = bytes([len(ders), 4]) + b"".join(struct.pack(">H", len(d)) + d for d in ders)
                    write(folder, "chain", known["chain"], data)
                    write(folder, "texts", known["texts"], bytes([40]) + ders[0][60:300])
    if not all(known.values()):
        sys.exit("seeds.py: nothing found in %s" % os.path.join(ROOT, "test", "captures"))
    print(", ".join("%d %s" % (len(known[kind]), kind) for kind in known))


main()
